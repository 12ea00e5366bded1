//! The program as a person runs it whose machine speaks English, whatever the machine of the tests speaks.

use std::process::Command;

/// The program, without arguments.
pub fn shequ() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_shequ"));
    command.env("SHEQU_LANG", "en");
    command
}
