//! What is to be run: rows, each a scenario, and how many replicates of each.
//!
//! Runs are ordered replicate by replicate, all rows of replicate 0 first, so that an experiment that is
//! cut short has every row about equally often. Shard k of n takes every n-th run of this order.

use std::fmt;
use std::ops::Range;
use std::str::FromStr;
use std::sync::Arc;

use toml::Value;

use crate::posterior::Draws;
use shequ_model::base::i18n::{Both, both};
use shequ_model::base::problem::{Place, Problems, Source};
use shequ_model::scenario::Loaded;
use shequ_model::scenario::document::Entry;

/// A scenario: a base, and the values that it is given instead of the base's.
#[derive(Clone)]
pub struct Row {
    /// The base.
    pub base: Arc<Loaded>,
    /// The base's file in the results folder.
    pub file: Arc<str>,
    /// Dotted paths of the keys that are given other values.
    pub keys: Arc<[String]>,
    /// The values, one for each key, which fit their keys.
    pub values: Arc<[Value]>,
    /// Where values hold from the first month on, in the city at rest of the base, as those of an arm do: how many of
    /// the first are the base's own and hold before that too. `None` where all do.
    pub departs: Option<usize>,
    /// Draws of a posterior, one of which each replicate has.
    pub draws: Option<Draws>,
}

impl Row {
    /// The row that is a scenario as it stands, kept in the results folder as `file`.
    pub fn plain(base: &Loaded, file: &str) -> Row {
        let (base, file) = (Arc::new(base.clone()), file.into());
        Row { base, file, keys: [].into(), values: [].into(), departs: None, draws: None }
    }

    /// The row as a replicate has it: with the values of its draw. Values of the row's own come after them.
    pub fn of_replicate(&self, replicate: u32) -> Row {
        self.draws.as_ref().map_or_else(|| self.clone(), |draws| draws.under(draws.choice(replicate), self))
    }

    /// The scenario.
    ///
    /// # Errors
    /// What the values contradict.
    pub fn load(&self) -> Result<Loaded, Problems> {
        let entry = |(path, value): (&String, &Value)| {
            let source = Source::option("the design", format!("{path}={value}"));
            let whole = 0..source.text.len();
            Entry {
                path: path.clone(),
                value: value.clone(),
                place: Place::new(&source, whole),
                notes: Vec::new(),
            }
        };
        let entries = || self.keys.iter().zip(self.values.iter()).map(entry);
        match self.departs {
            None => self.base.set(entries()),
            Some(own) => {
                let base = self.base.set(entries().take(own))?;
                base.set(entries().skip(own))?.departing_from(&base, None)
            }
        }
    }

    /// Its months.
    pub fn months(&self) -> u32 {
        let own = self.keys.iter().position(|key| key == "months");
        let own = own.and_then(|at| self.values[at].as_integer()).and_then(|months| months.try_into().ok());
        own.unwrap_or(self.base.scenario.months)
    }

    /// The command that runs one replicate again, to the bit, from within the results folder.
    pub fn command(&self, replicate: u32) -> String {
        let mut command = format!("shequ run {}", self.file);
        for (key, value) in self.keys.iter().zip(self.values.iter()) {
            let plain = value.as_str().map_or_else(|| value.to_string(), String::from);
            let option = format!("{key}={plain}");
            let is_safe = |c: char| c.is_ascii_alphanumeric() || "_.=-+".contains(c);
            match option.chars().all(is_safe) {
                true => command += &format!(" --set {option}"),
                false => command += &format!(" --set '{}'", option.replace('\'', "'\\''")),
            }
        }
        command + &format!(" --replicate {replicate}")
    }
}

/// One replicate of an experiment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Run {
    /// Which row, counted from 0.
    pub row: u32,
    /// Which replicate, counted from 0.
    pub replicate: u32,
}

/// How often each row is run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// Number of replicates of each row.
    pub replicates: Vec<u32>,
    /// The first replicate of every row.
    pub first: u32,
}

impl Plan {
    /// Each of `rows` rows run `replicates` times.
    pub fn new(rows: usize, replicates: u32) -> Plan {
        Plan { replicates: vec![replicates; rows], first: 0 }
    }

