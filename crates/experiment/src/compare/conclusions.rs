//! What a comparison, or a contest, concludes from its replicates.

use std::io;
use std::ops::Range;

use super::costs::{self, Costs, Spent};
use super::effects::{self, Asked, Effect, Side, effects};
use super::gaps::{self, Gap};
use super::retained::{Kept, seats_of};
use super::subgroups::{self, CommunityEffect, GroupEffect};
use super::time_series::{self, Courses, Shape};
use super::treated::{self, Treated};
use crate::contest::weighted::{self, Weighted};
use crate::contest::{Contest, tables};
use crate::file::{Experiment, Kind};
use crate::parts::shares::{self, Apart};
use crate::posterior::sure::Sure;
use crate::record::seats::{self, Seated, seated};
use crate::record::table::Table;
use crate::replicates::Replicates;
use crate::study::{RunResults, Study};
use crate::warnings::{self, Warning};
use shequ_model::scenario::Loaded;
use shequ_model::trust;

/// Everything that is concluded from the replicates of a comparison or contest.
pub struct Conclusions {
    /// The outcomes of every replicate.
    pub asked: Asked,
    /// The base and then the arms, each in every combination of a theory and a trust rule.
    pub sides: Vec<Side>,
    /// Number of combinations, 1 of a comparison.
    pub combinations: usize,
    /// The effects, by arm, combination, window and outcome.
    pub effects: Vec<Effect>,
    /// The effects on groups of residents, by arm, combination, window and cell.
    pub groups: Vec<GroupEffect>,
    /// What arms add to the gaps between groups, likewise.
    pub gaps: Vec<Gap>,
    /// The effects on communities, likewise; none where cities differ.
    pub communities: Vec<CommunityEffect>,
    /// Where arms hold in some communities only: their effects there and elsewhere; none where cities differ.
    pub treated: Vec<Treated>,
    /// Who sits on the councils of each side; none of a contest.
    pub seats: Vec<Vec<Seated>>,
    /// What the arms cost, and what they give for it.
    pub costs: Costs,
    /// Every month of every side.
    pub courses: Courses,
    /// True if all sides share the city and use common random numbers.
    pub paired: bool,
    /// How sure effects and choices are, under a posterior.
    pub sure: Option<Sure>,
    /// The effects of a contest by weights of theories and rules, if there are any.
    pub weighted: Option<Weighted>,
    /// What arms owe to their parts, where they are taken apart.
    pub apart: Vec<Apart>,
    /// What to know of it.
    pub warnings: Vec<Warning>,
}

