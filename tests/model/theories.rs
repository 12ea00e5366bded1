//! All theories of participation and rules of trust, on the same terms: one base rate, any order of
//! deciding, memories that end where a resident leaves, and a trace in each theory's own words.

use crate::common;

use std::process::Command;

use common::{PLAIN, begin, bits, busy, city, output, portrait, scenario, series};
use shequ::model::city::Mode;
use shequ::model::simulation::trace;
use shequ::model::{theory, trust};

/// `theory.participation` of every theory.
fn theories() -> Vec<String> {
    theory::all().iter().map(|entry| format!("theory.participation={}", entry.name)).collect()
}

#[test]
fn all_theories_start_from_the_same_participation() {
    // The default city as it is built, all modes that are open in its first month. How theories compare at rest is
    // in rest.rs.
    let first = |theory: &String| {
        let output = output(&scenario(&[&["months=1", "burn_in=0", theory]]), 0);
        Mode::ALL.map(|mode| series(&output, &format!("participation.{}", mode.name()))[0])
    };
    let all: Vec<_> = theories().iter().map(first).collect();
    let mut compared = 0;
    for mode in Mode::ALL {
        let base = all[0][mode as usize];
        for (theory, rates) in theories().iter().zip(&all).filter(|_| !base.is_nan()) {
            let rate = rates[mode as usize];
            // Four standard errors of two months of 30,000 residents, of whom the mode reaches a quarter or
            // more: √(2·p·(1 − p)/30,000). Beyond it a third of the rate: the panel has acquaintances who
            // all take part at the usual rate, the city some who do and some who do not, and theories
            // that bend (thresholds above all) see the difference.
            let chance = 4.0 * (2.0 * base * (1.0 - base) / 30_000.0).sqrt();
            assert!(
                (rate - base).abs() < chance + base / 3.0,
                "{theory}, {}: {rate}, not {base}",
                mode.name()
            );
            compared += 1;
        }
    }
    assert!(compared >= 4 * all.len(), "too few modes are open to compare anything");
}

#[test]
fn theories_with_memory_give_the_same_replicate_in_either_order_of_deciding_and_on_any_threads() {
    let on = |threads: usize, settings: &[&str]| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads");
        pool.install(|| bits(&output(&scenario(&[busy(), settings]), 0)))
    };
    for theory in ["conditional_cooperation", "aspiration_learning"] {
        for trust in ["beta", "social"] {
            let (theory, trust) = (format!("theory.participation={theory}"), format!("theory.trust={trust}"));
            let orders = ["update=synchronous", "update=random_sequential"];
            let outputs = orders.map(|order| {
                let one = on(1, &[&theory, &trust, order]);
                assert_eq!(one, on(3, &[&theory, &trust, order]), "{theory}, {trust}, {order}");
                one
            });
            assert_ne!(outputs[0], outputs[1], "{theory}, {trust}: the order of deciding must matter");
        }
    }
}

#[test]
fn a_month_in_pieces_leaves_the_same_memories() {
    let scenario = scenario(&[
        busy(),
        &["theory.participation=aspiration_learning", "theory.trust=social", "update=random_sequential"],
    ]);
    let city = city(&scenario);
    let (mut together, mut apart) = (begin(&scenario, &city, 0), begin(&scenario, &city, 0));
    for month in 0..12 {
        together.step();
        apart.step_apart(&mut |_| ());
        for (a, b) in together.communities.iter().zip(&apart.communities) {
            assert!(portrait(a) == portrait(b), "month {month}");
        }
    }
}

#[test]
fn only_theories_and_rules_that_remember_take_room_for_it() {
    for theory in theory::all() {
        for rule in trust::all() {
            let choice = [
                &format!("theory.participation={}", theory.name)[..],
                &format!("theory.trust={}", rule.name),
            ];
            let scenario = scenario(&[PLAIN, &choice]);
            let city = city(&scenario);
            let output = begin(&scenario, &city, 0);
            for state in &output.communities {
                let memory = &state.community.residents.memory;
                assert_eq!(memory.of_modes.len(), scenario.theory.remembers().len(), "{}", theory.name);
                let room = if scenario.trust.remembers().is_some() { state.community.adults() } else { 0 };
                assert!(memory.of_targets.iter().all(|column| column.len() == room), "{}", rule.name);
            }
        }
    }
}

#[test]
fn newcomers_remember_nothing_of_those_before_them() {
    // Everybody moves every month, and online is open in every month: a first occasion for all, each time.
    let moving = ["residents.move_owner=1.0", "residents.move_renter=1.0", "months=6"];
    let learning = ["theory.participation=aspiration_learning", "theory.trust=beta"];
    let scenario = scenario(&[PLAIN, &learning, &moving]);
    let city = city(&scenario);
    let mut output = begin(&scenario, &city, 0);
    (0..6).for_each(|_| output.step());
    for state in &output.communities {
        let memory = &state.community.residents.memory;
        let [propensity, aspiration] = [&memory.of_modes[0], &memory.of_modes[1]];
        let online = Mode::Online as usize;
        assert!(propensity[online].iter().all(|&p| p == 0.5), "a first propensity");
        assert!(aspiration[online].iter().all(|g| g.is_nan()), "no aspiration yet");
    }
}

#[test]
fn every_theory_explains_what_it_does() {
    for theory in theories() {
        for update in ["update=synchronous", "update=random_sequential"] {
            let scenario = scenario(&[busy(), &[&theory, "theory.trust=beta", update]]);
            let city = city(&scenario);
            let mut plain = begin(&scenario, &city, 0);
            let mut explained = 0;
            for entry in trace::follow(begin(&scenario, &city, 0), 1, 17, 0, 24) {
                plain.step();
                assert_eq!(entry.acts, plain.communities[1].community.residents.acts[17], "{theory}");
                for c in &entry.considered {
                    let probability = c.terms.last().map_or(0.0, |t| t.value) as f32;
                    let willing = probability * c.knows + c.persuaded;
                    let product = if c.eligible { willing * c.open } else { 0.0 };
                    assert!((product - c.chance).abs() < 1e-5, "{theory}, {}", c.mode.name());
                    assert!(c.terms.iter().all(|t| t.value.is_finite()), "{theory}, {}", c.mode.name());
                    explained += 1;
                }
            }
            assert!(explained > 24, "{theory}: hardly anything was open");
        }
    }
}

#[test]
fn trace_speaks_of_every_theory_in_both_languages() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("small.toml");
    let head = "name = \"Small\"\nmonths = 3\npopulation.communities = 1\npopulation.adults = 60\n";
    let own = [
        ("calculus", "influence × benefit", "影响力×收益"),
        ("threshold", "threshold", "阈值"),
        ("conditional_cooperation", "belief about others", "对他人参与的信念"),
        ("civic_voluntarism", "engagement", "心理投入"),
        ("aspiration_learning", "propensity", "倾向"),
        ("planned_behaviour", "intention", "行为意向"),
    ];
    assert_eq!(own.len(), theory::all().len(), "a theory is missing here");
    for (theory, english, chinese) in own {
        std::fs::write(&file, format!("{head}theory.participation = \"{theory}\"\n")).expect("written");
        for (language, word) in [("en", english), ("zh", chinese)] {
            let output = Command::new(env!("CARGO_BIN_EXE_shequ"))
                .args(["trace", "--resident", "0:7", "--lang", language])
                .arg(&file)
                .output()
                .expect("it runs");
            let said = String::from_utf8_lossy(&output.stdout);
            assert!(output.status.success() && said.contains(word), "{theory}, {language}: {said}");
        }
    }
}
