//! What arms do where they hold and elsewhere, and what a study would say.

use std::io;

use super::experiment::{Experiment, window};
use super::folder::Folder;
use super::sentence::sentence;
use super::time_series::metric;
use super::{Cell, Grid, Item, Section};
use crate::shown::Shown;
use shequ_experiment::record::sheet::Sheet;
use shequ_model::base::i18n::{Both, Language, both};
use shequ_model::base::stats::Estimate;

/// What the parts of the table are called.
const PARTS: [(&str, &str, &str); 3] = [
    ("treated", "communities where it holds", "实施社区"),
    ("others", "other communities", "其他社区"),
    ("study", "what a study would say", "研究会得出"),
];

/// The section of a comparison of which some arms hold in some communities only.
///
/// # Errors
/// An I/O error if a table cannot be read.
pub fn section(folder: &Folder, experiment: &Experiment) -> io::Result<Option<Section>> {
    if !folder.has("treated") {
        return Ok(None);
    }
    let sheet = folder.sheet("treated")?;
    let about = sentence(
        "Effects compare the same communities with and without the policy, each community counting the same. A study \
         has only the course with the policy: it sets the communities where it holds against the others, and against \
         the year before where there is one. How often its own interval excludes zero is the power of such a study; \
         how often it holds the effect on the communities where the policy holds tells whether it may be believed.",
        "效应是同一批社区实施与不实施该政策的差异，各社区权重相同。研究者只能看到实施后的情形：将实施社区与其他社区相比，若有此前一年的数据则再与之相比。其区间不含零的比例即此类研究的检验功效；区间包含实施社区效应的比例说明研究结论是否可信。",
        &[],
    );
    let mut items = vec![Item::Paragraph(vec![about])];
    for arm in &experiment.arms {
        let rows: Vec<usize> = (0..sheet.rows()).filter(|&row| sheet.text(row, "arm") == arm.id).collect();
        if !rows.is_empty() {
            items.push(Item::Table(table(&sheet, &arm.name, &rows)));
        }
    }
    Ok(Some(Section {
        id: "treated",
        title: both("Where the policy holds, and elsewhere", "实施社区与其他社区"),
        items,
    }))
}

fn table(sheet: &Sheet, arm: &Both, rows: &[usize]) -> Grid {
    let row = |&row: &usize| {
        let of = metric(sheet.text(row, "metric"))?;
        let part = PARTS.iter().find(|(part, ..)| *part == sheet.text(row, "part"));
        let number = |column: &'static str| sheet.number(row, column);
        let mean = number("effect");
        let e = Estimate { mean, sd: f64::NAN, half_width: number("ci95_high") - mean, n: 0 };
        let label = |language| Shown::of(of, language).label(language);
        let effect = |language| Shown::of(of, language).effect(e);
        let share = |column| match number(column) {
            share if share.is_nan() => Both::default(),
            share => Both::same(&format!("{:.0} %", 100.0 * share)),
        };
        Some(vec![
            Cell::Words(both(label(Language::En), label(Language::Zh))),
            Cell::Words(window(sheet.text(row, "window"))),
            Cell::Words(part.map(|(_, en, zh)| both(*en, *zh)).unwrap_or_default()),
            Cell::Number(Both::same(&format!("{:.0}", number("communities")))),
            Cell::Number(both(effect(Language::En), effect(Language::Zh))),
            Cell::Number(share("finds")),
            Cell::Number(share("holds")),
        ])
    };
    Grid {
        id: "",
        caption: both!("{arm}: where it holds, and elsewhere", "{arm}：实施社区与其他社区"; arm = arm.clone()),
        head: vec![
            both("outcome", "结果"),
            both("months", "时段"),
            both("part", "部分"),
            both("communities", "社区数"),
            both("effect ± 95 %", "效应 ± 95% 区间"),
            both("its interval excludes zero", "其区间不含零"),
            both("its interval holds the effect", "其区间包含效应"),
        ],
        rows: rows.iter().filter_map(row).collect(),
        folded: false,
    }
}
