//! Sentences as data: words, and numbers that know the cell of a table from which they come.
//!
//! A sentence is made from a template in each language, `"{name} rose by {low} to {high} {unit}"`, and from
//! the things that its braces name. A number is never part of the words of a template, so that a test can
//! compare every number that people read with its table.

use crate::shown::{Shown, unsigned_zero};
use shequ_experiment::record::sheet::Sheet;
use shequ_model::base::i18n::{Both, Language, both};
use shequ_model::base::stats::Estimate;
use shequ_model::metric::Metric;

/// Where a number comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// A table of the results folder without its ending, a TOML file of it, or the id of a table of the page.
    pub table: String,
    /// The row of the table, counted from 1, or the path of the key.
    pub row: String,
    /// The column; "value" of a key.
    pub column: String,
}

/// A number as a sentence holds it.
#[derive(Clone, Debug, PartialEq)]
pub struct Number {
    /// As in the table.
    pub value: f64,
    /// By which it was multiplied to be shown.
    pub factor: f64,
    /// What is read. A number that follows a word of direction, such as "lower", has lost its sign.
    pub shown: String,
    /// Its cell.
    pub source: Source,
}

/// A part of a sentence.
#[derive(Clone, Debug, PartialEq)]
pub enum Part {
    /// Words.
    Words(String),
    /// A number.
    Number(Number),
}

/// A sentence in both languages.
#[derive(Clone, Debug, PartialEq)]
pub struct Sentence {
    /// English.
    pub en: Vec<Part>,
    /// Simplified Chinese.
    pub zh: Vec<Part>,
}

/// What a template names.
#[derive(Clone, Debug)]
pub enum Item {
    /// Words.
    Words(Both),
    /// A number, as it is shown in each language.
    Number {
        /// English.
        en: Number,
        /// Simplified Chinese.
        zh: Number,
    },
}

impl From<Both> for Item {
    fn from(words: Both) -> Item {
        Item::Words(words)
    }
}

/// A cell of a table.
#[derive(Clone, Debug, PartialEq)]
pub struct Cell {
    /// Its number.
    pub value: f64,
    /// Where it is.
    pub source: Source,
}

impl Cell {
    /// The cell of `column` in row `row`, counted from 0, of a table of the folder.
    pub fn of(sheet: &Sheet, row: usize, column: &str) -> Cell {
        let source = Source { table: sheet.name.clone(), row: (row + 1).to_string(), column: column.into() };
        Cell { value: sheet.number(row, column), source }
    }

    /// As a whole number.
    pub fn whole(&self) -> Item {
        self.decimals(0)
    }

    /// With this many decimals.
    pub fn decimals(&self, decimals: usize) -> Item {
        self.plain(unsigned_zero(format!("{:.decimals$}", self.value)))
    }

    /// As [`significant`].
    pub fn significant(&self) -> Item {
        self.plain(significant(self.value))
    }

    /// A share as per cent, with this many decimals. An estimate, or an end of an interval, may lie beyond what a share can
    /// be, and is read as the bound.
    pub fn per_cent(&self, decimals: usize) -> Item {
        let shown = unsigned_zero(format!("{:.decimals$}", 100.0 * self.value.clamp(0.0, 1.0)));
        let number = Number { value: self.value, factor: 100.0, shown, source: self.source.clone() };
        Item::Number { en: number.clone(), zh: number }
    }

    fn plain(&self, shown: String) -> Item {
        let number = Number { value: self.value, factor: 1.0, shown, source: self.source.clone() };
        Item::Number { en: number.clone(), zh: number }
    }

    /// As people read values of `metric`: of a share none beyond its bounds, which an end of an interval may pass.
    pub fn level(&self, metric: &Metric) -> Item {
        let within = |value: f64| if metric.unit == "share" { value.clamp(0.0, 1.0) } else { value };
        self.shown(metric, |shown, value| shown.number(within(value)))
    }

    /// As people read differences of `metric`.
    pub fn difference(&self, metric: &Metric) -> Item {
        self.shown(metric, |shown, value| shown.number(value))
    }

    /// The size of a change or an end of its interval, as fine as the interval of `e`, without its sign.
    pub fn size(&self, metric: &Metric, e: Estimate) -> Item {
        self.shown(metric, |shown, value| shown.as_fine_as(e, value.abs()))
    }

    /// The same with its sign.
    pub fn signed(&self, metric: &Metric, e: Estimate) -> Item {
        self.shown(metric, |shown, value| shown.signed_as_fine_as(e, value))
    }

    /// A mean difference with its sign, with one figure more than levels have.
    pub fn change(&self, metric: &Metric) -> Item {
        let nothing = Estimate { mean: self.value, sd: f64::NAN, half_width: f64::NAN, n: 0 };
        self.shown(metric, |shown, _| Shown { decimals: shown.decimals + 1, ..shown }.change(nothing))
    }

    /// With as many digits as `Shown::rough` gives an interval of this half width.
    pub fn rough(&self, metric: &Metric, half_width: f64) -> Item {
        self.shown(metric, |shown, value| shown.rough(half_width).number(value))
    }

    /// Its size likewise, without its sign.
    pub fn rough_size(&self, metric: &Metric, half_width: f64) -> Item {
        self.shown(metric, |shown, value| shown.rough(half_width).number(value.abs()))
    }

