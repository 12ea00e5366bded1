//! Structured warnings: what somebody who quotes a comparison should know.
//!
//! Each has a code that stays the same, so that scripts can act on it. A warning says that a claim may be
//! wrong or stand on little; a note says what the results rest on.

pub(crate) mod design;

use crate::compare::effects::{Asked, Effect, Side};
use crate::contest::range::{Range, Verdict};
use crate::record::table::{Cell, Column, Table, Take};
use shequ_model::base::i18n::{self, Both, both};
use shequ_model::base::params::{Grade, Key, Kind};
use shequ_model::scenario::index::Index;
use shequ_model::scenario::{Loaded, sections};

/// Fewer pairs than these, and an interval rests on the shape of a distribution that nobody has seen.
const FEW: usize = 10;
/// An interval that holds zero and also effects larger than this share of the base's level leaves open
/// whether anything of consequence happens.
const OF_CONSEQUENCE: f64 = 0.1;
/// A mean share this close to 0 or 1 is at its bound.
const BOUND: f64 = 0.005;
/// Keys that a note names at most.
const NAMED: usize = 5;

/// How much a warning matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// A claim may be wrong, or stand on little.
    Warning,
    /// What results rest on.
    Note,
}

impl Level {
    /// As in the column `level`.
    pub fn word(self) -> &'static str {
        match self {
            Level::Warning => "warning",
            Level::Note => "note",
        }
    }
}

/// One warning. Arm, theory, trust, metric and window are empty where it concerns all of them.
#[derive(Clone, Debug, PartialEq)]
pub struct Warning {
    /// How much it matters.
    pub level: Level,
    /// What kind it is, in one word.
    pub code: &'static str,
    /// Name of the arm.
    pub arm: String,
    /// The participation theory.
    pub theory: String,
    /// The trust rule.
    pub trust: String,
    /// Name of the metric.
    pub metric: String,
    /// The window.
    pub window: String,
    /// What is so, in one sentence.
    pub message: Both,
}

impl Warning {
    fn new(level: Level, code: &'static str, message: Both) -> Warning {
        let [arm, theory, trust, metric, window] = [(); 5].map(|()| String::new());
        Warning { level, code, arm, theory, trust, metric, window, message }
    }

    fn of(mut self, side: &Side) -> Warning {
        (self.arm, self.theory, self.trust) = (side.name.clone(), side.theory.clone(), side.trust.clone());
        self
    }

    fn about(mut self, effect: &Effect) -> Warning {
        (self.metric, self.window) = (effect.outcome.name().into(), effect.window.to_string());
        self
    }
}

/// What is to be said of each effect.
pub fn of_effects(effects: &[Effect], arms: &[(&Side, &Side)]) -> Vec<Warning> {
    let said = |effect: &Effect| {
        let arm = arms[effect.arm].1;
        let checks = [too_few(effect, has_draws(arm)), at_a_bound(effect), pairing_did_not_help(effect)];
        checks.into_iter().flatten().map(|warning| warning.of(arm).about(effect)).collect::<Vec<_>>()
    };
    effects.iter().flat_map(said).collect()
}

/// "No effect" cannot be said where the interval also holds effects of consequence.
fn too_few(effect: &Effect, has_draws: bool) -> Option<Warning> {
    let d = &effect.difference;
    let e = d.effect;
    let matters = OF_CONSEQUENCE * d.base.abs();
    let is_open = e.n > 1 && e.mean.abs() <= e.half_width && e.half_width > matters && matters > 0.0;
    // Half widths fall with the root of n.
    let wanted = (e.n as f64 * (e.half_width / matters) * (e.half_width / matters)).ceil();
    is_open.then(|| {
        let message = both!(
            "{n} are too few to tell whether there is an effect: the interval includes zero and effects of more than a \
             tenth of the baseline's level; about {wanted} would narrow it to that",
            "{n}不足以判断有无效应：区间既含零，也含超过基准水平十分之一的效应；约需 {wanted}";
            n = counted(e.n, has_draws), wanted = bare(wanted, has_draws)
        );
        Warning::new(Level::Warning, "too_few_replicates", message)
    })
}

