//! The brief as a Word file: seven small parts of Office Open XML and the pictures, in a zip.
//!
//! The bytes depend on the brief alone: no date, no name of a user or a machine.

use std::fmt::Write as _;
use std::io::{self, Cursor, Write};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

use super::{Brief, Figure, WIDTHS, joined, kind, widths};
use crate::page::Files;
use crate::page::html::escape;
use shequ_model::base::i18n::Language;

/// English Metric Units to a millimetre, in which Word measures pictures.
const EMU: u64 = 36_000;
/// Width of a page of A4 between its margins, in millimetres.
const WIDTH: u64 = 178;
/// Height that a page has for all rows of pictures, in millimetres; and one that is full of words.
const HEIGHTS: [u64; 2] = [100, 90];

const HEAD: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";
const PACKAGE: &str = "http://schemas.openxmlformats.org/package/2006";
const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const WORD: &str = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";
const DRAWING: &str = "http://schemas.openxmlformats.org/drawingml/2006";
const OF_WORD: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml";

/// The file. Its pictures are the PNG among `files`.
///
/// # Errors
/// If a picture is not among the files, or the system refuses.
pub fn document(brief: &Brief, language: Language, files: &Files) -> io::Result<Vec<u8>> {
    let pictures: Vec<&[u8]> =
        brief.figures.iter().map(|figure| png(files, figure.file)).collect::<Result<_, _>>()?;
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .last_modified_time(DateTime::default());
    let texts = [
        ("[Content_Types].xml", content_types()),
        (
            "_rels/.rels",
            relationships(&[
                ("officeDocument", OFFICE, "word/document.xml".into()),
                ("metadata/core-properties", &format!("{PACKAGE}/relationships"), "docProps/core.xml".into()),
            ]),
        ),
        ("docProps/core.xml", properties(brief, language)),
        ("word/document.xml", body(brief, language, &pictures)?),
        ("word/styles.xml", styles(language, brief.size_of_words(language))),
        ("word/settings.xml", settings(language)),
        ("word/_rels/document.xml.rels", of_document(pictures.len())),
    ];
    for (name, text) in texts {
        zip.start_file(name, options)?;
        zip.write_all(text.as_bytes())?;
    }
    for (number, picture) in pictures.iter().enumerate() {
        zip.start_file(format!("word/media/image{}.png", number + 1), options)?;
        zip.write_all(picture)?;
    }
    Ok(zip.finish()?.into_inner())
}

fn png<'a>(files: &'a Files, name: &str) -> io::Result<&'a [u8]> {
    let wanted = format!("plots/{name}.png");
    let found = files.iter().find(|(file, _)| *file == wanted).map(|(_, bytes)| bytes.as_slice());
    found.ok_or_else(|| io::ErrorKind::NotFound.into())
}

/// Text as XML may hold it, without characters that XML has no way to write.
fn xml(text: &str) -> String {
    escape(&text.replace(|c: char| c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}'), " "))
}

fn content_types() -> String {
    let part = |name: &str, of: &str| format!("<Override PartName=\"{name}\" ContentType=\"{of}\"/>");
    format!(
        "{HEAD}<Types xmlns=\"{PACKAGE}/content-types\">\
         <Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>\
         <Default Extension=\"xml\" ContentType=\"application/xml\"/><Default Extension=\"png\" ContentType=\"image/png\"/>{}{}{}{}</Types>",
        part("/word/document.xml", &format!("{OF_WORD}.document.main+xml")),
        part("/word/styles.xml", &format!("{OF_WORD}.styles+xml")),
        part("/word/settings.xml", &format!("{OF_WORD}.settings+xml")),
        part("/docProps/core.xml", "application/vnd.openxmlformats-package.core-properties+xml"),
    )
}

/// Relationships: kind, the space of its name, target.
fn relationships(all: &[(&str, &str, String)]) -> String {
    let one = |(number, (kind, space, target)): (usize, &(&str, &str, String))| {
        let number = number + 1;
        format!("<Relationship Id=\"rId{number}\" Type=\"{space}/{kind}\" Target=\"{target}\"/>")
    };
    let all: String = all.iter().enumerate().map(one).collect();
    format!("{HEAD}<Relationships xmlns=\"{PACKAGE}/relationships\">{all}</Relationships>")
}

fn of_document(pictures: usize) -> String {
    let mut all = Vec::new();
    for number in 1..=pictures {
        all.push(("image", OFFICE, format!("media/image{number}.png")));
    }
    all.push(("styles", OFFICE, "styles.xml".into()));
    all.push(("settings", OFFICE, "settings.xml".into()));
    relationships(&all)
}

fn properties(brief: &Brief, language: Language) -> String {
    format!(
        "{HEAD}<cp:coreProperties xmlns:cp=\"{PACKAGE}/metadata/core-properties\" \
         xmlns:dc=\"http://purl.org/dc/elements/1.1/\"><dc:title>{}</dc:title><dc:creator>shequ</dc:creator>\
         <dc:language>{}</dc:language></cp:coreProperties>",
        xml(&brief.answer.text(language)),
        tag(language),
    )
}

fn tag(language: Language) -> &'static str {
    match language {
        Language::En => "en-GB",
        Language::Zh => "zh-CN",
    }
}

