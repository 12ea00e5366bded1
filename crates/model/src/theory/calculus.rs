//! The calculus of voting with social interaction (Riker and Ordeshook 1968; Brock and Durlauf 2001).

use toml::Table;

use super::{Entry, Inputs, Term, Theory};
use crate::base::math::logistic;
use crate::base::params::{Settings, settings, text};

/// Settings of `[theory.calculus]`, and the theory itself: weights of the terms of utility.
#[settings(fixed)]
pub struct Calculus {
    /// Weight of perceived influence times benefit (β_p).
    #[param(
        real = 1.5,
        range = 0.0..=20.0,
        unit = "utility",
        zh = "感知影响力与收益乘积的权重(β_p)。",
        assumed = "proposed core model 1, raised because influence and benefit are both below 1",
        // Perceived influence has no unit: wide.
        prior = log_normal(1.2, 0.6)
    )]
    pub benefit: f64,
    /// Weight of time and effort (β_c).
    #[param(
        real = 1.5,
        range = 0.0..=20.0,
        unit = "utility",
        zh = "时间与精力成本的权重(β_c)。",
        assumed = "proposed core model",
        // The sign is sure, the size is not.
        prior = log_normal(1.5, 0.5)
    )]
    pub cost: f64,
    /// Weight of the sense of duty (β_d).
    #[param(
        real = 1.0,
        range = 0.0..=20.0,
        unit = "utility",
        zh = "责任感的权重(β_d)。",
        assumed = "proposed core model",
        // Raised: members vote three times as much more than others as 1.0 gives (SUNS 2017).
        prior = log_normal(1.2, 0.5)
    )]
    pub duty: f64,
    /// Weight of the share of acquaintances who took part, where that is made public (β_J); `modes.*.visibility` says
    /// how far it is seen.
    #[param(
        real = 2.21,
        range = 0.0..=20.0,
        unit = "utility",
        zh = "熟人参与比例的权重(β_J),指参与情况公开时;各方式的可见程度见 modes.*.visibility。",
        fitted = "posterior median of the calibrated baseline; before, 2.3: 2.27 (standard error .25) for the share of villagers who took up before, where it was shown to them (Cai, de Janvry and Sadoulet 2015, Jiangxi, N = 1,410, farm insurance); where it is not shown acquaintances' taking part has no effect (Banerjee et al. 2013). Below the 4 beyond which a logit has several equilibria (Brock and Durlauf 2001)",
        // Wider than the standard error, for insurance is no participation; below several equilibria.
        prior = normal(2.3, 0.9).within(0.0, 3.8)
    )]
    pub social: f64,
    /// Weight of trust in the counterpart (β_τ).
    #[param(
        real = 0.8,
        range = 0.0..=20.0,
        unit = "utility",
        zh = "对对方信任的权重(β_τ)。",
        assumed = "proposed core model",
        // Studies of voting in China find more, less and no effect of trust in government.
        prior = normal(0.3, 0.4).within(0.0, 1.5)
    )]
    pub trust: f64,
    /// Weight of habit (β_h).
    #[param(
        real = 2.0,
        range = 0.0..=20.0,
        unit = "utility",
        zh = "习惯的权重(β_h)。",
        assumed = "the core model names habit without a weight",
        prior = log_normal(2.0, 0.5)
    )]
    pub habit: f64,
    /// Weight of being asked in person (β_a).
    #[param(
        real = 0.6,
        range = 0.0..=20.0,
        unit = "utility",
        zh = "被当面邀请的权重(β_a)。",
        derived = "12 points among 4,024 students in Beijing (Guan and Green 2006) are .5 on the logit scale of a turnout, one more vote per 14 contacts (Gerber and Green) .29; for one resident a fifth more, because lasting differences between residents flatten the mean",
        // One experiment in China, .35 to .75 there.
        prior = log_normal(0.6, 0.3)
    )]
    pub asked: f64,
    /// Standard deviation of lasting differences between residents.
    #[param(
        real = 0.7,
        range = 0.0..=5.0,
        unit = "utility",
        zh = "居民间持久差异的标准差。",
        derived = "random intercepts of standard deviation 0.99 explain all of the persistence between two primaries of 191,243 voters (Gerber, Green and Larimer 2008), with no habit, duty or age at all: an upper bound; 0.7 leaves room for these",
        prior = normal(0.7, 0.17).within(0.2, 1.0)
    )]
    pub inclination: f64,
    /// Scale of the unobserved part of utility (κ).
    #[param(
        real = 1.0,
        range = 0.05..=10.0,
        unit = "utility",
        zh = "效用中不可观测部分的尺度(κ)。",
        assumed = "sets the unit of utility"
    )]
    pub noise: f64,
}

