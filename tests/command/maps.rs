//! Maps of communities: outlines from GeoJSON to the picture, and files that nobody should have to draw.

use std::fs;
use std::path::Path;

use crate::place::{Place, text};
use shequ::experiment::record::manifest::Manifest;
use shequ::model::base::i18n::Language;
use shequ::report::chart::{Chart, Form};
use shequ::report::draw::Drawing;
use shequ::report::draw::raster::svg;
use shequ::report::page::folder::Folder;
use shequ::report::page::{self, Content};

/// A few months of few replicates.
const SMALL: [&str; 9] = [
    "--set",
    "months=13",
    "--set",
    "burn_in=0",
    "--set",
    "report.communities_every=6",
    "--replicates",
    "3",
    "-q",
];

/// The shipped example with outlines, and what it extends.
fn example() -> Place {
    let read = |name: &str| {
        fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios").join(name)).unwrap()
    };
    let scenario = read("communities/outlines.toml").replace("../baseline.toml", "baseline.toml");
    Place::with(&[
        ("outlines.toml", scenario.as_str()),
        ("outlines.geojson", read("communities/outlines.geojson").as_str()),
        ("baseline.toml", read("baseline.toml").as_str()),
        ("visits.toml", "extends = \"outlines.toml\"\nname = \"Visits\"\noutreach.home_visits = 0.9\n"),
    ])
}

fn content(folder: &Path) -> Content {
    let manifest = Manifest::read(folder).unwrap();
    page::content(&Folder { path: folder, manifest: &manifest }).unwrap()
}

fn maps(content: &Content) -> Vec<&Chart> {
    content.charts().filter(|chart| chart.panels[0].form == Form::Map).collect()
}

/// Leaves a page where the browser tests open it.
fn keep(name: &str, folder: &Path) {
    let place = Path::new(env!("CARGO_TARGET_TMPDIR")).join("reports").join(name);
    fs::create_dir_all(&place).unwrap();
    fs::copy(folder.join("report.html"), place.join("report.html")).unwrap();
}

/// The colour of a share of the way from pale to dark, as the page draws it.
fn colour(share: f64, darkest: [f64; 3]) -> String {
    let parts = [240.0, 243.0, 245.0].iter().zip(darkest);
    let parts = parts.map(|(from, to)| format!("{:02X}", (from + (to - from) * share).round() as u8));
    format!("#{}", parts.collect::<String>())
}

#[test]
fn a_run_is_shown_on_a_map_of_which_picture_and_page_have_the_same_values() {
    let place = example();
    let output = place.shequ(&[&["run", "outlines.toml"], &SMALL[..]].concat());
    assert!(output.status.success(), "{}", text(&output.stderr));
    let folder = place.results("results");
    let content = content(&folder);
    let chart = maps(&content)[0];
    let map = chart.map.as_ref().unwrap();
    assert!(chart.one && map.places.len() == 24);
    // One of the communities has a pond, which is a hole in it.
    let rings: Vec<usize> = map.places.iter().map(|place| place.rings.len()).collect();
    assert_eq!((rings[1], rings.iter().sum::<usize>()), (2, 25));

    keep("run-on-a-map", &folder);

    // What the page holds is what the picture is drawn from.
    let page = fs::read_to_string(folder.join("report.html")).unwrap();
    assert!(page.contains("\"form\":\"map\"") && page.contains(&serde_json::to_string(map).unwrap()));
    let picture = fs::read_to_string(folder.join("plots/communities.svg")).unwrap();
    let mut own = chart.clone();
    own.panels.truncate(1);
    let alone = svg(&Drawing::new(&own, &content.title, Language::En).unwrap()).unwrap();
    let values = &own.panels[0].series[0].mean;
    let ends = values.iter().fold((f64::MAX, f64::MIN), |(low, high), v| (low.min(*v), high.max(*v)));
    for value in values {
        let fill = colour((value - ends.0) / (ends.1 - ends.0), [0.0, 68.0, 112.0]);
        assert!(picture.contains(&fill) && alone.contains(&fill), "{value} is {fill}");
    }
    // Every community is filled once, and its borders drawn.
    assert_eq!(alone.matches("<polygon").count(), 24);

    // The results hold the outlines: they come out again where their file is not.
    fs::remove_file(place.path().join("outlines.geojson")).unwrap();
    let again = place.shequ(&["reproduce", &folder.display().to_string()]);
    assert!(again.status.success(), "{}", text(&again.stderr));
    let redrawn = place.shequ(&["report", &folder.display().to_string()]);
    assert!(redrawn.status.success(), "{}", text(&redrawn.stderr));
    assert_eq!(fs::read_to_string(folder.join("plots/communities.svg")).unwrap(), picture);
}

