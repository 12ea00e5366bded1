//! Communities that a scenario lists itself, as a resolved one does.

use toml::Value;
use toml::de::DeValue;

use super::Row;
use super::whole::{MOST, contradictions};
use crate::base::i18n::both;
use crate::base::problem::nearest;
use crate::city::table;
use crate::scenario::index::did_you_mean;
use crate::scenario::value::{self, Fault, fault, kinds, mismatch};

/// The rows of a list of tables.
///
/// # Errors
/// The first thing that is wrong with it.
pub fn inline(value: &DeValue) -> Result<Vec<Value>, Fault> {
    let DeValue::Array(given) = value else { return mismatch(kinds::LIST, value) };
    if given.len() > MOST {
        return fault(both!("has more than {MOST} communities", "超过 {MOST} 个社区"));
    }
    let keys = table::keys();
    let mut rows = Vec::new();
    for item in given {
        let DeValue::Table(said) = item.get_ref() else {
            let wrong = mismatch::<()>(kinds::TABLE, item.get_ref());
            return Err(wrong.map_or_else(|fault| at(fault, item.span()), |()| unreachable!("a mismatch")));
        };
        let mut row = Row { span: item.span(), ..Row::default() };
        for (name, value) in said {
            let word: &str = name.get_ref();
            let Some(key) = keys.iter().find(|key| key.name == word) else {
                let wrong = both!("has no `{word}`", "没有 `{word}` 这一项"; word = word);
                let help = nearest(word, keys.iter().map(|key| key.name)).map(did_you_mean);
                return Err(Fault { what: wrong, span: Some(name.span()), help });
            };
            let checked = value::check(key, value.get_ref()).map_err(|fault| {
                let what =
                    both!("has a `{word}` that {what}", "的 `{word}` {what}"; word = word, what = fault.what);
                Fault { what, span: Some(fault.span.unwrap_or(value.span())), help: fault.help }
            })?;
            row.set(key.name, checked, value.span());
        }
        if row.text("name").is_none_or(|name| name.trim().is_empty()) {
            let wrong = both!("has a community without a `name`", "中有社区没有 `name`");
            return Err(Fault { what: wrong, span: Some(item.span()), help: None });
        }
        rows.push(row);
    }
    if let Some((problem, row, key)) = contradictions(&rows).into_iter().next() {
        let what = both!("contradicts itself: {what}", "自相矛盾：{what}"; what = problem.message);
        return Err(Fault { what, span: Some(rows[row].span_of(key)), help: problem.help.map(|help| *help) });
    }
    Ok(rows.into_iter().map(|row| row.table(&keys)).collect())
}

fn at(fault: Fault, span: std::ops::Range<usize>) -> Fault {
    Fault { span: Some(span), ..fault }
}
