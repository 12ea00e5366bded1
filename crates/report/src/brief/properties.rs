//! Briefs of random results of every kind: sentences, pictures and tables say the same.

mod found;

use super::standing::MOST;
use super::{Brief, Drawn, Figure, called};
use crate::draw::ranking::Direction;
use crate::page::folder::Folder;
use crate::page::time_series::metric;
use crate::page::{self, claim};
use crate::random::{Random, Results, brief_holds, cell, cells, content_holds};
use crate::theories::theory_called;
use shequ_experiment::compare::effects::Verdict;
use shequ_model::base::i18n::{Both, Language};
use shequ_model::{theory, trust};

/// Results of each kind that are made up.
const TIMES: usize = 60;
/// Outcomes with units of every kind.
const OUTCOMES: [&str; 5] =
    ["participation", "trust.committee", "satisfaction", "response.days", "fund.balance"];
/// Parameters with units of several kinds, and one of words.
const KEYS: [&str; 11] = [
    "outreach.home_visits",
    "outreach.phone",
    "outreach.wechat_group",
    "staff.per_10000",
    "staff.count",
    "funding.base",
    "residents.forgetting",
    "residents.request_rate",
    "council.capture",
    "modes.meeting.base_rate",
    "modes.vote.base_rate",
];

/// The brief, of which holds what must hold of any.
fn brief(folder: &Folder, kind: &str, outcome: &str) -> Brief {
    let brief = super::brief(folder, kind).unwrap().unwrap();
    brief_holds(&brief);
    let unit = claim::difference_unit(metric(outcome).unwrap());
    for figure in &brief.figures {
        let Drawn::Ranking { standings, .. } = &figure.drawn else { continue };
        assert!(standings.iter().all(|one| !one.figures.en.is_empty() && !one.name.en.is_empty()));
    }
    // Where the answer has numbers of the outcome, it has their unit.
    let answer = &brief.answer;
    let is_of_outcome = answer.en.iter().any(|part| {
        matches!(part, crate::page::sentence::Part::Number(n) if n.source.column.contains("effect") || n.source.column.contains("change"))
    });
    for language in [Language::En, Language::Zh] {
        let text = answer.text(language);
        assert!(!is_of_outcome || text.contains(unit.of(language).trim()), "no unit: {text}");
    }
    brief
}

/// The rows of a ranked picture: name and direction.
fn rows(figure: &Figure) -> Vec<(&str, Direction)> {
    match &figure.drawn {
        Drawn::Ranking { standings, .. } => {
            standings.iter().map(|one| (one.name.en.as_str(), one.direction)).collect()
        }
        _ => Vec::new(),
    }
}

fn answer(brief: &Brief) -> String {
    brief.answer.text(Language::En)
}

/// Whether a picture says that it leaves out rows, and how many there are.
fn says_what_it_leaves_out(figure: &Figure, all: usize, most: usize) {
    let shown = rows(figure).len();
    assert_eq!(shown, all.min(most));
    let said = figure.note.en.contains(&format!("The first {shown} of {all} are shown."));
    assert_eq!(said, all > most, "{}", figure.note.en);
}

