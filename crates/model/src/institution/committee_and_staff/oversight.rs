//! Oversight of the committee by residents: reports, appraisal, finance rules, openness, exit audit.
//!
//! Rows 44, 46, 48 and 49. What is promised in a report is asked for in the next, so that a committee
//! which reports takes up more, for a while. A committee that is appraised gives its time to whom it
//! loses most with. What an audit finds is known, good or bad.

use serde::{Deserialize, Serialize};

use crate::base::params::{settings, text};
use crate::base::units::MINUTES;
use crate::city::Target;
use crate::institution::cost::{Charge, Cost, Costs, Payer};
use crate::institution::opportunities::this_month;
use crate::institution::{
    Act, CityState, CommunityState, Contact, Family, Institution, Rules, Run, Step, StepContext, staff,
};

/// Settings of `[oversight]`.
#[settings]
pub struct Settings {
    /// Reports that the committee gives to residents' representatives (述职); 0 = none.
    #[param(
        real = 0.0,
        range = 0.0..=52.0,
        unit = "reports per year",
        zh = "居委会每年向居民代表述职的次数;0 表示没有。",
        choice
    )]
    pub reports_per_year: f64,
    /// Share of the voices left lying that a report brings up again.
    #[param(share = 0.3, zh = "一次述职使被搁置的诉求重新得到办理的比例。", assumed = "no measurement")]
    pub report_weight: f64,
    /// How much of that is forgotten in a month.
    #[param(
        share = 0.1,
        unit = "share per month",
        zh = "述职约束每月减弱的比例。",
        assumed = "half is gone after six or seven months"
    )]
    pub report_fade: f64,
    /// Share of residents who hear a report, or of it.
    #[param(
        share = 0.1,
        zh = "听到或得知述职内容的居民比例。",
        assumed = "representatives and those they tell"
    )]
    pub report_reach: f64,
    /// Staff time for a report.
    #[param(
        real = 8.0,
        range = 0.0..=1_000.0,
        unit = "hours per report",
        zh = "每次述职所需工时。",
        assumed = "a working day"
    )]
    pub report_hours: f64,
    /// How far the committee moves its time in a year by what it loses in its appraisal; 0 = not appraised.
    #[param(
        share = 0.0,
        zh = "居委会每年根据考核失分调整工作时间的幅度;0 表示没有考核。",
        choice,
        demonstration = ["residents.request_rate=0.8", "admin.tasks_per_month=4"]
    )]
    pub appraisal: f64,
    /// Weight of residents in the committee's appraisal; the rest is superiors.
    // The time of the committee is moved where it is short.
    #[param(
        share = 0.3,
        zh = "居委会考核中居民评议的权重,其余为上级考核。",
        assumed = "as in the appraisal of streets",
        demonstration = ["residents.request_rate=0.8", "admin.tasks_per_month=4"]
    )]
    pub resident_weight: f64,
    /// Share of payments that need a second signature by residents' representatives.
    #[param(share = 0.0, zh = "需居民代表会签的支出比例。", choice)]
    pub finance: f64,
    /// How much of the committee's affairs is put up for all to read (居务公开), beside the accounts of the
    /// fund.
    #[param(share = 0.0, zh = "居务公开的程度(资金账目公开另计)。", choice)]
    pub openness: f64,
    /// Chance that a committee's books are audited at the end of its term.
    #[param(share = 0.0, zh = "居委会离任审计的概率。", choice)]
    pub exit_audit: f64,
    /// Share of leaks that a second signature on every payment stops.
    #[param(share = 0.5, zh = "全部支出均须会签时可避免的流失比例。", assumed = "no measurement")]
    pub countersigned: f64,
    /// Share of leaks that the certainty of an audit at the end stops.
    #[param(
        share = 0.29,
        zh = "离任审计确定进行时可避免的流失比例。",
        derived = "as auditing every project: −8 points of about 28 (Olken 2007)"
    )]
    pub deterred: f64,
    /// Share of residents who read what is put up, or hear of an audit.
    #[param(share = 0.1, zh = "阅读公开内容或得知审计的居民比例。", assumed = "no measurement")]
    pub readers: f64,
    /// Least of a day that appraisal may leave for residents.
    #[param(
        real = 0.02,
        range = 0.0..=0.5,
        unit = "share",
        zh = "考核至少须为居民保留的每日时间比例。",
        assumed = "some minutes",
        demonstration = [".appraisal=1.0", ".resident_weight=0.0", "admin.tasks_per_month=20"]
    )]
    pub least_reserved: f64,
    /// Most of a day that appraisal may turn to residents.
    #[param(
        real = 0.9,
        range = 0.5..=1.0,
        unit = "share",
        zh = "考核至多可转向居民的每日时间比例。",
        assumed = "departments have to be answered too",
        demonstration = [".appraisal=1.0", ".resident_weight=1.0", "staff.count=1"]
    )]
    pub most_reserved: f64,
}

