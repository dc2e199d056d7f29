//! Who asks. Credentials are looked at in a fixed order: API key, Basic, bearer token, session cookie; then the access policy of
//! the API decides whether that means is good for it. Whatever is wrong, the reply is the same 401.

mod policy;
pub(crate) mod scope;
mod sessions;

pub(crate) use policy::Target;
pub(crate) use sessions::{Session, Sessions, session_of};

use std::collections::BTreeSet;

use crate::clock::stamp;
use crate::exchange::Request;
use crate::instance::Instance;
use crate::oauth::{GUEST, basic, trouble_with};
use crate::records::{self, Record, is_set, property};

/// What a caller proved who they are with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Means {
    /// A token of this registry record.
    Bearer {
        /// Its `sys_id`.
        entity: String,
    },
    Basic,
    /// An API key, in a header or in the query.
    ApiKey {
        in_query: bool,
    },
    Session,
}

/// Who asks, and what they may do.
#[derive(Clone, Debug)]
pub(crate) struct Principal {
    pub(crate) user_id: String,
    pub(crate) user_name: String,
    pub(crate) name: String,
    pub(crate) roles: BTreeSet<String>,
    /// "Europe/Berlin"; empty for the system's own, which is GMT.
    pub(crate) time_zone: String,
    pub(crate) means: Means,
}

/// Nobody is signed in; headers that go with the 401.
pub(crate) struct Unknown(pub(crate) Vec<(&'static str, String)>);

impl Unknown {
    fn plainly() -> Self {
        Self(vec![("WWW-Authenticate", "BASIC realm=\"Service-now\"".into())])
    }
}

/// Says who asks, or that nobody known does.
pub(crate) fn identify(
    instance: &mut Instance,
    request: &Request,
    target: &Target<'_>,
    now: u64,
) -> Result<Principal, Unknown> {
    let (user, means) = proved(instance, request, now)?;
    let record = records::by_id(&instance.store, "sys_user", &user).ok_or_else(Unknown::plainly)?;
    if record.text("user_name") == GUEST || !record.is("active") || record.is("locked_out") {
        return Err(Unknown::plainly());
    }
    if !policy::admits(&instance.store, &means, target) {
        return Err(Unknown::plainly());
    }
    Ok(principal(instance, &record, means))
}

fn proved(instance: &mut Instance, request: &Request, now: u64) -> Result<(String, Means), Unknown> {
    if let Some(found) = api_key(instance, request, now) {
        return found;
    }
    if let Some((name, password)) = basic(request) {
        return by_password(instance, request, &name, &password).map(|user| (user, Means::Basic));
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
        let token = instance.tokens.alive(&instance.store, &text, now).ok_or_else(Unknown::plainly)?;
        return Ok((token.user.clone(), Means::Bearer { entity: token.entity.clone() }));
    }
    by_session(instance, request, now)
}

fn api_key(instance: &Instance, request: &Request, now: u64) -> Option<Result<(String, Means), Unknown>> {
    const NAME: &str = "x-sn-apikey";
    let parameters = request.parameters();
    let (given, in_query) = match (request.header(NAME), parameters.text(NAME)) {
        (Some(given), _) => (given, false),
        (None, Some(given)) => (given, true),
        _ => return None,
    };
    let expired = |key: &Record<'_>| !key.text("expires").is_empty() && key.text("expires") <= stamp(now).as_str();
    let key = records::one(&instance.store, "rest_api_key", "token", given)
        .filter(|key| !given.is_empty() && key.is("active") && !expired(key));
    let plugin = records::one(&instance.store, "v_plugin", "id", "com.glide.tokenbased_auth");
    let usable = plugin.is_some_and(|plugin| plugin.text("active") == "active");
    Some(match key.filter(|_| usable) {
        Some(key) => Ok((key.text("user").to_owned(), Means::ApiKey { in_query })),
        None => Err(Unknown::plainly()),
    })
}

fn by_password(instance: &mut Instance, request: &Request, name: &str, password: &str) -> Result<String, Unknown> {
    let store = &instance.store;
    let user = records::one(store, "sys_user", "user_name", name)
        .filter(|user| !password.is_empty() && user.text("user_password") == password)
        .ok_or_else(Unknown::plainly)?;
    let reset_counts = is_set(store, "glide.authenticate.api.user.reset_password.mandatory");
    if trouble_with(&user).is_some() && (reset_counts || !user.is("password_needs_reset")) {
        return Err(Unknown::plainly());
    }
    // Enrolled users need a one-time code as well; the practice instance knows none, so every code is wrong.
    if is_set(store, "glide.authenticate.multifactor.for_integrations") && user.is("enable_multifactor_authn") {
        let mut unknown = Unknown::plainly();
        unknown.0.push(("X-MFA_TOKEN", "invalid".into()));
        return Err(unknown);
    }
    if is_set(store, "glide.authenticate.basic_auth.restriction.enforce") && !may_use_basic(instance, &user) {
        let message = format!(
            "SNCRestrictBasicAuthUserAuthenticationGate: denied basic-auth API call for interactive-login user [{}] under enforce=true",
            user.text("user_name")
        );
        let unique = instance.requests ^ crate::identity::hash(&request.path, 1);
        let at = instance.now;
        records::log(&mut instance.store, "SNCRestrictBasicAuthUserAuthenticationGate", &message, unique, at);
        return Err(Unknown::plainly());
    }
    Ok(user.id().to_owned())
}

/// The 2026 restriction: accounts that cannot log in interactively, and those with the role for it, may go on using Basic.
fn may_use_basic(instance: &Instance, user: &Record<'_>) -> bool {
    let store = &instance.store;
    let service = user.is("web_service_access_only") || user.text("identity_type") == "machine";
    let service = service && is_set(store, "glide.authenticate.basic_auth.allow_wsao");
    let allowed = property(store, "glide.authenticate.basic_auth.allowed_roles").unwrap_or_default();
    let own = own_roles(instance, user.id());
    service || allowed.split(',').any(|role| own.contains(role.trim()))
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
    for (role, contained) in CONTAINED {
        if roles.contains(role) {
            roles.extend(contained.iter().map(|role| (*role).to_owned()));
        }
    }
    Principal {
        user_id: user.id().into(),
        user_name: user.text("user_name").into(),
        name: user.text("name").into(),
        roles,
        time_zone: user.text("time_zone").into(),
        means,
    }
}

/// Roles that bring others with them ("Base system roles").
const CONTAINED: [(&str, &[&str]); 2] = [
    ("itil", &["snc_platform_rest_api_access", "cmdb_read", "sn_incident_read", "sn_problem_read", "sn_change_read"]),
    ("asset", &["cmdb_read"]),
];

fn own_roles(instance: &Instance, user: &str) -> BTreeSet<String> {
    let store = &instance.store;
    let granted = records::with(store, "sys_user_has_role", "user", user).filter(|row| row.text("state") == "active");
    let names = granted.filter_map(|row| records::by_id(store, "sys_user_role", row.text("role")));
    names.map(|role| role.text("name").to_owned()).collect()
}
