//! Aspiration learning: what turned out better than hoped is done again (Bendor, Diermeier and Ting
//! 2003; the additive rule of Fowler 2006).

use toml::Table;

use super::{Entry, Inputs, Last, Lesson, Term, Theory};
use crate::base::math::exp;
use crate::base::params::{Settings, Text, settings, text, words};
use crate::base::rng::{Stream, unit};

const LEARNING: Stream = Stream::named("aspiration learning");

/// Settings of `[theory.aspiration_learning]`, and the theory itself.
#[settings(fixed)]
pub struct AspirationLearning {
    /// How a propensity moves by one lesson.
    #[param(one_of = BushMosteller, zh = "倾向随一次经验变化的方式。")]
    pub rule: Rule,
    /// Step of a propensity on one lesson (α).
    #[param(
        share = 0.1,
        zh = "倾向每次变化的步长(α)。",
        assumed = "proposed core model, as in simulations of the published model",
        // No estimate from the field.
        prior = log_normal(0.1, 0.5)
    )]
    pub step: f64,
    /// Weight of the past in an aspiration (λ).
    #[param(
        share = 0.95,
        zh = "期望中过去的权重(λ)。",
        assumed = "proposed core model, as in simulations of the published model"
    )]
    pub persistence: f64,
    /// Chance that an occasion leaves a propensity unmoved, and, drawn anew, an aspiration.
    #[param(
        share = 0.01,
        unit = "probability",
        zh = "某次机会不改变倾向(及另行抽取:不改变期望)的概率。",
        assumed = "proposed core model, as in simulations of the published model"
    )]
    pub inertia: f64,
    /// Half the width of the uniform distribution of the random term of a payoff.
    #[param(
        real = 0.1,
        range = 0.0..=1.0,
        unit = "utility",
        zh = "收益随机项(均匀分布)的半宽。",
        assumed = "proposed core model, as in simulations of the published model"
    )]
    pub noise: f64,
    /// Weight of duty in what those who take part get (δ).
    #[param(
        real = 1.0,
        range = 0.0..=5.0,
        unit = "utility",
        zh = "参与者所得中责任感的权重(δ)。",
        assumed = "as the weight of duty in theory.calculus; the published model has a cost alone"
    )]
    pub duty: f64,
    /// First propensity; at 0.5 the base rate is met as it is.
    #[param(
        share = 0.5,
        zh = "居民的初始参与倾向;0.5 时恰为基准参与率。",
        assumed = "as in the published model"
    )]
    pub propensity: f64,
    /// Standard deviation of lasting differences between residents that the theory does not explain.
    #[param(
        real = 0.7,
        range = 0.0..=5.0,
        unit = "logit",
        zh = "理论未解释的居民间持久差异的标准差。",
        assumed = "as in theory.calculus, so that theories differ in what they say and not in how unlike residents are",
        prior = normal(0.7, 0.17).within(0.2, 1.0)
    )]
    pub inclination: f64,
}

/// How a propensity moves by one lesson.
#[words]
pub enum Rule {
    /// by a share of the way that is left (Bendor, Diermeier and Ting 2003)
    #[zh = "按剩余距离的比例(Bendor、Diermeier与Ting 2003)"]
    BushMosteller,
    /// by the same step wherever it is (Fowler 2006)
    #[zh = "固定步长(Fowler 2006)"]
    Additive,
}

/// Registration.
pub const ENTRY: Entry = Entry {
    name: "aspiration_learning",
    path: "theory.aspiration_learning",
    label: text("aspiration learning", "期望学习"),
    summary: text(
        "Residents do again what turned out at least as well as they had come to aspire to, and avoid what did not.",
        "结果不低于期望的行为被重复,低于期望的行为被放弃。",
    ),
    equation: "payoff y = B·o + acted·(δ·D − C) + noise; satisfied if y ≥ g; the propensity p rises if one acted and was satisfied, or did not act and was not, else it falls: by α·(1 − p) and α·p (Bush and Mosteller) or by α within [0, 1] (additive); g' = λ·g + (1 − λ)·y;  P = e·p / (1 − p + e·p), e = exp(a + s·z), with o how well the last occasion ended for all",
    keys: AspirationLearning::keys,
    build: |table: &Table| super::build::<AspirationLearning>(table),
};

