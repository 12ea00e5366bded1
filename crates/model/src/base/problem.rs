//! What is wrong with a file that a person wrote: where, what is allowed, and what was perhaps meant.

use std::collections::BTreeSet;
use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};

use super::i18n::{Both, Language, both};
use super::params::{Text, text};
use super::visible::visible;

/// The renderer's own words, which it lets be replaced.
const ERROR: Text = text("error", "错误");
const WARNING: Text = text("warning", "警告");
const HELP: Text = text("help", "帮助");

/// Problems shown in full; the rest is only counted.
const SHOWN: usize = 100;

/// Characters of a source line shown on either side of a problem.
const WINDOW: usize = 90;

/// A text that a person wrote: a file, or the value of an option.
#[derive(Debug)]
pub struct Source {
    /// What people know it by: the path as they gave it, or the option.
    pub name: String,
    /// Its text.
    pub text: String,
    /// False for the value of an option, which has no lines worth counting.
    pub is_file: bool,
}

impl Source {
    /// The text of a file.
    pub fn file(name: impl Into<String>, text: impl Into<String>) -> Arc<Source> {
        Arc::new(Source { name: name.into(), text: text.into(), is_file: true })
    }

    /// The value of an option such as `--set`.
    pub fn option(name: impl Into<String>, text: impl Into<String>) -> Arc<Source> {
        Arc::new(Source { name: name.into(), text: text.into(), is_file: false })
    }
}

/// A stretch of a [`Source`].
#[derive(Clone, Debug)]
pub struct Place {
    /// The text.
    pub source: Arc<Source>,
    /// The bytes of it.
    pub span: Range<usize>,
}

impl Place {
    /// The bytes `span` of `source`.
    pub fn new(source: &Arc<Source>, span: Range<usize>) -> Place {
        Place { source: source.clone(), span }
    }

    /// Line, counted from 1.
    pub fn line(&self) -> usize {
        // Bytes are counted many at a time: a scenario has hundreds of values, each with its line.
        self.before().bytes().filter(|byte| *byte == b'\n').count() + 1
    }

    /// Column in characters, counted from 1.
    pub fn column(&self) -> usize {
        self.before()[self.line_start()..].chars().count() + 1
    }

    /// File name and line, such as "baseline.toml:12", or the option alone. Never a whole path, so
    /// that it may go into results.
    pub fn origin(&self) -> String {
        let name = self.source.name.rsplit(['/', '\\']).next().unwrap_or_default();
        let name = name.replace(char::is_control, "?");
        if self.source.is_file { format!("{name}:{}", self.line()) } else { name }
    }

    fn before(&self) -> &str {
        let text = &self.source.text;
        &text[..boundary(text, self.span.start)]
    }

    fn line_start(&self) -> usize {
        self.before().rfind('\n').map_or(0, |newline| newline + 1)
    }

    /// The part of the line around the span that is shown, and the span within it.
    fn excerpt(&self) -> (&str, Range<usize>) {
        let text = &self.source.text;
        let (first, at) = (self.line_start(), self.before().len());
        let last = text[at..].find(['\r', '\n']).map_or(text.len(), |length| at + length);
        let left = text[first..at].char_indices().rev().nth(WINDOW).map_or(first, |(i, _)| first + i);
        let right = text[at..last].char_indices().nth(WINDOW).map_or(last, |(i, _)| at + i);
        let end = boundary(text, self.span.end).clamp(at, right);
        (&text[left..right], at - left..end - left)
    }
}

/// The start of the character that holds byte `at`, or the end of the text.
fn boundary(text: &str, at: usize) -> usize {
    (0..=at.min(text.len())).rev().find(|&i| text.is_char_boundary(i)).unwrap_or(0)
}

/// The name of the text and the byte of a problem, and its message.
type Identity = (Option<(String, usize)>, String);

/// One thing that is wrong.
#[derive(Clone, Debug)]
pub struct Problem {
    /// What is wrong, in one sentence without a full stop.
    pub message: Both,
    /// The dotted key that it concerns, if it concerns one.
    pub key: Option<String>,
    /// Where, if there is a text to point at.
    pub place: Option<Place>,
    /// What is allowed there, if there is anything to add.
    pub allowed: Option<Box<Both>>,
    /// What to do about it.
    pub help: Option<Box<Both>>,
}

impl Problem {
    /// A problem without a place.
    ///
    /// A message is in both languages; one in a single language is refused by the compiler:
    ///
    /// ```compile_fail
    /// shequ::base::problem::Problem::new("no Chinese");
    /// ```
    pub fn new(message: impl Into<Both>) -> Problem {
        Problem { message: message.into(), key: None, place: None, allowed: None, help: None }
    }

    /// Points at a place.
    pub fn at(mut self, place: Place) -> Problem {
        self.place = Some(place);
        self
    }

    /// Names the dotted key that is concerned.
    pub fn of(mut self, key: impl Into<String>) -> Problem {
        self.key = Some(key.into());
        self
    }

    /// Says what is allowed.
    pub fn allowed(mut self, allowed: impl Into<Both>) -> Problem {
        self.allowed = Some(Box::new(allowed.into()));
        self
    }

    /// Says what to do.
    pub fn help(mut self, help: impl Into<Both>) -> Problem {
        self.help = Some(Box::new(help.into()));
        self
    }

    /// What tells problems apart that were found in the same text, however often it was read.
    fn identity(&self) -> Identity {
        let place = self.place.as_ref().map(|place| (place.source.name.clone(), place.span.start));
        (place, self.message.en.clone())
    }

