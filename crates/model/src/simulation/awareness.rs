//! Residents look around: what their acquaintances do, and what they hear of.

use std::num::Wrapping;

use super::{ACTIVE, BLOCK, Context, Scratch};
use crate::city::ties::Everybody;
use crate::city::{Column, MODES, Mode, Residents, Ties, person};
use crate::institution::{CommunityState, Signals};

/// Most acquaintances who fit in a packed counter: `Ties::are_few`.
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

/// The counters of one who did what is in `set`.
#[inline(always)]
fn counters(set: u16) -> u64 {
    COUNTERS[(set & VISIBLE) as usize]
}

/// How many of `counts` took part in `mode`.
#[inline(always)]
pub fn count(counts: u64, mode: Mode) -> u32 {
    (counts >> (mode as u32 * WIDTH) & MASK) as u32
}

/// How many of `counts` were active last month.
#[inline(always)]
fn active_among(counts: u64) -> u32 {
    (counts >> (MODES as u32 * WIDTH) & MASK) as u32
}

/// The bits of `Residents::took_part` that others see.
const VISIBLE: u16 = 2 * ACTIVE - 1;

/// As the packed counters, but of any size and by weight: modes, then "active".
pub type WideCounts = [f32; MODES + 1];

/// What residents see acquaintances do.
#[derive(Default)]
pub struct Seen {
    /// Packed counters, where acquaintances are few and alike.
    few: Vec<u64>,
    /// Those who did anything, in the first entries.
    active: Vec<u32>,
    /// What each resident does, as packed counters of 0 or 1, and totals over them.
    done: [Vec<Wrapping<u64>>; 2],
    /// The same where only a few modes are open, packed for [`Seen::look_for_little`].
    little: [Vec<Wrapping<u16>>; 2],
    /// Wide counters, where they are not.
    many: Vec<WideCounts>,
    /// What all residents of the community do, where everybody sees everybody.
    all: WideCounts,
}

/// What some residents, one after another, see acquaintances do.
#[derive(Clone, Copy)]
pub enum View<'a> {
    /// See [`count`].
    Few(&'a [u64]),
    /// See [`WideCounts`].
    Many(&'a [WideCounts]),
}

impl View<'_> {
    /// Number of residents.
    pub fn len(&self) -> usize {
        match self {
            View::Few(seen) => seen.len(),
            View::Many(seen) => seen.len(),
        }
    }
}

impl Seen {
    /// Everybody looks around.
    pub fn look(&mut self, residents: &Residents, ties: &Ties) {
        let n = residents.len();
        self.few.clear();
        self.few.reserve(n);
        self.many.clear();
        if ties.are_few() {
            let quiet = residents.took_part.iter().filter(|&&set| set & VISIBLE == 0).count();
            if ties.are_mutual() && 2 * quiet > n {
                self.hear_from_those_who_did(residents, ties);
                return;
            }
            let done = residents.took_part.iter().fold(0, |all, set| all | set) & VISIBLE;
            match done.count_ones() {
                0..=3 => self.look_for_little(residents, ties, done),
                _ => {
                    let [done, totals] = &mut self.done;
                    done.clear();
                    done.extend(residents.took_part.iter().map(|&set| Wrapping(counters(set))));
                    ties.sums_of_all(done, totals, |seen| self.few.push(seen.0));
                }
            }
            return;
        }
        if ties.everybody().is_some() {
            self.all = [0.0; MODES + 1];
            residents.took_part.iter().for_each(|&set| add(&mut self.all, set, 1.0));
        }
        self.many.extend((0..n).map(|i| look_far(residents, ties, i, &self.all)));
    }

    /// As [`look_around`] for all residents: where most did nothing, it is quicker if the others tell.
    fn hear_from_those_who_did(&mut self, residents: &Residents, ties: &Ties) {
        self.few.resize(residents.len(), 0);
        // Who did is what no processor foresees: everybody is written down, and overwritten by the next one
        // if they did nothing.
        self.active.resize(residents.len() + 1, 0);
        let mut active = 0;
        for (i, &set) in residents.took_part.iter().enumerate() {
            self.active[active] = i as u32;
            active += (set & VISIBLE != 0) as usize;
        }
        ties.spread(&self.active[..active], |i| counters(residents.took_part[i]), &mut self.few);
    }

