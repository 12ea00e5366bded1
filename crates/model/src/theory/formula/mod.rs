//! One's own theory of participation, written in a scenario as a formula.
//!
//! The text becomes a tree ([`syntax`]), names get their meaning ([`expression`]), the whole is tried out
//! (`trial`) and becomes steps over rows of residents (`machine`). Why so is told in
//! `docs/decisions/0059-a-theory-as-a-formula.md`.

mod explain;
pub mod expression;
mod machine;
pub mod operation;
pub mod outside;
pub mod syntax;
mod trial;
pub mod variable;

#[cfg(test)]
mod tests;

use std::ops::Range;
use std::sync::Arc;

use serde::Serialize;
use serde::de::Error as _;
use toml::Table;

use self::explain::Explained;
use self::expression::{Expression, Parameter, Reader, Scope, taken};
use self::machine::{Frame, LANES, Program};
use self::outside::Outside;
use self::syntax::{Flaw, Tree, parse};
use self::variable::Variable;
use super::{Entry, Inputs, Last, Lesson, Term, Theory};
use crate::base::i18n::{Both, both};
use crate::base::params::{Key, Section, Settings, Text, Unreadable, text};

/// Path of its table.
pub const PATH: &str = "theory.formula";
/// Path of the table of parameters of one's own.
pub const PARAMETERS: &str = "theory.formula.parameters";
/// Name of that table within the other.
pub const PARAMETERS_NAME: &str = "parameters";

/// Settings of `[theory.formula]`.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Formula {
    /// The probability of taking part.
    pub probability: String,
    /// The next memory; empty = nothing is remembered.
    pub remember: String,
    /// The first memory.
    pub remember_start: String,
}

impl Settings for Formula {
    fn keys() -> Vec<Key> {
        vec![
            Key::formula("probability", PROBABILITY)
                .means(
                    "Probability of taking part, over the inputs that `shequ explain theory.formula` lists and parameters of one's own; it rises in the intercept, which is fitted.",
                    "参与概率的公式，可使用 `shequ explain theory.formula` 列出的输入与自定参数；须随截距（由程序拟合）上升。",
                )
                .fixed(),
            Key::formula("remember", "")
                .means(
                    "What a resident remembers of a mode from its last occasion on, over the inputs, memory, took_part and outcome; empty = nothing.",
                    "居民在上次机会之后对该方式的记忆的公式，可使用各项输入及 memory、took_part、outcome；空表示没有记忆。",
                )
                .fixed()
                .demonstration(REMEMBERING),
            Key::formula("remember_start", "0")
                .means(
                    "What a resident remembers of a mode before any occasion, over the inputs.",
                    "居民在首次机会之前对该方式的记忆的公式，可使用各项输入。",
                )
                .fixed()
                .demonstration(REMEMBERING),
        ]
    }

    fn of(mut table: Table) -> Result<Formula, Unreadable> {
        let mut take = |key| crate::base::params::take(&mut table, key);
        Ok(Formula {
            probability: take("probability")?,
            remember: take("remember")?,
            remember_start: take("remember_start")?,
        })
    }
}

/// What shows the effect of a memory.
const REMEMBERING: &[&str] = &[".probability=logistic(intercept + 2*memory)", ".remember=memory"];

/// The calculus with its weights at their defaults, as a test holds it.
pub const PROBABILITY: &str = "logistic(intercept + 1.5*influence*benefit - 1.5*cost + duty + 2.21*norm + 0.8*trust + 2*habit + 0.6*asked + 0.7*disposition)";

/// Registration. It is no entry of [`super::all`]: only scenarios that write a formula have this theory.
pub const ENTRY: Entry = Entry {
    name: "formula",
    path: PATH,
    label: text("own formula", "自定公式"),
    summary: text(
        "Residents take part with the probability that a formula of the scenario gives.",
        "居民的参与概率由情景中自己写的公式给出。",
    ),
    equation: "P = probability, cut to [0, 1]; memory' = remember",
    keys: Formula::keys,
    build: |table: &Table| {
        let mut table = table.clone();
        let parameters = table.remove(PARAMETERS_NAME);
        let parameters: Vec<(String, f64)> = parameters
            .and_then(|given| given.try_into::<Table>().ok())
            .iter()
            .flatten()
            .filter_map(number)
            .collect();
        let parameters: Vec<Parameter> =
            parameters.iter().map(|(name, value)| (name.as_str(), *value)).collect();
        let theory = Own::of(&Formula::of(table)?, &parameters);
        theory.map(super::compiled).map_err(|found| Unreadable::custom(&found[0].what.en))
    },
};

