//! A block of residents who weigh, mode by mode, whether to take part.

use super::awareness::{Seen, View, WideCounts, count};
use super::terms::{benefit_of, cost, duty, knows, per_hour, usual};
use super::{BLOCK, Context, REQUEST, STEADFAST};
use crate::base::rng::{CounterRng, Stream, unit};
use crate::city::residents::ONE_CONTACT;
use crate::city::{MODES, Mode, Residents};
use crate::institution::registration::Electorate;
use crate::institution::{ASKERS, Ask, CommunityState};
use crate::theory::{Inputs, Last, REMEMBERED, Term};

const DECISION: Stream = Stream::named("decision");

/// What is counted while residents decide.
#[derive(Default)]
pub struct Tally {
    pub(super) took_part: [u32; MODES],
    pub(super) eligible: [u32; MODES],
    pub(super) participants: u32,
    pub(super) mobilised: u32,
    pub(super) quarters: u64,
    pub(super) requests: u32,
}

/// A block of residents who decide: a workspace, used over and over so that nothing is allocated or
/// cleared in between. Entries beyond `len`, and draws of modes that are closed, mean nothing.
pub struct Block {
    start: usize,
    len: usize,
    /// 1 / number of acquaintances, those won across compounds among them; less while a newcomer settles in.
    weight: [f32; BLOCK],
    /// 1 / free hours.
    per_hour: [f32; BLOCK],
    /// What each sees acquaintances do, if they are few.
    few: [u64; BLOCK],
    /// The same by mode, if they are many.
    many: [[f32; BLOCK]; MODES],
    /// Which of the two holds.
    are_few: bool,
    /// Draws: one for each mode, one that nobody needs, one for filing a request, one for each asker.
    draws: [[f32; BLOCK]; ASKED + ASKERS],
    /// Modes for which each is asked in person, and by how many.
    asked: [u16; BLOCK],
    contacts: [u16; BLOCK],
    /// What being asked does to each, relative to one who was not asked for a year.
    fresh: [f32; BLOCK],
    /// What the theory is told, of one mode at a time.
    terms: Terms,
    /// What a theory with memory remembers, of one mode at a time.
    memory: [[f32; BLOCK]; REMEMBERED],
    /// Chance that each knows what is open, from people or from messages.
    known: [f32; BLOCK],
    /// Chance that the mode considered last is open to each and known.
    reach: [f32; BLOCK],
    /// What being asked adds to the chance of wanting to take part in it.
    persuaded: [f32; BLOCK],
    /// 1 for those who are eligible.
    eligible: [f32; BLOCK],
    /// Chance of taking part, by mode.
    chances: [[f32; BLOCK]; MODES],
}

/// The inputs of a theory that are not columns of residents.
struct Terms {
    norm: [f32; BLOCK],
    acquaintances: [f32; BLOCK],
    benefit: [f32; BLOCK],
    cost: [f32; BLOCK],
    habit: [f32; BLOCK],
    duty: [f32; BLOCK],
    asked: [f32; BLOCK],
    not_asked: [f32; BLOCK],
}

/// Lane of the first draw for being asked in person.
const ASKED: usize = 12;
/// Lane of the draw for filing a request.
const REQUESTS: usize = MODES + 1;

impl Default for Block {
    fn default() -> Block {
        let zero = [0.0; BLOCK];
        Block {
            start: 0,
            len: 0,
            weight: zero,
            per_hour: zero,
            few: [0; BLOCK],
            many: [zero; MODES],
            are_few: true,
            draws: [zero; ASKED + ASKERS],
            asked: [0; BLOCK],
            contacts: [0; BLOCK],
            fresh: zero,
            terms: Terms {
                norm: zero,
                acquaintances: zero,
                benefit: zero,
                cost: zero,
                habit: zero,
                duty: zero,
                asked: zero,
                not_asked: zero,
            },
            memory: [zero; REMEMBERED],
            known: zero,
            reach: zero,
            persuaded: zero,
            eligible: zero,
            chances: [zero; MODES],
        }
    }
}

