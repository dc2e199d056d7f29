//! The tables of the base system with their columns and types: tables with working data, and tables whose rows decide about
//! sign-in and access.

/// The columns after the six that every table begins with.
macro_rules! columns {
    ($($column:expr),* $(,)?) => {
        &[
            $crate::store::schema::column("sys_id", $crate::store::schema::Kind::Id),
            $crate::store::schema::column("sys_created_on", $crate::store::schema::Kind::DateTime),
            $crate::store::schema::column("sys_created_by", $crate::store::schema::Kind::Text),
            $crate::store::schema::column("sys_updated_on", $crate::store::schema::Kind::DateTime),
            $crate::store::schema::column("sys_updated_by", $crate::store::schema::Kind::Text),
            $crate::store::schema::column("sys_mod_count", $crate::store::schema::Kind::Integer),
            $($column),*
        ]
    };
}

mod administration;
mod attachment;
mod casework;
mod configuration;
mod dictionary;
mod filtering;
pub(crate) mod scoped;
mod service;

/// The type of a column. Replies hold every value as a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A `sys_id`.
    Id,
    Text,
    Integer,
    Boolean,
    /// `yyyy-MM-dd HH:mm:ss` in UTC.
    DateTime,
    /// `yyyy-MM-dd`, without time zone.
    Date,
    /// A length of time, stored as the time that long after the beginning of 1970.
    Duration,
    /// A choice with a number as its value.
    NumberChoice,
    /// A choice with a text as its value.
    Choice,
    /// The `sys_id` of a row of another table.
    Reference(&'static str),
    /// The `sys_id`s of rows of another table, or e-mail addresses, separated by commas.
    List(&'static str),
    /// A written text becomes an entry of `sys_journal_field`. The column itself is empty.
    Journal,
    /// A password: stored, compared, and never shown (`password2` fields are returned encrypted).
    Secret,
}

impl Kind {
    pub(crate) fn is_choice(self) -> bool {
        matches!(self, Self::NumberChoice | Self::Choice)
    }

    /// `internal_type` and `reference` in `sys_dictionary`.
    pub(crate) fn internal_type(self) -> (&'static str, &'static str) {
        match self {
            Self::Id => ("GUID", ""),
            Self::Text => ("string", ""),
            Self::Integer | Self::NumberChoice => ("integer", ""),
            Self::Boolean => ("boolean", ""),
            Self::DateTime => ("glide_date_time", ""),
            Self::Date => ("glide_date", ""),
            Self::Duration => ("glide_duration", ""),
            Self::Choice => ("choice", ""),
            Self::List(target) => ("glide_list", target),
            Self::Journal => ("journal_input", ""),
            Self::Reference(target) => ("reference", target),
            Self::Secret => ("password2", ""),
        }
    }
}

pub(crate) struct Column {
    pub(crate) name: &'static str,
    pub(crate) kind: Kind,
    /// Value and label of the base system's choices.
    pub(crate) choices: &'static [(&'static str, &'static str)],
}

pub(crate) struct Definition {
    pub(crate) name: &'static str,
    /// The prefix of a row's `number`: "INC".
    pub(crate) prefix: &'static str,
    /// The display column.
    pub(crate) display: &'static str,
    pub(crate) columns: &'static [Column],
}

impl Definition {
    /// The position of a column.
    pub(crate) fn column(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|column| column.name == name)
    }
}

const fn column(name: &'static str, kind: Kind) -> Column {
    Column { name, kind, choices: &[] }
}

const fn choice(name: &'static str, kind: Kind, choices: &'static [(&'static str, &'static str)]) -> Column {
    Column { name, kind, choices }
}

const fn define(
    name: &'static str,
    prefix: &'static str,
    display: &'static str,
    columns: &'static [Column],
) -> Definition {
    Definition { name, prefix, display, columns }
}

/// All tables.
pub(crate) fn tables() -> impl Iterator<Item = &'static Definition> {
    let work = service::TABLES.iter().chain(&casework::TABLES).chain(&configuration::TABLES);
    let records = attachment::TABLES.iter().chain(&administration::TABLES).chain(&dictionary::TABLES);
    work.chain(records).chain(&filtering::TABLES).chain(&scoped::TABLES)
}
