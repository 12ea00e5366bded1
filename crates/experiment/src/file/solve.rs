//! Equal money: a key of an arm is solved so that the arm costs what the budget says.
//!
//! Solved while the file is read, under common random numbers with the base and with the replicates that the comparison
//! begins with, so that the same file always gives the same value. The results folder holds the value, not the question:
//! whoever runs it again from there need not solve it again.

use std::ops::Range;

use rayon::prelude::*;
use toml::Value;
use toml::de::DeTable;

use super::Arm;
use super::reading::File;
use crate::outcome::Outcome;
use crate::prepare::RunCache;
use crate::window::Window;
use shequ_model::base::i18n::{Both, both};
use shequ_model::base::params::{Key, Kind};
use shequ_model::base::problem::{Problem, Problems};
use shequ_model::base::stats::{Estimate, estimate};
use shequ_model::metric::costs::TOTAL;
use shequ_model::scenario::index::split;
use shequ_model::scenario::places::Where;
use shequ_model::scenario::{Loaded, index};

/// Replicates of which the mean cost is solved.
const REPLICATES: u32 = 4;
/// Most values that are tried after the budget lies between two of them.
const TRIALS: usize = 24;
/// How near to the budget is near enough, as a share of it: well within what replicates differ by.
const NEAR: f64 = 1e-4;
/// By how much each trial goes further until the budget lies between two of them.
const FURTHER: f64 = 4.0;
/// The first step where nothing says how large the key usually is, as a share of its range.
const FIRST: f64 = 1.0 / 1024.0;

/// A key to be solved.
pub struct Question<'a> {
    /// The key.
    pub path: &'a str,
    /// Yuan per community and year that the arm is to cost more than the base.
    pub budget: f64,
    /// The months over which costs are meant.
    pub months: Range<u32>,
}

/// A value that was tried, and the cost of the arm with it.
type Trial = (f64, Estimate);

/// What was found.
pub struct Solved {
    /// The arm with the value.
    pub arm: Loaded,
    /// What to tell of it.
    pub told: Both,
}

