//! Warnings for a terminal of 80 columns: each kind once, with how often it was said.

use crate::terminal;
use shequ_experiment::file::Experiment;
use shequ_experiment::warnings::Warning;
use shequ_model::base::i18n::Language;
use shequ_model::base::params::text;
use shequ_model::metric;

/// What each code is called in Chinese; in English it is its own words.
const CODES: [(&str, &str); 12] = [
    ("few_replicates", "重复次数少"),
    ("failed_runs", "有模拟失败"),
    ("not_converged", "尚未收敛"),
    ("much_noise", "随机成分大"),
    ("not_narrow_enough", "区间不够窄"),
    ("too_few_replicates", "重复次数不足"),
    ("at_a_bound", "到达边界"),
    ("sign_changes", "方向不一"),
    ("depends_on_theory", "取决于理论"),
    ("pairing_did_not_help", "配对未见帮助"),
    ("edge_of_range", "取值处于边缘"),
    ("assumed", "依据为假定"),
];

fn called(code: &str, language: Language) -> String {
    match (language, CODES.iter().find(|(known, _)| *known == code)) {
        (Language::Zh, Some((_, zh))) => (*zh).into(),
        _ => code.replace('_', " "),
    }
}

/// What warnings of an experiment; empty if there is nothing.
pub fn summary(experiment: &Experiment, warnings: &[Warning], language: Language) -> String {
    let mut codes: Vec<&str> = Vec::new();
    for warning in warnings {
        if !codes.contains(&warning.code) {
            codes.push(warning.code);
        }
    }
    if codes.is_empty() {
        return String::new();
    }
    let say = |en, zh| language.of(text(en, zh)).to_string();
    let mut table =
        terminal::table(vec![say("warning", "提示"), say("times", "次数"), say("first one", "首例")]);
    for code in codes {
        let own: Vec<&Warning> = warnings.iter().filter(|warning| warning.code == code).collect();
        let first = first(experiment, own[0], language);
        table.add_row(vec![called(code, language), own.len().to_string(), first]);
    }
    terminal::align_right(&mut table, 1..2);
    let rest = say("All of them are in warnings.csv.", "全部内容见 warnings.csv。");
    format!("{table}\n{rest}")
}

fn first(experiment: &Experiment, warning: &Warning, language: Language) -> String {
    let arm = experiment.arms.iter().find(|arm| arm.name == warning.arm);
    let arm = arm.map_or(warning.arm.as_str(), |arm| arm.title(language == Language::Zh));
    let metric = metric::position(&warning.metric).map(|at| language.of(metric::all()[at].label));
    let about = [Some(arm), metric].into_iter().flatten().filter(|words| !words.is_empty());
    let about = about.collect::<Vec<&str>>().join(language.of(text(", ", "，")));
    let message = warning.message.of(language);
    match about.is_empty() {
        true => message.into(),
        false => about + language.of(text(": ", "：")) + message,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page::experiment::CODES as SAID;

    #[test]
    fn every_code_that_reports_explain_has_a_name_in_chinese() {
        for (code, ..) in SAID {
            assert_ne!(called(code, Language::Zh), called(code, Language::En), "{code}");
        }
        assert_eq!(called("of_another_version", Language::Zh), "of another version");
    }
}
