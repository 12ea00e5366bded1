//! Whether the computer has the memory that a run will take.

use clap::Args;

use super::Error;
use shequ_experiment::memory;
use shequ_model::base::i18n::both;

pub use shequ_experiment::memory::{of_run, of_study, of_trace, text};

/// What every command has that runs a model.
#[derive(Args)]
pub struct Allowance {
    /// Run even if memory seems insufficient
    #[arg(long)]
    any_memory: bool,
}

impl Allowance {
    /// Checks that what needs `needed` bytes fits.
    ///
    /// # Errors
    /// [`Error::Usage`] if it needs more than is free, as far as the system says how much that is.
    pub fn check(&self, needed: u64) -> Result<(), Error> {
        match memory::shortage(needed) {
            Some(free) if !self.any_memory => Err(Error::Usage(both!(
                "this run needs about {needed} of memory, but {free} are free; use fewer adults, months or \
                 replicates, or --threads 1, or run it anyway with --any-memory",
                "此次运行约需内存 {needed}，而空闲的只有 {free}；请减少成年居民、月数或重复次数，或用 --threads \
                 1，或用 --any-memory 仍然运行";
                needed = text(needed), free = text(free)
            ))),
            _ => Ok(()),
        }
    }
}
