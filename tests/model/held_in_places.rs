//! Changes that hold in some communities only: who is chosen, and what happens there and elsewhere.

use crate::common;

use common::{PLAIN, city, output, replicate_in, scenario, scenario_with};
use rayon::prelude::*;
use shequ::model::base::stats::{Estimate, estimate};
use shequ::model::city::Kind;
use shequ::model::scenario::Scenario;
use shequ::model::simulation::{CommunityRow, ReplicateOutput, community_metrics};

/// Forty communities of all kinds.
const MANY: &[&str] = &[
    "population.communities=40",
    "population.adults=30",
    "population.kinds=[0.4, 0.2, 0.1, 0.1, 0.2]",
    "population.streets=8",
    "population.districts=2",
];

/// Which communities of the city of `scenario` the first place that it names holds, with their kinds.
fn members(scenario: &Scenario) -> Vec<(bool, Kind)> {
    let city = city(scenario);
    let communities: Vec<_> = city.communities.iter().collect();
    let local = scenario.local.as_ref().expect("it names a place");
    let members = local.places()[0].members(&communities, city.seed);
    members.into_iter().zip(communities.iter().map(|community| community.kind)).collect()
}

fn chosen(within: &str, more: &[&str]) -> Vec<(bool, Kind)> {
    let text = format!("[[change]]\nfrom = \"2017-06\"\nwhere = {{ {within} }}\nelection.publicity = 0.9\n");
    members(&scenario_with(&text, &[PLAIN, MANY, more]))
}

fn count(members: &[(bool, Kind)]) -> usize {
    members.iter().filter(|(is, _)| *is).count()
}

#[test]
fn shares_are_drawn_by_lot_to_the_community_and_a_larger_one_holds_the_smaller() {
    for (share, expected) in [(0.0, 0), (0.1, 4), (0.25, 10), (0.5, 20), (1.0, 40)] {
        assert_eq!(count(&chosen(&format!("share = {share}"), &[])), expected);
    }
    let (few, many) = (chosen("share = 0.25", &[]), chosen("share = 0.5", &[]));
    assert!(few.iter().zip(&many).all(|(few, many)| !few.0 || many.0));
    // Another city draws anew.
    assert_ne!(many, chosen("share = 0.5", &["seed.city=2"]));
    // By lot, the first half of the numbers is not taken as a whole: 20 of 40 have a chance of 1 in 10^11 for that.
    assert!(many[..20].iter().any(|(is, _)| !is));
}

#[test]
fn a_share_of_each_stratum_is_taken() {
    let members = chosen("share = 0.5, stratified_by = \"kind\"", &[]);
    assert_eq!(count(&members), 20);
    for kind in Kind::ALL {
        let of = members.iter().filter(|(_, other)| *other == kind);
        let (all, taken) = of.fold((0, 0), |(all, taken), (is, _)| (all + 1, taken + usize::from(*is)));
        assert!(all > 0 && (2 * taken).abs_diff(all) <= 1, "{kind:?}: {taken} of {all}");
    }
}

#[test]
fn kinds_streets_and_districts_are_named() {
    let courtyards = chosen("kind = \"courtyard\"", &[]);
    assert!(courtyards.iter().all(|&(is, kind)| is == (kind == Kind::Courtyard)) && count(&courtyards) > 0);
    let both = chosen("kind = [\"courtyard\", \"village\"]", &[]);
    assert!(both.iter().all(|&(is, kind)| is == matches!(kind, Kind::Courtyard | Kind::Village)));
    // Eight streets of neighbouring communities, five in each; two districts.
    assert_eq!(count(&chosen("street = 3", &[])), 5);
    assert_eq!(count(&chosen("street = [\"3\", \"8\"]", &[])), 10);
    assert_eq!(count(&chosen("district = \"2\"", &[])), 20);
    assert_eq!(count(&chosen("district = \"2\", street = \"1\"", &[])), 0);
}

#[test]
fn columns_of_the_table_choose_by_bounds_and_by_rank() {
    let table = "population.table=[{ name = \"A\", migrants = 0.1, services = 0.2 }, \
                 { name = \"B\", migrants = 0.6, services = 0.9 }, { name = \"C\", services = 0.5 }, \
                 { name = \"D\", migrants = 0.5, services = 0.4 }]";
    let chosen = |within: &str| -> String {
        let text =
            format!("[[change]]\nfrom = \"2017-06\"\nwhere = {{ {within} }}\nelection.publicity = 0.9\n");
        let members = members(&scenario_with(&text, &[PLAIN, &["population.adults=40", table]]));
        let names = ["A", "B", "C", "D"].into_iter().zip(members);
        names.filter(|(_, (is, _))| *is).map(|(name, _)| name).collect()
    };
    assert_eq!(chosen("name = [\"A\", \"C\"]"), "AC");
    assert_eq!(chosen("migrants = { at_least = 0.5 }"), "BD");
    assert_eq!(chosen("migrants = { at_least = 0.2, at_most = 0.55 }"), "D");
    assert_eq!(chosen("migrants = 0.1"), "A");
    assert_eq!(chosen("share = 0.5, lowest = \"services\""), "AD");
    // Of C nothing is known: it comes last.
    assert_eq!(chosen("share = 0.75, highest = \"migrants\""), "ABD");
    assert_eq!(chosen("share = 0.5, migrants = { at_least = 0.5 }, highest = \"services\""), "B");
}