/// Where a share cannot rise or fall any further, an effect is cut short.
fn at_a_bound(effect: &Effect) -> Option<Warning> {
    let d = &effect.difference;
    let is_share = effect.outcome.metric.unit == "share";
    let (side, bound) = match (bound(d.base), bound(d.arm)) {
        (Some(bound), _) => (both!("the base", "基准"), bound),
        (_, Some(bound)) => (both!("the arm", "方案"), bound),
        _ => return None,
    };
    (is_share && effect.is_significant()).then(|| {
        let message = both!(
            "{side} is at its bound of {bound}, so the effect may be understated",
            "{side}已处于边界 {bound}，效应可能被低估";
            side = side, bound = bound
        );
        Warning::new(Level::Warning, "at_a_bound", message)
    })
}

/// The bound at which a mean share is.
fn bound(mean: f64) -> Option<u8> {
    match mean {
        m if m <= BOUND => Some(0),
        m if m >= 1.0 - BOUND => Some(1),
        _ => None,
    }
}

fn pairing_did_not_help(effect: &Effect) -> Option<Warning> {
    let ratio = effect.difference.variance_ratio;
    (effect.difference.effect.n >= FEW && ratio >= 1.0).then(|| {
        let message = both!(
            "common random numbers did not narrow the interval: variance ratio {ratio:.2}; the interval remains valid",
            "共用随机数未使区间变窄：方差比 {ratio:.2}；区间仍然有效"
        );
        Warning::new(Level::Note, "pairing_did_not_help", message)
    })
}

/// What is to be said of the number of replicates: few, failed, or fewer than were needed.
pub fn of_replicates(arms: &[(&Side, &Side)], asked: &Asked) -> Vec<Warning> {
    let mut all = Vec::new();
    let outputs = arms.first().map_or(0, |(base, _)| base.values.len());
    all.extend(few(outputs, arms.first().is_some_and(|(base, _)| has_draws(base))));
    let has_failed = |output: &&Vec<f64>| asked.width() > 0 && output.iter().all(|value| value.is_nan());
    let bases = arms.iter().map(|(base, _)| *base).take(1);
    for side in bases.chain(arms.iter().map(|(_, arm)| *arm)) {
        let failed = side.values.iter().filter(has_failed).count();
        if failed > 0 {
            let message = both!(
                "{failed} of {outputs} runs failed, and their pairs are left out",
                "{outputs} 次运行中有 {failed} 次失败，其配对不计入"
            );
            all.push(Warning::new(Level::Warning, "failed_runs", message).of(side));
        }
    }
    all
}

/// True if pairs of replicates share a draw of a posterior, and count as one.
fn has_draws(side: &Side) -> bool {
    !side.halves.is_empty()
}

/// How many replicates, or pairs of them, there are.
fn counted(outputs: usize, has_draws: bool) -> Both {
    match has_draws {
        false => i18n::counted(outputs as u64, ["replicate", "replicates"], "次重复"),
        true => both!("{outputs} pairs of replicates with a draw each", "{outputs} 对重复（每对一组抽样）"),
    }
}

/// The same without the noun, which Chinese cannot do without.
fn bare(number: impl std::fmt::Display, has_draws: bool) -> Both {
    if has_draws { both!("{number}", "{number} 对") } else { both!("{number}", "{number} 次") }
}

/// Few replicates, or pairs with a draw, if so many are few.
fn few(outputs: usize, has_draws: bool) -> Option<Warning> {
    (outputs < FEW).then(|| {
        let message = both!(
            "{counted}: intervals are imprecise; use {least} or more",
            "仅 {counted}，区间不精确；宜有 {least}以上";
            counted = counted(outputs, has_draws), least = bare(FEW, has_draws)
        );
        Warning::new(Level::Warning, "few_replicates", message)
    })
}

