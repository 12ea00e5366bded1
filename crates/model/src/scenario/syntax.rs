//! Plain words for what the TOML parser says.

use super::written;
use crate::base::i18n::{Both, both};
use crate::base::problem::Problem;

/// Signs that a Chinese keyboard gives in place of those that TOML knows.
const LOOK_ALIKES: [(char, char); 15] = [
    ('\u{FF1D}', '='),
    ('\u{201C}', '"'),
    ('\u{201D}', '"'),
    ('\u{FF0C}', ','),
    ('\u{FF3B}', '['),
    ('\u{FF3D}', ']'),
    ('\u{3010}', '['),
    ('\u{3011}', ']'),
    ('\u{FF03}', '#'),
    ('\u{2018}', '"'),
    ('\u{2019}', '"'),
    ('\u{300C}', '"'),
    ('\u{300D}', '"'),
    ('\u{FF1A}', '='),
    (':', '='),
];

/// What people write for true and false.
const TRUE: [&str; 9] = ["True", "TRUE", "yes", "Yes", "on", "是", "有", "真", "开"];
const FALSE: [&str; 9] = ["False", "FALSE", "no", "No", "off", "否", "无", "假", "关"];

/// Chinese words that people write for keys and tables.
const KEYS: [(&str, &str); 24] = [
    ("名称", "name"),
    ("说明", "description"),
    ("月数", "months"),
    ("开始", "start"),
    ("变化", "change"),
    ("种子", "seed"),
    ("人口", "population"),
    ("社区数", "communities"),
    ("成年居民", "adults"),
    ("居民", "residents"),
    ("资金", "funding"),
    ("专项资金", "funding"),
    ("经费", "funding"),
    ("基数", "base"),
    ("人均", "per_capita"),
    ("决定者", "decider"),
    ("议事会", "council"),
    ("启用", "enabled"),
    ("联络", "outreach"),
    ("微信群", "wechat_group"),
    ("工作人员", "staff"),
    ("人数", "count"),
    ("选举", "election"),
    ("物业", "property"),
];

/// What the parser, which speaks English only, says of mistakes that people make; of others it is left so.
const PARSER: [(&str, &str); 12] = [
    ("unexpected leading zero", "数的开头有多余的零"),
    ("unexpected sign", "有多余的正负号"),
    ("`_` may only go between digits", "`_` 只能位于数字之间"),
    ("extra `=`", "有多余的 `=`"),
    ("missing opening quote", "缺少开头的引号"),
    ("missing value", "缺少值"),
    ("missing escaped value", "\\ 之后缺少字符"),
    ("missing comma between array elements", "列表的各项之间缺少逗号"),
    ("extra comma in array", "列表中有多余的逗号"),
    ("unexpected `=` in array", "列表中不应有 `=`"),
    ("invalid unquoted key", "不加引号的键中有不能使用的符号"),
    ("unquoted keys cannot be empty", "不加引号的键不能为空"),
];

