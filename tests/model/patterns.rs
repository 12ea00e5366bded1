//! Patterns that surveys found and that no setting asks for: they emerge from the mechanisms.
//!
//! Figures of the surveys are in the fact table, C3 and C4; here only their signs are asked for.

use crate::common;

use common::{last_year, mean, mean_from, outputs, scenario, scenario_with, series};
use shequ::model::base::stats::estimate;
use shequ::model::simulation::ReplicateOutput;

/// Communities of the usual size, so that staff, fund and organisations have their usual work.
const CITY: &[&str] = &["population.communities=3", "report.communities_every=0"];

const REPLICATES: u32 = 6;

fn over(outputs: &[ReplicateOutput], of: impl Fn(&ReplicateOutput) -> f64) -> f64 {
    mean(outputs.iter().map(of))
}

#[test]
fn few_take_part_and_few_of_them_do_most() {
    let outputs = outputs(&scenario(&[CITY]), REPLICATES);
    for output in &outputs {
        // "Only a small part take active part" (source text F6): well below a quarter in a month.
        let participation = mean_from(output, "participation", 12);
        assert!((0.01..0.25).contains(&participation), "{participation}");
        let gini = last_year(output, "participation.gini");
        assert!(gini > 0.5, "{gini}");
    }
}

#[test]
fn official_turnout_is_far_above_ballots_cast_where_one_votes_for_the_household() {
    // Xiong 2008: the household is the voting unit, and activists carry ballots of others.
    let gap = |form: &str| {
        let outputs = outputs(&scenario(&[CITY, &["months=48", form]]), REPLICATES);
        over(&outputs, |l| mean_from(l, "turnout.official", 0) - mean_from(l, "turnout.cast", 0))
    };
    let (household, direct) = (gap("election.form=household"), gap("election.form=direct"));
    assert!(household > 0.2, "{household}");
    assert!(direct < household && direct >= 0.0, "{direct}, {household}");
}

#[test]
fn turnout_rises_from_the_young_to_the_old() {
    // Shanghai 2017: 13.8 % of those under 30, 77.7 % of those of 70 and over.
    let settings = ["months=48", "report.groups_every=48", "election.first_month=46"];
    let outputs = outputs(&scenario(&[CITY, &settings]), REPLICATES);
    let bands: Vec<&str> = {
        let rows = outputs[0].groups.iter().filter(|g| g.group == "age" && g.metric == "voted");
        rows.map(|g| g.level).collect()
    };
    assert_eq!(bands.len(), 5);
    let voted = |band: &str| {
        over(&outputs, |l| {
            let row = |g: &&shequ::model::simulation::GroupRow| {
                g.group == "age" && g.metric == "voted" && g.level == band
            };
            l.groups.iter().find(row).map_or(f64::NAN, |g| g.value)
        })
    };
    let turnout: Vec<f64> = bands.iter().map(|band| voted(band)).collect();
    println!("voted by age: {turnout:.3?}");
    // With six replicates of 9,000 adults a band's turnout has a standard error below 0.005.
    assert!(turnout.windows(2).all(|w| w[1] > w[0] - 0.02), "{turnout:?}");
    assert!(turnout[4] > turnout[0] + 0.1, "{turnout:?}");
}

#[test]
fn the_centre_is_trusted_more_than_local_government_even_from_an_equal_start() {
    // Cunningham, Saich and Turiel 2020: satisfaction falls from the centre to the township.
    // An equal start is one of which nothing comes before.
    let equal = ["residents.trust_local_government=0.75", "residents.trust_central_government=0.75"];
    let outputs = outputs(&scenario(&[CITY, &equal, &["burn_in=0"]]), REPLICATES);
    let gap = |l: &ReplicateOutput, months: std::ops::Range<usize>| {
        let (centre, local) = (series(l, "trust.central_government"), series(l, "trust.local_government"));
        mean(months.map(|m| centre[m] - local[m]))
    };
    // Six replicates; the gap opens year by year, well beyond random variation.
    let year = |y: usize| estimate(outputs.iter().map(|l| gap(l, 12 * y..12 * y + 12)));
    let years: Vec<_> = (0..10).map(year).collect();
    years.iter().for_each(|e| println!("centre above local: {:.4} ± {:.4}", e.mean, e.half_width));
    // Initial trust is drawn with a spread of 0.22 among 9,000 adults: a standard error below 0.0024 each.
    assert!(years[0].mean.abs() < 0.01, "{:?}", years[0]);
    assert!(years[9].mean - years[9].half_width > years[0].mean + years[0].half_width, "{years:?}");
    assert!(years[9].mean - years[9].half_width > 0.0, "{:?}", years[9]);
    assert!(years.windows(3).all(|w| w[2].mean > w[0].mean), "{years:?}");
}

#[test]
fn trust_is_lost_faster_than_it_is_regained() {
    // A year of unfair enforcement, once trust has settled; then all is as before.
    let change = "[[change]]\nfrom = \"2022-01\"\nenforcement.fairness = 0.2\n\
                  [[change]]\nfrom = \"2023-01\"\nenforcement.fairness = 0.8\n";
    let often = ["enforcement.rate=0.1", "enforcement.fairness=0.8", "months=180", "enforcement.oversight=0"];
    let outputs = outputs(&scenario_with(change, &[CITY, &often]), REPLICATES);
    for output in &outputs {
        let trust = series(output, "trust.local_government");
        let (before, bottom) = (trust[59], trust[71]);
        assert!(bottom < before - 0.05, "{before} to {bottom}");
        // Twelve months lost it; half of the way back takes longer than half of the way down.
        let middle = 0.5 * (before + bottom);
        let down = (60..).find(|&m| trust[m] < middle).map(|m| m - 59).unwrap_or(0);
        let up = trust[72..].iter().position(|&t| t >= middle).map_or(usize::MAX, |m| m + 1);
        assert!(up > down, "{down} months down and {up} up");
    }
}

#[test]
fn most_are_content_with_health_education_and_culture_and_some_communities_are_not() {
    // Source text F1, F6, F9: largely met, with a sizeable minority discontent; uneven between communities.
    let outputs = outputs(
        &scenario(&[&["population.communities=10", "population.adults=300", "months=12"]]),
        REPLICATES,
    );
    for domain in ["services.health", "services.education", "services.culture"] {
        let level = over(&outputs, |l| mean_from(l, domain, 0));
        assert!(level > 0.5, "{domain}: {level}");
    }
    let (mean, gap) = (
        over(&outputs, |l| last_year(l, "satisfaction")),
        over(&outputs, |l| last_year(l, "satisfaction.gap")),
    );
    println!("satisfaction {mean:.3}, gap between communities {gap:.3}");
    assert!(mean > 0.5 && gap > 0.1, "{mean}, {gap}");
}
