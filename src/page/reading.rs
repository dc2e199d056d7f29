//! What is to be read, checked before anything is sent.

use crate::request::DisplayValue;

/// Rows of a page unless the caller says otherwise.
const DEFAULT_PAGE: u64 = 1000;

/// The Table API's own default; larger pages run into its 60 s quota (KB0727636).
pub const LARGEST_PAGE: u64 = 10_000;

/// Names of tables have 80 characters at most, a sys_id 32 (dictionary of `sys_db_object`): what is longer is no name, and an error
/// that repeats it would be as long.
const LONGEST_NAME: usize = 255;

/// One reading of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reading {
    /// The table's name.
    pub table: String,
    /// The caller's encoded query; may be empty.
    pub query: String,
    /// Field names, comma separated; empty for all.
    pub fields: String,
    /// The form of the values.
    pub display_value: DisplayValue,
    /// Rows asked for at a time.
    pub page_size: u64,
    /// Rows wanted in all.
    pub limit: u64,
}

/// Why a reading cannot work.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidReading {
    /// Not a name that a table can have.
    #[error("Invalid table `{0}`. Pass a name of letters, digits and underscores")]
    Table(String),
    /// Not a list of field names.
    #[error("Invalid field `{0}`. Pass a name of letters, digits, underscores and the dots of a dot-walk")]
    Field(String),
    /// A page of no rows, or of too many.
    #[error("Invalid option `pageSize`: {0}. Pass a whole number from 1 to 10,000")]
    PageSize(u64),
    /// Line breaks, which no encoded query carries.
    #[error("Invalid option `query`. Pass an encoded query without line breaks and other control characters")]
    Query,
}

impl Reading {
    /// A reading of the whole table.
    #[must_use]
    pub const fn of(table: String) -> Self {
        Self {
            table,
            query: String::new(),
            fields: String::new(),
            display_value: DisplayValue::Raw,
            page_size: DEFAULT_PAGE,
            limit: u64::MAX,
        }
    }

    /// # Errors
    /// What cannot work.
    pub fn check(&self) -> Result<(), InvalidReading> {
        let word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
        if self.table.is_empty() || self.table.len() > LONGEST_NAME || !self.table.bytes().all(word) {
            return Err(InvalidReading::Table(shown(&self.table)));
        }
        if !self.fields.is_empty() {
            for field in self.fields.split(',') {
                if field.is_empty() || !field.bytes().all(|byte| word(byte) || byte == b'.') {
                    return Err(InvalidReading::Field(shown(field)));
                }
            }
        }
        if self.query.chars().any(char::is_control) {
            return Err(InvalidReading::Query);
        }
        if (1..=LARGEST_PAGE).contains(&self.page_size) {
            Ok(())
        } else {
            Err(InvalidReading::PageSize(self.page_size))
        }
    }
}

/// As much of it as tells what was given.
fn shown(text: &str) -> String {
    text.chars().take(80).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reading_that_cannot_work_is_refused_with_what_was_given() {
        let reading = Reading::of("incident".to_owned());
        assert_eq!(reading.check(), Ok(()));
        let table = Reading { table: "../sys_user".to_owned(), ..reading.clone() };
        assert_eq!(table.check(), Err(InvalidReading::Table("../sys_user".to_owned())));
        let fields = Reading { fields: "number,,state".to_owned(), ..reading.clone() };
        assert_eq!(fields.check(), Err(InvalidReading::Field(String::new())));
        assert_eq!(Reading { fields: "number,caller_id.name".to_owned(), ..reading.clone() }.check(), Ok(()));
        let long = Reading { table: "x".repeat(256), ..reading.clone() };
        assert_eq!(long.check(), Err(InvalidReading::Table("x".repeat(80))));
        assert_eq!(Reading { page_size: 0, ..reading.clone() }.check(), Err(InvalidReading::PageSize(0)));
        assert_eq!(Reading { page_size: 10_001, ..reading.clone() }.check(), Err(InvalidReading::PageSize(10_001)));
        assert_eq!(Reading { query: "a=1\n^b=2".to_owned(), ..reading }.check(), Err(InvalidReading::Query));
    }
}
