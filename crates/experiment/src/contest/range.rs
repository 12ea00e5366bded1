//! How far an effect ranges over theories and rules, whether they agree, and what it depends on.
//!
//! "Up in all" claims something of every combination at once, so each is tested at its own level of 5 %: that
//! all of those tests err is less likely than that one does (an intersection–union test: R. L. Berger 1982,
//! Technometrics 24:295). "Up in some" claims one of many, and is corrected for all effects by Holm's method.
//! That the effect depends on the theory or on the rule does not follow from its being significant under some
//! of them and not under others (A. Gelman and H. Stern 2006, The American Statistician 60:328); it has a test
//! of its own ([`super::variance`]).

use crate::compare::difference::LEVEL;
use crate::compare::effects::Effect;
use shequ_model::base::params::{Text, text};

/// On what an effect may depend, as sources of its variance.
pub const SOURCES: [&str; 3] = ["theory", "trust", "theory:trust"];

/// The test of one of [`SOURCES`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Dependence {
    /// Its p value; NaN if there is no test.
    pub p: f64,
    /// The same, adjusted by Holm's method for all such tests of the contest.
    pub adjusted: f64,
}

impl Dependence {
    /// No test.
    pub const UNTESTED: Dependence = Dependence { p: f64::NAN, adjusted: f64::NAN };

    /// True if the effect is shown to depend on it.
    pub fn is_shown(self) -> bool {
        self.adjusted < LEVEL
    }
}

/// What the combinations say together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Significantly up in every combination.
    Up,
    /// Significantly down in every combination.
    Down,
    /// Significantly up in some, down in none, without a significant dependence on the theory.
    SomeUp,
    /// Significantly down in some, up in none, without a significant dependence on the theory.
    SomeDown,
    /// Significantly up in some, down in none, and it depends on the theory.
    PartlyUp,
    /// Significantly down in some, up in none, and it depends on the theory.
    PartlyDown,
    /// Significantly up in some and down in others.
    Opposed,
    /// Significant in none.
    Unclear,
}

impl Verdict {
    /// In words; the English ones stand in tables.
    pub fn text(self) -> Text {
        match self {
            Verdict::Up => text("up in all", "均上升"),
            Verdict::Down => text("down in all", "均下降"),
            Verdict::SomeUp => text("up in some", "部分上升"),
            Verdict::SomeDown => text("down in some", "部分下降"),
            Verdict::PartlyUp => text("up in some, by theory", "因理论而异，部分上升"),
            Verdict::PartlyDown => text("down in some, by theory", "因理论而异，部分下降"),
            Verdict::Opposed => text("signs differ", "方向不一"),
            Verdict::Unclear => text("unclear", "不明确"),
        }
    }
}

/// The effects of one policy on one outcome in one window, over the combinations that give it a value.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Range<'a> {
    /// Combinations.
    pub combinations: usize,
    /// The lowest effect.
    pub lowest: &'a Effect,
    /// The highest effect.
    pub highest: &'a Effect,
    /// Combinations with an effect above zero, significant or not.
    pub above: usize,
    /// Combinations with an effect below zero, significant or not.
    pub below: usize,
    /// Combinations with an effect above zero that is significant after Holm's correction.
    pub up: usize,
    /// Combinations with an effect below zero that is significant after Holm's correction.
    pub down: usize,
    /// Combinations with an effect above zero that is significant at its own level.
    pub up_uncorrected: usize,
    /// Combinations with an effect below zero that is significant at its own level.
    pub down_uncorrected: usize,
    /// On which of [`SOURCES`] the effect depends.
    pub depends: [Dependence; 3],
}

impl<'a> Range<'a> {
    /// Of one effect for each combination, before it is tested on what it depends; `None` if none has a value.
    pub fn of(effects: &[&'a Effect]) -> Option<Range<'a>> {
        let mean = |effect: &Effect| effect.difference.effect.mean;
        let known: Vec<&Effect> = effects.iter().copied().filter(|e| !mean(e).is_nan()).collect();
        let count = |sign: i32, is_counted: fn(&Effect) -> bool| {
            known.iter().filter(|e| e.sign() == sign && is_counted(e)).count()
        };
        let (all, corrected, alone): (_, _, fn(&Effect) -> bool) =
            (|_: &Effect| true, Effect::is_significant, |e| e.difference.p < LEVEL);
        Some(Range {
            combinations: known.len(),
            lowest: known.iter().copied().min_by(|a, b| mean(a).total_cmp(&mean(b)))?,
            highest: known.iter().copied().max_by(|a, b| mean(a).total_cmp(&mean(b)))?,
            above: count(1, all),
            below: count(-1, all),
            up: count(1, corrected),
            down: count(-1, corrected),
            up_uncorrected: count(1, alone),
            down_uncorrected: count(-1, alone),
            depends: [Dependence::UNTESTED; 3],
        })
    }

    /// The sources on which the effect is shown to depend; `None` if there is no test of any.
    pub fn shown_to_depend_on(&self) -> Option<Vec<&'static str>> {
        let all = || SOURCES.into_iter().zip(self.depends);
        let is_tested = all().any(|(_, dependence)| !dependence.p.is_nan());
        is_tested.then(|| all().filter(|(_, d)| d.is_shown()).map(|(source, _)| source).collect())
    }

    /// What they say together.
    pub fn verdict(&self) -> Verdict {
        // Where nothing varies between replicates there is no test, and differences are what they seem.
        let by_theory = self
            .shown_to_depend_on()
            .is_none_or(|sources| sources.iter().any(|source| source.starts_with("theory")));
        match (self.up, self.down) {
            _ if self.up_uncorrected == self.combinations => Verdict::Up,
            _ if self.down_uncorrected == self.combinations => Verdict::Down,
            (0, 0) => Verdict::Unclear,
            (_, 0) if by_theory => Verdict::PartlyUp,
            (0, _) if by_theory => Verdict::PartlyDown,
            (_, 0) => Verdict::SomeUp,
            (0, _) => Verdict::SomeDown,
            _ => Verdict::Opposed,
        }
    }
}