/// What is kept in one community.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Local {
    /// Share of voices left lying that reports have brought up again, fading.
    pub held: f64,
    /// What appraisal has added to the share of a day kept for residents.
    pub shift: f64,
    /// Sums over the year: share of requests well handled, share of tasks fulfilled, months.
    pub year: [f64; 3],
    /// Spent and leaked since the last exit audit, yuan.
    pub term: [i64; 2],
}

impl Local {
    /// Share of voices that the committee takes up, of those it handles in time.
    pub fn accountability(&self, staff: &staff::Settings) -> f64 {
        staff.accountability + (1.0 - staff.accountability) * self.held
    }

    /// Share of each day kept for residents' requests.
    pub fn reserved(&self, staff: &staff::Settings, o: &Settings) -> f64 {
        if self.shift == 0.0 {
            return staff.reserved;
        }
        (staff.reserved + self.shift).clamp(o.least_reserved, o.most_reserved)
    }
}

/// Registration.
pub const INSTITUTION: Institution = Institution {
    name: "oversight",
    family: Family::CommitteeAndStaff,
    summary: text("Oversight of the committee by residents.", "居民对居委会的监督。"),
    rows: &[44, 46, 48, 49],
    equations: &[
        "accountability = accountability₀ + (1 − accountability₀) · held;  held' = held · (1 − report_fade) + report_weight · (1 − held) on a report",
        "reserved = reserved₀ + shift;  each December shift' = shift + appraisal · (resident_weight · (1 − well handled) − (1 − resident_weight) · (1 − tasks fulfilled))",
        "leak = leak₀ · (1 − countersigned · finance) · (1 − deterred · exit_audit)",
        "readers of what is open, and those who hear of an audit, have a good experience with the share of money that did not leak",
    ],
    neutral: &[
        ("reports_per_year", "0.0"),
        ("appraisal", "0.0"),
        ("finance", "0.0"),
        ("openness", "0.0"),
        ("exit_audit", "0.0"),
    ],
    demonstration: &[
        ("reports_per_year", "2"),
        ("appraisal", "0.3"),
        ("finance", "0.3"),
        ("openness", "0.3"),
        ("exit_audit", "0.5"),
    ],
    acts: &[
        Act {
            step: Step::Tasks,
            what: "makes the committee report, and remember what it promised",
            run: Run::Community(report),
        },
        Act { step: Step::Outreach, what: "puts up what the committee does", run: Run::Community(publish) },
        Act {
            step: Step::Encounters,
            what: "shows residents how their matters and their money were handled",
            run: Run::Community(show),
        },
        Act {
            step: Step::Adaptation,
            what: "appraises the committee in December, which moves its time",
            run: Run::Community(appraise),
        },
    ],
    costs: Costs::Charged {
        label: text("oversight of the committee", "监督居委会支出"),
        charges: &[Charge {
            what: "what is open to view, and the audit at the end of a term; reports are written in paid hours",
            of: oversight_cost,
        }],
    },
};

fn oversight_cost(_: &CommunityState, _: &CityState, now: &StepContext) -> Cost {
    let (o, prices) = (&now.rules.institutions.oversight, &now.rules.costs);
    let is_due = crate::institution::election::held(&now.rules.institutions.election, now);
    let audit = if is_due { o.exit_audit * prices.audit } else { 0.0 };
    Cost::yuan(Payer::Budget, o.openness * prices.channel + audit)
}

