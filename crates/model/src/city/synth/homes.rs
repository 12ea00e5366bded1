//! Homes: how large households are, and where they live.

use super::{FOUNDING, plan::Plot, tables::PeopleTables};
use crate::base::rng::{CounterRng, Stream};
use crate::city::population::{self, HouseholdSizes};
use crate::city::{Households, Residents, Traits};

const PERSONS: Stream = Stream::named("synth.persons");
const CHILD: Stream = Stream::named("synth.child");
pub const TENURE: Stream = Stream::named("synth.tenure");

/// Number of sizes of home that differ in who lives there: one person, two, more.
pub const HOMES: usize = 3;

/// The class of a household of `persons`.
pub fn class(persons: u8) -> usize {
    persons.clamp(1, HOMES as u8) as usize - 1
}

/// Largest household.
const LARGEST: usize = 16;

/// The law of household sizes, cut at [`LARGEST`]. With one and a Poisson number more and the mean of 2.49, 23 %
/// live alone.
#[derive(Clone, Debug)]
pub struct Sizes {
    /// Chance of 1, 2, … persons.
    persons: [f64; LARGEST],
    /// Chance that a third or later person is a child.
    child: f64,
    /// The chance that the second person is, as a multiple of that.
    second: f64,
}

impl Sizes {
    /// The law asked for.
    pub fn of(asked: &population::Settings) -> Sizes {
        Sizes::of_mean(asked, asked.household_mean)
    }

    /// The law asked for, with another mean.
    pub fn of_mean(asked: &population::Settings, mean: f64) -> Sizes {
        let persons = match asked.household_sizes {
            HouseholdSizes::Poisson => poisson(mean),
            HouseholdSizes::Fixed => alike(mean),
        };
        Sizes::with(persons, asked.child_share, asked.groups.child_second)
    }

    /// The law of these chances, with children a share `children` of all persons, or as many as there can be when
    /// every household keeps an adult. The second person is one with `second` times the chance of later ones.
    fn with(persons: [f64; LARGEST], children: f64, second: f64) -> Sizes {
        let mut sizes = Sizes { persons, child: 1.0, second };
        let most: f64 = sizes.sum(|s, _| sizes.children(s));
        if most > 0.0 {
            sizes.child = (children * mean_of(&persons) / most).min(1.0);
        }
        sizes
    }

    /// Expected number of children in a household of `s` persons.
    fn children(&self, s: usize) -> f64 {
        self.child * (self.second * (s > 1) as u8 as f64 + s.saturating_sub(2) as f64)
    }

    /// Expectation of `value(persons, expected adults)` over households.
    fn sum(&self, value: impl Fn(usize, f64) -> f64) -> f64 {
        (1..=LARGEST).map(|s| self.persons[s - 1] * value(s, s as f64 - self.children(s))).sum()
    }

    /// Share of adults by class of home.
    pub fn adults_by_class(&self) -> [f64; HOMES] {
        let all = self.sum(|_, adults| adults);
        std::array::from_fn(|c| self.sum(|s, adults| adults * (class(s as u8) == c) as u8 as f64) / all)
    }

    /// Mean number of other adults in the household of an adult.
    pub fn adults_at_home(&self) -> f64 {
        // Each person beyond the first is an adult independently, so E[a(a-1)] follows from the
        // mean and the variance of their number.
        let pairs = self.sum(|s, adults| {
            let others = adults - 1.0;
            let second = (1.0 - self.second * self.child) * (s > 1) as u8 as f64;
            let later = (1.0 - self.child) * s.saturating_sub(2) as f64;
            let variance = second * self.second * self.child + later * self.child;
            variance + others * others + others
        });
        pairs / self.sum(|_, adults| adults)
    }

    /// Persons and adults of household `h`, whose size is drawn by `size` in (0, 1).
    fn draw(&self, size: f64, rng: CounterRng, h: u32) -> (u8, u32) {
        let persons = super::people::pick(&self.persons, size) as u32 + 1;
        let is_child = |person: u32| {
            let chance = if person == 1 { self.second * self.child } else { self.child };
            rng.uniform(CHILD, h, FOUNDING, person) < chance
        };
        let children = (1..persons).filter(|&person| is_child(person)).count() as u32;
        (persons as u8, persons - children)
    }
}

