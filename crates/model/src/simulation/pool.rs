//! What residents bring along who were not here from the beginning: habits, feelings and trust like those
//! of the people who are like them.
//!
//! Whoever moves in has lived somewhere, and whoever comes of age grew up here. Both take after somebody: of
//! the city's residents a sample is kept, by class, and a newcomer takes after one of their own class. So
//! coming and going moves no mean, and what is left of it is ties, attachment and months here, which begin
//! anew.

use crate::base::rng::{CounterRng, Stream};
use crate::city::residents::TARGETS;
use crate::city::{AGE_BANDS, MODES, Mode, Residents};
use crate::institution::CommunityState;
use crate::theory::REMEMBERED;

const DONOR: Stream = Stream::named("whom newcomers take after");

/// Residents who are kept at most: with a standard deviation of 0.2 between residents, the mean of what they
/// bring is that of the city to 0.003.
const SAMPLE: usize = 4_096;

/// Classes of residents: age band, tenure, hukou, education and party membership, on which feelings depend.
const CLASSES: usize = AGE_BANDS.len() * 2 * 2 * EDUCATIONS * 2;
const EDUCATIONS: usize = 4;

/// What a resident brings along.
#[derive(Clone, Debug)]
pub struct Mind {
    interest: f32,
    skill: f32,
    attachment: f32,
    internal_efficacy: f32,
    external_efficacy: f32,
    satisfaction: f32,
    awareness: f32,
    accuracy: f32,
    trust: [f32; TARGETS],
    own_rest: [u8; TARGETS],
    habit: [u16; MODES],
    took_part: u16,
    of_modes: [[f32; MODES]; REMEMBERED],
    of_targets: [f32; TARGETS],
}

impl Mind {
    /// That of resident `i`.
    pub fn of(residents: &Residents, i: usize) -> Mind {
        let r = residents;
        // What is not remembered has no column.
        let remembered =
            |column: Option<&Vec<f32>>| column.and_then(|c| c.get(i)).copied().unwrap_or(f32::NAN);
        Mind {
            interest: r.interest[i],
            skill: r.skill[i],
            attachment: r.attachment[i],
            internal_efficacy: r.internal_efficacy[i],
            external_efficacy: r.external_efficacy[i],
            satisfaction: r.satisfaction[i],
            awareness: r.awareness[i],
            accuracy: r.accuracy[i],
            trust: std::array::from_fn(|target| r.trust[target][i]),
            own_rest: std::array::from_fn(|target| r.own_rest[target][i]),
            habit: std::array::from_fn(|mode| r.habit[mode][i]),
            took_part: r.took_part[i] & MODES_ALONE,
            of_modes: std::array::from_fn(|thing| {
                std::array::from_fn(|mode| {
                    remembered(r.memory.of_modes.get(thing).map(|columns| &columns[mode]))
                })
            }),
            of_targets: std::array::from_fn(|target| remembered(Some(&r.memory.of_targets[target]))),
        }
    }

    /// Resident `i` has had this practice and takes part as its owner did: habits, what they did last, what
    /// the theory remembers of it, and the feelings that come of doing.
    fn give_practice(&self, residents: &mut Residents, i: usize) {
        residents.interest[i] = self.interest;
        residents.skill[i] = self.skill;
        residents.internal_efficacy[i] = self.internal_efficacy;
        residents.external_efficacy[i] = self.external_efficacy;
        residents.took_part[i] = self.took_part;
        for (column, habit) in residents.habit.iter_mut().zip(self.habit) {
            column[i] = habit;
        }
        for (columns, values) in residents.memory.of_modes.iter_mut().zip(&self.of_modes) {
            columns.iter_mut().zip(values).for_each(|(column, &value)| column[i] = value);
        }
    }

