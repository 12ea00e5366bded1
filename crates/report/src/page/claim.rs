//! Sentences about a difference, as strong as its interval allows.

use super::sentence::{Cell, Item, Sentence, sentence};
use crate::shown::{POINTS, Shown, by_itself};
use shequ_experiment::compare::effects::Verdict;
use shequ_experiment::record::sheet::Sheet;
use shequ_model::base::i18n::{Both, Language, both};
use shequ_model::base::params::{Text, text};
use shequ_model::base::stats::Estimate;
use shequ_model::metric::Metric;

/// What an interval shows of a difference.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Claim {
    /// All of it lies above zero.
    Up,
    /// All of it lies below zero.
    Down,
    /// It holds zero.
    Unclear,
    /// The difference is zero in every replicate.
    Nothing,
    /// There is a difference but no interval, of one replicate.
    NoInterval,
    /// The difference is the same in every replicate, and values of neither side vary.
    Constant,
    /// There is no value.
    NoValue,
}

impl Claim {
    /// Of a difference and its interval.
    pub fn of(mean: f64, low: f64, high: f64) -> Claim {
        match () {
            _ if mean.is_nan() => Claim::NoValue,
            _ if low.is_nan() || high.is_nan() => Claim::NoInterval,
            _ if low == 0.0 && high == 0.0 => Claim::Nothing,
            _ if low > 0.0 => Claim::Up,
            _ if high < 0.0 => Claim::Down,
            _ => Claim::Unclear,
        }
    }
}

/// A difference in a row of a table: its columns, and how fine its numbers are.
pub struct Difference<'a> {
    /// The table.
    pub sheet: &'a Sheet,
    /// The row, counted from 0.
    pub row: usize,
    /// The column of the difference itself.
    pub column: &'static str,
    /// Of what.
    pub metric: &'static Metric,
    /// True for readers in a hurry: digits are those of [`Shown::rough`].
    pub is_rough: bool,
}

impl Difference<'_> {
    /// What it shows.
    pub fn claim(&self) -> Claim {
        let claim = Claim::of(self.value(self.column), self.value("ci95_low"), self.value("ci95_high"));
        let is_constant = claim == Claim::NoInterval && self.value("n") > 1.0;
        if is_constant { Claim::Constant } else { claim }
    }

    fn value(&self, column: &str) -> f64 {
        self.sheet.number(self.row, column)
    }

    /// Mean and half width, which say how many digits its numbers deserve.
    pub fn estimate(&self) -> Estimate {
        let half_width = (self.value("ci95_high") - self.value("ci95_low")) / 2.0;
        Estimate { mean: self.value(self.column), sd: f64::NAN, half_width, n: 0 }
    }

    /// What templates name: the metric's name, the unit of differences, and the interval as `low` and
    /// `high`: as sizes from small to large where its direction is said, else with their signs.
    pub fn items(&self) -> Vec<(&'static str, Item)> {
        let e = self.estimate();
        let end = |column: &str| Cell::of(self.sheet, self.row, column);
        let size = |column| match self.is_rough {
            true => end(column).rough_size(self.metric, e.half_width),
            false => end(column).size(self.metric, e),
        };
        let signed = |column| match self.is_rough {
            true => end(column).rough_signed(self.metric, e.half_width),
            false => end(column).signed(self.metric, e),
        };
        let (low, high) = match self.claim() {
            Claim::Up => (size("ci95_low"), size("ci95_high")),
            Claim::Down => (size("ci95_high"), size("ci95_low")),
            _ => (signed("ci95_low"), signed("ci95_high")),
        };
        vec![
            ("name", Both::from(self.metric.label).into()),
            ("unit", difference_unit(self.metric).into()),
            ("low", low),
            ("high", high),
        ]
    }
}

