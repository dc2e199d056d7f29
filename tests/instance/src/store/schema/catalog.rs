//! The service catalog: catalogs, categories, items and their variables. Orders are in `catalog_orders`.

use super::{Column, Declaration, Kind, choice, column, define};

const USER: Kind = Kind::Reference("sys_user");
const GROUP: Kind = Kind::Reference("sys_user_group");
const CATALOG: Kind = Kind::Reference("sc_catalog");
const CATEGORY: Kind = Kind::Reference("sc_category");
const ITEM: Kind = Kind::Reference("sc_cat_item");
const VARIABLE: Kind = Kind::Reference("item_option_new");
const VARIABLE_SET: Kind = Kind::Reference("item_option_new_set");
const CRITERIA: Kind = Kind::Reference("user_criteria");

const AVAILABILITY: &[(&str, &str)] =
    &[("on_desktop", "Desktop Only"), ("on_mobile", "Mobile Only"), ("on_both", "Desktop and Mobile")];
const ITEM_TYPE: &[(&str, &str)] =
    &[("item", "Item"), ("template", "Template"), ("bundle", "Bundle"), ("package", "Package")];
const REQUEST_METHOD: &[(&str, &str)] = &[("order", "Order"), ("request", "Request"), ("submit", "Submit")];
/// How often a recurring price is due.
pub(super) const FREQUENCY: &[(&str, &str)] = &[
    ("daily", "Daily"),
    ("weekly", "Weekly"),
    ("monthly", "Monthly"),
    ("quarterly", "Quarterly"),
    ("yearly", "Annually"),
];
/// "Types of service catalog variables", with the numbers of `question.type`.
const VARIABLE_TYPE: &[(&str, &str)] = &[
    ("1", "Yes / No"),
    ("2", "Multi Line Text"),
    ("3", "Multiple Choice"),
    ("4", "Numeric Scale"),
    ("5", "Select Box"),
    ("6", "Single Line Text"),
    ("7", "CheckBox"),
    ("8", "Reference"),
    ("9", "Date"),
    ("10", "Date/Time"),
    ("11", "Label"),
    ("12", "Break"),
    ("14", "Custom"),
    ("15", "UI Page"),
    ("16", "Wide Single Line Text"),
    ("17", "Custom with Label"),
    ("18", "Lookup Select Box"),
    ("19", "Container Start"),
    ("20", "Container End"),
    ("21", "List Collector"),
    ("22", "Lookup Multiple Choice"),
    ("23", "HTML"),
    ("24", "Container Split"),
    ("25", "Masked"),
    ("26", "Email"),
    ("27", "URL"),
    ("28", "IP Address"),
    ("29", "Duration"),
    ("31", "Requested For"),
    ("32", "Rich Text Label"),
    ("33", "Attachment"),
];
const SET_TYPE: &[(&str, &str)] = &[("one_to_one", "Single Row"), ("one_to_many", "Multi Row")];
const CATALOGS: &[Column] = &[
    column("title", Kind::Text),
    column("description", Kind::Text),
    column("active", Kind::Boolean).with_default("true"),
    column("manager", USER),
    column("editors", Kind::List("sys_user")),
    column("desktop_image", Kind::Text),
    column("background_color", Kind::Text),
    column("enable_wish_list", Kind::Boolean),
    column("sys_class_name", Kind::Text),
    column("sys_name", Kind::Text),
];
const CATEGORIES: &[Column] = &[
    column("title", Kind::Text),
    column("description", Kind::Text),
    column("full_description", Kind::Text),
    column("sc_catalog", CATALOG),
    column("parent", CATEGORY),
    column("active", Kind::Boolean).with_default("true"),
    column("order", Kind::Integer).with_default("0"),
    column("icon", Kind::Text),
    column("header_icon", Kind::Text),
    column("homepage_image", Kind::Text),
    column("roles", Kind::Text),
    column("location", Kind::Reference("cmn_location")),
    column("mobile_hide_description", Kind::Boolean),
    column("show_in_cms", Kind::Boolean),
    column("sys_class_name", Kind::Text),
    column("sys_name", Kind::Text),
];
const ITEMS: &[Column] = &[
    column("name", Kind::Text),
    column("short_description", Kind::Text),
    column("description", Kind::Text),
    column("active", Kind::Boolean).with_default("true"),
    column("sc_catalogs", Kind::List("sc_catalog")),
    column("category", CATEGORY),
    choice("type", Kind::Choice, ITEM_TYPE).with_default("item"),
    column("order", Kind::Integer).with_default("0"),
    column("price", Kind::Currency).with_default("0"),
    column("recurring_price", Kind::Currency).with_default("0"),
    choice("recurring_frequency", Kind::Choice, FREQUENCY),
    column("cost", Kind::Currency).with_default("0"),
    column("list_price", Kind::Currency).with_default("0"),
    column("omit_price", Kind::Boolean),
    column("ignore_price", Kind::Boolean).with_default("true"),
    column("billable", Kind::Boolean),
    choice("availability", Kind::Choice, AVAILABILITY).with_default("on_desktop"),
    choice("request_method", Kind::Choice, REQUEST_METHOD),
    column("mandatory_attachment", Kind::Boolean),
    column("visible_standalone", Kind::Boolean).with_default("true"),
    column("visible_bundle", Kind::Boolean).with_default("true"),
    column("visible_guide", Kind::Boolean).with_default("true"),
    column("no_cart", Kind::Boolean),
    column("no_order", Kind::Boolean),
    column("no_order_now", Kind::Boolean),
    column("no_proceed_checkout", Kind::Boolean),
    column("no_quantity", Kind::Boolean),
    column("no_search", Kind::Boolean),
    column("no_attachment_v2", Kind::Boolean),
    column("no_delivery_time_v2", Kind::Boolean),
    column("no_wishlist_v2", Kind::Boolean),
    column("hide_sp", Kind::Boolean),
    column("start_closed", Kind::Boolean),
    column("use_sc_layout", Kind::Boolean).with_default("true"),
    column("delivery_time", Kind::Duration),
    column("group", GROUP),
    column("location", Kind::Reference("cmn_location")),
    column("owner", USER),
    column("vendor", Kind::Reference("core_company")),
    column("roles", Kind::Text),
    column("meta", Kind::Text),
    column("icon", Kind::Text),
    column("picture", Kind::Text),
    column("image", Kind::Text),
    column("state", Kind::Text),
    column("version", Kind::Integer),
    column("fulfillment_automation_level", Kind::Text).with_default("unspecified"),
    column("sys_class_name", Kind::Text),
    column("sys_name", Kind::Text),
];
const PRODUCERS: &[Column] = &[
    column("table_name", Kind::Text),
    column("view", Kind::Text),
    column("script", Kind::Text),
    column("post_insert_script", Kind::Text),
    column("save_script", Kind::Text),
    column("redirect_url", Kind::Text),
    column("can_cancel", Kind::Boolean),
    column("allow_edit", Kind::Boolean),
];
const GUIDES: &[Column] =
    &[column("two_step", Kind::Boolean), column("cascade", Kind::Boolean), column("guide_script", Kind::Text)];
