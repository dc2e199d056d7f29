//! Which browser pages may read a reply. REST APIs follow the CORS rules; the OAuth endpoints have a property of their own
//! and do not look at the rules (product documentation, "Allow CORS Origins for OAuth Endpoints").

use crate::exchange::{Reply, Request};
use crate::switches::Switches;

/// `Access-Control-Expose-Headers` of the practice rule: without it a page cannot read them.
const EXPOSED: &str = "X-Total-Count, Link, Location, Retry-After, X-RateLimit-Limit, X-RateLimit-Reset, X-RateLimit-Rule, X-Transaction-ID";
const METHODS: &str = "GET, POST, PUT, PATCH, DELETE, HEAD";
const HEADERS: &str =
    "Authorization, Content-Type, Accept, X-UserToken, X-no-response-body, X-http-method-override, x-sn-apikey";

/// The reply to a preflight, when the request is one.
pub(crate) fn preflight(request: &Request, switches: &Switches) -> Option<Reply> {
    let asks = request.method == "OPTIONS"
        && request.header("origin").is_some()
        && request.header("access-control-request-method").is_some();
    if !asks {
        return None;
    }
    let mut reply = Reply::empty(200);
    if allowed_origin(request, switches).is_some() {
        reply.headers.push(("Access-Control-Allow-Methods", METHODS.into()));
        reply.headers.push(("Access-Control-Allow-Headers", HEADERS.into()));
        reply.headers.push(("Access-Control-Max-Age", "0".into()));
    }
    Some(reply)
}

/// Adds what lets a page read the reply, if a rule admits its origin.
pub(crate) fn admit(request: &Request, switches: &Switches, reply: &mut Reply) {
    if let Some(origin) = allowed_origin(request, switches) {
        reply.headers.push(("Access-Control-Allow-Origin", origin));
        reply.headers.push(("Access-Control-Expose-Headers", EXPOSED.into()));
        reply.headers.push(("Vary", "Origin".into()));
    }
}

fn allowed_origin(request: &Request, switches: &Switches) -> Option<String> {
    let origin = request.header("origin")?;
    let allowed = if request.path.starts_with("/oauth") {
        match switches.oauth_cors_origin.as_str() {
            "" => false,
            "*" => return Some("*".into()),
            "loopback" => is_loopback(origin),
            one => one == origin,
        }
    } else if request.path.starts_with("/__practice") {
        is_loopback(origin)
    } else {
        switches.cors && request.path.starts_with("/api/") && is_loopback(origin)
    };
    allowed.then(|| origin.into())
}

/// Whether an origin, or a `Host` when it has no scheme, is this machine.
pub(crate) fn is_loopback(origin: &str) -> bool {
    let host = origin.strip_prefix("http://").or_else(|| origin.strip_prefix("https://")).unwrap_or(origin);
    let host = match host.strip_prefix("[::1]") {
        Some(port) => return port.is_empty() || is_port(port),
        None => host,
    };
    let (name, port) = match host.find(':') {
        Some(at) => host.split_at(at),
        None => (host, ""),
    };
    let is_name = name == "localhost" || name == "127.0.0.1" || name.ends_with(".localhost");
    is_name && (port.is_empty() || is_port(port))
}

fn is_port(text: &str) -> bool {
    text.strip_prefix(':').is_some_and(|digits| digits.parse::<u16>().is_ok())
}

#[cfg(test)]
mod tests {
    use super::is_loopback;

    #[test]
    fn only_this_machine_is_loopback() {
        for origin in ["http://localhost:5173", "https://127.0.0.1", "http://[::1]:80", "127.0.0.1:8787"] {
            assert!(is_loopback(origin), "{origin}");
        }
        for origin in ["http://localhost.evil.example", "null", "", "http://127.0.0.1.nip.io:80", "http://localhost:x"]
        {
            assert!(!is_loopback(origin), "{origin}");
        }
    }
}
