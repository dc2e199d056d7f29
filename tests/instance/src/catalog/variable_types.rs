//! The types of variables: their number in `item_option_new.type` and their names in replies ("Types of service catalog variables";
//! names of types 0, 2, 6 and 7 are those of the API's sample replies).

/// What a variable does on a form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// Takes an answer.
    Question,
    /// Opens a container.
    Opens,
    /// Closes it.
    Closes,
    /// Shows something and takes no answer.
    Shows,
}

pub(super) struct VariableType {
    /// The number in `item_option_new.type`.
    pub(super) stored: &'static str,
    /// `friendly_type` in replies.
    pub(super) friendly: &'static str,
    /// `display_type` in replies.
    pub(super) display: &'static str,
    pub(super) role: Role,
}

impl VariableType {
    /// `type` in replies: the stored number, except for containers, which have 0.
    pub(super) fn shown(&self) -> i64 {
        match self.role {
            Role::Opens => 0,
            _ => self.stored.parse().unwrap_or_default(),
        }
    }
}

const fn question(stored: &'static str, friendly: &'static str, display: &'static str) -> VariableType {
    VariableType { stored, friendly, display, role: Role::Question }
}

const fn layout(stored: &'static str, friendly: &'static str, display: &'static str, role: Role) -> VariableType {
    VariableType { stored, friendly, display, role }
}

static TYPES: [VariableType; 31] = [
    question("6", "single_line_text", "Single Line Text"),
    question("1", "yes_no", "Yes / No"),
    question("2", "multi_line_text", "Multi Line Text"),
    question("3", "multiple_choice", "Multiple Choice"),
    question("4", "numeric_scale", "Numeric Scale"),
    question("5", "select_box", "Select Box"),
    question("7", "check_box", "CheckBox"),
    question("8", "reference", "Reference"),
    question("9", "date", "Date"),
    question("10", "date_time", "Date/Time"),
    question("16", "wide_single_line_text", "Wide Single Line Text"),
    question("18", "lookup_select_box", "Lookup Select Box"),
    question("21", "list_collector", "List Collector"),
    question("22", "lookup_multiple_choice", "Lookup Multiple Choice"),
    question("23", "html", "HTML"),
    question("25", "masked", "Masked"),
    question("26", "email", "Email"),
    question("27", "url", "URL"),
    question("28", "ip_address", "IP Address"),
    question("29", "duration", "Duration"),
    question("31", "requested_for", "Requested For"),
    question("33", "attachment", "Attachment"),
    layout("19", "container_start", "Container Start", Role::Opens),
    layout("20", "container_end", "Container End", Role::Closes),
    layout("24", "container_split", "Container Split", Role::Shows),
    layout("11", "label", "Label", Role::Shows),
    layout("12", "break", "Break", Role::Shows),
    layout("14", "custom", "Custom", Role::Shows),
    layout("15", "ui_page", "UI Page", Role::Shows),
    layout("17", "custom_with_label", "Custom with Label", Role::Shows),
    layout("32", "rich_text_label", "Rich Text Label", Role::Shows),
];

/// The type with this number. A variable without a type is a line of text.
pub(super) fn of(stored: &str) -> &'static VariableType {
    let [line, ..] = &TYPES;
    TYPES.iter().find(|known| known.stored == stored).unwrap_or(line)
}
