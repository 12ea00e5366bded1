//! Warnings for a terminal of 80 columns: each kind once, with how often it was said.

use crate::base::about::text;
use crate::experiment::warnings::Warning;
use crate::report::terminal;
use crate::report::words::Language;

/// What to know of a comparison; empty if there is nothing.
pub fn summary(warnings: &[Warning], language: Language) -> String {
    let mut codes: Vec<&str> = Vec::new();
    for warning in warnings.iter().filter(|warning| !codes.contains(&warning.code)).collect::<Vec<_>>() {
        if !codes.contains(&warning.code) {
            codes.push(warning.code);
        }
    }
    if codes.is_empty() {
        return String::new();
    }
    let say = |en, zh| language.of(text(en, zh)).to_string();
    let mut table =
        terminal::table(vec![say("to know", "须知"), say("times", "次数"), say("the first", "首例")]);
    for code in codes {
        let own: Vec<&Warning> = warnings.iter().filter(|warning| warning.code == code).collect();
        table.add_row(vec![code.replace('_', " "), own.len().to_string(), first(own[0])]);
    }
    terminal::align_right(&mut table, 1..2);
    let rest = say("All of them are in warnings.csv.", "全部内容见 warnings.csv。");
    format!("{table}\n{rest}")
}

fn first(warning: &Warning) -> String {
    let about: Vec<&str> =
        [&warning.arm, &warning.metric].into_iter().map(|s| s.as_str()).filter(|s| !s.is_empty()).collect();
    match about.is_empty() {
        true => warning.message.clone(),
        false => format!("{}: {}", about.join(", "), warning.message),
    }
}
