//! `shequ explain`.
//!
//! To explain another kind of thing: write a function that returns its [`Topic`]s, and add one line
//! to [`SOURCES`].

pub mod arguments;
pub mod commands;
pub mod glossary;
mod keys;
mod metrics;
mod rows;
mod tables;
mod topic;

pub use topic::{Fact, Topic, fact, says};

use clap::Args;

use super::{Common, Error, Language, output};
use shequ_model::base::i18n::{Both, both, listed};
use shequ_model::base::params::{Text, text};
use shequ_model::base::problem::nearest;

/// Everything that can be explained.
const SOURCES: &[fn() -> Vec<Topic>] =
    &[tables::topics, keys::topics, metrics::topics, commands::topics, glossary::topics, rows::topics];

/// Arguments of `explain`.
#[derive(Args)]
pub struct Arguments {
    /// A dotted key, table, institution, theory, rule, mode, metric, command, term or row of the mechanism map;
    /// without it, all are listed
    word: Option<String>,
}

/// Explains one thing, or lists all that can be explained.
pub fn run(arguments: Arguments, common: Common) -> Result<(), Error> {
    let topics: Vec<Topic> = SOURCES.iter().flat_map(|source| source()).collect();
    match arguments.word {
        None => output::print(&list(&topics, common.lang)),
        Some(word) => output::print(&find(&topics, &word)?.page(common.lang)),
    }
}

/// All topics, chapter by chapter: the tables of a chapter, then its keys.
fn list(topics: &[Topic], language: Language) -> String {
    let width = topics.iter().map(|topic| topic.name.len()).max().unwrap_or(0);
    let line = |topic: &Topic| format!("  {:<width$}  {}\n", topic.name, topic.meaning(language));
    let mut chapters: Vec<Text> = Vec::new();
    for topic in topics {
        if !chapters.contains(&topic.chapter) {
            chapters.push(topic.chapter);
        }
    }
    let chapter = |chapter: &Text| {
        let lines: String = topics.iter().filter(|topic| topic.chapter == *chapter).map(line).collect();
        format!("{}\n{lines}", language.of(*chapter))
    };
    chapters.iter().map(chapter).collect::<Vec<_>>().join("\n")
}

/// The topic of this name, or the only one whose dotted name ends in it.
fn find<'a>(topics: &'a [Topic], word: &str) -> Result<&'a Topic, Error> {
    let word = word.trim().trim_start_matches('[').trim_end_matches(']');
    let named = |topic: &&Topic| topic.name == word;
    let known = |topic: &&Topic| topic.also.iter().any(|name| name == word);
    if let Some(topic) = topics.iter().find(named).or_else(|| topics.iter().find(known)) {
        return Ok(topic);
    }
    let last = |topic: &&Topic| topic.name.rsplit('.').next() == Some(word);
    let ending: Vec<&Topic> = topics.iter().filter(last).collect();
    match ending.as_slice() {
        [only] => Ok(only),
        [] => Err(Error::Usage(unknown(topics, word))),
        several => {
            let names: Vec<&str> = several.iter().map(|topic| topic.name.as_str()).collect();
            Err(Error::Usage(both!(
                "several things are called `{word}`: {names}", "有几项都名为 `{word}`：{names}";
                word = word, names = listed(names)
            )))
        }
    }
}

fn unknown(topics: &[Topic], word: &str) -> Both {
    let full = topics.iter().map(|topic| topic.name.as_str());
    let last = topics.iter().filter_map(|topic| topic.name.rsplit('.').next());
    match nearest(word, full).or_else(|| nearest(word, last)) {
        Some(near) => both!(
            "nothing is called `{word}`; did you mean `{near}`?",
            "这里没有名为 `{word}` 的内容；是否想查 `{near}`？"
        ),
        None => both!(
            "nothing is called `{word}`; `shequ explain` lists all topics",
            "这里没有名为 `{word}` 的内容；`shequ explain` 列出全部条目"
        ),
    }
}

/// Labels of facts.
mod label {
    use super::text;
    use shequ_model::base::params::Text;

    pub const KIND: Text = text("kind", "类型");
    pub const ALLOWED: Text = text("allowed", "允许值");
    pub const WORDS: Text = text("words", "选项");
    pub const COLUMNS: Text = text("columns", "列");
    pub const UNIT: Text = text("unit", "单位");
    pub const DEFAULT: Text = text("default", "默认值");
    pub const GRADE: Text = text("evidence", "证据等级");
    pub const SOURCE: Text = text("source", "来源");
    pub const PRIOR: Text = text("prior", "先验");
    pub const TOGETHER: Text = text("identified only together with", "只能与下列键一并识别");
    pub const CHANGE: Text = text("[[change]]", "[[change]]");
    pub const EQUATION: Text = text("equation", "方程");
    pub const ROWS: Text = text("mechanism map", "机制图谱");
    pub const NEUTRAL: Text = text("absent", "等同于关闭");
    pub const ACTS: Text = text("each month", "每月行动");
    pub const KEYS: Text = text("keys", "键");
    pub const EXAMPLE: Text = text("example", "示例");
    pub const USE: Text = text("to use it", "启用方式");
    pub const LABEL: Text = text("label", "名称");
    pub const HOW: Text = text("how it is computed", "计算方式");
    pub const ARGUMENTS: Text = text("arguments", "参数");
    pub const STATUS: Text = text("status", "状态");
    pub const ORIGIN: Text = text("origin", "来由");
    pub const FILES: Text = text("where", "所在文件");
    pub const SHOWN: Text = text("shown by", "验证方式");
    pub const ONCE: Text = text("in version 0.1.0", "0.1.0 版的说法");
    pub const NAMES: Text = text("names in a formula", "公式中的名称");
    pub const SIGNS: Text = text("signs in a formula", "公式中的运算符");
    pub const FUNCTIONS: Text = text("functions in a formula", "公式中的函数");
    pub const MORE: Text = text("more", "更多");
}
