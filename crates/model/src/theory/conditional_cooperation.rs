//! Conditional cooperation and the social norm: residents give as much as they believe others to give,
//! or a little less (Fischbacher and Gächter 2010).

use toml::Table;

use super::{Entry, Inputs, Last, Lesson, Term, Theory};
use crate::base::math::normal_quantile;
use crate::base::params::{Settings, Text, settings, text};

/// Settings of `[theory.conditional_cooperation]`.
#[settings(fixed)]
pub struct ConditionalCooperation {
    /// Shares of types of residents.
    #[param(
        shares = [0.55, 0.23, 0.12, 0.10],
        parts = [
                text("conditional cooperators", "条件合作者"),
                text("free riders", "搭便车者"),
                text("triangle contributors", "三角型贡献者"),
                text("others", "其他"),
            ],
        zh = "各类居民的比例。",
        derived = "types of 140 students in a laboratory (Fischbacher and Gächter 2010), carried over to a city; Fischbacher, Gächter and Fehr 2001 found one half, one third and 14 %"
    )]
    pub types: [f64; 4],
    /// Mean of what conditional cooperators do per unit of what they believe others to do (s̄).
    #[param(
        real = 0.75,
        range = 0.0..=2.0,
        unit = "share per share",
        zh = "条件合作者对他人参与信念的平均反应斜率(s̄)。",
        assumed = "proposed core model: imperfect cooperation, below 1"
    )]
    pub slope: f64,
    /// Standard deviation of that slope between residents.
    #[param(
        real = 0.15,
        range = 0.0..=1.0,
        unit = "share per share",
        zh = "该斜率在居民间的标准差。",
        assumed = "proposed core model"
    )]
    pub slope_spread: f64,
    /// Weight of what was last seen in the belief about others (w).
    #[param(
        share = 0.4,
        zh = "最近所见在对他人信念中的权重(w)。",
        assumed = "proposed core model, after belief regressions in the laboratory (Fischbacher and Gächter 2010)"
    )]
    pub belief_weight: f64,
    /// What being asked in person, and so being seen, adds to the slope (λ).
    #[param(
        real = 0.2,
        range = 0.0..=2.0,
        unit = "share per share",
        zh = "被当面邀请(行为可见)时斜率的增量(λ)。",
        assumed = "no measurement; the sign after field experiments on social pressure (Gerber, Green and Larimer 2008)",
        // 8.1 points of 29.7 where neighbours' votes are shown, less 1.8 of any reminder: .18 to .28.
        prior = log_normal(0.21, 0.17)
    )]
    pub monitoring: f64,
    /// How far benefit and duty, less cost, move everybody (v); 0 leaves the norm alone.
    #[param(
        real = 0.2,
        range = 0.0..=2.0,
        unit = "share",
        zh = "收益与责任(减去成本)对所有人的推动(v);0 则仅剩规范。",
        assumed = "without it no policy but the norm could act in this theory; as in theory.threshold",
        // A bridge between theories.
        prior = uniform(0.0, 0.5)
    )]
    pub incentive: f64,
}

/// Registration.
pub const ENTRY: Entry = Entry {
    name: "conditional_cooperation",
    path: "theory.conditional_cooperation",
    label: text("conditional cooperation", "条件合作"),
    summary: text(
        "Most residents do their part as far as they believe others to do theirs; some never mind the others.",
        "多数居民依据对他人参与的信念有条件地合作,部分居民不受他人影响。",
    ),
    equation: "b' = (1 − w)·b + w·m;  P = a + c(b) + v·(π·B + D/2 − C), cut to [0, 1], with c = (s + λ·asked)·b for conditional cooperators, 0 for free riders, min(b, 1 − b) for triangle contributors and s̄·b/2 for others",
    keys: ConditionalCooperation::keys,
    build: |table: &Table| Ok(super::compiled(Cooperation::of(ConditionalCooperation::of(table.clone())?))),
};

/// The theory, with what follows from its settings.
pub(super) struct Cooperation {
    settings: ConditionalCooperation,
    /// Inclinations above which residents are others, triangle contributors and conditional cooperators.
    bounds: [f32; 3],
    /// The slope of a conditional cooperator is `slope[0] + slope[1]·z`.
    slope: [f32; 2],
}

