//! The workload in krABMaga: residents are agents of its schedule, what they share is in its state.
//! Acquaintances are read from flat lists in the state: its own network field takes seven times as long.

use std::any::Any;

use civic::{Graph, MONTHS, Residents, Run, seconds};
use krabmaga::engine::agent::Agent;
use krabmaga::engine::schedule::Schedule;
use krabmaga::engine::state::State;
use rand::rngs::SmallRng;
use rand::{Rng, SeedableRng};

struct Community {
    graph: Graph,
    seed: u64,
    before: Vec<bool>,
    now: Vec<bool>,
    luck: SmallRng,
    active: u32,
    trusted: f64,
    course: Vec<(f64, f64)>,
}

impl State for Community {
    fn init(&mut self, schedule: &mut Schedule) {
        let residents = Residents::new(self.before.len(), self.seed);
        self.before = residents.active.iter().map(|&a| a == 1).collect();
        for (id, (&trust, &bias)) in residents.trust.iter().zip(&residents.bias).enumerate() {
            schedule.schedule_repeating(Box::new(Resident { id, trust, bias }), 0.0, 0);
        }
    }

    fn reset(&mut self) {}

    fn update(&mut self, step: u64) {
        if step == 0 {
            return; // Called once before anybody has acted.
        }
        let n = self.before.len() as f64;
        self.course.push((self.active as f64 / n, self.trusted / n));
        (self.active, self.trusted) = (0, 0.0);
        std::mem::swap(&mut self.before, &mut self.now);
    }

    fn as_any(&self) -> &dyn Any {
        self
    }

    fn as_any_mut(&mut self) -> &mut dyn Any {
        self
    }

    fn as_state(&self) -> &dyn State {
        self
    }

    fn as_state_mut(&mut self) -> &mut dyn State {
        self
    }
}

#[derive(Clone, Copy)]
struct Resident {
    id: usize,
    trust: f32,
    bias: f32,
}

impl Agent for Resident {
    fn step(&mut self, state: &mut dyn State) {
        let community = state.as_any_mut().downcast_mut::<Community>().expect("the state of this run");
        let known = community.graph.of(self.id);
        let seen = known.iter().filter(|&&j| community.before[j as usize]).count();
        let x = -2.75 + self.bias + 2.5 * seen as f32 / known.len() as f32 + 1.5 * self.trust;
        let acts = community.luck.random::<f32>() * (1.0 + (-x).exp()) < 1.0;
        self.trust += match acts {
            true => 0.1 * (community.luck.random_bool(0.6) as u8 as f32 - self.trust),
            false => 0.01 * (0.5 - self.trust),
        };
        community.now[self.id] = acts;
        community.active += acts as u32;
        community.trusted += self.trust as f64;
    }
}

fn main() {
    for n in std::env::args().skip(1).map(|n| n.parse::<usize>().expect("a number of residents")) {
        for seed in 1..=3 {
            println!("{}", live(n, seed).line("krABMaga 0.6.2", n));
        }
    }
}

fn live(n: usize, seed: u64) -> Run {
    let mut community = Community {
        graph: Graph::small_world(n, seed),
        seed,
        before: vec![false; n],
        now: vec![false; n],
        luck: SmallRng::seed_from_u64(seed),
        active: 0,
        trusted: 0.0,
        course: Vec::new(),
    };
    let mut schedule = Schedule::new();
    community.init(&mut schedule);
    let begin = seconds();
    for _ in 0..MONTHS {
        schedule.step(&mut community);
    }
    // The last month's means are taken by the update that begins the next.
    let spent = seconds() - begin;
    if community.course.len() < MONTHS {
        community.update(1);
    }
    Run::new(spent, &community.course)
}
