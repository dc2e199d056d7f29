//! Further symptoms of sign-in and permissions.

use serde_json::json;
use sysparm_instance::Request;

use crate::client::{Client, GRANT, text};
use crate::steps::*;

pub(crate) const SEEN: &[Seen] = &[
    (
        "unscoped-api-refused",
        |client| {
            let basic = Request::new("GET", "/api/now/table/incident?sysparm_limit=1");
            assert_eq!(client.send_as("practice.admin", basic).status, 200, "scopes are for tokens");
            list(client)
        },
        403,
        NONE,
        "Access to unscoped api is not allowed",
    ),
    (
        "user-read-only",
        |client| {
            assert_eq!(client.grant(PASSWORD).status, 200, "another user");
            client.grant(GRANT)
        },
        401,
        NONE,
        REFUSED,
    ),
    (
        "jwt-subject-refused",
        |client| {
            let of = |client: &mut Client, sub: &str| asserted(client, &json!({ "sub": sub }));
            let administrator = of(client, "admin@example.com").as_json();
            assert_eq!(text(&administrator, "error_description"), "Grant access token to admin is not allowed");
            of(client, "nobody@example.com")
        },
        401,
        NONE,
        r#"{"error":"invalid_grant","error_description":"User not found"}"#,
    ),
    (
        "token-request-by-get",
        |client| plain(client, Request::new("GET", &format!("/oauth_token.do?{GRANT}"))),
        401,
        NONE,
        REFUSED,
    ),
    (
        "empty-list-is-404",
        |client| {
            let asked = |client: &mut Client, version: &str| {
                client.get(&format!("/api/now{version}/table/incident"), &[("sysparm_query", "number=none")])
            };
            assert_eq!(asked(client, "").status, 200);
            asked(client, "/v1")
        },
        404,
        NONE,
        "Records matching query not found",
    ),
    (
        "record-of-other-domain",
        |client| {
            let target = elsewhere(client);
            assert_eq!(client.send_as("practice.admin", Request::new("GET", &target)).status, 200);
            get(client, &target)
        },
        404,
        NONE,
        "No Record found",
    ),
    (
        "cross-scope-refused",
        |client| client.write("POST", INCIDENTS, &json!({"short_description": "x"})),
        403,
        NONE,
        "CrossScopeAccessNotAllowedException",
    ),
    (
        "session-roles-lost",
        |client| {
            let cookie = cookie(client);
            assert_eq!(list(client).status, 200, "without a cookie");
            client.send(Request::new("GET", INCIDENTS).with_header("Cookie", &cookie))
        },
        403,
        NONE,
        "Failed API level ACL Validation",
    ),
    (
        "foreign-token-refused",
        |client| {
            assert_eq!(foreign(client, &json!({})).status, 200);
            foreign(client, &json!({"aud": "another"}))
        },
        401,
        NONE,
        NOBODY,
    ),
];
