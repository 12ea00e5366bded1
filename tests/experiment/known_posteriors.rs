//! Calibrations of functions whose posteriors textbooks give. What they find is left in the folder `posteriors`, where
//! `tests/python/pyabc_agreement.py` holds it beside ABC-SMC by pyABC.

use std::fs;
use std::path::Path;

use shequ::experiment::calibrate::waves::{Next, Pace, Problem, Wave};
use shequ::experiment::targets::{Target, table::read};
use shequ::model::base::math::normal_share;
use shequ::model::base::problem::Source;
use shequ::model::base::rng::{CounterRng, Stream};

const PACE: Pace = Pace { waves: 3, points: 40, draws: 200, cut_off: 3.0, seed: 1 };

fn targets(rows: &str) -> Vec<Target> {
    let table = format!("id,metric,value,standard_error,use\n{rows}");
    read(&Source::file("targets.csv", table)).unwrap()
}

/// Runs `model` to the end, and gives the draws, their weights and the number of points that were run.
fn calibrate(problem: &Problem, model: &dyn Fn(&[f64]) -> Vec<f64>) -> (Wave, Vec<f64>, usize) {
    let mut waves: Vec<Wave> = Vec::new();
    loop {
        match problem.next(&waves) {
            Next::Run(purpose, points) => {
                let figures = points.iter().map(|point| model(point)).collect();
                let chance = vec![0.0; problem.targets.len()];
                waves.push(Wave { purpose, points, figures, chance });
            }
            Next::Done(weights) => {
                let runs = waves.iter().map(|wave| wave.points.len()).sum();
                return (waves.pop().unwrap(), weights, runs);
            }
        }
    }
}

fn moments(draws: &Wave, weights: &[f64], of: usize) -> (f64, f64) {
    let mean: f64 = draws.points.iter().zip(weights).map(|(p, w)| w * p[of]).sum();
    let squares = draws.points.iter().zip(weights).map(|(p, w)| w * (p[of] - mean) * (p[of] - mean));
    (mean, squares.sum())
}

/// A figure of a posterior: what it is known to be, what was found, and by how much they may differ.
#[derive(Clone)]
struct Figure {
    name: &'static str,
    known: f64,
    found: f64,
    allowed: f64,
}

/// Asserts that all figures are as they are known, and leaves them for the comparison.
fn agree(problem: &str, runs: usize, figures: &[Figure]) {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("posteriors");
    fs::create_dir_all(&folder).unwrap();
    let mut table = String::from("figure,known,found,allowed,runs\n");
    for Figure { name, known, found, allowed } in figures {
        table += &format!("{name},{known},{found},{allowed},{runs}\n");
        assert!((found - known).abs() < *allowed, "{problem}, {name}: {found}, known is {known}");
    }
    fs::write(folder.join(format!("{problem}.csv")), table).unwrap();
}

#[test]
fn a_gaussian_problem_has_its_textbook_posterior() {
    // Figures z1 + z2 and z1 − z2, seen as 1 ± .5 and 0 ± .5: precision 1 + 2/.25 = 9 of each coordinate, so mean
    // 4/9 and variance 1/9. Of 200 draws worth at least half, the mean is known to .033, the standard deviation to .024;
    // three times as much is allowed.
    let targets = targets("A,participation,1,0.5,fit\nB,participation,0,0.5,fit\n");
    let problem = Problem { dimensions: 2, targets: &targets, pace: PACE, has_more_to_show: false };
    let (draws, weights, runs) = calibrate(&problem, &|z| vec![z[0] + z[1], z[0] - z[1]]);
    let of = |of: usize, [mean, sd]: [&'static str; 2]| {
        let (found, variance) = moments(&draws, &weights, of);
        [
            Figure { name: mean, known: 4.0 / 9.0, found, allowed: 0.1 },
            Figure { name: sd, known: 1.0 / 3.0, found: variance.sqrt(), allowed: 0.07 },
        ]
    };
    agree("gaussian", runs, &[of(0, ["mean of a", "sd of a"]), of(1, ["mean of b", "sd of b"])].concat());
    assert!(runs <= 40 + 200, "{runs}");
}

