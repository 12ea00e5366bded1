//! `docs/mechanisms.md`.

use super::{NOTE, code, table};
use shequ_model::mechanism::{Claim, Origin, Row, Status, rows};

/// Kinds of rows.
const KINDS: &str =
    "A actor, I institution, T instrument, P problem, C causal claim, O outcome, N norm, X context";

/// The whole page.
pub fn page() -> String {
    let count = |status| rows().iter().filter(|row| row.status() == status).count();
    let of_origin = |origin| rows().iter().filter(|row| row.origin == origin).count();
    format!(
        "{NOTE}\n# The mechanism map\n\n\
         Every actor, institution, instrument, problem and causal claim of the source text, a collection \
         of Chinese texts on Chengdu's community governance, in the order of reading, and where it is in \
         the model. F0 to F19 are the fragments of the text. Kinds: {KINDS}.\n\n\
         Of {} rows, {} are shown by a claim with a sign or by a test of another form, {} are in the model \
         with a claim that does not come out, {} have no lever of their own for the reason given, and {} are not \
         in the model yet. A claim is tested with thirty pairs of replicates in `tests/model/mechanisms.rs`: the whole \
         95 % interval of the mean paired difference must lie on the claimed side of zero.\n\n\
         What it is worth that a row comes out stands under *origin*. {} rows are **emergent**: at least one of \
         their claims or tests comes out of more than one mechanism, of which none was set to it; those of their \
         claims that are worth less say so. {} are **direct**: a setting does what it says, because it stands in \
         the equation of the outcome, or because the sign hangs on the value chosen for another setting. {} are \
         **imposed**: a setting states the outcome, or the row is a frame that the model takes as given (all rows \
         that are context). Only what is emergent is evidence of anything beyond the program, and of its sign \
         alone: every mechanism on the way has a sign of its own, which was put in. Some claims hold more \
         conflicts, requests or residents than the baseline has, so that thirty pairs can tell the sign; that \
         changes its size. A test in `crates/model/src/mechanism/mod.rs` holds that no row is called more than \
         the best that shows it.\n\n{}",
        rows().len(),
        count(Status::Shown),
        count(Status::NotShown),
        count(Status::Context),
        count(Status::Open),
        of_origin(Origin::Emergent),
        of_origin(Origin::Direct),
        of_origin(Origin::Imposed),
        table(
            ["row", "text", "原文", "kind", "from", "where", "shown by", "status", "origin"],
            rows().iter().map(line)
        )
    )
}

fn line(row: &Row) -> [String; 9] {
    let outputs = row.keys.iter().chain(&row.files).map(|name| code(name)).collect::<Vec<_>>();
    [
        row.number.to_string(),
        row.en.clone(),
        row.zh.clone(),
        row.kind.clone(),
        row.source.clone(),
        outputs.join(", "),
        shown_by(row).join("; "),
        status(row).0.into(),
        row.origin.label().en.into(),
    ]
}

/// What shows a row: claims, tests, or why there is nothing to show.
pub fn shown_by(row: &Row) -> Vec<String> {
    let claims = row.claims.iter().map(claimed);
    let tests = row.tests.iter().map(|test| code(test));
    claims.chain(tests).chain(row.context.iter().map(|words| words.en.clone())).collect()
}

fn claimed(claim: &Claim) -> String {
    let arrow = if claim.rises { "↑" } else { "↓" };
    let mut said = format!("{} → {} {arrow}", code(&claim.high.join(" ")), code(&claim.outcome));
    if !claim.low.is_empty() {
        said = format!("{} to {said}", code(&claim.low.join(" ")));
    }
    if let Some(less) = claim.origin {
        said += &format!(" ({})", less.label().en);
    }
    if let Some(why) = &claim.not_shown {
        said += &format!(" (does not come out: {})", why.en);
    }
    said
}

/// The status in words: English, Chinese.
pub fn status(row: &Row) -> (&'static str, &'static str) {
    match row.status() {
        Status::Shown => ("shown", "已验证"),
        Status::NotShown => ("in the model, a claim not confirmed", "已实现,有一项论断未得到验证"),
        Status::Context => ("context", "背景"),
        Status::Open => ("open", "未实现"),
    }
}
