//! `shequ calibrate` as a user types it: what it finds, that nothing is lost, and what it says of bad files.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use crate::folders::{assert_same, clear, files, fine, finished_in, killed, rows};
use crate::place::{Place, entries, text};

const BASE: &str = r#"
name = "Tiny"
months = 12
burn_in = 0
population.communities = 1
population.adults = 80
"#;

const CALIBRATION: &str = r#"
kind = "calibrate"
name = "Fitted"
name_zh = "校准"
scenario = "tiny.toml"
targets = "targets.csv"
replicates = 2

[calibrate]
waves = 2
points = 12
draws = 20

[vary]
"residents.trust_neighbours" = "prior"
"staff.handling_days" = { low = 2, high = 20, log = true }
"#;

/// Two that are fitted and two that are held back, one of each by a run of its own.
const TARGETS: &str = "\
id,metric,value,standard_error,transfer,set,use
N,trust.neighbours,0.4,0.01,0.03,,fit
D,response.days,6,0.5,0.5,staff.per_10000=20,fit
H,satisfaction,0.7,0.05,,,hold_out
S,response.days,5,0.5,0.5,staff.per_10000=40,hold_out
";

fn place() -> Place {
    Place::with(&[("tiny.toml", BASE), ("fitted.toml", CALIBRATION), ("targets.csv", TARGETS)])
}

fn undisturbed(place: &Place) -> BTreeMap<PathBuf, Vec<u8>> {
    fine(place.shequ(&["calibrate", "fitted.toml", "--out", "calm", "-q"]));
    files(&place.results("calm"))
}

#[test]
fn a_calibration_says_which_values_are_plausible_and_what_they_predict() {
    let place = place();
    let output = fine(place.shequ(&["calibrate", "fitted.toml"]));
    let (said, told, folder) = (text(&output.stdout), text(&output.stderr), place.results("results"));
    assert!(said.contains("targets that were fitted are met") && said.contains("worth"), "{said}");
    // Twelve points under two settings, one of them twenty times.
    let runs = "84 runs: 24 rows, replicates 2, 20 in the middle of a wave";
    assert!(told.contains(runs) && told.contains("of the prior is not ruled out"), "{told}");
    let posterior = rows(&folder, "posterior.csv");
    let number = |row: &BTreeMap<String, String>, column: &str| row[column].parse::<f64>().unwrap();
    assert_eq!(posterior.len(), 20);
    assert!((posterior.iter().map(|row| number(row, "weight")).sum::<f64>() - 1.0).abs() < 1e-9);
    assert!(posterior.iter().all(|row| (2.0..=20.0).contains(&number(row, "staff.handling_days"))));
    // Trust in neighbours is a level that is set: seen at .4 where the prior's middle is .6, it comes down.
    let parameters = rows(&folder, "parameters.csv");
    assert_eq!(parameters[0]["parameter"], "residents.trust_neighbours");
    assert!(number(&parameters[0], "posterior_median") < number(&parameters[0], "prior_median") - 0.05);
    assert_eq!(parameters[0]["informed"], "true");
    let predictions = rows(&folder, "predictions.csv");
    for held_back in &predictions[2..] {
        assert_eq!((held_back["use"].as_str(), held_back["distance"].is_empty()), ("hold_out", false));
    }
    // What is held back and takes a run of its own is run for the last draws alone.
    assert_eq!([2, 3].map(|k: usize| predictions[k]["prior_median"].is_empty()), [false, true]);
    let waves = rows(&folder, "waves.csv");
    assert_eq!((waves[0]["purpose"].as_str(), waves[0]["points"].as_str()), ("history", "12"));
    let ends: Vec<&str> = waves.iter().rev().take(2).map(|wave| wave["purpose"].as_str()).collect();
    assert_eq!(ends, ["held back", "draws"]);
    assert_eq!(number(&waves[waves.len() - 1], "runs"), 20.0 * 2.0 + 18.0);
    let runs = rows(&folder, "runs.csv");
    assert_eq!(runs.len() as f64, waves.iter().map(|wave| number(wave, "runs")).sum::<f64>());
    // A figure stands where its run is, and nowhere else.
    let own = |run: &BTreeMap<String, String>| run["arm"] == "staff.per_10000=20";
    let of_base = |run: &BTreeMap<String, String>| !run["arm"].starts_with("staff.");
    assert!(runs.iter().all(|run| run["D"].is_empty() != own(run) && run["N"].is_empty() != of_base(run)));
    assert!(!runs[0].contains_key("S"));
    for file in ["report.html", "plots/targets.svg", "plots/parameters.png", "targets.csv", "conflicts.csv"] {
        assert!(folder.join(file).is_file(), "{file}");
    }
    let chinese = fine(place.shequ(&["calibrate", "fitted.toml", "--force", "--lang", "zh"]));
    assert!(text(&chinese.stdout).contains("\n用于拟合的 2 个目标满足"), "{}", text(&chinese.stdout));
}

