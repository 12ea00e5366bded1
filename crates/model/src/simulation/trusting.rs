//! Experience moves trust: with whom a resident had to do this month, and how it went.

use multiversion::multiversion;

use super::awareness::{Seen, look};
use super::{BLOCK, Context, REQUEST, Scratch};
use crate::base::rng::{CounterRng, Stream};
use crate::city::residents::TARGETS;
use crate::city::{DOMAINS, Mode, Needs, Residents, Target, domain::ENVIRONMENT};
use crate::institution::{CommunityState, Contact};
use crate::trust::{Circle, Influence};

const EXPERIENCE: Stream = Stream::named("experience");

/// Every resident's trust in every target moves by this month's experience, if there was one.
///
/// With a chance `c` of an experience and a share `q` of good ones, one draw `u` decides both:
/// good if u < c·q, bad if c·q ≤ u < c. What services and projects say is not drawn: everybody has it in part.
pub fn process(state: &mut CommunityState, scratch: &mut Scratch, context: &Context) {
    look(state, scratch, context.now.month);
    let n = state.community.adults();
    let Scratch { seen, experiences, .. } = scratch;
    let work = Work::of(state, context);
    for target in Target::ALL.into_iter().filter(|&target| !work.meets[target as usize]) {
        settle_trust(&mut state.community.residents, target, context);
    }
    experiences.tabulate(state, &work);
    let anybody = work.meets.iter().chain(&work.surprises).any(|&any| any) || work.projects.is_some();
    for start in (0..n).step_by(BLOCK).filter(|_| anybody) {
        experience(experiences, state, seen, context, &work, start);
    }
    if let Some(influence) = context.fitted.trust.influence() {
        talk(state, influence, &mut scratch.room, context);
    }
}

/// What there is to go through this month in one community.
struct Work {
    /// With whom residents may have an experience that is drawn.
    meets: [bool; TARGETS],
    /// Of whom services say something.
    surprises: [bool; TARGETS],
    /// Whom residents credit with projects and blame for them, if any ended.
    projects: Option<Target>,
    /// Whether changes of trust in one target pass on to others.
    spills: bool,
}

impl Work {
    fn of(state: &CommunityState, context: &Context) -> Work {
        let rules = &context.now.rules.residents;
        let signals = &state.signals;
        let for_all = signals.projects_finished.iter().chain(&signals.projects_failed).any(|&n| n > 0.0);
        let ended = for_all || !signals.projects_here.is_empty();
        Work {
            meets: Target::ALL
                .map(|target| !context.fitted.trust.rests() || may_meet(state, context, target)),
            surprises: signals.surprises.map(|by_domain| by_domain.iter().any(|&chance| chance != 0.0)),
            projects: ended.then_some(signals.projects_of),
            spills: rules.trust_spill > 0.0 || rules.trust_spill_levels > 0.0,
        }
    }
}

/// The block of residents from `start` on has to do with those whom residents of this community meet.
#[multiversion(targets = "simd")]
fn experience(
    experiences: &mut Experiences,
    state: &mut CommunityState,
    seen: &Seen,
    context: &Context<'_>,
    work: &Work,
    start: usize,
) {
    let len = BLOCK.min(state.community.adults() - start);
    let rng = context.now.rng.of(state.community.id);
    let rule = &context.fitted.trust;
    if work.meets.iter().any(|&meets| meets) {
        experiences.draw(rng, context.now.month, start, len);
    }
    for target in Target::ALL {
        let (meets, surprises) = (work.meets[target as usize], work.surprises[target as usize]);
        let projects = work.projects == Some(target);
        if work.spills {
            experiences.note(&state.community.residents, target, start, len);
        }
        if meets {
            experiences.fill(state, seen, context, target, start, len);
            experiences.join_in(state, context, target, start, len);
            experiences.decide(target, len);
            experiences.weigh(good_weight(target, context), len);
            let (trust, memory) = of(&mut state.community.residents, target, start, len);
            rule.update(trust, &experiences.good[..len], &experiences.bad[..len], memory);
        }
        if surprises {
            experiences.take_note(&state.community.residents, context, target, start, len);
            let (trust, memory) = of(&mut state.community.residents, target, start, len);
            rule.update(trust, &experiences.partly_good[..len], &experiences.partly_bad[..len], memory);
        }
        if projects {
            experiences.hear_of_projects(state, context, start, len);
            let (trust, memory) = of(&mut state.community.residents, target, start, len);
            rule.update(trust, &experiences.partly_good[..len], &experiences.partly_bad[..len], memory);
        }
        if work.spills {
            experiences.compare(&state.community.residents, target, start, len);
        }
        if meets {
            experiences.settle_trust(&mut state.community.residents, target, start, len, context);
        }
    }
    if work.spills {
        experiences.spill(&mut state.community.residents, context, start, len);
    }
}

