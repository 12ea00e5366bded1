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

/// Topics that one answer lists at most.
const MOST: usize = 60;

/// Arguments of `explain`.
#[derive(Args)]
pub struct Arguments {
    /// A key, table, theory, metric, command, term or other name, or words of English or Chinese to look for;
    /// without any, what there is is listed by families
    #[arg(value_name = "WORD")]
    words: Vec<String>,
    /// List everything, key by key
    #[arg(long, conflicts_with = "words")]
    all: bool,
}

/// Explains one thing, lists those that words are found in, or what there is.
pub fn run(arguments: Arguments, common: Common) -> Result<(), Error> {
    let topics: Vec<Topic> = SOURCES.iter().flat_map(|source| source()).collect();
    if arguments.words.is_empty() {
        let text =
            if arguments.all { list(topics.iter(), common.lang) } else { families(&topics, common.lang) };
        return output::print(&text);
    }
    output::print(&found(&topics, &arguments.words.join(" "), common.lang)?)
}

/// Topics, chapter by chapter.
fn list<'a>(topics: impl Iterator<Item = &'a Topic> + Clone, language: Language) -> String {
    let width = topics.clone().map(|topic| topic.name.len()).max().unwrap_or(0);
    let line = |topic: &Topic| format!("  {:<width$}  {}\n", topic.name, topic.meaning(language));
    let chapter = |chapter: &Text| {
        let own = topics.clone().filter(|topic| topic.chapter == *chapter);
        format!("{}\n{}", language.of(*chapter), own.map(line).collect::<String>())
    };
    chapters(topics.clone()).iter().map(chapter).collect::<Vec<_>>().join("\n")
}

/// The chapters, in the order of their first topics.
fn chapters<'a>(topics: impl Iterator<Item = &'a Topic>) -> Vec<Text> {
    let mut chapters: Vec<Text> = Vec::new();
    for topic in topics {
        if !chapters.contains(&topic.chapter) {
            chapters.push(topic.chapter);
        }
    }
    chapters
}

/// Every chapter with its tables, and how many topics it has.
fn families(topics: &[Topic], language: Language) -> String {
    let tables = tables::topics();
    let chapter = |chapter: &Text| {
        let own: Vec<&Topic> = tables.iter().filter(|topic| topic.chapter == *chapter).collect();
        let width = own.iter().map(|topic| topic.name.len()).max().unwrap_or(0);
        let line = |topic: &&Topic| format!("  {:<width$}  {}\n", topic.name, topic.meaning(language));
        let count = topics.iter().filter(|topic| topic.chapter == *chapter).count();
        format!("{} ({count})\n{}", language.of(*chapter), own.iter().map(line).collect::<String>())
    };
    let all: String = chapters(topics.iter()).iter().map(chapter).collect();
    let how = both(
        "`shequ explain NAME` shows a table, a chapter or any name; words of English or Chinese are looked for everywhere; \
         --all lists everything.",
        "`shequ explain 名称` 显示某个表、某一章或任一名称；也可用中英文词语查找；--all 列出全部。",
    );
    format!("{all}\n{}\n", how.of(language))
}

/// What there is to say of a name, or where words are found.
fn found(topics: &[Topic], words: &str, language: Language) -> Result<String, Error> {
    let words = words.trim();
    let own = |topic: &&Topic| language.of(topic.chapter) == words || topic.chapter.en == words;
    match find(topics, words) {
        Ok(topic) => Ok(topic.page(language)),
        Err(_) if topics.iter().any(|topic| own(&topic)) => Ok(list(topics.iter().filter(own), language)),
        Err(error) if words.is_empty() => Err(error),
        Err(error) => match search(topics, words)[..] {
            [] => Err(error),
            [only] => Ok(only.page(language)),
            ref several => Ok(listed_by_chapter(several, words, language)),
        },
    }
}

/// The topics in which every word is found, first those whose names hold them all.
fn search<'a>(topics: &'a [Topic], words: &str) -> Vec<&'a Topic> {
    let words: Vec<String> = words.split_whitespace().map(str::to_lowercase).collect();
    let named = topics.iter().filter(|topic| topic.is_named_by(&words));
    let told = topics.iter().filter(|topic| !topic.is_named_by(&words) && topic.tells_of(&words));
    named.chain(told).collect()
}

fn listed_by_chapter(several: &[&Topic], words: &str, language: Language) -> String {
    let count = several.len();
    let said = both!("{count} topics tell of `{words}`:", "`{words}` 见于 {count} 个条目：");
    let rest = match count.saturating_sub(MOST) {
        0 => String::new(),
        rest => format!(
            "\n{}\n",
            both!("and {rest} others; add a word", "另有 {rest} 个；可再加一个词").of(language)
        ),
    };
    let shown = several.iter().take(MOST).copied();
    format!("{}\n\n{}{rest}", said.of(language), list(shown, language))
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
