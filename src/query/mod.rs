//! Encoded queries, ServiceNow's filter language: text in, tree out, and back, with nothing that needs an instance.
//!
//! ```
//! use sysparm::query::Query;
//!
//! let query = Query::parse("active=true^priority<=2^ORstate=6^ORDERBYDESCsys_updated_on")?;
//! assert_eq!(query.any[0].all[1].either.len(), 2); // ^OR binds to the condition before it, tighter than ^
//! assert_eq!(query.print().as_deref(), Ok("active=true^priority<=2^ORstate=6^ORDERBYDESCsys_updated_on"));
//! # Ok::<(), sysparm::query::ParseError>(())
//! ```

mod operator;
mod order;
mod parse;
mod print;
mod terms;
#[cfg(test)]
mod tests;
mod tree;

pub use operator::{Arity, Operator};
pub use order::{ends_in_unique_order, with_unique_order};
pub use parse::{Expected, ParseError};
pub use print::PrintError;
pub use tree::{All, Condition, Either, Order, Query, Scalar, Value};
