//! What an experiment file may say: the description from which its reader and its schema are made.

use super::Kind;
use shequ_model::base::params::{Key, Section, Settings, Word, settings, text, word};

/// Keys of the top level that hold more than one value; each has a reader of its own.
pub const SPECIAL: [&str; 11] = [
    "set",
    "arm",
    "replicates",
    "outcomes",
    "primary",
    "smallest_effect",
    "lower",
    "window",
    "vary",
    "objective",
    "constraint",
];

/// Keys that mean something to some kinds alone.
pub const BELONGS: &[(&str, &[Kind])] = &[
    ("primary", &[Kind::Compare, Kind::Contest]),
    ("smallest_effect", &[Kind::Compare, Kind::Contest]),
    ("arm", &[Kind::Compare, Kind::Contest, Kind::Sweep, Kind::Sensitivity]),
    ("outcomes", &[Kind::Compare, Kind::Contest, Kind::Sweep, Kind::Sensitivity]),
    ("window", &[Kind::Compare, Kind::Contest, Kind::Sweep, Kind::Sensitivity, Kind::Search]),
    ("vary", &[Kind::Sweep, Kind::Sensitivity, Kind::Calibrate, Kind::Search]),
    ("design", &[Kind::Sweep, Kind::Sensitivity]),
    ("budget", &[Kind::Compare, Kind::Contest]),
    ("weights", &[Kind::Contest]),
    ("targets", &[Kind::Calibrate]),
    ("calibrate", &[Kind::Calibrate]),
    ("search", &[Kind::Search]),
    ("objective", &[Kind::Search]),
    ("constraint", &[Kind::Search]),
];

/// The sections of an experiment file. The values of [`SPECIAL`] keys are described as texts here.
pub fn sections() -> Vec<Section> {
    vec![
        Section {
            path: "",
            meaning: text(
                "Scenario, replicates and outcomes of the experiment.",
                "实验的情景、重复次数与结果。",
            ),
            keys: head(),
        },
        Section {
            path: "design",
            meaning: text("How the rows of a sweep are chosen.", "如何选取设计点。"),
            keys: DesignTable::keys(),
        },
        Section {
            path: "calibrate",
            meaning: text("How parameters are fitted to targets.", "如何按目标拟合参数。"),
            keys: CalibrateTable::keys(),
        },
        Section {
            path: "search",
            meaning: text("How the best mixes are looked for.", "如何寻找最佳组合。"),
            keys: SearchTable::keys(),
        },
    ]
}

