//! City, districts and streets: they appraise, allot money, put pressure on those below, and learn.
//!
//! Rows 17, 21, 50, 58, 95, 179 and 188. Once a year each district appraises its streets and sets them a
//! target for the next: the mean of this year. A street that misses it presses committees harder, and
//! one whose last change of pressure was followed by a worse appraisal turns back.

use serde::{Deserialize, Serialize};

use crate::base::params::{Text, settings, text, words};
use crate::base::remainders::largest_remainders;
use crate::city::{Community, DOMAINS, Mode, Target};
use crate::institution::cost::{Charge, Cost, Costs};
use crate::institution::opportunities::{either, suits};
use crate::institution::{
    Act, Asker, CityState, CommunityState, Contact, Family, Institution, Run, Step, StepContext,
};

/// Settings of `[government]`.
#[settings]
pub struct Settings {
    /// How far governments change course in a year on what they learned; 0 = never.
    #[param(
        share = 0.2,
        zh = "政府每年根据经验调整的幅度;0 表示从不调整。",
        assumed = "no measurement; learning government (F12)",
        citywide
    )]
    pub learning_rate: f64,
    /// Weight of residents' satisfaction in appraisal; the rest is tasks fulfilled.
    // A merit that weighs residents must lead to other allotments.
    #[param(
        share = 0.3,
        zh = "考核中居民满意度的权重,其余为任务完成度。",
        assumed = "the city's ordinance of 2020 names satisfaction without a weight",
        demonstration = ["population.streets=3"],
        citywide
    )]
    pub resident_weight: f64,
    /// How the year's money for services is split among districts, streets and communities.
    #[param(one_of = Equal, zh = "服务经费在区、街道、社区间的分配方式。", citywide)]
    pub allocation: Allocation,
    /// Time that the street's officials spend in each community (beyond allotting and appraising).
    #[param(
        real = 0.0,
        range = 0.0..=10_000.0,
        unit = "hours per community and month",
        zh = "街道干部每月用于每个社区的工时(分配与考核之外)。",
        choice
    )]
    pub role_hours: f64,
    /// How that time is split over the five roles of local government.
    #[param(shares = [0.2; 5], parts = ROLES, zh = "地方政府五种角色的时间分配。", assumed = "evenly")]
    pub role_mix: [f64; 5],
    /// Hours in a month at which a role of rules or coordination has done 63 % of what it can.
    #[param(
        real = 40.0,
        range = 0.1..=10_000.0,
        unit = "hours per community and month",
        zh = "制定规则或统筹角色发挥63 %作用所需的每月工时。",
        assumed = "a week's work of one person",
        demonstration = [".role_hours=40", ".role_mix=[0.2, 0.2, 0.2, 0.2, 0.2]"]
    )]
    pub familiar_hours: f64,
    /// Residents whom an official can ask in person in an hour.
    #[param(
        real = 4.0,
        range = 0.0..=1_000.0,
        unit = "residents per hour",
        zh = "一名干部每小时能当面邀请的居民数。",
        assumed = "a quarter of an hour each",
        demonstration = [".role_hours=40", ".role_mix=[0.2, 0.2, 0.2, 0.2, 0.2]"]
    )]
    pub asked_per_hour: f64,
    /// Residents whom an official meets at a table in an hour.
    #[param(
        real = 2.0,
        range = 0.0..=1_000.0,
        unit = "residents per hour",
        zh = "一名干部每小时能座谈的居民数。",
        assumed = "half an hour each, with preparation",
        demonstration = [".role_hours=40", ".role_mix=[0.2, 0.2, 0.2, 0.2, 0.2]"]
    )]
    pub met_per_hour: f64,
    /// Share of those who meet officials at a table who find it good.
    #[param(
        share = 0.9,
        zh = "与干部座谈的居民中认为良好的比例。",
        assumed = "above everyday enforcement",
        demonstration = [".role_hours=40", ".role_mix=[0.2, 0.2, 0.2, 0.2, 0.2]"]
    )]
    pub met_good: f64,
    /// Hours of a meeting with residents, with its preparation.
    #[param(
        real = 10.0,
        range = 0.1..=1_000.0,
        unit = "hours per meeting",
        zh = "一次居民会议(含准备)所需工时。",
        assumed = "as an activity of an organisation",
        demonstration = [".role_hours=40", ".role_mix=[0.2, 0.2, 0.2, 0.2, 0.2]"]
    )]
    pub meeting_hours: f64,
    /// Hours that officials need to take up a matter.
    #[param(
        real = 2.0,
        range = 0.01..=1_000.0,
        unit = "hours",
        zh = "干部受理一件诉求所需工时。",
        assumed = "no measurement",
        demonstration = [".role_hours=40", ".role_mix=[0.2, 0.2, 0.2, 0.2, 0.2]"]
    )]
    pub matter_hours: f64,
    /// How far from the usual a street may press committees less or more.
    #[param(
        share = 0.5,
        zh = "街道对居委会施压偏离通常水平的最大幅度。",
        assumed = "no measurement",
        demonstration = [".learning_rate=1.0", "months=120"],
        citywide
    )]
    pub pressure_range: f64,
}

