//! `datapackage.json`: every table of every kind of results is described in both languages, and is as described.

use crate::place;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use place::{Place, entries, text};
use serde_json::Value;

/// A city in which every table has rows: two communities of a table, with councils and a fund.
const BASE: &str = r#"
name = "Tiny"
name_zh = "小城"
months = 12
burn_in = 0
replicates = 3

[population]
communities = 2
adults = 60
streets = 1
districts = 1

[funding]
decider = "council"

[council]
enabled = true

[election]
first_month = 2
"#;

const TABLE: &str = "name,kind,adults,owners\nNorth,commodity,60,0.8\nSouth,village,60,0.9\n";

const SWEEP: &str = r#"
kind = "sweep"
name = "Swept"
scenario = "tiny.toml"
outcomes = ["participation", "awareness"]
replicates = 3
window = ["whole", "first-year"]
[design]
method = "lhs"
points = 8
[vary]
"outreach.home_visits" = { low = 0.0, high = 0.4 }
"funding.decider" = ["street", "committee"]
"#;

const SENSITIVITY: &str = r#"
kind = "sensitivity"
name = "Judged"
scenario = "tiny.toml"
outcomes = ["participation"]
replicates = 2
[design]
method = "morris"
trajectories = 4
[vary]
"outreach.home_visits" = { low = 0.0, high = 0.4 }
"residents.word_of_mouth" = { low = 0.01, high = 0.1 }
"#;

pub const CALIBRATION: &str = r#"
kind = "calibrate"
name = "Fitted"
scenario = "tiny.toml"
targets = "targets.csv"
replicates = 2
[calibrate]
waves = 1
points = 12
draws = 20
[vary]
"residents.trust_neighbours" = "prior"
"staff.handling_days" = { low = 2, high = 20, log = true }
"#;

const SEARCH: &str = r#"
kind = "search"
name = "Mixes"
scenario = "tiny.toml"
replicates = 2
search = { candidates = 4, generations = 1, final_replicates = 2 }
[[objective]]
outcome = "participation"
[[constraint]]
outcome = "participation"
group = "age"
level = "70+"
change_at_least = -1
[vary]
"outreach.home_visits" = { low = 0.0, high = 0.4 }
"funding.decider" = ["street", "committee"]
"#;

pub const TARGETS: &str = "\
id,metric,value,standard_error,transfer,set,use
N,trust.neighbours,0.4,0.01,0.03,,fit
H,satisfaction,0.7,0.05,,,hold_out
";

pub const POSTERIOR: &str = "\
draw,weight,residents.word_of_mouth
0,1,0.02
1,2,0.05
2,1,0.08
";

fn place() -> Place {
    let named = format!("{BASE}\n[[change]]\nfrom = \"2017-05\"\noutreach.home_visits = 0.2\n");
    let places =
        BASE.replace("communities = 2\nadults = 60\nstreets = 1\ndistricts = 1", "table = \"table.csv\"");
    Place::with(&[
        ("tiny.toml", BASE),
        ("visits.toml", &named.replace("\"Tiny\"", "\"Visits\"").replace("小城", "上门")),
        ("named.toml", &places),
        ("table.csv", TABLE),
        ("swept.toml", SWEEP),
        ("judged.toml", SENSITIVITY),
        ("fitted.toml", CALIBRATION),
        ("mixes.toml", SEARCH),
        ("targets.csv", TARGETS),
        ("posterior.csv", POSTERIOR),
    ])
}

/// A table as a package describes it.
struct Described {
    columns: Vec<String>,
    rows: Vec<Vec<String>>,
    schema: Value,
}

fn words(value: &Value) -> Vec<String> {
    value.as_array().into_iter().flatten().map(|word| word.as_str().unwrap().to_string()).collect()
}

impl Described {
    fn of(folder: &Path, resource: &Value) -> Described {
        let mut csv = csv::Reader::from_path(folder.join(resource["path"].as_str().unwrap())).unwrap();
        let columns = csv.headers().unwrap().iter().map(String::from).collect();
        let rows = csv.records().map(|row| row.unwrap().iter().map(String::from).collect()).collect();
        Described { columns, rows, schema: resource["schema"].clone() }
    }

    /// The cells of some columns, row by row.
    fn cells(&self, columns: &[String]) -> Vec<Vec<&str>> {
        let at = |name| self.columns.iter().position(|column| column == name).unwrap();
        let at: Vec<usize> = columns.iter().map(at).collect();
        self.rows.iter().map(|row| at.iter().map(|&k| row[k].as_str()).collect()).collect()
    }
}

fn is_of(kind: &str, required: bool, cell: &str) -> bool {
    let is_month = |cell: &str| {
        cell.split_once('-').is_some_and(|(year, month)| {
            year.len() == 4
                && year.parse::<u16>().is_ok()
                && month.len() == 2
                && month.parse::<u8>().is_ok_and(|month| (1..=12).contains(&month))
        })
    };
    match (cell, kind) {
        ("", _) => !required,
        (_, "integer") => cell.parse::<i64>().is_ok(),
        (_, "number") => cell.parse::<f64>().is_ok_and(f64::is_finite),
        (_, "boolean") => cell == "true" || cell == "false",
        (_, "yearmonth") => is_month(cell),
        (_, kind) => kind == "string",
    }
}

