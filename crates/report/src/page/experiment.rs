//! What the reports of all experiments share: names, windows, questions, differences.

use std::io;

use super::folder::{Folder, SCENARIO, setting, size_of_city};
use super::sentence::{Cell as Number, Sentence, sentence};
use super::{Item, evidence, provenance};
use crate::comparison::window_in_words;
use shequ_experiment::record::sheet::Sheet;
use shequ_experiment::window::Window;
use shequ_model::base::i18n::{Both, Language, both};
use shequ_model::base::params::Text;
use shequ_model::city::Cities;
use shequ_model::scenario::{Loaded, index};

/// The file that says what an experiment is.
pub const EXPERIMENT: &str = "experiment.toml";

/// An experiment as its folder has it.
pub struct Experiment {
    /// Its name.
    pub name: Both,
    /// The base.
    pub base: Loaded,
    /// What is compared with it.
    pub arms: Vec<Arm>,
    /// Metrics.
    pub outcomes: Vec<String>,
    /// Those of them that are tested by themselves.
    pub primary: Vec<String>,
    /// Months over which they are averaged, as in tables.
    pub windows: Vec<String>,
}

/// An arm.
pub struct Arm {
    /// Its name in tables.
    pub id: String,
    /// Its name for people.
    pub name: Both,
    /// Its file.
    pub file: String,
    /// Its scenario.
    pub loaded: Loaded,
}

impl Experiment {
    /// What an experiment asks about `keys`: `alone`, or `of_arms` where it compares some with the base.
    pub fn question(&self, keys: &[&str], alone: Text, of_arms: Text) -> Sentence {
        let items = [
            ("base", self.base_name().into()),
            ("keys", evidence::keys_named(keys).into()),
            ("arms", self.arm_names().into()),
        ];
        let asked = if self.arms.is_empty() { alone } else { of_arms };
        sentence(asked.en, asked.zh, &items)
    }

    /// That of a folder.
    ///
    /// # Errors
    /// An I/O error if a file cannot be read or is not as this program writes it.
    pub fn of(folder: &Folder) -> io::Result<Experiment> {
        let table: toml::Table = folder.text(EXPERIMENT)?.parse().map_err(io::Error::other)?;
        let text = |table: &toml::Table, key: &str| {
            table.get(key).and_then(toml::Value::as_str).unwrap_or_default().to_string()
        };
        let list = |key: &str| {
            let items = table.get(key).and_then(toml::Value::as_array).into_iter().flatten();
            items.filter_map(|item| item.as_str().map(String::from)).collect::<Vec<_>>()
        };
        let arms = table.get("arm").and_then(toml::Value::as_array).into_iter().flatten();
        let arms = arms.filter_map(toml::Value::as_table).map(|arm| {
            let (id, file) = (text(arm, "name"), text(arm, "scenario"));
            let loaded = folder.scenario(&file)?;
            Ok(Arm { name: Both::name(&id, &text(arm, "name_zh")), id, file, loaded })
        });
        Ok(Experiment {
            name: Both::name(&text(&table, "name"), &text(&table, "name_zh")),
            base: folder.scenario(SCENARIO)?,
            arms: arms.collect::<io::Result<_>>()?,
            outcomes: list("outcomes"),
            primary: list("primary"),
            windows: list("window"),
        })
    }

    /// The name of the base.
    pub fn base_name(&self) -> Both {
        Both::name(&self.base.scenario.name, &self.base.scenario.name_zh)
    }

    /// The arm that tables call `id`; `None` of the base.
    pub fn arm(&self, id: &str) -> Option<&Arm> {
        self.arms.iter().find(|arm| arm.id == id)
    }

    /// The names of all arms, in quotes.
    pub fn arm_names(&self) -> Both {
        quoted(self.arms.iter().map(|arm| &arm.name))
    }

