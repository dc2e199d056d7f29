//! Files attached to records.

use super::{Column, Declaration, Kind, choice, column, define};

const ATTACHMENTS: &[Column] = &[
    column("file_name", Kind::Text),
    column("content_type", Kind::Text),
    column("table_name", Kind::Text),
    column("table_sys_id", Kind::Text),
    column("size_bytes", Kind::Integer),
    column("size_compressed", Kind::Integer),
    column("compressed", Kind::Boolean),
    column("chunk_size_bytes", Kind::Integer),
    column("state", Kind::Text),
    column("hash", Kind::Text),
    column("image_height", Kind::Integer),
    column("image_width", Kind::Integer),
    column("average_image_color", Kind::Text),
    column("sys_tags", Kind::Text),
];

const CHUNKS: &[Column] = &[
    column("sys_attachment", Kind::Reference("sys_attachment")),
    column("position", Kind::Integer),
    column("length", Kind::Integer),
    column("data", Kind::Text),
];

const ATTRIBUTES: &[Column] = &[
    column("sys_attachment", Kind::Reference("sys_attachment")),
    column("key", Kind::Text),
    column("value", Kind::Text),
];

/// Messages between the instance and its agents. A message for the agent `AttachmentCreator` carries a file.
const QUEUE: &[Column] = &[
    column("agent", Kind::Text),
    column("topic", Kind::Text),
    column("name", Kind::Text),
    column("source", Kind::Text),
    choice("queue", Kind::Choice, &[("input", "input"), ("output", "output")]).with_default("output"),
    choice("state", Kind::Choice, &[("ready", "Ready"), ("processed", "Processed"), ("error", "Error")])
        .with_default("ready"),
    column("payload", Kind::Text),
    column("error_string", Kind::Text),
];

pub(super) static TABLES: [Declaration; 4] = [
    define("sys_attachment", "", "file_name", ATTACHMENTS),
    define("sys_attachment_doc", "", "sys_id", CHUNKS),
    define("sys_attachment_attribute", "", "key", ATTRIBUTES),
    define("ecc_queue", "", "name", QUEUE),
];