/// The sequential rule ended at its cap, with an interval of `half_width` or, NaN, with none.
pub fn of_the_cap(most: u32, half_width: f64, wanted: f64) -> Warning {
    if half_width.is_nan() {
        let message = both!(
            "after {most} replicates, the maximum, all values are equal, so there is no interval",
            "已达重复次数上限 {most}，所有取值相同，因此没有区间"
        );
        return Warning::new(Level::Warning, "not_narrow_enough", message);
    }
    let message = both!(
        "after {most} replicates, the maximum, half the widest interval is {half_width:.4} and not below {wanted}",
        "已达重复次数上限 {most}，最宽区间的半宽为 {half_width:.4}，未低于 {wanted}"
    );
    Warning::new(Level::Warning, "not_narrow_enough", message)
}

/// An effect that is significant up and down, or one that depends on the theory by its test of heterogeneity.
pub fn of_range(range: &Range, arm: &str) -> Option<Warning> {
    let (low, high) = (range.lowest.difference.effect.mean, range.highest.difference.effect.mean);
    let Range { up, down, combinations, .. } = *range;
    let clear = up + down;
    let message = match range.verdict() {
        Verdict::Opposed => both!(
            "the effect changes sign across theories: significantly up in {up} and down in {down} of \
             {combinations} combinations",
            "效应的方向因理论而异：{combinations} 种组合中，{up} 种显著上升，{down} 种显著下降"
        ),
        Verdict::PartlyUp | Verdict::PartlyDown => both!(
            "the effect depends on the theory, by a test of heterogeneity: significant in {clear} of \
             {combinations} combinations, from {low:.4} to {high:.4}",
            "经异质性检验，效应取决于理论：{combinations} 种组合中 {clear} 种统计显著，从 {low:.4} 到 {high:.4}"
        ),
        _ => return None,
    };
    let code = if range.verdict() == Verdict::Opposed { "sign_changes" } else { "depends_on_theory" };
    let mut warning = Warning::new(Level::Warning, code, message).about(range.lowest);
    warning.arm = arm.into();
    Some(warning)
}

/// What an arm rests on: parameters at the edge of their range, and numbers that nobody measured.
pub fn of_scenario(base: &Loaded, arm: &Loaded, name: &str) -> Vec<Warning> {
    let index = Index::new(sections());
    let changed: Vec<(String, &Key)> = index
        .keys()
        .filter(|(path, _)| differs(base, arm, path) && !matches!(path.as_str(), "name" | "name_zh"))
        .collect();
    let edges = changed.iter().filter(|(path, key)| is_at_the_edge(arm, path, key));
    let mut all: Vec<Warning> = edges
        .map(|(path, key)| {
            let message = both!(
                "`{path}` is at the edge of its range, {allowed}", "`{path}` 处于取值范围的边缘：{allowed}";
                path = path, allowed = key.allowed()
            );
            Warning::new(Level::Note, "edge_of_range", message)
        })
        .collect();
    let names: Vec<&str> = changed.iter().take(NAMED).map(|(path, _)| path.as_str()).collect();
    let more = if changed.len() > NAMED { ", …" } else { "" };
    let assumed = index.keys().filter(|(path, key)| is_assumed(arm, path, key)).count();
    let judged = index.keys().filter(|(path, key)| is_judged(arm, path, key)).count();
    let differs = match changed.len() {
        0 => both!("does not differ from the baseline", "与基准没有差别"),
        n => both!(
            "differs from the baseline in {n} keys ({names}{more})", "与基准相差 {n} 个参数（{names}{more}）";
            n = n, names = names.join(", "), more = more
        ),
    };
    let message = both!(
        "{differs}; of the {judged} defaults in force that describe the real \
         world, {assumed} are assumed and not measured: see docs/evidence.md",
        "{differs}；在刻画现实的 {judged} 个有效缺省值中，{assumed} 个为假定而非测得：见 docs/evidence.md";
        differs = differs, judged = judged, assumed = assumed
    );
    all.push(Warning::new(Level::Note, "assumed", message));
    all.iter_mut().for_each(|warning| warning.arm = name.into());
    all
}