/// What the theory remembers, in this order.
const REMEMBERED: &[Text] = &[text("propensity", "倾向"), text("aspiration", "期望")];

impl AspirationLearning {
    /// The odds of acting at even propensity.
    #[inline(always)]
    fn odds(&self, intercept: f32, x: &Inputs, k: usize) -> f32 {
        exp(intercept + self.inclination as f32 * x.disposition[k])
    }

    /// The propensity `p`, moved up or down by one lesson.
    #[inline(always)]
    fn moved(&self, p: f32, up: bool) -> f32 {
        let step = self.step as f32;
        let by = match self.rule {
            Rule::BushMosteller if up => step * (1.0 - p),
            Rule::BushMosteller => -step * p,
            Rule::Additive if up => step,
            Rule::Additive => -step,
        };
        (p + by).clamp(0.0, 1.0)
    }
}

/// The propensity `p` on the odds `e`: `p` itself at even odds, and never beyond where `p` is certain.
#[inline(always)]
fn on_odds(p: f32, e: f32) -> f32 {
    // Written so that rounding never lets it fall when the odds rise.
    1.0 / (1.0 + (1.0 - p) / (e * p))
}

impl Theory for AspirationLearning {
    #[inline(always)]
    fn probability(&self, intercept: f32, x: &Inputs, out: &mut [f32]) {
        let n = out.len();
        let x = &x.first(n);
        for k in 0..n {
            out[k] = on_odds(x.memory[0][k], self.odds(intercept, x, k));
        }
    }

    fn terms(&self, intercept: f32, x: &Inputs, k: usize) -> Vec<Term> {
        let [propensity, aspiration] = x.memory.map(|column| column[k]);
        let mut terms = vec![(REMEMBERED[0], propensity)];
        // Before the first payoff there is no aspiration to speak of.
        terms.extend((!aspiration.is_nan()).then_some((REMEMBERED[1], aspiration)));
        terms.extend([
            (text("intercept", "截距"), intercept),
            (text("inclination", "个人倾向"), self.inclination as f32 * x.disposition[k]),
            (text("probability", "概率"), on_odds(propensity, self.odds(intercept, x, k))),
        ]);
        terms.into_iter().map(|(name, value)| Term { name, value: value as f64 }).collect()
    }

