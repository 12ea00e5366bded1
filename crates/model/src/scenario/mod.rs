//! From a scenario file to a [`Scenario`] that cannot be wrong.
//!
//! [`Scenario::load`] reads a file and the files that it extends ([`draft`]), each checked key by key
//! against [`sections`] ([`document`], [`value`]); then checks what only shows when all is known
//! ([`checks`]) and builds the scenario (`build`). All problems of one pass are reported together.

mod build;
pub mod bundled;
pub mod checks;
pub mod document;
mod doubts;
pub mod draft;
pub mod file;
pub mod index;
pub mod lists;
mod loaded;
mod pabulib;
pub mod reader;
pub mod renamed;
pub mod resolved;
pub mod schema;
mod syntax;
pub mod template;
pub mod value;
mod written;

pub use loaded::Loaded;
pub use schema::schema;

use std::sync::Arc;

use index::Index;

use crate::base::month::Month;
use crate::base::params::{Key, Section, Settings, Text, text, word};
use crate::base::rng::{CounterRng, Stream};
use crate::city::{self, Cities, given, network, person, population};
use crate::institution::{self, Rules};
use crate::theory::{self, Theory};
use crate::trust::{self, Rule};
use serde::{Deserialize, Serialize};

/// The top-level keys of a scenario file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[allow(missing_docs)] // Each field is explained by its key below.
pub struct Head {
    pub name: String,
    pub name_zh: String,
    pub start: String,
    pub months: u32,
    pub replicates: u32,
    pub update: String,
}

impl Settings for Head {
    fn keys() -> Vec<Key> {
        vec![
            Key::text("name", "Unnamed")
                .fixed()
                .means("Name of the scenario, in English.", "情景的英文名称。"),
            Key::text("name_zh", "").fixed().means("Name of the scenario, in Chinese.", "情景的中文名称。"),
            Key::month("start", "2017-01")
                .fixed()
                .means("First month that is simulated.", "模拟的第一个月。"),
            Key::count("months", 120, 1, 1200)
                .fixed()
                .unit("months")
                .means("Months to simulate.", "模拟的月数。")
                .choice(),
            Key::count("replicates", 30, 1, 100_000)
                .fixed()
                .means(
                    "Replicates, each under random numbers of its own; seed.cities says which share a city.",
                    "重复次数,每次使用不同的随机数;哪些重复共用城市由 seed.cities 决定。",
                )
                .choice(),
            Key::one_of(
                "update",
                "synchronous",
                &[
                    word(
                        "synchronous",
                        "everybody decides on what was so at the start of the month",
                        "所有居民依据月初状态决策",
                    ),
                    word(
                        "random_sequential",
                        "residents decide one after another, in an order drawn each month",
                        "居民按每月随机次序依次决策",
                    ),
                ],
            )
            .fixed()
            .means("Order in which residents of a community decide.", "社区内居民决策的次序。"),
        ]
    }
}

/// The table `[seed]`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seed {
    /// Seed of the city: who lives where.
    pub city: u64,
    /// Seed of what happens in it, replicate by replicate.
    pub replicates: u64,
    /// Which replicates share a city.
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

impl Settings for Seed {
    fn keys() -> Vec<Key> {
        vec![
            Key::count("city", 1, 0, i64::MAX)
                .fixed()
                .means("Seed of the synthetic city.", "合成城市的随机种子。")
                .choice(),
            Key::count("replicates", 1, 0, i64::MAX)
                .fixed()
                .means("Seed of what happens in it, replicate by replicate.", "各次重复中所发生之事的随机种子。")
                .choice(),
            Key::one_of(
                "cities",
                "auto",
                &[
                    word(
                        "auto",
                        "in a run each replicate has its own city, so that intervals are of the mean over cities; in \
                         an experiment all share one, so that arms differ in nothing else",
                        "单次运行中每次重复各有城市,区间针对各城市的均值;实验中共用一座城市",
                    ),
                    word(
                        "one",
                        "all replicates share the city of seed.city: intervals are of this city",
                        "所有重复共用 seed.city 的城市,区间只针对该城市",
                    ),
                    word(
                        "each",
                        "each replicate has its own city, the first that of seed.city",
                        "每次重复各有一座城市,第一座为 seed.city 的城市",
                    ),
                    word(
                        "pairs",
                        "two replicates share each city, which tells the variance between cities from that within; in \
                         an experiment as each",
                        "每座城市两次重复,以区分城市之间与城市之内的方差;实验中同 each",
                    ),
                ],
            )
            .fixed()
            .means(
                "Which replicates share a synthetic city. Base and arms of an experiment always share that of their replicate.",
                "哪些重复共用一座合成城市。实验的基准与方案在同一次重复中总是共用城市。",
            )
            .choice(),
        ]
    }
}

/// The table `[report]`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReportSettings {
    /// Months between rows of `communities.csv`.
    pub communities_every: u32,
    /// Months between rows of `groups.csv`.
    pub groups_every: u32,
}

