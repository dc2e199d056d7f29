//! Relations of configuration items.

use super::{Column, Definition, Kind, column, define};

const TYPES: &[Column] = columns![
    column("name", Kind::Text),
    column("parent_descriptor", Kind::Text),
    column("child_descriptor", Kind::Text),
];
const RELATIONS: &[Column] = columns![
    column("parent", Kind::Reference("cmdb_ci")),
    column("child", Kind::Reference("cmdb_ci")),
    column("type", Kind::Reference("cmdb_rel_type")),
];

pub(super) static TABLES: [Definition; 2] =
    [define("cmdb_rel_type", "", "name", TYPES), define("cmdb_rel_ci", "", "sys_id", RELATIONS)];
