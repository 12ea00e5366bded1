//! The brief of one scenario: a level and its course. It claims nothing of policies.

use std::io;

use super::{Brief, Drawn, Figure, Part, assumed, foot};
use crate::chart::Chart;
use crate::page::claim;
use crate::page::evidence;
use crate::page::folder::{Folder, SCENARIO, setting};
use crate::page::sentence::{Sentence, sentence};
use crate::page::time_series::{self, Columns, Courses, Draft, metric, note};
use shequ_experiment::record::sheet::Sheet;
use shequ_model::base::i18n::{Both, Language, both};
use shequ_model::scenario::Loaded;

/// What is said first, and then.
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
    let figures = charts.filter_map(|chart| figure(chart, replicates)).collect();
    let mut said = SAID.iter().filter_map(|name| change(&changes, name));
    let name = Both::name(&loaded.scenario.name, &loaded.scenario.name_zh);
    let answer =
        said.next().unwrap_or_else(|| sentence("{name}", "{name}", &[("name", name.clone().into())]));
    let mut lead = vec![sentence(
        "One scenario, compared with no other: what changes here is not the effect of a policy.",
        "单一情景，未与其他情景比较：此处的变化不是政策的效应。",
        &[],
    )];
    lead.extend(said);
    let certainty = vec![evidence::chance(&loaded), evidence::parameters()];
    Ok(Brief {
        of: name,
        answer,
        lead,
        figures,
        parts: vec![
            Part { title: both("How sure is it?", "有多大把握？"), lines: certainty },
            assumed(city(&loaded), &loaded, evidence::theory(&loaded)),
        ],
        foot: foot(folder),
    })
}

/// How a metric went from the first months to the last.
fn change(changes: &Sheet, name: &str) -> Option<Sentence> {
    let row = (0..changes.rows()).find(|&row| changes.text(row, "metric") == name)?;
    claim::change(changes, row, metric(name)?)
}

/// The city.
fn city(loaded: &Loaded) -> Sentence {
    let number = |key: &str| setting(SCENARIO, loaded, key).whole();
    sentence(
        "The city is synthetic: {communities} communities with {adults} adults each on average, over {months} months.",
        "城市是合成的：{communities} 个社区，每个社区平均 {adults} 名成年居民，历时 {months} 个月。",
        &[
            ("communities", number("population.communities")),
            ("adults", number("population.adults")),
            ("months", number("months")),
        ],
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
