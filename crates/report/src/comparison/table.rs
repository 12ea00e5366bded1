//! The effects of a comparison, for a terminal of 80 columns.

use super::{Comparison, title, window_in_words};
use crate::chart::Series;
use crate::draw::sparkline::sparkline;
use crate::shown::{POINTS_NOTE, Shown};
use crate::terminal;
use crate::theories::{rule_called, theory_called};
use shequ_experiment::compare::effects::{Effect, Verdict};
use shequ_model::base::i18n::{Language, counted};
use shequ_model::base::params::text;

/// Where no more outcomes than these are asked for, all of them are shown; else those that changed.
const FEW: usize = 9;

/// For each arm and window: what is known of each primary outcome in a sentence, the outcomes that changed
/// significantly as a table, or all where there are few, and how many exploratory ones did and did not change.
pub fn summary(comparison: &Comparison) -> String {
    let mut parts = Vec::new();
    for arm in 0..comparison.arms.len() {
        for window in 0..comparison.asked.windows.len() {
            parts.push(part(comparison, arm, window));
        }
    }
    if comparison.arms.len() > 1 {
        parts.push(overview(comparison));
    }
    parts.push(note(comparison));
    parts.join("\n\n")
}

/// The effects on the first primary outcome: a row for each arm, a column for each window.
fn overview(comparison: &Comparison) -> String {
    let Comparison { asked, language, .. } = *comparison;
    let first = asked.outcomes.iter().position(|outcome| asked.primary.first() == Some(outcome)).unwrap_or(0);
    let shown = Shown::of(asked.outcomes[first].metric, language);
    let windows = asked.windows.iter().map(|(window, _)| window_in_words(*window, language));
    let mut table = terminal::table(std::iter::once(shown.short_label(language)).chain(windows).collect());
    for (number, (_, arm)) in comparison.arms.iter().enumerate() {
        let cells = (0..asked.windows.len()).map(|w| judged(comparison.effect(number, w, first), shown));
        table.add_row(std::iter::once(title(arm, language).to_string()).chain(cells).collect::<Vec<_>>());
    }
    terminal::align_right(&mut table, 1..asked.windows.len() + 1);
    table.to_string()
}

fn part(comparison: &Comparison, arm: usize, window: usize) -> String {
    let outcomes = 0..comparison.asked.outcomes.len();
    let effects: Vec<&Effect> = outcomes.map(|o| comparison.effect(arm, window, o)).collect();
    let mut lines = vec![heading(comparison, arm, window), String::new()];
    for primary in effects.iter().filter(|effect| effect.is_primary) {
        lines.push(terminal::wrapped(&sentence(primary, comparison.language)));
    }
    lines.push(String::new());
    let is_shown = |e: &&&Effect| e.is_significant() || effects.len() <= FEW && e.difference.effect.n > 0;
    let shown: Vec<&Effect> = effects.iter().filter(is_shown).copied().collect();
    if !shown.is_empty() {
        lines.push(table(comparison, &shown));
    }
    let exploratory: Vec<&Effect> = effects.into_iter().filter(|effect| !effect.is_primary).collect();
    if !exploratory.is_empty() {
        lines.push(terminal::wrapped(&rest(&exploratory, comparison.language)));
    }
    lines.join("\n")
}

fn heading(comparison: &Comparison, arm: usize, window: usize) -> String {
    let (base, arm) = comparison.arms[arm];
    let window = window_in_words(comparison.asked.windows[window].0, comparison.language);
    let combination = match base.theory == arm.theory && base.trust == arm.trust {
        true => String::new(),
        false => {
            let language = comparison.language;
            format!(" ({}, {})", theory_called(&arm.theory, language), rule_called(&arm.trust, language))
        }
    };
    let (base, arm) = (title(base, comparison.language), title(arm, comparison.language));
    match comparison.language {
        Language::En => format!("{arm}{combination} against {base}, {window}"),
        Language::Zh => format!("{arm}{combination} 对比 {base}（{window}）"),
    }
}

