//! Which browser pages may read a reply. REST APIs follow the CORS rules; the OAuth endpoints have a property of their own
//! and do not look at the rules (product documentation, "Allow CORS Origins for OAuth Endpoints").

use crate::exchange::{Reply, Request};
use crate::instance::Instance;
use crate::records::{self, is_set, property};

/// `Access-Control-Expose-Headers` of the practice rule: without it a page cannot read them.
const EXPOSED: &str = "X-Total-Count, Link, Location, Retry-After, X-RateLimit-Limit, X-RateLimit-Reset, X-RateLimit-Rule, X-Transaction-ID";
const METHODS: &str = "GET, POST, PUT, PATCH, DELETE, HEAD";
const HEADERS: &str =
    "Authorization, Content-Type, Accept, X-UserToken, X-no-response-body, X-http-method-override, x-sn-apikey";

/// The reply to a preflight, when the request is one.
pub(crate) fn preflight(request: &Request, instance: &Instance) -> Option<Reply> {
    let asks = request.method == "OPTIONS"
        && request.header("origin").is_some()
        && request.header("access-control-request-method").is_some();
    if !asks {
        return None;
    }
    let mut reply = Reply::empty(200);
    if let Some(leave) = leave(request, instance) {
        reply.headers.push(("Access-Control-Allow-Methods", leave.methods));
        reply.headers.push(("Access-Control-Allow-Headers", leave.headers));
        reply.headers.push(("Access-Control-Max-Age", leave.max_age));
    }
    Some(reply)
}

/// Adds what lets a page read the reply, if a rule admits its origin.
pub(crate) fn admit(request: &Request, instance: &Instance, reply: &mut Reply) {
    if let Some(leave) = leave(request, instance) {
        reply.headers.push(("Access-Control-Allow-Origin", leave.origin));
        reply.headers.push(("Access-Control-Expose-Headers", leave.exposed));
        reply.headers.push(("Vary", "Origin".into()));
    }
}

/// What a page of an origin may do.
struct Leave {
    origin: String,
    methods: String,
    headers: String,
    exposed: String,
    max_age: String,
}

impl Leave {
    fn practice(origin: &str) -> Self {
        let [methods, headers, exposed, max_age] = [METHODS, HEADERS, EXPOSED, "0"].map(str::to_owned);
        Self { origin: origin.into(), methods, headers, exposed, max_age }
    }
}

fn leave(request: &Request, instance: &Instance) -> Option<Leave> {
    let origin = request.header("origin")?;
    let switches = &instance.switches;
    let oauth = request.path.starts_with("/oauth") || request.path.starts_with("/.well-known/");
    if oauth || request.path == "/api/now/oauth/jwks" {
        let recorded = property(&instance.store, "glide.oauth.cors.allowed.origin").filter(|origin| !origin.is_empty());
        let admitted = match recorded.unwrap_or(&switches.oauth_cors_origin) {
            "" => false,
            "*" => return Some(Leave::practice("*")),
            "loopback" => is_loopback(origin),
            one => one == origin,
        };
        return admitted.then(|| Leave::practice(origin));
    }
    if request.path.starts_with("/__practice") {
        return is_loopback(origin).then(|| Leave::practice(origin));
    }
    let on = switches.cors && is_set(&instance.store, "glide.rest.cors.enabled");
    if !on || !request.path.starts_with("/api/") {
        return None;
    }
    match is_loopback(origin) {
        true => Some(Leave::practice(origin)),
        false => by_rule(instance, origin),
    }
}

/// A rule of `sys_cors_rule` for this origin: the exact domain first, then one with a `*` straight after the scheme.
fn by_rule(instance: &Instance, origin: &str) -> Option<Leave> {
    let rules = records::with(&instance.store, "sys_cors_rule", "active", "true");
    let fit = |domain: &str| match domain.split_once("://*") {
        _ if domain == origin => Some(0),
        Some((scheme, rest)) if !rest.is_empty() => {
            let host = origin.strip_prefix(scheme)?.strip_prefix("://")?;
            (host.len() > rest.len() && host.ends_with(rest)).then_some(1)
        }
        _ => None,
    };
    let (_, rule) = rules.filter_map(|rule| Some((fit(rule.text("domain"))?, rule))).min_by_key(|(fit, _)| *fit)?;
    let max_age = if rule.text("max_age").is_empty() { "0" } else { rule.text("max_age") };
    Some(Leave {
        origin: origin.into(),
        methods: rule.text("http_methods").into(),
        headers: rule.text("allow_headers").into(),
        exposed: rule.text("expose_headers").into(),
        max_age: max_age.into(),
    })
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
