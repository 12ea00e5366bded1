//! The pictures of a scenario's results.

use crate::figure::{Figure, Form, Panel, Point, Series};
use crate::font;
use crate::page::time_series;
use shequ_experiment::record::tables::Results;
use shequ_model::base::i18n::Language;
use shequ_model::base::params::{Text, text};
use shequ_model::base::stats::{Estimate, estimate};
use shequ_model::scenario::Loaded;

/// What pictures say besides the results.
#[derive(Clone, Debug)]
pub struct About<'a> {
    /// Name of the scenario.
    pub scenario: &'a str,
    /// Months in which policy changed, with a word on how.
    pub changes: &'a [(u32, String)],
    /// Language of titles and labels.
    pub language: Language,
}

/// The dated changes of a scenario within its run, each with the keys that it changes.
pub fn changes(loaded: &Loaded) -> Vec<(u32, String)> {
    let start = loaded.scenario.start;
    let inside = loaded.draft.changes.iter().filter(|change| change.from > start);
    inside
        .map(|change| {
            let keys: Vec<&str> = change.entries.iter().map(|entry| entry.path.as_str()).collect();
            (change.from.since(start) as u32, keys.join(", "))
        })
        .collect()
}

/// Every picture that the metrics of `results` allow.
pub fn figures(results: &Results, about: &About) -> Vec<Figure> {
    let draft = Draft { results, about, language: about.language };
    let all = [
        draft.participation(),
        draft.modes(),
        draft.trust(),
        draft.turnout(),
        draft.fund(),
        draft.inequality(),
    ];
    all.into_iter().filter(|f| f.panels.iter().any(|p| !p.series.is_empty())).collect()
}

/// A share as a percentage.
const PER_CENT: f64 = 100.0;
/// Levels such as trust, which tables hold from 0 to 1, in points.
const POINTS: f64 = 100.0;

struct Draft<'a> {
    results: &'a Results<'a>,
    about: &'a About<'a>,
    language: Language,
}

