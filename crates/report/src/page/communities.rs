//! Communities on a map or as tiles: where it is better and where worse, and where a policy changes what.

use std::collections::BTreeMap;
use std::io;

use super::compare::{last, push};
use super::experiment::{Arm, Experiment, window};
use super::folder::Folder;
use super::groups::date;
use super::sentence::{Cell as Number, Source, noun, sentence};
use super::time_series::metric;
use super::{Cell, Grid, Item};
use crate::chart::{Chart, Form, Panel, Row, Scale, Series};
use crate::map::Map;
use shequ_experiment::record::sheet::Sheet;
use shequ_model::base::i18n::{Both, both};
use shequ_model::base::params::{Text, text};
use shequ_model::base::stats::estimate;
use shequ_model::city::table;
use shequ_model::metric::Metric;
use shequ_model::scenario::Scenario;

/// The metrics that are shown by community.
const SHOWN: [&str; 6] =
    ["participation", "trust.committee", "satisfaction", "services.level", "response.days", "fund.balance"];

/// Panels of effects at most, so that a page of many arms stays small.
const PANELS: usize = 18;

/// Name of the table of effects on communities.
const EFFECTS: &str = "community_effects";
/// Id of the table of how many communities a policy moves.
const COUNTS: &str = "communities-moved";

/// How communities are shown: on a map where the table of communities says where each lies, else as tiles.
pub struct Ground {
    map: Option<Map>,
    /// Names, in the order in which they are shown.
    rows: Vec<Row>,
    /// Which community each row is.
    order: Vec<usize>,
}

impl Ground {
    /// Of so many communities, named by the table that names them, else by their numbers.
    pub fn of(table: &[table::Row], communities: usize) -> Ground {
        let map = Map::of(table).filter(|map| map.places.len() == communities);
        let place = |n: usize| {
            let row = table.get(n);
            let [district, street] =
                [row.and_then(|row| row.district.as_deref()), row.and_then(|row| row.street.as_deref())];
            let names: Vec<&str> = district.into_iter().chain(street).collect();
            names.join(" · ")
        };
        let mut order: Vec<usize> = (0..communities).collect();
        if map.is_none() {
            // Streets in the order in which the table names them first.
            let mut first: BTreeMap<String, usize> = BTreeMap::new();
            let ranks: Vec<usize> = order.iter().map(|&n| *first.entry(place(n)).or_insert(n)).collect();
            order.sort_by_key(|&n| ranks[n]);
        }
        let mut last = String::new();
        let row = |&n: &usize| {
            let name = match table.get(n) {
                Some(row) => Both::same(&row.name),
                None => Both::same(&(n + 1).to_string()),
            };
            let own = if map.is_none() { place(n) } else { String::new() };
            let heading = (own != last).then(|| Both::same(&own));
            last = own;
            Row { name, heading }
        };
        let rows = order.iter().map(row).collect();
        Ground { map, rows, order }
    }

    /// True if it is a map.
    pub fn is_map(&self) -> bool {
        self.map.is_some()
    }

    /// A series by community, each at its place.
    pub fn panel(&self, title: Both, scale: Scale, series: Series) -> Panel {
        fn ordered<T: Copy>(order: &[usize], values: &[T]) -> Vec<T> {
            order.iter().filter_map(|&n| values.get(n).copied()).collect()
        }
        let series = Series {
            mean: ordered(&self.order, &series.mean),
            low: ordered(&self.order, &series.low),
            high: ordered(&self.order, &series.high),
            significant: ordered(&self.order, &series.significant),
            ..series
        };
        let form = if self.is_map() { Form::Map } else { Form::Tiles };
        Panel { title, form, scale, rows: self.rows.clone(), series: vec![series], ..Panel::default() }
    }

    /// The chart of such panels.
    pub fn chart(&self, id: String, title: Both, note: Both, panels: Vec<Panel>) -> Option<Chart> {
        Chart { id, title, note, map: self.map.clone(), panels, ..Chart::default() }.if_any()
    }

