//! The instance's own settings, as an administrator reads them: whether these credentials are an administrator's, the properties
//! and the plugins.

use super::super::case::{Case, Change};
use super::super::causes::{self, ReportedCause};
use super::super::check::{InstanceCheck, When};
use super::super::options::AuthMethod;
use super::super::probe::{Identity, ProbeOutcome, text};
use super::super::record_probes::{list, once_as_administrator, unread};
use crate::auth::GrantType;

const ADMINISTRATOR: &str = "Do the administrator's credentials read the instance's settings?";
const PROPERTIES: &str = "Do the properties allow this sign-in?";
const PLUGINS: &str = "Are the plugins active?";
const LOG: &str = "What does the instance's log say of refused tokens?";

pub(super) const OAUTH: &str = "com.snc.platform.security.oauth.is.active";
pub(super) const GRANT: &str = "glide.oauth.inbound.client.credential.grant_type.enabled";
const PASSWORD_OFF: &str = "glide.oauth.inbound.ropc.grant_type.disabled";
const APIS_OFF: &str = "glide.rest.apis.disabled";
const CORS_ON: &str = "glide.rest.cors.enabled";
pub(super) const RESTRICTION: &str = "glide.authenticate.basic_auth.restriction.enforce";
pub(super) const READ_ONLY_EXEMPT: &str = "glide.security.snc_read_only_role.tables.exempt_create";

const READ: &[&str] = &[
    "glide.buildname",
    OAUTH,
    GRANT,
    PASSWORD_OFF,
    APIS_OFF,
    CORS_ON,
    RESTRICTION,
    READ_ONLY_EXEMPT,
    "glide.oauth.cors.allowed.origin",
    "glide.invalid_query.returns_no_rows",
];

/// Causes that the properties settle, or that records name which are read once the properties could be.
const SETTLED: &[&ReportedCause] = &[
    &causes::BASIC_RESTRICTED,
    &causes::API_DISABLED,
    &causes::API_ROLE,
    &causes::POLICY_WITHOUT_OAUTH,
    &causes::POLICY_WITHOUT_BASIC,
    &causes::API_SCOPE,
    &causes::RECORD_RESTRICTED,
    &causes::USER_READ_ONLY,
    &causes::CORS_HEADER,
    &causes::NO_CORS_RULE,
    &causes::NO_TOKEN_ORIGIN,
    &causes::QUERY_ACL,
    &causes::RATE_RULE,
    &causes::FIELD_ACL,
    &causes::ROLE_MISSING,
    &causes::NO_TABLE_READ,
    &causes::NO_WEB_SERVICE_ACCESS,
];

pub(super) fn checks() -> Vec<InstanceCheck> {
    vec![
        InstanceCheck {
            code: "settings.properties",
            question: PROPERTIES,
            elaborates: SETTLED,
            when: |case, times| match (case.options.administrator, case.known.reached, times) {
                (false, _, 0) => When::Cannot("an administrator's credentials (role admin)"),
                (true, true, 0) => When::Due,
                _ => When::NotDue,
            },
            ask: |_| {
                let query = format!("nameIN{}", READ.join(","));
                list(Identity::Administrator, "sys_properties", &query, "name,value", 50)
            },
            read: read_properties,
        },
        InstanceCheck {
            code: "settings.plugins",
            question: PLUGINS,
            elaborates: &[],
            when: |case, times| once_as_administrator(case, times, "role admin"),
            ask: |_| {
                let query = "idINcom.snc.platform.security.oauth,com.glide.rest.auth.scope,com.glide.rest.policy,com.glide.tokenbased_auth";
                list(Identity::Administrator, "v_plugin", query, "id,active", 20)
            },
            read: read_plugins,
        },
        InstanceCheck {
            code: "settings.log",
            question: LOG,
            elaborates: &[],
            when: |case, times| match case.known.token == Some(false) {
                true => once_as_administrator(case, times, "role admin"),
                false => When::NotDue,
            },
            ask: |_| {
                let query = "messageSTARTSWITHException on token flow^ORDERBYDESCsys_created_on";
                list(Identity::Administrator, "syslog", query, "message,sys_created_on", 3)
            },
            read: |case, outcome| {
                let rows = outcome.rows().unwrap_or_default().0;
                match rows.first() {
                    Some(row) => {
                        let seen = format!("syslog: {}", text(row, "message"));
                        if seen.contains("invalid_scope") {
                            case.suspect(&causes::SCOPE_NOT_ATTACHED, 60, seen.clone(), None);
                        }
                        case.unknown("settings.log", LOG, seen);
                    }
                    None => case.unknown("settings.log", LOG, "No entry about refused tokens can be read."),
                }
            },
        },
    ]
}

