//! The model: limits, conservation, monotone direction, closed forms, published patterns, determinism.

#[path = "../common/mod.rs"]
mod common;

mod burden_loop;
mod cases;
mod cities;
mod city;
mod common_random_numbers;
mod communities;
mod conservation;
mod costs;
mod councils;
mod counted;
mod determinism;
mod elections;
mod electorate;
mod fitted;
mod followed;
mod formula;
mod held_in_places;
mod knowing;
mod levels;
mod limits;
mod mechanisms;
mod patterns;
mod places;
mod policies;
mod precision;
mod priors;
mod rest;
mod settings_used;
mod society;
mod survey;
mod theories;
mod trust;
mod voting;
