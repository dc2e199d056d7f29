//! The tables in memory. Every text is stored once, every row holds the numbers of its texts, and every index is a list of rows.
//!
//! A row costs four bytes per column and the texts that only it holds. An index holds the rows in the order of one column, so it
//! serves equality, ranges, sorting and offsets. It is created at its first use and then kept up to date.

mod compare;
mod index;
mod ordered;
mod row_id;
mod schema;
mod sys_ids;
mod table;
mod texts;

pub(crate) use compare::{compare, same};
pub(crate) use row_id::{RowId, TableId};
pub(crate) use schema::scoped::SCOPE;
pub(crate) use schema::{Access, Column, Definition, Kind, tables};
pub(crate) use table::{CREATED_BY, CREATED_ON, MOD_COUNT, SCRIPT, SYS_ID, Table, UPDATED_BY, UPDATED_ON};
pub(crate) use texts::{Text, Texts};

use sys_ids::SysIds;

/// All tables and the texts they share.
pub(crate) struct Store {
    pub(crate) texts: Texts,
    pub(crate) tables: Vec<Table>,
    sys_ids: SysIds,
    global: Text,
}

/// The domain that is visible to every user.
pub(crate) const GLOBAL: &str = "global";

/// The store has reached its limit of text, or a table its limit of rows.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Full;

impl Store {
    pub(crate) fn new() -> Self {
        let mut texts = Texts::new();
        let mut tables: Vec<Table> = Vec::new();
        for definition in schema::tables() {
            let Some(id) = TableId::of(tables.len()) else { break };
            let mut table = Table::new(id, definition, &mut texts);
            // A table is declared after the one that it extends.
            for above in tables.iter_mut().filter(|above| definition.is_or_extends(above.definition.name)) {
                above.extending.push(id);
                table.lineage.extend(above.extending.first());
            }
            tables.push(table);
        }
        let global = texts.intern(GLOBAL).unwrap_or_default();
        Self { texts, tables, sys_ids: SysIds::default(), global }
    }

    /// The numbers of all tables.
    pub(crate) fn ids(&self) -> impl Iterator<Item = TableId> + use<> {
        (0..self.tables.len()).filter_map(TableId::of)
    }

    pub(crate) fn find(&self, name: &str) -> Option<TableId> {
        self.ids().find(|table| self.table(*table).definition.name == name)
    }

    #[allow(clippy::indexing_slicing, reason = "a TableId comes from `find` or a row, and tables are never removed")]
    pub(crate) fn table(&self, id: TableId) -> &Table {
        &self.tables[id.place()]
    }

    #[allow(clippy::indexing_slicing, reason = "a TableId comes from `find` or a row, and tables are never removed")]
    pub(crate) fn table_mut(&mut self, id: TableId) -> &mut Table {
        &mut self.tables[id.place()]
    }

    /// The table that a table extends, directly or not, and that extends none.
    pub(crate) fn root(&self, table: TableId) -> TableId {
        let extends_none = |one: &&TableId| self.table(**one).definition.extends.is_none();
        self.table(table).lineage.iter().find(extends_none).copied().unwrap_or(table)
    }

    /// Whether a table is another one or extends it.
    pub(crate) fn is_or_extends(&self, table: TableId, other: TableId) -> bool {
        self.table(table).lineage.contains(&other)
    }

    /// The definition of a row's own table, which may extend the one that was asked.
    pub(crate) fn class(&self, row: RowId) -> &'static Definition {
        self.table(row.table()).definition
    }

    /// A cell. A column of a table is at the same position in all tables that extend it.
    pub(crate) fn cell(&self, row: RowId, column: usize) -> Text {
        self.table(row.table()).cell(row, column)
    }

    /// The text in one cell.
    pub(crate) fn text(&self, row: RowId, column: usize) -> &str {
        self.texts.of(self.cell(row, column))
    }

    /// The row of a table, or of one that extends it, with this `sys_id`.
    pub(crate) fn row(&self, table: TableId, sys_id: &str) -> Option<RowId> {
        let wanted = self.texts.find(sys_id)?;
        let extending = &self.table(table).extending;
        self.sys_ids.find(wanted, |row| self.cell(row, SYS_ID) == wanted && extending.contains(&row.table()))
    }

    /// The rows of a table and of those that extend it, in no particular order, as a database returns them without ORDER BY.
    pub(crate) fn rows(&self, table: TableId) -> impl Iterator<Item = RowId> {
        self.table(table).extending.iter().flat_map(|part| self.table(*part).rows())
    }

    /// The number of rows of a table and of those that extend it.
    pub(crate) fn len(&self, table: TableId) -> usize {
        self.table(table).extending.iter().map(|part| self.table(*part).len()).sum()
    }

    /// Reads every cell of a row, as a database does that scans it.
    pub(crate) fn read(&self, row: RowId) {
        self.table(row.table()).read(&self.texts, row);
    }

    /// Interns the values of a row.
    pub(crate) fn intern(&mut self, text: &str) -> Result<Text, Full> {
        self.texts.intern(text).ok_or(Full)
    }

    /// A row without a domain belongs to the global domain.
    pub(crate) fn insert(&mut self, table: TableId, cells: &[(usize, Text)]) -> Result<RowId, Full> {
        let global = self.global;
        let table = self.table_mut(table);
        let with_domain;
        let cells = match table.domain {
            Some(column) if cells.iter().all(|(given, _)| *given != column) => {
                with_domain = [cells, &[(column, global)]].concat();
                &with_domain
            }
            _ => cells,
        };
        let row = table.add(cells).ok_or(Full)?;
        self.name(row);
        self.list(row, &|_| true);
        Ok(row)
    }

    pub(crate) fn update(&mut self, row: RowId, cells: &[(usize, Text)]) {
        let changed = self.changes(row, cells);
        let named = changed.iter().any(|(column, _)| *column == SYS_ID);
        // Every index orders ties by `sys_id`.
        let listed = |column: usize| named || changed.iter().any(|(other, _)| *other == column);
        self.unlist(row, &listed);
        if named {
            self.sys_ids.remove(row, self.cell(row, SYS_ID));
        }
        self.table_mut(row.table()).write(row, &changed);
        if named {
            self.name(row);
        }
        self.list(row, &listed);
    }

    pub(crate) fn delete(&mut self, row: RowId) {
        self.unlist(row, &|_| true);
        self.sys_ids.remove(row, self.cell(row, SYS_ID));
        self.table_mut(row.table()).free(row);
    }

    /// Makes a row known by its `sys_id`.
    fn name(&mut self, row: RowId) {
        let sys_id = self.cell(row, SYS_ID);
        let tables = &self.tables;
        let of = |row: RowId| tables.get(row.table().place()).map_or(Text::EMPTY, |table| table.cell(row, SYS_ID));
        self.sys_ids.add(row, sys_id, of);
    }

    /// The display value of a reference: the display column of the row that it refers to.
    pub(crate) fn display_of_reference<'a>(&'a self, target: &str, sys_id: &'a str) -> Option<&'a str> {
        let shown = |target| {
            let table = self.find(target)?;
            let row = self.row(table, sys_id)?;
            Some(self.text(row, self.table(table).display))
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
        self.texts.bytes() + self.sys_ids.bytes() + self.tables.iter().map(Table::bytes).sum::<usize>()
    }
}
