//! The desk: jobs that come at random, take random times, and are done by several people, event by event.
//!
//! Time runs in working days from the beginning of the month. Requests wait in the order in which they came,
//! and each as long as whoever filed it has patience; tasks wait for as long as it takes. Whoever falls free
//! takes the next job: with jobs of one kind only this is the queue M/G/n, of which the tests know closed forms.

use std::collections::VecDeque;

use serde::{Deserialize, Serialize};

use crate::base::math::{exp, normal_quantile};
use crate::base::rng::{CounterRng, Stream};

/// Working days of a month.
pub const DAYS: f64 = 30.0;

const REQUESTS: Stream = Stream::named("requests at the desk");
const TASKS: Stream = Stream::named("tasks at the desk");
const EFFORTS: Stream = Stream::named("efforts of tasks");
const CROWDS: Stream = Stream::named("crowded days");

/// Least minutes of a day and of a job, so that no quotient is without bound.
const LEAST: f64 = 1.0;

/// A request that waits.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
struct Waiting {
    /// When it came.
    since: f64,
    /// When it is given up.
    until: f64,
    /// The time that it takes, as a multiple of the usual.
    effort: f32,
}

/// What one of the staff has in hand.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
struct InHand {
    /// Work left: minutes between months, days while a month is worked.
    left: f64,
    /// Whether it is a request; else a task.
    request: bool,
}

/// What waits and what is in hand.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Desk {
    requests: VecDeque<Waiting>,
    tasks: u32,
    in_hand: Vec<InHand>,
    /// Days that requests are owed of the time in which both kinds waited.
    owed: f64,
}

/// A month's work.
#[derive(Clone, Copy, Debug)]
pub struct Load {
    /// People at work.
    pub people: u32,
    /// Minutes that each works in a day.
    pub minutes_per_day: f64,
    /// Requests that come in the month.
    pub requests: u32,
    /// Tasks that come in the month.
    pub tasks: u32,
    /// Minutes that a request takes on average.
    pub request_minutes: f64,
    /// Minutes that a task takes on average.
    pub task_minutes: f64,
    /// How unevenly days are crowded: standard deviation of the logarithm.
    pub burst: f64,
    /// Mean days after which a request is given up.
    pub patience: f64,
    /// Share of the time that requests get while both kinds wait.
    pub reserved: f64,
    /// The same while a request is overdue.
    pub overdue_share: f64,
    /// Days after which it is.
    pub overdue_days: f64,
}

/// What was done in a month.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Worked {
    /// Minutes on requests.
    pub request_minutes: f64,
    /// Minutes on tasks.
    pub task_minutes: f64,
    /// Requests on which work began.
    pub done: u32,
    /// Requests given up.
    pub given_up: u32,
    /// Days that these waited.
    pub days_waited: f64,
    /// Days of this month that requests waited, those still waiting included.
    pub queue_days: f64,
}

/// The random numbers of a desk: whose they are, the month, and what time a job takes.
pub struct Chance<F: Fn(f64) -> f64> {
    /// Random numbers of the community.
    pub rng: CounterRng,
    /// The month.
    pub month: u32,
    /// The time that a job takes as a multiple of the usual, with mean 1, by a draw from (0, 1).
    pub effort: F,
}

/// Log-normal multiples with mean 1 and this coefficient of variation.
pub fn log_normal(variation: f64) -> impl Fn(f64) -> f64 {
    let variance = libm::log1p(variation * variation);
    let (sd, mean) = (libm::sqrt(variance), -0.5 * variance);
    move |draw| exp((mean + sd * normal_quantile(draw)) as f32) as f64
}

/// A word as a number in (0, 1).
fn open_unit(word: u32) -> f64 {
    (word as f64 + 0.5) * (1.0 / (1u64 << 32) as f64)
}

/// Arrivals of a known number at random times: given their number, those of a Poisson process.
struct Arrivals {
    /// How many are still to come, and how many came.
    left: u32,
    came: u32,
    /// Share of the month's crowd that is still to come.
    rest: f64,
    /// When the next one comes; never = infinity.
    next: f64,
    /// Words of the next one, beside that of its time.
    words: [u32; 3],
    /// Share of the crowd before each day, and the day under way; even days if there is none.
    crowd: Option<[f64; DAYS as usize + 1]>,
    day: usize,
    stream: Stream,
}