/// A font that is on the reader's computer, and the languages, by which programs choose the shapes of characters.
fn styles(language: Language, times: f64) -> String {
    // In half points.
    let sized = |size: f64| (size * times).round() as u32;
    let latin = tag(if language == Language::En { language } else { Language::En });
    let style = |id: &str, size: f64, more: &str, spacing: &str| {
        let size = sized(size);
        format!(
            "<w:style w:type=\"paragraph\" w:styleId=\"{id}\"><w:name w:val=\"{}\"/><w:basedOn w:val=\"Normal\"/>\
             <w:qFormat/><w:pPr>{spacing}</w:pPr><w:rPr>{more}<w:sz w:val=\"{size}\"/><w:szCs w:val=\"{size}\"/></w:rPr></w:style>",
            match id {
                "Heading1" => "heading 1",
                "Heading2" => "heading 2",
                other => other,
            }
        )
    };
    let normal = sized(17.0);
    let heading = |level: u32, before: u32| {
        format!(
            "<w:keepNext/><w:spacing w:before=\"{before}\" w:after=\"40\"/><w:outlineLvl w:val=\"{level}\"/>"
        )
    };
    format!(
        "{HEAD}<w:styles xmlns:w=\"{WORD}\"><w:docDefaults><w:rPrDefault><w:rPr>\
         <w:rFonts w:ascii=\"Calibri\" w:hAnsi=\"Calibri\" w:eastAsia=\"Microsoft YaHei\" w:cs=\"Calibri\"/>\
         <w:sz w:val=\"{normal}\"/><w:szCs w:val=\"{normal}\"/><w:lang w:val=\"{latin}\" w:eastAsia=\"zh-CN\"/></w:rPr></w:rPrDefault>\
         <w:pPrDefault><w:pPr><w:spacing w:before=\"0\" w:after=\"60\" w:line=\"240\" w:lineRule=\"auto\"/></w:pPr></w:pPrDefault>\
         </w:docDefaults><w:style w:type=\"paragraph\" w:default=\"1\" w:styleId=\"Normal\"><w:name w:val=\"Normal\"/></w:style>{}{}{}{}{}</w:styles>",
        style("Heading1", 30.0, "<w:b/>", &heading(0, 0)),
        style("Heading2", 20.0, "<w:b/>", &heading(1, 80)),
        style("Lead", 21.0, "", ""),
        style("Line", 17.0, "", "<w:spacing w:after=\"30\"/><w:ind w:left=\"200\" w:hanging=\"200\"/>"),
        style("Small", 15.0, "<w:color w:val=\"59616A\"/>", ""),
    )
}

fn settings(language: Language) -> String {
    format!(
        "{HEAD}<w:settings xmlns:w=\"{WORD}\"><w:themeFontLang w:val=\"{}\" w:eastAsia=\"zh-CN\"/></w:settings>",
        tag(language)
    )
}

fn paragraph(style: &str, text: &str) -> String {
    format!(
        "<w:p><w:pPr><w:pStyle w:val=\"{style}\"/></w:pPr><w:r><w:rPr><w:rFonts w:hint=\"eastAsia\"/></w:rPr>\
         <w:t xml:space=\"preserve\">{}</w:t></w:r></w:p>",
        xml(text)
    )
}

