//! The report of a comparison: what policies change.

use std::io;

use super::claim::{self, Claim};
use super::experiment::{Arm, Experiment, pairs, warnings, window};
use super::folder::Folder;
use super::sentence::{Sentence, sentence};
use super::time_series::{self, Columns, Courses, metric, note};
use super::{
    Cell, Content, Grid, Item, Section, communities, costs, evidence, gaps, groups, parts, provenance, seats,
    sure, treated,
};
use crate::chart::{Change, Chart, Form, Panel, Scale, Series};
use crate::shown::Shown;
use shequ_experiment::record::sheet::Sheet;
use shequ_model::base::i18n::{Both, Language, both};
use shequ_model::base::params::{Text, text};
use shequ_model::base::stats::Estimate;
use shequ_model::metric::Metric;

/// The outcomes that sentences and pictures show where all metrics were asked for.
const SHOWN: [&str; 12] = [
    "participation",
    "trust.committee",
    "trust.neighbours",
    "trust.local_government",
    "satisfaction",
    "participation.gini",
    "awareness",
    "efficacy",
    "fund.fit",
    "staff.load",
    "organisations.count",
    "satisfaction.gap",
];

/// Outcomes that are shown if no more were asked for.
const MOST: usize = 12;

/// The outcomes that are shown.
pub fn shown(experiment: &Experiment) -> Vec<&str> {
    let asked = experiment.outcomes.iter().map(String::as_str);
    if experiment.outcomes.len() <= MOST {
        return asked.collect();
    }
    let has = |list: &[String], name: &str| list.iter().any(|other| other == name);
    let others = SHOWN.iter().copied();
    let others = others.filter(|name| has(&experiment.outcomes, name) && !has(&experiment.primary, name));
    experiment.primary.iter().map(String::as_str).chain(others).collect()
}

/// Everything.
///
/// # Errors
/// An I/O error if a table cannot be read or is not as this program writes it.
pub fn content(folder: &Folder) -> io::Result<Content> {
    let experiment = Experiment::of(folder)?;
    let effects = folder.sheet("effects")?;
    let picture = |chart: Chart| Item::Picture(Box::new(chart));
    let groups = folder.sheet("group_effects")?;
    let residents = text("Groups of residents", "居民群体");
    let mut who: Vec<Item> = experiment.recorded(residents, "report.groups_every").into_iter().collect();
    let arms = || experiment.arms.iter();
    who.extend(
        arms().filter_map(|arm| gains(&experiment, &groups, arm)).map(|said| Item::Paragraph(vec![said])),
    );
    let gaps = folder.has(gaps::TABLE).then(|| folder.sheet(gaps::TABLE)).transpose()?;
    if let Some(gaps) = &gaps {
        let primary = || experiment.primary.iter();
        let told = |arm| primary().flat_map(|of| gaps::told(&experiment, gaps, arm, of)).collect();
        who.extend(arms().map(|arm| Item::Paragraph(told(arm))));
    }
    who.push(Item::Fold);
    if let Some(gaps) = &gaps {
        let of = |(number, arm)| gaps::chart(&experiment, gaps, arm, number);
        who.extend(arms().enumerate().filter_map(of).map(picture));
    }
    let of = |(number, arm)| by_group(&experiment, &groups, arm, number);
    who.extend(arms().enumerate().filter_map(of).map(picture));
    who.extend(communities::effects(folder, &experiment)?);
    who.extend(seats::of_arms(folder, &experiment)?);
    let mut items: Vec<Item> = forests(&experiment, &effects).into_iter().map(picture).collect();
    items.extend(courses(folder, &experiment)?.into_iter().map(picture));
    Ok(Content {
        title: experiment.name.clone(),
        subtitle: both("Policies compared", "政策比较"),
        sections: [
            Some(summary(folder, &experiment, &effects)?),
            sure::section(folder, &experiment)?,
            Some(Section { id: "effects", title: both("What changes", "变化"), items }),
            parts::section(folder, &experiment)?,
            treated::section(folder, &experiment)?,
            costs::section(folder, &experiment)?,
            Some(Section {
                id: "who",
                title: both("Effects by group of residents", "各居民群体的效应"),
                items: who,
            }),
            Some(provenance::section(folder, experiment.differences(folder)?)),
        ]
        .into_iter()
        .flatten()
        .collect(),
        beside: Vec::new(),
    })
}

