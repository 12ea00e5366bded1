//! What results rest on: how many values of a scenario are measured, derived, assumed or chosen.

use super::folder::{Folder, POSTERIOR, SCENARIO, setting};
use super::sentence::{Cell as Number, Sentence, Source, sentence};
use super::{Cell, Grid, Item};
use crate::theories::{rule_called, theory_called};
use shequ_model::base::i18n::{Both, both};
use shequ_model::base::params::{Grade, text};
use shequ_model::base::units::unit;
use shequ_model::city::Cities;
use shequ_model::scenario::{Loaded, index};

/// Rows of a table that is folded.
const MANY: usize = 12;

/// Keys that a sentence names at most.
const NAMED: usize = 6;

/// Id of the table of grades.
const GRADES: &str = "grades";

/// The grades, best first, with what each is called.
const NAMES: [(Grade, shequ_model::base::params::Text); 5] = [
    (Grade::Measured, text("measured", "实测")),
    (Grade::Derived, text("derived", "推算")),
    (Grade::Fitted, text("fitted to targets", "拟合")),
    (Grade::Assumed, text("assumed", "假定")),
    (Grade::Choice, text("chosen in the scenario", "情景自选")),
];

/// The grade of a key's value in a scenario: that of its default, or a choice where it has another value.
pub fn grade(loaded: &Loaded, path: &str) -> Option<Grade> {
    let key = index().key(path)?;
    let given = loaded.value(path)?;
    Some(if given.value == key.default { key.grade } else { Grade::Choice })
}

/// What a grade is called.
pub fn called(grade: Grade) -> Both {
    NAMES.iter().find(|(known, _)| *known == grade).map_or_else(Both::default, |(_, name)| (*name).into())
}

/// How many values of a scenario have each grade, and how many there are.
fn counts(loaded: &Loaded) -> ([usize; 5], usize) {
    let grades: Vec<Grade> = index().keys().filter_map(|(path, _)| grade(loaded, &path)).collect();
    (NAMES.map(|(grade, _)| grades.iter().filter(|&&g| g == grade).count()), grades.len())
}

/// On what a scenario's values rest.
pub fn counted(loaded: &Loaded) -> Sentence {
    let (counts, all) = counts(loaded);
    let cell = |row: usize, count: usize| Number {
        value: count as f64,
        source: Source { table: GRADES.into(), row: (row + 1).to_string(), column: "2".into() },
    };
    let [measured, derived, fitted, assumed, chosen] =
        [0, 1, 2, 3, 4].map(|row| cell(row, counts[row]).whole());
    sentence(
        "Of the {all} values of the scenario, {measured} were measured, {derived} derived from what was \
         measured, {fitted} fitted to targets, {assumed} assumed because no measurement is known, and {chosen} chosen by the author of \
         the scenario.",
        "情景共有 {all} 个取值：{measured} 个实测，{derived} 个推算，{fitted} 个由目标数据拟合，{assumed} 个因无已知测量而假定，{chosen} 个由情景作者自选。",
        &[
            ("all", cell(5, all).whole()),
            ("measured", measured),
            ("derived", derived),
            ("fitted", fitted),
            ("assumed", assumed),
            ("chosen", chosen),
        ],
    )
}

/// Sentences on what a scenario's values rest on, and their table.
pub fn items(loaded: &Loaded) -> Vec<Item> {
    let (counts, all) = counts(loaded);
    let row = |name: Both, count: usize| {
        vec![Cell::Words(name), Cell::Number(both(count.to_string(), count.to_string()))]
    };
    let mut rows: Vec<Vec<Cell>> =
        NAMES.iter().zip(counts).map(|((_, name), count)| row((*name).into(), count)).collect();
    rows.push(row(both("all", "全部"), all));
    let grid = Grid {
        id: GRADES,
        caption: both("Sources of the scenario's values", "情景取值的来源"),
        head: vec![both("grade", "等级"), both("values", "取值个数")],
        rows,
        folded: true,
    };
    vec![Item::Paragraph(vec![counted(loaded)]), Item::Table(grid)]
}

/// What the results of any kind are not for.
pub fn not_for() -> Item {
    Item::List(vec![
        sentence(
            "Not for forecasting a participation rate or a level of trust: levels depend on assumptions; compare \
             policies instead.",
            "不可用于预测参与率或信任水平：绝对水平取决于假定，只宜比较政策。",
            &[],
        ),
        sentence(
            "Not for judging a real community, committee or person: the city is synthetic.",
            "不可用于评判真实的社区、居委会或个人：城市是合成的。",
            &[],
        ),
        sentence(
            "Not as evidence that a policy worked in a real place.",
            "不可作为某项政策在某地已经奏效的证据。",
            &[],
        ),
    ])
}

/// The keys that choose why residents take part and how trust moves.
pub const THEORIES: [&str; 2] = ["theory.participation", "theory.trust"];

