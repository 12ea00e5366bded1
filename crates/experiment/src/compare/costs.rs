//! What arms cost against their base, what they give for it, and which of them others dominate.
//!
//! Taken of every replicate of a comparison or contest, whatever outcomes are asked for. Costs are no outcomes: they
//! are not tested, and have no part in the correction for many tests.

use std::ops::Range;

use super::difference::{Difference, Method};
use super::effects::Side;
use super::fieller::{Ratio, Set, ratio};
use crate::outcome::Outcome;
use crate::record::table::{Cell, Column, Table, Take};
use crate::window::Window;
use shequ_model::base::stats::estimate;
use shequ_model::metric;
use shequ_model::simulation::ReplicateOutput;

/// Months of a year.
const YEAR: f64 = 12.0;

/// What money is set against.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Good {
    /// The metric, as a sum over communities or a share.
    pub metric: &'static str,
    /// The unit of money for one of it.
    pub unit: &'static str,
    /// True of a share, of which a hundredth is one.
    pub is_share: bool,
}

/// What money is set against: of each, more is better.
pub const GOODS: [Good; 5] = [
    Good {
        metric: "cost.active_residents",
        unit: "yuan per additional active resident and year",
        is_share: false,
    },
    Good { metric: "trust.committee", unit: "yuan per point, community and year", is_share: true },
    Good { metric: "trust.local_government", unit: "yuan per point, community and year", is_share: true },
    Good { metric: "trust.neighbours", unit: "yuan per point, community and year", is_share: true },
    Good {
        metric: "cost.satisfied_residents",
        unit: "yuan per additional satisfied resident and year",
        is_share: false,
    },
];

/// The metrics of costs, and then those of [`GOODS`].
fn taken() -> Vec<Outcome> {
    let named = |good: &Good| Outcome::named(good.metric).expect("a metric that the model has");
    costs().into_iter().chain(GOODS.iter().map(named)).collect()
}

/// The metrics of costs, but for those that are goods.
fn costs() -> Vec<Outcome> {
    let is_good = |name: &str| GOODS.iter().any(|good| good.metric == name);
    Outcome::all().into_iter().filter(|outcome| outcome.is_cost() && !is_good(outcome.name())).collect()
}

/// Places of all that is taken among the metrics.
pub fn watched() -> impl Iterator<Item = usize> {
    taken().into_iter().map(|outcome| outcome.index)
}

/// How many values are taken of a replicate.
pub fn width(windows: usize) -> usize {
    windows * taken().len()
}

/// What is taken of a replicate: means over the months of each window.
pub fn values(output: &ReplicateOutput, windows: &[Range<u32>]) -> Vec<f64> {
    let taken = taken();
    windows.iter().flat_map(|window| taken.iter().map(|o| o.reduce(output, window.clone()))).collect()
}

/// What was taken of every replicate of a side, by community and year.
pub struct Spent {
    /// By replicate, window and metric.
    pub values: Vec<Vec<f64>>,
    /// Communities of its city.
    pub communities: u32,
}

impl Spent {
    /// One number of every replicate: `k` among those taken, in `window`. Hours and yuan are those of a community and
    /// a year, residents those of a community, shares in points.
    fn column(&self, window: usize, k: usize) -> Vec<f64> {
        let taken = taken();
        let goods = taken.len() - GOODS.len();
        let factor = match k.checked_sub(goods).map(|good| &GOODS[good]) {
            Some(good) if good.is_share => 100.0,
            Some(_) => 1.0 / f64::from(self.communities.max(1)),
            None => YEAR / f64::from(self.communities.max(1)),
        };
        let at = window * taken.len() + k;
        self.values.iter().map(|replicate| replicate[at] * factor).collect()
    }
}

/// What an arm costs more than its base.
#[derive(Clone, Debug, PartialEq)]
pub struct Extra {
    /// Which arm, by its place among the arms.
    pub arm: usize,
    /// The metric.
    pub of: Outcome,
    /// The months.
    pub window: Window,
    /// The difference, by community and year.
    pub difference: Difference,
}