    fn remembers(&self) -> &'static [Text] {
        REMEMBERED
    }

    /// The first payoff is what one aspires to from then on; later ones are lessons too.
    #[inline(always)]
    fn learn(&self, last: &Last, x: &Inputs, [propensities, aspirations]: Lesson) {
        let (first, noise, inertia) = (self.propensity as f32, self.noise as f32, self.inertia as f32);
        let (persistence, duty) = (self.persistence as f32, self.duty as f32);
        for (k, (p, g)) in propensities.iter_mut().zip(aspirations).enumerate() {
            if p.is_nan() || last.outcome.is_nan() {
                *p = if p.is_nan() { first } else { *p };
                continue;
            }
            let words = last.rng.block(LEARNING, (last.first + k) as u32, last.month, x.mode as u32);
            let acted = last.took_part[k] & x.mode.bit() != 0;
            let own = if acted { duty * x.duty[k] - x.cost[k] } else { 0.0 };
            let payoff = x.benefit[k] * last.outcome + own + noise * (2.0 * unit(words[0]) - 1.0);
            if g.is_nan() {
                *g = payoff;
                continue;
            }
            let up = acted == (payoff >= *g);
            *p = if unit(words[1]) < inertia { *p } else { self.moved(*p, up) };
            let aspired = persistence * *g + (1.0 - persistence) * payoff;
            *g = if unit(words[2]) < inertia { *g } else { aspired };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::theory::tests::{Person, everyone};

    fn exact(rule: Rule) -> AspirationLearning {
        AspirationLearning {
            rule,
            inertia: 0.0,
            noise: 0.0,
            inclination: 0.0,
            ..AspirationLearning::standard()
        }
    }

    /// Propensity and aspiration after `occasions` like `person`'s.
    fn after(theory: &AspirationLearning, person: Person, occasions: u32) -> [f32; 2] {
        (0..occasions).fold(person.memory, |memory, _| Person { memory, ..person }.learns(theory))
    }

    #[test]
    fn a_first_occasion_teaches_nothing_and_a_first_payoff_sets_the_aspiration() {
        let theory = exact(Rule::BushMosteller);
        let [propensity, aspiration] = Person::default().learns(&theory);
        assert!(propensity == 0.5 && aspiration.is_nan());
        let memory = [0.5, f32::NAN];
        let person =
            Person { memory, last: (true, 0.6), benefit: 0.5, duty: 0.3, cost: 0.2, ..Person::default() };
        // y = .5·.6 + (.3 − .2) = .4
        let [propensity, aspiration] = person.learns(&theory);
        assert!(propensity == 0.5 && (aspiration - 0.4).abs() < 1e-6);
    }

    #[test]
    fn propensities_rise_and_fall_as_the_closed_forms_say() {
        // Acting pays .4 each time. Held to an aspiration of nil that always satisfies: after n lessons
        // p = 1 − (1 − p₀)·(1 − α)ⁿ, and on the additive rule p₀ + n·α, at most 1.
        let satisfied = Person {
            memory: [0.5, 0.0],
            last: (true, 0.6),
            benefit: 0.5,
            duty: 0.3,
            cost: 0.2,
            ..Person::default()
        };
        let kept = |rule| AspirationLearning { persistence: 1.0, ..exact(rule) };
        let [p, g] = after(&kept(Rule::BushMosteller), satisfied, 7);
        assert!((p as f64 - (1.0 - 0.5 * 0.9f64.powi(7))).abs() < 1e-6 && g == 0.0);
        assert!((after(&kept(Rule::Additive), satisfied, 3)[0] - 0.8).abs() < 1e-6);
        assert_eq!(after(&kept(Rule::Additive), satisfied, 9)[0], 1.0);
        // Aspiring to 1 it never does: p₀·(1 − α)ⁿ, and p₀ − n·α, at least 0.
        let disappointed = Person { memory: [0.5, 1.0], ..satisfied };
        assert!(
            (after(&kept(Rule::BushMosteller), disappointed, 7)[0] as f64 - 0.5 * 0.9f64.powi(7)).abs()
                < 1e-6
        );
        assert_eq!(after(&kept(Rule::Additive), disappointed, 9)[0], 0.0);
    }

    #[test]
    fn those_who_did_not_act_learn_the_other_way_round() {
        let theory = exact(Rule::BushMosteller);
        let idle = Person { last: (false, 0.6), benefit: 0.5, ..Person::default() };
        assert!(Person { memory: [0.5, 0.1], ..idle }.learns(&theory)[0] < 0.5, "idle and content");
        assert!(Person { memory: [0.5, 0.9], ..idle }.learns(&theory)[0] > 0.5, "idle and discontent");
    }

    #[test]
    fn aspirations_approach_the_payoff_as_the_closed_form_says() {
        // gₙ = λⁿ·g₀ + (1 − λⁿ)·y
        let theory = exact(Rule::BushMosteller);
        let person = Person { memory: [0.5, 0.9], last: (false, 0.6), benefit: 0.5, ..Person::default() };
        let past = 0.95f64.powi(20);
        let aspiration = after(&theory, person, 20)[1] as f64;
        assert!((aspiration - (past * 0.9 + (1.0 - past) * 0.3)).abs() < 1e-5);
    }

    #[test]
    fn at_even_odds_the_propensity_is_the_probability_and_certainty_stays_certain() {
        let theory = exact(Rule::BushMosteller);
        let p = |intercept, propensity| {
            everyone(&theory, intercept, Person { memory: [propensity, 0.0], ..Person::default() })
        };
        assert!((p(0.0, 0.37) - 0.37).abs() < 1e-6);
        assert_eq!((p(-3.0, 0.0), p(-3.0, 1.0)), (0.0, 1.0));
        // logistic(−3) = .0474259
        assert!((p(-3.0, 0.5) - 0.047_425_9).abs() < 1e-6);
    }

    #[test]
    fn complete_inertia_learns_nothing() {
        let theory = AspirationLearning { inertia: 1.0, ..exact(Rule::BushMosteller) };
        let person = Person { memory: [0.4, 0.9], last: (true, 0.6), ..Person::default() };
        assert_eq!(after(&theory, person, 5), [0.4, 0.9]);
    }
}
