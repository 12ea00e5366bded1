//! What a brief ranks: effects and influences, best first, and how they are written.

use super::{Drawn, Figure};
use crate::draw::ranking::Direction;
use crate::page::claim::difference_unit;
use crate::shown::Shown;
use shequ_experiment::window::Window;
use shequ_model::base::i18n::{Both, Language, both};
use shequ_model::base::params::{Section, Text, text};
use shequ_model::base::stats::Estimate;
use shequ_model::metric::Metric;
use shequ_model::scenario::{index, sections};

/// Rows that a page has room for.
pub const MOST: usize = 8;

/// An effect or an influence in both languages.
#[derive(Clone, Debug)]
pub struct Standing {
    /// Of what.
    pub name: Both,
    /// Its size and the ends of its interval, as people read them: English, Chinese.
    pub effect: [[f64; 3]; 2],
    /// The same in figures.
    pub figures: Both,
    /// What is known, in words.
    pub verdict: Both,
    /// Its direction.
    pub direction: Direction,
}

impl Standing {
    /// An effect on a metric, with the ends of its interval, NaN where there is none.
    pub fn on(
        metric: &Metric,
        name: Both,
        values: [f64; 3],
        verdict: Both,
        direction: Direction,
    ) -> Standing {
        let half_width = (values[2] - values[1]) / 2.0;
        let shown = |language| Shown::of(metric, language).rough(half_width);
        Standing::shown(shown, true, name, values, (verdict, direction))
    }

    /// A number that is written as it is, to this many decimals; with its sign if it is `signed`.
    pub fn plain(
        decimals: usize,
        signed: bool,
        name: Both,
        values: [f64; 3],
        said: (Both, Direction),
    ) -> Standing {
        let none = text("", "");
        Standing::shown(
            |_| Shown { name: none, unit: none, factor: 1.0, decimals },
            signed,
            name,
            values,
            said,
        )
    }

    /// A number as it is shown in each language; with its sign if it is `signed`.
    pub fn shown(
        shown: impl Fn(Language) -> Shown,
        signed: bool,
        name: Both,
        values: [f64; 3],
        (verdict, direction): (Both, Direction),
    ) -> Standing {
        Standing {
            name,
            effect: [Language::En, Language::Zh]
                .map(|language| values.map(|value| value * shown(language).factor)),
            figures: Both::by(|language| figures(&shown(language), signed, values, language)),
            verdict,
            direction,
        }
    }
}

/// Effects on a metric as a figure, in its unit.
pub fn ranking(
    file: &'static str,
    title: Both,
    note: Both,
    metric: &Metric,
    standings: Vec<Standing>,
) -> Figure {
    let unit = difference_unit(metric);
    ranking_in(both(unit.en.trim(), unit.zh.trim()), true, file, title, note, standings)
}

/// What is ranked as a figure, in a unit of its own; `signed` where its numbers have a sign.
pub fn ranking_in(
    unit: Both,
    signed: bool,
    file: &'static str,
    title: Both,
    note: Both,
    standings: Vec<Standing>,
) -> Figure {
    let one = |s: &Standing| {
        both!("{name}: {figures}, {verdict}", "{name}：{figures}，{verdict}";
            name = s.name, figures = s.figures, verdict = s.verdict)
    };
    let rows: Vec<Both> = standings.iter().map(one).collect();
    let joined = |language: Language| {
        let rows: Vec<&str> = rows.iter().map(|row| row.of(language)).collect();
        rows.join(if language == Language::En { "; " } else { "；" })
    };
    let words = both(joined(Language::En), joined(Language::Zh));
    Figure { file, title, note, words, drawn: Drawn::Ranking { standings, unit, signed } }
}

/// What is said beneath a picture that shows the first `shown` of so many rows; nothing where it shows all.
pub fn first_of(all: usize, shown: usize) -> Both {
    match all > shown {
        true => both!(" The first {shown} of {all} are shown.", "仅列出 {all} 项中的前 {shown} 项。"),
        false => Both::default(),
    }
}

/// The months of a window within a sentence.
pub fn within(window: &str) -> Both {
    match window.parse::<Window>() {
        Ok(Window::FirstYear) => both("in the first year", "第一年"),
        Ok(Window::LastYear) => both("in the last year", "最后一年"),
        Ok(Window::Whole) => both("over the whole run", "全程"),
        Ok(Window::Months(from, to)) if from == to => both(format!("in {from}"), format!("{from} ")),
        Ok(Window::Months(from, to)) => both(format!("from {from} to {to}"), format!("{from} 至 {to} ")),
        Err(_) => Both::same(window),
    }
}

/// A parameter by what it means, up to where its description goes into particulars; with what its table is about where
/// parameters of other tables are called the same.
pub fn called(key: &str) -> Both {
    let Some(known) = index().key(key) else { return Both::same(key) };
    let name = begin(known.meaning);
    let own = |section: &&Section| {
        key.strip_suffix(known.name).is_some_and(|table| table == format!("{}.", section.path))
    };
    let sections = sections();
    let elsewhere = sections.iter().filter(|section| !own(section)).flat_map(|section| &section.keys);
    match (elsewhere.map(|other| begin(other.meaning)).any(|other| other == name), sections.iter().find(own))
    {
        (true, Some(section)) => {
            both!("{table}: {name}", "{table}：{name}"; table = begin(section.meaning), name = name)
        }
        _ => name,
    }
}

