//! A client without the catalogue decides as one with it, and the exchange that it prints is explained as the client with it explains it.

use proptest::prelude::*;

use super::super::context::Context;
use super::super::effect::Effect;
use super::super::retrying::{is_cut, outcome_of};
use super::super::scripted_grants::settings;
use super::super::scripted_host::client_credentials;
use super::super::token::{Tokens, needs_user_action};
use crate::auth::GrantType;
use crate::code::Code;
use crate::diagnose::{
    Circumstances, Credential, Diagnosis, Facts, Failure, Kind, Retry, Stage, Transport, decided, diagnose_in,
    explain_exchange,
};
use crate::page::{PageError, Sync};
use crate::request::{Body, Headers, Method, Reply};
use crate::secret::Secret;
use crate::time::Millis;

const NOW: Millis = Millis(1_772_366_400_000);

/// What the state machine reads of a failure.
fn read_by_the_client(failure: &Failure) -> impl PartialEq + core::fmt::Debug {
    let diagnosis = &failure.diagnosis;
    let again = match diagnosis.retry {
        Retry::Backoff => Some(Millis(0)),
        Retry::After(after) => Some(after),
        Retry::Never | Retry::AfterRenewal | Retry::LookFirst => None,
    };
    (
        (again, failure.resumes_at, outcome_of(failure), is_cut(failure)),
        (diagnosis.kind == Kind::Rate, diagnosis.code == "instance.hibernating"),
        (failure.tried.status, failure.unknown_outcome, failure.of_token),
        // These two count for a token request only.
        failure.of_token.then(|| (needs_user_action(failure), diagnosis.kind == Kind::Authentication)),
    )
}

/// A refused token as a client without the catalogue sees it. `skew` is the instance's clock less that of the client, in seconds.
fn decided_refusal(grant: GrantType, body: &str, skew: u64) -> Box<Failure> {
    let date = ["date: ", &(NOW.0 / 1000 + skew).to_string()].concat();
    let reply = Reply { status: 401, headers: Headers::from_lines(&date), body: Body::Text(body.to_owned()) };
    let facts = Facts { stage: Stage::Token, method: Method::Post, path: "/oauth_token.do", outcome: Ok(&reply) };
    decided(&facts, &Circumstances { grant: Some(grant), ..Circumstances::UNKNOWN }, 1, NOW)
}

