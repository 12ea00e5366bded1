//! A common base rate: each theory's intercept for each mode is fitted so that all theories have the same
//! participation, and what differs between them is how they respond.
//!
//! For a city that comes to rest before its start, the fit is made on a reference city at rest
//! ([`Reference`]); for one that begins as it is built, on a reference panel on its first occasion
//! ([`Panel`]). Both stand under conditions that no scenario can change (default city, institutions and efforts, and
//! what was fitted since as it was before), so that no policy is fitted away. What a scenario sets is the base rate
//! itself.

use super::awareness::Seen;
use super::block::Block;
use super::pool::Pool;
use super::rest::Beginning;
use super::run::{Simulation, fitted};
use super::terms::{benefit_of, cost, duty, per_hour};
use super::{BLOCK, Context, FittedModel};
use crate::base::params::Settings;
use crate::base::rng::CounterRng;
use crate::city::mode::Modes;
use crate::city::{MODES, Mode, Residents, Ties, person, population, synth};
use crate::institution::CommunityState;
use crate::scenario::Scenario;
use crate::theory::{Inputs, Last, REMEMBERED, Theory};
use crate::trust::Rule;
use rayon::prelude::*;
use std::sync::Arc;

/// The reference city: communities, adults of each, and months in which it comes to rest under a theory.
const CITY: (u32, u32) = (5, 1_000);
const MONTHS: u32 = 480;
/// Months after which its newcomers take after residents as they are now.
const RENEWED: u32 = 12;
/// Fewest months from one fit of a mode to the next.
const BETWEEN: u32 = 11;

/// Numbers that were fitted to targets, as they were before: what a base rate means does not move with what is fitted
/// under it, or a fit would have to be made again for its own result.
fn before_fitting(scenario: &mut Scenario) {
    let rules = &mut scenario.periods[0].rules;
    rules.residents = residents_before_fitting();
    rules.institutions.enforcement.fairness = 0.62;
    rules.institutions.survey.desirability = 0.25;
    (rules.institutions.staff.per_10000, rules.institutions.staff.handling_days) = (15.4, 7.0);
}

fn residents_before_fitting() -> person::Settings {
    person::Settings {
        trust_neighbours: 0.6,
        trust_committee: 0.63,
        trust_local_government: 0.62,
        habit_gain: 0.1,
        word_of_mouth: 0.08,
        neighbour_good: 0.77,
        ..person::Settings::standard()
    }
}

/// A theory at rest in the reference city.
#[derive(Clone)]
pub struct Reference {
    /// Intercept of each mode.
    pub intercepts: [f32; MODES],
    /// Residents at rest.
    pub people: Arc<Pool>,
}

impl Reference {
    /// Lets the reference city come to rest under `theory` and the rule `trust` while those whom each mode
    /// reaches take part in it at its base rate.
    ///
    /// Whenever a mode is open, though at most once a year, its intercept is set so that the mean chance of the
    /// eligible who know of it is the base rate: so habits and feelings settle as they do at these rates,
    /// and with them the intercepts. What is taken in the end is the mean over the last third of the fits.
    pub fn fit(theory: &Arc<dyn Theory>, trust: &Arc<dyn Rule>, modes: &Modes) -> Reference {
        let mut scenario = Scenario::standard();
        before_fitting(&mut scenario);
        (scenario.population.communities, scenario.population.adults) = CITY;
        (scenario.theory, scenario.trust) = (theory.clone(), trust.clone());
        scenario.burn_in = MONTHS;
        let rules = &mut scenario.periods[0].rules;
        for (reference, mode) in rules.modes.iter_mut().zip(modes) {
            reference.base_rate = mode.base_rate;
        }
        let city = synth::city(&scenario.population, &rules.residents, 0);
        let first = fitted(&scenario, Panel::new().fit(theory.as_ref(), modes), None);
        let built = Beginning::built(&scenario, &first, city);
        let mut search = Search::new(first.intercepts, modes);
        let mut simulation = Simulation::before(&scenario, first, built, CounterRng::before(0));
        for month in 0..MONTHS {
            if month % RENEWED == 0 {
                simulation.renew_newcomers();
            }
            simulation.step_fitting(&mut |communities, context| search.look(communities, context));
        }
        let intercepts = search.result(theory.as_ref(), modes, &simulation.communities[0]);
        let people = Pool::of(&simulation.communities).expect("the reference city has residents");
        Reference { intercepts, people: Arc::new(people) }
    }
}

/// The intercepts as they are found in the course of time.
struct Search {
    targets: [f64; MODES],
    now: [f32; MODES],
    found: [Vec<f32>; MODES],
    last: [Option<u32>; MODES],
}

