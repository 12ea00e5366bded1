//! Formulas against values worked out by hand and by other ways, and what is said of wrong ones.

use super::*;
use crate::base::rng::{CounterRng, Stream};
use crate::city::{Mode, Traits};
use crate::theory::calculus::Calculus;
use crate::theory::named;
use crate::theory::tests::{self, Person, columns, everyone};

fn settings(probability: &str) -> Formula {
    Formula { probability: probability.into(), ..Formula::standard() }
}

fn own(probability: &str) -> Own {
    made(&settings(probability), &[])
}

fn made(settings: &Formula, parameters: &[Parameter]) -> Own {
    Own::of(settings, parameters).unwrap_or_else(|found| panic!("{}: {found:?}", settings.probability))
}

/// What is wrong with `probability`: the part of it that is pointed at, and the message.
fn wrong(probability: &str) -> Vec<(String, String)> {
    let shown = |finding: Finding| {
        let at = finding.span.map_or(String::new(), |span| probability[span].to_string());
        (at, finding.what.en)
    };
    let found = Own::of(&settings(probability), &[]).err().unwrap_or_default();
    found.into_iter().map(shown).collect()
}

/// The only thing that is wrong with it.
fn fault(probability: &str) -> (String, String) {
    let mut all = wrong(probability);
    assert_eq!(all.len(), 1, "{probability}: {all:?}");
    all.remove(0)
}

/// The value of `written` for a resident with benefit .5, cost .3, norm .2 and six more, before it is cut.
fn value(written: &str) -> f32 {
    let tree = parse(written).unwrap_or_else(|flaw| panic!("{written}: {flaw:?}"));
    let mut reader = Reader::new(&[("b_p", 1.5)], Scope::Probability { with_memory: false });
    let expression = reader.read(&tree);
    assert_eq!(reader.flaws, [], "{written}");
    Person::default().with(&own("logistic(a)"), |x| {
        let frame = Frame { intercept: -1.0, inputs: x, memory: &[], took_part: &[], outcome: f32::NAN };
        let mut out = [0.0];
        Program::of(&expression).run(&frame, &mut out, |number| number);
        let one_by_one = expression.value(&|variable| frame.of(variable, 0));
        assert_eq!(out[0].to_bits(), one_by_one.to_bits(), "{written}");
        out[0]
    })
}

#[test]
fn values_by_hand() {
    for (written, by_hand) in [
        ("2 + 3*4", 14.0),
        ("(2 + 3)*4", 20.0),
        ("10 - 3 - 2", 5.0),
        ("24 / 4 / 2", 3.0),
        ("-2^2", -4.0),
        ("(-2)^2", 4.0),
        ("2^-1", 0.5),
        ("2*3^2", 18.0),
        ("1e3 + .5", 1000.5),
        ("intercept + a", -2.0),
        ("b_p*benefit", 0.75),
        ("benefit*b_p - cost", 0.45),
        ("1 - cost", 0.7),
        ("cost/benefit", 0.6),
        ("influence == external_efficacy", 1.0),
        ("benefit > cost", 1.0),
        ("benefit <= cost", 0.0),
        ("(1 < 2) + (2 >= 2) + (1 != 1)", 2.0),
        ("if(benefit > cost, 10, 20)", 10.0),
        ("if(norm > cost, 10, 20)", 20.0),
        ("min(benefit, cost, norm)", 0.2),
        ("max(benefit, cost, norm)", 0.5),
        ("clamp(acquaintances, 0, 1)", 1.0),
        ("clamp(a, 0, 1)", 0.0),
        ("abs(a)", 1.0),
        ("sqrt(9)", 3.0),
        ("log(exp(2))", 2.0),
        ("logistic(0)", 0.5),
        ("logistic(a)", 0.268_941_4),
        ("is_meeting + 2*is_vote", 1.0),
        ("9^0.5", 3.0),
    ] {
        let value = value(written);
        assert!(
            (value - by_hand).abs() < 2e-6 * by_hand.abs().max(1.0),
            "{written} is {value}, not {by_hand}"
        );
    }
}

