//! Parameters fitted to targets: which values are plausible after all that was observed, and how plausible.
//!
//! | step | module |
//! |---|---|
//! | how far a figure is from a target | [`aim`] |
//! | what a figure would be where nothing was run | [`emulator`] |
//! | where a cost is low under the prior | [`particles`] |
//! | which points are run next, and what the last are worth | [`waves`] |

pub mod aim;
mod cholesky;
pub mod emulator;
pub mod particles;
pub mod waves;