/// The tables of a comparison that a brief needs, and what each policy does: "higher", "lower" or "open".
fn comparison(random: &mut Random, outcome: &str) -> (Results, Vec<&'static str>) {
    let arms = 1 + random.below(10);
    let mut results = Results::of("compare", outcome, arms, random);
    let (mut effects, mut differences, mut truth) = (Vec::new(), Vec::new(), Vec::new());
    for name in results.arms.clone() {
        let [value, low, high] = random.interval(0.2);
        let is_significant = (low > 0.0 || high < 0.0) && random.chance(0.7);
        let smallest = 0.1 * random.number();
        let is_small = low > -smallest && high < smallest && random.chance(0.7);
        let verdict = match (is_small, is_significant) {
            (true, _) => Verdict::PracticallySame,
            (_, true) if value > 0.0 => Verdict::Larger,
            (_, true) => Verdict::Smaller,
            _ => Verdict::Undecided,
        };
        truth.push(match verdict {
            Verdict::Larger => "higher",
            Verdict::Smaller => "lower",
            _ => "open",
        });
        let base = 0.3 + 0.2 * random.number();
        effects.push(format!(
            "{},Base,{outcome},last-year,{},9,{is_significant},{},primary,paired t",
            cell(&name.en),
            cells(&[value, low, high, base, base + value, smallest]),
            cell(verdict.word())
        ));
        for month in 0..36 {
            let one = cells(&[value + 0.01 * random.number(), low, high]);
            differences.push(format!("{},Base,{outcome},{month},{one},9", cell(&name.en)));
        }
    }
    let columns = "arm,base,metric,window,effect,ci95_low,ci95_high,base_mean,arm_mean,smallest_effect,n,significant,verdict,role,method";
    results.table("effects", columns, &effects);
    results.table("differences", "arm,base,metric,month,effect,ci95_low,ci95_high,n", &differences);
    results.table(
        "summary",
        "arm,metric,month,mean,ci95_low,ci95_high,n",
        &["Base,participation,35,0.2,0.1,0.3,9".into()],
    );
    (results, truth)
}

#[test]
fn comparisons_do_not_contradict_themselves() {
    let mut random = Random::new(20_261_128);
    let mut told = [0; 3];
    for time in 0..3 * TIMES {
        let outcome = OUTCOMES[time % OUTCOMES.len()];
        let (mut results, truth) = comparison(&mut random, outcome);
        let arms = results.arms.clone();
        let group = |name: &Both, level: &str, values: [f64; 3]| {
            format!("{},last-year,{outcome},age,{level},{}", cell(&name.en), cells(&values))
        };
        let of_groups: Vec<String> = arms
            .iter()
            .flat_map(|name| ["18-29", "70+"].map(|level| group(name, level, random.interval(0.3))))
            .collect();
        results.table("group_effects", "arm,window,metric,group,level,effect,ci95_low,ci95_high", &of_groups);
        let made = results.finish();
        let brief = brief(&made.folder(), "compare", outcome);
        let (said, figure) = (answer(&brief), &brief.figures[0]);
        says_what_it_leaves_out(figure, arms.len(), MOST);
        let direction = |name: &str| match truth[arms.iter().position(|arm| arm.en == name).unwrap()] {
            "higher" => Direction::Higher,
            "lower" => Direction::Lower,
            _ => Direction::Open,
        };
        assert!(rows(figure).iter().all(|(name, drawn)| *drawn == direction(name)), "{said}");
        let named = |before: &str, after: &str| {
            let is_it = |arm: &&Both| said.contains(&format!("{before}\"{}\"{after}", arm.en));
            arms.iter().find(is_it).map(|arm| direction(&arm.en))
        };
        match () {
            () if truth.contains(&"higher") => {
                told[0] += 1;
                assert_eq!(named("", " raises "), Some(Direction::Higher), "{said}: {truth:?}");
                let is_alone = figure.title.en == "One policy stands out";
                let is_doubted = said.contains("does more is undecided");
                assert!(arms.len() == 1 || is_alone != is_doubted, "{said}: {}", figure.title.en);
            }
            () if truth.contains(&"lower") => {
                told[1] += 1;
                let is_told = said.contains(" lowers ") || said.contains("No policy ");
                assert!(is_told && named("", " raises ").is_none(), "{said}: {truth:?}");
            }
            () => {
                told[2] += 1;
                assert!(!said.contains(" raises ") && !said.contains(" lowers "), "{said}: {truth:?}");
            }
        }
    }
    assert!(told.iter().all(|&times| times > 5), "{told:?}");
}

