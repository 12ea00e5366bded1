//! Pictures become files: SVG, and PNG at twice the size.

use ab_glyph::{Font, Glyph, ScaleFont, point};
use plotters::backend::{BitMapBackend, SVGBackend};
use plotters::style::text_anchor::HPos;
use plotters_backend::{
    BackendColor, BackendCoord, BackendStyle, BackendTextStyle, DrawingBackend, DrawingErrorKind,
};
use rayon::prelude::*;

use super::canvas::{Canvas, FINE, Fault};
use crate::font;

/// Pixels of the PNG to one of the picture.
pub const PNG_SCALE: u32 = 2;

/// Pixels that are drawn to one of the PNG, in each direction.
const BLOCK: usize = (FINE / PNG_SCALE) as usize;

/// Pixels of the picture that are drawn at once.
const BAND: u32 = 120;

/// What can be painted.
pub trait Picture: Sync {
    /// Its title, for readers that cannot see it.
    fn title(&self) -> &str;
    /// Width and height in pixels.
    fn size(&self) -> (u32, u32);
    /// Draws it.
    ///
    /// # Errors
    /// What the backend says.
    fn draw<B: DrawingBackend>(&self, pen: &mut Canvas<B>) -> Result<(), Fault>;
}

/// Pictures as files, each under its name: "plots/trust.svg", "plots/trust.png" …, drawn on `threads`
/// threads.
///
/// # Errors
/// What plotters, or the system, says.
pub fn files<P: Picture>(pictures: &[(String, P)], threads: usize) -> Result<Vec<(String, Vec<u8>)>, Fault> {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().map_err(|e| e.to_string())?;
    let draw = |(name, picture): &(String, P)| {
        let file = |ending| format!("plots/{name}.{ending}");
        Ok([(file("svg"), svg(picture)?.into_bytes()), (file("png"), png(picture)?)])
    };
    let drawn: Result<Vec<_>, Fault> = pool.install(|| pictures.par_iter().map(draw).collect());
    Ok(drawn?.into_iter().flatten().collect())
}

/// The picture as an SVG file that needs no font, no style sheet and no network.
///
/// # Errors
/// What plotters says.
pub fn svg(picture: &impl Picture) -> Result<String, Fault> {
    markup(picture, &font::css())
}

/// The style that a picture says of itself, which the policy of a page that holds it must allow.
pub const OF_PICTURES: &str = "polyline{stroke-linejoin:round}";

/// The picture as a part of a page that has the font.
///
/// # Errors
/// What plotters says.
pub fn inline(picture: &impl Picture) -> Result<String, Fault> {
    markup(picture, "")
}