/// The five roles of local government, in the order of `government.role_mix` (F19).
const ROLES: [Text; 5] = [
    text("rule-maker", "政策制度规划的制定推行者"),
    text("provider", "信息、服务、资源的提供者"),
    text("coordinator", "利益关系的协调者"),
    text("mobiliser", "社区力量的动员者"),
    text("partner", "社区治理的直接合作者"),
];

/// By what the year's money for services is split at each level.
#[words]
pub enum Allocation {
    /// by number of adults
    #[zh = "按成年人口"]
    Equal,
    /// by adults times what services lack
    #[zh = "按人口与服务缺口"]
    Need,
    /// by adults times the last appraisal
    #[zh = "按人口与上年考核"]
    Merit,
}

/// What governments keep.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Citywide {
    /// This year's money for services of each district, yuan.
    pub districts: Vec<i64>,
    /// This year's money of each street, yuan.
    pub streets: Vec<Street>,
    /// This year's money of each community, yuan; empty before the first year.
    pub communities: Vec<i64>,
    /// Share of money meant for each domain; empty before the first year.
    pub domains: Vec<f64>,
}

/// A street government (街道).
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Street {
    /// Money of the year, yuan.
    pub budget: i64,
    /// How hard it presses committees, a multiple of the usual.
    pub pressure: f64,
    /// In which direction it last changed the pressure.
    pub direction: f64,
    /// Last appraisal, in [0, 1]; NaN before the first.
    pub appraisal: f64,
    /// What its district asks of it: the mean appraisal of the district's streets a year ago; NaN
    /// before the first.
    pub target: f64,
}

impl Citywide {
    /// Pressure of a street; 1 before governments have begun.
    pub fn pressure(&self, street: u16) -> f64 {
        self.streets.get(street as usize).map_or(1.0, |s| s.pressure)
    }
}

/// Registration.
pub const INSTITUTION: Institution = Institution {
    name: "government",
    family: Family::FundAndMoney,
    summary: text(
        "City, districts and streets: appraisal, allotment, pressure and learning.",
        "市、区、街道:考核、分配、施压与学习。",
    ),
    rows: &[17, 21, 50, 58, 95, 179, 188],
    equations: &[
        "appraisal = resident_weight · satisfaction + (1 − resident_weight) · share of task minutes done",
        "pressure' = pressure + learning_rate · direction · 0.5, within [0.5, 1.5]; direction turns when the appraisal fell, and points up where a street misses the target that its district set: the mean of its streets a year ago",
        "money for domain d' = d + learning_rate · (share of unmet need in d − d)",
        "with h = role_hours · share of the role: rules settle 1 − exp(−h / 40) of what law leaves open; services gain as from h hours of organisations; coordinated: 1 − exp(−h / 40); asked in person: 1 − exp(−4 · h / adults); as partners officials hold h / 10 meetings, meet 2 · h residents face to face and take up a matter in every two hours",
    ],
    neutral: &[("learning_rate", "0.0"), ("allocation", "\"equal\""), ("role_hours", "0.0")],
    demonstration: &[("allocation", "\"merit\""), ("role_hours", "20")],
    acts: &[
        Act {
            step: Step::Calendar,
            what: "allots the year's money for services to districts, streets and communities",
            run: Run::City(allot),
        },
        Act {
            step: Step::Calendar,
            what: "makes rules and brings departments together",
            run: Run::Community(rule_and_coordinate),
        },
        Act {
            step: Step::Opportunities,
            what: "asks residents to take part, and sits down with them",
            run: Run::Community(mobilise_and_meet),
        },
        Act {
            step: Step::Decisions,
            what: "takes up what residents raise with it",
            run: Run::Community(take_up),
        },
        Act { step: Step::Projects, what: "lends a hand with services", run: Run::Community(provide) },
        Act {
            step: Step::Adaptation,
            what: "appraises streets in December, and learns from it",
            run: Run::City(appraise),
        },
    ],
    costs: Costs::Charged {
        label: text("officials in communities", "干部下沉支出"),
        charges: &[Charge { what: "hours of officials in their roles", of: officials_cost }],
    },
};

