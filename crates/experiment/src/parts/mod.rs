//! What a bundle owes to its parts: the changes of an arm, taken one by one.
//!
//! The parts of an arm are the tables in which it departs from the base or, where that is one table, its keys. Every
//! coalition of parts is a scenario, and its runs are ordinary runs of the experiment. The share of a part is what it
//! adds when it comes, averaged over the orders in which parts may come (L. S. Shapley 1953). A scenario may contradict
//! itself where one part needs another, as a council that decides needs a council; orders that lead through such
//! scenarios do not count (U. Faigle and W. Kern 1992): [decision
//! 0055](../../../docs/decisions/0055-parts-of-a-bundle.md).

pub mod orders;
pub mod shares;
pub(crate) mod tables;

use std::collections::BTreeSet;

use orders::{Coalition, Orders};
use shequ_model::base::i18n::{Both, both};
use shequ_model::scenario::Loaded;
use shequ_model::scenario::index::split;

/// Parts of an arm at most.
pub const MOST: usize = 16;

/// A change of an arm that is taken, or not, as a whole.
#[derive(Clone, Debug, PartialEq)]
pub struct Part {
    /// The table or, where the arm changes one table alone, the key.
    pub name: String,
    /// The keys that it changes.
    pub keys: Vec<String>,
}

/// An arm that is taken apart.
#[derive(Clone)]
pub struct Bundle {
    /// Which arm, by its place among the arms.
    pub arm: usize,
    /// Its parts.
    pub parts: Vec<Part>,
    /// In which orders they may come.
    pub orders: Orders,
    /// The coalitions that are run beside the base and the arm, each with its scenario.
    pub coalitions: Vec<(Coalition, Loaded)>,
}

impl Bundle {
    /// The bundle that `loaded`, arm number `arm`, is over `base`.
    ///
    /// # Errors
    /// Why it has no parts that could come one by one.
    pub fn of(arm: usize, base: &Loaded, loaded: &Loaded) -> Result<Bundle, Both> {
        let parts = parts(loaded.departures(base));
        let count = parts.len();
        if count < 2 {
            return Err(both(
                "has no `parts`: it changes one key alone",
                "没有可拆分的部分（`parts`）：它只改变一个参数",
            ));
        }
        if count > MOST {
            return Err(both!(
                "has {count} `parts`, of which at most {MOST} can be told apart; give some of them to another arm",
                "有 {count} 个部分（`parts`），最多只能区分 {MOST} 个；请把一部分移到另一个方案"
            ));
        }
        let scenario = |coalition: Coalition| {
            let of = |number: usize| coalition >> number & 1 == 1;
            let own = parts.iter().enumerate().filter(|(number, _)| of(*number));
            let keys: BTreeSet<String> = own.flat_map(|(_, part)| part.keys.iter().cloned()).collect();
            base.taking(&keys, loaded).ok()
        };
        let seed = base.scenario.seed.replicates;
        let orders = Orders::of(count, seed, &mut |coalition| scenario(coalition).is_some());
        let orders = orders.ok_or_else(|| {
            both(
                "has no `parts` that could come one by one: in every order some scenario contradicts itself",
                "的各部分（`parts`）无法逐个加入：无论何种次序，总有情景自相矛盾",
            )
        })?;
        let run = orders.coalitions().into_iter();
        let coalitions = run.filter_map(|coalition| Some((coalition, scenario(coalition)?))).collect();
        Ok(Bundle { arm, parts, orders, coalitions })
    }

    /// The parts of a coalition by their names, such as "council + funding".
    pub fn named(&self, coalition: Coalition) -> String {
        let own = self.parts.iter().enumerate().filter(|(number, _)| coalition >> number & 1 == 1);
        own.map(|(_, part)| part.name.as_str()).collect::<Vec<_>>().join(" + ")
    }
}

/// The tables of these keys or, where that is one table, the keys.
fn parts(keys: Vec<String>) -> Vec<Part> {
    let mut tables: Vec<Part> = Vec::new();
    for key in &keys {
        let table = split(key).0;
        // Keys of the top level stand for themselves.
        let name = if table.is_empty() { key } else { table };
        match tables.iter_mut().find(|part| part.name == name) {
            Some(part) => part.keys.push(key.clone()),
            None => tables.push(Part { name: name.into(), keys: vec![key.clone()] }),
        }
    }
    if tables.len() > 1 {
        return tables;
    }
    keys.into_iter().map(|key| Part { name: key.clone(), keys: vec![key] }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use shequ_model::scenario::Scenario;

    fn bundle(text: &str) -> Result<Bundle, Both> {
        let load = |text: &str| Scenario::from_text("a.toml", &format!("name = \"A\"\n{text}"), &[]).unwrap();
        let base = load("");
        Bundle::of(0, &base, &load(text).departing_from(&base, None).unwrap())
    }

    #[test]
    fn the_parts_of_an_arm_are_its_tables_or_the_keys_of_its_only_table() {
        let names = |text: &str| -> Vec<String> {
            bundle(text).unwrap().parts.into_iter().map(|part| part.name).collect()
        };
        let two = "election.publicity = 0.9\nelection.term_months = 24\nmodes.meeting.hours = 3\n";
        assert_eq!(names(two), ["election", "modes.meeting"]);
        let keys = "election.publicity = 0.9\nelection.term_months = 24\n";
        assert_eq!(names(keys), ["election.publicity", "election.term_months"]);
        assert!(bundle("election.publicity = 0.9\n").is_err());
    }

    #[test]
    fn a_part_that_needs_another_comes_after_it() {
        let bundle = bundle("funding.decider = \"council\"\ncouncil.enabled = true\n").unwrap();
        assert_eq!(
            bundle.parts.iter().map(|part| part.name.as_str()).collect::<Vec<_>>(),
            ["council", "funding"]
        );
        assert_eq!(bundle.coalitions.iter().map(|(coalition, _)| *coalition).collect::<Vec<_>>(), [0b01]);
        assert_eq!(bundle.orders.count, 1);
    }
}
