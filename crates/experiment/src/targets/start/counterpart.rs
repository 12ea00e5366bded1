//! Which key says where a figure of a survey begins, and how the one is read off the other.
//!
//! A share of people who say yes goes through the measurement layer of `[survey]` before it is a number of the model:
//! some answer as is expected, the others by a feeling with a slip, above or below the middle of its scale. Undone, what
//! is left is the mean of the feeling: with `p` the share told, `d` the chance of an expected answer `e`, and `s` and
//! `noise` the spreads of feelings and of slips,
//!
//! ```text
//! share felt f = (p − d · e) / (1 − d),   mean = 1/2 + √(s² + noise²) · Φ⁻¹(f)
//! ```
//!
//! This is exact for normal feelings as the city is built, but for what is clipped to [0, 1]; what the months before
//! the start do to it, the search finds out.

use crate::targets::table::{Aim, Target, Use};
use shequ_model::base::i18n::{Both, both};
use shequ_model::base::math::{expit, logit, normal_quantile};
use shequ_model::city::survey_items::ITEMS;
use shequ_model::city::{Mode, Target as Trusted};
use shequ_model::scenario::Scenario;

/// Months that count as the start.
pub const YEAR: u32 = 12;
/// Shares nearer than this to 0 or 1 are taken to be this near: beyond, no finite number says them.
const EDGE: f64 = 1e-4;

/// What a figure is of.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Of {
    /// The share whose feeling is above the middle.
    Above,
    /// The share whose feeling is below the middle.
    Below,
    /// The mean feeling.
    Mean,
    /// The share who did something.
    Deed,
}

/// How a figure is read: from it to a number that moves one for one with the key, as the city is built.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Reading {
    of: Of,
    /// Chance of an expected answer; 0 of what is true.
    expected: f64,
    /// The expected answer.
    yes: f64,
    /// Spread of the feeling with the slip.
    spread: f64,
}

impl Reading {
    /// The share of whom it is true, if `told` say so; outside [0, 1] if nothing that is true can be told so.
    fn undone(&self, told: f64) -> f64 {
        (told - self.expected * self.yes) / (1.0 - self.expected)
    }

    /// True if the figure can be told at all.
    pub fn can_be(&self, figure: f64) -> bool {
        (0.0..=1.0).contains(&self.undone(figure))
    }

    /// The figure on the scale of the key.
    pub fn scaled(&self, figure: f64) -> f64 {
        let share = self.undone(figure).clamp(EDGE, 1.0 - EDGE);
        match self.of {
            Of::Above => 0.5 + self.spread * normal_quantile(share),
            Of::Below => 0.5 - self.spread * normal_quantile(share),
            Of::Mean => share,
            Of::Deed => logit(share),
        }
    }

    /// The value of the key on that scale.
    pub fn of_key(&self, value: f64) -> f64 {
        if self.of == Of::Deed { logit(value.clamp(EDGE, 1.0 - EDGE)) } else { value }
    }

    /// The value of the key, from that scale; keys are shares.
    pub fn key(&self, scaled: f64) -> f64 {
        let value = if self.of == Of::Deed { expit(scaled) } else { scaled };
        value.clamp(0.0, 1.0)
    }

    /// The longest step at once on that scale.
    pub fn step(&self) -> f64 {
        if self.of == Of::Deed { 1.5 } else { 0.3 }
    }
}

/// The key that says where a figure begins.
#[derive(Clone, Debug, PartialEq)]
pub struct Counterpart {
    /// The key.
    pub key: String,
    /// How the figure is read.
    pub reading: Reading,
}