/// The rule base of an order guide.
const GUIDE_ITEMS: &[Column] = &[
    column("guide", Kind::Reference("sc_cat_item_guide")),
    column("item", ITEM),
    column("condition", Kind::Text),
    column("order", Kind::Integer),
    column("active", Kind::Boolean).with_default("true"),
];
const CHANGE_PRODUCERS: &[Column] = &[
    column("current_version", Kind::Reference("std_change_producer_version")),
    column("retired", Kind::Boolean),
    column("two_step", Kind::Boolean),
];
/// "Installed with Change Management - Standard Change Catalog".
const CHANGE_VERSIONS: &[Column] = &[
    column("name", Kind::Text),
    column("version", Kind::Integer).with_default("1"),
    column("active", Kind::Boolean).with_default("true"),
    column("std_change_producer", Kind::Reference("std_change_record_producer")),
    column("closed_change_count", Kind::Integer).with_default("0"),
    column("successful_change_count", Kind::Integer).with_default("0"),
    column("unsuccessful_change_count", Kind::Integer).with_default("0"),
    column("percent_successful", Kind::Integer).with_default("0"),
    column("percent_unsuccessful", Kind::Integer).with_default("0"),
];

const VARIABLES: &[Column] = &[
    column("name", Kind::Text),
    column("question_text", Kind::Text),
    choice("type", Kind::NumberChoice, VARIABLE_TYPE),
    column("cat_item", ITEM),
    column("variable_set", VARIABLE_SET),
    column("order", Kind::Integer),
    column("active", Kind::Boolean).with_default("true"),
    column("mandatory", Kind::Boolean),
    column("read_only", Kind::Boolean),
    column("hidden", Kind::Boolean),
    column("global", Kind::Boolean),
    column("unique", Kind::Boolean),
    column("default_value", Kind::Text),
    column("include_none", Kind::Boolean),
    column("choice_table", Kind::Text),
    column("choice_field", Kind::Text),
    column("reference", Kind::Text),
    column("reference_qual", Kind::Text),
    column("list_table", Kind::Text),
    column("lookup_table", Kind::Text),
    column("lookup_label", Kind::Text),
    column("lookup_value", Kind::Text),
    column("lookup_unique", Kind::Boolean),
    column("scale_min", Kind::Integer),
    column("scale_max", Kind::Integer),
    column("help_tag", Kind::Text),
    column("help_text", Kind::Text),
    column("show_help", Kind::Boolean),
    column("instructions", Kind::Text),
    column("tooltip", Kind::Text),
    column("description", Kind::Text),
    column("attributes", Kind::Text),
    column("map_to_field", Kind::Boolean),
    column("field", Kind::Text),
    column("record_producer_table", Kind::Text),
    column("price_if_checked", Kind::Currency),
    column("enable_also_request_for", Kind::Boolean),
    column("roles_to_use_also_request_for", Kind::Text),
    column("create_roles", Kind::Text),
    column("read_roles", Kind::Text),
    column("write_roles", Kind::Text),
    column("category", Kind::Text),
    column("sys_class_name", Kind::Text),
    column("sys_name", Kind::Text),
];
const VARIABLE_SETS: &[Column] = &[
    column("title", Kind::Text),
    column("name", Kind::Text),
    column("internal_name", Kind::Text),
    column("description", Kind::Text),
    choice("type", Kind::Choice, SET_TYPE).with_default("one_to_one"),
    column("order", Kind::Integer),
    column("display_title", Kind::Boolean),
];
const SETS_OF_ITEMS: &[Column] =
    &[column("sc_cat_item", ITEM), column("variable_set", VARIABLE_SET), column("order", Kind::Integer)];
