//! `[population.network]`: who knows whom, where a scenario asks for a network of another kind than
//! the one that people settle into.

use crate::base::params::{self, settings, words};

/// Settings of the section `[population.network]`.
#[settings(fixed)]
pub struct Settings {
    /// Kind of network in which residents of a community know one another.
    #[param(one_of = Settled, zh = "社区内居民联系网络的类型。")]
    pub kind: Kind,
    /// Mean number of ties in random, small-world and lattice networks; even on a ring, 4 or 8 on a grid.
    #[param(
        real = 8.0,
        range = 0.0..=1_000.0,
        unit = "ties per resident",
        zh = "随机、小世界与格子网络的平均联系数;环上为偶数,网格上为4或8。",
        choice,
        demonstration = [".kind=random"]
    )]
    pub degree: f64,
    /// Share of small-world ties that lead anywhere in the community.
    #[param(share = 0.1, zh = "小世界网络中随机重连的比例。", choice, demonstration = [".kind=small_world"])]
    pub rewiring: f64,
    /// Shape of a lattice.
    #[param(one_of = Ring, zh = "格子网络的形状。", demonstration = [".kind=lattice"])]
    pub shape: Shape,
    /// Ties of a given network, residents counted from 0: [who, whom] or [who, whom, weight].
    #[param(
        rows,
        length = 2..=3,
        unit = "resident, resident, weight",
        zh = "给定网络的联系(居民从0编号):[甲, 乙] 或 [甲, 乙, 权重]。",
        demonstration = [".kind=given"]
    )]
    pub ties: Vec<Vec<f64>>,
    /// Whether a given tie says whom the first sees, and not also the reverse; then ties may lead back to
    /// oneself.
    #[param(
        flag = false,
        zh = "给定联系是否有方向(仅前者看到后者);有方向时可指向本人。",
        demonstration = [".kind=given", ".ties=[[0, 1], [1, 2]]"]
    )]
    pub directed: bool,
    /// Whether each replicate has a network of its own, drawn with its own random numbers, instead of the city's.
    // With the same seed of city and replicates, the first replicate would draw the city's own network again.
    #[param(
        flag = false,
        zh = "每次重复是否各自抽取网络(而非共用城市的网络)。",
        demonstration = [".kind=random", "seed.replicates=7"]
    )]
    pub redrawn: bool,
}

/// Kinds of network.
#[words]
pub enum Kind {
    /// home, compound, work and hobby, by the keys of [population]
    #[zh = "由居住、工作与爱好形成([population] 各键)"]
    Settled,
    /// everybody knows everybody else
    #[zh = "完全网络:人人相识"]
    Complete,
    /// everybody sees the whole community, oneself included
    #[zh = "平均场:人人看到全社区(含本人)"]
    MeanField,
    /// as many ties as `degree` asks, between any two residents (G(n,m))
    #[zh = "随机网络 G(n,m),联系数由 degree 决定"]
    Random,
    /// a ring on which a share `rewiring` of ties lead anywhere (Watts and Strogatz 1998)
    #[zh = "小世界网络(Watts–Strogatz 1998)"]
    SmallWorld,
    /// a ring or a grid, by `shape`
    #[zh = "环形或网格,由 shape 决定"]
    Lattice,
    /// the ties listed in `ties`
    #[zh = "由 ties 给出"]
    Given,
}

/// Shapes of a lattice.
#[words]
pub enum Shape {
    /// a ring
    #[zh = "环"]
    Ring,
    /// a torus as near to a square as the number of residents allows
    #[zh = "尽量接近正方形的环面网格"]
    Grid,
}

impl Default for Settings {
    fn default() -> Settings {
        params::Settings::standard()
    }
}