#[test]
fn costs_say_what_their_rows_say() {
    let mut random = Random::new(7);
    for time in 0..TIMES {
        let (mut results, _) = comparison(&mut random, "participation");
        let arms = results.arms.clone();
        let (mut of_costs, mut expected) = (Vec::new(), Vec::new());
        for name in &arms {
            let [value, low, high] = random.interval(90_000.0);
            let verdict = match () {
                () if low > 0.0 => "costs more",
                () if high < 0.0 => "saves",
                () => "cannot be told",
            };
            let row = |metric: &str, numbers: [f64; 3], set: &str, verdict: &str, rival: &str| {
                format!(
                    "{},{},last-year,yuan,{},0,{set},{},{}",
                    cell(&name.en),
                    cell(metric),
                    cells(&numbers),
                    cell(verdict),
                    cell(rival)
                )
            };
            of_costs.push(row("cost.total", [value, low, high], "between", verdict, ""));
            // A price is there only where money and good move alike; another policy may dominate.
            let price = random.interval(3_000.0).map(f64::abs);
            let (least, most) = (price[1].min(price[2]), price[1].max(price[2]));
            let of_price = if low > 0.0 { "costs more and does more" } else { "cannot be told" };
            let rival = (arms.len() > 1 && random.chance(0.3)).then(|| &arms[random.below(arms.len())].en);
            let rival = rival.filter(|rival| **rival != name.en).map_or("", |rival| rival.as_str());
            of_costs.push(row(
                "cost.total / cost.active_residents",
                [0.5 * (least + most), least, most],
                "between",
                of_price,
                rival,
            ));
            expected.push((verdict, of_price, rival.to_string()));
        }
        let columns = "arm,metric,window,unit,value,ci95_low,ci95_high,base_mean,set,verdict,dominated_by";
        results.table("costs", columns, &of_costs);
        results.table("group_effects", "arm,window,metric,group,level,effect,ci95_low,ci95_high", &[]);
        let made = results.finish();
        let brief = brief(&made.folder(), "compare", "participation");
        let part = brief.costs().unwrap_or_else(|| panic!("costs, time {time}"));
        let first = part.lines[0].text(Language::En);
        assert!(first.starts_with("Yuan per community and year"), "{first}");
        assert!(
            arms.iter().take(1).all(|_| rows(&brief.figures[0]).iter().all(|(name, _)| first.contains(name))),
            "{first}"
        );
        let experiment = page::experiment::Experiment::of(&made.folder()).unwrap();
        let section = page::costs::section(&made.folder(), &experiment).unwrap().unwrap();
        let lists = section.items.iter().filter_map(|item| match item {
            page::Item::List(said) => Some(said),
            _ => None,
        });
        let all: Vec<Vec<String>> = lists
            .map(|said| {
                said.iter().for_each(crate::random::sentence_holds);
                said.iter().map(|said| said.text(Language::En)).collect()
            })
            .collect();
        assert_eq!(all.len(), arms.len());
        for (said, (verdict, of_price, rival)) in all.iter().zip(&expected) {
            let [cost, worth] = &said[..] else { panic!("{said:?}") };
            assert!(cost.contains("yuan per community and year"), "{cost}");
            assert_eq!(cost.contains(" more than \""), *verdict == "costs more", "{cost}");
            assert_eq!(cost.contains("saves"), *verdict == "saves", "{cost}");
            assert_eq!(cost.contains("cannot be told"), *verdict == "cannot be told", "{cost}");
            assert_eq!(worth.contains("yuan a year"), *of_price == "costs more and does more", "{worth}");
            assert_eq!(worth.contains("dominates it"), !rival.is_empty(), "{worth}");
            assert!(rival.is_empty() || worth.contains(&format!("\"{rival}\" dominates it")), "{worth}");
        }
    }
}

