//! Made-up results out of numbers that are random and yet the same every time, and what must hold of whatever is said and
//! drawn of them.

use std::io::Write;

use tempfile::TempDir;

use crate::brief::{Brief, Drawn, Figure, WIDTHS};
use crate::page::folder::Folder;
use crate::page::sentence::{Part, Sentence};
use crate::page::{Content, Item};
use shequ_experiment::record::folder::Draft;
use shequ_experiment::record::manifest::{Machine, Manifest, Program, Seeds};
use shequ_model::base::i18n::{Both, Language};

/// A linear congruence (Knuth, MMIX).
pub struct Random(u64);

impl Random {
    /// The same numbers for the same seed.
    pub fn new(seed: u64) -> Random {
        Random(seed)
    }

    /// A number from 0 up to 1.
    pub fn number(&mut self) -> f64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// A whole number below `n`.
    pub fn below(&mut self, n: usize) -> usize {
        (self.number() * n as f64) as usize
    }

    /// True as often as that.
    pub fn chance(&mut self, share: f64) -> bool {
        self.number() < share
    }

    /// A value and the ends of its interval, of a size between a thousandth and the whole of `most`.
    pub fn interval(&mut self, most: f64) -> [f64; 3] {
        let size = most * libm::pow(10.0, -3.0 * self.number());
        let (value, half) = (2.0 * size * (self.number() - 0.5), size * self.number());
        [value, value - half, value + half]
    }

    /// A name, short or long, in both languages, of a thing with a number.
    pub fn name(&mut self, number: usize) -> Both {
        const WORDS: [[&str; 2]; 6] = [
            ["Council", "议事会"],
            ["home visits & <b>", "入户走访"],
            ["WeChat group of every compound", "每个小区的微信群"],
            ["grants to organisations", "资助社会组织"],
            ["\"open\" accounts", "账目公开"],
            ["fewer tasks from above", "减轻上级任务"],
        ];
        let parts: Vec<[&str; 2]> = (0..1 + self.below(4)).map(|_| WORDS[self.below(WORDS.len())]).collect();
        let joined = |language: usize, between: &str| {
            parts.iter().map(|part| part[language]).collect::<Vec<_>>().join(between)
        };
        let (en, zh) = (joined(0, " and "), joined(1, "与"));
        Both { en: format!("{number}: {en}"), zh: format!("{number}：{zh}") }
    }
}

/// A results folder in the making.
pub struct Results {
    place: TempDir,
    draft: Draft,
    /// The policies: what tables call them, which is their English name, and their Chinese one.
    pub arms: Vec<Both>,
}

/// A finished folder, which is there as long as this is.
pub struct Made {
    _place: TempDir,
    path: std::path::PathBuf,
    manifest: Manifest,
}

impl Made {
    /// The folder.
    pub fn folder(&self) -> Folder<'_> {
        Folder { path: &self.path, manifest: &self.manifest }
    }
}

impl Results {
    /// Those of an experiment of a kind on one outcome in the last year, with so many policies.
    pub fn of(kind: &str, outcome: &str, arms: usize, random: &mut Random) -> Results {
        let place = TempDir::new().unwrap();
        let draft = Draft::begin(place.path(), "made-up", false).unwrap();
        let mut results = Results { place, draft, arms: (0..arms).map(|n| random.name(n)).collect() };
        let scenario = |name: &Both| {
            let [en, zh] = [&name.en, &name.zh].map(|name| toml::Value::from(name.as_str()));
            format!("name = {en}\nname_zh = {zh}\nmonths = 36\n")
        };
        let base = Both { en: "Base".into(), zh: "基准".into() };
        results.file("scenario.toml", &scenario(&base));
        let mut experiment = format!(
            "kind = \"{kind}\"\nname = \"Made up\"\nname_zh = \"虚构\"\noutcomes = [\"{outcome}\"]\n\
             primary = [\"{outcome}\"]\nwindow = [\"last-year\"]\n"
        );
        for (n, name) in results.arms.clone().iter().enumerate() {
            results.file(&format!("arm-{n}.toml"), &scenario(name));
            let [en, zh] = [&name.en, &name.zh].map(|name| toml::Value::from(name.as_str()));
            experiment += &format!("[[arm]]\nname = {en}\nname_zh = {zh}\nscenario = \"arm-{n}.toml\"\n");
        }
        results.file("experiment.toml", &experiment);
        results
    }

    /// A file with this text.
    pub fn file(&mut self, name: &str, text: &str) {
        self.draft.write(name, |to| to.write_all(text.as_bytes())).unwrap();
    }

    /// A table: names of columns with commas between them, and rows. What is not a number is put in quotes by [`cell`].
    pub fn table(&mut self, name: &str, columns: &str, rows: &[String]) {
        self.file(&format!("{name}.csv"), &format!("{columns}\n{}\n", rows.join("\n")));
    }

    /// The finished folder.
    pub fn finish(self) -> Made {
        let manifest = Manifest {
            program: Program::this(),
            scenario_hash: "0123456789ab".into(),
            scenario: "Made up".into(),
            seeds: Seeds { city: 1, replicates: 2 },
            replicates: 9,
            threads: 1,
            machine: Machine::this(),
            started: "2026-11-28T09:00:00Z".into(),
            ended: "2026-11-28T09:01:00Z".into(),
            seconds: 60.0,
            is_sealed: true,
            ..Manifest::default()
        };
        let path = self.draft.finish(manifest).unwrap();
        let manifest = Manifest::read(&path).unwrap();
        Made { _place: self.place, path, manifest }
    }
}

