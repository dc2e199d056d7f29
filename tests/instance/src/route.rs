//! From a request to the module that answers it, in the order of a real instance's refusals: hibernating, failing, too long,
//! not signed in, not found.

use crate::dispatch::{CallContext, dispatch};
use crate::endpoints::{gives_file, without_version};
use crate::exchange::{Reply, Request};
use crate::instance::Instance;
use crate::records::property;
use crate::refusal::Refusal;
use crate::search::Domain;
use crate::sign_in::{Principal, Target};
use crate::{access, control, cors, exports, oauth, scripted, sign_in, tiny_urls, transactions, xml};

pub(crate) fn answer(instance: &mut Instance, request: &Request, now: u64) -> Reply {
    if request.path == "/__practice" || request.path.starts_with("/__practice/") {
        return control::answer(instance, request, now);
    }
    if let Some(reply) = trouble(instance, request, now) {
        return reply;
    }
    let expanded = tiny_urls::expanded(&instance.store, request);
    let request = expanded.as_ref().unwrap_or(request);
    if let Some(preflight) = cors::preflight(request, instance) {
        return preflight;
    }
    if let Some(document) = oauth::published(instance, request, &base(request), now) {
        return document;
    }
    match request.path.as_str() {
        "/oauth_token.do" => {
            let reply = oauth::answer(instance, request, now);
            return with_platform_headers(instance, request, reply, None, now);
        }
        "/oauth_auth.do" => return oauth::authorize(instance, request, now),
        "/oauth_login.do" => return oauth::log_in(instance, request, now),
        "/oauth_revoke_token.do" => return oauth::revoke(instance, request, now),
        "/stats.do" => return statistics(instance),
        "/logout_success.do" => return Reply::html(200, "Logout successful", "You have been logged out."),
        path if !path.starts_with("/api/") && exports::table(request).is_none() => {
            return Reply::html(404, "Page not found", "The page you are looking for could not be found.");
        }
        _ => {}
    }
    if instance.switches.logged_out {
        return Reply::empty(302).with_header("Location", format!("{}/logout_success.do", base(request)));
    }
    let method = method(request);
    let parts = parts(request);
    let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
    let target = target(&parts, &method);
    let mut principal = match sign_in::identify(instance, request, &target, now) {
        Ok(principal) => principal,
        Err(sign_in::Unknown(headers)) => {
            if scripted::is_public(&instance.store, request, (&method, &parts))
                && let Some(guest) = sign_in::guest(instance)
            {
                let reply = fulfil(instance, request, &guest, now);
                return with_platform_headers(instance, request, reply, None, now);
            }
            let mut reply = Refusal::not_authenticated(&instance.switches.unauthenticated_message).reply();
            let logged_in = headers.iter().any(|(name, _)| *name == "X-Is-Logged-In");
            reply.headers.extend(headers);
            // The reply to a stale cookie says that its session still exists; any other says that nobody is signed in.
            return if logged_in { reply } else { with_platform_headers(instance, request, reply, None, now) };
        }
    };
    let in_session = request.header("cookie").is_some_and(|cookie| cookie.contains("JSESSIONID="));
    if in_session && instance.switches.roles_lost > 0 {
        instance.switches.roles_lost -= 1;
        principal.roles.clear();
    }
    let wait = match queued(instance, request, now) {
        Ok(wait) => wait,
        Err(reply) => return with_platform_headers(instance, request, *reply, Some(&principal), now),
    };
    let mut reply = fulfil(instance, request, &principal, now);
    reply.delay_ms = reply.delay_ms.saturating_add(wait);
    with_platform_headers(instance, request, reply, Some(&principal), now)
}

/// Runs a call of a signed-in caller: a request, or an item of a batch.
pub(crate) fn fulfil(instance: &mut Instance, request: &Request, principal: &Principal, now: u64) -> Reply {
    let method = method(request);
    let parts = parts(request);
    let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
    let target = target(&parts, &method);
    if target.table == transactions::TABLE {
        transactions::show(instance);
    }
    let rate = instance.load.count(&instance.store, principal, &target, instance.switches.rate_lag_ms, now);
    let exports = exports::table(request).is_some();
    let has_own_format = exports || gives_file(&method, &parts) || scripted::is_route(&instance.store, &method, &parts);
    let as_xml = match has_own_format {
        true => Ok(false),
        false => representation(request),
    };
    let wants_xml = as_xml == Ok(true);
    let outcome = match rate.refusal {
        Some(refusal) => Err(refusal),
        None => permitted(instance, principal, &target).and(as_xml).and_then(|_| match exports {
            true => {
                let domain = Domain::in_force(&instance.store, principal, &request.parameters(), &instance.switches);
                let context = CallContext { principal, version: "", domain: domain.as_ref(), now };
                exports::answer(instance, request, context)
            }
            false => dispatch(instance, request, principal, &parts, &method, now),
        }),
    };
    let mut reply = outcome.unwrap_or_else(|refusal| refusal.reply());
    reply.headers.extend(rate.headers);
    if wants_xml { xml::reply(reply) } else { reply }
}

