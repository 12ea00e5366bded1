//! `[residents]`: how residents begin, hear, learn, forget and move.

use super::Mode;
use super::residents::TARGETS;
use crate::base::math::normal_share;
use crate::base::params::{Text, settings, text, words};

/// What makes a sense of duty.
const DUTY: [Text; 3] =
    [text("interest", "兴趣"), text("attachment", "归属感"), text("party member", "党员")];

/// Settings of the section `[residents]`.
#[settings]
pub struct Settings {
    /// Initial mean trust in neighbours.
    #[param(
        share = 0.555,
        zh = "对邻里的初始平均信任。",
        fitted = "posterior median of the calibrated baseline; before, .60: 62.7 % of all answers are that most people can be trusted (WVS, China, wave of 2012), read as a mean; waves differ by several points",
        prior = share(0.6, 0.4),
        fixed
    )]
    pub trust_neighbours: f64,
    /// Initial mean trust in the residents' committee.
    #[param(
        share = 0.547,
        zh = "对居委会的初始平均信任。",
        fitted = "posterior median of the calibrated baseline; before, .63: trust in village leaders 63 % (HEPS 2012), carried over to residents' committees",
        prior = share(0.63, 0.4),
        fixed
    )]
    pub trust_committee: f64,
    /// Initial mean trust in social organisations.
    #[param(
        share = 0.60,
        zh = "对社会组织的初始平均信任。",
        assumed = "source text F2 says high; no survey found",
        fixed
    )]
    pub trust_organisations: f64,
    /// Initial mean trust in the property company.
    #[param(share = 0.50, zh = "对物业公司的初始平均信任。", assumed = "no survey found", fixed)]
    pub trust_property: f64,
    /// Initial mean trust in local government.
    #[param(
        share = 0.557,
        zh = "对地方政府的初始平均信任。",
        fitted = "posterior median of the calibrated baseline; before, .62: 69 % trust it a great deal or quite a lot (WVS 2018, China): on four answers from 0 to 1 that goes with a mean of about .62",
        prior = share(0.62, 0.4),
        fixed
    )]
    pub trust_local_government: f64,
    /// Initial mean trust in the central government.
    #[param(
        share = 0.80,
        zh = "对中央政府的初始平均信任。",
        derived = "95 % trust it a great deal or quite a lot (WVS 2018, China): on four answers from 0 to 1 that goes with a mean of about .80",
        fixed
    )]
    pub trust_central_government: f64,
    /// Standard deviation of initial trust between residents, before clipping to [0, 1].
    #[param(
        real = 0.22,
        range = 0.0..=0.4,
        unit = "share",
        zh = "居民初始信任的标准差(截断前)。",
        measured = "trust in the people who run our government, four answers from 0 to 1: .222 in 2011 and .226 in 2014–16 (Asian Barometer, China, N = 3,266 and 3,622); the noise of answering is in it",
        // .18 to .24, without the noise of answering.
        prior = normal(0.215, 0.025),
        fixed
    )]
    pub trust_spread: f64,
    /// Share of the variance of initial trust that a resident has in common over all targets: the correlation
    /// between trust in any two of them. Attributes do not enter: party members differ from others by
    /// −.013 ± .020 (Asian Barometer, China 2011).
    #[param(
        share = 0.45,
        zh = "居民对各对象初始信任中的共同部分所占方差比例,即任意两对象间的相关系数。",
        derived = "survey items on trust in institutions correlate .3 to .6; the middle",
        fixed
    )]
    pub trust_common: f64,
    /// How initial trust is spread over residents.
    #[param(one_of = Normal, zh = "居民初始信任的分布形状。", fixed)]
    pub trust_shape: Shape,
    /// How lasting inclinations to take part, in which thresholds differ too, are spread over residents.
    #[param(one_of = Normal, zh = "居民持久参与倾向(亦即阈值差异)的分布形状。", fixed)]
    pub inclination_shape: Shape,
    /// Step of trust back to where it rests in a month without an experience.
    #[param(
        share = 0.01,
        unit = "share per month",
        zh = "没有相关经历的月份中信任回归静止水平的步长。",
        derived = "six panels of 1965 to 2020: trust is stable over up to 19 years, and swings after changes of government are gone in a few years (Devine and Valgarðsson 2024); half of one in six years",
        // Panels of years give the order; nil is not excluded.
        prior = half_normal(0.02)
    )]
    pub trust_return: f64,
    /// Whether trust rests where each resident's own began, instead of at `trust_rest`.
    #[param(
        flag = true,
        zh = "信任是否回归各居民自身的初始水平(否则回归 trust_rest)。",
        derived = "residents keep their order over decades (Devine and Valgarðsson 2024)"
    )]
    pub trust_own_rest: bool,
    /// Trust at which all rest, where not each at their own.
    #[param(
        share = 0.5,
        zh = "信任回归的共同水平(不采用自身水平时)。",
        assumed = "neither trust nor distrust",
        demonstration = [".trust_return=0.2", ".trust_own_rest=false"]
    )]
    pub trust_rest: f64,
    /// What a good experience of what somebody does for residents (services, requests, company, upkeep,
    /// projects, news) weighs, where a bad one weighs 1.
    #[param(
        share = 0.4,
        unit = "multiple of a bad experience",
        zh = "办事与服务成效方面,一次好经历相对于一次坏经历的分量。",
        derived = "a bad experience weighs 2.5 times a good one (1 to 10): a panel finds asymmetry for effectiveness (Oliveira et al. 2021), cross-sections 4 to 14 (Skogan 2006)",
        prior = log_normal(0.4, 0.6).within(0.07, 1.0)
    )]
    pub good_performance: f64,
    /// What a good experience of how one is treated (by officers and officials) weighs, where a bad one weighs 1.
    #[param(
        share = 1.0,
        unit = "multiple of a bad experience",
        zh = "所受对待是否公正方面,一次好经历相对于一次坏经历的分量。",
        derived = "the one panel finds symmetry for fairness (Oliveira et al. 2021)"
    )]
    pub good_fairness: f64,
    /// Share of a change of trust in one target by experience that passes on to each other target, at a trust
    /// of one half.
    #[param(
        share = 0.1,
        zh = "对某一对象的信任变化传递到其他各对象的比例(因经历而变化,且信任为0.5时)。",
        assumed = "no experiment was found; below `trust_common`, as levels are formed by more than what passes on"
    )]
    pub trust_spill: f64,
    /// Further share that passes from one level of government to the other.
    #[param(
        share = 0.1,
        zh = "各级政府之间额外传递的比例。",
        assumed = "those who trust one level trust the other more than they trust neighbours; no experiment was found"
    )]
    pub trust_spill_levels: f64,
    /// Initial chance of knowing what is open to residents.
    #[param(
        share = 0.3,
        unit = "probability",
        zh = "初始知情概率。",
        assumed = "before the first month of outreach",
        fixed
    )]
    pub awareness: f64,
    /// Initial accuracy of waste sorting; without burn-in of newcomers too.
    #[param(
        share = 0.15,
        zh = "垃圾分类的初始准确率(无预热期时含新迁入者)。",
        derived = "15 % of Shanghai's residential areas complied before July 2019",
        fixed
    )]
    pub accuracy: f64,
    /// Initial mean satisfaction and initial level of all services.
    #[param(
        share = 0.70,
        zh = "初始平均满意度,亦为各项服务的初始水平。",
        derived = "70.2 % satisfied with township government in 2016, taken as satisfaction with its services",
        fixed
    )]
    pub satisfaction: f64,
    /// Share of what residents know from people that fades in a month; messages to many fade by
    /// `outreach.message_half_life`.
    #[param(
        share = 0.30,
        unit = "share per month",
        zh = "由人当面或口头得知的内容每月淡忘的比例;面向众人的信息按 outreach.message_half_life 淡忘。",
        derived = "half is left after two months, longer than mass communication, of which some lasts six weeks in the best case (Hill et al. 2013). With it .30 of the baseline's residents know what is open, as many as know who heads their committee (.30, Shanghai 2017); with .4 only .19 do",
        // Persuasion is gone sooner (.30 to .85 a month); news from a neighbour may last longer.
        prior = beta(6.0, 5.0)
    )]
    pub forgetting: f64,
    /// Chance of hearing from one acquaintance who took part last time.
    #[param(
        share = 0.0586,
        unit = "probability per month and active tie",
        zh = "从一位上次参与的熟人处得知的概率。",
        fitted = "posterior median of the calibrated baseline; before, .08: those who take part tell with about .35 in some four months (Banerjee, Chandrasekhar, Duflo and Jackson 2013, 43 Indian villages; the rate from memory): .03 to .15 a month",
        prior = log_normal(0.07, 0.5)
    )]
    pub word_of_mouth: f64,
    /// What an acquaintance tells who knows of it but did not take part last time, where one who did tells 1.
    #[param(
        share = 0.14,
        unit = "multiple of word_of_mouth",
        zh = "知情但上次未参与的熟人传话的概率,相对于上次参与者。",
        derived = "those who take part are seven times as likely to pass it on as others who are informed (Banerjee, Chandrasekhar, Duflo and Jackson 2013)"
    )]
    pub passing_on: f64,
    /// Share of the gap to a full habit closed by taking part once; votes have their own.
    #[param(
        share = 0.103,
        zh = "参与一次使习惯向上靠近的比例(表决类方式另设)。",
        fitted = "posterior median of the calibrated baseline; before, .10, assumed: proposed core model; sign after Fowler 2006",
        // Elections, where more is known, have a gain of their own.
        prior = log_normal(0.1, 0.6).within(0.02, 0.8)
    )]
    pub habit_gain: f64,
    /// Share of a habit lost each time the mode is open and not used; votes have their own.
    #[param(
        share = 0.033,
        zh = "有机会而未参与时习惯减弱的比例(表决类方式另设)。",
        assumed = "a third of the gain",
        // Slower to fade than to form.
        prior = beta(2.0, 4.0).of("residents.habit_gain")
    )]
    pub habit_loss: f64,
    /// Share of the gap to a full habit closed by voting once: in elections, ballots and the owners' assembly, which
    /// come once a year or less often.
    #[param(
        share = 0.7,
        zh = "投票一次使习惯向上靠近的比例(选举、票决、业主大会,一年一次或更少)。",
        derived = "field experiments: one vote raises the next by 10 points on average (Coppock and Green 2016), 47 in one (Gerber, Green and Shachar 2003). With 0.7 and theory.calculus.habit = 2, one vote raises the next three years later by about 7 points in the model's own experiment, those who moved meanwhile included",
        // 5 to 47 points from one vote to the next.
        prior = beta(6.0, 3.0)
    )]
    pub vote_habit_gain: f64,
    /// Share of a habit lost each time that a vote is held and not taken part in.
    #[param(
        share = 0.23,
        zh = "有投票机会而未参加时习惯减弱的比例。",
        assumed = "a third of the gain, as with other modes",
        // Slower to fade than to form.
        prior = beta(2.0, 4.0).of("residents.vote_habit_gain")
    )]
    pub vote_habit_loss: f64,
    /// How fast residents tire of being asked in person: a contact does 1 / (1 + tiring · contacts in the last year) of
    /// what it does to one who was not asked.
    #[param(
        real = 0.5,
        range = 0.0..=10.0,
        unit = "per contact",
        zh = "居民对当面邀请的厌倦:一次邀请的作用为首次的 1 / (1 + 厌倦 · 过去一年被邀请次数)。",
        assumed = "no measurement carried over; that repeated contacts add less and less is agreed. A second one does two thirds, one each month a seventh"
    )]
    pub tiring: f64,
    /// Share of the gap to full skill closed by taking part once.
    #[param(share = 0.02, zh = "参与一次使能力向上靠近的比例。", assumed = "proposed core model")]
    pub skill_gain: f64,
    /// Step of external efficacy towards what became of one's voice.
    #[param(
        share = 0.05,
        zh = "外部效能感向诉求结果靠近的步长。",
        assumed = "proposed core model: stake feedback .05",
        prior = log_normal(0.05, 0.5)
    )]
    pub external_efficacy_gain: f64,
    /// Step of internal efficacy for each participation.
    #[param(
        share = 0.03,
        zh = "每次参与使内部效能感上升的步长。",
        assumed = "proposed core model",
        prior = log_normal(0.03, 0.5)
    )]
    pub internal_efficacy_gain: f64,
    /// Share of internal efficacy and skill lost in a month without participation.
    #[param(
        share = 0.005,
        zh = "未参与的月份中内部效能感与能力减弱的比例。",
        assumed = "a sixth of the gain, so that those active every sixth month keep half",
        prior = beta(2.0, 10.0).of("residents.internal_efficacy_gain")
    )]
    pub internal_efficacy_fade: f64,
    /// Monthly step of attachment towards satisfaction and company.
    #[param(
        share = 0.01,
        zh = "归属感每月向满意度与邻里往来靠近的步长。",
        assumed = "attachment takes years",
        prior = log_normal(0.01, 0.5)
    )]
    pub attachment_gain: f64,
    /// Monthly step of satisfaction towards the services received.
    #[param(
        share = 0.10,
        zh = "满意度每月向所获服务靠近的步长。",
        assumed = "a year to take notice",
        prior = log_normal(0.1, 0.5)
    )]
    pub satisfaction_gain: f64,
    /// Monthly step of interest towards what acquaintances do and whether voices are heard.
    #[param(
        share = 0.02,
        zh = "兴趣每月向熟人参与程度与外部效能感靠近的步长。",
        assumed = "proposed core model .05, halved because both references move slowly",
        // Surveys cannot tell influence from choice of company.
        prior = log_normal(0.02, 0.6)
    )]
    pub social_influence: f64,
    /// Chance that a resident needs something of the committee in a month.
    #[param(
        share = 0.015,
        unit = "requests per resident and month",
        zh = "居民每月需要居委会办事的概率。",
        derived = "28 % of 155 recorded jobs a month, those not from above, in a community of about 3,000 adults (two Hubei communities, 2003)"
    )]
    pub request_rate: f64,
    /// Step of satisfaction on a request handled well, or down on one handled badly.
    #[param(
        share = 0.05,
        zh = "请求办理好坏对满意度的影响步长。",
        assumed = "half of a month's taking notice"
    )]
    pub request_effect: f64,
    /// Share of experiences with neighbours that are good where nobody is active; activity of acquaintances
    /// adds up to the rest.
    #[param(
        share = 0.669,
        zh = "熟人均不活跃时邻里往来中好的比例,熟人的参与使其上升。",
        fitted = "posterior median of the calibrated baseline; before, .77: with a tenth of acquaintances active .79 are good, which keeps trust in neighbours at .60 where a bad experience weighs 2.5 times a good one",
        prior = share(0.77, 0.4)
    )]
    pub neighbour_good: f64,
    /// Chance of an experience with neighbours that moves trust in them.
    #[param(
        share = 0.25,
        unit = "probability per month",
        zh = "与邻里发生影响信任的往来的概率。",
        derived = "57 % have contact at least weekly (SUNS 2017); about half of them an experience worth remembering in a month"
    )]
    pub neighbour_contact: f64,
    /// Chance of an experience with the property company, where one manages the compound.
    #[param(
        share = 0.10,
        unit = "probability per month",
        zh = "与物业公司发生接触的概率(所在小区有物业管理时)。",
        assumed = "about one in a year"
    )]
    pub property_contact: f64,
    /// Chance that national news moves trust in the central government.
    #[param(
        share = 0.05,
        unit = "probability per month",
        zh = "全国性消息影响对中央信任的概率。",
        assumed = "exogenous"
    )]
    pub central_contact: f64,
    /// Share of national news that speaks for the central government.
    #[param(
        share = 0.91,
        zh = "全国性消息中正面的比例。",
        assumed = "imposed: keeps trust in the centre at .80, where bad news weighs 2.5 times good news; see docs/odd.md on what is imposed",
        // Imposed: trust in the centre then rests within .03 of .80.
        prior = uniform(0.893, 0.925)
    )]
    pub central_good: f64,
    /// Chance that an owner household moves away.
    #[param(
        share = 0.004,
        unit = "probability per month and household",
        zh = "自有住房家庭每月迁出的概率。",
        assumed = "mean stay of 21 years",
        // .002 to .005, by sales of homes.
        prior = log_normal(0.003, 0.36)
    )]
    pub move_owner: f64,
    /// Chance that a renting household moves away.
    #[param(
        share = 0.02,
        unit = "probability per month and household",
        zh = "租住家庭每月迁出的概率。",
        assumed = "mean stay of 4 years",
        // A tenancy lasts about a year, a stay in the city four: .03 to .09.
        prior = log_normal(0.05, 0.43)
    )]
    pub move_renter: f64,
    /// Scales the death hazard of the life table; 0 means nobody dies.
    #[param(
        share = 1.0,
        unit = "multiple of the life table",
        zh = "对生命表死亡率的倍数;0 表示无人死亡。",
        derived = "the hazard is that of `death_at_65` and `death_doubling`"
    )]
    pub mortality: f64,
    /// Hazard of death at 65.
    #[param(
        real = 0.01,
        range = 0.0..=1.0,
        unit = "per year",
        zh = "65岁时的年死亡率。",
        derived = "the order of China's life table of 2020",
        fixed
    )]
    pub death_at_65: f64,
    /// Years of age over which the hazard of death doubles.
    #[param(
        real = 8.0,
        range = 1.0..=100.0,
        unit = "years",
        zh = "死亡率翻倍所需的年龄差。",
        derived = "Gompertz law; the order of China's life table of 2020",
        fixed
    )]
    pub death_doubling: f64,
    /// Chance that a resident leaves the community on retiring, and somebody who comes of age takes the
    /// place:
    /// migrants return, and parents follow their children.
    #[param(
        share = 0.4,
        unit = "probability",
        zh = "居民退休时离开社区、由新成年者补位的概率(返乡或投靠子女)。",
        derived = "in Chengdu's census of 2020 ages 60–69 are 0.55 times as dense as 45–59, of which deaths explain 0.93: with this chance the age structure asked for is at rest"
    )]
    pub leave_at_retirement: f64,
    /// Share of those who come of age who take after somebody at home in habits, feelings and trust; the others
    /// take after residents of 18 to 29. Acts only where there is burn-in.
    #[param(
        share = 0.5,
        zh = "新成年者中承袭家人习惯、感受与信任的比例,其余承袭18–29岁居民;仅在有预热期时起作用。",
        assumed = "half; no measurement of upbringing and peers apart was found",
        demonstration = ["burn_in=12"]
    )]
    pub upbringing: f64,
    /// Months until a newcomer's acquaintance with neighbours counts in full.
    #[param(
        count = 24,
        range = 0..=240,
        unit = "months",
        zh = "新居民与邻里完全熟识所需的月数。",
        assumed = "proposed core model: ties begin anew after a move"
    )]
    pub settling_months: u16,
    /// Share of encounters with neighbours in activities, in public spaces and in help by teams that are
    /// good.
    #[param(
        share = 0.95,
        zh = "活动、公共空间与志愿互助中邻里往来良好的比例。",
        assumed = "nearly all like it"
    )]
    pub activity_good: f64,
    /// What residents feel of a project that failed, where one that was finished weighs 1.
    #[param(
        share = 0.6,
        unit = "multiple",
        zh = "项目失败对外部效能感的影响,相对于项目完成。",
        assumed = "a failure is put down to others than the committee too"
    )]
    pub failed_project: f64,
    /// Share of common rules that are forgotten in a month in which nobody renews them.
    #[param(
        share = 0.01,
        unit = "share per month",
        zh = "无人维护时共同规则每月被淡忘的比例。",
        assumed = "half in six years"
    )]
    pub rules_fade: f64,
    /// Share of acquaintances across compounds that fall asleep in a month.
    #[param(
        share = 0.02,
        unit = "share per month",
        zh = "跨院落的相识每月淡化的比例。",
        assumed = "half in three years",
        demonstration = ["organisations.bridging=0.5"]
    )]
    pub bridges_fade: f64,
    /// What the sense of duty to take part is made of, each from 0 to 1.
    #[param(each = [0.5, 0.25, 0.25],
        range = 0.0..=1.0,
        parts = DUTY,
        unit = "weight",
        zh = "参与责任感的构成(各项为0至1)。",
        assumed = "no measurement; with it party members differ from others by about a third of what SUNS 2017 finds, before mobilisation"
    )]
    pub duty: [f64; DUTY.len()],
    /// Weight of the share of free time that taking part takes in what it costs; the rest is friction.
    #[param(
        share = 0.5,
        zh = "参与成本中所占空闲时间比例的权重,其余为其他成本。",
        assumed = "no measurement"
    )]
    pub cost_of_time: f64,
    /// Share of what is at stake in their community that residents feel who are not attached to it at all.
    #[param(share = 0.5, zh = "对社区毫无归属感者所感受到的事项重要程度比例。", assumed = "no measurement")]
    pub unattached: f64,
}

