//! Property companies (物业公司), owners' committees (业主委员会) and residents' self-help, compound by
//! compound.
//!
//! Rows 9, 10, 80 and 131. A company is funded by fees, and satisfied owners pay. What it keeps back beyond
//! its margin falls with how many owners watch it in their assembly. Without companies, owners manage
//! their compound themselves: nothing is kept back, and money goes less far. Who lives where nobody manages
//! has no experience with a management.

use serde::{Deserialize, Serialize};

use crate::base::params::{settings, text, words};
use crate::base::rng::Stream;
use crate::city::{Kind, Mode, Target};
use crate::institution::cost::{Charge, Cost, Costs, Payer};
use crate::institution::{Act, CityState, CommunityState, Family, Institution, Run, Step, StepContext};

/// Settings of `[property]`.
#[settings]
pub struct Settings {
    /// Who manages compounds.
    #[param(one_of = None, zh = "小区(院落)的物业管理模式。")]
    pub mode: Management,
    /// Share of compounds that are managed in this way; the others by nobody.
    #[param(share = 1.0, zh = "采用该模式的小区比例,其余无人管理。", choice)]
    pub coverage: f64,
    /// Share of compounds in old courtyards and villages that have a company where all other kinds have one.
    #[param(
        share = 0.0,
        zh = "老旧院落与村的小区中有物业公司的比例(其他类型均有时)。",
        assumed = "few have a company; owners may manage by themselves in every kind"
    )]
    pub courtyards_and_villages: f64,
    /// Share of managed compounds that have an owners' committee, where the mode asks for one.
    #[param(share = 1.0, zh = "已成立业主委员会的小区比例(模式要求设立时)。", choice)]
    pub owners_committee: f64,
    /// Property fee.
    #[param(
        count = 100,
        range = 0..=100_000,
        unit = "yuan per household and month",
        zh = "物业费。",
        assumed = "about one yuan per square metre; old courtyards charge less, new estates more"
    )]
    pub fee: i64,
    /// Spending at which half of what the environment lacks is made up.
    #[param(
        real = 100.0,
        range = 1.0..=100_000.0,
        unit = "yuan per household and month",
        zh = "弥补环境不足一半所需的支出。",
        assumed = "a usual fee, spent to the last yuan, does half"
    )]
    pub half_fee: f64,
    /// Share of households that pay whatever they think of the company; of the others those who trust it.
    #[param(
        share = 0.5,
        zh = "无论是否满意都缴费的家庭比例,其余按信任程度缴费。",
        assumed = "with trust of .5, three quarters pay"
    )]
    pub captive_pay: f64,
    /// Share of fees that a company keeps as its margin.
    #[param(share = 0.1, zh = "物业公司的利润比例。", assumed = "a usual commission contract")]
    pub margin: f64,
    /// Further share of fees that a company does not spend on the compound where nobody watches.
    #[param(share = 0.3, zh = "无人监督时物业费未用于小区的额外比例。", assumed = "no measurement")]
    pub slack: f64,
    /// Share of a compound's owners in the last assembly from which on a company is watched in full.
    #[param(
        real = 0.2,
        range = 0.01..=1.0,
        unit = "share",
        zh = "业主大会出席率达到该比例即可充分监督。",
        assumed = "the base rate of owners' assemblies"
    )]
    pub watch: f64,
    /// How far money goes where owners manage by themselves, relative to a company.
    #[param(
        share = 0.7,
        zh = "业主自管相对于专业公司的资金效用。",
        assumed = "no measurement",
        demonstration = [".mode=owners"]
    )]
    pub amateur: f64,
    /// What an hour that a resident volunteers is worth to the compound, where residents help themselves.
    #[param(
        real = 20.0,
        range = 0.0..=1_000.0,
        unit = "yuan per hour",
        zh = "居民自治中每小时志愿服务对小区的价值。",
        assumed = "unskilled work"
    )]
    pub self_help: f64,
    /// Owners' say over fees where they have a committee.
    #[param(share = 0.5, zh = "设有业主委员会时业主对物业费的话语权。", assumed = "shared with the company")]
    pub say: f64,
    /// Yearly fee per adult at which half of what can be at stake in the owners' assembly is.
    #[param(
        real = 50.0,
        range = 0.1..=10_000.0,
        unit = "yuan per adult and year",
        zh = "业主大会重要程度达到一半时的人均年物业费。",
        assumed = "as the half_stake of the fund; no measurement"
    )]
    pub half_stake: f64,
    /// Share of owners whom their committee's letters reach before the assembly.
    #[param(share = 0.5, zh = "业主委员会书面通知所触及的业主比例。", assumed = "no measurement")]
    pub letters: f64,
    /// Monthly step of upkeep towards what is spent on it.
    #[param(share = 0.1, zh = "维护水平每月向投入水平靠近的步长。", assumed = "a year until it shows")]
    pub upkeep_step: f64,
}

