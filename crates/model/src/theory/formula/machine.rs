//! Evaluating a formula for a block of residents: one step after another over rows of numbers, so that each
//! step is a loop of vector instructions. Nothing is allocated.

use std::sync::Arc;

use multiversion::multiversion;

use super::super::Inputs;
use super::expression::Expression;
use super::operation::{Operation, of_one, of_two};
use super::outside::{self, Outside};
use super::variable::{ATTRIBUTES, COLUMNS, Variable};

/// Numbers in a row: residents that are worked out together.
pub const LANES: usize = 128;

/// Rows that most formulas make do with, rows that nearly all do, and rows that any does: two a level of nesting, and those of the
/// innermost function. Calls within calls of functions with many columns may need more, and are refused.
const FEW: usize = 4;
const SOME: usize = 16;
const MOST: usize = 2 * super::syntax::DEEPEST + 8;

type Row = [f32; LANES];

/// Columns that are added in one step: so many are read at once from memory without one waiting for another.
const TOGETHER: usize = 4;

/// Where a number comes from that nothing was done with yet.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Leaf {
    Constant(f32),
    /// The same for the whole block.
    Scalar(Variable),
    /// A number for each resident: the column of this number.
    Column(usize),
    /// A number for each resident: the attribute of this number, which is no column yet.
    Attribute(usize),
}

/// A column, and what it is multiplied by.
type Weighted = (f32, usize);

/// One step, on row `at`.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Step {
    Load {
        at: usize,
        from: Leaf,
    },
    LoadWeighted {
        at: usize,
        of: Weighted,
    },
    /// Adds the first so many weighted columns, one after another.
    AddWeighted {
        at: usize,
        of: [Weighted; TOGETHER],
        count: usize,
    },
    /// Adds the product of two columns, the first of them weighted.
    AddProduct {
        at: usize,
        of: Weighted,
        with: usize,
    },
    One {
        at: usize,
        operation: Operation,
    },
    /// With a leaf, or else with the row above.
    Two {
        at: usize,
        operation: Operation,
        with: Option<Leaf>,
    },
    /// Of the rows `at` and the two above.
    Choose {
        at: usize,
    },
    /// The function from outside of this number, of the rows from `at` on.
    Call {
        at: usize,
        function: usize,
    },
}

/// What names stand for in a block.
pub struct Frame<'a> {
    /// The intercept.
    pub intercept: f32,
    /// The inputs.
    pub inputs: &'a Inputs<'a>,
    /// What is remembered; empty where nothing is.
    pub memory: &'a [f32],
    /// 1 for those who took part on the last occasion; empty where nobody asks.
    pub took_part: &'a [f32],
    /// How well that ended.
    pub outcome: f32,
}

impl<'a> Frame<'a> {
    fn scalar(&self, variable: Variable) -> f32 {
        match variable {
            Variable::Intercept => self.intercept,
            Variable::Outcome => self.outcome,
            Variable::Is(mode) => f32::from(u8::from(self.inputs.mode == mode)),
            _ => f32::NAN,
        }
    }

    /// The columns, by number.
    #[inline(always)]
    fn columns(&self) -> [&'a [f32]; COLUMNS] {
        let x = self.inputs;
        [
            x.external_efficacy,
            x.benefit,
            x.cost,
            x.duty,
            x.norm,
            x.habit,
            x.trust,
            x.asked,
            x.interest,
            x.skill,
            x.internal_efficacy,
            x.disposition,
            x.acquaintances,
            self.memory,
            self.took_part,
        ]
    }

    /// What `variable` is of resident `k`.
    pub fn of(&self, variable: Variable, k: usize) -> f32 {
        match leaf(variable) {
            Leaf::Constant(number) => number,
            Leaf::Scalar(variable) => self.scalar(variable),
            Leaf::Column(column) => self.columns()[column][k],
            Leaf::Attribute(number) => {
                let mut one = [f32::NAN];
                ATTRIBUTES[number].write(self.inputs, k, &mut one);
                one[0]
            }
        }
    }
}

/// A formula as steps.
#[derive(Clone, Debug)]
pub struct Program {
    steps: Vec<Step>,
    outside: Vec<Arc<Outside>>,
    rows: usize,
}

impl Program {
    /// The steps of `expression`.
    pub fn of(expression: &Expression) -> Program {
        let mut program = Program { steps: Vec::new(), outside: Vec::new(), rows: 1 };
        expression.outside(&mut program.outside);
        program.write(expression, 0);
        program
    }

    /// True if there are rows enough for it.
    pub fn is_shallow(&self) -> bool {
        self.rows <= MOST
    }

