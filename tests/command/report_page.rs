//! The report: every number is that of its table, every text is a text, and nothing leaves the page.

use crate::place::text;
use crate::program;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Output, Stdio};

use base64::prelude::{BASE64_STANDARD, Engine};
use sha2::{Digest, Sha256};
use shequ::experiment::record::manifest::Manifest;
use shequ::model::base::i18n::Language;
use shequ::model::city::AGE_BANDS;
use shequ::model::{theory, trust};
use shequ::report::chart::{Chart, Form};
use shequ::report::font;
use shequ::report::page::folder::Folder;
use shequ::report::page::sentence::{Part, Sentence};
use shequ::report::page::{self, Content, Item};
use tempfile::TempDir;

const TINY: &str = r#"
months = 26
replicates = 3

[population]
communities = 3
adults = 150

[report]
communities_every = 6
groups_every = 6

[[change]]
from = "2018-01"
council.enabled = true
funding.decider = "council"
"#;

/// A name that is everything that a page must not take for more than a name.
const NAME: &str = r#"</script><img src=x onerror="window.injected=1">'&quot; 议事会 🏘 {name}"#;

struct CommunityState {
    folder: TempDir,
}

impl CommunityState {
    fn new(name: &str, name_zh: &str) -> CommunityState {
        let folder = tempfile::tempdir().unwrap();
        let quoted = |text: &str| toml::Value::from(text).to_string();
        let head = format!("name = {}\nname_zh = {}\n", quoted(name), quoted(name_zh));
        fs::write(folder.path().join("tiny.toml"), head + TINY).unwrap();
        CommunityState { folder }
    }

    fn shequ(&self, arguments: &[&str]) -> Output {
        program::shequ()
            .current_dir(self.folder.path())
            .args(arguments)
            .stdin(Stdio::null())
            .output()
            .unwrap()
    }

    /// Runs and returns the only results folder.
    fn run(&self, more: &[&str]) -> PathBuf {
        let output = self.shequ(&[&["run", "tiny.toml", "-q"], more].concat());
        assert!(output.status.success(), "{}", text(&output.stderr));
        let mut found = fs::read_dir(self.folder.path().join("results")).unwrap();
        found.next().unwrap().unwrap().path()
    }
}

fn page(folder: &Path) -> String {
    fs::read_to_string(folder.join("report.html")).unwrap()
}

/// What the report of a folder holds, as data.
fn content(folder: &Path) -> Content {
    let manifest = Manifest::read(folder).unwrap();
    page::content(&Folder { path: folder, manifest: &manifest }).unwrap()
}

fn manifest_kind(folder: &Path) -> String {
    let experiment = fs::read_to_string(folder.join("experiment.toml")).unwrap_or_default();
    let table: toml::Table = experiment.parse().unwrap();
    table.get("kind").map_or("run".into(), |kind| kind.as_str().unwrap().into())
}

/// The tables of a folder, read without the program's own reader: `cells[table][row][column]`.
struct Tables<'a> {
    folder: &'a Path,
    read: BTreeMap<String, Vec<BTreeMap<String, String>>>,
}

impl Tables<'_> {
    fn of(folder: &Path) -> Tables<'_> {
        Tables { folder, read: BTreeMap::new() }
    }

    /// The number in a cell; of a file in TOML, that of a key.
    fn number(&mut self, table: &str, row: &str, column: &str) -> f64 {
        if table.ends_with(".toml") {
            assert_eq!(column, "value");
            let file: toml::Table = fs::read_to_string(self.folder.join(table)).unwrap().parse().unwrap();
            let mut value = &toml::Value::Table(file);
            for part in row.split('.') {
                value = &value[part];
            }
            return value.as_float().unwrap_or_else(|| value.as_integer().unwrap() as f64);
        }
        let path = self.folder.join(format!("{table}.csv"));
        let rows = self.read.entry(table.into()).or_insert_with(|| {
            csv::Reader::from_path(&path).unwrap().deserialize().map(|row| row.unwrap()).collect()
        });
        rows[row.parse::<usize>().unwrap() - 1][column].parse().unwrap()
    }
}

