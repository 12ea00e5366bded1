//! What has been run so far, on disk: a text file to which one line is added for each finished run.
//!
//! The first line says which experiment and shard the journal is of. Every other is the first 16 digits of the
//! SHA-256 of the rest, a space, and JSON, in which the experiment is named again: a record that was copied from
//! elsewhere is of no use here. Lines are written to the disk before their runs are counted. A line that was torn
//! by a crash or a full disk, or changed by hand, does not match its digits: its run is run again, and the line
//! is named. Numbers are kept to the bit.
//!
//! Each shard of an experiment has a journal of its own, `journal-K-of-N.txt`. Any of them may be read with
//! the others; where two hold the same run, they hold the same values.

use std::fs::File;
use std::io::{self, BufRead, BufReader, ErrorKind, Read, Seek, Write};
use std::path::{Path, PathBuf};

use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use cap_fs_ext::MetadataExt;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use sha2::{Digest, Sha256};

use super::plan::{Run, Shard};
use crate::record::disk::{self, Dir};
use crate::record::manifest::Runs;
use shequ_model::base::i18n::{Both, both};

/// Digits of a line's hash, and of that of the experiment within the line.
const DIGITS: usize = 16;

/// What is kept of a run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Record {
    /// Which row.
    pub row: u32,
    /// Which replicate.
    pub replicate: u32,
    /// Why it failed; none of a run that went well.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub failure: Option<String>,
    /// What [`Yield`](super::execute::Yield) says; empty of a run that failed.
    #[serde(serialize_with = "pack", deserialize_with = "unpack")]
    pub values: Vec<f64>,
    /// As in [`Yield`](super::execute::Yield).
    #[serde(
        serialize_with = "pack",
        deserialize_with = "unpack",
        skip_serializing_if = "Vec::is_empty",
        default
    )]
    pub monthly: Vec<f64>,
    /// As in [`Yield`](super::execute::Yield).
    #[serde(
        serialize_with = "pack_bytes",
        deserialize_with = "unpack_bytes",
        skip_serializing_if = "Vec::is_empty",
        default
    )]
    pub output: Vec<u8>,
    /// Wall time that it took.
    pub seconds: f64,
}

/// A process that goes to work.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Began {
    /// Its part of it.
    pub shard: String,
    /// Runs that go side by side.
    pub workers: usize,
    /// Threads of each of them; 0 where an earlier version did not say.
    #[serde(default)]
    pub threads: usize,
}

/// A line without its hash.
#[derive(Serialize, Deserialize)]
struct Line {
    /// The first digits of the hash of the experiment.
    of: String,
    #[serde(flatten)]
    what: What,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum What {
    Began(Began),
    Run(Record),
}

/// Numbers as the base-64 digits of their bytes, least significant first: exact, and NaN is no exception.
fn pack<S: Serializer>(values: &[f64], to: S) -> Result<S::Ok, S::Error> {
    let bytes: Vec<u8> = values.iter().flat_map(|value| value.to_le_bytes()).collect();
    pack_bytes(&bytes, to)
}

fn pack_bytes<S: Serializer>(bytes: &[u8], to: S) -> Result<S::Ok, S::Error> {
    to.serialize_str(&STANDARD_NO_PAD.encode(bytes))
}

fn unpack_bytes<'d, D: Deserializer<'d>>(from: D) -> Result<Vec<u8>, D::Error> {
    STANDARD_NO_PAD.decode(String::deserialize(from)?).map_err(serde::de::Error::custom)
}

fn unpack<'d, D: Deserializer<'d>>(from: D) -> Result<Vec<f64>, D::Error> {
    let bytes = unpack_bytes(from)?;
    let (numbers, rest) = bytes.as_chunks::<8>();
    if !rest.is_empty() {
        return Err(serde::de::Error::custom("half a number"));
    }
    Ok(numbers.iter().map(|bytes| f64::from_le_bytes(*bytes)).collect())
}

/// What the records of an experiment must look like to be its own.
pub struct Expected<'a> {
    /// Hash of the experiment.
    pub experiment: &'a str,
    /// True of a record whose row there is and that holds as many values as a run of that row gives.
    pub fits: &'a (dyn Fn(&Record) -> bool + Sync),
}

impl Expected<'_> {
    /// What the line says, if it is whole and one that the experiment expects.
    fn read(&self, bytes: &[u8]) -> Option<What> {
        read(bytes, self.experiment).filter(|what| match what {
            What::Run(record) => (self.fits)(record),
            What::Began(_) => true,
        })
    }
}

