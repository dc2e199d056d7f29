//! The tables of the base system with their columns and types: tables with working data, and tables whose rows decide about
//! sign-in and access.

mod administration;
mod attachment;
mod casework;
mod catalog;
mod catalog_orders;
mod change;
mod configuration;
mod dictionary;
mod equipment;
mod filtering;
mod history;
mod imports;
mod incident;
mod metadata;
mod organization;
mod outbound;
mod people;
mod problem;
pub(crate) mod scoped;
mod scripted;
mod task;

use std::sync::LazyLock;

/// The type of a column. Replies hold every value as a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A `sys_id`.
    Id,
    Text,
    Integer,
    /// A number with digits after the point.
    Decimal,
    /// An amount of money.
    Currency,
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
            Self::Decimal => ("decimal", ""),
            Self::Currency => ("currency", ""),
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

/// Who gives a column its value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Access {
    /// The writer of the row.
    Writable,
    /// The platform. A written value is ignored.
    ReadOnly,
    /// The platform, from other columns. A written value lasts only while those are empty.
    Calculated,
}

#[derive(Clone, Copy)]
pub(crate) struct Column {
    pub(crate) name: &'static str,
    pub(crate) kind: Kind,
    pub(crate) access: Access,
    /// Whether no two rows have the same value, ignoring case; any number of rows have none.
    pub(crate) unique: bool,
    /// Value and label of the base system's choices.
    pub(crate) choices: &'static [(&'static str, &'static str)],
    /// `default_value` of the dictionary: a value, or a script that begins with `javascript:`.
    pub(crate) default: &'static str,
}

impl Column {
    const fn with_default(self, default: &'static str) -> Self {
        Self { default, ..self }
    }

    const fn read_only(self) -> Self {
        Self { access: Access::ReadOnly, ..self }
    }

    const fn calculated(self) -> Self {
        Self { access: Access::Calculated, ..self }
    }

    const fn unique(self) -> Self {
        Self { unique: true, ..self }
    }
}

/// `sys_*` fields cannot be set, but for references that are merely called after the table they point to.
const fn column(name: &'static str, kind: Kind) -> Column {
    let system = matches!(name.as_bytes(), [b's', b'y', b's', b'_', ..]) && !matches!(kind, Kind::Reference(_));
    let access = if system { Access::ReadOnly } else { Access::Writable };
    let default = if matches!(kind, Kind::Boolean) { "false" } else { "" };
    Column { name, kind, access, unique: false, choices: &[], default }
}

const fn choice(name: &'static str, kind: Kind, choices: &'static [(&'static str, &'static str)]) -> Column {
    Column { choices, ..column(name, kind) }
}

const fn text(name: &'static str) -> Column {
    column(name, Kind::Text)
}

const fn integer(name: &'static str) -> Column {
    column(name, Kind::Integer)
}

const fn decimal(name: &'static str) -> Column {
    column(name, Kind::Decimal)
}

const fn amount(name: &'static str) -> Column {
    column(name, Kind::Currency)
}

const fn flag(name: &'static str) -> Column {
    column(name, Kind::Boolean)
}

const fn time(name: &'static str) -> Column {
    column(name, Kind::DateTime)
}

const fn date(name: &'static str) -> Column {
    column(name, Kind::Date)
}

const fn reference(name: &'static str, table: &'static str) -> Column {
    column(name, Kind::Reference(table))
}

const fn user(name: &'static str) -> Column {
    reference(name, "sys_user")
}

const fn group(name: &'static str) -> Column {
    reference(name, "sys_user_group")
}

const fn list(name: &'static str, table: &'static str) -> Column {
    column(name, Kind::List(table))
}

/// A table with the columns that it adds to those of the table it extends. A column of an inherited name overrides the inherited one.
pub(super) struct Declaration {
    name: &'static str,
    extends: Option<&'static str>,
    prefix: &'static str,
    display: &'static str,
    columns: &'static [Column],
}

const fn define(
    name: &'static str,
    prefix: &'static str,
    display: &'static str,
    columns: &'static [Column],
) -> Declaration {
    Declaration { name, extends: None, prefix, display, columns }
}

impl Declaration {
    const fn extending(self, table: &'static str) -> Self {
        Self { extends: Some(table), ..self }
    }
}

/// The default of a column that records who created a row, and when.
const CALLER: &str = "javascript:gs.getUserID()";
const NOW: &str = "javascript:gs.nowDateTime()";
/// Domains have groups as display values (sample bodies of the Table API).
const DOMAIN: Kind = Kind::Reference("sys_user_group");

/// Every table begins with these columns. `sysparm_suppress_auto_sys_field` leaves them to the writer.
const SYSTEM: [Column; 6] = [
    column("sys_id", Kind::Id),
    time("sys_created_on"),
    text("sys_created_by"),
    time("sys_updated_on"),
    text("sys_updated_by"),
    integer("sys_mod_count"),
];

/// The table of a row. It shows in replies, and the platform sets it.
const CLASS: Column = text("sys_class_name");
/// Tags are entries of `label_entry`. The column itself is empty.
const TAGS: Column = text("sys_tags");

