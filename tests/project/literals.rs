//! No number with a claim about the world stands in the code of the model: such a number is a parameter, with its
//! unit, range, source and grade.
//!
//! A literal is free where it can hardly be a claim: whole numbers in an index, in the length of an array and in a
//! shift, numbers in base 2 or 16, attributes (where parameters are declared) and tests. What else there is
//! must be named, as a constant or as the function that holds it, in [`EXCEPT`], with the reason.

use std::collections::{BTreeMap, BTreeSet};

use crate::sources;

/// The folders that are read, below the source of the model: what happens in the city.
const READ: &[&str] = &["city", "institution", "mechanism", "metric", "simulation", "theory", "trust"];

/// The source of the model, from the root.
const MODEL: &str = "crates/model/src";

/// What to do with a literal.
const ADVICE: &str = "make it a parameter (docs/extending.md); if it is no claim about the world, name it as a constant \
    and say why in EXCEPT of tests/project/literals.rs";

/// Nothing, all, twice, half, and the months of a year.
const FREE: [f64; 5] = [0.0, 0.5, 1.0, 2.0, 12.0];

/// Constants and functions whose literals are no claim about the world: file, names (`*`: all of the file), and why.
const EXCEPT: &[(&str, &[&str], &str)] = &[
    (
        "city/column.rs",
        &["each", "sum", "BLOCK", "known"],
        "hours are kept in quarters; numbers are summed in blocks",
    ),
    ("city/mod.rs", &["*"], "names of classes, and their positions"),
    (
        "city/mode.rs",
        &["MODES", "keys", "base_rate_believed"],
        "the defaults in which modes differ, and priors: parameters themselves",
    ),
    (
        "city/residents.rs",
        &[
            "TARGETS",
            "new",
            "local",
            "listed",
            "party",
            "danwei",
            "education",
            "income",
            "ONE_CONTACT",
            "first",
            "PAIRS",
            "BYTES",
            "rest_here",
            "band_at",
        ],
        "how columns are packed, and the bounds of age bands",
    ),
    ("city/person.rs", &["of"], "the root of 3 makes an even distribution as wide as a normal one"),
    ("city/survey_items.rs", &["ITEMS"], "how many there are"),
    ("city/synth/friends.rs", &["meet"], "room set aside"),
    (
        "city/synth/homes.rs",
        &["HOMES", "LARGEST", "poisson"],
        "classes, the end of a law, and steps of a bisection",
    ),
    (
        "city/synth/network.rs",
        &["small_world", "lattice"],
        "attempts, and the degree at which a grid has diagonals",
    ),
    (
        "city/synth/people.rs",
        &["OF_AGE", "BAND_MONTHS", "months_old", "position", "age_of_partner", "age_of_kin"],
        "the bounds of age bands, and just short of one",
    ),
    ("city/synth/plan.rs", &["HAIR"], "rounding"),
    ("city/synth/rake.rs", &["BOUND", "shift", "ROUNDS"], "steps and ends of a search"),
    ("city/synth/start.rs", &["BLOCK"], "a block of residents, and the root of 3"),
    (
        "city/table.rs",
        &["ADULTS", "MOST_YUAN", "MOST_STAFF", "HOUSEHOLD", "RING", "keys"],
        "what a table may hold",
    ),
    (
        "city/synth/tables.rs",
        &["QUINTILES", "ELDERLY", "OLDEST", "mean_before_cutting"],
        "classes, the ages of a table, and a bisection",
    ),
    ("city/ties.rs", &["TOGETHER", "MOST"], "how ties are packed"),
    ("institution/committee_and_staff/admin.rs", &["MOST"], "keeps the boldest growth a number"),
    ("institution/committee_and_staff/coordination.rs", &["LEVELS"], "how many there are"),
    ("institution/committee_and_staff/diffusion.rs", &["PRACTICES", "QUARTER"], "how many there are"),
    ("institution/committee_and_staff/staff.rs", &["PIECE"], "the step in which time is given out"),
    ("institution/committee_and_staff/staff/queue.rs", &["DAYS"], "days of a month"),
    ("institution/committee_and_staff/station.rs", &["FAMILIES"], "how many there are"),
    ("institution/council_and_election/election/contest.rs", &["like"], "how many likenesses there are"),
    (
        "institution/fund_and_money/funding.rs",
        &["CANDIDATES", "MOST_GRANTED", "LAST"],
        "ends that keep a vote short and a sum a number, and the last month of a year",
    ),
    ("institution/fund_and_money/funding/devolution.rs", &["pay"], "the last month of a year"),
    ("institution/fund_and_money/government.rs", &["LEAST"], "keeps a weight above nil"),
    (
        "institution/organisations_and_partners/organisations.rs",
        &["begin", "found", "adapt", "TAIL"],
        "numbers of draws, and the end of a law",
    ),
    ("institution/organisations_and_partners/party.rs", &["BRANCH_TYPES"], "how many there are"),
    ("institution/organisations_and_partners/property.rs", &["MOST"], "how compounds are numbered"),
    ("institution/outreach_and_platforms/intervention.rs", &["STAGES"], "how many there are"),
    (
        "institution/outreach_and_platforms/opportunities.rs",
        &["SMALL"],
        "keeps a quotient finite in a tiny community",
    ),
    ("institution/outreach_and_platforms/survey.rs", &["OTHERS"], "how many there are"),
    (
        "institution/population_change/ladder.rs",
        &["*"],
        "the published program that it reproduces (Ruedin 2007)",
    ),
    ("institution/population_change/migration.rs", &["migrate"], "keeps a quotient finite"),
    ("institution/population_change/shock.rs", &["OVER"], "below which nothing is left"),
    (
        "institution/public_services/demand.rs",
        &["HUNCH"],
        "derived: variance of an answer over variance of a hunch",
    ),
    ("institution/public_services/waste.rs", &["FULL"], "how weights of 16 bits are packed"),
    ("institution/public_services/services.rs", &["begin"], "keeps odds finite"),
    ("institution/state.rs", &["ASKERS"], "how many there are"),
    (
        "metric/communities.rs",
        &["family", "inequality_of_benefit"],
        "a level of education, and the bins of a count",
    ),
    ("metric/counted.rs", &["TERM", "POINTS"], "definitions of statistics"),
    ("metric/details.rs", &["acts"], "habits of 16 bits, and quarters of an hour"),
    ("metric/governance.rs", &["LEVELS", "family"], "positions, and minutes of an hour"),
    ("metric/institutions.rs", &["SETTLED"], "the definition of a statistic"),
    ("metric/mod.rs", &["TOGETHER", "BLOCK"], "what is added up together"),
    ("metric/residents.rs", &["trust", "inequality"], "positions, and the bins of a count"),
    ("metric/society.rs", &["family"], "rungs of a ladder, and per thousand"),
    ("metric/surveys.rs", &["TOLD"], "positions"),
    (
        "simulation/awareness.rs",
        &["MOST", "WIDTH", "look", "look_for_little", "DAYS", "LEAST"],
        "how counts are packed, and days of a month",
    ),
    ("simulation/begin.rs", &["as_usual"], "habits of 16 bits, and lanes of a draw"),
    (
        "simulation/block.rs",
        &["draw", "weigh", "write"],
        "lanes of a draw, habits of 16 bits, quarters of an hour",
    ),
    ("simulation/checkpoint.rs", &["TOGETHER"], "what is written together"),
    ("simulation/decision.rs", &["process"], "quarters of an hour"),
    ("simulation/distributions.rs", &["QUANTILES"], "the definition of a statistic"),
    (
        "simulation/intercepts.rs",
        &[
            "CITY",
            "MONTHS",
            "BETWEEN",
            "result",
            "balanced",
            "log_odds",
            "default",
            "ENOUGH",
            "PANEL",
            "fit_mode",
            "before_fitting",
            "residents_before_fitting",
        ],
        "the search for an intercept: its city, for which alone parameters stay as they were before they were fitted, \
         its steps, ends and tolerance",
    ),
    ("simulation/mod.rs", &["BLOCK"], "a block of residents"),
    ("simulation/moves.rs", &["for_each", "BLOCKS"], "lanes of a draw"),
    ("simulation/outcomes.rs", &["form_habits", "ROUNDER"], "habits of 16 bits"),
    (
        "simulation/pool.rs",
        &["SAMPLE", "EDUCATIONS", "unlikeness"],
        "a sample, and how many levels there are",
    ),
    ("simulation/terms.rs", &["per_hour"], "hours are kept in quarters"),
    ("simulation/trusting.rs", &["of", "spill", "decide"], "bits of a draw; 4·t·(1 − t) is 1 in the middle"),
    (
        "theory/civic_voluntarism.rs",
        &["parts", "silence"],
        "the scale of quintiles, and the end of a logarithm",
    ),
    ("theory/conditional_cooperation.rs", &["of", "above"], "rounding"),
    ("theory/formula/explain.rs", &["LONGEST"], "where a long name is cut"),
    (
        "theory/formula/machine.rs",
        &["LANES", "TOGETHER", "FEW", "SOME", "MOST", "perform"],
        "how formulas are worked out",
    ),
    ("theory/formula/mod.rs", &["LARGEST"], "the end of what a parameter may hold"),
    ("theory/formula/operation.rs", &["FUNCTIONS", "takes"], "how many numbers operations take"),
    ("theory/formula/outside.rs", &["MOST"], "rows that a call may take"),
    (
        "theory/formula/syntax.rs",
        &["DEEPEST", "POWER", "NEGATIVE", "PRODUCT", "SUM"],
        "how formulas are read",
    ),
    ("theory/formula/tests.rs", &["*"], "tests in a file of their own"),
    (
        "theory/formula/trial.rs",
        &["RESIDENTS", "INTERCEPTS", "ROUNDING", "of_every_kind", "remembered"],
        "on whom a formula is tried out before any run",
    ),
    (
        "theory/formula/variable.rs",
        &["NORMAL", "KNOWN", "ATTRIBUTES"],
        "between which values a formula is tried out, and the scale of levels",
    ),
    ("theory/planned_behaviour.rs", &["parts"], "a mean of three"),
    ("theory/threshold.rs", &["probability"], "rounding"),
    ("trust/social.rs", &["HAIR"], "rounding"),
];

