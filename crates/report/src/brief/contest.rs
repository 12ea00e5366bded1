//! The brief of a contest: whether what a policy does depends on why residents take part.

use std::io;

use super::standing::{MOST, Standing, first_of, ranking, within};
use super::{Brief, Figure, Part, asked_first, assumed, certainty, foot};
use crate::draw::ranking::Direction;
use crate::page::claim::{Claim, difference_unit};
use crate::page::compare::last;
use crate::page::contest::{Verdict, at_end, depends, shares, weighted};
use crate::page::evidence;
use crate::page::experiment::{Arm, Experiment, pairs};
use crate::page::folder::Folder;
use crate::page::sentence::{Cell, Item, Sentence, sentence};
use crate::theories::{rule_called, theory_called};
use shequ_experiment::record::sheet::Sheet;
use shequ_model::base::i18n::{Both, both};
use shequ_model::metric::Metric;
use shequ_model::theory;

/// Everything.
///
/// # Errors
/// An I/O error if a table cannot be read or is not as this program writes it.
pub fn brief(folder: &Folder) -> io::Result<Brief> {
    let experiment = Experiment::of(folder)?;
    let (ranges, effects) = (folder.sheet("range")?, folder.sheet("effects")?);
    let found = Found::of(&experiment, &ranges)?;
    let mut figures: Vec<Figure> = (found.rows.len() > 1).then(|| found.policies()).into_iter().collect();
    figures.extend(found.theories(&effects));
    let mut sure = vec![pairs(&effects), evidence::parameters_of(folder)];
    sure.extend(shares(&experiment, &folder.sheet("variance")?, found.metric.name, last(&experiment)));
    Ok(Brief {
        of: experiment.name.clone(),
        answer: found.answer(found.rows[0]),
        lead: found.lead(folder)?,
        figures,
        parts: found
            .others()
            .into_iter()
            .chain([
                certainty(sure),
                assumed(experiment.city(), &experiment.base, evidence::theories_differ()),
            ])
            .collect(),
        foot: foot(folder),
    })
}

/// How far the effects on one outcome in the last window range.
struct Found<'a> {
    experiment: &'a Experiment,
    ranges: &'a Sheet,
    metric: &'static Metric,
    /// Rows of `range`, the highest effects first.
    rows: Vec<usize>,
}

