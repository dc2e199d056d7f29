//! One table: its columns, its own rows, and the indexes in use, which also list the rows of tables that extend it.

use std::collections::BTreeMap;
use std::hint::black_box;

use super::index::Index;
use super::row_id::{RowId, TableId};
use super::schema::Definition;
use super::texts::{Text, Texts};

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
    id: TableId,
    /// This table and all that it extends, directly or not.
    pub(super) lineage: Vec<TableId>,
    /// This table and all that extend it, directly or not.
    pub(super) extending: Vec<TableId>,
    /// The position of the display column.
    pub(crate) display: usize,
    /// The position of the domain column, in tables with domain separation.
    pub(super) domain: Option<usize>,
    /// The labels of the values of each choice column.
    pub(crate) choices: Vec<Vec<(Text, Text)>>,
    /// The largest number used, for tables with numbered rows.
    pub(crate) last_number: u64,
    width: usize,
    /// A new row before its first values: the defaults that are no scripts, and the table's name as its class.
    blank: Vec<Text>,
    /// Stored row by row, because pages are read far more often than columns: a row spans three cache lines.
    cells: Vec<Text>,
    alive: Vec<bool>,
    free: Vec<RowId>,
    /// By column.
    pub(super) indexes: BTreeMap<usize, Index>,
}

impl Table {
    pub(super) fn new(id: TableId, definition: &'static Definition, texts: &mut Texts) -> Self {
        let width = definition.columns.len();
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
            id,
            lineage: vec![id],
            extending: vec![id],
            display: definition.column(definition.display).unwrap_or(SYS_ID),
            domain: definition.column("sys_domain"),
            choices: choices.collect(),
            last_number: 0,
            width,
            cells: Vec::new(),
            alive: Vec::new(),
            free: Vec::new(),
            indexes: BTreeMap::new(),
        }
    }

    pub(super) fn cell(&self, row: RowId, column: usize) -> Text {
        let in_row = column < self.width;
        let cell = self.cells.get(row.place() * self.width + column).filter(|_| in_row);
        cell.copied().unwrap_or_default()
    }

    /// Reads every cell of a row, as a database does that scans it. The values are not used.
    pub(super) fn read(&self, texts: &Texts, row: RowId) {
        let start = row.place() * self.width;
        for cell in self.cells.get(start..start + self.width).unwrap_or_default() {
            let text = texts.of(*cell).as_bytes();
            black_box((text.first(), text.last()));
        }
    }

    /// The number of its own rows.
    pub(super) fn len(&self) -> usize {
        self.alive.len() - self.free.len()
    }

    /// Its own rows in no particular order, as a database returns them without ORDER BY.
    pub(super) fn rows(&self) -> impl Iterator<Item = RowId> {
        let row = |(place, alive): (usize, &bool)| RowId::of(self.id, place).filter(|_| *alive);
        self.alive.iter().enumerate().filter_map(row)
    }

    /// Adds a row with these cells. None if the table is full.
    pub(super) fn add(&mut self, cells: &[(usize, Text)]) -> Option<RowId> {
        let row = match self.free.pop() {
            Some(row) => row,
            None => {
                let row = RowId::of(self.id, self.alive.len())?;
                self.alive.push(false);
                self.cells.resize(self.cells.len() + self.width, Text::EMPTY);
                row
            }
        };
        let start = row.place() * self.width;
        if let Some(cells) = self.cells.get_mut(start..start + self.width) {
            cells.copy_from_slice(&self.blank);
        }
        self.write(row, cells);
        if let Some(alive) = self.alive.get_mut(row.place()) {
            *alive = true;
        }
        Some(row)
    }

    /// Frees the place of a row.
    pub(super) fn free(&mut self, row: RowId) {
        if let Some(alive) = self.alive.get_mut(row.place())
            && core::mem::replace(alive, false)
        {
            self.free.push(row);
        }
    }

    pub(super) fn write(&mut self, row: RowId, cells: &[(usize, Text)]) {
        let start = row.place() * self.width;
        for (column, text) in cells {
            if *column < self.width
                && let Some(cell) = self.cells.get_mut(start + column)
            {
                *cell = *text;
            }
        }
    }

    pub(super) fn bytes(&self) -> usize {
        let indexes: usize = self.indexes.values().map(|index| index.rows.capacity() * 4).sum();
        self.cells.capacity() * 4 + indexes + self.alive.capacity() + self.free.capacity() * 4
    }
}
