//! What a sweep costs: `cargo bench --bench sweep`.
//!
//! 256 runs of 2,000 residents and 60 months by the command as a user types it, from its start to the last
//! table and picture, on two threads: the full model, the smallest one (scenarios/minimal.toml), and beside
//! them the smallest one written by hand, on two threads as well. They take turns, so that a busy machine
//! is busy for all of them; the table gives the median and the least of all turns.

#![allow(clippy::disallowed_methods)] // A benchmark reads the clock.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::Instant;

use rayon::prelude::*;

#[path = "peers/rust/civic/src/lib.rs"]
#[allow(missing_docs, dead_code)] // It is a peer's, and explains itself.
mod civic;

use civic::MONTHS;

const RESIDENTS: usize = 2_000;
const RUNS: usize = 256;
const THREADS: usize = 2;
const TURNS: usize = 7;

/// 16 rows of 16 replicates.
fn experiment(scenario: &str, vary: &str) -> String {
    format!(
        r#"
kind = "sweep"
name = "Benchmark"
scenario = "{}/scenarios/{scenario}"
set = {{ population.communities = 1, population.adults = {RESIDENTS}, months = {MONTHS} }}
replicates = 16
outcomes = ["participation", "trust.committee"]
window = "last-year"
[design]
method = "grid"
levels = 16
[vary]
{vary}
"#,
        env!("CARGO_MANIFEST_DIR")
    )
}

/// Seconds of the command on the experiment file `text`.
fn command(text: &str) -> f64 {
    let folder = tempfile::tempdir().expect("a folder for results");
    let path = |name: &str| folder.path().join(name);
    fs::write(path("experiment.toml"), text).expect("it can be written");
    let mut shequ = Command::new(env!("CARGO_BIN_EXE_shequ"));
    shequ.args(["sweep", "experiment.toml", "--quiet", "--threads", &THREADS.to_string()]);
    let start = Instant::now();
    let output = shequ.current_dir(folder.path()).output().expect("it can be run");
    let seconds = start.elapsed().as_secs_f64();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let results = String::from_utf8_lossy(&output.stdout);
    let runs = fs::read_to_string(path(results.trim()).join(Path::new("runs.csv"))).expect("a table of runs");
    assert_eq!(runs.lines().count(), RUNS + 1);
    seconds
}

/// Seconds of the workload by hand.
fn by_hand() -> f64 {
    let start = Instant::now();
    let seeds = (0..RUNS as u64).into_par_iter();
    let runs: Vec<civic::Run> = seeds.map(|seed| civic::by_hand(RESIDENTS, seed)).collect();
    let seconds = start.elapsed().as_secs_f64();
    let mean = |of: fn(&civic::Run) -> f64| runs.iter().map(of).sum::<f64>() / RUNS as f64;
    let (participation, trust) = (mean(|m| m.participation), mean(|m| m.trust));
    // Known from 200 replicates of 100,000 residents in other programs, to three times the error of 256 of 2,000.
    assert!(
        (participation - 0.2193).abs() < 0.001 && (trust - 0.5406).abs() < 0.001,
        "{participation} {trust}"
    );
    seconds
}

fn main() {
    rayon::ThreadPoolBuilder::new().num_threads(THREADS).build_global().expect("no pool was built before");
    let full = experiment("baseline.toml", "\"residents.word_of_mouth\" = { low = 0.03, high = 0.05 }");
    let minimal = experiment("minimal.toml", "\"residents.trust_return\" = { low = 0.009, high = 0.011 }");
    let mut seconds = [(); 3].map(|()| Vec::new());
    for _ in 0..TURNS {
        seconds[0].push(by_hand());
        seconds[1].push(command(&minimal));
        seconds[2].push(command(&full));
    }
    for times in &mut seconds {
        times.sort_by(f64::total_cmp);
    }
    let per = |seconds: f64| seconds * 1e9 / (RESIDENTS * MONTHS * RUNS) as f64;
    let least = seconds[0][0];
    println!(
        "\n{RUNS} runs of {RESIDENTS} residents and {MONTHS} months on {THREADS} threads, {TURNS} turns\n"
    );
    println!("  seconds   least   ns per resident-month   times by hand   what");
    let names =
        ["the smallest model by hand", "shequ sweep, the smallest model", "shequ sweep, the full model"];
    for (times, name) in seconds.iter().zip(names) {
        let (median, best) = (times[TURNS / 2], times[0]);
        println!("{median:>9.3}{best:>8.3}{:>24.1}{:>16.2}   {name}", per(best), best / least);
    }
}
