//! Residents decide, mode by mode, in blocks.
//!
//! Whether a resident takes part is: the mode is open to them (it is held, an occasion suits, they are
//! eligible), they know it, the theory in force says yes, and they have the time.

use rand::seq::SliceRandom;

use super::awareness::{acquaintances, count, look, look_around};
use super::{ACTIVE, BLOCK, Context, REQUEST, Scratch};
use crate::base::luck::{Luck, Stream, unit};
use crate::city::{MODES, Mode, Residents};
use crate::institution::Place;
use crate::scenario::Update;
use crate::theory::Inputs;

const DECISION: Stream = Stream::named("decision");
const ORDER: Stream = Stream::named("order of decisions");

/// All residents of a community decide.
pub fn process(place: &mut Place, scratch: &mut Scratch, context: &Context) {
    look(place, scratch, context.now.month);
    let n = place.community.adults();
    let mut tally = Tally::default();
    match context.fixed.update {
        Update::Synchronous => {
            // `seen` was taken before anybody decided, so blocks may write what they decide at once.
            for start in (0..n).step_by(BLOCK) {
                let end = (start + BLOCK).min(n);
                Block::new(place, &scratch.seen[start..end], context, start)
                    .decide(place, context, &mut tally);
            }
        }
        Update::RandomSequential => {
            let luck = context.now.luck.of(place.community.id);
            let mut order: Vec<u32> = (0..n as u32).collect();
            order.shuffle(&mut luck.generator(ORDER, 0, context.now.month));
            for i in order.into_iter().map(|i| i as usize) {
                scratch.seen[i] = look_around(&place.community.residents, &place.community.ties, i);
                Block::new(place, &scratch.seen[i..=i], context, i).decide(place, context, &mut tally);
            }
        }
    }
    let commons = &mut place.commons;
    commons.took_part = tally.took_part;
    commons.eligible = tally.eligible;
    commons.participants = tally.participants;
    commons.hours = tally.quarters as f64 / 4.0;
    commons.requests += tally.requests + tally.took_part[Mode::Complaint as usize];
}

/// What is counted while residents decide.
#[derive(Default)]
struct Tally {
    took_part: [u32; MODES],
    eligible: [u32; MODES],
    participants: u32,
    quarters: u64,
    requests: u32,
}

/// What every mode needs to know of a block of residents.
pub struct Block {
    start: usize,
    len: usize,
    /// 1 / number of acquaintances, less while a newcomer settles in.
    weight: [f32; BLOCK],
    /// 1 / free hours.
    per_hour: [f32; BLOCK],
    duty: [f32; BLOCK],
    /// What each sees acquaintances do.
    seen: [u64; BLOCK],
    /// Draws: one for each mode, one for being asked, one for filing a request.
    draws: [[f32; BLOCK]; 12],
}

/// Lane of the draw for being asked in person.
const ASKED: usize = MODES;
/// Lane of the draw for filing a request.
const REQUESTS: usize = MODES + 1;

impl Block {
    /// The block of residents that begins at `start`, whose acquaintances `seen` describes.
    pub fn new(place: &Place, seen: &[u64], context: &Context, start: usize) -> Block {
        let len = seen.len();
        let residents = &place.community.residents;
        let mut block = Block {
            start,
            len,
            weight: [0.0; BLOCK],
            per_hour: [0.0; BLOCK],
            duty: [0.0; BLOCK],
            seen: [0; BLOCK],
            draws: [[0.0; BLOCK]; 12],
        };
        block.seen[..len].copy_from_slice(seen);
        let settling = context.now.rules.residents.settling_months.max(1) as f32;
        for k in 0..len {
            let i = start + k;
            let known = acquaintances(&place.community.ties, i).max(1) as f32;
            let settled = ((residents.months_here[i] + 1) as f32 / settling).min(1.0);
            block.weight[k] = settled / known;
            block.per_hour[k] = 1.0 / residents.time[i].max(0.25);
            // Duty is what interest, attachment and party membership amount to (assumed weights).
            block.duty[k] = 0.5 * residents.interest[i]
                + 0.25 * residents.attachment[i]
                + 0.25 * residents.traits[i].party() as u8 as f32;
        }
        block.draw(context.now.luck.of(place.community.id), context.now.month, &place.commons.open);
        block
    }

