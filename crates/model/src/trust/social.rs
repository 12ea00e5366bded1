//! Social influence: trust follows what those whom one listens to trust (DeGroot 1974; Friedkin and
//! Johnsen 1990; bounded confidence: Deffuant et al. 2000, Hegselmann and Krause 2002).

use toml::Table;

use super::{Circle, Entry, Influence, Rule};
use crate::base::params::{Settings, Text, settings, text, words};
use crate::base::rng::Stream;
use crate::city::Ties;
use crate::city::ties::Everybody;

const TALK: Stream = Stream::named("talk of trust");

/// Settings of `[theory.social]`, and the rule itself.
#[settings(fixed)]
pub struct Social {
    /// To whom residents listen.
    #[param(one_of = FriedkinJohnsen, zh = "居民听取谁的看法。")]
    pub form: Form,
    /// Step towards those one listens to (s; μ of Deffuant et al.).
    #[param(
        share = 0.2,
        unit = "share per month",
        zh = "每月向所听取者靠近的步长(s;Deffuant等的μ)。",
        assumed = "proposed core model",
        // A month's step of listening.
        prior = beta(2.0, 8.0)
    )]
    pub weight: f64,
    /// How far one listens to others rather than to one's own judgement (λ); acts where `form` is
    /// "friedkin_johnsen".
    #[param(
        share = 0.8,
        zh = "受他人影响(而非坚持自己判断)的程度(λ);仅用于 friedkin_johnsen。",
        assumed = "no measurement; below 1, so that opinions stay apart",
        // Advice weighs about .4 in one hearing; this is of many.
        prior = beta(6.0, 3.0)
    )]
    pub susceptibility: f64,
    /// How far apart two may be and still listen to each other (ε); acts in the two forms of bounded
    /// confidence.
    #[param(
        share = 0.3,
        zh = "双方差距不超过此值才会相互听取(ε);仅用于两种有界信任形式。",
        assumed = "proposed core model",
        demonstration = [".form=hegselmann_krause"]
    )]
    pub confidence: f64,
    /// Step of trust on one experience, good or bad (η).
    #[param(
        share = 0.10,
        zh = "一次经历(好或坏)使信任变化的步长(η)。",
        assumed = "as theory.asymmetric; without it no policy could act in this rule"
    )]
    pub experience: f64,
}

/// To whom one listens.
#[words]
pub enum Form {
    /// to all acquaintances (DeGroot 1974)
    #[zh = "所有熟人(DeGroot 1974)"]
    Degroot,
    /// to all acquaintances, and always to one's own judgement (Friedkin and Johnsen 1990)
    #[zh = "所有熟人,并始终保留自己的判断(Friedkin与Johnsen 1990)"]
    FriedkinJohnsen,
    /// to one acquaintance at a time, if not too far away (Deffuant et al. 2000)
    #[zh = "每次一位差距不大的熟人(Deffuant等 2000)"]
    Deffuant,
    /// to all acquaintances who are not too far away (Hegselmann and Krause 2002)
    #[zh = "所有差距不大的熟人(Hegselmann与Krause 2002)"]
    HegselmannKrause,
}

/// Registration.
pub const ENTRY: Entry = Entry {
    name: "social",
    path: "theory.social",
    label: text("social", "社会影响"),
    summary: text(
        "Trust follows what acquaintances trust, beside what one meets oneself.",
        "信任除受自身经历影响外,还向熟人的信任靠拢。",
    ),
    equation: "experience: τ ← τ + η·(good·(1 − τ) − bad·τ), and the same of one's own judgement u; then τ' = λ·((1 − s)·τ + s·mean of acquaintances' τ) + (1 − λ)·u (Friedkin and Johnsen); λ = 1 is DeGroot's; Hegselmann and Krause's mean is over oneself and acquaintances within ε, with λ = 1; Deffuant's: with one acquaintance drawn, if within ε, both move s of the difference towards each other",
    keys: Social::keys,
    build: |table: &Table| super::build::<Social>(table),
};

