//! How well each theory with each rule predicts what was held back: weights in words, and as a file.

use std::path::Path;

use super::{Error, output, validate};
use shequ_experiment::record::table::Form;
use shequ_experiment::targets::choice::RULED_OUT;
use shequ_experiment::targets::{Choice, Combination, Target, Use};
use shequ_model::base::i18n::{Both, Language, both, reason};
use shequ_model::base::params::text;
use shequ_report::targets::digits;

/// Weights that are shown are above this.
const SHOWN: f64 = 0.01;

/// Says what would keep weights from being written to `path`, before anything is run for them.
///
/// # Errors
/// Nothing is held back, the file is there, or its folder is not.
pub fn check(path: &Path, targets: &[Target]) -> Result<(), Error> {
    if !targets.iter().any(|target| target.used == Use::HoldOut) {
        return Err(Error::Usage(nothing()));
    }
    output::folder_of(path)?;
    match path.symlink_metadata() {
        Ok(_) => Err(Error::Usage(taken(path))),
        Err(_) => Ok(()),
    }
}

/// Writes the weights to a new file, whole or not at all.
///
/// # Errors
/// There are none, or the file cannot be written.
pub fn write(path: &Path, choice: Option<&Choice>, combinations: &[Combination]) -> Result<(), Error> {
    let choice = choice.ok_or_else(|| Error::Failed(nothing()))?;
    let mut bytes = Vec::new();
    let written = choice.table(combinations).write(Form::Csv, &mut bytes);
    written.map_err(|error| Error::Failed(reason(&error)))?;
    output::file(path, &bytes, false, taken(path))
}

fn taken(path: &Path) -> Both {
    both!("{path} exists already", "{path} 已经存在"; path = path.display())
}

fn nothing() -> Both {
    both!(
        "there are no weights: no target is held back and has a figure under every theory and rule",
        "没有权重：没有任何留出目标在每种理论和规则下都有数值"
    )
}

/// The weights that matter, and what they gain.
pub fn page(choice: Option<&Choice>, combinations: &[Combination], language: Language) -> String {
    let Some(choice) = choice else { return format!("{}\n", nothing().of(language)) };
    let say = |en, zh| language.of(text(en, zh)).to_string();
    let mut table = validate::table(80);
    table.set_header([
        say("theory", "参与理论"),
        say("rule of trust", "信任规则"),
        say("weight", "权重"),
        say("log score", "对数得分"),
    ]);
    let scored = combinations.iter().zip(choice.weights.iter().zip(&choice.log_scores));
    let mut shown: Vec<_> = scored.filter(|(_, (weight, _))| **weight > SHOWN).collect();
    shown.sort_by(|(_, (a, _)), (_, (b, _))| b.total_cmp(a));
    for (combination, (weight, score)) in shown {
        let theory = combination.theory.replace('_', " ");
        table.add_row([theory, combination.rule.clone(), format!("{weight:.2}"), digits(*score)]);
    }
    (2..4).for_each(|k| validate::to_the_right(&mut table, k));
    let heading = both!(
        "weights by stacking, from {n} targets held back, of {families} families",
        "堆叠权重，依据 {n} 个留出目标（分属 {families} 类）";
        n = choice.targets.len(), families = choice.families
    );
    let gain = both!(
        "log score by these weights {stacked}: {over_equal} more than if all count the same, {over_best} more than \
         the best alone",
        "按此权重的对数得分为 {stacked}：比各组合等权高 {over_equal}，比最好的单个组合高 {over_best}";
        stacked = digits(choice.stacked),
        over_equal = digits(choice.stacked - choice.equal),
        over_best = digits(choice.stacked - choice.best())
    );
    let mut page = format!("{}\n{table}\n{}\n", heading.of(language), gain.of(language));
    if choice.silent > 0 {
        let silent = both!(
            "{silent} of them are as likely under all and say nothing, such as those that all miss by more than \
             {RULED_OUT} standard deviations",
            "其中 {silent} 个目标在各组合下可能性相同，不能区分，例如所有组合都偏离超过 {RULED_OUT} 个标准差的目标";
            silent = choice.silent
        );
        page += &format!("{}\n", silent.of(language));
    }
    page
}