/// How `metric` went from the beginning to the end of a run, by its row of `changes`.
pub fn change(sheet: &Sheet, row: usize, metric: &'static Metric, is_rough: bool) -> Option<Sentence> {
    let difference = Difference { sheet, row, column: "change", metric, is_rough };
    let mut items = difference.items();
    let [first, last] = ends(&difference);
    items.push(("first", first));
    items.push(("last", last));
    items.push(("level", level_unit(metric).into()));
    let (en, zh) = match difference.claim() {
        Claim::Up => (
            "{name} rose by {low} to {high}{unit}, from {first} to {last}{level}.",
            "{name}上升 {low} 至 {high}{unit}，从 {first} 到 {last}{level}。",
        ),
        Claim::Down => (
            "{name} fell by {low} to {high}{unit}, from {first} to {last}{level}.",
            "{name}下降 {low} 至 {high}{unit}，从 {first} 到 {last}{level}。",
        ),
        Claim::Unclear => (
            "{name} shows no significant change: the interval is {low} to {high}{unit}, starting from \
             {first}{level}.",
            "{name}变化不显著：区间为 {low} 至 {high}{unit}，期初为 {first}{level}。",
        ),
        Claim::Nothing => (
            "{name} is the same at the beginning and at the end of every replicate: {first}{level}.",
            "{name}在每次重复的期初与期末都相同：{first}{level}。",
        ),
        Claim::NoInterval => (
            "{name} was {first} at the beginning and {last}{level} at the end of the only replicate; an \
             interval needs at least two.",
            "{name}在唯一一次重复中期初为 {first}，期末为 {last}{level}；区间至少需要两次重复。",
        ),
        Claim::Constant => (
            "{name} changed by the same amount in every replicate, from {first} to {last}{level}, so there is no interval.",
            "{name}在每次重复中变化相同，从 {first} 到 {last}{level}，没有区间。",
        ),
        Claim::NoValue => return None,
    };
    Some(sentence(en, zh, &items))
}

/// First and last level of a change: as levels are read or, where both then read alike although they differ, as fine
/// as the interval of the change.
fn ends(change: &Difference) -> [Item; 2] {
    let [first, last] = ["first", "last"].map(|column| Cell::of(change.sheet, change.row, column));
    let is_told = matches!(change.claim(), Claim::Up | Claim::Down | Claim::Constant);
    if is_told && read_alike(change.metric, first.value, last.value) {
        // An interval of one point says nothing of digits: then the change does.
        let e = change.estimate();
        let e = if e.half_width > 0.0 { e } else { by_itself(e.mean) };
        return [first, last].map(|level| match change.is_rough {
            true => level.rough(change.metric, e.half_width),
            false => level.size(change.metric, e),
        });
    }
    [first, last].map(|level| level.level(change.metric))
}

/// True if two levels of `metric` read alike in either language.
fn read_alike(metric: &Metric, a: f64, b: f64) -> bool {
    let reads = |language, value| Shown::of(metric, language).number(value);
    [Language::En, Language::Zh].iter().any(|&language| reads(language, a) == reads(language, b))
}

/// True of an effect, by its row of `effects`, that is shown to be smaller than what matters.
pub fn is_practically_none(sheet: &Sheet, row: usize) -> bool {
    sheet.text(row, "verdict") == Verdict::PracticallySame.word()
}

/// That an effect is smaller than what matters.
fn practically_none(difference: &Difference) -> Sentence {
    let (e, metric) = (difference.estimate(), difference.metric);
    let cell = |column: &str| Cell::of(difference.sheet, difference.row, column);
    let items = [
        ("name", Both::from(metric.label).into()),
        ("unit", difference_unit(metric).into()),
        ("low", cell("ci95_low").signed(metric, e)),
        ("high", cell("ci95_high").signed(metric, e)),
        ("smallest", cell("smallest_effect").size(metric, e)),
    ];
    sentence(
        "{name} is practically the same: the difference, {low} to {high}{unit}, is below the smallest that matters, \
         {smallest}{unit}.",
        "{name}实际没有变化：差异为 {low} 至 {high}{unit}，小于有实际意义的最小值 {smallest}{unit}。",
        &items,
    )
}

/// Whether a significant effect on a primary outcome, by its row of `effects`, is as large as matters; nothing of any
/// other.
pub fn against_smallest(sheet: &Sheet, row: usize, metric: &'static Metric) -> Option<Sentence> {
    let difference = Difference { sheet, row, column: "effect", metric, is_rough: false };
    let (smallest, low, high) = (
        sheet.number(row, "smallest_effect"),
        sheet.number(row, "ci95_low").abs(),
        sheet.number(row, "ci95_high").abs(),
    );
    let verdict = sheet.text(row, "verdict");
    let is_told = [Verdict::Larger, Verdict::Smaller].iter().any(|told| told.word() == verdict);
    // Of what was nothing, all that is there matters.
    if !is_told || sheet.text(row, "role") != "primary" || smallest == 0.0 {
        return None;
    }
    let (en, zh) = match (low.min(high) >= smallest, low.max(high) < smallest) {
        (true, _) => (
            "That is more than the smallest effect that matters, {smallest}{unit}.",
            "这超过有实际意义的最小效应 {smallest}{unit}。",
        ),
        (_, true) => return None,
        _ => (
            "Whether that is as much as matters, {smallest}{unit}, is undecided.",
            "是否达到有实际意义的最小效应 {smallest}{unit}，尚不能判定。",
        ),
    };
    let smallest = Cell::of(sheet, row, "smallest_effect").size(metric, difference.estimate());
    Some(sentence(en, zh, &[("smallest", smallest), ("unit", difference_unit(metric).into())]))
}

