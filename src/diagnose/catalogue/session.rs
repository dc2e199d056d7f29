//! An API replies with 401, or the sign-in page names a reason.
//!
//! The body of a 401 is the same for eleven faults; the kind of credential and its earlier successes rank them. The
//! challenge does not: `WWW-Authenticate` names the profile mapped last, or Basic, whatever the fault.

use super::Row;
use super::session_causes::*;
use crate::code::Code;
use crate::diagnose::model::circumstances::Credential;
use crate::diagnose::model::diagnosis::{Kind, Retry};
use crate::diagnose::model::facts::Seen;
#[cfg(feature = "circumstances")]
use crate::diagnose::model::success::parameter;

fn unauthorized(seen: &Seen<'_>) -> bool {
    seen.is_of_api(401)
}

fn shows(seen: &Seen<'_>, credential: Credential) -> bool {
    unauthorized(seen) && seen.around.credential == Some(credential)
}

/// Whether a token was sent, by all that is known.
fn shows_token(seen: &Seen<'_>) -> bool {
    unauthorized(seen) && matches!(seen.around.credential, None | Some(Credential::Bearer))
}

fn is_foreign(seen: &Seen<'_>) -> bool {
    shows_token(seen) && seen.around.foreign
}

const NOT_ACCEPTED: Row = Row {
    code: Code::TOKEN_NOT_ACCEPTED,
    kind: Kind::Authentication,
    title: "The API does not accept the token",
    retry: Retry::AfterRenewal,
    fits: unauthorized,
    causes: &[TOKEN_EXPIRED.at(60), TOKEN_REVOKED.at(20), TOKEN_OF_GUEST.at(10)],
};

/// The browser's sign-in page. Its redirects are expected, so these rows come before other redirects.
pub(super) const SIGN_IN_PAGE: &[Row] = &[
    #[cfg(feature = "circumstances")]
    Row {
        code: Code::AUTHORIZE_STATE_MISSING,
        kind: Kind::Request,
        title: "The sign-in page asks for a state parameter",
        retry: Retry::Never,
        fits: |seen| seen.says("Missing State parameter"),
        causes: &[STATE_MISSING.at(95)],
    },
    #[cfg(feature = "circumstances")]
    Row {
        code: Code::AUTHORIZE_REDIRECTED,
        kind: Kind::Request,
        title: "The sign-in ends at an address of the application registry record, not of this request",
        retry: Retry::Never,
        fits: |seen| {
            let asked = seen.endpoint().ends_with("/oauth_auth.do") && seen.is(302);
            let named = parameter(seen.path, "redirect_uri").unwrap_or_default();
            let other = |to: &str| to.contains("code=") && !named.is_empty() && !to.starts_with(&named);
            asked && seen.headers().value("location").is_some_and(other)
        },
        causes: &[REDIRECT_NOT_REGISTERED.at(90)],
    },
];

