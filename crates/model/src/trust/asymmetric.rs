//! The exponential rule, with steps up and down of their own. Trust is lost faster than it is won by what
//! kinds of experience weigh (`residents.good_performance`), as under every rule; a loss beside a gain of its
//! own adds to that.

use toml::Table;

use super::{Entry, Rule};
use crate::base::params::{Settings, settings, text};

/// Settings of `[theory.asymmetric]`, and the rule itself.
#[settings(fixed)]
pub struct Asymmetric {
    /// Step towards full trust on one good experience.
    #[param(
        share = 0.10,
        zh = "一次好的经历使信任向上靠近的步长。",
        assumed = "as the loss: which kinds of experience are asymmetric is said by residents.good_performance and residents.good_fairness, for all rules alike",
        // What makes kinds of experience unequal is in residents.good_performance and good_fairness.
        prior = log_normal(1.0, 0.2).of("theory.asymmetric.loss")
    )]
    pub gain: f64,
    /// Step towards no trust on one bad experience.
    #[param(
        share = 0.10,
        zh = "一次坏的经历使信任向下靠近的步长。",
        assumed = "a bad experience then moves trust of .62 by .06, a quarter of its spread between residents; a fair one by .04, a sixth, in the order of what a single fair encounter did in a randomised trial (Mazerolle et al. 2012: small)",
        // An experience has no unit.
        prior = log_normal(0.1, 0.5)
    )]
    pub loss: f64,
}

/// Registration.
pub const ENTRY: Entry = Entry {
    name: "asymmetric",
    path: "theory.asymmetric",
    label: text("asymmetric", "非对称更新"),
    summary: text(
        "Trust moves a step towards 1 on a good experience and a step towards 0 on a bad one; the steps may differ.",
        "好的经历使信任向1靠近一步,坏的经历使信任向0靠近一步;两种步长可以不同。",
    ),
    equation: "τ' = τ + η₊·good·(1 − τ) − η₋·bad·τ; with a share q of good experiences τ tends to q·η₊ / (q·η₊ + (1 − q)·η₋)",
    keys: Asymmetric::keys,
    build: |table: &Table| super::build::<Asymmetric>(table),
};

impl Rule for Asymmetric {
    #[inline(always)]
    fn update(&self, trust: &mut [f32], good: &[f32], bad: &[f32], _: &mut [f32]) {
        let (gain, loss) = (self.gain as f32, self.loss as f32);
        for ((t, &g), &b) in trust.iter_mut().zip(good).zip(bad) {
            *t += gain * g * (1.0 - *t) - loss * b * *t;
        }
    }

    fn rests(&self) -> bool {
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::rng::{CounterRng, Stream};

    #[test]
    fn trust_settles_at_the_closed_form() {
        // Benchmark case O8, exact: T*(q) = qη₊ / (qη₊ + (1 − q)η₋) with η₊ = .05, η₋ = .20.
        let rule = Asymmetric { gain: 0.05, loss: 0.20 };
        for (q, expected) in [(0.5, 0.2), (0.8, 0.5), (0.9, 0.6923), (0.95, 0.8261)] {
            let rng = CounterRng::new(3, 0);
            let mut trust = vec![0.5f32; 4_000];
            for month in 0..200 {
                let good: Vec<f32> = (0..4_000)
                    .map(|who| (rng.uniform(Stream::named("test"), who, month, 0) < q) as u8 as f32)
                    .collect();
                let bad: Vec<f32> = good.iter().map(|g| 1.0 - g).collect();
                rule.update(&mut trust, &good, &bad, &mut []);
            }
            let mean = trust.iter().map(|&t| t as f64).sum::<f64>() / 4_000.0;
            // ±.01 as in the docking table; the standard error of the mean is below .004.
            assert!((mean - expected).abs() < 0.01, "q = {q}: {mean} instead of {expected}");
        }
    }

    #[test]
    fn trust_stays_in_bounds_and_without_experience_where_it_is() {
        let rule = Asymmetric { gain: 1.0, loss: 1.0 };
        let mut trust = [0.0, 0.3, 1.0, 0.3];
        rule.update(&mut trust, &[1.0, 0.0, 0.0, 1.0], &[0.0, 0.0, 1.0, 0.0], &mut []);
        assert_eq!(trust, [1.0, 0.3, 0.0, 1.0]);
    }
}