fn number((name, value): (&String, &toml::Value)) -> Option<(String, f64)> {
    Some((name.clone(), value.as_float()?))
}

/// A table in which scenarios name keys of their own, and what such a key may hold.
pub fn parameter() -> Key {
    /// More is no weight of anything between 0 and 1.
    const LARGEST: f64 = 1e6;
    Key::real("parameter", 0.0, -LARGEST, LARGEST)
        .means("A number of one's own formula.", "自定公式中的参数。")
        .choice()
        .fixed()
}

/// Its tables.
pub fn sections() -> [Section; 2] {
    let meaning = text(
        "Numbers that the formula names, each under a name of its own.",
        "公式中使用的参数，名称自定，每行一个。",
    );
    [ENTRY.section(), Section { path: PARAMETERS, meaning, keys: Vec::new() }]
}

/// Something that is wrong with a theory of one's own.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// The key, within the table of the theory.
    pub key: String,
    /// The bytes of its formula; none if it is no formula.
    pub span: Option<Range<usize>>,
    /// What.
    pub what: Both,
    /// What to do about it.
    pub help: Option<Both>,
}

impl Finding {
    fn of(key: &str, flaw: Flaw) -> Finding {
        Finding { key: key.into(), span: Some(flaw.span), what: flaw.what, help: flaw.help }
    }
}

/// A theory of one's own.
pub struct Own {
    probability: Program,
    memory: Option<Memory>,
    explained: Explained,
    outside: Vec<Arc<Outside>>,
}

/// What is remembered, and how it moves.
struct Memory {
    start: Program,
    update: Program,
    knows_deeds: bool,
}

/// A formula that was read.
struct Read {
    tree: Tree,
    expression: Expression,
    program: Program,
}

/// Reads the formulas of one theory, and keeps what is wrong with them.
struct Reading<'a> {
    parameters: &'a [Parameter<'a>],
    used: Vec<bool>,
    found: Vec<Finding>,
}

impl Reading<'_> {
    fn formula(&mut self, key: &str, written: &str, scope: Scope) -> Option<Read> {
        let tree = match parse(written) {
            Ok(tree) => tree,
            Err(flaw) => {
                self.found.push(Finding::of(key, flaw));
                return None;
            }
        };
        let mut reader = Reader::new(self.parameters, scope);
        let expression = reader.read(&tree);
        self.used.iter_mut().zip(reader.used).for_each(|(used, here)| *used |= here);
        let is_right = reader.flaws.is_empty();
        self.found.extend(reader.flaws.into_iter().map(|flaw| Finding::of(key, flaw)));
        let program = Program::of(&expression);
        if is_right && !program.is_shallow() {
            let what = both!("the formula nests too deeply", "公式嵌套过深");
            self.found.push(Finding::of(key, Flaw::new(tree.span.clone(), what)));
        }
        is_right.then_some(Read { tree, expression, program })
    }

    /// Parameters that have no possible name, or that no formula uses.
    fn parameters(&mut self, all_were_read: bool) {
        for ((name, _), used) in self.parameters.iter().zip(&self.used) {
            let help =
                both!("use it in `probability`, or leave it out", "请在 `probability` 中使用它，或删去");
            let unused = || (both!("no formula uses `{name}`", "没有公式使用 `{name}`"), Some(help));
            let wrong = taken(name).map(|what| (what, None));
            let Some((what, help)) = wrong.or_else(|| (all_were_read && !used).then(unused)) else {
                continue;
            };
            let key = format!("{PARAMETERS_NAME}.{name}");
            self.found.push(Finding { key, span: None, what, help });
        }
    }
}

