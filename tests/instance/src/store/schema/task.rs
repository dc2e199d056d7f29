//! `task`, which incidents, problems, changes and requests extend, with the columns of the base system (sample bodies of the Table API).

use super::{
    CALLER, CLASS, Column, DOMAIN, Declaration, Kind, NOW, TAGS, choice, column, define, flag, integer, list,
    reference, text, time, user,
};

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

const TASK: &[Column] = &[
    text("number"),
    choice("state", Kind::NumberChoice, STATE).with_default("1"),
    flag("active").with_default("true"),
    choice("priority", Kind::NumberChoice, PRIORITY).with_default("4"),
    choice("impact", Kind::NumberChoice, LEVEL).with_default("3"),
    choice("urgency", Kind::NumberChoice, LEVEL).with_default("3"),
    text("short_description"),
    text("description"),
    choice("contact_type", Kind::Choice, CONTACT_TYPE),
    user("opened_by").with_default(CALLER),
    time("opened_at").with_default(NOW),
    user("assigned_to"),
    reference("assignment_group", "sys_user_group"),
    reference("cmdb_ci", "cmdb_ci"),
    reference("location", "cmn_location"),
    reference("company", "core_company"),
    integer("reassignment_count").with_default("0"),
    flag("made_sla"),
    flag("knowledge"),
    text("close_notes"),
    user("closed_by"),
    time("closed_at"),
    time("due_date"),
    reference("parent", "task"),
    text("correlation_id"),
    text("correlation_display"),
    column("calendar_duration", Kind::Duration),
    column("business_duration", Kind::Duration),
    column("time_worked", Kind::Duration),
    list("watch_list", "sys_user"),
    list("work_notes_list", "sys_user"),
    list("additional_assignee_list", "sys_user"),
    list("group_list", "sys_user_group"),
    column("comments", Kind::Journal),
    column("work_notes", Kind::Journal),
    column("comments_and_work_notes", Kind::Journal).read_only(),
    column("approval_history", Kind::Journal),
    choice("approval", Kind::Choice, APPROVAL).with_default("not requested"),
    time("approval_set"),
    choice("upon_approval", Kind::Choice, UPON_APPROVAL).with_default("proceed"),
    choice("upon_reject", Kind::Choice, UPON_REJECT).with_default("cancel"),
    choice("escalation", Kind::NumberChoice, ESCALATION).with_default("0"),
    time("activity_due"),
    time("sla_due"),
    time("expected_start"),
    time("work_start"),
    time("work_end"),
    time("follow_up"),
    reference("business_service", "cmdb_ci_service"),
    reference("service_offering", "service_offering"),
    reference("contract", "ast_contract"),
    reference("delivery_plan", "sc_cat_item_delivery_plan"),
    reference("delivery_task", "sc_cat_item_delivery_task"),
    integer("order"),
    integer("route_reason"),
    text("user_input"),
    text("task_effective_number").calculated(),
    reference("universal_request", "task"),
    CLASS,
    column("sys_domain", DOMAIN),
    text("sys_domain_path").with_default("/"),
    TAGS,
];

const PLAN: &[Column] = &[text("name"), text("description"), flag("active").with_default("true")];
const PLAN_TASK: &[Column] = &[text("name"), reference("delivery_plan", "sc_cat_item_delivery_plan"), integer("order")];

/// The configuration items that a task affects.
const AFFECTED_ITEM: &[Column] = &[
    reference("task", "task"),
    reference("ci_item", "cmdb_ci"),
    flag("manual_proposed_change"),
    flag("applied"),
    time("applied_date"),
    TAGS,
];

const SLA_TYPE: &[(&str, &str)] = &[("SLA", "SLA"), ("OLA", "OLA"), ("Underpinning contract", "Underpinning contract")];
const SLA_TARGET: &[(&str, &str)] = &[("response", "Response"), ("resolution", "Resolution")];
const SLA_STAGE: &[(&str, &str)] = &[
    ("starting", "Starting"),
    ("in_progress", "In progress"),
    ("paused", "Paused"),
    ("cancelled", "Cancelled"),
    ("achieved", "Achieved"),
    ("breached", "Breached"),
    ("completed", "Completed"),
];
/// "SLA definition" and "Task SLA" in the product documentation.
const SLA: &[Column] = &[
    text("name"),
    text("collection"),
    choice("type", Kind::Choice, SLA_TYPE).with_default("SLA"),
    choice("target", Kind::Choice, SLA_TARGET),
    column("duration", Kind::Duration),
    flag("active").with_default("true"),
    text("start_condition"),
    text("stop_condition"),
    text("pause_condition"),
];
const TASK_SLA: &[Column] = &[
    reference("task", "task"),
    reference("sla", "contract_sla"),
    choice("stage", Kind::Choice, SLA_STAGE).with_default("in_progress"),
    flag("active").with_default("true"),
    flag("has_breached"),
    time("start_time"),
    time("end_time"),
    time("planned_end_time"),
    time("pause_time"),
    column("duration", Kind::Duration),
    column("business_duration", Kind::Duration),
    column("time_left", Kind::Duration),
    column("business_time_left", Kind::Duration),
    column("percentage", Kind::Decimal),
    column("business_percentage", Kind::Decimal),
    TAGS,
];

pub(super) static TABLES: [Declaration; 6] = [
    define("task", "TASK", "number", TASK),
    define("sc_cat_item_delivery_plan", "", "name", PLAN),
    define("sc_cat_item_delivery_task", "", "name", PLAN_TASK),
    define("task_ci", "", "ci_item", AFFECTED_ITEM),
    define("contract_sla", "", "name", SLA),
    define("task_sla", "", "sla", TASK_SLA),
];