    /// Four draws at a time; those of modes that are all closed are not needed.
    fn draw(&mut self, luck: Luck, month: u32, open: &[f32; MODES]) {
        for group in 0..3 {
            let lanes = group * 4..group * 4 + 4;
            let needed = group == 2 || open[lanes.clone()].iter().any(|&o| o > 0.0);
            if !needed {
                continue;
            }
            let [a, b, c, d] = &mut self.draws[lanes] else { unreachable!() };
            for k in 0..self.len {
                let words = luck.words(DECISION, (self.start + k) as u32, month, group as u32);
                (a[k], b[k], c[k], d[k]) = (unit(words[0]), unit(words[1]), unit(words[2]), unit(words[3]));
            }
        }
    }

    fn decide(&self, place: &mut Place, context: &Context, tally: &mut Tally) {
        let mut acts = [0u16; BLOCK];
        let mut chances = [[0.0f32; BLOCK]; MODES];
        let open = place.commons.open;
        for mode in Mode::ALL.into_iter().filter(|&m| open[m as usize] > 0.0) {
            let chance = &mut chances[mode as usize];
            tally.eligible[mode as usize] += self.chance(place, context, mode, chance);
            let draws = &self.draws[mode as usize];
            for k in 0..self.len {
                acts[k] |= ((draws[k] < chance[k]) as u16) << mode as u16;
            }
        }
        self.keep_within_time(place, context, &chances, &mut acts);
        self.write(place, context, &acts, tally);
    }

    /// Writes each resident's chance of taking part in `mode` to `chance`; returns how many are
    /// eligible.
    pub fn chance(&self, place: &Place, context: &Context, mode: Mode, chance: &mut [f32; BLOCK]) -> u32 {
        let residents = &place.community.residents;
        let range = self.start..self.start + self.len;
        let terms = self.terms(place, context, mode);
        let intercept = context.fixed.intercepts[mode as usize];
        context.fixed.theory.probability(
            intercept,
            &terms.inputs(self, residents, mode),
            &mut chance[..self.len],
        );
        let open = place.commons.open[mode as usize];
        let unannounced = 1.0 - place.commons.announced[mode as usize];
        let awareness = &residents.awareness[range];
        for k in 0..self.len {
            let knows = 1.0 - (1.0 - awareness[k]) * unannounced;
            chance[k] *= open * knows.max(terms.asked[k]);
        }
        self.leave_out_ineligible(place, context, mode, chance)
    }

    /// The inputs of the theory that depend on the mode.
    pub fn terms(&self, place: &Place, context: &Context, mode: Mode) -> Terms {
        let residents = &place.community.residents;
        let (m, start) = (mode as usize, self.start);
        let settings = &context.now.rules.modes[m];
        let commons = &place.commons;
        let mut terms = Terms {
            norm: [0.0; BLOCK],
            benefit: [0.0; BLOCK],
            cost: [0.0; BLOCK],
            habit: [0.0; BLOCK],
            asked: [0.0; BLOCK],
        };
        let (hours, friction) = (settings.hours as f32, settings.friction as f32);
        let (asked, stake, solidarity) = (commons.asked[m], commons.stake[m], commons.solidarity);
        let habit = &residents.habit[m][start..start + self.len];
        for k in 0..self.len {
            terms.norm[k] = (count(self.seen[k], mode) as f32 * self.weight[k] + solidarity).min(1.0);
            terms.cost[k] = 0.5 * (hours * self.per_hour[k]).min(1.0) + 0.5 * friction;
            terms.habit[k] = habit[k] as f32 * (1.0 / 65_535.0);
        }
        if mode == Mode::Complaint {
            // What a complaint may gain is what is not as it should be.
            for (benefit, satisfaction) in
                terms.benefit.iter_mut().zip(&residents.satisfaction[start..start + self.len])
            {
                *benefit = 1.0 - satisfaction;
            }
        } else {
            for (benefit, attachment) in
                terms.benefit.iter_mut().zip(&residents.attachment[start..start + self.len])
            {
                *benefit = stake * (0.5 + 0.5 * attachment);
            }
        }
        if asked > 0.0 {
            for k in 0..self.len {
                terms.asked[k] = (self.draws[ASKED][k] < asked) as u8 as f32;
            }
        }
        terms
    }

