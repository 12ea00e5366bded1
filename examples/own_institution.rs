//! An institution of one's own: a time bank (时间银行), where hours given to neighbours are paid back in hours.
//!
//! ```text
//! cargo run --release --example own_institution -- explain time_bank
//! cargo run --release --example own_institution -- contest scenarios/baseline.toml examples/time-bank.toml
//! ```

use std::process::ExitCode;

use serde::{Deserialize, Serialize};
use shequ_model::base::params::{settings, text};
use shequ_model::city::{Mode, Target};
use shequ_model::institution::cost::Costs;
use shequ_model::institution::{
    Act, CityState, CommunityState, Contact, CustomInstitution, Family, Institution, Run, Step, StepContext,
};
use shequ_model::registry::Registry;

/// Settings of `[time_bank]`.
#[settings]
pub struct Settings {
    /// Share of the hours volunteered that the bank credits; 0 = there is no bank.
    #[param(share = 0.0, zh = "时间银行记账的志愿时数比例;0 表示没有时间银行。", choice)]
    pub credited: f64,
    /// Share of the hours credited that their owners ask back in a month.
    #[param(share = 0.1, unit = "share per month", zh = "每月兑换的时数比例。", assumed = "no measurement")]
    pub redeemed: f64,
    /// The stakes of an hour that is paid back.
    #[param(
        share = 0.2,
        zh = "有回报的志愿服务的重要程度。",
        assumed = "as for an activity of an organisation"
    )]
    pub stake: f64,
    /// Share of those helped who are content with their neighbours.
    #[param(
        share = 0.9,
        zh = "受助者对邻里满意的比例。",
        assumed = "help that was asked for seldom disappoints"
    )]
    pub content: f64,
}

/// What the bank keeps in one community.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Account {
    /// Hours owed to those who gave them.
    pub balance: f64,
}

/// The institution.
pub struct TimeBank;

impl CustomInstitution for TimeBank {
    type Settings = Settings;
    type Local = Account;
    type Citywide = ();

    const INSTITUTION: Institution = Institution {
        name: "time_bank",
        family: Family::OrganisationsAndPartners,
        summary: text("Hours given to neighbours are paid back in hours.", "互助时数的存取:时间银行。"),
        rows: &[],
        equations: &[
            "errands per adult e = redeemed · balance / hours of volunteering / adults; chance of one = 1 − exp(−e)",
            "balance' = balance · (1 − redeemed) + credited · hours volunteered",
        ],
        neutral: &[("credited", "0.0")],
        demonstration: &[("credited", "0.8")],
        acts: &[
            Act {
                step: Step::Opportunities,
                what: "asks for help that is paid in hours",
                run: Run::Community(ask),
            },
            Act {
                step: Step::Encounters,
                what: "brings helpers together with those they help",
                run: Run::Community(help),
            },
            Act {
                step: Step::Adaptation,
                what: "credits the hours of the month",
                run: Run::Community(credit),
            },
        ],
        costs: Costs::Free("hours are paid in hours, and those who keep the books volunteer"),
    };
}

/// Chance that a resident is wanted for an errand this month, or has one done.
fn errand(state: &CommunityState, now: &StepContext) -> f32 {
    let hours = now.rules.modes[Mode::Volunteer as usize].hours.max(0.5);
    let due = now.settings::<Settings>().redeemed * state.local.custom.of::<Account>().balance;
    let each = due / hours / state.community.adults().max(1) as f64;
    (1.0 - libm::exp(-each)) as f32
}

fn ask(state: &mut CommunityState, _: &CityState, now: &StepContext) {
    let chance = errand(state, now);
    state.signals.offer(Mode::Volunteer, chance, now.settings::<Settings>().stake as f32);
}

fn help(state: &mut CommunityState, _: &CityState, now: &StepContext) {
    let contact = Contact { chance: errand(state, now), good: now.settings::<Settings>().content as f32 };
    state.signals.meet(Target::Neighbours, contact);
}

fn credit(state: &mut CommunityState, _: &CityState, now: &StepContext) {
    let bank = now.settings::<Settings>();
    let volunteers = state.signals.took_part[Mode::Volunteer as usize] as f64;
    let hours = volunteers * now.rules.modes[Mode::Volunteer as usize].hours;
    let account = state.local.custom.of_mut::<Account>();
    account.balance = account.balance * (1.0 - bank.redeemed) + bank.credited * hours;
}

fn main() -> ExitCode {
    shequ::command::main_with(Registry::standard().with_institution::<TimeBank>())
}
