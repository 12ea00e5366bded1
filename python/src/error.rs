//! Errors of the program as exceptions.

use pyo3::exceptions::{PyException, PyUserWarning};
use pyo3::prelude::*;
use pyo3::{IntoPyObjectExt, create_exception};
use shequ::experiment::{Failure, memory};
use shequ::model::base::i18n::{Both, both};
use shequ::model::base::problem::{self, Problems};

use super::function;
use super::language::current;

create_exception!(shequ, Error, PyException, "Something that shequ cannot do.");
create_exception!(
    shequ,
    ScenarioError,
    Error,
    "What is wrong with a scenario, an experiment or a table; `problems` lists it."
);
create_exception!(shequ, Refused, Error, "It cannot be carried out as it was asked for; nothing was run.");
create_exception!(shequ, Failed, Error, "A run failed, or the disk refused.");
create_exception!(
    shequ,
    ScenarioWarning,
    PyUserWarning,
    "What is doubtful about a scenario, and yet allowed."
);

/// One thing that is wrong, or doubtful.
#[pyclass(frozen, get_all, module = "shequ")]
pub struct Problem {
    /// The file, or what else the text is called; None where there is none to point at.
    file: Option<String>,
    /// Line, counted from 1.
    line: Option<usize>,
    /// Column in characters, counted from 1.
    column: Option<usize>,
    /// The dotted key that it concerns.
    key: Option<String>,
    /// What is wrong, in one sentence without a full stop.
    message: String,
    /// What is allowed there.
    allowed: Option<String>,
    /// What to do about it.
    help: Option<String>,
    /// All of it, as the command shows it.
    shown: String,
}

#[pymethods]
impl Problem {
    fn __str__(&self) -> &str {
        &self.shown
    }

    fn __repr__(&self) -> String {
        let place = match (&self.file, self.line, self.column) {
            (Some(file), Some(line), Some(column)) => format!("{file}:{line}:{column}: "),
            _ => String::new(),
        };
        format!("<Problem: {place}{}>", self.message)
    }
}

impl Problem {
    /// As Python has it, in the language of messages.
    pub fn of(problem: &problem::Problem) -> Problem {
        let language = current();
        let words = |words: &Option<Box<Both>>| words.as_ref().map(|words| words.of(language).to_string());
        let place = problem.place.as_ref();
        Problem {
            file: place.map(|place| place.source.name.clone()),
            line: place.map(|place| place.line()),
            column: place.map(|place| place.column()),
            key: problem.key.clone(),
            message: problem.message.of(language).into(),
            allowed: words(&problem.allowed),
            help: words(&problem.help),
            shown: Problems::from(problem.clone()).render(language, false),
        }
    }
}

/// Problems as an exception that carries them. If a function of a formula raised one when it was tried out, that is the
/// cause.
pub fn problems(py: Python, problems: &Problems) -> PyErr {
    let error = ScenarioError::new_err(problems.render(current(), false));
    error.set_cause(py, function::raised());
    let all: Vec<Problem> = problems.0.iter().map(Problem::of).collect();
    let set = all.into_py_any(py).and_then(|all| error.value(py).setattr("problems", all));
    set.err().unwrap_or(error)
}

/// Why an experiment has no results, as an exception.
pub fn failure(py: Python, why: Failure) -> PyErr {
    match why {
        // Who asked it to stop raises an exception of its own.
        Failure::Stopped => pyo3::exceptions::PyKeyboardInterrupt::new_err(()),
        Failure::Refused(words) => refused(&words),
        Failure::Problems(wrong) => problems(py, &wrong),
        Failure::Failed(words) => Failed::new_err(words.of(current()).to_string()),
    }
}

/// That something cannot be carried out as it was asked for.
pub fn refused(words: &Both) -> PyErr {
    Refused::new_err(words.of(current()).to_string())
}

/// Warns of what is doubtful and yet allowed.
///
/// # Errors
/// The warning, where Python is asked to make errors of them.
pub fn warn<'a>(py: Python, doubtful: impl IntoIterator<Item = &'a problem::Problem>) -> PyResult<()> {
    for problem in doubtful {
        let words = problem::warnings(std::slice::from_ref(problem), current(), false);
        warn_of(py, &words)?;
    }
    Ok(())
}

/// Warns of something in words.
///
/// # Errors
/// As [`warn`].
pub fn warn_of(py: Python, words: &str) -> PyResult<()> {
    let words = std::ffi::CString::new(words.replace('\0', ""))?;
    PyErr::warn(py, &py.get_type::<ScenarioWarning>(), &words, 1)
}

/// Warns if what needs `needed` bytes will not fit.
///
/// # Errors
/// As [`warn`].
pub fn warn_of_memory(py: Python, needed: u64) -> PyResult<()> {
    let Some(free) = memory::shortage(needed) else { return Ok(()) };
    let words = both!(
        "this needs about {needed} of memory, but {free} are free", "此项约需内存 {needed}，而空闲的只有 {free}";
        needed = memory::text(needed), free = memory::text(free)
    );
    warn_of(py, words.of(current()))
}
