//! Cases of human resources and of customer service, and the people they concern.

use super::{Column, Declaration, Kind, choice, column, define};

const USER: Kind = Kind::Reference("sys_user");
/// "Customer Service case" in the REST API reference.
const CUSTOMER_CASE_STATE: &[(&str, &str)] =
    &[("1", "New"), ("10", "Open"), ("18", "Awaiting Info"), ("6", "Resolved"), ("3", "Closed")];
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

const HR_CASE: &[Column] = &[
    choice("state", Kind::NumberChoice, HR_CASE_STATE).with_default("10"),
    column("opened_for", USER),
    column("subject_person", USER),
    column("hr_service", Kind::Reference("sn_hr_core_service")),
    column("topic_category", Kind::Text),
    column("hr_profile", Kind::Reference("sn_hr_core_profile")),
];
const HR_SERVICE: &[Column] = &[column("name", Kind::Text), column("active", Kind::Boolean)];
const HR_PROFILE: &[Column] = &[
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

const CUSTOMER_CASE: &[Column] = &[
    choice("state", Kind::NumberChoice, CUSTOMER_CASE_STATE).with_default("1"),
    column("account", Kind::Reference("customer_account")),
    column("contact", Kind::Reference("customer_contact")),
    choice("category", Kind::Choice, &[("1", "Question"), ("2", "Issue"), ("3", "Feature")]),
    column("resolution_code", Kind::Text),
    column("resolved_at", Kind::DateTime),
];
const ACCOUNT: &[Column] = &[
    column("number", Kind::Text),
    column("name", Kind::Text),
    column("customer", Kind::Boolean),
    column("city", Kind::Text),
    column("country", Kind::Text),
    column("phone", Kind::Text),
];
const CONTACT: &[Column] = &[
    column("name", Kind::Text),
    column("first_name", Kind::Text),
    column("last_name", Kind::Text),
    column("email", Kind::Text),
    column("account", Kind::Reference("customer_account")),
    column("active", Kind::Boolean),
];

pub(super) static TABLES: [Declaration; 6] = [
    define("sn_hr_core_case", "HRC", "number", HR_CASE).extending("task"),
    define("sn_hr_core_service", "", "name", HR_SERVICE),
    define("sn_hr_core_profile", "", "employee_number", HR_PROFILE),
    define("sn_customerservice_case", "CS", "number", CUSTOMER_CASE).extending("task"),
    define("customer_account", "ACCT", "name", ACCOUNT),
    define("customer_contact", "", "name", CONTACT),
];
