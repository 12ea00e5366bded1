//! What the shipped calibration says, for `docs/evidence.md`: its tables stand in `scenarios/calibrated`.

use super::{code, table};
use shequ_experiment::record::sheet::Sheet;
use shequ_experiment::targets::{Target, table as targets};
use shequ_model::base::i18n::Language;
use shequ_model::scenario::index;
use shequ_report::targets::{aim, distance, interval_of, what};

const PREDICTIONS: &str = include_str!("../../../scenarios/calibrated/predictions.csv");
const PARAMETERS: &str = include_str!("../../../scenarios/calibrated/parameters.csv");
const INFLUENCE: &str = include_str!("../../../scenarios/calibrated/influence.csv");
const CONFLICTS: &str = include_str!("../../../scenarios/calibrated/conflicts.csv");

/// Columns that hold words.
const WORDS: [&str; 10] = [
    "target",
    "quantity",
    "group",
    "level",
    "use",
    "verdict",
    "parameter",
    "unit",
    "informed",
    "other_target",
];
/// Share of a target's variance from which a parameter is said to move it.
const MOVES: f64 = 0.2;

/// A table; one that cannot be read, which a test would tell, has no rows.
fn sheet(name: &str, text: &'static str) -> Option<Sheet> {
    Sheet::of_text(text, name, &|column| WORDS.contains(&column)).ok()
}

fn shipped() -> Vec<Target> {
    targets::load("shequ:targets.csv".as_ref()).unwrap_or_default()
}

/// Targets whose verdict is among `verdicts`, the farthest first.
fn predictions(verdicts: &[&str]) -> String {
    let (targets, en) = (shipped(), Language::En);
    let Some(sheet) = sheet("predictions", PREDICTIONS) else { return String::new() };
    let mut rows: Vec<usize> =
        (0..sheet.rows()).filter(|&row| verdicts.contains(&sheet.text(row, "verdict"))).collect();
    let away = |row: usize| sheet.number(row, "distance");
    rows.sort_by(|&a, &b| away(b).total_cmp(&away(a)));
    let row = |row: usize| {
        let id = sheet.text(row, "target");
        let target = targets.iter().find(|target| target.id == id);
        let used = if sheet.text(row, "use") == "fit" { "fitted" } else { "held back" };
        [
            id.to_string(),
            target.map(|target| what(target, en)).unwrap_or_default(),
            target.map(|target| aim(target, en)).unwrap_or_default(),
            interval_of(&sheet, row, "prior"),
            interval_of(&sheet, row, "posterior"),
            distance(away(row)),
            used.to_string(),
        ]
    };
    table(["id", "what", "observed", "before", "after", "distance (sd)", "use"], rows.into_iter().map(row))
}

/// Targets that the model does not meet, or whose sign it leaves open.
pub fn missed() -> String {
    predictions(&["missed", "open", ""])
}

/// Targets that it meets.
pub fn met() -> String {
    predictions(&["met"])
}

/// Targets that no values of the parameters meet, alone or together.
pub fn conflicts() -> String {
    let Some(sheet) = sheet("conflicts", CONFLICTS) else { return String::new() };
    let per_cent = |row: usize, column: &str| match sheet.number(row, column) {
        share if share.is_nan() => String::new(),
        share => format!("{:.1} %", 100.0 * share),
    };
    if sheet.rows() == 0 {
        return "None: every target can be met by some values, and so can every pair together.\n".into();
    }
    let row = |row: usize| {
        let [target, with] = ["target", "other_target"].map(|column| sheet.text(row, column).to_string());
        [target, with, per_cent(row, "share_met"), per_cent(row, "share_with_met")]
    };
    table(
        ["target", "with", "of the prior, the first is met in", "the second in"],
        (0..sheet.rows()).map(row),
    )
}

/// Parameters before and after, and the targets that each moves.
pub fn parameters() -> String {
    let (Some(sheet), Some(influence)) = (sheet("parameters", PARAMETERS), sheet("influence", INFLUENCE))
    else {
        return String::new();
    };
    let moves = |key: &str| {
        let rows = (0..influence.rows()).filter(|&row| influence.text(row, "parameter") == key);
        let mut moved: Vec<(f64, &str)> =
            rows.map(|row| (influence.number(row, "share_total"), influence.text(row, "target"))).collect();
        moved.retain(|(share, _)| *share >= MOVES);
        moved.sort_by(|a, b| b.0.total_cmp(&a.0));
        let named: Vec<String> = moved.iter().map(|(share, id)| format!("{id} {share:.2}")).collect();
        named.join(", ")
    };
    let mut rows: Vec<usize> = (0..sheet.rows()).collect();
    rows.sort_by(|&a, &b| sheet.number(b, "contraction").total_cmp(&sheet.number(a, "contraction")));
    let row = |row: usize| {
        let key = sheet.text(row, "parameter");
        let told = if sheet.text(row, "informed") == "true" { "informed" } else { "keeps its prior" };
        [
            code(key),
            index().key(key).map_or("", |key| key.grade.word()).to_string(),
            interval_of(&sheet, row, "prior"),
            interval_of(&sheet, row, "posterior"),
            format!("{:.0} %", 100.0 * sheet.number(row, "contraction").max(0.0)),
            told.to_string(),
            moves(key),
        ]
    };
    let head = ["parameter", "grade", "before", "after", "variance taken away", "", "moves"];
    table(head, rows.into_iter().map(row))
}