/// Holds every table of the folder against the package, and returns their names.
fn check(folder: &Path) -> BTreeSet<String> {
    let package: Value = serde_json::from_slice(&fs::read(folder.join("datapackage.json")).unwrap()).unwrap();
    let mut all = BTreeMap::new();
    for resource in package["resources"].as_array().unwrap() {
        let name = resource["name"].as_str().unwrap();
        let said = |of: &Value, what: &str| of[what].as_str().is_some_and(|text| !text.is_empty());
        assert!(said(resource, "title") && said(resource, "title_zh"), "{name}");
        let table = Described::of(folder, resource);
        let fields = table.schema["fields"].as_array().unwrap();
        let names: Vec<&str> = fields.iter().map(|field| field["name"].as_str().unwrap()).collect();
        assert_eq!(names, table.columns, "{name}");
        for (k, field) in fields.iter().enumerate() {
            let column = names[k];
            assert!(said(field, "description") && said(field, "description_zh"), "{name}.{column}");
            assert_eq!(said(field, "unit"), said(field, "unit_zh"), "{name}.{column}");
            let required = field["constraints"]["required"].as_bool().unwrap_or(false);
            let kind = field["type"].as_str().unwrap();
            for row in &table.rows {
                assert!(is_of(kind, required, &row[k]), "{name}.{column} is no {kind}: {:?}", row[k]);
            }
        }
        all.insert(name.to_string(), table);
    }
    for (name, table) in &all {
        let key = words(&table.schema["primaryKey"]);
        let rows = table.cells(&key);
        let different: BTreeSet<_> = rows.iter().collect();
        assert!(key.is_empty() || different.len() == rows.len(), "{name}: {key:?}");
        for join in table.schema["foreignKeys"].as_array().into_iter().flatten() {
            let to = &all[join["reference"]["resource"].as_str().unwrap()];
            let there = to.cells(&words(&join["reference"]["fields"]));
            let missing = table.cells(&words(&join["fields"])).into_iter().find(|row| !there.contains(row));
            assert_eq!(missing, None, "{name}: {join}");
        }
    }
    // What is a table by its name is described, but for what the user wrote.
    for path in entries(folder) {
        let name = path.file_name().unwrap().to_string_lossy().to_string();
        if let Some(name) = name.strip_suffix(".csv").filter(|name| *name != "targets") {
            assert!(all.contains_key(name), "{name}");
        }
    }
    all.into_keys().collect()
}

#[test]
fn every_table_of_every_kind_of_results_is_as_its_package_says() {
    let place = place();
    let followed = ["--set", "report.residents=4", "--set", "report.ties=true", "--format", "both"];
    let run = [&["run", "named.toml", "--set", "report.distributions_every=4"], &followed[..]].concat();
    let compare = [&["compare", "tiny.toml", "visits.toml"], &followed[..]].concat();
    let kinds: [&[&str]; 8] = [
        &["run", "tiny.toml", "--set", "seed.cities=pairs", "--replicates", "4"],
        &run,
        &compare,
        &["compare", "tiny.toml", "visits.toml", "--posterior", "posterior.csv"],
        &["sweep", "swept.toml"],
        &["sensitivity", "judged.toml"],
        &["calibrate", "fitted.toml"],
        &["search", "mixes.toml"],
    ];
    let mut tables = BTreeSet::new();
    for (number, command) in kinds.iter().enumerate() {
        let out = format!("out{number}");
        let output = place.shequ(&[command, &["--out", &out, "-q", "--no-report"][..]].concat());
        assert!(output.status.success(), "{command:?}: {}", text(&output.stderr));
        tables.extend(check(&place.results(&out)));
    }
    let expected =
        ["places", "variance", "seats", "effects", "differences", "ranking", "posterior", "points"];
    for table in expected.into_iter().chain(["residents", "ties", "distributions"]) {
        assert!(tables.contains(table), "{table}: {tables:?}");
    }
}

#[test]
fn a_contest_is_as_its_package_says() {
    let place = place();
    let small = ["--set", "months=6", "--replicates", "3", "-q", "--no-report"];
    let output = place.shequ(&[&["contest", "tiny.toml", "visits.toml"], &small[..]].concat());
    assert!(output.status.success(), "{}", text(&output.stderr));
    assert!(check(&place.results("results")).contains("range"));
}

#[test]
fn a_package_is_reproduced_and_describes_what_there_is() {
    let place = place();
    let output = place.shequ(&["run", "tiny.toml", "-q", "--no-report", "--format", "parquet"]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    let folder = place.results("results");
    let package = fs::read_to_string(folder.join("datapackage.json")).unwrap();
    assert!(package.contains("\"path\": \"monthly.parquet\"") && !package.contains("monthly.csv"));
    let again = place.shequ(&["reproduce", &folder.to_string_lossy(), "-q"]);
    assert!(again.status.success(), "{}", text(&again.stdout));
    assert!(text(&again.stdout).contains("datapackage.json"), "{}", text(&again.stdout));
}