impl Own {
    /// The theory that these settings and parameters describe.
    ///
    /// # Errors
    /// Everything that is wrong with them.
    pub fn of(settings: &Formula, parameters: &[Parameter]) -> Result<Own, Vec<Finding>> {
        let mut reading = Reading { parameters, used: vec![false; parameters.len()], found: Vec::new() };
        let with_memory = !settings.remember.trim().is_empty();
        let scope = Scope::Probability { with_memory };
        let probability = reading.formula("probability", &settings.probability, scope);
        let start = reading.formula("remember_start", &settings.remember_start, Scope::Start);
        let update = match with_memory {
            true => reading.formula("remember", &settings.remember, Scope::Update).map(Some),
            false => Some(None),
        };
        reading.parameters(probability.is_some() && start.is_some() && update.is_some());
        let (Some(read), Some(start), Some(update), true) =
            (probability, start, update, reading.found.is_empty())
        else {
            return Err(reading.found);
        };
        if !read.expression.has(Variable::Intercept) {
            return Err(vec![without_intercept(&read.tree)]);
        }
        let mut outside = Vec::new();
        for formula in [&read, &start].into_iter().chain(&update) {
            formula.expression.outside(&mut outside);
        }
        let memory = update.map(|update| Memory {
            start: start.program,
            update: update.program,
            knows_deeds: update.expression.has(Variable::TookPart),
        });
        let explained = Explained::of(&settings.probability, &read.tree, parameters, with_memory);
        let own = Own { probability: read.program, memory, explained, outside };
        match trial::flaw(&own, &read.expression) {
            Some((key, what, help)) => {
                let span = if key == "probability" { Some(read.tree.span) } else { None };
                Err(vec![Finding { key: key.into(), span, what, help: Some(help) }])
            }
            None => Ok(own),
        }
    }

    fn frame<'a>(&self, intercept: f32, x: &'a Inputs<'a>) -> Frame<'a> {
        Frame { intercept, inputs: x, memory: x.memory[0], took_part: &[], outcome: f32::NAN }
    }
}

fn without_intercept(tree: &Tree) -> Finding {
    let what = both!("the formula lacks the intercept", "公式缺少截距");
    let help = both!(
        "add `intercept`, which is fitted to the base rate of each mode: logistic(intercept + …)",
        "请加入 `intercept`（拟合至各方式的基准参与率）：logistic(intercept + …)"
    );
    Finding::of("probability", Flaw::new(tree.span.clone(), what).help(help))
}

/// As a probability; nobody takes part whose formula has no value.
#[inline(always)]
fn bounded(p: f32) -> f32 {
    let low = if p > 0.0 { p } else { 0.0 };
    if low < 1.0 { low } else { 1.0 }
}

impl Theory for Own {
    #[inline(always)]
    fn probability(&self, intercept: f32, x: &Inputs, out: &mut [f32]) {
        self.probability.run(&self.frame(intercept, x), out, bounded);
    }

    fn terms(&self, intercept: f32, x: &Inputs, k: usize) -> Vec<Term> {
        let one = x.only(k);
        self.explained.terms(&self.frame(intercept, &one))
    }

    fn outside(&self) -> &[Arc<Outside>] {
        &self.outside
    }

    fn remembers(&self) -> &'static [Text] {
        const MEMORY: &[Text] = &[text("memory", "记忆")];
        if self.memory.is_some() { MEMORY } else { &[] }
    }

    /// Who remembers nothing yet begins; all others move on, but where the formula has no value.
    #[inline(always)]
    fn learn(&self, last: &Last, x: &Inputs, [memory, _]: Lesson) {
        let Some(own) = &self.memory else { return };
        let (mut before, mut first, mut deeds) = ([0.0; LANES], [0.0; LANES], [0.0; LANES]);
        for (chunk, memory) in memory.chunks_mut(LANES).enumerate() {
            let (start, n) = (chunk * LANES, memory.len());
            let inputs = x.part(start..start + n);
            before[..n].copy_from_slice(memory);
            if own.knows_deeds {
                let bit = x.mode.bit();
                for (deed, modes) in deeds.iter_mut().zip(&last.took_part[start..start + n]) {
                    *deed = if modes & bit != 0 { 1.0 } else { 0.0 };
                }
            }
            let frame = Frame {
                intercept: f32::NAN,
                inputs: &inputs,
                memory: &before[..n],
                took_part: &deeds[..n],
                outcome: last.outcome,
            };
            own.start.run(&frame, &mut first[..n], |number| number);
            own.update.run(&frame, memory, |number| number);
            for ((now, before), first) in memory.iter_mut().zip(&before).zip(&first) {
                let moved = if now.is_nan() { *before } else { *now };
                *now = if before.is_nan() { *first } else { moved };
            }
        }
    }
}
