//! Whom residents hold responsible for public services, and how services measure against what residents
//! have come to expect of them.
//!
//! Rows 58, 95, 123 and 142. What counts is the surprise (expectancy and disconfirmation: Oliver 1980, Van
//! Ryzin 2004): a service that is as good as it was expected to be says nothing new of anybody. Expectations
//! follow the level, so what became better is taken for granted after some years, and what got worse is
//! put up with. Surprises move trust by the rule in force.

use serde::{Deserialize, Serialize};

use crate::base::math::normal_share;
use crate::base::params::{Text, settings, text};
use crate::city::{DOMAINS, Target};
use crate::institution::cost::Costs;
use crate::institution::{Act, CityState, CommunityState, Family, Institution, Run, Step, StepContext};

/// Settings of `[responsibility]`.
#[settings]
pub struct Settings {
    /// Chance that a resident takes note of the services needed, in a month in which they differ from what was
    /// expected beyond doubt; 0 = services say nothing about anybody.
    #[param(
        share = 0.2,
        unit = "probability per month",
        zh = "居民每月留意到所需服务的概率(服务水平明显偏离预期时);0 表示服务不影响信任。",
        derived = "24 % see a doctor within two weeks (National Health Services Survey 2018), so 42 % in a month; about half of that worth remembering, as with neighbours"
    )]
    pub contact: f64,
    /// Spread, between residents and months, of how good a service of one level seems.
    #[param(
        real = 0.1,
        range = 0.01..=1.0,
        unit = "share of the full level",
        zh = "同一服务水平在不同居民与月份间主观感受的标准差。",
        assumed = "as satisfaction with equal services differs between residents"
    )]
    pub noise: f64,
    /// Share of the distance to the level that expectations close in a year.
    #[param(
        share = 0.23,
        unit = "share per year",
        zh = "预期每年向实际水平靠近的比例。",
        derived = "65 % of what a change of income does to contentment is gone after four years (Di Tella, Haisken-De New and MacCulloch 2010, Germany): 1 − .35^(1/4)"
    )]
    pub adaptation: f64,
    /// Share of what a disaster destroys for which residents hold those responsible who are responsible for the
    /// service. For the rest, neither the loss nor its repair says anything about anybody.
    #[param(
        share = 0.0,
        zh = "居民将灾害造成的服务损失归咎于服务责任方的比例。",
        derived = "after 2008 economic recovery did not move trust in local government (Li and Tan 2018)",
        demonstration = ["shock.damage=0.9"]
    )]
    pub disasters: f64,
    /// Whom residents hold responsible for public safety.
    #[param(
        shares = [0.1, 0.0, 0.0, 0.7, 0.1, 0.1],
        parts = WHOM,
        zh = "居民认为社区治安由谁负责。",
        assumed = "police belong to local government; patrols to the committee"
    )]
    pub safety: [f64; 6],
    /// Whom they hold responsible for family services.
    #[param(
        shares = [0.4, 0.1, 0.0, 0.4, 0.0, 0.1],
        parts = WHOM,
        zh = "居民认为家庭服务由谁负责。",
        assumed = "the law on residents' committees names these tasks; the money is local government's"
    )]
    pub family: [f64; 6],
    /// Whom they hold responsible for civil affairs.
    #[param(
        shares = [0.4, 0.0, 0.0, 0.4, 0.1, 0.1],
        parts = WHOM,
        zh = "居民认为民政服务由谁负责。",
        assumed = "the committee applies and certifies, local government pays, the centre sets minimum standards"
    )]
    pub civil_affairs: [f64; 6],
    /// Whom they hold responsible for services for the disabled.
    #[param(
        shares = [0.3, 0.1, 0.0, 0.4, 0.1, 0.1],
        parts = WHOM,
        zh = "居民认为残疾人服务由谁负责。",
        assumed = "as civil affairs, with organisations that care"
    )]
    pub disability: [f64; 6],
    /// Whom they hold responsible for labour and social security.
    #[param(
        shares = [0.1, 0.0, 0.0, 0.5, 0.3, 0.1],
        parts = WHOM,
        zh = "居民认为劳动保障由谁负责。",
        assumed = "pensions and insurance are national law and run by cities"
    )]
    pub labour: [f64; 6],
    /// Whom they hold responsible for health.
    #[param(
        shares = [0.05, 0.0, 0.0, 0.6, 0.25, 0.1],
        parts = WHOM,
        zh = "居民认为卫生服务由谁负责。",
        assumed = "hospitals and stations are local government's, insurance is national law"
    )]
    pub health: [f64; 6],
    /// Whom they hold responsible for education.
    #[param(
        shares = [0.0, 0.0, 0.0, 0.7, 0.2, 0.1],
        parts = WHOM,
        zh = "居民认为教育由谁负责。",
        assumed = "schools are the district's, rules of admission and examinations national"
    )]
    pub education: [f64; 6],
    /// Whom they hold responsible for culture.
    #[param(
        shares = [0.3, 0.2, 0.0, 0.4, 0.0, 0.1],
        parts = WHOM,
        zh = "居民认为文化服务由谁负责。",
        assumed = "rooms and events of community and street"
    )]
    pub culture: [f64; 6],
    /// Whom they hold responsible for the environment.
    #[param(
        shares = [0.25, 0.0, 0.25, 0.4, 0.0, 0.1],
        parts = WHOM,
        zh = "居民认为环境卫生由谁负责。",
        assumed = "stairs and yards are the company's, streets local government's, the rest the committee's"
    )]
    pub environment: [f64; 6],
    /// Whom they hold responsible for sport.
    #[param(
        shares = [0.25, 0.1, 0.15, 0.4, 0.0, 0.1],
        parts = WHOM,
        zh = "居民认为体育服务由谁负责。",
        assumed = "courts and equipment stand in compounds and parks"
    )]
    pub sport: [f64; 6],
}

