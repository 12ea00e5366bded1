//! What pages and briefs say of communities in random results.

use super::communities;
use super::experiment::Experiment;
use super::time_series::metric;
use super::{Cell, Item};
use crate::brief;
use crate::chart::{Chart, Form, Panel, Row, Scale, Series};
use crate::random::{Random, Results, bare, cell, cells, sentence_holds, text_holds, written};
use shequ_model::base::i18n::{Both, Language};

#[test]
fn communities_are_told_as_their_table_has_them() {
    let mut random = Random::new(23);
    for _ in 0..40 {
        let (arms, count) = (1 + random.below(3), 1 + random.below(30));
        let mut results = Results::of("compare", "participation", arms, &mut random);
        let (mut rows, mut moved) = (Vec::new(), vec![[0; 2]; arms]);
        for (n, name) in results.arms.clone().iter().enumerate() {
            for community in 0..count {
                let [value, low, high] = random.interval(0.2);
                let is_significant = (low > 0.0 || high < 0.0) && random.chance(0.7);
                moved[n][usize::from(value < 0.0)] += usize::from(is_significant);
                rows.push(format!(
                    "{},last-year,participation,{community},{},{is_significant}",
                    cell(&name.en),
                    cells(&[value, low, high])
                ));
            }
        }
        let columns = "arm,window,metric,community,effect,ci95_low,ci95_high,significant";
        results.table("community_effects", columns, &rows);
        let names = results.arms.clone();
        let made = results.finish();
        let experiment = Experiment::of(&made.folder()).unwrap();
        let items = communities::effects(&made.folder(), &experiment).unwrap();
        let said = items.iter().find_map(|item| match item {
            Item::List(said) => Some(said),
            _ => None,
        });
        let grid = items.iter().find_map(|item| match item {
            Item::Table(grid) => Some(grid),
            _ => None,
        });
        let chart = items.iter().find_map(|item| match item {
            Item::Picture(chart) => Some(chart),
            _ => None,
        });
        let (said, grid, chart) = (said.unwrap(), grid.unwrap(), chart.unwrap());
        for (n, [up, down]) in moved.iter().enumerate() {
            sentence_holds(&said[n]);
            let text = said[n].text(Language::En);
            assert!(text.starts_with(&format!("\"{}\"", names[n].en)), "{text}");
            assert!(text.contains(&format!("higher in {up} of {count} ")), "{text}");
            assert!(text.contains(&format!("lower in {down}.")), "{text}");
            let told = |cell: &Cell| match cell {
                Cell::Number(number) => number.en.clone(),
                Cell::Words(words) => words.en.clone(),
                Cell::Code(code) => code.clone(),
            };
            let expected = [names[n].en.clone(), count.to_string(), up.to_string(), down.to_string()];
            assert_eq!(grid.rows[n].iter().map(told).collect::<Vec<_>>(), expected);
            // The picture marks as many.
            let series = &chart.panels[n].series[0];
            let marked = |sign: f64| {
                let all = series.significant.iter().zip(&series.mean);
                all.filter(|(is_significant, mean)| **is_significant && **mean * sign > 0.0).count()
            };
            assert_eq!([marked(1.0), marked(-1.0)], [*up, *down], "{text}");
        }
    }
}

#[test]
fn the_ends_of_places_in_words_are_those_of_the_picture() {
    let mut random = Random::new(29);
    for time in 0..60 {
        let of = ["participation", "satisfaction", "response.days"][time % 3];
        let count = 1 + random.below(18);
        let names: Vec<Both> = (0..count).map(|n| random.name(n)).collect();
        let mean: Vec<f64> = names.iter().map(|_| 0.6 * random.number() - 0.2).collect();
        let panel = Panel {
            form: Form::Tiles,
            scale: Scale::of_differences(metric(of).unwrap()),
            rows: names.iter().map(|name| Row { name: name.clone(), heading: None }).collect(),
            series: vec![Series { mean: mean.clone(), ..Series::default() }],
            ..Panel::default()
        };
        let chart = Chart { panels: vec![panel], ..Chart::default() };
        let figure = brief::in_places(chart, Both::same("Where"), Both::same("Note"));
        let Some(figure) = figure.filter(|_| count <= brief::TILES) else {
            assert!(count > brief::TILES);
            continue;
        };
        let by = |a: &usize, b: &usize| mean[*a].total_cmp(&mean[*b]);
        let (least, most) = ((0..count).min_by(by).unwrap(), (0..count).max_by(by).unwrap());
        for language in [Language::En, Language::Zh] {
            let words = figure.words.of(language);
            text_holds(words);
            let at = |row: usize| words.find(names[row].of(language)).unwrap_or_else(|| panic!("{words}"));
            assert!(at(most) <= at(least), "{words}");
            // Every name is in the picture, whole.
            let written = written(&figure, language, 250);
            for name in &names {
                assert!(written.contains(&bare(name.of(language))), "{name:?} in {written}");
            }
        }
    }
}
