//! Institutions and instruments: one file each, holding its settings, its state, what it does in a
//! month, its source and its tests.
//!
//! They lie in the folder of their family. To add one: write `FAMILY/NAME.rs` with `Settings`, `INSTITUTION` and,
//! if it keeps anything from month to month, `Local` for each community or `Citywide` for the whole city; name
//! its module in `FAMILY/mod.rs`, and add one line to the registry at the end of this file, which says
//! what it keeps. The schema, `explain`, the documentation, the month and the tests over all institutions follow
//! from that line. To add one from outside this crate, see [`CustomInstitution`].

mod committee_and_staff;
pub mod cost;
mod council_and_election;
pub mod custom;
mod fund_and_money;
mod law_and_conflict;
mod organisations_and_partners;
mod outreach_and_platforms;
mod population_change;
pub mod prices;
mod public_services;
mod state;

pub use committee_and_staff::*;
pub use council_and_election::*;
pub use custom::{Custom, CustomInstitution};
pub use fund_and_money::*;
pub use law_and_conflict::*;
pub use organisations_and_partners::*;
pub use outreach_and_platforms::*;
pub use population_change::*;
pub use public_services::*;
pub use state::{
    ASKERS, Ask, Asker, ByCommunity, CommunityState, Contact, Provider, Rules, Signals, StepContext,
};

use std::sync::OnceLock;

use crate::base::params::{self, Section, Text, text};

/// The steps of the month in which institutions act. `simulation::month` puts them in order.
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
    /// What is open to residents this month, and its stakes.
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

/// The families of institutions: chapters of keys and documents, and folders of files.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Family {
    /// Who sits in council and committee, and how they are chosen.
    CouncilAndElection,
    /// What money is granted, and who decides it.
    FundAndMoney,
    /// The residents' committee, its staff, and the offices above it.
    CommitteeAndStaff,
    /// What is produced for residents.
    PublicServices,
    /// Organisations, units and firms that act in a community.
    OrganisationsAndPartners,
    /// Law enforcement, rights and conflicts.
    LawAndConflict,
    /// How residents hear of things and are heard.
    OutreachAndPlatforms,
    /// Who lives there, and what happens to them.
    PopulationChange,
}

impl Family {
    /// All families, in the order in which they are shown.
    pub const ALL: [Family; 8] = [
        Family::CouncilAndElection,
        Family::FundAndMoney,
        Family::CommitteeAndStaff,
        Family::PublicServices,
        Family::OrganisationsAndPartners,
        Family::LawAndConflict,
        Family::OutreachAndPlatforms,
        Family::PopulationChange,
    ];

    /// Its name for people.
    pub const fn label(self) -> Text {
        match self {
            Family::CouncilAndElection => text("council and election", "议事与选举"),
            Family::FundAndMoney => text("fund and money", "专项资金与经费"),
            Family::CommitteeAndStaff => text("committee and staff", "居委会与工作人员"),
            Family::PublicServices => text("public services", "公共服务"),
            Family::OrganisationsAndPartners => text("organisations and partners", "社会组织与合作方"),
            Family::LawAndConflict => text("law and conflict", "法治与纠纷"),
            Family::OutreachAndPlatforms => text("outreach and platforms", "宣传与平台"),
            Family::PopulationChange => text("population change", "人口变动"),
        }
    }
}

/// What an institution says of itself.
pub struct Institution {
    /// Its table in scenario files.
    pub name: &'static str,
    /// Among which others it is found.
    pub family: Family,
    /// What it is.
    pub summary: Text,
    /// Rows of the mechanism map that it implements.
    pub rows: &'static [u16],
    /// Its equations, in plain text.
    pub equations: &'static [&'static str],
    /// Settings with which it is as good as absent: `(key, TOML value)`.
    pub neutral: &'static [(&'static str, &'static str)],
    /// Settings with which it shows an effect, where its defaults do not: `(key, TOML value)`. Tests use them,
    /// those of all institutions together.
    pub demonstration: &'static [(&'static str, &'static str)],
    /// What it does, in the order in which it does it.
    pub acts: &'static [Act],
    /// What money and hours it takes.
    pub costs: cost::Costs,
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
        #[derive(Clone, Debug, PartialEq, serde::Serialize)]
        pub struct Settings {
            $(#[allow(missing_docs)] pub $name: $name::Settings,)*
            /// Those of institutions from outside.
            #[serde(skip)]
            pub custom: custom::CustomSettings,
        }

        impl Settings {
            /// What `table` gives for the name of each institution.
            ///
            /// # Errors
            /// A table is not what the settings of its institution are.
            pub fn read(table: impl Fn(&str) -> params::Table) -> Result<Settings, params::Unreadable> {
                Ok(Settings {
                    $($name: params::Settings::of(table(stringify!($name)))?,)*
                    custom: custom::CustomSettings::read(&table)?,
                })
            }
        }

        /// What all institutions keep in one community.
        #[derive(Clone, Debug, Default, serde::Serialize, serde::Deserialize)]
        pub struct Local {
            $(#[allow(missing_docs)] pub $name: kept!(Local of $name, $keeps),)*
            /// What institutions from outside keep.
            pub custom: custom::CustomLocal,
        }

        /// What all institutions keep for the whole city.
        #[derive(Clone, Debug, Default, serde::Serialize, serde::Deserialize)]
        pub struct CityState {
            $(#[allow(missing_docs)] pub $name: kept!(Citywide of $name, $keeps),)*
            /// What institutions from outside keep.
            pub custom: custom::CustomCitywide,
        }

        /// The standard institutions, in the order in which those of one step act.
        pub const STANDARD: &[&Institution] = &[$(&$name::INSTITUTION,)*];

        /// The tables of the standard institutions, in the order of [`STANDARD`].
        fn standard_sections() -> Vec<Section> {
            vec![$(Section {
                path: stringify!($name),
                meaning: $name::INSTITUTION.summary,
                keys: <$name::Settings as params::Settings>::keys(),
            },)*]
        }
    };
}

/// Every institution, in the order in which those of one step act: the standard ones, then those from outside.
pub fn all() -> &'static [&'static Institution] {
    static ALL: OnceLock<Vec<&'static Institution>> = OnceLock::new();
    ALL.get_or_init(|| {
        let custom = custom::all().iter().map(|custom| &custom.institution);
        STANDARD.iter().copied().chain(custom).collect()
    })
}

/// Settings with which all institutions are at work and each shows an effect, as `table.key=value`.
pub fn demonstration() -> Vec<String> {
    let of = |institution: &&'static Institution| {
        let name = institution.name;
        institution.demonstration.iter().map(move |(key, value)| format!("{name}.{key}={value}"))
    };
    all().iter().flat_map(of).collect()
}

/// The tables of all institutions, family by family, and within a family in the order of [`all`].
pub fn sections() -> Vec<Section> {
    let mut sections = standard_sections();
    sections.extend(custom::all().iter().map(|custom| custom.section()));
    let mut sections: Vec<(Family, Section)> =
        all().iter().map(|institution| institution.family).zip(sections).collect();
    sections.sort_by_key(|&(family, _)| family);
    sections.into_iter().map(|(_, section)| section).collect()
}

registry! {
    shock [Local],
    migration [Local],
    resettlement [Local],
    government [Citywide],
    coordination [Local],
    party [Local],
    assembly [Local],
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
    registration [],
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
    responsibility [Local],
    intervention [Local],
    survey [Citywide],
    ladder [Local],
    community [Local],
    drift [],
}
