//! What is written, and what comes back of it: symptoms 55 to 62 and 68 to 73.

use crate::scenario::Change::Row;
use crate::scenario::Scenario;

pub(super) static SCENARIOS: &[Scenario] = &[Scenario {
    row: 60,
    symptom: "403 Data Policy Exception for a mandatory field that was sent",
    see: "PATCH of an incident to state 6 with a close_code that is none of its choices",
    switches: "{}",
    changes: &[
        Row(
            "sys_data_policy2",
            "resolve",
            &[
                ("short_description", "Resolution"),
                ("model_table", "incident"),
                ("conditions", "stateIN6,7"),
                ("active", "true"),
            ],
        ),
        Row(
            "sys_data_policy_rule",
            "close_code",
            &[("sys_data_policy", "@sys_data_policy2/resolve"), ("field", "close_code"), ("mandatory", "true")],
        ),
    ],
}];
