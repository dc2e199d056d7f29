//! The request for a walk's next page: the query with its bound and its order, the fields, and whether to count.

use super::types::{Pagination, Range};
use super::walk::{Part, Walk};
use crate::query::with_unique_order;
use crate::request::List;

impl Walk {
    /// The encoded query of the next page.
    #[must_use]
    pub fn query(&self) -> String {
        if let (Some(check), Some(branches)) = (self.check, &self.branches) {
            return self.check_query(check, branches);
        }
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
        let empties = self.part == Part::Empty;
        let behind = self.after.as_ref().and_then(|after| key.bound(after, empties));
        let field = key.field.as_deref().unwrap_or_default();
        let mut bound = match self.part {
            Part::Empty => [field, "ISEMPTY"].concat(),
            Part::Filled if behind.is_none() && self.range == Range::default() => [field, "ISNOTEMPTY"].concat(),
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
        if self.in_range() {
            all(&["sys_id", if key.descending { ">=" } else { "<=" }, &self.range_end()].concat());
        }
        all(&behind.unwrap_or_default());
        branches.bounded(&bound, &key.order(empties))
    }

    /// The path of the next page; none when the walk has ended.
    #[must_use]
    pub fn path(&self) -> Option<String> {
        self.path_ahead(0)
    }

    /// The path of the page so many pages behind the next one, if it can be asked for already and lies within the count: a walk by
    /// number knows it, a walk by key estimates where it begins (the module `ahead`).
    #[must_use]
    pub fn path_ahead(&self, pages: u64) -> Option<String> {
        let step = self.size.rows();
        let skipped = pages.saturating_mul(step);
        let (limit, offset) = match pages {
            _ if self.ended => return None,
            // More than should come, so that it shows.
            0 if self.check.is_some() => (self.ends.len() as u64 + 1, 0),
            _ if self.check.is_some() => return None,
            0 if self.in_range() => (self.largest_piece, 0),
            0 => self.piece.map_or((step, self.offset), |rows| (rows, 0)),
            _ if skipped >= self.reading.limit.saturating_sub(self.seen) => return None,
            _ if self.pagination == Pagination::Keyset => self.joining(pages)?,
            _ if self.recount || self.left.is_none_or(|left| skipped >= left) => return None,
            _ => (step, self.offset.saturating_add(skipped)),
        };
        let fields = self.fields();
        let list = List {
            table: &self.reading.table,
            query: &self.query(),
            fields: &fields,
            display_value: self.reading.display_value,
            limit,
            offset,
            count: self.wants_count(skipped) && (pages == 0 || self.pagination != Pagination::Keyset),
        };
        Some(list.path())
    }

    /// The fields asked for: those of the reading, and the keys.
    pub(super) fn fields(&self) -> String {
        let mut fields = self.reading.fields.clone();
        if !fields.is_empty() {
            // By offset the identifier shows whether a page is another than the one before.
            let field = self.key_field().filter(|_| self.pagination == Pagination::Keyset);
            for key in field.into_iter().chain(["sys_id"]) {
                if !fields.split(',').any(|field| field == key) {
                    fields.push(',');
                    fields.push_str(key);
                }
            }
        }
        fields
    }

    pub(super) fn wants_count(&self, skipped: u64) -> bool {
        // A count that the first page did not bring will not come later either: a CORS rule hides it. Nobody pays for it then.
        let last = self.left.is_some_and(|left| left <= skipped.saturating_add(self.size.rows()));
        let stepping = self.pagination == Pagination::Keyset && (self.offset > 0 || self.in_range());
        self.pages == 0 || self.check.is_some() || self.total.is_some() && (self.recount || stepping || last)
    }
}
