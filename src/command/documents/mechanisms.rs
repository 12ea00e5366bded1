//! `docs/mechanisms.md`.

use super::{NOTE, code, table};
use shequ_model::mechanism::{Claim, Row, Status, rows};

/// Kinds of rows.
const KINDS: &str =
    "A actor, I institution, T instrument, P problem, C causal claim, O outcome, N norm, X context";

/// The whole page.
pub fn page() -> String {
    let count = |status| rows().iter().filter(|row| row.status() == status).count();
    format!(
        "{NOTE}\n# The mechanism map\n\n\
         Every actor, institution, instrument, problem and causal claim of the source text, a collection \
         of Chinese texts on Chengdu's community governance, in the order of reading, and where it is in \
         the model. F0 to F19 are the fragments of the text. Kinds: {KINDS}.\n\n\
         Of {} rows, {} are shown by a claim with a sign or by a test of another form, {} are in the model \
         with a claim that does not come out, {} have no lever of their own for the reason given, and {} are not \
         in the model yet. A claim is tested with thirty pairs of replicates in `tests/model/mechanisms.rs`: the whole \
         95 % interval of the mean paired difference must lie on the claimed side of zero.\n\n{}",
        rows().len(),
        count(Status::Shown),
        count(Status::NotShown),
        count(Status::Context),
        count(Status::Open),
        table(
            ["row", "text", "原文", "kind", "from", "where", "shown by", "status"],
            rows().iter().map(line)
        )
    )
}

fn line(row: &Row) -> [String; 8] {
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
