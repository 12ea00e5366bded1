//! What each key of a sweep does by itself, in words and as charts.

use std::io;

use toml::Value;

use super::claim::{self, Claim};
use super::evidence;
use super::experiment::Experiment;
use super::folder::Folder;
use super::sentence::{Cell as Number, Item as Named, Sentence, Source, sentence};
use super::sweep::{Asked, scale, title};
use super::time_series::metric;
use crate::chart::{Chart, Form, Panel, Row, Series};
use crate::sweep::stretch;
use shequ_experiment::compare::difference::LEVEL;
use shequ_experiment::record::folder::slug;
use shequ_experiment::record::sheet::Sheet;
use shequ_model::base::i18n::{Both, both};
use shequ_model::metric::Metric;

/// Keys that pictures have room for: those with the largest shares of the variance.
const PANELS: usize = 12;
/// Name of the table.
const TABLE: &str = "main_effects";

/// The table.
pub struct MainEffects {
    sheet: Sheet,
}

/// One outcome of one arm in one window: its keys, those with the largest shares of its variance first, each with its rows of the table.
struct Quantity<'a> {
    asked: Asked<'a>,
    keys: Vec<(&'a str, Vec<usize>)>,
}

impl MainEffects {
    /// That of a folder.
    ///
    /// # Errors
    /// An I/O error if the table cannot be read or is not as this program writes it.
    pub fn of(folder: &Folder) -> io::Result<MainEffects> {
        let words = ["outcome", "unit", "window", "arm", "parameter", "value", "method", "status"];
        Ok(MainEffects { sheet: folder.sheet_with(TABLE, &|column| words.contains(&column))? })
    }

