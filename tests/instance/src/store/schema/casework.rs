//! Cases of human resources and of customer service, and the people they concern.

use super::{Column, Definition, Kind, choice, column, define};

const USER: Kind = Kind::Reference("sys_user");
const GROUP: Kind = Kind::Reference("sys_user_group");
/// "Customer Service case" in the REST API reference.
const CUSTOMER_CASE_STATE: &[(&str, &str)] =
    &[("1", "New"), ("10", "Open"), ("18", "Awaiting Info"), ("6", "Resolved"), ("3", "Closed")];
const PRIORITY: &[(&str, &str)] = &[("1", "1 - Critical"), ("2", "2 - High"), ("3", "3 - Moderate"), ("4", "4 - Low")];
const HR_CASE_STATE: &[(&str, &str)] = &[
    ("1", "Draft"),
    ("10", "Ready"),
    ("18", "Work in Progress"),
    ("20", "Awaiting Acceptance"),
    ("24", "Suspended"),
    ("3", "Closed Complete"),
    ("4", "Closed Incomplete"),
    ("7", "Cancelled"),
];
const EMPLOYMENT_TYPE: &[(&str, &str)] = &[("full_time", "Full time"), ("part_time", "Part time")];

const HR_CASE: &[Column] = columns![
    column("number", Kind::Text),
    choice("state", Kind::NumberChoice, HR_CASE_STATE),
    column("active", Kind::Boolean),
    choice("priority", Kind::NumberChoice, PRIORITY),
    column("short_description", Kind::Text),
    column("description", Kind::Text),
    column("opened_for", USER),
    column("subject_person", USER),
    column("assigned_to", USER),
    column("assignment_group", GROUP),
    column("hr_service", Kind::Reference("sn_hr_core_service")),
    column("topic_category", Kind::Text),
    column("hr_profile", Kind::Reference("sn_hr_core_profile")),
    column("opened_at", Kind::DateTime),
    column("closed_at", Kind::DateTime),
    column("sys_class_name", Kind::Text),
];
const HR_SERVICE: &[Column] = columns![column("name", Kind::Text), column("active", Kind::Boolean)];
const HR_PROFILE: &[Column] = columns![
    column("user", USER),
    column("employee_number", Kind::Text),
    column("employment_start_date", Kind::Date),
    column("employment_end_date", Kind::Date),
    choice("employment_status", Kind::Choice, &[("active", "Active"), ("terminated", "Terminated")]),
    choice("employment_type", Kind::Choice, EMPLOYMENT_TYPE),
    column("position", Kind::Text),
    column("department", Kind::Reference("cmn_department")),
    column("location", Kind::Reference("cmn_location")),
    column("manager", USER),
    column("work_email", Kind::Text),
];

const CUSTOMER_CASE: &[Column] = columns![
    column("number", Kind::Text),
    choice("state", Kind::NumberChoice, CUSTOMER_CASE_STATE),
    column("active", Kind::Boolean),
    choice("priority", Kind::NumberChoice, PRIORITY),
    column("short_description", Kind::Text),
    column("description", Kind::Text),
    column("account", Kind::Reference("customer_account")),
    column("contact", Kind::Reference("customer_contact")),
    column("assigned_to", USER),
    column("assignment_group", GROUP),
    choice("category", Kind::Choice, &[("1", "Question"), ("2", "Issue"), ("3", "Feature")]),
    column("resolution_code", Kind::Text),
    column("opened_at", Kind::DateTime),
    column("resolved_at", Kind::DateTime),
    column("closed_at", Kind::DateTime),
    column("sys_class_name", Kind::Text),
];
const ACCOUNT: &[Column] = columns![
    column("number", Kind::Text),
    column("name", Kind::Text),
    column("customer", Kind::Boolean),
    column("city", Kind::Text),
    column("country", Kind::Text),
    column("phone", Kind::Text),
];
const CONTACT: &[Column] = columns![
    column("name", Kind::Text),
    column("first_name", Kind::Text),
    column("last_name", Kind::Text),
    column("email", Kind::Text),
    column("account", Kind::Reference("customer_account")),
    column("active", Kind::Boolean),
];

const REQUESTED_ITEM: &[Column] = columns![
    column("number", Kind::Text),
    column("short_description", Kind::Text),
    column("request", Kind::Text),
    column("cat_item", Kind::Text),
    column("quantity", Kind::Integer),
    column("stage", Kind::Text),
    column("opened_at", Kind::DateTime),
];

pub(super) static TABLES: [Definition; 7] = [
    define("sc_req_item", "RITM", "number", REQUESTED_ITEM),
    define("sn_hr_core_case", "HRC", "number", HR_CASE),
    define("sn_hr_core_service", "", "name", HR_SERVICE),
    define("sn_hr_core_profile", "", "employee_number", HR_PROFILE),
    define("sn_customerservice_case", "CS", "number", CUSTOMER_CASE),
    define("customer_account", "ACCT", "name", ACCOUNT),
    define("customer_contact", "", "name", CONTACT),
];
