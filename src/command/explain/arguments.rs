//! What arguments of commands mean, in Chinese: by what `--help` says of them in English.

/// The Chinese of a help text; a test of `help` holds that every argument has one.
pub fn chinese(help: &str) -> Option<&'static str> {
    WORDS.iter().find(|(en, _)| *en == help).map(|(_, zh)| *zh)
}

/// Help texts of all commands.
const WORDS: &[(&str, &str)] = &[
    ("Scenario file", "情景文件"),
    ("Scenario files", "情景文件，可有多个"),
    ("Experiment file", "实验文件"),
    (
        "An experiment file, or two or more scenario files of which the first is the base",
        "一个实验文件，或两个以上的情景文件，其中第一个为基线",
    ),
    ("Results folder", "结果文件夹"),
    ("Folder of an experiment, under way or finished", "实验的文件夹，进行中或已完成"),
    ("Folders of the shards, in any order", "各分片的文件夹，次序不限"),
    ("Folder in which the results folder is made", "在哪个文件夹中建立结果文件夹"),
    (
        "Folder in which the results folder is made; that of the first shard if left out",
        "在哪个文件夹中建立结果文件夹；省略则用第一个分片所在处",
    ),
    ("Folder to write it to", "写入的文件夹"),
    ("Threads; as many as the machine has if left out", "线程数；省略则用计算机的全部核心"),
    ("Form of the tables", "表格的格式"),
    ("Make the results anew if they are there already", "已有结果时重新生成"),
    ("Begin anew, whatever is there already", "不论已有什么，从头开始"),
    ("Go on even if there seems to be too little memory", "即使内存看来不足也继续"),
    (
        "Keep every life after so many months; after a power cut the same command goes on from there",
        "每隔若干个月保存一次各模拟的状态；断电后用同一命令继续",
    ),
    (
        "Live replicate number K alone, counted from 0, to the bit as among the others",
        "只运行第 K 次重复（从 0 计起），与一并运行时逐位相同",
    ),
    ("Overwrite a file of that name", "覆盖同名文件"),
    ("Give a key another value, such as months=24 (repeatable)", "给键另一个取值，如 months=24（可重复）"),
    (
        "Give a key another value in every scenario of the cases (repeatable)",
        "在各案例的所有情景中给键另一个取值（可重复）",
    ),
    ("The same as --set seed.replicates=N", "等同于 --set seed.replicates=N"),
    ("The same as --set replicates=N", "等同于 --set replicates=N"),
    (
        "Live only every N-th run, from the K-th; `merge` puts the shards together",
        "只运行第 K 个起每隔 N 个的模拟；用 `merge` 合并分片",
    ),
    (
        "Months over which outcomes are averaged: first-year, last-year, whole, 2020-01..2021-12 (repeatable)",
        "对哪些月份取均值：first-year、last-year、whole 或 2020-01..2021-12（可重复）",
    ),
    ("A metric to compare (repeatable)", "要比较的指标（可重复）"),
    (
        "A metric that is tested by itself (repeatable); all others are exploratory",
        "单独检验的主要指标（可重复）；其余为探索性指标",
    ),
    (
        "Compare although cities or seeds differ: without common luck, and less precisely",
        "即使城市或种子不同也比较：没有共同随机数，精度较低",
    ),
    ("Open the page in a browser", "在浏览器中打开报告"),
    (
        "Make the report although files were changed since they were written; it says so",
        "即使文件在写出后被改动也生成报告；报告中会注明",
    ),
    ("Which life", "第几次模拟"),
    (
        "The resident: a number in the city, or COMMUNITY:NUMBER, both counted from 0",
        "居民：全市编号，或“社区:编号”，均从 0 计起",
    ),
    (
        "Months to show, by number from 1 or by date: 1..12, 2018-01..2018-12",
        "显示哪些月份，按从 1 起的序号或日期：1..12、2018-01..2018-12",
    ),
    ("The shell", "命令行外壳"),
    ("Of experiment files", "实验文件的"),
    ("Name of the scenario; NAME.toml is written", "情景名称；写出 NAME.toml"),
    ("Print every key with its value and where the value comes from", "列出每个键的取值及其出处"),
    ("Print only the keys that differ from this scenario", "只列出与该情景不同的键"),
    (
        "Cases by id or name, or case files of one's own; all that are part of the program if left out",
        "案例的编号或名称，或自己的案例文件；省略则为程序自带的全部案例",
    ),
    (
        "A dotted key, table, institution, theory, rule, mode, metric, command, term or row of the mechanism map; leave it \
         out to list them all",
        "键、表、制度、理论、规则、方式、指标、命令、术语或机制图谱的行；省略则全部列出",
    ),
    ("Print the cases that are part of the program, and judge none", "只列出程序自带的案例，不作检验"),
    (
        "Language of what is printed for people; if left out, that of SHEQU_LANG, LC_ALL, LC_MESSAGES or LANG",
        "输出所用的语言；省略则依 SHEQU_LANG、LC_ALL、LC_MESSAGES 或 LANG",
    ),
    ("Print errors and results only", "只输出错误与结果"),
    // Of clap itself.
    ("Print help", "显示说明"),
    ("Print help (see more with '--help')", "显示说明"),
    ("Print help (see a summary with '-h')", "显示说明"),
    ("Print version", "显示版本"),
    ("Print help for the subcommand(s)", "要说明的命令"),
];
