//! Finished results folders, as commands meet them.

use super::output;
use shequ_experiment::record::manifest::Program;
use shequ_model::base::i18n::{Both, both};
use shequ_model::base::params::text;

/// Warns if another version of the program wrote results.
pub fn warn_of_versions(then: &Program) {
    let now = Program::this();
    for (what, then, now) in [
        (text("model version", "模型版本"), &then.model, &now.model),
        (text("program version", "程序版本"), &then.version, &now.version),
        (text("commit", "提交"), &then.commit, &now.commit),
        (text("hash of the sources", "源代码的哈希值"), &then.sources, &now.sources),
    ] {
        if then != now {
            output::tell(both!(
                "warning: {what} was {then} and is {now}", "警告：{what}原为 {then}，现为 {now}";
                what = what, then = then, now = now
            ));
        }
    }
}

/// The same words as a warning.
pub fn warning(words: Both) -> Both {
    both!("warning: {words}", "警告：{words}"; words = words)
}