/// True if the key differs at the start or in any dated change.
fn differs(base: &Loaded, arm: &Loaded, path: &str) -> bool {
    let values = |loaded: &Loaded| {
        let start = loaded.value(path).map(|given| given.value.clone());
        let changes = loaded.draft.changes.iter();
        let later = changes.flat_map(|c| c.entries.iter().map(move |entry| (c.from, entry)));
        let later = later.filter(|(_, entry)| entry.path == path).map(|(from, e)| (from, e.value.clone()));
        (start, later.collect::<Vec<_>>())
    };
    values(base) != values(arm)
}

/// At the highest value, or at a lowest that is not 0: there, 0 is the absence of something.
fn is_at_the_edge(loaded: &Loaded, path: &str, key: &Key) -> bool {
    let value = loaded.value(path).map(|given| &given.value);
    let number = value.and_then(|v| v.as_float().or_else(|| v.as_integer().map(|i| i as f64)));
    number.is_some_and(|number| is_edge(key, number))
}

/// True if `number` is at the edge of what `key` allows.
fn is_edge(key: &Key, number: f64) -> bool {
    let (low, high) = match key.kind {
        Kind::Real { low, high } => (low, high),
        Kind::Count { low, high } => (low as f64, high as f64),
        _ => return false,
    };
    number == high || number == low && low != 0.0
}

/// A default that stands for the world, and not of a theory or rule that is not in force.
fn is_judged(loaded: &Loaded, path: &str, key: &Key) -> bool {
    let is_default = loaded.value(path).is_some_and(|given| given.value == key.default);
    is_default && key.grade != Grade::Choice && !is_idle(loaded, path)
}

fn is_idle(loaded: &Loaded, path: &str) -> bool {
    let choice = &loaded.scenario.theory_choice;
    match path.split('.').collect::<Vec<_>>()[..] {
        ["theory", name, _] => name != choice.participation && name != choice.trust,
        _ => false,
    }
}

fn is_assumed(loaded: &Loaded, path: &str, key: &Key) -> bool {
    is_judged(loaded, path, key) && key.grade == Grade::Assumed
}

