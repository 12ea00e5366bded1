//! A sweep as people see it: for each outcome a table of what moves it.

use crate::asked::{Whose, title};
use crate::comparison::window_in_words;
use crate::shown::Shown;
use crate::terminal::{align_right, plain_table};
use shequ_experiment::main_effects::{Effects, Group, Standing};
use shequ_experiment::study::Study;
use shequ_experiment::sweep::text_of;
use shequ_model::base::i18n::Language;
use shequ_model::base::params::text;
use shequ_model::base::stats::Estimate;
use shequ_model::scenario::value::number_of;

/// One quantity of a sweep, with the words that it is spoken of in.
pub struct Sweep<'a> {
    /// The study.
    pub study: &'a Study<'a>,
    /// Its main effects.
    pub effects: &'a Effects,
    /// Language of words.
    pub language: Language,
}

impl Sweep<'_> {
    fn say(&self, en: &'static str, zh: &'static str) -> String {
        self.language.of(text(en, zh)).into()
    }

    fn shown(&self) -> Shown {
        let outcome = &self.study.experiment.outcomes[self.effects.quantity.outcome];
        let shown = Shown::of(outcome.metric, self.language);
        match self.effects.quantity.arm {
            Some(_) => Shown { unit: shown.unit_of_differences(), ..shown },
            None => shown,
        }
    }

    /// What it is, such as "participation (%), last year".
    fn title(&self) -> String {
        let (shown, language, experiment) = (self.shown(), self.language, self.study.experiment);
        let months = window_in_words(experiment.windows[self.effects.quantity.window], language);
        let outcome = match (language, language.of(shown.unit)) {
            (Language::Zh, _) | (_, "") => shown.label(language),
            (Language::En, unit) => format!("{} ({unit})", language.of(shown.name)),
        };
        let whose = match self.effects.quantity.arm {
            Some(arm) => Whose::Effect(experiment.arms[arm].title(language == Language::Zh)),
            None if experiment.arms.is_empty() => Whose::Only,
            None => Whose::Of(language.of(text("base", "基准"))),
        };
        title(&outcome, &months, whose, language)
    }

    /// True if rows differ by more than rounding.
    fn varies(&self) -> bool {
        let [least, most] = self.effects.extremes.map(|(_, mean)| mean);
        most - least > 1e-12 * least.abs().max(most.abs())
    }

    /// The table for a terminal, without colours, and what stands above and beneath it.
    pub fn summary(&self) -> String {
        let mut lines = vec![self.title()];
        if self.effects.rows == 0 {
            lines.push(self.say("No row has this outcome.", "没有任何设计点有此结果。"));
        } else if !self.varies() {
            let same = self.say("The same in every row:", "各设计点相同：");
            lines.push(format!("{same} {}", self.shown().number(self.effects.mean)));
        } else {
            lines.push(self.range());
            lines.push(self.table());
            lines.extend(self.without_effects());
        }
        lines.extend(self.left_out());
        lines.join("\n")
    }

    fn table(&self) -> String {
        let mut table = plain_table();
        table.set_header([
            self.say("key", "参数"),
            self.say("lowest at", "最低处"),
            self.say("highest at", "最高处"),
            self.say("difference ± 95 %", "差异 ± 95% 区间"),
            self.say("of variance", "占方差"),
        ]);
        for key in self.effects.ranked() {
            let Some((least, most, apart)) = key.spread() else { continue };
            let share =
                if key.share.is_nan() { String::new() } else { format!("{:.0} %", 100.0 * key.share) };
            table.add_row([key.key.clone(), span(least), span(most), self.shown().effect(apart), share]);
        }
        align_right(&mut table, 1..5);
        table.to_string()
    }

    /// Keys that have no effects, and why.
    fn without_effects(&self) -> Vec<String> {
        let line = |is_meant: &dyn Fn(&Standing) -> bool, en: &'static str, zh: &'static str| {
            let own = self.effects.keys.iter().filter(|key| is_meant(&key.standing));
            let named: Vec<&str> = own.map(|key| key.key.as_str()).collect();
            let list = named.join(&self.say(", ", "、"));
            (!named.is_empty()).then(|| self.say(en, zh) + &list)
        };
        let idle = line(
            &|standing| *standing == Standing::NotInForce,
            "Not in force in any row, so without effect: ",
            "在任何设计点都不起作用，因而没有影响：",
        );
        let confounded = line(
            &|standing| matches!(standing, Standing::Confounded(_)),
            "Confounded by this design, so not estimated: ",
            "被此设计混淆，因而未估计：",
        );
        let few = line(
            &|standing| *standing == Standing::TooFewRows,
            "Too few rows to tell these keys apart: ",
            "设计点太少，无法区分：",
        );
        [idle, confounded, few].into_iter().flatten().collect()
    }

    fn range(&self) -> String {
        let effects = self.effects;
        let [least, most] = effects.extremes;
        // Digits that tell the two apart.
        let apart = Estimate { mean: 0.0, sd: 0.0, half_width: (most.1 - least.1) / 10.0, n: 2 };
        let number = |value: f64| self.shown().as_fine_as(apart, value);
        match self.language {
            Language::En => format!(
                "Mean {} over {} rows: from {} (row {}) to {} (row {}).",
                number(effects.mean),
                effects.rows,
                number(least.1),
                least.0,
                number(most.1),
                most.0
            ),
            Language::Zh => format!(
                "{} 个设计点均值 {}：从 {}（第 {} 行）到 {}（第 {} 行）。",
                effects.rows,
                number(effects.mean),
                number(least.1),
                least.0,
                number(most.1),
                most.0
            ),
        }
    }

    fn left_out(&self) -> Option<String> {
        let (left_out, all) = (self.effects.left_out, self.effects.rows + self.effects.left_out);
        (left_out > 0).then(|| match self.language {
            Language::En => format!("{left_out} of {all} rows left out: a run failed or had no value."),
            Language::Zh => format!("{all} 个设计点中有 {left_out} 个因运行失败或缺值而舍去。"),
        })
    }
}

fn span(group: &Group) -> String {
    stretch(&group.values.0, &group.values.1)
}

/// A value, or a stretch of values, such as "0.1–0.2".
pub fn stretch(low: &toml::Value, high: &toml::Value) -> String {
    let (low, high) = (short(low), short(high));
    if low == high { low } else { format!("{low}–{high}") }
}

/// A number of three digits, or the word.
fn short(value: &toml::Value) -> String {
    let Some(number) = number_of(value) else { return text_of(value) };
    let size = if number == 0.0 { 0.0 } else { libm::log10(number.abs()).floor() };
    match size as i32 {
        6.. => trimmed(format!("{:.2}", number / 1e6)) + "M",
        5 => trimmed(format!("{:.0}", number / 1e3)) + "k",
        size => trimmed(format!("{number:.*}", (2 - size).clamp(0, 8) as usize)),
    }
}

/// Without zeros at the end.
fn trimmed(number: String) -> String {
    match number.contains('.') {
        true => number.trim_end_matches('0').trim_end_matches('.').into(),
        false => number,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use toml::Value;

    #[test]
    fn values_are_written_short() {
        for (value, expected) in [
            (Value::Float(0.123456), "0.123"),
            (Value::Float(0.00051), "0.00051"),
            (Value::Integer(12), "12"),
            (Value::Float(1234.5), "1234"),
            (Value::Integer(250_000), "250k"),
            (Value::Float(1.25e6), "1.25M"),
            (Value::Integer(0), "0"),
            (Value::from("direct"), "direct"),
            (Value::Boolean(true), "true"),
        ] {
            assert_eq!(short(&value), expected);
        }
    }
}
