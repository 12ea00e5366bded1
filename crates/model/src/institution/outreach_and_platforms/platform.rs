//! An information and interaction platform (智慧社区): it tells, it answers, it decides in part, and it
//! helps the staff.
//!
//! Rows 37, 62, 78, 79, 82, 87, 119, 120 and 144. Who is young hears and speaks there more readily,
//! because the young are online more often, and because speaking up online takes little time.

use crate::base::params::{settings, text};
use crate::city::{DOMAINS, Mode, Target, domain};
use crate::institution::cost::{Charge, Cost, Costs, Payer};
use crate::institution::opportunities::either;
use crate::institution::{
    Act, CityState, CommunityState, Contact, Family, Institution, Run, Step, StepContext,
};

/// Settings of `[platform]`.
#[settings]
pub struct Settings {
    /// Share of residents whom the platform serves, of those online.
    #[param(share = 0.0, zh = "平台覆盖的(上网)居民比例。", choice)]
    pub coverage: f64,
    /// Chance that the platform tells one whom it serves what is open.
    #[param(
        share = 0.3,
        unit = "probability per month",
        zh = "平台使居民获知参与机会的概率。",
        assumed = "as a WeChat group"
    )]
    pub reach: f64,
    /// Share of what is said on the platform that is answered there.
    #[param(share = 0.0, zh = "平台上的意见得到回应的比例。", choice)]
    pub two_way: f64,
    /// Share of the community's decisions that is taken on the platform: the stakes of speaking up there, and
    /// how far needs raised there count as proposals.
    #[param(share = 0.0, zh = "平台参与社区决策的程度。", choice)]
    pub decision_power: f64,
    /// Share of compounds with smart facilities for safety and the environment.
    #[param(share = 0.0, zh = "配备智能安防与环境设施的小区比例。", choice)]
    pub smart_facilities: f64,
    /// Share of ageing in safety and environment that smart facilities prevent by reporting faults at once.
    #[param(share = 0.5, zh = "智能设施及时报修所避免的安全与环境老化比例。", assumed = "no measurement")]
    pub facility_care: f64,
    /// Chance that a resident under smart facilities minds being watched: a bad experience with local
    /// government.
    #[param(
        share = 0.01,
        unit = "probability per month",
        zh = "居民因被监控而产生不良体验的概率。",
        assumed = "no measurement"
    )]
    pub privacy_cost: f64,
    /// Share of requests that are sorted and sent to the right desk by machine.
    #[param(share = 0.0, zh = "由人工智能分派的居民事项比例。", choice)]
    pub ai_dispatch: f64,
    /// Share of staff time and of days that dispatch by machine saves on a request.
    #[param(share = 0.4, zh = "智能分派所节省的工时与天数比例。", assumed = "no measurement")]
    pub dispatch_saving: f64,
}

/// Registration.
pub const INSTITUTION: Institution = Institution {
    name: "platform",
    family: Family::OutreachAndPlatforms,
    summary: text(
        "A platform for information, interaction and dispatch, and smart facilities.",
        "信息与互动平台、智能分派与智能设施。",
    ),
    rows: &[37, 62, 78, 79, 82, 87, 119, 120, 144],
    equations: &[
        "effort of a request = 1 − dispatch_saving · ai_dispatch",
        "unread(age)' = unread(age) · (1 − reach · use(age) · coverage), use as in `outreach`",
        "answered' = 1 − (1 − answered) · (1 − two_way · coverage · share of voices raised online)",
        "safety and environment: Q' = Q + smart_facilities · facility_care · depreciation · ageing · Q",
    ],
    neutral: &[("coverage", "0.0"), ("smart_facilities", "0.0"), ("ai_dispatch", "0.0")],
    demonstration: &[
        ("coverage", "0.5"),
        ("two_way", "0.5"),
        ("decision_power", "0.3"),
        ("smart_facilities", "0.5"),
        ("ai_dispatch", "0.5"),
    ],
    acts: &[
        Act { step: Step::Tasks, what: "sends requests to the right desk", run: Run::Community(dispatch) },
        Act {
            step: Step::Services,
            what: "reports faults that smart facilities notice",
            run: Run::Community(report),
        },
        Act { step: Step::Outreach, what: "tells those who use it", run: Run::Community(tell) },
        Act {
            step: Step::Opportunities,
            what: "opens a place to speak up and to decide",
            run: Run::Community(open),
        },
        Act {
            step: Step::Decisions,
            what: "answers, and takes up the needs that were raised",
            run: Run::Community(answer),
        },
        Act { step: Step::Encounters, what: "makes some feel watched", run: Run::Community(watch) },
    ],
    costs: Costs::Charged {
        label: text("platform and smart facilities", "平台与智能设施支出"),
        charges: &[Charge { what: "the platform, machine dispatch and smart facilities", of: platform_cost }],
    },
};

