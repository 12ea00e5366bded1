//! The mechanism map against the model: what its rows name is there, and their signs come out.

use crate::common;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use common::{PLAIN, mean, outputs, scenario, series};
use rayon::prelude::*;
use shequ::model::base::stats::{Estimate, estimate};
use shequ::model::mechanism::{Claim, Row, rows};
use shequ::model::metric;
use shequ::model::scenario::sections;
use shequ::model::simulation::ReplicateOutput;

/// Pairs of replicates under each setting.
const REPLICATES: u32 = 30;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Months of one replicate: a claim may ask for more.
const MONTHS: &[&str] = &["months=36", "election.first_month=30", "report.groups_every=0"];

/// What is simulated for one side of a claim: settings of both sides, and of this one.
fn settings<'a>(claim: &'a Claim, side: &'a [String]) -> Vec<&'a str> {
    claim.with.iter().chain(side).map(String::as_str).collect()
}

/// An outcome and its window, as a claim asks for them.
type Asked<'a> = (&'a str, Option<(usize, usize)>);

/// Mean of the outcome over the window, or over the last year.
fn outcome(&(name, window): &Asked, output: &ReplicateOutput) -> f64 {
    let values = series(output, name);
    let (from, to) = window.unwrap_or((values.len().saturating_sub(12), values.len()));
    assert!(from < to && to <= values.len(), "{name}: no such window");
    mean(values[from..to].iter().copied())
}

/// Outcomes of the same replicates by what claims ask for.
type Lot<'a> = BTreeMap<Asked<'a>, Vec<f64>>;

/// The sides of all claims. Many claims share theirs, which is simulated once.
fn lots<'a>(claims: &[(&Row, &'a Claim)]) -> BTreeMap<Vec<&'a str>, Lot<'a>> {
    let mut asked: BTreeMap<Vec<&str>, Vec<Asked>> = BTreeMap::new();
    for (_, claim) in claims {
        for side in [&claim.low, &claim.high] {
            asked.entry(settings(claim, side)).or_default().push((&claim.outcome, claim.window));
        }
    }
    let simulated = asked.into_par_iter().map(|(settings, asked)| {
        let outputs = outputs(&scenario(&[PLAIN, MONTHS, &settings]), REPLICATES);
        let of = |asked: Asked<'a>| (asked, outputs.iter().map(|output| outcome(&asked, output)).collect());
        (settings, asked.into_iter().map(of).collect())
    });
    simulated.collect()
}

/// High less low, paired.
fn measured(claim: &Claim, lots: &BTreeMap<Vec<&str>, Lot>) -> Estimate {
    let side = |side| lots[&settings(claim, side)][&(claim.outcome.as_str(), claim.window)].iter();
    let pairs = side(&claim.low).zip(side(&claim.high));
    estimate(pairs.map(|(low, high)| high - low))
}

/// Whether the whole 95 % interval of the mean paired difference lies on the claimed side of zero.
fn comes_out(claim: &Claim, effect: &Estimate) -> bool {
    let (low, high) = (effect.mean - effect.half_width, effect.mean + effect.half_width);
    if claim.rises { low > 0.0 } else { high < 0.0 }
}

/// A line that tells what was claimed and what came out.
fn told(row: &Row, claim: &Claim, effect: &Estimate) -> String {
    let sides = format!("{} to {}", claim.low.join(" "), claim.high.join(" "));
    let sign = if claim.rises { '+' } else { '−' };
    let Estimate { mean, half_width, n, .. } = effect;
    format!(
        "row {:3} {sign} {:24} {mean:+.5} ± {half_width:.5} (n = {n})  {sides}",
        row.number, claim.outcome
    )
}

/// Claims of the map, with their rows; `SHEQU_ROWS=7,43` asks for those rows alone.
fn claims() -> Vec<(&'static Row, &'static Claim)> {
    let asked: Option<Vec<u16>> = std::env::var("SHEQU_ROWS")
        .ok()
        .map(|list| list.split(',').map(|n| n.trim().parse().expect("a number of a row")).collect());
    let wanted = |row: &&Row| asked.as_ref().is_none_or(|numbers| numbers.contains(&row.number));
    rows().iter().filter(wanted).flat_map(|row| row.claims.iter().map(move |claim| (row, claim))).collect()
}

#[test]
fn outcomes_go_where_the_mechanism_map_says() {
    let claims = claims();
    let lots = lots(&claims);
    let judged: Vec<(bool, String)> = claims
        .iter()
        .map(|&(row, claim)| {
            let effect = measured(claim, &lots);
            // What is said not to come out must not: else the map is out of date.
            let as_said = comes_out(claim, &effect) == claim.not_shown.is_none();
            (as_said, told(row, claim, &effect))
        })
        .collect();
    judged.iter().for_each(|(as_said, line)| println!("{} {line}", if *as_said { "   " } else { "NOT" }));
    let failed: Vec<&String> = judged.iter().filter(|(as_said, _)| !as_said).map(|(_, line)| line).collect();
    assert!(failed.is_empty(), "{failed:#?}");
}

#[test]
fn rows_name_keys_files_tests_and_metrics_that_are_there() {
    let keys: Vec<String> = sections()
        .iter()
        .flat_map(|s| s.keys.iter().map(move |k| format!("{}.{}", s.path, k.name)))
        .map(|key| key.trim_start_matches('.').to_string())
        .collect();
    let has_key = |asked: &str| match asked.strip_suffix(".*") {
        Some(table) => keys.iter().any(|key| key.starts_with(&format!("{table}."))),
        None => keys.iter().any(|key| key == asked),
    };
    let has_test = |named: &str| {
        let (file, test) = named.split_once(": ").unwrap_or((named, ""));
        let text = fs::read_to_string(root().join(file)).unwrap_or_default();
        !test.is_empty() && text.contains(&format!("fn {test}()"))
    };
    let mut missing = Vec::new();
    for row in rows() {
        let mut miss = |what: &str| missing.push(format!("row {}: {what}", row.number));
        row.keys.iter().filter(|key| !has_key(key)).for_each(|key| miss(key));
        row.files.iter().filter(|file| !root().join(file).is_file()).for_each(|file| miss(file));
        row.tests.iter().filter(|test| !has_test(test)).for_each(|test| miss(test));
        let outcomes = row.claims.iter().map(|claim| &claim.outcome);
        outcomes.filter(|outcome| metric::position(outcome).is_none()).for_each(|outcome| miss(outcome));
    }
    assert!(missing.is_empty(), "{missing:#?}");
}
