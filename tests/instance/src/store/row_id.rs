//! The numbers of tables and rows. A row's number holds its table, so a list of rows may mix tables, and takes four bytes, because
//! every index holds one for each row.

/// The number of a table in the store.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct TableId(u8);

/// The number of a row: its table, and its place there, which is reused after a deletion.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct RowId(u32);

/// The bits of the place. A table holds 16,777,216 rows, the store 256 tables.
const PLACE_BITS: u32 = 24;

impl TableId {
    pub(super) fn of(place: usize) -> Option<Self> {
        u8::try_from(place).ok().map(Self)
    }

    /// The place of the table in the store's list.
    pub(crate) fn place(self) -> usize {
        usize::from(self.0)
    }
}

impl RowId {
    /// None if the table is full.
    pub(super) fn of(table: TableId, place: usize) -> Option<Self> {
        let place = u32::try_from(place).ok().filter(|place| place >> PLACE_BITS == 0)?;
        Some(Self(u32::from(table.0) << PLACE_BITS | place))
    }

    pub(crate) fn table(self) -> TableId {
        TableId((self.0 >> PLACE_BITS) as u8)
    }

    pub(super) fn place(self) -> usize {
        (self.0 & ((1 << PLACE_BITS) - 1)) as usize
    }
}

#[cfg(test)]
mod tests {
    use super::{RowId, TableId};

    #[test]
    fn row_number_keeps_table_and_place_within_their_limits() {
        for (table, place) in [(0, 0), (0, 16_777_215), (255, 0), (255, 16_777_215), (7, 1_000_000)] {
            let row = TableId::of(table).and_then(|table| RowId::of(table, place));
            assert_eq!(row.map(|row| (row.table().place(), row.place())), Some((table, place)));
        }
        assert_eq!(TableId::of(256), None);
        assert_eq!(RowId::of(TableId::default(), 16_777_216), None);
    }
}