fn markup(picture: &impl Picture, font: &str) -> Result<String, Fault> {
    let (width, height) = picture.size();
    let (wide, high) = (width * FINE, height * FINE);
    let mut text = String::new();
    let mut backend = SVGBackend::with_string(&mut text, (wide, high));
    picture.draw(&mut Canvas::new(&mut backend))?;
    backend.present().map_err(|e| e.to_string())?;
    drop(backend);
    // Plotters has written the size in fine pixels: it stays the coordinate system, not the size.
    let body = text.split_once('\n').map_or("", |(_, body)| body);
    Ok(format!(
        "<svg width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {wide} {high}\" \
         xmlns=\"http://www.w3.org/2000/svg\" role=\"img\">\n<title>{}</title>\n\
         <style>{font}{OF_PICTURES}</style>\n{body}",
        escape(picture.title()),
    ))
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// The picture as a PNG file, [`PNG_SCALE`] times its size.
///
/// # Errors
/// What plotters says.
pub fn png(picture: &impl Picture) -> Result<Vec<u8>, Fault> {
    let (width, height) = picture.size();
    let small = pixels(picture, BAND)?;
    let mut file = Vec::new();
    let mut encoder = png::Encoder::new(&mut file, width * PNG_SCALE, height * PNG_SCALE);
    encoder.set_color(png::ColorType::Rgb);
    let mut writer = encoder.write_header().map_err(|e| e.to_string())?;
    writer.write_image_data(&small).map_err(|e| e.to_string())?;
    writer.finish().map_err(|e| e.to_string())?;
    Ok(file)
}

/// The pixels of the PNG. The picture is drawn anew for each band of `band` of its pixels: a whole one in fine
/// pixels would take a hundred megabytes and more.
fn pixels(picture: &impl Picture, band: u32) -> Result<Vec<u8>, Fault> {
    let (width, height) = picture.size();
    let wide = width * FINE;
    let mut small = Vec::with_capacity((width * height * PNG_SCALE * PNG_SCALE * 3) as usize);
    let mut buffer = vec![0; (wide * band.min(height) * FINE * 3) as usize];
    for top in (0..height).step_by(band as usize) {
        let high = band.min(height - top) * FINE;
        let part = &mut buffer[..(wide * high * 3) as usize];
        part.fill(255);
        let bitmap = BitMapBackend::with_buffer(part, (wide, high));
        let mut backend = Sharp { bitmap, top: (top * FINE) as i32, high: high as i32 };
        picture.draw(&mut Canvas::new(&mut backend))?;
        backend.present().map_err(|e| e.to_string())?;
        drop(backend);
        small.extend(shrink(part, wide as usize));
    }
    Ok(small)
}

/// The means of blocks of `BLOCK` by `BLOCK` pixels: smooth edges, which plotters does not draw.
fn shrink(pixels: &[u8], wide: usize) -> Vec<u8> {
    const COUNT: u32 = (BLOCK * BLOCK) as u32;
    let mut small = Vec::with_capacity(pixels.len() / (BLOCK * BLOCK));
    // Plain counting: this crate is built with little optimisation, where chains of iterators over every byte are
    // half of the time of a small run.
    for band in pixels.chunks_exact(wide * 3 * BLOCK) {
        for column in 0..wide / BLOCK {
            let mut sums = [COUNT / 2; 3];
            for line in 0..BLOCK {
                let mut at = (line * wide + column * BLOCK) * 3;
                for _ in 0..BLOCK {
                    sums[0] += u32::from(band[at]);
                    sums[1] += u32::from(band[at + 1]);
                    sums[2] += u32::from(band[at + 2]);
                    at += 3;
                }
            }
            small.extend_from_slice(&[
                (sums[0] / COUNT) as u8,
                (sums[1] / COUNT) as u8,
                (sums[2] / COUNT) as u8,
            ]);
        }
    }
    small
}

/// A band of a bitmap, `top` pixels below its upper edge, on which text is set as the font wants it: plotters
/// forgets the space before a glyph, and its fonts would have to be on the computer.
struct Sharp<'a> {
    bitmap: BitMapBackend<'a>,
    top: i32,
    high: i32,
}

type Outcome<'a> = Result<(), DrawingErrorKind<<BitMapBackend<'a> as DrawingBackend>::ErrorType>>;

impl Sharp<'_> {
    /// A point of the picture as one of the band.
    fn within(&self, (x, y): BackendCoord) -> BackendCoord {
        (x, y - self.top)
    }

    /// True if something that reaches `around` pixels beyond these heights of the picture may be seen in the band.
    fn is_seen(&self, heights: impl Iterator<Item = i32>, around: i32) -> bool {
        let (low, high) = heights.fold((i32::MAX, i32::MIN), |(a, b), y| (a.min(y), b.max(y)));
        low.saturating_sub(around) <= self.top + self.high && high.saturating_add(around) >= self.top
    }
}

impl<'a> DrawingBackend for Sharp<'a> {
    type ErrorType = <BitMapBackend<'a> as DrawingBackend>::ErrorType;

    fn get_size(&self) -> (u32, u32) {
        self.bitmap.get_size()
    }

