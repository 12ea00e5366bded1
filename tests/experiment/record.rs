//! Tables, results folders and the runs that fill them.

use crate::fake;

use std::fs;
use std::io::{self, Write};
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::time::Duration;

use shequ::experiment::execute::{KeepGoing, Stop, Yield};
use shequ::experiment::plan::{Row, Run};
use shequ::experiment::record::finished::{self, NoResults};
use shequ::experiment::record::folder::{Draft, Trouble, folder_name, scenario_hash, slug};
use shequ::experiment::record::manifest::{MANIFEST, Machine, Manifest, Program, Seeds};
use shequ::experiment::record::read;
use shequ::experiment::record::table::Form;
use shequ::experiment::record::tables;
use shequ::experiment::runner::run_with;
use shequ::experiment::{Experiment, Failure, Finished, Options, Settings, Study, run};
use shequ::model::base::i18n::Language;
use shequ::model::base::month::Month;
use shequ::model::city::synth::Margin;
use shequ::model::scenario::Scenario;
use shequ::model::simulation::ReplicateOutput;
use shequ::report::extras::Report;

const BOTH: [Form; 2] = [Form::Csv, Form::Parquet];

fn manifest() -> Manifest {
    Manifest {
        program: Program::this(),
        scenario_hash: "0".into(),
        scenario: "A".into(),
        seeds: Seeds { city: 1, replicates: 2 },
        replicates: 3,
        threads: 2,
        machine: Machine::this(),
        started: "2026-11-23T20:56:00Z".into(),
        ended: "2026-11-23T20:57:00Z".into(),
        seconds: 60.0,
        arguments: vec!["run".into(), "a.toml".into()],
        is_sealed: true,
        ..Manifest::default()
    }
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> =
        fs::read_dir(folder).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

fn csv_text(table: &shequ::experiment::record::table::Table) -> String {
    let mut bytes = Vec::new();
    table.write(Form::Csv, &mut bytes).unwrap();
    String::from_utf8(bytes).unwrap()
}

#[test]
fn monthly_values_read_back_exactly_from_every_form() {
    let (metrics, outputs) = (fake::metrics(), fake::outputs(3, 40));
    let results = fake::results(metrics, &outputs, &[]);
    let place = tempfile::tempdir().unwrap();
    for form in [Form::Csv, Form::Excel, Form::Parquet] {
        let table = tables::monthly(&results);
        let path = place.path().join(table.file(form));
        table.write(form, &mut fs::File::create(&path).unwrap()).unwrap();
        let back = match form {
            Form::Csv | Form::Excel => read::from_csv(&path).unwrap(),
            Form::Parquet => read::from_parquet(&path).unwrap(),
        };
        assert_eq!((back.start, back.months), (Month::new(2017, 1), 40));
        assert!(back.names.iter().eq(metrics.iter().map(|m| m.name)));
        for (back, output) in back.outputs.iter().zip(&outputs) {
            assert_eq!(back.replicate, output.replicate);
            let bits = |values: &[f64]| values.iter().map(|v| (v + 0.0).to_bits()).collect::<Vec<_>>();
            assert_eq!(bits(&back.monthly), bits(&output.monthly), "{form:?}");
        }
    }
}

#[test]
fn a_missing_value_is_an_empty_cell_and_zero_has_no_sign() {
    let (metrics, outputs) = (fake::metrics(), fake::outputs(1, 2));
    let results = fake::results(metrics, &outputs, &[]);
    let communities = csv_text(&tables::communities(&results));
    let mut lines = communities.lines();
    assert_eq!(
        lines.next(),
        Some("replicate,month,date,community,participation,council.distance,fund.leaked")
    );
    let first = lines.next().unwrap();
    assert!(first.starts_with("0,0,2017-01,0,") && first.ends_with(",,0.0"), "{first}");
    assert!(lines.next().unwrap().ends_with(",0.00000000000000001,0.0"));
    // A single replicate has a mean, but no spread.
    let summary = csv_text(&tables::summary(&results));
    let line = summary.lines().nth(1).unwrap();
    assert!(line.starts_with("0,2017-01,participation,share,0.") && line.ends_with(",,,,1"), "{line}");
    for text in
        [communities, summary, csv_text(&tables::monthly(&results)), csv_text(&tables::groups(&results))]
    {
        let is_zero_with_a_sign = |cell: &str| cell.starts_with('-') && cell.parse() == Ok(0.0);
        assert!(!text.contains("NaN") && !text.split([',', '\n']).any(is_zero_with_a_sign));
    }
}

#[test]
fn the_summary_holds_mean_and_interval() {
    let metrics = [fake::metric("m")];
    let output = |replicate, value| ReplicateOutput { replicate, monthly: vec![value], ..fake::output(0, 1) };
    let outputs = [output(0, 1.0), output(1, 3.0), output(2, f64::NAN)];
    let results = fake::results(&metrics, &outputs, &[]);
    let text = csv_text(&tables::summary(&results));
    let cells: Vec<&str> = text.lines().nth(1).unwrap().split(',').collect();
    assert_eq!(cells[2..5], ["m", "share", "2.0"]);
    // Student's t of one degree of freedom, 12.7062, times sd / sqrt 2 = 1.
    let number = |k: usize| cells[k].parse::<f64>().unwrap();
    assert!((number(5) - 2_f64.sqrt()).abs() < 1e-12);
    assert!((number(6) + 10.7062).abs() < 1e-9 && (number(7) - 14.7062).abs() < 1e-9);
    assert_eq!(cells[8], "2");
}

#[test]
fn quotes_commas_and_line_breaks_in_names_survive() {
    let level = "a \"b\", c\nd";
    let margins = [Margin { group: "sex", level, target: 0.5, realised: f64::NAN }];
    let text = csv_text(&tables::margins(&margins));
    assert_eq!(text, "group,level,target,realised\nsex,\"a \"\"b\"\", c\nd\",0.5,\n");
    let row = csv::Reader::from_reader(text.as_bytes()).into_records().next().unwrap().unwrap();
    assert_eq!(&row[1], level);
}

#[test]
fn a_folder_appears_whole_and_is_never_overwritten() {
    let place = tempfile::tempdir().unwrap();
    let write = |text: &str, force| {
        let mut draft = Draft::begin(place.path(), "a-1", force)?;
        draft.write_bytes("x/y.txt", text.as_bytes())?;
        assert!(!draft.path().join("x/y.txt").exists() || force, "nothing is there before it is whole");
        draft.finish(manifest())
    };
    let folder = write("first", false).unwrap();
    assert_eq!(names(place.path()), ["a-1"]);
    assert_eq!(names(&folder), [MANIFEST, "x"]);
    let entry = &Manifest::read(&folder).unwrap().files[0];
    assert_eq!((entry.name.as_str(), entry.size), ("x/y.txt", 5));
    // printf first | sha256sum
    assert_eq!(entry.sha256, "a7937b64b8caa58f03721bb6bacf5c78cb235febe0e70b1b84cd99541461a08e");

    assert!(matches!(write("second", false), Err(Trouble::ThereAlready(_))));
    assert_eq!(fs::read_to_string(folder.join("x/y.txt")).unwrap(), "first");
    write("third", true).unwrap();
    assert_eq!(fs::read_to_string(folder.join("x/y.txt")).unwrap(), "third");
    assert_eq!(names(place.path()), ["a-1"], "neither partial nor old folder is left");

    // Between two processes the first wins, and a draft that is given up leaves nothing.
    let late = Draft::begin(place.path(), "b-2", false).unwrap();
    fs::rename(&folder, place.path().join("b-2")).unwrap();
    assert!(matches!(late.finish(manifest()), Err(Trouble::ThereAlready(_))));
    drop(Draft::begin(place.path(), "c-3", false).unwrap());
    assert_eq!(names(place.path()), ["b-2"]);
}

#[test]
fn what_is_no_results_folder_is_left_alone() {
    let place = tempfile::tempdir().unwrap();
    fs::create_dir(place.path().join("a-1")).unwrap();
    fs::write(place.path().join("a-1/diary.txt"), "mine").unwrap();
    for force in [false, true] {
        let trouble = Draft::begin(place.path(), "a-1", force).err().unwrap();
        assert!(trouble.message().en.contains("not a results folder"), "{trouble:?}");
    }
    assert_eq!(fs::read_to_string(place.path().join("a-1/diary.txt")).unwrap(), "mine");
}

#[test]
fn what_a_dead_process_left_behind_does_no_harm() {
    let place = tempfile::tempdir().unwrap();
    let partial = place.path().join(format!(".a-1.partial-{}", std::process::id()));
    fs::create_dir(&partial).unwrap();
    fs::write(partial.join("junk"), "").unwrap();
    let folder = Draft::begin(place.path(), "a-1", false).unwrap().finish(manifest()).unwrap();
    assert_eq!(names(&folder), [MANIFEST]);
}

#[test]
fn a_write_that_fails_leaves_nothing_and_says_what_to_do() {
    let place = tempfile::tempdir().unwrap();
    {
        let mut draft = Draft::begin(place.path(), "a-1", false).unwrap();
        let full = io::Error::from(io::ErrorKind::StorageFull);
        let trouble = draft.write("monthly.csv", |to| to.write_all(b"x").and(Err(full))).unwrap_err();
        let words = trouble.message().en;
        assert!(words.contains("monthly.csv") && words.contains("free some space"), "{words}");
    }
    assert!(names(place.path()).is_empty());

    let file = place.path().join("file");
    fs::write(&file, "").unwrap();
    for out in [file.clone(), file.join("deeper")] {
        let words = Draft::begin(&out, "a-1", false).err().unwrap().message().en;
        assert!(words.contains("file") && words.contains("--out"), "{words}");
    }
}

#[cfg(unix)]
#[test]
fn a_full_disk_is_told_as_such_in_both_forms() {
    let (metrics, outputs) = (fake::metrics(), fake::outputs(2, 24));
    let results = fake::results(metrics, &outputs, &[]);
    let Ok(mut full) = fs::File::options().write(true).open("/dev/full") else {
        return println!("skipped: there is no /dev/full");
    };
    for form in BOTH {
        let error = tables::monthly(&results).write(form, &mut full).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::StorageFull, "{form:?}: {error}");
    }
}

