//! More of signing in, and of what a caller may do: symptoms 63 to 67 and from 74 on.

use crate::scenario::Change::Row;
use crate::scenario::Scenario;

pub(super) static SCENARIOS: &[Scenario] = &[Scenario {
    row: 63,
    symptom: "403 Access to unscoped api is not allowed, whatever the roles",
    see: "any API call by bearer token; Basic works",
    switches: "{}",
    changes: &[Row("oauth_entity", "practice", &[("allow_only_scoped_apis", "true")])],
}];
