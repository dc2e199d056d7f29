//! Business rules after a write that make an outbound call ("Business rules", when: after or async).

use std::collections::BTreeSet;

use crate::feed::{self, Change};
use crate::search::Caller;
use crate::store::{Full, MOD_COUNT, RowId, SYS_ID, Store, Text, UPDATED_ON};

use super::business_rules::{Action, all, cells};
use super::draft::Draft;
use super::write::Author;

/// The rules that watch an operation, with the cells of the row before it.
pub(super) struct Watch {
    rules: Vec<(String, String, String)>,
    action: Action,
    previous: Option<Vec<Text>>,
}

impl Watch {
    /// Called before the write. `None` when no rule makes a call.
    pub(super) fn of(store: &Store, action: Action) -> Option<Self> {
        let rules: Vec<(String, String, String)> = all(store, action)
            .filter(|rule| matches!(rule.text("when"), "after" | "async") && feed::makes_call(rule.text("script")))
            .map(|rule| {
                let text = |column: &str| rule.text(column).to_owned();
                (rule.id().to_owned(), text("filter_condition"), text("condition"))
            })
            .collect();
        let previous = action.row().map(|row| cells(store, row));
        (!rules.is_empty()).then_some(Self { rules, action, previous })
    }

    /// Called when the row is written, and before it is deleted.
    pub(super) fn report(&self, store: &mut Store, row: RowId, author: &Author<'_>) -> Result<(), Full> {
        // A rule of this kind runs without the session's roles.
        let roles = BTreeSet::new();
        let caller = Caller {
            user_id: author.user_id,
            user_name: author.user_name,
            roles: &roles,
            time_zone: "",
            domain: None,
            now: author.now,
        };
        let deletes = matches!(self.action, Action::Delete(_));
        for (rule, filter, condition) in &self.rules {
            let draft =
                Draft { store, table: row.table(), row, previous: self.previous.as_deref(), caller: &caller, deletes };
            if !draft.meets(filter) || !draft.meets_script(condition) {
                continue;
            }
            let operation = draft.operation();
            let text = |column: usize| store.text(row, column).to_owned();
            let (sys_id, mod_count, updated_on) = (text(SYS_ID), text(MOD_COUNT), text(UPDATED_ON));
            let change = Change {
                table: store.class(row).name,
                sys_id: &sys_id,
                operation,
                mod_count: &mod_count,
                updated_on: &updated_on,
            };
            feed::enqueue(store, rule, &change, author.now)?;
        }
        Ok(())
    }
}