/// The cell of a table of the page, by the id of the table and row and column counted from 1.
fn cell_of_page(page: &str, id: &str, row: usize, column: usize) -> f64 {
    let table = page.split(&format!("<table id=\"{id}\"")).nth(1).unwrap().split("</table>").next().unwrap();
    let body = table.split("<tbody>").nth(1).unwrap();
    let row = body.split("<tr>").nth(row).unwrap();
    let cell = row.split("</t").nth(column - 1).unwrap().rsplit('>').next().unwrap();
    cell.parse().unwrap()
}

/// What stands in an attribute of a tag.
fn attribute<'a>(tag: &'a str, name: &str) -> &'a str {
    let from = tag.split_once(&format!("{name}=\"")).unwrap_or_else(|| panic!("{tag} has no {name}")).1;
    from.split('"').next().unwrap()
}

/// Compares every number within the sentences of a page with the cell that it names; returns how many.
pub fn every_number_is_that_of_its_table(folder: &Path, page: &str) -> usize {
    let report = self::page(folder);
    let mut tables = Tables::of(folder);
    let mut compared = 0;
    for tag in page.split("<data ").skip(1) {
        let (tag, rest) = tag.split_once('>').unwrap();
        let shown = rest.split("</data>").next().unwrap();
        let value: f64 = attribute(tag, "value").parse().unwrap();
        let factor: f64 = attribute(tag, "data-factor").parse().unwrap();
        let [table, row, column] = ["data-table", "data-row", "data-column"].map(|name| attribute(tag, name));
        let path = folder.join(format!("{table}.csv"));
        let in_table = if table.ends_with(".toml") || path.exists() {
            tables.number(table, row, column)
        } else {
            cell_of_page(&report, table, row.parse().unwrap(), column.parse().unwrap())
        };
        assert_eq!(value.to_bits(), in_table.to_bits(), "{table}, row {row}, {column}");
        let plain = shown.replace('−', "-").replace(',', "");
        let read: f64 = plain.parse().unwrap_or_else(|_| panic!("{shown} is a number"));
        let decimals = shown.split_once('.').map_or(0, |(_, decimals)| decimals.len()) as i32;
        // Of a sum with thousands, three figures count.
        let zeros = plain.len() - plain.trim_end_matches('0').len();
        let decimals = if shown.contains(',') { -(zeros as i32) } else { decimals };
        let signed = plain.starts_with(['-', '+']);
        let exact = if signed { value * factor } else { (value * factor).abs() };
        // What is read is the number, rounded; a share is read within its bounds.
        let half = 0.5 * 10_f64.powi(-decimals) * (1.0 + 1e-9);
        let is_bound = factor == 100.0 && (read == 100.0 && value > 1.0 || read == 0.0 && value < 0.0);
        assert!(
            is_bound || (read - exact).abs() <= half,
            "{shown} is read for {exact}: {table}, row {row}, {column}"
        );
        compared += 1;
    }
    compared
}

#[test]
fn every_number_in_the_sentences_equals_its_table() {
    let state = CommunityState::new("Tiny", "小城");
    let folder = state.run(&[]);
    let compared = every_number_is_that_of_its_table(&folder, &page(&folder));
    // Two languages, at least twenty numbers each.
    assert!(compared > 40, "{compared} numbers");
}

#[test]
fn words_hold_no_number_but_the_level_of_intervals() {
    let state = CommunityState::new("Tiny", "小城");
    words_hold_no_number(&content(&state.run(&[])));
}

fn words_hold_no_number(content: &Content) {
    let sentences: Vec<&Sentence> = content.sentences().collect();
    assert!(sentences.len() > 8);
    for sentence in sentences {
        for language in [Language::En, Language::Zh] {
            for part in sentence.parts(language) {
                let Part::Words(words) = part else { continue };
                // What a band of age is called is a name.
                let bands = AGE_BANDS.iter().map(|(_, name)| name);
                let rest =
                    bands.fold(words.clone(), |rest, name| rest.replace(name.zh, "").replace(name.en, ""));
                let rest = rest.replace("95 %", "").replace("95%", "");
                assert!(!rest.contains(|c: char| c.is_ascii_digit()), "{words}");
                assert!(!rest.contains(['{', '}']), "{words}");
            }
            let text = sentence.text(language);
            assert!(!text.contains("NaN") && !text.contains("  "), "{text}");
        }
        let zh = sentence.text(Language::Zh);
        assert!(zh.chars().any(|c| c >= '\u{4e00}'), "{zh}");
    }
}