impl Extra {
    /// Its unit.
    pub fn unit(&self) -> &'static str {
        unit(self.of)
    }

    /// The ends of its interval; of a difference that is the same in all replicates the difference itself.
    pub fn ends(&self) -> [f64; 2] {
        let e = self.difference.effect;
        let half_width = if self.difference.is_constant() { 0.0 } else { e.half_width };
        [e.mean - half_width, e.mean + half_width]
    }

    /// What is said of it, as in the column `verdict`.
    pub fn verdict(&self) -> &'static str {
        match Sign::of(&self.difference) {
            Sign::Up => "costs more",
            Sign::Down => "saves",
            Sign::Same => "costs the same",
            Sign::Unclear => "cannot be told",
            Sign::Unknown => "",
        }
    }
}

fn unit(of: Outcome) -> &'static str {
    match of.metric.unit {
        "hours" => "hours per community and year",
        _ => "yuan per community and year",
    }
}

/// What a difference is known to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sign {
    /// Above zero.
    Up,
    /// Below zero.
    Down,
    /// Nothing in every replicate.
    Same,
    /// Its interval holds zero.
    Unclear,
    /// There is no interval.
    Unknown,
}

impl Sign {
    /// Of a difference; one that is the same in all replicates is taken as it is.
    pub fn of(difference: &Difference) -> Sign {
        let e = difference.effect;
        let half_width = if difference.is_constant() { 0.0 } else { e.half_width };
        match () {
            _ if e.mean.is_nan() => Sign::Unknown,
            _ if difference.is_nothing() && e.n > 1 => Sign::Same,
            _ if half_width.is_nan() => Sign::Unknown,
            _ if e.mean - half_width > 0.0 => Sign::Up,
            _ if e.mean + half_width < 0.0 => Sign::Down,
            _ => Sign::Unclear,
        }
    }
}

/// What an arm gives for what it costs.
#[derive(Clone, Debug, PartialEq)]
pub struct Worth {
    /// Which arm, by its place among the arms.
    pub arm: usize,
    /// What money is set against.
    pub good: Good,
    /// The months.
    pub window: Window,
    /// Money, and what it gives, each against the base.
    pub signs: [Sign; 2],
    /// Yuan for one more.
    pub ratio: Ratio,
    /// Pairs or, without pairs, replicates of the smaller sample.
    pub n: usize,
    /// Who costs less and does no less, or does more and costs no more, by place among the sides of its combination,
    /// counted from the base, 0.
    pub dominated_by: Option<usize>,
}

impl Worth {
    /// True if money and good go the same way for certain, so that there is a price; [`Worth::ratio`] then has ends.
    pub fn has_price(&self) -> bool {
        let alike = matches!(self.signs, [Sign::Up, Sign::Up] | [Sign::Down, Sign::Down]);
        alike && matches!(self.ratio.set, Set::Between(..))
    }

    /// What is said of it, as in the column `verdict`.
    pub fn verdict(&self) -> &'static str {
        use Sign::{Down, Same, Unclear, Unknown, Up};
        match self.signs {
            [Unknown, _] | [_, Unknown] => "",
            [Up, Up] => "costs more and does more",
            [Up, Down] => "costs more and does less",
            [Up, Same] => "costs more and does the same",
            [Up, Unclear] => "costs more; whether it does more cannot be told",
            [Down, Up] => "saves and does more",
            [Down, Down] => "saves and does less",
            [Down, Same] => "saves and does the same",
            [Down, Unclear] => "saves; whether it does less cannot be told",
            [Same, Up] => "costs the same and does more",
            [Same, Down] => "costs the same and does less",
            [Same, Same] => "costs the same and does the same",
            [Same, Unclear] => "costs the same; whether it does more cannot be told",
            [Unclear, _] => "whether it costs more cannot be told",
        }
    }
}

/// What all arms cost, and what they give for it.
pub struct Costs {
    /// Of each arm, window and metric of costs.
    pub extra: Vec<Extra>,
    /// Of each arm, window and good.
    pub worth: Vec<Worth>,
}

