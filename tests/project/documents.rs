//! The pages that people read: links lead somewhere, examples are right, nothing is left out.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use shequ::model::scenario::Scenario;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// Every Markdown page of the repository, but those within results.
fn pages() -> Vec<PathBuf> {
    let folders = ["", "docs", "docs/decisions", "docs/tutorial"].map(|folder| root().join(folder));
    let files =
        folders.iter().flat_map(|folder| fs::read_dir(folder).unwrap()).map(|entry| entry.unwrap().path());
    files.filter(|path| path.extension().is_some_and(|ending| ending == "md")).collect()
}

/// The targets of the links of a page.
fn links(text: &str) -> Vec<&str> {
    text.split("](").skip(1).filter_map(|rest| rest.split(')').next()).collect()
}

/// The anchors of a page: those given, and those that its headings make.
fn anchors(text: &str) -> Vec<String> {
    let given = text.split("<a id=\"").skip(1).filter_map(|rest| rest.split('"').next()).map(String::from);
    let headings = text.lines().filter(|line| line.starts_with('#')).map(|line| {
        let name = line.trim_start_matches('#').trim().to_lowercase();
        name.chars()
            .filter(|c| c.is_alphanumeric() || " -_".contains(*c))
            .map(|c| if c == ' ' { '-' } else { c })
            .collect()
    });
    given.chain(headings).collect()
}

#[test]
fn every_link_within_the_repository_leads_somewhere() {
    let mut broken = Vec::new();
    for page in pages() {
        let text = fs::read_to_string(&page).unwrap();
        for link in links(&text).into_iter().filter(|link| !link.contains("://")) {
            let (file, anchor) = link.split_once('#').unwrap_or((link, ""));
            let target = if file.is_empty() { page.clone() } else { page.parent().unwrap().join(file) };
            let found = target.exists()
                && (anchor.is_empty()
                    || anchors(&fs::read_to_string(&target).unwrap()).contains(&anchor.into()));
            // The picture is supplied with a release.
            if !found {
                broken.push(format!("{}: {link}", page.display()));
            }
        }
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

#[test]
fn the_policy_of_the_readme_is_a_scenario() {
    let readme = read("README.md");
    let policy = readme.split("```toml\n").nth(1).and_then(|rest| rest.split("```").next()).unwrap();
    assert_eq!(policy.trim().lines().count(), 6);
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("baseline.toml"), read("scenarios/baseline.toml")).unwrap();
    fs::write(folder.path().join("policy.toml"), policy).unwrap();
    let loaded = Scenario::load(&folder.path().join("policy.toml"), &[]).map_err(|p| p.to_string()).unwrap();
    assert_eq!(loaded.scenario.periods.len(), 2);
    assert!(loaded.scenario.periods[1].rules.institutions.council.enabled);
}

#[test]
fn the_two_commands_of_the_readme_stand_there_exactly() {
    let readme = read("README.md");
    for command in ["cargo run --release -- run scenarios/baseline.toml", "cargo test"] {
        assert_eq!(readme.lines().filter(|line| *line == command).count(), 1, "{command}");
    }
}

/// What stands in the fenced blocks of one kind, block by block.
fn blocks<'a>(text: &'a str, kind: &str) -> Vec<&'a str> {
    text.split(&format!("```{kind}\n")).skip(1).filter_map(|rest| rest.split("```").next()).collect()
}

