//! One resident's months in words: what was open, what was considered, and what decided.

use std::fmt::Write;

use shequ_model::base::i18n::Language;
use shequ_model::base::params::{Text, text};
use shequ_model::city::Traits;
use shequ_model::city::residents::Target;
use shequ_model::simulation::trace::Entry;

/// What a resident went through, a paragraph for each month.
pub fn told(entries: &[Entry], language: Language) -> String {
    let mut page = String::new();
    entries.iter().for_each(|entry| write_entry(entry, language, &mut page));
    page
}

const NEWCOMER: Text = text("a new resident has moved in", "新居民迁入");
const YES: Text = text("takes part", "参与");
const NO: Text = text("does not take part", "未参与");
const NO_TIME: Text = text("would take part, but has no time left", "愿意参与，但时间不足");
const NOT_ELIGIBLE: Text = text("not eligible", "不符合资格");
const REQUEST: Text = text("files a request with the committee", "向居委会提出请求");
const TRUST: Text = text("trust changes", "信任变化");
const SATISFACTION: Text = text("satisfaction", "满意度");

fn write_entry(entry: &Entry, language: Language, page: &mut String) {
    let of = |t: Text| language.of(t);
    let who = describe(entry.age, entry.traits, language);
    let hours = entry.time;
    let free = of(text("free hours per month", "每月空闲小时"));
    let _ = writeln!(page, "{}  {who}; {hours:.1} {free}", entry.date);
    if entry.newcomer {
        let _ = writeln!(page, "  {}", of(NEWCOMER));
    }
    for c in &entry.considered {
        let verdict = match (c.eligible, entry.did(c.mode), c.draw < c.chance) {
            (false, ..) => of(NOT_ELIGIBLE),
            (_, true, _) => of(YES),
            (_, false, true) => of(NO_TIME),
            _ => of(NO),
        };
        let _ = writeln!(page, "  {}: {verdict}", of(c.mode.label()));
        if !c.eligible {
            continue;
        }
        let terms: Vec<String> = c.terms.iter().map(|t| format!("{} {:+.3}", of(t.name), t.value)).collect();
        let _ = writeln!(page, "    {}", terms.join(" · "));
        let asked = match c.persuaded {
            0.0 => String::new(),
            persuaded => format!(" + {} {persuaded:.3}", of(text("asked in person", "当面邀请"))),
        };
        let _ = writeln!(
            page,
            "    × {} {:.3}{asked} × {} {:.3} = {} {:.4}; {} {:.4}",
            of(text("is aware of it", "知情")),
            c.knows,
            of(text("open", "有机会")),
            c.open,
            of(text("chance", "概率")),
            c.chance,
            of(text("draw", "随机数")),
            c.draw
        );
    }
    if entry.request {
        let _ = writeln!(page, "  {}", of(REQUEST));
    }
    let moved: Vec<String> = Target::ALL
        .iter()
        .zip(&entry.trust)
        .filter(|(_, (before, after))| before != after)
        .map(|(target, (before, after))| format!("{} {before:.3} → {after:.3}", of(target.label())))
        .collect();
    if !moved.is_empty() {
        let _ = writeln!(page, "  {}: {}", of(TRUST), moved.join(" · "));
    }
    let (before, after) = entry.satisfaction;
    let _ = writeln!(page, "  {}: {before:.3} → {after:.3}\n", of(SATISFACTION));
}

fn describe(age: u16, traits: Traits, language: Language) -> String {
    let words = [
        if traits.male() { text("man", "男") } else { text("woman", "女") },
        if traits.owner() { text("owner", "自有住房") } else { text("renter", "租住") },
        if traits.local() {
            text("local hukou", "本地户籍")
        } else {
            text("non-local hukou", "外地户籍")
        },
        if traits.party() { text("party member", "党员") } else { text("not a party member", "非党员") },
    ];
    let words: Vec<&str> = words.into_iter().map(|w| language.of(w)).collect();
    format!("{age}, {}", words.join(", "))
}
