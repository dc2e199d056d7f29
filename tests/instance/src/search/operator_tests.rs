//! Every operator of the query language, with the rows that it finds.

#![allow(clippy::unwrap_used, reason = "a failing test may panic")]

use sysparm::query::Operator::{self, *};

use crate::switches::InvalidFields;

use super::test_data::{rows_of, store};

/// Operator, query, zone of the caller, and the expected incidents. At least one line for each operator.
const CASES: &[(Operator, &str, &str, &str)] = &[
    (Is, "state=2", "", "two"),
    (Is, "short_description=PRINTER ON FIRE", "", "one"),
    (Is, "parent=", "", "one four five six"),
    (Is, "caller_id=javascript:gs.getUserID()", "", "two"),
    (Is, "123TEXTQUERY321=printer", "", "one two three four"),
    (Is, "123TEXTQUERY321=Printer -fire -toner", "", "two three"),
    (Is, "123TEXTQUERY321=\"blank pages\"", "", "two"),
    (Is, "123TEXTQUERY321=\"pages blank\"", "", ""),
    (Is, "123TEXTQUERY321=print*^state=2^ORstate=7", "", "two four"),
    (Is, "123TEXTQUERY321=print", "", ""),
    (Is, "123TEXTINDEXGROUP321=portal^123TEXTQUERY321=vpn", "", "three"),
    (Is, "sys_tags.hot=hot", "", "one two"),
    (IsNot, "active!=true", "", "three four five six"),
    (IsNot, "sys_tags.hot!=hot", "", "three four five six"),
    (Less, "priority<3", "", "one two"),
    (Less, "opened_at<javascript:gs.beginningOfThisYear()", "", "five"),
    (AtMost, "priority<=3", "", "one two three"),
    (Greater, "priority>3", "", "four"),
    (Greater, "opened_at>javascript:gs.dateGenerate('2026-03-01','12:30:00')", "Europe/Berlin", ""),
    (Greater, "opened_at>javascript:gs.dateGenerate('2026-03-01','12:00:00')", "Europe/Berlin", "one"),
    (AtLeast, "opened_at>=2026-03-01 10:59:59", "Asia/Tokyo", "one two"),
    (AtLeast, "opened_at>=javascript:gs.daysAgoStart(0)", "", "one two"),
    (AtLeast, "opened_at>=javascript:gs.daysAgoStart(0)", "Asia/Tokyo", "one two three"),
    (Contains, "short_descriptionLIKEPRINT", "", "one two four"),
    (Contains, "caller_idLIKEn", "", "one"),
    (DoesNotContain, "short_descriptionNOT LIKEprint", "", "three five six"),
    (StartsWith, "short_descriptionSTARTSWITHPrinter", "", "one two"),
    (EndsWith, "short_descriptionENDSWITH50% off", "", "five"),
    (In, "stateIN2,7", "", "two four"),
    (In, "assignment_groupDYNAMICd6435e965f510100a9ad2572f2b47744^stateIN1,2", "", "one"),
    (NotIn, "stateNOT IN2,7", "", "one three five six"),
    (IsEmpty, "parentISEMPTY", "", "one four five six"),
    (IsNotEmpty, "parentISNOTEMPTY", "", "two three"),
    (EmptyString, "short_descriptionEMPTYSTRING", "", "six"),
    (Anything, "stateANYTHING", "", "one two three four five six"),
    (Between, "priorityBETWEEN2@10", "", "two three four"),
    (Between, "opened_atBETWEENjavascript:gs.daysAgoStart(1)@javascript:gs.daysAgoEnd(1)", "", "three"),
    (SameAs, "prioritySAMEASurgency", "", "two five six"),
    (SameAs, "due_dateSAMEASopened_at@day", "", "one four six"),
    (SameAs, "due_dateSAMEASopened_at@day", "Asia/Tokyo", "four six"),
    (SameAs, "due_dateSAMEASopened_at@month", "", "one two four six"),
    (NotSameAs, "due_dateNSAMEASopened_at@day", "", "two three five"),
    (GreaterThanField, "priorityGT_FIELDurgency", "", "three four"),
    (LessThanField, "priorityLT_FIELDurgency", "", "one"),
    (AtLeastField, "priorityGT_OR_EQUALS_FIELDurgency", "", "two three four"),
    (AtMostField, "priorityLT_OR_EQUALS_FIELDurgency", "", "one two"),
    (MoreThan, "due_dateMORETHANopened_at@day@after@2", "", "three"),
    (MoreThan, "opened_atMORETHANdue_date@day@before@1", "", "two three"),
    (LessThan, "due_dateLESSTHANopened_at@hour@after@9", "", "one four"),
    (LessThan, "opened_atLESSTHANdue_date@day@before@3", "", "one two four"),
    (On, "opened_atONToday@javascript:gs.daysAgoStart(0)@javascript:gs.daysAgoEnd(0)", "", "one two"),
    (On, "opened_atONToday@javascript:gs.daysAgoStart(0)@javascript:gs.daysAgoEnd(0)", "Asia/Tokyo", "one two three"),
    (
        On,
        "opened_atONThis week@javascript:gs.beginningOfThisWeek()@javascript:gs.endOfThisWeek()",
        "",
        "one two three four",
    ),
    (On, "opened_atONLast year@javascript:gs.beginningOfLastYear()@javascript:gs.endOfLastYear()", "", "five"),
    (NotOn, "opened_atNOTONToday@javascript:gs.daysAgoStart(0)@javascript:gs.daysAgoEnd(0)", "", "three four five six"),
    (RelativeAfter, "opened_atRELATIVEGT@hour@ago@1", "", "one"),
    (RelativeAfter, "due_dateRELATIVEGT@day@ahead@2", "", "three"),
    (RelativeAfter, "opened_atRELATIVEGT@dayofweek@ago@1", "", "one two three"),
    (RelativeBefore, "opened_atRELATIVELT@month@ago@3", "", "five"),
    (RelativeOn, "opened_atRELATIVEEE@day@ago@1", "", "three"),
    (RelativeOn, "opened_atRELATIVEEE@day@ago@1", "Asia/Tokyo", ""),
    (RelativeOnOrAfter, "opened_atRELATIVEGE@day@ago@1", "", "one two three"),
    (RelativeOnOrBefore, "opened_atRELATIVELE@day@ago@1", "", "three four five"),
    (RelativeOnOrBefore, "opened_atRELATIVELE@day@ago@1", "Asia/Tokyo", "four five"),
    (DatePart, "opened_atDATEPARTMonday@javascript:gs.datePart('dayofweek','monday','EE')", "", "four"),
    (
        DatePart,
        "opened_atDATEPARTSunday@javascript:gs.datePart('dayofweek','sunday','EE')",
        "Asia/Tokyo",
        "one two three",
    ),
    (DatePart, "opened_atDATEPARTSaturday@javascript:gs.datePart('dayofweek','saturday','GE')", "", "three five"),
    (DatePart, "opened_atDATEPARTFebruary@javascript:gs.datePart('month','feb','LE')", "", "three four"),
    (DatePart, "opened_atDATEPART2026@javascript:gs.datePart('year','2026','LT')", "", "five"),
    (DatePart, "opened_atDATEPART11 am@javascript:gs.datePart('hour','11','GT')", "", "three five"),
    (Dynamic, "caller_idDYNAMIC54635e965f510100a9ad2572f2b4774c", "", "two"),
    (Dynamic, "caller_idDYNAMIC90d1921e5f510100a9ad2572f2b477fe", "", "two"),
    (Dynamic, "assignment_groupDYNAMICd6435e965f510100a9ad2572f2b47744", "", "one"),
    (InHierarchy, "caller_idIN_HIERARCHYfdd0fa0f93f5d2505bd0bd886cba1015@ann", "", "one two three four"),
    (InHierarchy, "caller_idIN_HIERARCHYfdd0fa0f93f5d2505bd0bd886cba1015%40bob", "", "two four"),
    (InHierarchy, "sys_idIN_HIERARCHY5c1f3c0e1b2a4d6f8e9a7b6c5d4e3f21@two", "", "two three"),
    (
        InHierarchyDynamic,
        "caller_idIN_HIERARCHY_DYNAMICfdd0fa0f93f5d2505bd0bd886cba1015@90d1921e5f510100a9ad2572f2b477fe",
        "",
        "two four",
    ),
    (InstanceOf, "sys_class_nameINSTANCEOFincident", "", "one two three four"),
    (InstanceOf, "sys_class_nameINSTANCEOFu_major", "", "three four"),
    (InstanceOf, "sys_class_nameINSTANCEOFtask", "", "one two three four five"),
    // Only notifications know about changes: the condition is invalid and is dropped.
    (Changes, "stateVALCHANGES^state=2", "", "two"),
    (ChangesFrom, "stateCHANGESFROM1^state=2", "", "two"),
    (ChangesTo, "stateCHANGESTO2^state=7", "", "four"),
    (DoesNotHave, "sys_tags.hotDOESNOTHAVEhot", "", "three"),
    (Excluding, "sys_tags.hotEXCLUDINGhot", "", "three four five six"),
    (Related, "RLQUERYincident.parent,>=1^ENDRLQUERY", "", "one two"),
    (Related, "RLQUERYincident.parent,=0^ENDRLQUERY^state!=", "", "three four"),
    (Related, "RLQUERYincident.parent,>=1,state=3^ENDRLQUERY", "", "two"),
    (Raw, "gibberish^state=2", "", "two"),
];

