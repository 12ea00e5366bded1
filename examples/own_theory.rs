//! A theory of participation of one's own: residents do what their acquaintances do.
//!
//! ```text
//! cargo run --release --example own_theory -- explain imitation
//! cargo run --release --example own_theory -- contest scenarios/baseline.toml scenarios/wechat-and-home-visits.toml
//! ```

use std::process::ExitCode;

use shequ_model::base::math::logistic;
use shequ_model::base::params::{Settings, settings, text};
use shequ_model::registry::Registry;
use shequ_model::theory::{self, Entry, Inputs, Term, Theory};

/// Settings of `[theory.imitation]`, and the theory itself.
#[settings(fixed)]
pub struct Imitation {
    /// Weight of the share of acquaintances who took part.
    #[param(real = 3.0, range = 0.0..=20.0, unit = "logit", zh = "熟人参与比例的权重。", assumed = "no measurement")]
    pub weight: f64,
}

impl Theory for Imitation {
    #[inline(always)]
    fn probability(&self, intercept: f32, x: &Inputs, out: &mut [f32]) {
        for (p, norm) in out.iter_mut().zip(x.norm) {
            *p = logistic(intercept + self.weight as f32 * norm);
        }
    }

    fn terms(&self, intercept: f32, x: &Inputs, k: usize) -> Vec<Term> {
        let utility = intercept + self.weight as f32 * x.norm[k];
        vec![
            Term { name: text("intercept", "截距"), value: intercept as f64 },
            Term { name: text("acquaintances", "熟人"), value: self.weight * x.norm[k] as f64 },
            Term { name: text("probability", "概率"), value: logistic(utility) as f64 },
        ]
    }
}

/// How scenarios choose it, and what is said of it.
pub const IMITATION: Entry = Entry {
    name: "imitation",
    path: "theory.imitation",
    label: text("imitation", "仿效"),
    summary: text("Residents do what their acquaintances do.", "居民仿效熟人的行动。"),
    equation: "P = 1 / (1 + exp(−(a + weight·m)))",
    keys: Imitation::keys,
    build: theory::build::<Imitation>,
};

fn main() -> ExitCode {
    shequ::command::main_with(Registry::standard().with_theory(IMITATION))
}
