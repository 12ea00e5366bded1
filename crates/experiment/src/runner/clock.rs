//! The time that an experiment takes, for its manifest.

use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use crate::record::manifest::iso_8601;

/// A clock that was started.
pub struct Clock {
    began: SystemTime,
    from: Instant,
}

impl Clock {
    /// It begins now.
    #[allow(clippy::disallowed_methods)] // For the manifest; no result depends on it.
    pub fn start() -> Clock {
        Clock { began: SystemTime::now(), from: Instant::now() }
    }

    /// Start and end in UTC, and the seconds between them.
    pub fn stop(&self) -> (String, String, f64) {
        let taken = self.from.elapsed();
        let since_1970 = self.began.duration_since(UNIX_EPOCH).unwrap_or_default();
        let text = |time: Duration| iso_8601(time.as_secs());
        let milliseconds = taken.as_millis() as f64;
        (text(since_1970), text(since_1970 + taken), milliseconds / 1000.0)
    }
}
