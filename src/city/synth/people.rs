//! Who lives in a home: drawing one resident, when the city is built or when somebody new arrives.

use super::homes::class;
use super::tables::PeopleTables;
use crate::base::luck::{Luck, Stream};
use crate::city::person::Shape;
use crate::city::{AGE_BANDS, Community, DOMAINS, Kind, Needs, Residents, Traits};

const AGE: Stream = Stream::named("synth.age");
const GENERATION: Stream = Stream::named("synth.generation");
const SEX: Stream = Stream::named("synth.sex");
const HUKOU: Stream = Stream::named("synth.hukou");
const DANWEI: Stream = Stream::named("synth.danwei");
const EDUCATION: Stream = Stream::named("synth.education");
const INCOME: Stream = Stream::named("synth.income");
const PARTY: Stream = Stream::named("synth.party");
const STAY: Stream = Stream::named("synth.stay");
const NEED: Stream = Stream::named("synth.need");
const DISPOSITION: Stream = Stream::named("synth.disposition");
const TIME: Stream = Stream::named("synth.time");
const SATISFACTION: Stream = Stream::named("synth.satisfaction");
const TRUST: Stream = Stream::named("synth.trust");

/// Age in months at which a resident counts as an adult.
const OF_AGE: u16 = 18 * 12;
/// Age in months from which a resident has the free time of the retired.
const RETIRED: u16 = 60 * 12;
/// Width in months of each age band; the last is cut at 95.
const BAND_MONTHS: [f64; 5] = [144.0, 180.0, 180.0, 120.0, 300.0];
/// Spread of the age gap of couples, as a share of the band: about two years (assumed).
const COUPLE_GAP: f64 = 0.15;
/// Most free hours per month (core model, E.2).
const MOST_HOURS: f64 = 40.0;
/// Spread of satisfaction between residents (assumed).
const SATISFACTION_SPREAD: f64 = 0.1;
/// Sorting accuracy: 15 % of Shanghai's residential areas complied before July 2019.
const ACCURACY: f32 = 0.15;
/// Months over which those who stay become rooted, in the sense of e-folding (assumed).
const ROOTING_MONTHS: f64 = 60.0;

/// How a feeling begins: a base, a step for each attribute, and a normal spread, clipped to [0, 1].
struct Feeling {
    stream: Stream,
    base: f64,
    /// From primary school to university.
    education: f64,
    /// From the youngest to the oldest band.
    age: f64,
    party: f64,
    owner: f64,
    /// From the day of arrival to having lived here for ever.
    rooted: f64,
    spread: f64,
}

/// All assumed; the signs follow surveys. The old and members vote more often (SUNS 2017) and are taken
/// to be more interested, and so are owners; skill and efficacy rise with education (Verba, Schlozman
/// and Brady 1995); attachment rises with length of stay (Kasarda and Janowitz 1974).
const INTEREST: Feeling = Feeling {
    stream: Stream::named("synth.interest"),
    base: 0.25,
    education: 0.0,
    age: 0.25,
    party: 0.15,
    owner: 0.10,
    rooted: 0.0,
    spread: 0.15,
};
const SKILL: Feeling = Feeling {
    stream: Stream::named("synth.skill"),
    base: 0.25,
    education: 0.30,
    age: 0.0,
    party: 0.10,
    owner: 0.0,
    rooted: 0.0,
    spread: 0.12,
};
const ATTACHMENT: Feeling = Feeling {
    stream: Stream::named("synth.attachment"),
    base: 0.25,
    education: 0.0,
    age: 0.05,
    party: 0.0,
    owner: 0.10,
    rooted: 0.35,
    spread: 0.12,
};
const EFFICACY: Feeling = Feeling {
    stream: Stream::named("synth.efficacy"),
    base: 0.35,
    education: 0.20,
    age: 0.0,
    party: 0.10,
    owner: 0.0,
    rooted: 0.0,
    spread: 0.12,
};
const VOICE: Feeling = Feeling {
    stream: Stream::named("synth.voice"),
    base: 0.40,
    education: 0.0,
    age: 0.05,
    party: 0.10,
    owner: 0.0,
    rooted: 0.0,
    spread: 0.15,
};

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

/// The draws of one resident in one month.
#[derive(Clone, Copy)]
struct Dice {
    luck: Luck,
    who: u32,
    month: u32,
}

