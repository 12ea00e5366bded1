//! Residents who are followed: what is told of all of them agrees with the metrics, the same are followed whatever
//! happens, and looking changes nothing.

use crate::common;

use std::collections::BTreeMap;

use common::{bits, busy, mean, output, scenario, series};
use shequ::model::metric::{Holds, details};
use shequ::model::simulation::{QUANTILES, ReplicateOutput};

/// Everybody, twice a year.
const ALL: [&str; 3] =
    ["report.residents=100000", "report.residents_every=6", "report.distributions_every=6"];

/// The place of a column.
fn column(name: &str) -> usize {
    let at = details().iter().position(|detail| detail.name == name);
    at.unwrap_or_else(|| panic!("no column {name}"))
}

/// The values of a column in `month`.
fn values(output: &ReplicateOutput, month: u32, name: &str) -> Vec<f64> {
    let k = column(name);
    let rows = output.residents.rows().filter(|(who, _)| who[0] == month);
    rows.map(|(_, values)| f64::from(values[k])).collect()
}

/// The word of a column in a row.
fn word(values: &[f32], name: &str) -> &'static str {
    let k = column(name);
    let Holds::Words(words) = details()[k].holds else { panic!("{name} holds no words") };
    words[values[k] as usize]
}

/// Means of up to some hundred numbers, added in another order.
fn close(a: f64, b: f64) -> bool {
    (a - b).abs() <= 1e-12 * (1.0 + b.abs())
}

#[test]
fn means_over_all_residents_are_the_metrics_of_that_month() {
    let output = output(&scenario(&[busy(), &ALL]), 0);
    let months: Vec<u32> = (0..5).map(|k| 6 * k + 5).collect();
    let trust =
        ["neighbours", "committee", "organisations", "property", "local_government", "central_government"];
    let trust = trust.map(|target| (format!("trust.{target}"), format!("trust_{target}")));
    let others = [
        ("satisfaction", "satisfaction"),
        ("attachment", "attachment"),
        ("interest", "interest"),
        ("awareness", "awareness"),
        ("sorting.accuracy", "sorting_accuracy"),
        ("participation", "took_part"),
    ]
    .map(|(metric, column)| (metric.to_string(), column.to_string()));
    for month in months {
        let mean_of = |name: &str| mean(values(&output, month, name).into_iter());
        for (metric, column) in trust.iter().chain(&others) {
            let (told, expected) = (mean_of(column), series(&output, metric)[month as usize]);
            assert!(close(told, expected), "{metric} in {month}: {told}, not {expected}");
        }
        let efficacy = 0.5 * (mean_of("internal_efficacy") + mean_of("external_efficacy"));
        assert!(close(efficacy, series(&output, "efficacy")[month as usize]));
        // Where a mode was open, those who took part are a part of those eligible, and closed to all others.
        for mode in ["vote", "meeting", "event", "sorting", "complaint"] {
            let share = series(&output, &format!("participation.{mode}"))[month as usize];
            let did = mean_of(&format!("did_{mode}"));
            assert_eq!(share > 0.0, did > 0.0, "{mode} in {month}");
            assert!(
                did == 0.0 || did <= share + 1e-12,
                "{mode} in {month}: {did} of all, {share} of the eligible"
            );
        }
    }
}

#[test]
fn residents_by_group_are_those_of_the_table_of_groups() {
    let output = output(&scenario(&[busy(), &ALL]), 0);
    let mut compared = 0;
    for (group, column) in
        [("sex", "sex"), ("education", "education"), ("tenure", "tenure"), ("hukou", "hukou")]
    {
        for row in output.groups.iter().filter(|row| row.group == group) {
            let name = match row.metric {
                "hours" => "hours_of_year",
                "trust.committee" => "trust_committee",
                "participation" => "took_part",
                _ => continue,
            };
            let of = output
                .residents
                .rows()
                .filter(|(who, values)| who[0] == row.month && word(values, column) == row.level);
            let told = mean(of.map(|(_, values)| f64::from(values[self::column(name)])));
            assert!(told.is_nan() && row.value.is_nan() || close(told, row.value), "{row:?}: {told}");
            compared += 1;
        }
    }
    assert_eq!(compared, 5 * 3 * (2 + 4 + 2 + 2));
}

