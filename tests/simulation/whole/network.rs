//! How a reply reaches the host: whole, truncated, late or not at all, and the parts of it that the client gets.

use serde_json::Value;
use sysparm::call::{CallId, EffectId, Input};
use sysparm::request::{Body, Expect, Headers, Reply};
use sysparm::secret::Secret;
use sysparm::time::Millis;
use sysparm::time::calendar::from_http_date;
use sysparm_instance::Journey;

use crate::reading::sabotage::Mistake;
use crate::world::Random;

/// A request in flight.
#[derive(Debug, Clone)]
pub(crate) struct Way {
    pub(crate) life: u32,
    pub(crate) effect: EffectId,
    /// None for a token.
    pub(crate) call: Option<CallId>,
    pub(crate) shown: String,
}

/// A reply as it arrived.
pub(crate) struct Arrived {
    pub(crate) input: Input,
    pub(crate) kept: Option<(Vec<Value>, Headers)>,
    /// The instance's `Retry-After` in seconds, even if the client does not get it.
    pub(crate) retry_after: Option<u64>,
    /// A note for the trace.
    pub(crate) note: String,
}

/// The reply as it arrives, and the additional milliseconds for its body.
pub(crate) fn arrived(
    reply: &sysparm_instance::Reply,
    expect: Expect,
    random: &mut Random,
    mistake: Mistake,
) -> (Arrived, u64) {
    let lost = |note: &str| Arrived { input: Input::Unreachable, kept: None, retry_after: None, note: note.to_owned() };
    let mut text = String::from_utf8_lossy(reply.bytes()).into_owned();
    let mut slow = 0;
    match reply.journey {
        Journey::Safe => {}
        Journey::Dropped => return (lost(", dropped"), 0),
        Journey::Reset => return (lost(", reset"), 0),
        // For some platforms a truncated body is an error, for others a short body.
        Journey::Truncated if random.below(2) == 0 => return (lost(", cut"), 0),
        Journey::Truncated => text.truncate(text.floor_char_boundary(text.len() / 2)),
        // A reply that HTTP does not allow never reaches the client.
        Journey::Wire(_) => return (lost(", not HTTP"), 0),
        Journey::Slow(bytes_per_second) => slow = text.len() as u64 * 1000 / bytes_per_second,
    }
    let obeys = mistake != Mistake::IgnoreRetryAfter;
    let lines: String = reply
        .headers
        .iter()
        .filter(|(name, _)| obeys || !(name.starts_with("X-RateLimit") || *name == "Retry-After"))
        .map(|(name, value)| match from_http_date(value).filter(|_| *name == "Date") {
            Some(seconds) => format!("date: {seconds}\n"),
            None => format!("{name}: {value}\n"),
        })
        .collect();
    let headers = Headers::from_lines(&lines);
    let (body, rows) = read(&text, expect, reply.status);
    let cut = if reply.journey == Journey::Truncated { ", cut" } else { "" };
    let note = match &body {
        Body::Rows(rows) => format!(", {rows} rows of {:?}{cut}", headers.number("x-total-count")),
        Body::Text(_) => ", no result".to_owned() + cut,
        _ => String::new(),
    };
    let kept = rows.map(|rows| (rows, headers.clone()));
    let retry_after = reply.header("Retry-After").and_then(|seconds| seconds.parse().ok());
    let input = Input::Reply(Reply { status: reply.status, headers, body });
    (Arrived { input, kept, retry_after, note }, slow)
}

/// Reads the body as the glue does: the client gets its kind, and its text only if the kind was not expected.
fn read(text: &str, expect: Expect, status: u16) -> (Body, Option<Vec<Value>>) {
    let other = || (Body::Text(excerpt(text)), None);
    if !(200..300).contains(&status) {
        return other();
    }
    let json: Option<Value> = serde_json::from_str(text).ok();
    match (expect, &json) {
        (Expect::Rows, Some(json)) if json.get("error").is_none() => match json["result"].as_array() {
            Some(rows) => (Body::Rows(u32::try_from(rows.len()).unwrap()), Some(rows.clone())),
            None => other(),
        },
        (Expect::Record, Some(json)) if json["result"].is_object() => {
            (Body::Record, Some(vec![json["result"].clone()]))
        }
        (Expect::Token, Some(json)) => match json["access_token"].as_str() {
            Some(token) => {
                let secret = |text: &str| Secret::new(text.to_owned());
                let refresh_token = json["refresh_token"].as_str().map(secret);
                let expires_in = json["expires_in"].as_u64().map(Millis::from_seconds);
                (Body::Token { access_token: secret(token), expires_in, refresh_token }, None)
            }
            None => other(),
        },
        _ => other(),
    }
}

/// The first 16 KiB and the last 2 KiB.
fn excerpt(text: &str) -> String {
    if text.len() <= 18 * 1024 {
        return text.to_owned();
    }
    let (head, tail) = (text.floor_char_boundary(16 * 1024), text.ceil_char_boundary(text.len() - 2 * 1024));
    [&text[..head], &text[tail..]].concat()
}
