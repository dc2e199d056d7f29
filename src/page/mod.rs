//! Reads a table to its last row, or says that it did not: which page comes next, and what has been seen so far.

mod offset;
mod reading;

pub use offset::{OffsetWalk, Progress};
pub use reading::{InvalidReading, LARGEST_PAGE, Reading};
