//! What people see of a contest: how far an effect ranges over theories and rules, and what it depends on.

use crate::comparison::table::{judged, significant};
use crate::comparison::{title, window_in_words};
use crate::page::contest::source_called;
use crate::shown::Shown;
use crate::terminal;
use crate::theories::{rule_called, theory_called};
use shequ_experiment::compare::effects::{Asked, Effect};
use shequ_experiment::contest::range::{Range, SOURCES, Verdict};
use shequ_experiment::contest::variance::Part;
use shequ_experiment::contest::{Contest, Of, Split};
use shequ_model::base::i18n::Language;
use shequ_model::base::params::text;

/// A contest, ready to be shown.
#[derive(Clone, Copy)]
pub struct Shows<'a> {
    /// What was simulated.
    pub contest: &'a Contest<'a>,
    /// The outcomes of every replicate.
    pub asked: &'a Asked,
    /// The effects, by policy, theory, rule, window and outcome.
    pub effects: &'a [Effect],
    /// Language of words.
    pub language: Language,
}

impl Shows<'_> {
    fn say(&self, en: &'static str, zh: &'static str) -> String {
        self.language.of(text(en, zh)).into()
    }

    /// Title of policy `policy`, counted from 0 without the base.
    fn policy(&self, policy: usize) -> &str {
        title(&self.contest.sides[(policy + 1) * self.contest.combinations()], self.language)
    }

    /// The ranges and the sources of variance, for a terminal of 80 columns.
    pub fn summary(&self) -> String {
        let splits = self.contest.splits(self.asked);
        let ranges = self.contest.ranges(self.effects, self.asked);
        let mut parts = Vec::new();
        for policy in 0..self.contest.policies() {
            for window in 0..self.asked.windows.len() {
                let months = self.asked.windows[window].0;
                let own = ranges.iter().filter(|(of, range)| *of == policy && range.lowest.window == months);
                parts.push(self.ranges(policy, window, &own.map(|(_, range)| range).collect::<Vec<_>>()));
            }
        }
        parts.extend([Of::Outcome, Of::Effect].into_iter().filter_map(|of| self.sources(&splits, of)));
        parts.push(self.note());
        parts.join("\n\n")
    }

    fn ranges(&self, policy: usize, window: usize, ranges: &[&Range]) -> String {
        let in_words = window_in_words(self.asked.windows[window].0, self.language);
        let base = title(&self.contest.sides[0], self.language);
        let heading = match self.language {
            Language::En => format!("{} against {base}, {in_words}", self.policy(policy)),
            Language::Zh => format!("{} 对比 {base}（{in_words}）", self.policy(policy)),
        };
        let mut table = terminal::table(vec![
            self.say("effect ± 95 %", "效应 ± 95% 区间"),
            self.say("lowest", "最低"),
            self.say("highest", "最高"),
            self.say("significant", "显著"),
        ]);
        ranges.iter().for_each(|range| {
            table.add_row(self.row(range));
        });
        terminal::align_right(&mut table, 1..3);
        terminal::keep_whole(&mut table, 1..4);
        let depends = self.depends(ranges);
        format!("{heading}\n\n{}\n\n{table}\n\n{depends}", self.cells(policy, window, 0))
    }

    /// Which effects are shown to depend on the theory, on the rule, or on which of each go together.
    fn depends(&self, ranges: &[&Range]) -> String {
        let line = |(source, en, zh)| {
            let is_shown =
                |range: &&&Range| range.shown_to_depend_on().is_some_and(|sources| sources.contains(&source));
            let label = |range: &&Range| self.language.of(range.lowest.outcome.metric.label).to_string();
            let shown: Vec<String> = ranges.iter().filter(is_shown).map(label).collect();
            let list = match shown.is_empty() {
                true => self.say("not significant for any", "均不显著"),
                false => shown.join(&self.say(", ", "、")),
            };
            self.say(en, zh) + &list
        };
        let lines = [
            (SOURCES[0], "The effect depends on the theory: ", "效应因理论而异："),
            (SOURCES[1], "The effect depends on the trust rule: ", "效应因信任规则而异："),
            (
                SOURCES[2],
                "It depends on the combination of theory and rule: ",
                "效应因理论与规则的组合而异：",
            ),
        ];
        lines.map(line).join("\n")
    }

    /// The effects on one outcome: a row for each theory, a column for each trust rule.
    fn cells(&self, policy: usize, window: usize, outcome: usize) -> String {
        let shown = Shown::of(self.asked.outcomes[outcome].metric, self.language);
        let rules = &self.contest.rules;
        let head = std::iter::once(shown.short_label(self.language))
            .chain(rules.iter().map(|rule| rule_called(rule, self.language)));
        let mut table = terminal::table(head.collect());
        let effects = self.contest.over_combinations(self.effects, self.asked, policy, (window, outcome));
        for (theory, row) in self.contest.theories.iter().zip(effects.chunks(rules.len())) {
            let cells = row.iter().map(|effect| judged(effect, shown));
            let theory = theory_called(theory, self.language);
            table.add_row(std::iter::once(theory).chain(cells).collect::<Vec<_>>());
        }
        terminal::align_right(&mut table, 1..rules.len() + 1);
        table.to_string()
    }

    fn row(&self, range: &Range) -> Vec<String> {
        let shown = Shown::of(range.lowest.outcome.metric, self.language);
        let Range { up, down, combinations, .. } = *range;
        let counted = match (range.verdict(), self.language) {
            (Verdict::SomeUp | Verdict::PartlyUp, Language::En) => format!("{up} of {combinations} up"),
            (Verdict::SomeDown | Verdict::PartlyDown, Language::En) => {
                format!("{down} of {combinations} down")
            }
            (Verdict::Opposed, Language::En) => format!("{up} up, {down} down"),
            (Verdict::SomeUp | Verdict::PartlyUp, Language::Zh) => format!("{up}/{combinations} 上升"),
            (Verdict::SomeDown | Verdict::PartlyDown, Language::Zh) => {
                format!("{down}/{combinations} 下降")
            }
            (Verdict::Opposed, Language::Zh) => format!("{up} 升 {down} 降"),
            (verdict, language) => language.of(verdict.text()).to_string(),
        };
        vec![
            shown.short_label(self.language),
            judged(range.lowest, shown),
            judged(range.highest, shown),
            counted,
        ]
    }

    /// Where the variance of outcomes, or of effects, comes from: a row for each outcome and window.
    fn sources(&self, splits: &[Split], of: Of) -> Option<String> {
        let is_wanted = |s: &&Split| s.of == of && s.parts.iter().any(|p| !p.share.is_nan());
        let wanted: Vec<&Split> = splits.iter().filter(is_wanted).collect();
        let first = wanted.first()?;
        let name = |part: &Part| match part.source.contains(':') {
            true => self.say("interactions", "交互作用"),
            false => source_called(&part.source).of(self.language).to_string(),
        };
        // Interactions are added up: the table has them one by one.
        let mut names: Vec<String> = first.parts.iter().map(name).collect();
        names.dedup();
        let heading = vec![match of {
            Of::Outcome => self.say("variance of the outcome, %", "结果的方差来源，%"),
            Of::Effect => self.say("variance of the effect, %", "效应的方差来源，%"),
        }];
        let mut table = terminal::table(heading.into_iter().chain(names.iter().cloned()).collect());
        for split in wanted {
            let label = self.language.of(split.outcome.metric.label);
            let window = window_in_words(split.window, self.language);
            let several = self.asked.windows.len() > 1;
            let label = if several { format!("{label}, {window}") } else { label.into() };
            let share = |wanted: &String| {
                let own: Vec<&Part> = split.parts.iter().filter(|part| name(part) == *wanted).collect();
                let share: f64 = own.iter().map(|part| part.share).sum();
                // A little below zero means zero, and then chance is a little above one.
                let percent = |share: f64| format!("{:.0}", 100.0 * share.clamp(0.0, 1.0));
                match own[..] {
                    [part] if of == Of::Effect && !part.half_width.is_nan() => {
                        let ends = [share - part.half_width, share + part.half_width].map(percent);
                        format!("{} [{}, {}]", percent(share), ends[0], ends[1])
                    }
                    _ => percent(share),
                }
            };
            table.add_row(std::iter::once(label).chain(names.iter().map(share)).collect::<Vec<_>>());
        }
        terminal::align_right(&mut table, 1..names.len() + 1);
        Some(table.to_string())
    }

    fn note(&self) -> String {
        let (theories, rules) = (self.contest.theories.len(), self.contest.rules.len());
        let claims = significant(self.effects, self.language);
        let n = self.effects.iter().map(|e| e.difference.effect.n).max().unwrap_or(0);
        match self.language {
            Language::En => format!(
                "Theories {theories}, trust rules {rules}, each from the same participation at the start;\n   \
                 {n} pairs of replicates in each combination.\n{claims}\n\
                 ( ): not significant; 2 of 18 up: significant in two combinations;\n   \
                 up in all: significant in each of them at its own level of 5 %.\n\
                 That an effect depends on theory or rule is tested across replicates, with\n   \
                 Holm's correction for all such tests of this contest.\n\
                 Variance: of the outcome in a single replicate, of the effect in a pair of them,\n   \
                 with 95 % intervals, among these theories, rules and policies."
            ),
            Language::Zh => format!(
                "{theories} 种理论 × {rules} 种信任规则，起始参与水平相同；每种组合 {n} 对模拟。\n{claims}\n\
                 ( )：不显著；2/18 上升：两种组合显著上升；均上升：每种组合各自在 5% 水平上显著。\n\
                 效应是否因理论或规则而异，按各次重复检验，并对本次全部此类检验作 Holm 校正。\n\
                 方差：单次模拟的结果、单对模拟的效应及其 95% 区间，仅限于此处比较的理论、规则与政策。"
            ),
        }
    }
}
