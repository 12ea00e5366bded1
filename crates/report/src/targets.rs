//! Targets in words: what is read off a run, what it should be, and whether it is.

use crate::page::groups;
use shequ_experiment::record::sheet::Sheet;
use shequ_experiment::targets::table::Operation;
use shequ_experiment::targets::{Aim, Target, Use, Verdict};
use shequ_model::base::i18n::{Both, Language, both};
use shequ_model::base::params::text;
use shequ_model::mechanism::Origin;

/// What is read off a run for a target.
pub fn what(target: &Target, language: Language) -> String {
    let change = match target.against {
        Some(_) => language.of(text("change of ", "变化：")),
        None => "",
    };
    let less = target.quantity.less.as_ref().map(|level| format!(" − {level}")).unwrap_or_default();
    let group = match &target.quantity.group {
        Some((group, level)) => format!(", {group}: {level}{less}"),
        None => String::new(),
    };
    format!("{change}{}{group}", target.written)
}

/// The same in the words of labels, as a picture and a page name it.
pub fn called(target: &Target) -> Both {
    let quantity = &target.quantity;
    let name = groups::name(&quantity.metric);
    let name = match &quantity.with {
        None => name,
        Some((operation, other)) => {
            let sign = match operation {
                Operation::Plus => " + ",
                Operation::Minus => " − ",
                Operation::Over => " / ",
            };
            let other = groups::name(other);
            both(format!("{}{sign}{}", name.en, other.en), format!("{}{sign}{}", name.zh, other.zh))
        }
    };
    let name = match quantity.trend {
        true => both!("{name}, change a year", "{name}的年变化"; name = name),
        false => name,
    };
    let name = match &quantity.group {
        None => name,
        Some((group, level)) => {
            let group = groups::named(group, level);
            let less = quantity.less.as_ref().map(|level| groups::word(level));
            let less = less.map_or(Both::default(), |less| both!(" − {less}", " − {less}"; less = less));
            both!("{name}, {group}{less}", "{name}，{group}{less}"; name = name, group = group, less = less)
        }
    };
    match target.against {
        Some(_) => both!("change of {name}", "{name}的变化"; name = name),
        None => name,
    }
}

/// The same with its id.
pub fn called_with_id(target: &Target) -> Both {
    both!("{id}: {name}", "{id}：{name}"; id = target.id, name = called(target))
}

/// A median with its interval; a dash where there is none.
pub fn interval([median, low, high]: [f64; 3]) -> String {
    match median.is_nan() {
        true => "–".into(),
        false => format!("{} [{}, {}]", digits(median), digits(low), digits(high)),
    }
}

/// The same of a row of a table of a calibration, whose columns begin with `prefix`.
pub fn interval_of(sheet: &Sheet, row: usize, prefix: &str) -> String {
    interval(["median", "p05", "p95"].map(|end| sheet.number(row, &format!("{prefix}_{end}"))))
}

/// Standard deviations between a figure and its target; a dash where that has no meaning.
pub fn distance(deviations: f64) -> String {
    if deviations.is_nan() { "–".into() } else { format!("{deviations:.1}") }
}

/// A number with the digits that matter.
pub fn digits(value: f64) -> String {
    let digits = if value.abs() >= 10.0 {
        0
    } else if value.abs() >= 1.0 {
        1
    } else {
        3
    };
    let number = format!("{:.digits$}", value.abs());
    let is_zero = number.bytes().all(|byte| matches!(byte, b'0' | b'.'));
    if value < 0.0 && !is_zero { format!("−{number}") } else { number }
}

/// What a target's figure should be.
pub fn aim(target: &Target, language: Language) -> String {
    match target.aim {
        Aim::Number(number) if target.standard_error > 0.0 => {
            format!("{} ± {}", digits(number), digits(target.standard_error))
        }
        Aim::Number(number) => digits(number),
        Aim::AtLeast(low) => format!("≥ {}", digits(low)),
        Aim::AtMost(high) => format!("≤ {}", digits(high)),
        Aim::Between(low, high) => {
            both!("{low} to {high}", "{low} 至 {high}"; low = digits(low), high = digits(high))
                .of(language)
                .into()
        }
        Aim::Positive => language.of(text("above 0", "大于 0")).into(),
        Aim::Negative => language.of(text("below 0", "小于 0")).into(),
    }
}

/// The word for where a figure comes from.
pub fn origin(origin: Option<Origin>, language: Language) -> String {
    origin.map_or("–".into(), |origin| language.of(origin.label()).into())
}

/// The word for what a target is for.
pub fn used(used: Use, language: Language) -> String {
    language
        .of(match used {
            Use::Fit => text("fit", "拟合"),
            Use::HoldOut => text("held back", "留出"),
            Use::Show => text("shown", "展示"),
        })
        .into()
}

/// The word for whether a target is met.
pub fn verdict(verdict: Verdict, language: Language) -> String {
    language
        .of(match verdict {
            Verdict::Met => text("met", "满足"),
            Verdict::Missed => text("MISSED", "不满足"),
            Verdict::Open => text("cannot tell", "无法判断"),
            Verdict::NoValue => text("no value", "无数值"),
        })
        .into()
}
