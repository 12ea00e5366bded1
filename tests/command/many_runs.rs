//! Memory does not grow with the number of runs, but for a few bytes by which each is found again.

use std::fs;
use std::process::Stdio;
use std::time::Duration;

use crate::place::Place;

const TINY: &str =
    "name = \"Tiny\"\nmonths = 1\nburn_in = 0\npopulation.communities = 1\npopulation.adults = 5\n";

const SWEPT: &str = "kind = \"sweep\"\nname = \"Swept\"\nscenario = \"tiny.toml\"\noutcomes = [\"participation\"]\n\
                     window = \"whole\"\n[design]\nmethod = \"lhs\"\npoints = 100\n[vary]\n\
                     \"residents.word_of_mouth\" = { low = 0.01, high = 0.1 }\n";

/// Bytes for each run: where its record is (24), while the list is sorted twice that, and the list of what is missing.
const OF_A_RUN: u64 = 80;
/// What one process takes more than another for no such reason.
const CHANCE: u64 = 4 << 20;

/// Most memory in bytes that the command takes at any moment, as the system says while it runs.
fn peak(place: &Place, arguments: &[&str]) -> u64 {
    let mut child = place.command(arguments).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let mut most = 0;
    let code = loop {
        let status = fs::read_to_string(format!("/proc/{}/status", child.id())).unwrap_or_default();
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or_default();
        let kibibytes = line.trim().strip_suffix("kB").and_then(|number| number.trim().parse::<u64>().ok());
        most = kibibytes.unwrap_or(0).max(most);
        match child.try_wait().unwrap() {
            Some(code) => break code,
            None => std::thread::sleep(Duration::from_millis(1)),
        }
    };
    assert!(code.success(), "{arguments:?}");
    most << 10
}

/// Peaks of the plan, both shards, the status, the plan of what is missing, and the merge.
fn peaks(replicates: &str) -> [u64; 6] {
    let place = Place::with(&[("tiny.toml", TINY), ("swept.toml", SWEPT)]);
    let with = |more: &[&'static str]| -> Vec<String> {
        let all = more.iter().map(|word| word.to_string());
        all.chain(["--replicates".into(), replicates.into()]).collect()
    };
    let of = |arguments: Vec<String>| peak(&place, &arguments.iter().map(String::as_str).collect::<Vec<_>>());
    let submit = ["submit", "slurm", "swept.toml", "--shards", "2", "--dry-run"];
    let plan = of(with(&submit));
    let shards =
        ["1/2", "2/2"].map(|shard| of(with(&["sweep", "swept.toml", "--threads", "2", "--shard", shard])));
    let folder = place.results("results").display().to_string();
    let status = peak(&place, &["status", &folder]);
    let again = of(with(&[&submit[..], &["--resume"]].concat()));
    [plan, shards[0], shards[1], status, again, peak(&place, &["merge", &folder, "-q"])]
}

#[test]
fn plans_shards_status_and_merge_of_many_runs_take_bounded_memory() {
    let (few, many) = (peaks("500"), peaks("2000"));
    let more = 100 * (2000 - 500);
    for (what, (few, many)) in ["plan", "first shard", "second shard", "status", "plan again", "merge"]
        .iter()
        .zip(few.iter().zip(many))
    {
        let bound = few + OF_A_RUN * more + CHANCE;
        assert!(many <= bound, "{what}: {few} bytes become {many}, more than {bound}");
    }
}
