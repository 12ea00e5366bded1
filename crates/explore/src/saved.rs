//! What a user takes along: the scenario that was set, and the report and brief of its comparison with the base.

use std::fmt::Write;
use std::fs;
use std::path::Path;

use super::answer::GoOn;
use super::question::Question;
use super::session::{Base, Session};
use shequ_experiment::file::{Experiment, Kind, Overrides};
use shequ_experiment::record::disk::{self, Dir};
use shequ_experiment::record::finished::REPORT;
use shequ_experiment::record::manifest::cores;
use shequ_experiment::runner::{self, Failure, Finished, Options};
use shequ_experiment::study::{Settings, Study};
use shequ_model::base::i18n::{Both, both, reason};
use shequ_model::base::problem::Problems;
use shequ_model::scenario::places::WHERE;
use shequ_model::scenario::{Loaded, Scenario, index};
use shequ_model::theory::formula::PARAMETERS;
use shequ_report::extras::Report;
use toml::Value;

/// What is compared, as files in a folder that is removed.
const BASE: &str = "base.toml";
const POLICY: &str = "policy.toml";

/// The file that is saved.
pub const SCENARIO: &str = "explored.toml";

/// A file of the results of a comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Paper {
    /// The page.
    Report,
    /// The one page for print.
    Brief,
}

impl Paper {
    /// Its name in the results folder.
    pub fn file(self) -> &'static str {
        match self {
            Paper::Report => REPORT,
            Paper::Brief => "brief.html",
        }
    }
}

/// The scenario that was set, as a file that `shequ run` runs to the same numbers. It extends the base where that is a
/// file, and else says everything.
///
/// # Errors
/// What is wrong with the question.
pub fn scenario(session: &Session, question: &Question) -> Result<String, Problems> {
    let policy = question.policy(&session.loaded(question)?)?;
    Ok(match file_of(session.base(question)?) {
        Some(file) => extending(file, &policy)?,
        None => policy.resolved_toml(),
    })
}

/// The file of a base, by its whole path, so that what extends it can be saved anywhere.
fn file_of(base: &Base) -> Option<String> {
    let path = base.file.as_ref()?.canonicalize().ok()?;
    path.to_str().map(String::from)
}

/// What differs from the file, and all changes.
fn extending(file: String, policy: &Loaded) -> Result<String, Problems> {
    let plain = Scenario::load(Path::new(&file), &[])?;
    let quoted = |text: &str| Value::from(text).to_string();
    let mut text = String::from(
        "# Made by `shequ explore`. The base is named by its whole path: change it if the file moves.\n\n",
    );
    let name = &policy.scenario.name;
    let _ = writeln!(text, "extends = {}\nname = {}", quoted(&file), quoted(&format!("{name} (explored)")));
    if !policy.scenario.name_zh.is_empty() {
        let _ = writeln!(text, "name_zh = {}", quoted(&format!("{}（试设）", policy.scenario.name_zh)));
    }
    for (path, key) in index().keys().filter(|(path, _)| !matches!(path.as_str(), "name" | "name_zh")) {
        let [own, before] = [policy, &plain].map(|loaded| loaded.value(&path).map(|given| &given.value));
        if let (Some(own), Some(before)) = (own, before)
            && own != before
        {
            let _ = writeln!(text, "{path} = {own}  # {}", key.meaning.en);
        }
    }
    for (name, given) in policy.own_parameters() {
        let path = format!("{PARAMETERS}.{name}");
        if plain.value(&path).is_none_or(|before| before.value != given.value) {
            let _ = writeln!(text, "{path} = {}", given.value);
        }
    }
    for change in &policy.draft.changes {
        let _ = writeln!(text, "\n[[change]]\nfrom = \"{}\"", change.from);
        change.within.iter().for_each(|within| text += &format!("{WHERE} = {within}\n"));
        for entry in &change.entries {
            let meaning = index().key(&entry.path).map_or("", |key| key.meaning.en);
            let _ = writeln!(text, "{} = {}  # {meaning}", entry.path, entry.value);
        }
    }
    Ok(text)
}