#[test]
fn the_chinese_readme_keeps_step_with_the_english_one() {
    let (en, zh) = (read("README.md"), read("README.zh.md"));
    for kind in ["sh", "toml"] {
        assert_eq!(blocks(&en, kind), blocks(&zh, kind), "the blocks of {kind}");
    }
    let levels = |text: &str| -> Vec<usize> {
        let headings = text.lines().filter(|line| line.starts_with('#') && line.contains("# "));
        headings.map(|line| line.chars().take_while(|&c| c == '#').count()).collect()
    };
    // Comments in blocks of commands are none.
    assert_eq!(levels(&en), levels(&zh), "headings");
    let generated = |text: &str| -> Vec<String> {
        let parts =
            text.split("<!-- generated: ").skip(1).filter_map(|rest| rest.split("<!-- end -->").next());
        parts.flat_map(numbers).collect()
    };
    assert_eq!(generated(&en), generated(&zh), "generated numbers");
    let pages = |text: &str| -> Vec<String> {
        let own = links(text).into_iter().filter(|link| !link.contains("://") && !link.starts_with("README"));
        // A picture may be in Chinese too.
        own.map(|link| link.replace(".zh.png", ".png")).collect()
    };
    assert_eq!(pages(&en), pages(&zh), "links");
    // Notes below a table may take more lines in one language; rows begin with a space.
    let rows = |block: &&str| block.lines().filter(|line| line.starts_with(' ')).count();
    let printed = |text: &str| blocks(text, "text").iter().map(rows).collect::<Vec<_>>();
    assert_eq!(printed(&en), printed(&zh), "rows of what is printed");
    let codes = |text: &str| -> BTreeSet<String> {
        let outside: String = text.split("```").step_by(2).collect();
        outside.split('`').skip(1).step_by(2).map(String::from).collect()
    };
    assert_eq!(codes(&en), codes(&zh), "commands, keys and files");
}

/// The numbers of a text, in order.
fn numbers(text: &str) -> Vec<String> {
    let parts = text.split(|c: char| !c.is_ascii_digit());
    parts.filter(|part| !part.is_empty()).map(String::from).collect()
}

#[test]
fn every_dependency_has_its_reason() {
    let manifest: toml::Table = read("Cargo.toml").parse().unwrap();
    let page = read("docs/decisions/0009-dependencies.md");
    let all = manifest["workspace"]["dependencies"].as_table().unwrap();
    for name in all.keys().filter(|name| !name.starts_with("shequ-")) {
        assert!(
            page.contains(&format!("`{name}`")),
            "{name} is missing in docs/decisions/0009-dependencies.md"
        );
    }
}

#[test]
fn the_citation_is_of_this_version() {
    assert!(read("CITATION.cff").contains(concat!("version: ", env!("CARGO_PKG_VERSION"), "\n")));
    assert!(read("CHANGELOG.md").contains(env!("CARGO_PKG_VERSION")));
}

/// Paths that a page names in code spans.
fn paths(page: &str) -> Vec<&str> {
    let spans = page.split('`').skip(1).step_by(2);
    spans.filter(|span| span.contains('/') && !span.contains([' ', '\n', '*', '<', '{'])).collect()
}

#[test]
fn what_the_maps_of_the_code_name_is_there() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for page in ["docs/where.md", "CONTRIBUTING.md"] {
        let text = read(page);
        for path in paths(&text) {
            assert!(root.join(path).exists(), "{page} names {path}, which is not there");
        }
    }
    let answers =
        read("docs/where.md").lines().filter(|line| line.starts_with("| ") && line.contains("? |")).count();
    assert_eq!(answers, 20, "the page answers twenty questions");
}

/// The tests that a text names, as `[`name`](file.rs)`: name and file.
fn tests_named(text: &str) -> Vec<(&str, &str)> {
    let named = text.split("[`").skip(1).filter_map(|rest| {
        let (name, rest) = rest.split_once("`](")?;
        Some((name, rest.split(')').next()?))
    });
    named.filter(|(name, file)| file.ends_with(".rs") && name.contains('_')).collect()
}

#[test]
fn every_comment_of_the_referee_is_answered_by_tests_that_are_there() {
    let page = read("docs/answers.md");
    let rows: Vec<&str> = page.lines().filter(|line| line.starts_with("| R")).collect();
    assert_eq!(rows.len(), 25);
    for (row, number) in rows.into_iter().zip(1..) {
        assert!(row.starts_with(&format!("| R{number} ")), "{row}");
        let tests = tests_named(row);
        assert!(!tests.is_empty(), "{row}");
        for (name, file) in tests {
            let source = read(file.trim_start_matches("../"));
            assert!(source.contains(&format!("fn {name}()")), "R{number}: no test {name} in {file}");
        }
    }
}

