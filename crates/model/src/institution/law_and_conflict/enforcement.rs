//! Officers and residents meet in the street: fairness decides what is made of it.
//!
//! Rows 22, 23, 28, 91, 92 and 141. Officers adapt: where they are overseen, complaints about them make them
//! fairer, the more so where an organisation of residents stands behind them; where their files are open,
//! those who oversee need no complaint. Training makes them fairer by themselves.

use serde::{Deserialize, Serialize};

use crate::base::params::{settings, text};
use crate::base::units::PER_TEN_THOUSAND;
use crate::city::{Mode, Target};
use crate::institution::cost::{Charge, Cost, Costs, Payer};
use crate::institution::{
    Act, CityState, CommunityState, Contact, Family, Institution, Run, Step, StepContext,
};

/// Settings of `[enforcement]`.
#[settings]
pub struct Settings {
    /// Chance of an encounter with enforcement in a month.
    #[param(
        share = 0.02,
        unit = "encounters per resident and month",
        zh = "居民每月遇到执法的概率。",
        assumed = "proposed core model",
        // A quarter of residents in a year.
        prior = log_normal(0.02, 0.5)
    )]
    pub rate: f64,
    /// Share of encounters that are fair, before officers adapt.
    #[param(
        share = 0.683,
        zh = "执法公正的比例(调整前)。",
        fitted = "posterior median of the calibrated baseline; before, .62: where fair and unfair encounters weigh the same, trust of .62 rests where as many are felt to be fair",
        // What can be asked is how fair it seemed.
        prior = beta(8.0, 3.0)
    )]
    pub fairness: f64,
    /// How strongly complaints correct officers.
    #[param(share = 0.2, zh = "投诉对执法的纠正力度。", assumed = "no measurement")]
    pub oversight: f64,
    /// Share of those who met or heard of an unfair encounter whose complaint is about it. No more than the
    /// complaints of the month can be.
    #[param(
        share = 0.1,
        zh = "遭遇或听闻不公正执法者中就此投诉的比例(不超过当月投诉总数)。",
        assumed = "most who feel treated unfairly do not complain; no figure was found"
    )]
    pub reported: f64,
    /// Residents who hear of an encounter as if it were their own.
    #[param(
        real = 1.0,
        range = 0.0..=20.0,
        unit = "residents per encounter",
        zh = "听闻一次执法并感同身受的居民数。",
        assumed = "a household",
        prior = log_normal(1.0, 0.6)
    )]
    pub hearsay: f64,
    /// Training of officers.
    #[param(
        real = 0.0,
        range = 0.0..=80.0,
        unit = "hours per officer and month",
        zh = "执法人员每月培训时数。",
        choice
    )]
    pub training: f64,
    /// Share of cases whose files are open to those who oversee officers.
    #[param(share = 0.0, zh = "向监督者公开的执法案卷比例。", choice)]
    pub transparency: f64,
    /// Further encounters, with the urban-management section of the street (城管).
    #[param(
        share = 0.0,
        unit = "encounters per resident and month",
        zh = "与街道城管科接触的附加概率。",
        choice
    )]
    pub chengguan_rate: f64,
    /// Share of what complaints and open files have corrected that is forgotten in a month.
    #[param(
        share = 0.05,
        unit = "share per month",
        zh = "投诉与案卷公开带来的纠正每月消退的比例。",
        assumed = "half in a year"
    )]
    pub correction_fade: f64,
    /// What open files alone find out in a month.
    #[param(
        share = 0.05,
        unit = "complaints per adult",
        zh = "仅凭案卷公开每月发现的问题(折合人均投诉)。",
        assumed = "with full oversight it balances `correction_fade`"
    )]
    pub open_files: f64,
    /// Share of the gap to full fairness that an hour of training of each officer closes.
    #[param(
        share = 0.002,
        unit = "share per hour and officer",
        zh = "每名执法人员一小时培训所缩小的公正差距比例。",
        assumed = "no measurement"
    )]
    pub training_effect: f64,
    /// Share of what training has taught that leaves with officers in a month.
    #[param(
        share = 0.01,
        unit = "share per month",
        zh = "培训成效每月随人员流动流失的比例。",
        assumed = "officers stay longer than social workers, of whom 20 % leave in a year, which is .018 a month"
    )]
    pub turnover: f64,
}

