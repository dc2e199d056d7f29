//! Reads a table page by page.

use js_sys::{Array, Reflect};
use wasm_bindgen::{JsCast, JsValue};

use super::host::{CallFailed, Finished, Host};
use crate::page::{self, PageError, Progress, RowKeys, Walk};
use crate::request::Expect;

/// One page of rows, with the progress of the reading.
#[derive(Debug)]
pub struct RowPage {
    /// The rows as the JavaScript engine parsed them.
    pub rows: Array,
    /// The progress so far.
    pub progress: Progress,
    /// What the reading cannot guarantee, if it had to leave keyset pagination.
    pub caveat: Option<&'static str>,
}

/// The reading of a table.
#[derive(Debug)]
pub struct Reader {
    host: Host,
    walk: Walk,
}

impl Reader {
    pub(super) const fn new(host: Host, walk: Walk) -> Self {
        Self { host, walk }
    }

    /// The next page, or none after the last.
    ///
    /// # Errors
    /// If the page cannot be read, not even as a smaller page or by another strategy. The position does not change: calling again
    /// requests the same page.
    pub async fn next(&mut self) -> Result<Option<RowPage>, CallFailed> {
        while let Some(path) = self.walk.path() {
            match self.host.request(path.clone(), Expect::Rows).await {
                Ok(Finished::Reply(result, headers)) => {
                    return Ok(Some(self.received(&result.unchecked_into(), headers.counted(&path))));
                }
                Ok(Finished::Token(_)) => return Ok(None),
                Err(failed) => match PageError::of(failed.failure.diagnosis.code.as_str()) {
                    Some(error) if self.walk.failed(error) => {}
                    _ => return Err(failed),
                },
            }
        }
        Ok(None)
    }

    fn received(&mut self, rows: &Array, counted: Option<u64>) -> RowPage {
        let keys = |row: &JsValue| {
            let id = text(row, "sys_id").unwrap_or_default();
            match self.walk.key_field() {
                None => (String::new(), id),
                // A row with a hidden key cannot bound the next page.
                Some(field) => text(row, field).map_or_else(Default::default, |value| (value, id)),
            }
        };
        let length = rows.length();
        let first = keys(&rows.get(0));
        let last = keys(&rows.get(length.saturating_sub(1)));
        let page = page::Page {
            rows: u64::from(length),
            counted,
            first: (length > 0).then(|| row_keys(&first)),
            last: (length > 0).then(|| row_keys(&last)),
            ..page::Page::default()
        };
        let progress = self.walk.received(&page);
        let wanted = u32::try_from(progress.keep).unwrap_or(u32::MAX);
        let rows = if wanted < length { rows.slice(0, wanted) } else { rows.clone() };
        RowPage { rows, progress, caveat: self.walk.caveat() }
    }
}

fn row_keys((value, id): &(String, String)) -> RowKeys<'_> {
    RowKeys { value, id }
}

/// The stored value of a field, which is a text or an object with value and display value.
fn text(row: &JsValue, field: &str) -> Option<String> {
    let cell = Reflect::get(row, &field.into()).ok()?;
    cell.as_string().or_else(|| Reflect::get(&cell, &"value".into()).ok()?.as_string())
}