/// The first clause that is long enough to be understood by itself; a semicolon always ends it.
fn begin(words: Text) -> Both {
    let clause = |words: &str, least: usize| {
        let ends = |c: char| ['.', ',', ':', '(', '。', '，', '：', '（'].contains(&c);
        let parts = |c: char| [';', '；'].contains(&c);
        let is_end = |count: usize, c: char| parts(c) || (ends(c) && count >= least);
        let end = words.char_indices().enumerate().find(|(count, (_, c))| is_end(*count, *c));
        words[..end.map_or(words.len(), |(_, (at, _))| at)].trim().trim_end_matches(['.', '。']).to_string()
    };
    both(clause(words.en, 15), clause(words.zh, 7))
}

/// "+5.2 (4.7 to 5.7)", or the effect alone where it has no interval.
fn figures(shown: &Shown, signed: bool, [mean, low, high]: [f64; 3], language: Language) -> String {
    let said = match signed {
        true => shown.change(Estimate { mean, sd: f64::NAN, half_width: f64::NAN, n: 0 }),
        false => shown.number(mean),
    };
    if low.is_nan() || high.is_nan() || low == high {
        return said.replace('-', "−");
    }
    let (low, high) = (shown.number(low), shown.number(high));
    match language {
        Language::En => format!("{said} ({low} to {high})"),
        Language::Zh => format!("{said}（{low} 至 {high}）"),
    }
    .replace('-', "−")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::font;
    use crate::page::time_series::metric;

    #[test]
    fn figures_have_a_sign_and_an_interval() {
        let metric = metric("participation").unwrap();
        let shown = Shown::of(metric, Language::En).rough(0.005);
        let signed = |values, language| figures(&shown, true, values, language);
        assert_eq!(signed([0.0518, 0.0469, 0.0567], Language::En), "+5.2 (4.7 to 5.7)");
        assert_eq!(signed([-0.01, -0.02, 0.0001], Language::Zh), "−1.0（−2.0 至 0.0）");
        assert_eq!(signed([0.01, f64::NAN, f64::NAN], Language::En), "+1.0");
        let share =
            Standing::plain(2, false, Both::default(), [0.314, 0.2, 0.4], (Both::default(), Direction::Open));
        assert_eq!(share.figures.en, "0.31 (0.20 to 0.40)");
    }

    #[test]
    fn parameters_that_are_called_alike_are_told_apart() {
        let of = |mode| called(&format!("modes.{mode}.base_rate"));
        assert_ne!(of("vote"), of("meeting"));
        assert!(!called("residents.forgetting").en.contains(':'), "{:?}", called("residents.forgetting"));
    }

    #[test]
    fn every_parameter_has_a_name_for_readers() {
        for section in sections() {
            for key in &section.keys {
                let path = format!("{}.{}", section.path, key.name);
                let name = called(path.trim_start_matches('.'));
                assert!(!name.en.is_empty() && !name.zh.is_empty(), "{path}");
                // tools/subset-font.sh gives the font what it lacks.
                assert!(font::can_write(&name.en) && font::can_write(&name.zh), "{path}: {name:?}");
            }
        }
    }

    #[test]
    fn no_name_for_readers_is_a_condition_or_holds_the_word_of_a_key() {
        let paths: Vec<String> = index().keys().map(|(path, _)| path).collect();
        // Words of programs: of several parts, or between Chinese characters; a key of one word is a word of English.
        let is_path = |word: &str| word.contains('.') && paths.iter().any(|path| path == word);
        // Symbols, such as "β_d", are those of the papers.
        let of_parts = |word: &str| word.split('_').filter(|part| part.len() > 1).count() > 1;
        let is_code = |word: &str| word.contains('`') || of_parts(word) || is_path(word);
        let of_program =
            |word: &str| word.len() > 2 && word.chars().all(|c| c.is_ascii_lowercase() || c == '_');
        let not_latin = |c: char| !c.is_ascii_alphanumeric() && c != '_' && c != '`' && c != '.';
        for path in &paths {
            let name = called(path);
            assert!(!name.en.split(not_latin).any(is_code), "{path}: {}", name.en);
            assert!(
                !name.zh.split(not_latin).any(|word| is_code(word) || of_program(word)),
                "{path}: {}",
                name.zh
            );
            // "…时" as an hour of work is a unit, else it says when something holds, and not what.
            let own = name.zh.rsplit('：').next().unwrap_or_default();
            let hours = own.ends_with("工时") || own.ends_with("小时");
            assert!(hours || !own.ends_with('时'), "{path}: {own}");
            assert!(!["若", "如果"].iter().any(|word| own.starts_with(word)), "{path}: {own}");
            // Nothing was cut within brackets.
            assert_eq!(own.matches(['(', '（']).count(), own.matches([')', '）']).count(), "{path}: {own}");
        }
    }
}
