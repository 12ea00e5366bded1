//! Figures become files: SVG, and PNG at twice the size.

use ab_glyph::{Font, Glyph, ScaleFont, point};
use plotters::backend::{BitMapBackend, SVGBackend};
use plotters::style::text_anchor::HPos;
use plotters_backend::{
    BackendColor, BackendCoord, BackendStyle, BackendTextStyle, DrawingBackend, DrawingErrorKind,
};
use rayon::prelude::*;

use crate::report::font;
use crate::report::pen::{FINE, Fault, Pen};

/// Pixels of the PNG to one of the picture.
pub const PNG_SCALE: u32 = 2;

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
    fn draw<B: DrawingBackend>(&self, pen: &mut Pen<B>) -> Result<(), Fault>;
}

impl<P: Picture> Picture for &P {
    fn title(&self) -> &str {
        (**self).title()
    }

    fn size(&self) -> (u32, u32) {
        (**self).size()
    }

    fn draw<B: DrawingBackend>(&self, pen: &mut Pen<B>) -> Result<(), Fault> {
        (**self).draw(pen)
    }
}

/// Pictures as files, each under its name: "plots/trust.svg", "plots/trust.png" …, drawn on `threads`
/// threads.
///
/// # Errors
/// What plotters, or the system, says.
pub fn files<P: Picture>(pictures: &[(&str, P)], threads: usize) -> Result<Vec<(String, Vec<u8>)>, Fault> {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().map_err(|e| e.to_string())?;
    let draw = |(name, picture): &(&str, P)| {
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
    let (width, height) = picture.size();
    let (wide, high) = (width * FINE, height * FINE);
    let mut text = String::new();
    let mut backend = SVGBackend::with_string(&mut text, (wide, high));
    picture.draw(&mut Pen::new(&mut backend))?;
    backend.present().map_err(|e| e.to_string())?;
    drop(backend);
    // Plotters has written the size in fine pixels: it stays the coordinate system, not the size.
    let body = text.split_once('\n').map_or("", |(_, body)| body);
    Ok(format!(
        "<svg width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {wide} {high}\" \
         xmlns=\"http://www.w3.org/2000/svg\" role=\"img\">\n<title>{}</title>\n\
         <style>{}polyline{{stroke-linejoin:round}}</style>\n{body}",
        escape(picture.title()),
        font::css(),
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
    let (wide, high) = (width * FINE, height * FINE);
    let mut pixels = vec![255; (wide * high * 3) as usize];
    {
        let mut backend = Sharp(BitMapBackend::with_buffer(&mut pixels, (wide, high)));
        picture.draw(&mut Pen::new(&mut backend))?;
        backend.present().map_err(|e| e.to_string())?;
    }
    let block = (FINE / PNG_SCALE) as usize;
    let small = shrink(&pixels, wide as usize, block);
    let mut file = Vec::new();
    let mut encoder = png::Encoder::new(&mut file, width * PNG_SCALE, height * PNG_SCALE);
    encoder.set_color(png::ColorType::Rgb);
    let mut writer = encoder.write_header().map_err(|e| e.to_string())?;
    writer.write_image_data(&small).map_err(|e| e.to_string())?;
    writer.finish().map_err(|e| e.to_string())?;
    Ok(file)
}

/// The means of blocks of `block` by `block` pixels: smooth edges, which plotters does not draw.
fn shrink(pixels: &[u8], wide: usize, block: usize) -> Vec<u8> {
    let narrow = wide / block;
    let mut small = Vec::with_capacity(pixels.len() / (block * block));
    let mut sums = vec![0_u32; narrow * 3];
    for band in pixels.chunks_exact(wide * 3 * block) {
        sums.fill(0);
        for line in band.chunks_exact(wide * 3) {
            for (sum, part) in sums.chunks_exact_mut(3).zip(line.chunks_exact(3 * block)) {
                for pixel in part.chunks_exact(3) {
                    sum.iter_mut().zip(pixel).for_each(|(sum, &value)| *sum += u32::from(value));
                }
            }
        }
        let count = (block * block) as u32;
        small.extend(sums.iter().map(|sum| ((sum + count / 2) / count) as u8));
    }
    small
}

/// A bitmap on which text is set as the font wants it: plotters forgets the space before a glyph, and
/// its fonts would have to be on the computer.
struct Sharp<'a>(BitMapBackend<'a>);

type Outcome<'a> = Result<(), DrawingErrorKind<<BitMapBackend<'a> as DrawingBackend>::ErrorType>>;

impl<'a> DrawingBackend for Sharp<'a> {
    type ErrorType = <BitMapBackend<'a> as DrawingBackend>::ErrorType;

    fn get_size(&self) -> (u32, u32) {
        self.0.get_size()
    }

    fn ensure_prepared(&mut self) -> Outcome<'a> {
        self.0.ensure_prepared()
    }

    fn present(&mut self) -> Outcome<'a> {
        self.0.present()
    }

    fn draw_pixel(&mut self, at: BackendCoord, colour: BackendColor) -> Outcome<'a> {
        self.0.draw_pixel(at, colour)
    }

    fn draw_text<S: BackendTextStyle>(&mut self, text: &str, style: &S, at: BackendCoord) -> Outcome<'a> {
        let em = style.size() / 1.24;
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
        self.0.draw_rect(from, to, style, fill)
    }

    fn fill_polygon<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(
        &mut self,
        corners: I,
        style: &S,
    ) -> Outcome<'a> {
        self.0.fill_polygon(corners, style)
    }

    fn draw_path<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(
        &mut self,
        points: I,
        style: &S,
    ) -> Outcome<'a> {
        self.0.draw_path(points, style)
    }

    fn draw_circle<S: BackendStyle>(
        &mut self,
        centre: BackendCoord,
        radius: u32,
        style: &S,
        fill: bool,
    ) -> Outcome<'a> {
        self.0.draw_circle(centre, radius, style, fill)
    }
}
