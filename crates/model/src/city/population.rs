//! `[population]`: how the city is built.

use super::{AGE_BANDS, Kind, feelings, given, groups, network, table};
use crate::base::params::{Text, settings, text, words};

/// Education levels, in the order of `population.education` and of `Traits::education`.
pub const EDUCATION: [Text; 4] = [
    text("primary or less", "小学及以下"),
    text("junior secondary", "初中"),
    text("senior secondary", "高中"),
    text("university", "大专及以上"),
];

/// Settings of the section `[population]`.
#[settings(fixed)]
pub struct Settings {
    // How many communities, of what size and kind.
    /// Number of communities.
    #[param(count = 10, range = 1..=10_000, zh = "社区数量。", choice)]
    pub communities: u32,
    /// Mean number of adults in a community.
    #[param(count = 3_000, range = 1..=2_000_000, unit = "adults", zh = "每个社区成年居民的平均数。", choice)]
    pub adults: u32,
    /// Spread of community sizes; 0 makes all equal.
    #[param(
        real = 0.0,
        range = 0.0..=1.5,
        unit = "standard deviation of the logarithm",
        zh = "社区规模对数的标准差;0 表示规模相同。",
        choice
    )]
    pub size_spread: f64,
    /// Number of streets; neighbouring communities share one, and there are never more streets than
    /// communities.
    #[param(
        count = 2,
        range = 1..=1_000,
        zh = "街道数量;相邻社区属同一街道,且街道数不超过社区数。",
        choice,
        demonstration = [".communities=4"]
    )]
    pub streets: u16,
    /// Number of districts; never more than streets.
    // Districts compare their streets once a year; a street that turned back is turned again by them.
    #[param(
        count = 1,
        range = 1..=100,
        zh = "区(市)县数量;不超过街道数。",
        choice,
        demonstration = [".communities=5", ".streets=5", "government.learning_rate=1.0", "months=120"]
    )]
    pub districts: u16,
    /// Shares of communities by kind, met to the nearest whole community.
    #[param(
        shares = [0.4, 0.2, 0.1, 0.1, 0.2],
        parts = Kind::ALL.map(Kind::name),
        zh = "各类社区所占比例,按整数社区取最近值。",
        assumed = "only the share of villages has an anchor: 21.23 % of residents are rural (census 2020)"
    )]
    pub kinds: [f64; 5],

    /// One row for each community, which says what is known of it; what a row leaves open is drawn or follows
    /// from the settings.
    #[param(communities, zh = "每个社区一行，写明已知情况；未写明的随机抽取或由设置推出。")]
    pub table: Vec<table::Row>,

    // Who the adults are.
    /// Shares of adults by age band.
    #[param(
        shares = [0.2246, 0.2808, 0.2808, 0.1037, 0.1101],
        parts = AGE_BANDS.map(|(_, name)| name),
        zh = "成年居民的年龄段比例。",
        derived = "seventh census, Chengdu 2020: 15–59 68.74 %, 60+ 17.98 %, 65+ 13.62 % of all persons. Ages 15–17 are \
            taken as dense as 0–14 (2.66 %), which leaves 84.06 % adults; 18–59 is spread evenly over \
            its years of age, and 65–69 is taken as large as 60–64 (4.36 %)"
    )]
    pub age: [f64; 5],
    /// Share of adults who are men.
    #[param(
        share = 0.5026,
        zh = "成年居民中男性比例。",
        derived = "sex ratio 101.03 men to 100 women among all ages, Chengdu 2020 census"
    )]
    pub male_share: f64,
    /// Shares of adults by highest education.
    #[param(
        shares = [0.215, 0.320, 0.161, 0.304],
        parts = EDUCATION,
        zh = "成年居民的受教育程度比例。",
        derived = "seventh census, Chengdu 2020: university 25.58 % and senior secondary 16.19 % of all persons. Divided by \
            the 84.06 % who are adults, after taking the 2.66 % aged 15–17 out of senior secondary; the \
            rest split 60 : 40 between junior secondary and primary, which is assumed"
    )]
    pub education: [f64; 4],
    /// Share of adults whose household owns its home.
    #[param(
        share = 0.60,
        zh = "自有住房家庭的成年居民比例。",
        assumed = "no figure for Chengdu was found",
        // Urban China 2005: 57.8 % own, themselves or through the spouse (CGSS): .50 to .75.
        prior = beta(15.0, 9.0)
    )]
    pub owner_share: f64,
    /// Share of adults registered elsewhere (non-local hukou).
    #[param(
        share = 0.40,
        zh = "非本地户籍成年居民比例。",
        derived = "floating population 38.6 % of residents in 2017 (city statistics as quoted by the press), rising",
        // .36 to .44.
        prior = normal(0.4, 0.03)
    )]
    pub migrant_share: f64,
    /// Share of adults who are party members.
    #[param(
        share = 0.09,
        zh = "成年居民中党员比例。",
        assumed = "the order of the national share of adults; no figure for Chengdu was found",
        // .089 of adults in China in 2023, .065 of respondents: .065 to .11.
        prior = log_normal(0.085, 0.2)
    )]
    pub party_share: f64,
    /// Share of adults in work-unit compounds whose household belongs to the unit.
    #[param(
        share = 0.60,
        zh = "单位社区中属于本单位家庭的成年居民比例。",
        assumed = "the rest bought or rent from members of the unit; no survey was found"
    )]
    pub danwei_share: f64,

    // Households and where they live.
    /// Mean size of a household, children included.
    #[param(
        real = 2.49,
        range = 1.0..=6.0,
        unit = "persons",
        zh = "户均人口(含未成年人)。",
        measured = "seventh census, Chengdu, 1 November 2020"
    )]
    pub household_mean: f64,
    /// How sizes of households are spread around their mean.
    #[param(one_of = Poisson, zh = "户规模围绕平均值的分布。")]
    pub household_sizes: HouseholdSizes,
    /// Share of persons below 18.
    #[param(
        real = 0.1594,
        range = 0.0..=0.5,
        unit = "share",
        zh = "18岁以下人口比例。",
        derived = "0–14 are 13.28 % (census 2020); ages 15–17 taken as dense: 18/15 of that"
    )]
    pub child_share: f64,
    /// Households in a compound; compounds fill up one after another.
    #[param(
        count = 145,
        range = 1..=10_000,
        unit = "households",
        zh = "每个小区(院落)的户数;依次填满。",
        assumed = "about ten compounds in a community of 3,000 adults"
    )]
    pub households_per_compound: u16,
    /// Households in a residents' group.
    // Groups of residents matter where they send delegates.
    #[param(
        count = 72,
        range = 1..=10_000,
        unit = "households",
        zh = "每个居民小组的户数。",
        assumed = "about twenty groups in a community of 3,000 adults",
        demonstration = ["council.selection=delegates", "election.form=delegates"]
    )]
    pub households_per_group: u16,

    // Who knows whom.
    /// Mean number of ties within the compound, outside the household.
    #[param(
        real = 6.0,
        range = 0.0..=50.0,
        unit = "ties per resident",
        zh = "小区内(家庭以外)的平均联系数。",
        assumed = "no count of neighbours known by name was found; six is usual for small-world models"
    )]
    pub compound_ties: f64,
    /// Share of residents without acquaintances in the community outside their own home; means of ties are of all.
    #[param(
        real = 0.25,
        range = 0.0..=0.9,
        unit = "share",
        zh = "在社区中除家人外没有熟人的居民比例;平均联系数按全体居民计。",
        derived = "23.5 to 27.5 % almost never talk with a neighbour (Shanghai, SUNS 2017, N about 8,200). By tenure, age or length of stay no figure was found, so that it is the same for all"
    )]
    pub isolated: f64,
    /// Share of compound ties that lead anywhere in the compound instead of next door.
    #[param(
        share = 0.1,
        zh = "小区联系中不限于近邻、随机连接的比例。",
        assumed = "small-world range of Watts and Strogatz 1998"
    )]
    pub rewiring: f64,
    /// Mean number of work and hobby ties anywhere in the community.
    #[param(
        real = 2.0,
        range = 0.0..=50.0,
        unit = "ties per resident",
        zh = "社区内因工作与爱好形成的平均联系数。",
        assumed = "no survey was found"
    )]
    pub far_ties: f64,

    // What they need and how much time they have.
    /// How far needs spread over the domains: 0 the common profile of one's age, 1 evenly.
    #[param(
        share = 0.3,
        zh = "需求在各领域的分散程度:0 为同龄人共同需求,1 为均匀分布。",
        assumed = "no survey of needs by domain was found"
    )]
    pub need_dispersion: f64,
    /// Mean free time for community life before retirement, before the cap `time_most`.
    #[param(
        real = 6.0,
        range = 0.0..=40.0,
        unit = "hours per month",
        zh = "退休前居民每月可用于社区生活的平均时间(封顶前)。",
        assumed = "one or two evenings a week",
        // Those who volunteer give 7.3 hours a month to that alone (CSS 2021): 6 to 16.
        prior = log_normal(10.0, 0.38)
    )]
    pub time_working: f64,
    /// Mean free time for community life of the retired, before the cap `time_most`.
    #[param(
        real = 16.0,
        range = 0.0..=40.0,
        unit = "hours per month",
        zh = "退休居民每月可用于社区生活的平均时间(封顶前)。",
        assumed = "half an hour a day",
        // 10 to 30.
        prior = log_normal(16.0, 0.43)
    )]
    pub time_retired: f64,
    /// Spread of free time between residents.
    #[param(
        real = 0.6,
        range = 0.0..=2.0,
        unit = "standard deviation of the logarithm",
        zh = "居民可用时间对数的标准差。",
        assumed = "a few have several times the usual"
    )]
    pub time_spread: f64,
    /// Most free time for community life that anybody has.
    #[param(
        real = 40.0,
        range = 0.0..=200.0,
        unit = "hours per month",
        zh = "居民每月可用于社区生活的时间上限。",
        assumed = "proposed core model: one hour and a third a day"
    )]
    pub time_most: f64,
    /// Age from which residents have the free time of the retired, and at which those leave or come home who
    /// do so on
    /// retiring.
    #[param(
        count = 60,
        range = 45..=75,
        unit = "years",
        zh = "退休年龄:由此享有退休后的可用时间,并据此返乡或归来。",
        assumed = "between the legal ages: 50 to 60 until 2024, rising to 55 to 63 in the years after",
        // Most women retire by 55, men at 60.
        prior = normal(58.0, 2.5)
    )]
    pub retirement_age: u16,
    /// The table `[population.groups]`.
    #[table]
    pub groups: groups::Settings,
    /// The table `[population.feelings]`.
    #[table]
    pub feelings: feelings::Settings,
    /// The table `[population.network]`.
    #[table]
    pub network: network::Settings,
    /// The table `[population.given]`.
    #[table]
    pub given: given::Settings,
}