impl Rule for Social {
    #[inline(always)]
    fn update(&self, trust: &mut [f32], good: &[f32], bad: &[f32], memory: &mut [f32]) {
        let step = self.experience as f32;
        if memory.is_empty() {
            for ((t, &good), &bad) in trust.iter_mut().zip(good).zip(bad) {
                *t += step * (good * (1.0 - *t) - bad * *t);
            }
            return;
        }
        for ((t, own), (&good, &bad)) in trust.iter_mut().zip(memory).zip(good.iter().zip(bad)) {
            let judged = if own.is_nan() { *t } else { *own };
            *own = judged + step * (good * (1.0 - judged) - bad * judged);
            *t += step * (good * (1.0 - *t) - bad * *t);
        }
    }

    fn rests(&self) -> bool {
        true
    }

    fn remembers(&self) -> Option<Text> {
        (self.form == Form::FriedkinJohnsen).then_some(text("own judgement", "自己的判断"))
    }

    fn influence(&self) -> Option<&dyn Influence> {
        Some(self)
    }
}

impl Influence for Social {
    /// All listen at once to what was said, but for Deffuant's pairs, who meet one after another.
    fn listen(&self, circle: &Circle, trust: &mut [f32], own: &mut [f32], room: &mut Vec<f64>) {
        if self.form == Form::Deffuant {
            return self.meet_in_pairs(circle, trust);
        }
        room.clear();
        room.extend(trust.iter().map(|&t| t as f64));
        match self.form {
            Form::HegselmannKrause => self.listen_to_the_near(circle.ties, trust, room),
            _ => self.listen_to_all(circle.ties, trust, room),
        }
        let listens = |i: usize| circle.susceptibility.get(i).copied().unwrap_or(self.susceptibility) as f32;
        // Empty but where one's own judgement is remembered; at first it is what one trusts.
        for (i, (own, t)) in own.iter_mut().zip(trust).enumerate() {
            *own = if own.is_nan() { room[i] as f32 } else { *own };
            *t = *own + listens(i) * (*t - *own);
        }
    }
}

/// Slack of comparisons, above the rounding of trust.
const HAIR: f64 = 1e-6;

impl Social {
    /// Each moves towards the mean of all acquaintances by weight. `said` is what all trusted before.
    fn listen_to_all(&self, ties: &Ties, trust: &mut [f32], said: &[f64]) {
        let Some(whom) = ties.everybody() else {
            return self.move_towards(trust, |i, t| mean(ties, said, i, (0.0, 0.0), |_| true).unwrap_or(t));
        };
        let (all, n) = (said.iter().sum::<f64>(), said.len() as f64);
        self.move_towards(trust, |_, t| match whom {
            Everybody::AndOneself => all / n,
            Everybody::Else => (all - t) / (n - 1.0).max(1.0),
        });
    }

    /// Each moves towards the mean of oneself and those within ε. `said` is what all trusted before, and
    /// room to work in.
    fn listen_to_the_near(&self, ties: &Ties, trust: &mut [f32], said: &mut Vec<f64>) {
        let near = self.confidence + HAIR;
        if ties.everybody().is_none() {
            return self.move_towards(trust, |i, t| {
                mean(ties, said, i, (1.0, t), |other| (other - t).abs() <= near).unwrap_or(t)
            });
        }
        // Everybody hears everybody: sums over a sorted list spare looking at all pairs.
        let n = said.len();
        said.sort_unstable_by(f64::total_cmp);
        said.push(0.0);
        (0..n).for_each(|k| said.push(said[n + k] + said[k]));
        let (sorted, sums) = said.split_at(n);
        self.move_towards(trust, |_, t| {
            let first = sorted.partition_point(|&other| other < t - near);
            let after = sorted.partition_point(|&other| other <= t + near);
            (sums[after] - sums[first]) / (after - first).max(1) as f64
        });
    }

    /// Each moves a step towards what `to` says of their number and trust.
    fn move_towards(&self, trust: &mut [f32], to: impl Fn(usize, f64) -> f64) {
        for (i, t) in trust.iter_mut().enumerate() {
            let now = *t as f64;
            *t = (now + self.weight * (to(i, now) - now)) as f32;
        }
    }

