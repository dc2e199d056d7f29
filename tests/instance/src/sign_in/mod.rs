//! Authentication. Credentials are checked in a fixed order: API key or signature, Basic, bearer token, client certificate, session
//! cookie; then the access policy of the API decides whether it accepts this kind. Every failure gets the same 401.

mod certificate;
mod id_token;
pub(crate) mod machine_identity;
mod one_time_code;
mod password;
mod policy;
pub(crate) mod scope;
mod sessions;
mod token_based;

pub(crate) use password::proves;
pub(crate) use policy::Target;
pub(crate) use sessions::{Session, Sessions, open_for_integration, session_of};

use std::collections::BTreeSet;

use crate::clock::pattern;
use crate::exchange::Request;
use crate::instance::Instance;
use crate::oauth::{GUEST, basic};
use crate::records::{self, Record};
use crate::store::Store;

/// The credential that authenticated a caller.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Means {
    /// A token of this registry record, or an ID token of the provider behind it.
    Bearer {
        /// Its `sys_id`.
        entity: String,
        /// The token's expiry in milliseconds since 1970.
        expires: u64,
    },
    Basic,
    /// An API key, in a header or in the query.
    ApiKey {
        in_query: bool,
        /// `sys_id` of the one auth scope that the key is valid for; empty for all.
        scope: String,
    },
    /// An HMAC of the body, in a header or in the query.
    Signature {
        in_query: bool,
        algorithm: &'static str,
    },
    /// A client certificate.
    Certificate,
    Session,
}

/// The authenticated caller.
#[derive(Clone, Debug)]
pub(crate) struct Principal {
    pub(crate) user_id: String,
    pub(crate) user_name: String,
    pub(crate) name: String,
    pub(crate) roles: BTreeSet<String>,
    /// "Europe/Berlin"; empty for the system's own, which is GMT.
    pub(crate) time_zone: String,
    /// The user's formats: date and time, and the date alone.
    pub(crate) time_pattern: String,
    pub(crate) date_pattern: String,
    pub(crate) means: Means,
}

/// Nobody is signed in; headers that go with the 401.
pub(crate) struct Unknown(pub(crate) Vec<(&'static str, String)>);

const CHALLENGE: &str = "WWW-Authenticate";

impl Unknown {
    fn plainly() -> Self {
        Self(vec![(CHALLENGE, policy::BASIC.into())])
    }
}

/// Identifies the caller, or fails if no credential is valid.
pub(crate) fn identify(
    instance: &mut Instance,
    request: &Request,
    target: &Target<'_>,
    now: u64,
) -> Result<Principal, Unknown> {
    let identified = identified(instance, request, target, now);
    identified.map_err(|Unknown(mut headers)| {
        let before = headers.len();
        headers.retain(|(name, _)| *name != CHALLENGE);
        if headers.len() < before {
            headers.extend(policy::schemes(instance, target).map(|scheme| (CHALLENGE, scheme)));
        }
        Unknown(headers)
    })
}

fn identified(instance: &mut Instance, request: &Request, target: &Target<'_>, now: u64) -> Result<Principal, Unknown> {
    let (user, means) = proved(instance, request, now)?;
    let record = records::by_id(&instance.store, "sys_user", &user).ok_or_else(Unknown::plainly)?;
    if record.text("user_name") == GUEST || !record.is("active") || record.is("locked_out") {
        return Err(Unknown::plainly());
    }
    if !policy::admits(instance, &means, target) {
        return Err(Unknown::plainly());
    }
    let principal = principal(instance, &record, means);
    instance.caller.clone_from(&principal.user_name);
    Ok(principal)
}

/// The guest, for resources that require no authentication.
pub(crate) fn guest(instance: &Instance) -> Option<Principal> {
    let record = records::one(&instance.store, "sys_user", "user_name", GUEST)?;
    Some(principal(instance, &record, Means::Session))
}

fn proved(instance: &mut Instance, request: &Request, now: u64) -> Result<(String, Means), Unknown> {
    if let Some(found) = token_based::user(instance, request, now) {
        return found;
    }
    if let Some((name, password)) = basic(request) {
        return password::user(instance, &name, &password, now).map(|user| (user, Means::Basic));
    }
    let header = request.header("authorization").and_then(|header| {
        let (scheme, token) = header.split_once(' ')?;
        scheme.eq_ignore_ascii_case("bearer").then(|| token.trim().to_owned())
    });
    let in_query = request.parameters().text("access_token").map(str::to_owned);
    if let Some(text) = header.or(in_query) {
        if let Some(left) = &mut instance.revoke_after {
            if *left == 0 {
                instance.tokens.revoke_access(&mut instance.store);
                instance.revoke_after = None;
            } else {
                *left -= 1;
            }
        }
        // First a token of this instance, then an ID token of another provider.
        if let Some(token) = instance.tokens.alive(&instance.store, &text, now) {
            return Ok((token.user.clone(), Means::Bearer { entity: token.entity.clone(), expires: token.expires }));
        }
        return id_token::user(instance, &text, now).ok_or_else(Unknown::plainly);
    }
    if let Some(found) = certificate::user(instance, request) {
        return found;
    }
    by_session(instance, request, now)
}

fn by_session(instance: &Instance, request: &Request, now: u64) -> Result<(String, Means), Unknown> {
    let session = session_of(instance, request, now).ok_or_else(Unknown::plainly)?;
    if request.header("x-usertoken") == Some(session.token.as_str()) {
        return Ok((session.user.clone(), Means::Session));
    }
    Err(Unknown(vec![("X-Is-Logged-In", "true".into()), ("X-UserToken-Response", session.token.clone())]))
}

fn principal(instance: &Instance, user: &Record<'_>, means: Means) -> Principal {
    let mut roles = own_roles(instance, user.id());
    add_contained(&instance.store, &mut roles);
    // The user's own formats, else the system's.
    let format = |name: &str| {
        let property = || records::property(&instance.store, &format!("glide.sys.{name}")).unwrap_or_default();
        let own = user.text(name);
        pattern(if own.is_empty() { property() } else { own })
    };
    Principal {
        user_id: user.id().into(),
        user_name: user.text("user_name").into(),
        name: user.text("name").into(),
        roles,
        time_zone: user.text("time_zone").into(),
        time_pattern: format!("{} {}", format("date_format"), format("time_format")),
        date_pattern: format("date_format"),
        means,
    }
}

/// Adds the roles that these contain, and those that they contain in turn.
fn add_contained(store: &Store, roles: &mut BTreeSet<String>) {
    let mut due: Vec<String> = roles.iter().cloned().collect();
    while let Some(outer) = due.pop() {
        let Some(outer) = records::one(store, "sys_user_role", "name", &outer) else { continue };
        for row in records::with(store, "sys_user_role_contains", "role", outer.id()) {
            let inner = records::by_id(store, "sys_user_role", row.text("contains"));
            let inner = inner.map(|role| role.text("name").to_owned()).unwrap_or_default();
            if !inner.is_empty() && roles.insert(inner.clone()) {
                due.push(inner);
            }
        }
    }
}

/// The roles that a user, given by `sys_id`, was granted.
pub(crate) fn own_roles(instance: &Instance, user: &str) -> BTreeSet<String> {
    roles_of(&instance.store, user)
}

/// The same, read from the store alone.
pub(crate) fn roles_of(store: &Store, user: &str) -> BTreeSet<String> {
    let granted = records::with(store, "sys_user_has_role", "user", user).filter(|row| row.text("state") == "active");
    let names = granted.filter_map(|row| records::by_id(store, "sys_user_role", row.text("role")));
    names.map(|role| role.text("name").to_owned()).collect()
}
