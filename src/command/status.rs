//! `shequ status`: how far an experiment is.

use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use clap::Args;

use super::{Common, Error, output, progress, results};
use shequ_experiment::file::Experiment;
use shequ_experiment::plan::Shard;
use shequ_experiment::record::finished::{believed, unbelievable, unreadable};
use shequ_experiment::record::folder::is_finished;
use shequ_experiment::record::manifest::Runs;
use shequ_experiment::study::{RunResults, Study};
use shequ_experiment::workplace::{self, Barred, Underway, results_name};
use shequ_model::base::i18n::{Both, both};
use shequ_model::base::params::text;

/// Arguments of `status`.
#[derive(Args)]
pub struct Arguments {
    /// Folder of an experiment, under way or finished
    #[arg(value_name = "DIR")]
    folder: PathBuf,
}

/// Prints runs done, failed and missing, and, of an experiment under way, its shards, rate and time left.
pub fn command(arguments: Arguments, common: Common) -> Result<(), Error> {
    let folder = now_called(arguments.folder);
    let say = |en, zh| common.lang.of(text(en, zh)).to_string();
    let far = match is_finished(&folder) {
        true => {
            Far { runs: finished(&folder)?, missing: 0, shards: None, state: both("finished", "已完成") }
        }
        false => under_way(&folder)?,
    };
    let words = |words: Both| words.of(common.lang).to_string();
    let mut rows = vec![
        (say("done", "完成"), far.runs.done.to_string()),
        (say("failed", "失败"), far.runs.failed.to_string()),
        (say("missing", "未完成"), far.missing.to_string()),
    ];
    rows.extend(far.shards.map(|shards| (say("shards", "分片"), words(shards))));
    rows.push((say("state", "状态"), words(far.state)));
    rows.iter().try_for_each(|(name, value)| output::print(&format!("{name}: {value}\n")))
}

/// The folder, by the name that it has now: it loses ".partial" when the experiment is finished.
fn now_called(folder: PathBuf) -> PathBuf {
    let others = [results_name(&folder), workplace::name(&results_name(&folder))];
    let other = others.map(|name| folder.with_file_name(name)).into_iter();
    let other = other.filter(|_| !folder.exists()).find(|other| other.exists());
    other.unwrap_or(folder)
}

fn finished(folder: &Path) -> Result<Runs, Error> {
    let manifest = believed(folder)?.map_err(|unfit| Error::Failed(unbelievable(folder, &unfit)))?;
    Ok(manifest.runs.unwrap_or(Runs { done: manifest.replicates.into(), failed: 0 }))
}

/// How far an experiment is.
struct Far {
    runs: Runs,
    missing: u64,
    /// None where there is one process alone.
    shards: Option<Both>,
    state: Both,
}

/// Runs there are, runs that are missing, and how fast it goes.
fn under_way(folder: &Path) -> Result<Far, Error> {
    let folder = Underway::open(folder)?;
    let experiment = Experiment::reopen(folder.path())?;
    let study = Study::new(&experiment);
    if study.hash != folder.experiment() {
        return Err(Error::Usage(Barred::Another(folder.path().into()).message()));
    }
    let cannot_read = |cause| Error::Failed(unreadable(folder.path(), &cause));
    let files = folder.journals().map_err(cannot_read)?;
    let quiet_for = files.iter().filter_map(|file| age(file)).min();
    let (result, missing) = study.gather(files).map_err(cannot_read)?;
    result.index.damage().into_iter().for_each(|words| output::tell(results::warning(words)));
    let rate = progress::words(0, missing, &result.index.seconds, result.index.workers().max(1));
    let last = match quiet_for {
        Some(age) => {
            both!("last written {age} ago", "{age}前写入"; age = progress::duration(age))
        }
        None => both!("no results yet", "尚未写入"),
    };
    let state = both!("{rate}; {last}", "{rate}；{last}"; rate = rate, last = last);
    Ok(Far { runs: result.index.counts(), missing, shards: shards(&result), state })
}

/// Which shards are done, begun and not begun. Where some were begun with another number of them, the largest counts.
fn shards(result: &RunResults) -> Option<Both> {
    let begun: Vec<Shard> = result.index.began.iter().filter_map(|began| began.shard.parse().ok()).collect();
    let of = begun.iter().map(|shard| shard.of).max().filter(|of| *of > 1)?;
    let lacks = result.lacking(of);
    let is_begun = |number: u32| begun.contains(&Shard { number, of });
    let those =
        |is_meant: &dyn Fn(u32) -> bool| (1..=of).filter(|number| is_meant(*number)).collect::<Vec<u32>>();
    let lacking = |number: u32| lacks[number as usize - 1];
    let done = those(&|number| !lacking(number)).len();
    let [open, rest] =
        [true, false].map(|wanted| ranges(&those(&|number| lacking(number) && is_begun(number) == wanted)));
    Some(both!(
        "{done} of {of} done; begun: {open}; not begun: {rest}",
        "{of} 个中完成 {done} 个；已开始：{open}；未开始：{rest}"
    ))
}

/// Numbers in order, those that follow one another as a range: "1–3, 7".
fn ranges(numbers: &[u32]) -> String {
    let runs = numbers.chunk_by(|a, b| a + 1 == *b).map(|run| match run {
        [one] => one.to_string(),
        _ => format!("{}–{}", run[0], run[run.len() - 1]),
    });
    let all = runs.collect::<Vec<_>>().join(", ");
    if all.is_empty() { "–".into() } else { all }
}

#[allow(clippy::disallowed_methods)] // A clock for people; no result depends on it.
fn age(file: &Path) -> Option<Duration> {
    SystemTime::now().duration_since(file.metadata().ok()?.modified().ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_that_follow_one_another_are_a_range() {
        assert_eq!(ranges(&[1, 2, 3, 7, 9, 10]), "1–3, 7, 9–10");
        assert_eq!(ranges(&[]), "–");
    }
}
