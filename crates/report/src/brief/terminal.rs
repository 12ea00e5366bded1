//! The brief in some ten lines of a terminal: the answer, the ranking, and what it costs.

use comfy_table::{Cell, Color, ContentArrangement};

use super::standing::Standing;
use super::{Brief, Drawn};
use crate::draw::ranking::Direction;
use crate::terminal::{WIDTH, align_right, keep_whole, plain_table, wrapped_to};
use comfy_table::Table;
use shequ_model::base::i18n::Language;

/// The lines, as wide as the window if there is one; with `colour` what is higher is blue and what is lower yellow.
pub fn lines(brief: &Brief, language: Language, colour: bool) -> String {
    let columns = Table::new().width().unwrap_or(WIDTH);
    let mut parts = vec![wrapped_to(&brief.answer.text(language), columns)];
    parts.extend(brief.figures.iter().find_map(|figure| match &figure.drawn {
        Drawn::Ranking { standings, unit, .. } => {
            let title = format!("{} ({})", figure.title.of(language), unit.of(language));
            Some(format!(
                "{}\n{}",
                wrapped_to(&title, columns),
                ranking(standings, language, columns, colour)
            ))
        }
        Drawn::Course(_) | Drawn::Map(_) => None,
    }));
    let costs = brief.costs().map(|part| part.lines.iter());
    let costs: Vec<String> =
        costs.into_iter().flatten().map(|said| wrapped_to(&said.text(language), columns)).collect();
    parts.extend((!costs.is_empty()).then(|| costs.join("\n")));
    parts.join("\n\n") + "\n"
}

/// A line for each, more where its name is long.
fn ranking(standings: &[Standing], language: Language, columns: u16, colour: bool) -> String {
    let mut table = plain_table();
    table.set_width(columns).set_content_arrangement(ContentArrangement::Dynamic);
    if colour {
        table.enforce_styling();
    } else {
        table.force_no_tty();
    }
    for standing in standings {
        let verdict = Cell::new(standing.verdict.of(language));
        let verdict = match standing.direction {
            Direction::Higher if colour => verdict.fg(Color::Blue),
            Direction::Lower if colour => verdict.fg(Color::Yellow),
            _ => verdict,
        };
        let words = [&standing.name, &standing.figures].map(|words| Cell::new(words.of(language)));
        table.add_row(words.into_iter().chain([verdict]));
    }
    align_right(&mut table, 1..2);
    keep_whole(&mut table, 1..3);
    table.to_string()
}
