//! Bugs that were reported against other clients' query builders, each as the case that must come out right.

use super::super::{
    Column, Condition, Dictionary, DictionaryTable, Operator, PrintError, Query, Scalar, Value, apply_fix, lint,
};

fn printed(field: &str, operator: Operator, value: Option<Value>) -> Result<String, PrintError> {
    Query::from(Condition { field: field.into(), operator, value }).print()
}

fn text(text: &str) -> Scalar {
    Scalar::Text(text.into())
}

/// aiosnow prints `ISEMPTYNone`.
#[test]
fn operator_that_takes_nothing_is_followed_by_nothing() {
    assert_eq!(printed("assigned_to", Operator::IsEmpty, None).unwrap(), "assigned_toISEMPTY");
    assert_eq!(printed("assigned_to", Operator::IsEmpty, Some(Value::One(text("None")))), Err(PrintError::Shape));
    assert!(Query::parse("assigned_toISEMPTYNone").is_err());
}

/// aiosnow spells it `LE_OR_EQUALS_FIELD`.
#[test]
fn field_comparisons_are_spelled_as_documented() {
    assert_eq!(Operator::AtMostField.token(), "LT_OR_EQUALS_FIELD");
    assert_eq!(Operator::named("LE_OR_EQUALS_FIELD"), None);
}

/// PySNC's `add_query('n', '>', 0)` yields `n=>`: zero is falsy.
#[test]
fn zero_and_the_empty_text_are_values() {
    assert_eq!(printed("n", Operator::Greater, Some(Value::One(text("0")))).unwrap(), "n>0");
    assert_eq!(printed("n", Operator::Is, Some(Value::One(text("")))).unwrap(), "n=");
}

/// servicenow-sdk-go writes DATEPART for its relative dates.
#[test]
fn relative_date_is_relative() {
    let parts = ["hour", "ago", "1"].map(text).into();
    let relative = printed("opened_at", Operator::RelativeAfter, Some(Value::Many(parts))).unwrap();
    assert_eq!(relative, "opened_atRELATIVEGT@hour@ago@1");
}

/// servicenow-sdk-go 645, PipedreamHQ 21190 and others: a caret in a user's text changes the query.
#[test]
fn caret_in_a_value_starts_no_condition() {
    let hostile = "x^NQactive=true^ORDERBYnumber";
    let query = printed("short_description", Operator::Is, Some(Value::One(text(hostile)))).unwrap();
    let read = Query::parse(&query).unwrap();
    assert_eq!(read.any.len(), 1);
    assert_eq!(read.any[0].all[0].either[0].value, Some(Value::One(text(hostile))));
    assert!(read.order_by.is_empty());
}

/// demisto/content 15652: an ampersand cuts the query; SN-Utils 409: quotes in values. Both are plain letters here, and
/// become percent-encoded in the address.
#[test]
fn ampersands_and_quotes_are_plain_letters() {
    let awkward = "R&D \"quoted\" 'single' #1 100% + more";
    let query = printed("name", Operator::Is, Some(Value::One(text(awkward)))).unwrap();
    assert_eq!(Query::parse(&query).unwrap().print().unwrap(), query);
    let mut encoded = String::new();
    crate::request::percent_encode(&query, &mut encoded);
    assert!(!encoded.contains(['&', '"', '#', '+', ' ']));
}

/// snowloader appends its keyset bound behind the query, so that with `^NQ` only the last group is bounded; the tree says
/// where each group ends.
#[test]
fn groups_stay_separate() {
    let query = Query::parse("active=true^NQpriority=1").unwrap();
    assert_eq!(query.any.len(), 2);
}

/// servicenow.itsm 169 and snow-import-plugin 8: a label where the raw value of a choice belongs finds nothing.
#[test]
fn label_of_choice_is_fixed_to_its_value() {
    let state = Column { name: "state", kind: "integer", choices: vec![("6", "Resolved")], ..Column::default() };
    let table = DictionaryTable { name: "incident", columns: vec![state], ..DictionaryTable::default() };
    let dictionary = Dictionary { tables: vec![table] };
    let text = "state=Resolved";
    let problems = lint(text, "incident", &dictionary);
    assert_eq!(problems.iter().map(|problem| problem.code).collect::<Vec<_>>(), ["value.label"]);
    let fixed = apply_fix(text, &problems[0].fixes[0]);
    assert_eq!(fixed, "state=6");
    assert!(lint(&fixed, "incident", &dictionary).is_empty());
}

/// PSSnow 23: a record is to be found by a name that stands behind a reference, without looking its sys_id up first.
#[test]
fn reference_is_searched_by_the_name_behind_it() {
    let query = printed("assignment_group.name", Operator::Is, Some(Value::One(text("Service Desk")))).unwrap();
    assert_eq!(query, "assignment_group.name=Service Desk");
    assert_eq!(Query::parse(&query).unwrap().any[0].all[0].either[0].field, "assignment_group.name");
}
