//! Who lives in a home: drawing one resident, when the city is built or when somebody new arrives.

use super::homes::class;
use super::quota::{self, Attained};
use super::tables::PeopleTables;
use super::{FOUNDING, start};
use crate::base::math::normal_quantile;
use crate::base::rng::{BufferedDraws, CounterRng, Stream};
use crate::city::{AGE_BANDS, Community, Kind, Traits, groups};

const AGE: Stream = Stream::named("synth.age");
const GENERATION: Stream = Stream::named("synth.generation");
const SEX: Stream = Stream::named("synth.sex");
pub const HUKOU: Stream = Stream::named("synth.hukou");
pub const DANWEI: Stream = Stream::named("synth.danwei");
const STAY: Stream = Stream::named("synth.stay");

/// Age in months at which a resident counts as an adult.
pub const OF_AGE: u16 = 18 * 12;
/// Width in months of each age band; the last is cut at 95.
const BAND_MONTHS: [f64; 5] = [144.0, 180.0, 180.0, 120.0, 300.0];
/// How a resident comes to live in a home.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Arrival {
    /// Lives here when the city is built.
    Founding,
    /// Moves in from outside, into the home of one who moved away.
    MovedIn,
    /// Turns 18 at home and takes the place of an adult who died.
    CameOfAge,
}

/// What is drawn ahead when the city is built, since most residents need it: stream and index.
const BUFFERED: [(Stream, u32); 5] = [(AGE, 0), (AGE, 1), (HUKOU, 0), (STAY, 0), (SEX, 0)];

/// The draws of one resident in one month.
struct Dice<'a> {
    rng: CounterRng,
    who: u32,
    month: u32,
    /// Those of [`BUFFERED`], where others are drawn with this resident.
    ahead: Option<&'a mut [BufferedDraws; BUFFERED.len()]>,
}

impl Dice<'_> {
    #[inline(always)]
    fn uniform(&mut self, stream: Stream, index: u32) -> f64 {
        let place = BUFFERED.iter().position(|&draw| draw == (stream, index));
        match (&mut self.ahead, place) {
            (Some(ahead), Some(place)) => ahead[place].uniform(self.who),
            _ => self.rng.uniform(stream, self.who, self.month, index),
        }
    }

    fn normal(&mut self, stream: Stream, index: u32) -> f64 {
        normal_quantile(self.uniform(stream, index))
    }
}

/// Overwrites resident `i` with a newly drawn one in the same home: household, compound and tenure
/// stay. `rng` is that of the community in this replicate, and `month` counts from the start.
///
/// Someone who moves in has lived here for no month. Someone who comes of age keeps the household's
/// hukou and work unit and, up to their age, its months here. If a whole household moves, settle its
/// members in order: the later ones take after the first. Allocates nothing.
pub fn settle(community: &mut Community, i: usize, arrival: Arrival, rng: CounterRng, month: u32) {
    let home = community.households.of(i);
    draw_kin(community, home, i, arrival, Dice { rng, who: i as u32, month, ahead: None });
    start::begin(community, i..i + 1, &Attained::default(), rng, month);
}

/// As [`settle`] for all members of household `home`, who move in together.
pub fn move_in(community: &mut Community, home: usize, rng: CounterRng, month: u32) {
    let members = community.households.members(home);
    for i in members.clone() {
        draw_kin(community, home, i, Arrival::MovedIn, Dice { rng, who: i as u32, month, ahead: None });
    }
    start::begin(community, members, &Attained::default(), rng, month);
}

/// As [`settle`] for everybody, when the city is built.
pub fn found(community: &mut Community, groups: &groups::Settings, rng: CounterRng) {
    let month = FOUNDING;
    let mut ahead = BUFFERED.map(|(stream, index)| rng.buffered(stream, month, index));
    for home in 0..community.households.len() {
        // In order, since the members of a household take after the first.
        for i in community.households.members(home) {
            let dice = Dice { rng, who: i as u32, month, ahead: Some(&mut ahead) };
            draw_kin(community, home, i, Arrival::Founding, dice);
        }
    }
    let attained = match community.given.clone() {
        Some(row) => quota::meet(community, &row, groups, rng),
        None => Attained::default(),
    };
    start::begin(community, 0..community.adults(), &attained, rng, month);
}

/// Draws what depends on the others at home: age, hukou, work unit, time spent here and sex.
fn draw_kin(community: &mut Community, home: usize, i: usize, arrival: Arrival, mut dice: Dice) {
    let Community { kind, residents, households, tables, .. } = community;
    let first = households.starts[home] as usize;
    let owner = residents.traits[i].owner();
    let weights = &tables.ages[*kind as usize][class(households.persons[home])][owner as usize];

    residents.age[i] = match arrival {
        Arrival::CameOfAge => OF_AGE,
        _ if i == first => months_old(pick(weights, dice.uniform(AGE, 0)), dice.uniform(AGE, 1)),
        _ if i == first + 1 => age_of_partner(residents.age[first], tables.couple_gap, &mut dice),
        _ => age_of_kin(residents.age_band(first), weights, &mut dice),
    };
    let (local, danwei) = match arrival {
        Arrival::CameOfAge => origin(residents.traits[i]),
        _ if i == first => draw_origin(tables, *kind, owner, residents.age_band(i), &mut dice),
        _ => origin(residents.traits[first]),
    };
    residents.months_here[i] = match arrival {
        Arrival::MovedIn => 0,
        Arrival::CameOfAge => residents.months_here[i],
        Arrival::Founding if i == first => months_stayed(tables.staying[owner as usize], &mut dice),
        Arrival::Founding => residents.months_here[first],
    }
    .min(residents.age[i]);

    let band = residents.age_band(i);
    let partner = (i == first + 1 && arrival != Arrival::CameOfAge).then(|| residents.traits[first].male());
    let male = dice.uniform(SEX, 0) < chance_of_man(tables.male[band], partner);
    residents.traits[i] = Traits::new(male, 0, 0, owner, local, false, danwei);
}

