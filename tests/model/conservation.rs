//! What must balance every month, to the last resident, hour, minute and yuan.

use crate::common;

use common::{PLAIN, begin, busy, city, scenario};
use shequ::model::city::{MODES, Mode};
use shequ::model::institution::CommunityState;
use shequ::model::simulation::Simulation;

/// Steps through a whole replicate and shows each month what was before and what is after it.
fn watch(settings: &[&[&str]], see: &mut dyn FnMut(&[CommunityState], &Simulation)) {
    let scenario = scenario(settings);
    let city = city(&scenario);
    let mut simulation = begin(&scenario, &city, 0);
    for _ in 0..scenario.months {
        let before = simulation.communities.clone();
        simulation.step();
        see(&before, &simulation);
    }
}

#[test]
fn as_many_arrive_as_leave_and_homes_stay_full() {
    let restless = ["residents.move_renter=0.2", "residents.mortality=1.0"];
    let mut left = 0;
    watch(&[busy(), &restless], &mut |before, after| {
        for (b, a) in before.iter().zip(&after.communities) {
            assert_eq!(b.community.adults(), a.community.adults());
            assert_eq!(a.signals.arrived, a.signals.left);
            left += a.signals.left;
        }
    });
    assert!(left > 100, "only {left} left, so the balance was hardly tested");
}

#[test]
fn the_fund_balances_to_the_last_yuan_whoever_decides() {
    for decider in ["street", "committee", "council", "residents"] {
        let (mut granted, mut earned, mut spent, mut leaked) = (0, 0, 0, 0);
        let own = [&format!("funding.decider={decider}"), "months=60", "funding.own_revenue=30"];
        watch(&[busy(), &own], &mut |before, after| {
            for (b, a) in before.iter().zip(&after.communities) {
                let (old, new) = (&b.local.funding, &a.local.funding);
                assert_eq!(
                    new.balance,
                    old.balance + new.granted + new.earned - new.spent - new.leaked,
                    "{decider}"
                );
                assert!(0 <= new.committed && new.committed <= new.balance, "{decider}: {new:?}");
                let promised: i64 = new
                    .projects
                    .iter()
                    .map(|p| p.cost - p.cost * i64::from(p.done) / i64::from(p.months))
                    .sum();
                assert_eq!(new.committed, promised, "{decider}: promised money is that of projects");
                granted += new.granted;
                earned += new.earned;
                spent += new.spent;
                leaked += new.leaked;
            }
        });
        let all = [granted, earned, spent, leaked];
        assert!(all.iter().all(|&money| money > 0), "{decider}: {all:?}");
    }
}

#[test]
fn organisations_are_granted_the_pot_and_no_more() {
    let (mut pot, mut month, mut granted) = (0, 0, 0);
    let generous = ["organisations.grants=300000", "organisations.birth_rate=5.0", "months=60"];
    watch(&[busy(), &generous], &mut |before, after| {
        let citywide = &after.citywide.organisations;
        if month % 12 == 2 && !citywide.all.is_empty() {
            // The run starts in January, and grants are given in March. What is left of last year is gone.
            pot = 300_000 * before.len() as i64;
        }
        assert_eq!(citywide.granted + citywide.pot, pot, "month {month}");
        assert!(citywide.pot >= 0 && citywide.granted >= 0);
        granted += citywide.granted;
        pot = citywide.pot;
        month += 1;
    });
    assert!(granted > 0);
}

