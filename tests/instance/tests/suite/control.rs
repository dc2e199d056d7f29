//! The switches, the faults, the journal, and access from other origins.

use crate::client::{Client, FORM, GRANT, rows};

use serde_json::{Value, json};
use sysparm_instance::{Body, Request};

fn practice(client: &mut Client, method: &str, path: &str, body: &Value) -> (u16, Value) {
    let request = Request::new(method, &format!("/__practice/{path}"))
        .with_header("Host", "127.0.0.1:8787")
        .with_body("application/json", body.to_string());
    let reply = client.instance.handle(&request, client.now);
    (reply.status, reply.as_json())
}

#[test]
fn state_lists_switches_and_tables_and_can_be_changed() {
    let mut client = Client::with_rows(12);
    let (status, state) = practice(&mut client, "GET", "state", &Value::Null);
    assert_eq!(
        (status, &state["tables"]["incident"], &state["switches"]["hidden"], &state["live_tokens"]),
        (200, &json!(12), &json!(0.0), &json!(1))
    );
    let (status, state) = practice(&mut client, "POST", "switches", &json!({"hidden": 1.0, "token_lifetime": 60}));
    assert_eq!((status, &state["switches"]["token_lifetime"]), (200, &json!(60)));
    assert!(client.incidents("", &[]).is_empty());
    assert_eq!(practice(&mut client, "POST", "switches", &json!({"nosuch": 1})).0, 400);
    assert_eq!(practice(&mut client, "GET", "switches", &Value::Null).0, 405);
    assert_eq!(practice(&mut client, "GET", "nosuch", &Value::Null).0, 404);

    assert_eq!(practice(&mut client, "POST", "revoke-tokens", &Value::Null).1["live_tokens"], 0);
    assert_eq!(practice(&mut client, "POST", "revoke-after", &json!({"calls": 3})).1["revoke_after"], 3);
    assert_eq!(practice(&mut client, "POST", "revoke-after", &json!({})).0, 400);
}

#[test]
fn reset_restores_data_switches_and_journal() {
    let mut client = Client::with_rows(12);
    let before = client.incidents("ORDERBYnumber", &[]);
    client.write("POST", "/api/now/table/incident", &json!({}));
    client.instance.switches_mut().delay_ms = 5;
    assert_eq!(practice(&mut client, "POST", "reset", &Value::Null).0, 200);
    assert_eq!((client.instance.switches().delay_ms, client.instance.journal().count()), (0, 0));
    client.sign_in();
    assert_eq!(client.incidents("ORDERBYnumber", &[]), before);
}

#[test]
fn hibernating_instance_answers_everything_with_its_page() {
    let mut client = Client::with_rows(1);
    client.instance.switches_mut().hibernating = true;
    for reply in [client.grant(GRANT), client.get("/api/now/table/incident", &[])] {
        assert_eq!((reply.status, reply.header("Content-Type")), (200, Some("text/html;charset=UTF-8")));
        assert!(String::from_utf8_lossy(reply.bytes()).contains("Your instance is hibernating"));
    }
    client.instance.switches_mut().hibernating = false;
    client.instance.switches_mut().html = true;
    assert_eq!(client.get("/api/now/table/incident", &[]).header("Content-Type"), Some("text/html;charset=UTF-8"));
}

#[test]
fn requests_fail_as_set_and_then_succeed() {
    let mut client = Client::with_rows(1);
    practice(
        &mut client,
        "POST",
        "switches",
        &json!({"fail_next": {"count": 2, "status": 429, "retry_after": 7, "path": "/api/"}}),
    );
    assert_eq!(client.grant(GRANT).status, 200);
    let refused = client.get("/api/now/table/incident", &[]);
    assert_eq!(
        (refused.status, refused.header("Retry-After"), refused.header("X-RateLimit-Limit")),
        (429, Some("7"), Some("100"))
    );
    assert_eq!(refused.header("X-RateLimit-Reset"), Some("1772366407"));
    assert_eq!(refused.as_json()["error"]["message"], "Rate limit exceeded");
    assert_eq!(client.get("/api/now/table/incident", &[]).status, 429);
    assert_eq!(client.get("/api/now/table/incident", &[]).status, 200);

    practice(&mut client, "POST", "switches", &json!({"fail_next": {"count": 1, "status": 429}}));
    let full = client.get("/api/now/table/incident", &[]);
    assert_eq!(
        (full.status, full.header("Retry-After"), full.header("X-RateLimit-Limit"), full.bytes().len()),
        (429, None, None, 0)
    );
}

#[test]
fn delay_is_reported_with_the_reply() {
    let mut client = Client::with_rows(1);
    client.instance.switches_mut().delay_ms = 250;
    assert_eq!(client.get("/api/now/table/incident", &[]).delay_ms, 250);
}

