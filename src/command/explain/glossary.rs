//! The words of the field that this program uses. To add one: one line in [`TERMS`].

use super::{Topic, fact, label, says};
use shequ_model::base::params::{Text, text};

/// A term of the field.
pub struct Term {
    /// What it is called.
    pub name: Text,
    /// What it means here.
    pub meaning: Text,
    /// What version 0.1.0 called it; empty if the same.
    pub once: &'static str,
}

const fn term(name: Text, meaning: Text, once: &'static str) -> Term {
    Term { name, meaning, once }
}

/// Every term, in the order of the alphabet.
pub const TERMS: &[Term] = &[
    term(
        text("arm", "方案"),
        text("A scenario that is compared with the base.", "与基准情景相比较的情景。"),
        "",
    ),
    term(
        text("baseline", "基准"),
        text("The scenario that policies are compared with.", "政策与之比较的情景。"),
        "the base",
    ),
    term(
        text("benchmark case", "基准算例"),
        text(
            "A small scenario whose results are published or exact, with its expected results; `validate` runs them.",
            "结果已发表或可精确求得的小型情景,附预期结果;由 `validate` 运行。",
        ),
        "docking case",
    ),
    term(
        text("common random numbers", "共用随机数"),
        text(
            "Base and policy use the same random numbers in each replicate, so that their difference is due to the policy alone and needs fewer replicates.",
            "每次重复中基准与政策使用相同的随机数,差异只来自政策,所需重复次数更少。",
        ),
        "common luck",
    ),
    term(
        text("confidence interval", "置信区间"),
        text(
            "An interval that holds the true value in 95 of 100 studies like this one.",
            "同样的研究做一百次,约有九十五次包含真值的区间。",
        ),
        "",
    ),
    term(
        text("design", "试验设计"),
        text(
            "Which values the varied keys take together: grid, list, Latin hypercube, Sobol' points or a table.",
            "所变化各键的取值组合:网格、列表、拉丁超立方、Sobol' 点列或表格。",
        ),
        "",
    ),
    term(
        text("draw", "抽样"),
        text(
            "One set of values that parameters may have, with a weight; a posterior is a table of draws.",
            "参数可能取的一组值,附有权重;后验由多组抽样组成。",
        ),
        "",
    ),
    term(
        text("emulator", "代理模型"),
        text(
            "A polynomial that stands for the model where nothing was run, with how far it may be off; a calibration finds by it where to look.",
            "在未模拟之处代替模型的多项式,附其可能的误差;校准据此决定在何处模拟。",
        ),
        "",
    ),
    term(
        text("evidence grade", "证据等级"),
        text(
            "How well a default is known: measured, derived, fitted to targets, assumed, or a choice.",
            "默认值的可靠程度:实测、推算、由目标数据拟合、假定或自选。",
        ),
        "",
    ),
    term(
        text("expected regret", "期望差距"),
        text(
            "By how much the expected outcome of an arm is below that of the best arm, on average over the draws of a posterior.",
            "按后验各组抽样平均,某方案的期望结果比最优方案差多少。",
        ),
        "",
    ),
    term(
        text("external efficacy", "外部效能感"),
        text("The belief that those who decide respond.", "相信决策者会回应自己的感受。"),
        "voice",
    ),
    term(
        text("history matching", "历史匹配"),
        text(
            "Ruling out, wave by wave, values of the parameters whose figures are too far from what was observed.",
            "逐轮排除使结果与观测相差过大的参数取值。",
        ),
        "",
    ),
    term(
        text("Holm's correction", "Holm 校正"),
        text(
            "Raises the p values of several tests, so that in 95 of 100 studies none of them is significant by chance alone (Holm 1979).",
            "提高多重检验的 p 值,使约 95 % 的研究中没有一项仅因偶然而显著(Holm 1979)。",
        ),
        "",
    ),
    term(
        text("implausibility", "不可信度"),
        text(
            "Distance of a figure from its target in standard deviations of all that is doubtful about both; beyond three a point is ruled out.",
            "结果与目标之差,以双方全部不确定性的标准差计;超过三个标准差即排除。",
        ),
        "",
    ),
    term(
        text("internal efficacy", "内部效能感"),
        text(
            "The belief that one can take part and make a difference.",
            "相信自己有能力参与并产生影响的感受。",
        ),
        "efficacy",
    ),
    term(
        text("P(best)", "为最优的概率"),
        text(
            "Probability that an arm has the best expected outcome of all, over the draws of a posterior and what replicates leave open; P(better) is that of being better than the base.",
            "按后验各组抽样以及重复次数所留下的不确定,某方案期望结果为最优的概率;优于基准的概率同理。",
        ),
        "",
    ),
    term(
        text("posterior", "后验"),
        text(
            "What is known of parameters after they were fitted: draws of their values, each with a weight. With one, `compare`, `contest` and `sweep` run every pair of replicates under one draw.",
            "参数经拟合之后所知的情况:若干组取值,各有权重。给出后验时,`compare`、`contest` 与 `sweep` 的每对重复采用其中一组。",
        ),
        "",
    ),
    term(
        text("primary outcome", "主要结果"),
        text(
            "An outcome that was named in advance and is tested by itself; all others are exploratory.",
            "事先指定、单独检验的结果;其余均为探索性结果。",
        ),
        "",
    ),
    term(
        text("points", "分"),
        text(
            "The unit of trust, satisfaction and efficacy in reports, from 0 to 100; tables hold them from 0 to 1.",
            "报告中信任、满意度与效能感的单位,0 至 100;表格中为 0 至 1。",
        ),
        "",
    ),
    term(
        text("policy period", "政策期"),
        text("A stretch of months under the same rules.", "规则不变的一段月份。"),
        "era",
    ),
    term(
        text("random stream", "随机数流"),
        text(
            "Random numbers for one purpose, found by seed, replicate, purpose, resident and month; no draw depends on another.",
            "用于单一用途的随机数,由种子、重复、用途、居民与月份确定;各次抽取互不影响。",
        ),
        "luck",
    ),
    term(
        text("replicate", "重复"),
        text(
            "One simulation of a scenario; replicates differ by their random numbers alone.",
            "情景的一次模拟;各次重复仅随机数不同。",
        ),
        "life",
    ),
    term(
        text("run", "模拟"),
        text("A scenario or a row of a design, simulated once.", "情景或设计中的一行的一次模拟。"),
        "life",
    ),
    term(
        text("scenario", "情景"),
        text(
            "A city, a policy and the months to simulate, in one file.",
            "一个文件中的城市、政策与模拟月份。",
        ),
        "",
    ),
    term(
        text("seed", "种子"),
        text(
            "The number from which all random numbers follow: `seed.city` for the city, `seed.replicates` for replicates.",
            "决定全部随机数的数:`seed.city` 决定城市,`seed.replicates` 决定各次重复。",
        ),
        "",
    ),
    term(
        text("significant", "统计显著"),
        text(
            "The p value, after Holm's correction where several are tested, is below 0.05.",
            "p 值(多重检验时经 Holm 校正)低于 0.05。",
        ),
        "beyond chance",
    ),
    term(
        text("smallest effect that matters", "有实际意义的最小效应"),
        text(
            "An effect that is shown to be smaller (by two one-sided tests, with Holm's correction) is practically none, even where it is significant. `smallest_effect` sets it; by default it is a tenth of the base's level, of shares at most 0.01.",
            "经双单侧检验(并作 Holm 校正)证明小于该值的效应,即使统计显著,也视为实际没有变化。由 `smallest_effect` 设定;缺省为基准水平的十分之一,比例至多 0.01。",
        ),
        "",
    ),
    term(
        text("stacking", "堆叠"),
        text(
            "Weights of theories and rules under which their mix predicts best what was held back; `validate --every-theory` gives them (Yao et al. 2018).",
            "使各理论与规则的混合对留出目标预测最佳的权重;由 `validate --every-theory` 给出(Yao 等 2018)。",
        ),
        "",
    ),
    term(
        text("synthetic city", "合成城市"),
        text(
            "Households, residents and ties drawn so that their shares are those asked for.",
            "按所要求的比例抽取的住户、居民与社会联系。",
        ),
        "",
    ),
    term(
        text("target", "目标"),
        text(
            "What was observed and the model should give: a number, a bound, a range or a sign, with how sure it is; fitted, or held back to judge the fit.",
            "模型应当得到的观测结果:数值、界限、范围或符号,附其可靠程度;用于拟合,或留出以评判拟合。",
        ),
        "",
    ),
    term(
        text("variance ratio", "方差比"),
        text(
            "Variance of a paired difference over that of unpaired replicates; below 1 where common random numbers help.",
            "配对差值的方差与不配对时之比;小于 1 表示共用随机数有效。",
        ),
        "",
    ),
];

/// Every term; its Chinese name will do, and that of version 0.1.0.
pub fn topics() -> Vec<Topic> {
    TERMS.iter().map(topic).collect()
}

fn topic(term: &Term) -> Topic {
    let once = (!term.once.is_empty()).then(|| fact(label::ONCE, [term.once.into()]));
    let kind = says(label::KIND, [("term".into(), "术语".into())]);
    let named = says(label::LABEL, [term.name.into()]);
    Topic {
        chapter: text("terms", "术语"),
        name: term.name.en.into(),
        also: [term.name.zh, term.once]
            .into_iter()
            .filter(|name| !name.is_empty())
            .map(String::from)
            .collect(),
        meaning: term.meaning.into(),
        facts: [kind, named].into_iter().chain(once).collect(),
    }
}
