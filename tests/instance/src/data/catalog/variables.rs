//! The variables of the items, by their types (`item_option_new.type`).

/// Text, value and price of each choice of a variable.
pub(super) type Choices = &'static [(&'static str, &'static str, &'static str)];

pub(super) struct Variable {
    /// Empty where no sample of the documentation shows it.
    pub(super) id: &'static str,
    pub(super) name: &'static str,
    pub(super) label: &'static str,
    pub(super) kind: &'static str,
    pub(super) mandatory: bool,
    pub(super) choices: Choices,
    /// Further columns.
    pub(super) more: &'static [(&'static str, &'static str)],
}

const fn of(kind: &'static str, name: &'static str, label: &'static str) -> Variable {
    Variable { id: "", name, label, kind, mandatory: false, choices: &[], more: &[] }
}

impl Variable {
    const fn required(self) -> Self {
        Self { mandatory: true, ..self }
    }

    const fn known_as(self, id: &'static str) -> Self {
        Self { id, ..self }
    }

    const fn choosing(self, choices: Choices) -> Self {
        Self { choices, ..self }
    }

    const fn with(self, more: &'static [(&'static str, &'static str)]) -> Self {
        Self { more, ..self }
    }
}

const YES_NO: &str = "1";
const TEXT_AREA: &str = "2";
const RADIO: &str = "3";
const SCALE: &str = "4";
const SELECT: &str = "5";
const LINE: &str = "6";
const CHECK: &str = "7";
const REFERENCE: &str = "8";
const DATE: &str = "9";
const DATE_TIME: &str = "10";
const LABEL: &str = "11";
const WIDE_LINE: &str = "16";
const LOOKUP: &str = "18";
const OPEN: &str = "19";
const CLOSE: &str = "20";
const COLLECTOR: &str = "21";
const HTML: &str = "23";
const MASKED: &str = "25";
const EMAIL: &str = "26";
const URL: &str = "27";
const ADDRESS: &str = "28";
const REQUESTED_FOR: &str = "31";

pub(super) const NONE: &[Variable] = &[];

const LAPTOP_END: Variable = of(CLOSE, "", "");

pub(super) const STANDARD_LAPTOP: &[Variable] = &[
    of(OPEN, "optional_label", "Optional Software").known_as("10b72d4b4f7b4200086eeed18110c700"),
    of(CHECK, "acrobat", "Adobe Acrobat").known_as("90b72d4b4f7b4200086eeed18110c701"),
    of(CHECK, "photoshop", "Adobe Photoshop").known_as("a8b72d4b4f7b4200086eeed18110c701"),
    LAPTOP_END,
    of(TEXT_AREA, "Additional_software_requirements", "Additional software requirements")
        .known_as("a8b72d4b4f7b4200086eeed18110c702"),
];
pub(super) const DEVELOPER_LAPTOP: &[Variable] = &[
    of(OPEN, "optional_label", "Optional Software"),
    of(CHECK, "acrobat", "Adobe Acrobat"),
    of(CHECK, "photoshop", "Adobe Photoshop").with(&[("price_if_checked", "200")]),
    of(CHECK, "eclipse", "Eclipse IDE"),
    LAPTOP_END,
    of(TEXT_AREA, "Additional_software_requirements", "Additional software requirements"),
];
pub(super) const PHONE: &[Variable] = &[
    of(RADIO, "replacement", "Is this a replacement for a lost or broken phone?")
        .choosing(&[("Yes", "Yes", "0"), ("No", "No", "0")])
        .with(&[("default_value", "No")]),
    of(LINE, "originalnumber", "What was the original phone number?"),
    of(SELECT, "data_plan", "Monthly data allowance")
        .required()
        .choosing(&[("500MB", "500MB", "0"), ("1GB", "1GB", "5"), ("2GB", "2GB", "10")])
        .with(&[("include_none", "true")]),
];
pub(super) const NEW_EMAIL: &[Variable] =
    &[of(LINE, "new_email", "Preferred Email address").known_as("65865e474fbb4200086eeed18110c7dd").required()];
pub(super) const DESK: &[Variable] = &[of(TEXT_AREA, "ergonomic_office", "Please describe any ergonomic requirements")
    .known_as("b0b9ab674ff38200086eeed18110c755")];