/// Whether the reply is to be XML: the first known type of `Accept` decides, and without the header it is JSON.
fn representation(request: &Request) -> Result<bool, Refusal> {
    let Some(accept) = request.header("accept") else {
        return Ok(false);
    };
    let types = accept.split(',').map(|one| one.split(';').next().unwrap_or_default().trim());
    let mut known = types.filter_map(|one| match one {
        "" | "*/*" | "application/*" | "application/json" => Some(false),
        "application/xml" | "text/xml" => Some(true),
        _ => None,
    });
    let refusal =
        || Refusal::new(406, "Not acceptable", Some("The reply can be had as application/json or application/xml"));
    known.next().ok_or_else(refusal)
}

/// Waits, in milliseconds, for the session and for a thread; or the reply that refuses the request.
fn queued(instance: &mut Instance, request: &Request, now: u64) -> Result<u64, Box<Reply>> {
    let work = instance.switches.delay_ms;
    let in_session = match instance.switches.session_queue {
        true => instance.sessions.queue(request, work, now).ok_or_else(|| Box::new(Reply::empty(202)))?,
        false => 0,
    };
    let for_thread = instance.load.queue(&instance.switches, work, now).map_err(|status| {
        Box::new(match status {
            500 => Refusal::cancelled().reply(),
            status => Reply::empty(status),
        })
    })?;
    Ok(in_session.max(for_thread))
}

/// Refusals of an API as a whole to a signed-in caller.
fn permitted(instance: &Instance, principal: &Principal, target: &Target<'_>) -> Result<(), Refusal> {
    let store = &instance.store;
    let disabled = property(store, "glide.rest.apis.disabled").unwrap_or_default();
    if disabled.split(',').any(|api| !api.trim().is_empty() && api.trim() == target.api) {
        return Err(Refusal::no_such_resource());
    }
    if !sign_in::machine_identity::admits(instance, principal, target) {
        // The platform's wording of this denial is not documented.
        return Err(Refusal::new(403, "User Not Authorized", Some("Machine identity access control denies this API")));
    }
    sign_in::scope::check(instance, &principal.means, target)?;
    if !access::allows(store, principal, "REST_Endpoint", target.api, "execute") {
        return Err(Refusal::new(403, "User Not Authorized", Some("Failed API level ACL Validation")));
    }
    Ok(())
}

/// Refusals before any other processing.
fn trouble(instance: &mut Instance, request: &Request, now: u64) -> Option<Reply> {
    let switches = &mut instance.switches;
    if switches.address_blocked {
        return Some(Reply::html(403, "Access denied", "Access from your address is not allowed."));
    }
    if switches.hibernating {
        let text = "Your instance is hibernating. Sign in to the developer site to wake it.";
        return Some(Reply::html(200, "Instance Hibernating page", text));
    }
    if switches.html {
        return Some(Reply::html(200, "Log in", "User name, password, Log in."));
    }
    if let Some(failures) = &mut switches.fail_next
        && failures.count > 0
        && failures.path.as_deref().is_none_or(|path| request.path.starts_with(path))
    {
        failures.count -= 1;
        let failures = failures.clone();
        if failures.count == 0 {
            switches.fail_next = None;
        }
        return Some(failure(failures.status, failures.retry_after, now));
    }
    // KB0817506: the web server's bound is on the request line and the headers together, and its page is not JSON.
    let headers: usize = request.headers.iter().map(|(name, value)| name.len() + value.len() + 4).sum();
    let length = request.path.len() + 1 + request.query.len() + headers;
    if length > switches.longest_url {
        return Some(Reply::html(
            400,
            "HTTP Status 400 - Bad Request",
            "The server cannot process the request: its line and headers are too large.",
        ));
    }
    let most = switches.largest_body;
    if request.body.len() > most && !request.is_upload() {
        return Some(Refusal::body_too_large(request.body.len() as u64, most).reply());
    }
    None
}

