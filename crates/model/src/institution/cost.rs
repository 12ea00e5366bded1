//! What institutions cost: money, by who pays, and hours of staff and of residents.
//!
//! Each institution states its [`Costs`]. At the end of a month they are written into the [`Ledger`] of each
//! community. Nothing reads a ledger but metrics, so that prices change no other number.
//!
//! Money is counted once, when it is spent. Who pays is who has less of it afterwards: where the budget grants money
//! that a fund has not spent yet, the budget pays and the fund takes in, which is a negative payment.

use serde::{Deserialize, Serialize};

use super::{CityState, CommunityState, StepContext, all};
use crate::base::params::{Text, text};

/// Who pays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Payer {
    /// The public purse: street, district and city.
    Budget,
    /// The special fund, out of what it holds.
    Fund,
    /// Residents, in fees and purchases.
    Residents,
    /// Social organisations, out of what they hold.
    Organisations,
    /// Stationed units, partners, work units, and customers of the community.
    Others,
}

/// Number of payers.
pub const PAYERS: usize = Payer::Others as usize + 1;

impl Payer {
    /// All payers, in the order of [`Cost::yuan`].
    pub const ALL: [Payer; PAYERS] =
        [Payer::Budget, Payer::Fund, Payer::Residents, Payer::Organisations, Payer::Others];

    /// Name as in the metric `cost.by.NAME`.
    pub const fn name(self) -> &'static str {
        ["budget", "fund", "residents", "organisations", "others"][self as usize]
    }

    /// Name for people.
    pub const fn label(self) -> Text {
        const LABELS: [Text; PAYERS] = [
            text("paid by the budget", "财政支付"),
            text("paid by the fund", "专项资金支付"),
            text("paid by residents", "居民支付"),
            text("paid by organisations", "社会组织支付"),
            text("paid by units and others", "单位等支付"),
        ];
        LABELS[self as usize]
    }
}

/// What something takes in a month.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Cost {
    /// Yuan that each payer has less afterwards; negative where one has more.
    pub yuan: [f64; PAYERS],
    /// Hours that staff worked, of whomever.
    pub staff_hours: f64,
    /// Hours that residents gave.
    pub resident_hours: f64,
}

impl Cost {
    /// So many yuan, of one payer.
    pub fn yuan(payer: Payer, yuan: f64) -> Cost {
        let mut cost = Cost::default();
        cost.yuan[payer as usize] = yuan;
        cost
    }

    /// Hours of staff at a wage in yuan per hour that the budget pays.
    pub fn staff(hours: f64, wage: f64) -> Cost {
        Cost { staff_hours: hours, ..Cost::yuan(Payer::Budget, hours * wage) }
    }

    /// Hours of residents, which nobody pays.
    pub fn residents(hours: f64) -> Cost {
        Cost { resident_hours: hours, ..Cost::default() }
    }

    /// This and another.
    pub fn and(self, other: Cost) -> Cost {
        Cost {
            yuan: std::array::from_fn(|payer| self.yuan[payer] + other.yuan[payer]),
            staff_hours: self.staff_hours + other.staff_hours,
            resident_hours: self.resident_hours + other.resident_hours,
        }
    }

    /// Yuan of all payers: what is spent.
    pub fn total(&self) -> f64 {
        self.yuan.iter().sum()
    }
}

/// One thing that an institution takes money or hours for.
pub struct Charge {
    /// What for and, where it is not the budget, who pays.
    pub what: &'static str,
    /// How much in a community this month, worked out at its end.
    pub of: fn(&CommunityState, &CityState, &StepContext) -> Cost,
}

/// What an institution costs.
pub enum Costs {
    /// It takes money or hours.
    Charged {
        /// What the money goes into, for people.
        label: Text,
        /// For what.
        charges: &'static [Charge],
    },
    /// It takes neither, or only what is counted elsewhere or not at all: why.
    Free(&'static str),
}

impl Costs {
    /// What the institution takes in a community this month.
    pub fn of(&self, state: &CommunityState, city: &CityState, now: &StepContext) -> Cost {
        match self {
            Costs::Charged { charges, .. } => {
                charges.iter().map(|charge| (charge.of)(state, city, now)).fold(Cost::default(), Cost::and)
            }
            Costs::Free(_) => Cost::default(),
        }
    }
}

/// What the month cost in one community.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Ledger {
    /// Of each institution, in the order of [`all`].
    pub of: Vec<Cost>,
    /// Of all of them together, with the hours in which residents took part.
    pub total: Cost,
    /// Yuan that residents' hours are worth, which nobody pays and which are in no sum.
    pub resident_value: f64,
}

impl Ledger {
    /// Yuan for the institution at `place`; 0 before the first month.
    pub fn of_yuan(&self, place: usize) -> f64 {
        self.of.get(place).map_or(0.0, Cost::total)
    }
}

/// Writes down what the month cost.
pub fn account(state: &mut CommunityState, city: &CityState, now: &StepContext) {
    let mut ledger = std::mem::take(&mut state.ledger);
    ledger.of.clear();
    ledger.of.extend(all().iter().map(|institution| institution.costs.of(state, city, now)));
    ledger.total = ledger.of.iter().copied().fold(Cost::residents(state.signals.hours), Cost::and);
    ledger.resident_value = ledger.total.resident_hours * now.rules.costs.resident_hour;
    state.ledger = ledger;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn costs_add_up_by_payer_and_hour() {
        let cost = Cost::staff(3.0, 40.0).and(Cost::yuan(Payer::Fund, -20.0)).and(Cost::residents(5.0));
        assert_eq!(cost.yuan, [120.0, -20.0, 0.0, 0.0, 0.0]);
        assert_eq!((cost.total(), cost.staff_hours, cost.resident_hours), (100.0, 3.0, 5.0));
    }

    #[test]
    fn payers_are_named_in_their_order() {
        for (at, payer) in Payer::ALL.into_iter().enumerate() {
            assert_eq!(payer as usize, at);
        }
    }
}
