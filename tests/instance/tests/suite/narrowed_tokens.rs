//! Restrictions on the use of a token: the implicit grant's list, the wording of a refusal, scopes, and policies.

use crate::browser::{browse, page, parameter};
use crate::client::{Client, GRANT, NOON, text};

use serde_json::{Value, json};
use sysparm_instance::{Reply, Request, TokenErrorStyle};

const IMPLICIT: &str =
    "response_type=token&client_id=practice-client&redirect_uri=http%3A%2F%2F127.0.0.1%3A8080%2Fcallback&state=xyz";
const CLIENT: &str = "client_id=practice-client&client_secret=practice-secret";
const ALLOWED: &str = "glide.oauth.clients.allowed.for.implicit.grant";

fn change_client(client: &mut Client, change: &Value) {
    client.update_record("oauth_entity", "client_id", "practice-client", change);
}

fn called(client: &mut Client, target: &str, token: &str) -> Reply {
    let request = Request::new("GET", target).with_header("Authorization", &format!("Bearer {token}"));
    client.instance.handle(&request, client.now)
}

fn message(reply: &Reply) -> String {
    text(&reply.as_json()["error"], "message")
}

fn logged(client: &mut Client) -> String {
    let target = "/api/now/table/syslog?sysparm_query=messageLIKEtoken%20flow%5EORDERBYDESCsys_created_on";
    let reply = client.send_as("practice.admin", Request::new("GET", target));
    reply.as_json()["result"].to_string()
}

#[test]
fn implicit_grant_is_for_listed_clients_only() {
    let mut client = Client::with_rows(1);
    assert_eq!(browse(&mut client, IMPLICIT, "allow"), "");
    assert!(logged(&mut client).contains("unauthorized_client"));
    client.update_record("sys_properties", "name", ALLOWED, &json!({"value": "other-client, practice-client"}));
    let location = browse(&mut client, IMPLICIT, "allow");
    assert!(location.starts_with("http://127.0.0.1:8080/callback?"), "{location}");
    assert_eq!((parameter(&location, "state"), parameter(&location, "expires_in")), ("xyz".into(), "1799".into()));
    assert_eq!(parameter(&location, "refresh_token"), "");
    let me = called(&mut client, "/api/now/ui/user/current_user", &parameter(&location, "access_token"));
    assert_eq!(me.as_json()["result"]["user_name"], "practice.agent");
    assert_eq!(parameter(&browse(&mut client, IMPLICIT, "deny"), "error"), "access_denied");
    let elsewhere = IMPLICIT.replace("127.0.0.1%3A8080%2Fcallback", "evil.example%2F");
    assert!(browse(&mut client, &elsewhere, "allow").starts_with("http://localhost:8080/callback?access_token="));
}

#[test]
fn refusals_of_every_grant_are_worded_as_the_switch_says() {
    let mut client = Client::with_rows(1);
    let jwt = "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer";
    let grants = [
        ("grant_type=client_credentials&client_id=practice-client&client_secret=x".to_owned(), 401, "invalid_client"),
        (format!("{GRANT}&scope=unheard"), 400, "invalid_scope"),
        (format!("grant_type=password&{CLIENT}&username=practice.agent&password=x"), 400, "invalid_grant"),
        (format!("grant_type=refresh_token&{CLIENT}&refresh_token=x"), 400, "invalid_grant"),
        (format!("grant_type=authorization_code&{CLIENT}&code=x"), 400, "invalid_grant"),
        (format!("{jwt}&{CLIENT}&assertion=x"), 400, "invalid_grant"),
        (format!("{jwt}&{CLIENT}"), 400, "invalid_request"),
        (format!("grant_type=device&{CLIENT}"), 400, "unsupported_grant_type"),
        (CLIENT.to_owned(), 400, "invalid_request"),
    ];
    for (form, status, code) in grants {
        client.instance.switches_mut().token_error_style = TokenErrorStyle::Servicenow;
        let plain = client.grant(&form);
        assert_eq!((plain.status, text(&plain.as_json(), "error")), (401, "server_error".into()), "{form}");
        client.instance.switches_mut().token_error_style = TokenErrorStyle::Rfc6749;
        let worded = client.grant(&form);
        assert_eq!((worded.status, text(&worded.as_json(), "error")), (status, code.into()), "{form}");
    }
    assert_eq!(parameter(&browse_first(&mut client, IMPLICIT), "error"), "unauthorized_client");
}

