//! Habits are kept in 16 bits. What that may do to results is bounded by what 15 would do.

use crate::common;

use common::{begin, city, scenario};
use shequ::model::metric;
use shequ::model::simulation::Simulation;

/// Months of a replicate, and replicates that are compared.
const MONTHS: u32 = 60;
const REPLICATES: u32 = 6;

/// Mean participation over the months of a replicate in which `round` is done to every habit each month.
fn participation(mut simulation: Simulation, round: fn(u16) -> u16) -> f64 {
    let metric = &metric::all()[metric::position("participation").expect("a metric")];
    let months = (0..MONTHS).map(|_| {
        simulation.step();
        for state in &mut simulation.communities {
            state.community.residents.habit.iter_mut().flatten().for_each(|habit| *habit = round(*habit));
        }
        metric.city(&simulation.communities, &simulation.citywide)
    });
    months.sum::<f64>() / MONTHS as f64
}

/// What `round` does to mean participation under common random numbers, in the mean over replicates.
fn effect(round: fn(u16) -> u16) -> f64 {
    let scenario = scenario(&[&["population.communities=4", "population.adults=1500"]]);
    let city = city(&scenario);
    let of_replicate = |replicate| {
        let run_replicate = |round| participation(begin(&scenario, &city, replicate), round);
        run_replicate(round) - run_replicate(|habit| habit)
    };
    (0..REPLICATES).map(of_replicate).sum::<f64>() / REPLICATES as f64
}

/// Rounded to the nearest step of a habit that has so many `BITS` less.
fn coarser<const BITS: u32>(habit: u16) -> u16 {
    let step = 1u32 << BITS;
    (((habit as u32 + step / 2) / step) * step).min(65_535) as u16
}

/// Replicates in which habits are rounded once more, to 15 bits, hardly differ. The stated error is a hundredth of a
/// percentage point of participation, the last digit that tables print; sixteen bits err half as much.
#[test]
fn habits_in_half_as_many_steps_do_not_move_participation() {
    let off = effect(coarser::<1>);
    assert!(off.abs() < 1e-4, "15 bits move participation by {off}");
}

/// The test above can fail: in four bits a habit cannot fade by a thirtieth a month.
#[test]
fn habits_in_four_bits_do() {
    let off = effect(coarser::<12>);
    assert!(off.abs() > 1e-4, "4 bits move participation by {off} only");
}
