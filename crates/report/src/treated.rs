//! What arms do where they hold and elsewhere, and what a study would say, for a terminal.

use crate::comparison::window_in_words;
use crate::shown::Shown;
use crate::terminal::{align_right, plain_table};
use shequ_experiment::compare::treated::Treated;
use shequ_experiment::file::Experiment;
use shequ_model::base::i18n::Language;
use shequ_model::base::params::text;

/// Of each arm that holds in some communities only, window and primary outcome; nothing where none does.
pub fn summary(experiment: &Experiment, all: &[Treated], language: Language) -> Option<String> {
    let primary = all.iter().filter(|treated| experiment.primary.contains(&treated.outcome));
    let all: Vec<String> = primary.map(|treated| one(experiment, treated, language)).collect();
    (!all.is_empty()).then(|| all.join("\n\n"))
}

fn one(experiment: &Experiment, treated: &Treated, language: Language) -> String {
    let say = |en, zh| language.of(text(en, zh)).to_string();
    let shown = Shown::of(treated.outcome.metric, language);
    let arm = experiment.arms[treated.arm].title(language == Language::Zh);
    let (label, months) = (shown.label(language), window_in_words(treated.window, language));
    let heading = match language {
        Language::En => format!("Where {arm} holds and elsewhere: {label}, {months}"),
        Language::Zh => format!("{arm}：实施社区与其他社区：{label}（{months}）"),
    };
    let mut table = plain_table();
    table.set_header([
        say("communities", "社区"),
        say("number", "数量"),
        say("effect ± 95 %", "效应 ± 95% 区间"),
    ]);
    let parts = [say("where it holds", "实施社区"), say("elsewhere", "其他社区")];
    for ((part, n), difference) in parts.into_iter().zip(treated.communities).zip(&treated.effects) {
        table.add_row([part, n.to_string(), shown.effect(difference.effect)]);
    }
    align_right(&mut table, 1..3);
    let seen = treated.study;
    let [finds, holds] = [seen.finds, seen.holds].map(|share| format!("{:.0}", 100.0 * share));
    let estimate = shown.effect(seen.estimate);
    let said = match (language, seen.has_before) {
        _ if seen.half_width.is_nan() => return format!("{heading}\n\n{table}"),
        (Language::En, true) => format!(
            "A study of these communities, before and after, would say {estimate}; its own interval\nwould exclude \
             zero in {finds} % of replicates, and hold the effect where it holds in {holds} %."
        ),
        (Language::En, false) => format!(
            "A study of these communities, without a year before, would say {estimate}; its own\ninterval would \
             exclude zero in {finds} % of replicates, and hold the effect where it holds\nin {holds} %."
        ),
        (Language::Zh, true) => format!(
            "对这些社区作前后对照研究（双重差分）会得出 {estimate}；其区间在 {finds}% 的重复中不含零，\
             在 {holds}% 的重复中包含实施社区的效应。"
        ),
        (Language::Zh, false) => format!(
            "没有此前一年的数据时，对这些社区的研究会得出 {estimate}；其区间在 {finds}% 的重复中不含零，\
             在 {holds}% 的重复中包含实施社区的效应。"
        ),
    };
    format!("{heading}\n\n{table}\n{said}")
}