    /// A sentence on what stands for a community.
    fn each(&self, map: Text, tiles: Text) -> Both {
        if self.is_map() { map.into() } else { tiles.into() }
    }
}

/// How many communities a table tells of.
fn count(sheet: &Sheet) -> usize {
    sheet.numbers("community").iter().copied().fold(-1.0, f64::max) as usize + 1
}

/// The last recorded month by community of the first city, mean and interval over the replicates in it. Communities
/// of other cities are other communities.
///
/// # Errors
/// An I/O error if a file cannot be read.
pub fn chart(folder: &Folder, scenario: &Scenario) -> io::Result<Option<Chart>> {
    let cities = scenario.seed.cities;
    let sheet = folder.sheet("communities")?;
    let (months, of) = (sheet.numbers("month"), sheet.numbers("community"));
    let number = |row: usize| cities.number(sheet.number(row, "replicate") as u32);
    let is_shown = |row: usize, last: f64| months[row] == last && number(row) == number(0);
    let Some(last) = months.iter().copied().reduce(f64::max) else { return Ok(None) };
    let mut rows: Vec<Vec<usize>> = vec![Vec::new(); count(&sheet)];
    (0..sheet.rows()).filter(|&row| is_shown(row, last)).for_each(|row| rows[of[row] as usize].push(row));
    let ground = Ground::of(&scenario.population.table, rows.len());
    let panels = SHOWN.iter().filter_map(|name| {
        let (metric, column) = (metric(name)?, sheet.numbers(name));
        let estimates = rows
            .iter()
            .map(|rows| estimate(rows.iter().map(|&row| column.get(row).copied().unwrap_or(f64::NAN))));
        let series = Series::of(metric.label, estimates);
        Some(ground.panel(metric.label.into(), Scale::of(metric), series))
    });
    let month = date(folder, last as u32)?;
    let each = ground.each(
        text("Communities of the first city, north up", "第一座城市的各社区（地图）"),
        text("A tile for each community of the first city", "每格为第一座城市的一个社区"),
    );
    let note = both!(
        "{each}, {month}: darker is more. Money is of one community.",
        "{each}，{month}：颜色越深数值越大。资金为单个社区。";
        each = each, month = month
    );
    let title = both("Community by community", "各社区");
    let chart = ground.chart("communities".into(), title, note, panels.collect());
    let one_at_a_time = |chart: Chart| Chart { one: true, ..chart };
    Ok(chart.map(|chart| if ground.is_map() { one_at_a_time(chart).filed("communities") } else { chart }))
}

/// What every arm changes in every community over the last window: how many it moves, in a sentence and a
/// table, and where, as tiles. Nothing where no communities were recorded.
///
/// # Errors
/// An I/O error if the table cannot be read or is not as this program writes it.
pub fn effects(folder: &Folder, experiment: &Experiment) -> io::Result<Vec<Item>> {
    if !folder.has(EFFECTS) {
        return Ok(Vec::new());
    }
    let (sheet, last) = (folder.sheet(EFFECTS)?, last(experiment));
    let of_arms: Vec<(&Arm, Vec<usize>)> =
        experiment.arms.iter().map(|arm| (arm, rows_of(&sheet, arm, last))).collect();
    let most = (PANELS / of_arms.len().max(1)).max(1);
    let outcomes = sheet.words("metric").iter().filter_map(|name| metric(name)).take(most);
    let ground = Ground::of(&experiment.base.scenario.population.table, count(&sheet));
    let mut charts: Vec<Chart> =
        outcomes.filter_map(|of| of_outcome(&sheet, of, &of_arms, last, &ground)).collect();
    if let Some(first) = charts.first_mut().filter(|_| ground.is_map()) {
        first.file = Some("effects-by-community".into());
    }
    let pictures: Vec<Item> = charts.into_iter().map(|chart| Item::Picture(Box::new(chart))).collect();
    if pictures.is_empty() {
        return Ok(Vec::new());
    }
    let mut items = vec![Item::Heading(both("Where", "在何处"))];
    items.extend(experiment.recorded(text("Communities", "社区"), "report.communities_every"));
    items.extend(counts(&sheet, &of_arms, last));
    items.extend(pictures);
    Ok(items)
}

