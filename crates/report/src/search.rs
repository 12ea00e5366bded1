//! A search as people see it on the terminal.

use crate::shown::Shown;
use crate::terminal::{align_right, plain_table};
use shequ_experiment::file::Experiment;
use shequ_experiment::search::found::{Figure, Found, Kept, Mix};
use shequ_experiment::search::{Measure, Search};
use shequ_experiment::sweep::text_of;
use shequ_model::base::i18n::{Both, Language, both};
use shequ_model::base::stats::Estimate;

/// The answer, and every mix that the search ended with.
pub fn summary(experiment: &Experiment, found: &Found, language: Language) -> String {
    let Some(search) = &experiment.search else { return String::new() };
    let mut lines: Vec<String> =
        answer(search, found).into_iter().map(|line| line.of(language).to_string()).collect();
    lines.push(String::new());
    lines.push(mixes(search, found, language));
    lines.push(note(found).of(language).into());
    lines.join("\n") + "\n"
}

/// What a measure is called.
pub fn called(measure: &Measure) -> Both {
    let label = Both::from(measure.outcome.metric.label);
    match &measure.group {
        None => label,
        Some((group, level)) => {
            both!("{label} ({group} {level})", "{label}（{group} {level}）"; label = label, group = group, level = level)
        }
    }
}

/// Whether constraints are kept, in words.
pub fn kept(kept: &str) -> Both {
    match kept {
        "held" => both("held", "满足"),
        "open" => both("undecided", "无法判断"),
        "broken" => both("broken", "不满足"),
        other => Both::same(other),
    }
}

/// How many mixes no other beats, and between which values of the objectives.
fn answer(search: &Search, found: &Found) -> Vec<Both> {
    let front: Vec<&Mix> = found.front().collect();
    let (tried, count) = (found.tried.len() - 1, front.len());
    if front.is_empty() {
        return vec![match found.mixes.iter().any(|mix| mix.row > 0 && mix.kept != Kept::Broken) {
            true => both!(
                "No mix of {tried} that were tried is better than the base in any objective.",
                "所试的 {tried} 个组合中，没有一个在任何目标上优于基准。"
            ),
            false => both!(
                "No mix of {tried} that were tried keeps all constraints.",
                "所试的 {tried} 个组合中，没有一个满足全部条件。"
            ),
        }];
    }
    let mut lines = vec![match count {
        1 => both!(
            "1 mix of {tried} that were tried is not beaten by any other.",
            "所试的 {tried} 个组合中，有 1 个未被其他组合全面超过。"
        ),
        _ => both!(
            "{count} mixes of {tried} that were tried are not beaten by any other.",
            "所试的 {tried} 个组合中，有 {count} 个未被其他组合全面超过。"
        ),
    }];
    lines.extend(search.objectives.iter().map(|objective| {
        let at = search.position(&objective.measure);
        let change = |mix: &&Mix| mix.figures[at].change.mean;
        let (low, high) = front
            .iter()
            .map(change)
            .fold((f64::INFINITY, f64::NEG_INFINITY), |(a, b), x| (a.min(x), b.max(x)));
        let metric = objective.measure.outcome.metric;
        let said = |value: f64, language| {
            let shown = Shown::of(metric, language);
            let alone = Estimate { mean: value, sd: f64::NAN, half_width: f64::NAN, n: 0 };
            Shown { decimals: shown.decimals + 1, ..shown }.change(alone)
        };
        let of = |value: f64| Both::by(|language| said(value, language));
        let unit = Both::by(|language| language.of(Shown::of(metric, language).unit_of_differences()).into());
        both!(
            "{name}, change against the base: {low} to {high} ({unit}).",
            "{name}相对基准的变化：{low} 至 {high}（{unit}）。";
            name = called(&objective.measure), low = of(low), high = of(high), unit = unit
        )
    }));
    lines
}

/// A measure of a mix: its level, and its change with its interval.
fn cell(measure: &Measure, figure: &Figure, is_base: bool, language: Language) -> String {
    let shown = Shown::of(measure.outcome.metric, language);
    let level = shown.number(figure.level.mean);
    if is_base { level } else { format!("{level} ({})", shown.effect(figure.change)) }
}

fn mixes(search: &Search, found: &Found, language: Language) -> String {
    let mut table = plain_table();
    let mut head = vec![both("mix", "组合").of(language).to_string()];
    head.extend(search.levers.iter().map(|lever| lever.key.clone()));
    let measures = search.measures();
    head.extend(measures.iter().map(|measure| {
        let shown = Shown::of(measure.outcome.metric, language);
        format!("{}, {}", called(measure).of(language), language.of(shown.unit))
    }));
    head.push(both("constraints", "条件").of(language).into());
    head.push(String::new());
    table.set_header(head);
    for mix in &found.mixes {
        let is_base = mix.row == 0;
        let name = if is_base { both("base", "基准") } else { Both::same(&mix.row.to_string()) };
        let mut cells = vec![name.of(language).to_string()];
        cells.extend(mix.values.iter().map(text_of));
        cells.extend(
            measures
                .iter()
                .zip(&mix.figures)
                .map(|(measure, figure)| cell(measure, figure, is_base, language)),
        );
        cells.push(kept(mix.kept.name()).of(language).into());
        let best = if mix.is_front { both("front", "前沿") } else { Both::default() };
        cells.push(best.of(language).into());
        table.add_row(cells);
    }
    let columns = 1 + search.levers.len()..1 + search.levers.len() + measures.len();
    align_right(&mut table, columns);
    table.to_string()
}

/// What numbers are of.
fn note(found: &Found) -> Both {
    let fresh = found.mixes.first().and_then(|mix| mix.figures.first()).map_or(0, |figure| figure.level.n);
    let seen = found.searched;
    both!(
        "Levels and, in brackets, changes against the base with half their 95 % intervals, by {fresh} fresh replicates; \
         mixes were chosen by {seen} others. candidates.csv has all that was tried.",
        "数值为水平，括号内为相对基准的变化及其 95 % 区间的一半，由另外 {fresh} 次重复得出；组合由 {seen} 次重复选出。全部所试方案见 candidates.csv。"
    )
}
