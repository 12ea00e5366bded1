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
    "docking/neutral.toml",
    "docking/granovetter.csv",
    "docking/o01-granovetter-uniform.toml",
    "docking/o02-granovetter-one-change.toml",
    "docking/o03-granovetter-tipping.toml",
    "docking/o04-watts-cascades.toml",
    "docking/o05-friedkin-johnsen.toml",
    "docking/o06-brock-durlauf.toml",
    "docking/o07-conditional-cooperation.toml",
    "docking/o08-asymmetric-trust.toml",
    "docking/o08-bayesian-trust.toml",
    "docking/equal-shares.pb",
    "docking/o09-equal-shares.toml",
    "docking/o10-bass-diffusion.toml",
    "docking/o11-habit.toml",
    "docking/o11-inequality.toml",
    "docking/o11-tenure.toml",
    "docking/o12-ladder.toml",
    "docking/x01-civic-threshold.toml",
];
