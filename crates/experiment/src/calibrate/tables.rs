//! The tables of a calibration.

use std::io;

use super::Calibration;
use super::learnt::{Learnt, Spread};
use super::waves::Purpose;
use crate::record::table::{Cell, Column, Table, Take};
use crate::study::{RunResults, Study};
use crate::sweep;
use crate::targets::{Use, Verdict};
use shequ_model::scenario::index;

/// All tables, in the order in which they are written.
pub fn all<'a>(
    study: &'a Study,
    calibration: &'a Calibration,
    result: &'a RunResults,
    learnt: &'a Learnt,
) -> Vec<Table<'a>> {
    vec![
        learnt.posterior.table(),
        parameters(learnt),
        predictions(calibration, learnt),
        influence(calibration, learnt),
        conflicts(calibration, learnt),
        waves(learnt),
        runs(study, calibration, result),
    ]
}

fn spread<'c>(spread: &Spread) -> [Cell<'c>; 3] {
    [spread.median, spread.low, spread.high].map(Cell::Real)
}

/// The columns of a [`Spread`], each after `prefix`.
fn columns_of_spread(prefix: &str) -> [Column; 3] {
    ["median", "p05", "p95"].map(|name| Column::real(&format!("{prefix}_{name}")))
}

/// `runs.csv`: one row for each run, with the values of the parameters and the figures of the targets that ask for it.
/// Targets that no wave but the last runs for have no column: most readers take one that begins with hundreds of empty
/// cells for text.
fn runs<'a>(study: &'a Study, calibration: &'a Calibration, result: &'a RunResults) -> Table<'a> {
    let head = ["design_row", "wave"].map(Column::whole).into_iter().chain([Column::text("arm")]);
    let more = [Column::whole("replicate"), Column::text("status"), Column::text("message")];
    let parameters = calibration.parameters.iter().map(|parameter| sweep::parameter(&parameter.key));
    let from_the_start = calibration.runs(Purpose::History);
    let shown: Vec<usize> = (0..calibration.targets.len())
        .filter(|&target| from_the_start.iter().any(|&run| calibration.asks(target, run)))
        .collect();
    let targets = shown.iter().map(|&target| Column::real(&calibration.targets[target].id));
    let columns = head.chain(more).chain(parameters).chain(targets).collect();
    let rows = move |take: &mut Take| {
        let mut records = result.index.records()?;
        let mut point = 0;
        for (number, wave) in result.waves.iter().enumerate() {
            let runs = calibration.runs(wave.purpose);
            for row in wave.first..wave.first + wave.points.len() * runs.len() {
                let run = runs[(row - wave.first) % runs.len()];
                let mut texts = Vec::new();
                let values = sweep::cells(&result.rows[row].values, &mut texts);
                for replicate in result.plan.of_row(row as u32) {
                    let record = result.record(&mut records, row as u32, replicate)?;
                    let failed = record.failure.is_some();
                    let message =
                        record.failure.map(|words| sweep::message(&words, &result.rows[row], replicate));
                    let mut cells = vec![Cell::Whole(point), Cell::Whole(number as i64 + 1)];
                    cells.push(Cell::Text(study.side_name(run)));
                    cells.push(Cell::Whole(replicate.into()));
                    cells.push(Cell::Text(sweep::STATUS[usize::from(failed)]));
                    cells.push(Cell::Text(message.as_deref().unwrap_or("")));
                    cells.extend_from_slice(&values);
                    let value = |k: usize| match failed || !calibration.asks(k, run) {
                        true => f64::NAN,
                        false => record.values[k],
                    };
                    cells.extend(shown.iter().map(|&target| Cell::Real(value(target))));
                    take(&cells)?;
                }
                point += i64::from((row - wave.first) % runs.len() == runs.len() - 1);
            }
        }
        Ok(())
    };
    Table { name: "runs", columns, rows: Box::new(rows) }
}

/// `parameters.csv`: each parameter before and after, and whether the targets say anything about it.
fn parameters(learnt: &Learnt) -> Table<'_> {
    let columns = ["parameter", "unit"].map(Column::text).into_iter();
    let columns = columns.chain(columns_of_spread("prior")).chain(columns_of_spread("posterior"));
    let last = [Column::real("contraction"), Column::real("shift"), Column::flag("informed")];
    let rows = move |take: &mut Take| {
        for of in &learnt.parameters {
            let unit = index().key(&of.key).map_or("", |key| key.unit);
            let mut cells = vec![Cell::Text(&of.key), Cell::Text(unit)];
            cells.extend(spread(&of.before));
            cells.extend(spread(&of.after));
            cells.extend([of.contraction, of.shift].map(Cell::Real));
            cells.push(Cell::Flag(Some(of.is_informed())));
            take(&cells)?;
        }
        Ok(())
    };
    Table { name: "parameters", columns: columns.chain(last).collect(), rows: Box::new(rows) }
}

