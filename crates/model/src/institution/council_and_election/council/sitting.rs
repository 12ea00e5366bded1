//! A sitting: who comes, how much they speak, and what they want.

use super::{Body, Member, Selection, Settings};
use crate::base::rng::Stream;
use crate::city::DOMAINS;
use crate::institution::{CommunityState, Signals, StepContext};

impl Settings {
    /// Whether members owe their seats to the street.
    pub fn is_appointed(&self) -> bool {
        self.body == Body::Council && self.selection == Selection::Appointed
    }
}

/// Chance that a member of this internal efficacy comes to a sitting: certain of one who is sure to be able,
/// `attendance` in the middle, its square for one who doubts it altogether.
fn comes(attendance: f64, efficacy: f64) -> f64 {
    /// Half of the scale of efficacy.
    const MIDDLE: f64 = 0.5;
    libm::pow(attendance, (1.0 - efficacy.clamp(0.0, 1.0)) / MIDDLE)
}

/// Of `members`, those who come; `draw` says the random number of each seat.
pub fn present(members: &[Member], attendance: f64, draw: impl Fn(u32) -> f64) -> Vec<Member> {
    let comes = |(seat, member): &(u32, &Member)| draw(*seat) < comes(attendance, member.speaks as f64);
    (0..).zip(members).filter(comes).map(|(_, member)| member.clone()).collect()
}

/// The members who come to this month's sitting of the council, with what they want there: those whom the street
/// appointed want in part what `street` believes to be needed.
pub fn sitting(state: &CommunityState, now: &StepContext, street: Option<[f64; DOMAINS]>) -> Vec<Member> {
    let council = &now.rules.institutions.council;
    let rng = now.rng.of(state.community.id);
    let draw = |seat: u32| rng.uniform(Stream::named("attendance"), seat, now.month, 0);
    let present = present(&state.local.council.members, council.attendance, draw);
    let deference = street.map(|wants| (council.deference as f32, wants));
    present.into_iter().map(|member| deferring(member, deference)).collect()
}

fn deferring(mut member: Member, deference: Option<(f32, [f64; DOMAINS])>) -> Member {
    if let (Some(_), Some((share, street))) = (member.resident, deference) {
        let sum: f64 = street.iter().sum();
        for (own, street) in member.wants.iter_mut().zip(street) {
            *own += share * ((street / sum) as f32 - *own);
        }
    }
    member
}

/// What a sitting attends to, by domain; sums to 1. Members count by how much they speak.
fn attention(members: &[Member]) -> [f64; DOMAINS] {
    let mut all = [0.0; DOMAINS];
    for member in members {
        for (all, wants) in all.iter_mut().zip(member.wants) {
            *all += (member.speaks * wants) as f64;
        }
    }
    let sum: f64 = all.iter().sum();
    if sum > 0.0 { all.map(|a| a / sum) } else { [1.0 / DOMAINS as f64; DOMAINS] }
}

/// Share of voices in each domain that a sitting takes up, which has time for `items` of `voices`: it gives each domain
/// as much of its time as it attends to it, and voices come as residents `need`.
fn taken_up(items: f64, voices: f64, need: &[f32; DOMAINS], attention: &[f64; DOMAINS]) -> [f64; DOMAINS] {
    std::array::from_fn(|d| {
        let raised = voices * need[d] as f64;
        if raised > 0.0 { (items * attention[d] / raised).min(1.0) } else { 0.0 }
    })
}

/// A sitting of `members` that has time for so many `items` takes up what residents raise, who `need` services in these
/// shares.
pub fn hear(signals: &mut Signals, need: &[f32; DOMAINS], items: f64, members: &[Member]) {
    let voices = signals.voices() as f64;
    if voices == 0.0 || items == 0.0 || members.is_empty() {
        return;
    }
    let shares = taken_up(items, voices, need, &attention(members));
    let heard = signals.heard;
    let mean: f64 = shares.iter().zip(need).map(|(share, &need)| share * need as f64).sum();
    let left = |share: f64| 1.0 - share as f32 * heard;
    if left(mean) > 0.0 {
        for (overlooked, share) in signals.overlooked.iter_mut().zip(shares) {
            *overlooked *= left(share) / left(mean);
        }
    }
    signals.answer(mean as f32 * heard);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn member(d: usize, speaks: f32) -> Member {
        let mut wants = [0.0; DOMAINS];
        wants[d] = 1.0;
        Member { resident: Some(0), wants, speaks }
    }

    #[test]
    fn who_thinks_to_be_able_comes_always_and_who_does_not_as_the_square_of_the_middle() {
        let shares = [1.0, 0.5, 0.0].map(|efficacy| comes(0.6, efficacy));
        assert!(shares.iter().zip([1.0, 0.6, 0.36]).all(|(a, b)| (a - b).abs() < 1e-12), "{shares:?}");
    }

    #[test]
    fn a_sitting_attends_to_what_members_who_speak_want() {
        let of = |members: &[Member]| attention(members);
        let shares = of(&[member(1, 0.25), member(2, 0.75)]);
        assert_eq!(shares[..3], [0.0, 0.25, 0.75]);
        assert_eq!(of(&[]), [0.1; DOMAINS]);
    }

    #[test]
    fn time_goes_to_domains_by_attention_and_none_is_lost_but_where_nobody_asks() {
        let mut need = [0.0; DOMAINS];
        (need[0], need[1]) = (0.5, 0.5);
        let mut attention = [0.0; DOMAINS];
        (attention[0], attention[2]) = (0.5, 0.5);
        let shares = taken_up(20.0, 100.0, &need, &attention);
        // Ten items for fifty voices in the first domain; in the second nobody listens, in the third nobody asks.
        assert_eq!(shares[..3], [0.2, 0.0, 0.0]);
        assert_eq!(taken_up(1_000.0, 100.0, &need, &attention)[0], 1.0);
        // A council that wants what residents need takes up as many items as it has time for.
        let mirror = need.map(f64::from);
        let all: f64 =
            taken_up(20.0, 100.0, &need, &mirror).iter().zip(need).map(|(s, n)| s * n as f64).sum();
        assert!((all * 100.0 - 20.0).abs() < 1e-9);
    }

    #[test]
    fn whom_the_street_appointed_wants_in_part_what_it_wants() {
        let mut street = [0.0; DOMAINS];
        street[3] = 2.0;
        let wants = |share| deferring(member(1, 1.0), Some((share, street))).wants;
        assert_eq!((wants(0.0)[1], wants(1.0)[3]), (1.0, 1.0));
        assert_eq!((wants(0.25)[1], wants(0.25)[3]), (0.75, 0.25));
        let unit = Member { resident: None, ..member(1, 1.0) };
        assert_eq!(deferring(unit.clone(), Some((1.0, street))), unit);
    }
}
