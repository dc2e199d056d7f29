//! Tables of the CMDB.

use super::{BaseTable, BaseValue, STAMPS, automatic, both, choice, column, reference};
use crate::model::kind;

const OPERATIONS: &[BaseValue] = &[
    both("1", "operational"),
    both("2", "non_operational"),
    both("3", "repair"),
    both("4", "standby"),
    both("5", "ready"),
    both("6", "retired"),
    both("7", "pipeline"),
    both("8", "catalog"),
];

const INSTALLATIONS: &[BaseValue] = &[
    both("1", "installed"),
    both("2", "on_order"),
    both("3", "in_maintenance"),
    both("4", "pending_install"),
    both("5", "pending_repair"),
    both("6", "in_stock"),
    both("7", "retired"),
    both("8", "stolen"),
    both("100", "absent"),
];

/// Configuration items.
pub(super) const CONFIGURATION_ITEM: BaseTable = BaseTable {
    name: "cmdb_ci",
    kind: &kind::assets::CONFIGURATION_ITEM,
    columns: &[
        STAMPS,
        &[
            column("name", "name"),
            automatic("class", "sys_class_name"),
            column("assetTag", "asset_tag"),
            column("serialNumber", "serial_number"),
            column("ipAddress", "ip_address"),
            choice("operation", "operational_status", OPERATIONS),
            choice("installation", "install_status", INSTALLATIONS),
            reference("assignee", "assigned_to", "sys_user"),
            reference("owner", "owned_by", "sys_user"),
            reference("manager", "managed_by", "sys_user"),
            reference("group", "support_group", "sys_user_group"),
            reference("location", "location", "cmn_location"),
            reference("company", "company", "core_company"),
            column("source", "discovery_source"),
            automatic("lastSeenAt", "last_discovered"),
        ],
    ],
    journals: &[],
};

/// Relations between configuration items.
pub(super) const RELATION: BaseTable = BaseTable {
    name: "cmdb_rel_ci",
    kind: &kind::assets::RELATION,
    columns: &[
        STAMPS,
        &[
            reference("parent", "parent", "cmdb_ci"),
            reference("child", "child", "cmdb_ci"),
            reference("type", "type", "cmdb_rel_type"),
        ],
    ],
    journals: &[],
};
