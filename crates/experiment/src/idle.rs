//! Keys that vary but are not in force: whatever their value, no run of the experiment uses it.
//!
//! A key of a theory of participation or a rule of trust is in force where that theory or rule is chosen; a key
//! of an institution where the institution does not have all of its neutral settings, with which it is as good
//! as absent, or where others use the key too ([`SHARED`]).

use toml::{Table, Value};

use super::plan::Row;
use super::study::Study;
use shequ_model::institution::{self, Institution};
use shequ_model::{theory, trust};

/// Keys of institutions that act where the institution has its neutral settings, because others use them: how
/// long a request takes, who is online. A test holds this list to be complete.
pub const SHARED: &[&str] = &[
    "admin.fragmentation",
    "admin.task_hours",
    "staff.hours",
    "staff.request_minutes",
    "services.cost",
    "spaces.cost",
    "spaces.encounter",
    "outreach.wechat_group_reach",
    "outreach.online_use_young",
    "outreach.online_use_old",
    "outreach.message_half_life",
    "opportunities.fit",
    "opportunities.stake_events",
    "opportunities.stake_volunteering",
    "opportunities.stake_forums",
    "opportunities.stake_online",
    "opportunities.stake_officials",
    "opportunities.stake_organised",
    "opportunities.catchment",
    "election.settled_months",
    "election.publicity",
    "election.mobilisation",
    "election.campaign_hours",
    "election.contact_hours",
    "election.group_cost",
    "election.presented",
    "election.same_need",
    "election.same_compound",
    "election.same_age",
    "election.standing",
    "election.standing_months",
    "election.standing_hours",
    "funding.election",
    "organisations.service_gain",
    "enforcement.fairness",
];

/// For the base and every arm of `study`: of each key that varies, true if it is in force in none of the rows.
pub fn keys(study: &Study) -> Vec<Vec<bool>> {
    let of_side = |side: usize| {
        let rows: Vec<&Row> = study.rows.iter().skip(side).step_by(study.sides()).collect();
        let keys = rows.first().map_or(&[][..], |row| &row.keys);
        keys.iter().map(|key| is_idle(key, &rows)).collect()
    };
    (0..study.sides()).map(of_side).collect()
}

/// True if no run of `rows`, which vary the same keys, uses `key`.
pub fn is_idle(key: &str, rows: &[&Row]) -> bool {
    if SHARED.contains(&key) {
        return false;
    }
    match key.split('.').collect::<Vec<_>>()[..] {
        ["theory", table, _] => {
            let is_chosen = |choice: &str| ever(choice, rows, &|value| value.as_str() == Some(table));
            let is_theory = theory::named(table).is_some();
            let is_rule = trust::all().iter().any(|entry| entry.name == table);
            is_theory && !is_chosen("theory.participation") || is_rule && !is_chosen("theory.trust")
        }
        ["theory", table, _, _] => {
            !ever("theory.participation", rows, &|value| value.as_str() == Some(table))
        }
        [table, _] => {
            let institution = institution::all().iter().find(|institution| institution.name == table);
            institution.is_some_and(|institution| is_absent(institution, rows))
        }
        _ => false,
    }
}

fn is_absent(institution: &Institution, rows: &[&Row]) -> bool {
    institution.neutral.iter().all(|(key, neutral)| {
        let neutral = format!("value = {neutral}").parse::<Table>().ok();
        let neutral = neutral.and_then(|mut table| table.remove("value"));
        !ever(&format!("{}.{key}", institution.name), rows, &|value| Some(value) != neutral.as_ref())
    })
}

/// True if the key has such a value in some month of some row.
fn ever(key: &str, rows: &[&Row], is_wanted: &dyn Fn(&Value) -> bool) -> bool {
    let Some(first) = rows.first() else { return false };
    let changes = first.base.draft.changes.iter().flat_map(|change| &change.entries);
    if changes.filter(|entry| entry.path == key).any(|entry| is_wanted(&entry.value)) {
        return true;
    }
    match first.keys.iter().position(|other| other == key) {
        Some(at) => rows.iter().any(|row| is_wanted(&row.values[at])),
        None => first.base.value(key).is_some_and(|given| is_wanted(&given.value)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use shequ_model::scenario::Scenario;

    /// Of `varied`, the keys that are not in force, each of them at two values.
    fn idle(scenario: &str, varied: &[(&str, [Value; 2])]) -> Vec<String> {
        let base = Scenario::from_text("a.toml", &format!("name = \"A\"\n{scenario}"), &[]).unwrap();
        let row = |at: usize| Row {
            keys: varied.iter().map(|(key, _)| key.to_string()).collect(),
            values: varied.iter().map(|(_, values)| values[at].clone()).collect(),
            ..Row::plain(&base, "scenario.toml")
        };
        let rows = [row(0), row(1)];
        let rows: Vec<&Row> = rows.iter().collect();
        let keys = varied.iter().map(|(key, _)| key.to_string());
        keys.filter(|key| is_idle(key, &rows)).collect()
    }

    fn real(key: &str) -> (&str, [Value; 2]) {
        (key, [0.2, 0.7].map(Value::from))
    }

    #[test]
    fn keys_of_theories_that_no_row_has_are_not_in_force() {
        let keys =
            || [real("theory.threshold.spread"), real("theory.calculus.duty"), real("theory.beta.memory")];
        let off = "theory.participation = \"calculus\"\ntheory.trust = \"asymmetric\"\n";
        assert_eq!(idle(off, &keys()), ["theory.threshold.spread", "theory.beta.memory"]);
        let theory = ("theory.participation", ["calculus", "threshold"].map(Value::from));
        assert_eq!(idle(off, &[&keys()[..], &[theory]].concat()), ["theory.beta.memory"]);
        assert!(idle("", &[real("residents.forgetting")]).is_empty());
    }

    #[test]
    fn keys_of_an_institution_that_every_row_has_off_are_not_in_force() {
        let seats = ("council.seats", [5, 9].map(Value::from));
        let off = "council.enabled = false\n";
        assert_eq!(idle(off, std::slice::from_ref(&seats)), ["council.seats"]);
        assert!(idle("council.enabled = true\n", std::slice::from_ref(&seats)).is_empty());
        let enabled = ("council.enabled", [false, true].map(Value::from));
        assert!(idle(off, &[seats.clone(), enabled]).is_empty());
        // It comes later.
        let later = format!("{off}[[change]]\nfrom = \"2018-01\"\ncouncil.enabled = true\n");
        assert!(idle(&later, &[seats]).is_empty());
    }
}