/// `warnings.csv`.
pub fn table(warnings: &[Warning]) -> Table<'_> {
    let names = ["level", "code", "arm", "theory", "trust", "metric", "window", "message", "message_zh"];
    let columns = names.map(Column::text).to_vec();
    let rows = move |take: &mut Take| {
        warnings.iter().try_for_each(|w| {
            let [level, code] = [w.level.word(), w.code];
            let about = [level, code, &w.arm, &w.theory, &w.trust, &w.metric, &w.window].into_iter();
            let text = about.chain([w.message.en.as_str(), &w.message.zh]);
            take(&text.map(Cell::Text).collect::<Vec<_>>())
        })
    };
    Table { name: "warnings", columns, rows: Box::new(rows) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compare::effects::effects;
    use crate::outcome::Outcome;
    use crate::window::Window;
    use shequ_model::base::month::Month;
    use shequ_model::scenario::Scenario;

    fn codes(base: &[f64], arm: &[f64]) -> Vec<&'static str> {
        let outcomes = vec![Outcome::named("participation").unwrap()];
        let asked = Asked::new(outcomes, &[Window::Whole], Month::new(2017, 1), 12);
        let side = |values: &[f64]| Side {
            name: "A".into(),
            name_zh: String::new(),
            theory: "calculus".into(),
            trust: "asymmetric".into(),
            halves: Vec::new(),
            values: values.iter().map(|&v| vec![v, 0.0 * v]).collect(),
        };
        let (base, arm) = (side(base), side(arm));
        let arms = [(&base, &arm)];
        let mut all = of_effects(&effects(&asked, &arms, true), &arms);
        all.extend(of_replicates(&arms, &asked));
        all.iter().map(|w| w.code).collect()
    }

    #[test]
    fn each_warning_is_given_where_it_is_due_and_nowhere_else() {
        let rng: Vec<f64> = (0..12).map(|i| f64::from(i * i % 7) / 100.0).collect();
        let base: Vec<f64> = rng.iter().map(|l| 0.3 + l).collect();
        let arm: Vec<f64> = rng.iter().enumerate().map(|(i, l)| 0.5 + l + (i % 3) as f64 / 1e3).collect();
        assert!(codes(&base, &arm).is_empty(), "{:?}", codes(&base, &arm));
        // Opposed random numbers: wide, and pairing harms.
        let opposed: Vec<f64> = rng.iter().map(|l| 0.36 - l).collect();
        assert_eq!(codes(&base, &opposed), ["pairing_did_not_help"]);
        let wide: Vec<f64> = rng.iter().map(|l| 0.66 - 18.0 * l).collect();
        assert_eq!(codes(&base, &wide), ["too_few_replicates", "pairing_did_not_help"]);
        let full: Vec<f64> = rng.iter().map(|l| 1.0 - l / 1e3).collect();
        assert_eq!(codes(&base, &full), ["at_a_bound", "pairing_did_not_help"]);
        assert_eq!(codes(&[0.3, 0.4, 0.5], &[0.5, 0.61, 0.72]), ["few_replicates"]);
        let mut failed = arm.clone();
        failed[3] = f64::NAN;
        assert_eq!(codes(&base, &failed), ["failed_runs"]);
    }

    #[test]
    fn theories_that_disagree_in_sign_are_said() {
        let outcomes = vec![Outcome::named("participation").unwrap()];
        let asked = Asked::new(outcomes, &[Window::Whole], Month::new(2017, 1), 12);
        let side = |theory: &str, shift: f64| Side {
            name: "A".into(),
            name_zh: String::new(),
            theory: theory.into(),
            trust: "asymmetric".into(),
            halves: Vec::new(),
            values: (0..12).map(|r| vec![0.3 + shift * (1.0 + 0.01 * f64::from(r % 3)), 0.0]).collect(),
        };
        let verdict = |shift: f64| {
            let (base, up, other) = (side("calculus", 0.0), side("calculus", 0.1), side("threshold", shift));
            let effects = effects(&asked, &[(&base, &up), (&base, &other)], true);
            let range = Range::of(&effects.iter().collect::<Vec<_>>()).unwrap();
            of_range(&range, "A").map(|warning| (warning.code, warning.arm))
        };
        assert_eq!(verdict(0.2), None);
        assert_eq!(verdict(-0.1), Some(("sign_changes", "A".into())));
        assert_eq!(verdict(0.0), Some(("depends_on_theory", "A".into())));
    }

    #[test]
    fn a_scenario_says_where_it_is_extreme_and_what_nobody_measured() {
        let load = |options: &[&str]| {
            let options: Vec<String> = options.iter().map(|o| o.to_string()).collect();
            Scenario::from_text("a.toml", "name = \"A\"\n", &options).unwrap()
        };
        let base = load(&[]);
        let said = of_scenario(&base, &load(&["outreach.home_visits=1", "outreach.phone=0"]), "A");
        assert_eq!(said.iter().map(|w| w.code).collect::<Vec<_>>(), ["edge_of_range", "assumed"]);
        assert!(said[0].message.en.contains("`outreach.home_visits`"));
        assert!(said[1].message.en.contains("in 1 keys (outreach.home_visits)"), "{}", said[1].message.en);
        // Idle theories do not count: another theory changes what is assumed.
        let assumed = |options: &[&str]| of_scenario(&base, &load(options), "A").pop().unwrap().message;
        assert_ne!(assumed(&[]), assumed(&["theory.participation=threshold"]));
    }
}
