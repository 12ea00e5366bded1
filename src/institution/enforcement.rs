//! Officers and residents meet in the street: fairness decides what is made of it.
//!
//! Rows 22, 28, 91, 92 and 141. Officers adapt: where they are overseen, complaints make them fairer.

use serde::{Deserialize, Serialize};

use super::{Act, Contact, Institution, Now, Place, Run, Step, Wide as City};
use crate::base::about::{self, Key, text};
use crate::city::{Mode, Target};

/// Settings of `[enforcement]`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[allow(missing_docs)] // Each field is explained by its key below.
pub struct Settings {
    pub rate: f64,
    pub fairness: f64,
    pub oversight: f64,
    pub hearsay: f64,
}

impl about::Settings for Settings {
    fn keys() -> Vec<Key> {
        vec![
            Key::share("rate", 0.02)
                .unit("encounters per resident and month")
                .means("Chance of an encounter with enforcement in a month.", "居民每月遇到执法的概率。")
                .assumed("proposed core model"),
            Key::share("fairness", 0.8)
                .means("Share of encounters that are fair, before officers adapt.", "执法公正的比例(调整前)。")
                .assumed("proposed core model"),
            Key::share("oversight", 0.2)
                .means("How strongly complaints correct officers.", "投诉对执法的纠正力度。")
                .assumed("no measurement"),
            Key::real("hearsay", 1.0, 0.0, 20.0)
                .unit("residents per encounter")
                .means("Residents who hear of an encounter as if it were their own.", "听闻一次执法并感同身受的居民数。")
                .assumed("a household"),
        ]
    }
}

/// What is kept in one community.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Local {
    /// How far complaints have closed the gap to full fairness, in [0, 1].
    pub corrected: f32,
}

impl Default for Local {
    fn default() -> Local {
        Local { corrected: 0.0 }
    }
}

/// Nothing is kept.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Wide {}

/// Registration.
pub const INSTITUTION: Institution = Institution {
    name: "enforcement",
    summary: text("Encounters with law enforcement, fair or not.", "公正或不公正的执法接触。"),
    rows: &[22, 28, 91, 92, 141],
    equations: &[
        "chance = 1 − (1 − rate)^(1 + hearsay);  good = fairness + (1 − fairness) · corrected",
        "corrected' = 0.95 · corrected + oversight · complaints per adult · (1 − corrected)",
    ],
    neutral: &[("rate", "0.0")],
    acts: &[Act { step: Step::Encounters, what: "meets residents, and is corrected by complaints", run: Run::Place(meet) }],
};

fn meet(place: &mut Place, _: &City, now: &Now) {
    let e = &now.rules.institutions.enforcement;
    if e.rate == 0.0 {
        return;
    }
    let adults = place.community.adults().max(1) as f32;
    let complaints = place.commons.took_part[Mode::Complaint as usize] as f32 / adults;
    let local = &mut place.local.enforcement;
    local.corrected = 0.95 * local.corrected + e.oversight as f32 * complaints * (1.0 - local.corrected);
    let good = e.fairness as f32 + (1.0 - e.fairness as f32) * local.corrected;
    let chance = (1.0 - libm::pow(1.0 - e.rate, 1.0 + e.hearsay)) as f32;
    let contact = &mut place.commons.contacts[Target::LocalGovernment as usize];
    *contact = contact.and(Contact { chance, good });
}
