//! Levers and answers in the browser, on this machine alone, with the model itself behind them.
//!
//! ```text
//! levers on the page -> Question -> Session (a base, kept) -> pairs of replicates -> Answer, growing surer
//! ```
//!
//! | step | module |
//! |---|---|
//! | what may be moved | [`levers`] |
//! | what a page asks, out of its address | [`question`] |
//! | in which communities, in words and in a scenario | [`area`] |
//! | levers as dated changes, with their ends | [`changes`] |
//! | bases and their replicates, kept between questions | [`session`] |
//! | pairs of replicates, and what they say so far | [`answer`] |
//! | the same question under every theory | [`theories`] |
//! | months of one replicate, and of one resident | [`watch`] |
//! | the scenario that was set, and its report | [`saved`] |
//! | who may ask at all | [`server`] |
//!
//! Nothing is kept of a page: its address holds all that it asks, so that it can be reloaded or sent, and two pages do
//! not disturb each other. A page that asks something else closes its stream, by which what was under way stops.

pub mod answer;
pub mod area;
pub mod changes;
pub mod levers;
pub mod question;
pub mod saved;
pub mod server;
pub mod session;
pub mod theories;
pub mod watch;
