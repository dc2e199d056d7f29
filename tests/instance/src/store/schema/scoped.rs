//! A scoped application: a table with the prefix of its scope, whose own columns have no prefix, and a column with the prefix in a table
//! of another scope ("Application scope").

use super::{Column, Declaration, Kind, choice, column, define};

/// The namespace of the application.
pub(crate) const SCOPE: &str = "x_acme_onboard";

const SCOPES: &[Column] = &[column("name", Kind::Text), column("scope", Kind::Text), column("version", Kind::Text)];
const REQUESTS: &[Column] = &[
    column("number", Kind::Text),
    column("short_description", Kind::Text),
    column("employee", Kind::Reference("sys_user")),
    column("first_day", Kind::Date),
    choice("equipment", Kind::Choice, &[("laptop", "Laptop"), ("phone", "Phone")]),
];

pub(super) static TABLES: [Declaration; 2] =
    [define("sys_scope", "", "name", SCOPES), define("x_acme_onboard_request", "ONB", "number", REQUESTS)];
