//! The indexes of the store. The index of a table lists the rows of all tables that extend it, too, so a change of a row changes the
//! indexes of its table and of those above.

use std::borrow::Cow;

use super::compare::compare;
use super::index::{Index, Keys};
use super::row_id::{RowId, TableId};
use super::table::{SYS_ID, UPDATED_ON};
use super::{Store, Text};

impl Store {
    /// Creates the two indexes that every reading needs, so that the first page is as fast as the second. The indexes of tables that
    /// others extend are left to their first use: they would hold every row once more.
    pub(crate) fn settle(&mut self) {
        let last: Vec<TableId> = self.ids().filter(|table| self.table(*table).extending.len() == 1).collect();
        for table in last {
            self.ordered(table, UPDATED_ON);
        }
    }

    /// Creates the index of a column if it is missing: rows in the order of the column, ties by `sys_id`.
    pub(crate) fn ordered(&mut self, table: TableId, column: usize) -> &[RowId] {
        for needed in [SYS_ID, column] {
            if !self.table(table).indexes.contains_key(&needed)
                && let Some(made) = self.indexed(table, needed)
            {
                self.table_mut(table).indexes.insert(needed, made);
            }
        }
        self.index(table, column)
    }

    /// The rows whose column equals a value as the database compares it. Creates the index of the column if it is missing.
    pub(crate) fn equal(&mut self, table: TableId, column: usize, value: &str) -> &[RowId] {
        self.ordered(table, column);
        let rows = self.index(table, column);
        let Some(Keys { kind, .. }) = self.keys(table, column) else { return &[] };
        let order = |row: &RowId| compare(kind, self.text(*row, column), value);
        let start = rows.partition_point(|row| order(row).is_lt());
        let end = rows.partition_point(|row| order(row).is_le());
        rows.get(start..end).unwrap_or_default()
    }

    /// The index of a column, if it has been created.
    pub(crate) fn index(&self, table: TableId, column: usize) -> &[RowId] {
        self.table(table).indexes.get(&column).map_or(&[], |index| &index.rows)
    }

    fn indexed(&self, table: TableId, column: usize) -> Option<Index> {
        let keys = self.keys(table, column)?;
        if let Some(parts) = self.sorted_parts(table, column) {
            return Some(Index::of_parts(&parts, keys));
        }
        // A stable sort by value of rows sorted by `sys_id` leaves ties sorted by `sys_id`.
        let rows = match column {
            SYS_ID => self.rows(table).collect(),
            _ => self.index(table, SYS_ID).to_vec(),
        };
        Some(Index::of(rows, keys))
    }

    /// The rows of a table and of those that extend it, by table: in order where a table has an index of its own rows. `None` if
    /// fewer than half of the rows are in order; then sorting all of them costs less.
    fn sorted_parts(&self, table: TableId, column: usize) -> Option<Vec<Cow<'_, [RowId]>>> {
        let mut sorted = 0;
        let parts = self.table(table).extending.iter().map(|part| {
            let own = self.table(*part);
            let index = self.index(*part, column);
            if index.len() != own.len() {
                return Cow::Owned(own.rows().collect());
            }
            sorted += index.len();
            Cow::Borrowed(index)
        });
        let parts: Vec<_> = parts.collect();
        (sorted > 0 && sorted * 2 >= self.len(table)).then_some(parts)
    }

    fn keys(&self, table: TableId, column: usize) -> Option<Keys<'_>> {
        Some(Keys { store: self, kind: self.table(table).definition.columns.get(column)?.kind, column })
    }

    /// Changes the indexes of these columns, in the table of a row and in those that it extends.
    fn reindex(&mut self, row: RowId, columns: &dyn Fn(usize) -> bool, change: impl Fn(&mut Index, Keys<'_>)) {
        for place in 0..self.table(row.table()).lineage.len() {
            let Some(table) = self.table(row.table()).lineage.get(place).copied() else { continue };
            let mut indexes = core::mem::take(&mut self.table_mut(table).indexes);
            for (column, index) in indexes.iter_mut().filter(|(column, _)| columns(**column)) {
                if let Some(keys) = self.keys(table, *column) {
                    change(index, keys);
                }
            }
            self.table_mut(table).indexes = indexes;
        }
    }

    /// Lists a row in the indexes of these columns.
    pub(super) fn list(&mut self, row: RowId, columns: &dyn Fn(usize) -> bool) {
        self.reindex(row, columns, |index, keys| index.put(row, keys));
    }

    /// Removes a row from the indexes of these columns. Its cells must still hold the values of its listing.
    pub(super) fn unlist(&mut self, row: RowId, columns: &dyn Fn(usize) -> bool) {
        self.reindex(row, columns, |index, keys| index.take(row, keys));
    }

    /// The columns of an update that differ from the row. The later of two values for one column wins, because an index must hold
    /// a row only once.
    pub(super) fn changes(&self, row: RowId, cells: &[(usize, Text)]) -> Vec<(usize, Text)> {
        let mut changed: Vec<(usize, Text)> = Vec::with_capacity(cells.len());
        for (column, text) in cells {
            changed.retain(|(other, _)| other != column);
            if self.cell(row, *column) != *text {
                changed.push((*column, *text));
            }
        }
        changed
    }
}
