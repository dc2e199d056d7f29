//! REST API Auth Scopes: a link record names the scope that an API requires of a token; the scopes of a token are the present ones of
//! its registry record, not those requested at the grant ("REST API Auth Scope").
//!
//! An API without a link is open to every token, unless the record says "Allow access only to APIs in selected scope". Basic,
//! cookies, signatures and certificates have no scopes.

use crate::instance::Instance;
use crate::records::{self, Record, is_set};
use crate::refusal::Refusal;
use crate::switches::Release;

use super::{Means, Target};

/// The scope that grants every API.
const USER_ACCOUNT: &str = "useraccount";

/// Whether the scopes of the caller's token, if there is one, reach this API; the two kinds of refusal have different
/// messages (captures of 28 August and 4 September 2026; "Troubleshoot REST API auth scopes").
pub(crate) fn check(instance: &Instance, means: &Means, target: &Target<'_>) -> Result<(), Refusal> {
    let missing = || Refusal::new(403, "Missing required api access scope", None);
    let store = &instance.store;
    let links = || {
        let links = records::with(store, "sys_api_access_scope", "active", "true");
        links.filter(|link| target.fit(link).is_some())
    };
    let entity = match means {
        Means::Bearer { entity, .. } => entity,
        // A key may have one scope, and is then valid for the APIs linked to it.
        Means::ApiKey { scope, .. } if !scope.is_empty() => {
            return links().any(|link| link.text("auth_scope") == scope).then_some(()).ok_or_else(missing);
        }
        _ => return Ok(()),
    };
    if !is_set(store, "com.glide.rest.api.auth.scope.check.enable") {
        return Ok(());
    }
    let held: Vec<&str> =
        records::with(store, "oauth_entity_scope", "oauth_entity", entity).map(|scope| scope.text("name")).collect();
    if held.contains(&USER_ACCOUNT) {
        return Ok(());
    }
    let mut links = links().peekable();
    if links.peek().is_none() {
        // The setting came with Yokohama Patch 11, Zurich Patch 4 and Australia.
        let narrow = instance.switches.release >= Release::Yokohama;
        let record = records::by_id(store, "oauth_entity", entity);
        return match narrow && record.is_some_and(|record| record.is("allow_only_scoped_apis")) {
            true => Err(Refusal::new(403, "User Not Authorized", Some("Access to unscoped api is not allowed"))),
            false => Ok(()),
        };
    }
    let holds = |link: Record<'_>| {
        let scope = records::by_id(store, "sys_auth_scope", link.text("auth_scope"));
        scope.is_some_and(|scope| held.contains(&scope.text("name")))
    };
    links.any(holds).then_some(()).ok_or_else(missing)
}
