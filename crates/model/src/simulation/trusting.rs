//! Experience moves trust: with whom a resident had to do this month, and how it went.

use multiversion::multiversion;

use super::awareness::{Seen, look};
use super::{BLOCK, Context, REQUEST, Scratch};
use crate::base::rng::{CounterRng, Stream};
use crate::city::residents::TARGETS;
use crate::city::{Mode, Residents, Target, domain::ENVIRONMENT};
use crate::institution::{CommunityState, Contact};
use crate::trust::{Circle, Influence};

const EXPERIENCE: Stream = Stream::named("experience");

/// Every resident's trust in every target moves by this month's experience, if there was one.
///
/// With a chance `c` of an experience and a share `q` of good ones, one draw `u` decides both:
/// good if u < c·q, bad if c·q ≤ u < c.
pub fn process(state: &mut CommunityState, scratch: &mut Scratch, context: &Context) {
    look(state, scratch, context.now.month);
    let n = state.community.adults();
    let Scratch { seen, experiences, .. } = scratch;
    let meets = Target::ALL.map(|target| !context.fitted.trust.rests() || may_meet(state, context, target));
    for target in Target::ALL.into_iter().filter(|&target| !meets[target as usize]) {
        settle_trust(&mut state.community.residents.trust[target as usize], context);
    }
    let anybody = meets != [false; TARGETS];
    for start in (0..n).step_by(BLOCK).filter(|_| anybody) {
        experience(experiences, state, seen, context, &meets, start);
    }
    hear_of_projects(state, context);
    if let Some(influence) = context.fitted.trust.influence() {
        talk(state, influence, &mut scratch.room, context);
    }
}

/// The block of residents from `start` on has to do with those whom residents of this community `meets`.
#[multiversion(targets = "simd")]
fn experience(
    experiences: &mut Experiences,
    state: &mut CommunityState,
    seen: &Seen,
    context: &Context<'_>,
    meets: &[bool; TARGETS],
    start: usize,
) {
    let len = BLOCK.min(state.community.adults() - start);
    let rng = context.now.rng.of(state.community.id);
    experiences.draw(rng, context.now.month, start, len);
    for target in Target::ALL.into_iter().filter(|&target| meets[target as usize]) {
        experiences.fill(state, seen, context, target, start, len);
        experiences.join_in(state, context, target, start, len);
        experiences.decide(target, len);
        let (trust, memory) = of(&mut state.community.residents, target, start, len);
        context.fitted.trust.update(trust, &experiences.good[..len], &experiences.bad[..len], memory);
        experiences.settle_trust(trust, context);
    }
}

/// Trust of `len` residents in `target`, and what the rule remembers of it, if anything.
fn of(residents: &mut Residents, target: Target, start: usize, len: usize) -> (&mut [f32], &mut [f32]) {
    let trust = &mut residents.trust[target as usize][start..start + len];
    let memory = residents.memory.of_targets[target as usize].get_mut(start..start + len);
    (trust, memory.unwrap_or_default())
}

/// Residents tell one another whom they trust, one target after another.
fn talk(state: &mut CommunityState, influence: &dyn Influence, room: &mut Vec<f64>, context: &Context) {
    let ties = state.community.ties.clone();
    let n = state.community.adults();
    for target in Target::ALL {
        let circle = Circle {
            ties: &ties,
            susceptibility: &context.now.population.given.susceptibility,
            target,
            month: context.now.month,
            rng: context.now.rng.of(state.community.id),
        };
        let (trust, own) = of(&mut state.community.residents, target, 0, n);
        influence.listen(&circle, trust, own, room);
    }
}

/// False if no resident can have an experience with `target` this month.
fn may_meet(state: &CommunityState, context: &Context, target: Target) -> bool {
    let rules = &context.now.rules.residents;
    let own = match target {
        Target::Neighbours => rules.neighbour_contact > 0.0,
        Target::Property => rules.property_contact > 0.0,
        Target::CentralGovernment => rules.central_contact > 0.0,
        Target::LocalGovernment => false,
        Target::Committee => context.now.rules.institutions.staff.is_present(),
        Target::Organisations => state.local.organisations.activities > 0.0,
    };
    let taking_part = |mode: Mode| {
        let open = state.signals.open[mode as usize] > 0.0;
        open && mode.counterpart() == target && context.now.rules.modes[mode as usize].experience > 0.0
    };
    own || state.signals.contacts[target as usize].chance > 0.0 || Mode::ALL.into_iter().any(taking_part)
}

