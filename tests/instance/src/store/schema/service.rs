//! The tables with working data: incidents, problems, changes, users, choices.

use super::task::LEVEL;
use super::{CALLER, Column, DOMAIN, Declaration, Kind, choice, column, define};

const INCIDENT_STATE: &[(&str, &str)] =
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
    ("No resolution provided", "No resolution provided"),
    ("Duplicate", "Duplicate"),
];
const PROBLEM_STATE: &[(&str, &str)] = &[
    ("101", "New"),
    ("102", "Assess"),
    ("103", "Root Cause Analysis"),
    ("104", "Fix in Progress"),
    ("106", "Resolved"),
    ("107", "Closed"),
];
const CHANGE_STATE: &[(&str, &str)] = &[
    ("-5", "New"),
    ("-4", "Assess"),
    ("-3", "Authorize"),
    ("-2", "Scheduled"),
    ("-1", "Implement"),
    ("0", "Review"),
    ("3", "Closed"),
    ("4", "Canceled"),
];
const CHANGE_TYPE: &[(&str, &str)] = &[("normal", "Normal"), ("standard", "Standard"), ("emergency", "Emergency")];
const USER: Kind = Kind::Reference("sys_user");
const INCIDENT: &[Column] = &[
    choice("state", Kind::NumberChoice, INCIDENT_STATE).with_default("1"),
    choice("impact", Kind::NumberChoice, LEVEL).with_default("3"),
    choice("urgency", Kind::NumberChoice, LEVEL).with_default("3"),
    column("parent", Kind::Reference("incident")),
    column("made_sla", Kind::Boolean).with_default("true"),
    choice("category", Kind::Choice, CATEGORY).with_default("inquiry"),
    choice("subcategory", Kind::Choice, &[]),
    column("caller_id", USER),
    choice("hold_reason", Kind::NumberChoice, HOLD_REASON),
    column("problem_id", Kind::Reference("problem")),
    column("rfc", Kind::Reference("change_request")),
    column("caused_by", Kind::Reference("change_request")),
    column("vendor", Kind::Reference("core_company")),
    column("reopen_count", Kind::Integer).with_default("0"),
    choice("notify", Kind::NumberChoice, &[("1", "Do Not Notify"), ("2", "Send Email"), ("3", "Phone")])
        .with_default("1"),
    choice("u_symptom", Kind::Choice, &[]),
    column("u_priority_confirmation", Kind::Boolean),
    choice("close_code", Kind::Choice, CLOSE_CODE),
    column("resolved_by", USER),
    column("resolved_at", Kind::DateTime),
];

/// "Journal field type": this table holds the entries, and the field shows them joined.
const JOURNAL: &[Column] = &[
    column("name", Kind::Text),
    column("element", Kind::Text),
    column("element_id", Kind::Id),
    column("value", Kind::Text),
];

const PROBLEM: &[Column] = &[
    choice("state", Kind::NumberChoice, PROBLEM_STATE).with_default("101"),
    column("known_error", Kind::Boolean),
    column("workaround", Kind::Text),
    column("x_acme_onboard_request", Kind::Reference("x_acme_onboard_request")),
];

const CHANGE: &[Column] = &[
    choice("state", Kind::NumberChoice, CHANGE_STATE).with_default("-5"),
    choice("type", Kind::Choice, CHANGE_TYPE).with_default("normal"),
    column("requested_by", USER).with_default(CALLER),
    column("start_date", Kind::DateTime),
    column("end_date", Kind::DateTime),
];

const USERS: &[Column] = &[
    column("user_name", Kind::Text),
    column("name", Kind::Text),
    column("first_name", Kind::Text),
    column("last_name", Kind::Text),
    column("email", Kind::Text),
    column("phone", Kind::Text),
    column("title", Kind::Text),
    column("employee_number", Kind::Text),
    column("department", Kind::Reference("cmn_department")),
    column("manager", USER),
    column("location", Kind::Reference("cmn_location")),
    column("company", Kind::Reference("core_company")),
    column("active", Kind::Boolean).with_default("true"),
    column("locked_out", Kind::Boolean),
    column("vip", Kind::Boolean),
    column("time_zone", Kind::Text),
    column("date_format", Kind::Text),
    column("time_format", Kind::Text),
    column("web_service_access_only", Kind::Boolean),
    column("password_needs_reset", Kind::Boolean),
    column("internal_integration_user", Kind::Boolean),
    choice("identity_type", Kind::Choice, &[("human", "Human"), ("machine", "Machine")]),
    column("enable_multifactor_authn", Kind::Boolean),
    column("user_password", Kind::Secret),
    column("sys_domain", DOMAIN),
];

const NAMED: &[Column] = &[column("name", Kind::Text), column("description", Kind::Text)];

const GROUPS: &[Column] = &[
    column("name", Kind::Text),
    column("description", Kind::Text),
    column("manager", USER),
    column("active", Kind::Boolean).with_default("true"),
];

const MEMBERS: &[Column] = &[column("user", USER), column("group", Kind::Reference("sys_user_group"))];

const CHOICES: &[Column] = &[
    column("name", Kind::Text),
    column("element", Kind::Text),
    column("value", Kind::Text),
    column("label", Kind::Text),
    column("sequence", Kind::Integer),
    column("language", Kind::Text),
    column("dependent_value", Kind::Text),
    column("inactive", Kind::Boolean),
];

/// These tables, with the names of the base system.
pub(super) static TABLES: [Declaration; 11] = [
    define("incident", "INC", "number", INCIDENT).extending("task"),
    define("problem", "PRB", "number", PROBLEM).extending("task"),
    define("change_request", "CHG", "number", CHANGE).extending("task"),
    define("sys_user", "", "name", USERS),
    define("sys_user_group", "", "name", GROUPS),
    define("sys_user_grmember", "", "sys_id", MEMBERS),
    define("cmn_location", "", "name", NAMED),
    define("cmn_department", "", "name", NAMED),
    define("core_company", "", "name", NAMED),
    define("sys_choice", "", "label", CHOICES),
    define("sys_journal_field", "", "element", JOURNAL),
];
