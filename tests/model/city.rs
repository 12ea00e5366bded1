//! The synthetic city: shares as asked, the same for any number of threads, and nobody changed by a
//! newcomer.

use shequ::model::base::params::Settings as _;
use shequ::model::base::rng::CounterRng;
use shequ::model::city::synth::{self, Arrival, Margin};
use shequ::model::city::{City, Community, Kind, Residents, person, population};

fn population() -> population::Settings {
    population::Settings::standard()
}

fn build(asked: &population::Settings, seed: u64) -> City {
    synth::city(asked, &person::Settings::standard(), seed)
}

/// Standard error of `margin`. A household counts as one person as far as its members may agree:
/// shares of adults vary as among Σ n / (Σ n² / Σ n) independent persons.
fn standard_error(margin: &Margin, city: &City) -> f64 {
    let counted = |of_unit: bool| {
        city.communities.iter().filter(move |c| !of_unit || c.kind == Kind::Danwei).flat_map(|c| {
            (0..c.households.len())
                .map(|h| (c.households.members(h).len() as f64, c.households.persons[h] as f64))
        })
    };
    let of_unit = margin.group == "work unit";
    let adults: f64 = counted(of_unit).map(|(n, _)| n).sum();
    match margin.group {
        "kind" => 0.25 / city.communities.len() as f64,
        // Poisson number of persons beyond the first.
        "household" => ((margin.target - 1.0) / counted(false).count() as f64).sqrt(),
        "ties" if margin.level == "none outside the home" => {
            (margin.target * (1.0 - margin.target) / adults).sqrt()
        }
        // Ties drawn twice count once: allow 1 % in all. Nearly all ties are of those who have any outside their
        // home, who are more or fewer by chance.
        "ties" => {
            let isolated = population().isolated;
            margin.target * (0.0025f64.powi(2) + isolated / (1.0 - isolated) / adults).sqrt()
        }
        _ => {
            let squares: f64 = counted(of_unit).map(|(n, _)| n * n).sum();
            (margin.target * (1.0 - margin.target) * squares).sqrt() / adults
        }
    }
}

fn assert_margins(city: &City, asked: &population::Settings, errors: f64) {
    for margin in synth::margins(city, asked) {
        let allowed = errors * standard_error(&margin, city) + 1e-9;
        let off = (margin.realised - margin.target).abs();
        assert!(off <= allowed || margin.realised.is_nan(), "{margin:?} is off by {off}, allowed {allowed}");
    }
}

#[test]
fn shares_come_out_as_asked_within_sampling_error() {
    for seed in 1..=5 {
        let asked = population();
        assert_margins(&build(&asked, seed), &asked, 4.0);
    }
}

#[test]
fn shares_come_out_closer_in_a_larger_city() {
    for seed in [1, 2] {
        let asked = population::Settings { communities: 100, ..population() };
        assert_margins(&build(&asked, seed), &asked, 4.0);
    }
}

#[test]
fn shares_come_out_as_asked_however_unusual() {
    let unusual = [
        population::Settings { owner_share: 0.0, migrant_share: 1.0, ..population() },
        population::Settings { owner_share: 1.0, migrant_share: 0.0, party_share: 0.0, ..population() },
        population::Settings { age: [0.0, 0.0, 0.0, 0.0, 1.0], male_share: 0.2, ..population() },
        population::Settings { age: [0.5, 0.0, 0.0, 0.5, 0.0], household_mean: 4.5, ..population() },
        population::Settings { education: [0.0, 0.0, 0.0, 1.0], danwei_share: 1.0, ..population() },
        population::Settings { kinds: [0.0, 0.0, 0.5, 0.0, 0.5], size_spread: 0.7, ..population() },
        population::Settings { male_share: 1.0, child_share: 0.5, ..population() },
    ];
    for asked in unusual {
        assert_margins(&build(&asked, 3), &asked, 4.0);
    }
}

#[test]
fn kinds_differ_as_they_should() {
    let city = build(&population::Settings { communities: 20, ..population() }, 1);
    let share = |kind: Kind, is: fn(&Residents, usize) -> bool| {
        let (mut yes, mut all) = (0, 0);
        for c in city.communities.iter().filter(|c| c.kind == kind) {
            yes += (0..c.adults()).filter(|&i| is(&c.residents, i)).count();
            all += c.adults();
        }
        yes as f64 / all as f64
    };
    let owner = |r: &Residents, i: usize| r.traits[i].owner();
    let local = |r: &Residents, i: usize| r.traits[i].local();
    let old = |r: &Residents, i: usize| r.age_band(i) >= 3;
    let university = |r: &Residents, i: usize| r.traits[i].education() == 3;
    assert!(share(Kind::Village, owner) > share(Kind::Courtyard, owner) + 0.2);
    assert!(share(Kind::Resettlement, local) > share(Kind::Commodity, local) + 0.2);
    assert!(share(Kind::Danwei, old) > share(Kind::Commodity, old) + 0.1);
    assert!(share(Kind::Commodity, university) > share(Kind::Village, university) + 0.2);
}

