//! The report of a results folder: one page that opens offline, in both languages.
//!
//! A kind of results is one file here and one line of [`KINDS`]. It reads tables and says what the page
//! holds, as [`Content`]: sentences, pictures and tables as data. `html` turns that into a page.

pub(crate) mod answer;
pub(crate) mod calibration;
pub(crate) mod claim;
pub(crate) mod communities;
pub(crate) mod compare;
pub(crate) mod contest;
pub(crate) mod costs;
pub(crate) mod evidence;
pub(crate) mod experiment;
pub mod folder;
pub(crate) mod gaps;
pub(crate) mod groups;
pub mod html;
pub mod live;
pub(crate) mod main_effects;
pub(crate) mod parts;
pub(crate) mod projects;
#[cfg(test)]
mod properties;
pub(crate) mod provenance;
pub(crate) mod run;
pub(crate) mod search;
pub(crate) mod seats;
pub(crate) mod sensitivity;
pub mod sentence;
pub(crate) mod shares;
pub(crate) mod sure;
pub(crate) mod sweep;
pub(crate) mod time_series;
mod treated;

use std::io;

use folder::Folder;
use sentence::Sentence;

use crate::brief::{self, Brief};
use crate::chart::Chart;
use crate::draw::{Drawing, raster};
use shequ_model::base::i18n::{Both, Language, both};

pub use shequ_experiment::record::finished::REPORT;
use shequ_experiment::record::manifest::cores;

/// What a report says and shows.
#[derive(Clone, Debug)]
pub struct Content {
    /// Title of the page: a user's words.
    pub title: Both,
    /// Said beneath it: what kind of results these are.
    pub subtitle: Both,
    /// The parts of the page.
    pub sections: Vec<Section>,
    /// Charts of picture files that the page has no room for.
    pub beside: Vec<Chart>,
}

impl Content {
    /// Every chart: those of the page in its order, then those beside it.
    pub fn charts(&self) -> impl Iterator<Item = &Chart> {
        let items = self.sections.iter().flat_map(|section| &section.items);
        let on_page = items.filter_map(|item| match item {
            Item::Picture(chart) => Some(&**chart),
            _ => None,
        });
        on_page.chain(&self.beside)
    }

    /// The static pictures: every chart that has a name for its files, drawn on so many threads.
    ///
    /// # Errors
    /// What the painter, or the system, says.
    pub fn pictures(&self, language: Language, threads: usize) -> io::Result<Files> {
        let filed = self.charts().filter_map(|chart| Some((chart.file.clone()?, chart)));
        let drawing = |(name, chart)| Some((name, Drawing::new(chart, &self.title, language)?));
        let drawings: Vec<(String, Drawing)> = filed.filter_map(drawing).collect();
        raster::files(&drawings, threads).map_err(io::Error::other)
    }

    /// Every sentence, in the order of the page.
    pub fn sentences(&self) -> impl Iterator<Item = &Sentence> {
        let items = self.sections.iter().flat_map(|section| &section.items);
        items.flat_map(|item| match item {
            Item::Paragraph(sentences) | Item::List(sentences) => &sentences[..],
            _ => &[],
        })
    }
}

/// A part of a page.
#[derive(Clone, Debug)]
pub struct Section {
    /// Its id.
    pub id: &'static str,
    /// Its title.
    pub title: Both,
    /// What it holds.
    pub items: Vec<Item>,
}

/// Something within a part.
#[derive(Clone, Debug)]
pub enum Item {
    /// A smaller title.
    Heading(Both),
    /// Sentences, one after another.
    Paragraph(Vec<Sentence>),
    /// Sentences, each by itself.
    List(Vec<Sentence>),
    /// A picture.
    Picture(Box<Chart>),
    /// A table.
    Table(Grid),
    /// Text to copy.
    Code(Both, String),
    /// What follows within the part opens when asked to.
    Fold,
}

/// A table of the page.
#[derive(Clone, Debug)]
pub struct Grid {
    /// Its id, by which sentences name it; empty where none does.
    pub id: &'static str,
    /// What it holds.
    pub caption: Both,
    /// Names of the columns; the first of each row is its name.
    pub head: Vec<Both>,
    /// Cells, row by row; those that are numbers stand to the right.
    pub rows: Vec<Vec<Cell>>,
    /// True if it opens only when asked to.
    pub folded: bool,
}

/// A cell of a table of the page.
#[derive(Clone, Debug)]
pub enum Cell {
    /// Words.
    Words(Both),
    /// Keys, values, file names.
    Code(String),
    /// A number as people read it.
    Number(Both),
}

/// A kind of results.
pub struct Kind {
    /// As `kind` in `experiment.toml`; "run" where the file does not exist.
    pub name: &'static str,
    /// What its report holds.
    pub content: fn(&Folder) -> io::Result<Content>,
}

/// Files, each under its name within the folder.
pub type Files = Vec<(String, Vec<u8>)>;

/// Every kind.
pub const KINDS: &[Kind] = &[
    Kind { name: "run", content: run::content },
    Kind { name: "compare", content: compare::content },
    Kind { name: "contest", content: contest::content },
    Kind { name: "sweep", content: sweep::content },
    Kind { name: "sensitivity", content: sensitivity::content },
    Kind { name: "calibrate", content: calibration::content },
    Kind { name: "search", content: search::content },
];

/// What the report of `folder` says and shows.
///
/// # Errors
/// An I/O error if a table cannot be read or is not as this program writes it.
pub fn content(folder: &Folder) -> io::Result<Content> {
    let mut content = (kind(folder)?.content)(folder)?;
    if folder.manifest.changed {
        content.subtitle = both!(
            "{subtitle}. Based on files that were modified after they were written",
            "{subtitle}。所依据的文件在写出后被改动"; subtitle = content.subtitle
        );
    }
    Ok(content)
}

/// The brief of `folder`; none where its kind has none.
///
/// # Errors
/// As [`content`].
pub fn brief(folder: &Folder) -> io::Result<Option<Brief>> {
    brief::brief(folder, kind(folder)?.name)
}

/// The pictures of `folder` and its report, which opens in `language`, from the same charts; and its brief, if its kind
/// has one.
///
/// # Errors
/// As [`content`], and what the painter says.
pub fn files(folder: &Folder, language: Language) -> io::Result<Files> {
    let content = content(folder)?;
    let mut files = content.pictures(language, threads(folder))?;
    let brief = brief(folder)?;
    let answer = brief.as_ref().map(answer::section).transpose().map_err(io::Error::other)?;
    files.push((REPORT.into(), html::page(&content, &answer.unwrap_or_default(), language).into_bytes()));
    if let Some(brief) = brief {
        files.extend(brief::files(&brief, language, threads(folder))?);
    }
    Ok(files)
}

/// As many threads as the results were made on, if there are so many here.
fn threads(folder: &Folder) -> usize {
    folder.manifest.threads.clamp(1, cores())
}

/// The kind of the results in `folder`.
fn kind(folder: &Folder) -> io::Result<&'static Kind> {
    let name = if folder.manifest.has(experiment::EXPERIMENT) {
        let table: toml::Table = folder.text(experiment::EXPERIMENT)?.parse().map_err(io::Error::other)?;
        table.get("kind").and_then(toml::Value::as_str).unwrap_or_default().to_string()
    } else {
        "run".into()
    };
    KINDS.iter().find(|kind| kind.name == name).ok_or_else(|| {
        let words =
            both!("there is no report of results of the kind \"{name}\"", "\"{name}\" 类型的结果没有报告");
        io::Error::new(io::ErrorKind::InvalidData, words)
    })
}