/// What an arm does to `metric`, by its row of `effects`. `significant` says that it is significant, with all
/// effects of the table tested together.
pub fn effect(sheet: &Sheet, row: usize, metric: &'static Metric, significant: bool) -> Option<Sentence> {
    let difference = Difference { sheet, row, column: "effect", metric, is_rough: false };
    if is_practically_none(sheet, row) {
        return Some(practically_none(&difference));
    }
    let mut items = difference.items();
    items.push(("base", Cell::of(sheet, row, "base_mean").level(metric)));
    items.push(("arm", Cell::of(sheet, row, "arm_mean").level(metric)));
    items.push(("level", level_unit(metric).into()));
    // A small effect may leave both levels as they are read.
    let is_small = read_alike(metric, sheet.number(row, "base_mean"), sheet.number(row, "arm_mean"));
    let (en, zh) = match (difference.claim(), significant) {
        (Claim::Up, true) if is_small => (
            "{name} is higher by {low} to {high}{unit}, around {base}{level}.",
            "{name}上升 {low} 至 {high}{unit}，水平约为 {base}{level}。",
        ),
        (Claim::Down, true) if is_small => (
            "{name} is lower by {low} to {high}{unit}, around {base}{level}.",
            "{name}下降 {low} 至 {high}{unit}，水平约为 {base}{level}。",
        ),
        (Claim::Up, true) => (
            "{name} is higher by {low} to {high}{unit}: {arm} in place of {base}{level}.",
            "{name}上升 {low} 至 {high}{unit}：由 {base} 变为 {arm}{level}。",
        ),
        (Claim::Down, true) => (
            "{name} is lower by {low} to {high}{unit}: {arm} in place of {base}{level}.",
            "{name}下降 {low} 至 {high}{unit}：由 {base} 变为 {arm}{level}。",
        ),
        (Claim::Up, false) => (
            "{name} is higher by {low} to {high}{unit} before correction; not significant after Holm's correction.",
            "{name}校正前上升 {low} 至 {high}{unit}；经 Holm 校正后不显著。",
        ),
        (Claim::Down, false) => (
            "{name} is lower by {low} to {high}{unit} before correction; not significant after Holm's correction.",
            "{name}校正前下降 {low} 至 {high}{unit}；经 Holm 校正后不显著。",
        ),
        (Claim::Unclear, _) => (
            "{name} shows no significant difference: the interval is {low} to {high}{unit}, the baseline \
             {base}{level}.",
            "{name}差异不显著：区间为 {low} 至 {high}{unit}，基准为 {base}{level}。",
        ),
        (Claim::NoInterval, _) => (
            "{name} is {arm} in place of {base}{level} in the only pair of replicates; an interval needs at least two.",
            "{name}在唯一一对重复中由 {base} 变为 {arm}{level}；区间至少需要两对。",
        ),
        (Claim::Constant, _) => (
            "{name} is {arm} in place of {base}{level} in every replicate; without variation there is no \
             test.",
            "{name}在每次重复中都由 {base} 变为 {arm}{level}，没有变异，不作检验。",
        ),
        // What does not move is listed in one sentence.
        (Claim::Nothing | Claim::NoValue, _) => return None,
    };
    Some(sentence(en, zh, &items))
}

/// Units of scales, which a sentence names once and without numbers.
const SCALES: [(&str, Text); 3] = [
    (POINTS.en, text(" points", " 分")),
    ("ratio", text("", "")),
    ("Gini coefficient", text(" in the Gini coefficient", "（基尼系数）")),
];

/// The unit of levels as it follows a number: " %", " days", nothing for a scale.
pub fn level_unit(metric: &Metric) -> Both {
    units(metric, |shown| shown.unit, |_| text("", ""))
}

/// The unit of differences as it follows a number: " percentage points", " points".
pub fn difference_unit(metric: &Metric) -> Both {
    units(metric, |shown| shown.unit_of_differences(), |words| words)
}

fn units(metric: &Metric, unit: impl Fn(Shown) -> Text, of_scale: impl Fn(Text) -> Text) -> Both {
    let one = |language: Language| {
        let shown = Shown::of(metric, language);
        match SCALES.iter().find(|(scale, _)| *scale == shown.unit.en) {
            Some((_, words)) => language.of(of_scale(*words)).into(),
            None => spaced(language.of(unit(shown)), language),
        }
    };
    both(one(Language::En), one(Language::Zh))
}

