//! The API itself refused.

use super::Row;
use crate::diagnose::diagnosis::{Cause, Explanation, Kind, Retry};
use crate::diagnose::facts::{Facts, Stage};

fn api(facts: &Facts<'_>, status: u16) -> bool {
    facts.stage == Stage::Api && facts.is(status)
}

pub(super) const ROWS: &[Row] = &[
    Row {
        code: "authentication.mfa",
        kind: Kind::Authentication,
        title: "The instance asks for a one-time code",
        retry: Retry::Never,
        fits: |facts| api(facts, 401) && facts.headers().value("x-mfa_token").is_some(),
        causes: &[Cause::new(
            "mfa.for-integrations",
            95,
            Explanation {
                title: "Multi-factor authentication is enforced for integrations",
                tell_apart: "The header X-MFA_TOKEN is there only in this case.",
                fix: &["Use OAuth, or a user marked Web service access only."],
                source: "documentation page \"Multi-factor authentication properties\"",
            },
        )],
    },
    Row {
        code: "token.not-accepted",
        kind: Kind::Authentication,
        title: "The API does not accept the token, and a new one did not help",
        retry: Retry::Never,
        fits: |facts| api(facts, 401) && facts.renewed,
        causes: &[
            Cause::new(
                "oauth.token-of-guest",
                45,
                Explanation {
                    title: "The token belongs to no real user: the release is older than Washington DC, or the OAuth Application User is missing",
                    tell_apart: "oauth_credential.user is guest or empty; every table answers 401.",
                    fix: &[
                        "Set OAuth Application User on the application registry record.",
                        "Before Washington DC use another grant: client credentials yield a token for guest.",
                    ],
                    source: "KB0745184",
                },
            ),
            Cause::new(
                "policy.without-oauth",
                45,
                Explanation {
                    title: "A REST API access policy of this API does not list OAuth, or the token is restricted to policies that do",
                    tell_apart: "Another API accepts the same token.",
                    fix: &[
                        "Under System Web Services > API Access Policies > REST API Access Policies add the OAuth profile to the policy of this API.",
                    ],
                    source: "documentation page \"Create an API access policy\"",
                },
            ),
        ],
    },
    Row {
        code: "token.not-accepted",
        kind: Kind::Authentication,
        title: "The token is not accepted, and this client cannot renew it",
        retry: Retry::AfterRenewal,
        fits: |facts| api(facts, 401) && !facts.renewable,
        causes: &[Cause::new(
            "token.expired",
            80,
            Explanation {
                title: "The token expired or was revoked, or it was mistyped",
                tell_apart: "A new token works.",
                fix: &["Supply a new token."],
                source: "KB0745184",
            },
        )],
    },
    Row {
        code: "token.not-accepted",
        kind: Kind::Authentication,
        title: "The API does not accept the token",
        retry: Retry::AfterRenewal,
        fits: |facts| api(facts, 401),
        causes: &[],
    },
    Row {
        code: "query.field-not-readable",
        kind: Kind::Authorization,
        title: "A field in the query may not be read, or does not exist",
        retry: Retry::Never,
        fits: |facts| api(facts, 403) && facts.says("Field(s) present in the query"),
        causes: &[
            Cause::new(
                "acl.query",
                50,
                Explanation {
                    title: "A query ACL (query_match or query_range) or a field ACL forbids the condition or the order",
                    tell_apart: "The condition works with = and fails with >, or works for an administrator.",
                    fix: &[
                        "Grant the role that the field's query_range or read ACL asks for, or leave the condition out.",
                    ],
                    source: "documentation page \"Query ACL rules\"",
                },
            ),
            Cause::new(
                "query.unknown-field",
                40,
                Explanation {
                    title: "A field name in the query is misspelt",
                    tell_apart: "The field is in sys_dictionary for neither the table nor its parents.",
                    fix: &["Compare the field names of the query with the table's dictionary."],
                    source: "documentation page \"Table API\"",
                },
            ),
        ],
    },
    Row {
        code: "scope.missing",
        kind: Kind::Authorization,
        title: "The token lacks the auth scope of this API",
        retry: Retry::Never,
        fits: |facts| api(facts, 403) && facts.says("Missing required api access scope"),
        causes: &[Cause::new(
            "scope.not-attached",
            95,
            Explanation {
                title: "The API is linked to an auth scope that the application registry record does not have",
                tell_apart: "Basic authentication passes, and other APIs accept the token.",
                fix: &["Add the scope (or useraccount) to the Auth Scopes of the registry record."],
                source: "documentation page \"REST API Auth Scope\"",
            },
        )],
    },
    Row {
        code: "acl.api",
        kind: Kind::Authorization,
        title: "The user may not use this REST API at all",
        retry: Retry::Never,
        fits: |facts| api(facts, 403) && facts.says("API level ACL"),
        causes: &[Cause::new(
            "role.rest-api-access",
            90,
            Explanation {
                title: "A REST_Endpoint ACL is active and the user lacks its role",
                tell_apart: "Every table answers alike.",
                fix: &["Grant the role snc_platform_rest_api_access to the integration user."],
                source: "KB0753132",
            },
        )],
    },
    Row {
        code: "record.rule-refused",
        kind: Kind::Record,
        title: "A business rule or data policy of the instance refuses the write",
        retry: Retry::Never,
        fits: |facts| {
            api(facts, 403) && (facts.says("aborted by Business Rule") || facts.says("Data Policy Exception"))
        },
        causes: &[],
    },
    Row {
        code: "acl.refused",
        kind: Kind::Authorization,
        title: "The user may not do this, or may not read back what was written",
        retry: Retry::LookFirst,
        fits: |facts| {
            api(facts, 403) && facts.writes() && !facts.says("ACL Exception") && !facts.says("Operation against")
        },
        causes: &[
            ROLE_MISSING,
            Cause::new(
                "acl.written-but-not-readable",
                25,
                Explanation {
                    title: "The record was written, and the user may not read it",
                    tell_apart: "Somebody who may read the table finds the record by its correlation_id.",
                    fix: &[
                        "Look the record up before you repeat the write; grant the user read access to what it creates.",
                    ],
                    source: "KB2697679",
                },
            ),
        ],
    },
    Row {
        code: "acl.refused",
        kind: Kind::Authorization,
        title: "The user may not do this",
        retry: Retry::Never,
        fits: |facts| api(facts, 403),
        causes: &[ROLE_MISSING],
    },
    Row {
        code: "table.unknown",
        kind: Kind::Request,
        title: "The instance has no such table",
        retry: Retry::Never,
        fits: |facts| api(facts, 400) && facts.says("Invalid table"),
        causes: &[Cause::new(
            "table.misspelt",
            95,
            Explanation {
                title: "The table's name is misspelt, or the plugin that brings it is not active",
                tell_apart: "sys_db_object has no record of that name.",
                fix: &[
                    "Use the table's name, not its label: incident, not Incidents.",
                    "Activate the plugin that brings the table.",
                ],
                source: "documentation page \"Table API\"",
            },
        )],
    },
    Row {
        code: "path.unknown",
        kind: Kind::Request,
        title: "The instance has no such API",
        retry: Retry::Never,
        fits: |facts| {
            facts.stage == Stage::Api
                && matches!(facts.status(), Some(400 | 404))
                && facts.says("does not represent any resource")
        },
        causes: &[Cause::new(
            "path.wrong",
            90,
            Explanation {
                title: "The path, its version or its namespace is wrong, or the plugin of that API is not active",
                tell_apart: "/api/now/table/incident answers.",
                fix: &["Compare the path with the REST API Explorer of the instance."],
                source: "documentation page \"REST API HTTP response codes\"",
            },
        )],
    },
    Row {
        code: "record.not-found",
        kind: Kind::Record,
        title: "There is no such record, or access rules hide it",
        retry: Retry::Never,
        fits: |facts| api(facts, 404),
        causes: &[Cause::new(
            "record.absent-or-hidden",
            90,
            Explanation {
                title: "The sys_id is wrong or deleted, or a row ACL or the domain hides the record from this user",
                tell_apart: "The record opens for an administrator: then it is hidden.",
                fix: &["Check the sys_id; if the record exists, grant the integration user the role that reads it."],
                source: "KB0546297",
            },
        )],
    },
    Row {
        code: "request.unreadable",
        kind: Kind::Request,
        title: "The instance could not read the request",
        retry: Retry::Never,
        fits: |facts| api(facts, 400),
        causes: &[],
    },
    Row {
        code: "request.method",
        kind: Kind::Request,
        title: "This API does not serve this method, or not this format",
        retry: Retry::Never,
        fits: |facts| facts.stage == Stage::Api && matches!(facts.status(), Some(405 | 406 | 415)),
        causes: &[],
    },
    Row {
        code: "request.too-long",
        kind: Kind::Request,
        title: "The address is too long for the instance",
        retry: Retry::Never,
        fits: |facts| api(facts, 414),
        causes: &[Cause::new(
            "query.too-long",
            95,
            Explanation {
                title: "The encoded query is longer than servers accept (keep it under 6,000 characters)",
                tell_apart: "A shorter query works.",
                fix: &[
                    "Read tables through table(): a long query then goes by the Batch API. For a request of your own, split IN lists.",
                ],
                source: "RFC 9110 section 15.5.15",
            },
        )],
    },
    Row {
        code: "instance.error",
        kind: Kind::Instance,
        title: "The instance failed while it worked on the request",
        retry: Retry::Backoff,
        fits: |facts| facts.status().is_some_and(|status| status >= 500),
        causes: &[],
    },
    Row {
        code: "batch.unserviced",
        kind: Kind::Capacity,
        title: "The instance took the batch and did not serve the request in it",
        retry: Retry::Backoff,
        fits: |facts| facts.stage == Stage::Api && facts.is_success() && facts.is_unserviced_batch(),
        causes: &[Cause::new(
            "batch.limit",
            90,
            Explanation {
                title: "The reply is larger than 10 MB, or took longer than the 30 s that a batch may take",
                tell_apart: "The same request with a smaller sysparm_limit is served.",
                fix: &["Ask for fewer rows or fewer fields a page."],
                source: "documentation page \"Batch API\"",
            },
        )],
    },
    Row {
        code: "instance.cut-reply",
        kind: Kind::Instance,
        title: "The reply is not the whole JSON that the API promises",
        retry: Retry::Backoff,
        fits: |facts| facts.stage == Stage::Api && facts.is_success(),
        causes: &[],
    },
];

const ROLE_MISSING: Cause = Cause::new(
    "acl.role-missing",
    70,
    Explanation {
        title: "An access rule asks for a role that the integration user lacks",
        tell_apart: "The same call works for an administrator.",
        fix: &["Grant the role that the table's or field's ACL asks for (for incidents: itil or sn_incident_read)."],
        source: "KB0546297",
    },
);