#[cfg(unix)]
#[test]
#[allow(clippy::disallowed_methods)] // A clock that spreads the moments; nothing is asserted of it.
fn a_calibration_that_is_killed_goes_on_to_the_same_bytes() {
    let place = place();
    let begin = Instant::now();
    let expected = undisturbed(&place);
    let whole = begin.elapsed();
    let out = place.path().join("killed");
    for kill in 1..=8 {
        let calibrate = ["calibrate", "fitted.toml", "--out", "killed", "-q"];
        let after = whole.mul_f64(0.06 * f64::from(kill)).max(Duration::from_millis(5));
        killed(&place, &calibrate, after);
        if finished_in(&out) {
            break;
        }
    }
    fine(place.shequ(&["calibrate", "fitted.toml", "--out", "killed", "-q", "--threads", "1"]));
    clear(&out);
    assert_same(&place, "killed", &expected, "killed");
}

#[test]
fn shards_take_turns_wave_by_wave_and_end_in_the_same_bytes() {
    let place = place();
    let expected = undisturbed(&place);
    let shard = |shard: &str| {
        let output = fine(place.shequ(&["calibrate", "fitted.toml", "--shard", shard, "--out", "shards"]));
        text(&output.stderr)
    };
    let mut turns = Vec::new();
    for turn in 0..40 {
        turns.push(shard(["2/2", "1/2"][turn % 2]));
        let waits = |told: &String| told.contains("waits for the other shards");
        if turns.iter().rev().take(2).all(|told| !waits(told)) {
            break;
        }
    }
    assert!(turns[0].contains("wave 1 waits for the other shards"), "{}", turns[0]);
    let folder = entries(&place.path().join("shards")).remove(0);
    fine(place.shequ(&["merge", folder.to_str().unwrap(), "--out", "shards", "-q"]));
    clear(&place.path().join("shards"));
    assert_same(&place, "shards", &expected, "shards");
}

#[test]
fn what_is_wrong_with_a_calibration_is_said_at_once_with_its_place() {
    let place = place();
    let said = |text_of_file: &str| {
        place.write("bad.toml", text_of_file);
        let output = place.shequ(&["calibrate", "bad.toml"]);
        assert_eq!(output.status.code(), Some(2), "{}", text(&output.stderr));
        assert!(!place.path().join("results").exists());
        text(&output.stderr)
    };
    for (from, to, expected) in [
        ("\"prior\"", "\"posterior\"", "must be \"prior\" or a range"),
        ("\"residents.trust_neighbours\" = \"prior\"", "\"council.selection\" = \"prior\"", "has no prior"),
        ("targets = \"targets.csv\"\n", "", "names no targets"),
        ("targets.csv", "target.csv", "target.csv"),
        ("replicates = 2", "replicates = 1", "at least 2"),
        ("waves = 2", "waves = 0", "waves"),
        ("waves = 2", "wave = 2", "did you mean"),
        ("draws = 20", "draws = 20\n[design]\nmethod = \"lhs\"", "[design] is not used"),
        ("replicates = 2", "replicates = 2\noutcomes = \"participation\"", "`outcomes` is not used"),
        ("low = 2, high = 20", "low = 20, high = 2", "`low` must be less than `high`"),
    ] {
        assert!(CALIBRATION.contains(from), "{from}");
        let said = said(&CALIBRATION.replace(from, to));
        assert!(said.contains(expected), "{expected}: {said}");
    }
    // A table whose targets are all held back or only shown, or ask for what no scenario may hold.
    for used in ["hold_out\n", "show\n"] {
        fs::write(place.path().join("targets.csv"), TARGETS.replace("fit\n", used)).unwrap();
        assert!(said(CALIBRATION).contains("no target of"));
    }
    let twice =
        TARGETS.replace("per_10000=20", "per_10000=-1").replace(",,hold_out", ",staff.cont=1,hold_out");
    fs::write(place.path().join("targets.csv"), twice).unwrap();
    let told = said(CALIBRATION);
    assert!(told.contains("target D: ") && told.contains("staff.per_10000"), "{told}");
    assert!(told.contains("target H: ") && told.contains("did you mean `staff.count`?"), "{told}");
    // Other kinds of experiments have no targets.
    let sweep = "kind = \"sweep\"\nname = \"S\"\nscenario = \"tiny.toml\"\ntargets = \"targets.csv\"\n";
    place.write("sweep.toml", sweep);
    let output = place.shequ(&["sweep", "sweep.toml"]);
    assert!(text(&output.stderr).contains("`targets` is not used"), "{}", text(&output.stderr));
}
