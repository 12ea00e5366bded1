//! What a check looks at in a month: a metric, of all residents or of a group; seats; projects; clusters.

use serde::Deserialize;

use super::case::Each;
use shequ_model::base::i18n::{Both, both};
use shequ_model::city::{ATTRIBUTES, Column, Residents};
use shequ_model::institution::{CityState, CommunityState};
use shequ_model::metric::{self, Grouping, Metric};

/// Seats of the residents' council, in the place of a metric.
const COUNCIL: &str = "council.seats";
/// Seats of the residents' committee.
const COMMITTEE: &str = "committee.seats";
/// Projects of the special fund that ended in the month.
const PROJECTS: &str = "projects";

/// What names a quantity in a check.
pub struct Named<'a> {
    /// A metric, or one of the names above.
    pub metric: &'a str,
    /// A grouping of residents.
    pub group: Option<&'a str>,
    /// A level of it.
    pub level: Option<&'a str>,
    /// Whether clusters are counted.
    pub clusters: Option<Clusters>,
    /// Of what there is one number, and of which resident.
    pub each: Each,
    /// See `each`.
    pub resident: u32,
}

/// How clusters of residents are told apart.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Clusters {
    /// Residents whose values differ by more than this from the next ones' are of another cluster.
    gap: f64,
    /// Clusters of fewer residents are not counted.
    #[serde(default = "one")]
    least: usize,
}

fn one() -> usize {
    1
}

impl Clusters {
    /// Number of clusters among `values`.
    fn count(self, mut values: Vec<f64>) -> f64 {
        values.sort_unstable_by(f64::total_cmp);
        let parts = values.chunk_by(|a, b| b - a <= self.gap);
        parts.filter(|part| part.len() >= self.least).count() as f64
    }
}

/// A value of each resident.
type Values = fn(&Residents) -> Column;

