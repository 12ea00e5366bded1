//! How an experiment is carried out.

use std::path::PathBuf;

use super::Extras;
use crate::record::table::Form;
use crate::study::Settings;

/// How an experiment is carried out, and what becomes of its results.
#[derive(Clone)]
pub struct Options<'a> {
    /// The folder in which the results folder is made.
    pub out: PathBuf,
    /// Forms of the tables.
    pub forms: Vec<Form>,
    /// The tables that are written, by name; all if none are given.
    pub only: Vec<String>,
    /// Make results anew that are there already, and run again what was run.
    pub force: bool,
    /// The command line without the name of the program, as the manifest keeps it.
    pub arguments: Vec<String>,
    /// Threads, shard, checkpoints, and who follows it and may stop it.
    pub settings: Settings<'a>,
    /// What is added to the tables; nothing if none is given.
    pub extras: Option<&'a dyn Extras>,
}

impl Default for Options<'_> {
    /// Tables as CSV in a folder within `results`.
    fn default() -> Self {
        Options {
            out: "results".into(),
            forms: vec![Form::Csv],
            only: Vec::new(),
            force: false,
            arguments: Vec::new(),
            settings: Settings::default(),
            extras: None,
        }
    }
}
