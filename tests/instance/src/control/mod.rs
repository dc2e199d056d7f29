//! `/__practice`: the control interface for tests and people, with the instance's state and its switches. A real instance has none.
//!
//! Only this machine may use it: both the requested address and the calling page must be loopback, so that no web site can
//! use it through a visitor's browser.

mod describe;
mod rows;

use serde_json::{Value, json};

use crate::accounts::accounts;
use crate::cors::is_loopback;
use crate::endpoints::description;
use crate::exchange::{Reply, Request};
use crate::instance::Instance;
use crate::records;
use crate::route::base;
use crate::{scenario, scripted};

pub(crate) use describe::{paths, schemas};

/// What a request of the control interface does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Action {
    State,
    Standard,
    Accounts,
    Tables,
    Scenarios,
    Journal,
    Description,
    Switches,
    Scenario,
    RevokeTokens,
    RevokeAfter,
    Reset,
}

pub(crate) fn answer(instance: &mut Instance, request: &Request, now: u64) -> Reply {
    let host_is_near = request.header("host").is_none_or(is_loopback);
    let page_is_near = request.header("origin").is_none_or(is_loopback);
    if !host_is_near || !page_is_near {
        return refused(
            403,
            "Only this machine may use /__practice. Open it by a loopback address, from no page of another host.",
        );
    }
    if request.method == "OPTIONS" {
        return Reply::empty(204)
            .with_header("Access-Control-Allow-Methods", "GET, POST")
            .with_header("Access-Control-Allow-Headers", "Content-Type");
    }
    let path = request.path.strip_prefix("/__practice").unwrap_or_default().trim_matches('/');
    let is_browser = request.header("accept").is_some_and(|accept| accept.contains("text/html"));
    let path = match (request.method.as_str(), path) {
        // A browser gets the page, other clients get the state.
        ("GET", "") if is_browser => return page("text/html;charset=UTF-8", include_str!("page.html")),
        ("GET", "page.css") => return page("text/css;charset=UTF-8", include_str!("page.css")),
        ("GET", "page.js") => return script(include_str!("page.js")),
        ("GET", "elements.js") => return script(include_str!("elements.js")),
        ("GET", "schema.js") => return script(include_str!("schema.js")),
        ("GET", "faults.js") => return script(include_str!("faults.js")),
        (_, "") => "state",
        (_, path) => path,
    };
    match rows::ENDPOINTS.iter().find(|endpoint| endpoint.path == path) {
        Some(endpoint) if endpoint.method == request.method => act(instance, request, endpoint.action, now),
        Some(endpoint) => refused(
            405,
            &format!("{} is not supported for /__practice/{path}. Send {}.", request.method, endpoint.method),
        ),
        None => {
            let known: Vec<&str> = rows::ENDPOINTS.iter().map(|endpoint| endpoint.path).collect();
            refused(404, &format!("Unknown path /__practice/{path}. Supported paths: {}.", known.join(", ")))
        }
    }
}

fn act(instance: &mut Instance, request: &Request, action: Action, now: u64) -> Reply {
    match action {
        Action::State => {}
        Action::Standard => return ok(&json!({ "switches": instance.settings.switches })),
        Action::Accounts => return ok(&json!(accounts(instance))),
        Action::Tables => return ok(&tables(instance)),
        Action::Scenarios => return ok(&scenario::all()),
        Action::Journal => return ok(&json!({ "requests": instance.journal.entries() })),
        Action::Description => return ok(&described(instance, request)),
        Action::Switches => return switch(instance, request, now),
        Action::Scenario => return begin(instance, request, now),
        Action::RevokeTokens => instance.revoke_tokens(),
        Action::RevokeAfter => match calls(request) {
            Some(calls) => instance.revoke_after = Some(calls),
            None => return refused(400, "A number of calls is missing. Send {\"calls\": 3}."),
        },
        Action::Reset => instance.reset(now),
    }
    ok(&state(instance, now))
}

/// The tables as `sys_db_object` describes them.
fn tables(instance: &Instance) -> Value {
    let described = |(name, rows): (&str, usize)| {
        let record = records::one(&instance.store, "sys_db_object", "name", name);
        let label = record.map_or("", |record| record.text("label"));
        let parent =
            record.and_then(|record| records::by_id(&instance.store, "sys_db_object", record.text("super_class")));
        json!({ "name": name, "label": label, "parent": parent.map(|parent| parent.text("name")), "rows": rows })
    };
    json!({ "tables": instance.tables().map(described).collect::<Vec<_>>() })
}

/// A file of the control page. Its policy forbids foreign content and framing.
fn page(content_type: &str, text: &str) -> Reply {
    Reply::new(200, content_type, text)
        .with_header(
            "Content-Security-Policy",
            "default-src 'self'; img-src data:; frame-ancestors 'none'; base-uri 'none'",
        )
        .with_header("X-Content-Type-Options", "nosniff")
        .with_header("Cache-Control", "no-store")
}

fn script(text: &str) -> Reply {
    page("text/javascript;charset=UTF-8", text)
}

fn described(instance: &Instance, request: &Request) -> Value {
    let tables: Vec<&str> = instance.tables().map(|(name, _)| name).collect();
    let mut description = description(&base(request), &tables, instance.switches.release);
    if let Some(paths) = description.get_mut("paths").and_then(Value::as_object_mut) {
        paths.extend(scripted::described(&instance.store));
    }
    description
}

fn state(instance: &Instance, now: u64) -> Value {
    let tables: serde_json::Map<String, Value> =
        instance.tables().map(|(name, rows)| (name.to_owned(), rows.into())).collect();
    json!({
        "now": now,
        "switches": instance.switches,
        "tables": tables,
        "bytes": instance.bytes(),
        "live_tokens": instance.tokens.count(now),
        "revoke_after": instance.revoke_after,
        "requests": instance.requests,
    })
}

fn switch(instance: &mut Instance, request: &Request, now: u64) -> Reply {
    let changed = serde_json::from_slice(&request.body)
        .map_err(|error| error.to_string())
        .and_then(|change: Value| instance.switches.changed(&change));
    match changed {
        Ok(switches) => {
            let moved = switches.release != instance.switches.release;
            instance.switches = switches;
            if moved {
                instance.follow_release(now);
            }
            ok(&state(instance, now))
        }
        Err(reason) => refused(400, &reason),
    }
}

/// `{"name": "token-expired"}` sets up a scenario; `{"row": 10}` is the same one. Resets the data and revokes every token.
fn begin(instance: &mut Instance, request: &Request, now: u64) -> Reply {
    let body: Value = serde_json::from_slice(&request.body).unwrap_or_default();
    let number = || body.get("row").and_then(Value::as_u64).map(|number| number.to_string());
    let name = body.get("name").and_then(Value::as_str).map(str::to_owned).or_else(number);
    let begun = name
        .ok_or_else(|| "A scenario is missing. Send {\"name\": \"token-expired\"}.".to_owned())
        .and_then(|name| scenario::begin(instance, &name, now));
    match begun {
        Ok(scenario) => ok(&scenario.described()),
        Err(reason) => refused(400, &reason),
    }
}

fn calls(request: &Request) -> Option<u64> {
    let body: Value = serde_json::from_slice(&request.body).ok()?;
    body.get("calls")?.as_u64()
}

fn ok(body: &Value) -> Reply {
    Reply::json(200, body.to_string())
}

fn refused(status: u16, reason: &str) -> Reply {
    Reply::json(status, json!({ "error": reason }).to_string())
}