/// What the interval of an effect says, and no more.
pub fn sentence(effect: &Effect, language: Language) -> String {
    let shown = Shown::of(effect.outcome.metric, language);
    let (name, unit) = (language.of(shown.name), language.of(shown.unit_of_differences()));
    let e = effect.difference.effect;
    let ends = |from: f64, to: f64| {
        let end = |value: f64| shown.as_fine_as(e, value);
        match language {
            Language::En => format!("{} to {}", end(from), end(to)),
            Language::Zh => format!("{} 至 {}", end(from), end(to)),
        }
    };
    let (low, high) = (e.mean - e.half_width, e.mean + e.half_width);
    let size = if e.mean > 0.0 { ends(low, high) } else { ends(-high, -low) };
    let higher = e.mean > 0.0;
    let is_small = effect.verdict() == Verdict::PracticallySame;
    let smallest = shown.as_fine_as(e, effect.smallest);
    match language {
        Language::En => match () {
            _ if e.mean.is_nan() => format!("{name}: no value to compare."),
            _ if effect.difference.is_nothing() => {
                format!("{name}: identical in every replicate; not tested.")
            }
            _ if effect.difference.is_constant() => format!(
                "{name}: {} by {} {unit} in each of {} replicates, none of which varies; not tested.",
                if higher { "higher" } else { "lower" },
                shown.number(e.mean.abs()),
                e.n
            ),
            _ if e.half_width.is_nan() => format!("{name}: one replicate; an interval needs at least two."),
            _ if is_small => format!(
                "{name}: practically the same; {} {unit}, below the smallest effect that matters, {smallest}.",
                ends(low, high)
            ),
            _ if effect.is_significant() => {
                format!("{name}: {} by {size} {unit}.", if higher { "higher" } else { "lower" })
            }
            _ if low * high > 0.0 => format!(
                "{name}: {} by {size} {unit} before correction; not significant after Holm's correction.",
                if higher { "higher" } else { "lower" }
            ),
            _ => format!("{name}: no significant difference; {} {unit}.", ends(low, high)),
        },
        Language::Zh => match () {
            _ if e.mean.is_nan() => format!("{name}：没有可比较的数值。"),
            _ if effect.difference.is_nothing() => format!("{name}：每次重复完全相同，不作检验。"),
            _ if effect.difference.is_constant() => format!(
                "{name}：{} 次重复中每次都{} {} {unit}，各次取值没有变异，不作检验。",
                e.n,
                if higher { "上升" } else { "下降" },
                shown.number(e.mean.abs())
            ),
            _ if e.half_width.is_nan() => format!("{name}：只有一次重复，区间至少需要两次。"),
            _ if is_small => format!(
                "{name}：实际没有变化，差异为 {} {unit}，小于有实际意义的最小效应 {smallest}。",
                ends(low, high)
            ),
            _ if effect.is_significant() => {
                format!("{name}：{} {size} {unit}。", if higher { "上升" } else { "下降" })
            }
            _ if low * high > 0.0 => format!(
                "{name}：校正前{} {size} {unit}；经 Holm 校正后不显著。",
                if higher { "上升" } else { "下降" }
            ),
            _ => format!("{name}：差异不显著，区间为 {} {unit}。", ends(low, high)),
        },
    }
}

fn table(comparison: &Comparison, effects: &[&Effect]) -> String {
    let language = comparison.language;
    let say = |en, zh| language.of(text(en, zh)).to_string();
    let mut header = vec![
        if comparison.asked.outcomes.len() > FEW {
            say("significant", "显著的变化")
        } else {
            say("outcome", "结果")
        },
        say("base", "基准"),
        say("effect ± 95 %", "效应 ± 95% 区间"),
    ];
    header.extend([say("variance\nratio", "方差比"), say("course", "走势")]);
    let columns = header.len();
    let mut table = terminal::table(header);
    for effect in effects {
        let shown = Shown::of(effect.outcome.metric, language);
        let d = &effect.difference;
        let name = match effect.is_primary {
            true => format!("{} {}", shown.short_label(language), say("(primary)", "（主要）")),
            false => shown.short_label(language),
        };
        let mut row = vec![name, shown.number(d.base), judged(effect, shown)];
        row.push(if d.variance_ratio.is_nan() { "–".into() } else { format!("{:.2}", d.variance_ratio) });
        row.push(course(comparison, effect));
        table.add_row(row);
    }
    terminal::align_right(&mut table, 1..columns - 1);
    terminal::keep_whole(&mut table, 2..3);
    table.to_string()
}

/// The effect with its interval, in brackets unless it is significant; a bare 0 if no replicate differs.
pub fn judged(effect: &Effect, shown: Shown) -> String {
    if effect.difference.is_nothing() {
        return "0".into();
    }
    let text = shown.effect(effect.difference.effect);
    if effect.is_significant() || effect.difference.effect.n == 0 { text } else { format!("({text})") }
}

