//! What a contest gives by weights of theories and rules, for a terminal of 80 columns.

use crate::comparison::table::judged;
use crate::comparison::{title, window_in_words};
use crate::shown::Shown;
use crate::terminal;
use shequ_experiment::compare::conclusions::Conclusions;
use shequ_experiment::compare::effects::Effect;
use shequ_model::base::i18n::Language;
use shequ_model::base::params::text;

/// Mean effects over theories and rules, all alike and by weights, if there are any.
pub fn summary(conclusions: &Conclusions, language: Language) -> Option<String> {
    let weighted = conclusions.weighted.as_ref()?;
    let outcomes = conclusions.asked.outcomes.len();
    let pairs = weighted.effects.chunks(outcomes).zip(weighted.equal.chunks(outcomes));
    let mut parts: Vec<String> =
        pairs.map(|(weighted, equal)| table(conclusions, weighted, equal, language)).collect();
    parts.push(terminal::wrapped(language.of(text(
        "By weights: those of weights.csv. Intervals are of chance under these weights, not of the doubt about theories.",
        "加权：按 weights.csv 的权重。区间只反映这些权重下的随机波动，不含理论之间的不确定性。",
    ))));
    Some(parts.join("\n\n"))
}

/// The effects of one policy in one window.
fn table(conclusions: &Conclusions, weighted: &[Effect], equal: &[Effect], language: Language) -> String {
    let say = |en, zh| language.of(text(en, zh)).to_string();
    let policy = (weighted[0].arm + 1) * conclusions.combinations;
    let name = title(&conclusions.sides[policy], language);
    let months = window_in_words(weighted[0].window, language);
    let heading = match language {
        Language::En => format!("{name}, mean over theories and rules, {months}"),
        Language::Zh => format!("{name}：各理论与规则的平均（{months}）"),
    };
    let mut table = terminal::table(vec![
        say("effect ± 95 %", "效应 ± 95% 区间"),
        say("all the same", "等权"),
        say("by weights", "加权"),
    ]);
    for (weighted, equal) in weighted.iter().zip(equal) {
        let shown = Shown::of(weighted.outcome.metric, language);
        table.add_row(vec![shown.short_label(language), judged(equal, shown), judged(weighted, shown)]);
    }
    terminal::align_right(&mut table, 1..3);
    format!("{heading}\n\n{table}")
}
