//! Business rules before a write: which run, in which order, and what they do to the record ("Create a business rule"). A rule
//! sets field values or aborts; scripts do not run.

use crate::records::{self, Record};
use crate::refusal::Refusal;
use crate::search::{Caller, dynamic_values, path_of, script_value};
use crate::store::{Full, Kind, RowId, SYS_ID, Store, TableId, Text};
use sysparm::query::{Operator, Query, Scalar, Value};

use super::Call;
use super::draft::Draft;

/// The operation that a rule watches.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Action {
    /// Into this table.
    Insert(TableId),
    Update(RowId),
    Delete(RowId),
}

impl Action {
    fn column(self) -> &'static str {
        match self {
            Self::Insert(_) => "action_insert",
            Self::Update(_) => "action_update",
            Self::Delete(_) => "action_delete",
        }
    }

    /// The table of the record, which may extend the one that was asked.
    fn class(self) -> TableId {
        match self {
            Self::Insert(table) => table,
            Self::Update(row) | Self::Delete(row) => row.table(),
        }
    }

    pub(super) fn row(self) -> Option<RowId> {
        match self {
            Self::Insert(_) => None,
            Self::Update(row) | Self::Delete(row) => Some(row),
        }
    }
}

/// A rule that watches an operation on a table.
struct Rule {
    id: String,
    name: String,
    order: u64,
    filter: String,
    condition: String,
    roles: String,
    template: String,
    aborts: bool,
}

/// The order of a rule that states none ("Business Rule API").
const DEFAULT_ORDER: u64 = 100;

/// Runs the rules before a write, from the lowest order to the highest. They change the fields that are to be written; a rule that
/// aborts refuses the write.
pub(super) fn before(
    store: &mut Store,
    call: &Call<'_>,
    action: Action,
    fields: &mut Vec<(usize, String)>,
) -> Result<(), Refusal> {
    check_scopes(store, action)?;
    let rules = watching(store, action);
    if rules.is_empty() {
        return Ok(());
    }
    let previous = action.row().map(|row| cells(store, row));
    let row = written(store, action, fields).map_err(|Full| Refusal::store_full())?;
    let outcome = run(store, call, (action, row, previous.as_deref()), &rules, fields);
    match previous {
        Some(previous) => {
            let cells: Vec<(usize, Text)> = previous.into_iter().enumerate().collect();
            store.update(row, &cells);
        }
        None => store.delete(row),
    }
    outcome
}

fn run(
    store: &mut Store,
    call: &Call<'_>,
    (action, row, previous): (Action, RowId, Option<&[Text]>),
    rules: &[Rule],
    fields: &mut Vec<(usize, String)>,
) -> Result<(), Refusal> {
    for rule in rules {
        let draft = Draft {
            store,
            table: action.class(),
            row,
            previous,
            caller: &call.caller,
            deletes: matches!(action, Action::Delete(_)),
        };
        let admitted = || {
            let mut roles = rule.roles.split(',').map(str::trim).filter(|role| !role.is_empty()).peekable();
            let held = |id: &str| {
                records::by_id(store, "sys_user_role", id)
                    .is_some_and(|role| call.principal.roles.contains(role.text("name")))
            };
            roles.peek().is_none() || roles.any(held)
        };
        if !admitted() || !draft.meets(&rule.filter) || !draft.meets_script(&rule.condition) {
            continue;
        }
        if rule.aborts {
            let Rule { name, id, .. } = rule;
            let table = store.table(action.class()).definition.name;
            let detail = format!(
                "Operation against file '{table}' was aborted by Business Rule '{name}^{id}'. Business Rule Stack:{name}"
            );
            return Err(Refusal::new(403, "Operation Failed", Some(&detail)));
        }
        for (column, text) in values(store, row, &rule.template, &call.caller) {
            let cell = store.intern(&text).map_err(|Full| Refusal::store_full())?;
            store.update(row, &[(column, cell)]);
            fields.retain(|(given, _)| *given != column);
            fields.push((column, text));
        }
    }
    Ok(())
}

