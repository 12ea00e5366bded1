//! Pictures and tables for people.

use crate::fake;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use rayon::prelude::*;
use shequ::experiment::record::folder::Draft;
use shequ::experiment::record::manifest::{Machine, Manifest, Program, Seeds};
use shequ::experiment::record::table::Form;
use shequ::experiment::record::tables;
use shequ::model::base::i18n::Language;
use shequ::model::city::Mode;
use shequ::model::metric;
use shequ::report::chart::Chart;
use shequ::report::draw::Drawing;
use shequ::report::draw::raster::{PNG_SCALE, Picture, png, svg};
use shequ::report::page::folder::Folder;
use shequ::report::page::{self, Content};
use shequ::report::{font, terminal};
use tempfile::TempDir;

const CHANGES: &str = "[[change]]\nfrom = \"2019-01\"\ncouncil.selection = \"sortition\"\n\
                       [[change]]\nfrom = \"2022-01\"\ncouncil.enabled = true\nfunding.decider = \"council\"\n\
                       [[change]]\nfrom = \"2022-07\"\noutreach.home_visits = 0.4\n\
                       [[change]]\nfrom = \"2026-05\"\noutreach.phone = 0.7\n";

/// What the report of made-up results says, of a scenario with these names and changes of policy.
fn content(names: [&str; 2], changes: &str, replicates: u32, months: u32) -> Content {
    let (metrics, outputs) = (fake::metrics(), fake::outputs(replicates, months));
    let place = TempDir::new().unwrap();
    let mut draft = Draft::begin(place.path(), "made-up", false).unwrap();
    let [name, name_zh] = names.map(|name| toml::Value::from(name).to_string());
    let scenario = format!(
        "name = {name}\nname_zh = {name_zh}\nmonths = {months}\nreplicates = {replicates}\n{changes}"
    );
    draft.write_bytes("scenario.toml", scenario.as_bytes()).unwrap();
    draft.write_tables(&tables::all(&fake::results(metrics, &outputs, &[])), &[Form::Csv]).unwrap();
    let path = draft.finish(manifest(replicates)).unwrap();
    page::content(&Folder { path: &path, manifest: &Manifest::read(&path).unwrap() }).unwrap()
}

fn manifest(replicates: u32) -> Manifest {
    Manifest {
        program: Program::this(),
        scenario_hash: "0".into(),
        scenario: "A".into(),
        seeds: Seeds { city: 1, replicates: 2 },
        replicates,
        threads: 1,
        machine: Machine::this(),
        started: "2026-11-23T20:56:00Z".into(),
        ended: "2026-11-23T20:57:00Z".into(),
        seconds: 60.0,
        is_sealed: true,
        ..Manifest::default()
    }
}

/// The charts that are drawn into files.
fn filed(content: &Content) -> Vec<&Chart> {
    content.charts().filter(|chart| chart.file.is_some()).collect()
}

/// Draws every picture, and leaves the files in the target folder for people to look at.
fn draw(label: &str, content: &Content, language: Language) {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("pictures").join(label);
    fs::create_dir_all(&folder).unwrap();
    filed(content).par_iter().for_each(|chart| {
        let name = chart.file.as_deref().unwrap();
        let drawing = Drawing::new(chart, &content.title, language).expect("every such chart can be drawn");
        let vector = svg(&drawing).unwrap();
        assert_vector(chart, language, &vector);
        fs::write(folder.join(format!("{name}.svg")), vector).unwrap();
        let bitmap = png(&drawing).unwrap();
        assert_bitmap(name, drawing.size(), &bitmap);
        fs::write(folder.join(format!("{name}.png")), bitmap).unwrap();
    });
}

fn assert_vector(chart: &Chart, language: Language, text: &str) {
    let name = chart.file.as_deref().unwrap();
    let says = |label: &str| {
        assert!(font::can_write(label), "{label}");
        text.contains(&label.replace('\'', "&apos;"))
    };
    assert!(says(chart.title.of(language)) && says(chart.note.of(language)) && text.contains("<poly"));
    for panel in &chart.panels {
        let axis = panel.axis.as_ref().unwrap_or(&panel.scale.unit);
        assert!(says(axis.of(language)) && says(panel.title.of(language)), "{name}");
        let alone = panel.series.len() == 1;
        assert!(alone || panel.series.iter().all(|s| says(s.name.of(language))), "{name}");
    }
    // The font is within, and nothing is fetched.
    assert!(text.contains("@font-face") && text.contains("data:font/woff2;base64,"));
    let families = text.matches("font-family=\"").count();
    assert_eq!(families, text.matches(&format!("font-family=\"{}\"", font::FAMILY)).count());
    assert_eq!(text.matches("http").count(), 1, "only the name of the language SVG");
    assert_well_formed(text);
}

/// Every tag is closed by its own kind, and no bare "&" or "<" is left.
fn assert_well_formed(text: &str) {
    let mut open = Vec::new();
    for part in text.split('<').skip(1) {
        let (tag, words) = part.split_once('>').expect("a tag ends");
        assert!(
            words
                .split('&')
                .skip(1)
                .all(|s| ["amp;", "lt;", "gt;", "quot;", "apos;"].iter().any(|e| s.starts_with(e)))
        );
        assert_eq!(tag.matches('"').count() % 2, 0, "{tag}");
        let name = tag.trim_start_matches('/').split_whitespace().next().unwrap_or("").to_string();
        match (tag.starts_with('/'), tag.ends_with('/')) {
            (true, _) => assert_eq!(open.pop(), Some(name)),
            (_, true) => {}
            _ => open.push(name),
        }
    }
    assert!(open.is_empty());
}