fn head() -> Vec<Key> {
    vec![
        Key::one_of(
            "kind",
            "sweep",
            &[
                word("compare", "arms compared with the base, in pairs", "各方案与基准配对比较"),
                word("contest", "the same under every theory and trust rule", "在每种理论与信任规则下比较"),
                word("sweep", "a sweep of keys over a design", "按试验设计改变若干参数"),
                word("sensitivity", "influence of each key", "各参数的影响"),
                word("calibrate", "parameters fitted to targets", "按目标拟合参数"),
                word("search", "the best mixes of levers", "寻找手段的最佳组合"),
            ],
        )
        .means("What kind of experiment this is; the command must fit it.", "实验的种类,须与命令相符。"),
        Key::text("name", "").means("Name of the experiment, in English.", "实验的英文名称。"),
        Key::text("name_zh", "").means("Name of the experiment, in Chinese.", "实验的中文名称。"),
        Key::text("scenario", "").means(
            "Path of the base scenario, from the folder of this file.",
            "基准情景的文件路径(相对于本文件所在文件夹)。",
        ),
        Key::flag("allow_unlike", false).means(
            "Compare although cities or seeds differ: without common random numbers, and less precisely.",
            "允许比较城市或种子不同的情景:不再共用随机数,精度较低。",
        ),
        Key::text("set", "").means(
            "Keys that are overridden in the base and in all arms.",
            "对基准与所有方案统一修改的参数。",
        ),
        Key::text("replicates", "").means(
            "Replicates of each row: a number, or until half the 95 % interval of an outcome is narrow enough, from 30 on; such an interval holds the mean in at least 94 of 100 runs, of very skewed outcomes in 91. As many as the scenario says if left out.",
            "每个设计点的重复次数:一个数,或自 30 次起直到某一结果的 95% 区间半宽足够窄;这样的区间在 100 次中至少 94 次包含均值,极偏的结果为 91 次。缺省时按情景文件。",
        ),
        Key::text("outcomes", "").means(
            "Metrics that are outcomes. Default: participation; for compare all metrics, for contest a few.",
            "作为结果的指标。缺省为参与率;compare 取全部,contest 取若干主要指标。",
        ),
        Key::text("primary", "").means(
            "Primary outcomes of compare and contest, corrected separately (Holm's correction over arms and windows); all others are exploratory. If left out, participation or, where it is not among the outcomes, the first.",
            "compare 与 contest 的主要结果,单独校正(对各方案与时段作 Holm 校正);其余为探索性结果。缺省为参与率;若未取参与率,则为第一个结果。",
        ),
        Key::text("smallest_effect", "").means(
            "Smallest effects that matter, by outcome of compare and contest, in its unit: a smaller one is practically none. By default a tenth of the base's level, of shares at most 0.01.",
            "有实际意义的最小效应(compare 与 contest 的各结果,单位与结果相同):更小的效应视为实际没有变化。缺省为基准水平的十分之一,比例至多 0.01。",
        ),
        Key::text("posterior", "").means(
            "Table of draws of parameters (draw, weight, then a column for each key), from the folder of this file: each pair of replicates runs under one of them. For compare, contest, sweep and search.",
            "参数的后验抽样表(draw、weight,其后每个参数一列;路径相对于本文件所在文件夹):每对重复采用其中一组抽样。用于 compare、contest、sweep 与 search。",
        ),
        Key::text("weights", "").means(
            "Table of weights of theories and rules (theory, trust, weight), from the folder of this file, as `validate --weights` writes it: effects of a contest are also averaged by them.",
            "参与理论与信任规则的权重表(theory、trust、weight;路径相对于本文件所在文件夹),由 `validate --weights` 写出:contest 的效应另按权重平均。",
        ),
        Key::text("lower", "").means(
            "Outcomes of which less is better, where a posterior ranks the arms; of all others more is better.",
            "按后验为各方案排序时,取值越低越好的结果;其余结果越高越好。",
        ),
        Key::text("window", "last-year").means(
            "Months over which an outcome is averaged; one window or a list.",
            "对结果取平均的时段;一个或一列。",
        ),
        Key::text("vary", "").means(
            "Keys that vary, or that a search may set: for each a range { low, high, log } or a list of values. Keys that are fitted: \"prior\", or a range.",
            "变化的参数,或搜索可设置的手段:每个给出范围 { low, high, log } 或取值列表。拟合的参数:\"prior\" 或范围。",
        ),
        Key::text("objective", "").means(
            "What a search is to make as high or as low as possible: an outcome, of all or of a group, and which is better. One to three.",
            "搜索要使之尽可能高或低的结果:指标(全体或某一群体的)及其方向。一至三个。",
        ),
        Key::text("constraint", "").means(
            "What a mix must keep to: bounds on an outcome, of all or of a group, or on its change from the base.",
            "组合必须满足的条件:对指标(全体或某一群体的)或其相对基准变化的上下限。",
        ),
        Key::text("targets", "").means(
            "Table of what was observed, for calibrate; shequ:targets.csv is the one that is part of the program.",
            "calibrate 所用的观测目标表;shequ:targets.csv 为程序自带的目标表。",
        ),
        Key::real("budget", 0.0, -1e9, 1e9).unit("yuan per community and year").means(
            "What every arm that has a key to solve is to cost more than the base, whoever pays. For compare and contest.",
            "需要求解参数的各方案比基准多花的金额(不论由谁支付)。用于 compare 与 contest。",
        ),
        Key::text("arm", "").means(
            "One policy to compare with the base: a scenario, values to set, or both.",
            "与基准比较的一个方案:情景文件、所设参数,或两者兼有。",
        ),
    ]
}

/// How rows are chosen.
const METHODS: &[Word] = &[
    word("grid", "every combination", "所有组合"),
    word("list", "row n takes value n of each list", "第 n 行取各列表的第 n 个值"),
    word("lhs", "Latin hypercube", "拉丁超立方"),
    word(
        "sobol",
        "Sobol' sequence; Saltelli's design for a sensitivity",
        "Sobol' 序列;敏感性分析用 Saltelli 设计",
    ),
    word("morris", "Morris's trajectories", "Morris 轨迹"),
    word("csv", "a table from a file", "外部生成的表格"),
];

/// The table `[design]`.
#[settings]
pub struct DesignTable {
    /// How rows are chosen.
    #[param(
        one_of = "grid",
        words = METHODS,
        zh = "设计点的选取方法。"
    )]
    pub method: String,
    /// Rows of a sample; a power of two for sobol.
    #[param(count = 256, range = 2..=1 << 20, zh = "样本行数;sobol 须为 2 的幂。", choice)]
    pub points: u32,
    /// Values that grid and morris take of a range.
    #[param(count = 4, range = 2..=1 << 20, zh = "grid 与 morris 在每个范围上取值的个数。", choice)]
    pub levels: u32,
    /// Trajectories of morris.
    #[param(count = 20, range = 2..=1 << 20, zh = "morris 的轨迹数。", choice)]
    pub trajectories: u32,
    /// Whether a sensitivity by sobol estimates second orders too.
    #[param(flag = false, zh = "sobol 敏感性分析是否估计二阶指数。")]
    pub second_order: bool,
    /// Seed of the sampling methods; replicates have seeds of their own.
    #[param(count = 1, range = 0..=i64::MAX, zh = "抽样方法的随机种子;与模拟的种子无关。", choice)]
    pub seed: u64,
    /// Table for method csv: with the keys in its first line, or a sample of SALib without names.
    #[param(text = "", zh = "csv 的表格文件:首行为参数名,或 SALib 的无名样本表。")]
    pub file: String,
    /// SALib's parameter file, which names the keys and their ranges in place of [vary].
    #[param(text = "", zh = "SALib 参数文件,代替 [vary] 给出参数与范围。")]
    pub parameters: String,
}

