//! Briefs of what was fitted and of what was searched for.

use super::*;

#[test]
fn calibrations_do_not_contradict_themselves() {
    let mut random = Random::new(13);
    for _ in 0..TIMES {
        let (keys, count) = (&KEYS[..1 + random.below(KEYS.len())], 1 + random.below(14));
        let mut results = Results::of("calibrate", "participation", 0, &mut random);
        let (mut targets, mut predictions, mut truth) = (Vec::new(), Vec::new(), Vec::new());
        for n in 0..count {
            let used = if n > 0 && random.chance(0.4) { "hold_out" } else { "fit" };
            let (value, sd) = (random.number(), 0.01 + 0.1 * random.number());
            let off = sd * 8.0 * (random.number() - 0.5);
            let verdict = if off.abs() > 2.0 * sd { "missed" } else { "met" };
            let metric = OUTCOMES[n % 3];
            targets.push(format!("T{n},{metric},{value},{sd},{used}"));
            let of = |shift: f64| cells(&[value + shift, value + shift - 0.5 * sd, value + shift + 0.5 * sd]);
            predictions.push(format!(
                "T{n},{metric},,,{used},{value},{sd},{},{},{},{},{verdict}",
                of(0.1),
                of(off),
                value + off,
                off.abs() / sd
            ));
            truth.push((format!("T{n}"), used, verdict, off));
        }
        results.file("targets.csv", &format!("id,metric,value,standard_error,use\n{}\n", targets.join("\n")));
        let columns = "target,quantity,group,level,use,value,sd,prior_median,prior_p05,prior_p95,posterior_median,\
            posterior_p05,posterior_p95,mean,distance,verdict";
        results.table("predictions", columns, &predictions);
        let of_keys: Vec<String> = keys
            .iter()
            .map(|key| {
                format!(
                    "{key},0.5,0.1,0.9,0.5,0.2,0.8,{},{}",
                    1.2 * random.number() - 0.2,
                    random.chance(0.5)
                )
            })
            .collect();
        let columns = "parameter,prior_median,prior_p05,prior_p95,posterior_median,posterior_p05,posterior_p95,contraction,informed";
        results.table("parameters", columns, &of_keys);
        results.table(
            "waves",
            "wave,purpose,points,runs,share_left,bound",
            &["1,history,12,24,0.034,3".into()],
        );
        results.table("conflicts", "target,other_target,share_met,share_with_met", &["T0,,0,".into()]);
        results.table("influence", "target,parameter,share_alone,share_total", &[]);
        let made = results.finish();
        let brief = brief(&made.folder(), "calibrate", "participation");
        content_holds(&page::content(&made.folder()).unwrap());
        let counted = |used: &str, verdict: &str| {
            truth.iter().filter(|one| one.1 == used && (verdict.is_empty() || one.2 == verdict)).count()
        };
        let [met, all] = ["met", ""].map(|verdict| counted("fit", verdict));
        let [held_met, held] = ["met", ""].map(|verdict| counted("hold_out", verdict));
        let said = answer(&brief);
        assert!(said.contains(&format!("meets {met} of {all} targets")), "{said}: {truth:?}");
        assert!(said.contains(&format!("and {held_met} of {held} that were held back")), "{said}: {truth:?}");
        let figure = &brief.figures[0];
        says_what_it_leaves_out(figure, count, MOST);
        for (name, direction) in rows(figure) {
            let (_, _, verdict, off) =
                truth.iter().find(|one| name.starts_with(&format!("{}:", one.0))).unwrap();
            let expected = match (*verdict, *off > 0.0) {
                ("missed", true) => Direction::Higher,
                ("missed", false) => Direction::Lower,
                _ => Direction::Open,
            };
            assert_eq!(direction, expected, "{name}: {truth:?}");
        }
    }
}

#[test]
fn searches_do_not_contradict_themselves() {
    let mut random = Random::new(17);
    let mut told = 0;
    for time in 0..TIMES {
        let outcome = OUTCOMES[time % OUTCOMES.len()];
        let is_lower_better = random.chance(0.5);
        let mut results = Results::of("search", outcome, 0, &mut random);
        let keys = &KEYS[..1 + random.below(4)];
        let (mut mixes, mut front, mut best) = (Vec::new(), Vec::new(), Vec::new());
        let better = if is_lower_better { "lower" } else { "higher" };
        for mix in 0..1 + random.below(9) {
            let values = cells(&keys.iter().map(|_| random.number()).collect::<Vec<_>>());
            let is_best = mix > 0 && random.chance(0.7);
            let status = if mix == 0 { "base" } else { "mix" };
            mixes.push(format!("{},{status},{values},kept,{is_best}", 10 * mix));
            let [change, low, high] = random.interval(0.2);
            front.push(format!(
                "{},{status},objective,{better},{outcome},,,{}",
                10 * mix,
                cells(&[0.3 + change, change, low, high])
            ));
            if is_best {
                best.push((if is_lower_better { -change } else { change }, 10 * mix, [low, high]));
            }
        }
        results.table("mixes", &format!("design_row,status,{},constraints,front", keys.join(",")), &mixes);
        let columns =
            "design_row,status,role,better,outcome,group,level,mean,change,change_ci95_low,change_ci95_high";
        results.table("front", columns, &front);
        let tried: Vec<String> = (0..9).map(|row| format!("{row},false")).collect();
        results.table("candidates", "design_row,confirmed", &tried);
        let made = results.finish();
        let brief = brief(&made.folder(), "search", outcome);
        content_holds(&page::content(&made.folder()).unwrap());
        let (said, figure) = (answer(&brief), &brief.figures[0]);
        best.sort_by(|a, b| b.0.total_cmp(&a.0));
        says_what_it_leaves_out(figure, best.len(), 5);
        let Some((_, mix, _)) = best.first() else {
            assert!(said.starts_with("None of 8 mixes"), "{said}");
            continue;
        };
        told += 1;
        assert!(said.contains(&format!("under mix {mix},")), "{said}: {best:?}");
        for ((name, direction), (_, mix, [low, high])) in rows(figure).into_iter().zip(&best) {
            assert_eq!(name, format!("mix {mix}"));
            let expected = match (*low > 0.0, *high < 0.0) {
                (true, _) => Direction::Higher,
                (_, true) => Direction::Lower,
                _ => Direction::Open,
            };
            assert_eq!(direction, expected, "{name}");
        }
        // The number of the sentence is that of the first row of the picture.
        let figures = match &figure.drawn {
            Drawn::Ranking { standings, .. } => standings[0].figures.en.trim_start_matches('+').to_string(),
            _ => String::new(),
        };
        let number = figures.split(' ').next().unwrap();
        assert!(
            said.replace('-', "−").contains(&format!(": {number} "))
                || said.replace('-', "−").contains(&format!(": {number}")),
            "{said}: {figures}"
        );
    }
    assert!(told > TIMES / 2, "{told}");
}