    /// Resident `i` comes from a place like this one: all but attachment to this place.
    pub fn give_to_newcomer(&self, residents: &mut Residents, i: usize) {
        self.give_practice(residents, i);
        residents.satisfaction[i] = self.satisfaction;
        residents.awareness[i] = self.awareness;
        residents.accuracy[i] = self.accuracy;
        for (column, trust) in residents.trust.iter_mut().zip(self.trust) {
            column[i] = trust;
        }
        for (column, rest) in residents.own_rest.iter_mut().zip(self.own_rest) {
            column[i] = rest;
        }
        for (column, value) in residents.memory.of_targets.iter_mut().zip(self.of_targets) {
            column.iter_mut().skip(i).take(1).for_each(|remembered| *remembered = value);
        }
    }

    /// Resident `i` grew up here. Nobody votes before 18: of that there is no habit and no memory yet.
    pub fn give_to_native(&self, residents: &mut Residents, i: usize) {
        self.give_to_newcomer(residents, i);
        residents.attachment[i] = self.attachment;
        for mode in Mode::ALL.into_iter().filter(|mode| mode.is_vote()) {
            residents.habit[mode as usize][i] = 0;
            residents.took_part[i] &= !mode.bit();
            residents.memory.of_modes.iter_mut().for_each(|columns| columns[mode as usize][i] = f32::NAN);
        }
    }

    /// Resident `i` has long lived here: practice and attachment, but not what a scenario gives of its own for
    /// the beginning (trust, satisfaction, awareness, accuracy).
    pub fn give_to_founder(&self, residents: &mut Residents, i: usize) {
        self.give_practice(residents, i);
        residents.attachment[i] = self.attachment;
    }
}

/// The bits of `Residents::took_part` that stand for modes.
const MODES_ALONE: u16 = (1 << MODES) - 1;

/// A sample of residents, by class.
#[derive(Clone, Debug)]
pub struct Pool {
    /// One class after another.
    minds: Vec<Mind>,
    /// First mind of each class, and one last entry.
    starts: Vec<u32>,
    /// For each class the one after whom its newcomers take: itself, or if it is empty the most similar.
    like: Vec<u8>,
}

impl Pool {
    /// A sample of those who live in `communities`; none if nobody does.
    pub fn of(communities: &[CommunityState]) -> Option<Pool> {
        let mut first = vec![0usize];
        for state in communities {
            first.push(first.last().copied().unwrap_or(0) + state.community.adults());
        }
        let all = *first.last()?;
        let mut minds: Vec<(usize, Mind)> = chosen(all)
            .map(|number| {
                let place = first.partition_point(|&first| first <= number) - 1;
                let residents = &communities[place].community.residents;
                let i = number - first[place];
                (class(residents, i), Mind::of(residents, i))
            })
            .collect();
        minds.sort_by_key(|&(class, _)| class);
        let starts: Vec<u32> =
            (0..=CLASSES).map(|class| minds.partition_point(|&(of, _)| of < class) as u32).collect();
        let has = |class: &usize| starts[*class] < starts[class + 1];
        let like = |class: usize| (0..CLASSES).filter(has).min_by_key(|&other| unlikeness(class, other));
        let like = (0..CLASSES).map(|class| like(class).map(|other| other as u8)).collect::<Option<_>>()?;
        Some(Pool { minds: minds.into_iter().map(|(_, mind)| mind).collect(), starts, like })
    }

    /// After whom resident `i` takes, with the random numbers of the community.
    pub fn donor(&self, residents: &Residents, i: usize, rng: CounterRng, month: u32) -> &Mind {
        let class = self.like[class(residents, i)] as usize;
        let (start, end) = (self.starts[class], self.starts[class + 1]);
        &self.minds[(start + rng.below(DONOR, i as u32, month, 0, end - start)) as usize]
    }
}

/// The numbers of those who are kept of `all`: everybody, or as many as there is room for, spread evenly over
/// the city by multiples of the golden ratio, which no row of homes keeps step with.
fn chosen(all: usize) -> Box<dyn Iterator<Item = usize>> {
    const GOLDEN: u64 = 0x9e37_79b9_7f4a_7c15;
    if all <= SAMPLE {
        return Box::new(0..all);
    }
    let place = move |k: u64| ((u128::from(k.wrapping_mul(GOLDEN)) * all as u128) >> 64) as usize;
    Box::new((0..SAMPLE as u64).map(place))
}

