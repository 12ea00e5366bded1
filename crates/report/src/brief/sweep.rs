//! The brief of a sweep: what moves the outcome over the design, and between which levels.

use std::io;

use super::standing::{MOST, Standing, called, first_of, ranking, within};
use super::{Brief, Figure, asked_first, assumed_of, certainty, foot};
use crate::draw::ranking::Direction;
use crate::page::claim::{Claim, difference_unit, level_unit};
use crate::page::compare::last;
use crate::page::evidence;
use crate::page::experiment::Experiment;
use crate::page::folder::Folder;
use crate::page::main_effects::MainEffects;
use crate::page::sentence::{Cell, Item, Sentence, sentence};
use crate::page::sweep::{Asked, Points, level, means, title};
use shequ_model::base::i18n::{Both, both};
use shequ_model::metric::Metric;

/// Everything.
///
/// # Errors
/// An I/O error if a table cannot be read or is not as this program writes it.
pub fn brief(folder: &Folder) -> io::Result<Brief> {
    let experiment = Experiment::of(folder)?;
    let (points, effects) = (Points::of(folder)?, MainEffects::of(folder)?);
    let found = Found::of(&experiment, &points, &effects)?;
    let keys = points.keys();
    let outputs = Cell::of(&points.points, 0, "n").whole();
    let sure = vec![means(folder, outputs), evidence::parameters_of(folder)];
    Ok(Brief {
        of: experiment.name.clone(),
        answer: found.answer()?,
        lead: vec![found.range([".", "。"])?],
        figures: found.figure().into_iter().collect(),
        parts: vec![certainty(sure), assumed_of(&experiment, &keys)],
        foot: foot(folder),
    })
}

/// What moves the first outcome in the last window: of the first arm its effect.
struct Found<'a> {
    experiment: &'a Experiment,
    points: &'a Points,
    effects: &'a MainEffects,
    asked: Asked<'a>,
    metric: &'static Metric,
    /// Of every key the value that stands furthest out, with its row of the table, as [`MainEffects::furthest`].
    furthest: Vec<(usize, &'a str, String)>,
}

impl<'a> Found<'a> {
    fn of(experiment: &'a Experiment, points: &'a Points, effects: &'a MainEffects) -> io::Result<Found<'a>> {
        let metric = asked_first(experiment)?;
        let arm = experiment.arms.first().map_or("", |arm| arm.id.as_str());
        let asked = Asked { of: metric.name, window: last(experiment), arm };
        let furthest = effects.furthest(&asked);
        Ok(Found { experiment, points, effects, asked, metric, furthest })
    }

    /// The outcome of which extremes are told: the effect has no interval, so that of the base where there are arms.
    fn level(&self) -> Asked<'a> {
        match self.experiment.arms.is_empty() {
            true => self.asked.clone(),
            false => Asked { arm: &self.experiment.base.scenario.name, ..self.asked },
        }
    }

    /// A template of the value of a row, whose numbers are those of the table.
    fn at(&self, row: usize) -> (&'static str, &'static str) {
        let sheet = self.effects.sheet();
        match sheet.text(row, "value") {
            "" if sheet.number(row, "low") == sheet.number(row, "high") => ("at {from}", "取 {from} 时"),
            "" => ("from {from} to {to}", "取 {from} 至 {to} 时"),
            _ => ("at \"{value}\"", "取“{value}”时"),
        }
    }

    fn items(&self, row: usize, key: &str) -> Vec<(&'static str, Item)> {
        let sheet = self.effects.sheet();
        let half_width = (sheet.number(row, "ci95_high") - sheet.number(row, "ci95_low")) / 2.0;
        let size = |column: &str| Cell::of(sheet, row, column).rough_size(self.metric, half_width);
        let falls = sheet.number(row, "effect") < 0.0;
        let (low, high) = if falls { ("ci95_high", "ci95_low") } else { ("ci95_low", "ci95_high") };
        vec![
            ("what", title(self.experiment, &self.asked).into()),
            ("key", called(key).into()),
            ("value", Both::same(sheet.text(row, "value")).into()),
            ("from", Cell::of(sheet, row, "low").significant()),
            ("to", Cell::of(sheet, row, "high").significant()),
            ("effect", size("effect")),
            ("low", size(low)),
            ("high", size(high)),
            ("unit", difference_unit(self.metric).into()),
            ("direction", if falls { both("below", "低于") } else { both("above", "高于") }.into()),
        ]
    }

