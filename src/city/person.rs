//! `[residents]`: how residents begin, hear, learn, forget and move.

use serde::{Deserialize, Serialize};

use super::residents::TARGETS;
use crate::base::params::{self, Key, word};

/// Settings of the section `[residents]`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[allow(missing_docs)] // Each field is explained by its key below.
pub struct Settings {
    pub trust_neighbours: f64,
    pub trust_committee: f64,
    pub trust_organisations: f64,
    pub trust_property: f64,
    pub trust_local_government: f64,
    pub trust_central_government: f64,
    pub trust_spread: f64,
    pub trust_shape: Shape,
    pub trust_return: f64,
    pub trust_rest: f64,
    pub awareness: f64,
    pub accuracy: f64,
    pub satisfaction: f64,
    pub forgetting: f64,
    pub word_of_mouth: f64,
    pub habit_gain: f64,
    pub habit_loss: f64,
    pub skill_gain: f64,
    pub voice_gain: f64,
    pub efficacy_gain: f64,
    pub efficacy_fade: f64,
    pub attachment_gain: f64,
    pub satisfaction_gain: f64,
    pub social_influence: f64,
    pub request_rate: f64,
    pub request_effect: f64,
    pub neighbour_contact: f64,
    pub neighbour_good: f64,
    pub property_contact: f64,
    pub central_contact: f64,
    pub central_good: f64,
    pub move_owner: f64,
    pub move_renter: f64,
    pub mortality: f64,
    pub settling_months: u16,
}

/// How initial trust is spread over residents.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Shape {
    /// Normal, clipped.
    Normal,
    /// Even between two bounds.
    Uniform,
}

impl Settings {
    /// Initial mean trust by target, in the order of `Target::ALL`.
    pub fn initial_trust(&self) -> [f64; TARGETS] {
        [
            self.trust_neighbours,
            self.trust_committee,
            self.trust_organisations,
            self.trust_property,
            self.trust_local_government,
            self.trust_central_government,
        ]
    }
}

