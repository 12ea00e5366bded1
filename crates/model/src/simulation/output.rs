//! What leaves a replicate: values by month, rows for communities, groups and residents.

use std::collections::BTreeSet;
use std::io;
use std::sync::OnceLock;

use serde::{Deserialize, Deserializer, Serialize};

use crate::metric;

/// A name that is part of the program. (Written as a reference, serde would want to borrow it.)
pub type Name = &'static str;

/// One row of `communities.csv`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CommunityRow {
    /// Months since the start.
    pub month: u32,
    /// Community number.
    pub community: u32,
    /// One value for each column of `metric::community_columns()`; NaN where there is none.
    pub values: Vec<f64>,
}

/// One row of `groups.csv`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct GroupRow {
    /// Months since the start.
    pub month: u32,
    /// The grouping: age, sex, education, tenure, hukou, party, community type.
    #[serde(deserialize_with = "known")]
    pub group: Name,
    /// The level within it.
    #[serde(deserialize_with = "known")]
    pub level: Name,
    /// Metric name.
    #[serde(deserialize_with = "known")]
    pub metric: Name,
    /// Its value; NaN where the group is empty.
    pub value: f64,
}

/// Rows of `residents.parquet`: what single residents were like at the end of some months.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ResidentRows {
    /// Months since the start, number of the community and of the resident in it, of each row.
    pub who: Vec<[u32; 3]>,
    /// `values[row * details + k]`, in the order of [`metric::details`].
    pub values: Vec<f32>,
}

impl ResidentRows {
    /// The rows, in order: who, and the values.
    pub fn rows(&self) -> impl Iterator<Item = ([u32; 3], &[f32])> {
        self.who.iter().copied().zip(self.values.chunks(metric::details().len()))
    }

    /// Adds the rows of `more`.
    pub(super) fn append(&mut self, mut more: ResidentRows) {
        self.who.append(&mut more.who);
        self.values.append(&mut more.values);
    }
}

/// One row of `distributions.csv`: how a metric was distributed over all residents of the city.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DistributionRow {
    /// Months since the start.
    pub month: u32,
    /// Metric name.
    #[serde(deserialize_with = "known")]
    pub metric: Name,
    /// Mean over residents.
    pub mean: f64,
    /// Their standard deviation.
    pub sd: f64,
    /// The quantiles [`QUANTILES`](super::QUANTILES).
    pub quantiles: Vec<f64>,
}

/// Who sat on the councils when a run ended, by one level of one attribute: means over the communities that
/// had a council.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct SeatRow {
    /// Share of all seats, when the council was seated.
    pub seats: f64,
    /// Share of the adults who lived there then.
    pub adults: f64,
}

/// What the funds of all communities spent on one domain of services, and how much residents need it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ProjectRow {
    /// Yuan spent over the whole run.
    pub spent: f64,
    /// Mean weight of the domain among residents' needs in the last month; sums to 1 over the domains.
    pub needs: f64,
}

/// Everything that is recorded of one replicate.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ReplicateOutput {
    /// Which replicate.
    pub replicate: u32,
    /// `monthly[month * metrics + k]`, NaN where metric `k` has no value.
    pub monthly: Vec<f64>,
    /// Rows for communities, by month, then community.
    pub communities: Vec<CommunityRow>,
    /// Rows for groups, by month, group, level, metric.
    pub groups: Vec<GroupRow>,
    /// Rows for distributions, by month, then metric.
    pub distributions: Vec<DistributionRow>,
    /// Who sat on the councils in the last month, by attribute and level; empty without a council.
    pub seats: Vec<SeatRow>,
    /// What was spent on projects, by domain; empty where nothing was.
    pub projects: Vec<ProjectRow>,
    /// Rows for residents, by month, community, resident.
    pub residents: ResidentRows,
}

impl ReplicateOutput {
    /// Replicate `replicate`, of which nothing is recorded yet.
    pub fn new(replicate: u32) -> ReplicateOutput {
        ReplicateOutput { replicate, ..ReplicateOutput::default() }
    }

    /// As bytes, from which it is read again to the bit.
    ///
    /// # Errors
    /// Never, as things are: everything in it has a form in bytes.
    pub fn to_bytes(&self) -> io::Result<Vec<u8>> {
        postcard::to_stdvec(self).map_err(io::Error::other)
    }

    /// Reads what [`ReplicateOutput::to_bytes`] wrote.
    ///
    /// # Errors
    /// That the bytes are of something else, or of another version of the model.
    pub fn from_bytes(bytes: &[u8]) -> io::Result<ReplicateOutput> {
        postcard::from_bytes(bytes).map_err(io::Error::other)
    }
}

/// The name that the program has for what was written down as text: of a grouping, a level or a metric.
fn known<'de, D: Deserializer<'de>>(from: D) -> Result<Name, D::Error> {
    static NAMES: OnceLock<BTreeSet<Name>> = OnceLock::new();
    let names = NAMES.get_or_init(|| {
        let groupings = metric::groupings().into_iter().flat_map(|g| [vec![g.name], g.levels].concat());
        groupings.chain(metric::of_groups().into_iter().map(|(name, _)| name)).collect()
    });
    let name = String::deserialize(from)?;
    names
        .get(name.as_str())
        .copied()
        .ok_or_else(|| serde::de::Error::custom(format!("unknown name {name:?}")))
}
