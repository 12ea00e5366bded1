//! Pages of commands, from what the command line says of itself.

use clap::{Arg, Command, CommandFactory};

use super::{Topic, arguments, fact, label, says};
use crate::command::Cli;
use shequ_model::base::params::text;

/// Every command that is shown, in the order of `shequ --help`.
pub fn topics() -> Vec<Topic> {
    let mut cli = Cli::command();
    cli.build();
    cli.get_subcommands().filter(|c| !c.is_hide_set() && c.get_name() != "help").map(topic).collect()
}

fn topic(command: &Command) -> Topic {
    let name = command.get_name();
    let about = command.get_about().map(ToString::to_string).unwrap_or_default();
    let zh = chinese(name).map_or_else(|| about.clone(), String::from);
    let arguments = command
        .get_arguments()
        .filter(|a| !a.is_hide_set() && !a.is_global_set() && a.get_id() != "help")
        .map(argument);
    let facts = vec![
        says(label::KIND, [("command".into(), "命令".into())]),
        says(label::ARGUMENTS, arguments),
        fact(label::MORE, [format!("shequ {name} --help")]),
    ];
    Topic {
        chapter: text("commands", "命令"),
        name: format!("shequ {name}"),
        also: vec![name.into()],
        meaning: (about, zh),
        facts,
    }
}

fn argument(argument: &Arg) -> (String, String) {
    let help = argument.get_help().map(ToString::to_string).unwrap_or_default();
    let values: Vec<&str> =
        argument.get_value_names().unwrap_or_default().iter().map(|v| v.as_str()).collect();
    let name = match argument.get_long() {
        Some(long) if argument.get_action().takes_values() => format!("--{long} {}", values.join(" ")),
        Some(long) => format!("--{long}"),
        None => values.join(" "),
    };
    let zh = arguments::chinese(&help).unwrap_or(&help);
    (format!("{name}: {help}"), format!("{name}：{zh}"))
}

/// What a command does, in Chinese.
pub fn chinese(name: &str) -> Option<&'static str> {
    Some(match name {
        "new" => "写一个带注释的情景文件",
        "check" => "检查情景、实验与表，一次报告所有问题",
        "run" => "运行一个情景的全部重复，写入结果文件夹",
        "compare" => "在共用随机数下把各项政策与基准比较；可从中断处继续",
        "contest" => "在每种参与理论与信任规则之下做同样的比较",
        "sweep" => "运行改变若干键取值的实验文件；可从中断处继续",
        "sensitivity" => "运行实验文件，估计各键的影响",
        "fit-start" => "让情景以调查所见的城市开始：为有对应键的各行求初始值",
        "calibrate" => "按目标拟合参数：哪些取值可信，预测如何，什么无法满足",
        "search" => "在约束之内寻找手段的最佳组合：未被其他组合全面超过者",
        "merge" => "合并一个实验的各个分片",
        "submit" => "把实验作为分片数组提交到计算集群",
        "slurm" => "Slurm：写出 job.sbatch 与 merge.sbatch 并提交",
        "status" => "查看实验的进度",
        "report" => "重新生成结果文件夹的报告：可离线打开的一页",
        "reproduce" => "重新运行结果文件夹，并说明各表是否逐字节相同",
        "archive" => "把结果文件夹写成可存档的 zip，附引用方式与重新运行所需的一切",
        "explore" => "在浏览器中移动政策手段并查看答案，仅限本机",
        "trace" => "逐项说明一位居民为何如此行动",
        "validate" => "重现已发表的结果：预期值、所得值、容差与判定",
        "explain" => "解释键、表、制度、理论、规则、方式、指标或命令",
        "schema" => "打印情景文件或实验文件的 JSON Schema",
        "completions" => "打印命令行补全脚本",
        "man" => "打印手册页",
        "help" => "显示本说明或某个命令的说明",
        _ => return None,
    })
}