impl Search {
    fn new(first: [f32; MODES], modes: &Modes) -> Search {
        Search {
            targets: std::array::from_fn(|m| modes[m].base_rate),
            now: first,
            found: Default::default(),
            last: [None; MODES],
        }
    }

    /// Fits the modes that are open and were not fitted of late, on residents just before they decide.
    fn look(&mut self, communities: &[CommunityState], context: &Context) -> Option<FittedModel> {
        let month = context.now.month;
        let is_open = |mode: &Mode| communities.iter().any(|state| state.signals.open[*mode as usize] > 0.0);
        let is_due = |mode: &Mode| self.last[*mode as usize].is_none_or(|last| month - last >= BETWEEN);
        let due: Vec<Mode> = Mode::ALL.into_iter().filter(is_open).filter(is_due).collect();
        if due.is_empty() {
            return None;
        }
        self.now = balanced(communities, context, &due, &self.targets);
        for mode in due {
            self.last[mode as usize] = Some(month);
            self.found[mode as usize].push(self.now[mode as usize]);
        }
        Some(with_intercepts(context.fitted, self.now))
    }

    /// What was found; of modes that were never open, what the residents at rest of one community would need.
    fn result(&self, theory: &dyn Theory, modes: &Modes, at_rest: &CommunityState) -> [f32; MODES] {
        let community = &at_rest.community;
        let panel = Panel { residents: community.residents.clone(), ties: community.ties.clone() };
        Mode::ALL.map(|mode| {
            let found = &self.found[mode as usize];
            let last = &found[found.len() - found.len().div_ceil(3)..];
            match last.is_empty() {
                true => panel.fit_mode(theory, mode, modes[mode as usize].base_rate as f32),
                false => (last.iter().map(|&a| f64::from(a)).sum::<f64>() / last.len() as f64) as f32,
            }
        })
    }
}

fn with_intercepts(fitted: &FittedModel, intercepts: [f32; MODES]) -> FittedModel {
    let FittedModel { theory, people, trust, update, .. } = fitted;
    FittedModel {
        theory: theory.clone(),
        intercepts,
        people: people.clone(),
        trust: trust.clone(),
        update: *update,
    }
}

/// The intercepts under which those who are reached by each of the modes `due` take part in it at its target; the
/// others as they are. All modes are looked at together, since loading residents is most of the work.
fn balanced(
    communities: &[CommunityState],
    context: &Context,
    due: &[Mode],
    targets: &[f64; MODES],
) -> [f32; MODES] {
    let seen: Vec<Seen> = communities
        .par_iter()
        .map(|state| {
            let mut seen = Seen::default();
            seen.look(&state.community.residents, &state.community.ties);
            seen
        })
        .collect();
    let mut intercepts = context.fitted.intercepts;
    let mut roots: Vec<(Mode, Root)> = due.iter().map(|&mode| (mode, Root::default())).collect();
    // Halving alone would need as many for the last digits that matter.
    for _ in 0..20 {
        let open: Vec<Mode> = roots.iter().filter(|(_, root)| !root.found).map(|&(mode, _)| mode).collect();
        if open.is_empty() {
            break;
        }
        let fitted = with_intercepts(context.fitted, intercepts);
        let context = Context { fitted: &fitted, ..*context };
        let sums: Vec<_> = communities
            .par_iter()
            .zip(&seen)
            .map(|(state, seen)| reached_and_willing(state, seen, &context, &open))
            .collect();
        for (mode, root) in roots.iter_mut().filter(|(_, root)| !root.found) {
            let m = *mode as usize;
            let (reached, willing) =
                sums.iter().fold((0.0, 0.0), |all, sums| (all.0 + sums[m].0, all.1 + sums[m].1));
            let excess = log_odds(willing / reached.max(f64::MIN_POSITIVE)) - log_odds(targets[m]);
            intercepts[m] = root.next(f64::from(intercepts[m]), excess) as f32;
        }
    }
    intercepts
}

/// Finite for all shares: one in a million is as good as none.
fn log_odds(share: f64) -> f64 {
    let share = share.clamp(1e-6, 1.0 - 1e-6);
    libm::log(share / (1.0 - share))
}

/// The search for the place where an excess that never falls crosses zero: by secants, since the log-odds of the
/// mean chance are nearly straight in the intercept, and by halving where a secant was slow.
struct Root {
    low: (f64, f64),
    high: (f64, f64),
    /// Distance between the bounds before the last look, and how far the next step goes while only one is known.
    width: f64,
    stride: f64,
    found: bool,
}

