//! The brief of a comparison: which policy does most, at what cost, for whom, and how sure that is.

use std::io;

use super::standing::{MOST, Standing, first_of, ranking, within};
use super::yearly::{YEAR, from_month, yearly};
use super::{Brief, Drawn, Figure, Part, asked_first, assumed_of, certainty, foot, what_it_costs};
use crate::chart::{Change, Chart, Panel, Scale, Series};
use crate::draw::ranking::Direction;
use crate::page::claim::{
    Claim, Difference, against_smallest, difference_unit, is_practically_none, level_unit,
};
use crate::page::communities;
use crate::page::compare::{find, last};
use crate::page::costs;
use crate::page::evidence;
use crate::page::experiment::{Experiment, pairs, quoted};
use crate::page::folder::Folder;
use crate::page::gaps;
use crate::page::groups;
use crate::page::sentence::{Cell, Item, Sentence, sentence};
use crate::page::sure;
use crate::page::time_series::{self, Columns, Courses};
use crate::shown::Shown;
use shequ_experiment::record::sheet::Sheet;
use shequ_experiment::window::Window;
use shequ_model::base::i18n::{Both, Language, both};
use shequ_model::metric::Metric;
use shequ_model::metric::costs::TOTAL;
use unicode_width::UnicodeWidthStr;

/// Policies that are ranked at most beside a map: with more of them a page has no room for it.
const WITH_MAP: usize = 4;

/// Columns of a long name, of which a Chinese character takes two.
const LONG: usize = 44;

/// What a comparison found on its first primary outcome in its last window.
struct Found<'a> {
    experiment: &'a Experiment,
    effects: &'a Sheet,
    metric: &'static Metric,
    /// Rows of `effects`, the largest effect first.
    rows: Vec<usize>,
}

/// Everything.
///
/// # Errors
/// An I/O error if a table cannot be read or is not as this program writes it.
pub fn brief(folder: &Folder) -> io::Result<Brief> {
    let experiment = Experiment::of(folder)?;
    let effects = folder.sheet("effects")?;
    let found = Found::of(&experiment, &effects)?;
    let mut figures = vec![found.ranking()];
    figures.extend(found.course(folder)?);
    figures.extend(found.map(folder)?);
    let mut parts: Vec<Part> = found.costs(folder)?.into_iter().collect();
    parts.extend(found.groups(folder)?);
    parts.push(found.certainty(folder)?);
    parts.push(assumed_of(&experiment, &[]));
    Ok(Brief {
        of: experiment.name.clone(),
        answer: found.answer(),
        lead: found.lead(&folder.sheet("summary")?),
        figures,
        parts,
        foot: foot(folder),
    })
}

/// What is known of an effect: its claim, as far as it is significant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Verdict {
    Higher,
    Lower,
    Open,
    Small,
    Same,
    Untested,
}

impl Verdict {
    fn words(self) -> Both {
        match self {
            Verdict::Higher => both("higher", "上升"),
            Verdict::Lower => both("lower", "下降"),
            Verdict::Open => both("not significant", "不显著"),
            Verdict::Small => both("practically the same", "实际没有变化"),
            Verdict::Same => both("identical", "完全相同"),
            Verdict::Untested => both("not tested", "未检验"),
        }
    }

    fn direction(self) -> Direction {
        match self {
            Verdict::Higher => Direction::Higher,
            Verdict::Lower => Direction::Lower,
            _ => Direction::Open,
        }
    }
}

/// True of a name that takes more than a line beside its course.
fn is_long(name: &Both) -> bool {
    [&name.en, &name.zh].iter().any(|name| name.width() > LONG)
}

