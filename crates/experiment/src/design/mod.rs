//! Designs: which values each row of an experiment gives to the keys that vary.
//!
//! A [`Design`] is a pure function of its factors, its method and its seed. Methods that sample fill the
//! unit cube, one dimension a factor, and [`Factor::at`] turns a coordinate into a value.

pub(crate) mod csv;
pub(crate) mod factor;
pub(crate) mod grid;
pub(crate) mod lhs;
pub(crate) mod morris;
pub(crate) mod salib;
pub(crate) mod sobol;

pub use factor::{Factor, Range};

use toml::Value;

use shequ_model::base::i18n::both;
use shequ_model::base::problem::Problem;
use shequ_model::base::rng::CounterRng;

/// Most rows of a design.
pub const MOST_ROWS: usize = 1 << 20;

/// Factors, and how rows are chosen from them.
#[derive(Clone, Debug, PartialEq)]
pub struct Design {
    /// What varies; one value of each in every row.
    pub factors: Vec<Factor>,
    /// How rows are chosen.
    pub method: Method,
    /// Seed of the methods that sample; the runs have seeds of their own.
    pub seed: u64,
}

/// How the rows of a design are chosen.
#[derive(Clone, Debug, PartialEq)]
pub enum Method {
    /// Every combination; ranges at `levels` equal steps.
    Grid {
        /// Values of a range.
        levels: u32,
    },
    /// Row n takes value n of each factor's list.
    List,
    /// Rows that somebody else made: `csv::read` and `salib::samples`.
    Given(Vec<Vec<Value>>),
    /// Latin hypercube.
    Lhs {
        /// Rows.
        points: u32,
    },
    /// Sobol' sequence.
    Sobol {
        /// Rows: a power of two.
        points: u32,
    },
    /// Saltelli's design for Sobol' indices.
    Saltelli {
        /// Blocks: a power of two.
        points: u32,
        /// With the rows that second orders need.
        second_order: bool,
    },
    /// Morris's trajectories.
    Morris {
        /// Trajectories.
        trajectories: u32,
        /// Levels of each coordinate: even.
        levels: u32,
    },
}

impl Design {
    /// Everything that is wrong with the design, each problem with the key that it concerns:
    /// `design.points`, `design.levels`, `design.trajectories` or `vary`.
    pub fn problems(&self) -> Vec<Problem> {
        let mut problems = Vec::new();
        if self.factors.is_empty() {
            let help = both!("name the keys that vary in [vary]", "请在 [vary] 中写明变化的键");
            problems.push(Problem::new(both!("nothing varies", "没有变化的键")).of("vary").help(help));
            return problems;
        }
        problems.extend(self.of_method());
        if problems.is_empty() && self.count().is_none_or(|rows| rows > MOST_ROWS) {
            let message = both!("this design has more than {MOST_ROWS} rows", "此设计超过 {MOST_ROWS} 行");
            let problem = Problem::new(message);
            problems.push(problem.of(self.size_key()));
        }
        problems
    }

    fn of_method(&self) -> Vec<Problem> {
        let mut problems = Vec::new();
        match self.method {
            Method::Grid { levels } => problems.extend(self.ranges_have_levels(levels)),
            Method::List => problems.extend(self.equal_lists()),
            Method::Given(_) => {}
            Method::Lhs { points } => problems.extend(at_least("points", points, 2)),
            Method::Sobol { points } => {
                problems.extend(power_of_two(points));
                problems.extend(self.within(sobol::MOST_DIMENSIONS));
            }
            Method::Saltelli { points, .. } => {
                problems.extend(power_of_two(points));
                problems.extend(self.within(sobol::MOST_DIMENSIONS / 2));
            }
            Method::Morris { trajectories, levels } => {
                problems.extend(at_least("trajectories", trajectories, 2));
                if levels < 2 || levels % 2 != 0 {
                    let problem = Problem::new(both!(
                        "`levels` must be an even number, not {levels}",
                        "`levels` 必须是偶数，而不是 {levels}"
                    ));
                    problems.push(problem.of("design.levels").help(both!("4 is usual", "通常取 4")));
                }
            }
        }
        problems
    }

    fn ranges_have_levels(&self, levels: u32) -> Option<Problem> {
        let ranges = self.factors.iter().any(|f| !matches!(f.range, Range::Levels(_)));
        if ranges { at_least("levels", levels, 2) } else { None }
    }

