//! `shequ validate`: does the program reproduce what others have published?

use std::path::PathBuf;

use clap::Args;
use comfy_table::{CellAlignment, ContentArrangement, LineStyle, Table, TableStyle};

use super::{Common, Error, Language, interrupt, memory, output, targets, threads::threads, value_parser};
use shequ_experiment::execute;
use shequ_experiment::runner::Failure;
use shequ_experiment::validate::{Case, Check, Verdict, bundled, verdicts};
use shequ_model::base::i18n::both;
use shequ_model::base::params::text;
use shequ_model::base::problem::Problems;

/// Arguments of `validate`.
#[derive(Args)]
pub struct Arguments {
    /// Benchmark cases by id or name, or your own case files; default: all bundled cases
    #[arg(value_name = "CASE")]
    cases: Vec<String>,
    /// List the bundled cases without running them
    #[arg(long)]
    list: bool,
    /// Override a key in every scenario of the cases (repeatable)
    #[arg(long, value_name = "KEY=VALUE")]
    set: Vec<String>,
    /// Threads; default: those that the scheduler grants, else all cores
    #[arg(long, value_name = "N", value_parser = value_parser::within(1, 1024_u16))]
    threads: Option<u16>,
    #[command(flatten)]
    targets: targets::Asked,
    #[command(flatten)]
    memory: memory::Allowance,
}

/// Judges the cases and prints what came out; fails if anything falls outside.
pub fn run(arguments: Arguments, common: Common) -> Result<(), Error> {
    if let Some(file) = &arguments.targets.targets {
        return targets::run(
            file,
            &arguments.targets,
            &arguments.set,
            arguments.threads,
            &arguments.memory,
            common,
        );
    }
    let cases = load(&arguments)?;
    if arguments.list {
        let line = |case: &Case| format!("{:<4} {}\n", case.id, title(case, common.lang));
        return output::print(&cases.iter().map(line).collect::<String>());
    }
    interrupt::listen();
    let threads = threads(arguments.threads);
    let needed = cases.iter().map(|case| memory::of_run(&case.loaded.scenario, threads)).max();
    arguments.memory.check(needed.unwrap_or(0))?;
    let pool = execute::pool(threads).map_err(Failure::from)?;
    let mut judged = Vec::new();
    for case in &cases {
        if !common.quiet {
            output::say(&format!("{} {}", case.id, title(case, common.lang)));
        }
        let verdicts = pool.install(|| verdicts(case, &interrupt::asked))?;
        judged.push((case, verdicts.ok_or(Error::Interrupted)?));
    }
    output::print(&page(&judged, common))?;
    let outside = judged.iter().flat_map(|(_, verdicts)| verdicts).filter(|v| !v.holds).count();
    match outside {
        0 => Ok(()),
        n => Err(Error::Failed(both!("{n} outside tolerance", "{n} 项超出容差"))),
    }
}

/// The cases that were asked for, with all that is wrong with any of them.
fn load(arguments: &Arguments) -> Result<Vec<Case>, Error> {
    let (mut cases, mut problems) = (Vec::new(), Problems::default());
    for path in paths(&arguments.cases)? {
        match Case::load(&path, &arguments.set) {
            Ok(case) => cases.push(case),
            Err(more) => problems.0.extend(more.0),
        }
    }
    if problems.is_empty() { Ok(cases) } else { Err(problems.into()) }
}

fn paths(asked: &[String]) -> Result<Vec<PathBuf>, Error> {
    let built_in = |name: &str| PathBuf::from(bundled::path(name));
    if asked.is_empty() {
        return Ok(bundled::names().map(built_in).collect());
    }
    let find = |word: &String| {
        let known = bundled::names().find(|name| {
            let id = Case::load(&built_in(name), &[]).map(|case| case.id).unwrap_or_default();
            name == word || id.eq_ignore_ascii_case(word)
        });
        match known {
            Some(name) => Ok(built_in(name)),
            None if word.ends_with(".toml") => Ok(PathBuf::from(word)),
            None => Err(Error::Usage(both!(
                "there is no case {word}; `shequ validate --list` lists the bundled cases, and your own \
                 case files end in .toml",
                "没有算例 {word}；`shequ validate --list` 列出自带的算例，自己的算例文件以 .toml 结尾"
            ))),
        }
    };
    asked.iter().map(find).collect()
}

fn title(case: &Case, language: Language) -> &str {
    either(&case.title, &case.title_zh, language)
}

/// The Chinese words, if they are asked for and there are any.
fn either<'a>(en: &'a str, zh: &'a str, language: Language) -> &'a str {
    if language == Language::Zh && !zh.is_empty() { zh } else { en }
}

/// The table of all checks; unless it is to be short, with the source of each case and the reason of
/// each tolerance below.
fn page(judged: &[(&Case, Vec<Verdict>)], common: Common) -> String {
    let say = |en, zh| common.lang.of(text(en, zh)).to_string();
    let mut table = table(100);
    table.set_header([
        String::new(),
        say("what", "项目"),
        say("expected", "预期"),
        say("measured", "实测"),
        say("tolerance", "容差"),
        String::new(),
    ]);
    for (case, verdicts) in judged {
        for verdict in verdicts {
            let check = &case.checks[verdict.check];
            table.add_row([
                case.id.clone(),
                either(&check.name, &check.name_zh, common.lang).to_string(),
                number(check.expected, check),
                number(verdict.measured, check),
                format!("± {}", check.tolerance),
                if verdict.holds { say("holds", "符合") } else { say("OUTSIDE", "超出") },
            ]);
        }
    }
    (2..5).for_each(|k| to_the_right(&mut table, k));
    let mut page = format!("{table}\n");
    if !common.quiet {
        page += &notes(judged, common.lang);
    }
    page
}

/// An empty table of what was judged, `width` columns of the terminal wide.
pub fn table(width: u16) -> Table {
    let mut table = Table::new();
    let lines = TableStyle::new().header_separator(LineStyle::none().fill('─').junction('─'));
    table.load_style(lines).set_width(width).set_content_arrangement(ContentArrangement::Dynamic);
    table
}

/// Sets a column of numbers to the right.
pub fn to_the_right(table: &mut Table, column: usize) {
    if let Some(column) = table.column_mut(column) {
        column.set_cell_alignment(CellAlignment::Right);
    }
}

/// As many digits as the tolerance can tell apart, and at least one more than what is expected has.
fn number(value: f64, check: &Check) -> String {
    if value.is_nan() {
        return "–".into();
    }
    let finest = if check.tolerance > 0.0 { check.tolerance } else { 0.1 };
    let digits = (1.0 - libm::log10(finest).floor()).clamp(0.0, 9.0) as usize;
    format!("{value:.digits$}")
}

fn notes(judged: &[(&Case, Vec<Verdict>)], language: Language) -> String {
    let mut text = String::new();
    for (case, _) in judged {
        text += &format!("\n{} {}: {}\n", case.id, title(case, language), case.source);
        let mut reasons: Vec<&str> = case.checks.iter().map(|check| check.because.as_str()).collect();
        reasons.dedup();
        reasons.iter().for_each(|reason| text += &format!("   ± {reason}\n"));
    }
    text
}
