//! Comparisons of real lives: what common luck makes exact, and what people see of it.

mod common;
mod fake;

use std::fs;
use std::path::Path;

use common::{PLAIN, lives, scenario_with};
use shequ::base::month::Month;
use shequ::experiment::compare::effects::{Asked, Effect, Side, effects};
use shequ::experiment::contest::Contest;
use shequ::experiment::outcome::Outcome;
use shequ::experiment::window::Window;
use shequ::metric;
use shequ::record::Life;
use shequ::record::tables::Results;
use shequ::report::comparison::{Comparison, pictures, table};
use shequ::report::contest::Shows;
use shequ::report::paint::{png, svg};
use shequ::report::words::Language;

const LIVES: u32 = 10;

fn lived(changes: &str, settings: &[&str]) -> Vec<Life> {
    lives(&scenario_with(changes, &[PLAIN, settings]), LIVES)
}

fn side(name: &str, asked: &Asked, lives: &[Life]) -> Side {
    let values = |life: &Life| {
        let windows =
            asked.windows.iter().flat_map(|(_, months)| asked.outcomes.iter().map(|o| (o, months.clone())));
        windows.map(|(outcome, months)| outcome.reduce(life, months)).collect()
    };
    Side {
        name: name.into(),
        name_zh: String::new(),
        theory: "calculus".into(),
        trust: "asymmetric".into(),
        values: lives.iter().map(values).collect(),
    }
}

fn asked(windows: &[&str]) -> Asked {
    let windows: Vec<Window> = windows.iter().map(|w| w.parse().unwrap()).collect();
    Asked::new(Outcome::all(), &windows, Month::new(2017, 1), 30)
}

#[test]
fn a_scenario_compared_with_itself_differs_by_exactly_nothing() {
    let asked = asked(&["first-year", "last-year", "whole"]);
    let (base, again) = (side("Base", &asked, &lived("", &[])), side("Again", &asked, &lived("", &[])));
    let effects = effects(&asked, &[(&base, &again)], true);
    for effect in &effects {
        let d = &effect.difference;
        let has_values = d.effect.n > 0;
        assert!(!has_values || d.is_nothing() && d.effect.half_width == 0.0, "{effect:?}");
        assert!(!has_values || d.variance_ratio == 0.0 || d.variance_ratio.is_nan(), "{effect:?}");
        assert!(!effect.is_beyond_chance() && effect.per_million.is_none());
    }
    assert!(effects.iter().filter(|e| e.difference.effect.n == LIVES as usize).count() > 60);
}

#[test]
fn before_a_dated_change_a_policy_changes_nothing_and_after_it_something() {
    let change = "[[change]]\nfrom = \"2018-01\"\noutreach.home_visits = 0.5\noutreach.wechat_group = 0.9\n";
    let asked = asked(&["first-year", "2018-01..2019-06"]);
    let (base, arm) = (side("Base", &asked, &lived("", &[])), side("Arm", &asked, &lived(change, &[])));
    let effects = effects(&asked, &[(&base, &arm)], true);
    let (before, after) = effects.split_at(asked.outcomes.len());
    assert!(before.iter().all(|e| e.difference.effect.n == 0 || e.difference.is_nothing()));
    let awareness = |e: &&Effect| e.outcome.name() == "awareness";
    assert!(after.iter().find(awareness).unwrap().is_beyond_chance());
}

/// Pictures and tables of one comparison, left in the target folder for people to look at.
#[test]
fn a_comparison_is_shown_in_both_languages() {
    let change = "[[change]]\nfrom = \"2018-01\"\noutreach.home_visits = 0.5\noutreach.wechat_group = 0.9\n";
    let asked = asked(&["first-year", "last-year"]);
    let all = [
        ("Baseline", lived("", &[])),
        ("Council decides the fund", lived("", &["council.enabled=true", "funding.decider=council"])),
        ("WeChat and home visits", lived(change, &[])),
    ];
    let sides: Vec<Side> = all.iter().map(|(name, lives)| side(name, &asked, lives)).collect();
    let arms: Vec<(&Side, &Side)> = sides[1..].iter().map(|arm| (&sides[0], arm)).collect();
    let effects = effects(&asked, &arms, true);
    let results: Vec<Results> = all
        .iter()
        .map(|(_, lives)| Results {
            start: Month::new(2017, 1),
            months: 30,
            ..fake::results(metric::all(), lives, &[])
        })
        .collect();
    let changes = vec![(12, "WeChat and home visits: outreach.wechat_group".to_string())];
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("comparison");
    fs::create_dir_all(&folder).unwrap();
    for language in [Language::En, Language::Zh] {
        let comparison = Comparison { asked: &asked, arms: &arms, effects: &effects, paired: true, language };
        let text = table::summary(&comparison);
        println!("{text}\n");
        assert!(!text.contains("NaN") && !text.contains("inf"), "{text}");
        let forest = pictures::effects(&comparison).unwrap();
        let save = |name: &str, bytes: Vec<u8>| {
            fs::write(folder.join(format!("{name}-{language:?}.png")), bytes).unwrap()
        };
        assert!(svg(&forest).unwrap().contains(&forest.title));
        save("effects", png(&forest).unwrap());
        let courses = pictures::courses(&comparison, &results, &changes);
        assert_eq!(courses.len(), 9);
        save("participation", png(&courses[0]).unwrap());
    }
}

#[test]
fn a_contest_is_shown_in_both_languages() {
    let names = ["participation", "trust.committee"].map(|name| Outcome::named(name).unwrap());
    let asked = Asked::new(names.to_vec(), &[Window::LastYear], Month::new(2017, 1), 30);
    let (theories, rules) = (["calculus", "threshold"], ["asymmetric", "slow"]);
    let mut sides = Vec::new();
    for policy in ["Baseline", "Council decides the fund"] {
        for theory in theories {
            for rule in rules {
                let theory_setting = format!("theory.participation={theory}");
                let rule_setting =
                    format!("theory.asymmetric.gain={}", if rule == "slow" { 0.01 } else { 0.05 });
                let mut settings = vec![theory_setting.as_str(), rule_setting.as_str()];
                if policy != "Baseline" {
                    settings.extend(["council.enabled=true", "funding.decider=council"]);
                }
                let lives = lived("", &settings);
                sides.push(Side {
                    theory: theory.into(),
                    trust: rule.into(),
                    ..side(policy, &asked, &lives)
                });
            }
        }
    }
    let contest = Contest {
        theories: theories.map(String::from).to_vec(),
        rules: rules.map(String::from).to_vec(),
        sides,
    };
    let effects = effects(&asked, &contest.arms(), true);
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("comparison");
    fs::create_dir_all(&folder).unwrap();
    for language in [Language::En, Language::Zh] {
        let shows = Shows { contest: &contest, asked: &asked, effects: &effects, language };
        println!("{}\n", shows.summary());
        let pictures = shows.pictures();
        assert_eq!(pictures.len(), 1);
        fs::write(folder.join(format!("contest-{language:?}.png")), png(&pictures[0].1).unwrap()).unwrap();
    }
}
