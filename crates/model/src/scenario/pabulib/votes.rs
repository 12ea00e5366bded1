//! What each type of vote says, as scores of projects.

use toml::Value;

use super::numbers::{Decimal, ONE};
use super::sheet::{Cell, Section};
use super::{Project, Reader, Vote, of_row};
use crate::base::i18n::{Both, both, listed};
use crate::base::problem::nearest;

/// Most scores that a file may come to where every voter scores every project.
const MOST_SCORES: usize = 50_000_000;

/// What a vote says.
#[derive(Clone, Copy, PartialEq)]
enum Kind {
    /// Projects that are approved of.
    Approval,
    /// At most one project.
    One,
    /// Projects from the most to the least preferred, worth points from the longest list allowed down to 1.
    Ranks { longest: usize },
    /// Points of 0 and more.
    Cumulative,
    /// Points; projects that are not named get `default`.
    Scoring { default: i128 },
}

/// The types of vote that can be read.
const TYPES: [&str; 5] = ["approval", "choose-1", "ordinal", "cumulative", "scoring"];

/// Projects by name, to find one among hundreds for votes in their ten thousands.
struct Names<'a>(Vec<(&'a str, usize)>);

impl<'a> Names<'a> {
    fn new(projects: &'a [Project]) -> Names<'a> {
        let mut sorted: Vec<_> = projects.iter().map(|project| project.id.text.as_str()).zip(0..).collect();
        sorted.sort_unstable();
        Names(sorted)
    }

    fn find(&self, name: &str) -> Option<usize> {
        let place = self.0.binary_search_by(|(id, _)| (*id).cmp(name)).ok()?;
        Some(self.0[place].1)
    }
}

impl Reader<'_> {
    /// For each voter the scores of the projects voted for.
    pub(super) fn votes(&mut self, section: &Section, projects: &[Project]) -> Option<Vec<Vote>> {
        let kind = self.kind(projects.len())?;
        let vote = self.column(section, "vote")?;
        let points = match kind {
            Kind::Cumulative | Kind::Scoring { .. } => Some(self.column(section, "points")?),
            _ => None,
        };
        let names = Names::new(projects);
        if let Kind::Scoring { default } = kind
            && default != 0
            && section.rows.len().saturating_mul(projects.len()) > MOST_SCORES
        {
            let what = both!(
                "default_score gives more than {MOST_SCORES} scores",
                "default_score 产生的评分超过 {MOST_SCORES} 个"
            );
            self.wrong(what, section.span.clone());
            return None;
        }
        let mut votes = Vec::with_capacity(section.rows.len());
        for row in &section.rows {
            let Some(cell) = row.get(vote) else {
                self.wrong(both!("this voter has no vote", "此投票人没有投票"), of_row(row));
                continue;
            };
            let Some(named) = self.named(cell, &names) else { continue };
            let given = points.map(|k| row.get(k).cloned().unwrap_or_default());
            let Some(scores) = self.scores(kind, named.len(), cell, given) else { continue };
            if let Some(vote) = self.once(kind, cell, projects, named.into_iter().zip(scores).collect()) {
                votes.push(complete(kind, vote, projects.len()));
            }
        }
        Some(votes)
    }

    fn kind(&mut self, projects: usize) -> Option<Kind> {
        let Some(cell) = self.value("vote_type") else {
            let span = self.meta.span.clone();
            self.wrong(both!("META has no vote_type", "META 中没有 vote_type"), span);
            self.allow(listed(TYPES));
            return None;
        };
        match cell.text.to_lowercase().as_str() {
            "approval" => Some(Kind::Approval),
            "choose-1" => Some(Kind::One),
            "ordinal" => self.ranks(projects),
            "cumulative" => Some(Kind::Cumulative),
            "scoring" => {
                let default = self.number("default_score").unwrap_or_default().units;
                Some(Kind::Scoring { default })
            }
            _ => {
                let word = Value::String(cell.text).to_string();
                if self.wrong(
                    both!("votes of the type {word} cannot be read", "无法读取 {word} 类型的投票"),
                    cell.span,
                ) {
                    self.allow(listed(TYPES));
                }
                None
            }
        }
    }

    fn ranks(&mut self, projects: usize) -> Option<Kind> {
        if let Some(cell) = self.value("scoring_fn").filter(|cell| !cell.text.eq_ignore_ascii_case("borda")) {
            let word = Value::String(cell.text).to_string();
            self.wrong(both!("ranks cannot be scored by {word}", "无法按 {word} 为排序计分"), cell.span);
            self.allow(Both::same("Borda"));
            return None;
        }
        let longest = self.number("max_length").map_or(projects as i128, Decimal::floor);
        Some(Kind::Ranks { longest: usize::try_from(longest).unwrap_or(0).clamp(1, projects.max(1)) })
    }