fn officials_cost(_: &CommunityState, _: &CityState, now: &StepContext) -> Cost {
    let spent = hours(now).map_or(0.0, |by_role| by_role.iter().sum());
    Cost::staff(spent, now.rules.costs.official_hour)
}

/// Splits `total` yuan by `weights` to the last yuan: shares rounded down, the rest to the largest
/// remainders.
pub fn split(total: i64, weights: &[f64]) -> Vec<i64> {
    let sum: f64 = weights.iter().sum();
    if sum <= 0.0 {
        return split(total, &vec![1.0; weights.len()]);
    }
    let exact: Vec<f64> = weights.iter().map(|w| total as f64 * w / sum).collect();
    largest_remainders(&exact, total)
}

fn allot(communities: &mut [CommunityState], city: &mut CityState, now: &StepContext) {
    if (now.month > 0 && now.date.of_year() != 1) || communities.is_empty() {
        return;
    }
    begin(communities, &mut city.government);
    let citywide = &mut city.government;
    let rule = now.rules.institutions.government.allocation;
    if rule == Allocation::Equal {
        allot_equally(communities, citywide, now);
        return;
    }
    let total = money(communities, now);
    let weight: Vec<f64> = communities.iter().map(|p| weigh(p, rule, citywide)).collect();
    let sum_where = |belongs: &dyn Fn(&CommunityState) -> bool| -> f64 {
        communities.iter().zip(&weight).filter(|(p, _)| belongs(p)).map(|(_, w)| w).sum()
    };
    let districts = citywide.districts.len();
    let by_district: Vec<f64> =
        (0..districts).map(|d| sum_where(&|p| p.community.district as usize == d)).collect();
    citywide.districts = split(total, &by_district);
    citywide.communities = vec![0; communities.len()];
    for d in 0..districts {
        // Streets of the district, then the communities of each street.
        let mut streets: Vec<u16> = communities
            .iter()
            .filter(|p| p.community.district as usize == d)
            .map(|p| p.community.street)
            .collect();
        streets.dedup();
        let weights: Vec<f64> = streets.iter().map(|&s| sum_where(&|p| p.community.street == s)).collect();
        for (&street, money) in streets.iter().zip(split(citywide.districts[d], &weights)) {
            citywide.streets[street as usize].budget = money;
            let members: Vec<usize> =
                (0..communities.len()).filter(|&i| communities[i].community.street == street).collect();
            let weights: Vec<f64> = members.iter().map(|&i| weight[i]).collect();
            for (&i, money) in members.iter().zip(split(money, &weights)) {
                citywide.communities[i] = money;
            }
        }
    }
}

/// Yuan for services of each adult of a community.
fn investment(community: &Community, now: &StepContext) -> f64 {
    let rules = &now.rules_of(community).institutions;
    rules.services.investment * rules.funding.governance_share
}

/// The year's money for services, yuan: adults are counted together as far as the same is invested in each.
fn money(communities: &[CommunityState], now: &StepContext) -> i64 {
    let mut adults: Vec<(f64, usize)> = Vec::new();
    for community in communities.iter().map(|state| &state.community) {
        let each = investment(community, now);
        match adults.iter_mut().find(|(other, _)| *other == each) {
            Some((_, adults)) => *adults += community.adults(),
            None => adults.push((each, community.adults())),
        }
    }
    adults.into_iter().map(|(each, adults)| each * adults as f64).sum::<f64>() as i64
}

