//! A calibration as people see it on the terminal.

use crate::targets::{aim, called, distance, interval, used, verdict};
use crate::terminal::{align_right, plain_table};
use shequ_experiment::calibrate::Calibration;
use shequ_experiment::calibrate::learnt::{Conflict, Learnt, Spread};
use shequ_experiment::file::Experiment;
use shequ_experiment::targets::{Target, Use};
use shequ_model::base::i18n::{Both, Language, both, counted};
use shequ_model::base::params::text;

/// What was learnt: the answer, what cannot be met, targets, and parameters.
pub fn summary(experiment: &Experiment, learnt: &Learnt, language: Language) -> String {
    let Some(calibration) = &experiment.calibration else { return String::new() };
    let mut lines: Vec<String> =
        answer(calibration, learnt).into_iter().map(|line| line.of(language).to_string()).collect();
    let conflicts = learnt.conflicts.iter().map(|conflict| said(&calibration.targets, conflict));
    lines.extend(conflicts.map(|line| line.of(language).to_string()));
    lines.push(String::new());
    lines.push(targets(calibration, learnt, language));
    lines.push(String::new());
    lines.push(parameters(learnt, language));
    lines.join("\n") + "\n"
}

/// How many targets are met, what was learnt about parameters, and what the posterior is worth.
pub fn answer(calibration: &Calibration, learnt: &Learnt) -> Vec<Both> {
    let met = |used| learnt.met(&calibration.targets, used);
    let ((fit, of_fit), (held, of_held)) = (met(Use::Fit), met(Use::HoldOut));
    let informed = learnt.parameters.iter().filter(|of| of.is_informed()).count();
    let (all, draws, worth) = (learnt.parameters.len(), learnt.posterior.draws.len(), learnt.worth.round());
    let runs: u64 = learnt.waves.iter().map(|wave| wave.runs).sum();
    let parameters = |n: usize| counted(n as u64, ["parameter", "parameters"], "个参数");
    let mut lines = vec![
        both!(
            "{fit} of {of_fit} targets that were fitted are met, and {held} of {of_held} that were held back.",
            "用于拟合的 {of_fit} 个目标满足 {fit} 个，留出的 {of_held} 个满足 {held} 个。"
        ),
        match all - informed {
            0 => both!("The targets inform {all}.", "目标对全部 {all}有约束。"; all = parameters(all)),
            kept => both!(
                "The targets inform {informed} of {all}; of {kept} they say nothing.",
                "目标对 {all}中的 {informed} 个有约束；{kept} 个保持先验。";
                informed = informed, all = parameters(all), kept = kept
            ),
        },
        both!(
            "The posterior is {draws} weighted draws, worth {worth} equal ones, from {runs}.",
            "后验为 {draws} 个加权抽样，相当于 {worth} 个等权抽样，共用 {runs}。";
            draws = draws, worth = worth, runs = counted(runs, ["run", "runs"], "次模拟")
        ),
    ];
    if let Some(wave) = learnt.waves.last()
        && wave.bound > calibration.pace.cut_off
    {
        let (bound, cut_off) = (format!("{:.1}", wave.bound), calibration.pace.cut_off);
        lines.push(both!(
            "No values of the parameters meet all targets: the nearest are {bound} standard deviations away, beyond the \
             cut-off of {cut_off}.",
            "没有任何参数取值能满足全部目标：最近的相差 {bound} 个标准差，超过界限 {cut_off}。"
        ));
    }
    if learnt.worth < 0.5 * draws as f64 {
        lines.push(both(
            "Few of the draws carry the weight: the emulators do not follow the model closely here. More points, or \
             fewer parameters, would help.",
            "权重集中于少数抽样：代理模型在此处不够贴近模型。可增加点数，或减少参数。",
        ));
    }
    lines
}

/// That a target, or a pair of them, cannot be met.
pub fn said(targets: &[Target], conflict: &Conflict) -> Both {
    let id = |target: usize| &targets[target].id;
    match conflict.with {
        None => both!(
            "{target} cannot be met by any values of these parameters.",
            "这些参数的任何取值都不能满足 {target}。"; target = id(conflict.target)
        ),
        Some((with, _)) => both!(
            "{target} and {with} can each be met, but not together.",
            "{target} 与 {with} 可分别满足，但不能同时满足。"; target = id(conflict.target), with = id(with)
        ),
    }
}

fn spread(spread: &Spread) -> String {
    interval([spread.median, spread.low, spread.high])
}

fn targets(calibration: &Calibration, learnt: &Learnt, language: Language) -> String {
    let say = |en, zh| language.of(text(en, zh)).to_string();
    let mut table = plain_table();
    table.set_header([
        String::new(),
        say("what", "项目"),
        say("observed", "观测值"),
        say("before (90 %)", "拟合前（90 %）"),
        say("after (90 %)", "拟合后（90 %）"),
        say("distance (sd)", "偏离（标准差）"),
        say("use", "用途"),
        String::new(),
    ]);
    for (target, of) in calibration.targets.iter().zip(&learnt.targets) {
        table.add_row([
            target.id.clone(),
            called(target).of(language).to_string(),
            aim(target, language),
            spread(&of.before),
            spread(&of.after),
            distance(of.distance),
            used(target.used, language),
            verdict(of.verdict, language),
        ]);
    }
    align_right(&mut table, 2..6);
    table.to_string()
}

fn parameters(learnt: &Learnt, language: Language) -> String {
    let say = |en, zh| language.of(text(en, zh)).to_string();
    let mut table = plain_table();
    table.set_header([
        say("parameter", "参数"),
        say("before (90 %)", "拟合前（90 %）"),
        say("after (90 %)", "拟合后（90 %）"),
        say("variance taken away", "减少的方差"),
        String::new(),
    ]);
    for of in &learnt.parameters {
        let told = match of.is_informed() {
            true => say("informed", "有约束"),
            false => say("keeps its prior", "保持先验"),
        };
        let share = format!("{:.0} %", 100.0 * of.contraction.max(0.0));
        table.add_row([of.key.clone(), spread(&of.before), spread(&of.after), share, told]);
    }
    align_right(&mut table, 1..4);
    table.to_string()
}
