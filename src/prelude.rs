//! What most programs that use the library need: `use shequ::prelude::*;`.

pub use shequ_model::base::params::{settings, text};
pub use shequ_model::city::{City, Mode, Target, synth};
pub use shequ_model::institution::{
    Act, CityState, CommunityState, Contact, CustomInstitution, Family, Institution, Run, Step, StepContext,
};
pub use shequ_model::metric;
pub use shequ_model::registry::Registry;
pub use shequ_model::scenario::{Loaded, Scenario};
pub use shequ_model::simulation::{ReplicateOutput, Simulation, prepare, run_replicate};
