//! Pages of a table, one await each.

use js_sys::Array;
use wasm_bindgen::JsCast;

use super::instance::{CallFailed, Finished, Instance};
use crate::page::{OffsetWalk, Progress};
use crate::request::Expect;

/// One page: the rows as the JavaScript engine parsed them, and how far the walk is.
#[derive(Debug)]
pub struct Page {
    /// The rows.
    pub rows: Array,
    /// What is known so far.
    pub progress: Progress,
}

/// A walk through a table.
#[derive(Debug)]
pub struct Reader {
    instance: Instance,
    walk: OffsetWalk,
}

impl Reader {
    pub(super) const fn new(instance: Instance, walk: OffsetWalk) -> Self {
        Self { instance, walk }
    }

    /// The next page; none after the last.
    ///
    /// # Errors
    /// Why the page could not be read. The walk stands where it stood: calling again asks for the same page.
    pub async fn next(&mut self) -> Result<Option<Page>, CallFailed> {
        let Some(path) = self.walk.path() else { return Ok(None) };
        let Finished::Reply(result, headers) = self.instance.request(path, Expect::Rows).await? else {
            return Ok(None);
        };
        let rows: Array = result.unchecked_into();
        let progress = self.walk.received(u64::from(rows.length()), headers.number("x-total-count"));
        let wanted = u32::try_from(progress.keep).unwrap_or(u32::MAX);
        let rows = if wanted < rows.length() { rows.slice(0, wanted) } else { rows };
        Ok(Some(Page { rows, progress }))
    }
}
