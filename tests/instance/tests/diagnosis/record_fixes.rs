//! Applies the first cause's fix to the instance's records and expects the symptom to be gone. Fixes that change the request (another
//! header, an order, a name) are in `request_fixes`.

use serde_json::json;
use sysparm_instance::Request;

use crate::client::{Client, text};
use crate::request_fixes::agent;
use crate::{diagnosed, diagnosed_again};

/// Sets a system property.
pub(crate) fn property(client: &mut Client, name: &str, value: &str) {
    if text(&client.record("sys_properties", "name", name), "sys_id").is_empty() {
        client.add("sys_properties", &json!({"name": name, "value": value}));
    } else {
        client.update_record("sys_properties", "name", name, &json!({"value": value}));
    }
}

/// Gives a user a role, creating the role if necessary.
pub(crate) fn grant(client: &mut Client, user: &str, role: &str) {
    let mut of = |table: &str, column: &str, value: &str| text(&client.record(table, column, value), "sys_id");
    let (user, known) = (of("sys_user", "user_name", user), of("sys_user_role", "name", role));
    let role = if known.is_empty() { client.add("sys_user_role", &json!({"name": role})) } else { known };
    client.add("sys_user_has_role", &json!({"user": user, "role": role, "state": "active"}));
}

fn grant_integration_user(client: &mut Client, role: &str) {
    grant(client, "practice.integration", role);
}

fn registry(client: &mut Client, column: &str, value: &str) {
    client.update_record("oauth_entity", "client_id", "practice-client", &json!({ column: value }));
}

fn attach_scope(client: &mut Client, name: &str) {
    let entity = text(&client.record("oauth_entity", "client_id", "practice-client"), "sys_id");
    client.add("oauth_entity_scope", &json!({"oauth_entity": entity, "name": name}));
}

/// Adds a profile to the policy of an API.
pub(crate) fn list_profile(client: &mut Client, api: &str, kind: &str) {
    let policy = format!("{api} policy");
    let place = if kind == "api_key" { "header" } else { "" };
    let mut of = |table: &str, value: &str| text(&client.record(table, "name", value), "sys_id");
    let (policy_id, known) = (of("sys_api_access_policy", &policy), of("inbound_auth_profile", kind));
    // Inactive until its profile is listed: an active policy would refuse the administrator who lists it.
    let policy_id = if policy_id.is_empty() {
        client.add("sys_api_access_policy", &json!({"name": policy, "active": "false", "rest_api": api}))
    } else {
        policy_id
    };
    let profile = if known.is_empty() {
        client.add("inbound_auth_profile", &json!({"name": kind, "type": kind, "auth_parameter": place}))
    } else {
        known
    };
    client.add("sys_auth_profile_mapping", &json!({"api_access_policy": policy_id, "inbound_auth_profile": profile}));
    client.update_record("sys_api_access_policy", "name", &policy, &json!({"active": "true"}));
}

fn allow_origin(client: &mut Client) {
    let rule = json!({"name": "Page", "active": "true", "rest_api": "Table API", "domain": "http://localhost:5173", "http_methods": "GET"});
    client.add("sys_cors_rule", &rule);
}

pub(crate) type Fix = fn(&mut Client);

