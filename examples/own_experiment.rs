//! An experiment of one's own: does the effect of home visits grow with their number?
//!
//! ```text
//! cargo run --release --example own_experiment -- scenarios/baseline.toml results
//! ```

use std::error::Error;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use shequ::experiment::file::{Kind, Overrides};
use shequ::experiment::observer::Extent;
use shequ::experiment::{self, Experiment, Findings, Finished, Observer, Options, Settings, Study};
use shequ::model::base::i18n::Language;
use shequ::report::extras::Report;

/// Shares of households that are visited each month.
const SHARES: [f64; 3] = [0.05, 0.1, 0.2];

/// Counts runs, and says each tenth of them.
#[derive(Default)]
struct Counter {
    runs: AtomicU64,
    finished: AtomicU64,
}

impl Observer for Counter {
    fn begin(&self, extent: Extent) {
        self.runs.store(extent.runs, Ordering::Relaxed);
        self.finished.store(extent.finished, Ordering::Relaxed);
    }

    fn run(&self, _failed: bool) {
        let (runs, finished) =
            (self.runs.load(Ordering::Relaxed), self.finished.fetch_add(1, Ordering::Relaxed) + 1);
        if finished.is_multiple_of(10) || finished == runs {
            eprintln!("{finished} of {runs} runs");
        }
    }
}

/// An effect on participation: the mean difference from the base, and half of its 95 % interval.
pub struct Effect {
    /// Share of households that are visited.
    pub share: f64,
    /// Mean difference.
    pub mean: f64,
    /// Half of the interval.
    pub half_width: f64,
}

/// Compares the scenario in `base` with the same under more and more home visits. Results, with a report, go into a
/// folder within `out`.
pub fn effects(base: &Path, out: &Path, set: &[String]) -> Result<Vec<Effect>, Box<dyn Error>> {
    // Each policy is a file that extends the base.
    let place = tempfile::tempdir()?;
    let whole = std::fs::canonicalize(base)?;
    let policy = |share: &f64| -> std::io::Result<PathBuf> {
        let path = place.path().join(format!("visits-{share}.toml"));
        let text =
            format!("extends = {whole:?}\nname = \"Visits {share}\"\noutreach.home_visits = {share}\n");
        std::fs::write(&path, text)?;
        Ok(path)
    };
    let arms = SHARES.iter().map(policy).collect::<Result<Vec<_>, _>>()?;
    let overrides = Overrides { set: set.to_vec(), ..Overrides::default() };
    let experiment = Experiment::of_scenarios(Kind::Compare, base, &arms, &overrides)?;
    let (counter, report) = (Counter::default(), Report { language: Language::En, page: true });
    let settings = Settings { observer: &counter, ..Settings::default() };
    let options = Options { out: out.into(), settings, extras: Some(&report), ..Options::default() };
    let finished = experiment::run(&Study::new(&experiment), &options)?;
    println!("{}", finished.folder().display());
    let Finished::Made { findings: Findings::Compared(conclusions), .. } = finished else {
        return Err("these results are there already".into());
    };
    let of_participation =
        conclusions.effects.iter().filter(|effect| effect.outcome.name() == "participation");
    let found = of_participation.map(|effect| {
        let estimate = effect.difference.effect;
        Effect { share: SHARES[effect.arm], mean: estimate.mean, half_width: estimate.half_width }
    });
    Ok(found.collect())
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let base = arguments.next().unwrap_or("scenarios/baseline.toml".into());
    let out = arguments.next().unwrap_or("results".into());
    let smaller: Vec<String> = ["months=24", "replicates=10"].map(String::from).into();
    for Effect { share, mean, half_width } in effects(base.as_ref(), out.as_ref(), &smaller)? {
        println!(
            "visits to {:>2.0} % of households: {:+.2} ± {:.2} points",
            100.0 * share,
            100.0 * mean,
            100.0 * half_width
        );
    }
    Ok(())
}
