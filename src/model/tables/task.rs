//! Tables of the task family: incidents, problems and changes.

use super::{BaseColumn, BaseTable, BaseValue, STAMPS, automatic, both, choice, column, read, reference};
use crate::model::kind;

/// The journals of every task.
pub(super) const JOURNALS: &[&str] = &["comments", "work_notes", "comments_and_work_notes"];

const PRIORITIES: &[BaseValue] =
    &[both("1", "critical"), both("2", "high"), both("3", "moderate"), both("4", "low"), both("5", "planning")];
/// Four of them. The fifth is a choice of every task, so rows may have it; it is written only where it is in use.
pub(super) const FOUR_PRIORITIES: &[BaseValue] =
    &[both("1", "critical"), both("2", "high"), both("3", "moderate"), both("4", "low"), read("5", "planning")];
const LEVELS: &[BaseValue] = &[both("1", "high"), both("2", "medium"), both("3", "low")];

/// The columns that every task has.
pub(super) const TASK: &[BaseColumn] = &[
    automatic("number", "number"),
    automatic("class", "sys_class_name"),
    column("title", "short_description"),
    column("description", "description"),
    column("active", "active"),
    choice("priority", "priority", PRIORITIES),
    choice("impact", "impact", LEVELS),
    choice("urgency", "urgency", LEVELS),
    column("channel", "contact_type"),
    reference("assignee", "assigned_to", "sys_user"),
    automatic("assigneeEmail", "assigned_to.email"),
    reference("group", "assignment_group", "sys_user_group"),
    reference("openedBy", "opened_by", "sys_user"),
    column("openedAt", "opened_at"),
    column("dueAt", "due_date"),
    reference("closedBy", "closed_by", "sys_user"),
    column("closedAt", "closed_at"),
    column("closeNotes", "close_notes"),
    column("approval", "approval"),
    reference("parent", "parent", ""),
    reference("company", "company", "core_company"),
    reference("location", "location", "cmn_location"),
    reference("configurationItem", "cmdb_ci", "cmdb_ci"),
    reference("service", "business_service", "cmdb_ci_service"),
    column("correlationId", "correlation_id"),
    column("comment", "comments"),
    column("workNote", "work_notes"),
];

const INCIDENT_STATES: &[BaseValue] = &[
    both("1", "new"),
    both("2", "in_progress"),
    both("3", "waiting"),
    both("6", "resolved"),
    both("7", "closed"),
    both("8", "cancelled"),
];

/// Incidents.
pub(super) const INCIDENT: BaseTable = BaseTable {
    name: "incident",
    kind: &kind::ticket::TICKET,
    columns: &[
        STAMPS,
        TASK,
        &[
            choice("status", "state", INCIDENT_STATES),
            column("waitingFor", "hold_reason"),
            choice("severity", "severity", LEVELS),
            column("category", "category"),
            column("subcategory", "subcategory"),
            reference("requester", "caller_id", "sys_user"),
            automatic("requesterEmail", "caller_id.email"),
            reference("resolvedBy", "resolved_by", "sys_user"),
            column("resolvedAt", "resolved_at"),
            column("closeCode", "close_code"),
            reference("problem", "problem_id", "problem"),
            reference("change", "rfc", "change_request"),
        ],
    ],
    journals: JOURNALS,
};

const PROBLEM_STATES: &[BaseValue] = &[
    both("101", "new"),
    read("102", "in_progress"),
    read("103", "in_progress"),
    read("104", "in_progress"),
    both("106", "resolved"),
    both("107", "closed"),
];

/// Problems with the state model. An older one has other numbers, which need a map.
pub(super) const PROBLEM: BaseTable = BaseTable {
    name: "problem",
    kind: &kind::ticket::TICKET,
    columns: &[
        STAMPS,
        TASK,
        &[
            choice("status", "state", PROBLEM_STATES),
            column("category", "category"),
            column("subcategory", "subcategory"),
            reference("resolvedBy", "resolved_by", "sys_user"),
            column("resolvedAt", "resolved_at"),
            column("closeCode", "resolution_code"),
            reference("change", "rfc", "change_request"),
            column("workaround", "workaround"),
            column("cause", "cause_notes"),
            column("fix", "fix_notes"),
            column("knownError", "known_error"),
        ],
    ],
    journals: JOURNALS,
};

const CHANGE_STATES: &[BaseValue] = &[
    both("-5", "new"),
    read("-4", "new"),
    read("-3", "waiting"),
    read("-2", "waiting"),
    both("-1", "in_progress"),
    both("0", "resolved"),
    both("3", "closed"),
    both("4", "cancelled"),
];

const RISKS: &[BaseValue] = &[both("1", "very_high"), both("2", "high"), both("3", "moderate"), both("4", "low")];

/// Changes.
pub(super) const CHANGE_REQUEST: BaseTable = BaseTable {
    name: "change_request",
    kind: &kind::ticket::TICKET,
    columns: &[
        STAMPS,
        TASK,
        &[
            choice("status", "state", CHANGE_STATES),
            choice("priority", "priority", FOUR_PRIORITIES),
            column("onHold", "on_hold"),
            column("waitingFor", "on_hold_reason"),
            choice("risk", "risk", RISKS),
            column("type", "type"),
            column("category", "category"),
            reference("requester", "requested_by", "sys_user"),
            automatic("requesterEmail", "requested_by.email"),
            column("startAt", "start_date"),
            column("endAt", "end_date"),
            column("closeCode", "close_code"),
        ],
    ],
    journals: JOURNALS,
};
