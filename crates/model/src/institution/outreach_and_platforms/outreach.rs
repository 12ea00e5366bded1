//! Channels by which residents hear of what is open to them.
//!
//! Rows 78, 83, 90, 115, 116, 119, 120, 121 and 184. A channel reaches a resident with its reach times how
//! much people of that age use it times how much of what goes on is announced there. What people say in person,
//! on a visit or a call, is kept as other things are that one is told; messages to many are forgotten within
//! days. Home visits are what the staff has time for.

use crate::base::params::{settings, text};
use crate::city::{AGE_BANDS, Mode};
use crate::institution::cost::{Charge, Cost, Costs, Payer};
use crate::institution::staff;
use crate::institution::{
    Act, Asker, CityState, CommunityState, Family, Institution, Run, Step, StepContext,
};

/// Settings of `[outreach]`.
#[settings]
pub struct Settings {
    /// Share of what is open that the notice board announces.
    #[param(share = 1.0, zh = "公告栏发布的比例。", choice)]
    pub notice_board: f64,
    /// Share of what is open that the website announces.
    #[param(share = 0.5, zh = "社区网站发布的比例。", choice)]
    pub website: f64,
    /// Share of what is open that the WeChat account announces.
    #[param(share = 0.3, zh = "微信公众号发布的比例。", choice)]
    pub wechat_account: f64,
    /// Share of residents' groups with a WeChat group that announces what is open.
    #[param(share = 0.0, zh = "设有微信群并发布信息的居民小组比例。", choice)]
    pub wechat_group: f64,
    /// Share of residents phoned in a month.
    #[param(share = 0.0, zh = "每月电话通知的居民比例。", choice)]
    pub phone: f64,
    /// Share of households that staff mean to visit in a month, if they have the time.
    #[param(share = 0.05, zh = "工作人员计划每月走访的家庭比例(视时间而定)。", choice)]
    pub home_visits: f64,
    /// Chance that the notice board reaches one who passes it.
    #[param(
        share = 0.08,
        unit = "probability per month",
        zh = "公告栏的触达概率。",
        assumed = GOTV,
        // In units of the channel above it, as with the others: their order is known, their level is not.
        prior = log_normal(0.53, 0.3).within(0.0, 1.0).of("outreach.wechat_account_reach")
    )]
    pub notice_board_reach: f64,
    /// Chance that the website reaches a user.
    #[param(
        share = 0.05,
        unit = "probability per month",
        zh = "网站的触达概率。",
        assumed = GOTV,
        prior = log_normal(0.62, 0.3).within(0.0, 1.0).of("outreach.notice_board_reach")
    )]
    pub website_reach: f64,
    /// Chance that the WeChat account reaches a user.
    #[param(
        share = 0.15,
        unit = "probability per month",
        zh = "公众号的触达概率。",
        assumed = GOTV,
        prior = log_normal(0.5, 0.3).within(0.0, 1.0).of("outreach.wechat_group_reach")
    )]
    pub wechat_account_reach: f64,
    /// Chance that the WeChat group reaches a user.
    #[param(
        share = 0.30,
        unit = "probability per month",
        zh = "微信群的触达概率。",
        assumed = GOTV,
        prior = log_normal(0.43, 0.3).within(0.0, 1.0).of("outreach.home_visit_reach")
    )]
    pub wechat_group_reach: f64,
    /// Chance that a call reaches the resident called.
    #[param(
        share = 0.25,
        unit = "probability per month",
        zh = "电话的触达概率。",
        assumed = GOTV,
        prior = log_normal(0.36, 0.3).within(0.0, 1.0).of("outreach.home_visit_reach")
    )]
    pub phone_reach: f64,
    /// Chance that a visit informs an adult of the household.
    #[param(
        share = 0.70,
        unit = "probability per month",
        zh = "入户走访的触达概率。",
        assumed = GOTV,
        prior = log_normal(0.7, 0.5)
    )]
    pub home_visit_reach: f64,
    /// Days after which half of those whom a message to many reached have forgotten it.
    #[param(
        real = 7.0,
        range = 0.1..=1_000_000.0,
        unit = "days",
        zh = "面向众人的信息(公告栏、网站、公众号、微信群、平台)被半数受众淡忘的天数。",
        derived = "most of what mass communication does is gone within days, in the best case some of it lasts six weeks (Hill, Lo, Vavreck and Zaller 2013), and within a week in the Texas experiment (Gerber et al. 2011): 3 to 21 days. Measured of persuasion in the USA, carried over to knowing",
        prior = log_normal(7.0, 0.75)
    )]
    pub message_half_life: f64,
    /// Share of those under 30 who use online channels.
    #[param(
        share = 0.97,
        zh = "30岁以下居民使用线上渠道的比例。",
        derived = "92.9 % of all aged 6 and over use the net on a given day (third time-use survey, 2024), and 97.5 % of users use messengers (CNNIC 2021)",
        prior = beta(50.0, 1.8)
    )]
    pub online_use_young: f64,
    /// Share of those of 70 and over who use online channels.
    #[param(
        share = 0.38,
        zh = "70岁以上居民使用线上渠道的比例。",
        derived = "43.2 % of those of 60 and over were online in December 2021 (CNNIC), fewer of the oldest; about .2 in 2017 and above .6 in 2024, so that it is a trend",
        // .25 to .55 in 2021.
        prior = beta(7.0, 10.5)
    )]
    pub online_use_old: f64,
    /// Share of those under 30 who are met at home or pass the notice board.
    #[param(
        share = 0.35,
        zh = "30岁以下居民在家或经过公告栏的比例。",
        assumed = "proposed core model: the reverse of online use"
    )]
    pub at_home_young: f64,
    /// Share of those of 70 and over who are met at home or pass the notice board.
    #[param(
        share = 0.90,
        zh = "70岁以上居民在家或经过公告栏的比例。",
        assumed = "proposed core model: the reverse of online use"
    )]
    pub at_home_old: f64,
    /// Share of residents invited to a course on self-government in a month; those come who know what is on.
    /// 0 = no courses.
    #[param(
        share = 0.0,
        unit = "share per month",
        zh = "每月受邀参加自治宣传教育的居民比例(知情者参加);0 表示没有。",
        choice
    )]
    pub education: f64,
    /// Step of interest by one course; efficacy and skill rise as by taking part once.
    #[param(
        share = 0.03,
        zh = "一次教育使兴趣上升的步长;效能感与能力的上升同参与一次。",
        assumed = "as efficacy rises by taking part once"
    )]
    pub education_interest: f64,
}

