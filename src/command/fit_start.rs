//! `shequ fit-start`: a scenario that begins as a survey found the city.

use std::fmt::Write;
use std::path::{Path, PathBuf};

use clap::Args;
use comfy_table::{ColumnConstraint, Width};
use toml::Value;

use super::targets::{self, figure};
use super::{Common, Error, interrupt, memory, new, output, threads::threads, validate, value_parser};
use shequ_experiment::execute;
use shequ_experiment::runner::Failure;
use shequ_experiment::targets::Target;
use shequ_experiment::targets::start::{Found, Start, start};
use shequ_model::base::i18n::{Both, Language, both};
use shequ_model::base::params::text;
use shequ_model::scenario::index::split;
use shequ_model::scenario::{file, sections};
use shequ_report::targets::{aim, digits, verdict, what};

/// Columns of the terminal that a table takes.
const WIDTH: u16 = 124;
/// Columns of the terminal that names take at least.
const NAMES: u16 = 30;

/// Arguments of `fit-start`.
#[derive(Args)]
pub struct Arguments {
    /// Survey: a table of targets, whose rows of the first year say how the city is to begin
    #[arg(value_name = "SURVEY")]
    survey: PathBuf,
    /// Scenario that is to begin so; default: every key at its default
    #[arg(value_name = "SCENARIO")]
    scenario: Option<PathBuf>,
    /// Name of the new scenario; NAME.toml is written beside SCENARIO. Default: that of the survey, with -start
    #[arg(long, value_name = "NAME")]
    name: Option<String>,
    /// Overwrite a file of that name
    #[arg(long)]
    force: bool,
    /// Replicates of the first year on which starting values are found
    #[arg(long, value_name = "N", default_value = "8", value_parser = value_parser::within(1, 1000_u32))]
    replicates: u32,
    /// Threads; default: those that the scheduler grants, else all cores
    #[arg(long, value_name = "N", value_parser = value_parser::within(1, 1024_u16))]
    threads: Option<u16>,
    #[command(flatten)]
    memory: memory::Allowance,
}

/// Finds starting values for the rows of the survey that have a key of their own, writes the scenario, and says
/// which rows have none.
pub fn run(arguments: Arguments, common: Common) -> Result<(), Error> {
    let (base, targets) = targets::load(&arguments.survey, arguments.scenario.as_deref(), &[])?;
    let place = Place::of(&arguments)?;
    interrupt::listen();
    let threads = threads(arguments.threads);
    arguments.memory.check(memory::of_run(&base.scenario, threads))?;
    let pool = execute::pool(threads).map_err(Failure::from)?;
    let found = pool.install(|| start(&base, &targets, arguments.replicates, &interrupt::asked))?;
    let found = found.ok_or(Error::Interrupted)?;
    output::print(&page(&found, &targets, common.lang))?;
    if found.found.is_empty() {
        return Err(Error::Failed(both!(
            "no row of the survey says where a key begins; `calibrate` fits what is left",
            "该调查没有任何一行能决定键的初始值；其余各行可由 `calibrate` 拟合"
        )));
    }
    let written = scenario(&found, &targets, &arguments.survey, &place, common.lang);
    output::file(&place.path, written.as_bytes(), arguments.force, new::taken(&place.path))?;
    if !common.quiet {
        output::tell(both!(
            "wrote {file}; `shequ validate --targets {survey} --scenario {file}` shows how it begins",
            "已写出 {file}；`shequ validate --targets {survey} --scenario {file}` 可查看其初始状况";
            file = place.path.display(), survey = arguments.survey.display()
        ));
    }
    Ok(())
}

/// Where the scenario is written, and what it builds on.
struct Place {
    name: String,
    path: PathBuf,
    /// The scenario that it extends, as its file says.
    extends: Option<String>,
}

impl Place {
    /// Says what would keep the file from being written, before anything is run for it.
    fn of(arguments: &Arguments) -> Result<Place, Error> {
        let stem = arguments.survey.file_stem().map(|stem| stem.to_string_lossy().to_string());
        // Of a table that is part of the program only what stands behind the colon can be the name of a file.
        let stem = stem.unwrap_or_default().rsplit(':').next().unwrap_or_default().to_string();
        let given = arguments.name.clone().unwrap_or(format!("{stem}-start"));
        let name = new::name(&given)?.to_string();
        let is_built_in = |path: &&PathBuf| file::is_built_in(&path.display().to_string());
        let file = format!("{name}.toml");
        let (path, extends) = match &arguments.scenario {
            None => (PathBuf::from(&file), None),
            Some(path) if is_built_in(&path) => (PathBuf::from(&file), Some(path.display().to_string())),
            Some(path) => {
                let own = path.file_name().map(|own| own.to_string_lossy().to_string());
                (path.with_file_name(&file), own)
            }
        };
        if extends.as_ref() == Some(&file) {
            let message = both!(
                "{file} would build on itself: give it another name with --name",
                "{file} 会以自身为基础：请用 --name 另取名称"
            );
            return Err(Error::Usage(message));
        }
        output::folder_of(&path)?;
        match path.symlink_metadata() {
            Ok(_) if !arguments.force => Err(Error::Usage(new::taken(&path))),
            _ => Ok(Place { name, path, extends }),
        }
    }
}

