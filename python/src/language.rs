//! The language of messages.

use std::sync::{Mutex, PoisonError};

use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use shequ::model::base::i18n::Language;

/// The one that was set, if one was.
static SET: Mutex<Option<Language>> = Mutex::new(None);

/// The language in which messages are, "en" or "zh": that which was set, or that of the environment, as of the command.
#[pyfunction]
pub fn language() -> &'static str {
    current().name()
}

/// Says messages in this language from now on, "en" or "zh".
///
/// # Errors
/// `ValueError` of another.
#[pyfunction]
pub fn set_language(name: &str) -> PyResult<()> {
    *SET.lock().unwrap_or_else(PoisonError::into_inner) = Some(named(name)?);
    Ok(())
}

/// The language in which messages are.
pub fn current() -> Language {
    SET.lock().unwrap_or_else(PoisonError::into_inner).unwrap_or_else(Language::of_environment)
}

/// The language of that name.
///
/// # Errors
/// `ValueError` if there is none.
pub fn named(name: &str) -> PyResult<Language> {
    Language::named(name)
        .ok_or_else(|| PyValueError::new_err(format!("no language is called {name:?}: en or zh")))
}
