//! Files that are part of the program, so that published results can be checked anywhere.

/// Files by name, and their texts.
macro_rules! files {
    ($($name:literal),* $(,)?) => {
        /// Names and texts; a scenario extends one of them by `shequ:NAME`.
        pub const FILES: &[(&str, &str)] = &[$(($name, include_str!(concat!("../../../../scenarios/", $name)))),*];
    };
}

files![
    "minimal.toml",
    "targets.csv",
    "benchmarks/neutral.toml",
    "benchmarks/granovetter.csv",
    "benchmarks/o01-granovetter-uniform.toml",
    "benchmarks/o02-granovetter-one-change.toml",
    "benchmarks/o03-granovetter-tipping.toml",
    "benchmarks/o04-watts-cascades.toml",
    "benchmarks/o05-friedkin-johnsen.toml",
    "benchmarks/o06-brock-durlauf.toml",
    "benchmarks/o07-conditional-cooperation.toml",
    "benchmarks/o08-asymmetric-trust.toml",
    "benchmarks/o08-bayesian-trust.toml",
    "benchmarks/equal-shares.pb",
    "benchmarks/o09-equal-shares.toml",
    "benchmarks/o10-bass-diffusion.toml",
    "benchmarks/o11-habit.toml",
    "benchmarks/o11-inequality.toml",
    "benchmarks/o11-tenure.toml",
    "benchmarks/o12-ladder.toml",
    "benchmarks/o12-ladder-dictatorship.toml",
    "benchmarks/o13-granovetter-random.toml",
    "benchmarks/o14-recruitment.toml",
    "benchmarks/o15-aspirations.toml",
    "benchmarks/o16-subjective-norm.toml",
    "benchmarks/o17-office.toml",
    "benchmarks/o18-lots.toml",
    "benchmarks/o19-deliberation.toml",
    "benchmarks/nested-majorities.pb",
    "benchmarks/o20-nested-majorities.toml",
    "benchmarks/o21-household-ballot.toml",
    "benchmarks/o22-desk.toml",
    "benchmarks/o23-bounded-confidence.toml",
    "benchmarks/o24-two-compounds.toml",
    "benchmarks/o25-agenda.toml",
    "benchmarks/o26-registration.toml",
    "benchmarks/o27-delegates.toml",
    "benchmarks/o28-bodies.toml",
    "benchmarks/o29-forms.toml",
    "benchmarks/x01-civic-threshold.toml",
];
