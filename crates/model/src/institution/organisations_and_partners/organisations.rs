//! Social organisations (社会组织): they choose communities and activities, bid for grants, grow, fold
//! and are founded.
//!
//! Rows 11, 12, 97–99, 117, 146, 151, 152 and 183. Each organisation goes where it expects most people
//! for an hour of work, learns from who came, and is funded by grants, fees and what it is paid for tasks of
//! departments. Part of its hours may go into rules of living together, into mediation, and into
//! activities that bring compounds together.

use serde::{Deserialize, Serialize};

use crate::base::params::{settings, text};
use crate::base::rng::Stream;
use crate::city::{DOMAINS, Mode, Target};
use crate::institution::opportunities::{either, suits};
use crate::institution::{
    Act, Asker, CityState, CommunityState, Contact, Family, Institution, Provider, Run, Step, StepContext,
};

/// Settings of `[organisations]`.
#[settings]
pub struct Settings {
    /// Organisations at the start.
    #[param(
        real = 3.0,
        range = 0.0..=100.0,
        unit = "organisations per community",
        zh = "初始社会组织数量。",
        derived = "about 13,000 active in communities (2019), about 4,300 villages and communities",
        fixed
    )]
    pub count: f64,
    /// Share of organisations that are at home in a community (home-grown).
    #[param(share = 0.3, zh = "本土社会组织的比例。", assumed = "no count was found", fixed)]
    pub local_share: f64,
    /// Mean hours of work that an organisation can offer at the start.
    #[param(
        real = 20.0,
        range = 0.0..=10_000.0,
        unit = "hours per month",
        zh = "社会组织初始的平均服务时数。",
        assumed = "one part-time worker",
        fixed
    )]
    pub capacity: f64,
    /// Cost of an hour of work.
    #[param(
        real = 50.0,
        range = 1.0..=10_000.0,
        unit = "yuan per hour",
        zh = "每小时服务的成本。",
        assumed = "a social worker's wage"
    )]
    pub hour_cost: f64,
    /// Share of costs that fees and gifts cover at usual attendance.
    #[param(share = 0.9, zh = "在通常出席率下由收费与捐赠覆盖的成本比例。", assumed = "no measurement")]
    pub fees: f64,
    /// Attendance at which fees and gifts cover their share of costs.
    #[param(
        real = 3.0,
        range = 0.01..=1_000.0,
        unit = "residents per hour of work",
        zh = "收费与捐赠能覆盖其成本份额的出席率。",
        derived = "thirty residents for an activity of ten hours' work"
    )]
    pub usual_attendance: f64,
    /// Project grants for organisations, one pot for the city.
    #[param(
        real = 10_000.0,
        range = 0.0..=100_000_000.0,
        unit = "yuan per community and year",
        zh = "社会组织项目资助(全市合计,按社区计)。",
        assumed = "between the 35,000 a year that community foundations raised for each of 300 communities by 2022 and a tenth of it, spread over all"
    )]
    pub grants: f64,
    /// How far grants prefer home-grown organisations.
    #[param(
        share = 0.0,
        zh = "资助对本土组织的偏好。",
        choice,
        demonstration = [".count=5.0", ".grants=2000"]
    )]
    pub local_preference: f64,
    /// Share of would-be founders who go ahead without seed money.
    // Founders go ahead unaided where there is no seed money.
    #[param(
        share = 0.1,
        zh = "没有启动资金仍会成立的比例。",
        assumed = "no measurement",
        demonstration = [".grants=0", ".birth_rate=5"]
    )]
    pub unaided: f64,
    /// Chance that volunteers found an organisation where there is seed money.
    // Enough volunteers and grants that preference and birth show in a city of 500.
    #[param(
        real = 0.1,
        range = 0.0..=10.0,
        unit = "per month and 100 volunteers",
        zh = "志愿者发起成立社会组织的概率。",
        assumed = "no measurement",
        demonstration = ["modes.volunteer.base_rate=0.5"]
    )]
    pub birth_rate: f64,
    /// Share of those who come who find it worth while.
    #[param(share = 0.85, zh = "参加者中认为值得的比例。", assumed = "high trust in organisations (F2)")]
    pub quality: f64,
    /// Hours of work behind one activity.
    #[param(
        real = 10.0,
        range = 1.0..=1_000.0,
        unit = "hours",
        zh = "一次活动所需的工时。",
        assumed = "with preparation"
    )]
    pub activity_hours: f64,
    /// How much an hour of work per adult raises the service it is about, of what is missing.
    #[param(
        real = 0.02,
        range = 0.0..=10.0,
        unit = "share per hour and adult",
        zh = "人均一小时服务对相应领域水平的提升。",
        assumed = "about what the same money buys otherwise"
    )]
    pub service_gain: f64,
    /// Residents whom a home-grown organisation, known to them, asks in person for each hour of its work; 0 =
    /// none.
    #[param(
        real = 0.0,
        range = 0.0..=100.0,
        unit = "residents per hour of work",
        zh = "本土组织每小时工作当面邀请的居民数;0 表示不邀请。",
        choice
    )]
    pub local_asks: f64,
    /// Share of organisations' hours that goes into rules of living together that residents make for
    /// themselves.
    #[param(share = 0.0, zh = "社会组织用于协助居民制定共同生活规则的工时比例。", choice)]
    pub rule_building: f64,
    /// Hours of such work per adult that settle all but a third of what neighbours fall out over.
    #[param(
        real = 0.3,
        range = 0.01..=100.0,
        unit = "hours per adult",
        zh = "使邻里分歧的大部分(约三分之二)得到约定所需的人均工时。",
        assumed = "some sixty meetings of a dozen hours' work in a community of 3,000"
    )]
    pub rule_hours: f64,
    /// Share of organisations' activities that bring residents of different compounds together; each who
    /// comes wins one acquaintance there.
    #[param(share = 0.0, zh = "跨院落活动的比例;每位参加者由此结识一位其他院落的居民。", choice)]
    pub bridging: f64,
    /// Share of organisations' hours that goes into mediation.
    #[param(share = 0.0, zh = "社会组织用于调解的工时比例。", choice)]
    pub mediation: f64,
    /// Share of departments' tasks that organisations do for pay instead of the committee; what is beyond
    /// their hours comes back a month later.
    #[param(share = 0.0, zh = "由社会组织有偿承接的部门任务比例;超出其工时的部分下月退回居委会。", choice)]
    pub outsourced_share: f64,
    /// Price of an hour of contracted work.
    #[param(
        real = 1.1,
        range = 0.0..=10.0,
        unit = "multiple of its cost",
        zh = "承接任务的价格(成本的倍数)。",
        assumed = "cost and a tenth for overheads"
    )]
    pub contract_price: f64,
    /// Share of the costs of organisations in their first two years that an incubator bears, and of founders
    /// without seed money whom it takes in.
    #[param(
        share = 0.0,
        zh = "孵化器为成立两年内的组织承担的成本比例,亦为接纳无启动资金发起者的比例。",
        choice
    )]
    pub incubation: f64,
}

