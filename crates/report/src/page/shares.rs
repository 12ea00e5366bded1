//! One share held against another, such as seats against adults: in words, and as a panel.

use super::claim::Claim;
use super::groups;
use super::sentence::{Cell, Item as Named, Sentence, sentence};
use super::time_series::metric;
use crate::chart::{Form, Mark, Panel, Row, Scale, Series};
use shequ_experiment::record::sheet::Sheet;
use shequ_model::base::i18n::Both;
use shequ_model::base::params::Text;
use shequ_model::base::stats::Estimate;

/// Levels that a sentence names at most.
const MOST: usize = 3;

/// Two shares of a table, each in a column with its interval in `_low` and `_high`, and the first less the second
/// in `gap`.
pub struct Shares<'a> {
    /// The table.
    pub sheet: &'a Sheet,
    /// Its rows, counted from 0.
    pub rows: Vec<usize>,
    /// The columns.
    pub columns: [&'static str; 2],
    /// What the two are, as a picture names them.
    pub names: [Text; 2],
    /// What they are of, as in "30 % of seats, 26 % of adults".
    pub of: [Text; 2],
    /// How sentences begin.
    pub opening: Both,
    /// What is said of levels whose first share is larger, and of those whose first is smaller.
    pub said: [Text; 2],
    /// The sentence where there is no significant difference.
    pub nothing: Text,
    /// The name of a row within a sentence.
    pub named: fn(&Sheet, usize) -> Both,
}

/// What warnings of several sentences of this kind.
pub fn caution() -> Sentence {
    sentence(
        "These ranges are 95 % intervals, not corrected for their number; among so many groups some miss the true value.",
        "以上范围为 95% 置信区间，未作多重性校正；群体众多时，有的不含真值。",
        &[],
    )
}

impl Shares<'_> {
    /// The second share as bars, the first as marks.
    pub fn panel(&self, title: Both, rows: Vec<Row>) -> Panel {
        let series = |k: usize, mark: Mark| {
            let mut series = Series { mark, ..Series::named(self.names[k]) };
            for &row in &self.rows {
                let number = |end: &str| self.sheet.number(row, &format!("{}{end}", self.columns[k]));
                series.push(number(""), number("_low"), number("_high"));
            }
            series
        };
        let scale = Scale { from_zero: true, ..groups::scale("participation", false) };
        Panel {
            title,
            form: Form::Dots,
            scale,
            rows,
            series: vec![series(1, Mark::Bar), series(0, Mark::Dot)],
            ..Panel::default()
        }
    }

    fn claim(&self, row: usize) -> Claim {
        let [mean, low, high] = ["gap", "gap_low", "gap_high"].map(|column| self.sheet.number(row, column));
        Claim::of(mean, low, high)
    }

    /// The levels whose first share stands furthest above the second, and furthest below, by intervals that do
    /// not hold zero. Nothing of one replicate, which has no intervals.
    pub fn sentences(&self) -> Vec<Sentence> {
        let gap = |row: usize| self.sheet.number(row, "gap").abs();
        let of = |(claim, said): (Claim, Text)| {
            let mut rows: Vec<usize> =
                self.rows.iter().copied().filter(|&row| self.claim(row) == claim).collect();
            rows.sort_by(|&a, &b| gap(b).total_cmp(&gap(a)));
            rows.truncate(MOST);
            (!rows.is_empty()).then(|| self.listed(&rows, claim, said))
        };
        let claims = [Claim::Up, Claim::Down].into_iter().zip(self.said);
        let mut all: Vec<Sentence> = claims.filter_map(of).collect();
        let is_unclear = |row: &usize| matches!(self.claim(*row), Claim::Unclear | Claim::Nothing);
        if all.is_empty() && self.rows.iter().all(is_unclear) {
            let opening = ("opening", self.opening.clone().into());
            let en = format!("{{opening}}{}.", self.nothing.en);
            all.push(sentence(&en, &format!("{{opening}}{}。", self.nothing.zh), &[opening]));
        }
        all
    }

    /// "…: education, university by 3.1 to 4.0 percentage points (30.2 % of seats, 26.1 % of adults); …".
    fn listed(&self, rows: &[usize], claim: Claim, said: Text) -> Sentence {
        let mut items: Vec<(String, Named)> = vec![("opening".into(), self.opening.clone().into())];
        let (mut en_parts, mut zh_parts) = (Vec::new(), Vec::new());
        let ends = if claim == Claim::Up { ["gap_low", "gap_high"] } else { ["gap_high", "gap_low"] };
        for (n, &row) in rows.iter().enumerate() {
            let cell = |column: &str| Cell::of(self.sheet, row, column);
            let half_width = (cell("gap_high").value - cell("gap_low").value) / 2.0;
            let e = Estimate { mean: cell("gap").value, sd: f64::NAN, half_width, n: 0 };
            // Shares are read as rates of participation are: in per cent.
            let size = |column: &str| Some(cell(column).size(metric("participation")?, e));
            items.push((format!("level{n}"), (self.named)(self.sheet, row).into()));
            items.extend(size(ends[0]).map(|item| (format!("low{n}"), item)));
            items.extend(size(ends[1]).map(|item| (format!("high{n}"), item)));
            items.push((format!("a{n}"), cell(self.columns[0]).per_cent(1)));
            items.push((format!("b{n}"), cell(self.columns[1]).per_cent(1)));
            let [a, b] = self.of;
            en_parts.push(format!(
                "{{level{n}}}, by {{low{n}}} to {{high{n}}} percentage points ({{a{n}}} % of {}, {{b{n}}} % of {})",
                a.en, b.en
            ));
            zh_parts.push(format!(
                "{{level{n}}}，相差 {{low{n}}} 至 {{high{n}}} 个百分点（{} {{a{n}}}%，{} {{b{n}}}%）",
                a.zh, b.zh
            ));
        }
        let items: Vec<(&str, Named)> =
            items.iter().map(|(name, item)| (name.as_str(), item.clone())).collect();
        sentence(
            &format!("{{opening}}{}: {}.", said.en, en_parts.join("; ")),
            &format!("{{opening}}{}：{}。", said.zh, zh_parts.join("；")),
            &items,
        )
    }
}
