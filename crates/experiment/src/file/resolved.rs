//! An experiment written out in full, as the `experiment.toml` of its results folder: it names the files
//! of that folder, so that it can be run again from there.

use std::fmt::Write;

use toml::Value;

use super::{Experiment, Kind};
use crate::design::{Design, Method, Range};
use crate::outcome::Outcome;
use crate::replicates::Replicates;

/// The experiment's file in a results folder.
pub const EXPERIMENT: &str = "experiment.toml";
/// The base scenario's file in a results folder.
pub const SCENARIO: &str = "scenario.toml";
/// The targets' file in a results folder.
pub const TARGETS: &str = "targets.csv";
/// The design's file in a results folder.
pub const DESIGN: &str = "design.csv";
/// The posterior's file in a results folder.
pub const POSTERIOR: &str = "posterior.csv";
/// The file of the weights of theories and rules in a results folder.
pub const WEIGHTS: &str = "weights.csv";

impl Experiment {
    /// The scenario file of arm number `arm` in a results folder.
    pub fn arm_file(arm: usize) -> String {
        format!("arm-{}.toml", arm + 1)
    }

    /// The experiment as TOML, equal for equal experiments whatever files they come from.
    pub fn resolved_toml(&self) -> String {
        if self.kind == Kind::Run {
            return self.run_toml();
        }
        let mut text = String::new();
        let mut line = |key: &str, value: String| {
            let _ = writeln!(text, "{key} = {value}");
        };
        line("kind", quoted(self.kind.name()));
        line("name", quoted(&self.name));
        line("name_zh", quoted(&self.name_zh));
        line("scenario", quoted(SCENARIO));
        line("replicates", replicates(self.replicates));
        if let Some(calibration) = &self.calibration {
            line("targets", quoted(TARGETS));
            text.push_str(&calibration.resolved());
            return text;
        }
        if let Some(search) = &self.search {
            if self.posterior.is_some() {
                line("posterior", quoted(POSTERIOR));
            }
            text.push_str(&search.resolved());
            return text;
        }
        line("outcomes", list(self.outcomes.iter().map(|o| o.name().into())));
        if !self.primary.is_empty() {
            line("primary", list(self.primary.iter().map(|o| o.name().into())));
        }
        if !self.smallest.0.is_empty() {
            let one =
                |(of, smallest): &(Outcome, f64)| format!("{} = {}", quoted(of.name()), number(*smallest));
            let all: Vec<String> = self.smallest.0.iter().map(one).collect();
            line("smallest_effect", format!("{{ {} }}", all.join(", ")));
        }
        if !self.lower.is_empty() {
            line("lower", list(self.lower.iter().map(|o| o.name().into())));
        }
        if self.posterior.is_some() {
            line("posterior", quoted(POSTERIOR));
        }
        if self.weights.is_some() {
            line("weights", quoted(WEIGHTS));
        }
        line("window", list(self.windows.iter().map(|w| w.to_string().into())));
        if self.allow_unlike {
            line("allow_unlike", "true".into());
        }
        for (number, arm) in self.arms.iter().enumerate() {
            let _ = writeln!(text, "\n[[arm]]\nname = {}", quoted(&arm.name));
            let _ = writeln!(text, "name_zh = {}", quoted(&arm.name_zh));
            let _ = writeln!(text, "scenario = {}", quoted(&Experiment::arm_file(number)));
            if self.bundles.iter().any(|bundle| bundle.arm == number) {
                text.push_str("parts = true\n");
            }
        }
        self.design.iter().for_each(|d| design(d, &mut text));
        text
    }
}

fn design(design: &Design, text: &mut String) {
    let (method, settings) = match design.method {
        Method::Grid { levels } => ("grid", format!("levels = {levels}\n")),
        Method::List => ("list", String::new()),
        Method::Given(_) => ("csv", format!("file = {}\n", quoted(DESIGN))),
        Method::Lhs { points } => ("lhs", format!("points = {points}\nseed = {}\n", design.seed)),
        Method::Sobol { points } => ("sobol", format!("points = {points}\nseed = {}\n", design.seed)),
        Method::Saltelli { points, second_order } => {
            ("sobol", format!("points = {points}\nsecond_order = {second_order}\nseed = {}\n", design.seed))
        }
        Method::Morris { trajectories, levels } => {
            ("morris", format!("trajectories = {trajectories}\nlevels = {levels}\nseed = {}\n", design.seed))
        }
    };
    let _ = write!(text, "\n[design]\nmethod = {}\n{settings}", quoted(method));
    if method == "csv" {
        return;
    }
    text.push_str("\n[vary]\n");
    for factor in &design.factors {
        let _ = writeln!(text, "{} = {}", quoted(&factor.key), range(&factor.range));
    }
}

/// A range as it is written.
pub fn range(range: &Range) -> String {
    match range {
        Range::Linear { low, high } => format!("{{ low = {}, high = {} }}", number(*low), number(*high)),
        Range::Log { low, high } => {
            format!("{{ low = {}, high = {}, log = true }}", number(*low), number(*high))
        }
        Range::Whole { low, high } => format!("{{ low = {low}, high = {high} }}"),
        Range::Levels(values) => list(values.iter().cloned()),
    }
}

fn replicates(replicates: Replicates) -> String {
    match replicates {
        Replicates::Fixed(n) => n.to_string(),
        Replicates::Until { outcome, half_width, max } => {
            format!("{{ until = \"{} < {half_width}\", max = {max} }}", outcome.name())
        }
    }
}

fn list(values: impl Iterator<Item = Value>) -> String {
    Value::Array(values.collect()).to_string()
}

fn number(number: f64) -> String {
    Value::Float(number).to_string()
}

/// A text in quotes.
pub fn quoted(text: &str) -> String {
    Value::String(text.into()).to_string()
}