impl Block {
    /// Takes up the residents from `start` on, whose acquaintances `seen` describes.
    #[inline(always)]
    pub fn load(&mut self, state: &CommunityState, seen: View, context: &Context, start: usize) {
        debug_assert!(seen.len() <= BLOCK);
        (self.start, self.len) = (start, seen.len());
        match seen {
            View::Few(seen) => self.few[..seen.len()].copy_from_slice(seen),
            View::Many(seen) => self.take_apart(seen),
        }
        self.are_few = matches!(seen, View::Few(_));
        let residents = &state.community.residents;
        let settling = context.now.rules.residents.settling_months.max(1) as f32;
        let n = self.size();
        let acquaintances = &mut self.terms.acquaintances[..n];
        state.community.ties.known_of(start..start + n, acquaintances);
        acquaintances.iter_mut().for_each(|known| *known += state.signals.bridges);
        let months = &residents.months_here[start..start + n];
        for ((weight, &months), known) in self.weight.iter_mut().zip(months).zip(acquaintances) {
            let settled = ((months + 1) as f32 / settling).min(1.0);
            *weight = settled / *known;
        }
        for (per_hour, &time) in self.per_hour.iter_mut().zip(&residents.time[start..start + n]) {
            *per_hour = self::per_hour(time);
        }
        residents.known(start..start + n, &mut self.known[..n]);
        let interest =
            residents.interest[start..start + n].iter().zip(&residents.attachment[start..start + n]);
        let traits = &residents.traits[start..start + n];
        let duty_of = context.now.rules.residents.duty.map(|weight| weight as f32);
        for ((duty, (&interest, &attachment)), traits) in self.terms.duty.iter_mut().zip(interest).zip(traits)
        {
            *duty = self::duty(duty_of, interest, attachment, traits.party());
        }
        let nobody_asks = context.now.rules.residents.request_rate == 0.0;
        let rng = context.now.rng.of(state.community.id);
        let asks = &state.signals.asks;
        self.draw(rng, context.now.month, &state.signals.open, asks, nobody_asks);
        self.answer_the_door(asks, &residents.asked_lately[start..start + n], context);
    }

    /// Who is asked in person, for what and by how many, and what it does to them.
    #[inline(always)]
    fn answer_the_door(&mut self, asks: &[Ask; ASKERS], lately: &[u16], context: &Context) {
        let n = self.size();
        self.asked[..n].fill(0);
        self.contacts[..n].fill(0);
        if !asks.iter().any(|ask| ask.share > 0.0) {
            return;
        }
        for (ask, draws) in asks.iter().zip(&self.draws[ASKED..]).filter(|(ask, _)| ask.share > 0.0) {
            let all = self.asked[..n].iter_mut().zip(&mut self.contacts);
            for ((asked, contacts), &draw) in all.zip(draws) {
                let comes = (draw < ask.share) as u16;
                *asked |= comes * ask.modes;
                *contacts += comes;
            }
        }
        // Of this form, so that asking more often never does less in all: it comes to a bound.
        let tiring = context.now.rules.residents.tiring as f32 / ONE_CONTACT as f32;
        for (fresh, &lately) in self.fresh[..n].iter_mut().zip(lately) {
            *fresh = 1.0 / (1.0 + tiring * lately as f32);
        }
    }

    #[inline(always)]
    fn take_apart(&mut self, seen: &[WideCounts]) {
        for (m, counts) in self.many.iter_mut().enumerate() {
            counts.iter_mut().zip(seen).for_each(|(count, seen)| *count = seen[m]);
        }
    }

    /// Number of residents in the block, in a form from which the compiler sees that it is at most
    /// [`BLOCK`]: without it every loop would check its bounds and none become vector instructions.
    #[inline(always)]
    fn size(&self) -> usize {
        self.len.min(BLOCK)
    }

    /// Four draws at a time; those of modes that are all closed are not needed, nor those of askers who all
    /// ask nobody, nor, if it is `quiet`, those for filing requests.
    #[inline(always)]
    fn draw(&mut self, rng: CounterRng, month: u32, open: &[f32; MODES], asks: &[Ask; ASKERS], quiet: bool) {
        for group in 0..(ASKED + ASKERS) / 4 {
            let lanes = group * 4..group * 4 + 4;
            let of_modes = open.iter().skip(lanes.start).take(4).any(|&o| o > 0.0);
            let of_asks = lanes.clone().any(|lane| lane >= ASKED && asks[lane - ASKED].share > 0.0);
            let needed = of_modes || of_asks || group == 2 && !quiet;
            if !needed {
                continue;
            }
            let n = self.size();
            let [a, b, c, d] = &mut self.draws[lanes] else {
                unreachable!("there are four times as many lanes as groups")
            };
            for k in 0..n {
                let words = rng.block(DECISION, (self.start + k) as u32, month, group as u32);
                (a[k], b[k], c[k], d[k]) = (unit(words[0]), unit(words[1]), unit(words[2]), unit(words[3]));
            }
        }
    }

