//! What residents tell one another of whom they trust.

use crate::base::rng::CounterRng;
use crate::city::{Target, Ties};

/// A community in which trust in one target is spoken of.
pub struct Circle<'a> {
    /// Who listens to whom.
    pub ties: &'a Ties,
    /// How far each resident listens to others at all, where a scenario lays it down; else empty.
    pub susceptibility: &'a [f64],
    /// Of whom is spoken.
    pub target: Target,
    /// The month.
    pub month: u32,
    /// Random numbers of the community.
    pub rng: CounterRng,
}

/// How trust moves by what acquaintances trust.
pub trait Influence: Send + Sync {
    /// Moves `trust` of all residents of a community in one target. `own` is what the rule remembers,
    /// empty if it remembers nothing; `room` is a list to work in, whatever it holds.
    fn listen(&self, circle: &Circle, trust: &mut [f32], own: &mut [f32], room: &mut Vec<f64>);
}
