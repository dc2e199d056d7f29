//! The OpenAPI description of what is served, made from the rows that the router matches.

use serde_json::{Map, Value, json};

use super::{Endpoint, Given, Operation, Release, Sent, exported, parameters, rows, schemas};
use crate::control;
use crate::exchange::reason_phrase;

/// The further statuses of every endpoint: not readable or too long, nobody signed in, not permitted, no such method, not acceptable, too many
/// requests, cancelled.
pub(super) const ALWAYS: [u16; 7] = [400, 401, 403, 405, 406, 429, 500];

/// OpenAPI 3.1 for the instance as this client reaches it, with the tables that it has and the endpoints of its release.
pub(crate) fn description(base: &str, tables: &[&str], release: Release) -> Value {
    let mut paths = Map::new();
    for endpoint in rows::all().filter(|endpoint| endpoint.since <= release) {
        let path = paths.entry(format!("/api/{}", endpoint.path)).or_insert_with(|| json!({}));
        if let Value::Object(path) = path {
            path.insert(endpoint.method.to_ascii_lowercase(), operation(endpoint, tables, release));
        }
    }
    paths.insert(exported::PATH.to_owned(), exported::path(tables, |status| refusal(status, Operation::TableList)));
    paths.extend(control::paths());
    let mut schemas = schemas::all();
    schemas.extend(control::schemas());
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "sysparm practice instance",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "The REST APIs that the practice instance serves, in their latest version; v1 and v2 stand behind /api/now. A switch or a fault may make it answer otherwise, which is what it is for.",
        },
        "servers": [{ "url": base }],
        "security": [{ "basic": [] }, { "oauth": [] }],
        "paths": paths,
        "components": {
            "schemas": schemas,
            "securitySchemes": {
                "basic": { "type": "http", "scheme": "basic" },
                "oauth": { "type": "oauth2", "flows": { "clientCredentials": { "tokenUrl": format!("{base}/oauth_token.do"), "scopes": {} } } },
            },
        },
    })
}

fn operation(endpoint: &Endpoint, tables: &[&str], release: Release) -> Value {
    let mut replies = Map::new();
    replies.insert(endpoint.status.to_string(), success(endpoint, release));
    for status in ALWAYS.iter().chain(endpoint.refusals) {
        replies.insert(status.to_string(), refusal(*status, endpoint.operation));
    }
    let mut operation = json!({
        "operationId": id(endpoint),
        "summary": endpoint.summary,
        "tags": [if endpoint.api.is_empty() { "Other" } else { endpoint.api }],
        "parameters": in_path(endpoint.path, tables).chain(endpoint.parameters.iter().map(|name| parameters::in_query(name))).collect::<Vec<_>>(),
        "responses": replies,
    });
    let content = match endpoint.sent {
        Sent::Nothing => return operation,
        Sent::Json(schema) => json!({ "application/json": { "schema": reference(schema) } }),
        Sent::File => json!({ "application/octet-stream": { "schema": { "type": "string", "format": "binary" } } }),
        Sent::Form => json!({ "multipart/form-data": { "schema": reference("Upload") } }),
    };
    if let Value::Object(operation) = &mut operation {
        operation.insert("requestBody".into(), json!({ "required": true, "content": content }));
    }
    operation
}

fn in_path(path: &str, tables: &[&str]) -> impl Iterator<Item = Value> {
    let names = path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'));
    names.map(move |name| {
        let schema = match name {
            "table_name" => json!({ "enum": tables }),
            _ => json!({ "type": "string", "minLength": 1 }),
        };
        json!({ "name": name, "in": "path", "required": true, "schema": schema, "example": parameters::example(name) })
    })
}

fn id(endpoint: &Endpoint) -> String {
    // An operation within an operation is named without parentheses.
    format!("{:?}-{}", endpoint.operation, endpoint.method).replace(['(', ')'], "")
}