#[test]
fn couples_are_of_near_age_and_mostly_of_both_sexes() {
    let city = build(&population(), 1);
    let (mut couples, mut near, mut both) = (0, 0, 0);
    for c in &city.communities {
        for home in (0..c.households.len()).map(|h| c.households.members(h)).filter(|m| m.len() >= 2) {
            let (a, b) = (home.start, home.start + 1);
            couples += 1;
            near += (c.residents.age[a].abs_diff(c.residents.age[b]) <= 7 * 12) as usize;
            both += (c.residents.traits[a].male() != c.residents.traits[b].male()) as usize;
        }
    }
    assert!(near as f64 > 0.95 * couples as f64 && both as f64 > 0.9 * couples as f64);
}

/// All that is drawn of resident `i`, to compare bit by bit.
fn portrait(c: &Community, i: usize) -> (Vec<u32>, impl PartialEq + std::fmt::Debug + use<>) {
    let r = &c.residents;
    let feelings = [
        &r.disposition,
        &r.time,
        &r.interest,
        &r.skill,
        &r.attachment,
        &r.internal_efficacy,
        &r.external_efficacy,
        &r.awareness,
        &r.satisfaction,
        &r.accuracy,
    ];
    let bits = feelings.into_iter().chain(&r.trust).map(|column| column[i].to_bits()).collect();
    (bits, (r.age[i], r.traits[i], c.households.of(i), r.compound[i], r.months_here[i], r.needs[i]))
}

fn assert_same(a: &City, b: &City) {
    for (x, y) in a.communities.iter().zip(&b.communities) {
        assert_eq!(x.adults(), y.adults());
        assert_eq!(x.ties, y.ties);
        for i in 0..x.adults() {
            assert_eq!(portrait(x, i), portrait(y, i));
        }
    }
}

#[test]
fn the_city_is_the_same_for_any_number_of_threads_and_another_for_another_seed() {
    let asked = population::Settings { adults: 500, size_spread: 0.5, ..population() };
    let with = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| build(&asked, 9))
    };
    let one = with(1);
    assert_same(&one, &with(2));
    assert_same(&one, &with(3));
    assert_ne!(
        one.communities[0].residents.disposition,
        build(&asked, 10).communities[0].residents.disposition
    );
}

#[test]
fn one_more_adult_changes_nobody_else() {
    for adults in 590..620 {
        let before = build(&population::Settings { adults, communities: 5, ..population() }, 4);
        let after = build(&population::Settings { adults: adults + 1, communities: 5, ..population() }, 4);
        for (old, new) in before.communities.iter().zip(&after.communities) {
            let newcomer = adults;
            let near = new.residents.compound[newcomer as usize];
            for i in 0..adults as usize {
                assert_eq!(portrait(old, i), portrait(new, i), "resident {i}");
                // Someone elsewhere can only have lost a tie to one who now knows the newcomer.
                let far = new.residents.compound[i] != near;
                for other in old.ties.of(i).iter().filter(|_| far) {
                    let kept = new.ties.of(i).contains(other);
                    let knows = |who: usize| new.ties.of(who).contains(newcomer as usize);
                    assert!(kept || knows(i) || knows(other), "{i} and {other}");
                }
            }
            let lists_changed = (0..adults as usize).filter(|&i| old.ties.of(i) != new.ties.of(i)).count();
            assert!(lists_changed <= 40, "{lists_changed} lists of ties changed");
        }
    }
}

#[test]
fn ties_are_as_many_as_asked_and_never_to_oneself() {
    for (compound_ties, far_ties, rewiring) in
        [(6.0, 2.0, 0.1), (3.0, 0.5, 0.0), (0.0, 0.0, 0.1), (9.0, 7.0, 1.0)]
    {
        let asked =
            population::Settings { compound_ties, far_ties, rewiring, communities: 4, ..population() };
        let city = build(&asked, 2);
        let ties = synth::margins(&city, &asked).into_iter().find(|m| m.group == "ties").unwrap();
        assert!((ties.realised / ties.target - 1.0).abs() < 0.02 + 0.03 * rewiring, "{ties:?}");
        for c in &city.communities {
            for i in 0..c.adults() {
                assert!(!c.ties.of(i).contains(i));
                assert!(c.ties.of(i).iter().all(|j| c.ties.of(j).contains(i)));
            }
        }
    }
}

