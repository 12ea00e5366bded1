//! A theory that a scenario writes as a formula, in a run: the numbers of the built-in theory whose formula it is, any
//! order of deciding and any number of threads, and a base rate that its intercept meets.

use crate::common::{begin, bits, busy, city, output, scenario, series};
use shequ::model::simulation::trace;

/// The calculus, written as a formula with parameters.
const CALCULUS: &[&str] = &[
    "theory.participation=formula",
    "theory.formula.probability=logistic((a + b_p*influence*benefit - b_c*cost + b_d*duty + b_j*norm + b_t*trust + b_h*habit + b_a*asked + s*disposition) / k)",
    "theory.formula.parameters.b_p=2.5",
    "theory.formula.parameters.b_c=1.25",
    "theory.formula.parameters.b_d=1",
    "theory.formula.parameters.b_j=2.25",
    "theory.formula.parameters.b_t=0.75",
    "theory.formula.parameters.b_h=2",
    "theory.formula.parameters.b_a=0.5",
    "theory.formula.parameters.s=0.75",
    "theory.formula.parameters.k=2",
];

/// The built-in theory with the same weights.
const BUILT_IN: &[&str] = &[
    "theory.participation=calculus",
    "theory.calculus.benefit=2.5",
    "theory.calculus.cost=1.25",
    "theory.calculus.duty=1",
    "theory.calculus.social=2.25",
    "theory.calculus.trust=0.75",
    "theory.calculus.habit=2",
    "theory.calculus.asked=0.5",
    "theory.calculus.inclination=0.75",
    "theory.calculus.noise=2",
];

/// One that remembers how well the last occasions went, and speaks of modes.
const REMEMBERING: &[&str] = &[
    "theory.participation=formula",
    "theory.formula.probability=clamp(a + 0.3*memory + 0.2*max(norm, habit) - 0.2*cost^2 + if(is_vote, 0.1, 0), 0, 1)",
    "theory.formula.remember=memory + 0.25*(took_part*outcome - memory)",
    "theory.formula.remember_start=0.5*trust",
];

#[test]
fn the_calculus_written_as_a_formula_gives_its_replicates() {
    for order in ["update=synchronous", "update=random_sequential"] {
        let replicate = |theory: &[&str]| bits(&output(&scenario(&[busy(), theory, &[order]]), 0));
        let as_written = replicate(CALCULUS);
        assert!(as_written == replicate(BUILT_IN), "{order}");
        assert!(as_written != replicate(&["theory.participation=calculus"]), "the weights must matter");
    }
}

#[test]
fn a_formula_that_nobody_wrote_is_the_calculus() {
    let replicate = |theory: &str| bits(&output(&scenario(&[busy(), &[theory]]), 0));
    assert!(replicate("theory.participation=formula") == replicate("theory.participation=calculus"));
}

#[test]
fn a_formula_that_remembers_gives_the_same_replicate_on_any_threads() {
    let on = |threads: usize, order: &str| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads");
        pool.install(|| bits(&output(&scenario(&[busy(), REMEMBERING, &[order]]), 0)))
    };
    let orders = ["update=synchronous", "update=random_sequential"].map(|order| {
        let one = on(1, order);
        assert!(one == on(3, order), "{order}");
        one
    });
    assert!(orders[0] != orders[1], "the order of deciding must matter");
}

#[test]
fn a_formula_begins_at_the_base_rates_of_the_other_theories() {
    let first = |theory: &[&str]| {
        let output = output(&scenario(&[&["months=1", "burn_in=0"], theory]), 0);
        series(&output, "participation.online")[0]
    };
    let (own, calculus) = (first(REMEMBERING), first(&["theory.participation=calculus"]));
    // As for the theories that all scenarios have.
    assert!((own - calculus).abs() < calculus / 3.0, "{own}, not {calculus}");
}

#[test]
fn a_formula_explains_what_it_does() {
    let scenario = scenario(&[busy(), REMEMBERING]);
    let city = city(&scenario);
    let mut plain = begin(&scenario, &city, 0);
    let mut explained = 0;
    for entry in trace::follow(begin(&scenario, &city, 0), 1, 17, 0, 24) {
        plain.step();
        assert_eq!(entry.acts, plain.communities[1].community.residents.acts[17]);
        for c in &entry.considered {
            let names: Vec<&str> = c.terms.iter().map(|term| term.name.en).collect();
            let own = ["memory", "intercept", "0.3*memory", "0.2*max(norm, habit)", "0.2*cost^2"];
            assert_eq!(names[..5], own);
            assert_eq!(names[5..], ["if(is_vote, 0.1, 0)", "sum", "probability"]);
            let probability = c.terms.last().map_or(0.0, |term| term.value) as f32;
            let willing = probability * c.knows + c.persuaded;
            let product = if c.eligible { willing * c.open } else { 0.0 };
            assert!((product - c.chance).abs() < 1e-5, "{}", c.mode.name());
            assert!(c.terms.iter().all(|term| term.value.is_finite()), "{}", c.mode.name());
            explained += 1;
        }
    }
    assert!(explained > 24, "hardly anything was open");
}