    /// Decides, and counts it. The block must have been loaded.
    #[inline(always)]
    pub fn decide(&mut self, state: &mut CommunityState, context: &Context, tally: &mut Tally) {
        let mut acts = [0u16; BLOCK];
        let open = state.signals.open;
        for mode in Mode::ALL.into_iter().filter(|&m| open[m as usize] > 0.0) {
            tally.eligible[mode as usize] += self.consider(state, context, mode);
            self.keep_in_mind(state, mode);
            let (draws, chance, n) = (&self.draws[mode as usize], &self.chances[mode as usize], self.size());
            for k in 0..n {
                acts[k] |= ((draws[k] < chance[k]) as u16) << mode as u16;
            }
            if context.now.population.given.steadfast {
                self.keep_steadfast(state, mode, &mut acts);
            }
        }
        self.keep_within_time(state, context, &mut acts);
        let both =
            acts.iter().zip(&self.asked).take(self.size()).map(|(acts, asked)| acts & asked & Mode::CIVIC);
        tally.mobilised += both.map(u16::count_ones).sum::<u32>();
        self.write(state, context, &acts, tally);
    }

    /// Works out each resident's chance of taking part in `mode`; returns how many are eligible.
    #[inline(always)]
    pub fn consider(&mut self, state: &CommunityState, context: &Context, mode: Mode) -> u32 {
        self.weigh(state, context, mode);
        self.recall(state, context, mode);
        let intercept = context.fitted.intercepts[mode as usize];
        let n = self.size();
        let residents = &state.community.residents;
        let inputs = inputs(&self.terms, &self.memory, residents, mode, self.start, n);
        let alone = Inputs { asked: &self.terms.not_asked[..n], ..inputs };
        let chance = &mut self.chances[mode as usize];
        context.fitted.theory.probability(intercept, &alone, &mut chance[..n]);
        let is_asked_for = state.signals.is_asked_for(mode);
        if is_asked_for {
            let persuaded = &mut self.persuaded;
            context.fitted.theory.probability(intercept, &inputs, &mut persuaded[..n]);
            let fresh = self.fresh[..n].iter().zip(&self.terms.asked);
            for ((persuaded, chance), (fresh, asked)) in persuaded[..n].iter_mut().zip(&*chance).zip(fresh) {
                // In what those differ who are not asked is the rounding of two evaluations.
                *persuaded = fresh * asked * (*persuaded - chance);
            }
        }
        let open = state.signals.open[mode as usize];
        let unannounced = 1.0 - state.signals.announced[mode as usize];
        let number = self.tell_eligible(state, context, mode);
        let reach = self.reach[..n].iter_mut().zip(&self.eligible);
        for ((reach, eligible), known) in reach.zip(&self.known) {
            *reach = eligible * open * knows(*known, unannounced);
        }
        let chance = &mut self.chances[mode as usize];
        chance[..n].iter_mut().zip(&self.reach).for_each(|(chance, reach)| *chance *= reach);
        if is_asked_for {
            let persuaded = self.persuaded[..n].iter().zip(&self.eligible);
            for (chance, (persuaded, eligible)) in chance[..n].iter_mut().zip(persuaded) {
                *chance += eligible * open * persuaded;
            }
        }
        number
    }

    /// Whoever took part before the first month takes part in `mode`, considered last, where they may.
    fn keep_steadfast(&self, state: &CommunityState, mode: Mode, acts: &mut [u16; BLOCK]) {
        let took_part = &state.community.residents.took_part[self.start..self.start + self.len];
        for ((acts, did), eligible) in acts.iter_mut().zip(took_part).zip(&self.eligible) {
            *acts |= ((did & STEADFAST != 0 && *eligible > 0.0) as u16) << mode as u16;
        }
    }

