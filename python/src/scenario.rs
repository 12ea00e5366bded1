//! Scenarios.

use std::path::PathBuf;

use pyo3::exceptions::PyKeyError;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyMapping};
use shequ::experiment::file::Experiment;
use shequ::experiment::study::Study;
use shequ::model::base::problem::Problems;
use shequ::model::scenario::{self, Loaded};

use super::error::{self, Problem};
use super::values;

/// What is laid over the values of a scenario at its start.
type Given<'py> = Option<Bound<'py, PyMapping>>;
/// What changes later, each with its month.
type Changes<'py> = Option<Vec<Bound<'py, PyMapping>>>;

/// A scenario that was read and checked.
#[pyclass(frozen, module = "shequ")]
pub struct Scenario {
    pub loaded: Loaded,
}

#[pymethods]
impl Scenario {
    /// The scenario in a file, and in those that it extends, with the values of keys in `set`, and `changes` later on: a
    /// list of dictionaries, each with the month `from` and keys, and perhaps `where`.
    #[staticmethod]
    #[pyo3(signature = (path, *, set=None, changes=None))]
    fn from_file(py: Python, path: PathBuf, set: Given, changes: Changes) -> PyResult<Scenario> {
        Scenario::read(py, set, changes, |options| scenario::Scenario::load(&path, options))
    }

    /// The scenario in a text, which messages call `name`. It extends no file.
    #[staticmethod]
    #[pyo3(signature = (text, *, set=None, changes=None, name="text"))]
    fn from_text(py: Python, text: &str, set: Given, changes: Changes, name: &str) -> PyResult<Scenario> {
        Scenario::read(py, set, changes, |options| scenario::Scenario::from_text(name, text, options))
    }

    /// The scenario of a dictionary whose keys are dotted, or which holds a dictionary for each table.
    #[staticmethod]
    #[pyo3(signature = (keys, *, set=None, changes=None))]
    fn from_dict(py: Python, keys: Bound<PyMapping>, set: Given, changes: Changes) -> PyResult<Scenario> {
        let text = values::table(&keys)?.to_string();
        Scenario::from_text(py, &text, set, changes, "dict")
    }

    /// The same with other values of keys, and more changes.
    #[pyo3(signature = (values=None, *, changes=None, **keys))]
    fn set(
        &self,
        py: Python,
        values: Given,
        changes: Changes,
        keys: Option<Bound<PyDict>>,
    ) -> PyResult<Scenario> {
        let options = values::options(values.into_iter().chain(keys.map(|keys| keys.into_mapping())))?;
        Scenario::with(py, self.loaded.with(&options), changes)
    }

    /// The whole scenario as a file, the origin of each value as a comment.
    fn to_toml(&self) -> String {
        self.loaded.resolved_toml()
    }

    /// Its name, in English.
    #[getter]
    fn name(&self) -> &str {
        &self.loaded.scenario.name
    }

    /// The name of the results folder of its run.
    #[getter]
    fn id(&self) -> String {
        Study::new(&Experiment::of_run(self.loaded.clone(), None)).name()
    }

    /// What is doubtful about it.
    #[getter]
    fn warnings(&self) -> Vec<Problem> {
        self.loaded.warnings.iter().map(Problem::of).collect()
    }

    /// Every key; `scenario[key]` is its value at the start, and `dict(scenario)` has all.
    fn keys(&self) -> Vec<String> {
        self.loaded.draft.values.keys().cloned().collect()
    }

    fn __len__(&self) -> usize {
        self.loaded.draft.values.len()
    }

    fn __contains__(&self, key: &str) -> bool {
        self.loaded.value(key).is_some()
    }

    fn __getitem__<'py>(&self, py: Python<'py>, key: &str) -> PyResult<Bound<'py, PyAny>> {
        let given = self.loaded.value(key).ok_or_else(|| PyKeyError::new_err(key.to_string()))?;
        values::in_python(py, &given.value)
    }

    /// Where the value of a key comes from: "default", a file with a line, or an option.
    fn origin(&self, key: &str) -> PyResult<String> {
        let given = self.loaded.value(key).ok_or_else(|| PyKeyError::new_err(key.to_string()))?;
        Ok(given.origin())
    }

    fn __eq__(&self, other: &Scenario) -> bool {
        self.loaded.canonical_toml() == other.loaded.canonical_toml()
    }

    /// As its text, for other processes.
    fn __reduce__<'py>(slf: &Bound<'py, Scenario>) -> PyResult<(Bound<'py, PyAny>, (String,))> {
        Ok((slf.get_type().getattr("from_text")?, (slf.get().loaded.resolved_toml(),)))
    }

    fn __repr__(&self) -> String {
        let scenario = &self.loaded.scenario;
        let population = &scenario.population;
        format!(
            "<Scenario {:?}: {} communities, {} adults, {} months, {} replicates>",
            scenario.name,
            population.communities,
            population.all_adults(),
            scenario.months,
            scenario.replicates
        )
    }
}

impl Scenario {
    fn read(
        py: Python,
        set: Given,
        changes: Changes,
        load: impl FnOnce(&[String]) -> Result<Loaded, Problems>,
    ) -> PyResult<Scenario> {
        let options = values::options(set)?;
        Scenario::with(py, load(&options), changes)
    }

    /// What was read with `changes` laid over it; it is warned of what is doubtful.
    fn with(py: Python, read: Result<Loaded, Problems>, changes: Changes) -> PyResult<Scenario> {
        let changes = changes.filter(|changes| !changes.is_empty()).map(values::changes).transpose()?;
        let loaded = match changes {
            Some(text) => read.and_then(|loaded| loaded.with_changes("changes", &text)),
            None => read,
        };
        let loaded = loaded.map_err(|problems| error::problems(py, &problems))?;
        error::warn(py, &loaded.warnings)?;
        Ok(Scenario { loaded })
    }
}