/// What is looked at.
pub enum Quantity {
    /// A metric.
    Metric(&'static Metric, Each),
    /// A value of one resident of the first community.
    Resident(Values, usize),
    /// The mean of a value over the residents of a level.
    Level(Values, Grouping, usize, Each),
    /// Clusters of a value in each community.
    Clusters(Values, Clusters),
    /// Seats in each community that a level holds, or all.
    Seats(Seats, Option<(usize, usize)>, Each),
    /// Projects.
    Projects(Each),
}

/// Of which body.
#[derive(Clone, Copy)]
pub enum Seats {
    /// The residents' council.
    Council,
    /// The residents' committee.
    Committee,
}

/// Why a check names nothing: the key, and what is wrong with it.
pub type Unknown = (&'static str, Both);

impl Quantity {
    /// The quantity that is named.
    ///
    /// # Errors
    /// The key that names nothing that there is.
    pub fn of(named: &Named) -> Result<Quantity, Unknown> {
        let body = match named.metric {
            COUNCIL => Some(Seats::Council),
            COMMITTEE => Some(Seats::Committee),
            _ => None,
        };
        let each = named.each;
        match (body, named.clusters, each) {
            (Some(body), None, Each::City | Each::Community) => {
                Ok(Quantity::Seats(body, attribute(named)?, each))
            }
            (None, Some(clusters), Each::City | Each::Community) => {
                of_all(named)?;
                Ok(Quantity::Clusters(values(named.metric)?, clusters))
            }
            (None, None, Each::Resident) => {
                of_all(named)?;
                Ok(Quantity::Resident(values(named.metric)?, named.resident as usize))
            }
            (None, None, _) if named.metric == PROJECTS => {
                of_all(named)?;
                Ok(Quantity::Projects(each))
            }
            (None, None, _) => match level(named)? {
                Some((grouping, level)) => Ok(Quantity::Level(values(named.metric)?, grouping, level, each)),
                None => Ok(Quantity::Metric(a_metric(named.metric)?, each)),
            },
            _ => Err((
                "metric",
                both!(
                    "seats are of communities or the city, and clusters of what each resident has",
                    "席位以社区或全市计；分群只能按居民个人的指标统计"
                ),
            )),
        }
    }

    /// One number for each unit.
    pub fn see(&self, communities: &[CommunityState], citywide: &CityState) -> Vec<f64> {
        match self {
            Quantity::Metric(metric, Each::City) => vec![metric.city(communities, citywide)],
            Quantity::Metric(metric, _) => {
                communities.iter().map(|state| metric.over(std::slice::from_ref(state))).collect()
            }
            Quantity::Resident(values, i) => {
                let residents = &communities[0].community.residents;
                vec![if *i < residents.len() { values(residents).get(*i) } else { f64::NAN }]
            }
            Quantity::Level(values, grouping, level, each) => {
                let of_level = |states: &[CommunityState]| mean_of_level(states, *values, grouping, *level);
                match each {
                    Each::City => vec![of_level(communities)],
                    _ => communities.chunks(1).map(of_level).collect(),
                }
            }
            Quantity::Clusters(values, clusters) => {
                let number = |state: &CommunityState| {
                    let residents = &state.community.residents;
                    let column = values(residents);
                    clusters.count((0..residents.len()).map(|i| column.get(i)).collect())
                };
                communities.iter().map(number).collect()
            }
            Quantity::Seats(body, of, each) => {
                summed(communities.iter().map(|state| body.held(state, *of)), *each)
            }
            Quantity::Projects(each) => {
                summed(communities.iter().map(|state| f64::from(state.local.funding.durations[1])), *each)
            }
        }
    }
}

/// The numbers of communities, or of the city as their sum.
fn summed(numbers: impl Iterator<Item = f64>, each: Each) -> Vec<f64> {
    if each == Each::City { vec![numbers.sum()] } else { numbers.collect() }
}

impl Seats {
    /// How many are held by those of a level of an attribute, or by anybody; not a number without such a body.
    fn held(self, state: &CommunityState, of: Option<(usize, usize)>) -> f64 {
        match self {
            Seats::Council => {
                let council = &state.local.council;
                let all = if council.formed.is_some() { council.members.len() as f64 } else { f64::NAN };
                // As those were who took the seats: since then some have grown older, or left.
                all * of.map_or(1.0, |(attribute, level)| council.composition.seats[attribute][level])
            }
            Seats::Committee => {
                let seats = &state.local.election.committee.seats;
                let is_of = |i: usize| {
                    of.is_none_or(|(a, level)| (ATTRIBUTES[a].level)(&state.community.residents, i) == level)
                };
                let held = seats.iter().filter(|seat| is_of(seat.resident as usize)).count() as f64;
                if seats.is_empty() { f64::NAN } else { held }
            }
        }
    }
}

fn mean_of_level(states: &[CommunityState], values: Values, grouping: &Grouping, level: usize) -> f64 {
    let (mut sum, mut number) = (0.0, 0);
    for state in states {
        let residents = &state.community.residents;
        let column = values(residents);
        for i in (0..residents.len()).filter(|&i| (grouping.level)(state, i) == level) {
            (sum, number) = (sum + column.get(i), number + 1);
        }
    }
    sum / f64::from(number)
}

fn a_metric(name: &str) -> Result<&'static Metric, Unknown> {
    metric::position(name).map(|k| &metric::all()[k]).ok_or_else(|| {
        let message = both!(
            "there is no metric {name}; beside metrics there are {COUNCIL}, {COMMITTEE} and {PROJECTS}",
            "没有指标 {name}；除指标外，还可用 {COUNCIL}、{COMMITTEE} 与 {PROJECTS}"
        );
        ("metric", message)
    })
}

/// The values of residents that `name` names.
fn values(name: &str) -> Result<Values, Unknown> {
    let columns = metric::of_groups();
    let column = columns.iter().find(|(known, _)| *known == name).map(|(_, column)| *column);
    column.ok_or_else(|| {
        ("metric", both!("{name} is nothing that each resident has", "{name} 不是居民个人的指标"))
    })
}

/// The place of the level that is named among `levels` of the grouping at `group`.
fn place(levels: &[&str], named: &Named) -> Result<usize, Unknown> {
    let level = named.level.unwrap_or_default();
    levels.iter().position(|known| *known == level).ok_or_else(|| {
        let known = levels.join(", ");
        ("level", both!("there is no level {level}; there are {known}", "没有分组 {level}；可用 {known}"))
    })
}

fn no_group(group: &str, known: &[&str]) -> Unknown {
    let known = known.join(", ");
    ("group", both!("there is no group {group}; there are {known}", "没有分类 {group}；可用 {known}"))
}

/// Where nothing is divided by groups.
fn of_all(named: &Named) -> Result<(), Unknown> {
    match named.group.or(named.level) {
        None => Ok(()),
        Some(_) => Err(("group", both!("this quantity is not divided by groups", "此项不按群体划分"))),
    }
}

/// The grouping and level of residents that are named, if any.
fn level(named: &Named) -> Result<Option<(Grouping, usize)>, Unknown> {
    let Some(group) = named.group else { return of_all(named).map(|()| None) };
    let mut groupings = metric::groupings();
    let known: Vec<&str> = groupings.iter().map(|grouping| grouping.name).collect();
    let at = known.iter().position(|name| *name == group).ok_or_else(|| no_group(group, &known))?;
    let grouping = groupings.swap_remove(at);
    let level = place(&grouping.levels, named)?;
    Ok(Some((grouping, level)))
}

/// The attribute and level of those who hold seats that are named, if any.
fn attribute(named: &Named) -> Result<Option<(usize, usize)>, Unknown> {
    let Some(group) = named.group else { return of_all(named).map(|()| None) };
    let known = ATTRIBUTES.each_ref().map(|attribute| attribute.name);
    let at = known.iter().position(|name| *name == group).ok_or_else(|| no_group(group, &known))?;
    Ok(Some((at, place(ATTRIBUTES[at].levels, named)?)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clusters_are_what_a_gap_sets_apart() {
        let values = vec![0.9, 0.1, 0.12, 0.5, 0.11, 0.91];
        let count = |gap, least| Clusters { gap, least }.count(values.clone());
        assert_eq!([count(0.05, 1), count(0.05, 2), count(0.45, 1), count(0.0, 1)], [3.0, 2.0, 1.0, 6.0]);
        assert_eq!(Clusters { gap: 0.1, least: 1 }.count(Vec::new()), 0.0);
    }

    #[test]
    fn what_is_named_is_there_or_the_key_that_is_wrong_is_said() {
        let named = |metric, group, level| Named {
            metric,
            group,
            level,
            clusters: None,
            each: Each::City,
            resident: 0,
        };
        let wrong = |named: Named| Quantity::of(&named).err().map(|(key, _)| key);
        assert_eq!(wrong(named("participation", None, None)), None);
        assert_eq!(wrong(named("participation", Some("sex"), Some("female"))), None);
        assert_eq!(wrong(named(COUNCIL, Some("age"), Some("30–44"))), None);
        assert_eq!(wrong(named(COMMITTEE, None, None)), None);
        assert_eq!(wrong(named("particpation", None, None)), Some("metric"));
        assert_eq!(wrong(named("fund.spent", Some("sex"), Some("female"))), Some("metric"));
        assert_eq!(wrong(named("participation", Some("gender"), Some("female"))), Some("group"));
        assert_eq!(wrong(named("participation", Some("sex"), None)), Some("level"));
        assert_eq!(wrong(named(PROJECTS, Some("sex"), Some("male"))), Some("group"));
        let clusters = Some(Clusters { gap: 0.1, least: 1 });
        assert_eq!(wrong(Named { clusters, ..named("fund.spent", None, None) }), Some("metric"));
    }
}