#[test]
fn some_know_nobody_outside_their_home_and_the_others_so_many_more() {
    let outside = |isolated: f64| -> Vec<usize> {
        let city = build(&population::Settings { isolated, communities: 4, ..population() }, 2);
        let of = |c: &Community, i: usize| {
            let home = c.households.members(c.households.of(i));
            c.ties.of(i).iter().filter(|other| !home.contains(other)).count()
        };
        city.communities.iter().flat_map(|c| (0..c.adults()).map(move |i| of(c, i))).collect()
    };
    let (all, some) = (outside(0.0), outside(0.3));
    let (mean, alone) = (
        |ties: &[usize]| ties.iter().sum::<usize>() as f64 / ties.len() as f64,
        |ties: &[usize]| ties.iter().filter(|&&n| n == 0).count() as f64 / ties.len() as f64,
    );
    // Reaching out for four at least, nobody is alone by chance.
    assert_eq!(alone(&all), 0.0);
    // 12,000 residents: four standard errors are .017; of the mean, which goes by their share, .024.
    assert!((alone(&some) - 0.3).abs() < 0.017, "{}", alone(&some));
    assert!((mean(&some) / mean(&all) - 1.0).abs() < 0.024 + 0.01, "{} of {}", mean(&some), mean(&all));
}

#[test]
fn a_household_is_a_run_of_residents_in_one_compound_under_one_tenure() {
    for c in &build(&population(), 1).communities {
        let r = &c.residents;
        assert_eq!(*c.households.starts.last().unwrap() as usize, c.adults());
        for h in 0..c.households.len() {
            let members = c.households.members(h);
            assert!(!members.is_empty() && members.len() <= c.households.persons[h] as usize);
            for i in members.clone() {
                assert_eq!(c.households.of(i), h);
                assert_eq!(r.compound[i], r.compound[members.start]);
                assert_eq!(r.traits[i].owner(), r.traits[members.start].owner());
                assert_eq!(r.traits[i].local(), r.traits[members.start].local());
            }
        }
        assert_eq!(r.compound.iter().max().unwrap() + 1, c.compounds);
        assert!((8..=12).contains(&c.compounds), "{} compounds", c.compounds);
        assert!((18..=22).contains(&c.groups()), "{} groups", c.groups());
    }
}

#[test]
fn attributes_are_within_their_ranges() {
    for c in &build(&population(), 6).communities {
        let r = &c.residents;
        for i in 0..c.adults() {
            assert!((18 * 12..95 * 12).contains(&r.age[i]) && r.months_here[i] <= r.age[i]);
            assert!((0.0..=40.0).contains(&r.time[i]));
            assert_ne!(r.needs[i].first(), r.needs[i].second());
            let feelings = [
                &r.interest,
                &r.skill,
                &r.attachment,
                &r.internal_efficacy,
                &r.external_efficacy,
                &r.satisfaction,
            ];
            assert!(feelings.into_iter().chain(&r.trust).all(|column| (0.0..=1.0).contains(&column[i])));
            assert!(c.kind == Kind::Danwei || !r.traits[i].danwei());
        }
    }
}

#[test]
fn columns_are_equally_long_and_a_resident_takes_at_most_121_bytes() {
    let city = build(&population::Settings { adults: 77, communities: 1, ..population() }, 1);
    let r = &city.communities[0].residents;
    fn bytes<T>(column: &[T]) -> usize {
        assert_eq!(column.len(), 77);
        size_of_val(column)
    }
    let whole = bytes(&r.age) + bytes(&r.traits) + bytes(&r.compound);
    let whole = whole + bytes(&r.months_here) + bytes(&r.needs) + bytes(&r.disposition) + bytes(&r.time);
    let whole =
        whole + bytes(&r.interest) + bytes(&r.skill) + bytes(&r.attachment) + bytes(&r.internal_efficacy);
    let whole = whole
        + bytes(&r.external_efficacy)
        + bytes(&r.awareness)
        + bytes(&r.satisfaction)
        + bytes(&r.accuracy);
    let whole = whole + bytes(&r.took_part) + bytes(&r.acts) + bytes(&r.year_quarter_hours);
    let whole = whole + bytes(&r.asked_lately) + bytes(&r.since_volunteering) + bytes(&r.since_meeting);
    let whole = whole + r.trust.iter().map(|column| bytes(column)).sum::<usize>();
    let whole = whole + r.own_rest.iter().map(|column| bytes(column)).sum::<usize>();
    let whole = whole + r.habit.iter().map(|column| bytes(column)).sum::<usize>();
    let whole = whole + r.quarter_hours.iter().map(|column| bytes(column)).sum::<usize>();
    assert_eq!(whole, 77 * Residents::BYTES);
    const { assert!(Residents::BYTES <= 121) };
}

