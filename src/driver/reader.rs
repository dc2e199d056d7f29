//! Reads a table page by page.

use js_sys::{Array, JSON};
use serde::de::DeserializeOwned;
use wasm_bindgen::JsValue;

use super::call_failed::CallFailed;
use super::host::Host;
use super::queue::{PageSource, PrefetchQueue};
use super::rows::{keys_of, shared_and_unsorted, stored, typed};
use crate::code::Code;
use crate::page::{self, PageError, Progress, Reading, RowKeys, Walk};

/// The order in which pages are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ReadingOrder {
    /// By key where the instance and the query allow it, by offset otherwise.
    #[default]
    Best,
    /// The same, and the caller vouches that the field which the query orders by is sorted as it is compared: references and choices are
    /// not.
    Keyset,
    /// By offset, in the query's own order. Rows that are made or deleted meanwhile can move others past the reader.
    Offset,
}

impl ReadingOrder {
    /// A walk through a reading that was checked.
    pub(super) fn walk(self, reading: Reading) -> Walk {
        match self {
            Self::Best => Walk::new(reading, false),
            Self::Keyset => Walk::new(reading, true),
            Self::Offset => Walk::by_offset(reading),
        }
    }
}

/// One page of rows, with the progress of the reading.
#[derive(Debug)]
pub struct RowPage {
    /// The rows as the JavaScript engine parsed them.
    pub rows: Array,
    /// The progress so far.
    pub progress: Progress,
    /// What the reading cannot guarantee, if it had to leave keyset pagination.
    pub caveat: Option<&'static str>,
    /// The path of the next page; none after the last.
    pub next: Option<String>,
}

impl RowPage {
    /// The rows as values of a type. ServiceNow sends stored values as text, so numbers and dates are `String` there; with
    /// [`DisplayValue::Both`](crate::request::DisplayValue) each field is an object of `value` and `display_value`.
    ///
    /// # Errors
    /// `reply.incomplete` if a row does not fit the type.
    pub fn typed<T: DeserializeOwned>(&self) -> Result<Vec<T>, CallFailed> {
        typed(&self.rows)
    }
}

/// The reading of a table. Dropping it ends its requests.
pub struct Reader {
    queue: PrefetchQueue<WalkSource>,
}

impl core::fmt::Debug for Reader {
    fn fmt(&self, formatter: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        formatter.write_str("Reader")
    }
}

impl Reader {
    /// `stream` is the number of the reading; 0 for one that somebody waits for.
    pub(super) fn new(host: Host, stream: u32, walk: Walk, ahead: usize) -> Self {
        let fence = (ahead > 1 && walk.path().is_some()).then(|| walk.fence_path()).flatten();
        let source = WalkSource { walk, began: String::new() };
        let queue = PrefetchQueue::new(host, stream, source, ahead, ahead);
        if let Some(path) = fence {
            // Where changed rows move to the end, prefetching by key needs the newest row as it was at the beginning. Without it pages are
            // read one after the other.
            queue.ask(path, WalkSource::fence);
        }
        Self { queue }
    }

    /// The next page, or none after the last. Pages behind it are requested while the caller works on this one.
    ///
    /// # Errors
    /// If the page cannot be read, not even as a smaller page or by another strategy. The position does not change: calling again
    /// requests the same page.
    pub async fn next(&mut self) -> Result<Option<RowPage>, CallFailed> {
        self.queue.next().await
    }

    /// The first rows of this reading, in one page.
    pub(super) async fn first(mut self, reading: &Reading) -> Result<RowPage, CallFailed> {
        let most = u32::try_from(reading.page_size).unwrap_or(u32::MAX);
        // Rows that access rules hide leave a page short of the rows wanted.
        let wanted = u32::try_from(reading.limit).ok().filter(|limit| *limit <= most).unwrap_or(0);
        let mut first: Option<RowPage> = None;
        let mut empty = None;
        while let Some(page) = self.next().await? {
            let count = page.rows.length();
            let page = match first.take() {
                Some(first) if count > 0 && first.rows.length() >= wanted => return Ok(first),
                Some(first) => RowPage { rows: first.rows.concat(&page.rows), ..page },
                None if count == 0 => {
                    empty = Some(page);
                    continue;
                }
                None => page,
            };
            // If the count says that these are all rows, the next page proves it and shows how many are hidden.
            let is_all = page.progress.total.is_none_or(|total| total > u64::from(most));
            if page.rows.length() >= wanted && is_all {
                return Ok(page);
            }
            first = Some(page);
        }
        let nothing = Progress { keep: 0, seen: 0, total: None, hidden: None, complete: false, more: false };
        let nothing = RowPage { rows: Array::new(), progress: nothing, caveat: None, next: None };
        Ok(first.or(empty).unwrap_or(nothing))
    }
}

/// A walk, with what it cannot see of the rows itself.
pub(super) struct WalkSource {
    walk: Walk,
    /// The first row of the last page with rows, as JSON.
    began: String,
}

impl WalkSource {
    fn fence(&mut self, rows: &Array) {
        let Some(field) = self.walk.key_field() else { return };
        let newest = rows.iter().find_map(|row| stored(&row, field).filter(|value| !value.is_empty()));
        if let Some(newest) = newest {
            self.walk.fenced(&newest);
        }
    }
}

impl PageSource for WalkSource {
    type Batch = RowPage;

    fn path(&self, ahead: u64) -> Option<String> {
        self.walk.path_ahead(ahead)
    }

    fn key_field(&self) -> Option<&str> {
        self.walk.key_field()
    }

    fn behind(&self) -> Option<&str> {
        self.walk.after().map(|after| after.id.as_str())
    }

    fn joins(&mut self, joint: RowKeys<'_>, last: RowKeys<'_>) -> bool {
        self.walk.joins(Some(joint), Some(last))
    }

    fn failed(&mut self, code: &str) -> bool {
        PageError::of(code).is_some_and(|error| self.walk.failed(error))
    }

    fn accept(&mut self, rows: Array, counted: Option<u64>) -> Result<RowPage, CallFailed> {
        let length = rows.length();
        let first_row = if length > 0 { JSON::stringify(&rows.get(0)).map(String::from) } else { Ok(String::new()) };
        let first_row = first_row.unwrap_or_default();
        let again = !first_row.is_empty() && first_row == self.began;
        let keys = |row: JsValue| keys_of(&row, self.walk.key_field());
        let (first, last) = (keys(rows.get(0)), keys(rows.get(length.saturating_sub(1))));
        let (shared, unsorted) = shared_and_unsorted(&rows, self.walk.key_field().is_some());
        let page = page::Page {
            rows: u64::from(length),
            counted,
            first: (length > 0).then_some(RowKeys { value: &first.0, id: &first.1 }),
            last: (length > 0).then_some(RowKeys { value: &last.0, id: &last.1 }),
            again,
            shared,
            unsorted,
        };
        let progress = self.walk.received(&page);
        if progress.keep > 0 {
            self.began = first_row;
        }
        let wanted = u32::try_from(progress.keep).unwrap_or(u32::MAX);
        let rows = if wanted < length { rows.slice(0, wanted) } else { rows };
        Ok(RowPage { rows, progress, caveat: self.walk.caveat(), next: self.walk.path() })
    }
}

/// Checks what is to be read before anything is sent.
pub(super) fn checked(reading: &Reading) -> Result<(), CallFailed> {
    reading.check().map_err(|reason| CallFailed::invalid(Code::REQUEST_READING, &reason.to_string()))
}
