//! Indices of functions that are known in closed form, and the tables by which
//! `tests/python/salib_agreement.py` compares them with SALib.

use std::f64::consts::PI;
use std::fmt::Write;
use std::fs;
use std::path::Path;

use shequ::experiment::design::{Design, Factor, Method, Range};
use shequ::experiment::sensitivity::{self, Analysis, Nothing, sobol};
use shequ::model::base::rng::CounterRng;

/// Standard errors that an estimate may be off. Intervals are 1.96 of them wide; seeds are fixed.
const ERRORS: f64 = 3.0;

fn design(low: f64, high: f64, factors: usize, method: Method) -> Design {
    let factor = |i| Factor { key: format!("x{i}"), range: Range::Linear { low, high } };
    Design { factors: (1..=factors).map(factor).collect(), method, seed: 1 }
}

fn rows(design: &Design) -> Vec<Vec<f64>> {
    design.rows().iter().map(|row| row.iter().map(|v| v.as_float().unwrap()).collect()).collect()
}

fn analyse(design: &Design, function: &dyn Fn(&[f64]) -> f64) -> Analysis {
    let outputs: Vec<f64> = rows(design).iter().map(|row| function(row)).collect();
    sensitivity::analyse(design, &design.coordinates(), &outputs, CounterRng::new(1, 0))
}

/// The value and the half width of an index.
fn of(analysis: &Analysis, name: &str, method: &str, factor: usize, other: Option<usize>) -> (f64, f64) {
    let matches = |i: &&sensitivity::Index| {
        (i.label.measure.name, i.label.factor, i.label.other) == (name, factor, other)
            && (method.is_empty() || i.label.measure.method == method)
    };
    let index = analysis.indices.iter().find(matches).expect("the index");
    (index.value, index.half_width)
}

fn near(analysis: &Analysis, name: &str, method: &str, place: (usize, Option<usize>), expected: f64) {
    let (value, half_width) = of(analysis, name, method, place.0, place.1);
    let allowed = half_width / 1.96 * ERRORS + 1e-9;
    assert!(
        (value - expected).abs() <= allowed,
        "{name} {method} {place:?}: {value}, not {expected} ± {allowed}"
    );
}

const FIRST: [&str; 3] = ["azzini-2021", "saltelli-2010", "jansen-1999"];

/// T. Ishigami and T. Homma, ISUMA 1990, with a = 7 and b = 0.1.
fn ishigami(x: &[f64]) -> f64 {
    x[0].sin() + 7.0 * x[1].sin().powi(2) + 0.1 * x[2].powi(4) * x[0].sin()
}

/// A. Saltelli and I. M. Sobol', 1995: the product of (|4 x - 2| + a) / (1 + a).
const G: [f64; 6] = [0.0, 1.0, 4.5, 9.0, 99.0, 99.0];

fn g(x: &[f64]) -> f64 {
    x.iter().zip(G).map(|(x, a)| ((4.0 * x - 2.0).abs() + a) / (1.0 + a)).product()
}

const SLOPES: [f64; 4] = [4.0, -2.0, 1.0, 0.0];

fn linear(x: &[f64]) -> f64 {
    1e6 + x.iter().zip(SLOPES).map(|(x, slope)| x * slope).sum::<f64>()
}

fn saltelli(points: u32) -> Method {
    Method::Saltelli { points, second_order: true }
}

