//! What residents weigh, before a theory makes a chance of it: each a number from 0 to 1.

use super::intercepts::reach;
use crate::city::Mode;
use crate::city::mode::ModeSettings;

/// Share of residents who take part in `mode` under reference conditions.
#[inline(always)]
pub fn usual(settings: &ModeSettings, mode: Mode) -> f32 {
    settings.base_rate as f32 * reach(mode)
}

/// Sense of duty: what interest, attachment and party membership amount to (assumed weights).
#[inline(always)]
pub fn duty(interest: f32, attachment: f32, party: bool) -> f32 {
    0.5 * interest + 0.25 * attachment + 0.25 * party as u8 as f32
}

/// 1 / free hours; a quarter of an hour is the least that anybody has.
#[inline(always)]
pub fn per_hour(free_hours: f32) -> f32 {
    1.0 / free_hours.max(0.25)
}

/// Cost in [0, 1]: half the share of free time that it takes, half the friction (assumed weights).
#[inline(always)]
pub fn cost(hours: f32, per_hour: f32, friction: f32) -> f32 {
    0.5 * (hours * per_hour).min(1.0) + 0.5 * friction
}

/// Benefit in [0, 1]: the stake, of which those fully attached to the community feel all and those
/// not attached at all feel half (assumed weights).
#[inline(always)]
pub fn benefit_of(stake: f32, attachment: f32) -> f32 {
    stake * (0.5 + 0.5 * attachment)
}

/// Chance of knowing of a mode: with chance `known` what is open in general, or by notices of its own. That one is
/// asked does not stand here: what a contact does, by telling and by persuading, is as much as field experiments
/// say in all.
#[inline(always)]
pub fn knows(known: f32, unannounced: f32) -> f32 {
    1.0 - (1.0 - known) * unannounced
}