fn assert_bitmap(name: &str, (width, height): (u32, u32), bytes: &[u8]) {
    let mut reader = png::Decoder::new(std::io::Cursor::new(bytes)).read_info().unwrap();
    let size = (reader.info().width, reader.info().height);
    assert_eq!(size, (width * PNG_SCALE, height * PNG_SCALE));
    let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
    reader.next_frame(&mut pixels).unwrap();
    let colours: BTreeSet<&[u8]> = pixels.chunks_exact(3).collect();
    assert!(colours.len() > 20, "{name} is nearly empty");
    let white = pixels.chunks_exact(3).filter(|p| p == &[255, 255, 255]).count();
    assert!(white * 3 * 10 > pixels.len() * 5, "{name}: at least half is paper");
}

const NAMES: [&str; 2] = ["Council decides the fund", "议事会决定专项资金"];

#[test]
fn every_picture_is_drawn_in_both_languages_and_both_forms() {
    let content = content(NAMES, CHANGES, 30, 120);
    let names: Vec<&str> = filed(&content).iter().filter_map(|chart| chart.file.as_deref()).collect();
    let expected = ["participation", "participation-by-mode", "trust", "turnout", "fund", "inequality"];
    assert_eq!(names, expected);
    // Shares of what is taken part in are no ways of taking part.
    let modes = filed(&content)[1];
    let is_mode = |title: &str| {
        Mode::ALL.iter().any(|mode| {
            let metric = metric::position(&format!("participation.{}", mode.name())).unwrap();
            metric::all()[metric].label.en == title
        })
    };
    assert!(modes.panels.iter().all(|panel| is_mode(&panel.title.en)));
    for (language, label) in [(Language::En, "en"), (Language::Zh, "zh")] {
        draw(label, &content, language);
    }
}

#[test]
fn short_runs_single_replicates_and_single_months_are_drawn() {
    draw("one-replicate", &content(NAMES, "", 1, 30), Language::En);
    draw("one-month", &content(NAMES, "", 3, 1), Language::En);
    draw("long", &content(NAMES, CHANGES, 2, 600), Language::Zh);
}

#[test]
fn names_that_are_markup_or_that_the_font_cannot_spell_do_no_harm() {
    let picture = |name: &str| {
        let content = content(
            [name, name],
            "[[change]]\nfrom = \"2019-01\"\ncouncil.selection = \"sortition\"\n",
            2,
            36,
        );
        svg(&Drawing::new(filed(&content)[0], &content.title, Language::En).unwrap()).unwrap()
    };
    let text = picture("<script>alert('&')</script>");
    assert_well_formed(&text);
    assert!(text.contains("&lt;script&gt;") && !text.contains("<script"));
    // A picture that cannot spell the scenario's name leaves it out.
    let unknown = picture("ชุมชน");
    assert!(unknown.contains("council.selection") && !unknown.contains('ช') && !unknown.contains('…'));
}

#[test]
fn the_font_has_a_glyph_for_every_character_of_every_label() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let files = |folder: &str| fs::read_dir(root.join(folder)).unwrap().map(|e| e.unwrap().path());
    let read = |path: PathBuf| fs::read_to_string(path).unwrap();
    let sources = ["crates/report/src", "crates/report/src/comparison", "crates/report/src/draw"]
        .into_iter()
        .flat_map(files);
    let sources = sources.filter(|path| path.is_file());
    let mut text: String = sources.map(read).collect();
    // Equations stand there too, of which pictures draw nothing; what they call things they draw.
    let named = ["crates/report/src/page", "crates/model/src/theory", "crates/model/src/trust"]
        .into_iter()
        .flat_map(files);
    let named = named.chain([root.join("crates/model/src/base/units.rs")]).filter(|path| path.is_file());
    text.extend(
        named.map(read).collect::<String>().chars().filter(|c| ('\u{3000}'..='\u{ffef}').contains(c)),
    );
    fake::metrics().iter().for_each(|m| text.extend([m.label.en, m.label.zh]));
    for path in files("scenarios").filter(|path| path.extension().is_some_and(|e| e == "toml")) {
        let scenario = fs::read_to_string(path).unwrap();
        text.extend(scenario.lines().filter(|line| line.starts_with("name")));
    }
    // Boxes and blocks are for the terminal alone.
    let drawn = text.chars().filter(|&c| c > ' ' && !('\u{2500}'..='\u{259f}').contains(&c));
    let missing: BTreeSet<char> = drawn.filter(|c| !font::can_write(&c.to_string())).collect();
    assert!(missing.is_empty(), "run tools/subset-font.sh: no glyph for {missing:?}");
}

#[test]
fn the_summary_fits_eighty_columns_and_lines_up() {
    let (metrics, outputs) = (fake::metrics(), fake::outputs(30, 120));
    let results = fake::results(metrics, &outputs, &[]);
    for language in [Language::En, Language::Zh] {
        let table = terminal::summary(&results, language);
        println!("{table}");
        let widths: BTreeSet<usize> =
            table.lines().skip(1).take(17).map(unicode_width::UnicodeWidthStr::width).collect();
        assert_eq!(widths.len(), 1, "one width and no wrapped line: {widths:?}");
        assert!(widths.iter().all(|&w| w <= 80), "{widths:?}");
        assert!(!table.contains('\u{1b}') && !table.contains("NaN"));
    }
}
