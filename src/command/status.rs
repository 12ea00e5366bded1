//! `shequ status`: how far an experiment is.

use std::path::{Path, PathBuf};
use std::time::SystemTime;

use clap::Args;

use super::{Common, Error, output, progress, results};
use shequ_experiment::file::Experiment;
use shequ_experiment::plan::Shard;
use shequ_experiment::record::finished::{believed, unbelievable, unreadable};
use shequ_experiment::record::folder::is_finished;
use shequ_experiment::record::manifest::Runs;
use shequ_experiment::study::{RunResults, Study};
use shequ_experiment::workplace::{self, Underway, results_name};
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
    let folder = Underway::of(&study, folder.path())?;
    let cannot_read = |cause| Error::Failed(unreadable(folder.path(), &cause));
    let files = folder.journals().map_err(cannot_read)?;
    let last = files.iter().filter_map(|file| file.metadata().ok()?.modified().ok()).max();
    let (result, missing) = study.gather(files).map_err(cannot_read)?;
    let notes = folder.elsewhere().map_err(cannot_read)?.into_iter().chain(result.index.damage());
    notes.for_each(|words| output::tell(results::warning(words)));
    let of = most_shards(&result);
    let lacks = result.lacking(of);
    let lacking = (1..=of).filter(|number| lacks[*number as usize - 1]).map(|number| Shard { number, of });
    let running = folder.running(lacking.clone()).map_err(cannot_read)?;
    let state = both!("{rate}; {last}", "{rate}；{last}";
        rate = rate(&result, missing, &running), last = written(last));
    let shards = (of > 1).then(|| shards(&result, of, lacking.collect(), &running));
    Ok(Far { runs: result.index.counts(), missing, shards, state })
}

/// How many shards there are, by the journals. Where some were begun with another number of them, the largest counts.
fn most_shards(result: &RunResults) -> u32 {
    let begun = result.index.began.iter().filter_map(|began| began.shard.parse::<Shard>().ok());
    begun.map(|shard| shard.of).max().unwrap_or(1)
}

/// Which shards are done and, of those that lack runs, which are `running`, have stopped, and have not begun.
fn shards(result: &RunResults, of: u32, lacking: Vec<Shard>, running: &[Shard]) -> Both {
    let those = |is_meant: &dyn Fn(&Shard) -> bool| {
        ranges(&lacking.iter().filter(|shard| is_meant(shard)).map(|shard| shard.number).collect::<Vec<_>>())
    };
    let has_begun = |shard: &Shard| result.index.workers(*shard).is_some();
    let done = of as usize - lacking.len();
    let open = those(&|shard| running.contains(shard));
    let stopped = those(&|shard| !running.contains(shard) && has_begun(shard));
    let rest = those(&|shard| !running.contains(shard) && !has_begun(shard));
    both!(
        "{done} of {of} done; running: {open}; stopped: {stopped}; not begun: {rest}",
        "{of} 个中完成 {done} 个；运行中：{open}；已停止：{stopped}；未开始：{rest}"
    )
}

/// How fast it goes, and how long the rest takes.
fn rate(result: &RunResults, missing: u64, running: &[Shard]) -> Both {
    if missing == 0 {
        return both!(
            "all runs are there; `shequ merge` makes results of them",
            "各次模拟均已完成；用 `shequ merge` 生成结果"
        );
    }
    // The command without a shard works on all of them, and is not told by any.
    let whole = if running.is_empty() { 0 } else { result.index.workers(Shard::WHOLE).unwrap_or(1) };
    let own: usize = running.iter().filter_map(|shard| result.index.workers(*shard)).sum();
    let workers = if own > 0 { own } else { whole };
    let words = progress::words(0, missing, &result.index.seconds, workers.max(1));
    match workers {
        0 => {
            both!("nothing runs now; on one core {words}", "目前没有进程在运行；用单核：{words}"; words = words)
        }
        _ => words,
    }
}

/// When something was written last, by the clock of this computer.
#[allow(clippy::disallowed_methods)] // A clock for people; no result depends on it.
fn written(last: Option<SystemTime>) -> Both {
    match last.map(|last| SystemTime::now().duration_since(last)) {
        None => both!("no results yet", "尚未写入"),
        Some(Ok(age)) => both!("last written {age} ago", "{age}前写入"; age = progress::duration(age)),
        Some(Err(_)) => both!(
            "last written later than now, by the clock of this computer",
            "按本机时钟，最后写入时间晚于现在"
        ),
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_that_follow_one_another_are_a_range() {
        assert_eq!(ranges(&[1, 2, 3, 7, 9, 10]), "1–3, 7, 9–10");
        assert_eq!(ranges(&[]), "–");
    }
}
