//! The special fund for public services (公共服务专项资金): granted, decided, spent, and audited.
//!
//! Rows 8, 49, 54–56, 66, 101, 135, 137, 157 and 191. What residents make of the fund follows from who decides it:
//! their stake is the money times the say they have, and they learn from whether projects that meet
//! their needs are finished.

mod deciding;
pub(in crate::institution) mod devolution;
mod settings;

use serde::{Deserialize, Serialize};

use crate::base::params::{text, words};
use crate::base::rng::{CounterRng, Stream};
use crate::base::units::MINUTES;
use crate::city::{DOMAINS, Mode, Target};
use crate::institution::cost::{Charge, Cost, Costs, Payer};
use crate::institution::council::Member;
use crate::institution::{
    Act, CityState, CommunityState, Family, Institution, Run, Step, StepContext, coordination, opportunities,
    oversight,
};
pub use deciding::street_belief;
use deciding::{choose, coverage, fit, sitting};
pub use settings::Settings;

/// What members of a council and residents approve of.
#[words]
pub enum Match {
    /// projects in domains that they want served
    #[zh = "按意愿"]
    Wishes,
    /// projects in domains that they want served, weighted by what the service lacks
    #[zh = "按意愿与服务缺口"]
    Needs,
}

/// An election that a scenario gives: its projects, its ballots and its budget stand in the place of
/// those that the model would have made.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Given {
    /// Yuan granted in a year and spent in a decision.
    pub budget: i64,
    /// Cost of each project, yuan; empty if no election is given.
    pub costs: Vec<i64>,
    /// For each voter, the numbers of the projects voted for, counted from 0.
    pub ballots: Vec<Vec<u32>>,
    /// For each of these its score; empty where every vote is an approval.
    pub scores: Vec<Vec<i64>>,
}

/// Who decides what the fund is spent on.
#[words]
pub enum Decider {
    /// the street government
    #[zh = "街道"]
    Street,
    /// the residents' committee
    #[zh = "居委会"]
    Committee,
    /// the residents' council
    #[zh = "居民议事会"]
    Council,
    /// all residents, by ballot
    #[zh = "全体居民票决"]
    Residents,
}

/// Most projects that may stand in one vote.
const CANDIDATES: usize = 40;

/// A project under way.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Project {
    /// Service domain.
    pub domain: usize,
    /// Compound in which it is; none if it serves the whole community.
    pub compound: Option<u16>,
    /// Cost in yuan.
    pub cost: i64,
    /// Months of work, and of those the months done.
    pub months: u32,
    /// Months of work done.
    pub done: u32,
    /// Month of the grant that pays for it.
    pub since: u32,
}

/// What is kept in one community. Money in yuan; `granted`, `spent` and `leaked` are this month's.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Local {
    /// Money in the fund at the end of the month.
    pub balance: i64,
    /// Granted this month.
    pub granted: i64,
    /// Spent on projects this month.
    pub spent: i64,
    /// The same by domain.
    pub spent_on: [i64; DOMAINS],
    /// Lost this month.
    pub leaked: i64,
    /// Earned by the community itself this month.
    pub earned: i64,
    /// Money from above and own earnings, yuan a month: the first as granted last, the second as a mean
    /// over about a year.
    pub income: [f64; 2],
    /// Taken out of the year's money for services with the last grant.
    pub devolved: i64,
    /// What services still do without for it.
    pub owed: i64,
    /// Month of the last grant.
    pub granted_in: u32,
    /// Months from the grant to the end of the projects that ended this month, summed; and their number.
    pub durations: [u32; 2],
    /// Money promised to projects under way and not yet spent.
    pub committed: i64,
    /// Projects under way.
    pub projects: Vec<Project>,
    /// Residents' proposals since the last decision, by domain.
    pub proposals: [u32; DOMAINS],
    /// Month of the next decision; 0 = none due.
    pub decision: u32,
    /// Whom residents credit with what was decided last, and blame for it.
    pub decided_by: Target,
    /// Share of the money decided last that went to what residents need, relative to the best
    /// possible; none before the first decision.
    pub fit: Option<f64>,
    /// Share of residents of whose two wishes at least one was met by what was decided last, where they live;
    /// none before the first decision.
    pub coverage: Option<f64>,
    /// How far the office that decided last was wrong about needs: half the sum of absolute differences
    /// between the shares of unmet need that it believed in and the true ones; none where no office decided.
    pub need_error: Option<f64>,
}