impl<'a> Found<'a> {
    fn of(experiment: &'a Experiment, ranges: &'a Sheet) -> io::Result<Found<'a>> {
        let metric = asked_first(experiment)?;
        let is_own = |row: &usize| {
            ranges.text(*row, "metric") == metric.name && ranges.text(*row, "window") == last(experiment)
        };
        let mut rows: Vec<usize> = (0..ranges.rows()).filter(is_own).collect();
        let middle = |row: usize| ranges.number(row, "lowest") + ranges.number(row, "highest");
        rows.sort_by(|&a, &b| middle(b).total_cmp(&middle(a)));
        match rows.is_empty() {
            true => Err(io::ErrorKind::InvalidData.into()),
            false => Ok(Found { experiment, ranges, metric, rows }),
        }
    }

    fn arm(&self, row: usize) -> Option<&Arm> {
        self.experiment.arm(self.ranges.text(row, "arm"))
    }

    fn name(&self, row: usize) -> Both {
        self.arm(row).map_or_else(|| Both::same(self.ranges.text(row, "arm")), |arm| arm.name.clone())
    }

    fn items(&self, row: usize) -> Vec<(&'static str, Item)> {
        let cell = |column: &str| Cell::of(self.ranges, row, column);
        let half_width = (cell("highest").value - cell("lowest").value) / 2.0;
        vec![
            ("arm", self.name(row).into()),
            ("what", Both::from(self.metric.label).into()),
            ("window", within(last(self.experiment)).into()),
            ("unit", difference_unit(self.metric).into()),
            ("lowest", cell("lowest").rough(self.metric, half_width)),
            ("highest", cell("highest").rough(self.metric, half_width)),
            ("all", cell("combinations").whole()),
            ("up", cell("up_significant").whole()),
            ("down", cell("down_significant").whole()),
            ("low", at_end(self.ranges, row, "lowest").into()),
            ("high", at_end(self.ranges, row, "highest").into()),
        ]
    }

    /// The sentence to repeat on the policy of a row.
    fn answer(&self, row: usize) -> Sentence {
        let (en, zh) = match Verdict::of(self.ranges, row) {
            Verdict::Higher => (
                "Whichever theory of participation and trust rule holds, \"{arm}\" raises {what} {window}: mean effects \
                 reach from {lowest} to {highest}{unit}",
                "无论何种参与理论与信任规则成立，{window}“{arm}”均使{what}上升：平均效应从 {lowest} 到 {highest}{unit}",
            ),
            Verdict::Lower => (
                "Whichever theory of participation and trust rule holds, \"{arm}\" lowers {what} {window}: mean effects \
                 reach from {lowest} to {highest}{unit}",
                "无论何种参与理论与信任规则成立，{window}“{arm}”均使{what}下降：平均效应从 {lowest} 到 {highest}{unit}",
            ),
            Verdict::Contradict => (
                "Theories contradict each other on \"{arm}\" and {what} {window}: of {all} combinations of theory and \
                 trust rule, {up} give a significant rise and {down} a significant fall",
                "关于{window}“{arm}”对{what}的效应，各理论相互矛盾：{all} 种理论与信任规则的组合中，{up} 种显著上升，{down} 种显著下降",
            ),
            Verdict::Some => (
                "Whether \"{arm}\" changes {what} {window} depends on the theory: of {all} combinations of theory and \
                 trust rule, {up} give a significant rise and {down} a significant fall",
                "{window}“{arm}”是否改变{what}取决于理论：{all} 种理论与信任规则的组合中，{up} 种显著上升，{down} 种显著下降",
            ),
            Verdict::None => (
                "Undecided: under none of {all} combinations of theory and trust rule does \"{arm}\" change {what} \
                 significantly {window}",
                "尚不能判定：{all} 种理论与信任规则的组合中，{window}“{arm}”均未使{what}显著变化",
            ),
        };
        sentence(en, zh, &self.items(row))
    }

    /// The ends of the range, what the effect is shown to depend on, and the mean by weights.
    fn lead(&self, folder: &Folder) -> io::Result<Vec<Sentence>> {
        let row = self.rows[0];
        let ends = sentence(
            "The smallest mean effect is {lowest}{unit} ({low}), the largest {highest}{unit} ({high}).",
            "平均效应最小为 {lowest}{unit}（{low}），最大为 {highest}{unit}（{high}）。",
            &self.items(row),
        );
        let shown = depends(self.ranges, row);
        let mut said = vec![ends, sentence("{shown}", "{shown}", &[("shown", shown.into())])];
        if folder.has("weighted") {
            let sheet = folder.sheet("weighted")?;
            let own = (0..sheet.rows()).find(|&other| {
                ["arm", "metric", "window"]
                    .iter()
                    .all(|column| sheet.text(other, column) == self.ranges.text(row, column))
            });
            said.extend(own.and_then(|own| weighted(&sheet, own)));
        }
        Ok(said)
    }

    /// What is known of the other policies.
    fn others(&self) -> Option<Part> {
        let lines: Vec<Sentence> = self.rows[1..].iter().take(MOST).map(|&row| self.answer(row)).collect();
        (!lines.is_empty())
            .then(|| Part { title: both("And the other policies?", "其他政策如何？"), lines })
    }

    /// Every policy with the range of its effects.
    fn policies(&self) -> Figure {
        let standing = |&row: &usize| {
            let number = |column: &str| self.ranges.number(row, column);
            let (low, high) = (number("lowest"), number("highest"));
            let (words, direction) = match Verdict::of(self.ranges, row) {
                Verdict::Higher => (both("higher under every theory", "各理论下均上升"), Direction::Higher),
                Verdict::Lower => (both("lower under every theory", "各理论下均下降"), Direction::Lower),
                Verdict::Contradict => {
                    (both("theories contradict each other", "各理论相互矛盾"), Direction::Open)
                }
                Verdict::Some => (both("depends on the theory", "取决于理论"), Direction::Open),
                Verdict::None => (both("not significant", "不显著"), Direction::Open),
            };
            Standing::on(self.metric, self.name(row), [(low + high) / 2.0, low, high], words, direction)
        };
        let (label, left_out) = (self.metric.label, first_of(self.rows.len(), MOST));
        ranking(
            "brief-policies",
            both("How far the effects of each policy range", "各政策效应的范围"),
            both(
                format!(
                    "Mean effects on {} {} under all theories and trust rules: the line goes from the smallest to the \
                     largest, the mark is halfway.{}",
                    label.en,
                    within(last(self.experiment)).en,
                    left_out.en
                ),
                format!(
                    "{}{}在各理论与信任规则下的平均效应：线段由最小至最大，标记居中。{}",
                    within(last(self.experiment)).zh.trim_end(),
                    label.zh,
                    left_out.zh
                ),
            ),
            self.metric,
            self.rows.iter().take(MOST).map(standing).collect(),
        )
    }

    /// The effect of the first policy under each theory, with the trust rule of the base.
    fn theories(&self, effects: &Sheet) -> Option<Figure> {
        let row = self.rows[0];
        let rule = &self.experiment.base.scenario.theory_choice.trust;
        let is_own = |other: &usize, theory: &str| {
            ["arm", "metric", "window"]
                .iter()
                .all(|column| effects.text(*other, column) == self.ranges.text(row, column))
                && effects.text(*other, "theory") == theory
                && effects.text(*other, "trust") == *rule
        };
        // That all of them raise or lower it is told of each by itself, other effects after correction.
        let verdict = Verdict::of(self.ranges, row);
        let is_by_itself = matches!(verdict, Verdict::Higher | Verdict::Lower);
        let standing = |theory: &str| {
            let own = (0..effects.rows()).find(|other| is_own(other, theory))?;
            let values = ["effect", "ci95_low", "ci95_high"].map(|column| effects.number(own, column));
            let is_significant = is_by_itself || effects.text(own, "significant") == "true";
            let (words, direction) = match Claim::of(values[0], values[1], values[2]) {
                Claim::Up if is_significant => (both("higher", "上升"), Direction::Higher),
                Claim::Down if is_significant => (both("lower", "下降"), Direction::Lower),
                _ => (both("not significant", "不显著"), Direction::Open),
            };
            let name = Both::by(|language| theory_called(theory, language));
            Some(Standing::on(self.metric, name, values, words, direction))
        };
        let mut standings: Vec<Standing> =
            theory::with_own().filter_map(|theory| standing(theory.name)).collect();
        standings.sort_by(|a, b| b.effect[0][0].total_cmp(&a.effect[0][0]));
        let (name, label) = (self.name(row), self.metric.label);
        let under = Both::by(|language| rule_called(rule, language));
        let tested = match is_by_itself {
            true => both("Each is tested by itself.", "各自检验。"),
            false => both("Hollow: not significant after Holm's correction.", "空心：经 Holm 校正后不显著。"),
        };
        let figure = ranking(
            "brief-theories",
            both!("{arm}, theory by theory", "{arm}：各理论下的效应"; arm = name),
            both(
                format!(
                    "Effect on {} {}, with the trust rule \"{}\". Line: 95 % interval. {}",
                    label.en,
                    within(last(self.experiment)).en,
                    under.en,
                    tested.en
                ),
                format!(
                    "{}对{}的效应，信任规则为“{}”。线段：95% 置信区间。{}",
                    within(last(self.experiment)).zh.trim_end(),
                    label.zh,
                    under.zh,
                    tested.zh
                ),
            ),
            self.metric,
            standings,
        );
        (!figure.words.en.is_empty()).then_some(figure)
    }
}
