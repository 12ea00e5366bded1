//! What the statistics of designs promise, by simulation on outcomes whose truth is known.
//!
//! Seeds are fixed. A count of N samples of which a share p is expected has a standard error of
//! √(p (1 − p) / N); three of them are allowed, unless a test says otherwise.

use rayon::prelude::*;
use shequ::base::luck::{Luck, Stream};
use shequ::experiment::design::{Design, Factor, Method, Range};
use shequ::experiment::sensitivity::{self, Analysis, Index, Limits};
use toml::Value;

fn number(key: &str) -> Factor {
    Factor { key: key.into(), range: Range::Linear { low: 0.0, high: 1.0 } }
}

fn flag(key: &str) -> Factor {
    listed(key, &[Value::from(false), Value::from(true)])
}

fn words(key: &str, words: &[&str]) -> Factor {
    listed(key, &words.iter().map(|&word| Value::from(word)).collect::<Vec<_>>())
}

fn whole(key: &str, high: i64) -> Factor {
    Factor { key: key.into(), range: Range::Whole { low: 0, high } }
}

fn listed(key: &str, values: &[Value]) -> Factor {
    Factor { key: key.into(), range: Range::Levels(values.to_vec()) }
}

/// Where the values of a row lie, from 0 to 1: numbers in their range, words in their list.
fn places(design: &Design, row: &[Value]) -> Vec<f64> {
    let place = |(factor, value): (&Factor, &Value)| match &factor.range {
        Range::Linear { .. } | Range::Log { .. } => factor.coordinate(value),
        Range::Whole { low, high } => (factor.coordinate(value) - *low as f64) / (high - low) as f64,
        Range::Levels(values) => {
            let at = values.iter().position(|other| other == value).unwrap();
            at as f64 / (values.len() - 1).max(1) as f64
        }
    };
    design.factors.iter().zip(row).map(place).collect()
}

/// The normal number of a sample and a row.
fn normal(sample: u64, row: usize) -> f64 {
    Luck::new(sample, 0).normal(Stream::named("outcome"), row as u32, 0, 0)
}

/// Three standard errors of a share of `samples`.
fn allowed(share: f64, samples: usize) -> f64 {
    3.0 * (share * (1.0 - share) / samples as f64).sqrt()
}

/// The analysis of an outcome that is `of` the places of a row.
fn analyse(design: &Design, of: &dyn Fn(usize, &[f64]) -> f64) -> Analysis {
    let outputs: Vec<f64> =
        design.rows().iter().enumerate().map(|(i, row)| of(i, &places(design, row))).collect();
    sensitivity::analyse(design, &design.coordinates(), &outputs, Luck::new(design.seed, 1))
}

fn index<'a>(analysis: &'a Analysis, name: &str, factor: usize) -> &'a Index {
    let is_it = |i: &&Index| i.label.measure.name == name && i.label.factor == factor;
    analysis.indices.iter().find(is_it).unwrap()
}

/// The share of `samples` in which each factor of a Latin hypercube of `points` is above its floor, where
/// factor j moves the outcome by `shifts[j]` standard deviations of its noise from end to end.
fn above_floors(factors: &[Factor], shifts: &[f64], points: u32, samples: usize) -> Vec<f64> {
    let above = |sample: usize| -> Vec<bool> {
        let seed = sample as u64;
        let design = Design { factors: factors.to_vec(), method: Method::Lhs { points }, seed };
        let outputs: Vec<f64> = design
            .rows()
            .iter()
            .enumerate()
            .map(|(i, row)| {
                let moved: f64 = places(&design, row).iter().zip(shifts).map(|(x, by)| x * by).sum();
                moved + normal(seed, i)
            })
            .collect();
        let coordinates = design.coordinates();
        let points: Vec<&[f64]> = coordinates.iter().map(Vec::as_slice).collect();
        let slices = sensitivity::pawn::Slices::new(&design.factors, &points, &outputs, Luck::new(seed, 1));
        let estimator: &dyn sensitivity::Estimator = &slices;
        let values = estimator.estimate(&(0..outputs.len()).collect::<Vec<_>>());
        values.iter().zip(estimator.limits()).map(|(value, Limits { floor, .. })| *value > floor).collect()
    };
    let all: Vec<Vec<bool>> = (0..samples).into_par_iter().map(above).collect();
    let share = |j: usize| all.iter().filter(|above| above[j]).count() as f64 / samples as f64;
    (0..factors.len()).map(share).collect()
}