impl Cooperation {
    /// Types are told apart by the lasting inclination z, which is independent of everything else: free
    /// riders have the least, conditional cooperators the most, and among these the slope rises with z.
    pub(super) fn of(settings: ConditionalCooperation) -> Cooperation {
        let [cooperators, free_riders, triangle, others] = settings.types;
        let bound = |below: f64| match below {
            below if below < 1e-9 => f64::NEG_INFINITY,
            below if below > 1.0 - 1e-9 => f64::INFINITY,
            below => normal_quantile(below),
        };
        let bounds = [free_riders, free_riders + others, free_riders + others + triangle].map(bound);
        let (mean, deviation) = above(bounds[2], cooperators);
        let rise = settings.slope_spread / deviation;
        Cooperation {
            bounds: bounds.map(|bound| bound as f32),
            slope: [(settings.slope - rise * mean) as f32, rise as f32],
            settings,
        }
    }

    /// What resident `k` believes, and does because of it.
    #[inline(always)]
    fn contribution(&self, x: &Inputs, k: usize) -> f32 {
        let (belief, z) = (x.memory[0][k], x.disposition[k]);
        let slope =
            (self.slope[0] + self.slope[1] * z).max(0.0) + self.settings.monitoring as f32 * x.asked[k];
        let other = 0.5 * self.settings.slope as f32 * belief;
        let triangle = belief.min(1.0 - belief);
        let done = if z > self.bounds[0] { other } else { 0.0 };
        let done = if z > self.bounds[1] { triangle } else { done };
        if z > self.bounds[2] { slope * belief } else { done }
    }

    /// What moves everybody.
    #[inline(always)]
    fn incentive(&self, x: &Inputs, k: usize) -> f32 {
        self.settings.incentive as f32 * (x.external_efficacy[k] * x.benefit[k] + 0.5 * x.duty[k] - x.cost[k])
    }

    /// Name of the type of one with the inclination `z`.
    fn kind(&self, z: f32) -> Text {
        const KINDS: [Text; 4] = [
            text("free rider's part", "搭便车者的贡献"),
            text("other type's part", "其他类型的贡献"),
            text("triangle contributor's part", "三角型贡献者的贡献"),
            text("conditional cooperator's part", "条件合作者的贡献"),
        ];
        KINDS[self.bounds.iter().filter(|&&bound| z > bound).count()]
    }
}

/// Mean and standard deviation of a standard normal number above `bound`, where a `share` lies.
fn above(bound: f64, share: f64) -> (f64, f64) {
    if share < 1e-9 || bound == f64::NEG_INFINITY {
        return (0.0, 1.0);
    }
    let density = libm::exp(-0.5 * bound * bound) / libm::sqrt(2.0 * std::f64::consts::PI);
    let mean = density / share;
    (mean, libm::sqrt(1.0 + bound * mean - mean * mean))
}

impl Theory for Cooperation {
    #[inline(always)]
    fn probability(&self, intercept: f32, x: &Inputs, out: &mut [f32]) {
        let n = out.len();
        let x = &x.first(n);
        for k in 0..n {
            let willing = intercept + self.contribution(x, k) + self.incentive(x, k);
            out[k] = willing.clamp(0.0, 1.0);
        }
    }

    fn terms(&self, intercept: f32, x: &Inputs, k: usize) -> Vec<Term> {
        let (contribution, incentive) = (self.contribution(x, k), self.incentive(x, k));
        let probability = (intercept + contribution + incentive).clamp(0.0, 1.0);
        [
            (text("belief about others", "对他人参与的信念"), x.memory[0][k]),
            (text("intercept", "截距"), intercept),
            (self.kind(x.disposition[k]), contribution),
            (text("incentive", "激励"), incentive),
            (text("probability", "概率"), probability),
        ]
        .map(|(name, value)| Term { name, value: value as f64 })
        .into()
    }

