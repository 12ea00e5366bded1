//! Whether a value is one that its key may hold.

use std::ops::Range;

use toml::de::{DeArray, DeInteger, DeValue};
use toml::{Table, Value};

use super::{communities, written};
use crate::base::i18n::{Both, both, errors};
use crate::base::month::Month;
use crate::base::params::{Key, Kind, Text, Word, text};
use crate::base::problem::nearest;
use crate::base::remainders::largest_remainders;
use crate::base::visible::is_one_visible_line;

/// Longest text, in characters.
const LONGEST: usize = 200;

/// Longest formula, in characters.
const LONGEST_FORMULA: usize = 4_000;

/// How far shares may sum from 1.
const SUM_TOLERANCE: f64 = 1e-6;

/// What is wrong with a value.
#[derive(Debug, PartialEq)]
pub struct Fault {
    /// Continues "`key` …".
    pub what: Both,
    /// Where, if not at the value as a whole.
    pub span: Option<Range<usize>>,
    /// What was perhaps meant.
    pub help: Option<Both>,
}

impl Fault {
    /// What is told of it, after the key.
    pub fn message(&self) -> &Both {
        &self.what
    }
}

errors!(Fault);

pub(super) fn fault<T>(what: Both) -> Result<T, Fault> {
    Err(Fault { what, span: None, help: None })
}

fn fault_with_help<T>(what: Both, help: Both) -> Result<T, Fault> {
    Err(Fault { what, span: None, help: Some(help) })
}

fn out_of_range() -> Both {
    both!("is out of range", "超出范围")
}

fn no_quotes() -> Both {
    both!("leave out the quotes", "去掉引号")
}

/// What may be expected, and what may be found instead.
pub(super) mod kinds {
    use super::{Text, text};

    pub const NUMBER: Text = text("a number", "数");
    pub const WHOLE: Text = text("a whole number", "整数");
    pub const FLAG: Text = text("true or false", "真假值 true 或 false");
    pub const WORD: Text = text("a word in quotes", "引号中的词");
    pub const QUOTED: Text = text("text in quotes", "引号中的文本");
    pub const FORMULA: Text = text("a formula in quotes", "引号中的公式");
    pub const MONTH: Text = text("a month in quotes", "引号中的月份");
    pub const NUMBERS: Text = text("a list of numbers", "数的列表");
    pub const WHOLES: Text = text("a list of whole numbers", "整数的列表");
    pub const LISTS: Text = text("a list of lists", "列表的列表");
    pub const LIST: Text = text("a list", "列表");
    pub const TABLE: Text = text("a table", "表");
    pub const TEXT: Text = text("text", "文本");
    pub const DATE: Text = text("a date", "日期");
}

/// The value as the key's type, or what is wrong with it.
pub fn check(key: &Key, value: &DeValue) -> Result<Value, Fault> {
    match &key.kind {
        Kind::Real { low, high } => {
            real(value, *low, *high).map(Value::Float).map_err(|f| hint_at_percent(f, key, value))
        }
        Kind::Count { low, high } => count(value, *low, *high).map(Value::Integer),
        Kind::Flag => flag(value).map(Value::Boolean),
        Kind::Choice(words) => choice(value, words).map(Value::String),
        Kind::Text => line_of_text(value).map(Value::String),
        Kind::Formula => formula(value).map(Value::String),
        Kind::Month => month(value).map(Value::String),
        Kind::Shares(parts) => shares(value, parts).map(Value::Array),
        Kind::Each { low, high, parts } => each(value, *low, *high, parts).map(Value::Array),
        Kind::Numbers { low, high } => numbers(value, *low, *high).map(Value::Array),
        Kind::Rows { shortest, longest } => rows(value, *shortest, *longest).map(Value::Array),
        Kind::Communities => communities::inline(value).map(Value::Array),
        Kind::Election => election(value).map(Value::Table),
    }
}

fn real(value: &DeValue, low: f64, high: f64) -> Result<f64, Fault> {
    let number = number(value)?;
    if number.is_nan() || number.is_infinite() {
        return fault(both!("must be a finite number", "必须是有限的数"));
    }
    // Adding zero turns -0.0, which would print differently, into 0.0.
    if (low..=high).contains(&number) { Ok(number + 0.0) } else { fault(out_of_range()) }
}