/// A random formula with its value in double precision, by a way of its own.
fn random(draw: &mut impl FnMut() -> f64, depth: u32, names: &[(&str, f64)]) -> (String, f64) {
    if depth == 0 || draw() < 0.2 {
        let at = (draw() * (names.len() as f64 + 1.0)) as usize;
        return match names.get(at) {
            Some((name, value)) => (name.to_string(), *value),
            None => {
                let number = (draw() * 300.0).round() / 100.0;
                (format!("{number}"), number)
            }
        };
    }
    let mut part = || random(&mut *draw, depth - 1, names);
    let ((a, x), (b, y), (c, z)) = (part(), part(), part());
    match (draw() * 10.0) as u32 {
        0 | 1 => (format!("({a} + {b})"), x + y),
        2 => (format!("({a} - {b})"), x - y),
        3 | 4 => (format!("{a}*{b}"), x * y),
        5 => (format!("min({a}, {b}, {c})"), x.min(y).min(z)),
        6 => (format!("if({a} > {b} + 0.0001, {b}, {c})"), if x > y + 0.0001 { y } else { z }),
        7 => (format!("logistic({a})"), 1.0 / (1.0 + libm::exp(-x))),
        8 => (format!("clamp({a}, -1, 2)"), x.clamp(-1.0, 2.0)),
        _ => (format!("(-{a})"), -x),
    }
}

#[test]
fn random_formulas_have_the_values_of_another_way() {
    let (rng, stream) = (CounterRng::new(5, 0), Stream::named("formulas"));
    let names = [("benefit", 0.5), ("cost", 0.3), ("norm", 0.2), ("a", -1.0), ("b_p", 1.5), ("trust", 0.5)];
    let mut far = 0;
    for formula in 0..3_000 {
        let mut n = 0;
        let mut draw = || {
            n += 1;
            rng.uniform(stream, formula, 0, n)
        };
        let (written, expected) = random(&mut draw, 5, &names);
        // `value` holds the block against one by one, to the bit.
        let value = f64::from(value(&written));
        // Where a comparison depends on the last digit, the two ways part.
        far += u32::from((value - expected).abs() > 1e-4 * expected.abs().max(1.0));
    }
    assert!(far <= 3, "{far} of 3,000");
}

/// The inputs of a vote, with one thing remembered.
fn inputs<'a>(x: &'a [Vec<f32>], traits: &'a [Traits]) -> Inputs<'a> {
    Inputs { mode: Mode::Vote, memory: [&x[13], &[]], ..tests::inputs(x, traits) }
}

#[test]
fn every_name_stands_for_its_own_column() {
    let (x, traits) = (columns(2), [Traits::new(false, 0, 2, false, false, false, false); 2]);
    let inputs = inputs(&x, &traits);
    let took_part = [1.0, 0.0];
    let frame =
        Frame { intercept: 0.3, inputs: &inputs, memory: &x[13], took_part: &took_part, outcome: 0.8 };
    for (name, number) in [
        ("disposition", x[0][1]),
        ("norm", x[1][1]),
        ("acquaintances", x[2][1]),
        ("habit", x[3][1]),
        ("benefit", x[4][1]),
        ("cost", x[5][1]),
        ("duty", x[6][1]),
        ("interest", x[7][1]),
        ("skill", x[8][1]),
        ("internal_efficacy", x[9][1]),
        ("external_efficacy", x[10][1]),
        ("influence", x[10][1]),
        ("trust", x[11][1]),
        ("asked", x[12][1]),
        ("memory", x[13][1]),
        ("took_part", 0.0),
        ("outcome", 0.8),
        ("intercept", 0.3),
        ("a", 0.3),
        ("is_vote", 1.0),
        ("is_meeting", 0.0),
    ] {
        let variable = Variable::named(name).expect("a name");
        assert_eq!(frame.of(variable, 1), number, "{name}");
    }
}

fn bits(theory: &dyn Theory, x: &Inputs, n: usize) -> Vec<u32> {
    let mut out = vec![0.0; n];
    theory.probability(-0.7, x, &mut out);
    out.into_iter().map(f32::to_bits).collect()
}

