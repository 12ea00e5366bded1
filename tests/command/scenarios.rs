//! What a chain of files comes to: merging, changes over time, origins, and the way back from the
//! resolved text.

use std::fs;
use std::path::Path;

use shequ::experiment::file::{self, Experiment, Overrides};
use shequ::model::base::i18n::Language;
use shequ::model::base::params::Kind;
use shequ::model::base::problem::Problems;
use shequ::model::scenario::{Loaded, Scenario, sections, template};
use shequ::model::theory::formula;
use toml::Value;

const BASE: &str = r#"
name = "Base"
months = 24

[seed]
city = 7

[[change]]
from = "2018-01"
modes.meeting.hours = 5
"#;

/// Loads "child.toml", which holds `child`, beside "base.toml".
fn load(child: &str, overrides: &[&str]) -> Result<Loaded, Problems> {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("base.toml"), BASE).unwrap();
    let path = folder.path().join("child.toml");
    fs::write(&path, child).unwrap();
    let overrides: Vec<String> = overrides.iter().map(|o| o.to_string()).collect();
    Scenario::load(&path, &overrides)
}

fn from_text(text: &str) -> Loaded {
    Scenario::from_text("a.toml", text, &[]).unwrap()
}

/// Mode 2 is the meeting.
fn meeting_hours(loaded: &Loaded) -> Vec<(u32, f64)> {
    loaded.scenario.periods.iter().map(|period| (period.from, period.rules.modes[2].hours)).collect()
}

#[test]
fn a_child_says_only_how_it_differs_and_an_option_has_the_last_word() {
    let child = "extends = \"base.toml\"\nname = \"Child\"\n[seed]\nreplicates = 8\n";
    let loaded = load(child, &["seed.replicates=9"]).unwrap();
    assert_eq!((loaded.scenario.name.as_str(), loaded.scenario.months), ("Child", 24));
    assert_eq!((loaded.scenario.seed.city, loaded.scenario.seed.replicates), (7, 9));
    let origin = |key: &str| loaded.value(key).unwrap().origin();
    assert_eq!(origin("name"), "child.toml:2");
    assert_eq!(origin("months"), "base.toml:3");
    assert_eq!(origin("seed.replicates"), "--set");
    assert_eq!(origin("replicates"), "default");
    let names: Vec<_> = loaded.draft.files.iter().map(|f| f.file_name().unwrap().to_owned()).collect();
    assert_eq!(names, ["child.toml", "base.toml"]);
}

#[test]
fn changes_are_taken_over_whole_or_replaced_whole() {
    let taken = load("extends = \"base.toml\"\nmodes.meeting.hours = 1", &[]).unwrap();
    assert_eq!(meeting_hours(&taken), [(0, 1.0), (12, 5.0)]);
    let other = "extends = \"base.toml\"\n[[change]]\nfrom = \"2017-03\"\nmodes.meeting.hours = 6\n";
    assert_eq!(meeting_hours(&load(other, &[]).unwrap()), [(0, 2.0), (2, 6.0)]);
    let none = "extends = \"base.toml\"\nchange = []\n";
    assert_eq!(meeting_hours(&load(none, &[]).unwrap()), [(0, 2.0)]);
}

#[test]
fn changes_are_put_in_order_and_those_of_one_month_made_one() {
    let loaded = from_text(
        r#"
        name = "A"
        [[change]]
        from = "2018-01"
        modes.meeting.hours = 4
        [[change]]
        from = "2017-07"
        modes.meeting.hours = 3
        [[change]]
        from = "2018-01"
        [change.modes.meeting]
        friction = 0.9
        "#,
    );
    assert_eq!(meeting_hours(&loaded), [(0, 2.0), (6, 3.0), (12, 4.0)]);
    assert_eq!(loaded.scenario.periods[2].rules.modes[2].friction, 0.9);
    assert_eq!(loaded.scenario.periods[1].rules.modes[2].friction, 0.4);
}

#[test]
fn a_change_in_the_first_month_follows_the_rules_of_burn_in() {
    let text = "name = \"A\"\n[[change]]\nfrom = \"2017-01\"\nmodes.meeting.hours = 4";
    assert_eq!(meeting_hours(&from_text(text)), [(0, 2.0), (0, 4.0)]);
}

#[test]
fn problems_of_the_whole_chain_and_of_options_come_together() {
    let child = "extends = \"base.toml\"\nmonths = 3\nreplicates = 0\n";
    let problems = load(child, &["seed.replicates=x"]).err().unwrap();
    // The change of base.toml would hold after these three months.
    let keys: Vec<Option<&str>> = problems.0.iter().map(|p| p.key.as_deref()).collect();
    assert_eq!(keys, [Some("replicates"), Some("seed.replicates"), None]);
}

