//! The report of one scenario's replicates.

use std::collections::BTreeMap;
use std::io;

use super::folder::{Folder, SCENARIO, setting, size_of_city};
use super::sentence::{Cell as Number, Sentence, noun, sentence};
use super::time_series::{self, Columns, Courses, Draft, metric};
use super::{
    Cell, Content, Grid, Item, Section, claim, communities, evidence, groups, projects, provenance, seats,
};
use crate::chart::{Chart, Form, Panel, Row, Scale, Series};
use crate::shown::Shown;
use crate::terminal::HEADLINES;
use shequ_experiment::record::sheet::Sheet;
use shequ_model::base::i18n::{Both, Language, both};
use shequ_model::base::params::text;
use shequ_model::base::stats::{Estimate, estimate};
use shequ_model::metric::Metric;
use shequ_model::scenario::Loaded;

/// The metrics that sentences speak of.
const SAID: [&str; 8] = [
    "participation",
    "participation.gini",
    "turnout.cast",
    "trust.neighbours",
    "trust.committee",
    "trust.local_government",
    "satisfaction",
    "fund.balance",
];

/// Everything.
///
/// # Errors
/// An I/O error if a table cannot be read or is not as this program writes it.
pub fn content(folder: &Folder) -> io::Result<Content> {
    let loaded = folder.scenario(SCENARIO)?;
    let scenario = &loaded.scenario;
    let changes = folder.sheet("changes")?;
    let summary = folder.sheet("summary")?;
    let replicates = folder.manifest.replicates;
    let columns = Columns { mean: "mean", fewest: f64::from(replicates) / 2.0 };
    let courses = Courses::of(&summary, &columns, 0..summary.rows());
    let dates = time_series::changes(&loaded);
    let draft = Draft { courses: &courses, changes: &dates, replicates };
    let charts = [draft.participation(), draft.council(), money(folder, &loaded, &draft)?, draft.rest()];
    let picture = |chart: Chart| Item::Picture(Box::new(chart));
    let mut over_time: Vec<Item> = charts.into_iter().flatten().map(picture).collect();
    over_time.extend(projects::items(folder)?);
    let who = [groups::chart(folder)?, communities::chart(folder, scenario)?];
    let mut who: Vec<Item> = who.into_iter().flatten().map(picture).collect();
    who.extend(seats::of_run(folder)?);
    Ok(Content {
        title: Both::name(&scenario.name, &scenario.name_zh),
        subtitle: both("One scenario", "单一情景"),
        sections: vec![
            summary_section(&loaded, &changes),
            Section { id: "courses", title: both("Over time", "随时间的变化"), items: over_time },
            Section { id: "who", title: both("Residents and communities", "居民与社区"), items: who },
            provenance::section(folder, vec![provenance::from_defaults(folder, SCENARIO, &loaded)?]),
        ],
        beside: Vec::new(),
    })
}

fn summary_section(loaded: &Loaded, changes: &Sheet) -> Section {
    let mut items = vec![
        Item::Heading(both("Question", "研究问题")),
        Item::Paragraph(asked(loaded)),
        Item::Heading(both("Findings", "研究发现")),
        Item::Paragraph(frame(loaded, changes)),
        Item::List(found(changes)),
        Item::Fold,
        Item::Table(table(changes)),
        Item::Heading(both("Uncertainty", "不确定性")),
        Item::List(vec![evidence::chance(loaded), evidence::parameters(), evidence::theory(loaded)]),
        Item::Heading(both("Evidence base", "参数依据")),
    ];
    items.extend(evidence::items(loaded));
    items.extend([Item::Heading(both("Limits of use", "使用限制")), evidence::not_for()]);
    Section { id: "words", title: both("Summary", "结论摘要"), items }
}