#[test]
fn effects_are_on_a_map_that_says_which_are_not_significant() {
    let place = example();
    let output = place.shequ(&[&["compare", "outlines.toml", "visits.toml"], &SMALL[..]].concat());
    assert!(output.status.success(), "{}", text(&output.stderr));
    let folder = place.results("results");
    let content = content(&folder);
    let chart = maps(&content)[0];
    assert_eq!(chart.file.as_deref(), Some("effects-by-community"));
    keep("compare-on-a-map", &folder);
    let series = &chart.panels[0].series[0];
    assert!(chart.panels[0].scale.differences && series.low.len() == 24 && series.significant.len() == 24);
    assert!(chart.note.en.contains("Hatched or hollow: not significant"));
    // Lines aslant are there where something is not significant, and nowhere else.
    let strokes = |significant: bool| {
        let mut chart = chart.clone();
        for panel in &mut chart.panels {
            panel.series[0].significant = vec![significant; 24];
        }
        let text = svg(&Drawing::new(&chart, &content.title, Language::En).unwrap()).unwrap();
        text.matches("<polyline").count() + text.matches("<line").count()
    };
    assert!(strokes(false) > strokes(true) + 100, "{} and {}", strokes(false), strokes(true));
    assert!(folder.join("plots/effects-by-community.png").exists());
    // The brief has the map of its policy beside the course, in all of its forms.
    let read = |name: &str| fs::read_to_string(folder.join(name)).unwrap();
    let picture = read("plots/brief-map.svg");
    let bar = chart.map.as_ref().and_then(|map| map.bar.as_ref()).unwrap();
    assert!(picture.contains(&bar.label.en), "{}", bar.label.en);
    assert!(read("brief.md").contains("(plots/brief-map.png)"));
    assert!(read("brief.html").contains("<div class=\"pair\">"));
    let docx = fs::read(folder.join("brief.docx")).unwrap();
    let mut word = zip::ZipArchive::new(std::io::Cursor::new(docx)).unwrap();
    let document = std::io::read_to_string(word.by_name("word/document.xml").unwrap()).unwrap();
    assert!(document.contains("<w:tbl>") && document.matches("<w:drawing>").count() == 3);
}