    /// The sentence to repeat: the value that stands furthest from the mean over the design.
    fn answer(&self) -> io::Result<Sentence> {
        let Some(&(row, key, _)) = self.furthest.first() else { return self.range(["", ""]) };
        let (en, zh) = self.at(row);
        let sheet = self.effects.sheet();
        let has_interval = sheet.number(row, "ci95_low") != sheet.number(row, "ci95_high");
        let ends = if has_interval { [" ({low} to {high})", "（{low} 至 {high}）"] } else { ["", ""] };
        let (en, zh) = match self.effects.claim(row) {
            Claim::Unclear => (
                "{what}: undecided; no value of a parameter stands significantly apart from the mean over the design".into(),
                "{what}：尚不能判定；没有参数取值显著偏离设计均值".into(),
            ),
            _ => (
                format!(
                    "{{what}}: what stands out most is \"{{key}}\" {en}, {{effect}}{{unit}}{} {{direction}} the mean over \
                     the design",
                    ends[0]
                ),
                format!("{{what}}：最突出的是“{{key}}”{zh}，{{direction}}设计均值 {{effect}}{{unit}}{}", ends[1]),
            ),
        };
        Ok(sentence(&en, &zh, &self.items(row, key)))
    }

    /// Between which means the outcome lies, up to the `end` of the sentence.
    fn range(&self, end: [&str; 2]) -> io::Result<Sentence> {
        let asked = self.level();
        let [(lowest, _), (highest, _)] = self.points.ends(&asked).ok_or(io::ErrorKind::InvalidData)?;
        let cell = |row: usize| Cell::of(&self.points.points, row, "mean").level(self.metric);
        Ok(sentence(
            &format!(
                "{{what}}: means over the points of the design reach from {{low}} to {{high}}{{unit}}{}",
                end[0]
            ),
            &format!("{{what}}：各设计点均值从 {{low}} 到 {{high}}{{unit}}{}", end[1]),
            &[
                ("what", level(self.experiment, &asked).into()),
                ("low", cell(lowest)),
                ("high", cell(highest)),
                ("unit", level_unit(self.metric).into()),
            ],
        ))
    }

    /// The keys by how far their furthest values stand out.
    fn figure(&self) -> Option<Figure> {
        let sheet = self.effects.sheet();
        let standing = |(row, key, value): &(usize, &str, String)| {
            let values = ["effect", "ci95_low", "ci95_high"].map(|column| sheet.number(*row, column));
            let (words, direction) = match self.effects.claim(*row) {
                Claim::Up => (both("above the mean", "高于均值"), Direction::Higher),
                Claim::Down => (both("below the mean", "低于均值"), Direction::Lower),
                _ => (both("not significant", "不显著"), Direction::Open),
            };
            let words = both!("{value}: {words}", "{value}：{words}"; value = value, words = words);
            Standing::on(self.metric, called(key), values, words, direction)
        };
        let standings: Vec<Standing> = self.furthest.iter().take(MOST).map(standing).collect();
        let left_out = first_of(self.furthest.len(), MOST);
        (!standings.is_empty()).then(|| {
            ranking(
                "brief-parameters",
                both("What moves the outcome", "哪些参数影响结果"),
                both(
                    format!(
                        "How far the value of each parameter that stands out most lies from the mean over the design: {} {}. \
                         Line: 95 % interval. Hollow: not significant after Holm's correction; these come last.{}",
                        self.metric.label.en,
                        within(self.asked.window).en,
                        left_out.en
                    ),
                    format!(
                        "{}{}：各参数最突出的取值与设计均值之差。线段：95% 置信区间。空心：经 Holm 校正后不显著，列于最后。{}",
                        within(self.asked.window).zh.trim_end(),
                        self.metric.label.zh,
                        left_out.zh
                    ),
                ),
                self.metric,
                standings,
            )
        })
    }
}