impl Question<'_> {
    /// The arm that costs the budget, where it holds `within` some communities alone.
    ///
    /// # Errors
    /// What is wrong with the key, or that no value of it costs the budget.
    pub fn solve(&self, base: &Loaded, arm: &Loaded, within: Option<&Where>) -> Result<Solved, Problems> {
        let (range, is_whole) = self.range()?;
        let before = Spending::of(base, &self.months);
        let cost = |value: f64| -> Result<Trial, Problems> {
            let loaded = self.with(arm, value, is_whole)?.departing_from(base, within)?;
            Ok((value, Spending::of(&loaded, &self.months).beyond(&before)))
        };
        let trials = self.search(&range, is_whole, self.usual(arm, &range), &cost)?;
        let off = |trial: &&Trial| (trial.1.mean - self.budget).abs();
        let best = *trials.iter().min_by(|a, b| off(a).total_cmp(&off(b))).expect("some value was tried");
        Ok(Solved { arm: self.with(arm, best.0, is_whole)?, told: self.told(best, &trials, is_whole) })
    }

    /// The values that the key may have, and whether they are whole.
    fn range(&self) -> Result<([f64; 2], bool), Problems> {
        let unknown = |message: Both| Problems(vec![Problem::new(message).of("solve")]);
        let key = self.path;
        let found: Option<&Key> = index().key(key);
        match found.map(|key| &key.kind) {
            Some(&Kind::Real { low, high }) => Ok(([low, high], false)),
            Some(&Kind::Count { low, high }) => Ok(([low as f64, high as f64], true)),
            Some(_) => {
                Err(unknown(both!("`{key}` cannot be solved: it is no number", "无法求解 `{key}`：它不是数")))
            }
            None => {
                let (table, name) = split(key);
                let message = both!("no key is called `{key}`", "没有名为 `{key}` 的参数");
                let problem = Problem::new(message).of("solve").help(index().key_hint(table, name));
                Err(Problems(vec![problem]))
            }
        }
    }

    /// The value in force, from which the search goes up; a small one where that is the least.
    fn usual(&self, arm: &Loaded, [low, high]: &[f64; 2]) -> f64 {
        let value = arm.value(self.path).map(|given| &given.value);
        let number = value.and_then(|v| v.as_float().or_else(|| v.as_integer().map(|n| n as f64)));
        number.filter(|number| number > low && number < high).unwrap_or(low + FIRST * (high - low))
    }

    fn with(&self, arm: &Loaded, value: f64, is_whole: bool) -> Result<Loaded, Problems> {
        let value = if is_whole { Value::Integer(value as i64) } else { Value::Float(value) };
        arm.with(&[format!("{}={value}", self.path)])
    }

    /// All that was tried until one is near enough, or none lies between the nearest two.
    fn search(
        &self,
        [low, high]: &[f64; 2],
        is_whole: bool,
        usual: f64,
        cost: &dyn Fn(f64) -> Result<Trial, Problems>,
    ) -> Result<Vec<Trial>, Problems> {
        let above = |trial: &Trial| trial.1.mean >= self.budget;
        let whole = |value: f64| if is_whole { value.round() } else { value };
        let mut trials = vec![cost(*low)?];
        let mut next = whole(usual).max(if is_whole { low + 1.0 } else { *low });
        // Outwards, until the budget lies between two trials that follow one another.
        let [mut a, mut b] = loop {
            let (last, now) = (trials[trials.len() - 1], cost(next)?);
            trials.push(now);
            if above(&last) != above(&now) {
                break [last, now];
            }
            if next >= *high {
                return Err(self.out_of_reach(&trials));
            }
            next = whole(low + (next - low) * FURTHER).min(*high);
        };
        // Inwards: where a straight line would meet the budget, but never nearer to an end than a tenth, so that the
        // stretch shrinks whatever the shape.
        for _ in 0..TRIALS {
            let nearest = (a.1.mean - self.budget).abs().min((b.1.mean - self.budget).abs());
            if nearest <= NEAR * self.budget.abs() || is_whole && b.0 - a.0 <= 1.0 {
                break;
            }
            let share = ((self.budget - a.1.mean) / (b.1.mean - a.1.mean)).clamp(0.1, 0.9);
            let value = whole(a.0 + share * (b.0 - a.0));
            let value = if is_whole { value.clamp(a.0 + 1.0, b.0 - 1.0) } else { value };
            if value <= a.0 || value >= b.0 {
                break;
            }
            let trial = cost(value)?;
            trials.push(trial);
            if above(&trial) == above(&a) {
                a = trial;
            } else {
                b = trial;
            }
        }
        Ok(trials)
    }

    /// No value costs the budget.
    fn out_of_reach(&self, trials: &[Trial]) -> Problems {
        let cost = |trial: &Trial| trial.1.mean;
        let least = trials.iter().map(cost).fold(f64::INFINITY, f64::min);
        let most = trials.iter().map(cost).fold(f64::NEG_INFINITY, f64::max);
        let message = both!(
            "no value of `{key}` makes the arm cost {budget} yuan per community and year more than the base",
            "`{key}` 取任何值，该方案的成本都不会比基准高出每个社区每年 {budget} 元";
            key = self.path, budget = self.budget
        );
        let allowed = both!(
            "a budget from {least} to {most}", "{least} 至 {most} 的预算";
            least = format!("{least:.0}"), most = format!("{most:.0}")
        );
        Problems(vec![Problem::new(message).of("budget").allowed(allowed)])
    }

    /// The value with its cost, and whether another may do as well.
    fn told(&self, best: Trial, trials: &[Trial], is_whole: bool) -> Both {
        let value = if is_whole { format!("{:.0}", best.0) } else { format!("{}", best.0) };
        let told = both!(
            "`{key}` = {value} costs {cost} ± {error} yuan per community and year more than the base, by {n} replicates; \
             the budget is {budget}",
            "`{key}` = {value} 时，成本比基准高出每个社区每年 {cost} ± {error} 元（{n} 次重复）；预算为 {budget}";
            key = self.path,
            value = value,
            cost = format!("{:.0}", best.1.mean),
            error = format!("{:.0}", best.1.half_width),
            n = best.1.n,
            budget = self.budget
        );
        if rises_or_falls(trials) {
            return told;
        }
        both!(
            "{told}; cost neither only rises nor only falls with the key, so other values may cost the same",
            "{told}；成本并不随该参数单调变化，其他取值也可能成本相同";
            told = told
        )
    }
}