/// What a good experience with `target` weighs: officers and officials of local government are judged by how
/// they treat one, all others by what they do.
fn good_weight(target: Target, context: &Context) -> f32 {
    let rules = &context.now.rules.residents;
    match target {
        Target::LocalGovernment => rules.good_fairness as f32,
        _ => rules.good_performance as f32,
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
        Target::Property => rules.property_contact > 0.0 && !state.local.property.compounds.is_empty(),
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
fn settle_trust(residents: &mut Residents, target: Target, context: &Context) {
    let rest = Rest::of(context);
    if rest.step > 0.0 {
        let own = &residents.own_rest[target as usize];
        for (trust, &own) in residents.trust[target as usize].iter_mut().zip(own) {
            *trust += rest.step * (rest.at(own) - *trust);
        }
    }
}

/// Where trust returns to, and how fast.
#[derive(Clone, Copy)]
struct Rest {
    /// Share of the distance in a month.
    step: f32,
    /// What a unit of [`Residents::own_rest`] counts; 0 where all rest at the same.
    own: f32,
    /// Where all rest; 0 where each rests at their own.
    common: f32,
}

impl Rest {
    fn of(context: &Context) -> Rest {
        let rules = &context.now.rules.residents;
        let is_own = rules.trust_own_rest as u8 as f32;
        Rest {
            step: rules.trust_return as f32,
            own: is_own / 255.0,
            common: (1.0 - is_own) * rules.trust_rest as f32,
        }
    }

    #[inline(always)]
    fn at(self, own: u8) -> f32 {
        self.own * own as f32 + self.common
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
    /// How much of a good experience each has by services or projects, which are not drawn.
    partly_good: [f32; BLOCK],
    /// How much of a bad one.
    partly_bad: [f32; BLOCK],
    /// Chance that services surprise a resident, by pair of needs, counted for each target.
    surprises: [[f32; Needs::PAIRS]; TARGETS],
    /// Trust before the month's experience, then by how much it changed, by target.
    changes: [[f32; BLOCK]; TARGETS],
}

impl Default for Experiences {
    fn default() -> Experiences {
        let zero = [0.0; BLOCK];
        Experiences {
            words: [[0; BLOCK]; 4],
            chance: zero,
            good: zero,
            bad: zero,
            partly_good: zero,
            partly_bad: zero,
            surprises: [[0.0; Needs::PAIRS]; TARGETS],
            changes: [zero; TARGETS],
        }
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
                everyone(common);
                // Only those whose compound is managed have to do with the management.
                let managed = &state.local.property.compounds;
                if !managed.is_empty() {
                    let public = signals.services[ENVIRONMENT];
                    let compounds = &residents.compound[start..start + len];
                    for (k, &compound) in compounds.iter().enumerate() {
                        let kept = signals.upkeep.get(compound as usize).copied().unwrap_or(0.0);
                        let is_managed = managed.get(compound as usize).is_some_and(|c| c.managed);
                        let chance = rules.property_contact as f32 * is_managed as u8 as f32;
                        let own = Contact { chance, good: public + kept * (1.0 - public) };
                        let both = common.and(own);
                        (self.chance[k], self.good[k]) = (both.chance, both.good);
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

    /// What services say of each target, for each pair of needs that a resident may have.
    fn tabulate(&mut self, state: &CommunityState, work: &Work) {
        for target in Target::ALL.into_iter().filter(|&target| work.surprises[target as usize]) {
            let by_domain = &state.signals.surprises[target as usize];
            for first in 0..DOMAINS {
                for second in 0..DOMAINS {
                    let needs = Needs::new(first as u8, second as u8);
                    self.surprises[target as usize][needs.pair()] = needs.weigh(by_domain);
                }
            }
        }
    }

    /// Services that one needs are better or worse than expected: so much of an experience with `target`.
    #[inline(always)]
    fn take_note(
        &mut self,
        residents: &Residents,
        context: &Context,
        target: Target,
        start: usize,
        len: usize,
    ) {
        let len = len.min(BLOCK);
        let weight = context.now.rules.residents.good_performance as f32;
        let table = &self.surprises[target as usize];
        let needs = &residents.needs[start..start + len];
        for k in 0..len {
            let surprise = table[needs[k].pair()];
            self.partly_good[k] = weight * surprise.max(0.0);
            self.partly_bad[k] = (-surprise).max(0.0);
        }
    }

    /// Those who know what goes on credit whoever decided with projects finished where they live and need them, and
    /// blame them for those that failed.
    #[inline(always)]
    fn hear_of_projects(&mut self, state: &CommunityState, context: &Context, start: usize, len: usize) {
        let len = len.min(BLOCK);
        let weight = context.now.rules.residents.good_performance as f32;
        let residents = &state.community.residents;
        let needs = &residents.needs[start..start + len];
        let mut aware = [0.0; BLOCK];
        residents.known(start..start + len, &mut aware[..len]);
        let compounds = &residents.compound[start..start + len];
        for k in 0..len {
            let domain = needs[k].first();
            let [finished, failed] = state.signals.projects_at(compounds[k]);
            self.partly_good[k] = weight * finished[domain].min(1.0) * aware[k];
            self.partly_bad[k] = failed[domain].min(1.0) * aware[k];
        }
    }

    /// Good experiences count by what their kind weighs.
    #[inline(always)]
    fn weigh(&mut self, weight: f32, len: usize) {
        self.good[..len.min(BLOCK)].iter_mut().for_each(|good| *good *= weight);
    }

    /// Trust in `target` before the experience of this month.
    #[inline(always)]
    fn note(&mut self, residents: &Residents, target: Target, start: usize, len: usize) {
        let len = len.min(BLOCK);
        let trust = &residents.trust[target as usize][start..start + len];
        self.changes[target as usize][..len].copy_from_slice(trust);
    }

    /// By how much the experience of this month changed trust in `target`.
    #[inline(always)]
    fn compare(&mut self, residents: &Residents, target: Target, start: usize, len: usize) {
        let trust = &residents.trust[target as usize][start..start + len];
        for (change, trust) in self.changes[target as usize].iter_mut().zip(trust) {
            *change = trust - *change;
        }
    }

    /// A share of each change passes on to trust in all others, more between levels of government. What
    /// passes on shifts the disposition to trust: trust moves by it as 4τ(1 − τ), most in the middle, so
    /// that shifts up and down of the same size cancel.
    #[inline(always)]
    fn spill(&mut self, residents: &mut Residents, context: &Context, start: usize, len: usize) {
        let len = len.min(BLOCK);
        let rules = &context.now.rules.residents;
        let (share, between_levels) = (rules.trust_spill as f32, rules.trust_spill_levels as f32);
        let (local, centre) = (Target::LocalGovernment as usize, Target::CentralGovernment as usize);
        let (mut all, mut levels) = ([0.0f32; BLOCK], [0.0f32; BLOCK]);
        for change in &self.changes {
            all.iter_mut().zip(change).for_each(|(all, change)| *all += change);
        }
        for (k, levels) in levels.iter_mut().enumerate() {
            *levels = self.changes[local][k] + self.changes[centre][k];
        }
        for target in Target::ALL {
            let near = (target as usize == local || target as usize == centre) as u8 as f32 * between_levels;
            let own = &self.changes[target as usize];
            let trust = &mut residents.trust[target as usize][start..start + len];
            for k in 0..len {
                let passed = share * (all[k] - own[k]) + near * (levels[k] - own[k]);
                let t = trust[k];
                trust[k] = (t + 4.0 * t * (1.0 - t) * passed).clamp(0.0, 1.0);
            }
        }
    }

    /// Where there was no experience, trust returns a step towards where it rests.
    #[inline(always)]
    fn settle_trust(
        &self,
        residents: &mut Residents,
        target: Target,
        start: usize,
        len: usize,
        context: &Context,
    ) {
        let rest = Rest::of(context);
        if rest.step == 0.0 {
            return;
        }
        let own = &residents.own_rest[target as usize][start..start + len];
        let trust = &mut residents.trust[target as usize][start..start + len];
        for ((trust, &own), (good, bad)) in trust.iter_mut().zip(own).zip(self.good.iter().zip(&self.bad)) {
            let quiet = (good + bad == 0.0) as u8 as f32;
            *trust += quiet * rest.step * (rest.at(own) - *trust);
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