    /// The projects that a vote names, in its order; none if one of them is unknown.
    fn named(&mut self, cell: &Cell, names: &Names) -> Option<Vec<usize>> {
        let (mut named, before) = (Vec::new(), self.problems.len());
        for word in cell.text.split(',').map(str::trim).filter(|word| !word.is_empty()) {
            match names.find(word) {
                Some(project) => named.push(project),
                None if self.wrong(
                    both!("there is no project {word}", "没有名为 {word} 的项目"),
                    cell.span.clone(),
                ) =>
                {
                    if let Some(near) = nearest(word, names.0.iter().map(|(id, _)| *id)) {
                        self.allow(both!("perhaps {near}?", "也许是 {near}？"));
                    }
                }
                None => return None,
            }
        }
        (self.problems.len() == before).then_some(named)
    }

    /// The scores of `count` projects that a vote names.
    fn scores(&mut self, kind: Kind, count: usize, vote: &Cell, points: Option<Cell>) -> Option<Vec<i128>> {
        let wrong = match kind {
            Kind::Approval => return Some(vec![ONE; count]),
            Kind::One if count <= 1 => return Some(vec![ONE; count]),
            Kind::One => both!(
                "this vote names {count} projects where one may be chosen",
                "此票列出 {count} 个项目，而只能选一个"
            ),
            Kind::Ranks { longest } if count <= longest => {
                return Some((0..count).map(|rank| (longest - rank) as i128 * ONE).collect());
            }
            Kind::Ranks { longest } => both!(
                "this vote ranks {count} projects where {longest} may be ranked",
                "此票排列了 {count} 个项目，而最多可排 {longest} 个"
            ),
            Kind::Cumulative | Kind::Scoring { .. } => {
                let cell = points.unwrap_or_default();
                match points_of(&cell, count, kind == Kind::Cumulative) {
                    Ok(points) => return Some(points),
                    Err(what) => {
                        let span = if cell.span.is_empty() { vote.span.clone() } else { cell.span };
                        self.wrong(what, span);
                        return None;
                    }
                }
            }
        };
        self.wrong(wrong, vote.span.clone());
        None
    }

    /// The vote with every project once: an approval may be said twice, points may not.
    fn once(&mut self, kind: Kind, cell: &Cell, projects: &[Project], mut vote: Vote) -> Option<Vote> {
        let mut sorted: Vec<usize> = vote.iter().map(|&(project, _)| project).collect();
        sorted.sort_unstable();
        let Some(pair) = sorted.windows(2).find(|pair| pair[0] == pair[1]) else { return Some(vote) };
        if kind == Kind::Approval {
            vote.sort_unstable();
            vote.dedup();
            return Some(vote);
        }
        let name = &projects[pair[0]].id.text;
        self.wrong(
            both!("this vote names project {name} twice", "此票重复列出项目 {name}"),
            cell.span.clone(),
        );
        None
    }
}

/// The points in a cell, one for each of `count` projects.
fn points_of(cell: &Cell, count: usize, not_negative: bool) -> Result<Vec<i128>, Both> {
    let words: Vec<&str> = cell.text.split(',').map(str::trim).filter(|word| !word.is_empty()).collect();
    if words.len() != count {
        let given = words.len();
        return Err(match count {
            1 => both!(
                "this vote names 1 project and gives points to {given}",
                "此票列出 1 个项目，却给 {given} 个项目打分"
            ),
            _ => both!(
                "this vote names {count} projects and gives points to {given}",
                "此票列出 {count} 个项目，却给 {given} 个项目打分"
            ),
        });
    }
    let points: Option<Vec<i128>> = words.iter().map(|word| Some(Decimal::read(word)?.units)).collect();
    let points = points.ok_or_else(|| both!("these points are not numbers", "这些分数不是数"))?;
    if points.iter().any(|points| points.abs() > 1_000_000_000 * ONE) {
        return Err(both!("points above 1e9 cannot be read", "无法读取超过 1e9 的分数"));
    }
    match points.iter().any(|&points| not_negative && points < 0) {
        true => Err(both!("points of a cumulative vote cannot be below 0", "累积投票的分数不得小于 0")),
        false => Ok(points),
    }
}

/// The vote without scores of 0 and with those of projects that it does not name.
fn complete(kind: Kind, mut vote: Vote, projects: usize) -> Vote {
    if let Kind::Scoring { default } = kind
        && default != 0
    {
        let mut scores = vec![default; projects];
        vote.iter().for_each(|&(project, score)| scores[project] = score);
        vote = scores.into_iter().enumerate().collect();
    }
    vote.retain(|&(_, score)| score != 0);
    vote
}
