//! What is told of single residents: the columns of `residents.parquet`.
//!
//! To add a column: add one entry to a list below. Names are words of SQL without quotes.

use std::sync::OnceLock;

use crate::base::i18n::{Both, both};
use crate::base::params::{Text, text};
use crate::city::residents::{REQUEST, Target, Traits};
use crate::city::synth::OF_AGE;
use crate::city::{ATTRIBUTES, DOMAIN_NAMES, DOMAINS, Kind, Mode, Residents};
use crate::institution::CommunityState;

/// One thing that is told of a resident.
pub struct Detail {
    /// Name of the column.
    pub name: String,
    /// Unit in words; "" where there is none.
    pub unit: &'static str,
    /// One sentence, or less, that defines it.
    pub meaning: Both,
    /// What the column holds.
    pub holds: Holds,
    /// Of a resident at the end of a month. Whole numbers are exact up to 2²⁴; flags are 0 or 1, words their place
    /// among the words, and NaN is a missing number.
    pub value: Value,
}

/// What is told of a resident.
pub type Value = Box<dyn Fn(&Resident) -> f32 + Send + Sync>;

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holds {
    /// Whole numbers, never missing.
    Whole,
    /// Numbers, perhaps missing.
    Real,
    /// True or false.
    Flag,
    /// One of these words.
    Words(&'static [&'static str]),
}

/// A resident at the end of a month.
pub struct Resident<'a> {
    /// The community.
    pub state: &'a CommunityState,
    /// Number within the community.
    pub i: usize,
    /// Months since the start.
    pub month: u32,
    /// Month of the year, from 0.
    pub of_year: usize,
}

impl Resident<'_> {
    fn residents(&self) -> &Residents {
        &self.state.community.residents
    }

    fn traits(&self) -> Traits {
        self.residents().traits[self.i]
    }

    /// Months since the start in which this person became an adult resident here; before the start it is negative.
    /// Whoever moves in or comes of age in the place of another has a later one.
    fn since(&self) -> i32 {
        let residents = self.residents();
        let adult = i32::from(residents.age[self.i]) - i32::from(OF_AGE);
        self.month as i32 - i32::from(residents.months_here[self.i]).min(adult)
    }
}

const KINDS: [&str; Kind::ALL.len()] = [
    Kind::ALL[0].name().en,
    Kind::ALL[1].name().en,
    Kind::ALL[2].name().en,
    Kind::ALL[3].name().en,
    Kind::ALL[4].name().en,
];

const NEEDS: [&str; DOMAINS] = {
    let mut names = [""; DOMAINS];
    let mut d = 0;
    while d < DOMAINS {
        names[d] = DOMAIN_NAMES[d].en;
        d += 1;
    }
    names
};

/// All of them, in the order of the columns.
pub fn details() -> &'static [Detail] {
    static ALL: OnceLock<Vec<Detail>> = OnceLock::new();
    ALL.get_or_init(|| {
        let mut all = attributes();
        all.extend(lasting());
        all.extend(feelings());
        all.extend(acts());
        all
    })
}

fn detail(
    name: &str,
    unit: &'static str,
    holds: Holds,
    meaning: Text,
    value: impl Fn(&Resident) -> f32 + Send + Sync + 'static,
) -> Detail {
    Detail { name: name.into(), unit, meaning: meaning.into(), holds, value: Box::new(value) }
}

/// A column of the residents, as it is.
fn share(name: &str, en: &'static str, zh: &'static str, column: fn(&Residents) -> &Vec<f32>) -> Detail {
    detail(name, "share", Holds::Real, text(en, zh), move |r| column(r.residents())[r.i])
}

fn flag(
    name: &str,
    en: &'static str,
    zh: &'static str,
    is: impl Fn(&Resident) -> bool + Send + Sync + 'static,
) -> Detail {
    detail(name, "", Holds::Flag, text(en, zh), move |r| f32::from(u8::from(is(r))))
}

