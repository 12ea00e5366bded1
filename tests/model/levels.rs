//! Levels that measurements give. Directions are in the mechanism map, which tests/model/mechanisms.rs holds.

use crate::common;

use common::{PLAIN, last_year, outputs, scenario};

/// Replicates under each setting: accuracy differs between replicates by less than a hundredth.
const REPLICATES: u32 = 16;

#[test]
fn someone_at_every_bin_brings_those_who_stay_to_nine_tenths() {
    // 15 % to 90 % within a year in Shanghai, 2019: the source of `waste.supervision_effect`. Where people
    // come and go, the mean stays a little below, because newcomers have yet to learn.
    let stay = [
        "residents.move_owner=0.0",
        "residents.move_renter=0.0",
        "residents.mortality=0.0",
        "residents.leave_at_retirement=0.0",
    ];
    let watched = outputs(&scenario(&[PLAIN, &["months=36"], &stay, &["waste.supervision=1.0"]]), REPLICATES);
    let accuracy = common::mean(watched.iter().map(|output| last_year(output, "sorting.accuracy")));
    assert!(accuracy >= 0.9, "{accuracy}");
}