#[test]
fn contests_do_not_contradict_themselves() {
    let mut random = Random::new(31);
    let theories: Vec<&str> = theory::with_own().map(|theory| theory.name).collect();
    let rules: Vec<&str> = trust::all().iter().map(|rule| rule.name).collect();
    let mut told = [0; 3];
    for time in 0..TIMES {
        let outcome = OUTCOMES[time % OUTCOMES.len()];
        let count = 1 + random.below(10);
        let mut results = Results::of("contest", outcome, count, &mut random);
        let (mut effects, mut ranges) = (Vec::new(), Vec::new());
        for name in results.arms.clone() {
            // Now all alike, now all about nothing, now each its own.
            let (middle, spread) = ([0.05, -0.05, 0.0][random.below(3)], [0.004, 0.1][random.below(2)]);
            let mut all: Vec<([f64; 3], bool, [&str; 2])> = Vec::new();
            for theory in &theories {
                for rule in &rules {
                    let value = middle + spread * (random.number() - 0.5);
                    let half = 0.04 * random.number();
                    let is_clear = value.abs() > half;
                    let is_significant = is_clear && random.chance(0.8);
                    all.push(([value, value - half, value + half], is_significant, [theory, rule]));
                }
            }
            for (values, is_significant, [theory, rule]) in &all {
                effects.push(format!(
                    "{},Base,{theory},{rule},{outcome},last-year,{},9,{is_significant},paired t",
                    cell(&name.en),
                    cells(values)
                ));
            }
            let by_value = |a: &&([f64; 3], bool, [&str; 2]), b: &&([f64; 3], bool, [&str; 2])| {
                a.0[0].total_cmp(&b.0[0])
            };
            let (lowest, highest) =
                (all.iter().min_by(by_value).unwrap(), all.iter().max_by(by_value).unwrap());
            let counted =
                |is: &dyn Fn(&([f64; 3], bool, [&str; 2])) -> bool| all.iter().filter(|one| is(one)).count();
            ranges.push(format!(
                "{},Base,{outcome},last-year,{},{},{},{},{},{},{},{},{},{},0.5,0.01,",
                cell(&name.en),
                all.len(),
                cells(&[lowest.0[0], highest.0[0]]),
                lowest.2[0],
                lowest.2[1],
                highest.2[0],
                highest.2[1],
                counted(&|one| one.1 && one.0[0] > 0.0),
                counted(&|one| one.1 && one.0[0] < 0.0),
                counted(&|one| one.0[1] > 0.0),
                counted(&|one| one.0[2] < 0.0),
            ));
        }
        let mut columns =
            "arm,base,theory,trust,metric,window,effect,ci95_low,ci95_high,n,significant,method";
        results.table("effects", columns, &effects);
        columns = "arm,base,metric,window,combinations,lowest,highest,lowest_theory,lowest_trust,highest_theory,highest_trust,\
            up_significant,down_significant,up_uncorrected,down_uncorrected,p_holm_theory,p_holm_trust,p_holm_theory_trust";
        results.table("range", columns, &ranges);
        // Shares are estimates, and so may lie beyond what a share can be.
        let share = |source: &str, random: &mut Random| {
            let [value, low, high] = random.interval(0.9).map(|value| value + 0.5);
            format!("{outcome},last-year,effect,{source},{}", cells(&[value, low, high]))
        };
        let variance: Vec<String> =
            ["theory", "trust", "chance"].iter().map(|source| share(source, &mut random)).collect();
        results.table("variance", "metric,window,of,source,share,ci95_low,ci95_high", &variance);
        results.table("differences", "arm,base,theory,trust,metric,month,effect,ci95_low,ci95_high,n", &[]);
        let arms = results.arms.clone();
        let made = results.finish();
        let brief = brief(&made.folder(), "contest", outcome);
        content_holds(&page::content(&made.folder()).unwrap());
        let (said, by_theory) = (answer(&brief), brief.figures.last().unwrap());
        let drawn: Vec<Direction> = rows(by_theory).iter().map(|row| row.1).collect();
        assert_eq!(drawn.len(), theories.len());
        let names: Vec<String> = theories.iter().map(|name| theory_called(name, Language::En)).collect();
        assert!(rows(by_theory).iter().all(|row| names.iter().any(|name| name == row.0)));
        let direction = match () {
            () if said.starts_with("Whichever theory") && said.contains(" raises ") => {
                Some(Direction::Higher)
            }
            () if said.starts_with("Whichever theory") => Some(Direction::Lower),
            () if said.starts_with("Undecided") => Some(Direction::Open),
            () => None,
        };
        told[direction.map_or(2, |direction| usize::from(direction == Direction::Open))] += 1;
        assert!(
            direction.is_none_or(|direction| drawn.iter().all(|one| *one == direction)),
            "{said}: {drawn:?}"
        );
        if arms.len() > 1 {
            says_what_it_leaves_out(&brief.figures[0], arms.len(), MOST);
            let (name, first) = rows(&brief.figures[0])[0];
            assert!(said.contains(&format!("\"{name}\"")), "{said}: {name}");
            assert_eq!(first, direction.unwrap_or(Direction::Open), "{said}");
        }
    }
    assert!(told.iter().all(|&times| times > 3), "{told:?}");
}

