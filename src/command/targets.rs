//! `shequ validate --targets`: how near does the model come to what was observed?

use std::path::{Path, PathBuf};

use clap::Args;
use comfy_table::{ColumnConstraint, Width};

use super::{Common, Error, choice, interrupt, memory, output, threads::threads, validate};
use shequ_experiment::execute;
use shequ_experiment::runner::Failure;
use shequ_experiment::targets::{Choice, Combination, Judged, Target, Use, Verdict, scores, table};
use shequ_model::base::i18n::{Language, both};
use shequ_model::base::params::text;
use shequ_model::scenario::{Loaded, Scenario};
use shequ_model::theory;
use shequ_report::targets::{aim, called, digits, distance, origin, used, verdict};

/// Columns of the terminal that a table takes.
const WIDTH: u16 = 110;
/// Columns of the terminal that names of quantities take at least.
const NAMES: u16 = 30;

/// What is judged by targets.
#[derive(Args)]
pub struct Asked {
    /// Judge the model by a table of targets instead; `shequ:targets.csv` is the one that is part of the program
    #[arg(long, value_name = "FILE", conflicts_with_all = ["cases", "list"])]
    pub targets: Option<PathBuf>,
    /// Scenario that is judged by the targets; default: every key at its default
    #[arg(long, value_name = "SCENARIO", requires = "targets")]
    scenario: Option<PathBuf>,
    /// Judge each theory of participation with each rule of trust
    #[arg(long, requires = "targets")]
    every_theory: bool,
    /// Write the weights of theories and rules by stacking to a new file, which `contest --weights` reads
    #[arg(long, value_name = "FILE", requires = "every_theory")]
    weights: Option<PathBuf>,
}

/// A scenario, or every key at its default, and the targets in `file`.
///
/// # Errors
/// All that is wrong with either.
pub fn load(file: &Path, scenario: Option<&Path>, set: &[String]) -> Result<(Loaded, Vec<Target>), Error> {
    let targets = table::load(file);
    let base = match scenario {
        Some(path) => Scenario::load(path, set),
        None => Scenario::from_text("baseline", "name = \"Baseline\"\nname_zh = \"基准情景\"\n", set),
    };
    match (base, targets) {
        (Ok(base), Ok(targets)) => Ok((base, targets)),
        (base, targets) => {
            let mut problems = base.err().unwrap_or_default();
            problems.add(targets.err().unwrap_or_default());
            Err(problems.into())
        }
    }
}

/// Judges by the targets in `file`, and prints each figure with what it should be.
pub fn run(
    file: &Path,
    asked: &Asked,
    set: &[String],
    count: Option<u16>,
    allowance: &memory::Allowance,
    common: Common,
) -> Result<(), Error> {
    let (base, targets) = load(file, asked.scenario.as_deref(), set)?;
    if let Some(path) = &asked.weights {
        choice::check(path, &targets)?;
    }
    interrupt::listen();
    let threads = threads(count);
    allowance.check(memory::of_run(&base.scenario, threads))?;
    let combinations = match asked.every_theory {
        true => Combination::all(),
        false => vec![Combination::of(&base)],
    };
    let pool = execute::pool(threads).map_err(Failure::from)?;
    let mut all = Vec::new();
    for combination in &combinations {
        if asked.every_theory && !common.quiet {
            output::say(&heading(combination, common.lang));
        }
        let replicates = base.scenario.replicates;
        let judged = pool.install(|| scores(&base, &targets, combination, replicates, &interrupt::asked))?;
        all.push(judged.ok_or(Error::Interrupted)?);
    }
    if !asked.every_theory {
        return output::print(&page(&combinations[0], &targets, &all[0], common.lang));
    }
    let theories = theory::all().len();
    for (combinations, judged) in combinations.chunks(theories).zip(all.chunks(theories)) {
        output::print(&matrix(combinations, &targets, judged, common.lang))?;
    }
    let choice = Choice::of(&targets, &all);
    output::print(&choice::page(choice.as_ref(), &combinations, common.lang))?;
    match &asked.weights {
        Some(path) => choice::write(path, choice.as_ref(), &combinations),
        None => Ok(()),
    }
}