/// What the line says, if it is whole and of this experiment.
fn read(bytes: &[u8], experiment: &str) -> Option<What> {
    let (hash, json) = bytes.strip_suffix(b"\n")?.split_at_checked(DIGITS + 1)?;
    let json_of = (hash[..DIGITS] == *digits(json).as_bytes()).then_some(json)?;
    let line: Line = serde_json::from_slice(json_of).ok()?;
    (line.of == of(experiment)).then_some(line.what)
}

/// A line with its hash and its end.
fn written(experiment: &str, what: What) -> io::Result<Vec<u8>> {
    let json = serde_json::to_vec(&Line { of: of(experiment).into(), what })?;
    let mut bytes = digits(&json).into_bytes();
    bytes.push(b' ');
    bytes.extend(json);
    bytes.push(b'\n');
    Ok(bytes)
}

fn of(experiment: &str) -> &str {
    experiment.get(..DIGITS).unwrap_or(experiment)
}

fn digits(json: &[u8]) -> String {
    Sha256::digest(json).iter().take(DIGITS / 2).map(|byte| format!("{byte:02x}")).collect()
}

/// The first line of a journal, which tells it from everything else.
fn head(experiment: &str, shard: Shard) -> String {
    format!("shequ journal of {experiment}, shard {shard}\n")
}

/// Where lines go: a file, or what stands in for it in tests.
pub trait Sink: Send {
    /// Adds `bytes` at the end and returns once they are on the disk.
    ///
    /// # Errors
    /// An I/O error; then any part of the bytes may have been added.
    fn append(&mut self, bytes: &[u8]) -> io::Result<()>;
}

impl Sink for File {
    fn append(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.write_all(bytes)?;
        self.sync_data()?;
        // A file without a name is written to in vain.
        match self.metadata()?.nlink() {
            0 => Err(io::Error::new(ErrorKind::NotFound, both!("the journal was removed", "日志已被删除"))),
            _ => Ok(()),
        }
    }
}

/// The journal of one shard, open to be added to.
pub struct Journal {
    sink: Box<dyn Sink>,
    experiment: String,
}

impl Journal {
    /// A journal of `experiment` that goes to `sink`.
    pub fn to(sink: Box<dyn Sink>, experiment: &str) -> Journal {
        Journal { sink, experiment: experiment.into() }
    }

    /// Adds that a process goes to work.
    ///
    /// # Errors
    /// An I/O error.
    pub fn begin(&mut self, began: Began) -> io::Result<()> {
        // The end of a torn line, if there is one.
        let mut bytes = b"\n".to_vec();
        bytes.extend(written(&self.experiment, What::Began(began))?);
        self.sink.append(&bytes)
    }

    /// Adds finished runs. They count once this returns.
    ///
    /// # Errors
    /// An I/O error; then none of them counts.
    pub fn add(&mut self, records: Vec<Record>) -> io::Result<()> {
        let mut bytes = Vec::new();
        for record in records {
            bytes.extend(written(&self.experiment, What::Run(record))?);
        }
        self.sink.append(&bytes)
    }
}

/// Opens the journal of `shard` in `dir` to add to it; it is made if need be.
///
/// # Errors
/// An I/O error, of the kind `InvalidData` if what is there is no journal of this experiment and shard.
pub fn open(dir: &Dir, experiment: &str, shard: Shard) -> io::Result<File> {
    let name = name(shard);
    let mut file = match dir.append(&name) {
        Err(error) if error.kind() == ErrorKind::NotFound => {
            drop(dir.create(&name)?);
            dir.append(&name)?
        }
        file => file?,
    };
    let head = head(experiment, shard);
    let missing = missing_of(&file, head.as_bytes())?.ok_or_else(|| strange(&dir.path().join(&name)))?;
    file.write_all(&head.as_bytes()[head.len() - missing..])?;
    Ok(file)
}

/// How many bytes of `head` the file lacks, whose process may have died before they were written; none if it
/// begins otherwise.
fn missing_of(file: &File, head: &[u8]) -> io::Result<Option<usize>> {
    let mut begin = Vec::new();
    file.take(head.len() as u64).read_to_end(&mut begin)?;
    Ok(head.starts_with(&begin).then_some(head.len() - begin.len()))
}

fn strange(path: &Path) -> io::Error {
    let words = both!("{path} is of another experiment", "{path} 属于另一个实验"; path = path.display());
    io::Error::new(ErrorKind::InvalidData, words)
}

/// The name of the journal of a shard.
pub fn name(shard: Shard) -> String {
    format!("journal-{}-of-{}.txt", shard.number, shard.of)
}

