//! `shequ new`.

use std::path::PathBuf;

use clap::Args;

use super::{Common, Error, output};
use shequ_model::base::i18n::both;
use shequ_model::scenario::template;

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
    /// Overwrite a file of that name
    #[arg(long)]
    force: bool,
}

/// Writes a commented scenario that is fine as it is.
pub fn run(arguments: Arguments, common: Common) -> Result<(), Error> {
    let name = name(&arguments.name)?;
    let file = format!("{name}.toml");
    let path = arguments.dir.strip_prefix(".").unwrap_or(&arguments.dir).join(&file);
    let extends = file != BASE && arguments.dir.join(BASE).is_file();
    let text = if extends { template::extending(BASE, name) } else { template::complete(name, "") };
    let taken = both!(
        "{path} exists already; --force overwrites it",
        "{path} 已经存在；用 --force 覆盖";
        path = path.display()
    );
    output::file(&path, text.as_bytes(), arguments.force, taken)?;
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

/// The name without its ending, if it can be a file name everywhere.
fn name(given: &str) -> Result<&str, Error> {
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
