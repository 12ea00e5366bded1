//! Who may vote: local hukou, or a year here, an application, and no vote at home.

use crate::common;

use common::{NOBODY_MOVES, PLAIN, mean, outputs, scenario, scenario_with, series};
use shequ::model::simulation::ReplicateOutput;

const TOWN: &[&str] =
    &["population.adults=900", "months=40", "election.first_month=3", "report.groups_every=0"];

fn runs(settings: &[&str]) -> Vec<ReplicateOutput> {
    outputs(&scenario(&[PLAIN, TOWN, settings]), 4)
}

/// The metric in the month of the first or second election.
fn at(outputs: &[ReplicateOutput], name: &str, month: usize) -> f64 {
    mean(outputs.iter().map(|output| series(output, name)[month]))
}

#[test]
fn turnout_is_of_those_who_may_vote() {
    for output in runs(&[]) {
        let (turnout, may) = (series(&output, "turnout.willing")[3], series(&output, "electorate")[3]);
        // By adults of each community, of which electors are a part.
        let voted = series(&output, "participation.vote")[3];
        assert!((turnout - voted).abs() < 1e-9, "{turnout}, {voted}");
        assert!(may > 0.4 && may < 0.8, "{may}");
        assert!(series(&output, "electorate")[4].is_nan());
    }
}

#[test]
fn nobody_from_elsewhere_votes_before_applying_and_all_do_who_may_where_all_apply() {
    let of = |settings: &[&str]| runs(&[NOBODY_MOVES, settings].concat());
    let none = of(&["registration.application=0", "registration.application_asked=0"]);
    assert_eq!(at(&none, "electorate.migrants", 3), 0.0);
    // Nobody comes or goes: at the second election all have been here for a year, and a share votes at home.
    let all =
        of(&["registration.application=1", "registration.application_asked=1", "registration.home_vote=0.2"]);
    let share = at(&all, "electorate.migrants", 39);
    // About 1,080 migrants in each replicate, the same people in all four: 4 standard errors of .012.
    assert!((share - 0.8).abs() < 0.05, "{share}");
    let open = of(&["registration.rule=everybody"]);
    assert!(at(&open, "electorate", 39) == 1.0);
}

#[test]
fn migrants_get_on_the_list_election_by_election_and_faster_where_they_are_asked() {
    let of = |share: &str| {
        let settings = [share, "registration.home_vote=0", "organisations.local_asks=0", "party.strength=0"];
        let years = ["election.term_months=12", "election.mobilisation=0", "staff.count=4"];
        runs(&[&settings[..], &years].concat())
    };
    let unasked = of("outreach.home_visits=0");
    let asked = of("outreach.home_visits=0.3");
    let path = |of: &[ReplicateOutput]| [3, 15, 27, 39].map(|month| at(of, "electorate.migrants", month));
    let (unasked, asked) = (path(&unasked), path(&asked));
    println!("migrants on the list: unasked {unasked:.3?}, asked {asked:.3?}");
    assert!(unasked.windows(2).all(|w| w[1] > w[0]) && asked.windows(2).all(|w| w[1] > w[0]));
    assert!((1..4).all(|k| asked[k] > unasked[k] + 0.02), "{unasked:?}, {asked:?}");
}

#[test]
fn opening_the_list_brings_migrants_who_vote_less_often() {
    let change = "[[change]]\nfrom = \"2018-01\"\nregistration.rule = \"everybody\"\n";
    let open = outputs(&scenario_with(change, &[PLAIN, TOWN]), 4);
    let closed = runs(&[]);
    let of = |outputs: &[ReplicateOutput], name: &str| at(outputs, name, 39);
    assert!(of(&open, "electorate.migrants") > of(&closed, "electorate.migrants") + 0.4);
    // More people vote, and a smaller share of a larger electorate.
    let voters = |outputs: &[ReplicateOutput]| of(outputs, "turnout.willing") * of(outputs, "electorate");
    println!(
        "turnout {:.3} of {:.3} of adults, opened {:.3} of {:.3}",
        of(&closed, "turnout.willing"),
        of(&closed, "electorate"),
        of(&open, "turnout.willing"),
        of(&open, "electorate")
    );
    assert!(voters(&open) > voters(&closed));
    assert!(of(&open, "turnout.willing") < of(&closed, "turnout.willing"));
}
