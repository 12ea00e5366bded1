//! A community with its residents and institutions, and the signals between these.

use serde::{Deserialize, Serialize};

use super::cost::Ledger;
use super::{Local, Settings, prices};
use crate::base::month::Month;
use crate::base::params;
use crate::base::rng::CounterRng;
use crate::city::residents::TARGETS;
use crate::city::{
    AGE_BANDS, Community, DOMAINS, MODES, Mode, Target, mode::Modes, person, population, table,
};

/// Everything that a scenario says about one stretch of time.
#[derive(Clone, Debug, PartialEq)]
pub struct Rules {
    /// How residents learn, forget and move.
    pub residents: person::Settings,
    /// What taking part takes, by mode.
    pub modes: Modes,
    /// The institutions.
    pub institutions: Settings,
    /// What things cost.
    pub costs: prices::Settings,
    /// What of a table of communities holds in their place.
    pub table: table::Held,
}

/// Rules that differ between communities.
pub trait ByCommunity: Sync {
    /// The rules of the community `id`, so many months since the start; before it those of the start.
    fn rules(&self, id: u32, since_start: Option<u32>) -> &Rules;
}

/// The present moment, as every act sees it.
#[derive(Clone, Copy)]
pub struct StepContext<'a> {
    /// Months since the city was built, those of burn-in among them: what draws and records are dated by.
    pub month: u32,
    /// Months of burn-in, which come before the start.
    pub burn_in: u32,
    /// The calendar month.
    pub date: Month,
    /// The rules in force: of what happens in a community those that hold there, of what happens in the city as a
    /// whole those that hold where nothing is said of single places.
    pub rules: &'a Rules,
    /// Where other rules hold; none where the same do in all communities.
    pub placed: Option<&'a dyn ByCommunity>,
    /// How the city was built.
    pub population: &'a population::Settings,
    /// The random numbers of this replicate. Within a community use `rng.of(community.id)`.
    pub rng: CounterRng,
}

impl<'a> StepContext<'a> {
    /// The rules in force in `community`.
    pub fn rules_of(&self, community: &Community) -> &'a Rules {
        let since_start = self.month.checked_sub(self.burn_in);
        self.placed.map_or(self.rules, |placed| placed.rules(community.id, since_start))
    }

    /// Months since the start; negative in burn-in.
    pub fn since_start(&self) -> i32 {
        self.month as i32 - self.burn_in as i32
    }

    /// Years since the start; none before.
    pub fn years(&self) -> f64 {
        self.since_start().max(0) as f64 / 12.0
    }

    /// True from so many months after the start on. What is there from month 0 on has always been there.
    pub fn has_come(&self, month: u32) -> bool {
        month == 0 || self.since_start() >= month as i32
    }

    /// True every `every` months, counted forwards and backwards from month `first`; between the start and
    /// `first` never.
    pub fn recurs(&self, first: u32, every: u32) -> bool {
        let since = self.since_start() - first as i32;
        every > 0 && since.rem_euclid(every as i32) == 0 && (since >= 0 || self.since_start() < 0)
    }

    /// The settings in force of an institution from outside.
    ///
    /// # Panics
    /// If no institution that was added has settings of type `T`.
    pub fn settings<T: params::Settings + 'static>(&self) -> &'a T {
        self.rules.institutions.custom.of()
    }
}

impl Contact {
    /// This experience and another, independent one: the chance of either, and the mean quality.
    pub fn and(self, other: Contact) -> Contact {
        let weight = self.chance + other.chance;
        if weight == 0.0 {
            return self;
        }
        Contact {
            chance: 1.0 - (1.0 - self.chance) * (1.0 - other.chance),
            good: (self.chance * self.good + other.chance * other.good) / weight,
        }
    }
}

/// One community and all that happens in it.
#[derive(Clone, Debug)]
pub struct CommunityState {
    /// Who lives there.
    pub community: Community,
    /// What each institution keeps there.
    pub local: Local,
    /// What institutions and residents hand each other in the course of a month.
    pub signals: Signals,
    /// What the month cost.
    pub ledger: Ledger,
}

/// How residents come to experience whom they may trust.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Contact {
    /// Chance that a resident has an experience this month.
    pub chance: f32,
    /// Share of experiences that are good.
    pub good: f32,
}

