//! Indices as people see them: a table on the terminal, a tornado, and words on what they are worth.

use comfy_table::{CellAlignment, LineStyle, Table, TableStyle};

use crate::base::about::text;
use crate::experiment::sensitivity::table::{DUMMY, Outcome};
use crate::experiment::sensitivity::verdict::{NARROW, STEADY, Verdict};
use crate::experiment::sensitivity::{Analysis, FEWEST, Index, Nothing};
use crate::report::font;
use crate::report::tornado::{Bar, Estimate, Tornado};
use crate::report::words::Language;

/// Pairs of parameters that the terminal lists at most.
const PAIRS: usize = 5;

/// Characters of the longest bar on the terminal.
const LONGEST: f64 = 16.0;

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
fn find<'a>(analysis: &'a Analysis, name: &str, factor: Option<usize>) -> Option<&'a Index> {
    let is_it = |index: &&Index| {
        let label = index.label;
        label.measure.name == name && label.factor == factor && label.other.is_none()
    };
    analysis.indices.iter().find(is_it)
}

/// The indices of this name, largest first, that of the dummy among them.
fn ranked<'a>(analysis: &'a Analysis, name: &str) -> Vec<&'a Index> {
    let mut indices: Vec<&Index> = analysis.indices.iter().filter(|i| i.label.measure.name == name).collect();
    indices.sort_by(|a, b| b.value.total_cmp(&a.value));
    indices
}

/// The table, without colours, and what it is worth.
pub fn summary(keys: &[String], outcome: &Outcome, language: Language) -> String {
    let say = |en, zh| language.of(text(en, zh));
    let analysis = &outcome.analysis;
    let mut lines = vec![title(outcome, language)];
    if !analysis.indices.is_empty() {
        let (first, beside) = shown(analysis);
        let mut table = Table::new();
        let style = TableStyle::new().header_separator(LineStyle::none().fill('─').junction('─'));
        table.load_style(style);
        let names = [first].into_iter().chain(beside.iter().copied());
        let head = [say("parameter", "参数").to_string()].into_iter();
        table.set_header(
            head.chain(names.clone().map(|name| format!("{name} ± 95 %"))).chain([String::new()]),
        );
        let indices = ranked(analysis, first);
        let largest = indices.first().map_or(0.0, |index| index.value);
        for index in &indices {
            let factor = index.label.factor;
            let label = factor.map_or(DUMMY, |factor| &keys[factor]).to_string();
            let number = |name| find(analysis, name, factor).map_or(String::new(), |i| number(i, largest));
            let bar = "█".repeat((index.value.max(0.0) / largest * LONGEST).round() as usize);
            table.add_row([label].into_iter().chain(names.clone().map(number)).chain([bar]));
        }
        for column in 1..=beside.len() + 1 {
            if let Some(column) = table.column_mut(column) {
                column.set_cell_alignment(CellAlignment::Right);
            }
        }
        lines.push(table.to_string());
        lines.extend(pairs(keys, analysis, language));
    }
    lines.extend(words(outcome, language));
    lines.join("\n")
}

/// "0.412 ± 0.031", with as many decimals as show three digits of the largest.
fn number(index: &Index, largest: f64) -> String {
    let power = if largest > 0.0 { libm::log10(largest).floor() } else { 0.0 };
    let decimals = (2.0 - power).clamp(0.0, 9.0) as usize;
    let value = format!("{:.decimals$}", index.value);
    let is_zero = !value.contains(|c: char| ('1'..='9').contains(&c));
    let value = if is_zero { value.trim_start_matches('-').to_string() } else { value };
    format!("{value} ± {:.decimals$}", index.half_width)
}

/// The strongest pairs whose second order is above zero by its interval.
fn pairs(keys: &[String], analysis: &Analysis, language: Language) -> Option<String> {
    let pairs = ranked(analysis, "S2");
    let sure = pairs.iter().filter(|index| index.value > index.half_width).take(PAIRS);
    let name = |factor: Option<usize>| factor.map_or(DUMMY, |factor| &keys[factor]);
    let one = |i: &&Index| format!("{} × {} {}", name(i.label.factor), name(i.label.other), number(i, 1.0));
    let listed: Vec<String> = sure.map(one).collect();
    if listed.is_empty() {
        return None;
    }
    let head = language.of(text("Together beyond their own (S2): ", "两两交互（S2）："));
    Some(format!("{head}{}", listed.join("; ")))
}