/// Registration.
pub const ENTRY: Entry = Entry {
    name: "calculus",
    path: "theory.calculus",
    label: text("calculus", "理性计算"),
    summary: text(
        "Residents weigh benefit, cost, duty and what acquaintances do; the rest is logit noise.",
        "居民权衡收益、成本、责任感与熟人的行动,其余为Logit随机项。",
    ),
    equation: "U = a + β_p·π·B − β_c·C + β_d·D + β_J·m + β_τ·τ + β_h·H + β_a·asked + s·z;  P = 1 / (1 + exp(−U/κ)), with π the external efficacy",
    keys: Calculus::keys,
    build: |table: &Table| super::build::<Calculus>(table),
};

impl Theory for Calculus {
    #[inline(always)]
    fn probability(&self, intercept: f32, x: &Inputs, out: &mut [f32]) {
        let scale = 1.0 / self.noise as f32;
        let [b, c, d, j, t, h, a, s] = self.weights();
        let n = out.len();
        let (benefit, external_efficacy, cost, duty) =
            (&x.benefit[..n], &x.external_efficacy[..n], &x.cost[..n], &x.duty[..n]);
        let (norm, trust, habit, asked) = (&x.norm[..n], &x.trust[..n], &x.habit[..n], &x.asked[..n]);
        let disposition = &x.disposition[..n];
        for k in 0..n {
            let utility = intercept + b * external_efficacy[k] * benefit[k] - c * cost[k]
                + d * duty[k]
                + j * norm[k]
                + t * trust[k]
                + h * habit[k]
                + a * asked[k]
                + s * disposition[k];
            out[k] = logistic(utility * scale);
        }
    }

    fn terms(&self, intercept: f32, x: &Inputs, k: usize) -> Vec<Term> {
        let [b, c, d, j, t, h, a, s] = self.weights();
        let mut terms: Vec<Term> = [
            (text("intercept", "截距"), intercept),
            (text("influence × benefit", "影响力×收益"), b * x.external_efficacy[k] * x.benefit[k]),
            (text("cost", "成本"), -c * x.cost[k]),
            (text("duty", "责任"), d * x.duty[k]),
            (text("acquaintances", "熟人参与"), j * x.norm[k]),
            (text("trust", "信任"), t * x.trust[k]),
            (text("habit", "习惯"), h * x.habit[k]),
            (text("asked in person", "当面邀请"), a * x.asked[k]),
            (text("inclination", "个人倾向"), s * x.disposition[k]),
        ]
        .map(|(name, value)| Term { name, value: value as f64 })
        .into();
        let utility: f64 = terms.iter().map(|t| t.value).sum();
        terms.push(Term { name: text("utility", "效用"), value: utility });
        terms.push(Term {
            name: text("probability", "概率"),
            value: logistic((utility / self.noise) as f32) as f64,
        });
        terms
    }
}

impl Calculus {
    fn weights(&self) -> [f32; 8] {
        [
            self.benefit,
            self.cost,
            self.duty,
            self.social,
            self.trust,
            self.habit,
            self.asked,
            self.inclination,
        ]
        .map(|w| w as f32)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::theory::tests::{Person, everyone};

    #[test]
    fn each_term_moves_the_probability_its_own_way() {
        let theory = Calculus::standard();
        let p = |person: Person| everyone(&theory, -1.0, person);
        let base = p(Person::default());
        for (name, person, up) in [
            ("norm", Person { norm: 0.9, ..Person::default() }, true),
            ("habit", Person { habit: 0.9, ..Person::default() }, true),
            ("benefit", Person { benefit: 0.9, ..Person::default() }, true),
            ("external_efficacy", Person { external_efficacy: 0.9, ..Person::default() }, true),
            ("duty", Person { duty: 0.9, ..Person::default() }, true),
            ("trust", Person { trust: 0.9, ..Person::default() }, true),
            ("asked", Person { asked: 1.0, ..Person::default() }, true),
            ("cost", Person { cost: 0.9, ..Person::default() }, false),
        ] {
            assert_eq!(p(person) > base, up, "{name}");
        }
    }

    #[test]
    fn with_all_weights_at_zero_the_intercept_alone_decides() {
        let zero = Calculus {
            benefit: 0.0,
            cost: 0.0,
            duty: 0.0,
            social: 0.0,
            trust: 0.0,
            habit: 0.0,
            asked: 0.0,
            inclination: 0.0,
            noise: 1.0,
        };
        // logistic(-2) = 0.1192029
        assert!((everyone(&zero, -2.0, Person::default()) - 0.119_202_9).abs() < 1e-6);
    }

    #[test]
    fn mean_field_equilibria_are_those_of_brock_and_durlauf() {
        // 0/1 form p = logistic(a + b·p), exact roots from the peer notes, A4.
        let theory = Calculus {
            benefit: 0.0,
            cost: 0.0,
            duty: 0.0,
            social: 6.0,
            trust: 0.0,
            habit: 0.0,
            asked: 0.0,
            inclination: 0.0,
            noise: 1.0,
        };
        for (start, root) in [(0.4, 0.070_720), (0.6, 0.929_280)] {
            let mut p = start;
            for _ in 0..200 {
                p = everyone(&theory, -3.0, Person { norm: p, ..Person::default() });
            }
            assert!((p - root).abs() < 1e-5, "from {start}: {p}");
        }
    }
}