/// Who asks residents in person to take part. Each finds residents of its own: draws of one say nothing of
/// those of another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Asker {
    /// Those who campaign for an election.
    Campaign,
    /// The party branch.
    Party,
    /// Organisations with members in the community.
    Organisations,
    /// The committee on its visits.
    Committee,
    /// Teams of volunteers.
    Volunteers,
    /// Officials in the role of a mobiliser.
    Government,
    /// Residents who defend their rights.
    Rights,
    /// Those who call for help after a disaster.
    Relief,
}

/// Number of askers.
pub const ASKERS: usize = 8;

/// What somebody asks of residents this month.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Ask {
    /// Chance that a resident is asked.
    pub share: f32,
    /// For what, as a set of modes.
    pub modes: u16,
}

/// The meeting ground of a community's institutions and residents.
///
/// Fields marked *lasting* keep their value; all others are reset by [`Signals::new_month`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Signals {
    /// Lasting: level of each service, in [0, 1].
    pub services: [f32; DOMAINS],
    /// Chance, by age band, that nobody tells a resident in person this month, acquaintances apart.
    pub unreached: [f32; AGE_BANDS.len()],
    /// Chance, by age band, that no message to many reaches a resident this month.
    pub unread: [f32; AGE_BANDS.len()],
    /// Chance that a suitable occasion of each mode exists for a resident; 0 = not open.
    pub open: [f32; MODES],
    /// The stakes of taking part, by mode, in [0, 1].
    pub stake: [f32; MODES],
    /// Chance that a resident hears of a mode by notices of its own, by mode.
    pub announced: [f32; MODES],
    /// Who asks residents in person to take part, by asker.
    pub asks: [Ask; ASKERS],
    /// What going to the ballot box costs a resident this month, as a multiple of the usual.
    pub ballot_cost: f32,
    /// Share of this month's votes that went to the one elected; NaN without an election.
    pub verdict: f32,
    /// Share of this month's voices that are answered.
    pub answered: f32,
    /// Share of voices left unanswered, by the chief need of those who raise them, relative to that of all.
    pub overlooked: [f32; DOMAINS],
    /// Share of households that the committee visits at home this month.
    pub visited: f32,
    /// Residents whom the staff ask this month what they need.
    pub interviewed: u32,
    /// Share of requests that residents find well handled.
    pub handled_well: f32,
    /// Experiences with each target.
    pub contacts: [Contact; TARGETS],
    /// Chance that services surprise a resident who needs one domain alone this month, counted for each
    /// target held responsible: above 0 for the better, below for the worse.
    pub surprises: [[f32; DOMAINS]; TARGETS],
    /// Of the projects for all that ended this month in each domain, the share finished; none ended = 0.
    pub projects_finished: [f32; DOMAINS],
    /// Of the projects for all that ended this month in each domain, the share that lapsed; also the share of
    /// money found misused.
    pub projects_failed: [f32; DOMAINS],
    /// The two, by compound, with the projects that served this compound alone; empty if none of those ended.
    pub projects_here: Vec<[[f32; DOMAINS]; 2]>,
    /// Whom residents credit with projects and blame for them: who decided.
    pub projects_of: Target,
    /// Requests and complaints that residents file this month.
    pub requests: u32,
    /// Those of last month, which the committee takes up now or never.
    pub filed: u32,
    /// Residents who took part this month, by mode.
    pub took_part: [u32; MODES],
    /// Whether this month's bags were followed one by one, so that the habit of sorting is formed already.
    pub bags_followed: bool,
    /// Residents eligible this month, by mode.
    pub eligible: [u32; MODES],
    /// Whether those who are not on the list of electors may not vote.
    pub listed_only: bool,
    /// Of the residents registered elsewhere, those who may vote, and all; nobody where there is no vote.
    pub migrants: [u32; 2],
    /// Residents who took part in any civic mode this month.
    pub participants: u32,
    /// Hours of civic participation this month.
    pub hours: f64,
    /// Residents who left (moved away or died) this month.
    pub left: u32,
    /// Residents who arrived (moved in or came of age) this month.
    pub arrived: u32,
    /// How many times as often as usual households move this month.
    pub restless: f32,
    /// Lasting: how well each mode ended for the community when it was last open, in [0, 1]: the share of votes for
    /// the one elected, of voices answered, or of those eligible who did it; NaN before the first time.
    pub outcome: [f32; MODES],
    /// Lasting: a shock's lift of helpfulness, decaying.
    pub solidarity: f32,
    /// Share of the fragmentation of departments that somebody overcomes this month.
    pub coordinated: f32,
    /// Share of what law leaves uncertain that local rules settle.
    pub settled: f32,
    /// Share of voices that those in office are willing to take up at all.
    pub heard: f32,
    /// Minutes of duties, beside tasks, that institutions lay on the committee's staff this month.
    pub duties: i64,
    /// Errands done this month for residents elsewhere than at the committee, and the share of them
    /// found well done.
    pub errands: u32,
    /// See `errands`.
    pub errands_well: f32,
    /// Share of each service that each kind of provider made this month: state, market, society.
    pub made: [[f32; DOMAINS]; 3],
    /// Kinds of providers that fail this month.
    pub failing: [bool; 3],
    /// Occasions taken this month by residents who had been asked in person.
    pub mobilised: u32,
    /// Lasting: share of what neighbours fall out over that rules of their own settle beforehand; a
    /// rule that nobody renews is forgotten.
    pub common_rules: f32,
    /// Lasting: acquaintances from other compounds that a resident has on average won beside the ties
    /// of the city; whom in particular is not kept, so each stands for the mean of the community.
    pub bridges: f32,
    /// Lasting: share of adults who took part in each mode when it was last open.
    pub company: [f32; MODES],
    /// Lasting: share of adults who took part in any civic mode last month.
    pub active: f32,
    /// Lasting: mean chance of adults to know what was open last month.
    pub knowing: f32,
    /// What an organisation of residents adds to the weight of a complaint, in complaints.
    pub backing: f32,
    /// How much more often than usual neighbours fall out this month: 1 = twice as often.
    pub strain: f32,
    /// Hours that others than the mediation committee give to mediation this month.
    pub mediators: f64,
    /// Lasting: share of residents who live with an open conflict around them.
    pub disorder: f32,
    /// Expectation, shared by all, that others will take part: it adds to what is seen of acquaintances.
    pub confidence: f32,
    /// Requests of a resident, as a multiple of the usual.
    pub neediness: f32,
    /// Lasting: heads for each resident that is modelled; above 1 where the population grew.
    pub crowding: f32,
    /// Staff time and days that a request takes, as a multiple of the usual.
    pub effort: f32,
    /// How much an office guesses about needs, as a multiple of the usual.
    pub guess: f32,
    /// Chance that a project lapses, as a multiple of the usual.
    pub lapse: f32,
    /// Residents who raise a need this month in other ways than by a written proposal, by domain.
    pub raised: [u32; DOMAINS],
    /// Chance that somebody else applies for a home that falls free, beside the one drawn for it.
    pub attraction: f32,
    /// Lasting: by compound, the share of what the environment lacks that its management makes up;
    /// empty where no compound is managed.
    pub upkeep: Vec<f32>,
    /// Lasting: share of what services lack that the work unit makes up for its members.
    pub welfare: f32,
    /// Lasting: by compound and domain, the share of what a service lacks that projects of the compound's own
    /// make up there; empty where there never were any.
    pub surplus: Vec<[f32; DOMAINS]>,
}