#[test]
fn a_key_that_does_nothing_is_above_its_floor_in_one_sample_of_twenty() {
    let factors = [
        number("a"),
        flag("b"),
        words("c", &["x", "y", "z", "v", "w"]),
        whole("d", 3),
        listed("e", &[Value::from(1), Value::from(10)]),
        number("moves"),
    ];
    let shifts = [0.0, 0.0, 0.0, 0.0, 0.0, 3.0];
    for (points, samples) in [(60, 1000), (300, 400)] {
        let above = above_floors(&factors, &shifts, points, samples);
        for (factor, share) in factors.iter().zip(&above).take(5) {
            // The index of few points has few values, so that the floor may be exceeded more rarely.
            let most = 0.05 + allowed(0.05, samples);
            assert!((0.015..=most).contains(share), "{points} points, {}: {share}", factor.key);
        }
        assert!(above[5] > 0.9, "{above:?}");
    }
}

#[test]
fn a_switch_and_a_number_of_equal_effect_are_found_alike() {
    // A switch that shifts the outcome by half a standard deviation has the variance 1/16. So has a number that
    // moves it by √12 / 4 from end to end, r² / 12, and one of five whole numbers that does so by √8 / 4, r² / 8.
    let cases = [
        (flag("flag"), 0.5),
        (words("words", &["x", "y"]), 0.5),
        (number("number"), 0.25 * 12.0_f64.sqrt()),
        (whole("whole", 4), 0.25 * 8.0_f64.sqrt()),
    ];
    let found: Vec<f64> = cases
        .iter()
        .map(|(factor, shift)| above_floors(&[factor.clone(), number("idle")], &[*shift, 0.0], 300, 300)[0])
        .collect();
    // With the floor of numbers for all, it was 24 % of samples for the switch.
    assert!(found.iter().all(|&share| share > 0.8), "{found:?}");
    let (least, most) = found.iter().fold((1.0_f64, 0.0_f64), |(a, b), &x| (a.min(x), b.max(x)));
    assert!(most - least < 0.12, "{found:?}");
}

#[test]
fn elementary_effects_of_equal_effect_are_equal_whatever_the_kind_of_key() {
    let factors = vec![
        number("number"),
        flag("flag"),
        words("words", &["x", "y"]),
        whole("two", 1),
        whole("three", 2),
        whole("many", 50),
        listed("numbers", &[Value::from(1.0), Value::from(2.0), Value::from(3.0)]),
    ];
    for levels in [4, 6, 10] {
        let method = Method::Morris { trajectories: 16, levels };
        let design = Design { factors: factors.clone(), method, seed: 5 };
        // Each moves the outcome by 2 from one end of its range to the other.
        let analysis = analyse(&design, &|_, x| 2.0 * x.iter().sum::<f64>());
        for (at, factor) in factors.iter().enumerate() {
            let value = |name: &str| index(&analysis, name, at).value;
            assert!(
                (value("mu_star") - 2.0).abs() < 1e-9,
                "{} of {levels}: {}",
                factor.key,
                value("mu_star")
            );
            assert!((value("mu") - 2.0).abs() < 1e-9 && value("sigma") < 1e-6, "{}", factor.key);
        }
    }
}

#[test]
fn elementary_effects_of_words_are_the_changes_between_every_two_of_them() {
    // The outcome knows two kinds of words, which alternate: of the six pairs of four words, four differ.
    let four = words("four", &["a", "b", "a2", "b2"]);
    let method = Method::Morris { trajectories: 2000, levels: 4 };
    let design = Design { factors: vec![four, number("other")], method, seed: 5 };
    let analysis = analyse(&design, &|_, x| if (x[0] * 3.0).round() as i32 % 2 == 1 { 3.0 } else { 0.0 });
    let star = index(&analysis, "mu_star", 0);
    assert!((star.value - 2.0).abs() < star.half_width * 3.0 / 1.96, "{star:?}");
    assert_eq!(index(&analysis, "mu_star", 1).value, 0.0);
}
