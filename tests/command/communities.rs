//! Communities from a table as a user gives them: the example of forty, the template, names in results.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use crate::place::{Place, text};

/// Two months of one replicate, so that the example is quick.
const SMALL: [&str; 7] = ["--set", "months=2", "--set", "burn_in=0", "--replicates", "1", "-q"];

type Rows = Vec<BTreeMap<String, String>>;

fn rows(path: &Path) -> Rows {
    csv::Reader::from_path(path).unwrap().deserialize().map(|row| row.unwrap()).collect()
}

/// The shipped example and what it extends, in a place of its own.
fn example() -> Place {
    let read = |name: &str| {
        fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios").join(name)).unwrap()
    };
    let forty = read("communities/forty.toml").replace("../baseline.toml", "baseline.toml");
    let files = [
        ("forty.toml", forty),
        ("communities.csv", read("communities/communities.csv")),
        ("baseline.toml", read("baseline.toml")),
    ];
    Place::with(&files.each_ref().map(|(name, text)| (*name, text.as_str())))
}

#[test]
fn forty_communities_are_run_as_their_table_says_and_named_in_the_results() {
    let place = example();
    let output = place.shequ(&[&["run", "forty.toml"], &SMALL[..]].concat());
    assert!(output.status.success(), "{}", text(&output.stderr));
    let folder = place.results("results");
    let given: Rows = {
        let table = fs::read_to_string(place.path().join("communities.csv")).unwrap();
        let (_, table) = table.split_once('\n').unwrap();
        let mut csv = csv::Reader::from_reader(table.as_bytes());
        csv.deserialize().map(|row| row.unwrap()).collect()
    };
    let places = rows(&folder.join("places.csv"));
    assert_eq!((given.len(), places.len()), (40, 40));
    for (given, place) in given.iter().zip(&places) {
        for (heading, column) in [("社区", "name"), ("街道", "street"), ("区县", "district")] {
            assert_eq!(given[heading], place[column]);
        }
        let adults: f64 = given["成年居民"].replace(',', "").parse().unwrap();
        assert_eq!(place["adults"].parse(), Ok(adults));
        // As whole residents allow: less than one of them.
        let shares =
            ["18-29岁", "30-44岁", "45-59岁", "60-69岁", "70岁以上", "党员", "自有住房", "非本地户籍"];
        let columns = ["18-29", "30-44", "45-59", "60-69", "70+", "party", "owners", "migrants"];
        for (heading, column) in shares.into_iter().zip(columns) {
            let came_out: f64 = place[column].parse().unwrap();
            match given[heading].strip_suffix('%') {
                Some(asked) => {
                    let asked: f64 = asked.parse().unwrap();
                    assert!((asked / 100.0 - came_out).abs() < 1.0 / adults, "{heading}: {given:?}");
                }
                None => assert!(place["open"].split(' ').any(|open| open == column), "{place:?}"),
            }
        }
    }
    let communities = rows(&folder.join("communities.csv"));
    let of = |row: &BTreeMap<String, String>| row["community"].parse::<usize>().unwrap();
    assert!(communities.iter().all(|row| row["name"] == places[of(row)]["name"]));
    // What was asked of the whole city is what its communities were asked for.
    for margin in rows(&folder.join("margins.csv")).iter().filter(|row| row["group"] == "age") {
        let [target, realised] = ["target", "realised"].map(|column| margin[column].parse::<f64>().unwrap());
        assert!((target - realised).abs() < 1e-3, "{margin:?}");
    }

    // The results hold the table: they can be made again where it is not.
    fs::remove_file(place.path().join("communities.csv")).unwrap();
    let again = place.shequ(&["reproduce", &folder.display().to_string()]);
    assert!(again.status.success(), "{}", text(&again.stderr));
}

#[test]
fn what_a_table_leaves_open_is_told_and_its_content_is_part_of_the_id() {
    let place = example();
    let check = place.shequ(&["check", "forty.toml"]);
    assert!(check.status.success(), "{}", text(&check.stderr));
    let said = text(&check.stderr);
    assert!(said.contains("of 40 communities, what this table leaves open is drawn: kind of 2"), "{said}");
    assert!(said.contains("migrants of 4") && said.contains("education of 6"), "{said}");
    assert!(said.contains("staff of 2"), "{said}");
    let id = || {
        let output = place.shequ(&["check", "forty.toml", "--resolved"]);
        text(&output.stdout).to_string()
    };
    let before = id();
    let path = place.path().join("communities.csv");
    fs::write(&path, fs::read_to_string(&path).unwrap().replace("\"3,380\"", "\"3,381\"")).unwrap();
    assert_ne!(id(), before);
}

