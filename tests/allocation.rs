//! A month allocates nothing for residents: what it allocates does not grow with their number.

use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};
use std::alloc::System;

use shequ::model::city::synth;
use shequ::model::scenario::Scenario;
use shequ::model::simulation::{Simulation, prepare};

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

/// A theory of one's own that remembers.
const OWN: [&str; 3] = [
    "theory.participation=formula",
    "theory.formula.probability=logistic(a + 2*norm - cost*(1 - duty)*max(0.2, 1 - memory) + if(asked > 0, 1, 0))",
    "theory.formula.remember=memory + 0.2*(took_part - memory)",
];

/// Allocations and bytes of twelve months of two communities of `adults`, after a year to warm up.
fn year(adults: u32, settings: &[&str]) -> (usize, usize) {
    let settings: Vec<String> = settings.iter().map(|setting| setting.to_string()).collect();
    let loaded = Scenario::from_text("test", "name = \"Test\"", &settings);
    let mut scenario = loaded.expect("it is valid").scenario;
    (scenario.population.communities, scenario.population.adults) = (2, adults);
    let city = synth::city(&scenario.population, &scenario.periods[0].rules.residents, 1);
    let mut simulation = Simulation::new(&scenario, prepare(&scenario), &city, 0);
    for _ in 0..12 {
        simulation.step();
    }
    let region = Region::new(ALLOCATOR);
    for _ in 0..12 {
        simulation.step();
    }
    let change = region.change();
    (change.allocations, change.bytes_allocated)
}

#[test]
fn allocations_do_not_grow_with_the_number_of_residents() {
    // One thread, so that the pool's own bookkeeping is the same both times.
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
    for settings in [&[][..], &OWN] {
        let year = |adults| year(adults, settings);
        let ((few, small), (many, large)) = pool.install(|| (year(300), year(6_000)));
        // Institutions may allocate a little for a decision: a few lists, none of them by resident. A
        // single byte for each of the 11,400 further residents in each of twelve months would be 136,800.
        assert!(many < few + 200, "{few} allocations became {many}");
        assert!(large < small + 60_000, "{small} bytes became {large}");
    }
}
