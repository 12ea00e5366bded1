//! A programme that builds residents' capacity (增能): those who take part are coached.
//!
//! Rows 59, 118 and 171. Coaching teaches what taking part once more would teach.

use crate::base::params::{settings, text};
use crate::city::Mode;
use crate::institution::cost::{Charge, Cost, Costs, Payer};
use crate::institution::{Act, CityState, CommunityState, Family, Institution, Run, Step, StepContext};

/// Settings of `[capacity]`.
#[settings]
pub struct Settings {
    /// Share of those who take part whom a programme coaches; 0 = no programme.
    #[param(share = 0.0, zh = "能力建设项目辅导的参与者比例;0 表示没有项目。", choice)]
    pub programme: f64,
}

/// Registration.
pub const INSTITUTION: Institution = Institution {
    name: "capacity",
    family: Family::CommitteeAndStaff,
    summary: text("A programme that coaches residents who take part.", "辅导参与居民的能力建设项目。"),
    rows: &[59, 118, 171],
    equations: &[
        "of those who take part: E' = E + programme · internal_efficacy_gain · (1 − E), K' = K + programme · skill_gain · (1 − K)",
    ],
    neutral: &[("programme", "0.0")],
    demonstration: &[("programme", "0.5")],
    acts: &[Act {
        step: Step::Encounters,
        what: "coaches residents who take part",
        run: Run::Community(coach),
    }],
    costs: Costs::Charged {
        label: text("coaching", "能力建设支出"),
        charges: &[Charge { what: "coaching", of: coaching_cost }],
    },
};

fn coaching_cost(state: &CommunityState, _: &CityState, now: &StepContext) -> Cost {
    let coached = now.rules.institutions.capacity.programme * state.signals.participants as f64;
    Cost::yuan(Payer::Budget, coached * now.rules.costs.course)
}

fn coach(state: &mut CommunityState, _: &CityState, now: &StepContext) {
    let programme = now.rules.institutions.capacity.programme as f32;
    if programme == 0.0 {
        return;
    }
    let rules = &now.rules.residents;
    let (efficacy_step, skill_step) =
        (programme * rules.internal_efficacy_gain as f32, programme * rules.skill_gain as f32);
    let residents = &mut state.community.residents;
    for ((efficacy, skill), acts) in
        residents.internal_efficacy.iter_mut().zip(&mut residents.skill).zip(&residents.acts)
    {
        let civic = (acts & Mode::CIVIC != 0) as u8 as f32;
        *efficacy += civic * efficacy_step * (1.0 - *efficacy);
        *skill += civic * skill_step * (1.0 - *skill);
    }
}