/// A word as a cell of CSV.
pub fn cell(word: &str) -> String {
    format!("\"{}\"", word.replace('"', "\"\""))
}

/// Numbers as cells of CSV; NaN is empty.
pub fn cells(numbers: &[f64]) -> String {
    let one = |number: &f64| if number.is_nan() { String::new() } else { number.to_string() };
    numbers.iter().map(one).collect::<Vec<_>>().join(",")
}

/// Every number of a sentence is its cell, rounded to the digits that are read, and never minus nothing; a share is within
/// its bounds.
pub fn numbers_hold(said: &Sentence) {
    for part in [Language::En, Language::Zh].iter().flat_map(|language| said.parts(*language)) {
        let Part::Number(number) = part else { continue };
        let plain = number.shown.replace('−', "-").replace(',', "");
        let read: f64 =
            plain.parse().unwrap_or_else(|_| panic!("{} of {}", number.shown, number.source.table));
        let decimals = plain.split_once('.').map_or(0, |(_, digits)| digits.len()) as i32;
        // Of a sum with thousands, three figures count.
        let zeros =
            if number.shown.contains(',') { plain.len() - plain.trim_end_matches('0').len() } else { 0 };
        let half = 0.5 * libm::pow(10.0, f64::from(-decimals) + zeros as f64) * (1.0 + 1e-9) + 1e-9;
        let value = number.value * number.factor;
        let is_bound =
            number.factor == 100.0 && (read == 100.0 && value > 100.0 || read == 0.0 && value < 0.0);
        assert!(is_bound || (read.abs() - value.abs()).abs() <= half, "{} for {value}", number.shown);
        assert!(read != 0.0 || !plain.starts_with('-'), "{}", number.shown);
    }
}

/// What must hold of any text.
pub fn text_holds(text: &str) {
    for wrong in ["NaN", " inf ", "{", "}", "  ", "…"] {
        assert!(!text.contains(wrong), "{wrong:?} in {text}");
    }
    for (at, sign) in text.match_indices('%') {
        let before = text[..at].trim_end_matches([' ', '\u{a0}']);
        let digits = before.len() - before.trim_end_matches(|c: char| c.is_ascii_digit() || c == '.').len();
        // Units and captions have the sign without a number.
        let Ok(number) = before[before.len() - digits..].parse::<f64>() else { continue };
        let is_negative = before[..before.len() - digits].ends_with(['-', '−']);
        assert!(number <= 100.0 && !is_negative, "{number} {sign} in {text}");
    }
}

/// What must hold of any sentence.
pub fn sentence_holds(said: &Sentence) {
    numbers_hold(said);
    [Language::En, Language::Zh].into_iter().for_each(|language| text_holds(&said.text(language)));
}

/// What must hold of whatever a page says.
pub fn content_holds(content: &Content) {
    content.sentences().for_each(sentence_holds);
    for section in &content.sections {
        for item in &section.items {
            let Item::Table(grid) = item else { continue };
            assert!(grid.rows.iter().all(|row| row.len() == grid.head.len()), "{}", grid.id);
        }
    }
}

/// What must hold of any brief: its sentences, and that every picture draws the numbers and names that it has, whole.
pub fn brief_holds(brief: &Brief) {
    let parts = brief.parts.iter().flat_map(|part| &part.lines);
    std::iter::once(&brief.answer).chain(&brief.lead).chain(parts).for_each(sentence_holds);
    for figure in &brief.figures {
        for language in [Language::En, Language::Zh] {
            for words in [&figure.title, &figure.note, &figure.words] {
                text_holds(words.of(language));
            }
            WIDTHS.iter().for_each(|width| is_drawn(figure, language, *width));
        }
    }
}

/// The rows of a ranking are all drawn, with whole names, numbers and verdicts, and the unit.
fn is_drawn(figure: &Figure, language: Language, width: u32) {
    let Drawn::Ranking { standings, unit, .. } = &figure.drawn else { return };
    let written = written(figure, language, width);
    let unit_of_values = unit.of(language);
    assert!(written.contains(&bare(unit_of_values)), "{unit_of_values} in {written}");
    for standing in standings {
        for words in [&standing.name, &standing.figures, &standing.verdict] {
            let words = words.of(language);
            assert!(written.contains(&bare(words)), "{words} in {written}");
        }
    }
}

/// All that is written in a picture, as [`bare`] has it.
pub fn written(figure: &Figure, language: Language, width: u32) -> String {
    let picture = figure.inline(language, width).unwrap();
    let texts = picture.split("<text").skip(1);
    bare(&texts.filter_map(|text| text.split_once('>')?.1.split("</text>").next()).collect::<String>())
}

/// Words without spaces and entities, as lines of a picture break names between words.
pub fn bare(words: &str) -> String {
    let words = words
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&#39;", "'")
        .replace("&apos;", "'")
        .replace("&amp;", "&");
    words.chars().filter(|c| !c.is_whitespace() && *c != '\u{ad}').collect()
}
