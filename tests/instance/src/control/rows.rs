//! The requests of the control interface. The router and the OpenAPI description read the same rows.

use super::Action;

/// One method on one path behind `/__practice/`.
pub(super) struct ControlEndpoint {
    pub(super) method: &'static str,
    pub(super) path: &'static str,
    pub(super) action: Action,
    pub(super) summary: &'static str,
    /// The schema of the body; empty when nothing is read from it.
    pub(super) sent: &'static str,
    /// The schema of the reply.
    pub(super) given: &'static str,
}

const fn row(
    (method, path): (&'static str, &'static str),
    action: Action,
    summary: &'static str,
    sent: &'static str,
    given: &'static str,
) -> ControlEndpoint {
    ControlEndpoint { method, path, action, summary, sent, given }
}

pub(super) static ENDPOINTS: &[ControlEndpoint] = &[
    row(("GET", "state"), Action::State, "The clock, the switches, the tables and the number of requests", "", "State"),
    row(("GET", "standard"), Action::Standard, "The switches as they are after a reset", "", "Standard"),
    row(("GET", "accounts"), Action::Accounts, "Who may sign in, with passwords and secrets", "", "Accounts"),
    row(("GET", "tables"), Action::Tables, "Every table with label, parent and number of rows", "", "ServedTables"),
    row(("GET", "scenarios"), Action::Scenarios, "Every scenario", "", "Scenarios"),
    row(("GET", "journal"), Action::Journal, "The last requests, oldest first, secrets masked", "", "Journal"),
    row(("GET", "openapi.json"), Action::Description, "This description", "", "Description"),
    row(("POST", "switches"), Action::Switches, "Changes the named switches", "Switches", "State"),
    row(("POST", "scenario"), Action::Scenario, "Resets, and begins a scenario", "ScenarioName", "Scenario"),
    row(("POST", "revoke-tokens"), Action::RevokeTokens, "Revokes every token", "", "State"),
    row(
        ("POST", "revoke-after"),
        Action::RevokeAfter,
        "Revokes every token after this number of API calls",
        "Calls",
        "State",
    ),
    row(("POST", "reset"), Action::Reset, "Puts data, switches, tokens and journal back", "", "State"),
];
