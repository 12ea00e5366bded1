//! The workload in ixa: residents are entities, what they are is in properties, ties are edges of its own
//! network, and a month is a periodic plan.

use civic::{Graph, MONTHS, Residents, Run, seconds};
use ixa::prelude::*;

define_entity!(Resident);
define_property!(struct Active(pub bool), Resident, default_const = Active(false));
define_property!(struct Trust(pub f64), Resident, impl_eq_hash = both, default_const = Trust(0.5));
define_property!(struct Bias(pub f64), Resident, impl_eq_hash = both, default_const = Bias(0.0));
define_edge_type!(struct Tie, Resident);
define_rng!(Decisions);
define_data_plugin!(Course, Vec<(f64, f64)>, Vec::new());

fn month(context: &mut Context) {
    let residents: Vec<ResidentId> = context.get_entity_iterator::<Resident>().collect();
    let mut after = Vec::with_capacity(residents.len());
    for &resident in &residents {
        let (mut seen, mut known) = (0.0, 0.0);
        for tie in context.get_edges::<Resident, Tie>(resident) {
            let Active(active) = context.get_property(tie.neighbor);
            seen += active as u8 as f64;
            known += 1.0;
        }
        let (Trust(trust), Bias(bias)) = (context.get_property(resident), context.get_property(resident));
        let x: f64 = -2.75 + bias + 2.5 * seen / known + 1.5 * trust;
        let acts = context.sample_bool(Decisions, 1.0 / (1.0 + (-x).exp()));
        let step = match acts {
            true => 0.1 * (context.sample_bool(Decisions, 0.6) as u8 as f64 - trust),
            false => 0.01 * (0.5 - trust),
        };
        after.push((acts, trust + step));
    }
    let n = residents.len() as f64;
    let active = after.iter().filter(|(acts, _)| *acts).count() as f64;
    let trusted: f64 = after.iter().map(|(_, trust)| trust).sum();
    for (resident, (acts, trust)) in residents.into_iter().zip(after) {
        context.set_property(resident, Active(acts));
        context.set_property(resident, Trust(trust));
    }
    context.get_data_mut(Course).push((active / n, trusted / n));
}

fn main() {
    for n in std::env::args().skip(1).map(|n| n.parse::<usize>().expect("a number of residents")) {
        for seed in 1..=3 {
            println!("{}", live(n, seed).line("ixa 4.0.0", n));
        }
    }
}

fn live(n: usize, seed: u64) -> Run {
    let (graph, first) = (Graph::small_world(n, seed), Residents::new(n, seed));
    let mut context = Context::new();
    context.init_random(seed);
    let residents: Vec<ResidentId> = (0..n)
        .map(|i| {
            let (active, trust, bias) = (first.active[i] == 1, first.trust[i] as f64, first.bias[i] as f64);
            let entity = with!(Resident, Active(active), Trust(trust), Bias(bias));
            context.add_entity(entity).expect("a resident")
        })
        .collect();
    for i in 0..n {
        for &j in graph.of(i).iter().filter(|&&j| i < j as usize) {
            context.add_edge_bidi(residents[i], residents[j as usize], 1.0, Tie).expect("a tie");
        }
    }
    context.add_periodic_plan_with_phase(1.0, month, ixa::ExecutionPhase::Normal);
    context.add_plan(MONTHS as f64 - 0.5, |context: &mut Context| context.shutdown());
    let begin = seconds();
    context.execute();
    Run::new(seconds() - begin, context.get_data(Course))
}
