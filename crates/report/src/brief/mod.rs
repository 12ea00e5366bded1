//! The brief: what results say, on one page for those who decide.
//!
//! A kind of results is one file here and one line of [`KINDS`]: it reads tables and says what the brief holds, once.
//! `html`, `docx` and `markdown` write the same [`Brief`], each in one language.

mod calibrate;
mod compare;
mod contest;
mod docx;
mod html;
mod markdown;
#[cfg(test)]
mod properties;
mod run;
mod search;
mod sensitivity;
mod standing;
mod sweep;
pub mod terminal;
mod yearly;

pub use standing::called;

use std::io;

use crate::chart::Chart;
use crate::draw::canvas::{Canvas, Fault};
use crate::draw::plain::Plain;
use crate::draw::ranking::{Ranked, Ranking};
use crate::draw::raster::{self, Picture};
use crate::page::evidence;
use crate::page::experiment::Experiment;
use crate::page::folder::Folder;
use crate::page::sentence::{Sentence, sentence};
use crate::page::time_series::metric;
use crate::page::{Files, Item};
use plotters::prelude::DrawingBackend;
use shequ_model::base::i18n::{Both, Language, both};
use shequ_model::metric::Metric;
use shequ_model::scenario::Loaded;
use standing::Standing;
use unicode_width::UnicodeWidthStr;

/// What results say, for one page.
#[derive(Clone, Debug)]
pub struct Brief {
    /// Of which results: a user's words.
    pub of: Both,
    /// The answer, in a sentence that can be repeated.
    pub answer: Sentence,
    /// What to know with it.
    pub lead: Vec<Sentence>,
    /// The pictures.
    pub figures: Vec<Figure>,
    /// Costs, groups, certainty, assumptions.
    pub parts: Vec<Part>,
    /// Which results, by which program, and how to repeat them.
    pub foot: Vec<Sentence>,
}

/// A picture with its words.
#[derive(Clone, Debug)]
pub struct Figure {
    /// The name of its files, without an ending.
    pub file: &'static str,
    /// What it shows.
    pub title: Both,
    /// What its marks are.
    pub note: Both,
    /// The same for readers that cannot see it.
    pub words: Both,
    /// What is drawn.
    pub drawn: Drawn,
}

/// What a figure shows.
#[derive(Clone, Debug)]
pub enum Drawn {
    /// Effects or influences, best first.
    Ranking {
        /// One for each row.
        standings: Vec<Standing>,
        /// In which unit.
        unit: Both,
        /// True of effects, which have a sign.
        signed: bool,
    },
    /// Courses over time.
    Course(Box<Chart>),
    /// Communities on a map, or as named tiles.
    Map(Box<Chart>),
}

/// Sentences under a title.
#[derive(Clone, Debug)]
pub struct Part {
    /// The title.
    pub title: Both,
    /// The sentences.
    pub lines: Vec<Sentence>,
}

/// What the brief of a kind of results holds.
type Of = fn(&Folder) -> io::Result<Brief>;

/// The kinds of results that have a brief, as in [`crate::page::KINDS`].
const KINDS: [(&str, Of); 7] = [
    ("run", run::brief),
    ("compare", compare::brief),
    ("contest", contest::brief),
    ("sweep", sweep::brief),
    ("sensitivity", sensitivity::brief),
    ("calibrate", calibrate::brief),
    ("search", search::brief),
];

/// Width of pictures on a page and on a phone, in pixels.
pub const WIDTHS: [u32; 2] = [680, 360];

/// Widths of a picture and of the map beside it, in pixels: together a page.
const PAIR: [u32; 2] = [418, 250];
/// Columns of words, two to a Chinese character, from which a brief is full.
const FULL: usize = 2200;
/// Size of words on a page that is just full, against others, and the least size.
const SMALLER: f64 = 0.87;
const SMALLEST: f64 = 0.5;
/// Tiles beside a picture at most: with more of them a page has no room.
pub(crate) const TILES: usize = 15;
/// Height of names for which a picture as wide as the page has room beside its lines, in pixels.
const BESIDE: f64 = 150.0;

/// The brief of results of the kind called `kind`; none where that has none.
///
/// # Errors
/// An I/O error if a table cannot be read or is not as this program writes it.
pub fn brief(folder: &Folder, kind: &str) -> io::Result<Option<Brief>> {
    let of = KINDS.iter().find(|(name, _)| *name == kind);
    of.map(|(_, of)| of(folder)).transpose()
}