/// Where the authorization endpoint sends a browser that has not logged in.
fn browse_first(client: &mut Client, ask: &str) -> String {
    let reply = client.instance.handle(&Request::new("GET", &format!("/oauth_auth.do?{ask}")), NOON);
    reply.header("Location").unwrap_or_default().to_owned()
}

#[test]
fn authorization_request_with_one_fault_ends_on_a_page() {
    let mut client = Client::with_rows(1);
    for (wrong, message) in [
        (IMPLICIT.replace("practice-client", "unknown"), "Invalid client_id"),
        (IMPLICIT.replace("token", "id_token"), "Unsupported response_type"),
        (IMPLICIT.replace("&state=xyz", ""), "Missing State parameter in request"),
        (IMPLICIT.to_owned(), "not allowed to use the implicit grant"),
    ] {
        let reply = client.instance.handle(&Request::new("GET", &format!("/oauth_auth.do?{wrong}")), NOON);
        assert!(reply.status == 400 && page(&reply).contains(message), "{wrong}: {}", page(&reply));
    }
}

#[test]
fn scoped_client_reaches_only_the_apis_linked_to_its_scopes() {
    let mut client = Client::with_rows(1);
    let entity = text(&client.record("oauth_entity", "client_id", "practice-client"), "sys_id");
    let scope = client.add("sys_auth_scope", &json!({"name": "tables"}));
    client.add("oauth_entity_scope", &json!({"oauth_entity": entity, "name": "tables"}));
    client.add("sys_api_access_scope", &json!({"auth_scope": scope, "rest_api": "Table API", "active": "true"}));
    let asked = |client: &mut Client| {
        ["/api/now/table/incident", "/api/now/stats/incident"].map(|target| client.get(target, &[]).status)
    };
    assert_eq!(asked(&mut client), [200, 200], "an API without a link is open");
    change_client(&mut client, &json!({"allow_only_scoped_apis": "true"}));
    assert_eq!(asked(&mut client), [200, 403]);
    let unscoped = client.get("/api/now/stats/incident", &[]).as_json()["error"].clone();
    assert_eq!(unscoped, json!({"message": "User Not Authorized", "detail": "Access to unscoped api is not allowed"}));
    let basic = client.send_as("practice.admin", Request::new("GET", "/api/now/stats/incident"));
    assert_eq!(basic.status, 200, "scopes are for tokens");
    client.instance.switches_mut().release = sysparm_instance::Release::Xanadu;
    assert_eq!(asked(&mut client), [200, 200], "the setting came with Yokohama");
    client.instance.switches_mut().release = sysparm_instance::Release::Zurich;
    client.add("oauth_entity_scope", &json!({"oauth_entity": entity, "name": "useraccount"}));
    assert_eq!(asked(&mut client), [200, 200], "useraccount opens everything");
}

#[test]
fn scope_can_be_required_for_one_method() {
    let mut client = Client::with_rows(1);
    let scope = client.add("sys_auth_scope", &json!({"name": "writing"}));
    let link = json!({"auth_scope": scope, "rest_api": "Table API", "http_method": "POST", "active": "true"});
    client.add("sys_api_access_scope", &link);
    let written = client.write("POST", "/api/now/table/incident", &json!({"short_description": "x"}));
    assert_eq!((written.status, client.get("/api/now/table/incident", &[]).status), (403, 200));
    assert_eq!(message(&written), "Missing required api access scope");
}

