//! Further tables of the task family: catalog requests, customer cases and HR cases.

use super::task::{FOUR_PRIORITIES, JOURNALS, TASK};
use super::{BaseTable, BaseValue, STAMPS, automatic, both, choice, column, read, reference};
use crate::model::kind;

/// That a request may be a draft or skipped is not verified.
const REQUEST_STATES: &[BaseValue] = &[
    both("requested", "new"),
    read("draft", "new"),
    read("submitted", "new"),
    both("in_process", "in_progress"),
    both("closed_complete", "closed"),
    both("closed_incomplete", "closed_incomplete"),
    read("closed_skipped", "closed_incomplete"),
    both("closed_cancelled", "cancelled"),
    read("closed_rejected", "cancelled"),
];

/// Catalog requests. Their status is `request_state`: `state` is not kept up to date.
pub(super) const SC_REQUEST: BaseTable = BaseTable {
    name: "sc_request",
    kind: &kind::ticket::TICKET,
    columns: &[
        STAMPS,
        TASK,
        &[
            choice("status", "request_state", REQUEST_STATES),
            reference("requester", "requested_for", "sys_user"),
            automatic("requesterEmail", "requested_for.email"),
            column("stage", "stage"),
            column("price", "price"),
        ],
    ],
    journals: JOURNALS,
};

const TASK_STATES: &[BaseValue] = &[
    both("-5", "waiting"),
    both("1", "new"),
    both("2", "in_progress"),
    both("3", "closed"),
    both("4", "closed_incomplete"),
    read("7", "closed_incomplete"),
];

/// Requested items.
pub(super) const SC_REQ_ITEM: BaseTable = BaseTable {
    name: "sc_req_item",
    kind: &kind::ticket::TICKET,
    columns: &[
        STAMPS,
        TASK,
        &[
            choice("status", "state", TASK_STATES),
            reference("requester", "requested_for", "sys_user"),
            automatic("requesterEmail", "requested_for.email"),
            column("stage", "stage"),
            reference("item", "cat_item", "sc_cat_item"),
            column("quantity", "quantity"),
            column("price", "price"),
            reference("request", "request", "sc_request"),
        ],
    ],
    journals: JOURNALS,
};

/// Catalog tasks.
pub(super) const SC_TASK: BaseTable = BaseTable {
    name: "sc_task",
    kind: &kind::ticket::TICKET,
    columns: &[
        STAMPS,
        TASK,
        &[
            choice("status", "state", TASK_STATES),
            reference("request", "request", "sc_request"),
            reference("requestedItem", "request_item", "sc_req_item"),
        ],
    ],
    journals: JOURNALS,
};

const CASE_STATES: &[BaseValue] =
    &[both("1", "new"), both("10", "in_progress"), both("18", "waiting"), both("6", "resolved"), both("3", "closed")];

/// Cases of customers.
pub(super) const CUSTOMER_CASE: BaseTable = BaseTable {
    name: "sn_customerservice_case",
    kind: &kind::ticket::TICKET,
    columns: &[
        STAMPS,
        TASK,
        &[
            choice("status", "state", CASE_STATES),
            choice("priority", "priority", FOUR_PRIORITIES),
            column("category", "category"),
            column("subcategory", "subcategory"),
            reference("requester", "contact", "customer_contact"),
            automatic("requesterEmail", "contact.email"),
            reference("resolvedBy", "resolved_by", "sys_user"),
            column("resolvedAt", "resolved_at"),
            column("closeCode", "resolution_code"),
            reference("account", "account", "customer_account"),
            reference("consumer", "consumer", "csm_consumer"),
            reference("product", "product", "cmdb_model"),
        ],
    ],
    journals: JOURNALS,
};

/// A draft (1) is routed to nobody, so a new case is written as ready (10). The numbers 1, 4, 7 and 20 are not verified, nor is that 20, awaiting
/// acceptance, is resolved.
const HR_STATES: &[BaseValue] = &[
    read("1", "new"),
    both("10", "new"),
    both("18", "in_progress"),
    both("20", "resolved"),
    both("24", "waiting"),
    both("3", "closed"),
    both("4", "closed_incomplete"),
    both("7", "cancelled"),
];

/// HR cases.
pub(super) const HR_CASE: BaseTable = BaseTable {
    name: "sn_hr_core_case",
    kind: &kind::ticket::TICKET,
    columns: &[
        STAMPS,
        TASK,
        &[
            choice("status", "state", HR_STATES),
            choice("priority", "priority", FOUR_PRIORITIES),
            reference("requester", "opened_for", "sys_user"),
            automatic("requesterEmail", "opened_for.email"),
            reference("subject", "subject_person", "sys_user"),
            reference("hrService", "hr_service", "sn_hr_core_service"),
        ],
    ],
    journals: JOURNALS,
};
