//! What policies cost: a ledger that balances with the money and the hours of the model, to the yuan and the hour.

use crate::common;

use common::{PLAIN, begin, bits, busy, city, output, replicate_in, scenario, series};
use rayon::prelude::*;
use shequ::experiment::compare::fieller::{self, Set};
use shequ::model::base::stats::{Estimate, estimate};
use shequ::model::institution::cost::{Cost, Costs, Ledger, Payer};
use shequ::model::institution::{self, CommunityState};
use shequ::model::metric;
use shequ::model::scenario::Scenario;
use shequ::model::simulation::Simulation;

/// Institutions that say that they cost nothing. Whoever adds one here has given a reason in its `costs`.
const FREE: &[&str] = &[
    "shock",
    "resettlement",
    "feedback",
    "registration",
    "law",
    "providers",
    "diffusion",
    "rights",
    "responsibility",
    "ladder",
    "community",
    "drift",
];

/// Steps through a replicate and shows each month what was before and what is after it.
fn watch(settings: &[&[&str]], see: &mut dyn FnMut(&[CommunityState], &Simulation)) {
    let scenario = scenario(settings);
    let city = city(&scenario);
    let mut simulation = begin(&scenario, &city, 0);
    for _ in 0..scenario.months {
        let communities = simulation.communities.clone();
        simulation.step();
        see(&communities, &simulation);
    }
}

fn of(ledger: &Ledger, name: &str) -> Cost {
    let place = institution::all().iter().position(|institution| institution.name == name);
    ledger.of[place.unwrap_or_else(|| panic!("{name}"))]
}

fn paid(cost: Cost, payer: Payer) -> f64 {
    cost.yuan[payer as usize]
}

/// Equal but for the rounding of sums.
fn near(a: f64, b: f64) -> bool {
    (a - b).abs() <= 1e-9 * (1.0 + a.abs().max(b.abs()))
}

#[test]
fn who_takes_nothing_says_why() {
    let free = institution::all().iter().filter_map(|institution| match institution.costs {
        Costs::Free(why) => {
            assert!(why.split(' ').count() >= 4, "{}: {why}", institution.name);
            Some(institution.name)
        }
        Costs::Charged { charges, .. } => {
            assert!(!charges.is_empty(), "{}", institution.name);
            None
        }
    });
    assert_eq!(free.collect::<Vec<_>>(), FREE);
}

/// Holds every month of a replicate that what is stated is what money and hours did, to the yuan and the hour. Nobody
/// gives up, so that what organisations hold can be followed. Gives what each payer paid, the hours of staff and of
/// residents, and fees, in all.
fn balanced(settings: &[&[&str]]) -> [f64; 8] {
    let lasting: &[&str] = &["organisations.broke_months=240"];
    let mut sums = [0.0; 8];
    let mut held = None;
    watch(&[settings, &[lasting]].concat(), &mut |before, after| {
        let prices = &after.now().rules.costs;
        let mut drawn = 0.0;
        for (b, a) in before.iter().zip(&after.communities) {
            let (ledger, local) = (&a.ledger, &a.local);
            // The fund pays what it has less.
            let fund = of(ledger, "funding");
            let change = (local.funding.balance - b.local.funding.balance) as f64;
            assert_eq!(paid(ledger.total, Payer::Fund), -change);
            assert_eq!(paid(fund, Payer::Others), local.funding.earned as f64);
            // Staff are paid for every minute, each once, and work in all but those without work.
            let month = &local.staff.month;
            let three = ["staff", "outreach", "demand"].map(|name| of(ledger, name));
            let hours: f64 = three.iter().map(|cost| cost.staff_hours).sum();
            assert!(near(hours, (month.capacity - month.idle) as f64 / 60.0));
            let others = beside_wages(a, after);
            let wages = three.iter().map(Cost::total).sum::<f64>() - others;
            assert!(near(wages, month.capacity as f64 / 60.0 * prices.staff_hour), "{wages}");
            // Fees of compounds go to companies, to compounds or astray.
            let property = &local.property;
            assert_eq!(
                of(ledger, "property").total(),
                (property.spent + property.kept + property.astray) as f64
            );
            // By payer and by institution.
            let by_institution: f64 = ledger.of.iter().map(Cost::total).sum();
            assert!(near(by_institution, ledger.total.total()));
            let given: f64 = ledger.of.iter().map(|cost| cost.resident_hours).sum();
            assert!(near(ledger.total.resident_hours, given + a.signals.hours));
            assert!(near(ledger.resident_value, ledger.total.resident_hours * prices.resident_hour));
            drawn += paid(ledger.total, Payer::Organisations);
            for (sum, payer) in sums.iter_mut().zip(Payer::ALL) {
                *sum += paid(ledger.total, payer).abs();
            }
            sums[5] += ledger.total.staff_hours;
            sums[6] += given;
            sums[7] += property.collected as f64;
        }
        let money: i64 = after.citywide.organisations.all.iter().map(|o| o.money).sum();
        if let Some(held) = held.replace(money) {
            assert_eq!(drawn, (held - money) as f64, "what organisations hold");
        }
    });
    sums
}