/// The brief as files, and its pictures.
///
/// # Errors
/// What the painter, or the system, says.
pub fn files(brief: &Brief, language: Language, threads: usize) -> io::Result<Files> {
    let plots: Vec<(String, Plot)> = brief
        .rows()
        .flat_map(|row| row.iter().zip(widths(row)))
        .map(|(figure, width)| (figure.file.into(), figure.plot(language, *width)))
        .collect();
    let mut files = raster::files(&plots, threads).map_err(io::Error::other)?;
    let docx = docx::document(brief, language, &files)?;
    files.push(("brief.html".into(), html::page(brief, language).map_err(io::Error::other)?.into_bytes()));
    files.push(("brief.docx".into(), docx));
    files.push(("brief.md".into(), markdown::text(brief, language).into_bytes()));
    Ok(files)
}

/// The words above every brief.
fn kind(language: Language) -> &'static str {
    match language {
        Language::En => "Brief",
        Language::Zh => "简报",
    }
}

/// Sentences one after another; Chinese ones follow each other without a space.
fn joined(sentences: &[Sentence], language: Language) -> String {
    let texts: Vec<String> = sentences.iter().map(|said| said.text(language)).collect();
    texts.join(if language == Language::En { " " } else { "" })
}

/// Widths of the pictures of a row, in pixels.
fn widths(row: &[Figure]) -> &'static [u32] {
    if row.len() > 1 { &PAIR } else { &WIDTHS[..1] }
}

impl Brief {
    /// True if there are so many words, as with long names of many policies, that only smaller ones fit on a page.
    fn is_full(&self, language: Language) -> bool {
        self.columns(language) > FULL
    }

    /// By which the sizes of words on paper are multiplied, so that as many as there are fit on a page: their area goes with
    /// the square of their size.
    fn size_of_words(&self, language: Language) -> f64 {
        match self.is_full(language) {
            true => (SMALLER * (FULL as f64 / self.columns(language) as f64).sqrt()).max(SMALLEST),
            false => 1.0,
        }
    }

    fn columns(&self, language: Language) -> usize {
        let said = [&self.answer]
            .into_iter()
            .chain(&self.lead)
            .chain(self.parts.iter().flat_map(|part| &part.lines));
        said.map(|said| said.text(language).width()).sum::<usize>()
    }

    /// The pictures row by row: a map stands beside the picture before it, so that it takes no room of its own.
    fn rows(&self) -> impl Iterator<Item = &[Figure]> {
        self.figures.chunk_by(|_, next| matches!(next.drawn, Drawn::Map(_)))
    }

    /// What it costs; none where a kind of results does not say.
    pub fn costs(&self) -> Option<&Part> {
        self.parts.iter().find(|part| part.title == what_it_costs())
    }

    /// How sure it is; none where a kind of results does not say.
    pub fn certainty(&self) -> Option<&Part> {
        self.parts.iter().find(|part| part.title == how_sure())
    }
}

impl Figure {
    /// The picture of a width in pixels, as markup for a page.
    ///
    /// # Errors
    /// What the painter says.
    pub fn inline(&self, language: Language, width: u32) -> Result<String, Fault> {
        raster::inline(&self.plot(language, width))
    }

    /// The picture of a width in pixels.
    fn plot(&self, language: Language, width: u32) -> Plot<'_> {
        let words = self.words.of(language).to_string();
        match &self.drawn {
            Drawn::Ranking { standings, unit, signed } => {
                let row = |standing: &Standing| Ranked {
                    name: standing.name.of(language).into(),
                    effect: standing.effect[usize::from(language == Language::Zh)],
                    figures: standing.figures.of(language).into(),
                    verdict: standing.verdict.of(language).into(),
                    direction: standing.direction,
                };
                let rows = standings.iter().map(row).collect();
                let unit = unit.of(language).into();
                Plot::Ranking(Ranking { words, unit, rows, width, signed: *signed })
            }
            Drawn::Course(chart) => {
                // A narrow picture has its names above it; beside a broad one there is room for some.
                let (height, free) = if width < WIDTHS[0] { (210, 0.0) } else { (200, BESIDE) };
                Plot::Plain(Plain::of_courses(words, chart, language, (width, height), free))
            }
            Drawn::Map(chart) => Plot::Plain(Plain::of_map(words, chart, language, width)),
        }
    }
}

