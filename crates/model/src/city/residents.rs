//! The residents of one community, as columns of equal length.

use std::ops::Range;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::{AGE_BANDS, MODES, Memory};
use crate::base::params::{Text, text};

/// Whom a resident may trust.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[repr(u8)]
pub enum Target {
    /// The neighbours.
    Neighbours,
    /// The residents' committee.
    #[default]
    Committee,
    /// Social organisations.
    Organisations,
    /// The property company.
    Property,
    /// Local government and its enforcement officers.
    LocalGovernment,
    /// The central government.
    CentralGovernment,
}

/// Number of trust targets.
pub const TARGETS: usize = 6;

impl Target {
    /// All targets, in the order of every array over targets.
    pub const ALL: [Target; TARGETS] = [
        Target::Neighbours,
        Target::Committee,
        Target::Organisations,
        Target::Property,
        Target::LocalGovernment,
        Target::CentralGovernment,
    ];

    /// Name as in the metric `trust.NAME`.
    pub const fn name(self) -> &'static str {
        ["neighbours", "committee", "organisations", "property", "local_government", "central_government"]
            [self as usize]
    }

    /// Name for people.
    pub const fn label(self) -> Text {
        const LABELS: [Text; TARGETS] = [
            text("neighbours", "邻里"),
            text("residents' committee", "居委会"),
            text("social organisations", "社会组织"),
            text("property company", "物业公司"),
            text("local government", "地方政府"),
            text("central government", "中央政府"),
        ];
        LABELS[self as usize]
    }
}

/// Lasting attributes of a resident, packed in 16 bits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Traits(u16);

impl Traits {
    /// `education` 0 (primary) to 3 (university), `income` quintile 0 to 4.
    pub fn new(
        male: bool,
        education: u8,
        income: u8,
        owner: bool,
        local: bool,
        party: bool,
        danwei: bool,
    ) -> Traits {
        debug_assert!(education < 4 && income < 5);
        Traits(
            male as u16
                | (owner as u16) << 1
                | (local as u16) << 2
                | (party as u16) << 3
                | (danwei as u16) << 4
                | (education as u16) << 5
                | (income as u16) << 7,
        )
    }

    /// The same with these attributes, each of which was nil.
    pub fn with(self, education: u8, income: u8, party: bool) -> Traits {
        Traits(self.0 | Traits::new(false, education, income, false, false, party, false).0)
    }

    /// Male.
    #[inline(always)]
    pub fn male(self) -> bool {
        self.0 & 1 != 0
    }

    /// Owns the home.
    #[inline(always)]
    pub fn owner(self) -> bool {
        self.0 & 2 != 0
    }

    /// The same person in a rented home.
    #[inline(always)]
    pub fn renting(self) -> Traits {
        Traits(self.0 & !2)
    }

    /// Household registered here (local hukou).
    #[inline(always)]
    pub fn local(self) -> bool {
        self.0 & 4 != 0
    }

    /// On the list of electors: by local hukou, or on application.
    #[inline(always)]
    pub fn listed(self) -> bool {
        self.0 & (4 | LISTED) != 0
    }

    /// The same person on the list of electors.
    #[inline(always)]
    pub fn on_the_list(self) -> Traits {
        Traits(self.0 | LISTED)
    }

    /// Party member.
    #[inline(always)]
    pub fn party(self) -> bool {
        self.0 & 8 != 0
    }

    /// Belongs to the work unit whose compound this is.
    #[inline(always)]
    pub fn danwei(self) -> bool {
        self.0 & 16 != 0
    }

    /// 0 primary or less, 1 junior secondary, 2 senior secondary, 3 university (大专+).
    #[inline(always)]
    pub fn education(self) -> u8 {
        (self.0 >> 5 & 3) as u8
    }

    /// Income quintile, 0 lowest to 4 highest.
    #[inline(always)]
    pub fn income(self) -> u8 {
        (self.0 >> 7 & 7) as u8
    }
}

/// Bit of [`Residents::acts`] for "filed a request with the committee this month".
pub const REQUEST: u16 = 1 << MODES;

/// One contact, in the unit of `Residents::asked_lately`.
pub const ONE_CONTACT: u16 = 1_024;

/// The bit of `Traits` for one who got on the list of electors by an application.
const LISTED: u16 = 1 << 10;

/// The two service domains a resident needs most, packed in 8 bits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Needs(u8);

impl Needs {
    /// Weight of the first need; the second has the rest.
    pub const FIRST: f32 = 2.0 / 3.0;

    /// `first` and `second` below `DOMAINS`.
    pub fn new(first: u8, second: u8) -> Needs {
        Needs(first | second << 4)
    }

    /// The domain needed most.
    #[inline(always)]
    pub fn first(self) -> usize {
        (self.0 & 15) as usize
    }

