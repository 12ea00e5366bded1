//! Institutions and instruments: one file each, holding its settings, its state, what it does in a
//! month, its source and its tests.
//!
//! To add one: write `NAME.rs` with `Settings`, `Local`, `Wide` and `INSTITUTION`, and add one line
//! to the registry at the end of this file. The schema, `explain`, the documentation, the month
//! and the tests over all institutions follow from that line.

mod place;
pub use place::{Commons, Contact, Now, Place, Provider, Rules};

use crate::base::about::Text;

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
    Place(fn(&mut Place, &Wide, &Now)),
    /// Once for the whole city.
    City(fn(&mut [Place], &mut Wide, &Now)),
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

/// Makes modules, settings, states and the list of all institutions from their names.
macro_rules! registry {
    ($($name:ident),* $(,)?) => {
        $(pub mod $name;)*

        /// Settings of all institutions at one time.
        #[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
        pub struct Settings { $(#[allow(missing_docs)] pub $name: $name::Settings,)* }

        /// What all institutions keep in one community.
        #[derive(Clone, Debug, Default, serde::Serialize, serde::Deserialize)]
        pub struct Local { $(#[allow(missing_docs)] pub $name: $name::Local,)* }

        /// What all institutions keep for the whole city.
        #[derive(Clone, Debug, Default, serde::Serialize, serde::Deserialize)]
        pub struct Wide { $(#[allow(missing_docs)] pub $name: $name::Wide,)* }

        /// Every institution, in the order in which those of one step act.
        pub const ALL: &[&Institution] = &[$(&$name::INSTITUTION,)*];

        /// The sections of all institutions, in the order of [`ALL`].
        pub fn sections() -> Vec<crate::base::about::Section> {
            use crate::base::about::{Section, Settings as _};
            vec![$(Section {
                path: stringify!($name),
                meaning: $name::INSTITUTION.summary,
                keys: $name::Settings::keys(),
            },)*]
        }
    };
}

registry! {
    shock,
    government,
    coordination,
    party,
    assembly,
    oversight,
    admin,
    station,
    feedback,
    platform,
    staff,
    services,
    spaces,
    actions,
    outreach,
    opportunities,
    council,
    election,
    demand,
    funding,
    organisations,
    enforcement,
    law,
    providers,
    waste,
    diffusion,
    volunteer,
    rights,
    mediation,
    capacity,
    incentive,
    property,
    ladder,
    community,
    drift,
}