#[test]
fn the_description_has_every_heading_of_its_protocol() {
    let page = read("docs/odd.md");
    // Grimm et al. 2020: seven elements, and eleven design concepts.
    for (element, number) in [
        "Purpose and patterns",
        "Entities, state variables and scales",
        "Process overview and scheduling",
        "Design concepts",
        "Initialization",
        "Input data",
        "Submodels",
    ]
    .iter()
    .zip(1..)
    {
        assert!(page.contains(&format!("\n## {number} {element}\n")), "{element}");
    }
    for concept in [
        "Basic principles",
        "Emergence",
        "Adaptation",
        "Objectives",
        "Learning",
        "Prediction",
        "Sensing",
        "Interaction",
        "Stochasticity",
        "Collectives",
        "Observation",
    ] {
        assert!(page.contains(&format!("\n**{concept}.** ")), "{concept}");
    }
    // Müller et al. 2013: what decisions add.
    for question in
        ["II.i.", "II.ii.", "II.iii.", "II.iv.", "II.v ", "II.vi ", "II.vii ", "II.viii.", "II.ix ", "II.x."]
    {
        assert!(page.contains(&format!("\n| {question}")), "{question}");
    }
}

/// The words that follow `before` up to a quotation mark, in all files of a folder.
fn quoted(folder: &str, before: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for entry in fs::read_dir(root().join(folder)).unwrap().map(|entry| entry.unwrap().path()) {
        let text =
            if entry.is_file() { fs::read_to_string(&entry).unwrap_or_default() } else { String::new() };
        found.extend(text.split(before).skip(1).filter_map(|rest| Some(rest.split('"').next()?.to_string())));
    }
    found
}

#[test]
fn the_gallery_has_every_form_and_every_picture_that_has_a_name() {
    let page = read("docs/gallery.md");
    let scripts = fs::read_dir(root().join("crates/report/assets/report")).unwrap();
    let scripts = scripts.map(|entry| fs::read_to_string(entry.unwrap().path()).unwrap());
    let forms: BTreeSet<String> = scripts
        .flat_map(|text| {
            let named = text.split("\nFORMS.").skip(1);
            named.filter_map(|rest| Some(rest.split(' ').next()?.to_string())).collect::<Vec<_>>()
        })
        .collect();
    assert!(forms.len() > 8, "{forms:?}");
    for form in forms {
        assert!(page.contains(&format!(": `{form}`\n\n![")), "docs/gallery.md has no {form}");
        assert!(root().join(format!("docs/images/gallery/{form}.svg")).exists(), "{form}: run tools/gallery");
    }
    let mut files = quoted("crates/report/src/page", "filed(\"");
    files.extend(quoted("crates/report/src/page", "Some(\"").into_iter().filter(|name| name.contains('-')));
    files.extend(
        quoted("crates/report/src/brief", "\"brief-").into_iter().map(|name| format!("brief-{name}")),
    );
    assert!(files.len() > 9, "{files:?}");
    for file in files {
        let is_named =
            [format!("`{file}`"), format!("`plots/{file}.svg`")].iter().any(|name| page.contains(name));
        assert!(is_named, "docs/gallery.md does not name {file}");
    }
}

#[test]
fn the_pictures_of_the_gallery_are_small_and_fetch_nothing() {
    let mut all = 0;
    for entry in fs::read_dir(root().join("docs/images/gallery")).unwrap().map(|entry| entry.unwrap().path())
    {
        let text = fs::read_to_string(&entry).unwrap();
        all += text.len();
        assert!(text.starts_with("<svg") && !text.contains("@font-face"), "{}", entry.display());
        assert!(!text.contains("href=") && !text.contains("url(h"), "{}", entry.display());
    }
    assert!(all > 10_000 && all < 1_000_000, "{all} bytes");
}