/// What is kept in one community.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Local {
    /// Activities held this month.
    pub activities: f64,
    /// Hours of departments' tasks done under contract this month.
    pub contracted: f64,
    /// Tasks handed over last month beyond organisations' hours, which come back to the committee.
    pub returned: u32,
}

/// One organisation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Organisation {
    /// Stable number, the key of its random numbers.
    pub id: u32,
    /// Community in which it is at home; it may work elsewhere unless it is local.
    pub home: u32,
    /// Home-grown: works at home only, and is known there.
    pub local: bool,
    /// Domain of its activities.
    pub domain: usize,
    /// Community in which it works now.
    pub works_in: u32,
    /// Hours of work per month.
    pub capacity: f64,
    /// Money, yuan.
    pub money: i64,
    /// Reputation with those who give grants, in [0, 1].
    pub repute: f64,
    /// Months without money.
    pub broke: u32,
    /// Month until which an incubator may bear part of its costs.
    pub young_until: u32,
}

/// What the field of organisations keeps.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Citywide {
    /// Organisations, oldest first.
    pub all: Vec<Organisation>,
    /// Organisations ever founded, for stable numbers.
    pub founded: u32,
    /// Hours of work this month, by community and domain.
    pub hours: Vec<[f64; DOMAINS]>,
    /// Those of home-grown organisations, by community.
    pub local_hours: Vec<f64>,
    /// Yuan of grants paid this month.
    pub granted: i64,
    /// Yuan of this year's grants not paid yet; what founders may ask for.
    pub pot: i64,
    /// What attendance per hour organisations have seen, by community.
    pub attendance: Vec<f64>,
}