    /// Mean of a value by domain, weighted by need.
    #[inline(always)]
    pub fn weigh(self, by_domain: &[f32; super::DOMAINS]) -> f32 {
        Needs::FIRST * by_domain[self.first()] + (1.0 - Needs::FIRST) * by_domain[self.second()]
    }

    /// What is added to the mean of `levels` where a share `made_up` of what each lacks is made up.
    #[inline(always)]
    pub fn make_up(self, levels: &[f32; super::DOMAINS], made_up: &[f32; super::DOMAINS]) -> f32 {
        let added = |d: usize| made_up[d] * (1.0 - levels[d]);
        Needs::FIRST * added(self.first()) + (1.0 - Needs::FIRST) * added(self.second())
    }

    /// Weight of `domain`: of the first need, the second, or nil.
    #[inline(always)]
    pub fn weight(self, domain: usize) -> f32 {
        let (first, second) = (self.first() == domain, self.second() == domain);
        Needs::FIRST * first as u8 as f32 + (1.0 - Needs::FIRST) * second as u8 as f32
    }

    /// The domain needed next.
    #[inline(always)]
    pub fn second(self) -> usize {
        (self.0 >> 4) as usize
    }

    /// A number below [`Needs::PAIRS`], another for every other pair of needs.
    #[inline(always)]
    pub fn pair(self) -> usize {
        self.0 as usize
    }

    /// Room for a table with an entry for each pair of needs.
    pub const PAIRS: usize = 256;
}

/// The adult residents of a community. Column `x[i]` belongs to resident `i`, whose place in the
/// household order is also its identity: draws are keyed by (community, `i`).
///
/// All columns have the same length. Shares and feelings are in [0, 1] unless said otherwise.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Residents {
    /// Age in months.
    pub age: Vec<u16>,
    /// Sex, education, income, tenure, hukou, party, work unit.
    pub traits: Vec<Traits>,
    /// Compound number. Homes stay where they are, so replicates share it.
    #[serde(skip)]
    pub compound: Arc<[u16]>,
    /// Months lived in this community.
    pub months_here: Vec<u16>,
    /// What the resident needs most.
    pub needs: Vec<Needs>,
    /// Lasting inclination to take part, standard normal.
    pub disposition: Vec<f32>,
    /// Free hours per month for community life.
    pub time: Vec<f32>,
    /// Interest in community affairs.
    pub interest: Vec<f32>,
    /// Civic skill.
    pub skill: Vec<f32>,
    /// Attachment to the community.
    pub attachment: Vec<f32>,
    /// Internal efficacy: "I can".
    pub internal_efficacy: Vec<f32>,
    /// External efficacy: "they listen".
    pub external_efficacy: Vec<f32>,
    /// Probability of knowing what is open to residents this month, from people: what is kept of it lasts.
    pub awareness: Vec<f32>,
    /// The same from messages to many, by age band: what is left of them lasts days or weeks.
    pub told: [f32; AGE_BANDS.len()],
    /// Satisfaction with services.
    pub satisfaction: Vec<f32>,
    /// Accuracy of waste sorting.
    pub accuracy: Vec<f32>,
    /// Trust by target.
    pub trust: [Vec<f32>; TARGETS],
    /// Trust by target to which the resident returns, in units of 1/255: what they brought.
    pub own_rest: [Vec<u8>; TARGETS],
    /// Habit by mode, in units of 1/65535.
    pub habit: [Vec<u16>; MODES],
    /// Modes in which the resident took part when they were last open, as a set of bits.
    pub took_part: Vec<u16>,
    /// Modes in which the resident takes part this month, as a set of bits.
    pub acts: Vec<u16>,
    /// Quarter hours of civic participation in each of the last twelve months, by month of the year.
    pub quarter_hours: [Vec<u8>; 12],
    /// Sum of `quarter_hours`.
    pub year_quarter_hours: Vec<u16>,
    /// Months since the resident last volunteered: 0 this month, 255 if never or not for so long.
    pub since_volunteering: Vec<u8>,
    /// Months since the resident was last at a meeting here, as of volunteering.
    pub since_meeting: Vec<u8>,
    /// How often asked in person of late, in units of 1/1024: a twelfth is forgotten each month.
    pub asked_lately: Vec<u16>,
    /// What the theory and the rule in force remember of each resident.
    pub memory: Memory,
}

impl Residents {
    /// `n` residents of whom nothing is known yet: all columns zero.
    pub fn blank(n: usize) -> Residents {
        Residents {
            age: vec![0; n],
            traits: vec![Traits::default(); n],
            compound: vec![0; n].into(),
            months_here: vec![0; n],
            needs: vec![Needs::default(); n],
            disposition: vec![0.0; n],
            time: vec![0.0; n],
            interest: vec![0.0; n],
            skill: vec![0.0; n],
            attachment: vec![0.0; n],
            internal_efficacy: vec![0.0; n],
            external_efficacy: vec![0.0; n],
            awareness: vec![0.0; n],
            told: [0.0; AGE_BANDS.len()],
            satisfaction: vec![0.0; n],
            accuracy: vec![0.0; n],
            trust: std::array::from_fn(|_| vec![0.0; n]),
            own_rest: std::array::from_fn(|_| vec![0; n]),
            habit: std::array::from_fn(|_| vec![0; n]),
            took_part: vec![0; n],
            acts: vec![0; n],
            quarter_hours: std::array::from_fn(|_| vec![0; n]),
            year_quarter_hours: vec![0; n],
            since_volunteering: vec![u8::MAX; n],
            since_meeting: vec![u8::MAX; n],
            asked_lately: vec![0; n],
            memory: Memory::default(),
        }
    }

