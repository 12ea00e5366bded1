//! What a calibration says: which parameters are fitted, and to which targets.

use std::path::PathBuf;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::Kind;
use super::keys::CalibrateTable;
use super::reading::File;
use super::vary::factor;
use crate::calibrate::waves::Pace;
use crate::calibrate::{Believed, Calibration, Parameter};
use crate::targets::{Target, Use, table};
use shequ_model::base::i18n::{Both, both};
use shequ_model::base::problem::Problem;
use shequ_model::scenario::{self, file};

/// Word for a prior in `[vary]`.
pub const PRIOR: &str = "prior";

/// What is fitted to what, or nothing where something is wrong with it; nothing in other kinds of experiments.
pub fn calibration(file: &mut File, table: &DeTable, kind: Kind) -> Option<Calibration> {
    if kind != Kind::Calibrate {
        return None;
    }
    let (parameters, targets, pace) = (parameters(file, table), targets(file, table), pace(file));
    let (targets, text) = targets?;
    Some(Calibration::new(parameters?, targets, text, pace?))
}

fn parameters(file: &mut File, table: &DeTable) -> Option<Vec<Parameter>> {
    let Some(vary) = table.get("vary") else {
        let message = both!("this calibration fits no parameters", "此校准没有要拟合的参数");
        file.wrong(Problem::new(message).of("vary").help(both!(
            "name them: [vary] with \"residents.habit_gain\" = \"prior\"",
            "请写明：在 [vary] 中写 \"residents.habit_gain\" = \"prior\""
        )));
        return None;
    };
    let before = file.reader.problems.0.len();
    let keys = file.scenario_keys("vary", vary);
    let parameters: Vec<Parameter> =
        keys.into_iter().filter_map(|(path, value)| parameter(file, &path, value)).collect();
    if parameters.is_empty() && file.reader.problems.0.len() == before {
        let problem = Problem::new(both!("[vary] names no parameters", "[vary] 没有写明任何参数"));
        file.wrong(problem.of("vary").at(file.reader.place(vary)));
    }
    (file.reader.problems.0.len() == before).then_some(parameters)
}

/// A parameter with its prior, or all values of a range alike.
fn parameter(file: &mut File, path: &str, value: &Spanned<DeValue>) -> Option<Parameter> {
    let key = scenario::index().key(path)?;
    let wrong = |message: Both| Problem::new(message).of(path);
    let problem = match value.get_ref() {
        DeValue::String(word) if word == PRIOR => match key.prior() {
            Some(prior) => {
                return Some(Parameter { key: path.into(), believed: Believed::Prior(prior) });
            }
            None => wrong(both!("`{path}` has no prior", "`{path}` 没有先验分布")).help(both!(
                "give a range in its place: {{ low = …, high = … }}",
                "请改为给出范围：{{ low = …, high = … }}"
            )),
        },
        DeValue::Table(_) => {
            let factor = factor(file, path, value)?;
            return Some(Parameter { key: path.into(), believed: Believed::Range(factor) });
        }
        _ => wrong(both!(
            "`{path}` must be \"prior\" or a range {{ low = …, high = … }}",
            "`{path}` 必须是 \"prior\" 或范围 {{ low = …, high = … }}"
        ))
        .help(both!(
            "a calibration fits numbers; what is a choice is set in `set` or compared",
            "校准只拟合数值；选项请写在 `set` 中，或作比较"
        )),
    };
    file.wrong(problem.at(file.reader.place(value)));
    None
}

/// The targets and the text of their table.
fn targets(file: &mut File, table: &DeTable) -> Option<(Vec<Target>, String)> {
    let Some(name) = file.text("targets") else {
        if !table.contains_key("targets") {
            let message = both!("this calibration names no targets", "此校准没有指明目标");
            file.wrong(Problem::new(message).of("targets").help(both!(
                "name their table: targets = \"targets.csv\", or \"shequ:targets.csv\" for the one of the program",
                "请指明目标表：targets = \"targets.csv\"，或程序自带的 \"shequ:targets.csv\""
            )));
        }
        return None;
    };
    let path = if file::is_built_in(&name) { PathBuf::from(&name) } else { file.folder.join(&name) };
    let place = file.entry("targets").map(|entry| entry.place.clone());
    let read = table::open(&path).and_then(|source| {
        let mut targets = table::read(&source)?;
        targets.retain(|target| target.used != Use::Show);
        Ok((targets, source.text.to_string()))
    });
    match read {
        Ok((targets, text)) if targets.iter().any(|target| target.used == Use::Fit) => Some((targets, text)),
        Ok(_) => {
            let message = both!("no target of {name} is to be fitted to", "{name} 的目标中没有可拟合的");
            let problem = Problem::new(message).of("targets");
            file.wrong(place.into_iter().fold(problem, Problem::at).help(both!(
                "leave `use` empty or write fit in at least one row",
                "至少在一行中把 `use` 留空或写 fit"
            )));
            None
        }
        Err(problems) => {
            file.wrong_table("targets", true, problems);
            None
        }
    }
}

fn pace(file: &File) -> Option<Pace> {
    let CalibrateTable { waves, points, draws, cut_off, seed } = file.table("calibrate")?;
    Some(Pace { waves, points, draws, cut_off, seed })
}