impl Local {
    /// The street's share of the community's money; 0 without any.
    pub fn dependence(&self) -> f64 {
        let [above, own] = self.income;
        if above > 0.0 { above / (above + own) } else { 0.0 }
    }
}

/// Registration.
pub const INSTITUTION: Institution = Institution {
    name: "funding",
    family: Family::FundAndMoney,
    summary: text("The special fund for public services and who decides it.", "公共服务专项资金及其决定权。"),
    rows: &[8, 49, 54, 55, 56, 66, 101, 135, 137, 157, 191],
    equations: &[
        "balance' = balance + granted + earned − spent − leaked;  earned = own_revenue · staff hours left over last month",
        "leaked = spent · leak · (1 − openness_effect · openness) · (1 − audit_effect · audit), less what oversight stops",
        "say: street 0, committee its accountability, council the residents' seats free of capture, ballot 1",
        "stake = say · m / (m + half_stake), with m the grant in yuan per adult",
        "an office believes in a share of need (1 − guess) · true + guess · guessed, with guess = blindness for the street and blindness · (1 − min(1, visit_insight · visited + accountability)) for the committee; guessed = visible / 3 in environment, culture and sport + lobbying · share of organisations' hours + (1 − visible − lobbying) · hunch, as far as it was not told",
        "a finished project lifts its domain: Q' = Q + domains · project_yield · cost / (adults · services.cost) · (1 − Q), for the whole community, or for one compound with the adults there: that lift L' = L + … · (1 − L) is felt as Q + L · (1 − Q), and fades at the rate of ageing / (1 − Q)",
        "of a year's money for services, devolution goes into the fund with the grant; services do without it month by month until the next",
        "where residents help, lapse' = lapse · (1 − coproduction · (1 − exp(−volunteers / (helpers · projects))))",
        "dependence D = money from above / (money from above + own earnings, over about a year)",
    ],
    neutral: &[
        ("base", "0"),
        ("per_capita", "0.0"),
        ("devolution", "0.0"),
        ("governance_share", "1.0"),
        ("own_revenue", "0.0"),
        ("own_income", "0.0"),
    ],
    demonstration: &[
        ("decider", "\"council\""),
        ("growth", "0.05"),
        ("per_capita", "50"),
        ("own_revenue", "20"),
        ("coproduction", "0.3"),
    ],
    acts: &[
        Act { step: Step::Calendar, what: "receives the year's grant", run: Run::Community(grant) },
        Act {
            step: Step::Opportunities,
            what: "opens proposals and ballots as far as residents have a say",
            run: Run::Community(open),
        },
        Act {
            step: Step::Decisions,
            what: "collects proposals, and decides on projects where a decision is due",
            run: Run::Community(decide),
        },
        Act {
            step: Step::Projects,
            what: "pays for projects, finishes some, loses others",
            run: Run::Community(spend),
        },
    ],
    costs: Costs::Charged {
        label: text("spending of the fund", "专项资金支出"),
        charges: &[
            Charge {
                what: "projects, of which the budget grants the money and customers pay what the community earns, and what leaks",
                of: projects_cost,
            },
            Charge { what: "ballots on projects, audits, and accounts that are open to view", of: care_cost },
        ],
    },
};

/// Who pays for what was spent: a grant that is not spent yet lies in the fund.
fn projects_cost(state: &CommunityState, _: &CityState, _: &StepContext) -> Cost {
    let fund = &state.local.funding;
    let drawn = fund.spent + fund.leaked - fund.granted - fund.earned;
    Cost::yuan(Payer::Budget, fund.granted as f64)
        .and(Cost::yuan(Payer::Others, fund.earned as f64))
        .and(Cost::yuan(Payer::Fund, drawn as f64))
}

fn care_cost(state: &CommunityState, _: &CityState, now: &StepContext) -> Cost {
    let (funding, prices) = (&now.rules.institutions.funding, &now.rules.costs);
    let local = &state.local.funding;
    if local.balance + local.spent + local.leaked == 0 {
        return Cost::default();
    }
    let votes = state.signals.open[Mode::Ballot as usize] > 0.0;
    let electors = if votes { state.signals.eligible[Mode::Ballot as usize] } else { 0 };
    let open = funding.openness * prices.channel;
    let audit = funding.audit * prices.audit / 12.0;
    Cost::yuan(Payer::Budget, prices.ballot * electors as f64 + open + audit)
}

/// Last month of a year counted from its first: a decision falls within the year of its grant.
const LAST: f64 = 11.0;

