//! What institutions of neighbourhoods do, against closed forms and balances: property, public spaces,
//! stationed units, work units, work elsewhere, platforms.

use crate::common;

use common::{NOBODY_MOVES, PLAIN, begin, busy, city, scenario};
use shequ::model::city::{AGE_BANDS, Mode};
use shequ::model::institution::CommunityState;
use shequ::model::scenario::Scenario;
use shequ::model::simulation::Simulation;

/// Simulates `scenario`, and shows what is there after each month.
fn watch(scenario: &Scenario, see: &mut dyn FnMut(u32, &[CommunityState])) {
    let city = city(scenario);
    let mut simulation: Simulation = begin(scenario, &city, 0);
    for month in 0..scenario.months {
        simulation.step();
        see(month, &simulation.communities);
    }
}

#[test]
fn property_fees_are_spent_kept_or_astray_and_no_more_is_paid_than_asked_for() {
    for mode in ["company", "owners", "tri"] {
        let mut collected = 0;
        watch(&scenario(&[busy(), &[&format!("property.mode={mode}")]]), &mut |_, communities| {
            for state in communities {
                let property = &state.local.property;
                assert_eq!(property.collected, property.spent + property.kept + property.astray, "{mode}");
                assert!(property.collected <= property.billed, "{mode}");
                assert!(state.signals.upkeep.iter().all(|kept| (0.0..=1.0).contains(kept)), "{mode}");
                collected += property.collected;
            }
        });
        assert!(collected > 0, "{mode}");
    }
}

#[test]
fn public_space_holds_itself_where_what_is_built_equals_what_wears_out() {
    let settings = ["spaces.investment=120", "spaces.cost=300", "services.depreciation=0.006", "months=240"];
    let mut stock = 0.0;
    watch(&scenario(&[PLAIN, NOBODY_MOVES, &settings]), &mut |_, communities| {
        stock = communities[0].local.spaces.stock;
    });
    // S = S · (1 − d) + g · (1 − S) with g = 10 / 300 has S = g / (g + d); it is approached by a factor
    // 1 − g − d = .961 a month. Whole yuan a month leave g short by less than 1 in 1,600.
    let (g, d) = (10.0 / 300.0, 0.006f32);
    assert!((stock - g / (g + d)).abs() < 1e-3, "{stock}");
}

#[test]
fn units_give_what_they_could_at_their_effort_and_partners_all() {
    let settings = [
        "units.count=4",
        "units.resources=60000",
        "units.effort=0.25",
        "units.evaluation_weight=0",
        "units.partners=2",
    ];
    watch(&scenario(&[PLAIN, &settings]), &mut |_, communities| {
        for state in communities {
            // 4 · 5,000 · .25 and 2 · 5,000; each of up to ten gifts is cut down to whole yuan.
            let given = state.local.units.given;
            assert!((14_990..=15_000).contains(&given), "{given}");
        }
    });
}

#[test]
fn a_work_units_welfare_lasts_while_it_pays_and_decays_until_somebody_takes_over() {
    let settings = [
        "population.kinds=[0, 0, 1, 0, 0]",
        "danwei.welfare=400",
        "danwei.closure_month=12",
        "danwei.handover_delay=10",
        "danwei.decay=0.05",
    ];
    let mut welfare = Vec::new();
    watch(&scenario(&[PLAIN, NOBODY_MOVES, &settings]), &mut |_, communities| {
        welfare.push(communities[0].signals.welfare);
    });
    // From the first month on it stands where payment balances ageing: w / (w + d), nearly, as each month
    // the old wears before the new is added.
    let (w, d) = (400.0 / 12.0 / 1800.0, 0.006f32);
    assert!((welfare[11] - w / (w + d)).abs() < 0.01, "{}", welfare[11]);
    for month in 12..22 {
        assert!((welfare[month] / welfare[month - 1] - 0.95).abs() < 1e-4, "month {month}");
    }
    assert!((welfare[23] / welfare[22] - 0.994).abs() < 1e-4, "it fades as services age");
}

#[test]
fn as_many_leave_for_work_as_come_home_in_the_long_run() {
    let settings = [
        "population.kinds=[0, 0, 0, 0, 1]",
        "population.adults=600",
        "migration.out_rate=0.05",
        "migration.return_rate=0.05",
        "months=72",
    ];
    let mut away = Vec::new();
    watch(&scenario(&[PLAIN, NOBODY_MOVES, &settings]), &mut |month, communities| {
        let of = |state: &CommunityState| {
            let ages = &state.community.residents.age;
            (state.local.migration.away as f64, ages.iter().filter(|&&a| a < 60 * 12).count() as f64)
        };
        if month >= 48 {
            let (gone, all) = communities.iter().map(of).fold((0.0, 0.0), |(a, b), (c, d)| (a + c, b + d));
            away.push(gone / all);
        }
    });
    // Half of those of working age, by a chain that forgets half of its state in seven months: a share of
    // about 1,200 has a standard error of .015.
    let mean = away.iter().sum::<f64>() / away.len() as f64;
    assert!((mean - 0.5).abs() < 0.06, "{mean}");
}

#[test]
fn the_young_gain_more_from_a_platform_than_the_old() {
    let speaking = |coverage: &str| {
        let mut acts = [0.0; AGE_BANDS.len()];
        let settings = [coverage, "platform.decision_power=0.5", "population.adults=600"];
        watch(&scenario(&[PLAIN, &settings]), &mut |_, communities| {
            for state in communities {
                let residents = &state.community.residents;
                for i in 0..residents.len() {
                    let spoke = residents.acts[i] & Mode::Online.bit() != 0;
                    acts[residents.age_band(i)] += spoke as u8 as f64;
                }
            }
        });
        acts
    };
    let (without, with) = (speaking("platform.coverage=0.0"), speaking("platform.coverage=0.8"));
    let more = |age: usize| with[age] / without[age];
    assert!(more(0) > 1.0, "{with:?} {without:?}");
    let share_of_old = |acts: [f64; AGE_BANDS.len()]| acts[4] / acts.iter().sum::<f64>();
    assert!(share_of_old(with) < share_of_old(without), "{with:?} {without:?}");
}