/// Who manages compounds.
#[words]
pub enum Management {
    /// nobody: there is only the public environment service
    #[zh = "无物业管理,仅有公共环境服务"]
    None,
    /// a property company
    #[zh = "物业公司管理"]
    Company,
    /// the owners' committee by itself
    #[zh = "业主委员会自管"]
    Owners,
    /// a company, watched by the owners' committee, with residents' self-help
    #[zh = "物业公司+业主委员会+居民自治"]
    Tri,
}

/// One compound (小区/院落).
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Compound {
    /// Adults who live there.
    pub adults: u32,
    /// Households.
    pub households: u32,
    /// Whether it is managed at all.
    pub managed: bool,
    /// Whether it has an owners' committee.
    pub committee: bool,
    /// Share of its owners in their last assembly.
    pub attended: f32,
}

/// What is kept in one community. Yuan are this month's: `collected` = `spent` + `kept` + `astray`.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Local {
    /// Its compounds, once any is managed.
    pub compounds: Vec<Compound>,
    /// Fees asked for.
    pub billed: i64,
    /// Fees paid.
    pub collected: i64,
    /// Spent on compounds.
    pub spent: i64,
    /// Margins of companies.
    pub kept: i64,
    /// Neither spent nor margin.
    pub astray: i64,
}

/// Registration.
pub const INSTITUTION: Institution = Institution {
    name: "property",
    family: Family::OrganisationsAndPartners,
    summary: text(
        "Property companies, owners' committees and residents' self-help.",
        "物业公司、业主委员会与居民自治。",
    ),
    rows: &[9, 10, 80, 131],
    equations: &[
        "managed = coverage, of courtyards and villages by companies coverage · courtyards_and_villages",
        "paid = captive_pay + (1 − captive_pay) · mean trust in property management in the compound",
        "spent = fee · paid · (1 − margin − slack · (1 − watched)); owners by themselves: fee · paid · amateur;  watched = min(1, share of owners in the last assembly / watch), 0 without a committee",
        "upkeep' = upkeep + 0.1 · (s / (s + half_fee) − upkeep), with s spent a household, worth of self-help included; upkeep is the share of what the environment lacks that is made up",
        "stake in the owners' assembly = share of compounds with a committee · say · m / (m + half_stake), with m a year's fee in yuan per adult",
    ],
    neutral: &[("mode", "\"none\"")],
    demonstration: &[("mode", "\"tri\"")],
    acts: &[
        Act {
            step: Step::Opportunities,
            what: "calls owners to their assembly where they have a committee",
            run: Run::Community(call),
        },
        Act {
            step: Step::Encounters,
            what: "collects fees, keeps compounds up, and is watched",
            run: Run::Community(manage),
        },
    ],
    costs: Costs::Charged {
        label: text("property fees", "物业费"),
        charges: &[Charge { what: "fees collected, by residents", of: fees_cost }],
    },
};

fn fees_cost(state: &CommunityState, _: &CityState, _: &StepContext) -> Cost {
    Cost::yuan(Payer::Residents, state.local.property.collected as f64)
}

