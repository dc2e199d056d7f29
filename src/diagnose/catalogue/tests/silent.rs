//! Each silent failure with a reply that shows it, and replies without evidence of any.

use proptest::prelude::*;

use crate::diagnose::{Answer, Circumstances, suspect};
use crate::request::Method;
use crate::time::Millis;

const LIST: &str = "/api/now/table/incident?sysparm_limit=2";

const fn answer<'a>(path: &'a str, total: u64, text: &'a str) -> Answer<'a> {
    const NOTHING: Circumstances<'static> = Circumstances::UNKNOWN;
    Answer {
        method: Method::Get,
        path,
        status: 200,
        total: Some(total),
        text,
        rows: None,
        sent: None,
        around: NOTHING,
        earlier: &[],
    }
}

fn code(answer: &Answer<'_>) -> Option<&'static str> {
    suspect(answer).map(|diagnosis| diagnosis.code.as_str())
}

#[test]
fn rows_that_are_counted_and_not_shown_are_hidden() {
    assert_eq!(code(&answer(LIST, 9, r#"{"result":[]}"#)), Some("rows.hidden-by-acl"));
    assert_eq!(code(&answer(LIST, 9, r#"{"result":[{"number":"1"}]}"#)), Some("rows.hidden-by-acl"));
    assert_eq!(code(&answer(LIST, 1, r#"{"result":[{"number":"1"}]}"#)), None);
    let kept = Answer { rows: Some(2), ..answer(LIST, 9, "") };
    assert_eq!(code(&kept), None, "the host kept the rows and reported their count");
    let past = "/api/now/table/incident?sysparm_offset=20&sysparm_query=a%3Db";
    assert_eq!(code(&answer(past, 9, r#"{"result":[]}"#)), None, "behind the last row there is none");
    assert_eq!(code(&answer("/api/now/table/incident/1", 9, r#"{"result":{"number":"1"}}"#)), None, "a record");
}

#[test]
fn condition_that_rows_contradict_was_dropped() {
    let asked = |query: &str| format!("/api/now/table/incident?sysparm_query={query}");
    let row = r#"{"result":[{"number":"INC1","state":"new","caller_id":{"link":"l","value":"abc"}}]}"#;
    assert_eq!(code(&answer(&asked("no_such%3Dx"), 1, row)), Some("query.condition-dropped"));
    assert_eq!(code(&answer(&asked("state%3Dclosed"), 1, row)), Some("query.condition-dropped"));
    for innocent in [
        "state%3DNEW",
        "state%3Dold%5EORstate%3Dnew",
        "caller_id%3DBeth",
        "state%3Dnew%5ENQx%3D1",
        "caller.x%3D1",
        "stateISNOTEMPTY%5EORDERBYno_such",
    ] {
        assert_eq!(code(&answer(&asked(innocent), 1, row)), None, "{innocent}");
    }
    let chosen = format!("{}&sysparm_fields=number", asked("no_such%3Dx"));
    assert_eq!(code(&answer(&chosen, 1, row)), None, "a field that was not asked for says nothing by its absence");
}

#[test]
fn empty_search_is_unknown_unless_no_row_has_the_field() {
    let asked = "/api/now/table/incident?sysparm_query=no_such%3D1";
    let empty = answer(asked, 0, r#"{"result":[]}"#);
    let diagnosis = suspect(&empty).unwrap();
    assert_eq!((diagnosis.code.as_str(), diagnosis.kind.as_str()), ("query.no-match", "unknown"));
    let fields: Vec<String> = (0..30).map(|at| format!("\"f{at}\":\"\"")).collect();
    let page = format!("{{\"result\":[{{{}}}]}}", fields.join(","));
    assert_eq!(code(&Answer { earlier: &[&page], ..empty }), Some("query.field-unknown"));
    assert_eq!(code(&answer("/api/now/table/incident", 0, r#"{"result":[]}"#)), None, "an empty table may be empty");
}

#[test]
fn row_that_comes_twice_shows_pages_without_an_order() {
    let page = r#"{"result":[{"sys_id":"a"},{"sys_id":"b"}]}"#;
    let earlier = [page];
    let asked = |query: &str| format!("/api/now/table/incident?sysparm_offset=2&sysparm_limit=2{query}");
    let (bare, ordered) = (asked(""), asked("&sysparm_query=ORDERBYsys_id"));
    let second =
        |path| Answer { earlier: &earlier, ..answer(path, 4, r#"{"result":[{"sys_id":"b"},{"sys_id":"c"}]}"#) };
    assert_eq!(suspect(&second(&bare)).unwrap().causes[0].code, "pages.no-order");
    assert_eq!(suspect(&second(&ordered)).unwrap().causes[0].code, "pages.moving-set");
    assert_eq!(code(&answer(&bare, 4, page)), None);
    assert_eq!(suspect(&second(&bare)).unwrap().code, "pages.unstable");
}

#[test]
fn fields_that_were_asked_for_and_did_not_come_are_missed() {
    let asked = "/api/now/table/incident?sysparm_fields=number,secret";
    assert_eq!(code(&answer(asked, 1, r#"{"result":[{"number":"1"}]}"#)), Some("fields.missing"));
    assert_eq!(
        code(&answer(asked, 2, r#"{"result":[{"number":"1","secret":"x"},{"number":"2"}]}"#)),
        Some("fields.missing")
    );
    assert_eq!(code(&answer(asked, 1, r#"{"result":[{"number":"1","secret":""}]}"#)), None);
}

#[test]
fn moment_that_is_shown_at_another_hour_is_local() {
    let asked = "/api/now/table/incident?sysparm_display_value=all";
    let row = |shown: &str| {
        format!(r#"{{"result":[{{"opened_at":{{"display_value":"{shown}","value":"2026-03-01 19:30:00"}}}}]}}"#)
    };
    assert_eq!(code(&answer(asked, 1, &row("2026-03-01 20:30:00"))), Some("values.display"));
    for same in ["2026-03-01 19:30:00", "03/01/2026 07:30:00 PM", "01.03.2026 19:30", ""] {
        assert_eq!(code(&answer(asked, 1, &row(same))), None, "{same}");
    }
    let shown = "/api/now/table/incident?sysparm_display_value=true";
    assert_eq!(code(&answer(shown, 1, r#"{"result":[{"opened_at":"2026-03-01 20:30:00"}]}"#)), Some("values.display"));
}

#[test]
fn batches_and_imports_report_failures_in_their_bodies() {
    let found = |path: &str, text: &str| code(&Answer { method: Method::Post, total: None, ..answer(path, 0, text) });
    let batch = |left: &str| {
        format!(r#"{{"serviced_requests":[{{"id":"1","status_code":200}}],"unserviced_requests":[{left}]}}"#)
    };
    assert_eq!(found("/api/now/v1/batch", &batch("\"2\"")), Some("batch.unserviced"));
    assert_eq!(found("/api/now/v1/batch", &batch("")), None);
    let import =
        |status: &str| format!(r#"{{"import_set":"I","result":[{{"status":"{status}","error_message":"x"}}]}}"#);
    for (status, expected) in [
        ("inserted", None),
        ("updated", None),
        ("ignored", Some("import.not-applied")),
        ("error", Some("import.not-applied")),
    ] {
        assert_eq!(found("/api/now/import/imp_user", &import(status)), expected, "{status}");
    }
    assert_eq!(found("/api/now/import/imp_user", ""), Some("import.not-applied"));
}

#[test]
fn queued_requests_of_one_session_are_recognized_by_duration() {
    let slow = Circumstances {
        cookies: true,
        together: 2,
        duration: Some(Millis(1000)),
        usual_duration: Some(Millis(450)),
        ..Circumstances::default()
    };
    let found = |around| code(&Answer { around, ..answer(LIST, 1, r#"{"result":[{"number":"1"}]}"#) });
    assert_eq!(found(slow), Some("session.one-at-a-time"));
    assert_eq!(found(Circumstances { cookies: false, ..slow }), None);
    assert_eq!(found(Circumstances { together: 1, ..slow }), None);
}

#[test]
fn write_without_effect_is_recognized_by_its_reply() {
    let patched = |path: &'static str, sent: &'static str, text: &'static str| {
        let answer = Answer { method: Method::Patch, total: None, sent: Some(sent), ..answer(path, 0, text) };
        suspect(&answer).map(|diagnosis| (diagnosis.code.as_str(), diagnosis.causes[0].code))
    };
    const ONE: &str = "/api/now/table/incident/1";
    const RECORD: &str = r#"{"result":{"state":"1","priority":"3","caller_id":"","short_description":"x","comments":"","active":"true","user_password":"","group":{"link":"l","value":"ab"}}}"#;
    let of = |sent| patched(ONE, sent, RECORD);
    assert_eq!(of(r#"{"state":"Resolved"}"#), Some(("write.field-dropped", "write.label-for-value")));
    assert_eq!(of(r#"{"caller_id":"Beth Anglin"}"#), Some(("write.field-dropped", "write.label-for-value")));
    assert_eq!(of(r#"{"priority":"1"}"#), Some(("write.field-dropped", "write.field-protected")));
    assert_eq!(of(r#"{"user_password":"hush"}"#), Some(("write.field-dropped", "field.encrypted")));
    assert_eq!(of(r#"{"short_descripton":"x"}"#), Some(("write.field-dropped", "write.field-misspelt")));
    for innocent in [
        r#"{"state":"1","short_description":"x"}"#,
        r#"{"comments":"written"}"#,
        r#"{"caller_id":"","priority":3,"active":true}"#,
        r#"{"short_description":"another, by a rule"}"#,
        r#"{"sys_created_on":"x"}"#,
        r#"{"group":"AB"}"#,
        "",
    ] {
        assert_eq!(of(innocent), None, "{innocent}");
    }
    let chosen = patched(
        "/api/now/table/incident/1?sysparm_fields=number",
        r#"{"u_other":"x"}"#,
        r#"{"result":{"number":"1"}}"#,
    );
    assert_eq!(chosen, None, "a field that was not asked for says nothing by its absence");
    let evidence =
        suspect(&Answer { method: Method::Put, sent: Some(r#"{"user_password":"hush"}"#), ..answer(ONE, 0, RECORD) });
    assert!(!format!("{:?}", evidence.unwrap().evidence).contains("hush"), "what was sent is not repeated");
}

#[test]
fn list_as_body_and_inserted_catalog_order_are_reported() {
    let posted = |path: &'static str, sent: &'static str| {
        let text = r#"{"result":{"number":"1"}}"#;
        code(&Answer { method: Method::Post, total: None, status: 201, sent: Some(sent), ..answer(path, 0, text) })
    };
    let incidents = "/api/now/table/incident?sysparm_fields=number";
    assert_eq!(posted(incidents, r#"[{"number":"1"},{"number":"2"}]"#), Some("write.first-only"));
    assert_eq!(posted(incidents, r#"[{"number":"1"}]"#), None);
    assert_eq!(posted("/api/now/table/sc_req_item", r#"{"number":"1"}"#), Some("catalog.made-by-table"));
}

#[test]
fn journal_field_reads_empty_without_display_values() {
    let read = |parameters: &str, text: &str| code(&answer(&format!("/api/now/table/incident?{parameters}"), 1, text));
    let empty = r#"{"result":[{"number":"1","work_notes":""},{"number":"2","work_notes":""}]}"#;
    assert_eq!(read("sysparm_fields=number,work_notes", empty), Some("journal.raw-empty"));
    assert_eq!(read("sysparm_fields=number,work_notes&sysparm_display_value=true", empty), None);
    assert_eq!(read("sysparm_limit=2", empty), None);
    assert_eq!(read("sysparm_fields=number,work_notes", r#"{"result":[{"number":"1","work_notes":"x"}]}"#), None);
}

proptest! {
    #[test]
    fn any_answer_is_looked_at_without_harm(path in "/api/now/(table|import|v1/batch)/?[a-z]{0,5}(\\?sysparm_(query|fields|offset|display_value)=.{0,20})?", text in ".{0,120}", total: u64, post: bool) {
        let method = if post { Method::Post } else { Method::Get };
        if let Some(diagnosis) = suspect(&Answer { method, ..answer(&path, total, &text) }) {
            prop_assert_eq!(diagnosis.evidence.len(), 2);
        }
    }
}

#[test]
fn raw_control_character_is_named_by_its_place() {
    let spoilt = suspect(&answer(LIST, 1, "{\"result\":[{\"a\":\"x\u{1}y\"}]}")).unwrap();
    assert_eq!(spoilt.code, "reply.control-character");
    assert!(spoilt.evidence[1].contains("U+0001 stands raw at byte 18"), "{:?}", spoilt.evidence);
    assert_eq!(code(&answer(LIST, 1, "{\"result\":[\n\t{\"a\":\"\\u0001\"}]}")), None, "spaces between, and an escape");
}
