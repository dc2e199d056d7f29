//! Finds rows by `sys_id`: a reference is followed by one look-up, whichever class its record has.

use std::hash::BuildHasher;

use hashbrown::{DefaultHashBuilder, HashTable};

use super::row_id::RowId;
use super::texts::Text;

/// Every row by its `sys_id`. Tables that do not extend each other may hold the same one.
#[derive(Default)]
pub(super) struct SysIds {
    rows: HashTable<RowId>,
    hasher: DefaultHashBuilder,
}

impl SysIds {
    /// The first row of this `sys_id` that fits; `fits` compares the `sys_id`.
    pub(super) fn find(&self, sys_id: Text, fits: impl Fn(RowId) -> bool) -> Option<RowId> {
        self.rows.find(self.hasher.hash_one(sys_id), |row| fits(*row)).copied()
    }

    /// Adds a row. `of` returns the `sys_id` of a row that was added before.
    pub(super) fn add(&mut self, row: RowId, sys_id: Text, of: impl Fn(RowId) -> Text) {
        let hasher = &self.hasher;
        self.rows.insert_unique(hasher.hash_one(sys_id), row, |row| hasher.hash_one(of(*row)));
    }

    pub(super) fn remove(&mut self, row: RowId, sys_id: Text) {
        if let Ok(found) = self.rows.find_entry(self.hasher.hash_one(sys_id), |other| *other == row) {
            found.remove();
        }
    }

    pub(super) fn bytes(&self) -> usize {
        self.rows.allocation_size()
    }
}