/// Share of what would leak that leaks all the same.
pub fn leaks(rules: &Rules) -> f64 {
    let o = &rules.institutions.oversight;
    (1.0 - o.countersigned * o.finance) * (1.0 - o.deterred * o.exit_audit)
}

fn report(state: &mut CommunityState, _: &CityState, now: &StepContext) {
    let o = &now.rules.institutions.oversight;
    let held = &mut state.local.oversight.held;
    *held *= 1.0 - o.report_fade;
    let reports = this_month(o.reports_per_year, now);
    if reports > 0.0 {
        *held += o.report_weight * (1.0 - *held);
        state.signals.duties += (reports * o.report_hours * MINUTES) as i64;
    }
}

fn publish(state: &mut CommunityState, _: &CityState, now: &StepContext) {
    let o = &now.rules.institutions.oversight;
    if o.openness > 0.0 {
        let told = (o.openness * o.readers) as f32;
        state.signals.unread.iter_mut().for_each(|unread| *unread *= 1.0 - told);
    }
}

fn show(state: &mut CommunityState, _: &CityState, now: &StepContext) {
    let o = &now.rules.institutions.oversight;
    if this_month(o.reports_per_year, now) > 0.0 {
        let good = state.signals.handled_well;
        state.signals.meet(Target::Committee, Contact { chance: o.report_reach as f32, good });
    }
    if o.openness == 0.0 && o.exit_audit == 0.0 {
        return;
    }
    let fund = &state.local.funding;
    let (spent, leaked) = (fund.spent, fund.leaked);
    let kept = |spent: i64, leaked: i64| spent as f32 / (spent + leaked) as f32;
    if o.openness > 0.0 && spent + leaked > 0 {
        let chance = (o.readers * o.openness) as f32;
        state.signals.meet(Target::Committee, Contact { chance, good: kept(spent, leaked) });
    }
    let term = &mut state.local.oversight.term;
    *term = [term[0] + spent, term[1] + leaked];
    let sum = term[0] + term[1];
    if sum > 0 && crate::institution::election::held(&now.rules.institutions.election, now) {
        let contact = Contact { chance: (o.readers * o.exit_audit) as f32, good: kept(term[0], term[1]) };
        *term = [0, 0];
        state.signals.meet(Target::Committee, contact);
    }
}

fn appraise(state: &mut CommunityState, _: &CityState, now: &StepContext) {
    let o = &now.rules.institutions.oversight;
    if o.appraisal == 0.0 {
        return;
    }
    let staff = &state.local.staff;
    let sent = (staff.month.administration + staff.backlog_minutes) as f64;
    let fulfilled = if sent > 0.0 { staff.month.administration as f64 / sent } else { 1.0 };
    let local = &mut state.local.oversight;
    local.year[0] += state.signals.handled_well as f64;
    local.year[1] += fulfilled;
    local.year[2] += 1.0;
    if now.date.of_year() != 12 {
        return;
    }
    let [well, fulfilled, months] = std::mem::take(&mut local.year);
    let lost_with_residents = o.resident_weight * (1.0 - well / months);
    let lost_with_superiors = (1.0 - o.resident_weight) * (1.0 - fulfilled / months);
    let reserved = now.rules.institutions.staff.reserved;
    let next = local.shift + o.appraisal * (lost_with_residents - lost_with_superiors);
    local.shift = next.clamp(o.least_reserved - reserved, o.most_reserved - reserved);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::params::Settings as _;

    #[test]
    fn who_is_not_overseen_is_as_accountable_and_as_busy_as_the_settings_say() {
        let (staff, rules) = (staff::Settings::standard(), Settings::standard());
        let alone = Local::default();
        assert_eq!(alone.accountability(&staff), staff.accountability);
        assert_eq!(alone.reserved(&staff, &rules), staff.reserved);
        let held = Local { held: 1.0, shift: 5.0, ..Local::default() };
        assert_eq!((held.accountability(&staff), held.reserved(&staff, &rules)), (1.0, rules.most_reserved));
    }
}
