//! Circumstances rank causes that the reply alone cannot distinguish. Each case asserts the first cause.

use super::super::{TABLES, UNKNOWN, silent, silent_writes};
use crate::auth::GrantType;
use crate::diagnose::model::facts::{Facts, Stage, Transport};
use crate::diagnose::{Circumstances, Credential, diagnose_in};
use crate::request::{Body, Headers, Method, Reply};
use crate::time::Millis;

const REFUSED: &str = r#"{"error_description":"access_denied","error":"server_error"}"#;
const NOBODY: &str =
    r#"{"error":{"message":"User is not authenticated","detail":"Required to provide Auth information"}}"#;

fn first(
    stage: Stage,
    outcome: Result<(u16, &str, &str), Transport>,
    around: &Circumstances<'_>,
) -> (&'static str, &'static str) {
    let reply = outcome.map(|(status, headers, text)| Reply {
        status,
        headers: Headers::from_lines(headers),
        body: Body::Text(text.to_owned()),
    });
    let path = if stage == Stage::Token { "/oauth_token.do" } else { "/api/now/table/incident" };
    let method = if stage == Stage::Token { Method::Post } else { Method::Get };
    let outcome = reply.as_ref().map_err(|transport| *transport);
    let facts = Facts { stage, method, path, outcome };
    let diagnosis = diagnose_in(&facts, around, 1, Millis(0)).diagnosis;
    (diagnosis.code.as_str(), diagnosis.causes.first().map_or("", |cause| cause.code))
}

#[test]
fn refused_token_request_is_explained_by_what_was_sent() {
    let token = |around: Circumstances<'_>| first(Stage::Token, Ok((401, "", REFUSED)), &around).1;
    let none = Circumstances::default();
    let of = |grant| Circumstances { grant: Some(grant), ..none };
    assert_eq!(token(none), "oauth.client-credentials-wrong");
    for grant in GrantType::ALL {
        let cause = match grant {
            GrantType::ClientCredentials => "oauth.grant-off",
            GrantType::RefreshToken => "oauth.refresh-token-expired",
            GrantType::AuthorizationCode => "oauth.code-expired",
            GrantType::JwtBearer => "jwt.key-unknown",
            GrantType::Password => "oauth.user-password-wrong",
        };
        assert_eq!(token(of(*grant)), cause);
    }
    let clock = [("date: 61", "token.clock", "jwt.time"), ("date: 60", "token.refused", "jwt.key-unknown")];
    for (date, code, cause) in clock {
        assert_eq!(first(Stage::Token, Ok((401, date, REFUSED)), &of(GrantType::JwtBearer)), (code, cause), "{date}");
    }
    assert_eq!(token(Circumstances { token_before: true, ..none }), "oauth.client-credentials-wrong");
    assert_eq!(token(Circumstances { token_before: true, scope: true, ..none }), "oauth.scope-not-attached");
    assert_eq!(token(Circumstances { cookies: true, ..none }), "oauth.session-cookie");
    assert_eq!(token(Circumstances { content_type: Some("application/json"), ..none }), "oauth.no-form");
}

