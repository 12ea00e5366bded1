//! Which replicates share a synthetic city, and what intervals then stand for.

use crate::common;

use common::replicate_in;
use shequ::experiment::file::{Experiment, Kind, Overrides};
use shequ::experiment::study::{Settings, Study};
use shequ::model::base::stats::estimate;
use shequ::model::city::Cities;
use shequ::model::metric;
use shequ::model::scenario::Scenario;

const SMALL: &str = "name = \"Small\"\nmonths = 6\nburn_in = 0\n[population]\ncommunities = 2\nadults = 60\n\
    households_per_compound = 20\nhouseholds_per_group = 10\n[staff]\ncount = 1\n\
    [report]\ncommunities_every = 0\ngroups_every = 0\n";

fn small(options: &[&str]) -> Scenario {
    let options: Vec<String> = options.iter().map(|option| option.to_string()).collect();
    Scenario::from_text("small.toml", SMALL, &options).unwrap().scenario
}

#[test]
fn the_first_city_is_that_of_the_seed_and_others_are_drawn_from_it() {
    let seeds = |cities: &str| {
        let seed = small(&["seed.city=7", &format!("seed.cities={cities}")]).seed;
        (0..4).map(|replicate| seed.of_city(replicate)).collect::<Vec<u64>>()
    };
    assert_eq!(seeds("one"), [7; 4]);
    let each = seeds("each");
    assert_eq!((each[0], seeds("auto")), (7, each.clone()));
    assert_eq!(seeds("pairs"), [each[0], each[0], each[1], each[1]]);
    assert!((0..4).all(|i| (0..i).all(|j| each[i] != each[j])), "{each:?}");
    // Cities of neighbouring seeds have none in common.
    assert!(small(&["seed.city=8"]).seed.of_city(1) != each[1]);
}

/// The values of every side and replicate of a comparison of a scenario with itself.
fn compared(cities: &str) -> (Scenario, Vec<Vec<f64>>) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("small.toml");
    std::fs::write(&file, SMALL).unwrap();
    let set = vec!["replicates=3".into(), format!("seed.cities={cities}")];
    let overrides = Overrides { set, ..Overrides::default() };
    let experiment =
        Experiment::of_scenarios(Kind::Compare, &file, std::slice::from_ref(&file), &overrides).unwrap();
    let study = Study::new(&experiment);
    let settings = Settings { threads: 1, ..Settings::default() };
    let result = study.complete(&study.cache(settings.shard), folder.path(), &settings).unwrap();
    let mut records = result.index.records().unwrap();
    let sides = [0, 1].map(|side| result.values(&mut records, side, study.width()).unwrap());
    assert_eq!(format!("{:?}", sides[0]), format!("{:?}", sides[1]));
    let [base, _] = sides;
    (experiment.base.scenario.clone(), base)
}

#[test]
fn in_an_experiment_base_and_arm_share_the_city_of_their_replicate() {
    let (auto, values) = compared("auto");
    assert_eq!(auto.seed.cities, Cities::One);
    let (_, one) = compared("one");
    assert_eq!(format!("{values:?}"), format!("{one:?}"));
    let (pairs, each) = compared("pairs");
    assert_eq!(pairs.seed.cities, Cities::Each);
    // The first city is the same, the others are not.
    assert_eq!(format!("{:?}", each[0]), format!("{:?}", one[0]));
    assert_ne!(format!("{:?}", each[1]), format!("{:?}", one[1]));
    // Each value is that of the replicate in its city.
    let outcome = metric::position("trust.committee").unwrap();
    for (scenario, values) in [(auto, one), (pairs, each)] {
        for replicate in 0..3 {
            assert_eq!(level(&scenario, replicate), values[replicate as usize][outcome]);
        }
    }
}

/// The mean trust in the committee over the whole of a replicate.
fn level(scenario: &Scenario, replicate: u32) -> f64 {
    let of = metric::position("trust.committee").unwrap();
    let seed = scenario.seed.of_city(replicate);
    let output = replicate_in(scenario, seed, replicate);
    estimate(output.monthly.iter().skip(of).step_by(metric::all().len()).copied()).mean
}

#[test]
fn intervals_of_levels_hold_the_mean_over_cities_where_replicates_have_cities_of_their_own() {
    const STUDIES: u32 = 120;
    const REPLICATES: u32 = 6;
    let study = |cities: &str, number: u32| {
        let scenario = small(&[
            &format!("seed.cities={cities}"),
            &format!("seed.city={}", 1 + number),
            &format!("seed.replicates={}", 1_000 + number),
        ]);
        estimate((0..REPLICATES).map(|replicate| level(&scenario, replicate)).collect::<Vec<_>>().into_iter())
    };
    let each: Vec<_> = (0..STUDIES).map(|number| study("each", number)).collect();
    let one: Vec<_> = (0..STUDIES).map(|number| study("one", number)).collect();
    // The mean over 720 cities, whose error is 1 / √120 of that of one study.
    let truth = estimate(each.iter().map(|e| e.mean)).mean;
    let held = |studies: &[shequ::model::base::stats::Estimate]| {
        let held = studies.iter().filter(|e| (e.mean - truth).abs() <= e.half_width).count();
        held as f64 / f64::from(STUDIES)
    };
    // Three standard errors of 120 studies at 95 % are 0.06.
    assert!(held(&each) > 0.89, "{}", held(&each));
    assert!(held(&one) < 0.89, "{}", held(&one));
}