#[test]
fn sobol_indices_of_ishigami_are_known() {
    let analysis = analyse(&design(-PI, PI, 3, saltelli(2048)), &ishigami);
    let (a, b) = (7.0f64, 0.1f64);
    let variance = a * a / 8.0 + b * PI.powi(4) / 5.0 + b * b * PI.powi(8) / 18.0 + 0.5;
    let alone = [0.5 * (1.0 + b * PI.powi(4) / 5.0).powi(2) / variance, a * a / 8.0 / variance, 0.0];
    let pair = 8.0 * b * b * PI.powi(8) / 225.0 / variance;
    let total = [alone[0] + pair, alone[1], pair];
    for factor in 0..3 {
        FIRST.iter().for_each(|method| near(&analysis, "S1", method, (factor, None), alone[factor]));
        near(&analysis, "ST", "", (factor, None), total[factor]);
    }
    for (j, k, expected) in [(0, 1, 0.0), (0, 2, pair), (1, 2, 0.0)] {
        near(&analysis, "S2", "", (j, Some(k)), expected);
    }
    assert!(analysis.verdict.unwrap().ranks());
}

#[test]
fn sobol_indices_of_the_g_function_are_known() {
    let analysis = analyse(&design(0.0, 1.0, G.len(), saltelli(2048)), &g);
    let parts = G.map(|a| 1.0 / 3.0 / ((1.0 + a) * (1.0 + a)));
    let variance = parts.iter().map(|v| 1.0 + v).product::<f64>() - 1.0;
    for (factor, v) in parts.iter().enumerate() {
        FIRST.iter().for_each(|method| near(&analysis, "S1", method, (factor, None), v / variance));
        let total = v * (variance + 1.0) / (1.0 + v) / variance;
        near(&analysis, "ST", "", (factor, None), total);
        for other in factor + 1..G.len() {
            near(&analysis, "S2", "", (factor, Some(other)), v * parts[other] / variance);
        }
    }
}

#[test]
fn indices_of_a_linear_function_are_the_shares_of_squared_slopes() {
    for second_order in [false, true] {
        let method = Method::Saltelli { points: 1024, second_order };
        let analysis = analyse(&design(0.0, 1.0, 4, method), &linear);
        let sum: f64 = SLOPES.iter().map(|slope| slope * slope).sum();
        for (factor, slope) in SLOPES.iter().enumerate() {
            near(&analysis, "S1", "", (factor, None), slope * slope / sum);
            near(&analysis, "ST", "", (factor, None), slope * slope / sum);
        }
        // A parameter that does nothing is known to do nothing: its rows repeat others.
        assert_eq!(of(&analysis, "ST", "", 3, None), (0.0, 0.0));
        assert_eq!(of(&analysis, "S1", "", 3, None), (0.0, 0.0));
    }
}

#[test]
fn elementary_effects_of_a_linear_function_are_exact() {
    let method = Method::Morris { trajectories: 8, levels: 6 };
    let analysis = analyse(&design(0.0, 1.0, 4, method), &linear);
    for (factor, slope) in SLOPES.iter().enumerate() {
        // The function is near 10⁶, where numbers are 10⁻¹⁰ apart.
        assert!((of(&analysis, "mu", "", factor, None).0 - slope).abs() < 1e-8);
        assert!((of(&analysis, "mu_star", "", factor, None).0 - slope.abs()).abs() < 1e-8);
        assert!(of(&analysis, "sigma", "", factor, None).0 < 1e-8);
    }
    let verdict = analysis.verdict.unwrap();
    assert!(verdict.values() && verdict.ranks() && verdict.screening());
}

#[test]
fn elementary_effects_tell_an_interaction_from_a_slope() {
    // y = x₁ x₂ has the effects x₂ and x₁: mean 1/2, and the variance of four levels, 5/36.
    let method = Method::Morris { trajectories: 400, levels: 4 };
    let analysis = analyse(&design(0.0, 1.0, 2, method), &|x| x[0] * x[1]);
    for factor in 0..2 {
        near(&analysis, "mu", "", (factor, None), 0.5);
        near(&analysis, "mu_star", "", (factor, None), 0.5);
        near(&analysis, "sigma", "", (factor, None), (5.0f64 / 36.0).sqrt());
    }
}