#[test]
fn error_code_of_oauth_counts_whatever_the_status() {
    let of = |grant, status, error: &str| {
        let around = Circumstances { grant: Some(grant), ..Circumstances::default() };
        first(Stage::Token, Ok((status, "content-type: application/json", error)), &around)
    };
    for status in [200, 302, 400, 401, 404, 429, 500, 503] {
        let said = |code: &str| of(GrantType::RefreshToken, status, &format!(r#"{{"error":"{code}"}}"#));
        let dead = ("token.refused", "oauth.refresh-token-expired");
        assert_eq!(said("invalid_grant"), dead, "{status}");
        assert_eq!(said("invalid_request"), dead, "{status}");
        assert_eq!(said("invalid_client"), ("token.refused", "oauth.client-credentials-wrong"), "{status}");
        assert_eq!(said("unauthorized_client").0, "token.unsupported-grant", "{status}");
        assert_eq!(said("unsupported_grant_type").0, "token.unsupported-grant", "{status}");
        assert_eq!(said("invalid_scope").0, "token.invalid-scope", "{status}");
        assert_eq!(of(GrantType::Password, status, REFUSED).1, "oauth.user-password-wrong", "{status}");
    }
    for (status, error) in [(400, "temporarily_unavailable"), (500, "server_error"), (500, "Internal Server Error")] {
        let said = of(GrantType::Password, status, &format!(r#"{{"error":"{error}"}}"#)).0;
        assert_eq!(said, "token.unavailable", "{status} {error}");
    }
    let nested = r#"{"result":{"error":{"message":"invalid_grant"}}}"#;
    assert_eq!(of(GrantType::Password, 200, nested).0, "token.unreadable");
}

#[test]
fn refused_credential_is_explained_by_what_it_opened_before() {
    let api = |around: Circumstances<'_>| first(Stage::Api, Ok((401, "", NOBODY)), &around);
    let none = Circumstances::default();
    let aged =
        |age, lifetime| Circumstances { token_age: Some(Millis(age)), token_lifetime: Some(Millis(lifetime)), ..none };
    let with = |credential| Circumstances { credential: Some(credential), ..none };
    assert_eq!(api(none), ("token.not-accepted", "token.expired"), "one renewal first");
    assert_eq!(api(Circumstances { renewed: true, ..none }).1, "oauth.token-of-guest");
    assert_eq!(api(with(Credential::Unshown)), ("authentication.refused", "credentials.not-sent"));
    assert_eq!(api(aged(1800, 1799)).1, "token.expired");
    assert_eq!(api(Circumstances { accepted_here: true, ..aged(9, 1799) }).1, "token.revoked");
    assert_eq!(api(aged(9, 1799)).1, "oauth.token-of-guest");
    assert_eq!(api(Circumstances { accepted_elsewhere: true, ..none }).1, "policy.without-oauth");
    let foreign = Circumstances { foreign: true, ..none };
    assert_eq!(api(foreign), ("token.foreign-not-accepted", "oidc.claims"));
    assert_eq!(api(Circumstances { accepted_here: true, ..foreign }).1, "oidc.used-before");
    assert_eq!(api(with(Credential::Basic)), ("basic.not-accepted", "basic.restricted"));
    assert_eq!(api(with(Credential::ApiKey)), ("key.not-accepted", "key.without-policy"));
    assert_eq!(api(with(Credential::Cookie)).0, "authentication.refused");
    let stale = first(Stage::Api, Ok((401, "x-usertoken-response: abc", NOBODY)), &with(Credential::Cookie));
    assert_eq!(stale.0, "session.token-stale");
}

#[test]
fn no_reply_is_explained_by_the_page_and_by_the_time() {
    let lost = |around: Circumstances<'_>| first(Stage::Api, Err(Transport::Unreachable), &around);
    let none = Circumstances::default();
    let page = Circumstances { in_browser: true, answers_unreadably: true, ..none };
    assert_eq!(lost(none).0, "network.unreachable");
    assert_eq!(lost(page), ("cors.refused", "cors.api"));
    assert_eq!(first(Stage::Token, Err(Transport::Unreachable), &page), ("cors.refused", "cors.token-endpoint"));
    assert_eq!(lost(Circumstances { mixed_content: true, ..none }).0, "network.mixed-content");
    assert_eq!(lost(Circumstances { duration: Some(Millis(300_020)), ..none }).0, "network.cut-at-five-minutes");
    assert_eq!(first(Stage::Api, Ok((511, "", "")), &none).0, "network.proxy-sign-in");
    assert_eq!(first(Stage::Api, Ok((401, "content-type: text/html", "<html>")), &none).0, "instance.gateway-refuses");
    assert_eq!(first(Stage::Api, Err(Transport::SourceFailed), &none), ("token.source-failed", "token.source"));
    assert_eq!(
        first(Stage::Token, Err(Transport::SigningFailed), &none),
        ("token.not-signed", "oauth.key-cannot-sign")
    );
    assert_eq!(first(Stage::Api, Ok((413, "", "")), &none).0, "request.body-too-large");
    assert_eq!(first(Stage::Api, Ok((418, "", "")), &none).0, "unknown");
}

#[test]
fn refusal_is_explained_by_the_instances_own_words() {
    let says = |text: &str| first(Stage::Api, Ok((403, "", text)), &Circumstances::default());
    assert_eq!(says("No permission to read table 'incident'"), ("acl.table-counts", "acl.no-table-read"));
    assert_eq!(says("refused by the web service policy validator").0, "table.not-for-web-services");
    assert_eq!(says("Data Policy Exception: The following fields are mandatory: X").0, "record.mandatory-missing");
    let state = first(Stage::Api, Ok((400, "", "Missing State parameter in request")), &Circumstances::default());
    assert_eq!(state.0, "authorize.state-missing");
}

#[test]
fn whole_reply_of_another_form_is_not_called_cut() {
    let says = |text: &str| first(Stage::Api, Ok((200, "", text)), &Circumstances::default());
    for other in ["{}", r#"{"result":{"number":"INC1"}}"#, r#"{"result":[],"error":{"message":"No such script"}}"#] {
        assert_eq!(says(other), ("instance.other-reply", "reply.other-form"), "{other}");
    }
    for other in ["OK", "null", r#"<?xml version="1.0"?><response/>"#] {
        assert_eq!(says(other), ("instance.not-json", "reply.not-json"), "{other}");
    }
}

/// The sign-in page's redirect needs an address of its own and is shown by the practice instance (`tests/instance/tests/diagnosis`).
const SHOWN_ELSEWHERE: &[&str] = &["authorize.redirected"];

#[test]
fn every_symptom_has_a_case() {
    let cases = [
        include_str!("mod.rs"),
        include_str!("silent.rs"),
        include_str!("circumstances.rs"),
        include_str!("ordering.rs"),
    ]
    .concat();
    let failures = TABLES.iter().flat_map(|rows| rows.iter()).chain([&UNKNOWN]).map(|row| row.code);
    for code in failures.chain(silent_writes::ROWS.iter().chain(silent::ROWS).map(|row| row.code)) {
        assert!(
            SHOWN_ELSEWHERE.contains(&code.as_str()) || cases.contains(&format!("\"{code}\"")),
            "{code} has no case"
        );
    }
}
