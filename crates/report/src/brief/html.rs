//! The brief as a page of one language that prints on one sheet of A4. It has no script.

use super::{Brief, Figure, PAIR, Part, WIDTHS, kind, widths};
use crate::dark;
use crate::draw::canvas::Fault;
use crate::draw::raster::OF_PICTURES;
use crate::page::html::{escape, font, hash, parts};
use crate::page::sentence::Sentence;
use shequ_model::base::i18n::Language;

/// The style of the page, but for what [`style`] puts in.
const STYLE: &str = include_str!("../../assets/report/brief.css");

/// The page.
///
/// # Errors
/// What the painter says.
pub fn page(brief: &Brief, language: Language) -> Result<String, Fault> {
    let (font, style) = (font(), style(brief, language));
    let policy = format!(
        "default-src 'none'; style-src '{}' '{}' '{}'; font-src data:; base-uri 'none'; form-action 'none'",
        hash(&font),
        hash(&style),
        hash(OF_PICTURES)
    );
    let tag = if language == Language::En { "en" } else { "zh-Hans" };
    let (heading, of) = (kind(language), escape(brief.of.of(language)));
    let figures: Result<Vec<String>, Fault> = brief.rows().map(|row| figures(row, language)).collect();
    let full = if brief.is_full(language) { " class=\"full\"" } else { "" };
    let blocks: String = brief.parts.iter().map(|part| block(part, language)).collect();
    Ok(format!(
        "<!DOCTYPE html>\n<html lang=\"{tag}\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"{policy}\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n\
         <meta name=\"generator\" content=\"shequ {}\">\n<title>{heading}: {of}</title>\n\
         <style>{font}</style>\n<style>{style}</style>\n</head>\n<body{full}>\n<main>\n\
         <p class=\"mast\"><b>{heading}</b><span>{of}</span></p>\n<h1>{}</h1>\n<p class=\"lead\">{}</p>\n\
         {}<div class=\"parts\">\n{blocks}</div>\n</main>\n<footer>{}</footer>\n</body>\n</html>\n",
        env!("CARGO_PKG_VERSION"),
        parts(brief.answer.parts(language)),
        said(&brief.lead, language),
        figures?.concat(),
        said(&brief.foot, language),
    ))
}

/// The style of a brief: with the widths of a pair of pictures, the size of words on paper, and colours of pictures in
/// the dark.
fn style(brief: &Brief, language: Language) -> String {
    let pair = PAIR.map(|width| format!("{width}fr")).join(" ");
    let words = format!("{:.3}", brief.size_of_words(language));
    let style = STYLE.replace("{pair}", &pair).replace("{words}", &words);
    format!("{style}\n@media screen and (prefers-color-scheme: dark) {{\n{}}}\n", dark::rules(":root"))
}

fn said(sentences: &[Sentence], language: Language) -> String {
    let one = |sentence: &Sentence| parts(sentence.parts(language));
    sentences.iter().map(one).collect::<Vec<_>>().join(if language == Language::En { " " } else { "" })
}

/// The pictures of a row.
fn figures(row: &[Figure], language: Language) -> Result<String, Fault> {
    let figures = row.iter().zip(widths(row)).map(|(shown, width)| figure(shown, *width, language));
    let figures = figures.collect::<Result<Vec<String>, Fault>>()?.concat();
    Ok(if row.len() > 1 { format!("<div class=\"pair\">\n{figures}</div>\n") } else { figures })
}

/// The picture in two widths, of which one is shown.
fn figure(figure: &Figure, width: u32, language: Language) -> Result<String, Fault> {
    let drawn = |width, class| {
        Ok::<_, Fault>(format!("<div class=\"{class}\">{}</div>\n", figure.inline(language, width)?))
    };
    Ok(format!(
        "<figure>\n<h2>{}</h2>\n{}{}<figcaption>{}</figcaption>\n</figure>\n",
        escape(figure.title.of(language)),
        drawn(width, "wide")?,
        drawn(WIDTHS[1], "narrow")?,
        escape(figure.note.of(language)),
    ))
}

fn block(part: &Part, language: Language) -> String {
    let lines: String =
        part.lines.iter().map(|said| format!("<li>{}</li>\n", parts(said.parts(language)))).collect();
    format!("<section>\n<h2>{}</h2>\n<ul>\n{lines}</ul>\n</section>\n", escape(part.title.of(language)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::draw::canvas::{COLOURS, GREY, INK, PALE};

    #[test]
    fn every_colour_of_pictures_has_one_for_the_dark() {
        let hex = |c: plotters::prelude::RGBColor| format!("{:02x}{:02x}{:02x}", c.0, c.1, c.2);
        for colour in COLOURS.into_iter().chain([INK, GREY, PALE, plotters::prelude::RGBColor(255, 255, 255)])
        {
            assert!(dark::has(&hex(colour)), "{}", hex(colour));
        }
    }
}