/// Most yuan granted in a year, so that a century of doubling stays a number.
pub const MOST_GRANTED: f64 = 1e15;

fn yearly(funding: &Settings, state: &CommunityState, now: &StepContext) -> i64 {
    if !funding.election.costs.is_empty() {
        return funding.election.budget;
    }
    let years = ((now.since_start() - funding.start_month as i32).max(0) / 12) as f64;
    let by_rule = || funding.base as f64 + funding.per_capita * state.community.adults() as f64;
    let first = now.rules.table.fund(&state.community).map_or_else(by_rule, |yuan| yuan as f64);
    let full = first * funding.governance_share * libm::pow(1.0 + funding.growth, years);
    full.round().min(MOST_GRANTED) as i64
}

/// Staff hours left over last month earn money, if there is anything to earn.
fn earn(state: &mut CommunityState, rate: f64) {
    let local = &mut state.local.funding;
    local.earned = (rate * state.local.staff.month.idle as f64 / MINUTES) as i64;
    local.balance += local.earned;
    // A mean over about a year, so that one bad month does not make a community poor.
    local.income[1] += (local.earned as f64 - local.income[1]) / 12.0;
}

fn grant(state: &mut CommunityState, city: &CityState, now: &StepContext) {
    let funding = &now.rules.institutions.funding;
    state.local.funding.granted = 0;
    if now.month == 0 {
        state.local.funding.income[1] = funding.own_income;
    }
    earn(state, funding.own_revenue);
    if !now.has_come(funding.start_month) || !now.recurs(funding.start_month, 12) {
        return;
    }
    let money = yearly(funding, state, now) + devolution::take(state, city, now);
    state.local.funding.income[0] = money as f64 / 12.0;
    if money == 0 && state.local.funding.balance == 0 {
        return;
    }
    let rng = now.rng.of(state.community.id);
    // Log-normal with the median of the setting; within the year, so that no decision is skipped.
    let z = rng.normal(Stream::named("approval delay"), 0, now.month, 0);
    let office = funding.approval_delay * libm::exp(funding.approval_spread * z);
    let delay = (office + coordination::chain_months(now.rules)).round().clamp(0.0, LAST) as u32;
    let local = &mut state.local.funding;
    local.granted_in = now.month;
    local.granted = money;
    local.balance += money;
    local.decision = now.month + delay;
}

/// Share of the decision that is the residents' own.
fn say(state: &CommunityState, now: &StepContext) -> f64 {
    let rules = &now.rules.institutions;
    match rules.funding.decider {
        Decider::Street => 0.0,
        Decider::Committee => state.local.oversight.accountability(&rules.staff),
        Decider::Council => rules.council.residents_say(),
        Decider::Residents => 1.0,
    }
}

fn pending(state: &CommunityState, now: &StepContext) -> bool {
    let local = &state.local.funding;
    local.balance > local.committed && local.decision >= now.month
}

fn open(state: &mut CommunityState, _: &CityState, now: &StepContext) {
    let funding = &now.rules.institutions.funding;
    invite_helpers(state, now);
    if !pending(state, now) {
        return;
    }
    let say = say(state, now);
    if say == 0.0 {
        return;
    }
    let year = yearly(funding, state, now) + state.local.funding.devolved;
    let per_adult = year as f64 / state.community.adults().max(1) as f64;
    let stake = (say * per_adult / (per_adult + funding.half_stake)) as f32;
    let signals = &mut state.signals;
    signals.open[Mode::Proposal as usize] = 1.0;
    for mode in [Mode::Proposal, Mode::Meeting, Mode::Online] {
        signals.stake[mode as usize] = signals.stake[mode as usize].max(stake);
    }
    let decided_now = state.local.funding.decision == now.month;
    if decided_now && funding.decider == Decider::Residents {
        signals.open[Mode::Ballot as usize] = 1.0;
        signals.stake[Mode::Ballot as usize] = stake;
        signals.announced[Mode::Ballot as usize] = funding.publicity as f32;
    }
}

/// Projects on which residents are invited to work are occasions to volunteer.
fn invite_helpers(state: &mut CommunityState, now: &StepContext) {
    let rules = &now.rules.institutions;
    let occasions = rules.funding.coproduction * state.local.funding.projects.len() as f64;
    let o = &rules.opportunities;
    if occasions > 0.0 {
        state.signals.offer(
            Mode::Volunteer,
            opportunities::suits(o.fit, occasions),
            o.stake_organised as f32,
        );
    }
}

