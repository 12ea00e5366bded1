//! Councils and assemblies whose members differ: who sits decides what is taken up, and for whom.

use crate::common;

use common::{PLAIN, begin, city, effect, mean_from, outputs, scenario, series};
use shequ::model::city::Mode;
use shequ::model::institution::CommunityState;
use shequ::model::simulation::ReplicateOutput;

/// A council that decides the fund, in three communities of several compounds.
const DECIDES: &[&str] = &[
    "council.enabled=true",
    "funding.decider=council",
    "population.adults=600",
    "report.communities_every=0",
    "report.groups_every=0",
];

#[test]
fn whom_the_street_appoints_funds_what_the_street_believes_in() {
    // Deference takes .02 of fit with a standard deviation of .04 between pairs: 48 of them show it in 93 of 100 cases.
    let of = |settings: &[&str]| outputs(&scenario(&[PLAIN, DECIDES, &["months=60"], settings]), 48);
    let fit = |output: &ReplicateOutput| mean_from(output, "fund.fit", 12);
    let appointed = of(&["council.selection=appointed"]);
    for selection in ["direct", "sortition", "delegates"] {
        let e = effect(&appointed, &of(&[&format!("council.selection={selection}")]), &fit);
        println!("fit, {selection} less appointed: {:+.4} ± {:.4}", e.mean, e.half_width);
        assert!(e.mean > e.half_width, "{selection}: {e:?}");
    }
    // It is what they defer to, not who they are.
    let own = of(&["council.selection=appointed", "council.deference=0.0"]);
    let e = effect(&appointed, &own, &fit);
    println!("fit, without deference less with: {:+.4} ± {:.4}", e.mean, e.half_width);
    assert!(e.mean > e.half_width, "{e:?}");
}

/// Communities after `months` of a scenario, each as `look` sees it every month.
fn watch(settings: &[&[&str]], months: u32, mut look: impl FnMut(u32, &CommunityState)) {
    let scenario = scenario(settings);
    let city = city(&scenario);
    for replicate in 0..4 {
        let mut simulation = begin(&scenario, &city, replicate);
        for month in 0..months {
            simulation.step();
            simulation.communities.iter().for_each(|state| look(month, state));
        }
    }
}

#[test]
fn compounds_with_a_seat_get_more_than_their_share_of_projects() {
    let few = ["council.seats=5", "funding.shared=0.0", "funding.base=400000", "funding.project_months=60"];
    let (mut with, mut all, mut living, mut adults) = (0, 0, 0, 0);
    watch(&[PLAIN, DECIDES, &few], 12, |month, state| {
        if month != 11 {
            return;
        }
        let compound = &state.community.residents.compound;
        let members = state.local.council.members.iter().filter_map(|member| member.resident);
        let seats: Vec<u16> = members.map(|i| compound[i as usize]).collect();
        let projects = state.local.funding.projects.iter().filter_map(|project| project.compound);
        projects.for_each(|at| (with, all) = (with + seats.contains(&at) as u32, all + 1));
        adults += compound.len();
        living += compound.iter().filter(|at| seats.contains(at)).count();
    });
    let (projects, share) = (with as f64 / all as f64, living as f64 / adults as f64);
    println!("of {all} projects {projects:.3} lie in compounds with a seat, where {share:.3} of adults live");
    // By chance a share like that of adults, with the standard error of a binomial.
    assert!(projects > share + 2.0 * (share * (1.0 - share) / all as f64).sqrt(), "{projects}, {share}");
}

#[test]
fn a_project_for_one_compound_is_felt_there() {
    // Of residents who need the same most, those in the compound of a project that ends well against all others.
    let one = ["funding.shared=0.0", "funding.lapse=0.0", "funding.audit=0.0", "funding.project_months=3"];
    let (mut here, mut elsewhere) = (Vec::new(), Vec::new());
    let mut before: Vec<Vec<f32>> = Vec::new();
    watch(&[PLAIN, DECIDES, &one], 24, |month, state| {
        let r = &state.community.residents;
        let k = state.community.id as usize;
        before.resize(before.len().max(k + 1), Vec::new());
        let ended = month > 0 && !state.signals.projects_here.is_empty();
        for i in (0..r.len()).filter(|_| ended && before[k].len() == r.len()) {
            // Who spoke up learns from other things too; who came this month has another past.
            let quiet = r.acts[i] == 0 && r.months_here[i] > 0 && r.age[i] > 18 * 12 + 1;
            let need = r.needs[i].first();
            let served = state.signals.projects_at(r.compound[i])[0][need] > 0.0;
            if quiet {
                let change = (r.external_efficacy[i] - before[k][i]) as f64;
                if served { here.push(change) } else { elsewhere.push(change) }
            }
        }
        before[k] = r.external_efficacy.clone();
    });
    let mean = |changes: &[f64]| changes.iter().sum::<f64>() / changes.len() as f64;
    println!(
        "external efficacy: {:+.4} where a project serves, {:+.4} elsewhere",
        mean(&here),
        mean(&elsewhere)
    );
    assert!(here.len() > 20 && here.iter().all(|&change| change > 0.0), "{}", here.len());
    assert!(elsewhere.iter().all(|&change| change == 0.0), "nothing else moves those who are quiet");
}

#[test]
fn delegates_sit_because_they_were_voted_for() {
    let by_delegates = ["council.selection=delegates", "months=3"];
    let nobody = ["modes.vote.base_rate=0.0"];
    watch(&[PLAIN, DECIDES, &by_delegates, &nobody], 3, |_, state| {
        assert!(state.local.council.members.is_empty(), "nobody voted");
    });
    let mut seated = 0;
    watch(&[PLAIN, DECIDES, &by_delegates], 1, |_, state| {
        let community = &state.community;
        let mut voters = vec![0; community.groups()];
        let votes = |i: &usize| community.residents.acts[*i] & Mode::Vote.bit() != 0;
        (0..community.adults()).filter(votes).for_each(|i| voters[community.group_of(i)] += 1);
        for i in state.local.council.members.iter().filter_map(|member| member.resident) {
            assert!(voters[community.group_of(i as usize)] >= 4, "a group of fewer voters sends nobody");
            seated += 1;
        }
    });
    assert!(seated > 100, "{seated}");
}

#[test]
fn an_assembly_to_which_nobody_comes_hears_nobody_and_one_to_which_all_come_hears_most() {
    let meets = ["assembly.meetings_per_year=12", "population.adults=600"];
    let of = |settings: &[&str]| outputs(&scenario(&[PLAIN, settings]), 8);
    let answered = |output: &ReplicateOutput| mean_from(output, "voices.answered", 12);
    let with = |attendance: &str| of(&[&meets[..], &[attendance, "assembly.staff_hours=0.0"]].concat());
    let none = of(&["population.adults=600"]);
    let (empty, some, full) =
        (with("assembly.attendance=0.0"), with("assembly.attendance=0.3"), with("assembly.attendance=1.0"));
    for (none, empty) in none.iter().zip(&empty) {
        let bits = |o: &ReplicateOutput| series(o, "voices.answered").into_iter().map(f64::to_bits).collect();
        let (a, b): (Vec<u64>, Vec<u64>) = (bits(none), bits(empty));
        assert_eq!(a, b, "as if there were none");
    }
    let (first, second) = (effect(&empty, &some, &answered), effect(&some, &full, &answered));
    println!(
        "voices answered: {:+.4} ± {:.4}, {:+.4} ± {:.4}",
        first.mean, first.half_width, second.mean, second.half_width
    );
    assert!(first.mean > first.half_width && second.mean > second.half_width, "{first:?}, {second:?}");
}
