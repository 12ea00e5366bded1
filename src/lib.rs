//! shequ (社区, community): a parallel agent-based simulator of community participation and trust in
//! urban neighbourhoods.
//!
//! A scenario says what a city is like and by which rules it is governed. The program builds the city,
//! lives through it month by month, many times over under different luck, and writes down who took
//! part, whom residents trust and how institutions fared. Two policies under the same seeds share
//! their luck, resident by resident, so what differs between them is the policy.
//!
//! # The way the data goes
//!
//! ```text
//! scenario file -> Scenario -> City -> month, month, month -> Life -> results folder -> pictures
//! ```
//!
//! [`scenario`] reads a file and the files that it extends, reports everything that is wrong with them
//! at once, and yields a [`scenario::Scenario`] that cannot be wrong. [`city::synth`] builds the
//! synthetic city. [`model`] lives through the months: [`model::month`] is the table of what happens, in
//! order, and the same table is what runs. [`record::ReplicateOutput`] is what leaves one life; [`record`] writes the
//! tables of a results folder, [`experiment`] lives many lives in parallel, [`report`] shows them. [`cli`]
//! is the thinnest layer. Each layer uses only those before it:
//!
//! ```text
//! base < city | mechanism < theory | trust | institution < metric < scenario < record < model
//!      < experiment < report < cli
//! ```
//!
//! # Words
//!
//! - **Adult, resident**: somebody of 18 or over; children only count in households.
//! - **Community** (社区): the unit of place, of self-government and of parallel work.
//! - **Compound** (小区/院落), **residents' group** (居民小组), **street** (街道), **district** (区): parts of a
//!   community, and what communities are parts of.
//! - **Mode**: one of ten ways of taking part, from voting to waste sorting.
//! - **Theory**: why a resident takes part. **Rule**: how experience changes trust. One of each is in force.
//! - **Institution**: whatever acts in the month besides residents: a body, an instrument, a shock.
//! - **Key**: one entry of a scenario file, with unit, range, default, source and grade.
//! - **Neutral**: settings with which an institution is as good as absent.
//! - **Replicate, life**: one course of a city under random numbers of its own.
//! - **Luck**: random numbers as a pure function of seed, replicate, stream, who and month.
//! - **Era**: a stretch of months under the same rules, between two dated changes.
//!
//! # A tiny city
//!
//! ```
//! use shequ::model::city::synth;
//! use shequ::model::metric;
//! use shequ::scenario::Scenario;
//! use shequ::metric;
//!
//! let text = r#"
//!     name = "Two small communities"
//!     months = 6
//!     population.communities = 2
//!     population.adults = 100
//! "#;
//! let scenario = Scenario::from_text("tiny.toml", text, &[])?.scenario;
//! let city = synth::city(&scenario.population, &scenario.eras[0].rules.residents, scenario.seed.city);
//! assert_eq!(city.adults(), 200);
//!
//! let fixed = prepare(&scenario);
//! let life = live(&scenario, &fixed, &city, 0, &|_| true).expect("nobody asked it to stop");
//!
//! // Six months, one value for each metric.
//! let columns = metric::all().len();
//! assert_eq!(life.monthly.len(), 6 * columns);
//! let column = metric::position("participation").expect("it is a metric");
//! let participation = life.monthly[5 * columns + column];
//! assert!((0.0..=1.0).contains(&participation));
//!
//! // The same replicate lives the same life again, to the last bit.
//! let again = live(&scenario, &fixed, &city, 0, &|_| true).expect("nobody asked it to stop");
//! assert!(life.monthly.iter().zip(&again.monthly).all(|(a, b)| a.to_bits() == b.to_bits()));
//! # Ok::<(), shequ::base::problem::Problems>(())
//! ```

pub mod command;

pub use shequ_experiment as experiment;
pub use shequ_model as model;
pub use shequ_report as report;
