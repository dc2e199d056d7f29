//! Properties of any query: its text and its tree find the same rows, with and without an index.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a failing test may panic")]

use std::collections::BTreeSet;

use proptest::prelude::*;
use sysparm::query::{All, Condition, Either, Operator, Order, Query, Scalar, Value};

use crate::store::{RowId, SYS_ID, Store, compare};
use crate::switches::InvalidFields;

use super::test_data::{bob, store};
use super::{Plan, Wanted, path_of, run};

fn text(values: &'static [&'static str]) -> impl Strategy<Value = Scalar> {
    prop::sample::select(values).prop_map(|text| Scalar::Text(text.into()))
}

const FIELDS: [&str; 8] =
    ["state", "priority", "active", "short_description", "caller_id", "opened_at", "parent", "caller_id.manager"];
const VALUES: &[&str] = &[
    "",
    "1",
    "2",
    "3",
    "7",
    "10",
    "true",
    "false",
    "Printer on fire",
    "printer",
    "A^B, 50% off",
    "ann",
    "one",
    "two",
    "2026-03-01 10:59:59",
];

fn condition() -> impl Strategy<Value = Condition> {
    use Operator::*;
    let one = prop::sample::select(vec![
        Is,
        IsNot,
        Less,
        AtMost,
        Greater,
        AtLeast,
        Contains,
        DoesNotContain,
        StartsWith,
        EndsWith,
    ]);
    let shapes = prop_oneof![
        (one, text(VALUES)).prop_map(|(operator, value)| (operator, Some(Value::One(value)))),
        (prop::sample::select(vec![In, NotIn]), prop::collection::vec(text(&["1", "2", "", "ann", "true"]), 1..4))
            .prop_map(|(operator, values)| (operator, Some(Value::Many(values)))),
        (text(VALUES), text(VALUES)).prop_map(|(low, high)| (Between, Some(Value::Many(vec![low, high])))),
        prop::sample::select(vec![IsEmpty, IsNotEmpty, EmptyString, Anything]).prop_map(|operator| (operator, None)),
        (prop::sample::select(vec![SameAs, NotSameAs, GreaterThanField]), prop::sample::select(&FIELDS[..]))
            .prop_map(|(operator, field)| (operator, Some(Value::Field { field: field.into() }))),
        (prop::sample::select(vec![RelativeAfter, RelativeOn, RelativeOnOrBefore]), 0..40_u32).prop_map(
            |(operator, count)| {
                let parts = ["day".to_owned(), "ago".to_owned(), count.to_string()];
                (operator, Some(Value::Many(parts.map(Scalar::Text).into())))
            }
        ),
    ];
    (prop::sample::select(&FIELDS[..]), shapes).prop_map(|(field, (operator, value))| Condition {
        field: field.into(),
        operator,
        value,
    })
}

fn query() -> impl Strategy<Value = Query> {
    let either = prop::collection::vec(condition(), 1..3).prop_map(|either| Either { either });
    let all = prop::collection::vec(either, 1..4).prop_map(|all| All { all });
    let order = (prop::sample::select(&FIELDS[..]), any::<bool>())
        .prop_map(|(field, descending)| Order { field: field.into(), descending });
    let unique = any::<bool>().prop_map(|descending| Order { field: "sys_id".into(), descending });
    let orders = (prop::collection::vec(order, 0..2), prop::option::of(unique))
        .prop_map(|(orders, unique)| orders.into_iter().chain(unique).collect());
    (prop::collection::vec(all, 0..3), orders).prop_map(|(any, order_by)| Query { any, order_by, ..Query::default() })
}

/// `task` and tables that extend it.
const CLASSES: [&str; 4] = ["incident", "problem", "change_request", "task"];

/// A table, and the one that it extends.
const TABLES: [&str; 2] = ["incident", "task"];

/// The same query for another table: tasks have no caller.
fn asked_of(query: &Query, table: &str) -> Query {
    let mut query = query.clone();
    if table == "task" {
        let renamed = |field: &mut String| *field = field.replace("caller_id", "assigned_to");
        let conditions = query.any.iter_mut().flat_map(|all| &mut all.all).flat_map(|either| &mut either.either);
        for condition in conditions {
            renamed(&mut condition.field);
            if let Some(Value::Field { field }) = &mut condition.value {
                renamed(field);
            }
        }
        query.order_by.iter_mut().for_each(|order| renamed(&mut order.field));
    }
    query
}

fn plan(store: &Store, table: &str, query: &Query) -> Plan {
    let roles = BTreeSet::new();
    let table = store.find(table).unwrap();
    Plan::of_tree(store, table, query, &bob(&roles, "Europe/Berlin"), InvalidFields::NoRows).ok().unwrap()
}

fn rows(store: &mut Store, table: &str, query: &Query) -> Vec<RowId> {
    let plan = plan(store, table, query);
    let table = store.find(table).unwrap();
    let found = run(store, table, &plan, Wanted { count: true, ..Wanted::ALL });
    assert_eq!(found.total, Some(found.rows.len()));
    found.rows
}

/// Tests every row against every condition, without an index, and sorts at the end.
fn by_full_scan(store: &Store, table: &str, query: &Query) -> Vec<RowId> {
    let plan = plan(store, table, query);
    let table = store.find(table).unwrap();
    let holds = |row: &RowId| {
        let all = |all: &Vec<Vec<super::check::Test>>| {
            all.iter().all(|either| either.iter().any(|test| test.holds(store, *row)))
        };
        !plan.nothing && (plan.any.is_empty() || plan.any.iter().any(all))
    };
    store.rows(table).filter(holds).collect()
}

