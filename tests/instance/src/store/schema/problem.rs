//! Problems and their tasks (sample bodies of the Table API; "Problem states" and "Problem task states" in the product
//! documentation).

use super::task::LEVEL;
use super::{Column, Declaration, Kind, choice, define, flag, integer, reference, text, time, user};

const STATE: &[(&str, &str)] = &[
    ("101", "New"),
    ("102", "Assess"),
    ("103", "Root Cause Analysis"),
    ("104", "Fix in Progress"),
    ("106", "Resolved"),
    ("107", "Closed"),
];
const RESOLUTION: &[(&str, &str)] = &[
    ("fix_applied", "Fix Applied"),
    ("risk_accepted", "Risk Accepted"),
    ("duplicate", "Duplicate"),
    ("canceled", "Canceled"),
];
const CATEGORY: &[(&str, &str)] =
    &[("software", "Software"), ("hardware", "Hardware"), ("network", "Network"), ("database", "Database")];

const PROBLEM: &[Column] = &[
    choice("state", Kind::NumberChoice, STATE).with_default("101"),
    // The older twin of the state.
    choice("problem_state", Kind::NumberChoice, STATE).with_default("101").calculated(),
    choice("impact", Kind::NumberChoice, LEVEL).with_default("3"),
    choice("urgency", Kind::NumberChoice, LEVEL).with_default("3"),
    flag("made_sla").with_default("true"),
    flag("known_error"),
    flag("major_problem"),
    text("workaround"),
    flag("workaround_applied"),
    time("workaround_communicated_at"),
    user("workaround_communicated_by"),
    text("cause_notes"),
    text("fix_notes"),
    choice("resolution_code", Kind::Choice, RESOLUTION),
    reference("first_reported_by_task", "task"),
    reference("duplicate_of", "problem"),
    reference("rfc", "change_request"),
    integer("related_incidents").with_default("0"),
    choice("category", Kind::Choice, CATEGORY),
    choice("subcategory", Kind::Choice, &[]),
    user("confirmed_by"),
    time("confirmed_at"),
    user("resolved_by"),
    time("resolved_at"),
    user("fix_by"),
    time("fix_at"),
    time("fix_communicated_at"),
    user("fix_communicated_by"),
    user("reopened_by"),
    time("reopened_at"),
    integer("reopen_count").with_default("0"),
    text("review_outcome"),
    text("user_impact"),
    reference("x_acme_onboard_request", "x_acme_onboard_request"),
];

const TASK_STATE: &[(&str, &str)] =
    &[("151", "New"), ("152", "Assess"), ("154", "Work in Progress"), ("157", "Closed")];
const TASK_TYPE: &[(&str, &str)] = &[("rca", "Root Cause Analysis"), ("general", "General")];
const TASK_CLOSE_CODE: &[(&str, &str)] = &[("completed", "Completed"), ("canceled", "Canceled")];

const TASK: &[Column] = &[
    choice("state", Kind::NumberChoice, TASK_STATE).with_default("151"),
    reference("problem", "problem"),
    choice("problem_task_type", Kind::Choice, TASK_TYPE).with_default("general"),
    text("workaround"),
    text("cause_notes"),
    text("fix_notes"),
    choice("close_code", Kind::Choice, TASK_CLOSE_CODE),
    time("started_at"),
    user("started_by"),
    user("confirmed_by"),
    time("confirmed_at"),
    user("reopened_by"),
    time("reopened_at"),
    integer("reopen_count").with_default("0"),
];

pub(super) static TABLES: [Declaration; 2] = [
    define("problem", "PRB", "number", PROBLEM).extending("task"),
    define("problem_task", "PTASK", "number", TASK).extending("task"),
];
