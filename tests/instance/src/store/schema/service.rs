//! The tables with working data: tasks, users, configuration items, choices.

use super::{Column, Definition, Kind, choice, column, define};

const PRIORITY: &[(&str, &str)] =
    &[("1", "1 - Critical"), ("2", "2 - High"), ("3", "3 - Moderate"), ("4", "4 - Low"), ("5", "5 - Planning")];
const LEVEL: &[(&str, &str)] = &[("1", "1 - High"), ("2", "2 - Medium"), ("3", "3 - Low")];
const INCIDENT_STATE: &[(&str, &str)] =
    &[("1", "New"), ("2", "In Progress"), ("3", "On Hold"), ("6", "Resolved"), ("7", "Closed"), ("8", "Canceled")];
const HOLD_REASON: &[(&str, &str)] =
    &[("1", "Awaiting Caller"), ("5", "Awaiting Change"), ("3", "Awaiting Problem"), ("4", "Awaiting Vendor")];
const CONTACT_TYPE: &[(&str, &str)] = &[
    ("phone", "Phone"),
    ("email", "Email"),
    ("self-service", "Self-service"),
    ("walk-in", "Walk-in"),
    ("chat", "Chat"),
];
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
const INSTALL_STATUS: &[(&str, &str)] = &[("1", "Installed"), ("3", "In Maintenance"), ("7", "Retired")];

const USER: Kind = Kind::Reference("sys_user");
/// Domains have groups as display values (sample bodies of the Table API).
const DOMAIN: Kind = Kind::Reference("sys_user_group");

const INCIDENT: &[Column] = columns![
    column("number", Kind::Text),
    choice("state", Kind::NumberChoice, INCIDENT_STATE),
    column("active", Kind::Boolean),
    choice("priority", Kind::NumberChoice, PRIORITY),
    choice("impact", Kind::NumberChoice, LEVEL),
    choice("urgency", Kind::NumberChoice, LEVEL),
    column("short_description", Kind::Text),
    column("description", Kind::Text),
    choice("category", Kind::Choice, CATEGORY),
    choice("subcategory", Kind::Choice, &[]),
    choice("contact_type", Kind::Choice, CONTACT_TYPE),
    column("caller_id", USER),
    column("opened_by", USER),
    column("opened_at", Kind::DateTime),
    column("assigned_to", USER),
    column("assignment_group", Kind::Reference("sys_user_group")),
    column("cmdb_ci", Kind::Reference("cmdb_ci")),
    column("location", Kind::Reference("cmn_location")),
    column("company", Kind::Reference("core_company")),
    choice("hold_reason", Kind::NumberChoice, HOLD_REASON),
    column("problem_id", Kind::Reference("problem")),
    column("rfc", Kind::Reference("change_request")),
    column("caused_by", Kind::Reference("change_request")),
    column("vendor", Kind::Reference("core_company")),
    column("reassignment_count", Kind::Integer),
    column("reopen_count", Kind::Integer),
    column("made_sla", Kind::Boolean),
    column("knowledge", Kind::Boolean),
    choice("notify", Kind::NumberChoice, &[("1", "Do Not Notify"), ("2", "Send Email"), ("3", "Phone")]),
    choice("u_symptom", Kind::Choice, &[]),
    column("u_priority_confirmation", Kind::Boolean),
    choice("close_code", Kind::Choice, CLOSE_CODE),
    column("close_notes", Kind::Text),
    column("resolved_by", USER),
    column("resolved_at", Kind::DateTime),
    column("closed_by", USER),
    column("closed_at", Kind::DateTime),
    column("due_date", Kind::DateTime),
    column("parent", Kind::Reference("incident")),
    column("correlation_id", Kind::Text),
    column("correlation_display", Kind::Text),
    column("calendar_duration", Kind::Duration),
    column("watch_list", Kind::List("sys_user")),
    column("comments", Kind::Journal),
    column("work_notes", Kind::Journal),
    column("sys_class_name", Kind::Text),
    column("sys_domain", DOMAIN),
];

/// "Journal field type": this table holds the entries, and the field shows them joined.
const JOURNAL: &[Column] = columns![
    column("name", Kind::Text),
    column("element", Kind::Text),
    column("element_id", Kind::Id),
    column("value", Kind::Text),
];

const PROBLEM: &[Column] = columns![
    column("number", Kind::Text),
    choice("state", Kind::NumberChoice, PROBLEM_STATE),
    column("active", Kind::Boolean),
    choice("priority", Kind::NumberChoice, PRIORITY),
    column("short_description", Kind::Text),
    column("known_error", Kind::Boolean),
    column("workaround", Kind::Text),
    column("assignment_group", Kind::Reference("sys_user_group")),
    column("opened_at", Kind::DateTime),
    column("correlation_id", Kind::Text),
    column("sys_class_name", Kind::Text),
    column("x_acme_onboard_request", Kind::Reference("x_acme_onboard_request")),
];

const CHANGE: &[Column] = columns![
    column("number", Kind::Text),
    choice("state", Kind::NumberChoice, CHANGE_STATE),
    column("active", Kind::Boolean),
    choice("priority", Kind::NumberChoice, PRIORITY),
    choice("type", Kind::Choice, CHANGE_TYPE),
    column("short_description", Kind::Text),
    column("assignment_group", Kind::Reference("sys_user_group")),
    column("requested_by", USER),
    column("start_date", Kind::DateTime),
    column("end_date", Kind::DateTime),
    column("correlation_id", Kind::Text),
    column("sys_class_name", Kind::Text),
];

const USERS: &[Column] = columns![
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
    column("active", Kind::Boolean),
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

const NAMED: &[Column] = columns![column("name", Kind::Text), column("description", Kind::Text),];

const GROUPS: &[Column] = columns![
    column("name", Kind::Text),
    column("description", Kind::Text),
    column("manager", USER),
    column("active", Kind::Boolean),
];

const MEMBERS: &[Column] = columns![column("user", USER), column("group", Kind::Reference("sys_user_group")),];

const ITEMS: &[Column] = columns![
    column("name", Kind::Text),
    column("sys_class_name", Kind::Text),
    column("asset_tag", Kind::Text),
    column("serial_number", Kind::Text),
    column("ip_address", Kind::Text),
    choice("install_status", Kind::NumberChoice, INSTALL_STATUS),
    choice("operational_status", Kind::NumberChoice, &[("1", "Operational"), ("2", "Non-Operational")]),
    column("assigned_to", USER),
    column("owned_by", USER),
    column("managed_by", USER),
    column("support_group", Kind::Reference("sys_user_group")),
    column("location", Kind::Reference("cmn_location")),
    column("company", Kind::Reference("core_company")),
    column("discovery_source", Kind::Text),
    column("last_discovered", Kind::DateTime),
    column("attested", Kind::Boolean),
];

const CHOICES: &[Column] = columns![
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
pub(super) static TABLES: [Definition; 12] = [
    define("incident", "INC", "number", INCIDENT),
    define("problem", "PRB", "number", PROBLEM),
    define("change_request", "CHG", "number", CHANGE),
    define("sys_user", "", "name", USERS),
    define("sys_user_group", "", "name", GROUPS),
    define("sys_user_grmember", "", "sys_id", MEMBERS),
    define("cmdb_ci", "", "name", ITEMS),
    define("cmn_location", "", "name", NAMED),
    define("cmn_department", "", "name", NAMED),
    define("core_company", "", "name", NAMED),
    define("sys_choice", "", "label", CHOICES),
    define("sys_journal_field", "", "element", JOURNAL),
];
