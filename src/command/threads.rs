//! How many threads there are to work with.

use super::Error;
use shequ_experiment::record::manifest::cores;
use shequ_model::base::i18n::both;

/// Threads to use: as asked, or as many as the machine has.
pub fn threads(asked: Option<u16>) -> usize {
    asked.map_or_else(cores, usize::from).max(1)
}

/// A pool of so many threads.
///
/// # Errors
/// [`Error::Failed`] if the system gives us none.
pub fn pool(threads: usize) -> Result<rayon::ThreadPool, Error> {
    rayon::ThreadPoolBuilder::new().num_threads(threads).build().map_err(|why| {
        Error::Failed(both!(
            "cannot start {threads} threads: {why}; use fewer with --threads, or ask for a higher limit of processes",
            "无法启动 {threads} 个线程：{why}；请用 --threads 减少线程，或申请更高的进程数上限"
        ))
    })
}