/// The calls that a created record allows: OpenAPI's links.
fn links(made: &Endpoint, release: Release) -> Map<String, Value> {
    let id_of_made = "$response.body#/result/sys_id";
    let next: &[Operation] = match made.operation {
        Operation::TableInsert => {
            &[Operation::TableRead, Operation::TableUpdate, Operation::AttachmentPost, Operation::TableDelete]
        }
        Operation::AttachmentPost | Operation::AttachmentUpload => &[
            Operation::AttachmentRead,
            Operation::AttachmentFile,
            Operation::AttachmentRename,
            Operation::AttachmentDelete,
            Operation::AttachmentAttributes,
        ],
        _ => &[],
    };
    // The description of an older release does not have the operations of later ones.
    let known = |endpoint: &&Endpoint| endpoint.since <= release;
    let led = rows::all().filter(|endpoint| next.contains(&endpoint.operation)).filter(known);
    led.map(|endpoint| {
        let parameters = match endpoint.operation {
            Operation::AttachmentPost => {
                json!({ "table_name": "$request.path.table_name", "table_sys_id": id_of_made, "file_name": "file.txt" })
            }
            _ if made.operation == Operation::TableInsert => {
                json!({ "table_name": "$request.path.table_name", "sys_id": id_of_made })
            }
            _ => json!({ "sys_id": id_of_made }),
        };
        (id(endpoint), json!({ "operationId": id(endpoint), "parameters": parameters }))
    })
    .collect()
}

fn success(endpoint: &Endpoint, release: Release) -> Value {
    let links = links(endpoint, release);
    match endpoint.given {
        Given::Nothing => json!({ "description": "Done; there is nothing to say." }),
        Given::Json(schema) => {
            json!({ "description": "Done.", "content": in_both(schema), "links": links })
        }
        Given::File => {
            json!({ "description": "The bytes.", "content": { "*/*": { "schema": { "type": "string", "format": "binary" } } } })
        }
    }
}

fn refusal(status: u16, operation: Operation) -> Value {
    let content = match status {
        // A target that is too long never reaches an API.
        400 => {
            let mut content = in_both("Failure");
            if let Some(content) = content.as_object_mut() {
                // A source of data that is no choice is refused by identification, in its own form.
                if matches!(operation, Operation::CmdbCreate | Operation::CmdbUpdate) {
                    let either = json!({ "anyOf": [reference("Failure"), reference("Reconciled")] });
                    content.insert("application/json".into(), json!({ "schema": either }));
                }
                content.insert("text/html".into(), json!({ "schema": { "type": "string" } }));
            }
            content
        }
        _ => in_both("Failure"),
    };
    json!({ "description": reason_phrase(status).unwrap_or("Refused"), "content": content })
}

/// JSON of this schema, or the same as XML.
fn in_both(schema: &str) -> Value {
    json!({ "application/json": { "schema": reference(schema) }, "application/xml": {} })
}

fn reference(schema: &str) -> Value {
    json!({ "$ref": format!("#/components/schemas/{schema}") })
}

#[cfg(test)]
mod tests {
    use super::{Release, control, description, schemas};

    #[test]
    fn schemas_of_control_interface_have_names_of_their_own() {
        let api = schemas::all();
        let both: Vec<_> = control::schemas().into_iter().filter(|(name, _)| api.contains_key(name)).collect();
        assert!(both.is_empty(), "{both:?}");
    }

    #[test]
    fn schema_references_are_all_defined() {
        let description = description("http://practice.test", &["incident"], Release::Brazil);
        let text = description.to_string();
        for reference in text.split("#/components/schemas/").skip(1) {
            let name = reference.split('"').next().unwrap_or_default();
            assert!(!description["components"]["schemas"][name].is_null(), "{name}");
        }
    }

    #[test]
    fn parameters_all_have_a_description() {
        let description = description("http://practice.test", &["incident"], Release::Brazil);
        for operation in
            description["paths"].as_object().into_iter().flatten().flat_map(|(_, path)| path.as_object()).flatten()
        {
            for parameter in operation.1["parameters"].as_array().into_iter().flatten() {
                let explained =
                    parameter["in"] == "path" || parameter["description"].as_str().is_some_and(|text| !text.is_empty());
                assert!(explained, "{parameter}");
            }
        }
    }
}
