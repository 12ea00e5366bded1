//! Waste sorting: how accurately residents sort.
//!
//! Rows 147 and 148, as far as accuracy goes; the self-management group is not here yet.
//! Whether a resident sorts at all is decided as any other mode is; how accurately depends on habit,
//! on how many others sort, and on whether someone stands at the bins.

use serde::{Deserialize, Serialize};

use super::{Act, Institution, Now, Place, Run, Step, Wide as City};
use crate::base::about::{self, Key, text};
use crate::base::math::logistic;
use crate::city::Mode;

/// Settings of `[waste]`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[allow(missing_docs)] // Each field is explained by its key below.
pub struct Settings {
    pub constant: f64,
    pub norm: f64,
    pub habit: f64,
    pub supervision: f64,
    pub supervision_effect: f64,
    pub learning: f64,
}

impl about::Settings for Settings {
    fn keys() -> Vec<Key> {
        vec![
            Key::real("constant", -1.73, -10.0, 10.0)
                .unit("logit")
                .means("Accuracy of one who has no habit, sees nobody sort and is not watched.", "无习惯、无示范、无监督时的准确率(Logit)。")
                .derived("logit of 15 % (Shanghai before July 2019)"),
            Key::real("norm", 1.5, 0.0, 10.0)
                .unit("logit")
                .means("Effect of everybody else sorting.", "其他居民均分类时的影响。")
                .assumed("proposed core model"),
            Key::real("habit", 2.0, 0.0, 10.0)
                .unit("logit")
                .means("Effect of a full habit.", "完全养成习惯的影响。")
                .assumed("proposed core model names habit without a weight"),
            Key::share("supervision", 0.0)
                .means("Share of drop-offs at which someone stands at the bins.", "有人值守监督的投放比例。")
                .choice(),
            Key::real("supervision_effect", 3.9, 0.0, 10.0)
                .unit("logit")
                .means("Effect of someone standing at the bins at every drop-off.", "每次投放均有人值守的影响。")
                .derived("15 % to 90 % in Shanghai, 2019: logit + 3.93; personal interaction gave 95 % purity (Dai et al. 2016)"),
            Key::share("learning", 0.2)
                .unit("share per month")
                .means("Monthly step of accuracy towards what circumstances allow.", "准确率每月向目标水平靠近的步长。")
                .assumed("source text F2 gives no time"),
        ]
    }
}

/// Nothing is kept.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Local {}

/// Nothing is kept.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Wide {}

/// Registration.
pub const INSTITUTION: Institution = Institution {
    name: "waste",
    summary: text("How accurately residents sort their waste.", "居民垃圾分类的准确率。"),
    rows: &[147, 148],
    equations: &["accuracy' = accuracy + learning · (σ(constant + norm · share who sort + habit · H + supervision_effect · supervision) − accuracy)"],
    neutral: &[("learning", "0.0")],
    acts: &[Act { step: Step::Encounters, what: "sees residents sort more or less accurately", run: Run::Place(sort) }],
};

fn sort(place: &mut Place, _: &City, now: &Now) {
    let w = &now.rules.institutions.waste;
    if w.learning == 0.0 {
        return;
    }
    let adults = place.community.adults().max(1) as f32;
    let sorting = place.commons.took_part[Mode::Sorting as usize] as f32 / adults;
    let common = (w.constant + w.supervision_effect * w.supervision) as f32 + w.norm as f32 * sorting;
    let per_habit = w.habit as f32 / 65_535.0;
    let learning = w.learning as f32;
    let residents = &mut place.community.residents;
    for (accuracy, &habit) in residents.accuracy.iter_mut().zip(&residents.habit[Mode::Sorting as usize]) {
        *accuracy += learning * (logistic(common + per_habit * habit as f32) - *accuracy);
    }
}