fn summary(folder: &Folder, experiment: &Experiment, effects: &Sheet) -> io::Result<Section> {
    let asked = sentence(
        "What changes, compared with \"{base}\", under each of these policies: {arms}?",
        "与“{base}”相比，以下各政策分别带来什么变化：{arms}？",
        &[("base", experiment.base_name().into()), ("arms", experiment.arm_names().into())],
    );
    let primary = experiment.primary.iter().filter_map(|name| metric(name));
    let mut items = vec![
        Item::Heading(both("Question", "研究问题")),
        Item::Paragraph(vec![asked, experiment.city()]),
        Item::Heading(both("Findings", "研究发现")),
        Item::Paragraph(vec![sentence(
            "Primary outcomes, corrected separately: {primary}. All others are exploratory. Ranges are 95 % intervals, \
             each by itself; outcomes called higher or lower are significant after Holm's correction, applied separately \
             to primary and to exploratory outcomes. The charts show the intervals of all others.",
            "主要结果（单独校正）：{primary}；其余均为探索性结果。范围为各自的 95% 置信区间；称为“上升”或“下降”者，经 Holm 校正后显著（主要结果与探索性结果分别校正）。其余效应的区间见图。",
            &[("primary", listed_both(primary.map(|metric| metric.label)).into())],
        )]),
    ];
    for arm in &experiment.arms {
        for name in &experiment.windows {
            let title = |language: Language| match language {
                Language::En => format!("{}, {}", arm.name.en, window(name).en),
                Language::Zh => format!("{}（{}）", arm.name.zh, window(name).zh),
            };
            items.push(Item::Heading(both(title(Language::En), title(Language::Zh))));
            let rows = shown(experiment).into_iter().filter_map(|of| find(effects, &arm.id, of, name));
            let rows: Vec<usize> = rows.collect();
            items.push(Item::List(sentences(effects, &rows)));
        }
    }
    items.push(Item::Table(table(experiment, effects)));
    items.extend([
        Item::Heading(both("Uncertainty", "不确定性")),
        Item::List(vec![pairs(effects), evidence::parameters_of(folder), evidence::theory(&experiment.base)]),
    ]);
    items.extend(warnings(folder)?);
    items.extend(experiment.closing());
    Ok(Section { id: "words", title: both("Summary", "结论摘要"), items })
}

fn is_primary(effects: &Sheet, row: usize) -> bool {
    effects.text(row, "role") == "primary"
}

/// The row of an effect.
pub fn find(effects: &Sheet, arm: &str, of: &str, window: &str) -> Option<usize> {
    (0..effects.rows()).find(|&row| {
        effects.text(row, "arm") == arm
            && effects.text(row, "metric") == of
            && effects.text(row, "window") == window
    })
}

/// What an arm does to an outcome, by its row of `effects`.
pub fn effect(effects: &Sheet, row: usize) -> Option<Sentence> {
    let metric = metric(effects.text(row, "metric"))?;
    claim::effect(effects, row, metric, effects.text(row, "significant") == "true")
}

/// What is said of an arm in a window: a sentence for each primary outcome and for each other that is significant,
/// or of which one pair of replicates leaves the direction open; the others by name, of a kind in one sentence.
fn sentences(effects: &Sheet, rows: &[usize]) -> Vec<Sentence> {
    let claim = |row: usize| {
        let metric = metric(effects.text(row, "metric"))?;
        Some((
            claim::Difference { sheet: effects, row, column: "effect", metric, is_rough: false }.claim(),
            metric,
        ))
    };
    let is_significant = |row: usize| effects.text(row, "significant") == "true";
    let (mut all, mut open, mut unclear, mut unmoved) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let mut small = Vec::new();
    let (primary, others): (Vec<usize>, Vec<usize>) = rows.iter().partition(|&&row| is_primary(effects, row));
    for row in primary.into_iter().chain(others) {
        let Some((claim, metric)) = claim(row) else { continue };
        let is_primary = is_primary(effects, row);
        match claim {
            Claim::Nothing => unmoved.push(metric),
            Claim::NoValue => {}
            _ if !is_primary && claim::is_practically_none(effects, row) => small.push(metric),
            Claim::Up | Claim::Down if !is_primary && !is_significant(row) => open.push(metric),
            Claim::Unclear if !is_primary => unclear.push(metric),
            _ => {
                all.extend(effect(effects, row));
                all.extend(claim::against_smallest(effects, row, metric));
            }
        }
    }
    all.extend(named(
        &open,
        "Different before correction, but not significant after Holm's correction: {list}.",
        "校正前有差异，但经 Holm 校正后不显著：{list}。",
    ));
    all.extend(named(
        &small,
        "Practically the same, as the difference is below the smallest that matters: {list}.",
        "实际没有变化，差异小于有实际意义的最小值：{list}。",
    ));
    all.extend(named(&unclear, "No significant difference: {list}.", "差异不显著：{list}。"));
    all.extend(named(
        &unmoved,
        "Identical in every replicate, and therefore not tested: {list}.",
        "每次重复完全相同，不作检验：{list}。",
    ));
    all
}