    fn remembers(&self) -> &'static [Text] {
        const BELIEF: &[Text] = &[text("belief about others", "对他人参与的信念")];
        BELIEF
    }

    /// A first belief is what one sees; later ones move towards it.
    #[inline(always)]
    fn learn(&self, _: &Last, x: &Inputs, [beliefs, _]: Lesson) {
        let weight = self.settings.belief_weight as f32;
        for (belief, &norm) in beliefs.iter_mut().zip(x.norm) {
            let moved = *belief + weight * (norm - *belief);
            *belief = if belief.is_nan() { norm } else { moved };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::theory::tests::{Person, everyone};

    fn alike() -> ConditionalCooperation {
        ConditionalCooperation {
            types: [1.0, 0.0, 0.0, 0.0],
            slope_spread: 0.0,
            monitoring: 0.0,
            incentive: 0.0,
            ..ConditionalCooperation::standard()
        }
    }

    #[test]
    fn imperfect_cooperation_decays_as_the_closed_form_says() {
        // Benchmark case O7, exact: bₜ = b₀·(1 − w·(1 − s))ᵗ with s = .75, w = .4, b₀ = 10 of 20; b₁₀ = 3.4868.
        // Beliefs are kept in single precision: ten steps of half a unit in the last place each.
        let theory = Cooperation::of(alike());
        let (mut belief, mut others, mut exact) = (f32::NAN, 0.5f32, 10.0f64);
        for month in 0..=10 {
            let person = Person { norm: others, memory: [belief, f32::NAN], ..Person::default() };
            belief = person.learns(&theory)[0];
            others = everyone(&theory, 0.0, person);
            assert!((20.0 * belief as f64 - exact).abs() < 1e-5, "month {month}: {belief}");
            assert!((others - 0.75 * belief).abs() < 1e-6);
            exact *= 0.9;
        }
        assert!((20.0 * belief as f64 - 3.4868).abs() < 1e-4);
    }

    #[test]
    fn types_have_their_shares_and_cooperators_their_mean_slope() {
        let theory = Cooperation::of(ConditionalCooperation::standard());
        let n = 200_000;
        let (mut counts, mut slopes, mut squares) = ([0; 4], 0.0, 0.0);
        for i in 0..n {
            let z = normal_quantile((i as f64 + 0.5) / n as f64) as f32;
            let kind = theory.bounds.iter().filter(|&&bound| z > bound).count();
            counts[kind] += 1;
            if kind == 3 {
                let slope = (theory.slope[0] + theory.slope[1] * z) as f64;
                (slopes, squares) = (slopes + slope, squares + slope * slope);
            }
        }
        // Evenly spaced quantiles: shares are right to one resident, moments to the width of a step.
        for (count, share) in counts.into_iter().zip([0.23, 0.10, 0.12, 0.55]) {
            assert!((count as f64 / n as f64 - share).abs() < 1e-4, "{counts:?}");
        }
        let mean = slopes / counts[3] as f64;
        let deviation = libm::sqrt(squares / counts[3] as f64 - mean * mean);
        assert!((mean - 0.75).abs() < 1e-3 && (deviation - 0.15).abs() < 1e-3, "{mean}, {deviation}");
    }

    #[test]
    fn free_riders_do_not_mind_others_and_triangle_contributors_give_up_when_many_do() {
        let theory = Cooperation::of(ConditionalCooperation::standard());
        let p = |disposition, norm| everyone(&theory, 0.3, Person { disposition, norm, ..Person::default() });
        let (free_rider, triangle, cooperator) = (-2.0, -0.2, 1.0);
        assert_eq!(p(free_rider, 0.0), p(free_rider, 1.0));
        assert!(p(triangle, 0.5) > p(triangle, 0.0) && p(triangle, 0.5) > p(triangle, 1.0));
        assert!(p(cooperator, 0.5) > p(cooperator, 0.0) && p(cooperator, 0.6) > p(cooperator, 0.5));
    }

    #[test]
    fn being_seen_and_a_larger_stake_raise_participation_and_trust_does_not() {
        let theory = Cooperation::of(ConditionalCooperation::standard());
        let plain = Person { disposition: 1.0, ..Person::default() };
        let p = |person: Person| everyone(&theory, 0.1, person);
        assert!(p(Person { asked: 1.0, ..plain }) > p(plain));
        assert!(p(Person { benefit: 0.9, ..plain }) > p(plain));
        assert!(p(Person { duty: 0.9, ..plain }) > p(plain));
        assert!(p(Person { cost: 0.9, ..plain }) < p(plain));
        assert_eq!(p(Person { trust: 0.9, habit: 0.9, ..plain }), p(plain));
    }

    #[test]
    fn a_belief_without_weight_on_what_is_seen_stays() {
        let theory = Cooperation::of(ConditionalCooperation { belief_weight: 0.0, ..alike() });
        let person = Person { norm: 0.9, memory: [0.3, f32::NAN], ..Person::default() };
        assert_eq!(person.learns(&theory)[0], 0.3);
    }
}
