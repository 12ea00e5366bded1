//! `[population.given]`: what a scenario lays down of residents instead of drawing it.

use serde::{Deserialize, Serialize};

use crate::base::params::{self, Key, word};

/// Settings of the section `[population.given]`. Lists hold one number for each adult of a community and
/// hold in every community; an empty list lays down nothing.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[allow(missing_docs)] // Each field is explained by its key below.
pub struct Settings {
    pub activity: Activity,
    pub active_share: f64,
    pub active_number: u32,
    pub active: Vec<f64>,
    pub steadfast: bool,
    pub evenly: bool,
    pub disposition: Vec<f64>,
    pub threshold: Vec<f64>,
    pub trust: Vec<f64>,
    pub susceptibility: Vec<f64>,
}

/// Who takes part before the first month.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Activity {
    /// As the theory says of each when all others take part at the usual rate.
    Usual,
    /// Each with the same chance.
    Share,
    /// So many of each community, whoever they are.
    Number,
    /// Those listed.
    Listed,
}

impl Settings {
    /// The lists, with the names of their keys.
    pub fn lists(&self) -> [(&'static str, &[f64]); 5] {
        [
            ("population.given.active", &self.active),
            ("population.given.disposition", &self.disposition),
            ("population.given.threshold", &self.threshold),
            ("population.given.trust", &self.trust),
            ("population.given.susceptibility", &self.susceptibility),
        ]
    }
}

impl Default for Settings {
    fn default() -> Settings {
        params::Settings::standard()
    }
}

impl params::Settings for Settings {
    fn keys() -> Vec<Key> {
        vec![
            Key::one_of(
                "activity",
                "usual",
                &[
                    word("usual", "as the theory says of each when all others take part at the usual rate", "按理论推算(他人按通常比例参与)"),
                    word("share", "each with the chance `active_share`", "每人以 active_share 的概率参与"),
                    word("number", "`active_number` of each community, drawn anew in each life", "每个社区随机抽取 active_number 人"),
                    word("listed", "those of whom `active` says 1", "active 中标为1者"),
                ],
            )
            .means("Who took part before the first month, in every mode.", "第一个月之前参与者(各方式相同)。"),
            Key::share("active_share", 0.1)
                .means("Chance of having taken part, where `activity` is \"share\".", "activity 为 share 时的参与概率。")
                .choice(),
            Key::count("active_number", 1, 0, 2_000_000)
                .unit("residents per community")
                .means("Residents of each community who took part, where `activity` is \"number\".", "activity 为 number 时每个社区的参与人数。")
                .choice(),
            Key::numbers("active", 0.0, 1.0)
                .means("1 for each resident who took part, else 0, where `activity` is \"listed\".", "activity 为 listed 时,参与者为1,否则为0。"),
            Key::flag("steadfast", false)
                .means("Whether those who took part before the first month take part in every month that a mode is open.", "最初参与者是否在每个开放月份都参与。"),
            Key::flag("evenly", false)
                .means("Whether dispositions are evenly spaced quantiles of the normal distribution, in the order of residents, instead of draws.", "个人倾向是否取正态分布的等距分位数(按居民次序),而非随机抽取。"),
            Key::numbers("disposition", -10.0, 10.0)
                .unit("standard deviations")
                .means("Lasting inclination of each resident to take part.", "每位居民的持久参与倾向。"),
            Key::numbers("threshold", -10.0, 10.0)
                .unit("share")
                .means("Threshold of each resident in the theory of thresholds; kept as a disposition of as much below nil, so it needs `theory.threshold.spread = 1` and an intercept of 0.", "阈值理论中每位居民的阈值(以负倾向保存,须设 theory.threshold.spread = 1 且截距为0)。"),
            Key::numbers("trust", 0.0, 1.0)
                .means("Initial trust of each resident in every target.", "每位居民对各对象的初始信任。"),
            Key::numbers("susceptibility", 0.0, 1.0)
                .means("How far each resident listens to others' trust, in the place of `theory.social.susceptibility`.", "每位居民受他人信任影响的程度(取代 theory.social.susceptibility)。"),
        ]
        .into_iter()
        .map(Key::fixed)
        .collect()
    }
}
