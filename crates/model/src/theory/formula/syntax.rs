//! From the text of a formula to a tree, of which each part knows its place in the text.
//!
//! The parser is made of winnow's, precedence by its `expression`. Signs of which two in a row would leave a
//! reader in doubt (`a ^ b ^ c`, `a < b < c`, `- -a`) need brackets: so only brackets and functions nest, and how
//! deep they do is counted.

use std::ops::Range;

use winnow::ascii::{digit1, multispace0};
use winnow::combinator::{Infix, Prefix, expression, opt};
use winnow::error::{ErrMode, ParserError};
use winnow::prelude::*;
use winnow::stream::{LocatingSlice, Location, Stateful};
use winnow::token::{one_of, take, take_while};

use super::operation::Operation;
use crate::base::i18n::{Both, both};

/// How deep brackets and functions may nest.
pub const DEEPEST: usize = 64;

/// What is wrong with a formula, and where.
#[derive(Clone, Debug, PartialEq)]
pub struct Flaw {
    /// Bytes of the formula.
    pub span: Range<usize>,
    /// In one sentence.
    pub what: Both,
    /// What to do about it.
    pub help: Option<Both>,
}

impl Flaw {
    /// At the bytes `span`.
    pub fn new(span: Range<usize>, what: Both) -> Flaw {
        Flaw { span, what, help: None }
    }

    /// With what to do about it.
    pub fn help(self, help: Both) -> Flaw {
        Flaw { help: Some(help), ..self }
    }
}

/// A part of a formula, with its bytes in the text.
#[derive(Clone, Debug)]
pub struct Tree {
    /// What it is.
    pub node: Node,
    /// Its bytes, brackets around it included.
    pub span: Range<usize>,
    in_brackets: bool,
}

/// What a part of a formula is.
#[derive(Clone, Debug)]
pub enum Node {
    /// A number.
    Number(f64),
    /// A name.
    Name(String),
    /// Something with a minus before it.
    Negative(Box<Tree>),
    /// Two parts and the sign between them.
    Sign(Operation, Box<[Tree; 2]>),
    /// A function.
    Call {
        /// Its name.
        name: String,
        /// The bytes of its name.
        named: Range<usize>,
        /// What stands in its brackets.
        arguments: Vec<Tree>,
    },
}

/// What is under way.
#[derive(Debug, Default)]
struct Open {
    brackets: usize,
    /// Where the minus signs stand whose operand is not read yet.
    minus: Vec<usize>,
}

/// The text that is left, and what is under way.
type Input<'t> = Stateful<LocatingSlice<&'t str>, Open>;
type Error = ErrMode<Flaw>;

impl<'t> ParserError<Input<'t>> for Flaw {
    type Inner = Flaw;

    fn from_input(input: &Input<'t>) -> Flaw {
        unknown_sign(input)
    }

    fn into_inner(self) -> Result<Flaw, Flaw> {
        Ok(self)
    }
}

/// The tree of a formula.
///
/// # Errors
/// The first place at which it is none.
pub fn parse(text: &str) -> Result<Tree, Flaw> {
    let mut input = Stateful { input: LocatingSlice::new(text), state: Open::default() };
    whole(&mut input).map_err(|error| match error {
        ErrMode::Backtrack(flaw) | ErrMode::Cut(flaw) => flaw,
        ErrMode::Incomplete(_) => unreachable!("the text of a formula is there as a whole"),
    })
}

fn whole(input: &mut Input) -> Result<Tree, Error> {
    let tree = terms(input)?;
    match next(input) {
        None => Ok(tree),
        Some(')') => {
            let what = both!("no bracket is open that this one could close", "此处没有可以闭合的括号");
            Err(ErrMode::Cut(Flaw::new(here(input), what)))
        }
        Some(_) => Err(ErrMode::Cut(left_over(input))),
    }
}

/// Blanks are passed over; the sign after them.
fn next(input: &mut Input) -> Option<char> {
    let _: Result<&str, Error> = multispace0.parse_next(input);
    input.chars().next()
}

/// The place of the next sign; that behind the last one where there is none.
fn here(input: &Input) -> Range<usize> {
    let at = input.current_token_start();
    at..at + input.chars().next().map_or(0, char::len_utf8)
}

/// Parts with signs between them.
fn terms(input: &mut Input) -> Result<Tree, Error> {
    expression(operand).prefix(minus).infix(sign).parse_next(input)
}

fn operand(input: &mut Input) -> Result<Tree, Error> {
    match next(input) {
        Some('(') => brackets(input),
        Some(c) if c.is_ascii_digit() || c == '.' => number(input),
        Some(c) if starts_name(c) => name(input),
        // A minus may stand before an operand: the next parser sees to it.
        Some('-') => Err(ErrMode::Backtrack(unknown_sign(input))),
        _ => Err(ErrMode::Cut(missing(input))),
    }
}

fn starts_name(c: char) -> bool {
    c.is_ascii_alphabetic() || c == '_'
}

