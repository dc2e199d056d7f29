//! Which rows a query means, and which of them are asked for.

mod condition;
mod moments;
mod plan;
mod related;
mod run;

pub(crate) use condition::{Path, path_of};
pub(crate) use plan::{Caller, Plan, UnknownField};
pub(crate) use run::{Found, Wanted, run};
