//! What surveys ask, as questions that are answered yes or no.
//!
//! A figure of a survey is a share of people who say yes, and a feeling of the model is a number from 0 to 1: the
//! two meet here and nowhere else. What is true of a resident is a [`Column`]; what they would answer is for
//! `[survey]` to say.

use super::residents::TARGETS;
use super::{Column, Mode, Residents, Target};
use crate::base::params::{Text, text};

/// Months of a year.
const YEAR: u8 = 12;

/// A question of a survey.
pub struct Item {
    /// Name of the metric of what is true.
    pub name: &'static str,
    /// Name of the metric of what is said.
    pub told: &'static str,
    /// Short name of what is true.
    pub label: Text,
    /// Short name of what is said.
    pub told_label: Text,
    /// Definition of the share of whom it is true.
    pub meaning: Text,
    /// 1 for those of whom it is true.
    pub truth: fn(&Residents) -> Column,
    /// True if yes is what one is expected to answer.
    pub is_yes_expected: bool,
}

macro_rules! item {
    ($name:expr, $en:expr, $zh:expr, $who:expr, $whom:expr, $is_yes_expected:literal, $truth:expr) => {
        Item {
            name: $name,
            told: concat!("survey.", $name),
            label: text($en, $zh),
            told_label: text(concat!($en, ", as told"), concat!($zh, "(自报)")),
            meaning: text(concat!("Share of adults who ", $who, "."), concat!($whom, "的成年人比例。")),
            truth: $truth,
            is_yes_expected: $is_yes_expected,
        }
    };
}

macro_rules! trusting {
    ($target:ident, $name:literal, $en:literal, $zh:literal) => {
        item!(
            concat!("trusting.", $name),
            concat!("trusting ", $en),
            concat!("信任", $zh, "者"),
            concat!("trust ", $en, " rather than not: above the middle of the scale"),
            concat!("对", $zh, "的信任高于量表中点"),
            true,
            |r| Column::Above(&r.trust[Target::$target as usize])
        )
    };
}

/// All questions, in the order of their metrics.
pub const ITEMS: [Item; 4 + TARGETS] = [
    item!(
        "participation.year",
        "took part within a year",
        "一年内参与者",
        "took part at least once in the last twelve months in a civic mode that takes time",
        "最近十二个月至少参与过一次需投入时间的公共事务",
        true,
        |r| Column::AnyBit(&r.year_quarter_hours, u16::MAX)
    ),
    item!(
        "volunteered",
        "volunteered within a year",
        "一年内志愿服务者",
        "volunteered at least once in the last twelve months",
        "最近十二个月至少参加过一次志愿服务",
        true,
        |r| Column::Within(&r.since_volunteering, YEAR)
    ),
    item!(
        "voted",
        "voted in the last election",
        "上次选举投票者",
        "voted in the last election of the committee",
        "在最近一次居委会选举中投票",
        true,
        |r| Column::AnyBit(&r.took_part, Mode::Vote.bit())
    ),
    item!(
        "dissatisfied",
        "dissatisfied with services",
        "对服务不满意者",
        "are dissatisfied with services: below the middle of the scale",
        "对服务的满意度低于量表中点",
        false,
        |r| Column::Below(&r.satisfaction)
    ),
    trusting!(Neighbours, "neighbours", "neighbours", "邻里"),
    trusting!(Committee, "committee", "the committee", "居委会"),
    trusting!(Organisations, "organisations", "organisations", "社会组织"),
    trusting!(Property, "property", "the property company", "物业公司"),
    trusting!(LocalGovernment, "local_government", "local government", "地方政府"),
    trusting!(CentralGovernment, "central_government", "the central government", "中央政府"),
];