impl Conclusions {
    /// Of a study whose runs are done.
    ///
    /// # Errors
    /// An I/O error if a journal cannot be read.
    pub fn of(study: &Study, result: &RunResults) -> io::Result<Conclusions> {
        let experiment = study.experiment;
        let scenario = &experiment.base.scenario;
        let asked =
            Asked::new(experiment.outcomes.clone(), &experiment.windows, scenario.start, scenario.months);
        let (primary, replicates) = (experiment.primary.clone(), experiment.replicates);
        let asked = Asked { primary, replicates, smallest: experiment.smallest.clone(), ..asked };
        let (combinations, paired) = (study.combinations(), experiment.is_paired());
        let sides = sides(study, result, &asked)?;
        let arms = arms(&sides, combinations);
        let effects = effects(&asked, &arms, paired);
        let (mut groups, mut gaps) = (Vec::new(), Vec::new());
        let mut communities = Vec::new();
        let (mut seats, mut treated) = (Vec::new(), Vec::new());
        if let Some(kept) = Kept::of(experiment) {
            let mut records = result.index.records()?;
            let mut of = |side: usize, place: Range<usize>| {
                let (from, to) = (asked.width() + place.start, asked.width() + place.end);
                let outputs = result.values(&mut records, side as u32, to)?;
                io::Result::Ok(
                    outputs.into_iter().map(|mut output| output.split_off(from)).collect::<Vec<_>>(),
                )
            };
            let arms: Vec<(usize, usize)> =
                (combinations..sides.len()).map(|side| (side % combinations, side)).collect();
            let mut outputs = |side| of(side, kept.in_groups());
            groups = subgroups::effects(&kept.groups, &asked, &arms, paired, &mut outputs)?;
            gaps = gaps::gaps(&kept.groups, &groups, &asked, &arms, paired, &mut outputs)?;
            if experiment.kind == Kind::Compare {
                let mut outputs = |side| of(side, kept.in_communities());
                if kept.has_one_city {
                    communities = subgroups::effects(&kept.communities, &asked, &arms, paired, &mut outputs)?;
                }
                treated = treated::of(experiment, &asked, &kept.communities, &mut outputs)?;
                for side in 0..sides.len() {
                    let outputs: Vec<_> =
                        of(side, kept.in_seats())?.iter().map(|output| seats_of(output)).collect();
                    seats.push(seated(outputs.iter().map(Vec::as_slice)));
                }
            }
        }
        let spent = spent(study, result, &sides)?;
        let costs = Costs::of(&spent, &experiment.windows, combinations, paired);
        let shape = Shape {
            start: scenario.start,
            months: scenario.months,
            outcomes: asked.outcomes.len(),
            outputs: result.plan.replicates.iter().copied().max().unwrap_or(0) as usize,
            combinations,
            paired,
        };
        let mut records = result.index.records()?;
        let mut outputs = |row: usize, columns| result.monthly(&mut records, row as u32, columns);
        let courses = Courses::of(&shape, sides.len(), &mut outputs)?;
        let mut conclusions = Conclusions {
            effects,
            groups,
            gaps,
            communities,
            treated,
            seats,
            costs,
            courses,
            paired,
            sure: None,
            weighted: None,
            apart: shares::of(study, result)?,
            warnings: Vec::new(),
            asked,
            sides,
            combinations,
        };
        conclusions.sure = experiment.posterior.is_some().then(|| Sure::of(&conclusions, experiment));
        let weights = experiment.weights.as_ref().map(|weights| weights.values().collect::<Vec<f64>>());
        conclusions.weighted =
            weights.map(|weights| Weighted::of(&conclusions.contest(), &conclusions.asked, &weights, paired));
        conclusions.warnings = conclusions.all_warnings(experiment);
        Ok(conclusions)
    }

    /// Its tables, in the order in which they are written.
    pub fn tables(&self, kind: Kind) -> Vec<Table<'_>> {
        let arms = self.arms();
        let mut all = vec![
            effects::table(&self.effects, &arms),
            time_series::summary(&self.courses, &self.asked, &self.sides),
            time_series::differences(&self.courses, &self.asked, &arms),
        ];
        all.extend((!self.gaps.is_empty()).then(|| gaps::table(&self.gaps, &arms)));
        if kind == Kind::Contest {
            let contest = self.contest();
            all.push(tables::range(contest.ranges(&self.effects, &self.asked), &arms));
            all.push(tables::variance(contest.splits(&self.asked)));
            all.extend(self.weighted.as_ref().map(weighted::table));
        } else {
            all.push(subgroups::by_group(&self.groups, &arms));
            all.extend(
                (!self.communities.is_empty()).then(|| subgroups::by_community(&self.communities, &arms)),
            );
            all.extend((!self.treated.is_empty()).then(|| treated::table(&self.treated, &arms)));
            let names = self.sides.iter().map(|side| side.name.as_str());
            all.extend(seats::of_sides(names.zip(self.seats.iter().cloned()).collect()));
        }
        all.push(costs::table(&self.costs, &arms, &self.sides, self.combinations));
        if let Some(sure) = &self.sure {
            let sides = self.sides.iter().step_by(self.combinations).map(|side| side.name.as_str()).collect();
            all.extend(sure.tables(sides));
        }
        all.push(warnings::table(&self.warnings));
        all
    }

    /// Every arm in every combination, with the base in the same combination before it.
    pub fn arms(&self) -> Vec<(&Side, &Side)> {
        arms(&self.sides, self.combinations)
    }

    /// The same as a contest of policies, theories and rules.
    pub fn contest(&self) -> Contest<'_> {
        let base = &self.sides[..self.combinations];
        let mut theories: Vec<String> = base.iter().map(|side| side.theory.clone()).collect();
        theories.dedup();
        let rules = base.iter().take(self.combinations / theories.len());
        Contest { rules: rules.map(|side| side.trust.clone()).collect(), theories, sides: &self.sides }
    }

    /// Everything to be said, what matters most first.
    fn all_warnings(&self, experiment: &Experiment) -> Vec<Warning> {
        let arms = self.arms();
        let mut all = warnings::of_replicates(&arms, &self.asked);
        all.extend(self.of_the_cap(experiment.replicates));
        all.extend(warnings::of_effects(&self.effects, &arms));
        if experiment.kind == Kind::Contest {
            let ranges = self.contest().ranges(&self.effects, &self.asked);
            let name = |policy: usize| &experiment.arms[policy].name;
            all.extend(ranges.iter().filter_map(|(p, range)| warnings::of_range(range, name(*p))));
        }
        let of = |arm: &Loaded, name: &str| warnings::of_scenario(&experiment.base, arm, name);
        all.extend(experiment.arms.iter().flat_map(|arm| of(&arm.loaded, &arm.name)));
        all.sort_by_key(|warning| warning.level);
        all
    }

    /// Whether replicates ended before the interval that they were to narrow was narrow enough.
    fn of_the_cap(&self, replicates: Replicates) -> Option<Warning> {
        let Replicates::Until { outcome, half_width, max } = replicates else { return None };
        let own = self.effects.iter().filter(|effect| effect.outcome == outcome);
        let widest =
            own.map(|effect| effect.difference.effect.half_width.abs()).max_by(|a, b| a.total_cmp(b))?;
        let is_narrow = widest < half_width;
        (!is_narrow).then(|| warnings::of_the_cap(max, widest, half_width))
    }
}