#[cfg(unix)]
#[test]
fn a_folder_that_may_not_be_written_to_is_told_as_such() {
    use std::os::unix::fs::PermissionsExt;
    let place = tempfile::tempdir().unwrap();
    fs::set_permissions(place.path(), fs::Permissions::from_mode(0o500)).unwrap();
    let out = match fs::create_dir(place.path().join("probe")) {
        Err(_) => place.path().join("out"),
        // The superuser may write anywhere, but not into the kernel's own folder.
        Ok(()) if Path::new("/proc/self").exists() => "/proc/out".into(),
        Ok(()) => return println!("skipped: this user may write everywhere"),
    };
    let trouble = Draft::begin(&out, "a-1", false).err().unwrap();
    assert!(trouble.message().en.contains(out.to_str().unwrap()), "{trouble:?}");
}

#[test]
fn the_same_inputs_give_the_same_folder_and_others_another() {
    let resolved = "name = \"A\"\n[seed]\nreplicates = 1 # from base.toml\n";
    let name_of = |resolved: &str, version: &str| folder_name("A policy", &scenario_hash(resolved, version));
    let name = name_of(resolved, "1");
    assert_eq!(name, name_of("name = \"A\"\n\n[seed]\nreplicates = 1\n", "1"));
    assert_eq!(name.len(), "a-policy-".len() + 10);
    assert_ne!(name, name_of(&resolved.replace("= 1", "= 2"), "1"));
    assert_ne!(name, name_of(resolved, "2"));
}

