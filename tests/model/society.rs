//! What society does for itself, where more than a sign is claimed: sorting within a year, its decay,
//! occasions with falling returns, and councils by ballot and by lot.

use crate::common;

use common::{NOBODY_MOVES, PLAIN, effect, last_year, mean, outputs, scenario, scenario_with, series};
use shequ::model::simulation::ReplicateOutput;

/// One community of the usual size, where few sort at first, for two years.
const SORTING: &[&str] =
    &["population.communities=1", "months=24", "report.communities_every=0", "report.groups_every=0"];

/// The instruments of the source text (F2): a group at the bins and from door to door, and WeChat.
const SELF_MANAGED: &[&str] = &["waste.group_size=45", "waste.wechat_group=0.8"];

/// Accuracy in month `m`, counted from 0, as a mean over replicates.
fn accuracy(outputs: &[ReplicateOutput], m: usize) -> f64 {
    mean(outputs.iter().map(|output| series(output, "sorting.accuracy")[m]))
}

#[test]
fn supervision_and_self_management_reach_nine_tenths_in_a_year_and_publicity_alone_does_not() {
    let settled = outputs(&scenario(&[SORTING, SELF_MANAGED, NOBODY_MOVES]), 4);
    let usual = outputs(&scenario(&[SORTING, SELF_MANAGED]), 4);
    let told = ["waste.group_supervision=0", "waste.publicity=1", "waste.wechat_group=0"];
    let told = outputs(&scenario(&[SORTING, SELF_MANAGED, NOBODY_MOVES, &told]), 4);
    let untold = accuracy(&outputs(&scenario(&[SORTING, NOBODY_MOVES]), 4), 11);
    let (year, later, told) = (accuracy(&settled, 11), accuracy(&usual, 17), accuracy(&told, 11));
    println!(
        "accuracy after a year: {year:.3}, told alone {told:.3}; with usual moves after 18 months {later:.3}"
    );
    assert!(year >= 0.9, "{year}");
    // Where people come and go it takes some months more, because newcomers have yet to learn; nine in ten of
    // Shanghai's areas comply, give or take .05 (target W01).
    assert!(later >= 0.85, "{later}");
    // Those who are told how sort no more bags than before, but do it a little better.
    assert!((0.0..=0.03).contains(&(told - untold)), "{untold}, {told}");
}

#[test]
fn accuracy_decays_when_support_ends_and_more_slowly_with_a_durable_arrangement() {
    let ends = "[[change]]\nfrom = \"2018-01\"\nwaste.group_size = 0\nwaste.wechat_group = 0\n";
    let after = |maintenance: &str| {
        let outputs = outputs(&scenario_with(ends, &[SORTING, SELF_MANAGED, &[maintenance]]), 4);
        (accuracy(&outputs, 11), accuracy(&outputs, 23))
    };
    let (before, ended) = after("waste.maintenance=0.0");
    let (_, kept) = after("waste.maintenance=0.9");
    println!("accuracy {before:.3} with support; a year later {ended:.3}, with an arrangement {kept:.3}");
    assert!(ended < before - 0.2, "{before} to {ended}");
    assert!(kept > ended + 0.1 && kept < before, "{ended}, {kept}, {before}");
}

#[test]
fn more_occasions_bring_more_residents_with_falling_returns() {
    let events = |n: u32| {
        let setting = format!("opportunities.events_per_month={n}");
        let outputs = outputs(&scenario(&[PLAIN, &["population.adults=600", &setting]]), 8);
        mean(outputs.iter().map(|output| last_year(output, "participation.event")))
    };
    let shares = [1, 4, 7, 10].map(events);
    println!("share at events with 1, 4, 7 and 10 a month: {shares:.4?}");
    // Three more each time; the same paired random numbers, and steps of one percentage point down to tenths of one.
    let steps: Vec<f64> = shares.windows(2).map(|w| w[1] - w[0]).collect();
    assert!(steps[0] > 0.0 && steps[0] > steps[1] && steps[1] > steps[2], "{steps:?}");
}

#[test]
fn a_household_ballot_and_a_lot_fill_seats_otherwise_and_choose_other_projects() {
    let council = ["council.enabled=true", "funding.decider=council", "population.adults=600"];
    let of = |selection: &str| outputs(&scenario(&[PLAIN, &council, &[selection]]), 20);
    let (ballot, lot) = (of("council.selection=household"), of("council.selection=sortition"));
    let seats = effect(&ballot, &lot, &|output| last_year(output, "council.distance"));
    println!("distance of seats, lot less ballot: {:+.4} ± {:.4}", seats.mean, seats.half_width);
    assert!(seats.mean.abs() > seats.half_width, "{seats:?}");
    let others = ballot.iter().zip(&lot).filter(|(a, b)| {
        let fit = |output: &ReplicateOutput| {
            series(output, "fund.fit").into_iter().map(f64::to_bits).collect::<Vec<_>>()
        };
        fit(a) != fit(b)
    });
    assert!(others.count() > 15, "in most replicates other projects are chosen");
}