/// A sentence on several outcomes, if there are any.
fn named(metrics: &[&Metric], en: &str, zh: &str) -> Option<Sentence> {
    let list = listed_both(metrics.iter().map(|metric| metric.label));
    (!metrics.is_empty()).then(|| sentence(en, zh, &[("list", list.into())]))
}

fn listed_both(labels: impl Iterator<Item = Text> + Clone) -> Both {
    let of = |language: Language| labels.clone().map(|label| language.of(label)).collect::<Vec<_>>();
    both(of(Language::En).join(", "), of(Language::Zh).join("、"))
}

/// All effects that are significant.
fn table(experiment: &Experiment, effects: &Sheet) -> Grid {
    let rows = (0..effects.rows()).filter(|&row| effects.text(row, "significant") == "true");
    let row = |row: usize| {
        let metric = metric(effects.text(row, "metric"))?;
        let arm = experiment.arm(effects.text(row, "arm"))?;
        let cell = |column: &str| effects.number(row, column);
        let half_width = (cell("ci95_high") - cell("ci95_low")) / 2.0;
        let e = Estimate { mean: cell("effect"), sd: f64::NAN, half_width, n: 0 };
        let in_both = |write: &dyn Fn(Shown, Language) -> String| {
            let one = |language| write(Shown::of(metric, language), language);
            both(one(Language::En), one(Language::Zh))
        };
        Some(vec![
            Cell::Words(arm.name.clone()),
            Cell::Words(window(effects.text(row, "window"))),
            Cell::Words(in_both(&|shown, language| shown.label(language))),
            Cell::Words(role(effects, row)),
            Cell::Number(in_both(&|shown, _| shown.number(cell("base_mean")))),
            Cell::Number(in_both(&|shown, _| shown.effect(e))),
            Cell::Words(verdict(effects, row)),
        ])
    };
    Grid {
        id: "significant",
        caption: both("Every significant effect", "全部显著的效应"),
        head: vec![
            both("policy", "政策"),
            both("months", "时段"),
            both("outcome", "结果"),
            both("role", "角色"),
            both("base", "基准"),
            both("effect ± 95 %", "效应 ± 95% 区间"),
            both("it is", "结论"),
        ],
        rows: rows.filter_map(row).collect(),
        folded: true,
    }
}

/// What a significant effect is: larger, smaller, or too small to matter.
fn verdict(effects: &Sheet, row: usize) -> Both {
    match claim::is_practically_none(effects, row) {
        true => both("practically the same", "实际没有变化"),
        false if effects.number(row, "effect") > 0.0 => both("higher", "上升"),
        false => both("lower", "下降"),
    }
}

/// Whether an effect is on a primary outcome.
fn role(effects: &Sheet, row: usize) -> Both {
    match is_primary(effects, row) {
        true => both("primary", "主要"),
        false => both("exploratory", "探索性"),
    }
}

