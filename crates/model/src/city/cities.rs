//! How many synthetic cities there are, and who has which.

use crate::base::params::words;

/// Which replicates share a synthetic city.
#[words]
pub enum Cities {
    /// in a run each replicate has its own city, so that intervals are of the mean over cities; in an
    /// experiment all share one, so that arms differ in nothing else
    #[zh = "单次运行中每次重复各有城市,区间针对各城市的均值;实验中共用一座城市"]
    Auto,
    /// all replicates share the city of seed.city: intervals are of this city
    #[zh = "所有重复共用 seed.city 的城市,区间只针对该城市"]
    One,
    /// each replicate has its own city, the first that of seed.city
    #[zh = "每次重复各有一座城市,第一座为 seed.city 的城市"]
    Each,
    /// two replicates share each city, which tells the variance between cities from that within; in an
    /// experiment as each
    #[zh = "每座城市两次重复,以区分城市之间与城市之内的方差;实验中同 each"]
    Pairs,
}

impl Cities {
    /// The number of the city of `replicate`.
    pub fn number(self, replicate: u32) -> u32 {
        match self {
            Cities::One => 0,
            Cities::Auto | Cities::Each => replicate,
            Cities::Pairs => replicate / 2,
        }
    }
}
