//! Made-up results, for tests of what is written and drawn.
#![allow(dead_code)] // Each test file uses a part.

use shequ::experiment::record::tables::Results;
use shequ::model::base::month::Month;
use shequ::model::base::params::text;
use shequ::model::city::Cities;
use shequ::model::city::synth::Margin;
use shequ::model::metric::{From, Metric};

use shequ::model::simulation::{CommunityRow, GroupRow, ReplicateOutput};

/// The metrics of the model, with its labels.
pub fn metrics() -> &'static [Metric] {
    shequ::model::metric::all()
}

/// A metric that the model does not have.
pub fn metric(name: &'static str) -> Metric {
    let words = text("a metric", "指标");
    Metric { name, unit: "share", label: words, meaning: words, from: From::City(|_, _| f64::NAN) }
}

/// A number in [-1, 1] that looks random.
fn noise(key: u64) -> f64 {
    let mut x = key.wrapping_mul(0x9E37_79B9_7F4A_7C15);
    x = (x ^ (x >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    ((x ^ (x >> 31)) >> 11) as f64 / (1_u64 << 52) as f64 - 1.0
}

fn value(replicate: u32, month: u32, k: usize) -> f64 {
    let (years, name) = (f64::from(month) / 12.0, metrics()[k].name);
    let rng = noise(u64::from(replicate) << 40 | u64::from(month) << 20 | k as u64);
    let path = noise(u64::from(replicate) << 8 | k as u64);
    let after = if month >= 60 { 1.0 } else { 0.0 };
    match name {
        "participation" => 0.22 + 0.004 * years + 0.05 * after + 0.03 * rng + 0.02 * path,
        "participation.vote" | "turnout.willing" | "turnout.cast" | "turnout.official"
            if month % 36 != 23 =>
        {
            f64::NAN
        }
        "participation.vote" => 0.3 + 0.05 * path,
        "turnout.willing" => 0.28 + 0.04 * rng,
        "turnout.cast" => 0.47 + 0.04 * rng,
        "turnout.official" => 0.91 + 0.01 * rng,
        "participation.ballot" => {
            if month % 12 == 5 {
                0.08 + 0.02 * rng
            } else {
                0.0
            }
        }
        "fund.granted" => {
            if month % 12 == 0 {
                3.0e6
            } else {
                0.0
            }
        }
        "fund.spent" => 1.9e5 + 9e4 * after + 5e4 * rng,
        "fund.leaked" => (1.5e4 - 1.0e4 * after) * (1.0 + rng),
        "fund.balance" => 2.0e6 + 4e5 * years - 2.2e5 * f64::from(month % 12) + 2e5 * path,
        "trust.central_government" => 0.86 + 0.01 * path,
        "trust.local_government" => 0.63 + 0.02 * after + 0.02 * path,
        "trust.neighbours" => 0.61 + 0.004 * years + 0.02 * path,
        "trust.committee" => 0.58 + 0.06 * after * (1.0 - 1.0 / (1.0 + years)) + 0.02 * path,
        "trust.organisations" => 0.55 + 0.01 * years + 0.02 * path,
        "trust.property" => 0.45 - 0.012 * years + 0.03 * path,
        "response.days" => 9.0 + 2.0 * rng,
        _ if name.starts_with("participation.") => {
            0.01 * (k as f64) * (1.0 + 0.3 * rng) * (1.0 + 0.1 * years)
        }
        _ => 0.4 + 0.02 * rng + 0.02 * path,
    }
}

/// Replicates of the given sizes.
pub fn outputs(replicates: u32, months: u32) -> Vec<ReplicateOutput> {
    (0..replicates).map(|replicate| output(replicate, months)).collect()
}

/// One replicate.
pub fn output(replicate: u32, months: u32) -> ReplicateOutput {
    let values = |month| (0..metrics().len()).map(move |k| value(replicate, month, k));
    let every_year = || (0..months).step_by(12);
    let group = |month| {
        (0..176).map(move |k: u64| GroupRow {
            month,
            group: "tenure",
            level: if k % 2 == 0 { "owner" } else { "tenant, \"shared\"" },
            metric: metrics()[k as usize % metrics().len()].name,
            value: if k == 3 { f64::NAN } else { noise(k | u64::from(month) << 32) },
        })
    };
    let community = |month| {
        (0..20).map(move |c| CommunityRow {
            month,
            community: c,
            values: vec![noise(u64::from(c)), if c == 0 { f64::NAN } else { 1e-17 }, -0.0],
        })
    };
    ReplicateOutput {
        replicate,
        monthly: (0..months).flat_map(values).collect(),
        communities: every_year().flat_map(community).collect(),
        groups: every_year().flat_map(group).collect(),
        ..ReplicateOutput::default()
    }
}

/// Names of the values for communities.
pub const COMMUNITY_COLUMNS: [&str; 3] = ["participation", "council.distance", "fund.leaked"];

/// Two margins.
pub fn margins() -> Vec<Margin> {
    vec![
        Margin { group: "sex", level: "women", target: 0.51, realised: 0.509 },
        Margin { group: "sex", level: "men", target: 0.49, realised: 0.491 },
    ]
}

/// Results that start in January 2017.
pub fn results<'a>(
    metrics: &'a [Metric],
    outputs: &'a [ReplicateOutput],
    margins: &'a [Margin],
) -> Results<'a> {
    let months = (outputs[0].monthly.len() / metrics.len()) as u32;
    let start = Month::new(2017, 1);
    Results {
        start,
        months,
        metrics,
        community_columns: &COMMUNITY_COLUMNS,
        outputs,
        cities: Cities::Each,
        margins,
        places: &[],
    }
}
