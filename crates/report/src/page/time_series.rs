//! Courses of metrics over time, from a table with a row for each month and metric.

use std::collections::BTreeMap;

use crate::chart::{Change, Chart, Panel, Scale, Series};
use shequ_experiment::record::sheet::Sheet;
use shequ_model::base::i18n::{Both, both};
use shequ_model::base::month::Month;
use shequ_model::base::params::{Text, text};
use shequ_model::city::Mode;
use shequ_model::metric::{self, Metric};
use shequ_model::scenario::Loaded;

/// Means and intervals of metrics by month.
pub struct Courses {
    start: Option<Month>,
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
        Courses { start: first.and_then(|row| sheet.text(row, "date").parse().ok()), of }
    }

    /// Of the rows of `sheet` that tell of `arm`.
    pub fn of_arm(sheet: &Sheet, columns: &Columns, arm: &str) -> Courses {
        let number = sheet.words("arm").iter().position(|word| word == arm).map(|n| n as u32);
        let of_row = sheet.word_numbers("arm");
        let rows: Vec<usize> = (0..sheet.rows()).filter(|&row| Some(of_row[row]) == number).collect();
        Courses::of(sheet, columns, rows.iter().copied())
    }

    /// First month.
    pub fn start(&self) -> Option<Month> {
        self.start
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

/// Charts of a run over time.
pub struct Draft<'a> {
    /// The courses.
    pub courses: &'a Courses,
    /// Changes of policy.
    pub changes: &'a [Change],
    /// Replicates.
    pub replicates: u32,
}

/// A metric under the name that a chart gives it.
type Named = (&'static str, Text);

const TRUST: [Named; 6] = [
    ("trust.neighbours", text("neighbours", "邻里")),
    ("trust.committee", text("residents' committee", "居委会")),
    ("trust.organisations", text("social organisations", "社会组织")),
    ("trust.property", text("property company", "物业公司")),
    ("trust.local_government", text("local government", "地方政府")),
    ("trust.central_government", text("central government", "中央政府")),
];

impl Draft<'_> {
    /// Participation, trust and turnout.
    pub fn participation(&self) -> Vec<Chart> {
        let any = Panel {
            axis: Some(both("% of adults who took part in the month", "当月参与的成年居民比例（%）")),
            ..self.together(&[("participation", text("participation", "参与率"))])
        };
        let by_mode = |name: &String| Panel {
            axis: Some(both("% of adults", "占成年居民（%）")),
            ..self.alone(name)
        };
        let trust = Panel {
            axis: Some(both("mean trust, points (0–100)", "平均信任，分（0–100）")),
            ..self.together(&TRUST)
        };
        let turnout = ["turnout.willing", "turnout.cast", "turnout.official"];
        let turnout: Vec<Named> =
            turnout.iter().filter_map(|name| Some((*name, metric(name)?.label))).collect();
        let turnout = Panel {
            axis: Some(both("% of residents entitled to vote", "占有选举权居民（%）")),
            ..self.together(&turnout)
        };
        let of_any = text("Participation in at least one civic activity", "至少参与一种公共事务的居民");
        let of_modes = text("Participation by kind of activity", "各类公共事务的参与");
        let of_turnout = text("Turnout at committee elections", "居委会选举的投票率");
        filed([
            self.chart("participation", of_any, vec![any]),
            self.chart("participation-by-mode", of_modes, modes().iter().map(by_mode).collect()),
            self.chart("trust", text("Residents' trust", "居民的信任"), vec![trust]),
            self.chart("turnout", of_turnout, vec![turnout]),
        ])
    }

    /// How the seats of the council differ from residents.
    pub fn council(&self) -> Vec<Chart> {
        let seats = text("Council seats against residents", "议事会席位与居民构成");
        self.each("council", seats, &["council.distance"]).into_iter().collect()
    }

    /// How projects fit needs, what residents know and feel, how unequal they are, and what institutions do.
    pub fn rest(&self) -> Vec<Chart> {
        let fit = metric("fund.fit").map(|fit| self.chart("fit", fit.label, vec![self.bare("fund.fit")]));
        let residents = self.each(
            "residents",
            text("Residents' awareness, satisfaction and efficacy", "居民的知情、满意度与效能感"),
            &["awareness", "satisfaction", "efficacy"],
        );
        let institutions = self.each(
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
        );
        let unequal = vec![
            Panel {
                title: both("Hours given over twelve months", "近十二个月参与时间"),
                axis: Some(both("Gini coefficient, 0 = all give the same", "基尼系数（0 为人人相同）")),
                ..self.bare("participation.gini")
            },
            Panel {
                title: both("Satisfaction, between communities", "社区之间的满意度差距"),
                axis: Some(both("gap, points (0–100)", "差距，分（0–100）")),
                ..self.bare("satisfaction.gap")
            },
        ];
        let inequality = filed([self.chart("inequality", text("Inequality", "不平等程度"), unequal)]);
        fit.flatten().into_iter().chain(residents).chain(inequality).chain(institutions).collect()
    }

    /// A chart of these panels; `None` if none has values.
    pub fn chart(&self, id: &str, title: Text, panels: Vec<Panel>) -> Option<Chart> {
        let chart = Chart {
            id: id.into(),
            title: title.into(),
            note: note(self.replicates),
            start: self.courses.start(),
            changes: self.changes.to_vec(),
            panels,
            ..Chart::default()
        };
        chart.if_any()
    }

    /// A panel for each metric.
    fn each(&self, id: &str, title: Text, metrics: &[&str]) -> Option<Chart> {
        self.chart(id, title, metrics.iter().map(|metric| self.alone(metric)).collect())
    }

    /// A panel of a metric under its title.
    fn alone(&self, name: &str) -> Panel {
        Panel { title: metric(name).map(|m| m.label.into()).unwrap_or_default(), ..self.bare(name) }
    }

    /// A panel of a metric without a title.
    pub fn bare(&self, name: &str) -> Panel {
        let Some(metric) = metric(name) else { return Panel::default() };
        self.together(&[(metric.name, metric.label)])
    }

    /// Several metrics of one unit on the same axes.
    fn together(&self, metrics: &[Named]) -> Panel {
        let series = metrics.iter().filter_map(|(name, label)| self.courses.get(name, (*label).into()));
        let scale = metrics.first().and_then(|(name, _)| metric(name)).map(Scale::of);
        Panel { scale: scale.unwrap_or_default(), series: series.collect(), ..Panel::default() }
    }
}

/// Those of the charts that there are, each with files of the name of its id.
fn filed<const N: usize>(charts: [Option<Chart>; N]) -> Vec<Chart> {
    let named = |chart: Chart| {
        let name = chart.id.clone();
        chart.filed(name)
    };
    charts.into_iter().flatten().map(named).collect()
}

/// What lines and bands stand for.
pub fn note(replicates: u32) -> Both {
    match replicates {
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
            Change { month: change.from.since(start) as u32, policy: None, label: Both::same(&label) }
        })
        .collect()
}
