//! Single residents and their ties in the results of a run and of a comparison.

use crate::place;

use std::fs;
use std::path::Path;

use place::{Place, entries, text};
use shequ::experiment::record::manifest::Manifest;
use shequ::experiment::record::sheet::Sheet;

const TOWN: &str = r#"
name = "Town"
months = 12
burn_in = 0
replicates = 4

[population]
communities = 2
adults = 80

[report]
residents = 6
residents_every = 4
ties = true
"#;

const VISITS: &str = "extends = \"town.toml\"\nname = \"Visits\"\noutreach.home_visits = 0.4\n";

fn place() -> Place {
    Place::with(&[("town.toml", TOWN), ("visits.toml", VISITS)])
}

fn fine(place: &Place, arguments: &[&str]) {
    // What is run again has no report anyway.
    let no_report: &[&str] = if arguments[0] == "reproduce" { &[] } else { &["--no-report"] };
    let output = place.shequ(&[arguments, &["-q"], no_report].concat());
    assert!(output.status.success(), "{arguments:?}: {} {}", text(&output.stdout), text(&output.stderr));
}

/// Names of the files in a folder.
fn names(folder: &Path) -> Vec<String> {
    entries(folder).iter().map(|path| path.file_name().unwrap().to_string_lossy().into()).collect()
}

/// A table of results, in the form in which they have it.
fn sheet(folder: &Path, name: &str) -> Sheet {
    let words = ["arm", "date", "kind", "sex", "education", "tenure", "hukou", "elector", "took_part"];
    let ends = ["_member", "_need"];
    let is_word = |column: &str| {
        words.contains(&column) || column.starts_with("did_") || ends.iter().any(|end| column.ends_with(end))
    };
    Sheet::read(folder, &Manifest::read(folder).unwrap(), name, &is_word).unwrap()
}

/// Some columns of a table, row by row.
fn numbers<const N: usize>(sheet: &Sheet, columns: [&str; N]) -> Vec<[u32; N]> {
    (0..sheet.rows()).map(|row| columns.map(|column| sheet.number(row, column) as u32)).collect()
}

/// Everything in some rows of a table but the arm, missing numbers too.
fn cells(sheet: &Sheet, rows: &[usize]) -> Vec<(u64, String)> {
    let columns: Vec<&str> = sheet.columns().filter(|column| *column != "arm").collect();
    let cell =
        |row: usize, column: &str| (sheet.number(row, column).to_bits(), sheet.text(row, column).into());
    rows.iter().flat_map(|&row| columns.iter().map(move |column| cell(row, column))).collect()
}

#[test]
fn residents_and_ties_are_parquet_and_csv_only_where_both_are_asked_for() {
    let place = place();
    fine(&place, &["run", "town.toml", "--out", "csv"]);
    fine(&place, &["run", "town.toml", "--out", "both", "--format", "both"]);
    let (csv, both) = (place.results("csv"), place.results("both"));
    for table in ["residents", "ties"] {
        assert!(csv.join(format!("{table}.parquet")).exists() && !csv.join(format!("{table}.csv")).exists());
        let bytes = |folder: &Path| fs::read(folder.join(format!("{table}.parquet"))).unwrap();
        assert_eq!(bytes(&csv), bytes(&both), "{table}");
        // Those in Parquet and, where there is one, in CSV.
        let [parquet, csv] = [sheet(&csv, table), sheet(&both, table)];
        let all: Vec<usize> = (0..parquet.rows()).collect();
        assert!(cells(&parquet, &all) == cells(&csv, &all) && csv.rows() == all.len(), "{table}");
    }
    assert!(csv.join("monthly.csv").exists() && !csv.join("monthly.parquet").exists());
    // Four replicates, three months, two communities, six residents.
    assert_eq!(sheet(&csv, "residents").rows(), 4 * 3 * 2 * 6);
    let package = fs::read_to_string(csv.join("datapackage.json")).unwrap();
    assert!(package.contains("\"path\": \"residents.parquet\""), "{package}");
    fine(&place, &["reproduce", csv.to_str().unwrap()]);
    fine(&place, &["reproduce", both.to_str().unwrap()]);
}

#[test]
fn everything_else_is_the_same_without_residents() {
    let place = place();
    fine(&place, &["run", "town.toml", "--out", "with"]);
    let none = ["--set", "report.residents=0", "--set", "report.ties=false"];
    fine(&place, &[&["run", "town.toml", "--out", "without"], &none[..]].concat());
    let (with, without) = (place.results("with"), place.results("without"));
    let tables: Vec<String> = names(&without).into_iter().filter(|name| name.ends_with(".csv")).collect();
    assert!(tables.len() >= 6 && !names(&without).iter().any(|name| name.ends_with(".parquet")));
    for table in tables {
        assert_eq!(fs::read(with.join(&table)).unwrap(), fs::read(without.join(&table)).unwrap(), "{table}");
    }
}