/// Nobody had an experience: trust returns a step towards where it rests.
#[multiversion(targets = "simd")]
fn settle_trust(trust: &mut [f32], context: &Context) {
    let rules = &context.now.rules.residents;
    let (step, rest) = (rules.trust_return as f32, rules.trust_rest as f32);
    if step > 0.0 {
        trust.iter_mut().for_each(|trust| *trust += step * (rest - *trust));
    }
}

/// A block of residents who have experiences: a workspace, used over and over. Entries beyond the
/// length of the block mean nothing.
pub struct Experiences {
    /// Random words, four for each resident.
    words: [[u32; BLOCK]; 4],
    /// Chance of an experience.
    chance: [f32; BLOCK],
    /// Share of good ones; after [`Experiences::decide`] 1 for those who had a good one.
    good: [f32; BLOCK],
    /// 1 for those who had a bad one.
    bad: [f32; BLOCK],
}

impl Default for Experiences {
    fn default() -> Experiences {
        let zero = [0.0; BLOCK];
        Experiences { words: [[0; BLOCK]; 4], chance: zero, good: zero, bad: zero }
    }
}

impl Experiences {
    /// One block of 128 bits for each resident: six draws of 21 bits, finer than any chance here needs.
    #[inline(always)]
    fn draw(&mut self, rng: CounterRng, month: u32, start: usize, len: usize) {
        let [a, b, c, d] = &mut self.words;
        for k in 0..len.min(BLOCK) {
            let words = rng.block(EXPERIENCE, (start + k) as u32, month, 0);
            [a[k], b[k], c[k], d[k]] = words;
        }
    }

    #[inline(always)]
    fn fill(
        &mut self,
        state: &CommunityState,
        seen: &Seen,
        context: &Context,
        target: Target,
        start: usize,
        len: usize,
    ) {
        // Said in a form from which the compiler sees that no bound can be broken.
        let len = len.min(BLOCK);
        let rules = &context.now.rules.residents;
        let signals = &state.signals;
        let residents = &state.community.residents;
        let common = signals.contacts[target as usize];
        let acts = &residents.acts[start..start + len];
        let mut everyone = |contact: Contact| {
            self.chance[..len].fill(contact.chance);
            self.good[..len].fill(contact.good);
        };
        match target {
            Target::LocalGovernment => everyone(common),
            Target::CentralGovernment => {
                let news = Contact { chance: rules.central_contact as f32, good: rules.central_good as f32 };
                everyone(common.and(news));
            }
            Target::Property => {
                let good = signals.services[ENVIRONMENT];
                everyone(common.and(Contact { chance: rules.property_contact as f32, good }));
                // What the management of one's own compound adds.
                if !signals.upkeep.is_empty() {
                    let compounds = &residents.compound[start..start + len];
                    for (good, &compound) in self.good.iter_mut().zip(compounds) {
                        let kept = signals.upkeep.get(compound as usize).copied().unwrap_or(0.0);
                        *good += kept * (1.0 - *good);
                    }
                }
            }
            Target::Neighbours => {
                let worst = rules.neighbour_good as f32;
                let contact = rules.neighbour_contact as f32;
                let (bridges, across) = (signals.bridges, signals.bridges * signals.active);
                let (mut active, mut known) = ([0.0f32; BLOCK], [0.0f32; BLOCK]);
                seen.active_of(start..start + len, &mut active[..len]);
                state.community.ties.known_of(start..start + len, &mut known[..len]);
                for k in 0..len {
                    let company = (active[k] + across) / (known[k] + bridges);
                    let good = worst + (1.0 - worst) * company;
                    // What common rules settle does not become a bad experience.
                    let own = Contact { chance: contact, good: good + (1.0 - good) * signals.common_rules };
                    let both = common.and(own);
                    (self.chance[k], self.good[k]) = (both.chance, both.good);
                }
            }
            Target::Committee => {
                // Those who filed a request learn how it was handled, whatever else they meet.
                // Where there are no staff, nobody was promised an answer.
                let staffed = context.now.rules.institutions.staff.is_present();
                for k in 0..len {
                    let asked = (staffed && acts[k] & REQUEST != 0) as u8 as f32;
                    self.chance[k] = asked + (1.0 - asked) * common.chance;
                    self.good[k] = asked * signals.handled_well + (1.0 - asked) * common.good;
                }
            }
            Target::Organisations => {
                let met = Mode::Event.bit() | Mode::Volunteer.bit();
                let theirs = state.local.organisations.activities > 0.0;
                for k in 0..len {
                    let came = (theirs && acts[k] & met != 0) as u8 as f32;
                    self.chance[k] = came;
                    self.good[k] = common.good;
                }
            }
        }
    }

