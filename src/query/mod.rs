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

mod branches;
pub mod data;
mod dictionary;
mod examination;
mod explain;
mod fix_effect;
mod foreign_text;
mod form;
mod lint;
mod lint_logic;
mod lint_reply;
mod lint_values;
mod lint_void;
mod moment;
mod nearest;
mod negation;
mod nesting;
mod operator;
mod order;
mod parse;
mod parse_error;
mod print;
mod reader;
mod related;
mod script;
mod terms;
#[cfg(test)]
mod tests;
mod tree;

pub use branches::Branches;
pub use dictionary::{Column, Dictionary, DictionaryTable};
pub use examination::{Fix, Problem, apply_fix};
pub use fix_effect::FixEffect;
pub use foreign_text::{ForeignText, foreign_text};
pub use form::{Refusal, build};
pub use lint::{examine, lint};
pub use moment::{PRESETS, preset, utc};
pub use nesting::{MOST_GROUPS, Nesting, NestingError};
pub use operator::{Arity, Negation, Operator, fits};
pub use order::{ends_in_unique_order, with_unique_order};
pub use parse_error::{Expected, ParseError};
pub use print::PrintError;
pub use script::is_allowed;
pub use terms::Span;
pub use tree::{All, Condition, Either, Order, Query, Related, Scalar, Value};
