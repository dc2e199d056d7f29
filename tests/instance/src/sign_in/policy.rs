//! REST API Access Policies: the most specific active policy of an API lists the profiles that it accepts; where there is none,
//! every kind of credential is accepted, except API keys and signatures, which need a policy that lists their profile.

use crate::instance::Instance;
use crate::records::{self, Record, property};

use super::{Means, token_based};

/// The target of a request.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Target<'a> {
    /// "Table API" and the like.
    pub(crate) api: &'a str,
    pub(crate) method: &'a str,
    /// "v1", "v2", or empty for the latest.
    pub(crate) version: &'a str,
    /// The table, where there is one.
    pub(crate) table: &'a str,
}

impl Target<'_> {
    /// How specific a record is to this target; `None` when it is about another.
    pub(crate) fn fit(&self, record: &Record<'_>) -> Option<u32> {
        let mut weight = 0;
        for (column, mine, counts) in [
            ("rest_api", self.api, 16),
            ("table", self.table, 8),
            ("http_method", self.method, 4),
            ("version", self.version, 2),
        ] {
            match record.text(column) {
                "" => {}
                theirs if theirs == mine => weight += counts,
                _ => return None,
            }
        }
        Some(weight)
    }
}

pub(super) fn admits(instance: &Instance, means: &Means, target: &Target<'_>) -> bool {
    let store = &instance.store;
    let token_based = matches!(means, Means::ApiKey { .. } | Means::Signature { .. });
    let best = in_force(instance, target);
    let restricted = match means {
        Means::Bearer { entity, .. } => {
            records::by_id(store, "oauth_entity", entity).is_some_and(|entity| entity.is("enforce_token_restrictions"))
        }
        _ => false,
    };
    let Some((fit, policy)) = best else {
        return !restricted && !token_based;
    };
    // "Token Based Auth isn't allowed in the Global REST API Policy".
    if fit == 0 && token_based {
        return false;
    }
    let mut mapped = records::with(store, "sys_auth_profile_mapping", "api_access_policy", policy.id());
    mapped.any(|mapping| {
        let profile = records::by_id(store, "inbound_auth_profile", mapping.text("inbound_auth_profile"));
        profile.is_some_and(|profile| suits(instance, means, &profile))
    })
}

/// The most specific active policy for the target, and how specific it is.
fn in_force<'a>(instance: &'a Instance, target: &Target<'_>) -> Option<(u32, Record<'a>)> {
    let policies = records::with(&instance.store, "sys_api_access_policy", "active", "true");
    policies.filter_map(|policy| Some((target.fit(&policy)?, policy))).max_by_key(|(fit, _)| *fit)
}

pub(super) const BASIC: &str = "BASIC realm=\"Service-now\"";
const BEARER: &str = "BEARER realm=\"Service-now\"";
const FIRST_ONLY: &str = "glide.security.response.authenticate.header.auth_profile.first_scheme_only";

/// The scheme that the 401 names: Basic, or where a policy is in force the scheme of the profile that was mapped to it last, or the
/// schemes of all of them if a property says so ("Create an API access policy").
pub(super) fn schemes(instance: &Instance, target: &Target<'_>) -> impl Iterator<Item = String> + use<> {
    let store = &instance.store;
    let mut found: Vec<(String, &str)> = Vec::new();
    if let Some((_, policy)) = in_force(instance, target) {
        for mapping in records::with(store, "sys_auth_profile_mapping", "api_access_policy", policy.id()) {
            let profile = records::by_id(store, "inbound_auth_profile", mapping.text("inbound_auth_profile"));
            let scheme = match profile.map_or("", |profile| profile.text("type")) {
                "oauth" => BEARER,
                "basic_auth" => BASIC,
                _ => continue,
            };
            found.push((mapping.text("sys_created_on").to_owned(), scheme));
        }
    }
    // Of two that were mapped in the same second the one that is read later counts as later.
    found.sort_by(|one, other| one.0.cmp(&other.0));
    found.reverse();
    let mut schemes: Vec<&str> = found.into_iter().map(|(_, scheme)| scheme).collect();
    schemes.dedup();
    if property(store, FIRST_ONLY) != Some("false") {
        schemes.truncate(1);
    }
    if schemes.is_empty() {
        schemes.push(BASIC);
    }
    schemes.into_iter().map(str::to_owned).collect::<Vec<_>>().into_iter()
}

fn suits(instance: &Instance, means: &Means, profile: &Record<'_>) -> bool {
    match (means, profile.text("type")) {
        (Means::Bearer { entity, .. }, "oauth") => {
            let named = profile.text("oauth_entity");
            named.is_empty() || named == entity
        }
        (Means::Basic, "basic_auth") | (Means::Session, "session") => true,
        (Means::ApiKey { in_query, .. }, "api_key") => *in_query == (profile.text("auth_parameter") == "query"),
        (Means::Signature { in_query, algorithm }, "hmac") => {
            *in_query == (profile.text("auth_parameter") == "query")
                && *algorithm == token_based::algorithm(instance, profile)
        }
        (Means::Certificate, "mutual_auth") => true,
        _ => false,
    }
}