fn platform_cost(state: &CommunityState, _: &CityState, now: &StepContext) -> Cost {
    let (platform, prices) = (&now.rules.institutions.platform, &now.rules.costs);
    let served = (platform.coverage + platform.ai_dispatch) * prices.platform;
    let smart = platform.smart_facilities * state.community.compounds as f64 * prices.smart;
    Cost::yuan(Payer::Budget, (served + smart) / 12.0)
}

fn dispatch(state: &mut CommunityState, _: &CityState, now: &StepContext) {
    let platform = &now.rules.institutions.platform;
    state.signals.effort *= (1.0 - platform.dispatch_saving * platform.ai_dispatch) as f32;
}

fn report(state: &mut CommunityState, _: &CityState, now: &StepContext) {
    let platform = &now.rules.institutions.platform;
    if platform.smart_facilities == 0.0 {
        return;
    }
    let depreciation = now.rules.institutions.services.depreciation as f32;
    let prevented = (platform.smart_facilities * platform.facility_care) as f32;
    for domain in [domain::SAFETY, domain::ENVIRONMENT] {
        let ageing = (depreciation * state.local.services.ageing[domain]).min(1.0);
        let level = &mut state.signals.services[domain];
        *level = (*level + prevented * ageing * *level).min(1.0);
    }
}

fn tell(state: &mut CommunityState, _: &CityState, now: &StepContext) {
    let platform = &now.rules.institutions.platform;
    if platform.coverage == 0.0 {
        return;
    }
    let outreach = &now.rules.institutions.outreach;
    for (age, unread) in state.signals.unread.iter_mut().enumerate() {
        *unread *= (1.0 - platform.reach * outreach.online_use(age) * platform.coverage) as f32;
    }
}

fn open(state: &mut CommunityState, _: &CityState, now: &StepContext) {
    let platform = &now.rules.institutions.platform;
    if platform.coverage == 0.0 {
        return;
    }
    let online = Mode::Online as usize;
    state.signals.open[online] = either(state.signals.open[online], platform.coverage as f32);
    let usual = now.rules.institutions.opportunities.stake_online as f32;
    let stake = &mut state.signals.stake[online];
    *stake = stake.max(usual).max(platform.decision_power as f32);
}

fn answer(state: &mut CommunityState, _: &CityState, now: &StepContext) {
    let platform = &now.rules.institutions.platform;
    if platform.coverage == 0.0 {
        return;
    }
    let signals = &mut state.signals;
    let raised = |mode: Mode| signals.took_part[mode as usize] as f64;
    let online = raised(Mode::Online);
    let voices = online + raised(Mode::Meeting) + raised(Mode::Proposal) + raised(Mode::Complaint);
    if voices > 0.0 {
        let there = (platform.two_way * platform.coverage * online / voices) as f32;
        signals.answered = either(signals.answered, there);
    }
    if platform.decision_power == 0.0 {
        return;
    }
    let residents = &state.community.residents;
    let mut needs = [0u32; DOMAINS];
    for (acts, needs_of) in residents.acts.iter().zip(&residents.needs) {
        needs[needs_of.first()] += (acts & Mode::Online.bit() != 0) as u32;
    }
    for (raised, n) in signals.raised.iter_mut().zip(needs) {
        *raised += (platform.decision_power * platform.coverage * n as f64).round() as u32;
    }
}

fn watch(state: &mut CommunityState, _: &CityState, now: &StepContext) {
    let platform = &now.rules.institutions.platform;
    let chance = (platform.smart_facilities * platform.privacy_cost) as f32;
    if chance > 0.0 {
        let contact = &mut state.signals.contacts[Target::LocalGovernment as usize];
        *contact = contact.and(Contact { chance, good: 0.0 });
    }
}