    /// As [`look_around`] for all residents, where nobody did anything outside the at most three bits of
    /// `done`: three counters fit in 16 bits, which needs no table.
    fn look_for_little(&mut self, residents: &Residents, ties: &Ties, done: u16) {
        let mut bits = [0u32; 3];
        let mut left = done;
        for bit in &mut bits {
            *bit = left.trailing_zeros().min(MODES as u32);
            left &= left.wrapping_sub(1);
        }
        // Bits that are not there are counted once more in the place of the last and left out again.
        let real = [1, 2, 3].map(|k| if done.count_ones() >= k { MASK } else { 0 });
        let packed = |&set: &u16| {
            Wrapping(
                (set >> bits[0] & 1) | (set >> bits[1] & 1) << WIDTH | (set >> bits[2] & 1) << (2 * WIDTH),
            )
        };
        let [little, totals] = &mut self.little;
        little.clear();
        little.extend(residents.took_part.iter().map(packed));
        let unpack = |seen: u16| -> u64 {
            (0..3).map(|k| (seen as u64 >> (k as u32 * WIDTH) & real[k]) << (bits[k] * WIDTH)).sum()
        };
        ties.sums_of_all(little, totals, |seen| self.few.push(unpack(seen.0)));
    }

    /// Resident `i` looks around anew.
    pub fn look_again(&mut self, residents: &Residents, ties: &Ties, i: usize) {
        if self.many.is_empty() {
            look_around(residents, ties, i..i + 1, |seen| self.few[i] = seen);
        } else {
            self.many[i] = look_far(residents, ties, i, &self.all);
        }
    }

    /// Where everybody sees everybody: one has done what is in the set `now` instead of `before`.
    pub fn notice(&mut self, before: u16, now: u16) {
        add(&mut self.all, before, -1.0);
        add(&mut self.all, now, 1.0);
    }

    /// What the residents `range` see.
    #[inline(always)]
    pub fn of(&self, range: std::ops::Range<usize>) -> View<'_> {
        if self.many.is_empty() { View::Few(&self.few[range]) } else { View::Many(&self.many[range]) }
    }

    /// How many acquaintances of each of the residents `range` were active last month, by weight.
    #[inline(always)]
    pub fn active_of(&self, range: std::ops::Range<usize>, out: &mut [f32]) {
        match self.of(range) {
            // Said so that the compiler knows numbers of 32 bits, which become vector instructions.
            View::Few(seen) => {
                out.iter_mut().zip(seen).for_each(|(out, &seen)| *out = active_among(seen) as i32 as f32);
            }
            View::Many(seen) => out.iter_mut().zip(seen).for_each(|(out, seen)| *out = seen[MODES]),
        }
    }
}

/// What each of the residents `who` sees of few acquaintances.
#[inline(always)]
fn look_around(residents: &Residents, ties: &Ties, who: std::ops::Range<usize>, tell: impl FnMut(u64)) {
    ties.sums(who, |j| counters(residents.took_part[j]), tell);
}

/// What resident `i` sees of many acquaintances, or of acquaintances of different weight.
fn look_far(residents: &Residents, ties: &Ties, i: usize, all: &WideCounts) -> WideCounts {
    let mut seen = [0.0; MODES + 1];
    match ties.everybody() {
        Some(whom) => {
            seen = *all;
            if whom == Everybody::Else {
                add(&mut seen, residents.took_part[i], -1.0);
            }
        }
        None => {
            let weights = ties.weights_of(i);
            for (k, j) in ties.of(i).iter().enumerate() {
                let weight = weights.get(k).copied().unwrap_or(1.0);
                add(&mut seen, residents.took_part[j], weight);
            }
        }
    }
    seen
}

/// Adds one who did what is in `set`.
#[inline(always)]
fn add(counts: &mut WideCounts, set: u16, weight: f32) {
    let mut left = set & VISIBLE;
    while left != 0 {
        counts[left.trailing_zeros() as usize] += weight;
        left &= left - 1;
    }
}

/// Everybody looks around; later processes of the month find it in the scratch. Where residents decide
/// one after another, everybody looks around anew once all have decided.
pub fn look(state: &CommunityState, scratch: &mut Scratch, month: u32) {
    let stamp = Some((state.community.id, month));
    if scratch.stamp != stamp {
        scratch.seen.look(&state.community.residents, &state.community.ties);
        scratch.stamp = stamp;
    }
}

/// Chance to hear nothing from so many active acquaintances, each of whom tells with a chance.
struct Hearsay {
    /// Of 0, 1, 2 … [`MOST`] of them.
    few: [f32; MOST + 1],
    /// ln(1 − chance to be told by one).
    silence: f64,
    /// The last number above [`MOST`] or not whole that was asked for, and the answer: where everybody
    /// sees everybody, there are only two.
    last: (f32, f32),
}

