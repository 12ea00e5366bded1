//! A run that is killed and goes on from its checkpoints ends with the tables of an unbroken one.

use crate::common;
use crate::place;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use common::{busy, loaded, scenario};
use place::{Place, entries, text};
use shequ::experiment::checkpoint::{Checkpoints, Origin, Wanted};
use shequ::experiment::plan::Run;
use shequ::experiment::prepare::RunCache;
use shequ::model::city::synth;
use shequ::model::scenario::Loaded;
use shequ::model::simulation::ReplicateOutput;
use shequ::model::simulation::{Simulation, prepare, run_replicate};

/// A replicate that is stopped after each of the months in `stops`, and goes on in another pool of threads.
fn broken(loaded: &Loaded, stops: &[u32]) -> ReplicateOutput {
    let folder = tempfile::tempdir().unwrap();
    let run = Run { row: 0, replicate: 2 };
    let kept =
        Checkpoints::new(folder.path(), Some(1000), Origin::of("test"), |trouble| panic!("{trouble:?}"));
    let prepared = || RunCache::of_run(&loaded.scenario, 2..3).prepare(loaded, 2);
    for (threads, &stop) in (1..).zip(stops) {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        let asked = |month: u32| month + 1 != stop;
        assert!(pool.install(|| prepared().run_or_resume(run, &kept, &asked)).is_none());
        assert_eq!(kept.check(&|_| Wanted::Yes).unwrap(), stop as u64);
    }
    prepared().run_or_resume(run, &kept, &|_| true).unwrap()
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
        let loaded = loaded(settings);
        let scenario = &loaded.scenario;
        let seed = scenario.seed.of_city(2);
        let city = synth::city(&scenario.population, &scenario.periods[0].rules.residents, seed);
        let unbroken = run_replicate(scenario, &prepare(scenario), &city, 2, &|_| true).unwrap();
        same(&unbroken, &broken(&loaded, &[1, 11, 17, 29]));
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
distributions_every = 40
residents = 3
residents_every = 40
ties = true
"#;

const OTHER: &str = "extends = \"long.toml\"\nname = \"Other\"\noutreach.home_visits = 0.2\n";

/// The folder under way in `out`, if there is one yet.
fn under_way(out: &Path) -> Option<PathBuf> {
    fs::read_dir(out).ok()?.map(|e| e.unwrap().path()).find(|p| p.to_string_lossy().ends_with(".partial"))
}

/// Months done and kept in `out`: those of checkpoints, and `months` for each line of a finished run.
fn months_kept(out: &Path, months: u64) -> Option<u64> {
    let mut kept = 0;
    for path in fs::read_dir(under_way(out)?).ok()?.map(|entry| entry.unwrap().path()) {
        let name = path.file_name().unwrap().to_string_lossy().to_string();
        if name.starts_with("checkpoint-") {
            // It may be gone by now, its run being finished.
            let bytes = fs::read(&path).unwrap_or_default();
            let line = bytes.split(|&byte| byte == b'\n').next()?;
            let header = serde_json::from_slice::<serde_json::Value>(line);
            kept += header.ok().and_then(|header| header["month"].as_u64()).unwrap_or(0);
        }
        if name.starts_with("journal-") {
            let text = fs::read_to_string(&path).unwrap();
            kept += months * text.lines().filter(|line| line.contains("\"run\":{")).count() as u64;
        }
    }
    Some(kept)
}

/// The tables of a results folder, by name.
fn all_tables(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let is_table =
        |path: &PathBuf| path.extension().is_some_and(|ending| ending == "csv" || ending == "parquet");
    let tables = entries(folder).into_iter().filter(is_table);
    tables.map(|path| (path.file_name().unwrap().into(), fs::read(&path).unwrap())).collect()
}

const EXPERIMENT: &str = r#"
name = "Long"
scenario = "long.toml"
outcomes = ["participation"]
replicates = 1
[vary]
"residents.word_of_mouth" = { low = 0.01, high = 0.1 }
"#;

#[test]
fn every_command_that_is_stopped_within_a_run_ends_with_the_bytes_of_an_unbroken_one() {
    let place = Place::with(&[("long.toml", LONG), ("other.toml", OTHER)]);
    for (kind, design) in
        [("sweep", "method = \"grid\"\nlevels = 2"), ("sensitivity", "method = \"morris\"\ntrajectories = 2")]
    {
        place.write(&format!("{kind}.toml"), &format!("kind = \"{kind}\"\n{EXPERIMENT}[design]\n{design}\n"));
    }
    for (command, files, months) in [
        ("run", &["long.toml"][..], 400),
        ("compare", &["long.toml", "other.toml", "--replicates", "2"], 400),
        ("contest", &["long.toml", "other.toml", "--replicates", "1", "--set", "months=60"], 60),
        ("sweep", &["sweep.toml"], 400),
        ("sensitivity", &["sensitivity.toml"], 400),
    ] {
        let (calm, broken) = (format!("{command}-calm"), format!("{command}-broken"));
        let calmly = place.shequ(&[&[command], files, &["-q", "--out", &calm]].concat());
        assert!(calmly.status.success(), "{command}: {}", text(&calmly.stderr));
        let arguments = |threads| {
            let how = ["--out", &broken, "--checkpoint-every", "7", "--threads", threads];
            [&[command], files, &how[..]].concat().into_iter().map(String::from).collect::<Vec<_>>()
        };
        let out = place.path().join(&broken);
        for (threads, signal) in [("2", "-KILL"), ("1", "-TERM"), ("3", "-KILL")] {
            let before = months_kept(&out, months).unwrap_or(0);
            let arguments = arguments(threads);
            let mut command = place.command(&arguments.iter().map(String::as_str).collect::<Vec<_>>());
            let mut run = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
            while months_kept(&out, months).is_none_or(|kept| kept < before + 14) {
                assert!(run.try_wait().unwrap().is_none(), "the run ended before it could be stopped");
                std::thread::sleep(Duration::from_millis(1));
            }
            assert!(Command::new("kill").args([signal, &run.id().to_string()]).status().unwrap().success());
            let ended = run.wait().unwrap();
            assert_eq!(ended.code(), if signal == "-TERM" { Some(130) } else { None });
        }
        let arguments = arguments("2");
        let last = place.shequ(&arguments.iter().map(String::as_str).collect::<Vec<_>>());
        let said = text(&last.stderr);
        assert!(last.status.success(), "{command}: {said}");
        // A kill may come just when a run was finished, and before another had a checkpoint.
        let went_on = said.contains("months are done already") || said.contains("done before");
        assert!(went_on, "{command}: {said}");
        // The folder under way is gone, checkpoints and all, but for what processes left that were killed.
        assert!(under_way(&out).is_none(), "{command}: {:?}", entries(&out));
        assert!(all_tables(&place.results(&broken)) == all_tables(&place.results(&calm)), "{command}");
    }
}

#[test]
fn a_checkpoint_that_is_damaged_or_of_something_else_is_refused_and_nothing_is_lost() {
    let place = Place::with(&[("long.toml", LONG)]);
    let arguments = ["run", "long.toml", "--threads", "1", "--checkpoint-every", "2"];
    let out = place.path().join("results");
    let mut run = place.command(&arguments).stderr(Stdio::null()).spawn().unwrap();
    while months_kept(&out, 400).is_none_or(|kept| kept < 14) {
        std::thread::sleep(Duration::from_millis(1));
    }
    run.kill().unwrap();
    run.wait().unwrap();
    let folder = under_way(&out).unwrap();
    let is_one = |path: &PathBuf| path.file_name().unwrap().to_string_lossy().starts_with("checkpoint-");
    let kept = entries(&folder).into_iter().find(is_one).unwrap();
    let good = fs::read(&kept).unwrap();
    let foreign = folder.join("checkpoint-0-7");
    let mut damaged = good.clone();
    *damaged.last_mut().unwrap() ^= 1;
    for (path, bytes, what) in [
        (&kept, &damaged, "cannot be used: it is damaged; nothing was changed"),
        (&kept, &vec![b'x'; 1000], "not written by this program: checkpoint-0-"),
        (&foreign, &good, "not written by this program: checkpoint-0-7"),
    ] {
        fs::write(path, bytes).unwrap();
        for more in [&[][..], &["--shard", "1/2"]] {
            let output = place.shequ(&[&arguments[..], more].concat());
            let said = text(&output.stderr);
            assert_eq!(output.status.code(), Some(2), "{said}");
            assert!(said.contains(what) || more.len() > 1 && said.contains("checkpoint"), "{said}");
            assert_eq!(fs::read(path).unwrap(), *bytes);
        }
        fs::write(&kept, &good).unwrap();
    }
    // What is not ours stops --force as well; our own, damaged or not, goes with it.
    assert_eq!(place.shequ(&[&arguments[..], &["--force"]].concat()).status.code(), Some(2));
    fs::remove_file(&foreign).unwrap();
    fs::write(&kept, &damaged).unwrap();
    let forced = place.shequ(&[&arguments[..], &["--force", "-q"]].concat());
    assert!(forced.status.success(), "{}", text(&forced.stderr));
    assert!(under_way(&out).is_none());
    let never = place.shequ(&["run", "long.toml", "--checkpoint-every", "0"]);
    assert_eq!(never.status.code(), Some(2));
    assert!(
        text(&never.stderr).contains("cannot be \"0\": it must be a whole number from 1"),
        "{}",
        text(&never.stderr)
    );
}
