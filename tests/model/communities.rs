//! Communities from a table: neutral where it says nothing, and met to the resident where it says something.

use shequ::model::base::rng::{CounterRng, Stream};
use shequ::model::city::table::{Row, keys};
use shequ::model::city::{Community, Kind, Traits, person, population, synth};
use shequ::model::scenario::Scenario;

use crate::common::{NOBODY_MOVES, PLAIN, bits, busy, city, output, scenario};

/// The rows as an option.
fn table(rows: &str) -> String {
    format!("population.table=[{rows}]")
}

#[test]
fn a_table_that_only_names_communities_is_bit_for_bit_as_none() {
    for base in [PLAIN, busy()] {
        let names = table("{ name = \"甲\" }, { name = \"乙\" }, { name = \"丙\" }");
        let (without, with) = (scenario(&[base]), scenario(&[base, &[&names]]));
        assert_eq!(bits(&output(&with, 0)), bits(&output(&without, 0)));
    }
}

#[test]
fn a_table_that_says_what_would_be_drawn_gives_the_same_kinds_sizes_and_places() {
    let drawn = city(&scenario(&[busy()]));
    let row = |c: &Community| {
        let (id, kind, adults) = (c.id, c.kind.word(), c.adults());
        format!("{{ name = \"{id}\", kind = \"{kind}\", adults = {adults} }}")
    };
    let rows: Vec<String> = drawn.communities.iter().map(row).collect();
    let given = city(&scenario(&[busy(), &[&table(&rows.join(", "))]]));
    for (a, b) in drawn.communities.iter().zip(&given.communities) {
        assert_eq!((a.kind, a.adults(), a.street, a.district), (b.kind, b.adults(), b.street, b.district));
        assert_eq!(a.households.starts, b.households.starts);
        assert_eq!(a.residents.age, b.residents.age);
    }
}

/// A row of random shares; every seventh share is none at all, so that empty categories occur.
fn random_row(rng: CounterRng, number: u32) -> Row {
    const DRAW: Stream = Stream::named("random table");
    let draw = |index: u32| rng.uniform(DRAW, number, 0, index);
    let weight = |index: u32| if draw(index + 100) < 1.0 / 7.0 { 0.0 } else { draw(index) };
    fn shares<const N: usize>(weights: [f64; N]) -> Option<[f64; N]> {
        let all: f64 = weights.iter().sum();
        (all > 0.0).then(|| weights.map(|weight| weight / all))
    }
    let kind = Kind::ALL[(draw(0) * 5.0) as usize];
    Row {
        name: number.to_string(),
        kind: Some(kind),
        adults: Some(50 + (draw(1) * 250.0) as u32),
        age: shares(std::array::from_fn(|k| weight(10 + k as u32))),
        education: shares(std::array::from_fn(|k| weight(20 + k as u32))),
        owners: Some(draw(2)),
        migrants: Some(draw(3)),
        party: Some(draw(4)),
        work_unit: (kind == Kind::Danwei).then(|| draw(5)),
        household: Some(1.5 + 2.0 * draw(6)),
        ..Row::default()
    }
}

/// How many residents `is` holds of.
fn count(community: &Community, is: impl Fn(Traits, usize) -> bool) -> f64 {
    let all = community.residents.traits.iter().zip(0..);
    all.filter(|&(&traits, i)| is(traits, i)).count() as f64
}

/// Tolerance: a share of `n` residents is not whole, and largest remainders lie less than one resident from
/// it. Tenure, hukou and work unit are those of homes, taken whole; homes here are of several sizes, so that
/// what one does not fit another does.
#[test]
fn the_margins_of_a_thousand_random_tables_are_met_to_the_resident() {
    const TABLES: u32 = 1_000;
    let rng = CounterRng::new(19, 0);
    let table: Vec<Row> = (0..TABLES).map(|number| random_row(rng, number)).collect();
    let standard = Scenario::standard().population;
    let asked = population::Settings { communities: TABLES, table: table.clone(), ..standard };
    let city = synth::city(&asked, &Scenario::standard().periods[0].rules.residents, 1);
    for (row, community) in table.iter().zip(&city.communities) {
        let n = community.adults() as f64;
        assert_eq!(Some(n as u32), row.adults);
        let near = |share: f64, count: f64, what: &str| {
            assert!((share * n - count).abs() < 1.0, "{what} of {row:?}: {count} of {n}");
        };
        let residents = &community.residents;
        for (band, &share) in row.age.iter().flatten().enumerate() {
            near(share, count(community, |_, i| residents.age_band(i) == band), "age");
        }
        for (level, &share) in row.education.iter().flatten().enumerate() {
            near(share, count(community, |traits, _| traits.education() as usize == level), "education");
        }
        near(row.owners.unwrap(), count(community, |traits, _| traits.owner()), "owners");
        near(row.migrants.unwrap(), count(community, |traits, _| !traits.local()), "migrants");
        near(row.party.unwrap(), count(community, |traits, _| traits.party()), "party");
        if let Some(share) = row.work_unit {
            near(share, count(community, |traits, _| traits.danwei()), "work unit");
        }
    }
}

