//! Waste sorting: what residents do with their bags, and the group of volunteers that looks after it
//! (垃圾分类自治管理小组).
//!
//! Rows 31, 84–86, 147 and 148. Telling, deciding and watching are apart. Whether a resident sorts of their own
//! will is decided as any other mode is, by the theory in force. Where someone stands at the bins, nearly all
//! do, and do it right. To be told how only makes those who sort anyhow do it better. Bags sorted, by will or
//! under eyes, make a habit, and the habit is what remains of watching when it ends. A resident who sorts most
//! bags right counts as one who sorts. The group has as many members as volunteer, up to its size; their hours
//! go to the bins (supervision) and from door to door (publicity). To begin and to end any of it, date it with
//! `[[change]]`.

use multiversion::multiversion;
use serde::{Deserialize, Serialize};

use crate::base::params::{settings, text};
use crate::base::units::MINUTES;
use crate::city::Mode;
use crate::institution::cost::{Charge, Cost, Costs, Payer};
use crate::institution::diffusion::Practice;
use crate::institution::opportunities::{either, suits};
use crate::institution::{Act, CityState, CommunityState, Family, Institution, Run, Step, StepContext};

/// Settings of `[waste]`.
#[settings]
pub struct Settings {
    /// Share of drop-offs at which someone stands at the bins.
    #[param(share = 0.0, zh = "有人值守监督的投放比例。", choice)]
    pub supervision: f64,
    /// Share of bags that are sorted right where someone stands at the bins.
    #[param(
        share = 0.95,
        zh = "有人值守时正确分类的垃圾袋比例。",
        measured = "95 % purity with personal interaction (36,000 households, Shanghai; Dai et al. 2016); 90 %, later 95 %, of residential areas complied under supervision (Shanghai 2019–24)",
        // Both figures are targets, and must not count twice.
        prior = beta(9.0, 1.0),
        demonstration = [".supervision=0.5"]
    )]
    pub compliance: f64,
    /// Share of bags sorted right by those who sort of their own will and were not told how.
    #[param(
        share = 0.85,
        zh = "自愿分类但未受指导者的正确率。",
        assumed = "so that telling everybody adds at most what Dai et al. 2016 could have noticed: a tenth of the bags of the 15 % who sort"
    )]
    pub untaught: f64,
    /// The same of those who were told how.
    #[param(share = 0.95, zh = "自愿分类且受过指导者的正确率。", assumed = "as under eyes")]
    pub taught: f64,
    /// Share of the way that residents go in a month from what they did with their bags to what they mean to do.
    #[param(
        share = 0.6,
        unit = "share per month",
        zh = "居民每月由原有做法转向现有做法的程度。",
        derived = "from 15 to 90 % within half a year under supervision (Shanghai 2019): 90 % in the third month"
    )]
    pub learning: f64,
    /// Step towards a full habit in a month in which all bags are sorted.
    #[param(
        share = 0.3,
        unit = "share per month",
        zh = "全部分类投放的一个月使习惯形成的步长。",
        derived = "a daily act became automatic in 66 days for half of people, in 18 to 254 for nearly all (Lally et al. 2010): .3 to 1 a month; sorting is many acts"
    )]
    pub habit_gain: f64,
    /// Share of the habit lost in a month in which none is.
    #[param(
        share = 0.1,
        unit = "share per month",
        zh = "完全不分类的一个月使习惯消退的比例。",
        assumed = "half is left after seven months; a third of the gain, as for other modes"
    )]
    pub habit_loss: f64,
    /// Share of bags that one with a full habit sorts without meaning to.
    #[param(
        share = 0.8,
        zh = "习惯完全形成者无需刻意即分类投放的比例。",
        assumed = "what is automatic goes on in most cases once nobody stands there; no panel after supervision was found"
    )]
    pub automatic: f64,
    /// Strength of the habit up to which nothing is automatic.
    #[param(
        share = 0.5,
        zh = "习惯强度低于此值时无自动行为。",
        assumed = "half; those who sort now and then do so because they mean to"
    )]
    pub habit_threshold: f64,
    /// Share of residents who know that there are bins to sort into.
    #[param(
        share = 1.0,
        zh = "知道有分类投放设施的居民比例。",
        assumed = "the bins stand where everybody passes"
    )]
    pub bins_known: f64,
    /// Most members of the self-management group, who are volunteers; 0 = no group.
    #[param(
        count = 0,
        range = 0..=1_000,
        unit = "members",
        zh = "自治管理小组的成员上限(由居民自愿报名);0 表示没有小组。",
        choice
    )]
    pub group_size: u32,
    /// Hours that a member gives.
    #[param(
        real = 20.0,
        range = 0.0..=200.0,
        unit = "hours per member and month",
        zh = "每名成员每月投入的小时数。",
        assumed = "an hour on most days; no count was found"
    )]
    pub member_hours: f64,
    /// Share of the group's hours at the bins.
    #[param(
        share = 0.7,
        zh = "小组用于桶边监督的工时比例。",
        assumed = "the source text names both tasks without their shares; with publicity above 1 together, both are cut in proportion"
    )]
    pub group_supervision: f64,
    /// Share of the group's hours from door to door.
    #[param(share = 0.3, zh = "小组用于入户宣传的工时比例。", assumed = "as above")]
    pub publicity: f64,
    /// Households that share a drop-off point.
    #[param(
        count = 300,
        range = 1..=10_000,
        unit = "households",
        zh = "每个投放点服务的户数。",
        assumed = "points merged to one for 300 to 500 households are usual; Chengdu planned 10,000 points for 2022"
    )]
    pub households_per_point: u32,
    /// Hours in a month that a point is open.
    #[param(
        real = 120.0,
        range = 1.0..=744.0,
        unit = "hours per point and month",
        zh = "投放点每月开放的小时数。",
        assumed = "two hours each morning and evening"
    )]
    pub watch_hours: f64,
    /// Time for one household from door to door.
    #[param(
        real = 15.0,
        range = 1.0..=600.0,
        unit = "minutes",
        zh = "入户宣传一户所需的时间。",
        assumed = "with the stairs"
    )]
    pub visit_minutes: f64,
    /// Share of households in the WeChat group on sorting.
    #[param(share = 0.0, zh = "加入垃圾分类微信群的家庭比例。", choice)]
    pub wechat_group: f64,
    /// Share of those told who then know how to sort.
    #[param(share = 0.5, zh = "被告知后掌握分类知识的比例。", assumed = "no measurement")]
    pub teaching: f64,
    /// Share of knowledge lost in a month.
    #[param(
        share = 0.05,
        unit = "share per month",
        zh = "每月遗忘的知识比例。",
        derived = "decay of .95 a month in the proposed core model"
    )]
    pub forgetting: f64,
    /// How far a durable arrangement (covenant, records, spot checks) slows the loss of habits.
    #[param(share = 0.0, zh = "长效机制(公约、台账、抽查)减缓习惯消退的程度。", choice)]
    pub maintenance: f64,
    /// Members of the group who make up one occasion to volunteer.
    #[param(
        real = 10.0,
        range = 1.0..=1_000.0,
        unit = "members",
        zh = "构成一次志愿服务机会的成员数。",
        assumed = "a usual shift of volunteers",
        demonstration = [".group_size=20"]
    )]
    pub shift: f64,
}