#[test]
fn the_calculus_as_a_formula_gives_the_bits_of_the_built_in_theory() {
    // More than one row of a block, and not a multiple of one.
    const N: usize = 300;
    let (x, traits) = (columns(N), [Traits::new(false, 0, 2, false, false, false, false); N]);
    let inputs = inputs(&x, &traits);
    let built_in = super::super::compiled(Calculus::standard());
    let expected = bits(built_in.as_ref(), &inputs, N);
    let standard = (ENTRY.build)(&ENTRY.section().defaults()).expect("its defaults are right");
    assert_eq!(bits(standard.as_ref(), &inputs, N), expected);
    // Under any processor, and with parameters in place of numbers.
    let named = "logistic((a + b_p*influence*benefit - b_c*cost + b_d*duty + b_n*norm + b_t*trust + b_h*habit + b_a*asked + s*disposition) / k)";
    let parameters = [
        ("b_p", 1.5),
        ("b_c", 1.5),
        ("b_d", 1.0),
        ("b_n", Calculus::standard().social),
        ("b_t", 0.8),
        ("b_h", 2.0),
        ("b_a", 0.6),
        ("s", 0.7),
        ("k", 1.0),
    ];
    assert_eq!(bits(&made(&settings(named), &parameters), &inputs, N), expected);
}

#[test]
fn deep_formulas_have_rows_enough() {
    const N: usize = 130;
    let (x, traits) = (columns(N), [Traits::new(false, 0, 2, false, false, false, false); N]);
    let inputs = inputs(&x, &traits);
    // Each bracket needs one row more than that around it.
    let mut written = String::from("norm");
    for _ in 0..40 {
        written = format!("0.5 - 0.01*(cost - {written})");
    }
    let theory = own(&format!("logistic(a + ({written}))"));
    let read = Reader::new(&[], Scope::Start).read(&parse(&written).unwrap());
    let mut out = [0.0; N];
    theory.probability(0.0, &inputs, &mut out);
    for (k, p) in out.into_iter().enumerate() {
        let frame = theory.frame(0.0, &inputs);
        let sum = read.value(&|variable| frame.of(variable, k));
        assert_eq!(p.to_bits(), crate::base::math::logistic(sum).to_bits());
    }
}

#[test]
fn a_memory_begins_and_moves_as_its_formulas_say() {
    let theory = made(
        &Formula {
            probability: "logistic(a + memory)".into(),
            remember: "memory + g*(took_part*outcome - memory)".into(),
            remember_start: "norm".into(),
        },
        &[("g", 0.25)],
    );
    assert_eq!(theory.remembers().len(), 1);
    let nan = f32::NAN;
    let after = |memory: f32, last: (bool, f32)| {
        Person { memory: [memory, nan], last, ..Person::default() }.learns(&theory)[0]
    };
    assert_eq!(after(nan, (false, nan)), 0.2, "the first memory");
    assert_eq!(after(0.4, (true, 0.8)), 0.5);
    assert_eq!(after(0.4, (false, 0.8)), 0.3);
    assert_eq!(after(0.4, (true, nan)), 0.4, "without an occasion nothing moves");
    // logistic(0.5 - 0.5) = 0.5
    let person = Person { memory: [0.4, nan], last: (true, 0.8), ..Person::default() };
    assert_eq!(everyone(&theory, -0.5, person), 0.5);
}

#[test]
fn what_has_no_value_is_nobody() {
    assert_eq!([f32::NAN, -0.5, 0.25, 1.5].map(bounded), [0.0, 0.0, 0.25, 1.0]);
}

#[test]
fn terms_are_the_parts_of_the_sum_as_they_are_written() {
    let terms = |written: &str| -> Vec<(String, f64)> {
        let theory = own(written);
        let terms = Person::default().with(&theory, |x| theory.terms(-1.0, x, 0));
        let round = |value: f64| (value * 1e4).round() / 1e4;
        terms.into_iter().map(|term| (term.name.en.to_string(), round(term.value))).collect()
    };
    let said = |all: &[(&str, f64)]| -> Vec<(String, f64)> {
        all.iter().map(|(name, value)| (name.to_string(), *value)).collect()
    };
    assert_eq!(
        terms("logistic((a + 2*benefit - cost - (norm + 0.1)) / 0.5)"),
        said(&[
            ("intercept", -1.0),
            ("2*benefit", 1.0),
            ("cost", -0.3),
            ("(norm + 0.1)", -0.3),
            ("utility", -0.6),
            // logistic(-1.2)
            ("probability", 0.2315),
        ])
    );
    assert_eq!(
        terms("clamp(a + 1 + benefit, 0, 1)"),
        said(&[("intercept", -1.0), ("1", 1.0), ("benefit", 0.5), ("sum", 0.5), ("probability", 0.5)])
    );
}

