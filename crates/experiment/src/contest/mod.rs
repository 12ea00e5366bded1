//! Policies against a base under every theory of participation and every rule of trust.
//!
//! A policy is compared with the base within each combination of theory and rule, under common random numbers;
//! what the conclusion rests on is then the range of its effect over the combinations and whether it depends on
//! them ([`range`]), and how much of the variance comes from where ([`variance`]). Where some combinations predict
//! better than others, an effect is also averaged by weights ([`mod@weights`], [`weighted`]).

pub mod range;
pub(crate) mod tables;
pub mod variance;
pub mod weighted;
pub mod weights;

use crate::compare::effects::{Asked, Effect, Side};
use crate::compare::holm::holm;
use crate::outcome::Outcome;
use crate::window::Window;
use range::{Dependence, Range, SOURCES};
use variance::{Part, Sources};

/// Everything that was simulated: `sides[policy][theory][rule]` in one list, the base as the first policy.
pub struct Contest<'a> {
    /// The theories.
    pub theories: Vec<String>,
    /// The rules.
    pub rules: Vec<String>,
    /// Policies, the base among them, in each combination: the rule varies fastest, the policy slowest.
    pub sides: &'a [Side],
}

/// Of what the variance is split.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Of {
    /// Of the outcome: the base is one of the policies.
    Outcome,
    /// Of the effect: what each policy changes.
    Effect,
}

impl Of {
    /// As in the column `of`.
    pub fn word(self) -> &'static str {
        match self {
            Of::Outcome => "outcome",
            Of::Effect => "effect",
        }
    }
}

/// How the variance of one outcome, or of the effect on it, is split.
pub struct Split {
    /// Of what.
    pub of: Of,
    /// The outcome.
    pub outcome: Outcome,
    /// The window.
    pub window: Window,
    /// The parts.
    pub parts: Vec<Part>,
    /// Replicates that have a value in every combination.
    pub n: usize,
}

impl<'a> Contest<'a> {
    /// Combinations of a theory and a rule.
    pub fn combinations(&self) -> usize {
        self.theories.len() * self.rules.len()
    }

    /// Policies without the base.
    pub fn policies(&self) -> usize {
        self.sides.len() / self.combinations() - 1
    }

    /// Every policy in every combination with the base of that combination: policy, theory, rule.
    pub fn arms(&self) -> Vec<(&'a Side, &'a Side)> {
        let (base, arms) = self.sides.split_at(self.combinations());
        arms.iter().enumerate().map(|(i, arm)| (&base[i % base.len()], arm)).collect()
    }

    /// The effects of policy `policy` on one outcome in one window, one for each combination.
    pub fn over_combinations<'e>(
        &self,
        effects: &'e [Effect],
        asked: &Asked,
        policy: usize,
        (window, outcome): (usize, usize),
    ) -> Vec<&'e Effect> {
        let arm = |c: usize| policy * self.combinations() + c;
        let index = asked.index(window, outcome);
        (0..self.combinations()).map(|c| &effects[arm(c) * asked.width() + index]).collect()
    }

    /// The range of every effect that has one: by policy, window and outcome.
    pub fn ranges<'e>(&self, effects: &'e [Effect], asked: &Asked) -> Vec<(usize, Range<'e>)> {
        let mut all = Vec::new();
        for policy in 0..self.policies() {
            for (window, outcome) in pairs(asked) {
                let effects = self.over_combinations(effects, asked, policy, (window, outcome));
                let depends = self.depends(policy, asked.index(window, outcome));
                all.extend(Range::of(&effects).map(|range| (policy, Range { depends, ..range })));
            }
        }
        let tests: Vec<f64> = all.iter().flat_map(|(_, range)| range.depends.map(|test| test.p)).collect();
        let mut adjusted = holm(&tests).into_iter();
        for test in all.iter_mut().flat_map(|(_, range)| &mut range.depends) {
            test.adjusted = adjusted.next().unwrap_or(f64::NAN);
        }
        all
    }

    /// On what the effect of policy `policy` on one value of a replicate depends, before correction.
    fn depends(&self, policy: usize, index: usize) -> [Dependence; 3] {
        let sources = self.sources(Of::Effect, policy..policy + 1, index);
        let p = |wanted: &str| sources.tests().find(|(name, _)| *name == wanted).map(|(_, (_, p))| p);
        SOURCES.map(|source| Dependence { p: p(source).unwrap_or(f64::NAN), ..Dependence::UNTESTED })
    }

    /// How the variance of every outcome and every effect is split.
    pub fn splits(&self, asked: &Asked) -> Vec<Split> {
        let mut all = Vec::new();
        for (w, o) in pairs(asked) {
            for of in [Of::Outcome, Of::Effect] {
                let sources = self.sources(of, 0..self.policies(), asked.index(w, o));
                let (outcome, window) = (asked.outcomes[o], asked.windows[w].0);
                all.push(Split { of, outcome, window, parts: sources.parts(), n: sources.n() });
            }
        }
        all
    }

    /// Where one value of a replicate, or what these policies change in it, may come from.
    pub fn sources(&self, of: Of, policies: std::ops::Range<usize>, index: usize) -> Sources {
        let columns = |of: fn(&Side) -> &[Vec<f64>]| -> Vec<Vec<f64>> {
            self.sides.iter().map(|side| of(side).iter().map(|values| values[index]).collect()).collect()
        };
        let combinations = self.combinations();
        // The base is the first of the policies.
        let own = match of {
            Of::Outcome => policies.start * combinations..(policies.end + 1) * combinations,
            Of::Effect => (policies.start + 1) * combinations..(policies.end + 1) * combinations,
        };
        let rows = |cells: &[Vec<f64>]| -> Vec<Vec<f64>> {
            let value = |cell: usize, replicate: usize| match of {
                Of::Outcome => cells[cell][replicate],
                Of::Effect => cells[cell][replicate] - cells[cell % combinations][replicate],
            };
            let replicates = cells.first().map_or(0, Vec::len);
            (0..replicates).map(|r| own.clone().map(|cell| value(cell, r)).collect()).collect()
        };
        let (units, halves) = (rows(&columns(|side| &side.values)), rows(&columns(|side| &side.halves)));
        let policies = own.len() / combinations;
        let factors = [("policy", policies), ("theory", self.theories.len()), ("trust", self.rules.len())];
        Sources::of_units(&factors, &units, &halves)
    }
}

