//! The part of the Python package `shequ` that is written in Rust: scenarios, runs, designs and experiments in process.
//!
//! What users see is in `python/shequ`, which calls what is here.

mod catalogue;
mod columns;
mod error;
mod experiment;
mod function;
mod language;
mod results;
mod run;
mod scenario;
mod values;
mod watch;

/// The module `shequ._shequ`.
#[pyo3::pymodule]
mod _shequ {
    #[pymodule_export]
    use super::catalogue::{keys, metrics};
    #[pymodule_export]
    use super::error::{Error, Failed, Problem, Refused, ScenarioError, ScenarioWarning};
    #[pymodule_export]
    use super::experiment::carry_out;
    #[pymodule_export]
    use super::function::provide;
    #[pymodule_export]
    use super::language::{language, set_language};
    #[pymodule_export]
    use super::results::{believed, read_table};
    #[pymodule_export]
    use super::run::{Prepared, Replicates, run};
    #[pymodule_export]
    use super::scenario::Scenario;
    #[pymodule_export]
    use super::values::to_toml;
}
