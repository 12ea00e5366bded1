//! What stands first on a page: the answer in a sentence, one picture, and how sure it is. It is that of the brief.

use crate::brief::{Brief, Figure, WIDTHS};
use crate::draw::canvas::Fault;
use crate::page::html::{in_both, one_after_another, parts, spans};
use shequ_model::base::i18n::Language;

/// The section, in both languages.
///
/// # Errors
/// What the painter says.
pub fn section(brief: &Brief) -> Result<String, Fault> {
    let answer = in_both(&parts(&brief.answer.en), &parts(&brief.answer.zh));
    let figure = brief.figures.first().map(figure).transpose()?.unwrap_or_default();
    let lead = one_after_another(&brief.lead);
    let certainty = brief.certainty().map(|part| {
        format!(
            "<p class=\"label\"><strong>{}</strong> {}</p>\n",
            spans(&part.title),
            one_after_another(&part.lines)
        )
    });
    Ok(format!(
        "<section id=\"answer\">\n<h2>{answer}</h2>\n{figure}<div>\n{}<p>{lead}</p>\n</div>\n</section>\n",
        certainty.unwrap_or_default()
    ))
}

/// The picture in each language and width, of which one is shown.
fn figure(figure: &Figure) -> Result<String, Fault> {
    let drawn = |language, class, width| {
        let tag = if language == Language::En { "en" } else { "zh" };
        Ok::<_, Fault>(format!("<div class=\"{tag} {class}\">{}</div>\n", figure.inline(language, width)?))
    };
    let mut pictures = String::new();
    for (class, width) in ["broad", "narrow"].into_iter().zip(WIDTHS) {
        for language in [Language::En, Language::Zh] {
            pictures += &drawn(language, class, width)?;
        }
    }
    Ok(format!(
        "<figure>\n<h3>{}</h3>\n{pictures}<figcaption>{}</figcaption>\n</figure>\n",
        spans(&figure.title),
        spans(&figure.note),
    ))
}
