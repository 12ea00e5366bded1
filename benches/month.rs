//! What a month costs: `cargo bench --bench month`.
//!
//! Divan times whole months on one thread (items are resident-months); after it a table shows the
//! nanoseconds of each process for each resident and month, measured process by process.

#![allow(clippy::disallowed_methods)] // A benchmark reads the clock.

use std::hint::black_box;
use std::sync::Arc;
use std::time::Instant;

use divan::Bencher;
use divan::counter::ItemsCount;
use shequ::model::base::math::normal_quantiles;
use shequ::model::base::rng::{CounterRng, Stream};
use shequ::model::city::{City, Mode, Traits, synth};
use shequ::model::scenario::Scenario;
use shequ::model::simulation::{self, BLOCK, FittedModel, Simulation, month};
use shequ::model::theory::{Inputs, REMEMBERED};

fn main() {
    rayon::ThreadPoolBuilder::new().num_threads(1).build_global().expect("no pool was built before");
    divan::main();
    by_process("the baseline", Prepared::new(Scenario::standard()));
    by_process("the baseline with every institution at work", Prepared::everything());
    by_process("the smallest model, scenarios/minimal.toml", Prepared::minimal());
}

struct Prepared {
    scenario: Scenario,
    fitted: Arc<FittedModel>,
    city: City,
}

impl Prepared {
    fn new(scenario: Scenario) -> Prepared {
        let city =
            synth::city(&scenario.population, &scenario.periods[0].rules.residents, scenario.seed.city);
        Prepared { fitted: simulation::prepare(&scenario), city, scenario }
    }

    fn minimal() -> Prepared {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/scenarios/minimal.toml");
        Prepared::new(Scenario::load(path.as_ref(), &[]).expect("it is valid").scenario)
    }

    /// The size of the baseline, with every institution.
    fn everything() -> Prepared {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/scenarios/chengdu.toml");
        let options: Vec<String> = EVERYTHING.iter().map(|setting| setting.to_string()).collect();
        Prepared::new(Scenario::load(path.as_ref(), &options).expect("it is valid").scenario)
    }

    fn begin(&self) -> Simulation<'_> {
        Simulation::new(&self.scenario, self.fitted.clone(), &self.city, 0)
    }
}

/// All of `scenarios/chengdu.toml` in the size of the baseline, and a shock, which it has none of.
const EVERYTHING: &[&str] = &[
    "population.communities=10",
    "population.adults=3000",
    "population.streets=3",
    "population.districts=1",
    "population.size_spread=0",
    "shock.severity=0.5",
    "shock.date=2017-06",
];

/// A year of a city of the size of the baseline with every institution at work.
#[divan::bench(sample_count = 20)]
fn everything(bencher: Bencher) {
    run_replicate(bencher, &Prepared::everything(), 12);
}

/// The months of one year of the baseline: 10 communities × 3,000 adults.
#[divan::bench(sample_count = 20)]
fn year(bencher: Bencher) {
    run_replicate(bencher, &Prepared::new(Scenario::standard()), 12);
}

/// The five years of the smallest model: one community of 100,000.
#[divan::bench(sample_count = 5)]
fn minimal(bencher: Bencher) {
    run_replicate(bencher, &Prepared::minimal(), 60);
}

fn run_replicate(bencher: Bencher, prepared: &Prepared, months: usize) {
    bencher
        .counter(ItemsCount::new(months * prepared.city.adults()))
        .with_inputs(|| prepared.begin())
        .bench_local_values(|mut simulation| {
            for _ in 0..months {
                simulation.step();
            }
            simulation
        });
}

/// The chances of 10,000 residents (items) under the calculus, built in and written as a formula.
#[divan::bench(args = ["calculus", "formula"])]
fn chances(bencher: Bencher, theory: &str) {
    let options = [format!("theory.participation={theory}")];
    let loaded = Scenario::from_text("bench", "name = \"Bench\"", &options).expect("it is valid");
    let theory = loaded.scenario.theory;
    let (rng, stream) = (CounterRng::new(1, 0).of(1), Stream::named("bench"));
    let columns: Vec<Vec<f32>> = (0..13)
        .map(|column| (0..BLOCK as u32).map(|who| rng.uniform(stream, who, 1, column) as f32).collect())
        .collect();
    let traits = [Traits::new(false, 0, 2, false, false, false, false); BLOCK];
    let inputs = inputs(&columns, &traits);
    let mut out = [0.0; BLOCK];
    let blocks = 10_000_usize.div_ceil(BLOCK);
    bencher.counter(ItemsCount::new(blocks * BLOCK)).bench_local(|| {
        for _ in 0..blocks {
            theory.probability(-2.0, &inputs, black_box(&mut out));
        }
    });
}

