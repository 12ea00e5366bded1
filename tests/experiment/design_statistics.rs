//! What the statistics of designs promise, by simulation on outcomes whose truth is known.
//!
//! Seeds are fixed. A count of N samples of which a share p is expected has a standard error of
//! √(p (1 − p) / N); three of them are allowed, unless a test says otherwise.

use rayon::prelude::*;
use shequ::experiment::compare::{
    self,
    effects::{Asked, Side},
};
use shequ::experiment::contest::{Contest, range::Verdict, variance::Sources};
use shequ::experiment::design::{Design, Factor, Method, Range};
use shequ::experiment::main_effects::{Effects, Rows, Tally};
use shequ::experiment::outcome::Outcome;
use shequ::experiment::quantity::Quantity;
use shequ::experiment::sensitivity::{self, Analysis, Index, Limits};
use shequ::experiment::window::Window;
use shequ::model::base::month::Month;
use shequ::model::base::rng::{CounterRng, Stream};
use shequ::model::base::stats::Estimate;
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
    CounterRng::new(sample, 0).normal(Stream::named("outcome"), row as u32, 0, 0)
}

/// Three standard errors of a share of `samples`.
fn allowed(share: f64, samples: usize) -> f64 {
    3.0 * (share * (1.0 - share) / samples as f64).sqrt()
}

