//! The names that a formula knows: what a theory is told of a resident, and of the last occasion.

use crate::base::params::{Text, text};
use crate::city::{Mode, Traits};
use crate::theory::Inputs;

/// What a name of a formula stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Variable {
    /// The intercept of the mode.
    Intercept,
    /// A column of the inputs, by its place in [`INPUTS`].
    Input(usize),
    /// An attribute, by its place in [`ATTRIBUTES`].
    Attribute(usize),
    /// 1 in this mode, else 0.
    Is(Mode),
    /// What is remembered.
    Memory,
    /// 1 if the resident took part on the last occasion, else 0.
    TookPart,
    /// How well the last occasion ended.
    Outcome,
}

/// An input by its names.
pub struct Input {
    /// Its name, and others that it goes by.
    pub names: &'static [&'static str],
    /// What it is.
    pub meaning: Text,
    /// Between which values a formula is tried out.
    pub tried: (f32, f32),
}

/// Names of the intercept.
pub const INTERCEPT: [&str; 2] = ["intercept", "a"];
/// What is remembered.
pub const MEMORY: &str = "memory";
/// Whether the resident took part on the last occasion.
pub const TOOK_PART: &str = "took_part";
/// How well the last occasion ended.
pub const OUTCOME: &str = "outcome";
/// How names begin that are 1 in one mode.
pub const IS: &str = "is_";

/// Between nothing and all.
const SHARE: (f32, f32) = (0.0, 1.0);
/// Time and effort may be more than a resident has.
const COSTS: (f32, f32) = (0.0, 2.0);
/// Nearly all of a standard normal distribution.
const NORMAL: (f32, f32) = (-3.0, 3.0);
/// A resident alone, and one who is known to everybody around.
const KNOWN: (f32, f32) = (1.0, 150.0);

/// Columns of numbers by resident: the inputs, what is remembered, and who took part.
pub const COLUMNS: usize = INPUTS.len() + 2;

/// The inputs, in the order in which they are listed.
pub const INPUTS: [Input; 13] = [
    Input {
        names: &["influence", "external_efficacy"],
        meaning: text(
            "influence that residents feel they have (external efficacy)",
            "感知影响力（外部效能感）",
        ),
        tried: SHARE,
    },
    Input {
        names: &["benefit"],
        meaning: text("what there is to gain, by stake and need", "收益（由利害与需求而定）"),
        tried: SHARE,
    },
    Input {
        names: &["cost"],
        meaning: text("time and effort, relative to the resident's own", "时间与精力成本（相对于居民自身）"),
        tried: COSTS,
    },
    Input { names: &["duty"], meaning: text("sense of duty", "责任感"), tried: SHARE },
    Input {
        names: &["norm"],
        meaning: text("share of acquaintances who took part last time", "上次参与的熟人比例"),
        tried: SHARE,
    },
    Input { names: &["habit"], meaning: text("habit of the mode", "该方式的习惯"), tried: SHARE },
    Input {
        names: &["trust"],
        meaning: text("trust in the mode's counterpart", "对该方式对方的信任"),
        tried: SHARE,
    },
    Input {
        names: &["asked"],
        meaning: text("1 if asked in person this month, else 0", "本月被当面邀请为 1，否则为 0"),
        tried: SHARE,
    },
    Input {
        names: &["interest"],
        meaning: text("interest in community affairs", "对社区事务的兴趣"),
        tried: SHARE,
    },
    Input { names: &["skill"], meaning: text("civic skill", "公民技能"), tried: SHARE },
    Input {
        names: &["internal_efficacy"], meaning: text("internal efficacy", "内部效能感"), tried: SHARE
    },
    Input {
        names: &["disposition"],
        meaning: text("lasting inclination, standard normal", "持久的个人倾向，标准正态"),
        tried: NORMAL,
    },
    Input {
        names: &["acquaintances"],
        meaning: text("how many acquaintances the resident has", "熟人数量"),
        tried: KNOWN,
    },
];

/// A lasting attribute of a resident, as a number.
pub struct Attribute {
    /// Its name.
    pub name: &'static str,
    /// What it is.
    pub meaning: Text,
    /// Of a resident of this age in months.
    of: fn(Traits, u16) -> f32,
}

/// The attributes, in the order in which they are listed.
pub const ATTRIBUTES: [Attribute; 8] = [
    Attribute {
        name: "age",
        meaning: text("age in years", "年龄（岁）"),
        of: |_, age| f32::from(age) / 12.0,
    },
    Attribute {
        name: "male",
        meaning: text("1 for men, 0 for women", "男性为 1，女性为 0"),
        of: |traits, _| flag(traits.male()),
    },
    Attribute {
        name: "education",
        meaning: text(
            "0 primary school or less, 1/3 junior and 2/3 senior secondary school, 1 university",
            "小学及以下为 0，初中为 1/3，高中为 2/3，大专及以上为 1",
        ),
        of: |traits, _| f32::from(traits.education()) / 3.0,
    },
    Attribute {
        name: "income",
        meaning: text(
            "fifth of incomes, from 0 for the lowest to 1 for the highest",
            "收入五等分，最低为 0，最高为 1",
        ),
        of: |traits, _| f32::from(traits.income()) / 4.0,
    },
    Attribute {
        name: "owner",
        meaning: text("1 for those who own their home, else 0", "自有住房为 1，否则为 0"),
        of: |traits, _| flag(traits.owner()),
    },
    Attribute {
        name: "local",
        meaning: text("1 for those whose hukou is here, else 0", "户籍在本地为 1，否则为 0"),
        of: |traits, _| flag(traits.local()),
    },
    Attribute {
        name: "party_member",
        meaning: text("1 for members of the party, else 0", "党员为 1，否则为 0"),
        of: |traits, _| flag(traits.party()),
    },
    Attribute {
        name: "work_unit_member",
        meaning: text(
            "1 for those who belong to the work unit of their compound, else 0",
            "属于所住院落的单位为 1，否则为 0",
        ),
        of: |traits, _| flag(traits.danwei()),
    },
];

