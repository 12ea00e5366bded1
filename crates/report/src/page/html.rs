//! From content to a page: text escaped, everything within, nothing fetched.

use std::fmt::Write;

use base64::prelude::{BASE64_STANDARD, Engine};
use sha2::{Digest, Sha256};

use super::sentence::{Number, Part, Sentence};
use super::{Cell, Content, Grid, Item, Section};
use crate::chart::Chart;
use crate::draw::raster::OF_PICTURES;
use shequ_model::base::i18n::{Both, Language, both};

/// The style of the page: uPlot's own, then ours.
const STYLE: [&str; 2] =
    [include_str!("../../assets/uplot/uPlot.min.css"), include_str!("../../assets/report/page.css")];

/// What the page does, in the order in which it is read.
const SCRIPT: [&str; 15] = [
    include_str!("../../assets/uplot/uPlot.iife.min.js"),
    include_str!("../../assets/report/words.js"),
    include_str!("../../assets/report/values.js"),
    include_str!("../../assets/report/svg.js"),
    include_str!("../../assets/report/lines.js"),
    include_str!("../../assets/report/bars.js"),
    include_str!("../../assets/report/dots.js"),
    include_str!("../../assets/report/levels.js"),
    include_str!("../../assets/report/tiles.js"),
    include_str!("../../assets/report/map.js"),
    include_str!("../../assets/report/flow.js"),
    include_str!("../../assets/report/scatter.js"),
    include_str!("../../assets/report/heat.js"),
    include_str!("../../assets/report/figure.js"),
    include_str!("../../assets/report/page.js"),
];

/// What draws figures, which other pages hold too: its style, and its scripts but for the last, which is at work on a
/// report.
pub fn figures() -> (String, String) {
    (STYLE.concat(), SCRIPT[..SCRIPT.len() - 1].join("\n"))
}

/// The page, which opens in `language`; `answer` is the markup of what stands first.
pub fn page(content: &Content, answer: &str, language: Language) -> String {
    // By itself, so that pictures that are taken from the page may hold it too.
    let font = font();
    let style = STYLE.concat();
    let script = SCRIPT.join("\n");
    let policy = format!(
        "default-src 'none'; script-src '{}'; style-src '{}' '{}' '{}'; font-src data:; img-src data: blob:; \
         base-uri 'none'; form-action 'none'",
        hash(&script),
        hash(&font),
        hash(&style),
        hash(OF_PICTURES)
    );
    let (tag, code) = match language {
        Language::En => ("en", "en"),
        Language::Zh => ("zh-Hans", "zh"),
    };
    let mut page = Page::default();
    page.content(content, answer);
    let Page { body, charts } = page;
    let charts = serde_json::to_string(&charts).unwrap_or_default().replace('<', "\\u003c");
    format!(
        "<!DOCTYPE html>\n<html lang=\"{tag}\" data-language=\"{code}\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"{policy}\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"generator\" content=\"shequ {}\">\n<title>{}</title>\n<style id=\"font\">{font}</style>\n<style>{style}</style>\n</head>\n\
         <body>\n{body}<script type=\"application/json\" id=\"charts\">{charts}</script>\n\
         <script>{script}</script>\n</body>\n</html>\n",
        env!("CARGO_PKG_VERSION"),
        escape(content.title.of(language)),
    )
}

/// The font, so that Chinese is set where no Chinese font is.
pub fn font() -> String {
    let woff2 = BASE64_STANDARD.encode(include_bytes!("../../assets/shequ-sans-page.woff2"));
    format!(
        "@font-face{{font-family:\"Shequ Sans\";font-display:block;\
         src:url(data:font/woff2;base64,{woff2}) format(\"woff2\")}}"
    )
}

/// As a content-security policy names a text.
pub fn hash(text: &str) -> String {
    format!("sha256-{}", BASE64_STANDARD.encode(Sha256::digest(text)))
}

/// Text as HTML and its attributes may hold it. A character that turns the order of letters around would
/// let a name disguise what stands beside it.
pub fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => {}
            c => escaped.push(c),
        }
    }
    escaped
}

/// A page in the making.
#[derive(Default)]
struct Page<'a> {
    body: String,
    charts: Vec<&'a Chart>,
}

/// Both languages; one of them is shown. Words that are alike stand once.
pub fn spans(words: &Both) -> String {
    if words.en == words.zh {
        return escape(&words.en);
    }
    in_both(&escape(&words.en), &escape(&words.zh))
}

/// Markup in both languages; one of them is shown.
pub fn in_both(en: &str, zh: &str) -> String {
    format!("<span class=\"en\" lang=\"en\">{en}</span><span class=\"zh\" lang=\"zh-Hans\">{zh}</span>")
}

fn number(number: &Number) -> String {
    let Number { value, factor, shown, source } = number;
    format!(
        "<data value=\"{value}\" data-factor=\"{factor}\" data-table=\"{}\" data-row=\"{}\" \
         data-column=\"{}\">{}</data>",
        escape(&source.table),
        escape(&source.row),
        escape(&source.column),
        escape(shown)
    )
}

