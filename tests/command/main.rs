//! The program as a user types it: messages, files, folders, interruptions.

#[path = "../place/mod.rs"]
mod place;
#[path = "../common/program.rs"]
mod program;
#[path = "../common/sources.rs"]
mod sources;
#[path = "../common/translation.rs"]
mod translation;

mod archive;
mod bad_files;
mod brief;
mod calibrate;
mod command_line;
mod communities;
mod compare;
mod costs;
#[cfg(unix)]
mod explore;
mod fit_start;
mod folders;
mod formula;
mod gaps;
#[cfg(unix)]
mod hostile;
#[cfg(target_os = "linux")]
mod many_runs;
mod maps;
mod packages;
mod parts;
mod posterior;
mod report_page;
mod residents;
mod run;
mod scenarios;
mod search;
mod sensitivity_command;
#[cfg(unix)]
mod shared;
mod starts;
#[cfg(unix)]
mod submit;
mod sweep;
mod treated;
mod validate;
mod workbook;
