//! The settings of `[organisations]`.

use crate::base::params::settings;

/// Settings of `[organisations]`.
#[settings]
pub struct Settings {
    /// Organisations at the start.
    #[param(
        real = 3.0,
        range = 0.0..=100.0,
        unit = "organisations per community",
        zh = "初始社会组织数量。",
        derived = "about 13,000 active in communities (2019), about 4,300 villages and communities",
        fixed
    )]
    pub count: f64,
    /// Share of organisations that are at home in a community (home-grown).
    #[param(share = 0.3, zh = "本土社会组织的比例。", assumed = "no count was found", fixed)]
    pub local_share: f64,
    /// Mean hours of work that an organisation can offer at the start.
    #[param(
        real = 20.0,
        range = 0.0..=10_000.0,
        unit = "hours per month",
        zh = "社会组织初始的平均服务时数。",
        assumed = "one part-time worker",
        fixed
    )]
    pub capacity: f64,
    /// Cost of an hour of work.
    #[param(
        real = 50.0,
        range = 1.0..=10_000.0,
        unit = "yuan per hour",
        zh = "每小时服务的成本。",
        assumed = "a social worker's wage",
        citywide
    )]
    pub hour_cost: f64,
    /// Share of costs that fees and gifts cover at usual attendance.
    #[param(
        share = 0.9,
        zh = "在通常出席率下由收费与捐赠覆盖的成本比例。",
        assumed = "no measurement",
        citywide
    )]
    pub fees: f64,
    /// Attendance at which fees and gifts cover their share of costs.
    #[param(
        real = 3.0,
        range = 0.01..=1_000.0,
        unit = "residents per hour of work",
        zh = "收费与捐赠能覆盖其成本份额的出席率。",
        derived = "thirty residents for an activity of ten hours' work",
        citywide
    )]
    pub usual_attendance: f64,
    /// Project grants for organisations, one pot for the city.
    #[param(
        real = 10_000.0,
        range = 0.0..=100_000_000.0,
        unit = "yuan per community and year",
        zh = "社会组织项目资助(全市合计,按社区计)。",
        assumed = "between the 35,000 a year that community foundations raised for each of 300 communities by 2022 and a tenth of it, spread over all",
        citywide
    )]
    pub grants: f64,
    /// How far grants prefer home-grown organisations.
    #[param(
        share = 0.0,
        zh = "资助对本土组织的偏好。",
        choice,
        demonstration = [".count=5.0", ".grants=2000"],
        citywide
    )]
    pub local_preference: f64,
    /// Share of would-be founders who go ahead without seed money.
    // Founders go ahead unaided where there is no seed money.
    #[param(
        share = 0.1,
        zh = "没有启动资金仍会成立的比例。",
        assumed = "no measurement",
        demonstration = [".grants=0", ".birth_rate=5"],
        citywide
    )]
    pub unaided: f64,
    /// Chance that volunteers found an organisation where there is seed money.
    // Enough volunteers and grants that preference and birth show in a city of 500.
    #[param(
        real = 0.1,
        range = 0.0..=10.0,
        unit = "per month and 100 volunteers",
        zh = "志愿者发起成立社会组织的概率。",
        assumed = "no measurement",
        demonstration = ["modes.volunteer.base_rate=0.5"],
        citywide
    )]
    pub birth_rate: f64,
    /// Share of those who come who find it worth while.
    #[param(
        share = 0.85,
        zh = "参加者中认为值得的比例。",
        assumed = "high trust in organisations (F2)",
        prior = beta(9.0, 2.0)
    )]
    pub quality: f64,
    /// Hours of work behind one activity.
    #[param(
        real = 10.0,
        range = 1.0..=1_000.0,
        unit = "hours",
        zh = "一次活动所需的工时。",
        assumed = "with preparation"
    )]
    pub activity_hours: f64,
    /// How much an hour of work per adult raises the service it is about, of what is missing.
    #[param(
        real = 0.02,
        range = 0.0..=10.0,
        unit = "share per hour and adult",
        zh = "人均一小时服务对相应领域水平的提升。",
        assumed = "about what the same money buys otherwise"
    )]
    pub service_gain: f64,
    /// Residents whom a home-grown organisation, known to them, asks in person for each hour of its work; 0 =
    /// none.
    #[param(
        real = 0.0,
        range = 0.0..=100.0,
        unit = "residents per hour of work",
        zh = "本土组织每小时工作当面邀请的居民数;0 表示不邀请。",
        choice
    )]
    pub local_asks: f64,
    /// Share of organisations' hours that goes into rules of living together that residents make for
    /// themselves.
    #[param(share = 0.0, zh = "社会组织用于协助居民制定共同生活规则的工时比例。", choice)]
    pub rule_building: f64,
    /// Hours of such work per adult that settle all but a third of what neighbours fall out over.
    #[param(
        real = 0.3,
        range = 0.01..=100.0,
        unit = "hours per adult",
        zh = "使邻里分歧的大部分(约三分之二)得到约定所需的人均工时。",
        assumed = "some sixty meetings of a dozen hours' work in a community of 3,000"
    )]
    pub rule_hours: f64,
    /// Share of organisations' activities that bring residents of different compounds together; each who
    /// comes wins one acquaintance there.
    #[param(share = 0.0, zh = "跨院落活动的比例;每位参加者由此结识一位其他院落的居民。", choice)]
    pub bridging: f64,
    /// Share of organisations' hours that goes into mediation.
    #[param(share = 0.0, zh = "社会组织用于调解的工时比例。", choice)]
    pub mediation: f64,
    /// Share of departments' tasks that organisations do for pay instead of the committee; what is beyond
    /// their hours comes back a month later.
    #[param(share = 0.0, zh = "由社会组织有偿承接的部门任务比例;超出其工时的部分下月退回居委会。", choice)]
    pub outsourced_share: f64,
    /// Price of an hour of contracted work.
    #[param(
        real = 1.1,
        range = 0.0..=10.0,
        unit = "multiple of its cost",
        zh = "承接任务的价格(成本的倍数)。",
        assumed = "cost and a tenth for overheads",
        citywide
    )]
    pub contract_price: f64,
    /// Share of the costs of young organisations that an incubator bears, and of founders
    /// without seed money whom it takes in.
    #[param(
        share = 0.0,
        zh = "孵化器为新成立的组织承担的成本比例,亦为接纳无启动资金发起者的比例。",
        choice,
        citywide
    )]
    pub incubation: f64,
    /// Share of those who come to an activity for whom it is also an experience with neighbours.
    #[param(share = 0.1, zh = "参加者中由此与邻里发生往来的比例。", assumed = "no measurement")]
    pub brings_together: f64,
    /// Months for which an organisation counts as young.
    #[param(
        count = 24,
        range = 0..=240,
        unit = "months",
        zh = "社会组织视为新成立的月数。",
        assumed = "incubators take organisations in for one to three years",
        demonstration = [".incubation=0.5", ".birth_rate=5", "modes.volunteer.base_rate=0.5"],
        citywide
    )]
    pub young_months: u32,
    /// Month in which the year's grants are given.
    #[param(
        count = 3,
        range = 1..=12,
        unit = "month of the year",
        zh = "发放年度项目资助的月份。",
        assumed = "after the budget year has begun",
        citywide
    )]
    pub grants_month: u32,
    /// What chance adds at most to a bid, where repute and need are from 0 to 1.
    #[param(
        share = 0.1,
        zh = "随机因素对申请评分的最大影响(声誉与需求为0至1)。",
        assumed = "small beside repute and need",
        demonstration = [".count=5.0", ".grants=2000"],
        citywide
    )]
    pub grants_chance: f64,
    /// Months of work that a bid asks for.
    #[param(
        real = 6.0,
        range = 0.0..=60.0,
        unit = "months",
        zh = "项目申请对应的工作月数。",
        assumed = "a project of half a year",
        demonstration = [".grants=2000"],
        citywide
    )]
    pub project_months: f64,
    /// Months of costs that an organisation begins with, that seed money gives, and with which in hand it
    /// grows; with
    /// less than half of them it cuts back.
    #[param(
        real = 6.0,
        range = 0.0..=60.0,
        unit = "months",
        zh = "社会组织初始储备与启动资金的月数;储备超过此数时扩大,不足其一半时收缩。",
        assumed = "half a year",
        citywide
    )]
    pub reserve_months: f64,
    /// Months without money after which an organisation folds.
    #[param(
        count = 6,
        range = 1..=240,
        unit = "months",
        zh = "社会组织无资金多少个月后解散。",
        assumed = "half a year of unpaid work",
        demonstration = [".fees=0.0", ".grants=0", ".reserve_months=1"],
        citywide
    )]
    pub broke_months: u32,
    /// Weight of the last month in what organisations know of attendance in a community.
    #[param(
        share = 0.2,
        zh = "社会组织对某社区出席率的认识中最近一个月的权重。",
        assumed = "a memory of five months",
        citywide
    )]
    pub notice: f64,
    /// Most that fees and gifts cover, relative to usual attendance.
    #[param(
        real = 1.5,
        range = 0.0..=10.0,
        unit = "multiple",
        zh = "收费与捐赠收入的上限(通常出席率下的倍数)。",
        assumed = "half as much again fills the room",
        citywide
    )]
    pub most_interest: f64,
    /// Monthly step of repute towards the interest that activities meet.
    #[param(
        share = 0.1,
        zh = "声誉每月向活动受欢迎程度靠近的步长。",
        assumed = "a memory of ten months",
        demonstration = [".count=5.0", ".grants=2000"],
        citywide
    )]
    pub repute_step: f64,
    /// Growth of an organisation with a surplus and reserves.
    #[param(
        share = 0.02,
        unit = "share per month",
        zh = "有盈余且储备充足的社会组织的扩大速度。",
        assumed = "a quarter in a year",
        demonstration = [".fees=1.0", ".reserve_months=1"],
        citywide
    )]
    pub growth: f64,
    /// Cut of an organisation with a loss and few reserves.
    #[param(
        share = 0.05,
        unit = "share per month",
        zh = "亏损且储备不足的社会组织的收缩速度。",
        assumed = "nearly half in a year",
        demonstration = [".fees=0.0"],
        citywide
    )]
    pub shrinking: f64,
    /// Most hours of work of one organisation.
    #[param(
        real = 2_000.0,
        range = 1.0..=1_000_000.0,
        unit = "hours per month",
        zh = "单个社会组织的工时上限。",
        assumed = "a dozen full-time workers",
        citywide
    )]
    pub largest: f64,
    /// Difference in worth, from 0 to 1, at which an organisation moves to another community or another
    /// service.
    #[param(
        share = 0.1,
        zh = "社会组织转往其他社区或转做其他服务所需的差距。",
        assumed = "moving costs time and acquaintance",
        citywide
    )]
    pub clearly: f64,
}