/// What an arm changes in one outcome in every community over the last window, on a map or as tiles; nothing where no
/// communities were recorded.
///
/// # Errors
/// An I/O error if the table cannot be read or is not as this program writes it.
pub fn effect_of(
    folder: &Folder,
    experiment: &Experiment,
    arm: &Arm,
    of: &Metric,
) -> io::Result<Option<Chart>> {
    if !folder.has(EFFECTS) {
        return Ok(None);
    }
    let (sheet, last) = (folder.sheet(EFFECTS)?, last(experiment));
    let ground = Ground::of(&experiment.base.scenario.population.table, count(&sheet));
    let rows = rows_of(&sheet, arm, last);
    Ok(of_outcome(&sheet, of, &[(arm, rows)], last, &ground))
}

/// The rows of an arm in a window.
fn rows_of(sheet: &Sheet, arm: &Arm, window: &str) -> Vec<usize> {
    let [arms, windows] = ["arm", "window"].map(|column| sheet.word_numbers(column));
    let number = |column: &str, word: &str| sheet.words(column).iter().position(|known| known == word);
    let wanted = (number("arm", &arm.id), number("window", window));
    let is_own = |&row: &usize| (Some(arms[row] as usize), Some(windows[row] as usize)) == wanted;
    (0..sheet.rows()).filter(is_own).collect()
}

/// The effects on one outcome: a panel for each arm.
fn of_outcome(
    sheet: &Sheet,
    of: &Metric,
    of_arms: &[(&Arm, Vec<usize>)],
    last: &str,
    ground: &Ground,
) -> Option<Chart> {
    let of_arm = |(arm, rows): &(&Arm, Vec<usize>)| {
        let mut series = Series { name: of.label.into(), ..Series::default() };
        let own = rows.iter().copied().filter(|&row| sheet.text(row, "metric") == of.name);
        own.for_each(|row| push(&mut series, sheet, Some(row)));
        ground.panel(arm.name.clone(), Scale::of_differences(of), series)
    };
    let last = window(last);
    ground.chart(
        format!("communities-{}", of.name),
        both(
            format!("{}: effect by community, {}", of.label.en, last.en),
            format!("{}：各社区的效应（{}）", of.label.zh, last.zh),
        ),
        ground.each(
            text(
                "North is up; blue is higher than the baseline, orange lower. Hatched or hollow: not significant after \
                 Holm's correction over all effects on communities.",
                "蓝色高于基准，橙色低于基准。斜线或空心：对全部社区效应作 Holm 校正后不显著。",
            ),
            text(
                "A tile for each community: blue is higher than the baseline, orange lower. Framed: significant after \
                 Holm's correction over all effects on communities.",
                "每格一个社区：蓝色高于基准，橙色低于基准。加框：对全部社区效应作 Holm 校正后显著。",
            ),
        ),
        of_arms.iter().map(of_arm).collect(),
    )
}