/// Registration.
pub const INSTITUTION: Institution = Institution {
    name: "organisations",
    family: Family::OrganisationsAndPartners,
    summary: text("Social organisations, their activities and grants.", "社会组织及其活动与资助。"),
    rows: &[11, 12, 97, 98, 99, 117, 146, 151, 152, 183],
    equations: &[
        "chooses the community with the highest attendance per hour seen + lack of its service (quarterly; locals stay at home), and the service that is lacking most (yearly)",
        "grant to bids in the order of repute + local_preference · local + lack of service, until the pot is empty",
        "money' = money + grant + fees · cost · min(1.5, attendance / usual_attendance) − cost; folds after 6 months without money",
        "an activity is activity_hours of work; common rules' = common rules + (hours for rules per adult / rule_hours) · (1 − common rules); acquaintances across compounds' = those + bridging · share of adults who came",
        "of the tasks handed over as many are done as there are hours for; paid hours · contract_price · hour_cost; the hours are missing for activities",
        "in its first two years an incubator bears the share incubation of an organisation's costs",
        "capacity' = capacity · 1.02 on a surplus with 6 months' cost in hand, · 0.95 on a loss with less than 3; founded with birth_rate · volunteers / 100, with seed money from what is left of the pot, or unaided",
    ],
    neutral: &[("count", "0.0"), ("birth_rate", "0.0"), ("outsourced_share", "0.0")],
    demonstration: &[
        ("local_preference", "0.2"),
        ("rule_building", "0.2"),
        ("bridging", "0.5"),
        ("mediation", "0.2"),
        ("outsourced_share", "0.2"),
        ("local_asks", "0.5"),
        ("incubation", "0.3"),
    ],
    acts: &[
        Act { step: Step::Calendar, what: "bids for the year's grants in March", run: Run::City(bid) },
        Act {
            step: Step::Opportunities,
            what: "holds activities, where residents meet and volunteer",
            run: Run::Community(hold),
        },
        Act {
            step: Step::Adaptation,
            what: "counts who came, pays its way, grows, moves, folds or is founded",
            run: Run::City(adapt),
        },
    ],
};

/// Months for which an organisation counts as young.
const YOUNG: u32 = 24;
const FOUNDING: Stream = Stream::named("founding of organisations");

fn bid(communities: &mut [CommunityState], city: &mut CityState, now: &StepContext) {
    let rules = &now.rules.institutions.organisations;
    if now.month == 0 {
        begin(communities, &mut city.organisations, now);
    }
    let citywide = &mut city.organisations;
    citywide.granted = 0;
    if now.date.of_year() != 3 {
        return;
    }
    // What was not asked for last year is gone: budgets end with the year.
    let mut pot = (rules.grants * communities.len() as f64) as i64;
    let mut order: Vec<(f64, usize)> = citywide
        .all
        .iter()
        .enumerate()
        .map(|(k, o)| {
            let lack = communities
                .get(o.works_in as usize)
                .map_or(0.0, |p| 1.0 - p.signals.services[o.domain] as f64);
            let rng = 0.1 * now.rng.uniform(FOUNDING, o.id, now.month, 1);
            (o.repute + rules.local_preference * o.local as u8 as f64 + lack + rng, k)
        })
        .collect();
    order.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    for (_, k) in order {
        // A project of half a year's work.
        let asked = ((6.0 * citywide.all[k].capacity * rules.hour_cost) as i64).min(pot);
        citywide.all[k].money += asked;
        citywide.granted += asked;
        pot -= asked;
    }
    citywide.pot = pot;
}