fn inputs<'a>(x: &'a [Vec<f32>], traits: &'a [Traits]) -> Inputs<'a> {
    Inputs {
        mode: Mode::Meeting,
        disposition: &x[0],
        norm: &x[1],
        acquaintances: &x[2],
        habit: &x[3],
        benefit: &x[4],
        cost: &x[5],
        duty: &x[6],
        interest: &x[7],
        skill: &x[8],
        internal_efficacy: &x[9],
        external_efficacy: &x[10],
        trust: &x[11],
        asked: &x[12],
        age: &[480; BLOCK][..traits.len()],
        traits,
        memory: [&[]; REMEMBERED],
    }
}

/// Building the city of the baseline (items are adults).
#[divan::bench(sample_count = 20)]
fn city(bencher: Bencher) {
    let scenario = Scenario::standard();
    let residents = &scenario.periods[0].rules.residents;
    bencher
        .counter(ItemsCount::new(scenario.population.communities * scenario.population.adults))
        .bench_local(|| synth::city(&scenario.population, residents, 1));
}

/// Where the random numbers come from: four words of 32 bits for each of 10,000 residents (items).
#[divan::bench]
fn words(bencher: Bencher) {
    let (rng, stream) = (CounterRng::new(1, 0).of(1), Stream::named("bench"));
    let mut out = vec![[0u32; 4]; 10_000];
    bencher.counter(ItemsCount::new(out.len())).bench_local(|| {
        out.iter_mut().zip(0..).for_each(|(out, who)| *out = rng.block(stream, who, 1, 0));
        black_box(&mut out);
    });
}

/// One number of 53 bits for each of 10,000 residents (items).
#[divan::bench]
fn uniforms(bencher: Bencher) {
    let (rng, stream) = (CounterRng::new(1, 0).of(1), Stream::named("bench"));
    let mut out = vec![0.0; 10_000];
    bencher
        .counter(ItemsCount::new(out.len()))
        .bench_local(|| rng.uniforms(stream, 0, 1, 0, black_box(&mut out)));
}

/// One standard normal number for each of 10,000 residents (items), from those of 53 bits.
#[divan::bench]
fn normals(bencher: Bencher) {
    let (rng, stream) = (CounterRng::new(1, 0).of(1), Stream::named("bench"));
    let mut out = vec![0.0; 10_000];
    bencher.counter(ItemsCount::new(out.len())).bench_local(|| {
        rng.uniforms(stream, 0, 1, 0, &mut out);
        normal_quantiles(black_box(&mut out));
    });
}

fn by_process(what: &str, prepared: Prepared) {
    let schedule = month::schedule();
    let mut nanoseconds = vec![0u128; schedule.len()];
    let months = prepared.scenario.months as usize;
    let mut simulation = prepared.begin();
    for _ in 0..months {
        // What a process takes is the time until the next one begins, or until the month ends.
        let mut running: Option<(usize, Instant)> = None;
        let mut ends = |process: Option<(usize, Instant)>| {
            if let Some((position, start)) = process {
                nanoseconds[position] += start.elapsed().as_nanos();
            }
        };
        simulation.step_apart(&mut |moment| ends(running.replace((moment.position, Instant::now()))));
        ends(running);
    }
    let per = |ns: u128| ns as f64 / (months * prepared.city.adults()) as f64;
    let total = per(nanoseconds.iter().sum());
    println!("\nns per resident-month of {what}, by process (measured apart; together a month is cheaper)\n");
    for (process, &ns) in schedule.iter().zip(&nanoseconds) {
        let share = 100.0 * per(ns) / total;
        println!("{:>8.2}  {share:>5.1} %  {:<14}  {}", per(ns), process.who, process.what);
    }
    println!("{total:>8.2}  100.0 %  all");
}