/// By adults, so that a community gets what it would get without governments above it; districts and
/// streets hold the sums.
fn allot_equally(communities: &[CommunityState], citywide: &mut Citywide, now: &StepContext) {
    citywide.communities.clear();
    citywide.districts.fill(0);
    citywide.streets.iter_mut().for_each(|street| street.budget = 0);
    for community in communities.iter().map(|state| &state.community) {
        let money = (investment(community, now) * community.adults() as f64) as i64;
        citywide.districts[community.district as usize] += money;
        citywide.streets[community.street as usize].budget += money;
    }
}

/// Hours that officials spend in this community in each role; none without any.
fn hours(now: &StepContext) -> Option<[f64; 5]> {
    let government = &now.rules.institutions.government;
    (government.role_hours > 0.0).then(|| government.role_mix.map(|share| share * government.role_hours))
}

fn rule_and_coordinate(state: &mut CommunityState, _: &CityState, now: &StepContext) {
    if let Some([rules, _, coordination, ..]) = hours(now) {
        let familiar = now.rules.institutions.government.familiar_hours;
        let reached = |hours: f64| (1.0 - libm::exp(-hours / familiar)) as f32;
        let signals = &mut state.signals;
        signals.settled = either(signals.settled, reached(rules));
        signals.coordinate(reached(coordination));
    }
}

fn mobilise_and_meet(state: &mut CommunityState, _: &CityState, now: &StepContext) {
    if let Some([.., mobiliser, partner]) = hours(now) {
        let (government, o) = (&now.rules.institutions.government, &now.rules.institutions.opportunities);
        let adults = state.community.adults().max(1) as f64;
        let reached = |per_hour: f64, hours: f64| (1.0 - libm::exp(-per_hour * hours / adults)) as f32;
        let signals = &mut state.signals;
        let modes = [Mode::Vote, Mode::Volunteer, Mode::Event];
        signals.ask(Asker::Government, &modes, reached(government.asked_per_hour, mobiliser));
        let chance = suits(o.fit, partner / government.meeting_hours);
        signals.offer(Mode::Meeting, chance, o.stake_officials as f32);
        let chance = reached(government.met_per_hour, partner);
        let met = Contact { chance, good: government.met_good as f32 };
        signals.meet(Target::LocalGovernment, met);
    }
}

fn take_up(state: &mut CommunityState, _: &CityState, now: &StepContext) {
    let voices = state.signals.voices();
    if let Some([.., partner]) = hours(now)
        && voices > 0
    {
        let taken_up =
            (partner / now.rules.institutions.government.matter_hours / voices as f64).min(1.0) as f32;
        state.signals.answer(taken_up);
    }
}

fn provide(state: &mut CommunityState, _: &CityState, now: &StepContext) {
    if let Some([_, provider, ..]) = hours(now) {
        let adults = state.community.adults().max(1) as f64;
        let per_domain = provider / DOMAINS as f64 / adults;
        let gain = (per_domain * now.rules.institutions.organisations.service_gain).min(1.0) as f32;
        state.signals.services.iter_mut().for_each(|level| *level += gain * (1.0 - *level));
    }
}

fn begin(communities: &[CommunityState], citywide: &mut Citywide) {
    if !citywide.streets.is_empty() {
        return;
    }
    let highest = |f: fn(&CommunityState) -> u16| communities.iter().map(f).max().unwrap_or(0) as usize + 1;
    let street = Street { budget: 0, pressure: 1.0, direction: 1.0, appraisal: f64::NAN, target: f64::NAN };
    citywide.streets = vec![street; highest(|p| p.community.street)];
    citywide.districts = vec![0; highest(|p| p.community.district)];
    citywide.domains = vec![1.0 / DOMAINS as f64; DOMAINS];
}

/// Least need or merit that counts, so that money can be split whatever they are.
const LEAST: f64 = 0.01;

