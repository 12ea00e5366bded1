//! What surveys, registers and bulletins count, where no metric of another family counts it as they do.

use std::ops::Range;

use super::{From, Metric};
use crate::base::params::{Text, text};
use crate::base::units::PER_THOUSAND;
use crate::city::{Column, Community, Mode, Residents, Target};

/// Months of a term of the committee before 2018, for which a meeting is remembered.
const TERM: u8 = 36;
/// Months of a year: a bulletin adds up what is granted in it.
const YEAR: f64 = 12.0;

/// Answers of the usual question about trust: none at all, not very much, quite a lot, a great deal.
const POINTS: u8 = 4;

/// The family.
pub fn family() -> Vec<Metric> {
    let metric =
        |name, unit, label: Text, en, zh, from| Metric { name, unit, label, meaning: text(en, zh), from };
    vec![
        metric(
            "attended",
            "share",
            text("was at a meeting within a term", "任期内参加过会议者"),
            "Share of adults who were at a meeting of the community at least once in the last thirty-six months; what they did elsewhere before they moved in is not known.",
            "最近三十六个月在本社区至少参加过一次会议的成年人比例;迁入前的参与不计。",
            From::Residents(|r| Column::Within(&r.since_meeting, TERM)),
        ),
        metric(
            "ballots.women",
            "share",
            text("women among ballots", "投票者中女性比例"),
            "Share of this month's ballots on the fund that women cast; empty in months without one.",
            "本月资金使用投票中女性所投的比例;无投票的月份为空。",
            From::Ratio(|p| ballots_of_women(&p.community.residents)),
        ),
        metric(
            "contacts",
            "contacts per adult and month",
            text("contacts of any kind", "各类反映与求助"),
            "Requests, complaints and contributions online this month, by adult.",
            "本月人均事项请求、投诉与线上反映次数。",
            From::Ratio(|p| {
                let adults = p.community.adults() as f64;
                let of_all = (p.signals.errands + p.signals.filed) as f64 / p.signals.crowding as f64;
                (of_all + p.signals.took_part[Mode::Online as usize] as f64, adults)
            }),
        ),
        metric(
            "complaints.taken_up",
            "complaints per adult and month",
            text("complaints taken up", "获受理的投诉"),
            "Complaints of this month that somebody takes up, by adult.",
            "本月人均获受理的投诉次数。",
            From::Ratio(|p| {
                let complaints = p.signals.took_part[Mode::Complaint as usize] as f64;
                (complaints * p.signals.answered as f64, p.community.adults() as f64)
            }),
        ),
        metric(
            "requests.overdue",
            "share",
            text("overdue requests", "超期事项"),
            "Of the requests answered or given up this month, the share that took longer than `feedback.days` or was given up; empty where there is no such limit (`feedback.response_rate` 0).",
            "本月办结或放弃的事项中,超过 `feedback.days` 规定天数或被放弃的比例;无时限时(`feedback.response_rate` 为 0)为空。",
            From::Ratio(|p| {
                let month = &p.local.staff.month;
                let given_up = month.given_up as f64;
                let all = month.done as f64 + given_up;
                month.overdue.map_or((0.0, 0.0), |overdue| (overdue + given_up, all))
            }),
        ),
        metric(
            "ties.none",
            "share",
            text("no acquaintances", "无邻里熟人者"),
            "Share of adults who have no acquaintance in their community but those whom they live with.",
            "除同住者外在本社区没有熟人的成年人比例。",
            From::Ratio(|p| (without_acquaintances(&p.community) as f64, p.community.adults() as f64)),
        ),
        metric(
            "fund.per_community",
            "yuan per community and year",
            text("fund per community", "每社区专项资金"),
            "Twelve times what was granted this month to the fund of a community: its mean over a year is what a community is granted in it.",
            "本月每个社区专项资金拨入额乘以十二;其全年均值即每个社区的年度拨入额。",
            From::Ratio(|p| (YEAR * p.local.funding.granted as f64, 1.0)),
        ),
        metric(
            "conflicts.settled",
            "conflicts per 1,000 adults and month",
            text("conflicts settled by mediation", "调解化解的矛盾"),
            "Conflicts between neighbours that mediation settled this month, by 1,000 adults.",
            "本月每千名成年人中经调解化解的邻里矛盾数。",
            From::Ratio(|p| (PER_THOUSAND * p.local.mediation.mediated, p.community.adults() as f64)),
        ),
        metric(
            "trust.centre_more",
            "share",
            text("trust the centre more", "更信任中央者"),
            "Share of adults who trust the central government more than local government, each on a scale of four points as surveys have it.",
            "对中央政府的信任高于对地方政府的成年人比例(均按调查常用的四分量表计)。",
            From::Ratio(|p| (centre_more(&p.community.residents) as f64, p.community.adults() as f64)),
        ),
    ]
}

/// How many put the centre above local government, where both are told in one of [`POINTS`] answers.
fn centre_more(residents: &Residents) -> usize {
    // Sums of comparisons become vector instructions, which rounding to a whole number does not.
    let answer = |trust: &f32| {
        (1..POINTS).map(|point| (trust * f32::from(POINTS) >= f32::from(point)) as u8).sum::<u8>()
    };
    let answers = |target: Target| residents.trust[target as usize].iter().map(answer);
    let pairs = answers(Target::CentralGovernment).zip(answers(Target::LocalGovernment));
    pairs.filter(|(centre, local)| centre > local).count()
}

/// Ballots on the fund cast this month: by women, and all.
fn ballots_of_women(residents: &Residents) -> (f64, f64) {
    let all = residents.acts.iter().zip(&residents.traits);
    let cast = all.filter(|(acts, _)| *acts & Mode::Ballot.bit() != 0);
    let (women, both) = cast.fold((0u32, 0u32), |(w, n), (_, traits)| (w + !traits.male() as u32, n + 1));
    (women as f64, both as f64)
}

/// How many know nobody but those whom they live with.
fn without_acquaintances(community: &Community) -> usize {
    let (ties, households) = (&community.ties, &community.households);
    let alone = |home: Range<usize>| match ties.everybody() {
        Some(_) if home.len() < ties.len() => 0,
        Some(_) => home.len(),
        None => home.clone().filter(|&i| ties.of(i).iter().all(|other| home.contains(&other))).count(),
    };
    (0..households.len()).map(|h| alone(households.members(h))).sum()
}
