//! What policies cost, and what they give for it.

use std::io;

use super::experiment::{Experiment, window};
use super::folder::Folder;
use super::sentence::{Cell, Item as Named, Number, Sentence, sentence};
use super::time_series::metric;
use super::{Cell as Entry, Grid, Item, Section};
use shequ_experiment::compare::costs::{GOODS, Good};
use shequ_experiment::record::sheet::Sheet;
use shequ_model::base::i18n::{Both, both};
use shequ_model::base::params::{Text, text};
use shequ_model::base::units::unit;
use shequ_model::metric::costs::TOTAL;

/// A row of `costs.csv`, as far as sentences are made of it.
pub struct Said {
    /// The mean, and the ends of the set.
    pub numbers: [Cell; 3],
    /// The form of the set.
    pub set: String,
    /// What is known.
    pub verdict: String,
    /// The base.
    pub base: Both,
    /// Who dominates it.
    pub rival: Option<Both>,
}

/// The words of a verdict in both languages; `costs.csv` has the English ones.
fn verdict(en: &str) -> Both {
    let zh = match en {
        "costs more" => "成本更高",
        "saves" => "节省",
        "costs the same" => "成本相同",
        "costs more and does more" => "成本更高，效果更好",
        "costs more and does less" => "成本更高，效果更差",
        "costs more and does the same" => "成本更高，效果相同",
        "costs more; whether it does more cannot be told" => "成本更高，效果是否更好无法判断",
        "saves and does more" => "节省成本，效果更好",
        "saves and does less" => "节省成本，效果更差",
        "saves and does the same" => "节省成本，效果相同",
        "saves; whether it does less cannot be told" => "节省成本，效果是否更差无法判断",
        "costs the same and does more" => "成本相同，效果更好",
        "costs the same and does less" => "成本相同，效果更差",
        "costs the same and does the same" => "成本与效果均相同",
        "costs the same; whether it does more cannot be told" => "成本相同，效果是否更好无法判断",
        _ => "成本是否更高无法判断",
    };
    both(if en == "cannot be told" { "whether it costs more cannot be told" } else { en }, zh)
}

/// The name of a good: as what differs, and as what has a price.
fn good(name: &str) -> [Text; 2] {
    match name {
        "cost.active_residents" => {
            [text("active residents", "参与居民"), text("an active resident", "一名参与居民")]
        }
        "cost.satisfied_residents" => {
            [text("satisfied residents", "满意居民"), text("a satisfied resident", "一名满意居民")]
        }
        "trust.committee" => [
            text("trust in the committee", "对居委会的信任"),
            text("a point of trust in the committee, in one community,", "一个社区对居委会的信任一分"),
        ],
        "trust.local_government" => [
            text("trust in local government", "对地方政府的信任"),
            text("a point of trust in local government, in one community,", "一个社区对地方政府的信任一分"),
        ],
        _ => [
            text("trust in neighbours", "对邻居的信任"),
            text("a point of trust in neighbours, in one community,", "一个社区对邻居的信任一分"),
        ],
    }
}

/// A sum of money or of hours: whole where it is large. Where its direction is said in words it has no sign.
fn amount(cell: &Cell, is_signed: bool) -> Named {
    let value = if is_signed { cell.value } else { cell.value.abs() };
    let decimals = match value.abs() {
        size if size >= 100.0 => 0,
        size if size >= 1.0 => 1,
        _ => 3,
    };
    let (value, shown, source) = (cell.value, format!("{value:.decimals$}"), cell.source.clone());
    let number = Number { value, factor: 1.0, shown, source };
    Named::Number { en: number.clone(), zh: number }
}

impl Said {
    /// Row `row` of the table.
    fn of(sheet: &Sheet, row: usize, experiment: &Experiment) -> Said {
        let name =
            |id: &str| experiment.arm(id).map_or_else(|| experiment.base_name(), |arm| arm.name.clone());
        let rival = sheet.text(row, "dominated_by");
        Said {
            numbers: ["value", "ci95_low", "ci95_high"].map(|column| Cell::of(sheet, row, column)),
            set: sheet.text(row, "set").into(),
            verdict: sheet.text(row, "verdict").into(),
            base: experiment.base_name(),
            rival: (!rival.is_empty()).then(|| name(rival)),
        }
    }

