//! Every message that the source makes by `both!` says the same in both languages.
//!
//! That a message has Chinese at all is seen to by the types: see `base::i18n`.

use std::collections::BTreeSet;

use crate::{sources, translation};

/// The string literal at the start of `code`, read as the compiler does, and what comes after it.
fn literal(code: &str) -> Option<(String, &str)> {
    let inner = code.trim_start().strip_prefix('"')?;
    let (mut text, mut rest) = (String::new(), inner.chars());
    loop {
        match rest.next()? {
            '"' => return Some((text, rest.as_str())),
            '\\' => match rest.next()? {
                '\n' => rest = rest.as_str().trim_start().chars(),
                'n' => text.push('\n'),
                other => text.push(other),
            },
            other => text.push(other),
        }
    }
}

/// The English and the Chinese of every `both!` in `code`.
fn messages(code: &str) -> Vec<(String, String)> {
    let calls = code.split("both!(").skip(1);
    calls
        .filter_map(|call| {
            let (en, rest) = literal(call)?;
            let (zh, _) = literal(rest.trim_start().strip_prefix(',')?)?;
            Some((en, zh))
        })
        .collect()
}

/// Names of what is filled in: `{path}` and `{given:?}` give "path" and "given".
fn filled(text: &str) -> BTreeSet<String> {
    let text = text.replace("{{", "").replace("}}", "");
    let parts = text.split('{').skip(1);
    parts.filter_map(|part| part.split([':', '}']).next()).map(String::from).collect()
}

#[test]
fn every_message_says_the_same_in_both_languages() {
    let (mut wrong, mut count) = (Vec::new(), 0);
    for (path, code) in sources::all() {
        let code: Vec<&str> = code.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
        for (en, zh) in messages(&code.join("\n")) {
            count += 1;
            if filled(&en) != filled(&zh) {
                wrong.push(format!("{}: filled in differently:\n{en}\n{zh}", path.display()));
            }
            wrong.extend(translation::check(&en, &zh).err().map(|why| format!("{}: {why}", path.display())));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
    assert!(count > 150, "only {count} messages were found, so the reading of them must be wrong");
}

#[test]
fn messages_are_found_however_they_are_laid_out() {
    let code = "both!(\"a \\\"b\\\"\", \"甲\"); both!(\n  \"one \\\n   two\",\n \"一二\"; n = 1)";
    let found = messages(code);
    assert_eq!(found, [("a \"b\"".into(), "甲".into()), ("one two".into(), "一二".into())]);
    assert_eq!(filled("{a} {{b}} {c:?}"), ["a", "c"].map(String::from).into());
    for (en, zh) in [("gone", "gone"), ("`a` is 2", "`b` 是 2"), ("\"a\" is 2", "\"a\" 是 3")] {
        assert!(translation::check(en, zh).is_err(), "{en}");
    }
}