/// The figures under each theory with one rule of trust, each with its mark, and the counts.
fn matrix(
    combinations: &[Combination],
    targets: &[Target],
    judged: &[Vec<Judged>],
    language: Language,
) -> String {
    let mut table = validate::table(WIDTH);
    let theories = combinations.iter().map(|combination| combination.theory.replace('_', " "));
    let observed = language.of(text("observed", "观测值")).to_string();
    table.set_header([String::new(), observed].into_iter().chain(theories));
    for (k, target) in targets.iter().enumerate() {
        let cell = |judged: &Vec<Judged>| {
            let mark = match judged[k].verdict {
                Verdict::Met => "✓",
                Verdict::Missed => "✗",
                Verdict::Open => "?",
                Verdict::NoValue => "",
            };
            let mean = if judged[k].figure.n == 0 { "–".into() } else { digits(judged[k].figure.mean) };
            format!("{mean} {mark}")
        };
        table.add_row([target.id.clone(), aim(target, language)].into_iter().chain(judged.iter().map(cell)));
    }
    for (used, words) in
        [(Use::Fit, text("to fit, met", "拟合用,满足")), (Use::HoldOut, text("held back, met", "留出,满足"))]
    {
        let met = |judged: &Vec<Judged>| {
            let (met, of) = met(targets, judged, used);
            format!("{met}/{of}")
        };
        let head = [String::new(), language.of(words).to_string()];
        table.add_row(head.into_iter().chain(judged.iter().map(met)));
    }
    (1..combinations.len() + 2).for_each(|k| validate::to_the_right(&mut table, k));
    let rule = &combinations[0].rule;
    let heading = both!("rule of trust: {rule}", "信任规则：{rule}");
    format!("{}\n{table}\n\n", heading.of(language))
}

fn heading(combination: &Combination, language: Language) -> String {
    let Combination { theory, rule } = combination;
    both!("theory {theory}, rule of trust {rule}", "参与理论 {theory}，信任规则 {rule}").of(language).into()
}

/// The heading, the table and the count.
fn page(combination: &Combination, targets: &[Target], judged: &[Judged], language: Language) -> String {
    let say = |en, zh| language.of(text(en, zh)).to_string();
    let mut table = validate::table(WIDTH);
    table.set_header([
        String::new(),
        say("what", "项目"),
        say("observed", "观测值"),
        say("model (95 %)", "模型（95 %）"),
        say("distance (sd)", "偏离（标准差）"),
        say("origin", "来由"),
        say("use", "用途"),
        String::new(),
    ]);
    for (target, judged) in targets.iter().zip(judged) {
        table.add_row([
            target.id.clone(),
            called(target).of(language).into(),
            aim(target, language),
            figure(judged),
            distance(judged.distance),
            origin(target.origin, language),
            used(target.used, language),
            verdict(judged.verdict, language),
        ]);
    }
    (2..5).for_each(|k| validate::to_the_right(&mut table, k));
    if let Some(column) = table.column_mut(1) {
        column.set_constraint(ColumnConstraint::LowerBoundary(Width::Fixed(NAMES)));
    }
    let (heading, count) = (heading(combination, language), count(targets, judged, language));
    format!("{heading}\n{table}\n{count}\n")
}

/// How many targets are met, of those fitted and those held back.
fn count(targets: &[Target], judged: &[Judged], language: Language) -> String {
    let ((fit, of_fit), (held, of_held)) =
        (met(targets, judged, Use::Fit), met(targets, judged, Use::HoldOut));
    both!(
        "{fit} of {of_fit} to fit are met, {held} of {of_held} held back",
        "拟合用目标满足 {fit}/{of_fit}，留出目标满足 {held}/{of_held}"
    )
    .of(language)
    .into()
}

/// How many of the targets for one use are met, and how many there are.
fn met(targets: &[Target], judged: &[Judged], used: Use) -> (usize, usize) {
    let here = targets.iter().zip(judged).filter(|(target, _)| target.used == used);
    let met = here.clone().filter(|(_, judged)| judged.verdict == Verdict::Met).count();
    (met, here.count())
}

/// The model's figure with the half width of its interval; a dash where there is none.
pub fn figure(judged: &Judged) -> String {
    let figure = judged.figure;
    match (figure.n, figure.half_width.is_nan()) {
        (0, _) => "–".into(),
        (_, true) => digits(figure.mean),
        _ => format!("{} ± {}", digits(figure.mean), digits(figure.half_width)),
    }
}
