//! THE MONTH.
//!
//! The table below is what runs: [`schedule`] turns it into a list of processes, the simulation runs
//! that list, the benchmark times it, and the ODD page prints it. Where a row says "institutions",
//! every registered institution that acts in that step does so, in the order of the registry.

use super::{Context, Scratch, awareness, decision, moves, outcomes, trusting};
use crate::institution::{self, CityState, CommunityState, Institution, Run, Step, StepContext, cost};

/// What a row of the month does.
#[derive(Clone, Copy)]
pub enum Row {
    /// The acts of institutions in this step.
    Institutions(Step),
    /// Something residents do or undergo: name, what happens, code.
    Residents(&'static str, &'static str, fn(&mut CommunityState, &mut Scratch, &Context)),
    /// What is written down of the month in each community: name, what, code.
    Accounts(&'static str, &'static str, fn(&mut CommunityState, &CityState, &StepContext)),
}

/// The month, from its first day to its last.
pub const MONTH: &[Row] = &[
    Row::Residents("new month", "values of last month are cleared", moves::reset_month),
    Row::Institutions(Step::Calendar),
    Row::Residents("moves", "residents grow older, move away, die and are replaced", moves::process),
    Row::Institutions(Step::Tasks),
    Row::Institutions(Step::Services),
    Row::Institutions(Step::Outreach),
    Row::Institutions(Step::Opportunities),
    Row::Residents(
        "awareness",
        "residents become aware of what is open, from channels and acquaintances",
        awareness::process,
    ),
    Row::Residents("decisions", "residents decide, mode by mode, within their time", decision::process),
    Row::Institutions(Step::Decisions),
    Row::Institutions(Step::Projects),
    Row::Institutions(Step::Encounters),
    Row::Residents(
        "outcomes",
        "residents learn, form habits, and update efficacy and satisfaction",
        outcomes::process,
    ),
    Row::Residents("trust", "experience changes trust", trusting::process),
    Row::Residents("memory", "residents remember who took part", decision::remember_all),
    Row::Institutions(Step::Adaptation),
    Row::Accounts("accounts", "what the month cost is written down; nothing else reads it", cost::account),
];

/// How a process runs.
#[derive(Clone, Copy)]
pub enum Work {
    /// An institution's act.
    Act(Run),
    /// What residents do.
    Residents(fn(&mut CommunityState, &mut Scratch, &Context)),
}

/// One process of the month.
#[derive(Clone, Copy)]
pub struct Process {
    /// Who: an institution, or the name of a process of residents.
    pub who: &'static str,
    /// What.
    pub what: &'static str,
    /// How.
    pub work: Work,
}

impl Process {
    /// True if it runs in each community by itself.
    pub fn is_local(&self) -> bool {
        !matches!(self.work, Work::Act(Run::City(_)))
    }
}

/// The processes of a month with the institutions that `present` keeps.
pub fn schedule_of(present: impl Fn(&Institution) -> bool) -> Vec<Process> {
    let mut processes = Vec::new();
    for row in MONTH {
        match *row {
            Row::Residents(who, what, code) => {
                processes.push(Process { who, what, work: Work::Residents(code) })
            }
            Row::Accounts(who, what, code) => {
                processes.push(Process { who, what, work: Work::Act(Run::Community(code)) })
            }
            Row::Institutions(step) => {
                for institution in institution::all().iter().filter(|i| present(i)) {
                    for act in institution.acts.iter().filter(|a| a.step == step) {
                        processes.push(Process {
                            who: institution.name,
                            what: act.what,
                            work: Work::Act(act.run),
                        });
                    }
                }
            }
        }
    }
    processes
}

/// The processes of a month, with all institutions.
pub fn schedule() -> Vec<Process> {
    schedule_of(|_| true)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_act_of_every_institution_is_in_the_month_once() {
        let acts: usize = institution::all().iter().map(|i| i.acts.len()).sum();
        let others = MONTH.iter().filter(|r| !matches!(r, Row::Institutions(_))).count();
        assert_eq!(schedule().len(), acts + others);
    }
}