fn begin(communities: &[CommunityState], citywide: &mut Citywide, now: &StepContext) {
    let rules = &now.rules.institutions.organisations;
    citywide.attendance = vec![rules.usual_attendance; communities.len()];
    let total = (rules.count * communities.len() as f64).round() as u32;
    for _ in 0..total {
        let id = citywide.founded;
        let home = now.rng.below(FOUNDING, id, 0, 2, communities.len() as u32);
        let local = now.rng.uniform(FOUNDING, id, 0, 3) < rules.local_share;
        let reserves = (6.0 * rules.capacity * rules.hour_cost) as i64;
        found(citywide, rules, home, local, now, reserves);
    }
    allocate_hours(citywide, communities.len());
}

fn found(citywide: &mut Citywide, rules: &Settings, home: u32, local: bool, now: &StepContext, money: i64) {
    let id = citywide.founded;
    citywide.founded += 1;
    // Exponential around the mean: a few large ones, many small ones.
    let u = now.rng.uniform(FOUNDING, id, 0, 4);
    let capacity = (-rules.capacity * libm::log(u)).clamp(2.0, 10.0 * rules.capacity.max(1.0));
    citywide.all.push(Organisation {
        id,
        home,
        local,
        domain: now.rng.below(FOUNDING, id, 0, 5, DOMAINS as u32) as usize,
        works_in: home,
        capacity,
        money,
        repute: 0.5,
        broke: 0,
        young_until: if now.month > 0 { now.month + YOUNG } else { 0 },
    });
}

fn allocate_hours(citywide: &mut Citywide, communities: usize) {
    citywide.hours.clear();
    citywide.hours.resize(communities, [0.0; DOMAINS]);
    citywide.local_hours.clear();
    citywide.local_hours.resize(communities, 0.0);
    for o in &citywide.all {
        citywide.hours[o.works_in as usize][o.domain] += o.capacity;
        citywide.local_hours[o.works_in as usize] += if o.local { o.capacity } else { 0.0 };
    }
}

/// Tasks of departments go to organisations under contract before they reach the committee: as many as
/// organisations have hours for. Those beyond come back a month later.
pub fn take_over(state: &mut CommunityState, city: &CityState, now: &StepContext) {
    let rules = &now.rules.institutions;
    let (local, tasks) = (&mut state.local.organisations, &mut state.local.admin.tasks);
    let back = std::mem::take(&mut local.returned);
    local.contracted = 0.0;
    let share = rules.organisations.outsourced_share;
    if share > 0.0 && rules.admin.task_hours > 0.0 {
        let hours = city.organisations.hours.get(state.community.id as usize);
        let hours: f64 = hours.map_or(0.0, |by_domain| by_domain.iter().sum());
        let handed = (share * *tasks as f64).round() as u32;
        let done = handed.min((hours / rules.admin.task_hours) as u32);
        local.contracted = done as f64 * rules.admin.task_hours;
        local.returned = handed - done;
        *tasks -= handed;
    }
    *tasks += back;
}

