//! How a life begins: habits and last occasions in line with the base rates.

use super::Context;
use super::decision::Block;
use super::intercepts::{STAKE, reach, settled_habit};
use super::{ACTIVE, BLOCK};
use crate::base::luck::{Stream, unit};
use crate::city::{MODES, Mode};
use crate::institution::Place;

const FIRST: Stream = Stream::named("before the first month");

/// Gives every resident habits and a memory of who took part last, drawn from what the theory says
/// of them when everybody's acquaintances take part at the usual rate (base rate times reach).
pub fn place(place: &mut Place, context: &Context) {
    let n = place.community.adults();
    for mode in Mode::ALL {
        let habit = settled_habit(&context.now.rules.residents, usual(context, mode));
        place.community.residents.habit[mode as usize].fill((habit * 65_535.0) as u16);
    }
    place.commons.open = [1.0; MODES];
    place.commons.stake = [STAKE; MODES];
    let luck = context.now.luck.of(place.community.id);
    let mut block = Box::<Block>::default();
    for start in (0..n).step_by(BLOCK) {
        let len = BLOCK.min(n - start);
        block.load(place, &[0; BLOCK][..len], context, start);
        for mode in Mode::ALL {
            // Stands in for acquaintances who take part at the usual rate: it adds to what is seen.
            place.commons.solidarity = usual(context, mode);
            block.consider(place, context, mode);
        }
        let residents = &mut place.community.residents;
        for mode in Mode::ALL {
            for k in 0..len {
                let i = start + k;
                let willing = block.chance(mode, k) / residents.awareness[i].max(0.01);
                let chance = willing.min(1.0) * reach(mode);
                let habit = settled_habit(&context.now.rules.residents, chance);
                residents.habit[mode as usize][i] = (habit * 65_535.0) as u16;
                let draw = luck.words(FIRST, i as u32, 0, mode as u32 / 4)[mode as usize % 4];
                if unit(draw) < chance {
                    residents.took_part[i] |= mode.bit();
                    if mode == Mode::Event || mode == Mode::Volunteer {
                        residents.took_part[i] |= ACTIVE;
                    }
                }
            }
        }
    }
    place.commons.open = [0.0; MODES];
    place.commons.stake = [0.0; MODES];
    place.commons.solidarity = 0.0;
}

/// Share of residents who take part in `mode` under reference conditions.
fn usual(context: &Context, mode: Mode) -> f32 {
    context.now.rules.modes[mode as usize].base_rate as f32 * reach(mode)
}
