//! The theory of planned behaviour: attitude, subjective norm and perceived control make an intention,
//! and control decides how far it is carried out (Ajzen 1991).

use toml::Table;

use super::{Entry, Inputs, Term, Theory};
use crate::base::math::logistic;
use crate::base::params::{Settings, settings, text};

/// Settings of `[theory.planned_behaviour]`, and the theory itself.
#[settings(fixed)]
pub struct PlannedBehaviour {
    /// Weight of the attitude (w_A).
    #[param(share = 0.4, zh = "态度的权重(w_A)。", assumed = ORDER)]
    pub attitude: f64,
    /// Weight of the subjective norm (w_S).
    #[param(share = 0.3, zh = "主观规范的权重(w_S)。", assumed = ORDER)]
    pub norm: f64,
    /// Weight of perceived control (w_C).
    #[param(share = 0.3, zh = "知觉行为控制的权重(w_C)。", assumed = ORDER)]
    pub control: f64,
    /// Part of the subjective norm that is being asked in person (what others want); the rest is what
    /// acquaintances do (ι).
    #[param(
        share = 0.5,
        zh = "主观规范中被当面邀请(指令性规范)所占的部分,其余为熟人的行动(ι)。",
        assumed = "what others want and what they do are both norms; no measurement of their shares was found"
    )]
    pub injunctive: f64,
    /// How far an intention is lost on those who feel no control (q).
    #[param(
        share = 0.5,
        zh = "毫无控制感者意向落空的程度(q)。",
        assumed = "Ajzen 1991 lets control moderate the intention, without a number; 1 makes action proportional to control"
    )]
    pub moderation: f64,
    /// Slope from intention to action (g).
    #[param(
        real = 8.0,
        range = 0.0..=50.0,
        unit = "logit",
        zh = "由意向到行动的斜率(g)。",
        assumed = "proposed core model",
        // An intention has no unit.
        prior = log_normal(6.0, 0.4)
    )]
    pub scale: f64,
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

/// Where defaults of several settings come from.
pub const ORDER: &str = "proposed core model; the meta-analysis of Armitage and Conner 2001 finds the subjective norm the weakest of the three";

/// Registration.
pub const ENTRY: Entry = Entry {
    name: "planned_behaviour",
    path: "theory.planned_behaviour",
    label: text("planned behaviour", "计划行为"),
    summary: text(
        "Residents form an intention from attitude, subjective norm and perceived control, and carry it out as far as they feel in control.",
        "居民由态度、主观规范与知觉控制形成意向,并视知觉控制付诸行动。",
    ),
    equation: "BI = w_A·A + w_S·S + w_C·K;  P = 1 / (1 + exp(−(a + g·BI·(1 − q + q·K) + s·z))), with attitude A = (π·B + D + τ) / 3, subjective norm S = (1 − ι)·m + ι·asked, perceived control K = (internal efficacy + 1 − C) / 2",
    keys: PlannedBehaviour::keys,
    build: |table: &Table| super::build::<PlannedBehaviour>(table),
};

impl PlannedBehaviour {
    /// Attitude, subjective norm and perceived control of resident `k`.
    #[inline(always)]
    fn parts(&self, x: &Inputs, k: usize) -> [f32; 3] {
        let injunctive = self.injunctive as f32;
        [
            (x.external_efficacy[k] * x.benefit[k] + x.duty[k] + x.trust[k]) * (1.0 / 3.0),
            (1.0 - injunctive) * x.norm[k] + injunctive * x.asked[k],
            0.5 * x.internal_efficacy[k] + 0.5 * (1.0 - x.cost[k]),
        ]
    }

    /// The intention, and the part of it that is carried out.
    #[inline(always)]
    fn intention(&self, [attitude, norm, control]: [f32; 3]) -> (f32, f32) {
        let intention =
            self.attitude as f32 * attitude + self.norm as f32 * norm + self.control as f32 * control;
        let moderation = self.moderation as f32;
        (intention, intention * (1.0 - moderation + moderation * control))
    }
}

