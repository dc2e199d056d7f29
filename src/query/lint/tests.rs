use super::super::{Column, Dictionary, DictionaryTable, Problem, Query, apply_fix, lint};

fn column<'a>(name: &'a str, kind: &'a str, reference: &'a str) -> Column<'a> {
    Column { name, kind, reference, ..Column::default() }
}

fn dictionary() -> Dictionary<'static> {
    let state =
        Column { choices: vec![("1", "New"), ("6", "Resolved"), ("7", "Closed")], ..column("state", "integer", "") };
    let task = DictionaryTable {
        name: "task",
        columns: vec![
            Column { indexed: true, ..column("sys_id", "GUID", "") },
            column("number", "string", ""),
            column("short_description", "string", ""),
            column("active", "boolean", ""),
            column("priority", "integer", ""),
            column("opened_at", "glide_date_time", ""),
            column("assigned_to", "reference", "sys_user"),
            state,
        ],
        ..DictionaryTable::default()
    };
    let incident = DictionaryTable {
        name: "incident",
        extends: "task",
        rows: 2_000_000,
        columns: vec![column("caller_id", "reference", "sys_user"), column("u_planIN", "string", "")],
    };
    let user = DictionaryTable {
        name: "sys_user",
        columns: vec![column("name", "string", ""), column("company", "reference", "core_company")],
        ..DictionaryTable::default()
    };
    Dictionary { tables: vec![task, incident, user] }
}

fn problems(text: &str) -> Vec<Problem> {
    lint(text, "incident", &dictionary())
}

fn codes(text: &str) -> Vec<&'static str> {
    problems(text).iter().map(|problem| problem.code).collect()
}

/// The text after the first fix of its only problem.
fn fixed(text: &str) -> String {
    let problems = problems(text);
    assert_eq!(problems.len(), 1, "{text}: {problems:?}");
    apply_fix(text, &problems[0].fixes[0])
}

#[test]
fn sound_query_has_no_problems() {
    for text in [
        "",
        "active=true^priority<=2^ORstate=6",
        "caller_id.name=Joe^assigned_toISEMPTY",
        "caller_id=javascript:gs.getUserID()",
        "caller_id.company.u_anything=x",
        "opened_at>=2026-09-29 07:30:40^opened_at<2026-09-30 00:00:00",
        "u_planIN=x",
        "caller_id.sys_id=x^ORDERBYsys_id",
        "sys_tags.6c361e12471331007f47563dbb9a7135=6c361e12471331007f47563dbb9a7135",
        "opened_atRELATIVEGT@hour@ago@1",
        "RLQUERYincident.caller_id,>=1,active=true^ENDRLQUERY",
        "active=true^priority=1^NQactive=true^state=6",
    ] {
        assert_eq!(codes(text), Vec::<&str>::new(), "{text}");
    }
}

#[test]
fn unknown_field_is_named_with_nearest_and_place() {
    let found = problems("active=true^shortdescriptionLIKEvpn");
    assert_eq!((found[0].code, found[0].error, found[0].start, found[0].end), ("field.unknown", true, 12, 28));
    assert_eq!(fixed("active=true^shortdescriptionLIKEvpn"), "active=true^short_descriptionLIKEvpn");
    assert_eq!(fixed("caller_id.nmae=Joe"), "caller_id.name=Joe");
    assert_eq!(fixed("active=true^ORDERBYnumbr").replace("numbr", ""), "active=true^ORDERBYnumber");
    assert_eq!(codes("number.name=x"), ["field.unknown"]);
    assert_eq!(codes("RLQUERYincident.callerid,>=1^ENDRLQUERY"), ["field.unknown"]);
    assert_eq!(codes("opened_atSAMEASclosed"), ["field.unknown"]);
    assert_eq!(codes("GROUPBYnosuch"), ["field.unknown"]);
}

#[test]
fn operator_must_fit_the_type() {
    assert_eq!(fixed("priorityLIKE1"), "priority=1");
    assert_eq!(codes("active>true"), ["operator.unfit"]);
    assert_eq!(codes("short_descriptionRELATIVEGT@hour@ago@1"), ["operator.unfit"]);
}