/// Chance that a project is never finished, with residents' help.
fn lapse(state: &CommunityState, funding: &Settings) -> f64 {
    let projects = state.local.funding.projects.len() as f64;
    let volunteers = state.signals.took_part[Mode::Volunteer as usize] as f64;
    let helped = 1.0 - libm::exp(-volunteers / (funding.helpers * projects));
    funding.lapse * (1.0 - funding.coproduction * helped)
}

fn decide(state: &mut CommunityState, city: &CityState, now: &StepContext) {
    if state.local.funding.balance == 0 {
        return;
    }
    collect(state);
    if state.local.funding.decision != now.month || !pending(state, now) {
        return;
    }
    let rng = now.rng.of(state.community.id);
    let members = sitting(state, city, now);
    let candidates = candidates(state, now, rng, &members);
    let local = &state.local.funding;
    let budget = local.balance - local.committed;
    let (chosen, need_error) = choose(state, city, now, rng, &members, &candidates, budget);
    let local = &mut state.local.funding;
    local.need_error = need_error;
    local.committed += chosen.iter().map(|&c| candidates[c].cost).sum::<i64>();
    local.proposals = [0; DOMAINS];
    local.decided_by = match now.rules.institutions.funding.decider {
        Decider::Street => Target::LocalGovernment,
        _ => Target::Committee,
    };
    let projects: Vec<Project> = chosen.into_iter().map(|c| candidates[c]).collect();
    state.local.funding.fit = fit(state, &projects);
    state.local.funding.coverage = coverage(state, &projects);
    state.local.funding.projects.extend(projects);
}

fn collect(state: &mut CommunityState) {
    let raised = state.signals.raised;
    state.local.funding.proposals.iter_mut().zip(raised).for_each(|(n, raised)| *n += raised);
    if state.signals.took_part[Mode::Proposal as usize] == 0 {
        return;
    }
    let residents = &state.community.residents;
    for (acts, needs) in residents.acts.iter().zip(&residents.needs) {
        if acts & Mode::Proposal.bit() != 0 {
            state.local.funding.proposals[needs.first()] += 1;
        }
    }
}

const COST: Stream = Stream::named("project cost");
const SITE: Stream = Stream::named("project site");
const SHARED: Stream = Stream::named("projects that serve all");

/// What stands to the vote: projects from residents' proposals, in proportion, one for each domain from the office,
/// so that there is always a choice, and one from each of the council's `members` who sit, for the own compound.
fn candidates(
    state: &CommunityState,
    now: &StepContext,
    rng: CounterRng,
    members: &[Member],
) -> Vec<Project> {
    let funding = &now.rules.institutions.funding;
    if !funding.election.costs.is_empty() {
        return given(&funding.election, funding.project_months, state.local.funding.granted_in);
    }
    let separation = funding.decider == Decider::Council && now.rules.institutions.council.separation;
    let from_residents: Vec<f64> = state.local.funding.proposals.iter().map(|&n| n as f64).collect();
    let proposed: u32 = state.local.funding.proposals.iter().sum();
    let seats = (proposed as usize).min(CANDIDATES - DOMAINS) as i64;
    let mut numbers = crate::institution::government::split(seats, &from_residents);
    if seats == 0 {
        numbers.fill(0);
    }
    let of_offices =
        numbers.iter().enumerate().flat_map(|(d, &number)| (0..1 + number).map(move |_| (d, None)));
    let of_members = members.iter().take(CANDIDATES).filter_map(|member| {
        let view = deciding::pressing(state, now, member.wants);
        let most = (0..DOMAINS).fold(0, |most, d| if view[d] > view[most] { d } else { most });
        Some((most, Some(state.community.residents.compound[member.resident? as usize])))
    });
    let project = |(serial, (domain, home)): (u32, (usize, Option<u16>))| {
        let z = rng.normal(COST, serial, now.month, 0);
        let cost = (funding.project_cost as f64 * libm::exp(funding.cost_spread * z)).round().max(1.0) as i64;
        let site = || rng.below(SITE, serial, now.month, 0, state.community.compounds.max(1) as u32) as u16;
        let serves_all = rng.uniform(SHARED, serial, now.month, 0) < funding.shared;
        Project {
            domain,
            compound: (!serves_all).then(|| home.unwrap_or_else(site)),
            cost,
            months: funding.project_months + separation as u32,
            done: 0,
            since: state.local.funding.granted_in,
        }
    };
    (0..).zip(of_offices.chain(of_members)).map(project).collect()
}

