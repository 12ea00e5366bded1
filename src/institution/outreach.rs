//! Channels by which residents hear of what is open to them.
//!
//! Rows 78, 83, 90, 115, 116, 119, 120, 121 and 184. A channel reaches a resident with its reach times how
//! much people of that age use it times how much of what goes on is announced there. Home visits are
//! what the staff has time for.

use serde::{Deserialize, Serialize};

use super::{Act, CityState, CommunityState, Institution, Run, Step, StepContext};
use crate::base::params::{self, Key, text};
use crate::city::Mode;

/// Settings of `[outreach]`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[allow(missing_docs)] // Each field is explained by its key below.
pub struct Settings {
    pub notice_board: f64,
    pub website: f64,
    pub wechat_account: f64,
    pub wechat_group: f64,
    pub phone: f64,
    pub home_visits: f64,
    pub notice_board_reach: f64,
    pub website_reach: f64,
    pub wechat_account_reach: f64,
    pub wechat_group_reach: f64,
    pub phone_reach: f64,
    pub home_visit_reach: f64,
    pub online_use_young: f64,
    pub online_use_old: f64,
    pub at_home_young: f64,
    pub at_home_old: f64,
    pub education: f64,
    pub education_interest: f64,
}

const GOTV: &str = "level assumed (proposed core model); order from field experiments on mobilisation: \
    face to face far above phone, phone above leaflet, mass e-mail none (Gerber and Green)";

impl params::Settings for Settings {
    fn keys() -> Vec<Key> {
        let announced = |name, default, en, zh| Key::share(name, default).means(en, zh).choice();
        let reach = |name, default, en, zh| {
            Key::share(name, default).unit("probability per month").means(en, zh).assumed(GOTV)
        };
        vec![
            announced("notice_board", 1.0, "Share of what is open that the notice board announces.", "公告栏发布的比例。"),
            announced("website", 0.5, "Share of what is open that the website announces.", "社区网站发布的比例。"),
            announced("wechat_account", 0.3, "Share of what is open that the WeChat account announces.", "微信公众号发布的比例。"),
            announced("wechat_group", 0.0, "Share of residents' groups with a WeChat group that announces what is open.", "设有微信群并发布信息的居民小组比例。"),
            announced("phone", 0.0, "Share of residents phoned in a month.", "每月电话通知的居民比例。"),
            announced("home_visits", 0.05, "Share of households that staff mean to visit in a month, if they have the time.", "工作人员计划每月走访的家庭比例(视时间而定)。"),
            reach("notice_board_reach", 0.08, "Chance that the notice board reaches one who passes it.", "公告栏的触达概率。"),
            reach("website_reach", 0.05, "Chance that the website reaches a user.", "网站的触达概率。"),
            reach("wechat_account_reach", 0.15, "Chance that the WeChat account reaches a user.", "公众号的触达概率。"),
            reach("wechat_group_reach", 0.30, "Chance that the WeChat group reaches a user.", "微信群的触达概率。"),
            reach("phone_reach", 0.25, "Chance that a call reaches the resident called.", "电话的触达概率。"),
            reach("home_visit_reach", 0.70, "Chance that a visit informs an adult of the household.", "入户走访的触达概率。"),
            Key::share("online_use_young", 0.90)
                .means("Share of those under 30 who use online channels.", "30岁以下居民使用线上渠道的比例。")
                .assumed("proposed core model"),
            Key::share("online_use_old", 0.35)
                .means("Share of those of 70 and over who use online channels.", "70岁以上居民使用线上渠道的比例。")
                .assumed("proposed core model"),
            Key::share("at_home_young", 0.35)
                .means("Share of those under 30 who are met at home or pass the notice board.", "30岁以下居民在家或经过公告栏的比例。")
                .assumed("proposed core model: the reverse of online use"),
            Key::share("at_home_old", 0.90)
                .means("Share of those of 70 and over who are met at home or pass the notice board.", "70岁以上居民在家或经过公告栏的比例。")
                .assumed("proposed core model: the reverse of online use"),
            Key::share("education", 0.0)
                .unit("share per month")
                .means("Share of residents invited to a course on self-government in a month; those come who know what is on. 0 = no courses.", "每月受邀参加自治宣传教育的居民比例(知情者参加);0 表示没有。")
                .choice(),
            Key::share("education_interest", 0.03)
                .means("Step of interest by one course; efficacy and skill rise as by taking part once.", "一次教育使兴趣上升的步长;效能感与能力的上升同参与一次。")
                .assumed("as efficacy rises by taking part once"),
        ]
    }
}

/// Registration.
pub const INSTITUTION: Institution = Institution {
    name: "outreach",
    summary: text("Channels by which residents hear of what is open to them.", "居民获知参与机会的渠道。"),
    rows: &[78, 83, 90, 115, 116, 119, 120, 121, 184],
    equations: &[
        "unreached(age) = Π over channels of 1 − reach · use(age) · announced; use runs evenly from the youngest to the oldest band",
        "of residents a share education · awareness attends a course: interest, efficacy and skill rise by their steps on what is missing",
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
};

fn tell(state: &mut CommunityState, _: &CityState, now: &StepContext) {
    let o = &now.rules.institutions.outreach;
    let signals = &mut state.signals;
    let visited = signals.visited as f64;
    let last = signals.unreached.len() - 1;
    for (age, unreached) in signals.unreached.iter_mut().enumerate() {
        let along = age as f64 / last as f64;
        let online = o.online_use_young + (o.online_use_old - o.online_use_young) * along;
        let at_home = o.at_home_young + (o.at_home_old - o.at_home_young) * along;
        let missed = (1.0 - o.notice_board_reach * at_home * o.notice_board)
            * (1.0 - o.website_reach * online * o.website)
            * (1.0 - o.wechat_account_reach * online * o.wechat_account)
            * (1.0 - o.wechat_group_reach * online * o.wechat_group)
            * (1.0 - o.phone_reach * o.phone)
            * (1.0 - o.home_visit_reach * at_home * visited);
        *unreached *= missed as f32;
    }
    if visited > 0.0 {
        let met = (visited * o.home_visit_reach) as f32;
        for mode in [Mode::Vote, Mode::Ballot, Mode::Meeting, Mode::Volunteer, Mode::Event] {
            signals.asked[mode as usize] = signals.asked[mode as usize].max(met);
        }
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
    let steps = [outreach.education_interest, rules.efficacy_gain, rules.skill_gain].map(|step| step as f32);
    let residents = &mut state.community.residents;
    for (i, awareness) in residents.awareness.iter().enumerate() {
        let attends = invited * awareness;
        let columns = [&mut residents.interest[i], &mut residents.efficacy[i], &mut residents.skill[i]];
        for (value, step) in columns.into_iter().zip(steps) {
            *value += attends * step * (1.0 - *value);
        }
    }
}