fn minus<'t>(input: &mut Input<'t>) -> Result<Prefix<Input<'t>, Tree, Error>, Error> {
    next(input);
    input.state.minus.push(input.current_token_start());
    take(1_usize).void().parse_next(input)?;
    if next(input) == Some('-') {
        let what = both!("two minus signs follow each other", "连续出现两个减号");
        let help = both!("write brackets: -(-x)", "请加括号：-(-x)");
        return Err(ErrMode::Cut(Flaw::new(here(input), what).help(help)));
    }
    Ok(Prefix(NEGATIVE, |input, of: Tree| {
        let start = input.state.minus.pop().unwrap_or(of.span.start);
        Ok(Tree { span: start..of.span.end, node: Node::Negative(Box::new(of)), in_brackets: false })
    }))
}

/// How tightly signs bind: powers most, comparisons least.
const POWER: i64 = 10;
const NEGATIVE: i64 = 8;
const PRODUCT: i64 = 6;
const SUM: i64 = 4;
const COMPARISON: i64 = 2;

fn sign<'t>(input: &mut Input<'t>) -> Result<Infix<Input<'t>, Tree, Error>, Error> {
    use Infix::{Left, Neither};
    use Operation::*;
    next(input);
    let two: &str = input.get(..2).unwrap_or_default();
    let known: Option<(usize, Infix<Input<'t>, Tree, Error>)> = match two {
        "<=" => Some((2, Neither(COMPARISON, |_, a, b| alone(AtMost, a, b)))),
        ">=" => Some((2, Neither(COMPARISON, |_, a, b| alone(AtLeast, a, b)))),
        "==" => Some((2, Neither(COMPARISON, |_, a, b| alone(Equal, a, b)))),
        "!=" => Some((2, Neither(COMPARISON, |_, a, b| alone(Unequal, a, b)))),
        _ => None,
    };
    let known = known.or_else(|| match input.chars().next()? {
        '+' => Some((1, Left(SUM, |_, a, b| Ok(joined(Add, a, b))))),
        '-' => Some((1, Left(SUM, |_, a, b| Ok(joined(Subtract, a, b))))),
        '*' => Some((1, Left(PRODUCT, |_, a, b| Ok(joined(Multiply, a, b))))),
        '/' => Some((1, Left(PRODUCT, |_, a, b| Ok(joined(Divide, a, b))))),
        '^' => Some((1, Neither(POWER, |_, a, b| alone(Power, a, b)))),
        '<' => Some((1, Neither(COMPARISON, |_, a, b| alone(Less, a, b)))),
        '>' => Some((1, Neither(COMPARISON, |_, a, b| alone(More, a, b)))),
        _ => None,
    });
    let Some((length, infix)) = known else { return Err(ErrMode::Backtrack(unknown_sign(input))) };
    take(length).void().parse_next(input)?;
    Ok(infix)
}

fn joined(operation: Operation, a: Tree, b: Tree) -> Tree {
    let span = a.span.start..b.span.end;
    Tree { node: Node::Sign(operation, Box::new([a, b])), span, in_brackets: false }
}

/// Joined by a sign beside which the like of it needs brackets.
fn alone(operation: Operation, a: Tree, b: Tree) -> Result<Tree, Error> {
    let binds_less = |tree: &Tree| match &tree.node {
        Node::Sign(other, _) if !tree.in_brackets => level(*other) <= level(operation),
        Node::Negative(_) if !tree.in_brackets => operation == Operation::Power,
        _ => false,
    };
    // What stands to the right of a power begins with its own minus, if any.
    if binds_less(&a) {
        return Err(ErrMode::Cut(in_doubt(last(&a, operation).span.start..b.span.end)));
    }
    Ok(joined(operation, a, b))
}

/// The last part of `tree` to which the same sign belongs.
fn last(tree: &Tree, operation: Operation) -> &Tree {
    match &tree.node {
        Node::Sign(other, of) if !tree.in_brackets && level(*other) < level(operation) => {
            last(&of[1], operation)
        }
        _ => tree,
    }
}

fn level(operation: Operation) -> i64 {
    match operation {
        Operation::Power => POWER,
        Operation::Multiply | Operation::Divide => PRODUCT,
        Operation::Add | Operation::Subtract => SUM,
        _ => COMPARISON,
    }
}

fn in_doubt(span: Range<usize>) -> Flaw {
    let what = both!("it is not clear what belongs together here", "此处的运算次序不明确");
    Flaw::new(span, what).help(both!("write brackets: (a ^ b) ^ c", "请加括号：(a ^ b) ^ c"))
}

/// Something in brackets.
fn brackets(input: &mut Input) -> Result<Tree, Error> {
    let open = here(input);
    opened(input)?;
    let tree = terms(input)?;
    let end = closed(input, &open)?;
    Ok(Tree { span: open.start..end, in_brackets: true, ..tree })
}

/// Goes past an opening bracket.
fn opened(input: &mut Input) -> Result<(), Error> {
    input.state.brackets += 1;
    if input.state.brackets > DEEPEST {
        let what = both!("brackets nest more than {DEEPEST} deep", "括号嵌套超过 {DEEPEST} 层");
        return Err(ErrMode::Cut(Flaw::new(here(input), what)));
    }
    take(1_usize).void().parse_next(input)
}

