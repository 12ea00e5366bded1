//! Where an arm holds in some communities only: its effects there and elsewhere, and what a study that sees these
//! communities under the arm alone would say.
//!
//! The effects compare the same communities with and without the arm, which a simulation can and a study cannot. A
//! study has one course of events: it sets those where the policy holds against the others, after and, where there is
//! a year before, as differences in differences. What policies carry over to the others makes the two differ.
//!
//! Both are made within a replicate, with and without the arm in the same city. So replicates may have a city each, in
//! which others are chosen: their effects then vary as cities do, and their mean is that over cities.

use std::io;
use std::ops::Range;

use rayon::prelude::*;

use super::community;
use super::difference::{Difference, LEVEL};
use super::effects::{Asked, Side};
use crate::file::{Arm, Experiment};
use crate::outcome::Outcome;
use crate::record::table::{Cell, Column, Table, Take};
use crate::window::Window;
use shequ_model::base::stats::{Estimate, estimate};
use shequ_model::city::{Community, synth};
use shequ_model::scenario::Scenario;

/// Months before a policy that a study compares with.
const YEAR: u32 = 12;

/// What an arm changes in one outcome, over one window, where it holds and elsewhere.
#[derive(Clone, Debug, PartialEq)]
pub struct Treated {
    /// Which arm, by its place among the arms.
    pub arm: usize,
    /// The outcome.
    pub outcome: Outcome,
    /// The window.
    pub window: Window,
    /// Communities where it holds, and others; of several cities, the mean to the nearest whole.
    pub communities: [usize; 2],
    /// The effect on the mean over communities, each counting the same, there and elsewhere.
    pub effects: [Difference; 2],
    /// What a study would say.
    pub study: Seen,
}

/// What studies of single replicates say.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Seen {
    /// True if it sets differences from the year before against each other.
    pub has_before: bool,
    /// Its estimate over replicates.
    pub estimate: Estimate,
    /// Mean half width of the 95 % interval that it states itself, from how communities differ.
    pub half_width: f64,
    /// Share of replicates in which that interval excludes 0.
    pub finds: f64,
    /// Share of replicates in which that interval holds the effect on those where the policy holds.
    pub holds: f64,
}

/// The months before a policy of any arm holds in single places; none if there are not as many.
pub fn before(experiment: &Experiment) -> Option<Range<u32>> {
    let first = experiment.arms.iter().filter_map(|arm| arm.loaded.scenario.local.as_ref()?.first_month());
    let first = first.min().filter(|&first| first >= YEAR)?;
    Some(first - YEAR..first)
}

/// True if an arm holds in some places only.
pub fn is_asked(experiment: &Experiment) -> bool {
    experiment.arms.iter().any(|arm| arm.loaded.scenario.local.is_some())
}

/// Which communities are meant by any place that the arm names and the base does not; none if it names none.
fn members(base: &Scenario, arm: &Scenario, communities: &[&Community], seed: u64) -> Option<Vec<bool>> {
    let known = base.local.as_ref().map(|local| local.places()).unwrap_or_default();
    let local = arm.local.as_ref()?;
    let mut places = local.places().iter().filter(|places| !known.contains(places)).peekable();
    places.peek()?;
    let mut members = vec![false; communities.len()];
    for place in places {
        let here = place.members(communities, seed);
        members.iter_mut().zip(here).for_each(|(member, here)| *member |= here);
    }
    Some(members)
}