#[test]
fn the_distance_of_distributions_is_known_for_one_parameter() {
    // Of y = x, third s is uniform on [s/3, (s+1)/3]: the distances 2/3, 1/3 and 2/3.
    for method in [Method::Lhs { points: 1000 }, Method::Sobol { points: 1024 }] {
        let analysis = analyse(&design(0.0, 1.0, 2, method), &|x| x[0]);
        let index = |factor: usize| analysis.indices.iter().find(|i| i.label.factor == factor).unwrap();
        let (moves, idle) = (index(0), index(1));
        // A third of the points, give or take one.
        assert!((moves.value - 2.0 / 3.0).abs() < 0.005 && moves.value <= moves.limits.ceiling + 0.001);
        // This sample is not the one of twenty in which the idle one is above its floor.
        assert!(idle.value < idle.limits.floor && moves.value > moves.limits.floor);
    }
}

#[test]
fn words_are_sliced_by_word() {
    let mut design = design(0.0, 1.0, 1, Method::Lhs { points: 300 });
    design.factors[0].range = Range::Levels(["a", "b", "c"].map(toml::Value::from).to_vec());
    let outputs: Vec<f64> =
        design.rows().iter().map(|row| if row[0].as_str() == Some("a") { 1.0 } else { 0.0 }).collect();
    let analysis = sensitivity::analyse(&design, &design.coordinates(), &outputs, CounterRng::new(1, 0));
    // A third is 1. Known to be "a", the distance is 2/3; known to be "b" or "c", 1/3, which is the median.
    assert!((of(&analysis, "pawn", "", 0, None).0 - 1.0 / 3.0).abs() < 1e-12);
}

#[test]
fn more_points_narrow_the_intervals() {
    let width = |method: Method| {
        let analysis = analyse(&design(-PI, PI, 3, method), &ishigami);
        analysis.indices.iter().map(|index| index.half_width).sum::<f64>()
    };
    // Sixteen times the points: a quarter of the width, give or take what the bootstrap itself is off.
    let ratio = width(saltelli(2048)) / width(saltelli(128));
    assert!((0.15..0.4).contains(&ratio), "{ratio}");
    let morris = |trajectories| Method::Morris { trajectories, levels: 4 };
    let ratio = width(morris(320)) / width(morris(20));
    assert!((0.15..0.4).contains(&ratio), "{ratio}");
    assert!(width(Method::Sobol { points: 4096 }) < width(Method::Sobol { points: 256 }));
}

#[test]
fn a_failed_row_takes_its_whole_block_or_trajectory_with_it() {
    for (method, size) in [(saltelli(256), 8), (Method::Morris { trajectories: 40, levels: 4 }, 4)] {
        let design = design(-PI, PI, 3, method);
        let mut outputs: Vec<f64> = rows(&design).iter().map(|row| ishigami(row)).collect();
        let whole = sensitivity::analyse(&design, &design.coordinates(), &outputs, CounterRng::new(1, 0));
        outputs[3 * size] = f64::NAN;
        outputs[3 * size + 1] = f64::NAN;
        outputs[7 * size - 1] = f64::NAN;
        let analysis = sensitivity::analyse(&design, &design.coordinates(), &outputs, CounterRng::new(1, 0));
        assert_eq!(analysis.dropped, [3, 6]);
        assert_eq!(analysis.used, whole.used - 2);
        assert!(analysis.indices.iter().all(|index| index.value.is_finite()));
        for (a, b) in analysis.indices.iter().zip(&whole.indices) {
            assert!((a.value - b.value).abs() <= b.half_width + 1e-9, "{a:?} {b:?}");
        }
    }
}

#[test]
fn an_outcome_that_is_the_same_everywhere_has_no_indices() {
    for method in [saltelli(16), Method::Morris { trajectories: 8, levels: 4 }, Method::Lhs { points: 50 }] {
        let design = design(0.0, 1.0, 2, method);
        let constant = analyse(&design, &|_| 0.3);
        assert_eq!((constant.indices.len(), constant.verdict), (0, Err(Nothing::Constant)));
        let failed = analyse(&design, &|_| f64::NAN);
        assert_eq!((failed.indices.len(), failed.verdict), (0, Err(Nothing::TooFew)));
    }
}