/// In expectation newcomers are drawn to the same shares; here all residents are such, in a community that is
/// large enough for three standard errors to be two points.
#[test]
fn newcomers_keep_the_shares_of_their_community() {
    let row = Row {
        name: "A".into(),
        kind: Some(Kind::Commodity),
        adults: Some(6_000),
        age: Some([0.1, 0.1, 0.2, 0.3, 0.3]),
        education: Some([0.1, 0.2, 0.3, 0.4]),
        migrants: Some(0.7),
        party: Some(0.25),
        ..Row::default()
    };
    let standard = Scenario::standard().population;
    let asked = population::Settings { communities: 1, table: vec![row.clone()], ..standard };
    let residents: person::Settings = Scenario::standard().periods[0].rules.residents.clone();
    let mut city = synth::city(&asked, &residents, 1);
    let community = &mut city.communities[0];
    let rng = CounterRng::new(2, 1).of(0);
    (0..community.households.len()).for_each(|home| synth::move_in(community, home, rng, 1));
    let n = community.adults() as f64;
    let near = |share: f64, count: f64, what: &str| {
        assert!((share - count / n).abs() < 0.025, "{what}: {share} asked, {}", count / n);
    };
    let residents = &community.residents;
    for (band, share) in row.age.unwrap().into_iter().enumerate() {
        near(share, count(community, |_, i| residents.age_band(i) == band), "age");
    }
    for (level, share) in row.education.unwrap().into_iter().enumerate() {
        near(share, count(community, |traits, _| traits.education() as usize == level), "education");
    }
    near(0.7, count(community, |traits, _| !traits.local()), "migrants");
    near(0.25, count(community, |traits, _| traits.party()), "party");
}

/// Odds still order the groups within a community whose margins are given.
#[test]
fn groups_differ_within_a_community_as_their_odds_say() {
    let row = Row {
        name: "A".into(),
        adults: Some(3_000),
        age: Some([0.2; 5]),
        education: Some([0.25; 4]),
        party: Some(0.2),
        ..Row::default()
    };
    let standard = Scenario::standard().population;
    let asked = population::Settings { communities: 1, table: vec![row], ..standard };
    let city = synth::city(&asked, &Scenario::standard().periods[0].rules.residents, 1);
    let community = &city.communities[0];
    let graduates = |band: usize| {
        let residents = &community.residents;
        count(community, |traits, i| traits.education() == 3 && residents.age_band(i) == band)
    };
    assert!(graduates(0) > 2.0 * graduates(4), "{} and {}", graduates(0), graduates(4));
    let members = |level: u8| count(community, |traits, _| traits.party() && traits.education() == level);
    assert!(members(3) > 2.0 * members(0), "{} and {}", members(3), members(0));
}

#[test]
fn a_policy_replaces_what_the_table_says_from_its_month_on() {
    let rows = table("{ name = \"A\", staff = 9.0 }, { name = \"B\" }, { name = \"C\", staff = 2.0 }");
    let settings: [&[&str]; 3] = [PLAIN, NOBODY_MOVES, &[&rows]];
    let change = "[[change]]\nfrom = \"2017-07\"\nstaff.count = 4\n";
    let scenario = crate::common::scenario_with(change, &settings);
    let mut simulation = crate::common::begin(&scenario, &city(&scenario), 0);
    let people = |simulation: &shequ::model::simulation::Simulation| -> Vec<u32> {
        simulation.communities.iter().map(|state| state.local.staff.people).collect()
    };
    (0..3).for_each(|_| simulation.step());
    assert_eq!(people(&simulation), [9, 1, 2]);
    (0..6).for_each(|_| simulation.step());
    assert_eq!(people(&simulation), [4; 3]);
}

/// With burn-in and without, an arm's rule replaces the column, in the city of the base. Nobody's intercepts are
/// fitted, which takes long and changes nothing here.
#[test]
fn an_arm_replaces_what_the_table_says_in_the_city_of_its_base() {
    let rows = table("{ name = \"A\", staff = 9.0 }, { name = \"B\" }, { name = \"C\", staff = 2.0 }");
    for burn_in in ["burn_in=0", "burn_in=12"] {
        let base = crate::common::loaded(&[PLAIN, &[&rows, burn_in, "theory.intercepts=given"]]);
        let arm = base.with(&["staff.count=4".into()]).unwrap().departing_from(&base, None).unwrap();
        assert_eq!(arm.scenario.population, base.scenario.population);
        let mut simulation = crate::common::begin(&arm.scenario, &city(&arm.scenario), 0);
        (0..=arm.scenario.burn_in).for_each(|_| simulation.step());
        assert!(simulation.communities.iter().all(|state| state.local.staff.people == 4), "{burn_in}");
    }
}

#[test]
fn every_column_of_a_table_changes_the_results() {
    let base = ["property.mode=company", "station.staff=1", "population.kinds=[0.0, 0.0, 1.0, 0.0, 0.0]"];
    let run = |more: &str| {
        let rows = table(&format!(
            "{{ name = \"A\", kind = \"danwei\"{more} }}, {{ name = \"B\" }}, {{ name = \"C\" }}"
        ));
        bits(&output(&scenario(&[busy(), &base, &[&rows]]), 0))
    };
    let before = run("");
    for key in keys() {
        let value = match key.name {
            "name" | "kind" | "longitude" | "latitude" | "outline" => continue,
            // Places are named by all rows or by none.
            "street" | "district" => continue,
            "adults" => "90",
            "age" => "[0.5, 0.5, 0.0, 0.0, 0.0]",
            "education" => "[0.5, 0.5, 0.0, 0.0]",
            "household" => "1.5",
            "staff" => "7.0",
            "fund" => "2000000",
            "managed" => "0.4",
            "fee" => "5",
            "stations" => "9",
            _ => "0.97",
        };
        assert!(run(&format!(", {} = {value}", key.name)) != before, "{}", key.name);
    }
}
