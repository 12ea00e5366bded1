//! A run that is killed and goes on from its checkpoints ends with the tables of an unbroken one.

use crate::common;
use crate::place;

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use common::{busy, scenario};
use place::{Place, entries, text};
use shequ::experiment::record::checkpoint::{Checkpoints, Origin};
use shequ::experiment::record::manifest::Program;
use shequ::experiment::resume::run_or_resume;
use shequ::model::city::synth;
use shequ::model::scenario::Scenario;
use shequ::model::simulation::ReplicateOutput;
use shequ::model::simulation::checkpoint::layout;
use shequ::model::simulation::{Simulation, prepare, run_replicate};

fn checkpoints(folder: &Path, every: u32) -> Checkpoints {
    let origin =
        Origin { program: Program::this(), layout: layout().join(" "), scenario_hash: "test".into() };
    Checkpoints::new(folder.join("checkpoints"), every, origin, |trouble| panic!("{trouble:?}"))
}

/// A replicate that is stopped after each of the months in `stops`, and goes on in another pool of threads.
fn broken(scenario: &Scenario, stops: &[u32]) -> ReplicateOutput {
    let folder = tempfile::tempdir().unwrap();
    let fitted = prepare(scenario);
    let kept = checkpoints(folder.path(), 1000);
    let city = || synth::city(&scenario.population, &scenario.periods[0].rules.residents, scenario.seed.city);
    for (threads, &stop) in (1..).zip(stops) {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        let asked = |month: u32| month + 1 != stop;
        assert!(pool.install(|| run_or_resume(scenario, &fitted, city(), 2, Some(&kept), &asked)).is_none());
        assert_eq!(kept.check(0..3).unwrap(), stop as u64);
    }
    run_or_resume(scenario, &fitted, city(), 2, Some(&kept), &|_| true).unwrap().unwrap()
}

fn same(a: &ReplicateOutput, b: &ReplicateOutput) {
    let bits = |values: &[f64]| values.iter().map(|v| v.to_bits()).collect::<Vec<_>>();
    assert!(bits(&a.monthly) == bits(&b.monthly));
    assert_eq!((a.communities.len(), a.groups.len()), (b.communities.len(), b.groups.len()));
    for (a, b) in a.communities.iter().zip(&b.communities) {
        assert!((a.month, a.community, bits(&a.values)) == (b.month, b.community, bits(&b.values)));
    }
    for (a, b) in a.groups.iter().zip(&b.groups) {
        let names = (a.month, a.group, a.level, a.metric);
        assert!(names == (b.month, b.group, b.level, b.metric) && a.value.to_bits() == b.value.to_bits());
    }
}

#[test]
fn a_replicate_with_every_institution_goes_on_as_if_it_had_never_stopped() {
    let memory = ["theory.participation=aspiration_learning", "theory.trust=beta"];
    let network = ["population.network.kind=small_world", "population.network.redrawn=true"];
    for settings in [&[busy()][..], &[busy(), &memory], &[busy(), &network, &["update=random_sequential"]]] {
        let scenario = scenario(settings);
        let city =
            synth::city(&scenario.population, &scenario.periods[0].rules.residents, scenario.seed.city);
        let unbroken = run_replicate(&scenario, &prepare(&scenario), &city, 2, &|_| true).unwrap();
        same(&unbroken, &broken(&scenario, &[1, 11, 17, 29]));
    }
}

#[test]
fn the_whole_state_comes_back() {
    let scenario = scenario(&[busy()]);
    let city = synth::city(&scenario.population, &scenario.periods[0].rules.residents, scenario.seed.city);
    let begin = || Simulation::new(&scenario, prepare(&scenario), &city, 0);
    let mut simulation = begin();
    (0..7).for_each(|_| simulation.step());
    let mut bytes = Vec::new();
    simulation.save(&ReplicateOutput::new(0), &mut bytes).unwrap();
    let mut restored = begin();
    restored.restore(7, bytes.as_slice()).unwrap();
    assert_eq!(format!("{:?}", restored.communities), format!("{:?}", simulation.communities));
    assert_eq!(format!("{:?}", restored.citywide), format!("{:?}", simulation.citywide));
    assert_eq!(restored.month(), 7);
    // Bytes that end too early are no state.
    assert!(begin().restore(7, &bytes[..bytes.len() - 1]).is_err());
}