    /// Of `mode`, considered last: how many residents it reaches, and how many of them want to take part.
    pub fn expected(&self, mode: Mode) -> (f64, f64) {
        let sum = |column: &[f32]| column[..self.size()].iter().map(|&chance| f64::from(chance)).sum();
        (sum(&self.reach), sum(&self.chances[mode as usize]))
    }

    /// Where the theory remembers anything: calls it to mind, and lets the last occasion be a lesson.
    #[inline(always)]
    fn recall(&mut self, state: &CommunityState, context: &Context, mode: Mode) {
        let residents = &state.community.residents;
        if residents.memory.of_modes.is_empty() {
            return;
        }
        let (n, range) = (self.size(), self.start..self.start + self.size());
        for (mind, columns) in self.memory.iter_mut().zip(&residents.memory.of_modes) {
            mind[..n].copy_from_slice(&columns[mode as usize][range.clone()]);
        }
        let last = Last {
            took_part: &residents.took_part[range],
            outcome: state.signals.outcome[mode as usize],
            rng: context.now.rng.of(state.community.id),
            month: context.now.month,
            first: self.start,
        };
        let none = [[]; REMEMBERED];
        let inputs = inputs(&self.terms, &none, residents, mode, self.start, n);
        context.fitted.theory.learn(&last, &inputs, self.memory.each_mut().map(|mind| &mut mind[..n]));
    }

    /// What was called to mind, and learnt, is what is remembered from here on.
    #[inline(always)]
    fn keep_in_mind(&self, state: &mut CommunityState, mode: Mode) {
        let range = self.start..self.start + self.size();
        for (mind, columns) in self.memory.iter().zip(&mut state.community.residents.memory.of_modes) {
            columns[mode as usize][range.clone()].copy_from_slice(&mind[..range.len()]);
        }
    }

    /// Chance of resident `k` of the block to take part in `mode`, once considered.
    pub fn chance(&self, mode: Mode, k: usize) -> f32 {
        self.chances[mode as usize][k]
    }

    /// Gathers what the theory is told of `mode`.
    #[inline(always)]
    fn weigh(&mut self, state: &CommunityState, context: &Context, mode: Mode) {
        let residents = &state.community.residents;
        let (m, range) = (mode as usize, self.start..self.start + self.len);
        let settings = &context.now.rules.modes[m];
        let signals = &state.signals;
        let part = if mode == Mode::Vote { signals.ballot_cost } else { 1.0 };
        let (hours, friction) = (settings.hours as f32 * part, settings.friction as f32 * part);
        let stake = signals.stake[m];
        let visibility = settings.visibility as f32;
        let supposed = (1.0 - visibility) * usual(settings, mode) + signals.solidarity + signals.confidence;
        // Acquaintances won across compounds take part as the community does on average.
        let across = signals.bridges * signals.company[m];
        let n = self.size();
        let terms = &mut self.terms;
        if self.are_few {
            for k in 0..n {
                let seen = count(self.few[k], mode) as f32 + across;
                terms.norm[k] = (visibility * (seen * self.weight[k]) + supposed).min(1.0);
            }
        } else {
            for k in 0..n {
                let seen = self.many[m][k] + across;
                terms.norm[k] = (visibility * (seen * self.weight[k]) + supposed).min(1.0);
            }
        }
        let of_time = context.now.rules.residents.cost_of_time as f32;
        for k in 0..n {
            terms.cost[k] = cost(of_time, hours, self.per_hour[k], friction);
        }
        for (term, &habit) in terms.habit.iter_mut().zip(&residents.habit[m][range.clone()]) {
            *term = habit as f32 * (1.0 / 65_535.0);
        }
        if mode == Mode::Complaint {
            // What a complaint may gain is what is not as it should be.
            for (benefit, satisfaction) in terms.benefit.iter_mut().zip(&residents.satisfaction[range]) {
                *benefit = 1.0 - satisfaction;
            }
        } else {
            let unattached = context.now.rules.residents.unattached as f32;
            for (benefit, attachment) in terms.benefit.iter_mut().zip(&residents.attachment[range]) {
                *benefit = benefit_of(unattached, stake, *attachment);
            }
        }
        for (term, &asked) in terms.asked[..n].iter_mut().zip(&self.asked) {
            *term = (asked >> m & 1) as f32;
        }
    }

