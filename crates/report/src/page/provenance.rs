//! Where results come from: what differs from the base, seeds, versions, the command, a citation.

use std::io;

use super::folder::Folder;
use super::{Cell, Grid, Item, Section};
use sha2::{Digest, Sha256};
use shequ_experiment::record::finished::is_made_anew;
use shequ_model::base::i18n::{Both, both};
use shequ_model::scenario::{Loaded, index};
use shequ_model::theory::formula::PARAMETERS;

/// Characters of a value that are shown at most.
const LONGEST: usize = 160;
/// Bytes of a hash that tell two long values apart.
const HASHED: usize = 6;
/// Entries of a long list that are named.
const NAMED: usize = 3;

/// The part of the page, after what a kind says of differences.
pub fn section(folder: &Folder, differences: Vec<Item>) -> Section {
    let mut items = vec![Item::Fold];
    items.extend(differences);
    items.push(Item::Table(facts(folder)));
    items.push(Item::Code(both("Command", "生成命令"), command(folder)));
    items.push(Item::Code(
        both("Run again and compare the tables byte by byte", "重新运行并逐字节比较各表"),
        format!("shequ reproduce {}", folder.name()),
    ));
    items.push(Item::Code(both("How to cite", "引用"), citation(folder)));
    items.push(Item::Table(files(folder)));
    Section { id: "provenance", title: both("Provenance", "来源与复现"), items }
}

/// In what a scenario differs from the defaults of all keys, which are those of the baseline.
///
/// # Errors
/// An I/O error if a file cannot be read.
pub fn from_defaults(folder: &Folder, file: &str, loaded: &Loaded) -> io::Result<Item> {
    let text = folder.text(file)?;
    let mut rows = Vec::new();
    for (path, key) in index().keys().filter(|(path, _)| !["name", "name_zh"].contains(&path.as_str())) {
        let Some(given) = loaded.value(&path).filter(|given| given.value != key.default) else { continue };
        let origin = given.place.as_ref().map_or(String::new(), |place| origin(&text, place.line()));
        rows.push(row(
            &path,
            &key.default.to_string(),
            &given.value.to_string(),
            &origin,
            key.meaning.into(),
        ));
    }
    for (name, given) in loaded.own_parameters() {
        let origin = given.place.as_ref().map_or(String::new(), |place| origin(&text, place.line()));
        let meaning = both("a parameter of the scenario's own theory", "情景自定理论的参数");
        rows.push(row(&format!("{PARAMETERS}.{name}"), "", &given.value.to_string(), &origin, meaning));
    }
    for change in &loaded.draft.changes {
        for entry in &change.entries {
            let key = index().key(&entry.path);
            let meaning = key.map(|key| key.meaning.into()).unwrap_or_default();
            let path = format!("{}: {}", change.from, entry.path);
            rows.push(row(&path, "", &entry.value.to_string(), &origin(&text, entry.place.line()), meaning));
        }
    }
    let caption = match rows.is_empty() {
        true => both("Every key is at its default, as in the baseline.", "所有取值均为默认值，与基准相同。"),
        false => both("Keys that differ from the defaults (the baseline)", "与默认值（即基准）的不同"),
    };
    Ok(Item::Table(grid("differences", caption, rows)))
}

/// A table of keys that differ.
pub fn grid(id: &'static str, caption: Both, rows: Vec<Vec<Cell>>) -> Grid {
    let head = vec![
        both("key", "键"),
        both("base", "基准"),
        both("here", "此处"),
        both("given in", "出处"),
        both("meaning", "含义"),
    ];
    Grid { id, caption, head, rows, folded: false }
}

/// A row of it. Of long values, such as outlines of communities, it has what tells them apart.
pub fn row(path: &str, base: &str, here: &str, origin: &str, meaning: Both) -> Vec<Cell> {
    let code = |text: &str| Cell::Code(text.into());
    vec![code(path), Cell::Code(short(base)), Cell::Code(short(here)), code(origin), Cell::Words(meaning)]
}