#[test]
fn folder_names_suit_every_file_system() {
    for (name, expected) in [
        ("Council decides the fund", "council-decides-the-fund"),
        ("../../etc/passwd", "etc-passwd"),
        ("  a  --  b!  ", "a-b"),
        ("议事会决定专项资金", "scenario"),
        ("成都 2017", "2017"),
        ("", "scenario"),
        ("..", "scenario"),
        ("a\0\n\\b", "a-b"),
    ] {
        assert_eq!(slug(name), expected, "{name}");
    }
    assert_eq!(slug(&"long ".repeat(100)).len(), 59);
}

const TINY: &str = "name = \"Test\"\nmonths = 24\nreplicates = 4\n\
    population.communities = 2\npopulation.adults = 60\n\
    [[change]]\nfrom = \"2018-01\"\noutreach.home_visits = 0.2\n";

fn tiny() -> Experiment {
    Experiment::of_run(Scenario::from_text("test.toml", TINY, &[]).unwrap(), None)
}

/// What is done with a run in `out`.
fn carried_out(study: &Study, out: &Path, threads: usize, force: bool) -> Result<Finished, Failure> {
    let settings = Settings { threads, ..Settings::default() };
    let extras = Report { language: Language::En, page: true };
    let forms = BOTH.to_vec();
    let options =
        Options { out: out.into(), forms, force, settings, extras: Some(&extras), ..Options::default() };
    run(study, &options)
}