impl Theory for PlannedBehaviour {
    #[inline(always)]
    fn probability(&self, intercept: f32, x: &Inputs, out: &mut [f32]) {
        let n = out.len();
        let (scale, spread) = (self.scale as f32, self.inclination as f32);
        let x = &x.first(n);
        for k in 0..n {
            let (_, carried_out) = self.intention(self.parts(x, k));
            out[k] = logistic(intercept + scale * carried_out + spread * x.disposition[k]);
        }
    }

    fn terms(&self, intercept: f32, x: &Inputs, k: usize) -> Vec<Term> {
        let parts = self.parts(x, k);
        let (intention, carried_out) = self.intention(parts);
        let [attitude, norm, control] = parts;
        let scale = self.scale as f32;
        let told = [
            (text("attitude", "态度"), attitude),
            (text("subjective norm", "主观规范"), norm),
            (text("perceived control", "知觉控制"), control),
            (text("intention", "行为意向"), intention),
        ];
        let told = told.map(|(name, value)| Term { name, value: value as f64 });
        let weighed = super::logit_terms(&[
            (text("intercept", "截距"), intercept),
            (text("intention carried out", "可落实的意向"), scale * carried_out),
            (text("inclination", "个人倾向"), self.inclination as f32 * x.disposition[k]),
        ]);
        told.into_iter().chain(weighed).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::theory::tests::{Person, everyone};

    #[test]
    fn attitude_norm_and_control_each_raise_participation() {
        let theory = PlannedBehaviour::standard();
        let p = |person: Person| everyone(&theory, -3.0, person);
        let plain = Person::default();
        let base = p(plain);
        for (name, person) in [
            ("benefit", Person { benefit: 0.9, ..plain }),
            ("external_efficacy", Person { external_efficacy: 0.9, ..plain }),
            ("duty", Person { duty: 0.9, ..plain }),
            ("trust", Person { trust: 0.9, ..plain }),
            ("norm", Person { norm: 0.9, ..plain }),
            ("asked", Person { asked: 1.0, ..plain }),
            ("internal_efficacy", Person { internal_efficacy: 0.9, ..plain }),
            ("less cost", Person { cost: 0.1, ..plain }),
        ] {
            assert!(p(person) > base, "{name}");
        }
        let others = Person { skill: 0.9, income: 4, habit: 0.9, acquaintances: 20.0, ..plain };
        assert_eq!(p(others), base);
    }

    #[test]
    fn at_the_middle_of_all_scales_the_core_model_gives_the_indifferent_even_odds() {
        // A = (½·1 + ½ + ½) / 3 = ½, S = ½, K = ½ give BI = ½; without moderation and with an intercept of
        // −8·½ that is σ(8·(BI − ½)) = ½.
        let theory = PlannedBehaviour { moderation: 0.0, ..PlannedBehaviour::standard() };
        let person = Person {
            external_efficacy: 0.5,
            benefit: 1.0,
            duty: 0.5,
            trust: 0.5,
            norm: 1.0,
            internal_efficacy: 0.5,
            cost: 0.5,
            ..Person::default()
        };
        assert!((everyone(&theory, -4.0, person) - 0.5).abs() < 1e-6);
        // Fully moderated, half of the intention is carried out: σ(−4 + 2) = .119203.
        let moderated = PlannedBehaviour { moderation: 1.0, ..theory };
        assert!((everyone(&moderated, -4.0, person) - 0.119_203).abs() < 1e-5);
    }

    #[test]
    fn where_control_is_all_those_without_it_are_moved_by_nothing() {
        let theory = PlannedBehaviour { moderation: 1.0, ..PlannedBehaviour::standard() };
        let helpless = Person { internal_efficacy: 0.0, cost: 1.0, ..Person::default() };
        let base = everyone(&theory, -3.0, helpless);
        let urged = Person { asked: 1.0, norm: 1.0, benefit: 1.0, trust: 1.0, ..helpless };
        assert_eq!(everyone(&theory, -3.0, urged), base);
    }
}
