//! Performs a fetch with gloo-net and reads as much of the reply as the state machine needs.

use gloo_net::http::{self, Request, RequestBuilder};
use js_sys::{Array, JsString};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{AbortSignal, RequestCredentials, RequestRedirect, Response};

use super::body::{ReadBody, UnreadBody, excerpt, member, parsed, read, text_of};
use super::finished::Replied;
use super::options::HostOptions;
use crate::call::{Input, from_number};
use crate::diagnose::Failure;
use crate::request::{Body, Expect, Headers, Method, Outgoing, Reply, from_base64};

/// It has no body, whatever its type.
const NO_CONTENT: u16 = 204;

/// A reply for the state machine, with the parts that stay in the driver.
pub(super) struct Fetched {
    pub(super) input: Input,
    pub(super) replied: Replied,
    /// How many raw control characters were repaired.
    pub(super) repaired: usize,
}

/// Why there is no reply.
pub(super) enum NoReply {
    /// The browser does not take the request, and would not take it again.
    Refused(String),
    /// The request or the reply was lost. The text is the browser's message.
    Lost(String),
    /// The reply is larger than allowed.
    TooLarge(Box<Failure>),
}

impl From<UnreadBody> for NoReply {
    fn from(unread: UnreadBody) -> Self {
        match unread {
            UnreadBody::Cut(thrown) => Self::Lost(message_of(&thrown)),
            UnreadBody::TooLarge(failure) => Self::TooLarge(failure),
        }
    }
}

/// `body`: the caller's own.
pub(super) async fn fetch(
    outgoing: &Outgoing,
    body: Option<&str>,
    signal: &AbortSignal,
    options: &HostOptions,
) -> Result<Fetched, NoReply> {
    let request = request_of(outgoing, body, signal).map_err(NoReply::Refused)?;
    let response: Response = match &options.fetch {
        Some(own) => own(request.into()).await.map_err(|thrown| NoReply::Lost(message_of(&thrown)))?,
        None => request.send().await.map_err(|error| NoReply::Lost(error.to_string()))?.into(),
    };
    let (mut status, mut headers) = (response.status(), headers_of(&response));
    let is_parsed = matches!(outgoing.expect, Expect::Rows | Expect::Record);
    #[expect(clippy::cast_precision_loss, reason = "a limit in bytes")]
    let most = match outgoing.expect {
        Expect::Token => None,
        Expect::Untouched | Expect::Rows | Expect::Record => response.ok().then_some(options.max_body_bytes as f64),
    };
    let mut text = text_of(&response, most).await?;
    if outgoing.is_batch()
        && response.ok()
        && let Some(item) = only_item(&text)
    {
        (status, headers, text) = item;
    }
    let is_page = status != NO_CONTENT && headers.value("content-type").is_some_and(|kind| kind.contains("text/html"));
    // A full session queue answers a deletion with 202 without having processed it.
    let is_queued = outgoing.method == Method::Delete && status == 202;
    let is_misplaced = !is_parsed && outgoing.expect != Expect::Token && is_page && !is_page_expected(outgoing);
    let read = if (200..300).contains(&status) && !is_queued && !is_misplaced {
        read(&text, outgoing.expect, headers.value("location").is_some())
    } else {
        ReadBody { body: Body::Text(excerpt(&text)), result: JsValue::UNDEFINED, repaired: 0 }
    };
    let ReadBody { body, result, repaired } = read;
    let reply = Reply { status, headers: headers.clone(), body };
    Ok(Fetched { input: Input::Reply(reply), replied: Replied { status, headers, value: result }, repaired })
}

/// Whether a web page is a valid answer. A hibernating instance answers every address with one and status 200.
fn is_page_expected(outgoing: &Outgoing) -> bool {
    !outgoing.url.contains("/api/") || outgoing.url.contains("/attachment/") && outgoing.url.contains("/file")
}

fn request_of(outgoing: &Outgoing, body: Option<&str>, signal: &AbortSignal) -> Result<Request, String> {
    let method = http::Method::from_bytes(outgoing.method.as_str().as_bytes()).unwrap_or_default();
    let query = outgoing.query.as_ref().map_or("", |query| query.expose());
    // gloo-net panics at a value that no header can hold.
    let headers = headers_for(outgoing, body).map_err(|thrown| message_of(&thrown))?;
    let builder = RequestBuilder::new(&[outgoing.url.as_str(), query].concat())
        .method(method)
        .redirect(RequestRedirect::Manual)
        .credentials(RequestCredentials::Omit)
        .headers(http::Headers::from_raw(headers))
        .abort_signal(Some(signal));
    match (&outgoing.form, body) {
        (Some(form), _) => builder.body(form.expose()),
        (None, Some(body)) => builder.body(body),
        (None, None) => builder.build(),
    }
    .map_err(|refusal| refusal.to_string())
}

fn headers_for(outgoing: &Outgoing, body: Option<&str>) -> Result<web_sys::Headers, JsValue> {
    let headers = web_sys::Headers::new()?;
    for (name, value) in &outgoing.headers {
        headers.set(name, value)?;
    }
    if let Some((name, value)) = &outgoing.authorization {
        headers.set(name, value.expose())?;
    }
    if outgoing.form.is_none() && body.is_some() {
        headers.set("Content-Type", "application/json")?;
    }
    Ok(headers)
}

/// The only reply within a Batch reply; none if it holds none.
fn only_item(text: &JsString) -> Option<(u16, Headers, JsString)> {
    let batch = parsed(text)?;
    let item = member(&member(&batch, "serviced_requests")?, "0")?;
    let status = u16::try_from(from_number(member(&item, "status_code")?.as_f64()?).0).ok()?;
    let body = String::from_utf8(from_base64(&member(&item, "body")?.as_string()?)?).ok()?;
    let mut lines = String::new();
    for header in member(&item, "headers")?.dyn_into::<Array>().ok()?.iter() {
        let (name, value) = (member(&header, "name")?.as_string()?, member(&header, "value")?.as_string()?);
        lines.push_str(&[&name, ": ", &value, "\n"].concat());
    }
    Some((status, Headers::from_lines(&lines), JsString::from(body)))
}

fn headers_of(response: &Response) -> Headers {
    let headers = response.headers();
    let lines: String = Headers::WANTED
        .iter()
        .filter_map(|name| headers.get(name).ok().flatten().map(|value| [name, ": ", &value, "\n"].concat()))
        .collect();
    Headers::from_lines(&lines)
}

/// What was thrown, as text.
fn message_of(thrown: &JsValue) -> String {
    let message = member(thrown, "message").and_then(|message| message.as_string());
    message.or_else(|| thrown.as_string()).unwrap_or_else(|| format!("{thrown:?}"))
}