/// The analysis of an outcome that is `of` the places of a row.
fn analyse(design: &Design, of: &dyn Fn(usize, &[f64]) -> f64) -> Analysis {
    let outputs: Vec<f64> =
        design.rows().iter().enumerate().map(|(i, row)| of(i, &places(design, row))).collect();
    sensitivity::analyse(design, &design.coordinates(), &outputs, CounterRng::new(design.seed, 1))
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
        let slices =
            sensitivity::pawn::Slices::new(&design.factors, &points, &outputs, CounterRng::new(seed, 1));
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
    for (points, samples) in [(60, 600), (300, 300)] {
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
        .map(|(factor, shift)| above_floors(&[factor.clone(), number("idle")], &[*shift, 0.0], 300, 200)[0])
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

/// Theories and trust rules of a simulated contest.
const CELLS: (usize, usize) = (6, 3);

/// Standard deviations of replicates under each theory that are as unequal as a contest may have them.
const SPREADS: [f64; 6] = [0.2, 0.2, 1.0, 1.0, 1.0, 3.0];

/// What a policy changes in `n` replicates of every cell of theory and rule: `mean` of the cell, what all cells
/// of the replicate have in common, and noise of the cell with the spread of its theory.
fn effects(sample: u64, n: usize, mean: &dyn Fn(usize, usize) -> f64, spread: [f64; 6]) -> Vec<Vec<f64>> {
    let (theories, rules) = CELLS;
    let of_replicate = |r: usize| {
        let rng = CounterRng::new(sample, r as u32);
        let common = rng.normal(Stream::named("common"), 0, 0, 0);
        let cell = |c: usize| {
            let noise = rng.normal(Stream::named("cell"), c as u32, 0, 0);
            mean(c / rules, c % rules) + common + spread[c / rules] * noise
        };
        (0..theories * rules).map(cell).collect()
    };
    (0..n).map(of_replicate).collect()
}

fn sources(rows: &[Vec<f64>]) -> Sources {
    Sources::of(&[("theory", CELLS.0), ("trust", CELLS.1)], rows)
}

/// The shares of `samples` in which an effect is said to depend on theory, rule and both.
fn said_to_depend(samples: usize, n: usize, mean: fn(usize, usize) -> f64, spread: [f64; 6]) -> [f64; 3] {
    let said = |sample: usize| {
        let sources = sources(&effects(sample as u64, n, &mean, spread));
        let p: Vec<f64> = sources.tests().map(|(_, (_, p))| p).collect();
        [p[0] < 0.05, p[1] < 0.05, p[2] < 0.05]
    };
    let all: Vec<[bool; 3]> = (0..samples).into_par_iter().map(said).collect();
    [0, 1, 2].map(|of| all.iter().filter(|said| said[of]).count() as f64 / samples as f64)
}

#[test]
fn an_effect_that_depends_on_nothing_is_said_to_in_one_contest_of_twenty_at_most() {
    const SAMPLES: usize = 1000;
    for n in [5, 10, 30] {
        for spread in [[1.0; 6], SPREADS] {
            let said = said_to_depend(SAMPLES, n, |_, _| 0.5, spread);
            // The correction is not exact: of unequal cells and few replicates it leaves up to one in a hundred.
            let most = 0.06 + allowed(0.06, SAMPLES);
            assert!(said.iter().all(|&share| share <= most), "{n} replicates: {said:?}");
        }
    }
}

#[test]
fn an_effect_that_depends_on_the_theory_is_found_out_and_the_rule_is_not_blamed() {
    const SAMPLES: usize = 300;
    // Theories are a standard deviation apart from end to end.
    let said = said_to_depend(SAMPLES, 10, |theory, _| 0.2 * theory as f64, [0.5; 6]);
    assert!(said[0] > 0.95 && said[1] <= 0.05 + allowed(0.05, SAMPLES), "{said:?}");
    let said = said_to_depend(SAMPLES, 10, |_, rule| 0.4 * rule as f64, [0.5; 6]);
    assert!(said[1] > 0.95 && said[0] <= 0.05 + allowed(0.05, SAMPLES), "{said:?}");
}

#[test]
fn intervals_of_shares_of_variance_hold_the_true_share() {
    const SAMPLES: usize = 120;
    for (n, slope, spread) in
        [(5, 0.0, [1.0; 6]), (10, 0.2, [1.0; 6]), (30, 0.2, SPREADS), (10, 1.0, [0.5; 6])]
    {
        // The variance of 0, 1 … 5 is 35 / 12; of a replicate in a cell, that in common and the cell's own.
        let own = spread.iter().map(|sd| sd * sd).sum::<f64>() / 6.0;
        let theory = slope * slope * 35.0 / 12.0;
        let shares = [theory, 0.0, 0.0, 1.0 + own].map(|variance| variance / (theory + 1.0 + own));
        let held = |sample: usize| {
            let mean = |theory: usize, _: usize| slope * theory as f64;
            let parts = sources(&effects(sample as u64, n, &mean, spread)).parts();
            [0, 1, 2, 3].map(|i| (parts[i].share - shares[i]).abs() <= parts[i].half_width)
        };
        let all: Vec<[bool; 4]> = (0..SAMPLES).into_par_iter().map(held).collect();
        for source in 0..4 {
            let share = all.iter().filter(|held| held[source]).count() as f64 / SAMPLES as f64;
            // Stated in `contest::variance`: 91 to 100 of 100.
            assert!(share >= 0.91 - allowed(0.91, SAMPLES), "{n} {slope} source {source}: {share}");
        }
    }
}

/// The verdict on a policy that changes participation by `effects[replicate][cell]`.
fn verdict(effects: &[Vec<f64>]) -> Verdict {
    let (theories, rules) = CELLS;
    let side = |name: &str, cell: usize, times: f64| Side {
        name: name.into(),
        name_zh: String::new(),
        theory: format!("theory {}", cell / rules),
        trust: format!("rule {}", cell % rules),
        halves: Vec::new(),
        values: effects.iter().map(|of_cells| vec![times * of_cells[cell], 0.0]).collect(),
    };
    let all = 0..theories * rules;
    let base = all.clone().map(|cell| side("Base", cell, 0.0));
    let sides: Vec<Side> = base.chain(all.map(|cell| side("Policy", cell, 1.0))).collect();
    let names = |what: &str, count: usize| (0..count).map(|i| format!("{what} {i}")).collect();
    let contest = Contest { theories: names("theory", theories), rules: names("rule", rules), sides: &sides };
    let outcomes = vec![Outcome::named("participation").unwrap()];
    let asked = Asked::new(outcomes, &[Window::Whole], Month::new(2017, 1), 12);
    let effects = compare::effects::effects(&asked, &contest.arms(), true);
    contest.ranges(&effects, &asked)[0].1.verdict()
}

#[test]
fn up_under_all_is_said_of_what_is_up_in_each_and_seldom_of_what_is_not() {
    const SAMPLES: usize = 400;
    let share = |mean: &(dyn Fn(usize, usize) -> f64 + Sync)| {
        let is_up = |sample: &usize| verdict(&effects(*sample as u64, 10, mean, [1.0; 6])) == Verdict::Up;
        (0..SAMPLES).into_par_iter().filter(is_up).count() as f64 / SAMPLES as f64
    };
    // One cell of eighteen has no effect: it alone can be wrong, in 2.5 of 100 samples.
    let but_one = share(&|theory, rule| if (theory, rule) == (0, 0) { 0.0 } else { 9.0 });
    assert!(but_one <= 0.025 + allowed(0.025, SAMPLES), "{but_one}");
    // By Holm's correction for eighteen tests, p must be below 0.0028 where it is least.
    assert!(share(&|_, _| 2.5) > 0.9, "{}", share(&|_, _| 2.5));
}

#[test]
fn significant_under_some_theories_is_not_called_a_dependence() {
    // The same effect everywhere, of a size that is significant in some cells and not in others.
    let verdicts: Vec<Verdict> = (0..300_usize)
        .into_par_iter()
        .map(|sample| verdict(&effects(sample as u64, 10, &|_, _| 1.5, [1.0; 6])))
        .collect();
    let count = |wanted: Verdict| verdicts.iter().filter(|verdict| **verdict == wanted).count();
    assert!(count(Verdict::SomeUp) > 150, "{}", count(Verdict::SomeUp));
    assert!(count(Verdict::PartlyUp) <= 15 + 12, "one in twenty: {}", count(Verdict::PartlyUp));
}

/// The keys of the sweeps below, of mixed kinds. The first two move the outcome, the others do nothing.
fn mixed() -> Vec<Factor> {
    vec![
        number("moves"),
        flag("switches"),
        number("idle number"),
        words("idle words", &["x", "y", "z"]),
        whole("idle whole", 3),
        flag("idle switch"),
    ]
}

/// A sweep's outcome in a row and a replicate: what replicates do to all rows and to the effects of keys, how
/// keys act together and not in a line, and noise.
struct Made {
    /// Standard deviation of an effect between replicates, as a part of it.
    of_effects: f64,
    /// What the first two keys do together.
    together: f64,
    /// Standard deviation of the noise of a run.
    noise: f64,
}

/// The main effects on it.
fn swept(design: &Design, sample: u64, replicates: usize, made: &Made) -> Effects {
    let rows = design.rows();
    let columns: Vec<Vec<&Value>> =
        (0..design.factors.len()).map(|at| rows.iter().map(|row| &row[at]).collect()).collect();
    let by_key = Rows::of(&columns);
    let mut tally = Tally::new(&by_key, replicates);
    for (number, row) in rows.iter().enumerate() {
        let x = places(design, row);
        let value = |r: usize| {
            let rng = CounterRng::new(sample, r as u32);
            let draw = |name, who| rng.normal(Stream::named(name), who, 0, 0);
            let effect = |who: u32| 1.0 + made.of_effects * draw("effect", who);
            2.0 * effect(0) * x[0] * x[0]
                + effect(1) * x[1]
                + made.together * (x[0] - 0.5) * (x[1] - 0.5)
                + 3.0 * draw("common", 0)
                + made.noise * draw("noise", number as u32)
        };
        tally.add(number, &by_key.groups(number), &(0..replicates).map(value).collect::<Vec<_>>());
    }
    let keys: Vec<String> = design.factors.iter().map(|factor| factor.key.clone()).collect();
    let quantity = Quantity { outcome: 0, window: 0, arm: None };
    tally.effects(quantity, &keys, &by_key, &vec![true; keys.len()])
}

/// A list of `rows` rows in which every key has its values at random.
fn random_list(factors: &[Factor], rows: usize, sample: u64) -> Method {
    let rng = CounterRng::new(sample, 7);
    let value =
        |row: usize, at: usize| factors[at].at(rng.uniform(Stream::named("list"), row as u32, at as u32, 0));
    Method::Given((0..rows).map(|row| (0..factors.len()).map(|at| value(row, at)).collect()).collect())
}

/// What is counted over sweeps: intervals of keys that do nothing and how many of them exclude zero, and the
/// same of intervals of the difference between the extremes of a key, and of keys with p below 0.05.
fn excluding_zero(
    method: &(dyn Fn(u64) -> Method + Sync),
    replicates: usize,
    made: &Made,
    samples: u64,
) -> [f64; 3] {
    let one = |sample: u64| {
        let design = Design { factors: mixed(), method: method(sample), seed: sample };
        let effects = swept(&design, sample, replicates, made);
        let idle = || effects.keys.iter().filter(|key| key.key.starts_with("idle"));
        let excludes = |e: &Estimate| e.mean.abs() > e.half_width;
        let groups = || idle().flat_map(|key| &key.groups);
        [
            [groups().filter(|group| excludes(&group.effect)).count(), groups().count()],
            [idle().filter(|key| excludes(&key.spread().unwrap().2)).count(), idle().count()],
            [idle().filter(|key| key.p < 0.05).count(), idle().count()],
        ]
    };
    let all: Vec<[[usize; 2]; 3]> = (0..samples).into_par_iter().map(one).collect();
    [0, 1, 2].map(|of| {
        let sum = |part: usize| all.iter().map(|counts| counts[of][part]).sum::<usize>() as f64;
        sum(0) / sum(1)
    })
}

#[test]
fn intervals_of_keys_that_do_nothing_exclude_zero_in_one_of_twenty() {
    const SAMPLES: u64 = 250;
    let lhs = |_| Method::Lhs { points: 60 };
    let list = |sample| random_list(&mixed(), 60, sample);
    let sobol = |_| Method::Sobol { points: 64 };
    let grid = |_| Method::Grid { levels: 2 };
    let designs: [(&str, &(dyn Fn(u64) -> Method + Sync)); 4] =
        [("lhs", &lhs), ("list", &list), ("sobol", &sobol), ("grid", &grid)];
    let smooth = Made { of_effects: 0.3, together: 1.0, noise: 0.1 };
    let noisy = Made { of_effects: 0.3, together: 1.0, noise: 2.0 };
    for (name, method) in designs {
        for (made, is_smooth) in [(&smooth, true), (&noisy, false)] {
            for replicates in [4, 20] {
                let [groups, spreads, keys] = excluding_zero(method, replicates, made, SAMPLES);
                // Four idle keys a sweep; intervals of one key hang together, so keys are counted.
                let allowed = allowed(0.05, 4 * SAMPLES as usize);
                let what = format!("{name}, smooth: {is_smooth}, {replicates}: {groups} {spreads} {keys}");
                assert!(groups.max(spreads).max(keys) <= 0.05 + allowed, "{what}");
                // Points of a Sobol' sequence are evener than a sample, so that its intervals are too wide; and
                // with few replicates the interval allows for replicates that do not matter.
                let is_exact = name == "list" || name == "lhs" && !is_smooth;
                assert!(!is_exact || groups >= 0.025, "{what}");
                // All pairs of a key together.
                assert!(spreads <= keys + 1e-9 && keys <= spreads + 0.02, "{what}");
            }
        }
    }
}

#[test]
fn intervals_hold_effects_over_other_rows_and_other_replicates() {
    const SAMPLES: u64 = 300;
    // A switch adds 1, so that its two values are ½ from the mean; replicates change that by 0.3.
    for (name, noise, replicates) in [("lhs", 0.1, 5), ("lhs", 2.0, 5), ("lhs", 0.1, 20), ("grid", 0.5, 10)] {
        let made = Made { of_effects: 0.3, together: 1.0, noise };
        let held = |sample: &u64| {
            let method = if name == "lhs" { Method::Lhs { points: 60 } } else { Method::Grid { levels: 3 } };
            let design = Design { factors: mixed(), method, seed: *sample };
            let (_, _, apart) = swept(&design, *sample, replicates, &made).keys[1].spread().unwrap();
            (apart.mean - 1.0).abs() <= apart.half_width
        };
        let share = (0..SAMPLES).into_par_iter().filter(held).count() as f64 / SAMPLES as f64;
        let allowed = allowed(0.05, SAMPLES as usize);
        assert!((0.95 - allowed..=1.0).contains(&share), "{name} {noise} {replicates}: {share}");
    }
}

#[test]
fn keys_are_ranked_by_what_they_do_and_idle_ones_come_last() {
    // By their variances, 2 x² has 4 · 4/45 and a switch 1/4.
    let made = Made { of_effects: 0.1, together: 0.0, noise: 0.5 };
    let wrong = |sample: &u64| {
        let design = Design { factors: mixed(), method: Method::Lhs { points: 60 }, seed: *sample };
        let effects = swept(&design, *sample, 6, &made);
        let ranked = effects.ranked();
        !ranked[..2].iter().all(|key| ["moves", "switches"].contains(&&*key.key))
    };
    assert_eq!((0..200_u64).into_par_iter().filter(wrong).count(), 0);
}
