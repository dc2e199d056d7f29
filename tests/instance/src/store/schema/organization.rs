//! Companies, departments, locations and what they are accounted to (sample bodies of the Table API; "Foundation data" in the
//! product documentation).

use super::{
    Column, Declaration, Kind, TAGS, amount, choice, column, date, decimal, define, flag, group, integer, reference,
    text, time, user,
};

const DEPARTMENT: &[Column] = &[
    text("name"),
    text("id"),
    text("description"),
    text("code"),
    reference("parent", "cmn_department"),
    user("dept_head"),
    user("primary_contact"),
    reference("company", "core_company"),
    reference("cost_center", "cmn_cost_center"),
    reference("business_unit", "business_unit"),
    integer("head_count"),
    text("source"),
    TAGS,
];

const COMPANY: &[Column] = &[
    text("name"),
    text("description"),
    reference("parent", "core_company"),
    flag("customer"),
    flag("vendor"),
    flag("manufacturer"),
    text("vendor_type"),
    user("vendor_manager"),
    flag("primary"),
    text("street"),
    text("city"),
    text("state"),
    text("zip"),
    text("country"),
    text("phone"),
    text("fax_phone"),
    text("website"),
    text("apple_icon"),
    text("banner_image"),
    text("banner_text"),
    text("stock_symbol"),
    amount("stock_price"),
    flag("publicly_traded"),
    decimal("market_cap"),
    decimal("revenue_per_year"),
    integer("num_employees"),
    integer("rank_tier"),
    decimal("profits"),
    date("fiscal_year"),
    decimal("discount"),
    user("contact"),
    text("notes"),
    text("hash"),
    text("theme"),
    decimal("latitude"),
    decimal("longitude"),
    text("lat_long_error"),
    TAGS,
];

const LOCATION_TYPE: &[(&str, &str)] = &[
    ("region", "Region"),
    ("country", "Country"),
    ("state/province", "State/Province"),
    ("city", "City"),
    ("campus", "Campus"),
    ("building/structure", "Building/Structure"),
    ("floor", "Floor"),
];
const LOCATION: &[Column] = &[
    text("name"),
    text("description"),
    // The names of the location and of those above it.
    text("full_name").calculated(),
    reference("parent", "cmn_location"),
    text("street"),
    text("city"),
    text("state"),
    text("zip"),
    text("country"),
    decimal("latitude"),
    decimal("longitude"),
    text("lat_long_error"),
    time("coordinates_retrieved_on"),
    text("time_zone"),
    reference("company", "core_company"),
    user("contact"),
    text("phone"),
    text("fax_phone"),
    reference("phone_territory", "sys_phone_territory"),
    flag("duplicate"),
    reference("primary_location", "cmn_location"),
    choice("cmn_location_type", Kind::Choice, LOCATION_TYPE),
    text("cmn_location_source"),
    group("managed_by_group"),
    text("life_cycle_stage"),
    text("life_cycle_stage_status"),
    TAGS,
];

const BUILDING: &[Column] =
    &[text("name"), reference("location", "cmn_location"), user("contact"), integer("floors"), text("notes"), TAGS];
const COST_CENTER: &[Column] = &[
    text("name"),
    text("code"),
    text("account_number"),
    user("manager"),
    reference("parent", "cmn_cost_center"),
    reference("location", "cmn_location"),
    date("valid_from"),
    date("valid_to"),
    TAGS,
];
const BUSINESS_UNIT: &[Column] = &[
    text("name"),
    text("description"),
    user("bu_head"),
    reference("company", "core_company"),
    reference("parent", "business_unit"),
    text("hierarchy_level"),
    TAGS,
];
const SCHEDULE: &[Column] =
    &[text("name"), text("description"), text("time_zone"), text("type"), flag("read_only"), TAGS];
const TERRITORY: &[Column] = &[text("name"), text("country_code"), text("area_code"), flag("active")];
const DIRECTORY: &[Column] = &[text("name"), flag("active"), text("server_url"), column("password", Kind::Secret)];

pub(super) static TABLES: [Declaration; 9] = [
    define("cmn_location", "", "name", LOCATION),
    define("cmn_department", "", "name", DEPARTMENT),
    define("core_company", "", "name", COMPANY),
    define("cmn_building", "", "name", BUILDING),
    define("cmn_cost_center", "", "name", COST_CENTER),
    define("business_unit", "", "name", BUSINESS_UNIT),
    define("cmn_schedule", "", "name", SCHEDULE),
    define("sys_phone_territory", "", "name", TERRITORY),
    define("ldap_server_config", "", "name", DIRECTORY),
];