proptest! {
    #[test]
    fn printed_query_finds_the_rows_of_its_tree(query in query(), table in prop::sample::select(&TABLES[..])) {
        let query = asked_of(&query, table);
        // Some trees cannot be printed.
        let Ok(printed) = query.print() else { return Ok(()) };
        let mut store = store();
        let id = store.find(table).unwrap();
        let read = Query::parse_known(&printed, &|field| path_of(&store, id, field).is_some());
        let read = read.map_err(|error| TestCaseError::fail(format!("{printed}: {error}")))?;
        prop_assert_eq!(rows(&mut store, table, &query), rows(&mut store, table, &read), "{}", printed);
    }

    #[test]
    fn index_finds_the_rows_of_a_full_scan(
        query in query(),
        table in prop::sample::select(&TABLES[..]),
        field in prop::sample::select(&FIELDS[..7]),
        value in prop::sample::select(VALUES),
    ) {
        let mut query = query;
        // An equality in every branch, so that an index can be used.
        let equality = Condition { field: field.into(), operator: Operator::Is, value: Some(Value::One(Scalar::Text(value.into()))) };
        for group in &mut query.any {
            group.all.push(Either { either: vec![equality.clone()] });
        }
        let query = asked_of(&query, table);
        let mut store = store();
        let mut found = rows(&mut store, table, &query);
        found.sort_unstable();
        prop_assert_eq!(found, by_full_scan(&store, table, &query));
    }

    #[test]
    fn page_is_a_slice_of_the_whole_result(
        query in query(),
        table in prop::sample::select(&TABLES[..]),
        offset in 0..12_usize,
        limit in 0..12_usize,
    ) {
        let query = asked_of(&query, table);
        let mut store = store();
        let whole = rows(&mut store, table, &query);
        let plan = plan(&store, table, &query);
        let table = store.find(table).unwrap();
        let page = run(&mut store, table, &plan, Wanted { offset, limit, count: true, scan: false });
        let expected: Vec<RowId> = whole.iter().skip(offset).take(limit).copied().collect();
        prop_assert_eq!(page.rows, expected);
        prop_assert_eq!(page.total, Some(whole.len()));
    }

    #[test]
    fn keyset_bound_leaves_the_rows_of_a_full_scan(
        query in query(),
        table in prop::sample::select(&TABLES[..]),
        field in prop::sample::select(&FIELDS[..7]),
        value in prop::sample::select(VALUES),
        id in prop::sample::select(vec!["", "five", "four", "one", "two", "zero"]),
        ahead in any::<bool>(),
        bounded in any::<bool>(),
    ) {
        let mut query = query;
        let (or_equal, beyond) = match ahead {
            true => (Operator::AtLeast, Operator::Greater),
            false => (Operator::AtMost, Operator::Less),
        };
        let one = |field: &str, operator, value: &str| {
            Condition { field: field.into(), operator, value: Some(Value::One(Scalar::Text(value.into()))) }
        };
        if query.any.is_empty() {
            query.any.push(All { all: Vec::new() });
        }
        for group in &mut query.any {
            if bounded {
                group.all.push(Either { either: vec![one(field, or_equal, value)] });
            }
            group.all.push(Either { either: vec![one(field, beyond, value), one("sys_id", beyond, id)] });
        }
        query.order_by = vec![
            Order { field: field.into(), descending: !ahead },
            Order { field: "sys_id".into(), descending: !ahead },
        ];
        let query = asked_of(&query, table);
        let mut store = store();
        let mut found = rows(&mut store, table, &query);
        found.sort_unstable();
        prop_assert_eq!(found, by_full_scan(&store, table, &query));
    }

    #[test]
    fn index_of_a_table_follows_changes_of_rows_that_extend_it(
        // The tables that have an index before.
        indexed in prop::sample::subsequence(&CLASSES[..3], 0..=3),
        changes in prop::collection::vec((0..3_usize, prop::sample::select(&CLASSES[..]), 0..20_usize, prop::sample::select(VALUES)), 1..30),
    ) {
        let mut store = store();
        let task = store.find("task").unwrap();
        let columns = ["sys_id", "state", "short_description"].map(|name| store.table(task).definition.column(name).unwrap());
        for class in indexed {
            let class = store.find(class).unwrap();
            store.ordered(class, columns[1]);
        }
        for column in columns {
            store.ordered(task, column);
        }
        for (number, (change, class, place, value)) in changes.into_iter().enumerate() {
            let class = store.find(class).unwrap();
            let row = store.rows(task).nth(place);
            let text = store.intern(value).unwrap();
            let cells = [(columns[1], text), (columns[2], text)];
            match (change, row) {
                (1, Some(row)) => store.update(row, &cells),
                (2, Some(row)) => store.delete(row),
                _ => {
                    let id = store.intern(&format!("new{number}")).unwrap();
                    store.insert(class, &[(SYS_ID, id), cells[0], cells[1]]).unwrap();
                }
            }
        }
        for column in columns {
            let kind = store.table(task).definition.columns[column].kind;
            let mut expected: Vec<RowId> = store.rows(task).collect();
            expected.sort_by(|left, right| {
                let text = |row: &RowId, column| store.text(*row, column);
                compare(kind, text(left, column), text(right, column)).then_with(|| text(left, SYS_ID).cmp(text(right, SYS_ID)))
            });
            prop_assert_eq!(store.index(task, column), &expected[..]);
            prop_assert_eq!(store.len(task), expected.len());
        }
    }
}
