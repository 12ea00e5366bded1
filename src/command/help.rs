//! What the command line says of itself, in either language.
//!
//! English is what the arguments are documented with. For Chinese every text and heading of it is replaced
//! before anything is parsed; what clap writes by itself in English, defaults and choices, is written into
//! the texts instead.

use clap::builder::Resettable;
use clap::{Arg, ArgAction, Command, CommandFactory};

use super::explain::{arguments, commands};
use super::{Cli, Language};

/// Where everything stands in Chinese.
const TEMPLATE: &str = "{about-with-newline}\n用法：{usage}\n\n{all-args}{after-help}";

/// The command line, described in `language`.
pub fn command(language: Language) -> Command {
    let mut command = Cli::command();
    // So that the flags and the command that clap adds are there.
    command.build();
    match language {
        Language::En => command,
        Language::Zh => chinese(command),
    }
}

fn chinese(mut command: Command) -> Command {
    let usage = in_chinese(&command.render_usage().to_string());
    let about = commands::chinese(command.get_name()).unwrap_or("城市社区居民参与与信任的并行多主体模拟器");
    command
        .about(about)
        .override_usage(usage)
        .help_template(TEMPLATE)
        .subcommand_help_heading("命令")
        .subcommand_value_name("命令")
        .mut_args(argument)
        .mut_subcommands(chinese)
}

/// What clap says of how a command is used, in Chinese and without its heading.
pub fn in_chinese(usage: &str) -> String {
    let usage = usage.trim_start_matches("Usage:").trim_start();
    usage.replace("[OPTIONS]", "[选项]").replace("COMMAND", "命令")
}

fn argument(argument: Arg) -> Arg {
    let heading = if argument.is_positional() { "参数" } else { "选项" };
    let help = argument.get_help().map(ToString::to_string).unwrap_or_default();
    let mut said = arguments::chinese(&help).map_or(help, String::from);
    let takes_values = matches!(argument.get_action(), ArgAction::Set | ArgAction::Append);
    let choices: Vec<String> = argument.get_possible_values().iter().map(|v| v.get_name().into()).collect();
    if takes_values && !choices.is_empty() {
        said += &format!(" [可选：{}]", choices.join("、"));
    }
    if let [default] = argument.get_default_values()
        && takes_values
        && !argument.is_hide_default_value_set()
    {
        said += &format!(" [默认：{}]", default.to_string_lossy());
    }
    let argument = argument.help(said).long_help(Resettable::Reset).help_heading(heading);
    argument.hide_default_value(true).hide_possible_values(true)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn each(command: &Command, visit: &mut dyn FnMut(&Command)) {
        visit(command);
        command.get_subcommands().for_each(|inner| each(inner, visit));
    }

    #[test]
    fn every_command_and_argument_that_is_shown_is_described_in_chinese() {
        let is_chinese = |text: &str| text.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c));
        let mut missing = Vec::new();
        each(&command(Language::Zh), &mut |command| {
            let name = command.get_name().to_string();
            let about = command.get_about().map(ToString::to_string).unwrap_or_default();
            if name != "shequ" && !command.is_hide_set() && commands::chinese(&name).is_none() {
                missing.push(format!("{name}: {about}"));
            }
            for argument in command.get_arguments().filter(|a| !a.is_hide_set() && !command.is_hide_set()) {
                let help = argument.get_help().map(ToString::to_string).unwrap_or_default();
                if !is_chinese(&help) {
                    missing.push(format!("{name} {}: {help}", argument.get_id()));
                }
            }
        });
        assert!(missing.is_empty(), "{missing:#?}");
    }

    #[test]
    fn both_languages_parse_the_same() {
        command(Language::En).debug_assert();
        command(Language::Zh).debug_assert();
        let line = ["shequ", "run", "a.toml", "--out", "b", "--format", "both", "--lang", "zh"];
        let of = |language| command(language).try_get_matches_from(line).unwrap();
        assert_eq!(of(Language::En), of(Language::Zh));
    }
}