impl<'a> Found<'a> {
    fn of(experiment: &'a Experiment, effects: &'a Sheet) -> io::Result<Found<'a>> {
        let metric = asked_first(experiment)?;
        let row = |id: &str| find(effects, id, metric.name, last(experiment));
        let mut rows: Vec<usize> = experiment.arms.iter().filter_map(|arm| row(&arm.id)).collect();
        if rows.is_empty() {
            return Err(io::ErrorKind::InvalidData.into());
        }
        let effect = |row: &usize| effects.number(*row, "effect");
        // What has no value comes last.
        rows.sort_by(|a, b| {
            effect(a).is_nan().cmp(&effect(b).is_nan()).then(effect(b).total_cmp(&effect(a)))
        });
        Ok(Found { experiment, effects, metric, rows })
    }

    /// The policy that the answer is about: the one with the largest effect that is shown to be above zero, else the
    /// first. A larger effect with a wider interval may stand above it.
    fn leader(&self) -> usize {
        let raises = |&row: &usize| self.verdict(row) == Verdict::Higher;
        self.rows.iter().copied().find(raises).unwrap_or(self.rows[0])
    }

    fn name(&self, row: usize) -> Both {
        let id = self.effects.text(row, "arm");
        self.experiment.arm(id).map_or_else(|| Both::same(id), |arm| arm.name.clone())
    }

    fn value(&self, row: usize, column: &str) -> f64 {
        self.effects.number(row, column)
    }

    fn half_width(&self, row: usize) -> f64 {
        (self.value(row, "ci95_high") - self.value(row, "ci95_low")) / 2.0
    }

    fn verdict(&self, row: usize) -> Verdict {
        let is_significant = self.effects.text(row, "significant") == "true";
        let difference =
            Difference { sheet: self.effects, row, column: "effect", metric: self.metric, is_rough: false };
        match difference.claim() {
            _ if is_practically_none(self.effects, row) => Verdict::Small,
            Claim::Up if is_significant => Verdict::Higher,
            Claim::Down if is_significant => Verdict::Lower,
            Claim::Up | Claim::Down | Claim::Unclear => Verdict::Open,
            Claim::Nothing => Verdict::Same,
            Claim::NoInterval | Claim::Constant | Claim::NoValue => Verdict::Untested,
        }
    }

    /// What sentences on a row name: where its direction is said, the effect and its ends as sizes.
    fn items(&self, row: usize) -> Vec<(&'static str, Item)> {
        let half_width = self.half_width(row);
        let is_told = matches!(self.verdict(row), Verdict::Higher | Verdict::Lower);
        let cell = |column: &str| {
            let cell = Cell::of(self.effects, row, column);
            if is_told {
                cell.rough_size(self.metric, half_width)
            } else {
                cell.rough(self.metric, half_width)
            }
        };
        let (mut low, mut high) = (cell("ci95_low"), cell("ci95_high"));
        if self.verdict(row) == Verdict::Lower {
            (low, high) = (high, low);
        }
        vec![
            ("arm", self.name(row).into()),
            ("effect", cell("effect")),
            ("low", low),
            ("high", high),
            ("what", Both::from(self.metric.label).into()),
            ("unit", difference_unit(self.metric).into()),
            ("window", within(last(self.experiment)).into()),
            ("smallest", Cell::of(self.effects, row, "smallest_effect").rough_size(self.metric, half_width)),
        ]
    }

    /// The sentence to repeat.
    fn answer(&self) -> Sentence {
        let best = self.leader();
        let is_one = self.rows.len() == 1;
        let with =
            |verdict: Verdict| self.rows.iter().copied().filter(move |&row| self.verdict(row) == verdict);
        let (en, zh, row) = match self.verdict(best) {
            Verdict::Higher => return self.raised(best),
            Verdict::Small if is_one => (
                "{what} is practically the same under \"{arm}\" {window}: the difference, {low} to {high}{unit}, is \
                 below the smallest that matters, {smallest}{unit}",
                "{window}“{arm}”之下的{what}实际没有变化：差异为 {low} 至 {high}{unit}，小于有实际意义的最小值 {smallest}{unit}",
                best,
            ),
            Verdict::Small => (
                "No policy is shown to raise {what} by as much as matters, {smallest}{unit}, {window}; \"{arm}\" ranks \
                 first, at {low} to {high}{unit}",
                "{window}没有政策被证明能使{what}上升到有实际意义的程度（{smallest}{unit}）；居首的“{arm}”为 {low} 至 {high}{unit}",
                best,
            ),
            _ if is_one && self.verdict(best) == Verdict::Lower => (
                "\"{arm}\" lowers {what} by {effect}{unit} ({low} to {high}) {window}",
                "{window}“{arm}”使{what}下降 {effect}{unit}（{low} 至 {high}）",
                best,
            ),
            _ if with(Verdict::Lower).next().is_some() => (
                "No policy raises {what} significantly {window}; \"{arm}\" lowers it most, by {effect}{unit} \
                 ({low} to {high})",
                "{window}没有政策使{what}显著上升；“{arm}”使其下降最多：{effect}{unit}（{low} 至 {high}）",
                with(Verdict::Lower).next_back().unwrap_or(best),
            ),
            Verdict::Same => (
                "{what} is the same under \"{arm}\" as without it {window}, in every replicate",
                "{window}“{arm}”之下的{what}与基准在每次重复中完全相同",
                best,
            ),
            Verdict::Untested => (
                "Too few replicates to tell whether \"{arm}\" changes {what} {window}: an interval needs at least two \
                 that differ",
                "重复次数不足，无法判断{window}“{arm}”是否改变{what}：区间至少需要两次有差异的重复",
                best,
            ),
            _ if is_one => (
                "Undecided: \"{arm}\" changes {what} by {low} to {high}{unit} {window}",
                "尚不能判定：{window}“{arm}”使{what}变化 {low} 至 {high}{unit}",
                best,
            ),
            _ => (
                "Undecided: no policy changes {what} significantly {window}; \"{arm}\" ranks first, at {low} to \
                 {high}{unit}",
                "尚不能判定：{window}没有政策使{what}显著变化；居首的“{arm}”为 {low} 至 {high}{unit}",
                best,
            ),
        };
        sentence(en, zh, &self.items(row))
    }

    /// Another policy of which it is not shown that it does less than the leader: its interval reaches the leader's.
    fn rival(&self, best: usize) -> Option<usize> {
        let low = self.value(best, "ci95_low");
        let is_less = |row: usize| self.value(row, "ci95_high") < low || self.value(row, "effect").is_nan();
        self.rows.iter().copied().find(|&row| row != best && !is_less(row))
    }

    /// That a policy raises the outcome, and how the others stand: one is called first only if no other's interval reaches
    /// its own.
    fn raised(&self, best: usize) -> Sentence {
        let others: Vec<usize> = self.rows.iter().copied().filter(|&row| row != best).collect();
        let rival = self.rival(best);
        let second = others.iter().copied().find(|&row| self.verdict(row) == Verdict::Higher);
        let mut items = self.items(best);
        let (en, zh) = match (rival, second) {
            _ if others.is_empty() => ("", ""),
            (Some(rival), _) => {
                items.push(("other", self.name(rival).into()));
                ("; whether it or \"{other}\" does more is undecided", "；它与“{other}”何者更高尚不能判定")
            }
            (None, Some(second)) => {
                items.push(("other", self.name(second).into()));
                let cell = Cell::of(self.effects, second, "effect");
                items.push(("less", cell.rough_size(self.metric, self.half_width(second))));
                ("; the next, \"{other}\", by {less}{unit}", "；其次为“{other}”：{less}{unit}")
            }
            (None, None) => ("; no other policy raises it significantly", "；其他政策均未使其显著上升"),
        };
        sentence(
            &format!(
                "\"{{arm}}\" raises {{what}} by {{effect}}{{unit}} ({{low}} to {{high}}) {{window}}{en}"
            ),
            &format!("{{window}}“{{arm}}”使{{what}}上升 {{effect}}{{unit}}（{{low}} 至 {{high}}）{zh}"),
            &items,
        )
    }

    /// Levels with and without the policy of the answer, and whether the months hold an election.
    fn lead(&self, summary: &Sheet) -> Vec<Sentence> {
        let row = self.leader();
        let half_width = self.half_width(row);
        let level = |column: &str| Cell::of(self.effects, row, column).rough(self.metric, half_width);
        let mut items = self.items(row);
        items.push(("level", level_unit(self.metric).into()));
        items.push(("on", level("arm_mean")));
        items.push(("off", level("base_mean")));
        items.push(("base", self.experiment.base_name().into()));
        let levels = sentence(
            "{what} is {on}{level} under \"{arm}\" {window}, against {off}{level} under \"{base}\".",
            "{window}“{arm}”之下{what}为 {on}{level}，“{base}”之下为 {off}{level}。",
            &items,
        );
        let mut said = vec![levels];
        said.extend(against_smallest(self.effects, row, self.metric));
        said.extend(self.election(summary));
        said.extend(self.more_votes(summary));
        said
    }

    /// The rows of `summary` on `metric` in those months of the last window in which it has a value.
    fn valued(&self, summary: &Sheet, metric: &str) -> Option<Vec<usize>> {
        let scenario = &self.experiment.base.scenario;
        let months = last(self.experiment).parse::<Window>().ok()?.range(scenario.start, scenario.months);
        let has_value = |&row: &usize| {
            summary.text(row, "metric") == metric
                && months.contains(&(summary.number(row, "month") as u32))
                && summary.number(row, "n") > 0.0
        };
        Some((0..summary.rows()).filter(has_value).collect())
    }

    /// Where an election is one of a policy's own: participation in a window that holds it is not what it is otherwise.
    fn more_votes(&self, summary: &Sheet) -> Option<Sentence> {
        let held = self.valued(summary, "participation.vote")?;
        let votes = |arm: &str| held.iter().filter(|&&row| summary.text(row, "arm") == arm).count();
        let base = votes(self.effects.text(self.leader(), "base"));
        let arms = self.experiment.arms.iter().filter(|arm| votes(&arm.id) > base).map(|arm| &arm.name);
        arms.clone().next()?;
        Some(sentence(
            "Residents vote in more of these months under {arms} than under \"{base}\", which raises participation by itself.",
            "该时段内，在{arms}之下居民投票的月份多于“{base}”，这本身就会提高参与率。",
            &[("arms", quoted(arms).into()), ("base", self.experiment.base_name().into())],
        ))
    }

    /// Whether there is an election in the window, on which the level of participation depends.
    fn election(&self, summary: &Sheet) -> Option<Sentence> {
        const CAST: &str = "turnout.cast";
        (0..summary.rows()).find(|&row| summary.text(row, "metric") == CAST)?;
        Some(match self.valued(summary, CAST)?.is_empty() {
            false => sentence("These months hold a committee election.", "该时段内有居委会选举。", &[]),
            true => sentence("These months hold no committee election.", "该时段内没有居委会选举。", &[]),
        })
    }

    /// All policies by their effect.
    fn ranking(&self) -> Figure {
        let standing = |&row: &usize| {
            let verdict = self.verdict(row);
            let values = ["effect", "ci95_low", "ci95_high"].map(|column| self.value(row, column));
            Standing::on(self.metric, self.name(row), values, verdict.words(), verdict.direction())
        };
        let standings = self.rows.iter().take(MOST).map(standing).collect();
        let leader = self.leader();
        let title = match (self.verdict(leader), self.rival(leader)) {
            (Verdict::Higher, None) if self.rows.len() > 1 => both("One policy stands out", "一项政策领先"),
            (Verdict::Higher, Some(_)) => both("First place is undecided", "何者居首尚不能判定"),
            _ => both("What each policy changes", "各政策的效应"),
        };
        let (label, window) = (self.metric.label, within(last(self.experiment)));
        let base = self.experiment.base_name();
        let left_out = first_of(self.rows.len(), MOST);
        let note = both(
            format!(
                "Change in {} {} against \"{}\". Line: 95 % interval. Hollow: not significant after Holm's correction, or \
                 practically the same.{}",
                label.en, window.en, base.en, left_out.en
            ),
            format!(
                "{}{}的变化（对比“{}”）。线段：95% 置信区间。空心：经 Holm 校正后不显著，或实际没有变化。{}",
                window.zh.trim_end(),
                label.zh,
                base.zh,
                left_out.zh
            ),
        );
        ranking("brief-effects", title, note, self.metric, standings)
    }

    /// How far each policy stands from the base over time, from a year before the first change.
    fn course(&self, folder: &Folder) -> io::Result<Option<Figure>> {
        let sheet = folder.sheet("differences")?;
        let columns = || Columns { mean: "effect", fewest: folder.fewest() };
        let arms =
            self.rows.iter().take(MOST).filter_map(|&row| self.experiment.arm(self.effects.text(row, "arm")));
        let changes: Vec<u32> = arms
            .clone()
            .flat_map(|arm| time_series::changes(&arm.loaded))
            .map(|change| change.month)
            .collect();
        let from = changes.iter().min().map_or(0, |&month| month.saturating_sub(YEAR as u32));
        let (mut start, mut series) = (None, Vec::new());
        // Long names would leave no room for the courses, and stand in the picture above.
        let has_numbers = arms.clone().count() > 1 && arms.clone().any(|arm| is_long(&arm.name));
        for (number, arm) in (1..).zip(arms) {
            let courses = Courses::of_arm(&sheet, &columns(), &arm.id);
            start = start.or(courses.start());
            let name = if has_numbers { both!("{number}", "{number}") } else { arm.name.clone() };
            series.extend(courses.get(self.metric.name, name).map(|own| from_month(yearly(own), from)));
        }
        let mut changes: Vec<u32> = changes.iter().map(|month| month - from).collect();
        changes.dedup();
        let policy = both("policy changes", "政策改变");
        let panel = Panel { scale: Scale::of_differences(self.metric), series, ..Panel::default() };
        let chart = Chart {
            id: "course".into(),
            start: start.map(|start| start.plus(from)),
            changes: changes
                .into_iter()
                .map(|month| Change { month, policy: Some(policy.clone()), label: policy.clone() })
                .collect(),
            panels: vec![panel],
            ..Chart::default()
        };
        let is_yearly = chart.panels[0].series.iter().any(|series| !series.is_sparse());
        let note = match is_yearly {
            true => both(
                "Difference from the baseline, mean of the last twelve months; each month and its interval stand in report.html.",
                "与基准之差，最近十二个月的均值；各月及其区间见 report.html。",
            ),
            false => {
                both("Difference from the baseline in months that have a value.", "有数值的月份与基准之差。")
            }
        };
        let numbers = match has_numbers {
            true => both(" Numbers: the policies as ranked above.", "编号为上图中政策的次序。"),
            false => Both::default(),
        };
        let note = both!("{note}{numbers}", "{note}{numbers}"; note = note, numbers = numbers);
        Ok(chart.if_any().map(|chart| Figure {
            file: "brief-course",
            title: both("Over time", "随时间的变化"),
            words: self.course_in_words(&chart),
            note,
            drawn: Drawn::Course(Box::new(chart)),
        }))
    }

    /// Where the policy of the answer changes it, if communities have places or names.
    fn map(&self, folder: &Folder) -> io::Result<Option<Figure>> {
        let arm = self.experiment.arm(self.effects.text(self.leader(), "arm"));
        let Some(arm) = arm.filter(|_| self.rows.len() <= WITH_MAP) else { return Ok(None) };
        let Some(chart) = communities::effect_of(folder, self.experiment, arm, self.metric)? else {
            return Ok(None);
        };
        let note = match chart.map {
            Some(_) => both(
                "Blue: higher, orange: lower than the baseline. Hatched or hollow: not significant.",
                "蓝色高于、橙色低于基准。斜线或空心：不显著。",
            ),
            None => both(
                "Blue: higher, orange: lower than the baseline. Framed: significant.",
                "蓝色高于、橙色低于基准。加框：显著。",
            ),
        };
        let title = both!("Where: {arm}", "在何处：{arm}"; arm = arm.name);
        Ok(super::in_places(chart, title, note))
    }

    /// The last value of each course.
    fn course_in_words(&self, chart: &Chart) -> Both {
        let series = || chart.panels.iter().flat_map(|panel| &panel.series);
        Both::by(|language| {
            let shown = Shown::of(self.metric, language);
            let last = |series: &Series| {
                let value =
                    series.mean.iter().rev().copied().find(|value| !value.is_nan()).unwrap_or(f64::NAN);
                format!("{} {}", series.name.of(language), shown.number(value))
            };
            let all: Vec<String> = series().map(last).collect();
            match language {
                Language::En => format!("Difference from the baseline at the end: {}", all.join("; ")),
                Language::Zh => format!("期末与基准之差：{}", all.join("；")),
            }
        })
    }

    /// What each policy costs more than the base, and what the first gives for it.
    fn costs(&self, folder: &Folder) -> io::Result<Option<Part>> {
        if !folder.has("costs") {
            return Ok(None);
        }
        let sheet = folder.sheet("costs")?;
        let window = last(self.experiment);
        let mut lines: Vec<Sentence> = Vec::new();
        let (mut en, mut zh, mut items) = (Vec::new(), Vec::new(), Vec::new());
        for (number, &row) in self.rows.iter().take(MOST).enumerate() {
            let own = costs::find(&sheet, self.effects.text(row, "arm"), TOTAL, window);
            let Some(&own) = own.first().filter(|&&row| !sheet.number(row, "value").is_nan()) else {
                continue;
            };
            let named = |what: &str| format!("{what}{number}");
            items.push((named("arm"), self.name(row).into()));
            items.push((named("value"), Cell::of(&sheet, own, "value").sum()));
            let has_interval = sheet.number(own, "ci95_low") != sheet.number(own, "ci95_high")
                && !sheet.number(own, "ci95_low").is_nan();
            if has_interval {
                items.push((named("low"), Cell::of(&sheet, own, "ci95_low").sum()));
                items.push((named("high"), Cell::of(&sheet, own, "ci95_high").sum()));
                en.push(format!("{{arm{number}}} {{value{number}}} ({{low{number}}} to {{high{number}}})"));
                zh.push(format!("{{arm{number}}} {{value{number}}}（{{low{number}}} 至 {{high{number}}}）"));
            } else {
                en.push(format!("{{arm{number}}} {{value{number}}}"));
                zh.push(format!("{{arm{number}}} {{value{number}}}"));
            }
        }
        if !en.is_empty() {
            let items: Vec<(&str, Item)> =
                items.iter().map(|(name, item)| (name.as_str(), item.clone())).collect();
            lines.push(sentence(
                &format!(
                    "Yuan per community and year against the baseline, whoever pays: {}.",
                    en.join("; ")
                ),
                &format!("与基准相比，每个社区每年的支出（元，不论由谁支付）：{}。", zh.join("；")),
                &items,
            ));
        }
        let best = self.effects.text(self.leader(), "arm");
        lines.extend(costs::worth(&sheet, self.experiment, best, window, self.metric.name).map(|said| {
            let mut named = sentence("\"{arm}\": ", "“{arm}”：", &[("arm", self.name(self.leader()).into())]);
            named.en.extend(said.en);
            named.zh.extend(said.zh);
            named
        }));
        Ok((!lines.is_empty()).then(|| Part { title: what_it_costs(), lines }))
    }

    /// The groups that gain most and least from the policy of the answer, within each grouping, and whether it moves
    /// the gaps between groups.
    fn groups(&self, folder: &Folder) -> io::Result<Option<Part>> {
        let arm = self.effects.text(self.leader(), "arm");
        let mut lines: Vec<Sentence> = self.extremes(&folder.sheet("group_effects")?).into_iter().collect();
        if let Some(arm) = self.experiment.arm(arm).filter(|_| folder.has(gaps::TABLE)) {
            let told = gaps::told(self.experiment, &folder.sheet(gaps::TABLE)?, arm, self.metric.name);
            lines.extend(told.into_iter().next());
        }
        let title = both("Who gains most and least?", "谁受益最多、最少？");
        Ok((!lines.is_empty()).then_some(Part { title, lines }))
    }

    fn extremes(&self, sheet: &Sheet) -> Option<Sentence> {
        let arm = self.effects.text(self.leader(), "arm");
        let is_own = |row: &usize| {
            sheet.text(*row, "arm") == arm
                && sheet.text(*row, "window") == last(self.experiment)
                && sheet.text(*row, "metric") == self.metric.name
                && sheet.text(*row, "group") != "community type"
                && !sheet.number(*row, "effect").is_nan()
        };
        let mut rows: Vec<usize> = (0..sheet.rows()).filter(is_own).collect();
        let effect = |row: &usize| sheet.number(*row, "effect");
        rows.sort_by(|a, b| effect(b).total_cmp(&effect(a)));
        let (&most, &least) = (rows.first()?, rows.last()?);
        let half_width = |row: usize| (sheet.number(row, "ci95_high") - sheet.number(row, "ci95_low")) / 2.0;
        let level = |row: usize| groups::named(sheet.text(row, "group"), sheet.text(row, "level"));
        let cell =
            |row: usize, column: &str| Cell::of(sheet, row, column).rough(self.metric, half_width(row));
        let items = [
            ("arm", self.name(self.leader()).into()),
            ("unit", difference_unit(self.metric).into()),
            ("most", level(most).into()),
            ("x", cell(most, "effect")),
            ("xlow", cell(most, "ci95_low")),
            ("xhigh", cell(most, "ci95_high")),
            ("least", level(least).into()),
            ("y", cell(least, "effect")),
            ("ylow", cell(least, "ci95_low")),
            ("yhigh", cell(least, "ci95_high")),
        ];
        Some(sentence(
            "Under \"{arm}\" the change is largest in the group \"{most}\", {x}{unit} ({xlow} to {xhigh}), and smallest in \
             \"{least}\", {y}{unit} ({ylow} to {yhigh}).",
            "“{arm}”之下，变化最大的群体是“{most}”：{x}{unit}（{xlow} 至 {xhigh}）；最小的是“{least}”：{y}{unit}（{ylow} 至 {yhigh}）。",
            &items,
        ))
    }

    /// Chance, parameters and, where there is a posterior, the probability to be best.
    fn certainty(&self, folder: &Folder) -> io::Result<Part> {
        let mut lines = vec![pairs(self.effects), evidence::parameters_of(folder)];
        if folder.has("ranking") {
            lines.extend(sure::first(self.experiment, &folder.sheet("ranking")?, self.metric.name));
        }
        Ok(certainty(lines))
    }
}
