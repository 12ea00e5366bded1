//! The workload of scenarios/minimal.toml written by hand, for this and nothing else: what a careful
//! programmer gets out of the machine in plain Rust, and so what a general program is measured against.
//!
//! Residents on a Watts–Strogatz ring (eight neighbours, a tenth of the ties rewired) take part by a logit
//! of a bias of their own, of the share of neighbours who took part last month, and of trust, which follows
//! what comes of it. Draws depend on seed, month and resident alone. Residents are gone through in pieces:
//! first their neighbours are counted, then everything else is done in a loop without branches, which the
//! compiler turns into vector instructions.

/// Residents of a piece.
const PIECE: usize = 1024;
const NEIGHBOURS: usize = 8;
const REWIRED: f32 = 0.1;

/// Means over the last twelve months of a life.
pub struct Means {
    /// Share of residents who took part.
    pub participation: f64,
    /// Trust.
    pub trust: f64,
}

/// One life of `residents` residents over `months` months, its network included.
pub fn life(residents: usize, months: usize, seed: u64) -> Means {
    let network = Network::new(residents, seed);
    let mut people = People::new(residents, seed);
    let mut means = Means { participation: 0.0, trust: 0.0 };
    let counted = months.min(12);
    for month in 0..months {
        let (active, trust) = people.month(&network, draw(seed ^ 0x5851_F42D, month as u64));
        if month + counted >= months {
            means.participation += active as f64 / (residents * counted) as f64;
            means.trust += trust / (residents * counted) as f64;
        }
    }
    means
}

