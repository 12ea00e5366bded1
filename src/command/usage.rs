//! What is wrong with a command line, in both languages: clap finds it, the words are ours.

use std::error::Error as Cause;

use clap::FromArgMatches;
use clap::error::{ContextKind, ContextValue, ErrorKind};

use super::{Cli, Error, Language, help};
use shequ_model::base::i18n::{Both, both, carried, either};

/// The command line that was given, or what it asks to be printed in its place: help, the version, or what is
/// wrong with it.
pub fn read(language: Language) -> Result<Cli, Error> {
    let matches = help::command(language).try_get_matches();
    let cli = matches.and_then(|matches| Cli::from_arg_matches(&matches));
    cli.map_err(|error| match error.kind() {
        ErrorKind::DisplayHelp
        | ErrorKind::DisplayVersion
        | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => Error::Help(error),
        _ => Error::Usage(message(&error)),
    })
}

/// What is wrong, how the command is used, and where there is more.
fn message(error: &clap::Error) -> Both {
    let what = wrong(error);
    let usage = match error.get(ContextKind::Usage) {
        Some(ContextValue::StyledStr(usage)) => {
            let usage = usage.to_string();
            let bare = usage.trim_start_matches("Usage:").trim();
            both(format!("\nUsage: {bare}"), format!("\n用法：{}", help::in_chinese(bare)))
        }
        _ => Both::default(),
    };
    both!(
        "{what}{usage}\nFor more, try `--help`.", "{what}{usage}\n详情请用 `--help`。";
        what = what, usage = usage
    )
}

fn wrong(error: &clap::Error) -> Both {
    let text = |kind| context(error, kind).join(" ");
    let (argument, value) = (text(ContextKind::InvalidArg), text(ContextKind::InvalidValue));
    match error.kind() {
        ErrorKind::UnknownArgument => {
            let near = near(error, ContextKind::SuggestedArg);
            both!("unknown argument `{argument}`{near}", "未知参数 `{argument}`{near}"; argument = argument, near = near)
        }
        ErrorKind::InvalidSubcommand => {
            let (command, near) =
                (text(ContextKind::InvalidSubcommand), near(error, ContextKind::SuggestedSubcommand));
            both!("unknown command `{command}`{near}", "未知命令 `{command}`{near}"; command = command, near = near)
        }
        ErrorKind::MissingRequiredArgument => {
            let missing = context(error, ContextKind::InvalidArg).join("`, `");
            both!("`{missing}` is missing", "缺少 `{missing}`")
        }
        ErrorKind::ArgumentConflict => {
            let prior = context(error, ContextKind::PriorArg).join("`, `");
            if prior.is_empty() || prior == argument {
                return both!("`{argument}` is given more than once", "`{argument}` 给出了不止一次");
            }
            both!("`{argument}` cannot be used with `{prior}`", "`{argument}` 不能与 `{prior}` 同用")
        }
        ErrorKind::InvalidValue if value.is_empty() => {
            let choices = choices(error);
            both!("`{argument}` needs a value{choices}", "`{argument}` 需要一个值{choices}"; argument = argument, choices = choices)
        }
        ErrorKind::InvalidValue | ErrorKind::ValueValidation => {
            let why = match error.source() {
                Some(cause) => reason(cause),
                None => choices(error),
            };
            both!("`{argument}` cannot be \"{value}\"{why}", "`{argument}` 不能是 \"{value}\"{why}"; argument = argument, value = value, why = why)
        }
        ErrorKind::TooManyValues => {
            both!("\"{value}\" is one value too many for `{argument}`", "`{argument}` 多了一个值 \"{value}\"")
        }
        ErrorKind::InvalidUtf8 => {
            both!("an argument is not text in UTF-8", "有一个参数不是 UTF-8 编码的文本")
        }
        // Nothing of this command line asks for more; whatever comes is said in clap's words.
        _ => {
            let said = error.to_string();
            Both::same(said.trim().trim_start_matches("error: "))
        }
    }
}

/// What clap knows of a mistake.
fn context(error: &clap::Error, kind: ContextKind) -> Vec<String> {
    match error.get(kind) {
        Some(ContextValue::String(text)) => vec![text.clone()],
        Some(ContextValue::Strings(texts)) => texts.clone(),
        _ => Vec::new(),
    }
}

/// "; did you mean `--seed`?": of several names clap puts the likeliest last.
fn near(error: &clap::Error, kind: ContextKind) -> Both {
    match context(error, kind).last() {
        Some(name) => both!("; did you mean `{name}`?", "；是否想用 `{name}`？"),
        None => Both::default(),
    }
}

/// ": en or zh".
fn choices(error: &clap::Error) -> Both {
    let names: Vec<Both> =
        context(error, ContextKind::ValidValue).iter().map(|name| Both::same(name)).collect();
    match names.is_empty() {
        true => Both::default(),
        false => both!(": {names}", "，可选 {names}"; names = either(&names)),
    }
}

/// What a parser of ours, or another, said of a value.
fn reason(cause: &(dyn Cause + 'static)) -> Both {
    let why = carried(cause).cloned().unwrap_or_else(|| Both::same(&cause.to_string()));
    both!(": {why}", "：{why}"; why = why)
}
