//! How far an effect ranges over theories and rules, and whether they agree.

use crate::base::about::{Text, text};
use crate::experiment::compare::effects::Effect;

/// What the combinations say together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Up beyond chance in every combination.
    Up,
    /// Down beyond chance in every combination.
    Down,
    /// Up beyond chance in some, down beyond chance in none.
    PartlyUp,
    /// Down beyond chance in some, up beyond chance in none.
    PartlyDown,
    /// Up beyond chance in some and down in others.
    Opposed,
    /// Beyond chance in none.
    Unclear,
}

impl Verdict {
    /// In words; the English ones stand in tables.
    pub fn words(self) -> Text {
        match self {
            Verdict::Up => text("up in all", "均上升"),
            Verdict::Down => text("down in all", "均下降"),
            Verdict::PartlyUp => text("up in some", "部分上升"),
            Verdict::PartlyDown => text("down in some", "部分下降"),
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
    /// Combinations with an effect above zero, beyond chance or not.
    pub above: usize,
    /// Combinations with an effect below zero, beyond chance or not.
    pub below: usize,
    /// Combinations with an effect above zero beyond chance.
    pub up: usize,
    /// Combinations with an effect below zero beyond chance.
    pub down: usize,
}

impl<'a> Range<'a> {
    /// Of one effect for each combination; `None` if none has a value.
    pub fn of(effects: &[&'a Effect]) -> Option<Range<'a>> {
        let mean = |effect: &Effect| effect.difference.effect.mean;
        let known: Vec<&Effect> = effects.iter().copied().filter(|e| !mean(e).is_nan()).collect();
        let count = |sign: i32| known.iter().filter(|e| e.sign() == sign).count();
        let claimed = |sign: i32| known.iter().filter(|e| e.sign() == sign && e.is_beyond_chance()).count();
        Some(Range {
            combinations: known.len(),
            lowest: known.iter().copied().min_by(|a, b| mean(a).total_cmp(&mean(b)))?,
            highest: known.iter().copied().max_by(|a, b| mean(a).total_cmp(&mean(b)))?,
            above: count(1),
            below: count(-1),
            up: claimed(1),
            down: claimed(-1),
        })
    }

    /// What they say together.
    pub fn verdict(&self) -> Verdict {
        match (self.up, self.down) {
            (0, 0) => Verdict::Unclear,
            (up, 0) if up == self.combinations => Verdict::Up,
            (0, down) if down == self.combinations => Verdict::Down,
            (_, 0) => Verdict::PartlyUp,
            (0, _) => Verdict::PartlyDown,
            _ => Verdict::Opposed,
        }
    }
}
