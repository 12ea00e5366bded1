//! Functions that a program brings along for formulas: what no formula says, said in the program's own language.
//!
//! A function takes columns of a block of residents and gives one number for each. It must depend on nothing else, so
//! that results can be had again; nobody can check that for it. A formula keeps the function that was there when it was
//! read.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::expression::taken;
use crate::base::i18n::{Both, both};

/// Columns that a function takes at most.
pub const MOST: usize = 16;

/// Writes a number for each resident of a block, given as many columns as the function takes, each as long as what is
/// written.
pub type Work = dyn Fn(&[&[f32]], &mut [f32]) + Send + Sync;

/// A function from outside.
pub struct Outside {
    name: String,
    takes: usize,
    source: String,
    stamp: u64,
    work: Box<Work>,
}

static FUNCTIONS: Mutex<BTreeMap<String, Arc<Outside>>> = Mutex::new(BTreeMap::new());

fn functions() -> MutexGuard<'static, BTreeMap<String, Arc<Outside>>> {
    FUNCTIONS.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Outside {
    /// Lets formulas that are read from now on call `work` by `name`, with `takes` columns. `source` is its text, by
    /// which results say what it was. One of the same name is replaced.
    ///
    /// # Errors
    /// If it can have no such name, or takes too few or too many columns.
    pub fn provide(name: &str, takes: usize, source: &str, work: Box<Work>) -> Result<(), Both> {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        if let Some(why) = taken(name) {
            return Err(why);
        }
        if !(1..=MOST).contains(&takes) {
            return Err(both!(
                "a function of formulas takes 1 to {most} columns, not {takes}",
                "公式所用的函数取 1 至 {most} 列，而不是 {takes} 列";
                most = MOST, takes = takes
            ));
        }
        let stamp = NEXT.fetch_add(1, Ordering::Relaxed);
        let function = Outside { name: name.into(), takes, source: source.into(), stamp, work };
        functions().insert(name.into(), Arc::new(function));
        Ok(())
    }

    /// The function of this name, if a program brought one along.
    pub fn named(name: &str) -> Option<Arc<Outside>> {
        functions().get(name).cloned()
    }

    /// The names of all.
    pub fn names() -> Vec<String> {
        functions().keys().cloned().collect()
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Columns that it takes.
    pub fn takes(&self) -> usize {
        self.takes
    }

    /// Its text.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// Tells it from every other function of this process, those that had its name before among them.
    pub fn stamp(&self) -> u64 {
        self.stamp
    }

    /// What it makes of the columns `of`, as many as it takes.
    pub fn work(&self, of: &[&[f32]], out: &mut [f32]) {
        (self.work)(of, out);
    }
}

impl fmt::Debug for Outside {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "{}#{}", self.name, self.stamp)
    }
}

impl PartialEq for Outside {
    fn eq(&self, other: &Outside) -> bool {
        self.stamp == other.stamp
    }
}