#[test]
fn what_is_no_formula_is_pointed_at() {
    for (written, at, what) in [
        ("", "", "the formula ends where a number, a name or a bracket must follow"),
        ("logistic(a +", "", "the formula ends where a number, a name or a bracket must follow"),
        ("logistic(a", "(", "this bracket is never closed"),
        ("logistic(a))", ")", "no bracket is open that this one could close"),
        ("logistic(a + * 2)", "*", "before `*` a number, a name or a bracket is missing"),
        ("logistic(a 2)", "2", "before this a sign such as + or * is missing"),
        ("logistic(a) (2)", "(", "before this a sign such as + or * is missing"),
        ("logistic(a)，2", "，", "formulas do not know the sign ，"),
        ("logistic(a + 信任)", "信", "formulas do not know the sign 信"),
        ("logistic(a + 1.2.3)", "1.2.3", "`1.2.3` is no number"),
        ("logistic(a + 1e999)", "1e999", "`1e999` is no number"),
        ("logistic(a) , 2", ",", "a comma stands only between what a function takes"),
        ("a = 2", "=", "a formula gives nothing a value"),
        ("logistic(a + 2^3^2)", "2^3^2", "it is not clear what belongs together here"),
        ("logistic(a + 2*cost^3^2)", "cost^3^2", "it is not clear what belongs together here"),
        ("logistic(a + (0 < cost < 1))", "<", "it is not clear what belongs together here"),
        ("logistic(a - -cost)", "", ""),
        ("logistic(a - - -cost)", "-", "two minus signs follow each other"),
        ("logistic(a + infuence)", "infuence", "the formula has an unknown name, `infuence`"),
        ("logistic(a + b_z)", "b_z", "the formula has an unknown name, `b_z`"),
        ("logistic(a + log)", "log", "the formula has an unknown name, `log`"),
        ("logisitc(a)", "logisitc", "there is no function `logisitc`"),
        ("logistic(a, 2)", "logistic(a, 2)", "`logistic` does not take 2 numbers"),
        ("logistic(a + if(cost, 1))", "if(cost, 1)", "`if` does not take 2 numbers"),
        ("logistic(a + memory)", "memory", "`memory` cannot stand here"),
        ("logistic(a + outcome)", "outcome", "`outcome` cannot stand here"),
        ("logistic(cost)", "logistic(cost)", "the formula lacks the intercept"),
    ] {
        match what {
            "" => assert_eq!(wrong(written), [], "{written}"),
            _ => assert_eq!(fault(written), (at.into(), what.into()), "{written}"),
        }
    }
    let deep = format!("logistic(a + {}cost{})", "(".repeat(80), ")".repeat(80));
    assert_eq!(fault(&deep).1, "brackets nest more than 64 deep");
}

#[test]
fn long_and_deep_texts_are_read_without_overflow() {
    let sum = format!("logistic(a{})", " + cost".repeat(500));
    assert_eq!(wrong(&sum), []);
    assert!(wrong(&"-".repeat(4_000)).len() == 1);
    assert!(wrong(&"2^".repeat(2_000)).len() == 1);
    assert!(wrong(&"(".repeat(4_000)).len() == 1);
    // Signs of four levels in each bracket need four rows of it.
    let mut rows = String::from("cost");
    for _ in 0..60 {
        rows = format!("1 < 2 + 3*2^({rows})");
    }
    assert_eq!(fault(&format!("logistic(a + ({rows}))")).1, "the formula nests too deeply");
}

#[test]
fn every_unknown_name_is_told_at_once() {
    let all = wrong("logistic(a + infuence*benefitt - kost)");
    assert_eq!(all.iter().map(|(at, _)| at.as_str()).collect::<Vec<_>>(), ["infuence", "benefitt", "kost"]);
}

