//! Why one resident did what they did, month by month and term by term.

use super::block::{Considered, explain};
use super::{REQUEST, Simulation};
use crate::base::month::Month;
use crate::city::residents::TARGETS;
use crate::city::{Mode, Traits};

/// What a resident considered and did in one month.
pub struct Entry {
    /// Which month.
    pub date: Month,
    /// Age in whole years.
    pub age: u16,
    /// Lasting attributes; a newcomer may take the place of one who left.
    pub traits: Traits,
    /// True if somebody new lives here since last month.
    pub newcomer: bool,
    /// Free hours per month.
    pub time: f32,
    /// Every mode that was open, as it was considered.
    pub considered: Vec<Considered>,
    /// What was done, as a set of modes.
    pub acts: u16,
    /// Whether a request was filed.
    pub request: bool,
    /// Trust by target before and after the month.
    pub trust: [(f32, f32); TARGETS],
    /// Satisfaction before and after the month.
    pub satisfaction: (f32, f32),
}

impl Entry {
    /// True if the resident took part in `mode`.
    pub fn did(&self, mode: Mode) -> bool {
        self.acts & mode.bit() != 0
    }
}

/// Runs `simulation` month by month up to `months` and follows resident `i` of the community at
/// position `state`, from month `from` on.
pub fn follow(mut simulation: Simulation, state: usize, i: usize, from: u32, months: u32) -> Vec<Entry> {
    let mut entries = Vec::new();
    for month in 0..months {
        if month < from {
            simulation.step();
        } else {
            entries.push(follow_month(&mut simulation, state, i));
        }
    }
    entries
}

fn follow_month(simulation: &mut Simulation, state: usize, i: usize) -> Entry {
    let date = simulation.now().date;
    let feelings = |simulation: &Simulation| {
        let residents = &simulation.communities[state].community.residents;
        let trust: [f32; TARGETS] = std::array::from_fn(|t| residents.trust[t][i]);
        (trust, residents.satisfaction[i])
    };
    let before = feelings(simulation);
    let mut considered = Vec::new();
    simulation.step_apart(&mut |moment| {
        if moment.process.who == "decisions" {
            let state = &moment.communities[state];
            considered = explain(state, &moment.context.within(&state.community), i);
        }
    });
    let after = feelings(simulation);
    let residents = &simulation.communities[state].community.residents;
    Entry {
        date,
        age: residents.age[i] / 12,
        traits: residents.traits[i],
        newcomer: residents.months_here[i] == 0,
        time: residents.time[i],
        considered,
        acts: residents.acts[i],
        request: residents.acts[i] & REQUEST != 0,
        trust: std::array::from_fn(|t| (before.0[t], after.0[t])),
        satisfaction: (before.1, after.1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::city::synth;
    use crate::scenario::Scenario;
    use crate::simulation::prepare;

    #[test]
    fn a_trace_tells_what_the_simulation_does() {
        let mut scenario = Scenario::standard();
        (scenario.population.communities, scenario.population.adults) = (2, 200);
        let city = synth::city(&scenario.population, &scenario.periods[0].rules.residents, 1);
        let fitted = prepare(&scenario);
        let begin = || Simulation::new(&scenario, fitted.clone(), &city, 0);
        let mut plain = begin();
        let entries = follow(begin(), 1, 17, 0, 24);
        let mut deeds = 0;
        for entry in &entries {
            plain.step();
            assert_eq!(entry.acts, plain.communities[1].community.residents.acts[17], "{}", entry.date);
            for c in &entry.considered {
                // Time can only take away; otherwise the draw decides.
                assert!(!entry.did(c.mode) || c.draw < c.chance, "{} {}", entry.date, c.mode.name());
                deeds += entry.did(c.mode) as u32;
                let probability = c.terms.last().map_or(0.0, |t| t.value) as f32;
                let willing = probability * c.knows + c.persuaded;
                let product = if c.eligible { willing * c.open } else { 0.0 };
                assert!((product - c.chance).abs() < 1e-6, "{} {}", entry.date, c.mode.name());
            }
        }
        assert!(deeds > 0, "the resident must do something for the test to mean anything");
    }
}
