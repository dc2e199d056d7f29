//! Causes that an examination can find: those of the catalogue, and those that only records or a probe can show.
//!
//! Terms in braces are replaced by the release's menu names and by values of the instance. A check names a cause by its static, so that a
//! missing one does not compile and one that no check names is reported as dead code.

use crate::diagnose::Cause;

/// A cause as a report shows it. Probes confirm it, so the texts on how to confirm a cause are not in the doctor's file.
#[derive(Debug)]
pub(super) struct ReportedCause {
    pub(super) code: &'static str,
    pub(super) title: &'static str,
    pub(super) fix: &'static [&'static str],
    pub(super) source: &'static str,
}

/// A code names one cause.
impl PartialEq for ReportedCause {
    fn eq(&self, other: &Self) -> bool {
        self.code == other.code
    }
}

const fn own(
    code: &'static str,
    title: &'static str,
    fix: &'static [&'static str],
    source: &'static str,
) -> ReportedCause {
    ReportedCause { code, title, fix, source }
}

/// Evaluated while the crate is compiled, so that the omitted text is in no file.
const fn of_catalogue(cause: &Cause) -> ReportedCause {
    own(cause.code, cause.title, cause.fix, cause.source)
}

macro_rules! from_catalogue {
    ($($module:ident: $($name:ident),+;)+) => {
        $($(pub(super) static $name: ReportedCause = of_catalogue(&crate::diagnose::$module::$name);)+)+

        #[cfg(test)]
        static FROM_CATALOGUE: &[&ReportedCause] = &[$($(&$name),+),+];
    };
}

macro_rules! of_the_doctor {
    ($($name:ident = ($code:literal, $title:literal, $fix:expr, $source:literal $(,)?);)+) => {
        $(pub(super) static $name: ReportedCause = own($code, $title, $fix, $source);)+

        #[cfg(test)]
        static OWN: &[&ReportedCause] = &[$(&$name),+];
    };
}

from_catalogue! {
    access_causes:
        API_ROLE, API_SCOPE, BUSINESS_RULE, DATA_POLICY, MACHINE_IDENTITY, NO_TABLE_READ,
        NO_WEB_SERVICE_ACCESS, QUERY_ACL, RECORD_RESTRICTED, ROLE_MISSING, WRITE_ROLE_MISSING;
    instance_causes:
        ADDRESS_REFUSED, ASLEEP, QUERY_TOO_HEAVY, QUEUED_PAST_QUOTA, QUEUE_FULL, RATE_RULE, RESTART,
        SESSION_OVER, SHARED_SESSION, WRONG_ADDRESS, WRONG_HOST;
    request_causes:
        API_DISABLED, QUERY_TOO_LONG, REPLY_CUT, TABLE_MISSPELT;
    session_causes:
        BASIC_RESTRICTED, KEY_WITHOUT_POLICY, MFA, POLICY_WITHOUT_BASIC, POLICY_WITHOUT_OAUTH,
        REDIRECT_NOT_REGISTERED, TOKEN_EXPIRED, TOKEN_OF_GUEST;
    silent_causes:
        FIELDS_MISSPELT, FIELD_ACL, FIELD_MISSPELT, NO_ORDER, RETURNS_NO_ROWS, ROW_ACL, TIME_ZONE;
    token_causes:
        APPLICATION_USER_BLOCKED, APPLICATION_USER_MISSING, CLIENT_WRONG, CODE_DEAD, GRANT_OFF, JWT_CLAIMS,
        JWT_KEY_UNKNOWN, JWT_SUBJECT, JWT_SUBJECT_ADMIN, OAUTH_INACTIVE, PASSWORD_GRANT_OFF, PASSWORD_WRONG,
        REFRESH_TOKEN_DEAD, SCOPE_NOT_ATTACHED, USER_READ_ONLY;
    transport_causes:
        CORS_HEADER, MIXED_CONTENT, NO_CORS_RULE, NO_TOKEN_ORIGIN, SLOW, SWALLOWED, UNREACHABLE;
}

of_the_doctor! {
    CLIENT_UNKNOWN = (
        "token.client-unknown",
        "No registry record has the client id {clientId}",
        &[
            "Under {registry} look for the record by its name, and copy its Client ID.",
            "Make sure that the address is that of its instance: {url}.",
        ],
        "OAuth inbound integrations",
    );
    CLIENT_INACTIVE = (
        "token.client-inactive",
        "The registry record of {clientId} is not active",
        &["Under {registry} open the record of {clientId} and tick Active."],
        "OAuth inbound integrations",
    );
    USER_STATE = (
        "token.user-state",
        "The user may not sign in",
        &[
            "Under User Administration > Users let {user} in again: Active ticked, Locked out and Password needs reset not.",
        ],
        "KB0725643; Enforce password reset on API requests",
    );
    TOKEN_RESTRICTED = (
        "policy.token-restricted",
        "The client's tokens are kept to APIs whose policy lists them",
        &[
            "Untick Enforce token restriction on the {record} of {clientId}, or add an OAuth profile of this client to the access policy of {api}.",
        ],
        "Configure an OAuth client credentials grant",
    );
    KEY_PLUGIN_INACTIVE = (
        "key.plugin-inactive",
        "API keys are not active on this instance",
        &["Under System Definition > Plugins activate API Key and HMAC Authentication (com.glide.tokenbased_auth)."],
        "API key and HMAC for REST APIs",
    );
    ROLES_MISSING = (
        "user.roles",
        "{user} lacks roles that are wanted",
        &["Under User Administration > Users open {user}, tab Roles > Edit, and add the roles that are missing."],
        "Base system roles",
    );
    NAME_UNKNOWN = (
        "network.name",
        "The name in {url} is not known to the name service",
        &[
            "Correct the spelling of the instance's name.",
            "Look the name up where the integration runs: its resolver may differ from yours.",
        ],
        "RFC 1035",
    );
    CLOCK_SKEW = (
        "clock.skew",
        "The clock here and the instance's clock disagree",
        &[
            "Set the clock of the machine that runs the integration by NTP.",
            "For assertions, raise Clock Skew on the {record} until it is fixed.",
        ],
        "Create a JWT API endpoint; RFC 7519 section 4.1.4",
    );
    CORS_EXPOSED = (
        "cors.exposed",
        "The CORS rule for {origin} hides headers that a client counts with",
        &[
            "Under System Web Services > REST > CORS Rules add to Access-Control-Expose-Headers of the rule for {origin}: X-Total-Count, Link, Location, Retry-After, X-RateLimit-Limit, X-RateLimit-Reset, X-RateLimit-Rule.",
        ],
        "Define a CORS rule; Fetch standard, CORS-safelisted response-header name",
    );
    CORS_DISABLED = (
        "cors.disabled",
        "CORS is switched off for the whole instance",
        &["Set the system property glide.rest.cors.enabled to true (sys_properties.list)."],
        "Available system properties",
    );
    API_OTHER = (
        "api.other",
        "{api} answers with a status that nothing here explains",
        &[
            "Repeat the request under System Web Services > REST > REST API Explorer as {user}.",
            "Look into System Logs > System Log > Errors at that time.",
        ],
        "REST API HTTP response codes",
    );
}

#[cfg(test)]
mod tests;