fn weigh(state: &CommunityState, rule: Allocation, citywide: &Citywide) -> f64 {
    let adults = state.community.adults() as f64;
    let services: f64 = state.signals.services.iter().map(|&q| q as f64).sum::<f64>() / DOMAINS as f64;
    match rule {
        Allocation::Equal => adults,
        Allocation::Need => adults * (1.0 - services).max(LEAST),
        Allocation::Merit => {
            let appraisal = citywide.streets[state.community.street as usize].appraisal;
            adults * if appraisal.is_nan() { 0.5 } else { appraisal.max(LEAST) }
        }
    }
}

fn appraise(communities: &mut [CommunityState], city: &mut CityState, now: &StepContext) {
    let rules = &now.rules.institutions;
    let rate = rules.government.learning_rate;
    if now.date.of_year() != 12 || (rate == 0.0 && rules.government.allocation != Allocation::Merit) {
        return;
    }
    let citywide = &mut city.government;
    let results: Vec<f64> = (0..citywide.streets.len())
        .map(|s| result(communities, s as u16, rules.government.resident_weight))
        .collect();
    for (s, &result) in results.iter().enumerate() {
        let Some(district) =
            communities.iter().find(|p| p.community.street as usize == s).map(|p| p.community.district)
        else {
            continue;
        };
        let peers: Vec<usize> = (0..results.len())
            .filter(|&o| {
                communities
                    .iter()
                    .any(|p| p.community.street as usize == o && p.community.district == district)
            })
            .collect();
        let usual = peers.iter().map(|&o| results[o]).sum::<f64>() / peers.len() as f64;
        let street = &mut citywide.streets[s];
        if result < street.appraisal {
            street.direction = -street.direction;
        } else if result < street.target {
            street.direction = 1.0;
        }
        street.target = usual;
        street.appraisal = result;
        street.pressure = (street.pressure + 0.5 * rate * street.direction)
            .clamp(1.0 - rules.government.pressure_range, 1.0 + rules.government.pressure_range);
    }
    let unmet = unmet_need(communities);
    for (share, need) in citywide.domains.iter_mut().zip(unmet) {
        *share += rate * (need - *share);
    }
}

/// Appraisal of a street: what residents say and what tasks were done.
fn result(communities: &[CommunityState], street: u16, resident_weight: f64) -> f64 {
    let (mut adults, mut satisfied, mut sent, mut done) = (0.0, 0.0, 0.0, 0.0);
    for state in communities.iter().filter(|p| p.community.street == street) {
        let n = state.community.adults() as f64;
        adults += n;
        satisfied += n * state.mean(&state.community.residents.satisfaction) as f64;
        let staff = &state.local.staff;
        done += staff.month.administration as f64;
        sent += (staff.month.administration + staff.backlog_minutes) as f64;
    }
    let fulfilled = if sent > 0.0 { done / sent } else { 1.0 };
    resident_weight * satisfied / f64::max(adults, 1.0) + (1.0 - resident_weight) * fulfilled
}

/// Share of all unmet need that falls in each domain.
fn unmet_need(communities: &[CommunityState]) -> [f64; DOMAINS] {
    let mut unmet = [0.0; DOMAINS];
    for state in communities {
        for needs in &state.community.residents.needs {
            unmet[needs.first()] += 2.0 * (1.0 - state.signals.services[needs.first()] as f64);
            unmet[needs.second()] += 1.0 - state.signals.services[needs.second()] as f64;
        }
    }
    let sum: f64 = unmet.iter().sum();
    unmet.map(|u| if sum > 0.0 { u / sum } else { 1.0 / DOMAINS as f64 })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn money_is_split_to_the_last_yuan() {
        for (total, weights) in [
            (100, vec![1.0, 1.0, 1.0]),
            (7, vec![0.0, 0.0]),
            (1, vec![3.0, 2.0]),
            (999_999, vec![0.1, 0.2, 5.0, 1e-9]),
        ] {
            assert_eq!(split(total, &weights).iter().sum::<i64>(), total, "{total} by {weights:?}");
        }
        assert_eq!(split(100, &[1.0, 3.0]), [25, 75]);
    }
}
