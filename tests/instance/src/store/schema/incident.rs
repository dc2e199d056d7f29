//! Incidents and their tasks (sample bodies of the Table API; "Incident state model" in the product documentation).

use super::task::LEVEL;
use super::{Column, Declaration, Kind, choice, define, flag, integer, reference, text, time, user};

const STATE: &[(&str, &str)] =
    &[("1", "New"), ("2", "In Progress"), ("3", "On Hold"), ("6", "Resolved"), ("7", "Closed"), ("8", "Canceled")];
const HOLD_REASON: &[(&str, &str)] =
    &[("1", "Awaiting Caller"), ("5", "Awaiting Change"), ("3", "Awaiting Problem"), ("4", "Awaiting Vendor")];
const CATEGORY: &[(&str, &str)] = &[
    ("inquiry", "Inquiry / Help"),
    ("software", "Software"),
    ("hardware", "Hardware"),
    ("network", "Network"),
    ("database", "Database"),
];
const CLOSE_CODE: &[(&str, &str)] = &[
    ("Solution provided", "Solution provided"),
    ("Workaround provided", "Workaround provided"),
    ("Resolved by caller", "Resolved by caller"),
    ("Resolved by change", "Resolved by change"),
    ("Resolved by problem", "Resolved by problem"),
    ("Resolved by request", "Resolved by request"),
    ("No resolution provided", "No resolution provided"),
    ("Known error", "Known error"),
    ("Duplicate", "Duplicate"),
    ("User error", "User error"),
];
const NOTIFY: &[(&str, &str)] = &[("1", "Do Not Notify"), ("2", "Send Email"), ("3", "Phone")];

const INCIDENT: &[Column] = &[
    choice("state", Kind::NumberChoice, STATE).with_default("1"),
    // The older twin of the state.
    choice("incident_state", Kind::NumberChoice, STATE).with_default("1").calculated(),
    choice("impact", Kind::NumberChoice, LEVEL).with_default("3"),
    choice("urgency", Kind::NumberChoice, LEVEL).with_default("3"),
    choice("severity", Kind::NumberChoice, LEVEL).with_default("3"),
    reference("parent_incident", "incident"),
    integer("child_incidents").with_default("0"),
    flag("made_sla").with_default("true"),
    choice("category", Kind::Choice, CATEGORY).with_default("inquiry"),
    choice("subcategory", Kind::Choice, &[]),
    user("caller_id"),
    choice("hold_reason", Kind::NumberChoice, HOLD_REASON),
    reference("problem_id", "problem"),
    reference("rfc", "change_request"),
    reference("caused_by", "change_request"),
    reference("vendor", "core_company"),
    integer("reopen_count").with_default("0"),
    user("reopened_by"),
    time("reopened_time"),
    choice("notify", Kind::NumberChoice, NOTIFY).with_default("1"),
    choice("u_symptom", Kind::Choice, &[]),
    flag("u_priority_confirmation"),
    choice("close_code", Kind::Choice, CLOSE_CODE),
    user("resolved_by"),
    time("resolved_at"),
    integer("business_stc"),
    integer("calendar_stc"),
    text("cause"),
    text("business_impact"),
    text("origin_table"),
    text("origin_id"),
];

const TASK: &[Column] = &[reference("incident", "incident")];

pub(super) static TABLES: [Declaration; 2] = [
    define("incident", "INC", "number", INCIDENT).extending("task"),
    define("incident_task", "TASK", "number", TASK).extending("task"),
];
