//! Users, groups and roles (sample bodies of the Table API; "User records" and "Create a user group" in the product documentation).

use super::{
    Column, DOMAIN, Declaration, Kind, TAGS, choice, column, define, flag, group, integer, list, reference, text, time,
    user,
};

const IDENTITY: &[(&str, &str)] = &[("human", "Human"), ("machine", "Machine")];
const NOTIFICATION: &[(&str, &str)] = &[("1", "Disable"), ("2", "Enable")];
const CALENDAR: &[(&str, &str)] = &[("1", "Outlook")];
const GENDER: &[(&str, &str)] = &[("male", "Male"), ("female", "Female")];

const USER: &[Column] = &[
    text("user_name").unique(),
    // First, middle and last name.
    text("name").calculated(),
    text("first_name"),
    text("middle_name"),
    text("last_name"),
    text("email"),
    text("phone"),
    text("mobile_phone"),
    text("home_phone"),
    text("title"),
    text("employee_number"),
    reference("department", "cmn_department"),
    user("manager"),
    reference("location", "cmn_location"),
    reference("building", "cmn_building"),
    reference("company", "core_company"),
    reference("cost_center", "cmn_cost_center"),
    flag("active").with_default("true"),
    flag("locked_out"),
    flag("vip"),
    integer("failed_attempts"),
    column("last_login", Kind::Date),
    time("last_login_time"),
    text("source"),
    reference("ldap_server", "ldap_server_config"),
    text("roles"),
    text("introduction"),
    choice("gender", Kind::Choice, GENDER),
    text("preferred_language"),
    choice("notification", Kind::NumberChoice, NOTIFICATION).with_default("2"),
    choice("calendar_integration", Kind::NumberChoice, CALENDAR).with_default("1"),
    text("time_zone"),
    text("date_format"),
    text("time_format"),
    reference("schedule", "cmn_schedule"),
    text("street"),
    text("city"),
    text("state"),
    text("zip"),
    text("country"),
    text("photo"),
    text("avatar"),
    text("federated_id"),
    flag("web_service_access_only"),
    flag("password_needs_reset"),
    flag("internal_integration_user"),
    choice("identity_type", Kind::Choice, IDENTITY),
    flag("enable_multifactor_authn"),
    column("user_password", Kind::Secret),
    super::CLASS,
    column("sys_domain", DOMAIN),
    text("sys_domain_path").with_default("/"),
    TAGS,
];

const GROUP: &[Column] = &[
    text("name"),
    text("description"),
    user("manager"),
    group("parent"),
    list("type", "sys_user_group_type"),
    text("email"),
    flag("active").with_default("true"),
    user("default_assignee"),
    reference("cost_center", "cmn_cost_center"),
    flag("include_members"),
    flag("exclude_manager"),
    text("source"),
    text("roles"),
    column("sys_domain", DOMAIN),
    TAGS,
];
const GROUP_TYPE: &[Column] = &[text("name"), text("description")];

const MEMBER: &[Column] = &[user("user"), group("group"), TAGS];

const ROLE: &[Column] = &[
    text("name").unique(),
    text("description"),
    text("suffix"),
    flag("elevated_privilege"),
    flag("grantable").with_default("true"),
    flag("can_delegate").with_default("true"),
    flag("assignable_by"),
];
const ROLE_STATE: &[(&str, &str)] = &[("active", "Active"), ("requested", "Requested")];
/// The sample body of this table in the Table API reference.
const USER_ROLE: &[Column] = &[
    user("user"),
    reference("role", "sys_user_role"),
    flag("inherited"),
    group("granted_by"),
    reference("included_in_role", "sys_user_role"),
    integer("inh_count"),
    text("inh_map"),
    choice("state", Kind::Choice, ROLE_STATE).with_default("active"),
    TAGS,
];
const GROUP_ROLE: &[Column] = &[
    group("group"),
    reference("role", "sys_user_role"),
    group("granted_by"),
    flag("inherits").with_default("true"),
    TAGS,
];
const CONTAINED_ROLE: &[Column] = &[reference("role", "sys_user_role"), reference("contains", "sys_user_role"), TAGS];

pub(super) static TABLES: [Declaration; 8] = [
    define("sys_user", "", "name", USER),
    define("sys_user_group", "", "name", GROUP),
    define("sys_user_group_type", "", "name", GROUP_TYPE),
    define("sys_user_grmember", "", "sys_id", MEMBER),
    define("sys_user_role", "", "name", ROLE).extending("sys_metadata"),
    define("sys_user_has_role", "", "sys_id", USER_ROLE),
    define("sys_group_has_role", "", "sys_id", GROUP_ROLE),
    define("sys_user_role_contains", "", "sys_id", CONTAINED_ROLE),
];
