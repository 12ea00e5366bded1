//! How sure a comparison is under a posterior, for a terminal of 80 columns.

use crate::comparison::{title, window_in_words};
use crate::shown::Shown;
use crate::terminal;
use shequ_experiment::compare::conclusions::Conclusions;
use shequ_experiment::compare::effects::Side;
use shequ_experiment::posterior::ranking::Ranking;
use shequ_experiment::posterior::sure::Sure;
use shequ_experiment::posterior::uncertainty::Split;
use shequ_model::base::i18n::Language;
use shequ_model::base::params::text;

/// What is known of choices and effects, if there is a posterior.
pub fn summary(conclusions: &Conclusions, language: Language) -> Option<String> {
    let sure = conclusions.sure.as_ref()?;
    let sides: Vec<&Side> = conclusions.sides.iter().step_by(conclusions.combinations).collect();
    let mut parts = vec![heading(sure, language)];
    for ranking in &sure.rankings {
        parts.push(format!(
            "{}\n{}",
            table(ranking, &sides, language),
            terminal::wrapped(&best(ranking, &sides, language))
        ));
    }
    let primary = sure.splits.iter().filter(|split| conclusions.asked.primary.contains(&split.outcome));
    let lines = primary.filter_map(|split| sources(split, sides[split.arm + 1], language));
    let lines: Vec<String> = lines.map(|line| terminal::wrapped(&line)).collect();
    parts.push(lines.join("\n"));
    Some(parts.join("\n\n").trim_end().to_string())
}

fn heading(sure: &Sure, language: Language) -> String {
    let n = sure.rankings.iter().map(|ranking| ranking.n).max().unwrap_or(0);
    terminal::wrapped(&match language {
        Language::En => format!(
            "Ranking, with the uncertainty of parameters in posterior.csv: {n} pairs of replicates with a draw each. \
             Intervals above include it."
        ),
        Language::Zh => format!(
            "排序，计入 posterior.csv 所示的参数不确定性：共 {n} 对重复，每对一组抽样。以上区间已包含该不确定性。"
        ),
    })
}

fn table(ranking: &Ranking, sides: &[&Side], language: Language) -> String {
    let say = |en, zh| language.of(text(en, zh)).to_string();
    let shown = Shown::of(ranking.outcome.metric, language);
    let months = window_in_words(ranking.window, language);
    let head = match language {
        Language::En => format!("{}, {months}", shown.short_label(language)),
        Language::Zh => format!("{}（{months}）", shown.short_label(language)),
    };
    let mut table = terminal::table(vec![
        head,
        say("mean", "均值"),
        say("P(better)", "优于基准的概率"),
        say("P(best)", "为最优的概率"),
        say("expected\nregret", "期望差距"),
    ]);
    for (side, standing) in sides.iter().zip(&ranking.standings) {
        table.add_row(vec![
            title(side, language).to_string(),
            shown.number(standing.mean),
            per_cent(standing.p_better),
            per_cent(standing.p_best),
            shown.with_two_figures(standing.regret),
        ]);
    }
    terminal::align_right(&mut table, 1..5);
    table.to_string()
}

fn per_cent(share: f64) -> String {
    if share.is_nan() { "–".into() } else { format!("{:.0} %", 100.0 * share) }
}

/// Which side is best, or between which the data cannot tell.
fn best(ranking: &Ranking, sides: &[&Side], language: Language) -> String {
    let name = |side: usize| title(sides[side], language);
    match (language, &ranking.candidates()[..]) {
        (Language::En, []) => "Too few pairs of replicates to tell which is best.".into(),
        (Language::Zh, []) => "重复的对数太少，无法判断何者最优。".into(),
        (Language::En, [one]) => format!("{} is the best.", name(*one)),
        (Language::Zh, [one]) => format!("最优为{}。", name(*one)),
        (Language::En, [one, other]) => format!("The data cannot tell {} from {}.", name(*one), name(*other)),
        (Language::En, several) => {
            let names: Vec<&str> = several.iter().map(|side| name(*side)).collect();
            format!("The data cannot tell apart {}.", names.join(", "))
        }
        (Language::Zh, several) => {
            let names: Vec<&str> = several.iter().map(|side| name(*side)).collect();
            format!("数据无法区分{}何者最优。", names.join("、"))
        }
    }
}

/// Where the variance of an effect comes from.
fn sources(split: &Split, arm: &Side, language: Language) -> Option<String> {
    let shown = split.parts.iter().filter(|part| !part.share.is_nan()).map(|part| {
        let (low, high) = part.interval;
        let interval = match low.is_nan() {
            true => String::new(),
            false => format!(" [{:.0}, {:.0}]", 100.0 * low, 100.0 * high),
        };
        let source = crate::page::contest::source_called(&part.source);
        format!("{} {:.0} %{interval}", source.of(language), 100.0 * part.share)
    });
    let shown: Vec<String> = shown.collect();
    let (name, metric) = (title(arm, language), language.of(split.outcome.metric.label));
    let months = window_in_words(split.window, language);
    (!shown.is_empty()).then(|| match language {
        Language::En => format!("Variance of the effect, {name}, {metric}, {months}: {}.", shown.join(", ")),
        Language::Zh => format!("效应的方差，{name}，{metric}（{months}）：{}。", shown.join("，")),
    })
}