    /// The city of all runs.
    pub fn city(&self) -> Sentence {
        let mut items = size_of_city(SCENARIO, &self.base);
        let shared = match self.base.scenario.seed.cities {
            Cities::One => both(
                "All replicates share it, and intervals hold for it alone",
                "所有重复共用这座城市，区间只针对该城市",
            ),
            _ => both(
                "Each replicate has one of its own, shared by baseline and arms",
                "每次重复各有一座，基准与方案共用",
            ),
        };
        items.push(("shared", shared.into()));
        sentence(
            "The city is synthetic: {communities} {community} with {adults} {adult} each on average, over \
             {months} {month}. {shared}.",
            "城市是合成的：{communities} 个社区，每个社区平均 {adults} 名成年居民，历时 {months} 个月。{shared}。",
            &items,
        )
    }

    /// Where parts of the city are not recorded every month, but as often as `key` says: over which months
    /// effects on them are means.
    pub fn recorded(&self, parts: Text, key: &str) -> Option<Item> {
        let every = setting(SCENARIO, &self.base, key);
        (every.value > 1.0).then(|| {
            Item::Paragraph(vec![sentence(
                "{parts} are recorded every {every} months: effects on them are means over the recorded months of the \
                 window.",
                "{parts}每 {every} 个月记录一次：其效应只是时段内有记录的月份的均值。",
                &[("parts", Both::from(parts).into()), ("every", every.whole())],
            )])
        })
    }

    /// What differs from the base, arm by arm, and the base from the defaults.
    ///
    /// # Errors
    /// An I/O error if a file cannot be read.
    pub fn differences(&self, folder: &Folder) -> io::Result<Vec<Item>> {
        let mut items = vec![provenance::from_defaults(folder, SCENARIO, &self.base)?];
        for arm in &self.arms {
            let lines = arm.loaded.difference(&self.base);
            let rows = lines.lines().filter(|line| !line.starts_with("name"));
            let rows = rows.map(|line| {
                let line = line.split("  # ").next().unwrap_or_default();
                let (path, values) = line.split_once(": ").unwrap_or((line, ""));
                let (base, here) = values.split_once(" -> ").unwrap_or(("", values));
                let key = index().key(path.split(' ').next().unwrap_or_default());
                provenance::row(
                    path,
                    base,
                    here,
                    &arm.file,
                    key.map(|k| k.meaning.into()).unwrap_or_default(),
                )
            });
            let caption = both(
                format!("How \"{}\" differs from the baseline", arm.name.en),
                format!("“{}”与基准的差异", arm.name.zh),
            );
            items.push(Item::Table(provenance::grid("", caption, rows.collect())));
        }
        Ok(items)
    }

    /// The theories of all runs, where `varied` are the keys that vary over a design.
    pub fn theories(&self, varied: &[&str]) -> Sentence {
        let choice = |loaded: &Loaded| {
            let choice = &loaded.scenario.theory_choice;
            (choice.participation.clone(), choice.trust.clone())
        };
        let differ = varied.iter().any(|key| evidence::THEORIES.contains(key))
            || self.arms.iter().any(|arm| choice(&arm.loaded) != choice(&self.base));
        if differ { evidence::theories_differ() } else { evidence::theory(&self.base) }
    }

    /// The evidence base, and the limits of use.
    pub fn closing(&self) -> Vec<Item> {
        let mut items = vec![Item::Heading(both("Evidence base", "参数依据"))];
        items.extend(evidence::items(&self.base));
        items.extend([Item::Heading(both("Limits of use", "使用限制")), evidence::not_for()]);
        items
    }
}

/// A window of a table for people.
pub fn window(name: &str) -> Both {
    let one = |language| name.parse::<Window>().map_or(name.to_string(), |w| window_in_words(w, language));
    both(one(Language::En), one(Language::Zh))
}

