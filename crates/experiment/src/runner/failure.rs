//! Why an experiment has no results.

use std::error::Error;
use std::fmt;

use crate::execute::Stop;
use crate::findings::Inconclusive;
use crate::record::finished::NoResults;
use crate::record::folder::Trouble;
use crate::workplace::Barred;
use shequ_model::base::i18n::{Both, Language};
use shequ_model::base::problem::Problems;

/// Why an experiment has no results. What was finished is kept, and the next time it is gone on from there.
#[derive(Debug)]
pub enum Failure {
    /// Somebody asked it to stop.
    Stopped,
    /// It cannot be carried out as it was asked for: nothing was run, and nothing changed.
    Refused(Both),
    /// The files of a folder under way are wrong.
    Problems(Problems),
    /// A run failed, or the disk refused.
    Failed(Both),
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Failure::Stopped => f.write_str("stopped"),
            Failure::Refused(words) | Failure::Failed(words) => f.write_str(words.of(Language::En)),
            Failure::Problems(problems) => problems.fmt(f),
        }
    }
}

impl Error for Failure {}

impl From<Trouble> for Failure {
    fn from(trouble: Trouble) -> Failure {
        Failure::Failed(trouble.message())
    }
}

impl From<NoResults> for Failure {
    fn from(why: NoResults) -> Failure {
        match why {
            NoResults::NotFinished(words) => Failure::Refused(words),
            NoResults::Unreadable(words) => Failure::Failed(words),
        }
    }
}

impl From<Barred> for Failure {
    /// Where the disk refuses, the work has failed; where something is in the way, it cannot be done as it was asked
    /// for.
    fn from(barred: Barred) -> Failure {
        match &barred {
            Barred::Trouble(Trouble::Disk { .. }) => Failure::Failed(barred.message()),
            _ => Failure::Refused(barred.message()),
        }
    }
}

impl From<Problems> for Failure {
    fn from(problems: Problems) -> Failure {
        Failure::Problems(problems)
    }
}

impl From<Stop> for Failure {
    fn from(stop: Stop) -> Failure {
        match stop {
            Stop::Asked => Failure::Stopped,
            Stop::Checkpoint(..) => Failure::Refused(stop.message()),
            Stop::Disk(_) | Stop::Threads(_) => Failure::Failed(stop.message()),
        }
    }
}

impl From<Inconclusive> for Failure {
    fn from(why: Inconclusive) -> Failure {
        Failure::Failed(why.message())
    }
}