/// The shard whose journal is called `name`.
pub fn shard_of(name: &str) -> Option<Shard> {
    let (number, of) = name.strip_prefix("journal-")?.strip_suffix(".txt")?.split_once("-of-")?;
    let shard = format!("{number}/{of}").parse().ok()?;
    (self::name(shard) == name).then_some(shard)
}

/// The names of the journals in `dir`.
///
/// # Errors
/// An I/O error.
pub fn names(dir: &Dir) -> io::Result<Vec<String>> {
    let names = dir.names()?.into_iter().filter_map(|name| name.into_string().ok());
    Ok(names.filter(|name| shard_of(name).is_some()).collect())
}

/// The journals in the folder at `path`.
///
/// # Errors
/// An I/O error.
pub fn files(path: &Path) -> io::Result<Vec<PathBuf>> {
    Ok(names(&Dir::open_own(path)?)?.iter().map(|name| path.join(name)).collect())
}

/// True if the file is a journal of the experiment, be it just begun.
///
/// # Errors
/// An I/O error.
pub fn is_of(dir: &Dir, name: &str, experiment: &str) -> io::Result<bool> {
    let Some(shard) = shard_of(name) else { return Ok(false) };
    Ok(missing_of(&dir.read(name)?, head(experiment, shard).as_bytes())?.is_some())
}

/// Where a record is.
#[derive(Clone, Copy, Debug)]
struct Spot {
    run: Run,
    failed: bool,
    file: u32,
    offset: u64,
}

/// Which runs are finished, and where their records are: 24 bytes for each.
#[derive(Default)]
pub struct Index {
    experiment: String,
    files: Vec<PathBuf>,
    spots: Vec<Spot>,
    /// What processes wrote when they started, in the order of the journals.
    pub began: Vec<Began>,
    /// Wall times of all runs, each as often as it has a record, times the threads that it had, in seconds.
    pub core_seconds: f64,
    /// Wall times of the runs read last.
    pub seconds: Vec<f64>,
    /// Lines that are no records of the experiment: the file and the number of the line, from 1.
    damaged: Vec<(u32, u64)>,
}

/// Wall times that are kept to tell what a run costs.
const TIMES: usize = 1_000;

impl Index {
    /// Reads the journals `files`.
    ///
    /// # Errors
    /// An I/O error, of the kind `InvalidData` if one of them is no journal of the experiment.
    pub fn read(files: Vec<PathBuf>, expected: &Expected) -> io::Result<Index> {
        let mut index = Index { experiment: expected.experiment.into(), files, ..Index::default() };
        for file in 0..index.files.len() {
            index.read_one(file, expected)?;
        }
        index.spots.sort_by_key(|spot| (spot.run, spot.file, spot.offset));
        index.spots.dedup_by_key(|spot| spot.run);
        Ok(index)
    }

    fn read_one(&mut self, file: usize, expected: &Expected) -> io::Result<()> {
        let path = &self.files[file];
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        let head = shard_of(name).map(|shard| head(expected.experiment, shard)).unwrap_or_default();
        let mut lines = BufReader::with_capacity(1 << 16, disk::read(path)?);
        let mut bytes = Vec::new();
        let mut offset = lines.by_ref().take(head.len() as u64).read_until(b'\n', &mut bytes)? as u64;
        if head.is_empty() || !head.as_bytes().starts_with(&bytes) {
            return Err(strange(path));
        }
        let mut threads = 1;
        for number in 2.. {
            bytes.clear();
            let length = lines.read_until(b'\n', &mut bytes)?;
            if length == 0 {
                break;
            }
            match expected.read(&bytes) {
                Some(What::Run(record)) => {
                    let run = Run { row: record.row, replicate: record.replicate };
                    let failed = record.failure.is_some();
                    self.spots.push(Spot { run, failed, file: file as u32, offset });
                    self.core_seconds += record.seconds * threads as f64;
                    self.keep_time(record.seconds);
                }
                Some(What::Began(began)) => {
                    threads = began.threads.max(1);
                    self.began.push(began);
                }
                None if bytes == b"\n" => {}
                None => self.damaged.push((file as u32, number)),
            }
            offset += length as u64;
        }
        Ok(())
    }

    /// Runs that go side by side on `shard`, by the process that started last on it; none if none has.
    pub fn workers(&self, shard: Shard) -> Option<usize> {
        let name = shard.to_string();
        self.began.iter().rfind(|began| began.shard == name).map(|began| began.workers)
    }