#[test]
fn an_office_that_sees_needs_is_not_wrong_and_one_that_does_not_chooses_worse() {
    let street = ["funding.decider=street", "population.adults=600"];
    let of = |settings: &[&str]| outputs(&scenario(&[PLAIN, &street, settings]), 20);
    let (blind, half, sees) =
        (of(&["funding.blindness=1"]), of(&["funding.blindness=0.5"]), of(&["funding.blindness=0"]));
    let fit = |output: &ReplicateOutput| last_year(output, "fund.fit");
    for (worse, better) in [(&blind, &half), (&half, &sees)] {
        let e = effect(worse, better, &fit);
        println!("fit, who sees more less who sees less: {:+.4} ± {:.4}", e.mean, e.half_width);
        assert!(e.mean > e.half_width, "{e:?}");
    }
    // What can be shown draws money whatever is needed, so the needs that are believed in are wrong by more.
    let hunch = of(&["funding.blindness=1", "funding.visible=0", "funding.lobbying=0"]);
    let show = of(&["funding.blindness=1", "funding.visible=1", "funding.lobbying=0"]);
    let error = |output: &ReplicateOutput| last_year(output, "fund.need_error");
    let e = effect(&hunch, &show, &error);
    println!("error about needs, showing less guessing: {:+.4} ± {:.4}", e.mean, e.half_width);
    assert!(e.mean > e.half_width, "{e:?}");
    assert!(mean(sees.iter().map(error)).abs() < 1e-9, "who sees everything is not wrong");
}

#[test]
fn coverage_counts_residents_with_a_wish_that_is_paid_for_where_they_live() {
    for settings in [&["funding.shared=1.0"][..], &["funding.shared=0.0"], &["funding.shared=0.5"]] {
        let scenario = scenario(&[PLAIN, &["population.adults=600", "funding.project_months=60"], settings]);
        let mut simulation = common::begin(&scenario, &common::city(&scenario), 0);
        let mut seen = 0;
        for _ in 0..12 {
            simulation.step();
            for state in &simulation.communities {
                let fund = &state.local.funding;
                let Some(coverage) = fund.coverage else { continue };
                let residents = &state.community.residents;
                let wishes = |i: usize| [residents.needs[i].first(), residents.needs[i].second()];
                let served = |i: &usize| {
                    let here = |compound: Option<u16>| compound.is_none_or(|c| c == residents.compound[*i]);
                    fund.projects.iter().any(|p| here(p.compound) && wishes(*i).contains(&p.domain))
                };
                // Residents who came since the decision have wishes of their own: look in its month.
                if fund.decision == simulation.month() - 1 {
                    let share = (0..residents.len()).filter(served).count() as f64 / residents.len() as f64;
                    assert!((share - coverage).abs() < 1e-12, "{settings:?}: {share}, {coverage}");
                    seen += 1;
                }
            }
        }
        assert_eq!(seen, 3, "{settings:?}: one decision in each community");
    }
}

#[test]
fn projects_for_one_compound_serve_as_many_yuan_of_need_as_projects_for_all_but_not_everybody() {
    let city = ["population.communities=2", "population.adults=1500", "months=72", "report.groups_every=0"];
    let of = |settings: &[&str]| outputs(&scenario(&[&city, &["report.communities_every=0"], settings]), 12);
    let (none, all, one) = (of(&["funding.base=0"]), of(&["funding.shared=1"]), of(&["funding.shared=0"]));
    let satisfaction = |output: &ReplicateOutput| last_year(output, "satisfaction");
    let (for_all, for_one) = (effect(&none, &all, &satisfaction), effect(&none, &one, &satisfaction));
    println!("satisfaction: for all {:+.4}, for one compound {:+.4}", for_all.mean, for_one.mean);
    assert!(for_all.mean > for_all.half_width && for_one.mean > for_one.half_width);
    // A yuan lifts few by much or many by little: alike but for what a full service has no more use for, and for
    // compounds that are larger or smaller than others.
    assert!((for_one.mean / for_all.mean - 1.0).abs() < 0.4, "{for_all:?}, {for_one:?}");
    let covered = effect(&all, &one, &|output| last_year(output, "fund.coverage"));
    println!("residents with a wish that is paid for, one less all: {:+.4}", covered.mean);
    assert!(covered.mean < -covered.half_width, "{covered:?}");
}

#[test]
fn wechat_informs_the_young_and_the_notice_board_the_old() {
    let quiet = [
        "outreach.notice_board=0",
        "outreach.website=0",
        "outreach.wechat_account=0",
        "outreach.home_visits=0",
        "population.adults=600",
        "report.groups_every=30",
    ];
    let of = |channel: &str| outputs(&scenario(&[PLAIN, &quiet, &[channel]]), 8);
    let silent = of("outreach.phone=0");
    let gain = |told: &[ReplicateOutput], band: &str| {
        let awareness = |output: &ReplicateOutput| {
            let row =
                output.groups.iter().rfind(|g| (g.group, g.level, g.metric) == ("age", band, "awareness"));
            row.expect("awareness is reported by age").value
        };
        effect(&silent, told, &awareness).mean
    };
    for (channel, young_first) in [("outreach.wechat_group=1", true), ("outreach.notice_board=1", false)] {
        let told = of(channel);
        let (young, old) = (gain(&told, "18–29"), gain(&told, "70+"));
        println!("{channel}: awareness of the young {young:+.3}, of the old {old:+.3}");
        assert!(young > 0.0 && old > 0.0, "{channel}: {young}, {old}");
        assert_eq!(young > old, young_first, "{channel}: {young}, {old}");
    }
}