/// Where defaults of several settings come from.
pub const GOTV: &str = "level assumed (proposed core model); order from field experiments on mobilisation: \
    face to face far above phone, phone above leaflet, mass e-mail none (Gerber and Green)";

/// Registration.
pub const INSTITUTION: Institution = Institution {
    name: "outreach",
    family: Family::OutreachAndPlatforms,
    summary: text("Channels by which residents hear of what is open to them.", "居民获知参与机会的渠道。"),
    rows: &[78, 83, 90, 115, 116, 119, 120, 121, 184],
    equations: &[
        "unread(age) = Π over board, site, account and group of 1 − reach · use(age) · announced; use runs evenly from the youngest to the oldest band",
        "unreached(age) = the same product over calls and visits",
        "messages remembered: m' = m · e^(−λ) − ln(unread) · (1 − e^(−λ)) / λ, with λ = ln 2 · 30.4 days / message_half_life; told = 1 − e^(−m)",
        "of residents a share education · knowing attends a course: interest, efficacy and skill rise by their steps on what is missing",
    ],
    neutral: &[
        ("notice_board", "0.0"),
        ("website", "0.0"),
        ("wechat_account", "0.0"),
        ("wechat_group", "0.0"),
        ("phone", "0.0"),
        ("home_visits", "0.0"),
        ("education", "0.0"),
    ],
    demonstration: &[("wechat_group", "0.3"), ("phone", "0.2"), ("home_visits", "0.2"), ("education", "0.2")],
    acts: &[
        Act {
            step: Step::Outreach,
            what: "tells residents, and asks those visited in person",
            run: Run::Community(tell),
        },
        Act {
            step: Step::Outreach,
            what: "teaches those who come to its courses",
            run: Run::Community(teach),
        },
    ],
    costs: Costs::Charged {
        label: text("outreach", "宣传支出"),
        charges: &[
            Charge { what: "home visits, in hours of the committee's staff", of: visits_cost },
            Charge { what: "board, website, account, WeChat groups and calls", of: channels_cost },
            Charge { what: "courses", of: courses_cost },
        ],
    },
};