    /// The ends as sizes, from small to large, or with their signs.
    fn items(&self) -> Vec<(&'static str, Named)> {
        let [value, low, high] = &self.numbers;
        let is_signed = low.value < 0.0 && high.value > 0.0;
        let (low, high) = if high.value <= 0.0 { (high, low) } else { (low, high) };
        vec![
            ("value", amount(value, true)),
            ("low", amount(low, is_signed)),
            ("high", amount(high, is_signed)),
            ("base", self.base.clone().into()),
        ]
    }

    /// What the arm costs more than its base; nothing where there is no value.
    pub fn cost(&self) -> Option<Sentence> {
        if self.numbers[0].value.is_nan() {
            return None;
        }
        let [_, low, high] = &self.numbers;
        // Both ends read alike.
        let is_known = (high.value - low.value).abs() < 0.5;
        let (en, zh) = match self.verdict.as_str() {
            "costs more" if is_known => (
                "Cost: {low} yuan per community and year more than \"{base}\".",
                "成本：每个社区每年比“{base}”多 {low} 元。",
            ),
            "saves" if is_known => (
                "Cost: saves {low} yuan per community and year against \"{base}\".",
                "成本：每个社区每年比“{base}”节省 {low} 元。",
            ),
            "costs more" => (
                "Cost: {low} to {high} yuan per community and year more than \"{base}\".",
                "成本：每个社区每年比“{base}”多 {low} 至 {high} 元。",
            ),
            "saves" => (
                "Cost: saves {low} to {high} yuan per community and year against \"{base}\".",
                "成本：每个社区每年比“{base}”节省 {low} 至 {high} 元。",
            ),
            "costs the same" => {
                ("Cost: the same as \"{base}\" in every replicate.", "成本：每次重复均与“{base}”相同。")
            }
            "" => (
                "Cost: {value} yuan per community and year more or, with a minus, less than \"{base}\" in the only \
                 replicate; an interval needs at least two.",
                "成本：唯一一次重复中，每个社区每年比“{base}”多（负号表示少）{value} 元；区间至少需要两次重复。",
            ),
            _ => (
                "Cost: whether it is more or less than \"{base}\" cannot be told; the interval is {low} to {high} yuan per \
                 community and year.",
                "成本：比“{base}”高还是低无法判断；区间为每个社区每年 {low} 至 {high} 元。",
            ),
        };
        Some(sentence(en, zh, &self.items()))
    }

    /// What it gives of the good called `name`, and for how much; nothing where there is no interval.
    pub fn worth(&self, name: &str) -> Option<Sentence> {
        if self.verdict.is_empty() {
            return None;
        }
        let [what, one] = good(name);
        let mut items = self.items();
        items.push(("what", Both::from(what).into()));
        items.push(("one", Both::from(one).into()));
        items.push(("verdict", verdict(&self.verdict).into()));
        let has_ends = self.set == "between";
        let (en, zh) = match self.verdict.as_str() {
            "costs more and does more" if has_ends => (
                "{what}: {verdict}; {one} more costs {low} to {high} yuan a year.",
                "{what}：{verdict}；每多{one}，每年需 {low} 至 {high} 元。",
            ),
            "saves and does less" if has_ends => (
                "{what}: {verdict}; {one} less saves {low} to {high} yuan a year.",
                "{what}：{verdict}；每少{one}，每年节省 {low} 至 {high} 元。",
            ),
            "costs more and does more" | "saves and does less" => {
                ("{what}: {verdict}; at what price cannot be told.", "{what}：{verdict}；单位成本无法判断。")
            }
            _ => ("{what}: {verdict}.", "{what}：{verdict}。"),
        };
        let Some(rival) = &self.rival else { return Some(sentence(en, zh, &items)) };
        items.push(("rival", rival.clone().into()));
        Some(sentence(
            &format!(
                "{en} \"{{rival}}\" dominates it: no dearer and no worse, and better in one of the two."
            ),
            &format!("{zh}“{{rival}}”占优：成本不更高、效果不更差，且至少一项更好。"),
            &items,
        ))
    }
}

/// The rows of this arm, metric and window: one in a comparison, one for each theory and rule in a contest.
pub fn find(sheet: &Sheet, arm: &str, of: &str, months: &str) -> Vec<usize> {
    let is_own = |row: &usize| {
        sheet.text(*row, "arm") == arm
            && sheet.text(*row, "metric") == of
            && sheet.text(*row, "window") == months
    };
    (0..sheet.rows()).filter(is_own).collect()
}

