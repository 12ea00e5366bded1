//! A pollster (问卷调查): asks some residents, of whom some answer, and some of them not truly.
//!
//! Rows 129 and 177. It measures the model as the surveys of the source text measured Chengdu, and changes
//! nothing.

use serde::{Deserialize, Serialize};

use crate::base::math::normal_quantile;
use crate::base::params::{settings, text};
use crate::base::rng::Stream;
use crate::city::survey_items::ITEMS;
use crate::city::{Mode, Target};
use crate::institution::cost::{Charge, Cost, Costs, Payer};
use crate::institution::{Act, CityState, CommunityState, Family, Institution, Run, Step, StepContext};

/// Settings of `[survey]`.
#[settings(citywide)]
pub struct Settings {
    /// Residents of each community who are asked in a wave, by lot; 0 = no survey.
    #[param(
        count = 0,
        range = 0..=1_000_000,
        unit = "residents per community",
        zh = "每轮在各社区随机抽取的居民数;0 表示不调查。",
        choice
    )]
    pub sample: u32,
    /// Months between waves.
    #[param(count = 12, range = 1..=1200, unit = "months", zh = "两轮调查之间的月数。", choice)]
    pub every: u32,
    /// Share of residents of middling interest who answer.
    #[param(
        share = 0.6,
        zh = "兴趣居中的居民应答比例。",
        assumed = "between a mailed and a door-to-door survey",
        // .83 at the door, less by post or without the street: .60 to .85.
        prior = beta(14.0, 5.0)
    )]
    pub response: f64,
    /// How much likelier those of full interest answer than those of none, in the chance to answer.
    #[param(
        real = 0.4,
        range = 0.0..=1.0,
        unit = "share",
        zh = "兴趣最高与最低居民应答概率之差。",
        assumed = "those who care answer; no measurement"
    )]
    pub selectivity: f64,
    /// Share of answers on feelings that are given as they are expected: satisfied, and trusting.
    #[param(
        share = 0.161,
        zh = "关于感受的问题中按社会期望作答的比例。",
        fitted = "posterior median of the calibrated baseline; before, .25: list experiments in China: about 25 points more say that they support government than do (Robinson and Tannenberg 2019; Carter, Carter and Schick 2024)",
        // .15 to .35, and other items differ.
        prior = beta(5.0, 15.0)
    )]
    pub desirability: f64,
    /// Share of answers on deeds that are given as they are expected: as somebody who took part.
    #[param(
        share = 0.1,
        zh = "关于行为的问题中按社会期望作答的比例。",
        assumed = "less than for feelings; official 90 % against 47.89 % self-reported voting shows the order, not the size"
    )]
    pub desirability_deeds: f64,
    /// Standard deviation of the slip between what people feel and what they answer, on a scale from 0 to 1.
    #[param(
        real = 0.1,
        range = 0.0..=0.5,
        unit = "share",
        zh = "感受与回答之间误差的标准差(感受取值0至1)。",
        assumed = "a part of the .22 by which answers on trust differ between people (Asian Barometer, China 2011 and 2014–16)"
    )]
    pub noise: f64,
}

/// What is kept for the whole city.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Citywide {
    /// What the wave of this month found; none in months without one, or if nobody answered.
    pub wave: Option<Wave>,
}

/// What a wave found. Answers of each community weigh as its adults do.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Wave {
    /// Share of those asked who answered.
    pub response: f64,
    /// Share who say that they took part in some civic mode this month.
    pub participation: f64,
    /// Standard error of that share, as a pollster gives it: that of a simple random sample.
    pub error: f64,
    /// Mean satisfaction told.
    pub satisfaction: f64,
    /// Mean trust in local government told.
    pub trust: f64,
    /// Share who say yes to each question, in the order of [`ITEMS`].
    pub items: [f64; ITEMS.len()],
}

