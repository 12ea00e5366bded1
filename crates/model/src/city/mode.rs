//! The ten modes of participation, and their settings `[modes.*]`.

use super::Target;
use crate::base::params::{Key, Section, Settings, Text, settings, text};
use crate::base::prior::{Prior, beta, log_normal};

/// Number of modes.
pub const MODES: usize = 10;

/// A way of taking part in the community.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Mode {
    /// Voting for the residents' committee or council.
    Vote,
    /// Voting on the projects of the special fund.
    Ballot,
    /// Attending a council session or forum.
    Meeting,
    /// Handing in a proposal.
    Proposal,
    /// Volunteering.
    Volunteer,
    /// Coming to an event.
    Event,
    /// Speaking up on the online platform.
    Online,
    /// The owners' assembly.
    Owners,
    /// Complaints and rights defence.
    Complaint,
    /// Sorting the household's waste.
    Sorting,
}

impl Mode {
    /// All modes, in the order of every array over modes.
    pub const ALL: [Mode; MODES] = [
        Mode::Vote,
        Mode::Ballot,
        Mode::Meeting,
        Mode::Proposal,
        Mode::Volunteer,
        Mode::Event,
        Mode::Online,
        Mode::Owners,
        Mode::Complaint,
        Mode::Sorting,
    ];

    /// Set of the modes that count as civic participation: all but the daily habit of sorting.
    pub const CIVIC: u16 = (1 << MODES) - 1 - (1 << Mode::Sorting as u16);

    /// The bit of this mode in a set of modes.
    pub const fn bit(self) -> u16 {
        1 << self as u16
    }

    /// Name as in the key `modes.NAME` and the metric `participation.NAME`.
    pub const fn name(self) -> &'static str {
        [
            "vote",
            "ballot",
            "meeting",
            "proposal",
            "volunteer",
            "event",
            "online",
            "owners",
            "complaint",
            "sorting",
        ][self as usize]
    }

    /// Name for people.
    pub const fn label(self) -> Text {
        const LABELS: [Text; MODES] = [
            text("voting", "选举投票"),
            text("fund ballot", "资金项目票决"),
            text("meetings", "议事会"),
            text("proposals", "居民提案"),
            text("volunteering", "志愿服务"),
            text("events", "社区活动"),
            text("online", "线上参与"),
            text("owners' assembly", "业主大会"),
            text("complaints", "投诉维权"),
            text("waste sorting", "垃圾分类"),
        ];
        LABELS[self as usize]
    }

    /// Whose trustworthiness matters to someone who considers this mode.
    pub const fn counterpart(self) -> Target {
        match self {
            Mode::Volunteer | Mode::Event => Target::Organisations,
            Mode::Owners => Target::Property,
            Mode::Sorting => Target::Neighbours,
            Mode::Complaint => Target::LocalGovernment,
            _ => Target::Committee,
        }
    }

    /// True of votes, for which the law asks for an age of 18, and which are held once a year or less often.
    pub const fn is_vote(self) -> bool {
        matches!(self, Mode::Vote | Mode::Ballot | Mode::Owners)
    }

    /// True if taking part is a use of voice that may be answered or ignored. A vote for the committee is not: it
    /// is counted.
    pub const fn is_voice(self) -> bool {
        matches!(self, Mode::Ballot | Mode::Meeting | Mode::Proposal | Mode::Online | Mode::Complaint)
    }
}

/// Settings of one mode. Its defaults are those of the meeting; [`section`] has those of each mode.
#[settings]
pub struct ModeSettings {
    /// Share who take part when the mode is open, among residents eligible and aware, under reference
    /// conditions; the theory's intercept is fitted to it.
    #[param(
        share = 0.04,
        zh = "参照条件下,符合资格且知情的居民中参与的比例;理论的截距据此拟合。",
        assumed = "no survey of this mode by month was found; chosen so that few are active (source text F6)",
        fixed
    )]
    pub base_rate: f64,
    /// The theory's intercept, where `theory.intercepts` is "given".
    #[param(
        real = 0.0,
        range = -40.0..=40.0,
        unit = "the theory's own",
        zh = "所用理论的截距项(当 theory.intercepts 为 given 时使用)。",
        choice,
        fixed,
        demonstration = ["theory.intercepts=given"]
    )]
    pub intercept: f64,
    /// Hours that one participation takes.
    #[param(
        real = 2.0,
        range = 0.0..=40.0,
        unit = "hours",
        zh = "参与一次所需的小时数。",
        assumed = "a usual length of such an occasion"
    )]
    pub hours: f64,
    /// Effort besides time: distance, forms, embarrassment.
    #[param(share = 0.4, zh = "时间以外的成本:距离、手续、顾虑。", assumed = "ordered by effort only")]
    pub friction: f64,
    /// How far others see who took part: 1 = as if it were made public. What cannot be seen is taken to be as usual
    /// (base rate times reference reach).
    #[param(
        share = 0.5,
        zh = "他人能看到谁参与的程度:1 表示如同公布;看不到的部分按通常水平设想。",
        assumed = VISIBILITY
    )]
    pub visibility: f64,
    /// Chance that taking part is an experience with those one has to do with there, beside what institutions
    /// bring about.
    #[param(
        share = 0.0,
        unit = "probability",
        zh = "参与时与对应方发生影响信任的接触的概率(机构活动之外)。",
        assumed = "what is known of such experiences is in the institutions; 0 adds none"
    )]
    pub experience: f64,
    /// Share of those experiences that are good.
    #[param(
        share = 0.8,
        zh = "此类接触中好的比例。",
        assumed = "as with enforcement and relief; acts only where `experience` is above 0",
        demonstration = [".experience=1.0", ".base_rate=0.5"]
    )]
    pub quality: f64,
}

