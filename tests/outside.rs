//! An institution and a theory from outside the crate, those of `examples/`, hold what is promised of the
//! standard ones: they are in the month, in the keys, in checkpoints and in experiments.

mod common;

#[allow(dead_code)] // Its `main` is run by `cargo run --example`.
#[path = "../examples/own_institution.rs"]
mod own_institution;
#[allow(dead_code)]
#[path = "../examples/own_theory.rs"]
mod own_theory;

use std::fs;
use std::path::Path;
use std::process::Command;
use std::sync::Once;

use common::{PLAIN, begin, bits, city, output, scenario, series};
use own_institution::{Account, TimeBank};
use own_theory::IMITATION;
use shequ::model::registry::{Registry, additions};
use shequ::model::scenario::{self, Scenario};
use shequ::model::simulation::ReplicateOutput;
use shequ::model::simulation::month::{schedule, schedule_of};

const AT_WORK: &[&str] = &["time_bank.credited=0.8"];

/// Every test of this file begins with it, whichever is first.
fn install() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let registry = Registry::standard().with_institution::<TimeBank>().with_theory(IMITATION);
        registry.install().unwrap();
    });
}

#[test]
fn a_registry_is_installed_once() {
    install();
    let again = Registry::standard().install().unwrap_err();
    assert_eq!(again.to_string(), "a registry is installed already");
    assert_eq!(additions(), ["institution time_bank", "theory imitation"]);
}

#[test]
fn its_keys_are_keys_like_all_others() {
    install();
    let schema = scenario::schema::text();
    assert!(schema.contains("\"time_bank\"") && schema.contains("\"imitation\""));
    let problems =
        Scenario::from_text("a.toml", "name = \"A\"\ntime_bank.credted = 0.5\n", &[]).err().unwrap();
    assert!(format!("{problems:?}").contains("did you mean `credited`?"), "{problems:?}");
    let problems =
        Scenario::from_text("a.toml", "name = \"A\"\ntime_bank.credited = 2\n", &[]).err().unwrap();
    assert!(format!("{problems:?}").contains("a number from 0 to 1"), "{problems:?}");
}

#[test]
fn its_acts_come_after_those_of_the_standard_institutions() {
    install();
    let own: Vec<usize> =
        schedule().iter().enumerate().filter(|(_, p)| p.who == "time_bank").map(|(k, _)| k).collect();
    assert_eq!(own.len(), 3);
    assert_eq!(schedule()[own[0] + 1].who, "awareness", "the row of the month that follows the step");
}

#[test]
fn it_is_neutral_as_it_says_and_shows_an_effect_as_it_says() {
    install();
    let absent = |settings: &[&[&str]]| {
        let scenario = scenario(settings);
        let city = city(&scenario);
        let mut simulation = begin(&scenario, &city, 0).with_schedule(schedule_of(|i| i.name != "time_bank"));
        (0..scenario.months).for_each(|_| simulation.step());
        format!("{:?}", simulation.communities.iter().map(|c| &c.signals).collect::<Vec<_>>())
    };
    let present = |settings: &[&[&str]]| {
        let scenario = scenario(settings);
        let city = city(&scenario);
        let mut simulation = begin(&scenario, &city, 0);
        (0..scenario.months).for_each(|_| simulation.step());
        format!("{:?}", simulation.communities.iter().map(|c| &c.signals).collect::<Vec<_>>())
    };
    assert!(absent(&[PLAIN]) == present(&[PLAIN]));
    assert!(absent(&[PLAIN, AT_WORK]) != present(&[PLAIN, AT_WORK]));
}

#[test]
fn what_it_keeps_comes_back_from_a_checkpoint() {
    install();
    let scenario = scenario(&[PLAIN, AT_WORK]);
    let city = city(&scenario);
    let mut simulation = begin(&scenario, &city, 0);
    (0..7).for_each(|_| simulation.step());
    let balance = simulation.communities[0].local.custom.of::<Account>().balance;
    assert!(balance > 0.0);
    let mut bytes = Vec::new();
    simulation.save(&ReplicateOutput::new(0), &mut bytes).unwrap();
    let mut restored = begin(&scenario, &city, 0);
    restored.restore(7, bytes.as_slice()).unwrap();
    let read = restored.communities[0].local.custom.of::<Account>().balance;
    assert_eq!(read.to_bits(), balance.to_bits());
    assert_eq!(format!("{:?}", restored.communities), format!("{:?}", simulation.communities));
}

#[test]
fn a_change_moves_its_keys_too() {
    install();
    let with = |text: &str| bits(&output(&common::scenario_with(text, &[PLAIN]), 0));
    let later = with("[[change]]\nfrom = \"2018-01\"\ntime_bank.credited = 1.0\n");
    assert_ne!(later, with(""));
}

#[test]
fn scenarios_choose_the_theory() {
    install();
    let of = |theory: &str| output(&scenario(&[PLAIN, &[theory]]), 0);
    let own = of("theory.participation=imitation");
    assert_ne!(bits(&own), bits(&of("theory.participation=calculus")));
    assert!(series(&own, "participation").iter().all(|p| (0.0..=1.0).contains(p)));
}

/// Runs an example of the repository, and gives what it wrote for people.
fn example(name: &str, arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO"))
        .args(["run", "--quiet", "--offline", "--example", name, "--"])
        .args(arguments)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    let said =
        String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    said
}

/// The only file of this name in a results folder below `out`.
fn written(out: &Path, name: &str) -> String {
    let folder = fs::read_dir(out).unwrap().map(|e| e.unwrap().path()).find(|p| p.join(name).is_file());
    fs::read_to_string(folder.expect("a results folder").join(name)).unwrap()
}

const SMALL: [&str; 6] = [
    "--replicates=2",
    "--set=months=12",
    "--set=population.communities=2",
    "--set=population.adults=200",
    "--lang=en",
    "--out",
];

#[test]
fn the_example_of_an_institution_is_in_explain_in_a_contest_and_in_its_report() {
    let page = example("own_institution", &["explain", "time_bank", "--lang", "en"]);
    assert!(
        page.contains("Hours given to neighbours") && page.contains("organisations and partners"),
        "{page}"
    );
    let out = tempfile::tempdir().unwrap();
    let files = ["contest", "scenarios/baseline.toml", "examples/time-bank.toml"];
    example("own_institution", &[&files[..], &SMALL, &[out.path().to_str().unwrap()]].concat());
    assert!(written(out.path(), "report.html").contains("time_bank.credited"));
    assert!(written(out.path(), "manifest.json").contains("institution time_bank"));
}

#[test]
fn the_example_of_a_theory_is_in_a_contest_and_in_its_report() {
    let out = tempfile::tempdir().unwrap();
    let files = ["contest", "scenarios/baseline.toml", "scenarios/wechat-and-home-visits.toml"];
    example("own_theory", &[&files[..], &SMALL, &[out.path().to_str().unwrap()]].concat());
    assert!(written(out.path(), "effects.csv").contains("imitation"));
    assert!(written(out.path(), "report.html").contains("imitation"));
}
