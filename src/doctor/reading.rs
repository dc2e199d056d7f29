//! Reading the instance's own records, for the checks.

use super::ask::{Ask, Outcome, Who};
use super::case::Case;
use super::checks::When;
use crate::request::form;

/// Rows of a table by an encoded query, of a few fields.
pub(super) fn list(who: Who, table: &str, query: &str, fields: &str, limit: u32) -> Ask {
    let limit = limit.to_string();
    let mut parameters = vec![];
    if !query.is_empty() {
        parameters.push(("sysparm_query", query));
    }
    if !fields.is_empty() {
        parameters.push(("sysparm_fields", fields));
    }
    parameters.extend([("sysparm_limit", limit.as_str()), ("sysparm_exclude_reference_link", "true")]);
    Ask::get(format!("/api/now/table/{table}?{}", form(&parameters)), who)
}

/// Once, as the administrator; without one it cannot be known.
pub(super) fn once_as_administrator(case: &Case, times: u32, role: &'static str) -> When {
    match (case.options.administrator, case.known.administrator) {
        _ if times > 0 => When::Over,
        (false, _) | (true, Some(false)) => When::Cannot(role),
        (true, None) => When::Over,
        (true, Some(true)) => When::Due,
    }
}

/// Once, as the integration, when it is signed in.
pub(super) fn once_as_integration(case: &Case, times: u32) -> When {
    if times > 0 {
        return When::Over;
    }
    match signed_in(case) {
        true => When::Due,
        false => When::Cannot("a token that the instance gives the integration"),
    }
}

/// Whether there is something to call an API with.
pub(super) fn signed_in(case: &Case) -> bool {
    match case.options.means.asks_for_token() {
        true => case.known.token == Some(true),
        false => case.options.means != super::options::Means::AuthorizationCode,
    }
}

/// Why rows that were asked for as administrator say nothing; nothing when they can be trusted.
pub(super) fn unread(outcome: &Outcome) -> Option<String> {
    match outcome.rows() {
        None => Some(format!("The records could not be read: {}.", outcome.summary())),
        Some((rows, hidden)) if hidden > 0 && rows.is_empty() => {
            Some(format!("{hidden} records are hidden from the administrator's credentials."))
        }
        Some(_) => None,
    }
}
