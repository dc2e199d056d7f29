//! Finds columns by name: of the searched table, or of a table reached through references.

use crate::store::{Kind, RowId, Store, TableId};

/// A column of the searched table, or of a row reached through references.
#[derive(Clone, Debug)]
pub(crate) struct Path {
    /// The reference columns on the way, each with the table that it refers to.
    steps: Vec<(usize, TableId)>,
    /// The table and column at the end.
    pub(crate) end: (TableId, usize),
}

/// The query parser's limit on field length excludes longer paths.
const MAX_STEPS: usize = 12;

/// Finds the column of a name, which may be dot-walked.
pub(crate) fn path_of(store: &Store, table: TableId, name: &str) -> Option<Path> {
    let mut steps = Vec::new();
    let mut table = table;
    let mut parts = name.split('.').peekable();
    while let Some(part) = parts.next() {
        let definition = store.table(table).definition;
        let column = definition.column(part)?;
        if parts.peek().is_none() {
            return Some(Path { steps, end: (table, column) });
        }
        let Kind::Reference(target) = definition.columns.get(column)?.kind else {
            return None;
        };
        if steps.len() == MAX_STEPS {
            return None;
        }
        table = store.find(target)?;
        steps.push((column, table));
    }
    None
}

impl Path {
    /// The column of the searched table, if the path has no reference.
    pub(crate) fn direct(&self) -> Option<usize> {
        self.steps.is_empty().then_some(self.end.1)
    }

    /// The first column of the path, in the searched table.
    pub(super) fn start(&self) -> usize {
        self.steps.first().map_or(self.end.1, |(column, _)| *column)
    }

    pub(crate) fn kind(&self, store: &Store) -> Kind {
        let columns = &store.table(self.end.0).definition.columns;
        columns.get(self.end.1).map_or(Kind::Text, |column| column.kind)
    }

    /// The value at the end of the path. Empty if a reference on the way is empty.
    pub(crate) fn value<'a>(&self, store: &'a Store, row: RowId) -> &'a str {
        let mut row = row;
        for (column, target) in &self.steps {
            match store.row(*target, store.text(row, *column)) {
                Some(found) => row = found,
                None => return "",
            }
        }
        store.text(row, self.end.1)
    }
}
