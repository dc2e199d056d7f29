//! Files attached to records.

use super::{Column, Declaration, Kind, column, define};

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

pub(super) static TABLES: [Declaration; 2] =
    [define("sys_attachment", "", "file_name", ATTACHMENTS), define("sys_attachment_doc", "", "sys_id", CHUNKS)];