impl Counterpart {
    /// Of `target` in `scenario`, which has the settings of the target.
    ///
    /// # Errors
    /// Why it has none.
    pub fn of(target: &Target, scenario: &Scenario) -> Result<Counterpart, Both> {
        is_of_a_start(target)?;
        let metric = target.quantity.metric.as_str();
        let (key, of, yes) = key(metric).ok_or_else(|| {
            both!("no single key says where `{metric}` begins", "没有单个键决定 `{metric}` 的初始水平")
        })?;
        let rules = &scenario.periods[0].rules;
        let survey = &rules.institutions.survey;
        let spread = match key.as_str() {
            "residents.satisfaction" => scenario.population.feelings.satisfaction_spread,
            _ => rules.residents.trust_spread,
        };
        let (expected, slip) = match (metric.starts_with(TOLD), of) {
            (false, _) => (0.0, 0.0),
            (true, Of::Deed) => (survey.desirability_deeds, 0.0),
            (true, _) => (survey.desirability, survey.noise),
        };
        let spread = libm::sqrt(spread * spread + slip * slip);
        let reading = Reading { of, expected, yes, spread };
        match target.aim.number() {
            number if !(0.0..=1.0).contains(&number) => {
                Err(both!("{number} is no share", "{number} 不是比例"))
            }
            number if !reading.can_be(number) => Err(both!(
                "`{metric}` cannot be {number}: of all answers, {expected} are given as they are expected",
                "`{metric}` 不可能为 {number}：全部回答中有 {expected} 按社会期望作答"
            )),
            _ => Ok(Counterpart { key, reading }),
        }
    }
}

/// What stands before the name of what is told.
const TOLD: &str = "survey.";

/// The key for a metric, what the metric is of, and the answer that is expected.
fn key(metric: &str) -> Option<(String, Of, f64)> {
    let name = metric.strip_prefix(TOLD).unwrap_or(metric);
    let is_expected = ITEMS.iter().find(|item| item.name == name).is_none_or(|item| item.is_yes_expected);
    let yes = f64::from(u8::from(is_expected));
    let trust = |name: &str| {
        let target = Trusted::ALL.into_iter().find(|target| target.name() == name)?;
        Some(format!("residents.trust_{}", target.name()))
    };
    let mode = |mode: Mode| Some((format!("modes.{}.base_rate", mode.name()), Of::Deed, yes));
    match metric {
        "survey.trust" => return Some((trust(Trusted::LocalGovernment.name())?, Of::Mean, yes)),
        "satisfaction" | "survey.satisfaction" => {
            return Some(("residents.satisfaction".into(), Of::Mean, yes));
        }
        _ => {}
    }
    if let Some(of) = metric.strip_prefix("participation.") {
        return mode(Mode::ALL.into_iter().find(|mode| mode.name() == of)?);
    }
    if let Some(of) = metric.strip_prefix("trust.") {
        return Some((trust(of)?, Of::Mean, yes));
    }
    if let Some(of) = name.strip_prefix("trusting.") {
        return Some((trust(of)?, Of::Above, yes));
    }
    match name {
        "dissatisfied" => Some(("residents.satisfaction".into(), Of::Below, yes)),
        "voted" => mode(Mode::Vote),
        "volunteered" => mode(Mode::Volunteer),
        "attended" => mode(Mode::Meeting),
        _ => None,
    }
}