/// Compares the policy with the base as `shequ compare` does, in a folder that is removed afterwards, and returns a
/// page of its results.
///
/// # Errors
/// What is wrong with the question, that it was stopped, or that there is no room.
pub fn paper(session: &Session, question: &Question, paper: Paper, go_on: &GoOn) -> Result<Vec<u8>, Both> {
    let in_words = |problems: Problems| {
        let of = |problem: &shequ_model::base::problem::Problem| problem.message.clone();
        problems.0.first().map(of).unwrap_or_default()
    };
    let out = |cause: std::io::Error| both!("cannot write a report: {why}", "无法写出报告：{why}"; why = reason(&cause));
    let base = session.loaded(question).map_err(in_words)?;
    let policy = question.policy(&base).map_err(in_words)?;
    let folder = tempfile::tempdir().map_err(out)?;
    let [of_base, of_policy] = [BASE, POLICY].map(|name| folder.path().join(name));
    let put = |name: &str, loaded: &Loaded| {
        Dir::open(folder.path())
            .and_then(|dir| disk::put(&dir, name, loaded.canonical_toml().as_bytes(), false))
    };
    put(BASE, &base).map_err(out)?;
    let named = policy.with(&["name=This policy".into(), "name_zh=此政策".into()]).map_err(in_words)?;
    put(POLICY, &named).map_err(out)?;
    let overrides =
        Overrides { windows: vec![question.window], primary: vec![question.outcome], ..Overrides::default() };
    let experiment =
        Experiment::of_scenarios(Kind::Compare, &of_base, &[of_policy], &overrides).map_err(in_words)?;
    let stop = || !go_on();
    let options = Options {
        out: folder.path().join("results"),
        settings: Settings { threads: cores(), stop: &stop, ..Settings::default() },
        extras: Some(&Report { language: question.language, page: true }),
        ..Options::default()
    };
    let failed = |failure: Failure| match failure {
        Failure::Stopped => both("stopped", "已停止"),
        Failure::Refused(words) | Failure::Failed(words) => words,
        Failure::Problems(problems) => in_words(problems),
    };
    match runner::run(&Study::new(&experiment), &options).map_err(failed)? {
        Finished::Made { folder, .. }
        | Finished::ThereAlready { folder, .. }
        | Finished::Shard { folder, .. } => fs::read(folder.join(paper.file())).map_err(out),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_saved_says_the_policy_whether_its_base_is_a_file_or_not() {
        let folder = tempfile::tempdir().unwrap();
        let put = |name: &str, text: &str| {
            disk::put(&Dir::open(folder.path()).unwrap(), name, text.as_bytes(), true).unwrap();
            folder.path().join(name)
        };
        // With a theory of its own, one parameter of which is set beside the file.
        let text = "theory.formula.probability = \"logistic(a + b*duty)\"\ntheory.formula.parameters.b = 1\nname = \"Own\"\nmonths = 24\n[[change]]\nfrom = \"2018-01\"\nfunding.base = 400000\n";
        let file = put("own base.toml", text);
        let loaded =
            Scenario::load(&file, &["population.adults=300".into(), "theory.formula.parameters.b=2".into()])
                .unwrap();
        let asked = "lever=outreach.phone%3D0.2&lever=2018-06%3Acouncil.enabled%3Dtrue&theory.participation=threshold";
        for file in [Some(file.clone()), None] {
            let session = Session::new(vec![Base::new(file, &[], loaded.clone()).unwrap()]);
            let question = Question::of_address(asked).unwrap();
            let policy = question.policy(&session.loaded(&question).unwrap()).unwrap();
            let saved = put("saved.toml", &scenario(&session, &question).unwrap());
            let again = Scenario::load(&saved, &[]).unwrap();
            assert_eq!(again.difference(&policy).lines().filter(|line| !line.starts_with("name")).count(), 0);
        }
    }
}
