//! Pictures of a comparison: the course of base and arms, and the effects with their intervals.

use super::{Comparison, title, window_in_words};
use crate::base::about::text;
use crate::base::stats::Estimate;
use crate::experiment::compare::effects::Effect;
use crate::experiment::outcome::Outcome;
use crate::report::figure::{Figure, Form, Panel, Point, Series};
use crate::report::font;
use crate::report::forest::{self, Dot, Forest};
use crate::report::shown::Shown;
use crate::report::words::Language;

/// Outcomes that are drawn at most; of more, the headlines are.
const MOST: usize = 9;

/// Places of the outcomes that are drawn.
pub fn drawn(outcomes: &[Outcome]) -> Vec<usize> {
    let all = 0..outcomes.len();
    if outcomes.len() <= MOST {
        return all.collect();
    }
    let headlines = Outcome::headlines();
    all.filter(|&o| headlines.contains(&outcomes[o])).collect()
}

/// The effects on all outcomes that are drawn: a panel for each, a row for each arm, a mark for each
/// window. `None` if nothing has a value.
pub fn effects(comparison: &Comparison) -> Option<Forest> {
    let language = comparison.language;
    let asked = comparison.asked;
    let panel = |o: usize| {
        let shown = Shown::of(asked.outcomes[o].metric, language);
        let dot = |arm, w| dot(comparison.effect(arm, w, o), shown.factor);
        let row = |arm| (0..asked.windows.len()).map(|w| dot(arm, w)).collect();
        panel(shown, (0..comparison.arms.len()).map(row).collect(), language)
    };
    let panels: Vec<forest::Panel> = drawn(&asked.outcomes).into_iter().map(panel).collect();
    let panels: Vec<forest::Panel> = panels.into_iter().filter(has_values).collect();
    let base = title(comparison.arms.first()?.0, language);
    Some(Forest {
        title: match (language, spelt(base)) {
            (Language::En, Some(base)) => format!("What policies change, against {base}"),
            (Language::En, None) => "What policies change".into(),
            (Language::Zh, Some(base)) => format!("各政策的效果（对比 {base}）"),
            (Language::Zh, None) => "各政策的效果".into(),
        },
        subtitle: match &asked.windows[..] {
            [(window, _)] => window_in_words(*window, language),
            _ => String::new(),
        },
        notes: notes(comparison),
        rows: comparison.arms.iter().enumerate().map(|(i, arm)| named(title(arm.1, language), i)).collect(),
        series: asked.windows.iter().map(|(window, _)| window_in_words(*window, language)).collect(),
        panels,
    })
    .filter(|forest| !forest.panels.is_empty())
}

/// What marks and lines stand for.
pub fn notes(comparison: &Comparison) -> Vec<String> {
    let n = comparison.effects.iter().map(|e| e.difference.effect.n).max().unwrap_or(0);
    match (comparison.language, comparison.paired) {
        (Language::En, true) => vec![
            format!(
                "Mean difference of up to {n} pairs of lives under the same luck, with its 95 % interval."
            ),
            "Filled: beyond chance, all effects together (Holm). Hollow: not shown to differ from zero."
                .into(),
        ],
        (Language::En, false) => vec![
            "Difference of means with its 95 % interval (Welch); lives are not paired.".into(),
            "Filled: beyond chance, all effects together (Holm). Hollow: not shown to differ from zero."
                .into(),
        ],
        (Language::Zh, true) => vec![
            format!("至多 {n} 对共同随机数下的平均差值及其 95% 置信区间。"),
            "实心：全部效应经 Holm 校正后超出偶然。空心：未显示与零不同。".into(),
        ],
        (Language::Zh, false) => vec![
            "均值之差及其 95% 置信区间（Welch），未配对。".into(),
            "实心：全部效应经 Holm 校正后超出偶然。空心：未显示与零不同。".into(),
        ],
    }
}

/// A panel of effects.
pub fn panel(shown: Shown, dots: Vec<Vec<Dot>>, language: Language) -> forest::Panel {
    forest::Panel {
        title: language.of(shown.name).into(),
        unit: language.of(shown.unit_of_differences()).into(),
        dots,
    }
}

