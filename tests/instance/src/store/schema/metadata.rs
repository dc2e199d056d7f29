//! Application files: the records that configure an instance and that an update set carries ("Application files"). The tables that
//! hold them extend this one.

use super::{CLASS, Column, Declaration, define, reference, text};

const FILE: &[Column] = &[
    CLASS,
    text("sys_name"),
    reference("sys_package", "sys_scope"),
    text("sys_policy"),
    reference("sys_scope", "sys_scope"),
    text("sys_update_name"),
];

pub(super) static TABLES: [Declaration; 1] = [define("sys_metadata", "", "sys_name", FILE)];
