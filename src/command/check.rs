//! `shequ check`.

use std::path::{Path, PathBuf};

use clap::Args;

use super::{Common, Error, Overrides, memory, output, prepare};
use shequ_model::base::i18n::{Both, both};
use shequ_model::base::problem::Problems;
use shequ_model::scenario::{Loaded, Scenario};

/// Arguments of `check`.
#[derive(Args)]
pub struct Arguments {
    /// Scenario files
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Print every key with its value and where the value comes from
    #[arg(long)]
    resolved: bool,
    /// Print only the keys that differ from this scenario
    #[arg(long, value_name = "BASE", conflicts_with = "resolved")]
    diff: Option<PathBuf>,
    #[command(flatten)]
    overrides: Overrides,
}

/// Checks every file before it says anything about one.
pub fn run(arguments: Arguments, common: Common) -> Result<(), Error> {
    let overrides = arguments.overrides.all();
    let mut problems = Problems::default();
    let mut load = |path: &Path, overrides: &[String]| match Scenario::load(path, overrides) {
        Ok(loaded) => Some(loaded),
        Err(more) => {
            problems.0.extend(more.0);
            None
        }
    };
    let base = arguments.diff.as_deref().and_then(|path| load(path, &[]));
    let loaded: Vec<Loaded> = arguments.files.iter().filter_map(|path| load(path, &overrides)).collect();
    if !problems.is_empty() {
        return Err(problems.into());
    }
    output::warn(loaded.iter().flat_map(|loaded| &loaded.warnings), common.quiet);
    for (path, loaded) in arguments.files.iter().zip(&loaded) {
        if arguments.resolved {
            output::print(&loaded.resolved_toml())?;
        } else if let Some(base) = &base {
            output::print(&loaded.difference(base))?;
        } else if !common.quiet {
            output::tell(fine(path, &loaded.scenario));
        }
    }
    Ok(())
}

fn fine(path: &Path, scenario: &Scenario) -> Both {
    let Scenario { population, months, start, replicates, .. } = scenario;
    let memory = memory::text(memory::of_run(scenario, prepare::threads(None)));
    both!(
        "{file}: valid. {communities} × {adults} adults, {months} from {start}, {replicates}; \
         a run takes about {memory} of memory",
        "{file}：有效。{communities} × {adults} 名成年居民，自 {start} 起 {months}，{replicates}；\
         运行约需内存 {memory}";
        file = path.display(),
        communities = counted(population.communities, ["community", "communities"], "个社区"),
        adults = thousands(population.adults),
        months = counted(*months, ["month", "months"], "个月"),
        start = start,
        replicates = counted(*replicates, ["replicate", "replicates"], "次模拟"),
        memory = memory,
    )
}

fn counted(n: u32, [one, many]: [&str; 2], zh: &str) -> Both {
    let number = thousands(n);
    let noun = both(if n == 1 { one } else { many }, zh);
    both!("{number} {noun}", "{number} {noun}"; number = number, noun = noun)
}

/// 3000 as "3,000".
fn thousands(n: u32) -> String {
    let digits = n.to_string();
    let mut text = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn large_numbers_are_grouped() {
        assert_eq!([0, 999, 1_000, 2_000_000].map(thousands), ["0", "999", "1,000", "2,000,000"]);
    }
}
