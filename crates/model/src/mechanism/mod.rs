//! The mechanism map: every actor, institution, instrument, problem and causal claim of the source text,
//! row by row, with where it is in the model and what shows it.
//!
//! The rows are data, in `rows/*.toml`: what the source text says (number, fragments, words in both
//! languages, kind), the `keys` and `files` that implement it, and what shows it:
//!
//! - `[[row.claim]]`: settings low and high, an outcome and its direction, which `tests/model/mechanisms.rs`
//!   holds against thirty pairs of replicates; with `not_shown`, a claim that does not come out, and why;
//! - `tests`: tests of another form, as "tests/FILE.rs: NAME";
//! - `context`: why a row has no lever of its own. Only norms and matters outside the model may.
//!
//! `origin` says what it is worth that a row comes out: see [`Origin`].

use std::sync::OnceLock;

use serde::Deserialize;

use crate::base::params::{Text, text};

/// Words in both languages, as data.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Words {
    /// English.
    pub en: String,
    /// Chinese.
    pub zh: String,
}

/// What it is worth that something comes out.
///
/// The test of a claim is how it comes about, not how surely: most signs that a setting gives in one step are
/// beyond doubt, and none of them is evidence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Origin {
    /// It is put in: a setting states it, or it is a frame that the model takes as given.
    Imposed,
    /// A setting does what it says: it stands in the equation of the outcome, or the sign hangs on the value chosen
    /// for another setting.
    Direct,
    /// It comes out of more than one mechanism, of which none was set to it.
    Emergent,
}

impl Origin {
    /// The word for it.
    pub fn label(self) -> Text {
        match self {
            Origin::Imposed => text("imposed", "设定"),
            Origin::Direct => text("direct", "直接"),
            Origin::Emergent => text("emergent", "涌现"),
        }
    }
}

/// A row of the map.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Row {
    /// Number, from 1 on.
    pub number: u16,
    /// Fragments of the source text, such as "F1,F19".
    pub source: String,
    /// What the source text says, in its words.
    pub zh: String,
    /// The same in English.
    pub en: String,
    /// Kinds: A actor, I institution, T instrument, P problem, C causal claim, O outcome, N norm, X context.
    pub kind: String,
    /// What it is worth that the row comes out: the most that one of its claims or tests is worth.
    pub origin: Origin,
    /// What a faithful model must move, as the map puts it.
    pub moves: String,
    /// Scenario keys, and tables as "TABLE.*".
    pub keys: Vec<String>,
    /// Files of the program, from the root of the repository.
    pub files: Vec<String>,
    /// Claims with a sign.
    #[serde(default, rename = "claim")]
    pub claims: Vec<Claim>,
    /// Tests of another form.
    #[serde(default)]
    pub tests: Vec<String>,
    /// Why the row has no lever of its own.
    #[serde(default)]
    pub context: Option<Words>,
}

/// A setting, low and high, and the direction in which an outcome must go.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Claim {
    /// What holds on both sides, as `key=value`.
    #[serde(default)]
    pub with: Vec<String>,
    /// Settings of the one side; none leaves it as it is.
    #[serde(default)]
    pub low: Vec<String>,
    /// Settings of the other.
    pub high: Vec<String>,
    /// The metric that responds.
    pub outcome: String,
    /// Months, counted from 0, over which it is taken: from the first to before the second; by default
    /// the last twelve.
    #[serde(default)]
    pub window: Option<(usize, usize)>,
    /// Whether it is higher on the high side.
    pub rises: bool,
    /// What the claim is worth, where that is less than what the row is.
    #[serde(default)]
    pub origin: Option<Origin>,
    /// Why the claim does not come out, where it does not.
    #[serde(default)]
    pub not_shown: Option<Words>,
}

/// What shows a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// Its claims come out, or its tests hold.
    Shown,
    /// It is in the model, but one of its claims does not come out: the row says why.
    NotShown,
    /// It has no lever, for a reason.
    Context,
    /// It is not in the model yet.
    Open,
}

