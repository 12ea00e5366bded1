//! What residents take from the month: habit, skill, efficacy, interest, attachment, satisfaction.
//!
//! Source of the steps: proposed core model, equations 6 and 8; each step is a key of `[residents]`.

use multiversion::multiversion;

use super::awareness::look;
use super::{BLOCK, Context, REQUEST, Scratch};
use crate::base::rng::{Stream, unit};
use crate::city::{Mode, domain::ENVIRONMENT};
use crate::institution::CommunityState;

const HANDLING: Stream = Stream::named("handling of requests");

/// Modes that are a use of voice, as a set of bits.
const VOICE: u16 = {
    let mut set = 0;
    let mut m = 0;
    while m < Mode::ALL.len() {
        if Mode::ALL[m].is_voice() {
            set |= Mode::ALL[m].bit();
        }
        m += 1;
    }
    set
};

/// All residents of a community take their experience with them. A step of nil moves nobody, so what
/// takes no step is not gone through.
pub fn process(state: &mut CommunityState, scratch: &mut Scratch, context: &Context) {
    look(state, scratch, context.now.month);
    form_habits(state, context);
    learn(state, context);
    update_attachment(state, scratch, context);
    update_satisfaction(state, context);
}

/// `H' = H + gain · (1 − H)` on taking part, `H' = H − loss · open · H` otherwise, for modes that are open.
#[multiversion(targets = "simd")]
fn form_habits(state: &mut CommunityState, context: &Context) {
    let rules = &context.now.rules.residents;
    let residents = &mut state.community.residents;
    for mode in Mode::ALL {
        let open = state.signals.open[mode as usize];
        let [gain, loss] = rules.habit_steps(mode);
        // Bags that are followed one by one have formed their habit.
        let followed = mode == Mode::Sorting && state.signals.bags_followed;
        if open == 0.0 || followed || gain == 0.0 && loss == 0.0 {
            continue;
        }
        let loss = loss * open;
        for (habit, &acts) in residents.habit[mode as usize].iter_mut().zip(&residents.acts) {
            let h = *habit as f32;
            let up = h + gain * (65_535.0 - h);
            let down = h - loss * h;
            let next = if acts & mode.bit() != 0 { up } else { down };
            *habit = whole(next + 0.5);
        }
    }
}

/// The whole part of a number in [0, 65,536), as `as u16` has it, in steps that become vector instructions.
#[inline(always)]
fn whole(number: f32) -> u16 {
    /// 2²³: what is added to it loses its fraction, and stands in its low bits.
    const ROUNDER: f32 = 8_388_608.0;
    let nearest = (number + ROUNDER) - ROUNDER;
    let below = nearest - (nearest > number) as u8 as f32;
    (below + ROUNDER).to_bits() as u16
}

/// Doing teaches; being heard, or not, teaches too.
#[multiversion(targets = "simd")]
fn learn(state: &mut CommunityState, context: &Context) {
    let rules = &context.now.rules.residents;
    let (skill_gain, internal_efficacy_gain) = (rules.skill_gain as f32, rules.internal_efficacy_gain as f32);
    let (fade, external_efficacy_gain) =
        (rules.internal_efficacy_fade as f32, rules.external_efficacy_gain as f32);
    if skill_gain == 0.0 && internal_efficacy_gain == 0.0 && fade == 0.0 && external_efficacy_gain == 0.0 {
        return;
    }
    let answered = state.signals.answered;
    let residents = &mut state.community.residents;
    // A column at a time, which becomes vector instructions.
    let civic = |acts: u16| (acts & Mode::CIVIC != 0) as u8 as f32;
    for (skill, &acts) in residents.skill.iter_mut().zip(&residents.acts) {
        let civic = civic(acts);
        *skill += civic * skill_gain * (1.0 - *skill) - (1.0 - civic) * fade * *skill;
    }
    for (internal_efficacy, &acts) in residents.internal_efficacy.iter_mut().zip(&residents.acts) {
        let civic = civic(acts);
        *internal_efficacy += civic * internal_efficacy_gain * (1.0 - *internal_efficacy)
            - (1.0 - civic) * fade * *internal_efficacy;
    }
    let overlooked = &state.signals.overlooked;
    let alike = overlooked.iter().all(|&share| share == 1.0);
    let all = residents.external_efficacy.iter_mut().zip(&residents.acts);
    let spoke = |acts: u16| (acts & VOICE != 0) as u8 as f32;
    if alike {
        all.for_each(|(external_efficacy, &acts)| {
            *external_efficacy += spoke(acts) * external_efficacy_gain * (answered - *external_efficacy);
        });
    } else {
        for ((external_efficacy, &acts), needs) in all.zip(&residents.needs) {
            let own = 1.0 - (1.0 - answered) * overlooked[needs.first()];
            *external_efficacy += spoke(acts) * external_efficacy_gain * (own - *external_efficacy);
        }
    }
    feel_projects(state, external_efficacy_gain, rules.failed_project as f32);
}

