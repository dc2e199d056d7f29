//! The call of a rule: its script in JSON instead of JavaScript, and the signature.
//!
//! `{"endpoint": "http://127.0.0.1:9000/changes", "method": "post", "headers": {"X-Source": "practice"}, "key": "<base64>"}`; instead of
//! `endpoint`, `rest_message` names a row of `sys_rest_message`.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, Mac};
use http::Uri;
use serde_json::Value;
use sha2::Sha256;

use crate::records;
use crate::store::Store;

/// A call for the shell to send.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutboundCall {
    /// The row of `sys_outbound_http_log`, to report the end of the call with.
    pub id: String,
    /// The method, in capitals.
    pub method: String,
    /// An `http` URL.
    pub url: String,
    /// Header fields, without those that the connection needs.
    pub headers: Vec<(String, String)>,
    /// The body, exactly as it was signed.
    pub body: String,
    /// The time to connect, in milliseconds.
    pub connect_ms: u64,
    /// The time for the reply, in milliseconds.
    pub timeout_ms: u64,
}

pub(super) struct Message {
    endpoint: Option<String>,
    rest_message: String,
    pub(super) method: String,
    pub(super) headers: Vec<(String, String)>,
    /// The key of the signature, in base64.
    pub(super) key: Option<String>,
}

impl Message {
    /// The call that a script makes; `None` if it makes none.
    pub(super) fn of(script: &str) -> Option<Self> {
        // A script in JavaScript does not run here.
        let script: Value = script.trim_start().starts_with('{').then(|| serde_json::from_str(script).ok())??;
        let text = |name: &str| script.get(name).and_then(Value::as_str).map(str::to_owned);
        let headers = script.get("headers").and_then(Value::as_object).into_iter().flatten();
        let message = Self {
            endpoint: text("endpoint"),
            rest_message: text("rest_message").unwrap_or_default(),
            method: text("method").unwrap_or_else(|| "post".to_owned()),
            headers: headers.filter_map(|(name, value)| Some((name.clone(), value.as_str()?.to_owned()))).collect(),
            key: text("key"),
        };
        (message.endpoint.is_some() || !message.rest_message.is_empty()).then_some(message)
    }

    /// The URL: the rule's own, else that of the REST message.
    pub(super) fn endpoint(&self, store: &Store) -> String {
        let named = || records::one(store, "sys_rest_message", "name", &self.rest_message);
        let endpoint = self.endpoint.clone().or_else(|| Some(named()?.text("rest_endpoint").to_owned()));
        endpoint.unwrap_or_default()
    }
}

/// The host of an `http` URL.
pub(super) fn host_of(url: &str) -> Option<String> {
    let uri: Uri = url.parse().ok()?;
    (uri.scheme_str() == Some("http")).then(|| uri.host().map(str::to_owned))?
}

/// HMAC with SHA-256 under a key in base64, in base64 (`generateMac`, "CertificateEncryption").
pub(super) fn signed(key: &str, text: &str) -> Option<String> {
    let key = STANDARD.decode(key).ok()?;
    let mut mac = Hmac::<Sha256>::new_from_slice(&key).ok()?;
    mac.update(text.as_bytes());
    Some(STANDARD.encode(mac.finalize().into_bytes()))
}

#[cfg(test)]
mod tests {
    use super::{Message, host_of, signed};

    #[test]
    fn script_in_javascript_makes_no_call() {
        assert!(Message::of("var m = new sn_ws.RESTMessageV2();").is_none());
        assert!(Message::of("{}").is_none() && Message::of("").is_none());
        assert!(Message::of(r#" {"rest_message": "Feed"}"#).is_some());
    }

    #[test]
    fn host_is_read_from_an_http_url_only() {
        assert_eq!(host_of("http://127.0.0.1:9/x").as_deref(), Some("127.0.0.1"));
        for other in ["https://example.com/", "ftp://x/", "/path", "http:", ""] {
            assert_eq!(host_of(other), None, "{other}");
        }
    }

    #[test]
    fn signature_is_that_of_a_known_message() {
        // RFC 4231, test case 2.
        let expected = "W9zBRr9gdU5qBCQmCJV1x1oAPwidJzmDnexYuWTsOEM=";
        let signature = signed("SmVmZQ==", "what do ya want for nothing?");
        assert_eq!(signature.as_deref().map(str::len), Some(44));
        assert_eq!(signature.as_deref(), Some(expected));
        assert_eq!(signed("?", "x"), None);
    }
}