/// Settings of all modes, in the order of [`Mode::ALL`].
pub type Modes = [ModeSettings; MODES];

/// The section `[modes.NAME]`.
pub fn section(mode: Mode) -> Section {
    const PATHS: [&str; MODES] = [
        "modes.vote",
        "modes.ballot",
        "modes.meeting",
        "modes.proposal",
        "modes.volunteer",
        "modes.event",
        "modes.online",
        "modes.owners",
        "modes.complaint",
        "modes.sorting",
    ];
    Section { path: PATHS[mode as usize], meaning: mode.label(), keys: keys(mode) }
}

const VISIBILITY: &str = "ordered by where it happens: in the yard or the group, in a room, in a booth or by letter; that influence depends on it is measured (see theory.calculus.social)";

const VOTERS: &str = "posterior median of the calibrated baseline; before, .70: 47.89 % of residents \
    report a vote in the last committee election (Shanghai, SUNS 2017, N = 6,581), divided by the share that hears of \
    it (.8) and raised because newcomers vote less";
const VOLUNTEERS: &str = "posterior median of the calibrated baseline; before, .05, assumed: no \
    survey of volunteering by month was found, and few are active (source text F6)";
const COMPLAINTS: &str = "posterior median of the calibrated baseline; before, .02, assumed: no \
    survey of complaints by month was found, and few are active (source text F6)";
const SHANGHAI_SORTING: &str = "15 % of Shanghai's residential areas complied before July 2019";

/// The keys of `mode`, with the defaults in which modes differ.
fn keys(mode: Mode) -> Vec<Key> {
    let (base_rate, hours, friction, visibility) = match mode {
        Mode::Vote => (0.831, 0.5, 0.2, 0.3),
        Mode::Ballot => (0.20, 0.25, 0.2, 0.3),
        Mode::Meeting => (0.04, 2.0, 0.4, 0.5),
        Mode::Proposal => (0.02, 1.0, 0.5, 0.2),
        Mode::Volunteer => (0.0619, 4.0, 0.4, 0.8),
        Mode::Event => (0.12, 2.0, 0.2, 0.8),
        Mode::Online => (0.06, 0.5, 0.1, 0.8),
        Mode::Owners => (0.20, 1.5, 0.3, 0.3),
        Mode::Complaint => (0.0245, 1.0, 0.3, 0.1),
        Mode::Sorting => (0.15, 1.0, 0.3, 0.5),
    };
    let usual = ModeSettings { base_rate, hours, friction, visibility, ..ModeSettings::standard() };
    let sourced = |key: Key| match (key.name, mode) {
        ("base_rate", Mode::Vote) => key.fitted(VOTERS),
        ("base_rate", Mode::Volunteer) => key.fitted(VOLUNTEERS),
        ("base_rate", Mode::Complaint) => key.fitted(COMPLAINTS),
        ("base_rate", Mode::Sorting) => key.derived(SHANGHAI_SORTING),
        _ => key,
    };
    let believed = |key: Key| match key.name {
        "base_rate" => key.believed(base_rate_believed(mode)),
        // Volunteers of 2021 gave 21.87 hours on 4.22 occasions (CSS, China); 4 to 6.5.
        "hours" if mode == Mode::Volunteer => key.believed(log_normal(5.2, 0.19)),
        _ => key,
    };
    // There is a ballot where all residents decide.
    let open: &[&str] = if mode == Mode::Ballot { &["funding.decider=residents"] } else { &[] };
    usual.as_defaults().into_iter().map(|key| believed(sourced(key)).demonstration(open)).collect()
}

/// What is believed of the base rate of `mode`: shares that surveys or counts give, divided by the share who hear of
/// it under reference conditions (.8 of votes, .35 of complaints and sorting, .25 of the rest). Where the level is a
/// target of the fit, the prior is so wide that the target decides: else one figure would count twice.
fn base_rate_believed(mode: Mode) -> Prior {
    match mode {
        // About half vote in elections of residents' committees; how many is a target.
        Mode::Vote => beta(3.0, 2.2),
        // Votes by residents in eleven city-years of European participatory budgeting: 1.4 to 23 %, median 8.1.
        Mode::Ballot => beta(1.2, 8.0),
        // 17.7 % ever went to an election meeting (China 2015, Asian Barometer).
        Mode::Meeting => log_normal(0.04, 0.6),
        // No count was found.
        Mode::Proposal => log_normal(0.02, 0.7),
        // How many volunteer is a target; how much of that is for the community nobody counts.
        Mode::Volunteer => log_normal(0.1, 0.8),
        // Surveys have attendance by the year, none by the month.
        Mode::Event => beta(2.0, 12.0),
        // A lower bound: .005 of adults a month wrote to the city's hotline online (Beijing 2020).
        Mode::Online => log_normal(0.035, 0.7),
        // More take part than in elections of the residents' committee (606 owners, Beijing); two thirds must by law.
        Mode::Owners => beta(3.0, 2.5),
        // How many report something to the city is a target.
        Mode::Complaint => log_normal(0.02, 0.7),
        // 15 % of residential areas complied (Shanghai before July 2019), which says little of residents.
        Mode::Sorting => beta(1.7, 6.5),
    }
}