impl Arrivals {
    fn new<F: Fn(f64) -> f64>(number: u32, burst: f64, stream: Stream, chance: &Chance<F>) -> Arrivals {
        let crowd = (burst > 0.0 && number > 0).then(|| {
            let mut before = [0.0; DAYS as usize + 1];
            let mut draws = [0.0; DAYS as usize];
            let of = (stream == TASKS) as u32;
            chance.rng.uniforms(CROWDS, 0, chance.month, of, &mut draws);
            crate::base::math::normal_quantiles(&mut draws);
            for (day, z) in draws.iter().enumerate() {
                before[day + 1] = before[day] + exp((burst * z) as f32) as f64;
            }
            let all = before[DAYS as usize];
            before.map(|share| share / all)
        });
        let mut arrivals =
            Arrivals { left: number, came: 0, rest: 1.0, next: 0.0, words: [0; 3], crowd, day: 0, stream };
        arrivals.step(chance);
        arrivals
    }

    /// Goes on to the next arrival. Of `left` uniform draws above what has passed, the least is the next.
    fn step<F: Fn(f64) -> f64>(&mut self, chance: &Chance<F>) {
        if self.left == 0 {
            self.next = f64::INFINITY;
            return;
        }
        let [first, words @ ..] = chance.rng.block(self.stream, self.came, chance.month, 0);
        self.rest *= libm::exp(libm::log(open_unit(first)) / self.left as f64);
        (self.left, self.came, self.words) = (self.left - 1, self.came + 1, words);
        let share = 1.0 - self.rest;
        self.next = match &self.crowd {
            None => DAYS * share,
            Some(before) => {
                while self.day + 1 < DAYS as usize && before[self.day + 1] < share {
                    self.day += 1;
                }
                let (low, high) = (before[self.day], before[self.day + 1]);
                self.day as f64 + ((share - low) / (high - low)).clamp(0.0, 1.0)
            }
        };
    }
}

impl Desk {
    /// Requests that wait, and the days that they have waited, at the end of a month.
    pub fn waiting(&self) -> impl Iterator<Item = f64> {
        self.requests.iter().map(|request| -request.since)
    }

    /// Tasks that wait.
    pub fn tasks(&self) -> u32 {
        self.tasks
    }

    /// Puts tasks on the desk at once.
    pub fn pile(&mut self, tasks: u32) {
        self.tasks = self.tasks.saturating_add(tasks);
    }

    /// Minutes of work left on tasks in hand.
    pub fn task_minutes_in_hand(&self) -> f64 {
        self.in_hand.iter().filter(|job| !job.request).map(|job| job.left).sum()
    }

    /// One month; `served` is told the days that each request waited until work on it began.
    pub fn work<F: Fn(f64) -> f64>(
        &mut self,
        load: &Load,
        chance: &Chance<F>,
        mut served: impl FnMut(f64),
    ) -> Worked {
        let mut worked = Worked::default();
        let per_day = load.minutes_per_day.max(LEAST);
        let request_days = load.request_minutes.max(LEAST) / per_day;
        let task_days = load.task_minutes.max(LEAST) / per_day;
        let mut spent = [0.0; 2];
        self.take_over(load.people as usize, per_day, &mut spent);
        let mut requests = Arrivals::new(load.requests, load.burst, REQUESTS, chance);
        let mut tasks = Arrivals::new(load.tasks, load.burst, TASKS, chance);
        let (mut now, mut begun) = (0.0f64, 0);
        while let Some(free) = self.first_free() {
            now = now.max(self.in_hand[free].left);
            if now >= DAYS {
                break;
            }
            self.admit(now, &mut requests, &mut tasks, load, chance);
            self.lose_patience(now, &mut worked);
            let due = self.due(now, load);
            let days = if self.request_is_next(due) {
                let request = self.requests.pop_front().expect("one waits");
                let waited = now - request.since;
                leave(&mut worked, &request, now);
                worked.done += 1;
                served(waited);
                self.in_hand[free].request = true;
                request.effort as f64 * request_days
            } else if self.tasks > 0 {
                self.tasks -= 1;
                let [word, ..] = chance.rng.block(EFFORTS, begun, chance.month, 0);
                begun += 1;
                self.in_hand[free].request = false;
                (chance.effort)(open_unit(word)) * task_days
            } else {
                now = requests.next.min(tasks.next);
                if now >= DAYS {
                    break;
                }
                continue;
            };
            let request = self.in_hand[free].request;
            if let Some(share) = due {
                self.owed += days * (share - request as u8 as f64);
                // What was not needed is not saved up.
                self.owed = self.owed.clamp(-DAYS, 1.0);
            }
            self.in_hand[free].left = now + days;
            spent[request as usize] += days.min(DAYS - now);
        }
        self.admit(DAYS, &mut requests, &mut tasks, load, chance);
        self.turn_the_month(per_day, &mut worked);
        [worked.task_minutes, worked.request_minutes] = spent.map(|days| days * per_day);
        worked
    }

