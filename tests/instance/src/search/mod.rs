//! Runs queries: finds the matching rows, and returns the requested part of them.

mod calendar;
mod caller;
mod check;
mod condition;
mod date_part;
mod distance;
mod domain;
mod dynamic;
#[cfg(test)]
mod fix_tests;
mod hierarchy;
mod index_range;
mod joins;
mod memo;
#[cfg(test)]
mod operator_tests;
mod path;
mod plan;
mod prefetch;
#[cfg(test)]
mod property_tests;
mod query_terms;
mod related;
mod relative;
mod run;
mod script;
mod tags;
#[cfg(test)]
mod test_data;
mod text_search;

pub(crate) use calendar::raw_moment;
pub(crate) use caller::Caller;
pub(crate) use check::Test;
pub(crate) use domain::Domain;
pub(crate) use dynamic::{MY_GROUPS, values as dynamic_values};
pub(crate) use path::{Path, path_of};
pub(crate) use plan::{Plan, UnknownField};
pub(crate) use run::{Found, Wanted, run};
pub(crate) use script::value as script_value;
