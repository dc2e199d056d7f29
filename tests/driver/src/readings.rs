//! Readings, syncs and comparisons of an instance.

use js_sys::Promise;
use sysparm::driver::{Comparing, ComparisonStep, Reader, ReadingOrder, RowPage, Syncing};
use sysparm::page::{Checkpoint, Compared, Deletions, Delivered, Options, Reading};
use sysparm::request::DisplayValue;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::instance::Driver;
use crate::race::unless_cancelled;
use crate::{json, number, object, thrown};

#[wasm_bindgen]
#[derive(Debug)]
pub struct Pages {
    reader: Reader,
}

#[wasm_bindgen]
#[derive(Debug)]
pub struct Copying {
    syncing: Syncing,
}

#[wasm_bindgen]
#[derive(Debug)]
pub struct Differing {
    comparing: Comparing,
}

fn reading(
    table: String,
    query: String,
    fields: String,
    form: &str,
    page_size: Option<f64>,
    limit: Option<f64>,
) -> Reading {
    let count = |count: Option<f64>, otherwise| count.map_or(otherwise, |count| sysparm::call::from_number(count).0);
    let all = Reading::of(table);
    let display_value = match form {
        "true" => DisplayValue::Label,
        "all" => DisplayValue::Both,
        _ => DisplayValue::Raw,
    };
    let (page_size, limit) = (count(page_size, all.page_size), count(limit, all.limit));
    Reading { query, fields, display_value, page_size, limit, ..all }
}

fn page_of(page: &RowPage) -> JsValue {
    object([
        ("rows", page.rows.clone().into()),
        ("seen", number(Some(page.progress.seen))),
        ("total", number(page.progress.total)),
        ("hidden", number(page.progress.hidden)),
        ("complete", page.progress.complete.into()),
        ("caveat", page.caveat.map_or(JsValue::NULL, JsValue::from_str)),
        ("next", page.next.as_deref().map_or(JsValue::NULL, JsValue::from_str)),
    ])
}

#[wasm_bindgen]
impl Driver {
    /// `by`: "keyset", "offset" or empty. Up to `ahead` pages are requested early.
    #[expect(clippy::too_many_arguments, reason = "one by one they need no reader of objects")]
    pub fn read(
        &self,
        table: String,
        query: String,
        fields: String,
        form: &str,
        page_size: Option<f64>,
        limit: Option<f64>,
        by: &str,
        ahead: u8,
    ) -> Result<Pages, JsValue> {
        let reading = reading(table, query, fields, form, page_size, limit);
        let reader = self.instance.read_ahead(reading, order(by), ahead);
        Ok(Pages { reader: reader.map_err(thrown)? })
    }

    /// The first rows; undefined after a cancellation.
    #[expect(clippy::too_many_arguments, reason = "one by one they need no reader of objects")]
    pub async fn list(
        &self,
        table: String,
        query: String,
        fields: String,
        form: String,
        page_size: Option<f64>,
        limit: Option<f64>,
        by: String,
        cancelled: Promise,
    ) -> Result<JsValue, JsValue> {
        let reading = reading(table, query, fields, &form, page_size, limit);
        let page = self.instance.list(reading, order(&by));
        let page = unless_cancelled(page, cancelled).await.transpose().map_err(thrown)?;
        Ok(page.as_ref().map_or(JsValue::UNDEFINED, page_of))
    }

    /// Undefined after a cancellation. `checkpoint` is JSON; `classes` are separated by commas.
    #[expect(clippy::too_many_arguments, reason = "one by one they need no reader of objects")]
    pub async fn sync(
        &self,
        table: String,
        query: String,
        fields: String,
        form: String,
        page_size: Option<f64>,
        classes: String,
        checkpoint: Option<String>,
        ahead: u8,
        cancelled: Promise,
    ) -> Result<Option<Copying>, JsValue> {
        let mut options = Options::of(reading(table, query, fields, &form, page_size, None));
        options.classes = classes.split(',').filter(|class| !class.is_empty()).map(str::to_owned).collect();
        let checkpoint = parsed::<Checkpoint>(checkpoint)?;
        let begun = unless_cancelled(self.instance.sync(options, checkpoint, ahead), cancelled).await;
        Ok(begun.transpose().map_err(thrown)?.map(|syncing| Copying { syncing }))
    }