/// Registration.
pub const INSTITUTION: Institution = Institution {
    name: "survey",
    family: Family::OutreachAndPlatforms,
    summary: text("A pollster who measures the city from a sample.", "抽样问卷调查。"),
    rows: &[129, 177],
    equations: &[
        "drawn by lot with replacement, sample of each community; answers with chance response + selectivity · (interest − 0.5)",
        "told = as expected with chance desirability (of deeds desirability_deeds), else true",
        "yes to a feeling if feeling + noise · N(0, 1) is above the middle of the scale",
        "mean = Σ w · told / Σ w, w = adults of the community;  error of a share p of n answers = √(p · (1 − p) / n)",
    ],
    neutral: &[("sample", "0")],
    demonstration: &[("sample", "40"), ("every", "6")],
    acts: &[Act { step: Step::Adaptation, what: "asks a sample of residents", run: Run::City(ask) }],
    costs: Costs::Charged {
        label: text("surveys", "问卷调查支出"),
        charges: &[Charge { what: "interviews of those who are drawn", of: drawn_cost }],
    },
};

fn drawn_cost(state: &CommunityState, _: &CityState, now: &StepContext) -> Cost {
    let survey = &now.rules.institutions.survey;
    let drawn = if is_due(survey, now) { survey.sample.min(state.community.adults() as u32) } else { 0 };
    Cost::yuan(Payer::Budget, drawn as f64 * now.rules.costs.interview)
}

const WHO: Stream = Stream::named("survey");
const SLIP: Stream = Stream::named("survey.slip");

fn ask(communities: &mut [CommunityState], city: &mut CityState, now: &StepContext) {
    let survey = &now.rules.institutions.survey;
    city.survey.wave = if is_due(survey, now) { wave(communities, survey, now) } else { None };
}

/// True in the months of a survey.
fn is_due(survey: &Settings, now: &StepContext) -> bool {
    survey.sample > 0 && now.recurs(survey.every - 1, survey.every)
}

/// What else is asked, beside the yes-or-no questions: participation this month, satisfaction, trust.
const OTHERS: usize = 3;

/// Answers so far: how many were asked and answered, the weight of those who did, and weighted sums.
#[derive(Default)]
struct Answers {
    asked: u32,
    answered: u32,
    weight: f64,
    told: [f64; OTHERS],
    items: [f64; ITEMS.len()],
}

fn wave(communities: &[CommunityState], survey: &Settings, now: &StepContext) -> Option<Wave> {
    let mut answers = Answers::default();
    communities.iter().for_each(|state| answers.collect(state, survey, now));
    let [participation, satisfaction, trust] = answers.told.map(|sum| sum / answers.weight);
    let n = answers.answered as f64;
    (answers.weight > 0.0).then(|| Wave {
        response: n / answers.asked as f64,
        participation,
        error: (participation * (1.0 - participation) / n).sqrt(),
        satisfaction,
        trust,
        items: answers.items.map(|sum| sum / answers.weight),
    })
}

impl Answers {
    fn collect(&mut self, state: &CommunityState, survey: &Settings, now: &StepContext) {
        let rng = now.rng.of(state.community.id);
        let residents = &state.community.residents;
        let adults = residents.len() as u32;
        for k in 0..survey.sample.min(adults) {
            let i = rng.below(WHO, k, now.month, 0, adults) as usize;
            self.asked += 1;
            let chance = survey.response + survey.selectivity * (residents.interest[i] as f64 - 0.5);
            if rng.uniform(WHO, k, now.month, 1) >= chance {
                continue;
            }
            self.answered += 1;
            let weight = adults as f64;
            self.weight += weight;
            let expected = |question: usize, is_felt: bool| {
                let chance = if is_felt { survey.desirability } else { survey.desirability_deeds };
                rng.uniform(WHO, k, now.month, 2 + question as u32) < chance
            };
            let truth = [
                ((residents.acts[i] & Mode::CIVIC != 0) as u8 as f64, false),
                (residents.satisfaction[i] as f64, true),
                (residents.trust[Target::LocalGovernment as usize][i] as f64, true),
            ];
            for (question, (sum, (truth, is_felt))) in self.told.iter_mut().zip(truth).enumerate() {
                *sum += weight * if expected(question, is_felt) { 1.0 } else { truth };
            }
            for (question, (sum, item)) in self.items.iter_mut().zip(&ITEMS).enumerate() {
                let column = (item.truth)(residents);
                let slip = survey.noise * normal_quantile(rng.uniform(SLIP, k, now.month, question as u32));
                let yes = match expected(OTHERS + question, column.is_felt()) {
                    true => item.is_yes_expected as u8 as f64,
                    false => column.answer(i, slip),
                };
                *sum += weight * yes;
            }
        }
    }
}
