//! Trying a formula out before a run depends on it: on residents of every kind its value must be a probability,
//! and must not fall when the intercept rises, by which theories are fitted.

use std::fmt::Write;

use super::expression::Expression;
use super::machine::Frame;
use super::variable::{INPUTS, Variable};
use super::{Memory, Own};
use crate::base::i18n::{Both, both};
use crate::base::rng::{CounterRng, Stream};
use crate::city::{Mode, Traits};
use crate::theory::Inputs;

/// Residents on whom it is tried.
const RESIDENTS: usize = 64;
/// Intercepts at which it is tried, half a unit apart: those between which fits look for the right one.
const INTERCEPTS: std::ops::RangeInclusive<i32> = -80..=80;
/// How far single precision may be off.
const ROUNDING: f32 = 1e-5;

/// Key, fault and remedy.
type Flaw = (&'static str, Both, Both);

/// Residents of every kind: by turns at the ends of what each input may be, and anywhere between.
struct Residents {
    columns: Vec<[f32; RESIDENTS]>,
    took_part: [f32; RESIDENTS],
    age: [u16; RESIDENTS],
    traits: [Traits; RESIDENTS],
}

impl Residents {
    fn of_every_kind() -> Residents {
        let (rng, stream) = (CounterRng::new(0, 0), Stream::named("trial of a formula"));
        let draw = |who: usize, input: usize| rng.uniform(stream, who as u32, 0, input as u32) as f32;
        let column = |input: usize| {
            let (low, high) = INPUTS[input].tried;
            std::array::from_fn(|who| {
                let u = draw(who, input);
                let u = if who % 2 == 0 { u.round() } else { u };
                // Two digits, so that people can follow what is said of them.
                ((low + u * (high - low)) * 100.0).round() / 100.0
            })
        };
        Residents {
            columns: (0..INPUTS.len()).map(column).collect(),
            took_part: std::array::from_fn(|who| draw(who, INPUTS.len()).round()),
            // From 18 to 100 years.
            age: std::array::from_fn(|who| 216 + (984.0 * draw(who, INPUTS.len() + 1)) as u16),
            traits: std::array::from_fn(|who| {
                let below = |number: u8, input: usize| {
                    ((f32::from(number) * draw(who, INPUTS.len() + input)) as u8).min(number - 1)
                };
                let is = |input: usize| below(2, input) == 1;
                Traits::new(is(2), below(4, 3), below(5, 4), is(5), is(6), is(7), is(8))
            }),
        }
    }

    fn inputs<'a>(&'a self, mode: Mode, memory: &'a [f32]) -> Inputs<'a> {
        let column = |name: &str| -> &'a [f32] {
            let at = INPUTS.iter().position(|input| input.names.contains(&name));
            &self.columns[at.unwrap_or(0)]
        };
        Inputs {
            mode,
            disposition: column("disposition"),
            norm: column("norm"),
            acquaintances: column("acquaintances"),
            habit: column("habit"),
            benefit: column("benefit"),
            cost: column("cost"),
            duty: column("duty"),
            interest: column("interest"),
            skill: column("skill"),
            internal_efficacy: column("internal_efficacy"),
            external_efficacy: column("external_efficacy"),
            trust: column("trust"),
            asked: column("asked"),
            age: &self.age,
            traits: &self.traits,
            memory: [memory, &[]],
        }
    }
}

/// What is wrong with a theory's values, if anything.
pub fn flaw(own: &Own, probability: &Expression) -> Option<Flaw> {
    let residents = Residents::of_every_kind();
    let mut variables = Vec::new();
    probability.variables(&mut variables);
    let is_by_mode = variables.iter().any(|variable| matches!(variable, Variable::Is(_)));
    let modes = if is_by_mode { &Mode::ALL[..] } else { &Mode::ALL[..1] };
    modes.iter().find_map(|&mode| {
        let memory = match own.memory.as_ref().map(|memory| remembered(memory, &residents, mode)) {
            Some(Err(flaw)) => return Some(flaw),
            Some(Ok(memory)) => memory,
            None => [f32::NAN; RESIDENTS],
        };
        Course { own, variables: &variables, inputs: residents.inputs(mode, &memory) }.flaw()
    })
}

