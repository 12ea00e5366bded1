//! What has been lived so far, on disk: a text file to which one line is added for each finished run.
//!
//! A line is the first 16 digits of the SHA-256 of the rest, a space, and JSON. Lines are written to the disk
//! before their runs are counted. A line that was torn by a crash or a full disk does not match its digits
//! and is as good as not there: its run is lived again. Numbers are kept to the bit.
//!
//! Each shard of an experiment has a journal of its own, `journal-K-of-N.txt`. Any of them may be read with
//! the others; where two hold the same run, they hold the same values.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, BufRead, BufReader, Seek, Write};
use std::path::{Path, PathBuf};

use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use sha2::{Digest, Sha256};

use super::plan::{Run, Shard};
use crate::base::words::both;
use crate::record::manifest::Runs;

/// Name of the file that processes lock: shards side by side, anything else alone.
const LOCK: &str = "lock";
/// Digits of a line's hash.
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
    /// Wall time that it took.
    pub seconds: f64,
}

/// A process that goes to work.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Began {
    /// Hash of the experiment.
    pub experiment: String,
    /// Its part of it.
    pub shard: String,
    /// Runs that live side by side.
    pub workers: usize,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Line {
    Began(Began),
    Run(Record),
}

/// Numbers as the base-64 digits of their bytes, least significant first: exact, and NaN is no exception.
fn pack<S: Serializer>(values: &[f64], to: S) -> Result<S::Ok, S::Error> {
    let bytes: Vec<u8> = values.iter().flat_map(|value| value.to_le_bytes()).collect();
    to.serialize_str(&STANDARD_NO_PAD.encode(bytes))
}

fn unpack<'d, D: Deserializer<'d>>(from: D) -> Result<Vec<f64>, D::Error> {
    let text = String::deserialize(from)?;
    let bytes = STANDARD_NO_PAD.decode(text).map_err(serde::de::Error::custom)?;
    let (numbers, rest) = bytes.as_chunks::<8>();
    if !rest.is_empty() {
        return Err(serde::de::Error::custom("half a number"));
    }
    Ok(numbers.iter().map(|bytes| f64::from_le_bytes(*bytes)).collect())
}

/// A line with its hash and its end.
fn written(line: &Line) -> io::Result<Vec<u8>> {
    let json = serde_json::to_vec(line)?;
    let mut bytes = digits(&json).into_bytes();
    bytes.push(b' ');
    bytes.extend(json);
    bytes.push(b'\n');
    Ok(bytes)
}

/// The line, if it is whole.
fn read(bytes: &[u8]) -> Option<Line> {
    let (hash, json) = bytes.strip_suffix(b"\n")?.split_at_checked(DIGITS + 1)?;
    let json_of = (hash[..DIGITS] == *digits(json).as_bytes()).then_some(json)?;
    serde_json::from_slice(json_of).ok()
}

fn digits(json: &[u8]) -> String {
    Sha256::digest(json).iter().take(DIGITS / 2).map(|byte| format!("{byte:02x}")).collect()
}

/// Where lines go: a file, or what stands in for it in tests.
pub trait Sink: Send {
    /// Adds `bytes` at the end and returns once they are on the disk.
    ///
    /// # Errors
    /// What the disk says; then any part of the bytes may have been added.
    fn append(&mut self, bytes: &[u8]) -> io::Result<()>;
}

impl Sink for File {
    fn append(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.write_all(bytes)?;
        self.sync_data()
    }
}

/// The journal of one shard, open to be added to.
pub struct Journal {
    sink: Box<dyn Sink>,
}

impl Journal {
    /// A journal that goes to `sink`.
    pub fn to(sink: Box<dyn Sink>) -> Journal {
        Journal { sink }
    }

    /// Adds that a process goes to work.
    ///
    /// # Errors
    /// What the disk says.
    pub fn begin(&mut self, began: Began) -> io::Result<()> {
        // The end of a torn line, if there is one.
        let mut bytes = b"\n".to_vec();
        bytes.extend(written(&Line::Began(began))?);
        self.sink.append(&bytes)
    }

    /// Adds finished runs. They count once this returns.
    ///
    /// # Errors
    /// What the disk says; then none of them counts.
    pub fn add(&mut self, records: Vec<Record>) -> io::Result<()> {
        let mut bytes = Vec::new();
        for record in records {
            bytes.extend(written(&Line::Run(record))?);
        }
        self.sink.append(&bytes)
    }
}