/// What an arm gives of the good that goes with an outcome, and for how much.
pub fn worth(
    sheet: &Sheet,
    experiment: &Experiment,
    arm: &str,
    months: &str,
    outcome: &str,
) -> Option<Sentence> {
    let name = match outcome {
        "participation" => "cost.active_residents",
        "satisfaction" => "cost.satisfied_residents",
        other => other,
    };
    let good = GOODS.iter().find(|good| good.metric == name)?;
    let row = *find(sheet, arm, &price(good), months).first()?;
    Said::of(sheet, row, experiment).worth(good.metric)
}

/// The section of a comparison, if the results have costs.
///
/// # Errors
/// An I/O error if the table cannot be read or is not as this program writes it.
pub fn section(folder: &Folder, experiment: &Experiment) -> io::Result<Option<Section>> {
    told(folder, experiment, compared, |sheet| Some(Item::Table(table(sheet, experiment))))
}

/// What a contest says of costs, if its results have them: the least and the most over theories and rules.
///
/// # Errors
/// As [`section`].
pub fn range(folder: &Folder, experiment: &Experiment) -> io::Result<Option<Section>> {
    told(folder, experiment, contested, |_| None)
}

/// Finds the rows of a metric, of one arm in one window.
type Rows<'a> = dyn Fn(&str) -> Vec<usize> + 'a;

/// What `say` makes of the rows of each arm and window, and what comes after it.
fn told(
    folder: &Folder,
    experiment: &Experiment,
    say: fn(&Sheet, &Experiment, &Rows) -> Vec<Sentence>,
    after: impl Fn(&Sheet) -> Option<Item>,
) -> io::Result<Option<Section>> {
    if !folder.has("costs") {
        return Ok(None);
    }
    let sheet = folder.sheet("costs")?;
    let mut items = vec![Item::Paragraph(vec![note()])];
    for arm in &experiment.arms {
        for months in &experiment.windows {
            let said = say(&sheet, experiment, &|metric| find(&sheet, &arm.id, metric, months));
            if said.is_empty() {
                continue;
            }
            let months = window(months);
            items.push(Item::Heading(both(
                format!("{}, {}", arm.name.en, months.en),
                format!("{}（{}）", arm.name.zh, months.zh),
            )));
            items.push(Item::List(said));
        }
    }
    items.extend(after(&sheet));
    Ok(Some(Section { id: "costs", title: both("Costs", "成本"), items }))
}

/// The name of a price in the table.
fn price(good: &Good) -> String {
    format!("{TOTAL} / {}", good.metric)
}

/// What an arm costs, and what each good costs with it.
fn compared(sheet: &Sheet, experiment: &Experiment, of: &Rows) -> Vec<Sentence> {
    let cost = of(TOTAL).into_iter().filter_map(|row| Said::of(sheet, row, experiment).cost());
    let worth = GOODS.iter().flat_map(|good| {
        let rows = of(&price(good)).into_iter();
        rows.filter_map(|row| Said::of(sheet, row, experiment).worth(good.metric))
    });
    cost.chain(worth).collect()
}

/// How far costs range over theories and rules, and whether all agree on each good.
fn contested(sheet: &Sheet, experiment: &Experiment, of: &Rows) -> Vec<Sentence> {
    let (rows, mut said) = (of(TOTAL), Vec::new());
    let value = |row: &&usize| sheet.number(**row, "value");
    let by_value = |a: &&usize, b: &&usize| value(a).total_cmp(&value(b));
    let known = || rows.iter().filter(|row| !value(row).is_nan());
    if let (Some(&least), Some(&most)) = (known().min_by(by_value), known().max_by(by_value)) {
        let number = |row| amount(&Cell::of(sheet, row, "value"), true);
        said.push(sentence(
            "Cost against \"{base}\": {least} to {most} yuan per community and year, by the theory and the rule.",
            "成本（对比“{base}”）：因理论与规则而异，每个社区每年 {least} 至 {most} 元。",
            &[("base", experiment.base_name().into()), ("least", number(least)), ("most", number(most))],
        ));
    }
    said.extend(GOODS.iter().filter_map(|good| agreed(sheet, &of(&price(good)), good.metric)));
    said
}

/// What costs are, and how prices are known.
fn note() -> Sentence {
    sentence(
        "All spending against the baseline, whoever pays, by community and year: prices stand under costs in the scenario, \
         and most are assumed. Residents' hours are not money. Prices of one more are ratios with Fieller's 95 % intervals.",
        "与基准相比的全部支出（不论由谁支付），按每个社区每年计；单价见情景文件的 costs 表，多为假定值。居民付出的时数不折算为金额。单位成本为比值，采用 Fieller 95% 置信区间。",
        &[],
    )
}