    /// What is said of lines that are no records of the experiment; none if there are none.
    pub fn damage(&self) -> Option<Both> {
        const SHOWN: usize = 3;
        let place = |&(file, line): &(u32, u64)| format!("{}:{line}", self.files[file as usize].display());
        let places: Vec<String> = self.damaged.iter().take(SHOWN).map(place).collect();
        let more = if self.damaged.len() > SHOWN { ", …" } else { "" };
        let (n, places) = (self.damaged.len(), places.join(", ") + more);
        (n > 0).then(|| {
            both!(
                "{n} damaged lines of journals are left out, and their runs are run again: {places}",
                "日志中有 {n} 行已损坏，不予采用，相应的模拟将重新进行：{places}"
            )
        })
    }

    fn keep_time(&mut self, seconds: f64) {
        let at = self.spots.len() % TIMES;
        match self.seconds.get_mut(at) {
            Some(time) => *time = seconds,
            None => self.seconds.push(seconds),
        }
    }

    /// Number of finished runs, those that failed among them.
    pub fn len(&self) -> usize {
        self.spots.len()
    }

    /// True if no run is finished.
    pub fn is_empty(&self) -> bool {
        self.spots.is_empty()
    }

    /// Number of runs that failed.
    pub fn failed(&self) -> usize {
        self.spots.iter().filter(|spot| spot.failed).count()
    }

    /// Runs that went well and runs that failed.
    pub fn counts(&self) -> Runs {
        let failed = self.failed() as u64;
        Runs { done: self.len() as u64 - failed, failed }
    }

    /// True if the run is finished.
    pub fn has(&self, run: Run) -> bool {
        self.place(run).is_some()
    }

    fn place(&self, run: Run) -> Option<usize> {
        self.spots.binary_search_by_key(&run, |spot| spot.run).ok()
    }

    /// A reader of the records.
    ///
    /// # Errors
    /// An I/O error.
    pub fn records(&self) -> io::Result<Records<'_>> {
        let files = self.files.iter().map(|path| disk::read(path).map(BufReader::new));
        Ok(Records { index: self, files: files.collect::<io::Result<_>>()? })
    }
}

/// Reads records, one at a time.
pub struct Records<'a> {
    index: &'a Index,
    files: Vec<BufReader<File>>,
}

