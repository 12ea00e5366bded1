//! The minimal workload in shequ and written by hand: `cargo bench --bench minimal`.
//!
//! Both on one thread, by turns, in processor time; what is printed is the shortest of several runs and their
//! ratio. shequ runs `scenarios/minimal.toml` as every scenario.
//! Other numbers of residents may be named; `--json` prints lines for `benches/peers/table.py`.

use shequ::model::city::synth;
use shequ::model::metric;
use shequ::model::scenario::Scenario;
use shequ::model::simulation::{self, Simulation};

#[path = "peers/rust/civic/src/lib.rs"]
#[allow(missing_docs, clippy::disallowed_methods)] // It is a peer's, and explains itself.
mod civic;

use civic::{EXPECTED, MONTHS, Run, by_hand, seconds};

/// Runs of each, by turns.
const TURNS: u64 = 5;

fn main() {
    rayon::ThreadPoolBuilder::new().num_threads(1).build_global().expect("no pool was built before");
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let json = arguments.iter().any(|a| a == "--json");
    let mut sizes: Vec<usize> = arguments.iter().filter_map(|a| a.parse().ok()).collect();
    if sizes.is_empty() {
        sizes.push(100_000);
    }
    for n in sizes {
        let runs: Vec<[Run; 2]> = (1..=TURNS).map(|seed| [by_hand(n, seed), by_shequ(n, seed)]).collect();
        if json {
            for [hand, shequ] in &runs {
                println!("{}\n{}", hand.line("Rust by hand", n), shequ.line("shequ", n));
            }
        } else {
            compare(n, &runs);
        }
    }
}

fn compare(n: usize, runs: &[[Run; 2]]) {
    let shortest = |k: usize| runs.iter().map(|pair| pair[k].seconds).fold(f64::INFINITY, f64::min);
    let mean = |k: usize, pick: fn(&Run) -> f64| {
        runs.iter().map(|pair| pick(&pair[k])).sum::<f64>() / runs.len() as f64
    };
    println!("{n} residents, {MONTHS} months, one thread, shortest of {} runs by turns", runs.len());
    println!("                 ns per resident-month   participation   trust");
    for (k, name) in ["by hand", "shequ"].into_iter().enumerate() {
        let nanoseconds = shortest(k) * 1e9 / (n * MONTHS) as f64;
        println!(
            "{name:<14} {nanoseconds:>23.2} {:>15.4} {:>7.4}",
            mean(k, |r| r.participation),
            mean(k, |r| r.trust)
        );
    }
    println!("expected       {:>23} {:>15.4} {:>7.4}", "", EXPECTED.0, EXPECTED.1);
    println!("ratio          {:>23.2}\n", shortest(1) / shortest(0));
}

fn by_shequ(n: usize, seed: u64) -> Run {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/scenarios/minimal.toml");
    let settings =
        [format!("population.adults={n}"), format!("seed.replicates={seed}"), "replicates=1".into()];
    let scenario = Scenario::load(path.as_ref(), &settings).expect("it is valid").scenario;
    let city = synth::city(&scenario.population, &scenario.periods[0].rules.residents, scenario.seed.city);
    let mut simulation = Simulation::new(&scenario, simulation::prepare(&scenario), &city, 0);
    let [participation, trust] = ["participation", "trust.committee"]
        .map(|name| &metric::all()[metric::position(name).expect("a metric")]);
    let begin = seconds();
    let course: Vec<(f64, f64)> = (0..MONTHS)
        .map(|_| {
            simulation.step();
            let of = |metric: &metric::Metric| metric.city(&simulation.communities, &simulation.citywide);
            (of(participation), of(trust))
        })
        .collect();
    Run::new(seconds() - begin, &course)
}
