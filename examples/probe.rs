use shequ::city::synth;
use shequ::model::{self, Simulation};
use shequ::scenario::Scenario;
use std::time::Instant;
fn main() {
    rayon::ThreadPoolBuilder::new().num_threads(1).build_global().unwrap();
    for (path, over) in [
        ("scenarios/minimal.toml", vec![]),
        ("scenarios/minimal.toml", vec!["population.adults=2000".to_string()]),
        ("scenarios/baseline.toml", vec!["months=12".to_string()]),
    ] {
        let scenario = Scenario::load(path.as_ref(), &over).unwrap().scenario;
        let t = Instant::now();
        let city = synth::city(&scenario.population, &scenario.eras[0].rules.residents, 1);
        let build = t.elapsed().as_nanos() as f64 / city.adults() as f64;
        let fixed = model::prepare(&scenario);
        let mut best = f64::MAX;
        let mut bestnew = f64::MAX;
        let mut bestlive = f64::MAX;
        let reps = if city.adults() > 50000 { 8 } else { 100 };
        for r in 0..reps {
            let t = Instant::now();
            let mut s = Simulation::new(&scenario, fixed.clone(), &city, r);
            bestnew = bestnew.min(t.elapsed().as_nanos() as f64 / city.adults() as f64);
            let t = Instant::now();
            for _ in 0..scenario.months {
                s.step();
            }
            best = best.min(t.elapsed().as_nanos() as f64 / (city.adults() as f64 * scenario.months as f64));
            let t = Instant::now();
            let these = [
                shequ::metric::position("participation").unwrap(),
                shequ::metric::position("trust.committee").unwrap(),
            ];
            let l =
                model::live_watched(&scenario, &fixed, &city, r, &model::Watched::These(&these), &|_| true)
                    .unwrap();
            bestlive =
                bestlive.min(t.elapsed().as_nanos() as f64 / (city.adults() as f64 * scenario.months as f64));
            std::hint::black_box(l);
        }
        println!(
            "{path} {over:?}: step {best:.1} ns/rm, new {bestnew:.0} ns/r, live {bestlive:.1} ns/rm, city {build:.0} ns/r"
        );
        let schedule = model::month::schedule();
        let mut ns = vec![0u128; schedule.len()];
        let mut s = Simulation::new(&scenario, fixed.clone(), &city, 0);
        for _ in 0..scenario.months {
            let mut running: Option<(usize, Instant)> = None;
            let mut ends = |p: Option<(usize, Instant)>| {
                if let Some((i, t)) = p {
                    ns[i] += t.elapsed().as_nanos()
                }
            };
            s.step_apart(&mut |m| ends(running.replace((m.position, Instant::now()))));
            ends(running);
        }
        for (p, &n) in schedule.iter().zip(&ns) {
            let v = n as f64 / (city.adults() as f64 * scenario.months as f64);
            if v > 0.5 {
                print!("  {} {v:.1}", p.who)
            }
        }
        println!();
    }
}