#[test]
fn shards_and_threads_give_the_same_bytes() {
    let place = place();
    fine(&place, &["run", "town.toml", "--out", "whole", "--threads", "2"]);
    fine(&place, &["run", "town.toml", "--out", "one", "--threads", "1"]);
    for shard in ["1/3", "2/3", "3/3"] {
        fine(&place, &["run", "town.toml", "--out", "shards", "--shard", shard]);
    }
    let under_way = place.results("shards");
    fine(&place, &["merge", under_way.to_str().unwrap(), "--out", "merged"]);
    let whole = place.results("whole");
    for table in ["residents.parquet", "ties.parquet", "monthly.csv", "datapackage.json"] {
        for other in ["one", "merged"].map(|out| place.results(out)) {
            assert_eq!(fs::read(whole.join(table)).unwrap(), fs::read(other.join(table)).unwrap(), "{table}");
        }
    }
}

#[test]
fn a_tie_leads_from_one_resident_to_another_of_the_community() {
    let place = place();
    fine(&place, &["run", "town.toml", "--set", "report.residents=80"]);
    let folder = place.results("results");
    let ties = numbers(&sheet(&folder, "ties"), ["community", "resident", "other_resident"]);
    assert!(ties.iter().all(|[_, a, b]| a < b) && ties.is_sorted());
    // What is told of the first replicate's residents: how many each knows, of whom at most 31 count.
    let residents = sheet(&folder, "residents");
    let mut seen = 0;
    for (row, [replicate, month, community, resident]) in
        numbers(&residents, ["replicate", "month", "community", "resident"]).into_iter().enumerate()
    {
        if (replicate, month) == (0, 3) {
            let is_of = |[c, a, b]: &&[u32; 3]| *c == community && (*a == resident || *b == resident);
            let degree = ties.iter().filter(is_of).count();
            assert_eq!(residents.number(row, "acquaintances"), degree.min(31) as f64, "{resident}");
            seen += 1;
        }
    }
    assert!(seen > 100, "{seen}");
}

#[test]
fn a_comparison_follows_the_same_people_in_the_base_and_in_every_arm() {
    let place = place();
    fine(&place, &["compare", "town.toml", "visits.toml", "--replicates", "3"]);
    let folder = place.results("results");
    let residents = sheet(&folder, "residents");
    let who = numbers(&residents, ["replicate", "month", "community", "resident"]);
    let of = |arm: &str| -> Vec<(usize, [u32; 4])> {
        let rows = who.iter().copied().enumerate();
        rows.filter(|(row, _)| residents.text(*row, "arm") == arm).collect()
    };
    let (base, visits) = (of("Town"), of("Visits"));
    assert_eq!((base.len(), who.len()), (3 * 3 * 2 * 6, 2 * base.len()));
    assert!(base.iter().zip(&visits).all(|((_, a), (_, b))| a == b));
    let differ = |column: &str| {
        let pairs = base.iter().zip(&visits);
        pairs.filter(|((a, _), (b, _))| residents.number(*a, column) != residents.number(*b, column)).count()
    };
    assert!(differ("awareness") > 50 && differ("household") == 0);
    assert!(folder.join("ties.parquet").exists());
    fine(&place, &["reproduce", folder.to_str().unwrap()]);
    // The base alone gives the same rows as a run of it in the same cities.
    fine(&place, &["run", "town.toml", "--replicates", "3", "--set", "seed.cities=one", "--out", "alone"]);
    let alone = sheet(&place.results("alone"), "residents");
    assert_eq!(alone.rows(), base.len());
    let rows: Vec<usize> = base.iter().map(|(row, _)| *row).collect();
    assert!(cells(&alone, &(0..alone.rows()).collect::<Vec<_>>()) == cells(&residents, &rows));
}

#[test]
fn other_experiments_say_that_they_leave_residents_out() {
    let place = place();
    let small = ["--replicates", "2", "--set", "months=4", "--no-report"];
    let output = place.shequ(&[&["contest", "town.toml", "visits.toml"], &small[..]].concat());
    let said = text(&output.stderr);
    assert!(output.status.success() && said.contains("only `run` and `compare` write"), "{said}");
    assert!(!names(&place.results("results")).iter().any(|name| name.contains("residents")));
}

#[test]
fn more_rows_than_can_be_kept_are_refused_before_anything_is_run() {
    let place = place();
    let large =
        ["--set", "population.communities=400", "--set", "population.adults=3000", "--set", "months=120"];
    let all = ["--set", "report.residents=3000", "--set", "report.residents_every=1"];
    let output = place.shequ(&[&["run", "town.toml"], &large[..], &all[..]].concat());
    let said = text(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(said.contains("144000000 rows of residents") && said.contains("4000000"), "{said}");
    assert!(!place.path().join("results").exists());
}
