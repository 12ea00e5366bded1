//! Residents decide, mode by mode, in blocks.
//!
//! Whether a resident takes part is: the mode is open to them (it is held, an occasion suits, they are
//! eligible), they know it, the theory in force says yes, and they have the time.

use multiversion::multiversion;
use rand::seq::SliceRandom;

use super::awareness::{View, look};
use super::block::{Block, Tally};
use super::{ACTIVE, BLOCK, Context, REQUEST, Scratch};
use crate::base::rng::Stream;
use crate::city::{MODES, Mode, Residents};
use crate::institution::registration::Electorate;
use crate::institution::{CommunityState, Signals};
use crate::scenario::Update;

const ORDER: Stream = Stream::named("order of decisions");

/// All residents of a community decide.
pub fn process(state: &mut CommunityState, scratch: &mut Scratch, context: &Context) {
    look(state, scratch, context.now.month);
    let n = state.community.adults();
    let mut tally = Tally::default();
    match context.fitted.update {
        Update::Synchronous => {
            // What residents see changes only when all remember, at the end of the month.
            let Scratch { seen, block, .. } = scratch;
            for start in (0..n).step_by(BLOCK) {
                let end = (start + BLOCK).min(n);
                decide(block, state, seen.of(start..end), context, start, &mut tally);
            }
        }
        Update::RandomSequential => {
            let Scratch { seen, block, .. } = scratch;
            let rng = context.now.rng.of(state.community.id);
            let mut order: Vec<u32> = (0..n as u32).collect();
            order.shuffle(&mut rng.stream_rng(ORDER, 0, context.now.month));
            for i in order.into_iter().map(|i| i as usize) {
                seen.look_again(&state.community.residents, &state.community.ties, i);
                decide(block, state, seen.of(i..i + 1), context, i, &mut tally);
                let before = state.community.residents.took_part[i];
                remember(&mut state.community.residents, i, held(&state.signals.open));
                seen.notice(before, state.community.residents.took_part[i]);
            }
            // What others see from here on is what was decided, not what each saw before deciding.
            scratch.stamp = None;
        }
    }
    let signals = &mut state.signals;
    signals.took_part = tally.took_part;
    signals.eligible = tally.eligible;
    signals.participants = tally.participants;
    signals.mobilised = tally.mobilised;
    signals.hours = tally.quarters as f64 / 4.0;
    signals.migrants = match signals.open[Mode::Vote as usize] > 0.0 {
        true => {
            let electorate = Electorate::of(signals, &context.now.rules.institutions);
            migrants(&state.community.residents, electorate)
        }
        false => [0; 2],
    };
    let filed = tally.requests + tally.took_part[Mode::Complaint as usize];
    // Those who are not modelled one by one ask as often as those who are.
    signals.requests += (filed as f64 * signals.crowding as f64) as u32;
}

/// Of the residents registered elsewhere, those who may vote, and all.
fn migrants(residents: &Residents, electorate: Electorate) -> [u32; 2] {
    let migrants = (0..residents.len()).filter(|&i| !residents.traits[i].local());
    migrants.fold([0; 2], |[may, all], i| [may + electorate.has(residents, i) as u32, all + 1])
}

/// The residents from `start` on, whose acquaintances `seen` describes, decide.
#[multiversion(targets = "simd")]
fn decide(
    block: &mut Block,
    state: &mut CommunityState,
    seen: View<'_>,
    context: &Context<'_>,
    start: usize,
    tally: &mut Tally,
) {
    block.load(state, seen, context, start);
    block.decide(state, context, tally);
}

/// At the end of the month residents remember who took part: by mode, when it was last open, and
/// whether in anything at all this month.
pub fn remember_all(state: &mut CommunityState, _: &mut Scratch, _: &Context) {
    let held = held(&state.signals.open);
    for i in 0..state.community.adults() {
        remember(&mut state.community.residents, i, held);
    }
    let residents = &mut state.community.residents;
    count_months(&mut residents.since_volunteering, &residents.acts, Mode::Volunteer);
    count_months(&mut residents.since_meeting, &residents.acts, Mode::Meeting);
    let adults = state.community.adults().max(1) as f32;
    let signals = &mut state.signals;
    for mode in Mode::ALL.into_iter().filter(|mode| held & mode.bit() != 0) {
        signals.outcome[mode as usize] = outcome(signals, mode);
        signals.company[mode as usize] = signals.took_part[mode as usize] as f32 / adults;
    }
    signals.active = signals.participants as f32 / adults;
}

/// Another month since they last took part in `mode`, but for those who did this month.
fn count_months(since: &mut [u8], acts: &[u16], mode: Mode) {
    for (since, acts) in since.iter_mut().zip(acts) {
        let took_part = (acts & mode.bit() != 0) as u8;
        *since = since.saturating_add(1) * (1 - took_part);
    }
}

/// How well a mode that was open ended for the community: a vote is well used if it was for the one elected, a
/// voice if it is answered, and what residents do themselves is there as far as they do it.
fn outcome(signals: &Signals, mode: Mode) -> f32 {
    match mode {
        Mode::Vote if !signals.verdict.is_nan() => signals.verdict,
        _ if mode.is_voice() => signals.answered,
        _ => signals.took_part[mode as usize] as f32 / signals.eligible[mode as usize].max(1) as f32,
    }
}

/// Modes that were open this month, as a set of bits.
fn held(open: &[f32; MODES]) -> u16 {
    Mode::ALL.into_iter().filter(|&m| open[m as usize] > 0.0).fold(0, |set, m| set | m.bit())
}

#[inline(always)]
fn remember(residents: &mut Residents, i: usize, held: u16) {
    let acts = residents.acts[i] & !REQUEST;
    let active = if acts & Mode::CIVIC != 0 { ACTIVE } else { 0 };
    let before = residents.took_part[i] & !held & !ACTIVE;
    residents.took_part[i] = before | acts | active;
}
