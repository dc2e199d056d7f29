//! Which rows a query means, and which of them are asked for.

mod ahead;
mod calendar;
mod caller;
mod check;
mod condition;
mod date_part;
mod distance;
mod dynamic;
mod hierarchy;
#[cfg(test)]
mod operator_tests;
mod path;
mod plan;
#[cfg(test)]
mod property_tests;
mod related;
mod relative;
mod remember;
mod run;
mod script;
#[cfg(test)]
mod small_world;
mod stretch;
mod tags;
mod text_search;

pub(crate) use calendar::raw_moment;
pub(crate) use caller::Caller;
pub(crate) use dynamic::MY_GROUPS;
pub(crate) use hierarchy::closure;
pub(crate) use path::{Path, path_of};
pub(crate) use plan::{Plan, UnknownField};
pub(crate) use run::{Found, Wanted, run};