/// Shares are fractions; people think in per cent.
fn hint_at_percent(fault: Fault, key: &Key, value: &DeValue) -> Fault {
    match number(value) {
        Ok(percent) if key.unit == "share" && (2.0..=100.0).contains(&percent) => {
            let share = (percent * 1e4).round() / 1e6;
            let help =
                both!("shares are fractions: {percent} % is {share}", "份额是小数：{percent} % 即 {share}");
            Fault { help: Some(help), ..fault }
        }
        _ => fault,
    }
}

/// The value as a number; none of a word, a switch or a list.
pub fn number_of(value: &Value) -> Option<f64> {
    value.as_float().or_else(|| value.as_integer().map(|whole| whole as f64))
}

fn number(value: &DeValue) -> Result<f64, Fault> {
    match value {
        DeValue::Integer(n) => integer(n).map(|n| n as f64),
        // Digits beyond the range of a float read as infinite, which the caller refuses.
        DeValue::Float(x) => x.as_str().parse().or_else(|_| fault(both!("must be a number", "必须是数"))),
        other => mismatch(kinds::NUMBER, other),
    }
}

fn count(value: &DeValue, low: i64, high: i64) -> Result<i64, Fault> {
    let n = match value {
        DeValue::Integer(n) => integer(n)?,
        DeValue::Float(_) => {
            return fault_with_help(
                both!("must be a whole number", "必须是整数"),
                both!("leave out the decimal point", "去掉小数点"),
            );
        }
        other => return mismatch(kinds::WHOLE, other),
    };
    if (low..=high).contains(&n) { Ok(n) } else { fault(out_of_range()) }
}

fn integer(n: &DeInteger) -> Result<i64, Fault> {
    i64::from_str_radix(n.as_str(), n.radix()).or_else(|_| fault(out_of_range()))
}

fn flag(value: &DeValue) -> Result<bool, Fault> {
    match value {
        DeValue::Boolean(flag) => Ok(*flag),
        other => mismatch(kinds::FLAG, other),
    }
}

fn choice(value: &DeValue, words: &[Word]) -> Result<String, Fault> {
    let DeValue::String(given) = value else { return mismatch(kinds::WORD, value) };
    if words.iter().any(|w| w.name == given) {
        return Ok(given.to_string());
    }
    let what = both!("does not allow {word}", "不能取 {word}"; word = quoted(given));
    match nearest(given, words.iter().map(|w| w.name)) {
        Some(near) => fault_with_help(what, both!("did you mean \"{near}\"?", "是否想写 \"{near}\"？")),
        None => fault(what),
    }
}

fn line_of_text(value: &DeValue) -> Result<String, Fault> {
    let DeValue::String(given) = value else { return mismatch(kinds::QUOTED, value) };
    let length = given.chars().count();
    if length > LONGEST {
        return fault(both!("is too long: {length} characters", "过长：共 {length} 个字符"));
    }
    if !is_one_visible_line(given) {
        return fault(both!(
            "must be one line, without tabs and other characters that cannot be seen",
            "必须是一行，不含制表符等不可见字符"
        ));
    }
    if given.starts_with(['=', '@']) {
        return fault(both!(
            "must not begin with = or @, which spreadsheets read as a formula",
            "不得以 = 或 @ 开头，电子表格会将其视为公式"
        ));
    }
    Ok(given.to_string())
}

/// What the formula says is judged when all is known ([`super::own_theory`]).
fn formula(value: &DeValue) -> Result<String, Fault> {
    let DeValue::String(given) = value else { return mismatch(kinds::FORMULA, value) };
    let length = given.chars().count();
    if length > LONGEST_FORMULA {
        return fault(both!("is too long: {length} characters", "过长：共 {length} 个字符"));
    }
    Ok(given.to_string())
}