    /// Bytes that one resident takes in the columns; ties and what a theory remembers come on top.
    pub const BYTES: usize = 5 * size_of::<u16>() // age, compound, months here, year's hours, asked lately
        + size_of::<Traits>()
        + size_of::<Needs>()
        + (10 + TARGETS) * size_of::<f32>() // disposition to accuracy, and trust
        + TARGETS * size_of::<u8>() // where trust rests
        + (MODES + 2) * size_of::<u16>() // habit, took part, acts
        + 14; // quarter hours by month, months since volunteering and since a meeting

    /// Lets the trust of residents of `range` rest where it is now.
    pub fn rest_here(&mut self, range: Range<usize>) {
        for (rest, trust) in self.own_rest.iter_mut().zip(&self.trust) {
            for (rest, trust) in rest[range.clone()].iter_mut().zip(&trust[range.clone()]) {
                *rest = (trust * 255.0 + 0.5) as u8;
            }
        }
    }

    /// Chance of resident `i` to know what is open this month, from people or from messages.
    #[inline(always)]
    pub fn knows(&self, i: usize) -> f32 {
        either(self.awareness[i], self.told[self.age_band(i)])
    }

    /// The same of each of the residents `who`.
    #[inline(always)]
    pub fn known(&self, who: Range<usize>, out: &mut [f32]) {
        let all = self.awareness[who.clone()].iter().zip(&self.age[who]);
        for (known, (&awareness, &age)) in out.iter_mut().zip(all) {
            *known = either(awareness, self.told[Residents::band_at(age)]);
        }
    }

    /// Number of residents.
    pub fn len(&self) -> usize {
        self.age.len()
    }

    /// True of a community without adults.
    pub fn is_empty(&self) -> bool {
        self.age.is_empty()
    }

    /// Chance that two residents need different domains most; 1 − Σ share².
    pub fn diversity_of_needs(&self) -> f64 {
        let mut counts = [0u32; super::DOMAINS];
        self.needs.iter().for_each(|n| counts[n.first()] += 1);
        let all = self.len().max(1) as f64;
        1.0 - counts.iter().map(|&n| (n as f64 / all) * (n as f64 / all)).sum::<f64>()
    }

    /// How often resident `i` was asked in person of late: a twelfth is forgotten each month.
    #[inline(always)]
    pub fn contacts_of_late(&self, i: usize) -> f32 {
        self.asked_lately[i] as f32 / ONE_CONTACT as f32
    }

    /// Age band of resident `i`, an index into `AGE_BANDS`.
    #[inline(always)]
    pub fn age_band(&self, i: usize) -> usize {
        Residents::band_at(self.age[i])
    }

    /// Age band of somebody of so many months.
    #[inline(always)]
    pub fn band_at(months: u16) -> usize {
        (months >= 30 * 12) as usize
            + (months >= 45 * 12) as usize
            + (months >= 60 * 12) as usize
            + (months >= 70 * 12) as usize
    }
}

/// Chance of one or the other of two things that do not depend on each other.
#[inline(always)]
fn either(one: f32, other: f32) -> f32 {
    1.0 - (1.0 - one) * (1.0 - other)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_made_up_counts_by_need() {
        let (mut levels, mut made_up) = ([0.5; crate::city::DOMAINS], [0.0; crate::city::DOMAINS]);
        (levels[3], made_up[3], made_up[7]) = (0.8, 0.5, 1.0);
        let needs = Needs::new(3, 7);
        // Two thirds of half of the .2 that is lacking, and a third of all of the .5.
        assert!((needs.make_up(&levels, &made_up) - (2.0 / 3.0 * 0.1 + 0.5 / 3.0)).abs() < 1e-6);
        assert_eq!(Needs::new(0, 1).make_up(&levels, &made_up), 0.0);
    }

    #[test]
    fn needs_all_alike_have_no_diversity_and_even_ones_the_most() {
        let of = |needs: &[u8]| {
            let mut residents = Residents::blank(needs.len());
            residents.needs = needs.iter().map(|&first| Needs::new(first, 1)).collect();
            residents.diversity_of_needs()
        };
        assert_eq!(of(&[3; 7]), 0.0);
        assert!((of(&[0, 1, 2, 3, 4, 5, 6, 7, 8, 9]) - 0.9).abs() < 1e-12);
    }
}