/// The `arms` with the values of the keys that they leave open. Where anything is wrong with the file, nothing is solved.
pub fn arms(
    file: &mut File,
    table: &DeTable,
    base: &Loaded,
    windows: &[Window],
    mut arms: Vec<Arm>,
) -> Vec<Arm> {
    let budget = file.entry("budget").cloned();
    let unsolved = std::mem::take(&mut file.unsolved);
    let Some(budget) = budget.as_ref().and_then(|entry| entry.value.as_float()) else {
        for (_, entry) in &unsolved {
            let message =
                both!("a key is to be solved, but there is no budget", "有待求解的参数，但未给出预算");
            let problem = Problem::new(message).of("solve").at(entry.place.clone());
            file.wrong(problem.help(both!(
                "write `budget`, in yuan per community and year, above the arms",
                "请在各方案之上写 `budget`（元/社区·年）"
            )));
        }
        return arms;
    };
    if unsolved.is_empty() {
        let message = both!(
            "there is a budget, but no arm says what to solve",
            "给出了预算，但没有方案指明待求解的参数"
        );
        let problem = file.about("budget", table, message);
        file.wrong(problem.help(both!(
            "write `solve = \"organisations.grants\"`, or another key, in an arm",
            "请在方案中写 `solve = \"organisations.grants\"` 或其他参数"
        )));
    }
    for (name, entry) in unsolved {
        let found = arms.iter_mut().find(|arm| arm.name == name);
        let (Some(arm), Some(window), true) = (found, windows.first(), file.reader.problems.is_empty())
        else {
            continue;
        };
        let months = window.range(base.scenario.start, base.scenario.months);
        let question = Question { path: entry.value.as_str().unwrap_or_default(), budget, months };
        match question.solve(base, &arm.loaded, arm.within.as_ref()) {
            Ok(solved) => {
                arm.loaded = solved.arm;
                file.notes.push(Problem::new(solved.told).of("solve").at(entry.place));
            }
            Err(problems) => {
                let at = |problem: Problem| match problem.place {
                    None => problem.at(entry.place.clone()),
                    Some(_) => problem,
                };
                file.reader.problems.0.extend(problems.0.into_iter().map(at));
            }
        }
    }
    arms
}

/// True if cost goes one way with the value.
fn rises_or_falls(trials: &[Trial]) -> bool {
    let mut sorted: Vec<(f64, f64)> = trials.iter().map(|(value, cost)| (*value, cost.mean)).collect();
    sorted.sort_by(|a, b| a.0.total_cmp(&b.0));
    let steps = || sorted.windows(2).map(|pair| pair[1].1 - pair[0].1);
    steps().all(|step| step >= 0.0) || steps().all(|step| step <= 0.0)
}

/// What a scenario spends by community and year, in each replicate.
struct Spending(Vec<f64>);

impl Spending {
    fn of(loaded: &Loaded, months: &Range<u32>) -> Spending {
        /// Months of a year.
        const YEAR: f64 = 12.0;
        let total = Outcome::named(TOTAL).expect("the model has costs");
        let cache = RunCache::new(&[total.index], false);
        let communities = f64::from(loaded.scenario.population.communities);
        let one = |replicate: u32| {
            let output = cache.prepare(loaded, replicate).run(&|_| true);
            let spent = output.map_or(f64::NAN, |output| total.reduce(&output, months.clone()));
            spent * YEAR / communities
        };
        Spending((0..REPLICATES).into_par_iter().map(one).collect())
    }

    /// The mean over replicates of what is spent beyond `base`.
    fn beyond(&self, base: &Spending) -> Estimate {
        estimate(self.0.iter().zip(&base.0).map(|(arm, base)| arm - base))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BASE: &str = "name = \"A\"\nmonths = 12\nburn_in = 0\n[population]\ncommunities = 2\nadults = 60\n\
                        size_spread = 0.0\n[staff]\ncount = 1\n";

    fn solve(path: &str, budget: f64) -> Result<Solved, Problems> {
        let base = shequ_model::scenario::Scenario::from_text("a.toml", BASE, &[]).unwrap();
        Question { path, budget, months: 0..12 }.solve(&base, &base, None)
    }

    #[test]
    fn a_key_is_found_that_costs_the_budget() {
        // Public spaces cost their money: 60 adults for 30 yuan each.
        let solved = solve("spaces.investment", 1_800.0).unwrap();
        let value = solved.arm.value("spaces.investment").unwrap().value.as_float().unwrap();
        // Whole yuan are spent, and what residents do otherwise changes costs too.
        assert!((value - 30.0).abs() < 0.5, "{value}");
        assert!(solved.told.en.contains("4 replicates"), "{}", solved.told.en);
    }

    #[test]
    fn a_budget_out_of_reach_and_a_key_that_is_no_number_are_told() {
        let told = |path, budget| solve(path, budget).err().unwrap().0.remove(0);
        let problem = told("spaces.investment", -5_000.0);
        assert!(problem.message.en.contains("no value of `spaces.investment`"), "{problem:?}");
        assert!(problem.allowed.unwrap().en.contains("a budget from"));
        assert!(told("funding.decider", 1.0).message.en.contains("it is no number"));
        assert!(told("spaces.investmnt", 1.0).message.en.contains("spaces.investmnt"));
    }

    #[test]
    fn cost_that_turns_is_seen() {
        let trial = |value: f64, mean: f64| (value, Estimate { mean, sd: 0.0, half_width: 0.0, n: 4 });
        assert!(rises_or_falls(&[trial(2.0, 5.0), trial(1.0, 3.0), trial(3.0, 5.0)]));
        assert!(!rises_or_falls(&[trial(2.0, 5.0), trial(1.0, 3.0), trial(3.0, 4.0)]));
    }
}
