//! Reading a file that a person wrote, whatever it turns out to be.

use std::fs::File;
use std::io::{ErrorKind, Read};
use std::path::Path;
use std::sync::Arc;

use super::{bundled, renamed};
use crate::base::i18n::{both, reason};
use crate::base::problem::{Place, Problem, Source};

/// Longest scenario file, in bytes; a long one holds a number for each resident.
const LONGEST: u64 = 64 << 20;

/// How the names of files begin that are part of the program: `extends = "shequ:benchmarks/neutral.toml"`.
const BUILT_IN: &str = "shequ:";

/// True of the name of a file that is part of the program.
pub fn is_built_in(name: &str) -> bool {
    name.starts_with(BUILT_IN)
}

/// Longest table, in bytes.
const LONGEST_TABLE: u64 = 1 << 28;

/// The text of the file at `path`, which people know as `name`.
pub fn read(path: &Path, name: &str) -> Result<Arc<Source>, Problem> {
    let today = path.to_str().map(renamed::file_of_today);
    if let Some(known) = today.as_deref().and_then(|path| path.strip_prefix(BUILT_IN)) {
        return built_in(known, name);
    }
    let too_long = || {
        Problem::new(both!("{name} is larger than 64 MiB", "{name} 大于 64 MiB")).help(both!(
            "a scenario file is a few kilobytes of text; is this another file?",
            "情景文件只是几千字节的文本；是否指错了文件？"
        ))
    };
    text(bytes(path, name, LONGEST)?.ok_or_else(too_long)?, name)
}

/// The text of a table of numbers, which may be longer.
pub fn read_table(path: &Path, name: &str) -> Result<Arc<Source>, Problem> {
    let too_long = || Problem::new(both!("{name} is larger than 256 MiB", "{name} 大于 256 MiB"));
    text(bytes(path, name, LONGEST_TABLE)?.ok_or_else(too_long)?, name)
}

/// The bytes of a file, or none if there are more than `longest`.
pub fn bytes(path: &Path, name: &str, longest: u64) -> Result<Option<Vec<u8>>, Problem> {
    let mut bytes = Vec::new();
    let read = File::open(path).and_then(|file| file.take(longest + 1).read_to_end(&mut bytes));
    match read {
        Err(error) => Err(unreadable(path, name, &error)),
        Ok(_) => Ok(Some(bytes).filter(|bytes| bytes.len() as u64 <= longest)),
    }
}

fn built_in(known: &str, name: &str) -> Result<Arc<Source>, Problem> {
    let known = normal(known);
    let found = bundled::FILES.iter().find(|(path, _)| *path == known);
    found.map(|(_, text)| Source::file(name, *text)).ok_or_else(|| {
        Problem::new(both!("the program has no bundled file {name}", "程序中没有文件 {name}")).help(both!(
            "`shequ validate --list` lists the bundled files",
            "`shequ validate --list` 列出程序自带的文件"
        ))
    })
}

/// The path without its detours: "benchmarks/../minimal.toml" is "minimal.toml".
fn normal(path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split(['/', '\\']) {
        match part {
            ".." => drop(parts.pop()),
            "." => {}
            name => parts.push(name),
        }
    }
    parts.join("/")
}

fn unreadable(path: &Path, name: &str, error: &std::io::Error) -> Problem {
    if path.is_dir() {
        return Problem::new(both!("{name} is a folder, not a file", "{name} 是文件夹，而不是文件")).help(
            both!(
                "name a scenario file in it, such as baseline.toml",
                "请指明其中的一个情景文件，如 baseline.toml"
            ),
        );
    }
    let why = match error.kind() {
        ErrorKind::NotFound => both!("the file does not exist", "文件不存在"),
        ErrorKind::PermissionDenied => both!("there is no permission to read it", "没有读取它的权限"),
        _ => reason(error),
    };
    Problem::new(both!("cannot read {name}: {why}", "无法读取 {name}：{why}"; why = why, name = name))
}

fn text(bytes: Vec<u8>, name: &str) -> Result<Arc<Source>, Problem> {
    if bytes.starts_with(&[0xFF, 0xFE]) || bytes.starts_with(&[0xFE, 0xFF]) {
        return Err(Problem::new(both!("{name} is text in UTF-16", "{name} 是 UTF-16 编码的文本"))
            .help(both!("save it as UTF-8", "请另存为 UTF-8")));
    }
    if bytes.contains(&0) {
        return Err(Problem::new(both!(
            "{name} is not a text file: it contains NUL bytes",
            "{name} 不是文本文件：其中有 NUL 字节"
        ))
        .help(both!(
            "a scenario is a TOML file; write one with `shequ new`",
            "情景是 TOML 文件；可用 `shequ new` 写出一个"
        )));
    }
    match String::from_utf8(bytes) {
        Ok(text) => Ok(Source::file(name, text.strip_prefix('\u{FEFF}').unwrap_or(&text))),
        Err(error) => {
            let bad = error.utf8_error().valid_up_to();
            let shown = Source::file(name, String::from_utf8_lossy(error.as_bytes()));
            Err(Problem::new(both!("{name} is not text in UTF-8", "{name} 不是 UTF-8 编码的文本"))
                .at(Place::new(&shown, bad..bad + '\u{FFFD}'.len_utf8()))
                .allowed(both!("the first byte that is not UTF-8", "第一个不属于 UTF-8 的字节"))
                .help(both!(
                    "save it as UTF-8; editors in Chinese sometimes save as GBK",
                    "请另存为 UTF-8；中文编辑器有时会存为 GBK"
                )))
        }
    }
}
