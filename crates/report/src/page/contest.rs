//! The report of a contest: how far effects range over theories and trust rules.

use std::io;

use super::compare::{filled, push, shown};
use super::experiment::{Arm, Experiment, pairs, warnings, window};
use super::folder::Folder;
use super::sentence::{Cell as Number, Sentence, sentence};
use super::time_series::{Columns, Courses, metric, note};
use super::{Content, Item, Section, claim, costs, evidence, gaps, provenance, sure};
use crate::chart::{Chart, Form, Panel, Row, Scale, Series};
use crate::theories::{rule_called, theory_called};
use shequ_experiment::compare::difference::LEVEL;
use shequ_experiment::record::sheet::Sheet;
use shequ_model::base::i18n::{Both, Language, both};
use shequ_model::metric::Metric;
use shequ_model::{theory, trust};

/// Everything.
///
/// # Errors
/// An I/O error if a table cannot be read or is not as this program writes it.
pub fn content(folder: &Folder) -> io::Result<Content> {
    let experiment = Experiment::of(folder)?;
    let effects = folder.sheet("effects")?;
    let mut items = Vec::new();
    for (number, arm) in experiment.arms.iter().enumerate() {
        items.extend(forests_of(&experiment, &effects, arm, number));
    }
    items.extend(sources(&experiment, &folder.sheet("variance")?));
    items.extend(courses(folder, &experiment)?);
    let gaps = folder.has(gaps::TABLE).then(|| folder.sheet(gaps::TABLE)).transpose()?;
    let gaps = gaps.map(|sheet| gaps::over_theories(&experiment, &sheet)).unwrap_or_default();
    Ok(Content {
        title: experiment.name.clone(),
        subtitle: both("Policies under every theory", "各种理论下的政策"),
        sections: [
            Some(summary(folder, &experiment, &effects)?),
            sure::section(folder, &experiment)?,
            Some(Section {
                id: "range",
                title: both("How far effects range", "效应的范围"),
                items: items.into_iter().map(|chart| Item::Picture(Box::new(chart))).collect(),
            }),
            costs::range(folder, &experiment)?,
            (!gaps.is_empty()).then(|| Section {
                id: "who",
                title: both("Gaps between groups of residents", "居民群体之间的差距"),
                items: gaps,
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
    let ranges = folder.sheet("range")?;
    let by_weights = folder.has("weighted").then(|| folder.sheet("weighted")).transpose()?;
    let asked = sentence(
        "Does the effect of {arms}, compared with \"{base}\", depend on the theory of participation and on the trust \
         rule?",
        "与“{base}”相比，{arms}的效应是否取决于参与理论与信任规则？",
        &[("arms", experiment.arm_names().into()), ("base", experiment.base_name().into())],
    );
    let mut items = vec![
        Item::Heading(both("Question", "研究问题")),
        Item::Paragraph(vec![asked, experiment.city()]),
        Item::Heading(both("Findings", "研究发现")),
        Item::Paragraph(vec![sentence(
            "Base and policy were simulated under every theory of participation and every trust rule. The ends of a \
             range are mean effects; counts are of effects that are significant after Holm's correction for all of \
             them. Whether an effect depends on the theory or the rule is tested separately.",
            "基准与政策在每种参与理论与信任规则下分别模拟。范围两端为平均效应；计数为经全部效应 Holm 校正后显著者。效应是否因理论或规则而异另行检验。",
            &[],
        )]),
    ];
    for arm in &experiment.arms {
        for name in &experiment.windows {
            let title = both(
                format!("{}, {}", arm.name.en, window(name).en),
                format!("{}（{}）", arm.name.zh, window(name).zh),
            );
            items.push(Item::Heading(title));
            let rows = |of: &Sheet| -> Vec<usize> {
                let is_own = |row: &usize, metric: &str| {
                    of.text(*row, "arm") == arm.id
                        && of.text(*row, "metric") == metric
                        && of.text(*row, "window") == name
                };
                let row = |metric: &&str| (0..of.rows()).find(|row| is_own(row, metric));
                shown(experiment).iter().filter_map(row).collect()
            };
            let mut said: Vec<Sentence> =
                rows(&ranges).into_iter().filter_map(|row| range(&ranges, row)).collect();
            if let Some(sheet) = &by_weights {
                said.extend(rows(sheet).into_iter().filter_map(|row| weighted(sheet, row)));
            }
            items.push(Item::List(said));
        }
    }
    let variance = folder.sheet("variance")?;
    let mut sure = Vec::new();
    for of in shown(experiment) {
        sure.extend(experiment.windows.iter().filter_map(|name| shares(experiment, &variance, of, name)));
    }
    items.extend([
        Item::Heading(both("Uncertainty", "不确定性")),
        Item::List(sure),
        Item::List(vec![
            pairs(effects),
            evidence::parameters_of(folder),
            sentence(
                "Theories: the range covers the theories that the program has, each fitted to the same participation \
                 at the start; another theory may give an effect outside it.",
                "理论：范围只涵盖程序已有的理论，各自拟合到相同的初始参与水平；其他理论可能超出此范围。",
                &[],
            ),
        ]),
    ]);
    items.extend(warnings(folder)?);
    items.extend(experiment.closing());
    Ok(Section { id: "words", title: both("Summary", "结论摘要"), items })
}

/// What theories and rules say together of an effect.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It is above zero under each of them.
    Higher,
    /// It is below zero under each of them.
    Lower,
    /// It is significantly above zero under some, and below under others.
    Contradict,
    /// It is significant under some.
    Some,
    /// It is significant under none.
    None,
}

impl Verdict {
    /// That of a row of `range`.
    pub fn of(ranges: &Sheet, row: usize) -> Verdict {
        let number = |column: &str| ranges.number(row, column);
        let all = number("combinations");
        match (number("up_significant"), number("down_significant")) {
            _ if number("up_uncorrected") == all => Verdict::Higher,
            _ if number("down_uncorrected") == all => Verdict::Lower,
            (up, down) if up > 0.0 && down > 0.0 => Verdict::Contradict,
            (up, down) if up > 0.0 || down > 0.0 => Verdict::Some,
            _ => Verdict::None,
        }
    }
}

/// The theory and the rule under which the effect of a row of `range` is at an end of it, "lowest" or "highest".
pub fn at_end(ranges: &Sheet, row: usize, end: &str) -> Both {
    let named = |column: &str| ranges.text(row, &format!("{end}_{column}"));
    combination(named("theory"), named("trust"))
}

/// How far an effect ranges, by its row of `range`, and what it is shown to depend on.
fn range(ranges: &Sheet, row: usize) -> Option<Sentence> {
    let metric = metric(ranges.text(row, "metric"))?;
    let number = |column: &str| Number::of(ranges, row, column);
    let (up, down, all) = (number("up_significant"), number("down_significant"), number("combinations"));
    let verdict = match Verdict::of(ranges, row) {
        Verdict::Higher => both(
            "higher under every theory and rule, each tested separately",
            "在每种理论与规则下均上升（各自检验）",
        ),
        Verdict::Lower => both(
            "lower under every theory and rule, each tested separately",
            "在每种理论与规则下均下降（各自检验）",
        ),
        Verdict::Contradict => both("theories and rules contradict each other", "各理论与规则相互矛盾"),
        Verdict::Some => both("significant under some", "在部分组合下显著"),
        Verdict::None => both("no significant effect", "没有显著效应"),
    };
    let (lowest, highest) = (number("lowest"), number("highest"));
    Some(sentence(
        "{name}: {verdict}. Mean effects reach from {lowest} to {highest}{unit} ({low}; {high}); of {all} \
         combinations, {up} are significantly above zero and {down} below. {depends}",
        "{name}：{verdict}。平均效应从 {lowest} 到 {highest}{unit}，分别见于“{low}”与“{high}”；{all} 种组合中，{up} 种显著大于零，{down} 种显著小于零。{depends}",
        &[
            ("name", Both::from(metric.label).into()),
            ("verdict", verdict.into()),
            ("lowest", lowest.change(metric)),
            ("highest", highest.change(metric)),
            ("unit", claim::difference_unit(metric).into()),
            ("low", at_end(ranges, row, "lowest").into()),
            ("high", at_end(ranges, row, "highest").into()),
            ("all", all.whole()),
            ("up", up.whole()),
            ("down", down.whole()),
            ("depends", depends(ranges, row).into()),
        ],
    ))
}

/// The mean effect by weights of theories and rules, by its row of `weighted`.
pub fn weighted(sheet: &Sheet, row: usize) -> Option<Sentence> {
    let metric = metric(sheet.text(row, "metric"))?;
    let number = |column: &str| Number::of(sheet, row, column);
    let (en, zh) = match (number("effect").value.is_nan(), number("ci95_low").value.is_nan()) {
        (true, _) => return None,
        (false, true) => (
            "{name}, as a mean by the weights of weights.csv: {effect}{unit}.",
            "{name}按 weights.csv 的权重平均：{effect}{unit}。",
        ),
        (false, false) => (
            "{name}, as a mean by the weights of weights.csv: {effect}{unit}, with an interval from {low} to {high}{unit}.",
            "{name}按 weights.csv 的权重平均：{effect}{unit}，区间为 {low} 至 {high}{unit}。",
        ),
    };
    let items = [
        ("name", Both::from(metric.label).into()),
        ("effect", number("effect").change(metric)),
        ("unit", claim::difference_unit(metric).into()),
        ("low", number("ci95_low").change(metric)),
        ("high", number("ci95_high").change(metric)),
    ];
    Some(sentence(en, zh, &items))
}

/// What the effect of a row of `range` is shown to depend on.
pub fn depends(ranges: &Sheet, row: usize) -> Both {
    let sources = [
        ("theory", both("the theory", "理论")),
        ("trust", both("the trust rule", "信任规则")),
        ("theory_trust", both("the combination of theory and rule", "理论与规则的组合")),
    ];
    let p = |source: &str| ranges.number(row, &format!("p_holm_{source}"));
    if sources.iter().all(|(source, _)| p(source).is_nan()) {
        return both(
            "Whether the effect depends on the theory or the rule cannot be tested: it does not vary between replicates.",
            "效应是否因理论或规则而异无从检验：各次重复之间没有变化。",
        );
    }
    let shown: Vec<&Both> =
        sources.iter().filter(|(source, _)| p(source) < LEVEL).map(|(_, named)| named).collect();
    match shown[..] {
        [] => both(
            "There is no significant dependence of the effect on the theory or the rule.",
            "效应并不显著地因理论或规则而异。",
        ),
        _ => Both::by(|language| {
            let list = shown.iter().map(|named| named.of(language)).collect::<Vec<_>>();
            match language {
                Language::En => format!("The effect depends on {}.", list.join(" and on ")),
                Language::Zh => format!("效应因{}而异。", list.join("、")),
            }
        }),
    }
}

/// What theory and rule have of the variance of the effect on one outcome in one window.
pub fn shares(experiment: &Experiment, variance: &Sheet, of: &str, name: &str) -> Option<Sentence> {
    let is_own = |row: &usize| {
        variance.text(*row, "of") == "effect"
            && variance.text(*row, "metric") == of
            && variance.text(*row, "window") == name
            && !variance.number(*row, "ci95_low").is_nan()
    };
    let rows: Vec<usize> = (0..variance.rows()).filter(is_own).collect();
    let row = |source: &str| rows.iter().copied().find(|&row| variance.text(row, "source") == source);
    let (theory, rule, chance) = (row("theory")?, row("trust")?, row("chance")?);
    let title = title_of(experiment, metric(of)?, name);
    let share = |row: usize, column: &str| Number::of(variance, row, column).per_cent(0);
    Some(sentence(
        "{what}: of the variance of the effect in a single pair of replicates, the theory accounts for {a} % [{a_low}, \
         {a_high}], the trust rule for {b} % [{b_low}, {b_high}] and random numbers for {c} % [{c_low}, {c_high}].",
        "{what}：单对模拟的效应方差中，理论占 {a}% [{a_low}, {a_high}]，信任规则占 {b}% [{b_low}, {b_high}]，随机数占 {c}% [{c_low}, {c_high}]。",
        &[
            ("what", title.into()),
            ("a", share(theory, "share")),
            ("a_low", share(theory, "ci95_low")),
            ("a_high", share(theory, "ci95_high")),
            ("b", share(rule, "share")),
            ("b_low", share(rule, "ci95_low")),
            ("b_high", share(rule, "ci95_high")),
            ("c", share(chance, "share")),
            ("c_low", share(chance, "ci95_low")),
            ("c_high", share(chance, "ci95_high")),
        ],
    ))
}

/// An outcome with its window, if there are several.
fn title_of(experiment: &Experiment, metric: &Metric, name: &str) -> Both {
    match experiment.windows.len() {
        1 => metric.label.into(),
        _ => {
            let (label, months) = (Both::from(metric.label), window(name));
            both(format!("{}, {}", label.en, months.en), format!("{}（{}）", label.zh, months.zh))
        }
    }
}

/// A theory with a rule, for people.
fn combination(theory: &str, rule: &str) -> Both {
    let (theory, rule) = (called(theory, theory_called), called(rule, rule_called));
    both(format!("{}, {}", theory.en, rule.en), format!("{}，{}", theory.zh, rule.zh))
}

fn called(name: &str, by: fn(&str, Language) -> String) -> Both {
    Both::by(|language| by(name, language))
}

/// The effects of a policy in each window: a panel for each outcome, a row for each theory, marks by trust rule.
fn forests_of(experiment: &Experiment, effects: &Sheet, arm: &Arm, number: usize) -> Vec<Chart> {
    let file = |window: &str| match (experiment.arms.len(), experiment.windows.len()) {
        (1, 1) => "contest".into(),
        (1, _) => format!("contest-{window}"),
        (_, 1) => format!("contest-{}", number + 1),
        _ => format!("contest-{}-{window}", number + 1),
    };
    let one = |name: &String| {
        let panel = |of: &str| {
            let metric = metric(of)?;
            let row = |theory: &str, rule: &str| {
                (0..effects.rows()).find(|&row| {
                    effects.text(row, "arm") == arm.id
                        && effects.text(row, "metric") == of
                        && effects.text(row, "window") == name
                        && effects.text(row, "theory") == theory
                        && effects.text(row, "trust") == rule
                })
            };
            let series = effects.words("trust").iter().map(|rule| {
                let mut series = Series { name: called(rule, rule_called), ..Series::default() };
                effects
                    .words("theory")
                    .iter()
                    .for_each(|theory| push(&mut series, effects, row(theory, rule)));
                series
            });
            let theories = effects.words("theory").iter();
            let rows = theories.map(|t| Row { name: called(t, theory_called), heading: None });
            Some(Panel {
                title: metric.label.into(),
                form: Form::Dots,
                scale: Scale::of_differences(metric),
                rows: rows.collect(),
                series: series.collect(),
                ..Panel::default()
            })
        };
        let in_words = window(name);
        let chart = Chart {
            id: format!("contest-{}-{name}", number + 1).replace("..", "-"),
            file: Some(file(name)),
            title: both(
                format!("{}: effect by theory and trust rule, {}", arm.name.en, in_words.en),
                format!("{}：不同理论与信任规则下的效应（{}）", arm.name.zh, in_words.zh),
            ),
            note: filled(),
            panels: shown(experiment).into_iter().filter_map(panel).collect(),
            ..Chart::default()
        };
        chart.if_any()
    };
    experiment.windows.iter().filter_map(one).collect()
}

/// Where the variance of effects comes from: a row for each outcome and window, a column for each source.
fn sources(experiment: &Experiment, variance: &Sheet) -> Option<Chart> {
    let of_effect = |row: &usize| variance.text(*row, "of") == "effect";
    let mut names: Vec<&str> = Vec::new();
    for row in (0..variance.rows()).filter(of_effect) {
        let source = variance.text(row, "source");
        if !names.contains(&source) {
            names.push(source);
        }
    }
    let (mut rows, mut share) = (Vec::new(), Vec::new());
    for of in shown(experiment) {
        for name in &experiment.windows {
            let is_own = |row: &usize| {
                of_effect(row) && variance.text(*row, "metric") == of && variance.text(*row, "window") == name
            };
            let own: Vec<usize> = (0..variance.rows()).filter(is_own).collect();
            let Some(metric) = metric(of).filter(|_| !own.is_empty()) else { continue };
            rows.push(Row { name: title_of(experiment, metric, name), heading: None });
            // A little below zero means zero.
            share.extend(names.iter().map(|source| {
                let row = own.iter().find(|&&row| variance.text(row, "source") == *source);
                row.map_or(f64::NAN, |&row| variance.number(row, "share").max(0.0))
            }));
        }
    }
    let scale = Scale {
        factor: [100.0; 2],
        from_zero: true,
        ..Scale::plain(both("% of the variance", "占方差（%）"), 0)
    };
    let chart = Chart {
        id: "variance".into(),
        title: both("Where the variance of effects comes from", "效应的方差来源"),
        note: both(
            "Of the effect in a single pair of replicates, among the theories and rules compared here. Each share is \
             estimated separately, so that their sum may differ slightly from the whole.",
            "针对单对模拟的效应，仅限于此处比较的理论与规则。各比例分别估计，合计可能略偏离全部。",
        ),
        panels: vec![Panel {
            form: Form::Heat,
            scale,
            rows,
            columns: names.iter().map(|name| source_called(name)).collect(),
            series: vec![Series { name: both("share", "比例"), mean: share, ..Series::default() }],
            ..Panel::default()
        }],
        ..Chart::default()
    };
    chart.if_any()
}

/// A source of variance, as in the column `source`, for people.
pub fn source_called(source: &str) -> Both {
    let word = |part: &str| match part {
        "theory" => both("theory", "理论"),
        "trust" => both("trust rule", "信任规则"),
        "policy" => both("policy", "政策"),
        "parameters" => both("parameters", "参数"),
        "chance" => both("random numbers", "随机数"),
        other => Both::same(other),
    };
    let parts: Vec<Both> = source.split(':').map(word).collect();
    let joined = |one: &dyn Fn(&Both) -> String| parts.iter().map(one).collect::<Vec<_>>().join(" × ");
    both(joined(&|part| part.en.clone()), joined(&|part| part.zh.clone()))
}

/// How far each policy stands from the base over time, a line for each theory and rule.
fn courses(folder: &Folder, experiment: &Experiment) -> io::Result<Vec<Chart>> {
    let differences = folder.sheet("differences")?;
    let columns = Columns { mean: "effect", fewest: folder.fewest() };
    let Some(of) = shown(experiment).first().copied() else { return Ok(Vec::new()) };
    let Some(metric) = metric(of) else { return Ok(Vec::new()) };
    let mut charts = Vec::new();
    for (number, arm) in experiment.arms.iter().enumerate() {
        let (mut series, mut start) = (Vec::new(), None);
        for theory in theory::with_own() {
            for rule in trust::all() {
                let is_own = |row: &usize| {
                    differences.text(*row, "arm") == arm.id
                        && differences.text(*row, "theory") == theory.name
                        && differences.text(*row, "trust") == rule.name
                };
                let rows: Vec<usize> = (0..differences.rows()).filter(is_own).collect();
                let courses = Courses::of(&differences, &columns, rows.iter().copied());
                series.extend(courses.get(of, combination(theory.name, rule.name)));
                start = start.or(courses.start());
            }
        }
        let scale = Scale::of_differences(metric);
        let chart = Chart {
            id: format!("differences-{}", number + 1),
            title: both(
                format!("{}: difference from the baseline, {}", arm.name.en, metric.label.en),
                format!("{}：与基准之差，{}", arm.name.zh, metric.label.zh),
            ),
            note: note(folder.manifest.replicates),
            start,
            changes: super::time_series::changes(&arm.loaded),
            panels: vec![Panel { scale, series, ..Panel::default() }],
            ..Chart::default()
        };
        charts.extend(chart.if_any());
    }
    Ok(charts)
}