/// The problem behind the parser's `message` about byte `at` of `text`. Where something is `unclosed`, the
/// parser only stumbles later, over what is right in itself.
pub fn problem(message: &str, text: &str, at: usize, unclosed: bool) -> Problem {
    let near = text.get(at..).unwrap_or_default();
    if let Some(number) = number(text, at).filter(|_| !unclosed) {
        return Problem::new(both!("this number has {sign}", "这个数中有{sign}"; sign = number.sign))
            .help(both!("write {plain}", "请写 {plain}"; plain = number.plain));
    }
    if let Some(blank) = near.chars().next().filter(|&c| c.is_whitespace() && !c.is_ascii()) {
        let code = format!("U+{:04X}", blank as u32);
        return Problem::new(both!("this blank is the sign {code}", "此处的空格是符号 {code}"))
            .help(both!("write an ordinary space instead", "请改用普通空格"));
    }
    let look_alike = near.chars().next().and_then(|c| LOOK_ALIKES.into_iter().find(|&(wide, _)| wide == c));
    if let Some((wide, plain)) = look_alike {
        return Problem::new(both!("TOML does not allow the character {wide}", "TOML 不允许符号 {wide}"))
            .help(both!("write {plain} instead", "请改用半角的 {plain}"));
    }
    let said = |what: Both, help: Both| Problem::new(what).help(help);
    let starts = |start: &str| message.starts_with(start);
    if starts("invalid unquoted key") && near.starts_with("//") {
        return said(
            both!("TOML does not allow //", "TOML 不允许 //"),
            both!("comments begin with #", "注释以 # 开头"),
        );
    }
    if let Some(plain) =
        flag(near).filter(|_| starts("string values must be quoted") || starts("invalid boolean"))
    {
        let word = near.split_whitespace().next().unwrap_or_default();
        return said(
            both!("{word} is neither true nor false", "{word} 不是 true 或 false"),
            both!("write {plain}, without quotes", "请写 {plain}，不加引号"),
        );
    }
    if let Some(word) = chinese(near).filter(|_| starts("invalid unquoted key")) {
        return not_english(word);
    }
    if unclosed {
        said(
            both!("a bracket before this point is never closed", "此处之前有括号打开而未闭合"),
            both!("look for a lone [ or {{ here or above", "请在此处或上文寻找没有配对的 [ 或 {{"),
        )
    } else if is_too_deep(message) {
        said(
            both!("lists and tables are nested too deeply", "列表与表嵌套过深"),
            both!("a scenario needs no more than tables within tables", "情景只需要表中的表，不必更深"),
        )
    } else if starts("duplicate key") {
        said(
            both!("this key or table is defined twice", "这个键或表重复定义"),
            both!("keep one of the two", "请只保留其中之一"),
        )
    } else if starts("string values must be quoted") {
        said(
            both!("text must be in quotes", "文本必须加引号"),
            both!("write \"…\" around it", "请在两端加上引号：\"…\""),
        )
    } else if starts("invalid date") {
        said(
            both!("this is not a valid TOML date", "这不是有效的 TOML 日期"),
            both!("write a month in quotes: \"2017-01\"", "请写引号中的月份：\"2017-01\""),
        )
    } else if starts("invalid basic string") && near.starts_with(['\r', '\n']) {
        said(
            both!("this line ends in the middle of a text", "这一行在文本中间就结束了"),
            both!("close the text with \"", "请用 \" 结束文本"),
        )
    } else if starts("key with no value") {
        said(both!("this key has no value", "这个键没有值"), both!("write key = value", "请写成 key = value"))
    } else if starts("unexpected key or value") {
        said(
            both!("there is more text where the line should end", "这一行本应结束，却还有内容"),
            both!("one key a line; numbers without commas and units", "每行一个键；数不带逗号和单位"),
        )
    } else {
        let message = message.trim_end_matches(", expected nothing");
        let known = PARSER.iter().find(|(en, _)| message.starts_with(en));
        let said = both(message, known.map_or(message, |(_, zh)| zh));
        Problem::new(both!("this is not TOML: {said}", "这不是有效的 TOML：{said}"; said = said))
    }
}

/// True or false, if the line goes on with a word for it.
fn flag(text: &str) -> Option<bool> {
    let word = text.lines().next()?.split('#').next()?.trim();
    (TRUE.contains(&word)).then_some(true).or(FALSE.contains(&word).then_some(false))
}

/// The Chinese word that a text begins with.
fn chinese(text: &str) -> Option<&str> {
    let is = |c: char| ('\u{4E00}'..='\u{9FFF}').contains(&c);
    let word = text.split(|c| !is(c)).next()?;
    (!word.is_empty()).then_some(word)
}

fn not_english(word: &str) -> Problem {
    let problem =
        Problem::new(both!("keys are written in English, not as {word}", "键用英文书写，不写 {word}"));
    match KEYS.iter().find(|(zh, _)| *zh == word) {
        Some((_, key)) => problem.help(both!("did you mean `{key}`?", "是否想写 `{key}`？")),
        None => problem.help(both!(
            "`shequ explain` lists all keys, with what they mean",
            "`shequ explain` 列出所有的键及其含义"
        )),
    }
}

/// The number that the line of byte `at` gives to its key, if it is written as TOML does not know it.
fn number(text: &str, at: usize) -> Option<written::Number> {
    let start = text.get(..at)?.rfind('\n').map_or(0, |end| end + 1);
    let line = text[start..].lines().next()?;
    let (_, value) = line.split_once(['=', '\u{FF1D}'])?;
    written::number(value.split('#').next()?)
}

/// True if the parser gave up because of nesting.
pub fn is_too_deep(message: &str) -> bool {
    message.contains("recursion") || message.contains("recurse")
}
