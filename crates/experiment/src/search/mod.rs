//! The best mixes of levers: a search over what a policy may set, for several objectives and within constraints.
//!
//! | step | module |
//! |---|---|
//! | what is looked for | here |
//! | which candidates are better | [`front`] |
//! | new candidates from good ones | [`breed`] |
//! | candidates as rows of a study, generation by generation | `rows` |
//! | what was found, from fresh replicates, and its tables | [`found`], `tables` |

pub mod breed;
pub mod found;
pub mod front;
pub(crate) mod rows;
pub(crate) mod tables;

use std::fmt::Write;
use std::ops::RangeInclusive;

use toml::Value;

use crate::design::{Factor, Range};
use crate::file::resolved::{quoted, range};
use crate::outcome::Outcome;
use crate::targets::measure::{figure, reports, watched};
use crate::targets::table::Quantity;
use crate::window::Window;
use breed::Gene;
use front::Judged;
use shequ_model::base::problem::Problems;
use shequ_model::scenario::{Loaded, Scenario};
use shequ_model::simulation::ReplicateOutput;

/// Digits of the value of a lever.
const DIGITS: usize = 3;

/// What is read off a run: an outcome of everybody or of a group.
#[derive(Clone, Debug, PartialEq)]
pub struct Measure {
    /// The metric.
    pub outcome: Outcome,
    /// The grouping and its level; of everybody if there is none.
    pub group: Option<(String, String)>,
}

impl Measure {
    /// As tables call it: "participation", "participation.age.70+".
    pub fn name(&self) -> String {
        match &self.group {
            None => self.outcome.name().into(),
            Some((group, level)) => format!("{}.{group}.{level}", self.outcome.name()),
        }
    }

    /// Its mean over months, counted from 1.
    fn value(&self, output: &ReplicateOutput, months: RangeInclusive<u32>) -> f64 {
        figure(&self.quantity(), output, months)
    }

    fn quantity(&self) -> Quantity {
        let metric = self.outcome.name().to_string();
        Quantity { metric, trend: false, with: None, group: self.group.clone(), less: None }
    }
}

/// What is to be as large, or as small, as possible.
#[derive(Clone, Debug, PartialEq)]
pub struct Objective {
    /// What is read off.
    pub measure: Measure,
    /// True if more is better.
    pub higher: bool,
}

/// What a candidate must keep to.
#[derive(Clone, Debug, PartialEq)]
pub struct Constraint {
    /// What is read off.
    pub measure: Measure,
    /// True if it is the change from the base that is bounded, and not the level.
    pub of_change: bool,
    /// The least that is allowed.
    pub least: Option<f64>,
    /// The most that is allowed.
    pub most: Option<f64>,
}

impl Constraint {
    /// By how much a value breaks it; 0 if it does not.
    pub fn excess(&self, value: f64) -> f64 {
        let below = self.least.map_or(0.0, |least| least - value);
        let above = self.most.map_or(0.0, |most| value - most);
        below.max(above).max(0.0)
    }

    /// The bound, which excesses are shares of.
    fn size(&self) -> f64 {
        [self.least, self.most].into_iter().flatten().map(f64::abs).fold(0.0, f64::max)
    }
}

/// How a search goes about it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pace {
    /// Candidates of each generation.
    pub candidates: u32,
    /// Generations, the first included.
    pub generations: u32,
    /// Replicates that the search has not seen, of each mix that it ends with.
    pub final_replicates: u32,
    /// Seed of all that is drawn here.
    pub seed: u64,
}

/// What is looked for, and how.
#[derive(Clone, Debug, PartialEq)]
pub struct Search {
    /// What may be set.
    pub levers: Vec<Factor>,
    /// What is to be reached.
    pub objectives: Vec<Objective>,
    /// What must be kept to.
    pub constraints: Vec<Constraint>,
    /// How it goes about it.
    pub pace: Pace,
    /// The months that everything is read off.
    pub window: Window,
}

impl Search {
    /// Everything that is read off, each once: that of the objectives first.
    pub fn measures(&self) -> Vec<&Measure> {
        let mut all: Vec<&Measure> = Vec::new();
        let of = self.objectives.iter().map(|objective| &objective.measure);
        for measure in of.chain(self.constraints.iter().map(|constraint| &constraint.measure)) {
            if !all.contains(&measure) {
                all.push(measure);
            }
        }
        all
    }

    /// The place of a measure among all.
    pub fn position(&self, measure: &Measure) -> usize {
        self.measures().iter().position(|known| *known == measure).unwrap_or(0)
    }