pub(super) const ROWS: &[Row] = &[
    Row {
        code: Code::AUTHENTICATION_MFA,
        kind: Kind::Authentication,
        title: "The instance asks for a one-time code",
        retry: Retry::Never,
        fits: |seen| unauthorized(seen) && seen.headers().value("x-mfa_token").is_some(),
        causes: &[MFA.at(95)],
    },
    #[cfg(feature = "circumstances")]
    Row {
        code: Code::SESSION_TOKEN_STALE,
        kind: Kind::Authentication,
        title: "The session is alive, and its X-UserToken is missing or stale",
        retry: Retry::Never,
        fits: |seen| unauthorized(seen) && seen.headers().value("x-usertoken-response").is_some(),
        causes: &[USER_TOKEN.at(95)],
    },
    // The page or the challenge of a proxy: a new token does not change it.
    Row {
        code: Code::INSTANCE_GATEWAY_REFUSES,
        kind: Kind::Authentication,
        title: "Something in front of the instance asks for a sign-in of its own",
        retry: Retry::Never,
        fits: |seen| unauthorized(seen) && seen.is_html(),
        causes: &[GATEWAY_SIGN_IN.at(70)],
    },
    Row {
        code: Code::KEY_NOT_ACCEPTED,
        title: "The API does not accept the API key",
        retry: Retry::Never,
        fits: |seen| shows(seen, Credential::ApiKey) && seen.around.accepted_elsewhere,
        causes: &[KEY_WITHOUT_POLICY.at(85), KEY_PLACE.at(10)],
        ..NOT_ACCEPTED
    },
    Row {
        code: Code::KEY_NOT_ACCEPTED,
        title: "The API does not accept the API key",
        retry: Retry::Never,
        fits: |seen| shows(seen, Credential::ApiKey),
        causes: &[KEY_WITHOUT_POLICY.at(45), KEY_WRONG.at(30), KEY_PLACE.at(20)],
        ..NOT_ACCEPTED
    },
    Row {
        code: Code::BASIC_NOT_ACCEPTED,
        title: "The API does not accept the user name and password, in words of the releases that restrict Basic",
        retry: Retry::Never,
        fits: |seen| shows(seen, Credential::Basic) && seen.says("is not authenticated"),
        causes: &[BASIC_RESTRICTED.at(45), BASIC_WRONG.at(35), POLICY_WITHOUT_BASIC.at(10)],
        ..NOT_ACCEPTED
    },
    Row {
        code: Code::BASIC_NOT_ACCEPTED,
        title: "The API does not accept the user name and password",
        retry: Retry::Never,
        fits: |seen| shows(seen, Credential::Basic),
        causes: &[BASIC_WRONG.at(55), BASIC_RESTRICTED.at(20), POLICY_WITHOUT_BASIC.at(15)],
        ..NOT_ACCEPTED
    },
    Row {
        code: Code::TOKEN_FOREIGN_NOT_ACCEPTED,
        title: "The API accepted this token of another provider before, and does not accept it again",
        retry: Retry::Never,
        fits: |seen| is_foreign(seen) && (seen.around.accepted_here || seen.around.accepted_elsewhere),
        causes: &[OIDC_USED.at(50), TOKEN_EXPIRED.at(40)],
        ..NOT_ACCEPTED
    },
    Row {
        code: Code::TOKEN_FOREIGN_NOT_ACCEPTED,
        title: "The API does not accept a signed token that the instance was not seen to issue",
        retry: Retry::Never,
        fits: is_foreign,
        causes: &[OIDC_CLAIMS.at(40), OIDC_USER.at(25), TOKEN_EXPIRED.at(20), POLICY_WITHOUT_OAUTH.at(10)],
        ..NOT_ACCEPTED
    },
    Row {
        title: "The token's life is over",
        fits: |seen| shows_token(seen) && seen.around.is_token_old(),
        causes: &[TOKEN_EXPIRED.at(90), TOKEN_REVOKED.at(8)],
        ..NOT_ACCEPTED
    },
    Row {
        title: "A token that this API accepted before, and that should still live, is no longer accepted",
        fits: |seen| shows_token(seen) && seen.around.accepted_here && seen.around.is_token_young(),
        causes: &[TOKEN_REVOKED.at(75), TOKEN_EXPIRED.at(15)],
        ..NOT_ACCEPTED
    },
    Row {
        title: "This API does not accept the token, though others do or other credentials are",
        retry: Retry::Never,
        fits: |seen| shows_token(seen) && (seen.around.accepted_elsewhere || seen.around.others_accepted),
        causes: &[POLICY_WITHOUT_OAUTH.at(75), TOKEN_OF_GUEST.at(15)],
        ..NOT_ACCEPTED
    },
    Row {
        title: "The API does not accept the token, and a new one did not help",
        retry: Retry::Never,
        fits: |seen| shows_token(seen) && seen.around.renewed,
        causes: &[TOKEN_OF_GUEST.at(50), POLICY_WITHOUT_OAUTH.at(40)],
        ..NOT_ACCEPTED
    },
    Row {
        title: "The API does not accept a token that was issued just now",
        fits: |seen| shows_token(seen) && seen.around.is_token_young(),
        causes: &[TOKEN_OF_GUEST.at(50), POLICY_WITHOUT_OAUTH.at(40), TOKEN_REVOKED.at(5)],
        ..NOT_ACCEPTED
    },
    Row { fits: shows_token, ..NOT_ACCEPTED },
    Row {
        code: Code::AUTHENTICATION_REFUSED,
        title: "The API asks for credentials, and neither the request nor the certificate of its connection shows a user",
        retry: Retry::Never,
        fits: |seen| shows(seen, Credential::Unshown),
        causes: &[NOTHING_SHOWN.at(60), CERTIFICATE_UNKNOWN.at(35)],
        ..NOT_ACCEPTED
    },
    #[cfg(feature = "circumstances")]
    Row {
        code: Code::AUTHENTICATION_REFUSED,
        title: "The API asks for credentials and does not accept those of this request",
        retry: Retry::Never,
        ..NOT_ACCEPTED
    },
];