/// Opens the journal of `shard` in `folder` to add to it.
///
/// # Errors
/// What the disk says.
pub fn open(folder: &Path, shard: Shard) -> io::Result<File> {
    OpenOptions::new().create(true).append(true).open(folder.join(name(shard)))
}

fn name(shard: Shard) -> String {
    format!("journal-{}-of-{}.txt", shard.number, shard.of)
}

/// The journals in `folder`, by name.
///
/// # Errors
/// What the disk says.
pub fn files(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or("");
        if name.starts_with("journal-") && name.ends_with(".txt") {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

/// Removes what `shard` has lived; everything is all that there is.
///
/// # Errors
/// What the disk says.
pub fn forget(folder: &Path, shard: Shard) -> io::Result<()> {
    let own = folder.join(name(shard));
    let is_meant = |file: &PathBuf| shard == Shard::WHOLE || *file == own;
    files(folder)?.into_iter().filter(is_meant).try_for_each(fs::remove_file)
}

/// Held by a process while it works on a folder.
pub struct Lock {
    _files: Vec<File>,
}

/// Locks `folder` for `shard`: different shards work side by side, everything else alone. `None` if
/// another process is at work there.
///
/// # Errors
/// What the disk says. A file system that knows no locks is taken at its word.
pub fn lock(folder: &Path, shard: Shard) -> io::Result<Option<Lock>> {
    let all = OpenOptions::new().create(true).append(true).open(folder.join(LOCK))?;
    if shard == Shard::WHOLE {
        return Ok(got(all.try_lock())?.then(|| Lock { _files: vec![all] }));
    }
    let own =
        OpenOptions::new().create(true).append(true).open(folder.join(format!("{LOCK}-{}", name(shard))))?;
    let both = got(all.try_lock_shared())? && got(own.try_lock())?;
    Ok(both.then(|| Lock { _files: vec![all, own] }))
}

fn got(outcome: Result<(), TryLockError>) -> io::Result<bool> {
    match outcome {
        Ok(()) => Ok(true),
        Err(TryLockError::WouldBlock) => Ok(false),
        Err(TryLockError::Error(error)) if error.kind() == io::ErrorKind::Unsupported => Ok(true),
        Err(TryLockError::Error(error)) => Err(error),
    }
}

/// Where a record is.
#[derive(Clone, Copy, Debug)]
struct Spot {
    run: Run,
    failed: bool,
    file: u16,
    offset: u64,
}

/// Which runs are finished, and where their records are: 24 bytes for each.
#[derive(Default)]
pub struct Index {
    files: Vec<PathBuf>,
    spots: Vec<Spot>,
    /// What processes wrote when they went to work, in the order of the journals.
    pub began: Vec<Began>,
    /// Wall times of the runs read last.
    pub seconds: Vec<f64>,
}

/// Wall times that are kept to tell what a run costs.
const TIMES: usize = 1_000;

impl Index {
    /// Reads the journals `files`.
    ///
    /// # Errors
    /// What the disk says.
    pub fn read(files: Vec<PathBuf>) -> io::Result<Index> {
        let mut index = Index { files, ..Index::default() };
        for file in 0..index.files.len() {
            index.read_one(file)?;
        }
        index.spots.sort_by_key(|spot| (spot.run, spot.file, spot.offset));
        index.spots.dedup_by_key(|spot| spot.run);
        Ok(index)
    }

    fn read_one(&mut self, file: usize) -> io::Result<()> {
        let mut lines = BufReader::with_capacity(1 << 16, File::open(&self.files[file])?);
        let (mut bytes, mut offset) = (Vec::new(), 0);
        loop {
            bytes.clear();
            let length = lines.read_until(b'\n', &mut bytes)?;
            if length == 0 {
                return Ok(());
            }
            match read(&bytes) {
                Some(Line::Run(record)) => {
                    let run = Run { row: record.row, replicate: record.replicate };
                    let failed = record.failure.is_some();
                    self.spots.push(Spot { run, failed, file: file as u16, offset });
                    self.keep_time(record.seconds);
                }
                Some(Line::Began(began)) => self.began.push(began),
                None => {}
            }
            offset += length as u64;
        }
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
    /// What the disk says.
    pub fn records(&self) -> io::Result<Records<'_>> {
        let files = self.files.iter().map(|path| File::open(path).map(BufReader::new));
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
    /// What the disk says, or that the journal changed since it was indexed.
    pub fn get(&mut self, run: Run) -> io::Result<Option<Record>> {
        let Some(place) = self.index.place(run) else { return Ok(None) };
        let Spot { file, offset, .. } = self.index.spots[place];
        let file = &mut self.files[usize::from(file)];
        let here = file.stream_position()?;
        // Within what has been read already, this reads nothing again.
        file.seek_relative(offset as i64 - here as i64)?;
        let mut bytes = Vec::new();
        file.read_until(b'\n', &mut bytes)?;
        match read(&bytes) {
            Some(Line::Run(record)) => Ok(Some(record)),
            _ => {
                Err(io::Error::other(both!("a journal changed while it was read", "日志在读取过程中被改动")))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(row: u32, value: f64) -> Record {
        let values = vec![value, f64::NAN, -0.0];
        Record { row, replicate: 3, failure: None, values, monthly: Vec::new(), seconds: 0.25 }
    }

    /// A journal of two processes and four runs, and where each of its lines ends.
    fn written_twice() -> (Vec<u8>, Vec<usize>) {
        let folder = tempfile::tempdir().unwrap();
        let began = || Began { experiment: "e".into(), shard: Shard::WHOLE.to_string(), workers: 2 };
        for rows in [[0, 1], [2, 3]] {
            let mut journal = Journal::to(Box::new(open(folder.path(), Shard::WHOLE).unwrap()));
            journal.begin(began()).unwrap();
            journal.add(rows.map(|row| record(row, f64::from(row) / 3.0)).into()).unwrap();
        }
        let bytes = fs::read(&files(folder.path()).unwrap()[0]).unwrap();
        let ends = (0..bytes.len()).filter(|&i| bytes[i] == b'\n').map(|i| i + 1).collect();
        (bytes, ends)
    }

    fn index(bytes: &[u8]) -> (Index, tempfile::TempDir) {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("journal-1-of-1.txt");
        fs::write(&file, bytes).unwrap();
        (Index::read(vec![file]).unwrap(), folder)
    }

    #[test]
    fn numbers_are_kept_to_the_bit() {
        let (bytes, _) = written_twice();
        let (index, _folder) = index(&bytes);
        assert_eq!((index.len(), index.began.len(), index.began[1].workers), (4, 2, 2));
        let kept = index.records().unwrap().get(Run { row: 2, replicate: 3 }).unwrap().unwrap();
        let bits = |record: &Record| record.values.iter().map(|v| v.to_bits()).collect::<Vec<_>>();
        assert_eq!(bits(&kept), bits(&record(2, 2.0 / 3.0)));
        assert!(index.records().unwrap().get(Run { row: 2, replicate: 2 }).unwrap().is_none());
    }

    #[test]
    fn a_journal_cut_at_any_byte_keeps_its_whole_lines_and_can_be_added_to() {
        let (bytes, ends) = written_twice();
        for cut in 0..bytes.len() {
            let whole = ends.iter().filter(|&&end| end <= cut).count();
            // Lines one and five are empty, and two and six say that a process began.
            let runs = whole.saturating_sub(2).min(2) + whole.saturating_sub(6).min(2);
            let (found, folder) = index(&bytes[..cut]);
            assert_eq!(found.len(), runs, "{cut}");
            let mut journal = Journal::to(Box::new(open(folder.path(), Shard::WHOLE).unwrap()));
            journal.begin(Began { experiment: "e".into(), shard: "1/1".into(), workers: 1 }).unwrap();
            journal.add(vec![record(9, 1.0)]).unwrap();
            let again = Index::read(files(folder.path()).unwrap()).unwrap();
            // A line that lacked nothing but its end is whole now.
            assert!(again.len() > runs && again.has(Run { row: 9, replicate: 3 }), "{cut}");
        }
    }

    #[test]
    fn a_line_of_which_any_byte_was_changed_is_not_believed() {
        let (bytes, ends) = written_twice();
        // All but the space after the digits.
        for at in (ends[1]..ends[2] - 1).filter(|at| at - ends[1] != DIGITS) {
            let mut bad = bytes.clone();
            bad[at] ^= 1;
            assert!(index(&bad).0.len() == 3, "{at}");
        }
    }
}