#[test]
fn a_run_gives_the_same_tables_and_pictures_on_any_number_of_threads() {
    let experiment = tiny();
    let study = Study::new(&experiment);
    let place = tempfile::tempdir().unwrap();
    let folders: Vec<_> = [1, 2, 3, 8]
        .map(|n| {
            let done = carried_out(&study, &place.path().join(n.to_string()), n, false).unwrap();
            assert!(matches!(&done, Finished::Made { runs, .. } if (runs.done, runs.failed) == (4, 0)));
            done.folder().to_path_buf()
        })
        .into();
    // The report says when the run was, and on how many threads.
    let files = |folder: &Path| {
        let files = Manifest::read(folder).unwrap().files.into_iter();
        files.filter(|file| file.name != "report.html").collect::<Vec<_>>()
    };
    assert!(files(&folders[0]).len() >= 1 + 6 * 2 + 5 * 2);
    folders.iter().for_each(|folder| assert_eq!(files(folder), files(&folders[0])));
    folders.iter().for_each(|folder| assert_eq!(names(folder.parent().unwrap()).len(), 1));

    // A second run finds results there that it does not believe, and does not touch them, be it forced or not.
    let folder = &folders[0];
    fs::write(folder.join("groups.csv"), "edited").unwrap();
    assert!(matches!(finished::open(place.path()), Err(NoResults::NotFinished(_))));
    assert!(finished::believed(folder).unwrap().is_err());
    for force in [false, true] {
        assert!(carried_out(&study, &place.path().join("1"), 1, force).is_err());
        assert_eq!(fs::read_to_string(folder.join("groups.csv")).unwrap(), "edited");
    }
    // Others are there already.
    let again = carried_out(&study, &place.path().join("2"), 1, false).unwrap();
    assert!(matches!(&again, Finished::ThereAlready { folder, .. } if *folder == folders[1]));
}

#[test]
fn a_replicate_that_panics_is_named_and_leaves_no_results_and_the_others_are_kept() {
    let experiment = tiny();
    let study = Study::new(&experiment);
    let calls = AtomicU32::new(0);
    let broken = |_: &Row, run: Run, _: &KeepGoing| {
        calls.fetch_add(1, Ordering::Relaxed);
        match run.replicate {
            2 => panic!("no residents"),
            replicate => {
                let monthly = vec![0.5; 24 * fake::metrics().len()];
                let output = ReplicateOutput { monthly, ..ReplicateOutput::new(replicate) };
                Some(Ok(Yield::whole(output.to_bytes().unwrap())))
            }
        }
    };
    let place = tempfile::tempdir().unwrap();
    let options = Options { out: place.path().into(), ..Options::default() };
    for _ in 0..2 {
        let failure = run_with(&study, &options, &broken).err().unwrap();
        let words = failure.to_string();
        assert!(matches!(failure, Failure::Failed(_)));
        assert!(
            words.contains("1 of 4 replicates failed") && words.contains("2 failed: no residents"),
            "{words}"
        );
        assert!(words.contains("by: shequ run scenario.toml --replicate 2;"), "{words}");
    }
    // Nothing is run again until that is asked for.
    assert_eq!(calls.load(Ordering::Relaxed), 4);
    let folder = format!("{}.partial", study.name());
    assert_eq!(names(place.path()), [folder.as_str()]);
    let forced = run(&study, &Options { force: true, ..options }).unwrap();
    assert!(matches!(forced, Finished::Made { runs, .. } if (runs.done, runs.failed) == (4, 0)));
    assert_eq!(names(place.path()), [study.name()]);
}

#[test]
fn a_run_that_is_asked_to_stop_stops_within_a_month() {
    let experiment = tiny();
    let study = Study::new(&experiment);
    let stop = AtomicBool::new(false);
    let endless = |_: &Row, _: Run, keep_going: &KeepGoing| {
        (0..).find(|&month| {
            stop.store(true, Ordering::Relaxed);
            !keep_going(month)
        });
        None
    };
    let folder = tempfile::tempdir().unwrap();
    let is_stopped = || stop.load(Ordering::Relaxed);
    let settings = Settings { threads: 2, stop: &is_stopped, ..Settings::default() };
    assert!(matches!(study.complete_with(folder.path(), &settings, &endless), Err(Stop::Asked)));
}

#[test]
fn writing_the_tables_of_a_common_run_is_quick() {
    let (metrics, outputs) = (fake::metrics(), fake::outputs(30, 120));
    let results = fake::results(metrics, &outputs, &[]);
    // Left there for tests/python/read_back.py.
    let place = Path::new(env!("CARGO_TARGET_TMPDIR")).join("results");
    #[allow(clippy::disallowed_methods)] // The time is what is tested.
    let start = std::time::Instant::now();
    let mut draft = Draft::begin(&place, "common-run", true).unwrap();
    draft.write_tables(&tables::all(&results), &BOTH).unwrap();
    draft.finish(manifest()).unwrap();
    println!("{:?}", start.elapsed());
    // Some 0.15 s; the rest is for slow disks and busy machines.
    assert!(start.elapsed() < Duration::from_secs(5));
}

#[test]
fn the_seeds_of_a_manifest_of_version_0_1_0_are_read() {
    let read = |text: &str| serde_json::from_str::<Seeds>(text).unwrap();
    assert_eq!(read(r#"{"city": 1, "life": 2}"#), Seeds { city: 1, replicates: 2 });
    assert_eq!(
        serde_json::to_string(&Seeds { city: 1, replicates: 2 }).unwrap(),
        r#"{"city":1,"replicates":2}"#
    );
}
