//! Reads the body of a reply as far as the state machine needs it. Rows and records stay JavaScript values.

use js_sys::{Array, JsString, Object, Reflect, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{ReadableStreamDefaultReader, Response, TextDecodeOptions, TextDecoder};

use super::repair::without_controls;
use crate::call::from_number;
use crate::code::Code;
use crate::diagnose::{Failure, Kind, Retry};
use crate::request::{Body, Expect};
use crate::secret::Secret;

/// The state machine gets only the beginning and the end of a body of an unexpected kind.
const HEAD: u32 = 16 * 1024;
const TAIL: u32 = 2 * 1024;
/// A failing reply is read up to here. Its explanation is at its beginning, or at its end if it is short.
const LONGEST_EXPLANATION: f64 = 1024.0 * 1024.0;
/// A longer text is an exception in Chromium.
const LONGEST_TEXT: f64 = 512.0 * 1024.0 * 1024.0 - 24.0;

/// Why a body could not be read.
pub(super) enum UnreadBody {
    /// The connection ended before the body did.
    Cut(JsValue),
    /// It is larger than the caller allows.
    TooLarge(Box<Failure>),
}

/// The text of a body up to `most` bytes. Where `strict`, a longer one is an error; otherwise the rest is left out.
pub(super) async fn text_of(response: &Response, most: Option<f64>) -> Result<JsString, UnreadBody> {
    let (longest, strict) = most.map_or((LONGEST_EXPLANATION, false), |most| (most.min(LONGEST_TEXT), true));
    let Some(stream) = response.body() else { return Ok(JsString::from("")) };
    // The page's own fetch may have read it. A reader for it would be an exception.
    if response.body_used() || stream.locked() {
        return Err(UnreadBody::Cut("The body of the reply has been read already".into()));
    }
    let reader: ReadableStreamDefaultReader = stream.get_reader().unchecked_into();
    let decoder = TextDecoder::new().map_err(UnreadBody::Cut)?;
    let (options, pieces) = (TextDecodeOptions::new(), Array::new());
    options.set_stream(true);
    let mut bytes = 0.0;
    while strict || bytes < longest {
        let read = JsFuture::from(reader.read()).await.map_err(UnreadBody::Cut)?;
        let Some(piece) = member(&read, "value") else { break };
        let Ok(piece) = piece.dyn_into::<Uint8Array>() else {
            release(&reader);
            return Err(UnreadBody::Cut("A piece of the reply's body is no Uint8Array".into()));
        };
        bytes += f64::from(piece.length());
        if strict && bytes > longest {
            release(&reader);
            return Err(UnreadBody::TooLarge(too_large(longest)));
        }
        pieces.push(&decoder.decode_with_js_u8_array_and_options(&piece, &options).map_err(UnreadBody::Cut)?.into());
    }
    release(&reader);
    pieces.push(&decoder.decode().map_err(UnreadBody::Cut)?.into());
    Ok(pieces.join(""))
}

/// Ends the transfer of what was not read. Its promise is left alone: one branch of a cloned body ends only with the other.
fn release(reader: &ReadableStreamDefaultReader) {
    let ended = JsFuture::from(reader.cancel());
    wasm_bindgen_futures::spawn_local(async move { drop(ended.await) });
}

fn too_large(most: f64) -> Box<Failure> {
    let text =
        format!("The reply is larger than {most} bytes. Ask for fewer rows or fields, or raise `max_body_bytes`");
    Failure::unsent(Code::REPLY_TOO_LARGE, Kind::Instance, "", Retry::Never, text)
}

/// A member of an object that is neither undefined nor null.
pub(super) fn member(of: &JsValue, name: &str) -> Option<JsValue> {
    let found = if of.is_object() { Reflect::get(of, &name.into()).ok()? } else { return None };
    (!found.is_undefined() && !found.is_null()).then_some(found)
}

/// The value of a JSON text; none if it is no JSON.
pub(super) fn parsed(text: &JsString) -> Option<JsValue> {
    let parse = member(&member(&js_sys::global(), "JSON")?, "parse")?.dyn_into::<js_sys::Function>().ok()?;
    parse.call1(&JsValue::UNDEFINED, text).ok()
}

/// What was read of a successful reply.
pub(super) struct ReadBody {
    pub(super) body: Body,
    /// The value that stays here.
    pub(super) result: JsValue,
    /// How many raw control characters were in strings, where JSON does not allow them.
    pub(super) repaired: usize,
}

/// What a successful reply holds. `is_named`: its `Location` header names a record.
pub(super) fn read(text: &JsString, expect: Expect, is_named: bool) -> ReadBody {
    if expect == Expect::Untouched {
        return ReadBody { body: Body::Untouched, result: text.into(), repaired: 0 };
    }
    // A created record that the user may not read: only its address is known.
    if expect == Expect::Record && is_named && text.length() == 0 {
        return ReadBody { body: Body::Record, result: Object::new().into(), repaired: 0 };
    }
    let (mut value, mut repaired) = (parsed(text), 0);
    if value.is_none() {
        let (whole, controls) = without_controls(&String::from(text));
        value = if controls > 0 { parsed(&JsString::from(whole)) } else { None };
        repaired = if value.is_some() { controls } else { 0 };
    }
    let found = value.and_then(|value| if expect == Expect::Token { token(&value) } else { result(&value, expect) });
    let (body, result) = found.unwrap_or_else(|| (Body::Text(excerpt(text)), JsValue::UNDEFINED));
    ReadBody { body, result, repaired }
}

fn result(value: &JsValue, expect: Expect) -> Option<(Body, JsValue)> {
    let result = member(value, "result")?;
    // Also where its value is null.
    if Reflect::has(value, &"error".into()).unwrap_or(false) {
        return None;
    }
    match (expect, result.dyn_ref::<Array>().map(Array::length)) {
        (Expect::Rows, Some(rows)) => Some((Body::Rows(rows), result)),
        (Expect::Record, None) if result.is_object() => Some((Body::Record, result)),
        _ => None,
    }
}

/// This client supports bearer tokens only: a DPoP token (RFC 9449) needs a proof with each request.
fn token(value: &JsValue) -> Option<(Body, JsValue)> {
    let access_token = Secret::new(member(value, "access_token")?.as_string()?);
    if member(value, "token_type")
        .is_some_and(|kind| !kind.as_string().is_some_and(|name| name.eq_ignore_ascii_case("bearer")))
    {
        return None;
    }
    // Servers send a number, or a number as text.
    let seconds = member(value, "expires_in").and_then(|seconds| match seconds.as_string() {
        Some(text) => text.parse::<u32>().ok().map(f64::from),
        None => seconds.as_f64(),
    });
    let expires_in = seconds.map(|seconds| from_number(seconds * 1000.0));
    let refresh_token = member(value, "refresh_token").and_then(|token| token.as_string()).map(Secret::new);
    Some((Body::Token { access_token, expires_in, refresh_token }, JsValue::UNDEFINED))
}

/// The part of a text that the state machine gets.
pub(super) fn excerpt(text: &JsString) -> String {
    let length = text.length();
    if length <= HEAD + TAIL {
        return text.into();
    }
    let part = |from, to| String::from(text.slice(from, to));
    [&part(0, HEAD), "\n…\n", &part(length - TAIL, length)].concat()
}