/// Who may be held responsible, in the order of the shares.
const WHOM: [Text; 6] = [
    text("residents' committee", "居委会"),
    text("social organisations", "社会组织"),
    text("property company", "物业公司"),
    text("local government", "地方政府"),
    text("central government", "中央政府"),
    text("nobody", "无人"),
];

/// Those of them whom a resident may trust.
const TRUSTED: [Target; 5] = [
    Target::Committee,
    Target::Organisations,
    Target::Property,
    Target::LocalGovernment,
    Target::CentralGovernment,
];

/// What is kept in one community.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Local {
    /// Level of each service that residents have come to expect; none before services are first judged.
    pub expected: Option<[f32; DOMAINS]>,
    /// What a disaster took from each service, is not repaired yet and held against nobody.
    pub excused: [f32; DOMAINS],
    /// Level of each service when it was last judged.
    pub seen: [f32; DOMAINS],
}

/// Registration.
pub const INSTITUTION: Institution = Institution {
    name: "responsibility",
    family: Family::PublicServices,
    summary: text(
        "Whom residents hold responsible for public services, measured against what they expect.",
        "居民认为公共服务由谁负责,以及服务与预期的落差。",
    ),
    rows: &[58, 95, 123, 142],
    equations: &[
        "surprise of domain d = 2 · Φ((level − expected) / noise) − 1, between −1 and 1",
        "experience with target j = contact · Σ over the two needs of weight · responsibility of j in d · surprise of d: good where above 0, bad where below; not drawn, everybody has it in part",
        "expected' = expected + (1 − (1 − adaptation)^(1/12)) · (level − expected), from the level in the first month",
        "level: what a disaster took counts in the share disasters; the rest is judged as if it were there until it is made up for",
        "of compounds that nobody manages, the company's responsibility is the committee's",
    ],
    neutral: &[("contact", "0.0")],
    demonstration: &[],
    acts: &[Act {
        step: Step::Encounters,
        what: "is laid at the door of those whom residents hold responsible for services",
        run: Run::Community(judge),
    }],
    costs: Costs::Free("says what residents make of services"),
};

impl Local {
    /// A disaster took `lost` of each service, which nobody is held responsible for.
    pub fn excuse(&mut self, lost: [f32; DOMAINS]) {
        for d in 0..DOMAINS {
            self.excused[d] += lost[d];
            self.seen[d] -= lost[d];
        }
    }

    /// The level of service `d` by which it is judged, where it stands at `level`: with what a disaster took,
    /// as far as it is not made up for since.
    fn judged(&mut self, d: usize, level: f32) -> f32 {
        let repaired = (level - self.seen[d]).clamp(0.0, self.excused[d]);
        self.excused[d] -= repaired;
        self.seen[d] = level;
        level + self.excused[d]
    }
}

impl Settings {
    /// Shares of responsibility, by domain.
    fn of_domains(&self) -> [&[f64; 6]; DOMAINS] {
        [
            &self.safety,
            &self.family,
            &self.civil_affairs,
            &self.disability,
            &self.labour,
            &self.health,
            &self.education,
            &self.culture,
            &self.environment,
            &self.sport,
        ]
    }

