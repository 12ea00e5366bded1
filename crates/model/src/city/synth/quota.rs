//! Shares that a table gives of a community, met by whole residents and not only in expectation.
//!
//! Whoever is drawn first is drawn by chance, as in every community. Then so many of each category are taken
//! as the share asks for: those whose draws and odds speak for it most. With p the chance under odds o, a
//! draw u falls below p where logit(u) − ln(o) falls below the shift that gives p; so ordering by logit(u) −
//! ln(o) and taking the first ones is to draw with the shift that gives the share in this community instead
//! of on average. Homes are taken whole.

use super::people::months_old;
use super::plan::largest_remainder;
use super::{FOUNDING, homes, people, start};
use crate::base::rng::{CounterRng, Stream};
use crate::city::table::Row;
use crate::city::{AGE_BANDS, Community, Households, Kind, Residents, Traits, groups};

/// Order among those of the same age.
const SENIORITY: Stream = Stream::named("synth.quota.age");

/// What is settled before residents draw for themselves.
#[derive(Debug, Default)]
pub struct Attained {
    /// Education of each resident.
    pub education: Option<Vec<u8>>,
    /// Whether each is a party member.
    pub party: Option<Vec<bool>>,
}

/// Where somebody stands who draws `draw` in (0, 1) under these odds: the lower, the sooner taken.
fn standing(draw: f64, odds: f64) -> f64 {
    libm::log(draw / (1.0 - draw)) - libm::log(odds)
}

/// Which of `all` (standing, size) are taken so that the sizes taken sum to `wanted`, or to the nearest
/// number that whole sizes allow.
fn take(all: &[(f64, u32)], wanted: u32) -> Vec<bool> {
    let mut order: Vec<usize> = (0..all.len()).collect();
    order.sort_by(|&a, &b| all[a].0.total_cmp(&all[b].0).then(a.cmp(&b)));
    let mut taken = vec![false; all.len()];
    let mut left = wanted;
    for &k in &order {
        if all[k].1 <= left {
            (taken[k], left) = (true, left - all[k].1);
        }
    }
    if left > 0 {
        fit(all, &order, left, &mut taken);
    }
    taken
}

/// Makes up for what is `left` over, which is less than any that was not taken: by one of these in the place
/// of one that is smaller by as much, both as near as possible to where the order was cut; else by the least
/// of them, if that is nearer than none.
fn fit(all: &[(f64, u32)], order: &[usize], left: u32, taken: &mut [bool]) {
    let others = || order.iter().copied().filter(|&k| !taken[k]);
    let instead = |k: usize| order.iter().copied().rev().find(|&t| taken[t] && all[t].1 + left == all[k].1);
    let swap = others().find_map(|k| Some((k, instead(k)?)));
    let least = others().min_by_key(|&k| all[k].1).filter(|&k| all[k].1 - left < left);
    if let Some((k, out)) = swap {
        (taken[k], taken[out]) = (true, false);
    } else if let Some(k) = least {
        taken[k] = true;
    }
}

/// The whole number of `n` nearest to a share.
fn whole(share: f64, n: usize) -> u32 {
    (share * n as f64).round() as u32
}

/// Gives so many residents homes of their own as the table says.
pub fn tenure(
    residents: &mut Residents,
    households: &Households,
    kind: Kind,
    owners: f64,
    groups: &groups::Settings,
    rng: CounterRng,
) {
    // Before anybody's age is known, so that its part is left out.
    let size = |h: usize| households.members(h).len() as u32;
    let odds = |h: usize| {
        groups.owner_by_kind[kind as usize] * groups.owner_by_home[homes::class(households.persons[h])]
    };
    let all: Vec<(f64, u32)> = (0..households.len())
        .map(|h| (standing(rng.uniform(homes::TENURE, h as u32, FOUNDING, 0), odds(h)), size(h)))
        .collect();
    for (h, owns) in take(&all, whole(owners, residents.len())).into_iter().enumerate() {
        for i in households.members(h) {
            residents.traits[i] = Traits::new(false, 0, 0, owns, false, false, false);
        }
    }
}

/// Moves residents who were drawn just now between ages, hukou and work units as the table says, and says who
/// attains what.
pub fn meet(community: &mut Community, row: &Row, groups: &groups::Settings, rng: CounterRng) -> Attained {
    if let Some(shares) = &row.age {
        ages(&mut community.residents, shares, rng);
    }
    let at_home = (row.migrants.is_some(), row.work_unit.is_some());
    if at_home.0 {
        hukou(community, row, groups, rng);
    }
    if (at_home.0 || at_home.1) && community.kind == Kind::Danwei {
        work_unit(community, row, groups, rng);
    }
    let education = row.education.map(|shares| education(community, &shares, groups, rng));
    let party = row.party.map(|share| party(community, share, education.as_deref(), groups, rng));
    Attained { education, party }
}

/// Cuts the residents, from the youngest to the oldest, into bands of the sizes asked, and spreads each band
/// over its years. Everybody keeps their place among all ages, so that couples stay near each other's age and
/// parents above their children.
fn ages(residents: &mut Residents, shares: &[f64; AGE_BANDS.len()], rng: CounterRng) {
    let n = residents.len();
    let mut order: Vec<usize> = (0..n).collect();
    let tie = |i: usize| rng.uniform(SENIORITY, i as u32, FOUNDING, 0).to_bits();
    order.sort_by_cached_key(|&i| (residents.age[i], tie(i)));
    let mut of_age = order.into_iter();
    for (band, count) in largest_remainder(shares, n).into_iter().enumerate() {
        for (place, i) in of_age.by_ref().take(count).enumerate() {
            let age = months_old(band, (place as f64 + 0.5) / count as f64);
            residents.age[i] = age;
            residents.months_here[i] = residents.months_here[i].min(age);
        }
    }
}

