//! Finds columns by name: of the searched table, or of a table reached through references.

use crate::store::{Kind, RowId, Store, TableId};

/// A column of the searched table, or of a row reached through references.
#[derive(Clone, Debug)]
pub(crate) struct Path {
    /// The reference columns on the way, each in its table.
    steps: Vec<(TableId, usize)>,
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
        steps.push((table, column));
        table = store.find(target)?;
    }
    None
}

impl Path {
    /// The column of the searched table, if the path has no reference.
    pub(crate) fn direct(&self) -> Option<usize> {
        self.steps.is_empty().then_some(self.end.1)
    }

    /// The first column of the path, in the searched table.
    pub(super) fn start(&self) -> (TableId, usize) {
        self.steps.first().copied().unwrap_or(self.end)
    }

    pub(crate) fn kind(&self, store: &Store) -> Kind {
        let columns = &store.table(self.end.0).definition.columns;
        columns.get(self.end.1).map_or(Kind::Text, |column| column.kind)
    }

    /// The value at the end of the path. Empty if a reference on the way is empty.
    pub(crate) fn value<'a>(&self, store: &'a Store, row: RowId) -> &'a str {
        let mut row = row;
        for (number, (table, column)) in self.steps.iter().enumerate() {
            let next = self.steps.get(number + 1).map_or(self.end.0, |step| step.0);
            match store.row(next, store.text(*table, row, *column)) {
                Some(found) => row = found,
                None => return "",
            }
        }
        store.text(self.end.0, row, self.end.1)
    }
}
