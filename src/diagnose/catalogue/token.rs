//! The token endpoint refused, or answered something that is no token.
//!
//! ServiceNow says `server_error`/`access_denied` for almost every fault here, so the causes are ranked, not named. The
//! codes of RFC 6749 are understood where a server sends them.

use super::Row;
use crate::diagnose::diagnosis::{Cause, Kind, Retry};
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
        causes: &[Cause {
            code: "oauth.scope-not-attached",
            title: "The scope is not attached to the application registry record",
            percent: 90,
            tell_apart: "The same request without scope succeeds.",
            fix: &["Attach the auth scope to the registry record, or leave the scope out."],
            source: "documentation page \"REST API Auth Scope\"",
        }],
    },
    Row {
        code: "token.refused",
        kind: Kind::Authentication,
        title: "The instance refuses to issue a token",
        retry: Retry::Never,
        fits: refused,
        causes: &[
            Cause {
                code: "oauth.client-credentials-wrong",
                title: "The client id or the client secret is wrong, or the registry record is not active",
                percent: 40,
                tell_apart: "Copy both again from the registry record; a secret just rotated is refused at once.",
                fix: &[
                    "Check client id and client secret against System OAuth > Application Registry (from Zurich: Machine Identity Console > Inbound integrations).",
                    "Check that the record is active.",
                ],
                source: "KB0725643",
            },
            GRANT_OFF,
            Cause {
                code: "oauth.application-user-missing",
                title: "The registry record has no OAuth Application User",
                percent: 15,
                tell_apart: "oauth_entity.user is empty.",
                fix: &[
                    "Set OAuth Application User on the registry record (on the old form the field must be added by hand).",
                ],
                source: "documentation page \"Add an OAuth application user\"",
            },
            Cause {
                code: "oauth.application-user-blocked",
                title: "The OAuth Application User is inactive, locked out, or must reset its password",
                percent: 10,
                tell_apart: "sys_user shows active=false, locked_out=true or password_needs_reset=true.",
                fix: &[
                    "Under User Administration > Users activate and unlock the user and untick Password needs reset.",
                ],
                source: "KB0725643",
            },
            Cause {
                code: "oauth.scope-unknown",
                title: "A scope was sent that the registry record does not have",
                percent: 5,
                tell_apart: "The same request without scope succeeds.",
                fix: &["Leave the scope out, or attach it to the registry record."],
                source: "documentation page \"REST API Auth Scope\"",
            },
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
        causes: &[Cause {
            code: "oauth.inactive",
            title: "OAuth is not active on this instance, or the address is not an instance's",
            percent: 50,
            tell_apart: "The property com.snc.platform.security.oauth.is.active is not true.",
            fix: &[
                "Activate the plugin OAuth 2.0 (com.snc.platform.security.oauth) and set its property com.snc.platform.security.oauth.is.active to true.",
            ],
            source: "documentation page \"Set the OAuth property\"",
        }],
    },
];

const GRANT_OFF: Cause = Cause {
    code: "oauth.grant-off",
    title: "The client credentials grant is not switched on: its property is absent by default",
    percent: 30,
    tell_apart: "The property is missing in sys_properties, or the release is older than Washington DC.",
    fix: &[
        "Create the system property glide.oauth.inbound.client.credential.grant_type.enabled (type true | false) with the value true.",
    ],
    source: "documentation page \"Create a client credentials system property\"",
};