impl Costs {
    /// Of `sides`, the base and then the arms, each in all of `combinations`.
    pub fn of(sides: &[Spent], windows: &[Window], combinations: usize, paired: bool) -> Costs {
        let costs = costs();
        let mut all = Costs { extra: Vec::new(), worth: Vec::new() };
        for number in 0..sides.len() - combinations {
            let (base, arm) = (&sides[number % combinations], &sides[number + combinations]);
            let rivals: Vec<&Spent> =
                sides.iter().skip(number % combinations).step_by(combinations).collect();
            for (w, &window) in windows.iter().enumerate() {
                let difference =
                    |other: &Spent, k: usize| Difference::new(&other.column(w, k), &arm.column(w, k), paired);
                let spending = |other: &Spent, k: usize| {
                    accounted(difference(other, k), &other.column(w, k), &arm.column(w, k))
                };
                all.extra.extend(costs.iter().enumerate().map(|(k, &of)| Extra {
                    arm: number,
                    of,
                    window,
                    difference: spending(base, k),
                }));
                for (g, &good) in GOODS.iter().enumerate() {
                    let [money, gain] = [total(&costs), costs.len() + g];
                    let both = |side: &Spent| -> Vec<[f64; 2]> {
                        let columns = side.column(w, money).into_iter().zip(side.column(w, gain));
                        columns.map(|(yuan, good)| [yuan, good]).collect()
                    };
                    let (cost, more) = (spending(base, money), difference(base, gain));
                    let dominates = |rival: &&&Spent| {
                        let (cost, gain) = (spending(rival, money), difference(rival, gain));
                        let [cost, gain] = [cost, gain].map(|difference| Sign::of(&difference));
                        matches!([cost, gain], [Sign::Up, Sign::Down | Sign::Same] | [Sign::Same, Sign::Down])
                    };
                    let cheapest = rivals.iter().filter(dominates).min_by(|a, b| {
                        let mean = |side: &Spent| difference(side, money).effect.mean;
                        mean(b).total_cmp(&mean(a))
                    });
                    let place = |side: &&Spent| rivals.iter().position(|other| std::ptr::eq(*other, *side));
                    all.worth.push(Worth {
                        arm: number,
                        good,
                        window,
                        signs: [Sign::of(&cost), Sign::of(&more)],
                        ratio: ratio(&both(base), &both(arm), paired),
                        n: cost.effect.n.min(more.effect.n),
                        dominated_by: cheapest.and_then(place),
                    });
                }
            }
        }
        all
    }
}

/// A difference of accounts, with the plain interval of paired differences: what each replicate spends more by the same
/// amount follows from prices, and is no accident of few replicates, against which a [`Difference`] widens its interval.
fn accounted(difference: Difference, base: &[f64], arm: &[f64]) -> Difference {
    if difference.method != Method::Paired || difference.is_constant() {
        return difference;
    }
    let effect = estimate(base.iter().zip(arm).map(|(base, arm)| arm - base));
    Difference { effect, ..difference }
}

/// The place of `cost.total` among the metrics of costs.
fn total(costs: &[Outcome]) -> usize {
    costs.iter().position(|outcome| outcome.name() == metric::costs::TOTAL).unwrap_or(0)
}