/// Of every arm that holds in some communities only, window and outcome. `outputs(side)` gives what was kept of the
/// communities of each replicate: `[window * cells + cell]`, and in the end the cells of the year before, if there is one.
///
/// # Errors
/// Those of `outputs`.
pub fn of(
    experiment: &Experiment,
    asked: &Asked,
    cells: &[community::Cell],
    outputs: &mut dyn FnMut(usize) -> io::Result<Vec<Vec<f64>>>,
) -> io::Result<Vec<Treated>> {
    if cells.is_empty() || !is_asked(experiment) {
        return Ok(Vec::new());
    }
    let without = outputs(0)?;
    let chosen = chosen(experiment, without.len());
    let mut all = Vec::new();
    for number in 0..experiment.arms.len() {
        let own = chosen.iter().map(|of_city| of_city[number].as_deref());
        let Some(members) = own.collect::<Option<Vec<_>>>() else { continue };
        let with = outputs(number + 1)?;
        let sample = Sample { members, cells, windows: asked.windows.len() };
        for (w, (window, _)) in asked.windows.iter().enumerate() {
            for outcome in sample.outcomes() {
                all.push(Treated {
                    arm: number,
                    outcome,
                    window: *window,
                    communities: sample.communities(),
                    effects: sample.effects(w, outcome, &without, &with),
                    study: sample.study(w, outcome, &without, &with),
                });
            }
        }
    }
    Ok(all)
}

/// In the city of each of `replicates` replicates, or once if they share one: of each arm, the communities in which it
/// alone holds; none of an arm that holds in all.
fn chosen(experiment: &Experiment, replicates: usize) -> Vec<Vec<Option<Vec<bool>>>> {
    let base = &experiment.base.scenario;
    let mut seeds: Vec<u64> =
        (0..replicates.max(1) as u32).map(|k| base.seed.of_city(experiment.first_replicate + k)).collect();
    seeds.dedup();
    let of_city = |seed: u64| {
        let city = synth::city(&base.population, &base.periods[0].rules.residents, seed);
        let communities: Vec<&Community> = city.communities.iter().collect();
        let of = |arm: &Arm| members(base, &arm.loaded.scenario, &communities, seed);
        experiment.arms.iter().map(of).collect()
    };
    seeds.into_par_iter().map(of_city).collect()
}

/// Communities by whether a policy holds in them.
struct Sample<'a> {
    /// Of the city of each replicate, or of the one that all share.
    members: Vec<&'a [bool]>,
    cells: &'a [community::Cell],
    windows: usize,
}

impl Sample<'_> {
    fn outcomes(&self) -> Vec<Outcome> {
        let mut outcomes: Vec<Outcome> = self.cells.iter().map(|cell| cell.outcome).collect();
        outcomes.dedup();
        outcomes
    }

    /// Communities where the policy holds, and others.
    fn communities(&self) -> [usize; 2] {
        let all = self.members.first().map_or(0, |members| members.len());
        let there = self.members.iter().flat_map(|members| members.iter()).filter(|&&is| is).count();
        let there = (there as f64 / self.members.len() as f64).round() as usize;
        [there, all - there]
    }

    /// Values of the outcome in a replicate in the communities where the policy holds, or in the others.
    fn values<'b>(
        &'b self,
        (replicate, output): (usize, &'b [f64]),
        window: usize,
        outcome: Outcome,
        is_member: bool,
    ) -> impl Iterator<Item = f64> + Clone + 'b {
        let members = self.members[replicate % self.members.len()];
        let own = output.iter().skip(window * self.cells.len()).zip(self.cells);
        let own = own.filter(move |(_, cell)| {
            cell.outcome == outcome && members[cell.community as usize] == is_member
        });
        own.map(|(&value, _)| value)
    }

    fn effects(
        &self,
        window: usize,
        outcome: Outcome,
        without: &[Vec<f64>],
        with: &[Vec<f64>],
    ) -> [Difference; 2] {
        [true, false].map(|is_member| {
            let means = |outputs: &[Vec<f64>]| -> Vec<f64> {
                let mean = |(replicate, output): (usize, &Vec<f64>)| {
                    estimate(self.values((replicate, output), window, outcome, is_member)).mean
                };
                outputs.iter().enumerate().map(mean).collect()
            };
            Difference::paired(&means(without), &means(with))
        })
    }

    fn study(&self, window: usize, outcome: Outcome, without: &[Vec<f64>], with: &[Vec<f64>]) -> Seen {
        let of = |output: (usize, &[f64]), window: usize, is_member: bool| -> Vec<f64> {
            self.values(output, window, outcome, is_member).collect()
        };
        let is_there = |(replicate, output): (usize, &Vec<f64>)| {
            of((replicate, output), self.windows, true).iter().any(|value| !value.is_nan())
        };
        let has_before = with.iter().enumerate().any(is_there);
        let sides = |output: (usize, &[f64])| {
            [false, true].map(|is_member| {
                let after = of(output, window, is_member);
                match has_before {
                    true => {
                        after.iter().zip(of(output, self.windows, is_member)).map(|(a, b)| a - b).collect()
                    }
                    false => after,
                }
            })
        };
        let (mut estimates, mut half_widths, mut finds, mut holds) = (Vec::new(), Vec::new(), 0.0, 0.0);
        for (replicate, (without, with)) in without.iter().zip(with).enumerate() {
            let [others, members] = sides((replicate, with));
            let seen = Difference::welch(&others, &members).effect;
            let there =
                |output: &[f64]| estimate(self.values((replicate, output), window, outcome, true)).mean;
            let truth = there(with) - there(without);
            estimates.push(seen.mean);
            half_widths.push(seen.half_width);
            finds += f64::from(u8::from(seen.mean.abs() > seen.half_width));
            holds += f64::from(u8::from((seen.mean - truth).abs() <= seen.half_width));
        }
        let known = half_widths.iter().filter(|half_width| !half_width.is_nan()).count() as f64;
        Seen {
            has_before,
            estimate: estimate(estimates.into_iter()),
            half_width: estimate(half_widths.into_iter()).mean,
            finds: finds / known,
            holds: holds / known,
        }
    }
}