/// The rules of a table and of those it extends, in their order.
fn watching(store: &Store, action: Action) -> Vec<Rule> {
    let mut rules: Vec<Rule> = all(store, action)
        // Rules of other times run scripts only: the row is already written, or it is only read.
        .filter(|rule| matches!(rule.text("when"), "" | "before"))
        .map(|rule| Rule {
            id: rule.id().to_owned(),
            name: rule.text("name").to_owned(),
            order: rule.number("order").unwrap_or(DEFAULT_ORDER),
            filter: rule.text("filter_condition").to_owned(),
            condition: rule.text("condition").to_owned(),
            roles: rule.text("role_conditions").to_owned(),
            template: rule.text("template").to_owned(),
            aborts: rule.is("abort_action"),
        })
        .filter(|rule| rule.aborts || !rule.template.is_empty())
        .collect();
    rules.sort_by_key(|rule| rule.order);
    rules
}

pub(super) fn all<'a>(store: &'a Store, action: Action) -> impl Iterator<Item = Record<'a>> {
    let classes = store.table(action.class()).definition.ancestry();
    let rules = classes.flat_map(|class| records::with(store, "sys_script", "collection", class.name));
    rules.filter(move |rule| rule.is("active") && rule.is(action.column()))
}

/// A rule of another scope needs a record that permits it ("Runtime access tracking").
fn check_scopes(store: &Store, action: Action) -> Result<(), Refusal> {
    let table_name = store.table(action.class()).definition.name;
    let allowed = |scope: &str| {
        let mut records = records::with(store, "sys_scope_privilege", "source_scope", scope);
        records.any(|record| record.text("target_name") == table_name && record.text("status") == "allowed")
    };
    let fenced = |scope: &str| !matches!(scope, "" | "global") && !allowed(scope);
    let Some(rule) = all(store, action).find(|rule| fenced(rule.text("sys_scope"))) else {
        return Ok(());
    };
    let detail = format!(
        "CrossScopeAccessNotAllowedException: Write operation against '{table_name}' from scope '{}' has been refused due to the table's cross-scope access policy",
        rule.text("sys_scope")
    );
    Err(Refusal::new(403, "Operation Failed", Some(&detail)))
}

/// The row as it would be written, so that conditions are tested as those of a query are. It is taken back.
fn written(store: &mut Store, action: Action, fields: &[(usize, String)]) -> Result<RowId, Full> {
    let mut cells: Vec<(usize, Text)> = Vec::new();
    for (column, text) in fields {
        cells.push((*column, store.intern(text)?));
    }
    match action.row() {
        Some(row) => {
            store.update(row, &cells);
            Ok(row)
        }
        None => {
            let id = store.intern(DRAFT)?;
            cells.push((SYS_ID, id));
            store.insert(action.class(), &cells)
        }
    }
}

/// The `sys_id` of a row that is tested before it is inserted.
const DRAFT: &str = "-1";

pub(super) fn cells(store: &Store, row: RowId) -> Vec<Text> {
    (0..store.class(row).columns.len()).map(|column| store.cell(row, column)).collect()
}

/// The values that a template sets: `state=2^assigned_toDYNAMIC<sys_id>^work_startSAMEASopened_at^EQ`.
fn values(store: &Store, row: RowId, template: &str, caller: &Caller<'_>) -> Vec<(usize, String)> {
    let table = row.table();
    let known = |field: &str| path_of(store, table, field).is_some();
    let (query, _) = Query::parse_leniently(template, &known);
    let conditions = query.any.into_iter().flat_map(|group| group.all).flat_map(|either| either.either);
    let set = conditions.filter_map(|condition| {
        let column = path_of(store, table, &condition.field)?.direct()?;
        let text = match (condition.operator, condition.value?) {
            (Operator::Is, Value::One(Scalar::Text(text))) => text,
            (Operator::Is, Value::One(Scalar::Script { script })) => script_value(&script, caller)?,
            (Operator::SameAs, Value::Field { field }) => {
                let path = path_of(store, table, &field).filter(|path| path.kind(store) != Kind::Secret)?;
                path.value(store, row).to_owned()
            }
            (Operator::Dynamic, Value::One(Scalar::Text(option))) => {
                dynamic_values(store, &option, caller)?.into_iter().next()?
            }
            _ => return None,
        };
        Some((column, text))
    });
    set.collect()
}
