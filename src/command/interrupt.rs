//! Ctrl-C, and the signal by which clusters end a job: the first asks the run to stop, the second
//! ends the process at once.

use std::sync::atomic::{AtomicBool, Ordering};

use super::output;
use shequ_model::base::i18n::both;

/// Exit code of a run that was stopped.
pub const STOPPED: u8 = 130;

static ASKED: AtomicBool = AtomicBool::new(false);

/// Listens from now on. Where the system does not let us, Ctrl-C simply ends the process.
pub fn listen() {
    // The only error besides the system's is that somebody listens already.
    let _ = ctrlc::set_handler(|| {
        if ASKED.swap(true, Ordering::Relaxed) {
            std::process::exit(STOPPED.into());
        }
        output::tell(both!(
            "stopping after this month; Ctrl-C again ends the program at once",
            "将在本月结束后停止；再按 Ctrl-C 则立即结束程序"
        ));
    });
}

/// True once the run has been asked to stop.
pub fn asked() -> bool {
    ASKED.load(Ordering::Relaxed)
}