fn visits_cost(state: &CommunityState, _: &CityState, now: &StepContext) -> Cost {
    let [_, at_home] = staff::visit_hours(state, now);
    Cost::staff(at_home, now.rules.costs.staff_hour)
}

fn channels_cost(state: &CommunityState, _: &CityState, now: &StepContext) -> Cost {
    let (o, prices) = (&now.rules.institutions.outreach, &now.rules.costs);
    let to_all = (o.notice_board + o.website + o.wechat_account) * prices.channel;
    let groups = o.wechat_group * state.community.groups() as f64 * prices.group;
    let calls = o.phone * state.community.adults() as f64 * prices.call;
    Cost::yuan(Payer::Budget, to_all + groups + calls)
}

fn courses_cost(state: &CommunityState, _: &CityState, now: &StepContext) -> Cost {
    let invited = now.rules.institutions.outreach.education * state.community.adults() as f64;
    Cost::yuan(Payer::Budget, invited * now.rules.costs.course)
}

impl Settings {
    /// Share of those of an age band who use online channels.
    pub fn online_use(&self, age_band: usize) -> f64 {
        evenly(self.online_use_young, self.online_use_old, age_band)
    }

    /// Share of those of an age band who are met at home or pass the notice board.
    fn at_home(&self, age_band: usize) -> f64 {
        evenly(self.at_home_young, self.at_home_old, age_band)
    }
}

/// What runs evenly from the youngest age band to the oldest.
fn evenly(young: f64, old: f64, age_band: usize) -> f64 {
    young + (old - young) * (age_band as f64 / (AGE_BANDS.len() - 1) as f64)
}

fn tell(state: &mut CommunityState, _: &CityState, now: &StepContext) {
    let o = &now.rules.institutions.outreach;
    let signals = &mut state.signals;
    let visited = signals.visited as f64;
    let channels = signals.unread.iter_mut().zip(&mut signals.unreached);
    for (age, (unread, unreached)) in channels.enumerate() {
        let (online, at_home) = (o.online_use(age), o.at_home(age));
        let no_message = (1.0 - o.notice_board_reach * at_home * o.notice_board)
            * (1.0 - o.website_reach * online * o.website)
            * (1.0 - o.wechat_account_reach * online * o.wechat_account)
            * (1.0 - o.wechat_group_reach * online * o.wechat_group);
        let nobody = (1.0 - o.phone_reach * o.phone) * (1.0 - o.home_visit_reach * at_home * visited);
        *unread *= no_message as f32;
        *unreached *= nobody as f32;
    }
    if visited > 0.0 {
        let met = (visited * o.home_visit_reach) as f32;
        let modes = [Mode::Vote, Mode::Ballot, Mode::Meeting, Mode::Volunteer, Mode::Event];
        signals.ask(Asker::Committee, &modes, met);
    }
}

/// Courses move those who attend; the mean over the chance of attending stands for the draw.
fn teach(state: &mut CommunityState, _: &CityState, now: &StepContext) {
    let outreach = &now.rules.institutions.outreach;
    let invited = outreach.education as f32;
    if invited == 0.0 {
        return;
    }
    let rules = &now.rules.residents;
    let steps =
        [outreach.education_interest, rules.internal_efficacy_gain, rules.skill_gain].map(|step| step as f32);
    let residents = &mut state.community.residents;
    for i in 0..residents.len() {
        let attends = invited * residents.knows(i);
        let columns =
            [&mut residents.interest[i], &mut residents.internal_efficacy[i], &mut residents.skill[i]];
        for (value, step) in columns.into_iter().zip(steps) {
            *value += attends * step * (1.0 - *value);
        }
    }
}
