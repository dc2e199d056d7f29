//! The control interface in OpenAPI. The schema of the switches is made from their definition, documentation included.

use schemars::generate::SchemaSettings;
use serde_json::{Map, Value, json};

use super::rows::{ControlEndpoint, ENDPOINTS};
use crate::switches::Switches;

/// The paths, by method.
pub(crate) fn paths() -> Map<String, Value> {
    ENDPOINTS.iter().map(|endpoint| (format!("/__practice/{}", endpoint.path), described(endpoint))).collect()
}

fn described(endpoint: &ControlEndpoint) -> Value {
    let mut operation = json!({
        "operationId": format!("practice-{}", endpoint.path),
        "summary": endpoint.summary,
        "tags": ["Control of the practice instance"],
        // Every program on this machine may use it.
        "security": [],
        "responses": {
            "200": { "description": "Done.", "content": of_schema(endpoint.given) },
            "403": { "description": "Only this machine may use it.", "content": of_schema("ControlRefusal") },
        },
    });
    if let Some(operation) = operation.as_object_mut().filter(|_| !endpoint.sent.is_empty()) {
        operation.insert("requestBody".into(), json!({ "required": true, "content": of_schema(endpoint.sent) }));
        let refused = json!({ "description": "What is wrong with it.", "content": of_schema("ControlRefusal") });
        if let Some(Value::Object(responses)) = operation.get_mut("responses") {
            responses.insert("400".into(), refused);
        }
    }
    let mut path = Map::new();
    path.insert(endpoint.method.to_ascii_lowercase(), operation);
    Value::Object(path)
}

fn of_schema(name: &str) -> Value {
    json!({ "application/json": { "schema": reference(name) } })
}

fn reference(name: &str) -> Value {
    json!({ "$ref": format!("#/components/schemas/{name}") })
}

/// The schemas by name.
pub(crate) fn schemas() -> Map<String, Value> {
    let settings = SchemaSettings::draft2020_12().with(|settings| {
        settings.definitions_path = "/components/schemas".into();
        settings.meta_schema = None;
    });
    let mut generator = settings.into_generator();
    generator.subschema_for::<Switches>();
    let mut all: Map<String, Value> = generator.take_definitions(true);
    let object = |required: &[&str], properties: Value| json!({ "type": "object", "required": required, "properties": properties });
    let (text, count, flag) =
        (json!({ "type": "string" }), json!({ "type": "integer", "minimum": 0 }), json!({ "type": "boolean" }));
    let list = |of: Value| json!({ "type": "array", "items": of });
    let mut add = |name: &str, schema: Value| {
        all.insert(name.to_owned(), schema);
    };
    add(
        "State",
        object(
            &["now", "switches", "tables", "bytes", "live_tokens", "revoke_after", "requests"],
            json!({
                "now": { "type": "integer", "description": "The instance's clock, in milliseconds since 1970." },
                "switches": reference("Switches"),
                "tables": { "type": "object", "additionalProperties": count, "description": "The number of rows by table." },
                "bytes": { "type": "integer", "description": "Bytes held for rows, indexes and texts." },
                "live_tokens": count,
                "revoke_after": { "type": ["integer", "null"], "description": "API calls until all tokens are revoked." },
                "requests": count,
            }),
        ),
    );
    add("Standard", object(&["switches"], json!({ "switches": reference("Switches") })));
    let user = object(
        &["user_name", "password", "roles", "apis_only"],
        json!({ "user_name": text, "password": text, "roles": list(text.clone()), "apis_only": flag }),
    );
    let client = object(
        &["client_id", "client_secret", "user_name", "redirect_uris"],
        json!({ "client_id": text, "client_secret": text, "user_name": text, "redirect_uris": list(text.clone()) }),
    );
    let key = object(&["name", "token", "user_name"], json!({ "name": text, "token": text, "user_name": text }));
    let accounts = json!({ "users": list(user), "clients": list(client), "keys": list(key) });
    add("Accounts", object(&["users", "clients", "keys"], accounts));
    let table = object(
        &["name", "label", "parent", "rows"],
        json!({ "name": text, "label": text, "parent": { "type": ["string", "null"] }, "rows": count }),
    );
    add("ServedTables", object(&["tables"], json!({ "tables": list(table) })));
    let scenario = json!({
        "name": text,
        "row": { "type": "integer", "description": "Its number, from before scenarios had names." },
        "symptom": { "type": "string", "description": "What a client sees." },
        "see": { "type": "string", "description": "The request that shows it." },
        "switches": { "type": "object", "description": "The switches that it sets." },
        "records": { "type": "integer", "description": "The number of records that it changes." },
    });
    add("Scenario", object(&["name", "row", "symptom", "see", "switches", "records"], scenario));
    add("Scenarios", object(&["scenarios"], json!({ "scenarios": list(reference("Scenario")) })));
    let entry = object(
        &["at", "method", "path", "query", "status", "ms"],
        json!({
            "at": { "type": "integer", "description": "Milliseconds since 1970." },
            "method": text, "path": text, "query": text, "status": count,
            "ms": { "type": "number", "description": "The processing time in milliseconds." },
            "user": { "type": "string", "description": "The sender's user_name, or guest." },
        }),
    );
    add("Journal", object(&["requests"], json!({ "requests": list(entry) })));
    add("Description", object(&["openapi", "paths"], json!({ "openapi": text, "paths": { "type": "object" } })));
    let example = json!("token-expired");
    add("ScenarioName", object(&["name"], json!({ "name": { "type": "string", "examples": [example] } })));
    add("Calls", object(&["calls"], json!({ "calls": count })));
    add("ControlRefusal", object(&["error"], json!({ "error": text })));
    all
}
