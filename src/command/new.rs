//! `shequ new`.

use std::path::{Path, PathBuf};

use clap::Args;

use super::{Common, Error, output};
use shequ_model::base::i18n::{Both, both};
use shequ_model::base::problem::{Problem, nearest};
use shequ_model::scenario::index::{did_you_mean, split};
use shequ_model::scenario::{communities, index, template};

/// The file that new scenarios extend where they find it beside them.
const BASE: &str = "baseline.toml";

/// Longest name, in bytes.
const LONGEST: usize = 100;

/// Arguments of `new`.
#[derive(Args)]
pub struct Arguments {
    /// Name of the scenario; NAME.toml is written
    name: String,
    /// Folder to write it to
    #[arg(long, default_value = ".")]
    dir: PathBuf,
    /// Keys that the policy is about, or tables of them, set apart by commas
    #[arg(long, value_name = "KEYS", value_delimiter = ',', conflicts_with_all = ["communities", "full"])]
    with: Vec<String>,
    /// Write every key at its default, explained
    #[arg(long, conflicts_with = "communities")]
    full: bool,
    /// Write NAME.csv instead, a table of communities with an example of each kind
    #[arg(long)]
    communities: bool,
    /// Overwrite a file of that name
    #[arg(long)]
    force: bool,
}

/// Writes a scenario that is fine as it is: a short one of a policy, or one of all keys.
pub fn run(arguments: Arguments, common: Common) -> Result<(), Error> {
    let name = name(&arguments.name)?;
    if arguments.communities {
        return table(name, &arguments, common);
    }
    let file = format!("{name}.toml");
    let path = arguments.dir.strip_prefix(".").unwrap_or(&arguments.dir).join(&file);
    let base = arguments.dir.join(BASE).is_file().then_some(BASE);
    let text = match arguments.full || file == BASE {
        true => template::complete(name, ""),
        false => template::policy(base, name, &keys(&arguments.with)?, common.lang),
    };
    output::file(&path, text.as_bytes(), arguments.force, taken(&path))?;
    if !common.quiet {
        let file = path.display();
        output::tell(both!(
            "wrote {file}; check it with `shequ check`",
            "已写出 {file}；可用 `shequ check` 检查"
        ));
        if !arguments.dir.join("schema.json").is_file() {
            output::tell(both!(
                "run `shequ schema > schema.json` in the same folder to let editors complete and check it",
                "在同一文件夹中执行 `shequ schema > schema.json`，编辑器即可补全并检查"
            ));
        }
    }
    Ok(())
}

/// The keys that are named one by one or by their table.
fn keys(named: &[String]) -> Result<Vec<String>, Error> {
    let mut all = Vec::new();
    for word in named.iter().map(|word| word.trim()).filter(|word| !word.is_empty()) {
        let within = |path: &str| path == word || split(path).0 == word;
        let own = index().keys().map(|(path, _)| path).filter(|path| within(path));
        let own: Vec<String> = own.filter(|path| !["name", "name_zh"].contains(&path.as_str())).collect();
        if own.is_empty() {
            let unknown =
                both!("`{word}` is neither a key nor a table of keys", "`{word}` 既不是键，也不是含有键的表");
            return Err(Error::Problems(Problem::new(unknown).help(likely(word)).into()));
        }
        all.extend(own);
    }
    Ok(all)
}

/// What was perhaps meant by an unknown key or table.
fn likely(word: &str) -> Both {
    let (keys, tables) = (index().keys().map(|(path, _)| path), index().sections().iter());
    let all: Vec<String> = keys.chain(tables.map(|section| section.path.to_string())).collect();
    match nearest(word, all.iter().map(String::as_str)) {
        Some(near) => did_you_mean(near),
        None => both!("`shequ explain WORD` finds keys by words", "`shequ explain WORD` 可按词语查找键"),
    }
}

/// Says that a file is there already.
pub fn taken(path: &Path) -> Both {
    both!(
        "{path} exists already; --force overwrites it",
        "{path} 已经存在；用 --force 覆盖";
        path = path.display()
    )
}

/// Writes a table of communities that may be used as it is.
fn table(name: &str, arguments: &Arguments, common: Common) -> Result<(), Error> {
    let name = name.strip_suffix(".csv").unwrap_or(name);
    let file = format!("{name}.csv");
    let path = arguments.dir.strip_prefix(".").unwrap_or(&arguments.dir).join(&file);
    let text = communities::template::table(common.lang);
    output::file(&path, text.as_bytes(), arguments.force, taken(&path))?;
    if !common.quiet {
        output::tell(both!(
            "wrote {path}; a scenario uses it by the line table = \"{file}\" under [population], or \
             --set population.table={path} adds it to any",
            "已写出 {path}；在情景的 [population] 下写 table = \"{file}\" 即可使用，也可用 \
             --set population.table={path} 加到任一情景";
            path = path.display(), file = file
        ));
    }
    Ok(())
}

/// The name without its ending, if it can be a file name everywhere.
///
/// # Errors
/// It cannot.
pub fn name(given: &str) -> Result<&str, Error> {
    let name = given.strip_suffix(".toml").unwrap_or(given);
    let allowed = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | ' ');
    if name.trim().is_empty() || name.starts_with(['.', '-', ' ']) || name.ends_with(['.', ' ']) {
        return Err(Error::Usage(both!(
            "\"{given}\" is not a valid name: begin and end it with a letter or digit",
            "\"{given}\" 不能作名称：首尾应为字母或数字"
        )));
    }
    match name.chars().find(|&c| !allowed(c)) {
        Some('/' | '\\') => Err(Error::Usage(both!(
            "\"{given}\" is a path: name the folder with --dir",
            "\"{given}\" 是路径：请用 --dir 指明文件夹"
        ))),
        Some(c) => Err(Error::Usage(both!(
            "a name cannot hold {c:?}: use letters, digits, spaces, hyphens and underscores",
            "名称中不能有 {c:?}：请用字母、数字、空格、连字符和下划线"
        ))),
        None if name.len() > LONGEST => Err(Error::Usage(both!(
            "this name is too long: at most {LONGEST} bytes are allowed",
            "名称过长：最多 {LONGEST} 个字节"
        ))),
        None => Ok(name),
    }
}