#[test]
fn distributions_are_those_of_the_residents() {
    let output = output(&scenario(&[busy(), &ALL]), 0);
    for row in &output.distributions {
        let name = match row.metric {
            "hours" => "hours_of_year".into(),
            "sorting.accuracy" => "sorting_accuracy".into(),
            "efficacy" => continue,
            metric => metric.replace('.', "_"),
        };
        let mut told = values(&output, row.month, &name);
        told.sort_by(f64::total_cmp);
        assert!(close(mean(told.iter().copied()), row.mean), "{row:?}");
        // By another way than linear interpolation from below: as many lie below as the quantile says.
        for (p, quantile) in QUANTILES.iter().zip(&row.quantiles) {
            let n = told.len() as f64;
            let below = told.iter().filter(|value| *value < quantile).count() as f64;
            let up_to = told.iter().filter(|value| *value <= quantile).count() as f64;
            assert!(below <= p * (n - 1.0) + 1.0 && up_to >= p * (n - 1.0), "{row:?}");
        }
        let variance =
            told.iter().map(|v| (v - row.mean) * (v - row.mean)).sum::<f64>() / (told.len() - 1) as f64;
        assert!((row.sd - variance.sqrt()).abs() < 1e-9, "{row:?}");
    }
    // Six kinds of trust, satisfaction, efficacy, awareness, sorting, attachment, interest and hours, five times.
    assert_eq!(output.distributions.len(), 13 * 5);
}

#[test]
fn who_stays_keeps_what_does_not_change_and_who_comes_is_told_by_since() {
    // Many move, come of age and die.
    let restless = ["residents.move_renter=0.1", "residents.move_owner=0.05", "residents.mortality=1"];
    let output = output(&scenario(&[busy(), &ALL, &restless]), 0);
    let mut before: BTreeMap<[u32; 2], (u32, Vec<f32>)> = BTreeMap::new();
    let (mut stayed, mut came) = (0, 0);
    for ([month, community, resident], values) in output.residents.rows() {
        let now = |name: &str| values[column(name)];
        let earlier = before.insert([community, resident], (month, values.to_vec()));
        assert!(now("since") <= month as f32);
        let Some((then, earlier)) = earlier else { continue };
        let was = |name: &str| earlier[column(name)];
        if now("since") == was("since") {
            stayed += 1;
            for lasting in ["sex", "education", "first_need", "second_need", "disposition"] {
                assert_eq!(now(lasting), was(lasting), "{lasting} of {resident} in {community}");
            }
            assert!((0.0..=1.0).contains(&(now("age") - was("age"))), "half a year later");
        } else {
            came += 1;
            assert!(now("since") > then as f32, "since {} after {}", now("since"), was("since"));
        }
        for place in ["kind", "household", "compound", "acquaintances"] {
            assert_eq!(now(place), was(place), "{place} of {resident} in {community}");
        }
    }
    assert!(stayed > 300 && came > 300, "{stayed} stayed, {came} came");
}

#[test]
fn fewer_are_among_more_and_the_same_under_every_policy() {
    let of = |settings: &[&str]| output(&scenario(&[busy(), settings]), 0);
    let who = |output: &ReplicateOutput| output.residents.who.clone();
    let (few, more) = (of(&["report.residents=5"]), of(&["report.residents=40"]));
    assert_eq!((few.residents.who.len(), more.residents.who.len()), (2 * 3 * 5, 2 * 3 * 40));
    let rows = |output: &ReplicateOutput| -> BTreeMap<[u32; 3], Vec<u32>> {
        let bits = |values: &[f32]| values.iter().map(|value| value.to_bits()).collect();
        output.residents.rows().map(|(who, values)| (who, bits(values))).collect()
    };
    let all = rows(&more);
    assert!(rows(&few).iter().all(|(who, values)| all.get(who) == Some(values)));
    let policy = of(&["report.residents=40", "outreach.home_visits=0.5", "council.enabled=false"]);
    assert_eq!(who(&policy), who(&more));
    assert_ne!(rows(&policy), all);
    // Another replicate follows the same people of the city; another city has people of its own.
    let again = output(&scenario(&[busy(), &["report.residents=5"]]), 1);
    assert_eq!(who(&again), who(&few));
    assert_ne!(who(&of(&["report.residents=5", "seed.city=2"])), who(&few));
    // Not the first of each community.
    assert!(few.residents.who.iter().any(|who| who[2] > 40));
}

#[test]
fn following_residents_changes_no_other_number() {
    let without = output(&scenario(&[busy()]), 0);
    let mut with = output(&scenario(&[busy(), &ALL]), 0);
    assert!(without.residents.who.is_empty() && without.distributions.is_empty());
    (with.residents, with.distributions) = Default::default();
    assert_eq!(bits(&with), bits(&without));
}

#[test]
fn residents_are_the_same_for_any_number_of_threads() {
    let scenario = scenario(&[busy(), &["population.communities=7"], &ALL]);
    let of = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads");
        pool.install(|| bits(&output(&scenario, 0)))
    };
    assert_eq!(of(1), of(2));
}
