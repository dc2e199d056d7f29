//! From a request to the room that answers it, in the order in which a real instance says no: asleep, failing, too long,
//! not signed in, no such thing.

use crate::exchange::{Body, Reply, Request};
use crate::instance::Instance;
use crate::refusal::Refusal;
use crate::search::Caller;
use crate::table_api::{self, Call};
use crate::{aggregate, control, cors, oauth};

pub(crate) fn answer(instance: &mut Instance, request: &Request, now: u64) -> Reply {
    if request.path == "/__practice" || request.path.starts_with("/__practice/") {
        return control::answer(instance, request, now);
    }
    if let Some(reply) = trouble(instance, request, now) {
        return reply;
    }
    if let Some(preflight) = cors::preflight(request, &instance.switches) {
        return preflight;
    }
    if request.path == "/oauth_token.do" {
        let reply = oauth::answer(
            request,
            &instance.settings.credentials,
            &mut instance.tokens,
            &instance.switches,
            &mut instance.random,
            now,
        );
        return dressed(instance, request, reply, false);
    }
    if !request.path.starts_with("/api/") {
        return Reply::html(404, "Page not found", "The page you are looking for could not be found.");
    }
    let signed_in = is_signed_in(instance, request, now);
    let outcome = match signed_in {
        true => api(instance, request, now),
        false => Err(Refusal::not_authenticated(&instance.switches.unauthenticated_message)),
    };
    let mut reply = outcome.unwrap_or_else(|refusal| refusal.reply());
    if !signed_in {
        reply.headers.push(("WWW-Authenticate", "BASIC realm=\"Service-now\"".into()));
    }
    dressed(instance, request, reply, signed_in)
}

/// What keeps the instance from even looking at a request.
fn trouble(instance: &mut Instance, request: &Request, now: u64) -> Option<Reply> {
    let switches = &mut instance.switches;
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
    let length = request.path.len() + 1 + request.query.len();
    if length > switches.longest_url {
        return Some(Reply::html(
            414,
            "Request-URI Too Large",
            "The requested URL's length exceeds the capacity limit.",
        ));
    }
    let most = switches.largest_body;
    if request.body.len() > most {
        return Some(Refusal::body_too_large(request.body.len() as u64, most).reply());
    }
    None
}

fn failure(status: u16, retry_after: Option<u64>, now: u64) -> Reply {
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
        (502..=504, _) => {
            Reply::html(status, "Service unavailable", "The server is temporarily unable to service your request.")
        }
        (500, _) => Refusal::new(
            500,
            "Transaction cancelled: maximum execution time exceeded",
            Some("Check logs for error trace"),
        )
        .reply(),
        _ => Refusal::new(status, "Operation Failed", Some("Set by a switch of the practice instance")).reply(),
    };
    match retry_after {
        Some(seconds) => reply.with_header("Retry-After", seconds.to_string()),
        None => reply,
    }
}

fn is_signed_in(instance: &mut Instance, request: &Request, now: u64) -> bool {
    if let Some((name, password)) = oauth::basic(request) {
        let credentials = &instance.settings.credentials;
        return name == credentials.user_name && password == credentials.password;
    }
    let header = request.header("authorization").and_then(|header| {
        let (scheme, token) = header.split_once(' ')?;
        scheme.eq_ignore_ascii_case("bearer").then(|| token.trim().to_owned())
    });
    let parameters = request.parameters();
    let Some(token) = header.or_else(|| parameters.text("access_token").map(str::to_owned)) else {
        return false;
    };
    if let Some(left) = &mut instance.revoke_after {
        if *left == 0 {
            instance.tokens.revoke_access();
            instance.revoke_after = None;
        } else {
            *left -= 1;
        }
    }
    instance.tokens.is_alive(&token, now)
}