fn sentence(sentence: &Sentence) -> String {
    in_both(&parts(&sentence.en), &parts(&sentence.zh))
}

/// Words escaped, and numbers with the cells from which they come.
pub fn parts(parts: &[Part]) -> String {
    let part = |part: &Part| match part {
        Part::Words(words) => escape(words),
        Part::Number(cell) => number(cell),
    };
    parts.iter().map(part).collect()
}

/// Sentences one after another; Chinese ones follow each other without a space.
pub fn one_after_another(sentences: &[Sentence]) -> String {
    let en: Vec<String> = sentences.iter().map(|said| parts(&said.en)).collect();
    let zh: String = sentences.iter().map(|said| parts(&said.zh)).collect();
    in_both(&en.join(" "), &zh)
}

/// How many items of a section are seen before anything is unfolded: all up to a fold that it asks for; or else up to
/// its first picture or table, and where there is none, to its second title.
fn first_part(items: &[Item]) -> usize {
    if let Some(fold) = items.iter().position(|item| matches!(item, Item::Fold)) {
        return fold;
    }
    let shows = |item: &Item| matches!(item, Item::Picture(_) | Item::Table(Grid { folded: false, .. }));
    if let Some(first) = items.iter().position(shows) {
        return first + 1;
    }
    let titles = items.iter().enumerate().filter(|(_, item)| matches!(item, Item::Heading(_)));
    titles.map(|(at, _)| at).nth(1).unwrap_or(items.len())
}

/// Titles that the line of a fold names at most.
const NAMED: usize = 4;

/// What a fold holds, by its titles.
fn contents(items: &[Item]) -> Both {
    let title = |item: &Item| match item {
        Item::Heading(words) => Some(words.clone()),
        Item::Picture(chart) => Some(chart.title.clone()),
        Item::Table(grid) => Some(grid.caption.clone()),
        Item::Code(caption, _) => Some(caption.clone()),
        Item::Paragraph(_) | Item::List(_) | Item::Fold => None,
    };
    let titles: Vec<Both> = items.iter().filter_map(title).collect();
    let named = |language: Language| {
        let named: Vec<&str> = titles.iter().take(NAMED).map(|title| title.of(language)).collect();
        named.join(" · ")
    };
    let (en, zh) = (named(Language::En), named(Language::Zh));
    let (all, others) = (titles.len(), titles.len().saturating_sub(NAMED));
    match others {
        _ if titles.is_empty() => both("More", "更多"),
        0 => both(format!("More: {en}"), format!("更多：{zh}")),
        1 => both(format!("More: {en} and another"), format!("更多：{zh}等 {all} 项")),
        _ => both(format!("More: {en} and {others} others"), format!("更多：{zh}等 {all} 项")),
    }
}

impl<'a> Page<'a> {
    fn push(&mut self, html: std::fmt::Arguments) {
        // Writing to a string cannot fail.
        let _ = self.body.write_fmt(html);
    }

    fn content(&mut self, content: &'a Content, answer: &str) {
        let links: String = content
            .sections
            .iter()
            .map(|section| format!("<a href=\"#{}\">{}</a>", section.id, spans(&section.title)))
            .collect();
        let skip = spans(&both("Skip to the findings", "跳到结论"));
        let first = match answer {
            "" => content.sections.first().map_or("", |section| section.id),
            _ => "answer",
        };
        self.push(format_args!(
            "<a class=\"skip\" href=\"#{first}\">{skip}</a>\n<header>\n\
             <div class=\"switch\" role=\"group\" aria-label=\"Language 语言\">\
             <button type=\"button\" lang=\"en\" data-to=\"en\">English</button>\
             <button type=\"button\" lang=\"zh-Hans\" data-to=\"zh\">中文</button></div>\n\
             <p class=\"kind\">{}</p>\n<h1>{}</h1>\n</header>\n<main>\n{answer}<nav>{links}</nav>\n",
            spans(&content.subtitle),
            spans(&content.title),
        ));
        content.sections.iter().for_each(|section| self.section(section));
        let offline = both(
            "This page is self-contained and makes no network requests.",
            "本页自带全部内容，不访问网络。",
        );
        let quiet = both(
            "Charts need JavaScript; text and tables do not.",
            "图形需要 JavaScript，文字与表格不需要。",
        );
        self.push(format_args!(
            "</main>\n<footer><p>{}</p><noscript><p>{}</p></noscript></footer>\n\
             <div id=\"tip\" role=\"status\" aria-live=\"polite\" hidden></div>\n",
            spans(&offline),
            spans(&quiet)
        ));
    }