#[test]
fn label_and_value_of_a_field_differ() {
    assert_eq!(fixed("state=Resolved"), "state=6");
    assert_eq!(fixed("stateIN1,closed"), "stateIN1,7");
    assert_eq!(fixed("caller_id=Joe Doe"), "caller_id.name=Joe Doe");
    assert_eq!(codes("state=99"), ["value.unknown-choice"]);
}

#[test]
fn value_must_be_one_that_the_column_can_hold() {
    assert_eq!(fixed("active=Yes"), "active=true");
    assert_eq!(codes("priority=high"), ["value.number"]);
    assert_eq!(fixed("opened_at>2026-09-29T09:30:40+02:00"), "opened_at>2026-09-29 07:30:40");
    assert_eq!(codes("opened_at>29.09.2026"), ["value.date"]);
    assert_eq!(fixed("opened_atRELATIVEGT@hours@ago@1"), "opened_atRELATIVEGT@hour@ago@1");
    assert_eq!(codes("caller_id=javascript:new Evil()"), ["script.refused"]);
}

#[test]
fn unindexed_sort_of_a_big_table_is_a_warning() {
    let found = problems("active=true^ORDERBYDESCnumber");
    assert_eq!((found[0].code, found[0].error), ("sort.unindexed", false));
    assert_eq!(fixed("active=true^ORDERBYDESCnumber"), "active=true^ORDERBYDESCsys_id");
    assert_eq!(lint("ORDERBYnumber", "task", &dictionary()), []);
}

#[test]
fn contradictions_and_tautologies_are_seen() {
    assert_eq!(codes("state=1^state=6"), ["group.contradiction"]);
    assert_eq!(codes("priority<2^priority>4"), ["group.contradiction"]);
    assert_eq!(codes("priority<=2^priority>=2"), Vec::<&str>::new());
    assert_eq!(codes("assigned_toISEMPTY^assigned_toISNOTEMPTY"), ["group.contradiction"]);
    assert_eq!(codes("opened_at>2026-09-29 00:00:00^opened_at<2026-09-28 00:00:00"), ["group.contradiction"]);
    assert_eq!(fixed("number=1^state!=1^ORstate!=6"), "number=1^state!=1^state!=6");
    assert_eq!(codes("number=1^active=true^ORactive!=true"), ["group.tautology"]);
    assert_eq!(codes("active=true^ORactive!=true"), ["group.tautology", "query.whole-table"]);
    assert_eq!(codes("numberANYTHING"), ["group.tautology", "query.whole-table"]);
    assert_eq!(fixed("active=true^active=true"), "active=true");
}

#[test]
fn filter_that_a_new_query_swallows_is_seen() {
    let text = "active=true^priority=1^NQstate=6";
    assert_eq!(problems(text)[0].code, "group.filter-lost");
    assert_eq!(fixed(text), "active=true^priority=1^NQactive=true^state=6");
}

#[test]
fn unread_condition_names_the_nearest_operator() {
    assert_eq!(fixed("short_descriptionlikevpn"), "short_descriptionLIKEvpn");
    assert_eq!(fixed("active = true"), "active=true");
    assert_eq!(codes("gibberish"), ["query.unread"]);
}

#[test]
fn every_fix_leaves_a_query_without_that_problem() {
    for text in ["state=Resolved", "number=1^state!=1^ORstate!=6", "shortdescriptionLIKEx", "active = true"] {
        let after = fixed(text);
        assert!(Query::parse(&after).is_ok());
        assert_eq!(codes(&after), Vec::<&str>::new(), "{text} became {after}");
    }
}

#[test]
fn dictionary_with_an_unknown_letter_is_refused() {
    assert_eq!(Dictionary::from_form("").map(|dictionary| dictionary.tables.len()), Ok(0));
    for form in ["t\0task\0\x000\0x\0state", "table\0task\0\x000", "t\0task\0\x000\0\u{e4}"] {
        assert!(Dictionary::from_form(form).is_err_and(|reason| reason.table == "SchemaPart"), "{form}");
    }
}