#[test]
fn what_is_no_probability_or_falls_is_told_with_the_place() {
    for (written, what) in [
        ("a + benefit", "the formula gives -40, which is no probability, where intercept = -40, benefit = 0"),
        ("logistic(-a)", "the formula falls from "),
        ("logistic(a*(benefit - 0.5))", "the formula falls from "),
        ("logistic(0*a)", "the formula does not rise in the intercept"),
        ("logistic(a + 1/asked)", ""),
        ("logistic(a + log(norm - 0.5))", "the formula has no value where intercept = -40, norm = 0"),
    ] {
        match what {
            "" => assert_eq!(wrong(written), [], "{written}"),
            _ => assert!(fault(written).1.starts_with(what), "{written}: {:?}", fault(written)),
        }
    }
    assert!(fault("logistic(a*(benefit - 0.5))").1.contains(" where benefit = 0"));
}

#[test]
fn parameters_have_names_of_their_own_and_are_used() {
    let found = |parameters: &[Parameter]| -> Vec<(String, String)> {
        let found = Own::of(&settings("logistic(a + b*cost)"), parameters).err().unwrap_or_default();
        found.into_iter().map(|finding| (finding.key, finding.what.en)).collect()
    };
    assert_eq!(found(&[("b", 1.0)]), []);
    let wrong =
        found(&[("b", 1.0), ("benefit", 1.0), ("c", 1.0), ("B", 2.0), ("min", 3.0), ("is_vote", 1.0)]);
    assert_eq!(
        wrong[0],
        ("parameters.benefit".into(), "`benefit` is a name that formulas know already".into())
    );
    assert_eq!(wrong[1], ("parameters.c".into(), "no formula uses `c`".into()));
    assert!(wrong[2].1.contains("is no name for a parameter"));
    assert_eq!(wrong[3..].iter().filter(|(_, what)| what.contains("know already")).count(), 2);
}

#[test]
fn what_is_remembered_has_a_value() {
    let found = |start: &str, update: &str| {
        let settings = Formula {
            probability: "logistic(a + memory)".into(),
            remember: update.into(),
            remember_start: start.into(),
        };
        Own::of(&settings, &[]).err().map(|found| (found[0].key.clone(), found[0].what.en.clone()))
    };
    assert_eq!(found("0", "memory"), None);
    let no_value = |key: &str| Some((key.into(), format!("`{key}` has no value for some residents")));
    assert_eq!(found("log(norm - 2)", "memory"), no_value("remember_start"));
    assert_eq!(found("0", "1 / memory"), no_value("remember"));
    let cannot = |key: &str, name: &str| Some((key.into(), format!("`{name}` cannot stand here")));
    assert_eq!(found("memory", "memory"), cannot("remember_start", "memory"));
    assert_eq!(found("0", "memory + a"), cannot("remember", "a"));
}

#[test]
fn the_theory_goes_by_its_name_and_is_none_of_those_that_all_scenarios_have() {
    assert!(named("formula").is_some() && super::super::all().iter().all(|entry| entry.name != "formula"));
}

/// Lets formulas call the sum of two columns, one doubled, by `name`: each test has a name of its own.
fn provide_sum(name: &str) {
    let work = |of: &[&[f32]], out: &mut [f32]| {
        for (out, (x, y)) in out.iter_mut().zip(of[0].iter().zip(of[1])) {
            *out = 2.0 * x + y;
        }
    };
    Outside::provide(name, 2, "2x + y", Box::new(work)).unwrap();
}

#[test]
fn a_function_from_outside_is_as_good_as_what_it_says_written_out() {
    provide_sum("sum_as_good");
    const N: usize = 300;
    let (columns, traits) = (columns(N), [Traits::new(false, 0, 2, false, false, false, false); N]);
    let chances = |written: &str| {
        let mut out = vec![0.0; N];
        own(written).probability(-0.3, &tests::inputs(&columns, &traits), &mut out);
        out.into_iter().map(f32::to_bits).collect::<Vec<_>>()
    };
    for (called, written) in [
        ("logistic(a + sum_as_good(norm, trust))", "logistic(a + (2*norm + trust))"),
        (
            "logistic(a + 3*sum_as_good(norm*cost, sum_as_good(trust, 1)) - duty)",
            "logistic(a + 3*(2*(norm*cost) + (2*trust + 1)) - duty)",
        ),
    ] {
        assert_eq!(chances(called), chances(written), "{called}");
    }
}

