//! Which browser pages may read a reply. REST APIs follow the CORS rules; the OAuth endpoints have a property of their own
//! and ignore the rules (product documentation, "Allow CORS Origins for OAuth Endpoints").
//!
//! A rule is found by API, method and origin; a preflight also needs every header that it asks for to be in the rule. Without a
//! rule the reply differs only in its headers, which is why the instance's own log shows no failure.

use crate::exchange::{Reply, Request};
use crate::instance::Instance;
use crate::records::{self, is_set, property};

/// `Access-Control-Expose-Headers` of the practice rule: without it a page cannot read them.
const EXPOSED: &str = "X-Total-Count, Link, Location, Retry-After, X-RateLimit-Limit, X-RateLimit-Reset, X-RateLimit-Rule, X-Transaction-ID, Date";
const METHODS: &str = "GET, POST, PUT, PATCH, DELETE, HEAD";
const HEADERS: &str =
    "Authorization, Content-Type, Accept, X-UserToken, X-no-response-body, X-http-method-override, x-sn-apikey";

/// The reply to a preflight, if the request is one.
pub(crate) fn preflight(request: &Request, instance: &Instance) -> Option<Reply> {
    if request.method != "OPTIONS" || request.header("origin").is_none() {
        return None;
    }
    let method = request.header("access-control-request-method")?.to_ascii_uppercase();
    let mut reply = Reply::empty(200);
    let wanted = request.header("access-control-request-headers").unwrap_or_default();
    let leave = leave(request, instance, &method).filter(|leave| covers(&leave.headers, wanted));
    if let Some(leave) = leave {
        let headers = if leave.headers.trim() == "*" { wanted.to_owned() } else { leave.headers };
        reply.headers.push(("Access-Control-Allow-Methods", leave.methods));
        reply.headers.push(("Access-Control-Allow-Headers", headers));
        reply.headers.push(("Access-Control-Max-Age", leave.max_age));
    }
    Some(reply)
}

/// Adds the headers that let a page read the reply, if a rule admits its origin.
pub(crate) fn admit(request: &Request, instance: &Instance, reply: &mut Reply) {
    if let Some(leave) = leave(request, instance, &method_meant(request)) {
        if leave.credentials {
            reply.headers.push(("Access-Control-Allow-Credentials", "true".into()));
        }
        reply.headers.push(("Access-Control-Allow-Origin", leave.origin));
        reply.headers.push(("Access-Control-Expose-Headers", leave.exposed));
        reply.headers.push(("Vary", "Origin".into()));
    }
}

/// Whether a rule lets a page of the request's origin read the reply.
pub(crate) fn admits(request: &Request, instance: &Instance) -> bool {
    leave(request, instance, &method_meant(request)).is_some()
}

/// The request's own method; of a preflight the one that it asks for.
fn method_meant(request: &Request) -> String {
    let meant = request.header("access-control-request-method").filter(|_| request.method == "OPTIONS");
    meant.unwrap_or(&request.method).to_ascii_uppercase()
}

/// The permissions of an origin.
struct Leave {
    origin: String,
    methods: String,
    headers: String,
    exposed: String,
    max_age: String,
    credentials: bool,
}

impl Leave {
    fn practice(origin: &str) -> Self {
        let [methods, headers, exposed, max_age] = [METHODS, HEADERS, EXPOSED, "0"].map(str::to_owned);
        Self { origin: origin.into(), methods, headers, exposed, max_age, credentials: false }
    }
}

fn leave(request: &Request, instance: &Instance, method: &str) -> Option<Leave> {
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
    if !is_set(&instance.store, "glide.rest.cors.enabled") || !request.path.starts_with("/api/") {
        return None;
    }
    // A rule that is written for a loopback origin replaces the practice rule.
    let mut rules = records::with(&instance.store, "sys_cors_rule", "active", "true");
    match switches.cors && is_loopback(origin) && !rules.any(|rule| rule.text("domain") == origin) {
        true => Some(Leave::practice(origin)),
        false => by_rule(instance, request, origin, method),
    }
}

/// The rule of `sys_cors_rule` for this origin, API and method: one for the exact domain before one with a `*` straight after
/// the scheme ("CORS domain requirements"). A rule is for one REST API; here a rule without an API is for every one.
fn by_rule(instance: &Instance, request: &Request, origin: &str, method: &str) -> Option<Leave> {
    let parts = crate::route::parts(request);
    let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
    let target = crate::route::target(&parts, method);
    let rules = records::with(&instance.store, "sys_cors_rule", "active", "true");
    let fits = rules.filter(|rule| matches!(rule.text("rest_api"), "" | "all") || rule.text("rest_api") == target.api);
    let fits = fits.filter(|rule| covers(rule.text("http_methods"), method));
    let fit = |domain: &str| match domain.split_once("://*") {
        _ if domain == origin => Some(0),
        Some((scheme @ ("http" | "https"), rest)) if !rest.is_empty() => {
            let host = origin.strip_prefix(scheme)?.strip_prefix("://")?;
            (host.len() > rest.len() && host.ends_with(rest)).then_some(1)
        }
        _ => None,
    };
    let (rank, rule) = fits.filter_map(|rule| Some((fit(rule.text("domain"))?, rule))).min_by_key(|(fit, _)| *fit)?;
    let max_age = if rule.text("max_age").is_empty() { "0" } else { rule.text("max_age") };
    Some(Leave {
        origin: origin.into(),
        methods: rule.text("http_methods").into(),
        headers: rule.text("allow_headers").into(),
        exposed: rule.text("expose_headers").into(),
        max_age: max_age.into(),
        // With credentials the domain has no wildcard.
        credentials: rule.is("allow_credentials") && rank == 0,
    })
}

/// Whether a comma list, or `*`, contains every name of another, in any case.
fn covers(list: &str, names: &str) -> bool {
    let has = |name: &str| list.split(',').any(|one| one.trim() == "*" || one.trim().eq_ignore_ascii_case(name));
    names.split(',').map(str::trim).filter(|name| !name.is_empty()).all(has)
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
    let name = name.to_ascii_lowercase();
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
