//! The request for a page: the query with its bound and its order, the fields, and whether to count.

use super::key_window::{KeyWindow, Part};
use super::keyset::Key;
use super::reading::Reading;
use super::types::{Pagination, Range};
use crate::query::{Branches, with_unique_order};
use crate::request::{DisplayValue, List};

/// How many of the newest rows are requested: access rules may hide some.
const NEWEST: u64 = 10;

#[derive(Debug)]
pub(super) struct PageQuery {
    pub(super) reading: Reading,
    /// None if the groups of the query are not certain.
    pub(super) branches: Option<Branches>,
    /// None for an order that no key can follow.
    pub(super) key: Option<Key>,
    pub(super) pagination: Pagination,
    pub(super) range: Range,
    /// Whether the walk began behind a row.
    pub(super) resumed: bool,
}

impl PageQuery {
    pub(super) fn is_keyset(&self) -> bool {
        self.pagination == Pagination::Keyset
    }

    pub(super) fn key_field(&self) -> Option<&str> {
        self.key.as_ref()?.field.as_deref()
    }

    /// The key, if pages are bounded by it.
    pub(super) fn bounding_key(&self) -> Option<&Key> {
        self.key.as_ref().filter(|_| self.is_keyset())
    }

    pub(super) fn descends(&self) -> bool {
        self.key.as_ref().is_some_and(|key| key.descending)
    }

    pub(super) fn is_whole_table(&self) -> bool {
        self.range == Range::default()
    }

    /// Whether the walk reads the whole query in an order in which no row moves.
    pub(super) fn stays_in_order(&self) -> bool {
        let stays = matches!(self.key_field(), None | Some("sys_created_on"));
        self.is_keyset() && stays && self.is_whole_table() && !self.resumed
    }

    /// Whether rows that change move to the end of what is read.
    pub(super) fn moves_to_end(&self) -> bool {
        let key = self.bounding_key().filter(|_| self.range.to.is_empty());
        key.is_some_and(|key| key.field.as_deref() == Some("sys_updated_on") && !key.descending)
    }

    /// The encoded query of a page. `range_end`: the last key of the range of hidden rows that it shows.
    pub(super) fn text(&self, window: &KeyWindow, range_end: Option<&str>) -> String {
        let (Some(branches), Some(key)) = (&self.branches, &self.key) else {
            return match (&self.branches, self.pagination) {
                (Some(branches), Pagination::Unordered) => branches.bounded("", ""),
                _ => with_unique_order(&self.reading.query),
            };
        };
        match self.pagination {
            Pagination::Keyset => {}
            Pagination::Offset => return branches.bounded("", &key.order(false)),
            Pagination::Unordered => return branches.bounded("", ""),
        }
        let empties = window.is_empties();
        let behind = window.after.as_ref().and_then(|after| key.bound(after, empties));
        let field = key.field.as_deref().unwrap_or_default();
        let mut bound = match window.part {
            Part::Empty => [field, "ISEMPTY"].concat(),
            Part::Filled if behind.is_none() && self.is_whole_table() => [field, "ISNOTEMPTY"].concat(),
            _ => String::new(),
        };
        let mut all = |condition: &str| {
            if !bound.is_empty() && !condition.is_empty() {
                bound.push('^');
            }
            bound.push_str(condition);
        };
        if !empties {
            all(if behind.is_none() { &self.range.from } else { "" });
            all(&self.range.to);
        }
        if let Some(end) = range_end {
            all(&["sys_id", if key.descending { ">=" } else { "<=" }, end].concat());
        }
        all(&behind.unwrap_or_default());
        branches.bounded(&bound, &key.order(empties))
    }

    /// The fields of the reading, and the keys.
    fn fields(&self) -> String {
        let mut fields = self.reading.fields.clone();
        if !fields.is_empty() {
            // With offsets the identifier shows whether a page is another than the one before.
            let field = self.key_field().filter(|_| self.is_keyset());
            for key in field.into_iter().chain(["sys_id"]) {
                if !fields.split(',').any(|field| field == key) {
                    fields.push(',');
                    fields.push_str(key);
                }
            }
        }
        fields
    }

    pub(super) fn path(&self, query: &str, (limit, offset): (u64, u64), count: bool) -> String {
        let fields = self.fields();
        let display_value = self.reading.display_value;
        List { table: &self.reading.table, query, fields: &fields, display_value, limit, offset, count }.path()
    }

    /// The path of the newest rows, where the present moment bounds what can be read ahead.
    pub(super) fn newest_path(&self) -> Option<String> {
        let field = self.key_field().filter(|_| self.moves_to_end())?;
        let query = self.branches.as_ref()?.bounded(&[field, "ISNOTEMPTY"].concat(), &["ORDERBYDESC", field].concat());
        let list = List {
            table: &self.reading.table,
            query: &query,
            fields: field,
            display_value: DisplayValue::Raw,
            limit: NEWEST,
            offset: 0,
            count: false,
        };
        Some(list.path())
    }
}
