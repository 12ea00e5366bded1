//! A common base rate: each theory's intercept for each mode is fitted so that all theories start from
//! the same participation, and what differs between them is how they respond.
//!
//! The fit is made on a reference panel under reference conditions that no scenario can change
//! (default city, default efforts, a stake of 0.3), so that no policy is fitted away. What a scenario
//! sets is the base rate itself.

use super::block::{benefit_of, cost, duty, per_hour};
use crate::base::params::Settings;
use crate::base::rng::CounterRng;
use crate::city::mode::Modes;
use crate::city::{MODES, Mode, Residents, Ties, person, population, synth};
use crate::theory::{Inputs, Last, REMEMBERED, Theory};
use std::sync::Arc;

/// Residents of the reference panel.
const PANEL: i64 = 2_000;
/// The stakes of each mode under reference conditions.
pub const STAKE: f32 = 0.3;

/// Share of residents whom a mode reaches under reference conditions (they know of it, and find it
/// open): elections and ballots have notices of their own.
pub const fn reach(mode: Mode) -> f32 {
    match mode {
        Mode::Vote | Mode::Ballot => 0.8,
        Mode::Complaint | Mode::Sorting => 0.35,
        _ => 0.25,
    }
}

/// The habit at which gains and losses balance for one who takes part with chance `p`.
pub fn settled_habit(rules: &person::Settings, p: f32) -> f32 {
    let (up, down) = (rules.habit_gain as f32 * p, rules.habit_loss as f32 * (1.0 - p));
    if up > 0.0 { up / (up + down) } else { 0.0 }
}

/// Residents of the default city, on whom theories are fitted.
pub struct Panel {
    residents: Residents,
    ties: Arc<Ties>,
}

impl Panel {
    /// One community of 2,000 adults under a fixed seed.
    pub fn new() -> Panel {
        let standard = population::Settings::standard();
        let one = population::Settings { communities: 1, adults: PANEL as u32, ..standard };
        let mut city = synth::city(&one, &person::Settings::standard(), 0);
        let community = city.communities.swap_remove(0);
        Panel { residents: community.residents, ties: community.ties }
    }

    /// The intercepts of `theory` that give the base rates of `modes`.
    pub fn fit(&self, theory: &dyn Theory, modes: &Modes) -> [f32; MODES] {
        std::array::from_fn(|m| self.fit_mode(theory, Mode::ALL[m], modes[m].base_rate as f32))
    }

    /// The intercept of `theory` that gives `mode` the base rate `rate`, by bisection: the mean never falls
    /// when the intercept rises.
    pub fn fit_mode(&self, theory: &dyn Theory, mode: Mode, rate: f32) -> f32 {
        let conditions = self.conditions(theory, mode, rate);
        let (mut low, mut high) = (-40.0f32, 40.0f32);
        for _ in 0..40 {
            let middle = 0.5 * (low + high);
            if conditions.mean(theory, middle) < rate as f64 {
                low = middle;
            } else {
                high = middle;
            }
        }
        0.5 * (low + high)
    }

    /// What the panel decides on: acquaintances and habits as they are when those whom the mode reaches
    /// take part at the base rate. A theory with memory remembers nothing: this is the first occasion.
    fn conditions(&self, theory: &dyn Theory, mode: Mode, rate: f32) -> Conditions<'_> {
        let r = &self.residents;
        let n = r.len();
        let default = crate::city::mode::section(mode).defaults();
        let number = |key: &str| default.get(key).and_then(|v| v.as_float()).unwrap_or(0.0) as f32;
        let (hours, friction) = (number("hours"), number("friction"));
        let column = |f: &dyn Fn(usize) -> f32| -> Vec<f32> { (0..n).map(f).collect() };
        let usual = rate * reach(mode);
        let mut conditions = Conditions {
            mode,
            residents: r,
            acquaintances: column(&|i| self.ties.known(i).max(1.0)),
            cost: column(&|i| cost(hours, per_hour(r.time[i]), friction)),
            duty: column(&|i| duty(r.interest[i], r.attachment[i], r.traits[i].party())),
            benefit: column(&|i| match mode {
                Mode::Complaint => 1.0 - r.satisfaction[i],
                _ => benefit_of(STAKE, r.attachment[i]),
            }),
            norm: vec![usual; n],
            none: vec![0.0; n],
            habit: vec![settled_habit(&person::Settings::standard(), usual); n],
            memory: std::array::from_fn(|_| vec![f32::NAN; n]),
        };
        conditions.begin(theory);
        conditions
    }
}

/// What residents of the panel decide on, by columns.
struct Conditions<'a> {
    mode: Mode,
    residents: &'a Residents,
    acquaintances: Vec<f32>,
    cost: Vec<f32>,
    duty: Vec<f32>,
    benefit: Vec<f32>,
    norm: Vec<f32>,
    none: Vec<f32>,
    habit: Vec<f32>,
    memory: [Vec<f32>; REMEMBERED],
}

impl Conditions<'_> {
    /// Lets the panel begin to remember.
    fn begin(&mut self, theory: &dyn Theory) {
        let mut memory = std::mem::take(&mut self.memory);
        let took_part = vec![0; self.residents.len()];
        let rng = CounterRng::new(0, 0);
        let last = Last { took_part: &took_part, outcome: f32::NAN, rng, month: 0, first: 0 };
        theory.learn(&last, &self.inputs(), memory.each_mut().map(|column| &mut column[..]));
        self.memory = memory;
    }

    /// Mean probability of the panel under `intercept`.
    fn mean(&self, theory: &dyn Theory, intercept: f32) -> f64 {
        let mut out = vec![0.0; self.residents.len()];
        theory.probability(intercept, &self.inputs(), &mut out);
        out.iter().map(|&p| p as f64).sum::<f64>() / out.len() as f64
    }

    fn inputs(&self) -> Inputs<'_> {
        let r = self.residents;
        Inputs {
            mode: self.mode,
            disposition: &r.disposition,
            norm: &self.norm,
            acquaintances: &self.acquaintances,
            habit: &self.habit,
            benefit: &self.benefit,
            cost: &self.cost,
            duty: &self.duty,
            interest: &r.interest,
            skill: &r.skill,
            internal_efficacy: &r.internal_efficacy,
            external_efficacy: &r.external_efficacy,
            trust: &r.trust[self.mode.counterpart() as usize],
            asked: &self.none,
            traits: &r.traits,
            memory: self.memory.each_ref().map(|column| &column[..]),
        }
    }
}

impl Default for Panel {
    fn default() -> Panel {
        Panel::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::theory::all;

    #[test]
    fn under_every_theory_the_panel_takes_part_at_the_base_rate() {
        let panel = Panel::new();
        for entry in all() {
            let table = (entry.keys)().iter().map(|k| (k.name.to_string(), k.default.clone())).collect();
            let theory = (entry.build)(&table).unwrap();
            for mode in Mode::ALL {
                let rate =
                    crate::city::mode::section(mode).defaults()["base_rate"].as_float().unwrap() as f32;
                let intercept = panel.fit_mode(theory.as_ref(), mode, rate);
                let mean = panel.conditions(theory.as_ref(), mode, rate).mean(theory.as_ref(), intercept);
                // A theory of steps moves in jumps of one resident in 2,000, some of a few.
                assert!(
                    (mean - rate as f64).abs() < 0.005,
                    "{} {}: {mean}, not {rate}",
                    entry.name,
                    mode.name()
                );
            }
        }
    }
}
