//! Whoever follows an experiment while it is carried out: a terminal, a log, or nobody.

use shequ_model::base::i18n::Both;

/// How much there is to run, and how much of it has been run before.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Extent {
    /// Runs, those that are finished among them.
    pub runs: u64,
    /// Runs that are finished, those that failed among them.
    pub finished: u64,
    /// Runs that failed.
    pub failed: u64,
    /// Months of all runs together.
    pub months: u64,
    /// Months that were run before, those of unfinished runs among them.
    pub months_before: u64,
}

/// Is told of everything that happens. What it does not want to know, it need not take up.
pub trait Observer: Sync {
    /// Something worth knowing, such as how much there is to do.
    fn note(&self, _words: Both) {}
    /// Something that has to be known, such as where it goes on from.
    fn tell(&self, _words: Both) {}
    /// Something that is not as it should be, though the work goes on.
    fn warn(&self, _words: Both) {}
    /// Work begins, or there is more of it than was thought.
    fn begin(&self, _extent: Extent) {}
    /// One more month of one run is done.
    fn month(&self) {}
    /// One more run is on the disk, be it that it failed.
    fn run(&self, _failed: bool) {}
    /// Work has ended.
    fn end(&self) {}
}

/// Takes what is worth telling, which costs something to find out and is not told to everybody.
pub type Tell<'a> = dyn Fn(&dyn Fn() -> Both) + 'a;

/// Follows nothing.
pub struct Nobody;

impl Observer for Nobody {}
