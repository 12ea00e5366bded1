//! `replicates`: how often each row is run.

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::Kind;
use super::reading::File;
use crate::outcome::Outcome;
use crate::replicates::Replicates;
use shequ_model::base::i18n::{Both, both};
use shequ_model::base::problem::Problem;
use shequ_model::scenario::Loaded;

/// Most replicates of a row, as of a scenario.
const MOST_REPLICATES: i64 = 100_000;

impl File<'_> {
    pub fn replicates(&mut self, table: &DeTable, base: Option<&Loaded>) -> Option<Replicates> {
        let given = table.get("replicates").map(|value| (value, self.replicates_of(value)));
        match (self.overrides.replicates, given) {
            (Some(n), _) => Some(Replicates::Fixed(n)),
            (None, None) => base.map(|base| Replicates::Fixed(base.scenario.replicates)),
            (None, Some((_, Ok(replicates)))) => Some(replicates),
            (None, Some((value, Err(what)))) => {
                let problem = Problem::new(what).of("replicates").at(self.reader.place(value));
                self.wrong(problem.allowed(both!(
                    "a whole number from 1 to {MOST_REPLICATES}, or {{ until = \"participation < 0.005\", max = 200 }}",
                    "1 至 {MOST_REPLICATES} 的整数，或 {{ until = \"participation < 0.005\", max = 200 }}"
                )));
                None
            }
        }
    }

    /// A calibration tells the chance of replicates from what parameters do, the same at every point.
    pub fn tells_chance(&mut self, table: &DeTable, kind: Kind, replicates: Option<Replicates>) {
        if kind != Kind::Calibrate
            || replicates.is_none()
            || matches!(replicates, Some(Replicates::Fixed(2..)))
        {
            return;
        }
        let message = both!(
            "a calibration has the same number of replicates at every point, at least 2",
            "校准在每个点的重复次数相同，且至少为 2"
        );
        let problem = self.about("replicates", table, message);
        self.wrong(problem.help(both!(
            "2 are enough to tell chance: write replicates = 2",
            "2 次即可估计随机波动：请写 replicates = 2"
        )));
    }

    /// Intervals are known of outcomes only. A search has none: it says so itself.
    pub fn waits_for_an_outcome(
        &mut self,
        table: &DeTable,
        kind: Kind,
        rule: Option<Replicates>,
        outcomes: &[Outcome],
    ) {
        let Some(Replicates::Until { outcome, .. }) = rule else { return };
        if kind != Kind::Search && !outcomes.contains(&outcome) {
            let message = both!(
                "`until` names `{outcome}`, which is not among the outcomes",
                "`until` 以 `{outcome}` 为准，但它不在所取的结果之中";
                outcome = outcome.name()
            );
            let problem = self.about("replicates", table, message);
            self.wrong(problem.help(both!(
                "add it to `outcomes`, or name one of them",
                "请把它加入 `outcomes`，或改用其中之一"
            )));
        }
    }

    fn replicates_of(&self, value: &Spanned<DeValue>) -> Result<Replicates, Both> {
        match value.get_ref() {
            DeValue::Integer(n) => count(n)
                .map(Replicates::Fixed)
                .ok_or_else(|| both!("`replicates` is out of range", "`replicates` 超出范围")),
            DeValue::Table(rule) => {
                if let Some(other) =
                    rule.keys().find(|key| !["until", "max"].contains(&key.get_ref().as_ref()))
                {
                    return Err(both!(
                        "`replicates` has no key `{other}`", "`replicates` 没有键 `{other}`";
                        other = other.get_ref()
                    ));
                }
                let until = rule.get("until").and_then(|v| v.get_ref().as_str());
                let until = until.ok_or_else(|| {
                    both!(
                        "`replicates` has no `until`, a text in quotes",
                        "`replicates` 缺少 `until`（引号中的文本）"
                    )
                })?;
                let max = rule.get("max").ok_or_else(|| {
                    both!(
                        "`replicates` has no `max`, the largest number of replicates",
                        "`replicates` 缺少 `max`（重复次数上限）"
                    )
                })?;
                let max = max.get_ref().as_integer().and_then(count);
                let max = max.ok_or_else(|| both!("`max` is out of range", "`max` 超出范围"))?;
                Replicates::until(until, max)
                    .map_err(|what| both!("`until` {what}", "`until` {what}"; what = what))
            }
            _ => Err(both!(
                "`replicates` must be a whole number or a rule",
                "`replicates` 必须是整数，或一条规则"
            )),
        }
    }
}

fn count(n: &toml::de::DeInteger) -> Option<u32> {
    let n = i64::from_str_radix(n.as_str(), n.radix()).ok()?;
    (1..=MOST_REPLICATES).contains(&n).then_some(n as u32)
}
