//! Who sits on a council, beside who lives there.

use serde::{Deserialize, Serialize};

use crate::city::{ATTRIBUTES, Attribute, Community};

/// Attributes that the distance is a mean over: all but the last, membership of the party.
const JUDGED: usize = ATTRIBUTES.len() - 1;

/// Shares of seats and of adults, by attribute and level in the order of [`ATTRIBUTES`]; empty without a
/// council.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Composition {
    /// Shares of all seats.
    pub seats: Vec<Vec<f64>>,
    /// Shares of adults.
    pub adults: Vec<Vec<f64>>,
    /// Share of all seats that stationed units hold.
    pub units: f64,
}

impl Composition {
    /// Who holds `seats` and, of stationed units, `units` more, beside who lives there.
    pub fn of(community: &Community, seats: &[u32], units: usize) -> Composition {
        let r = &community.residents;
        let total = (seats.len() + units).max(1) as f64;
        let of = |attribute: &Attribute| {
            let levels = attribute.levels.len();
            let (mut of_seats, mut of_adults) = (vec![0.0; levels], vec![0.0; levels]);
            for &i in seats {
                of_seats[(attribute.level)(r, i as usize)] += 1.0 / total;
            }
            for i in 0..r.len() {
                of_adults[(attribute.level)(r, i)] += 1.0 / r.len() as f64;
            }
            (of_seats, of_adults)
        };
        let (of_seats, of_adults) = ATTRIBUTES.iter().map(of).unzip();
        Composition { seats: of_seats, adults: of_adults, units: units as f64 / total }
    }

    /// Mean over the first five attributes of the total variation distance between seats and adults. Seats
    /// of units belong to no level, so they count as distance.
    pub fn distance(&self) -> f64 {
        let parts = self.seats.iter().zip(&self.adults).take(JUDGED);
        let apart = parts.map(|(seats, adults)| {
            let gaps: f64 = seats.iter().zip(adults).map(|(s, a)| (s - a).abs()).sum();
            0.5 * (gaps + self.units)
        });
        apart.sum::<f64>() / JUDGED as f64
    }
}
