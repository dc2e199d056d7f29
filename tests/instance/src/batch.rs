//! The Batch API: calls that run in order as the user of the batch. When the time is up or a reply grows too large
//! the rest goes unserviced, and the outer status is 200 all the same ("Batch API").

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use crate::exchange::{Body, Reply, Request, reason_phrase};
use crate::instance::Instance;
use crate::refusal::Refusal;
use crate::sign_in::Principal;

/// `glide.rest.batch.max.inputSize` and `.outputSize`.
const LARGEST_ITEM: usize = 5 * 1024 * 1024;
const LARGEST_REPLY: usize = 10 * 1024 * 1024;
/// No limit on their number is documented; the limit on the body limits it too.
const MAX_ITEMS: usize = 10_000;

pub(crate) fn answer(
    instance: &mut Instance,
    request: &Request,
    principal: &Principal,
    now: u64,
) -> Result<Reply, Refusal> {
    let body: Value =
        serde_json::from_slice(&request.body).map_err(|error| Refusal::unreadable_body(&error.to_string()))?;
    let items = body.get("rest_requests").and_then(Value::as_array);
    let items = items.ok_or_else(|| Refusal::unreadable_body("rest_requests is missing"))?;
    let most = request.header("x-batchrequest-max-output-size").and_then(|size| size.parse().ok());
    let most = most.unwrap_or(LARGEST_REPLY).min(LARGEST_REPLY);
    let (mut serviced, mut unserviced) = (Vec::new(), Vec::new());
    let (mut spent, mut size) = (0_u64, 0_usize);
    let cost = instance.switches.delay_ms.max(1);
    let mut over = false;
    for item in items.iter().take(MAX_ITEMS) {
        let id = text_of(item.get("id"));
        over = over || spent.saturating_add(cost) > instance.switches.batch_ms || size > most;
        if over {
            unserviced.push(Value::from(id));
            continue;
        }
        spent += cost;
        match serve(instance, request, principal, (item, &id), most, now) {
            Some(done) => {
                size += done.get("body").and_then(Value::as_str).map_or(0, str::len);
                serviced.push(done);
            }
            // The reply is larger than a batch may carry; later replies may still fit.
            None => unserviced.push(Value::from(id)),
        }
    }
    unserviced.extend(items.iter().skip(MAX_ITEMS).map(|item| Value::from(text_of(item.get("id")))));
    let reply = json!({
        "batch_request_id": text_of(body.get("batch_request_id")),
        "serviced_requests": serviced,
        "unserviced_requests": unserviced,
    });
    let mut reply = Reply::json(200, reply.to_string());
    // The instance adds one request's delay by itself.
    reply.delay_ms = spent.saturating_sub(cost);
    Ok(reply)
}

/// Runs one item; `None` when its reply is too large.
fn serve(
    instance: &mut Instance,
    outer: &Request,
    principal: &Principal,
    (item, id): (&Value, &str),
    most: usize,
    now: u64,
) -> Option<Value> {
    let reply = match item_request(outer, item) {
        Ok(request) => {
            instance.requests += 1;
            crate::route::fulfil(instance, &request, principal, now)
        }
        Err(refusal) => refusal.reply(),
    };
    let body = match &reply.body {
        Body::Whole(bytes) if bytes.len() <= most => STANDARD.encode(bytes),
        Body::File(content) if content.length() <= most as u64 => STANDARD.encode(content.read(0, most).ok()?),
        _ => return None,
    };
    let mut done = json!({
        "id": id,
        "body": body,
        "status_code": reply.status,
        "status_text": reason_phrase(reply.status).unwrap_or_default(),
        "execution_time": instance.switches.delay_ms.max(1),
    });
    if let Value::Object(done) = &mut done {
        if item.get("exclude_response_headers") != Some(&Value::Bool(true)) {
            let headers = reply.all_headers().map(|(name, value)| json!({ "name": name, "value": value }));
            done.insert("headers".into(), headers.collect());
        }
        let body = reply.as_json();
        let message = body.pointer("/error/message").and_then(Value::as_str);
        if let Some(message) = message.filter(|_| reply.status >= 400) {
            done.insert("error_message".into(), message.into());
        }
        if let Some(location) = reply.header("location") {
            done.insert("redirect_url".into(), location.into());
        }
    }
    Some(done)
}

fn item_request(outer: &Request, item: &Value) -> Result<Request, Refusal> {
    let url = text_of(item.get("url"));
    // A nested batch would multiply itself; percent-encoding must not hide one.
    let path = percent_encoding::percent_decode_str(&url).decode_utf8_lossy();
    if !path.starts_with("/api/") || path.contains("/batch") {
        return Err(Refusal::no_such_resource());
    }
    let mut request = Request::new(&text_of(item.get("method")).to_ascii_uppercase(), &url);
    for header in item.get("headers").and_then(Value::as_array).into_iter().flatten() {
        request.headers.push((text_of(header.get("name")), text_of(header.get("value"))));
    }
    request.headers.extend(outer.header("host").map(|host| ("Host".to_owned(), host.to_owned())));
    let body = text_of(item.get("body"));
    request.body = STANDARD.decode(body).map_err(|_| Refusal::unreadable_body("body is not base64"))?;
    match request.body.len() > LARGEST_ITEM {
        true => Err(Refusal::body_too_large(request.body.len() as u64, LARGEST_ITEM)),
        false => Ok(request),
    }
}

/// An id is returned as text even if it was a number.
fn text_of(value: Option<&Value>) -> String {
    match value {
        Some(Value::String(text)) => text.clone(),
        Some(Value::Null) | None => String::new(),
        Some(other) => other.to_string(),
    }
}
