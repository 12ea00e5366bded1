//! Keyed randomness: every draw is a pure function of (seed, replicate, stream, who, month).
//!
//! There is no generator state to advance, so a draw does not depend on threads, on order, or on
//! who else drew. Two policies under the same seeds use common random numbers, resident by resident, and one
//! more resident changes nobody else's.
//!
//! The block function is Philox4x32-10 (Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as
//! easy as 1, 2, 3", SC'11), checked below against the known-answer vectors published with it.

use std::ops::Range;

use multiversion::multiversion;

/// A named family of draws. The name, hashed, is one word of the counter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stream(u32);

impl Stream {
    /// A stream is known by its name alone: 32-bit FNV-1a of the bytes.
    pub const fn named(name: &str) -> Stream {
        let bytes = name.as_bytes();
        let mut hash = 0x811c_9dc5u32;
        let mut i = 0;
        while i < bytes.len() {
            hash = (hash ^ bytes[i] as u32).wrapping_mul(0x0100_0193);
            i += 1;
        }
        Stream(hash)
    }
}

/// The random numbers of one replicate: a 64-bit key. Copy it freely.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CounterRng([u32; 2]);

impl CounterRng {
    /// Random numbers of replicate `replicate` under `seed`. Seed and replicate are hashed, never added, so
    /// that neighbouring seeds share nothing.
    pub fn new(seed: u64, replicate: u32) -> CounterRng {
        let seed_words = [seed as u32, (seed >> 32) as u32];
        let b = philox([replicate, 0, 0, Stream::named("replicate").0], seed_words);
        CounterRng([b[0], b[1]])
    }

    /// Random numbers of the months before the first in the city of `seed`: those of no replicate.
    pub fn before(seed: u64) -> CounterRng {
        let b = philox([0, 0, 0, Stream::named("before the start").0], [seed as u32, (seed >> 32) as u32]);
        CounterRng([b[0], b[1]])
    }

    /// The random numbers of one place, such as a community.
    pub fn of(self, place: u32) -> CounterRng {
        let b = philox([place, 0, 0, Stream::named("place").0], self.0);
        CounterRng([b[0], b[1]])
    }

    /// Four independent 32-bit words for `who` in `month`; `index` counts further blocks.
    #[inline(always)]
    pub fn block(self, stream: Stream, who: u32, month: u32, index: u32) -> [u32; 4] {
        philox([who, month, index, stream.0], self.0)
    }

    /// One number in (0, 1), never 0 and never 1, with 53 bits.
    pub fn uniform(self, stream: Stream, who: u32, month: u32, index: u32) -> f64 {
        fine(self.block(stream, who, month, index))
    }

    /// [`CounterRng::uniform`] for `first` and those after, in a loop that becomes vector instructions.
    pub fn uniforms(self, stream: Stream, first: u32, month: u32, index: u32, out: &mut [f64]) {
        uniforms(self, [first, month, index], stream, out);
    }

    /// One standard normal number, by inversion: monotone in the uniform draw behind it.
    pub fn normal(self, stream: Stream, who: u32, month: u32, index: u32) -> f64 {
        super::math::normal_quantile(self.uniform(stream, who, month, index))
    }

    /// A whole number below `n`, by masking and rejection, so that raising `n` by one changes only
    /// the draws that now hit the new number. `n` must not be 0.
    pub fn below(self, stream: Stream, who: u32, month: u32, index: u32, n: u32) -> u32 {
        debug_assert!(n > 0);
        (0..64)
            .find_map(|attempt| first_below(self.block(stream, who, month, index | attempt << 24), n))
            .unwrap_or(0) // Reached with probability below 2^-256.
    }

    /// The draws of those who are asked about in rising order, a block of them at a time.
    pub fn buffered(self, stream: Stream, month: u32, index: u32) -> BufferedDraws {
        BufferedDraws { rng: self, stream, month, index, drawn: 0..0, block: [[0; BUFFERED]; 4] }
    }

    /// A sequential generator on its own stretch of the counter space, for the shuffles of `rand`,
    /// which use a varying number of words, and for the samplers that tests compare with.
    pub fn stream_rng(self, stream: Stream, who: u32, month: u32) -> StreamRng {
        StreamRng { rng: self, stream, who, month, next: 0, buffer: [0; 4] }
    }
}

#[multiversion(targets = "simd")]
fn uniforms(rng: CounterRng, [first, month, index]: [u32; 3], stream: Stream, out: &mut [f64]) {
    for (who, out) in (first..).zip(out) {
        *out = fine(rng.block(stream, who, month, index));
    }
}

/// How many draws are made ahead.
const BUFFERED: usize = 64;