/// What is kept in one community.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Local {
    /// Members of the group this month.
    pub members: f32,
    /// Share of drop-offs at which someone stood this month.
    pub watched: f32,
    /// Share of residents who know how to sort beyond what everybody knows.
    pub knowledge: f32,
}

/// Registration.
pub const INSTITUTION: Institution = Institution {
    name: "waste",
    family: Family::PublicServices,
    summary: text(
        "How accurately residents sort their waste, and the group that looks after it.",
        "居民垃圾分类的准确率与自治管理小组。",
    ),
    rows: &[31, 84, 85, 86, 147, 148],
    equations: &[
        "accuracy' = accuracy + learning · (watched · compliance + (1 − watched) · unwatched · (untaught + (taught − untaught) · K) − accuracy), with watched no more than the share with bins at hand",
        "unwatched = own + (1 − own) · automatic · max(0, H − habit_threshold) / (1 − habit_threshold), with own = 1 for those who decided to sort, else 0",
        "those with accuracy above ½ sort most bags right, and count as having sorted",
        "H' = H + habit_gain · sorted · (1 − H) − habit_loss · (1 − maintenance) · (1 − sorted) · H;  sorted = watched · compliance + (1 − watched) · own",
        "watched = supervision or, independently, min(1, members · member_hours · group_supervision / (watch_hours · points)); members = the least of group_size and the volunteers",
        "K' = K + teaching · told · (1 − K) − forgetting · K; told = households visited, or in the WeChat group and reached by it",
        "bins_known know of the bins, whatever else they are told",
    ],
    neutral: &[("learning", "0.0"), ("group_size", "0"), ("wechat_group", "0.0")],
    demonstration: &[
        ("supervision", "0.3"),
        ("group_size", "3"),
        ("wechat_group", "0.5"),
        ("maintenance", "0.3"),
    ],
    acts: &[
        Act {
            step: Step::Opportunities,
            what: "calls for volunteers, and shows the bins",
            run: Run::Community(call),
        },
        Act {
            step: Step::Encounters,
            what: "tells, watches, and sees what residents do with their bags",
            run: Run::Community(sort),
        },
    ],
    costs: Costs::Charged {
        label: text("supervision of waste sorting", "垃圾分类值守支出"),
        charges: &[Charge {
            what: "hours of those paid to stand at the bins, and the WeChat group; members of the group volunteer",
            of: bins_cost,
        }],
    },
};