impl Dice {
    fn uniform(self, stream: Stream, index: u32) -> f64 {
        self.luck.uniform(stream, self.who, self.month, index)
    }

    fn normal(self, stream: Stream, index: u32) -> f64 {
        self.luck.normal(stream, self.who, self.month, index)
    }

    /// A normal number with this mean and spread, clipped to [0, 1].
    fn share(self, stream: Stream, index: u32, mean: f64, spread: f64) -> f32 {
        (mean + spread * self.normal(stream, index)).clamp(0.0, 1.0) as f32
    }

    /// A number from an even distribution with this mean and spread, clipped to [0, 1].
    fn even_share(self, stream: Stream, index: u32, mean: f64, spread: f64) -> f32 {
        let from_middle = 2.0 * self.uniform(stream, index) - 1.0;
        (mean + libm::sqrt(3.0) * spread * from_middle).clamp(0.0, 1.0) as f32
    }

    /// The level that a draw reaches, from the chances to reach level 1, 2, …
    fn climb(self, stream: Stream, reach: &[f64]) -> u8 {
        let draw = self.uniform(stream, 0);
        reach.iter().filter(|&&chance| draw < chance).count() as u8
    }
}

/// Overwrites resident `i` with a newly drawn one in the same home: household, compound and tenure
/// stay. `luck` is that of the community in this replicate, and `month` counts from the start.
///
/// Someone who moves in has lived here for no month. Someone who comes of age keeps the household's
/// hukou and work unit and, up to their age, its months here. If a whole household moves, settle its
/// members in order: the later ones take after the first. Allocates nothing.
pub fn settle(community: &mut Community, i: usize, arrival: Arrival, luck: Luck, month: u32) {
    let Community { kind, residents, households, tables, .. } = community;
    let dice = Dice { luck, who: i as u32, month };
    let home = residents.household[i] as usize;
    let first = households.starts[home] as usize;
    let owner = residents.traits[i].owner();
    let weights = &tables.ages[*kind as usize][class(households.persons[home])][owner as usize];

    residents.age[i] = match arrival {
        Arrival::CameOfAge => OF_AGE,
        _ if i == first => months_old(pick(weights, dice.uniform(AGE, 0)), dice.uniform(AGE, 1)),
        _ if i == first + 1 => age_of_partner(residents.age[first], dice),
        _ => age_of_kin(residents.age_band(first), weights, dice),
    };
    let (local, danwei) = match arrival {
        Arrival::CameOfAge => origin(residents.traits[i]),
        _ if i == first => draw_origin(tables, *kind, owner, residents.age_band(i), dice),
        _ => origin(residents.traits[first]),
    };
    residents.months_here[i] = match arrival {
        Arrival::MovedIn => 0,
        Arrival::CameOfAge => residents.months_here[i],
        Arrival::Founding if i == first => months_stayed(tables.staying[owner as usize], dice),
        Arrival::Founding => residents.months_here[first],
    }
    .min(residents.age[i]);

    let band = residents.age_band(i);
    let partner = (i == first + 1 && arrival != Arrival::CameOfAge).then(|| residents.traits[first].male());
    let male = dice.uniform(SEX, 0) < chance_of_man(tables.male[band], partner);
    let education = dice.climb(EDUCATION, &tables.education[*kind as usize][band]);
    let income = dice.climb(INCOME, &tables.income[band][education as usize]);
    let party = dice.uniform(PARTY, 0) < tables.party[*kind as usize][band][education as usize];
    residents.traits[i] = Traits::new(male, education, income, owner, local, party, danwei);
    residents.needs[i] = draw_needs(&tables.needs[*kind as usize][local as usize][band], dice);
    begin(residents, i, tables, dice);
}

/// Hukou and work unit.
fn origin(traits: Traits) -> (bool, bool) {
    (traits.local(), traits.danwei())
}

fn draw_origin(tables: &PeopleTables, kind: Kind, owner: bool, band: usize, dice: Dice) -> (bool, bool) {
    let local = dice.uniform(HUKOU, 0) < tables.local[kind as usize][owner as usize][band];
    let danwei =
        kind == Kind::Danwei && dice.uniform(DANWEI, 0) < tables.danwei[owner as usize][local as usize];
    (local, danwei)
}

