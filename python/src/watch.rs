//! Work that goes on while the interpreter waits: its lock is released, Ctrl-C is heard, and progress is told.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use pyo3::exceptions::PyRuntimeError;
use pyo3::prelude::*;
use shequ::experiment::observer::{Extent, Observer};
use shequ::model::base::i18n::Both;

use super::error;
use super::function;
use super::language::current;

/// From one look at the work to the next.
const PACE: Duration = Duration::from_millis(50);

/// Bytes of the stack of the thread that works: those of a main thread, in which the command works.
const STACK: usize = 8 << 20;

/// What is known of work under way.
#[derive(Default)]
pub struct Watch {
    is_stopped: AtomicBool,
    extent: Mutex<Extent>,
    months: AtomicU64,
    finished: AtomicU64,
    warnings: Mutex<Vec<Both>>,
}

impl Watch {
    /// True once somebody asked to stop.
    pub fn is_stopped(&self) -> bool {
        self.is_stopped.load(Ordering::Relaxed)
    }

    /// Hears signals and what functions of formulas raised, hands on warnings, and tells `progress` the runs that are finished, all of them, and the share of
    /// all months that is done.
    fn tell(&self, py: Python, progress: Option<&Py<PyAny>>) -> PyResult<()> {
        py.check_signals()?;
        if let Some(exception) = function::raised() {
            return Err(exception);
        }
        let warnings = std::mem::take(&mut *self.warnings.lock().unwrap_or_else(PoisonError::into_inner));
        warnings.iter().try_for_each(|words| error::warn_of(py, words.of(current())))?;
        let Extent { runs, months, .. } = *self.extent.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(progress) = progress.filter(|_| runs > 0) else { return Ok(()) };
        let share = self.months.load(Ordering::Relaxed) as f64 / months.max(1) as f64;
        progress.call1(py, (self.finished.load(Ordering::Relaxed), runs, share.min(1.0)))?;
        Ok(())
    }
}

impl Observer for Watch {
    fn warn(&self, words: Both) {
        self.warnings.lock().unwrap_or_else(PoisonError::into_inner).push(words);
    }

    fn begin(&self, extent: Extent) {
        *self.extent.lock().unwrap_or_else(PoisonError::into_inner) = extent;
        self.finished.store(extent.finished, Ordering::Relaxed);
        self.months.store(extent.months_before, Ordering::Relaxed);
    }

    fn month(&self) {
        self.months.fetch_add(1, Ordering::Relaxed);
    }

    fn run(&self, _failed: bool) {
        self.finished.fetch_add(1, Ordering::Relaxed);
    }
}

/// Does `work` on a thread of its own and waits for it, without the lock of the interpreter. `progress` is called about
/// twenty times a second; if it, a warning or a signal raises an exception, the work is asked to stop.
///
/// # Errors
/// That exception.
pub fn carry_out<T: Send>(
    py: Python,
    progress: Option<Py<PyAny>>,
    work: impl FnOnce(&Watch) -> T + Send,
) -> PyResult<T> {
    let watch = Watch::default();
    let (done, raised) = py.detach(|| {
        thread::scope(|scope| {
            let (to, from) = channel::<()>();
            let watch = &watch;
            let on_thread = move || {
                // Closed when the work is done, however it ends.
                let _to = to;
                work(watch)
            };
            let worker = thread::Builder::new().stack_size(STACK).spawn_scoped(scope, on_thread)?;
            let mut raised = None;
            while let Err(RecvTimeoutError::Timeout) = from.recv_timeout(PACE) {
                if raised.is_none()
                    && let Err(exception) = Python::attach(|py| watch.tell(py, progress.as_ref()))
                {
                    watch.is_stopped.store(true, Ordering::Relaxed);
                    raised = Some(exception);
                }
            }
            std::io::Result::Ok((worker.join(), raised))
        })
    })?;
    if let Some(exception) = raised {
        // Until all threads had stopped, functions may have raised it again.
        let _ = function::raised();
        return Err(exception);
    }
    watch.tell(py, progress.as_ref())?;
    done.map_err(|_| PyRuntimeError::new_err("shequ panicked; please report this"))
}