/// An experiment file of each kind, after its head.
const EXPERIMENTS: [(&str, &str); 6] = [
    (
        "compare",
        r#"
window = ["first-year", "last-year"]
[[arm]]
name = "Visits"
set = { outreach.home_visits = 0.9 }
[[arm]]
name = "A <b>name</b>"
name_zh = "名称"
set = { council.enabled = true, council.selection = "appointed", outreach.phone = 0.5 }
"#,
    ),
    (
        "contest",
        r#"
window = "whole"
outcomes = ["participation", "trust.committee"]
[[arm]]
name = "Visits"
set = { outreach.home_visits = 0.9 }
"#,
    ),
    (
        "sweep",
        r#"
window = "last-year"
outcomes = ["participation", "fund.balance"]
[design]
method = "grid"
levels = 3
[vary]
"outreach.home_visits" = { low = 0, high = 1 }
"outreach.phone" = { low = 0, high = 1 }
"council.selection" = ["direct", "sortition"]
"#,
    ),
    (
        "sensitivity",
        r#"
window = "last-year"
outcomes = ["participation", "trust.committee"]
[design]
method = "sobol"
points = 16
second_order = true
[vary]
"outreach.home_visits" = { low = 0, high = 1 }
"outreach.phone" = { low = 0, high = 1 }
"#,
    ),
    (
        "calibrate",
        r#"
targets = "targets.csv"
[calibrate]
waves = 1
points = 12
draws = 20
[vary]
"residents.trust_neighbours" = "prior"
"staff.handling_days" = { low = 2, high = 20, log = true }
"#,
    ),
    (
        "search",
        r#"
search = { candidates = 6, generations = 2, final_replicates = 4 }
[[objective]]
outcome = "participation"
[[objective]]
outcome = "cost.total"
better = "lower"
[[constraint]]
outcome = "participation"
group = "age"
level = "70+"
change_at_least = -0.2
[vary]
"outreach.home_visits" = { low = 0, high = 0.9 }
"council.selection" = ["direct", "sortition"]
"#,
    ),
];

/// One target that is fitted, one that cannot be met, and one that is held back.
const TARGETS: &str = "\
id,metric,value,standard_error,use
Neighbours,trust.neighbours,0.5,0.05,fit
Beyond,satisfaction,9,0.05,fit
Held,response.days,6,2,hold_out
";

#[test]
fn every_kind_of_experiment_has_a_report_whose_numbers_are_those_of_its_tables() {
    for (kind, rest) in EXPERIMENTS {
        let state = CommunityState::new("Tiny", "小城");
        let head = format!(
            "kind = \"{kind}\"\nname = \"Of {kind}\"\nname_zh = \"试验\"\nscenario = \"tiny.toml\"\n\
             replicates = 3\nset = {{ population.communities = 2, population.adults = 60 }}\n"
        );
        fs::write(state.folder.path().join("experiment.toml"), head + rest).unwrap();
        fs::write(state.folder.path().join("targets.csv"), TARGETS).unwrap();
        let output = state.shequ(&[kind, "experiment.toml", "-q"]);
        assert!(output.status.success(), "{kind}: {}", text(&output.stderr));
        assert!(!text(&output.stderr).contains("no report"), "{kind}: {}", text(&output.stderr));
        let results = fs::read_dir(state.folder.path().join("results")).unwrap();
        let folder = results.map(|entry| entry.unwrap().path()).next().unwrap();
        let first = page(&folder);
        let compared = every_number_is_that_of_its_table(&folder, &first);
        assert!(compared > 20, "{kind}: {compared} numbers");
        assert!(first.contains("data-chart=\"0\""), "{kind} has pictures");
        if kind == "compare" {
            for of in ["seats", "communities-participation", "groups-1"] {
                assert!(first.contains(&format!("figure-{of}\"")), "{of}");
            }
            // The appointed council's seats are told apart from its residents.
            assert!(first.contains("data-table=\"seats\""));
        }
        assert!(!first.contains("<b>name"), "{kind}");
        let brief = fs::read_to_string(folder.join("brief.html")).unwrap();
        let compared = every_number_is_that_of_its_table(&folder, &brief);
        assert!(compared > 8 && brief.contains("<svg") && !brief.contains("<b>name"), "{kind}: {compared}");
        words_hold_no_number(&content(&folder));
        chinese_pictures_spell_everything(&folder);
        let plots = plots(&folder);
        assert!(plots.keys().any(|name| name.ends_with(".svg")), "{kind} has plots");
        fs::remove_dir_all(folder.join("plots")).unwrap();
        let again = state.shequ(&["report", &folder.to_string_lossy()]);
        assert!(again.status.success(), "{kind}: {}", text(&again.stderr));
        assert!(first == page(&folder) && plots == self::plots(&folder), "{kind}");
        keep(kind, &first);
    }
}

