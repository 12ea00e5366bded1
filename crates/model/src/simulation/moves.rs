//! Residents grow older, move away, die and are replaced. The number of homes stays what it is.

use multiversion::multiversion;

use super::pool::{Mind, Pool};
use super::{Context, Scratch};
use crate::base::rng::{CounterRng, Stream, unit};
use crate::city::Community;
use crate::city::synth::{Arrival, OLDEST, move_in, settle};
use crate::institution::CommunityState;

const MOVES: Stream = Stream::named("moves");
const DEATH: Stream = Stream::named("death");
const RETURN: Stream = Stream::named("return at retirement");
const TAKES_AFTER: Stream = Stream::named("whom natives take after");

/// What belongs to one month only is cleared.
pub fn reset_month(state: &mut CommunityState, _: &mut Scratch, context: &Context) {
    state.signals.new_month(context.now.rules.residents.rules_fade as f32);
}

/// A month passes; some leave, others arrive.
pub fn process(state: &mut CommunityState, _: &mut Scratch, context: &Context) {
    grow_older(state, context);
    let rng = context.now.rng.of(state.community.id);
    move_households(state, context, rng);
    mortality(state, context, rng);
    state.signals.arrived = state.signals.left;
    let gone = state.signals.left as f32 / state.community.adults().max(1) as f32;
    let fade = context.now.rules.residents.bridges_fade as f32;
    state.signals.bridges *= (1.0 - fade) * (1.0 - gone.min(1.0));
}

#[multiversion(targets = "simd")]
fn grow_older(state: &mut CommunityState, context: &Context) {
    let population = context.now.population;
    let (working, retired) = (population.time_working as f32, population.time_retired as f32);
    let (most, retirement) = (population.time_most as f32, population.retirement_age * 12);
    let residents = &mut state.community.residents;
    for (age, time) in residents.age.iter_mut().zip(&mut residents.time) {
        *age = (*age + 1).min(OLDEST as u16);
        if *age == retirement {
            // In proportion to what they had; on average those who had nothing to spare.
            *time = if working > 0.0 { *time * retired / working } else { retired }.min(most);
        }
    }
    for months in &mut residents.months_here {
        *months = months.saturating_add(1);
    }
}

fn move_households(state: &mut CommunityState, context: &Context, rng: CounterRng) {
    let rules = &context.now.rules.residents;
    let restless = state.signals.restless;
    let chance = [rules.move_renter, rules.move_owner].map(|chance| chance as f32 * restless);
    if chance == [0.0; 2] {
        return;
    }
    let month = context.now.month;
    for_each(state.community.households.len(), rng, MOVES, month, |household, draw| {
        let members = state.community.households.members(household);
        let owner = state.community.residents.traits[members.start].owner();
        if draw < chance[owner as usize] {
            state.signals.left += members.len() as u32;
            let_home(state, household, context.newcomers, rng, month);
        }
    });
}

/// The random numbers of those who apply for a home beside those drawn for it, as if of another place.
const APPLICANTS: u32 = u32::MAX;
const APPLIES: Stream = Stream::named("second applicant");

/// A household moves in. Where a second one applies, the one whose head has the higher education gets
/// the home: education stands for means (assumed).
fn let_home(
    state: &mut CommunityState,
    household: usize,
    newcomers: Option<&Pool>,
    rng: CounterRng,
    month: u32,
) {
    let attraction = state.signals.attraction as f64;
    let community = &mut state.community;
    move_in(community, household, rng, month);
    if attraction > 0.0 && rng.uniform(APPLIES, household as u32, month, 0) < attraction {
        compete(community, household, rng, month);
    }
    let Some(newcomers) = newcomers else { return };
    for i in community.households.members(household) {
        let donor = newcomers.donor(&community.residents, i, rng, month);
        donor.give_to_newcomer(&mut community.residents, i);
    }
}

/// A second household applies for the home that the first has moved into.
fn compete(community: &mut Community, household: usize, rng: CounterRng, month: u32) {
    let head = community.households.members(household).start;
    let first = community.residents.traits[head].education();
    move_in(community, household, rng.of(APPLICANTS), month);
    if community.residents.traits[head].education() < first {
        move_in(community, household, rng, month);
    }
}

/// Calls `f` with each number below `n` and a draw of its own. Four share one block of words; which
/// is whose depends on the number alone.
fn for_each(n: usize, rng: CounterRng, stream: Stream, month: u32, mut f: impl FnMut(usize, f32)) {
    let mut draws = [[0.0f32; BLOCKS]; 4];
    for first in (0..n.div_ceil(4)).step_by(BLOCKS) {
        draw(rng, stream, month, first as u32, &mut draws);
        for who in 4 * first..(4 * (first + BLOCKS)).min(n) {
            f(who, draws[who % 4][who / 4 - first]);
        }
    }
}

/// Blocks of words that are drawn in one loop, which becomes vector instructions.
const BLOCKS: usize = 32;

#[multiversion(targets = "simd")]
fn draw(rng: CounterRng, stream: Stream, month: u32, first: u32, draws: &mut [[f32; BLOCKS]; 4]) {
    let [a, b, c, d] = draws;
    for k in 0..BLOCKS {
        let words = rng.block(stream, first + k as u32, month, 0);
        (a[k], b[k], c[k], d[k]) = (unit(words[0]), unit(words[1]), unit(words[2]), unit(words[3]));
    }
}

fn mortality(state: &mut CommunityState, context: &Context, rng: CounterRng) {
    let rules = &context.now.rules.residents;
    let (scale, returns) = (rules.mortality as f32, rules.leave_at_retirement);
    if scale == 0.0 && returns == 0.0 {
        return;
    }
    let (tables, month) = (state.community.tables.clone(), context.now.month);
    let retirement = context.now.population.retirement_age * 12;
    for_each(state.community.adults(), rng, DEATH, month, |i, draw| {
        let age = state.community.residents.age[i];
        let dies = draw < scale * tables.deaths[age as usize];
        let leaves = age == retirement && rng.uniform(RETURN, i as u32, month, 0) < returns;
        if dies || leaves {
            state.signals.left += 1;
            come_of_age(&mut state.community, i, context, rng);
        }
    });
}

/// Somebody who has grown up here takes the place of resident `i`: after somebody at home, or after the young of
/// the city.
fn come_of_age(community: &mut Community, i: usize, context: &Context, rng: CounterRng) {
    let month = context.now.month;
    settle(community, i, Arrival::CameOfAge, rng, month);
    let Some(newcomers) = context.newcomers else { return };
    let home = community.households.members(community.households.of(i));
    let others = home.len() as u32 - 1;
    let at_home = rng.uniform(TAKES_AFTER, i as u32, month, 0) < context.now.rules.residents.upbringing;
    let residents = &mut community.residents;
    if others > 0 && at_home {
        let other = home.start + rng.below(TAKES_AFTER, i as u32, month, 1, others) as usize;
        let other = if other >= i { other + 1 } else { other };
        Mind::of(residents, other).give_to_native(residents, i);
    } else {
        newcomers.donor(residents, i, rng, month).give_to_native(residents, i);
    }
}
