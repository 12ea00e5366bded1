//! Social organisations (社会组织): they choose communities and activities, bid for grants, grow, fold
//! and are founded.
//!
//! Rows 11, 12, 97–99, 117, 146, 151, 152 and 183. Each organisation goes where it expects most people
//! for an hour of work, learns from who came, and is funded by grants, fees and what it is paid for tasks of
//! departments. Part of its hours may go into rules of living together, into mediation, and into
//! activities that bring compounds together.

mod settings;

pub use settings::Settings;

use serde::{Deserialize, Serialize};

use crate::base::params::text;
use crate::base::rng::Stream;
use crate::base::units::PER_HUNDRED;
use crate::city::{DOMAINS, Mode, Target};
use crate::institution::cost::{Charge, Cost, Costs, Payer};
use crate::institution::diffusion::QUARTER;
use crate::institution::opportunities::{either, suits_of};
use crate::institution::{
    Act, Asker, CityState, CommunityState, Contact, Family, Institution, Provider, Run, Step, StepContext,
};

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
    /// Money and hours of the organisations that worked in each community this month.
    pub flows: Vec<Flow>,
}

/// Money of the organisations at work in a community in a month, and their hours.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Flow {
    /// Yuan of grants, seed money among them.
    pub granted: i64,
    /// Yuan for tasks under contract, and what an incubator bore.
    pub contracts: f64,
    /// Yuan of fees and gifts.
    pub fees: f64,
    /// Yuan by which what they hold has grown, grants left out.
    pub gained: i64,
    /// Hours of work, whether anybody came or not.
    pub hours: f64,
}

impl Flow {
    /// Who paid for the month's work: what came in and was not kept.
    pub fn paid(&self) -> Cost {
        Cost::yuan(Payer::Budget, self.granted as f64 + self.contracts)
            .and(Cost::yuan(Payer::Residents, self.fees))
            .and(Cost::yuan(Payer::Organisations, -(self.granted + self.gained) as f64))
    }
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
        "money' = money + grant + fees · cost · min(most_interest, attendance / usual_attendance) − cost; folds after broke_months without money",
        "an activity is activity_hours of work; common rules' = common rules + (hours for rules per adult / rule_hours) · (1 − common rules); acquaintances across compounds' = those + bridging · share of adults who came",
        "of the tasks handed over as many are done as there are hours for; paid hours · contract_price · hour_cost; the hours are missing for activities",
        "in its young_months an incubator bears the share incubation of an organisation's costs",
        "capacity' = capacity · (1 + growth) on a surplus with the cost of reserve_months in hand, · (1 − shrinking) on a loss with less than half of it; founded with birth_rate · volunteers / 100, with seed money from what is left of the pot, or unaided",
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
        Act { step: Step::Calendar, what: "bids for the year's grants", run: Run::City(bid) },
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
    costs: Costs::Charged {
        label: text("work of organisations", "社会组织工作支出"),
        charges: &[Charge {
            what: "hours of work, which the budget pays by grants, contracts and incubation, residents by fees, and organisations out of what they hold",
            of: work_cost,
        }],
    },
};

fn work_cost(state: &CommunityState, city: &CityState, _: &StepContext) -> Cost {
    match city.organisations.flows.get(state.community.id as usize) {
        Some(flow) => Cost { staff_hours: flow.hours, ..flow.paid() },
        None => Cost::default(),
    }
}

/// Least hours of work with which an organisation begins, so that it can hold anything at all.
const LEAST_HOURS: f64 = 2.0;
/// Where the tail of the exponential law of sizes is cut, in means: beyond lies one in twenty thousand.
const TAIL: f64 = 10.0;
const FOUNDING: Stream = Stream::named("founding of organisations");

fn bid(communities: &mut [CommunityState], city: &mut CityState, now: &StepContext) {
    let rules = &now.rules.institutions.organisations;
    if now.month == 0 {
        begin(communities, &mut city.organisations, now);
    }
    let citywide = &mut city.organisations;
    citywide.granted = 0;
    citywide.flows.clear();
    citywide.flows.resize(communities.len(), Flow::default());
    if now.date.of_year() != rules.grants_month {
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
            let chance = rules.grants_chance * now.rng.uniform(FOUNDING, o.id, now.month, 1);
            (o.repute + rules.local_preference * o.local as u8 as f64 + lack + chance, k)
        })
        .collect();
    order.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    for (_, k) in order {
        let asked = ((rules.project_months * citywide.all[k].capacity * rules.hour_cost) as i64).min(pot);
        citywide.all[k].money += asked;
        citywide.granted += asked;
        let works_in = citywide.all[k].works_in as usize;
        citywide.flows[works_in].granted += asked;
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
        let reserves = (rules.reserve_months * rules.capacity * rules.hour_cost) as i64;
        found(citywide, rules, home, local, now, reserves);
    }
    allocate_hours(citywide, communities.len());
}

