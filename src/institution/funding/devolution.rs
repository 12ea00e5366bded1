//! Devolution (重心下移): a share of the year's money for services goes into the fund instead.

use super::super::{Now, Place, Wide as City, services};

/// With a grant: what the fund takes of the year's money for services, in yuan.
pub fn take(place: &mut Place, city: &City, now: &Now) -> i64 {
    let share = now.rules.institutions.funding.devolution;
    let taken = (services::years_money(place, city, now) as f64 * share) as i64;
    let local = &mut place.local.funding;
    local.devolved = taken;
    local.owed += taken;
    taken
}

/// What services do without this month, of the `money` meant for them: an even part of what the fund
/// took, so that by the next grant the two balance to the yuan, whenever the year of the fund begins. What
/// a month cannot pay waits for the next.
pub fn pay(place: &mut Place, money: i64, now: &Now) -> i64 {
    let local = &mut place.local.funding;
    let months = 12 - (now.month - local.granted_in).min(11) as i64;
    let paid = (local.owed / months).min(money);
    local.owed -= paid;
    paid
}