/// The effects: on what is shown and, where they were compared, on each kind of activity and on trust in each
/// target.
fn forests(experiment: &Experiment, effects: &Sheet) -> Vec<Chart> {
    let base = experiment.base_name();
    let title = both(
        format!("What policies change, against {}", base.en),
        format!("各政策的效果（对比{}）", base.zh),
    );
    let asked = || experiment.outcomes.iter().map(String::as_str);
    let modes: Vec<&str> =
        asked().filter(|name| time_series::modes().iter().any(|mode| mode == name)).collect();
    // A spread of trust is no target.
    let is_target = |name: &&str| name.starts_with("trust.") && name.split('.').count() == 2;
    let targets: Vec<&str> = asked().filter(is_target).collect();
    let by_mode = both("Effect by kind of activity", "各类公共事务参与的效应");
    let by_target = both("Effect on trust, by whom residents trust", "对各方信任的效应");
    let mut all: Vec<Chart> =
        forest(experiment, effects, "effects", title, &shown(experiment)).into_iter().collect();
    // Where few outcomes were asked for, the first picture has all of them.
    if experiment.outcomes.len() > MOST {
        all.extend(forest(experiment, effects, "effects-by-mode", by_mode, &modes));
        all.extend(forest(experiment, effects, "effects-on-trust", by_target, &targets));
    }
    all
}

/// The effects on `outcomes`: a panel for each, a row for each arm, marks by window.
fn forest(
    experiment: &Experiment,
    effects: &Sheet,
    id: &str,
    title: Both,
    outcomes: &[&str],
) -> Option<Chart> {
    let panel = |of: &&str| {
        let metric = metric(of)?;
        let series = experiment.windows.iter().map(|name| {
            let mut series = Series { name: window(name), ..Series::default() };
            for arm in &experiment.arms {
                push(&mut series, effects, find(effects, &arm.id, of, name));
            }
            series
        });
        let row = |arm: &Arm| crate::chart::Row { name: arm.name.clone(), heading: None };
        Some(Panel {
            title: metric.label.into(),
            form: Form::Dots,
            scale: Scale::of_differences(metric),
            rows: experiment.arms.iter().map(row).collect(),
            series: series.collect(),
            ..Panel::default()
        })
    };
    let chart = Chart {
        id: id.into(),
        file: Some(id.into()),
        title,
        note: filled(),
        panels: outcomes.iter().filter_map(panel).collect(),
        ..Chart::default()
    };
    chart.if_any()
}

/// What full and hollow marks are.
pub fn filled() -> Both {
    both(
        "Lines: 95 % interval. Filled: significant after Holm's correction. Hollow: not significant.",
        "线段为 95% 置信区间。实心：经 Holm 校正后显著。空心：不显著。",
    )
}

/// Adds the effect of a row, or nothing where there is none.
pub fn push(series: &mut Series, effects: &Sheet, row: Option<usize>) {
    let number = |column| row.map_or(f64::NAN, |row| effects.number(row, column));
    series.push(number("effect"), number("ci95_low"), number("ci95_high"));
    series.significant.push(row.is_some_and(|row| effects.text(row, "significant") == "true"));
}

/// Base and arms over time, and beneath them how far each arm stands from the base.
fn courses(folder: &Folder, experiment: &Experiment) -> io::Result<Vec<Chart>> {
    let (summary, differences) = (folder.sheet("summary")?, folder.sheet("differences")?);
    let fewest = folder.fewest();
    let of = |sheet: &Sheet, mean: &str, arm: &str| Courses::of_arm(sheet, &Columns { mean, fewest }, arm);
    let levels = std::iter::once((experiment.base.scenario.name.as_str(), experiment.base_name()))
        .chain(experiment.arms.iter().map(|arm| (arm.id.as_str(), arm.name.clone())));
    let levels: Vec<(Courses, Both)> = levels.map(|(id, name)| (of(&summary, "mean", id), name)).collect();
    let parted: Vec<Courses> =
        experiment.arms.iter().map(|arm| of(&differences, "effect", &arm.id)).collect();
    let chart = |name: &&str| {
        let metric = metric(name)?;
        let own: Vec<Series> =
            levels.iter().filter_map(|(courses, title)| courses.get(name, title.clone())).collect();
        // An arm has the same colour in both panels: the base has no difference.
        let nothing = own.first().map(|base| Series {
            name: base.name.clone(),
            mean: vec![f64::NAN; base.mean.len()],
            low: vec![f64::NAN; base.mean.len()],
            high: vec![f64::NAN; base.mean.len()],
            ..Series::default()
        });
        let apart = parted.iter().zip(&experiment.arms);
        let apart = apart.filter_map(|(courses, arm)| courses.get(name, arm.name.clone()));
        let panel = |title, scale, series| Panel { title, scale, series, ..Panel::default() };
        let panels = vec![
            panel(both("level", "水平"), Scale::of(metric), own),
            panel(
                both("difference from the baseline", "与基准之差"),
                Scale::of_differences(metric),
                nothing.into_iter().chain(apart).collect(),
            ),
        ];
        let chart = Chart {
            id: format!("course-{name}"),
            file: Some(metric.name.into()),
            title: metric.label.into(),
            note: note(folder.manifest.replicates),
            start: levels.first()?.0.start(),
            changes: changes(experiment),
            panels,
            ..Chart::default()
        };
        chart.if_any()
    };
    Ok(shown(experiment).iter().filter_map(chart).collect())
}