/// `predictions.csv`: what the model gives in the place of each target, before and after.
fn predictions<'a>(calibration: &'a Calibration, learnt: &'a Learnt) -> Table<'a> {
    let columns = ["target", "quantity", "group", "level", "use"].map(Column::text).into_iter();
    let columns = columns.chain(["value", "sd"].map(Column::real));
    let columns = columns.chain(columns_of_spread("prior")).chain(columns_of_spread("posterior"));
    let last = ["mean", "distance"].map(Column::real).into_iter();
    let last = last.chain([Column::text("verdict")]).chain(["ruled_out", "explained"].map(Column::real));
    let rows = move |take: &mut Take| {
        for (target, of) in calibration.targets.iter().zip(&learnt.targets) {
            let (group, level) = target.quantity.group.as_ref().map_or(("", ""), |(g, l)| (g, l));
            let used = if target.used == Use::Fit { "fit" } else { "hold_out" };
            let texts = [target.id.as_str(), &target.written, group, level, used];
            let mut cells: Vec<Cell> = texts.map(Cell::Text).into();
            cells.extend([target.aim.number(), target.sd()].map(Cell::Real));
            cells.extend(spread(&of.before));
            cells.extend(spread(&of.after));
            cells.extend([of.mean, of.distance].map(Cell::Real));
            cells.push(Cell::Text(verdict(of.verdict)));
            cells.extend([of.ruled_out, of.explained].map(Cell::Real));
            take(&cells)?;
        }
        Ok(())
    };
    Table { name: "predictions", columns: columns.chain(last).collect(), rows: Box::new(rows) }
}

fn verdict(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Met => "met",
        Verdict::Missed => "missed",
        Verdict::Open => "open",
        Verdict::NoValue => "",
    }
}

/// `influence.csv`: how much of what the model gives for a target, over the prior, is due to each parameter.
fn influence<'a>(calibration: &'a Calibration, learnt: &'a Learnt) -> Table<'a> {
    let columns = ["target", "parameter"].map(Column::text).into_iter();
    let columns = columns.chain(["share_alone", "share_total"].map(Column::real)).collect();
    let rows = move |take: &mut Take| {
        for (target, of) in calibration.targets.iter().zip(&learnt.targets) {
            for (parameter, (alone, total)) in calibration.parameters.iter().zip(&of.shares) {
                let texts = [target.id.as_str(), &parameter.key].map(Cell::Text);
                let [target, parameter] = texts;
                take(&[target, parameter, Cell::Real(*alone), Cell::Real(*total)])?;
            }
        }
        Ok(())
    };
    Table { name: "influence", columns, rows: Box::new(rows) }
}

/// `conflicts.csv`: targets that cannot be met, alone or together.
fn conflicts<'a>(calibration: &'a Calibration, learnt: &'a Learnt) -> Table<'a> {
    let text = ["target", "other_target"].map(Column::text).into_iter();
    let columns = text.chain(["share_met", "share_with_met"].map(Column::real)).collect();
    let rows = move |take: &mut Take| {
        for conflict in &learnt.conflicts {
            let with = conflict.with.map_or("", |(with, _)| &calibration.targets[with].id);
            let target = calibration.targets[conflict.target].id.as_str();
            let share = conflict.with.map_or(f64::NAN, |(_, share)| share);
            take(&[Cell::Text(target), Cell::Text(with), Cell::Real(conflict.met), Cell::Real(share)])?;
        }
        Ok(())
    };
    Table { name: "conflicts", columns, rows: Box::new(rows) }
}

/// `waves.csv`: what was run, and how much of the prior was left.
fn waves(learnt: &Learnt) -> Table<'_> {
    let columns = vec![
        Column::whole("wave"),
        Column::text("purpose"),
        Column::whole("points"),
        Column::whole("runs"),
        Column::real("share_left"),
        Column::real("bound"),
        Column::flag("emulators_suffice"),
    ];
    let rows = move |take: &mut Take| -> io::Result<()> {
        for (number, of) in learnt.waves.iter().enumerate() {
            take(&[
                Cell::Whole(number as i64 + 1),
                Cell::Text(match of.purpose {
                    Purpose::History => "history",
                    Purpose::Draws => "draws",
                    Purpose::HeldBack => "held back",
                }),
                Cell::Whole(of.points as i64),
                Cell::Whole(of.runs as i64),
                Cell::Real(of.left),
                Cell::Real(of.bound),
                Cell::Flag(Some(of.is_sharp)),
            ])?;
        }
        Ok(())
    };
    Table { name: "waves", columns, rows: Box::new(rows) }
}