fn hold(state: &mut CommunityState, city: &CityState, now: &StepContext) {
    let rules = &now.rules.institutions;
    let hours = match city.organisations.hours.get(state.community.id as usize) {
        Some(hours) => hours,
        None => return,
    };
    let all: f64 = hours.iter().sum();
    if all == 0.0 || state.signals.failing[Provider::Society as usize] {
        state.local.organisations.activities = 0.0;
        return;
    }
    // Hours under contract are missing for all else; of the rest, some go into rules and mediation.
    let free = (all - state.local.organisations.contracted).max(0.0);
    let (for_rules, for_mediation) = aside(&rules.organisations);
    let total = free * (1.0 - for_rules - for_mediation).max(0.0);
    build_rules(state, free * for_rules, &rules.organisations);
    state.signals.mediators += free * for_mediation;
    let activities = total / rules.organisations.activity_hours;
    state.local.organisations.activities = activities;
    let adults = state.community.adults().max(1) as f64;
    // The more residents share an activity, the fewer of them it suits.
    let chance = suits(rules.opportunities.fit, activities * 3_000.0 / adults.max(300.0));
    let signals = &mut state.signals;
    for mode in [Mode::Event, Mode::Volunteer] {
        signals.open[mode as usize] = either(signals.open[mode as usize], chance);
        signals.stake[mode as usize] = signals.stake[mode as usize].max(0.4);
    }
    // Their neighbours at home know them, so that they can ask in person.
    let known_here = city.organisations.local_hours[state.community.id as usize];
    let asked = (known_here * rules.organisations.local_asks / adults).min(1.0) as f32;
    signals.ask(Asker::Organisations, &[Mode::Event, Mode::Volunteer], asked);
    let at_work = total / all;
    let made = &mut signals.made[Provider::Society as usize];
    for ((level, &hours), made) in signals.services.iter_mut().zip(hours).zip(made) {
        let gain = (hours * at_work / adults * rules.organisations.service_gain).min(1.0) as f32;
        *made = gain * (1.0 - *level);
        *level += gain * (1.0 - *level);
    }
    // Those who come are counted by the model; here is how good they find it, and that activities
    // bring neighbours together who would not have met.
    signals.contacts[Target::Organisations as usize].good = rules.organisations.quality as f32;
    let neighbours = &mut signals.contacts[Target::Neighbours as usize];
    *neighbours = neighbours.and(Contact { chance: 0.1 * chance, good: 0.95 });
    bridge(state, activities, now);
}

/// Shares of hours that go into rules and into mediation; together at most all.
fn aside(rules: &Settings) -> (f64, f64) {
    let both = (rules.rule_building + rules.mediation).max(1.0);
    (rules.rule_building / both, rules.mediation / both)
}

/// Work on common rules settles what is not settled yet.
fn build_rules(state: &mut CommunityState, hours: f64, rules: &Settings) {
    let per_adult = hours / state.community.adults().max(1) as f64;
    let gain = 1.0 - libm::exp(-per_adult / rules.rule_hours);
    state.signals.common_rules += gain as f32 * (1.0 - state.signals.common_rules);
}

/// Those who came to an activity across compounds last month have won an acquaintance there.
fn bridge(state: &mut CommunityState, activities: f64, now: &StepContext) {
    let rules = &now.rules.institutions;
    if rules.organisations.bridging == 0.0 {
        return;
    }
    let offered = rules.opportunities.events_per_month + rules.opportunities.volunteering_per_month;
    let theirs = rules.organisations.bridging * activities / (activities + offered);
    let signals = &mut state.signals;
    let came = signals.company[Mode::Event as usize] + signals.company[Mode::Volunteer as usize];
    signals.bridges += theirs as f32 * came;
}