/// What is kept in one community.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Local {
    /// How far complaints and open files have closed the gap to full fairness, in [0, 1].
    pub corrected: f32,
    /// How far training has closed it, in [0, 1].
    pub trained: f32,
    /// Share of encounters that are fair this month.
    pub fair: f32,
}

impl Local {
    /// Share of encounters that are fair, as officers are corrected and trained.
    fn good(&self, e: &Settings) -> f32 {
        let fairness = e.fairness as f32 + (1.0 - e.fairness as f32) * self.trained;
        fairness + (1.0 - fairness) * self.corrected
    }
}

/// Registration.
pub const INSTITUTION: Institution = Institution {
    name: "enforcement",
    family: Family::LawAndConflict,
    summary: text("Encounters with law enforcement, fair or not.", "公正或不公正的执法接触。"),
    rows: &[22, 23, 28, 91, 92, 141],
    equations: &[
        "chance = 1 − (1 − rate − chengguan_rate)^(1 + hearsay);  good = f + (1 − f) · corrected, f = fairness + (1 − fairness) · trained",
        "corrected' = (1 − correction_fade) · corrected + oversight · (c · (1 + backing) + open_files · transparency) · (1 − corrected), c = min(complaints per adult, reported · chance · (1 − good)), of last month's good: complaints about other matters do not reach officers",
        "trained' = trained + training_effect · training · (1 − trained) − turnover · trained   (as staff learn and are replaced)",
    ],
    neutral: &[("rate", "0.0"), ("chengguan_rate", "0.0")],
    demonstration: &[("training", "2"), ("transparency", "0.3"), ("chengguan_rate", "0.02")],
    acts: &[Act {
        step: Step::Encounters,
        what: "meets residents, and is corrected by complaints",
        run: Run::Community(meet),
    }],
    costs: Costs::Charged {
        label: text("training of officers", "执法培训支出"),
        charges: &[Charge {
            what: "training of the officers who work here; their wages are none of a community's",
            of: officers_cost,
        }],
    },
};

fn officers_cost(state: &CommunityState, _: &CityState, now: &StepContext) -> Cost {
    let (e, prices) = (&now.rules.institutions.enforcement, &now.rules.costs);
    if e.rate + e.chengguan_rate == 0.0 {
        return Cost::default();
    }
    let officers = prices.officers * state.community.adults() as f64 / PER_TEN_THOUSAND;
    let hours = officers * e.training;
    Cost { staff_hours: hours, ..Cost::yuan(Payer::Budget, hours * prices.training_hour) }
}

fn meet(state: &mut CommunityState, _: &CityState, now: &StepContext) {
    let e = &now.rules.institutions.enforcement;
    let rate = (e.rate + e.chengguan_rate).min(1.0);
    if rate == 0.0 {
        return;
    }
    let adults = state.community.adults().max(1) as f32;
    let complaints = state.signals.took_part[Mode::Complaint as usize] as f32 / adults;
    let chance = (1.0 - libm::pow(1.0 - rate, 1.0 + e.hearsay)) as f32;
    let local = &mut state.local.enforcement;
    let unfair = chance * (1.0 - local.good(e));
    let about_officers = complaints.min(e.reported as f32 * unfair);
    let found = (about_officers * (1.0 + state.signals.backing)
        + e.open_files as f32 * e.transparency as f32)
        .min(1.0);
    local.corrected = (1.0 - e.correction_fade) as f32 * local.corrected
        + e.oversight as f32 * found * (1.0 - local.corrected);
    local.trained += e.training_effect as f32 * e.training as f32 * (1.0 - local.trained)
        - e.turnover as f32 * local.trained;
    local.trained = local.trained.clamp(0.0, 1.0);
    local.fair = local.good(e);
    let contact = &mut state.signals.contacts[Target::LocalGovernment as usize];
    *contact = contact.and(Contact { chance, good: local.fair });
}
