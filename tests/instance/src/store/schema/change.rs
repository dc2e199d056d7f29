//! Change requests and their tasks (sample bodies of the Table API and of the Change Management API; "State model and transitions"
//! in the product documentation).

use super::{CALLER, Column, Declaration, Kind, choice, column, date, define, flag, reference, text, time, user};

const STATE: &[(&str, &str)] = &[
    ("-5", "New"),
    ("-4", "Assess"),
    ("-3", "Authorize"),
    ("-2", "Scheduled"),
    ("-1", "Implement"),
    ("0", "Review"),
    ("3", "Closed"),
    ("4", "Canceled"),
];
const TYPE: &[(&str, &str)] = &[("normal", "Normal"), ("standard", "Standard"), ("emergency", "Emergency")];
const RISK: &[(&str, &str)] = &[("1", "Very High"), ("2", "High"), ("3", "Moderate"), ("4", "Low")];
const CATEGORY: &[(&str, &str)] = &[
    ("Hardware", "Hardware"),
    ("Software", "Software"),
    ("Service", "Service"),
    ("System Software", "System Software"),
    ("Applications Software", "Applications Software"),
    ("Network", "Network"),
    ("Telecom", "Telecom"),
    ("Documentation", "Documentation"),
    ("Other", "Other"),
];
const PHASE: &[(&str, &str)] = &[
    ("requested", "Requested"),
    ("plan", "Plan"),
    ("build", "Build"),
    ("test", "Test"),
    ("deploy", "Deploy"),
    ("review", "Review"),
];
const PHASE_STATE: &[(&str, &str)] =
    &[("open", "Open"), ("work in progress", "Work in progress"), ("on hold", "On hold"), ("closed", "Closed")];
const REVIEW_STATUS: &[(&str, &str)] = &[("1", "Open"), ("2", "Work in progress"), ("3", "Closed")];
const CONFLICT_STATUS: &[(&str, &str)] =
    &[("Not Run", "Not Run"), ("No Conflict", "No Conflict"), ("Conflict", "Conflict")];
const CLOSE_CODE: &[(&str, &str)] =
    &[("successful", "Successful"), ("successful_issues", "Successful with issues"), ("unsuccessful", "Unsuccessful")];
const SCOPE: &[(&str, &str)] = &[("1", "Massive"), ("2", "Large"), ("3", "Medium"), ("4", "Small"), ("5", "Tiny")];

const CHANGE: &[Column] = &[
    choice("state", Kind::NumberChoice, STATE).with_default("-5"),
    flag("made_sla").with_default("true"),
    choice("type", Kind::Choice, TYPE).with_default("normal"),
    choice("category", Kind::Choice, CATEGORY).with_default("Other"),
    choice("risk", Kind::NumberChoice, RISK).with_default("3"),
    text("risk_impact_analysis"),
    choice("scope", Kind::NumberChoice, SCOPE).with_default("3"),
    user("requested_by").with_default(CALLER),
    date("requested_by_date"),
    time("start_date"),
    time("end_date"),
    choice("phase", Kind::Choice, PHASE).with_default("requested"),
    choice("phase_state", Kind::Choice, PHASE_STATE).with_default("open"),
    flag("cab_required"),
    text("cab_recommendation"),
    user("cab_delegate"),
    time("cab_date_time"),
    date("cab_date"),
    text("justification"),
    text("implementation_plan"),
    text("backout_plan"),
    text("test_plan"),
    text("change_plan"),
    text("reason"),
    choice("review_status", Kind::NumberChoice, REVIEW_STATUS),
    text("review_comments"),
    date("review_date"),
    choice("conflict_status", Kind::Choice, CONFLICT_STATUS).with_default("Not Run"),
    time("conflict_last_run"),
    flag("outside_maintenance_schedule"),
    flag("production_system"),
    flag("unauthorized"),
    flag("on_hold"),
    text("on_hold_reason"),
    text("on_hold_task"),
    choice("close_code", Kind::Choice, CLOSE_CODE),
    reference("chg_model", "chg_model"),
    reference("std_change_producer_version", "std_change_producer_version"),
];

const TASK_STATE: &[(&str, &str)] =
    &[("-5", "Pending"), ("1", "Open"), ("2", "In Progress"), ("3", "Closed"), ("4", "Canceled")];
const TASK_TYPE: &[(&str, &str)] =
    &[("planning", "Planning"), ("implementation", "Implementation"), ("testing", "Testing"), ("review", "Review")];

const TASK: &[Column] = &[
    choice("state", Kind::NumberChoice, TASK_STATE).with_default("-5"),
    reference("change_request", "change_request"),
    choice("change_task_type", Kind::Choice, TASK_TYPE),
    time("planned_start_date"),
    time("planned_end_date"),
    flag("on_hold"),
    text("on_hold_reason"),
    choice("close_code", Kind::Choice, CLOSE_CODE),
    choice("created_from", Kind::Choice, &[("workflow", "Workflow"), ("manual", "Manual")]).with_default("manual"),
];

const MODEL: &[Column] = &[
    text("name"),
    text("description"),
    text("short_description"),
    flag("active").with_default("true"),
    flag("available_in_ui").with_default("true"),
    flag("default_change_model"),
    column("color", Kind::Text),
];

pub(super) static TABLES: [Declaration; 3] = [
    define("change_request", "CHG", "number", CHANGE).extending("task"),
    define("change_task", "CTASK", "number", TASK).extending("task"),
    define("chg_model", "", "name", MODEL),
];
