//! The schemas of request and reply bodies.

use serde_json::{Map, Value, json};

use super::catalog_schemas;

/// Every schema by its name.
pub(super) fn all() -> Map<String, Value> {
    let result = |of: Value| json!({ "type": "object", "required": ["result"], "properties": { "result": of } });
    let list = |of: &str| json!({ "type": "array", "items": { "$ref": format!("#/components/schemas/{of}") } });
    let one = |of: &str| json!({ "$ref": format!("#/components/schemas/{of}") });
    let texts = |names: &[&str]| -> Map<String, Value> {
        names.iter().map(|name| ((*name).to_owned(), json!({ "type": "string" }))).collect()
    };
    let strict = |names: &[&str]| json!({ "type": "object", "required": names, "properties": texts(names) });
    let mut all = Map::new();
    let mut add = |name: &str, schema: Value| {
        all.insert(name.to_owned(), schema);
    };
    add(
        "Failure",
        json!({
            "type": "object",
            "required": ["error", "status"],
            "properties": {
                "error": {
                    "type": "object",
                    "required": ["message", "detail"],
                    "properties": { "message": { "type": "string" }, "detail": { "type": ["string", "null"] } },
                },
                "status": { "const": "failure" },
            },
        }),
    );
    add(
        "Value",
        json!({ "description": "A value as it is kept or as people see it; an object for references and where both are asked for.",
        "oneOf": [{ "type": "string" }, { "type": "object", "properties": texts(&["value", "display_value", "link"]) }] }),
    );
    add("Record", json!({ "type": "object", "additionalProperties": one("Value") }));
    add(
        "Fields",
        json!({ "type": "object", "description": "Fields by name. Unknown names and sys_ fields are passed over." }),
    );
    add(
        "Records",
        json!({ "type": "object", "required": ["result"], "properties": { "result": list("Record"), "error": { "type": "object" } } }),
    );
    add("OneRecord", result(one("Record")));
    add("Stats", result(json!({ "oneOf": [{ "type": "object" }, { "type": "array" }] })));
    add(
        "ImportRecords",
        json!({ "type": "object", "required": ["records"], "properties": { "records": { "type": "array", "items": { "type": "object" } } } }),
    );
    add(
        "Import",
        json!({
            "type": "object",
            "required": ["import_set", "staging_table", "result"],
            "properties": { "import_set": { "type": "string" }, "staging_table": { "type": "string" }, "result": { "type": "array", "items": { "type": "object" } } },
        }),
    );
    add(
        "ImportSets",
        json!({ "type": "object", "required": ["import_set_id", "multi_import_set_id"], "properties": texts(&["import_set_id", "multi_import_set_id"]) }),
    );
    add(
        "Attachment",
        strict(&[
            "sys_id",
            "file_name",
            "content_type",
            "table_name",
            "table_sys_id",
            "size_bytes",
            "size_compressed",
            "compressed",
            "chunk_size_bytes",
            "state",
            "hash",
            "download_link",
            "sys_created_on",
            "sys_created_by",
            "sys_updated_on",
            "sys_updated_by",
            "sys_mod_count",
        ]),
    );
    add("Attachments", result(list("Attachment")));
    add("OneAttachment", result(one("Attachment")));
    add(
        "NewName",
        json!({ "type": "object", "required": ["file_name"], "properties": { "file_name": { "type": "string", "minLength": 1 } } }),
    );
    let filled = json!({ "type": "string", "minLength": 1 });
    let attribute = json!({ "type": "object", "required": ["key", "value"], "properties": { "key": filled, "value": { "type": "string" } } });
    add("Attributes", result(json!({ "type": "array", "items": attribute })));
    add("OneAttribute", result(attribute.clone()));
    add("NewAttribute", attribute);
    add(
        "NewValue",
        json!({ "type": "object", "required": ["value"], "properties": { "value": { "type": "string" } } }),
    );
    add(
        "Upload",
        json!({
            "type": "object",
            "required": ["table_name", "table_sys_id", "uploadFile"],
            "properties": { "table_name": { "type": "string" }, "table_sys_id": { "type": "string" }, "uploadFile": { "type": "string", "format": "binary" } },
        }),
    );
    let header = json!({ "type": "object", "properties": texts(&["name", "value"]) });
    add(
        "BatchRequest",
        json!({
            "type": "object",
            "required": ["rest_requests"],
            "properties": {
                "batch_request_id": { "type": "string" },
                "rest_requests": { "type": "array", "items": {
                    "type": "object",
                    "required": ["id", "method", "url"],
                    "properties": {
                        "id": { "type": "string" },
                        "method": { "enum": ["GET", "POST", "PUT", "PATCH", "DELETE"] },
                        "url": { "type": "string" },
                        "headers": { "type": "array", "items": header.clone() },
                        "exclude_response_headers": { "type": "boolean" },
                        "body": { "type": "string", "description": "In base64." },
                    },
                } },
            },
        }),
    );
    add(
        "BatchReply",
        json!({
            "type": "object",
            "required": ["batch_request_id", "serviced_requests", "unserviced_requests"],
            "properties": {
                "batch_request_id": { "type": "string" },
                "serviced_requests": { "type": "array", "items": {
                    "type": "object",
                    "required": ["id", "body", "status_code", "status_text", "execution_time"],
                    "properties": {
                        "id": { "type": "string" },
                        "body": { "type": "string" },
                        "status_code": { "type": "integer" },
                        "status_text": { "type": "string" },
                        "headers": { "type": "array", "items": header },
                        "execution_time": { "type": "integer" },
                    },
                } },
                "unserviced_requests": { "type": "array", "items": { "type": "string" } },
            },
        }),
    );
    let relation = json!({ "type": "object", "required": ["sys_id", "type", "target"], "properties": { "sys_id": { "type": "string" }, "type": one("Value"), "target": one("Value") } });
    let relations = json!({ "type": "array", "items": relation });
    let wanted = json!({ "type": "array", "items": { "type": "object", "required": ["type", "target"], "properties": texts(&["type", "target"]) } });
    add("Items", result(json!({ "type": "array", "items": strict(&["sys_id", "name"]) })));
    add(
        "OneItem",
        result(json!({
            "type": "object",
            "required": ["attributes", "inbound_relations", "outbound_relations"],
            "properties": { "attributes": one("Record"), "inbound_relations": relations, "outbound_relations": relations },
        })),
    );
    add(
        "ItemFields",
        json!({
            "type": "object",
            "required": ["source"],
            "properties": { "source": { "enum": crate::cmdb::SOURCES }, "attributes": { "type": "object", "additionalProperties": { "type": "string" } }, "inbound_relations": wanted, "outbound_relations": wanted },
        }),
    );
    add(
        "Payload",
        json!({
            "type": "object",
            "required": ["items"],
            "properties": {
                "items": { "type": "array", "maxItems": 5, "items": {
                    "type": "object",
                    "required": ["className", "values"],
                    "properties": { "className": { "type": "string", "example": "cmdb_ci_server" }, "values": { "type": "object" } },
                } },
                "relations": { "type": "array", "maxItems": 5, "items": { "type": "object" } },
            },
        }),
    );
    add(
        "Reconciled",
        result(json!({ "type": "object", "required": ["items", "relations"], "properties": {
            "items": { "type": "array", "items": {
                "type": "object",
                "required": ["className", "operation", "sysId", "identificationAttempts", "errors", "errorCount", "inputIndices"],
            } },
            "relations": { "type": "array", "items": { "type": "object" } },
        } })),
    );
    add(
        "Class",
        result(json!({
            "type": "object",
            "required": ["name", "label", "parent", "children", "attributes"],
            "properties": { "children": { "type": "array", "items": { "type": "string" } }, "attributes": { "type": "array", "items": { "type": "object" } } },
        })),
    );
    for (name, schema) in catalog_schemas::all() {
        add(name, schema);
    }
    let choice = strict(&["label", "value", "rawLabel", "image"]);
    add("Tables", result(json!({ "type": "array", "items": choice })));
    let column = strict(&["name", "label", "type", "internal_type", "base_type", "column_type", "default", "hint"]);
    let columns = json!({ "type": "object", "additionalProperties": column });
    add("Columns", result(json!({ "type": "object", "required": ["columns"], "properties": { "columns": columns } })));
    add("LongUrl", strict(&["url"]));
    add("TinyUrl", result(json!({ "type": "string" })));
    add("CurrentUser", result(strict(&["user_sys_id", "user_name", "user_display_name", "user_initials"])));
    all
}
