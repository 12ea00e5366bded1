//! A formula of which every name has been found: what it means, apart from how it was written.

use std::sync::Arc;

use super::operation::{FUNCTIONS, Function, Made, Operation};
use super::outside::Outside;
use super::syntax::{Flaw, Node, Tree};
use super::variable::Variable;
use crate::base::i18n::{Both, both};
use crate::base::problem::nearest;

/// A formula, or a part of one.
#[derive(Clone, Debug, PartialEq)]
pub enum Expression {
    /// A number.
    Constant(f32),
    /// What a name stands for.
    Variable(Variable),
    /// An operation on as many parts as it takes.
    Apply(Operation, Vec<Expression>),
    /// A function from outside, of as many parts as it takes.
    Call(Arc<Outside>, Vec<Expression>),
}

impl Expression {
    /// Its value where names have the values that `of` gives: one number at a time, by the definition.
    pub fn value(&self, of: &impl Fn(Variable) -> f32) -> f32 {
        match self {
            Expression::Constant(number) => *number,
            Expression::Variable(variable) => of(*variable),
            Expression::Apply(operation, parts) => {
                let mut numbers = [0.0; 3];
                for (number, part) in numbers.iter_mut().zip(parts) {
                    *number = part.value(of);
                }
                operation.of(&numbers[..parts.len()])
            }
            Expression::Call(function, parts) => {
                let numbers: Vec<[f32; 1]> = parts.iter().map(|part| [part.value(of)]).collect();
                let columns: Vec<&[f32]> = numbers.iter().map(|number| &number[..]).collect();
                let mut out = [f32::NAN];
                function.work(&columns, &mut out);
                out[0]
            }
        }
    }

    /// `operation` on `parts`; a number at once, if they are numbers.
    pub fn apply(operation: Operation, parts: Vec<Expression>) -> Expression {
        let all = Expression::Apply(operation, parts);
        let Expression::Apply(_, parts) = &all else { unreachable!("just made") };
        let is_known = parts.iter().all(|part| matches!(part, Expression::Constant(_)));
        if is_known { Expression::Constant(all.value(&|_| f32::NAN)) } else { all }
    }

    /// Adds the variables that occur in it to `found`, each once.
    pub fn variables(&self, found: &mut Vec<Variable>) {
        match self {
            Expression::Variable(variable) if !found.contains(variable) => found.push(*variable),
            Expression::Apply(_, parts) | Expression::Call(_, parts) => {
                parts.iter().for_each(|part| part.variables(found));
            }
            _ => {}
        }
    }

    /// Adds the functions from outside that it calls to `found`, each once.
    pub fn outside(&self, found: &mut Vec<Arc<Outside>>) {
        if let Expression::Call(function, _) = self
            && !found.contains(function)
        {
            found.push(function.clone());
        }
        if let Expression::Apply(_, parts) | Expression::Call(_, parts) = self {
            parts.iter().for_each(|part| part.outside(found));
        }
    }

    /// True if `variable` occurs in it.
    pub fn has(&self, variable: Variable) -> bool {
        let mut found = Vec::new();
        self.variables(&mut found);
        found.contains(&variable)
    }
}

/// What one formula may speak of.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// The probability: all that a resident decides on; the memory only if there is one.
    Probability {
        /// Whether anything is remembered.
        with_memory: bool,
    },
    /// The first memory: what is known of a resident before any occasion.
    Start,
    /// The next memory: the last one too, and what came of the occasion.
    Update,
}

impl Scope {
    /// Why `variable` cannot stand in such a formula, if it cannot.
    fn refuses(self, variable: Variable) -> Option<Both> {
        let of_update = || {
            both!(
                "only `remember` knows what came of the last occasion",
                "只有 `remember` 能使用上次机会的结果"
            )
        };
        match (variable, self) {
            (Variable::Memory, Scope::Probability { with_memory: false }) => Some(both!(
                "nothing is remembered: give `remember`, the formula by which memory moves",
                "没有记忆：请给出 `remember`，即记忆更新的公式"
            )),
            (Variable::Memory, Scope::Start) => {
                Some(both!("there is no memory before the first", "首次之前没有记忆"))
            }
            (Variable::TookPart | Variable::Outcome, Scope::Probability { .. } | Scope::Start) => {
                Some(of_update())
            }
            (Variable::Intercept, Scope::Start | Scope::Update) => Some(both!(
                "the intercept belongs in `probability` alone, where it is fitted",
                "截距只用于 `probability`，并在其中拟合"
            )),
            _ => None,
        }
    }
}

/// A parameter of one's own.
pub type Parameter<'a> = (&'a str, f64);

/// Gives the names of a tree their meaning.
pub struct Reader<'a> {
    /// The parameters.
    pub parameters: &'a [Parameter<'a>],
    /// What the formula may speak of.
    pub scope: Scope,
    /// What is wrong so far.
    pub flaws: Vec<Flaw>,
    /// Which parameters occur.
    pub used: Vec<bool>,
}

