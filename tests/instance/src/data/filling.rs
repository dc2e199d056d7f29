//! Inserts rows by column name, and the choices of tables as rows of `sys_choice`.

use crate::identity::sys_id_of;
use crate::records::by_id;
use crate::store::{CREATED_BY, CREATED_ON, Full, MOD_COUNT, SYS_ID, Store, TableId, Text, UPDATED_BY, UPDATED_ON};

/// A row to insert.
pub(super) struct Filling {
    table: TableId,
    cells: Vec<(usize, Text)>,
}

impl Filling {
    /// A row of an existing table. None if the table does not exist.
    pub(super) fn of(
        store: &mut Store,
        table: &str,
        sys_id: &str,
        created: &str,
        by: &str,
    ) -> Result<Option<Self>, Full> {
        let Some(table) = store.find(table) else {
            return Ok(None);
        };
        let created = store.intern(created)?;
        let by = store.intern(by)?;
        let cells = vec![
            (SYS_ID, store.intern(sys_id)?),
            (CREATED_ON, created),
            (CREATED_BY, by),
            (UPDATED_ON, created),
            (UPDATED_BY, by),
            (MOD_COUNT, store.intern("0")?),
        ];
        Ok(Some(Self { table, cells }))
    }

    pub(super) fn set(&mut self, store: &mut Store, column: &str, value: &str) -> Result<(), Full> {
        if let Some(column) = store.table(self.table).definition.column(column) {
            let text = store.intern(value)?;
            self.cells.push((column, text));
        }
        Ok(())
    }

    pub(super) fn insert(self, store: &mut Store) -> Result<(), Full> {
        store.insert(self.table, &self.cells).map(|_| ())
    }
}

/// Inserts a row given by names and values.
pub(crate) fn put(
    store: &mut Store,
    table: &str,
    sys_id: &str,
    created: &str,
    fields: &[(&str, &str)],
) -> Result<(), Full> {
    if let Some(mut filling) = Filling::of(store, table, sys_id, created, "system")? {
        filling.set(store, "sys_class_name", table)?;
        for (column, value) in fields {
            filling.set(store, column, value)?;
        }
        filling.insert(store)?;
    }
    Ok(())
}

/// Writes every table's choices into `sys_choice`.
pub(super) fn put_choices(store: &mut Store, created: &str) -> Result<(), Full> {
    let mut rows = Vec::new();
    for table in &store.tables {
        for (column, choices) in table.definition.columns.iter().zip(&table.choices) {
            for (sequence, (value, label)) in choices.iter().enumerate() {
                let (value, label) = (store.texts.of(*value), store.texts.of(*label));
                rows.push((table.definition.name, column.name, value.to_owned(), label.to_owned(), sequence));
            }
        }
    }
    for (table, element, value, label, sequence) in rows {
        put_choice(store, created, [table, element, &value, &label], sequence)?;
    }
    Ok(())
}

/// Writes one choice, given as table, element, value and label, into `sys_choice`.
pub(super) fn put_choice(store: &mut Store, created: &str, choice: [&str; 4], sequence: usize) -> Result<(), Full> {
    let [table, element, value, label] = choice;
    let definition = store.find(table).map(|table| store.table(table).definition);
    let table = definition.map_or(table, |definition| definition.choosing(element).name);
    let sys_id = sys_id_of("sys_choice", &format!("{table}.{element}.{value}"));
    // Classes with a common column have common choices.
    if by_id(store, "sys_choice", &sys_id).is_some() {
        return Ok(());
    }
    let fields = [
        ("name", table),
        ("element", element),
        ("value", value),
        ("label", label),
        ("sequence", &sequence.to_string()),
        ("language", "en"),
        ("inactive", "false"),
    ];
    put(store, "sys_choice", &sys_id, created, &fields)
}