/// Literals that are still to become parameters, by file. A number here may only fall.
const REMAINING: &[(&str, usize)] = &[
    // The first need weighs two thirds.
    ("city/residents.rs", 1),
    // Stakes and reach under reference conditions.
    ("simulation/intercepts.rs", 4),
    // By which residents newcomers are like.
    ("simulation/pool.rs", 1),
];

/// A literal that is not free: the line it stands on, the constant or function that holds it, and the digits.
#[derive(Debug, PartialEq)]
struct Literal {
    line: usize,
    owner: String,
    digits: String,
}

/// A word, a number or a sign of the source.
#[derive(Clone, Debug, PartialEq)]
enum Token {
    Word(String),
    Number(String),
    Sign(char),
}

/// The tokens of `text` with their lines; no comment, text, character or lifetime is one.
fn tokens(text: &str) -> Vec<(usize, Token)> {
    let code: Vec<char> = text.chars().collect();
    let (mut at, mut line, mut found) = (0, 1, Vec::new());
    while at < code.len() {
        let next = skip(&code, at).unwrap_or_else(|| {
            let (end, token) = token(&code, at, found.last().map(|(_, token)| token));
            found.extend(token.map(|token| (line, token)));
            end
        });
        line += code[at..next].iter().filter(|&&c| c == '\n').count();
        at = next;
    }
    found
}