/// One of the attributes by which tables divide residents, with the same words.
fn word(name: &'static str, en: &'static str, zh: &'static str) -> Detail {
    let attribute = ATTRIBUTES.iter().find(|attribute| attribute.name == name);
    let attribute = attribute.expect("an attribute of tables");
    let level = |r: &Resident| (attribute.level)(r.residents(), r.i) as f32;
    detail(name, "", Holds::Words(attribute.levels), text(en, zh), level)
}

fn attributes() -> Vec<Detail> {
    let whole = |name, unit, en, zh, value: fn(&Resident) -> f32| {
        detail(name, unit, Holds::Whole, text(en, zh), value)
    };
    let need = |name, en, zh, which: fn(&Resident) -> usize| {
        detail(name, "", Holds::Words(&NEEDS), text(en, zh), move |r| which(r) as f32)
    };
    let mut all = vec![
        whole(
            "since",
            "months",
            "Month since the start in which this person became an adult resident here; negative before the start, and \
             later of whoever takes the place of another",
            "此人成为本社区成年居民的月份（自开始起计；开始之前为负，接替他人住所者较晚）",
            |r| r.since() as f32,
        ),
        detail("kind", "", Holds::Words(&KINDS), text("Kind of the community", "社区类型"), |r| {
            r.state.community.kind as usize as f32
        }),
        whole(
            "household",
            "",
            "Number of the household in the community",
            "住户在社区内的编号",
            |r| r.state.community.households.of(r.i) as f32,
        ),
        whole(
            "compound",
            "",
            "Number of the compound in the community",
            "小区在社区内的编号",
            |r| f32::from(r.residents().compound[r.i]),
        ),
        whole("age", "years", "Age in completed years", "周岁", |r| f32::from(r.residents().age[r.i] / 12)),
    ];
    all.extend([
        word("sex", "Sex", "性别"),
        word("education", "Education", "教育程度"),
        word("tenure", "Whether the home is owned or rented", "自有或租住"),
        word("hukou", "Whether the household is registered here", "户籍是否在本地"),
        whole(
            "income",
            "",
            "Fifth of the city's incomes, 1 the lowest",
            "收入五等分，1 为最低",
            |r| f32::from(r.traits().income() + 1),
        ),
        flag("party_member", "Whether a party member", "是否党员", |r| r.traits().party()),
        flag(
            "work_unit_member",
            "Whether of the work unit whose compound this is",
            "是否属于本单位",
            |r| r.traits().danwei(),
        ),
        flag("elector", "Whether on the list of electors", "是否在选民名册上", |r| {
            r.traits().listed()
        }),
        need("first_need", "Domain of services needed most", "最需要的服务领域", |r| {
            r.residents().needs[r.i].first()
        }),
        need("second_need", "Domain of services needed next", "其次需要的服务领域", |r| {
            r.residents().needs[r.i].second()
        }),
        detail(
            "acquaintances",
            "residents",
            Holds::Real,
            text("Residents of the community whom they know, by weight", "所认识的本社区居民数（按权重）"),
            |r| r.state.community.ties.known(r.i),
        ),
    ]);
    all
}

fn lasting() -> Vec<Detail> {
    vec![
        detail(
            "disposition",
            "standard deviations",
            Holds::Real,
            text("Lasting inclination to take part", "长期的参与倾向"),
            |r| r.residents().disposition[r.i],
        ),
        detail(
            "free_hours",
            "hours per month",
            Holds::Real,
            text("Free hours for community life", "可用于社区生活的空闲时间"),
            |r| r.residents().time[r.i],
        ),
        share("interest", "Interest in community affairs", "对社区事务的兴趣", |r| &r.interest),
        share("skill", "Civic skill", "公共参与技能", |r| &r.skill),
        share("attachment", "Attachment to the community", "社区归属感", |r| &r.attachment),
    ]
}

