//! How much memory a run will take, and whether the computer has it.

mod free;

use crate::file::Kind;
use crate::prepare;
use crate::study::Study;
use shequ_model::city::Cities;
use shequ_model::city::synth::size;
use shequ_model::metric;
use shequ_model::scenario::Scenario;
use shequ_model::simulation::{self, CommunityRow, GroupRow};

/// What every run takes beside its city: the program, tables, pictures.
const BASE: u64 = 64 << 20;

/// Bytes that a run of `scenario` takes at most, about, with what is recorded of its replicates. Of replicates that
/// share a city, the last takes it itself, and each other that goes on at the same time has columns of its own;
/// others have cities of their own, beside the first.
pub fn of_run(scenario: &Scenario, threads: usize) -> u64 {
    let (city, columns) = (size::city(&scenario.population), size::columns(&scenario.population));
    let others = match scenario.replicates {
        1 => 0,
        replicates => (replicates as u64).min(threads as u64),
    };
    let each = if scenario.seed.cities == Cities::One { columns } else { city };
    // What was recorded is there twice in the end: in tables, and as read again from them for the report.
    BASE + city
        + others * each
        + 2 * u64::from(scenario.replicates) * recorded(scenario)
        + (others + 1) * COPIES * followed(scenario)
}

/// The same of a run that stays in memory, with all residents who are followed.
pub fn of_run_in_memory(scenario: &Scenario, threads: usize) -> u64 {
    of_run(scenario, threads) + u64::from(scenario.replicates) * followed(scenario)
}

/// Bytes that one replicate of `scenario` takes of which nothing is recorded.
pub fn of_trace(scenario: &Scenario) -> u64 {
    BASE + size::city(&scenario.population) + size::columns(&scenario.population)
}

/// Bytes that an experiment takes at most, about: what is kept of each run lies on the disk, but for its place
/// there. Of a run it is read from there again, all together.
pub fn of_study(study: &Study, threads: usize) -> u64 {
    let experiment = study.experiment;
    if experiment.kind == Kind::Run {
        let mut scenario = experiment.base.scenario.clone();
        scenario.replicates = experiment.replicates.most();
        return of_run(&scenario, threads);
    }
    let threads = threads as u64;
    let at_work = study.populations().map(|(population, cities)| {
        let (city, columns) = (size::city(&population), size::columns(&population));
        let adults = population.all_adults();
        let kept = city.max((city as f64 / adults.max(1) as f64 * prepare::ADULTS as f64) as u64);
        let own = if cities == Cities::One { 0 } else { threads * city };
        kept + own + threads * columns
    });
    let rows = study.rows.len() as u64;
    let keys = study.rows.iter().map(|row| row.keys.len()).max().unwrap_or(0) as u64;
    let runs = rows * u64::from(experiment.replicates.most());
    let listed = rows * (ROW + keys * VALUE) + runs * PLACE;
    let base = &experiment.base.scenario;
    let residents = if experiment.kind == Kind::Compare { COPIES * followed(base) } else { 0 };
    BASE + at_work.max().unwrap_or(0) + threads * (recorded(base) + residents) + listed
}

/// Bytes by which a run is found again in the journals.
const PLACE: u64 = 64;
/// Bytes of a row, and of each value that it has of its own: a million rows of two keys take 480 MB, each of four 0.7 kB.
const ROW: u64 = 200;
const VALUE: u64 = 130;

/// Bytes that are recorded of one replicate: metrics by month, and groups and communities as often as the scenario
/// asks for them.
fn recorded(scenario: &Scenario) -> u64 {
    let number = size_of::<f64>();
    let months = u64::from(scenario.months);
    let often = |every: u32| if every == 0 { 0 } else { months.div_ceil(u64::from(every)) };
    let communities = often(scenario.report.communities_every) * u64::from(scenario.population.communities);
    let community = size_of::<CommunityRow>() + simulation::community_metrics().count() * number;
    let levels: usize = metric::groupings().iter().map(|grouping| grouping.levels.len()).sum();
    let groups = levels * metric::of_groups().len() * size_of::<GroupRow>();
    months * (metric::all().len() * number) as u64
        + communities * community as u64
        + often(scenario.report.groups_every) * groups as u64
}

/// Copies of the residents of a run who are followed, on their way to the journal: as numbers, as bytes, and in
/// base 64 by itself and within its line.
const COPIES: u64 = 5;

/// Bytes of the residents who are followed in one replicate.
fn followed(scenario: &Scenario) -> u64 {
    let row = size_of::<[u32; 3]>() + metric::details().len() * size_of::<f32>();
    scenario.rows_of_residents() * row as u64
}

