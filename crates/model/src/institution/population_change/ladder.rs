//! Milbrath's ladder of political participation, as a process of its own.
//!
//! Implements no row of the map: it stands beside the model so that what was published of the nearest
//! earlier simulator can be reproduced in a scenario file. Off unless asked for; a month then stands for
//! one of its weeks. Residents are the model's own: whoever is new in the community begins anew.
//!
//! Sources: Milbrath, L. W. (1965). Political Participation. Rand McNally. Ruedin, D. (2007). Testing
//! Milbrath's 1965 framework of political participation. Contemporary Issues and Ideas in Social Sciences
//! 3(3), as specified in the program that goes with it.

use serde::{Deserialize, Serialize};

use crate::base::params::{self, settings, text};
use crate::base::rng::{CounterRng, Stream, unit};
use crate::institution::cost::Costs;
use crate::institution::{Act, CityState, CommunityState, Family, Institution, Run, Step, StepContext};

const POINTS: [params::Text; 5] =
    [text("1", "1"), text("2", "2"), text("3", "3"), text("4", "4"), text("5", "5")];

/// Settings of `[ladder]`.
#[settings]
pub struct Settings {
    /// Whether residents climb Milbrath's ladder besides, for comparison with what is published of it;
    /// nothing else depends on it.
    #[param(flag = false, zh = "是否另行模拟米尔布拉斯参与阶梯,以便与已发表结果比较;不影响模型其他部分。")]
    pub enabled: bool,
    /// Chance that all residents who are involved are stirred by politics.
    #[param(
        share = 0.125,
        unit = "probability per step",
        zh = "政治刺激影响所有参与者的概率。",
        assumed = PUBLISHED
    )]
    pub stimulus: f64,
    /// Chance that a resident may talk with another.
    #[param(
        share = 0.5,
        unit = "probability per step",
        zh = "居民可能与他人交流的概率。",
        assumed = PUBLISHED
    )]
    pub interaction: f64,
    /// Chance that a resident has to begin anew, without contacts.
    #[param(
        share = 0.00384615,
        unit = "probability per step",
        zh = "居民重新开始(失去联系人)的概率。",
        assumed = PUBLISHED
    )]
    pub moving: f64,
    /// Steps after which one who is new may take part.
    #[param(count = 4, range = 0..=1200, unit = "steps", zh = "新来者可参与前的步数。", assumed = PUBLISHED)]
    pub settled: u16,
    /// Bias of what stirs residents to be active: above 0.5 upwards.
    #[param(share = 0.4, zh = "刺激对积极性的偏向(高于0.5为上升)。", assumed = PUBLISHED)]
    pub act_bias: f64,
    /// The same of speaking openly.
    #[param(share = 0.5, zh = "刺激对公开性的偏向。", assumed = PUBLISHED)]
    pub overt_bias: f64,
    /// The same of keeping at it.
    #[param(share = 0.5, zh = "刺激对持续性的偏向。", assumed = PUBLISHED)]
    pub continuing_bias: f64,
    /// The same of expressing oneself.
    #[param(share = 0.5, zh = "刺激对表达性的偏向。", assumed = PUBLISHED)]
    pub expressive_bias: f64,
    /// The same of asking for things.
    #[param(share = 0.5, zh = "刺激对索取性的偏向。", assumed = PUBLISHED)]
    pub taking_bias: f64,
    /// Shares of residents by each of eight traits, from 1 to 5.
    #[param(
        shares = [0.06, 0.25, 0.38, 0.25, 0.06],
        parts = POINTS,
        zh = "八项特质在1至5分上的居民比例。",
        assumed = PUBLISHED
    )]
    pub traits: Vec<f64>,
}

/// Where defaults of several settings come from.
pub const PUBLISHED: &str = "preset \"normal\" of the published program (Ruedin 2007)";

/// Traits, from 1 to 5 at the start and from 0 to 5 later.
const TRAITS: usize = 8;
const ACTIVE: usize = 0;
const OVERT: usize = 1;
const AUTONOMOUS: usize = 2;
const APPROACHING: usize = 3;
const CONTINUOUS: usize = 4;
const TAKING: usize = 5;
const EXPRESSIVE: usize = 6;
const SOCIAL: usize = 7;

/// One resident on the ladder.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Climber {
    traits: [f32; TRAITS],
    /// Social and economic standing, 1 to 3.
    standing: f32,
    /// Feels it a duty to vote.
    duty: bool,
    /// Steps since the resident was new, and people got to know since.
    here: u16,
    contacts: u16,
    /// Rung, 0 to 12.
    pub level: u8,
}

/// What is kept in one community.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Local {
    /// One for each resident; none if nobody climbs.
    pub climbers: Vec<Climber>,
}

