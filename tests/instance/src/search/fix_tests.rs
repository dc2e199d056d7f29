//! What lint says about the effect of its fixes, against the rows that this instance finds before and after each.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a failing test may panic")]

use std::collections::BTreeSet;

use proptest::prelude::*;
use sysparm::query::{
    Column, Condition, Dictionary, DictionaryTable, FixEffect, Operator, Problem, Query, apply_fix, lint,
};

use crate::store::{RowId, Store};
use crate::switches::InvalidFields;

use super::test_data::{bob, store};
use super::{Plan, Wanted, path_of, run};

const TABLE: &str = "incident";

fn table<'a>(store: &Store, name: &'a str) -> DictionaryTable<'a> {
    let definition = store.table(store.find(name).unwrap()).definition;
    let column = |column: &crate::store::Column| {
        let (kind, reference) = column.kind.internal_type();
        Column { name: column.name, kind, reference, choices: column.choices.to_vec(), indexed: false }
    };
    // More rows than a sort without an index should read.
    DictionaryTable {
        name,
        rows: 200_000,
        columns: definition.columns.iter().map(column).collect(),
        ..Default::default()
    }
}

/// Every row that the instance finds, which leaves out what it does not understand.
fn rows(store: &mut Store, text: &str) -> BTreeSet<RowId> {
    let roles = BTreeSet::new();
    let table = store.find(TABLE).unwrap();
    let plan = Plan::of(store, table, text, &bob(&roles, "Europe/Berlin"), InvalidFields::Ignore).ok().unwrap();
    run(store, table, &plan, Wanted::ALL).rows.into_iter().collect()
}

/// As the package keeps a text that it was given: in normal form, with what it does not understand.
fn normal(store: &Store, text: &str) -> Option<String> {
    let table = store.find(TABLE).unwrap();
    Query::parse_losslessly(text, &|field| path_of(store, table, field).is_some()).0.print().ok()
}

/// The most lenient reading: what is wrong restricts nothing.
fn opened(store: &Store, text: &str, problem: &Problem) -> String {
    let table = store.find(TABLE).unwrap();
    let (mut query, _, spans) = Query::parse_losslessly(text, &|field| path_of(store, table, field).is_some());
    let conditions = query.any.iter_mut().flat_map(|group| &mut group.all).flat_map(|clause| &mut clause.either);
    for (condition, span) in conditions.zip(spans) {
        if span.start <= problem.end && problem.start <= span.end {
            *condition = Condition { field: "sys_id".to_owned(), operator: Operator::Anything, value: None };
        }
    }
    query.print().unwrap()
}

fn term() -> impl Strategy<Value = String> {
    let condition = (
        prop::sample::select(vec![
            "state",
            "stat",
            "priority",
            "priorty",
            "active",
            "short_description",
            "shortdescription",
            "description",
            "caller_id",
            "caller_id.name",
            "caller_id.nam",
            "caller_id.display_value",
            "dv_parent",
            "opened_at",
            "sys_id",
            "parent",
        ]),
        prop::sample::select(vec![
            "=",
            "!=",
            "<",
            ">=",
            "LIKE",
            "NOT LIKE",
            "STARTSWITH",
            "IN",
            "NOT IN",
            "ISEMPTY",
            "ISNOTEMPTY",
            "SAMEAS",
            "BETWEEN",
            "RELATIVEGT",
            " = ",
            "like",
            " not like ",
            "not in",
            "isempty",
            "ANYTHING",
            "LIEK",
        ]),
        prop::sample::select(vec![
            "",
            "1",
            "2",
            "3",
            "7",
            "1,,2",
            "1,2",
            ",1",
            "New",
            "Closed",
            "closed",
            "true",
            "yes",
            "printer",
            "ANN",
            "ann",
            "opened_at",
            "opend_at",
            "1@3",
            "2026-03-01 10:59:59",
            "2026-03-01T10:59:59Z",
            "@day@ago@1",
            "@days@ago@40",
        ]),
    )
        .prop_map(|(field, operator, value)| [field, operator, value].concat());
    let other = prop::sample::select(vec![
        "gibberish",
        "",
        "ORDERBYnumbr",
        "ORDERBYDESCshort_description",
        "GROUPBYstat",
        "state=1",
        "active=true",
        "RLQUERYincident.parnt,>=1^ENDRLQUERY",
        "RLQUERYincident.parent,>=1^ENDRLQUERY",
    ]);
    prop_oneof![8 => condition, 1 => other.prop_map(str::to_owned)]
}

proptest! {
    #[test]
    fn fix_does_to_the_rows_what_its_effect_says(
        terms in prop::collection::vec((prop::sample::select(vec!["^", "^", "^", "^OR", "^NQ"]), term()), 1..6),
    ) {
        let text: String = terms.iter().flat_map(|(joint, term)| [*joint, term.as_str()]).skip(1).collect();
        let mut store = store();
        let Some(text) = normal(&store, &text) else { return Ok(()) };
        let dictionary = Dictionary { tables: vec![table(&store, TABLE), table(&store, "sys_user")] };
        let problems = lint(&text, TABLE, &dictionary);
        drop(dictionary);
        let before = rows(&mut store, &text);
        for problem in problems {
            let open = opened(&store, &text, &problem);
            let open = rows(&mut store, &open);
            for fix in &problem.fixes {
                let after_text = normal(&store, &apply_fix(&text, fix)).unwrap();
                let after = rows(&mut store, &after_text);
                let said = match fix.effect {
                    FixEffect::Keeps => after == before,
                    FixEffect::Narrows => after.is_subset(&before),
                    FixEffect::Changes => true,
                };
                prop_assert!(said, "{:?} of {} does not hold: {} became {}", fix.effect, problem.code, text, after_text);
                let lenient = if fix.effect == FixEffect::Changes { &open } else { &before };
                prop_assert!(after.is_subset(lenient), "{} finds more: {} became {}", problem.code, text, after_text);
            }
        }
    }
}
