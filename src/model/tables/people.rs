//! Tables of people and organisations.

use super::{BaseColumn, BaseTable, STAMPS, automatic, column, reference};
use crate::model::kind;

const NAMED: &[BaseColumn] = &[column("name", "name")];

const PLACED: &[BaseColumn] = &[
    column("street", "street"),
    column("city", "city"),
    column("region", "state"),
    column("postalCode", "zip"),
    column("country", "country"),
    column("phone", "phone"),
];

/// Users.
pub(super) const USER: BaseTable = BaseTable {
    name: "sys_user",
    kind: &kind::people::USER,
    columns: &[
        STAMPS,
        &[
            column("userName", "user_name"),
            // Computed from the two names below.
            automatic("name", "name"),
            column("firstName", "first_name"),
            column("lastName", "last_name"),
            column("email", "email"),
            column("phone", "phone"),
            column("mobilePhone", "mobile_phone"),
            column("employeeNumber", "employee_number"),
            column("title", "title"),
            reference("department", "department", "cmn_department"),
            reference("manager", "manager", "sys_user"),
            reference("location", "location", "cmn_location"),
            reference("company", "company", "core_company"),
            reference("costCentre", "cost_center", "cmn_cost_center"),
            column("active", "active"),
            column("lockedOut", "locked_out"),
            column("vip", "vip"),
            column("timeZone", "time_zone"),
            column("language", "preferred_language"),
            automatic("lastLoginAt", "last_login_time"),
        ],
    ],
    journals: &[],
};

/// HR profiles.
pub(super) const HR_PROFILE: BaseTable = BaseTable {
    name: "sn_hr_core_profile",
    kind: &kind::people::EMPLOYEE,
    columns: &[
        STAMPS,
        &[
            reference("user", "user", "sys_user"),
            column("employeeNumber", "employee_number"),
            column("employmentStartOn", "employment_start_date"),
            column("employmentEndOn", "employment_end_date"),
            column("employmentStatus", "employment_status"),
            column("employmentType", "employment_type"),
            reference("position", "position", "sn_hr_core_position"),
            reference("department", "department", "cmn_department"),
            reference("location", "location", "cmn_location"),
            reference("manager", "manager", "sys_user"),
            column("workEmail", "work_email"),
        ],
    ],
    journals: &[],
};

/// Groups.
pub(super) const GROUP: BaseTable = BaseTable {
    name: "sys_user_group",
    kind: &kind::people::GROUP,
    columns: &[
        STAMPS,
        NAMED,
        &[
            column("description", "description"),
            column("email", "email"),
            reference("manager", "manager", "sys_user"),
            reference("parent", "parent", "sys_user_group"),
            column("types", "type"),
            column("active", "active"),
            reference("defaultAssignee", "default_assignee", "sys_user"),
            column("includesMembers", "include_members"),
        ],
    ],
    journals: &[],
};

/// Departments.
pub(super) const DEPARTMENT: BaseTable = BaseTable {
    name: "cmn_department",
    kind: &kind::people::DEPARTMENT,
    columns: &[
        STAMPS,
        NAMED,
        &[
            column("code", "id"),
            column("description", "description"),
            reference("parent", "parent", "cmn_department"),
            reference("head", "dept_head", "sys_user"),
            reference("contact", "primary_contact", "sys_user"),
            reference("company", "company", "core_company"),
            reference("costCentre", "cost_center", "cmn_cost_center"),
            reference("businessUnit", "business_unit", "business_unit"),
            column("headCount", "head_count"),
        ],
    ],
    journals: &[],
};

/// Places.
pub(super) const LOCATION: BaseTable = BaseTable {
    name: "cmn_location",
    kind: &kind::people::LOCATION,
    columns: &[
        STAMPS,
        NAMED,
        PLACED,
        &[
            // Computed from the places above it.
            automatic("fullName", "full_name"),
            reference("parent", "parent", "cmn_location"),
            column("latitude", "latitude"),
            column("longitude", "longitude"),
            column("timeZone", "time_zone"),
            reference("company", "company", "core_company"),
            reference("contact", "contact", "sys_user"),
        ],
    ],
    journals: &[],
};

/// Companies.
pub(super) const COMPANY: BaseTable = BaseTable {
    name: "core_company",
    kind: &kind::people::COMPANY,
    columns: &[
        STAMPS,
        NAMED,
        PLACED,
        &[
            reference("parent", "parent", "core_company"),
            column("customer", "customer"),
            column("vendor", "vendor"),
            column("manufacturer", "manufacturer"),
            column("website", "website"),
            column("stockSymbol", "stock_symbol"),
        ],
    ],
    journals: &[],
};