#[test]
fn dictionary_is_read_from_its_flat_form() {
    let form = "t\0task\0\x000\0c\0state\0integer\0\0\0v\x001\0New\0t\0incident\0task\x00250000\0c\0caller_id\0reference\0sys_user\x001";
    let dictionary = Dictionary::from_form(form).unwrap();
    assert_eq!(dictionary.tables[1].rows, 250_000);
    assert!(dictionary.tables[1].columns[0].indexed);
    assert_eq!(lint("state=New", "incident", &dictionary)[0].code, "value.label");
}

#[test]
fn condition_that_restricts_nothing_is_an_error() {
    for text in [
        "opened_at>=",
        "short_descriptionLIKE",
        "short_descriptionNOT LIKE",
        "numberSTARTSWITH",
        "stateIN",
        "stateNOT IN,",
        "priorityBETWEEN@3",
        "opened_atON@@",
        "assigned_to=javascript:",
        "123TEXTQUERY321=",
        "assigned_toDYNAMIC",
    ] {
        assert!(codes(text).contains(&"value.empty"), "{text}: {:?}", problems(text));
        assert!(codes(text).contains(&"query.whole-table"), "{text}");
        let bounded = [text, "^active=true"].concat();
        assert!(
            codes(&bounded).contains(&"value.empty") && !codes(&bounded).contains(&"query.whole-table"),
            "{bounded}"
        );
    }
    for text in ["priorityBETWEEN3@1", "opened_atBETWEEN2026-02-01@2026-01-01"] {
        assert_eq!(codes(text), ["value.reversed", "query.whole-table"], "{text}");
    }
    for text in ["sys_idISNOTEMPTY", "sys_id=", "numberSAMEASnumber", "RLQUERYincident.caller_id,>=0^ENDRLQUERY"] {
        assert_eq!(codes(text), ["condition.void", "query.whole-table"], "{text}");
    }
    for text in [
        "short_description=",
        "short_description!=",
        "short_description= ",
        "priorityBETWEEN1@1",
        "opened_atSAMEASsys_created_on@day",
    ] {
        let found = codes(text);
        assert!(found.iter().all(|code| *code == "field.unknown"), "{text}: {found:?}");
    }
}

#[test]
fn whole_table_is_found_by_one_group_that_restricts_nothing() {
    assert_eq!(codes("active=true^NQshort_descriptionLIKE^ORstate=1"), ["value.empty", "query.whole-table"]);
    assert_eq!(codes("ORDERBYsys_id"), Vec::<&str>::new());
}

#[test]
fn empty_item_of_a_list_is_left_out_where_that_finds_less() {
    assert_eq!(fixed("stateIN1,,6"), "stateIN1,6");
    assert_eq!(fixed("stateIN,1"), "stateIN1");
    assert_eq!(fixed("stateIN1,"), "stateIN1");
    assert!(problems("stateNOT IN1,,6")[0].fixes.is_empty());
}

#[test]
fn name_of_a_reply_is_no_field_and_the_field_is_named() {
    for (text, field) in [
        ("caller_id.display_value=Joe", "caller_id.name=Joe"),
        ("dv_caller_idLIKEJoe", "caller_id.nameLIKEJoe"),
        ("caller_id.value=javascript:gs.getUserID()", "caller_id=javascript:gs.getUserID()"),
        ("caller_id.linkISNOTEMPTY", "caller_idISNOTEMPTY"),
        ("number.display_value=INC1", "number=INC1"),
        ("dv_number=INC1", "number=INC1"),
        // What the dictionary does not hold of the table behind it.
        ("caller_id.company.display_valueLIKEAcme", "caller_id.companyLIKEAcme"),
        ("ORDERBYcaller_id.link", "ORDERBYcaller_id"),
        ("opened_atSAMEASopened_at.value", "opened_atSAMEASopened_at"),
    ] {
        let found = problems(text);
        assert_eq!((found[0].code, found[0].error), ("field.unknown", true), "{text}: {found:?}");
        assert_eq!(apply_fix(text, &found[0].fixes[0]), field);
    }
    assert_eq!(codes("state.display_value=Resolved"), ["field.unknown"]);
    assert_eq!(fixed("state.display_value=Resolved"), "state=Resolved", "and lint then names the value");
    assert_eq!(codes("caller_id.company.value=x"), Vec::<&str>::new());
    assert_eq!(codes("dv_nosuch=x"), ["field.unknown"]);
}
