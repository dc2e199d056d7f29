//! Configuration items, their classes and their relations: a small part of the base system's tree.

use super::{Column, Declaration, Kind, choice, column, define};

const USER: Kind = Kind::Reference("sys_user");
const INSTALL_STATUS: &[(&str, &str)] = &[("1", "Installed"), ("3", "In Maintenance"), ("7", "Retired")];

const ITEM: &[Column] = &[
    column("name", Kind::Text),
    column("sys_class_name", Kind::Text),
    column("asset_tag", Kind::Text),
    column("serial_number", Kind::Text),
    column("ip_address", Kind::Text),
    choice("install_status", Kind::NumberChoice, INSTALL_STATUS),
    choice("operational_status", Kind::NumberChoice, &[("1", "Operational"), ("2", "Non-Operational")]),
    column("assigned_to", USER),
    column("owned_by", USER),
    column("managed_by", USER),
    column("support_group", Kind::Reference("sys_user_group")),
    column("location", Kind::Reference("cmn_location")),
    column("company", Kind::Reference("core_company")),
    column("discovery_source", Kind::Text),
    column("last_discovered", Kind::DateTime),
    column("attested", Kind::Boolean),
];

const TYPES: &[Column] =
    &[column("name", Kind::Text), column("parent_descriptor", Kind::Text), column("child_descriptor", Kind::Text)];
const RELATIONS: &[Column] = &[
    column("parent", Kind::Reference("cmdb_ci")),
    column("child", Kind::Reference("cmdb_ci")),
    column("type", Kind::Reference("cmdb_rel_type")),
];

const NONE: &[Column] = &[];

pub(super) static TABLES: [Declaration; 14] = [
    define("cmdb", "", "name", ITEM),
    define("cmdb_ci", "", "name", NONE).extending("cmdb"),
    define("cmdb_ci_hardware", "", "name", NONE).extending("cmdb_ci"),
    define("cmdb_ci_computer", "", "name", NONE).extending("cmdb_ci_hardware"),
    define("cmdb_ci_server", "", "name", NONE).extending("cmdb_ci_computer"),
    define("cmdb_ci_linux_server", "", "name", NONE).extending("cmdb_ci_server"),
    define("cmdb_ci_win_server", "", "name", NONE).extending("cmdb_ci_server"),
    define("cmdb_ci_netgear", "", "name", NONE).extending("cmdb_ci_hardware"),
    define("cmdb_ci_printer", "", "name", NONE).extending("cmdb_ci_hardware"),
    define("cmdb_ci_service", "", "name", NONE).extending("cmdb_ci"),
    define("cmdb_ci_appl", "", "name", NONE).extending("cmdb_ci"),
    define("cmdb_ci_database", "", "name", NONE).extending("cmdb_ci_appl"),
    define("cmdb_rel_type", "", "name", TYPES),
    define("cmdb_rel_ci", "", "sys_id", RELATIONS),
];