#[test]
fn a_ranking_has_the_numbers_of_its_tables() {
    let state = CommunityState::new("Tiny", "小城");
    let head = "kind = \"compare\"\nname = \"Ranked\"\nscenario = \"tiny.toml\"\nposterior = \"posterior.csv\"\n\
        outcomes = [\"participation\", \"satisfaction\"]\nprimary = [\"participation\", \"satisfaction\"]\nreplicates = 6\n\
        set = { population.communities = 2, population.adults = 60 }\n\
        [[arm]]\nname = \"Visits\"\nset = { outreach.home_visits = 0.9 }\n\
        [[arm]]\nname = \"Phone\"\nset = { outreach.phone = 0.5 }\n";
    let posterior = "draw,weight,theory.calculus.duty\n0,1,0.4\n1,2,1.0\n2,1,1.7\n";
    for (name, text) in [("experiment.toml", head), ("posterior.csv", posterior)] {
        fs::write(state.folder.path().join(name), text).unwrap();
    }
    let output = state.shequ(&["compare", "experiment.toml", "-q"]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    let folder = state.folder.path().join(text(&output.stdout).trim());
    let page = page(&folder);
    assert!(every_number_is_that_of_its_table(&folder, &page) > 20);
    for table in ["ranking", "uncertainty"] {
        assert!(page.contains(&format!("data-table=\"{table}\"")), "{table}");
    }
    words_hold_no_number(&content(&folder));
}

#[test]
fn what_an_arm_changes_is_called_an_effect_and_shown_as_one() {
    for (kind, design) in
        [("sweep", "method = \"grid\"\nlevels = 2"), ("sensitivity", "method = \"morris\"\nlevels = 4")]
    {
        let state = CommunityState::new("Tiny", "小城");
        let file = format!(
            "kind = \"{kind}\"\nname = \"Of {kind}\"\nscenario = \"tiny.toml\"\nreplicates = 2\n\
             set = {{ population.communities = 1, population.adults = 60, months = 14 }}\n\
             outcomes = [\"participation\"]\nwindow = \"whole\"\n[design]\n{design}\n\
             [[arm]]\nname = \"Visits\"\nname_zh = \"入户\"\nset = {{ outreach.home_visits = 0.9 }}\n\
             [vary]\n\"outreach.phone\" = {{ low = 0, high = 1 }}\n\"staff.count\" = {{ low = 1, high = 9 }}\n"
        );
        fs::write(state.folder.path().join("experiment.toml"), file).unwrap();
        let output = state.shequ(&[kind, "experiment.toml"]);
        assert!(output.status.success(), "{kind}: {}", text(&output.stderr));
        let printed = text(&output.stdout);
        assert!(printed.contains("Effect of \"Visits\" on participation"), "{printed}");
        assert!(!printed.contains("last-year") && !printed.contains(", whole\n"), "{printed}");
        let folder = PathBuf::from(printed.lines().last().unwrap());
        let folder = state.folder.path().join(folder);
        let content = content(&folder);
        let items = content.sections.iter().flat_map(|section| &section.items);
        let charts = items.filter_map(|item| match item {
            Item::Picture(chart) => Some(&**chart),
            _ => None,
        });
        let (effects, levels): (Vec<&Chart>, Vec<_>) = charts.partition(|chart| {
            chart.title.en.starts_with("Effect of \"Visits\" on participation, whole run")
        });
        assert!(effects.iter().all(|chart| chart.title.zh.starts_with("“入户”的效应：参与率（全程）")));
        let of_points = |chart: &&&Chart| matches!(chart.panels[0].form, Form::Scatter | Form::Heat);
        assert!(effects.iter().filter(of_points).all(|chart| chart.panels[0].scale.differences));
        assert!(levels.iter().filter(of_points).all(|chart| !chart.panels[0].scale.differences));
        assert_eq!(levels.is_empty(), kind == "sensitivity", "a sensitivity study is of the effect alone");
        // The mean of the arm less that of the base, point by point.
        let mut rows = csv::Reader::from_path(folder.join("points.csv")).unwrap();
        let rows: Vec<BTreeMap<String, String>> = rows.deserialize().map(|row| row.unwrap()).collect();
        let mean = |row: &BTreeMap<String, String>| row["mean"].parse::<f64>().unwrap();
        let expected: Vec<f64> = rows.chunks(2).map(|pair| mean(&pair[1]) - mean(&pair[0])).collect();
        assert!(rows.chunks(2).all(|pair| pair[1]["arm"] == "Visits" && pair[0]["arm"] != "Visits"));
        let scatter = effects.iter().find(|chart| chart.panels[0].form == Form::Scatter).unwrap();
        assert_eq!(scatter.panels[0].series[0].mean, expected, "{kind}");
        assert!(page(&folder).contains("Effect of &quot;Visits&quot; on"));
    }
}

/// Every text of every static picture in Chinese can be spelt, and what has a name is called by it.
fn chinese_pictures_spell_everything(folder: &Path) {
    let manifest = Manifest::read(folder).unwrap();
    let files = page::files(&Folder { path: folder, manifest: &manifest }, Language::Zh).unwrap();
    let mut all = String::new();
    for (name, bytes) in files.iter().filter(|(name, _)| name.ends_with(".svg")) {
        let picture = text(bytes);
        for drawn in picture.split("<text").skip(1) {
            let drawn = drawn.split_once('>').unwrap().1.split("</text>").next().unwrap().trim();
            assert!(font::can_write(drawn), "{name}: {drawn}");
            all += drawn;
        }
    }
    if manifest_kind(folder) == "contest" {
        let labels = theory::all().iter().map(|t| t.label.zh).chain(trust::all().iter().map(|t| t.label.zh));
        labels.for_each(|label| assert!(all.contains(label), "{label}"));
    }
}

/// The static pictures of a folder, by name.
fn plots(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let entries = fs::read_dir(folder.join("plots")).unwrap().map(|entry| entry.unwrap().path());
    entries
        .map(|path| (path.file_name().unwrap().to_string_lossy().into(), fs::read(&path).unwrap()))
        .collect()
}

/// Leaves a page in the target folder, where the tests in a browser find it.
fn keep(kind: &str, page: &str) {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("reports").join(kind);
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join("report.html"), page).unwrap();
}