    fn ensure_prepared(&mut self) -> Outcome<'a> {
        self.bitmap.ensure_prepared()
    }

    fn present(&mut self) -> Outcome<'a> {
        self.bitmap.present()
    }

    fn draw_pixel(&mut self, at: BackendCoord, colour: BackendColor) -> Outcome<'a> {
        let at = self.within(at);
        self.bitmap.draw_pixel(at, colour)
    }

    fn draw_text<S: BackendTextStyle>(&mut self, text: &str, style: &S, at: BackendCoord) -> Outcome<'a> {
        let em = style.size() / 1.24;
        if !self.is_seen([at.1].into_iter(), 2 * em as i32) {
            return Ok(());
        }
        let font = font::font().as_scaled(font::scale(em as f32));
        let shift = match style.anchor().h_pos {
            HPos::Left => 0.0,
            HPos::Center => font::width(text, em) / 2.0,
            HPos::Right => font::width(text, em),
        };
        // As SVG does for text centred by plotters: half the height of an x below the point.
        let baseline = at.1 as f32 + 0.27 * em as f32;
        let mut x = at.0 as f32 - shift as f32;
        for c in text.chars() {
            let id = font.glyph_id(c);
            let glyph = Glyph { id, scale: font.scale(), position: point(x, baseline) };
            x += font.h_advance(id);
            let Some(outline) = font.font().outline_glyph(glyph) else { continue };
            let corner = outline.px_bounds().min;
            let mut dots = Vec::new();
            outline.draw(|dx, dy, cover| dots.push((dx, dy, cover)));
            for (dx, dy, cover) in dots {
                let alpha = style.color().alpha * f64::from(cover.min(1.0));
                let colour = BackendColor { alpha, rgb: style.color().rgb };
                self.draw_pixel((corner.x as i32 + dx as i32, corner.y as i32 + dy as i32), colour)?;
            }
        }
        Ok(())
    }

    fn draw_rect<S: BackendStyle>(
        &mut self,
        from: BackendCoord,
        to: BackendCoord,
        style: &S,
        fill: bool,
    ) -> Outcome<'a> {
        let (from, to) = (self.within(from), self.within(to));
        self.bitmap.draw_rect(from, to, style, fill)
    }

    fn fill_polygon<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(
        &mut self,
        corners: I,
        style: &S,
    ) -> Outcome<'a> {
        let corners: Vec<BackendCoord> = corners.into_iter().collect();
        if !self.is_seen(corners.iter().map(|corner| corner.1), 1) {
            return Ok(());
        }
        let corners: Vec<BackendCoord> = corners.into_iter().map(|corner| self.within(corner)).collect();
        self.bitmap.fill_polygon(corners, style)
    }

    fn draw_path<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(
        &mut self,
        points: I,
        style: &S,
    ) -> Outcome<'a> {
        let points: Vec<BackendCoord> = points.into_iter().collect();
        // A sharp corner reaches further than half the width of its stroke.
        if !self.is_seen(points.iter().map(|point| point.1), 4 * style.stroke_width() as i32 + 1) {
            return Ok(());
        }
        let points: Vec<BackendCoord> = points.into_iter().map(|point| self.within(point)).collect();
        self.bitmap.draw_path(points, style)
    }

    fn draw_circle<S: BackendStyle>(
        &mut self,
        centre: BackendCoord,
        radius: u32,
        style: &S,
        fill: bool,
    ) -> Outcome<'a> {
        if !self.is_seen([centre.1].into_iter(), (radius + style.stroke_width()) as i32 + 1) {
            return Ok(());
        }
        let centre = self.within(centre);
        self.bitmap.draw_circle(centre, radius, style, fill)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::draw::canvas::{Align, COLOURS, INK};

    /// Something of every kind across the edges of bands.
    struct Mixed;

    impl Picture for Mixed {
        fn title(&self) -> &str {
            "Mixed"
        }

        fn size(&self) -> (u32, u32) {
            (60, 70)
        }

        fn draw<B: DrawingBackend>(&self, pen: &mut Canvas<B>) -> Result<(), Fault> {
            pen.rectangle((0.0, 5.0), (20.0, 66.0), COLOURS[5])?;
            pen.area(&[(5.0, 3.0), (55.0, 30.0), (30.0, 69.0)], COLOURS[0], 0.3)?;
            pen.line(&[(2.0, 60.0), (30.0, 2.0), (33.0, 61.0), (58.0, 9.3)], COLOURS[1], 1.4, &[9.0, 4.0])?;
            pen.line(&[(0.0, 20.0), (60.0, 20.0)], INK, 0.8, &[])?;
            for (n, y) in [19.0, 40.0, 59.5].into_iter().enumerate() {
                pen.mark((45.0, y), COLOURS[2], 6.5, n)?;
                pen.text("参与 gap", (30.0, y), 11.0, INK, Align::Middle)?;
            }
            Ok(())
        }
    }

    #[test]
    fn bands_make_the_picture_that_is_drawn_at_once() {
        let whole = pixels(&Mixed, 70).unwrap();
        assert_eq!(whole.len(), 120 * 140 * 3);
        assert!(whole.iter().any(|&part| part < 100) && whole.contains(&255));
        for band in [7, 20, 33] {
            let parts = pixels(&Mixed, band).unwrap();
            assert_eq!(parts.len(), whole.len());
            // Plotters rounds the slopes of lines, so that two of the nine fine pixels of one may differ at an edge.
            let apart = whole.iter().zip(&parts).map(|(a, b)| a.abs_diff(*b));
            assert!(apart.clone().all(|apart| apart <= 57), "{band}: {:?}", apart.clone().max());
            assert!(apart.filter(|&apart| apart > 0).count() * 100 < whole.len(), "{band}");
        }
    }
}
