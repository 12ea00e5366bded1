//! Values of Python as values of scenario files, and back.

use std::fmt::Display;
use std::ops::RangeInclusive;

use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyDict, PyFloat, PyInt, PyList, PyMapping, PyString, PyTuple};
use shequ::experiment::record::manifest::cores;
use shequ::model::base::params::Kind;
use shequ::model::scenario::index;
use shequ::model::scenario::index::join;
use toml::{Table, Value};

/// A value of Python: text, a number, a flag, a list or a mapping of such, or what becomes one by `tolist`, as numbers
/// and arrays of NumPy do.
///
/// # Errors
/// `TypeError` of anything else.
pub fn value(of: &Bound<PyAny>) -> PyResult<Value> {
    if let Ok(flag) = of.cast::<PyBool>() {
        Ok(Value::Boolean(flag.is_true()))
    } else if of.is_instance_of::<PyInt>() {
        Ok(Value::Integer(of.extract()?))
    } else if of.is_instance_of::<PyFloat>() {
        Ok(Value::Float(of.extract()?))
    } else if of.is_instance_of::<PyString>() {
        Ok(Value::String(of.extract()?))
    } else if of.is_instance_of::<PyList>() || of.is_instance_of::<PyTuple>() {
        of.try_iter()?.map(|item| value(&item?)).collect::<PyResult<Vec<_>>>().map(Value::Array)
    } else if let Ok(mapping) = of.cast::<PyMapping>() {
        plain(mapping).map(Value::Table)
    } else if of.hasattr("tolist")? {
        value(&of.call_method0("tolist")?)
    } else if of.hasattr("__fspath__")? {
        value(&of.call_method0("__fspath__")?)
    } else {
        let kind = of.get_type().name()?;
        Err(PyTypeError::new_err(format!("no value of a key can be of the type {kind}")))
    }
}

/// A mapping as a table, its keys as they are.
///
/// # Errors
/// `TypeError` of what is no value.
fn plain(of: &Bound<PyMapping>) -> PyResult<Table> {
    let one = |item: Bound<PyAny>| {
        let (name, given): (String, Bound<PyAny>) = item.extract()?;
        Ok((name, value(&given)?))
    };
    of.items()?.iter().map(one).collect()
}

/// A mapping as TOML, its keys as they are: what an experiment file says.
///
/// # Errors
/// `TypeError` of what is no value.
#[pyfunction]
pub fn to_toml(keys: &Bound<PyMapping>) -> PyResult<String> {
    Ok(plain(keys)?.to_string())
}

/// A mapping whose keys may be dotted, at any depth, as nested tables: what a scenario file says.
///
/// # Errors
/// `TypeError` of what is no value.
pub fn table(of: &Bound<PyMapping>) -> PyResult<Table> {
    let mut all = Table::new();
    put_all(&mut all, plain(of)?)?;
    Ok(all)
}

/// Puts a value where a dotted path says, into the tables that are there.
fn put(into: &mut Table, path: &str, value: Value) -> PyResult<()> {
    let Some((first, rest)) = path.split_once('.') else {
        return match (into.get_mut(path), value) {
            (Some(Value::Table(known)), Value::Table(more)) => put_all(known, more),
            (_, value) => {
                into.insert(path.into(), nested(value)?);
                Ok(())
            }
        };
    };
    match into.entry(first).or_insert_with(|| Value::Table(Table::new())) {
        Value::Table(inner) => put(inner, rest, value),
        _ => Err(PyTypeError::new_err(format!("{first} is given a value, and {path} another"))),
    }
}

/// A value with nested tables for dotted keys in it.
fn nested(value: Value) -> PyResult<Value> {
    match value {
        Value::Table(more) => {
            let mut all = Table::new();
            put_all(&mut all, more)?;
            Ok(Value::Table(all))
        }
        Value::Array(items) => items.into_iter().map(nested).collect::<PyResult<_>>().map(Value::Array),
        other => Ok(other),
    }
}

