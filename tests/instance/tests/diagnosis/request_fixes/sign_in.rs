//! Tokens and users.

use serde_json::json;
use sysparm_instance::Request;

use super::RequestFix;
use super::requests::*;
use crate::begin;
use crate::client::{FORM, GRANT, NOON, text};
use crate::record_fixes::{grant, list_profile, property};
use crate::steps::*;

pub(super) const FIXES: &[RequestFix] = &[
    // Requests for a token.
    (
        "oauth.scope-not-attached",
        nothing,
        |client| {
            client.grant(GRANT);
            client.grant(&format!("{GRANT}&scope=incidents"))
        },
        |client| client.grant(GRANT),
    ),
    (
        "oauth.session-cookie",
        nothing,
        |client| {
            plain(
                client,
                Request::new("POST", "/oauth_token.do").with_body(FORM, GRANT).with_header("Cookie", "JSESSIONID=1"),
            )
        },
        |client| client.grant(GRANT),
    ),
    (
        "oauth.no-form",
        nothing,
        |client| {
            form(
                client,
                "application/json",
                r#"{"grant_type":"client_credentials","client_id":"practice-client","client_secret":"practice-secret"}"#,
            )
        },
        |client| client.grant(GRANT),
    ),
    (
        "oauth.no-post",
        nothing,
        |client| plain(client, Request::new("GET", &format!("/oauth_token.do?{GRANT}"))),
        |client| client.grant(GRANT),
    ),
    (
        "oauth.parameters-in-url",
        |client| property(client, "glide.oauth.allow.parameters.in.post.body.only", "true"),
        |client| plain(client, Request::new("POST", &format!("/oauth_token.do?{GRANT}"))),
        |client| client.grant(GRANT),
    ),
    (
        "oauth.client-credentials-wrong",
        nothing,
        |client| client.grant(&GRANT.replace("practice-secret", "another")),
        |client| client.grant(GRANT),
    ),
    (
        "oauth.user-password-wrong",
        nothing,
        |client| client.grant(&PASSWORD.replace("agent-password", "agent-typo")),
        |client| client.grant(PASSWORD),
    ),
    (
        "oauth.user-needs-more",
        |client| agent(client, &json!({"password_needs_reset": "true"})),
        |client| client.grant(PASSWORD),
        |client| {
            agent(client, &json!({"password_needs_reset": "false"}));
            client.grant(PASSWORD)
        },
    ),
    (
        "oauth.password-grant-off",
        |client| property(client, "glide.oauth.inbound.ropc.grant_type.disabled", "true"),
        |client| client.grant(PASSWORD),
        |client| client.grant(GRANT),
    ),
    (
        "oauth.application-user-missing",
        |client| client.update_record("oauth_entity", "client_id", "practice-client", &json!({"user": ""})),
        |client| client.grant(GRANT),
        |client| {
            let user = text(&client.record("sys_user", "user_name", "practice.integration"), "sys_id");
            client.update_record("oauth_entity", "client_id", "practice-client", &json!({"user": user}));
            client.grant(GRANT)
        },
    ),
    (
        "oauth.application-user-blocked",
        |client| client.update_record("sys_user", "user_name", "practice.integration", &json!({"locked_out": "true"})),
        |client| client.grant(GRANT),
        |client| {
            client.update_record("sys_user", "user_name", "practice.integration", &json!({"locked_out": "false"}));
            client.grant(GRANT)
        },
    ),
    (
        "oauth.refresh-token-revoked",
        nothing,
        |client| {
            let token = text(&client.grant(PASSWORD).as_json(), "refresh_token");
            plain(client, Request::new("POST", "/oauth_revoke_token.do").with_body(FORM, format!("token={token}")));
            refreshed(client, &token)
        },
        |client| {
            let token = text(&client.grant(PASSWORD).as_json(), "refresh_token");
            refreshed(client, &token)
        },
    ),
    (
        "oauth.code-mismatch",
        nothing,
        |client| exchanged(client, "http%3A%2F%2Flocalhost%3A8080%2Fother"),
        |client| exchanged(client, CALLBACK),
    ),
    ("oauth.client-not-public", nothing, exchanged_without_secret, |client| {
        client.update_record("oauth_entity", "client_id", "practice-client", &json!({"public_client": "true"}));
        exchanged_without_secret(client)
    }),
    ("oauth.state-missing", nothing, |client| plain(client, Request::new("GET", ASK)), code_exchange),
    (
        "oauth.endpoint-down",
        |client| fails(client, "/oauth_token.do", unavailable(505)),
        |client| client.grant(GRANT),
        |client| client.grant(GRANT),
    ),
    (
        "jwt.key-unknown",
        nothing,
        |client| asserted(client, &json!({})),
        |client| {
            verified(client);
            asserted(client, &json!({}))
        },
    ),
    (
        "jwt.claims",
        verified,
        |client| asserted(client, &json!({"aud": "another"})),
        |client| asserted(client, &json!({})),
    ),
    (
        "jwt.time",
        verified,
        |client| asserted(client, &json!({"exp": 1_000_000_000})),
        |client| asserted(client, &json!({})),
    ),
    (
        "jwt.subject",
        verified,
        |client| asserted(client, &json!({"sub": "nobody@example.com"})),
        |client| asserted(client, &json!({})),
    ),
    (
        "jwt.subject-is-admin",
        |client| {
            verified(client);
            client.update_record("sys_user", "user_name", "practice.admin", &json!({"email": "admin@example.com"}));
        },
        |client| asserted(client, &json!({"sub": "admin@example.com"})),
        |client| asserted(client, &json!({})),
    ),
    // Tokens of another provider.
    (
        "oidc.claims",
        |client| begin(client, "foreign-token-refused"),
        |client| foreign(client, &json!({"aud": "another"})),
        |client| foreign(client, &json!({})),
    ),
    (
        "oidc.user-unknown",
        |client| begin(client, "foreign-token-refused"),
        |client| foreign(client, &json!({"email": "nobody@example.com"})),
        |client| {
            agent(client, &json!({"email": "nobody@example.com"}));
            foreign(client, &json!({"email": "nobody@example.com"}))
        },
    ),
    (
        "oidc.used-before",
        |client| begin(client, "foreign-token-refused"),
        |client| nth(client, 2, |client| foreign(client, &json!({"jti": "once"}))),
        |client| {
            let off = json!({"enable_jti_verification": "false"});
            client.update_record("oidc_provider_configuration", "oidc_provider", "Elsewhere", &off);
            foreign(client, &json!({"jti": "once"}))
        },
    ),
    // Who is asking.
    (
        "credentials.not-sent",
        nothing,
        |client| plain(client, Request::new("GET", ONE).with_header("Accept", "application/json")),
        signed_in,
    ),
    (
        "token.expired",
        |client| set(client, |switches| switches.token_lifetime = 60),
        |client| {
            client.sign_in();
            get(client, ONE);
            client.now += 60_000;
            get(client, ONE)
        },
        signed_in,
    ),
    (
        "token.revoked",
        nothing,
        |client| {
            let token = text(&client.grant(GRANT).as_json(), "access_token");
            bearer(client, &token);
            plain(client, Request::new("POST", "/oauth_revoke_token.do").with_body(FORM, format!("token={token}")));
            bearer(client, &token)
        },
        signed_in,
    ),
    (
        "oauth.token-of-guest",
        |client| {
            let _ = client.instance.begin_scenario("token-of-guest", NOON);
        },
        |client| {
            let token = text(&client.grant(GRANT).as_json(), "access_token");
            bearer(client, &token)
        },
        |client| {
            let token = text(&client.grant(PASSWORD).as_json(), "access_token");
            bearer(client, &token)
        },
    ),
    (
        "session.user-token",
        nothing,
        |client| {
            let cookie = cookie(client);
            plain(client, Request::new("GET", ONE).with_header("Cookie", &cookie))
        },
        |client| {
            let cookie = cookie(client);
            let stale = plain(client, Request::new("GET", ONE).with_header("Cookie", &cookie));
            let token = stale.header("X-UserToken-Response").unwrap_or_default().to_owned();
            plain(client, Request::new("GET", ONE).with_header("Cookie", &cookie).with_header("X-UserToken", &token))
        },
    ),
    (
        "key.place",
        |client| begin(client, "api-key-without-policy"),
        |client| keyed(client, &format!("{STATS}&x-sn-apikey=practice-api-key"), None),
        |client| keyed(client, STATS, Some("practice-api-key")),
    ),
    (
        "key.wrong",
        |client| begin(client, "api-key-without-policy"),
        |client| keyed(client, STATS, Some("mistyped-key")),
        |client| keyed(client, STATS, Some("practice-api-key")),
    ),
    (
        "basic.wrong",
        nothing,
        |client| {
            plain(client, Request::new("GET", ONE).with_header("Authorization", "Basic cHJhY3RpY2UuYWdlbnQ6dHlwbw=="))
        },
        |client| client.send_as("practice.agent", Request::new("GET", ONE)),
    ),
    (
        "policy.without-basic",
        |client| list_profile(client, "Aggregate API", "oauth"),
        |client| client.send_as("practice.agent", Request::new("GET", STATS)),
        |client| {
            list_profile(client, "Aggregate API", "basic_auth");
            client.send_as("practice.agent", Request::new("GET", STATS))
        },
    ),
    (
        "acl.machine-identity",
        |client| {
            let control =
                json!({"name": "Users alone", "active": "true", "rest_api": "Table API", "tables": "sys_user"});
            let control = client.add("machine_identity_access_control", &control);
            let user = text(&client.record("sys_user", "user_name", "practice.visitor"), "sys_id");
            client.update_record(
                "sys_user",
                "user_name",
                "practice.visitor",
                &json!({"web_service_access_only": "true"}),
            );
            grant(client, "practice.visitor", "sn_incident_read");
            client.add(
                "machine_identity_access_control_user",
                &json!({"machine_identity_access_control": control, "user": user}),
            );
        },
        |client| client.send_as("practice.visitor", Request::new("GET", ONE)),
        |client| {
            client.update_record(
                "machine_identity_access_control",
                "name",
                "Users alone",
                &json!({"tables": "sys_user,incident"}),
            );
            client.send_as("practice.visitor", Request::new("GET", ONE))
        },
    ),
];
