//! Sign-in by records: each record that can be wrong, the failure that it causes, and the same call after the fix.

use crate::client::{Client, FORM, GRANT, NOON, text};

use serde_json::{Value, json};
use sysparm_instance::{ApplicationUserMissing, Release, Request, TokenErrorStyle};

const REFUSED: &str = r#"{"error_description":"access_denied","error":"server_error"}"#;
const PASSWORD: &str = "grant_type=password&client_id=practice-client&client_secret=practice-secret&username=practice.integration&password=practice-password";

fn list(client: &mut Client) -> u16 {
    client.get("/api/now/table/incident", &[("sysparm_limit", "1")]).status
}

fn logged(client: &mut Client) -> String {
    let target =
        "/api/now/table/syslog?sysparm_query=messageLIKEtoken%20flow%5EORDERBYDESCsys_created_on&sysparm_limit=1";
    let reply = client.send_as("practice.admin", Request::new("GET", target));
    text(&reply.as_json()["result"][0], "message")
}

#[test]
fn client_credentials_need_each_record_to_be_right() {
    let property = "glide.oauth.inbound.client.credential.grant_type.enabled";
    let user = "practice.integration";
    let cases: [(&str, &str, &str, Value, Value); 9] = [
        ("sys_properties", "name", property, json!({"value": "false"}), json!({"value": "true"})),
        (
            "sys_properties",
            "name",
            "com.snc.platform.security.oauth.is.active",
            json!({"value": "false"}),
            json!({"value": "true"}),
        ),
        (
            "v_plugin",
            "id",
            "com.snc.platform.security.oauth",
            json!({"active": "inactive"}),
            json!({"active": "active"}),
        ),
        ("oauth_entity", "client_id", "practice-client", json!({"active": "false"}), json!({"active": "true"})),
        (
            "oauth_entity",
            "client_id",
            "practice-client",
            json!({"client_secret": "rotated"}),
            json!({"client_secret": "practice-secret"}),
        ),
        ("sys_user", "user_name", user, json!({"active": "false"}), json!({"active": "true"})),
        ("sys_user", "user_name", user, json!({"locked_out": "true"}), json!({"locked_out": "false"})),
        (
            "sys_user",
            "user_name",
            user,
            json!({"password_needs_reset": "true"}),
            json!({"password_needs_reset": "false"}),
        ),
        ("oauth_entity", "client_id", "practice-client", json!({"user": ""}), Value::Null),
    ];
    let mut client = Client::with_rows(1);
    let user_id = text(&client.record("sys_user", "user_name", user), "sys_id");
    for (table, column, value, wrong, right) in cases {
        let right = if right.is_null() { json!({ "user": user_id }) } else { right };
        client.update_record(table, column, value, &wrong);
        let refused = client.grant(GRANT);
        assert_eq!((refused.status, refused.bytes()), (401, REFUSED.as_bytes()), "{table} {wrong}");
        assert!(logged(&mut client).starts_with("Exception on token flow - "), "{table} {wrong}");
        client.update_record(table, column, value, &right);
        assert_eq!(client.grant(GRANT).status, 200, "{table} {right}");
        assert_eq!(list(&mut client), 200, "{table} {right}");
    }
}

#[test]
fn missing_application_user_gives_token_that_nothing_accepts() {
    let mut client = Client::with_rows(1);
    client.instance.switches_mut().application_user_missing = ApplicationUserMissing::Useless;
    client.update_record("oauth_entity", "client_id", "practice-client", &json!({"user": ""}));
    client.sign_in();
    assert_eq!(list(&mut client), 401);
}

#[test]
fn token_before_washington_acts_as_guest() {
    let mut client = Client::with_rows(1);
    for (release, status, message) in
        [("vancouver", 401, "User Not Authenticated"), ("washingtondc", 200, ""), ("australia", 200, "")]
    {
        let request = Request::new("POST", "/__practice/switches")
            .with_body("application/json", json!({ "release": release }).to_string());
        assert_eq!(client.instance.handle(&request, NOON).status, 200);
        client.sign_in();
        let reply = client.get("/api/now/table/incident", &[]);
        assert_eq!((reply.status, text(&reply.as_json()["error"], "message")), (status, message.into()), "{release}");
    }
    let name = client.record("sys_properties", "name", "glide.buildname");
    assert_eq!((text(&name, "value"), client.instance.switches().release), ("Australia".into(), Release::Australia));
}

