//! What a formula can do with numbers: one definition of each step for single numbers, for blocks and for what is
//! worked out beforehand, so that all give the same bits.

use crate::base::params::{Text, text};

/// One step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operation {
    /// x + y.
    Add,
    /// x − y.
    Subtract,
    /// x·y.
    Multiply,
    /// x / y.
    Divide,
    /// x to the power y.
    Power,
    /// The lesser.
    Minimum,
    /// The greater.
    Maximum,
    /// 1 if x < y, else 0; so the five below.
    Less,
    /// x ≤ y.
    AtMost,
    /// x > y.
    More,
    /// x ≥ y.
    AtLeast,
    /// x = y.
    Equal,
    /// x ≠ y.
    Unequal,
    /// −x.
    Negate,
    /// 1 / (1 + e^−x).
    Logistic,
    /// e^x.
    Exponential,
    /// The natural logarithm.
    Logarithm,
    /// The square root.
    Root,
    /// |x|.
    Absolute,
    /// y where x is not 0, else z.
    Choose,
}

/// Does with `$use` what `$operation`, which takes two numbers, does with them.
macro_rules! of_two {
    ($operation:expr, $use:ident, $($first:expr),*) => {
        match $operation {
            Operation::Add => $use($($first,)* |x: f32, y: f32| x + y),
            Operation::Subtract => $use($($first,)* |x: f32, y: f32| x - y),
            Operation::Multiply => $use($($first,)* |x: f32, y: f32| x * y),
            Operation::Divide => $use($($first,)* |x: f32, y: f32| x / y),
            Operation::Power => $use($($first,)* $crate::theory::formula::operation::power),
            // Not `min` and `max` of the standard library, which leave open which zero they give.
            Operation::Minimum => $use($($first,)* |x: f32, y: f32| if x < y { x } else { y }),
            Operation::Maximum => $use($($first,)* |x: f32, y: f32| if x > y { x } else { y }),
            Operation::Less => $use($($first,)* |x: f32, y: f32| if x < y { 1.0 } else { 0.0 }),
            Operation::AtMost => $use($($first,)* |x: f32, y: f32| if x <= y { 1.0 } else { 0.0 }),
            Operation::More => $use($($first,)* |x: f32, y: f32| if x > y { 1.0 } else { 0.0 }),
            Operation::AtLeast => $use($($first,)* |x: f32, y: f32| if x >= y { 1.0 } else { 0.0 }),
            Operation::Equal => $use($($first,)* |x: f32, y: f32| if x == y { 1.0 } else { 0.0 }),
            Operation::Unequal => $use($($first,)* |x: f32, y: f32| if x != y { 1.0 } else { 0.0 }),
            one => unreachable!("{one:?} does not take two numbers"),
        }
    };
}

/// The same of an operation that takes one number.
macro_rules! of_one {
    ($operation:expr, $use:ident, $($first:expr),*) => {
        match $operation {
            Operation::Negate => $use($($first,)* |x: f32| -x),
            Operation::Logistic => $use($($first,)* $crate::base::math::logistic),
            Operation::Exponential => $use($($first,)* $crate::base::math::exp),
            Operation::Logarithm => $use($($first,)* libm::logf),
            Operation::Root => $use($($first,)* libm::sqrtf),
            Operation::Absolute => $use($($first,)* f32::abs),
            other => unreachable!("{other:?} does not take one number"),
        }
    };
}

pub(super) use {of_one, of_two};

/// `x` to the power `y`; squares, the most usual, as products.
#[inline(always)]
pub fn power(x: f32, y: f32) -> f32 {
    if y == 2.0 { x * x } else { libm::powf(x, y) }
}

impl Operation {
    /// How many numbers it takes.
    pub fn takes(self) -> usize {
        use Operation::*;
        match self {
            Negate | Logistic | Exponential | Logarithm | Root | Absolute => 1,
            Choose => 3,
            _ => 2,
        }
    }

    /// What it makes of single numbers, as many as it takes.
    pub fn of(self, numbers: &[f32]) -> f32 {
        let one = |x: f32, f: fn(f32) -> f32| f(x);
        let two = |x: f32, y: f32, f: fn(f32, f32) -> f32| f(x, y);
        match *numbers {
            [x] => of_one!(self, one, x),
            [x, y] => of_two!(self, two, x, y),
            [x, y, z] => {
                if x != 0.0 {
                    y
                } else {
                    z
                }
            }
            _ => unreachable!("no operation takes {} numbers", numbers.len()),
        }
    }
}

/// A function, by the name that it has in formulas.
pub struct Function {
    /// Its name.
    pub name: &'static str,
    /// What it takes, as shown.
    pub takes: &'static str,
    /// Least and most arguments.
    pub arguments: (usize, usize),
    /// What it gives.
    pub meaning: Text,
    /// The operation, of which several may be needed.
    pub made_of: Made,
}

/// Of which operations a function is made.
#[derive(Clone, Copy)]
pub enum Made {
    /// Of one.
    Of(Operation),
    /// Of the same one, from each argument to the next.
    Repeated(Operation),
    /// Within a least and a greatest value.
    Clamp,
}

const fn function(
    name: &'static str,
    takes: &'static str,
    arguments: (usize, usize),
    meaning: Text,
    made_of: Made,
) -> Function {
    Function { name, takes, arguments, meaning, made_of }
}

/// Every function.
pub const FUNCTIONS: [Function; 9] = [
    function(
        "logistic",
        "x",
        (1, 1),
        text("1 / (1 + exp(-x))", "1 / (1 + exp(-x))"),
        Made::Of(Operation::Logistic),
    ),
    function(
        "exp",
        "x",
        (1, 1),
        text("e to the power x; beyond 87 as at 87", "e 的 x 次方；超出 ±87 时按 ±87 计"),
        Made::Of(Operation::Exponential),
    ),
    function("log", "x", (1, 1), text("natural logarithm", "自然对数"), Made::Of(Operation::Logarithm)),
    function("sqrt", "x", (1, 1), text("square root", "平方根"), Made::Of(Operation::Root)),
    function("abs", "x", (1, 1), text("without its sign", "绝对值"), Made::Of(Operation::Absolute)),
    function(
        "min",
        "x, y, …",
        (2, usize::MAX),
        text("the least", "最小者"),
        Made::Repeated(Operation::Minimum),
    ),
    function(
        "max",
        "x, y, …",
        (2, usize::MAX),
        text("the greatest", "最大者"),
        Made::Repeated(Operation::Maximum),
    ),
    function(
        "clamp",
        "x, low, high",
        (3, 3),
        text("x, but at least low and at most high", "x，但不小于 low、不大于 high"),
        Made::Clamp,
    ),
    function(
        "if",
        "condition, x, y",
        (3, 3),
        text("x where the condition is not 0, else y", "条件不为 0 时取 x，否则取 y"),
        Made::Of(Operation::Choose),
    ),
];