/// How many communities each arm moves in the first outcome.
fn counts(sheet: &Sheet, of_arms: &[(&Arm, Vec<usize>)], last: &str) -> Vec<Item> {
    let Some(of) = sheet.words("metric").first().and_then(|name| metric(name)) else { return Vec::new() };
    let (mut said, mut rows) = (Vec::new(), Vec::new());
    for (n, (arm, own)) in of_arms.iter().enumerate() {
        let own = || own.iter().filter(|&&row| sheet.text(row, "metric") == of.name);
        let moved = |up: bool| {
            let is_it = |row: &&usize| {
                sheet.text(**row, "significant") == "true" && (sheet.number(**row, "effect") > 0.0) == up
            };
            own().filter(is_it).count()
        };
        let counts = [own().count(), moved(true), moved(false)];
        let cell = |k: usize| {
            let source =
                Source { table: COUNTS.into(), row: (n + 1).to_string(), column: (k + 2).to_string() };
            Number { value: counts[k] as f64, source }.whole()
        };
        said.push(sentence(
            "\"{arm}\", {window}: {name} is significantly higher in {up} of {all} {community}, and significantly lower \
             in {down}. In all others there is no significant difference.",
            "“{arm}”（{window}）：{all} 个社区中，{name}显著上升的有 {up} 个，显著下降的有 {down} 个；其余差异不显著。",
            &[
                ("arm", arm.name.clone().into()),
                ("window", window(last).into()),
                ("name", Both::from(of.label).into()),
                ("all", cell(0)),
                ("community", noun(counts[0] as f64, ["community", "communities"])),
                ("up", cell(1)),
                ("down", cell(2)),
            ],
        ));
        let number = |count: usize| Cell::Number(Both::same(&count.to_string()));
        let mut row = vec![Cell::Words(arm.name.clone())];
        row.extend(counts.map(number));
        rows.push(row);
    }
    let caption = both(
        format!("Communities with a significant effect on {}", of.label.en),
        format!("{}效应显著的社区数", of.label.zh),
    );
    let head = vec![
        both("policy", "政策"),
        both("communities", "社区"),
        both("higher", "上升"),
        both("lower", "下降"),
    ];
    let grid = Grid { id: COUNTS, caption, head, rows, folded: true };
    vec![Item::List(said), Item::Table(grid)]
}

#[cfg(test)]
mod tests {
    use super::*;
    use shequ_model::base::stats::Estimate;

    fn row(name: &str, street: &str, coordinates: Option<[f64; 2]>) -> table::Row {
        let [longitude, latitude] = [0, 1].map(|axis| coordinates.map(|both| both[axis]));
        table::Row {
            name: name.into(),
            street: Some(street.into()),
            longitude,
            latitude,
            ..Default::default()
        }
    }

    fn shown(table: &[table::Row]) -> Panel {
        let values = [1.0, 2.0, 3.0].map(|mean| Estimate { mean, sd: 0.0, half_width: 0.5, n: 9 });
        let series = Series { significant: vec![true, false, true], ..Series::of(Both::same("a"), values) };
        Ground::of(table, 3).panel(Both::default(), Scale::default(), series)
    }

    #[test]
    fn tiles_stand_street_by_street_and_keep_their_values() {
        let panel = shown(&[row("A", "East", None), row("B", "West", None), row("C", "East", None)]);
        assert_eq!(panel.form, Form::Tiles);
        let said: Vec<(&str, Option<&str>)> = panel
            .rows
            .iter()
            .map(|row| (row.name.en.as_str(), row.heading.as_ref().map(|words| words.en.as_str())))
            .collect();
        assert_eq!(said, [("A", Some("East")), ("C", None), ("B", Some("West"))]);
        let series = &panel.series[0];
        assert_eq!((&series.mean[..], &series.low[..]), (&[1.0, 3.0, 2.0][..], &[0.5, 2.5, 1.5][..]));
        assert_eq!(series.significant, [true, true, false]);
    }

    #[test]
    fn there_is_a_map_only_where_every_community_has_a_place() {
        let at = |n: f64| Some([104.0 + n, 30.0]);
        let all = [row("A", "East", at(0.0)), row("B", "West", at(1.0)), row("C", "East", at(2.0))];
        let panel = shown(&all);
        assert_eq!((panel.form, &panel.series[0].mean[..]), (Form::Map, &[1.0, 2.0, 3.0][..]));
        assert!(panel.rows.iter().all(|row| row.heading.is_none()));
        let mut two = all;
        two[1].latitude = None;
        assert_eq!(shown(&two).form, Form::Tiles);
        // Cities without a table have numbers.
        let panel = shown(&[]);
        assert_eq!((panel.form, panel.rows[2].name.en.as_str()), (Form::Tiles, "3"));
    }
}