#[test]
fn the_resolved_text_reads_back_as_the_same_scenario() {
    let child = r#"
        extends = "base.toml"
        name = 'A "quoted" \ name'
        name_zh = "议事会“决定”"
        modes.vote.friction = 0.1234567890123
        [[change]]
        from = "2017-05"
        modes.vote.friction = 1e-300
    "#;
    let loaded = load(child, &["seed.replicates=9223372036854775807"]).unwrap();
    let again = Scenario::from_text("resolved.toml", &loaded.resolved_toml(), &[]).unwrap();
    assert_eq!(again.canonical_toml(), loaded.canonical_toml());
    assert_eq!(again.scenario.periods, loaded.scenario.periods);
    assert_eq!(again.difference(&loaded), "");
}

#[test]
fn the_resolved_text_holds_every_key_with_its_origin_and_no_path_of_the_machine() {
    let loaded = load("extends = \"./base.toml\"\nname = \"A\"", &[]).unwrap();
    let text = loaded.resolved_toml();
    let written = sections().into_iter().filter(|section| section.path != formula::PATH);
    let keys: usize = written.map(|section| section.keys.len()).sum();
    // Every key but those of a theory that nobody wrote, and month and key of the one change.
    assert_eq!(text.matches(" # ").count(), keys + 2);
    assert!(text.contains("# base.toml:6\n") && text.contains("# default\n"), "{text}");
    assert!(!text.contains(std::env::temp_dir().to_str().unwrap()), "{text}");
}

#[test]
fn equal_scenarios_have_equal_canonical_texts_however_they_are_written() {
    let one = from_text("name = \"A\"\n[seed]\ncity = 0x3\n[modes.meeting]\nhours = 1\n");
    let other = from_text("modes = { meeting = { hours = 1.0 } }\nname = 'A'\nseed.city = 3\n");
    assert_eq!(one.canonical_toml(), other.canonical_toml());
}

#[test]
fn a_difference_lists_keys_and_changes_with_old_and_new_value() {
    let base = load("extends = \"base.toml\"", &[]).unwrap();
    let child =
        "extends = \"base.toml\"\nseed.city = 8\n[[change]]\nfrom = \"2017-03\"\nmodes.meeting.hours = 6\n";
    let other = load(child, &[]).unwrap();
    assert_eq!(
        other.difference(&base),
        "seed.city: 7 -> 8  # child.toml:2\n\
         modes.meeting.hours from 2017-03: 2.0 -> 6.0\n\
         modes.meeting.hours from 2018-01: 5.0 -> 6.0\n"
    );
}

#[test]
fn more_overrides_can_be_laid_over_a_scenario_that_was_read() {
    let loaded = from_text("name = \"A\"");
    assert_eq!(loaded.with(&["months=7".into()]).unwrap().scenario.months, 7);
    assert!(loaded.with(&["months=0".into()]).is_err());
    assert_eq!(loaded.scenario.months, 120);
}

#[test]
fn new_scenarios_are_fine_and_a_complete_one_is_all_defaults() {
    let complete = from_text(&template::complete("It's \"new\"", ""));
    assert_eq!(complete.scenario.name, "It's \"new\"");
    let bare = from_text("name = 'It''s'".replace("''", "").as_str());
    assert_eq!(complete.difference(&bare).lines().count(), 1);
    assert!(load(&template::policy(Some("base.toml"), "Child", &[], Language::En), &[]).is_ok());
}

#[test]
fn only_keys_of_the_rules_may_change_in_the_course_of_a_run() {
    for section in sections() {
        let built = ["", "seed", "report", "population"].contains(&section.path)
            || section.path == "theory"
            || section.path.starts_with("theory.");
        for key in &section.keys {
            let told = "a change would have no effect; mark it fixed()";
            assert!(!built || key.fixed, "[{}] {}: {told}", section.path, key.name);
        }
    }
}

#[test]
fn every_default_is_a_value_that_its_key_may_hold() {
    let complete = template::complete("Defaults", "");
    assert!(Scenario::from_text("defaults.toml", &complete, &[]).is_ok());
    for key in sections().iter().flat_map(|section| &section.keys) {
        let same_type = match key.kind {
            Kind::Real { .. } => key.default.is_float(),
            Kind::Count { .. } => key.default.is_integer(),
            Kind::Flag => key.default.is_bool(),
            Kind::Choice(_) | Kind::Text | Kind::Formula | Kind::Month => key.default.is_str(),
            Kind::Shares(_) | Kind::Each { .. } => {
                key.default.as_array().is_some_and(|a| a.iter().all(Value::is_float))
            }
            Kind::Numbers { .. } | Kind::Rows { .. } | Kind::Communities => {
                key.default.as_array().is_some_and(Vec::is_empty)
            }
            Kind::Election => key.default.as_table().is_some(),
        };
        assert!(same_type, "{}", key.name);
    }
}

