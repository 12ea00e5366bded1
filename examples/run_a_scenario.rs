//! Runs a scenario from a program of one's own, and reads what came out.
//!
//! ```text
//! cargo run --release --example run_a_scenario -- scenarios/baseline.toml results
//! ```

use std::error::Error;
use std::path::Path;

use shequ::experiment::{self, Experiment, Options, Study};
use shequ::prelude::*;

/// Runs two years of the scenario in `file` into a folder within `out`; the participation of the last month, replicate
/// by replicate.
pub fn participation(file: &Path, out: &Path) -> Result<Vec<f64>, Box<dyn Error>> {
    let loaded = Scenario::load(file, &["months=24".into(), "replicates=3".into()])?;
    let run = Experiment::of_run(loaded, None);
    let options = Options { out: out.into(), ..Options::default() };
    let finished = experiment::run(&Study::new(&run), &options)?;
    let monthly = finished.monthly()?;
    let column = monthly.names.iter().position(|name| name == "participation").ok_or("no such metric")?;
    let last = (monthly.months as usize - 1) * monthly.names.len() + column;
    println!("{}", finished.folder().display());
    Ok(monthly.outputs.iter().map(|output| output.monthly[last]).collect())
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let file = arguments.next().unwrap_or("scenarios/baseline.toml".into());
    let out = arguments.next().unwrap_or("results".into());
    for (replicate, share) in participation(file.as_ref(), out.as_ref())?.iter().enumerate() {
        println!("replicate {replicate}: {:.1} % took part in the last month", 100.0 * share);
    }
    Ok(())
}
