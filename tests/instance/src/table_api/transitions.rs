//! The states of a change request come in an order ("State progression for normal, standard, and emergency changes"). A business rule
//! of the base system aborts an update that leaves it.

use crate::records;
use crate::refusal::Refusal;
use crate::store::{RowId, Store};

/// The rule's name. Without an active record of that name nothing is checked.
pub(crate) const RULE: &str = "Change Model: Check State Transition";

const NEW: &str = "-5";
const CANCELED: &str = "4";

/// The states of a type of change, from new to closed.
fn progress(kind: &str) -> &'static [&'static str] {
    match kind {
        "standard" => &[NEW, "-2", "-1", "0", "3"],
        "emergency" => &[NEW, "-3", "-2", "-1", "0", "3"],
        _ => &[NEW, "-4", "-3", "-2", "-1", "0", "3"],
    }
}

/// Whether a change of this type may move: to the next state; before its review also to Canceled, and before its implementation
/// back to New.
fn may_move(kind: &str, from: &str, to: &str) -> bool {
    let states = progress(kind);
    let Some(place) = states.iter().position(|state| *state == from) else { return false };
    let left = states.len() - place;
    match to {
        CANCELED => left > 2,
        NEW => left > 3,
        to => states.get(place + 1) == Some(&to),
    }
}

pub(super) fn check(store: &Store, row: RowId, fields: &[(usize, String)]) -> Result<(), Refusal> {
    let definition = store.class(row);
    if definition.name != "change_request" {
        return Ok(());
    }
    let value = |name: &str| {
        let column = definition.column(name)?;
        let given = fields.iter().rev().find(|(given, _)| *given == column).map(|(_, text)| text.as_str());
        Some((store.text(row, column), given))
    };
    let (Some((from, Some(to))), Some((kind, _))) = (value("state"), value("type")) else { return Ok(()) };
    let mut rules = records::with(store, "sys_script", "name", RULE);
    if from == to || may_move(kind, from, to) || !rules.any(|rule| rule.is("active")) {
        return Ok(());
    }
    let detail = format!("Operation against file 'change_request' was aborted by Business Rule '{RULE}'");
    Err(Refusal::new(403, "Operation Failed", Some(&detail)))
}