/// The draws of one stream, month and index, made a block ahead in a loop that becomes vector instructions.
///
/// They are those of [`CounterRng`] whatever the order of asking; only where it rises are they fast.
#[derive(Clone, Debug)]
pub struct BufferedDraws {
    rng: CounterRng,
    stream: Stream,
    month: u32,
    index: u32,
    /// Of whom the words are.
    drawn: Range<u32>,
    block: [[u32; BUFFERED]; 4],
}

impl BufferedDraws {
    fn block(&mut self, who: u32) -> [u32; 4] {
        if !self.drawn.contains(&who) {
            self.drawn = who..who + BUFFERED as u32;
            fill_buffer(self.rng, [who, self.month, self.index], self.stream, &mut self.block);
        }
        let k = (who - self.drawn.start) as usize;
        self.block.each_ref().map(|column| column[k])
    }

    /// As [`CounterRng::uniform`].
    pub fn uniform(&mut self, who: u32) -> f64 {
        fine(self.block(who))
    }

    /// As [`CounterRng::below`].
    pub fn below(&mut self, who: u32, n: u32) -> u32 {
        let again = |buffered: &BufferedDraws| {
            buffered.rng.below(buffered.stream, who, buffered.month, buffered.index, n)
        };
        first_below(self.block(who), n).unwrap_or_else(|| again(self))
    }
}

#[multiversion(targets = "simd")]
fn fill_buffer(
    rng: CounterRng,
    [first, month, index]: [u32; 3],
    stream: Stream,
    [a, b, c, d]: &mut [[u32; BUFFERED]; 4],
) {
    for k in 0..BUFFERED {
        [a[k], b[k], c[k], d[k]] = rng.block(stream, first + k as u32, month, index);
    }
}

/// The first of the words that lies below `n` once it is masked, if any does.
#[inline(always)]
fn first_below(block: [u32; 4], n: u32) -> Option<u32> {
    let mask = n.next_power_of_two() - 1;
    block.iter().map(|word| word & mask).find(|&word| word < n)
}

/// A `rand` generator over the words of one (stream, who, month).
#[derive(Clone, Debug)]
pub struct StreamRng {
    rng: CounterRng,
    stream: Stream,
    who: u32,
    month: u32,
    next: u32,
    buffer: [u32; 4],
}

impl rand::TryRng for StreamRng {
    type Error = std::convert::Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Self::Error> {
        let lane = (self.next % 4) as usize;
        if lane == 0 {
            self.buffer = self.rng.block(self.stream, self.who, self.month, self.next / 4);
        }
        self.next += 1;
        Ok(self.buffer[lane])
    }