#[test]
fn a_template_is_written_and_used_as_it_is() {
    let place = example();
    let output = place.shequ(&["new", "mine", "--communities"]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    let check = place.shequ(&["check", "baseline.toml", "--set", "population.table=mine.csv"]);
    assert!(check.status.success(), "{}", text(&check.stderr));
    assert!(text(&check.stderr).contains("5 communities"), "{}", text(&check.stderr));
    let taken = place.shequ(&["new", "mine", "--communities"]);
    assert!(!taken.status.success() && text(&taken.stderr).contains("mine.csv exists already"));
    let explained = place.shequ(&["explain", "population.table"]);
    assert!(text(&explained.stdout).contains("migrants, 非本地户籍"), "{}", text(&explained.stdout));
    let alone = place.shequ(&["check", "mine.csv"]);
    assert!(
        text(&alone.stderr).contains("mine.csv: valid. A table of 5 communities"),
        "{}",
        text(&alone.stderr)
    );
    // In the place of a scenario it is recognised, by every command that reads one.
    for command in ["run", "compare", "sweep"] {
        let wrong = place.shequ(&[command, "mine.csv"]);
        assert!(!wrong.status.success());
        assert!(
            text(&wrong.stderr).contains("is a table, not a scenario"),
            "{command}: {}",
            text(&wrong.stderr)
        );
    }
}

/// The example without its comment, cell by cell.
fn cells(place: &Place) -> Vec<Vec<String>> {
    let table = fs::read_to_string(place.path().join("communities.csv")).unwrap();
    let (_, table) = table.split_once('\n').unwrap();
    let mut csv = csv::ReaderBuilder::new().has_headers(false).from_reader(table.as_bytes());
    csv.records().map(|row| row.unwrap().iter().map(str::to_string).collect()).collect()
}

/// What the program makes of the example with another table.
fn resolved(place: &Place, table: &str) -> String {
    let output =
        place.shequ(&["check", "forty.toml", "--resolved", "--set", &format!("population.table={table}")]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    text(&output.stdout).to_string()
}

/// A number in the place of the text that says it, as a spreadsheet keeps it.
fn number(cell: &str) -> Option<f64> {
    let plain = cell.replace(',', "");
    match plain.strip_suffix('%') {
        Some(percent) => Some(percent.parse::<f64>().ok()? / 100.0),
        None => plain.parse().ok(),
    }
}

#[test]
fn a_workbook_gives_what_the_same_table_in_text_gives() {
    let place = example();
    let cell = |text: &String| match number(text) {
        Some(number) => format!("<c><v>{number}</v></c>"),
        None => format!("<c t=\"inlineStr\"><is><t>{text}</t></is></c>"),
    };
    let row = |row: &Vec<String>| format!("<row>{}</row>", row.iter().map(cell).collect::<String>());
    let rows: String = cells(&place).iter().map(row).collect();
    crate::workbook::write(&place.path().join("communities.xlsx"), &rows);
    assert_eq!(resolved(&place, "communities.xlsx"), resolved(&place, "communities.csv"));
}

#[test]
fn a_workbook_that_unpacks_to_more_than_any_table_is_refused() {
    let place = example();
    // Of one character alone, it packs into little.
    crate::workbook::write(&place.path().join("communities.xlsx"), &" ".repeat(257 << 20));
    let output = place.shequ(&["check", "forty.toml", "--set", "population.table=communities.xlsx"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("unpacks to more than 256 MiB"), "{}", text(&output.stderr));
}

#[test]
fn features_give_what_the_same_table_in_text_gives() {
    let place = example();
    let mut rows = cells(&place).into_iter();
    let header = rows.next().unwrap();
    let at = |name: &str| header.iter().position(|heading| heading == name).unwrap();
    let feature = |row: Vec<String>| {
        let properties =
            header.iter().zip(&row).filter(|(name, _)| !["经度", "纬度"].contains(&name.as_str()));
        let properties: serde_json::Map<_, _> =
            properties.map(|(name, cell)| (name.clone(), cell.as_str().into())).collect();
        let coordinates = ["经度", "纬度"].map(|name| row[at(name)].parse::<f64>().unwrap());
        serde_json::json!({
            "type": "Feature",
            "properties": properties,
            "geometry": { "type": "Point", "coordinates": coordinates },
        })
    };
    let all = serde_json::json!({
        "type": "FeatureCollection",
        "features": rows.map(feature).collect::<Vec<_>>(),
    });
    fs::write(place.path().join("communities.geojson"), all.to_string()).unwrap();
    assert_eq!(resolved(&place, "communities.geojson"), resolved(&place, "communities.csv"));
}