    /// Voting is for electors, the owners' assembly for owners.
    #[inline(always)]
    fn tell_eligible(&mut self, state: &CommunityState, context: &Context, mode: Mode) -> u32 {
        let (n, start) = (self.size(), self.start);
        let told = &mut self.eligible;
        let residents = &state.community.residents;
        let electorate = Electorate::of(&state.signals, &context.now.rules.institutions);
        let mut eligible = 0;
        match mode {
            Mode::Vote => {
                for k in 0..n {
                    let may = electorate.has(residents, start + k);
                    told[k] = may as u8 as f32;
                    eligible += may as u32;
                }
            }
            Mode::Owners => {
                for k in 0..n {
                    let may = residents.traits[start + k].owner();
                    told[k] = may as u8 as f32;
                    eligible += may as u32;
                }
            }
            _ => {
                told[..n].fill(1.0);
                eligible = n as u32;
            }
        }
        eligible
    }

    /// Where what a resident would do takes more hours than they have, the least likely goes first.
    #[inline(always)]
    fn keep_within_time(&self, state: &CommunityState, context: &Context, acts: &mut [u16; BLOCK]) {
        let chances = &self.chances;
        let modes = &context.now.rules.modes;
        let hours: [f32; MODES] = std::array::from_fn(|m| modes[m].hours as f32);
        let most: f32 = (0..MODES).filter(|&m| state.signals.open[m] > 0.0).map(|m| hours[m]).sum();
        if most == 0.0 {
            return;
        }
        let n = self.size();
        let mut needed = [0.0f32; BLOCK];
        for m in (0..MODES).filter(|&m| state.signals.open[m] > 0.0) {
            for (needed, acts) in needed[..n].iter_mut().zip(acts.iter()) {
                *needed += hours[m] * (acts >> m & 1) as f32;
            }
        }
        let time = &state.community.residents.time[self.start..self.start + n];
        for (k, &free) in time.iter().enumerate().filter(|&(k, &free)| needed[k] > free) {
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
    #[inline(always)]
    fn write(&self, state: &mut CommunityState, context: &Context, acts: &[u16; BLOCK], tally: &mut Tally) {
        let modes = &context.now.rules.modes;
        let quarters: [u32; MODES] = std::array::from_fn(|m| (modes[m].hours * 4.0).round() as u32);
        let rate = context.now.rules.residents.request_rate as f32 * state.signals.neediness;
        let slot = (context.now.date.of_year() - 1) as usize;
        let residents = &mut state.community.residents;
        let n = self.size();
        let mut spent = [0u32; BLOCK];
        for mode in Mode::ALL.into_iter().filter(|&m| state.signals.open[m as usize] > 0.0) {
            let m = mode as usize;
            let each = if Mode::CIVIC & mode.bit() != 0 { quarters[m] } else { 0 };
            let mut took_part = 0;
            for (spent, acts) in spent[..n].iter_mut().zip(acts) {
                let did = (acts >> m & 1) as u32;
                took_part += did;
                *spent += did * each;
            }
            tally.took_part[m] += took_part;
        }
        for (k, filed) in residents.acts[self.start..self.start + n].iter_mut().enumerate() {
            let request = self.draws[REQUESTS][k] < rate;
            tally.participants += (acts[k] & Mode::CIVIC != 0) as u32;
            tally.requests += request as u32;
            *filed = acts[k] | (request as u16 * REQUEST);
        }
        let lately = &mut residents.asked_lately[self.start..self.start + n];
        for (lately, &contacts) in lately.iter_mut().zip(&self.contacts) {
            *lately = lately_asked(*lately, contacts);
        }
        let this_month = &mut residents.quarter_hours[slot][self.start..self.start + n];
        let year = &mut residents.year_quarter_hours[self.start..self.start + n];
        for ((old, year), spent) in this_month.iter_mut().zip(year).zip(spent) {
            tally.quarters += spent as u64;
            let spent = spent.min(255) as u8;
            *year += spent as u16;
            *year -= *old as u16;
            *old = spent;
        }
    }
}

/// One mode as one resident considered it: the whole reckoning, for `shequ trace`.
pub struct Considered {
    /// The mode.
    pub mode: Mode,
    /// Chance that a suitable occasion exists.
    pub open: f32,
    /// Whether the resident is eligible.
    pub eligible: bool,
    /// Chance of knowing of it.
    pub knows: f32,
    /// What being asked in person adds to wanting to.
    pub persuaded: f32,
    /// The theory's terms; the last is the probability of wanting to, if known and open.
    pub terms: Vec<Term>,
    /// All of it together.
    pub chance: f32,
    /// Takes part if this is below the chance, and there is time.
    pub draw: f32,
}

/// How resident `i` considers every mode that is open, on the state before decisions are made.
pub fn explain(state: &CommunityState, context: &Context, i: usize) -> Vec<Considered> {
    let residents = &state.community.residents;
    let mut block = Box::<Block>::default();
    let mut seen = Seen::default();
    seen.look(residents, &state.community.ties);
    block.load(state, seen.of(i..i + 1), context, i);
    let open = state.signals.open;
    let is_open = |m: &Mode| open[*m as usize] > 0.0;
    let explain_mode = |mode: Mode| {
        let eligible = block.consider(state, context, mode) > 0;
        let intercept = context.fitted.intercepts[mode as usize];
        let inputs = inputs(&block.terms, &block.memory, residents, mode, i, 1);
        let alone = Inputs { asked: &block.terms.not_asked[..1], ..inputs };
        let unannounced = 1.0 - state.signals.announced[mode as usize];
        Considered {
            mode,
            open: open[mode as usize],
            eligible,
            knows: knows(block.known[0], unannounced),
            persuaded: if state.signals.is_asked_for(mode) { block.persuaded[0] } else { 0.0 },
            terms: context.fitted.theory.terms(intercept, &alone, 0),
            chance: block.chance(mode, 0),
            draw: block.draws[mode as usize][0],
        }
    };
    Mode::ALL.into_iter().filter(is_open).map(explain_mode).collect()
}

/// How often one was asked of late, a month and so many `contacts` later: a twelfth is forgotten, so that those
/// of the last year count.
#[inline(always)]
fn lately_asked(lately: u16, contacts: u16) -> u16 {
    (lately - lately.div_ceil(12)).saturating_add(contacts * ONE_CONTACT)
}

/// A block of residents as a theory sees them. Where it remembers nothing, what stands in its memory
/// means nothing.
#[inline(always)]
fn inputs<'a, const M: usize>(
    terms: &'a Terms,
    memory: &'a [[f32; M]; REMEMBERED],
    residents: &'a Residents,
    mode: Mode,
    start: usize,
    n: usize,
) -> Inputs<'a> {
    let range = start..start + n;
    Inputs {
        mode,
        disposition: &residents.disposition[range.clone()],
        norm: &terms.norm[..n],
        acquaintances: &terms.acquaintances[..n],
        habit: &terms.habit[..n],
        benefit: &terms.benefit[..n],
        cost: &terms.cost[..n],
        duty: &terms.duty[..n],
        interest: &residents.interest[range.clone()],
        skill: &residents.skill[range.clone()],
        internal_efficacy: &residents.internal_efficacy[range.clone()],
        external_efficacy: &residents.external_efficacy[range.clone()],
        trust: &residents.trust[mode.counterpart() as usize][range.clone()],
        asked: &terms.asked[..n],
        age: &residents.age[range.clone()],
        traits: &residents.traits[range],
        memory: memory.each_ref().map(|mind| &mind[..n.min(M)]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_is_asked_every_month_was_asked_twelve_times_of_late_and_who_no_more_forgets() {
        let months = |lately, contacts, n| (0..n).fold(lately, |lately, _| lately_asked(lately, contacts));
        let often = months(0, 1, 240) as f32 / ONE_CONTACT as f32;
        // The sum of (11/12)^k; whole numbers round a little down.
        assert!((often - 12.0).abs() < 0.05, "{often}");
        let year_later = months(ONE_CONTACT, 0, 12) as f32 / ONE_CONTACT as f32;
        assert!((year_later - (11.0f32 / 12.0).powi(12)).abs() < 0.01, "{year_later}");
        assert_eq!(months(ONE_CONTACT, 0, 120), 0);
        assert_eq!(lately_asked(u16::MAX, 8), u16::MAX);
    }
}
