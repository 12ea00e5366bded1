//! Devolution (重心下移): a share of the year's money for services goes into the fund instead.

use crate::institution::{CityState, CommunityState, StepContext, services};

/// With a grant: what the fund takes of the year's money for services, in yuan.
pub fn take(state: &mut CommunityState, city: &CityState, now: &StepContext) -> i64 {
    let share = now.rules.institutions.funding.devolution;
    let taken = (services::years_money(state, city, now) as f64 * share) as i64;
    let local = &mut state.local.funding;
    local.devolved = taken;
    local.owed += taken;
    taken
}

/// What services do without this month, of the `money` meant for them: an even part of what the fund
/// took, so that by the next grant the two balance to the yuan, whenever the year of the fund begins. What
/// a month cannot pay waits for the next.
pub fn pay(state: &mut CommunityState, money: i64, now: &StepContext) -> i64 {
    let local = &mut state.local.funding;
    let months = 12 - (now.month - local.granted_in).min(11) as i64;
    let paid = (local.owed / months).min(money);
    local.owed -= paid;
    paid
}