/// How the effect came and went, month by month.
fn course(comparison: &Comparison, effect: &Effect) -> String {
    let courses = comparison.courses;
    let place = comparison.asked.outcomes.iter().position(|outcome| *outcome == effect.outcome);
    let of = |outcome: usize, month: u32| courses.difference(effect.arm, month, outcome).effect;
    let estimates = place.into_iter().flat_map(|o| (0..courses.months).map(move |month| of(o, month)));
    sparkline(&Series::of(effect.outcome.metric.label, estimates))
}

/// How many exploratory outcomes changed, and why the others are not in the table.
fn rest(effects: &[&Effect], language: Language) -> String {
    let count = |is_it: &dyn Fn(&Effect) -> bool| effects.iter().filter(|effect| is_it(effect)).count();
    let claimed = count(&|e| e.is_significant());
    let nothing = count(&|e| e.difference.is_nothing());
    let constant = count(&|e| e.difference.is_constant());
    let missing = count(&|e| e.difference.effect.mean.is_nan());
    let other = effects.len() - claimed - nothing - constant - missing;
    let all = effects.len();
    let mut parts = Vec::new();
    let mut add = |count: usize, en: &str, zh: &str| {
        if count > 0 {
            parts.push(match language {
                Language::En => format!("{count} {en}"),
                Language::Zh => format!("{count} 项{zh}"),
            });
        }
    };
    add(other, "without a significant difference", "差异不显著");
    add(nothing, "identical in every replicate, not tested", "每次重复完全相同，不作检验");
    add(constant, "with the same difference in every replicate, not tested", "每次重复相差一样，不作检验");
    add(missing, "without a value", "没有数值");
    let parts = parts.join(if language == Language::En { ", " } else { "，" });
    match (language, parts.is_empty()) {
        (Language::En, true) => format!("{claimed} of {all} exploratory outcomes changed significantly."),
        (Language::En, false) => {
            format!("{claimed} of {all} exploratory outcomes changed significantly; {parts}.")
        }
        (Language::Zh, true) => format!("{all} 项探索性结果中 {claimed} 项变化显著。"),
        (Language::Zh, false) => format!("{all} 项探索性结果中 {claimed} 项变化显著；{parts}。"),
    }
}

fn note(comparison: &Comparison) -> String {
    let most = comparison.effects.iter().map(|e| e.difference.effect.n).max().unwrap_or(0);
    let interval = match (comparison.language, comparison.paired) {
        (Language::En, true) => format!(
            "±: half the 95 % interval of a mean of {most} paired differences under common\n   random numbers (fewer \
             where a replicate has no value)."
        ),
        (Language::Zh, true) => {
            format!("±：{most} 对共用随机数下配对差值的均值 95% 置信区间的半宽（缺值处较少）。")
        }
        (Language::En, false) => {
            "Not paired: cities or random numbers differ.\n±: half the 95 % interval of \
                                  the difference of two means (Welch)."
                .into()
        }
        (Language::Zh, false) => {
            "未配对：城市或随机数不同。\n±：两均值之差的 95% 置信区间的半宽（Welch）。".into()
        }
    };
    let ratio = match (comparison.language, comparison.paired) {
        (_, false) => "",
        (Language::En, true) => {
            "\nVariance ratio: variance of a paired difference over that without common random\n   numbers; below 1 where pairing helps."
        }
        (Language::Zh, true) => "\n方差比：配对差值的方差与不配对时之比，小于 1 表示配对有益。",
    };
    let brackets = match comparison.language {
        Language::En => "\n( ): not significant.",
        Language::Zh => "\n( )：不显著。",
    };
    let points = comparison.language.of(POINTS_NOTE);
    format!("{interval}\n{points}\n{}{brackets}{ratio}", significant(comparison.effects, comparison.language))
}

/// What "significant" means of these `effects`, which are judged together by their role.
pub fn significant(effects: &[Effect], language: Language) -> String {
    let tests = |is_primary: bool| {
        effects.iter().filter(|e| e.is_primary == is_primary && !e.difference.p.is_nan()).count()
    };
    let [primary, exploratory] = [true, false].map(tests);
    let effects_of = |n: usize| counted(n as u64, ["effect", "effects"], "项效应");
    match language {
        Language::En => format!(
            "Significant: after Holm's correction, over {} on primary outcomes and,\n   separately, over {} on exploratory \
             outcomes.",
            effects_of(primary).en,
            effects_of(exploratory).en
        ),
        Language::Zh => format!(
            "显著：主要结果只对其 {primary} 项效应作 Holm 校正；其余为探索性结果，对 {exploratory} 项效应作 Holm 校正。"
        ),
    }
}
