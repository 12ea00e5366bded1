//! `ties.parquet`: who knows whom in the first city, an edge list.

use crate::record::table::{Cell, Column, Table, Take};
use shequ_model::base::rng::CounterRng;
use shequ_model::city::{City, synth};
use shequ_model::scenario::Scenario;

/// The ties of the city of `replicate`, where the scenario asks for them. The city is built again from its seed when
/// they are written: ties do not change in the course of a run.
pub fn table(scenario: &Scenario, replicate: u32) -> Option<Table<'_>> {
    let rows = move |take: &mut Take| {
        for community in city(scenario, replicate).communities {
            for (resident, other, weight) in community.ties.each() {
                take(&[
                    Cell::Whole(community.id.into()),
                    Cell::Whole(resident as i64),
                    Cell::Whole(other as i64),
                    Cell::Real(weight.into()),
                ])?;
            }
        }
        Ok(())
    };
    let mut columns = ["community", "resident", "other_resident"].map(Column::whole).to_vec();
    columns.push(Column::real("weight"));
    scenario.report.ties.then(|| Table { name: "ties", columns, rows: Box::new(rows) })
}

/// The city of a replicate, with ties of its own where each replicate has some.
fn city(scenario: &Scenario, replicate: u32) -> City {
    let residents = &scenario.periods[0].rules.residents;
    let mut city = synth::city(&scenario.population, residents, scenario.seed.of_city(replicate));
    if scenario.population.network.redrawn {
        let rng = CounterRng::new(scenario.seed.replicates, replicate);
        city.communities
            .iter_mut()
            .for_each(|community| synth::meet_anew(community, &scenario.population, rng));
    }
    city
}
