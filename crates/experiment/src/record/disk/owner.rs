//! Who made a file or a folder that is not meant to stay: which process, on which computer.
//!
//! What a dead process left behind is cleared by the next one; what a running one works in is not touched. A
//! number alone does not tell the two apart: numbers of processes are used again, and disks are shared by
//! computers, and computers by containers with numbers of their own.

use std::fmt;
use std::str::FromStr;
use std::sync::OnceLock;

use super::super::folder::hash;

/// Digits of a hash in a tag.
const DIGITS: usize = 8;

/// A process. Its text is part of the names of what it makes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Owner {
    /// Hash that stands for the computer.
    host: String,
    /// Hash that stands for the time since it was started last.
    boot: String,
    /// The name space within which its number holds.
    space: u64,
    /// Its number.
    process: u32,
    /// When it began, as the system counts; 0 if the system does not say.
    began: u64,
}

/// Whether a process still runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// It does.
    Running,
    /// It does not.
    Gone,
    /// It is, or was, on another computer or in another container: nobody can tell from here.
    Elsewhere,
}

impl Owner {
    /// This process.
    pub fn this() -> &'static Owner {
        static THIS: OnceLock<Owner> = OnceLock::new();
        THIS.get_or_init(|| {
            let process = std::process::id();
            let digits = |texts: [String; 2]| hash(texts.iter().map(String::as_str))[..DIGITS].to_string();
            Owner {
                host: digits([system::name(), system::machine()]),
                boot: digits([system::boot(), String::new()]),
                space: system::space(),
                process,
                began: system::began(process).unwrap_or(0),
            }
        })
    }

    /// Whether it runs.
    pub fn state(&self) -> State {
        let this = Owner::this();
        if self == this {
            return State::Running;
        }
        if self.host != this.host {
            return State::Elsewhere;
        }
        if self.boot != this.boot {
            return State::Gone;
        }
        if self.space != this.space {
            return State::Elsewhere;
        }
        match system::exists(self.process) {
            None => State::Elsewhere,
            Some(false) => State::Gone,
            // A process of the same number that began at another time is another process.
            Some(true) => match system::began(self.process) {
                Some(began) if began != self.began => State::Gone,
                _ => State::Running,
            },
        }
    }
}

impl fmt::Display for Owner {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "{}-{}-{}-{}-{}", self.host, self.boot, self.space, self.process, self.began)
    }
}

impl FromStr for Owner {
    type Err = ();

    fn from_str(text: &str) -> Result<Owner, ()> {
        let parts: Vec<&str> = text.split('-').collect();
        let [host, boot, space, process, began] = parts[..] else { return Err(()) };
        let is_hash = |text: &str| text.len() == DIGITS && text.bytes().all(|b| b.is_ascii_hexdigit());
        let number = |text: &str| text.parse::<u64>().map_err(|_| ());
        let owner = Owner {
            host: host.into(),
            boot: boot.into(),
            space: number(space)?,
            process: process.parse().map_err(|_| ())?,
            began: number(began)?,
        };
        // Written back it is the same, so that "+1" or "01" is no number here.
        if is_hash(host) && is_hash(boot) && owner.to_string() == text { Ok(owner) } else { Err(()) }
    }
}

/// What Linux tells of itself. Files that are not there, as elsewhere, say nothing.
mod system {
    use std::fs::{read_link, read_to_string};

    /// The computer's name on its network.
    pub fn name() -> String {
        #[cfg(unix)]
        return rustix::system::uname().nodename().to_string_lossy().into_owned();
        #[cfg(not(unix))]
        std::env::var("COMPUTERNAME").unwrap_or_default()
    }

    /// What tells computers of the same name apart. It is hashed before it is written anywhere.
    pub fn machine() -> String {
        read_to_string("/etc/machine-id").unwrap_or_default()
    }

    /// What changes whenever the computer is started.
    pub fn boot() -> String {
        read_to_string("/proc/sys/kernel/random/boot_id").unwrap_or_default()
    }

    /// The number of the name space of process numbers: another in each container.
    pub fn space() -> u64 {
        let link = read_link("/proc/self/ns/pid").unwrap_or_default();
        let digits: String = link.to_string_lossy().chars().filter(char::is_ascii_digit).collect();
        digits.parse().unwrap_or(0)
    }

    /// True if there is a process of this number that has not ended; none if nobody can tell.
    pub fn exists(process: u32) -> Option<bool> {
        #[cfg(unix)]
        {
            use rustix::io::Errno;
            use rustix::process::{Pid, test_kill_process};
            let Some(pid) = i32::try_from(process).ok().and_then(Pid::from_raw) else { return Some(false) };
            match test_kill_process(pid) {
                Err(Errno::SRCH) => Some(false),
                // One that has ended keeps its number until its parent has asked how.
                _ => Some(
                    !matches!(stat(process).as_deref(), Some([state, ..]) if state == "Z" || state == "X"),
                ),
            }
        }
        #[cfg(not(unix))]
        (process == std::process::id()).then_some(true)
    }

    /// Clock ticks between the start of the computer and that of the process.
    pub fn began(process: u32) -> Option<u64> {
        stat(process)?.get(19)?.parse().ok()
    }

    /// The fields of `/proc/PID/stat` from the third on, the state; the second, the name, may hold anything.
    fn stat(process: u32) -> Option<Vec<String>> {
        let text = read_to_string(format!("/proc/{process}/stat")).ok()?;
        Some(text.rsplit_once(')')?.1.split_whitespace().map(String::from).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_reads_back_and_nothing_else_is_one() {
        let this = Owner::this();
        assert_eq!(this.to_string().parse(), Ok(this.clone()));
        for bad in ["", "a", "12345678-12345678-1-2", "12345678-12345678-1-+2-3", "1234567g-12345678-1-2-3"] {
            assert_eq!(bad.parse::<Owner>(), Err(()), "{bad}");
        }
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn the_living_the_dead_and_those_elsewhere_are_told_apart() {
        let this = Owner::this().clone();
        assert_eq!(this.state(), State::Running);
        let mut child = std::process::Command::new("sleep").arg("60").spawn().unwrap();
        let process = child.id();
        let began = system::began(process).unwrap();
        let of = |began| Owner { process, began, ..this.clone() };
        assert_eq!(of(began).state(), State::Running);
        // The number was used again.
        assert_eq!(of(began - 1).state(), State::Gone);
        child.kill().unwrap();
        // Dead, though nobody has asked yet.
        while system::exists(process) == Some(true) {
            std::thread::yield_now();
        }
        assert_eq!(of(began).state(), State::Gone);
        child.wait().unwrap();
        assert_eq!(of(began).state(), State::Gone);
        let other = "00000000".to_string();
        assert_eq!(Owner { host: other.clone(), ..of(began) }.state(), State::Elsewhere);
        assert_eq!(Owner { boot: other, ..of(began) }.state(), State::Gone);
        assert_eq!(Owner { space: 1, ..of(began) }.state(), State::Elsewhere);
    }
}
