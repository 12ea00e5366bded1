//! The minimal workload that other simulators are given too, written by hand.
//!
//! Residents on a small world (a ring of eight acquaintances, a tenth of the ties led anywhere) take part
//! with p = logistic(−2 + b + 2.5 · share of acquaintances active last month + 1.5 · (trust − 0.5)), all at
//! once. Who takes part learns well or badly (0.6): trust moves by 0.1 to 1 or 0; who does not drifts by
//! 0.01 to 0.5. `b` is normal with standard deviation 0.5, trust even on [0, 1] at first, a tenth active.
//!
//! Draws are a hash of seed, month and resident, so that the loop has no state to wait for; residents go in
//! chunks: one pass counts acquaintances, a second without branches becomes vector instructions.

/// Residents in one chunk.
const CHUNK: usize = 1024;
/// Acquaintances at first, half of them on each side of the ring.
const DEGREE: usize = 8;
/// Share of ties that lead anywhere.
const REWIRED: f32 = 0.1;
/// Months of the workload.
pub const MONTHS: usize = 60;
/// What 200 runs of 100,000 residents give for the mean of the last twelve months.
pub const EXPECTED: (f64, f64) = (0.2193, 0.54061);

/// One of the four kinds of draws that a (seed, who, when) has.
fn draw(seed: u64, when: u64, who: u64) -> u64 {
    let key = mix(seed ^ mix(when + 1));
    mix(key.wrapping_add(who.wrapping_mul(0x9E37_79B9_7F4A_7C15)))
}