/// Registration.
pub const INSTITUTION: Institution = Institution {
    name: "ladder",
    family: Family::PopulationChange,
    summary: text(
        "Milbrath's ladder, for comparison with published simulations.",
        "米尔布拉斯参与阶梯(用于与已发表模拟比较)。",
    ),
    rows: &[],
    equations: &[
        "stirred, a trait moves by 3 · (bias − coin) / (autonomous + continuous)",
        "one on rung 3 or above talks if social + rung / 3 + 1 + active + U(0, 2.5) > 10, and is heard by one with social + active + approaching + U(0, 2.5) > 10 who is involved: the less approaching approaches more, the lower on the ladder is more active and more overt",
        "a resident climbs rung by rung while the traits allow; C = 2.5 · contacts / steps and S = 5/3 · standing help on some rungs",
    ],
    neutral: &[("enabled", "false")],
    demonstration: &[("enabled", "true")],
    acts: &[Act {
        step: Step::Adaptation,
        what: "lets residents climb, where it is asked for",
        run: Run::Community(climb),
    }],
    costs: Costs::Free("a process beside the model"),
};

const WHO: Stream = Stream::named("who climbs the ladder");
const STIMULUS: Stream = Stream::named("stimulus on the ladder");
const STEP: Stream = Stream::named("step on the ladder");

fn climb(state: &mut CommunityState, _: &CityState, now: &StepContext) {
    let ladder = &now.rules.institutions.ladder;
    let rng = now.rng.of(state.community.id);
    if !ladder.enabled {
        state.local.ladder.climbers.clear();
        return;
    }
    let months_here = &state.community.residents.months_here;
    let climbers = &mut state.local.ladder.climbers;
    let began = climbers.is_empty();
    climbers.resize_with(months_here.len(), Climber::default);
    for (i, (climber, &months)) in climbers.iter_mut().zip(months_here).enumerate() {
        if began || months == 0 {
            *climber = Climber::new(ladder, rng, i as u32, now.month);
        }
    }
    if rng.uniform(STIMULUS, 0, now.month, 0) < ladder.stimulus {
        for (i, climber) in climbers.iter_mut().enumerate().filter(|(_, climber)| climber.level > 0) {
            climber.is_stirred(ladder, rng.block(STIMULUS, i as u32, now.month, 1)[0]);
        }
    }
    for i in 0..climbers.len() {
        let draws = rng.block(STEP, i as u32, now.month, 0).map(unit);
        if draws[0] < ladder.interaction as f32 {
            talk(climbers, i, draws[1], rng, now.month);
        }
        if draws[2] < ladder.moving as f32 {
            (climbers[i].here, climbers[i].contacts) = (0, 0);
        }
        climbers[i].settle(ladder, draws[3] < EXPOSED, now.month + 1);
    }
}

/// Chance that one who is not yet involved hears of politics (as published).
const EXPOSED: f32 = 0.1;
/// Share of residents who feel it a duty to vote (as published).
const DUTIFUL: f32 = 0.2;

/// One who is involved talks with anybody, if both are of the kind that does.
fn talk(climbers: &mut [Climber], i: usize, eagerness: f32, rng: CounterRng, month: u32) {
    let speaker = &climbers[i];
    let rung = speaker.level as f32;
    let [active, social] = [ACTIVE, SOCIAL].map(|trait_| speaker.traits[trait_]);
    if rung < 3.0 || social + rung / 3.0 + 1.0 + active + 2.5 * eagerness <= 10.0 {
        return;
    }
    let who = rng.below(Stream::named("partner on the ladder"), i as u32, month, 0, climbers.len() as u32);
    let partner = &climbers[who as usize];
    let words = rng.block(STEP, i as u32, month, 1);
    let open: f32 = [SOCIAL, ACTIVE, APPROACHING].iter().map(|&trait_| partner.traits[trait_]).sum();
    if partner.level == 0 || open + 2.5 * unit(words[0]) <= 10.0 {
        return;
    }
    let cynical = rng.block(STEP, i as u32, month, 2).map(unit);
    let [own, other] = [speaker.impressed(words[1], cynical[0]), partner.impressed(words[2], cynical[1])];
    let approaches_more = speaker.traits[APPROACHING] > partner.traits[APPROACHING];
    let higher = speaker.level.cmp(&partner.level);
    let [speaker, partner] = [i, who as usize];
    let mut move_trait = |who: usize, trait_: usize, by: f32| climbers[who].traits[trait_] += by;
    match approaches_more {
        true => move_trait(partner, APPROACHING, other),
        false => move_trait(speaker, APPROACHING, own),
    }
    let lower = match higher {
        std::cmp::Ordering::Greater => Some((partner, other)),
        std::cmp::Ordering::Less => Some((speaker, own)),
        std::cmp::Ordering::Equal => None,
    };
    if let Some((who, by)) = lower {
        move_trait(who, ACTIVE, by);
        move_trait(who, OVERT, by);
    }
    for who in [speaker, partner] {
        climbers[who].contacts = climbers[who].contacts.saturating_add(1);
    }
}

