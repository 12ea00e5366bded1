//! What leaves a run: rows, the tables they fill, and the folder that holds the tables.

pub mod change;
pub mod folder;
pub mod manifest;
pub mod parquet;
pub mod projects;
pub mod read;
pub mod seats;
pub mod sheet;
pub mod table;
pub mod tables;

/// One row of `communities.csv`.
#[derive(Clone, Debug, PartialEq)]
pub struct CommunityRow {
    /// Months since the start.
    pub month: u32,
    /// Community number.
    pub community: u32,
    /// One value for each column of `metric::community_columns()`; NaN where there is none.
    pub values: Vec<f64>,
}

/// One row of `groups.csv`.
#[derive(Clone, Debug, PartialEq)]
pub struct GroupRow {
    /// Months since the start.
    pub month: u32,
    /// The grouping: age, sex, education, tenure, hukou, party, community type.
    pub group: &'static str,
    /// The level within it.
    pub level: &'static str,
    /// Metric name.
    pub metric: &'static str,
    /// Its value; NaN where the group is empty.
    pub value: f64,
}

/// Who sat on the councils when a life ended, by one level of one attribute: means over the communities that
/// had a council.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SeatRow {
    /// Share of all seats, when the council was seated.
    pub seats: f64,
    /// Share of the adults who lived there then.
    pub adults: f64,
}

/// What the funds of all communities spent on one domain of services, and how much residents need it.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct ProjectRow {
    /// Yuan spent over the whole run.
    pub spent: f64,
    /// Mean weight of the domain among residents' needs in the last month; sums to 1 over the domains.
    pub needs: f64,
}

/// Everything recorded of one life (one replicate).
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Life {
    /// Which replicate.
    pub replicate: u32,
    /// `monthly[month * metrics + k]`, NaN where metric `k` has no value.
    pub monthly: Vec<f64>,
    /// Rows for communities, by month, then community.
    pub communities: Vec<CommunityRow>,
    /// Rows for groups, by month, group, level, metric.
    pub groups: Vec<GroupRow>,
    /// Who sat on the councils in the last month, in the order of [`seats::levels`]; empty without a council.
    pub seats: Vec<SeatRow>,
    /// What was spent on projects, by domain; empty where nothing was.
    pub projects: Vec<ProjectRow>,
}