#[test]
fn a_decision_by_a_function_from_outside_is_explained_by_its_parts() {
    provide_sum("sum_explained");
    let theory = own("logistic(a + sum_explained(norm, trust) - cost)");
    let terms = Person::default().with(&theory, |x| theory.terms(-0.5, x, 0));
    let shown: Vec<_> = terms.iter().map(|term| (term.name.en, (term.value * 1e4).round() / 1e4)).collect();
    // 2 · 0.2 + 0.5, less 0.3, from -0.5.
    let parts = [("intercept", -0.5), ("sum_explained(norm, trust)", 0.9), ("cost", -0.3), ("utility", 0.1)];
    assert_eq!(shown[..4], parts);
}

#[test]
fn a_function_from_outside_is_counted_tried_and_told_apart_from_the_one_before() {
    provide_sum("sum_counted");
    assert_eq!(fault("logistic(a + sum_counted(norm))").1, "`sum_counted` does not take 1 numbers");
    assert_eq!(fault("logistic(a + sum_counter(norm, cost))").1, "there is no function `sum_counter`");
    let falling = fault("logistic(sum_counted(0 - a, norm))").1;
    assert!(falling.starts_with("the formula falls from "), "{falling}");
    let before = own("logistic(a + sum_counted(norm, 1))");
    provide_sum("sum_counted");
    let after = own("logistic(a + sum_counted(norm, 1))");
    assert_ne!(before.outside()[0].stamp(), after.outside()[0].stamp());
    assert_eq!(own("logistic(a + norm)").outside(), []);
    let nothing = |_: &[&[f32]], _: &mut [f32]| {};
    for (name, takes) in [("logistic", 1), ("norm", 1), ("Sum", 1), ("sum_of_none", 0), ("sum_of_all", 17)] {
        assert!(Outside::provide(name, takes, "", Box::new(nothing)).is_err(), "{name}");
    }
}

#[test]
fn attributes_are_numbers_of_their_residents() {
    let person = |male, education, income, owner, local, party, unit| {
        Traits::new(male, education, income, owner, local, party, unit)
    };
    let traits = [
        person(true, 3, 4, false, true, false, true),
        person(false, 1, 0, true, false, true, false),
        person(false, 0, 2, false, false, false, false),
    ];
    let columns = columns(3);
    let x = Inputs { age: &[216, 810, 1_200], ..tests::inputs(&columns, &traits) };
    let values = |written: &str| {
        let tree = parse(written).unwrap();
        let mut reader = Reader::new(&[], Scope::Start);
        let expression = reader.read(&tree);
        assert_eq!(reader.flaws, [], "{written}");
        let frame = Frame { intercept: 0.0, inputs: &x, memory: &[], took_part: &[], outcome: f32::NAN };
        let mut out = [0.0; 3];
        Program::of(&expression).run(&frame, &mut out, |number| number);
        let one_by_one = [0, 1, 2].map(|k| expression.value(&|variable| frame.of(variable, k)));
        assert_eq!(out.map(f32::to_bits), one_by_one.map(f32::to_bits), "{written}");
        out
    };
    for (written, by_hand) in [
        ("age", [18.0, 67.5, 100.0]),
        ("male", [1.0, 0.0, 0.0]),
        ("3*education", [3.0, 1.0, 0.0]),
        ("income", [1.0, 0.0, 0.5]),
        ("owner", [0.0, 1.0, 0.0]),
        ("local", [1.0, 0.0, 0.0]),
        ("party_member", [0.0, 1.0, 0.0]),
        ("work_unit_member", [1.0, 0.0, 0.0]),
        ("1 - male", [0.0, 1.0, 1.0]),
        ("2 + 10*owner + 100*local*male", [102.0, 12.0, 2.0]),
        ("if(age >= 65, income, male)", [1.0, 0.0, 0.5]),
    ] {
        assert_eq!(values(written), by_hand, "{written}");
    }
}