/// A project finished where one lives, in the domain one needs most, says "they listen"; one that failed says the
/// opposite, with the weight `failure`.
fn feel_projects(state: &mut CommunityState, external_efficacy_gain: f32, failure: f32) {
    let signals = &state.signals;
    let for_all = signals.projects_finished.iter().chain(&signals.projects_failed);
    if signals.projects_here.is_empty() && for_all.copied().all(|n| n == 0.0) {
        return;
    }
    let residents = &mut state.community.residents;
    let all = residents.external_efficacy.iter_mut().zip(&residents.needs).zip(residents.compound.iter());
    for ((external_efficacy, needs), &compound) in all {
        let [finished, failed] = signals.projects_at(compound);
        let up = external_efficacy_gain * finished[needs.first()].min(1.0);
        let down = failure * external_efficacy_gain * failed[needs.first()].min(1.0);
        *external_efficacy += up * (1.0 - *external_efficacy) - down * *external_efficacy;
    }
}

/// Interest follows what acquaintances do and whether it is of use; attachment follows satisfaction
/// and company.
#[multiversion(targets = "simd")]
fn update_attachment(state: &mut CommunityState, scratch: &Scratch, context: &Context) {
    let rules = &context.now.rules.residents;
    let (influence, gain) = (rules.social_influence as f32, rules.attachment_gain as f32);
    if influence == 0.0 && gain == 0.0 {
        return;
    }
    let ties = state.community.ties.clone();
    let residents = &mut state.community.residents;
    let (mut active, mut known) = ([0.0f32; BLOCK], [0.0f32; BLOCK]);
    for start in (0..residents.len()).step_by(BLOCK) {
        let range = start..(start + BLOCK).min(residents.len());
        let n = range.len().min(BLOCK);
        scratch.seen.active_of(range.clone(), &mut active[..n]);
        ties.known_of(range.clone(), &mut known[..n]);
        let (interest, attachment) =
            (&mut residents.interest[range.clone()], &mut residents.attachment[range.clone()]);
        let (external_efficacy, satisfaction) =
            (&residents.external_efficacy[range.clone()], &residents.satisfaction[range]);
        for k in 0..n {
            // From here on the company that each has.
            active[k] = (2.0 * active[k] / known[k]).min(1.0);
        }
        for ((interest, company), external_efficacy) in
            interest.iter_mut().zip(&active).zip(external_efficacy)
        {
            *interest += influence * (0.5 * (company + external_efficacy) - *interest);
        }
        for ((attachment, company), satisfaction) in attachment.iter_mut().zip(&active).zip(satisfaction) {
            *attachment += gain * (0.5 * (company + satisfaction) - *attachment);
        }
    }
}

/// Satisfaction follows the services one needs, and how one's own request was handled.
#[multiversion(targets = "simd")]
fn update_satisfaction(state: &mut CommunityState, context: &Context) {
    let rules = &context.now.rules.residents;
    let gain = rules.satisfaction_gain as f32;
    let effect = rules.request_effect as f32;
    let rng = context.now.rng.of(state.community.id);
    let (services, well) = (state.signals.services, state.signals.handled_well);
    let staffed = context.now.rules.institutions.staff.is_present();
    let residents = &mut state.community.residents;
    let upkeep = &state.signals.upkeep;
    let (welfare, surplus) = (state.signals.welfare, &state.signals.surplus);
    if gain > 0.0 && upkeep.is_empty() && welfare == 0.0 && surplus.is_empty() {
        for (satisfaction, needs) in residents.satisfaction.iter_mut().zip(&residents.needs) {
            let served = needs.weigh(&services);
            *satisfaction += gain * (served - *satisfaction);
        }
    } else if gain > 0.0 {
        let lacking = 1.0 - services[ENVIRONMENT];
        for i in 0..residents.len() {
            let needs = residents.needs[i];
            let kept = upkeep.get(residents.compound[i] as usize).copied().unwrap_or(0.0);
            let own =
                surplus.get(residents.compound[i] as usize).map_or(0.0, |own| needs.make_up(&services, own));
            let public = needs.weigh(&services) + own + needs.weight(ENVIRONMENT) * kept * lacking;
            let public = public.min(1.0);
            let of_unit = residents.traits[i].danwei() as u8 as f32 * welfare;
            let served = public + of_unit * (1.0 - public);
            residents.satisfaction[i] += gain * (served - residents.satisfaction[i]);
        }
    }
    if !staffed {
        return;
    }
    for (i, &acts) in residents.acts.iter().enumerate() {
        if acts & REQUEST != 0 {
            let pleased = unit(rng.block(HANDLING, i as u32, context.now.month, 0)[0]) < well;
            let satisfaction = &mut residents.satisfaction[i];
            *satisfaction += effect * if pleased { 1.0 - *satisfaction } else { -*satisfaction };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_parts_are_those_of_a_cast() {
        for number in (0..=u16::MAX).flat_map(|n| [0.0, 0.25, 0.4999, 0.5].map(|part| n as f32 + part)) {
            assert_eq!(whole(number), number as u16, "{number}");
        }
    }
}