fn month(value: &DeValue) -> Result<String, Fault> {
    match value {
        DeValue::String(given) if given.parse::<Month>().is_ok() => Ok(given.to_string()),
        DeValue::String(given) => {
            let what = both!("is not a month: {given}", "不是月份：{given}"; given = quoted(given));
            match written::month(given) {
                Some(month) => fault_with_help(what, both!("write \"{month}\"", "请写 \"{month}\"")),
                None => fault(what),
            }
        }
        DeValue::Datetime(_) => fault_with_help(
            both!("must be a month in quotes", "必须是引号中的月份"),
            both!("write year and month alone, in quotes: \"2017-01\"", "只写年和月，并加引号：\"2017-01\""),
        ),
        other => mismatch(kinds::MONTH, other),
    }
}

/// Shares that sum to a hundred, written as fractions.
fn of_a_hundred(array: &DeArray) -> Option<String> {
    let number = |item: &toml::Spanned<DeValue>| match item.get_ref() {
        DeValue::Integer(number) => number.as_str().parse::<f64>().ok(),
        DeValue::Float(number) => number.as_str().parse().ok(),
        _ => None,
    };
    let given = array.iter().map(number).collect::<Option<Vec<f64>>>()?;
    let good =
        given.iter().all(|share| *share >= 0.0) && (given.iter().sum::<f64>() - 100.0).abs() < SUM_TOLERANCE;
    let fractions = given.iter().map(|share| (share / 100.0).to_string()).collect::<Vec<_>>();
    good.then(|| format!("[{}]", fractions.join(", ")))
}

fn shares(value: &DeValue, parts: &[Text]) -> Result<Vec<Value>, Fault> {
    let DeValue::Array(array) = value else { return mismatch(kinds::NUMBERS, value) };
    if array.len() != parts.len() {
        return fault(both!(
            "must have {wanted} shares, not {given}", "必须有 {wanted} 个份额，而不是 {given} 个";
            wanted = parts.len(), given = array.len()
        ));
    }
    if let Some(plain) = of_a_hundred(array) {
        return fault_with_help(
            both!("has shares in per cent", "中的份额写成了百分数"),
            both!("shares are fractions: write {plain}", "份额是小数：请写 {plain}"),
        );
    }
    let shares = each_share(array)?;
    let sum: f64 = shares.iter().sum();
    if (sum - 1.0).abs() > SUM_TOLERANCE {
        let what = both!("must sum to 1, not {sum}", "合计必须为 1，而不是 {sum}"; sum = of_millionths(sum));
        return fault_with_help(what, right_shares(&shares, parts));
    }
    Ok(shares.into_iter().map(Value::Float).collect())
}

fn of_millionths(number: f64) -> f64 {
    (number * 1e6).round() / 1e6
}

/// What would be right in the place of shares with another sum: the last one with what the others leave, if they leave
/// anything, and all of them in their proportions, in ten thousandths.
fn right_shares(shares: &[f64], parts: &[Text]) -> Both {
    let sum: f64 = shares.iter().sum();
    let left = of_millionths(1.0 - sum + shares.last().copied().unwrap_or(0.0));
    let last = parts.last().map(|name| {
        both!("write {left} for the last, {name}", "请将最后一项（{name}）写为 {left}"; left = left, name = Both::from(*name))
    });
    let scaled: Vec<f64> = shares.iter().map(|share| share / sum * 1e4).collect();
    let scaled = largest_remainders(&scaled, 10_000).into_iter().map(|part| (part as f64 / 1e4).to_string());
    let scaled = scaled.collect::<Vec<_>>().join(", ");
    match last.filter(|_| left >= 0.0) {
        Some(last) if sum > 0.0 => {
            both!("{last}, or keep the proportions: [{scaled}]", "{last}，或保持比例：[{scaled}]"; last = last, scaled = scaled)
        }
        Some(last) => last,
        None => both!("keep the proportions: [{scaled}]", "可保持比例：[{scaled}]"),
    }
}

fn each_share(array: &DeArray) -> Result<Vec<f64>, Fault> {
    let share = |item: &toml::Spanned<DeValue>| {
        real(item.get_ref(), 0.0, 1.0).map_err(|f| Fault {
            what: both!("contains a share that {what}", "中有一个份额{what}"; what = f.what),
            span: Some(item.span()),
            ..f
        })
    };
    array.iter().map(share).collect()
}