/// Age in months at `position` in (0, 1) of a band: even within a band, but the density of the last
/// falls in a straight line to nil at its end.
fn months_old(band: usize, position: f64) -> u16 {
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
fn age_of_partner(age: u16, dice: Dice) -> u16 {
    let band = band_of(age);
    let moved = (position(band, age) + COUPLE_GAP * dice.normal(AGE, 0)).abs() % 2.0;
    // Just short of the end, which belongs to the next band.
    months_old(band, if moved > 1.0 { 2.0 - moved } else { moved }.min(1.0 - 1e-9))
}

/// Parents or grown children, two bands away, else brothers and sisters of the first adult's band.
///
/// One Metropolis step: those who come out are spread over the bands by `weights` if the first adults
/// are, so the age margin holds whoever lives together.
fn age_of_kin(band: usize, weights: &[f64; 5], dice: Dice) -> u16 {
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
fn months_stayed(staying: f64, dice: Dice) -> u16 {
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

/// Two different domains, each by its weight.
fn draw_needs(weights: &[f64; DOMAINS], dice: Dice) -> Needs {
    let first = pick(weights, dice.uniform(NEED, 0));
    let mut rest = *weights;
    rest[first] = 0.0;
    Needs::new(first as u8, pick(&rest, dice.uniform(NEED, 1)) as u8)
}

/// Index drawn by weight with `draw` in (0, 1). Never one of weight 0, unless all are.
pub fn pick(weights: &[f64], draw: f64) -> usize {
    let mut left = draw * weights.iter().sum::<f64>();
    let mut last = 0;
    for (index, &weight) in weights.iter().enumerate().filter(|(_, weight)| **weight > 0.0) {
        last = index;
        left -= weight;
        if left < 0.0 {
            break;
        }
    }
    last
}

/// What resident `i`, whose lasting attributes are drawn, has and feels at first; no habit, no deeds.
fn begin(residents: &mut Residents, i: usize, tables: &PeopleTables, dice: Dice) {
    let spread = tables.hours_spread;
    let hours = tables.hours[(residents.age[i] >= RETIRED) as usize]
        * libm::exp(spread * dice.normal(TIME, 0) - 0.5 * spread * spread);
    residents.time[i] = hours.min(MOST_HOURS) as f32;
    residents.disposition[i] = dice.normal(DISPOSITION, 0) as f32;

    residents.interest[i] = feeling(&INTEREST, residents, i, dice);
    residents.skill[i] = feeling(&SKILL, residents, i, dice);
    residents.attachment[i] = feeling(&ATTACHMENT, residents, i, dice);
    residents.efficacy[i] = feeling(&EFFICACY, residents, i, dice);
    residents.voice[i] = feeling(&VOICE, residents, i, dice);

    residents.awareness[i] = tables.awareness as f32;
    residents.satisfaction[i] = dice.share(SATISFACTION, 0, tables.satisfaction, SATISFACTION_SPREAD);
    residents.accuracy[i] = ACCURACY;
    for (target, column) in residents.trust.iter_mut().enumerate() {
        let (index, mean, spread) = (target as u32, tables.trust[target], tables.trust_spread);
        column[i] = match tables.trust_shape {
            Shape::Normal => dice.share(TRUST, index, mean, spread),
            Shape::Uniform => dice.even_share(TRUST, index, mean, spread),
        };
    }
    residents.habit.iter_mut().for_each(|column| column[i] = 0);
    residents.quarter_hours.iter_mut().for_each(|column| column[i] = 0);
    residents.year_quarter_hours[i] = 0;
    residents.took_part[i] = 0;
    residents.acts[i] = 0;
}

fn feeling(feeling: &Feeling, residents: &Residents, i: usize, dice: Dice) -> f32 {
    let traits = residents.traits[i];
    let rooted = 1.0 - libm::exp(-(residents.months_here[i] as f64) / ROOTING_MONTHS);
    let mean = feeling.base
        + feeling.education * traits.education() as f64 / 3.0
        + feeling.age * residents.age_band(i) as f64 / 4.0
        + feeling.party * traits.party() as u8 as f64
        + feeling.owner * traits.owner() as u8 as f64
        + feeling.rooted * rooted;
    dice.share(feeling.stream, 0, mean, feeling.spread)
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