impl<'a> Reader<'a> {
    /// Reads a formula of this scope.
    pub fn new(parameters: &'a [Parameter<'a>], scope: Scope) -> Reader<'a> {
        Reader { parameters, scope, flaws: Vec::new(), used: vec![false; parameters.len()] }
    }

    /// What `tree` means; where a name means nothing, anything, and a flaw is noted.
    pub fn read(&mut self, tree: &Tree) -> Expression {
        match &tree.node {
            Node::Number(number) => Expression::Constant(*number as f32),
            Node::Name(name) => self.name(name, tree),
            Node::Negative(of) => Expression::apply(Operation::Negate, vec![self.read(of)]),
            Node::Sign(operation, of) => {
                let parts = of.iter().map(|part| self.read(part)).collect();
                Expression::apply(*operation, parts)
            }
            Node::Call { name, named, arguments } => {
                let read: Vec<Expression> = arguments.iter().map(|part| self.read(part)).collect();
                let known = FUNCTIONS.iter().find(|function| function.name == name);
                match (known, Outside::named(name)) {
                    (Some(function), _) => self.call(function, tree, read),
                    (None, Some(function)) => self.call_outside(function, tree, read),
                    (None, None) => {
                        let what = both!("there is no function `{name}`", "没有函数 `{name}`");
                        self.wrong(Flaw::new(named.clone(), what).help(self.function_meant(name)))
                    }
                }
            }
        }
    }

    fn wrong(&mut self, flaw: Flaw) -> Expression {
        self.flaws.push(flaw);
        Expression::Constant(f32::NAN)
    }

    fn name(&mut self, name: &str, tree: &Tree) -> Expression {
        if let Some(at) = self.parameters.iter().position(|(known, _)| *known == name) {
            self.used[at] = true;
            return Expression::Constant(self.parameters[at].1 as f32);
        }
        let Some(variable) = Variable::named(name) else {
            let what = both!("the formula has an unknown name, `{name}`", "公式中有未知的名称 `{name}`");
            return self.wrong(Flaw::new(tree.span.clone(), what).help(self.name_meant(name)));
        };
        if let Some(why) = self.scope.refuses(variable) {
            let what = both!("`{name}` cannot stand here", "此处不能使用 `{name}`");
            return self.wrong(Flaw::new(tree.span.clone(), what).help(why));
        }
        Expression::Variable(variable)
    }

    fn call(&mut self, function: &Function, tree: &Tree, mut given: Vec<Expression>) -> Expression {
        let (least, most) = function.arguments;
        if !(least..=most).contains(&given.len()) {
            return self.miscounted(function.name, function.takes, tree, given.len());
        }
        match function.made_of {
            Made::Of(operation) => Expression::apply(operation, given),
            Made::Repeated(operation) => {
                let rest = given.split_off(1);
                let join = |all, next| Expression::apply(operation, vec![all, next]);
                rest.into_iter().fold(given.remove(0), join)
            }
            Made::Clamp => {
                let high = given.remove(2);
                let raised = Expression::apply(Operation::Maximum, given);
                Expression::apply(Operation::Minimum, vec![raised, high])
            }
        }
    }

    fn call_outside(&mut self, function: Arc<Outside>, tree: &Tree, given: Vec<Expression>) -> Expression {
        if given.len() != function.takes() {
            let takes = vec!["x"; function.takes()].join(", ");
            return self.miscounted(function.name(), &takes, tree, given.len());
        }
        Expression::Call(function, given)
    }

    fn miscounted(&mut self, name: &str, takes: &str, tree: &Tree, n: usize) -> Expression {
        let what = both!("`{name}` does not take {n} numbers", "`{name}` 的参数个数不是 {n}");
        let help = both!("it is {name}({takes})", "应为 {name}({takes})");
        self.wrong(Flaw::new(tree.span.clone(), what).help(help))
    }

    /// What was perhaps meant by an unknown name.
    fn name_meant(&self, name: &str) -> Both {
        if FUNCTIONS.iter().any(|function| function.name == name) {
            return both!("a function needs brackets: {name}(…)", "函数需要括号：{name}(…)");
        }
        let own = self.parameters.iter().map(|(name, _)| name.to_string());
        let known: Vec<String> = own.chain(Variable::names()).collect();
        match nearest(name, known.iter().map(String::as_str)) {
            Some(near) => both!("did you mean `{near}`?", "是否想写 `{near}`？"),
            None => both!(
                "give a number of your own in [theory.formula.parameters]: {name} = 1.0; \
                 `shequ explain theory.formula` lists the inputs",
                "自己的参数请写在 [theory.formula.parameters] 中：{name} = 1.0；\
                 `shequ explain theory.formula` 列出可用的输入"
            ),
        }
    }

    /// What was perhaps meant by an unknown function.
    fn function_meant(&self, name: &str) -> Both {
        let own = Outside::names();
        let known = FUNCTIONS.iter().map(|function| function.name).chain(own.iter().map(String::as_str));
        match nearest(name, known.clone()) {
            Some(near) => both!("did you mean `{near}`?", "是否想写 `{near}`？"),
            None => both!(
                "the functions are {names}; a product needs its *; a function of one's own is known where the program \
                 that brings it along runs the scenario, as Python does by `shequ.function`",
                "可用的函数有 {names}；乘法要写 *；自己的函数只在提供它的程序运行该情景时可用，如 Python 的 `shequ.function`";
                names = known.collect::<Vec<_>>().join(", ")
            ),
        }
    }
}

/// Why nothing of one's own can have this name, if it cannot.
pub fn taken(name: &str) -> Option<Both> {
    let is_letter = |c: char| c.is_ascii_lowercase() || c == '_';
    if !name.starts_with(is_letter) || !name.chars().all(|c| is_letter(c) || c.is_ascii_digit()) {
        return Some(both!(
            "\"{name}\" is no name for a parameter: lower-case letters, digits and _ only",
            "\"{name}\" 不能作参数名：只能用小写字母、数字与 _"
        ));
    }
    let is_known = Variable::named(name).is_some() || FUNCTIONS.iter().any(|function| function.name == name);
    is_known.then(|| both!("`{name}` is a name that formulas know already", "`{name}` 是公式中已有的名称"))
}