    fn section(&mut self, section: &'a Section) {
        let Section { id, title, items } = section;
        self.push(format_args!("<section id=\"{id}\">\n<h2>{}</h2>\n", spans(title)));
        let (seen, more) = items.split_at(first_part(items));
        seen.iter().for_each(|item| self.item(item));
        if more.iter().any(|item| !matches!(item, Item::Fold)) {
            let named = contents(more);
            self.push(format_args!("<details class=\"more\">\n<summary>{}</summary>\n", spans(&named)));
            more.iter().for_each(|item| self.item(item));
            self.push(format_args!("</details>\n"));
        }
        self.push(format_args!("</section>\n"));
    }

    fn item(&mut self, item: &'a Item) {
        match item {
            Item::Heading(words) => self.push(format_args!("<h3>{}</h3>\n", spans(words))),
            Item::Paragraph(sentences) => {
                self.push(format_args!("<p>{}</p>\n", one_after_another(sentences)));
            }
            Item::List(sentences) => {
                let lines: String = sentences.iter().map(|s| format!("<li>{}</li>\n", sentence(s))).collect();
                self.push(format_args!("<ul>\n{lines}</ul>\n"));
            }
            Item::Picture(chart) => {
                let id = escape(&chart.id);
                self.push(format_args!(
                    "<figure id=\"figure-{id}\" data-chart=\"{}\" aria-labelledby=\"title-{id}\">\n\
                     <h3 id=\"title-{id}\">{}</h3>\n<figcaption>{}</figcaption>\n</figure>\n",
                    self.charts.len(),
                    spans(&chart.title),
                    spans(&chart.note)
                ));
                self.charts.push(chart);
            }
            Item::Table(grid) => self.table(grid),
            Item::Fold => {}
            Item::Code(caption, text) => self.push(format_args!(
                "<p class=\"label\">{}</p>\n<pre tabindex=\"0\">{}</pre>\n",
                spans(caption),
                escape(text)
            )),
        }
    }

    fn table(&mut self, grid: &Grid) {
        let caption = spans(&grid.caption);
        let head: String =
            grid.head.iter().map(|name| format!("<th scope=\"col\">{}</th>", spans(name))).collect();
        // A phone has no room for these side by side: there each cell stands on a line of its own, named.
        let are_records =
            grid.head.len() > 4 || grid.rows.iter().flatten().any(|cell| matches!(cell, Cell::Code(_)));
        let named = |at: usize| match grid.head.get(at).filter(|_| are_records) {
            Some(name) => format!(" data-en=\"{}\" data-zh=\"{}\"", escape(&name.en), escape(&name.zh)),
            None => String::new(),
        };
        let cell = |(at, cell): (usize, &Cell)| match (at, cell) {
            (0, Cell::Code(code)) => format!("<th scope=\"row\"><code>{}</code></th>", escape(code)),
            (0, Cell::Words(words)) => format!("<th scope=\"row\">{}</th>", spans(words)),
            (_, Cell::Words(words)) => format!("<td{}>{}</td>", named(at), spans(words)),
            (_, Cell::Code(code)) => format!("<td{}><code>{}</code></td>", named(at), escape(code)),
            (_, Cell::Number(words)) => format!("<td class=\"number\"{}>{}</td>", named(at), spans(words)),
        };
        let row =
            |row: &Vec<Cell>| format!("<tr>{}</tr>\n", row.iter().enumerate().map(cell).collect::<String>());
        let rows: String = grid.rows.iter().map(row).collect();
        let id = if grid.id.is_empty() { String::new() } else { format!(" id=\"{}\"", grid.id) };
        let class = if are_records { " class=\"records\"" } else { "" };
        let (before, after) = match grid.folded {
            true => (format!("<details>\n<summary>{caption}</summary>\n"), "</details>\n"),
            false => (String::new(), ""),
        };
        let caption = if grid.folded { String::new() } else { format!("<caption>{caption}</caption>\n") };
        self.push(format_args!(
            "{before}<div class=\"wide\" tabindex=\"0\"><table{id}{class}>\n{caption}<thead><tr>{head}</tr></thead>\n\
             <tbody>\n{rows}</tbody></table></div>\n{after}"
        ));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_escaped_and_cannot_turn_letters_around() {
        assert_eq!(
            escape("<b>\"a\" & 'b'</b>\u{202e}"),
            "&lt;b&gt;&quot;a&quot; &amp; &#39;b&#39;&lt;/b&gt;"
        );
        assert_eq!(escape("社区 🏘"), "社区 🏘");
    }

    #[test]
    fn a_policy_names_a_text_by_its_hash() {
        // From the example of the standard: sha256 of "alert('Hello, world.');".
        let known = "sha256-qznLcsROx4GACP2dm0UCKCzCG+HiZ1guq6ZZDob/Tng=";
        assert_eq!(hash("alert('Hello, world.');"), known);
    }

    #[test]
    fn no_script_or_style_ends_itself_early() {
        assert!(SCRIPT.iter().all(|part| !part.to_lowercase().contains("</script")));
        assert!(STYLE.iter().all(|part| !part.contains('<')));
    }
}