#[test]
fn the_schema_knows_every_key_at_its_place_and_no_other() {
    let schema = shequ::model::scenario::schema();
    for section in sections() {
        let path = |name: &str| {
            let parts = section.path.split('.').filter(|p| !p.is_empty()).chain([name]);
            parts.map(|part| format!("/properties/{part}")).collect::<String>()
        };
        for key in &section.keys {
            let found = schema.pointer(&path(key.name)).unwrap();
            assert!(found["description"].as_str().unwrap().contains(key.meaning.zh));
            let in_change = schema.pointer(&format!("/properties/change/items{}", path(key.name)));
            assert_eq!(in_change.is_some(), !key.fixed, "{} {}", section.path, key.name);
        }
    }
    assert_closed(&schema);
    assert_eq!(schema.pointer("/properties/change/items/required/0").unwrap(), "from");
}

/// Every object of the schema refuses what it does not know.
fn assert_closed(schema: &serde_json::Value) {
    if schema["type"] == "object" {
        // But for the one table whose keys scenarios name.
        if schema["additionalProperties"]["type"] == "number" {
            return;
        }
        assert_eq!(schema["additionalProperties"], false);
        schema["properties"].as_object().unwrap().values().for_each(assert_closed);
    }
    if schema["items"].is_object() {
        assert_closed(&schema["items"]);
    }
}

#[test]
fn the_fixtures_are_read_from_any_folder() {
    let base = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/bad/_base.toml");
    assert_eq!(Scenario::load(&base, &[]).unwrap().scenario.months, 24);
}

#[test]
fn an_old_name_of_a_key_is_read_with_a_hint_in_files_and_options() {
    let hints = |loaded: &Loaded| {
        let all = loaded.warnings.iter().filter(|warning| warning.message.en.contains("is now called"));
        let place = |warning: &shequ::model::base::problem::Problem| {
            let place = warning.place.as_ref().unwrap();
            (place.origin(), place.column())
        };
        all.map(place).collect::<Vec<_>>()
    };
    for text in ["[seed]\nlife = 8\n", "seed.life = 8\n"] {
        let loaded = from_text(&format!("name = \"A\"\n{text}"));
        assert_eq!(loaded.scenario.seed.replicates, 8);
        let line = if text.starts_with('[') { ("a.toml:3".into(), 1) } else { ("a.toml:2".into(), 6) };
        assert_eq!(hints(&loaded), [line], "{text}");
        // Written out again, it bears its name of today.
        let again = from_text(&loaded.canonical_toml());
        assert_eq!((again.scenario.seed.replicates, hints(&again)), (8, vec![]));
    }
    let loaded = load("extends = \"base.toml\"\nseed.replicates = 2\n", &["seed.life=9"]).unwrap();
    assert_eq!(loaded.scenario.seed.replicates, 9);
    assert_eq!(hints(&loaded), [("--set".to_string(), 1)]);
}

#[test]
fn an_old_name_of_a_key_is_read_with_a_hint_wherever_an_experiment_names_keys() {
    let table = |file: &str| format!("[design]\nmethod = \"csv\"\n{file}\n");
    for (rest, hint) in [
        ("[vary]\n\"seed.life\" = [3, 4]\n[design]\nmethod = \"grid\"\n".to_string(), "sweep.toml:5"),
        ("[vary.seed]\nlife = [3, 4]\n[design]\nmethod = \"grid\"\n".into(), "sweep.toml:5"),
        (table("file = \"named.csv\""), "named.csv:1"),
        (table("file = \"numbers.txt\"\nparameters = \"parameters.txt\""), "parameters.txt:1"),
        (
            "set = { \"seed.life\" = 3 }\n[vary]\nmonths = [12, 24]\n[design]\nmethod = \"grid\"\n".into(),
            "sweep.toml:4",
        ),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
        write("base.toml", "name = \"Base\"\nmonths = 24\n");
        write("named.csv", "seed.life\n3\n4\n");
        write("numbers.txt", "3\n4\n");
        write("parameters.txt", "seed.life 1 9\n");
        write("sweep.toml", &format!("kind = \"sweep\"\nname = \"A\"\nscenario = \"base.toml\"\n{rest}"));
        let path = folder.path().join("sweep.toml");
        let experiment = Experiment::load(&path, Some(file::Kind::Sweep), &Overrides::default()).unwrap();
        let hints: Vec<_> = experiment
            .warnings()
            .map(|w| (w.message.en.as_str(), w.place.as_ref().unwrap().origin()))
            .collect();
        assert_eq!(hints, [("`seed.life` is now called `seed.replicates`", hint.to_string())], "{rest}");
        let seeds: Vec<u64> = match &experiment.design {
            Some(design) if design.factors[0].key == "seed.replicates" => {
                design.rows().iter().filter_map(|row| row[0].as_integer()).map(|n| n as u64).collect()
            }
            _ => vec![experiment.base.scenario.seed.replicates],
        };
        assert_eq!(seeds, if rest.starts_with("set") { vec![3] } else { vec![3, 4] }, "{rest}");
    }
}
