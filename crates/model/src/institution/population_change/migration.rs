//! Who leaves, who comes, and how the city grows (外出务工、人才流入、人口增长).
//!
//! Rows 34, 156, 162, 181 and 186. Those who work away have no time at home. Good services bring more applicants
//! for a home than one, and the better educated get it: education stands for means (assumed). Heads that are not
//! modelled one by one share services and ask for help.

use serde::{Deserialize, Serialize};

use crate::base::params::{settings, text};
use crate::base::rng::{Stream, unit};
use crate::city::{Kind, domain};
use crate::institution::cost::{Charge, Cost, Costs, Payer};
use crate::institution::{
    Act, CityState, CommunityState, Family, Institution, Provider, Run, Step, StepContext, services,
};

/// Settings of `[migration]`.
#[settings]
pub struct Settings {
    /// Chance that a villager of working age leaves to work elsewhere.
    #[param(
        share = 0.0,
        unit = "probability per month",
        zh = "村中劳动年龄居民每月外出务工的概率。",
        choice
    )]
    pub out_rate: f64,
    /// Chance that one who works elsewhere comes home for good.
    #[param(
        share = 0.03,
        unit = "probability per month",
        zh = "外出务工者每月返乡的概率。",
        assumed = "away for about three years"
    )]
    pub return_rate: f64,
    /// Further applicants for each home that falls free, for each doubling of quality over what people are
    /// used to.
    #[param(
        real = 0.0,
        range = 0.0..=20.0,
        unit = "applicants per home and relative quality",
        zh = "住房空出时,品质每高出惯常一倍所增加的申请者。",
        choice
    )]
    pub quality_elasticity: f64,
    /// Weight of culture in what attracts newcomers; the rest is residents' satisfaction.
    #[param(share = 0.3, zh = "文化在吸引力中的权重,其余为居民满意度。", assumed = "no measurement")]
    pub culture_weight: f64,
    /// Money for culture and leisure.
    #[param(
        real = 0.0,
        range = 0.0..=100_000.0,
        unit = "yuan per adult and year",
        zh = "用于文化与休闲的投入。",
        choice
    )]
    pub culture: f64,
    /// Growth of heads that share services and ask for help, beside the residents that are modelled.
    #[param(
        real = 0.0,
        range = 0.0..=0.2,
        unit = "share per year",
        zh = "共享服务与提出诉求的人口年增长率(所模拟居民之外)。",
        choice
    )]
    pub growth: f64,
}

/// What is kept in one community.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Local {
    /// Yuan spent on culture this month.
    pub spent: i64,
    /// Whether anybody has ever left to work elsewhere.
    pub hollowing: bool,
    /// Residents who work elsewhere this month.
    pub away: u32,
}

/// Registration.
pub const INSTITUTION: Institution = Institution {
    name: "migration",
    family: Family::PopulationChange,
    summary: text("Who works away, who is attracted, and how the city grows.", "外出、流入与人口增长。"),
    rows: &[34, 156, 162, 181, 186],
    equations: &[
        "chance of a second applicant = quality_elasticity · (quality / residents.satisfaction − 1), within [0, 1];  quality = (1 − culture_weight) · satisfaction + culture_weight · level of culture; the home goes to the applicant whose head has the higher education",
        "heads' = heads · (1 + growth / 12);  Q' = Q / (1 + growth / 12)",
        "those who work away have no free hours; they take part in nothing that takes time",
    ],
    neutral: &[("out_rate", "0.0"), ("quality_elasticity", "0.0"), ("culture", "0.0"), ("growth", "0.0")],
    demonstration: &[
        ("out_rate", "0.01"),
        ("quality_elasticity", "1.0"),
        ("culture", "10"),
        ("growth", "0.02"),
    ],
    acts: &[
        Act {
            step: Step::Calendar,
            what: "lets some leave for work and others come home, draws applicants, and adds heads",
            run: Run::Community(migrate),
        },
        Act { step: Step::Services, what: "spends on culture", run: Run::Community(cultivate) },
    ],
    costs: Costs::Charged {
        label: text("spending on culture", "文化休闲支出"),
        charges: &[Charge { what: "culture and leisure", of: culture_cost }],
    },
};

fn culture_cost(state: &CommunityState, _: &CityState, _: &StepContext) -> Cost {
    Cost::yuan(Payer::Budget, state.local.migration.spent as f64)
}

const AWAY: Stream = Stream::named("work elsewhere");

fn migrate(state: &mut CommunityState, _: &CityState, now: &StepContext) {
    let migration = &now.rules.institutions.migration;
    if migration.growth > 0.0 {
        let factor = 1.0 + migration.growth / 12.0;
        state.signals.crowding *= factor as f32;
        state.signals.services.iter_mut().for_each(|level| *level /= factor as f32);
    }
    if migration.quality_elasticity > 0.0 {
        let satisfied = state.mean(&state.community.residents.satisfaction) as f64;
        let culture = state.signals.services[domain::CULTURE] as f64;
        let quality = (1.0 - migration.culture_weight) * satisfied + migration.culture_weight * culture;
        let usual = now.rules.residents.satisfaction.max(0.01);
        let more = migration.quality_elasticity * (quality / usual - 1.0);
        state.signals.attraction = more.clamp(0.0, 1.0) as f32;
    }
    let hollowing = migration.out_rate > 0.0 || state.local.migration.hollowing;
    if hollowing && state.community.kind == Kind::Village {
        go_and_return(state, migration, now);
    }
}

/// No free time stands for being away: nobody at home has none at all.
fn go_and_return(state: &mut CommunityState, migration: &Settings, now: &StepContext) {
    state.local.migration.hollowing = true;
    let rng = now.rng.of(state.community.id);
    let (leave, come) = (migration.out_rate as f32, migration.return_rate as f32);
    let (working, retired) = (now.population.time_working as f32, now.population.time_retired as f32);
    let retirement = now.population.retirement_age * 12;
    let mut away = 0;
    let residents = &mut state.community.residents;
    for i in 0..residents.len() {
        let draw = unit(rng.block(AWAY, i as u32, now.month, 0)[0]);
        let time = &mut residents.time[i];
        if *time == 0.0 {
            if residents.age[i] >= retirement {
                *time = retired;
            } else if draw < come {
                *time = working;
            }
        } else if residents.age[i] < retirement && draw < leave {
            *time = 0.0;
        }
        away += (*time == 0.0) as u32;
    }
    state.local.migration.away = away;
}

fn cultivate(state: &mut CommunityState, _: &CityState, now: &StepContext) {
    let rules = &now.rules.institutions;
    state.local.migration.spent = 0;
    if rules.migration.culture == 0.0 {
        return;
    }
    let adults = state.community.adults().max(1) as f64;
    let spent = services::of_this_month((rules.migration.culture * adults) as i64, now);
    state.local.migration.spent = spent;
    services::buy(state, Provider::State, domain::CULTURE, spent as f64, &rules.services);
}
