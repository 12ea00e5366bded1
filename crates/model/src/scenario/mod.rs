//! From a scenario file to a [`Scenario`] that cannot be wrong.
//!
//! [`Scenario::load`] reads a file and the files that it extends ([`draft`]), each checked key by key
//! against [`sections`] ([`document`], [`value`]); then checks what only shows when all is known
//! ([`checks`]) and builds the scenario (`build`). All problems of one pass are reported together.

mod build;
pub mod bundled;
pub mod checks;
pub mod communities;
pub mod document;
mod doubts;
pub mod draft;
pub mod file;
pub mod index;
pub mod lists;
mod loaded;
mod mixed;
mod own_theory;
mod pabulib;
pub mod places;
pub mod reader;
pub mod renamed;
pub mod resolved;
pub mod schema;
mod syntax;
pub mod template;
pub mod together;
pub mod value;
mod written;

pub use build::Local;
pub use loaded::Loaded;
pub use schema::schema;

use std::sync::Arc;

use index::Index;

use crate::base::month::Month;
use crate::base::params::{Section, Settings, Text, Word, settings, text, word, words};
use crate::base::rng::{CounterRng, Stream};
use crate::city::{self, Cities, feelings, given, groups, network, person, population};
use crate::institution::{self, Rules, prices};
use crate::theory::{self, Theory};
use crate::trust::{self, Rule};

/// The top-level keys of a scenario file.
#[settings(fixed)]
pub struct Head {
    /// Name of the scenario, in English.
    #[param(text = "Unnamed", zh = "情景的英文名称。")]
    pub name: String,
    /// Name of the scenario, in Chinese.
    #[param(text = "", zh = "情景的中文名称。")]
    pub name_zh: String,
    /// First month that is simulated.
    #[param(month = "2017-01", zh = "模拟的第一个月。")]
    pub start: String,
    /// Months to simulate.
    #[param(count = 120, range = 1..=1200, unit = "months", zh = "模拟的月数。", choice)]
    pub months: u32,
    /// Months before the first, in which the city comes to rest under the rules of its start; they are not
    /// reported. 0 = residents begin as they are built, and theories are fitted to the first occasion.
    #[param(
        count = 120,
        range = 0..=1200,
        unit = "months",
        zh = "第一个月之前、城市在初始规则下趋于静止的月数,不予报告;0 表示居民以生成时的状态开始,理论按首次机会拟合。",
        choice
    )]
    pub burn_in: u32,
    /// Replicates, each under random numbers of its own; seed.cities says which share a city.
    #[param(
        count = 30,
        range = 1..=100_000,
        zh = "重复次数,每次使用不同的随机数;哪些重复共用城市由 seed.cities 决定。",
        choice
    )]
    pub replicates: u32,
    /// Order in which residents of a community decide.
    #[param(one_of = Synchronous, zh = "社区内居民决策的次序。")]
    pub update: Update,
}

/// The table `[seed]`.
#[settings(fixed)]
#[derive(Copy, Eq)]
pub struct Seed {
    /// Seed of the synthetic city.
    #[param(count = 1, range = 0..=i64::MAX, zh = "合成城市的随机种子。", choice)]
    pub city: u64,
    /// Seed of what happens in it, replicate by replicate.
    #[param(count = 1, range = 0..=i64::MAX, zh = "各次重复的随机种子。", choice)]
    pub replicates: u64,
    /// Which replicates share a synthetic city. Base and arms of an experiment always share that of their
    /// replicate.
    #[param(one_of = Auto, zh = "哪些重复共用一座合成城市。实验的基准与方案在同一次重复中总是共用城市。")]
    pub cities: Cities,
}

impl Seed {
    /// The seed of the city in which `replicate` is run: `city` itself of the first, and of every further city one
    /// that is drawn from it.
    pub fn of_city(&self, replicate: u32) -> u64 {
        match self.cities.number(replicate) {
            0 => self.city,
            number => {
                let [low, high, ..] = CounterRng::new(self.city, 0).block(FURTHER, number, 0, 0);
                u64::from(high) << 32 | u64::from(low)
            }
        }
    }
}

/// The cities after the first.
const FURTHER: Stream = Stream::named("further cities");

