//! What only shows when all rows are known.

use std::collections::BTreeMap;

use super::{Reader, Row, outline};
use crate::base::i18n::{Both, both, counted};
use crate::base::params::text;
use crate::base::problem::{Place, Problem};
use crate::city::{Kind, table};

/// Most communities of a city.
pub const MOST: usize = 10_000;

/// What is drawn where a table says nothing.
const DRAWN: [&str; 9] =
    ["kind", "street", "district", "adults", "age", "education", "owners", "migrants", "party"];

/// What contradicts itself or another row, and which row and key say so.
pub fn contradictions(rows: &[Row]) -> Vec<(Problem, usize, &'static str)> {
    let mut all = Vec::new();
    same_names(rows, &mut all);
    for key in ["street", "district"] {
        gaps(rows, key, &mut all);
    }
    streets_of_two_districts(rows, &mut all);
    outlines(rows, &mut all);
    for (at, row) in rows.iter().enumerate() {
        let is_danwei = row.text("kind") == Some(Kind::Danwei.word());
        if row.values.contains_key("work_unit") && !is_danwei {
            let problem = Problem::new(both!(
                "only a community of the kind {danwei} has residents of a work unit",
                "只有类型为{danwei}的社区才有单位职工";
                danwei = Kind::Danwei.name()
            ));
            all.push((problem.help(both!("leave this cell empty", "请将此格留空")), at, "work_unit"));
        }
    }
    all
}

fn same_names(rows: &[Row], all: &mut Vec<(Problem, usize, &'static str)>) {
    let mut first: BTreeMap<&str, usize> = BTreeMap::new();
    for (at, name) in rows.iter().enumerate().filter_map(|(at, row)| Some((at, row.text("name")?))) {
        match first.get(name) {
            Some(before) => {
                let problem = Problem::new(both!(
                    "a community before, number {n}, is called {name} too",
                    "前面的第 {n} 个社区也名为 {name}";
                    n = before + 1, name = name
                ));
                let help = both!(
                    "give each a name of its own, such as with the street before it",
                    "请使名称各不相同，例如在前面加上街道"
                );
                all.push((problem.help(help), at, "name"));
            }
            None => drop(first.insert(name, at)),
        }
    }
}

/// A place that some rows name must be named by all.
fn gaps(rows: &[Row], key: &'static str, all: &mut Vec<(Problem, usize, &'static str)>) {
    if rows.iter().all(|row| !row.values.contains_key(key)) {
        return;
    }
    let empty = rows.iter().enumerate().filter(|(_, row)| !row.values.contains_key(key));
    for (at, _) in empty {
        let problem = Problem::new(both!(
            "this community has no {place}, and others have one",
            "此社区没有{place}，而其他社区有";
            place = text(key, zh(key))
        ));
        let help = both!(
            "of merged cells only the first keeps what was written: fill in each, or leave the column out",
            "合并的单元格只有第一格保留内容：请逐格填写，或删去该列"
        );
        all.push((problem.help(help), at, key));
    }
}

fn zh(key: &str) -> &'static str {
    super::columns::COLUMNS.iter().find(|column| column.key == key).map_or("", |column| column.zh)
}

