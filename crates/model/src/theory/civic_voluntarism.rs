//! Civic voluntarism: those take part who can, who want to, and whom somebody asked (Verba, Schlozman
//! and Brady 1995).

use toml::Table;

use super::{Entry, Inputs, Term, Theory};
use crate::base::math::{exp, logistic};
use crate::base::params::{Settings, settings, text};

/// Settings of `[theory.civic_voluntarism]`, and the theory itself.
#[settings(fixed)]
pub struct CivicVoluntarism {
    /// Weight of resources (γ_R).
    #[param(
        real = 2.5,
        range = 0.0..=20.0,
        unit = "logit",
        zh = "资源的权重(γ_R)。",
        assumed = "proposed core model; the order of resources, engagement and recruitment after Verba, Schlozman and Brady 1995"
    )]
    pub resources: f64,
    /// What resources are made of.
    #[param(
        shares = [0.4, 0.4, 0.2],
        parts = [
                text("time", "时间"),
                text("skill", "技能"),
                text("income", "收入"),
            ],
        zh = "资源的构成。",
        assumed = "proposed core model: money counts less, since little of what the modes ask is money"
    )]
    pub resource_mix: [f64; 3],
    /// Weight of interest and internal efficacy (γ_E).
    #[param(
        real = 2.0,
        range = 0.0..=20.0,
        unit = "logit",
        zh = "兴趣与内部效能感的权重(γ_E)。",
        assumed = "proposed core model"
    )]
    pub engagement: f64,
    /// Weight of being asked in person by an institution (γ_M).
    #[param(
        real = 0.6,
        range = 0.0..=20.0,
        unit = "logit",
        zh = "被机构当面邀请的权重(γ_M)。",
        derived = "a contact at the door raised turnout by 12 points among 4,024 students in Beijing (Guan and Green 2006), .5 on the logit scale, somewhat more for those who opened",
        // .35 to 1.0.
        prior = log_normal(0.6, 0.4)
    )]
    pub recruitment: f64,
    /// Weight of being asked by acquaintances (γ_N).
    #[param(
        real = 1.0,
        range = 0.0..=20.0,
        unit = "logit",
        zh = "被熟人邀请的权重(γ_N)。",
        assumed = "proposed core model"
    )]
    pub networks: f64,
    /// Chance that an acquaintance who took part asks one to come along.
    #[param(
        share = 0.1,
        unit = "probability",
        zh = "参与过的熟人邀请自己的概率。",
        assumed = "no measurement"
    )]
    pub invitation: f64,
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

/// Registration.
pub const ENTRY: Entry = Entry {
    name: "civic_voluntarism",
    path: "theory.civic_voluntarism",
    label: text("civic voluntarism", "公民自愿"),
    summary: text(
        "Residents take part who can, who want to, and whom somebody asked.",
        "有能力、有意愿且有人邀请的居民参与。",
    ),
    equation: "U = a + γ_R·R + γ_E·E + γ_M·asked + γ_N·N + s·z;  P = 1 / (1 + exp(−U)), with resources R of time 1 − C, skill and income, engagement E = (interest + internal efficacy) / 2, and N = 1 − (1 − r)^(acquaintances who took part) the chance that one of them asks",
    keys: CivicVoluntarism::keys,
    build: |table: &Table| super::build::<CivicVoluntarism>(table),
};

impl CivicVoluntarism {
    /// The terms of utility of resident `k`, but for intercept and inclination.
    #[inline(always)]
    fn parts(&self, silence: f32, x: &Inputs, k: usize) -> [f32; 4] {
        let [time, skill, income] = self.resource_mix.map(|share| share as f32);
        let resources =
            time * (1.0 - x.cost[k]) + skill * x.skill[k] + income * 0.25 * x.traits[k].income() as f32;
        let engagement = 0.5 * x.interest[k] + 0.5 * x.internal_efficacy[k];
        let network = 1.0 - exp(silence * x.norm[k] * x.acquaintances[k]);
        [
            self.resources as f32 * resources,
            self.engagement as f32 * engagement,
            self.recruitment as f32 * x.asked[k],
            self.networks as f32 * network,
        ]
    }

