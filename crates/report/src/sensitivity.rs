//! Indices as people see them: a table on the terminal, and words on what they are worth.

use crate::asked::{self, Whose};
use crate::comparison::window_in_words;
use crate::terminal::{align_right, plain_table};
use shequ_experiment::file::Experiment;
use shequ_experiment::sensitivity::pawn::ABOVE;
use shequ_experiment::sensitivity::table::Outcome;
use shequ_experiment::sensitivity::verdict::{NARROW, STEADY, Verdict};
use shequ_experiment::sensitivity::{Analysis, FEWEST, Index, Nothing};
use shequ_experiment::window::Window;
use shequ_model::base::i18n::Language;
use shequ_model::base::params::text;
use shequ_model::metric;

/// Pairs of parameters that the terminal lists at most.
const PAIRS: usize = 5;

/// Characters of the longest bar on the terminal.
const LONGEST: f64 = 12.0;

/// The indices that a method shows: the one that ranks, and those beside it.
fn shown(analysis: &Analysis) -> (&'static str, &'static [&'static str]) {
    let has = |name: &str| analysis.indices.iter().any(|index| index.label.measure.name == name);
    match () {
        () if has("ST") => ("ST", &["S1"]),
        () if has("mu_star") => ("mu_star", &["mu", "sigma"]),
        () => ("pawn", &[]),
    }
}

/// The first index of this name, so the preferred estimator's, of a parameter.
fn find<'a>(analysis: &'a Analysis, name: &str, factor: usize) -> Option<&'a Index> {
    let is_it = |index: &&Index| {
        let label = index.label;
        label.measure.name == name && label.factor == factor && label.other.is_none()
    };
    analysis.indices.iter().find(is_it)
}

/// The indices of this name, largest first.
fn ranked<'a>(analysis: &'a Analysis, name: &str) -> Vec<&'a Index> {
    let mut indices: Vec<&Index> = analysis.indices.iter().filter(|i| i.label.measure.name == name).collect();
    indices.sort_by(|a, b| b.value.total_cmp(&a.value));
    indices
}

/// The table under its title, without colours, and what it is worth.
pub fn summary(title: &str, keys: &[String], outcome: &Outcome, language: Language) -> String {
    let say = |en, zh| language.of(text(en, zh));
    let analysis = &outcome.analysis;
    let mut lines = vec![title.to_string()];
    if !analysis.indices.is_empty() {
        let (first, beside) = shown(analysis);
        let mut table = plain_table();
        let names = [first].into_iter().chain(beside.iter().copied());
        // Where there are many columns, the first alone has its intervals.
        let with_interval = |name: &str| name == first || beside.len() == 1;
        let heading = |name| if with_interval(name) { format!("{name} ± 95 %") } else { name.to_string() };
        let head = [say("parameter", "参数").to_string()].into_iter();
        let indices = ranked(analysis, first);
        let has_limits = has_limits(&indices);
        let limits = [say("floor", "下限"), say("ceiling", "上限")].map(String::from);
        let limits = limits.into_iter().filter(|_| has_limits);
        table.set_header(head.chain(names.clone().map(heading)).chain(limits).chain([String::new()]));
        let largest = indices.first().map_or(0.0, |index| index.value);
        for index in &indices {
            let factor = index.label.factor;
            let label = keys[factor].clone();
            let number = |name| match find(analysis, name, factor) {
                Some(index) if with_interval(name) => number(index, largest),
                Some(index) => value(index.value, decimals(largest)),
                None => String::new(),
            };
            let bar = "█".repeat((index.value.max(0.0) / largest * LONGEST).round() as usize);
            let limits = [index.limits.floor, index.limits.ceiling];
            let limits =
                limits.into_iter().filter(|_| has_limits).map(|limit| value(limit, decimals(largest)));
            table.add_row([label].into_iter().chain(names.clone().map(number)).chain(limits).chain([bar]));
        }
        align_right(&mut table, 1..beside.len() + if has_limits { 4 } else { 2 });
        lines.push(table.to_string());
        lines.extend(pairs(keys, analysis, language));
        lines.extend(has_limits.then(|| above_floors(keys, &indices, language)));
    }
    lines.extend(notes(outcome, language));
    lines.join("\n")
}

