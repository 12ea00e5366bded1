//! The Bayesian rule: trust is the expected share of good experiences, given those one had (a beta
//! distribution with forgetting; Jøsang and Ismail 2002).

use toml::Table;

use super::{Entry, Rule};
use crate::base::params::{Settings, Text, settings, text};

/// Settings of `[theory.beta]`, and the rule itself.
#[settings(fixed)]
pub struct Beta {
    /// How many experiences the initial trust is worth (n₀).
    #[param(
        real = 10.0,
        range = 0.1..=10_000.0,
        unit = "experiences",
        zh = "初始信任相当于多少次经历(n₀)。",
        assumed = "a first experience then moves trust about as far as under theory.asymmetric, a tenth of the way",
        // What all years before are worth in experiences is seen in no survey.
        prior = log_normal(10.0, 0.6)
    )]
    pub prior: f64,
    /// What a new experience leaves of the weight of earlier ones (φ); 1 = nothing is forgotten.
    #[param(
        share = 0.95,
        unit = "share per experience",
        zh = "一次新经历后以往经历权重的保留比例(φ);1 表示不遗忘。",
        assumed = "the weight of experience settles at twenty, so that those with much of it are twice as firm as at first and can still change; no measurement"
    )]
    pub remembering: f64,
}

/// Registration.
pub const ENTRY: Entry = Entry {
    name: "beta",
    path: "theory.beta",
    label: text("beta", "贝叶斯更新"),
    summary: text(
        "Trust is the share of good experiences to expect, given all those one had, earlier ones counting less.",
        "信任是依据以往经历(越早权重越小)对好经历比例的贝叶斯期望。",
    ),
    equation: "α' = φ·α + good, β' = φ·β + bad on an experience; τ = α / (α + β), from α + β = n₀ at the initial trust",
    keys: Beta::keys,
    build: |table: &Table| super::build::<Beta>(table),
};

impl Rule for Beta {
    /// Kept are the trust and n = α + β, so that whatever else moves trust leaves its firmness as it is.
    #[inline(always)]
    fn update(&self, trust: &mut [f32], good: &[f32], bad: &[f32], memory: &mut [f32]) {
        let (prior, forgetting) = (self.prior as f32, 1.0 - self.remembering as f32);
        for ((t, n), (&good, &bad)) in trust.iter_mut().zip(memory).zip(good.iter().zip(bad)) {
            let weight = if n.is_nan() { prior } else { *n };
            let had = good + bad;
            let kept = weight * (1.0 - forgetting * had);
            let now = kept + had;
            let moved = (kept * *t + good) / now;
            *t = if had > 0.0 { moved } else { *t };
            *n = if had > 0.0 { now } else { *n };
        }
    }

    fn rests(&self) -> bool {
        true
    }

    fn remembers(&self) -> Option<Text> {
        Some(text("weight of experience", "经历的权重"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Trust and weight of experience of one who has experiences, good where true.
    fn after(rule: &Beta, trust: f32, experiences: impl IntoIterator<Item = bool>) -> (f32, f32) {
        let (mut trust, mut memory) = ([trust], [f32::NAN]);
        for good in experiences {
            let good = good as u8 as f32;
            rule.update(&mut trust, &[good], &[1.0 - good], &mut memory);
        }
        (trust[0], memory[0])
    }

    #[test]
    fn without_forgetting_trust_is_the_mean_of_the_posterior() {
        // Benchmark case O8, exact: prior (2, 2), eight good and two bad → 10/14, in whatever order.
        let rule = Beta { prior: 4.0, remembering: 1.0 };
        let orders: [[bool; 10]; 3] = [
            std::array::from_fn(|k| k < 8),
            std::array::from_fn(|k| k >= 2),
            std::array::from_fn(|k| k % 5 != 0),
        ];
        for order in orders {
            let (trust, weight) = after(&rule, 0.5, order);
            // Ten roundings in single precision, each of at most 6e-8.
            assert!((trust as f64 - 10.0 / 14.0).abs() < 1e-6, "{order:?}: {trust}");
            assert!((weight - 14.0).abs() < 1e-5);
        }
    }

    #[test]
    fn with_forgetting_the_weight_of_experience_settles_and_so_does_trust() {
        // n = φ·n + 1 has the fixed point 1 / (1 − φ) = 50; trust of one always treated well tends to 1.
        let (trust, weight) = after(&Beta { prior: 4.0, remembering: 0.98 }, 0.2, [true; 1_000]);
        assert!((weight - 50.0).abs() < 1e-2 && trust > 0.999, "{trust}, {weight}");
    }

    #[test]
    fn a_firmer_prior_and_better_experiences_do_what_they_should() {
        let rule = |prior| Beta { prior, remembering: 0.98 };
        let drop = |prior| 0.5 - after(&rule(prior), 0.5, [false]).0;
        assert!(drop(4.0) > drop(20.0) && drop(20.0) > drop(100.0) && drop(100.0) > 0.0);
        let (good, bad) = (after(&rule(20.0), 0.5, [true]).0, after(&rule(20.0), 0.5, [false]).0);
        // A good and a bad experience weigh the same: that tells this rule from the asymmetric one.
        assert!((good - 0.5 - (0.5 - bad)).abs() < 1e-6 && good > 0.5);
    }

    #[test]
    fn without_experience_nothing_moves() {
        let (mut trust, mut memory) = ([0.3, 0.3], [f32::NAN, 7.0]);
        Beta::standard().update(&mut trust, &[0.0; 2], &[0.0; 2], &mut memory);
        assert_eq!(trust, [0.3, 0.3]);
        assert!(memory[0].is_nan() && memory[1] == 7.0);
    }
}