#[test]
fn a_years_money_for_services_is_spent_to_the_last_yuan() {
    for allocation in ["equal", "need", "merit"] {
        let (mut year, mut month) = (0, 0);
        let settings =
            [&format!("government.allocation={allocation}"), "services.investment=301.7", "months=36"];
        let streets = ["population.streets=3", "population.districts=2", "population.communities=7"];
        watch(&[busy(), &settings, &streets], &mut |_, after| {
            year += after.communities.iter().map(|p| p.local.services.spent).sum::<i64>();
            month += 1;
            if month % 12 > 0 {
                return;
            }
            let adults = |p: &CommunityState| p.community.adults() as f64;
            // Equal shares are rounded down in each community, a pot once for the city.
            let expected = if allocation == "equal" {
                after.communities.iter().map(|p| (301.7 * adults(p)) as i64).sum()
            } else {
                (301.7 * after.communities.iter().map(adults).sum::<f64>()) as i64
            };
            assert_eq!(year, expected, "{allocation}, month {month}");
            let government = &after.citywide.government;
            if allocation != "equal" {
                assert_eq!(government.communities.iter().sum::<i64>(), expected);
                assert_eq!(government.districts.iter().sum::<i64>(), expected);
                assert_eq!(government.streets.iter().map(|s| s.budget).sum::<i64>(), expected);
            }
            year = 0;
        });
    }
}

#[test]
fn staff_minutes_and_requests_balance_and_littles_law_holds() {
    // So many tasks and requests for one person that requests wait long and some are given up.
    // Stations are out of the way of most.
    let crowded = [
        "admin.tasks_per_month=4",
        "residents.request_rate=0.8",
        "months=60",
        "station.distance_cost=1.0",
        "feedback.response_rate=0.0",
    ];
    let mut elsewhere = 0;
    let (mut queue, mut waited, mut arrived, mut handled, mut given_up) = (0.0, 0.0, 0, 0, 0);
    let mut still = (0, 0.0);
    watch(&[busy(), &crowded], &mut |before, after| {
        still = (0, 0.0);
        for (b, a) in before.iter().zip(&after.communities) {
            let m = &a.local.staff.month;
            assert_eq!(m.capacity, m.administration + m.requests + m.training + m.visits + m.idle);
            assert!([m.administration, m.requests, m.training, m.visits, m.idle].iter().all(|&x| x >= 0));
            let requests = m.arrived + a.signals.errands;
            assert_eq!(requests, b.signals.requests, "last month's requests arrive this month");
            elsewhere += a.signals.errands;
            queue += m.queue_days;
            waited += m.days_waited;
            arrived += u64::from(m.arrived);
            handled += u64::from(m.done + m.given_up);
            given_up += m.given_up;
            for days in a.local.staff.desk.waiting() {
                still.0 += 1;
                still.1 += days;
            }
        }
    });
    assert!(queue > 1_000.0 && given_up > 0, "the queue must be tested under load: {queue}, {given_up}");
    assert!(elsewhere > 0, "some errands are done elsewhere");
    assert_eq!(arrived, handled + still.0);
    // Days of waiting, month by month and request by request: sums of the same stretches, rounded otherwise.
    assert!((queue / (waited + still.1) - 1.0).abs() < 1e-9, "{queue} and {waited} + {}", still.1);
}

#[test]
fn hours_add_up_from_residents_to_communities_and_from_months_to_years() {
    let mut month = 0;
    watch(&[busy()], &mut |_, after| {
        let hours = after.now().rules.modes.clone().map(|m| m.hours);
        for state in &after.communities {
            let r = &state.community.residents;
            let slot = &r.quarter_hours[month % 12];
            let sum: u32 = slot.iter().map(|&q| u32::from(q)).sum();
            assert_eq!(f64::from(sum) / 4.0, state.signals.hours, "month {month}");
            for i in 0..r.len() {
                let year: u16 = r.quarter_hours.iter().map(|column| u16::from(column[i])).sum();
                assert_eq!(r.year_quarter_hours[i], year);
                let chosen = || (0..MODES).filter(|m| r.acts[i] >> m & 1 == 1);
                let civic: f64 = chosen().filter(|m| Mode::CIVIC >> m & 1 == 1).map(|m| hours[m]).sum();
                assert_eq!(f64::from(slot[i]) / 4.0, civic);
            }
        }
        month += 1;
    });
}

