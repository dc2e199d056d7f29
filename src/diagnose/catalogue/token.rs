//! The token endpoint refused, or answered something that is no token.
//!
//! ServiceNow says `server_error`/`access_denied` for almost every fault here, so the causes are ranked, not named. The
//! codes of RFC 6749 are understood where a server sends them.

use super::Row;
use crate::diagnose::diagnosis::{Cause, Explanation, Kind, Retry};
use crate::diagnose::facts::{Facts, Stage};

fn refused(facts: &Facts<'_>) -> bool {
    facts.stage == Stage::Token && matches!(facts.status(), Some(400 | 401 | 403))
}

pub(super) const ROWS: &[Row] = &[
    Row {
        code: "token.unsupported-grant",
        kind: Kind::Authentication,
        title: "The token endpoint does not serve this grant",
        retry: Retry::Never,
        fits: |facts| refused(facts) && facts.says("unsupported_grant_type"),
        causes: &[GRANT_OFF],
    },
    Row {
        code: "token.invalid-scope",
        kind: Kind::Authentication,
        title: "The token endpoint refuses the scope that was asked for",
        retry: Retry::Never,
        fits: |facts| refused(facts) && facts.says("invalid_scope"),
        causes: &[Cause::new(
            "oauth.scope-not-attached",
            90,
            Explanation {
                title: "The scope is not attached to the application registry record",
                tell_apart: "The same request without scope succeeds.",
                fix: &["Attach the auth scope to the registry record, or leave the scope out."],
                source: "documentation page \"REST API Auth Scope\"",
            },
        )],
    },
    Row {
        code: "token.refused",
        kind: Kind::Authentication,
        title: "The instance refuses to issue a token",
        retry: Retry::Never,
        fits: refused,
        causes: &[
            Cause::new(
                "oauth.client-credentials-wrong",
                40,
                Explanation {
                    title: "The client id or the client secret is wrong, or the registry record is not active",
                    tell_apart: "Copy both again from the registry record; a secret just rotated is refused at once.",
                    fix: &[
                        "Check client id and client secret against System OAuth > Application Registry (from Zurich: Machine Identity Console > Inbound integrations).",
                        "Check that the record is active.",
                    ],
                    source: "KB0725643",
                },
            ),
            GRANT_OFF,
            Cause::new(
                "oauth.application-user-missing",
                15,
                Explanation {
                    title: "The registry record has no OAuth Application User",
                    tell_apart: "oauth_entity.user is empty.",
                    fix: &[
                        "Set OAuth Application User on the registry record (on the old form the field must be added by hand).",
                    ],
                    source: "documentation page \"Add an OAuth application user\"",
                },
            ),
            Cause::new(
                "oauth.application-user-blocked",
                10,
                Explanation {
                    title: "The OAuth Application User is inactive, locked out, or must reset its password",
                    tell_apart: "sys_user shows active=false, locked_out=true or password_needs_reset=true.",
                    fix: &[
                        "Under User Administration > Users activate and unlock the user and untick Password needs reset.",
                    ],
                    source: "KB0725643",
                },
            ),
            Cause::new(
                "oauth.scope-unknown",
                5,
                Explanation {
                    title: "A scope was sent that the registry record does not have",
                    tell_apart: "The same request without scope succeeds.",
                    fix: &["Leave the scope out, or attach it to the registry record."],
                    source: "documentation page \"REST API Auth Scope\"",
                },
            ),
        ],
    },
    Row {
        code: "token.unavailable",
        kind: Kind::Instance,
        title: "The token endpoint failed",
        retry: Retry::Backoff,
        fits: |facts| facts.stage == Stage::Token && facts.status().is_some_and(|status| status >= 500),
        causes: &[],
    },
    Row {
        code: "token.unreadable",
        kind: Kind::Instance,
        title: "The token endpoint answered something that holds no access token",
        retry: Retry::Never,
        fits: |facts| facts.stage == Stage::Token,
        causes: &[Cause::new(
            "oauth.inactive",
            50,
            Explanation {
                title: "OAuth is not active on this instance, or the address is not an instance's",
                tell_apart: "The property com.snc.platform.security.oauth.is.active is not true.",
                fix: &[
                    "Activate the plugin OAuth 2.0 (com.snc.platform.security.oauth) and set its property com.snc.platform.security.oauth.is.active to true.",
                ],
                source: "documentation page \"Set the OAuth property\"",
            },
        )],
    },
];

const GRANT_OFF: Cause = Cause::new(
    "oauth.grant-off",
    30,
    Explanation {
        title: "The client credentials grant is not switched on: its property is absent by default",
        tell_apart: "The property is missing in sys_properties, or the release is older than Washington DC.",
        fix: &[
            "Create the system property glide.oauth.inbound.client.credential.grant_type.enabled (type true | false) with the value true.",
        ],
        source: "documentation page \"Create a client credentials system property\"",
    },
);