impl Signals {
    /// At the beginning of a replicate: services at `level`, no requests, nothing open.
    pub fn new(level: f32) -> Signals {
        Signals {
            services: [level; DOMAINS],
            unreached: [1.0; AGE_BANDS.len()],
            unread: [1.0; AGE_BANDS.len()],
            open: [0.0; MODES],
            stake: [0.0; MODES],
            announced: [0.0; MODES],
            asks: [Ask::default(); ASKERS],
            ballot_cost: 1.0,
            verdict: f32::NAN,
            answered: 0.0,
            overlooked: [1.0; DOMAINS],
            visited: 0.0,
            interviewed: 0,
            handled_well: 0.0,
            contacts: [Contact::default(); TARGETS],
            surprises: [[0.0; DOMAINS]; TARGETS],
            projects_finished: [0.0; DOMAINS],
            projects_failed: [0.0; DOMAINS],
            projects_here: Vec::new(),
            projects_of: Target::Committee,
            requests: 0,
            filed: 0,
            took_part: [0; MODES],
            bags_followed: false,
            eligible: [0; MODES],
            listed_only: false,
            migrants: [0; 2],
            participants: 0,
            hours: 0.0,
            left: 0,
            arrived: 0,
            restless: 1.0,
            outcome: [f32::NAN; MODES],
            solidarity: 0.0,
            coordinated: 0.0,
            settled: 0.0,
            heard: 1.0,
            duties: 0,
            errands: 0,
            errands_well: 0.0,
            made: [[0.0; DOMAINS]; 3],
            failing: [false; 3],
            mobilised: 0,
            common_rules: 0.0,
            bridges: 0.0,
            company: [0.0; MODES],
            active: 0.0,
            knowing: 0.0,
            backing: 0.0,
            strain: 0.0,
            mediators: 0.0,
            disorder: 0.0,
            confidence: 0.0,
            neediness: 1.0,
            crowding: 1.0,
            effort: 1.0,
            guess: 1.0,
            lapse: 1.0,
            raised: [0; DOMAINS],
            attraction: 0.0,
            upkeep: Vec::new(),
            welfare: 0.0,
            surplus: Vec::new(),
        }
    }