    /// Those who took part in a mode have to do with its counterpart there.
    #[inline(always)]
    fn join_in(
        &mut self,
        state: &CommunityState,
        context: &Context,
        target: Target,
        start: usize,
        len: usize,
    ) {
        let len = len.min(BLOCK);
        let acts = &state.community.residents.acts[start..start + len];
        for mode in Mode::ALL.into_iter().filter(|mode| mode.counterpart() == target) {
            let settings = &context.now.rules.modes[mode as usize];
            if settings.experience == 0.0 || state.signals.open[mode as usize] == 0.0 {
                continue;
            }
            let met = Contact { chance: settings.experience as f32, good: settings.quality as f32 };
            for k in 0..len {
                let both = Contact { chance: self.chance[k], good: self.good[k] }.and(met);
                let came = acts[k] & mode.bit() != 0;
                self.chance[k] = if came { both.chance } else { self.chance[k] };
                self.good[k] = if came { both.good } else { self.good[k] };
            }
        }
    }

    /// Where there was no experience, trust returns a step towards where it rests.
    #[inline(always)]
    fn settle_trust(&self, trust: &mut [f32], context: &Context) {
        let rules = &context.now.rules.residents;
        let (step, rest) = (rules.trust_return as f32, rules.trust_rest as f32);
        if step == 0.0 {
            return;
        }
        for ((trust, good), bad) in trust.iter_mut().zip(&self.good).zip(&self.bad) {
            let quiet = (good + bad == 0.0) as u8 as f32;
            *trust += quiet * step * (rest - *trust);
        }
    }

    /// Turns chances into experiences, by the draw of this target: three draws share two words, each of
    /// which gives its upper 21 bits to one and the rest to the third.
    #[inline(always)]
    fn decide(&mut self, target: Target, len: usize) {
        let draw = target as usize;
        match draw % 3 {
            0 => self.meet(draw / 3, len, |low, _| low >> 11),
            1 => self.meet(draw / 3, len, |low, high| (low & 0x7ff) << 10 | high & 0x3ff),
            _ => self.meet(draw / 3, len, |_, high| high >> 11),
        }
    }

    #[inline(always)]
    fn meet(&mut self, pair: usize, len: usize, bits: impl Fn(u32, u32) -> u32) {
        const UNIT: f32 = 1.0 / (1u32 << 21) as f32;
        let (low, high) = (&self.words[2 * pair], &self.words[2 * pair + 1]);
        for k in 0..len.min(BLOCK) {
            let draw = bits(low[k], high[k]) as f32 * UNIT;
            let meets = (draw < self.chance[k]) as u8 as f32;
            let good = (draw < self.chance[k] * self.good[k]) as u8 as f32;
            (self.good[k], self.bad[k]) = (good, meets - good);
        }
    }
}

/// Those who know what goes on credit whoever decided with projects finished where they need them, and
/// blame them for those that failed.
fn hear_of_projects(state: &mut CommunityState, context: &Context) {
    let (finished, failed) = (state.signals.projects_finished, state.signals.projects_failed);
    if finished.iter().chain(&failed).all(|&n| n == 0.0) {
        return;
    }
    let whom = state.signals.projects_of;
    let residents = &mut state.community.residents;
    let n = residents.len();
    for start in (0..n).step_by(BLOCK) {
        let len = BLOCK.min(n - start);
        let (mut good, mut bad) = ([0.0f32; BLOCK], [0.0f32; BLOCK]);
        for k in 0..len {
            let domain = residents.needs[start + k].first();
            good[k] = finished[domain].min(1.0) * residents.awareness[start + k];
            bad[k] = failed[domain].min(1.0) * residents.awareness[start + k];
        }
        let (trust, memory) = self::of(residents, whom, start, len);
        context.fitted.trust.update(trust, &good[..len], &bad[..len], memory);
    }
}