    /// Work begun last month goes on; that of people who left is begun anew by others.
    fn take_over(&mut self, people: usize, per_day: f64, spent: &mut [f64; 2]) {
        let left_lying = self.in_hand.iter().skip(people).filter(|job| job.left > 0.0 && !job.request);
        self.tasks = self.tasks.saturating_add(left_lying.count() as u32);
        self.in_hand.resize(people, InHand::default());
        for job in &mut self.in_hand {
            job.left /= per_day;
            spent[job.request as usize] += job.left.min(DAYS);
        }
    }

    fn first_free(&self) -> Option<usize> {
        let jobs = self.in_hand.iter().enumerate();
        jobs.min_by(|(_, a), (_, b)| a.left.total_cmp(&b.left)).map(|(k, _)| k)
    }

    /// Lets come what comes until `now`.
    fn admit<F: Fn(f64) -> f64>(
        &mut self,
        now: f64,
        requests: &mut Arrivals,
        tasks: &mut Arrivals,
        load: &Load,
        chance: &Chance<F>,
    ) {
        while requests.next <= now {
            let [patience, effort, _] = requests.words.map(open_unit);
            let until = requests.next - load.patience * libm::log(patience);
            let effort = (chance.effort)(effort) as f32;
            self.requests.push_back(Waiting { since: requests.next, until, effort });
            requests.step(chance);
        }
        while tasks.next <= now {
            self.tasks = self.tasks.saturating_add(1);
            tasks.step(chance);
        }
    }

    /// Those at the head of the queue who had no more patience are gone.
    fn lose_patience(&mut self, now: f64, worked: &mut Worked) {
        while let Some(request) = self.requests.front().filter(|request| request.until <= now) {
            give_up(worked, request);
            self.requests.pop_front();
        }
    }

    /// Where both kinds wait: the share of the time that requests get.
    fn due(&self, now: f64, load: &Load) -> Option<f64> {
        let oldest = self.requests.front().filter(|_| self.tasks > 0)?;
        let is_overdue = now - oldest.since >= load.overdue_days;
        Some(if is_overdue { load.reserved.max(load.overdue_share) } else { load.reserved })
    }

    /// Whether the next job is a request, where these are `due` a share if both kinds wait.
    fn request_is_next(&self, due: Option<f64>) -> bool {
        match due {
            Some(share) => share > 0.0 && self.owed >= 0.0,
            None => !self.requests.is_empty(),
        }
    }

    /// The end of the month is the beginning of the next.
    fn turn_the_month(&mut self, per_day: f64, worked: &mut Worked) {
        self.requests.retain_mut(|request| {
            if request.until <= DAYS {
                give_up(worked, request);
                return false;
            }
            worked.queue_days += DAYS - request.since.max(0.0);
            request.since -= DAYS;
            request.until -= DAYS;
            true
        });
        for job in &mut self.in_hand {
            job.left = (job.left - DAYS).max(0.0) * per_day;
        }
    }
}

fn give_up(worked: &mut Worked, request: &Waiting) {
    worked.given_up += 1;
    leave(worked, request, request.until);
}