#[test]
fn the_smallest_and_oddest_cities_stand() {
    let odd = [
        population::Settings { adults: 1, communities: 1, ..population() },
        population::Settings { adults: 2, communities: 3, streets: 9, districts: 9, ..population() },
        population::Settings {
            households_per_compound: 1,
            households_per_group: 1,
            household_mean: 1.0,
            ..population()
        },
        population::Settings { household_mean: 6.0, child_share: 0.0, adults: 40, ..population() },
        population::Settings { far_ties: 0.0, compound_ties: 0.0, adults: 100, ..population() },
        population::Settings { compound_ties: 50.0, far_ties: 50.0, adults: 20, ..population() },
        population::Settings {
            need_dispersion: 1.0,
            time_working: 0.0,
            time_spread: 2.0,
            adults: 50,
            ..population()
        },
        population::Settings { size_spread: 1.5, adults: 3, communities: 40, ..population() },
    ];
    for asked in odd {
        let city = build(&asked, 1);
        assert_eq!(city.communities.len(), asked.communities as usize);
        assert!(city.communities.iter().all(|c| c.adults() >= 1 && c.street < city.streets));
        assert!(city.districts <= city.streets && city.streets as u32 <= asked.communities);
        synth::margins(&city, &asked);
    }
    let never_and_always =
        person::Settings { move_owner: 0.0, move_renter: 1.0, ..person::Settings::standard() };
    let city = synth::city(&population(), &never_and_always, 1);
    let c = &city.communities[0];
    for i in 0..c.adults() {
        let first = c.households.members(c.households.of(i)).start;
        let expected =
            if c.residents.traits[i].owner() { c.residents.age[first].min(c.residents.age[i]) } else { 0 };
        assert_eq!(c.residents.months_here[i], expected);
    }
}

#[test]
fn newcomers_keep_the_shares_of_the_city() {
    let asked = population();
    let mut city = build(&asked, 1);
    for month in 0..3 {
        for c in &mut city.communities {
            let rng = CounterRng::new(1, 0).of(c.id);
            (0..c.adults()).for_each(|i| synth::settle(c, i, Arrival::MovedIn, rng, month));
        }
        assert_margins(&city, &asked, 4.0);
    }
    assert!(city.communities.iter().all(|c| c.residents.months_here.iter().all(|&m| m == 0)));
}

#[test]
fn one_who_comes_of_age_is_eighteen_and_of_the_household() {
    let city = build(&population(), 1);
    let mut c = city.communities[0].clone();
    let rng = CounterRng::new(1, 0).of(c.id);
    (0..c.adults()).for_each(|i| synth::settle(&mut c, i, Arrival::CameOfAge, rng, 7));
    let before = &city.communities[0].residents;
    for i in 0..c.adults() {
        let (old, new) = (before.traits[i], c.residents.traits[i]);
        assert_eq!(c.residents.age[i], 18 * 12);
        assert_eq!((old.owner(), old.local(), old.danwei()), (new.owner(), new.local(), new.danwei()));
        assert_eq!(c.residents.months_here[i], before.months_here[i].min(18 * 12));
    }
}

#[test]
fn those_who_move_more_often_have_lived_here_for_less_long() {
    let city = build(&population::Settings { communities: 20, ..population() }, 1);
    let mut months = [(0.0, 0.0); 2];
    for r in city.communities.iter().map(|c| &c.residents) {
        for (traits, &here) in r.traits.iter().zip(&r.months_here) {
            let (sum, n) = &mut months[traits.owner() as usize];
            (*sum, *n) = (*sum + here as f64, *n + 1.0);
        }
    }
    let [renters, owners] = months.map(|(sum, n)| sum / n);
    // A geometric number with chance .02 has mean 49; the cap by age takes little of it.
    assert!((44.0..=50.0).contains(&renters), "renters {renters}");
    assert!(owners > 3.0 * renters, "owners {owners}");
}
