//! The Attachment API: a file belongs to a record, and a caller who may read or write the record may read or write the file ("Attachment API"
//! in the REST API reference). Records of a file are rows of `sys_attachment` and `sys_attachment_doc`; its bytes are kept apart from
//! them, so that memory stays bounded whatever is uploaded.

mod attributes;
mod creator;
mod file_type;
mod keep;
mod multipart;

use std::collections::HashMap;

use serde_json::{Value, json};

use crate::access::{allows, is_hidden};
use crate::content::Content;
use crate::exchange::{Body, Reply};
use crate::instance::Instance;
use crate::records::{self, property};
use crate::refusal::Refusal;
use crate::search::{Wanted, run};
use crate::store::Store;
use crate::table_api::{self, Author, Call, changed, sent_record};

pub(crate) use attributes::{all as attributes, one as attribute};
pub(crate) use creator::follow_message;
pub(crate) use keep::{post, upload};

/// `sysparm_limit` of a list when it is not given.
const DEFAULT_LIMIT: usize = 1000;

/// The bytes of every file, by the `sys_id` of its `sys_attachment` row.
#[derive(Debug, Default)]
pub(crate) struct Attachments(HashMap<String, Content>);

/// Files small enough for memory take at most this together.
const MAX_IN_MEMORY: u64 = 256 << 20;

impl Attachments {
    fn has_space_for(&self, content: &Content) -> bool {
        let held: u64 = self.0.values().map(Content::in_memory).sum();
        held + content.in_memory() <= MAX_IN_MEMORY
    }

    pub(crate) fn clear(&mut self) {
        self.0.clear();
    }
}

/// The largest file, in bytes: `com.glide.attachment.max_size` is in megabytes, 1024 where it is not set; an empty value means 1 KB.
pub(crate) fn largest(store: &Store) -> u64 {
    let set = property(store, "com.glide.attachment.max_size").map(str::trim);
    if set == Some("") {
        return 1 << 10;
    }
    let megabytes = set.and_then(|size| size.parse().ok());
    megabytes.unwrap_or(1024_u64).saturating_mul(1 << 20)
}

/// No public capture shows this reply; the status is the one HTTP has for it (RFC 9110 section 15.5.14).
pub(crate) fn too_large(most: u64) -> Refusal {
    let most = if most < 1 << 20 { format!("{} KB", most >> 10) } else { format!("{} MB", most >> 20) };
    let detail = format!("The file exceeds the maximum attachment size of {most}");
    Refusal::new(413, "Attachment is too large", Some(&detail))
}

pub(crate) fn list(instance: &mut Instance, call: &Call<'_>) -> Result<Reply, Refusal> {
    let plan = table_api::plan(&instance.store, call, &instance.switches)?;
    let limit = call.parameters.count("sysparm_limit").unwrap_or(DEFAULT_LIMIT);
    let offset = call.parameters.count("sysparm_offset").unwrap_or(0);
    let found = run(&mut instance.store, call.table, &plan, Wanted { offset, limit, count: true, scan: false });
    let store = &instance.store;
    let ids = found.rows.iter().map(|row| store.text(*row, crate::store::SYS_ID));
    let listed: Vec<Value> =
        ids.filter(|id| readable(store, call, id).is_ok()).map(|id| metadata(store, call, id)).collect();
    let reply = Reply::json(200, json!({ "result": listed }).to_string());
    Ok(reply.with_header("X-Total-Count", found.total.unwrap_or_default().to_string()))
}

pub(crate) fn read(instance: &Instance, call: &Call<'_>, sys_id: &str) -> Result<Reply, Refusal> {
    readable(&instance.store, call, sys_id)?;
    Ok(Reply::json(200, json!({ "result": metadata(&instance.store, call, sys_id) }).to_string()))
}

/// The file itself, with its metadata in `X-Attachment-Metadata`.
pub(crate) fn file(instance: &Instance, call: &Call<'_>, sys_id: &str) -> Result<Reply, Refusal> {
    readable(&instance.store, call, sys_id)?;
    let content = instance.attachments.0.get(sys_id).ok_or_else(Refusal::no_record)?;
    let metadata = metadata(&instance.store, call, sys_id);
    let stated = metadata.get("content_type").and_then(Value::as_str).filter(|stated| is_sendable(stated));
    let mut reply = Reply::new(200, stated.unwrap_or("application/octet-stream"), Vec::new());
    reply.body = Body::File(content.clone());
    Ok(reply.with_header("X-Attachment-Metadata", ascii(&metadata)))
}