/// The first adult of each home, with the size of the home.
fn homes(community: &Community) -> impl Iterator<Item = (usize, u32)> + '_ {
    (0..community.households.len()).map(|h| {
        let members = community.households.members(h);
        (members.start, members.len() as u32)
    })
}

/// Gives homes to what `take` says of each: hukou and work unit are those of the home.
fn settle(community: &mut Community, taken: &[bool], set: impl Fn(Traits, bool) -> Traits) {
    let households = community.households.clone();
    for (h, &taken) in taken.iter().enumerate() {
        for i in households.members(h) {
            let traits = &mut community.residents.traits[i];
            *traits = set(*traits, taken);
        }
    }
}

fn hukou(community: &mut Community, row: &Row, groups: &groups::Settings, rng: CounterRng) {
    let Some(migrants) = row.migrants else { return };
    let residents = &community.residents;
    let odds = |i: usize| {
        let owner = residents.traits[i].owner() as usize;
        groups.local_odds(community.kind as usize, owner, residents.age_band(i))
    };
    let draw = |i: usize| rng.uniform(people::HUKOU, i as u32, FOUNDING, 0);
    let all: Vec<_> = homes(community).map(|(i, size)| (standing(draw(i), odds(i)), size)).collect();
    let taken = take(&all, whole(1.0 - migrants, residents.len()));
    settle(community, &taken, |t, local| Traits::new(t.male(), 0, 0, t.owner(), local, false, t.danwei()));
}

fn work_unit(community: &mut Community, row: &Row, groups: &groups::Settings, rng: CounterRng) {
    let residents = &community.residents;
    let standing_of = |i: usize| {
        let (draw, traits) = (rng.uniform(people::DANWEI, i as u32, FOUNDING, 0), residents.traits[i]);
        standing(draw, groups.danwei_odds(traits.owner() as usize, traits.local() as usize))
    };
    let taken: Vec<bool> = match row.work_unit {
        Some(share) => {
            let all: Vec<_> = homes(community).map(|(i, size)| (standing_of(i), size)).collect();
            take(&all, whole(share, residents.len()))
        }
        // By chance, as before, but given the hukou that it has now.
        None => homes(community)
            .map(|(i, _)| {
                let (draw, traits) =
                    (rng.uniform(people::DANWEI, i as u32, FOUNDING, 0), residents.traits[i]);
                draw < community.tables.danwei[traits.owner() as usize][traits.local() as usize]
            })
            .collect(),
    };
    settle(community, &taken, |t, unit| Traits::new(t.male(), 0, 0, t.owner(), t.local(), false, unit));
}

/// The level of each: those who stand best have the highest.
fn education(
    community: &Community,
    shares: &[f64; 4],
    groups: &groups::Settings,
    rng: CounterRng,
) -> Vec<u8> {
    let residents = &community.residents;
    let standing_of = |i: usize| {
        let odds = groups.education_odds(community.kind as usize, residents.age_band(i));
        standing(rng.uniform(start::SCHOOLING, i as u32, FOUNDING, 0), odds)
    };
    let all: Vec<f64> = (0..residents.len()).map(standing_of).collect();
    let mut order: Vec<usize> = (0..all.len()).collect();
    order.sort_by(|&a, &b| all[a].total_cmp(&all[b]).then(a.cmp(&b)));
    let mut levels = vec![0; all.len()];
    let mut best = order.into_iter();
    for (level, count) in largest_remainder(shares, all.len()).into_iter().enumerate().rev() {
        best.by_ref().take(count).for_each(|i| levels[i] = level as u8);
    }
    levels
}

fn party(
    community: &Community,
    share: f64,
    education: Option<&[u8]>,
    groups: &groups::Settings,
    rng: CounterRng,
) -> Vec<bool> {
    let residents = &community.residents;
    let level = |i: usize| match education {
        Some(education) => education[i],
        None => start::schooling(community, i, rng, FOUNDING),
    };
    let standing_of = |i: usize| {
        let odds = groups.party_odds(community.kind as usize, residents.age_band(i), level(i) as usize);
        (standing(rng.uniform(start::PARTY, i as u32, FOUNDING, 0), odds), 1)
    };
    let all: Vec<_> = (0..residents.len()).map(standing_of).collect();
    take(&all, whole(share, all.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_in_order_are_taken_until_the_number_is_reached() {
        let all = [(0.3, 2), (0.1, 3), (0.2, 1), (0.4, 1)];
        assert_eq!(take(&all, 4), [false, true, true, false]);
        // The home of two no longer fits; a smaller one that comes after it does.
        assert_eq!(take(&all, 5), [false, true, true, true]);
        assert_eq!(take(&all, 7), [true; 4]);
        assert_eq!(take(&all, 0), [false; 4]);
    }

    #[test]
    fn homes_that_do_not_fit_give_the_nearest_number() {
        let threes = [(0.1, 3), (0.2, 3), (0.3, 3)];
        let sum = |wanted| take(&threes, wanted).iter().filter(|&&taken| taken).count() * 3;
        assert_eq!([0, 1, 2, 4, 5, 9].map(sum), [0, 0, 3, 3, 6, 9]);
        // One of three in the place of one of one makes two more.
        assert_eq!(take(&[(0.1, 1), (0.2, 3), (0.3, 3)], 6), [false, true, true]);
    }
}
