//! Uploads: a file as the body, or as the last part of a form.

use serde_json::{Value, json};

use crate::clock::stamp;
use crate::content::Content;
use crate::data::put;
use crate::exchange::Reply;
use crate::identity::sys_id_of;
use crate::instance::Instance;
use crate::records::{is_set, property};
use crate::refusal::Refusal;
use crate::store::{Full, Store};
use crate::table_api::{Author, Call, written};

use super::{file_type, metadata, multipart, target};

/// A file to be attached to a record.
pub(super) struct File {
    pub(super) table: String,
    pub(super) record: String,
    pub(super) name: String,
    pub(super) content_type: String,
    pub(super) content: Content,
}

/// `POST /file`: the body is the file, the query names its record.
pub(crate) fn post(instance: &mut Instance, call: &Call<'_>, unique: u64, now: u64) -> Result<Reply, Refusal> {
    // KB0817665.
    if call.request.query.contains(['[', ']']) {
        return Err(Refusal::new(400, "Invalid query", Some("Invalid uri")));
    }
    let given = |name: &str| {
        let value = call.parameters.text(name).filter(|value| !value.is_empty());
        value.map(str::to_owned).ok_or_else(|| missing(name))
    };
    let file = File {
        table: given("table_name")?,
        record: given("table_sys_id")?,
        name: given("file_name")?,
        content_type: call.request.header("content-type").map(str::to_owned).ok_or_else(|| missing("Content-Type"))?,
        content: call.request.content(),
    };
    keep(instance, call, file, unique, now)
}

/// `POST /upload`: a form whose earlier parts name the record of the file in its last part.
pub(crate) fn upload(instance: &mut Instance, call: &Call<'_>, unique: u64, now: u64) -> Result<Reply, Refusal> {
    let stated = call.request.header("content-type").unwrap_or_default();
    if !call.request.is_of_type("multipart/form-data") {
        return Err(Refusal::new(415, "Unsupported media type", Some("Content-Type must be multipart/form-data")));
    }
    let edge = multipart::boundary(stated).ok_or_else(|| missing("boundary"))?;
    let failed = |error: std::io::Error| Refusal::new(500, "Operation Failed", Some(&error.to_string()));
    let parts = multipart::parts(&call.request.content(), &edge).map_err(failed)?;
    let given = |name: &str| {
        let part = parts.iter().find(|part| part.name == name && part.file_name.is_none());
        let bytes = part.and_then(|part| part.content.read(0, LONGEST_VALUE).ok());
        let text = bytes.map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
        text.filter(|text| !text.is_empty()).ok_or_else(|| missing(name))
    };
    let sent = parts.iter().rev().find(|part| part.file_name.is_some()).ok_or_else(|| missing("uploadFile"))?;
    let file = File {
        table: given("table_name")?,
        record: given("table_sys_id").or_else(|_| given("record_sys_id"))?,
        name: sent.file_name.clone().unwrap_or_default(),
        content_type: sent.content_type.clone().unwrap_or_else(|| "application/octet-stream".into()),
        content: sent.content.clone(),
    };
    keep(instance, call, file, unique, now)
}

fn keep(instance: &mut Instance, call: &Call<'_>, file: File, unique: u64, now: u64) -> Result<Reply, Refusal> {
    let sys_id = attach(instance, call, file, unique, now)?;
    let location = call.address_of_file(&sys_id);
    let mut shown = metadata(&instance.store, call, &sys_id);
    if let Value::Object(shown) = &mut shown {
        for name in ["created_by_name", "updated_by_name"] {
            shown.insert(name.into(), call.principal.name.clone().into());
        }
    }
    Ok(Reply::json(201, json!({ "result": shown }).to_string()).with_header("Location", location))
}