/// The projects of a given election, over the domains by turns.
fn given(election: &Given, months: u32, since: u32) -> Vec<Project> {
    let project = |(p, &cost): (usize, &i64)| Project {
        domain: p % DOMAINS,
        compound: None,
        cost,
        months,
        done: 0,
        since,
    };
    election.costs.iter().enumerate().map(project).collect()
}

fn spend(state: &mut CommunityState, _: &CityState, now: &StepContext) {
    let rules = &now.rules.institutions;
    let funding = &rules.funding;
    let lapse = lapse(state, funding);
    let local = &mut state.local.funding;
    (local.spent, local.leaked, local.durations) = (0, 0, [0, 0]);
    local.spent_on = [0; DOMAINS];
    if local.projects.is_empty() {
        return;
    }
    let passes = |effect: f64, strength: f64| 1.0 - effect * strength;
    let unwatched =
        passes(funding.openness_effect, funding.openness) * passes(funding.audit_effect, funding.audit);
    let leak = funding.leak * unwatched * oversight::leaks(now.rules);
    let rng = now.rng.of(state.community.id);
    let signals = &mut state.signals;
    let (residents, all) = (&state.community.residents, state.community.adults());
    let compounds = state.community.compounds.max(1) as usize;
    // Of those for all, and of those for each compound alone: finished and lapsed.
    let mut ended = [[0.0f32; DOMAINS]; 2];
    let mut ended_here: Vec<[[f32; DOMAINS]; 2]> = Vec::new();
    let mut serial = 0;
    local.projects.retain_mut(|project| {
        serial += 1;
        let step = |m: u32| project.cost * m as i64 / project.months as i64;
        let money = step(project.done + 1) - step(project.done);
        let leaked = (money as f64 * leak) as i64;
        local.spent += money - leaked;
        local.spent_on[project.domain] += money - leaked;
        local.leaked += leaked;
        local.committed -= money;
        project.done += 1;
        if project.done < project.months {
            return true;
        }
        local.durations = [local.durations[0] + now.month + 1 - project.since, local.durations[1] + 1];
        let chance = lapse * signals.lapse as f64;
        let lapses = rng.uniform(Stream::named("project lapses"), serial, now.month, 0) < chance;
        let count = match project.compound {
            None => &mut ended,
            Some(compound) => {
                ended_here.resize(compounds, [[0.0; DOMAINS]; 2]);
                &mut ended_here[compound as usize]
            }
        };
        count[lapses as usize][project.domain] += 1.0;
        if !lapses {
            let worth = DOMAINS as f64 * funding.project_yield * project.cost as f64;
            let (level, adults) = match project.compound {
                None => (&mut signals.services[project.domain], all),
                Some(compound) => {
                    let here = residents.compound.iter().filter(|&&c| c == compound).count();
                    signals.surplus.resize(compounds, [0.0; DOMAINS]);
                    (&mut signals.surplus[compound as usize][project.domain], here)
                }
            };
            let per_point = adults.max(1) as f64 * rules.services.cost;
            *level += (worth / per_point).min(1.0) as f32 * (1.0 - *level);
        }
        false
    });
    local.balance -= local.spent + local.leaked;
    [signals.projects_finished, signals.projects_failed] = as_experience(ended);
    let with_those_for_all = |here: &[[f32; DOMAINS]; 2]| {
        as_experience([0, 1].map(|kind| std::array::from_fn(|d| here[kind][d] + ended[kind][d])))
    };
    signals.projects_here = ended_here.iter().map(with_those_for_all).collect();
    signals.projects_of = local.decided_by;
    // What is lost comes out in an audit, and everybody hears of it.
    let found = rng.uniform(Stream::named("audit"), 0, now.month, 0) < funding.audit / 12.0;
    if found && local.leaked > 0 {
        let share = local.leaked as f32 / (local.leaked + local.spent) as f32;
        let here = signals.projects_here.iter_mut().map(|[_, failed]| failed);
        let everywhere = here.chain([&mut signals.projects_failed]);
        everywhere.flatten().for_each(|failed| *failed += share);
    }
}

/// Several projects of one kind that end together are one experience, not several: of those that ended, by domain, the
/// shares finished and lapsed.
fn as_experience([finished, lapsed]: [[f32; DOMAINS]; 2]) -> [[f32; DOMAINS]; 2] {
    let ended: [f32; DOMAINS] = std::array::from_fn(|d| (finished[d] + lapsed[d]).max(1.0));
    [finished, lapsed].map(|count| std::array::from_fn(|d| count[d] / ended[d]))
}
