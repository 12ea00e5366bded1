//! What a resident is, has and feels at first, given age, sex, tenure, hukou and work unit.
//!
//! Residents draw for themselves here, so a block of them draws at once, attribute by attribute: loops over
//! the draws of many become vector instructions.

use std::ops::Range;

use super::people::pick;
use super::quota::Attained;
use super::tables::PeopleTables;
use crate::base::math::normal_quantiles;
use crate::base::rng::{CounterRng, Stream};
use crate::city::population::EDUCATION;
use crate::city::residents::TARGETS;
use crate::city::{AGE_BANDS, Community, DOMAINS, Kind, Needs, Residents};

pub const SCHOOLING: Stream = Stream::named("synth.education");
const INCOME: Stream = Stream::named("synth.income");
pub const PARTY: Stream = Stream::named("synth.party");
const NEED: Stream = Stream::named("synth.need");
const DISPOSITION: Stream = Stream::named("synth.disposition");
const TIME: Stream = Stream::named("synth.time");
const SATISFACTION: Stream = Stream::named("synth.satisfaction");
const TRUST: Stream = Stream::named("synth.trust");

/// Residents who draw at once.
const BLOCK: usize = 64;
/// Streams of the feelings, in the order of `[population.feelings]`.
const FEELINGS: [Stream; 5] = [
    Stream::named("synth.interest"),
    Stream::named("synth.skill"),
    Stream::named("synth.attachment"),
    Stream::named("synth.efficacy"),
    Stream::named("synth.voice"),
];
/// Highest position in the list of education levels, and in that of age bands.
const TOP: [f64; 2] = [(EDUCATION.len() - 1) as f64, (AGE_BANDS.len() - 1) as f64];

/// The draws of some residents, one after another, in one month.
struct Draws {
    rng: CounterRng,
    start: usize,
    len: usize,
    month: u32,
    values: [f64; BLOCK],
}

impl Draws {
    fn uniform(&mut self, stream: Stream, index: u32) -> &[f64] {
        let values = &mut self.values[..self.len.min(BLOCK)];
        self.rng.uniforms(stream, self.start as u32, self.month, index, values);
        values
    }

    fn normal(&mut self, stream: Stream, index: u32) -> &[f64] {
        self.uniform(stream, index);
        let values = &mut self.values[..self.len.min(BLOCK)];
        normal_quantiles(values);
        values
    }

    /// Puts normal numbers with these means and this spread, clipped to [0, 1], into `column`.
    fn shares(&mut self, stream: Stream, index: u32, means: &[f64], spread: f64, column: &mut [f32]) {
        for ((value, mean), z) in column.iter_mut().zip(means).zip(self.normal(stream, index)) {
            *value = (mean + spread * z).clamp(0.0, 1.0) as f32;
        }
    }
}

/// Draws all that depends on nobody else for the residents `who`, but for what they attained already; no
/// habit, no deeds.
pub fn begin(community: &mut Community, who: Range<usize>, attained: &Attained, rng: CounterRng, month: u32) {
    let Community { kind, residents, tables, .. } = community;
    for start in who.clone().step_by(BLOCK) {
        let len = BLOCK.min(who.end - start);
        let mut draws = Draws { rng, start, len, month, values: [0.0; BLOCK] };
        attain(residents, *kind, tables, attained, &mut draws);
        need(residents, *kind, tables, &mut draws);
        have(residents, tables, &mut draws);
        feel(residents, tables, &mut draws);
        trust(residents, tables, &mut draws);
        let range = start..start + len;
        residents.habit.iter_mut().for_each(|column| column[range.clone()].fill(0));
        residents.quarter_hours.iter_mut().for_each(|column| column[range.clone()].fill(0));
        residents.year_quarter_hours[range.clone()].fill(0);
        residents.since_volunteering[range.clone()].fill(u8::MAX);
        residents.since_meeting[range.clone()].fill(u8::MAX);
        residents.asked_lately[range.clone()].fill(0);
        residents.took_part[range.clone()].fill(0);
        residents.acts[range.clone()].fill(0);
        residents.memory.forget(range);
    }
}

/// The level that a draw reaches, from the chances to reach level 1, 2, …
fn climb<const N: usize>(draw: f64, reach: &[f64; N]) -> u8 {
    reach.iter().map(|&chance| (draw < chance) as u8).sum()
}

/// Education that resident `i` draws.
pub fn schooling(community: &Community, i: usize, rng: CounterRng, month: u32) -> u8 {
    let reach = &community.tables.education[community.kind as usize][community.residents.age_band(i)];
    climb(rng.uniform(SCHOOLING, i as u32, month, 0), reach)
}