#[test]
fn restricted_token_needs_a_policy_that_lists_its_profile() {
    let mut client = Client::with_rows(1);
    change_client(&mut client, &json!({"enforce_token_restrictions": "true"}));
    let asked = |client: &mut Client| client.get("/api/now/stats/incident", &[]).status;
    assert_eq!(asked(&mut client), 401);
    let policy =
        client.add("sys_api_access_policy", &json!({"name": "T", "active": "true", "rest_api": "Aggregate API"}));
    let other = client.add("oauth_entity", &json!({"name": "Other", "client_id": "other"}));
    let profile = client.add("inbound_auth_profile", &json!({"name": "P", "type": "oauth", "oauth_entity": other}));
    client.add("sys_auth_profile_mapping", &json!({"api_access_policy": policy, "inbound_auth_profile": profile}));
    assert_eq!(asked(&mut client), 401, "the profile is another client's");
    let mine = text(&client.record("oauth_entity", "client_id", "practice-client"), "sys_id");
    let profile = client.add("inbound_auth_profile", &json!({"name": "Q", "type": "oauth", "oauth_entity": mine}));
    client.add("sys_auth_profile_mapping", &json!({"api_access_policy": policy, "inbound_auth_profile": profile}));
    assert_eq!((asked(&mut client), client.get("/api/now/table/incident", &[]).status), (200, 401));
}

#[test]
fn token_in_a_query_parameter_is_masked_in_the_journal() {
    let mut client = Client::with_rows(1);
    let token = text(&client.grant(GRANT).as_json(), "access_token");
    let request = Request::new("GET", &format!("/api/now/table/incident?sysparm_limit=1&access_token={token}"));
    assert_eq!(client.instance.handle(&request, NOON).status, 200);
    let last = client.instance.journal().last().map(|entry| entry.query.clone()).unwrap_or_default();
    assert_eq!(last, "sysparm_limit=1&access_token=[masked]");
}

#[test]
fn unauthenticated_reply_names_the_last_mapped_scheme_or_all() {
    let mut client = Client::with_rows(1);
    let asked = |client: &mut Client| {
        let reply = client.instance.handle(&Request::new("GET", "/api/now/stats/incident"), client.now);
        let named = reply.headers.iter().filter(|(name, _)| *name == "WWW-Authenticate");
        named.map(|(_, value)| value.split(' ').next().unwrap_or_default().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(asked(&mut client), ["BASIC"]);
    let policy = json!({"name": "T", "active": "true", "rest_api": "Aggregate API"});
    let policy = client.add("sys_api_access_policy", &policy);
    for (kind, expected) in [("basic_auth", "BASIC"), ("oauth", "BEARER"), ("api_key", "BEARER")] {
        client.now += 1000;
        let profile = client.add("inbound_auth_profile", &json!({"name": kind, "type": kind}));
        client.add("sys_auth_profile_mapping", &json!({"api_access_policy": policy, "inbound_auth_profile": profile}));
        assert_eq!(asked(&mut client), [expected], "{kind}");
    }
    let property = "glide.security.response.authenticate.header.auth_profile.first_scheme_only";
    client.update_record("sys_properties", "name", property, &json!({"value": "false"}));
    assert_eq!(asked(&mut client), ["BEARER", "BASIC"]);
}

#[test]
fn more_specific_of_two_policies_applies() {
    let mut client = Client::with_rows(1);
    let admit = |client: &mut Client, change: &Value, kind: &str| {
        let mut row = json!({"name": kind, "active": "true", "rest_api": "Aggregate API"});
        for (name, value) in change.as_object().into_iter().flatten() {
            row[name] = value.clone();
        }
        let policy = client.add("sys_api_access_policy", &row);
        let profile = client.add("inbound_auth_profile", &json!({"name": kind, "type": kind}));
        client.add("sys_auth_profile_mapping", &json!({"api_access_policy": policy, "inbound_auth_profile": profile}));
    };
    let by_token =
        |client: &mut Client, version: &str| client.get(&format!("/api/now{version}/stats/incident"), &[]).status;
    admit(&mut client, &json!({}), "basic_auth");
    assert_eq!(by_token(&mut client, ""), 401);
    admit(&mut client, &json!({"version": "v1"}), "oauth");
    assert_eq!((by_token(&mut client, "/v1"), by_token(&mut client, "")), (200, 401));
    admit(&mut client, &json!({"http_method": "GET"}), "basic_auth");
    assert_eq!(by_token(&mut client, "/v1"), 401, "a method is more specific than a version");
    admit(&mut client, &json!({"http_method": "GET", "version": "v1"}), "oauth");
    assert_eq!(by_token(&mut client, "/v1"), 200);
}
