//! Residents decide, mode by mode, in blocks.
//!
//! Whether a resident takes part is: the mode is open to them (it is held, an occasion suits, they are
//! eligible), they know it, the theory in force says yes, and they have the time.

use multiversion::multiversion;
use rand::seq::SliceRandom;

use super::awareness::{View, look};
use super::block::{Block, Tally};
use super::{ACTIVE, BLOCK, Context, REQUEST, Scratch};
use crate::base::luck::Stream;
use crate::city::{MODES, Mode, Residents};
use crate::institution::{Commons, Place};
use crate::scenario::Update;

const ORDER: Stream = Stream::named("order of decisions");

/// All residents of a community decide.
pub fn process(place: &mut Place, scratch: &mut Scratch, context: &Context) {
    look(place, scratch, context.now.month);
    let n = place.community.adults();
    let mut tally = Tally::default();
    match context.fixed.update {
        Update::Synchronous => {
            // What residents see changes only when all remember, at the end of the month.
            let Scratch { seen, block, .. } = scratch;
            for start in (0..n).step_by(BLOCK) {
                let end = (start + BLOCK).min(n);
                decide(block, place, seen.of(start..end), context, start, &mut tally);
            }
        }
        Update::RandomSequential => {
            let Scratch { seen, block, .. } = scratch;
            let luck = context.now.luck.of(place.community.id);
            let mut order: Vec<u32> = (0..n as u32).collect();
            order.shuffle(&mut luck.generator(ORDER, 0, context.now.month));
            for i in order.into_iter().map(|i| i as usize) {
                seen.look_again(&place.community.residents, &place.community.ties, i);
                decide(block, place, seen.of(i..i + 1), context, i, &mut tally);
                let before = place.community.residents.took_part[i];
                remember(&mut place.community.residents, i, held(&place.commons.open));
                seen.notice(before, place.community.residents.took_part[i]);
            }
            // What others see from here on is what was decided, not what each saw before deciding.
            scratch.stamp = None;
        }
    }
    let commons = &mut place.commons;
    commons.took_part = tally.took_part;
    commons.eligible = tally.eligible;
    commons.participants = tally.participants;
    commons.mobilised = tally.mobilised;
    commons.hours = tally.quarters as f64 / 4.0;
    let filed = tally.requests + tally.took_part[Mode::Complaint as usize];
    // Those who are not modelled one by one ask as often as those who are.
    commons.requests += (filed as f64 * commons.crowding as f64) as u32;
}

/// The residents from `start` on, whose acquaintances `seen` describes, decide.
#[multiversion(targets = "simd")]
fn decide(
    block: &mut Block,
    place: &mut Place,
    seen: View<'_>,
    context: &Context<'_>,
    start: usize,
    tally: &mut Tally,
) {
    block.load(place, seen, context, start);
    block.decide(place, context, tally);
}

/// At the end of the month residents remember who took part: by mode, when it was last open, and
/// whether in anything at all this month.
pub fn remember_all(place: &mut Place, _: &mut Scratch, _: &Context) {
    let held = held(&place.commons.open);
    for i in 0..place.community.adults() {
        remember(&mut place.community.residents, i, held);
    }
    let adults = place.community.adults().max(1) as f32;
    let commons = &mut place.commons;
    for mode in Mode::ALL.into_iter().filter(|mode| held & mode.bit() != 0) {
        commons.outcome[mode as usize] = outcome(commons, mode);
        commons.company[mode as usize] = commons.took_part[mode as usize] as f32 / adults;
    }
    commons.active = commons.participants as f32 / adults;
}

/// How well a mode that was open ended for the community: a voice is well used if it is answered, and
/// what residents do themselves is there as far as they do it.
fn outcome(commons: &Commons, mode: Mode) -> f32 {
    match mode.is_voice() {
        true => commons.answered,
        false => commons.took_part[mode as usize] as f32 / commons.eligible[mode as usize].max(1) as f32,
    }
}

/// Modes that were open this month, as a set of bits.
pub(super) fn held(open: &[f32; MODES]) -> u16 {
    Mode::ALL.into_iter().filter(|&m| open[m as usize] > 0.0).fold(0, |set, m| set | m.bit())
}

#[inline(always)]
fn remember(residents: &mut Residents, i: usize, held: u16) {
    let acts = residents.acts[i] & !REQUEST;
    let active = if acts & Mode::CIVIC != 0 { ACTIVE } else { 0 };
    let before = residents.took_part[i] & !held & !ACTIVE;
    residents.took_part[i] = before | acts | active;
}