/// Bytes in words: "350 MiB", "2.4 GiB".
pub fn text(bytes: u64) -> String {
    const MIB: f64 = (1 << 20) as f64;
    let mib = bytes as f64 / MIB;
    if mib < 1000.0 { format!("{} MiB", mib.ceil()) } else { format!("{:.1} GiB", mib / 1024.0) }
}

/// The bytes that are free, if `needed` are more than that, as far as the system says how much it is.
pub fn shortage(needed: u64) -> Option<u64> {
    free::free().filter(|free| needed > *free)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::file::Experiment;

    #[test]
    fn memory_is_told_in_words() {
        assert_eq!([1, 350 << 20, 2 << 30].map(text), ["1 MiB", "350 MiB", "2.0 GiB"]);
    }

    #[test]
    fn what_is_recorded_counts_by_month_and_replicate() {
        // One adult, 1,200 months: 8.7 MB for each replicate were measured of such runs of 100 and of 300 replicates,
        // which makes 16.2 GiB of 2,000.
        let text =
            "name = \"A\"\nmonths = 1200\nreplicates = 2000\n[population]\ncommunities = 1\nadults = 1\n";
        let scenario = Scenario::from_text("a.toml", text, &[]).unwrap().scenario;
        let needed = of_run(&scenario, 2) as f64 / (1 << 30) as f64;
        assert!((12.0..22.0).contains(&needed), "{needed} GiB");
    }

    #[test]
    fn an_experiment_asks_for_its_largest_city() {
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
        write("a.toml", "name = \"A\"\nmonths = 2\n[population]\ncommunities = 50\nadults = 1000\n");
        let sweep = |adults: &str| {
            let text = format!(
                "kind = \"sweep\"\nname = \"S\"\nscenario = \"a.toml\"\nreplicates = 2\n\
                 [design]\nmethod = \"grid\"\n[vary]\n\"population.adults\" = [100, {adults}]\n"
            );
            write("s.toml", &text);
            let file = folder.path().join("s.toml");
            let experiment = Experiment::load(&file, None, &Default::default()).unwrap();
            of_study(&Study::new(&experiment), 2)
        };
        let (small, large) = (sweep("1000"), sweep("2000000"));
        // A hundred million adults at more than a hundred bytes each.
        assert!(small < 1 << 30 && large > 10 << 30, "{small} {large}");
    }

    #[test]
    fn a_million_rows_ask_for_what_they_were_measured_to_take() {
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
        write("a.toml", "name = \"A\"\nmonths = 2\n[population]\ncommunities = 1\nadults = 10\n");
        let of_rows = |points: u32| {
            let text = format!(
                "kind = \"sweep\"\nname = \"S\"\nscenario = \"a.toml\"\nreplicates = 1\n[design]\nmethod = \"lhs\"\n\
                 points = {points}\n[vary]\n\"residents.word_of_mouth\" = {{ low = 0.01, high = 0.1 }}\n\
                 \"council.seats\" = {{ low = 5, high = 15 }}\n"
            );
            write("s.toml", &text);
            let file = folder.path().join("s.toml");
            let experiment = Experiment::load(&file, None, &Default::default()).unwrap();
            of_study(&Study::new(&experiment), 1)
        };
        // 480 MB were measured of a million, with what finds their runs.
        let of_ten_thousand = of_rows(12_000) - of_rows(2_000);
        assert!((4_800_000..6_000_000).contains(&of_ten_thousand), "{of_ten_thousand}");
    }

    #[test]
    fn replicates_side_by_side_take_columns_or_cities_of_their_own_and_memory_is_linear() {
        let mut scenario = Scenario::standard();
        scenario.replicates = 1;
        // The city alone, without what is recorded.
        let of_run = |scenario: &Scenario, threads| {
            of_run(scenario, threads) - 2 * u64::from(scenario.replicates) * recorded(scenario)
        };
        let one = of_run(&scenario, 2) - BASE;
        scenario.replicates = 30;
        assert_eq!(of_run(&scenario, 2) - BASE, 3 * one);
        scenario.seed.cities = Cities::One;
        let columns = size::columns(&scenario.population);
        assert_eq!(of_run(&scenario, 2) - BASE, one + 2 * columns);
        (scenario.replicates, scenario.population.communities) = (1, 100);
        let tenfold = of_run(&scenario, 2) - BASE;
        assert!(tenfold.abs_diff(10 * one) <= 10, "{tenfold} and {one}");
    }
}
