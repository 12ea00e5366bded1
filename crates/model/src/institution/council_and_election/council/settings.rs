//! The settings of `[council]`.

use crate::base::params::{settings, words};

/// Settings of `[council]`.
#[settings]
pub struct Settings {
    /// Whether there is a council.
    #[param(flag = false, zh = "是否设立居民议事会。")]
    pub enabled: bool,
    /// Which body of self-government it is.
    #[param(one_of = Council, zh = "议事机构的类型。")]
    pub body: Body,
    /// Seats of the council.
    #[param(
        count = 21,
        range = 1..=200,
        unit = "seats",
        zh = "议事会席位数。",
        assumed = "Chengdu's rules of 2008–10 are said to ask for 21 or more; not verified"
    )]
    pub seats: u32,
    /// How seats are filled.
    #[param(one_of = Direct, zh = "席位产生方式。")]
    pub selection: Selection,
    /// Delegates of each residents' group.
    #[param(
        count = 4,
        range = 1..=20,
        unit = "delegates",
        zh = "每个居民小组的代表数。",
        measured = "3 to 5 by law (source text F19)",
        demonstration = [".selection=delegates"]
    )]
    pub delegates_per_group: u32,
    /// Share of seats held by stationed units.
    #[param(share = 0.0, zh = "驻区单位席位比例。", choice)]
    pub unit_seat_share: f64,
    /// Term of a council.
    #[param(
        count = 36,
        range = 1..=600,
        unit = "months",
        zh = "议事会任期。",
        derived = "terms of residents' committees were three years until 2018"
    )]
    pub term_months: u32,
    /// Sessions open to residents.
    #[param(
        real = 6.0,
        range = 0.0..=52.0,
        unit = "sessions per year",
        zh = "向居民开放的会议次数。",
        assumed = "no count was found"
    )]
    pub sessions_per_year: f64,
    /// Residents' matters that a session can take up.
    #[param(
        count = 15,
        range = 0..=1_000,
        unit = "items per session",
        zh = "每次会议可审议的居民事项数。",
        assumed = "an afternoon"
    )]
    pub agenda_items: u32,
    /// Share of sittings to which a member of middling efficacy comes; those more sure of themselves come more often.
    #[param(
        share = 0.8,
        zh = "效能感居中的成员出席会议的比例；更自信者出席更多。",
        assumed = "no register of attendance was found"
    )]
    pub attendance: f64,
    /// Share of what a member stands for that is what the own compound needs, in the place of what the member needs.
    #[param(
        share = 0.5,
        zh = "成员主张中代表本小区需求（而非个人需求）的比例。",
        assumed = "halfway between a delegate and somebody with wishes of their own"
    )]
    pub for_compound: f64,
    /// Share of what a member whom the street appointed stands for that is what the street believes in.
    #[param(
        share = 0.5,
        zh = "街道指定的成员主张中街道判断所占的比例。",
        assumed = "they owe the seat to the street; no measurement",
        demonstration = [".selection=appointed"]
    )]
    pub deference: f64,
    /// Rounds of deliberation before a decision.
    #[param(
        count = 3,
        range = 0..=50,
        unit = "rounds",
        zh = "决策前的协商轮数。",
        assumed = "proposed core model"
    )]
    pub deliberation_rounds: u32,
    /// Weight of the others' mean view in each round (Friedkin–Johnsen).
    #[param(
        share = 0.5,
        zh = "每轮协商中他人平均意见的权重。",
        assumed = "proposed core model Λ",
        // Advice weighs .30 to .50 in one hearing.
        prior = beta(15.0, 23.0)
    )]
    pub susceptibility: f64,
    /// How projects are chosen.
    #[param(one_of = EqualShares, zh = "项目遴选规则。")]
    pub rule: Rule,
    /// Chance that a member favours projects in the own compound whatever the need.
    #[param(
        share = 0.3,
        zh = "成员偏袒本院落项目的概率。",
        assumed = "no measurement",
        // Hidden by nature.
        prior = beta(2.0, 4.0)
    )]
    pub capture: f64,
    /// Deliberation and execution are separate: capture is halved, each project takes a month longer.
    #[param(flag = false, zh = "议行分离:偏袒减半,每个项目多一个月。")]
    pub separation: bool,
    /// Share of the agenda that is open to what residents raise.
    #[param(share = 1.0, zh = "议程中向居民诉求开放的比例。", choice)]
    pub agenda_open_share: f64,
    /// Share of rules for living together that the council writes itself (居民公约).
    #[param(share = 0.0, zh = "由议事会自行制定的居民公约与制度比例。", choice)]
    pub local_rulemaking: f64,
    /// Chance that one without any interest accepts a seat drawn by lot.
    #[param(
        share = 0.3,
        zh = "毫无兴趣者接受抽签席位的概率。",
        assumed = "few accept invitations to citizens' assemblies; paid and held nearby, more",
        demonstration = [".selection=sortition"]
    )]
    pub accepts: f64,
    /// What full interest adds to that.
    #[param(
        share = 0.5,
        zh = "充分的兴趣使接受概率增加的幅度。",
        assumed = "no measurement",
        demonstration = [".selection=sortition"]
    )]
    pub accepts_interest: f64,
}

/// Which body of self-government it is.
#[words]
pub enum Body {
    /// a council whose seats are filled as `selection` says
    #[zh = "居民议事会"]
    Council,
    /// all delegates of all residents' groups
    #[zh = "居民代表会议"]
    Assembly,
    /// an association of the residents most active in the last year
    #[zh = "社区自治协会(积极居民)"]
    Association,
    /// owners only, as in an owners' committee
    #[zh = "业主委员会式机构"]
    Owners,
}

/// How seats are filled.
#[words]
pub enum Selection {
    /// every resident votes
    #[zh = "全体居民直接选举"]
    Direct,
    /// one ballot for each household
    #[zh = "每户派代表选举"]
    Household,
    /// residents' groups choose delegates, who choose from among themselves
    #[zh = "居民小组推选代表选举"]
    Delegates,
    /// by lot among those who accept
    #[zh = "抽签"]
    Sortition,
    /// by lot, in proportion to age and sex
    #[zh = "分层抽签"]
    StratifiedSortition,
    /// by the street
    #[zh = "街道指定"]
    Appointed,
}

/// How projects are chosen.
#[words]
pub enum Rule {
    /// projects approved by more than half
    #[zh = "过半数赞成"]
    Majority,
    /// projects approved by more than half in more than half of the residents' groups that vote
    #[zh = "在过半数投票居民小组中获过半数赞成"]
    GroupMajority,
    /// most approvals first
    #[zh = "得票多者优先"]
    Greedy,
    /// method of equal shares
    #[zh = "等额分配法"]
    EqualShares,
}