fn flag(is: bool) -> f32 {
    if is { 1.0 } else { 0.0 }
}

impl Attribute {
    /// Writes the attribute of the residents from `start` on, as many as `out` is long.
    pub fn write(&self, x: &Inputs, start: usize, out: &mut [f32]) {
        for ((out, &traits), &age) in out.iter_mut().zip(&x.traits[start..]).zip(&x.age[start..]) {
            *out = (self.of)(traits, age);
        }
    }
}

/// Every name with what it stands for, as it is listed for people.
pub fn explained() -> impl Iterator<Item = (String, Text)> {
    let intercept = text(
        "fitted to the base rate of each mode; the probability must rise with it",
        "由程序拟合至各方式的基准参与率；概率须随之上升",
    );
    let inputs = INPUTS.iter().map(|input| (input.names.join(", "), input.meaning));
    let attributes = ATTRIBUTES.iter().map(|attribute| (attribute.name.to_string(), attribute.meaning));
    let modes = Mode::ALL.into_iter().map(|mode| Variable::Is(mode).name()).collect::<Vec<_>>().join(", ");
    let others = [
        (modes, text("1 in this mode, else 0", "在该方式下为 1，否则为 0")),
        (
            MEMORY.into(),
            text(
                "what is remembered, if `remember` is given; in it, what was remembered before",
                "记忆（给出 `remember` 时可用）；在 `remember` 中为更新前的记忆",
            ),
        ),
        (
            TOOK_PART.into(),
            text(
                "in `remember`: 1 if the resident took part on the last occasion, else 0",
                "用于 `remember`：居民上次机会参与为 1，否则为 0",
            ),
        ),
        (
            OUTCOME.into(),
            text(
                "in `remember`: how well the last occasion ended, from 0 to 1",
                "用于 `remember`：上次机会的结果，0 至 1",
            ),
        ),
    ];
    std::iter::once((INTERCEPT.join(", "), intercept)).chain(inputs).chain(attributes).chain(others)
}

impl Variable {
    /// What `name` stands for.
    pub fn named(name: &str) -> Option<Variable> {
        let input = || INPUTS.iter().position(|input| input.names.contains(&name)).map(Variable::Input);
        let attribute = || {
            let place = ATTRIBUTES.iter().position(|attribute| attribute.name == name);
            place.map(Variable::Attribute)
        };
        let mode = || {
            let mode = name.strip_prefix(IS)?;
            Mode::ALL.into_iter().find(|known| known.name() == mode).map(Variable::Is)
        };
        match name {
            MEMORY => Some(Variable::Memory),
            TOOK_PART => Some(Variable::TookPart),
            OUTCOME => Some(Variable::Outcome),
            _ if INTERCEPT.contains(&name) => Some(Variable::Intercept),
            _ => input().or_else(attribute).or_else(mode),
        }
    }

    /// The number of its column, if there is a column of it.
    pub fn column(self) -> Option<usize> {
        match self {
            Variable::Input(at) => Some(at),
            Variable::Memory => Some(INPUTS.len()),
            Variable::TookPart => Some(INPUTS.len() + 1),
            Variable::Intercept | Variable::Attribute(_) | Variable::Is(_) | Variable::Outcome => None,
        }
    }

    /// The name by which it is shown.
    pub fn name(self) -> String {
        match self {
            Variable::Intercept => INTERCEPT[0].into(),
            Variable::Input(at) => INPUTS[at].names[0].into(),
            Variable::Attribute(at) => ATTRIBUTES[at].name.into(),
            Variable::Is(mode) => format!("{IS}{}", mode.name()),
            Variable::Memory => MEMORY.into(),
            Variable::TookPart => TOOK_PART.into(),
            Variable::Outcome => OUTCOME.into(),
        }
    }

    /// Every name that stands for anything.
    pub fn names() -> impl Iterator<Item = String> {
        let inputs = INPUTS.iter().flat_map(|input| input.names.iter().map(|name| name.to_string()));
        let modes = Mode::ALL.into_iter().map(|mode| Variable::Is(mode).name());
        let others = [MEMORY, TOOK_PART, OUTCOME].into_iter().chain(INTERCEPT).map(String::from);
        let attributes = ATTRIBUTES.iter().map(|attribute| attribute.name.to_string());
        inputs.chain(attributes).chain(others).chain(modes)
    }
}