    /// The replicates of row `row`.
    pub fn of_row(&self, row: u32) -> Range<u32> {
        self.first..self.first + self.replicates[row as usize]
    }

    /// All runs of `shard`, in the order in which they are begun.
    pub fn runs(&self, shard: Shard) -> impl Iterator<Item = Run> + '_ {
        let most = self.replicates.iter().copied().max().unwrap_or(0);
        let rows = || (0..).zip(&self.replicates);
        let of = move |replicate: u32| {
            let wanted = rows().filter(move |(_, n)| replicate < **n);
            wanted.map(move |(row, _)| Run { row, replicate: self.first + replicate })
        };
        (0..most).flat_map(of).skip(shard.number as usize - 1).step_by(shard.of as usize)
    }

    /// Number of runs of all shards together.
    pub fn count(&self) -> u64 {
        self.replicates.iter().map(|&n| u64::from(n)).sum()
    }
}

/// A part of an experiment: the `number`-th of `of`, counted from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shard {
    /// Which part.
    pub number: u32,
    /// How many parts there are.
    pub of: u32,
}

impl Shard {
    /// Everything.
    pub const WHOLE: Shard = Shard { number: 1, of: 1 };
}

impl fmt::Display for Shard {
    /// As it is read.
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "{}/{}", self.number, self.of)
    }
}

impl FromStr for Shard {
    type Err = Both;

    /// Reads "2/8".
    fn from_str(text: &str) -> Result<Shard, Both> {
        let parts = text.split_once('/').and_then(|(k, n)| Some((k.parse().ok()?, n.parse().ok()?)));
        match parts {
            Some((number, of)) if (1..=of).contains(&number) => Ok(Shard { number, of }),
            _ => Err(both!(
                "a shard is written k/n, such as 2/8: the second of eight",
                "分片写作 k/n，如 2/8：八个中的第二个"
            )),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use shequ_model::scenario::Scenario;

    fn runs(plan: &Plan, shard: &str) -> Vec<(u32, u32)> {
        plan.runs(shard.parse().unwrap()).map(|run| (run.replicate, run.row)).collect()
    }

    #[test]
    fn a_plan_that_is_cut_short_has_every_row_about_equally_often() {
        assert_eq!(runs(&Plan::new(3, 2), "1/1"), [(0, 0), (0, 1), (0, 2), (1, 0), (1, 1), (1, 2)]);
    }

    #[test]
    fn rows_may_have_replicates_of_their_own() {
        let plan = Plan { replicates: vec![1, 3, 0], first: 0 };
        assert_eq!(runs(&plan, "1/1"), [(0, 0), (0, 1), (1, 1), (2, 1)]);
        assert_eq!(plan.count(), 4);
        // Counted from the first that is asked for.
        let late = Plan { first: 7, ..plan };
        assert_eq!(runs(&late, "1/1"), [(7, 0), (7, 1), (8, 1), (9, 1)]);
        assert_eq!(late.of_row(1), 7..10);
    }

    #[test]
    fn shards_share_all_runs_among_them() {
        let plan = Plan::new(3, 3);
        let mut all: Vec<_> = ["1/4", "2/4", "3/4", "4/4"].iter().flat_map(|s| runs(&plan, s)).collect();
        all.sort();
        assert_eq!(all, runs(&plan, "1/1"));
        for bad in ["0/4", "5/4", "1", "1/0", "a/b", "-1/4", "1/4/2"] {
            assert!(bad.parse::<Shard>().is_err(), "{bad}");
        }
    }

    #[test]
    fn the_command_that_replays_a_run_is_safe_to_paste() {
        let base = Scenario::from_text("a.toml", "name = \"A\"", &[]).unwrap();
        let mut row = Row::plain(&base, "scenario.toml");
        row.keys = ["council.selection".into(), "start".into(), "name".into()].into();
        row.values = ["sortition".into(), "2017-01".into(), "it's $HOME".into()].into();
        let expected = "shequ run scenario.toml --set council.selection=sortition --set start=2017-01 \
                        --set 'name=it'\\''s $HOME' --replicate 7";
        assert_eq!(row.command(7), expected);
    }
}
