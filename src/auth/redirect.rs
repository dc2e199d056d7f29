//! Checks redirect URIs.

use super::credentials::is_header_text;
use crate::request::InstanceUrl;

/// Whether an authorization code sent to this redirect URI stays on an encrypted connection or on the user's machine: https,
/// http on loopback, or an app's own scheme, which has a dot (RFC 8252 sections 7 and 8.4). A redirect URI has no fragment
/// (RFC 6749 section 3.1.2).
pub(super) fn is_safe_redirect(text: &str) -> bool {
    let Some((scheme, rest)) = text.split_once(':').filter(|_| is_header_text(text) && !text.contains(['#', '\\']))
    else {
        return false;
    };
    if scheme.contains('.') {
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.');
        // Without the slash it is host:port without a scheme.
        return scheme.starts_with(|first: char| first.is_ascii_alphabetic())
            && scheme.bytes().all(plain)
            && rest.starts_with('/');
    }
    let end = rest.get(2..).and_then(|host| host.find(['/', '?'])).map_or(text.len(), |at| scheme.len() + 3 + at);
    text.get(..end).is_some_and(|origin| InstanceUrl::parse(origin).is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn redirect_to_https_loopback_or_an_app_is_accepted() {
        for text in [
            "https://app.example",
            "https://app.example/back?tenant=7&x=//y",
            "HTTPS://App.Example:8443/back",
            "http://127.0.0.1:8080/callback",
            "http://localhost:3000?a=b",
            "http://[::1]:1/",
            "com.example.app:/back",
            "com.example.app://back?a=b",
        ] {
            assert!(is_safe_redirect(text), "{text}");
        }
    }

    #[test]
    fn redirect_that_others_read_or_run_is_refused() {
        for text in [
            "",
            "/back",
            "//app.example/back",
            "app.example/back",
            "app.example:443/back",
            "127.0.0.1:80/back",
            "localhost:80/back",
            "http://app.example/back",
            "http://localhost.evil.example/",
            "http://127.0.0.1.evil.example/",
            "http://127.0.0.1@evil.example/",
            "https://*.example/back",
            "https://user@app.example/",
            "https://user:word@app.example/",
            "https://",
            "https:///back",
            "https:app.example/back",
            "https:/app.example/back",
            "https://?",
            "https://app.example:0/",
            "https://app.example/back#part",
            "https://app.example\\@evil.example/",
            "https://app.example/a b",
            " https://app.example/",
            "https://app.example/\n",
            "javascript:alert(1)",
            "java.script:alert(1)",
            "data:text/html,x",
            "file:///back",
            "blob:https://app.example/x",
            "ftp://app.example/",
            "ws://localhost/",
            "myapp:/back",
            "myapp://back",
            ".app:/back",
            "com.example app:/back",
        ] {
            assert!(!is_safe_redirect(text), "{text}");
        }
    }

    proptest! {
        #[test]
        fn plain_http_redirect_is_on_loopback(text in "http://[a-z0-9.:@/?\\[\\]*-]{0,24}") {
            let near = ["http://127.", "http://localhost", "http://[::1]"].iter().any(|start| text.starts_with(start));
            prop_assert!(near || !is_safe_redirect(&text));
        }
    }
}