impl Climber {
    fn new(ladder: &Settings, rng: CounterRng, i: u32, month: u32) -> Climber {
        let words: Vec<f32> = (0..3).flat_map(|k| rng.block(WHO, i, month, k)).map(unit).collect();
        let point = |draw: f32| {
            let mut left = draw as f64;
            let below = |share: &&f64| {
                left -= **share;
                left >= 0.0
            };
            (1 + ladder.traits.iter().take(4).take_while(below).count()) as f32
        };
        Climber {
            traits: std::array::from_fn(|t| point(words[t])),
            standing: 1.0 + (3.0 * words[TRAITS]).floor().min(2.0),
            duty: words[TRAITS + 1] < DUTIFUL,
            ..Climber::default()
        }
    }

    /// How easily traits move.
    fn pliancy(&self) -> f32 {
        1.0 / (self.traits[AUTONOMOUS] + self.traits[CONTINUOUS]).max(0.1)
    }

    fn is_stirred(&mut self, ladder: &Settings, coins: u32) {
        let biases = [
            (ACTIVE, ladder.act_bias),
            (OVERT, ladder.overt_bias),
            (CONTINUOUS, ladder.continuing_bias),
            (EXPRESSIVE, ladder.expressive_bias),
            (TAKING, ladder.taking_bias),
        ];
        for (k, (trait_, bias)) in biases.into_iter().enumerate() {
            let coin = (coins >> k & 1) as f32;
            self.traits[trait_] += 3.0 * (bias as f32 - coin) * self.pliancy();
        }
    }

    /// How much one talk moves a trait: by the toss of a coin, and hardly if the resident is cynical,
    /// which is rarer the better the standing.
    fn impressed(&self, word: u32, cynical: f32) -> f32 {
        let coin = (word & 1) as f32;
        let faith = if cynical < 1.0 / (20.0 * self.standing) { 0.1 } else { 1.0 };
        coin * faith * self.pliancy()
    }

    /// The rung on which the resident stands at the end of a step; `steps` were made in all.
    fn settle(&mut self, ladder: &Settings, exposed: bool, steps: u32) {
        self.traits.iter_mut().for_each(|t| *t = t.clamp(0.0, 5.0));
        self.level = match self.here >= ladder.settled {
            true => self.rung(exposed, 2.5 * self.contacts as f32 / steps as f32),
            false => 0,
        };
        self.here = self.here.saturating_add(1);
    }

    /// The highest rung that is reached without a gap; duty alone leads to the second.
    fn rung(&self, exposed: bool, contacts: f32) -> u8 {
        let [active, overt, autonomous, approaching, continuous, taking, expressive, social] = self.traits;
        let standing = 5.0 / 3.0 * self.standing;
        let rungs = [
            active + approaching - standing > 3.0,
            active + overt + approaching + social + contacts > 15.0,
            overt + expressive > 6.0,
            overt + autonomous + approaching + taking > 12.0,
            active + approaching - taking + expressive - social > 3.0,
            overt + social + contacts > 9.0,
            active + overt + approaching + taking + expressive + standing > 18.0,
            continuous + expressive + standing > 9.0,
            active + overt + continuous + standing > 12.0,
            active + overt + approaching + continuous + contacts + standing > 18.0,
            active + overt + autonomous + approaching + continuous - taking + contacts + standing > 18.0,
        ];
        let reached = rungs.into_iter().take_while(|&holds| holds).count() as u8;
        match reached {
            0 if self.duty => 2,
            0 => exposed as u8,
            _ => reached + 1,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(traits: [f32; TRAITS], standing: f32, duty: bool) -> Climber {
        Climber { traits, standing, duty, ..Climber::default() }
    }

    #[test]
    fn the_ladder_is_climbed_without_a_gap() {
        let modest = one([3.0; TRAITS], 3.0, false);
        assert_eq!((modest.rung(false, 0.0), modest.rung(true, 0.0)), (0, 1));
        assert_eq!(one([3.0; TRAITS], 3.0, true).rung(false, 0.0), 2);
        // Votes (6 − 5/3 > 3), but four traits of 3 are not above 15 without contacts.
        let voter = one([3.0; TRAITS], 1.0, false);
        assert_eq!((voter.rung(false, 0.0), voter.rung(false, 3.1)), (2, 3));
        // All traits at the top: no rung asks for more, though taking and sociability weigh against donors.
        assert_eq!(one([5.0; TRAITS], 3.0, false).rung(false, 0.0), 12);
    }

    #[test]
    fn a_stir_moves_traits_by_the_coin_and_the_bias() {
        let ladder: Settings = params::Settings::standard();
        let mut climber = one([3.0; TRAITS], 2.0, false);
        climber.is_stirred(&ladder, 0b00001);
        // Down by 3 · (0.4 − 1) / 6, up by 3 · 0.5 / 6.
        assert!((climber.traits[ACTIVE] - 2.7).abs() < 1e-6 && (climber.traits[OVERT] - 3.25).abs() < 1e-6);
        assert_eq!(climber.traits[SOCIAL], 3.0);
    }
}
