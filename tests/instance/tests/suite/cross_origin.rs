//! CORS rules as records: by API, method, origin and header; and the OAuth endpoints, which use a property instead.

use crate::client::{Client, FORM, GRANT, NOON};

use serde_json::{Value, json};
use sysparm_instance::{Reply, Request};

const FAR: &str = "https://console.example.com";
const INCIDENTS: &str = "/api/now/table/incident";

fn rule(client: &mut Client, change: &Value) {
    let mut row = json!({"name": "Console", "active": "true", "rest_api": "Table API", "domain": FAR,
        "http_methods": "GET,POST", "allow_headers": "Authorization, Content-Type", "expose_headers": "X-Total-Count",
        "max_age": "600"});
    for (name, value) in change.as_object().into_iter().flatten() {
        row[name] = value.clone();
    }
    client.add("sys_cors_rule", &row);
}

fn asked(client: &mut Client, method: &str, target: &str, origin: &str) -> Reply {
    client.send(Request::new(method, target).with_header("Origin", origin))
}

fn preflight(client: &mut Client, target: &str, method: &str, headers: &str) -> Reply {
    let request = Request::new("OPTIONS", target)
        .with_header("Origin", FAR)
        .with_header("Access-Control-Request-Method", method)
        .with_header("Access-Control-Request-Headers", headers);
    client.instance.handle(&request, NOON)
}

fn admitted(reply: &Reply) -> Option<&str> {
    reply.header("Access-Control-Allow-Origin")
}

#[test]
fn rule_covers_one_api_its_methods_and_its_headers() {
    let mut client = Client::with_rows(1);
    assert_eq!(admitted(&asked(&mut client, "GET", INCIDENTS, FAR)), None);
    rule(&mut client, &json!({}));
    let reply = asked(&mut client, "GET", INCIDENTS, FAR);
    assert_eq!((reply.status, admitted(&reply), reply.header("Vary")), (200, Some(FAR), Some("Origin")));
    assert_eq!(reply.header("Access-Control-Expose-Headers"), Some("X-Total-Count"));
    assert_eq!(reply.header("Access-Control-Allow-Credentials"), None);
    let reply = asked(&mut client, "GET", "/api/now/stats/incident?sysparm_count=true", FAR);
    assert_eq!((reply.status, admitted(&reply)), (200, None), "another API; the reply itself is the same");
    assert_eq!(admitted(&asked(&mut client, "DELETE", INCIDENTS, FAR)), None);

    let leave = preflight(&mut client, INCIDENTS, "POST", "authorization,content-type");
    assert_eq!(leave.header("Access-Control-Max-Age"), Some("600"));
    assert_eq!(leave.header("Access-Control-Allow-Methods"), Some("GET,POST"));
    for (method, headers) in [("PATCH", "authorization"), ("POST", "authorization,x-usertoken")] {
        let refused = preflight(&mut client, INCIDENTS, method, headers);
        assert_eq!(refused.header("Access-Control-Allow-Methods"), None, "{method} {headers}");
    }
}

#[test]
fn exact_domain_beats_wildcard_and_credentials_require_it() {
    let mut client = Client::with_rows(1);
    let wide = json!({"domain": "https://*.example.com", "allow_headers": "*", "expose_headers": "Link",
        "allow_credentials": "true"});
    rule(&mut client, &wide);
    let reply = asked(&mut client, "GET", INCIDENTS, FAR);
    assert_eq!(reply.header("Access-Control-Expose-Headers"), Some("Link"));
    assert_eq!(reply.header("Access-Control-Allow-Credentials"), None);
    let leave = preflight(&mut client, INCIDENTS, "GET", "x-anything");
    assert_eq!(leave.header("Access-Control-Allow-Headers"), Some("x-anything"));
    for origin in ["http://console.example.com", "https://console.example.com.evil", "https://.example.com"] {
        assert_eq!(admitted(&asked(&mut client, "GET", INCIDENTS, origin)), None, "{origin}");
    }
    rule(&mut client, &json!({"allow_credentials": "true"}));
    let reply = asked(&mut client, "GET", INCIDENTS, FAR);
    assert_eq!(reply.header("Access-Control-Expose-Headers"), Some("X-Total-Count"));
    assert_eq!(reply.header("Access-Control-Allow-Credentials"), Some("true"));
}

#[test]
fn bare_wildcard_domain_admits_no_origin() {
    let mut client = Client::with_rows(1);
    for domain in ["*", "https://*", "ftp://*.example.com", "https://con*.example.com"] {
        rule(&mut client, &json!({ "domain": domain }));
        assert_eq!(admitted(&asked(&mut client, "GET", INCIDENTS, FAR)), None, "{domain}");
    }
}

#[test]
fn rule_for_a_loopback_origin_replaces_the_practice_rule() {
    let mut client = Client::with_rows(1);
    let near = "http://localhost:5173";
    let stats = "/api/now/stats/incident?sysparm_count=true";
    assert_eq!(admitted(&asked(&mut client, "GET", stats, near)), Some(near));
    rule(&mut client, &json!({ "domain": near }));
    assert_eq!(admitted(&asked(&mut client, "GET", stats, near)), None);
    assert_eq!(admitted(&asked(&mut client, "GET", INCIDENTS, near)), Some(near));
    client.update_record("sys_properties", "name", "glide.rest.cors.enabled", &json!({"value": "false"}));
    assert_eq!(admitted(&asked(&mut client, "GET", INCIDENTS, near)), None);
}

#[test]
fn oauth_endpoints_use_their_own_property_and_no_rule() {
    let mut client = Client::with_rows(1);
    client.instance.switches_mut().oauth_cors_origin = String::new();
    rule(&mut client, &json!({"rest_api": "all"}));
    let paths = ["/oauth_token.do", "/.well-known/oauth-authorization-server", "/api/now/oauth/jwks"];
    let tried = |client: &mut Client| {
        paths.map(|path| {
            let method = if path == "/oauth_token.do" { "POST" } else { "GET" };
            let request = Request::new(method, path).with_body(FORM, GRANT).with_header("Origin", FAR);
            let reply = client.instance.handle(&request, NOON);
            assert_eq!(reply.status, 200, "{path}");
            admitted(&reply).map(str::to_owned)
        })
    };
    assert_eq!(tried(&mut client), [None, None, None]);
    client.update_record("sys_properties", "name", "glide.oauth.cors.allowed.origin", &json!({ "value": FAR }));
    assert_eq!(tried(&mut client), [FAR; 3].map(|origin| Some(origin.to_owned())));
    let list = format!("{FAR},https://other.example.com");
    client.update_record("sys_properties", "name", "glide.oauth.cors.allowed.origin", &json!({ "value": list }));
    assert_eq!(tried(&mut client), [None, None, None], "it takes one origin, not a list");
}
