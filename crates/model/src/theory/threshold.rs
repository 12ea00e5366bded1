//! Thresholds of collective action (Granovetter 1978; Watts 2002).

use toml::Table;

use super::{Entry, Inputs, Term, Theory};
use crate::base::params::{Settings, settings, text};

/// Settings of `[theory.threshold]`, and the theory itself.
#[settings(fixed)]
pub struct Threshold {
    /// Standard deviation of thresholds between residents.
    #[param(
        real = 0.15,
        range = 0.0..=1.0,
        unit = "share",
        zh = "居民间阈值的标准差。",
        assumed = "proposed core model",
        // Thresholds are never seen, only who acts.
        prior = log_normal(0.15, 0.4)
    )]
    pub spread: f64,
    /// Chance of acting below one's threshold (ε).
    #[param(
        share = 0.01,
        unit = "probability",
        zh = "未达阈值而自发参与的概率(ε)。",
        assumed = "proposed core model"
    )]
    pub spontaneous: f64,
    /// Chance of not acting above one's threshold.
    #[param(
        share = 0.10,
        unit = "probability",
        zh = "达到阈值而不参与的概率。",
        assumed = "proposed core model"
    )]
    pub exit: f64,
    /// How far benefit, trust, duty and being asked, less cost, lower the threshold; 0 gives Granovetter's
    /// theory.
    #[param(
        real = 0.20,
        range = 0.0..=2.0,
        unit = "share",
        zh = "收益、信任、责任与邀请(减去成本)降低阈值的程度;0 为格兰诺维特原理论。",
        assumed = "without it no policy but the norm could act in this theory",
        // A bridge between theories.
        prior = uniform(0.0, 0.5)
    )]
    pub incentive: f64,
}

/// Registration.
pub const ENTRY: Entry = Entry {
    name: "threshold",
    path: "theory.threshold",
    label: text("threshold", "阈值模型"),
    summary: text(
        "Residents act once the share of acquaintances who act reaches their own threshold.",
        "熟人中参与者的比例达到个人阈值时,居民便参与。",
    ),
    equation: "act if m ≥ θ, θ = −a − spread·z − w·(π·B + τ/2 + D/2 + asked − C); P = 1 − exit above, ε below; the mean threshold −a is fitted to the base rate",
    keys: Threshold::keys,
    build: |table: &Table| super::build::<Threshold>(table),
};

impl Threshold {
    #[inline(always)]
    fn level(&self, intercept: f32, x: &Inputs, k: usize) -> f32 {
        let pull = x.external_efficacy[k] * x.benefit[k] + 0.5 * x.trust[k] + 0.5 * x.duty[k] + x.asked[k]
            - x.cost[k];
        -intercept - self.spread as f32 * x.disposition[k] - self.incentive as f32 * pull
    }
}

impl Theory for Threshold {
    #[inline(always)]
    fn probability(&self, intercept: f32, x: &Inputs, out: &mut [f32]) {
        let (below, above) = (self.spontaneous as f32, 1.0 - self.exit as f32);
        for (k, p) in out.iter_mut().enumerate() {
            // A hair of slack, so that 2/10 reaches a threshold of 0.2 whatever the rounding.
            let reached = x.norm[k] + 1e-6 >= self.level(intercept, x, k);
            *p = if reached { above.max(below) } else { below };
        }
    }

    fn terms(&self, intercept: f32, x: &Inputs, k: usize) -> Vec<Term> {
        let mut p = [0.0];
        let one = x.only(k);
        self.probability(intercept, &one, &mut p);
        vec![
            Term { name: text("share of acquaintances", "熟人参与比例"), value: x.norm[k] as f64 },
            Term { name: text("threshold", "阈值"), value: self.level(intercept, x, k) as f64 },
            Term { name: text("probability", "概率"), value: p[0] as f64 },
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::theory::tests::{Person, everyone};

    fn pure() -> Threshold {
        Threshold { spread: 0.0, spontaneous: 0.0, exit: 0.0, incentive: 0.0 }
    }

    #[test]
    fn one_acts_at_the_threshold_and_not_below() {
        for (norm, p) in [(0.29, 0.0), (0.30, 1.0), (1.0, 1.0)] {
            assert_eq!(everyone(&pure(), -0.3, Person { norm, ..Person::default() }), p, "norm {norm}");
        }
    }

    #[test]
    fn a_larger_stake_lowers_the_threshold() {
        let theory = Threshold { incentive: 0.5, ..pure() };
        let p = |benefit| everyone(&theory, -0.5, Person { norm: 0.25, benefit, ..Person::default() });
        assert_eq!((p(0.0), p(1.0)), (0.0, 1.0));
    }
}