/// The question, and the changes of policy during the run.
fn asked(loaded: &Loaded) -> Vec<Sentence> {
    let scenario = &loaded.scenario;
    let replicates = setting(SCENARIO, loaded, "replicates");
    let mut items = size_of_city(SCENARIO, loaded);
    items.extend([
        ("name", Both::name(&scenario.name, &scenario.name_zh).into()),
        ("replicates", replicates.whole()),
        ("replicate", noun(replicates.value, ["replicate", "replicates"])),
    ]);
    let mut sentences = vec![sentence(
        "What happens under \"{name}\" in a synthetic city of {communities} {community} with {adults} {adult} \
         each on average, over {months} {month}, in {replicates} {replicate} with different random numbers?",
        "在“{name}”之下，一座由 {communities} 个社区组成、每个社区平均 {adults} 名成年居民的合成城市，在 {months} 个月中会发生什么？共重复 {replicates} 次，各用不同的随机数。",
        &items,
    )];
    if loaded.draft.changes.iter().any(|change| change.from > scenario.start) {
        sentences.push(sentence(
            "The policy changes during the run. What follows a change is not due to it alone; to estimate its \
             effect, compare with a scenario without it.",
            "政策在模拟过程中有所改变；改变之后的变化并不都由它引起，须与没有该改变的情景相比较。",
            &[],
        ));
    }
    sentences
}

/// What the list of findings is about.
fn frame(loaded: &Loaded, changes: &Sheet) -> Vec<Sentence> {
    let months = Number::of(changes, 0, "months").whole();
    let interval = if loaded.scenario.replicates > 1 {
        (" Ranges are 95 % intervals.", "范围为 95% 置信区间。")
    } else {
        ("", "")
    };
    vec![sentence(
        &format!(
            "From the mean over the first {{months}} months to that over the last; where a period has no value, \
             the nearest value is used; where both ends then use the same month, the change is unknown.{}",
            interval.0
        ),
        &format!(
            "比较最初 {{months}} 个月与最后 {{months}} 个月的均值；其间无数值者取最近一次；首尾因此取自同一个月者，变化未知。{}",
            interval.1
        ),
        &[("months", months)],
    )]
}

/// The rows of `changes` that tell of `names`, in their order.
fn rows<'a>(changes: &'a Sheet, names: &'a [&str]) -> impl Iterator<Item = (usize, &'static Metric)> + 'a {
    let row = |name: &str| (0..changes.rows()).find(|&row| changes.text(row, "metric") == name);
    names.iter().filter_map(move |name| Some((row(name)?, metric(name)?)))
}

fn found(changes: &Sheet) -> Vec<Sentence> {
    rows(changes, &SAID).filter_map(|(row, metric)| claim::change(changes, row, metric, false)).collect()
}

/// What the terminal shows, as a table.
fn table(changes: &Sheet) -> Grid {
    let row = |(row, metric): (usize, &'static Metric)| {
        let [en, zh] = [Language::En, Language::Zh].map(|language| (Shown::of(metric, language), language));
        let number = |write: &dyn Fn(&Shown) -> String| Cell::Number(both(write(&en.0), write(&zh.0)));
        let cell = |column: &str| changes.number(row, column);
        let half_width = (cell("ci95_high") - cell("ci95_low")) / 2.0;
        let change = Estimate { mean: cell("change"), sd: cell("sd"), half_width, n: 0 };
        vec![
            Cell::Words(both(en.0.label(en.1), zh.0.label(zh.1))),
            number(&|shown| shown.number(cell("first"))),
            number(&|shown| shown.number(cell("last"))),
            number(&|shown| shown.change(change)),
        ]
    };
    Grid {
        id: "changes",
        caption: both("Change from the first months to the last", "从最初到最后"),
        head: vec![
            both("mean", "均值"),
            both("first", "最初"),
            both("last", "最后"),
            both("change ± 95 %", "变化 ± 95% 区间"),
        ],
        rows: rows(changes, &HEADLINES).map(row).collect(),
        folded: false,
    }
}

