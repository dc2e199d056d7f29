//! Files in base64: a row of `ecc_queue` for the agent `AttachmentCreator` becomes an attachment (KB0546294).

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::content::Content;
use crate::instance::Instance;
use crate::records;
use crate::refusal::Refusal;
use crate::table_api::Call;

use super::keep::{File, attach};

const AGENT: &str = "AttachmentCreator";
/// 16 MB after decoding.
const LARGEST: u64 = 16 << 20;

/// Handles a new row of `ecc_queue`. The row says whether the file was attached: `state` and `error_string`.
pub(crate) fn follow_message(instance: &mut Instance, call: &Call<'_>, sys_id: &str, unique: u64, now: u64) {
    let Some(message) = records::by_id(&instance.store, "ecc_queue", sys_id) else {
        return;
    };
    if message.text("agent") != AGENT || message.text("topic") != AGENT {
        return;
    }
    let row = message.row;
    let file = file_of([message.text("name"), message.text("source"), message.text("payload")]);
    let outcome =
        file.and_then(|file| attach(instance, call, file, unique, now).map_err(|refusal| explained(&refusal)));
    let (state, error) = match &outcome {
        Ok(_) => ("processed", ""),
        Err(reason) => ("error", reason.as_str()),
    };
    records::set(&mut instance.store, "ecc_queue", row, &[("state", state), ("error_string", error)], now);
}

/// `name` is file name and type, `source` is table and `sys_id`, both separated by a colon.
fn file_of([name, source, payload]: [&str; 3]) -> Result<File, String> {
    let (name, content_type) = name.split_once(':').ok_or("name must be a file name, a colon and a content type")?;
    let (table, record) = source.split_once(':').ok_or("source must be a table, a colon and a sys_id")?;
    let bytes = STANDARD.decode(payload.trim()).map_err(|_| "payload is not base64")?;
    let content = Content::from(bytes);
    if content.length() > LARGEST {
        return Err("payload is larger than 16 MB".to_owned());
    }
    Ok(File {
        table: table.to_owned(),
        record: record.to_owned(),
        name: name.to_owned(),
        content_type: content_type.to_owned(),
        content,
    })
}

fn explained(refusal: &Refusal) -> String {
    match &refusal.detail {
        Some(detail) => format!("{}: {detail}", refusal.message),
        None => refusal.message.clone(),
    }
}
