use proptest::prelude::*;

use super::super::operator::Arity;
use super::super::{
    Column, Dictionary, DictionaryTable, Operator, Problem, Query, Scalar, Value, apply_fix, lint, negation,
};

fn dictionary() -> Dictionary<'static> {
    let column = |name, kind| Column { name, kind, ..Column::default() };
    let state = Column { choices: vec![("1", "New"), ("active", "Active")], ..column("state", "string") };
    let caller = Column { reference: "sys_user", ..column("caller_id", "reference") };
    let columns = vec![
        column("number", "string"),
        column("active", "boolean"),
        column("u_cannot", "string"),
        column("priority", "integer"),
        column("opened_at", "glide_date_time"),
        state,
        caller,
    ];
    let person =
        DictionaryTable { name: "sys_user", columns: vec![column("name", "string")], ..DictionaryTable::default() };
    Dictionary { tables: vec![DictionaryTable { name: "incident", columns, ..DictionaryTable::default() }, person] }
}

fn problems(text: &str) -> Vec<Problem> {
    lint(text, "incident", &dictionary())
}

fn value(operator: Operator) -> &'static str {
    match operator.arity() {
        Arity::Nothing | Arity::Raw | Arity::Related => "",
        Arity::One | Arity::List => "1",
        Arity::Range => "1@3",
        Arity::Field => "number",
        Arity::Preset => "Today@a@b",
        Arity::Relative => "@hour@ago@1",
        Arity::Distance => "opened_at@day@before@1",
        Arity::DatePart | Arity::Hierarchy => "a@b",
    }
}

fn written() -> impl Iterator<Item = Operator> {
    Operator::ALL.iter().copied().filter(|operator| !matches!(operator, Operator::Raw | Operator::Related))
}

fn read(text: &str) -> Query {
    let dictionary = dictionary();
    let known = |field: &str| dictionary.tables[0].columns.iter().any(|column| column.name == field);
    Query::parse_losslessly(text, &known).0
}

/// The only condition, as it is read: its field or kept text, and its operator.
fn only(text: &str) -> (String, Operator) {
    let query = read(text);
    let conditions: Vec<_> = query.any.iter().flat_map(|group| &group.all).flat_map(|either| &either.either).collect();
    assert_eq!(conditions.len(), 1, "{text}");
    match &conditions[0].value {
        Some(Value::One(Scalar::Text(raw))) if conditions[0].operator == Operator::Raw => (raw.clone(), Operator::Raw),
        _ => (conditions[0].field.clone(), conditions[0].operator),
    }
}

/// Whether the only condition says no, understood or as text that lint refuses.
fn denies(text: &str) -> bool {
    let (said, operator) = only(text);
    let said = said.replace("u_cannot", "").to_ascii_lowercase();
    let negative = written().any(|positive| negation::opposite(positive) == Some(operator));
    negative
        || matches!(operator, Operator::DoesNotHave | Operator::Excluding)
        || said.contains("not")
        || said.contains('!')
}

const SPELLINGS: &[&str] = &[
    "NOT",
    "Not",
    "NOT ",
    " NOT ",
    " not ",
    " not",
    "not",
    "!",
    " ! ",
    "ISNOT",
    "DOESNOT",
    " is not ",
    " IS NOT ",
    " does not ",
    "IsNot",
];

/// Every operator behind every spelling of a negation: understood, or an error whose fixes keep it.
#[test]
fn no_reading_and_no_fix_loses_a_negation() {
    for field in ["state", "stat", "nosuch", "caller_id.nam"] {
        for operator in written() {
            for token in [operator.token().to_owned(), operator.token().to_ascii_lowercase()] {
                for spelling in SPELLINGS {
                    let text = [field, spelling, &token, value(operator)].concat();
                    assert!(denies(&text), "{text} reads {:?}", only(&text));
                    let found = problems(&text);
                    let understood = written().any(|one| negation::opposite(one) == Some(only(&text).1));
                    assert!(understood || found.iter().any(|problem| problem.error), "{text}: {found:?}");
                    for fix in found.iter().flat_map(|problem| &problem.fixes) {
                        let after = apply_fix(&text, fix);
                        assert!(denies(&after), "{text} became {after} by {}", fix.title);
                    }
                }
            }
        }
    }
}

