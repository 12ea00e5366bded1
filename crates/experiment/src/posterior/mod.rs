//! A posterior: draws of parameters, each with a weight, that say what is known of them.
//!
//! Every pair of replicates is run under one draw, the same for the base and every arm, so that what an arm changes
//! is seen under many values of the parameters and twice under each. The two replicates of a pair tell chance from
//! what the parameters do. Which draw a pair has follows from its number alone, so that more replicates extend a
//! finished experiment and never change it: [decision 0047](../../../docs/decisions/0047-posterior-into-policy.md).

pub mod doubts;
mod matrix;
pub mod ranking;
pub mod sure;
pub mod table;
pub mod uncertainty;

use std::sync::Arc;

use toml::Value;

use crate::plan::Row;
use crate::record::table::{Cell, Column, Table, Take};
use crate::sweep;
use shequ_model::base::rng::{CounterRng, Stream};
use shequ_model::scenario::Loaded;

/// Replicates that share a draw: with fewer than two, chance could not be told from parameters.
pub const PAIR: u32 = 2;

/// What is known of some parameters.
#[derive(Clone, Debug, PartialEq)]
pub struct Posterior {
    /// Dotted paths of the parameters.
    pub keys: Vec<String>,
    /// The draws, by their numbers.
    pub draws: Vec<Draw>,
}

/// One possible value of every parameter.
#[derive(Clone, Debug, PartialEq)]
pub struct Draw {
    /// What it is called.
    pub number: u32,
    /// How much it counts, at least 0; all weights together are above 0.
    pub weight: f64,
    /// The values, one for each key.
    pub values: Vec<Value>,
}

impl Posterior {
    /// Replicates that are no evidence independent of one another: those of a pair, unless there is but one draw, under
    /// which all replicates are alike.
    pub fn unit(&self) -> u32 {
        if self.draws.iter().filter(|draw| draw.weight > 0.0).count() > 1 { PAIR } else { 1 }
    }

    /// Which draw a replicate has, by its place, where replicates have this seed.
    ///
    /// Pair k stands at the k-th point of van der Corput's sequence (1935), shifted by a number that depends on the
    /// seed, and takes the draw within whose share of the weights that point lies. The first n points are about as
    /// even as n points can be, whatever n is, and none depends on n.
    pub fn choice(&self, replicate: u32, seed: u64) -> usize {
        let shift = CounterRng::new(seed, 0).uniform(Stream::named("posterior"), 0, 0, 0);
        let point = f64::from((replicate / PAIR).reverse_bits()) / 4_294_967_296.0 + shift;
        let total: f64 = self.draws.iter().map(|draw| draw.weight).sum();
        let mut left = point.fract() * total;
        let within = self.draws.iter().position(|draw| {
            left -= draw.weight;
            left < 0.0
        });
        // Rounding may leave a point beyond the last.
        let last = self.draws.iter().rposition(|draw| draw.weight > 0.0);
        within.or(last).unwrap_or(0)
    }

    /// All of it as text, the same for the same draws whatever file they come from.
    pub fn text(&self) -> String {
        let values = |draw: &Draw| draw.values.iter().map(Value::to_string).collect::<Vec<_>>().join(",");
        let draws =
            self.draws.iter().map(|draw| format!("{},{:?},{}", draw.number, draw.weight, values(draw)));
        std::iter::once(self.keys.join(",")).chain(draws).collect::<Vec<_>>().join("\n")
    }

    /// `posterior.csv`, which can be read again as it stands.
    pub fn table(&self) -> Table<'_> {
        let mut columns = vec![Column::whole("draw"), Column::real("weight")];
        columns.extend(self.keys.iter().map(|key| sweep::parameter(key)));
        let rows = |take: &mut Take| {
            self.draws.iter().try_for_each(|draw| {
                let mut texts = Vec::new();
                let mut cells = vec![Cell::Whole(draw.number.into()), Cell::Real(draw.weight)];
                cells.extend(sweep::cells(&draw.values, &mut texts));
                take(&cells)
            })
        };
        Table { name: "posterior", columns, rows: Box::new(rows) }
    }
}

/// The posterior as a row uses it.
#[derive(Clone)]
pub struct Draws {
    posterior: Arc<Posterior>,
    /// Columns of the parameters that the row's scenario leaves to the posterior.
    columns: Arc<[usize]>,
    seed: u64,
}

impl Draws {
    /// Of `side`, the base or an arm. What an arm sets otherwise than `base` is its policy, which no draw overwrites.
    pub fn of(posterior: &Arc<Posterior>, base: &Loaded, side: &Loaded) -> Draws {
        let columns =
            (0..posterior.keys.len()).filter(|&column| !is_own(base, side, &posterior.keys[column]));
        Draws {
            posterior: posterior.clone(),
            columns: columns.collect(),
            seed: base.scenario.seed.replicates,
        }
    }

    /// Place of the draw that a replicate has.
    pub fn choice(&self, replicate: u32) -> usize {
        self.posterior.choice(replicate, self.seed)
    }

