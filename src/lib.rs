//! shequ (社区, community): a parallel agent-based simulator of community participation and trust in
//! urban neighbourhoods.
//!
//! A scenario says what a city is like and by which rules it is governed. The program builds a synthetic city,
//! simulates it month by month in many replicates, each under random numbers of its own, and writes down who
//! took part, whom residents trust and how institutions fared. Two policies under the same seeds use common
//! random numbers, resident by resident, so what differs between them is the policy.
//!
//! # The way the data goes
//!
//! ```text
//! scenario file -> Scenario -> City -> Simulation, month by month -> ReplicateOutput
//!               -> tables in a results folder -> charts and a page
//! ```
//!
//! | crate | what it does |
//! |---|---|
//! | [`model`] | the simulator: reads a scenario, builds a city, simulates its months |
//! | [`experiment`] | many runs in parallel: designs, journals, comparisons, tables and results folders |
//! | [`report`] | charts, pages and terminal tables of results |
//! | `explore` | levers and answers in the browser |
//! | [`command`] | the command line |
//!
//! Each uses only those above it. A program that needs the simulator alone depends on `shequ-model`, which needs
//! no command line, no format of tables and no clock.
//!
//! # Terms
//!
//! - **Adult, resident**: somebody of 18 or over; children only count in households.
//! - **Community** (社区): the unit of place, of self-government and of parallel work.
//! - **Compound** (小区/院落), **residents' group** (居民小组), **street** (街道), **district** (区): parts of a
//!   community, and what communities are parts of.
//! - **Mode**: one of ten ways of taking part, from voting to waste sorting.
//! - **Theory**: why a resident takes part. **Trust rule**: how experience changes trust. One of each is in force.
//! - **Institution**: whatever acts in the month besides residents: a body, an instrument, a shock.
//! - **Key**: one parameter of a scenario file, with unit, range, default, source and grade of evidence.
//! - **Neutral**: settings with which an institution is as good as absent.
//! - **Replicate**: one run of a scenario under random numbers of its own.
//! - **Random numbers**: each a pure function of seed, replicate, stream, who and month.
//! - **Policy period**: a stretch of months under the same rules, between two dated changes.
//!
//! `shequ explain TERM` and `docs/glossary.md` have all of them.
//!
//! # A tiny city
//!
//! ```
//! use shequ::prelude::*;
//!
//! let text = r#"
//!     name = "Two small communities"
//!     months = 6
//!     population.communities = 2
//!     population.adults = 100
//! "#;
//! let scenario = Scenario::from_text("tiny.toml", text, &[])?.scenario;
//! let city = synth::city(&scenario.population, &scenario.periods[0].rules.residents, scenario.seed.city);
//! assert_eq!(city.adults(), 200);
//!
//! let fitted = prepare(&scenario);
//! let output = run_replicate(&scenario, &fitted, &city, 0, &|_| true).expect("nobody asked it to stop");
//!
//! // Six months, one value for each metric.
//! let columns = metric::all().len();
//! assert_eq!(output.monthly.len(), 6 * columns);
//! let column = metric::position("participation").expect("it is a metric");
//! let participation = output.monthly[5 * columns + column];
//! assert!((0.0..=1.0).contains(&participation));
//!
//! // The same replicate gives the same numbers again, to the last bit.
//! let again = run_replicate(&scenario, &fitted, &city, 0, &|_| true).expect("nobody asked it to stop");
//! assert!(output.monthly.iter().zip(&again.monthly).all(|(a, b)| a.to_bits() == b.to_bits()));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! An own institution and an own theory are a file each, outside this crate: see `examples/` and
//! `docs/tutorial/`.

pub mod command;
pub mod prelude;

pub use shequ_experiment as experiment;
pub use shequ_model as model;
pub use shequ_report as report;
