//! Scripted REST APIs: the API, its versions, and its resources.

use super::{Column, Declaration, Kind, choice, column, define};

const DEFINITIONS: &[Column] = &[
    column("name", Kind::Text),
    column("service_id", Kind::Text),
    column("namespace", Kind::Text),
    column("active", Kind::Boolean).with_default("true"),
    column("consumes", Kind::Text),
    column("produces", Kind::Text),
    column("short_description", Kind::Text),
];
const VERSIONS: &[Column] = &[
    column("web_service_definition", Kind::Reference("sys_ws_definition")),
    column("version_id", Kind::Text),
    column("is_default", Kind::Boolean),
    column("active", Kind::Boolean).with_default("true"),
];
const METHODS: &[(&str, &str)] =
    &[("GET", "GET"), ("POST", "POST"), ("PUT", "PUT"), ("PATCH", "PATCH"), ("DELETE", "DELETE")];
const OPERATIONS: &[Column] = &[
    column("name", Kind::Text),
    column("web_service_definition", Kind::Reference("sys_ws_definition")),
    column("web_service_version", Kind::Reference("sys_ws_version")),
    choice("http_method", Kind::Choice, METHODS).with_default("GET"),
    column("relative_path", Kind::Text).with_default("/"),
    column("active", Kind::Boolean).with_default("true"),
    column("requires_authentication", Kind::Boolean).with_default("true"),
    column("consumes", Kind::Text),
    column("produces", Kind::Text),
    column("operation_script", Kind::Text),
];

pub(super) static TABLES: [Declaration; 3] = [
    define("sys_ws_definition", "", "name", DEFINITIONS),
    define("sys_ws_version", "", "version_id", VERSIONS),
    define("sys_ws_operation", "", "name", OPERATIONS),
];
