//! Checks of tables, fields and queries, with the platform's wording: table security, access rules on rows and
//! fields, query access rules, and data policies.

use sysparm::query::{Operator, Query, Value};

use crate::access::{FieldRules, allows, is_hidden};
use crate::records;
use crate::refusal::Refusal;
use crate::search::path_of;
use crate::store::{Definition, RowId, Store, TableId};

use super::Call;

/// Checks a request to a table as far as table and method decide.
pub(crate) fn check(store: &Store, call: &Call<'_>, rest: &[&str], method: &str) -> Result<(), Refusal> {
    let table = store.table(call.table).definition.name;
    let open = records::one(store, "sys_db_object", "name", table).is_none_or(|record| record.is("ws_access"));
    if !open {
        let text = format!("Access to table '{table}' was refused by the web service policy validator");
        return Err(Refusal::new(403, text, None));
    }
    let may = |operation: &str| allows(store, call.principal, "record", table, operation);
    if rest.first() == Some(&"stats") {
        let detail = format!("No permission to read table '{table}'");
        let refusal = Refusal::new(403, "Insufficient rights to query records", Some(&detail));
        return may("read").then_some(()).ok_or(refusal);
    }
    let (operation, word) = match method {
        "POST" => ("create", "Insert"),
        "PUT" | "PATCH" => ("write", "Update"),
        "DELETE" => ("delete", "Delete"),
        _ => return may("read").then_some(()).ok_or_else(|| Refusal::table_security(table)),
    };
    let read_only = call.principal.roles.contains("snc_read_only");
    (may(operation) && !read_only).then_some(()).ok_or_else(|| Refusal::write_denied(word))
}

/// Whether the rules of a record's class let the caller do this with it; those of the table that was asked are checked before. "After the
/// query, your instance checks each record returned" ("Explore Access Control Lists").
pub(super) fn may(store: &Store, call: &Call<'_>, class: TableId, operation: &str) -> bool {
    class == call.table || allows(store, call.principal, "record", store.table(class).definition.name, operation)
}

/// Whether the caller may read a found row: by the rules of its class, and by those that hide rows.
pub(crate) fn readable<'a>(store: &'a Store, call: &Call<'_>) -> impl Fn(RowId) -> bool + use<'a> {
    let classes = store.ids().filter(|class| store.is_or_extends(*class, call.table));
    let classes: Vec<TableId> = classes.filter(|class| may(store, call, *class, "read")).collect();
    let share = call.share;
    move |row| classes.contains(&row.table()) && !is_hidden(store, row, share)
}

/// Checks the fields of a query: unreadable fields may not be queried, and query access rules (since Xanadu)
/// distinguish equality from ranges and orders.
pub(crate) fn check_query(store: &Store, call: &Call<'_>, text: &str) -> Result<(), Refusal> {
    let ranges = FieldRules::of(store, call.principal, "query_range");
    let matches = FieldRules::of(store, call.principal, "query_match");
    if call.field_rules.admit_all() && ranges.admit_all() && matches.admit_all() {
        return Ok(());
    }
    let known = |field: &str| path_of(store, call.table, field).is_some();
    let (query, _) = Query::parse_leniently(text, &known);
    let refused = |field: &str, rules: &FieldRules| {
        let Some(path) = path_of(store, call.table, field) else {
            return false;
        };
        let definition = store.table(path.end.0).definition;
        let name = definition.columns.get(path.end.1).map_or("", |column| column.name);
        !call.may_read(store, path.end) || rules.refuse(definition, name)
    };
    let conditions = query.any.iter().flat_map(|group| &group.all).flat_map(|either| &either.either);
    let by_condition = conditions.into_iter().any(|condition| {
        let rules = if is_match(&condition.operator) { &matches } else { &ranges };
        refused(&condition.field, rules)
    });
    let by_order = query.order_by.iter().any(|order| refused(&order.field, &ranges));
    match by_condition || by_order {
        true => Err(Refusal::unreadable_field_in_query()),
        false => Ok(()),
    }
}