fn bins_cost(state: &CommunityState, _: &CityState, now: &StepContext) -> Cost {
    let (w, prices) = (&now.rules.institutions.waste, &now.rules.costs);
    if w.learning == 0.0 || state.signals.open[Mode::Sorting as usize] == 0.0 {
        return Cost::default();
    }
    let hours = w.supervision * w.watch_hours * points(state, w) as f64;
    let in_use = Practice::WasteGroup.is_in_use(state) as u8 as f64;
    let groups = in_use * w.wechat_group * state.community.groups() as f64;
    Cost::staff(hours, prices.watch_hour).and(Cost::yuan(Payer::Budget, groups * prices.group))
}

/// Households told in a month by members, as a share of all.
fn visited(state: &CommunityState, waste: &Settings) -> f32 {
    let hours = state.local.waste.members as f64 * waste.member_hours * share(waste.publicity, waste);
    let households = state.community.households.len().max(1) as f64;
    (hours * MINUTES / waste.visit_minutes / households).min(1.0) as f32
}

/// A share of the group's hours; both uses together take at most all.
fn share(of: f64, waste: &Settings) -> f64 {
    of / (waste.group_supervision + waste.publicity).max(1.0)
}

fn call(state: &mut CommunityState, _: &CityState, now: &StepContext) {
    let rules = &now.rules.institutions;
    let waste = &rules.waste;
    if waste.learning > 0.0 {
        let known = &mut state.signals.announced[Mode::Sorting as usize];
        *known = either(*known, waste.bins_known as f32);
    }
    if waste.group_size > 0 && Practice::WasteGroup.is_in_use(state) {
        let signals = &mut state.signals;
        let chance = suits(rules.opportunities.fit, waste.group_size as f64 / waste.shift);
        let volunteer = Mode::Volunteer as usize;
        signals.open[volunteer] = either(signals.open[volunteer], chance);
        signals.stake[volunteer] =
            signals.stake[volunteer].max(rules.opportunities.stake_volunteering as f32);
    }
}

