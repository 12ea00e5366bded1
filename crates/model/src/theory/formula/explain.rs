//! A decision under a theory of one's own, term by term: the terms are the parts of the sum within the formula, in
//! the words in which it is written.

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

use super::super::Term;
use super::bounded;
use super::expression::{Expression, Parameter, Reader, Scope};
use super::machine::Frame;
use super::operation::Operation;
use super::syntax::{Node, Tree};
use super::variable::Variable;
use crate::base::params::{Text, text};

/// Longest name of a term, in characters.
const LONGEST: usize = 48;

/// What a decision is made of.
pub struct Explained {
    with_memory: bool,
    parts: Vec<Part>,
    /// What the sum is called, where something is made of it.
    sum: Option<Text>,
    whole: Expression,
}

/// One part of the sum.
struct Part {
    name: String,
    is_intercept: bool,
    is_taken_off: bool,
    value: Expression,
}

impl Explained {
    /// Of the formula `written`, which was found to be right.
    pub fn of(written: &str, tree: &Tree, parameters: &[Parameter], with_memory: bool) -> Explained {
        let mut reader = Reader::new(parameters, Scope::Probability { with_memory });
        let (inner, sum) = within(tree);
        let mut found = Vec::new();
        parts(inner, false, &mut found);
        let part = |(part, is_taken_off): (&Tree, bool)| {
            let value = reader.read(part);
            let is_intercept = !is_taken_off && value == Expression::Variable(Variable::Intercept);
            Part { name: name(&written[part.span.clone()]), is_intercept, is_taken_off, value }
        };
        let parts = found.into_iter().map(part).collect();
        Explained { with_memory, parts, sum, whole: reader.read(tree) }
    }

    /// The terms of the one resident of `frame`.
    pub fn terms(&self, frame: &Frame) -> Vec<Term> {
        let of = |variable| frame.of(variable, 0);
        let mut terms = Vec::new();
        if self.with_memory {
            terms.push(term(text("memory", "记忆"), of(Variable::Memory)));
        }
        let mut sum = 0.0;
        for part in &self.parts {
            let value = part.value.value(&of);
            let value = if part.is_taken_off { -value } else { value };
            let name = if part.is_intercept { text("intercept", "截距") } else { same(&part.name) };
            sum += value;
            terms.push(term(name, value));
        }
        terms.extend(self.sum.map(|name| term(name, sum)));
        terms.push(term(text("probability", "概率"), bounded(self.whole.value(&of))));
        terms
    }
}

fn term(name: Text, value: f32) -> Term {
    Term { name, value: f64::from(value) }
}

/// The sum of which a probability is made, and what it is called.
fn within(tree: &Tree) -> (&Tree, Option<Text>) {
    let (inner, name) = match &tree.node {
        Node::Call { name, arguments, .. } if name == "logistic" => (&arguments[0], text("utility", "效用")),
        Node::Call { name, arguments, .. } if name == "clamp" => (&arguments[0], text("sum", "合计")),
        _ => return (tree, None),
    };
    // A sum that is divided, as by the scale of noise, is shown before it is.
    match &inner.node {
        Node::Sign(Operation::Divide, of) if is_sum(&of[0]) => (&of[0], Some(name)),
        _ => (inner, Some(name)),
    }
}

fn is_sum(tree: &Tree) -> bool {
    matches!(tree.node, Node::Sign(Operation::Add | Operation::Subtract, _))
}

/// The parts of a sum, each with whether it is taken off.
fn parts<'t>(tree: &'t Tree, is_taken_off: bool, found: &mut Vec<(&'t Tree, bool)>) {
    match &tree.node {
        Node::Sign(operation @ (Operation::Add | Operation::Subtract), of) => {
            parts(&of[0], is_taken_off, found);
            let is_less = *operation == Operation::Subtract;
            match is_sum(&of[1]) {
                // In brackets: one part, as it is written.
                true => found.push((&of[1], is_taken_off != is_less)),
                false => parts(&of[1], is_taken_off != is_less, found),
            }
        }
        Node::Negative(of) if !is_sum(of) => parts(of, !is_taken_off, found),
        _ => found.push((tree, is_taken_off)),
    }
}

/// The text of a part on one line, cut where it is long.
fn name(written: &str) -> String {
    let line = written.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line,
    }
}

/// Words that are the same in both languages. Names of terms live as long as the program: those of a formula are
/// kept once each, when somebody first asks for them.
fn same(name: &str) -> Text {
    static KEPT: Mutex<BTreeSet<&'static str>> = Mutex::new(BTreeSet::new());
    let mut kept = KEPT.lock().unwrap_or_else(PoisonError::into_inner);
    if !kept.contains(name) {
        kept.insert(Box::leak(name.into()));
    }
    let name = kept.get(name).copied().unwrap_or_default();
    text(name, name)
}
