//! Whether two scenarios may be compared in pairs: the same residents, with common random numbers.

use shequ_model::base::i18n::{Both, both};
use shequ_model::base::problem::{Problem, Problems};
use shequ_model::scenario::Loaded;

/// Keys that determine the city or its random numbers.
const SHARED: [&str; 3] = ["seed.city", "seed.replicates", "seed.cities"];
/// The table by which a city would be another.
const CITY: &str = "population.";
/// Keys by which months would not be the same months.
const CALENDAR: [&str; 2] = ["start", "months"];

/// What an arm does not share with its base. Unlike seeds and cities are allowed where `allow_unlike` says so:
/// then nothing is paired. Unlike months never are. The arm is called `name`.
pub fn problems(base: &Loaded, arm: &Loaded, name: &str, allow_unlike: bool) -> Problems {
    let mut problems = Problems::default();
    let first = &base.scenario.name;
    for key in unlike(base, arm, &|key| CALENDAR.contains(&key)) {
        let help =
            both!("give both the same, for example with --set {key}=…", "请让两者相同，例如用 --set {key}=…");
        let what = both!(
            "so months of `{name}` are not those of `{first}`",
            "因此 `{name}` 的月份不是 `{first}` 的月份"
        );
        problems.push(problem(base, arm, key, what).help(help));
    }
    if !allow_unlike {
        for key in unlike(base, arm, &is_of_the_city_or_its_seeds) {
            let what = both!(
                "so replicates of `{name}` cannot be paired with those of `{first}`",
                "因此 `{name}` 的各次模拟不能与 `{first}` 的配对"
            );
            problems.push(problem(base, arm, key, what).help(both!(
                "give both the same value, or compare them without common random numbers, and less \
                 precisely, with --allow-unlike, or allow_unlike = true in an experiment file",
                "请让两者取值相同；或用 --allow-unlike，或在实验文件中写 allow_unlike = true，\
                 即不共用随机数而比较，精度较低"
            )));
        }
    }
    problems
}

/// True if the two have the same city and random numbers.
pub fn are_alike(base: &Loaded, arm: &Loaded) -> bool {
    unlike(base, arm, &is_of_the_city_or_its_seeds).next().is_none()
}

fn is_of_the_city_or_its_seeds(key: &str) -> bool {
    SHARED.contains(&key) || key.starts_with(CITY)
}

/// Keys among those wanted whose values differ at the start; none of them can change later.
fn unlike<'a>(
    base: &'a Loaded,
    arm: &'a Loaded,
    wanted: &'a dyn Fn(&str) -> bool,
) -> impl Iterator<Item = &'a str> {
    let keys = arm.draft.values.iter().filter(|(key, _)| wanted(key));
    keys.filter(|(key, given)| base.value(key).is_none_or(|other| other.value != given.value))
        .map(|(key, _)| key.as_str())
}

fn problem(base: &Loaded, arm: &Loaded, key: &str, what: Both) -> Problem {
    let value = |loaded: &Loaded| loaded.value(key).map(|given| given.value.to_string()).unwrap_or_default();
    let message = both!(
        "`{key}` is {arm} and not {base}, {what}", "`{key}` 是 {arm} 而不是 {base}，{what}";
        key = key, arm = value(arm), base = value(base), what = what
    );
    let place = |loaded: &Loaded| loaded.value(key).and_then(|given| given.place.clone());
    let problem = Problem::new(message).of(key);
    match place(arm).or_else(|| place(base)) {
        Some(place) => problem.at(place),
        None => problem,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use shequ_model::scenario::Scenario;

    fn loaded(name: &str, options: &[&str]) -> Loaded {
        let options: Vec<String> = options.iter().map(|o| o.to_string()).collect();
        Scenario::from_text("a.toml", &format!("name = \"{name}\"\n"), &options).unwrap()
    }

    #[test]
    fn a_policy_may_differ_in_anything_but_seeds_city_and_calendar() {
        let base = loaded("Base", &[]);
        let policy =
            loaded("Policy", &["council.enabled=true", "theory.participation=threshold", "replicates=5"]);
        assert!(problems(&base, &policy, "Policy", false).is_empty() && are_alike(&base, &policy));
        for key in ["seed.city=2", "seed.replicates=2", "seed.cities=one", "population.adults=100"] {
            let other = loaded("Other", &[key]);
            let said = problems(&base, &other, "Other", false).to_string();
            let name = key.split_once('=').unwrap().0;
            assert!(said.contains(&format!("`{name}` is ")) && said.contains("--allow-unlike"), "{said}");
            assert!(problems(&base, &other, "Other", true).is_empty() && !are_alike(&base, &other));
        }
        for key in ["start=2018-01", "months=12"] {
            assert!(!problems(&base, &loaded("Other", &[key]), "Other", true).is_empty(), "{key}");
        }
    }
}
