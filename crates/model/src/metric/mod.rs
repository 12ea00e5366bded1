//! What is reported, one file for each family of metrics.
//!
//! To add a metric: add one entry to the list of its family. To add a family: one file and one line
//! in [`all`].

mod communities;
pub mod costs;
mod counted;
mod details;
mod governance;
mod institutions;
mod residents;
mod society;
mod surveys;

pub use details::{Detail, Holds, Resident, details};

use crate::base::params::Text;
use crate::city::{ATTRIBUTES, Attribute, Column, Kind, Residents};
use crate::institution::{CityState, CommunityState};

/// A number that describes the city in a month.
pub struct Metric {
    /// Column name, such as `trust.committee`.
    pub name: &'static str,
    /// Unit in words: share, yuan, days, hours, organisations.
    pub unit: &'static str,
    /// Short name for axes and tables.
    pub label: Text,
    /// One sentence that defines it.
    pub meaning: Text,
    /// How it is got.
    pub from: From,
}

/// How a metric is got. A value that does not exist is NaN.
pub enum From {
    /// Mean over residents.
    Residents(fn(&Residents) -> Column),
    /// Ratio of two sums over communities, such as participants over adults.
    Ratio(fn(&CommunityState) -> (f64, f64)),
    /// Sum over communities.
    Sum(fn(&CommunityState) -> f64),
    /// Yuan for the institution at this place among all.
    For(usize),
    /// Of the city as a whole.
    City(fn(&[CommunityState], &CityState) -> f64),
}

/// Columns that are summed side by side: a sum waits for itself longer than for three others.
pub const TOGETHER: usize = 4;

/// Adds the values of each resident, of each of at most [`TOGETHER`] columns, to the sums of their level, in
/// the order of residents.
pub fn add_by_level(columns: &[Column], sums: &mut [[f64; TOGETHER]], levels: &[u8]) {
    const BLOCK: usize = 64;
    let mut values = [[0.0; TOGETHER]; BLOCK];
    for (start, levels) in (0..).step_by(BLOCK).zip(levels.chunks(BLOCK)) {
        for (k, column) in columns.iter().enumerate() {
            let mut rows = values.iter_mut();
            column.each(start..start + levels.len(), |value| {
                rows.next().into_iter().for_each(|row| row[k] = value);
            });
        }
        for (row, &level) in values.iter().zip(levels) {
            sums[level as usize].iter_mut().zip(row).for_each(|(sum, value)| *sum += value);
        }
    }
}

/// Every metric, in the order of the columns of `monthly.csv`.
pub fn all() -> &'static [Metric] {
    static ALL: std::sync::OnceLock<Vec<Metric>> = std::sync::OnceLock::new();
    ALL.get_or_init(|| {
        let families = [
            residents::family(),
            institutions::family(),
            communities::family(),
            surveys::family(),
            governance::family(),
            society::family(),
            counted::family(),
            costs::family(),
        ];
        families.into_iter().flatten().collect()
    })
}

/// Position of the metric called `name`.
pub fn position(name: &str) -> Option<usize> {
    all().iter().position(|m| m.name == name)
}

impl Metric {
    /// Its value for the whole city.
    pub fn city(&self, communities: &[CommunityState], citywide: &CityState) -> f64 {
        match self.from {
            From::City(value) => value(communities, citywide),
            _ => self.over(communities),
        }
    }

    /// Its value for some communities; NaN for a metric of the whole city.
    pub fn over(&self, communities: &[CommunityState]) -> f64 {
        let ratio = |pairs: &mut dyn Iterator<Item = (f64, f64)>| {
            let (above, below) = pairs
                .filter(|(_, below)| *below > 0.0)
                .fold((0.0, 0.0), |(a, b), (above, below)| (a + above, b + below));
            if below > 0.0 { above / below } else { f64::NAN }
        };
        match self.from {
            From::Residents(column) => ratio(&mut communities.iter().map(|p| {
                let residents = &p.community.residents;
                (column(residents).sum(), residents.len() as f64)
            })),
            From::Ratio(parts) => ratio(&mut communities.iter().map(parts)),
            From::Sum(part) => communities.iter().map(part).sum(),
            From::For(place) => communities.iter().map(|p| p.ledger.of_yuan(place)).sum(),
            From::City(_) => f64::NAN,
        }
    }
}

/// The level of a resident of a community by its number.
pub type Level = Box<dyn Fn(&CommunityState, usize) -> usize + Send + Sync>;

/// A way of dividing residents into groups.
pub struct Grouping {
    /// Name in `groups.csv`.
    pub name: &'static str,
    /// Names of its levels.
    pub levels: Vec<&'static str>,
    /// Level of resident `i` of a community.
    pub level: Level,
}

/// Every grouping of `groups.csv`.
pub fn groupings() -> Vec<Grouping> {
    let by = |attribute: &'static Attribute| Grouping {
        name: attribute.name,
        levels: attribute.levels.to_vec(),
        level: Box::new(|state, i| (attribute.level)(&state.community.residents, i)),
    };
    let kind = Grouping {
        name: "community type",
        levels: Kind::ALL.map(|kind| kind.name().en).to_vec(),
        level: Box::new(|state, _| state.community.kind as usize),
    };
    ATTRIBUTES.iter().map(by).chain([kind]).collect()
}

/// Metrics of `groups.csv`: those that each resident has.
pub fn of_groups() -> Vec<(&'static str, fn(&Residents) -> Column)> {
    let mut columns: Vec<(&'static str, fn(&Residents) -> Column)> = all()
        .iter()
        .filter_map(|m| match m.from {
            From::Residents(column) => Some((m.name, column)),
            _ => None,
        })
        .collect();
    columns.insert(0, ("participation", |r| Column::AnyBit(&r.acts, crate::city::Mode::CIVIC)));
    columns.insert(1, ("hours", |r| Column::Quarters(&r.year_quarter_hours)));
    columns
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_metrics_share_a_name() {
        for (position, metric) in all().iter().enumerate() {
            assert_eq!(super::position(metric.name), Some(position), "{}", metric.name);
        }
    }

    #[test]
    fn sums_by_level_are_those_of_each_column_in_the_order_of_residents() {
        // More than one block of residents, and not a multiple of one; fewer columns than go together.
        const N: usize = 150;
        let values: Vec<f32> = (0..N).map(|i| 1.0 / (i as f32 + 1.7)).collect();
        let others: Vec<f32> = values.iter().map(|v| 0.3 * v * v).collect();
        let sets: Vec<u16> = (0..N as u16).map(|i| i * 7).collect();
        let columns = [Column::Values(&values), Column::MeanOf(&values, &others), Column::AnyBit(&sets, 4)];
        let levels: Vec<u8> = (0..N).map(|i| (i * i % 5) as u8).collect();
        let mut sums = [[0.0; TOGETHER]; 5];
        add_by_level(&columns, &mut sums, &levels);
        for (k, column) in columns.iter().enumerate() {
            let mut alone = [0.0f64; 5];
            levels.iter().enumerate().for_each(|(i, &level)| alone[level as usize] += column.get(i));
            assert_eq!(alone.map(f64::to_bits), sums.map(|sums| sums[k].to_bits()));
        }
        assert!(sums.iter().all(|sums| sums[columns.len()] == 0.0));
        assert_eq!(columns[2].sum(), sets.iter().filter(|&set| set & 4 != 0).count() as f64);
    }
}
