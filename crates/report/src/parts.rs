//! What the effects of arms owe to their parts, for a terminal.

use crate::comparison::window_in_words;
use crate::shown::Shown;
use crate::terminal::{align_right, plain_table};
use shequ_experiment::file::Experiment;
use shequ_experiment::parts::shares::Apart;
use shequ_model::base::i18n::Language;
use shequ_model::base::params::text;

/// Of each arm that is taken apart, window and primary outcome: what each part does; nothing where none is.
pub fn summary(experiment: &Experiment, found: &[Apart], language: Language) -> Option<String> {
    let primary = found.iter().filter(|apart| experiment.primary.contains(&apart.outcome));
    let all: Vec<String> = primary.map(|apart| one(experiment, apart, language)).collect();
    (!all.is_empty()).then(|| all.join("\n\n"))
}

fn one(experiment: &Experiment, apart: &Apart, language: Language) -> String {
    let say = |en, zh| language.of(text(en, zh)).to_string();
    let bundle = &experiment.bundles[apart.bundle];
    let shown = Shown::of(apart.outcome.metric, language);
    let (arm, label) = (experiment.arms[bundle.arm].title(language == Language::Zh), shown.label(language));
    let months = window_in_words(apart.window, language);
    let heading = match language {
        Language::En => format!("What the effect of {arm} owes to its parts: {label}, {months}"),
        Language::Zh => format!("{arm} 的效应归于哪一部分：{label}（{months}）"),
    };
    let mut table = plain_table();
    table.set_header([
        say("part", "部分"),
        say("alone ± 95 %", "单独实施 ± 95% 区间"),
        say("lost without it", "去掉后的损失"),
        say("share", "分摊"),
    ]);
    for (part, of) in bundle.parts.iter().zip(&apart.parts) {
        let [alone, lost, share] = [of.alone, of.lost, of.share].map(|e| shown.effect(e));
        table.add_row([part.name.clone(), alone, lost, share]);
    }
    let whole = shown.effect(apart.whole);
    table.add_row([say("together", "合计"), String::new(), String::new(), whole]);
    let beyond = shown.effect(apart.interaction);
    table.add_row([say("by being together", "共同作用"), String::new(), String::new(), beyond]);
    align_right(&mut table, 1..4);
    format!("{heading}\n\n{table}")
}