    /// `compared` and `synced_to` are JSON.
    pub fn reconcile(
        &self,
        table: String,
        query: String,
        page_size: Option<f64>,
        compared: Option<String>,
        synced_to: Option<String>,
        ahead: u8,
    ) -> Result<Differing, JsValue> {
        let reading = reading(table, query, String::new(), "", page_size, None);
        let (compared, synced_to) = (parsed::<Compared>(compared)?, parsed::<Checkpoint>(synced_to)?);
        let comparing = self.instance.reconcile(reading, compared, synced_to.as_ref(), ahead).map_err(thrown)?;
        Ok(Differing { comparing })
    }
}

fn order(by: &str) -> ReadingOrder {
    match by {
        "keyset" => ReadingOrder::Keyset,
        "offset" => ReadingOrder::Offset,
        _ => ReadingOrder::Best,
    }
}

/// What is no such data is thrown as the text "form".
fn parsed<T: serde::de::DeserializeOwned>(text: Option<String>) -> Result<Option<T>, JsValue> {
    text.map(|text| serde_json::from_str(&text)).transpose().map_err(|_| JsValue::from_str("form"))
}

#[wasm_bindgen]
impl Pages {
    /// The next page; null at the end, undefined after a cancellation.
    pub async fn next(&mut self, cancelled: Promise) -> Result<JsValue, JsValue> {
        Ok(match unless_cancelled(self.reader.next(), cancelled).await.transpose().map_err(thrown)? {
            None => JsValue::UNDEFINED,
            Some(page) => page.as_ref().map_or(JsValue::NULL, page_of),
        })
    }
}

#[wasm_bindgen]
impl Copying {
    /// The next batch; null at the end, undefined after a cancellation.
    pub async fn next(&mut self, cancelled: Promise) -> Result<JsValue, JsValue> {
        let Some(batch) = unless_cancelled(self.syncing.next(), cancelled).await.transpose().map_err(thrown)? else {
            return Ok(JsValue::UNDEFINED);
        };
        let Some(batch) = batch else { return Ok(JsValue::NULL) };
        let progress = &batch.progress;
        let deletions = match progress.deletions {
            Deletions::Read => "read",
            Deletions::Trimmed => "trimmed",
            Deletions::Unread => "unread",
        };
        let progress = object([
            ("total", number(progress.total)),
            ("passed", number(Some(progress.passed))),
            ("repeated", number(Some(progress.repeated))),
            ("hidden", number(progress.hidden)),
            ("deletions", deletions.into()),
            ("hiddenDeletions", number(progress.hidden_deletions)),
            ("complete", progress.complete.into()),
            ("remainingMs", number(batch.remaining.map(|left| left.0))),
            ("caveat", progress.caveat.map_or(JsValue::NULL, JsValue::from_str)),
        ]);
        let (deleted, checkpoint) = (json(&batch.deleted), json(&batch.checkpoint));
        Ok(object([
            ("rows", batch.rows.into()),
            ("deleted", deleted),
            ("checkpoint", checkpoint),
            ("progress", progress),
        ]))
    }
}

#[wasm_bindgen]
impl Differing {
    /// A text asks for the copy behind that id; an object is what was found; null at the end, undefined after a cancellation.
    pub async fn next(&mut self, cancelled: Promise) -> Result<JsValue, JsValue> {
        Ok(match unless_cancelled(self.comparing.next(), cancelled).await.transpose().map_err(thrown)? {
            None => JsValue::UNDEFINED,
            Some(None) => JsValue::NULL,
            Some(Some(ComparisonStep::WantsCopy(after))) => after.into(),
            Some(Some(ComparisonStep::Found(batch))) => object([
                ("missing", json(&batch.differences.missing)),
                ("stale", json(&batch.differences.stale)),
                ("surplus", json(&batch.differences.surplus)),
                ("compared", json(&batch.compared)),
                ("hidden", number(batch.hidden)),
                ("complete", batch.complete.into()),
                ("caveat", batch.caveat.map_or(JsValue::NULL, JsValue::from_str)),
            ]),
        })
    }

    /// Versions as JSON.
    pub fn copied(&mut self, versions: &str, is_over: bool) -> Result<(), JsValue> {
        let versions: Vec<Delivered> = serde_json::from_str(versions).map_err(|_| JsValue::from_str("form"))?;
        self.comparing.copied(versions, is_over).map_err(thrown)
    }
}
