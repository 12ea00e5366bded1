//! Institutions and instruments: one file each, holding its settings, its state, what it does in a
//! month, its source and its tests.
//!
//! To add one: write `NAME.rs` with `Settings`, `INSTITUTION` and, if it keeps anything from month to month,
//! `Local` for each community or `Citywide` for the whole city; name its module below, and add one line to the
//! registry at the end of this file, which says what it keeps. The schema, `explain`, the documentation, the
//! month and the tests over all institutions follow from that line.

pub mod actions;
pub mod admin;
pub mod assembly;
pub mod capacity;
pub mod community;
pub mod coordination;
pub mod council;
pub mod danwei;
pub mod demand;
pub mod diffusion;
pub mod drift;
pub mod election;
pub mod enforcement;
pub mod feedback;
pub mod funding;
pub mod government;
pub mod incentive;
pub mod intervention;
pub mod ladder;
pub mod law;
pub mod mediation;
pub mod migration;
pub mod opportunities;
pub mod organisations;
pub mod outreach;
pub mod oversight;
pub mod party;
pub mod planner;
pub mod platform;
pub mod property;
pub mod providers;
pub mod resettlement;
pub mod rights;
pub mod services;
pub mod shock;
pub mod spaces;
pub mod staff;
mod state;
pub mod station;
pub mod survey;
pub mod units;
pub mod volunteer;
pub mod waste;

pub use state::{CommunityState, Contact, Provider, Rules, Signals, StepContext};

use crate::base::params::Text;

/// The steps of the month in which institutions act. `model::month` puts them in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    /// Policy calendar and shocks.
    Calendar,
    /// Task arrivals, staff time and the queue of requests.
    Tasks,
    /// Services decay, are produced and invested in.
    Services,
    /// Residents are told.
    Outreach,
    /// What is open to residents this month, and what hangs on it.
    Opportunities,
    /// Councils meet, ballots are counted, seats are filled.
    Decisions,
    /// Projects are carried out and audited.
    Projects,
    /// Officials and residents meet in the street.
    Encounters,
    /// Organisations and governments adapt.
    Adaptation,
}

/// How an act runs.
#[derive(Clone, Copy)]
pub enum Run {
    /// In each community by itself, communities in parallel.
    Community(fn(&mut CommunityState, &CityState, &StepContext)),
    /// Once for the whole city.
    City(fn(&mut [CommunityState], &mut CityState, &StepContext)),
}

/// One thing that an institution does in a month.
pub struct Act {
    /// When.
    pub step: Step,
    /// What, as a sentence without its subject.
    pub what: &'static str,
    /// How.
    pub run: Run,
}

/// A registered institution.
pub struct Institution {
    /// Its table in scenario files.
    pub name: &'static str,
    /// What it is.
    pub summary: Text,
    /// Rows of the mechanism map that it brings to life.
    pub rows: &'static [u16],
    /// Its equations, in plain text.
    pub equations: &'static [&'static str],
    /// Settings with which it is as good as absent: `(key, TOML value)`.
    pub neutral: &'static [(&'static str, &'static str)],
    /// What it does, in the order in which it does it.
    pub acts: &'static [Act],
}

/// The state of institution `name` of one kind, if that is among the kinds that it keeps; nothing otherwise.
macro_rules! kept {
    (Local of $name:ident, [Local $($more:tt)*]) => {
        $name::Local
    };
    (Citywide of $name:ident, [$(Local,)? Citywide]) => {
        $name::Citywide
    };
    ($kind:ident of $name:ident, $keeps:tt) => {
        ()
    };
}

/// Makes settings, states and the list of all institutions from their names and what they keep.
macro_rules! registry {
    ($($name:ident $keeps:tt),* $(,)?) => {
        /// Settings of all institutions at one time.
        #[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
        pub struct Settings { $(#[allow(missing_docs)] pub $name: $name::Settings,)* }

        /// What all institutions keep in one community.
        #[derive(Clone, Debug, Default, serde::Serialize, serde::Deserialize)]
        pub struct Local { $(#[allow(missing_docs)] pub $name: kept!(Local of $name, $keeps),)* }

        /// What all institutions keep for the whole city.
        #[derive(Clone, Debug, Default, serde::Serialize, serde::Deserialize)]
        pub struct CityState { $(#[allow(missing_docs)] pub $name: kept!(Citywide of $name, $keeps),)* }

        /// Every institution, in the order in which those of one step act.
        pub const ALL: &[&Institution] = &[$(&$name::INSTITUTION,)*];

        /// The sections of all institutions, in the order of [`ALL`].
        pub fn sections() -> Vec<crate::base::params::Section> {
            use crate::base::params::{Section, Settings as _};
            vec![$(Section {
                path: stringify!($name),
                meaning: $name::INSTITUTION.summary,
                keys: $name::Settings::keys(),
            },)*]
        }
    };
}

registry! {
    shock [],
    migration [Local],
    resettlement [Local],
    government [Citywide],
    coordination [Local],
    party [Local],
    assembly [],
    oversight [Local],
    admin [Local],
    station [Local, Citywide],
    feedback [Local],
    platform [],
    staff [Local],
    services [Local],
    spaces [Local],
    actions [Local],
    units [Local],
    danwei [Local],
    outreach [],
    opportunities [],
    council [Local],
    election [Local],
    demand [Local, Citywide],
    planner [],
    funding [Local],
    organisations [Local, Citywide],
    enforcement [Local],
    law [],
    providers [],
    waste [Local],
    diffusion [Local],
    volunteer [Local],
    rights [Local],
    mediation [Local],
    capacity [],
    incentive [Local],
    property [Local],
    intervention [Local],
    survey [Citywide],
    ladder [Local],
    community [Local],
    drift [],
}