pub(crate) fn failure(status: u16, retry_after: Option<u64>, now: u64) -> Reply {
    let reply = match (status, retry_after) {
        (202, _) => Reply::empty(202),
        (429, Some(seconds)) => {
            Refusal::new(429, "Rate limit exceeded", Some("Rate limit of 100 requests per hour for Table API exceeded"))
                .reply()
                .with_header("X-RateLimit-Limit", "100")
                .with_header("X-RateLimit-Reset", (now / 1000 + seconds).to_string())
                .with_header("X-RateLimit-Rule", crate::identity::sys_id_of("sys_rate_limit_rules", "practice"))
        }
        (429, None) => Reply::empty(429),
        (401, _) => Refusal::not_authenticated("User is not authenticated").reply(),
        // The page of an upgrade or of maintenance (KB0785049).
        (503, _) => Reply::html(503, "Service Interruption", "This instance is unavailable."),
        (502..=504, _) => {
            Reply::html(status, "Service unavailable", "The server is temporarily unable to service your request.")
        }
        (500, _) => Refusal::cancelled().reply(),
        _ => Refusal::new(status, "Operation Failed", Some("Set by a switch of the practice instance")).reply(),
    };
    match retry_after {
        Some(seconds) => reply.with_header("Retry-After", seconds.to_string()),
        None => reply,
    }
}

/// The effective method: a POST may override it, and HEAD is a GET without a body.
fn method(request: &Request) -> String {
    match (request.method.as_str(), request.header("x-http-method-override")) {
        ("POST", Some(other)) => other.to_ascii_uppercase(),
        ("HEAD", _) => "GET".to_owned(),
        (method, _) => method.to_owned(),
    }
}

/// The path behind `/api`, decoded.
pub(crate) fn parts(request: &Request) -> Vec<String> {
    let parts = request.path.split('/').skip(2);
    parts.map(|part| percent_encoding::percent_decode_str(part).decode_utf8_lossy().into_owned()).collect()
}

/// The target of a request for policies, rules and scopes: a path without an endpoint belongs to no API.
pub(crate) fn target<'a>(parts: &[&'a str], method: &'a str) -> Target<'a> {
    let (version, rest) = without_version(parts);
    let (api, table) = match rest.as_slice() {
        ["now", "table", table, ..] => ("Table API", *table),
        ["now", "stats", table, ..] => ("Aggregate API", *table),
        ["now", "import", table, ..] => ("Import Set API", *table),
        ["now", "attachment", ..] => ("Attachment API", ""),
        ["now", "batch"] => ("Batch API", ""),
        ["now", "cmdb", "instance", class, ..] => ("CMDB Instance API", *class),
        ["now", "cmdb", "meta", class, ..] => ("CMDB Meta API", *class),
        ["sn_sc", "servicecatalog", ..] => ("Service Catalog API", ""),
        _ => ("", ""),
    };
    Target { api, method, version, table }
}

/// `stats.do`: which release this is, and the semaphores.
fn statistics(instance: &Instance) -> Reply {
    let text = |name: &str| property(&instance.store, name).unwrap_or_default();
    let threads = instance.switches.semaphore.map_or(4, |semaphore| semaphore.threads);
    let queue = instance.switches.semaphore.map_or(50, |semaphore| semaphore.queue);
    let page = format!(
        "Build name: {}<br/>Build tag: {}<br/>API_INT: available semaphores {threads}, max queue depth {queue}",
        text("glide.buildname"),
        text("glide.buildtag")
    );
    Reply::html(200, "ServiceNow Statistics", &page)
}

/// Links in replies follow the host under which the client reached the instance.
pub(crate) fn base(request: &Request) -> String {
    let host = request.header("host").unwrap_or("localhost");
    let scheme = match request.header("x-forwarded-proto") {
        Some("https") => "https",
        _ => "http",
    };
    format!("{scheme}://{host}")
}

/// The headers that come with every reply of a real instance, and the session that every call without a cookie opens.
fn with_platform_headers(
    instance: &mut Instance,
    request: &Request,
    mut reply: Reply,
    principal: Option<&Principal>,
    now: u64,
) -> Reply {
    let transaction = crate::identity::hash("transaction", instance.requests);
    reply.headers.push(("X-Transaction-ID", format!("{transaction:016x}")));
    reply.headers.push(("X-Is-Logged-In", principal.is_some().to_string()));
    reply.headers.push(("Server-Timing", "wall;dur=1".into()));
    reply.headers.push(("Pragma", "no-store,no-cache".into()));
    reply.headers.push(("Cache-Control", "no-cache,no-store,must-revalidate,max-age=-1".into()));
    reply.headers.push(("Expires", "0".into()));
    reply.headers.push(("X-Content-Type-Options", "nosniff".into()));
    if request.header("cookie").is_none() {
        let session = sign_in::open_for_integration(instance, principal, now);
        reply.headers.push(("Set-Cookie", format!("JSESSIONID={session}; Path=/; HttpOnly; SameSite=Lax")));
        reply.headers.push(("Set-Cookie", "glide_user_route=glide.practice; Path=/; HttpOnly; SameSite=Lax".into()));
    }
    reply
}