/// That theories are among what differs.
pub fn theories_differ() -> Sentence {
    sentence(
        "Theories: the theory of participation or the trust rule is itself varied here; results hold for the ones that \
         were simulated.",
        "理论：此处变动的内容包括参与理论或信任规则本身；所示结果只对所模拟的理论与规则成立。",
        &[],
    )
}

/// Keys that vary: their grade, their value in the base, their unit, and what they mean.
pub fn varied<'a>(base: &Loaded, keys: impl Iterator<Item = &'a str>) -> Grid {
    let row = |key: &str| {
        let known = index().key(key);
        let value = base.value(key).map(|given| given.value.to_string());
        vec![
            Cell::Code(key.into()),
            Cell::Words(grade(base, key).map(called).unwrap_or_default()),
            Cell::Code(value.unwrap_or_default()),
            Cell::Words(known.map(|key| unit(key.unit).into()).unwrap_or_default()),
            Cell::Words(known.map(|key| key.meaning.into()).unwrap_or_default()),
        ]
    };
    let rows: Vec<Vec<Cell>> = keys.map(row).collect();
    Grid {
        id: "parameters",
        caption: both("Keys that were varied around the baseline", "围绕基准变动的参数"),
        head: vec![
            both("key", "键"),
            both("grade", "等级"),
            both("base", "基准"),
            both("unit", "单位"),
            both("meaning", "含义"),
        ],
        folded: rows.len() > MANY,
        rows,
    }
}

/// Keys within a sentence: the first of them where there are many, which a table lists.
pub fn keys_named(keys: &[&str]) -> Both {
    match keys.len() {
        0..=NAMED => Both::same(&keys.join(", ")),
        _ => {
            let first = keys[..NAMED].join(", ");
            both!("{first} and others (see the table)", "{first} 等（见表）")
        }
    }
}

/// The theory and the rule of all runs.
pub fn theory(loaded: &Loaded) -> Sentence {
    let choice = &loaded.scenario.theory_choice;
    sentence(
        "Theories: all runs used the theory of participation \"{theory}\" and the trust rule \"{rule}\" \
         alone; whether a result holds under others can be tested with shequ contest.",
        "理论：全部模拟只采用参与理论“{theory}”与信任规则“{rule}”；换用其他理论结果是否成立，须用 shequ contest 检验。",
        &[
            ("theory", Both::by(|language| theory_called(&choice.participation, language)).into()),
            ("rule", Both::by(|language| rule_called(&choice.trust, language)).into()),
        ],
    )
}

/// The random variation of means over replicates.
pub fn chance(loaded: &Loaded) -> Sentence {
    let outputs = setting(SCENARIO, loaded, "replicates").whole();
    match loaded.scenario.replicates {
        1 => sentence(
            "Random variation: one replicate has no interval, so results cannot be told from random variation.",
            "随机波动：只有一次重复，没有区间，结果无法与随机波动区分。",
            &[],
        ),
        _ => {
            let cities = match loaded.scenario.seed.cities {
                Cities::One => both(
                    "all in one synthetic city, and hold for that city alone",
                    "均在同一座合成城市，区间只针对该城市",
                ),
                Cities::Auto | Cities::Each => both(
                    "each in a synthetic city of its own, and hold for the mean over such cities",
                    "各在一座合成城市，区间针对此类城市的均值",
                ),
                Cities::Pairs => both(
                    "two in each synthetic city, and hold for the mean over such cities; variance.csv gives the \
                     variance between and within cities",
                    "每座合成城市两次，区间针对此类城市的均值；variance.csv 区分城市之间与城市之内的方差",
                ),
            };
            sentence(
                "Random variation: intervals are 95 % intervals of the mean over {replicates} replicates with \
                 different random numbers (Student's t), {cities}. They are not corrected for their number; among many, some miss the true value.",
                "随机波动：区间为不同随机数下 {replicates} 次重复均值的 95% 置信区间（Student t）；各次重复{cities}。区间未作多重性校正；区间众多时，有的不含真值。",
                &[("replicates", outputs), ("cities", cities.into())],
            )
        }
    }
}

/// What other values of the parameters do, where a posterior may say so.
pub fn parameters_of(folder: &Folder) -> Sentence {
    if !folder.manifest.has(POSTERIOR) {
        return parameters();
    }
    sentence(
        "Parameters: every pair of replicates has one draw of posterior.csv and counts once, so that intervals include what \
         is not known of the parameters in that table; other values are taken as they are.",
        "参数：每对重复采用 posterior.csv 中的一组抽样，合计为一次，因此区间包含该表所列参数的不确定性；其他取值视为已知。",
        &[],
    )
}

/// What other values of the parameters do.
pub fn parameters() -> Sentence {
    sentence(
        "Parameters: intervals do not include the uncertainty of assumed values; shequ sensitivity shows \
         which of them matter.",
        "参数：区间不含假定取值的不确定性；哪些取值重要，可用 shequ sensitivity 分析。",
        &[],
    )
}
