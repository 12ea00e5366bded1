use shequ::{city::synth, metric, model, scenario::Scenario};
use std::time::Instant;
#[allow(clippy::disallowed_methods)]
fn main() {
    let s = Scenario::standard();
    let t = Instant::now();
    let city = synth::city(&s.population, &s.eras[0].rules.residents, 1);
    eprintln!("city {:?}", t.elapsed());
    let t = Instant::now();
    let fixed = model::prepare(&s);
    eprintln!("prepare {:?} {:?}", t.elapsed(), fixed.intercepts);
    rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap().install(|| {
        let t = Instant::now();
        let life = model::live(&s, &fixed, &city, 0, &|_| true).unwrap();
        let e = t.elapsed();
        eprintln!(
            "life {:?} {:.1} ns/resident-month",
            e,
            e.as_nanos() as f64 / (city.adults() as f64 * s.months as f64)
        );
        let m = metric::all().len();
        for (k, metric) in metric::all().iter().enumerate() {
            let v = |month: usize| life.monthly[month * m + k];
            println!(
                "{:28} {:10.4} {:10.4} {:10.4} {:10.4} {:10.4} {:10.4} {:10.4}",
                metric.name,
                v(0),
                v(3),
                v(6),
                v(11),
                v(35),
                v(78),
                v(119)
            );
        }
        let mut sim = model::Simulation::new(&s, fixed.clone(), &city, 0);
        let sched = model::month::schedule();
        let mut ns = vec![0u128; sched.len()];
        for _ in 0..60 {
            sim.step_apart(&mut |k, w| {
                let t = Instant::now();
                w();
                ns[k] += t.elapsed().as_nanos();
            });
        }
        let total: u128 = ns.iter().sum();
        for (p, n) in sched.iter().zip(&ns) {
            println!("{:16} {:60} {:7.2} ns", p.who, p.what, *n as f64 / (city.adults() as f64 * 60.0));
        }
        println!("total {:.1}", total as f64 / (city.adults() as f64 * 60.0));
    });
}
