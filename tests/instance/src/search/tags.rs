//! Tags: `sys_tags.<label>=<label>` finds the records that a `label_entry` connects with the label.

use std::collections::HashSet;

use sysparm::query::{Condition, Operator};

use crate::records;
use crate::store::{Store, TableId};

use super::check::Check;

/// The pseudo-field of the tag with this `sys_id`.
pub(super) const FIELD: &str = "sys_tags.";

/// The check of a record's `sys_id` for a tag condition. "Does not have" finds records with other tags only. "Excluding" finds
/// all records without this tag (operator page).
pub(super) fn check(store: &Store, table: TableId, condition: &Condition) -> Option<Check> {
    let tag = condition.field.strip_prefix(FIELD)?;
    // An entry names the class of its record.
    let of_class = |name: &str| store.find(name).is_some_and(|class| store.is_or_extends(class, table));
    let tied = |label: Option<&str>| -> HashSet<String> {
        let entries = records::all(store, "label_entry").filter(|entry| of_class(entry.text("table")));
        let entries = entries.filter(|entry| label.is_none_or(|label| entry.text("label") == label));
        entries.map(|entry| entry.text("table_key").to_owned()).collect()
    };
    Some(match condition.operator {
        Operator::Is => Check::Among(tied(Some(tag))),
        Operator::IsNot | Operator::Excluding => Check::NotAmong(tied(Some(tag))),
        Operator::DoesNotHave => {
            let these = tied(Some(tag));
            Check::Among(tied(None).into_iter().filter(|record| !these.contains(record)).collect())
        }
        _ => return None,
    })
}