impl Settings {
    fn has_committees(&self) -> bool {
        matches!(self.mode, Management::Owners | Management::Tri)
    }

    /// Share of compounds that are managed in a community of this kind.
    fn coverage_of(&self, kind: Kind) -> f64 {
        let has_few_companies = matches!(kind, Kind::Courtyard | Kind::Village);
        let by_company = matches!(self.mode, Management::Company | Management::Tri);
        let of_kind = if has_few_companies && by_company { self.courtyards_and_villages } else { 1.0 };
        self.coverage * of_kind
    }
}

fn call(state: &mut CommunityState, _: &CityState, now: &StepContext) {
    let property = &now.rules.institutions.property;
    let owners = Mode::Owners as usize;
    if !property.has_committees() || state.signals.open[owners] == 0.0 {
        return;
    }
    let of = coverage(state, now) * property.owners_committee;
    let households = state.community.households.len() as f64;
    let yearly = 12.0 * fee(state, now) as f64 * households / state.community.adults().max(1) as f64;
    let stake = of * property.say * yearly / (yearly + property.half_stake);
    state.signals.stake[owners] = state.signals.stake[owners].max(stake as f32);
    // A committee writes to its owners.
    let announced = &mut state.signals.announced[owners];
    *announced = announced.max((property.letters * of) as f32);
}

/// Share of compounds that are managed here: what a table says, or what follows from the kind.
fn coverage(state: &CommunityState, now: &StepContext) -> f64 {
    let by_rule = || now.rules.institutions.property.coverage_of(state.community.kind);
    now.rules.table.managed(&state.community).unwrap_or_else(by_rule)
}

/// Property fee here, yuan per household and month: what a table says, or the same for all.
fn fee(state: &CommunityState, now: &StepContext) -> i64 {
    now.rules.table.fee(&state.community).unwrap_or(now.rules.institutions.property.fee)
}

const CHOICE: Stream = Stream::named("management of compounds");

fn manage(state: &mut CommunityState, _: &CityState, now: &StepContext) {
    let property = &now.rules.institutions.property;
    let local = &mut state.local.property;
    (local.billed, local.collected, local.spent, local.kept, local.astray) = (0, 0, 0, 0, 0);
    if property.mode == Management::None {
        if !local.compounds.is_empty() {
            local.compounds.clear();
            state.signals.upkeep.clear();
        }
        return;
    }
    begin(state, now);
    let (trust, fee) = (trust(state), fee(state, now));
    watch(state);
    let volunteers = state.signals.took_part[Mode::Volunteer as usize] as f64;
    let hours = volunteers * now.rules.modes[Mode::Volunteer as usize].hours;
    let per_household = hours / state.community.households.len().max(1) as f64;
    let help = if property.mode == Management::Tri { per_household * property.self_help } else { 0.0 };
    let local = &mut state.local.property;
    for (c, compound) in local.compounds.iter().enumerate() {
        let managed = compound.managed && compound.households > 0;
        let spent = if managed { pay(property, fee, compound, trust[c.min(MOST)]) } else { [0; 5] };
        let [billed, collected, kept, astray, useful] = spent;
        local.billed += billed;
        local.collected += collected;
        local.kept += kept;
        local.astray += astray;
        local.spent += collected - kept - astray;
        let each = if managed { useful as f64 / compound.households as f64 + help } else { 0.0 };
        let upkeep = &mut state.signals.upkeep[c];
        *upkeep += property.upkeep_step as f32 * ((each / (each + property.half_fee)) as f32 - *upkeep);
    }
}

/// Yuan of a compound: billed, collected, kept, astray, and what the rest is worth.
fn pay(property: &Settings, fee: i64, compound: &Compound, trust: f64) -> [i64; 5] {
    let billed = fee * compound.households as i64;
    let paid = property.captive_pay + (1.0 - property.captive_pay) * trust;
    let collected = (billed as f64 * paid) as i64;
    if property.mode == Management::Owners {
        let useful = if compound.committee { (collected as f64 * property.amateur) as i64 } else { 0 };
        // Where the owners never formed their committee, nobody collects.
        return if compound.committee { [billed, collected, 0, 0, useful] } else { [0; 5] };
    }
    let watched = if property.mode == Management::Tri && compound.committee {
        (compound.attended as f64 / property.watch).min(1.0)
    } else {
        0.0
    };
    let kept = (collected as f64 * property.margin) as i64;
    let astray = ((collected - kept) as f64 * property.slack * (1.0 - watched)) as i64;
    [billed, collected, kept, astray, collected - kept - astray]
}