/// The end of the comment, the text or the character that begins `at`; none if none begins there.
fn skip(code: &[char], at: usize) -> Option<usize> {
    let is = |offset: usize, c: char| code.get(at + offset) == Some(&c);
    let inside = at > 0 && (code[at - 1].is_alphanumeric() || code[at - 1] == '_');
    match code[at] {
        '/' if is(1, '/') => Some(until(code, at, |rest| rest[0] == '\n')),
        '/' if is(1, '*') => Some(until(code, at + 2, |rest| rest.starts_with(&['*', '/'])) + 2),
        'r' if !inside && (is(1, '"') || is(1, '#') && (is(2, '"') || is(2, '#'))) => {
            let fence = code[at + 1..].iter().take_while(|&&c| c == '#').count();
            let mut closing = vec!['#'; fence];
            closing.insert(0, '"');
            Some(until(code, at + fence + 2, |rest| rest.starts_with(&closing)) + closing.len())
        }
        '"' => Some(quoted(code, at, '"')),
        '\'' if is(1, '\\') || is(2, '\'') => Some(quoted(code, at, '\'')),
        _ => None,
    }
}

fn until(code: &[char], from: usize, ends: impl Fn(&[char]) -> bool) -> usize {
    (from..code.len()).find(|&at| ends(&code[at..])).unwrap_or(code.len())
}

fn quoted(code: &[char], at: usize, quote: char) -> usize {
    let mut end = at + 1;
    while end < code.len() && code[end] != quote {
        end += 1 + (code[end] == '\\') as usize;
    }
    (end + 1).min(code.len())
}

