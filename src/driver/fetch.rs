//! Performs a fetch with gloo-net and reads as much of the reply as the state machine needs.

use gloo_net::http::{RequestBuilder, Response};
use js_sys::{Array, Object, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{AbortSignal, RequestCredentials, RequestRedirect};

use crate::call::{Input, from_number};
use crate::request::{Body, Expect, Headers, Outgoing, Reply, from_base64};
use crate::secret::Secret;

/// A reply for the state machine, with the parts that stay in the driver.
pub(super) struct Fetched {
    pub(super) input: Input,
    pub(super) result: JsValue,
    pub(super) headers: Headers,
}

/// The state machine gets only the beginning and the end of a body of an unexpected kind.
const HEAD: usize = 16 * 1024;
const TAIL: usize = 2 * 1024;

pub(super) async fn fetch(outgoing: &Outgoing, signal: &AbortSignal) -> Result<Fetched, gloo_net::Error> {
    let method = gloo_net::http::Method::from_bytes(outgoing.method.as_str().as_bytes()).unwrap_or_default();
    let query = outgoing.query.as_ref().map_or("", |query| query.expose());
    let mut builder = RequestBuilder::new(&[outgoing.url.as_str(), query].concat())
        .method(method)
        .redirect(RequestRedirect::Manual)
        .credentials(RequestCredentials::Omit)
        .abort_signal(Some(signal));
    for (name, value) in &outgoing.headers {
        builder = builder.header(name, value);
    }
    if let Some((name, value)) = &outgoing.authorization {
        builder = builder.header(name, value.expose());
    }
    let response = match &outgoing.form {
        Some(form) => builder.body(form.expose())?.send().await?,
        None => builder.send().await?,
    };
    let (mut status, mut headers, mut text) = (response.status(), headers_of(&response), response.text().await?);
    if outgoing.is_batch()
        && response.ok()
        && let Some(item) = only_item(&text)
    {
        (status, headers, text) = item;
    }
    let (body, result) = read(&text, outgoing.expect, (200..300).contains(&status));
    let reply = Reply { status, headers: headers.clone(), body };
    Ok(Fetched { input: Input::Reply(reply), result, headers })
}

/// The only reply within a Batch reply; none if it holds none.
fn only_item(text: &str) -> Option<(u16, Headers, String)> {
    let of = |value: &JsValue, name: &str| Reflect::get(value, &name.into()).ok().filter(JsValue::is_truthy);
    let batch = js_sys::JSON::parse(text).ok()?;
    let item = of(&of(&batch, "serviced_requests")?, "0")?;
    let status = u16::try_from(from_number(of(&item, "status_code")?.as_f64()?).0).ok()?;
    let body = String::from_utf8(from_base64(&of(&item, "body")?.as_string()?)?).ok()?;
    let mut lines = String::new();
    for header in of(&item, "headers")?.dyn_into::<Array>().ok()?.iter() {
        let (name, value) = (of(&header, "name")?.as_string()?, of(&header, "value")?.as_string()?);
        lines.push_str(&[&name, ": ", &value, "\n"].concat());
    }
    Some((status, Headers::from_lines(&lines), body))
}

fn headers_of(response: &Response) -> Headers {
    let headers = response.headers();
    let lines: String = Headers::WANTED
        .iter()
        .filter_map(|name| headers.get(name).map(|value| [name, ": ", &value, "\n"].concat()))
        .collect();
    Headers::from_lines(&lines)
}

/// Parses with the JavaScript engine. Rows stay in JavaScript.
fn read(text: &str, expect: Expect, ok: bool) -> (Body, JsValue) {
    let parsed = ok.then(|| js_sys::JSON::parse(text).ok()).flatten().unwrap_or(JsValue::UNDEFINED);
    let member = |name: &str| if parsed.is_object() { Reflect::get(&parsed, &name.into()).ok() } else { None };
    let result = member("result").filter(|_| member("error").is_none_or(|error| error.is_undefined()));
    match (expect, result) {
        (Expect::Rows, Some(rows)) if rows.is_instance_of::<Array>() => {
            (Body::Rows(rows.unchecked_ref::<Array>().length()), rows)
        }
        (Expect::Record, Some(record)) if record.is_instance_of::<Object>() && !record.is_instance_of::<Array>() => {
            (Body::Record, record)
        }
        (Expect::Untouched, _) if ok => (Body::Untouched, JsValue::from_str(text)),
        // This client supports bearer tokens only: a DPoP token (RFC 9449) needs a proof with each request.
        (Expect::Token, _) => match member("access_token").and_then(|token| token.as_string()).filter(|_| {
            member("token_type").is_none_or(|kind| match kind.as_string() {
                Some(name) => name.eq_ignore_ascii_case("bearer"),
                None => kind.is_null() || kind.is_undefined(),
            })
        }) {
            Some(token) => {
                // Servers send a number, or a number as text.
                let seconds = member("expires_in").and_then(|seconds| match seconds.as_string() {
                    Some(text) => text.parse::<u32>().ok().map(f64::from),
                    None => seconds.as_f64(),
                });
                let expires_in = seconds.map(|seconds| from_number(seconds * 1000.0));
                let refresh_token = member("refresh_token").and_then(|token| token.as_string()).map(Secret::new);
                (Body::Token { access_token: Secret::new(token), expires_in, refresh_token }, JsValue::UNDEFINED)
            }
            None => (Body::Text(excerpt(text)), JsValue::UNDEFINED),
        },
        _ => (Body::Text(excerpt(text)), JsValue::UNDEFINED),
    }
}

fn excerpt(text: &str) -> String {
    let count = text.chars().count();
    if count <= HEAD + TAIL {
        return text.to_owned();
    }
    text.chars().take(HEAD).chain("\n…\n".chars()).chain(text.chars().skip(count - TAIL)).collect()
}