    /// With its sign likewise.
    pub fn rough_signed(&self, metric: &Metric, half_width: f64) -> Item {
        self.shown(metric, |shown, value| shown.rough(half_width).signed(value))
    }

    /// A sum with three figures and its sign, thousands set apart: "+15,500", "−740".
    pub fn sum(&self) -> Item {
        self.plain(rounded_sum(self.value))
    }

    fn shown(&self, metric: &Metric, write: impl Fn(Shown, f64) -> String) -> Item {
        let number = |language| {
            let shown = Shown::of(metric, language);
            Number {
                value: self.value,
                factor: shown.factor,
                shown: write(shown, self.value),
                source: self.source.clone(),
            }
        };
        Item::Number { en: number(Language::En), zh: number(Language::Zh) }
    }
}

/// A number with four figures, zeros after the point left out.
pub fn significant(value: f64) -> String {
    let power = if value == 0.0 { 0.0 } else { libm::log10(value.abs()).floor() };
    let decimals = (3.0 - power).clamp(0.0, 12.0) as usize;
    let shown = format!("{value:.decimals$}");
    match shown.contains('.') {
        true => shown.trim_end_matches('0').trim_end_matches('.').into(),
        false => shown,
    }
}

/// A whole number with a sign and three figures.
pub fn rounded_sum(value: f64) -> String {
    let power = if value == 0.0 { 0.0 } else { libm::log10(value.abs()).floor() };
    let unit = libm::pow(10.0, (power - 2.0).max(0.0));
    let digits = format!("{:.0}", (value.abs() / unit).round() * unit);
    let groups: Vec<&str> =
        digits.as_bytes().rchunks(3).rev().filter_map(|g| std::str::from_utf8(g).ok()).collect();
    let sign = match digits.as_str() {
        "0" => "",
        _ if value < 0.0 => "−",
        _ => "+",
    };
    format!("{sign}{}", groups.join(","))
}

/// A sentence by its template in each language and what the templates name in braces.
pub fn sentence(en: &str, zh: &str, items: &[(&str, Item)]) -> Sentence {
    Sentence { en: capital(fill(en, items, Language::En)), zh: fill(zh, items, Language::Zh) }
}

/// The noun of a number in English, one or many; Chinese has no plural, and its templates hold the noun.
pub fn noun(number: f64, [one, many]: [&str; 2]) -> Item {
    both(if number == 1.0 { one } else { many }, "").into()
}

fn fill(template: &str, items: &[(&str, Item)], language: Language) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut pieces = template.split('{');
    parts.extend(pieces.next().map(words));
    for piece in pieces {
        let (name, rest) = piece.split_once('}').unwrap_or(("", piece));
        let item = items.iter().find(|(known, _)| *known == name).map(|(_, item)| item);
        debug_assert!(item.is_some(), "{template} names {name}");
        parts.push(match (item, language) {
            (Some(Item::Words(both)), _) => words(both.of(language)),
            (Some(Item::Number { en, .. }), Language::En) => Part::Number(en.clone()),
            (Some(Item::Number { zh, .. }), Language::Zh) => Part::Number(zh.clone()),
            (None, _) => words(""),
        });
        parts.push(words(rest));
    }
    parts.retain(|part| *part != words(""));
    parts
}

fn words(text: &str) -> Part {
    Part::Words(text.into())
}

/// The same, beginning with a capital letter.
fn capital(mut parts: Vec<Part>) -> Vec<Part> {
    if let Some(Part::Words(first)) = parts.first_mut() {
        let mut letters = first.chars();
        let begin: String = letters.next().into_iter().flat_map(char::to_uppercase).collect();
        *first = begin + letters.as_str();
    }
    parts
}

impl Sentence {
    /// The parts in `language`.
    pub fn parts(&self, language: Language) -> &[Part] {
        match language {
            Language::En => &self.en,
            Language::Zh => &self.zh,
        }
    }

    /// As plain text.
    pub fn text(&self, language: Language) -> String {
        let part = |part: &Part| match part {
            Part::Words(words) => words.clone(),
            Part::Number(number) => number.shown.clone(),
        };
        self.parts(language).iter().map(part).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_have_three_figures() {
        let shown = [15453.2, -4734.0, 12.4, 0.3, 1_994_000.0].map(rounded_sum);
        assert_eq!(shown, ["+15,500", "−4,730", "+12", "0", "+1,990,000"]);
    }

    #[test]
    fn a_template_takes_its_items_in_any_order() {
        let source = Source { table: "t".into(), row: "1".into(), column: "c".into() };
        let cell = Cell { value: 0.123, source: source.clone() };
        let items = [("what", both("trust", "信任").into()), ("x", cell.per_cent(1))];
        let made = sentence("{what}: {x} %.", "{x}% 的{what}。", &items);
        assert_eq!(made.text(Language::En), "Trust: 12.3 %.");
        assert_eq!(made.text(Language::Zh), "12.3% 的信任。");
        let Part::Number(number) = &made.en[2] else { panic!("{:?}", made.en) };
        assert_eq!((number.value, number.factor, &number.source), (0.123, 100.0, &source));
    }
}
