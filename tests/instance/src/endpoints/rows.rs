//! The endpoints, in the order in which they are matched.

use super::catalog_rows;
use super::{Endpoint, Given, Operation, Release, Sent};

const LIST: &[&str] = &[
    "sysparm_query",
    "sysparm_fields",
    "sysparm_limit",
    "sysparm_offset",
    "sysparm_display_value",
    "sysparm_exclude_reference_link",
    "sysparm_suppress_pagination_header",
    "sysparm_no_count",
    "sysparm_view",
];
const RECORD: &[&str] = &["sysparm_fields", "sysparm_display_value", "sysparm_exclude_reference_link", "sysparm_view"];
const STATS: &[&str] = &[
    "sysparm_query",
    "sysparm_count",
    "sysparm_avg_fields",
    "sysparm_min_fields",
    "sysparm_max_fields",
    "sysparm_sum_fields",
    "sysparm_group_by",
    "sysparm_having",
    "sysparm_order_by",
    "sysparm_display_value",
];

pub(super) const fn row(
    api: &'static str,
    (method, path): (&'static str, &'static str),
    operation: Operation,
    summary: &'static str,
) -> Endpoint {
    Endpoint {
        api,
        method,
        path,
        operation,
        summary,
        parameters: &[],
        sent: Sent::Nothing,
        status: 200,
        given: Given::Nothing,
        refusals: &[],
        since: Release::Vancouver,
    }
}

/// A POST of a payload to the Identification and Reconciliation API.
const fn reconcile(path: &'static str, operation: Operation, summary: &'static str) -> Endpoint {
    row("Identification and Reconciliation API", ("POST", path), operation, summary)
        .takes(Sent::Json("Payload"))
        .with(&["sysparm_data_source"])
        .gives(200, Given::Json("Reconciled"))
        .refuses(&[415])
}

impl Endpoint {
    pub(super) const fn takes(self, sent: Sent) -> Self {
        Self { sent, ..self }
    }

    pub(super) const fn with(self, parameters: &'static [&'static str]) -> Self {
        Self { parameters, ..self }
    }

    pub(super) const fn gives(self, status: u16, given: Given) -> Self {
        Self { status, given, ..self }
    }

    const fn since(self, since: Release) -> Self {
        Self { since, ..self }
    }

    pub(super) const fn refuses(self, refusals: &'static [u16]) -> Self {
        Self { refusals, ..self }
    }
}

/// Every endpoint.
pub(super) fn all() -> impl Iterator<Item = &'static Endpoint> {
    ENDPOINTS.iter().chain(catalog_rows::ENDPOINTS)
}

