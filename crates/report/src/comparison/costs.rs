//! What arms cost, and what they give for it, for a terminal of 80 columns.

use super::{title, window_in_words};
use crate::page::costs::Said;
use crate::page::sentence::{Cell, Sentence, Source};
use crate::terminal;
use shequ_experiment::compare::conclusions::Conclusions;
use shequ_experiment::compare::costs::{Extra, Worth};
use shequ_experiment::compare::effects::Side;
use shequ_model::base::i18n::{Both, Language};
use shequ_model::base::params::text;
use shequ_model::base::units::unit;
use shequ_model::metric::costs::TOTAL;

/// Of each arm and window: its cost, who pays and what hours it takes, and the price of what it gives; nothing where
/// nothing was recorded.
pub fn summary(conclusions: &Conclusions, language: Language) -> Option<String> {
    let of = |arm: usize| {
        let windows = conclusions.asked.windows.iter();
        windows.filter_map(move |(window, _)| {
            let extra = conclusions.costs.extra.iter().filter(|e| e.arm == arm && e.window == *window);
            let worth = conclusions.costs.worth.iter().filter(|w| w.arm == arm && w.window == *window);
            let extra: Vec<&Extra> = extra.collect();
            let said = sentences(conclusions, &extra, worth);
            if said.is_empty() {
                return None;
            }
            let name = title(conclusions.arms()[arm].1, language);
            let months = window_in_words(*window, language);
            let heading = match language {
                Language::En => format!("What {name} costs, {months}"),
                Language::Zh => format!("{name} 的成本（{months}）"),
            };
            let mut lines = vec![heading, String::new()];
            lines.extend(said.iter().map(|sentence| terminal::wrapped(&sentence.text(language))));
            lines.extend(parts(&extra, language).map(|table| format!("\n{table}")));
            Some(lines.join("\n"))
        })
    };
    let parts: Vec<String> = (0..conclusions.arms().len()).flat_map(of).collect();
    (!parts.is_empty()).then(|| parts.join("\n\n"))
}

fn name(side: &Side) -> Both {
    Both::name(&side.name, &side.name_zh)
}

/// The sentences of the report, from numbers that are not in a table yet.
fn sentences<'a>(
    conclusions: &Conclusions,
    extra: &[&Extra],
    worth: impl Iterator<Item = &'a Worth>,
) -> Vec<Sentence> {
    let cell = |value: f64| Cell {
        value,
        source: Source { table: String::new(), row: String::new(), column: String::new() },
    };
    let said = |arm: usize, numbers: [f64; 3], set: &str, verdict: &str, rival: Option<usize>| Said {
        numbers: numbers.map(cell),
        set: set.into(),
        verdict: verdict.into(),
        base: name(conclusions.arms()[arm].0),
        rival: rival.map(|side| name(&conclusions.sides[side * conclusions.combinations])),
    };
    let total = extra.iter().filter(|extra| extra.of.name() == TOTAL);
    let mut all: Vec<Sentence> = total
        .filter_map(|extra| {
            let [low, high] = extra.ends();
            said(extra.arm, [extra.difference.effect.mean, low, high], "between", extra.verdict(), None)
                .cost()
        })
        .collect();
    all.extend(worth.filter_map(|worth| {
        let [low, high] = worth.ratio.set.ends();
        let numbers = [worth.ratio.value, low, high];
        let set = worth.ratio.set.word();
        said(worth.arm, numbers, set, worth.verdict(), worth.dominated_by).worth(worth.good.metric)
    }));
    all
}

/// Payers, instruments and hours that are shown to differ.
fn parts(extra: &[&Extra], language: Language) -> Option<String> {
    let say = |en, zh| language.of(text(en, zh)).to_string();
    let mut table = terminal::table(vec![
        say("by community and year", "每个社区每年"),
        say("base", "基准"),
        say("difference ± 95 %", "差异 ± 95% 区间"),
        say("unit", "单位"),
    ]);
    let differs = |extra: &&&Extra| ["costs more", "saves"].contains(&extra.verdict());
    let rows = extra.iter().filter(differs).map(|extra| {
        let d = &extra.difference;
        let [low, high] = extra.ends();
        vec![
            language.of(extra.of.metric.label).to_string(),
            format!("{:.0}", d.base),
            format!("{:+.0} ± {:.0}", d.effect.mean, (high - low) / 2.0),
            language.of(unit(extra.of.metric.unit)).to_string(),
        ]
    });
    let rows: Vec<Vec<String>> = rows.collect();
    if rows.is_empty() {
        return None;
    }
    table.add_rows(rows);
    terminal::align_right(&mut table, 1..3);
    terminal::keep_whole(&mut table, 2..3);
    Some(table.to_string())
}