fn found(citywide: &mut Citywide, rules: &Settings, home: u32, local: bool, now: &StepContext, money: i64) {
    let id = citywide.founded;
    citywide.founded += 1;
    // Exponential around the mean: a few large ones, many small ones.
    let u = now.rng.uniform(FOUNDING, id, 0, 4);
    let capacity = (-rules.capacity * libm::log(u)).clamp(LEAST_HOURS, TAIL * rules.capacity.max(1.0));
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
        young_until: if now.month > 0 { now.month + rules.young_months } else { 0 },
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
    let chance = suits_of(&rules.opportunities, activities, adults);
    let signals = &mut state.signals;
    for mode in [Mode::Event, Mode::Volunteer] {
        signals.open[mode as usize] = either(signals.open[mode as usize], chance);
        signals.stake[mode as usize] =
            signals.stake[mode as usize].max(rules.opportunities.stake_organised as f32);
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
    let good = now.rules.residents.activity_good as f32;
    let met = Contact { chance: rules.organisations.brings_together as f32 * chance, good };
    *neighbours = neighbours.and(met);
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
            *seen += rules.notice * (now_came - *seen);
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
        let interest =
            if here.is_nan() { 0.0 } else { (here / rules.usual_attendance).min(rules.most_interest) };
        let busy = busy(o.works_in as usize);
        let paid = rules.contract_price * busy;
        let fees = rules.fees * cost * interest * (1.0 - busy);
        let gained = (fees + paid * cost - cost * (1.0 - borne)) as i64;
        o.money += gained;
        let flow = &mut citywide.flows[o.works_in as usize];
        flow.fees += fees;
        flow.contracts += paid * cost + borne * cost;
        flow.gained += gained;
        flow.hours += o.capacity;
        o.repute += rules.repute_step * (interest.min(1.0) - o.repute);
        // It grows on a surplus with reserves in hand, and cuts back before its money is gone.
        let surplus = rules.fees * interest * (1.0 - busy) + paid >= 1.0 - borne;
        let (money, reserves) = (o.money as f64, rules.reserve_months);
        let (secure, short) = (money > reserves * cost, money < 0.5 * reserves * cost);
        o.broke = if o.money < 0 { o.broke + 1 } else { 0 };
        o.capacity *= match (surplus, secure, short) {
            (true, true, _) => 1.0 + rules.growth,
            (false, _, true) => 1.0 - rules.shrinking,
            _ => 1.0,
        };
        o.capacity = o.capacity.min(rules.largest);
        // Once a quarter it asks itself where it would be of most use.
        if !o.local && (now.month + o.id) % QUARTER == 0 {
            let worth = |c: usize| {
                attendance[c] / rules.usual_attendance + 1.0
                    - communities[c].signals.services[o.domain] as f64
            };
            let better = (0..communities.len())
                .map(|c| (worth(c), c))
                .max_by(|a, b| a.0.total_cmp(&b.0).then(b.1.cmp(&a.1)));
            if let Some((best, c)) = better
                && best > worth(o.works_in as usize) + rules.clearly
            {
                o.works_in = c as u32;
            }
        }
        if (now.month + o.id) % 12 == 0 {
            turn_to_what_is_missing(o, &communities[o.works_in as usize], rules.clearly);
        }
    }
    citywide.all.retain(|o| o.broke < rules.broke_months);
    for c in 0..communities.len() {
        let volunteers = communities[c].signals.took_part[Mode::Volunteer as usize] as f64;
        // The reserves of an average organisation, from the pot while it lasts.
        let seed = ((rules.reserve_months * rules.capacity * rules.hour_cost) as i64).min(citywide.pot);
        let without_seed = rules.unaided + (1.0 - rules.unaided) * rules.incubation;
        let chance = rules.birth_rate * volunteers / PER_HUNDRED * if seed > 0 { 1.0 } else { without_seed };
        if now.rng.uniform(FOUNDING, c as u32, now.month, 6) < chance {
            citywide.pot -= seed;
            citywide.granted += seed;
            citywide.flows[c].granted += seed;
            found(citywide, rules, c as u32, true, now, seed);
        }
    }
    allocate_hours(citywide, communities.len());
}

/// Once a year an organisation turns to the service that its community lacks most, if that is clearly
/// another one than its own.
fn turn_to_what_is_missing(o: &mut Organisation, state: &CommunityState, clearly: f64) {
    let services = &state.signals.services;
    let missing = (0..DOMAINS).min_by(|&a, &b| services[a].total_cmp(&services[b])).unwrap_or(o.domain);
    if services[missing] + (clearly as f32) < services[o.domain] {
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
