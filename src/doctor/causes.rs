//! Causes that an examination can find: those of the catalogue, and those that only records or a probe can show.
//!
//! Terms in braces are replaced by the release's menu names and by values of the instance.

use crate::diagnose::EXAMINED;

/// A cause as a report shows it. Probes confirm it, so the texts on how to confirm a cause are not in the doctor's file.
#[derive(Debug, Clone, Copy)]
pub(super) struct ReportedCause {
    pub(super) code: &'static str,
    pub(super) title: &'static str,
    pub(super) fix: &'static [&'static str],
    pub(super) source: &'static str,
}

const fn own(
    code: &'static str,
    title: &'static str,
    fix: &'static [&'static str],
    source: &'static str,
) -> ReportedCause {
    ReportedCause { code, title, fix, source }
}

#[allow(
    clippy::indexing_slicing,
    reason = "evaluated while the crate is compiled: an index out of bounds would not compile"
)]
static FROM_CATALOGUE: [ReportedCause; EXAMINED.len()] = {
    let mut all = [own("", "", &[], ""); EXAMINED.len()];
    let mut at = 0;
    while at < all.len() {
        let cause = &EXAMINED[at];
        all[at] = own(cause.code, cause.title, cause.fix, cause.source);
        at += 1;
    }
    all
};

static OWN: &[ReportedCause] = &[
    own(
        "token.client-unknown",
        "No registry record has the client id {clientId}",
        &[
            "Under {registry} look for the record by its name, and copy its Client ID.",
            "Make sure that the address is that of its instance: {url}.",
        ],
        "OAuth inbound integrations",
    ),
    own(
        "token.client-inactive",
        "The registry record of {clientId} is not active",
        &["Under {registry} open the record of {clientId} and tick Active."],
        "OAuth inbound integrations",
    ),
    own(
        "token.user-state",
        "The user may not sign in",
        &[
            "Under User Administration > Users let {user} in again: Active ticked, Locked out and Password needs reset not.",
        ],
        "KB0725643; Enforce password reset on API requests",
    ),
    own(
        "policy.token-restricted",
        "The client's tokens are kept to APIs whose policy lists them",
        &[
            "Untick Enforce token restriction on the {record} of {clientId}, or add an OAuth profile of this client to the access policy of {api}.",
        ],
        "Configure an OAuth client credentials grant",
    ),
    own(
        "key.plugin-inactive",
        "API keys are not active on this instance",
        &["Under System Definition > Plugins activate API Key and HMAC Authentication (com.glide.tokenbased_auth)."],
        "API key and HMAC for REST APIs",
    ),
    own(
        "user.roles",
        "{user} lacks roles that are wanted",
        &["Under User Administration > Users open {user}, tab Roles > Edit, and add the roles that are missing."],
        "Base system roles",
    ),
    own(
        "network.name",
        "The name in {url} is not known to the name service",
        &[
            "Correct the spelling of the instance's name.",
            "Look the name up where the integration runs: its resolver may differ from yours.",
        ],
        "RFC 1035",
    ),
    own(
        "clock.skew",
        "The clock here and the instance's clock disagree",
        &[
            "Set the clock of the machine that runs the integration by NTP.",
            "For assertions, raise Clock Skew on the {record} until it is fixed.",
        ],
        "Create a JWT API endpoint; RFC 7519 section 4.1.4",
    ),
    own(
        "cors.exposed",
        "The CORS rule for {origin} hides headers that a client counts with",
        &[
            "Under System Web Services > REST > CORS Rules add to Access-Control-Expose-Headers of the rule for {origin}: X-Total-Count, Link, Location, Retry-After, X-RateLimit-Limit, X-RateLimit-Reset, X-RateLimit-Rule.",
        ],
        "Define a CORS rule; Fetch standard, CORS-safelisted response-header name",
    ),
    own(
        "cors.disabled",
        "CORS is switched off for the whole instance",
        &["Set the system property glide.rest.cors.enabled to true (sys_properties.list)."],
        "Available system properties",
    ),
    own(
        "api.other",
        "{api} answers with a status that nothing here explains",
        &[
            "Repeat the request under System Web Services > REST > REST API Explorer as {user}.",
            "Look into System Logs > System Log > Errors at that time.",
        ],
        "REST API HTTP response codes",
    ),
];

pub(super) fn find(code: &str) -> Option<&'static ReportedCause> {
    all().find(|cause| cause.code == code)
}

pub(super) fn all() -> impl Iterator<Item = &'static ReportedCause> {
    FROM_CATALOGUE.iter().chain(OWN)
}

#[cfg(test)]
mod tests;
