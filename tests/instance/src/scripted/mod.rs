//! Scripted REST APIs that a user defines: rows of `sys_ws_definition` and `sys_ws_operation`. Where the platform runs a script, the
//! instance fills in a template in JSON ("Scripted REST APIs").

mod formats;
mod route;
mod template;

use http::header::{HeaderName, HeaderValue};
use serde_json::{Map, Value, json};

use crate::exchange::{Reply, Request};
use crate::refusal::Refusal;
use crate::sign_in::Principal;
use crate::store::Store;
use crate::xml;

use formats::Formats;
use route::{Found, find, paths};
use template::{Template, Values};

/// Answers a request for a path that is none of the platform's own.
pub(crate) fn answer(
    store: &Store,
    request: &Request,
    principal: &Principal,
    (method, parts): (&str, &[&str]),
) -> Result<Reply, Refusal> {
    let route = match find(store, method, parts) {
        Found::Route(route) => route,
        Found::OtherMethod => return Err(Refusal::method_not_allowed()),
        Found::Nothing => return Err(Refusal::no_such_resource()),
    };
    let formats = Formats::of(&route);
    let written = formats.written(request)?;
    let body = formats.read(request, method)?;
    let template = Template::of(route.text("operation_script"))?;
    if !template.admits(principal) {
        return Err(Refusal::new(403, "User Not Authorized", Some("Failed API level ACL Validation")));
    }
    let values = Values { path: &route.path, query: &request.parameters(), body: &body, principal };
    let mut reply = reply(&template, &values)?;
    for (name, value) in template.headers() {
        let value = values.fill(&value)?;
        if HeaderName::try_from(&name).is_err() || HeaderValue::try_from(&value).is_err() {
            return Err(Refusal::failed("", &format!("Invalid header {name}")));
        }
        reply.custom_headers.push((name, value));
    }
    match written.as_str() {
        written if formats::is_xml(written) => Ok(xml::reply(reply)),
        written => {
            for (name, content) in &mut reply.headers {
                if *name == "Content-Type" && !formats::is_json(written) {
                    *content = written.to_owned();
                }
            }
            Ok(reply)
        }
    }
}

/// `setBody` puts a body into `result`; an error has the envelope of every refusal ("Scripted REST error objects").
fn reply(template: &Template, values: &Values<'_>) -> Result<Reply, Refusal> {
    let status = template.status();
    if let Some(error) = template.error() {
        let text = |name: &str| error.get(name).and_then(Value::as_str).map(|text| values.fill(text)).transpose();
        let envelope =
            json!({ "error": { "message": text("message")?, "detail": text("detail")? }, "status": "failure" });
        return Ok(Reply::json(status, envelope.to_string()));
    }
    match template.body() {
        None => Ok(Reply::empty(status)),
        Some(body) => Ok(Reply::json(status, json!({ "result": values.filled(body)? }).to_string())),
    }
}

/// The defined routes as paths of an OpenAPI description.
pub(crate) fn described(store: &Store) -> Map<String, Value> {
    let mut described = Map::new();
    for (path, method, summary) in paths(store) {
        let names = path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'));
        let parameters: Vec<Value> = names
            .map(|name| json!({ "name": name, "in": "path", "required": true, "schema": { "type": "string", "minLength": 1 } }))
            .collect();
        let operation = json!({
            "summary": summary,
            "tags": ["Scripted REST"],
            "parameters": parameters,
            "responses": { "default": { "description": "What the template says." } },
        });
        let entry = described.entry(path).or_insert_with(|| json!({}));
        if let Value::Object(entry) = entry {
            entry.insert(method.to_ascii_lowercase(), operation);
        }
    }
    described
}

/// Whether a resource answers, in formats of its own.
pub(crate) fn is_route(store: &Store, method: &str, parts: &[&str]) -> bool {
    matches!(find(store, method, parts), Found::Route(_))
}

/// Whether a request without credentials is answered: the resource requires no authentication.
pub(crate) fn is_public(store: &Store, request: &Request, (method, parts): (&str, &[&str])) -> bool {
    let anonymous = request.header("authorization").is_none() && request.header("cookie").is_none();
    anonymous
        && matches!(find(store, method, parts), Found::Route(route) if route.text("requires_authentication") == "false")
}
