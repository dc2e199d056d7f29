//! What a walk is given of a page, and what it reports.

use crate::code::Code;

/// How the walk goes through the table, best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pagination {
    /// By key.
    Keyset,
    /// By offset, in the order of a unique key.
    Offset,
    /// By offset, in whatever order the instance chooses.
    Unordered,
}

impl Pagination {
    /// What this way cannot promise; none for a walk by key.
    #[must_use]
    pub const fn caveat(self) -> Option<&'static str> {
        match self {
            Self::Keyset => None,
            Self::Offset => Some(
                "Read by offset: rows that are inserted or deleted meanwhile can move others past the reader. The pages are complete if the table stood still.",
            ),
            Self::Unordered => Some(
                "Read without an order, which the instance does not allow: rows can come twice or not at all, even in a table that stands still.",
            ),
        }
    }
}

/// What a walk by key cannot promise in the order of a field that changes, unless changes move rows to its end.
pub(super) const MOVING: &str = "Read in the order of a field that changes: rows that change meanwhile can move past the reader. The pages are complete if the table stood still.";

/// Rows may have moved while hidden ones were stepped over. Counts cannot show it: one row may arrive for each that leaves.
pub(super) const STEPPED: &str = "Hidden rows were stepped over by offset: rows that changed meanwhile can have moved past the reader. The pages are complete if the table stood still.";

/// A page as the host saw it.
#[derive(Debug, Clone, Copy, Default)]
pub struct Page<'a> {
    /// Rows that came.
    pub rows: u64,
    /// The count, if the reply held it.
    pub counted: Option<u64>,
    /// The keys of the first row, if it has them.
    pub first: Option<RowKeys<'a>>,
    /// The keys of the last row, if it has them.
    pub last: Option<RowKeys<'a>>,
    /// Whether its first row is that of the last page that was kept, to the letter: shows what rows without a `sys_id` cannot.
    pub again: bool,
    /// Whether rows of the page share a `sys_id`.
    pub shared: bool,
    /// Whether plain identifiers rise and fall within the page.
    pub unsorted: bool,
}

/// The keys of a row, as they are stored.
#[derive(Debug, Clone, Copy)]
pub struct RowKeys<'a> {
    /// The value of [`super::Walk::key_field`]; empty when that is empty, or `sys_id` alone is the key.
    pub value: &'a str,
    /// The `sys_id`.
    pub id: &'a str,
}

/// What is known after a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// How many of the page's rows are wanted, from the first on. None of them when the same rows are asked for again.
    pub keep: u64,
    /// Rows handed over so far.
    pub seen: u64,
    /// Rows of the query by the instance's first count, before access rules.
    pub total: Option<u64>,
    /// Rows that access rules hide, by that count; known at the end.
    pub hidden: Option<u64>,
    /// Whether this was the last page and every row that was there throughout and may be read has been handed over.
    pub complete: bool,
    /// Whether another page follows.
    pub more: bool,
}

/// Why a page could not be read, as far as the walk can do something about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PageError {
    /// The instance needed too long.
    TooHeavy,
    /// The reply was cut, or larger than it may be: fewer rows may come whole, down to one.
    Cut,
    /// It refuses the query because of a field (status 403): an order or a range that access rules forbid, perhaps.
    Forbidden,
}

impl PageError {
    /// What a diagnosis's code means to a walk; none when it can do nothing about it.
    #[must_use]
    pub fn of(code: &str) -> Option<Self> {
        let is = |listed: Code| listed == code;
        if is(Code::QUOTA_CANCELLED) || is(Code::BATCH_UNSERVICED) {
            return Some(Self::TooHeavy);
        }
        if is(Code::INSTANCE_CUT_REPLY) || is(Code::REPLY_TOO_LARGE) {
            return Some(Self::Cut);
        }
        is(Code::QUERY_FIELD_NOT_READABLE).then_some(Self::Forbidden)
    }
}

/// Part of a table: conditions that hold for a whole walk, such as a range of keys. Either may be empty.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Range {
    /// The lower end, needed until a row has been seen.
    pub from: String,
    /// The upper end.
    pub to: String,
}