const QUESTION_CHOICES: &[Column] = &[
    column("question", VARIABLE),
    column("text", Kind::Text),
    column("value", Kind::Text),
    column("order", Kind::Integer),
    column("misc", Kind::Currency).with_default("0"),
    column("rec_misc", Kind::Currency).with_default("0"),
    column("inactive", Kind::Boolean),
];

const USER_CRITERIA: &[Column] = &[
    column("name", Kind::Text),
    column("active", Kind::Boolean).with_default("true"),
    column("user", Kind::List("sys_user")),
    column("group", Kind::List("sys_user_group")),
    column("role", Kind::List("sys_user_role")),
    column("company", Kind::List("core_company")),
    column("department", Kind::List("cmn_department")),
    column("location", Kind::List("cmn_location")),
    column("match_all", Kind::Boolean),
    column("advanced", Kind::Boolean),
    column("script", Kind::Text),
];
const CRITERIA_OF_ITEMS: &[Column] = &[column("sc_cat_item", ITEM), column("user_criteria", CRITERIA)];

pub(super) static TABLES: [Declaration; 15] = [
    define("sc_catalog", "", "title", CATALOGS),
    define("sc_category", "", "title", CATEGORIES),
    define("sc_cat_item", "", "name", ITEMS),
    define("sc_cat_item_producer", "", "name", PRODUCERS).extending("sc_cat_item"),
    define("sc_cat_item_guide", "", "name", GUIDES).extending("sc_cat_item"),
    define("sc_cat_item_guide_items", "", "sys_id", GUIDE_ITEMS),
    define("std_change_record_producer", "", "name", CHANGE_PRODUCERS).extending("sc_cat_item_producer"),
    define("std_change_producer_version", "", "name", CHANGE_VERSIONS),
    define("item_option_new", "", "question_text", VARIABLES),
    define("item_option_new_set", "", "title", VARIABLE_SETS),
    define("io_set_item", "", "sys_id", SETS_OF_ITEMS),
    define("question_choice", "", "text", QUESTION_CHOICES),
    define("user_criteria", "", "name", USER_CRITERIA),
    define("sc_cat_item_user_criteria_mtom", "", "sys_id", CRITERIA_OF_ITEMS),
    define("sc_cat_item_user_criteria_no_mtom", "", "sys_id", CRITERIA_OF_ITEMS),
];