impl Row {
    /// What shows it.
    pub fn status(&self) -> Status {
        if self.context.is_some() {
            Status::Context
        } else if self.claims.iter().any(|claim| claim.not_shown.is_some()) {
            Status::NotShown
        } else if self.claims.is_empty() && self.tests.is_empty() {
            Status::Open
        } else {
            Status::Shown
        }
    }

    /// What a claim of this row is worth.
    pub fn origin_of(&self, claim: &Claim) -> Origin {
        claim.origin.unwrap_or(self.origin)
    }

    /// True if it is nothing but norm or matter outside the model.
    pub fn is_norm_or_outside(&self) -> bool {
        self.kind.split('/').all(|kind| matches!(kind, "N" | "X"))
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Part {
    row: Vec<Row>,
}

const PARTS: [&str; 4] = [
    include_str!("rows/d1-actors.toml"),
    include_str!("rows/d2-instruments.toml"),
    include_str!("rows/d3-claims.toml"),
    include_str!("rows/d4-further.toml"),
];

/// Every row, by number.
pub fn rows() -> &'static [Row] {
    static ROWS: OnceLock<Vec<Row>> = OnceLock::new();
    ROWS.get_or_init(|| {
        // The files are part of the program; the test below reads them.
        let read = |part: &&str| toml::from_str::<Part>(part).expect("rows of the map are as described").row;
        PARTS.iter().flat_map(read).collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_map_has_its_192_rows_each_once_and_in_order() {
        assert!(rows().iter().map(|row| row.number).eq(1..=192));
    }

    #[test]
    fn every_row_has_a_home_and_something_that_shows_it() {
        for row in rows() {
            assert_ne!(row.status(), Status::Open, "row {}: nothing shows it", row.number);
            let outputs = !row.keys.is_empty() || !row.files.is_empty();
            assert!(outputs || row.context.is_some(), "row {} is nowhere in the model", row.number);
        }
    }

    #[test]
    fn only_norms_and_what_lies_outside_may_do_without_a_lever() {
        // National figures.
        const WITHOUT: [u16; 1] = [152];
        for row in rows().iter().filter(|row| row.context.is_some()) {
            assert!(row.is_norm_or_outside() || WITHOUT.contains(&row.number), "row {}", row.number);
        }
    }

    #[test]
    fn a_row_is_worth_what_the_best_that_shows_it_is_worth() {
        for row in rows() {
            let number = row.number;
            let confirmed = || row.claims.iter().filter(|claim| claim.not_shown.is_none());
            let named = row.claims.iter().filter_map(|claim| claim.origin);
            assert!(
                named.into_iter().all(|origin| origin < row.origin),
                "row {number}: a claim says it twice"
            );
            let of_a_claim = confirmed().any(|claim| row.origin_of(claim) == row.origin);
            let of_a_test = !row.tests.is_empty();
            assert!(
                of_a_claim || of_a_test || row.context.is_some(),
                "row {number}: nothing shows its origin"
            );
            assert!(row.context.is_none() || row.origin == Origin::Imposed, "row {number}: nothing is shown");
        }
    }

    #[test]
    fn what_another_setting_turns_round_is_no_more_than_direct() {
        for row in rows() {
            for (k, claim) in row.claims.iter().enumerate() {
                let turned = |other: &Claim| {
                    other.rises != claim.rises
                        && (&other.outcome, &other.low, &other.high)
                            == (&claim.outcome, &claim.low, &claim.high)
                };
                let direct = row.origin_of(claim) <= Origin::Direct;
                assert!(!row.claims.iter().any(turned) || direct, "row {}, claim {k}", row.number);
            }
        }
    }

    #[test]
    fn a_setting_that_states_the_outcome_is_imposed() {
        // Where residents begin is what they begin with.
        for row in rows() {
            for claim in &row.claims {
                let states = claim.high.iter().any(|setting| {
                    let key = setting.split('=').next().unwrap_or_default();
                    key.strip_prefix("residents.trust_")
                        .is_some_and(|target| claim.outcome == format!("trust.{target}"))
                });
                assert!(!states || row.origin_of(claim) == Origin::Imposed, "row {}", row.number);
            }
        }
    }
}
