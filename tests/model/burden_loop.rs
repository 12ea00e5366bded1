//! Loops of the map that keep what they have: the vicious circle of burden and autonomy (row 138), and
//! turnout that was raised once (row 115).

use crate::common;

use common::{PLAIN, effect, mean, outputs, scenario, scenario_with, series};
use shequ::model::simulation::ReplicateOutput;

const REPLICATES: u32 = 8;

/// One person on the staff, 160 hours a month, of which residents, visits and training take about 13.
/// Tasks take 72 hours, and 1.6 times as many more where all money comes from the street. Each hour left
/// over earns 1,000 yuan, beside 16,667 a month from the street. With D = 1 / (1 + x) and x the own income in
/// units of the street's, x = max(0, .06 · (75 − 115 · D)): states at 0 and 2.6, and a watershed at .9 between
/// them. The weak are asked for a quarter more than they can do, so that no hour is left by chance.
const LOOP: &[&str] = &[
    "months=240",
    "report.groups_every=0",
    "report.communities_every=0",
    "admin.tasks_per_month=6",
    "admin.task_hours=1",
    "admin.fragmentation=0",
    "admin.target_pressure=0",
    "admin.dependence=1.6",
    "staff.hours=160",
    "residents.request_rate=0.05",
    "funding.base=200000",
    "government.learning_rate=0",
    "funding.own_revenue=1000",
];
/// Where it starts: on its own feet, with nothing of its own, or on its own feet under a heap of work.
const STRONG: &[&str] = &["funding.own_income=25000"];
const WEAK: &[&str] = &[];
const BURIED: &[&str] = &["funding.own_income=25000", "staff.backlog=2000"];

/// Dependence on the street in the tenth and in the twentieth year, by replicate.
fn dependence(settings: &[&str], start: &[&str]) -> Vec<[f64; 2]> {
    let year = |output: &ReplicateOutput, from: usize| {
        mean(series(output, "fund.dependence").into_iter().skip(from).take(12))
    };
    let outputs = outputs(&scenario(&[PLAIN, LOOP, settings, start]), REPLICATES);
    outputs.iter().map(|output| [year(output, 108), year(output, 228)]).collect()
}

#[test]
fn the_burden_loop_has_two_stable_states_for_some_settings_and_one_for_others() {
    // By the equation above D is 1 in the weak state and 1 / 3.6 = .28 in the strong one. Random variation moves the
    // mean of three communities by a few hundredths; the states lie .72 apart.
    let (strong, weak, buried) = (dependence(&[], STRONG), dependence(&[], WEAK), dependence(&[], BURIED));
    for ((strong, weak), buried) in strong.iter().zip(&weak).zip(&buried) {
        for year in 0..2 {
            assert!(strong[year] < 0.6, "on its own feet it stays there: {strong:?}");
            assert!(weak[year] > 0.95, "with nothing of its own it stays there: {weak:?}");
        }
        assert!(buried[1] > 0.95, "under a heap of work it loses what it had: {buried:?}");
    }
    // Half of the tasks taken back, or the street's money without strings: the weak recover. Hours that
    // earn little: the strong are lost. In each case all starts end in one state.
    let one_state: [(&[&str], bool); 3] = [
        (&["admin.return_power=0.5"], true),
        (&["admin.dependence=0"], true),
        (&["funding.own_revenue=100"], false),
    ];
    for (settings, recovers) in one_state {
        let all = [STRONG, WEAK, BURIED].map(|start| dependence(settings, start));
        for ((strong, weak), buried) in all[0].iter().zip(&all[1]).zip(&all[2]) {
            let ends = [strong[1], weak[1], buried[1]];
            // Under common random numbers, what is left of a difference halves every few months.
            let apart = ends.iter().fold(0.0f64, |most, end| most.max((end - ends[0]).abs()));
            assert!(apart < 0.02, "{settings:?}: {ends:?}");
            assert_eq!(ends[0] < 0.6, recovers, "{settings:?}: {ends:?}");
        }
    }
}

#[test]
fn waits_rise_gradually_with_the_tasks_of_each_department() {
    // Eight people, 3,000 adults: the work that comes is 84 % of what staff can do with 8 tasks for each of twelve
    // departments, and more than all of it from 10 on. In version 0.1.0, where work came evenly and took equal
    // times, 8, 9 and 10 tasks gave 3, 9 and 60 days.
    let days = |tasks: u32| {
        let settings = [
            "population.communities=2",
            "population.adults=3000",
            "months=48",
            "report.groups_every=0",
            "report.communities_every=0",
            "staff.count=8",
            "staff.hours=160",
            "residents.request_rate=0.05",
            "staff.handling_days=3",
            &format!("admin.tasks_per_month={tasks}"),
        ];
        let outputs = outputs(&scenario(&[&settings]), REPLICATES);
        mean(outputs.iter().map(|output| mean(series(output, "response.days").into_iter().skip(24))))
    };
    let waits = [6, 7, 8, 9, 10, 11].map(days);
    println!("days to a response with 6 to 11 tasks: {waits:.2?}");
    // Requests that nobody has time for are given up when patience ends, which keeps waits bounded: the steepest
    // step is a fifth of the cliff of fifty days.
    assert!(waits.windows(2).all(|w| w[0] < w[1] && w[1] - w[0] < 10.0), "{waits:?}");
}

#[test]
fn turnout_that_was_raised_for_some_years_stays_higher() {
    // Elections each July. From 2018 to 2020 residents are told and asked; then all is as before. What is
    // left in the elections of 2022 to 2025 is habit, and what friends who vote do to one another.
    let campaign = "[[change]]\nfrom = \"2018-01\"\nelection.mobilisation = 0.8\noutreach.wechat_group = 1.0\n\
        [[change]]\nfrom = \"2021-01\"\nelection.mobilisation = 0.15\noutreach.wechat_group = 0.0\n";
    let yearly = ["months=108", "election.first_month=6", "election.term_months=12", "report.groups_every=0"];
    let (without, with) =
        (outputs(&scenario(&[PLAIN, &yearly]), 30), outputs(&scenario_with(campaign, &[PLAIN, &yearly]), 30));
    let later = |output: &ReplicateOutput| mean(series(output, "turnout.willing").into_iter().skip(60));
    let e = effect(&without, &with, &later);
    println!("turnout, two to five years after: {:+.5} ± {:.5}", e.mean, e.half_width);
    assert!(e.mean - e.half_width > 0.0, "{:+.5} ± {:.5}", e.mean, e.half_width);
}