fn adapt(communities: &mut [CommunityState], city: &mut CityState, now: &StepContext) {
    let rules = &now.rules.institutions.organisations;
    let citywide = &mut city.organisations;
    if citywide.attendance.is_empty() {
        return;
    }
    let came: Vec<f64> = communities.iter().zip(&citywide.hours).map(|(p, h)| attendance(p, h)).collect();
    for (seen, &now_came) in citywide.attendance.iter_mut().zip(&came) {
        if !now_came.is_nan() {
            *seen += 0.2 * (now_came - *seen);
        }
    }
    let attendance = &citywide.attendance;
    // Share of hours that went into contracts, by community.
    let busy = |c: usize| {
        let all: f64 = citywide.hours[c].iter().sum();
        if all > 0.0 { (communities[c].local.organisations.contracted / all).min(1.0) } else { 0.0 }
    };
    for o in &mut citywide.all {
        let here = came[o.works_in as usize];
        let young = now.month < o.young_until;
        let borne = if young { rules.incubation } else { 0.0 };
        let cost = o.capacity * rules.hour_cost;
        let interest = if here.is_nan() { 0.0 } else { (here / rules.usual_attendance).min(1.5) };
        let busy = busy(o.works_in as usize);
        let paid = rules.contract_price * busy;
        o.money += (rules.fees * cost * interest * (1.0 - busy) + paid * cost - cost * (1.0 - borne)) as i64;
        o.repute += 0.1 * (interest.min(1.0) - o.repute);
        // It grows on a surplus with half a year in hand, and cuts back before its money is gone.
        let surplus = rules.fees * interest * (1.0 - busy) + paid >= 1.0 - borne;
        let (secure, short) = (o.money as f64 > 6.0 * cost, (o.money as f64) < 3.0 * cost);
        o.broke = if o.money < 0 { o.broke + 1 } else { 0 };
        o.capacity *= match (surplus, secure, short) {
            (true, true, _) => 1.02,
            (false, _, true) => 0.95,
            _ => 1.0,
        };
        o.capacity = o.capacity.min(2_000.0);
        // Once a quarter it asks itself where it would be of most use.
        if !o.local && (now.month + o.id) % 3 == 0 {
            let worth = |c: usize| {
                attendance[c] / rules.usual_attendance + 1.0
                    - communities[c].signals.services[o.domain] as f64
            };
            let better = (0..communities.len())
                .map(|c| (worth(c), c))
                .max_by(|a, b| a.0.total_cmp(&b.0).then(b.1.cmp(&a.1)));
            if let Some((best, c)) = better
                && best > worth(o.works_in as usize) + 0.1
            {
                o.works_in = c as u32;
            }
        }
        if (now.month + o.id) % 12 == 0 {
            turn_to_what_is_missing(o, &communities[o.works_in as usize]);
        }
    }
    citywide.all.retain(|o| o.broke < 6);
    for c in 0..communities.len() {
        let volunteers = communities[c].signals.took_part[Mode::Volunteer as usize] as f64;
        // Half a year of an average organisation's costs, from the pot while it lasts.
        let seed = ((6.0 * rules.capacity * rules.hour_cost) as i64).min(citywide.pot);
        let without_seed = rules.unaided + (1.0 - rules.unaided) * rules.incubation;
        let chance = rules.birth_rate * volunteers / 100.0 * if seed > 0 { 1.0 } else { without_seed };
        if now.rng.uniform(FOUNDING, c as u32, now.month, 6) < chance {
            citywide.pot -= seed;
            citywide.granted += seed;
            found(citywide, rules, c as u32, true, now, seed);
        }
    }
    allocate_hours(citywide, communities.len());
}

/// Once a year an organisation turns to the service that its community lacks most, if that is clearly
/// another one than its own.
fn turn_to_what_is_missing(o: &mut Organisation, state: &CommunityState) {
    let services = &state.signals.services;
    let missing = (0..DOMAINS).min_by(|&a, &b| services[a].total_cmp(&services[b])).unwrap_or(o.domain);
    if services[missing] + 0.1 < services[o.domain] {
        o.domain = missing;
    }
}

/// Residents who came for each hour of work that was not under contract; NaN without any.
fn attendance(state: &CommunityState, hours: &[f64; DOMAINS]) -> f64 {
    let hours: f64 = hours.iter().sum::<f64>() - state.local.organisations.contracted;
    let came =
        state.signals.took_part[Mode::Event as usize] + state.signals.took_part[Mode::Volunteer as usize];
    if hours > 0.0 { came as f64 / hours } else { f64::NAN }
}