fn numbers(value: &DeValue, low: f64, high: f64) -> Result<Vec<Value>, Fault> {
    let DeValue::Array(array) = value else { return mismatch(kinds::NUMBERS, value) };
    let number = |item: &toml::Spanned<DeValue>| {
        real(item.get_ref(), low, high).map(Value::Float).map_err(|f| Fault {
            what: both!("contains a number that {what}", "中有一项{what}"; what = f.what),
            span: Some(item.span()),
            ..f
        })
    };
    array.iter().map(number).collect()
}

fn each(value: &DeValue, low: f64, high: f64, parts: &[Text]) -> Result<Vec<Value>, Fault> {
    let given = numbers(value, low, high)?;
    if given.len() != parts.len() {
        return fault(both!(
            "must have {wanted} numbers, not {given}", "必须有 {wanted} 个数，而不是 {given} 个";
            wanted = parts.len(), given = given.len()
        ));
    }
    Ok(given)
}

fn rows(value: &DeValue, shortest: usize, longest: usize) -> Result<Vec<Value>, Fault> {
    let DeValue::Array(array) = value else { return mismatch(kinds::LISTS, value) };
    array.iter().map(|item| row(item, shortest, longest)).collect()
}

/// Whole amounts and, for each voter, the projects approved, counted from 0.
fn election(value: &DeValue) -> Result<Table, Fault> {
    let DeValue::Table(given) = value else { return mismatch(kinds::TABLE, value) };
    let mut election = Table::new();
    for (name, value) in given {
        let inside = |f: Fault| Fault {
            what: both!("has a `{name}` that {what}", "的 `{name}` {what}"; what = f.what, name = name.get_ref()),
            span: Some(f.span.unwrap_or(value.span())),
            ..f
        };
        let read = match &**name.get_ref() {
            "budget" => count(value.get_ref(), 1, MOST_MONEY).map(Value::Integer),
            "costs" => counts(value.get_ref(), 1, MOST_MONEY),
            "ballots" => ballots(value.get_ref(), given.get("costs").map(|costs| costs.get_ref())),
            "scores" => scores(value.get_ref(), given.get("ballots").map(|ballots| ballots.get_ref())),
            other => {
                let name = quoted(other);
                let name = name.trim_matches('"');
                return fault(both!("has no `{name}`", "没有 `{name}` 这一项"));
            }
        };
        election.insert(name.get_ref().to_string(), read.map_err(inside)?);
    }
    let whole = ["budget", "costs", "ballots"].iter().all(|name| election.contains_key(*name));
    if whole || election.is_empty() {
        return Ok(election);
    }
    fault(both!("needs `budget`, `costs` and `ballots`", "需要 `budget`、`costs` 和 `ballots`"))
}

/// Most yuan of a budget or a project.
const MOST_MONEY: i64 = 1_000_000_000_000_000;

fn counts(value: &DeValue, low: i64, high: i64) -> Result<Value, Fault> {
    let DeValue::Array(array) = value else { return mismatch(kinds::WHOLES, value) };
    let number = |item: &toml::Spanned<DeValue>| {
        count(item.get_ref(), low, high).map(Value::Integer).map_err(|f| Fault {
            what: both!("contains a number that {what}", "中有一项{what}"; what = f.what),
            span: Some(item.span()),
            ..f
        })
    };
    array.iter().map(number).collect::<Result<_, _>>().map(Value::Array)
}

fn ballots(value: &DeValue, costs: Option<&DeValue>) -> Result<Value, Fault> {
    let DeValue::Array(array) = value else { return mismatch(kinds::LISTS, value) };
    let last = costs.and_then(|costs| costs.as_array()).map_or(0, |costs| costs.len() as i64) - 1;
    let ballots = array.iter().map(|ballot| {
        let located = |f: Fault| Fault { span: Some(f.span.unwrap_or(ballot.span())), ..f };
        counts(ballot.get_ref(), 0, last).map_err(located)
    });
    ballots.collect::<Result<_, _>>().map(Value::Array)
}

