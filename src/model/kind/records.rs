//! What belongs to a record: comments and attachments.

use super::{CREATED_AT, CREATED_BY, ID, Set, Shape, UPDATED_AT, UPDATED_BY, UnifiedField, UnifiedKind, field};

/// A comment or work note.
pub(in crate::model) const COMMENT: UnifiedKind = UnifiedKind {
    name: "comment",
    interface: "Comment",
    meaning: "A comment or work note of a record; a new one is written through the ticket.",
    fields: &COMMENTS,
};

const COMMENTS: [UnifiedField; 7] = [
    ID,
    field("recordId", Shape::Text, "The key of the record that it belongs to."),
    field("recordTable", Shape::Text, "The table of the record that it belongs to."),
    field("visibility", Shape::Choice(Set::Visibility), "Who sees it: a comment is public, a work note internal."),
    field("text", Shape::Text, "What was written."),
    CREATED_AT,
    CREATED_BY,
];

/// An attachment.
pub(in crate::model) const ATTACHMENT: UnifiedKind = UnifiedKind {
    name: "attachment",
    interface: "Attachment",
    meaning: "A file at a record; its content is read and written with the Attachment API.",
    fields: &ATTACHMENTS,
};

const ATTACHMENTS: [UnifiedField; 11] = [
    ID,
    field("recordId", Shape::Text, "The key of the record that it belongs to."),
    field("recordTable", Shape::Text, "The table of the record that it belongs to."),
    field("name", Shape::Text, "The file's name."),
    field("contentType", Shape::Text, "The media type."),
    field("bytes", Shape::Integer, "The size of the file."),
    field("hash", Shape::Text, "The SHA-256 of the file, as the instance computed it."),
    CREATED_AT,
    CREATED_BY,
    UPDATED_AT,
    UPDATED_BY,
];
