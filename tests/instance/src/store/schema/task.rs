//! `task`, which incidents, problems, changes and requests extend, with the columns of the base system (sample bodies of the Table API).

use super::{CALLER, Column, DOMAIN, Declaration, Kind, NOW, choice, column, define};

/// Each table of tasks has states of its own.
const STATE: &[(&str, &str)] = &[
    ("-5", "Pending"),
    ("1", "Open"),
    ("2", "Work in Progress"),
    ("3", "Closed Complete"),
    ("4", "Closed Incomplete"),
    ("7", "Closed Skipped"),
];
const PRIORITY: &[(&str, &str)] =
    &[("1", "1 - Critical"), ("2", "2 - High"), ("3", "3 - Moderate"), ("4", "4 - Low"), ("5", "5 - Planning")];
/// The levels of impact and urgency.
pub(super) const LEVEL: &[(&str, &str)] = &[("1", "1 - High"), ("2", "2 - Medium"), ("3", "3 - Low")];
const CONTACT_TYPE: &[(&str, &str)] = &[
    ("phone", "Phone"),
    ("email", "Email"),
    ("self-service", "Self-service"),
    ("walk-in", "Walk-in"),
    ("chat", "Chat"),
];
const APPROVAL: &[(&str, &str)] = &[
    ("not requested", "Not Yet Requested"),
    ("requested", "Requested"),
    ("approved", "Approved"),
    ("rejected", "Rejected"),
    ("cancelled", "No Longer Required"),
    ("duplicate", "Duplicate"),
    ("not_required", "Not Required"),
];
const ESCALATION: &[(&str, &str)] = &[("0", "Normal"), ("1", "Moderate"), ("2", "High"), ("3", "Overdue")];
const UPON_APPROVAL: &[(&str, &str)] =
    &[("proceed", "Proceed to Next Task"), ("do_nothing", "Wait for a User to Close this task")];
const UPON_REJECT: &[(&str, &str)] = &[("cancel", "Cancel all future Tasks"), ("goto", "Go to a previous Task")];

const USER: Kind = Kind::Reference("sys_user");
const GROUP: Kind = Kind::Reference("sys_user_group");

const TASK: &[Column] = &[
    column("number", Kind::Text),
    choice("state", Kind::NumberChoice, STATE).with_default("1"),
    column("active", Kind::Boolean).with_default("true"),
    choice("priority", Kind::NumberChoice, PRIORITY).with_default("4"),
    choice("impact", Kind::NumberChoice, LEVEL).with_default("3"),
    choice("urgency", Kind::NumberChoice, LEVEL).with_default("3"),
    column("short_description", Kind::Text),
    column("description", Kind::Text),
    choice("contact_type", Kind::Choice, CONTACT_TYPE),
    column("opened_by", USER).with_default(CALLER),
    column("opened_at", Kind::DateTime).with_default(NOW),
    column("assigned_to", USER),
    column("assignment_group", GROUP),
    column("cmdb_ci", Kind::Reference("cmdb_ci")),
    column("location", Kind::Reference("cmn_location")),
    column("company", Kind::Reference("core_company")),
    column("reassignment_count", Kind::Integer).with_default("0"),
    column("made_sla", Kind::Boolean),
    column("knowledge", Kind::Boolean),
    column("close_notes", Kind::Text),
    column("closed_by", USER),
    column("closed_at", Kind::DateTime),
    column("due_date", Kind::DateTime),
    column("parent", Kind::Reference("task")),
    column("correlation_id", Kind::Text),
    column("correlation_display", Kind::Text),
    column("calendar_duration", Kind::Duration),
    column("business_duration", Kind::Duration),
    column("time_worked", Kind::Duration),
    column("watch_list", Kind::List("sys_user")),
    column("work_notes_list", Kind::List("sys_user")),
    column("additional_assignee_list", Kind::List("sys_user")),
    column("group_list", Kind::List("sys_user_group")),
    column("comments", Kind::Journal),
    column("work_notes", Kind::Journal),
    column("approval_history", Kind::Journal),
    choice("approval", Kind::Choice, APPROVAL).with_default("not requested"),
    column("approval_set", Kind::DateTime),
    choice("upon_approval", Kind::Choice, UPON_APPROVAL).with_default("proceed"),
    choice("upon_reject", Kind::Choice, UPON_REJECT).with_default("cancel"),
    choice("escalation", Kind::NumberChoice, ESCALATION).with_default("0"),
    column("activity_due", Kind::DateTime),
    column("sla_due", Kind::DateTime),
    column("expected_start", Kind::DateTime),
    column("work_start", Kind::DateTime),
    column("work_end", Kind::DateTime),
    column("follow_up", Kind::DateTime),
    column("business_service", Kind::Reference("cmdb_ci_service")),
    column("service_offering", Kind::Reference("cmdb_ci_service")),
    column("order", Kind::Integer),
    column("route_reason", Kind::Integer),
    column("user_input", Kind::Text),
    column("task_effective_number", Kind::Text),
    column("universal_request", Kind::Reference("task")),
    column("sys_class_name", Kind::Text),
    column("sys_domain", DOMAIN),
    column("sys_domain_path", Kind::Text).with_default("/"),
];

pub(super) static TABLES: [Declaration; 1] = [define("task", "TASK", "number", TASK)];