/// 64 bits that depend on `key` and `place` alone: Steele, Lea and Flood's SplitMix64 (2014).
#[inline(always)]
fn draw(key: u64, place: u64) -> u64 {
    let mut bits = key.wrapping_add(place.wrapping_add(1).wrapping_mul(0x9E37_79B9_7F4A_7C15));
    bits = (bits ^ (bits >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    bits = (bits ^ (bits >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    bits ^ (bits >> 31)
}

/// A number in [0, 1) from the upper 24 bits of `half`.
#[inline(always)]
fn uniform(half: u32) -> f32 {
    (half >> 8) as f32 * (1.0 / 16_777_216.0)
}

/// eˣ by its bits and a polynomial, to about 1e-6 for moderate x.
#[inline(always)]
fn exp(x: f32) -> f32 {
    let powers = x * std::f32::consts::LOG2_E;
    // Adding 1.5 · 2²³ leaves the whole number in the low bits.
    let rounded = powers + 12_582_912.0;
    let part = (powers - (rounded - 12_582_912.0)) * std::f32::consts::LN_2;
    let series =
        1.0 + part * (1.0 + part * (0.5 + part * (1.0 / 6.0 + part * (1.0 / 24.0 + part * (1.0 / 120.0)))));
    f32::from_bits(rounded.to_bits().wrapping_add(127) << 23) * series
}

/// Who is tied to whom: the ties of resident i are `ties[first[i]..first[i + 1]]`.
struct Network {
    first: Vec<u32>,
    ties: Vec<u32>,
}

impl Network {
    fn new(residents: usize, seed: u64) -> Network {
        let half = NEIGHBOURS / 2;
        let mut to: Vec<u32> =
            (0..residents * half).map(|tie| ((tie / half + tie % half + 1) % residents) as u32).collect();
        let (key, mut place) = (draw(seed, 1), 0);
        let mut next = || {
            place += 1;
            draw(key, place)
        };
        let is_tied = |to: &[u32], a: usize, b: u32| to[a * half..(a + 1) * half].contains(&b);
        for tie in 0..to.len() {
            if uniform(next() as u32) >= REWIRED {
                continue;
            }
            let from = tie / half;
            to[tie] = loop {
                let other = (next() % residents as u64) as u32;
                let is_free = !is_tied(&to, from, other) && !is_tied(&to, other as usize, from as u32);
                if other as usize != from && is_free {
                    break other;
                }
            };
        }
        let mut first = vec![half as u32; residents + 1];
        first[0] = 0;
        to.iter().for_each(|&other| first[other as usize + 1] += 1);
        (0..residents).for_each(|i| first[i + 1] += first[i]);
        let (mut free, mut ties) = (first.clone(), vec![0; 2 * to.len()]);
        let mut tie = |a: usize, b: usize| {
            ties[free[a] as usize] = b as u32;
            free[a] += 1;
        };
        for (number, &other) in to.iter().enumerate() {
            tie(number / half, other as usize);
            tie(other as usize, number / half);
        }
        Network { first, ties }
    }

    #[inline(always)]
    fn share(&self, active: &[u8], resident: usize) -> f32 {
        let ties = &self.ties[self.first[resident] as usize..self.first[resident + 1] as usize];
        ties.iter().map(|&other| u32::from(active[other as usize])).sum::<u32>() as f32 / ties.len() as f32
    }
}

struct People {
    active: Vec<u8>,
    next: Vec<u8>,
    trust: Vec<f32>,
    bias: Vec<f32>,
}

impl People {
    fn new(residents: usize, seed: u64) -> People {
        let at = |what: u64| move |i: usize| uniform(draw(seed ^ what, i as u64) as u32);
        let normal = |i: usize| {
            let (radius, angle) = (1.0 - at(7)(i), std::f32::consts::TAU * at(8)(i));
            0.5 * (-2.0 * radius.ln()).sqrt() * angle.cos()
        };
        People {
            active: (0..residents).map(|i| u8::from(at(5)(i) < 0.1)).collect(),
            next: vec![0; residents],
            trust: (0..residents).map(at(6)).collect(),
            bias: (0..residents).map(normal).collect(),
        }
    }

    /// One month; how many took part, and the sum of trust.
    fn month(&mut self, network: &Network, key: u64) -> (u32, f64) {
        let pieces =
            self.trust.chunks_mut(PIECE).zip(self.next.chunks_mut(PIECE)).zip(self.bias.chunks(PIECE));
        let mut sums = (0, 0.0);
        for (number, ((trust, next), bias)) in pieces.enumerate() {
            let mut shares = [0.0; PIECE];
            for (k, share) in shares[..bias.len()].iter_mut().enumerate() {
                *share = network.share(&self.active, number * PIECE + k);
            }
            let (active, sum) = piece(&shares, bias, trust, next, key, (number * PIECE) as u64);
            sums = (sums.0 + active, sums.1 + f64::from(sum));
        }
        std::mem::swap(&mut self.active, &mut self.next);
        sums
    }
}

/// The residents from `base` on: everything but their neighbours.
#[inline(always)]
fn piece(
    shares: &[f32; PIECE],
    bias: &[f32],
    trust: &mut [f32],
    next: &mut [u8],
    key: u64,
    base: u64,
) -> (u32, f32) {
    let n = bias.len();
    let (shares, trust, next) = (&shares[..n], &mut trust[..n], &mut next[..n]);
    let (mut active, mut sum) = (0, 0.0);
    for k in 0..n {
        let x = -2.0 + bias[k] + 2.5 * shares[k] + 1.5 * (trust[k] - 0.5);
        let bits = draw(key, base + k as u64);
        // u < 1 / (1 + e⁻ˣ), without the division.
        let acts = uniform(bits as u32) * (1.0 + exp(-x)) < 1.0;
        let outcome = if uniform((bits >> 32) as u32) < 0.6 { 1.0 } else { 0.0 };
        let (gained, faded) = (0.1 * (outcome - trust[k]), 0.01 * (0.5 - trust[k]));
        trust[k] += if acts { gained } else { faded };
        next[k] = u8::from(acts);
        active += u32::from(acts);
        sum += trust[k];
    }
    (active, sum)
}
