//! What residents weigh, before a theory makes a chance of it: each a number from 0 to 1.

use super::intercepts::reach;
use crate::city::Mode;
use crate::city::mode::ModeSettings;

/// Share of residents who take part in `mode` under reference conditions.
#[inline(always)]
pub fn usual(settings: &ModeSettings, mode: Mode) -> f32 {
    settings.base_rate as f32 * reach(mode)
}

/// Sense of duty: what interest, attachment and party membership amount to.
#[inline(always)]
pub fn duty(weights: [f32; 3], interest: f32, attachment: f32, party: bool) -> f32 {
    weights[0] * interest + weights[1] * attachment + weights[2] * party as u8 as f32
}

/// 1 / free hours; a quarter of an hour is the least that anybody has.
#[inline(always)]
pub fn per_hour(free_hours: f32) -> f32 {
    1.0 / free_hours.max(0.25)
}

/// Cost in [0, 1]: the share of free time that it takes, by the weight `of_time`, and the friction.
#[inline(always)]
pub fn cost(of_time: f32, hours: f32, per_hour: f32, friction: f32) -> f32 {
    of_time * (hours * per_hour).min(1.0) + (1.0 - of_time) * friction
}

/// Benefit in [0, 1]: the stake, of which those fully attached to the community feel all and those
/// not attached at all feel the share `unattached`.
#[inline(always)]
pub fn benefit_of(unattached: f32, stake: f32, attachment: f32) -> f32 {
    stake * (unattached + (1.0 - unattached) * attachment)
}

/// Chance of knowing of a mode: with chance `known` what is open in general, or by notices of its own. That one is
/// asked does not stand here: what a contact does, by telling and by persuading, is as much as field experiments
/// say in all.
#[inline(always)]
pub fn knows(known: f32, unannounced: f32) -> f32 {
    1.0 - (1.0 - known) * unannounced
}