const LONG: &str = r#"
name = "Long"
months = 400
replicates = 3

[population]
communities = 3
adults = 300

[report]
communities_every = 40
groups_every = 40
"#;

const TABLES: [&str; 6] =
    ["monthly.csv", "summary.csv", "changes.csv", "groups.csv", "communities.csv", "margins.csv"];

fn tables(folder: &Path) -> Vec<Vec<u8>> {
    TABLES.iter().map(|table| fs::read(folder.join(table)).unwrap()).collect()
}

/// The folder of checkpoints in `out`, if there is one yet.
fn kept_in(out: &Path) -> Option<PathBuf> {
    fs::read_dir(out).ok()?.map(|e| e.unwrap().path()).find(|p| p.to_string_lossy().ends_with(".checkpoints"))
}

/// Months that the checkpoint of the first replicate says were simulated.
fn months_done(out: &Path) -> Option<u32> {
    let bytes = fs::read(kept_in(out)?.join("replicate-0")).ok()?;
    let line = bytes.split(|&byte| byte == b'\n').next()?;
    let header: serde_json::Value = serde_json::from_slice(line).ok()?;
    Some(header["month"].as_u64()? as u32)
}

#[test]
fn a_run_killed_at_several_months_ends_with_the_bytes_of_an_unbroken_one() {
    let place = Place::with(&[("long.toml", LONG)]);
    assert!(place.shequ(&["run", "long.toml", "-q", "--out", "unbroken"]).status.success());
    let arguments =
        |threads| ["run", "long.toml", "--out", "killed", "--checkpoint-every", "7", "--threads", threads];
    let out = place.path().join("killed");
    for (threads, month) in [("2", 14), ("1", 70), ("3", 140)] {
        let mut run = place.command(&arguments(threads)).spawn().unwrap();
        while months_done(&out).unwrap_or(0) < month {
            assert!(run.try_wait().unwrap().is_none(), "the run ended before it could be killed");
            std::thread::sleep(Duration::from_millis(1));
        }
        run.kill().unwrap();
        run.wait().unwrap();
        assert!(months_done(&out).unwrap() < 400);
    }
    let last = place.shequ(&arguments("2"));
    assert!(last.status.success(), "{}", text(&last.stderr));
    assert!(text(&last.stderr).contains("of 1200 months are done"), "{}", text(&last.stderr));
    assert!(kept_in(&out).is_none(), "checkpoints are gone once there are results");
    let results = entries(&out).into_iter().find(|p| p.join("manifest.json").exists()).unwrap();
    assert!(tables(&results) == tables(&place.results("unbroken")));
}

#[test]
fn a_checkpoint_that_is_damaged_or_of_something_else_is_refused_and_nothing_is_lost() {
    let place = Place::with(&[("long.toml", LONG)]);
    let run = |more: &[&str]| {
        let arguments = ["run", "long.toml", "--set", "months=6", "--checkpoint-every", "2"];
        place.shequ(&[&arguments[..], more].concat())
    };
    assert!(run(&["-q"]).status.success());
    // The run is done, so its checkpoints are gone: one in their place is as good as damaged.
    let finished = place.results("results");
    let folder = finished.with_file_name(format!("{}.checkpoints", finished.file_name().unwrap().display()));
    fs::create_dir(&folder).unwrap();
    let bad = folder.join("replicate-1");
    fs::write(&bad, [b'x'; 1000]).unwrap();
    let before = tables(&finished);
    let output = run(&["--force"]);
    let said = text(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(said.contains("replicate-1 cannot be used: it is damaged; nothing was changed"), "{said}");
    assert_eq!(fs::read(&bad).unwrap(), [b'x'; 1000]);
    assert!(tables(&finished) == before);
    fs::remove_file(&bad).unwrap();
    assert!(run(&["--force", "-q"]).status.success());
    assert!(tables(&place.results("results")) == before);
    let never = place.shequ(&["run", "long.toml", "--checkpoint-every", "0"]);
    assert_eq!(never.status.code(), Some(2));
    assert!(
        text(&never.stderr).contains("cannot be \"0\": it must be a whole number from 1"),
        "{}",
        text(&never.stderr)
    );
}