/// Goes past the bracket that closes the one at `open`; gives where it ends.
fn closed(input: &mut Input, open: &Range<usize>) -> Result<usize, Error> {
    match next(input) {
        Some(')') => {
            input.state.brackets -= 1;
            take(1_usize).void().parse_next(input)?;
            Ok(input.previous_token_end())
        }
        None => Err(ErrMode::Cut(Flaw::new(
            open.clone(),
            both!("this bracket is never closed", "这个括号没有闭合"),
        ))),
        Some(_) => Err(ErrMode::Cut(left_over(input))),
    }
}

fn number(input: &mut Input) -> Result<Tree, Error> {
    let digits = take_while(1.., |c: char| c.is_ascii_digit() || c == '.');
    let exponent = opt((one_of(['e', 'E']), opt(one_of(['+', '-'])), digit1));
    let (written, span) = (digits, exponent).take().with_span().parse_next(input)?;
    match written.parse::<f64>() {
        Ok(number) if number.is_finite() => Ok(Tree { node: Node::Number(number), span, in_brackets: false }),
        _ => Err(ErrMode::Cut(Flaw::new(span, both!("`{written}` is no number", "`{written}` 不是数")))),
    }
}

/// A name, or a function with what stands in its brackets.
fn name(input: &mut Input) -> Result<Tree, Error> {
    let is_in_name = |c: char| starts_name(c) || c.is_ascii_digit();
    let (name, named) = take_while(1.., is_in_name).with_span().parse_next(input)?;
    if next(input) != Some('(') {
        return Ok(Tree { node: Node::Name(name.into()), span: named, in_brackets: false });
    }
    let open = here(input);
    opened(input)?;
    let mut arguments = Vec::new();
    if next(input) != Some(')') {
        arguments.push(terms(input)?);
        while next(input) == Some(',') {
            take(1_usize).void().parse_next(input)?;
            arguments.push(terms(input)?);
        }
    }
    let end = closed(input, &open)?;
    let span = named.start..end;
    Ok(Tree { node: Node::Call { name: name.into(), named, arguments }, span, in_brackets: false })
}

/// Where a part must begin, none does.
fn missing(input: &Input) -> Flaw {
    match input.chars().next() {
        None => Flaw::new(
            here(input),
            both!(
                "the formula ends where a number, a name or a bracket must follow",
                "公式在此结束，但此处还需要数、名称或括号"
            ),
        ),
        Some(sign) if "+*/^<>=!,)".contains(sign) => Flaw::new(
            here(input),
            both!(
                "before `{sign}` a number, a name or a bracket is missing",
                "`{sign}` 之前缺少数、名称或括号"
            ),
        ),
        Some(_) => unknown_sign(input),
    }
}

/// After a part something follows that cannot follow.
fn left_over(input: &Input) -> Flaw {
    match input.chars().next() {
        Some(c) if starts_name(c) || c.is_ascii_digit() || "(.".contains(c) => Flaw::new(
            here(input),
            both!("before this a sign such as + or * is missing", "此前缺少 + 或 * 等运算符"),
        ),
        Some('<' | '>' | '^') => in_doubt(here(input)),
        Some('=' | '!') if matches!(input.get(..2), Some("==" | "!=")) => in_doubt(here(input)),
        Some('=') => Flaw::new(here(input), both!("a formula gives nothing a value", "公式中不能赋值"))
            .help(both!("to compare, write ==", "比较请写 ==")),
        Some(',') => Flaw::new(
            here(input),
            both!("a comma stands only between what a function takes", "逗号只能用于分隔函数的各参数"),
        ),
        _ => unknown_sign(input),
    }
}

/// Signs that a keyboard or a word processor gives in place of those that formulas know.
const LOOK_ALIKES: [(char, &str); 15] = [
    ('（', "("),
    ('）', ")"),
    ('，', ","),
    ('×', "*"),
    ('·', "*"),
    ('＊', "*"),
    ('÷', "/"),
    ('／', "/"),
    ('＋', "+"),
    ('－', "-"),
    ('−', "-"),
    ('–', "-"),
    ('＾', "^"),
    ('≤', "<="),
    ('≥', ">="),
];

fn unknown_sign(input: &Input) -> Flaw {
    let sign = input.chars().next().unwrap_or(' ');
    let flaw =
        Flaw::new(here(input), both!("formulas do not know the sign {sign}", "公式中不能使用符号 {sign}"));
    match LOOK_ALIKES.iter().find(|(known, _)| *known == sign) {
        Some((_, plain)) => flaw.help(both!("write {plain} instead", "请改写为 {plain}")),
        None if sign.is_alphabetic() => flaw.help(both!(
            "names are in lower-case letters, digits and _; `shequ explain theory.formula` lists them",
            "名称只用小写字母、数字与 _；`shequ explain theory.formula` 列出可用的名称"
        )),
        None => flaw,
    }
}
