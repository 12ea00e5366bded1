//! `shequ compare` of policies that hold in some communities only: effects there and elsewhere, and what a study says.

use crate::folders::rows;
use crate::place::text;
use crate::program;

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use tempfile::TempDir;

/// Six communities between which nothing leads: organisations alone would work in several.
const BASE: &str = "name = \"Base\"\nmonths = 24\nreplicates = 6\nburn_in = 0\n\
    [population]\ncommunities = 6\nadults = 120\nhouseholds_per_compound = 20\nhouseholds_per_group = 10\n\
    [staff]\ncount = 1\n[organisations]\ncount = 0\nbirth_rate = 0\n";
const CHANGE: &str = "outreach.home_visits = 0.5\noutreach.wechat_group = 0.9\n";

type Row = BTreeMap<String, String>;

/// What `compare` of an experiment file with these arms prints, and its folder.
fn compared(arms: &str) -> (TempDir, String, PathBuf) {
    compared_in(BASE, arms)
}

/// The same in the cities of another base.
fn compared_in(base: &str, arms: &str) -> (TempDir, String, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, content: &str| fs::write(folder.path().join(name), content).unwrap();
    write("base.toml", base);
    write(
        "pilot.toml",
        &format!(
            "extends = \"base.toml\"\nname = \"Pilot\"\n[[change]]\nfrom = \"2018-01\"\n\
             where = {{ share = 0.5 }}\n{CHANGE}"
        ),
    );
    write(
        "experiment.toml",
        &format!("kind = \"compare\"\nname = \"Pilots\"\nscenario = \"base.toml\"\n{arms}"),
    );
    let output = program::shequ().current_dir(&folder).args(["compare", "experiment.toml"]).output().unwrap();
    assert!(output.status.success(), "{}", text(&output.stderr));
    let said = text(&output.stdout);
    let place = folder.path().join(said.lines().last().unwrap());
    (folder, said.to_string(), place)
}

fn number(row: &Row, column: &str) -> f64 {
    row[column].parse().unwrap_or(f64::NAN)
}

/// The row of `part` for participation.
fn part<'a>(treated: &'a [Row], arm: &str, part: &str) -> &'a Row {
    let is = |row: &&Row| row["arm"] == arm && row["part"] == part && row["metric"] == "participation";
    treated.iter().find(is).unwrap_or_else(|| panic!("no {part} of {arm}"))
}

#[test]
fn a_pilot_has_an_effect_where_it_holds_and_none_elsewhere_and_a_study_sets_one_against_the_other() {
    let (_folder, said, place) = compared("[[arm]]\nscenario = \"pilot.toml\"\n");
    let treated: Vec<Row> = rows(&place, "treated.csv");
    let [there, elsewhere, study] = ["treated", "others", "study"].map(|name| part(&treated, "Pilot", name));
    assert_eq!([there, elsewhere, study].map(|row| number(row, "communities")), [3.0, 3.0, 6.0]);
    // With common random numbers and nothing that spreads, nothing at all happens elsewhere.
    assert_eq!(["effect", "ci95_low", "ci95_high"].map(|column| number(elsewhere, column)), [0.0; 3]);
    // The effect is the mean of those on the communities in which there is any.
    let own: Vec<Row> = rows(&place, "community_effects.csv");
    let own = own.iter().filter(|row| row["metric"] == "participation").map(|row| number(row, "effect"));
    let changed: Vec<f64> = own.filter(|effect| *effect != 0.0).collect();
    assert_eq!(changed.len(), 3);
    let mean = changed.iter().sum::<f64>() / 3.0;
    assert!((number(there, "effect") - mean).abs() < 1e-12, "{mean} {there:?}");
    assert_eq!(study["method"], "difference in differences");
    assert!((0.0..=1.0).contains(&number(study, "finds")) && number(study, "half_width_alone") > 0.0);
    assert!(said.contains("Where Pilot holds and elsewhere"), "{said}");
    assert!(fs::read_to_string(place.join("report.html")).unwrap().contains("what a study would say"));
}

#[test]
fn an_arm_in_some_places_holds_from_the_start_and_one_in_all_is_the_arm_itself() {
    let set = "set = { \"outreach.home_visits\" = 0.5, \"outreach.wechat_group\" = 0.9 }\n";
    let (_folder, _, place) = compared(&format!(
        "[[arm]]\nname = \"Half\"\n{set}where = {{ share = 0.5 }}\n[[arm]]\nname = \"Everywhere\"\n{set}\
         where = {{ share = 1.0 }}\n[[arm]]\nname = \"Plain\"\n{set}"
    ));
    let treated: Vec<Row> = rows(&place, "treated.csv");
    assert_eq!(part(&treated, "Half", "study")["method"], "difference after");
    assert!(treated.iter().all(|row| row["arm"] != "Plain"));
    // No community is left to compare with.
    assert!(number(part(&treated, "Everywhere", "others"), "effect").is_nan());
    let effects: Vec<Row> = rows(&place, "effects.csv");
    let of = |arm: &str| -> Vec<[String; 4]> {
        let own = effects.iter().filter(|row| row["arm"] == arm);
        own.map(|row| ["metric", "effect", "ci95_low", "p"].map(|column| row[column].clone())).collect()
    };
    assert!(!of("Plain").is_empty());
    assert_eq!(of("Everywhere"), of("Plain"));
    // The results are a file from which the same comes out.
    let mut again = program::shequ();
    let again = again.args(["reproduce", place.to_str().unwrap()]).output().unwrap();
    assert!(again.status.success(), "{}", text(&again.stderr));
}

#[test]
fn where_each_replicate_has_a_city_of_its_own_others_are_chosen_in_each() {
    let own = format!("seed.cities = \"each\"\n{BASE}");
    let (_folder, said, place) = compared_in(&own, "[[arm]]\nscenario = \"pilot.toml\"\n");
    let treated: Vec<Row> = rows(&place, "treated.csv");
    let [there, elsewhere, study] = ["treated", "others", "study"].map(|name| part(&treated, "Pilot", name));
    assert_eq!([there, elsewhere, study].map(|row| number(row, "communities")), [3.0, 3.0, 6.0]);
    assert_eq!(number(there, "n"), 6.0);
    // Were the wrong communities taken in any city, an effect would be seen where there is none.
    assert_eq!(["effect", "ci95_low", "ci95_high"].map(|column| number(elsewhere, column)), [0.0; 3]);
    assert!(number(there, "effect") != 0.0, "{there:?}");
    assert!(said.contains("Where Pilot holds and elsewhere"), "{said}");
    // Community number 1 is another in each city: its mean effect says nothing.
    assert!(!place.join("community_effects.csv").exists());
    // The same city for all is one of those.
    let (_folder, _, one) = compared("[[arm]]\nscenario = \"pilot.toml\"\n");
    let of_one: Vec<Row> = rows(&one, "treated.csv");
    assert!(number(part(&of_one, "Pilot", "treated"), "effect") != number(there, "effect"));
}
