//! The brief of one scenario: a level and its course. It claims nothing of policies.

use std::io;

use super::{Brief, Drawn, Figure, Part, assumed, foot};
use crate::chart::Chart;
use crate::page::claim;
use crate::page::communities;
use crate::page::evidence;
use crate::page::folder::{Folder, SCENARIO, size_of_city};
use crate::page::sentence::{Cell, Sentence, noun, sentence};
use crate::page::time_series::{self, Columns, Courses, Draft, metric, note};
use shequ_experiment::record::sheet::Sheet;
use shequ_model::base::i18n::{Both, Language, both};
use shequ_model::scenario::Loaded;

/// What is said first, and what changed.
const SAID: [&str; 4] = ["participation", "trust.committee", "trust.local_government", "satisfaction"];

/// Everything.
///
/// # Errors
/// An I/O error if a table cannot be read or is not as this program writes it.
pub fn brief(folder: &Folder) -> io::Result<Brief> {
    let loaded = folder.scenario(SCENARIO)?;
    let (changes, summary) = (folder.sheet("changes")?, folder.sheet("summary")?);
    let replicates = folder.manifest.replicates;
    let columns = Columns { mean: "mean", fewest: f64::from(replicates) / 2.0 };
    let courses = Courses::of(&summary, &columns, 0..summary.rows());
    let dates = time_series::changes(&loaded);
    let draft = Draft { courses: &courses, changes: &dates, replicates };
    let charts = draft.participation().into_iter();
    let mut figures: Vec<Figure> = charts.filter_map(|chart| figure(chart, replicates)).collect();
    let places = communities::chart(folder, &loaded.scenario)?;
    figures.extend(places.and_then(|chart| {
        let what = chart.panels.first()?.title.clone();
        let (title, note) = (both!("Where: {what}", "在何处：{what}"; what = what), chart.note.clone());
        super::in_places(chart, title, note)
    }));
    let name = Both::name(&loaded.scenario.name, &loaded.scenario.name_zh);
    let mut lead = vec![sentence(
        "One scenario, compared with no other: what changes here is not the effect of a policy.",
        "单一情景，未与其他情景比较：此处的变化不是政策的效应。",
        &[],
    )];
    lead.extend(SAID.iter().filter_map(|name| change(&changes, name)));
    let certainty = vec![evidence::chance(&loaded), evidence::parameters()];
    Ok(Brief {
        answer: level(&changes, &name)?,
        of: name,
        lead,
        figures,
        parts: vec![
            Part { title: both("How sure is it?", "有多大把握？"), lines: certainty },
            assumed(city(&loaded), &loaded, evidence::theory(&loaded)),
        ],
        foot: foot(folder),
    })
}

/// The level of participation, at the end and at the beginning.
fn level(changes: &Sheet, name: &Both) -> io::Result<Sentence> {
    let of = metric(SAID[0]).ok_or(io::ErrorKind::InvalidData)?;
    let row = row(changes, SAID[0]).ok_or(io::ErrorKind::InvalidData)?;
    let cell = |column: &str| Cell::of(changes, row, column).level(of);
    Ok(sentence(
        "Under \"{name}\" {what} is {last}{unit} a month over the last {months} {month}, after {first}{unit} over the first {months}",
        "“{name}”之下，最后 {months} 个月的月均{what}为 {last}{unit}，最初 {months} 个月为 {first}{unit}",
        &[
            ("name", name.clone().into()),
            ("what", Both::from(of.label).into()),
            ("unit", claim::level_unit(of).into()),
            ("first", cell("first")),
            ("last", cell("last")),
            ("months", Cell::of(changes, row, "months").whole()),
            ("month", noun(changes.number(row, "months"), ["month", "months"])),
        ],
    ))
}

fn row(changes: &Sheet, name: &str) -> Option<usize> {
    (0..changes.rows()).find(|&row| changes.text(row, "metric") == name)
}

/// How a metric went from the first months to the last.
fn change(changes: &Sheet, name: &str) -> Option<Sentence> {
    claim::change(changes, row(changes, name)?, metric(name)?, true)
}

/// The city.
fn city(loaded: &Loaded) -> Sentence {
    sentence(
        "The city is synthetic: {communities} {community} with {adults} {adult} each on average, over {months} {month}.",
        "城市是合成的：{communities} 个社区，每个社区平均 {adults} 名成年居民，历时 {months} 个月。",
        &size_of_city(SCENARIO, loaded),
    )
}

/// The charts of participation and of trust; a page has no room for more.
fn figure(chart: Chart, replicates: u32) -> Option<Figure> {
    let file = match chart.id.as_str() {
        "participation" => "brief-participation",
        "trust" => "brief-trust",
        _ => return None,
    };
    let words = Both::by(|language| {
        let panels = chart.panels.iter();
        let names = panels.flat_map(|panel| &panel.series).map(|series| series.name.of(language));
        names.collect::<Vec<_>>().join(if language == Language::En { ", " } else { "、" })
    });
    let words = both!("{title}: {names}", "{title}：{names}"; title = chart.title, names = words);
    Some(Figure {
        file,
        title: chart.title.clone(),
        note: note(replicates),
        words,
        drawn: Drawn::Course(Box::new(chart)),
    })
}