/// Attaches a file to its record, and returns the `sys_id` of the attachment.
pub(super) fn attach(
    instance: &mut Instance,
    call: &Call<'_>,
    file: File,
    unique: u64,
    now: u64,
) -> Result<String, Refusal> {
    target(&instance.store, call, &file.table, &file.record, "read")?;
    target(&instance.store, call, &file.table, &file.record, "write").map_err(|_| Refusal::write_denied("Insert"))?;
    let wanted = property(&instance.store, "glide.attachment.role").unwrap_or("public");
    let mut wanted = wanted.split(',').map(str::trim).filter(|role| !role.is_empty()).peekable();
    let may = |role: &str| role == "public" || call.principal.roles.contains(role);
    if wanted.peek().is_some() && !wanted.any(may) && !call.principal.roles.contains("admin") {
        return Err(Refusal::new(403, "Operation Failed", Some("Attachments need a role that the user does not have")));
    }
    let most = super::largest(&instance.store);
    if file.content.length() > most {
        return Err(super::too_large(most));
    }
    let failed = |error: std::io::Error| Refusal::new(500, "Operation Failed", Some(&error.to_string()));
    let start = file.content.read(0, file_type::DECISIVE).map_err(failed)?;
    check_type(&instance.store, &file.name, &start)?;
    if !instance.attachments.has_space_for(&file.content) {
        return Err(Refusal::store_full());
    }
    let hash = file.content.digest().map_err(failed)?;
    let sys_id = sys_id_of("sys_attachment", &format!("attached {unique}"));
    recorded(instance, call, &file, &sys_id, &hash, now).map_err(|Full| Refusal::store_full())?;
    instance.attachments.0.insert(sys_id.clone(), file.content);
    Ok(sys_id)
}

/// Checks the name and the first bytes of a file against the properties that restrict them.
fn check_type(store: &Store, name: &str, start: &[u8]) -> Result<(), Refusal> {
    let allowed = property(store, "glide.attachment.extensions").unwrap_or_default();
    let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
    let fits = |one: &str| one.trim().trim_start_matches('.').eq_ignore_ascii_case(extension);
    if !allowed.trim().is_empty() && !allowed.split(',').any(fits) {
        return Err(Refusal::new(403, "Operation Failed", Some("File type is not allowed")));
    }
    if is_set(store, "glide.security.file.mime_type.validation") && !file_type::fits(name, start) {
        let detail = "File type is not allowed: the content does not match the extension";
        return Err(Refusal::new(403, "Operation Failed", Some(detail)));
    }
    Ok(())
}

/// The row of `sys_attachment`, and one of `sys_attachment_doc` for each chunk. A chunk's `data` stays empty: the bytes are kept apart,
/// so that they take no space among the texts.
fn recorded(
    instance: &mut Instance,
    call: &Call<'_>,
    file: &File,
    sys_id: &str,
    hash: &str,
    now: u64,
) -> Result<(), Full> {
    let store = &mut instance.store;
    let Some(table) = store.find("sys_attachment") else {
        return Ok(());
    };
    let length = file.content.length();
    let definition = store.table(table).definition;
    let size = length.to_string();
    let values = [
        ("file_name", file.name.as_str()),
        ("content_type", &file.content_type),
        ("table_name", &file.table),
        ("table_sys_id", &file.record),
        ("size_bytes", &size),
        ("size_compressed", &size),
        ("compressed", "false"),
        ("chunk_size_bytes", "700000"),
        ("state", "pending"),
        ("hash", hash),
    ];
    let column = |(name, value): (&str, &str)| definition.column(name).map(|column| (column, value.to_owned()));
    let fields: Vec<(usize, String)> = values.into_iter().filter_map(column).collect();
    let author = Author::of(&call.caller, now);
    written(store, table, sys_id, &fields, None, &author)?;
    for position in 0..length.div_ceil(CHUNK) {
        let chunk = CHUNK.min(length - position * CHUNK).to_string();
        let document = sys_id_of("sys_attachment_doc", &format!("{sys_id}.{position}"));
        let position = position.to_string();
        let fields = [("sys_attachment", sys_id), ("position", position.as_str()), ("length", &chunk)];
        put(store, "sys_attachment_doc", &document, &stamp(now), &fields)?;
    }
    Ok(())
}

fn missing(name: &str) -> Refusal {
    Refusal::new(400, "Missing parameter", Some(&format!("{name} is required")))
}

/// Bytes in one row of `sys_attachment_doc`.
const CHUNK: u64 = 700_000;
/// A name or `sys_id` in a form is never longer.
const LONGEST_VALUE: usize = 200;
