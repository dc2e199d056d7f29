//! Every example of the operator page of the product documentation, and of the pages on encoded query strings and
//! hierarchies: read, understood as the page says, and written back as it stood.

use super::super::{Arity, Operator, Query};

const EXAMPLES: &[(&str, Operator)] = &[
    ("short_descriptionSTARTSWITHSAP", Operator::StartsWith),
    ("short_descriptionENDSWITHoutage", Operator::EndsWith),
    ("short_descriptionLIKESAP", Operator::Contains),
    ("short_descriptionNOT LIKESAP", Operator::DoesNotContain),
    ("short_description=Network storage unavailable", Operator::Is),
    ("short_description!=Network storage unavailable", Operator::IsNot),
    ("short_descriptionISEMPTY", Operator::IsEmpty),
    ("short_descriptionISNOTEMPTY", Operator::IsNotEmpty),
    ("short_descriptionANYTHING", Operator::Anything),
    ("short_descriptionEMPTYSTRING", Operator::EmptyString),
    ("short_description<=s", Operator::AtMost),
    ("short_description>=s", Operator::AtLeast),
    ("short_descriptionBETWEENq@t", Operator::Between),
    ("short_descriptionSAMEASdescription", Operator::SameAs),
    ("short_descriptionNSAMEASdescription", Operator::NotSameAs),
    ("caller_id=9ee1b13dc6112271007f9d0efdb69cd0", Operator::Is),
    ("caller_idSTARTSWITHDon", Operator::StartsWith),
    ("caller_idDYNAMIC54635e965f510100a9ad2572f2b4774c", Operator::Dynamic),
    ("managerIN_HIERARCHYfdd0fa0f93f5d2505bd0bd886cba1015@9ee1b13dc6112271007f9d0efdb69cd0", Operator::InHierarchy),
    (
        "managerIN_HIERARCHY_DYNAMICfdd0fa0f93f5d2505bd0bd886cba1015@90d1921e5f510100a9ad2572f2b477fe",
        Operator::InHierarchyDynamic,
    ),
    ("subcategoryINdb2,sql server,oracle", Operator::In),
    ("subcategoryNOT INdb2,sql server,oracle", Operator::NotIn),
    ("impact<2", Operator::Less),
    ("impact>2", Operator::Greater),
    ("impactBETWEEN1@2", Operator::Between),
    ("sla_dueONToday@javascript:gs.daysAgoStart(0)@javascript:gs.daysAgoEnd(0)", Operator::On),
    ("sla_dueNOTONToday@javascript:gs.daysAgoStart(0)@javascript:gs.daysAgoEnd(0)", Operator::NotOn),
    ("sla_due<javascript:gs.daysAgoStart(0)", Operator::Less),
    ("sla_due>=javascript:gs.daysAgoStart(0)", Operator::AtLeast),
    ("sla_dueBETWEENjavascript:gs.daysAgoStart(1)@javascript:gs.daysAgoEnd(0)", Operator::Between),
    ("sla_dueDATEPARTMonday@javascript:gs.datePart('dayofweek','monday','GE')", Operator::DatePart),
    ("sla_dueDATEPARTMonday@javascript:gs.datePart('dayofweek','monday','EE')", Operator::DatePart),
    ("sla_dueRELATIVEGT@hour@ago@1", Operator::RelativeAfter),
    ("sla_dueRELATIVELT@hour@ago@1", Operator::RelativeBefore),
    ("sla_dueRELATIVEEE@day@ahead@3", Operator::RelativeOn),
    ("sla_dueRELATIVEGE@day@ago@3", Operator::RelativeOnOrAfter),
    ("sla_dueRELATIVELE@month@ago@3", Operator::RelativeOnOrBefore),
    ("sla_dueSAMEASactivity_due@day", Operator::SameAs),
    ("sla_dueNSAMEASactivity_due@day", Operator::NotSameAs),
    ("sla_dueMORETHANactivity_due@day@before@1", Operator::MoreThan),
    ("sla_dueLESSTHANactivity_due@day@before@3", Operator::LessThan),
    ("reassignment_countGT_FIELDreopen_count", Operator::GreaterThanField),
    ("reassignment_countLT_FIELDreopen_count", Operator::LessThanField),
    ("reassignment_countGT_OR_EQUALS_FIELDreopen_count", Operator::AtLeastField),
    ("reassignment_countLT_OR_EQUALS_FIELDreopen_count", Operator::AtMostField),
    ("activeSAMEASmade_sla", Operator::SameAs),
    ("stateVALCHANGES", Operator::Changes),
    ("stateCHANGESFROM4", Operator::ChangesFrom),
    ("stateCHANGESTO4", Operator::ChangesTo),
    ("sys_tags.6c361e12471331007f47563dbb9a7135=6c361e12471331007f47563dbb9a7135", Operator::Is),
    ("sys_tags.6c361e12471331007f47563dbb9a7135DOESNOTHAVE6c361e12471331007f47563dbb9a7135", Operator::DoesNotHave),
    ("sys_tags.6c361e12471331007f47563dbb9a7135EXCLUDING6c361e12471331007f47563dbb9a7135", Operator::Excluding),
    ("sys_class_nameINSTANCEOFcmdb_ci_server", Operator::InstanceOf),
    ("RLQUERYincident.problem_id,>=1,priority=1^ENDRLQUERY", Operator::Related),
    ("RLQUERYincident.problem_id,=0^ENDRLQUERY", Operator::Related),
    ("123TEXTQUERY321=quarterly report", Operator::Is),
    ("123TEXTINDEXGROUP321=portal_index_group", Operator::Is),
];

#[test]
fn documented_examples_round_trip() {
    for (text, operator) in EXAMPLES {
        let query = Query::parse(text).unwrap();
        assert_eq!(query.any[0].all[0].either[0].operator, *operator, "{text}");
        assert_eq!(query.print().unwrap(), *text);
    }
}

#[test]
fn every_operator_has_an_example() {
    for operator in Operator::ALL.iter().filter(|operator| operator.arity() != Arity::Raw) {
        assert!(EXAMPLES.iter().any(|(_, shown)| shown == operator), "{}", operator.token());
    }
}

#[test]
fn every_operator_is_declared_to_typescript() {
    let declared = include_str!("../../../www/glue/query.d.ts");
    for operator in Operator::ALL {
        assert!(declared.contains(&format!("\"{}\"", operator.token())), "query.d.ts: {}", operator.token());
    }
}

#[test]
fn other_spellings_of_the_documentation_come_out_in_normal_form() {
    for (text, expected) in [
        ("short_description%outage", "short_descriptionENDSWITHoutage"),
        ("short_description*SAP", "short_descriptionLIKESAP"),
        ("short_description!*SAP", "short_descriptionNOT LIKESAP"),
        ("caller_idNOTLIKEon", "caller_idNOT LIKEon"),
        ("managerIN_HIERARCHYfdd0%409ee1", "managerIN_HIERARCHYfdd0@9ee1"),
        ("stateCHANGESTO4^EQ", "stateCHANGESTO4"),
    ] {
        assert_eq!(Query::parse(text).unwrap().print().unwrap(), expected);
    }
}
