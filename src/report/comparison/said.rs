//! Warnings for a terminal of 80 columns: each kind once, with how often it was said.

use crate::base::about::text;
use crate::base::words::Language;
use crate::experiment::warnings::Warning;
use crate::metric;
use crate::report::terminal;

/// What to know of a comparison; empty if there is nothing.
pub fn summary(warnings: &[Warning], language: Language) -> String {
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
        terminal::table(vec![say("to know", "须知"), say("times", "次数"), say("the first", "首例")]);
    for code in codes {
        let own: Vec<&Warning> = warnings.iter().filter(|warning| warning.code == code).collect();
        table.add_row(vec![code.replace('_', " "), own.len().to_string(), first(own[0], language)]);
    }
    terminal::align_right(&mut table, 1..2);
    let rest = say("All of them are in warnings.csv.", "全部内容见 warnings.csv。");
    format!("{table}\n{rest}")
}

fn first(warning: &Warning, language: Language) -> String {
    let metric = metric::position(&warning.metric).map(|at| language.of(metric::all()[at].label));
    let about = [Some(warning.arm.as_str()), metric].into_iter().flatten().filter(|words| !words.is_empty());
    let about = about.collect::<Vec<&str>>().join(language.of(text(", ", "，")));
    let message = warning.message.of(language);
    match about.is_empty() {
        true => message.into(),
        false => about + language.of(text(": ", "：")) + message,
    }
}