#[test]
fn journal_has_every_request_but_no_secret() {
    let mut client = Client::with_rows(1);
    client.instance.handle(&Request::new("GET", &format!("/oauth_token.do?{GRANT}")), client.now);
    client.get("/api/now/table/incident", &[("sysparm_query", "a=1")]);
    let (_, journal) = practice(&mut client, "GET", "journal", &Value::Null);
    let text = journal.to_string();
    assert!(text.contains("client_secret=[masked]") && !text.contains("practice-secret"));
    let requests = journal["requests"].as_array().map(Vec::len);
    assert_eq!(requests, Some(3));
    assert_eq!(
        (&journal["requests"][2]["query"], &journal["requests"][2]["status"]),
        (&json!("sysparm_query=a=1"), &json!(200))
    );
}

#[test]
fn controls_are_reachable_from_this_machine_only() {
    let mut client = Client::with_rows(1);
    for (host, origin, status) in [
        ("127.0.0.1:8787", "http://localhost:5173", 200),
        ("127.0.0.1:8787", "https://evil.example", 403),
        ("evil.example", "http://localhost:5173", 403),
    ] {
        let request = Request::new("GET", "/__practice/state").with_header("Host", host).with_header("Origin", origin);
        assert_eq!(client.instance.handle(&request, client.now).status, status, "{host} {origin}");
    }
}

#[test]
fn rest_and_token_endpoints_have_separate_cors_rules() {
    let mut client = Client::with_rows(1);
    let allowed = |client: &mut Client, path: &str, origin: &str| {
        let request = Request::new("POST", path).with_body(FORM, GRANT).with_header("Origin", origin);
        client.instance.handle(&request, client.now).header("Access-Control-Allow-Origin").map(str::to_owned)
    };
    let (near, far) = ("http://127.0.0.1:4173", "https://console.example");
    let (api, token) = ("/api/now/table/incident", "/oauth_token.do");
    assert_eq!(allowed(&mut client, api, near).as_deref(), Some(near));
    assert_eq!(allowed(&mut client, api, far), None);
    assert_eq!(allowed(&mut client, token, near).as_deref(), Some(near));
    assert_eq!(allowed(&mut client, token, far), None);

    client.instance.switches_mut().oauth_cors_origin = String::new();
    assert_eq!((allowed(&mut client, token, near), allowed(&mut client, api, near).as_deref()), (None, Some(near)));
    client.instance.switches_mut().oauth_cors_origin = far.into();
    assert_eq!(allowed(&mut client, token, far).as_deref(), Some(far));
    client.instance.switches_mut().oauth_cors_origin = "*".into();
    assert_eq!(allowed(&mut client, token, far).as_deref(), Some("*"));
    client.instance.switches_mut().cors = false;
    assert_eq!(allowed(&mut client, api, near), None);
}

#[test]
fn preflight_needs_no_token_and_replies_expose_headers() {
    let mut client = Client::with_rows(1);
    let preflight = Request::new("OPTIONS", "/api/now/table/incident")
        .with_header("Origin", "http://localhost:5173")
        .with_header("Access-Control-Request-Method", "PATCH")
        .with_header("Access-Control-Request-Headers", "authorization,content-type");
    let reply = client.instance.handle(&preflight, client.now);
    assert_eq!(reply.status, 200);
    assert!(reply.header("Access-Control-Allow-Methods").is_some_and(|methods| methods.contains("PATCH")));
    assert!(reply.header("Access-Control-Allow-Headers").is_some_and(|headers| headers.contains("Authorization")));
    let list = Request::new("GET", "/api/now/table/incident").with_header("Origin", "http://localhost:5173");
    let exposed = client.send(list);
    let exposed = exposed.header("Access-Control-Expose-Headers").unwrap_or_default();
    for name in [
        "X-Total-Count",
        "Link",
        "Location",
        "Retry-After",
        "X-RateLimit-Limit",
        "X-RateLimit-Reset",
        "X-RateLimit-Rule",
    ] {
        assert!(exposed.contains(name), "{name}");
    }
}

#[test]
fn large_reply_is_described_not_built() {
    let mut client = Client::with_rows(1);
    let reply = client.get("/api/now/practice/bytes", &[("size", "20971520")]);
    assert!(matches!(reply.body, Body::Filler(20_971_520)));
    assert_eq!(client.get("/api/now/practice/bytes", &[("size", "99999999999")]).status, 400);
    assert_eq!(client.instance.handle(&Request::new("GET", "/api/now/practice/bytes?size=1"), client.now).status, 401);
}

