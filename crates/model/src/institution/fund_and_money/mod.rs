//! Fund and money: what is granted, who decides it, and what is given for taking part.

pub mod funding;
pub mod government;
pub mod incentive;
pub mod planner;