    /// How far a service at `level` surprises those who expect `expected`, in [−1, 1].
    fn surprise(&self, level: f32, expected: f32) -> f64 {
        2.0 * normal_share((level - expected) as f64 / self.noise) - 1.0
    }

    /// Share of the distance to the level that expectations close in a month.
    fn step(&self) -> f32 {
        (1.0 - libm::pow(1.0 - self.adaptation, 1.0 / 12.0)) as f32
    }
}

fn judge(state: &mut CommunityState, _: &CityState, now: &StepContext) {
    let responsibility = &now.rules.institutions.responsibility;
    if responsibility.contact == 0.0 {
        state.local.responsibility = Local::default();
        return;
    }
    let compounds = &state.local.property.compounds;
    let managed = compounds.iter().filter(|c| c.managed).count() as f64 / compounds.len().max(1) as f64;
    let (step, shares) = (responsibility.step(), responsibility.of_domains());
    let local = &mut state.local.responsibility;
    if local.expected.is_none() {
        local.seen = state.signals.services;
    }
    let levels: [f32; DOMAINS] = std::array::from_fn(|d| local.judged(d, state.signals.services[d]));
    let expected = local.expected.get_or_insert(levels);
    for d in 0..DOMAINS {
        let moved = responsibility.contact * responsibility.surprise(levels[d], expected[d]);
        for (target, share) in TRUSTED.into_iter().zip(with_company(shares[d], managed)) {
            state.signals.surprises[target as usize][d] = (moved * share) as f32;
        }
        expected[d] += step * (levels[d] - expected[d]);
    }
}

/// Shares of responsibility where a share `managed` of compounds has somebody who manages them: elsewhere
/// the committee stands in.
fn with_company(shares: &[f64; 6], managed: f64) -> [f64; TRUSTED.len()] {
    let [committee, organisations, property, local, centre, _] = *shares;
    [committee + property * (1.0 - managed), organisations, property * managed, local, centre]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::params::Settings as _;

    #[test]
    fn what_was_expected_surprises_nobody_and_better_and_worse_surprise_alike() {
        let usual = Settings::standard();
        assert_eq!(usual.surprise(0.7, 0.7), 0.0);
        // One unit of noise: 2 · Φ(1) − 1 = .6827.
        assert!((usual.surprise(0.6, 0.5) - 0.6827).abs() < 1e-4);
        assert!((usual.surprise(0.6, 0.5) + usual.surprise(0.5, 0.6)).abs() < 1e-6);
        assert!(usual.surprise(1.0, 0.0) <= 1.0 && usual.surprise(0.0, 1.0) >= -1.0);
    }

    #[test]
    fn expectations_close_the_share_of_a_year_in_twelve_months() {
        let usual = Settings::standard();
        let left = (0..12).fold(1.0, |left, _| left * (1.0 - usual.step() as f64));
        assert!((1.0 - left - usual.adaptation).abs() < 1e-6);
        // After four years 35 % is left, as the source has it.
        let left = (0..48).fold(1.0, |left, _| left * (1.0 - usual.step() as f64));
        assert!((left - 0.35).abs() < 0.005, "{left}");
    }

    #[test]
    fn what_a_disaster_took_says_nothing_nor_does_its_repair_but_what_goes_beyond_does() {
        let mut local = Local { seen: [0.7; DOMAINS], ..Local::default() };
        local.excuse([0.2; DOMAINS]);
        for level in [0.5, 0.55, 0.65, 0.7] {
            assert!((local.judged(0, level) - 0.7).abs() < 1e-6, "{level}");
        }
        assert!((local.judged(0, 0.8) - 0.8).abs() < 1e-6);
        // What wears out further is no longer the disaster's doing.
        assert!((local.judged(1, 0.4) - 0.6).abs() < 1e-6);
    }

    #[test]
    fn every_domain_is_somebodys_and_the_shares_are_whole() {
        for shares in Settings::standard().of_domains() {
            assert!((shares.iter().sum::<f64>() - 1.0).abs() < 1e-12, "{shares:?}");
        }
        assert_eq!(TRUSTED.len() + 1, WHOM.len());
        let half = with_company(&Settings::standard().environment, 0.5);
        assert!((half[0] - 0.375).abs() < 1e-12 && (half[2] - 0.125).abs() < 1e-12, "{half:?}");
    }
}
