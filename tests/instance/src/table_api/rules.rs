//! What the base system's own rules set in a record that is written: the defaults of the dictionary, the priority, and the fields that
//! a state sets.

use crate::clock::stamp;
use crate::search::{Caller, script_value};
use crate::store::{Definition, MOD_COUNT, SCRIPT};

use super::write::Author;

/// Adds the defaults of the dictionary to a new record, then what the base system's rules set.
pub(super) fn complete(
    definition: &Definition,
    fields: &mut Vec<(usize, String)>,
    caller: &Caller<'_>,
    author: &Author<'_>,
) {
    follow_twin(definition, fields);
    fields.extend(own_domain(definition, fields, caller));
    for (place, column) in definition.columns.iter().enumerate().skip(MOD_COUNT + 1) {
        let default = match column.default.strip_prefix(SCRIPT) {
            _ if column.name == "sys_class_name" => Some(definition.name.to_owned()),
            Some(script) => script_value(script, caller),
            None => Some(column.default.to_owned()),
        };
        let given = fields.iter().any(|(given, _)| *given == place);
        if let Some(default) = default.filter(|default| !given && !default.is_empty()) {
            fields.push((place, default));
        }
    }
    follow(definition, fields, author, &|_| String::new());
}

/// The domain of a row that a caller of a domain creates without naming one.
pub(crate) fn own_domain(
    definition: &Definition,
    fields: &[(usize, String)],
    caller: &Caller<'_>,
) -> Option<(usize, String)> {
    let column = definition.column("sys_domain").filter(|column| fields.iter().all(|(given, _)| given != column))?;
    Some((column, caller.domain?.own.clone()))
}

/// The base system's own rules: on incidents and problems the priority from impact and urgency (the lookup table of the base system,
/// read-only to everyone else), and on tasks the fields that a state sets.
pub(super) fn follow(
    definition: &Definition,
    fields: &mut Vec<(usize, String)>,
    author: &Author<'_>,
    current: &dyn Fn(&str) -> String,
) {
    follow_twin(definition, fields);
    if matches!(definition.name, "incident" | "problem") {
        prioritize(definition, fields, current);
    }
    if !definition.is_or_extends("task") {
        return;
    }
    let now = stamp(author.now);
    if let Some(state) = given(definition, fields, "state").filter(|state| *state != current("state")) {
        if resolved(definition.name) == Some(state.as_str()) {
            set(definition, fields, "resolved_at", now);
            set(definition, fields, "resolved_by", author.user_id.into());
        } else if closed(definition).contains(&state.as_str()) {
            set(definition, fields, "active", "false".into());
            set(definition, fields, "closed_at", now);
            set(definition, fields, "closed_by", author.user_id.into());
        } else if current("active") == "false" {
            set(definition, fields, "active", "true".into());
        }
    }
}

/// The states in which a task is inactive ("Mapping problem states", "State model and transitions", "Incident state model").
fn closed(definition: &Definition) -> &'static [&'static str] {
    match definition.name {
        "incident" => &["7", "8"],
        "problem" => &["107"],
        "problem_task" => &["157"],
        "change_request" | "change_task" => &["3", "4"],
        "sn_customerservice_case" => &["3"],
        _ => &["3", "4", "7"],
    }
}

fn resolved(table: &str) -> Option<&'static str> {
    match table {
        "incident" | "sn_customerservice_case" => Some("6"),
        "problem" => Some("106"),
        _ => None,
    }
}

/// The older name of the state still sets it.
fn follow_twin(definition: &Definition, fields: &mut Vec<(usize, String)>) {
    let twin = ["incident_state", "problem_state"].into_iter().find_map(|twin| given(definition, fields, twin));
    if let Some(state) = twin.filter(|_| given(definition, fields, "state").is_none()) {
        set(definition, fields, "state", state);
    }
}

fn prioritize(definition: &Definition, fields: &mut Vec<(usize, String)>, current: &dyn Fn(&str) -> String) {
    let (impact, urgency) = (given(definition, fields, "impact"), given(definition, fields, "urgency"));
    if impact.is_some() || urgency.is_some() {
        let number =
            |text: Option<String>, name: &str| text.unwrap_or_else(|| current(name)).parse::<u8>().unwrap_or(3);
        let sum = number(impact, "impact").clamp(1, 3) + number(urgency, "urgency").clamp(1, 3);
        set(definition, fields, "priority", (sum - 1).to_string());
    } else if let Some(column) = definition.column("priority") {
        fields.retain(|(given, _)| *given != column);
    }
}

fn given(definition: &Definition, fields: &[(usize, String)], name: &str) -> Option<String> {
    let column = definition.column(name)?;
    fields.iter().find(|(given, _)| *given == column).map(|(_, text)| text.clone())
}

fn set(definition: &Definition, fields: &mut Vec<(usize, String)>, name: &str, value: String) {
    if let Some(column) = definition.column(name) {
        fields.retain(|(given, _)| *given != column);
        fields.push((column, value));
    }
}
