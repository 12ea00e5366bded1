//! Arms that are taken apart, as `shequ compare` tells it.

use crate::folders::rows;
use crate::place::text;
use crate::program;

use std::fs;

/// Surveys answer nobody and cost nobody time, so that they change no participation.
const EXPERIMENT: &str = "kind = \"compare\"\nname = \"A bundle\"\nscenario = \"base.toml\"\nreplicates = 4\n\
    outcomes = [\"participation\", \"satisfaction\"]\n\
    [[arm]]\nname = \"Bundle\"\nparts = true\n\
    set = { \"opportunities.events_per_month\" = 4.0, \"modes.event.hours\" = 1.0, \"survey.every\" = 6 }\n";
const BASE: &str = "name = \"Base\"\nmonths = 12\nburn_in = 0\n\
    [population]\ncommunities = 2\nadults = 100\n[report]\ngroups_every = 0\n";

#[test]
fn shares_of_an_arm_add_up_and_a_part_that_changes_nothing_has_none() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("base.toml"), BASE).unwrap();
    fs::write(folder.path().join("bundle.toml"), EXPERIMENT).unwrap();
    let output = program::shequ().current_dir(&folder).args(["compare", "bundle.toml"]).output().unwrap();
    assert!(output.status.success(), "{}", text(&output.stderr));
    let said = text(&output.stdout);
    assert!(said.contains("What the effect of Bundle owes to its parts"), "{said}");
    let results = folder.path().join(said.lines().last().unwrap());
    let parts = rows(&results, "parts.csv");
    assert_eq!(parts.len(), 3 * 2);
    let number = |row: usize, column: &str| parts[row][column].parse::<f64>().unwrap();
    for outcome in parts.chunks(3) {
        let sum: f64 = outcome.iter().map(|row| row["share"].parse::<f64>().unwrap()).sum();
        assert!((sum - outcome[0]["whole"].parse::<f64>().unwrap()).abs() < 1e-12, "{outcome:?}");
    }
    let idle = (0..3).find(|&row| parts[row]["part"] == "survey").unwrap();
    for column in ["alone", "lost_without", "share", "ci95_low", "ci95_high"] {
        assert_eq!(number(idle, column), 0.0, "{column}");
    }
    assert!((0..3).any(|row| number(row, "share") != 0.0));
    // Base, arm and the six coalitions of three parts between them.
    assert_eq!(rows(&results, "runs.csv").len(), 4 * 8);
    let reproduced = program::shequ().current_dir(&folder).arg("reproduce").arg(&results).output().unwrap();
    assert!(reproduced.status.success(), "{}", text(&reproduced.stderr));
}