fn put_all(into: &mut Table, more: Table) -> PyResult<()> {
    more.into_iter().try_for_each(|(path, value)| put(into, &path, value))
}

/// Every `key=value` of mappings, as the option `--set` has it.
///
/// # Errors
/// `TypeError` of what is no value.
pub fn options<'py>(all: impl IntoIterator<Item = Bound<'py, PyMapping>>) -> PyResult<Vec<String>> {
    let mut options = Vec::new();
    for mapping in all {
        for item in mapping.items()?.iter() {
            let (path, given): (String, Bound<PyAny>) = item.extract()?;
            flatten(&path, value(&given)?, &mut options);
        }
    }
    Ok(options)
}

/// A table of keys as an option for each of them; a key whose value is a table stays whole.
fn flatten(path: &str, value: Value, options: &mut Vec<String>) {
    match value {
        Value::Table(table) if index().key(path).is_none() => {
            table.into_iter().for_each(|(name, value)| flatten(&join(path, &name), value, options));
        }
        value => options.push(format!("{path}={}", written(path, value))),
    }
}

/// A value of the key at `path` as TOML writes it. A whole number may be written with a point, as programs that know
/// real numbers alone do.
pub fn written(path: &str, value: Value) -> Value {
    let is_count = matches!(index().key(path).map(|key| &key.kind), Some(Kind::Count { .. }));
    match value {
        Value::Float(number) if is_count && number.fract() == 0.0 && number.abs() < 2f64.powi(53) => {
            Value::Integer(number as i64)
        }
        value => value,
    }
}

/// `[[change]]` for each of the mappings.
///
/// # Errors
/// `TypeError` of what is no value.
pub fn changes(all: Vec<Bound<PyMapping>>) -> PyResult<String> {
    let one = |mapping: &Bound<PyMapping>| table(mapping).map(Value::Table);
    let changes = all.iter().map(one).collect::<PyResult<Vec<_>>>()?;
    Ok(Table::from_iter([(String::from("change"), Value::Array(changes))]).to_string())
}

/// A value of a scenario in Python.
///
/// # Errors
/// None that is known.
pub fn in_python<'py>(py: Python<'py>, value: &Value) -> PyResult<Bound<'py, PyAny>> {
    Ok(match value {
        Value::String(text) => PyString::new(py, text).into_any(),
        Value::Integer(number) => number.into_pyobject(py)?.into_any(),
        Value::Float(number) => number.into_pyobject(py)?.into_any(),
        Value::Boolean(flag) => PyBool::new(py, *flag).to_owned().into_any(),
        Value::Datetime(time) => PyString::new(py, &time.to_string()).into_any(),
        Value::Array(items) => {
            let items: Vec<_> = items.iter().map(|item| in_python(py, item)).collect::<PyResult<_>>()?;
            PyList::new(py, items)?.into_any()
        }
        Value::Table(table) => {
            let dict = PyDict::new(py);
            table.iter().try_for_each(|(name, value)| dict.set_item(name, in_python(py, value)?))?;
            dict.into_any()
        }
    })
}

/// A number that was given for an argument, if it lies where it may, as of the option of the command.
///
/// # Errors
/// `ValueError` if it does not.
pub fn within<T: PartialOrd + Display>(name: &str, value: T, allowed: RangeInclusive<T>) -> PyResult<T> {
    match allowed.contains(&value) {
        true => Ok(value),
        false => {
            let (low, high) = (allowed.start(), allowed.end());
            Err(PyValueError::new_err(format!("{name} is {value}, and must be from {low} to {high}")))
        }
    }
}

/// Threads to use: as asked, or as many as the machine has.
///
/// # Errors
/// As [`within`].
pub fn threads(asked: Option<usize>) -> PyResult<usize> {
    asked.map_or_else(|| Ok(cores()), |threads| within("threads", threads, 1..=1024))
}
