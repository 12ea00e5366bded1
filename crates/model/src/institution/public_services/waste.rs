//! Waste sorting: how accurately residents sort, and the group of volunteers that looks after it
//! (垃圾分类自治管理小组).
//!
//! Rows 31, 84–86, 147 and 148. Whether a resident sorts at all is decided as any other mode is; how
//! accurately depends on habit, on how many others sort, on what one knows, and on whether someone stands
//! at the bins. The group has as many members as volunteer, up to its size; their hours go to the bins
//! (supervision) and from door to door (publicity). A WeChat group and rules that outlast a campaign are
//! instruments of their own. To begin and to end them, date them with `[[change]]`.

use multiversion::multiversion;
use serde::{Deserialize, Serialize};

use crate::base::math::logistic;
use crate::base::params::{settings, text};
use crate::city::Mode;
use crate::institution::diffusion::Practice;
use crate::institution::opportunities::{either, suits};
use crate::institution::{
    Act, Asker, CityState, CommunityState, Family, Institution, Run, Step, StepContext,
};

/// Settings of `[waste]`.
#[settings]
pub struct Settings {
    /// Accuracy of one who has no habit, sees nobody sort and is not watched.
    #[param(
        real = -1.73,
        range = -10.0..=10.0,
        unit = "logit",
        zh = "无习惯、无示范、无监督时的准确率(Logit)。",
        derived = "logit of 15 % (Shanghai before July 2019)"
    )]
    pub constant: f64,
    /// Effect of everybody else sorting.
    #[param(
        real = 1.5,
        range = 0.0..=10.0,
        unit = "logit",
        zh = "其他居民均分类时的影响。",
        assumed = "proposed core model"
    )]
    pub norm: f64,
    /// Effect of a full habit.
    #[param(
        real = 2.0,
        range = 0.0..=10.0,
        unit = "logit",
        zh = "完全养成习惯的影响。",
        assumed = "proposed core model names habit without a weight"
    )]
    pub habit: f64,
    /// Share of drop-offs at which someone stands at the bins.
    #[param(share = 0.0, zh = "有人值守监督的投放比例。", choice)]
    pub supervision: f64,
    /// Effect of someone standing at the bins at every drop-off.
    #[param(
        real = 3.9,
        range = 0.0..=10.0,
        unit = "logit",
        zh = "每次投放均有人值守的影响。",
        derived = "15 % to 90 % in Shanghai, 2019: logit + 3.93; personal interaction gave 95 % purity (Dai et al. 2016)"
    )]
    pub supervision_effect: f64,
    /// Monthly step of accuracy towards what circumstances allow.
    #[param(
        share = 0.2,
        unit = "share per month",
        zh = "准确率每月向目标水平靠近的步长。",
        assumed = "source text F2 gives no time"
    )]
    pub learning: f64,
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
    /// How much more a WeChat group of all shows of others' sorting than the bins do.
    #[param(
        real = 1.0,
        range = 0.0..=10.0,
        unit = "multiple",
        zh = "全员微信群使他人分类行为的可见度提高的倍数。",
        assumed = "as much again: members post and comment"
    )]
    pub visibility: f64,
    /// Effect of knowing how to sort.
    #[param(
        real = 0.2,
        range = 0.0..=10.0,
        unit = "logit",
        zh = "掌握分类知识的影响。",
        derived = "information alone brought no sorting that could be noticed (Dai et al. 2016): at most 0.2"
    )]
    pub knowledge: f64,
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
    /// How far a durable arrangement (covenant, records, spot checks) slows the loss of what was reached.
    #[param(share = 0.0, zh = "长效机制(公约、台账、抽查)减缓成效流失的程度。", choice)]
    pub maintenance: f64,
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
        "accuracy' = accuracy + step · (σ(constant + norm · (1 + visibility · wechat_group) · share who sort + habit · H + knowledge · K + supervision_effect · watched) − accuracy); step = learning upwards, learning · (1 − maintenance) downwards",
        "watched = supervision or, independently, min(1, members · member_hours · group_supervision / (watch_hours · points)); members = the least of group_size and the volunteers",
        "K' = K + teaching · told · (1 − K) − forgetting · K; told = households visited, or in the WeChat group and reached by it",
        "households visited and the WeChat group's members are asked, or told, to sort",
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
            what: "calls for volunteers, goes from door to door, and talks in the WeChat group",
            run: Run::Community(call),
        },
        Act {
            step: Step::Encounters,
            what: "sees residents sort more or less accurately",
            run: Run::Community(sort),
        },
    ],
};

