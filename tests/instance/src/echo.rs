//! A gateway or an instance whose errors repeat the request, credentials included, in the encoding of the program that made the reply.

use std::fmt::Write as _;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::exchange::{Reply, Request};

/// How the request is written into the reply.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum EchoForm {
    /// In ServiceNow's error envelope.
    Envelope,
    /// In the error of a token endpoint.
    Oauth,
    /// In the envelope, percent-encoded once more.
    Percent,
    /// In the envelope, each character as `\uXXXX`.
    Unicode,
    /// In the title of a page, as it is.
    Page,
    /// In the title of a page, each character as an entity.
    Entities,
    /// In XML.
    Xml,
    /// In JSON that breaks off.
    Cut,
    /// In the address of a redirect.
    Redirect,
}

/// Longer than any request of a test; more of it is left out.
const LONGEST: usize = 8192;

/// The reply that repeats the request: in its body, and in headers that are quoted.
pub(crate) fn echoed(request: &Request, status: u16, form: EchoForm) -> Reply {
    let said = said(request);
    let json = |message: &str| {
        let error = serde_json::json!({"error": {"message": message, "detail": message}, "status": "failure"});
        Reply::json(status, error.to_string())
    };
    let reply = match form {
        EchoForm::Envelope => json(&said),
        EchoForm::Oauth => {
            let error = serde_json::json!({"error": "invalid_request", "error_description": said});
            Reply::json(status, error.to_string())
        }
        EchoForm::Percent => json(&percent(&said)),
        EchoForm::Unicode => {
            let text = said.encode_utf16().fold(String::new(), |mut text, unit| {
                let _ = write!(text, "\\u{unit:04x}");
                text
            });
            Reply::json(status, format!(r#"{{"error":{{"message":"{text}"}},"status":"failure"}}"#))
        }
        EchoForm::Page => Reply::html(status, &said, &said),
        EchoForm::Entities => {
            let text: String = said.chars().map(|character| format!("&#{};", u32::from(character))).collect();
            Reply::html(status, &text, &text)
        }
        EchoForm::Xml => {
            let text = said.replace('&', "&amp;").replace('<', "&lt;");
            Reply::new(
                status,
                "application/xml",
                format!("<response><error><message>{text}</message></error></response>"),
            )
        }
        EchoForm::Cut => Reply::json(status, format!(r#"{{"result":[{{"a":"{}"#, said.replace(['"', '\\'], ""))),
        EchoForm::Redirect => {
            Reply::empty(302).with_header("Location", format!("https://login.example/?{}", percent(&said)))
        }
    };
    let line = said.replace(['"', '\n'], " ");
    reply
        .with_header("WWW-Authenticate", format!("Bearer error=\"invalid_token\", error_description=\"{line}\""))
        .with_header("X-RateLimit-Rule", line)
}

fn said(request: &Request) -> String {
    let mut said = format!("{} {}?{}", request.method, request.path, request.query);
    for (name, value) in &request.headers {
        let _ = write!(said, "\n{name}: {value}");
    }
    let _ = write!(said, "\n{}", String::from_utf8_lossy(&request.body));
    // The secrets first: the description of a reply is bounded.
    let mut lines: Vec<&str> = said.lines().collect();
    lines.sort_by_key(|line| {
        !line.to_ascii_lowercase().contains("auth") && !line.contains("secret") && !line.contains("key")
    });
    lines.join("\n").chars().filter(char::is_ascii).take(LONGEST).collect()
}

fn percent(text: &str) -> String {
    form_urlencoded::byte_serialize(text.as_bytes()).collect()
}