/// How something is spread over residents.
#[words]
pub enum Shape {
    /// normal; trust is clipped to [0, 1]
    #[zh = "正态分布;信任截断于[0, 1]"]
    Normal,
    /// even, with the same mean and standard deviation
    #[zh = "均匀分布,均值与标准差相同"]
    Uniform,
}

impl Shape {
    /// A standard normal number as a number of this shape, with the same mean and standard deviation.
    pub fn of(self, z: f64) -> f64 {
        match self {
            Shape::Normal => z,
            Shape::Uniform => libm::sqrt(3.0) * (2.0 * normal_share(z) - 1.0),
        }
    }
}

impl Settings {
    /// Steps of the habit of `mode`: the gain on taking part, and the loss on not doing so.
    pub fn habit_steps(&self, mode: Mode) -> [f32; 2] {
        match mode.is_vote() {
            true => [self.vote_habit_gain as f32, self.vote_habit_loss as f32],
            false => [self.habit_gain as f32, self.habit_loss as f32],
        }
    }

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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::math::normal_quantile;

    #[test]
    fn numbers_of_every_shape_have_mean_nil_and_variance_one() {
        let n = 100_000;
        let draws = || (0..n).map(|i| normal_quantile((i as f64 + 0.5) / n as f64));
        for shape in [Shape::Normal, Shape::Uniform] {
            let (mean, square) =
                draws().map(|z| shape.of(z)).fold((0.0, 0.0), |(m, s), x| (m + x, s + x * x));
            // Quantiles in the middle of 100,000 equal parts; those of the normal miss a ten-thousandth in the tails.
            assert!((mean / n as f64).abs() < 1e-9 && (square / n as f64 - 1.0).abs() < 2e-4, "{shape:?}");
        }
        let half = Shape::Uniform.of(normal_quantile(0.75));
        assert!((half - libm::sqrt(3.0) / 2.0).abs() < 1e-8, "{half}");
    }
}
