//! `[population.feelings]`: what residents feel when they begin, given who they are.
//!
//! A feeling is a base, a step for each attribute, and a normal spread, clipped to [0, 1]. With burn-in, what
//! happens to residents before the first month has moved it.

use crate::base::params::{self, Text, settings, text};

/// What feelings depend on.
const ATTRIBUTES: [Text; 5] = [
    text("university instead of primary school", "大专及以上(相对小学)"),
    text("the oldest band instead of the youngest", "最年长(相对最年轻)"),
    text("party member", "党员"),
    text("owner", "自有住房"),
    text("having lived here for ever", "长久居住"),
];

/// The feelings, in the order of [`Settings::all`].
const FEELINGS: [Text; 5] = [
    text("interest", "兴趣"),
    text("skill", "能力"),
    text("attachment", "归属感"),
    text("internal efficacy", "内部效能感"),
    text("external efficacy", "外部效能感"),
];

/// Settings of the section `[population.feelings]`.
#[settings(fixed)]
pub struct Settings {
    /// Interest in public affairs of the youngest with the least schooling, who are no members, rent, and
    /// have just arrived.
    #[param(
        share = 0.25,
        zh = "最年轻、学历最低、非党员、租住且刚迁入者的公共事务兴趣。",
        assumed = "no survey on this scale was found"
    )]
    pub interest: f64,
    /// What each attribute adds to interest in public affairs.
    #[param(
        each = [0.0, 0.25, 0.15, 0.1, 0.0],
        range = -1.0..=1.0,
        parts = ATTRIBUTES,
        unit = "share",
        zh = "各属性使公共事务兴趣增加的幅度。",
        assumed = "the old and members vote more often (SUNS 2017), and are taken to be more interested; so are owners"
    )]
    pub interest_by: [f64; ATTRIBUTES.len()],
    /// Civic skill of the youngest with the least schooling, who are no members, rent, and have just arrived.
    #[param(
        share = 0.25,
        zh = "最年轻、学历最低、非党员、租住且刚迁入者的公民能力。",
        assumed = "no survey on this scale was found"
    )]
    pub skill: f64,
    /// What each attribute adds to civic skill.
    #[param(
        each = [0.3, 0.0, 0.1, 0.0, 0.0],
        range = -1.0..=1.0,
        parts = ATTRIBUTES,
        unit = "share",
        zh = "各属性使公民能力增加的幅度。",
        assumed = "rises with education (Verba, Schlozman and Brady 1995); the sizes are assumed"
    )]
    pub skill_by: [f64; ATTRIBUTES.len()],
    /// Attachment to the community of the youngest with the least schooling, who are no members, rent, and
    /// have just arrived.
    #[param(
        share = 0.25,
        zh = "最年轻、学历最低、非党员、租住且刚迁入者的社区归属感。",
        assumed = "no survey on this scale was found"
    )]
    pub attachment: f64,
    /// What each attribute adds to attachment to the community.
    #[param(
        each = [0.0, 0.05, 0.0, 0.1, 0.35],
        range = -1.0..=1.0,
        parts = ATTRIBUTES,
        unit = "share",
        zh = "各属性使社区归属感增加的幅度。",
        assumed = "rises with length of stay (Kasarda and Janowitz 1974); the sizes are assumed"
    )]
    pub attachment_by: [f64; ATTRIBUTES.len()],
    /// Internal efficacy of the youngest with the least schooling, who are no members, rent, and have just
    /// arrived.
    #[param(
        share = 0.35,
        zh = "最年轻、学历最低、非党员、租住且刚迁入者的内部效能感。",
        assumed = "no survey on this scale was found"
    )]
    pub internal_efficacy: f64,
    /// What each attribute adds to internal efficacy.
    #[param(
        each = [0.2, 0.0, 0.1, 0.0, 0.0],
        range = -1.0..=1.0,
        parts = ATTRIBUTES,
        unit = "share",
        zh = "各属性使内部效能感增加的幅度。",
        assumed = "rises with education (Verba, Schlozman and Brady 1995); the sizes are assumed"
    )]
    pub internal_efficacy_by: [f64; ATTRIBUTES.len()],
    /// External efficacy of the youngest with the least schooling, who are no members, rent, and have just
    /// arrived.
    #[param(
        share = 0.4,
        zh = "最年轻、学历最低、非党员、租住且刚迁入者的外部效能感。",
        assumed = "no survey on this scale was found"
    )]
    pub external_efficacy: f64,
    /// What each attribute adds to external efficacy.
    #[param(
        each = [0.0, 0.05, 0.1, 0.0, 0.0],
        range = -1.0..=1.0,
        parts = ATTRIBUTES,
        unit = "share",
        zh = "各属性使外部效能感增加的幅度。",
        assumed = "no survey was found"
    )]
    pub external_efficacy_by: [f64; ATTRIBUTES.len()],
    /// Spread of each feeling between residents who have all these in common, before clipping to [0, 1].
    #[param(
        each = [0.15, 0.12, 0.12, 0.12, 0.15],
        range = 0.0..=1.0,
        parts = FEELINGS,
        unit = "share",
        zh = "上述属性相同的居民之间各项感受的标准差(截断前)。",
        assumed = "no survey on this scale was found"
    )]
    pub spread: [f64; FEELINGS.len()],
    /// Spread of initial satisfaction between residents.
    #[param(share = 0.1, zh = "居民初始满意度的标准差。", assumed = "no survey on this scale was found")]
    pub satisfaction_spread: f64,
    /// Months of residence after which 63 % of being rooted is there.
    #[param(
        real = 60.0,
        range = 1.0..=600.0,
        unit = "months",
        zh = "扎根程度达到63 %所需的居住月数。",
        assumed = "five years; attachment rises with length of stay (Kasarda and Janowitz 1974)"
    )]
    pub rooting_months: f64,
}

/// How a feeling begins.
#[derive(Clone, Copy, Debug)]
pub struct Feeling {
    /// Of those who have none of the attributes.
    pub base: f64,
    /// What each attribute adds: education, age, party, owner, rooted.
    pub by: [f64; ATTRIBUTES.len()],
    /// Standard deviation between those who have all in common.
    pub spread: f64,
}

impl Settings {
    /// Interest, skill, attachment, internal and external efficacy.
    pub fn all(&self) -> [Feeling; FEELINGS.len()] {
        let feelings = [
            (self.interest, self.interest_by),
            (self.skill, self.skill_by),
            (self.attachment, self.attachment_by),
            (self.internal_efficacy, self.internal_efficacy_by),
            (self.external_efficacy, self.external_efficacy_by),
        ];
        std::array::from_fn(|k| Feeling { base: feelings[k].0, by: feelings[k].1, spread: self.spread[k] })
    }

    /// How far residents are rooted who have lived here for `months`, in [0, 1].
    pub fn rooted(&self, months: f64) -> f64 {
        1.0 - libm::exp(-months / self.rooting_months)
    }
}

impl Default for Settings {
    fn default() -> Settings {
        params::Settings::standard()
    }
}