/// The table `[calibrate]`.
#[settings]
pub struct CalibrateTable {
    /// Waves of history matching, at most; the last may be left out where emulators are good enough.
    #[param(count = 4, range = 1..=20, unit = "waves", zh = "历史匹配的最多轮数;代理模型足够好时可提前结束。", choice)]
    pub waves: u32,
    /// Points of each wave.
    #[param(count = 128, range = 8..=1 << 16, unit = "points", zh = "每轮的点数。", choice)]
    pub points: u32,
    /// Draws of the posterior.
    #[param(count = 200, range = 20..=1 << 16, unit = "draws", zh = "后验抽样的个数。", choice)]
    pub draws: u32,
    /// Implausibility, in standard deviations of all that is doubtful, from which a point is ruled out.
    #[param(real = 3.0, range = 1.0..=10.0, unit = "standard deviations", zh = "排除一个点的不可信度界限,以全部不确定性的标准差计。", choice)]
    pub cut_off: f64,
    /// Seed of the points; replicates have seeds of their own.
    #[param(count = 1, range = 0..=i64::MAX, zh = "选点的随机种子;与模拟的种子无关。", choice)]
    pub seed: u64,
}

/// The table `[search]`.
#[settings]
pub struct SearchTable {
    /// Candidates of each generation.
    #[param(count = 24, range = 4..=10_000, unit = "candidates", zh = "每代的候选方案数。", choice)]
    pub candidates: u32,
    /// Generations, the first included.
    #[param(count = 8, range = 1..=1000, unit = "generations", zh = "代数,含第一代。", choice)]
    pub generations: u32,
    /// Replicates that the search has not seen, by which the mixes that it ends with are told.
    #[param(count = 20, range = 2..=100_000, unit = "replicates", zh = "最终组合另行模拟的重复次数,搜索时未用过。", choice)]
    pub final_replicates: u32,
    /// Seed of the candidates; replicates have seeds of their own.
    #[param(count = 1, range = 0..=i64::MAX, zh = "选取候选方案的随机种子;与模拟的种子无关。", choice)]
    pub seed: u64,
}

/// What an `[[objective]]` or a `[[constraint]]` may say.
pub fn measured(is_objective: bool) -> Section {
    let bound = |name: &'static str, en: &'static str, zh: &'static str| {
        Key::real(name, 0.0, -1e12, 1e12).means(en, zh)
    };
    let mut keys = vec![
        Key::text("outcome", "").means("The metric.", "指标。"),
        Key::text("group", "").means(
            "Grouping of residents, such as age; all if left out.",
            "居民群体的划分,如 age;缺省为全体。",
        ),
        Key::text("level", "").means("Level of the grouping, such as 70+.", "群体的取值,如 70+。"),
    ];
    match is_objective {
        true => keys.push(
            Key::one_of(
                "better",
                "higher",
                &[word("higher", "more is better", "越高越好"), word("lower", "less is better", "越低越好")],
            )
            .means("Which is better.", "何者更好。"),
        ),
        false => keys.extend([
            bound("at_least", "The least that the outcome may be.", "指标的下限。"),
            bound("at_most", "The most that the outcome may be.", "指标的上限。"),
            bound(
                "change_at_least",
                "The least that it may change from the base; 0 so that nothing is lost.",
                "相对基准变化的下限;0 表示不低于基准。",
            ),
            bound("change_at_most", "The most that it may change from the base.", "相对基准变化的上限。"),
        ]),
    }
    Section { path: "", meaning: text("What a search looks at.", "搜索所考察的结果。"), keys }
}

/// The keys of `[design]` that mean something to `method`, besides `method` itself.
pub fn used_by(method: &str) -> &'static [&'static str] {
    match method {
        "grid" => &["levels"],
        "lhs" => &["points", "seed", "parameters"],
        "sobol" => &["points", "second_order", "seed", "parameters"],
        "morris" => &["trajectories", "levels", "seed", "parameters"],
        "csv" => &["file", "parameters"],
        _ => &[],
    }
}