/// The dates at which policy changes in an arm, each with the name of the arm.
fn changes(experiment: &Experiment) -> Vec<Change> {
    let of = |arm: &'_ Arm| {
        let named = |change: Change| Change { policy: Some(arm.name.clone()), ..change };
        time_series::changes(&arm.loaded).into_iter().map(named).collect::<Vec<_>>()
    };
    experiment.arms.iter().flat_map(of).collect()
}

/// The last window of an experiment.
pub fn last(experiment: &Experiment) -> &str {
    experiment.windows.last().map_or("", String::as_str)
}

/// The groups for which the effect of an arm is significant, as a sentence.
fn gains(experiment: &Experiment, groups: &Sheet, arm: &Arm) -> Option<Sentence> {
    let rows = (0..groups.rows()).filter(|&row| {
        groups.text(row, "arm") == arm.id
            && groups.text(row, "metric") == "participation"
            && groups.text(row, "window") == last(experiment)
    });
    let (mut up, mut down, mut all) = (Vec::new(), Vec::new(), 0);
    for row in rows {
        all += 1;
        let level = groups::named(groups.text(row, "group"), groups.text(row, "level"));
        match (groups.text(row, "significant"), groups.number(row, "effect") > 0.0) {
            ("true", true) => up.push(level),
            ("true", false) => down.push(level),
            _ => {}
        }
    }
    let listed = |levels: &[Both]| {
        let one = |language: Language, between: &str, none: &str| match levels.len() {
            0 => none.to_string(),
            _ => levels.iter().map(|level| level.of(language)).collect::<Vec<_>>().join(between),
        };
        Both { en: one(Language::En, "; ", "none"), zh: one(Language::Zh, "；", "无") }
    };
    let everyone = both("all groups", "全部群体");
    let list = |levels: &[Both]| if levels.len() == all { everyone.clone() } else { listed(levels) };
    (all > 0).then(|| {
        sentence(
            "\"{arm}\", {window}: participation is significantly higher among: {up}. Significantly lower: {down}. \
             In all others there is no significant difference.",
            "“{arm}”（{window}）：参与率显著上升的群体：{up}。显著下降：{down}。其余群体差异不显著。",
            &[
                ("arm", arm.name.clone().into()),
                ("window", window(last(experiment)).into()),
                ("up", list(&up).into()),
                ("down", list(&down).into()),
            ],
        )
    })
}

/// The effects of an arm by group of residents and kind of community.
fn by_group(experiment: &Experiment, sheet: &Sheet, arm: &Arm, number: usize) -> Option<Chart> {
    let rows: Vec<usize> = (0..sheet.rows())
        .filter(|&row| sheet.text(row, "arm") == arm.id && sheet.text(row, "window") == last(experiment))
        .collect();
    let panel = |of: &&str| {
        let own: Vec<usize> = rows.iter().copied().filter(|&row| sheet.text(row, "metric") == *of).collect();
        let mut series = Series { name: arm.name.clone(), ..Series::default() };
        own.iter().for_each(|&row| push(&mut series, sheet, Some(row)));
        Panel {
            title: groups::name(of),
            form: Form::Dots,
            scale: groups::scale(of, true),
            rows: groups::rows(own.iter().map(|&row| (sheet.text(row, "group"), sheet.text(row, "level")))),
            series: vec![series],
            ..Panel::default()
        }
    };
    let last = window(last(experiment));
    let chart = Chart {
        id: format!("groups-{}", number + 1),
        title: both(
            format!("{}: effect by group, {}", arm.name.en, last.en),
            format!("{}：各群体的效应（{}）", arm.name.zh, last.zh),
        ),
        note: filled(),
        panels: groups::SHOWN.iter().map(panel).collect(),
        ..Chart::default()
    };
    chart.if_any()
}