#[test]
fn one_replicate_claims_nothing() {
    let state = CommunityState::new("Tiny", "");
    let folder = state.run(&["--replicates", "1"]);
    every_number_is_that_of_its_table(&folder, &page(&folder));
    for sentence in content(&folder).sentences() {
        let text = sentence.text(Language::En);
        assert!(!text.contains(" rose ") && !text.contains(" fell "), "{text}");
    }
}

#[test]
fn a_name_is_shown_as_text_whatever_it_holds() {
    let state = CommunityState::new(NAME, NAME);
    let folder = state.run(&[]);
    let page = page(&folder);
    assert!(
        !page.contains("<img") && !page.contains("&quot; 议事会"),
        "no markup, no entity of the name's own"
    );
    assert!(page.contains(
        "&lt;/script&gt;&lt;img src=x onerror=&quot;window.injected=1&quot;&gt;&#39;&amp;quot; 议事会 🏘"
    ));
    assert_eq!(page.matches("</script>").count(), 2, "the page's own two scripts end, and nothing else");
    every_number_is_that_of_its_table(&folder, &page);
    keep("run", &page);
}

#[test]
fn nothing_leaves_the_page_and_only_its_own_scripts_run() {
    let state = CommunityState::new("Tiny", "小城");
    let page = page(&state.run(&[]));
    let policy =
        page.split("Content-Security-Policy\" content=\"").nth(1).unwrap().split('"').next().unwrap();
    assert!(policy.starts_with("default-src 'none'; script-src 'sha256-"), "{policy}");
    assert!(!policy.contains("unsafe") && !policy.contains("http") && !policy.contains('*'), "{policy}");
    let hash = |text: &str| format!("'sha256-{}'", BASE64_STANDARD.encode(Sha256::digest(text)));
    let script = page.split("<script>").nth(1).unwrap().split("</script>").next().unwrap();
    assert!(policy.contains(&hash(script)));
    for style in page.split("<style").skip(1) {
        let style = style.split_once('>').unwrap().1.split("</style>").next().unwrap();
        assert!(policy.contains(&hash(style)));
    }
    let markup = page.replace(script, "");
    for forbidden in [" style=", " onclick=", " onload=", "javascript:", "<link", "<iframe", "src=\""] {
        assert!(!markup.contains(forbidden), "{forbidden}");
    }
    // The only addresses are the name of the language SVG, and who made uPlot.
    let addresses = page.match_indices("http").map(|(at, _)| &page[at..at + 30]);
    for address in addresses {
        let known = ["https://github.com/leeoniya/", "http://www.w3.org/2000/svg", "http-equiv"];
        assert!(known.iter().any(|k| address.starts_with(k)), "{address}");
    }
}