impl Draft<'_> {
    fn participation(&self) -> Figure {
        let panel = Panel {
            title: String::new(),
            unit: self.say("% of adults who took part in the month", "当月参与的成年居民比例（%）"),
            form: Form::Lines,
            series: self.monthly(&["participation"], PER_CENT),
        };
        let title = ("Participation in at least one civic activity", "至少参加一种公共事务的居民");
        self.figure("participation", title, vec![panel], 1, (800, 420))
    }

    /// One small panel for each way of taking part: their sizes differ too much for one axis.
    fn modes(&self) -> Figure {
        let modes = time_series::modes();
        let names = self.results.metrics.iter().map(|m| m.name);
        let names = names.filter(|name| modes.iter().any(|mode| mode == name));
        let panel = |name: &'static str| {
            let mut series = self.monthly(&[name], PER_CENT);
            let sparse = series.iter().any(|s| is_sparse(&s.points));
            Panel {
                title: series.first_mut().map(|s| std::mem::take(&mut s.label)).unwrap_or_default(),
                unit: self.say("% of adults", "占成年居民（%）"),
                form: if sparse { Form::Markers } else { Form::Lines },
                series,
            }
        };
        let has_values = |p: &Panel| p.series.iter().flat_map(|s| &s.points).any(|p| !p.mean.is_nan());
        let panels: Vec<Panel> = names.map(panel).filter(has_values).collect();
        let rows = panels.len().div_ceil(3) as u32;
        let title = ("Participation by kind of activity", "各类公共事务的参与");
        self.figure("participation-by-mode", title, panels, 3, (900, 110 + 185 * rows))
    }

    fn trust(&self) -> Figure {
        let panel = Panel {
            title: String::new(),
            unit: self.say("mean trust, points (0–100)", "平均信任，分（0–100）"),
            form: Form::Lines,
            series: self.called(
                &[
                    text("neighbours", "邻里"),
                    text("residents' committee", "居委会"),
                    text("social organisations", "社会组织"),
                    text("property company", "物业公司"),
                    text("local government", "地方政府"),
                    text("central government", "中央政府"),
                ],
                self.monthly(
                    &[
                        "trust.neighbours",
                        "trust.committee",
                        "trust.organisations",
                        "trust.property",
                        "trust.local_government",
                        "trust.central_government",
                    ],
                    POINTS,
                ),
            ),
        };
        let title = ("Residents' trust", "居民的信任");
        self.figure("trust", title, vec![panel], 1, (800, 440))
    }

    fn turnout(&self) -> Figure {
        let panel = Panel {
            title: String::new(),
            unit: self.say("% of residents entitled to vote", "占有选举权居民（%）"),
            form: Form::Markers,
            series: self.monthly(&["turnout.willing", "turnout.cast", "turnout.official"], PER_CENT),
        };
        let title = ("Turnout at committee elections", "居委会选举的投票率");
        self.figure("turnout", title, vec![panel], 1, (800, 420))
    }

    fn fund(&self) -> Figure {
        let flows = self.called(
            &[text("granted", "拨入"), text("spent", "支出"), text("leaked", "流失")],
            self.yearly(&["fund.granted", "fund.spent", "fund.leaked"]),
        );
        let balance = self.monthly(&["fund.balance"], 1.0);
        let flows = self.money(("In each calendar year", "每年合计"), Form::Bars { months: 12 }, flows);
        let balance = self.money(("Balance at the end of the month", "月末余额"), Form::Lines, balance);
        let title = ("The community fund, all communities together", "社区专项资金（全部社区合计）");
        self.figure("fund", title, vec![flows, balance], 1, (800, 620))
    }

    fn inequality(&self) -> Figure {
        let panel =
            |name, title: (&'static str, &'static str), unit: (&'static str, &'static str), factor| Panel {
                title: self.say(title.0, title.1),
                unit: self.say(unit.0, unit.1),
                form: Form::Lines,
                series: self.monthly(&[name], factor),
            };
        let gini = panel(
            "participation.gini",
            ("Hours given over twelve months", "近十二个月参与时间"),
            ("Gini coefficient, 0 = all give the same", "基尼系数（0 为人人相同）"),
            1.0,
        );
        let gap = panel(
            "satisfaction.gap",
            ("Satisfaction, between communities", "社区之间的满意度差距"),
            ("gap, points (0–100)", "差距，分（0–100）"),
            POINTS,
        );
        let title = ("Inequality", "不平等程度");
        self.figure("inequality", title, vec![gini, gap], 2, (800, 380))
    }

    fn say(&self, en: &'static str, zh: &'static str) -> String {
        self.language.of(text(en, zh)).into()
    }

    fn figure(
        &self,
        name: &'static str,
        title: (&'static str, &'static str),
        panels: Vec<Panel>,
        columns: usize,
        size: (u32, u32),
    ) -> Figure {
        let known = |name: &str| font::can_write(name);
        Figure {
            name,
            title: self.say(title.0, title.1),
            // A picture that cannot spell the scenario's name leaves it out.
            subtitle: Some(self.about.scenario).filter(|name| known(name)).unwrap_or_default().into(),
            note: self.note(panels.iter().any(|p| p.form != Form::Lines)),
            panels,
            columns,
            size,
            start: self.results.start,
            months: self.results.months,
            changes: self
                .about
                .changes
                .iter()
                .filter(|(month, _)| *month > 0 && *month < self.results.months)
                .map(|(month, name)| {
                    let date = || self.results.start.plus(*month).to_string();
                    (*month, if known(name) { name.clone() } else { date() })
                })
                .collect(),
        }
    }

    /// What lines, bands and error bars stand for.
    fn note(&self, has_bars: bool) -> String {
        match (self.language, self.results.outputs.len(), has_bars) {
            (Language::En, 1, _) => "One replicate; no interval.".into(),
            (Language::Zh, 1, _) => "一次重复，无置信区间。".into(),
            (Language::En, n, false) => format!("Mean of {n} replicates; band: 95 % interval of the mean."),
            (Language::En, n, true) => {
                format!("Mean of {n} replicates; bands and error bars: 95 % interval of the mean.")
            }
            (Language::Zh, n, false) => format!("{n} 次重复的均值；阴影为均值的 95% 置信区间。"),
            (Language::Zh, n, true) => format!("{n} 次重复的均值；阴影和误差线为均值的 95% 置信区间。"),
        }
    }

    /// A point with its interval, which is left out where fewer than half of the replicates have a value: of
    /// two values it may be many times as wide as the picture.
    fn point(&self, x: f64, e: Estimate, factor: f64) -> Point {
        let is_common = 2 * e.n >= self.results.outputs.len();
        let half_width = if is_common { e.half_width * factor } else { f64::NAN };
        Point { x, mean: e.mean * factor, half_width }
    }

    /// `series` under names that are short because the title says the rest.
    fn called(&self, names: &[Text], mut series: Vec<Series>) -> Vec<Series> {
        series.iter_mut().zip(names).for_each(|(series, &name)| series.label = self.language.of(name).into());
        series
    }

    /// Number and label of those metrics that exist.
    fn find(&self, names: &[&str]) -> Vec<(usize, String)> {
        let metrics = self.results.metrics;
        let one = |name: &&str| {
            let k = metrics.iter().position(|m| m.name == *name)?;
            Some((k, self.language.of(metrics[k].label).into()))
        };
        names.iter().filter_map(one).collect()
    }

    /// Metrics by month, times `factor`.
    fn monthly(&self, names: &[&str], factor: f64) -> Vec<Series> {
        let point = |month: u32, k| self.point(month.into(), self.results.estimate(month, k), factor);
        let series = |(k, label)| Series {
            label,
            points: (0..self.results.months).map(|month| point(month, k)).collect(),
        };
        self.find(names).into_iter().map(series).collect()
    }

    /// Sums of metrics over calendar years, at the middle of the year. The first and the last year may
    /// be simulated in part.
    fn yearly(&self, names: &[&str]) -> Vec<Series> {
        let Results { start, months, outputs, metrics, .. } = *self.results;
        let width = metrics.len();
        let year = |k: usize, year: i32| {
            let within = |m: &u32| start.plus(*m).year() == year;
            let sum = |values: &[f64]| -> f64 {
                let present = (0..months).filter(within).map(|m| values[m as usize * width + k]);
                present.filter(|v| !v.is_nan()).sum()
            };
            let january = f64::from(12 * (year - start.year()) + 1) - f64::from(start.of_year());
            self.point(january + 5.5, estimate(outputs.iter().map(|output| sum(&output.monthly))), 1.0)
        };
        let last = start.plus(months.saturating_sub(1)).year();
        let series =
            |(k, label)| Series { label, points: (start.year()..=last).map(|y| year(k, y)).collect() };
        self.find(names).into_iter().map(series).collect()
    }

    /// A panel of yuan, in the power of ten in which its values are said.
    fn money(&self, title: (&'static str, &'static str), form: Form, mut series: Vec<Series>) -> Panel {
        let points = series.iter().flat_map(|s| &s.points);
        let largest = points.map(|p| p.mean.abs()).filter(|v| !v.is_nan()).fold(0.0, f64::max);
        let (unit, en, zh) = match self.language {
            Language::En if largest >= 2e6 => (1e6, "million yuan", ""),
            Language::En => (1e3, "thousand yuan", ""),
            Language::Zh if largest >= 2e8 => (1e8, "", "亿元"),
            Language::Zh => (1e4, "", "万元"),
        };
        for point in series.iter_mut().flat_map(|s| &mut s.points) {
            (point.mean, point.half_width) = (point.mean / unit, point.half_width / unit);
        }
        Panel { title: self.say(title.0, title.1), unit: self.say(en, zh), form, series }
    }
}

/// True of values that come in fewer than a third of the months.
fn is_sparse(points: &[Point]) -> bool {
    points.iter().filter(|p| !p.mean.is_nan()).count() * 3 < points.len()
}
