//! Experience moves trust: with whom a resident had to do this month, and how it went.

use super::awareness::{acquaintances, active, look};
use super::{BLOCK, Context, REQUEST, Scratch};
use crate::base::luck::{Luck, Stream, unit};
use crate::city::{Mode, Target};
use crate::institution::{Contact, Place};

const EXPERIENCE: Stream = Stream::named("experience");

/// Domain of the environment, which the property company answers for.
const ENVIRONMENT: usize = 8;

/// Every resident's trust in every target moves by this month's experience, if there was one.
///
/// With a chance `c` of an experience and a share `q` of good ones, one draw `u` decides both:
/// good if u < c·q, bad if c·q ≤ u < c.
pub fn process(place: &mut Place, scratch: &mut Scratch, context: &Context) {
    look(place, scratch, context.now.month);
    let n = place.community.adults();
    let luck = context.now.luck.of(place.community.id);
    let Scratch { seen, experiences, .. } = scratch;
    for start in (0..n).step_by(BLOCK) {
        let len = BLOCK.min(n - start);
        experiences.draw(luck, context.now.month, start, len);
        for target in Target::ALL {
            experiences.fill(place, &seen[start..start + len], context, target, start);
            experiences.decide(target, len);
            let trust = &mut place.community.residents.trust[target as usize][start..start + len];
            context.fixed.trust.update(trust, &experiences.good[..len], &experiences.bad[..len]);
        }
    }
    hear_of_projects(place, context);
}

/// A block of residents who have experiences: a workspace, used over and over. Entries beyond the
/// length of the block mean nothing.
pub struct Experiences {
    /// Draws, by target; the last two lanes are spare.
    draws: [[f32; BLOCK]; 8],
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
        Experiences { draws: [zero; 8], chance: zero, good: zero, bad: zero }
    }
}

impl Experiences {
    fn draw(&mut self, luck: Luck, month: u32, start: usize, len: usize) {
        for (group, lanes) in self.draws.chunks_exact_mut(4).enumerate() {
            let [a, b, c, d] = lanes else { unreachable!("eight lanes are twice four") };
            for k in 0..len {
                let words = luck.words(EXPERIENCE, (start + k) as u32, month, group as u32);
                (a[k], b[k], c[k], d[k]) = (unit(words[0]), unit(words[1]), unit(words[2]), unit(words[3]));
            }
        }
    }

    fn fill(&mut self, place: &Place, seen: &[u64], context: &Context, target: Target, start: usize) {
        let len = seen.len();
        let rules = &context.now.rules.residents;
        let commons = &place.commons;
        let residents = &place.community.residents;
        let common = commons.contacts[target as usize];
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
                let good = commons.services[ENVIRONMENT];
                everyone(common.and(Contact { chance: rules.property_contact as f32, good }));
            }
            Target::Neighbours => {
                let worst = rules.neighbour_good as f32;
                let contact = rules.neighbour_contact as f32;
                for k in 0..len {
                    let known = acquaintances(&place.community.ties, start + k).max(1) as f32;
                    let company = active(seen[k]) as f32 / known;
                    let own = Contact { chance: contact, good: worst + (1.0 - worst) * company };
                    let both = common.and(own);
                    (self.chance[k], self.good[k]) = (both.chance, both.good);
                }
            }
            Target::Committee => {
                // Those who filed a request learn how it was handled, whatever else they meet.
                for k in 0..len {
                    let asked = (acts[k] & REQUEST != 0) as u8 as f32;
                    self.chance[k] = asked + (1.0 - asked) * common.chance;
                    self.good[k] = asked * commons.handled_well + (1.0 - asked) * common.good;
                }
            }
            Target::Organisations => {
                let met = Mode::Event.bit() | Mode::Volunteer.bit();
                let theirs = place.local.organisations.activities > 0.0;
                for k in 0..len {
                    let came = (theirs && acts[k] & met != 0) as u8 as f32;
                    self.chance[k] = came;
                    self.good[k] = common.good;
                }
            }
        }
    }

    /// Turns chances into experiences.
    fn decide(&mut self, target: Target, len: usize) {
        let draws = &self.draws[target as usize];
        for k in 0..len {
            let meets = (draws[k] < self.chance[k]) as u8 as f32;
            let good = (draws[k] < self.chance[k] * self.good[k]) as u8 as f32;
            (self.good[k], self.bad[k]) = (good, meets - good);
        }
    }
}

/// Those who know what goes on credit whoever decided with projects finished where they need them, and
/// blame them for those that failed.
fn hear_of_projects(place: &mut Place, context: &Context) {
    let (finished, failed) = (place.commons.projects_finished, place.commons.projects_failed);
    if finished.iter().chain(&failed).all(|&n| n == 0.0) {
        return;
    }
    let of = place.commons.projects_of;
    let residents = &mut place.community.residents;
    let n = residents.len();
    for start in (0..n).step_by(BLOCK) {
        let len = BLOCK.min(n - start);
        let (mut good, mut bad) = ([0.0f32; BLOCK], [0.0f32; BLOCK]);
        for k in 0..len {
            let domain = residents.needs[start + k].first();
            good[k] = finished[domain].min(1.0) * residents.awareness[start + k];
            bad[k] = failed[domain].min(1.0) * residents.awareness[start + k];
        }
        let trust = &mut residents.trust[of as usize][start..start + len];
        context.fixed.trust.update(trust, &good[..len], &bad[..len]);
    }
}
