//! What residents know, from messages and from people, and what acquaintances do: against field experiments.

use crate::common;

use common::{PLAIN, effect, last_year, mean, outputs, scenario, scenario_with, series};
use shequ::model::simulation::ReplicateOutput;

/// Pairs of replicates.
const REPLICATES: u32 = 12;

/// Communities in which staff have the time for the visits that are asked of them.
const TOWN: &[&str] = &["population.adults=900", "staff.count=4", "months=36", "report.groups_every=0"];
const GROUPS: &[&str] = &["outreach.wechat_group=0.8"];
const VISITS: &[&str] = &["outreach.home_visits=0.2"];

fn runs(settings: &[&[&str]]) -> Vec<ReplicateOutput> {
    outputs(&scenario(&[&[PLAIN, TOWN], settings].concat()), REPLICATES)
}

#[test]
fn visits_do_more_than_messages_which_do_little() {
    // Field experiments find 7 to 12 points from a contact at the door and 1.8 from a letter or a reminder
    // (Michigan 2006), where half vote. Participation is lower, so that messages may add two points at most.
    let plain = runs(&[]);
    for outcome in ["participation", "awareness"] {
        let of = |settings: &[&str]| effect(&plain, &runs(&[settings]), &|o| last_year(o, outcome));
        let (groups, visits) = (of(GROUPS), of(VISITS));
        println!(
            "{outcome}: groups {:+.4} ± {:.4}, visits {:+.4} ± {:.4}",
            groups.mean, groups.half_width, visits.mean, visits.half_width
        );
        assert!(groups.mean > groups.half_width, "{outcome}: {groups:?}");
        assert!(visits.mean - visits.half_width > groups.mean + groups.half_width, "{outcome}");
        assert!(outcome != "participation" || groups.mean < 0.02, "{groups:?}");
    }
}

#[test]
fn what_messages_told_is_gone_within_a_quarter_and_what_people_told_is_not() {
    // Two years of telling, which ends; what of the difference in knowing is left three months later.
    let left = |key: &str, during: &str, word_of_mouth: &str| {
        let change = format!("[[change]]\nfrom = \"2019-01\"\n{key} = 0.0\n");
        let [during, never] = [during, "0.0"].map(|share| format!("{key}={share}"));
        let of = |share: &str| {
            outputs(&scenario_with(&change, &[PLAIN, TOWN, &[word_of_mouth, share]]), REPLICATES)
        };
        let (with, without) = (of(&during), of(&never));
        let gain = |month: usize| effect(&without, &with, &|o| series(o, "awareness")[month]).mean;
        gain(26) / gain(23)
    };
    // Where nobody passes anything on: 2^(−91/7), and (1 − forgetting)³ but for those who came meanwhile, of whom
    // nobody was told: one or two in a hundred each month.
    let silent = "residents.word_of_mouth=0";
    let messages = left("outreach.wechat_group", "0.8", silent);
    let people = left("outreach.home_visits", "0.3", silent);
    println!("left after three months: of messages {messages:.4}, of visits {people:.3}");
    assert!(messages.abs() < 0.01, "{messages}");
    assert!((people - 0.343).abs() < 0.04, "{people}");
    // What those who had read a message told others is kept as long as what others tell.
    let usual = "residents.word_of_mouth=0.08";
    let messages = left("outreach.wechat_group", "0.8", usual);
    let people = left("outreach.home_visits", "0.3", usual);
    println!("where acquaintances tell: of messages {messages:.3}, of visits {people:.3}");
    assert!(messages > 0.05 && people > messages + 0.05, "{messages}, {people}");
}

#[test]
fn policies_do_more_where_acquaintances_tell_and_are_seen() {
    // The same visits in a town where nobody tells anybody and nobody looks at what others do.
    let alone = ["residents.word_of_mouth=0", "theory.calculus.social=0"];
    let of = |settings: &[&str]| {
        let joined = [VISITS, settings].concat();
        effect(&runs(&[settings]), &runs(&[&joined]), &|o| last_year(o, "participation"))
    };
    let (together, silent, blind) = (of(&[]), of(&alone[..1]), of(&alone[1..]));
    for (name, of) in [("as it is", &together), ("nobody tells", &silent), ("nobody looks", &blind)] {
        println!("visits, {name}: {:+.4} ± {:.4}", of.mean, of.half_width);
    }
    assert!(together.mean > 1.1 * silent.mean, "{together:?}, {silent:?}");
    assert!(together.mean > blind.mean, "{together:?}, {blind:?}");
}

#[test]
fn what_is_seen_moves_others_and_what_is_not_does_not() {
    // Nobody tells anybody, and all have time for everything, so that one mode does not crowd out another.
    let quiet = [
        "residents.word_of_mouth=0",
        "population.time_working=40",
        "population.time_retired=40",
        "population.time_spread=0",
    ];
    let many = ["population.given.activity=share", "population.given.active_share=0.5"];
    let few = ["population.given.activity=share", "population.given.active_share=0.0"];
    let first = |visibility: &str, settings: &[&str]| -> Vec<f64> {
        let of = runs(&[&quiet, &[visibility, "months=2"], settings]);
        of.iter().map(|o| series(o, "participation.event")[0]).collect()
    };
    let influence = |visibility: &str| {
        mean(first(visibility, &many).into_iter()) - mean(first(visibility, &few).into_iter())
    };
    let (hidden, public) = (influence("modes.event.visibility=0.0"), influence("modes.event.visibility=1.0"));
    println!("half of acquaintances at the last event: hidden {hidden:+.4}, public {public:+.4}");
    assert_eq!(hidden, 0.0);
    assert!(public > 0.005, "{public}");
}