fn api(instance: &mut Instance, request: &Request, now: u64) -> Result<Reply, Refusal> {
    let method = match (request.method.as_str(), request.header("x-http-method-override")) {
        ("POST", Some(other)) => other.to_ascii_uppercase(),
        ("HEAD", _) => "GET".to_owned(),
        (method, _) => method.to_owned(),
    };
    let parts: Vec<String> = request
        .path
        .split('/')
        .skip(2)
        .map(|part| percent_encoding::percent_decode_str(part).decode_utf8_lossy().into_owned())
        .collect();
    let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
    let (version, rest) = match parts.as_slice() {
        ["now", version @ ("v1" | "v2"), rest @ ..] => (*version, rest),
        ["now", rest @ ..] => ("", rest),
        _ => return Err(Refusal::no_such_resource()),
    };
    match (rest, method.as_str()) {
        (["table" | "stats", table, ..], _) => {
            let table_name = *table;
            let table = instance.store.find(table_name).ok_or_else(|| Refusal::invalid_table(table_name))?;
            let user_id = instance.user_id.clone();
            let user_name = instance.settings.credentials.user_name.clone();
            let call = Call {
                request,
                parameters: request.parameters(),
                table,
                version_1: version == "v1",
                caller: Caller { user_id: &user_id, user_name: &user_name },
                base: base(request),
            };
            table_call(instance, &call, rest, &method, now)
        }
        (["ui", "user", "current_user"], "GET") => Ok(current_user(instance)),
        (["practice", "bytes"], "GET") => bytes(request),
        (["ui", "user", "current_user"] | ["practice", "bytes"], _) => Err(Refusal::method_not_allowed()),
        _ => Err(Refusal::no_such_resource()),
    }
}

fn table_call(
    instance: &mut Instance,
    call: &Call<'_>,
    rest: &[&str],
    method: &str,
    now: u64,
) -> Result<Reply, Refusal> {
    let (store, switches) = (&mut instance.store, &mut instance.switches);
    let unique = instance.requests ^ instance.settings.entropy;
    match (rest, method) {
        (["table", _], "GET") => {
            let shuffle = crate::identity::hash(&call.request.query, unique);
            table_api::list(store, call, switches, shuffle)
        }
        (["table", _], "POST") => table_api::insert(store, call, unique, now),
        (["table", _, sys_id], "GET") => table_api::read(store, call, sys_id, switches),
        (["table", _, sys_id], "PUT" | "PATCH") => table_api::update(store, call, sys_id, switches, now),
        (["table", _, sys_id], "DELETE") => table_api::remove(store, call, sys_id, switches),
        (["stats", _], "GET") => aggregate::answer(store, call, switches),
        (["table", _] | ["table", _, _] | ["stats", _], _) => Err(Refusal::method_not_allowed()),
        _ => Err(Refusal::no_such_resource()),
    }
}

/// The undocumented but widely used answer to "who am I".
fn current_user(instance: &Instance) -> Reply {
    let user_name = &instance.settings.credentials.user_name;
    let result = serde_json::json!({ "result": {
        "user_sys_id": instance.user_id,
        "user_name": user_name,
        "user_display_name": crate::data::people::INTEGRATION_NAME,
        "user_initials": "PI",
    }});
    Reply::json(200, result.to_string())
}

/// The largest reply that [`bytes`] gives.
const MOST_BYTES: u64 = 1 << 30;

/// The practice instance's own resource: a reply of any size, for tests of streaming.
fn bytes(request: &Request) -> Result<Reply, Refusal> {
    let size = request.parameters().text("size").and_then(|size| size.parse().ok());
    match size {
        Some(size) if size <= MOST_BYTES => {
            let mut reply = Reply::new(200, "application/octet-stream", Vec::new());
            reply.body = Body::Filler(size);
            Ok(reply)
        }
        _ => Err(Refusal::new(400, "size must be a number of bytes up to 1073741824", None)),
    }
}

/// Links in replies follow the host under which the client reached the instance.
fn base(request: &Request) -> String {
    let host = request.header("host").unwrap_or("localhost");
    let scheme = match request.header("x-forwarded-proto") {
        Some("https") => "https",
        _ => "http",
    };
    format!("{scheme}://{host}")
}

/// The headers that come with every reply of a real instance.
fn dressed(instance: &Instance, request: &Request, mut reply: Reply, signed_in: bool) -> Reply {
    let transaction = crate::identity::hash(&instance.user_id, instance.requests);
    reply.headers.push(("X-Transaction-ID", format!("{transaction:016x}")));
    reply.headers.push(("X-Is-Logged-In", signed_in.to_string()));
    reply.headers.push(("Server-Timing", "wall;dur=1".into()));
    reply.headers.push(("Pragma", "no-store,no-cache".into()));
    reply.headers.push(("Cache-Control", "no-cache,no-store,must-revalidate,max-age=-1".into()));
    reply.headers.push(("Expires", "0".into()));
    reply.headers.push(("X-Content-Type-Options", "nosniff".into()));
    if request.header("cookie").is_none() {
        let session = format!("{:016X}{:016X}", crate::identity::hash("session", transaction), transaction);
        reply.headers.push(("Set-Cookie", format!("JSESSIONID={session}; Path=/; HttpOnly; SameSite=Lax")));
        reply.headers.push(("Set-Cookie", "glide_user_route=glide.practice; Path=/; HttpOnly; SameSite=Lax".into()));
    }
    reply
}
