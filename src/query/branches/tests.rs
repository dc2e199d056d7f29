//! The text form against the full parser: every group gets the bound, nothing else changes.

use proptest::prelude::*;

use super::*;
use crate::query::tree::{All, Either};
use crate::query::{Operator, Query};

const BOUND: &str = "sys_updated_on>=2026-03-01 10:00:00^sys_updated_on>2026-03-01 10:00:00^ORsys_id>0af3";
const ORDER: &str = "ORDERBYsys_updated_on^ORDERBYsys_id";

fn bounded(query: &str) -> Option<String> {
    Branches::of(query).map(|branches| branches.bounded("b>1^ORc>2", "ORDERBYx"))
}

#[test]
fn every_group_gets_the_bound_and_the_order_is_replaced() {
    for (query, expected) in [
        ("", "b>1^ORc>2^ORDERBYx"),
        ("a=1", "a=1^b>1^ORc>2^ORDERBYx"),
        ("a=1^ORa=2^NQd=3", "a=1^ORa=2^b>1^ORc>2^NQd=3^b>1^ORc>2^ORDERBYx"),
        ("a=1^ORDERBYn^NQd=3^ORDERBYDESCm^EQ", "a=1^b>1^ORc>2^NQd=3^b>1^ORc>2^ORDERBYx"),
        ("ORDERBYn", "b>1^ORc>2^ORDERBYx"),
        ("a=x^^NQy", "a=x^^NQy^b>1^ORc>2^ORDERBYx"),
        ("a=x^^", "a=x^^^b>1^ORc>2^ORDERBYx"),
        ("a=1^", "a=1^b>1^ORc>2^ORDERBYx"),
        (
            "RLQUERYincident.problem_id,>=1,priority=1^ORpriority=2^ENDRLQUERY^NQd=3",
            "RLQUERYincident.problem_id,>=1,priority=1^ORpriority=2^ENDRLQUERY^b>1^ORc>2^NQd=3^b>1^ORc>2^ORDERBYx",
        ),
    ] {
        assert_eq!(bounded(query).as_deref(), Some(expected), "{query}");
    }
}

#[test]
fn text_whose_groups_are_not_certain_is_refused() {
    for query in [
        "a=1^NQ",
        "NQa=1",
        "a=1^NQ^b=2",
        "a=1^NQORDERBYx",
        "ORa=1",
        "a=1^NQORb=2",
        "GROUPBYa",
        "RLQUERYt.f,>=1,a=1",
        "RLQUERYt.f,>=1,a=1^NQb=2^ENDRLQUERY",
        "ORDERBY",
        "ORDERBYa b",
    ] {
        assert_eq!(bounded(query), None, "{query}");
    }
}

#[test]
fn callers_own_order_is_known() {
    let order = |query| Branches::of(query).unwrap().order().to_vec();
    assert_eq!(order("a=1^ORDERBYDESCn^ORDERBYsys_id"), [("n".to_owned(), true), ("sys_id".to_owned(), false)]);
}

/// What a tree becomes when the bound is put into each of its groups.
fn with_bound(query: &Query) -> Query {
    let bound = Query::parse(BOUND).unwrap().any.remove(0).all;
    let mut any = query.any.clone();
    if any.is_empty() {
        any.push(All::default());
    }
    any.iter_mut().for_each(|group| group.all.extend(bound.iter().cloned()));
    Query { any, group_by: vec![], order_by: Query::parse(ORDER).unwrap().order_by }
}

/// Conditions with every kind of operator, their values full of what separates things.
fn conditions() -> impl Strategy<Value = String> {
    let value = "[a-zA-Z0-9 =<>!*%.äß-]{0,6}(\\^\\^|\\^\\^NQ|\\^\\^ORDERBYx|\\^\\^\\^\\^)?[a-z]{0,3}";
    let plain = ("[a-z_]{1,8}(\\.[a-z_]{1,6})?", prop::sample::select(Operator::ALL.to_vec()), value)
        .prop_filter("one value or none", |(_, operator, _)| {
            matches!(operator.arity(), crate::query::Arity::One | crate::query::Arity::Nothing)
        })
        .prop_map(|(field, operator, value)| {
            let value = if operator.arity() == crate::query::Arity::One { value } else { String::new() };
            [&field, operator.token(), &value].concat()
        });
    prop_oneof![
        8 => plain,
        1 => Just("priorityBETWEEN1@3".to_owned()),
        1 => Just("assigned_to=javascript:gs.getUserID()".to_owned()),
        1 => Just("RLQUERYincident.problem_id,>=1,a=1^ORb=2^ENDRLQUERY".to_owned()),
        1 => Just("stateIN1,2,3".to_owned()),
    ]
}

fn queries() -> impl Strategy<Value = String> {
    let either = prop::collection::vec(conditions(), 1..3).prop_map(|any| any.join("^OR"));
    let group = prop::collection::vec(either, 1..4).prop_map(|all| all.join("^"));
    let order = prop::collection::vec("(ORDERBY|ORDERBYDESC)[a-z_]{1,6}", 0..3).prop_map(|terms| terms.join("^"));
    (prop::collection::vec(group, 0..4), order, prop::sample::select(vec!["", "^", "^EQ"])).prop_map(
        |(any, order, end)| {
            let mut query = any.join("^NQ");
            if !order.is_empty() && !query.is_empty() {
                query.push('^');
            }
            query + &order + end
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    /// Whatever the query: read by the full parser, each group has the bound behind its own conditions, and nothing else moved.
    #[test]
    fn parser_finds_the_bound_in_every_group(text in queries()) {
        if let Ok(query) = Query::parse(&text) {
            let bounded = Branches::of(&text).map(|branches| branches.bounded(BOUND, ORDER));
            prop_assert!(bounded.is_some(), "{text}");
            prop_assert_eq!(Query::parse(&bounded.unwrap()).unwrap(), with_bound(&query), "{}", text);
        }
    }

    /// Hostile text too: what is not refused keeps every term, read without loss, in the group in which it stood.
    #[test]
    fn any_text_keeps_its_groups_or_is_refused(text in "(\\PC|a=1|\\^|\\^\\^|\\^NQ|NQ|OR|\\^OR|ORDERBYx|\\^EQ|\\^RLQUERYt.f,>=1|\\^ENDRLQUERY|GROUPBY){0,16}") {
        if let Some(branches) = Branches::of(&text) {
            let lossless = |text: &str| Query::parse_losslessly(text, &|_| false).0;
            let bounded = branches.bounded(BOUND, ORDER);
            prop_assert_eq!(lossless(&bounded).any, with_bound(&lossless(&text)).any, "{}", bounded);
        }
    }

    /// A query that is bounded twice, as a walk over a window is, has both bounds in every group.
    #[test]
    fn bounded_query_can_be_bounded_again(text in queries()) {
        if let Some(branches) = Branches::of(&text) {
            let once = branches.bounded("sys_id>5", "ORDERBYsys_id");
            let twice = Branches::of(&once).map(|branches| branches.bounded("sys_id<9", ""));
            let groups = twice.map(|twice| Query::parse_losslessly(&twice, &|_| false).0.any);
            let ends = |group: &All| {
                let last: Vec<&Either> = group.all.iter().rev().take(2).collect();
                last.len() == 2 && last.iter().all(|either| either.either.len() == 1 && either.either[0].field == "sys_id")
            };
            prop_assert!(groups.is_some_and(|groups| groups.iter().all(ends)), "{once}");
        }
    }
}
