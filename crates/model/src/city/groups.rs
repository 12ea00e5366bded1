//! `[population.groups]`: how groups of residents differ.
//!
//! Odds multipliers only order the groups: `synth::tables` shifts all odds until the city's shares are those of
//! `[population]`. A city asked to be all of one kind has its shares too.

use super::population::EDUCATION;
use super::{AGE_BANDS, DOMAIN_NAMES, DOMAINS, Kind};
use crate::base::params::{self, Text, settings, text};

const ORDER: &str = "only the order of the groups is claimed; the city's shares come from [population]";
const HOMES: [Text; 3] =
    [text("of one person", "一人户"), text("of two", "两人户"), text("of three or more", "三人及以上户")];
const TENURE: [Text; 2] = [text("renter", "租住"), text("owner", "自有")];
const HUKOU: [Text; 2] = [text("migrant", "非本地户籍"), text("local", "本地户籍")];

/// Settings of the section `[population.groups]`.
#[settings(fixed)]
pub struct Settings {
    // Age, by kind of community and by home.
    /// Odds of each age band in commodity housing.
    #[param(
        each = [1.4, 1.5, 1.0, 0.6, 0.5],
        range = 0.01..=100.0,
        parts = AGE_BANDS.map(|(_, name)| name),
        unit = "odds multiplier",
        zh = "商品房小区中各年龄段的优势比。",
        assumed = ORDER
    )]
    pub age_commodity: [f64; 5],
    /// Odds of each age band in old courtyards.
    #[param(
        each = [0.8, 0.8, 1.0, 1.4, 1.7],
        range = 0.01..=100.0,
        parts = AGE_BANDS.map(|(_, name)| name),
        unit = "odds multiplier",
        zh = "老旧院落中各年龄段的优势比。",
        assumed = ORDER,
        demonstration = ["population.kinds=[0.34, 0.33, 0.0, 0.33, 0.0]"]
    )]
    pub age_courtyard: [f64; 5],
    /// Odds of each age band in work-unit compounds.
    #[param(
        each = [0.7, 0.8, 1.0, 1.5, 1.8],
        range = 0.01..=100.0,
        parts = AGE_BANDS.map(|(_, name)| name),
        unit = "odds multiplier",
        zh = "单位社区中各年龄段的优势比。",
        assumed = ORDER
    )]
    pub age_danwei: [f64; 5],
    /// Odds of each age band in resettlement estates.
    #[param(
        each = [1.0, 1.0, 1.0, 1.0, 1.0],
        range = 0.01..=100.0,
        parts = AGE_BANDS.map(|(_, name)| name),
        unit = "odds multiplier",
        zh = "安置小区中各年龄段的优势比。",
        assumed = ORDER,
        demonstration = ["population.kinds=[0.34, 0.33, 0.0, 0.33, 0.0]"]
    )]
    pub age_resettlement: [f64; 5],
    /// Odds of each age band in villages.
    #[param(
        each = [0.6, 0.7, 1.1, 1.5, 1.5],
        range = 0.01..=100.0,
        parts = AGE_BANDS.map(|(_, name)| name),
        unit = "odds multiplier",
        zh = "村中各年龄段的优势比。",
        assumed = ORDER
    )]
    pub age_village: [f64; 5],
    /// Odds of each age band among those who live alone.
    #[param(
        each = [1.4, 0.8, 0.8, 1.0, 2.0],
        range = 0.01..=100.0,
        parts = AGE_BANDS.map(|(_, name)| name),
        unit = "odds multiplier",
        zh = "独居者中各年龄段的优势比。",
        assumed = "the young and the old live alone"
    )]
    pub age_alone: [f64; 5],
    /// Odds of each age band in homes of two.
    #[param(
        each = [1.0, 0.6, 1.1, 1.8, 1.4],
        range = 0.01..=100.0,
        parts = AGE_BANDS.map(|(_, name)| name),
        unit = "odds multiplier",
        zh = "两人户中各年龄段的优势比。",
        assumed = "couples whose children have left"
    )]
    pub age_two: [f64; 5],
    /// Odds of each age band in homes of three or more.
    #[param(
        each = [0.8, 1.6, 1.0, 0.7, 0.5],
        range = 0.01..=100.0,
        parts = AGE_BANDS.map(|(_, name)| name),
        unit = "odds multiplier",
        zh = "三人及以上户中各年龄段的优势比。",
        assumed = "parents live with their children"
    )]
    pub age_family: [f64; 5],

    // Owning the home.
    /// Odds of owning the home, by kind of community.
    #[param(
        each = [0.8, 0.5, 1.5, 2.0, 6.0],
        range = 0.01..=100.0,
        parts = Kind::ALL.map(Kind::name),
        unit = "odds multiplier",
        zh = "各类社区中自有住房的优势比。",
        assumed = "villages own their homes, old courtyards are let; only the order is claimed"
    )]
    pub owner_by_kind: [f64; 5],
    /// Odds of owning the home, by size of home.
    #[param(
        each = [0.6, 1.0, 1.4],
        range = 0.01..=100.0,
        parts = HOMES,
        unit = "odds multiplier",
        zh = "按住户规模,自有住房的优势比。",
        assumed = ORDER
    )]
    pub owner_by_home: [f64; 3],
    /// Odds of owning the home, by age of the first adult.
    #[param(
        each = [0.3, 0.8, 1.3, 1.8, 1.8],
        range = 0.01..=100.0,
        parts = AGE_BANDS.map(|(_, name)| name),
        unit = "odds multiplier",
        zh = "按首位成年人年龄,自有住房的优势比。",
        assumed = ORDER
    )]
    pub owner_by_age: [f64; 5],

    // Local hukou, and belonging to the work unit.
    /// Odds of local hukou, by kind of community.
    #[param(
        each = [0.5, 1.0, 2.0, 2.0, 4.0],
        range = 0.01..=100.0,
        parts = Kind::ALL.map(Kind::name),
        unit = "odds multiplier",
        zh = "各类社区中本地户籍的优势比。",
        assumed = "commodity estates hold more migrants; only the order is claimed"
    )]
    pub local_by_kind: [f64; 5],
    /// Odds of local hukou, by tenure.
    #[param(
        each = [0.4, 2.5],
        range = 0.01..=100.0,
        parts = TENURE,
        unit = "odds multiplier",
        zh = "按租住或自有,本地户籍的优势比。",
        assumed = ORDER
    )]
    pub local_by_tenure: [f64; 2],
    /// Odds of local hukou, by age of the first adult.
    #[param(
        each = [0.5, 0.7, 1.2, 2.0, 2.5],
        range = 0.01..=100.0,
        parts = AGE_BANDS.map(|(_, name)| name),
        unit = "odds multiplier",
        zh = "按首位成年人年龄,本地户籍的优势比。",
        assumed = ORDER
    )]
    pub local_by_age: [f64; 5],
    /// Odds of belonging to the work unit of the compound, by tenure.
    #[param(
        each = [0.4, 2.0],
        range = 0.01..=100.0,
        parts = TENURE,
        unit = "odds multiplier",
        zh = "按租住或自有,属于本单位的优势比。",
        assumed = ORDER
    )]
    pub danwei_by_tenure: [f64; 2],
    /// Odds of belonging to the work unit of the compound, by hukou.
    #[param(
        each = [0.3, 1.5],
        range = 0.01..=100.0,
        parts = HUKOU,
        unit = "odds multiplier",
        zh = "按户籍,属于本单位的优势比。",
        assumed = ORDER
    )]
    pub danwei_by_hukou: [f64; 2],

    // Sex, education, party and income.
    /// Odds of being a man, by age.
    #[param(
        each = [1.02, 1.02, 1.0, 0.97, 0.88],
        range = 0.01..=100.0,
        parts = AGE_BANDS.map(|(_, name)| name),
        unit = "odds multiplier",
        zh = "各年龄段男性的优势比。",
        assumed = "women live longer; only the order is claimed"
    )]
    pub male_by_age: [f64; 5],
    /// Odds of more education, by kind of community.
    #[param(
        each = [1.8, 0.8, 1.5, 0.6, 0.35],
        range = 0.01..=100.0,
        parts = Kind::ALL.map(Kind::name),
        unit = "odds multiplier",
        zh = "各类社区中受教育程度较高的优势比。",
        assumed = ORDER
    )]
    pub education_by_kind: [f64; 5],
    /// Odds of more education, by age.
    #[param(
        each = [5.0, 2.5, 0.8, 0.35, 0.2],
        range = 0.01..=100.0,
        parts = AGE_BANDS.map(|(_, name)| name),
        unit = "odds multiplier",
        zh = "各年龄段受教育程度较高的优势比。",
        assumed = "the old have less schooling; only the order is claimed"
    )]
    pub education_by_age: [f64; 5],
    /// Odds of party membership, by kind of community.
    #[param(
        each = [1.0, 0.9, 2.0, 0.8, 0.7],
        range = 0.01..=100.0,
        parts = Kind::ALL.map(Kind::name),
        unit = "odds multiplier",
        zh = "各类社区中党员的优势比。",
        assumed = ORDER
    )]
    pub party_by_kind: [f64; 5],
    /// Odds of party membership, by age.
    #[param(
        each = [0.5, 0.8, 1.2, 1.8, 1.8],
        range = 0.01..=100.0,
        parts = AGE_BANDS.map(|(_, name)| name),
        unit = "odds multiplier",
        zh = "各年龄段党员的优势比。",
        assumed = "steeper than the members of the country at the end of 2023, of whom shares of their age are .06 to 30, and .08 to .10 above"
    )]
    pub party_by_age: [f64; 5],
    /// Odds of party membership, by education.
    #[param(
        each = [0.4, 0.7, 1.2, 2.5],
        range = 0.01..=100.0,
        parts = EDUCATION,
        unit = "odds multiplier",
        zh = "按受教育程度,党员的优势比。",
        assumed = ORDER
    )]
    pub party_by_education: [f64; 4],
    /// Odds of more income, by age.
    #[param(
        each = [0.9, 1.6, 1.3, 0.6, 0.5],
        range = 0.01..=100.0,
        parts = AGE_BANDS.map(|(_, name)| name),
        unit = "odds multiplier",
        zh = "各年龄段收入较高的优势比。",
        assumed = "only the order of the groups is claimed; incomes are quintiles of the city",
        demonstration = ["theory.participation=civic_voluntarism"]
    )]
    pub income_by_age: [f64; 5],
    /// Odds of more income, by education.
    #[param(
        each = [0.4, 0.7, 1.2, 3.0],
        range = 0.01..=100.0,
        parts = EDUCATION,
        unit = "odds multiplier",
        zh = "按受教育程度,收入较高的优势比。",
        assumed = "only the order of the groups is claimed; incomes are quintiles of the city",
        demonstration = ["theory.participation=civic_voluntarism"]
    )]
    pub income_by_education: [f64; 4],

    // What is needed most.
    /// Weights of the domains in what residents of 18 to 29 need.
    #[param(
        each = [2.0, 1.5, 0.5, 0.3, 3.0, 0.8, 1.0, 1.5, 1.2, 2.0],
        range = 0.01..=100.0,
        parts = DOMAIN_NAMES,
        unit = "weight",
        zh = "18–29岁居民在各领域需求的权重。",
        assumed = "no survey of needs by domain was found; only the order is claimed"
    )]
    pub needs_18: [f64; 10],
    /// Weights of the domains in what residents of 30 to 44 need.
    #[param(
        each = [2.0, 2.0, 0.5, 0.4, 1.8, 1.5, 3.5, 0.8, 1.5, 1.0],
        range = 0.01..=100.0,
        parts = DOMAIN_NAMES,
        unit = "weight",
        zh = "30–44岁居民在各领域需求的权重。",
        assumed = "no survey of needs by domain was found; only the order is claimed"
    )]
    pub needs_30: [f64; 10],
    /// Weights of the domains in what residents of 45 to 59 need.
    #[param(
        each = [1.5, 1.0, 0.8, 0.8, 2.5, 2.0, 1.2, 1.0, 1.8, 1.0],
        range = 0.01..=100.0,
        parts = DOMAIN_NAMES,
        unit = "weight",
        zh = "45–59岁居民在各领域需求的权重。",
        assumed = "no survey of needs by domain was found; only the order is claimed"
    )]
    pub needs_45: [f64; 10],
    /// Weights of the domains in what residents of 60 to 69 need.
    #[param(
        each = [1.2, 0.8, 1.5, 1.2, 1.0, 3.0, 0.5, 2.0, 1.8, 1.5],
        range = 0.01..=100.0,
        parts = DOMAIN_NAMES,
        unit = "weight",
        zh = "60–69岁居民在各领域需求的权重。",
        assumed = "no survey of needs by domain was found; only the order is claimed"
    )]
    pub needs_60: [f64; 10],
    /// Weights of the domains in what residents of 70 and over need.
    #[param(
        each = [1.0, 0.5, 2.5, 2.0, 0.5, 4.0, 0.2, 1.5, 1.5, 0.8],
        range = 0.01..=100.0,
        parts = DOMAIN_NAMES,
        unit = "weight",
        zh = "70岁以上居民在各领域需求的权重。",
        assumed = "no survey of needs by domain was found; only the order is claimed"
    )]
    pub needs_70: [f64; 10],
    /// Weight of the environment in what residents need, by kind of community.
    #[param(
        each = [1.0, 2.0, 1.2, 1.3, 2.0],
        range = 0.01..=100.0,
        parts = Kind::ALL.map(Kind::name),
        unit = "multiple of the usual weight",
        zh = "各类社区居民环境需求的倍数。",
        assumed = "courtyards and villages lack upkeep and sewers; no survey was found"
    )]
    pub environment_by_kind: [f64; 5],
    /// Weight of labour and social security in what migrants need.
    #[param(
        real = 2.0,
        range = 0.01..=100.0,
        unit = "multiple of that of locals",
        zh = "非本地户籍居民对劳动保障需求的倍数(相对本地居民)。",
        assumed = "they work, and their insurance is of another place; no survey was found"
    )]
    pub labour_of_migrants: f64,

    // Couples and children.
    /// Spread of the gap in age of couples.
    #[param(
        real = 0.15,
        range = 0.0..=2.0,
        unit = "age bands",
        zh = "伴侣年龄差的离散程度(以年龄段宽度计)。",
        assumed = "about two years"
    )]
    pub couple_gap: f64,
    /// Chance that the second person of a home is a child, where that of the third and later ones is 1.
    #[param(
        share = 0.25,
        unit = "multiple",
        zh = "住户第二人为未成年人的概率,相对于第三人及以后者。",
        assumed = "few parents of young children live without a partner"
    )]
    pub child_second: f64,
}