impl Settings {
    /// Adults of the whole city, about: those of which a table does not say how many come to the mean.
    pub fn all_adults(&self) -> u64 {
        let given: u64 = self.table.iter().filter_map(|row| row.adults).map(u64::from).sum();
        let open = self.table.iter().filter(|row| row.adults.is_some()).count() as u64;
        given + u64::from(self.communities).saturating_sub(open) * u64::from(self.adults)
    }

    /// Adults of the largest community, but for chance.
    pub fn most_adults(&self) -> u32 {
        let given = self.table.iter().filter_map(|row| row.adults);
        given.chain(Some(self.adults)).max().unwrap_or(self.adults)
    }
}

/// How sizes of households are spread.
#[words]
pub enum HouseholdSizes {
    /// one person and a Poisson number more
    #[zh = "一人加 Poisson 分布的其余人数"]
    Poisson,
    /// all alike, but for the fraction of a whole person that the mean has
    #[zh = "各户相同(平均值非整数时取相邻整数)"]
    Fixed,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::params::Settings as _;

    #[test]
    fn the_shares_asked_by_default_sum_to_one() {
        let s = Settings::standard();
        for shares in [&s.kinds[..], &s.age, &s.education] {
            assert!((shares.iter().sum::<f64>() - 1.0).abs() < 1e-9, "{shares:?}");
        }
    }
}