#[test]
fn too_few_points_are_said_not_to_have_converged() {
    let few = analyse(&design(-PI, PI, 3, saltelli(16)), &ishigami).verdict.unwrap();
    assert!(!few.values());
    let alike = analyse(&design(0.0, 1.0, 5, saltelli(64)), &|x| x.iter().product()).verdict.unwrap();
    assert!(!alike.ranks(), "parameters that matter alike have no order: {alike:?}");
}

/// Writes a design, its outputs and our indices, as tables.
fn write_tables(name: &str, design: &Design, function: &dyn Fn(&[f64]) -> f64) {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("salib").join(name);
    fs::create_dir_all(&folder).unwrap();
    let rows = rows(design);
    let (mut runs, mut indices) =
        (String::new(), String::from("parameter,other,index,value,half_width,method\n"));
    let keys: Vec<&str> = design.factors.iter().map(|f| f.key.as_str()).collect();
    writeln!(runs, "{},y", keys.join(",")).unwrap();
    for row in &rows {
        let cells: Vec<String> = row.iter().map(f64::to_string).collect();
        writeln!(runs, "{},{}", cells.join(","), function(row)).unwrap();
    }
    for index in analyse(design, function).indices {
        let sensitivity::Label { measure, factor, other } = index.label;
        let (parameter, other) = (keys[factor], other.map_or("", |other| keys[other]));
        let (value, half_width) = (index.value, index.half_width);
        writeln!(indices, "{parameter},{other},{},{value},{half_width},{}", measure.name, measure.method)
            .unwrap();
    }
    fs::write(folder.join("runs.csv"), runs).unwrap();
    fs::write(folder.join("indices.csv"), indices).unwrap();
}

#[test]
fn tables_are_written_for_the_comparison_with_salib() {
    let methods = [
        ("sobol", saltelli(512)),
        ("morris", Method::Morris { trajectories: 50, levels: 4 }),
        ("pawn", Method::Lhs { points: 1000 }),
    ];
    for (name, method) in methods {
        write_tables(&format!("ishigami-{name}"), &design(-PI, PI, 3, method.clone()), &ishigami);
        write_tables(&format!("g-{name}"), &design(0.0, 1.0, G.len(), method.clone()), &g);
        write_tables(&format!("linear-{name}"), &design(0.0, 1.0, 4, method), &linear);
    }
}

#[test]
fn the_default_first_order_has_the_least_error() {
    // Root mean square error over thirty designs of the g function.
    let parts = G.map(|a| 1.0 / 3.0 / ((1.0 + a) * (1.0 + a)));
    let variance = parts.iter().map(|v| 1.0 + v).product::<f64>() - 1.0;
    let error = |method: sensitivity::Measure| {
        let square = |seed| {
            let design = Design { seed, ..design(0.0, 1.0, G.len(), saltelli(64)) };
            let outputs: Vec<f64> = rows(&design).iter().map(|row| g(row)).collect();
            let blocks = sobol::Blocks::new(G.len(), true, &outputs);
            let estimator: &dyn sensitivity::Estimator = &blocks;
            let values = estimator.estimate(&(0..64).collect::<Vec<_>>());
            let labels = estimator.labels();
            let wanted = (0..labels.len()).filter(|&i| labels[i].measure == method);
            wanted.zip(parts).map(|(i, v)| (values[i] - v / variance).powi(2)).sum::<f64>()
        };
        (1..=30).map(square).sum::<f64>()
    };
    let [azzini, saltelli, jansen] =
        [sobol::FIRST_AZZINI, sobol::FIRST_SALTELLI, sobol::FIRST_JANSEN].map(error);
    assert!(azzini < saltelli && azzini < jansen, "{azzini} {saltelli} {jansen}");
}