    /// Voting asks for some months of residence, the owners' assembly for ownership.
    fn leave_out_ineligible(
        &self,
        place: &Place,
        context: &Context,
        mode: Mode,
        chance: &mut [f32; BLOCK],
    ) -> u32 {
        let residents = &place.community.residents;
        let settled = context.now.rules.institutions.election.settled_months;
        let mut eligible = 0;
        match mode {
            Mode::Vote => {
                for k in 0..self.len {
                    let may = residents.months_here[self.start + k] >= settled;
                    chance[k] *= may as u8 as f32;
                    eligible += may as u32;
                }
            }
            Mode::Owners => {
                for k in 0..self.len {
                    let may = residents.traits[self.start + k].owner();
                    chance[k] *= may as u8 as f32;
                    eligible += may as u32;
                }
            }
            _ => eligible = self.len as u32,
        }
        eligible
    }

    /// Where what a resident would do takes more hours than they have, the least likely goes first.
    fn keep_within_time(
        &self,
        place: &Place,
        context: &Context,
        chances: &[[f32; BLOCK]; MODES],
        acts: &mut [u16; BLOCK],
    ) {
        let modes = &context.now.rules.modes;
        let hours: [f32; MODES] = std::array::from_fn(|m| modes[m].hours as f32);
        for k in 0..self.len {
            if acts[k].count_ones() < 2 {
                continue;
            }
            let free = place.community.residents.time[self.start + k];
            loop {
                let chosen = || (0..MODES).filter(|m| acts[k] >> m & 1 == 1);
                let needed: f32 = chosen().map(|m| hours[m]).sum();
                if needed <= free {
                    break;
                }
                let Some(least) =
                    chosen().min_by(|&a, &b| chances[a][k].total_cmp(&chances[b][k]).then(a.cmp(&b)))
                else {
                    break;
                };
                acts[k] &= !(1 << least);
            }
        }
    }

    /// Writes what was decided, and counts it.
    fn write(&self, place: &mut Place, context: &Context, acts: &[u16; BLOCK], tally: &mut Tally) {
        let modes = &context.now.rules.modes;
        let quarters: [u32; MODES] = std::array::from_fn(|m| (modes[m].hours * 4.0).round() as u32);
        let rate = context.now.rules.residents.request_rate as f32;
        let held: u16 =
            Mode::ALL.iter().filter(|&&m| place.commons.open[m as usize] > 0.0).map(|m| m.bit()).sum();
        let slot = (context.now.date.of_year() - 1) as usize;
        let residents = &mut place.community.residents;
        for k in 0..self.len {
            let i = self.start + k;
            let set = acts[k];
            let mut spent = 0;
            let mut left = set;
            while left != 0 {
                let m = left.trailing_zeros() as usize;
                tally.took_part[m] += 1;
                spent += if Mode::CIVIC >> m & 1 == 1 { quarters[m] } else { 0 };
                left &= left - 1;
            }
            let civic = set & Mode::CIVIC != 0;
            let request = self.draws[REQUESTS][k] < rate;
            tally.participants += civic as u32;
            tally.requests += request as u32;
            tally.quarters += spent as u64;
            residents.acts[i] = set | if request { REQUEST } else { 0 };
            let before = residents.took_part[i] & !held & !ACTIVE;
            residents.took_part[i] = before | set | if civic { ACTIVE } else { 0 };
            let spent = spent.min(255) as u8;
            let old = std::mem::replace(&mut residents.quarter_hours[slot][i], spent);
            residents.year_quarter_hours[i] += spent as u16;
            residents.year_quarter_hours[i] -= old as u16;
        }
    }
}

/// The inputs of a theory that depend on the mode.
pub struct Terms {
    norm: [f32; BLOCK],
    benefit: [f32; BLOCK],
    cost: [f32; BLOCK],
    habit: [f32; BLOCK],
    /// 1 if asked in person.
    pub asked: [f32; BLOCK],
}

impl Terms {
    /// As a theory sees them.
    pub fn inputs<'a>(&'a self, block: &'a Block, residents: &'a Residents, mode: Mode) -> Inputs<'a> {
        let range = block.start..block.start + block.len;
        let n = block.len;
        Inputs {
            mode,
            disposition: &residents.disposition[range.clone()],
            norm: &self.norm[..n],
            habit: &self.habit[..n],
            benefit: &self.benefit[..n],
            cost: &self.cost[..n],
            duty: &block.duty[..n],
            trust: &residents.trust[mode.counterpart() as usize][range.clone()],
            voice: &residents.voice[range],
            asked: &self.asked[..n],
        }
    }
}