/// A value as it is written or, of a long one, how many entries it has, the names of the first, and the beginning of its
/// SHA-256; the scenario among the results has the whole.
fn short(value: &str) -> String {
    if value.chars().count() <= LONGEST {
        return value.into();
    }
    let hash: String = Sha256::digest(value).iter().take(HASHED).map(|byte| format!("{byte:02x}")).collect();
    let read = format!("value = {value}").parse::<toml::Table>().ok();
    let entries = read.as_ref().and_then(|table| table.get("value")?.as_array());
    let Some(entries) = entries else {
        let begin: String = value.chars().take(LONGEST / 2).collect();
        return format!("{begin}… (SHA-256 {hash}…)");
    };
    let named = |entry: &toml::Value| Some(entry.get("name")?.as_str()?.to_string());
    let mut names: Vec<String> = entries.iter().filter_map(named).take(NAMED).collect();
    names.push("…".into());
    format!("[{} × {}] (SHA-256 {hash}…)", entries.len(), names.join(", "))
}

/// Where the resolved scenario says that the value of a line comes from: its comment.
fn origin(text: &str, line: usize) -> String {
    let line = text.lines().nth(line.saturating_sub(1)).unwrap_or_default();
    line.rsplit_once(" # ").map_or("", |(_, origin)| origin).into()
}

fn facts(folder: &Folder) -> Grid {
    let m = folder.manifest;
    let row = |name: Both, value: String| vec![Cell::Words(name), Cell::Code(value)];
    let (city, replicates) = (m.seeds.city, m.seeds.replicates);
    let rows = vec![
        row(both("results", "结果文件夹"), folder.name()),
        row(both("scenario hash", "情景哈希"), m.scenario_hash.clone()),
        row(both("seeds", "随机种子"), format!("seed.city = {city}, seed.replicates = {replicates}")),
        row(both("replicates", "模拟次数"), m.replicates.to_string()),
        row(
            both("program", "程序"),
            format!("{} {}, commit {}", m.program.name, m.program.version, m.program.commit),
        ),
        row(both("model version", "模型版本"), m.program.model.clone()),
        row(
            both("machine", "计算机"),
            format!(
                "{} {}, {} of {} cores",
                m.machine.system, m.machine.processor, m.threads, m.machine.cores
            ),
        ),
        row(both("begun", "开始"), m.started.clone()),
        row(both("ended", "结束"), m.ended.clone()),
    ];
    Grid {
        id: "facts",
        caption: both("How these results were made", "结果的生成"),
        head: vec![both("what", "项目"), both("value", "值")],
        rows,
        folded: false,
    }
}

fn command(folder: &Folder) -> String {
    let quoted = |argument: &String| match argument
        .chars()
        .all(|c| c.is_ascii_alphanumeric() || "-_./=,:".contains(c))
    {
        true => argument.clone(),
        false => format!("'{}'", argument.replace('\'', "'\\''")),
    };
    let arguments: Vec<String> = folder.manifest.arguments.iter().map(quoted).collect();
    format!("shequ {}", arguments.join(" "))
}

fn citation(folder: &Folder) -> String {
    let m = folder.manifest;
    let year = m.ended.get(..4).unwrap_or_default();
    format!(
        "The shequ developers ({year}). shequ: a parallel agent-based simulator of community participation and \
         trust in urban neighbourhoods, version {} (commit {}, model version {}). Results {}.",
        m.program.version,
        m.program.commit,
        m.program.model,
        folder.name()
    )
}

/// What the report is made of: neither itself nor its pictures, which are drawn anew with it.
fn files(folder: &Folder) -> Grid {
    let files = folder.manifest.files.iter().filter(|entry| !is_made_anew(&entry.name));
    let row = |entry: &shequ_experiment::record::disk::seal::Entry| {
        let size = entry.size.to_string();
        vec![
            Cell::Code(entry.name.clone()),
            Cell::Number(both(size.clone(), size)),
            Cell::Code(entry.sha256.clone()),
        ]
    };
    Grid {
        id: "files",
        caption: both("Files of these results", "结果文件"),
        head: vec![both("file", "文件"), both("bytes", "字节"), both("SHA-256", "SHA-256")],
        rows: files.map(row).collect(),
        folded: true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_a_long_list_stand_its_length_and_names() {
        let rows: Vec<String> =
            (0..24).map(|n| format!("{{ name = \"No {n}\", outline = [[1.0, 2.0, 3.0]] }}")).collect();
        let value = format!("[{}]", rows.join(", "));
        let shown = short(&value);
        assert!(shown.starts_with("[24 × No 0, No 1, No 2, …] (SHA-256 ") && shown.len() < 80, "{shown}");
        assert_ne!(short(&value.replace("1.0", "1.5")), shown);
        assert_eq!(short("[1, 2]"), "[1, 2]");
        // What is no list is shown from its beginning.
        assert!(short(&format!("\"{}\"", "long ".repeat(90))).starts_with("\"long long"));
    }
}
