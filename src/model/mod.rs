//! One shape for tickets, people and configuration items: which column of which table a field of the unified model is, and what a
//! customer's map changes about that.
//!
//! ```text
//! kind      the fields of each kind: name, shape, meaning
//! tables    the base map: a column for each field, by table
//! map       a customer's map as it is written (JSON)
//! compile   base map + customer's map -> plan, or every problem of the map
//! plan      the plan as JSON, which TypeScript applies to rows
//! ```
//!
//! Rows are never here: a plan says once what to request and how to convert a field, and the holder of the rows applies it.

mod compile;
#[cfg(not(target_family = "wasm"))]
mod json_schema;
mod kind;
mod map;
mod plan;
mod tables;
#[cfg(test)]
mod tests;
#[cfg(not(target_family = "wasm"))]
mod typescript;

pub use compile::{MOST_MAP_BYTES, compile};
#[cfg(not(target_family = "wasm"))]
pub use json_schema::json_schema;
pub use kind::{KINDS, Set, Shape, UnifiedField, UnifiedKind};
pub use map::MapProblem;
pub use plan::{Line, Plan};
pub use tables::{BaseColumn, BaseTable, BaseValue, TABLES};
#[cfg(not(target_family = "wasm"))]
pub use typescript::typescript;

/// The version of the model. A field is added within a version, and never renamed or given another meaning.
pub const VERSION: u32 = 1;
