//! The base map: what the tables of a new instance are made of.

mod assets;
mod cases;
mod people;
mod records;
mod task;

use super::kind::UnifiedKind;

/// One table of the base map.
#[derive(Debug, Clone, Copy)]
pub struct BaseTable {
    /// The name of the table.
    pub name: &'static str,
    /// What its records are.
    pub kind: &'static UnifiedKind,
    /// The columns that it shares with other tables, then its own.
    pub columns: &'static [&'static [BaseColumn]],
    /// Columns that hold no value: a write adds an entry to them.
    pub journals: &'static [&'static str],
}

/// The column behind a field.
#[derive(Debug, Clone, Copy)]
pub struct BaseColumn {
    /// The field of the model.
    pub field: &'static str,
    /// The column; behind a dot one of the record that a reference leads to.
    pub name: &'static str,
    /// Whether the instance sets it and drops what is written.
    pub read_only: bool,
    /// Where a reference leads; empty where it may lead to any table.
    pub reference: &'static str,
    /// The raw values of a normalised list.
    pub values: &'static [BaseValue],
}

/// A raw value of a normalised list.
#[derive(Debug, Clone, Copy)]
pub struct BaseValue {
    /// As the instance stores it.
    pub raw: &'static str,
    /// As the model names it.
    pub value: &'static str,
    /// Whether writing `value` writes this one.
    pub written: bool,
}

/// Every table of the base map.
pub const TABLES: [&BaseTable; 18] = [
    &task::INCIDENT,
    &task::PROBLEM,
    &task::CHANGE_REQUEST,
    &cases::SC_REQUEST,
    &cases::SC_REQ_ITEM,
    &cases::SC_TASK,
    &cases::CUSTOMER_CASE,
    &cases::HR_CASE,
    &records::JOURNAL_FIELD,
    &records::ATTACHMENT,
    &people::USER,
    &people::HR_PROFILE,
    &people::GROUP,
    &people::DEPARTMENT,
    &people::LOCATION,
    &people::COMPANY,
    &assets::CONFIGURATION_ITEM,
    &assets::RELATION,
];

impl BaseTable {
    /// The base map of a table.
    #[must_use]
    pub fn named(name: &str) -> Option<&'static Self> {
        TABLES.into_iter().find(|table| table.name == name)
    }

    /// The columns, in the order of the fields of the kind.
    pub fn all(&self) -> impl Iterator<Item = &'static BaseColumn> {
        let columns = self.columns;
        self.kind
            .fields
            .iter()
            .filter_map(move |field| columns.iter().copied().flatten().rfind(|it| it.field == field.name))
    }
}

const fn column(field: &'static str, name: &'static str) -> BaseColumn {
    BaseColumn { field, name, read_only: false, reference: "", values: &[] }
}

const fn automatic(field: &'static str, name: &'static str) -> BaseColumn {
    BaseColumn { read_only: true, ..column(field, name) }
}

const fn reference(field: &'static str, name: &'static str, table: &'static str) -> BaseColumn {
    BaseColumn { reference: table, ..column(field, name) }
}

const fn choice(field: &'static str, name: &'static str, values: &'static [BaseValue]) -> BaseColumn {
    BaseColumn { values, ..column(field, name) }
}

/// The raw value that is read as `value` and written for it.
const fn both(raw: &'static str, value: &'static str) -> BaseValue {
    BaseValue { raw, value, written: true }
}

/// A further raw value that is read as `value`.
const fn read(raw: &'static str, value: &'static str) -> BaseValue {
    BaseValue { raw, value, written: false }
}

/// The columns that every table has.
const STAMPS: &[BaseColumn] = &[
    automatic("id", "sys_id"),
    automatic("createdAt", "sys_created_on"),
    automatic("createdBy", "sys_created_by"),
    automatic("updatedAt", "sys_updated_on"),
    automatic("updatedBy", "sys_updated_by"),
    automatic("revision", "sys_mod_count"),
];