fn pairs(asked: &Asked) -> impl Iterator<Item = (usize, usize)> {
    let outcomes = asked.outcomes.len();
    (0..asked.windows.len()).flat_map(move |w| (0..outcomes).map(move |o| (w, o)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compare::effects::effects;
    use range::Verdict;
    use shequ_model::base::month::Month;

    /// Two theories, two rules, base and one policy; the policy adds `more` in each combination.
    fn result(more: [f64; 4]) -> (Vec<Side>, Asked) {
        let side = |cell: usize, more: f64| Side {
            name: if more == 0.0 { "Base" } else { "Policy" }.into(),
            name_zh: String::new(),
            theory: ["a", "b"][cell / 2].into(),
            trust: ["x", "y"][cell % 2].into(),
            values: [0.0, 0.1, 0.3].map(|rng| vec![rng + more * (1.0 + rng), 0.0]).to_vec(),
            halves: Vec::new(),
        };
        let cells = 0..4;
        let sides = cells.clone().map(|c| side(c, 0.0)).chain(cells.map(|c| side(c, more[c]))).collect();
        let outcomes = vec![Outcome::named("participation").unwrap()];
        let asked = Asked::new(outcomes, &[Window::Whole], Month::new(2017, 1), 12);
        (sides, asked)
    }

    fn contest(sides: &[Side]) -> Contest<'_> {
        let names = |names: [&str; 2]| names.map(String::from).to_vec();
        Contest { theories: names(["a", "b"]), rules: names(["x", "y"]), sides }
    }

    #[test]
    fn the_range_names_the_combinations_at_its_ends_and_counts_signs() {
        let (sides, asked) = result([0.5, 0.7, -0.2, 0.6]);
        let contest = contest(&sides);
        let arms = contest.arms();
        let effects = effects(&asked, &arms, true);
        let ranges = contest.ranges(&effects, &asked);
        let (policy, range) = &ranges[0];
        assert_eq!((ranges.len(), *policy, range.combinations), (1, 0, 4));
        let side = |effect: &Effect| arms[effect.arm].1;
        assert_eq!((&*side(range.lowest).theory, &*side(range.lowest).trust), ("b", "x"));
        assert_eq!((&*side(range.highest).theory, &*side(range.highest).trust), ("a", "y"));
        assert_eq!((range.above, range.below, range.up, range.down), (3, 1, 3, 1));
        assert_eq!(range.verdict(), Verdict::Opposed);
    }

    #[test]
    fn verdicts_claim_no_more_than_tests_show() {
        let verdict = |more| {
            let (sides, asked) = result(more);
            let contest = contest(&sides);
            let effects = effects(&asked, &contest.arms(), true);
            contest.ranges(&effects, &asked)[0].1.verdict()
        };
        assert_eq!(verdict([0.5, 0.7, 0.2, 0.6]), Verdict::Up);
        assert_eq!(verdict([-0.5, -0.7, -0.2, -0.6]), Verdict::Down);
        assert_eq!(verdict([0.5, 0.0, 0.0, 0.0]), Verdict::PartlyUp);
        assert_eq!(verdict([-0.5, 0.0, 0.0, 0.0]), Verdict::PartlyDown);
        assert_eq!(verdict([0.0; 4]), Verdict::Unclear);
    }

    #[test]
    fn an_effect_that_depends_on_the_theory_alone_has_its_variance_there() {
        let (sides, asked) = result([0.5, 0.5, 0.1, 0.1]);
        let splits = contest(&sides).splits(&asked);
        let effect = splits.iter().find(|s| s.of == Of::Effect).unwrap();
        let names: Vec<&str> = effect.parts.iter().map(|p| p.source.as_str()).collect();
        assert_eq!(names, ["theory", "trust", "theory:trust", "chance"]);
        assert!(effect.parts[0].share > 0.8 && effect.parts[1].variance.abs() < 1e-12);
        // Of the outcome, the policy is a source too.
        let outcome = splits.iter().find(|s| s.of == Of::Outcome).unwrap();
        assert_eq!((outcome.parts[0].source.as_str(), outcome.parts.len(), outcome.n), ("policy", 8, 3));
    }
}