/// One and a Poisson number more, with this mean.
fn poisson(mean: f64) -> [f64; LARGEST] {
    let (mut low, mut high) = (0.0, LARGEST as f64);
    for _ in 0..100 {
        let rate = 0.5 * (low + high);
        if mean_of(&cut_poisson(rate)) < mean { low = rate } else { high = rate }
    }
    cut_poisson(low)
}

/// The whole numbers of persons on both sides of the mean, in the shares that give it.
fn alike(mean: f64) -> [f64; LARGEST] {
    std::array::from_fn(|k| (1.0 - (mean - (k + 1) as f64).abs()).max(0.0))
}

/// Chance of 1 + k persons, k Poisson with `rate`, given that it is not above [`LARGEST`].
fn cut_poisson(rate: f64) -> [f64; LARGEST] {
    let mut weights = [1.0; LARGEST];
    for k in 1..LARGEST {
        weights[k] = weights[k - 1] * rate / k as f64;
    }
    let total: f64 = weights.iter().sum();
    weights.map(|w| w / total)
}

fn mean_of(persons: &[f64; LARGEST]) -> f64 {
    persons.iter().zip(1..).map(|(p, s)| p * s as f64).sum()
}

/// Builds the households of a community one after another until it has its adults; the last one is
/// cut short. Residents get their household, compound and tenure. The last number is that of compounds.
pub fn build(
    plot: &Plot,
    population: &population::Settings,
    sizes: &Sizes,
    tables: &PeopleTables,
    rng: CounterRng,
) -> (Households, Residents, u16) {
    let adults = plot.adults as usize;
    let mut residents = Residents::blank(adults);
    let mut households = Households { starts: vec![0], persons: Vec::new() };
    let mut compounds = Vec::with_capacity(adults);
    let (mut housed, mut compound) = (0, 0);
    let [mut size, mut tenure] = [PERSONS, TENURE].map(|stream| rng.buffered(stream, FOUNDING, 0));
    while housed < adults {
        let h = households.len() as u32;
        let (persons, grown) = sizes.draw(size.uniform(h), rng, h);
        let owner = tenure.uniform(h) < tables.owner[plot.kind as usize][class(persons)];
        let members = housed..(housed + grown as usize).min(adults);
        // The last compound takes all that a 16-bit number cannot tell apart.
        compound = (h / population.households_per_compound.max(1) as u32).min(u16::MAX as u32 - 1) as u16;
        housed = members.end;
        compounds.resize(housed, compound);
        for i in members {
            residents.traits[i] = Traits::new(false, 0, 0, owner, false, false, false);
        }
        households.starts.push(housed as u32);
        households.persons.push(persons);
    }
    residents.compound = compounds.into();
    (households, residents, compound + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_law_of_sizes_has_the_mean_and_the_children_asked() {
        for (mean, children) in [(2.49, 0.1594), (1.0, 0.1), (1.2, 0.0), (5.5, 0.3)] {
            for persons in [poisson(mean), alike(mean)] {
                assert!((mean_of(&persons) - mean).abs() < 1e-9, "mean {mean}");
            }
            let sizes = Sizes::with(poisson(mean), children, 0.25);
            let share = sizes.sum(|s, _| sizes.children(s)) / mean;
            assert!((share - children).abs() < 1e-9 || mean == 1.0 && share < 1e-9, "{mean}: {share}");
        }
    }

    #[test]
    fn households_that_are_alike_differ_by_one_person_at_most() {
        assert_eq!(alike(3.0)[1..4], [0.0, 1.0, 0.0]);
        let between = alike(2.25);
        assert_eq!((between[1], between[2], between.iter().sum::<f64>()), (0.75, 0.25, 1.0));
    }

    #[test]
    fn expectations_of_the_law_match_its_draws() {
        let (sizes, rng) = (Sizes::with(poisson(2.49), 0.1594, 0.25), CounterRng::new(5, 0));
        let draws: Vec<(u8, u32)> =
            (0..200_000).map(|h| sizes.draw(rng.uniform(PERSONS, h, FOUNDING, 0), rng, h)).collect();
        let adults: f64 = draws.iter().map(|d| d.1 as f64).sum();
        let pairs: f64 = draws.iter().map(|d| (d.1 * (d.1 - 1)) as f64).sum();
        assert!((pairs / adults - sizes.adults_at_home()).abs() < 0.02);
        let alone: f64 = draws.iter().filter(|d| d.0 == 1).map(|d| d.1 as f64).sum();
        assert!((alone / adults - sizes.adults_by_class()[0]).abs() < 0.003);
    }
}