    fn try_next_u64(&mut self) -> Result<u64, Self::Error> {
        let low = self.try_next_u32()? as u64;
        Ok(low | (self.try_next_u32()? as u64) << 32)
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Self::Error> {
        for chunk in bytes.chunks_mut(4) {
            let word = self.try_next_u32()?.to_le_bytes();
            chunk.copy_from_slice(&word[..chunk.len()]);
        }
        Ok(())
    }
}

/// A block of words as one number in (0, 1) with 53 bits.
#[inline(always)]
fn fine(w: [u32; 4]) -> f64 {
    let bits = ((w[0] as i64) << 21) ^ (w[1] as i64 >> 11);
    (bits as f64 + 0.5) * (1.0 / (1u64 << 53) as f64)
}

/// A 32-bit word as a number in [0, 1) with 24 bits, for the hot path.
#[inline(always)]
pub fn unit(word: u32) -> f32 {
    (word >> 8) as f32 * (1.0 / 16_777_216.0)
}

/// Philox4x32 with ten rounds.
#[inline(always)]
fn philox(mut c: [u32; 4], mut k: [u32; 2]) -> [u32; 4] {
    for round in 0..10 {
        if round > 0 {
            k = [k[0].wrapping_add(0x9e37_79b9), k[1].wrapping_add(0xbb67_ae85)];
        }
        let a = c[0] as u64 * 0xd251_1f53;
        let b = c[2] as u64 * 0xcd9e_8d57;
        c = [(b >> 32) as u32 ^ c[1] ^ k[0], b as u32, (a >> 32) as u32 ^ c[3] ^ k[1], a as u32];
    }
    c
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn philox_gives_the_published_known_answers() {
        // Random123 1.14, tests/kat_vectors, "philox4x32 10".
        assert_eq!(philox([0; 4], [0; 2]), [0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8]);
        assert_eq!(philox([!0; 4], [!0; 2]), [0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd]);
        assert_eq!(
            philox([0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344], [0xa4093822, 0x299f31d0]),
            [0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1]
        );
    }

    #[test]
    fn neighbouring_seeds_and_replicates_share_no_draw() {
        let s = Stream::named("test");
        let draws: Vec<u64> = [(1, 0), (2, 0), (1, 1), (2, 1)]
            .iter()
            .flat_map(|&(seed, rep)| {
                (0..50).map(move |who| CounterRng::new(seed, rep).uniform(s, who, 3, 0).to_bits())
            })
            .collect();
        let mut distinct = draws.clone();
        distinct.sort_unstable();
        distinct.dedup();
        assert_eq!(distinct.len(), draws.len());
    }

    #[test]
    fn raising_the_bound_by_one_changes_only_draws_that_hit_the_new_number() {
        let (rng, s) = (CounterRng::new(7, 0), Stream::named("test"));
        for who in 0..5_000 {
            let (old, new) = (rng.below(s, who, 0, 0, 300), rng.below(s, who, 0, 0, 301));
            assert!(new == old || new == 300, "who = {who}: {old} became {new}");
        }
    }

    #[test]
    fn many_draws_at_once_are_those_made_one_by_one() {
        let (rng, s) = (CounterRng::new(9, 0), Stream::named("test"));
        for n in 0..70 {
            let mut many = vec![0.0; n];
            rng.uniforms(s, 5, 2, 1, &mut many);
            assert!(many.iter().zip(5..).all(|(&u, who)| u == rng.uniform(s, who, 2, 1)));
            let mut normals = many.clone();
            super::super::math::normal_quantiles(&mut normals);
            let one_by_one = many.iter().map(|&u| super::super::math::normal_quantile(u));
            assert!(normals.iter().zip(one_by_one).all(|(&z, one)| z.to_bits() == one.to_bits()));
        }
    }

    #[test]
    fn draws_made_ahead_are_those_made_one_by_one_in_any_order() {
        let (rng, s) = (CounterRng::new(13, 0), Stream::named("test"));
        let mut buffered = rng.buffered(s, 2, 1);
        let back_and_forth = (0..200).chain([3, 500, 499]).chain((600..900).step_by(7));
        for who in back_and_forth {
            assert_eq!(buffered.uniform(who), rng.uniform(s, who, 2, 1));
            // Of numbers below 33 nearly half of the words are rejected, and all four of some.
            for n in [1, 33, 300] {
                assert_eq!(buffered.below(who, n), rng.below(s, who, 2, 1, n));
            }
        }
    }

    #[test]
    fn below_is_uniform() {
        let (rng, s) = (CounterRng::new(11, 0), Stream::named("test"));
        let mut counts = [0f64; 10];
        for who in 0..100_000 {
            counts[rng.below(s, who, 0, 0, 10) as usize] += 1.0;
        }
        // Chi-square with 9 degrees of freedom: 27.9 is its 99.9 % point; the seed is fixed.
        let chi: f64 = counts.iter().map(|c| (c - 1e4) * (c - 1e4) / 1e4).sum();
        assert!(chi < 27.9, "chi-square {chi}");
    }

    #[test]
    fn inverse_distributions_agree_with_the_samplers_of_rand_distr() {
        use crate::base::math::{normal_quantile, poisson_quantile};
        use rand_distr::{Distribution, Poisson, StandardNormal};
        const N: u32 = 40_000;
        let (rng, ours, theirs) = (CounterRng::new(5, 0), Stream::named("ours"), Stream::named("theirs"));
        let moments = |values: Vec<f64>| {
            let mean = values.iter().sum::<f64>() / N as f64;
            (mean, values.iter().map(|v| (v - mean) * (v - mean)).sum::<f64>() / N as f64)
        };
        let uniform = |who| rng.uniform(ours, who, 0, 0);
        let mut stream_rng = rng.stream_rng(theirs, 0, 0);
        let check = |name: &str, a: Vec<f64>, b: Vec<f64>, variance: f64, fourth: f64| {
            let ((mean_a, var_a), (mean_b, var_b)) = (moments(a), moments(b));
            // Five standard errors of a difference of two samples: a chance of 6e-7 for each.
            let tolerance = |of_one: f64| 5.0 * (2.0 * of_one / N as f64).sqrt();
            assert!((mean_a - mean_b).abs() < tolerance(variance), "{name}: mean {mean_a} and {mean_b}");
            let of_variance = tolerance(fourth - variance * variance);
            assert!((var_a - var_b).abs() < of_variance, "{name}: variance {var_a} and {var_b}");
        };
        for mean in [0.3, 4.0, 80.0] {
            let sampler = Poisson::new(mean).unwrap();
            let a = (0..N).map(|who| poisson_quantile(mean, uniform(who)) as f64).collect();
            let b = (0..N).map(|_| sampler.sample(&mut stream_rng)).collect();
            // Fourth central moment of a Poisson distribution: mean + 3 mean².
            check(&format!("Poisson({mean})"), a, b, mean, mean + 3.0 * mean * mean);
        }
        let a = (0..N).map(|who| normal_quantile(uniform(who))).collect();
        let b = (0..N).map(|_| StandardNormal.sample(&mut stream_rng)).collect();
        check("normal", a, b, 1.0, 3.0);
    }
}
