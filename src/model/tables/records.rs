//! Tables of what belongs to a record.

use super::{BaseColumn, BaseTable, BaseValue, STAMPS, automatic, read};
use crate::model::kind;

const ELEMENTS: &[BaseValue] = &[read("comments", "public"), read("work_notes", "internal")];

/// Entries of journals. The instance writes them; a new one is written to the journal of the record.
pub(super) const JOURNAL_FIELD: BaseTable = BaseTable {
    name: "sys_journal_field",
    kind: &kind::records::COMMENT,
    columns: &[
        STAMPS,
        &[
            automatic("recordId", "element_id"),
            automatic("recordTable", "name"),
            BaseColumn { values: ELEMENTS, ..automatic("visibility", "element") },
            automatic("text", "value"),
        ],
    ],
    journals: &[],
};

/// Attachments. They are written with the Attachment API.
pub(super) const ATTACHMENT: BaseTable = BaseTable {
    name: "sys_attachment",
    kind: &kind::records::ATTACHMENT,
    columns: &[
        STAMPS,
        &[
            automatic("recordId", "table_sys_id"),
            automatic("recordTable", "table_name"),
            automatic("name", "file_name"),
            automatic("contentType", "content_type"),
            automatic("bytes", "size_bytes"),
            automatic("hash", "hash"),
        ],
    ],
    journals: &[],
};
