//! The tables in memory. Every text is stored once, every row holds the numbers of its texts, and every index is a list of rows.
//!
//! A row costs four bytes per column and the texts that only it holds. An index holds the rows in the order of one column, so it
//! serves equality, ranges, sorting and offsets. It is created at its first use and then kept up to date.

mod compare;
mod index;
mod schema;
mod table;
mod texts;

pub(crate) use compare::{compare, same};
pub(crate) use schema::scoped::SCOPE;
pub(crate) use schema::{Access, Column, Definition, Kind, tables};
pub(crate) use table::{CREATED_BY, CREATED_ON, MOD_COUNT, RowId, SCRIPT, SYS_ID, Table, UPDATED_BY, UPDATED_ON};
pub(crate) use texts::{Text, Texts};

/// All tables and the texts they share.
pub(crate) struct Store {
    pub(crate) texts: Texts,
    pub(crate) tables: Vec<Table>,
    global: Text,
}

/// The domain that is visible to every user.
pub(crate) const GLOBAL: &str = "global";

/// The place of a table in the store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct TableId(pub(crate) usize);

/// The store has reached its limit of text.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Full;

impl Store {
    pub(crate) fn new() -> Self {
        let mut texts = Texts::new();
        let tables = tables().iter().map(|definition| Table::new(definition, &mut texts)).collect();
        let global = texts.intern(GLOBAL).unwrap_or_default();
        Self { texts, tables, global }
    }

    /// Creates the two indexes that every reading needs, so that the first page is as fast as the second.
    pub(crate) fn settle(&mut self) {
        for table in &mut self.tables {
            table.ordered(&self.texts, SYS_ID);
            table.ordered(&self.texts, UPDATED_ON);
        }
    }

    pub(crate) fn find(&self, name: &str) -> Option<TableId> {
        self.tables.iter().position(|table| table.definition.name == name).map(TableId)
    }

    #[allow(clippy::indexing_slicing, reason = "a TableId comes from `find`, and tables are never removed")]
    pub(crate) fn table(&self, id: TableId) -> &Table {
        &self.tables[id.0]
    }

    #[allow(clippy::indexing_slicing, reason = "a TableId comes from `find`, and tables are never removed")]
    fn apart(&mut self, id: TableId) -> (&mut Table, &Texts) {
        (&mut self.tables[id.0], &self.texts)
    }

    /// The text in one cell.
    pub(crate) fn text(&self, table: TableId, row: RowId, column: usize) -> &str {
        self.texts.of(self.table(table).cell(row, column))
    }

    /// The row with this `sys_id`.
    pub(crate) fn row(&self, table: TableId, sys_id: &str) -> Option<RowId> {
        self.table(table).row_of(&self.texts, sys_id)
    }

    /// Interns the values of a row.
    pub(crate) fn intern(&mut self, text: &str) -> Result<Text, Full> {
        self.texts.intern(text).ok_or(Full)
    }

    /// A row without a domain belongs to the global domain.
    pub(crate) fn insert(&mut self, table: TableId, cells: &[(usize, Text)]) -> RowId {
        let global = self.global;
        let (table, texts) = self.apart(table);
        let with_domain;
        let cells = match table.domain {
            Some(column) if cells.iter().all(|(given, _)| *given != column) => {
                with_domain = [cells, &[(column, global)]].concat();
                &with_domain
            }
            _ => cells,
        };
        table.insert(texts, cells)
    }

    pub(crate) fn update(&mut self, table: TableId, row: RowId, cells: &[(usize, Text)]) {
        let (table, texts) = self.apart(table);
        table.update(texts, row, cells);
    }

    pub(crate) fn delete(&mut self, table: TableId, row: RowId) {
        let (table, texts) = self.apart(table);
        table.delete(texts, row);
    }

    /// Creates the index of a column if it is missing: rows in the order of the column, ties by `sys_id`.
    pub(crate) fn ordered(&mut self, table: TableId, column: usize) -> &[RowId] {
        let (table, texts) = self.apart(table);
        table.ordered(texts, column)
    }

    /// The display value of a reference: the display column of the row that it refers to.
    pub(crate) fn display_of_reference<'a>(&'a self, target: &str, sys_id: &'a str) -> Option<&'a str> {
        let shown = |target| {
            let table = self.find(target)?;
            let row = self.row(table, sys_id)?;
            Some(self.text(table, row, self.table(table).display))
        };
        // Domains are groups: `sys_domain` refers to groups, and to the global domain, which is not a record.
        shown(target).or_else(|| match (target, sys_id) {
            ("sys_user_group", GLOBAL) => Some(GLOBAL),
            ("sys_user_group", id) if !id.is_empty() => shown("domain"),
            _ => None,
        })
    }

    /// The bytes of rows, indexes and texts.
    pub(crate) fn bytes(&self) -> usize {
        self.texts.bytes() + self.tables.iter().map(Table::bytes).sum::<usize>()
    }
}
