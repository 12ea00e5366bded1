//! Communities as tiles: where it is better and where worse.

use std::io;

use super::chart::{Chart, Form, Panel, Row, Scale, Series};
use super::course::metric;
use super::folder::Folder;
use super::groups::date;
use super::text::both;
use crate::base::stats::estimate;

/// The metrics that are shown by community.
const SHOWN: [&str; 6] =
    ["participation", "trust.committee", "satisfaction", "services.level", "response.days", "fund.balance"];

/// The last recorded month by community, mean and interval over the lives.
///
/// # Errors
/// What the disk says.
pub fn chart(folder: &Folder) -> io::Result<Option<Chart>> {
    let sheet = folder.sheet("communities")?;
    let (months, of) = (sheet.numbers("month"), sheet.numbers("community"));
    let Some(last) = months.iter().copied().reduce(f64::max) else { return Ok(None) };
    let count = of.iter().copied().fold(0.0, f64::max) as usize + 1;
    let mut rows: Vec<Vec<usize>> = vec![Vec::new(); count];
    (0..sheet.rows()).filter(|&row| months[row] == last).for_each(|row| rows[of[row] as usize].push(row));
    let panels = SHOWN.iter().filter_map(|name| {
        let (metric, column) = (metric(name)?, sheet.numbers(name));
        let estimates = rows
            .iter()
            .map(|rows| estimate(rows.iter().map(|&row| column.get(row).copied().unwrap_or(f64::NAN))));
        Some(Panel {
            title: metric.label.into(),
            scale: Scale::of(metric),
            rows: (1..=count)
                .map(|n| Row { name: both(n.to_string(), n.to_string()), heading: None })
                .collect(),
            series: vec![Series::of(metric.label.into(), estimates)],
            ..Panel::default()
        })
    });
    let month = date(folder, last as u32)?;
    let chart = Chart {
        id: "communities".into(),
        form: Form::Tiles,
        title: both("Community by community", "各社区"),
        note: both(
            format!("A tile for each community, {month}: darker is more. Money is of one community."),
            format!("每格一个社区，{month}：颜色越深数值越大。资金为单个社区。"),
        ),
        start: None,
        changes: Vec::new(),
        panels: panels.collect(),
    };
    Ok(chart.if_any())
}
