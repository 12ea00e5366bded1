//! How a replicate begins: habits and last occasions in line with the base rates.

use rand::seq::SliceRandom;

use super::Context;
use super::awareness::View;
use super::block::Block;
use super::intercepts::{STAKE, reach, settled_habit};
use super::{ACTIVE, BLOCK, STEADFAST};
use crate::base::rng::{Stream, unit};
use crate::city::given::Activity;
use crate::city::{MODES, Mode};
use crate::institution::CommunityState;

const FIRST: Stream = Stream::named("before the first month");
const GIVEN: Stream = Stream::named("given activity");

/// Says who took part before the first month, and what habits residents have.
pub fn state(state: &mut CommunityState, context: &Context) {
    let given = &context.now.population.given;
    let rng = context.now.rng.of(state.community.id);
    let took_part = &mut state.community.residents.took_part;
    let mark = EVERYTHING | if given.steadfast { STEADFAST } else { 0 };
    match given.activity {
        Activity::Usual => {
            as_usual(state, context);
            if given.steadfast {
                let took_part = &mut state.community.residents.took_part;
                took_part.iter_mut().filter(|set| **set != 0).for_each(|set| *set |= STEADFAST);
            }
        }
        Activity::Share => {
            for (i, set) in took_part.iter_mut().enumerate() {
                let active = rng.uniform(GIVEN, i as u32, 0, 0) < given.active_share;
                *set = if active { mark } else { 0 };
            }
        }
        Activity::Number => {
            let number = (given.active_number as usize).min(took_part.len());
            let mut all: Vec<u32> = (0..took_part.len() as u32).collect();
            let (chosen, _) = all.partial_shuffle(&mut rng.stream_rng(GIVEN, 0, 0), number);
            chosen.iter().for_each(|&i| took_part[i as usize] = mark);
        }
        Activity::Listed => {
            for (set, &active) in took_part.iter_mut().zip(&given.active) {
                *set = if active > 0.5 { mark } else { 0 };
            }
        }
    }
}

/// Having taken part in every mode.
const EVERYTHING: u16 = ACTIVE | (ACTIVE - 1);

/// Gives every resident habits and a memory of who took part last, drawn from what the theory says
/// of them when everybody's acquaintances take part at the usual rate (base rate times reach).
fn as_usual(state: &mut CommunityState, context: &Context) {
    let n = state.community.adults();
    for mode in Mode::ALL {
        let habit = settled_habit(&context.now.rules.residents, mode, usual(context, mode));
        state.community.residents.habit[mode as usize].fill((habit * 65_535.0) as u16);
    }
    state.signals.open = [1.0; MODES];
    state.signals.stake = [STAKE; MODES];
    let rng = context.now.rng.of(state.community.id);
    let mut block = Box::<Block>::default();
    for start in (0..n).step_by(BLOCK) {
        let len = BLOCK.min(n - start);
        block.load(state, View::Few(&[0; BLOCK][..len]), context, start);
        for mode in Mode::ALL {
            // Stands in for acquaintances who take part at the usual rate: it adds to what is supposed of them.
            let visible = context.now.rules.modes[mode as usize].visibility as f32;
            state.signals.solidarity = visible * usual(context, mode);
            block.consider(state, context, mode);
        }
        let residents = &mut state.community.residents;
        for mode in Mode::ALL {
            for k in 0..len {
                let i = start + k;
                let willing = block.chance(mode, k) / residents.awareness[i].max(0.01);
                let chance = willing.min(1.0) * reach(mode);
                let habit = settled_habit(&context.now.rules.residents, mode, chance);
                residents.habit[mode as usize][i] = (habit * 65_535.0) as u16;
                let draw = rng.block(FIRST, i as u32, 0, mode as u32 / 4)[mode as usize % 4];
                if unit(draw) < chance {
                    residents.took_part[i] |= mode.bit();
                    if mode == Mode::Event || mode == Mode::Volunteer {
                        residents.took_part[i] |= ACTIVE;
                    }
                }
            }
        }
    }
    state.signals.open = [0.0; MODES];
    state.signals.stake = [0.0; MODES];
    state.signals.solidarity = 0.0;
}

/// Share of residents who take part in `mode` under reference conditions.
fn usual(context: &Context, mode: Mode) -> f32 {
    super::terms::usual(&context.now.rules.modes[mode as usize], mode)
}
