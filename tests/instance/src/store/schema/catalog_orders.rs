//! Orders of the service catalog: carts, answers, and the tasks that an order makes.

use super::catalog::FREQUENCY;
use super::{Column, Declaration, Kind, choice, column, define};

const USER: Kind = Kind::Reference("sys_user");
const CATALOG: Kind = Kind::Reference("sc_catalog");
const ITEM: Kind = Kind::Reference("sc_cat_item");
const VARIABLE: Kind = Kind::Reference("item_option_new");
const VARIABLE_SET: Kind = Kind::Reference("item_option_new_set");

const REQUEST_STATE: &[(&str, &str)] = &[
    ("requested", "Pending Approval"),
    ("draft", "Draft"),
    ("submitted", "Submitted"),
    ("in_process", "Approved"),
    ("delivered", "Delivered"),
    ("closed_complete", "Closed Complete"),
    ("closed_incomplete", "Closed Incomplete"),
    ("closed_cancelled", "Closed Cancelled"),
    ("closed_rejected", "Closed Rejected"),
    ("closed_skipped", "Closed Skipped"),
];
const REQUEST_STAGE: &[(&str, &str)] = &[
    ("requested", "Requested"),
    ("request_approved", "Request Approved"),
    ("fulfillment", "Fulfillment"),
    ("delivery", "Delivery"),
    ("closed_complete", "Completed"),
    ("closed_incomplete", "Closed Incomplete"),
];
const ITEM_STAGE: &[(&str, &str)] = &[
    ("request_approved", "Request Approved"),
    ("waiting_for_approval", "Waiting for Approval"),
    ("fulfillment", "Fulfillment"),
    ("delivery", "Delivery"),
    ("complete", "Completed"),
    ("Request Cancelled", "Request Cancelled"),
];

const CARTS: &[Column] = &[
    column("name", Kind::Text),
    column("user", USER),
    column("active", Kind::Boolean).with_default("true"),
    column("requested_for", USER),
    column("delivery_address", Kind::Text),
    column("special_instructions", Kind::Text),
];
const CART_ITEMS: &[Column] = &[
    column("cart", Kind::Reference("sc_cart")),
    column("cat_item", ITEM),
    column("quantity", Kind::Integer).with_default("1"),
    column("active", Kind::Boolean).with_default("true"),
    column("order", Kind::Integer),
    column("order_guide", ITEM),
    column("requested_for", USER),
];
const ANSWERS: &[Column] = &[
    column("item_option_new", VARIABLE),
    column("value", Kind::Text),
    column("order", Kind::Integer),
    column("cart_item", Kind::Reference("sc_cart_item")),
];
const ANSWERS_OF_REQUESTED_ITEMS: &[Column] = &[
    column("request_item", Kind::Reference("sc_req_item")),
    column("sc_item_option", Kind::Reference("sc_item_option")),
];
const ROW_ANSWERS: &[Column] = &[
    column("parent_id", Kind::Text),
    column("parent_table_name", Kind::Text),
    column("row_index", Kind::Text),
    column("variable_set", VARIABLE_SET),
    column("item_option_new", VARIABLE),
    column("value", Kind::Text),
];

/// The answers to a record producer.
const PRODUCER_ANSWERS: &[Column] = &[
    column("question", VARIABLE),
    column("table_name", Kind::Text),
    column("table_sys_id", Kind::Text),
    column("value", Kind::Text),
    column("order", Kind::Integer),
];

const REQUESTS: &[Column] = &[
    column("requested_for", USER),
    column("requested_date", Kind::DateTime),
    choice("request_state", Kind::Choice, REQUEST_STATE).with_default("requested"),
    choice("stage", Kind::Choice, REQUEST_STAGE).with_default("requested"),
    column("price", Kind::Currency).with_default("0"),
    column("delivery_address", Kind::Text),
    column("special_instructions", Kind::Text),
    column("calendar_stc", Kind::Integer),
];
const REQUESTED_ITEMS: &[Column] = &[
    column("request", Kind::Reference("sc_request")),
    column("cat_item", ITEM),
    column("sc_catalog", CATALOG),
    column("requested_for", USER),
    column("quantity", Kind::Integer).with_default("1"),
    column("price", Kind::Currency).with_default("0"),
    column("recurring_price", Kind::Currency).with_default("0"),
    choice("recurring_frequency", Kind::Choice, FREQUENCY),
    choice("stage", Kind::Choice, ITEM_STAGE),
    column("estimated_delivery", Kind::DateTime),
    column("configuration_item", Kind::Reference("cmdb_ci")),
    column("backordered", Kind::Boolean),
    column("billable", Kind::Boolean),
    column("received", Kind::Boolean),
    column("order_guide", ITEM),
];
const CATALOG_TASKS: &[Column] = &[
    column("request", Kind::Reference("sc_request")),
    column("request_item", Kind::Reference("sc_req_item")),
    column("sc_catalog", CATALOG),
    column("calendar_stc", Kind::Integer),
];

pub(super) static TABLES: [Declaration; 9] = [
    define("sc_cart", "", "name", CARTS),
    define("sc_cart_item", "", "sys_id", CART_ITEMS),
    define("sc_item_option", "", "value", ANSWERS),
    define("sc_item_option_mtom", "", "sys_id", ANSWERS_OF_REQUESTED_ITEMS),
    define("sc_multi_row_question_answer", "", "sys_id", ROW_ANSWERS),
    define("sc_request", "REQ", "number", REQUESTS).extending("task"),
    define("sc_req_item", "RITM", "number", REQUESTED_ITEMS).extending("task"),
    define("sc_task", "SCTASK", "number", CATALOG_TASKS).extending("task"),
    define("question_answer", "", "sys_id", PRODUCER_ANSWERS),
];