/// A picture of either kind.
enum Plot<'a> {
    Ranking(Ranking),
    Plain(Plain<'a>),
}

impl Picture for Plot<'_> {
    fn title(&self) -> &str {
        match self {
            Plot::Ranking(ranking) => ranking.title(),
            Plot::Plain(plain) => plain.title(),
        }
    }

    fn size(&self) -> (u32, u32) {
        match self {
            Plot::Ranking(ranking) => ranking.size(),
            Plot::Plain(plain) => plain.size(),
        }
    }

    fn draw<B: DrawingBackend>(&self, pen: &mut Canvas<B>) -> Result<(), Fault> {
        match self {
            Plot::Ranking(ranking) => ranking.draw(pen),
            Plot::Plain(plain) => plain.draw(pen),
        }
    }
}

/// The figure of communities on a map, or as tiles if they have names and are not too many for a page: in words the two at
/// its ends.
pub(crate) fn in_places(chart: Chart, title: Both, note: Both) -> Option<Figure> {
    let panel = chart.panels.first()?;
    let is_named = panel.rows.iter().any(|row| row.name.en.parse::<usize>().is_err());
    if chart.map.is_none() && (!is_named || panel.rows.len() > TILES) {
        return None;
    }
    let series = panel.series.first()?;
    let known = || (0..series.mean.len()).filter(|&row| !series.mean[row].is_nan());
    let by = |a: &usize, b: &usize| series.mean[*a].total_cmp(&series.mean[*b]);
    let (least, most) = (known().min_by(by)?, known().max_by(by)?);
    let words = Both::by(|language| {
        let said = |row: usize| {
            let value = panel.scale.written(series.mean[row] * panel.scale.factor_in(language), language);
            format!("{} {value}", panel.rows[row].name.of(language))
        };
        let (most, least, unit) = (said(most), said(least), panel.scale.unit.of(language));
        match language {
            Language::En => format!("{}: highest {most}, lowest {least} ({unit})", title.en),
            Language::Zh => format!("{}：最高 {most}，最低 {least}（{unit}）", title.zh),
        }
    });
    Some(Figure { file: "brief-map", title, note, words, drawn: Drawn::Map(Box::new(chart)) })
}

/// What was assumed: the city, the values, the theory, and what the results are not for.
fn assumed(city: Sentence, loaded: &Loaded, theory: Sentence) -> Part {
    let mut lines = vec![city, evidence::counted(loaded), theory];
    if let Item::List(limits) = evidence::not_for() {
        lines.extend(limits.into_iter().take(1));
    }
    Part { title: both("What is assumed?", "以什么为假定？"), lines }
}

/// Which results these are and how to repeat them.
fn foot(folder: &Folder) -> Vec<Sentence> {
    let program = &folder.manifest.program;
    vec![sentence(
        "Results {id}, made by shequ, version {version}, commit {commit}. To repeat them: shequ reproduce {id}. \
         Details: report.html.",
        "结果 {id}，由 shequ 生成，版本 {version}，提交 {commit}。重现：shequ reproduce {id}。详见 report.html。",
        &[
            ("version", Both::same(&program.version).into()),
            ("commit", Both::same(program.commit.get(..10).unwrap_or(&program.commit)).into()),
            ("id", Both::same(&folder.name()).into()),
        ],
    )]
}

/// What is assumed in an experiment over whose runs these keys vary.
fn assumed_of(experiment: &Experiment, varied: &[&str]) -> Part {
    assumed(experiment.city(), &experiment.base, experiment.theories(varied))
}

/// What an experiment was asked for first: the first primary outcome, else the first.
fn asked_first(experiment: &Experiment) -> io::Result<&'static Metric> {
    let name = experiment.primary.first().or(experiment.outcomes.first());
    name.and_then(|name| metric(name)).ok_or(io::ErrorKind::InvalidData.into())
}

/// The title of the part on costs, by which a terminal finds it.
fn what_it_costs() -> Both {
    both("What does it cost?", "成本多少？")
}

/// The title of the part on certainty, by which a page finds it.
fn how_sure() -> Both {
    both("How sure is it?", "有多大把握？")
}

/// How sure it is.
fn certainty(lines: Vec<Sentence>) -> Part {
    Part { title: how_sure(), lines }
}
