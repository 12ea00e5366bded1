//! `[population.network]`: who knows whom, where a scenario asks for a network of another kind than
//! the one that people settle into.

use serde::{Deserialize, Serialize};

use crate::base::params::{self, Key, word};

/// Settings of the section `[population.network]`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[allow(missing_docs)] // Each field is explained by its key below.
pub struct Settings {
    pub kind: Kind,
    pub degree: f64,
    pub rewiring: f64,
    pub shape: Shape,
    pub ties: Vec<Vec<f64>>,
    pub directed: bool,
    pub redrawn: bool,
}

/// Kinds of network.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Home, compound, work and hobby, by the keys of `[population]`.
    Settled,
    /// Everybody knows everybody else.
    Complete,
    /// Everybody sees the whole community, oneself included.
    MeanField,
    /// As many ties as asked, anywhere.
    Random,
    /// A ring, some ties of which lead anywhere.
    SmallWorld,
    /// A ring or a grid.
    Lattice,
    /// The ties listed.
    Given,
}

/// Shapes of a lattice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Shape {
    /// A ring.
    Ring,
    /// A torus as near to a square as the number of residents allows.
    Grid,
}

impl Default for Settings {
    fn default() -> Settings {
        params::Settings::standard()
    }
}

impl params::Settings for Settings {
    fn keys() -> Vec<Key> {
        vec![
            Key::one_of(
                "kind",
                "settled",
                &[
                    word("settled", "home, compound, work and hobby, by the keys of [population]", "由居住、工作与爱好形成([population] 各键)"),
                    word("complete", "everybody knows everybody else", "完全网络:人人相识"),
                    word("mean_field", "everybody sees the whole community, oneself included", "平均场:人人看到全社区(含本人)"),
                    word("random", "as many ties as `degree` asks, between any two residents (G(n,m))", "随机网络 G(n,m),联系数由 degree 决定"),
                    word("small_world", "a ring on which a share `rewiring` of ties lead anywhere (Watts and Strogatz 1998)", "小世界网络(Watts–Strogatz 1998)"),
                    word("lattice", "a ring or a grid, by `shape`", "环形或网格,由 shape 决定"),
                    word("given", "the ties listed in `ties`", "由 ties 给出"),
                ],
            )
            .means("Kind of network in which residents of a community know one another.", "社区内居民联系网络的类型。"),
            Key::real("degree", 8.0, 0.0, 1_000.0)
                .unit("ties per resident")
                .means("Mean number of ties in random, small-world and lattice networks; even on a ring, 4 or 8 on a grid.", "随机、小世界与格子网络的平均联系数;环上为偶数,网格上为4或8。")
                .choice(),
            Key::share("rewiring", 0.1)
                .means("Share of small-world ties that lead anywhere in the community.", "小世界网络中随机重连的比例。")
                .choice(),
            Key::one_of(
                "shape",
                "ring",
                &[word("ring", "a ring", "环"), word("grid", "a torus as near to a square as the number of residents allows", "尽量接近正方形的环面网格")],
            )
            .means("Shape of a lattice.", "格子网络的形状。"),
            Key::rows("ties", 2, 3)
                .unit("resident, resident, weight")
                .means("Ties of a given network, residents counted from 0: [who, whom] or [who, whom, weight].", "给定网络的联系(居民从0编号):[甲, 乙] 或 [甲, 乙, 权重]。"),
            Key::flag("directed", false)
                .means("Whether a given tie says whom the first sees, and not also the reverse; then ties may lead back to oneself.", "给定联系是否有方向(仅前者看到后者);有方向时可指向本人。"),
            Key::flag("redrawn", false)
                .means("Whether each replicate has a network of its own, drawn with its own random numbers, instead of the city's.", "每次重复是否各自抽取网络(而非共用城市的网络)。"),
        ]
        .into_iter()
        .map(Key::fixed)
        .collect()
    }
}