/// What half of the residents remember before any occasion, and the others after one.
fn remembered(memory: &Memory, residents: &Residents, mode: Mode) -> Result<[f32; RESIDENTS], Flaw> {
    let none = [f32::NAN; RESIDENTS];
    let inputs = residents.inputs(mode, &none);
    let frame = |memory| Frame {
        intercept: f32::NAN,
        inputs: &inputs,
        memory,
        took_part: &residents.took_part,
        outcome: 0.5,
    };
    let (mut first, mut next) = (none, none);
    memory.start.run(&frame(&none), &mut first, |number| number);
    memory.update.run(&frame(&first), &mut next, |number| number);
    for (key, values) in [("remember_start", &first), ("remember", &next)] {
        if values.iter().any(|value| !value.is_finite()) {
            return Err((
                key,
                both!("`{key}` has no value for some residents", "对部分居民，`{key}` 没有数值"),
                no_division(),
            ));
        }
    }
    Ok(std::array::from_fn(|who| if who % 4 < 2 { first[who] } else { next[who] }))
}

fn no_division() -> Both {
    both!(
        "look for a division by 0, and for log and sqrt of numbers below 0",
        "请检查是否除以 0，或对负数取 log、sqrt"
    )
}

/// The probabilities of all residents as the intercept rises.
struct Course<'a> {
    own: &'a Own,
    variables: &'a [Variable],
    inputs: Inputs<'a>,
}

impl Course<'_> {
    fn flaw(&self) -> Option<Flaw> {
        let mut last: Option<[f32; RESIDENTS]> = None;
        let mut rises = false;
        for step in INTERCEPTS {
            let intercept = step as f32 * 0.5;
            let mut now = [0.0; RESIDENTS];
            self.own.probability.run(&self.own.frame(intercept, &self.inputs), &mut now, |number| number);
            let is_probability = |p: &f32| (-ROUNDING..=1.0 + ROUNDING).contains(p);
            if let Some(who) = now.iter().position(|p| !is_probability(p)) {
                return Some(self.no_probability(now[who], intercept, who));
            }
            if let Some(last) = &last {
                if let Some(who) = (0..RESIDENTS).find(|&who| now[who] < last[who] - ROUNDING) {
                    return Some(self.falling([last[who], now[who]], intercept, who));
                }
                rises |= now.iter().zip(last).any(|(now, last)| now > last);
            }
            last = Some(now);
        }
        let what = || {
            let what = both!("the formula does not rise in the intercept", "公式不随截距上升");
            ("probability", what, rising())
        };
        (!rises).then(what)
    }

    fn no_probability(&self, p: f32, intercept: f32, who: usize) -> Flaw {
        let place = self.place(Some(intercept), who);
        if p.is_nan() {
            let what = both!("the formula has no value where {place}", "当 {place} 时公式没有数值");
            return ("probability", what, no_division());
        }
        let what = both!(
            "the formula gives {p}, which is no probability, where {place}",
            "当 {place} 时公式为 {p}，不是概率"
        );
        let help = both!(
            "write logistic(…) or clamp(…, 0, 1) around it",
            "请在外面写 logistic(…) 或 clamp(…, 0, 1)"
        );
        ("probability", what, help)
    }

    fn falling(&self, [from, to]: [f32; 2], intercept: f32, who: usize) -> Flaw {
        let (before, place) = (intercept - 0.5, self.place(None, who));
        let place = match place.is_empty() {
            true => Both::default(),
            false => both!(" where {place}", "（当 {place}）"),
        };
        let what = both!(
            "the formula falls from {from} to {to} as the intercept rises from {before} to {intercept}{place}",
            "截距由 {before} 升至 {intercept} 时，公式由 {from} 降至 {to}{place}";
            from = from, to = to, before = before, intercept = intercept, place = place
        );
        ("probability", what, rising())
    }

    /// What the formula's names stood for.
    fn place(&self, intercept: Option<f32>, who: usize) -> String {
        let mut said = intercept.map_or(String::new(), |a| format!("intercept = {a}"));
        for &variable in self.variables.iter().filter(|&&variable| variable != Variable::Intercept) {
            let value = self.own.frame(0.0, &self.inputs).of(variable, who);
            let comma = if said.is_empty() { "" } else { ", " };
            let _ = write!(said, "{comma}{} = {value}", variable.name());
        }
        said
    }
}

fn rising() -> Both {
    both!(
        "theories are fitted by their intercept: the probability must rise with it everywhere, as in logistic(intercept + …)",
        "理论靠截距拟合：概率必须处处随截距上升，如 logistic(intercept + …)"
    )
}
