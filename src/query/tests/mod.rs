mod official;
mod peer;

use proptest::prelude::*;

use super::{Arity, Condition, Expected, Operator, PrintError, Query, Related, Scalar, Value};

fn canonical(text: &str) -> String {
    Query::parse(text).unwrap().print().unwrap()
}

fn refused(text: &str) -> (usize, Expected) {
    let error = Query::parse(text).unwrap_err();
    (error.position, error.expected)
}

#[test]
fn canonical_text_comes_back_unchanged() {
    for text in [
        "",
        "active=true",
        "active=true^priority<=2^ORstate=6^NQpriority=1^ORDERBYDESCsys_updated_on^ORDERBYsys_id",
        "short_descriptionISNOTEMPTY",
        "state=INPROGRESS",
        "stateNOT IN6,7,8",
        "caller_id.department.nameSTARTSWITHFin",
        "reassignment_countBETWEEN1@3",
        "opened_atBETWEENjavascript:gs.daysAgoStart(7)@javascript:gs.daysAgoEnd(0)",
        "assigned_to=javascript:gs.getUserID()",
        "opened_atSAMEASsys_created_on@day",
        "short_descriptionLIKEa^^b",
        "short_description=a=b",
        "sys_updated_on>=2016-03-01 00:00:00^sys_updated_on>2016-03-01 00:00:00^ORsys_id>ab",
        "close_notes=",
        "GROUPBYcategory^ORDERBYnumber",
        "ORDERBYsys_id",
    ] {
        assert_eq!(canonical(text), text);
    }
}

#[test]
fn aliases_end_markers_and_empty_terms_come_out_in_normal_form() {
    for (text, expected) in [
        ("nameCONTAINSx", "nameLIKEx"),
        ("name*x", "nameLIKEx"),
        ("name!*x", "nameNOT LIKEx"),
        ("nameDOES NOT CONTAINx", "nameNOT LIKEx"),
        ("name%x", "nameENDSWITHx"),
        ("^active=true^EQ", "active=true"),
        ("ORDERBYnumber^active=true", "active=true^ORDERBYnumber"),
    ] {
        assert_eq!(canonical(text), expected);
    }
}

#[test]
fn or_binds_to_the_condition_before_it_and_nq_begins_anew() {
    let query = Query::parse("a=1^b=2^ORb=3^NQc=4").unwrap();
    let shape: Vec<Vec<usize>> =
        query.any.iter().map(|group| group.all.iter().map(|either| either.either.len()).collect()).collect();
    assert_eq!(shape, [vec![1, 2], vec![1]]);
}

#[test]
fn dictionary_settles_names_that_run_into_operators() {
    let known = |field: &str| matches!(field, "u_planIN" | "u_plan" | "number");
    let field = |text: &str| {
        let query = Query::parse_known(text, &known).unwrap();
        query.any[0].all[0].either[0].field.clone()
    };
    assert_eq!(field("u_planIN=5"), "u_planIN");
    assert_eq!(field("u_planIN5"), "u_plan");
    assert_eq!(field("nosuch=5"), "nosuch");
    assert_eq!(Query::parse("u_planIN=5").unwrap().any[0].all[0].either[0].field, "u_plan");
}

#[test]
fn refusal_says_where_and_what_was_expected() {
    assert_eq!(refused("active"), (6, Expected::Operator));
    assert_eq!(refused("a=1^=2"), (4, Expected::Field));
    assert_eq!(refused("a=1^b c=2"), (5, Expected::Operator));
    assert_eq!(refused("a=1^nameISEMPTYx"), (15, Expected::End));
    assert_eq!(refused("nBETWEEN1"), (8, Expected::Parts(Arity::Range)));
    assert_eq!(refused("nSAMEAS"), (7, Expected::Field));
    assert_eq!(refused("ORa=1"), (0, Expected::Condition));
    assert_eq!(refused("a=1^OR"), (6, Expected::Condition));
    assert_eq!(refused("a=1^NQ"), (6, Expected::Condition));
    assert_eq!(refused("ORDERBY"), (7, Expected::Field));
    assert_eq!(refused("GROUPBYa b"), (8, Expected::Field));
    assert_eq!(
        Query::parse("active").unwrap_err().to_string(),
        "at byte 6: expected an operator, such as =, LIKE or ISEMPTY"
    );
}