/// The text of the scenario.
fn scenario(found: &Start, targets: &[Target], survey: &Path, place: &Place, language: Language) -> String {
    let quoted = |text: &str| Value::String(text.into()).to_string();
    let mut written = "#:schema ./schema.json\n".to_string();
    let about = both!(
        "How {survey} found the city: starting values under which the first year gives what was observed.",
        "{survey} 所见的城市：在这些初始值下，第一年得到观测值。";
        survey = survey.display()
    );
    let _ = writeln!(written, "# {}\n", about.of(language));
    if let Some(base) = &place.extends {
        let _ = writeln!(written, "extends = {}", quoted(base));
    }
    let _ = writeln!(written, "name = {}", quoted(&place.name));
    for section in sections() {
        let own: Vec<&Found> =
            found.found.iter().filter(|found| split(&found.key).0 == section.path).collect();
        if !own.is_empty() {
            let _ = writeln!(written, "\n[{}]", section.path);
        }
        for found in own {
            let line = comment(found, &targets[found.row]);
            let _ = writeln!(written, "# {}", line.of(language).replace('\n', " "));
            let _ = writeln!(written, "{} = {:?}", split(&found.key).1, found.value);
        }
    }
    if !found.left.is_empty() {
        let heading = both!(
            "Rows of the survey without a starting value, which are left to `calibrate`:",
            "该调查中没有初始值的各行，留给 `calibrate`："
        );
        let _ = writeln!(written, "\n# {}", heading.of(language));
        for left in &found.left {
            let target = &targets[left.row];
            let line = both!("{id} {what}: {why}", "{id} {what}：{why}"; id = target.id, what = target.written, why = left.why);
            let _ = writeln!(written, "# {}", line.of(language).replace('\n', " "));
        }
    }
    written
}

/// What a value rests on.
fn comment(found: &Found, target: &Target) -> Both {
    let error = match target.standard_error {
        0.0 => Both::default(),
        error => both!(", standard error {error}", "，标准误 {error}"; error = digits(error)),
    };
    let of = match target.n.as_str() {
        "" => Both::default(),
        n => both!(", {n} people", "，共 {n} 人"),
    };
    let ends = match found.ends {
        None => Both::default(),
        Some(ends) => {
            let [low, high] = ends.map(digits);
            both!(
                "; {low} to {high} at the ends of the survey's own",
                "；在调查自身区间的两端为 {low} 至 {high}"
            )
        }
    };
    both!(
        "{id} {what}: observed {observed}{error}{of}; the first year gives {figure} (95 %){ends}",
        "{id} {what}：观测值 {observed}{error}{of}；第一年为 {figure}（95 %）{ends}";
        id = target.id, what = target.written, observed = digits(target.aim.number()), error = error, of = of,
        figure = figure(&found.judged), ends = ends
    )
}

/// The starting values, and the rows without one.
fn page(found: &Start, targets: &[Target], language: Language) -> String {
    let say = |en, zh| language.of(text(en, zh)).to_string();
    let mut table = validate::table(WIDTH);
    table.set_header([
        String::new(),
        say("what", "项目"),
        say("observed", "观测值"),
        say("first year (95 %)", "第一年（95 %）"),
        say("key", "键"),
        say("value", "取值"),
        String::new(),
    ]);
    for found in &found.found {
        let target = &targets[found.row];
        table.add_row([
            target.id.clone(),
            what(target, language),
            aim(target, language),
            figure(&found.judged),
            found.key.clone(),
            format!("{:?}", found.value),
            verdict(found.judged.verdict, language),
        ]);
    }
    [2, 3, 5].into_iter().for_each(|k| validate::to_the_right(&mut table, k));
    if let Some(column) = table.column_mut(1) {
        column.set_constraint(ColumnConstraint::LowerBoundary(Width::Fixed(NAMES)));
    }
    let mut page = if found.found.is_empty() { String::new() } else { format!("{table}\n") };
    for left in &found.left {
        let target = &targets[left.row];
        let line = both!(
            "left to `calibrate`: {id} {what}: {why}", "留给 `calibrate`：{id} {what}：{why}";
            id = target.id, what = what(target, language), why = left.why
        );
        let _ = writeln!(page, "{}", line.of(language));
    }
    page
}