static ENDPOINTS: &[Endpoint] = &[
    row("Table API", ("GET", "now/table/{table_name}"), Operation::TableList, "Lists records")
        .with(LIST)
        .gives(200, Given::Json("Records")),
    row("Table API", ("POST", "now/table/{table_name}"), Operation::TableInsert, "Inserts a record")
        .with(RECORD)
        .takes(Sent::Json("Fields"))
        .gives(201, Given::Json("OneRecord"))
        .refuses(&[415]),
    row("Table API", ("GET", "now/table/{table_name}/{sys_id}"), Operation::TableRead, "Reads a record")
        .with(RECORD)
        .gives(200, Given::Json("OneRecord"))
        .refuses(&[404]),
    row(
        "Table API",
        ("PUT", "now/table/{table_name}/{sys_id}"),
        Operation::TableUpdate,
        "Updates a record, as PATCH does",
    )
    .with(RECORD)
    .takes(Sent::Json("Fields"))
    .gives(200, Given::Json("OneRecord"))
    .refuses(&[404, 415]),
    row("Table API", ("PATCH", "now/table/{table_name}/{sys_id}"), Operation::TableUpdate, "Updates a record")
        .with(RECORD)
        .takes(Sent::Json("Fields"))
        .gives(200, Given::Json("OneRecord"))
        .refuses(&[404, 415]),
    row("Table API", ("DELETE", "now/table/{table_name}/{sys_id}"), Operation::TableDelete, "Deletes a record")
        .gives(204, Given::Nothing)
        .refuses(&[404]),
    row("Aggregate API", ("GET", "now/stats/{table_name}"), Operation::Stats, "Counts and computes over records")
        .with(STATS)
        .gives(200, Given::Json("Stats")),
    row("Import Set API", ("POST", "now/import/{staging_table}"), Operation::ImportOne, "Imports one record")
        .takes(Sent::Json("Fields"))
        .gives(201, Given::Json("Import"))
        .refuses(&[415]),
    row(
        "Import Set API",
        ("POST", "now/import/{staging_table}/insertMultiple"),
        Operation::ImportMany,
        "Imports many records, at once or later",
    )
    .with(&["multi_import_set_id", "run_after"])
    .takes(Sent::Json("ImportRecords"))
    .gives(201, Given::Json("ImportSets"))
    .refuses(&[415]),
    row("Import Set API", ("GET", "now/import/{staging_table}/{sys_id}"), Operation::ImportRead, "How an import went")
        .gives(200, Given::Json("Import"))
        .refuses(&[404]),
    row("Attachment API", ("GET", "now/attachment"), Operation::AttachmentList, "Lists attachments")
        .with(&["sysparm_query", "sysparm_limit", "sysparm_offset"])
        .gives(200, Given::Json("Attachments")),
    row("Attachment API", ("POST", "now/attachment/file"), Operation::AttachmentPost, "Attaches a file sent as it is")
        .with(&["table_name", "table_sys_id", "file_name", "encryption_context", "creation_time"])
        .takes(Sent::File)
        .gives(201, Given::Json("OneAttachment"))
        .refuses(&[404, 413]),
    row(
        "Attachment API",
        ("POST", "now/attachment/upload"),
        Operation::AttachmentUpload,
        "Attaches a file sent as a form",
    )
    .takes(Sent::Form)
    .gives(201, Given::Json("OneAttachment"))
    .refuses(&[404, 413, 415]),
    row(
        "Attachment API",
        ("GET", "now/attachment/{sys_id}"),
        Operation::AttachmentRead,
        "Reads an attachment's record",
    )
    .gives(200, Given::Json("OneAttachment"))
    .refuses(&[404]),
    row("Attachment API", ("PATCH", "now/attachment/{sys_id}"), Operation::AttachmentRename, "Renames an attachment")
        .takes(Sent::Json("NewName"))
        .gives(204, Given::Nothing)
        .refuses(&[404, 415])
        .since(Release::Australia),
    row("Attachment API", ("DELETE", "now/attachment/{sys_id}"), Operation::AttachmentDelete, "Deletes an attachment")
        .gives(204, Given::Nothing)
        .refuses(&[404]),
    row("Attachment API", ("GET", "now/attachment/{sys_id}/file"), Operation::AttachmentFile, "Downloads the file")
        .gives(200, Given::File)
        .refuses(&[404]),
    row(
        "Attachment API",
        ("GET", "now/attachment/{sys_id}/attributes"),
        Operation::AttachmentAttributes,
        "Lists the attributes of an attachment",
    )
    .gives(200, Given::Json("Attributes"))
    .refuses(&[404])
    .since(Release::Australia),
    row(
        "Attachment API",
        ("POST", "now/attachment/{sys_id}/attributes"),
        Operation::AttachmentAttributes,
        "Adds an attribute to an attachment",
    )
    .takes(Sent::Json("NewAttribute"))
    .gives(201, Given::Json("OneAttribute"))
    .refuses(&[404, 415])
    .since(Release::Australia),
    row(
        "Attachment API",
        ("DELETE", "now/attachment/{sys_id}/attributes"),
        Operation::AttachmentAttributes,
        "Deletes all attributes of an attachment",
    )
    .gives(204, Given::Nothing)
    .refuses(&[404])
    .since(Release::Australia),
    row(
        "Attachment API",
        ("GET", "now/attachment/{sys_id}/attributes/{attribute_key}"),
        Operation::AttachmentAttribute,
        "Reads an attribute",
    )
    .gives(200, Given::Json("OneAttribute"))
    .refuses(&[404])
    .since(Release::Australia),
    row(
        "Attachment API",
        ("PUT", "now/attachment/{sys_id}/attributes/{attribute_key}"),
        Operation::AttachmentAttribute,
        "Changes the value of an attribute",
    )
    .takes(Sent::Json("NewValue"))
    .gives(200, Given::Json("OneAttribute"))
    .refuses(&[404, 415])
    .since(Release::Australia),
    row(
        "Attachment API",
        ("DELETE", "now/attachment/{sys_id}/attributes/{attribute_key}"),
        Operation::AttachmentAttribute,
        "Deletes an attribute",
    )
    .gives(204, Given::Nothing)
    .refuses(&[404])
    .since(Release::Australia),
    row("Batch API", ("POST", "now/batch"), Operation::Batch, "Carries out several requests")
        .takes(Sent::Json("BatchRequest"))
        .gives(200, Given::Json("BatchReply")),
    row(
        "CMDB Instance API",
        ("GET", "now/cmdb/instance/{class_name}"),
        Operation::CmdbList,
        "Lists configuration items",
    )
    .with(&["sysparm_query", "sysparm_limit", "sysparm_offset"])
    .gives(200, Given::Json("Items"))
    .refuses(&[404]),
    row(
        "CMDB Instance API",
        ("POST", "now/cmdb/instance/{class_name}"),
        Operation::CmdbCreate,
        "Adds an item with its relations",
    )
    .takes(Sent::Json("ItemFields"))
    .gives(201, Given::Json("OneItem"))
    .refuses(&[404, 415]),
    row(
        "CMDB Instance API",
        ("GET", "now/cmdb/instance/{class_name}/{sys_id}"),
        Operation::CmdbRead,
        "Reads an item with its relations",
    )
    .gives(200, Given::Json("OneItem"))
    .refuses(&[404]),
    row(
        "CMDB Instance API",
        ("PUT", "now/cmdb/instance/{class_name}/{sys_id}"),
        Operation::CmdbUpdate,
        "Updates an item, as PATCH does",
    )
    .takes(Sent::Json("ItemFields"))
    .gives(200, Given::Json("OneItem"))
    .refuses(&[404, 415]),
    row(
        "CMDB Instance API",
        ("PATCH", "now/cmdb/instance/{class_name}/{sys_id}"),
        Operation::CmdbUpdate,
        "Updates an item",
    )
    .takes(Sent::Json("ItemFields"))
    .gives(200, Given::Json("OneItem"))
    .refuses(&[404, 415]),
    row(
        "CMDB Instance API",
        ("POST", "now/cmdb/instance/{class_name}/{sys_id}/relation"),
        Operation::CmdbRelate,
        "Adds relations to an item",
    )
    .takes(Sent::Json("ItemFields"))
    .gives(201, Given::Json("OneItem"))
    .refuses(&[404, 415]),
    row(
        "CMDB Instance API",
        ("DELETE", "now/cmdb/instance/{class_name}/{sys_id}/relation/{rel_sys_id}"),
        Operation::CmdbUnrelate,
        "Takes a relation away",
    )
    .gives(204, Given::Nothing)
    .refuses(&[404]),
    row("CMDB Meta API", ("GET", "now/cmdb/meta/{class_name}"), Operation::CmdbMeta, "Says what a class is made of")
        .gives(200, Given::Json("Class"))
        .refuses(&[404]),
    reconcile("now/identifyreconcile", Operation::CmdbReconcile, "Creates or updates the items of a payload"),
    reconcile(
        "now/identifyreconcile/enhanced",
        Operation::CmdbReconcile,
        "Creates or updates the items of a payload, with options",
    ),
    reconcile("now/identifyreconcile/query", Operation::CmdbSimulate, "Says what a payload would change"),
    reconcile(
        "now/identifyreconcile/queryEnhanced",
        Operation::CmdbSimulate,
        "Says what a payload with options would change",
    ),
    row("", ("GET", "now/ui/user/current_user"), Operation::CurrentUser, "Says who is signed in")
        .gives(200, Given::Json("CurrentUser")),
    row("", ("GET", "now/doc/table/schema"), Operation::Tables, "Lists the tables that the caller may read")
        .gives(200, Given::Json("Tables")),
    row("", ("GET", "now/ui/meta/{table_name}"), Operation::Columns, "Describes the columns of a table")
        .gives(200, Given::Json("Columns")),
    row("", ("POST", "now/tinyurl"), Operation::TinyUrl, "Shortens an address")
        .takes(Sent::Json("LongUrl"))
        .gives(200, Given::Json("TinyUrl"))
        .refuses(&[415]),
    row("", ("GET", "now/practice/bytes"), Operation::PracticeBytes, "A reply of any size, for tests of streaming")
        .with(&["size"])
        .gives(200, Given::File),
];
