//! One table: its columns, its live rows, and the indexes in use.

use std::hint::black_box;

use super::index::{Index, Keys};
use super::schema::Definition;
use super::texts::{Text, Texts};

/// The number of a row within its table. Reused after a deletion.
pub(crate) type RowId = u32;

/// Every table begins with these columns.
pub(crate) const SYS_ID: usize = 0;
pub(crate) const CREATED_ON: usize = 1;
pub(crate) const CREATED_BY: usize = 2;
pub(crate) const UPDATED_ON: usize = 3;
pub(crate) const UPDATED_BY: usize = 4;
pub(crate) const MOD_COUNT: usize = 5;

/// The beginning of a default that is a script.
pub(crate) const SCRIPT: &str = "javascript:";

pub(crate) struct Table {
    pub(crate) definition: &'static Definition,
    /// The position of the display column.
    pub(crate) display: usize,
    /// The position of the domain column, in tables with domain separation.
    pub(super) domain: Option<usize>,
    /// The labels of the values of each choice column.
    pub(crate) choices: Vec<Vec<(Text, Text)>>,
    /// The largest number used, for tables with numbered rows.
    pub(crate) last_number: u64,
    /// A new row before its first values: the defaults that are no scripts, and the table's name as its class.
    blank: Vec<Text>,
    /// Stored row by row, because pages are read far more often than columns: a row spans three cache lines.
    cells: Vec<Text>,
    alive: Vec<bool>,
    free: Vec<RowId>,
    indexes: Vec<Option<Index>>,
}

impl Table {
    pub(super) fn new(definition: &'static Definition, texts: &mut Texts) -> Self {
        let columns = definition.columns.len();
        let blank = definition.columns.iter().map(|column| match column.name {
            "sys_class_name" => texts.intern(definition.name),
            _ if column.default.starts_with(SCRIPT) => None,
            _ => texts.intern(column.default),
        });
        let blank = blank.map(Option::unwrap_or_default).collect();
        let choices = definition.columns.iter().map(|column| {
            let intern = |(value, label): &(&str, &str)| Some((texts.intern(value)?, texts.intern(label)?));
            column.choices.iter().filter_map(intern).collect()
        });
        Self {
            blank,
            definition,
            display: definition.column(definition.display).unwrap_or(SYS_ID),
            domain: definition.column("sys_domain"),
            choices: choices.collect(),
            last_number: 0,
            cells: Vec::new(),
            alive: Vec::new(),
            free: Vec::new(),
            indexes: (0..columns).map(|_| None).collect(),
        }
    }

    pub(crate) fn cell(&self, row: RowId, column: usize) -> Text {
        self.row(row).get(column).copied().unwrap_or_default()
    }

    fn row(&self, row: RowId) -> &[Text] {
        let width = self.definition.columns.len();
        let start = row as usize * width;
        self.cells.get(start..start + width).unwrap_or_default()
    }