fn sort(state: &mut CommunityState, _: &CityState, now: &StepContext) {
    let rules = &now.rules.institutions;
    let w = &rules.waste;
    let open = state.signals.open[Mode::Sorting as usize];
    if w.learning == 0.0 || open == 0.0 {
        return;
    }
    let in_use = Practice::WasteGroup.is_in_use(state);
    let wechat = if in_use { w.wechat_group } else { 0.0 };
    // Those told were visited by last month's members.
    let told = either(visited(state, w), (wechat * rules.outreach.wechat_group_reach) as f32);
    meet_at_the_bins(state, w, in_use);
    let local = &mut state.local.waste;
    local.knowledge +=
        w.teaching as f32 * told * (1.0 - local.knowledge) - w.forgetting as f32 * local.knowledge;
    let bags = Bags {
        watched: local.watched * open,
        compliance: w.compliance as f32,
        right: (w.untaught + (w.taught - w.untaught) * local.knowledge as f64) as f32,
        learning: w.learning as f32,
        automatic: w.automatic as f32,
        threshold: w.habit_threshold as f32,
        gain: w.habit_gain as f32,
        loss: (w.habit_loss * (1.0 - w.maintenance)) as f32,
    };
    let residents = &mut state.community.residents;
    let habit = &mut residents.habit[Mode::Sorting as usize];
    let sorted = bags.take_out(&mut residents.accuracy, habit, &mut residents.acts);
    state.signals.took_part[Mode::Sorting as usize] = sorted;
    state.signals.bags_followed = true;
}

/// What decides about a month's bags in one community.
struct Bags {
    /// Share of them taken out under eyes.
    watched: f32,
    /// Share of these that are sorted right.
    compliance: f32,
    /// Share sorted right of those that somebody sorts of their own will.
    right: f32,
    /// Step from what was done with bags towards what is.
    learning: f32,
    /// Share that a full habit sorts by itself, and the strength up to which it sorts nothing.
    automatic: f32,
    threshold: f32,
    /// Steps of the habit where all are sorted, and where none is.
    gain: f32,
    loss: f32,
}

impl Bags {
    /// A month's bags of all residents, who decided to sort or not; says how many sorted most of theirs right.
    fn take_out(&self, accuracy: &mut [f32], habit: &mut [u16], acts: &mut [u16]) -> u32 {
        take_out(self, accuracy, habit, acts)
    }
}

#[multiversion(targets = "simd")]
fn take_out(bags: &Bags, accuracy: &mut [f32], habit: &mut [u16], acts: &mut [u16]) -> u32 {
    const FULL: f32 = 65_535.0;
    let bit = Mode::Sorting.bit();
    let (under_eyes, alone) = (bags.watched * bags.compliance, 1.0 - bags.watched);
    let floor = bags.threshold * FULL;
    // Of a habit that must be full to do anything there is none.
    let slope = if floor < FULL { bags.automatic / (FULL - floor) } else { 0.0 };
    let mut sorted_most = 0;
    for ((accuracy, habit), acts) in accuracy.iter_mut().zip(habit).zip(acts) {
        let own = (*acts & bit != 0) as u8 as f32;
        let (sorted, h) = (under_eyes + alone * own, *habit as f32);
        let unwatched = own + (1.0 - own) * slope * (h - floor).max(0.0);
        *accuracy += bags.learning * (under_eyes + alone * unwatched * bags.right - *accuracy);
        *habit = (h + bags.gain * sorted * (FULL - h) - bags.loss * (1.0 - sorted) * h + 0.5) as u16;
        let most = (*accuracy > 0.5) as u16;
        *acts = (*acts & !bit) | (most * bit);
        sorted_most += most as u32;
    }
    sorted_most
}

/// Where residents drop their bags.
fn points(state: &CommunityState, w: &Settings) -> u32 {
    (state.community.households.len() as u32).div_ceil(w.households_per_point).max(1)
}

