//! A tailored intervention (因村制宜): trust first, then efficacy, then action (F3).
//!
//! Rows 112, 113 and 192. A team works some hours in each community. Tailored, it does first what is
//! lacking first; else a third of each. It acts through visits, answers and occasions, and through a plan
//! made in common, which lets everybody expect of the others that they will take part.

use serde::{Deserialize, Serialize};

use crate::base::params::{settings, text};
use crate::base::units::PER_HUNDRED;
use crate::city::{Mode, Target};
use crate::institution::cost::{Charge, Cost, Costs};
use crate::institution::opportunities::suits;
use crate::institution::{
    Act, CityState, CommunityState, Contact, Family, Institution, Run, Step, StepContext,
};

/// Settings of `[intervention]`.
#[settings]
pub struct Settings {
    /// Work of a team of facilitators.
    #[param(
        real = 0.0,
        range = 0.0..=100.0,
        unit = "hours per 100 adults and month",
        zh = "外来协作团队的工作时数。",
        choice
    )]
    pub hours: f64,
    /// How far the team does first what is lacking first; else a third of each stage.
    #[param(share = 0.0, zh = "因地制宜的程度;否则三个阶段各占三分之一。", choice)]
    pub tailored: f64,
    /// Expectation that others take part which a plan made in common comes to give.
    #[param(share = 0.0, zh = "集体共识所带来的对他人参与的预期。", choice)]
    pub consensus: f64,
    /// Mean trust in the committee from which on trust is not what is lacking.
    #[param(share = 0.7, zh = "信任充足的阈值(对居委会的平均信任)。", assumed = "a little above the usual")]
    pub enough_trust: f64,
    /// Mean external efficacy from which on efficacy is not what is lacking.
    // Efficacy is what is lacking only where trust is not.
    #[param(
        share = 0.5,
        zh = "效能感充足的阈值。",
        assumed = "a little above the usual",
        demonstration = [".enough_trust=0.0"]
    )]
    pub enough_external_efficacy: f64,
    /// Share of residents whom an hour of work on trust reaches.
    #[param(
        share = 0.01,
        unit = "share per hour and 100 adults",
        zh = "每百名成年居民一小时的信任工作所触及的居民比例。",
        assumed = "one visit in an hour"
    )]
    pub visits: f64,
    /// Share of visits that are good.
    #[param(share = 0.9, zh = "走访中感受良好的比例。", assumed = "as a table with officials")]
    pub visit_good: f64,
    /// Share of voices that an hour of work on efficacy gets taken up.
    #[param(
        share = 0.05,
        unit = "share per hour and 100 adults",
        zh = "每百名成年居民一小时的效能工作所落实的诉求比例。",
        assumed = "no measurement",
        demonstration = [".enough_trust=0.0", ".enough_external_efficacy=1.0"]
    )]
    pub answers: f64,
    /// Occasions to volunteer and to meet that come of an hour of work on action.
    #[param(
        real = 0.1,
        range = 0.0..=100.0,
        unit = "occasions per hour and 100 adults",
        zh = "每百名成年居民一小时的行动工作所带来的机会。",
        assumed = "ten hours' work behind an occasion",
        demonstration = [".enough_trust=0.0", ".enough_external_efficacy=0.0"]
    )]
    pub occasions: f64,
    /// Monthly step of what residents expect of each other towards what the plan gives.
    #[param(
        share = 0.1,
        zh = "居民相互预期每月向集体共识靠近的步长。",
        assumed = "a plan takes a year to be believed"
    )]
    pub consensus_step: f64,
}

/// Trust, efficacy, action.
const STAGES: usize = 3;

/// What is kept in one community.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Local {
    /// Hours per 100 adults this month on trust, efficacy and action.
    pub hours: [f32; STAGES],
    /// Expectation that the plan in common gives by now.
    pub consensus: f32,
}

/// Registration.
pub const INSTITUTION: Institution = Institution {
    name: "intervention",
    family: Family::OutreachAndPlatforms,
    summary: text(
        "A staged intervention: trust, efficacy, action.",
        "分阶段的因地制宜干预:信任、效能、行动。",
    ),
    rows: &[112, 113, 192],
    equations: &[
        "hours on what is lacking first = hours · (tailored + (1 − tailored) / 3), on the others hours · (1 − tailored) / 3",
        "trust: chance of a visit = 1 − exp(−visits · hours), visit_good of them good;  efficacy: answered' = 1 − (1 − answered) · exp(−answers · hours);  action: occasions to volunteer and meet = occasions · hours",
        "expectation' = expectation + consensus_step · (consensus − expectation); it adds to the share of acquaintances seen to take part",
    ],
    neutral: &[("hours", "0.0"), ("consensus", "0.0")],
    demonstration: &[("hours", "10"), ("tailored", "0.5"), ("consensus", "0.1")],
    acts: &[
        Act {
            step: Step::Opportunities,
            what: "sees what is lacking, visits, and opens occasions",
            run: Run::Community(work),
        },
        Act {
            step: Step::Decisions,
            what: "sees to it that voices are answered",
            run: Run::Community(answer),
        },
    ],
    costs: Costs::Charged {
        label: text("the staged intervention", "分阶段干预支出"),
        charges: &[Charge { what: "hours of facilitators", of: facilitators_cost }],
    },
};

fn facilitators_cost(state: &CommunityState, _: &CityState, now: &StepContext) -> Cost {
    let per_hundred: f64 = state.local.intervention.hours.iter().map(|&hours| hours as f64).sum();
    let hours = per_hundred * state.community.adults() as f64 / PER_HUNDRED;
    Cost::staff(hours, now.rules.costs.official_hour)
}

fn work(state: &mut CommunityState, _: &CityState, now: &StepContext) {
    let rules = &now.rules.institutions;
    let intervention = &rules.intervention;
    let local = &mut state.local.intervention;
    if intervention.consensus > 0.0 || local.consensus > 0.0 {
        local.consensus +=
            intervention.consensus_step as f32 * (intervention.consensus as f32 - local.consensus);
        state.signals.confidence += local.consensus;
    }
    local.hours = [0.0; STAGES];
    if intervention.hours == 0.0 {
        return;
    }
    let residents = &state.community.residents;
    let trust = state.mean(&residents.trust[Target::Committee as usize]) as f64;
    let stage = if trust < intervention.enough_trust {
        0
    } else if (state.mean(&residents.external_efficacy) as f64) < intervention.enough_external_efficacy {
        1
    } else {
        2
    };
    let even = intervention.hours * (1.0 - intervention.tailored) / STAGES as f64;
    let mut hours = [even; STAGES];
    hours[stage] += intervention.hours * intervention.tailored;
    state.local.intervention.hours = hours.map(|h| h as f32);
    let signals = &mut state.signals;
    let visited = (1.0 - libm::exp(-intervention.visits * hours[0])) as f32;
    signals.meet(Target::Committee, Contact { chance: visited, good: intervention.visit_good as f32 });
    let o = &rules.opportunities;
    let chance = suits(o.fit, intervention.occasions * hours[2]);
    signals.offer(Mode::Volunteer, chance, o.stake_volunteering as f32);
    signals.offer(Mode::Meeting, chance, o.stake_officials as f32);
}

fn answer(state: &mut CommunityState, _: &CityState, now: &StepContext) {
    let answers = now.rules.institutions.intervention.answers;
    let hours = state.local.intervention.hours[1];
    if hours > 0.0 {
        state.signals.answer(1.0 - libm::exp(-answers * hours as f64) as f32);
    }
}