/// `costs.csv`: of each arm and window what it costs, by community and year, and then what it costs for each good.
/// `arms` are those with their bases, and `sides` all sides, of `combinations` each.
pub fn table<'a>(
    costs: &'a Costs,
    arms: &[(&'a Side, &'a Side)],
    sides: &'a [Side],
    combinations: usize,
) -> Table<'a> {
    let arms = arms.to_vec();
    let mut columns = ["arm", "base", "metric", "unit", "window"].map(Column::text).to_vec();
    columns.extend(["value", "ci95_low", "ci95_high"].map(Column::real));
    columns.push(Column::whole("n"));
    columns.extend(["theory", "trust"].map(Column::text));
    columns.extend(["base_mean", "arm_mean"].map(Column::real));
    columns.extend(["set", "verdict", "dominated_by"].map(Column::text));
    let rows = move |take: &mut Take| {
        for (number, (base, arm)) in arms.iter().enumerate() {
            let mut row =
                |metric: &str, unit, window: Window, numbers: [f64; 5], n: usize, words: [&str; 3]| {
                    let window = window.to_string();
                    let [value, low, high, base_mean, arm_mean] = numbers.map(Cell::Real);
                    let head = [&arm.name, &base.name, metric, unit, &window].map(Cell::Text);
                    let [theory, trust] = [&arm.theory, &arm.trust].map(|word| Cell::Text(word));
                    let middle =
                        [value, low, high, Cell::Whole(n as i64), theory, trust, base_mean, arm_mean];
                    take(&[&head[..], &middle, &words.map(Cell::Text)].concat())
                };
            for extra in costs.extra.iter().filter(|extra| extra.arm == number) {
                let (d, [low, high]) = (&extra.difference, extra.ends());
                let (e, set) = (d.effect, if low.is_nan() { "" } else { "between" });
                let numbers = [e.mean, low, high, d.base, d.arm];
                let words = [set, extra.verdict(), ""];
                row(extra.of.name(), extra.unit(), extra.window, numbers, e.n, words)?;
            }
            for worth in costs.worth.iter().filter(|worth| worth.arm == number) {
                let metric = format!("{} / {}", metric::costs::TOTAL, worth.good.metric);
                let [low, high] = worth.ratio.set.ends();
                let numbers = [worth.ratio.value, low, high, f64::NAN, f64::NAN];
                let rival = worth.dominated_by.map_or("", |side| &sides[side * combinations].name);
                let words = [worth.ratio.set.word(), worth.verdict(), rival];
                row(&metric, worth.good.unit, worth.window, numbers, worth.n, words)?;
            }
        }
        Ok(())
    };
    Table { name: "costs", columns, rows: Box::new(rows) }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A side of which every replicate has so much money a month in all, and so many active residents.
    fn side(communities: u32, replicates: &[[f64; 2]]) -> Spent {
        let costs = costs();
        let values = |[money, active]: &[f64; 2]| {
            let mut values = vec![0.0; taken().len()];
            values[total(&costs)] = *money;
            values[costs.len()] = *active;
            values
        };
        Spent { values: replicates.iter().map(values).collect(), communities }
    }

    fn of(costs: &Costs, arm: usize) -> (&Extra, &Worth) {
        let extra = costs.extra.iter().find(|e| e.arm == arm && e.of.name() == metric::costs::TOTAL).unwrap();
        (extra, costs.worth.iter().find(|worth| worth.arm == arm).unwrap())
    }

    #[test]
    fn costs_are_those_of_a_community_and_a_year_and_prices_of_one_resident() {
        let base = [[100.0, 40.0], [110.0, 44.0], [105.0, 42.0]];
        let arm = base.map(|[money, active]| [money + 10.0 + 0.01 * active, active + 4.0 + 0.001 * money]);
        let costs = Costs::of(&[side(2, &base), side(2, &arm)], &[Window::Whole], 1, true);
        let (extra, worth) = of(&costs, 0);
        // 10.42 yuan a month more in two communities; 4.105 residents more.
        assert!((extra.difference.effect.mean - 10.42 * 12.0 / 2.0).abs() < 1e-9);
        assert_eq!((extra.unit(), extra.verdict()), ("yuan per community and year", "costs more"));
        assert!((worth.ratio.value - 10.42 * 12.0 / 4.105).abs() < 1e-9);
        assert!(worth.has_price() && worth.dominated_by.is_none());
        assert_eq!(worth.verdict(), "costs more and does more");
        let Set::Between(low, high) = worth.ratio.set else { panic!("{worth:?}") };
        assert!(low < worth.ratio.value && worth.ratio.value < high);
    }

    #[test]
    fn twice_the_city_has_the_same_price() {
        let base = [[100.0, 40.0], [110.0, 44.0], [105.0, 42.0]];
        let arm = base.map(|[money, active]| [money + 10.0 + 0.01 * active, active + 4.0 + 0.001 * money]);
        let twice = |side: [[f64; 2]; 3]| side.map(|pair| pair.map(|value| 2.0 * value));
        let small = Costs::of(&[side(2, &base), side(2, &arm)], &[Window::Whole], 1, true);
        let large = Costs::of(&[side(4, &twice(base)), side(4, &twice(arm))], &[Window::Whole], 1, true);
        let near = |a: f64, b: f64| (a - b).abs() < 1e-9 * a.abs();
        let ((extra, worth), (extra_of_large, worth_of_large)) = (of(&small, 0), of(&large, 0));
        assert!(near(extra.difference.effect.mean, extra_of_large.difference.effect.mean));
        assert!(near(worth.ratio.value, worth_of_large.ratio.value));
        assert!(worth.ratio.set.ends().iter().zip(worth_of_large.ratio.set.ends()).all(|(a, b)| near(*a, b)));
    }

    #[test]
    fn who_costs_more_and_does_less_is_dominated_by_the_cheapest_that_is_better() {
        let base = [[100.0, 40.0], [110.0, 44.0], [105.0, 42.0], [102.0, 43.0]];
        let shifted = |money: f64, active: f64| {
            let mut n = 0.0;
            base.map(|[m, a]| {
                n += 0.01 * (1.0 + money.abs());
                [m + money + n, a + active - n]
            })
        };
        let sides = [(0.0, 0.0), (30.0, -5.0), (10.0, 5.0), (20.0, 8.0), (-5.0, 2.0)];
        let sides: Vec<Spent> = sides.iter().map(|&(m, a)| side(3, &shifted(m, a))).collect();
        let costs = Costs::of(&sides, &[Window::Whole], 1, true);
        let verdicts: Vec<_> = (0..4).map(|arm| of(&costs, arm).1).collect();
        assert_eq!(
            verdicts.iter().map(|worth| worth.verdict()).collect::<Vec<_>>(),
            [
                "costs more and does less",
                "costs more and does more",
                "costs more and does more",
                "saves and does more",
            ]
        );
        // The last arm is cheapest, and better than the first arm; the base is better than it too, and dearer.
        assert_eq!(verdicts.iter().map(|w| w.dominated_by).collect::<Vec<_>>(), [Some(4), None, None, None]);
        assert!(!verdicts[0].has_price() && !verdicts[3].has_price());
        assert_eq!(of(&costs, 3).0.verdict(), "saves");
    }

    #[test]
    fn the_same_sum_in_every_replicate_is_known_however_few_they_are() {
        let base = [[100.0, 40.0], [110.0, 44.0], [105.0, 42.0]];
        let arm = base.map(|[money, active]| [money + 10.0, active]);
        let costs = Costs::of(&[side(1, &base), side(1, &arm)], &[Window::Whole], 1, true);
        let (extra, worth) = of(&costs, 0);
        assert!(extra.ends().iter().all(|end| (end - 120.0).abs() < 1e-9), "{extra:?}");
        assert_eq!((extra.verdict(), worth.verdict()), ("costs more", "costs more and does the same"));
        assert_eq!(worth.dominated_by, Some(0));
    }

    #[test]
    fn what_changes_nothing_costs_the_same_and_one_replicate_says_nothing() {
        let base = [[100.0, 40.0], [110.0, 44.0]];
        let costs = Costs::of(&[side(1, &base), side(1, &base)], &[Window::Whole], 1, true);
        let (extra, worth) = of(&costs, 0);
        assert_eq!(
            (extra.verdict(), worth.verdict()),
            ("costs the same", "costs the same and does the same")
        );
        let costs = Costs::of(&[side(1, &base[..1]), side(1, &[[120.0, 50.0]])], &[Window::Whole], 1, true);
        let (extra, worth) = of(&costs, 0);
        assert_eq!((extra.verdict(), worth.verdict(), worth.ratio.set), ("", "", Set::Unknown));
    }
}
