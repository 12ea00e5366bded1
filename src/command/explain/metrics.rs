//! Pages of metrics.

use super::{Topic, label, says};
use shequ_model::base::params::text;
use shequ_model::base::units;
use shequ_model::metric::{self, From, Metric};

/// Every metric, in the order of the columns of `monthly.csv`.
pub fn topics() -> Vec<Topic> {
    metric::all().iter().map(topic).collect()
}

fn topic(metric: &Metric) -> Topic {
    let (en, zh) = how(metric);
    let facts = vec![
        says(label::KIND, [("metric".into(), "指标".into())]),
        says(label::LABEL, [(metric.label.en.into(), metric.label.zh.into())]),
        says(label::UNIT, [units::unit(metric.unit).into()]),
        says(label::HOW, [(en.into(), zh.into())]),
    ];
    Topic {
        chapter: text("metrics", "指标"),
        name: metric.name.into(),
        also: Vec::new(),
        meaning: metric.meaning.into(),
        facts,
    }
}

fn how(metric: &Metric) -> (&'static str, &'static str) {
    match metric.from {
        From::Residents(_) => ("mean over residents; also by group", "全体居民的平均值;并按群体给出"),
        From::Ratio(_) => ("ratio of two sums over communities", "各社区两项总和之比"),
        From::Sum(_) | From::For(_) => ("sum over communities", "各社区之和"),
        From::City(_) => ("of the city as a whole", "就全市而言"),
    }
}