/// What every side spent.
fn spent(study: &Study, result: &RunResults, sides: &[Side]) -> io::Result<Vec<Spent>> {
    let (places, combinations) = (study.spent(), study.combinations());
    let Experiment { base, arms, .. } = study.experiment;
    let communities = |side: usize| {
        let loaded = side.checked_sub(1).map_or(base, |arm| &arms[arm].loaded);
        loaded.scenario.population.communities
    };
    let mut records = result.index.records()?;
    let mut of = |row: usize| {
        let values = result.values(&mut records, row as u32, places.end)?;
        let values = values.into_iter().map(|mut values| values.split_off(places.start)).collect();
        Ok(Spent { values, communities: communities(row / combinations) })
    };
    (0..sides.len()).map(&mut of).collect()
}

fn arms(sides: &[Side], combinations: usize) -> Vec<(&Side, &Side)> {
    let (base, arms) = sides.split_at(combinations);
    arms.iter().enumerate().map(|(number, arm)| (&base[number % combinations], arm)).collect()
}

/// Every row of the study with its values.
fn sides(study: &Study, result: &RunResults, asked: &Asked) -> io::Result<Vec<Side>> {
    let experiment = study.experiment;
    let base = &experiment.base;
    let arms = experiment.arms.iter().map(|arm| (&arm.name, &arm.name_zh, &arm.loaded));
    let all = std::iter::once((&base.scenario.name, &base.scenario.name_zh, base)).chain(arms);
    let mut records = result.index.records()?;
    let (mut sides, mut row) = (Vec::new(), 0..);
    for (name, name_zh, loaded) in all {
        for (theory, trust) in combinations(experiment, loaded) {
            let row = row.next().unwrap_or(0);
            let values = result.values(&mut records, row, asked.width())?;
            let halves = result.halves(&mut records, row, asked.width())?;
            let (name, name_zh) = (name.clone(), name_zh.clone());
            sides.push(Side { name, name_zh, theory, trust, values, halves });
        }
    }
    Ok(sides)
}

/// The theories and rules under which a scenario is simulated, as in the rows of [`Study`].
fn combinations(experiment: &Experiment, loaded: &Loaded) -> Vec<(String, String)> {
    if experiment.kind == Kind::Contest {
        let rules =
            |theory: &'static str| trust::all().iter().map(move |rule| (theory.into(), rule.name.into()));
        return experiment.base.theories().iter().flat_map(|theory| rules(theory.name)).collect();
    }
    let choice = &loaded.scenario.theory_choice;
    vec![(choice.participation.clone(), choice.trust.clone())]
}