#[test]
fn nobody_does_several_things_in_more_hours_than_they_have() {
    // Long occasions that nearly everybody likes, so that time is short.
    let eager = ["modes.event.base_rate=0.9", "modes.volunteer.base_rate=0.9", "modes.event.hours=5"];
    let mut crowded = 0;
    watch(&[busy(), &eager], &mut |_, after| {
        let hours = after.now().rules.modes.clone().map(|m| m.hours as f32);
        for r in after.communities.iter().map(|p| &p.community.residents) {
            for i in 0..r.len() {
                // Bags sorted under eyes are not chosen, and take no hours of one's own.
                let chosen = || (0..MODES).filter(|m| (r.acts[i] & Mode::CIVIC) >> m & 1 == 1);
                if chosen().count() < 2 {
                    continue;
                }
                crowded += 1;
                let needed: f32 = chosen().map(|m| hours[m]).sum();
                assert!(needed <= r.time[i], "{needed} hours of {}", r.time[i]);
            }
        }
    });
    assert!(crowded > 1_000, "{crowded}");
}

#[test]
fn those_who_take_part_are_counted_once_for_each_mode() {
    watch(&[busy()], &mut |_, after| {
        for state in &after.communities {
            let (r, signals) = (&state.community.residents, &state.signals);
            for mode in Mode::ALL {
                let took_part = r.acts.iter().filter(|&a| a & mode.bit() != 0).count();
                assert_eq!(signals.took_part[mode as usize] as usize, took_part);
                assert!(signals.took_part[mode as usize] <= signals.eligible[mode as usize]);
            }
            let civic = r.acts.iter().filter(|&a| a & Mode::CIVIC != 0).count();
            assert_eq!(signals.participants as usize, civic);
        }
    });
}

#[test]
fn feelings_and_services_stay_within_zero_and_one() {
    // The steepest steps that the keys allow, so that any overshoot would show.
    let steep = [
        "residents.skill_gain=1.0",
        "residents.external_efficacy_gain=1.0",
        "residents.internal_efficacy_gain=1.0",
        "residents.satisfaction_gain=1.0",
        "residents.social_influence=1.0",
        "residents.request_effect=1.0",
        "residents.habit_gain=1.0",
        "theory.asymmetric.gain=1.0",
        "theory.asymmetric.loss=1.0",
    ];
    for settings in [&[][..], &steep[..]] {
        for base in [PLAIN, busy()] {
            watch(&[base, settings], &mut |_, after| {
                for state in &after.communities {
                    let r = &state.community.residents;
                    let feelings = [
                        &r.interest,
                        &r.skill,
                        &r.attachment,
                        &r.internal_efficacy,
                        &r.external_efficacy,
                        &r.awareness,
                        &r.satisfaction,
                        &r.accuracy,
                    ];
                    for column in feelings.into_iter().chain(&r.trust) {
                        assert!(column.iter().all(|v| (0.0..=1.0).contains(v)), "month {}", after.month());
                    }
                    assert!(state.signals.services.iter().all(|q| (0.0..=1.0).contains(q)));
                }
            });
        }
    }
}

#[test]
fn services_do_without_what_the_fund_took_whenever_its_year_begins() {
    for start in ["2017-01", "2017-07", "2017-12"] {
        let start = format!("start={start}");
        let spent = |share: &str| {
            let (mut spent, mut taken) = ([0; 3], [0; 3]);
            watch(&[PLAIN, &[&start, "months=12", share]], &mut |_, after| {
                for (k, state) in after.communities.iter().enumerate() {
                    spent[k] += state.local.services.spent;
                    taken[k] = state.local.funding.devolved;
                }
            });
            (spent, taken)
        };
        let (all, none) = spent("funding.devolution=0.0");
        let (rest, taken) = spent("funding.devolution=0.37");
        assert_eq!(none, [0; 3]);
        for k in 0..3 {
            assert!(taken[k] > 1_000, "{taken:?}");
            assert_eq!(rest[k] + taken[k], all[k], "{start}, community {k}");
        }
    }
}