/// How many pairs of replicates the effects are based on, and whether they use common random numbers.
pub fn pairs(effects: &Sheet) -> Sentence {
    let n = Number::of(effects, 0, "n").whole();
    let outputs = &[("n", n)];
    match (effects.text(0, "method"), effects.number(0, "n")) {
        (_, n) if n < 2.0 => sentence(
            "Random variation: one pair of replicates has no interval, so effects cannot be told from random variation.",
            "随机波动：只有一对重复，没有区间，效应无法与随机波动区分。",
            &[],
        ),
        (method, _) if method.starts_with("paired") => sentence(
            "Random variation: each effect is the mean of {n} paired differences under common random numbers, \
             with its 95 % interval; significance is corrected over all effects of a table and role (Holm's correction).",
            "随机波动：每项效应为共用随机数下 {n} 个配对差值的均值及其 95% 置信区间；显著性对表中同一角色的全部效应校正（Holm 校正）。",
            outputs,
        ),
        _ => sentence(
            "Random variation: replicates are not paired; each effect is the difference of two means over {n} \
             replicates with its 95 % interval (Welch); significance is corrected over all effects of a table and role (Holm's correction).",
            "随机波动：重复未配对；每项效应为 {n} 次重复的两均值之差及其 95% 置信区间（Welch）；显著性对表中同一角色的全部效应校正（Holm 校正）。",
            outputs,
        ),
    }
}

/// What `warnings.csv` says, each code once.
pub fn warnings(folder: &Folder) -> io::Result<Vec<Item>> {
    if !folder.has("warnings") {
        return Ok(Vec::new());
    }
    let sheet = folder.sheet("warnings")?;
    let said = CODES.iter().filter(|(code, ..)| sheet.words("code").iter().any(|known| known == code));
    let sentences: Vec<Sentence> = said.map(|(_, en, zh)| sentence(en, zh, &[])).collect();
    Ok(if sentences.is_empty() { Vec::new() } else { vec![Item::List(sentences)] })
}

/// The codes of warnings, and what each says.
pub const CODES: [(&str, &str, &str); 12] = [
    (
        "few_replicates",
        "Few replicates: intervals are imprecise; use more replicates.",
        "重复次数少：区间不精确，宜增加重复次数。",
    ),
    ("failed_runs", "Some runs failed; their pairs are left out.", "部分模拟失败，与之相比的内容已舍去。"),
    (
        "not_converged",
        "Some indices have not converged: their values would change with other samples.",
        "部分指数尚未收敛，换用其他样本会有所不同。",
    ),
    (
        "much_noise",
        "For some outcomes random numbers account for much of the variance between rows, which makes their indices imprecise.",
        "部分结果的行间方差多来自随机数，其指数因而不准。",
    ),
    (
        "not_narrow_enough",
        "The interval is wider than requested even with the maximum number of replicates.",
        "达到重复次数上限时，区间仍未达到要求的宽度。",
    ),
    (
        "too_few_replicates",
        "Some intervals include zero and also effects of practical importance, so that neither can be ruled out.",
        "部分区间既含零也含有实际意义的效应：两者都不能排除。",
    ),
    (
        "at_a_bound",
        "Some shares are at their bound, so that effects on them may be understated.",
        "部分比例已达上下限，其效应可能被低估。",
    ),
    (
        "sign_changes",
        "Some effects change sign across theories or rows.",
        "部分效应在不同理论或设计点下方向相反。",
    ),
    (
        "depends_on_theory",
        "Some effects depend on the theory, by a test of heterogeneity.",
        "经异质性检验，部分效应取决于理论。",
    ),
    (
        "pairing_did_not_help",
        "For some outcomes common random numbers did not narrow the interval, which remains valid.",
        "部分结果的共用随机数未使区间变窄，但区间仍然有效。",
    ),
    ("edge_of_range", "Some keys are at the edge of their range.", "部分取值位于允许范围的边缘。"),
    (
        "assumed",
        "Every arm depends on defaults that are assumed and not measured.",
        "各方案都依赖未经测量的假定默认值。",
    ),
];

/// Names in quotes, one after another.
pub fn quoted<'a>(names: impl Iterator<Item = &'a Both> + Clone) -> Both {
    let listed = |open: &str, close: &str, between: &str, language: Language| {
        let names = names.clone().map(|name| format!("{open}{}{close}", name.of(language)));
        names.collect::<Vec<_>>().join(between)
    };
    both(listed("\"", "\"", ", ", Language::En), listed("“", "”", "、", Language::Zh))
}
