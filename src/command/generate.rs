//! `shequ generate`: the files of the repository that are made from the program.

use std::path::{Path, PathBuf};

use clap::Args;

use super::documents::{
    calibration, evidence, glossary, institutions, mechanisms, metrics, odd, parameters, targets, theories,
    tutorial, validation,
};
use super::{Common, Error, output};
use shequ_experiment::record::disk::{self, Dir};
use shequ_model::base::i18n::{Both, both, reason};
use shequ_model::scenario;

/// A file that is generated, whole or in part.
struct File {
    /// Path from the root of the repository.
    path: &'static str,
    /// What of it.
    made: Made,
}

/// What of a file is generated.
enum Made {
    /// All of it.
    Whole(fn() -> String),
    /// What stands between `<!-- generated: NAME -->` and `<!-- end -->`; the rest is written by hand.
    Parts(&'static [Part]),
}

/// A generated part of a page: its name between the marks, and its text.
type Part = (&'static str, fn() -> String);

/// Every generated file.
const FILES: &[File] = &[
    File { path: "scenarios/schema.json", made: Made::Whole(scenario::schema::text) },
    File { path: "scenarios/baseline.toml", made: Made::Whole(scenario::template::baseline) },
    File { path: "docs/parameters.md", made: Made::Whole(parameters::page) },
    File { path: "docs/metrics.md", made: Made::Whole(metrics::page) },
    File { path: "docs/glossary.md", made: Made::Whole(glossary::page) },
    File { path: "docs/institutions.md", made: Made::Whole(institutions::page) },
    File { path: "docs/mechanisms.md", made: Made::Whole(mechanisms::page) },
    File {
        path: "docs/odd.md",
        made: Made::Parts(&[
            ("residents", odd::residents),
            ("modes", odd::modes),
            ("month", odd::month),
            ("deciding", odd::deciding),
            ("grades", parameters::grades),
            ("theories", odd::theories),
            ("rules", odd::rules),
            ("equations", institutions::equations),
        ]),
    },
    File {
        path: "docs/theories.md",
        made: Made::Parts(&[
            ("theories", odd::theories),
            ("keys of theories", theories::of_participation),
            ("rules", odd::rules),
            ("keys of rules", theories::of_trust),
        ]),
    },
    File {
        path: "docs/validation.md",
        made: Made::Parts(&[("checks", validation::checks), ("sources", validation::sources)]),
    },
    File { path: "docs/residents.md", made: Made::Parts(&[("columns", metrics::details)]) },
    File { path: "docs/targets.md", made: Made::Parts(&[("targets", targets::shipped)]) },
    File {
        path: "docs/evidence.md",
        made: Made::Parts(&[
            ("grades", parameters::grades),
            ("measured", evidence::measured),
            ("derived", evidence::derived),
            ("fitted-defaults", evidence::fitted),
            ("priors by grade", evidence::priors_by_grade),
            ("priors", evidence::priors),
            ("together", evidence::together),
            ("missed", calibration::missed),
            ("met", calibration::met),
            ("conflicts", calibration::conflicts),
            ("fitted", calibration::parameters),
        ]),
    },
    File {
        path: "docs/tutorial/own-institution.md",
        made: Made::Parts(&[("file", tutorial::own_institution), ("scenario", tutorial::time_bank)]),
    },
    File { path: "docs/tutorial/own-theory.md", made: Made::Parts(&[("file", tutorial::own_theory)]) },
    File {
        path: "docs/tutorial/run-a-scenario.md",
        made: Made::Parts(&[("file", tutorial::run_a_scenario)]),
    },
    File {
        path: "docs/tutorial/own-experiment.md",
        made: Made::Parts(&[("file", tutorial::own_experiment)]),
    },
    File { path: "README.md", made: Made::Parts(&[("grades", parameters::grades_in_words)]) },
    File { path: "README.zh.md", made: Made::Parts(&[("grades", parameters::grades_in_chinese)]) },
];

/// Arguments of `generate`.
#[derive(Args)]
pub struct Arguments {
    /// Fail if a file is not as it would be written
    #[arg(long, conflicts_with = "write", required_unless_present = "write")]
    check: bool,
    /// Write the files that are not as they should be
    #[arg(long)]
    write: bool,
    /// Root of the repository
    #[arg(long, default_value = ".")]
    root: PathBuf,
}

/// Writes or checks all files.
pub fn run(arguments: Arguments, common: Common) -> Result<(), Error> {
    let mut stale = 0;
    for file in FILES {
        let path = arguments.root.join(file.path);
        let present = std::fs::read_to_string(&path).ok();
        let wanted = file.text(present.as_deref()).map_err(Error::Failed)?;
        if present.as_ref() == Some(&wanted) {
            continue;
        }
        stale += 1;
        if arguments.write {
            write(&path, &wanted)?;
        }
        if !common.quiet {
            let path = file.path;
            output::tell(match arguments.write {
                true => both!("{path} written", "{path} 已写出"),
                false => both!("{path} is out of date", "{path} 已经过时"),
            });
        }
    }
    if arguments.check && stale > 0 {
        return Err(Error::Failed(both!(
            "generated files are out of date: run `shequ generate --write`",
            "生成的文件已经过时：请运行 `shequ generate --write`"
        )));
    }
    Ok(())
}

impl File {
    /// The file as it should be, given how it is.
    fn text(&self, present: Option<&str>) -> Result<String, Both> {
        let path = self.path;
        match (&self.made, present) {
            (Made::Whole(text), _) => Ok(text()),
            (Made::Parts(_), None) => {
                Err(both!("{path} is missing, and is written by hand", "{path} 不存在，而它是手写的"))
            }
            (Made::Parts(parts), Some(present)) => parts
                .iter()
                .try_fold(present.to_string(), |text, (name, part)| replaced(&text, name, &part()))
                .map_err(|name| {
                    both!(
                        "{path} has no part <!-- generated: {name} --> … <!-- end -->",
                        "{path} 中没有 <!-- generated: {name} --> … <!-- end --> 一段"
                    )
                }),
        }
    }
}

/// `text` with the part `name` made anew; the name if there is no such part.
fn replaced<'a>(text: &str, name: &'a str, part: &str) -> Result<String, &'a str> {
    const END: &str = "<!-- end -->";
    let begin = format!("<!-- generated: {name} -->");
    let (before, rest) = text.split_once(&begin).ok_or(name)?;
    let (_, after) = rest.split_once(END).ok_or(name)?;
    Ok(format!("{before}{begin}\n\n{}\n\n{END}{after}", part.trim_end()))
}

fn write(path: &Path, text: &str) -> Result<(), Error> {
    let folder = path.parent().unwrap_or(Path::new("."));
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    let written = Dir::make(folder).and_then(|dir| disk::put(&dir, name, text.as_bytes(), true));
    written.map_err(|error| {
        Error::Failed(both!(
            "cannot write {path}: {why}", "无法写入 {path}：{why}"; path = path.display(), why = reason(&error)
        ))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_marked_part_is_made_anew() {
        let text = "By hand.\n<!-- generated: a -->old<!-- end -->\nBy hand too.\n";
        let new = replaced(text, "a", "new\n").unwrap();
        assert_eq!(new, "By hand.\n<!-- generated: a -->\n\nnew\n\n<!-- end -->\nBy hand too.\n");
        assert_eq!(replaced(&new, "a", "new\n").unwrap(), new);
        assert_eq!(replaced(text, "b", "new"), Err("b"));
        assert_eq!(replaced("<!-- generated: a -->", "a", "new"), Err("a"));
    }
}