#[test]
fn lenient_reading_drops_what_it_cannot_read_and_says_so() {
    let (query, dropped) = Query::parse_leniently("active=true^gibberish^ORDERBYnumber", &|_| false);
    assert_eq!(query.print().unwrap(), "active=true^ORDERBYnumber");
    assert_eq!(dropped.len(), 1);
    assert_eq!(dropped[0].position, 21);
}

#[test]
fn tree_that_the_language_cannot_say_is_refused() {
    let print = |field: &str, operator, value| {
        let condition = Condition { field: field.into(), operator, value };
        Query::from(condition).print().unwrap_err()
    };
    let text = |text: &str| Scalar::Text(text.into());
    let one = |value| Some(Value::One(text(value)));
    assert_eq!(print("a", Operator::Is, None), PrintError::Shape);
    assert_eq!(print("a", Operator::IsEmpty, one("x")), PrintError::Shape);
    assert_eq!(print("a", Operator::In, Some(Value::Many(vec![]))), PrintError::Shape);
    assert_eq!(print("a", Operator::In, Some(Value::Many(vec![text("1,2")]))), PrintError::Separator);
    assert_eq!(print("a", Operator::Greater, one("=5")), PrintError::Ambiguous);
    assert_eq!(print("a", Operator::Is, one("javascript:gs.getUserID()")), PrintError::Script);
    assert_eq!(print("a b", Operator::Is, one("x")), PrintError::Field);
    let empty = Query { any: vec![super::All::default()], ..Query::default() };
    assert_eq!(empty.print(), Err(PrintError::EmptyGroup));
}

#[test]
fn tree_is_plain_data_with_the_platforms_own_operators() {
    let query = Query::parse("stateIN1,2^assigned_toISEMPTY^ORDERBYDESCnumber").unwrap();
    let plain = serde_json::json!({
        "any": [{ "all": [
            { "either": [{ "field": "state", "operator": "IN", "value": ["1", "2"] }] },
            { "either": [{ "field": "assigned_to", "operator": "ISEMPTY" }] },
        ] }],
        "orderBy": [{ "field": "number", "descending": true }],
    });
    assert_eq!(serde_json::to_value(&query).unwrap(), plain);
    assert_eq!(serde_json::from_value::<Query>(plain).unwrap(), query);
}

fn scalars(forbidden: &'static str) -> impl Strategy<Value = Scalar> {
    let text = "[a-zA-Z0-9 ^=<>!*%@,.:äß-]{0,12}".prop_map(move |text| text.replace(|c| forbidden.contains(c), ""));
    prop_oneof![
        4 => text.clone().prop_map(Scalar::Text),
        1 => text.prop_map(|script| Scalar::Script { script }),
    ]
}

fn values(operator: Operator) -> BoxedStrategy<Option<Value>> {
    match operator.arity() {
        Arity::Nothing => Just(None).boxed(),
        Arity::One => scalars("").prop_map(|one| Some(Value::One(one))).boxed(),
        Arity::List => prop::collection::vec(scalars(","), 1..4).prop_map(|many| Some(Value::Many(many))).boxed(),
        Arity::Related => related().prop_map(|related| Some(Value::Related(related))).boxed(),
        Arity::Raw => Just(None).boxed(),
        Arity::Range | Arity::Preset | Arity::Relative | Arity::Distance | Arity::DatePart | Arity::Hierarchy => {
            let count = operator.arity().parts();
            prop::collection::vec(scalars("@"), count).prop_map(|many| Some(Value::Many(many))).boxed()
        }
        Arity::Field => "[a-z_]{1,8}(@day)?".prop_map(|field| Some(Value::Field { field })).boxed(),
    }
}

