//! `shequ check`.

use std::path::{Path, PathBuf};

use clap::Args;

use super::{Common, Error, Overrides, output};
use crate::base::problem::Problems;
use crate::scenario::{Loaded, Scenario};

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
    for (path, loaded) in arguments.files.iter().zip(&loaded) {
        if arguments.resolved {
            output::print(&loaded.resolved_toml())?;
        } else if let Some(base) = &base {
            output::print(&loaded.difference(base))?;
        } else if !common.quiet {
            output::say(&fine(path, &loaded.scenario));
        }
    }
    Ok(())
}

fn fine(path: &Path, scenario: &Scenario) -> String {
    let Scenario { population, months, start, replicates, .. } = scenario;
    let zh = format!(
        "{}：无误。{} 个社区 × {} 名成年居民，自 {start} 起 {} 个月，{} 次模拟",
        path.display(),
        thousands(population.communities),
        thousands(population.adults),
        thousands(*months),
        thousands(*replicates),
    );
    let en = format!(
        "{}: fine. {} × {} adults, {} from {start}, {}",
        path.display(),
        counted(population.communities, "community", "communities"),
        thousands(population.adults),
        counted(*months, "month", "months"),
        counted(*replicates, "replicate", "replicates"),
    );
    output::of(en, zh)
}

fn counted(n: u32, one: &str, many: &str) -> String {
    format!("{} {}", thousands(n), if n == 1 { one } else { many })
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