impl Hearsay {
    fn new(chance: f64) -> Hearsay {
        let mut few = [1.0f32; MOST + 1];
        for n in 1..=MOST {
            few[n] = few[n - 1] * (1.0 - chance as f32);
        }
        Hearsay { few, silence: libm::log1p(-chance), last: (0.0, 1.0) }
    }

    #[inline(always)]
    fn nothing_from(&mut self, active: f32) -> f32 {
        // Not `fract`, which without newer instructions is a call into a library.
        if active <= MOST as f32 && active as i32 as f32 == active {
            return self.few[active as usize];
        }
        if active != self.last.0 {
            self.last = (active, libm::exp(active as f64 * self.silence) as f32);
        }
        self.last.1
    }
}

/// What residents know of what is open, from people and from messages.
pub fn process(state: &mut CommunityState, scratch: &mut Scratch, context: &Context) {
    look(state, scratch, context.now.month);
    remember_messages(state, context.now.rules.institutions.outreach.message_half_life);
    hear_from_people(state, scratch, &context.now.rules.residents);
    let residents = &state.community.residents;
    state.signals.knowing = (Column::Known(residents).sum() / residents.len().max(1) as f64) as f32;
}

/// Days of a month.
const DAYS: f64 = 365.25 / 12.0;

/// Least share whom no message reaches, and who remember none: of nobody the logarithm is infinite.
const LEAST: f64 = 1e-6;

/// Messages come at any time of the month, each is forgotten after a random time, and an occasion asks who remembers
/// at least one. So the number m that one remembers is that of the busy servers of an M/M/∞ queue:
/// `m' = m·exp(−λ) + μ·(1 − exp(−λ))/λ`, with λ the rate of forgetting, μ = −ln(unread) the messages of a month, and
/// told = 1 − exp(−m). It is the same for all of an age band, since channels know residents by nothing else.
fn remember_messages(state: &mut CommunityState, half_life: f64) {
    let forgetting = std::f64::consts::LN_2 * DAYS / half_life;
    let kept = libm::exp(-forgetting);
    let of_this_month = -libm::expm1(-forgetting) / forgetting;
    for (told, &unread) in state.community.residents.told.iter_mut().zip(&state.signals.unread) {
        let messages = -libm::log((unread as f64).max(LEAST));
        let remembered = -libm::log1p(-*told as f64) * kept + messages * of_this_month;
        *told = (-libm::expm1(-remembered)).min(1.0 - LEAST) as f32;
    }
}

