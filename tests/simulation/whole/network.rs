//! How a reply reaches the host: whole, truncated, late or not at all, and the parts of it that the client gets.

use serde_json::Value;
use sysparm::call::{CallId, EffectId, Input};
use sysparm::request::{Body, Expect, Headers, Reply};
use sysparm::secret::Secret;
use sysparm::time::Millis;
use sysparm::time::calendar::from_http_date;
use sysparm_instance::Journey;

use super::intermediaries::{Seen, seen};
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
    // A decoder removes a byte order mark.
    let text = String::from_utf8_lossy(reply.bytes());
    let mut text = text.strip_prefix('\u{feff}').unwrap_or(&text).to_owned();
    let (mut slow, mut status) = (0, reply.status);
    if reply.header("Content-Encoding").is_some() {
        return (lost(", not compressed as it says"), 0);
    }
    match reply.journey {
        Journey::Safe => {}
        Journey::Dropped => return (lost(", dropped"), 0),
        Journey::Reset => return (lost(", reset"), 0),
        // For some platforms a truncated body is an error, for others a short body.
        Journey::Truncated if random.below(2) == 0 => return (lost(", cut"), 0),
        Journey::Truncated => text.truncate(text.floor_char_boundary(text.len() / 2)),
        Journey::Wire(form) => match seen(form) {
            Seen::Whole => {}
            Seen::Half => text.truncate(text.floor_char_boundary(text.len() / 2)),
            Seen::NoContent => (status, text) = (204, String::new()),
            Seen::Nothing => return (lost(", not HTTP"), 0),
        },
        Journey::Slow(bytes_per_second) => slow = text.len() as u64 * 1000 / bytes_per_second,
    }
    let obeys = mistake != Mistake::IgnoreRetryAfter;
    let lines = lines(reply, obeys);
    let headers = Headers::from_lines(&lines);
    let (body, rows) = read(&text, expect, status);
    let cut = if reply.journey == Journey::Truncated { ", cut" } else { "" };
    let note = match &body {
        Body::Rows(rows) => format!(", {rows} rows of {:?}{cut}", headers.number("x-total-count")),
        Body::Text(_) => ", no result".to_owned() + cut,
        _ => String::new(),
    };
    let kept = rows.map(|rows| (rows, headers.clone()));
    let retry_after = reply.header("Retry-After").and_then(|seconds| seconds.parse().ok());
    let input = Input::Reply(Reply { status, headers, body });
    (Arrived { input, kept, retry_after, note }, slow)
}

/// The headers as `fetch` gives them: the values of one name are joined. The glue writes a date as seconds.
fn lines(reply: &sysparm_instance::Reply, obeys: bool) -> String {
    let mut joined: Vec<(String, String)> = vec![];
    for (name, value) in &reply.headers {
        if !obeys && (name.starts_with("X-RateLimit") || *name == "Retry-After") {
            continue;
        }
        let name = name.to_ascii_lowercase();
        match joined.iter_mut().find(|(other, _)| *other == name) {
            Some((_, values)) => *values = format!("{values}, {value}"),
            None => joined.push((name, value.clone())),
        }
    }
    let line = |(name, value): (String, String)| match from_http_date(&value).filter(|_| name == "date") {
        Some(seconds) => format!("date: {seconds}\n"),
        None => format!("{name}: {value}\n"),
    };
    joined.into_iter().map(line).collect()
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