/// The table `[report]`.
#[settings(fixed)]
#[derive(Copy, Eq)]
pub struct ReportSettings {
    /// Months between rows of communities.csv; 0 = none.
    #[param(
        count = 12,
        range = 0..=1200,
        unit = "months",
        zh = "每隔几个月输出一次各社区结果(communities.csv);0 表示不输出。",
        choice
    )]
    pub communities_every: u32,
    /// Months between rows of groups.csv; 0 = none.
    #[param(
        count = 12,
        range = 0..=1200,
        unit = "months",
        zh = "每隔几个月输出一次各类居民结果(groups.csv);0 表示不输出。",
        choice
    )]
    pub groups_every: u32,
    /// Months between rows of distributions.csv; 0 = none.
    #[param(
        count = 0,
        range = 0..=1200,
        unit = "months",
        zh = "每隔几个月输出一次结果分布(distributions.csv);0 表示不输出。",
        choice
    )]
    pub distributions_every: u32,
    /// Residents of each community who are followed in residents.parquet: the same at all months, under every policy
    /// and among more; 0 = none. They change no other result.
    #[param(
        count = 0,
        range = 0..=2_000_000,
        unit = "adults",
        zh = "每个社区所追踪的居民数(residents.parquet):各月、各政策下为同一批人,人数较多时包含较少时的人;0 表示不输出。不影响其他结果。",
        choice
    )]
    pub residents: u32,
    /// Months between rows of residents.parquet.
    #[param(
        count = 12,
        range = 1..=1200,
        unit = "months",
        zh = "每隔几个月输出一次所追踪的居民(residents.parquet)。",
        choice,
        demonstration = [".residents=3"]
    )]
    pub residents_every: u32,
    /// Whether it is written who knows whom (ties.parquet), in the first city when it begins.
    #[param(flag = false, zh = "是否输出居民之间的联系(ties.parquet):以第一座城市起始时为准。")]
    pub ties: bool,
}

/// The table `[theory]`.
#[settings(fixed)]
pub struct TheoryChoice {
    /// Theory of why residents take part.
    #[param(one_of = "calculus", words = &theories(), zh = "居民为何参与的理论。")]
    pub participation: String,
    /// Rule by which trust moves.
    #[param(one_of = "asymmetric", words = &rules(), zh = "信任变化的规则。")]
    pub trust: String,
    /// Where the theory's intercept of each mode comes from.
    #[param(one_of = Fitted, zh = "理论中各方式截距的来源。")]
    pub intercepts: Intercepts,
}

/// The theories of participation, as words.
fn theories() -> Vec<Word> {
    theory::with_own().map(|entry| word(entry.name, entry.summary.en, entry.summary.zh)).collect()
}

/// The rules of trust, as words.
fn rules() -> Vec<Word> {
    trust::all().iter().map(|entry| word(entry.name, entry.summary.en, entry.summary.zh)).collect()
}

/// Where the intercepts of modes come from.
#[words]
pub enum Intercepts {
    /// fitted, so that under reference conditions each mode has its base rate
    #[zh = "拟合至各方式的基准参与率"]
    Fitted,
    /// `modes.NAME.intercept`, as a published model gives it
    #[zh = "取 modes.NAME.intercept(依据已发表模型)"]
    Given,
}

/// In which order the residents of a community decide.
#[words]
pub enum Update {
    /// everybody decides on what was so at the start of the month
    #[zh = "所有居民依据月初状态决策"]
    Synchronous,
    /// residents decide one after another, in an order drawn each month
    #[zh = "居民按每月随机次序依次决策"]
    RandomSequential,
}

/// The rules from one month on.
#[derive(Clone, Debug, PartialEq)]
pub struct PolicyPeriod {
    /// First month, counted from the start.
    pub from: u32,
    /// What holds from then on.
    pub rules: Rules,
}

/// The period of `periods` in force so many months since the start; before it that of the start.
pub fn in_force(periods: &[PolicyPeriod], since_start: Option<u32>) -> &PolicyPeriod {
    let past = since_start.and_then(|month| periods.iter().rev().find(|period| period.from <= month));
    past.unwrap_or(&periods[0])
}

/// A scenario that has been read, merged and checked.
#[derive(Clone)]
pub struct Scenario {
    /// Name, English.
    pub name: String,
    /// Name, Chinese; empty if none was given.
    pub name_zh: String,
    /// First month.
    pub start: Month,
    /// Months to simulate.
    pub months: u32,
    /// Months before the first, not reported.
    pub burn_in: u32,
    /// Replicates.
    pub replicates: u32,
    /// Order of decisions.
    pub update: Update,
    /// Seeds.
    pub seed: Seed,
    /// What is reported, and how often.
    pub report: ReportSettings,
    /// How the city is built.
    pub population: population::Settings,
    /// Names of theory and trust rule.
    pub theory_choice: TheoryChoice,
    /// Why residents take part.
    pub theory: Arc<dyn Theory>,
    /// How trust moves.
    pub trust: Arc<dyn Rule>,
    /// The rules over time: those of burn-in and from month 0, then one for each dated change, in order; a
    /// change at the start is a second one from month 0.
    pub periods: Vec<PolicyPeriod>,
    /// What holds in some communities only, beside that; none if nothing does.
    pub local: Option<Arc<Local>>,
}