/// Who pays, for what, and hours: all that differs from the base.
fn table(sheet: &Sheet, experiment: &Experiment) -> Grid {
    let row = |row: usize| {
        let of = metric(sheet.text(row, "metric"))?;
        let arm = experiment.arm(sheet.text(row, "arm"))?;
        let [value, low, high] = ["value", "ci95_low", "ci95_high"].map(|column| sheet.number(row, column));
        let digits = |value: f64| both(format!("{value:.0}"), format!("{value:.0}"));
        (value != 0.0 && !low.is_nan()).then(|| {
            vec![
                Entry::Words(arm.name.clone()),
                Entry::Words(window(sheet.text(row, "window"))),
                Entry::Words(of.label.into()),
                Entry::Words(unit(if of.unit == "hours" { HOURS } else { YUAN }).into()),
                Entry::Number(digits(sheet.number(row, "base_mean"))),
                Entry::Number(digits(value)),
                Entry::Number(both(format!("{low:.0} – {high:.0}"), format!("{low:.0} – {high:.0}"))),
            ]
        })
    };
    Grid {
        id: "costs-by",
        caption: both("Who pays, for what, and hours, where they differ", "按支付方、用途与工时的差异"),
        head: vec![
            both("policy", "政策"),
            both("months", "时段"),
            both("cost", "成本"),
            both("unit", "单位"),
            both("base", "基准"),
            both("difference", "差异"),
            both("95 % interval", "95% 区间"),
        ],
        rows: (0..sheet.rows()).filter_map(row).collect(),
        folded: true,
    }
}

/// Units of costs.
pub const YUAN: &str = "yuan per community and year";
/// See [`YUAN`].
pub const HOURS: &str = "hours per community and year";

/// Whether all combinations say the same of a good.
fn agreed(sheet: &Sheet, rows: &[usize], name: &str) -> Option<Sentence> {
    let first = sheet.text(*rows.first()?, "verdict");
    if first.is_empty() {
        return None;
    }
    let is_one = rows.iter().all(|&row| sheet.text(row, "verdict") == first);
    let [what, _] = good(name);
    let items = [("what", Both::from(what).into()), ("verdict", verdict(first).into())];
    Some(match is_one {
        true => sentence(
            "{what}: {verdict}, under every theory and rule.",
            "{what}：{verdict}（各种理论与规则下一致）。",
            &items,
        ),
        false => sentence(
            "{what}: theories and rules differ; costs.csv has what each says.",
            "{what}：各理论与规则的结论不一，见 costs.csv。",
            &items,
        ),
    })
}

#[cfg(test)]
mod tests {
    use super::super::sentence::Source;
    use super::*;
    use shequ_model::base::i18n::Language;

    fn said(numbers: [f64; 3], set: &str, verdict: &str) -> Said {
        let cell = |value| Cell {
            value,
            source: Source { table: "costs".into(), row: "1".into(), column: "value".into() },
        };
        let base = both("Base", "基准");
        Said { numbers: numbers.map(cell), set: set.into(), verdict: verdict.into(), base, rival: None }
    }

    #[test]
    fn less_money_is_saved_and_what_is_not_known_is_not_told() {
        let en = |said: Option<Sentence>| said.map(|s| s.text(Language::En)).unwrap_or_default();
        let saves = said([-500.0, -800.4, -200.0], "between", "saves");
        assert_eq!(en(saves.cost()), "Cost: saves 200 to 800 yuan per community and year against \"Base\".");
        let more = said([42.0, 40.0, 44.0], "between", "costs more and does more");
        assert_eq!(
            en(more.worth("cost.active_residents")),
            "Active residents: costs more and does more; an active resident more costs 40.0 to 44.0 yuan a year."
        );
        let open = said([9.0, -4.0, 3.0], "outside", "costs more; whether it does more cannot be told");
        assert_eq!(
            en(open.worth("trust.committee")),
            "Trust in the committee: costs more; whether it does more cannot be told."
        );
        let dominated = Said {
            rival: Some(both("Other", "另一")),
            ..said([-9.0, -4.0, -3.0], "between", "costs more and does less")
        };
        assert!(en(dominated.worth("trust.committee")).contains("\"Other\" dominates it"));
        assert!(said([f64::NAN; 3], "", "").cost().is_none());
    }
}