/// Hukou and work unit.
fn origin(traits: Traits) -> (bool, bool) {
    (traits.local(), traits.danwei())
}

fn draw_origin(tables: &PeopleTables, kind: Kind, owner: bool, band: usize, dice: &mut Dice) -> (bool, bool) {
    let local = dice.uniform(HUKOU, 0) < tables.local[kind as usize][owner as usize][band];
    let danwei =
        kind == Kind::Danwei && dice.uniform(DANWEI, 0) < tables.danwei[owner as usize][local as usize];
    (local, danwei)
}

/// Age in months at `position` in (0, 1) of a band: even within a band, but the density of the last
/// falls in a straight line to nil at its end.
pub fn months_old(band: usize, position: f64) -> u16 {
    let along = if band == 4 { 1.0 - libm::sqrt(1.0 - position) } else { position };
    AGE_BANDS[band].0 * 12 + (along * BAND_MONTHS[band]) as u16
}

/// The inverse of [`months_old`], at the middle of the month.
fn position(band: usize, age: u16) -> f64 {
    let along = ((age - AGE_BANDS[band].0 * 12) as f64 + 0.5) / BAND_MONTHS[band];
    let along = along.min(1.0);
    if band == 4 { 1.0 - (1.0 - along) * (1.0 - along) } else { along }
}

/// A few years from the age of the first adult, reflected at the ends of the band, so that partners
/// are spread over ages as the first adults are.
fn age_of_partner(age: u16, gap: f64, dice: &mut Dice) -> u16 {
    let band = band_of(age);
    let moved = (position(band, age) + gap * dice.normal(AGE, 0)).abs() % 2.0;
    // Just short of the end, which belongs to the next band.
    months_old(band, if moved > 1.0 { 2.0 - moved } else { moved }.min(1.0 - 1e-9))
}

/// Parents or grown children, two bands away, else brothers and sisters of the first adult's band.
///
/// One Metropolis step: those who come out are spread over the bands by `weights` if the first adults
/// are, so the age margin holds whoever lives together.
fn age_of_kin(band: usize, weights: &[f64; 5], dice: &mut Dice) -> u16 {
    let up = dice.uniform(GENERATION, 0) < 0.5;
    let other = if up { band + 2 } else { band.wrapping_sub(2) };
    let accepted = other < 5 && dice.uniform(GENERATION, 1) * weights[band] < weights[other];
    months_old(if accepted { other } else { band }, dice.uniform(AGE, 1))
}

fn band_of(age: u16) -> usize {
    AGE_BANDS.iter().rposition(|&(years, _)| age >= years * 12).unwrap_or(0)
}

/// Months since a household came, when it moves each month with a chance whose complement has the
/// logarithm `staying`: geometric, as in a city that has lived by this rule for ever.
fn months_stayed(staying: f64, dice: &mut Dice) -> u16 {
    // Without moves the quotient is infinite and the cast takes the largest number.
    (libm::log(dice.uniform(STAY, 0)) / staying) as u16
}

/// Chance to be a man if a share `men` of this age are, and given the sex of the `partner`, if any.
/// Couples are of both sexes as far as the share allows, and partners are men in the same share.
fn chance_of_man(men: f64, partner: Option<bool>) -> f64 {
    match partner {
        None => men,
        Some(true) => (2.0 * men - 1.0).max(0.0) / men,
        Some(false) => men.min(1.0 - men) / (1.0 - men),
    }
}

/// Index drawn by weight with `draw` in (0, 1). Never one of weight 0, unless all are.
///
/// Weights are not negative, so what is left falls: no branch has to guess where it passes nil.
pub fn pick<const N: usize>(weights: &[f64; N], draw: f64) -> usize {
    let mut left = draw * weights.iter().sum::<f64>();
    let mut passed = 0;
    for weight in weights {
        left -= weight;
        passed += (left >= 0.0) as usize;
    }
    if passed < N { passed } else { weights.iter().rposition(|&weight| weight > 0.0).unwrap_or(0) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn position_is_the_inverse_of_age_in_every_band() {
        for band in 0..5 {
            for step in 1..100 {
                let age = months_old(band, step as f64 / 100.0);
                assert_eq!(band_of(age), band);
                assert_eq!(months_old(band, position(band, age)), age, "band {band}, step {step}");
            }
        }
        // Residents may outlive the table.
        assert_eq!(position(4, 110 * 12), 1.0);
    }

    #[test]
    fn partners_are_men_in_the_share_asked() {
        for men in [0.1, 0.5, 0.7] {
            let share = men * chance_of_man(men, Some(true)) + (1.0 - men) * chance_of_man(men, Some(false));
            assert!((share - men).abs() < 1e-12);
        }
        assert_eq!(chance_of_man(0.5, Some(true)), 0.0);
    }

    #[test]
    fn nothing_of_weight_zero_is_picked() {
        assert_eq!(pick(&[0.0, 1.0, 0.0], 1e-17), 1);
        assert_eq!(pick(&[0.0, 1.0, 0.0], 1.0 - 1e-16), 1);
        assert_eq!(pick(&[0.5, 0.5], 0.49), 0);
        assert_eq!(pick(&[0.5, 0.5], 0.51), 1);
    }
}
