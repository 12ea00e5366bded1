//! Results folders, read back.

use std::path::PathBuf;

use numpy::IntoPyArray;
use pyo3::prelude::*;
use pyo3::types::PyList;
use shequ::experiment::Failure;
use shequ::experiment::record::finished;
use shequ::experiment::record::manifest::Manifest;
use shequ::experiment::record::sheet::Sheet;
use shequ::model::base::i18n::reason;

use super::columns::Column;
use super::error;

/// The files that the manifest of a finished results folder names, if they are all as they were written.
///
/// # Errors
/// `Refused` if it is no such folder, `Failed` if it was modified or cannot be read.
#[pyfunction]
pub fn believed(py: Python, path: PathBuf) -> PyResult<Vec<String>> {
    let read = py.detach(|| match finished::believed(&path) {
        Ok(Ok(manifest)) => Ok(manifest.files.into_iter().map(|entry| entry.name).collect()),
        Ok(Err(unfit)) => Err(Failure::Failed(finished::unbelievable(&path, &unfit))),
        Err(why) => Err(why.into()),
    });
    read.map_err(|why| error::failure(py, why))
}

/// The columns of a table of a results folder, of which those are text that are named in `texts`, all others numbers.
///
/// # Errors
/// `Failed` if it cannot be read.
#[pyfunction]
pub fn read_table<'py>(
    py: Python<'py>,
    path: PathBuf,
    name: &str,
    texts: Vec<String>,
) -> PyResult<Vec<Column<'py>>> {
    let is_text = |column: &str| texts.iter().any(|text| text == column);
    let read = py
        .detach(|| Manifest::read(&path).and_then(|manifest| Sheet::read(&path, &manifest, name, &is_text)));
    let sheet = read.map_err(|cause| error::failure(py, Failure::Failed(reason(&cause))))?;
    let column = |name: &str| {
        Ok(match sheet.has_numbers(name) {
            true => (name.into(), "number", sheet.numbers(name).to_vec().into_pyarray(py).into_any(), None),
            false => {
                let places: Vec<i32> = sheet.word_numbers(name).iter().map(|&place| place as i32).collect();
                let words = PyList::new(py, sheet.words(name))?;
                (name.into(), "string", places.into_pyarray(py).into_any(), Some(words))
            }
        })
    };
    sheet.columns().map(column).collect()
}
