//! Properties of any query: its text and its tree find the same rows, with and without an index.

#![allow(clippy::unwrap_used, reason = "a failing test may panic")]

use std::collections::BTreeSet;

use proptest::prelude::*;
use sysparm::query::{All, Condition, Either, Operator, Order, Query, Scalar, Value};

use crate::store::{RowId, Store};
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

fn plan(store: &Store, query: &Query) -> Plan {
    let roles = BTreeSet::new();
    let table = store.find("incident").unwrap();
    Plan::of_tree(store, table, query, &bob(&roles, "Europe/Berlin"), InvalidFields::NoRows).ok().unwrap()
}

fn rows(store: &mut Store, query: &Query) -> Vec<RowId> {
    let plan = plan(store, query);
    let table = store.find("incident").unwrap();
    let found = run(store, table, &plan, Wanted { count: true, ..Wanted::ALL });
    assert_eq!(found.total, Some(found.rows.len()));
    found.rows
}

/// Tests every row against every condition, without an index, and sorts at the end.
fn by_full_scan(store: &Store, query: &Query) -> Vec<RowId> {
    let plan = plan(store, query);
    let table = store.find("incident").unwrap();
    let holds = |row: &RowId| {
        let all = |all: &Vec<Vec<super::check::Test>>| {
            all.iter().all(|either| either.iter().any(|test| test.holds(store, *row)))
        };
        !plan.nothing && (plan.any.is_empty() || plan.any.iter().any(all))
    };
    store.table(table).rows().filter(holds).collect()
}

proptest! {
    #[test]
    fn printed_query_finds_the_rows_of_its_tree(query in query()) {
        // Some trees cannot be printed.
        let Ok(printed) = query.print() else { return Ok(()) };
        let mut store = store();
        let table = store.find("incident").unwrap();
        let read = Query::parse_known(&printed, &|field| path_of(&store, table, field).is_some());
        let read = read.map_err(|error| TestCaseError::fail(format!("{printed}: {error}")))?;
        prop_assert_eq!(rows(&mut store, &query), rows(&mut store, &read), "{}", printed);
    }

    #[test]
    fn index_finds_the_rows_of_a_full_scan(query in query(), field in prop::sample::select(&FIELDS[..7]), value in prop::sample::select(VALUES)) {
        let mut query = query;
        // An equality in every branch, so that an index can be used.
        let equality = Condition { field: field.into(), operator: Operator::Is, value: Some(Value::One(Scalar::Text(value.into()))) };
        for group in &mut query.any {
            group.all.push(Either { either: vec![equality.clone()] });
        }
        let mut store = store();
        let mut found = rows(&mut store, &query);
        found.sort_unstable();
        prop_assert_eq!(found, by_full_scan(&store, &query));
    }

    #[test]
    fn page_is_a_slice_of_the_whole_result(query in query(), offset in 0..8_usize, limit in 0..8_usize) {
        let mut store = store();
        let whole = rows(&mut store, &query);
        let plan = plan(&store, &query);
        let table = store.find("incident").unwrap();
        let page = run(&mut store, table, &plan, Wanted { offset, limit, count: true, scan: false });
        let expected: Vec<RowId> = whole.iter().skip(offset).take(limit).copied().collect();
        prop_assert_eq!(page.rows, expected);
        prop_assert_eq!(page.total, Some(whole.len()));
    }

    #[test]
    fn keyset_bound_leaves_the_rows_of_a_full_scan(
        query in query(),
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
        let mut store = store();
        let mut found = rows(&mut store, &query);
        found.sort_unstable();
        prop_assert_eq!(found, by_full_scan(&store, &query));
    }
}