/// Whether a target is a number of everybody at the start, that is there to be fitted.
fn is_of_a_start(target: &Target) -> Result<(), Both> {
    let quantity = &target.quantity;
    let is_asked_otherwise = |setting: &&String| !setting.starts_with(TOLD);
    Err(match target {
        _ if target.used == Use::HoldOut => both!("it is held back", "该行留作检验"),
        _ if target.used == Use::Show => both!("it is shown only", "该行仅作展示"),
        _ if target.against.is_some() || quantity.less.is_some() => {
            both!("it is a difference", "该行是差值")
        }
        _ if quantity.trend || quantity.with.is_some() => {
            both!("it is no single metric", "该行不是单个指标")
        }
        _ if quantity.group.is_some() => {
            both!(
                "it is of a group, and starting values are of everybody",
                "该行是群体的数值，而初始值针对全体"
            )
        }
        _ if !matches!(target.aim, Aim::Number(_)) => both!("it is no number", "该行不是一个数"),
        _ if *target.span(YEAR).end() > YEAR => {
            both!("it is of months after the first year", "该行属于第一年之后的月份")
        }
        _ if target.set.iter().any(|setting| is_asked_otherwise(&setting)) => {
            both!("it is of a city under other settings", "该行属于其他设置下的城市")
        }
        _ => return Ok(()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::targets::table::read;
    use shequ_model::base::math::normal_share;
    use shequ_model::base::problem::Source;
    use shequ_model::scenario::Loaded;

    fn scenario() -> Loaded {
        let settings = ["survey.desirability=0.2", "survey.noise=0.16", "residents.trust_spread=0.12"];
        Scenario::from_text("A", "name = \"A\"\n", &settings.map(String::from)).unwrap()
    }

    /// The counterparts of rows of `metric,value`, with further columns.
    fn of(columns: &str, rows: &[&str]) -> Vec<Result<Counterpart, Both>> {
        let mut table = format!("id,metric,value{columns}\n");
        rows.iter().enumerate().for_each(|(k, row)| table += &format!("R{k},{row}\n"));
        let targets = read(&Source::file("survey.csv", table)).unwrap();
        targets.iter().map(|target| Counterpart::of(target, &scenario().scenario)).collect()
    }

    #[test]
    fn each_question_has_the_key_that_says_its_level() {
        let rows = [
            ("survey.trusting.committee,.6", "residents.trust_committee"),
            ("trusting.neighbours,.6", "residents.trust_neighbours"),
            ("trust.property,.6", "residents.trust_property"),
            ("survey.trust,.6", "residents.trust_local_government"),
            ("survey.dissatisfied,.3", "residents.satisfaction"),
            ("satisfaction,.7", "residents.satisfaction"),
            ("participation.meeting,.05", "modes.meeting.base_rate"),
            ("survey.voted,.5", "modes.vote.base_rate"),
            ("volunteered,.1", "modes.volunteer.base_rate"),
        ];
        let found = of("", &rows.map(|(row, _)| row));
        let keys: Vec<String> = found.into_iter().map(|found| found.unwrap().key).collect();
        assert_eq!(keys, rows.map(|(_, key)| key));
    }

    #[test]
    fn what_is_told_is_undone_in_closed_form() {
        let found =
            of("", &["survey.trusting.committee,.6", "survey.dissatisfied,.3", "trusting.committee,.6"]);
        let [told, discontent, felt] = &found.into_iter().map(Result::unwrap).collect::<Vec<_>>()[..] else {
            panic!()
        };
        // A spread of .12 and slips of .16 are .2 together. From a mean of .55, Φ(.25) feel trust; a fifth of answers
        // are yes as is expected, whatever is felt.
        let share = 0.2 + 0.8 * normal_share(0.25);
        assert!((told.reading.scaled(share) - 0.55).abs() < 1e-8);
        // Without slip the spread is .12; nothing else is between.
        assert!((felt.reading.scaled(normal_share(0.5)) - 0.56).abs() < 1e-8);
        // Of those who are dissatisfied, a fifth do not say so. Satisfaction spreads by .1, with slips by √.0356.
        let spread = libm::sqrt(0.1 * 0.1 + 0.16 * 0.16);
        let share = 0.8 * normal_share(-0.5);
        assert!((discontent.reading.scaled(share) - (0.5 + 0.5 * spread)).abs() < 1e-8);
        // Of a deed, a chance on the scale of odds, there and back.
        let deed = of("", &["volunteered,.1"]).remove(0).unwrap().reading;
        assert!((deed.key(deed.scaled(0.3)) - 0.3).abs() < 1e-12 && deed.of_key(0.5) == 0.0);
    }

    #[test]
    fn rows_without_a_key_say_why() {
        let why = |columns: &str, row: &str| of(columns, &[row]).remove(0).unwrap_err().en;
        assert_eq!(why("", "participation,.1"), "no single key says where `participation` begins");
        assert_eq!(why("", "survey.trusting.committee,>= .6"), "it is no number");
        assert_eq!(why("", "participation.vote - participation.owners,.6"), "it is no single metric");
        assert_eq!(why(",group,level", "voted,.5,sex,female").split(',').next(), Some("it is of a group"));
        assert_eq!(why(",use", "voted,.5,hold_out"), "it is held back");
        assert_eq!(why(",from,to", "voted,.5,13,24"), "it is of months after the first year");
        assert_eq!(why(",set", "voted,.5,election.publicity=1"), "it is of a city under other settings");
        assert_eq!(why(",against", "voted,.5,nothing"), "it is a difference");
        assert_eq!(why("", "trust.committee,63"), "63 is no share");
        // A fifth of answers are yes as is expected.
        assert!(
            why("", "survey.trusting.committee,.15").starts_with("`survey.trusting.committee` cannot be")
        );
        assert!(of(",set", &["survey.voted,.5,survey.sample=300"])[0].is_ok());
    }
}
