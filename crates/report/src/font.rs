//! The font that is built in, so that pictures need none on the computer.

use std::sync::LazyLock;

use ab_glyph::{Font, FontRef, ScaleFont};
use base64::prelude::{BASE64_STANDARD, Engine};

/// What SVG files call the font; a browser that refuses embedded fonts takes its own.
pub const FAMILY: &str = "Shequ Sans, sans-serif";

static FONT: LazyLock<FontRef> = LazyLock::new(|| {
    let bytes = include_bytes!("../assets/shequ-sans.otf");
    FontRef::try_from_slice(bytes).expect("the font within the program is a font, as a test shows")
});

/// The font.
pub fn font() -> &'static FontRef<'static> {
    &FONT
}

/// The size that ab_glyph takes for text of `em` pixels.
pub fn scale(em: f32) -> f32 {
    em * FONT.height_unscaled() / FONT.units_per_em().unwrap_or(1000.0)
}

/// Width of `text` in pixels at `em` pixels.
pub fn width(text: &str, em: f64) -> f64 {
    let font = FONT.as_scaled(scale(em as f32));
    text.chars().map(|c| f64::from(font.h_advance(font.glyph_id(c)))).sum()
}

/// Width of the widest of several texts in pixels at `em` pixels.
pub fn widest<'a>(texts: impl Iterator<Item = &'a str>, em: f64) -> f64 {
    texts.map(|text| width(text, em)).fold(0.0, f64::max)
}

/// True if the font has a glyph for every character of `text`.
pub fn can_write(text: &str) -> bool {
    text.chars().all(|c| FONT.glyph_id(c).0 != 0)
}

/// The CSS rule that embeds the font in an SVG file.
pub fn css() -> String {
    let woff2 = BASE64_STANDARD.encode(include_bytes!("../assets/shequ-sans.woff2"));
    format!(
        "@font-face{{font-family:\"Shequ Sans\";src:url(data:font/woff2;base64,{woff2}) format(\"woff2\")}}"
    )
}