/// Flows of the fund: over the whole run, and by calendar year above its balance.
fn money(folder: &Folder, loaded: &Loaded, draft: &Draft) -> io::Result<Vec<Chart>> {
    let flows = ["fund.granted", "fund.spent", "fund.leaked"];
    let monthly = folder.sheet("monthly")?;
    let (Some(granted), Some(balance)) = (metric(flows[0]), metric("fund.balance")) else {
        return Ok(vec![]);
    };
    let (replicates, months) = (monthly.numbers("replicate"), monthly.numbers("month"));
    let recorded = folder.manifest.result();
    let start = loaded.scenario.start;
    // The sum of a column over the months that `within` takes, one for each replicate.
    let sums = |column: &str, within: &dyn Fn(u32) -> bool| -> Estimate {
        // Of the replicates that there are: the manifest may say any number.
        let mut sums: BTreeMap<u32, f64> = BTreeMap::new();
        for (row, value) in monthly.numbers(column).iter().enumerate() {
            let replicate = replicates[row] as u32;
            if recorded.contains(&replicate) {
                let sum = sums.entry(replicate).or_default();
                *sum += if within(months[row] as u32) && !value.is_nan() { *value } else { 0.0 };
            }
        }
        estimate(sums.values().copied())
    };
    let last = loaded.scenario.months - 1;
    let rows =
        |names: Vec<Both>| names.into_iter().map(|name| Row { name, heading: None }).collect::<Vec<_>>();
    let total = |name: &str| sums(name, &|_| true);
    let sums_of_all =
        [total(flows[0]), total(flows[1]), total(flows[2]), sums(balance.name, &|month| month == last)];
    let mut flow = Panel {
        form: Form::Flow,
        scale: Scale::of(granted),
        rows: rows(vec![
            both("granted", "拨入"),
            both("spent on projects", "用于项目"),
            both("leaked", "流失"),
            both("left at the end", "期末结余"),
        ]),
        parents: vec![0; 4],
        series: vec![Series::of(both("whole run", "全程"), sums_of_all)],
        ..Panel::default()
    };
    projects::flow_on(folder, &mut flow, 1)?;
    let years: Vec<i32> = (start.year()..=start.plus(last).year()).collect();
    let by_year = |name: &str| {
        let name = name.to_string();
        years.iter().map(|&year| sums(&name, &|month| start.plus(month).year() == year)).collect::<Vec<_>>()
    };
    let names = [both("granted", "拨入"), both("spent", "支出"), both("leaked", "流失")];
    let yearly = Panel {
        title: both("In each calendar year", "每年合计"),
        form: Form::Bars,
        rows: rows(years.iter().map(|year| Both::same(&year.to_string())).collect()),
        series: names.into_iter().zip(flows).map(|(name, of)| Series::of(name, by_year(of))).collect(),
        ..Panel::default()
    };
    let balance =
        Panel { title: both("Balance at the end of the month", "月末余额"), ..draft.bare(balance.name) };
    let flow = Chart {
        id: "fund-flow".into(),
        title: both("Where the fund's money went", "专项资金的去向"),
        note: both(
            "Over the whole run, all communities together, mean over replicates; the width of a band is the amount of money.",
            "全程、全部社区合计，各次重复的均值；带宽表示金额。",
        ),
        panels: vec![flow],
        ..Chart::default()
    };
    let title = text("The community fund, all communities together", "社区专项资金（全部社区合计）");
    let fund = draft.chart("fund", title, in_yuan(vec![yearly, balance])).map(|chart| chart.filed("fund"));
    Ok([flow.if_any(), fund].into_iter().flatten().collect())
}

/// Panels of yuan, read in the power of ten in which their values are said.
fn in_yuan(panels: Vec<Panel>) -> Vec<Panel> {
    let series = panels.iter().flat_map(|panel| &panel.series);
    let values = series.flat_map(|series| &series.mean).filter(|value| !value.is_nan());
    let largest = values.fold(0.0, |most: f64, value| most.max(value.abs()));
    panels.into_iter().map(|panel| Panel { scale: Scale::of_money(largest), ..panel }).collect()
}
