//! How cost grows with the city, what a second core adds, and how near the month comes to the speed of
//! memory: `cargo bench --bench scale`. `cargo bench --bench scale -- --whole` adds twenty million adults,
//! which takes some minutes and 2.4 GiB.
//!
//! On Linux, what one thread does is given in processor time, so that other programs hardly disturb it; what
//! two threads do is given in time by the clock, and needs a machine with nothing else to do.

#![allow(clippy::disallowed_methods)] // A benchmark reads the clock.

use std::hint::black_box;
use std::sync::Arc;
use std::time::Instant;

use rayon::ThreadPool;
use shequ::model::city::{City, Residents, synth};
use shequ::model::scenario::Scenario;
use shequ::model::simulation::{self, FittedModel, Simulation};

#[path = "peers/rust/civic/src/lib.rs"]
#[allow(missing_docs, dead_code)] // It is a peer's, and explains itself.
mod civic;

use civic::seconds;

/// Adults of a community, at all sizes of the city.
const COMMUNITY: u32 = 5_000;

/// Years that are measured.
const YEARS: u32 = 2;

fn main() {
    let whole = std::env::args().any(|argument| argument == "--whole");
    let mut sizes = vec![10_000, 100_000, 1_000_000];
    sizes.extend(whole.then_some(20_000_000));
    let one = pool(1);
    println!(
        "The baseline in communities of {COMMUNITY} adults, one thread; the first {YEARS} years, best of several replicates\n"
    );
    println!("     adults   city, ns per adult   month, ns per resident   city in months   bytes per adult");
    let rows: Vec<Row> = sizes.into_iter().map(|adults| one.install(|| row(adults))).collect();
    let months = || rows.iter().map(|row| row.month);
    let (least, most) = (months().fold(f64::INFINITY, f64::min), months().fold(0.0, f64::max));
    println!("\nThe dearest month costs {:.2} times the cheapest.", most / least);
    second_core();
    one.install(|| bandwidth(rows[1].month));
}

fn pool(threads: usize) -> ThreadPool {
    rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("the system has threads")
}

/// A city and what its replicates share.
struct Prepared {
    scenario: Scenario,
    fitted: Arc<FittedModel>,
    city: City,
}

impl Prepared {
    fn new(adults: u32) -> Prepared {
        let settings = [
            format!("population.communities={}", adults / COMMUNITY),
            format!("population.adults={COMMUNITY}"),
        ];
        let scenario =
            Scenario::from_text("bench.toml", "name = \"Bench\"", &settings).expect("it is valid").scenario;
        let city =
            synth::city(&scenario.population, &scenario.periods[0].rules.residents, scenario.seed.city);
        Prepared { fitted: simulation::prepare(&scenario), city, scenario }
    }

    fn begin(&self) -> Simulation<'_> {
        Simulation::new(&self.scenario, self.fitted.clone(), &self.city, 0)
    }
}

/// Nanoseconds that `work` takes: of processor time where the system tells it, else by the clock.
fn nanoseconds<T>(work: impl FnOnce() -> T) -> (T, f64) {
    let before = seconds();
    let result = work();
    (result, (seconds() - before) * 1e9)
}

struct Row {
    /// Nanoseconds per resident.
    month: f64,
}

fn row(adults: u32) -> Row {
    let (prepared, founding) = nanoseconds(|| Prepared::new(adults));
    let city = &prepared.city;
    let ties: usize = city.communities.iter().map(|community| community.ties.bytes()).sum();
    let bytes = Residents::BYTES as f64 + ties as f64 / city.adults() as f64;
    // The same years at every size, because what residents do changes from year to year; of a small city in as
    // many replicates as make the measurement long enough.
    let outputs = (3_000_000 / adults).clamp(1, 50);
    let best = (0..outputs)
        .map(|_| {
            let mut simulation = prepared.begin();
            nanoseconds(|| (0..12 * YEARS).for_each(|_| simulation.step())).1
        })
        .fold(f64::INFINITY, f64::min);
    let month = best / (12 * YEARS as usize * city.adults()) as f64;
    let founding = founding / city.adults() as f64;
    println!(
        "{:>11}   {founding:>18.0}   {month:>22.1}   {:>14.1}   {bytes:>15.1}",
        city.adults(),
        founding / month
    );
    Row { month }
}

/// How much faster two threads are, on cities of several numbers of communities; years alternate, so that both
/// meet the same disturbances, and the best of each counts.
fn second_core() {
    println!("\nTwo threads against one, time by the clock\n");
    println!("communities   times as fast");
    let (one, two) = (pool(1), pool(2));
    for communities in [1, 30, 100] {
        let prepared = Prepared::new(communities * COMMUNITY);
        let mut simulations = [prepared.begin(), prepared.begin()];
        let mut best = [f64::INFINITY; 2];
        for _ in 0..8 {
            for ((pool, simulation), best) in [&one, &two].iter().zip(&mut simulations).zip(&mut best) {
                let clock = Instant::now();
                pool.install(|| (0..12).for_each(|_| simulation.step()));
                *best = best.min(clock.elapsed().as_secs_f64());
            }
        }
        println!("{communities:>11}   {:>13.2}", best[0] / best[1]);
    }
}

/// Bytes that a month must move for a resident if nothing stays in a cache from month to month: everything
/// but eleven of the twelve columns of hours is read once, and written if it changes.
fn bandwidth(month: f64) {
    const RESTING: usize = 11;
    // Traits, compound, needs, disposition and free time.
    const LASTING: usize = 2 + 2 + 1 + 4 + 4;
    let prepared = Prepared::new(100_000);
    let city = &prepared.city;
    let ties: usize = city.communities.iter().map(|community| community.ties.bytes()).sum();
    let read = (Residents::BYTES - RESTING) as f64 + ties as f64 / city.adults() as f64;
    let written = (Residents::BYTES - RESTING - LASTING) as f64;
    let used = (read + written) / month;
    let most = copying();
    println!(
        "\nA month moves {:.0} bytes for each resident ({read:.0} read, {written:.0} written): {used:.2} GB/s on one \
         thread, {:.0} % of the {most:.1} GB/s at which one thread copies memory.",
        read + written,
        100.0 * used / most
    );
}

/// Bytes read and written in each nanosecond while copying a stretch that fits in no cache.
fn copying() -> f64 {
    const BYTES: usize = 256 << 20;
    let from = vec![1u8; BYTES];
    let mut to = vec![0u8; BYTES];
    let best = (0..8).map(|_| nanoseconds(|| black_box(&mut to).copy_from_slice(black_box(&from))).1);
    2.0 * BYTES as f64 / best.fold(f64::INFINITY, f64::min)
}