/// Who stands at the bins: those paid for it, and members of the group.
fn meet_at_the_bins(state: &mut CommunityState, w: &Settings, in_use: bool) {
    let size = if in_use { w.group_size } else { 0 };
    let members = size.min(state.signals.took_part[Mode::Volunteer as usize]);
    let hours = members as f64 * w.member_hours * share(w.group_supervision, w);
    let by_group = (hours / (w.watch_hours * points(state, w) as f64)).min(1.0) as f32;
    let paid = w.supervision as f32;
    state.local.waste.members = members as f32;
    state.local.waste.watched = paid + (1.0 - paid) * by_group;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::params::Settings as _;

    fn bags(watched: f32) -> Bags {
        let w = Settings::standard();
        Bags {
            watched,
            compliance: w.compliance as f32,
            right: w.untaught as f32,
            learning: w.learning as f32,
            automatic: w.automatic as f32,
            threshold: w.habit_threshold as f32,
            gain: w.habit_gain as f32,
            loss: w.habit_loss as f32,
        }
    }

    #[test]
    fn full_supervision_brings_those_who_never_sorted_to_nine_tenths_in_three_months() {
        // 1 − .4³ of .95 is .89; of .95 · .5, where half of the drop-offs are watched, .44.
        for (watched, expected) in [(1.0, 0.889), (0.5, 0.4446)] {
            let (mut accuracy, mut habit) = ([0.0f32], [0u16]);
            for _ in 0..3 {
                bags(watched).take_out(&mut accuracy, &mut habit, &mut [0]);
            }
            assert!((accuracy[0] - expected).abs() < 1e-3, "{watched}: {accuracy:?}");
        }
    }

    #[test]
    fn who_sorts_most_bags_counts_whatever_they_meant_to_do() {
        let bit = Mode::Sorting.bit();
        let (mut accuracy, mut habit) = ([0.9f32, 0.0, 0.0, 0.9], [0u16; 4]);
        // One who did and wants to, two who did not, of whom one wants to, and one who no longer wants to.
        let mut acts = [bit, bit, 0, 0];
        assert_eq!(bags(0.0).take_out(&mut accuracy, &mut habit, &mut acts), 2);
        assert_eq!(acts, [bit, bit, 0, 0], "{accuracy:?}");
        assert_eq!(bags(1.0).take_out(&mut accuracy, &mut habit, &mut acts), 4);
        assert_eq!(acts, [bit; 4]);
    }

    #[test]
    fn what_remains_when_watching_ends_is_what_has_become_automatic() {
        let w = Settings::standard();
        let (mut accuracy, mut habit) = ([0.0f32], [0u16]);
        let mut after = |watched: f32, months: u32| {
            for _ in 0..months {
                bags(watched).take_out(&mut accuracy, &mut habit, &mut [0]);
            }
            accuracy[0] as f64
        };
        after(1.0, 100);
        // Nobody sorts of their own will here. The habit fades by a tenth a month; accuracy follows within weeks.
        let remains = [3, 3, 12].map(|months| after(0.0, months));
        let habit = w.habit_gain * w.compliance / (w.habit_gain * w.compliance + w.habit_loss * 0.05);
        let of = |months: f64| {
            let h = habit * libm::pow(1.0 - w.habit_loss, months);
            w.untaught * w.automatic * ((h - w.habit_threshold) / (1.0 - w.habit_threshold)).max(0.0)
        };
        assert!(remains[0] < of(1.0) && remains[0] > of(3.0), "{remains:?}");
        assert!(remains[1] < of(4.0) && remains[1] > of(6.0), "{remains:?}");
        assert!(remains[2] < 1e-3, "{remains:?}");
    }

    #[test]
    fn habits_rise_and_fade_at_rates_of_their_own() {
        let w = Settings::standard();
        let (mut habit, mut accuracy) = ([0u16], [0.0f32]);
        let mut months = |watched: f32, n: u32| {
            (0..n).for_each(|_| {
                bags(watched).take_out(&mut accuracy, &mut habit, &mut [0]);
            });
            habit[0] as f64 / 65_535.0
        };
        // Under full supervision a share c of bags is sorted: H approaches g·c / (g·c + l·(1 − c)).
        let (gain, loss) = (w.habit_gain * w.compliance, w.habit_loss * (1.0 - w.compliance));
        let full = months(1.0, 100);
        assert!((full - gain / (gain + loss)).abs() < 1e-3, "{full}");
        let half_year = full * libm::pow(1.0 - w.habit_loss, 6.0);
        assert!((months(0.0, 6) - half_year).abs() < 1e-3);
    }
}