#[test]
fn what_is_stated_is_what_money_and_hours_did() {
    let sums = balanced(&[busy(), &["funding.per_capita=50", "funding.leak=0.1"]]);
    assert!(sums.iter().all(|&sum| sum > 0.0), "{sums:?}");
}

#[test]
fn the_ledger_balances_under_every_institution_alone() {
    let short = ["months=14"];
    institution::all().par_iter().for_each(|institution| {
        let set = |(key, value): &(&str, &str)| format!("{}.{key}={value}", institution.name);
        let own: Vec<String> = institution.demonstration.iter().map(set).collect();
        let own: Vec<&str> = own.iter().map(String::as_str).collect();
        let sums = balanced(&[PLAIN, &own, &short]);
        assert!(sums[5] > 0.0, "{}: nobody worked", institution.name);
    });
}

/// What training, channels and courses cost beside wages, worked out from their prices.
fn beside_wages(state: &CommunityState, simulation: &Simulation) -> f64 {
    let rules = simulation.now().rules;
    let (prices, o) = (&rules.costs, &rules.institutions.outreach);
    let adults = state.community.adults() as f64;
    state.local.staff.month.training as f64 / 60.0 * prices.training_hour
        + (o.notice_board + o.website + o.wechat_account) * prices.channel
        + o.wechat_group * state.community.groups() as f64 * prices.group
        + adults * (o.phone * prices.call + o.education * prices.course)
}

#[test]
fn the_budget_pays_for_an_hour_or_a_yuan_once() {
    // Without any price of its own, what is spent is the money of the model.
    let free: Vec<String> = no_prices();
    let free: Vec<&str> = free.iter().map(String::as_str).collect();
    let mut budget = 0.0;
    watch(&[busy(), &free], &mut |_, after| {
        for a in &after.communities {
            let local = &a.local;
            let flow = after.citywide.organisations.flows[a.community.id as usize];
            let own = local.funding.granted
                + local.services.spent
                + local.spaces.spent
                + local.actions.spent
                + local.migration.spent
                + local.danwei.taken_over
                + flow.granted;
            let own = own as f64 + flow.contracts + local.incentive.paid;
            assert!(near(paid(a.ledger.total, Payer::Budget), own));
            let residents = (local.services.bought + local.property.collected) as f64 + flow.fees;
            assert!(near(paid(a.ledger.total, Payer::Residents), residents));
            let others = (local.units.given + local.danwei.spent + local.funding.earned) as f64;
            assert!(near(paid(a.ledger.total, Payer::Others), others));
            budget += own;
        }
    });
    assert!(budget > 0.0);
}

/// Every price at nothing.
fn no_prices() -> Vec<String> {
    let sections = shequ::model::scenario::sections();
    let prices = sections.iter().find(|section| section.path == "costs").expect("there are prices");
    prices.keys.iter().map(|key| format!("costs.{}=0.0", key.name)).collect()
}

#[test]
fn prices_change_costs_and_nothing_else() {
    let free = no_prices();
    let free: Vec<&str> = free.iter().map(String::as_str).collect();
    let (dear, free) = (output(&scenario(&[busy()]), 0), output(&scenario(&[busy(), &free]), 0));
    let width = metric::all().len();
    let (mut same, mut other) = (0, 0);
    for (k, (a, b)) in dear.monthly.iter().zip(&free.monthly).enumerate() {
        if metric::all()[k % width].name.starts_with("cost.") {
            other += u32::from(a != b);
        } else {
            assert_eq!(a.to_bits(), b.to_bits(), "{}", metric::all()[k % width].name);
            same += 1;
        }
    }
    assert!(same > 1_000 && other > 100, "{same} {other}");
}

#[test]
fn neutral_settings_cost_nothing() {
    let neutral = |institution: &institution::Institution| -> Vec<String> {
        let name = institution.name;
        institution.neutral.iter().map(|(key, value)| format!("{name}.{key}={value}")).collect()
    };
    let run = |settings: Vec<String>, see: &dyn Fn(&CommunityState)| {
        let settings: Vec<&str> = settings.iter().map(String::as_str).collect();
        let short = ["months=14"];
        watch(&[busy(), &settings, &short], &mut |_, after| after.communities.iter().for_each(see));
    };
    let all = institution::all().iter().flat_map(|institution| neutral(institution)).collect();
    run(all, &|state| {
        let total = state.ledger.total;
        assert_eq!(total, Cost::residents(state.signals.hours), "{:?}", state.ledger);
    });
    institution::all().par_iter().for_each(|institution| {
        run(neutral(institution), &|state| {
            assert_eq!(of(&state.ledger, institution.name), Cost::default(), "{}", institution.name);
        });
    });
}

