//! Why a resident takes part: rival theories behind one interface, one file each.
//!
//! To add a theory: write one file with a type that is its settings and implements [`Theory`], and
//! add one line to the list of theories.

pub mod aspiration_learning;
pub mod calculus;
pub mod civic_voluntarism;
pub mod conditional_cooperation;
pub mod formula;
pub mod planned_behaviour;
pub mod threshold;

use std::ops::Range;
use std::sync::Arc;

use multiversion::multiversion;
use toml::Table;

use self::formula::outside::Outside;
use crate::base::list::List;
use crate::base::math::logistic;
use crate::base::params::{Registered, Section, Settings, Text, text};
use crate::base::rng::CounterRng;
use crate::city::{Mode, Traits};

/// Most things that a theory remembers of a resident in one mode.
pub const REMEMBERED: usize = 2;

/// What a theory may know of a block of residents who consider one mode. All slices have the same
/// length; values are in [0, 1] unless said otherwise.
#[derive(Clone, Copy)]
pub struct Inputs<'a> {
    /// The mode.
    pub mode: Mode,
    /// Lasting inclination, standard normal.
    pub disposition: &'a [f32],
    /// Share of acquaintances who took part when the mode was last open.
    pub norm: &'a [f32],
    /// How many acquaintances a resident has, at least 1.
    pub acquaintances: &'a [f32],
    /// Habit of this mode.
    pub habit: &'a [f32],
    /// What there is to gain, by stake and need.
    pub benefit: &'a [f32],
    /// Time and effort that it costs, relative to the resident's own.
    pub cost: &'a [f32],
    /// Sense of duty.
    pub duty: &'a [f32],
    /// Interest in community affairs.
    pub interest: &'a [f32],
    /// Civic skill.
    pub skill: &'a [f32],
    /// Internal efficacy.
    pub internal_efficacy: &'a [f32],
    /// External efficacy.
    pub external_efficacy: &'a [f32],
    /// Trust in the mode's counterpart.
    pub trust: &'a [f32],
    /// 1 if asked in person this month, else 0.
    pub asked: &'a [f32],
    /// Age in months.
    pub age: &'a [u16],
    /// Lasting attributes.
    pub traits: &'a [Traits],
    /// What the theory remembers, this occasion's lesson included; beyond [`Theory::remembers`] it means
    /// nothing.
    pub memory: [&'a [f32]; REMEMBERED],
}

impl<'a> Inputs<'a> {
    /// The inputs of resident `k` alone.
    pub fn only(&self, k: usize) -> Inputs<'a> {
        self.part(k..k + 1)
    }

    /// The inputs of the first `n` residents: said before a loop over them, it lets the compiler see that
    /// no bound is broken in it, so that the loop becomes vector instructions.
    #[inline(always)]
    pub fn first(&self, n: usize) -> Inputs<'a> {
        self.part(0..n)
    }

    #[inline(always)]
    fn part(&self, range: Range<usize>) -> Inputs<'a> {
        let one = |column: &'a [f32]| &column[range.clone()];
        Inputs {
            mode: self.mode,
            disposition: one(self.disposition),
            norm: one(self.norm),
            acquaintances: one(self.acquaintances),
            habit: one(self.habit),
            benefit: one(self.benefit),
            cost: one(self.cost),
            duty: one(self.duty),
            interest: one(self.interest),
            skill: one(self.skill),
            internal_efficacy: one(self.internal_efficacy),
            external_efficacy: one(self.external_efficacy),
            trust: one(self.trust),
            asked: one(self.asked),
            age: &self.age[range.clone()],
            traits: &self.traits[range.clone()],
            memory: self.memory.map(|column| if column.is_empty() { column } else { one(column) }),
        }
    }
}

/// What came of the last occasion of a mode, for a block of residents.
pub struct Last<'a> {
    /// Modes in which each took part when they were last open, as a set of bits.
    pub took_part: &'a [u16],
    /// How well the last occasion ended for the community, in [0, 1]: the share of voices answered, or of
    /// residents who contributed. NaN before the first.
    pub outcome: f32,
    /// Random numbers of the community.
    pub rng: CounterRng,
    /// The present month.
    pub month: u32,
    /// Number of the block's first resident.
    pub first: usize,
}

/// What a theory remembers of a block of residents: columns as long as the block.
pub type Lesson<'a> = [&'a mut [f32]; REMEMBERED];

