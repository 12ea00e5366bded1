//! Shares in a table: as fractions, in per cent or as residents, whichever their column says or shows.

use std::collections::BTreeMap;
use std::ops::Range;

use toml::Value;

use super::cell::Number;
use super::columns::{COLUMNS, Part, Scale};
use super::sheet::Cell;
use super::{Reader, Row, Used, out_of_range};
use crate::base::i18n::{Both, both};
use crate::base::problem::Problem;

/// How far shares that were rounded may miss their sum, relative to it.
const ROUNDED: f64 = 0.011;
/// How far a share of one column and the rest given in another may miss 1.
const AGREE: f64 = 0.005;
const PERCENT: f64 = 100.0;

/// What a line has written of shares, before it is known how they are meant: numbers by their place in the
/// line.
pub type Written = BTreeMap<usize, (Number, Range<usize>)>;

/// How the numbers of a column are meant.
#[derive(Clone, Copy, Debug)]
enum Meant {
    Fractions,
    Percent,
    People,
}

impl Reader<'_> {
    /// Puts the shares of all columns into their rows.
    pub(super) fn shares(&mut self, used: &[Used], header: &[Cell], rows: &mut [Row], written: &[Written]) {
        let of_key = |key: &'static str| used.iter().filter(move |used| COLUMNS[used.column].key == key);
        for key in ["age", "education"] {
            let parts: Vec<Used> = of_key(key).copied().collect();
            let all = COLUMNS.iter().filter(|column| column.key == key).count();
            if parts.is_empty() {
                continue;
            }
            if parts.len() < all {
                self.parts_missing(key, &parts, header);
                continue;
            }
            for (row, written) in rows.iter_mut().zip(written) {
                self.set(key, &parts, row, written);
            }
        }
        for used in used.iter().filter(|used| !matches!(COLUMNS[used.column].part, Part::Of(_))) {
            self.single(*used, rows, written);
        }
    }

    fn parts_missing(&mut self, key: &str, parts: &[Used], header: &[Cell]) {
        let is_there = |at: usize| parts.iter().any(|used| COLUMNS[used.column].part == Part::Of(at));
        let of_key = COLUMNS.iter().filter(|column| column.key == key);
        let missing: Vec<&str> = of_key
            .filter(|column| !matches!(column.part, Part::Of(at) if is_there(at)))
            .map(|column| column.heading)
            .collect();
        let problem = Problem::new(both!(
            "beside this column there must be {missing}",
            "与此列一起还须有 {missing}";
            missing = crate::base::i18n::listed(missing)
        ))
        .help(both!(
            "shares of all categories add up to 1; leave all of them out, and they are drawn",
            "各类比例合计为 1；全部省略则随机抽取"
        ));
        self.wrong(problem, header[parts[0].at].span.clone());
    }

    /// Shares that sum to 1, in one row.
    fn set(&mut self, key: &'static str, parts: &[Used], row: &mut Row, written: &Written) {
        let numbers: Vec<_> = parts.iter().filter_map(|used| Some((used, written.get(&used.at)?))).collect();
        let Some((_, (_, first))) = numbers.first() else { return };
        let first = first.clone();
        if let Some((_, (_, span))) = numbers.iter().find(|(_, (number, _))| number.value < 0.0) {
            return self.wrong(Problem::new(out_of_range()), span.clone());
        }
        let sum: f64 = numbers.iter().map(|(_, (number, _))| number.value).sum();
        if numbers.len() < parts.len() {
            // A cell that could not be read has been told already.
            if let Some(empty) = row.spans.get(key).cloned() {
                let problem = Problem::new(both!(
                    "this share is missing, and others are given",
                    "缺少此项比例，而其他各项已给出"
                ));
                self.wrong(problem.help(left_over(sum)), empty);
            }
            return;
        }
        let adults = row.values.get("adults").and_then(Value::as_integer).map(|adults| adults as f64);
        let said = parts.iter().map(|used| used.scale).find(|scale| *scale != Scale::Unsaid);
        let signed = numbers.iter().any(|(_, (number, _))| number.percent);
        let near = |total: f64| (sum - total).abs() <= ROUNDED * total;
        let is_right = match said {
            _ if signed => near(PERCENT),
            Some(Scale::Percent) => near(PERCENT),
            Some(Scale::People) => adults.is_none_or(|adults| (sum - adults).abs() < 0.5),
            _ => near(1.0) || near(PERCENT) || adults.is_some_and(|adults| (sum - adults).abs() < 0.5),
        };
        if !is_right || sum <= 0.0 {
            return self.wrong(wrong_sum(sum, adults), first);
        }
        let whole: f64 = numbers.iter().map(|(_, (number, _))| grains(number.value)).sum();
        let mut shares = vec![0.0; parts.len()];
        for (used, (number, _)) in &numbers {
            if let Part::Of(at) = COLUMNS[used.column].part {
                shares[at] = grains(number.value) / whole;
            }
        }
        row.set(key, shares.into_iter().map(Value::Float).collect::<Vec<_>>().into(), first);
    }

    /// Shares of their own, in one column.
    fn single(&mut self, used: Used, rows: &mut [Row], written: &[Written]) {
        let (key, is_rest) = (COLUMNS[used.column].key, COLUMNS[used.column].part == Part::Rest);
        let Some(meant) = self.meant(used, written) else { return };
        for (row, written) in rows.iter_mut().zip(written) {
            let Some((number, span)) = written.get(&used.at) else { continue };
            let adults = row.values.get("adults").and_then(Value::as_integer).map(|adults| adults as f64);
            let written = match fraction(*number, meant, adults) {
                Ok(share) => share,
                Err(problem) => {
                    self.wrong(problem, span.clone());
                    continue;
                }
            };
            let share = if is_rest { 1.0 - written } else { written };
            // Where another column gave the same, or the rest of it, the two must agree.
            match row.values.get(key).and_then(Value::as_float) {
                Some(other) if (other - share).abs() > AGREE => {
                    let beside = if is_rest { other } else { 1.0 - other };
                    let sum = ((written + beside) * 1e4).round() / 1e4;
                    let problem = Problem::new(both!(
                        "this share and the rest in another column add up to {sum}",
                        "此比例与另一列所给的其余部分合计为 {sum}"
                    ));
                    self.wrong(problem.allowed(both!("a sum of 1", "合计应为 1")), span.clone());
                }
                Some(_) => {}
                None => row.set(key, Value::Float(share), span.clone()),
            }
        }
    }

    /// How the numbers of a column are meant; none if they are not of one kind.
    fn meant(&mut self, used: Used, written: &[Written]) -> Option<Meant> {
        match used.scale {
            Scale::Percent => return Some(Meant::Percent),
            Scale::People => return Some(Meant::People),
            _ => {}
        }
        let numbers = || {
            let all = written.iter().filter_map(|written| written.get(&used.at));
            all.filter(|(number, _)| !number.percent && number.value != 0.0)
        };
        let most = numbers().map(|(number, _)| number.value).fold(0.0, f64::max);
        if most <= 1.0 {
            return Some(Meant::Fractions);
        }
        if most > PERCENT {
            return Some(Meant::People);
        }
        let is_small = |number: &Number| number.value <= 1.0;
        let small = numbers().filter(|(number, _)| is_small(number)).count();
        if small == 0 {
            return Some(Meant::Percent);
        }
        let odd_is_small = small < numbers().count() - small;
        let odd: Vec<_> = numbers().filter(|(number, _)| is_small(number) == odd_is_small).cloned().collect();
        for (_, span) in odd {
            self.wrong(Problem::new(unclear(odd_is_small)).help(how_to_say()), span);
        }
        None
    }
}