    fn equal_lists(&self) -> Option<Problem> {
        let length = |factor: &Factor| match &factor.range {
            Range::Levels(values) => Some(values.len()),
            _ => None,
        };
        if let Some(range) = self.factors.iter().find(|f| length(f).is_none()) {
            let problem = Problem::new(both!(
                "`{key}` has a range where a list is needed", "`{key}` 是范围，此处需要列表"; key = range.key
            ));
            return Some(problem.of("vary").help(both!(
                "method = \"list\" takes value n of each list in row n",
                "method = \"list\" 的第 n 行取各列表的第 n 个值"
            )));
        }
        let first = length(&self.factors[0]);
        let other = self.factors.iter().find(|f| length(f) != first)?;
        let (first, count) = (first.unwrap_or(0), length(other).unwrap_or(0));
        let message = both!(
            "`{other}` lists {count} values, but `{one}` {first}",
            "`{other}` 列出 {count} 个取值，而 `{one}` 列出 {first} 个";
            other = other.key, one = self.factors[0].key, count = count, first = first
        );
        let help = both!(
            "method = \"list\" takes value n of each list in row n; for all combinations, write \"grid\"",
            "method = \"list\" 的第 n 行取各列表的第 n 个值；若要所有组合，请写 \"grid\""
        );
        Some(Problem::new(message).of("vary").help(help))
    }

    fn within(&self, most: usize) -> Option<Problem> {
        let count = self.factors.len();
        let message =
            both!("{count} keys vary; this method takes {most}", "有 {count} 个键变化；此方法至多 {most} 个");
        (count > most).then(|| {
            Problem::new(message).of("vary").help(both!(
                "screen them by method = \"morris\" first, or sample by \"lhs\"",
                "请先用 method = \"morris\" 筛选，或用 \"lhs\" 抽样"
            ))
        })
    }

    /// The entry of `[design]` that decides on the number of rows.
    fn size_key(&self) -> &'static str {
        match self.method {
            Method::Grid { .. } => "design.levels",
            Method::List | Method::Given(_) => "vary",
            Method::Morris { .. } => "design.trajectories",
            _ => "design.points",
        }
    }

    /// An upper bound of the number of rows, if it fits; exact but for grids over few whole numbers.
    fn count(&self) -> Option<usize> {
        let dimensions = self.factors.len();
        match &self.method {
            Method::Grid { levels } => grid::count(&self.factors, *levels),
            Method::List => Some(0),
            Method::Given(rows) => Some(rows.len()),
            Method::Lhs { points } | Method::Sobol { points } => Some(*points as usize),
            Method::Saltelli { points, second_order } => {
                (*points as usize).checked_mul(sobol::block(dimensions, *second_order))
            }
            Method::Morris { trajectories, .. } => (*trajectories as usize).checked_mul(dimensions + 1),
        }
    }

    /// The rows in order, one value for each factor. The design must have no [`Design::problems`].
    pub fn rows(&self) -> Vec<Vec<Value>> {
        match &self.method {
            Method::Grid { levels } => grid::rows(&self.factors, *levels),
            Method::List => list(&self.factors),
            Method::Given(rows) => rows.clone(),
            _ => self.points().iter().map(|point| self.row(point)).collect(),
        }
    }

    fn row(&self, point: &[f64]) -> Vec<Value> {
        self.factors.iter().zip(point).map(|(factor, &u)| factor.at(u)).collect()
    }

    /// A number for each value of each row, by which values are told apart and ordered: the point of the
    /// unit cube for designs of steps and blocks, else the value itself, or its place in its list.
    pub fn coordinates(&self) -> Vec<Vec<f64>> {
        if matches!(self.method, Method::Saltelli { .. } | Method::Morris { .. }) {
            return self.points();
        }
        let row = |row: &Vec<Value>| self.factors.iter().zip(row).map(|(f, v)| f.coordinate(v)).collect();
        self.rows().iter().map(row).collect()
    }

    /// The points of the unit cube behind the rows; none where the method does not sample.
    pub fn points(&self) -> Vec<Vec<f64>> {
        let (rng, dimensions) = (CounterRng::new(self.seed, 0), self.factors.len());
        match self.method {
            Method::Grid { .. } | Method::List | Method::Given(_) => Vec::new(),
            Method::Lhs { points } => lhs::points(points, dimensions, rng),
            Method::Sobol { points } => sobol::points(points, dimensions, rng),
            Method::Saltelli { points, second_order } => {
                sobol::saltelli(points, dimensions, second_order, rng)
            }
            Method::Morris { trajectories, levels } => {
                let words: Vec<_> = self.factors.iter().map(Factor::words).collect();
                morris::points(trajectories, levels, &words, rng)
            }
        }
    }
}