    fn write(&mut self, expression: &Expression, at: usize) {
        self.rows = self.rows.max(at + 1);
        match expression {
            Expression::Constant(number) => {
                self.steps.push(Step::Load { at, from: Leaf::Constant(*number) });
            }
            Expression::Variable(variable) => self.steps.push(Step::Load { at, from: leaf(*variable) }),
            Expression::Apply(operation, parts) => match &parts[..] {
                [only] => {
                    self.write(only, at);
                    self.steps.push(Step::One { at, operation: *operation });
                }
                [first, second] => self.write_two(*operation, first, second, at),
                _ => {
                    parts.iter().enumerate().for_each(|(k, part)| self.write(part, at + k));
                    self.steps.push(Step::Choose { at });
                }
            },
            Expression::Call(called, parts) => {
                parts.iter().enumerate().for_each(|(k, part)| self.write(part, at + k));
                let function = self.outside.iter().position(|function| function == called).unwrap_or(0);
                self.steps.push(Step::Call { at, function });
            }
        }
    }

    fn write_two(&mut self, operation: Operation, first: &Expression, second: &Expression, at: usize) {
        if let Some(of) = product(operation, first, second) {
            return self.steps.push(Step::LoadWeighted { at, of });
        }
        self.write(first, at);
        if let (Operation::Add, Some((of, with))) = (operation, product_of_columns(second)) {
            return self.steps.push(Step::AddProduct { at, of, with });
        }
        match (operation, weighted(second)) {
            (Operation::Add, Some(of)) => self.add(at, of),
            // Changing the sign of a factor changes that of the product and nothing else.
            (Operation::Subtract, Some((factor, column))) => self.add(at, (-factor, column)),
            _ => {
                let with = match second {
                    Expression::Constant(number) => Some(Leaf::Constant(*number)),
                    Expression::Variable(Variable::Attribute(_)) => None,
                    Expression::Variable(variable) => Some(leaf(*variable)),
                    Expression::Apply(..) | Expression::Call(..) => None,
                };
                if with.is_none() {
                    self.write(second, at + 1);
                }
                self.steps.push(Step::Two { at, operation, with });
            }
        }
    }

    /// Adds a weighted column, in the last step if that does the like and has room.
    fn add(&mut self, at: usize, weighted: Weighted) {
        match self.steps.last_mut() {
            Some(Step::AddWeighted { at: row, of, count }) if *row == at && *count < TOGETHER => {
                of[*count] = weighted;
                *count += 1;
            }
            _ => self.steps.push(Step::AddWeighted { at, of: [weighted; TOGETHER], count: 1 }),
        }
    }

    /// Works it out for the residents of `frame`, as many as `out` is long, and gives what `finish` makes of it.
    #[inline(always)]
    pub fn run(&self, frame: &Frame, out: &mut [f32], finish: impl Fn(f32) -> f32) {
        if self.rows <= FEW {
            return self.run_in::<FEW>(frame, out, finish);
        }
        deep(self, frame, out);
        for number in out {
            *number = finish(*number);
        }
    }

    #[inline(always)]
    fn run_in<const ROWS: usize>(&self, frame: &Frame, out: &mut [f32], finish: impl Fn(f32) -> f32) {
        let mut rows: [Row; ROWS] = [[0.0; LANES]; ROWS];
        let columns = frame.columns();
        for (chunk, out) in out.chunks_mut(LANES).enumerate() {
            let start = chunk * LANES;
            let block = Block { columns: &columns, outside: &self.outside, start, n: out.len() };
            for step in &self.steps {
                block.perform(step, &mut rows, frame);
            }
            for (out, number) in out.iter_mut().zip(&rows[0]) {
                *out = finish(*number);
            }
        }
    }
}

/// Apart, because so many rows on the stack cost time even where they are not used.
#[multiversion(targets = "simd")]
fn deep(program: &Program, frame: &Frame<'_>, out: &mut [f32]) {
    match program.rows <= SOME {
        true => program.run_in::<SOME>(frame, out, |number| number),
        false => program.run_in::<MOST>(frame, out, |number| number),
    }
}

fn leaf(variable: Variable) -> Leaf {
    match variable {
        Variable::Attribute(number) => Leaf::Attribute(number),
        other => other.column().map_or(Leaf::Scalar(other), Leaf::Column),
    }
}

/// A number times a column, if that is what this is.
fn product(operation: Operation, first: &Expression, second: &Expression) -> Option<Weighted> {
    match (operation, first, second) {
        (Operation::Multiply, Expression::Constant(factor), Expression::Variable(column))
        | (Operation::Multiply, Expression::Variable(column), Expression::Constant(factor)) => {
            Some((*factor, column.column()?))
        }
        _ => None,
    }
}

/// A weighted column times another, if that is what this is.
fn product_of_columns(expression: &Expression) -> Option<(Weighted, usize)> {
    match expression {
        Expression::Apply(Operation::Multiply, parts) => match &parts[..] {
            [first, Expression::Variable(second)] => Some((weighted(first)?, second.column()?)),
            _ => None,
        },
        _ => None,
    }
}