impl Settings {
    /// Odds of owning the home in a kind of community and class of home, at the age band of the first adult.
    pub fn owner_odds(&self, kind: usize, home: usize, age: usize) -> f64 {
        self.owner_by_kind[kind] * self.owner_by_home[home] * self.owner_by_age[age]
    }

    /// Odds of local hukou in a kind of community and tenure, at the age band of the first adult.
    pub fn local_odds(&self, kind: usize, owner: usize, age: usize) -> f64 {
        self.local_by_kind[kind] * self.local_by_tenure[owner] * self.local_by_age[age]
    }

    /// Odds of belonging to the work unit by tenure and hukou.
    pub fn danwei_odds(&self, owner: usize, local: usize) -> f64 {
        self.danwei_by_tenure[owner] * self.danwei_by_hukou[local]
    }

    /// Odds of more education in a kind of community at an age band.
    pub fn education_odds(&self, kind: usize, age: usize) -> f64 {
        self.education_by_kind[kind] * self.education_by_age[age]
    }

    /// Odds of party membership in a kind of community at an age band, by education.
    pub fn party_odds(&self, kind: usize, age: usize, education: usize) -> f64 {
        self.party_by_kind[kind] * self.party_by_age[age] * self.party_by_education[education]
    }

    /// Odds of each age band, by kind of community.
    pub fn age_by_kind(&self) -> [[f64; AGE_BANDS.len()]; Kind::ALL.len()] {
        [self.age_commodity, self.age_courtyard, self.age_danwei, self.age_resettlement, self.age_village]
    }

    /// Odds of each age band, by size of home.
    pub fn age_by_home(&self) -> [[f64; AGE_BANDS.len()]; HOMES.len()] {
        [self.age_alone, self.age_two, self.age_family]
    }

    /// Weights of the domains, by age.
    pub fn needs_by_age(&self) -> [[f64; DOMAINS]; AGE_BANDS.len()] {
        [self.needs_18, self.needs_30, self.needs_45, self.needs_60, self.needs_70]
    }
}

impl Default for Settings {
    fn default() -> Settings {
        params::Settings::standard()
    }
}