/// `a' = 1 − (1 − (1 − φ)·a) · unreached(age) · (1 − ω)^active · (1 − ω·p·k)^quiet`: the chance of knowing from
/// people is what is left of last month's, or one hears anew. Acquaintances who took part tell with ω; the others
/// tell p times as often, if they know, which is so with k, the community's mean of last month.
///
/// Source: proposed core model, equation 4 (independent channels), with forgetting φ; those who know but do not
/// take part tell a seventh as often (Banerjee, Chandrasekhar, Duflo and Jackson 2013).
fn hear_from_people(state: &mut CommunityState, scratch: &mut Scratch, rules: &person::Settings) {
    let kept = 1.0 - rules.forgetting as f32;
    let unreached = state.signals.unreached;
    let residents = &mut state.community.residents;
    let alike = unreached.iter().all(|&chance| chance == unreached[0]);
    if alike && rules.word_of_mouth == 0.0 {
        for awareness in &mut residents.awareness {
            *awareness = 1.0 - (1.0 - kept * *awareness) * unreached[0];
        }
        return;
    }
    let mut hearsay = Hearsay::new(rules.word_of_mouth);
    let mut passed_on = Hearsay::new(rules.word_of_mouth * rules.passing_on * state.signals.knowing as f64);
    // Those whom one knows across compounds are as active, and know as much, as the community on average.
    let Signals { bridges, active, .. } = state.signals;
    let across = hearsay.nothing_from(bridges * active) * passed_on.nothing_from(bridges * (1.0 - active));
    let unreached = unreached.map(|chance| chance * across);
    let ties = &state.community.ties;
    let mut known = [0.0; BLOCK];
    for start in (0..residents.len()).step_by(BLOCK) {
        let who = start..(start + BLOCK).min(residents.len());
        ties.degrees_of(who.clone(), &mut known[..who.len()]);
        let all = residents.awareness[who.clone()].iter_mut().zip(&residents.age[who.clone()]).zip(&known);
        let update = |awareness: &mut f32, age: u16, nothing: f32| {
            *awareness = 1.0 - (1.0 - kept * *awareness) * (unreached[Residents::band_at(age)] * nothing);
        };
        match scratch.seen.of(who) {
            View::Few(seen) => all.zip(seen).for_each(|(((a, &age), &known), &seen)| {
                let active = active_among(seen) as usize;
                let quiet = (known as i32 as usize).saturating_sub(active) & MASK as usize;
                update(a, age, hearsay.few[active] * passed_on.few[quiet]);
            }),
            View::Many(seen) => all.zip(seen).for_each(|(((a, &age), &known), seen)| {
                let (active, quiet) = (seen[MODES], (known - seen[MODES]).max(0.0));
                update(a, age, hearsay.nothing_from(active) * passed_on.nothing_from(quiet));
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::params::Settings as _;
    use crate::city::synth;
    use crate::institution::Local;
    use crate::scenario::Scenario;

    fn seen_by(residents: &Residents, ties: &Ties, who: std::ops::Range<usize>) -> Vec<u64> {
        let mut all = Vec::new();
        look_around(residents, ties, who, |seen| all.push(seen));
        all
    }

    #[test]
    fn one_pass_counts_every_mode() {
        let mut residents = Residents { took_part: vec![0; 41], ..Residents::default() };
        for j in 1..=40 {
            residents.took_part[j] = Mode::Event.bit() | if j % 2 == 0 { ACTIVE } else { 0 };
        }
        let pairs: Vec<(u32, u32)> = (1..=40).map(|j| (0, j)).collect();
        let ties = Ties::from_pairs(41, &pairs);
        let seen = seen_by(&residents, &ties, 0..1)[0];
        // Of forty acquaintances the first 31 are counted, the even ones among them active.
        assert_eq!((count(seen, Mode::Event), count(seen, Mode::Vote), active_among(seen)), (31, 0, 15));
        assert_eq!(count(seen_by(&residents, &ties, 1..2)[0], Mode::Event), 0);
    }

    #[test]
    fn many_acquaintances_are_counted_to_the_last_and_by_weight() {
        let mut residents = Residents { took_part: vec![0; 41], ..Residents::blank(41) };
        (1..=40).for_each(|j| residents.took_part[j] = Mode::Event.bit());
        let star: Vec<(u32, u32)> = (1..=40).map(|j| (0, j)).collect();
        let event_seen = |ties: &Ties, i: usize| {
            let mut seen = Seen::default();
            seen.look(&residents, ties);
            match seen.of(i..i + 1) {
                View::Few(seen) => count(seen[0], Mode::Event) as f32,
                View::Many(seen) => seen[0][Mode::Event as usize],
            }
        };
        assert_eq!(event_seen(&Ties::all_counted(41, &star), 0), 40.0);
        assert_eq!(event_seen(&Ties::of_everybody(41, Everybody::Else), 0), 40.0);
        assert_eq!(event_seen(&Ties::of_everybody(41, Everybody::Else), 1), 39.0);
        assert_eq!(event_seen(&Ties::of_everybody(41, Everybody::AndOneself), 1), 40.0);
        assert_eq!(event_seen(&Ties::from_arcs(41, &[(0, 1, 0.25), (0, 0, 0.5)]), 0), 0.25);
    }

    #[test]
    fn hearing_from_those_who_did_is_the_same_as_looking_around() {
        let pairs: Vec<(u32, u32)> =
            (0..200).flat_map(|i| [(i, (i * 7 + 1) % 200), (i, (i + 3) % 200)]).collect();
        let ties = Ties::from_pairs(200, &pairs);
        assert!(ties.are_mutual());
        for every in [1, 2, 3, 50] {
            let mut residents = Residents::blank(200);
            for (i, set) in residents.took_part.iter_mut().enumerate().filter(|(i, _)| i % every == 0) {
                *set = (i as u16 * 37) & VISIBLE;
            }
            let mut seen = Seen::default();
            seen.look(&residents, &ties);
            assert_eq!(seen.few, seen_by(&residents, &ties, 0..200), "every {every}");
        }
        // The thirty-second acquaintance hears nothing of the first, so that they do not know each other mutually.
        let star: Vec<(u32, u32)> = (1..=40).map(|j| (0, j)).collect();
        assert!(!Ties::from_pairs(41, &star).are_mutual() && Ties::all_counted(41, &star).are_mutual());
    }

    #[test]
    fn looking_for_little_sees_the_same() {
        let mut residents = Residents::blank(50);
        let ties = Ties::from_pairs(
            50,
            &(0..50).flat_map(|i| [(i, (i * 7 + 1) % 50), (i, (i + 3) % 50)]).collect::<Vec<_>>(),
        );
        for modes in
            [&[][..], &[Mode::Online], &[Mode::Vote, Mode::Sorting], &[Mode::Vote, Mode::Event, Mode::Online]]
        {
            for (i, set) in residents.took_part.iter_mut().enumerate() {
                *set = modes.iter().filter(|&&m| (i * 31 + m as usize * 17) % 3 == 0).map(|m| m.bit()).sum();
                *set |= if modes.len() < 3 && i % 4 == 0 { ACTIVE } else { 0 };
            }
            let mut seen = Seen::default();
            seen.look(&residents, &ties);
            assert_eq!(seen.few, seen_by(&residents, &ties, 0..50));
        }
    }

    #[test]
    fn hearsay_from_many_continues_hearsay_from_few() {
        let mut hearsay = Hearsay::new(0.04);
        let at = |n: f32, hearsay: &mut Hearsay| hearsay.nothing_from(n);
        assert!((at(32.0, &mut hearsay) / at(31.0, &mut hearsay) - 0.96).abs() < 1e-5);
        assert!(at(0.5, &mut hearsay) < 1.0 && at(0.5, &mut hearsay) > at(1.0, &mut hearsay));
    }

    /// A community of so many residents who know nothing and nobody.
    fn strangers(n: usize) -> CommunityState {
        let mut scenario = Scenario::standard();
        (scenario.population.communities, scenario.population.adults) = (1, n as u32);
        let mut city = synth::city(&scenario.population, &scenario.periods[0].rules.residents, 1);
        let mut community = city.communities.swap_remove(0);
        community.residents.awareness.fill(0.0);
        community.ties = Ties::from_pairs(n, &[]).into();
        CommunityState {
            community,
            local: Local::default(),
            signals: Signals::new(0.0),
            ledger: Default::default(),
        }
    }

    #[test]
    fn messages_are_remembered_as_busy_servers_and_forgotten_by_half_in_their_half_life() {
        let mut state = strangers(10);
        let month = |state: &mut CommunityState, half_life: f64, unread: f32| {
            state.signals.unread = [unread; 5];
            remember_messages(state, half_life);
            f64::from(state.community.residents.told[0])
        };
        // At rest one remembers what comes in a month times how many months it lasts: Little's law.
        let (unread, half_life) = (0.6f32, 7.0);
        let at_rest = (0..24).map(|_| month(&mut state, half_life, unread)).last().unwrap();
        let lasts = half_life / DAYS / std::f64::consts::LN_2;
        let expected = 1.0 - libm::exp(libm::log(f64::from(unread)) * lasts);
        assert!((at_rest - expected).abs() < 1e-6, "{at_rest}, not {expected}");
        // No message for a month: the number remembered falls by half in each half-life.
        let after = month(&mut state, half_life, 1.0);
        let number = |told: f64| -libm::log1p(-told);
        let fell = number(after) / number(at_rest);
        assert!((fell - libm::exp2(-DAYS / half_life)).abs() < 1e-5, "{fell}");
        // What is never forgotten adds up, and may be all there is.
        let mut state = strangers(10);
        let twice = [0, 1].map(|_| month(&mut state, 1e6, 0.9));
        assert!((twice[1] - (1.0 - 0.9 * 0.9)).abs() < 1e-4, "{twice:?}");
        assert!((0..100).all(|_| month(&mut state, 1e6, 0.0) < 1.0));
        assert!((0..24).map(|_| month(&mut state, 0.1, 1.0)).last().unwrap() < 1e-6);
    }

    #[test]
    fn who_knows_but_did_not_act_tells_a_share_of_what_one_who_acted_tells() {
        // Resident 1 took part, resident 3 did not; everybody knows with chance .4. Nobody else has a tie.
        let mut state = strangers(6);
        state.community.ties = Ties::from_pairs(6, &[(0, 1), (2, 3)]).into();
        state.community.residents.took_part.fill(0);
        state.community.residents.took_part[1] = ACTIVE;
        state.signals.knowing = 0.4;
        let rules = person::Settings { word_of_mouth: 0.2, passing_on: 0.25, ..person::Settings::standard() };
        let mut scratch = Scratch::default();
        look(&state, &mut scratch, 0);
        hear_from_people(&mut state, &mut scratch, &rules);
        let heard = &state.community.residents.awareness;
        let passed_on = 0.2 * 0.25 * 0.4;
        for (i, expected) in [(0, 0.2), (1, passed_on), (2, passed_on), (3, passed_on), (4, 0.0)] {
            assert!((heard[i] - expected).abs() < 1e-6, "{i}: {}", heard[i]);
        }
    }
}