impl Records<'_> {
    /// The record of a run; none if it is not finished.
    ///
    /// # Errors
    /// An I/O error, or that the journal changed since it was indexed.
    pub fn get(&mut self, run: Run) -> io::Result<Option<Record>> {
        let Some(place) = self.index.place(run) else { return Ok(None) };
        let Spot { file, offset, .. } = self.index.spots[place];
        let file = &mut self.files[file as usize];
        let here = file.stream_position()?;
        // Within what has been read already, this reads nothing again.
        file.seek_relative(offset as i64 - here as i64)?;
        let mut bytes = Vec::new();
        file.read_until(b'\n', &mut bytes)?;
        match read(&bytes, &self.index.experiment) {
            Some(What::Run(record)) if (Run { row: record.row, replicate: record.replicate }) == run => {
                Ok(Some(record))
            }
            _ => {
                Err(io::Error::other(both!("a journal changed while it was read", "日志在读取过程中被改动")))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn record(row: u32, value: f64) -> Record {
        let values = vec![value, f64::NAN, -0.0];
        let (monthly, output) = (Vec::new(), vec![0, 255, 7]);
        Record { row, replicate: 3, failure: None, values, monthly, output, seconds: 0.25 }
    }

    /// A journal of two processes and four runs, and where each of its lines ends.
    fn written_twice() -> (Vec<u8>, Vec<usize>) {
        let folder = tempfile::tempdir().unwrap();
        let began = || Began { shard: Shard::WHOLE.to_string(), workers: 2, threads: 3 };
        for rows in [[0, 1], [2, 3]] {
            let mut journal = begin(folder.path(), "e");
            journal.begin(began()).unwrap();
            journal.add(rows.map(|row| record(row, f64::from(row) / 3.0)).into()).unwrap();
        }
        let bytes = fs::read(folder.path().join(NAME)).unwrap();
        let ends = (0..bytes.len()).filter(|&i| bytes[i] == b'\n').map(|i| i + 1).collect();
        (bytes, ends)
    }

    fn index(bytes: &[u8]) -> (Index, tempfile::TempDir) {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join(NAME), bytes).unwrap();
        (read_all(folder.path(), "e").unwrap(), folder)
    }

    const NAME: &str = "journal-1-of-1.txt";

    fn begin(folder: &Path, experiment: &str) -> Journal {
        let file = open(&Dir::open(folder).unwrap(), experiment, Shard::WHOLE).unwrap();
        Journal::to(Box::new(file), experiment)
    }

    fn read_all(folder: &Path, experiment: &str) -> io::Result<Index> {
        let fits = |record: &Record| record.values.len() == 3;
        Index::read(vec![folder.join(NAME)], &Expected { experiment, fits: &fits })
    }

    #[test]
    fn numbers_are_kept_to_the_bit() {
        let (bytes, _) = written_twice();
        let (index, _folder) = index(&bytes);
        assert_eq!((index.len(), index.began.len(), index.workers(Shard::WHOLE)), (4, 2, Some(2)));
        assert_eq!(index.core_seconds, 4.0 * 0.25 * 3.0);
        let kept = index.records().unwrap().get(Run { row: 2, replicate: 3 }).unwrap().unwrap();
        let bits = |record: &Record| record.values.iter().map(|v| v.to_bits()).collect::<Vec<_>>();
        assert_eq!(bits(&kept), bits(&record(2, 2.0 / 3.0)));
        assert_eq!(kept.output, [0, 255, 7]);
        assert!(index.records().unwrap().get(Run { row: 2, replicate: 2 }).unwrap().is_none());
    }

    #[test]
    fn a_journal_cut_at_any_byte_keeps_its_whole_lines_and_can_be_added_to() {
        let (bytes, ends) = written_twice();
        for cut in 0..bytes.len() {
            let whole = ends.iter().filter(|&&end| end <= cut).count();
            // Line one is the head, two and six are empty, and three and seven say that a process began.
            let runs = whole.saturating_sub(3).min(2) + whole.saturating_sub(7).min(2);
            let (found, folder) = index(&bytes[..cut]);
            assert_eq!(found.len(), runs, "{cut}");
            let mut journal = begin(folder.path(), "e");
            journal.begin(Began { shard: "1/1".into(), workers: 1, threads: 1 }).unwrap();
            journal.add(vec![record(9, 1.0)]).unwrap();
            let again = read_all(folder.path(), "e").unwrap();
            // A line that lacked nothing but its end is whole now.
            assert!(again.len() > runs && again.has(Run { row: 9, replicate: 3 }), "{cut}");
        }
    }

    #[test]
    fn a_line_of_which_any_byte_was_changed_is_not_believed_and_named() {
        let (bytes, ends) = written_twice();
        // All but the space after the digits.
        for at in (ends[2]..ends[3] - 1).filter(|at| at - ends[2] != DIGITS) {
            let mut bad = bytes.clone();
            bad[at] ^= 1;
            let (index, _folder) = index(&bad);
            let said = index.damage().unwrap().en;
            assert!(index.len() == 3 && said.starts_with('1') && said.contains(":4"), "{at}: {said}");
        }
        assert!(index(&bytes).0.damage().is_none());
    }

    #[test]
    fn records_of_another_experiment_or_of_another_number_of_values_are_not_taken() {
        let (bytes, ends) = written_twice();
        let place = tempfile::tempdir().unwrap();
        fs::write(place.path().join(NAME), &bytes).unwrap();
        let other = read_all(place.path(), "f").err().unwrap();
        assert!(other.kind() == ErrorKind::InvalidData && other.to_string().contains("another experiment"));
        assert!(open(&Dir::open(place.path()).unwrap(), "f", Shard::WHOLE).is_err());
        // Under the head of another experiment its lines are damaged, the line that says who began or not.
        for from in [ends[0], ends[2]] {
            let under = [head("f", Shard::WHOLE).as_bytes(), &bytes[from..]].concat();
            fs::write(place.path().join(NAME), under).unwrap();
            let index = read_all(place.path(), "f").unwrap();
            assert!(index.is_empty() && index.began.is_empty() && index.damage().is_some());
        }
        let short = Record { values: vec![1.0], ..record(5, 1.0) };
        fs::write(place.path().join(NAME), &bytes).unwrap();
        begin(place.path(), "e").add(vec![short]).unwrap();
        let index = read_all(place.path(), "e").unwrap();
        assert!(index.len() == 4 && index.damage().is_some());
    }

    #[cfg(unix)]
    #[test]
    fn a_journal_that_is_a_link_or_goes_by_two_names_is_not_written_to() {
        let place = tempfile::tempdir().unwrap();
        let (mine, journal) = (place.path().join("mine"), place.path().join(NAME));
        let dir = Dir::open(place.path()).unwrap();
        fs::write(&mine, "precious").unwrap();
        std::os::unix::fs::symlink(&mine, &journal).unwrap();
        assert!(open(&dir, "e", Shard::WHOLE).is_err());
        fs::remove_file(&journal).unwrap();
        fs::write(&mine, "").unwrap();
        fs::hard_link(&mine, &journal).unwrap();
        assert!(open(&dir, "e", Shard::WHOLE).is_err());
        assert_eq!(fs::read(&mine).unwrap(), b"");
    }
}