/// Members who make up one occasion to volunteer (assumed: as many as a usual shift of volunteers).
const SHIFT: f64 = 10.0;

/// Households told in a month by members, as a share of all.
fn visited(state: &CommunityState, waste: &Settings) -> f32 {
    let hours = state.local.waste.members as f64 * waste.member_hours * share(waste.publicity, waste);
    let households = state.community.households.len().max(1) as f64;
    (hours * 60.0 / waste.visit_minutes / households).min(1.0) as f32
}

/// A share of the group's hours; both uses together take at most all.
fn share(of: f64, waste: &Settings) -> f64 {
    of / (waste.group_supervision + waste.publicity).max(1.0)
}

fn call(state: &mut CommunityState, _: &CityState, now: &StepContext) {
    let rules = &now.rules.institutions;
    let waste = &rules.waste;
    if waste.group_size == 0 && waste.wechat_group == 0.0 || !Practice::WasteGroup.is_in_use(state) {
        return;
    }
    let visited = visited(state, waste);
    let signals = &mut state.signals;
    if waste.group_size > 0 {
        let chance = suits(rules.opportunities.fit, waste.group_size as f64 / SHIFT);
        let volunteer = Mode::Volunteer as usize;
        signals.open[volunteer] = either(signals.open[volunteer], chance);
        signals.stake[volunteer] = signals.stake[volunteer].max(0.3);
    }
    let sorting = Mode::Sorting as usize;
    let told = (waste.wechat_group * rules.outreach.wechat_group_reach) as f32;
    signals.ask(Asker::Waste, &[Mode::Sorting], visited);
    signals.announced[sorting] = either(signals.announced[sorting], told);
}

fn sort(state: &mut CommunityState, _: &CityState, now: &StepContext) {
    let rules = &now.rules.institutions;
    let w = &rules.waste;
    if w.learning == 0.0 {
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
    let adults = state.community.adults().max(1) as f32;
    let sorting = state.signals.took_part[Mode::Sorting as usize] as f32 / adults;
    let norm = w.norm as f32 * (1.0 + (w.visibility * wechat) as f32);
    let common = (w.constant as f32 + w.supervision_effect as f32 * local.watched)
        + w.knowledge as f32 * local.knowledge
        + norm * sorting;
    let per_habit = w.habit as f32 / 65_535.0;
    let (up, down) = (w.learning as f32, (w.learning * (1.0 - w.maintenance)) as f32);
    let residents = &mut state.community.residents;
    let habit = &residents.habit[Mode::Sorting as usize];
    practise(&mut residents.accuracy, habit, |habit| common + per_habit * habit, (up, down));
}

/// Accuracy goes a step `up` or `down` towards what knowledge, norm and habit amount to.
#[multiversion(targets = "simd")]
fn practise(accuracy: &mut [f32], habit: &[u16], utility: impl Fn(f32) -> f32, (up, down): (f32, f32)) {
    for (accuracy, &habit) in accuracy.iter_mut().zip(habit) {
        let gap = logistic(utility(habit as f32)) - *accuracy;
        *accuracy += if gap < 0.0 { down } else { up } * gap;
    }
}

/// Who stands at the bins: those paid for it, and members of the group.
fn meet_at_the_bins(state: &mut CommunityState, w: &Settings, in_use: bool) {
    let size = if in_use { w.group_size } else { 0 };
    let members = size.min(state.signals.took_part[Mode::Volunteer as usize]);
    let points = (state.community.households.len() as u32).div_ceil(w.households_per_point).max(1);
    let hours = members as f64 * w.member_hours * share(w.group_supervision, w);
    let by_group = (hours / (w.watch_hours * points as f64)).min(1.0) as f32;
    let paid = w.supervision as f32;
    state.local.waste.members = members as f32;
    state.local.waste.watched = paid + (1.0 - paid) * by_group;
}
