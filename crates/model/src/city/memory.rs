//! What the theory and the rule in force remember of residents, beyond the columns that all have.

use std::ops::Range;

use serde::{Deserialize, Serialize};

use super::MODES;
use super::residents::TARGETS;

/// Columns that a theory or a rule asked for at the beginning of a replicate; none if they remember nothing.
///
/// A column holds one number for each resident, in the order of all columns of residents. NaN stands for
/// "nothing yet": so it is before the first occasion, and with everybody who is new.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Memory {
    /// For each thing that the theory remembers, a column for each mode.
    pub of_modes: Vec<[Vec<f32>; MODES]>,
    /// What the rule of trust remembers of each target; the columns are empty if it remembers nothing.
    pub of_targets: [Vec<f32>; TARGETS],
}

impl Memory {
    /// Of `residents` who remember nothing yet: `things` by mode, and one by target if `of_targets`.
    pub fn blank(residents: usize, things: usize, of_targets: bool) -> Memory {
        let column = |wanted: bool| vec![f32::NAN; if wanted { residents } else { 0 }];
        Memory {
            of_modes: (0..things).map(|_| std::array::from_fn(|_| column(true))).collect(),
            of_targets: std::array::from_fn(|_| column(of_targets)),
        }
    }

    /// The residents `who` are new, and remember nothing.
    pub fn forget(&mut self, who: Range<usize>) {
        let columns = self.of_modes.iter_mut().flatten().chain(&mut self.of_targets);
        columns.filter(|column| !column.is_empty()).for_each(|column| column[who.clone()].fill(f32::NAN));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_asked_for_takes_room_and_one_resident_forgets_alone() {
        let mut nothing = Memory::blank(3, 0, false);
        nothing.forget(2..3);
        assert!(nothing.of_modes.is_empty() && nothing.of_targets.iter().all(Vec::is_empty));
        let mut memory = Memory::blank(3, 2, true);
        memory.of_modes.iter_mut().flatten().chain(&mut memory.of_targets).for_each(|c| c.fill(0.5));
        memory.forget(1..2);
        for column in memory.of_modes.iter().flatten().chain(&memory.of_targets) {
            assert!(column[1].is_nan() && column[0] == 0.5 && column[2] == 0.5);
        }
    }
}