#[test]
fn every_operator_has_a_case_and_finds_its_rows() {
    let mut store = store();
    for (_, query, zone, expected) in CASES {
        let found = rows_of(&mut store, "incident", query, zone, InvalidFields::Ignore).unwrap();
        assert_eq!(found.join(" "), *expected, "{query} in {zone:?}");
    }
    for operator in Operator::ALL {
        let named = |query: &str| operator.token().is_empty() || query.contains(operator.token());
        let cases = CASES.iter().filter(|(one, query, ..)| one == operator && named(query));
        assert!(cases.count() > 0, "no case for {operator:?}");
    }
}

#[test]
fn groups_alternatives_and_orders_bind_as_documented() {
    let mut store = store();
    for (query, expected) in [
        ("state=1^ORstate=2^active=true", "one two"),
        ("state=1^active=true^ORactive=false", "one"),
        ("state=1^NQactive=false^state=7", "one four"),
        ("state=1^NQRLQUERYincident.parent,>=1^ENDRLQUERY^NQ123TEXTQUERY321=toner^ORDERBYnumber", "one two four"),
        ("short_description=A^^B, 50% off", "five"),
        ("^EQ", "one two three four five six"),
    ] {
        let found = rows_of(&mut store, "incident", query, "", InvalidFields::Ignore).unwrap();
        assert_eq!(found.join(" "), expected, "{query}");
    }
}