fn streets_of_two_districts(rows: &[Row], all: &mut Vec<(Problem, usize, &'static str)>) {
    let mut known: BTreeMap<&str, &str> = BTreeMap::new();
    for (at, row) in rows.iter().enumerate() {
        let (Some(street), Some(district)) = (row.text("street"), row.text("district")) else { continue };
        let first = *known.entry(street).or_insert(district);
        if first != district {
            let problem = Problem::new(both!(
                "the street {street} lies in {district} here, and in {first} before",
                "街道 {street} 在此处属于 {district}，前面属于 {first}"
            ));
            let help = both!(
                "a street lies in one district; give two of one name different names",
                "一个街道只属于一个区；同名的街道请改用不同名称"
            );
            all.push((problem.help(help), at, "district"));
        }
    }
}

/// Rings that are none, and more corners than a map of the city needs.
fn outlines(rows: &[Row], all: &mut Vec<(Problem, usize, &'static str)>) {
    let mut corners = 0;
    for (at, row) in rows.iter().enumerate() {
        let Some(value) = row.values.get("outline") else { continue };
        let Some(rings) = outline::rings_of(value) else {
            let problem = Problem::new(both!("this outline is no list of rings", "此边界不是环的列表"));
            let help = both!(
                "a ring lists longitude and latitude of its corners, one after another: [104.00, 30.60, 104.01, 30.60, 104.01, 30.61]",
                "环依次写出各顶点的经度和纬度：[104.00, 30.60, 104.01, 30.60, 104.01, 30.61]"
            );
            return all.push((problem.help(help), at, "outline"));
        };
        corners += rings.iter().map(Vec::len).sum::<usize>();
        if corners > outline::MOST {
            let most = outline::MOST;
            let problem = Problem::new(both!(
                "the outlines up to this one have more than {most} corners",
                "到此处为止，边界的顶点超过 {most} 个"
            ));
            let help = both!(
                "give them in a GeoJSON file, of which as many are kept as a map needs",
                "请用 GeoJSON 文件给出，程序会按地图所需精简"
            );
            return all.push((problem.help(help), at, "outline"));
        }
    }
}

impl Reader<'_> {
    /// Makes outlines as simple as a map needs, and tells where a picture would show that.
    pub(super) fn simplify(&mut self, rows: &mut [Row]) {
        let rings = |row: &Row| row.values.get("outline").and_then(outline::rings_of).unwrap_or_default();
        let mut all: Vec<Vec<outline::Ring>> = rows.iter().map(rings).collect();
        let outline::Simplified { given, kept, lost, is_coarse } = outline::simplify(&mut all);
        for (row, rings) in rows.iter_mut().zip(&all) {
            match rings.is_empty() {
                true => drop(row.values.remove("outline")),
                false => drop(row.values.insert("outline", outline::value(rings))),
            }
        }
        if is_coarse || lost > 0 {
            let note = Problem::new(both!(
                "of {given} corners of outlines {kept} are kept for maps; communities that stand as points there: {lost}",
                "边界的 {given} 个顶点为地图保留 {kept} 个；以点表示的社区：{lost} 个"
            ));
            let place = Place::new(&self.sheet.source, 0..self.sheet.source.text.len().min(1));
            self.notes.push(note.at(place));
        }
    }

    /// Adds what is wrong with the rows as a whole.
    pub(super) fn check(&mut self, rows: &[Row]) {
        for (problem, at, key) in contradictions(rows) {
            self.wrong(problem, rows[at].span_of(key));
        }
    }

    /// Tells what of the table is drawn, and what follows from the settings.
    pub(super) fn tell(&mut self, rows: &[Row]) {
        let lacking = |key: &str| rows.iter().filter(|row| !row.values.contains_key(key)).count();
        let told = |keys: &mut dyn Iterator<Item = &'static str>, also_whole: bool| -> Vec<Both> {
            let counted = keys.map(|key| (key, lacking(key)));
            let some = counted.filter(|&(_, n)| n > 0 && (also_whole || n < rows.len()));
            some.map(|(key, n)| both!("{key} of {n}", "{n} 个社区的 {key}")).collect()
        };
        let drawn = told(&mut DRAWN.into_iter(), true);
        let by_rule = told(&mut table::RULES.into_iter().map(|(column, _)| column), false);
        let all = counted(rows.len() as u64, ["community", "communities"], "个社区");
        let place =
            Place::new(&self.sheet.source, 0..self.sheet.source.text.lines().next().map_or(0, str::len));
        if !drawn.is_empty() {
            let note = Problem::new(both!(
                "of {all}, what this table leaves open is drawn: {drawn}",
                "共 {all}，表中未写明者随机抽取：{drawn}";
                all = all, drawn = joined(&drawn)
            ));
            self.notes.push(note.at(place.clone()));
        }
        if !by_rule.is_empty() {
            let note = Problem::new(both!(
                "of {all}, some follow the settings of the scenario: {some}",
                "共 {all}，部分按情景设置：{some}";
                all = all, some = joined(&by_rule)
            ));
            self.notes.push(note.at(place));
        }
    }
}

fn joined(parts: &[Both]) -> Both {
    let of = |part: fn(&Both) -> &str| parts.iter().map(part).collect::<Vec<_>>();
    both(of(|part| &part.en).join(", "), of(|part| &part.zh).join("、"))
}
