//! The token endpoint refused, or replied without a token.
//!
//! ServiceNow says `server_error`/`access_denied` for almost every fault here, so the causes are ranked by the grant and by
//! what was sent with it. The codes of RFC 6749 are understood where a server sends them.

use super::Row;
use super::token_causes::*;
use crate::auth::GrantType;
use crate::code::Code;
#[cfg(feature = "circumstances")]
use crate::diagnose::model::body_text::contains_ignoring_case;
use crate::diagnose::model::diagnosis::{Kind, Retry};
use crate::diagnose::model::facts::{Seen, Stage};
#[cfg(feature = "circumstances")]
use crate::request::Method;

fn refused(seen: &Seen<'_>) -> bool {
    seen.refuses_token()
}

fn refused_with(seen: &Seen<'_>, grant: GrantType) -> bool {
    refused(seen) && seen.around.grant == Some(grant)
}

#[cfg(feature = "circumstances")]
fn is_no_form(seen: &Seen<'_>) -> bool {
    seen.around.content_type.is_some_and(|kind| !contains_ignoring_case(kind, "x-www-form-urlencoded"))
}

const REFUSED: Row = Row {
    code: Code::TOKEN_REFUSED,
    kind: Kind::Authentication,
    title: "The instance refuses to issue a token",
    retry: Retry::Never,
    fits: refused,
    causes: &[],
};