fn feelings() -> Vec<Detail> {
    let trust = |target: Target| {
        let label = target.label();
        Detail {
            name: format!("trust_{}", target.name()),
            unit: "share",
            meaning: both!("Trust in the {label}", "对{label}的信任"; label = label),
            holds: Holds::Real,
            value: Box::new(move |r| r.residents().trust[target as usize][r.i]),
        }
    };
    let mut all: Vec<Detail> = Target::ALL.into_iter().map(trust).collect();
    all.extend([
        share("satisfaction", "Satisfaction with services", "对服务的满意度", |r| &r.satisfaction),
        share("internal_efficacy", "Internal efficacy: I can", "内部效能感", |r| &r.internal_efficacy),
        share("external_efficacy", "External efficacy: they listen", "外部效能感", |r| {
            &r.external_efficacy
        }),
        detail(
            "awareness",
            "probability",
            Holds::Real,
            text("Chance of knowing what is open to residents this month", "知晓当月参与机会的概率"),
            |r| r.residents().knows(r.i),
        ),
        share("sorting_accuracy", "Accuracy of waste sorting", "垃圾分类准确率", |r| &r.accuracy),
        detail(
            "contacts",
            "contacts",
            Holds::Real,
            text(
                "How often asked in person of late: a twelfth is forgotten each month",
                "近来被当面动员的次数（每月遗忘十二分之一）",
            ),
            |r| r.residents().contacts_of_late(r.i),
        ),
    ]);
    all
}

fn acts() -> Vec<Detail> {
    let mut all = vec![flag(
        "took_part",
        "Whether they took part in at least one civic mode this month (waste sorting not counted)",
        "本月是否至少参与一种公共事务（不含垃圾分类）",
        |r| r.residents().acts[r.i] & Mode::CIVIC != 0,
    )];
    all.extend(Mode::ALL.into_iter().map(|mode| {
        let label = mode.label();
        Detail {
            name: format!("did_{}", mode.name()),
            unit: "",
            meaning: both!("Whether they took part this month: {label}", "本月是否参与：{label}"; label = label),
            holds: Holds::Flag,
            value: Box::new(move |r| f32::from(u8::from(r.residents().acts[r.i] & mode.bit() != 0))),
        }
    }));
    all.push(flag(
        "did_request",
        "Whether they filed a request with the committee this month",
        "本月是否向居委会提出请求",
        |r| r.residents().acts[r.i] & REQUEST != 0,
    ));
    all.extend(Mode::ALL.into_iter().map(|mode| {
        let label = mode.label();
        Detail {
            name: format!("habit_{}", mode.name()),
            unit: "share",
            meaning: both!("Habit of taking part: {label}", "参与习惯：{label}"; label = label),
            holds: Holds::Real,
            value: Box::new(move |r| f32::from(r.residents().habit[mode as usize][r.i]) / 65_535.0),
        }
    }));
    let quarters = |name, en, zh, value: fn(&Resident) -> u16| {
        detail(name, "hours", Holds::Real, text(en, zh), move |r| f32::from(value(r)) / 4.0)
    };
    let ago = |name, en, zh, column: fn(&Residents) -> &Vec<u8>| {
        detail(name, "months", Holds::Real, text(en, zh), move |r| match column(r.residents())[r.i] {
            u8::MAX => f32::NAN,
            months => f32::from(months),
        })
    };
    all.extend([
        quarters("hours", "Hours of civic participation this month", "本月公共参与时数", |r| {
            u16::from(r.residents().quarter_hours[r.of_year][r.i])
        }),
        quarters(
            "hours_of_year",
            "The same in the last twelve months",
            "最近十二个月公共参与时数",
            |r| r.residents().year_quarter_hours[r.i],
        ),
        ago(
            "months_since_volunteering",
            "Months since they last volunteered; empty if never, or not for 21 years",
            "距上次志愿服务的月数；从未或二十一年以上为空",
            |r| &r.since_volunteering,
        ),
        ago(
            "months_since_meeting",
            "Months since they were last at a meeting here; empty if never, or not for 21 years",
            "距上次参加本社区会议的月数；从未或二十一年以上为空",
            |r| &r.since_meeting,
        ),
    ]);
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_need_no_quotes_and_stand_once() {
        let names: Vec<&str> = details().iter().map(|detail| detail.name.as_str()).collect();
        for (k, name) in names.iter().enumerate() {
            assert!(!names[..k].contains(name), "{name}");
            assert!(name.chars().all(|c| c.is_ascii_lowercase() || c == '_'), "{name}");
        }
    }
}
