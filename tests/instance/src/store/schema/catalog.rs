//! The service catalog: catalogs, categories, items and their variables, carts, and the tasks that an order makes.

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
const FREQUENCY: &[(&str, &str)] = &[
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
const REQUEST_STATE: &[(&str, &str)] = &[
    ("requested", "Pending Approval"),
    ("draft", "Draft"),
    ("submitted", "Submitted"),
    ("in_process", "Approved"),
    ("delivered", "Delivered"),
    ("closed_complete", "Closed Complete"),
    ("closed_incomplete", "Closed Incomplete"),
    ("closed_cancelled", "Closed Cancelled"),
    ("closed_rejected", "Closed Rejected"),
    ("closed_skipped", "Closed Skipped"),
];
const REQUEST_STAGE: &[(&str, &str)] = &[
    ("requested", "Requested"),
    ("request_approved", "Request Approved"),
    ("fulfillment", "Fulfillment"),
    ("delivery", "Delivery"),
    ("closed_complete", "Completed"),
    ("closed_incomplete", "Closed Incomplete"),
];
const ITEM_STAGE: &[(&str, &str)] = &[
    ("request_approved", "Request Approved"),
    ("waiting_for_approval", "Waiting for Approval"),
    ("fulfillment", "Fulfillment"),
    ("delivery", "Delivery"),
    ("complete", "Completed"),
    ("Request Cancelled", "Request Cancelled"),
];

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
    column("price", Kind::Text).with_default("0"),
    column("recurring_price", Kind::Text).with_default("0"),
    choice("recurring_frequency", Kind::Choice, FREQUENCY),
    column("cost", Kind::Text).with_default("0"),
    column("list_price", Kind::Text).with_default("0"),
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
    column("price_if_checked", Kind::Text),
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
    column("misc", Kind::Text).with_default("0"),
    column("rec_misc", Kind::Text).with_default("0"),
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

const CARTS: &[Column] = &[
    column("name", Kind::Text),
    column("user", USER),
    column("active", Kind::Boolean).with_default("true"),
    column("requested_for", USER),
    column("delivery_address", Kind::Text),
    column("special_instructions", Kind::Text),
];
const CART_ITEMS: &[Column] = &[
    column("cart", Kind::Reference("sc_cart")),
    column("cat_item", ITEM),
    column("quantity", Kind::Integer).with_default("1"),
    column("active", Kind::Boolean).with_default("true"),
    column("order", Kind::Integer),
    column("order_guide", Kind::Text),
    column("requested_for", USER),
];
const ANSWERS: &[Column] = &[
    column("item_option_new", VARIABLE),
    column("value", Kind::Text),
    column("order", Kind::Integer),
    column("cart_item", Kind::Reference("sc_cart_item")),
];
const ANSWERS_OF_REQUESTED_ITEMS: &[Column] = &[
    column("request_item", Kind::Reference("sc_req_item")),
    column("sc_item_option", Kind::Reference("sc_item_option")),
];
const ROW_ANSWERS: &[Column] = &[
    column("parent_id", Kind::Text),
    column("parent_table_name", Kind::Text),
    column("row_index", Kind::Text),
    column("variable_set", VARIABLE_SET),
    column("item_option_new", VARIABLE),
    column("value", Kind::Text),
];

/// The answers to a record producer.
const PRODUCER_ANSWERS: &[Column] = &[
    column("question", VARIABLE),
    column("table_name", Kind::Text),
    column("table_sys_id", Kind::Text),
    column("value", Kind::Text),
    column("order", Kind::Integer),
];

/// The execution plan of a request, an item or a task, as it was sent.
const PLAN: Column = column("delivery_plan", Kind::Text);
const PLAN_TASK: Column = column("delivery_task", Kind::Text);

const REQUESTS: &[Column] = &[
    column("requested_for", USER),
    column("requested_date", Kind::DateTime),
    choice("request_state", Kind::Choice, REQUEST_STATE).with_default("requested"),
    choice("stage", Kind::Choice, REQUEST_STAGE).with_default("requested"),
    column("price", Kind::Text).with_default("0"),
    column("delivery_address", Kind::Text),
    column("special_instructions", Kind::Text),
    column("calendar_stc", Kind::Integer),
    PLAN,
    PLAN_TASK,
];
const REQUESTED_ITEMS: &[Column] = &[
    column("request", Kind::Reference("sc_request")),
    column("cat_item", ITEM),
    column("sc_catalog", CATALOG),
    column("requested_for", USER),
    column("quantity", Kind::Integer).with_default("1"),
    column("price", Kind::Text).with_default("0"),
    column("recurring_price", Kind::Text).with_default("0"),
    choice("recurring_frequency", Kind::Choice, FREQUENCY),
    choice("stage", Kind::Choice, ITEM_STAGE),
    column("estimated_delivery", Kind::DateTime),
    column("configuration_item", Kind::Reference("cmdb_ci")),
    column("backordered", Kind::Boolean),
    column("billable", Kind::Boolean),
    column("received", Kind::Boolean),
    column("order_guide", ITEM),
    PLAN,
    PLAN_TASK,
];
const CATALOG_TASKS: &[Column] = &[
    column("request", Kind::Reference("sc_request")),
    column("request_item", Kind::Reference("sc_req_item")),
    column("sc_catalog", CATALOG),
    column("calendar_stc", Kind::Integer),
    PLAN,
    PLAN_TASK,
];

pub(super) static TABLES: [Declaration; 22] = [
    define("sc_catalog", "", "title", CATALOGS),
    define("sc_category", "", "title", CATEGORIES),
    define("sc_cat_item", "", "name", ITEMS),
    define("sc_cat_item_producer", "", "name", PRODUCERS).extending("sc_cat_item"),
    define("std_change_record_producer", "", "name", CHANGE_PRODUCERS).extending("sc_cat_item_producer"),
    define("std_change_producer_version", "", "name", CHANGE_VERSIONS),
    define("item_option_new", "", "question_text", VARIABLES),
    define("item_option_new_set", "", "title", VARIABLE_SETS),
    define("io_set_item", "", "sys_id", SETS_OF_ITEMS),
    define("question_choice", "", "text", QUESTION_CHOICES),
    define("user_criteria", "", "name", USER_CRITERIA),
    define("sc_cat_item_user_criteria_mtom", "", "sys_id", CRITERIA_OF_ITEMS),
    define("sc_cat_item_user_criteria_no_mtom", "", "sys_id", CRITERIA_OF_ITEMS),
    define("sc_cart", "", "name", CARTS),
    define("sc_cart_item", "", "sys_id", CART_ITEMS),
    define("sc_item_option", "", "value", ANSWERS),
    define("sc_item_option_mtom", "", "sys_id", ANSWERS_OF_REQUESTED_ITEMS),
    define("sc_multi_row_question_answer", "", "sys_id", ROW_ANSWERS),
    define("sc_request", "REQ", "number", REQUESTS).extending("task"),
    define("sc_req_item", "RITM", "number", REQUESTED_ITEMS).extending("task"),
    define("sc_task", "SCTASK", "number", CATALOG_TASKS).extending("task"),
    define("question_answer", "", "sys_id", PRODUCER_ANSWERS),
];