#[test]
fn negation_run_together_with_its_operator_is_understood() {
    for (text, normal) in [
        ("stateNOTIN1,2", "stateNOT IN1,2"),
        ("categoryNOTISEMPTY", "categoryISNOTEMPTY"),
        ("categoryNOT=x", "category!=x"),
        ("categoryISNOT=x", "category!=x"),
        ("nameNOTCONTAINSx", "nameNOT LIKEx"),
        ("nameNot*x", "nameNOT LIKEx"),
        ("nameDOESNOTLIKEx", "nameNOT LIKEx"),
        ("aNOTSAMEASb", "aNSAMEASb"),
        (
            "RLQUERYincident.caller_id,>=1,stateNOTIN1,2^ENDRLQUERY",
            "RLQUERYincident.caller_id,>=1,stateNOT IN1,2^ENDRLQUERY",
        ),
    ] {
        assert_eq!(Query::parse(text).unwrap().print().unwrap(), normal);
    }
    let dropped = Query::parse_leniently("stateNOTIN1", &|_| false).0;
    assert_eq!(dropped.any[0].all[0].either[0].field, "stateNOT", "the platform takes it for a name");
}

#[test]
fn negation_without_an_opposite_is_refused() {
    for text in ["numberNOTSTARTSWITHx", "priorityNOT>1", "priorityNOTBETWEEN1@2", "numberNOT!=x", "numberNOTNOT LIKEx"]
    {
        let found = problems(text);
        assert_eq!(
            (found[0].code, found[0].error, found[0].fixes.len()),
            ("query.unread", true, 0),
            "{text}: {found:?}"
        );
        let explained = Query::parse_losslessly(text, &|_| false).0.explain();
        assert!(explained.contains("NOT") && explained.contains("not understood"), "{explained}");
    }
}

#[test]
fn misspelt_negation_is_offered_as_its_operator() {
    let fixed = |text: &str| {
        let found = problems(text);
        assert!(!found[0].fixes.is_empty(), "{text}: {found:?}");
        apply_fix(text, &found[0].fixes[0])
    };
    assert_eq!(fixed("number not isempty"), "numberISNOTEMPTY");
    assert_eq!(fixed("numberNOT =1"), "number!=1");
    assert_eq!(fixed("number is not like x"), "numberNOT LIKEx");
    assert_eq!(fixed("number ! IN1"), "numberNOT IN1");
    // Whether the field is `u_can` or `u_cannot` is not certain.
    assert!(problems("u_cannot likex")[0].fixes.is_empty());
}

#[test]
fn no_name_is_offered_that_says_the_opposite() {
    for text in
        ["inactive=true", "inactve=true", "not_active=true", "activenot=true", "state=inactive", "statenotISEMPTY"]
    {
        let found = problems(text);
        assert!(!found.is_empty() && found.iter().all(|problem| problem.fixes.is_empty()), "{text}: {found:?}");
    }
    assert_eq!(problems("unumber=1")[0].fixes[0].text, "number");
}

fn term() -> impl Strategy<Value = String> {
    let field =
        prop::sample::select(vec!["state", "stat", "active", "inactve", "priority", "caller_id", "sys_id", "number"]);
    let operator = prop::sample::select(written().collect::<Vec<_>>());
    let value = prop::sample::select(vec!["", "1", "2", "New", "1,,2", ",", "3@1", "yes", "Joe"]);
    (field, operator, any::<bool>(), value).prop_map(|(field, operator, fits, other)| {
        [field, operator.token(), if fits { self::value(operator) } else { other }].concat()
    })
}

proptest! {
    /// A fix adds no alternative and takes no condition away, but one that stands there twice.
    #[test]
    fn no_fix_finds_more_than_the_query_says(
        terms in prop::collection::vec((prop::sample::select(vec!["^", "^", "^OR", "^NQ"]), term()), 1..6),
    ) {
        let text = terms.iter().flat_map(|(joint, term)| [*joint, term.as_str()]).skip(1).collect::<String>();
        let size = |query: &Query| {
            let eithers = || query.any.iter().flat_map(|group| &group.all);
            let conditions: usize = eithers().map(|either| either.either.len()).sum();
            (query.any.len() + conditions - eithers().count(), conditions)
        };
        let (alternatives, conditions) = size(&read(&text));
        for problem in problems(&text) {
            for fix in &problem.fixes {
                let after = apply_fix(&text, fix);
                let (now, left) = size(&read(&after));
                prop_assert!(now <= alternatives, "{} became {}", text, after);
                let twice = usize::from(problem.code == "group.duplicate");
                prop_assert!(left + twice >= conditions, "{} became {}", text, after);
            }
        }
    }
}
