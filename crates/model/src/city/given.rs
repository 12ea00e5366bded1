//! `[population.given]`: what a scenario lays down of residents instead of drawing it.

use crate::base::params::{self, settings, words};

/// Settings of the section `[population.given]`. Lists hold one number for each adult of a community and
/// hold in every community; an empty list lays down nothing.
#[settings(fixed)]
pub struct Settings {
    /// Who took part before the first month, in every mode.
    #[param(one_of = Usual, zh = "第一个月之前参与者(各方式相同)。")]
    pub activity: Activity,
    /// Chance of having taken part, where `activity` is "share".
    #[param(
        share = 0.1,
        zh = "每人曾经参与的概率(activity 为 share 时)。",
        choice,
        demonstration = [".activity=share"]
    )]
    pub active_share: f64,
    /// Residents of each community who took part, where `activity` is "number".
    #[param(
        count = 1,
        range = 0..=2_000_000,
        unit = "residents per community",
        zh = "每个社区曾经参与的人数(activity 为 number 时)。",
        choice,
        demonstration = [".activity=number"]
    )]
    pub active_number: u32,
    /// 1 for each resident who took part, else 0, where `activity` is "listed".
    #[param(
        numbers,
        range = 0.0..=1.0,
        zh = "每位居民是否曾经参与(activity 为 listed 时):参与者为1,否则为0。",
        demonstration = [".activity=listed"]
    )]
    pub active: Vec<f64>,
    /// Whether those who took part before the first month take part in every month that a mode is open.
    #[param(flag = false, zh = "最初参与者是否在每个开放月份都参与。", demonstration = [".activity=share"])]
    pub steadfast: bool,
    /// Whether dispositions are evenly spaced quantiles of their distribution, in the order of residents,
    /// instead of draws.
    #[param(flag = false, zh = "个人倾向是否取其分布的等距分位数(按居民次序),而非随机抽取。")]
    pub evenly: bool,
    /// Lasting inclination of each resident to take part.
    #[param(numbers, range = -10.0..=10.0, unit = "standard deviations", zh = "每位居民的持久参与倾向。")]
    pub disposition: Vec<f64>,
    /// Threshold of each resident in the theory of thresholds; kept as a disposition of as much below nil, so
    /// it needs `theory.threshold.spread = 1` and an intercept of 0.
    #[param(
        numbers,
        range = -10.0..=10.0,
        unit = "share",
        zh = "阈值理论中每位居民的阈值(以负倾向保存,须设 theory.threshold.spread = 1 且截距为0)。",
        demonstration = ["theory.participation=threshold"]
    )]
    pub threshold: Vec<f64>,
    /// Initial trust of each resident in every target.
    #[param(numbers, range = 0.0..=1.0, zh = "每位居民对各对象的初始信任。")]
    pub trust: Vec<f64>,
    /// How far each resident listens to others' trust, in the place of `theory.social.susceptibility`.
    #[param(
        numbers,
        range = 0.0..=1.0,
        zh = "每位居民受他人信任影响的程度(取代 theory.social.susceptibility)。",
        demonstration = ["theory.trust=social"]
    )]
    pub susceptibility: Vec<f64>,
}

/// Who takes part before the first month.
#[words]
pub enum Activity {
    /// as the theory says of each when all others take part at the usual rate
    #[zh = "按理论推算(他人按通常比例参与)"]
    Usual,
    /// each with the chance `active_share`
    #[zh = "每人以 active_share 的概率参与"]
    Share,
    /// `active_number` of each community, drawn anew in each replicate
    #[zh = "每个社区随机抽取 active_number 人"]
    Number,
    /// those of whom `active` says 1
    #[zh = "active 中标为1者"]
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