/// The keys that say how a file is read, beside those of [`sections`]: name and meaning.
pub const READING: [(&str, Text); 4] = [
    (
        "extends",
        text(
            "Path of the file that this one extends, from the folder of this file.",
            "所扩展的文件路径(相对于本文件所在文件夹)。",
        ),
    ),
    ("change", text("Changes during the run, by date.", "模拟过程中按日期发生的变化。")),
    ("change.from", text("First month of the change.", "变化开始生效的月份。")),
    (
        "change.where",
        text(
            "In which communities it holds; in all if left out. By name, kind, street, district, or a column of population.table (a number, or at_least and at_most); a share of them by lot, or those of which a column says most (highest) or least (lowest), of each stratum (stratified_by).",
            "变化在哪些社区生效;缺省为全部。可按 name、kind、street、district 或 population.table 的某列(数值,或 at_least 与 at_most)选取;share 为其中的一部分,随机抽取,或取某列最高(highest)或最低(lowest)者,可按 stratified_by 分层。",
        ),
    ),
];

/// Every section of a scenario file, in the order in which files show them. The top level is "".
pub fn sections() -> Vec<Section> {
    let mut all = vec![
        Section {
            path: "",
            meaning: text("The scenario's name and length.", "情景的名称与时长。"),
            keys: Head::keys(),
        },
        Section { path: "seed", meaning: text("Random numbers.", "随机数。"), keys: Seed::keys() },
        Section {
            path: "report",
            meaning: text("What the tables hold, and how often.", "各表的内容与间隔。"),
            keys: ReportSettings::keys(),
        },
        Section {
            path: "population",
            meaning: text("The synthetic city.", "合成城市。"),
            keys: population::Settings::keys(),
        },
        Section {
            path: "population.groups",
            meaning: text(
                "How groups differ: which of them are older, own, are local, are members, earn or need more.",
                "群体差异:年龄、住房、户籍、党员、收入与需求在各群体间的高低。",
            ),
            keys: groups::Settings::keys(),
        },
        Section {
            path: "population.feelings",
            meaning: text(
                "What residents feel when they begin, given who they are.",
                "居民在起始时的感受(按其属性)。",
            ),
            keys: feelings::Settings::keys(),
        },
        Section {
            path: "population.network",
            meaning: text(
                "Networks of residents that do not follow from homes, work and hobbies.",
                "不由居住、工作与爱好形成的居民网络。",
            ),
            keys: network::Settings::keys(),
        },
        Section {
            path: "population.given",
            meaning: text(
                "Attributes of residents that are given instead of drawn, for published set-ups; a list holds one number for each adult of a community.",
                "对居民直接给定而非随机抽取的内容(用于复现已发表的设定);列表为社区每位成年居民一个数。",
            ),
            keys: given::Settings::keys(),
        },
        Section {
            path: "residents",
            meaning: text(
                "Residents: initial state, awareness, learning, forgetting and moving.",
                "居民的初始状态、知情、学习、遗忘与迁移。",
            ),
            keys: person::Settings::keys(),
        },
        Section {
            path: "theory",
            meaning: text("The theory of participation and the trust rule.", "采用的参与理论与信任规则。"),
            keys: TheoryChoice::keys(),
        },
    ];
    all.extend(theory::sections());
    all.extend(trust::sections());
    all.extend(city::Mode::ALL.into_iter().map(city::mode::section));
    all.extend(institution::sections());
    all.push(Section {
        path: "costs",
        meaning: text(
            "Prices of what institutions take; they change nothing but costs.",
            "各类制度与工具的单价；只影响成本核算。",
        ),
        keys: prices::Settings::keys(),
    });
    all
}

/// The chapter of keys to which the table `path` belongs: the family of an institution, or one of
/// four others.
pub fn chapter(path: &str) -> Text {
    let family = institution::all().iter().find(|i| i.name == path).map(|i| i.family.label());
    family.unwrap_or_else(|| match path.split('.').next() {
        Some("theory") => text("theories and rules", "理论与规则"),
        Some("modes") => text("modes of participation", "参与方式"),
        Some("costs") => text("prices", "单价"),
        _ => text("scenario, city and residents", "情景、城市与居民"),
    })
}

/// The sections, searchable; made once.
pub fn index() -> &'static Index {
    static INDEX: std::sync::OnceLock<Index> = std::sync::OnceLock::new();
    INDEX.get_or_init(|| Index::new(sections()))
}

impl Scenario {
    /// Rows of residents that one replicate gives, by the adults that communities have on average.
    pub fn rows_of_residents(&self) -> u64 {
        let ReportSettings { residents, residents_every, .. } = self.report;
        let followed = |adults: u32| u64::from(adults.min(residents));
        let population = &self.population;
        let in_a_month: u64 = match population.table.is_empty() {
            true => u64::from(population.communities) * followed(population.adults),
            false => {
                population.table.iter().map(|row| followed(row.adults.unwrap_or(population.adults))).sum()
            }
        };
        in_a_month * u64::from(self.months / residents_every.max(1))
    }

    /// Every key at its default.
    ///
    /// # Panics
    /// If the defaults contradict each other, which the tests exclude.
    pub fn standard() -> Scenario {
        let name = r#"name = "Unnamed""#;
        Scenario::from_text("defaults", name, &[]).expect("the defaults are valid").scenario
    }
}