/// As many decimals as show three digits of the largest.
fn decimals(largest: f64) -> usize {
    let power = if largest > 0.0 { libm::log10(largest).floor() } else { 0.0 };
    (2.0 - power).clamp(0.0, 9.0) as usize
}

/// The number; zero has no sign.
fn value(value: f64, decimals: usize) -> String {
    let number = format!("{value:.decimals$}");
    let is_zero = !number.contains(|c: char| ('1'..='9').contains(&c));
    if is_zero { number.trim_start_matches('-').to_string() } else { number }
}

/// "0.412 ± 0.031".
fn number(index: &Index, largest: f64) -> String {
    let decimals = decimals(largest);
    format!("{} ± {:.decimals$}", value(index.value, decimals), index.half_width)
}

/// The strongest pairs whose second order is above zero by its interval.
fn pairs(keys: &[String], analysis: &Analysis, language: Language) -> Option<String> {
    let pairs = ranked(analysis, "S2");
    let sure = pairs.iter().filter(|index| index.value > index.half_width).take(PAIRS);
    let one = |i: &&Index| {
        let other = i.label.other.map_or("", |other| &keys[other]);
        format!("{} × {other} {}", keys[i.label.factor], number(i, 1.0))
    };
    let listed: Vec<String> = sure.map(one).collect();
    if listed.is_empty() {
        return None;
    }
    let head = language.of(text("Interactions of pairs (S2): ", "两两交互（S2）："));
    Some(format!("{head}{}", listed.join("; ")))
}

fn has_limits(indices: &[&Index]) -> bool {
    indices.iter().any(|index| !index.limits.floor.is_nan())
}

/// Which keys are above their floors, and what floors and ceilings are.
fn above_floors(keys: &[String], indices: &[&Index], language: Language) -> String {
    let above = indices.iter().filter(|index| index.value > index.limits.floor);
    let named: Vec<&str> = above.map(|index| keys[index.label.factor].as_str()).collect();
    let percent = 100.0 * ABOVE;
    match language {
        Language::En => {
            let named = if named.is_empty() { "none".into() } else { named.join(", ") };
            format!(
                "Above its floor: {named}. A key without influence is above it in {percent:.0} % of samples;\n\
                 no key can be above its ceiling, which is lower for keys with fewer values."
            )
        }
        Language::Zh => {
            let named = if named.is_empty() { "无".into() } else { named.join("、") };
            format!(
                "超过下限的参数：{named}。没有影响的参数在 {percent:.0}% 的样本中超过下限；\n\
                 任何参数都不会超过上限，取值越少，上限越低。"
            )
        }
    }
}

/// What the analysis is of.
pub fn title(experiment: &Experiment, outcome: &Outcome, language: Language) -> String {
    let named = metric::position(&outcome.metric).map(|at| language.of(metric::all()[at].label));
    let window: Result<Window, _> = outcome.window.parse();
    let months = window.map_or_else(|_| outcome.window.clone(), |window| window_in_words(window, language));
    let arm = experiment.arms.iter().find(|arm| arm.name == outcome.arm);
    let whose = arm.map_or(Whose::Only, |arm| Whose::Effect(arm.title(language == Language::Zh)));
    asked::title(named.unwrap_or(&outcome.metric), &months, whose, language)
}

/// Whether the indices have converged, what was left out, and the share of noise; one sentence a line.
pub fn notes(outcome: &Outcome, language: Language) -> Vec<String> {
    let analysis = &outcome.analysis;
    let mut lines = match analysis.verdict {
        Ok(verdict) => converged(&verdict, language),
        Err(nothing) => vec![reason(nothing, language)],
    };
    lines.extend(dropped(analysis, language));
    lines.extend(outcome.noise.map(|share| {
        let percent = 100.0 * share;
        match language {
            Language::En => {
                format!("Random numbers account for {percent:.1} % of the variance between rows.")
            }
            Language::Zh => format!("设计点间方差中 {percent:.1}% 来自随机数。"),
        }
    }));
    lines
}