/// What `query_match` covers; everything else is `query_range` ("Query ACL rules").
fn is_match(operator: &Operator) -> bool {
    matches!(
        operator,
        Operator::Is
            | Operator::IsNot
            | Operator::In
            | Operator::NotIn
            | Operator::SameAs
            | Operator::NotSameAs
            | Operator::Anything
            | Operator::IsEmpty
            | Operator::IsNotEmpty
            | Operator::EmptyString
    )
}

/// Checks the fields of a write by the access rules of fields.
pub(super) fn check_fields(
    store: &Store,
    call: &Call<'_>,
    (class, fields): (TableId, &[(usize, String)]),
    insert: bool,
) -> Result<(), Refusal> {
    let definition = store.table(class).definition;
    let (operation, word) = if insert { ("create", "Insert") } else { ("write", "Update") };
    let rules = FieldRules::of(store, call.principal, operation);
    let name = |column: &usize| definition.columns.get(*column).map_or("", |column| column.name);
    match fields.iter().any(|(column, _)| rules.refuse(definition, name(column))) {
        true => Err(Refusal::write_denied(word)),
        false => Ok(()),
    }
}

/// Checks a write by data policies, for which a field is empty if its value is not one of its choices. `current` is the row
/// before the write.
pub(super) fn check_mandatory(
    store: &Store,
    class: TableId,
    (fields, emptied): (&[(usize, String)], &[usize]),
    current: &dyn Fn(&str) -> String,
) -> Result<(), Refusal> {
    let definition = store.table(class).definition;
    let value = |field: &str| {
        let column = definition.column(field);
        if column.is_some_and(|column| emptied.contains(&column)) {
            return String::new();
        }
        let given = fields.iter().find(|(given, _)| Some(*given) == column);
        given.map_or_else(|| current(field), |(_, text)| text.clone())
    };
    check_policies(store, definition, &value)
}

fn check_policies(store: &Store, definition: &Definition, value: &dyn Fn(&str) -> String) -> Result<(), Refusal> {
    let own = |table: &Definition| table.name == definition.name;
    let policies = definition.ancestry().flat_map(|table| {
        let policies = records::with(store, "sys_data_policy2", "model_table", table.name);
        // "Inherit": the policy applies to the tables that extend its table, too ("Create a data policy").
        policies.filter(move |policy| own(table) || policy.is("inherit"))
    });
    for policy in policies {
        if !policy.is("active") || !holds(policy.text("conditions"), definition, value) {
            continue;
        }
        let rules = records::with(store, "sys_data_policy_rule", "sys_data_policy", policy.id());
        let missing: Vec<String> = rules
            .filter(|rule| rule.is("mandatory") && value(rule.text("field")).is_empty())
            .map(|rule| crate::data::label(rule.text("field")))
            .collect();
        if !missing.is_empty() {
            let detail = format!("Data Policy Exception: The following fields are mandatory: {}", missing.join(", "));
            return Err(Refusal::new(403, "Operation Failed", Some(&detail)));
        }
    }
    Ok(())
}

/// Whether the conditions of a policy hold for a record that is being written. Equality and lists are understood; a policy with any
/// other condition stays out of force, as it does when a condition does not hold.
fn holds(conditions: &str, definition: &Definition, value: &dyn Fn(&str) -> String) -> bool {
    let known = |field: &str| definition.column(field).is_some();
    let (query, dropped) = Query::parse_leniently(conditions, &known);
    let one = |condition: &sysparm::query::Condition| {
        let text = value(&condition.field);
        let is = |scalar: &sysparm::query::Scalar| matches!(scalar, sysparm::query::Scalar::Text(one) if *one == text);
        match (&condition.operator, &condition.value) {
            (Operator::Is, Some(Value::One(scalar))) => is(scalar),
            (Operator::In, Some(Value::Many(scalars))) => scalars.iter().any(is),
            _ => false,
        }
    };
    let all = |group: &sysparm::query::All| group.all.iter().all(|either| either.either.iter().any(one));
    dropped.is_empty() && (query.any.is_empty() || query.any.iter().any(all))
}
