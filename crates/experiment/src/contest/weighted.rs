//! The effect of each policy as a weighted mean over theories and rules.
//!
//! In every replicate the outcomes of base and policy are mixed by the weights; what is left is a comparison of two
//! sides, with its intervals and tests. The interval is that of chance under the given weights: how far theories are
//! apart is in [`range`](super::range).

use super::Contest;
use crate::compare::effects::{Asked, Effect, Side, effects};
use crate::record::table::{Cell, Column, Table, Take};

/// The effects of a contest, averaged over combinations.
pub struct Weighted {
    /// By the weights given, by policy, window and outcome.
    pub effects: Vec<Effect>,
    /// The same with all combinations alike.
    pub equal: Vec<Effect>,
    /// Names of the policies, as in tables.
    pub names: Vec<String>,
}

impl Weighted {
    /// Of a contest, by `weights` in the order of its combinations, which are one in all.
    pub fn of(contest: &Contest, asked: &Asked, weights: &[f64], paired: bool) -> Weighted {
        let all = contest.combinations();
        let sides = mixed(contest, weights);
        Weighted {
            effects: of_sides(asked, &sides, paired),
            equal: of_sides(asked, &mixed(contest, &vec![1.0 / all as f64; all]), paired),
            names: sides[1..].iter().map(|side| side.name.clone()).collect(),
        }
    }
}

fn of_sides(asked: &Asked, sides: &[Side], paired: bool) -> Vec<Effect> {
    let arms: Vec<(&Side, &Side)> = sides[1..].iter().map(|arm| (&sides[0], arm)).collect();
    effects(asked, &arms, paired)
}

/// The base and each policy, each replicate a weighted mean of those in all combinations.
fn mixed(contest: &Contest, weights: &[f64]) -> Vec<Side> {
    let of = |sides: &[Side]| Side {
        values: mix(sides, weights, |side| &side.values),
        halves: mix(sides, weights, |side| &side.halves),
        ..sides[0].clone()
    };
    contest.sides.chunks(contest.combinations()).map(of).collect()
}

/// What weighs nothing counts for nothing, even where it has no value.
fn mix(sides: &[Side], weights: &[f64], of: fn(&Side) -> &Vec<Vec<f64>>) -> Vec<Vec<f64>> {
    let counted = || sides.iter().zip(weights).filter(|(_, weight)| **weight > 0.0);
    let value = |replicate: usize, index: usize| {
        counted().map(|(side, weight)| weight * of(side)[replicate][index]).sum::<f64>()
    };
    let first = of(&sides[0]);
    let replicates = counted().map(|(side, _)| of(side).len()).min().unwrap_or(0);
    (0..replicates)
        .map(|replicate| (0..first[replicate].len()).map(|index| value(replicate, index)).collect())
        .collect()
}

/// `weighted.csv`: one row for each policy, window and outcome.
pub fn table(weighted: &Weighted) -> Table<'_> {
    let mut columns = ["arm", "metric", "unit", "window"].map(Column::text).to_vec();
    columns.extend(["effect", "ci95_low", "ci95_high"].map(Column::real));
    columns.push(Column::whole("n"));
    let rows = move |take: &mut Take| {
        weighted.effects.iter().try_for_each(|effect| {
            let (estimate, window) = (effect.difference.effect, effect.window.to_string());
            take(&[
                Cell::Text(&weighted.names[effect.arm]),
                Cell::Text(effect.outcome.name()),
                Cell::Text(effect.outcome.metric.unit),
                Cell::Text(&window),
                Cell::Real(estimate.mean),
                Cell::Real(estimate.mean - estimate.half_width),
                Cell::Real(estimate.mean + estimate.half_width),
                Cell::Whole(estimate.n as i64),
            ])
        })
    };
    Table { name: "weighted", columns, rows: Box::new(rows) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::outcome::Outcome;
    use crate::window::Window;
    use shequ_model::base::month::Month;
    use shequ_model::base::stats::estimate;

    fn side(values: &[f64]) -> Side {
        Side {
            name: "Policy".into(),
            name_zh: String::new(),
            theory: String::new(),
            trust: String::new(),
            values: values.iter().map(|value| vec![*value]).collect(),
            halves: Vec::new(),
        }
    }

    #[test]
    fn effects_are_mixed_within_each_replicate() {
        // Base 0, 1, 2 under both theories. Effects 1, 1, 4 under the first, 4, 2, 1 under the second.
        let base = [0.0, 1.0, 2.0];
        let with = |more: [f64; 3]| side(&[base[0] + more[0], base[1] + more[1], base[2] + more[2]]);
        let missing = f64::NAN;
        let sides = [side(&base), side(&base), with([1.0, 1.0, 4.0]), with([4.0, 2.0, missing])];
        let names = |names: &[&str]| names.iter().map(|name| name.to_string()).collect::<Vec<_>>();
        let contest = Contest { theories: names(&["a", "b"]), rules: names(&["x"]), sides: &sides };
        let outcomes = vec![Outcome::named("participation").unwrap()];
        let asked = Asked::new(outcomes, &[Window::Whole], Month::new(2017, 1), 12);
        let of = |weights: &[f64]| Weighted::of(&contest, &asked, weights, true);
        // The third replicate has no value under the second theory.
        let mixed = of(&[0.75, 0.25]);
        let expected = estimate([1.75, 1.25].into_iter());
        let effect = mixed.effects[0].difference.effect;
        assert!((effect.mean - expected.mean).abs() < 1e-12 && effect.n == 2);
        assert!((effect.sd - expected.sd).abs() < 1e-12);
        assert!((mixed.equal[0].difference.effect.mean - 2.0).abs() < 1e-12);
        // All weight on the first is the effect under the first, to the bit.
        let only = of(&[1.0, 0.0]);
        let arms = [(&sides[0], &sides[2])];
        assert_eq!(only.effects, effects(&asked, &arms, true));
        assert_eq!(only.names, ["Policy"]);
    }
}