#[test]
fn tables_are_all_readable_by_an_administrator() {
    let mut client = Client::with_rows(300);
    // The transactions grow with every request, these included.
    let tables: Vec<_> = client.instance.tables().filter(|(table, _)| *table != "syslog_transaction").collect();
    for (table, count) in tables {
        let target = format!("/api/now/table/{table}?sysparm_limit=100000&sysparm_display_value=all");
        let reply = client.send_as("practice.admin", Request::new("GET", &target));
        assert!(reply.status == 200 && rows(&reply).len() == count, "{table}: {count}");
    }
}

#[test]
fn control_page_loads_nothing_from_other_origins() {
    let mut client = Client::with_rows(1);
    let ask = |client: &mut Client, path: &str, accept: &str| {
        let request = Request::new("GET", path).with_header("Host", "127.0.0.1:8787").with_header("Accept", accept);
        client.instance.handle(&request, client.now)
    };
    let page = ask(&mut client, "/__practice", "text/html,application/xhtml+xml,*/*;q=0.8");
    assert_eq!((page.status, page.header("Content-Type")), (200, Some("text/html;charset=UTF-8")));
    assert!(page.header("Content-Security-Policy").is_some_and(|policy| policy.starts_with("default-src 'self'")));
    let text = String::from_utf8_lossy(page.bytes()).into_owned();
    for part in text.split("\"/__practice/").skip(1) {
        let path = format!("/__practice/{}", part.split('"').next().unwrap_or_default());
        assert_eq!(ask(&mut client, &path, "*/*").status, 200, "{path}");
    }
    assert_eq!(ask(&mut client, "/__practice", "*/*").as_json()["tables"]["incident"], 1);
    let far = Request::new("GET", "/__practice").with_header("Host", "evil.example").with_header("Accept", "text/html");
    assert_eq!(client.instance.handle(&far, client.now).status, 403);
}

#[test]
fn description_names_every_table_and_status() {
    let mut client = Client::with_rows(1);
    let (status, description) = practice(&mut client, "GET", "openapi.json", &Value::Null);
    assert_eq!((status, &description["openapi"]), (200, &json!("3.1.0")));
    let list = &description["paths"]["/api/now/table/{table_name}"]["get"];
    let tables = list["parameters"][0]["schema"]["enum"].as_array().map(Vec::len);
    assert_eq!(tables, Some(client.instance.tables().count()));
    assert!(["200", "400", "401", "403", "429"].iter().all(|status| !list["responses"][status].is_null()));
}

#[test]
fn control_interface_answers_as_described() {
    let mut client = Client::with_rows(1);
    let (_, description) = practice(&mut client, "GET", "openapi.json", &Value::Null);
    let schema = |name: &str| description["components"]["schemas"][name].clone();
    let paths = description["paths"].as_object().cloned().unwrap_or_default();
    let mut compared = 0;
    for (path, methods) in
        paths.iter().filter_map(|(path, methods)| Some((path.strip_prefix("/__practice/")?, methods)))
    {
        for (method, operation) in methods.as_object().into_iter().flatten() {
            let body = match path {
                "scenario" => json!({"name": "token-expired"}),
                "revoke-after" => json!({"calls": 3}),
                _ => json!({}),
            };
            let (status, reply) = practice(&mut client, &method.to_uppercase(), path, &body);
            let given = operation["responses"]["200"]["content"]["application/json"]["schema"]["$ref"].as_str();
            let given = schema(given.and_then(|name| name.rsplit('/').next()).unwrap_or_default());
            let required = given["required"].as_array().cloned().unwrap_or_default();
            let missing = required.iter().find(|name| reply.get(name.as_str().unwrap_or_default()).is_none());
            assert_eq!((status, missing, required.is_empty()), (200, None, false), "{method} {path}: {reply}");
            compared += 1;
        }
    }
    assert_eq!(compared, 12);
    let switches = schema("Switches");
    assert_eq!(switches["properties"]["hidden"]["default"], json!(0.0));
    assert!(switches["properties"]["language"]["description"].as_str().is_some_and(|text| text.ends_with('.')));
}

#[test]
fn accounts_and_tables_are_shown_as_they_are_kept() {
    let mut client = Client::with_rows(3);
    client.update_record("sys_user", "user_name", "practice.agent", &json!({"active": "false"}));
    let (_, accounts) = practice(&mut client, "GET", "accounts", &Value::Null);
    let users: Vec<_> =
        accounts["users"].as_array().into_iter().flatten().map(|user| user["user_name"].clone()).collect();
    assert!(users.contains(&json!("practice.admin")) && !users.contains(&json!("practice.agent")), "{users:?}");
    assert_eq!(accounts["clients"][0]["client_secret"], "practice-secret");
    let (_, tables) = practice(&mut client, "GET", "tables", &Value::Null);
    let incident = tables["tables"].as_array().into_iter().flatten().find(|table| table["name"] == "incident").cloned();
    assert_eq!(incident, Some(json!({"name": "incident", "label": "Incident", "parent": "task", "rows": 3})));
}
