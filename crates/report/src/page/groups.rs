//! Groups of residents: who takes part and who does not.

use std::collections::BTreeMap;
use std::io;

use super::folder::Folder;
use super::time_series::metric;
use crate::chart::{Chart, Form, Panel, Row, Scale, Series};
use shequ_experiment::record::sheet::Sheet;
use shequ_model::base::i18n::{Both, both};
use shequ_model::base::params::{Text, text};
use shequ_model::base::stats::estimate;
use shequ_model::city::{AGE_BANDS, Kind};

/// The metrics that are shown by group.
pub const SHOWN: [&str; 6] =
    ["participation", "voted", "hours", "trust.committee", "satisfaction", "awareness"];

/// Words of `groups.csv` in both languages: groupings, levels, and metrics that only groups have.
const WORDS: [Text; 21] = [
    text("age", "年龄"),
    text("sex", "性别"),
    text("education", "教育程度"),
    text("tenure", "住房"),
    text("hukou", "户籍"),
    text("party", "政治面貌"),
    text("community type", "社区类型"),
    text("female", "女"),
    text("male", "男"),
    text("primary", "小学及以下"),
    text("junior secondary", "初中"),
    text("senior secondary", "高中"),
    text("university", "大学"),
    text("renter", "租户"),
    text("owner", "业主"),
    text("non-local", "外地"),
    text("local", "本地"),
    text("not a member", "非党员"),
    text("member", "党员"),
    text("hours", "近十二个月参与时数"),
    text("all", "全部"),
];

/// A word of `groups.csv` for people.
pub fn word(word: &str) -> Both {
    let kinds = Kind::ALL.map(Kind::name);
    let known = WORDS.iter().chain(&kinds).chain(AGE_BANDS.iter().map(|band| &band.1));
    known.copied().find(|text| text.en == word).map_or_else(|| Both::same(word), Both::from)
}

/// A level with its grouping for people, such as "education: university".
pub fn named(group: &str, level: &str) -> Both {
    let (group, level) = (word(group), word(level));
    both(format!("{}: {}", group.en, level.en), format!("{}：{}", group.zh, level.zh))
}

/// The name of a metric of groups.
pub fn name(of: &str) -> Both {
    metric(of).map_or_else(|| word(of), |metric| metric.label.into())
}

/// How values of a metric of groups, or differences between them, are read.
pub fn scale(of: &str, differences: bool) -> Scale {
    match metric(of) {
        Some(metric) if differences => Scale::of_differences(metric),
        Some(metric) => Scale::of(metric),
        None if of == "hours" => Scale { differences, ..Scale::plain(both("hours", "小时"), 2) },
        None => {
            let participation = metric("participation").map(|m| scale(m.name, differences));
            participation.unwrap_or_default()
        }
    }
}

/// Rows of levels under the headings of their groupings.
pub fn rows<'a>(levels: impl Iterator<Item = (&'a str, &'a str)>) -> Vec<Row> {
    let mut last = "";
    levels
        .map(|(group, level)| {
            let heading = (group != last).then(|| word(group));
            last = group;
            Row { name: word(level), heading }
        })
        .collect()
}

/// The last recorded month by group, mean and interval over the replicates.
///
/// # Errors
/// An I/O error if a file cannot be read.
pub fn chart(folder: &Folder) -> io::Result<Option<Chart>> {
    let sheet = folder.sheet("groups")?;
    let months = sheet.numbers("month");
    let Some(last) = months.iter().copied().reduce(f64::max) else { return Ok(None) };
    let rows_of_last: Vec<usize> = (0..sheet.rows()).filter(|&row| months[row] == last).collect();
    let mut levels: Vec<(u32, u32)> = Vec::new();
    let mut values: BTreeMap<(u32, u32, u32), Vec<f64>> = BTreeMap::new();
    let [groups, names, metrics] = ["group", "level", "metric"].map(|column| sheet.word_numbers(column));
    for &row in &rows_of_last {
        let level = (groups[row], names[row]);
        if levels.last() != Some(&level) && !levels.contains(&level) {
            levels.push(level);
        }
        values.entry((level.0, level.1, metrics[row])).or_default().push(sheet.number(row, "value"));
    }
    let panels = SHOWN.iter().filter_map(|of| {
        let number = sheet.words("metric").iter().position(|word| word == of)? as u32;
        let estimates = levels.iter().map(|&(group, level)| {
            let values = values.get(&(group, level, number)).map_or(&[][..], Vec::as_slice);
            estimate(values.iter().copied())
        });
        Some(Panel {
            title: name(of),
            form: Form::Dots,
            scale: scale(of, false),
            rows: rows(levels.iter().map(|&(group, level)| words(&sheet, group, level))),
            series: vec![Series::of(name(of), estimates)],
            ..Panel::default()
        })
    });
    let month = date(folder, last as u32)?;
    let chart = Chart {
        id: "groups".into(),
        title: both("Participation, trust and satisfaction by group", "各群体的参与、信任与满意度"),
        note: both(
            format!(
                "By group of residents and kind of community, {month}; lines: 95 % interval of the mean."
            ),
            format!("按居民群体与社区类型，{month}；线段为均值的 95% 置信区间。"),
        ),
        panels: panels.collect(),
        ..Chart::default()
    };
    Ok(chart.if_any())
}

fn words(sheet: &Sheet, group: u32, level: u32) -> (&str, &str) {
    (&sheet.words("group")[group as usize], &sheet.words("level")[level as usize])
}

/// A month of the folder's scenario by its number.
pub fn date(folder: &Folder, month: u32) -> io::Result<String> {
    Ok(folder.scenario(super::folder::SCENARIO)?.scenario.start.plus(month).to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use shequ_model::metric::groupings;

    #[test]
    fn every_word_of_groups_has_chinese() {
        for grouping in groupings() {
            for of in grouping.levels.iter().chain([&grouping.name]) {
                let both = word(of);
                // Bands of age are written alike, but for the last.
                assert!(both.zh != both.en || of.contains('–') || of.ends_with('+'), "{of}");
            }
        }
    }
}
