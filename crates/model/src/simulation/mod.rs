//! The city, month by month. [`month`] is the table of what happens, in order.

mod awareness;
mod begin;
pub mod block;
pub mod checkpoint;
pub mod decision;
mod distributions;
mod followed;
mod intercepts;
pub mod month;
mod moves;
mod observe;
mod outcomes;
mod output;
mod placed;
mod pool;
mod rest;
mod run;
mod terms;
pub mod trace;
mod trusting;

pub use distributions::QUANTILES;
pub use intercepts::{Panel, Reference, reach};
pub use observe::{Watched, community_metrics};
pub use output::{
    CommunityRow, DistributionRow, GroupRow, Name, ProjectRow, ReplicateOutput, ResidentRows, SeatRow,
};
pub use placed::Placed;
pub use pool::Pool;
pub use rest::Beginning;
pub use run::{Simulation, Snapshot, fitted, prepare, run_replicate};

pub use crate::city::residents::REQUEST;
use crate::city::{Community, MODES};
use crate::institution::StepContext;
use crate::scenario::Update;
use crate::theory::Theory;
use crate::trust::Rule;
use std::sync::Arc;

/// What holds for a whole replicate.
pub struct FittedModel {
    /// Why residents take part.
    pub theory: Arc<dyn Theory>,
    /// Intercept of each mode, fitted to its base rate.
    pub intercepts: [f32; MODES],
    /// The residents on whom it was fitted, after whom founders of a city with burn-in take; none if it was
    /// not fitted at rest.
    pub people: Option<Arc<Pool>>,
    /// How trust moves.
    pub trust: Arc<dyn Rule>,
    /// Order of decisions.
    pub update: Update,
}

/// What a process of residents may know.
#[derive(Clone, Copy)]
pub struct Context<'a> {
    /// The moment and its rules.
    pub now: StepContext<'a>,
    /// What holds for the whole replicate.
    pub fitted: &'a FittedModel,
    /// After whom those take who arrive; none without burn-in.
    pub newcomers: Option<&'a Pool>,
}

impl Context<'_> {
    /// The same in one community, under the rules that hold there.
    pub fn within(&self, community: &Community) -> Self {
        Context { now: StepContext { rules: self.now.rules_of(community), ..self.now }, ..*self }
    }
}

/// Bit of `Residents::took_part` for "took part in some civic mode last month".
pub const ACTIVE: u16 = 1 << MODES;
/// Bit of `Residents::took_part` for "takes part whenever a mode is open".
pub const STEADFAST: u16 = 1 << (MODES + 1);

/// Residents are worked on in blocks of this size, so that what a block needs fits in the first-level
/// cache and loops over it become vector instructions.
pub const BLOCK: usize = 128;

/// What a community's month needs beside its own columns. Kept for each thread, never for results.
#[derive(Default)]
pub struct Scratch {
    /// For each resident, how many acquaintances took part, by mode.
    pub seen: awareness::Seen,
    /// Whose and when `seen` is.
    pub stamp: Option<(u32, u32)>,
    /// Where blocks of residents decide.
    pub block: Box<block::Block>,
    /// Where blocks of residents have experiences.
    pub experiences: Box<trusting::Experiences>,
    /// Room for a rule of trust to work in.
    pub room: Vec<f64>,
}
