//! Field experiments on turnout, done in the model: what one vote does to the next, and what a contact at the door
//! does.

use crate::common;

use common::{effect, outputs, scenario_with, series};
use shequ::model::simulation::ReplicateOutput;

/// So many that the error of what one vote does to the next, .02 with four, is .01.
const REPLICATES: u32 = 12;

/// A town at rest that votes in its first month and three years later. As in the experiments, half vote where the
/// usual seven in ten are told of it; what others do is not looked at, because experiments treat one voter and not the
/// neighbours.
const TOWN: &[&str] = &[
    "population.communities=3",
    "population.adults=1200",
    "months=40",
    "election.first_month=0",
    "report.communities_every=0",
    "report.groups_every=0",
    "theory.calculus.social=0.0",
    "modes.vote.base_rate=0.7",
];

/// Hours enough to ask everybody.
const ABLE: &str = "election.campaign_hours = 40.0";
/// Nobody asks but the campaign.
const NOBODY_ELSE: &[&str] = &["organisations.local_asks=0.0"];

/// The town with `settings` in its first month alone.
fn first_election(settings: &str, others: &[&str]) -> Vec<ReplicateOutput> {
    let text = format!(
        "[[change]]\nfrom = \"2017-01\"\n{settings}\n\
         [[change]]\nfrom = \"2017-02\"\nelection.publicity = 0.7\nelection.mobilisation = 0.15\n\
         election.campaign_hours = 0.25\n"
    );
    outputs(&scenario_with(&text, &[TOWN, others]), REPLICATES)
}

fn turnout(output: &ReplicateOutput, month: usize) -> f64 {
    series(output, "turnout.willing")[month]
}

#[test]
fn one_vote_more_raises_the_next_as_in_field_experiments() {
    // Publicity brings some to the first election; how many of them come to the next is the effect of a vote, as
    // experiments and cut-offs of eligibility measure it: 10 points on average, from 5 to 47.
    let few = first_election("election.publicity = 0.0", &[]);
    let many = first_election("election.publicity = 1.0", &[]);
    let first = effect(&few, &many, &|output| turnout(output, 0));
    let second = effect(&few, &many, &|output| turnout(output, 36));
    assert!(first.mean > 0.2, "publicity brings voters: {}", first.mean);
    let of_one = second.mean / first.mean;
    let error = second.half_width / first.mean;
    assert!(of_one - error > 0.05 && of_one + error < 0.47, "{of_one} ± {error}");
}

#[test]
fn a_contact_does_as_much_as_in_field_experiments_however_much_is_known() {
    // 7 to 12 points where half vote: one vote for each 14 contacts at the door, 12 points among students in
    // Beijing. Nobody else asked them; a point on both sides for turnout that is not one half.
    for publicity in ["0.0", "0.7", "1.0"] {
        let asking = |share: &str| {
            first_election(
                &format!("{ABLE}\nelection.publicity = {publicity}\nelection.mobilisation = {share}"),
                NOBODY_ELSE,
            )
        };
        let contact = effect(&asking("0.0"), &asking("1.0"), &|output| turnout(output, 0));
        assert!(contact.mean > 0.06 && contact.mean < 0.13, "publicity {publicity}: {}", contact.mean);
    }
}

#[test]
fn who_was_asked_often_within_the_year_is_moved_less() {
    // A branch that asks everybody every month, for a year before the first election; a branch that does not.
    let often = ["party.strength=1.0", "party.contacts=100.0"];
    let contact = |before: &[&str]| {
        let asking = |share: &str| {
            let settings = format!("{ABLE}\nparty.strength = 0.0\nelection.mobilisation = {share}");
            first_election(&settings, &[NOBODY_ELSE, before].concat())
        };
        effect(&asking("0.0"), &asking("1.0"), &|output| turnout(output, 0)).mean
    };
    let (fresh, tired) = (contact(&[]), contact(&often));
    assert!(tired < 0.25 * fresh, "{tired} after a year of asking, {fresh} without");
}

#[test]
fn a_campaign_asks_as_many_as_its_hours_are_enough_for() {
    let with = |hours: &str| {
        first_election(&format!("election.mobilisation = 1.0\nelection.campaign_hours = {hours}"), &[])
    };
    let (none, some, enough) = (with("0.0"), with("0.25"), with("40.0"));
    let nobody_asked = first_election("election.mobilisation = 0.0", &[]);
    let of =
        |campaign: &[ReplicateOutput]| effect(&nobody_asked, campaign, &|output| turnout(output, 0)).mean;
    assert_eq!(of(&none), 0.0);
    // A quarter of an hour of each of nine in a hundred, at ten an hour: .225 of residents are asked.
    let share = of(&some) / of(&enough);
    assert!((share - 0.225).abs() < 0.05, "{share}");
}