#[test]
fn each_cause_asks_for_attention_without_the_catalogue() {
    let mut context = Context::new(settings(client_credentials()));
    let mut tokens = Tokens::new(&context);
    let (denied, client) = (r#"{"error":"access_denied"}"#, r#"{"error":"invalid_client"}"#);
    for (grant, body, skew, reported) in [
        (GrantType::RefreshToken, denied, 0, true),
        (GrantType::RefreshToken, denied, 0, false),
        (GrantType::JwtBearer, denied, 0, true),
        (GrantType::JwtBearer, denied, 30, false),
        (GrantType::JwtBearer, denied, 90, true),
        (GrantType::JwtBearer, denied, 120, false),
        (GrantType::JwtBearer, client, 0, true),
        (GrantType::JwtBearer, client, 0, false),
        (GrantType::JwtBearer, r#"{"error":"invalid_scope"}"#, 0, true),
        (GrantType::JwtBearer, client, 0, true),
    ] {
        tokens.request_attention(&decided_refusal(grant, body, skew), &mut context);
        let event = context.pop();
        let is_attention = matches!(&event, Some(Effect::Emit(event)) if event.name == "attention");
        assert_eq!((is_attention, event.is_some()), (reported, reported), "{grant:?} {body} {skew}");
    }
}

/// What the callers of a client make of a failure: readers of pages, which send no writes, the schema and the writes of queries.
fn read_by_callers(failure: &Failure, method: Method) -> impl PartialEq + core::fmt::Debug {
    let Diagnosis { code, kind, .. } = failure.diagnosis;
    let of_page = (method == Method::Get).then(|| (PageError::of(code.as_str()), Sync::is_refusal(code.as_str())));
    (of_page, matches!(kind, Kind::Authorization | Kind::Record), code == Code::TABLE_UNKNOWN)
}

const TEXTS: [&str; 61] = [
    "",
    " ",
    "OK",
    "{}",
    "[]",
    r#"{"result":[]}"#,
    r#"{"result":[{"a":1},"#,
    r#"{"result":[{"a":1},{"error":{"message":"Abgebrochen","detail":null},"status":"failure"}]}"#,
    r#"{"result":[{"a":1}],"error":{"message":"maximum execution time exceeded"}}"#,
    r#"{"error":{"message":"maximum execution time exceeded","detail":""}}"#,
    r#"{"error":{"message":"No Record found","detail":"Record doesn't exist"}}"#,
    r#"{"error":{"message":"Invalid table incident","detail":null}}"#,
    r#"{"error":{"message":"Requested URI does not represent any resource"}}"#,
    r#"{"error":{"message":"from scope x: read access"}}"#,
    r#"{"error":{"message":"CrossScope"}}"#,
    r#"{"error":{"message":"cross-scope"}}"#,
    r#"{"error":{"message":"ScopeAccess"}}"#,
    r#"{"error":{"message":"aborted by Business Rule"}}"#,
    r#"{"error":{"message":"Data Policy"}}"#,
    r#"{"error":{"message":"fields are mandatory"}}"#,
    r#"{"error":{"message":"x^0123456789abcdef0123456789abcdef"}}"#,
    r#"{"error":{"message":"ACL Exception Insert Failed"}}"#,
    r#"{"error":{"message":"Field(s) present in the query"}}"#,
    r#"{"error":{"message":"Field(s) present in the query, from scope x"}}"#,
    r#"{"error":{"message":"Invalid class incident, cross-scope"}}"#,
    r#"{"error":{"message":"api access scope"}}"#,
    r#"{"error":{"message":"incident","detail":""}}"#,
    r#"{"error":{"message":"to admin is not allowed"}}"#,
    r#"{"error":{"message":"unscoped api"}}"#,
    r#"{"error":{"message":"API level ACL"}}"#,
    r#"{"error":{"message":"No permission to read table"}}"#,
    r#"{"error":{"message":"web service"}}"#,
    r#"{"error":{"message":"a lock is held"}}"#,
    r#"{"error":{"message":"blocked"}}"#,
    r#"{"error":{"message":"gesperrt"}}"#,
    r#"{"error":{"message":"Rate limit exceeded"}}"#,
    r#"{"error":{"message":"Rejected large REST payload"}}"#,
    r#"{"error":{"message":"java.lang.NullPointerException"}}"#,
    r#"{"error":{"message":"matching query not found"}}"#,
    r#"{"error":{"message":"Missing State parameter"}}"#,
    r#"{"error":{"message":"Invalid Request","detail":""}}"#,
    r#"{"error":{"message":"Invalid Quantity value","detail":""}}"#,
    r#"{"error":{"message":"Mandatory Variables are required","detail":""}}"#,
    r#"{"error":{"message":"Security constraints prevent ordering of Item","detail":""}}"#,
    r#"{"error":{"message":"User is not authenticated"}}"#,
    r#"{"unserviced_requests":["1"],"serviced_requests":[]}"#,
    r#"{"unserviced_requests":["1"],"serviced_requests":[{"status_code":200}]}"#,
    r#"{"error":"invalid_grant","error_description":"User not found"}"#,
    r#"{"error":"invalid_client"}"#,
    r#"{"error":"invalid_scope"}"#,
    r#"{"error":"unauthorized_client"}"#,
    r#"{"error":"unsupported_grant_type"}"#,
    r#"{"error":"temporarily_unavailable"}"#,
    r#"{"error_description":"access_denied","error":"server_error"}"#,
    r#"{"error":"server_error"}"#,
    r#"{"access_token":5}"#,
    "<html><title>Instance Hibernating page</title></html>",
    "<!doctype html><title>Sign in</title>",
    "<html><body>too large</body></html>",
    "<?xml version=\"1.0\"?><response/>",
    "The instance is hibernating",
];

const PATHS: [&str; 10] = [
    "/api/now/table/incident",
    "/api/now/table/incident?sysparm_query=a=b",
    "/api/now/table/incident/0123456789abcdef0123456789abcdef",
    "/api/now/v1/table/incident",
    "/api/now/v1/batch",
    "/api/now/stats/incident",
    "/api/now/attachment/file?table_name=incident",
    "/api/sn_sc/servicecatalog/items/0123456789abcdef0123456789abcdef/order_now",
    "/api/sn_sc/servicecatalog/cart/checkout",
    "/api/x_own/hook?refresh_token=hush-hush-hush",
];

const HEADERS: [&str; 9] = [
    "",
    "content-type: text/html",
    "content-type: application/json\nretry-after: 7",
    "retry-after: 0",
    "x-ratelimit-limit: 100\nx-ratelimit-reset: 1772366460\ndate: 1772366400",
    "location: https://x.example/logout_success.do?code=hush-hush-hush",
    "x-mfa_token: required",
    "www-authenticate: Basic realm=\"x\"\ndate: 1772300000",
    "content-type: application/json",
];

fn outcomes() -> impl Strategy<Value = Result<Reply, Transport>> {
    let transports = [
        Transport::Unreachable,
        Transport::Unsent,
        Transport::TimedOut,
        Transport::SourceFailed,
        Transport::SigningFailed,
    ];
    let status = prop_oneof![
        proptest::sample::select(vec![
            200_u16, 201, 202, 204, 302, 400, 401, 403, 404, 405, 408, 409, 413, 414, 423, 425, 429, 431, 500, 501,
            502, 503, 504, 511
        ]),
        0_u16..1000,
    ];
    let body = prop_oneof![
        12 => proptest::sample::select(TEXTS.to_vec()).prop_map(|text| Body::Text(text.to_owned())),
        1 => Just(Body::Untouched),
        1 => Just(Body::Record),
    ];
    let reply = (status, proptest::sample::select(HEADERS.to_vec()), body)
        .prop_map(|(status, headers, body)| Ok(Reply { status, headers: Headers::from_lines(headers), body }));
    prop_oneof![10 => reply, 1 => proptest::sample::select(transports.to_vec()).prop_map(Err)]
}

/// What a client can report of the circumstances.
fn circumstances() -> impl Strategy<Value = Circumstances<'static>> {
    let credentials = [Credential::Bearer, Credential::Basic, Credential::ApiKey, Credential::Unshown];
    let times = || proptest::option::of((0_u64..400_000).prop_map(Millis));
    let grant = proptest::option::of(proptest::sample::select(GrantType::ALL));
    let credential = proptest::option::of(proptest::sample::select(credentials.to_vec()));
    (any::<[bool; 7]>(), grant, credential, times(), times(), times()).prop_map(
        |(flags, grant, credential, token_age, token_lifetime, duration)| {
            let [scope, token_before, renewed, foreign, accepted_here, accepted_elsewhere, accepted_lately] = flags;
            Circumstances {
                grant,
                credential,
                scope,
                token_before,
                renewed,
                foreign,
                accepted_here,
                accepted_elsewhere,
                accepted_lately,
                token_age,
                token_lifetime,
                duration,
                ..Circumstances::UNKNOWN
            }
        },
    )
}

fn requests() -> impl Strategy<Value = (Stage, Method, &'static str)> {
    let methods = [Method::Get, Method::Post, Method::Patch, Method::Delete];
    let of_api = (proptest::sample::select(methods.to_vec()), proptest::sample::select(PATHS.to_vec()))
        .prop_map(|(method, path)| (Stage::Api, method, path));
    prop_oneof![4 => of_api, 1 => Just((Stage::Token, Method::Post, "/oauth_token.do"))]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4_000))]

    #[test]
    fn a_client_without_the_catalogue_decides_alike(
        (stage, method, path) in requests(),
        outcome in outcomes(),
        around in circumstances(),
    ) {
        let facts = Facts { stage, method, path, outcome: outcome.as_ref().map_err(|transport| *transport) };
        let full = diagnose_in(&facts, &around, 2, NOW);
        let short = decided(&facts, &around, 2, NOW);
        prop_assert!(read_by_the_client(&full) == read_by_the_client(&short), "{full:?}\n{short:?}");
    }

    #[test]
    fn callers_decide_alike_without_the_catalogue(
        method in proptest::sample::select(vec![Method::Get, Method::Post, Method::Patch, Method::Delete]),
        path in proptest::sample::select(PATHS[..4].to_vec()),
        outcome in outcomes(),
        around in circumstances(),
    ) {
        let outcome = outcome.as_ref().map_err(|transport| *transport);
        let facts = Facts { stage: Stage::Api, method, path, outcome };
        let full = diagnose_in(&facts, &around, 2, NOW);
        let short = decided(&facts, &around, 2, NOW);
        prop_assert!(read_by_callers(&full, method) == read_by_callers(&short, method), "{full:?}\n{short:?}");
    }

    #[test]
    fn refusals_of_tokens_differ_alike_without_the_catalogue(
        texts in proptest::array::uniform2(proptest::sample::select(TEXTS.to_vec())),
        grants in proptest::array::uniform2(proptest::sample::select(vec![GrantType::RefreshToken, GrantType::JwtBearer])),
        clocks in proptest::array::uniform2(proptest::sample::select(vec!["", "date: 1772366400", "date: 1772300000"])),
        token_before in any::<bool>(),
    ) {
        let failures = core::array::from_fn::<_, 2, _>(|at| {
            let body = Body::Text(texts[at].to_owned());
            let reply = Reply { status: 401, headers: Headers::from_lines(clocks[at]), body };
            let facts = Facts { stage: Stage::Token, method: Method::Post, path: "/oauth_token.do", outcome: Ok(&reply) };
            let around = Circumstances { grant: Some(grants[at]), token_before, ..Circumstances::UNKNOWN };
            (diagnose_in(&facts, &around, 1, NOW), decided(&facts, &around, 1, NOW))
        });
        let [(full, short), (next_full, next_short)] = &failures;
        let refused = failures.iter().all(|(_, short)| short.diagnosis.code == Code::TOKEN_REFUSED);
        prop_assert_eq!(!refused || full.has_cause_of(next_full), !refused || short.has_cause_of(next_short));
    }

    #[test]
    fn a_printed_exchange_is_explained_alike(
        (stage, method, path) in requests(),
        outcome in outcomes(),
        around in circumstances(),
        secret in ".{0,12}",
    ) {
        let secrets = [Secret::new("hush-hush-hush".to_owned()), Secret::new(secret)];
        let facts = Facts { stage, method, path, outcome: outcome.as_ref().map_err(|transport| *transport) };
        let mut full = diagnose_in(&facts, &around, 2, NOW);
        full.diagnosis.evidence.push("of the client".to_owned());
        full.hide(&secrets);
        let mut short = decided(&facts, &around, 2, NOW);
        short.hide(&secrets);
        let printed = short.exchange.unwrap();
        let explained = explain_exchange(printed.expose(), vec!["of the client".to_owned()]);
        prop_assert_eq!(explained, Some(full));
    }

    #[test]
    fn any_other_text_is_no_exchange(text in ".{0,40}") {
        prop_assert_eq!(explain_exchange(&text, vec![]), None);
    }
}