/// What the analysis is of.
pub fn title(outcome: &Outcome, language: Language) -> String {
    let Outcome { metric, window, arm, .. } = outcome;
    match (language, arm.is_empty()) {
        (Language::En, true) => format!("{metric}, {window}"),
        (Language::Zh, true) => format!("{metric}（{window}）"),
        (Language::En, false) => format!("Effect of “{arm}” on {metric}, {window}"),
        (Language::Zh, false) => format!("“{arm}”对 {metric} 的影响（{window}）"),
    }
}

/// Whether the indices have converged, what was left out, and how much is luck; one sentence a line.
pub fn words(outcome: &Outcome, language: Language) -> Vec<String> {
    let analysis = &outcome.analysis;
    let mut lines = vec![match analysis.verdict {
        Ok(verdict) => converged(&verdict, language),
        Err(Nothing::Constant) => language
            .of(text("No indices: the outcome is the same in every row.", "无指数：各设计点的结果相同。"))
            .into(),
        Err(Nothing::TooFew) => match language {
            Language::En => format!("No indices: fewer than {FEWEST} units have all their outcomes."),
            Language::Zh => format!("无指数：结果完整的单元不足 {FEWEST} 个。"),
        },
    }];
    lines.extend(dropped(analysis, language));
    lines.extend(outcome.noise.map(|share| {
        let percent = 100.0 * share;
        match language {
            Language::En => format!("Luck accounts for {percent:.1} % of the variance between rows."),
            Language::Zh => format!("设计点间方差中 {percent:.1}% 来自随机数。"),
        }
    }));
    lines
}

fn converged(verdict: &Verdict, language: Language) -> String {
    let Verdict { width, shift, width_of_small } = verdict;
    let say = |holds: bool| match (language, holds) {
        (Language::En, true) => "converged",
        (Language::En, false) => "NOT converged",
        (Language::Zh, true) => "已收敛",
        (Language::Zh, false) => "未收敛",
    };
    let (values, ranks, small) = (say(verdict.values()), say(verdict.ranks()), say(verdict.screening()));
    match language {
        Language::En => format!(
            "Values {values} (widest interval {width:.3}, asked < {NARROW}); ranks {ranks} (shift {shift:.2}, \
             asked < {STEADY}); screening {small} ({width_of_small:.3}, asked < {NARROW})."
        ),
        Language::Zh => format!(
            "数值{values}（最宽区间 {width:.3}，要求 < {NARROW}）；排序{ranks}（位移 {shift:.2}，要求 < {STEADY}）；\
             筛选{small}（{width_of_small:.3}，要求 < {NARROW}）。"
        ),
    }
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

/// The tornado of an outcome; `None` without indices.
pub fn tornado(name: &str, keys: &[String], outcome: &Outcome, language: Language) -> Option<Tornado> {
    let analysis = &outcome.analysis;
    let (first, beside) = shown(analysis);
    let say = |en, zh| language.of(text(en, zh)).to_string();
    let estimate = |index: &Index| -> Estimate { (index.value, index.half_width) };
    let bars = ranked(analysis, first).into_iter().filter_map(|index| {
        let factor = index.label.factor?;
        let mark = beside.first().and_then(|name| find(analysis, name, Some(factor))).map(estimate);
        Some(Bar { label: keys[factor].clone(), bar: estimate(index), mark })
    });
    let bars: Vec<Bar> = bars.collect();
    let (bar, mark, axis) = match first {
        "ST" => (
            say("total (ST)", "总效应（ST）"),
            Some(say("alone (S1)", "单独效应（S1）")),
            say("share of the outcome's variance", "占结果方差的比例"),
        ),
        "mu_star" => (
            say("mean size of effects (μ*)", "影响大小的均值（μ*）"),
            Some(say("mean effect (μ)", "影响的均值（μ）")),
            say("change of the outcome over the range", "在取值范围内的变化"),
        ),
        _ => (
            say("PAWN; dashed: by chance", "PAWN；虚线为随机水平"),
            None,
            say("distance of distributions", "分布之间的差距"),
        ),
    };
    let known = |text: String| if font::can_write(&text) { text } else { String::new() };
    (!bars.is_empty()).then(|| Tornado {
        title: known(title(outcome, language)),
        subtitle: known(name.into()),
        legend: (bar, mark),
        axis,
        note: say("Error bars: 95 % bootstrap interval.", "误差线为 95% 置信区间。"),
        bars,
        floor: find(analysis, "pawn", None).map(|index| index.value),
    })
}