    /// True if groups of residents have to be recorded.
    pub fn has_groups(&self) -> bool {
        self.measures().iter().any(|measure| measure.group.is_some())
    }

    /// The scenario from which candidates depart, with the reports that measures are read off.
    ///
    /// # Errors
    /// None that a scenario which was loaded can give.
    pub fn base(&self, base: &Loaded) -> Result<Loaded, Problems> {
        let [groups, communities] = reports();
        let none = "report.groups_every=0".to_string();
        base.with(&[if self.has_groups() { groups } else { none }, communities])
    }

    /// What is kept of a replicate: every measure.
    pub fn figures(&self, output: &ReplicateOutput, scenario: &Scenario) -> Vec<f64> {
        let window = self.window.range(scenario.start, scenario.months);
        self.measures().iter().map(|measure| measure.value(output, window.start + 1..=window.end)).collect()
    }

    /// Positions in `metric::all()` of the metrics of all residents that are read off.
    pub fn watched(&self) -> Vec<usize> {
        let quantities: Vec<Quantity> = self.measures().into_iter().map(Measure::quantity).collect();
        watched(quantities.iter())
    }

    /// The values of all levers at a point of the unit cube, with as many digits as somebody would set.
    pub fn values(&self, point: &[f64]) -> Vec<Value> {
        let rounded = |(lever, at): (&Factor, &f64)| match (lever.at(*at), &lever.range) {
            (Value::Float(value), Range::Linear { low, high } | Range::Log { low, high }) => {
                let digits: f64 = format!("{value:.digits$e}", digits = DIGITS - 1).parse().unwrap_or(value);
                Value::Float(digits.clamp(*low, *high))
            }
            (value, _) => value,
        };
        self.levers.iter().zip(point).map(rounded).collect()
    }

    fn genes(&self) -> Vec<Gene> {
        let gene = |lever: &Factor| match lever.range {
            Range::Levels(_) => Gene::Choice,
            _ => Gene::Number,
        };
        self.levers.iter().map(gene).collect()
    }

    /// What a candidate with these means is worth beside a base with those.
    pub fn judged(&self, means: &[f64], base: &[f64]) -> Judged {
        let value = |measure: &Measure| means[self.position(measure)];
        if means.iter().any(|mean| mean.is_nan()) {
            return Judged::failed(self.objectives.len());
        }
        let objective = |of: &Objective| if of.higher { -value(&of.measure) } else { value(&of.measure) };
        let excess = |of: &Constraint| {
            let before = base[self.position(&of.measure)];
            let bounded = if of.of_change { value(&of.measure) - before } else { value(&of.measure) };
            let size = of.size().max(before.abs());
            of.excess(bounded) / if size > 0.0 { size } else { 1.0 }
        };
        Judged {
            objectives: self.objectives.iter().map(objective).collect(),
            violation: self.constraints.iter().map(excess).sum(),
        }
    }

    /// As TOML.
    pub fn resolved(&self) -> String {
        let Pace { candidates, generations, final_replicates, seed } = self.pace;
        let mut text = format!(
            "window = [{}]\n\n[search]\ncandidates = {candidates}\ngenerations = {generations}\n\
             final_replicates = {final_replicates}\nseed = {seed}\n",
            quoted(&self.window.to_string())
        );
        let of = |text: &mut String, kind: &str, measure: &Measure| {
            let _ = writeln!(text, "\n[[{kind}]]\noutcome = {}", quoted(measure.outcome.name()));
            if let Some((group, level)) = &measure.group {
                let _ = writeln!(text, "group = {}\nlevel = {}", quoted(group), quoted(level));
            }
        };
        for objective in &self.objectives {
            of(&mut text, "objective", &objective.measure);
            let _ = writeln!(text, "better = {}", quoted(if objective.higher { "higher" } else { "lower" }));
        }
        for constraint in &self.constraints {
            of(&mut text, "constraint", &constraint.measure);
            let prefix = if constraint.of_change { "change_" } else { "" };
            for (name, bound) in [("at_least", constraint.least), ("at_most", constraint.most)] {
                if let Some(bound) = bound {
                    let _ = writeln!(text, "{prefix}{name} = {}", Value::Float(bound));
                }
            }
        }
        text.push_str("\n[vary]\n");
        for lever in &self.levers {
            let _ = writeln!(text, "{} = {}", quoted(&lever.key), range(&lever.range));
        }
        text
    }
}