/// The token that begins `at`, after `before`, and its end; blanks are none, and neither is a lifetime.
fn token(code: &[char], at: usize, before: Option<&Token>) -> (usize, Option<Token>) {
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    let word = |from: usize| until(code, from, |rest| !is_word(rest[0]));
    let read = |end: usize| code[at..end].iter().collect::<String>();
    match code[at] {
        c if c.is_whitespace() => (at + 1, None),
        '\'' => (word(at + 1), None),
        c if c.is_ascii_digit() => {
            let mut end = word(at);
            // `1.5` and `1.`, but neither `1..5` nor the `0.1` of `pair.0.1`.
            let is_field = before == Some(&Token::Sign('.')) && code[at - 1] == '.' && code[at - 2] != '.';
            let after = code.get(end + 1).copied().unwrap_or(' ');
            let goes_on = after.is_ascii_digit() || !is_word(after) && after != '.';
            if !is_field && code.get(end) == Some(&'.') && goes_on {
                end = word(end + 1);
            }
            // The sign of an exponent.
            if !is_field && read(end).ends_with('e') && matches!(code.get(end), Some('-' | '+')) {
                end = word(end + 1);
            }
            (end, Some(if is_field { Token::Word(read(end)) } else { Token::Number(read(end)) }))
        }
        c if is_word(c) => (word(at), Some(Token::Word(read(word(at))))),
        c => (at + 1, Some(Token::Sign(c))),
    }
}

/// The value of a number as it is written, if it is in base 10.
fn value(digits: &str) -> Option<f64> {
    let plain = digits.replace('_', "");
    let types =
        ["f32", "f64", "usize", "isize", "u8", "u16", "u32", "u64", "u128", "i8", "i16", "i32", "i64"];
    let bare = types.iter().find_map(|name| plain.strip_suffix(name)).unwrap_or(&plain);
    bare.parse().ok()
}

/// Where the bracket ends that opens at `open`: the place after the closing one.
fn closed(tokens: &[(usize, Token)], open: usize) -> usize {
    let mut depth = 0;
    for (at, (_, token)) in tokens.iter().enumerate().skip(open) {
        match token {
            Token::Sign('(' | '[' | '{') => depth += 1,
            Token::Sign(')' | ']' | '}') => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return at + 1;
        }
    }
    tokens.len()
}

/// Where the item ends that begins at `from`: after its body, or its semicolon.
fn item(tokens: &[(usize, Token)], from: usize) -> usize {
    let mut at = from;
    while at < tokens.len() {
        match tokens[at].1 {
            Token::Sign(';') => return at + 1,
            Token::Sign('{') => return closed(tokens, at),
            Token::Sign('(' | '[') => at = closed(tokens, at),
            _ => at += 1,
        }
    }
    at
}

/// Without attributes, and without what is compiled for tests only.
fn shipped(tokens: &[(usize, Token)]) -> Vec<(usize, Token)> {
    let (mut at, mut kept) = (0, Vec::new());
    while at < tokens.len() {
        let open = match (&tokens[at].1, tokens.get(at + 1), tokens.get(at + 2)) {
            (Token::Sign('#'), Some((_, Token::Sign('['))), _) => Some(at + 1),
            (Token::Sign('#'), Some((_, Token::Sign('!'))), Some((_, Token::Sign('[')))) => Some(at + 2),
            _ => None,
        };
        let Some(open) = open else {
            kept.push(tokens[at].clone());
            at += 1;
            continue;
        };
        let end = closed(tokens, open);
        let words: Vec<&Token> = tokens[open..end].iter().map(|(_, token)| token).collect();
        let is_test = matches!(words[..], [_, Token::Word(cfg), _, Token::Word(test), ..]
            if cfg == "cfg" && test == "test");
        at = if is_test { item(tokens, end) } else { end };
    }
    kept
}

