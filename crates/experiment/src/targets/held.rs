//! How far a figure is from a target, in units of all that is doubtful about both.

use super::table::{Aim, Target};
use shequ_model::base::math::normal_share;

/// Below this many standard deviations the logarithm of a normal share is that of its first asymptotic term.
const FAR: f64 = -30.0;
/// Least standard deviation, in units of the aim: what is exact to the bit is no information.
const LEAST: f64 = 1e-6;

/// A figure and how far it may be off.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Predicted {
    /// What is expected.
    pub mean: f64,
    /// Variance of what a run gives about it.
    pub variance: f64,
}

/// A target as figures are held against it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Held {
    /// What the figure should be.
    aim: Aim,
    /// Variance of the target itself, of its transfer, of what the model leaves out, and of the chance of the
    /// replicates.
    pub variance: f64,
}

impl Held {
    /// A target whose figure has the variance `chance` as a mean over replicates.
    pub fn of(target: &Target, chance: f64) -> Held {
        Held { aim: target.aim, variance: target.sd() * target.sd() + chance }
    }

    fn deviation(&self, figure: Predicted) -> f64 {
        let (low, high) = self.aim.ends();
        let size = if low.is_finite() { low.abs() } else { high.abs() };
        libm::sqrt(self.variance + figure.variance).max(LEAST * size.max(LEAST))
    }

    /// Standard deviations between the figure and the nearest one that is right: the implausibility.
    pub fn implausibility(&self, figure: Predicted) -> f64 {
        let (low, high) = self.aim.ends();
        (low - figure.mean).max(figure.mean - high).max(0.0) / self.deviation(figure)
    }

    /// Logarithm of the likelihood: of a number its normal density; of a bound, a range or a sign the probability
    /// that the figure, with all that is doubtful, is right.
    pub fn log_likelihood(&self, figure: Predicted) -> f64 {
        let (sd, (low, high)) = (self.deviation(figure), self.aim.ends());
        if let Aim::Number(number) = self.aim {
            let z = (number - figure.mean) / sd;
            return -0.5 * z * z - libm::log(sd);
        }
        let (above, below) = ((figure.mean - low) / sd, (high - figure.mean) / sd);
        match (low.is_finite(), high.is_finite()) {
            (true, false) => log_share(above),
            (false, true) => log_share(below),
            _ => {
                let share = normal_share(above) + normal_share(below) - 1.0;
                match above.min(below) {
                    // What is beyond one end is next to nothing beyond the other.
                    beyond if beyond < 0.0 && share <= 1e-9 => log_share(beyond),
                    _ => libm::log(share.max(1e-300)),
                }
            }
        }
    }

    /// The same of a figure that is `distance` standard deviations from the nearest one that is right.
    pub fn log_likelihood_at(&self, distance: f64) -> f64 {
        let (low, high) = self.aim.ends();
        let off = distance * self.deviation(Predicted { mean: 0.0, variance: 0.0 });
        let mean = if low.is_finite() { low - off } else { high + off };
        self.log_likelihood(Predicted { mean, variance: 0.0 })
    }
}

/// Logarithm of the share of a standard normal distribution below `z`.
fn log_share(z: f64) -> f64 {
    if z < FAR {
        return -0.5 * z * z - libm::log(-z) - 0.5 * libm::log(2.0 * std::f64::consts::PI);
    }
    libm::log(normal_share(z))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn held(aim: Aim) -> Held {
        Held { aim, variance: 0.16 }
    }

    fn figure(mean: f64) -> Predicted {
        // With the target's .16, standard deviation .5.
        Predicted { mean, variance: 0.09 }
    }

    #[test]
    fn implausibility_counts_standard_deviations_beyond_what_is_right() {
        assert_eq!(held(Aim::Number(1.0)).implausibility(figure(2.0)), 2.0);
        assert_eq!(held(Aim::Between(0.0, 1.0)).implausibility(figure(0.3)), 0.0);
        assert_eq!(held(Aim::Between(0.0, 1.0)).implausibility(figure(2.5)), 3.0);
        assert_eq!(held(Aim::Positive).implausibility(figure(-1.0)), 2.0);
        assert_eq!(held(Aim::AtMost(1.0)).implausibility(figure(-9.0)), 0.0);
    }

    #[test]
    fn the_likelihood_is_the_textbook_one() {
        // ln of the normal density at two standard deviations of .5, but for ln √2π.
        let number = held(Aim::Number(1.0)).log_likelihood(figure(2.0));
        assert!((number - (-2.0 - libm::log(0.5))).abs() < 1e-12);
        // Half of all is above the bound itself.
        let bound = held(Aim::AtLeast(1.0)).log_likelihood(figure(1.0));
        assert!((bound - libm::log(0.5)).abs() < 1e-12);
        // Φ(1) − Φ(−1) = .6827 in the middle of a range of two standard deviations.
        let range = held(Aim::Between(0.0, 1.0)).log_likelihood(figure(0.5));
        assert!((libm::exp(range) - 0.682_689_492_137).abs() < 1e-9);
    }

    #[test]
    fn a_distance_counts_from_what_is_right() {
        for (aim, mean) in [
            (Aim::Number(1.0), -0.2),
            (Aim::AtLeast(1.0), -0.2),
            (Aim::AtMost(1.0), 2.2),
            (Aim::Between(1.0, 2.0), -0.2),
            (Aim::Negative, 1.2),
        ] {
            // Three times .4.
            let (held, figure) = (held(aim), Predicted { mean, variance: 0.0 });
            assert!((held.implausibility(figure) - 3.0).abs() < 1e-12);
            let apart: f64 = held.log_likelihood_at(3.0) - held.log_likelihood(figure);
            assert!(apart.abs() < 1e-9, "{aim:?}");
        }
    }

    #[test]
    fn far_from_what_is_right_the_likelihood_still_falls() {
        for aim in [Aim::AtLeast(0.0), Aim::Between(0.0, 1.0), Aim::Positive] {
            let at = |mean: f64| held(aim).log_likelihood(figure(mean));
            let falls: Vec<f64> = (0..60).map(|k| at(-f64::from(k))).collect();
            assert!(falls.windows(2).all(|pair| pair[1] < pair[0] && pair[1].is_finite()), "{falls:?}");
        }
        // The two forms meet.
        assert!((log_share(FAR - 1e-9) - log_share(FAR + 1e-9)).abs() < 2e-3);
    }
}