    /// `asker` asks a share of residents in person to take part in `modes`.
    pub fn ask(&mut self, asker: Asker, modes: &[Mode], share: f32) {
        let ask = &mut self.asks[asker as usize];
        ask.share = ask.share.max(share);
        ask.modes = modes.iter().fold(ask.modes, |set, mode| set | mode.bit());
    }

    /// True if anybody asks for `mode`.
    pub fn is_asked_for(&self, mode: Mode) -> bool {
        self.asks.iter().any(|ask| ask.share > 0.0 && ask.modes & mode.bit() != 0)
    }

    /// One more occasion of a mode: the chance that it suits, and its stakes.
    pub fn offer(&mut self, mode: Mode, chance: f32, stake: f32) {
        if chance > 0.0 {
            let open = &mut self.open[mode as usize];
            *open = 1.0 - (1.0 - *open) * (1.0 - chance);
            self.stake[mode as usize] = self.stake[mode as usize].max(stake);
        }
    }

    /// Somebody more takes up a share of voices.
    pub fn answer(&mut self, share: f32) {
        self.answered = 1.0 - (1.0 - self.answered) * (1.0 - share);
    }

    /// Of the projects that ended this month and served `compound`, alone or with all: the shares finished and lapsed,
    /// by domain.
    #[inline(always)]
    pub fn projects_at(&self, compound: u16) -> [&[f32; DOMAINS]; 2] {
        match self.projects_here.get(compound as usize) {
            Some([finished, failed]) => [finished, failed],
            None => [&self.projects_finished, &self.projects_failed],
        }
    }

    /// Somebody more overcomes a share of the fragmentation of departments.
    pub fn coordinate(&mut self, share: f32) {
        self.coordinated = 1.0 - (1.0 - self.coordinated) * (1.0 - share);
    }

    /// Somebody more experiences `target` this way.
    pub fn meet(&mut self, target: Target, contact: Contact) {
        let all = &mut self.contacts[target as usize];
        *all = all.and(contact);
    }

    /// Voices raised this month: meetings, proposals, online, complaints.
    pub fn voices(&self) -> u32 {
        [Mode::Meeting, Mode::Proposal, Mode::Online, Mode::Complaint]
            .iter()
            .map(|&mode| self.took_part[mode as usize])
            .sum()
    }
}

/// Kinds of providers, in the order of `Signals::made` and `Signals::failing`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Provider {
    /// Public money.
    State,
    /// Firms.
    Market,
    /// Social organisations.
    Society,
}

impl Signals {
    /// Clears what belongs to one month only; of common rules the share `forgotten` is.
    pub fn new_month(&mut self, forgotten: f32) {
        *self = Signals {
            services: self.services,
            filed: self.requests,
            outcome: self.outcome,
            solidarity: self.solidarity,
            common_rules: self.common_rules * (1.0 - forgotten),
            bridges: self.bridges,
            company: self.company,
            active: self.active,
            knowing: self.knowing,
            disorder: self.disorder,
            crowding: self.crowding,
            upkeep: std::mem::take(&mut self.upkeep),
            welfare: self.welfare,
            surplus: std::mem::take(&mut self.surplus),
            ..Signals::new(0.0)
        };
    }
}

impl CommunityState {
    /// Mean of `column` over the adults; 0 of an empty community.
    pub fn mean(&self, column: &[f32]) -> f32 {
        let sum: f64 = column.iter().map(|&v| v as f64).sum();
        (sum / column.len().max(1) as f64) as f32
    }
}
