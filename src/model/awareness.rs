//! Residents look around: what their acquaintances do, and what they hear of.

use super::{ACTIVE, Context, Scratch};
use crate::city::{MODES, Mode, Residents, Ties};
use crate::institution::Place;

/// Acquaintances who are counted; few residents have more.
const MOST: usize = 31;
/// Bits of one counter: five hold up to [`MOST`].
const WIDTH: u32 = 5;
const MASK: u64 = (1 << WIDTH) - 1;

/// For each set of modes, one counter for each mode set to 0 or 1: ten modes and "active" share a
/// word, so that one pass over a resident's acquaintances counts all of them at once.
static COUNTERS: [u64; 1 << (MODES + 1)] = {
    let mut table = [0u64; 1 << (MODES + 1)];
    let mut set = 0;
    while set < table.len() {
        let mut bit = 0;
        while bit <= MODES {
            table[set] |= ((set as u64 >> bit) & 1) << (bit as u32 * WIDTH);
            bit += 1;
        }
        set += 1;
    }
    table
};

/// How many of `counts` took part in `mode`.
#[inline(always)]
pub fn count(counts: u64, mode: Mode) -> u32 {
    (counts >> (mode as u32 * WIDTH) & MASK) as u32
}

/// How many of `counts` were active last month.
#[inline(always)]
pub fn active(counts: u64) -> u32 {
    (counts >> (MODES as u32 * WIDTH) & MASK) as u32
}

/// Number of acquaintances of resident `i` that are counted.
#[inline(always)]
pub fn acquaintances(ties: &Ties, i: usize) -> usize {
    ties.of(i).len().min(MOST)
}

/// What resident `i` sees acquaintances do.
#[inline(always)]
pub fn look_around(residents: &Residents, ties: &Ties, i: usize) -> u64 {
    let others = ties.of(i);
    let others = &others[..others.len().min(MOST)];
    others.iter().map(|&j| COUNTERS[(residents.took_part[j as usize] & (2 * ACTIVE - 1)) as usize]).sum()
}

/// Everybody looks around; later processes of the month find it in the scratch. Where residents decide
/// one after another, everybody looks around anew once all have decided.
pub fn look(place: &Place, scratch: &mut Scratch, month: u32) {
    let stamp = Some((place.community.id, month));
    if scratch.stamp == stamp {
        return;
    }
    let (residents, ties) = (&place.community.residents, &place.community.ties);
    scratch.seen.clear();
    scratch.seen.extend((0..residents.len()).map(|i| look_around(residents, ties, i)));
    scratch.stamp = stamp;
}

/// `a' = 1 − (1 − (1 − φ)·a) · unreached(age) · (1 − ω)^(active acquaintances)`: the chance of knowing
/// is what is left of last month's, or one hears anew.
///
/// Source: proposed core model, equation 4 (independent channels), with forgetting φ.
pub fn process(place: &mut Place, scratch: &mut Scratch, context: &Context) {
    look(place, scratch, context.now.month);
    let rules = &context.now.rules.residents;
    let mut not_heard = [1.0f32; MOST + 1];
    for n in 1..=MOST {
        not_heard[n] = not_heard[n - 1] * (1.0 - rules.word_of_mouth as f32);
    }
    let kept = 1.0 - rules.forgetting as f32;
    let unreached = place.commons.unreached;
    let residents = &mut place.community.residents;
    for i in 0..residents.len() {
        let missed = unreached[residents.age_band(i)] * not_heard[active(scratch.seen[i]) as usize];
        residents.awareness[i] = 1.0 - (1.0 - kept * residents.awareness[i]) * missed;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_pass_counts_every_mode() {
        let mut residents = Residents { took_part: vec![0; 41], ..Residents::default() };
        for j in 1..=40 {
            residents.took_part[j] = Mode::Event.bit() | if j % 2 == 0 { ACTIVE } else { 0 };
        }
        let pairs: Vec<(u32, u32)> = (1..=40).map(|j| (0, j)).collect();
        let ties = Ties::from_pairs(41, &pairs);
        let seen = look_around(&residents, &ties, 0);
        // Of forty acquaintances the first 31 are counted, the even ones among them active.
        assert_eq!((count(seen, Mode::Event), count(seen, Mode::Vote), active(seen)), (31, 0, 15));
        assert_eq!(count(look_around(&residents, &ties, 1), Mode::Event), 0);
    }
}