/// For each ballot as many scores as it names projects.
fn scores(value: &DeValue, ballots: Option<&DeValue>) -> Result<Value, Fault> {
    let DeValue::Array(array) = value else { return mismatch(kinds::LISTS, value) };
    let lengths = |ballots: &DeArray| -> Vec<Option<usize>> {
        ballots.iter().map(|ballot| ballot.get_ref().as_array().map(|ballot| ballot.len())).collect()
    };
    let wanted = ballots.and_then(|ballots| ballots.as_array()).map(lengths).unwrap_or_default();
    let given: Vec<Option<usize>> = lengths(array);
    if given != wanted {
        return fault(both!(
            "does not have a score for each project of each ballot",
            "没有为每张选票的每个项目各给一个分数"
        ));
    }
    let scores = array.iter().map(|scores| {
        let located = |f: Fault| Fault { span: Some(f.span.unwrap_or(scores.span())), ..f };
        counts(scores.get_ref(), -MOST_MONEY, MOST_MONEY).map_err(located)
    });
    scores.collect::<Result<_, _>>().map(Value::Array)
}

/// One row; whole numbers stay whole.
fn row(item: &toml::Spanned<DeValue>, shortest: usize, longest: usize) -> Result<Value, Fault> {
    let here = |f: Fault| Fault {
        what: both!("contains a row that {what}", "中有一行{what}"; what = f.what),
        span: Some(f.span.unwrap_or(item.span())),
        ..f
    };
    let DeValue::Array(row) = item.get_ref() else {
        return mismatch(kinds::NUMBERS, item.get_ref()).map_err(here);
    };
    if !(shortest..=longest).contains(&row.len()) {
        return fault(both!("has {n} numbers", "有 {n} 个数"; n = row.len())).map_err(here);
    }
    let number = |item: &toml::Spanned<DeValue>| match item.get_ref() {
        DeValue::Integer(n) => integer(n).map(Value::Integer),
        other => real(other, f64::MIN, f64::MAX).map(Value::Float),
    };
    row.iter().map(number).collect::<Result<_, _>>().map(Value::Array).map_err(here)
}

pub(super) fn mismatch<T>(expected: Text, value: &DeValue) -> Result<T, Fault> {
    let what = both!("must be {expected}, not {kind}", "必须是{expected}，而不是{kind}";
        expected = expected, kind = kind(value));
    match value {
        DeValue::String(s) if s.parse::<f64>().is_ok() && expected.en.contains("number") => {
            fault_with_help(what, no_quotes())
        }
        DeValue::String(s) if expected.en.contains("number") => match written::number(s) {
            Some(number) => {
                let help =
                    both!("write {plain}, without quotes", "请写 {plain}，不加引号"; plain = number.plain);
                fault_with_help(what, help)
            }
            None => fault(what),
        },
        DeValue::String(s) if matches!(s.as_ref(), "true" | "false") && expected == kinds::FLAG => {
            fault_with_help(what, no_quotes())
        }
        _ => fault(what),
    }
}

fn kind(value: &DeValue) -> Text {
    match value {
        DeValue::String(_) => kinds::TEXT,
        DeValue::Integer(_) | DeValue::Float(_) => kinds::NUMBER,
        DeValue::Boolean(_) => kinds::FLAG,
        DeValue::Datetime(_) => kinds::DATE,
        DeValue::Array(_) => kinds::LIST,
        DeValue::Table(_) => kinds::TABLE,
    }
}

