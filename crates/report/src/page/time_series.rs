//! Courses of metrics over time, from a table with a row for each month and metric.

use std::collections::BTreeMap;

use super::chart::{Change, Chart, Form, Panel, Scale, Series};
use shequ_experiment::record::sheet::Sheet;
use shequ_model::base::i18n::{Both, both};
use shequ_model::base::params::{Text, text};
use shequ_model::city::Mode;
use shequ_model::metric::{self, Metric};
use shequ_model::scenario::Loaded;

/// Means and intervals of metrics by month.
pub struct Courses {
    start: String,
    of: BTreeMap<String, Series>,
}

/// Which columns of a table hold what.
pub struct Columns<'a> {
    /// The value.
    pub mean: &'a str,
    /// Replicates below which an interval is left out: of two values it may be many times as wide as the picture.
    pub fewest: f64,
}

impl Courses {
    /// Of those `rows` of `sheet` which are wanted.
    pub fn of(sheet: &Sheet, columns: &Columns, rows: impl Iterator<Item = usize> + Clone) -> Courses {
        let months = sheet.numbers("month");
        let last = rows.clone().map(|row| months[row] as usize).max().map_or(0, |last| last + 1);
        let mut of: BTreeMap<String, Series> = BTreeMap::new();
        let [mean, low, high, n] =
            [columns.mean, "ci95_low", "ci95_high", "n"].map(|column| sheet.numbers(column));
        let empty = || {
            let nothing = vec![f64::NAN; last];
            Series { mean: nothing.clone(), low: nothing.clone(), high: nothing, ..Series::default() }
        };
        for row in rows.clone() {
            let name = sheet.text(row, "metric");
            if !of.contains_key(name) {
                of.insert(name.into(), empty());
            }
            let Some(series) = of.get_mut(name) else { continue };
            let month = months[row] as usize;
            series.mean[month] = mean[row];
            if n[row] >= columns.fewest {
                (series.low[month], series.high[month]) = (low[row], high[row]);
            }
        }
        let first = rows.clone().find(|&row| months[row] == 0.0);
        Courses { start: first.map_or("", |row| sheet.text(row, "date")).into(), of }
    }

    /// First month.
    pub fn start(&self) -> &str {
        &self.start
    }

    /// The course of a metric under another name.
    pub fn get(&self, metric: &str, name: Both) -> Option<Series> {
        self.of
            .get(metric)
            .filter(|series| series.has_values())
            .map(|series| Series { name, ..series.clone() })
    }
}

/// The metric of this name.
pub fn metric(name: &str) -> Option<&'static Metric> {
    metric::position(name).map(|k| &metric::all()[k])
}

/// The metrics of participation by mode, sorting left out: a daily habit.
pub fn modes() -> Vec<String> {
    let modes = Mode::ALL.iter().filter(|&&mode| mode != Mode::Sorting);
    modes.map(|mode| format!("participation.{}", mode.name())).collect()
}

/// Pictures of a run's courses.
pub struct Draft<'a> {
    /// The courses.
    pub courses: &'a Courses,
    /// Changes of policy.
    pub changes: &'a [Change],
    /// Replicates.
    pub outputs: u32,
}

impl Draft<'_> {
    /// Everything that goes over time, in the order of the page.
    pub fn charts(&self) -> Vec<Chart> {
        let modes = modes();
        let modes: Vec<&str> = modes.iter().map(String::as_str).collect();
        let one =
            |id, title, metrics: &[(&str, Option<Text>)]| self.chart(id, title, vec![self.panel(metrics)]);
        let each = |id, title, metrics: &[&str]| {
            self.chart(id, title, metrics.iter().map(|metric| self.alone(metric)).collect())
        };
        let all = [
            one(
                "participation",
                text("Participation in at least one civic activity", "至少参与一种公共事务的居民"),
                &[("participation", None)],
            ),
            each(
                "participation-by-mode",
                text("Participation by kind of activity", "各类公共事务的参与"),
                &modes,
            ),
            one(
                "trust",
                text("Residents' trust", "居民的信任"),
                &[
                    ("trust.neighbours", Some(text("neighbours", "邻里"))),
                    ("trust.committee", Some(text("residents' committee", "居委会"))),
                    ("trust.organisations", Some(text("social organisations", "社会组织"))),
                    ("trust.property", Some(text("property company", "物业公司"))),
                    ("trust.local_government", Some(text("local government", "地方政府"))),
                    ("trust.central_government", Some(text("central government", "中央政府"))),
                ],
            ),
            one(
                "turnout",
                text("Turnout at committee elections", "居委会选举的投票率"),
                &[("turnout.willing", None), ("turnout.cast", None), ("turnout.official", None)],
            ),
            each(
                "council",
                text("Council seats against residents", "议事会席位与居民构成"),
                &["council.distance"],
            ),
            each(
                "money",
                text("Balance of the fund, and fit of projects to needs", "专项资金结余与项目匹配"),
                &["fund.balance", "fund.fit"],
            ),
            each(
                "residents",
                text("Residents' awareness, satisfaction and efficacy", "居民的知情、满意度与效能感"),
                &["awareness", "satisfaction", "efficacy"],
            ),
            each("inequality", text("Inequality", "不平等程度"), &["participation.gini", "satisfaction.gap"]),
            each(
                "institutions",
                text("Activity of institutions", "机构的运行"),
                &[
                    "staff.load",
                    "staff.admin_share",
                    "response.days",
                    "services.level",
                    "organisations.count",
                    "organisations.activities",
                ],
            ),
        ];
        all.into_iter().flatten().collect()
    }

    fn chart(&self, id: &str, title: Text, panels: Vec<Panel>) -> Option<Chart> {
        let chart = Chart {
            id: id.into(),
            form: Form::Course,
            title: title.into(),
            note: note(self.outputs),
            start: Some(self.courses.start().into()),
            changes: self.changes.to_vec(),
            panels,
        };
        chart.if_any()
    }

    fn alone(&self, name: &str) -> Panel {
        let panel = self.panel(&[(name, None)]);
        Panel { title: metric(name).map(|m| m.label.into()).unwrap_or_default(), ..panel }
    }

    /// Several metrics of one unit on the same axes.
    fn panel(&self, metrics: &[(&str, Option<Text>)]) -> Panel {
        let series = metrics.iter().filter_map(|(name, label)| {
            let label = label.or_else(|| metric(name).map(|m| m.label))?;
            self.courses.get(name, label.into())
        });
        Panel {
            scale: metrics.first().and_then(|(name, _)| metric(name)).map(Scale::of).unwrap_or_default(),
            series: series.collect(),
            ..Panel::default()
        }
    }
}

/// What lines and bands stand for.
pub fn note(outputs: u32) -> Both {
    match outputs {
        1 => both("One replicate; no interval.", "一次重复，无区间。"),
        n => both(
            format!("Mean of {n} replicates; bands and bars: 95 % interval of the mean."),
            format!("{n} 次重复的均值；阴影与竖线为均值的 95% 置信区间。"),
        ),
    }
}

/// The dated changes of a scenario within its run, each with its keys and values.
pub fn changes(loaded: &Loaded) -> Vec<Change> {
    let start = loaded.scenario.start;
    let inside = loaded.draft.changes.iter().filter(|change| change.from > start);
    inside
        .map(|change| {
            let entries = change.entries.iter().map(|entry| format!("{} = {}", entry.path, entry.value));
            let label = entries.collect::<Vec<_>>().join(", ");
            Change { month: change.from.since(start) as u32, label: Both::same(&label) }
        })
        .collect()
}