/// The literals of a source file that are not free.
fn literals(text: &str) -> Vec<Literal> {
    let code = shipped(&tokens(text));
    let sign = |at: usize| match code.get(at) {
        Some((_, Token::Sign(c))) => *c,
        _ => ' ',
    };
    let is_word =
        |at: usize, name: &str| matches!(code.get(at), Some((_, Token::Word(word))) if word == name);
    // Each holder with the place after it; the brackets that are open, with whether one holds an index.
    let (mut holders, mut brackets, mut found): (Vec<(String, usize)>, Vec<bool>, Vec<Literal>) =
        Default::default();
    for (at, (line, token)) in code.iter().enumerate() {
        holders.retain(|(_, end)| *end > at);
        match token {
            Token::Word(word) if matches!(word.as_str(), "fn" | "const" | "static") => {
                if let Some((_, Token::Word(name))) =
                    code.get(at + 1).filter(|_| sign(at + 2) != ' ' || word == "fn")
                {
                    let end = if word == "fn" { item(&code, at) } else { constant(&code, at) };
                    holders.push((name.clone(), end));
                }
            }
            Token::Sign(c @ ('(' | '[' | '{')) => {
                let is_value = match at.checked_sub(1).map(|before| &code[before].1) {
                    Some(Token::Word(word)) => {
                        !matches!(word.as_str(), "in" | "return" | "else" | "match" | "mut")
                    }
                    Some(Token::Sign(c)) => matches!(c, ')' | ']' | '?'),
                    _ => false,
                };
                let is_of_rows = sign(at.wrapping_sub(1)) == '&' && is_word(at.wrapping_sub(3), "rows");
                brackets.push(*c == '[' && (is_value || is_of_rows));
            }
            Token::Sign(')' | ']' | '}') => drop(brackets.pop()),
            Token::Number(digits) => {
                let before = at.checked_sub(1).map_or(' ', &sign);
                let in_array = before == ';' && sign(at + 1) == ']';
                let shifts = matches!(before, '<' | '>') && sign(at.saturating_sub(2)) == before;
                let is_whole = digits.parse::<f64>().is_ok() && !digits.contains('.');
                // Rows of the map of mechanisms are names.
                let is_place = brackets.last() == Some(&true) || in_array || shifts;
                let is_free = value(digits).is_none_or(|value| FREE.contains(&value)) || is_whole && is_place;
                if !is_free {
                    let owner = holders.last().map_or(String::new(), |(name, _)| name.clone());
                    found.push(Literal { line: *line, owner, digits: digits.clone() });
                }
            }
            _ => {}
        }
    }
    found
}

/// Where the constant ends that begins at `from`: after its semicolon.
fn constant(code: &[(usize, Token)], from: usize) -> usize {
    let mut at = from;
    while at < code.len() {
        match code[at].1 {
            Token::Sign(';') => return at + 1,
            Token::Sign('(' | '[' | '{') => at = closed(code, at),
            _ => at += 1,
        }
    }
    at
}

#[test]
fn literals_are_found_where_they_may_be_claims() {
    let text = r#"
        //! 0.7 in a comment; "0.8" in a text
        #[param(real = 0.9, zh = "x")]
        const STEP: f64 = 0.3; /* 3 */
        pub fn f<'a>(x: &'a [f32; 9]) -> f64 {
            let c = '7';
            x[5] as f64 * 1.5e-3 + pair.0.1 + (1 << 7) as f64 + 12.0 + 0x7f as f64
        }
        rows: &[28, 91],
        #[cfg(test)]
        mod tests { const OTHER: f64 = 0.4; }
        fn g() { (4..=6).map(|k| 1_000 * k); }"#;
    let found: Vec<(usize, String, String)> =
        literals(text).into_iter().map(|l| (l.line, l.owner, l.digits)).collect();
    let expected =
        [(4, "STEP", "0.3"), (7, "f", "1.5e-3"), (12, "g", "4"), (12, "g", "6"), (12, "g", "1_000")];
    assert_eq!(found, expected.map(|(line, owner, digits)| (line, owner.to_string(), digits.to_string())));
}

#[test]
fn no_number_is_hidden_in_the_model() {
    let mut remaining: BTreeMap<&str, usize> = REMAINING.iter().copied().collect();
    let mut unused: BTreeSet<(&str, &str)> =
        EXCEPT.iter().flat_map(|(file, names, _)| names.iter().map(|name| (*file, *name))).collect();
    let mut wrong = Vec::new();
    for (path, text) in READ.iter().flat_map(|folder| sources::below(&format!("{MODEL}/{folder}"))) {
        let file = path.strip_prefix(MODEL).ok().and_then(|file| file.to_str()).expect("a plain name");
        let is_excepted = |literal: &Literal| {
            let here = EXCEPT.iter().filter(|(of, ..)| *of == file).flat_map(|(_, names, _)| names.iter());
            here.copied().find(|name| ["*", literal.owner.as_str()].contains(name))
        };
        let (excepted, claims): (Vec<_>, Vec<_>) =
            literals(&text).into_iter().partition(|literal| is_excepted(literal).is_some());
        unused.retain(|(of, name)| {
            *of != file || !excepted.iter().any(|literal| is_excepted(literal) == Some(*name))
        });
        match remaining.remove(file).unwrap_or(0) {
            known if known == claims.len() => {}
            known if known > claims.len() => {
                wrong.push(format!("{file}: {} are left, so that REMAINING can say so", claims.len()));
            }
            known => wrong.extend(claims.iter().map(|Literal { line, owner, digits }| {
                format!("{file}:{line}: {digits} in `{owner}` ({known} may be there): {ADVICE}")
            })),
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(unused.is_empty(), "EXCEPT names what is not there: {unused:?}");
    assert!(remaining.is_empty(), "REMAINING names files that are not there: {remaining:?}");
}