/// In quotes, on one line, cut where it is long.
fn quoted(text: &str) -> String {
    let short: String = text.chars().take(40).collect();
    let dots = if short.len() < text.len() { "…" } else { "" };
    format!("\"{}{dots}\"", short.replace(char::is_control, "?"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn checked(key: Key, written: &str) -> Result<Value, String> {
        let value = DeValue::parse(written).unwrap();
        check(&key, value.get_ref()).map_err(|f| f.what.en)
    }

    fn thirds() -> Key {
        Key::shares("kinds", &[0.5, 0.5], &[text("old", ""), text("new", "")])
    }

    #[test]
    fn a_whole_number_may_stand_where_a_number_is_expected() {
        assert_eq!(checked(Key::share("a", 0.5), "1"), Ok(Value::Float(1.0)));
        assert_eq!(checked(Key::share("a", 0.5), "0x1"), Ok(Value::Float(1.0)));
        assert_eq!(checked(Key::share("a", 0.5), "1_0.0e-1"), Ok(Value::Float(1.0)));
    }

    #[test]
    fn numbers_outside_every_machine_type_are_out_of_range_and_no_more() {
        let key = || Key::real("a", 0.0, f64::MIN, f64::MAX);
        assert_eq!(checked(key(), "1e999"), Err("must be a finite number".into()));
        assert_eq!(checked(key(), "nan"), Err("must be a finite number".into()));
        assert_eq!(checked(key(), "-inf"), Err("must be a finite number".into()));
        assert_eq!(checked(key(), "99999999999999999999"), Err("is out of range".into()));
        let count = Key::count("a", 0, 0, i64::MAX);
        assert_eq!(checked(count, "99999999999999999999999"), Err("is out of range".into()));
    }

    #[test]
    fn shares_have_one_number_for_each_part_and_sum_to_one() {
        assert!(checked(thirds(), "[0.25, 0.75]").is_ok());
        assert!(checked(thirds(), "[0, 1]").is_ok());
        assert!(checked(thirds(), "[0.3333333, 0.6666666]").is_ok());
        assert_eq!(checked(thirds(), "[0.25, 0.7]"), Err("must sum to 1, not 0.95".into()));
        assert_eq!(checked(thirds(), "[1]"), Err("must have 2 shares, not 1".into()));
        assert_eq!(checked(thirds(), "[-0.5, 1.5]"), Err("contains a share that is out of range".into()));
        assert_eq!(
            checked(thirds(), "[\"a\", 1]"),
            Err("contains a share that must be a number, not text".into())
        );
        assert_eq!(checked(thirds(), "0.5"), Err("must be a list of numbers, not a number".into()));
    }

    #[test]
    fn shares_with_another_sum_are_told_what_would_be_right() {
        let help = |text: &str| {
            let value = DeValue::parse(text).unwrap();
            check(&thirds(), value.get_ref()).unwrap_err().help.unwrap().en
        };
        assert_eq!(
            help("[0.25, 0.7]"),
            "write 0.75 for the last, new, or keep the proportions: [0.2632, 0.7368]"
        );
        assert_eq!(help("[1, 0.5]"), "write 0 for the last, new, or keep the proportions: [0.6667, 0.3333]");
        assert_eq!(help("[0, 0]"), "write 1 for the last, new");
        let three = ["a", "b", "c"].map(|name| text(name, ""));
        let said = right_shares(&[0.8, 0.8, 0.0], &three).en;
        assert_eq!(said, "keep the proportions: [0.5, 0.5, 0]");
        for shares in ["[0.2632, 0.7368]", "[0.6667, 0.3333]"] {
            assert!(checked(thirds(), shares).is_ok(), "{shares}");
        }
    }

    #[test]
    fn each_part_has_one_number_within_the_range() {
        let pair = || Key::each("x", &[1.0, 2.0], -1.0, 3.0, &[text("one", "一"), text("two", "二")]);
        assert!(checked(pair(), "[-1, 3.0]").is_ok());
        assert_eq!(checked(pair(), "[1]"), Err("must have 2 numbers, not 1".into()));
        assert_eq!(checked(pair(), "[1, 4]"), Err("contains a number that is out of range".into()));
        assert_eq!(checked(pair(), "1"), Err("must be a list of numbers, not a number".into()));
    }

    #[test]
    fn a_wrong_share_is_pointed_at_by_itself() {
        let value = DeValue::parse("[0.5, 2.5]").unwrap();
        assert_eq!(check(&thirds(), value.get_ref()).unwrap_err().span, Some(6..9));
    }

    #[test]
    fn text_is_one_line_of_at_most_two_hundred_characters() {
        let key = || Key::text("name", "");
        assert!(checked(key(), &format!("\"{}\"", "社".repeat(200))).is_ok());
        assert!(checked(key(), &format!("\"{}\"", "社".repeat(201))).is_err());
        assert!(checked(key(), "\"a\\nb\"").is_err());
    }
}