pub(crate) fn rename(instance: &mut Instance, call: &Call<'_>, sys_id: &str, now: u64) -> Result<Reply, Refusal> {
    writable(&instance.store, call, sys_id)?;
    let body = sent_record(call)?;
    let name = body.get("file_name").and_then(Value::as_str).filter(|name| !name.is_empty());
    let name = name.ok_or_else(|| Refusal::unreadable_body("file_name is missing"))?;
    let store = &mut instance.store;
    let row = store.row(call.table, sys_id).ok_or_else(Refusal::no_record)?;
    let column = store.table(call.table).definition.column("file_name").unwrap_or_default();
    let author = Author::of(&call.caller, now);
    changed(store, row, &[(column, name.to_owned())], &author).map_err(|_| Refusal::store_full())?;
    Ok(Reply::empty(204))
}

pub(crate) fn delete(instance: &mut Instance, call: &Call<'_>, sys_id: &str) -> Result<Reply, Refusal> {
    writable(&instance.store, call, sys_id)?;
    remove(instance, sys_id);
    Ok(Reply::empty(204))
}

/// Attachments are deleted with their record, and the bytes of an attachment with its row.
pub(crate) fn follow_deletion(instance: &mut Instance, table: &str, sys_id: &str) {
    let hanging: Vec<String> = match table {
        "sys_attachment" => vec![sys_id.to_owned()],
        _ => records::with(&instance.store, "sys_attachment", "table_sys_id", sys_id)
            .map(|record| record.id().to_owned())
            .collect(),
    };
    for id in hanging {
        remove(instance, &id);
    }
}

fn remove(instance: &mut Instance, sys_id: &str) {
    instance.attachments.0.remove(sys_id);
    let documents = records::with(&instance.store, "sys_attachment_doc", "sys_attachment", sys_id);
    let documents: Vec<String> = documents.map(|record| record.id().to_owned()).collect();
    for document in documents {
        records::remove(&mut instance.store, "sys_attachment_doc", &document);
    }
    attributes::remove_all(&mut instance.store, sys_id);
    records::remove(&mut instance.store, "sys_attachment", sys_id);
}

/// Whether the caller may read an attachment's record; a hidden attachment gets the same reply as one that does not exist.
fn readable(store: &Store, call: &Call<'_>, sys_id: &str) -> Result<(), Refusal> {
    let record = records::by_id(store, "sys_attachment", sys_id).ok_or_else(Refusal::no_record)?;
    target(store, call, record.text("table_name"), record.text("table_sys_id"), "read")
}

fn writable(store: &Store, call: &Call<'_>, sys_id: &str) -> Result<(), Refusal> {
    readable(store, call, sys_id)?;
    let record = records::by_id(store, "sys_attachment", sys_id).ok_or_else(Refusal::no_record)?;
    target(store, call, record.text("table_name"), record.text("table_sys_id"), "write")
        .map_err(|_| Refusal::write_denied("Update"))
}

/// Whether the caller may do this with a record.
fn target(store: &Store, call: &Call<'_>, table: &str, sys_id: &str, operation: &str) -> Result<(), Refusal> {
    let id = store.find(table).ok_or_else(Refusal::no_record)?;
    let row = store.row(id, sys_id).ok_or_else(Refusal::no_record)?;
    let hidden = !call.caller.sees(store, row) || is_hidden(store, row, call.share);
    let brake = operation != "read" && call.principal.roles.contains("snc_read_only");
    match !hidden && !brake && allows(store, call.principal, "record", store.class(row).name, operation) {
        true => Ok(()),
        false => Err(Refusal::no_record()),
    }
}

/// An attachment as the API shows it: every column as text, and the file's address.
fn metadata(store: &Store, call: &Call<'_>, sys_id: &str) -> Value {
    let mut shown = serde_json::Map::new();
    if let Some(record) = records::by_id(store, "sys_attachment", sys_id) {
        for column in &store.table(call.table).definition.columns {
            shown.insert(column.name.to_owned(), record.text(column.name).into());
        }
    }
    shown.insert("download_link".into(), format!("{}/api/now/attachment/{sys_id}/file", call.base).into());
    shown.into()
}

/// Whether a text may stand in a header.
fn is_sendable(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|letter| matches!(letter, ' '..='~'))
}

/// JSON in ASCII alone, as a header must be.
fn ascii(value: &Value) -> String {
    let mut text = String::new();
    let mut units = [0; 2];
    for letter in value.to_string().chars() {
        match letter {
            ' '..='~' => text.push(letter),
            _ => letter.encode_utf16(&mut units).iter().for_each(|unit| text.push_str(&format!("\\u{unit:04x}"))),
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::ascii;

    #[test]
    fn metadata_fits_into_a_header_and_says_the_same() {
        let value = serde_json::json!({ "file_name": "Grüße 🙂\n.txt" });
        let text = ascii(&value);
        assert!(text.is_ascii() && !text.contains('\n'));
        assert_eq!(serde_json::from_str::<serde_json::Value>(&text).ok(), Some(value));
    }
}