/// A table of so many communities whose geometries are these.
fn table(geometries: &[String]) -> String {
    let feature = |(n, geometry): (usize, &String)| {
        format!(
            r#"{{"type":"Feature","properties":{{"name":"<b>{n}&amp;\"","adults":60}},"geometry":{geometry}}}"#
        )
    };
    let features: Vec<String> = geometries.iter().enumerate().map(feature).collect();
    format!(r#"{{"type":"FeatureCollection","features":[{}]}}"#, features.join(","))
}

fn polygon(corners: &[[f64; 2]]) -> String {
    let corners: Vec<String> =
        corners.iter().chain(corners.first()).map(|[x, y]| format!("[{x},{y}]")).collect();
    format!(r#"{{"type":"Polygon","coordinates":[[{}]]}}"#, corners.join(","))
}

#[test]
fn geometry_that_nobody_should_have_to_draw_is_bounded_and_told() {
    let teeth: Vec<[f64; 2]> = (0..60_000)
        .map(|n| [104.0 + f64::from(n) / 6e5, if n % 2 == 0 { 30.0 } else { 30.1 }])
        .chain([[104.1, 29.9], [104.0, 29.9]])
        .collect();
    let bow = polygon(&[[104.1, 30.0], [104.3, 30.2], [104.3, 30.0], [104.1, 30.1]]);
    let tiny = polygon(&[[104.2, 30.0], [104.200001, 30.0], [104.2, 30.000001]]);
    let point = r#"{"type":"Point","coordinates":[104.2,30.15]}"#.to_string();
    let place = Place::with(&[
        (
            "a.toml",
            "name = \"A\"\nmonths = 2\nburn_in = 0\nreplicates = 1\nreport.communities_every = 1\npopulation.table = \"a.geojson\"\n",
        ),
        ("a.geojson", &table(&[polygon(&teeth), bow, tiny, point])),
    ]);
    let check = place.shequ(&["check", "a.toml"]);
    assert!(check.status.success(), "{}", text(&check.stderr));
    assert!(text(&check.stderr).contains("of 60009 corners of outlines"), "{}", text(&check.stderr));
    assert!(text(&check.stderr).contains("stand as points there: 1"), "{}", text(&check.stderr));
    let run = place.shequ(&["run", "a.toml", "-q"]);
    assert!(run.status.success(), "{}", text(&run.stderr));
    let folder = place.results("results");
    assert!(fs::metadata(folder.join("scenario.toml")).unwrap().len() < 400_000);
    let content = content(&folder);
    let chart = maps(&content)[0];
    let map = chart.map.as_ref().unwrap();
    let rings: Vec<usize> = map.places.iter().map(|place| place.rings.len()).collect();
    assert_eq!(rings, [1, 1, 0, 0]);
    // Names are text, whatever they hold.
    let picture = fs::read_to_string(folder.join("plots/communities.svg")).unwrap();
    let page = fs::read_to_string(folder.join("report.html")).unwrap();
    for text in [picture, page] {
        assert!(!text.contains("<b>"));
    }
}

#[test]
fn outlines_across_the_date_line_or_of_nothing_are_understood_or_told() {
    let east = polygon(&[[179.9, 10.0], [-179.9, 10.0], [-179.9, 10.2], [179.9, 10.2]]);
    let beside = r#"{"type":"Point","coordinates":[-179.8,10.1]}"#.to_string();
    let scenario = "name = \"A\"\nmonths = 2\nburn_in = 0\nreplicates = 1\nreport.communities_every = 1\npopulation.table = \"a.geojson\"\n";
    let place = Place::with(&[("a.toml", scenario), ("a.geojson", &table(&[east, beside]))]);
    let run = place.shequ(&["run", "a.toml", "-q"]);
    assert!(run.status.success(), "{}", text(&run.stderr));
    let content = content(&place.results("results"));
    let map = maps(&content)[0].map.clone().unwrap();
    // 0.3 degrees wide at ten degrees north and 0.2 high: not around the earth.
    let [wide, high] = map.size.map(f64::from);
    assert!((wide / high - 1.5 * libm::cos(10.1_f64.to_radians())).abs() < 0.01, "{wide} × {high}");
    for nothing in
        [r#"{"type":"Polygon","coordinates":[]}"#, r#"{"type":"Polygon","coordinates":[[]]}"#, "null"]
    {
        fs::write(place.path().join("a.geojson"), table(&[nothing.to_string()])).unwrap();
        let check = place.shequ(&["check", "a.toml"]);
        assert_eq!(check.status.code(), Some(2), "{nothing}");
        assert!(text(&check.stderr).contains("geometry"), "{nothing}: {}", text(&check.stderr));
    }
}

#[test]
fn every_kind_of_file_is_checked_as_what_it_is() {
    let place = example();
    fs::write(
        place.path().join("sweep.toml"),
        "kind = \"sweep\"\nname = \"S\"\nscenario = \"outlines.toml\"\nreplicates = 3\n\
         [design]\nmethod = \"grid\"\n[vary]\n\"outreach.phone\" = [0.1, 0.2]\n",
    )
    .unwrap();
    let said = |arguments: &[&str]| {
        let output = place.shequ(&[&["check"], arguments].concat());
        (output.status.code(), text(&output.stderr).to_string())
    };
    let (code, all) = said(&["outlines.toml", "sweep.toml", "outlines.geojson", "shequ:targets.csv"]);
    assert_eq!(code, Some(0), "{all}");
    for line in [
        "outlines.toml: valid. 24 communities",
        "sweep.toml: valid. An experiment, `shequ sweep`: 6 runs. 24 communities",
        "outlines.geojson: valid. A table of 24 communities",
        "shequ:targets.csv: valid. A table of ",
    ] {
        assert!(all.lines().any(|said| said.starts_with(line)), "{line}: {all}");
    }
    // What is wrong is said as by the command that would carry it out.
    fs::write(
        place.path().join("sweep.toml"),
        "kind = \"sweep\"\nscenario = \"outlines.toml\"\n[vary]\nx = [1]\n",
    )
    .unwrap();
    fs::write(place.path().join("t.csv"), "id,metric,value\na,participatoin,0.1\n").unwrap();
    let carried_out = place.shequ(&["sweep", "sweep.toml"]);
    assert_eq!(said(&["sweep.toml"]), (Some(2), text(&carried_out.stderr).to_string()));
    let judged = place.shequ(&["validate", "--targets", "t.csv"]);
    assert_eq!(said(&["t.csv"]), (Some(2), text(&judged.stderr).to_string()));
    assert_eq!(said(&["outlines.geojson", "--resolved"]).0, Some(2));
}
