//! Functions of Python that formulas call.

use std::sync::{Mutex, MutexGuard, PoisonError};

use numpy::{PyArray1, PyReadonlyArray1};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::PyTuple;
use shequ::model::theory::formula::outside::Outside;

use super::language;

/// The first exception that a function raised and that nobody was told of yet.
static RAISED: Mutex<Option<PyErr>> = Mutex::new(None);

fn kept() -> MutexGuard<'static, Option<PyErr>> {
    RAISED.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The first exception that a function raised since this was asked last.
pub fn raised() -> Option<PyErr> {
    kept().take()
}

/// Lets formulas that are read from now on call `function` by `name`. It is given so many columns, as arrays of single
/// precision that are its own, and returns such an array of the same length. `source` is what results say of it.
///
/// # Errors
/// `ValueError` if it can have no such name, or takes too many columns.
#[pyfunction]
pub fn provide(name: &str, takes: usize, source: &str, function: Py<PyAny>) -> PyResult<()> {
    let work = move |of: &[&[f32]], out: &mut [f32]| {
        if let Err(exception) = Python::attach(|py| fill(py, &function, of, out)) {
            // Nobody takes part whose probability has no value; whoever waits for the run stops it.
            out.fill(f32::NAN);
            kept().get_or_insert(exception);
        }
    };
    Outside::provide(name, takes, source, Box::new(work))
        .map_err(|words| PyValueError::new_err(words.of(language::current()).to_string()))
}

fn fill(py: Python, function: &Py<PyAny>, of: &[&[f32]], out: &mut [f32]) -> PyResult<()> {
    let columns = PyTuple::new(py, of.iter().map(|column| PyArray1::from_slice(py, column)))?;
    let made = function.call1(py, columns)?;
    let made: PyReadonlyArray1<f32> = made.extract(py)?;
    let made = made.as_slice()?;
    if made.len() != out.len() {
        return Err(PyValueError::new_err("a function of formulas returns one number for each resident"));
    }
    out.copy_from_slice(made);
    Ok(())
}
