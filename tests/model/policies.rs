//! The policies in `scenarios/` do what their files claim, compared with the baseline under common random numbers.

use crate::common;

use std::path::Path;

use common::{effect, last_year, mean, outputs, series};
use shequ::model::metric;
use shequ::model::scenario::Scenario;
use shequ::model::simulation::ReplicateOutput;

const REPLICATES: u32 = 12;

/// Communities of the usual size; fewer than the ten of the baseline, to save time.
const SMALLER: [&str; 3] =
    ["population.communities=3", "report.communities_every=0", "report.groups_every=0"];

fn replicates_of(name: &str) -> Vec<ReplicateOutput> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios").join(format!("{name}.toml"));
    let loaded = Scenario::load(&path, &SMALLER.map(String::from));
    outputs(&loaded.unwrap_or_else(|p| panic!("{name}: {p:?}")).scenario, REPLICATES)
}

/// Whether a metric rises or falls.
#[derive(Clone, Copy, PartialEq)]
enum Sign {
    Up,
    Down,
}
use Sign::{Down, Up};

/// Policy, what it is compared with, and what is claimed of the last of ten years.
///
/// Not claimed, because it was not found: that participation, or trust in the committee, rises where the
/// committee decides the fund. See docs/findings.md.
type Claims = (&'static str, &'static str, &'static [(&'static str, Sign)]);
const CLAIMS: &[Claims] = &[
    (
        "council-decides-the-fund",
        "baseline",
        &[("participation", Up), ("trust.committee", Up), ("fund.fit", Up)],
    ),
    ("committee-decides-the-fund", "baseline", &[("fund.fit", Up)]),
    ("sortition-council", "council-decides-the-fund", &[("council.distance", Down)]),
    ("wechat-and-home-visits", "baseline", &[("awareness", Up), ("participation", Up)]),
    (
        "return-of-power",
        "baseline",
        &[
            ("staff.load", Down),
            ("staff.admin_share", Down),
            ("response.days", Down),
            ("trust.committee", Up),
        ],
    ),
    (
        "grants-to-local-organisations",
        "baseline",
        &[("organisations.count", Up), ("organisations.activities", Up), ("trust.neighbours", Up)],
    ),
];

/// Mean participation over the months of the last year in which neither committee nor council is elected:
/// elections fall in months 6, 42, 78 and 114, those of councils, which were there before the start, in 24, 60 and 96.
fn everyday_participation(output: &ReplicateOutput) -> f64 {
    let values = series(output, "participation");
    mean((109..120).filter(|&month| month != 114).map(|month| values[month]))
}

#[test]
fn every_policy_does_what_its_file_claims() {
    let baseline = replicates_of("baseline");
    let council = replicates_of("council-decides-the-fund");
    let mut failed = Vec::new();
    for &(policy, against, claims) in CLAIMS {
        let before = if against == "baseline" { &baseline } else { &council };
        let own = if policy == "council-decides-the-fund" { council.clone() } else { replicates_of(policy) };
        println!("\n{policy} against {against}: mean paired difference of the last year, 95 % interval");
        for m in metric::all() {
            let e = effect(before, &own, &|output| last_year(output, m.name));
            let sign = match (e.mean - e.half_width > 0.0, e.mean + e.half_width < 0.0) {
                (true, _) => Some(Up),
                (_, true) => Some(Down),
                _ => None,
            };
            let claimed = claims.iter().find(|(name, _)| *name == m.name).map(|c| c.1);
            let mark = if claimed.is_some() { "claimed" } else { "" };
            if sign.is_some() || claimed.is_some() {
                println!("  {:26} {:+12.5} ± {:<10.5} {mark}", m.name, e.mean, e.half_width);
            }
            if claimed.is_some() && claimed != sign {
                failed.push(format!("{policy}: {} {:+.5} ± {:.5}", m.name, e.mean, e.half_width));
            }
        }
        let e = effect(before, &own, &everyday_participation);
        println!("  participation, no election {:+12.5} ± {:<10.5}", e.mean, e.half_width);
        // A council's own election day must not be all that a rise in participation comes to.
        if policy == "council-decides-the-fund" && e.mean - e.half_width <= 0.0 {
            failed.push(format!(
                "{policy}: participation without elections {:+.5} ± {:.5}",
                e.mean, e.half_width
            ));
        }
    }
    assert!(failed.is_empty(), "{failed:#?}");
}