/// True of a panel in which there is anything to see.
pub fn has_values(panel: &forest::Panel) -> bool {
    panel.dots.iter().flatten().any(|dot| !dot.point.mean.is_nan())
}

/// An effect as a dot, in units of which `factor` make the metric's own.
pub fn dot(effect: &Effect, factor: f64) -> Dot {
    let e = effect.difference.effect;
    let point = Point { x: 0.0, mean: e.mean * factor, half_width: e.half_width * factor };
    Dot { point, is_claimed: effect.is_beyond_chance() }
}

/// The months in which policy changed, each with the name of the arm and what changed.
pub type Changes = Vec<(u32, String)>;

/// The course of each outcome that is drawn: the base and all arms, and beneath them how far each arm
/// stands from the base.
pub fn courses(comparison: &Comparison, changes: &Changes) -> Vec<Figure> {
    let outcomes = drawn(&comparison.asked.outcomes);
    let figures = outcomes.into_iter().map(|o| course(comparison, o, changes));
    figures.filter(|f| f.panels.iter().flat_map(|p| &p.series).any(has_course)).collect()
}

fn has_course(series: &Series) -> bool {
    series.points.iter().any(|p| !p.mean.is_nan())
}

fn course(comparison: &Comparison, outcome: usize, changes: &Changes) -> Figure {
    let Comparison { language, courses, asked, arms, .. } = *comparison;
    let metric = asked.outcomes[outcome].metric;
    let shown = Shown::of(metric, language);
    let sides = arms.first().map(|arm| arm.0).into_iter().chain(arms.iter().map(|arm| arm.1));
    let titles: Vec<String> = sides.enumerate().map(|(i, side)| named(title(side, language), i)).collect();
    let series = |label: &String, value: &dyn Fn(u32) -> Estimate| Series {
        label: label.clone(),
        points: (0..courses.months).map(|m| point(m, value(m), courses.lives, shown.factor)).collect(),
    };
    let levels = titles.iter().enumerate();
    let levels = levels.map(|(side, title)| series(title, &|month| courses.level(side, month, outcome)));
    // The first colour is the base's; an arm has the same colour in both panels.
    let nothing = Series { label: titles[0].clone(), points: Vec::new() };
    let differences = titles[1..]
        .iter()
        .enumerate()
        .map(|(arm, title)| series(title, &|month| courses.difference(arm, month, outcome).effect));
    let mut panels = vec![Panel {
        title: String::new(),
        unit: language.of(shown.unit).into(),
        form: Form::Lines,
        series: levels.collect(),
    }];
    if comparison.paired {
        panels.push(Panel {
            title: language.of(text("difference from the base", "与基线之差")).into(),
            unit: language.of(shown.unit_of_differences()).into(),
            form: Form::Lines,
            series: std::iter::once(nothing).chain(differences).collect(),
        });
    }
    Figure {
        name: metric.name,
        title: language.of(shown.name).into(),
        subtitle: String::new(),
        note: match language {
            Language::En => format!("Means of {} lives; bands: 95 % interval of the mean.", courses.lives),
            Language::Zh => format!("{} 次模拟的均值；阴影为均值的 95% 置信区间。", courses.lives),
        },
        size: (900, 120 + 300 * panels.len() as u32),
        panels,
        columns: 1,
        start: courses.start,
        months: courses.months,
        changes: changes.iter().map(|(month, name)| (*month, spelt(name).unwrap_or_default())).collect(),
    }
}

/// A mean with its interval, which is left out where fewer than half of the lives have a value.
fn point(month: u32, e: Estimate, lives: usize, factor: f64) -> Point {
    let half_width = if 2 * e.n >= lives { e.half_width * factor } else { f64::NAN };
    Point { x: month.into(), mean: e.mean * factor, half_width }
}

/// `name`, if pictures can spell it.
fn spelt(name: &str) -> Option<String> {
    Some(name).filter(|name| font::can_write(name)).map(String::from)
}

/// `name`, or the number of the side if pictures cannot spell it.
fn named(name: &str, number: usize) -> String {
    spelt(name).unwrap_or_else(|| (number + 1).to_string())
}