pub(crate) const RECORD_FIXES: &[(&str, Fix)] = &[
    ("client-credentials-off", |client| {
        property(client, "glide.oauth.inbound.client.credential.grant_type.enabled", "true")
    }),
    ("scope-refused", |client| attach_scope(client, "incidents")),
    ("refresh-token-expired", |client| registry(client, "refresh_token_lifespan", "8640000")),
    ("code-expired", |client| registry(client, "auth_code_lifespan", "60")),
    ("redirect-not-registered", |client| registry(client, "redirect_url", "http://localhost:8080/callback")),
    ("oauth-not-in-policy", |client| list_profile(client, "Table API", "oauth")),
    ("basic-restricted", |client| grant(client, "practice.agent", "snc_basic_auth_api_access")),
    ("mfa-required", |client| property(client, "glide.authenticate.multifactor.for_integrations", "false")),
    ("api-key-without-policy", |client| list_profile(client, "Table API", "api_key")),
    ("api-scope-missing", |client| attach_scope(client, "tables")),
    ("rest-api-role-missing", |client| grant(client, "practice.visitor", "snc_platform_rest_api_access")),
    ("query-field-not-readable", |client| grant_integration_user(client, "sn_incident_admin")),
    ("counts-refused", |client| grant_integration_user(client, "sn_incident_admin")),
    ("update-refused", |client| grant_integration_user(client, "sn_incident_admin")),
    ("business-rule-aborts", |client| {
        client.update_record("sys_script", "name", "Change freeze", &json!({"active": "false"}))
    }),
    ("data-policy-refuses", |client| {
        client.update_record("sys_data_policy2", "short_description", "Resolution", &json!({"active": "false"}))
    }),
    ("created-and-refused", |client| grant_integration_user(client, "sn_incident_admin")),
    ("closed-to-web-services", |client| {
        client.update_record("sys_db_object", "name", "problem", &json!({"ws_access": "true"}))
    }),
    ("api-disabled", |client| property(client, "glide.rest.apis.disabled", "")),
    ("unknown-field-ignored", |client| property(client, "glide.invalid_query.returns_no_rows", "true")),
    ("field-hidden", |client| grant_integration_user(client, "sn_incident_admin")),
    ("time-zone-differs", |client| {
        client.update_record("sys_user", "user_name", "practice.integration", &json!({"time_zone": "GMT"}))
    }),
    ("rate-limited", |client| {
        client.update_record("sys_rate_limit_rules", "name", "Five an hour", &json!({"request_limit": "1000"}))
    }),
    ("cors-api", allow_origin),
    ("cors-token-endpoint", |client| property(client, "glide.oauth.cors.allowed.origin", "http://localhost:5173")),
    ("import-not-applied", |client| {
        grant_integration_user(client, "user_admin");
        // The hidden row exists already: deleted, it can be inserted again.
        let written = text(&client.record("sys_user", "user_name", "new.person"), "sys_id");
        client.send_as("practice.admin", Request::new("DELETE", &format!("/api/now/table/sys_user/{written}")));
    }),
    ("user-read-only", |client| {
        property(client, "glide.security.snc_read_only_role.tables.exempt_create", "oauth_credential")
    }),
    ("jwt-subject-refused", |client| agent(client, &json!({"email": "nobody@example.com"}))),
    ("unscoped-api-refused", |client| attach_scope(client, "useraccount")),
    ("role-missing", |client| grant_integration_user(client, "sn_incident_admin")),
];

#[test]
fn record_fix_of_first_cause_removes_symptom() {
    let mut client = Client::with_rows(60);
    let mut wrong = Vec::new();
    for (name, fix) in RECORD_FIXES {
        let Some(before) = diagnosed(&mut client, name) else { panic!("{name}") };
        fix(&mut client);
        // Signs in again, for a token of the fixed registry record.
        let after = diagnosed_again(&mut client, name);
        if after.as_ref().is_some_and(|after| after.code == before.code) {
            wrong.push(format!("{name}: still {} {:?}", before.code, after.map(|after| after.evidence)));
        } else if let Some(after) = after.filter(|_| *name != "unknown-field-ignored") {
            wrong.push(format!("{name}: {} became {} {:?}", before.code, after.code, after.evidence));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn upgrade_gives_client_credentials_token_a_user() {
    let mut client = Client::with_rows(5);
    assert_eq!(
        diagnosed(&mut client, "token-of-guest").map(|diagnosis| diagnosis.causes[0].code),
        Some("oauth.token-of-guest")
    );
    let change = Request::new("POST", "/__practice/switches").with_body("application/json", r#"{"release":"zurich"}"#);
    client.instance.handle(&change, client.now);
    assert_eq!(diagnosed_again(&mut client, "token-of-guest"), None);
}