/// One variable of each common type.
pub(super) const WORKSPACE: &[Variable] = &[
    of(LABEL, "", "Tell us about the project"),
    of(REQUESTED_FOR, "requested_for", "Requested for")
        .with(&[("enable_also_request_for", "true"), ("default_value", "")]),
    of(LINE, "project_name", "Project name").required(),
    of(WIDE_LINE, "purpose", "Purpose"),
    of(HTML, "briefing", "Briefing"),
    of(REFERENCE, "project_manager", "Project manager").required().with(&[("reference", "sys_user")]),
    of(COLLECTOR, "members", "Members").with(&[("list_table", "sys_user")]),
    of(LOOKUP, "department", "Department").with(&[
        ("lookup_table", "cmn_department"),
        ("lookup_label", "name"),
        ("lookup_value", "sys_id"),
    ]),
    of(SELECT, "urgency", "Urgency").with(&[("choice_table", "task"), ("choice_field", "urgency")]),
    of(YES_NO, "external_partners", "Do external partners take part?"),
    of(SCALE, "confidentiality", "Confidentiality").with(&[("scale_min", "1"), ("scale_max", "4")]),
    of(DATE, "start_date", "Start date"),
    of(DATE_TIME, "kick_off", "Kick-off meeting"),
    of(EMAIL, "contact", "Contact address"),
    of(URL, "site", "Web site"),
    of(ADDRESS, "allowed_address", "Allowed address"),
    of(MASKED, "access_code", "Access code"),
];
pub(super) const INCIDENT: &[Variable] = &[
    of(SELECT, "urgency", "Urgency")
        .choosing(&[("1 - High", "1", "0"), ("2 - Medium", "2", "0"), ("3 - Low", "3", "0")])
        .with(&[("default_value", "3"), ("map_to_field", "true"), ("field", "urgency")]),
    of(TEXT_AREA, "comments", "Please describe your issue below").required(),
];
pub(super) const QUESTION: &[Variable] = &[
    of(LINE, "short_description", "What is your question?").required(),
    of(TEXT_AREA, "details", "Details").with(&[("map_to_field", "true"), ("field", "description")]),
];
pub(super) const SERVER: &[Variable] = &[
    of(SELECT, "operating_system", "Operating system").required().choosing(&[
        ("Red Hat Enterprise Linux 9", "rhel9", "0"),
        ("Ubuntu Server 24.04", "ubuntu2404", "0"),
        ("Windows Server 2025", "windows2025", "800"),
    ]),
    of(RADIO, "environment", "Environment").required().choosing(&[
        ("Production", "production", "0"),
        ("Test", "test", "0"),
        ("Development", "development", "0"),
    ]),
    of(SCALE, "cores", "Cores").with(&[("scale_min", "1"), ("scale_max", "8")]),
];
pub(super) const FIREWALL: &[Variable] = &[of(TEXT_AREA, "reason", "Why is the rule needed?").required()];
pub(super) const NEW_HIRE: &[Variable] = &[
    of(REFERENCE, "hiring_manager", "Hiring manager").required().with(&[("reference", "sys_user")]),
    of(REFERENCE, "hiring_group", "Department").with(&[("reference", "cmn_department")]),
    of(YES_NO, "remote", "Will the new employee work remotely?").with(&[("default_value", "No")]),
    of(SELECT, "laptop_type", "Laptop")
        .choosing(&[("Standard", "standard", "0"), ("Developer", "developer", "0")])
        .with(&[("include_none", "true")]),
];
pub(super) const CHANGE: &[Variable] = &[
    of(LINE, "short_description", "Short description"),
    of(REFERENCE, "cmdb_ci", "Configuration item").with(&[("reference", "cmdb_ci")]),
];

pub(super) struct VariableSet {
    pub(super) name: &'static str,
    pub(super) title: &'static str,
    pub(super) kind: &'static str,
    pub(super) variables: &'static [Variable],
    pub(super) items: &'static [&'static str],
}

pub(super) const SETS: [VariableSet; 2] = [
    VariableSet {
        name: "cost_center_details",
        title: "Cost center",
        kind: "one_to_one",
        variables: &[of(LINE, "cost_center", "Cost center").required(), of(LINE, "budget_code", "Budget code")],
        items: &[super::items::LINUX_SERVER],
    },
    VariableSet {
        name: "firewall_rules",
        title: "Rules",
        kind: "one_to_many",
        variables: &[
            of(ADDRESS, "source", "Source").required(),
            of(ADDRESS, "destination", "Destination").required(),
            of(LINE, "port", "Port"),
        ],
        items: &[super::items::FIREWALL_RULE],
    },
];