/// One term of a decision, for `shequ trace`.
#[derive(Clone, Debug, PartialEq)]
pub struct Term {
    /// Name in the theory's own words.
    pub name: Text,
    /// Its contribution, in the theory's own unit.
    pub value: f64,
}

/// The terms of a utility, their sum, and the probability that a logit makes of it.
fn logit_terms(terms: &[(Text, f32)]) -> Vec<Term> {
    let utility: f64 = terms.iter().map(|&(_, value)| value as f64).sum();
    let all = terms.iter().map(|&(name, value)| Term { name, value: value as f64 });
    let last = [
        Term { name: text("utility", "效用"), value: utility },
        Term { name: text("probability", "概率"), value: logistic(utility as f32) as f64 },
    ];
    all.chain(last).collect()
}

/// A theory of participation.
pub trait Theory: Send + Sync {
    /// Writes each resident's probability of taking part, given that the mode is open to them and
    /// they know it, to `out`. It must not fall when `intercept` rises. Said to be always inlined, it is
    /// compiled for newer processors too.
    fn probability(&self, intercept: f32, inputs: &Inputs, out: &mut [f32]);

    /// The terms behind resident `k` of the block; the last one is the probability.
    fn terms(&self, intercept: f32, inputs: &Inputs, k: usize) -> Vec<Term>;

    /// Functions that a program brought along and that it calls: what tells it from another with the same settings.
    fn outside(&self) -> &[Arc<Outside>] {
        &[]
    }

    /// What it remembers of each resident in each mode, at most [`REMEMBERED`] things: one column each is
    /// allocated at the beginning of a replicate. A theory without memory has none, and is not asked to learn.
    fn remembers(&self) -> &'static [Text] {
        &[]
    }

    /// Takes in what came of the last occasion, before residents decide on this one. `memory[thing][k]` is
    /// NaN for a resident `k` who remembers nothing yet, and must be a number afterwards if
    /// [`Theory::probability`] needs it.
    fn learn(&self, _last: &Last, _inputs: &Inputs, _memory: Lesson) {}
}

/// A registered theory.
pub type Entry = Registered<dyn Theory>;

/// The standard theories, and those from outside.
static THEORIES: List<Entry> = List::new(&[
    calculus::ENTRY,
    threshold::ENTRY,
    conditional_cooperation::ENTRY,
    civic_voluntarism::ENTRY,
    aspiration_learning::ENTRY,
    planned_behaviour::ENTRY,
]);

/// Every theory.
pub fn all() -> &'static [&'static Entry] {
    THEORIES.all()
}

/// Every theory, and last that of scenarios that write their own.
pub fn with_own() -> impl Iterator<Item = &'static Entry> {
    all().iter().copied().chain([&formula::ENTRY])
}

/// The theory that scenarios choose by `name`.
pub fn named(name: &str) -> Option<&'static Entry> {
    with_own().find(|entry| entry.name == name)
}

/// The list of theories, to add to it.
pub(crate) fn list() -> &'static List<Entry> {
    &THEORIES
}

/// For [`Entry::build`]: the theory whose settings `T` are the theory itself.
pub fn build<T: Theory + Settings + 'static>(table: &Table) -> Result<Box<dyn Theory>, toml::de::Error> {
    Ok(compiled(T::of(table.clone())?))
}

/// For [`Entry::build`]: `theory`, compiled for newer processors too.
pub fn compiled(theory: impl Theory + 'static) -> Box<dyn Theory> {
    Box::new(Compiled(theory))
}

/// A theory whose loops are compiled for several generations of processors; the one at hand is found
/// out when the program runs.
struct Compiled<T>(T);

impl<T: Theory> Theory for Compiled<T> {
    fn probability(&self, intercept: f32, inputs: &Inputs, out: &mut [f32]) {
        probability(&self.0, intercept, inputs, out);
    }

    fn terms(&self, intercept: f32, inputs: &Inputs, k: usize) -> Vec<Term> {
        self.0.terms(intercept, inputs, k)
    }

    fn outside(&self) -> &[Arc<Outside>] {
        self.0.outside()
    }

    fn remembers(&self) -> &'static [Text] {
        self.0.remembers()
    }

    fn learn(&self, last: &Last, inputs: &Inputs, memory: Lesson) {
        learn(&self.0, last, inputs, memory);
    }
}

#[multiversion(targets = "simd")]
fn probability<T: Theory>(theory: &T, intercept: f32, inputs: &Inputs<'_>, out: &mut [f32]) {
    theory.probability(intercept, inputs, out);
}