    /// Each in turn meets one acquaintance; if they are nearer than ε, both move towards each other.
    fn meet_in_pairs(&self, circle: &Circle, trust: &mut [f32]) {
        let (step, near) = (self.weight as f32, self.confidence as f32);
        let n = trust.len();
        for i in 0..n {
            let lane = circle.target as u32;
            let drawn = |n: u32| circle.rng.below(TALK, i as u32, circle.month, lane, n) as usize;
            let others = circle.ties.of(i);
            let met = match circle.ties.everybody() {
                Some(_) if n > 1 => (i + 1 + drawn(n as u32 - 1)) % n,
                None if !others.is_empty() => others.iter().nth(drawn(others.len() as u32)).unwrap_or(i),
                _ => continue,
            };
            let apart = trust[met] - trust[i];
            if apart.abs() < near {
                trust[i] += step * apart;
                trust[met] -= step * apart;
            }
        }
    }
}

/// Mean by weight over those acquaintances of resident `i` whom `hears` lets through, to which `with` adds
/// a weight and a value; none if there is nobody.
fn mean(ties: &Ties, said: &[f64], i: usize, with: (f64, f64), hears: impl Fn(f64) -> bool) -> Option<f64> {
    let weights = ties.weights_of(i);
    let (mut weight, mut sum) = (with.0, with.0 * with.1);
    for (k, j) in ties.of(i).iter().enumerate().filter(|&(_, j)| hears(said[j])) {
        let own = weights.get(k).copied().unwrap_or(1.0) as f64;
        (weight, sum) = (weight + own, sum + own * said[j]);
    }
    (weight > 0.0).then(|| sum / weight)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::rng::CounterRng;
    use crate::city::Target;

    fn rule(form: Form) -> Social {
        Social { form, weight: 1.0, ..Social::standard() }
    }

    /// Trust of all after so many months of talk.
    fn talk(rule: &Social, ties: &Ties, susceptibility: &[f64], trust: &[f32], months: u32) -> Vec<f32> {
        let mut trust = trust.to_vec();
        let mut own = if rule.remembers().is_some() { vec![f32::NAN; trust.len()] } else { Vec::new() };
        for month in 0..months {
            let target = Target::Committee;
            let circle = Circle { ties, susceptibility, target, month, rng: CounterRng::new(1, 0) };
            rule.listen(&circle, &mut trust, &mut own, &mut Vec::new());
        }
        trust
    }

    /// The three of Benchmark case O5.
    fn three() -> Ties {
        let rows = [[0.5, 0.3, 0.2], [0.2, 0.6, 0.2], [0.1, 0.4, 0.5]];
        let arcs = (0..3).flat_map(|i| (0..3).map(move |j| (i as u32, j as u32, rows[i][j])));
        Ties::from_arcs(3, &arcs.collect::<Vec<_>>())
    }

    #[test]
    fn three_people_come_to_the_fixed_points_of_degroot_and_of_friedkin_and_johnsen() {
        // Benchmark case O5, exact. Trust is kept in single precision: tolerance of a few units in the last place.
        let first = [1.0, 0.0, 0.5];
        for trust in talk(&rule(Form::Degroot), &three(), &[], &first, 200) {
            assert!((trust as f64 - 19.0 / 49.0).abs() < 1e-6, "{trust}");
        }
        let johnsen = talk(&rule(Form::FriedkinJohnsen), &three(), &[0.8, 0.5, 0.9], &first, 200);
        for (trust, exact) in johnsen.into_iter().zip([383.0 / 891.0, 83.0 / 891.0, 2.0 / 9.0]) {
            assert!((trust as f64 - exact).abs() < 1e-6, "{trust}, not {exact}");
        }
    }

    #[test]
    fn one_who_listens_to_nobody_keeps_to_what_they_met_themselves() {
        let stubborn = Social { susceptibility: 0.0, ..rule(Form::FriedkinJohnsen) };
        assert_eq!(talk(&stubborn, &three(), &[], &[1.0, 0.0, 0.5], 9), [1.0, 0.0, 0.5]);
        // Open to all, they are DeGroot's.
        let open = Social { susceptibility: 1.0, ..stubborn };
        let degroot = talk(&rule(Form::Degroot), &three(), &[], &[1.0, 0.0, 0.5], 9);
        for (a, b) in talk(&open, &three(), &[], &[1.0, 0.0, 0.5], 9).iter().zip(degroot) {
            assert!((a - b).abs() < 1e-6);
        }
    }

    #[test]
    fn where_everybody_hears_everybody_lists_and_sums_say_the_same() {
        let n = 60u32;
        let trust: Vec<f32> = (0..n).map(|i| ((i * 37 + 11) % 101) as f32 / 100.0).collect();
        let with_oneself: Vec<_> = (0..n).flat_map(|i| (0..n).map(move |j| (i, j, 1.0))).collect();
        let others: Vec<_> = with_oneself.iter().copied().filter(|(i, j, _)| i != j).collect();
        for form in [Form::Degroot, Form::FriedkinJohnsen, Form::HegselmannKrause] {
            let rule = Social { weight: 0.4, confidence: 0.2, ..rule(form) };
            // Hegselmann and Krause's mean counts oneself once, whoever is in the list.
            let mut lists = vec![(Everybody::Else, &others)];
            if form != Form::HegselmannKrause {
                lists.push((Everybody::AndOneself, &with_oneself));
            }
            for (whom, arcs) in lists {
                let listed = talk(&rule, &Ties::from_arcs(n as usize, arcs), &[], &trust, 5);
                let summed = talk(&rule, &Ties::of_everybody(n as usize, whom), &[], &trust, 5);
                for (a, b) in listed.iter().zip(summed) {
                    assert!((a - b).abs() < 1e-5, "{form:?}, {whom:?}: {a}, {b}");
                }
            }
        }
    }

    #[test]
    fn bounded_confidence_leaves_camps_apart_that_are_too_far_from_each_other() {
        let trust = [0.0, 0.1, 0.2, 0.8, 0.9, 1.0];
        let ties = Ties::of_everybody(6, Everybody::Else);
        for form in [Form::HegselmannKrause, Form::Deffuant] {
            let apart = Social { weight: 0.5, confidence: 0.3, ..rule(form) };
            let settled = talk(&apart, &ties, &[], &trust, 300);
            for (t, camp) in settled.iter().zip([0.1, 0.1, 0.1, 0.9, 0.9, 0.9]) {
                assert!((t - camp).abs() < 1e-3, "{form:?}: {settled:?}");
            }
            // With confidence in all they meet in the middle.
            let settled = talk(&Social { confidence: 1.0, ..apart }, &ties, &[], &trust, 300);
            assert!(settled.iter().all(|t| (t - 0.5).abs() < 1e-2), "{form:?}: {settled:?}");
        }
    }

    #[test]
    fn one_step_of_hegselmann_and_krause_is_what_one_works_out_by_hand() {
        // Five at 0, ¼, ½, ¾, 1 and ε = ¼: means of each with their neighbours.
        let ties = Ties::of_everybody(5, Everybody::Else);
        let near = Social { confidence: 0.25, ..rule(Form::HegselmannKrause) };
        let stepped = talk(&near, &ties, &[], &[0.0, 0.25, 0.5, 0.75, 1.0], 1);
        for (t, exact) in stepped.iter().zip([0.125, 0.25, 0.5, 0.75, 0.875]) {
            assert!((t - exact).abs() < 1e-6, "{stepped:?}");
        }
    }

    #[test]
    fn talk_in_pairs_moves_trust_about_and_makes_none() {
        let trust: Vec<f32> = (0..200).map(|i| (i % 10) as f32 / 9.0).collect();
        let ties = Ties::from_pairs(200, &(0..200).map(|i| (i, (i + 7) % 200)).collect::<Vec<_>>());
        let settled =
            talk(&Social { weight: 0.5, confidence: 1.1, ..rule(Form::Deffuant) }, &ties, &[], &trust, 50);
        let sum = |trust: &[f32]| trust.iter().map(|&t| t as f64).sum::<f64>();
        assert!((sum(&settled) - sum(&trust)).abs() < 1e-3);
        let spread = |trust: &[f32]| trust.iter().fold(0.0f32, |m, t| m.max((t - 0.5).abs()));
        assert!(spread(&settled) < 0.5 * spread(&trust));
    }

    #[test]
    fn experience_moves_trust_and_ones_own_judgement_alike() {
        let rule = Social { experience: 0.1, ..rule(Form::FriedkinJohnsen) };
        let (mut trust, mut own) = ([0.5, 0.5], [f32::NAN, 0.8]);
        rule.update(&mut trust, &[1.0, 0.0], &[0.0, 1.0], &mut own);
        assert_eq!(trust, [0.55, 0.45]);
        assert!((own[0] - 0.55).abs() < 1e-6 && (own[1] - 0.72).abs() < 1e-6);
    }
}
