//! Units in both languages. Keys and metrics name theirs in English.

use super::list::List;
use super::params::{Text, text};

/// Minutes in an hour.
pub const MINUTES: f64 = 60.0;
/// Rates are given per hundred, per thousand or per ten thousand people where numbers are small.
pub const PER_HUNDRED: f64 = 100.0;
/// See [`PER_HUNDRED`].
pub const PER_THOUSAND: f64 = 1_000.0;
/// See [`PER_HUNDRED`].
pub const PER_TEN_THOUSAND: f64 = 10_000.0;

/// A unit in both languages; one that is not listed stays as it is.
pub fn unit(en: &'static str) -> Text {
    text(en, chinese(en, LIST.all().iter().copied()).unwrap_or(en))
}

/// The list of units, to add to it.
pub(crate) fn list() -> &'static List<Unit> {
    &LIST
}

/// The Chinese of a unit, if `units` has it.
pub(crate) fn chinese<'a>(en: &str, mut units: impl Iterator<Item = &'a Unit>) -> Option<&'static str> {
    units.find(|(known, _)| *known == en).map(|&(_, zh)| zh)
}

/// A unit in English and in Chinese.
pub type Unit = (&'static str, &'static str);

static LIST: List<Unit> = List::new(UNITS);

/// Every unit; a test of `explain` holds that none is missing.
const UNITS: &[Unit] = &[
    ("1 / compound widths", "小区宽度的倒数"),
    ("1 / occasions", "次数的倒数"),
    ("Gini coefficient", "基尼系数"),
    ("Theil index", "泰尔指数"),
    ("activities per month", "次/月"),
    ("adults", "成年居民"),
    ("age bands", "个年龄段"),
    ("applicants per home and relative quality", "申请者/（户·相对质量）"),
    ("ballots", "张选票"),
    ("candidates", "名候选人"),
    ("coefficient of variation", "变异系数"),
    ("complaints", "件投诉"),
    ("complaints per adult", "件投诉/成年居民"),
    ("compounds", "个小区"),
    ("conflicts", "起矛盾"),
    ("conflicts per 1,000 adults", "起矛盾/千名成年居民"),
    ("conflicts per 1,000 adults and month", "起矛盾/（千名成年居民·月）"),
    ("days", "天"),
    ("delegates", "名代表"),
    ("departments", "个部门"),
    ("encounters per resident and month", "次接触/（居民·月）"),
    ("events per month", "次活动/月"),
    ("events per room and month", "次活动/（处·月）"),
    ("experiences", "次经历"),
    ("forums per year", "次论坛/年"),
    ("hours", "小时"),
    ("hours per 100 adults and month", "小时/（百名成年居民·月）"),
    ("hours per adult", "小时/成年居民"),
    ("hours per community and month", "小时/（社区·月）"),
    ("hours per community and year", "小时/（社区·年）"),
    ("hours per contact", "小时/次联系"),
    ("hours per inspection", "小时/次检查"),
    ("hours per meeting", "小时/次会议"),
    ("hours per member and month", "小时/（成员·月）"),
    ("hours per month", "小时/月"),
    ("hours per officer and month", "小时/（执法人员·月）"),
    ("hours per party member and election", "小时/（党员·次选举）"),
    ("hours per person and month", "小时/（人·月）"),
    ("hours per point and month", "小时/（投放点·月）"),
    ("hours per report", "小时/份报告"),
    ("hours per task", "小时/项任务"),
    ("households", "户"),
    ("inspections per month", "次检查/月"),
    ("interviews per community and month", "次访谈/（社区·月）"),
    ("items per session", "项议题/次会议"),
    ("jobs per community and month", "件工作/（社区·月）"),
    ("kinds", "种"),
    ("levels", "级"),
    ("logit", "logit（对数几率）"),
    ("matters per group and meeting", "件事/（小组·次会议）"),
    ("meetings per year", "次会议/年"),
    ("members", "名成员"),
    ("minutes", "分钟"),
    ("month of the year", "一年中的第几月"),
    ("months", "个月"),
    ("months after the start", "开始后的月数"),
    ("months per level", "个月/级"),
    ("multiple", "倍"),
    ("multiple of a bad experience", "坏经历的倍数"),
    ("multiple of its cost", "成本的倍数"),
    ("multiple of that of locals", "相对本地居民的倍数"),
    ("multiple of the life table", "生命表的倍数"),
    ("multiple of the public yield", "公共产出的倍数"),
    ("multiple of the usual weight", "通常权重的倍数"),
    ("multiple of word_of_mouth", "word_of_mouth 的倍数"),
    ("occasions per hour and 100 adults", "次机会/（小时·百名成年居民）"),
    ("occasions per month", "次/月"),
    ("occasions per team and month", "次/（队·月）"),
    ("odds multiplier", "优势比的倍数"),
    ("officers per 10,000 adults", "人/万名成年居民"),
    ("organisations", "个"),
    ("organisations per community", "个组织/社区"),
    ("partners per community", "个共建单位/社区"),
    ("per contact", "每次联系"),
    ("per month and 100 volunteers", "每月每百名志愿者"),
    ("per year", "每年"),
    ("persons", "人"),
    ("persons per 10,000 residents", "人/万名居民"),
    ("persons per station", "人/服务站"),
    ("probability", "概率"),
    ("probability per community and month", "概率/（社区·月）"),
    ("probability per election", "概率/次选举"),
    ("probability per month", "概率/月"),
    ("probability per month and active tie", "概率/（月·活跃联系）"),
    ("probability per month and household", "概率/（月·户）"),
    ("probability per step", "概率/步"),
    ("range of tastes", "个人偏好的差异范围"),
    ("ratio", "比值"),
    ("reports per year", "次报告/年"),
    ("representatives", "名居民代表"),
    ("requests per community and month", "件诉求/（社区·月）"),
    ("requests per resident and month", "件诉求/（居民·月）"),
    ("resident, resident, weight", "居民、居民、权重"),
    ("residents", "人"),
    ("residents per community", "人/社区"),
    ("residents per conflict", "人/起矛盾"),
    ("residents per encounter", "人/次接触"),
    ("residents per hour", "人/小时"),
    ("residents per hour of work", "人/工作小时"),
    ("residents per member and month", "人/（成员·月）"),
    ("residents per task", "人/项任务"),
    ("residents per team and month", "人/（队·月）"),
    ("rounds", "轮"),
    ("seats", "席"),
    ("sessions per year", "次会议/年"),
    ("share", "比例"),
    ("share of adults per month", "成年居民比例/月"),
    ("share of the full level", "满水平的比例"),
    ("share per experience", "比例/次经历"),
    ("share per hour", "比例/小时"),
    ("share per hour and 100 adults", "比例/（小时·百名成年居民）"),
    ("share per hour and adult", "比例/（小时·成年居民）"),
    ("share per hour and officer", "比例/（小时·执法人员）"),
    ("share per month", "比例/月"),
    ("share per share", "比例/比例"),
    ("share per standard deviation", "比例/标准差"),
    ("share per year", "比例/年"),
    ("sittings per year", "次会期/年"),
    ("standard deviation of the logarithm", "对数的标准差"),
    ("standard deviations", "个标准差"),
    ("steps", "步"),
    ("tasks per department and month", "项任务/（部门·月）"),
    ("teams per community", "支队伍/社区"),
    ("the theory's own", "所属理论的单位"),
    ("ties per resident", "个联系/居民"),
    ("units per community", "个单位/社区"),
    ("utility", "效用"),
    ("weight", "权重"),
    ("workshops per month", "次工作坊/月"),
    ("years", "年"),
    ("yuan", "元"),
    ("yuan per adult", "元/成年居民"),
    ("yuan per adult and year", "元/（成年居民·年）"),
    ("yuan per audit", "元/次审计"),
    ("yuan per call", "元/次通话"),
    ("yuan per channel and month", "元/（渠道·月）"),
    ("yuan per community and year", "元/（社区·年）"),
    ("yuan per compound and year", "元/（小区·年）"),
    ("yuan per elector", "元/名有资格者"),
    ("yuan per event", "元/次活动"),
    ("yuan per group and month", "元/（小组·月）"),
    ("yuan per hour", "元/小时"),
    ("yuan per household and month", "元/（户·月）"),
    ("yuan per meeting", "元/次会议"),
    ("yuan per member and year", "元/（成员·年）"),
    ("yuan per month", "元/月"),
    ("yuan per participation", "元/次参与"),
    ("yuan per resident", "元/居民"),
    ("yuan per resident and month", "元/（居民·月）"),
    ("yuan per seat", "元/席位"),
    ("yuan per team and month", "元/（队·月）"),
    ("yuan per unit and year", "元/（单位·年）"),
];