#[multiversion(targets = "simd")]
fn learn<T: Theory>(theory: &T, last: &Last<'_>, inputs: &Inputs<'_>, memory: Lesson<'_>) {
    theory.learn(last, inputs, memory);
}

/// The tables of all theories.
pub fn sections() -> Vec<Section> {
    all().iter().map(|entry| entry.section()).chain(formula::sections()).collect()
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// One resident's inputs, all moderate.
    #[derive(Clone, Copy)]
    pub struct Person {
        pub disposition: f32,
        pub norm: f32,
        pub acquaintances: f32,
        pub habit: f32,
        pub benefit: f32,
        pub cost: f32,
        pub duty: f32,
        pub interest: f32,
        pub skill: f32,
        pub internal_efficacy: f32,
        pub external_efficacy: f32,
        pub trust: f32,
        pub asked: f32,
        pub income: u8,
        /// What is remembered before the occasion.
        pub memory: [f32; REMEMBERED],
        /// Whether the resident took part on the last occasion, and how that ended.
        pub last: (bool, f32),
    }

    impl Default for Person {
        fn default() -> Person {
            Person {
                disposition: 0.0,
                norm: 0.2,
                acquaintances: 8.0,
                habit: 0.2,
                benefit: 0.5,
                cost: 0.3,
                duty: 0.3,
                interest: 0.3,
                skill: 0.3,
                internal_efficacy: 0.4,
                external_efficacy: 0.5,
                trust: 0.5,
                asked: 0.0,
                income: 2,
                memory: [f32::NAN; REMEMBERED],
                last: (false, f32::NAN),
            }
        }
    }

    impl Person {
        /// Lets `theory` learn of one such person, and gives what it then remembers to `f` too.
        pub fn with<T>(&self, theory: &dyn Theory, f: impl FnOnce(&Inputs) -> T) -> T {
            let traits = [Traits::new(false, 0, self.income, false, false, false, false)];
            let inputs = Inputs {
                mode: Mode::Meeting,
                disposition: &[self.disposition],
                norm: &[self.norm],
                acquaintances: &[self.acquaintances],
                habit: &[self.habit],
                benefit: &[self.benefit],
                cost: &[self.cost],
                duty: &[self.duty],
                interest: &[self.interest],
                skill: &[self.skill],
                internal_efficacy: &[self.internal_efficacy],
                external_efficacy: &[self.external_efficacy],
                trust: &[self.trust],
                asked: &[self.asked],
                age: &AGES[..1],
                traits: &traits,
                memory: [&[]; REMEMBERED],
            };
            let mut memory = self.memory.map(|value| [value]);
            let (acted, outcome) = self.last;
            let took_part = [if acted { Mode::Meeting.bit() } else { 0 }];
            let last =
                Last { took_part: &took_part, outcome, rng: CounterRng::new(1, 0), month: 3, first: 0 };
            theory.learn(&last, &inputs, memory.each_mut().map(|column| &mut column[..]));
            let memory = memory.each_ref().map(|column| &column[..]);
            f(&Inputs { memory, ..inputs })
        }

        /// What `theory` remembers of this person after an occasion.
        pub fn learns(&self, theory: &dyn Theory) -> [f32; REMEMBERED] {
            self.with(theory, |x| x.memory.map(|column| column[0]))
        }
    }

    /// Ages in months, from 18 years on.
    pub static AGES: [u16; 1_000] = {
        let mut ages = [216; 1_000];
        let mut who = 0;
        while who < ages.len() {
            ages[who] += who as u16;
            who += 1;
        }
        ages
    };

    /// Columns of `n` residents of every kind, the two that are remembered last.
    pub fn columns(n: usize) -> Vec<Vec<f32>> {
        let (rng, stream) = (CounterRng::new(3, 0), crate::base::rng::Stream::named("test"));
        let column =
            |index: u32| (0..n as u32).map(|who| rng.uniform(stream, who, 0, index) as f32).collect();
        (0..15).map(column).collect()
    }

    /// The inputs of a meeting, by [`columns`].
    pub fn inputs<'a>(x: &'a [Vec<f32>], traits: &'a [Traits]) -> Inputs<'a> {
        Inputs {
            mode: Mode::Meeting,
            disposition: &x[0],
            norm: &x[1],
            acquaintances: &x[2],
            habit: &x[3],
            benefit: &x[4],
            cost: &x[5],
            duty: &x[6],
            interest: &x[7],
            skill: &x[8],
            internal_efficacy: &x[9],
            external_efficacy: &x[10],
            trust: &x[11],
            asked: &x[12],
            age: &AGES[..traits.len()],
            traits,
            memory: [&x[13], &x[14]],
        }
    }

    /// Probability under `theory` of a population of copies of `person`.
    pub fn everyone(theory: &dyn Theory, intercept: f32, person: Person) -> f32 {
        person.with(theory, |inputs| {
            let mut out = [0.0];
            theory.probability(intercept, inputs, &mut out);
            out[0]
        })
    }

    fn defaults(entry: &Entry) -> Table {
        (entry.keys)().iter().map(|k| (k.name.to_string(), k.default.clone())).collect()
    }

    fn standard(entry: &Entry) -> Box<dyn Theory> {
        (entry.build)(&defaults(entry)).unwrap()
    }

    /// The settings themselves, which mostly are the theory as compiled for the oldest processors.
    fn plain<T: Settings>(entry: &Entry) -> T {
        T::of(defaults(entry)).unwrap()
    }

    #[test]
    fn the_processor_at_hand_gives_the_bits_of_the_oldest() {
        let cooperation =
            plain::<conditional_cooperation::ConditionalCooperation>(&conditional_cooperation::ENTRY);
        let plain: [(&str, Box<dyn Theory>); 6] = [
            ("calculus", Box::new(plain::<calculus::Calculus>(&calculus::ENTRY))),
            ("threshold", Box::new(plain::<threshold::Threshold>(&threshold::ENTRY))),
            ("conditional_cooperation", Box::new(conditional_cooperation::Cooperation::of(cooperation))),
            (
                "civic_voluntarism",
                Box::new(plain::<civic_voluntarism::CivicVoluntarism>(&civic_voluntarism::ENTRY)),
            ),
            (
                "aspiration_learning",
                Box::new(plain::<aspiration_learning::AspirationLearning>(&aspiration_learning::ENTRY)),
            ),
            (
                "planned_behaviour",
                Box::new(plain::<planned_behaviour::PlannedBehaviour>(&planned_behaviour::ENTRY)),
            ),
        ];
        // Longer than any vector, and not a multiple of one.
        const N: usize = 77;
        let (columns, rng) = (columns(N), CounterRng::new(3, 0));
        let traits = [Traits::new(false, 0, 2, false, false, false, false); N];
        for (name, plain) in plain {
            let theory = standard(all().iter().find(|entry| entry.name == name).expect("a theory"));
            let chances = |theory: &dyn Theory| {
                let inputs = Inputs { memory: [&[]; REMEMBERED], ..inputs(&columns, &traits) };
                let mut memory = [columns[13].clone(), columns[14].clone()];
                let last = Last { took_part: &[1; N], outcome: 0.3, rng, month: 3, first: 0 };
                theory.learn(&last, &inputs, memory.each_mut().map(|column| &mut column[..]));
                let mut out = vec![0.0; N];
                let memory = memory.each_ref().map(|column| &column[..]);
                theory.probability(-0.5, &Inputs { memory, ..inputs }, &mut out);
                out.into_iter().map(f32::to_bits).collect::<Vec<_>>()
            };
            assert_eq!(chances(theory.as_ref()), chances(plain.as_ref()), "{name}");
        }
    }

    #[test]
    fn no_theory_lowers_participation_when_its_intercept_rises() {
        for entry in all() {
            let theory = standard(entry);
            let mut last = 0.0;
            for step in -160..=160 {
                let p = everyone(theory.as_ref(), step as f32 / 4.0, Person::default());
                assert!(p >= last && p <= 1.0, "{} at {step}", entry.name);
                last = p;
            }
        }
    }

    #[test]
    fn the_last_term_of_every_theory_is_its_probability() {
        for entry in all() {
            let theory = standard(entry);
            for disposition in [-1.5, -0.5, 0.0, 0.5, 1.5] {
                let person = Person { disposition, ..Person::default() };
                let terms = person.with(theory.as_ref(), |x| theory.terms(-0.4, x, 0));
                let probability = everyone(theory.as_ref(), -0.4, person) as f64;
                let said = terms.last().unwrap().value;
                assert!((said - probability).abs() < 1e-6, "{}: {said}, not {probability}", entry.name);
                assert!(terms.len() >= 3, "{} explains itself in terms of its own", entry.name);
            }
        }
    }

    #[test]
    fn a_theory_remembers_no_more_than_there_is_room_for() {
        for entry in all() {
            assert!(standard(entry).remembers().len() <= REMEMBERED, "{}", entry.name);
        }
    }
}
