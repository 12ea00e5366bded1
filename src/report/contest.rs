//! What people see of a contest: how far an effect ranges over theories and rules, and what it hangs on.

use crate::base::about::text;
use crate::base::words::Language;
use crate::experiment::compare::effects::{Asked, Effect};
use crate::experiment::contest::range::{Range, Verdict};
use crate::experiment::contest::variance::Part;
use crate::experiment::contest::{Contest, Of, Split};
use crate::report::comparison::table::{judged, significant};
use crate::report::comparison::{title, window_in_words};
use crate::report::shown::Shown;
use crate::report::terminal;
use crate::report::theories::{rule_called, theory_called};

/// A contest, ready to be shown.
#[derive(Clone, Copy)]
pub struct Shows<'a> {
    /// What was lived.
    pub contest: &'a Contest<'a>,
    /// What was asked of every life.
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
        let mut parts = Vec::new();
        for policy in 0..self.contest.policies() {
            for window in 0..self.asked.windows.len() {
                parts.push(self.ranges(policy, window));
            }
        }
        parts.extend([Of::Outcome, Of::Effect].into_iter().filter_map(|of| self.sources(&splits, of)));
        parts.push(self.note());
        parts.join("\n\n")
    }

    fn ranges(&self, policy: usize, window: usize) -> String {
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
            self.say("beyond chance", "超出偶然"),
        ]);
        for outcome in 0..self.asked.outcomes.len() {
            let effects = self.contest.over_combinations(self.effects, self.asked, policy, (window, outcome));
            if let Some(range) = Range::of(&effects) {
                table.add_row(self.row(&range));
            }
        }
        terminal::align_right(&mut table, 1..3);
        terminal::keep_whole(&mut table, 1..4);
        format!("{heading}\n\n{}\n\n{table}", self.cells(policy, window, 0))
    }

    /// The effects on one outcome: a row for each theory, a column for each trust rule.
    fn cells(&self, policy: usize, window: usize, outcome: usize) -> String {
        let shown = Shown::of(self.asked.outcomes[outcome].metric, self.language);
        let rules = &self.contest.rules;
        let head = std::iter::once(shown.label(self.language))
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
            (Verdict::PartlyUp, Language::En) => format!("{up} of {combinations} up"),
            (Verdict::PartlyDown, Language::En) => format!("{down} of {combinations} down"),
            (Verdict::Opposed, Language::En) => format!("{up} up, {down} down"),
            (Verdict::PartlyUp, Language::Zh) => format!("{up}/{combinations} 上升"),
            (Verdict::PartlyDown, Language::Zh) => format!("{down}/{combinations} 下降"),
            (Verdict::Opposed, Language::Zh) => format!("{up} 升 {down} 降"),
            (verdict, language) => language.of(verdict.words()).to_string(),
        };
        vec![shown.label(self.language), judged(range.lowest, shown), judged(range.highest, shown), counted]
    }

    /// Where the variance of outcomes, or of effects, comes from: a row for each outcome and window.
    fn sources(&self, splits: &[Split], of: Of) -> Option<String> {
        let is_wanted = |s: &&Split| s.of == of && s.parts.iter().any(|p| !p.share.is_nan());
        let wanted: Vec<&Split> = splits.iter().filter(is_wanted).collect();
        let first = wanted.first()?;
        let name = |part: &Part| match part.source.as_str() {
            "theory" => self.say("theory", "理论"),
            "trust" => self.say("trust rule", "信任规则"),
            "policy" => self.say("policy", "政策"),
            "chance" => self.say("chance", "偶然"),
            _ => self.say("interactions", "交互作用"),
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
                let own = split.parts.iter().filter(|part| name(part) == *wanted);
                let share: f64 = own.map(|part| part.share).sum();
                // A little below zero means zero, and then chance is a little above one.
                format!("{:.0}", 100.0 * share.clamp(0.0, 1.0))
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
                 {n} pairs of lives in each combination.\n{claims}\n\
                 ( ): not beyond chance; 2 of 18 up: beyond chance in two combinations.\n\
                 Variance: of the outcome in a single life, of the effect in a pair of lives,\n   \
                 among these theories, rules and policies."
            ),
            Language::Zh => format!(
                "{theories} 种理论 × {rules} 种信任规则，起始参与水平相同；每种组合 {n} 对模拟。\n{claims}\n\
                 ( )：未超出偶然；2/18 上升：两种组合超出偶然地上升。\n\
                 方差：单次模拟的结果、单对模拟的效应，仅限于此处比较的理论、规则与政策。"
            ),
        }
    }
}