    /// Reads every cell of a row, as a database does that scans it. The values are not used.
    pub(crate) fn read(&self, texts: &Texts, row: RowId) {
        for cell in self.row(row) {
            let text = texts.of(*cell).as_bytes();
            black_box((text.first(), text.last()));
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.alive.len() - self.free.len()
    }

    /// The rows in no particular order, as a database returns them without ORDER BY.
    pub(crate) fn rows(&self) -> impl Iterator<Item = RowId> {
        (0..).zip(&self.alive).filter_map(|(row, alive)| alive.then_some(row))
    }

    /// The row with this `sys_id`, found with the index if it exists.
    pub(super) fn row_of(&self, texts: &Texts, sys_id: &str) -> Option<RowId> {
        let wanted = texts.find(sys_id)?;
        let row = match self.indexes.first() {
            Some(Some(index)) => {
                let at = index.rows.partition_point(|row| texts.of(self.cell(*row, SYS_ID)) < sys_id);
                index.rows.get(at).copied()?
            }
            _ => self.rows().find(|row| self.cell(*row, SYS_ID) == wanted)?,
        };
        (self.cell(row, SYS_ID) == wanted).then_some(row)
    }

    pub(super) fn insert(&mut self, texts: &Texts, cells: &[(usize, Text)]) -> RowId {
        let width = self.definition.columns.len();
        let row = self.free.pop().unwrap_or_else(|| {
            self.alive.push(false);
            self.cells.resize(self.cells.len() + width, Text::EMPTY);
            RowId::try_from(self.alive.len() - 1).unwrap_or(RowId::MAX)
        });
        let start = row as usize * width;
        if let Some(row) = self.cells.get_mut(start..start + width) {
            row.copy_from_slice(&self.blank);
        }
        self.write(row, cells);
        if let Some(alive) = self.alive.get_mut(row as usize) {
            *alive = true;
        }
        for column in 0..self.indexes.len() {
            self.reindex(texts, column, |index, keys| index.put(row, keys));
        }
        row
    }

    pub(super) fn update(&mut self, texts: &Texts, row: RowId, cells: &[(usize, Text)]) {
        // The later of two values for one column wins. An index must hold a row only once.
        let mut changed: Vec<(usize, Text)> = Vec::with_capacity(cells.len());
        for (column, text) in cells {
            changed.retain(|(other, _)| other != column);
            if self.cell(row, *column) != *text {
                changed.push((*column, *text));
            }
        }
        for (column, _) in &changed {
            self.reindex(texts, *column, |index, keys| index.take(row, keys));
        }
        self.write(row, &changed);
        for (column, _) in &changed {
            self.reindex(texts, *column, |index, keys| index.put(row, keys));
        }
    }

    pub(super) fn delete(&mut self, texts: &Texts, row: RowId) {
        for column in 0..self.indexes.len() {
            self.reindex(texts, column, |index, keys| index.take(row, keys));
        }
        if let Some(alive) = self.alive.get_mut(row as usize)
            && core::mem::replace(alive, false)
        {
            self.free.push(row);
        }
    }

    pub(super) fn ordered(&mut self, texts: &Texts, column: usize) -> &[RowId] {
        for needed in [SYS_ID, column] {
            if self.indexes.get(needed).is_some_and(Option::is_none) {
                // A stable sort by value of rows sorted by `sys_id` leaves ties sorted by `sys_id`.
                let rows = match needed {
                    SYS_ID => self.rows().collect(),
                    _ => self.index(SYS_ID).to_vec(),
                };
                let made = self.keys(texts, needed).map(|keys| Index::of(rows, keys));
                if let Some(index) = self.indexes.get_mut(needed) {
                    *index = made;
                }
            }
        }
        self.index(column)
    }

    /// The index of a column, if it has been created.
    pub(crate) fn index(&self, column: usize) -> &[RowId] {
        match self.indexes.get(column) {
            Some(Some(index)) => &index.rows,
            _ => &[],
        }
    }

    pub(super) fn bytes(&self) -> usize {
        let indexes: usize = self.indexes.iter().flatten().map(|index| index.rows.capacity() * 4).sum();
        self.cells.capacity() * 4 + indexes + self.alive.capacity() + self.free.capacity() * 4
    }

    fn write(&mut self, row: RowId, cells: &[(usize, Text)]) {
        let width = self.definition.columns.len();
        let start = row as usize * width;
        for (column, text) in cells {
            if *column < width
                && let Some(cell) = self.cells.get_mut(start + column)
            {
                *cell = *text;
            }
        }
    }

    fn keys<'a>(&'a self, texts: &'a Texts, column: usize) -> Option<Keys<'a>> {
        Some(Keys { texts, kind: self.definition.columns.get(column)?.kind, table: self, column })
    }

    fn reindex(&mut self, texts: &Texts, column: usize, act: impl FnOnce(&mut Index, Keys<'_>)) {
        let taken = self.indexes.get_mut(column).and_then(Option::take);
        if let Some(mut index) = taken {
            if let Some(keys) = self.keys(texts, column) {
                act(&mut index, keys);
            }
            if let Some(place) = self.indexes.get_mut(column) {
                *place = Some(index);
            }
        }
    }
}
