//! Pictures and tables for people.

use crate::fake;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use rayon::prelude::*;
use shequ::model::base::i18n::Language;
use shequ::model::city::Mode;
use shequ::model::metric;
use shequ::report::figure::Figure;
use shequ::report::plots::{About, figures};
use shequ::report::raster::{PNG_SCALE, png, svg};
use shequ::report::{font, terminal};

fn changes() -> Vec<(u32, String)> {
    vec![
        (24, "council.selection = sortition".into()),
        (60, "funding.decider = council".into()),
        (66, "outreach.share = 0.4".into()),
        (112, "services.quality = 0.7".into()),
    ]
}

fn pictures(language: Language, replicates: u32, months: u32) -> Vec<Figure> {
    let (metrics, outputs) = (fake::metrics(), fake::outputs(replicates, months));
    let scenario = match language {
        Language::En => "Council decides the fund",
        Language::Zh => "议事会决定专项资金",
    };
    let changes = changes();
    figures(&fake::results(metrics, &outputs, &[]), &About { scenario, changes: &changes, language })
}

/// Draws every picture, and leaves the files in the target folder for people to look at.
fn draw(label: &str, figures: &[Figure]) {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("pictures").join(label);
    fs::create_dir_all(&folder).unwrap();
    figures.iter().flat_map(|f| &f.panels).for_each(|panel| {
        let labels = panel.series.iter().map(|s| &s.label).chain([&panel.title, &panel.unit]);
        labels.for_each(|label| assert!(font::can_write(label), "{label}"));
    });
    figures.par_iter().for_each(|figure| {
        let vector = svg(figure).unwrap();
        assert_vector(figure, &vector);
        fs::write(folder.join(format!("{}.svg", figure.name)), vector).unwrap();
        let bitmap = png(figure).unwrap();
        assert_bitmap(figure, &bitmap);
        fs::write(folder.join(format!("{}.png", figure.name)), bitmap).unwrap();
    });
}

fn assert_vector(figure: &Figure, text: &str) {
    let says = |label: &str| text.contains(&label.replace('\'', "&apos;"));
    assert!(says(&figure.title) && says(&figure.note) && text.contains("<poly"));
    for panel in &figure.panels {
        assert!(says(&panel.unit) && says(&panel.title), "{}", figure.name);
        let alone = panel.series.len() == 1;
        assert!(alone || panel.series.iter().all(|s| says(&s.label)), "{}", figure.name);
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

fn assert_bitmap(figure: &Figure, bytes: &[u8]) {
    let mut reader = png::Decoder::new(std::io::Cursor::new(bytes)).read_info().unwrap();
    let size = (reader.info().width, reader.info().height);
    assert_eq!(size, (figure.size.0 * PNG_SCALE, figure.size.1 * PNG_SCALE));
    let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
    reader.next_frame(&mut pixels).unwrap();
    let colours: BTreeSet<&[u8]> = pixels.chunks_exact(3).collect();
    assert!(colours.len() > 20, "{} is nearly empty", figure.name);
    let white = pixels.chunks_exact(3).filter(|p| p == &[255, 255, 255]).count();
    assert!(white * 3 * 10 > pixels.len() * 5, "{}: at least half is paper", figure.name);
}

#[test]
fn every_picture_is_drawn_in_both_languages_and_both_forms() {
    for (language, label) in [(Language::En, "en"), (Language::Zh, "zh")] {
        let figures = pictures(language, 30, 120);
        assert_eq!(figures.len(), 6);
        // Shares of what is taken part in are no ways of taking part.
        let modes = figures.iter().find(|figure| figure.name == "participation-by-mode").unwrap();
        let is_mode = |title: &str| {
            Mode::ALL.iter().any(|mode| {
                let metric = metric::position(&format!("participation.{}", mode.name())).unwrap();
                language.of(metric::all()[metric].label) == title
            })
        };
        assert!(modes.panels.iter().all(|panel| is_mode(&panel.title)), "{language:?}");
        draw(label, &figures);
    }
}

#[test]
fn short_runs_single_replicates_and_single_months_are_drawn() {
    draw("one-replicate", &pictures(Language::En, 1, 30));
    draw("one-month", &pictures(Language::En, 3, 1));
    draw("long", &pictures(Language::Zh, 2, 600));
}

#[test]
fn names_that_are_markup_or_that_the_font_cannot_spell_do_no_harm() {
    let (metrics, outputs) = (fake::metrics(), fake::outputs(2, 24));
    let results = fake::results(metrics, &outputs, &[]);
    let changes = vec![(5, "a < b & \"c\"".to_string()), (9, "ไทย".to_string())];
    let of = |scenario| {
        let about = About { scenario, changes: &changes, language: Language::En };
        figures(&results, &about).remove(0)
    };
    let text = svg(&of("<script>alert('&')</script>")).unwrap();
    assert_well_formed(&text);
    assert!(!text.contains("<script"));
    let unknown = of("ชุมชน");
    assert_eq!(unknown.subtitle, "");
    assert_eq!(unknown.changes[1].1, "2017-10");
}

#[test]
fn the_font_has_a_glyph_for_every_character_of_every_label() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let files = |folder: &str| fs::read_dir(root.join(folder)).unwrap().map(|e| e.unwrap().path());
    let read = |path: PathBuf| fs::read_to_string(path).unwrap();
    let sources =
        files("crates/report/src").chain(files("crates/report/src/comparison")).filter(|path| path.is_file());
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
