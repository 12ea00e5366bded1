//! The names that a formula knows: what a theory is told of a resident, and of the last occasion.

use crate::base::params::{Text, text};
use crate::city::Mode;

/// What a name of a formula stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Variable {
    /// The intercept of the mode.
    Intercept,
    /// A column of the inputs, by its place in [`INPUTS`].
    Input(usize),
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

/// Every name with what it stands for, as it is listed for people.
pub fn explained() -> impl Iterator<Item = (String, Text)> {
    let intercept = text(
        "fitted to the base rate of each mode; the probability must rise with it",
        "由程序拟合至各方式的基准参与率；概率须随之上升",
    );
    let inputs = INPUTS.iter().map(|input| (input.names.join(", "), input.meaning));
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
    std::iter::once((INTERCEPT.join(", "), intercept)).chain(inputs).chain(others)
}

impl Variable {
    /// What `name` stands for.
    pub fn named(name: &str) -> Option<Variable> {
        let input = || INPUTS.iter().position(|input| input.names.contains(&name)).map(Variable::Input);
        let mode = || {
            let mode = name.strip_prefix(IS)?;
            Mode::ALL.into_iter().find(|known| known.name() == mode).map(Variable::Is)
        };
        match name {
            MEMORY => Some(Variable::Memory),
            TOOK_PART => Some(Variable::TookPart),
            OUTCOME => Some(Variable::Outcome),
            _ if INTERCEPT.contains(&name) => Some(Variable::Intercept),
            _ => input().or_else(mode),
        }
    }

    /// The number of its column, if it differs between residents.
    pub fn column(self) -> Option<usize> {
        match self {
            Variable::Input(at) => Some(at),
            Variable::Memory => Some(INPUTS.len()),
            Variable::TookPart => Some(INPUTS.len() + 1),
            Variable::Intercept | Variable::Is(_) | Variable::Outcome => None,
        }
    }

    /// The name by which it is shown.
    pub fn name(self) -> String {
        match self {
            Variable::Intercept => INTERCEPT[0].into(),
            Variable::Input(at) => INPUTS[at].names[0].into(),
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
        inputs.chain(others).chain(modes)
    }
}