fn class(residents: &Residents, i: usize) -> usize {
    let traits = residents.traits[i];
    let who = (residents.age_band(i) * 2 + traits.owner() as usize) * 2 + traits.local() as usize;
    (who * EDUCATIONS + traits.education() as usize) * 2 + traits.party() as usize
}

/// How much a step in each part of a class makes residents unlike.
const UNLIKE: [usize; 5] = [2, 2, 1, 2, 3];

/// How unlike two classes are: what feelings depend on most counts most, then the lower number.
fn unlikeness(one: usize, other: usize) -> (usize, usize) {
    let parts = |class: usize| {
        [
            class / (8 * EDUCATIONS),
            class / (4 * EDUCATIONS) % 2,
            class / (2 * EDUCATIONS) % 2,
            class / 2 % EDUCATIONS,
            class % 2,
        ]
    };
    let (a, b) = (parts(one), parts(other));
    ((0..5).map(|part| UNLIKE[part] * a[part].abs_diff(b[part])).sum(), other)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::city::synth;
    use crate::institution::{Local, Signals};
    use crate::scenario::Scenario;

    fn city(communities: u32, adults: u32) -> Vec<CommunityState> {
        let mut scenario = Scenario::standard();
        (scenario.population.communities, scenario.population.adults) = (communities, adults);
        let city = synth::city(&scenario.population, &scenario.periods[0].rules.residents, 1);
        let state = |community| CommunityState {
            community,
            local: Local::default(),
            signals: Signals::new(0.7),
            ledger: Default::default(),
        };
        city.communities.into_iter().map(state).collect()
    }

    #[test]
    fn newcomers_take_after_their_own_class_and_move_no_mean() {
        let communities = city(4, 3_000);
        let pool = Pool::of(&communities).unwrap();
        assert_eq!(pool.minds.len(), SAMPLE);
        let mut state = communities[1].clone();
        let rng = CounterRng::new(3, 0).of(1);
        let residents = &mut state.community.residents;
        let mean = |column: &[f32]| column.iter().map(|&v| f64::from(v)).sum::<f64>() / column.len() as f64;
        let before = [mean(&residents.skill), mean(&residents.interest)];
        for i in 0..residents.len() {
            pool.donor(residents, i, rng, 5).clone().give_to_newcomer(residents, i);
        }
        let after = [mean(&residents.skill), mean(&residents.interest)];
        for (before, after) in before.into_iter().zip(after) {
            // Four standard errors of a mean of 3,000 draws from a sample of 4,096, of a spread below 0.2.
            let tolerance = 4.0 * 0.2 * (1.0 / 3_000.0 + 1.0 / SAMPLE as f64 + 1.0 / 3_000.0f64).sqrt();
            assert!((before - after).abs() < tolerance, "{before} became {after}");
        }
    }

    #[test]
    fn who_is_kept_is_spread_over_the_city_and_nobody_is_missing_of_a_small_one() {
        assert!(chosen(10).eq(0..10));
        let mut quarters = [0; 4];
        chosen(1_000_000).for_each(|number| quarters[number / 250_000] += 1);
        assert!(quarters.iter().all(|&n: &usize| n.abs_diff(SAMPLE / 4) <= 2), "{quarters:?}");
    }

    #[test]
    fn an_empty_class_takes_after_the_most_similar() {
        let mut states = city(1, 30);
        let pool = Pool::of(&states).unwrap();
        let rng = CounterRng::new(3, 0);
        let residents = &mut states[0].community.residents;
        for (i, age) in (0..30).zip([18u16, 30, 45, 60, 70].into_iter().cycle()) {
            residents.age[i] = age * 12;
            // Whoever it is, there is somebody to take after.
            pool.donor(residents, i, rng, 0);
        }
        assert_eq!(unlikeness(7, 7).0, 0);
    }
}