impl params::Settings for Settings {
    fn keys() -> Vec<Key> {
        vec![
            Key::share("trust_neighbours", 0.64)
                .fixed()
                .means("Initial mean trust in neighbours.", "对邻里的初始平均信任。")
                .measured("most people can be trusted: 64.4 % (WVS 2010–14, China); neighbour parcel pick-up no problem or mostly: 65 % (SUNS 2017)"),
            Key::share("trust_committee", 0.63)
                .fixed()
                .means("Initial mean trust in the residents' committee.", "对居委会的初始平均信任。")
                .derived("trust in village leaders 63 % (HEPS 2012), carried over to residents' committees"),
            Key::share("trust_organisations", 0.60)
                .fixed()
                .means("Initial mean trust in social organisations.", "对社会组织的初始平均信任。")
                .assumed("source text F2 says high; no survey found"),
            Key::share("trust_property", 0.50)
                .fixed()
                .means("Initial mean trust in the property company.", "对物业公司的初始平均信任。")
                .assumed("no survey found"),
            Key::share("trust_local_government", 0.70)
                .fixed()
                .means("Initial mean trust in local government.", "对地方政府的初始平均信任。")
                .measured("70.2 % satisfied with township government in 2016 (Cunningham, Saich and Turiel 2020)"),
            Key::share("trust_central_government", 0.85)
                .fixed()
                .means("Initial mean trust in the central government.", "对中央政府的初始平均信任。")
                .measured("85 % say they trust it (Li 2021, China Quarterly)"),
            Key::real("trust_spread", 0.15, 0.0, 0.4)
                .fixed()
                .unit("share")
                .means("Standard deviation of initial trust between residents, before clipping to [0, 1].", "居民初始信任的标准差(截断前)。")
                .assumed("a moderate spread"),
            Key::one_of(
                "trust_shape",
                "normal",
                &[
                    word("normal", "normal, clipped to [0, 1]", "正态分布,截断于[0, 1]"),
                    word("uniform", "even, with the same mean and standard deviation", "均匀分布,均值与标准差相同"),
                ],
            )
            .fixed()
            .means("How initial trust is spread over residents.", "居民初始信任的分布形状。"),
            Key::share("trust_return", 0.0)
                .unit("share per month")
                .means("Step of trust back to `trust_rest` in a month without an experience.", "没有相关经历的月份中信任向 trust_rest 回归的步长。")
                .assumed("no measurement; 0 keeps trust where experience left it"),
            Key::share("trust_rest", 0.5)
                .means("Trust to which one returns without experience.", "没有经历时信任回归的水平。")
                .assumed("neither trust nor distrust"),
            Key::share("awareness", 0.3)
                .fixed()
                .unit("probability")
                .means("Initial chance of knowing what is open to residents.", "初始知情概率。")
                .assumed("before the first month of outreach"),
            Key::share("accuracy", 0.15)
                .fixed()
                .means("Initial accuracy of waste sorting, of newcomers too.", "垃圾分类的初始准确率(含新迁入者)。")
                .derived("15 % of Shanghai's residential areas complied before July 2019"),
            Key::share("satisfaction", 0.70)
                .fixed()
                .means("Initial mean satisfaction and initial level of all services.", "初始平均满意度,亦为各项服务的初始水平。")
                .derived("70.2 % satisfied with township government in 2016, taken as satisfaction with its services"),
            Key::share("forgetting", 0.30)
                .unit("share per month")
                .means("Share of awareness that fades in a month.", "每月淡忘的知情比例。")
                .assumed("news of an occasion lasts a few months"),
            Key::share("word_of_mouth", 0.04)
                .unit("probability per month and active tie")
                .means("Chance of hearing from one acquaintance who took part last time.", "从一位上次参与的熟人处得知的概率。")
                .assumed("proposed core model, no measurement"),
            Key::share("habit_gain", 0.10)
                .means("Share of the gap to a full habit closed by taking part once.", "参与一次使习惯向上靠近的比例。")
                .assumed("proposed core model; sign after Fowler 2006"),
            Key::share("habit_loss", 0.033)
                .means("Share of a habit lost each time the mode is open and not used.", "有机会而未参与时习惯减弱的比例。")
                .assumed("a third of the gain"),
            Key::share("skill_gain", 0.02)
                .means("Share of the gap to full skill closed by taking part once.", "参与一次使能力向上靠近的比例。")
                .assumed("proposed core model"),
            Key::share("voice_gain", 0.05)
                .means("Step of external efficacy towards what became of one's voice.", "外部效能感向诉求结果靠近的步长。")
                .assumed("proposed core model: stake feedback .05"),
            Key::share("efficacy_gain", 0.03)
                .means("Step of internal efficacy for each participation.", "每次参与使内部效能感上升的步长。")
                .assumed("proposed core model"),
            Key::share("efficacy_fade", 0.005)
                .means("Share of internal efficacy and skill lost in a month without participation.", "未参与的月份中内部效能感与能力减弱的比例。")
                .assumed("a sixth of the gain, so that those active every sixth month keep half"),
            Key::share("attachment_gain", 0.01)
                .means("Monthly step of attachment towards satisfaction and company.", "归属感每月向满意度与邻里往来靠近的步长。")
                .assumed("attachment takes years"),
            Key::share("satisfaction_gain", 0.10)
                .means("Monthly step of satisfaction towards the services received.", "满意度每月向所获服务靠近的步长。")
                .assumed("a year to take notice"),
            Key::share("social_influence", 0.02)
                .means("Monthly step of interest towards what acquaintances do and whether voices are heard.", "兴趣每月向熟人参与程度与外部效能感靠近的步长。")
                .assumed("proposed core model .05, halved because both references move slowly"),
            Key::share("request_rate", 0.05)
                .unit("requests per resident and month")
                .means("Chance that a resident needs something of the committee in a month.", "居民每月需要居委会办事的概率。")
                .derived("about 5 recorded jobs a day in a community of a few thousand (two Hubei communities, 2003)"),
            Key::share("request_effect", 0.05)
                .means("Step of satisfaction on a request handled well, or down on one handled badly.", "请求办理好坏对满意度的影响步长。")
                .assumed("half of a month's taking notice"),
            Key::share("neighbour_good", 0.80)
                .means("Share of experiences with neighbours that are good where nobody is active; activity of acquaintances adds up to the rest.", "熟人均不活跃时邻里往来中好的比例,熟人的参与使其上升。")
                .derived("with a quarter of acquaintances active it keeps trust in neighbours near 64 % in the asymmetric rule"),
            Key::share("neighbour_contact", 0.25)
                .unit("probability per month")
                .means("Chance of an experience with neighbours that moves trust in them.", "与邻里发生影响信任的往来的概率。")
                .derived("57 % have contact at least weekly (SUNS 2017); about half of them an experience worth remembering in a month"),
            Key::share("property_contact", 0.10)
                .unit("probability per month")
                .means("Chance of an experience with the property company.", "与物业公司发生接触的概率。")
                .assumed("about one in a year"),
            Key::share("central_contact", 0.05)
                .unit("probability per month")
                .means("Chance that national news moves trust in the central government.", "全国性消息影响对中央信任的概率。")
                .assumed("exogenous"),
            Key::share("central_good", 0.95)
                .means("Share of national news that speaks for the central government.", "全国性消息中正面的比例。")
                .assumed("imposed: keeps the level near 85 % in the asymmetric rule; see docs/odd.md on what is imposed"),
            Key::share("move_owner", 0.004)
                .unit("probability per month and household")
                .means("Chance that an owner household moves away.", "自有住房家庭每月迁出的概率。")
                .assumed("mean stay of 21 years"),
            Key::share("move_renter", 0.02)
                .unit("probability per month and household")
                .means("Chance that a renting household moves away.", "租住家庭每月迁出的概率。")
                .assumed("mean stay of 4 years"),
            Key::share("mortality", 1.0)
                .unit("multiple of the life table")
                .means("Scales the death hazard of the built-in life table; 0 means nobody dies.", "对内置生命表死亡率的倍数;0 表示无人死亡。")
                .derived("Gompertz hazard doubling every 8 years, 1 % a year at 65 (order of China's 2020 life table)"),
            Key::count("settling_months", 24, 0, 240)
                .unit("months")
                .means("Months until a newcomer's acquaintance with neighbours counts in full.", "新居民与邻里完全熟识所需的月数。")
                .assumed("proposed core model: ties begin anew after a move"),
        ]
    }
}