/// The number in whole grains, which add up without rounding: 0.33 and 33 % are then the same share to the bit.
fn grains(number: f64) -> f64 {
    (number * 1e10).round()
}

/// The number as a fraction of the community's adults.
fn fraction(number: Number, meant: Meant, adults: Option<f64>) -> Result<f64, Problem> {
    let share = match (meant, adults) {
        _ if number.percent => grains(number.value) / grains(PERCENT),
        (Meant::Fractions, _) => number.value,
        (Meant::Percent, _) => grains(number.value) / grains(PERCENT),
        (Meant::People, Some(adults)) => number.value / adults,
        (Meant::People, None) => {
            let problem = Problem::new(both!(
                "these are residents, of how many is not said",
                "此处为人数，但未给出总人数"
            ));
            return Err(problem.help(both!("fill in `adults`", "请填写成年居民数（`adults`）")));
        }
    };
    match (meant, adults) {
        _ if (0.0..=1.0).contains(&share) => Ok(share),
        (Meant::People, Some(adults)) if share > 1.0 => Err(Problem::new(both!(
            "this is more than the {adults} adults of the community",
            "此数超过该社区的 {adults} 名成年居民"
        ))),
        _ => Err(Problem::new(both!("this share is out of range", "此比例超出范围"))
            .allowed(both!("0 to 1, or 0 to 100 %", "0 至 1，或 0 至 100 %"))),
    }
}

fn unclear(is_small: bool) -> Both {
    match is_small {
        true => both!(
            "other shares of this column are in per cent; is this one a fraction?",
            "此列其他比例为百分数；此处是小数吗？"
        ),
        false => both!(
            "this share is above 1, and others of this column are fractions",
            "此比例大于 1，而此列其他比例为小数"
        ),
    }
}

fn how_to_say() -> Both {
    both!("write all as fractions, or all with %", "请全部写成小数，或全部带 %")
}

/// What the missing share would be.
fn left_over(sum: f64) -> Both {
    let total = if sum <= 1.0 { 1.0 } else { PERCENT };
    let rest = ((total - sum) * 1e6).round() / 1e6;
    match sum <= PERCENT {
        true => both!("the others leave {rest}", "其他各项之外余 {rest}"),
        false => both!("fill in all of them or none", "请全部填写或全部留空"),
    }
}

fn wrong_sum(sum: f64, adults: Option<f64>) -> Problem {
    let sum = (sum * 1e6).round() / 1e6;
    match adults.filter(|_| sum > 2.0 * PERCENT) {
        Some(adults) => Problem::new(both!(
            "the categories add up to {sum} residents, and the community has {adults} adults",
            "各类合计 {sum} 人，而该社区有 {adults} 名成年居民"
        )),
        None => Problem::new(both!("these shares add up to {sum}", "这些比例合计为 {sum}"))
            .allowed(both!("a sum of 1, or of 100 %", "合计应为 1，或 100 %")),
    }
    .help(both!(
        "they begin in this cell; correct one, or leave all of them empty",
        "各项从此格开始；请更正其中一项，或全部留空"
    ))
}
