//! What people see of a comparison.

pub(crate) mod costs;
pub(crate) mod table;
pub(crate) mod warnings_table;

use shequ_experiment::compare::effects::{Asked, Effect, Side};
use shequ_experiment::compare::time_series::Courses;
use shequ_experiment::window::Window;
use shequ_model::base::i18n::Language;
use shequ_model::base::params::text;

/// A comparison, ready to be shown.
#[derive(Clone, Copy)]
pub struct Comparison<'a> {
    /// The outcomes of every replicate.
    pub asked: &'a Asked,
    /// Each arm with its base: the first of each pair is the base.
    pub arms: &'a [(&'a Side, &'a Side)],
    /// The effects, by arm, window and outcome.
    pub effects: &'a [Effect],
    /// Every month of every side.
    pub courses: &'a Courses,
    /// True if arms and baseline use common random numbers.
    pub paired: bool,
    /// Language of words.
    pub language: Language,
}

impl Comparison<'_> {
    /// The effect of arm `arm` on outcome `outcome` in window `window`, all counted from 0.
    pub fn effect(&self, arm: usize, window: usize, outcome: usize) -> &Effect {
        &self.effects[arm * self.asked.width() + self.asked.index(window, outcome)]
    }
}

/// The name of a side.
pub fn title(side: &Side, language: Language) -> &str {
    match language {
        Language::Zh if !side.name_zh.is_empty() => &side.name_zh,
        _ => &side.name,
    }
}

/// "last year", or the months.
pub fn window_in_words(window: Window, language: Language) -> String {
    let words = match window {
        Window::FirstYear => text("first year", "第一年"),
        Window::LastYear => text("last year", "最后一年"),
        Window::Whole => text("whole run", "全程"),
        Window::Months(from, to) if from == to => return from.to_string(),
        Window::Months(from, to) => {
            return match language {
                Language::En => format!("{from} to {to}"),
                Language::Zh => format!("{from} 至 {to}"),
            };
        }
    };
    language.of(words).into()
}