fn body(brief: &Brief, language: Language, pictures: &[&[u8]]) -> io::Result<String> {
    let mut text = format!(
        "{HEAD}<w:document xmlns:w=\"{WORD}\" xmlns:r=\"{OFFICE}\" xmlns:wp=\"{DRAWING}/wordprocessingDrawing\" \
         xmlns:a=\"{DRAWING}/main\" xmlns:pic=\"{DRAWING}/picture\"><w:body>"
    );
    text += &paragraph("Small", &format!("{} · {}", kind(language), brief.of.of(language)));
    text += &paragraph("Heading1", &brief.answer.text(language));
    text += &paragraph("Lead", &joined(&brief.lead, language));
    let sizes: Vec<(u64, u64)> = pictures.iter().map(|picture| size(picture)).collect::<io::Result<_>>()?;
    let room = HEIGHTS[usize::from(brief.is_full(language))] * EMU;
    let (mut first, times) = (0, times(brief, &sizes, room));
    for row in brief.rows() {
        let cell = |(number, figure): (usize, &Figure)| {
            let wide = (broad(row, number - first) as f64 * times) as u64;
            paragraph("Heading2", figure.title.of(language))
                + &picture(number + 1, figure.words.of(language), wide, sizes[number])
                + &paragraph("Small", figure.note.of(language))
        };
        let cells: Vec<String> = (first..).zip(row).map(cell).collect();
        text += &beside(row, &cells);
        first += row.len();
    }
    for part in &brief.parts {
        text += &paragraph("Heading2", part.title.of(language));
        for said in &part.lines {
            text += &paragraph("Line", &format!("• {}", said.text(language)));
        }
    }
    text += &paragraph("Small", &joined(&brief.foot, language));
    // A4 with margins of 16 mm, in twentieths of a point.
    let _ = write!(
        text,
        "<w:sectPr><w:pgSz w:w=\"11906\" w:h=\"16838\"/><w:pgMar w:top=\"737\" w:right=\"907\" w:bottom=\"737\" \
         w:left=\"907\" w:header=\"0\" w:footer=\"0\" w:gutter=\"0\"/></w:sectPr></w:body></w:document>"
    );
    Ok(text)
}

/// Width of a picture of a row if it has all the room it wants, in English Metric Units.
fn broad(row: &[Figure], place: usize) -> u64 {
    WIDTH * EMU * u64::from(widths(row)[place]) / u64::from(WIDTHS[0])
}

/// By which pictures are multiplied, so that there is room for words beneath them.
fn times(brief: &Brief, sizes: &[(u64, u64)], room: u64) -> f64 {
    let (mut first, mut height) = (0, 0);
    for row in brief.rows() {
        let high = |place: usize| broad(row, place) * sizes[first + place].1 / sizes[first + place].0;
        height += (0..row.len()).map(high).max().unwrap_or(0);
        first += row.len();
    }
    room.min(height) as f64 / height.max(1) as f64
}

/// Cells side by side, as a table without lines; a single one as it is.
fn beside(row: &[Figure], cells: &[String]) -> String {
    if let [only] = cells {
        return only.clone();
    }
    // Twentieths of a point, of which there are 635 English Metric Units to each.
    let width = |place: usize| broad(row, place) / 635;
    let columns: String = (0..cells.len()).map(|n| format!("<w:gridCol w:w=\"{}\"/>", width(n))).collect();
    let cell = |(n, cell): (usize, &String)| {
        format!("<w:tc><w:tcPr><w:tcW w:w=\"{}\" w:type=\"dxa\"/></w:tcPr>{cell}</w:tc>", width(n))
    };
    let cells: String = cells.iter().enumerate().map(cell).collect();
    format!(
        "<w:tbl><w:tblPr><w:tblW w:w=\"0\" w:type=\"auto\"/><w:tblLayout w:type=\"fixed\"/><w:tblCellMar><w:left w:w=\"0\" \
         w:type=\"dxa\"/><w:right w:w=\"0\" w:type=\"dxa\"/></w:tblCellMar></w:tblPr><w:tblGrid>{columns}</w:tblGrid>\
         <w:tr>{cells}</w:tr></w:tbl>"
    )
}

/// Width and height of a PNG in pixels.
fn size(png: &[u8]) -> io::Result<(u64, u64)> {
    let info = png::Decoder::new(Cursor::new(png)).read_info().map_err(io::Error::other)?;
    Ok((info.info().width.into(), info.info().height.into()))
}

fn picture(id: usize, words: &str, cx: u64, (wide, high): (u64, u64)) -> String {
    let cy = cx * high / wide;
    let words = xml(words);
    format!(
        "<w:p><w:r><w:drawing><wp:inline distT=\"0\" distB=\"0\" distL=\"0\" distR=\"0\"><wp:extent cx=\"{cx}\" cy=\"{cy}\"/>\
         <wp:docPr id=\"{id}\" name=\"Picture {id}\" descr=\"{words}\"/><a:graphic><a:graphicData uri=\"{DRAWING}/picture\">\
         <pic:pic><pic:nvPicPr><pic:cNvPr id=\"{own}\" name=\"image{id}.png\" descr=\"{words}\"/><pic:cNvPicPr/></pic:nvPicPr>\
         <pic:blipFill><a:blip r:embed=\"rId{id}\"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill>\
         <pic:spPr><a:xfrm><a:off x=\"0\" y=\"0\"/><a:ext cx=\"{cx}\" cy=\"{cy}\"/></a:xfrm>\
         <a:prstGeom prst=\"rect\"><a:avLst/></a:prstGeom></pic:spPr></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r></w:p>",
        own = 100 + id,
    )
}