fn list(factors: &[Factor]) -> Vec<Vec<Value>> {
    let columns: Vec<&[Value]> = factors
        .iter()
        .map(|factor| match &factor.range {
            Range::Levels(values) => values.as_slice(),
            _ => &[],
        })
        .collect();
    let rows = columns.iter().map(|column| column.len()).min().unwrap_or(0);
    (0..rows).map(|row| columns.iter().map(|column| column[row].clone()).collect()).collect()
}

fn at_least(key: &str, given: u32, least: u32) -> Option<Problem> {
    let message =
        both!("`{key}` must be at least {least}, not {given}", "`{key}` 至少为 {least}，而不是 {given}");
    (given < least).then(|| Problem::new(message).of(format!("design.{key}")))
}

fn power_of_two(points: u32) -> Option<Problem> {
    let (least, most) = (2, sobol::MOST_POINTS);
    if points.is_power_of_two() && (least..=most).contains(&points) {
        return None;
    }
    let above = points.clamp(least, most).next_power_of_two();
    let below = above / 2;
    let help = if below < least || points > most {
        both!("write {above}", "请写 {above}")
    } else {
        both!("write {below} or {above}", "请写 {below} 或 {above}")
    };
    let problem = Problem::new(both!(
        "`points` must be a power of two from {least} to {most}, not {points}",
        "`points` 必须是 {least} 至 {most} 之间二的幂，而不是 {points}"
    ));
    Some(problem.of("design.points").help(both!(
        "a Sobol' sequence is balanced only then: {help}", "只有这样 Sobol' 序列才均衡：{help}"; help = help
    )))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn range(key: &str) -> Factor {
        Factor { key: key.into(), range: Range::Linear { low: 10.0, high: 20.0 } }
    }

    fn listed(key: &str, values: &[i64]) -> Factor {
        let values = values.iter().map(|&v| Value::Integer(v)).collect();
        Factor { key: key.into(), range: Range::Levels(values) }
    }

    fn design(factors: Vec<Factor>, method: Method) -> Design {
        Design { factors, method, seed: 1 }
    }

    fn problem(factors: Vec<Factor>, method: Method) -> String {
        let problems = design(factors, method).problems();
        assert_eq!(problems.len(), 1, "{problems:?}");
        problems[0].message.en.clone()
    }

    #[test]
    fn a_list_takes_the_nth_value_of_each() {
        let rows = design(vec![listed("a", &[1, 2]), listed("b", &[3, 4])], Method::List).rows();
        assert_eq!(rows, [[1, 3], [2, 4]].map(|row| row.map(Value::Integer).to_vec()));
    }

    #[test]
    fn rows_of_a_sample_lie_within_the_ranges() {
        for method in [
            Method::Lhs { points: 11 },
            Method::Sobol { points: 16 },
            Method::Saltelli { points: 4, second_order: true },
            Method::Morris { trajectories: 3, levels: 4 },
        ] {
            let design = design(vec![range("a"), range("b")], method);
            assert!(design.problems().is_empty());
            let rows = design.rows();
            assert_eq!(Some(rows.len()), design.count());
            let within = |v: &Value| (10.0..=20.0).contains(&v.as_float().unwrap());
            assert!(rows.iter().all(|row| row.len() == 2 && row.iter().all(within)));
        }
    }

    #[test]
    fn what_is_wrong_with_a_design_is_said() {
        assert!(problem(vec![], Method::List).contains("nothing varies"));
        assert!(problem(vec![range("a")], Method::List).contains("a list is needed"));
        assert!(problem(vec![listed("a", &[1]), listed("b", &[1, 2])], Method::List).contains("2 values"));
        assert!(problem(vec![range("a")], Method::Sobol { points: 100 }).contains("power of two"));
        assert!(problem(vec![range("a")], Method::Grid { levels: 1 }).contains("at least 2"));
        assert!(problem(vec![range("a")], Method::Lhs { points: u32::MAX }).contains("rows"));
        assert!(problem(vec![range("a")], Method::Morris { trajectories: 9, levels: 5 }).contains("even"));
        let many = vec![range("a"); 200];
        assert!(problem(many, Method::Saltelli { points: 2, second_order: false }).contains("200 keys"));
    }
}
