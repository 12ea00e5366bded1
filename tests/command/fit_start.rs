//! `shequ fit-start` as a user types it: the scenario that it writes begins as the survey says, and what has no start is
//! told.

use crate::folders::fine;
use crate::place::{Place, text};

use std::fs;

const TOWN: &str = "name = \"Town\"\nname_zh = \"小城\"\nmonths = 24\nburn_in = 0\nreplicates = 8\n\
    [population]\ncommunities = 3\nadults = 400\nhouseholds_per_compound = 20\nhouseholds_per_group = 10\n";

/// What a poll of 900 found in the first year: two rows of trust, a mode, and three that say no start.
const SURVEY: &str = "\
id,metric,value,n,standard_error,group,level,from,to,set
A,survey.trusting.committee,0.75,900,,,,1,12,survey.sample=200
B,trust.neighbours,0.5,,0.01,,,1,12,
C,participation.event,0.05,,0.004,,,1,12,
D,voted,0.5,900,,age,70+,1,12,
E,participation,0.2,900,,,,1,12,
F,survey.trusting.property,0.5,900,,,,1,12,
";

fn place() -> Place {
    Place::with(&[("town.toml", TOWN), ("survey.csv", SURVEY)])
}

#[test]
fn a_city_begins_as_the_survey_found_it() {
    let place = place();
    let output = fine(place.shequ(&["fit-start", "survey.csv", "town.toml"]));
    let (said, told) = (text(&output.stdout), text(&output.stderr));
    assert!(told.contains("wrote survey-start.toml"), "{told}");
    let why = [
        "D voted, age: 70+: it is of a group",
        "E participation: no single key says where `participation` begins",
        "F survey.trusting.property: nobody was asked in its months: write survey.sample=300",
    ];
    for line in why {
        assert!(said.contains(&format!("left to `calibrate`: {line}")), "{line}: {said}");
    }
    let written = fs::read_to_string(place.path().join("survey-start.toml")).unwrap();
    assert!(written.contains("extends = \"town.toml\"\nname = \"survey-start\"\n"), "{written}");
    assert!(written.contains("# A survey.trusting.committee: observed 0.750, standard error 0.014, 900 people; the first year gives 0.7"), "{written}");
    let keys =
        ["[residents]", "trust_committee = 0.", "trust_neighbours = 0.", "[modes.event]", "base_rate = 0."];
    assert!(keys.iter().all(|key| written.contains(key)), "{written}");
    assert!(written.contains("# E participation: no single key"), "{written}");

    // The same table judges the scenario, in other words of the same rows, and is one of a calibration.
    let judge = ["validate", "--targets", "survey.csv", "--scenario"];
    let of =
        |scenario: &str| text(&fine(place.shequ(&[&judge[..], &[scenario]].concat())).stdout).to_string();
    let verdict = |said: &str, id: &str| {
        let row = said.lines().find(|line| line.trim_start().starts_with(&format!("{id} "))).unwrap();
        row.trim_end().rsplit(' ').next().unwrap().to_string()
    };
    let (before, after) = (of("town.toml"), of("survey-start.toml"));
    for id in ["A", "B", "C"] {
        assert_eq!(
            (verdict(&before, id).as_str(), verdict(&after, id).as_str()),
            ("MISSED", "met"),
            "{id}: {before}{after}"
        );
    }
    place.write(
        "fitted.toml",
        "kind = \"calibrate\"\nname = \"Fitted\"\nscenario = \"survey-start.toml\"\ntargets = \"survey.csv\"\n\
         [vary]\n\"residents.habit_gain\" = \"prior\"\n",
    );
    fine(place.shequ(&["check", "fitted.toml", "survey-start.toml"]));
}

#[test]
fn a_start_is_not_written_over_a_file_nor_upon_itself_nor_from_nothing() {
    let place = place();
    let refused = |arguments: &[&str], code: i32, what: &str| {
        let output = place.shequ(&[&["fit-start"], arguments].concat());
        let told = text(&output.stderr);
        assert!(output.status.code() == Some(code) && told.contains(what), "{arguments:?}: {told}");
    };
    place.write("survey-start.toml", TOWN);
    refused(&["survey.csv", "town.toml"], 2, "survey-start.toml exists already; --force overwrites it");
    refused(&["survey.csv", "town.toml", "--name", "town"], 2, "town.toml would build on itself");
    refused(&["survey.csv", "nowhere.toml"], 2, "nowhere.toml");
    refused(&["survey.csv", "town.toml", "--name", "a/b"], 2, "is a path");
    place.write("bad.csv", "id,metric,value,n\nA,votd,0.5,900\nB,voted,0.5,many\n");
    refused(&["bad.csv", "town.toml"], 2, "there is no metric votd");
    refused(&["bad.csv", "town.toml"], 2, "`many` is no number of people");
    place.write("later.csv", "id,metric,value,from,to\nA,voted,0.5,13,24\n");
    refused(&["later.csv", "town.toml"], 1, "no row of the survey says where a key begins");
    assert!(!place.path().join("later-start.toml").exists());
    assert_eq!(fs::read_to_string(place.path().join("survey-start.toml")).unwrap(), TOWN);
}