pub(super) const ROWS: &[Row] = &[
    Row {
        code: Code::TOKEN_UNSUPPORTED_GRANT,
        title: "The token endpoint does not serve this grant",
        fits: |seen| refused(seen) && seen.says("unsupported_grant_type"),
        causes: &[GRANT_OFF.at(60)],
        ..REFUSED
    },
    Row {
        code: Code::TOKEN_UNSUPPORTED_GRANT,
        title: "The token endpoint does not let this client use this grant",
        fits: |seen| refused(seen) && seen.says("unauthorized_client"),
        causes: &[GRANT_OFF.at(45), PASSWORD_GRANT_OFF.at(20), CLIENT_WRONG.at(20)],
        ..REFUSED
    },
    Row {
        title: "The token endpoint does not know this client, or its secret is another one",
        fits: |seen| refused(seen) && seen.says("invalid_client"),
        causes: &[CLIENT_WRONG.at(90)],
        ..REFUSED
    },
    Row {
        code: Code::TOKEN_INVALID_SCOPE,
        title: "The token endpoint refuses the scope that was asked for",
        fits: |seen| refused(seen) && seen.says("invalid_scope"),
        causes: &[SCOPE_NOT_ATTACHED.at(90)],
        ..REFUSED
    },
    // Only this grant reports a reason.
    Row {
        code: Code::TOKEN_SUBJECT_REFUSED,
        title: "No user of the instance is the subject of the assertion",
        fits: |seen| refused(seen) && seen.says("User not found"),
        causes: &[JWT_SUBJECT.at(90)],
        ..REFUSED
    },
    Row {
        code: Code::TOKEN_SUBJECT_REFUSED,
        title: "The subject of the assertion is an administrator, to whom this grant gives no token",
        fits: |seen| refused(seen) && seen.says("to admin is not allowed"),
        causes: &[JWT_SUBJECT_ADMIN.at(95)],
        ..REFUSED
    },
    #[cfg(feature = "circumstances")]
    Row {
        title: "The instance refuses to issue a token to a request that is no POST",
        fits: |seen| refused(seen) && seen.method != Method::Post,
        causes: &[NO_POST.at(80), CLIENT_WRONG.at(10)],
        ..REFUSED
    },
    #[cfg(feature = "circumstances")]
    Row {
        title: "The instance refuses to issue a token: the request is not the form that the endpoint reads",
        fits: |seen| refused(seen) && is_no_form(seen),
        causes: &[NO_FORM.at(85), CLIENT_WRONG.at(5)],
        ..REFUSED
    },
    #[cfg(feature = "circumstances")]
    Row {
        title: "The instance refuses to issue a token to a request that carries cookies",
        fits: |seen| refused(seen) && seen.around.cookies,
        causes: &[SESSION_COOKIE.at(65), CLIENT_WRONG.at(15), GRANT_OFF.at(10)],
        ..REFUSED
    },
    #[cfg(feature = "circumstances")]
    Row {
        title: "The instance refuses to issue a token to a request with parameters in its address",
        fits: |seen| refused(seen) && contains_ignoring_case(seen.path, "client_"),
        causes: &[PARAMETERS_IN_URL.at(75), CLIENT_WRONG.at(15)],
        ..REFUSED
    },
    Row {
        title: "The instance issues a token without the scope, and refuses it with the scope",
        fits: |seen| refused(seen) && seen.around.scope && seen.around.token_before,
        causes: &[SCOPE_NOT_ATTACHED.at(85), APPLICATION_USER_BLOCKED.at(5)],
        ..REFUSED
    },
    Row {
        title: "The instance refuses to renew the token",
        fits: |seen| refused_with(seen, GrantType::RefreshToken),
        causes: &[REFRESH_TOKEN_DEAD.at(65), REFRESH_TOKEN_REVOKED.at(15), CLIENT_WRONG.at(10)],
        ..REFUSED
    },
    Row {
        title: "The instance refuses to exchange the authorization code",
        fits: |seen| refused_with(seen, GrantType::AuthorizationCode),
        causes: &[CODE_DEAD.at(40), CLIENT_NOT_PUBLIC.at(25), CODE_MISMATCH.at(20), CLIENT_WRONG.at(15)],
        ..REFUSED
    },
    Row {
        code: Code::TOKEN_CLOCK,
        title: "This machine's clock and the instance's differ, so the instance takes the assertion for expired or early",
        fits: |seen| refused_with(seen, GrantType::JwtBearer) && seen.clock_off().is_some(),
        causes: &[JWT_TIME.at(90)],
        ..REFUSED
    },
    Row {
        title: "The instance refuses the signed assertion",
        fits: |seen| refused_with(seen, GrantType::JwtBearer),
        causes: &[JWT_KEY_UNKNOWN.at(35), JWT_CLAIMS.at(30), JWT_TIME.at(15), JWT_SUBJECT.at(10), CLIENT_WRONG.at(10)],
        ..REFUSED
    },
    Row {
        title: "The instance refuses to issue a token for this user name and password",
        fits: |seen| refused_with(seen, GrantType::Password),
        causes: &[
            PASSWORD_WRONG.at(35),
            CLIENT_WRONG.at(30),
            PASSWORD_GRANT_OFF.at(15),
            PASSWORD_NEEDS_MORE.at(10),
            USER_READ_ONLY.at(5),
        ],
        ..REFUSED
    },
    Row {
        title: "The instance no longer issues tokens to this client",
        fits: |seen| refused(seen) && seen.around.token_before,
        causes: &[CLIENT_WRONG.at(45), APPLICATION_USER_BLOCKED.at(30), GRANT_OFF.at(10), USER_READ_ONLY.at(5)],
        ..REFUSED
    },
    // A first attempt: the property is absent on every instance that nobody has prepared.
    Row {
        title: "The instance refuses to issue a token for client credentials",
        fits: |seen| refused_with(seen, GrantType::ClientCredentials),
        causes: &[
            GRANT_OFF.at(35),
            CLIENT_WRONG.at(30),
            APPLICATION_USER_MISSING.at(15),
            APPLICATION_USER_BLOCKED.at(8),
            SCOPE_NOT_ATTACHED.at(5),
            USER_READ_ONLY.at(3),
            OAUTH_INACTIVE.at(2),
        ],
        ..REFUSED
    },
    Row {
        causes: &[
            CLIENT_WRONG.at(35),
            GRANT_OFF.at(30),
            APPLICATION_USER_MISSING.at(15),
            APPLICATION_USER_BLOCKED.at(8),
            SCOPE_NOT_ATTACHED.at(5),
            USER_READ_ONLY.at(3),
            OAUTH_INACTIVE.at(2),
        ],
        ..REFUSED
    },
    Row {
        code: Code::TOKEN_UNAVAILABLE,
        kind: Kind::Instance,
        title: "The token endpoint failed",
        retry: Retry::Backoff,
        fits: |seen| {
            let failed = seen.status().is_some_and(|status| status >= 500);
            seen.stage == Stage::Token && (failed || seen.says("temporarily_unavailable"))
        },
        causes: &[TOKEN_ENDPOINT_DOWN],
    },
    Row {
        code: Code::TOKEN_UNREADABLE,
        kind: Kind::Instance,
        title: "The token endpoint answered something that holds no bearer token",
        retry: Retry::Never,
        fits: |seen| seen.stage == Stage::Token,
        causes: &[OAUTH_INACTIVE.at(50)],
    },
];
