//! Outbound REST: messages, and the log of calls.

use super::{Column, Declaration, Kind, choice, column, define};

const MESSAGES: &[Column] =
    &[column("name", Kind::Text), column("rest_endpoint", Kind::Text), column("description", Kind::Text)];
const STATES: &[(&str, &str)] = &[("ready", "Ready"), ("sent", "Sent"), ("done", "Done"), ("failed", "Failed")];
const CALLS: &[Column] = &[
    column("source_table", Kind::Text),
    column("source_record", Kind::Id),
    column("url", Kind::Text),
    column("http_method", Kind::Text),
    column("request_body", Kind::Text),
    choice("state", Kind::Choice, STATES),
    // Milliseconds since 1970.
    column("due", Kind::Integer),
    column("response_status", Kind::Integer),
    column("response_time", Kind::Integer),
    column("error_message", Kind::Text),
];

pub(super) static TABLES: [Declaration; 2] =
    [define("sys_rest_message", "", "name", MESSAGES), define("sys_outbound_http_log", "", "url", CALLS)];
