//! The OAuth endpoints: which grants issue a token, its lifetime, and the one reply that nearly every failure gets.
//!
//! A refused grant is always 401 `{"error_description":"access_denied","error":"server_error"}`: the true cause is only in
//! the instance's own log, `syslog` (KB0725643). Refresh tokens are not rotated and use does not extend them.

mod assertion;
mod authorization;
mod grants;
mod keys;
mod loopback;
mod metadata;
mod tokens;

pub(crate) use assertion::spend;
pub(crate) use authorization::{Codes, authorize, log_in};
pub(crate) use grants::answer;
pub(crate) use keys::SigningKeys;
pub(crate) use metadata::published;
pub(crate) use tokens::Tokens;

use base64::Engine;

use crate::exchange::{Reply, Request};
use crate::instance::Instance;
use crate::records::Record;

/// The users and clients that may sign in, and their credentials.
#[derive(Clone, Debug)]
pub struct Credentials {
    /// `client_id` of the one registered application.
    pub client_id: String,
    /// Its `client_secret`.
    pub client_secret: String,
    /// The user that its tokens act as (OAuth Application User), who may also use the password grant and Basic.
    pub user_name: String,
    /// The user's password.
    pub password: String,
}

/// The clients that may use the implicit grant, by client id ("Prevent OAuth clients from using implicit grant").
pub(crate) const IMPLICIT: &str = "glide.oauth.clients.allowed.for.implicit.grant";

/// The user of unauthenticated requests.
pub(crate) const GUEST: &str = "guest";

/// Why a grant is refused: an RFC 6749 error code, and the instance's log message.
pub(crate) struct Cause(pub(crate) &'static str, pub(crate) &'static str);

/// Why a user may not sign in, if that is the case.
pub(crate) fn trouble_with(user: &Record<'_>) -> Option<&'static str> {
    if !user.is("active") {
        return Some("The user is inactive");
    }
    if user.is("locked_out") {
        return Some("The user is locked out");
    }
    user.is("password_needs_reset").then_some("The user's password needs to be reset")
}

/// `/oauth_revoke_token.do`: revokes a token and authenticates no client ("Revoke an OAuth token").
pub(crate) fn revoke(instance: &mut Instance, request: &Request, now: u64) -> Reply {
    let form: crate::exchange::Parameters<'_> =
        crate::exchange::Parameters(form_urlencoded::parse(&request.body).collect());
    let parameters = request.parameters();
    let given = parameters.text("token").or_else(|| form.text("token")).unwrap_or_default();
    instance.tokens.revoke(&mut instance.store, given, now);
    Reply::empty(200)
}

/// The two halves of a Basic header (RFC 7617).
pub(crate) fn basic(request: &Request) -> Option<(String, String)> {
    let (scheme, encoded) = request.header("authorization")?.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let decoded = base64::engine::general_purpose::STANDARD.decode(encoded.trim()).ok()?;
    let decoded = String::from_utf8(decoded).ok()?;
    let (name, password) = decoded.split_once(':')?;
    Some((name.into(), password.into()))
}