    /// Number of the draw that a replicate has.
    pub fn number(&self, replicate: u32) -> u32 {
        self.posterior.draws[self.choice(replicate)].number
    }

    /// `row` with the values of draw `choice`, but for keys that it has values of its own for.
    pub fn under(&self, choice: usize, row: &Row) -> Row {
        let left: Vec<usize> =
            self.columns.iter().copied().filter(|&c| !row.keys.contains(&self.posterior.keys[c])).collect();
        let keys = left.iter().map(|&column| self.posterior.keys[column].clone());
        let values = left.iter().map(|&column| self.posterior.draws[choice].values[column].clone());
        Row {
            keys: keys.chain(row.keys.iter().cloned()).collect(),
            values: values.chain(row.values.iter().cloned()).collect(),
            departs: row.departs.map(|own| own + left.len()),
            draws: None,
            ..row.clone()
        }
    }
}

/// True if `side` has another value of `key` than `base` from the start. What a change sets later takes effect then,
/// after the draw.
pub fn is_own(base: &Loaded, side: &Loaded, key: &str) -> bool {
    let value = |loaded: &Loaded| loaded.value(key).map(|given| given.value.clone());
    value(base) != value(side)
}

#[cfg(test)]
mod tests {
    use super::*;
    use shequ_model::scenario::Scenario;

    fn posterior(weights: &[f64]) -> Posterior {
        let draw = |(number, &weight): (u32, &f64)| Draw {
            number,
            weight,
            values: vec![(0.01 * f64::from(number)).into()],
        };
        Posterior { keys: vec!["theory.calculus.duty".into()], draws: (0..).zip(weights).map(draw).collect() }
    }

    #[test]
    fn any_number_of_pairs_has_draws_nearly_as_often_as_they_weigh() {
        let weights = [3.0, 0.0, 1.0, 0.5, 2.5, 1.0, 0.0];
        let (known, total) = (posterior(&weights), weights.iter().sum::<f64>());
        for seed in 0..5 {
            let mut counts = [0.0; 7];
            for n in 1..=300_u32 {
                let choice = known.choice(PAIR * (n - 1), seed);
                assert_eq!(known.choice(PAIR * (n - 1) + 1, seed), choice);
                counts[choice] += 1.0;
                // Béjian and Faure 1977: the count in an interval from 0 is off by log2(n) / 3 + 1 at most; an interval
                // anywhere is the difference of two.
                let most = 2.0 * (libm::log2(f64::from(n)) / 3.0 + 1.0);
                for (count, weight) in counts.iter().zip(weights) {
                    let off = (count - f64::from(n) * weight / total).abs();
                    assert!(off <= most && (weight > 0.0 || *count == 0.0), "{n}: {counts:?}");
                }
            }
        }
    }

    #[test]
    fn as_many_pairs_as_draws_that_weigh_the_same_have_each_once() {
        let known = posterior(&[1.0; 16]);
        let mut choices: Vec<usize> = (0..16).map(|pair| known.choice(PAIR * pair, 9)).collect();
        choices.sort_unstable();
        assert_eq!(choices, (0..16).collect::<Vec<_>>());
    }

    #[test]
    fn replicates_are_alike_under_one_draw_and_pairs_of_them_under_several() {
        assert_eq!(posterior(&[1.0]).unit(), 1);
        assert_eq!(posterior(&[0.0, 2.0, 0.0]).unit(), 1);
        assert_eq!(posterior(&[1.0, 2.0]).unit(), PAIR);
    }

    #[test]
    fn a_draw_overwrites_neither_a_policy_nor_what_a_design_varies() {
        let load = |text: &str| {
            Scenario::from_text("a.toml", &format!("name = \"A\"\nburn_in = 0\n{text}"), &[]).unwrap()
        };
        let (base, arm) = (load(""), load("[theory.calculus]\nduty = 0.7\n"));
        let keys = ["theory.calculus.duty", "theory.calculus.cost"].map(String::from).to_vec();
        let draw = Draw { number: 4, weight: 1.0, values: vec![0.1.into(), 0.2.into()] };
        let known = Arc::new(Posterior { keys, draws: vec![draw] });
        let row =
            |side: &Loaded| Row { draws: Some(Draws::of(&known, &base, side)), ..Row::plain(side, "a.toml") };
        let values = |row: &Row| {
            let loaded = row.of_replicate(5).load().unwrap();
            ["duty", "cost"]
                .map(|key| loaded.value(&format!("theory.calculus.{key}")).unwrap().value.as_float())
        };
        assert_eq!(values(&row(&base)), [Some(0.1), Some(0.2)]);
        assert_eq!(values(&row(&arm)), [Some(0.7), Some(0.2)]);
        let varied =
            Row { keys: ["theory.calculus.cost".into()].into(), values: [0.9.into()].into(), ..row(&arm) };
        assert_eq!(values(&varied), [Some(0.7), Some(0.9)]);
        let expected =
            "shequ run a.toml --set theory.calculus.duty=0.1 --set theory.calculus.cost=0.2 --replicate 5";
        assert_eq!(row(&base).of_replicate(5).command(5), expected);
    }
}