/// Most compounds whose opinion is told apart; the rest share one.
const MOST: usize = 255;

/// Mean trust in property management, by compound.
fn trust(state: &CommunityState) -> [f64; MOST + 1] {
    let residents = &state.community.residents;
    let (mut sum, mut heads) = ([0.0; MOST + 1], [0u32; MOST + 1]);
    for (&compound, &trust) in residents.compound.iter().zip(&residents.trust[Target::Property as usize]) {
        let c = (compound as usize).min(MOST);
        sum[c] += trust as f64;
        heads[c] += 1;
    }
    for (sum, heads) in sum.iter_mut().zip(heads) {
        *sum /= heads.max(1) as f64;
    }
    sum
}

/// In the first month under management: which compounds have what.
fn begin(state: &mut CommunityState, now: &StepContext) {
    let property = &now.rules.institutions.property;
    let rng = now.rng.of(state.community.id);
    let n = state.community.compounds as usize;
    let coverage = coverage(state, now);
    let compounds = &mut state.local.property.compounds;
    if compounds.is_empty() {
        compounds.resize(n, Compound::default());
        state.signals.upkeep.clear();
        state.signals.upkeep.resize(n, 0.0);
        let community = &state.community;
        community.residents.compound.iter().for_each(|&c| compounds[c as usize].adults += 1);
        for h in 0..community.households.len() {
            let members = community.households.members(h);
            if let Some(&c) = community.residents.compound.get(members.start) {
                compounds[c as usize].households += 1;
            }
        }
    }
    for (c, compound) in compounds.iter_mut().enumerate() {
        compound.managed = rng.uniform(CHOICE, c as u32, 0, 0) < coverage;
        compound.committee =
            property.has_committees() && rng.uniform(CHOICE, c as u32, 0, 1) < property.owners_committee;
    }
}

/// After an assembly: how many of its owners came, by compound.
fn watch(state: &mut CommunityState) {
    if state.signals.open[Mode::Owners as usize] == 0.0 {
        return;
    }
    let residents = &state.community.residents;
    let compounds = &mut state.local.property.compounds;
    compounds.iter_mut().for_each(|compound| compound.attended = 0.0);
    // Counted as a sum, then as a share.
    let (mut owners, mut came) = ([0u32; MOST + 1], [0u32; MOST + 1]);
    for i in 0..residents.len() {
        let c = (residents.compound[i] as usize).min(MOST);
        owners[c] += residents.traits[i].owner() as u32;
        came[c] += (residents.acts[i] & Mode::Owners.bit() != 0) as u32;
    }
    for (c, compound) in compounds.iter_mut().enumerate() {
        let c = c.min(MOST);
        compound.attended = came[c] as f32 / owners[c].max(1) as f32;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::params::Settings as _;

    #[test]
    fn fees_are_spent_kept_or_astray_and_owners_who_watch_leave_nothing_astray() {
        let compound =
            Compound { adults: 300, households: 145, managed: true, committee: true, attended: 0.2 };
        for mode in [Management::Company, Management::Owners, Management::Tri] {
            let property = Settings { mode, ..Settings::standard() };
            let [billed, collected, kept, astray, _] = pay(&property, property.fee, &compound, 0.5);
            // Half pay in any case, and of the others half: three quarters of 14,500 yuan.
            assert_eq!((billed, collected), (14_500, 10_875));
            assert_eq!(astray > 0, mode == Management::Company, "{mode:?}");
            assert_eq!(kept > 0, mode != Management::Owners, "{mode:?}");
        }
    }
}
