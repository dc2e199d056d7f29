//! A table's dictionary: its columns and those of the classes it extends, their types, choices and references.

use super::operator::fits;
use crate::protocol::{SchemaPart, UnknownCode};

/// What is known of an instance's tables. Texts are borrowed from the reply they were read from.
#[derive(Clone, Debug, Default)]
pub struct Dictionary<'a> {
    /// The tables, in any order.
    pub tables: Vec<DictionaryTable<'a>>,
}

/// One table, with the columns that it declares itself.
#[derive(Clone, Debug, Default)]
pub struct DictionaryTable<'a> {
    /// Its name (`incident`).
    pub name: &'a str,
    /// The table it extends (`task`); empty for none.
    pub extends: &'a str,
    /// How many rows it has; 0 where nobody knows.
    pub rows: u32,
    /// Its own columns.
    pub columns: Vec<Column<'a>>,
}

/// One column.
#[derive(Clone, Debug, Default)]
pub struct Column<'a> {
    /// Its name (`sys_dictionary.element`).
    pub name: &'a str,
    /// Its type (`sys_dictionary.internal_type`); empty where nobody knows.
    pub kind: &'a str,
    /// The table a reference leads to; empty for none.
    pub reference: &'a str,
    /// Whether an index begins with it.
    pub indexed: bool,
    /// Its choices, raw value and label.
    pub choices: Vec<(&'a str, &'a str)>,
}

/// What a name, perhaps with dots, leads to.
pub(super) enum Found<'d, 'a> {
    Column(&'d Column<'a>),
    /// No such column; where in the name it was looked for, and in which table.
    Missing(usize, &'a str),
    /// The way leads through a table that the dictionary does not hold.
    Beyond,
}

/// Extending classes go no deeper on any instance, and a circle must end.
const DEEPEST: usize = 20;

impl<'a> Dictionary<'a> {
    /// The columns of a table and of all that it extends; empty for an unknown table.
    pub(super) fn columns<'d>(&'d self, table: &str) -> Vec<&'d Column<'a>> {
        let mut columns = Vec::new();
        let mut next = self.table(table);
        for _ in 0..DEEPEST {
            let Some(table) = next else { break };
            columns.extend(&table.columns);
            next = self.table(table.extends);
        }
        columns
    }

    pub(super) fn table(&self, name: &str) -> Option<&DictionaryTable<'a>> {
        self.tables.iter().find(|table| table.name == name)
    }

    /// The field by which people know a table's records.
    pub(super) fn shown(&self, table: &str) -> Option<&'static str> {
        let columns = self.columns(table);
        ["name", "number"].into_iter().find(|shown| columns.iter().any(|column| column.name == *shown))
    }

    pub(super) fn find(&self, table: &'a str, name: &str) -> Found<'_, 'a> {
        let (mut table, mut offset) = (table, 0);
        loop {
            let rest = name.get(offset..).unwrap_or_default();
            let length = rest.bytes().position(|byte| byte == b'.').unwrap_or(rest.len());
            let part = rest.get(..length).unwrap_or_default();
            let column = self.columns(table).into_iter().find(|column| column.name == part);
            match (self.table(table), column) {
                (None, _) => return Found::Beyond,
                (_, None) => return Found::Missing(offset, table),
                (_, Some(column)) if length == rest.len() => return Found::Column(column),
                (_, Some(column)) if column.reference.is_empty() => return Found::Missing(offset + length + 1, table),
                (_, Some(column)) => {
                    table = column.reference;
                    offset += length + 1;
                }
            }
        }
    }
}

impl Column<'_> {
    /// Which kinds of operators fit, as the bits of [`fits`].
    pub(super) fn kinds(&self) -> u8 {
        let kind = match self.kind {
            "reference" | "domain_id" | "document_id" => fits::REFERENCE,
            "boolean" => fits::BOOLEAN,
            "integer" | "longint" | "decimal" | "float" | "currency" | "currency2" | "price" | "percent_complete"
            | "order_index" | "numeric" => fits::NUMBER,
            "glide_date_time" | "glide_date" | "due_date" | "glide_time" | "glide_duration" | "date" | "datetime" => {
                fits::DATE
            }
            "journal" | "journal_input" | "journal_list" | "glide_list" | "conditions" | "sys_class_name" => {
                fits::OTHER | fits::TEXT
            }
            "string" | "GUID" | "email" | "url" | "html" | "choice" | "phone_number_e164" | "translated_text"
            | "translated_field" | "user_name" | "ph_number" => fits::TEXT,
            _ => return fits::ANY,
        };
        if self.choices.is_empty() { kind } else { kind | fits::CHOICE }
    }

    pub(super) fn is(&self, kind: u8) -> bool {
        self.kinds() & !fits::CHOICE == kind
    }
}

impl<'a> Dictionary<'a> {
    /// Reads the flat form in which a dictionary crosses from JavaScript, that of [`SchemaPart`].
    ///
    /// # Errors
    /// A letter without a meaning.
    pub fn from_form(form: &'a str) -> Result<Self, UnknownCode> {
        let mut dictionary = Self::default();
        let mut parts = form.split('\0');
        // An empty form has one empty text.
        while let Some(letter) = parts.find(|text| !text.is_empty()) {
            let letter = match letter.as_bytes() {
                [letter] => *letter,
                _ => 0,
            };
            let part = SchemaPart::try_from(letter)?;
            let mut next = || parts.next().unwrap_or_default();
            match (part, dictionary.tables.last_mut()) {
                (SchemaPart::Table, _) => {
                    let (name, extends, rows) = (next(), next(), next());
                    let rows = rows.bytes().fold(0_u32, |number, digit| {
                        number.saturating_mul(10).saturating_add(u32::from(digit.wrapping_sub(b'0')))
                    });
                    dictionary.tables.push(DictionaryTable { name, extends, rows, columns: Vec::new() });
                }
                (SchemaPart::Column, Some(table)) => {
                    let (name, kind, reference, indexed) = (next(), next(), next(), next() == "1");
                    table.columns.push(Column { name, kind, reference, indexed, choices: Vec::new() });
                }
                (SchemaPart::Choice, Some(table)) => {
                    let choice = (next(), next());
                    if let Some(column) = table.columns.last_mut() {
                        column.choices.push(choice);
                    }
                }
                (SchemaPart::Column | SchemaPart::Choice, None) => {}
            }
        }
        Ok(dictionary)
    }
}
