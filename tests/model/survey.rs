//! The survey against the truth: within the error that it states, and off by what is asked for and no more.

use crate::common;

use common::{NOBODY_MOVES, PLAIN, begin, city, outputs, scenario, series};
use shequ::model::base::stats::estimate;
use shequ::model::city::survey_items::ITEMS;
use shequ::model::city::{Column, Mode};
use shequ::model::simulation::ReplicateOutput;

/// What the pollster says less what `truth` says of the month of the wave, over all waves of 30 replicates.
fn errors(survey: &[&str], told: &str, truth: &dyn Fn(f64) -> f64, true_name: &str) -> Vec<f64> {
    let monthly = ["survey.sample=100", "survey.every=1"];
    let of = |output: &ReplicateOutput| -> Vec<f64> {
        let pairs = series(output, told).into_iter().zip(series(output, true_name));
        pairs.map(|(told, is)| told - truth(is)).collect()
    };
    outputs(&scenario(&[PLAIN, &monthly, survey]), 30).iter().flat_map(of).collect()
}

/// Everybody who is asked answers, and truly.
const HONEST: &[&str] = &[
    "survey.response=1",
    "survey.selectivity=0",
    "survey.desirability=0",
    "survey.desirability_deeds=0",
    "survey.noise=0",
];

#[test]
fn a_pollster_whom_all_answer_truly_finds_the_truth_within_the_error_that_he_states() {
    let monthly = ["survey.sample=100", "survey.every=1"];
    let (mut within, mut waves) = (0, 0);
    for output in outputs(&scenario(&[PLAIN, &monthly, HONEST]), 30) {
        let (told, is) = (series(&output, "survey.participation"), series(&output, "participation"));
        for ((told, is), error) in told.iter().zip(is).zip(series(&output, "survey.error")) {
            within += ((told - is).abs() < 1.96 * error) as u32;
            waves += 1;
        }
    }
    // 900 waves of 300 answers: 95 % ± 4 · √(.95 · .05 / 900) by random variation; that each community is asked as
    // many makes the error a little smaller than a simple random sample's.
    let share = within as f64 / waves as f64;
    assert!((0.92..=0.99).contains(&share), "{share} of {waves}");
    let error = estimate(errors(HONEST, "survey.participation", &|is| is, "participation").into_iter());
    assert!(error.mean.abs() < 2.0 * error.half_width, "{error:?}");
}

#[test]
fn answers_as_they_should_be_shift_what_is_told_by_their_share_of_what_is_lacking() {
    let some = [HONEST, &["survey.desirability=0.2", "survey.desirability_deeds=0.2"]].concat();
    for (told, is) in [
        ("survey.participation", "participation"),
        ("survey.satisfaction", "satisfaction"),
        ("survey.trust", "trust.local_government"),
    ] {
        let error = estimate(errors(&some, told, &|is| 0.2 + 0.8 * is, is).into_iter());
        // Twice the 95 % interval: four standard errors.
        assert!(error.mean.abs() < 2.0 * error.half_width, "{told}: {error:?}");
        assert!(error.half_width < 0.01, "{told}: {error:?}");
    }
}

#[test]
fn where_those_who_care_answer_the_survey_overstates_participation() {
    let some = [HONEST, &["survey.response=0.5", "survey.selectivity=1"]].concat();
    let error = estimate(errors(&some, "survey.participation", &|is| is, "participation").into_iter());
    assert!(error.mean > error.half_width, "{error:?}");
}

#[test]
fn what_all_answer_truly_is_told_as_it_is_question_by_question() {
    for item in &ITEMS {
        let error = estimate(errors(HONEST, item.told, &|is| is, item.name).into_iter());
        // Twice the 95 % interval: four standard errors, for ten questions.
        assert!(error.mean.abs() <= 2.0 * error.half_width, "{}: {error:?}", item.name);
    }
}

#[test]
fn a_yes_as_expected_is_a_no_where_no_is_expected() {
    let some = [HONEST, &["survey.desirability=0.2", "survey.desirability_deeds=0.1"]].concat();
    let shifted: [(&str, &dyn Fn(f64) -> f64); 3] = [
        ("trusting.committee", &|is| 0.2 + 0.8 * is),
        ("dissatisfied", &|is| 0.8 * is),
        ("voted", &|is| 0.1 + 0.9 * is),
    ];
    for (name, told) in shifted {
        let error = estimate(errors(&some, &format!("survey.{name}"), told, name).into_iter());
        assert!(error.mean.abs() < 2.0 * error.half_width, "{name}: {error:?}");
    }
}

#[test]
fn a_feeling_that_all_share_is_told_as_the_normal_law_of_the_noise_says() {
    // Nobody meets the property company or holds it responsible, and nothing passes on from others, so that
    // trust in it stays where it begins.
    let still = [
        "residents.trust_property=0.6",
        "residents.trust_spread=0",
        "residents.property_contact=0",
        "residents.trust_spill=0",
        "residents.trust_spill_levels=0",
        "responsibility.contact=0",
    ];
    let noisy = [HONEST, &["survey.noise=0.1"], &still].concat();
    // One standard deviation above the middle: Φ(1).
    let law = |_| 0.841_344_746;
    let error = estimate(errors(&noisy, "survey.trusting.property", &law, "trusting.property").into_iter());
    assert!(error.mean.abs() < 2.0 * error.half_width, "{error:?}");
    assert!(error.half_width < 0.01, "{error:?}");
}

#[test]
fn who_volunteered_or_met_is_remembered_for_a_year_and_no_longer() {
    let scenario = scenario(&[PLAIN, NOBODY_MOVES]);
    let city = city(&scenario);
    let mut simulation = begin(&scenario, &city, 0);
    // What each did in each month, written down beside the simulation.
    let mut months: Vec<Vec<u16>> = Vec::new();
    let (mut forgotten, mut remembered) = (0, 0);
    for _ in 0..scenario.months {
        simulation.step();
        let residents = &simulation.communities[0].community.residents;
        months.push(residents.acts.clone());
        for (mode, since) in
            [(Mode::Volunteer, &residents.since_volunteering), (Mode::Meeting, &residents.since_meeting)]
        {
            for i in 0..residents.len() {
                let did = |months: &[Vec<u16>]| months.iter().any(|month| month[i] & mode.bit() != 0);
                let year = did(&months[months.len().saturating_sub(12)..]);
                assert_eq!(Column::Within(since, 12).get(i) == 1.0, year);
                remembered += year as u32;
                forgotten += (!year && did(&months)) as u32;
            }
        }
    }
    assert!(remembered > 0 && forgotten > 0, "both must have been seen: {remembered}, {forgotten}");
}