/// The finaliser of SplitMix64 (Steele, Lea and Flood 2014).
#[inline(always)]
fn mix(mut z: u64) -> u64 {
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

/// The upper and the lower half of a draw, each in [0, 1).
#[inline(always)]
pub fn halves(word: u64) -> [f32; 2] {
    const UNIT: f32 = 1.0 / 16_777_216.0;
    [(word >> 40) as u32 as f32 * UNIT, (word as u32 >> 8) as f32 * UNIT]
}

/// Who knows whom, one list after another.
pub struct Graph {
    /// Where the list of each resident begins; one more at the end.
    pub starts: Vec<u32>,
    /// All lists.
    pub whom: Vec<u32>,
}

impl Graph {
    /// A small world of `n` residents.
    pub fn small_world(n: usize, seed: u64) -> Graph {
        let half = DEGREE / 2;
        let mut ends = vec![u32::MAX; n * half];
        let mut next = 0u64;
        for i in 0..n {
            for k in 0..half {
                let [chance, _] = halves(draw(seed, 0, (i * half + k) as u64));
                let mut end = (i + k + 1) % n;
                let known = |a: usize, b: usize| ends[a * half..(a + 1) * half].contains(&(b as u32));
                while chance < REWIRED
                    && (end == (i + k + 1) % n || end == i || known(i, end) || known(end, i))
                {
                    next += 1;
                    end = (draw(seed, 1, next) % n as u64) as usize;
                }
                ends[i * half + k] = end as u32;
            }
        }
        let mut starts = vec![0u32; n + 1];
        for (tie, &end) in ends.iter().enumerate() {
            starts[tie / half + 1] += 1;
            starts[end as usize + 1] += 1;
        }
        (0..n).for_each(|i| starts[i + 1] += starts[i]);
        let mut free = starts.clone();
        let mut whom = vec![0u32; 2 * n * half];
        for (tie, &end) in ends.iter().enumerate() {
            for (from, to) in [((tie / half) as u32, end), (end, (tie / half) as u32)] {
                whom[free[from as usize] as usize] = to;
                free[from as usize] += 1;
            }
        }
        Graph { starts, whom }
    }

    /// The acquaintances of resident `i`.
    #[inline(always)]
    pub fn of(&self, i: usize) -> &[u32] {
        &self.whom[self.starts[i] as usize..self.starts[i + 1] as usize]
    }
}

/// Residents, by columns.
pub struct Residents {
    pub active: Vec<u8>,
    pub trust: Vec<f32>,
    pub bias: Vec<f32>,
    next: Vec<u8>,
}

impl Residents {
    /// `n` residents before the first month.
    pub fn new(n: usize, seed: u64) -> Residents {
        let column = |kind: u64| (0..n).map(move |i| halves(draw(seed, kind, i as u64)));
        // Two even draws make a normal one (Box and Muller 1958); none of them is 0 or 1 here.
        let normal = |[a, b]: [f32; 2]| (-2.0 * (1.0 - a).ln()).sqrt() * (std::f32::consts::TAU * b).cos();
        Residents {
            active: column(2).map(|[a, _]| (a < 0.1) as u8).collect(),
            trust: column(2).map(|[_, b]| b).collect(),
            bias: column(3).map(|halves| 0.5 * normal(halves)).collect(),
            next: vec![0; n],
        }
    }

    /// One month; gives the share who took part and the mean trust.
    pub fn step(&mut self, graph: &Graph, seed: u64, month: usize) -> (f64, f64) {
        let n = self.active.len();
        let key = mix(seed ^ mix(month as u64 + 4));
        let (mut active, mut trusted) = (0u64, 0.0f64);
        let chunks =
            self.trust.chunks_mut(CHUNK).zip(self.next.chunks_mut(CHUNK)).zip(self.bias.chunks(CHUNK));
        for (chunk, ((trust, next), bias)) in chunks.enumerate() {
            let (some, sum) = decide(graph, &self.active, chunk * CHUNK, key, trust, next, bias);
            active += some as u64;
            trusted += sum as f64;
        }
        std::mem::swap(&mut self.active, &mut self.next);
        (active as f64 / n as f64, trusted / n as f64)
    }
}

/// One chunk decides; gives how many take part and the sum of their trust.
fn decide(
    graph: &Graph,
    active: &[u8],
    first: usize,
    key: u64,
    trust: &mut [f32],
    next: &mut [u8],
    bias: &[f32],
) -> (u32, f32) {
    let n = trust.len().min(CHUNK);
    let mut share = [0.0f32; CHUNK];
    for (k, share) in share[..n].iter_mut().enumerate() {
        let known = graph.of(first + k);
        let seen: u32 = known.iter().map(|&j| active[j as usize] as u32).sum();
        *share = seen as f32 / known.len() as f32;
    }
    let (trust, next, bias, share) = (&mut trust[..n], &mut next[..n], &bias[..n], &share[..n]);
    let (mut some, mut sum) = (0u32, 0.0f32);
    for k in 0..n {
        let x = -2.75 + bias[k] + 2.5 * share[k] + 1.5 * trust[k];
        let word = mix(key.wrapping_add(((first + k) as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15)));
        let [will, luck] = halves(word);
        // will < 1 / (1 + exp(−x)), without a division.
        let acts = will * (1.0 + exp(-x)) < 1.0;
        let learnt = trust[k] + 0.1 * ((luck < 0.6) as u32 as f32 - trust[k]);
        let drifted = trust[k] + 0.01 * (0.5 - trust[k]);
        trust[k] = if acts { learnt } else { drifted };
        next[k] = acts as u8;
        some += acts as u32;
        sum += trust[k];
    }
    (some, sum)
}

/// exp, to seven digits where |x| < 80, without a branch: a power of two times a polynomial in the rest.
#[inline(always)]
fn exp(x: f32) -> f32 {
    const ROUND: f32 = 12_582_912.0; // 1.5 · 2^23: adding it rounds to a whole number.
    let twos = x * std::f32::consts::LOG2_E;
    let whole = (twos + ROUND) - ROUND;
    let rest = (twos - whole) * std::f32::consts::LN_2;
    let series = 1.0 + rest * (1.0 + rest * (0.5 + rest * (1.0 / 6.0 + rest * (1.0 / 24.0 + rest / 120.0))));
    f32::from_bits(((whole as i32 + 127) << 23) as u32) * series
}

/// One run: what it took to live the months, and the means of the last twelve.
pub struct Run {
    pub seconds: f64,
    pub participation: f64,
    pub trust: f64,
}

impl Run {
    /// From the seconds and the course of both means.
    pub fn new(seconds: f64, course: &[(f64, f64)]) -> Run {
        let last = &course[course.len() - 12..];
        let mean = |pick: fn(&(f64, f64)) -> f64| last.iter().map(pick).sum::<f64>() / 12.0;
        Run { seconds, participation: mean(|m| m.0), trust: mean(|m| m.1) }
    }

    /// A line for `table.py`.
    pub fn line(&self, peer: &str, residents: usize) -> String {
        format!(
            "{{\"peer\": \"{peer}\", \"residents\": {residents}, \"months\": {MONTHS}, \"seconds\": {:.6}, \"participation\": {:.6}, \"trust\": {:.6}}}",
            self.seconds, self.participation, self.trust
        )
    }
}

/// Seconds of processor time that this process has had, to the nanosecond: others on the machine do not count.
/// What Linux writes in `/proc` of a running thread is as old as its last tick, up to four milliseconds.
#[cfg(unix)]
pub fn seconds() -> f64 {
    let had = rustix::time::clock_gettime(rustix::time::ClockId::ProcessCPUTime);
    had.tv_sec as f64 + had.tv_nsec as f64 * 1e-9
}

/// Seconds since the first call, where the system does not say how much processor time this process has had.
#[cfg(not(unix))]
pub fn seconds() -> f64 {
    static FIRST: std::sync::OnceLock<std::time::Instant> = std::sync::OnceLock::new();
    FIRST.get_or_init(std::time::Instant::now).elapsed().as_secs_f64()
}

/// Lives the workload by hand.
pub fn by_hand(n: usize, seed: u64) -> Run {
    let graph = Graph::small_world(n, seed);
    let mut residents = Residents::new(n, seed);
    let begin = seconds();
    let course: Vec<(f64, f64)> = (0..MONTHS).map(|month| residents.step(&graph, seed, month)).collect();
    Run::new(seconds() - begin, &course)
}