#[test]
fn invalid_conditions_are_handled_as_configured() {
    let mut store = store();
    for query in [
        "stateVALCHANGES",
        "stateCHANGESFROM1",
        "opened_at>javascript:gs.evil()",
        "opened_atRELATIVEGT@moon@ago@1",
        "opened_atRELATIVEGT@year@ago@999999",
        "opened_atDATEPARTx@javascript:gs.datePart('mood','bad','EE')",
        "opened_atMORETHANdue_date@day@around@1",
        "caller_idDYNAMICnosuch",
        "caller_idIN_HIERARCHYnosuch@ann",
        "sys_tags.hotLIKEhot",
        "123TEXTQUERY321=-",
        "RLQUERYnosuch.parent,>=1^ENDRLQUERY",
    ] {
        let mut found = |regime| rows_of(&mut store, "incident", query, "", regime);
        assert_eq!(found(InvalidFields::Ignore).map(|rows| rows.len()), Some(6), "{query}");
        assert_eq!(found(InvalidFields::NoRows).map(|rows| rows.len()), Some(0), "{query}");
        assert_eq!(found(InvalidFields::Forbid), None, "{query}");
    }
}

#[test]
fn invalid_condition_in_a_related_list_leaves_the_rest_of_it() {
    let mut store = store();
    for (query, expected) in [
        ("RLQUERYincident.parent,>=1^nosuch=3^ENDRLQUERY", "one two"),
        ("RLQUERYincident.parent,>=1,nosuch=3^ENDRLQUERY", "one two"),
        ("RLQUERYincident.parent,>=1^state=3^ORnosuch=1^ENDRLQUERY", "two"),
        ("RLQUERYincident.parent,>=1^stateVALCHANGES^state=3^ENDRLQUERY", "two"),
    ] {
        let mut found = |regime| rows_of(&mut store, "incident", query, "", regime);
        assert_eq!(found(InvalidFields::Ignore).map(|rows| rows.join(" ")).as_deref(), Some(expected), "{query}");
        assert_eq!(found(InvalidFields::NoRows).map(|rows| rows.len()), Some(0), "{query}");
        assert_eq!(found(InvalidFields::Forbid), None, "{query}");
    }
}