/// The tables of a design over some keys, of one outcome of the base and, if there is one, of an arm.
fn design(results: &mut Results, random: &mut Random, outcome: &str, keys: &[&str]) {
    let points = 12;
    let row = |random: &mut Random| cells(&keys.iter().map(|_| random.number()).collect::<Vec<_>>());
    let rows: Vec<String> = (0..points).map(|_| row(random)).collect();
    results.table("design", &keys.join(","), &rows);
    let sides: Vec<String> =
        std::iter::once("Base".to_string()).chain(results.arms.iter().map(|arm| arm.en.clone())).collect();
    let mut of_points = Vec::new();
    for point in 0..points {
        for side in &sides {
            // Ends of an interval of a share may pass its bounds.
            let (value, half) = (random.number(), 0.2 * random.number());
            let side = if sides.len() > 1 { cell(side) } else { String::new() };
            of_points.push(format!(
                "{point},{side},{outcome},last-year,{},9",
                cells(&[value, value - half, value + half])
            ));
        }
    }
    results.table("points", "design_row,arm,outcome,window,mean,ci95_low,ci95_high,n", &of_points);
}

#[test]
fn sweeps_do_not_contradict_themselves() {
    let mut random = Random::new(5);
    let mut told = [0; 2];
    for time in 0..TIMES {
        let outcome = OUTCOMES[time % OUTCOMES.len()];
        let (arms, keys) = (random.below(2), &KEYS[..1 + random.below(KEYS.len())]);
        let mut results = Results::of("sweep", outcome, arms, &mut random);
        design(&mut results, &mut random, outcome, keys);
        let arm = results.arms.first().map_or(String::new(), |arm| cell(&arm.en));
        let (mut effects, mut truth) = (Vec::new(), Vec::new());
        for key in keys {
            // Of a key there is one test; of each of its values an interval that is not corrected.
            let (p, share) = ([0.001, 0.4][random.below(2)], random.number());
            let mut is_told = false;
            let mut furthest = 0.0_f64;
            for value in 0..3 {
                let [effect, low, high] = random.interval(0.2);
                if effect.abs() > furthest {
                    (furthest, is_told) = (effect.abs(), p < 0.05 && (low > 0.0 || high < 0.0));
                }
                let ends = cells(&[0.1 * value as f64, 0.1 * value as f64 + 0.05]);
                effects.push(format!(
                    "{outcome},last-year,{arm},{key},,{ends},{},9,{share},{p},estimated",
                    cells(&[0.4 + effect, effect, low, high])
                ));
            }
            truth.push((furthest, is_told, called(key).en));
        }
        let columns = "outcome,window,arm,parameter,value,low,high,mean,effect,ci95_low,ci95_high,n,variance_share,p_holm,status";
        results.table("main_effects", columns, &effects);
        let made = results.finish();
        let brief = brief(&made.folder(), "sweep", outcome);
        let content = page::content(&made.folder()).unwrap();
        content_holds(&content);
        let (said, figure) = (answer(&brief), &brief.figures[0]);
        says_what_it_leaves_out(figure, keys.len(), MOST);
        let strongest = truth.iter().filter(|one| one.1).max_by(|a, b| a.0.total_cmp(&b.0));
        told[usize::from(strongest.is_some())] += 1;
        let filled = rows(figure).iter().filter(|row| row.1 != Direction::Open).count();
        assert_eq!(filled, truth.iter().filter(|one| one.1).count().min(MOST));
        match strongest {
            None => assert!(said.contains("undecided"), "{said}"),
            Some((_, _, name)) => {
                assert!(said.contains(&format!("what stands out most is \"{name}\"")), "{said}: {truth:?}");
                assert_eq!(rows(figure)[0].0, name);
                let is_above = said.contains("above the mean");
                assert_eq!(rows(figure)[0].1 == Direction::Higher, is_above, "{said}");
            }
        }
        // The page tells the same of an arm's effect, by the key.
        let sentences: Vec<String> = content.sentences().map(|said| said.text(Language::En)).collect();
        let has = |words: &str| sentences.iter().any(|said| said.contains(words));
        assert_eq!(has("no key has a significant effect"), arms == 1 && strongest.is_none());
        assert_eq!(has("has the largest effect"), arms == 1 && strongest.is_some());
        if let (1, Some((_, _, name))) = (arms, strongest) {
            let key = keys.iter().find(|key| called(key).en == *name).unwrap();
            assert!(has(&format!("of single keys, {key} has the largest effect")), "{name}");
        }
    }
    assert!(told.iter().all(|&times| times > 5), "{told:?}");
}

