//! From the fund to needs: what was spent on which services, beside what residents need.

use std::io;

use super::Item;
use super::folder::Folder;
use super::shares::{Shares, caution};
use crate::chart::{Chart, Panel, Row};
use shequ_experiment::record::sheet::Sheet;
use shequ_model::base::i18n::{Both, both};
use shequ_model::base::params::text;
use shequ_model::city::DOMAIN_NAMES;

/// Name of the table.
const PROJECTS: &str = "projects";

/// A domain of the table for people.
fn domain(sheet: &Sheet, row: usize) -> Both {
    let name = sheet.text(row, "domain");
    DOMAIN_NAMES.iter().find(|known| known.en == name).map_or_else(|| Both::same(name), |&known| known.into())
}

fn rows(sheet: &Sheet) -> Vec<Row> {
    (0..sheet.rows()).map(|row| Row { name: domain(sheet, row), heading: None }).collect()
}

/// Parts row `spent` of a flow among the domains, the largest first.
///
/// # Errors
/// An I/O error if the table cannot be read or is not as this program writes it.
pub fn flow_on(folder: &Folder, flow: &mut Panel, spent: usize) -> io::Result<()> {
    if !folder.has(PROJECTS) {
        return Ok(());
    }
    let sheet = folder.sheet(PROJECTS)?;
    let number = |row: usize, column: &str| sheet.number(row, column);
    let mut order: Vec<usize> = (0..sheet.rows()).filter(|&row| number(row, "spent") > 0.0).collect();
    order.sort_by(|&a, &b| number(b, "spent").total_cmp(&number(a, "spent")));
    for row in order {
        flow.rows.push(Row { name: domain(&sheet, row), heading: None });
        flow.parents.push(spent);
        if let Some(series) = flow.series.first_mut() {
            series.push(number(row, "spent"), number(row, "spent_low"), number(row, "spent_high"));
        }
    }
    Ok(())
}

/// Spending against needs, in words and as a picture; nothing where nothing was spent.
///
/// # Errors
/// As [`flow_on`].
pub fn items(folder: &Folder) -> io::Result<Vec<Item>> {
    if !folder.has(PROJECTS) {
        return Ok(Vec::new());
    }
    let sheet = folder.sheet(PROJECTS)?;
    let shares = Shares {
        sheet: &sheet,
        rows: (0..sheet.rows()).collect(),
        columns: ["share", "needs"],
        names: [text("share of spending", "占项目支出"), text("weight among needs", "占居民需求")],
        of: [text("spending", "支出"), text("needs", "需求")],
        opening: both("Of what the fund spent on projects, ", "专项资金的项目支出中，"),
        said: [
            text("more than its weight among residents' needs went to", "高于其在居民需求中比重的是"),
            text("less than its weight among residents' needs went to", "低于其在居民需求中比重的是"),
        ],
        nothing: text(
            "no service received significantly more or less than its weight among residents' needs",
            "没有服务的支出显著高于或低于其在居民需求中的比重",
        ),
        named: domain,
    };
    let chart = Chart {
        id: PROJECTS.into(),
        title: both("Spending on projects, and residents' needs", "项目用途与居民需求"),
        note: both(
            "Bars: weight among residents' needs in the last month. Marks: share of all spending on projects over the \
             run. Lines: 95 % interval over replicates.",
            "条形：最后一个月居民需求中的比重。标记：全程项目支出中的比例。线段：各次重复间的 95% 置信区间。",
        ),
        panels: vec![shares.panel(Both::default(), rows(&sheet))],
        ..Chart::default()
    };
    let mut said = shares.sentences();
    let mut items = Vec::new();
    if !said.is_empty() {
        said.push(caution());
        items.push(Item::List(said));
    }
    items.extend(chart.if_any().map(|chart| Item::Picture(Box::new(chart))));
    Ok(items)
}