impl Default for Root {
    fn default() -> Root {
        let (low, high) = ((-40.0, f64::NEG_INFINITY), (40.0, f64::INFINITY));
        Root { low, high, width: f64::INFINITY, stride: 1.25, found: false }
    }
}

impl Root {
    /// Excess of log-odds that is less than the noise of any fit, and the width between bounds that is.
    const ENOUGH: f64 = 1e-3;

    /// Where to look next, after this excess at `place`.
    fn next(&mut self, place: f64, excess: f64) -> f64 {
        let last = if excess < 0.0 { &mut self.low } else { &mut self.high };
        *last = (place, excess);
        let width = self.high.0 - self.low.0;
        if excess.abs() < Self::ENOUGH || width < Self::ENOUGH {
            self.found = true;
            return place;
        }
        let slope = (self.high.1 - self.low.1) / width;
        if !slope.is_finite() {
            // Under a logit the slope is one; a little farther finds the other bound.
            let step = self.stride * excess;
            self.stride *= 2.0;
            return (place - step).clamp(self.low.0, self.high.0);
        }
        let was_slow = width > 0.5 * self.width;
        self.width = width;
        if was_slow { 0.5 * (self.low.0 + self.high.0) } else { place - excess / slope }
    }
}

/// By mode: residents who are eligible and know of it, and those of them who want to take part, both in
/// expectation.
fn reached_and_willing(
    state: &CommunityState,
    seen: &Seen,
    context: &Context,
    modes: &[Mode],
) -> [(f64, f64); MODES] {
    let mut sums = [(0.0, 0.0); MODES];
    let mut block = Box::<Block>::default();
    let n = state.community.adults();
    for start in (0..n).step_by(BLOCK) {
        block.load(state, seen.of(start..(start + BLOCK).min(n)), context, start);
        for &mode in modes.iter().filter(|&&mode| state.signals.open[mode as usize] > 0.0) {
            block.consider(state, context, mode);
            let (reached, willing) = block.expected(mode);
            let sum = &mut sums[mode as usize];
            *sum = (sum.0 + reached, sum.1 + willing);
        }
    }
    sums
}

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

/// The habit of `mode` at which gains and losses balance for one who takes part with chance `p`.
pub fn settled_habit(rules: &person::Settings, mode: Mode, p: f32) -> f32 {
    let [gain, loss] = rules.habit_steps(mode);
    let (up, down) = (gain * p, loss * (1.0 - p));
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
        let mut city = synth::city(&one, &residents_before_fitting(), 0);
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
        let usually = residents_before_fitting();
        let duty_of = usually.duty.map(|weight| weight as f32);
        let (of_time, unattached) = (usually.cost_of_time as f32, usually.unattached as f32);
        let column = |f: &dyn Fn(usize) -> f32| -> Vec<f32> { (0..n).map(f).collect() };
        let usual = rate * reach(mode);
        let mut conditions = Conditions {
            mode,
            residents: r,
            acquaintances: column(&|i| self.ties.known(i).max(1.0)),
            cost: column(&|i| cost(of_time, hours, per_hour(r.time[i]), friction)),
            duty: column(&|i| duty(duty_of, r.interest[i], r.attachment[i], r.traits[i].party())),
            benefit: column(&|i| match mode {
                Mode::Complaint => 1.0 - r.satisfaction[i],
                _ => benefit_of(unattached, STAKE, r.attachment[i]),
            }),
            norm: vec![usual; n],
            none: vec![0.0; n],
            habit: vec![settled_habit(&usually, mode, usual); n],
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
            age: &r.age,
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
    fn a_root_is_found_of_straight_curved_and_stepped_excesses() {
        let looks = |excess: &dyn Fn(f64) -> f64, first: f64| {
            let (mut root, mut place, mut looks) = (Root::default(), first, 0);
            while !root.found && looks < 60 {
                place = root.next(place, excess(place));
                looks += 1;
            }
            (place, looks)
        };
        for first in [-40.0, -1.0, 1.9, 2.1, 30.0] {
            let (place, n) = looks(&|a| a - 2.0, first);
            assert!((place - 2.0).abs() < 1e-3 && n <= 4, "straight from {first}: {place} after {n}");
            let (place, n) = looks(&|a| (a - 2.0) + 0.1 * (a - 2.0).powi(3), first);
            assert!((place - 2.0).abs() < 1e-3 && n <= 20, "curved from {first}: {place} after {n}");
            let (place, n) = looks(&|a| if a < 2.0 { -3.0 } else { 1.0 }, first);
            assert!((place - 2.0).abs() < 1e-3 && n <= 40, "stepped from {first}: {place} after {n}");
        }
    }

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