#[test]
fn sensitivity_studies_do_not_contradict_themselves() {
    let mut random = Random::new(11);
    let mut told = [0; 2];
    for time in 0..TIMES {
        let outcome = OUTCOMES[time % OUTCOMES.len()];
        let keys = &KEYS[..1 + random.below(KEYS.len())];
        let mut results = Results::of("sensitivity", outcome, 0, &mut random);
        design(&mut results, &mut random, outcome, keys);
        let index = ["ST", "mu_star", "pawn"][time % 3];
        let (mut indices, mut truth) = (Vec::new(), Vec::new());
        let is_weak = random.chance(0.3);
        for key in keys {
            let (value, half) = (random.number(), if is_weak { 1.5 } else { 0.5 * random.number() });
            let floor = if index == "pawn" { if is_weak { 2.0 } else { random.number() } } else { f64::NAN };
            indices.push(format!(
                "{outcome},last-year,{key},,{index},{},9,,{}",
                cells(&[value, value - half, value + half]),
                cells(&[floor])
            ));
            let matters = if floor.is_nan() { value > half } else { value > floor };
            truth.push((value, half, matters, called(key).en));
        }
        results.table(
            "indices",
            "outcome,window,parameter,other,index,value,ci95_low,ci95_high,n,arm,floor",
            &indices,
        );
        let noise = 1.4 * random.number();
        results.table(
            "convergence",
            "outcome,window,arm,n,widest_interval,noise_share,values_converged,ranks_converged,screening_converged",
            &[format!("{outcome},last-year,,9,0.2,{noise},true,false,true")],
        );
        let made = results.finish();
        let brief = brief(&made.folder(), "sensitivity", outcome);
        content_holds(&page::content(&made.folder()).unwrap());
        let (said, figure) = (answer(&brief), &brief.figures[0]);
        says_what_it_leaves_out(figure, keys.len(), MOST);
        let first = truth.iter().filter(|one| one.2).max_by(|a, b| a.0.total_cmp(&b.0));
        told[usize::from(first.is_some())] += 1;
        let Some((value, half, _, name)) = first else {
            assert!(said.contains("no parameter is shown to matter"), "{said}");
            assert!(rows(figure).iter().all(|row| row.1 == Direction::Open), "{said}");
            continue;
        };
        assert!(said.contains(&format!("\"{name}\" matters most")), "{said}: {truth:?}");
        let drawn = rows(figure).into_iter().find(|row| row.0 == name);
        assert!(drawn.is_none_or(|row| row.1 == Direction::Higher), "{said}");
        let reaches = |one: &&(f64, f64, bool, String)| one.3 != *name && one.0 + one.1 >= value - half;
        assert_eq!(
            said.contains("may matter as much"),
            truth.iter().any(|one| reaches(&one)),
            "{said}: {truth:?}"
        );
    }
    assert!(told.iter().all(|&times| times > 5), "{told:?}");
}