#[test]
fn token_is_invalid_once_its_credential_row_is_deleted() {
    let mut client = Client::with_rows(1);
    let row = client.record("oauth_credential", "type", "access_token");
    assert_eq!((text(&row, "expires"), text(&row, "token")), ("2026-03-01 12:30:00".into(), "{encrypted}".into()));
    let target = format!("/api/now/table/oauth_credential/{}", text(&row, "sys_id"));
    assert_eq!(client.send_as("practice.admin", Request::new("DELETE", &target)).status, 204);
    assert_eq!(list(&mut client), 401);
}

#[test]
fn token_can_be_revoked_by_anyone() {
    let mut client = Client::with_rows(1);
    let token = text(&client.grant(GRANT).as_json(), "access_token");
    let revoke = Request::new("GET", &format!("/oauth_revoke_token.do?token={token}"));
    assert_eq!((list(&mut client), client.instance.handle(&revoke, NOON).status, list(&mut client)), (200, 200, 401));
}

#[test]
fn password_grant_has_its_own_switch() {
    let mut client = Client::with_rows(1);
    assert_eq!(client.grant(PASSWORD).status, 200);
    client.update_record(
        "sys_properties",
        "name",
        "glide.oauth.inbound.ropc.grant_type.disabled",
        &json!({"value": "true"}),
    );
    assert_eq!((client.grant(PASSWORD).status, client.grant(GRANT).status), (401, 200));
}

#[test]
fn url_parameters_count_where_the_property_allows_them() {
    let mut client = Client::with_rows(1);
    let request = Request::new("POST", &format!("/oauth_token.do?{GRANT}"));
    assert_eq!(client.instance.handle(&request, NOON).status, 401);
    client.update_record(
        "sys_properties",
        "name",
        "glide.oauth.allow.parameters.in.post.body.only",
        &json!({"value": "false"}),
    );
    assert_eq!(client.instance.handle(&request, NOON).status, 200);
}

#[test]
fn scope_is_granted_once_it_is_attached() {
    let mut client = Client::with_rows(1);
    let form = format!("{GRANT}&scope=incidents");
    assert_eq!(client.grant(&form).status, 401);
    assert!(logged(&mut client).contains("invalid_scope"));
    let entity = text(&client.record("oauth_entity", "client_id", "practice-client"), "sys_id");
    client.add("oauth_entity_scope", &json!({"oauth_entity": entity, "name": "incidents"}));
    assert_eq!(client.grant(&form).status, 200);
}

#[test]
fn refusals_can_follow_rfc_6749() {
    let mut client = Client::with_rows(1);
    client.instance.switches_mut().token_error_style = TokenErrorStyle::Rfc6749;
    let reply = client
        .grant("grant_type=password&client_id=practice-client&client_secret=practice-secret&username=a&password=b");
    assert_eq!((reply.status, text(&reply.as_json(), "error")), (400, "invalid_grant".into()));
    let reply = client.grant("grant_type=password&client_id=x&client_secret=y");
    assert_eq!((reply.status, text(&reply.as_json(), "error")), (401, "invalid_client".into()));
}

#[test]
fn administrator_tables_need_roles() {
    let mut client = Client::with_rows(3);
    for table in ["sys_properties", "oauth_entity", "sys_user_has_role", "v_plugin", "sys_api_access_policy", "syslog"]
    {
        let reply = client.get(&format!("/api/now/table/{table}"), &[]);
        let message = text(&reply.as_json()["error"], "message");
        assert_eq!(reply.status, 403, "{table}");
        assert_eq!(message, format!("Operation against file '{table}' was denied due to table security."));
    }
    let user = text(&client.record("sys_user", "user_name", "practice.integration"), "sys_id");
    let role = text(&client.record("sys_user_role", "name", "oauth_admin"), "sys_id");
    client.add("sys_user_has_role", &json!({"user": user, "role": role, "state": "active"}));
    assert_eq!(client.get("/api/now/table/oauth_entity", &[]).status, 200);
    let visitor = client.send_as("practice.visitor", Request::new("GET", "/api/now/table/incident"));
    assert_eq!(visitor.status, 403);
    let reply = client.send_as("practice.auditor", Request::new("DELETE", &format!("/api/now/table/sys_user/{user}")));
    assert_eq!(reply.status, 403, "snc_read_only stops every write");
}

#[test]
fn token_request_with_wrong_body_is_refused() {
    let mut client = Client::with_rows(1);
    let cookie = Request::new("POST", "/oauth_token.do").with_body(FORM, GRANT).with_header("Cookie", "JSESSIONID=A");
    assert_eq!(client.instance.handle(&cookie, NOON).status, 401);
}