/// `treated.csv`. `arms` are those that the effects were computed with.
pub fn table<'a>(all: &'a [Treated], arms: &[(&'a Side, &'a Side)]) -> Table<'a> {
    let arms = arms.to_vec();
    let mut columns = ["arm", "base", "metric", "unit", "window", "part"].map(Column::text).to_vec();
    columns.push(Column::whole("communities"));
    columns.extend(["effect", "ci95_low", "ci95_high"].map(Column::real));
    columns.extend([Column::whole("n"), Column::text("method")]);
    columns.extend(["base_mean", "arm_mean", "p"].map(Column::real));
    columns.push(Column::flag("significant"));
    columns.extend(["half_width_alone", "finds", "holds"].map(Column::real));
    let rows = move |take: &mut Take| {
        for treated in all {
            let (base, arm) = arms[treated.arm];
            let window = treated.window.to_string();
            let metric = treated.outcome.metric;
            let head = |part: &'static str, communities: usize| {
                let mut cells = [&arm.name, &base.name].map(|name| Cell::Text(name)).to_vec();
                cells.extend([metric.name, metric.unit, &window, part].map(Cell::Text));
                cells.push(Cell::Whole(communities as i64));
                cells
            };
            for ((part, n), d) in
                ["treated", "others"].into_iter().zip(treated.communities).zip(&treated.effects)
            {
                let mut cells = head(part, n);
                cells.extend(Cell::with_ends(&d.effect));
                cells.extend([Cell::Whole(d.effect.n as i64), Cell::Text(d.method.word())]);
                cells.extend([d.base, d.arm, d.p].map(Cell::Real));
                cells.push(Cell::Flag((!d.p.is_nan()).then_some(d.p < LEVEL)));
                cells.extend([f64::NAN; 3].map(Cell::Real));
                take(&cells)?;
            }
            let seen = treated.study;
            let mut cells = head("study", treated.communities.iter().sum());
            cells.extend(Cell::with_ends(&seen.estimate));
            let method = if seen.has_before { "difference in differences" } else { "difference after" };
            cells.extend([Cell::Whole(seen.estimate.n as i64), Cell::Text(method)]);
            cells.extend([f64::NAN; 3].map(Cell::Real));
            cells.push(Cell::Flag(None));
            cells.extend([seen.half_width, seen.finds, seen.holds].map(Cell::Real));
            take(&cells)?;
        }
        Ok(())
    };
    Table { name: "treated", columns, rows: Box::new(rows) }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Six communities, of which the first two are treated, with one window and the year before.
    fn sample(cells: &[community::Cell]) -> Sample<'_> {
        Sample { members: vec![&[true, true, false, false, false, false]], cells, windows: 1 }
    }

    #[test]
    fn each_replicate_counts_those_that_are_chosen_in_its_own_city() {
        let outcome = Outcome::named("participation").unwrap();
        let cells = community::Cell::all(3, &[outcome]);
        // The first city has the policy in its first community, the second in its last two.
        let sample =
            Sample { members: vec![&[true, false, false], &[false, true, true]], cells: &cells, windows: 1 };
        let output = |values: [f64; 3]| [&values[..], &[f64::NAN; 3]].concat();
        let without = vec![output([0.1, 0.2, 0.3]), output([0.1, 0.2, 0.4])];
        let with = vec![output([0.5, 0.2, 0.3]), output([0.1, 0.5, 0.9])];
        let [treated, others] = sample.effects(0, outcome, &without, &with);
        // .4 in the first city, (.3 + .5) / 2 in the second; nothing elsewhere in either.
        assert!((treated.effect.mean - 0.4).abs() < 1e-12 && treated.effect.sd < 1e-12, "{treated:?}");
        assert_eq!((others.effect.mean, others.effect.n), (0.0, 2));
        // .5 − .25 after, and (.5 + .9) / 2 − .1.
        let seen = sample.study(0, outcome, &without, &with);
        assert!((seen.estimate.mean - 0.425).abs() < 1e-12, "{seen:?}");
        // One and two of three: one and a half, to the nearest whole.
        assert_eq!(sample.communities(), [2, 1]);
    }

    #[test]
    fn what_spills_over_is_an_effect_on_the_others_and_missing_from_what_a_study_says() {
        let outcome = Outcome::named("participation").unwrap();
        let cells = community::Cell::all(6, &[outcome]);
        let level = |c: usize, r: usize| 0.1 + 0.01 * c as f64 + 0.003 * ((c * 7 + r * 5) % 4) as f64;
        // Where the policy holds it adds .2, elsewhere .05; communities gain .1 and a little more over time anyway.
        let output = |r: usize, treated: f64, others: f64| -> Vec<f64> {
            let gain = |c: usize| if c < 2 { treated } else { others };
            let after = (0..6).map(|c| level(c, r) + 0.1 + 0.001 * (c * 3 % 5) as f64 + gain(c));
            after.chain((0..6).map(|c| level(c, r))).collect()
        };
        let without: Vec<_> = (0..8).map(|r| output(r, 0.0, 0.0)).collect();
        let with: Vec<_> = (0..8).map(|r| output(r, 0.2, 0.05)).collect();
        let sample = sample(&cells);
        let [treated, others] = sample.effects(0, outcome, &without, &with);
        assert!((treated.effect.mean - 0.2).abs() < 1e-12 && (others.effect.mean - 0.05).abs() < 1e-12);
        let seen = sample.study(0, outcome, &without, &with);
        assert!(seen.has_before && (seen.estimate.mean - 0.14975).abs() < 1e-12, "{seen:?}");
        // Communities gain so much alike that each study is certain, and misses what spilled over.
        assert_eq!((seen.finds, seen.holds), (1.0, 0.0));
    }

    #[test]
    fn without_a_year_before_communities_are_compared_as_they_are() {
        let outcome = Outcome::named("participation").unwrap();
        let cells = community::Cell::all(6, &[outcome]);
        let without = vec![[vec![0.3, 0.3, 0.1, 0.2, 0.1, 0.2], vec![f64::NAN; 6]].concat()];
        let with = vec![[vec![0.5, 0.5, 0.1, 0.2, 0.1, 0.2], vec![f64::NAN; 6]].concat()];
        let seen = sample(&cells).study(0, outcome, &without, &with);
        // .5 − .15, of which .15 was there before.
        assert!(!seen.has_before && (seen.estimate.mean - 0.35).abs() < 1e-12, "{seen:?}");
    }
}
