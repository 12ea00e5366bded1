//! The question as a title: an outcome over some months, of a scenario or as the effect of an arm.

use shequ_model::base::i18n::Language;

/// Whose outcome it is; names are in the language of the title.
#[derive(Clone, Copy, Debug)]
pub enum Whose<'a> {
    /// That of the only scenario.
    Only,
    /// That of one of several.
    Of(&'a str),
    /// What an arm changes in it, against the base.
    Effect(&'a str),
}

/// The title of `outcome` over `months`, both in words.
pub fn title(outcome: &str, months: &str, whose: Whose, language: Language) -> String {
    match (language, whose) {
        (Language::En, Whose::Only) => format!("{outcome}, {months}"),
        (Language::Zh, Whose::Only) => format!("{outcome}（{months}）"),
        (Language::En, Whose::Of(name)) => format!("{outcome}, {months}, {name}"),
        (Language::Zh, Whose::Of(name)) => format!("{outcome}（{months}，{name}）"),
        (Language::En, Whose::Effect(arm)) => format!("Effect of \"{arm}\" on {outcome}, {months}"),
        (Language::Zh, Whose::Effect(arm)) => format!("“{arm}”的效应：{outcome}（{months}）"),
    }
}