fn related() -> BoxedStrategy<Related> {
    let plain: Vec<Operator> =
        Operator::ALL.iter().copied().filter(|operator| !matches!(operator, Operator::Related)).collect();
    let either = prop::collection::vec(condition_with(plain), 1..3).prop_map(|either| super::Either { either });
    let is = prop::sample::select(vec![Operator::AtLeast, Operator::Is]);
    (is, 0..1000_u32, any::<bool>(), prop::collection::vec(either, 0..3))
        .prop_map(|(is, count, many_to_many, conditions)| Related { is, count, many_to_many, conditions })
        .boxed()
}

fn condition_with(operators: Vec<Operator>) -> impl Strategy<Value = Condition> {
    ("[a-z_]{1,10}(\\.[a-z_]{1,8})?", prop::sample::select(operators)).prop_flat_map(|(field, operator)| {
        values(operator).prop_map(move |value| Condition { field: field.clone(), operator, value })
    })
}

fn conditions() -> impl Strategy<Value = Condition> {
    condition_with(Operator::ALL.to_vec())
}

fn queries() -> impl Strategy<Value = Query> {
    let either = prop::collection::vec(conditions(), 1..3).prop_map(|either| super::Either { either });
    let all = prop::collection::vec(either, 1..4).prop_map(|all| super::All { all });
    let order = ("[a-z_]{1,8}", any::<bool>()).prop_map(|(field, descending)| super::Order { field, descending });
    (prop::collection::vec(all, 0..3), prop::collection::vec("[a-z_]{1,8}", 0..2), prop::collection::vec(order, 0..3))
        .prop_map(|(any, group_by, order_by)| Query { any, group_by, order_by })
}

proptest! {
    #[test]
    fn every_tree_that_prints_parses_back_to_itself(query in queries()) {
        if let Ok(text) = query.print() {
            prop_assert_eq!(Query::parse(&text).unwrap(), query, "{}", text);
        }
    }

    #[test]
    fn every_text_that_parses_has_a_normal_form_that_is_its_own(text in "(\\PC|[\\^=A-Z]|ORDERBY|\\^NQ|\\^OR|NOT IN){0,24}") {
        if let Ok(query) = Query::parse(&text)
            && let Ok(normal) = query.print()
        {
            prop_assert_eq!(canonical(&normal), normal.clone());
        }
    }

    #[test]
    fn lossless_reading_keeps_every_term(text in "(\\PC|[\\^=@]|a=1|active|\\^OR|\\^RLQUERYa,>=1|\\^ENDRLQUERY){0,24}") {
        let (query, _, spans) = Query::parse_losslessly(&text, &|_| false);
        let conditions = query.any.iter().flat_map(|group| &group.all).map(|either| either.either.len()).sum::<usize>();
        prop_assert_eq!(spans.len(), conditions + query.order_by.len() + query.group_by.len());
        prop_assert!(spans.iter().all(|span| text.get(span.start..span.end).is_some()), "{:?}", spans);
        if let Ok(printed) = query.print() {
            prop_assert_eq!(Query::parse_losslessly(&printed, &|_| false).0, query, "{}", printed);
        }
    }

    #[test]
    fn any_text_is_read_leniently_and_every_position_lies_inside_it(text in "(\\PC|[\\^=@]|a=|ORDERBY|\\^NQ|\\^OR){0,40}") {
        let (_, dropped) = Query::parse_leniently(&text, &|field| field.len() > 3);
        for error in dropped {
            prop_assert!(error.position <= text.len());
        }
    }
}

/// Found by fuzzing: `!*` is `NOT LIKE`, and behind a field named `O` that reads `ON`.
#[test]
fn field_that_runs_into_its_operator_is_refused() {
    let query = Query::parse("O!*INNN").unwrap();
    assert_eq!(query.print(), Err(PrintError::Ambiguous));
    assert_eq!(Query::parse("123TEXTA%x").unwrap().print(), Err(PrintError::Ambiguous));
    assert_eq!(Query::parse("u_PLAN!*x").unwrap().print().as_deref(), Ok("u_PLANNOT LIKEx"));
}