fn spaced(unit: &str, language: Language) -> String {
    match (unit, language) {
        ("", _) => String::new(),
        ("%", Language::Zh) => "%".into(),
        ("1000 yuan", _) => " thousand yuan".into(),
        _ => format!(" {unit}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{Random, numbers_hold};

    #[test]
    fn a_change_that_is_claimed_shows_in_its_ends() {
        let metric = super::super::time_series::metric("satisfaction").unwrap();
        let table = "metric,change,ci95_low,ci95_high,n,first,last\n\
                     satisfaction,0.00077,0.00061,0.00093,30,0.66771,0.66848\n\
                     satisfaction,0.02,0.01,0.03,30,0.60,0.62\n";
        let sheet = Sheet::of_text(table, "changes", &|column| column == "metric").unwrap();
        let in_digits = |row, is_rough| change(&sheet, row, metric, is_rough).unwrap().text(Language::En);
        let said = |row| in_digits(row, false);
        assert!(said(0).contains("from 66.771 to 66.848"), "{}", said(0));
        assert!(said(1).contains("from 60.0 to 62.0"), "{}", said(1));
        // Half an interval of 0.016 points: two decimals show it, for readers in a hurry.
        let rough = in_digits(0, true);
        assert!(rough.contains("rose by 0.06 to 0.09 points, from 66.77 to 66.85"), "{rough}");
    }

    #[test]
    fn sentences_on_random_effects_say_what_their_rows_say() {
        let mut random = Random::new(20_261_128);
        let mut next = || random.number();
        let all: Vec<&'static Metric> =
            shequ_model::metric::all().iter().filter(|m| m.unit != "yuan").collect();
        for _ in 0..4_000 {
            let metric = all[(next() * all.len() as f64) as usize];
            let size = libm::pow(10.0, -4.0 * next());
            let (effect, half) = ((next() - 0.5) * size, next() * size / 2.0);
            let (low, high, smallest) = (effect - half, effect + half, next() * size);
            let is_significant = low > 0.0 || high < 0.0;
            let is_small = next() < 0.5 && low > -smallest && high < smallest;
            let verdict = match () {
                () if is_small => Verdict::PracticallySame,
                () if is_significant && effect > 0.0 => Verdict::Larger,
                () if is_significant => Verdict::Smaller,
                () => Verdict::Undecided,
            };
            let base = next();
            let table = format!(
                "metric,effect,ci95_low,ci95_high,n,base_mean,arm_mean,smallest_effect,verdict\n\
                 {},{effect},{low},{high},9,{base},{},{smallest},{}\n",
                metric.name,
                base + effect,
                verdict.word()
            );
            let sheet =
                Sheet::of_text(&table, "effects", &|column| ["metric", "verdict"].contains(&column)).unwrap();
            let said = super::effect(&sheet, 0, metric, is_significant).unwrap();
            let text = said.text(Language::En);
            let has = |words: &str| text.contains(words);
            let expected = match verdict {
                Verdict::PracticallySame => "practically the same",
                Verdict::Larger => "higher by",
                Verdict::Smaller => "lower by",
                _ => "no significant difference",
            };
            let words = ["practically the same", "higher by", "lower by", "no significant difference"];
            let told: Vec<&str> = words.into_iter().filter(|words| has(words)).collect();
            assert_eq!(told, [expected], "{text}");
            assert!(has(difference_unit(metric).en.trim()), "{text} has no unit");
            let against = against_smallest(&sheet, 0, metric);
            for said in [Some(said), against].into_iter().flatten() {
                numbers_hold(&said);
            }
        }
    }

    #[test]
    fn a_claim_is_no_larger_than_its_interval() {
        assert_eq!(Claim::of(0.3, 0.1, 0.5), Claim::Up);
        assert_eq!(Claim::of(-0.3, -0.5, -0.1), Claim::Down);
        assert_eq!(Claim::of(0.3, -0.1, 0.7), Claim::Unclear);
        assert_eq!(Claim::of(0.3, 0.0, 0.6), Claim::Unclear);
        assert_eq!(Claim::of(0.0, 0.0, 0.0), Claim::Nothing);
        assert_eq!(Claim::of(0.3, f64::NAN, f64::NAN), Claim::NoInterval);
        assert_eq!(Claim::of(f64::NAN, f64::NAN, f64::NAN), Claim::NoValue);
    }
}