/// Education, income and party membership.
fn attain(
    residents: &mut Residents,
    kind: Kind,
    tables: &PeopleTables,
    attained: &Attained,
    draws: &mut Draws,
) {
    let start = draws.start;
    let (mut education, mut income) = ([0u8; BLOCK], [0u8; BLOCK]);
    for (k, &draw) in draws.uniform(SCHOOLING, 0).iter().enumerate() {
        education[k] = climb(draw, &tables.education[kind as usize][residents.age_band(start + k)]);
    }
    if let Some(levels) = &attained.education {
        let levels = &levels[start..start + draws.len];
        education[..levels.len()].copy_from_slice(levels);
    }
    for (k, &draw) in draws.uniform(INCOME, 0).iter().enumerate() {
        income[k] = climb(draw, &tables.income[residents.age_band(start + k)][education[k] as usize]);
    }
    for (k, &draw) in draws.uniform(PARTY, 0).iter().enumerate() {
        let band = residents.age_band(start + k);
        let by_chance = draw < tables.party[kind as usize][band][education[k] as usize];
        let party = attained.party.as_ref().map_or(by_chance, |members| members[start + k]);
        let traits = &mut residents.traits[start + k];
        *traits = traits.with(education[k], income[k], party);
    }
}

/// Two different domains, each by its weight.
fn need(residents: &mut Residents, kind: Kind, tables: &PeopleTables, draws: &mut Draws) {
    let start = draws.start;
    let weights = |residents: &Residents, i: usize| -> &[f64; DOMAINS] {
        &tables.needs[kind as usize][residents.traits[i].local() as usize][residents.age_band(i)]
    };
    let mut first = [0u8; BLOCK];
    for (k, &draw) in draws.uniform(NEED, 0).iter().enumerate() {
        first[k] = pick(weights(residents, start + k), draw) as u8;
    }
    for (k, &draw) in draws.uniform(NEED, 1).iter().enumerate() {
        let mut rest = *weights(residents, start + k);
        rest[first[k] as usize] = 0.0;
        residents.needs[start + k] = Needs::new(first[k], pick(&rest, draw) as u8);
    }
}

/// Free time and inclination.
fn have(residents: &mut Residents, tables: &PeopleTables, draws: &mut Draws) {
    let start = draws.start;
    let spread = tables.hours_spread;
    for (k, &z) in draws.normal(TIME, 0).iter().enumerate() {
        let hours = tables.hours[(residents.age[start + k] >= tables.retired) as usize]
            * libm::exp(spread * z - 0.5 * spread * spread);
        residents.time[start + k] = hours.min(tables.hours_most) as f32;
    }
    for (disposition, &z) in residents.disposition[start..].iter_mut().zip(draws.normal(DISPOSITION, 0)) {
        *disposition = tables.inclination_shape.of(z) as f32;
    }
}

/// Feelings that follow from attributes, then awareness, satisfaction and accuracy.
fn feel(residents: &mut Residents, tables: &PeopleTables, draws: &mut Draws) {
    let range = draws.start..draws.start + draws.len;
    let (mut bands, mut rooted) = ([0.0; BLOCK], [0.0; BLOCK]);
    for (k, i) in range.clone().enumerate() {
        bands[k] = residents.age_band(i) as f64;
        rooted[k] = tables.feelings.rooted(residents.months_here[i] as f64);
    }
    let Residents { traits, interest, skill, attachment, internal_efficacy, external_efficacy, .. } =
        residents;
    let columns = [interest, skill, attachment, internal_efficacy, external_efficacy];
    let mut means = [0.0; BLOCK];
    for ((feeling, stream), column) in tables.feelings.all().iter().zip(FEELINGS).zip(columns) {
        let [education, age, party, owner, lasting] = feeling.by;
        for (k, traits) in traits[range.clone()].iter().enumerate() {
            means[k] = feeling.base
                + education * traits.education() as f64 / TOP[0]
                + age * bands[k] / TOP[1]
                + party * traits.party() as u8 as f64
                + owner * traits.owner() as u8 as f64
                + lasting * rooted[k];
        }
        draws.shares(stream, 0, &means, feeling.spread, &mut column[range.clone()]);
    }
    let satisfaction = &mut residents.satisfaction[range.clone()];
    let [mean, spread] = tables.satisfaction;
    draws.shares(SATISFACTION, 0, &[mean; BLOCK], spread, satisfaction);
    residents.awareness[range.clone()].fill(tables.awareness as f32);
    residents.accuracy[range].fill(tables.accuracy as f32);
}

/// Trust from one disposition, shared by all targets, and a part for each: any two of them correlate by the
/// share of variance that is common. It rests where it begins.
fn trust(residents: &mut Residents, tables: &PeopleTables, draws: &mut Draws) {
    let range = draws.start..draws.start + draws.len;
    let (common, own) = (libm::sqrt(tables.trust_common), libm::sqrt(1.0 - tables.trust_common));
    let mut disposition = [0.0; BLOCK];
    if common > 0.0 {
        disposition[..draws.len.min(BLOCK)].copy_from_slice(draws.normal(TRUST, TARGETS as u32));
    }
    for (target, column) in residents.trust.iter_mut().enumerate() {
        let (mean, spread) = (tables.trust[target], tables.trust_spread);
        let parts = draws.normal(TRUST, target as u32).iter().zip(&disposition);
        for (value, (part, disposition)) in column[range.clone()].iter_mut().zip(parts) {
            let z = common * disposition + own * part;
            *value = (mean + spread * tables.trust_shape.of(z)).clamp(0.0, 1.0) as f32;
        }
    }
    residents.rest_here(range);
}