    /// Every quantity that differs between values of a key by more than rounding, with the keys that move it.
    fn quantities(&self) -> Vec<Quantity<'_>> {
        let sheet = &self.sheet;
        let mut all: Vec<Quantity> = Vec::new();
        for row in (0..sheet.rows()).filter(|&row| !sheet.number(row, "effect").is_nan()) {
            let text = |column: &str| sheet.text(row, column);
            let asked = Asked { of: text("outcome"), window: text("window"), arm: text("arm") };
            if all.last().is_none_or(|last| last.asked != asked) {
                all.push(Quantity { asked, keys: Vec::new() });
            }
            let Some(Quantity { keys, .. }) = all.last_mut() else { continue };
            match keys.last_mut() {
                Some((key, rows)) if *key == text("parameter") => rows.push(row),
                _ => keys.push((text("parameter"), vec![row])),
            }
        }
        for quantity in &mut all {
            let level = |rows: &[usize]| self.sheet.number(rows[0], "mean").abs();
            quantity.keys.retain(|(_, rows)| self.apart(rows) > 1e-12 * level(rows));
            let share = |rows: &[usize]| self.sheet.number(rows[0], "variance_share");
            quantity.keys.sort_by(|a, b| share(&b.1).total_cmp(&share(&a.1)));
        }
        all.retain(|quantity| !quantity.keys.is_empty());
        all
    }

    /// How far the means of a key's values lie apart.
    fn apart(&self, rows: &[usize]) -> f64 {
        let effects = || rows.iter().map(|&row| self.sheet.number(row, "effect"));
        effects().fold(f64::NEG_INFINITY, f64::max) - effects().fold(f64::INFINITY, f64::min)
    }

    fn values(&self, row: usize) -> [Value; 2] {
        match self.sheet.text(row, "value") {
            "" => ["low", "high"].map(|column| Value::Float(self.sheet.number(row, column))),
            word => [Value::from(word), Value::from(word)],
        }
    }

    fn name(&self, row: usize) -> String {
        let [low, high] = self.values(row);
        stretch(&low, &high)
    }

    /// The value of each key that stands furthest from the mean over the design: its row, key and value. Those that are
    /// told come first, each part by how far they stand out; so the first is what sentences and pictures put first.
    pub fn furthest(&self, asked: &Asked) -> Vec<(usize, &str, String)> {
        let quantity = self.quantities().into_iter().find(|quantity| quantity.asked == *asked);
        quantity.map(|quantity| self.furthest_of(&quantity)).unwrap_or_default()
    }

    fn furthest_of<'a>(&self, quantity: &Quantity<'a>) -> Vec<(usize, &'a str, String)> {
        let size = |row: usize| self.sheet.number(row, "effect").abs();
        let mut all = Vec::new();
        for (key, rows) in &quantity.keys {
            let furthest = rows.iter().copied().max_by(|&a, &b| size(a).total_cmp(&size(b)));
            all.extend(furthest.map(|row| (row, *key, self.name(row))));
        }
        let is_open = |row: usize| self.claim(row) == Claim::Unclear;
        all.sort_by(|a, b| is_open(a.0).cmp(&is_open(b.0)).then(size(b.0).total_cmp(&size(a.0))));
        all
    }

    /// What is told of the effect of a row, in sentences and pictures alike: it stands above or below the mean if its key
    /// is significant after Holm's correction and its own interval does not hold zero. An effect that is the same in every
    /// replicate has no test and is what it is.
    pub fn claim(&self, row: usize) -> Claim {
        let [effect, low, high] =
            ["effect", "ci95_low", "ci95_high"].map(|column| self.sheet.number(row, column));
        let is_exact = low == high;
        match Claim::of(effect, low, high) {
            told @ (Claim::Up | Claim::Down) if is_exact || self.sheet.number(row, "p_holm") < LEVEL => told,
            _ => Claim::Unclear,
        }
    }

    /// The table.
    pub fn sheet(&self) -> &Sheet {
        &self.sheet
    }

    /// The keys that have no effects, and why.
    pub fn without_effects(&self) -> Vec<Sentence> {
        let sheet = &self.sheet;
        let named = |is_meant: &dyn Fn(&str) -> bool| {
            let mut keys: Vec<&str> = Vec::new();
            for row in (0..sheet.rows()).filter(|&row| is_meant(sheet.text(row, "status"))) {
                if !keys.contains(&sheet.text(row, "parameter")) {
                    keys.push(sheet.text(row, "parameter"));
                }
            }
            (!keys.is_empty()).then(|| Named::from(evidence::keys_named(&keys)))
        };
        let idle = named(&|standing| standing == "not in force").map(|keys| {
            sentence(
                "Not in force at any point of the design, so without effect: {keys}.",
                "在任何设计点都不起作用，因而没有影响：{keys}。",
                &[("keys", keys)],
            )
        });
        let open = named(&|standing| !["estimated", "not in force", ""].contains(&standing)).map(|keys| {
            sentence(
                "This design confounds these keys, so their effects cannot be estimated: {keys}.",
                "此设计使以下各键相互混淆，无法估计其影响：{keys}。",
                &[("keys", keys)],
            )
        });
        idle.into_iter().chain(open).collect()
    }

    /// What moves each effect of an arm: the key of which a value stands furthest out, and where the effect stands at its
    /// two values that are furthest apart against its mean over the design.
    pub fn sentences(&self, experiment: &Experiment) -> Vec<Sentence> {
        let of_arms =
            self.quantities().into_iter().filter(|quantity| experiment.arm(quantity.asked.arm).is_some());
        of_arms.filter_map(|quantity| self.strongest(experiment, &quantity)).collect()
    }

    fn strongest(&self, experiment: &Experiment, quantity: &Quantity) -> Option<Sentence> {
        let metric = metric(quantity.asked.of)?;
        let first = self.furthest_of(quantity).first().map(|(row, key, _)| (*row, *key))?;
        let (key, rows) = quantity.keys.iter().find(|(key, _)| *key == first.1)?;
        let effect = |row: usize| self.sheet.number(row, "effect");
        let least = rows.iter().copied().min_by(|&a, &b| effect(a).total_cmp(&effect(b)))?;
        let most = rows.iter().copied().max_by(|&a, &b| effect(a).total_cmp(&effect(b)))?;
        let ends = |row: usize| {
            let of = claim::Difference { sheet: &self.sheet, row, column: "effect", metric, is_rough: false };
            let end = |column: &str| Number::of(&self.sheet, row, column).signed(metric, of.estimate());
            [end("ci95_low"), end("ci95_high")]
        };
        let [[least_low, least_high], [most_low, most_high]] = [ends(least), ends(most)];
        if self.sheet.number(least, "ci95_low").is_nan() {
            return None;
        }
        if self.claim(first.0) == Claim::Unclear {
            return Some(sentence(
                "{what}: no key has a significant effect by itself.",
                "{what}：没有任何键单独有显著影响。",
                &[("what", title(experiment, &quantity.asked).into())],
            ));
        }
        let mut items: Vec<(String, Named)> = [
            ("what", title(experiment, &quantity.asked).into()),
            ("key", Both::same(key).into()),
            ("unit", claim::difference_unit(metric).into()),
            ("least_low", least_low),
            ("least_high", least_high),
            ("most_low", most_low),
            ("most_high", most_high),
        ]
        .map(|(name, item)| (name.to_string(), item))
        .into();
        let (at_least, at_most) = (self.value(least, "p", &mut items), self.value(most, "q", &mut items));
        let items: Vec<(&str, Named)> =
            items.iter().map(|(name, item)| (name.as_str(), item.clone())).collect();
        Some(sentence(
            &format!(
                "{{what}}: of single keys, {{key}} has the largest effect. At {at_most} the outcome differs from \
                     its mean over the design by {{most_low}} to {{most_high}}{{unit}}, at {at_least} by {{least_low}} to {{least_high}}."
            ),
            &format!(
                "{{what}}：各键单独看，{{key}} 影响最大。与整个设计的均值相比，取 {at_most} 时相差 {{most_low}} 至 {{most_high}}{{unit}}，取 {at_least} 时相差 {{least_low}} 至 {{least_high}}。"
            ),
            &items,
        ))
    }

    /// A template of the value, or the stretch of values, of a row, and its items.
    fn value(&self, row: usize, prefix: &str, items: &mut Vec<(String, Named)>) -> String {
        let mut one = |column: &str| {
            let name = format!("{prefix}_{column}");
            let source = Source { table: TABLE.into(), row: (row + 1).to_string(), column: column.into() };
            let item = match self.sheet.text(row, column) {
                "" => Number { value: self.sheet.number(row, column), source }.significant(),
                word => Both::same(word).into(),
            };
            items.push((name.clone(), item));
            format!("{{{name}}}")
        };
        let [low, high] = ["low", "high"].map(|column| self.sheet.number(row, column));
        if low.is_nan() {
            return one("value");
        }
        if low == high { one("low") } else { [one("low"), one("high")].join("–") }
    }

    /// A chart of every quantity: a panel for each key, a row for each of its values.
    pub fn charts(&self, experiment: &Experiment) -> Vec<Chart> {
        let all = self.quantities();
        all.iter().enumerate().filter_map(|(n, quantity)| self.chart(experiment, quantity, n)).collect()
    }

    fn chart(&self, experiment: &Experiment, quantity: &Quantity, number: usize) -> Option<Chart> {
        let asked = &quantity.asked;
        let of = metric(asked.of)?;
        let panel = |(key, rows): &(&str, Vec<usize>)| {
            let row = |&row: &usize| Row { name: Both::same(&self.name(row)), heading: None };
            Panel {
                title: Both::same(key),
                form: Form::Levels,
                scale: scale(experiment, asked, of),
                rows: rows.iter().map(row).collect(),
                middle: rows.first().map(|&row| self.middle(row)),
                series: vec![self.series(of, rows)],
                ..Panel::default()
            }
        };
        let what = title(experiment, asked);
        let chart = Chart {
            id: format!("main-effects-{}", number + 1),
            file: Some(slug([asked.of, asked.window, asked.arm].join(" ").trim())),
            title: both(format!("{}: each key by itself", what.en), format!("{}：各键的主效应", what.zh)),
            note: both(
                "Means, other keys being equal; dashed: mean of all points. Lines: 95 % interval of the difference \
                 from it, over points of the design and replicates, in a full grid over replicates.",
                "其他键相同时的均值；虚线为总均值。线段为与总均值之差的 95% 置信区间（按设计点与各次重复，完整网格则仅按各次重复）。",
            ),
            panels: quantity.keys.iter().take(PANELS).map(panel).collect(),
            ..Chart::default()
        };
        chart.if_any()
    }

    /// The mean of all points, from which a row's effect is counted.
    fn middle(&self, row: usize) -> f64 {
        self.sheet.number(row, "mean") - self.sheet.number(row, "effect")
    }

    /// The means at the values of a key, each with the interval of its effect.
    fn series(&self, of: &Metric, rows: &[usize]) -> Series {
        let mut series = Series::named(of.label);
        for &row in rows {
            let number = |column| self.sheet.number(row, column);
            let middle = self.middle(row);
            series.push(number("mean"), middle + number("ci95_low"), middle + number("ci95_high"));
        }
        let place = |&row: &usize| {
            let [low, high] = self.values(row).map(|value| value.as_float());
            Some((low? + high?) / 2.0)
        };
        // Words stand nowhere on an axis of numbers.
        let across: Option<Vec<f64>> = rows.iter().map(place).collect();
        Series { across: across.unwrap_or_default(), ..series }
    }
}
