//! Probes that read the instance's own records.

use super::case::Case;
use super::check::When;
use super::options::AuthMethod;
use super::probe::{Identity, Probe, ProbeOutcome};
use crate::auth::GrantType;
use crate::request::form;

/// Rows of a table by an encoded query, of a few fields.
pub(super) fn list(who: Identity, table: &str, query: &str, fields: &str, limit: u32) -> Probe {
    let limit = limit.to_string();
    let mut parameters = vec![];
    if !query.is_empty() {
        parameters.push(("sysparm_query", query));
    }
    if !fields.is_empty() {
        parameters.push(("sysparm_fields", fields));
    }
    parameters.extend([("sysparm_limit", limit.as_str()), ("sysparm_exclude_reference_link", "true")]);
    Probe::get(format!("/api/now/table/{table}?{}", form(&parameters)), who)
}

/// Due once, with the administrator's credentials.
pub(super) fn once_as_administrator(case: &Case, times: u32, role: &'static str) -> When {
    match (case.options.administrator, case.known.administrator) {
        _ if times > 0 => When::NotDue,
        (false, _) | (true, Some(false)) => When::Cannot(role),
        (true, None) => When::NotDue,
        (true, Some(true)) => When::Due,
    }
}

/// Due once, when the integration is signed in.
pub(super) fn once_as_integration(case: &Case, times: u32) -> When {
    if times > 0 {
        return When::NotDue;
    }
    match signed_in(case) {
        true => When::Due,
        false => When::Cannot("a token that the instance gives the integration"),
    }
}

/// Whether the integration has credentials for an API.
pub(super) fn signed_in(case: &Case) -> bool {
    match case.options.means.asks_for_token() {
        true => case.known.token == Some(true),
        false => case.options.means != AuthMethod::Grant(GrantType::AuthorizationCode),
    }
}

/// Why rows read as administrator are no evidence. `None` if they are.
pub(super) fn unread(outcome: &ProbeOutcome) -> Option<String> {
    match outcome.rows() {
        None => Some(format!("The records could not be read: {}.", outcome.summary())),
        Some((rows, hidden)) if hidden > 0 && rows.is_empty() => {
            Some(format!("{hidden} records are hidden from the administrator's credentials."))
        }
        Some(_) => None,
    }
}
