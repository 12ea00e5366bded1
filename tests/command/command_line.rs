//! Exit codes, what goes to which stream, and what is left on the disk.

use crate::program;

use std::fs;
use std::path::Path;
use std::process::{Output, Stdio};

use tempfile::TempDir;

fn shequ(folder: &Path, arguments: &[&str]) -> Output {
    program::shequ().current_dir(folder).args(arguments).output().unwrap()
}

fn folder() -> TempDir {
    tempfile::tempdir().unwrap()
}

fn out(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn err(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

#[test]
fn a_new_scenario_is_fine_and_is_never_overwritten_unasked() {
    let folder = folder();
    assert!(shequ(folder.path(), &["new", "baseline"]).status.success());
    let first = fs::read_to_string(folder.path().join("baseline.toml")).unwrap();
    assert!(first.starts_with("#:schema ./schema.json\n"));
    let again = shequ(folder.path(), &["new", "baseline.toml"]);
    assert_eq!(again.status.code(), Some(2));
    assert_eq!(err(&again), "error: baseline.toml exists already; --force overwrites it\n");
    assert!(shequ(folder.path(), &["new", "baseline", "--force"]).status.success());
    assert!(shequ(folder.path(), &["new", "policy"]).status.success());
    let policy = fs::read_to_string(folder.path().join("policy.toml")).unwrap();
    assert!(policy.contains("extends = \"baseline.toml\""));
    let checked = shequ(folder.path(), &["check", "baseline.toml", "policy.toml"]);
    assert!(checked.status.success());
    assert!(out(&checked).is_empty());
    let said = err(&checked);
    assert!(said.starts_with(
        "baseline.toml: valid. 10 communities × 3,000 adults, 120 months from 2017-01, 30 replicates; a run \
         takes about "
    ));
    assert!(said.contains(" of memory\npolicy.toml: valid. "), "{said}");
}

#[test]
fn a_name_that_is_no_file_name_is_refused_and_nothing_is_written() {
    let folder = folder();
    for bad in ["", " ", "a/b", "../a", "a\\b", ".hidden", "a:b", "a\nb", "nul\u{7}", &"x".repeat(101)] {
        let output = shequ(folder.path(), &["new", "--", bad]);
        assert_eq!(output.status.code(), Some(2), "{bad:?}");
        assert!(err(&output).starts_with("error: "), "{bad:?}");
    }
    assert_eq!(shequ(folder.path(), &["new", "a", "--dir", "none"]).status.code(), Some(2));
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[test]
fn a_bad_scenario_is_answered_on_standard_error_with_exit_code_two() {
    let folder = folder();
    fs::write(folder.path().join("bad.toml"), "name = \"A\"\nmonths = 0\n").unwrap();
    fs::write(folder.path().join("good.toml"), "name = \"A\"\n").unwrap();
    for arguments in [
        &["check", "good.toml", "bad.toml"][..],
        &["check", "bad.toml", "--resolved"],
        &["check", "good.toml", "--diff", "bad.toml"],
        &["check", "good.toml", "--set", "months=0", "--resolved"],
        &["check", "none.toml"],
        &["check", "good.toml", "--replicates", "0"],
    ] {
        let output = shequ(folder.path(), arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(out(&output).is_empty(), "{arguments:?}");
        assert!(err(&output).starts_with("error: "), "{arguments:?}");
        assert!(!err(&output).contains('\u{1b}'), "colour without a terminal");
    }
}

#[test]
fn resolved_and_difference_go_to_standard_output() {
    let folder = folder();
    fs::write(folder.path().join("a.toml"), "name = \"A\"\n").unwrap();
    let resolved = shequ(folder.path(), &["check", "a.toml", "--resolved", "--seed", "5"]);
    assert!(err(&resolved).is_empty());
    assert!(out(&resolved).starts_with("name = \"A\""));
    assert!(out(&resolved).lines().any(|l| l.starts_with("replicates = 5 ") && l.ends_with("# --set")));
    let difference = shequ(folder.path(), &["check", "a.toml", "--diff", "a.toml", "--set", "months=3"]);
    assert_eq!(out(&difference), "months: 120 -> 3  # --set\n");
}

#[test]
fn quiet_says_nothing_when_nothing_is_wrong() {
    let folder = folder();
    fs::write(folder.path().join("a.toml"), "name = \"A\"\n").unwrap();
    let output = shequ(folder.path(), &["check", "a.toml", "--quiet"]);
    assert!(output.status.success() && output.stderr.is_empty() && output.stdout.is_empty());
}

#[test]
fn everything_that_is_listed_can_be_explained_in_both_languages() {
    let folder = folder();
    let list = out(&shequ(folder.path(), &["explain"]));
    assert!(list.lines().count() > 80);
    // One of a kind each; the whole list would start hundreds of programs.
    for word in
        ["months", "modes.vote.base_rate", "seed", "[seed]", "funding", "calculus", "asymmetric", "vote"]
    {
        for language in ["en", "zh"] {
            let output = shequ(folder.path(), &["explain", word, "--lang", language]);
            assert!(output.status.success(), "{word}: {}", err(&output));
            assert!(output.stderr.is_empty());
        }
    }
    let page = out(&shequ(folder.path(), &["explain", "update", "--lang", "zh"]));
    assert!(page.contains("默认值: \"synchronous\""), "{page}");
}

#[test]
fn words_are_looked_for_in_names_labels_meanings_and_choices() {
    let folder = folder();
    let found = |words: &[&str]| out(&shequ(folder.path(), &[&["explain"], words].concat()));
    for (words, name) in [
        (&["微信"][..], "outreach.wechat_group"),
        (&["抽签"], "council.selection"),
        (&["参与率"], "participation"),
        (&["trust in the committee"], "trust.committee"),
        (&["random", "numbers"], "seed"),
    ] {
        let said = found(words);
        let is_named = |line: &str| line.trim_start().starts_with(&format!("{name} "));
        assert!(said.lines().any(is_named), "{words:?}: {said}");
    }
    // Families first; a chapter, or everything, where that is asked for.
    let families = found(&[]);
    assert!(families.contains("\n  funding ") && !families.contains("funding.base"), "{families}");
    assert!(found(&["metrics"]).contains("\n  participation "));
    assert!(found(&["--all"]).contains("\n  funding.base "));
}

#[test]
fn a_policy_is_written_with_the_keys_that_are_named() {
    let folder = folder();
    let new = |arguments: &[&str]| shequ(folder.path(), &[&["new"], arguments].concat());
    assert!(new(&["baseline"]).status.success());
    assert!(new(&["one", "--with", "council.enabled,funding.decider"]).status.success());
    assert!(new(&["two", "--with", "council", "--lang", "zh"]).status.success());
    let read = |name: &str| fs::read_to_string(folder.path().join(name)).unwrap();
    let written = |text: &str| {
        let lines = text.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
        lines.map(String::from).collect::<Vec<_>>()
    };
    let one = written(&read("one.toml"));
    assert_eq!(one.len(), 6, "{one:?}");
    assert_eq!(one[..3], ["extends = \"baseline.toml\"", "name = \"one\"", "[council]"]);
    assert!(one[3].starts_with("enabled = false  # ") && one[5].starts_with("decider = \"street\"  # "));
    let two = read("two.toml");
    assert!(two.contains("selection = ") && two.contains("# 是否设立"), "{two}");
    assert!(shequ(folder.path(), &["check", "one.toml", "two.toml"]).status.success());
    let unknown = new(&["three", "--with", "concil"]);
    assert_eq!(unknown.status.code(), Some(2));
    assert!(err(&unknown).contains("did you mean `council`?"), "{}", err(&unknown));
    assert!(!folder.path().join("three.toml").exists());
    assert!(new(&["four", "--full"]).status.success());
    assert!(read("four.toml").contains("\n[outreach]\n"));
}

#[test]
fn a_scenario_in_the_place_of_an_experiment_is_called_what_it_is() {
    let folder = folder();
    fs::write(folder.path().join("base.toml"), "name = \"Base\"\nname_zh = \"基准\"\n").unwrap();
    fs::write(folder.path().join("own.toml"), "extends = \"base.toml\"\nname = \"Own\"\nmonths = 12\n")
        .unwrap();
    for (command, help) in [("compare", "shequ compare BASE.toml own.toml"), ("sweep", "kind = \"sweep\"")] {
        let output = shequ(folder.path(), &[command, "own.toml"]);
        let said = err(&output);
        assert_eq!(output.status.code(), Some(2), "{said}");
        assert!(said.starts_with("error: own.toml is a scenario, not an experiment\n"), "{said}");
        assert!(said.contains(help) && said.matches("error").count() == 1, "{said}");
    }
    // A new name does not keep the Chinese name of what it extends.
    let resolved = out(&shequ(folder.path(), &["check", "--resolved", "own.toml"]));
    assert!(resolved.contains("name_zh = \"\""), "{resolved}");
}

#[test]
fn an_unknown_word_is_answered_with_a_likely_one() {
    let folder = folder();
    let output = shequ(folder.path(), &["explain", "calculos"]);
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(err(&output), "error: nothing is called `calculos`; did you mean `calculus`?\n");
    // What several are called is a list of them.
    let output = shequ(folder.path(), &["explain", "base_rate"]);
    assert!(
        output.status.success() && out(&output).contains("\n  modes.vote.base_rate "),
        "{}",
        out(&output)
    );
    assert_eq!(shequ(folder.path(), &["explain", ""]).status.code(), Some(2));
}

#[test]
fn the_schema_is_json_and_completions_and_manual_are_printed() {
    let folder = folder();
    let schema = shequ(folder.path(), &["schema"]);
    assert!(serde_json::from_slice::<serde_json::Value>(&schema.stdout).unwrap().is_object());
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let output = shequ(folder.path(), &["completions", shell]);
        assert!(output.status.success() && out(&output).contains("shequ"));
    }
    assert!(out(&shequ(folder.path(), &["man"])).contains(".TH shequ"));
}

#[test]
fn bad_usage_is_exit_code_two_and_help_is_none() {
    let folder = folder();
    for arguments in [&["chekc"][..], &[], &["check"], &["check", "a", "--seed", "x"], &["generate"]] {
        let output = shequ(folder.path(), arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(out(&output).is_empty(), "{arguments:?}");
    }
    assert_eq!(shequ(folder.path(), &["--help"]).status.code(), Some(0));
    assert_eq!(shequ(folder.path(), &["--version"]).status.code(), Some(0));
}

/// What the program says where only these variables say which language it is to be.
fn in_locale(variables: &[(&str, &str)], arguments: &[&str]) -> Output {
    let mut command = program::shequ();
    for name in ["SHEQU_LANG", "LC_ALL", "LC_MESSAGES", "LANG"] {
        command.env_remove(name);
    }
    command.envs(variables.iter().copied()).args(arguments).output().unwrap()
}

#[test]
fn the_language_is_that_of_the_flag_else_of_the_environment() {
    let is_chinese = |variables: &[(&str, &str)], more: &[&str]| {
        // On the page that is asked for, and in what is said of a mistake.
        let page = out(&in_locale(variables, &[&["explain", "months"], more].concat()));
        let mistake = err(&in_locale(variables, &[&["explain", "monhts"], more].concat()));
        assert_eq!(page.contains("默认值"), mistake.contains("错误"), "{variables:?}: {page}{mistake}");
        page.contains("默认值")
    };
    for chinese in [
        &[("LANG", "zh_CN.UTF-8")][..],
        &[("LC_MESSAGES", "zh_CN.UTF-8"), ("LANG", "en_US.UTF-8")],
        &[("LC_ALL", "zh_SG"), ("LC_MESSAGES", "en_US.UTF-8"), ("LANG", "C")],
        &[("SHEQU_LANG", "ZH"), ("LC_ALL", "C.UTF-8")],
        &[("LC_ALL", ""), ("LANG", "zh_CN.UTF-8")],
    ] {
        assert!(is_chinese(chinese, &[]) && !is_chinese(chinese, &["--lang", "en"]), "{chinese:?}");
    }
    for english in [
        &[][..],
        &[("LANG", "fr_FR.UTF-8")],
        &[("LC_ALL", "C"), ("LANG", "zh_CN.UTF-8")],
        &[("SHEQU_LANG", "en"), ("LC_ALL", "zh_CN.UTF-8")],
    ] {
        assert!(!is_chinese(english, &[]) && is_chinese(english, &["--lang", "zh"]), "{english:?}");
    }
}

#[test]
fn what_is_wrong_with_the_command_line_is_said_in_its_language() {
    for (line, english, chinese) in [
        ("chekc", "unknown command `chekc`; did you mean `check`?", "未知命令 `chekc`；是否想用 `check`？"),
        (
            "run a --sead 3",
            "unknown argument `--sead`; did you mean `--seed`?",
            "未知参数 `--sead`；是否想用 `--seed`？",
        ),
        ("run", "`<FILE>` is missing", "缺少 `<FILE>`"),
        (
            "run a --lang fr",
            "`--lang <LANG>` cannot be \"fr\": en or zh",
            "`--lang <LANG>` 不能是 \"fr\"，可选 en或zh",
        ),
        ("run a --out", "`--out <DIR>` needs a value", "`--out <DIR>` 需要一个值"),
        (
            "run a --threads 0",
            "`--threads <N>` cannot be \"0\": it must be a whole number from 1 to 1024",
            "`--threads <N>` 不能是 \"0\"：应为 1 至 1024 的整数",
        ),
        (
            "sweep a --shard 9/8",
            "`--shard <K/N>` cannot be \"9/8\": a shard is written k/n, such as 2/8: the second of eight",
            "`--shard <K/N>` 不能是 \"9/8\"：分片写作 k/n，如 2/8：八个中的第二个",
        ),
        (
            "run a --replicate 1 --replicates 2",
            "`--replicate <K>` cannot be used with `--replicates <N>`",
            "`--replicate <K>` 不能与 `--replicates <N>` 同用",
        ),
        ("run a -q -q", "`--quiet` is given more than once", "`--quiet` 给出了不止一次"),
        ("run a b", "unknown argument `b`", "未知参数 `b`"),
    ] {
        let arguments: Vec<&str> = line.split(' ').collect();
        let said = |lang| {
            let output = in_locale(&[("LANG", lang)], &arguments);
            assert_eq!((output.status.code(), out(&output).as_str()), (Some(2), ""), "{line}");
            err(&output)
        };
        let (en, zh) = (said("en_GB.UTF-8"), said("zh_CN.UTF-8"));
        assert!(en.starts_with(&format!("error: {english}\n")), "{line}: {en}");
        assert!(zh.starts_with(&format!("错误：{chinese}\n")), "{line}: {zh}");
        assert!(
            en.ends_with("For more, try `--help`.\n") && zh.ends_with("详情请用 `--help`。\n"),
            "{en}{zh}"
        );
    }
}

#[test]
fn help_is_in_either_language_from_the_first_heading_to_the_last() {
    for command in ["", "run", "compare", "sweep", "report", "explain", "completions"] {
        let line: Vec<&str> = command.split(' ').filter(|word| !word.is_empty()).chain(["--help"]).collect();
        let (en, zh) = (in_locale(&[], &line), in_locale(&[("LANG", "zh_CN")], &line));
        assert!(en.status.success() && zh.status.success() && en.stderr.is_empty() && zh.stderr.is_empty());
        let (en, zh) = (out(&en), out(&zh));
        assert!(en.contains("Usage: shequ") && en.contains("\nOptions:\n"), "{en}");
        assert!(zh.contains("用法：shequ") && zh.contains("\n选项:\n"), "{zh}");
        for english in
            ["Usage", "Options", "OPTIONS", "Commands", "COMMAND", "Arguments", "default", "ossible", "Print"]
        {
            assert!(!zh.contains(english), "{english}: {zh}");
        }
        let chinese = |c: char| ('\u{4e00}'..='\u{9fff}').contains(&c);
        assert!(!en.contains(chinese), "{en}");
    }
    assert!(
        out(&in_locale(&[], &["run", "--help", "--lang", "zh"])).contains("用法：shequ run [选项] <FILE>")
    );
}

#[test]
fn a_closed_pipe_is_no_error() {
    for arguments in [&["schema"][..], &["explain"], &["completions", "bash"], &["man"]] {
        let mut child =
            program::shequ().args(arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        // The reader goes away before anything is read.
        drop(child.stdout.take());
        let output = child.wait_with_output().unwrap();
        assert_eq!(output.status.code(), Some(0), "{arguments:?}");
        assert!(output.stderr.is_empty(), "{arguments:?}: {}", err(&output));
    }
}

#[test]
fn nothing_that_steers_a_terminal_is_passed_on() {
    let folder = folder();
    let name = "\u{1b}[31mX\u{202e}\u{9b}1m\u{7}";
    let file = format!("{name}.toml");
    let text = format!("name = \"A\"\n\"{}\" = 1\n# {name}\nmonths = x {name}\n", "\\u001B[31m\\u202E");
    fs::write(folder.path().join(&file), text).unwrap();
    let quoted = "name = \"A\"\nfunding.election = \"a\\u001Bb\"\n\"\\u001B\\u202E\" = 1\n";
    fs::write(folder.path().join("quoted.toml"), quoted).unwrap();
    fs::write(folder.path().join("design.csv"), format!("{name},months\n1,2\n")).unwrap();
    let sweep = "kind = \"sweep\"\nname = \"A\"\nscenario = \"quoted.toml\"\n[design]\nmethod = \"csv\"\nfile = \"design.csv\"\n";
    fs::write(folder.path().join("sweep.toml"), sweep).unwrap();
    let given = format!("months={name}");
    let key = format!("{name}=1");
    let commands: [&[&str]; 22] = [
        &["explain", name],
        &[name],
        &["run", name],
        &["run", &file],
        &["run", "quoted.toml", "--set", &given],
        &["run", "quoted.toml", "--set", &key],
        &["run", "quoted.toml", "--threads", name],
        &["run", "quoted.toml", name],
        &["check", &file, "quoted.toml"],
        &["check", "quoted.toml", "--diff", &file],
        &["compare", "quoted.toml", &file],
        &["contest", "quoted.toml", &file],
        &["compare", "quoted.toml", &file, "--outcome", name],
        &["sweep", "sweep.toml"],
        &["sweep", "sweep.toml", "--shard", name],
        &["sensitivity", &file],
        &["merge", name],
        &["status", name],
        &["report", name],
        &["reproduce", name],
        &["trace", &file, "--resident", name],
        &["validate", name],
    ];
    for arguments in commands {
        let output = shequ(folder.path(), arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {}", err(&output));
        for c in (out(&output) + &err(&output)).chars() {
            assert!(!c.is_control() || c == '\n', "{arguments:?} passes on {c:?}: {}", err(&output));
            assert!(!('\u{202a}'..='\u{202e}').contains(&c), "{arguments:?} passes on {c:?}");
        }
    }
}

#[test]
fn messages_are_bounded_whatever_they_are_about() {
    const MOST: usize = 64 << 10;
    let folder = folder();
    let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
    let word = "q".repeat(100_000);
    let lines = |line: &dyn Fn(u32) -> String| (0..20_000).map(line).collect::<String>();
    write(
        "long.toml",
        &format!(
            "name = \"A\"\n{word} = 1\n[council]\nselection = \"{word}\"\n[funding]\nelection = \"{word}.pb\"\n"
        ),
    );
    write("keys.toml", &format!("name = \"A\"\n{}", lines(&|i| format!("x{i} = 1\n"))));
    write("twice.toml", &format!("name = \"A\"\n{}", lines(&|_| "months = z\n".into())));
    let header: String = lines(&|i| format!("c{i},")) + "months";
    write("design.csv", &format!("{header}\n{}1\n", "1,".repeat(20_000)));
    write("A.toml", "name = \"A\"\n");
    let sweep = |design: &str| format!("kind = \"sweep\"\nname = \"A\"\nscenario = \"A.toml\"\n{design}");
    write("columns.toml", &sweep("[design]\nmethod = \"csv\"\nfile = \"design.csv\"\n"));
    write(
        "vary.toml",
        &sweep(&format!("[design]\nmethod = \"grid\"\n[vary]\n{}", lines(&|i| format!("o{i} = [1, 2]\n")))),
    );
    for i in 0..40 {
        write(&format!("e{i}.toml"), &format!("extends = \"e{}.toml\"\nname = \"A\"\n", i + 1));
    }
    write("e40.toml", "name = \"A\"\n");
    let set = format!("{word}=1");
    let commands: [&[&str]; 9] = [
        &["check", "long.toml"],
        &["check", "keys.toml", "twice.toml"],
        &["check", "e0.toml"],
        &["run", "A.toml", "--set", &set],
        &["run", "A.toml", "--threads", &word],
        &["explain", &word],
        &["report", &word],
        &["sweep", "columns.toml"],
        &["sweep", "vary.toml"],
    ];
    for arguments in commands {
        let output = shequ(folder.path(), arguments);
        let length = out(&output).len() + err(&output).len();
        let (first, last) = (arguments[0], &arguments[1][..arguments[1].len().min(20)]);
        assert_eq!(output.status.code(), Some(2), "{first} {last}");
        assert!((1..MOST).contains(&length), "{first} {last} says {length} bytes");
    }
}