#[test]
fn a_share_of_successes_has_nearly_its_beta_posterior() {
    // 14 of 20 successes under an even prior: a beta law of 15 and 7, mean 15/22, standard deviation .0971. The
    // target says .7 ± √(.7 × .3/20), a normal law, whose mean is .7 − .7 × .1025 × φ(2.93)/Φ(2.93) or so: .018 more.
    let targets = targets("A,participation,0.7,0.10247,fit\n");
    let problem = Problem { dimensions: 1, targets: &targets, pace: PACE, has_more_to_show: false };
    let (draws, weights, runs) = calibrate(&problem, &|z| vec![normal_share(z[0])]);
    let shares = draws.points.iter().map(|p| normal_share(p[0]));
    let mean: f64 = shares.clone().zip(&weights).map(|(p, w)| w * p).sum();
    let variance: f64 = shares.zip(&weights).map(|(p, w)| w * (p - mean) * (p - mean)).sum();
    let figures = [
        Figure { name: "mean of p", known: 15.0 / 22.0, found: mean, allowed: 0.018 + 0.025 },
        Figure { name: "sd of p", known: 0.0971, found: variance.sqrt(), allowed: 0.02 },
    ];
    agree("binomial", runs, &figures);
}

#[test]
fn a_mixture_keeps_both_of_its_parts() {
    // z² seen as 1 ± .2: two humps near ±1, equal by symmetry.
    let targets = targets("A,participation,1,0.2,fit\n");
    let problem = Problem { dimensions: 1, targets: &targets, pace: PACE, has_more_to_show: false };
    let (draws, weights, runs) = calibrate(&problem, &|z| vec![z[0] * z[0]]);
    let above: f64 = draws.points.iter().zip(&weights).filter(|(p, _)| p[0] > 0.0).map(|(_, w)| w).sum();
    agree("mixture", runs, &[Figure { name: "above 0", known: 0.5, found: above, allowed: 0.15 }]);
    assert!(moments(&draws, &weights, 0).1 > 0.7);
}

#[test]
fn what_is_held_back_and_what_has_no_value_teaches_nothing() {
    let targets = targets("A,participation,5,0.1,hold_out\nB,participation,5,0.1,fit\n");
    let problem = Problem { dimensions: 1, targets: &targets, pace: PACE, has_more_to_show: false };
    let (draws, weights, _) = calibrate(&problem, &|z| vec![z[0], f64::NAN]);
    let (mean, variance) = moments(&draws, &weights, 0);
    assert!(mean.abs() < 0.3 && (variance - 1.0).abs() < 0.4, "{mean} {variance}");
}

#[test]
fn intervals_hold_synthetic_truths_as_often_as_they_say_and_ranks_are_uniform() {
    // A bent model of two parameters with three figures; each truth is a draw of the prior, seen with error and
    // chance. Of 100 truths 90 are held, to three standard errors (.09); the ranks of both parameters in quarters
    // have χ² below the 99.9 % point of 3 degrees of freedom, 16.27.
    let rng = CounterRng::new(77, 0);
    let model = |z: &[f64]| vec![z[0] + 0.3 * z[1] * z[1], libm::exp(0.4 * z[1]), z[0] * z[1]];
    let (mut held, mut quarters, truths) = (0, [[0.0f64; 4]; 2], 100);
    for truth in 0..truths {
        let z: Vec<f64> = (0..2).map(|d| rng.normal(Stream::named("truth"), truth, 0, d)).collect();
        let seen: Vec<f64> = (0..)
            .zip(model(&z))
            .map(|(k, value)| value + 0.3 * rng.normal(Stream::named("seen"), truth, 0, k))
            .collect();
        let rows = seen.iter().zip("ABC".chars());
        let rows: String = rows.map(|(y, id)| format!("{id},participation,{y},0.3,fit\n")).collect();
        let targets = targets(&rows);
        let pace = Pace { waves: 2, points: 30, draws: 100, seed: u64::from(truth), ..PACE };
        let problem = Problem { dimensions: 2, targets: &targets, pace, has_more_to_show: false };
        let (draws, weights, _) = calibrate(&problem, &model);
        for of in 0..2 {
            let below = draws.points.iter().zip(&weights).filter(|(p, _)| p[of] < z[of]);
            let rank: f64 = below.map(|(_, w)| w).sum();
            quarters[of][((rank * 4.0) as usize).min(3)] += 1.0;
            held += usize::from((0.05..=0.95).contains(&rank));
        }
    }
    let share = held as f64 / f64::from(2 * truths);
    assert!((share - 0.9).abs() < 0.09, "{share}");
    for counts in quarters {
        let chi: f64 = counts.iter().map(|n| (n - 25.0) * (n - 25.0) / 25.0).sum();
        assert!(chi < 16.27, "{counts:?}");
    }
}