/// Yuan per community and year of the second and third year, in several cities.
fn per_community_and_year(communities: u32, cities: u64) -> Estimate {
    let number = format!("population.communities={communities}");
    let scenario = scenario(&[PLAIN, &["months=36", "population.size_spread=0.0", &number]]);
    let of_city = |seed: u64| {
        let total = series(&replicate_in(&scenario, seed, seed as u32), "cost.total");
        total[12..].iter().sum::<f64>() / 2.0 / f64::from(communities)
    };
    estimate((1..=cities).map(of_city))
}

#[test]
fn cost_by_community_and_year_does_not_hang_on_the_number_of_communities() {
    let sizes = [(2, 24), (6, 12), (60, 4)].map(|(n, cities)| per_community_and_year(n, cities));
    for pair in [[0, 1], [0, 2], [1, 2]] {
        let [a, b] = pair.map(|k| sizes[k]);
        let error = (a.sd.powi(2) / a.n as f64 + b.sd.powi(2) / b.n as f64).sqrt();
        // Three pairs at four standard errors: one false alarm in thousands, for the t law of few cities too.
        assert!((a.mean - b.mean).abs() < 4.0 * error, "{a:?} {b:?}");
        // The interval must be narrow enough to tell one from twice.
        assert!(8.0 * error < a.mean, "{a:?} {b:?}");
    }
}

/// In each of some cities: yuan per community and year, and participation in per cent, that a policy adds over the second
/// and third year.
fn cost_and_effect(communities: u32, cities: u64) -> (Vec<[f64; 2]>, Vec<[f64; 2]>) {
    let number = format!("population.communities={communities}");
    let own = ["months=36", "population.size_spread=0.0", &number];
    let policy = ["outreach.home_visits=0.5", "outreach.wechat_group=0.9"];
    let [base, arm] = [scenario(&[PLAIN, &own]), scenario(&[PLAIN, &own, &policy])];
    let of_city = |scenario: &Scenario, seed: u64| {
        let output = replicate_in(scenario, seed, seed as u32);
        let sum = |name: &str| series(&output, name)[12..].iter().sum::<f64>();
        [sum("cost.total") / 2.0 / f64::from(communities), 100.0 * sum("participation") / 24.0]
    };
    let of = |scenario: &Scenario| (1..=cities).into_par_iter().map(|seed| of_city(scenario, seed)).collect();
    (of(&base), of(&arm))
}

#[test]
fn a_point_of_participation_costs_the_same_in_few_and_in_many_communities() {
    let ratios = [(2, 80), (6, 80), (60, 6)].map(|(communities, cities)| {
        let (base, arm) = cost_and_effect(communities, cities);
        fieller::ratio(&base, &arm, true)
    });
    for (k, ratio) in ratios.iter().enumerate() {
        let [low, high] = ratio.set.ends();
        // The interval is an interval, narrow enough to tell a price from half and from twice that.
        assert!(matches!(ratio.set, Set::Between(..)), "{ratios:?}");
        assert!(low > 0.5 * ratio.value && high < 2.0 * ratio.value, "{ratios:?}");
        // All prices are within each other's interval, widened from 95 % to four standard errors: three pairs, and one
        // false alarm in thousands.
        for other in &ratios[k + 1..] {
            let [error, of_other] = [ratio, other].map(|ratio| {
                let [low, high] = ratio.set.ends();
                (high - low) / 4.0
            });
            let off = (ratio.value - other.value).abs();
            assert!(off < 4.0 * (error * error + of_other * of_other).sqrt(), "{ratios:?}");
        }
    }
}

#[test]
fn costs_of_a_community_are_among_those_of_the_city() {
    let output = output(&scenario(&[busy(), &["report.communities_every=1"]]), 0);
    assert!(bits(&output).len() > 100);
    let names: Vec<&str> = shequ::model::simulation::community_metrics().map(|m| m.name).collect();
    for name in ["cost.total", "cost.by.budget", "cost.staff_hours", "cost.for.services"] {
        let place = names.iter().position(|n| *n == name).unwrap_or_else(|| panic!("{name}"));
        for (month, &city) in series(&output, name).iter().enumerate() {
            let rows = output.communities.iter().filter(|row| row.month == month as u32);
            assert!(near(rows.map(|row| row.values[place]).sum(), city), "{name}, month {month}");
        }
    }
}
