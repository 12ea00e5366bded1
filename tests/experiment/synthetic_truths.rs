//! Simulation-based calibration of the whole chain on the model itself (S. Talts et al. 2018): truths are drawn
//! from the prior, the model is run under each and seen with error, and the calibration has to find it.

use std::ops::Range;

use shequ::experiment::calibrate::waves::Pace;
use shequ::experiment::calibrate::{Believed, Calibration, Parameter};
use shequ::experiment::file::{Experiment, Kind};
use shequ::experiment::posterior::Draw;
use shequ::experiment::prepare::RunCache;
use shequ::experiment::targets::table;
use shequ::experiment::{Findings, Settings, Study, carry_out};
use shequ::model::base::prior::{beta, log_normal};
use shequ::model::base::problem::Source;
use shequ::model::base::rng::{CounterRng, Stream};
use shequ::model::base::stats::estimate;
use shequ::model::metric;
use shequ::model::scenario::{Loaded, Scenario};
use toml::Value;

const CITY: &str = "name = \"Tiny\"\nmonths = 12\nburn_in = 0\npopulation.communities = 1\n\
                    population.adults = 150\nreplicates = 2\nseed.cities = \"each\"\n";
/// Errors of the targets, each some times the chance of two replicates.
const ERRORS: [f64; 3] = [0.03, 1.0, 0.04];
/// Replicates of a calibration, those of a wave's middle included: the next one has others.
const APART: u32 = 20;
/// Replicates in which a truth is seen, none of which a calibration has: so many that their own chance, which no target
/// counts, is a twentieth of that of a calibration.
const OF_TRUTH: u32 = 40;

fn calibration(values: &[f64; 3], pace: Pace) -> Calibration {
    let [a, b, c] = values;
    let [e, f, g] = ERRORS;
    let text = format!(
        "id,metric,value,standard_error\nA,trust.neighbours,{a},{e}\nB,response.days,{b},{f}\nC,satisfaction,{c},{g}\n"
    );
    let targets = table::read(&Source::file("targets.csv", text.clone())).unwrap();
    let parameter = |key: &str, prior| Parameter { key: key.into(), believed: Believed::Prior(prior) };
    let parameters = vec![
        parameter("residents.trust_neighbours", beta(6.0, 4.0)),
        parameter("staff.handling_days", log_normal(7.0, 0.4)),
        parameter("residents.satisfaction", beta(14.0, 6.0)),
    ];
    Calibration::new(parameters, targets, text, pace)
}

/// The figures at a point, as means over replicates.
fn figures(calibration: &Calibration, base: &Loaded, point: &[f64], replicates: Range<u32>) -> Vec<f64> {
    let values = calibration.values(point, base);
    let settings: Vec<String> =
        calibration.parameters.iter().zip(&values).map(|(p, value)| format!("{}={value}", p.key)).collect();
    let loaded = base.with(&settings).unwrap();
    let positions: Vec<usize> = (0..metric::all().len()).collect();
    let cache = RunCache::new(&positions, true);
    let of = |replicate: u32| {
        let output = cache.prepare(&loaded, replicate).run(&|_| true).unwrap();
        calibration.figures(&output, &loaded.scenario)
    };
    let all: Vec<Vec<f64>> = replicates.map(of).collect();
    (0..all[0].len()).map(|k| estimate(all.iter().map(|values| values[k])).mean).collect()
}

/// Ranks of the true values among the draws, one for each parameter.
fn ranks(truth: u32, base: &Loaded, pace: Pace) -> Vec<f64> {
    let rng = CounterRng::new(2026, truth);
    let z: Vec<f64> = (0..3).map(|d| rng.normal(Stream::named("truth"), 0, 0, d)).collect();
    let any = calibration(&[0.0; 3], pace);
    // Every truth has replicates of its own, and so has every calibration: shared ones would shift all ranks alike.
    let first = 1_000_000 + OF_TRUTH * truth;
    let mut seen = figures(&any, base, &z, first..first + OF_TRUTH);
    for (k, value) in seen.iter_mut().enumerate() {
        *value += ERRORS[k] * rng.normal(Stream::named("seen"), 0, 0, k as u32);
    }
    let pace = Pace { seed: u64::from(truth), ..pace };
    let calibration = calibration(&[seen[0], seen[1], seen[2]], pace);
    let values = calibration.values(&z, base);
    let experiment = Experiment {
        kind: Kind::Calibrate,
        first_replicate: APART * truth,
        base: calibration.base(base).unwrap(),
        calibration: Some(calibration),
        ..Experiment::of_run(base.clone(), None)
    };
    let journals = tempfile::tempdir().unwrap();
    let (_, found) = carry_out(&Study::new(&experiment), journals.path(), &Settings::default()).unwrap();
    let Findings::Calibrated(learnt) = found else { panic!("a calibration finds a posterior") };
    let number = |values: &[Value], d: usize| values[d].as_float().unwrap();
    let rank = |d: usize| {
        let below = |draw: &&Draw| number(&draw.values, d) < number(&values, d);
        learnt.posterior.draws.iter().filter(below).map(|draw| draw.weight).sum()
    };
    (0..3).map(rank).collect()
}

/// Of so many truths: the share of 90 % intervals that hold theirs, and χ² of the ranks in so many equal parts, the
/// largest of the three parameters.
fn calibrated(truths: u32, parts: usize, pace: Pace) -> (f64, f64) {
    let base = Scenario::from_text("tiny.toml", CITY, &[]).unwrap();
    let ranks: Vec<Vec<f64>> = (0..truths).map(|truth| ranks(truth, &base, pace)).collect();
    let all = ranks.iter().flatten();
    let held = all.clone().filter(|rank| (0.05..=0.95).contains(*rank)).count();
    let chi = |d: usize| {
        let mut counts = vec![0.0; parts];
        ranks.iter().for_each(|of| counts[((of[d] * parts as f64) as usize).min(parts - 1)] += 1.0);
        let expected = f64::from(truths) / parts as f64;
        counts.iter().map(|n| (n - expected) * (n - expected) / expected).sum::<f64>()
    };
    let largest = (0..3).map(chi).fold(0.0, f64::max);
    (held as f64 / all.count() as f64, largest)
}

#[test]
fn a_dozen_synthetic_truths_are_found_as_often_as_intervals_say() {
    // 36 ranks: 90 % of them within, to three standard errors of .05; the largest of three χ² of 1 degree of freedom is
    // below 12.1 in 998.5 of 1,000 cases.
    let (share, chi) = calibrated(12, 2, Pace { waves: 2, points: 16, draws: 40, cut_off: 3.0, seed: 1 });
    assert!((share - 0.9).abs() <= 0.15, "{share}");
    assert!(chi < 12.1, "{chi}");
}

#[test]
#[ignore = "takes minutes: cargo test --release --test experiment synthetic -- --ignored --nocapture"]
fn of_two_hundred_synthetic_truths_intervals_hold_nine_tenths_and_ranks_are_uniform() {
    let (share, chi) = calibrated(200, 10, Pace { waves: 2, points: 40, draws: 100, cut_off: 3.0, seed: 1 });
    println!("90 % intervals hold {share:.3} of 600; the largest chi-square of 10 parts is {chi:.1}");
    // Three standard errors of 600 ranks, as if those of one truth were independent: .037. The largest of three χ² of 9
    // degrees of freedom is below 30.7 in 999 of 1,000 cases.
    assert!((share - 0.9).abs() < 0.037, "{share}");
    assert!(chi < 30.7, "{chi}");
}
