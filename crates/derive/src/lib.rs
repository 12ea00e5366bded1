//! Attributes with which the settings of shequ are written once.
//!
//! A table of settings is a struct under [`macro@settings`]: each field says by its doc comment what it is,
//! and by `#[param(…)]` what it may hold, its default and where that comes from. Keys, schema, `explain`,
//! `docs/parameters.md` and the documentation of the field all follow from that. What a field with words may
//! hold is an enum under [`macro@words`].
//!
//! ```ignore
//! /// Settings of `[party]`.
//! #[settings]
//! pub struct Settings {
//!     /// Share of party members who are active in their branch.
//!     #[param(share = 0.0, zh = "在党支部中积极活动的党员比例。", choice)]
//!     pub strength: f64,
//!     /// What branches spend their time on.
//!     #[param(one_of = Lead, zh = "党组织的主要作用。")]
//!     pub role: Role,
//!     /// Residents whom an active member can ask in person in a month.
//!     #[param(
//!         real = 10.0,
//!         range = 0.0..=1_000.0,
//!         unit = "residents per member and month",
//!         zh = "每名活跃党员每月可当面动员的居民数。",
//!         assumed = "a few evenings"
//!     )]
//!     pub contacts: f64,
//! }
//!
//! /// What branches spend their time on.
//! #[words]
//! pub enum Role {
//!     /// half of the time on mobilising, half on convening
//!     #[zh = "动员与召集各半"]
//!     Lead,
//!     /// asking residents in person
//!     #[zh = "当面动员居民"]
//!     Mobilise,
//! }
//! ```

mod doc;
mod param;
mod prior;
mod settings;
mod words;

use proc_macro::TokenStream;
use quote::quote;

/// Makes a struct a table of settings: one key for each field.
///
/// Derived are `Clone`, `Debug`, `PartialEq` and `Serialize`; implemented is the trait `Settings`.
/// `#[settings(fixed)]` says of all fields that they may not change in the course of a run, `#[settings(citywide)]`
/// that they may not differ between communities.
///
/// The doc comment of a field is its English meaning. `#[param(…)]` holds, in this order:
///
/// | what | arguments |
/// |---|---|
/// | kind and default | one of `share = 0.5`, `real = 1.0`, `count = 3`, `flag = true`, `one_of = Lead`, `text = ""`, `month = "2017-01"`, `shares = [0.6, 0.4]`, `each = [1.0, 3.0]`, `numbers`, `rows`, `election` |
/// | what is allowed | `range = 0.0..=1.0` with `real`, `count`, `each` and `numbers`; `length = 2..=3` with `rows`; `parts = [text("en", "zh"), …]` with `shares` and `each`; `words = …` with a `one_of` whose field is a text |
/// | unit | `unit = "yuan per year"`, where it is not "share" |
/// | Chinese meaning | `zh = "…"` |
/// | where the default comes from | `measured = "source"`, `derived = "how"`, `fitted = "to what, and what was known before"`, `assumed = "why"` or `choice`; numbers and shares must say it, all others are choices unless they do |
/// | what is believed of it | `prior = log_normal(0.2, 0.6)`, with `share`, `real` and `count` that are claims: one of `normal(mean, sd)`, `log_normal(median, log_sd)`, `beta(a, b)`, `share(mean, spread)`, `uniform(low, high)` and `half_normal(sd)`, then perhaps `.within(low, high)`, and `.of("table.key")` where it is a factor of what that key holds; where it says nothing, the grade does, unless the default is fitted |
/// | whether it may change | `fixed`, if it may not; `citywide`, if it may not differ between communities |
/// | where it shows an effect | `demonstration = ["council.enabled=true"]`: settings without which a change of it would show none, beside those with which its institution shows one; `.key=value` is a key of the same table |
///
/// Values are expressions, so that a source that several settings share can be a constant.
///
/// A field under `#[table]` is a table of its own within this one: it has no key here, and stands at its
/// `Default` until it is filled in.
#[proc_macro_attribute]
pub fn settings(arguments: TokenStream, item: TokenStream) -> TokenStream {
    written(settings::expand(arguments.into(), item.into()))
}

/// Makes an enum the words that a setting may hold.
///
/// A word is its variant in snake case. The doc comment of the variant says in English what it stands for, as
/// a phrase that fits into a list (no capital, no full stop), `#[zh = "…"]` in Chinese.
///
/// Derived are `Clone`, `Copy`, `Debug`, `PartialEq`, `Eq`, `Serialize` and `Deserialize`; implemented is the
/// trait `Words`.
#[proc_macro_attribute]
pub fn words(arguments: TokenStream, item: TokenStream) -> TokenStream {
    written(words::expand(arguments.into(), item.into()))
}

fn written(result: syn::Result<proc_macro2::TokenStream>) -> TokenStream {
    result.unwrap_or_else(|error| error.to_compile_error()).into()
}

/// The module of the simulator in which what is generated finds its types.
fn home() -> proc_macro2::TokenStream {
    quote!(::shequ_model::base::params)
}