/// A column, or a number times one, if that is what this is.
fn weighted(expression: &Expression) -> Option<Weighted> {
    match expression {
        Expression::Variable(variable) => Some((1.0, variable.column()?)),
        Expression::Apply(operation, parts) => match &parts[..] {
            [first, second] => product(*operation, first, second),
            _ => None,
        },
        Expression::Constant(_) | Expression::Call(..) => None,
    }
}

/// The residents who are worked out together.
struct Block<'a> {
    columns: &'a [&'a [f32]; COLUMNS],
    outside: &'a [Arc<Outside>],
    start: usize,
    n: usize,
}

impl<'a> Block<'a> {
    #[inline(always)]
    fn column(&self, number: usize) -> &'a [f32] {
        &self.columns[number][self.start..self.start + self.n]
    }

    #[inline(always)]
    fn perform(&self, step: &Step, rows: &mut [Row], frame: &Frame) {
        let n = self.n;
        match *step {
            Step::Load { at, from } => match from {
                Leaf::Column(number) => rows[at][..n].copy_from_slice(self.column(number)),
                Leaf::Attribute(number) => {
                    ATTRIBUTES[number].write(frame.inputs, self.start, &mut rows[at][..n]);
                }
                Leaf::Scalar(variable) => rows[at][..n].fill(frame.scalar(variable)),
                Leaf::Constant(number) => rows[at][..n].fill(number),
            },
            Step::LoadWeighted { at, of: (factor, column) } => {
                for (x, y) in rows[at][..n].iter_mut().zip(self.column(column)) {
                    *x = factor * y;
                }
            }
            Step::AddWeighted { at, of, count } => {
                let row = &mut rows[at][..n];
                match count {
                    1 => self.add::<1>(row, &of),
                    2 => self.add::<2>(row, &of),
                    3 => self.add::<3>(row, &of),
                    _ => self.add::<TOGETHER>(row, &of),
                }
            }
            Step::AddProduct { at, of: (factor, column), with } => {
                let columns = self.column(column).iter().zip(self.column(with));
                for (x, (y, z)) in rows[at][..n].iter_mut().zip(columns) {
                    *x += factor * y * z;
                }
            }
            Step::One { at, operation } => {
                let row = &mut rows[at][..n];
                of_one!(operation, each, row)
            }
            Step::Two { at, operation, with } => {
                let (below, above) = rows.split_at_mut(at + 1);
                let row = &mut below[at][..n];
                match with {
                    Some(Leaf::Column(number)) => of_two!(operation, each_with, row, self.column(number)),
                    Some(Leaf::Scalar(variable)) => of_two!(operation, each_by, row, frame.scalar(variable)),
                    Some(Leaf::Constant(number)) => of_two!(operation, each_by, row, number),
                    // An attribute is loaded into the row above.
                    Some(Leaf::Attribute(_)) | None => of_two!(operation, each_with, row, &above[0][..n]),
                }
            }
            Step::Choose { at } => {
                let [x, y, z, ..] = &mut rows[at..] else { unreachable!("there are rows enough") };
                for ((x, y), z) in x[..n].iter_mut().zip(&y[..n]).zip(&z[..n]) {
                    *x = if *x != 0.0 { *y } else { *z };
                }
            }
            Step::Call { at, function } => self.call(&self.outside[function], &mut rows[at..]),
        }
    }

    /// The first row becomes what `function` makes of it and those above.
    fn call(&self, function: &Outside, rows: &mut [Row]) {
        let mut out: Row = [f32::NAN; LANES];
        let mut given: [&[f32]; outside::MOST] = [&[]; outside::MOST];
        for (given, row) in given.iter_mut().zip(&*rows) {
            *given = &row[..self.n];
        }
        function.work(&given[..function.takes()], &mut out[..self.n]);
        rows[0] = out;
    }

    #[inline(always)]
    fn add<const COUNT: usize>(&self, row: &mut [f32], of: &[Weighted; TOGETHER]) {
        let columns: [&[f32]; COUNT] = std::array::from_fn(|j| &self.column(of[j].1)[..row.len()]);
        for k in 0..row.len() {
            let mut sum = row[k];
            for j in 0..COUNT {
                sum += of[j].0 * columns[j][k];
            }
            row[k] = sum;
        }
    }
}

#[inline(always)]
fn each(row: &mut [f32], f: impl Fn(f32) -> f32) {
    for x in row {
        *x = f(*x);
    }
}

#[inline(always)]
fn each_with(row: &mut [f32], with: &[f32], f: impl Fn(f32, f32) -> f32) {
    for (x, y) in row.iter_mut().zip(with) {
        *x = f(*x, *y);
    }
}

#[inline(always)]
fn each_by(row: &mut [f32], by: f32, f: impl Fn(f32, f32) -> f32) {
    for x in row {
        *x = f(*x, by);
    }
}
