//! Reads a table to its last row, or says that it did not: which page comes next, and what has been seen so far.

mod checkpoint;
mod compared;
mod cursor;
mod evidence;
mod hidden_range;
mod key_window;
mod keyset;
mod next_page;
mod page_query;
mod page_size;
mod progress;
mod read_ahead;
mod reading;
mod reconcile;
mod sync;
mod sync_options;
mod sync_walks;
#[cfg(test)]
mod table_model;
mod tally;
mod types;
mod walk;

pub use checkpoint::{Checkpoint, Delivered, InvalidCheckpoint};
pub use compared::{CannotReconcile, Compared, Differences};
pub use keyset::{Key, Position};
pub use page_size::PageSize;
pub use progress::{Deletions, SyncProgress};
pub use reading::{InvalidReading, LARGEST_PAGE, Reading};
pub use reconcile::Reconcile;
pub use sync::{Batch, Sync};
pub use sync_options::{CannotSync, Options};
pub use types::{Page, PageError, Pagination, Progress, Range, RowKeys};
pub use walk::Walk;
