//! Finding keys and tables by their dotted paths, and the ones that were perhaps meant.

use std::collections::BTreeMap;

use crate::base::i18n::{Both, both, either, listed};
use crate::base::params::{Key, Section};
use crate::base::problem::nearest;
use crate::theory::formula;

/// Most keys or tables that a hint lists.
const LISTED: usize = 12;

/// The sections of a scenario file, searchable.
pub struct Index {
    sections: Vec<Section>,
    keys: BTreeMap<String, (usize, usize)>,
    /// What a key may hold that a scenario names itself.
    parameter: Key,
}

impl Index {
    /// An index of `sections`.
    pub fn new(sections: Vec<Section>) -> Index {
        let mut keys = BTreeMap::new();
        for (s, section) in sections.iter().enumerate() {
            for (k, key) in section.keys.iter().enumerate() {
                keys.insert(join(section.path, key.name), (s, k));
            }
        }
        Index { sections, keys, parameter: formula::parameter() }
    }

    /// All sections, in the order in which files show them.
    pub fn sections(&self) -> &[Section] {
        &self.sections
    }

    /// The key with this dotted path.
    pub fn key(&self, path: &str) -> Option<&Key> {
        let known = self.keys.get(path).map(|&(s, k)| &self.sections[s].keys[k]);
        known.or_else(|| {
            (is_named_by_scenarios(path) && self.is_table(formula::PATH)).then_some(&self.parameter)
        })
    }

    /// All dotted paths with their keys, in the order in which files show them.
    pub fn keys(&self) -> impl Iterator<Item = (String, &Key)> {
        let of = |section: &'_ Section| section.path;
        self.sections.iter().flat_map(move |s| s.keys.iter().map(move |k| (join(of(s), k.name), k)))
    }

    /// True if a table may have this path, be it only to hold other tables.
    pub fn is_table(&self, path: &str) -> bool {
        let within =
            |s: &Section| s.path.strip_prefix(path).is_some_and(|r| r.is_empty() || r.starts_with('.'));
        self.sections.iter().any(within)
    }

    /// What was perhaps meant by the unknown key `name` in `table`.
    pub fn key_hint(&self, table: &str, name: &str) -> Both {
        if self.key(name).is_some() && name.contains('.') {
            return both!("write {name} without quotes", "写 {name} 时不加引号");
        }
        let homes: Vec<Both> = self.sections.iter().filter(|s| has(s, name)).map(|s| home(s.path)).collect();
        if !homes.is_empty() && homes.len() <= 3 {
            return both!("`{name}` belongs {homes}", "`{name}` 应写在{homes}"; homes = either(&homes), name = name);
        }
        let here = self.sections.iter().filter(|s| s.path == table);
        if let Some(near) = nearest(name, here.flat_map(|s| s.keys.iter().map(|k| k.name))) {
            return did_you_mean(near);
        }
        let (tables, all) = (self.tables(table), self.keys().map(|(path, _)| path).collect::<Vec<_>>());
        if let Some(near) = nearest(name, tables.iter().map(String::as_str)) {
            let near = join(table, near);
            return both!("did you mean the table [{near}]?", "是否想写表 [{near}]？");
        }
        let last = |path: &&String| nearest(name, path.rsplit('.').next()).is_some();
        match all.iter().find(last) {
            Some(path) => did_you_mean(path),
            None => self.table_contents(table),
        }
    }

    /// What was perhaps meant by the unknown table `name` in `table`.
    pub fn table_hint(&self, table: &str, name: &str) -> Both {
        let tables = self.tables(table);
        if let Some(near) = nearest(name, tables.iter().map(String::as_str)) {
            return did_you_mean_table(&join(table, near));
        }
        let last = |s: &&Section| s.path.rsplit('.').next() == Some(name);
        match self.sections.iter().find(last) {
            Some(section) => did_you_mean_table(section.path),
            None => self.table_contents(table),
        }
    }

    /// Names of the tables directly within `table`.
    fn tables(&self, table: &str) -> Vec<String> {
        let mut names: Vec<String> = Vec::new();
        for section in &self.sections {
            let rest = match table {
                "" => Some(section.path),
                _ => section.path.strip_prefix(table).and_then(|r| r.strip_prefix('.')),
            };
            let name = rest.and_then(|r| r.split('.').next()).filter(|n| !n.is_empty());
            if let Some(name) = name.filter(|n| names.iter().all(|m| m != n)) {
                names.push(name.to_string());
            }
        }
        names
    }

    /// The keys and tables that `table` holds.
    pub fn table_contents(&self, table: &str) -> Both {
        let here = self.sections.iter().filter(|s| s.path == table);
        let mut names: Vec<String> = here.flat_map(|s| s.keys.iter().map(|k| k.name.to_string())).collect();
        names.extend(self.tables(table).iter().map(|t| format!("[{}]", join(table, t))));
        let all = listed(names.iter().map(String::as_str));
        match names.len() {
            n if table.is_empty() && n <= LISTED => {
                both!("the file may contain {all}", "文件中可写 {all}"; all = all)
            }
            _ if table.is_empty() => both!(
                "`shequ explain` lists the tables and keys of a scenario",
                "`shequ explain` 列出情景的各表与各键"
            ),
            0 => both!("[{table}] has no keys", "[{table}] 中没有键"),
            1..=LISTED => both!("[{table}] has {all}", "[{table}] 中有 {all}"; all = all, table = table),
            _ => {
                both!("`shequ explain {table}` lists its keys", "`shequ explain {table}` 列出其中的内容")
            }
        }
    }
}

/// True of a key that no section lists, because scenarios give it its name: a parameter of a theory of one's own.
pub fn is_named_by_scenarios(path: &str) -> bool {
    let (table, name) = split(path);
    table == formula::PARAMETERS && !name.is_empty()
}

fn has(section: &Section, name: &str) -> bool {
    section.keys.iter().any(|k| k.name == name)
}

fn home(table: &str) -> Both {
    match table {
        "" => both!("at the top of the file, before the first [table]", "文件开头、第一个 [table] 之前"),
        _ => both!("in [{table}]", "表 [{table}] 中"),
    }
}

/// The key that was perhaps meant.
pub fn did_you_mean(near: &str) -> Both {
    both!("did you mean `{near}`?", "是否想写 `{near}`？")
}

fn did_you_mean_table(near: &str) -> Both {
    both!("did you mean [{near}]?", "是否想写 [{near}]？")
}

/// The dotted path of `name` within `table`.
pub fn join(table: &str, name: &str) -> String {
    if table.is_empty() { name.into() } else { format!("{table}.{name}") }
}

/// The table of a dotted path, and the name of the key within it.
pub fn split(path: &str) -> (&str, &str) {
    path.rsplit_once('.').unwrap_or(("", path))
}
