//! What arguments of commands mean, in Chinese: by what `--help` says of them in English.

/// The Chinese of a help text; a test of `help` holds that every argument has one.
pub fn chinese(help: &str) -> Option<&'static str> {
    WORDS.iter().find(|(en, _)| *en == help).map(|(_, zh)| *zh)
}

/// Help texts of all commands.
const WORDS: &[(&str, &str)] = &[
    ("Scenario file", "情景文件"),
    (
        "Scenario files, experiment files, tables of communities, tables of targets",
        "情景文件、实验文件、社区表或目标表，可有多个",
    ),
    (
        "Scenario files, each a base that policies can be set against; default: the baseline",
        "情景文件，可有多个，各可作为比较的基准；默认为基准情景",
    ),
    ("Print the address and open no browser", "只打印地址，不打开浏览器"),
    ("Port on this machine; default: any that is free", "本机端口；默认为任一空闲端口"),
    ("Experiment file", "实验文件"),
    (
        "An experiment file, or two or more scenario files of which the first is the baseline",
        "一个实验文件，或两个以上的情景文件，其中第一个为基准",
    ),
    ("Results folder", "结果文件夹"),
    ("Folder of an experiment, under way or finished", "实验的文件夹，进行中或已完成"),
    ("Folders of the shards, in any order", "各分片的文件夹，次序不限"),
    ("Parent folder of the results folder", "结果文件夹的上级文件夹"),
    (
        "Parent folder of the results folder; default: that of the first shard",
        "结果文件夹的上级文件夹；默认为第一个分片所在处",
    ),
    (
        "File to write, which must be new, or the folder that gets one called as the results; default: beside them",
        "写出的文件，须为新文件；或写入与结果同名文件的文件夹；默认写在结果旁边",
    ),
    (
        "Parent folder of the results folder; the scripts are written there too",
        "结果文件夹的上级文件夹；脚本也写在其中",
    ),
    (
        "Number of shards, each a task of the array; default: by a pilot on this machine, so that each takes half an hour",
        "分片数，每个分片为作业数组中的一个任务；默认先在本机试运行，使每个分片约需半小时",
    ),
    ("Processors of each task", "每个任务的处理器数"),
    (
        "Time limit of each task; a shard that needs longer is requeued and goes on",
        "每个任务的时限；未完成的分片会重新排队并继续",
    ),
    (
        "A file of what the cluster asks of every job: account, partition, modules, sbatch, tasks",
        "写明集群对每个作业要求的文件：account、partition、modules、sbatch、tasks",
    ),
    ("Print the scripts; write and submit nothing", "只打印脚本，不写出也不提交"),
    (
        "Submit only the shards that are not done, and neither run nor wait",
        "只提交尚未完成、且既未运行也未排队的分片",
    ),
    ("Folder to write it to", "写入的文件夹"),
    (
        "Threads; default: those that the scheduler grants, else all cores",
        "线程数；默认为调度系统分配的数目，否则使用全部核心",
    ),
    ("Format of the tables", "表格的格式"),
    (
        "Write tables without the page, the brief and the pictures, which `report` makes later",
        "只写表格，不生成网页报告、简报和图；以后可用 `report` 生成",
    ),
    ("Write these tables alone, without a report", "只写出这些表格，不生成报告"),
    ("Replace existing results", "替换已有结果"),
    ("Start again and replace what exists", "从头开始，替换已有内容"),
    ("Run even if memory seems insufficient", "即使内存可能不足也运行"),
    (
        "Save a checkpoint of every unfinished run after so many months; the same command resumes from it",
        "每隔若干个月为各次未完成的模拟保存检查点；再次执行同一命令即从该处继续",
    ),
    (
        "Keep cities at rest in this folder, and begin from those that other commands kept there",
        "将趋于静止的城市存入该文件夹；若其他命令已存有所需的城市，则直接由其开始",
    ),
    (
        "Run replicate number K alone, counted from 0, with the same numbers as among the others",
        "只运行第 K 次重复（从 0 计起），数值与一并运行时完全相同",
    ),
    (
        "Write NAME.csv instead, a table of communities with an example of each kind",
        "改为写出社区表 NAME.csv，每种类型各有一行样例",
    ),
    ("Overwrite a file of that name", "覆盖同名文件"),
    (
        "Survey: a table of targets, whose rows of the first year say how the city is to begin",
        "调查：一张目标表，其中属于第一年的各行说明城市如何开始",
    ),
    (
        "Scenario that is to begin so; default: every key at its default",
        "要如此开始的情景；默认：所有键取默认值",
    ),
    (
        "Name of the new scenario; NAME.toml is written beside SCENARIO. Default: that of the survey, with -start",
        "新情景的名称；在 SCENARIO 旁写出 NAME.toml。默认为调查的名称加 -start",
    ),
    ("Replicates of the first year on which starting values are found", "求初始值时模拟第一年的重复次数"),
    ("Override a key, such as months=24 (repeatable)", "覆盖键的取值，如 months=24（可重复）"),
    (
        "Judge the model by a table of targets instead; `shequ:targets.csv` is the one that is part of the program",
        "改用目标表评判模型；程序自带 `shequ:targets.csv`",
    ),
    (
        "Scenario that is judged by the targets; default: every key at its default",
        "用目标表评判的情景；默认：所有键取默认值",
    ),
    (
        "Judge each theory of participation with each rule of trust",
        "逐一评判每种参与理论与每种信任规则的组合",
    ),
    (
        "Write the weights of theories and rules by stacking to a new file, which `contest --weights` reads",
        "把各理论与规则的堆叠权重写入新文件，供 `contest --weights` 读取",
    ),
    (
        "Override a key in every scenario of the cases (repeatable)",
        "在各算例的所有情景中覆盖键的取值（可重复）",
    ),
    ("The same as --set seed.replicates=N", "等同于 --set seed.replicates=N"),
    ("The same as --set replicates=N", "等同于 --set replicates=N"),
    (
        "Run only shard K of N; `merge` puts the shards together",
        "只运行 N 个分片中的第 K 个；用 `merge` 合并分片",
    ),
    (
        "Months over which outcomes are averaged: first-year, last-year, whole, 2020-01..2021-12 (repeatable)",
        "对哪些月份取均值：first-year、last-year、whole 或 2020-01..2021-12（可重复）",
    ),
    ("A metric to compare (repeatable)", "要比较的指标（可重复）"),
    (
        "A primary outcome, corrected separately (repeatable); all others are exploratory",
        "主要结果，单独校正（可重复）；其余为探索性结果",
    ),
    (
        "The smallest effect on an outcome that matters, in its unit (repeatable)",
        "某一结果有实际意义的最小效应，单位与结果相同（可重复）",
    ),
    (
        "A table of draws of parameters: each pair of replicates runs under one of them, and arms are ranked",
        "参数的后验抽样表：每对重复采用其中一组抽样，并为各方案排序",
    ),
    (
        "A table of draws of parameters: each pair of replicates runs under one of them",
        "参数的后验抽样表：每对重复采用其中一组抽样",
    ),
    (
        "A table of weights of theories and rules, as `validate --weights` writes it: effects are averaged by them too",
        "参与理论与信任规则的权重表，由 `validate --weights` 写出：效应另按权重平均",
    ),
    (
        "An outcome of which less is better, where a posterior ranks the arms (repeatable)",
        "按后验为各方案排序时，取值越低越好的结果（可重复）",
    ),
    (
        "Compare although cities or seeds differ: without common random numbers, and less precisely",
        "即使城市或种子不同也比较：不共用随机数，精度较低",
    ),
    ("Open the page in a browser", "在浏览器中打开报告"),
    (
        "Make the report even if files were modified after they were written; the report says so",
        "即使文件在写出后被修改也生成报告；报告中会注明",
    ),
    ("Number of the replicate, counted from 0", "重复的编号，从 0 计起"),
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
    (
        "Print every key of a scenario with its value and where the value comes from",
        "列出情景每个键的取值及其出处",
    ),
    ("Print only the keys that differ from this scenario", "只列出与该情景不同的键"),
    (
        "Benchmark cases by id or name, or your own case files; default: all bundled cases",
        "算例的编号或名称，或自己的算例文件；默认为程序自带的全部算例",
    ),
    (
        "A key, table, theory, metric, command, term or other name, or words of English or Chinese to look for; without \
         any, what there is is listed by families",
        "键、表、理论、指标、命令、术语等的名称，或要查找的中英文词语；省略则按类别列出",
    ),
    ("List everything, key by key", "逐键列出全部"),
    (
        "Keys that the policy is about, or tables of them, set apart by commas",
        "政策所涉及的键或表，以逗号分隔",
    ),
    ("Write every key at its default, explained", "写出全部键及其默认值与说明"),
    ("List the bundled cases without running them", "只列出程序自带的算例，不运行"),
    (
        "Language of messages and summaries; default: that of SHEQU_LANG, LC_ALL, LC_MESSAGES or LANG",
        "消息与摘要的语言；默认依 SHEQU_LANG、LC_ALL、LC_MESSAGES 或 LANG",
    ),
    ("Print errors and results only", "只输出错误与结果"),
    // Of clap itself.
    ("Print help", "显示说明"),
    ("Print help (see more with '--help')", "显示说明"),
    ("Print help (see a summary with '-h')", "显示说明"),
    ("Print version", "显示版本"),
    ("Print help for the subcommand(s)", "要说明的命令"),
];