/// Mean participation of the last year in each community.
fn participation(output: &ReplicateOutput, communities: usize) -> Vec<f64> {
    let column = community_metrics().position(|metric| metric.name == "participation").unwrap();
    let last = output.communities.iter().map(|row| row.month).max().unwrap();
    let of = |community: usize| {
        let own = output.communities.iter().filter(|row| row.community as usize == community);
        common::mean(own.filter(|row| row.month + 12 > last).map(|row| row.values[column]))
    };
    (0..communities).map(of).collect()
}

#[test]
fn a_randomised_pilot_in_half_of_the_communities_finds_the_effect_of_the_whole() {
    const COMMUNITIES: usize = 8;
    const CITIES: u64 = 24;
    let alone = &["organisations.count=0", "organisations.birth_rate=0", "population.communities=8"];
    let often = &["months=24", "report.communities_every=1"];
    let text = |within: &str| {
        format!(
            "[[change]]\nfrom = \"2017-06\"\n{within}outreach.home_visits = 0.5\noutreach.wechat_group = 0.9\n"
        )
    };
    let base = scenario(&[PLAIN, alone, often]);
    let whole = scenario_with(&text(""), &[PLAIN, alone, often]);
    let pilot = scenario_with(&text("where = { share = 0.5 }\n"), &[PLAIN, alone, often]);
    // Of each city: the effect of the whole; in the pilot, that on the treated, and treated less others as a trial sees it.
    let of_city = |seed: u64| {
        let [base, whole, run] = [&base, &whole, &pilot]
            .map(|scenario| participation(&replicate_in(scenario, seed, seed as u32), COMMUNITIES));
        let mut place = pilot.clone();
        place.seed.city = seed;
        let treated: Vec<bool> = members(&place).into_iter().map(|(is, _)| is).collect();
        let mean = |values: &[f64], is: bool| {
            common::mean(values.iter().zip(&treated).filter(|(_, own)| **own == is).map(|(value, _)| *value))
        };
        let everywhere = common::mean(whole.iter().zip(&base).map(|(a, b)| a - b));
        let on_treated = mean(&run, true) - mean(&base, true);
        [everywhere, on_treated, mean(&run, true) - mean(&run, false)]
    };
    let all: Vec<[f64; 3]> = (1..=CITIES).into_par_iter().map(of_city).collect();
    let of =
        |value: &dyn Fn(&[f64; 3]) -> f64| estimate(all.iter().map(value).collect::<Vec<_>>().into_iter());
    let error = |e: Estimate| e.sd / (e.n as f64).sqrt();
    let effect = of(&|city| city[0]);
    for seen in [1, 2] {
        // Lots are drawn anew in each city, so both differ from the whole by chance alone. Four standard errors of 24
        // cities: one false alarm in thousands.
        let off = of(&|city| city[seen] - city[0]);
        assert!(off.mean.abs() < 4.0 * error(off), "{seen}: {off:?} {effect:?}");
        // So narrow that half of the effect would be told from the whole.
        assert!(8.0 * error(off) < effect.mean, "{seen}: {off:?} {effect:?}");
    }
}

/// The rows of a community, as bits.
fn rows_of(rows: &[CommunityRow], community: u32) -> Vec<u64> {
    let own = rows.iter().filter(|row| row.community == community);
    own.flat_map(|row| &row.values).map(|value| value.to_bits()).collect()
}

#[test]
fn what_nobody_carries_elsewhere_changes_nothing_there() {
    // Without organisations, which work across communities, nothing leads from one to another.
    let alone = &["organisations.count=0", "organisations.birth_rate=0", "population.communities=6"];
    let text = |within: &str| format!("[[change]]\nfrom = \"2017-06\"\n{within}residents.forgetting = 0.9\n");
    let base = scenario(&[PLAIN, alone]);
    let pilot = scenario_with(&text("where = { share = 0.5 }\n"), &[PLAIN, alone]);
    let whole = scenario_with(&text(""), &[PLAIN, alone]);
    let [base, pilot_rows, whole] = [&base, &pilot, &whole].map(|scenario| output(scenario, 0).communities);
    let members = members(&pilot);
    assert_eq!(count(&members), 3);
    for (community, (is_treated, _)) in members.into_iter().enumerate() {
        let of = |rows| rows_of(rows, community as u32);
        // Treated communities are those of a city where all are, to the bit; the others those of one where none is.
        assert!(of(&pilot_rows) == of(if is_treated { &whole } else { &base }), "community {community}");
        assert!(of(&base) != of(&whole), "community {community}");
    }
    assert!(community_metrics().count() > 10);
}

#[test]
fn later_changes_have_the_last_word_where_both_hold() {
    let change = |within: &str, reach: &str| {
        format!("[[change]]\nfrom = \"2017-06\"\n{within}residents.forgetting = {reach}\n")
    };
    let here = "where = { share = 1.0 }\n";
    let of = |text: &str| common::bits(&output(&scenario_with(text, &[PLAIN]), 0));
    let [low, high] = ["0.1", "0.9"].map(|reach| of(&change("", reach)));
    assert!(low != high);
    assert!(of(&(change("", "0.9") + &change(here, "0.1"))) == low);
    assert!(of(&(change(here, "0.1") + &change("", "0.9"))) == high);
}
