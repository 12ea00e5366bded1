//! The keys of `[funding]`.

use super::Settings;
use crate::base::params::{self, Key, word};

impl params::Settings for Settings {
    fn keys() -> Vec<Key> {
        vec![
            Key::count("base", 200_000, 0, 1_000_000_000)
                .unit("yuan per community and year")
                .means("Yearly grant to each community.", "每个社区每年的专项资金。")
                .measured("at least 200,000 yuan per village and year from 2009 (press 2009-07-29; source text F10)"),
            Key::real("per_capita", 0.0, 0.0, 100_000.0)
                .unit("yuan per adult and year")
                .means("Further grant for each adult.", "按成年人口追加的资金。")
                .assumed("the formula after 2018 was not found"),
            Key::real("growth", 0.0, -0.5, 1.0)
                .unit("share per year")
                .means("Yearly growth of the grant.", "资金的年增长率。")
                .assumed("raised greatly since (F10), without figures"),
            Key::count("start_month", 0, 0, 1200)
                .unit("months after the start")
                .means("Month of the first grant; the others follow every twelve months.", "首次拨款的月份,此后每十二个月一次。")
                .choice(),
            Key::one_of(
                "decider",
                "street",
                &[
                    word("street", "the street government", "街道"),
                    word("committee", "the residents' committee", "居委会"),
                    word("council", "the residents' council", "居民议事会"),
                    word("residents", "all residents, by ballot", "全体居民票决"),
                ],
            )
            .means("Who decides what the fund is spent on.", "资金用途由谁决定。"),
            Key::real("approval_delay", 2.0, 0.0, 11.0)
                .unit("months")
                .means("Median months from grant to decision.", "从拨款到决定的中位月数。")
                .assumed("cumbersome approval and slow spending are reported (Q district study), without a number"),
            Key::count("project_cost", 40_000, 1_000, 100_000_000)
                .unit("yuan")
                .means("Median cost of a project.", "项目费用的中位数。")
                .derived("2,300 villages, 40,000–50,000 projects in four years at 200,000 yuan a year: about 40,000 yuan each"),
            Key::count("project_months", 6, 1, 60)
                .unit("months")
                .means("Months that a project takes.", "项目工期。")
                .assumed("within a budget year"),
            Key::share("project_yield", 0.1)
                .means("What a yuan of a project does for its service, relative to a yuan of public money spent on that service alone.", "项目资金对所属服务的效用,相对于专用于该服务的公共投入。")
                .assumed("until it is measured, a small work done once is taken to do for its own service what a yuan of the general budget does for each of ten"),
            Key::share("leak", 0.10)
                .means("Share of spending that leaks where nobody watches.", "无监督时资金流失的比例。")
                .assumed("proposed core model"),
            Key::share("openness", 0.3)
                .means("How open accounts are to residents.", "财务公开程度。")
                .assumed("no measurement"),
            Key::share("audit", 0.3)
                .means("How thoroughly accounts are audited.", "审计力度。")
                .assumed("no measurement"),
            Key::share("lapse", 0.10)
                .means("Chance that a project is never finished.", "项目烂尾的概率。")
                .assumed("no measurement"),
            Key::share("publicity", 0.5)
                .means("Chance that a resident hears of a ballot on the fund by its own notices.", "居民通过公告得知资金票决的概率。")
                .assumed("a questionnaire reached 1,016 residents in two days (Wenjiang 2009)"),
            Key::one_of(
                "match_rule",
                "wishes",
                &[
                    word("wishes", "projects in domains that they want served", "按意愿"),
                    word("needs", "projects in domains that they want served, weighted by what the service lacks", "按意愿与服务缺口"),
                ],
            )
            .means("What members of a council and residents approve of.", "议事会成员与居民赞成项目的依据。"),
            Key::share("coproduction", 0.0)
                .means("Share of a project's work that residents are invited to do.", "邀请居民参与实施的项目工作比例。")
                .choice(),
            Key::share("devolution", 0.0)
                .means("Share of the money for services that goes into the fund instead, to be decided in the community.", "转入社区专项资金、由社区决定的服务经费比例(重心下移)。")
                .choice(),
            Key::share("governance_share", 1.0)
                .means("Share of the money meant for services and the fund that is spent on them; the rest goes into growth elsewhere.", "用于治理与服务的经费比例,其余用于经济发展。")
                .choice(),
            Key::real("own_revenue", 0.0, 0.0, 10_000.0)
                .unit("yuan per hour")
                .means("What the community earns by each staff hour that is left over (own revenue).", "每一剩余工时为社区带来的自有收入(造血)。")
                .choice(),
            Key::real("own_income", 0.0, 0.0, 1e9)
                .fixed()
                .unit("yuan per month")
                .means("What the community earns by itself at the start.", "起始时社区的自有月收入。")
                .choice(),
            Key::election("election")
                .means("An election held elsewhere, such as one of Pabulib: where all residents decide, its projects and ballots are decided on by `council.rule`, and its budget is the year's grant.", "既有的参与式预算选举(如 Pabulib 数据):由全体居民票决时,以其项目、选票与预算,按 council.rule 决定。"),
        ]
    }
}