impl Settings for ReportSettings {
    fn keys() -> Vec<Key> {
        vec![
            Key::count("communities_every", 12, 0, 1200)
                .fixed()
                .unit("months")
                .means(
                    "Months between rows of communities.csv; 0 = none.",
                    "communities.csv 的间隔月数;0 表示不输出。",
                )
                .choice(),
            Key::count("groups_every", 12, 0, 1200)
                .fixed()
                .unit("months")
                .means("Months between rows of groups.csv; 0 = none.", "groups.csv 的间隔月数;0 表示不输出。")
                .choice(),
        ]
    }
}

/// The table `[theory]`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TheoryChoice {
    /// Name of the participation theory.
    pub participation: String,
    /// Name of the trust rule.
    pub trust: String,
    /// Whether intercepts are fitted to base rates or given.
    pub intercepts: Intercepts,
}

/// Where the intercepts of modes come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Intercepts {
    /// Fitted to the modes' base rates.
    Fitted,
    /// The modes' own.
    Given,
}

impl Settings for TheoryChoice {
    fn keys() -> Vec<Key> {
        let theories: Vec<_> = theory::ALL.iter().map(|e| word(e.name, e.summary.en, e.summary.zh)).collect();
        let rules: Vec<_> = trust::ALL.iter().map(|e| word(e.name, e.summary.en, e.summary.zh)).collect();
        vec![
            Key::one_of("participation", "calculus", &theories)
                .fixed()
                .means("Theory of why residents take part.", "居民为何参与的理论。"),
            Key::one_of("trust", "asymmetric", &rules)
                .fixed()
                .means("Rule by which trust moves.", "信任变化的规则。"),
            Key::one_of(
                "intercepts",
                "fitted",
                &[
                    word(
                        "fitted",
                        "fitted, so that under reference conditions each mode has its base rate",
                        "拟合至各方式的基准参与率",
                    ),
                    word(
                        "given",
                        "`modes.NAME.intercept`, as a published model gives it",
                        "取 modes.NAME.intercept(依据已发表模型)",
                    ),
                ],
            )
            .fixed()
            .means("Where the theory's intercept of each mode comes from.", "理论中各方式截距的来源。"),
        ]
    }
}

/// In which order the residents of a community decide.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Update {
    /// All on the state at the start of the month.
    Synchronous,
    /// One after another in an order drawn each month.
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
    /// Replicates.
    pub replicates: u32,
    /// Order of decisions.
    pub update: Update,
    /// Seeds.
    pub seed: Seed,
    /// What is written how often.
    pub report: ReportSettings,
    /// How the city is built.
    pub population: population::Settings,
    /// Names of theory and trust rule.
    pub theory_choice: TheoryChoice,
    /// Why residents take part.
    pub theory: Arc<dyn Theory>,
    /// How trust moves.
    pub trust: Arc<dyn Rule>,
    /// The rules over time: the first from month 0, then one for each dated change, in order.
    pub periods: Vec<PolicyPeriod>,
}

/// The keys that say how a file is read, beside those of [`sections`]: name and meaning.
pub const READING: [(&str, Text); 3] = [
    (
        "extends",
        text(
            "Path of the file that this one extends, from the folder of this file.",
            "所扩展的文件路径(相对于本文件所在文件夹)。",
        ),
    ),
    ("change", text("What changes in the course of the run, by date.", "运行过程中按日期发生的变化。")),
    ("change.from", text("First month in which a change holds.", "变化开始生效的月份。")),
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
            meaning: text("What is written how often.", "输出的频率。"),
            keys: ReportSettings::keys(),
        },
        Section {
            path: "population",
            meaning: text("The synthetic city.", "合成城市。"),
            keys: population::Settings::keys(),
        },
        Section {
            path: "population.network",
            meaning: text(
                "Who knows whom, where that is not left to where people live.",
                "居民联系网络(不由居住形成时)。",
            ),
            keys: network::Settings::keys(),
        },
        Section {
            path: "population.given",
            meaning: text(
                "What is laid down of residents instead of drawn, as a published set-up asks for; a list holds one number for each adult of a community.",
                "对居民直接给定而非随机抽取的内容(用于复现已发表的设定);列表为社区每位成年居民一个数。",
            ),
            keys: given::Settings::keys(),
        },
        Section {
            path: "residents",
            meaning: text(
                "How residents begin, hear, learn, forget and move.",
                "居民的初始状态、知情、学习、遗忘与迁移。",
            ),
            keys: person::Settings::keys(),
        },
        Section {
            path: "theory",
            meaning: text(
                "Which theory of participation and which rule of trust hold.",
                "采用的参与理论与信任规则。",
            ),
            keys: TheoryChoice::keys(),
        },
    ];
    all.extend(theory::sections());
    all.extend(trust::sections());
    all.extend(city::Mode::ALL.into_iter().map(city::mode::section));
    all.extend(institution::sections());
    all
}

/// The sections, searchable; made once.
pub fn index() -> &'static Index {
    static INDEX: std::sync::OnceLock<Index> = std::sync::OnceLock::new();
    INDEX.get_or_init(|| Index::new(sections()))
}

impl Scenario {
    /// Every key at its default.
    ///
    /// # Panics
    /// If the defaults contradict each other, which the tests exclude.
    pub fn standard() -> Scenario {
        let name = r#"name = "Unnamed""#;
        Scenario::from_text("defaults", name, &[]).expect("the defaults are valid").scenario
    }
}
