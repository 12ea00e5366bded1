//! One number for each resident, however it is kept.

use std::ops::Range;

use multiversion::multiversion;

use super::Residents;

/// The middle of the scale of a feeling: who is above it says "rather yes" where there is no "neither".
pub const MIDDLE: f32 = 0.5;

/// One number for each resident.
pub enum Column<'a> {
    /// As it is.
    Values(&'a [f32]),
    /// Mean of two columns.
    MeanOf(&'a [f32], &'a [f32]),
    /// 1 where any bit of the mask is set.
    AnyBit(&'a [u16], u16),
    /// Quarter hours, as hours.
    Quarters(&'a [u16]),
    /// 1 where a feeling is above the middle of its scale.
    Above(&'a [f32]),
    /// 1 where a feeling is below the middle of its scale.
    Below(&'a [f32]),
    /// 1 where fewer months have passed than these.
    Within(&'a [u8], u8),
    /// Chance of knowing what is open.
    Known(&'a Residents),
}

impl Column<'_> {
    /// Value of resident `i`.
    pub fn get(&self, i: usize) -> f64 {
        let mut of_resident = f64::NAN;
        self.each(i..i + 1, |value| of_resident = value);
        of_resident
    }

    /// Calls `f` with the value of each of the residents `who`.
    #[inline(always)]
    pub fn each(&self, who: Range<usize>, f: impl FnMut(f64)) {
        match self {
            Column::Values(v) => v[who].iter().map(|&v| v as f64).for_each(f),
            Column::MeanOf(a, b) => {
                a[who.clone()].iter().zip(&b[who]).map(|(a, b)| 0.5 * (a + b) as f64).for_each(f);
            }
            Column::AnyBit(v, mask) => v[who].iter().map(|v| (v & mask != 0) as u8 as f64).for_each(f),
            Column::Quarters(v) => v[who].iter().map(|&v| v as f64 / 4.0).for_each(f),
            Column::Above(v) => v[who].iter().map(|&v| (v > MIDDLE) as u8 as f64).for_each(f),
            Column::Below(v) => v[who].iter().map(|&v| (v < MIDDLE) as u8 as f64).for_each(f),
            Column::Within(v, months) => v[who].iter().map(|v| (v < months) as u8 as f64).for_each(f),
            Column::Known(residents) => who.map(|i| residents.knows(i) as f64).for_each(f),
        }
    }

    /// True of what is either so or not of each resident, which has a share and no other distribution.
    pub fn is_either(&self) -> bool {
        matches!(self, Column::AnyBit(..) | Column::Above(_) | Column::Below(_) | Column::Within(..))
    }

    /// True of what residents feel, false of what they did.
    pub fn is_felt(&self) -> bool {
        matches!(self, Column::Above(_) | Column::Below(_))
    }

    /// What resident `i` answers who takes what they feel for more by `slip` than it is.
    pub fn answer(&self, i: usize, slip: f64) -> f64 {
        match self {
            Column::Above(v) => (v[i] as f64 + slip > MIDDLE as f64) as u8 as f64,
            Column::Below(v) => ((v[i] as f64 + slip) < MIDDLE as f64) as u8 as f64,
            _ => self.get(i),
        }
    }

    /// Sum over residents, in an order that depends on nothing but their number.
    pub fn sum(&self) -> f64 {
        match self {
            Column::Values(v) => sum(v),
            Column::MeanOf(a, b) => 0.5 * (sum(a) + sum(b)),
            Column::AnyBit(v, mask) => with_any(v, *mask) as f64,
            Column::Quarters(v) => v.iter().map(|&x| x as u64).sum::<u64>() as f64 / 4.0,
            Column::Above(v) => count(v.iter().map(|&v| v > MIDDLE)),
            Column::Below(v) => count(v.iter().map(|&v| v < MIDDLE)),
            Column::Within(v, months) => count(v.iter().map(|v| v < months)),
            Column::Known(residents) => known(residents),
        }
    }
}

/// How many hold.
fn count(hold: impl Iterator<Item = bool>) -> f64 {
    hold.map(u32::from).sum::<u32>() as f64
}

/// Sum of the chances of knowing, a block of residents at a time.
#[multiversion(targets = "simd")]
fn known(residents: &Residents) -> f64 {
    const BLOCK: usize = 64;
    let mut block = [0.0f32; BLOCK];
    let mut total = 0.0;
    for start in (0..residents.len()).step_by(BLOCK) {
        let len = BLOCK.min(residents.len() - start);
        residents.known(start..start + len, &mut block[..len]);
        let mut lanes = [0.0f64; 8];
        for values in block[..len].chunks(8) {
            lanes.iter_mut().zip(values).for_each(|(lane, &value)| *lane += value as f64);
        }
        total += lanes.iter().sum::<f64>();
    }
    total
}

/// How many have any bit of the mask.
#[multiversion(targets = "simd")]
fn with_any(sets: &[u16], mask: u16) -> u32 {
    sets.iter().map(|set| (set & mask != 0) as u32).sum()
}

/// Sum in eight lanes, which a compiler can add side by side, each in double precision.
#[multiversion(targets = "simd")]
fn sum(values: &[f32]) -> f64 {
    let mut lanes = [0.0f64; 8];
    let chunks = values.chunks_exact(8);
    let rest: f64 = chunks.remainder().iter().map(|&v| v as f64).sum();
    for chunk in chunks {
        for (lane, &v) in lanes.iter_mut().zip(chunk) {
            *lane += v as f64;
        }
    }
    lanes.iter().sum::<f64>() + rest
}