/// A request leaves the queue.
fn leave(worked: &mut Worked, request: &Waiting, when: f64) {
    worked.days_waited += when - request.since;
    worked.queue_days += when - request.since.max(0.0);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::math::poisson_quantile;

    /// Months of a run: long enough for a standard error of one to two hundredths of the mean wait.
    const MONTHS: u32 = 20_000;
    /// Months of a batch: waits of different batches are nearly independent.
    const BATCH: usize = 100;
    /// Standard errors that a mean may lie off: fewer than one run in ten thousand lies further.
    const ERRORS: f64 = 4.0;

    /// Exponential times, the second M of M/M/1.
    fn exponential(draw: f64) -> f64 {
        -libm::log(draw)
    }

    /// One or several people who get `rate` requests a day, each of a day's work divided by `speed`.
    fn load(people: u32, requests: f64, tasks: f64) -> (Load, [f64; 2]) {
        let load = Load {
            people,
            minutes_per_day: 1_000.0,
            requests: 0,
            tasks: 0,
            request_minutes: 1_000.0,
            task_minutes: 1_000.0,
            burst: 0.0,
            patience: 1e12,
            reserved: 0.0,
            overdue_share: 0.0,
            overdue_days: 0.0,
        };
        (load, [requests, tasks])
    }

    /// What a long run of a desk gives.
    struct Run {
        /// Mean wait of a request in days, and its standard error by batches of months.
        wait: f64,
        error: f64,
        /// Mean number of requests that wait, by the area under the queue and by looking at each month's end.
        length: [f64; 2],
        /// Requests that came, that were served, that were given up, and that still wait.
        counts: [u32; 4],
        /// Share of all time that was worked.
        busy: f64,
    }

    fn run<F: Fn(f64) -> f64>((load, rates): (Load, [f64; 2]), effort: F) -> Run {
        let rng = CounterRng::new(17, 0);
        let mut desk = Desk::default();
        let (mut batches, mut counts, mut length, mut busy) = (Vec::new(), [0; 4], [0.0; 2], 0.0);
        let (mut waited, mut served) = (0.0, 0u32);
        for month in 0..MONTHS {
            let draw = |of: u32| rng.uniform(Stream::named("arrivals of the test"), of, month, 0);
            let number = |of: usize| poisson_quantile(rates[of] * DAYS, draw(of as u32));
            let load = Load { requests: number(0), tasks: number(1), ..load };
            let chance = Chance { rng, month, effort: &effort };
            let worked = desk.work(&load, &chance, |days| {
                waited += days;
                served += 1;
            });
            counts = [counts[0] + load.requests, counts[1] + worked.done, counts[2] + worked.given_up, 0];
            length[0] += worked.queue_days / DAYS;
            length[1] += desk.waiting().count() as f64;
            busy += (worked.request_minutes + worked.task_minutes) / load.minutes_per_day;
            if (month as usize + 1).is_multiple_of(BATCH) {
                batches.push(waited / f64::from(served.max(1)));
                (waited, served) = (0.0, 0);
            }
        }
        counts[3] = desk.waiting().count() as u32;
        let n = batches.len() as f64;
        let wait = batches.iter().sum::<f64>() / n;
        let variance = batches.iter().map(|b| (b - wait) * (b - wait)).sum::<f64>() / (n - 1.0);
        let months = f64::from(MONTHS);
        let busy = busy / (months * DAYS * f64::from(load.people));
        Run { wait, error: libm::sqrt(variance / n), length: length.map(|l| l / months), counts, busy }
    }

    fn assert_wait(name: &str, run: &Run, expected: f64) {
        let Run { wait, error, .. } = run;
        println!("{name}: {wait:.4} ± {error:.4} days, expected {expected:.4}");
        assert!(*error < 0.04 * expected, "{name}: too coarse to tell: {wait} ± {error}");
        assert!((wait - expected).abs() < ERRORS * error, "{name}: {wait} ± {error}, expected {expected}");
    }

    #[test]
    fn one_person_with_exponential_times_is_the_queue_m_m_1() {
        // Mean wait ρ / (1 − ρ) in mean times of service.
        for rate in [0.3, 0.6, 0.8] {
            let run = run(load(1, rate, 0.0), exponential);
            assert_wait("M/M/1", &run, rate / (1.0 - rate));
            assert!((run.busy - rate).abs() < 0.01, "utilisation {}", run.busy);
        }
    }

    #[test]
    fn several_people_are_the_queue_m_m_n() {
        // Erlang's C for n = 2 and ρ = .7: 2ρ² / (1 + ρ); for n = 5 from the sum. Wait: C / (n (1 − ρ)).
        for (n, utilisation) in [(2u32, 0.7), (5, 0.8)] {
            let offered = f64::from(n) * utilisation;
            let term = |k: u32| (1..=k).fold(1.0, |product, j| product * offered / f64::from(j));
            let last = term(n) / (1.0 - utilisation);
            let erlang_c = last / ((0..n).map(term).sum::<f64>() + last);
            let run = run(load(n, offered, 0.0), exponential);
            assert_wait("M/M/n", &run, erlang_c / (f64::from(n) * (1.0 - utilisation)));
        }
    }

    #[test]
    fn waits_follow_pollaczek_and_khinchine_whatever_the_spread_of_times() {
        // ρ (1 + c²) / (2 (1 − ρ)).
        for variation in [0.0, 1.0, 1.5] {
            let run = run(load(1, 0.7, 0.0), log_normal(variation));
            assert_wait("M/G/1", &run, 0.7 * (1.0 + variation * variation) / 0.6);
        }
    }

    #[test]
    fn who_comes_first_follows_cobham() {
        // Two kinds, each with rate λ = .35 and exponential times of mean 1, so that the work found in hand is
        // R = .7. First: R / (1 − .35). Last: R / ((1 − .35) (1 − .7)).
        for (reserved, expected) in [(1.0, 0.7 / 0.65), (0.0, 0.7 / (0.65 * 0.3))] {
            let (load, rates) = load(1, 0.35, 0.35);
            let run = run((Load { reserved, ..load }, rates), exponential);
            assert_wait("priority", &run, expected);
        }
    }

    #[test]
    fn littles_law_holds() {
        let (load, rates) = load(2, 1.5, 0.0);
        let run = run((Load { burst: 0.8, ..load }, rates), log_normal(1.0));
        let [came, served, given_up, waiting] = run.counts;
        assert_eq!(came, served + given_up + waiting);
        let rate = f64::from(came) / (f64::from(MONTHS) * DAYS);
        let expected = rate * run.wait;
        println!(
            "queue {:.3} by area, {:.3} at the end of months, λW {expected:.3}",
            run.length[0], run.length[1]
        );
        // By area it is an identity, up to those who wait at the end and to batches of unequal size; who looks
        // once a month sees a sample of lengths, each about as spread as it is long or twice so.
        assert!((run.length[0] / expected - 1.0).abs() < 0.02);
        assert!((run.length[1] / expected - 1.0).abs() < ERRORS * 2.0 / libm::sqrt(f64::from(MONTHS)));
    }

    #[test]
    fn who_runs_out_of_patience_keeps_an_overloaded_desk_in_balance() {
        // Twice as many requests as can be served: in the long run half are given up, and with exponential
        // patience of mean θ those who wait, L, leave at the rate L / θ = λ / 2.
        let (load, rates) = load(1, 2.0, 0.0);
        let patience = 40.0;
        let run = run((Load { patience, ..load }, rates), exponential);
        let [came, _, given_up, _] = run.counts;
        let share = f64::from(given_up) / f64::from(came);
        println!("given up {share:.3}, queue {:.2}", run.length[0]);
        assert!((share - 0.5).abs() < 0.01, "{share}");
        assert!((run.length[0] / (patience * 1.0) - 1.0).abs() < 0.03, "{}", run.length[0]);
        assert!((run.busy - 1.0).abs() < 0.01, "{}", run.busy);
    }

    #[test]
    fn requests_get_their_share_where_both_kinds_wait_for_ever() {
        let (load, rates) = load(3, 4.0, 4.0);
        let load = Load { reserved: 0.3, patience: 30.0, ..load };
        let run = run((load, rates), exponential);
        let served = f64::from(run.counts[1]) / (f64::from(MONTHS) * DAYS * 3.0);
        // Of three people's time, in requests of a day each: 540,000 of them have a standard error below .001.
        assert!((served - 0.3).abs() < 0.005, "{served}");
    }

    #[test]
    fn crowded_days_make_waits_longer() {
        let wait = |burst: f64| {
            let (load, rates) = load(1, 0.6, 0.0);
            run((Load { burst, ..load }, rates), exponential).wait
        };
        let (even, crowded) = (wait(0.0), wait(1.0));
        assert!(crowded > 1.2 * even, "{even}, {crowded}");
    }
}
