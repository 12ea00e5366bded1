//! An experiment is submitted as an array of shards; a script in place of `sbatch` runs the tasks one by one.

use std::env;
use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::process::{Command, Output};

use crate::folders::{assert_same, files, fine};
use crate::place::{Place, text};

const TINY: &str = "name = \"Tiny\"\nmonths = 4\npopulation.communities = 1\npopulation.adults = 40\n";

const SWEPT: &str = "kind = \"sweep\"\nname = \"Swept\"\nscenario = \"tiny.toml\"\noutcomes = [\"participation\"]\n\
                     replicates = 2\n[design]\nmethod = \"lhs\"\npoints = 4\n[vary]\n\
                     \"council.seats\" = { low = 5, high = 15 }\n";

/// Notes what it is given, and runs the tasks unless there is a file `hold`.
const SBATCH: &str = r#"#!/bin/bash
here=$(dirname "$0")
echo "$@" >> "$here/log"
for last; do :; done
tasks=0
for word; do case "$word" in --array=*) tasks=${word#--array=};; esac; done
[ -e "$here/hold" ] || for range in ${tasks//,/ }; do
    for task in $(seq "${range%-*}" "${range#*-}"); do
        SLURM_ARRAY_TASK_ID=$task SLURM_CPUS_PER_TASK=1 bash "$last" >&2 || exit 1
    done
done
echo "17;here"
"#;

const SUBMIT: [&str; 5] = ["submit", "slurm", "swept.toml", "--shards", "3"];

fn place() -> Place {
    let place = Place::with(&[("tiny.toml", TINY), ("swept.toml", SWEPT)]);
    fs::create_dir(place.path().join("bin")).unwrap();
    program(&place, "sbatch", SBATCH);
    place
}

fn program(place: &Place, name: &str, lines: &str) {
    let path = place.path().join("bin").join(name);
    fs::write(&path, lines).unwrap();
    fs::set_permissions(path, Permissions::from_mode(0o755)).unwrap();
}

/// The command with the programs of `bin` before all others.
fn with_programs(place: &Place, mut command: Command) -> Output {
    let before = env::var("PATH").unwrap_or_default();
    command.env("PATH", format!("{}:{before}", place.path().join("bin").display())).output().unwrap()
}

fn submitted(place: &Place, more: &[&str]) -> Output {
    with_programs(place, place.command(&[&SUBMIT[..], more].concat()))
}

fn log(place: &Place) -> String {
    fs::read_to_string(place.path().join("bin/log")).unwrap_or_default()
}

#[test]
fn scripts_run_as_written_and_give_the_bytes_of_one_process() {
    let place = place();
    fine(place.shequ(&["sweep", "swept.toml", "--out", "calm", "-q"]));
    let expected = files(&place.results("calm"));
    fine(submitted(&place, &["--out", "it's there"]));
    assert_eq!(
        log(&place),
        "--parsable --array=1-3 job.sbatch\n\
         --parsable --dependency=afterok:17,singleton --kill-on-invalid-dep=yes merge.sbatch\n"
    );
    let out = place.path().join("it's there");
    ["job.sbatch", "merge.sbatch"].iter().for_each(|name| fs::remove_file(out.join(name)).unwrap());
    assert_same(&place, "it's there", &expected, "merged");
    let again = fine(submitted(&place, &["--out", "it's there"]));
    assert!(text(&again.stderr).contains("is there already"), "{}", text(&again.stderr));
}

#[test]
fn only_what_is_missing_is_submitted_again() {
    let place = place();
    for shard in ["1/3", "3/3"] {
        fine(place.shequ(&["sweep", "swept.toml", "--shard", shard]));
    }
    let status = fine(place.shequ(&["status", place.results("results").to_str().unwrap()]));
    assert!(
        text(&status.stdout).contains("shards: 2 of 3 done; running: –; stopped: –; not begun: 2\n"),
        "{}",
        text(&status.stdout)
    );
    fine(submitted(&place, &["--resume"]));
    assert!(log(&place).starts_with("--parsable --array=2 job.sbatch\n"), "{}", log(&place));
    assert!(
        !place
            .path()
            .join("results")
            .read_dir()
            .unwrap()
            .any(|entry| { entry.unwrap().path().extension().is_some_and(|ending| ending == "partial") })
    );
}

#[test]
fn what_runs_or_waits_is_not_submitted_again_and_the_merge_waits_for_it() {
    let place = place();
    fine(place.shequ(&["sweep", "swept.toml", "--shard", "1/3"]));
    fs::write(place.path().join("bin/hold"), "").unwrap();
    // The second task waits in the queue, as Slurm says; what is no task of an array has no number.
    program(
        &place,
        "squeue",
        "#!/bin/bash\necho \"squeue $@\" >> \"$(dirname \"$0\")/log\"\nprintf '2\\nN/A\\n'\n",
    );
    // The third shard runs, as its lock says.
    let folder = place.results("results");
    let lock = fs::File::create(folder.join("lock-journal-3-of-3.txt")).unwrap();
    lock.lock().unwrap();
    let status = text(&fine(place.shequ(&["status", folder.to_str().unwrap()])).stdout);
    assert!(status.contains("shards: 1 of 3 done; running: 3; stopped: –; not begun: 2\n"), "{status}");
    fine(submitted(&place, &["--resume"]));
    let log = log(&place);
    let name = log.split("--name ").nth(1).unwrap().split(' ').next().unwrap();
    let job = fs::read_to_string(place.path().join("results/job.sbatch")).unwrap();
    assert!(job.contains(&format!("#SBATCH --job-name={name}\n")), "{log}\n{job}");
    assert!(
        log.ends_with("--parsable --dependency=singleton --kill-on-invalid-dep=yes merge.sbatch\n"),
        "{log}"
    );
    assert!(!log.contains("--array="), "{log}");
}

/// The bytes of one process come out of `file`, whose rounds are submitted one after another.
fn assert_rounds(place: &Place, command: &str, file: &str) {
    fine(place.shequ(&[command, file, "--out", "calm", "-q"]));
    let expected = files(&place.results("calm"));
    fine(with_programs(place, place.command(&["submit", "slurm", file, "--shards", "3", "--out", "there"])));
    let log = log(place);
    assert!(log.matches("job.sbatch").count() > 1, "one round: {log}");
    let out = place.path().join("there");
    ["job.sbatch", "merge.sbatch"].iter().for_each(|name| fs::remove_file(out.join(name)).unwrap());
    assert_same(place, "there", &expected, command);
}

#[test]
fn what_depends_on_what_was_run_is_submitted_round_by_round() {
    let place = place();
    place
        .write("swept.toml", &SWEPT.replace("= 2\n", "= { until = \"participation < 0.0001\", max = 50 }\n"));
    assert_rounds(&place, "sweep", "swept.toml");
    fs::remove_file(place.path().join("bin/log")).unwrap();
    let search = "kind = \"search\"\nname = \"Mixes\"\nscenario = \"tiny.toml\"\nreplicates = 2\n[search]\n\
                  candidates = 4\ngenerations = 2\nfinal_replicates = 4\n[[objective]]\noutcome = \"participation\"\n\
                  [vary]\n\"outreach.home_visits\" = { low = 0, high = 0.9 }\n";
    place.write("mixes.toml", search);
    for folder in ["calm", "there"] {
        fs::remove_dir_all(place.path().join(folder)).unwrap();
    }
    assert_rounds(&place, "search", "mixes.toml");
}

#[test]
fn without_a_number_of_shards_a_pilot_says_it_and_resuming_keeps_it() {
    let place = place();
    let submit = |more: &[&str]| {
        let arguments = [&["submit", "slurm", "swept.toml"], more].concat();
        fine(with_programs(&place, place.command(&arguments)))
    };
    let output = submit(&["--dry-run"]);
    let said = text(&output.stderr);
    assert!(said.starts_with("pilot: of 8 runs, each took 0."), "{said}");
    assert!(said.contains("; 8 runs as 2 shards take about "), "{said}");
    assert!(text(&output.stdout).contains("#SBATCH --array=1-2\n"));
    assert!(submit(&["--dry-run", "-q"]).stderr.is_empty());
    // What the script that is there says is not asked again.
    fs::write(place.path().join("bin/hold"), "").unwrap();
    submit(&["--shards", "4"]);
    fine(place.shequ(&["sweep", "swept.toml", "--shard", "1/4"]));
    let again = submit(&["--resume"]);
    assert!(text(&again.stderr).starts_with("submitted: 3 shards"), "{}", text(&again.stderr));
    assert!(log(&place).contains("--array=2-4 job.sbatch"), "{}", log(&place));
}

#[test]
fn results_that_were_changed_are_no_end_of_an_experiment() {
    let place = place();
    fine(place.shequ(&["sweep", "swept.toml", "-q"]));
    let table = place.results("results").join("runs.csv");
    fs::write(&table, [&fs::read(&table).unwrap()[..], b"\n"].concat()).unwrap();
    let output = submitted(&place, &["--resume"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output.stderr).contains("runs.csv") && log(&place).is_empty(), "{}", text(&output.stderr));
}

#[test]
fn a_dry_run_writes_and_submits_nothing() {
    let place = place();
    let output =
        fine(submitted(&place, &["--dry-run", "--minutes", "90", "--set", "months=5", "--replicates", "3"]));
    assert!(
        text(&output.stdout).contains(" --set 'months=5' --replicates 3 --out "),
        "{}",
        text(&output.stdout)
    );
    assert!(text(&output.stdout).contains("#SBATCH --array=1-3\n") && output.stderr.is_empty());
    assert!(text(&output.stdout).contains("#SBATCH --time=90\n"));
    assert!(log(&place).is_empty() && !place.path().join("results").exists());
}

#[test]
fn what_the_cluster_asks_of_every_job_is_in_both_scripts() {
    let place = place();
    let site = "account = \"urban\"\nmodules = \"gcc/13 it's\"\nsbatch = \"--qos=long --mail-type=END\"\ntasks = 3\n";
    place.write("site.toml", site);
    let output = fine(submitted(&place, &["--dry-run", "--site", "site.toml"]));
    for line in [
        "#SBATCH --account=urban\n#SBATCH --qos=long\n#SBATCH --mail-type=END\n\n",
        "module load 'gcc/13' 'it'\\''s'\n",
    ] {
        assert_eq!(text(&output.stdout).matches(line).count(), 2, "{}", text(&output.stdout));
    }
    place.write("site.toml", "accounts = \"urban\"\npartition = \"a b\"\nsbatch = \"long\"\n");
    let output = submitted(&place, &["--dry-run", "--site", "site.toml"]);
    assert_eq!(output.status.code(), Some(2));
    for said in
        ["did you mean `account`?", "`partition` must be one word", "`long` is no option", "site.toml:3"]
    {
        assert!(text(&output.stderr).contains(said), "{said}: {}", text(&output.stderr));
    }
}

#[test]
fn an_array_is_no_larger_than_the_cluster_or_its_file_says() {
    let place = place();
    program(&place, "scontrol", "#!/bin/bash\necho 'MaxArraySize            = 3'\n");
    let output = submitted(&place, &["--dry-run"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(
        text(&output.stderr).contains("3 shards are more than an array may have here: 2"),
        "{}",
        text(&output.stderr)
    );
    place.write("site.toml", "tasks = 5\n");
    fine(submitted(&place, &["--dry-run", "--site", "site.toml"]));
}

#[test]
fn without_slurm_the_scripts_are_there_and_one_of_somebody_else_stays() {
    let place = place();
    let mut command = place.command(&SUBMIT);
    let output = command.env("PATH", "").output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output.stderr).starts_with("error: there is no `sbatch` here"), "{}", text(&output.stderr));
    let job = place.path().join("results/job.sbatch");
    assert!(job.is_file());
    fs::write(&job, "mine").unwrap();
    let output = submitted(&place, &[]);
    assert_eq!((output.status.code(), fs::read(&job).unwrap()), (Some(2), b"mine".to_vec()));
    assert!(log(&place).is_empty());
}

#[test]
fn what_cannot_be_shared_out_is_refused() {
    let place = place();
    for (shards, said) in [("9", "9 shards are more than there are runs: 8"), ("1", "from 2 to 10000000")] {
        let output = place.shequ(&["submit", "slurm", "swept.toml", "--shards", shards]);
        assert_eq!(output.status.code(), Some(2));
        assert!(text(&output.stderr).contains(said), "{}", text(&output.stderr));
    }
    assert!(!place.path().join("results").exists());
}

#[test]
fn a_shard_that_is_told_of_its_time_limit_stops_and_is_requeued() {
    let place = place();
    place.write("tiny.toml", &TINY.replace("months = 4", "months = 1200").replace("= 40", "= 3000"));
    program(&place, "scontrol", "#!/bin/bash\necho \"scontrol $@\" >> \"$(dirname \"$0\")/log\"\n");
    fs::write(place.path().join("bin/hold"), "").unwrap();
    fine(submitted(&place, &[]));
    let mut task = Command::new("bash");
    let lines = "bash results/job.sbatch & sleep 1; kill -USR1 $!; wait $!";
    task.args(["-c", lines]).current_dir(place.path());
    task.envs([("SLURM_ARRAY_TASK_ID", "2"), ("SLURM_ARRAY_JOB_ID", "17")]);
    let output = with_programs(&place, task);
    assert_eq!(output.status.code(), Some(130), "{}", text(&output.stderr));
    assert!(log(&place).ends_with("scontrol requeue 17_2\n"), "{}", log(&place));
}