    /// ln(1 − r): the logarithm of the chance that one acquaintance who took part does not ask.
    fn silence(&self) -> f32 {
        libm::log1p(-self.invitation).max(-80.0) as f32
    }
}

impl Theory for CivicVoluntarism {
    #[inline(always)]
    fn probability(&self, intercept: f32, x: &Inputs, out: &mut [f32]) {
        let n = out.len();
        let (silence, spread) = (self.silence(), self.inclination as f32);
        let x = &x.first(n);
        for k in 0..n {
            let [resources, engagement, asked, network] = self.parts(silence, x, k);
            let utility = intercept + resources + engagement + asked + network + spread * x.disposition[k];
            out[k] = logistic(utility);
        }
    }

    fn terms(&self, intercept: f32, x: &Inputs, k: usize) -> Vec<Term> {
        let [resources, engagement, asked, network] = self.parts(self.silence(), x, k);
        let inclination = self.inclination as f32 * x.disposition[k];
        super::logit_terms(&[
            (text("intercept", "截距"), intercept),
            (text("resources", "资源"), resources),
            (text("engagement", "心理投入"), engagement),
            (text("asked in person", "当面邀请"), asked),
            (text("asked by acquaintances", "熟人邀请"), network),
            (text("inclination", "个人倾向"), inclination),
        ])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::theory::tests::{Person, everyone};

    #[test]
    fn each_cause_raises_participation_and_nothing_else_does() {
        let theory = CivicVoluntarism::standard();
        let p = |person: Person| everyone(&theory, -3.0, person);
        let plain = Person::default();
        let base = p(plain);
        for (name, person) in [
            ("less cost, more time", Person { cost: 0.1, ..plain }),
            ("skill", Person { skill: 0.9, ..plain }),
            ("income", Person { income: 4, ..plain }),
            ("interest", Person { interest: 0.9, ..plain }),
            ("internal_efficacy", Person { internal_efficacy: 0.9, ..plain }),
            ("asked", Person { asked: 1.0, ..plain }),
            ("acquaintances take part", Person { norm: 0.9, ..plain }),
            ("more acquaintances", Person { acquaintances: 20.0, ..plain }),
        ] {
            assert!(p(person) > base, "{name}");
        }
        // What is at stake, and whom one trusts, are no causes in this theory.
        let others =
            Person { benefit: 1.0, trust: 1.0, external_efficacy: 1.0, habit: 1.0, duty: 1.0, ..plain };
        assert_eq!(p(others), base);
    }

    #[test]
    fn in_the_middle_of_all_scales_the_utility_is_what_the_equation_gives_by_hand() {
        // R = .4·.5 + .4·.5 + .2·.5 = .5, E = .5, asked by an institution, and of 10 acquaintances 5 took
        // part: N = 1 − .9⁵ = .40951. U = −4 + 1.25 + 1 + .6 + .40951 = −.74049; P = .322897.
        let theory = CivicVoluntarism::standard();
        let person = Person {
            cost: 0.5,
            skill: 0.5,
            income: 2,
            interest: 0.5,
            internal_efficacy: 0.5,
            asked: 1.0,
            norm: 0.5,
            acquaintances: 10.0,
            ..Person::default()
        };
        assert!((everyone(&theory, -4.0, person) - 0.322_897).abs() < 1e-5);
    }

    #[test]
    fn where_acquaintances_always_ask_one_who_took_part_is_enough() {
        let theory = CivicVoluntarism { invitation: 1.0, ..CivicVoluntarism::standard() };
        let p = |norm| everyone(&theory, -3.0, Person { norm, acquaintances: 10.0, ..Person::default() });
        assert!(p(0.1) > p(0.0));
        assert_eq!(p(0.1), p(1.0));
    }
}