    fn render(&self, level: Level, language: Language, renderer: &Renderer) -> String {
        let title = level.primary_title(self.message.of(language));
        let label = self.allowed.as_ref().map(|allowed| allowed.of(language));
        let mut group = match &self.place {
            Some(place) => title.element(snippet(place, label)),
            None => Group::with_title(title),
        };
        if let Some(help) = &self.help {
            group = group.element(Level::HELP.with_name(language.of(HELP)).message(help.of(language)));
        }
        renderer.render(&[group])
    }
}

fn snippet<'a>(place: &'a Place, label: Option<&'a str>) -> Snippet<'a, annotate_snippets::Annotation<'a>> {
    let (line, span) = place.excerpt();
    let mark = AnnotationKind::Primary.span(span).label(label);
    Snippet::source(line).line_start(place.line()).path(visible(&place.source.name)).annotation(mark)
}

/// Everything that is wrong, found in one pass.
#[derive(Clone, Debug, Default)]
pub struct Problems(pub Vec<Problem>);

impl Problems {
    /// Adds one.
    pub fn push(&mut self, problem: Problem) {
        self.0.push(problem);
    }

    /// Adds those of `more` that are not there yet: scenarios that extend one file share its mistakes.
    pub fn add(&mut self, more: Problems) {
        let mut known: BTreeSet<Identity> = self.0.iter().map(Problem::identity).collect();
        let new = more.0.into_iter().filter(|problem| known.insert(problem.identity()));
        self.0.extend(new.collect::<Vec<Problem>>());
    }

    /// True if nothing is wrong.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// True if something is wrong with the dotted key.
    pub fn concern(&self, key: &str) -> bool {
        self.0.iter().any(|problem| problem.key.as_deref() == Some(key))
    }

    /// As text in `language`, with or without the colours of a terminal.
    pub fn render(&self, language: Language, colour: bool) -> String {
        let error = Level::ERROR.with_name(language.of(ERROR));
        let mut parts = rendered(&self.0, error, language, colour);
        let count = match self.0.len() {
            0 | 1 => None,
            n if n > SHOWN => Some(both!(
                "{n} problems, of which the first {SHOWN} are shown.",
                "共 {n} 个问题，以上为前 {SHOWN} 个。"
            )),
            n => Some(both!("{n} problems.", "共 {n} 个问题。")),
        };
        parts.extend(count.map(|count| count.of(language).to_string()));
        parts.join("\n\n")
    }
}

/// What is doubtful and yet allowed, as text in `language`, with or without the colours of a terminal.
pub fn warnings(doubtful: &[Problem], language: Language, colour: bool) -> String {
    rendered(doubtful, Level::WARNING.with_name(language.of(WARNING)), language, colour).join("\n\n")
}

fn rendered(problems: &[Problem], level: Level, language: Language, colour: bool) -> Vec<String> {
    let renderer = if colour { Renderer::styled() } else { Renderer::plain() };
    let shown = problems.iter().take(SHOWN);
    shown.map(|problem| problem.render(level.clone(), language, &renderer)).collect()
}

impl From<Problem> for Problems {
    fn from(problem: Problem) -> Problems {
        Problems(vec![problem])
    }
}

impl fmt::Display for Problem {
    /// In English, as errors of Rust are.
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        Problems::from(self.clone()).fmt(f)
    }
}

impl std::error::Error for Problem {}

impl fmt::Display for Problems {
    /// In English, as errors of Rust are.
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(&self.render(Language::En, false))
    }
}

impl std::error::Error for Problems {}

/// Longest word that is compared with candidates; nothing that has a name is called more than that.
const LONGEST_WORD: usize = 100;

/// The candidate that was perhaps meant by `word`: at most one letter in three differs.
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    if word.len() > LONGEST_WORD {
        return None;
    }
    let limit = (word.chars().count() / 3).max(1);
    let distance = |c: &str| strsim::osa_distance(&word.to_lowercase(), &c.to_lowercase());
    let near = candidates.into_iter().map(|c| (distance(c), c)).filter(|&(d, _)| d <= limit);
    near.min_by_key(|&(d, _)| d).map(|(_, c)| c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_counts_characters_not_bytes() {
        let source = Source::file("some/where/a.toml", "x = 1\n名 = 2\n");
        let place = Place::new(&source, 12..13);
        assert_eq!((place.line(), place.column()), (2, 5));
        assert_eq!(place.origin(), "a.toml:2");
    }

    #[test]
    fn a_place_beyond_the_text_is_its_end() {
        let source = Source::file("a.toml", "x = 1");
        let place = Place::new(&source, 90..99);
        assert_eq!((place.line(), place.column()), (1, 6));
        assert!(
            Problems::from(Problem::new(Both::same("gone")).at(place)).to_string().contains("a.toml:1:6")
        );
    }

    #[test]
    fn colour_is_shown_only_where_it_is_wanted() {
        let problems = Problems::from(Problem::new(both("wrong", "有误")));
        assert!(problems.render(Language::Zh, true).contains('\u{1b}'));
        assert_eq!(problems.render(Language::Zh, false), "错误: 有误");
        assert_eq!(problems.to_string(), "error: wrong");
    }

    #[test]
    fn the_nearest_word_is_near() {
        assert_eq!(nearest("comunities", ["adults", "communities"]), Some("communities"));
        assert_eq!(nearest("elephants", ["adults", "communities"]), None);
    }

    #[test]
    fn a_long_line_is_cut_around_the_problem() {
        let text = format!("x = \"{}\" # {}", "长".repeat(5_000), "z".repeat(100_000));
        let source = Source::file("a.toml", text);
        let shown = Problems::from(Problem::new(Both::same("long")).at(Place::new(&source, 9_000..9_500)))
            .to_string();
        assert!(shown.len() < 2_000, "{}", shown.len());
    }
}