pub(super) fn property(case: &Case, name: &str) -> String {
    let all = case.known.properties.as_deref().unwrap_or_default();
    all.iter().find(|(given, _)| given == name).map(|(_, value)| value.clone()).unwrap_or_default()
}

pub(super) fn set_property(name: &'static str, value: &str) -> Option<Change> {
    let set = vec![("name", name.to_owned()), ("value", value.to_owned())];
    Some(Change { table: "sys_properties", query: format!("name={name}"), set })
}

fn read_properties(case: &mut Case, outcome: &ProbeOutcome) {
    // A user who may not read properties gets 200 without rows.
    let rows = outcome.rows().unwrap_or_default().0;
    if rows.is_empty() {
        case.known.administrator = Some(false);
        let seen = unread(outcome).unwrap_or_else(|| "No property can be read: role admin is missing.".into());
        return case.unknown("settings.administrator", ADMINISTRATOR, seen);
    }
    case.known.administrator = Some(true);
    case.passed("settings.administrator", ADMINISTRATOR, format!("{} properties were read.", rows.len()));
    let pairs = rows.iter().map(|row| (text(row, "name").to_owned(), text(row, "value").to_owned()));
    case.known.properties = Some(pairs.collect());
    let release = property(case, "glide.buildname").to_ascii_lowercase().replace(' ', "");
    if case.release.is_empty() && !release.is_empty() {
        case.release = release;
    }
    let before = case.suspects.iter().filter(|suspect| suspect.weight >= 100).count();
    let means = case.options.means;
    if means.has_client() && property(case, OAUTH) == "false" {
        fail(case, OAUTH, "false", &causes::OAUTH_INACTIVE, set_property(OAUTH, "true"));
    }
    let old = super::api::is_before_client_credentials(&case.release);
    match means.grant() {
        Some(GrantType::ClientCredentials) if property(case, GRANT) != "true" && !old => {
            let value = property(case, GRANT);
            let shown = if value.is_empty() { "absent" } else { &value };
            fail(case, GRANT, shown, &causes::GRANT_OFF, set_property(GRANT, "true"));
        }
        Some(GrantType::Password) if property(case, PASSWORD_OFF) == "true" => {
            case.clear(&causes::GRANT_OFF);
            fail(case, PASSWORD_OFF, "true", &causes::PASSWORD_GRANT_OFF, set_property(PASSWORD_OFF, "false"));
        }
        Some(
            GrantType::ClientCredentials
            | GrantType::Password
            | GrantType::AuthorizationCode
            | GrantType::RefreshToken
            | GrantType::JwtBearer,
        )
        | None => case.clear(&causes::GRANT_OFF),
    }
    let off = property(case, APIS_OFF);
    if off.split(',').any(|api| ["Table API", "Aggregate API"].contains(&api.trim())) {
        fail(case, APIS_OFF, &off, &causes::API_DISABLED, set_property(APIS_OFF, ""));
    }
    if !case.options.origin.is_empty() && property(case, CORS_ON) == "false" {
        fail(case, CORS_ON, "false", &causes::CORS_DISABLED, set_property(CORS_ON, "true"));
    }
    if case.suspects.iter().filter(|suspect| suspect.weight >= 100).count() == before {
        case.passed("settings.properties", PROPERTIES, "None of the properties that were read stands in the way.");
    }
}

fn fail(case: &mut Case, name: &str, value: &str, cause: &'static ReportedCause, change: Option<Change>) {
    case.failed("settings.properties", PROPERTIES, format!("{name} is {value}."), cause, 100, change);
}

fn read_plugins(case: &mut Case, outcome: &ProbeOutcome) {
    let Some((rows, _)) = outcome.rows() else {
        return case.unknown("settings.plugins", PLUGINS, format!("{}.", outcome.summary()));
    };
    let inactive = |id: &str| rows.iter().any(|row| text(row, "id") == id && text(row, "active") == "inactive");
    let oauth = "com.snc.platform.security.oauth";
    let keys = "com.glide.tokenbased_auth";
    if case.options.means.has_client() && inactive(oauth) {
        return case.failed(
            "settings.plugins",
            PLUGINS,
            format!("{oauth} is inactive."),
            &causes::OAUTH_INACTIVE,
            100,
            None,
        );
    }
    if case.options.means == AuthMethod::ApiKey && inactive(keys) {
        return case.failed(
            "settings.plugins",
            PLUGINS,
            format!("{keys} is inactive."),
            &causes::KEY_PLUGIN_INACTIVE,
            100,
            None,
        );
    }
    match rows.is_empty() {
        true => case.unknown("settings.plugins", PLUGINS, "No plugin record can be read."),
        false => {
            case.clear(&causes::OAUTH_INACTIVE);
            case.passed("settings.plugins", PLUGINS, "The plugins that this sign-in needs are active.");
        }
    }
}