fn reason(nothing: Nothing, language: Language) -> String {
    match (nothing, language) {
        (Nothing::Constant, Language::En) => "No indices: the outcome is the same in every row.".into(),
        (Nothing::Constant, Language::Zh) => "无指数：各设计点的结果相同。".into(),
        (Nothing::TooFew, Language::En) => {
            format!("No indices: fewer than {FEWEST} units have all outcomes.")
        }
        (Nothing::TooFew, Language::Zh) => format!("无指数：结果完整的单元不足 {FEWEST} 个。"),
    }
}

/// One sentence for each thing that may have converged.
fn converged(verdict: &Verdict, language: Language) -> Vec<String> {
    let Verdict { width, shift, width_of_small } = verdict;
    let line = |holds: bool, what, measure, value: f64, limit: f64| match (language, holds) {
        (Language::En, true) => format!("{what} have converged: {measure} {value:.3}, below {limit}."),
        (Language::En, false) => {
            format!("{what} have NOT converged: {measure} {value:.3}, not below {limit}.")
        }
        (Language::Zh, true) => format!("{what}已收敛：{measure} {value:.3}，小于 {limit}。"),
        (Language::Zh, false) => format!("{what}未收敛：{measure} {value:.3}，应小于 {limit}。"),
    };
    let say = |en, zh| language.of(text(en, zh));
    let widest = say("widest interval", "最宽区间");
    let mut lines = vec![
        line(verdict.values(), say("Values", "数值"), widest, *width, NARROW),
        line(verdict.ranks(), say("Ranks", "排序"), say("shift", "位移"), *shift, STEADY),
    ];
    // None of them is small: there is nothing to converge.
    if *width_of_small > 0.0 {
        lines.push(line(verdict.screening(), say("Small indices", "小值"), widest, *width_of_small, NARROW));
    }
    lines
}

fn dropped(analysis: &Analysis, language: Language) -> Option<String> {
    let (dropped, all) = (analysis.dropped.len(), analysis.dropped.len() + analysis.used);
    (dropped > 0).then(|| match language {
        Language::En => format!(
            "{dropped} of {all} trajectories, blocks or points left out: a run failed or had no value."
        ),
        Language::Zh => format!("{all} 个单元中有 {dropped} 个因运行失败或缺值而舍去。"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use shequ_experiment::design::{Design, Factor, Method, Range};
    use shequ_experiment::sensitivity::analyse;
    use shequ_model::base::rng::CounterRng;

    fn outcome(method: Method) -> (Vec<String>, Outcome) {
        let keys = ["council.enabled", "residents.habit_gain", "outreach.home_visits"].map(String::from);
        let range = Range::Linear { low: 0.0, high: 1.0 };
        let factors = keys.iter().map(|key| Factor { key: key.clone(), range: range.clone() }).collect();
        let design = Design { factors, method, seed: 1 };
        let points = design.coordinates();
        let mut outputs: Vec<f64> = points.iter().map(|x| x[0] - 0.3 * x[1] + x[0] * x[2]).collect();
        outputs[9] = f64::NAN;
        let analysis = analyse(&design, &points, &outputs, CounterRng::new(1, 0));
        let (metric, window, arm) = ("participation".into(), "last-year".into(), "Council decides".into());
        (keys.to_vec(), Outcome { metric, window, arm, analysis, noise: Some(0.123) })
    }

    const METHODS: [Method; 3] = [
        Method::Saltelli { points: 128, second_order: true },
        Method::Morris { trajectories: 20, levels: 4 },
        Method::Lhs { points: 200 },
    ];

    #[test]
    fn the_strongest_parameter_stands_first_and_what_was_left_out_is_said() {
        for method in METHODS {
            let (keys, outcome) = outcome(method);
            let shown = summary("Of a test", &keys, &outcome, Language::En);
            let at = |key: &str| shown.find(key).unwrap();
            assert!(at("council.enabled") < at("residents.habit_gain"), "{shown}");
            assert!(shown.contains("1 of ") && shown.contains("12.3 %") && !shown.contains("NaN"), "{shown}");
        }
    }
}