#[test]
fn the_report_comes_out_the_same_again_and_is_listed_in_the_manifest() {
    let state = CommunityState::new("Tiny", "小城");
    let folder = state.run(&[]);
    let (first, manifest) = (page(&folder), fs::read_to_string(folder.join("manifest.json")).unwrap());
    assert!(manifest.contains("\"report.html\""));
    fs::remove_file(folder.join("report.html")).unwrap();
    fs::remove_file(folder.join("plots/trust.svg")).unwrap();
    let again = state.shequ(&["report", &folder.to_string_lossy()]);
    assert!(again.status.success(), "{}", text(&again.stderr));
    assert!(text(&again.stdout).trim_end().ends_with("report.html"));
    assert!(first == page(&folder) && folder.join("plots/trust.svg").exists());
    assert_eq!(fs::read_to_string(folder.join("manifest.json")).unwrap(), manifest);
    let zh = state.shequ(&["report", &folder.to_string_lossy(), "--lang", "zh"]);
    assert!(zh.status.success());
    assert!(page(&folder).contains("<html lang=\"zh-Hans\" data-language=\"zh\">"));
    let reproduced = state.shequ(&["reproduce", &folder.to_string_lossy()]);
    assert!(reproduced.status.success(), "{}", text(&reproduced.stderr));
}

#[test]
fn tables_as_parquet_give_the_same_sentences() {
    let words = |form: &str| {
        let state = CommunityState::new("Tiny", "小城");
        let content = content(&state.run(&["--format", form]));
        content.sentences().map(|sentence| sentence.text(Language::En)).collect::<Vec<_>>()
    };
    assert_eq!(words("parquet"), words("csv"));
}

#[test]
fn what_cannot_be_read_is_said() {
    let state = CommunityState::new("Tiny", "小城");
    let folder = state.run(&[]);
    let name = folder.to_string_lossy().to_string();
    fs::write(folder.join("changes.csv"), "metric,unit\nparticipation\n").unwrap();
    let before = page(&folder);
    for (arguments, words) in [
        (&["report", &name][..], "modified after it was written (changed: changes.csv)"),
        (&["report", &name, "--changed"], "the table changes cannot be read"),
    ] {
        let bad = state.shequ(arguments);
        assert_eq!(bad.status.code(), Some(1));
        assert!(text(&bad.stderr).contains(words), "{}", text(&bad.stderr));
    }
    assert!(page(&folder) == before, "the old page is kept");
    let none = state.shequ(&["report", "nowhere"]);
    assert_eq!(none.status.code(), Some(2));
    assert!(text(&none.stderr).contains("not a results folder"), "{}", text(&none.stderr));
}

#[test]
fn the_font_of_pages_has_every_chinese_character_that_the_program_has() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let known = fs::read_to_string(root.join("crates/report/assets/shequ-sans-page.txt")).unwrap();
    let mut missing = String::new();
    let mut folders = vec![root.join("src"), root.join("crates")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            if entry.is_dir() {
                folders.push(entry);
            } else if let Ok(text) = fs::read_to_string(&entry) {
                missing.extend(
                    text.chars().filter(|c| ('\u{2e80}'..'\u{10000}').contains(c) && !known.contains(*c)),
                );
            }
        }
    }
    assert!(missing.is_empty(), "run tools/subset-font.sh: no glyph for {missing}");
}