/// A table with all its columns. It begins with the columns of the table it extends, at the same positions, so a column found
/// there is valid for the rows of every table that extends it.
pub(crate) struct Definition {
    pub(crate) name: &'static str,
    pub(crate) extends: Option<&'static Self>,
    /// The prefix of a row's `number`: "INC".
    pub(crate) prefix: &'static str,
    /// The display column.
    pub(crate) display: &'static str,
    pub(crate) columns: Vec<Column>,
    /// The names of the columns that this table overrides.
    overridden: Vec<&'static str>,
}

impl Definition {
    /// The position of a column.
    pub(crate) fn column(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|column| column.name == name)
    }

    /// This table and those it extends, directly or not, up to the first.
    pub(crate) fn ancestry(&self) -> impl Iterator<Item = &Self> {
        std::iter::successors(Some(self), |table| table.extends)
    }

    /// Whether this table is the named one or extends it.
    pub(crate) fn is_or_extends(&self, name: &str) -> bool {
        self.ancestry().any(|table| table.name == name)
    }

    /// Whether this table overrides a column that it inherits.
    pub(crate) fn overrides(&self, column: &str) -> bool {
        self.overridden.contains(&column)
    }

    /// The table that declares a column.
    pub(crate) fn declaring(&self, column: &str) -> &Self {
        self.ancestry().filter(|table| table.column(column).is_some()).last().unwrap_or(self)
    }

    /// The table whose choices a column has: the nearest that overrides the column, else the one that declares it.
    pub(crate) fn choosing(&self, column: &str) -> &Self {
        let overriding = self.ancestry().find(|table| table.overrides(column));
        overriding.unwrap_or_else(|| self.declaring(column))
    }

    fn of(declared: &Declaration, parent: Option<&'static Self>) -> Self {
        let mut columns = parent.map_or_else(|| SYSTEM.to_vec(), |parent| parent.columns.clone());
        let mut overridden = Vec::new();
        for column in declared.columns {
            match columns.iter_mut().find(|inherited| inherited.name == column.name) {
                Some(inherited) => {
                    *inherited = *column;
                    overridden.push(column.name);
                }
                None => columns.push(*column),
            }
        }
        let Declaration { name, prefix, display, .. } = *declared;
        Self { name, extends: parent, prefix, display, columns, overridden }
    }
}

/// All tables, each after the table it extends.
pub(crate) fn tables() -> &'static [&'static Definition] {
    static TABLES: LazyLock<Vec<&'static Definition>> = LazyLock::new(|| {
        let mut tables: Vec<&'static Definition> = Vec::new();
        for declared in declarations() {
            let parent = declared.extends.and_then(|name| tables.iter().find(|table| table.name == name).copied());
            tables.push(Box::leak(Box::new(Definition::of(declared, parent))));
        }
        tables
    });
    &TABLES
}

fn declarations() -> impl Iterator<Item = &'static Declaration> {
    let files = metadata::TABLES.iter();
    let tasks = task::TABLES.iter().chain(&incident::TABLES).chain(&problem::TABLES).chain(&change::TABLES);
    let work =
        tasks.chain(&casework::TABLES).chain(&catalog::TABLES).chain(&people::TABLES).chain(&organization::TABLES);
    let work = work.chain(&catalog_orders::TABLES);
    let items = configuration::TABLES.iter().chain(&equipment::TABLES);
    let records = attachment::TABLES.iter().chain(&history::TABLES).chain(&administration::TABLES);
    let described = dictionary::TABLES.iter().chain(&imports::TABLES).chain(&filtering::TABLES).chain(&scoped::TABLES);
    files.chain(work).chain(items).chain(records).chain(described).chain(&scripted::TABLES).chain(&outbound::TABLES)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::{declarations, tables};

    #[test]
    fn table_begins_with_the_columns_that_it_inherits() {
        for table in tables() {
            let Some(parent) = table.extends else { continue };
            let names = |columns: &[super::Column]| columns.iter().map(|column| column.name).collect::<Vec<_>>();
            assert!(names(&table.columns).starts_with(&names(&parent.columns)), "{}", table.name);
            assert!(table.is_or_extends(parent.name) && !parent.is_or_extends(table.name), "{}", table.name);
        }
    }

    #[test]
    fn extended_tables_are_declared_first_and_names_are_unique() {
        let mut declared = HashSet::new();
        for table in declarations() {
            assert!(table.extends.is_none_or(|parent| declared.contains(parent)), "{}", table.name);
            assert!(declared.insert(table.name), "{}", table.name);
        }
        for table in tables() {
            let names: HashSet<_> = table.columns.iter().map(|column| column.name).collect();
            assert_eq!(names.len(), table.columns.len(), "{}", table.name);
            assert!(names.contains(table.display), "{}", table.name);
        }
    }

    #[test]
    fn every_reference_names_a_table() {
        let names: HashSet<_> = tables().iter().map(|table| table.name).collect();
        for table in tables() {
            for column in &table.columns {
                let (super::Kind::Reference(target) | super::Kind::List(target)) = column.kind else { continue };
                assert!(names.contains(target), "{}.{} refers to {target}", table.name, column.name);
            }
        }
    }
}
