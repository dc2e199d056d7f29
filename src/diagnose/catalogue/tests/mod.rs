//! Each row of the catalogue: a reply that shows it, and the diagnosis expected.

#[cfg(feature = "circumstances")]
mod circumstances;
mod message;
mod ordering;
mod silent;

use proptest::prelude::*;

use super::*;
use crate::code::Code;
use crate::diagnose::model::facts::{Facts, Stage, Transport};
use crate::diagnose::{Failure, diagnose};
use crate::request::{Body, Headers, Method, Reply};
use crate::time::Millis;

const NOW: Millis = Millis(1_000_000);

fn reply(status: u16, headers: &str, text: &str) -> Reply {
    Reply { status, headers: Headers::from_lines(headers), body: Body::Text(text.to_owned()) }
}

fn seen(stage: Stage, method: Method, outcome: Result<&Reply, Transport>) -> Box<Failure> {
    let path = if stage == Stage::Token { "/oauth_token.do" } else { "/api/now/table/incident?sysparm_query=a=hush" };
    diagnose(&Facts { stage, method, path, outcome }, 1, NOW)
}

fn at(method: Method, path: &str, status: u16, text: &str) -> Box<Failure> {
    let reply = reply(status, "content-type: application/json", text);
    let outcome = Ok(&reply);
    diagnose(&Facts { stage: Stage::Api, method, path, outcome }, 1, NOW)
}

fn api(status: u16, headers: &str, text: &str) -> &'static str {
    seen(Stage::Api, Method::Get, Ok(&reply(status, headers, text))).diagnosis.code.as_str()
}

fn token(status: u16, headers: &str, text: &str) -> &'static str {
    seen(Stage::Token, Method::Post, Ok(&reply(status, headers, text))).diagnosis.code.as_str()
}

#[test]
fn token_endpoint_refusals_are_diagnosed_by_their_body() {
    assert_eq!(token(401, "", r#"{"error_description":"access_denied","error":"server_error"}"#), "token.refused");
    assert_eq!(token(400, "", r#"{"error":"unsupported_grant_type"}"#), "token.unsupported-grant");
    assert_eq!(token(401, "", r#"{"error":"invalid_scope"}"#), "token.invalid-scope");
    let assertion =
        |text: &str| token(400, "", &format!(r#"{{"error":"invalid_grant","error_description":"{text}"}}"#));
    assert_eq!(assertion("User not found"), "token.subject-refused");
    assert_eq!(assertion("Grant access token to admin is not allowed"), "token.subject-refused");
    assert_eq!(token(500, "", ""), "token.unavailable");
    assert_eq!(token(200, "content-type: application/json", "{}"), "token.unreadable");
}

#[test]
fn path_of_any_length_makes_an_error_that_can_be_read() {
    let path = ["/api/", &"x".repeat(100_000)].concat();
    let outcome = Err(Transport::Unreachable);
    let facts = Facts { stage: Stage::Api, method: Method::Get, path: &path, outcome };
    let message = diagnose(&facts, 1, NOW).message();
    assert!(message.contains("GET /api/xxx") && message.len() < 1000, "{}", message.len());
}

#[test]
fn page_with_400_for_a_long_address_is_about_its_length() {
    let page = reply(400, "content-type: text/html", "<html><title>Bad Request</title>");
    let envelope = reply(400, "", r#"{"error":{"message":"Invalid table x","detail":null},"status":"failure"}"#);
    for (length, reply, expected) in
        [(6000, &page, "request.too-long"), (600, &page, "request.unreadable"), (6000, &envelope, "table.unknown")]
    {
        let path = ["/api/now/table/incident?sysparm_query=", &"x".repeat(length)].concat();
        let outcome = Ok(reply);
        let facts = Facts { stage: Stage::Api, method: Method::Get, path: &path, outcome };
        assert_eq!(diagnose(&facts, 1, NOW).diagnosis.code.as_str(), expected, "{length}");
    }
}

#[test]
fn page_instead_of_an_answer_is_recognised_at_every_address() {
    let asleep =
        "<html><head><title>Instance Hibernating page</title></head><body>Your instance is hibernating</body></html>";
    assert_eq!(token(200, "content-type: text/html", asleep), "instance.hibernating");
    assert_eq!(api(200, "content-type: text/html", asleep), "instance.hibernating");
    assert_eq!(api(503, "content-type: text/html", asleep), "instance.hibernating");
    let gateway = r#"{"error":{"message":"The instance is asleep","detail":"instance.hibernating"}}"#;
    assert_eq!(api(502, "content-type: application/json", gateway), "instance.hibernating");
    assert_eq!(api(200, "content-type: text/html", "<html><title>Log in</title>"), "instance.not-its-api");
    assert_eq!(api(200, "", "<!DOCTYPE html><title>Router</title>"), "instance.not-its-api");
    assert_eq!(api(502, "content-type: text/html", "<html>"), "instance.unavailable");
    assert_eq!(api(302, "location: /logout_success.do", ""), "instance.redirected");
    assert_eq!(api(0, "", ""), "instance.redirected");
}

#[test]
fn status_429_means_rate_limit_or_full_queue() {
    assert_eq!(api(429, "x-ratelimit-limit: 100\nretry-after: 60", "{}"), "rate.rule");
    assert_eq!(
        api(429, "", r#"{"error":{"message":"Rate limit exceeded"}}"#),
        "rate.rule",
        "a browser may not see the headers"
    );
    assert_eq!(api(429, "", ""), "capacity.queue-full");
    assert_eq!(api(202, "", ""), "capacity.session-queue");
}

#[test]
fn instances_own_words_decide_a_refusal() {
    let says = |status, message: &str, detail: &str| {
        api(
            status,
            "content-type: application/json",
            &format!(r#"{{"error":{{"message":"{message}","detail":"{detail}"}},"status":"failure"}}"#),
        )
    };
    assert_eq!(says(400, "Invalid table incidnt", ""), "table.unknown");
    assert_eq!(says(400, "Requested URI does not represent any resource", ""), "path.unknown");
    assert_eq!(says(404, "Requested URI does not represent any resource", ""), "path.unknown");
    assert_eq!(says(400, "Exception while reading request", ""), "request.unreadable");
    assert_eq!(says(404, "No Record found", ""), "record.not-found");
    let fields = "Field(s) present in the query do not have permission to be read";
    assert_eq!(says(403, "Insufficient rights to query records", fields), "query.field-not-readable");
    assert_eq!(says(403, "Missing required api access scope", ""), "scope.missing");
    assert_eq!(says(403, "User Not Authorized", "Access to unscoped api is not allowed"), "scope.unscoped-api");
    assert_eq!(says(403, "User Not Authorized", "Failed API level ACL Validation"), "acl.api");
    assert_eq!(says(403, "Operation Failed", "was aborted by Business Rule 'x^1'"), "record.rule-refused");
    assert_eq!(says(403, "Operation Failed", "ACL Exception Insert Failed due to security constraints"), "acl.refused");
    assert_eq!(says(401, "User Not Authenticated", "Required to provide Auth information"), "token.not-accepted");
    assert_eq!(api(401, "x-mfa_token: invalid", ""), "authentication.mfa");
    assert_eq!(api(405, "", ""), "request.method");
    assert_eq!(api(415, "", ""), "request.method");
    assert_eq!(api(414, "content-type: text/html", ""), "request.too-long");
    assert_eq!(api(400, "content-type: text/html", "<html>Header Or Cookie Too Large"), "request.too-long");
    assert_eq!(api(400, "content-type: text/html", "<html>Bad Request"), "request.unreadable");
    let fenced = "Write operation against 'incident' from scope 'x_a' has been refused due to the table's cross-scope access policy";
    assert_eq!(says(403, "Operation Failed", fenced), "script.cross-scope");
    let file =
        |status, text: &str| at(Method::Post, "/api/now/attachment/file?file_name=a.txt", status, text).diagnosis;
    let first = |status, text: &str| (file(status, text).code.as_str(), file(status, text).causes[0].code);
    assert_eq!(first(403, "File type is not allowed"), ("attachment.refused", "attachment.type"));
    assert_eq!(first(403, "Operation Failed"), ("attachment.refused", "attachment.record-not-writable"));
    assert_eq!(first(413, ""), ("attachment.too-large", "attachment.size"));
    let none = "Records matching query not found. Check query parameter or offset parameter";
    assert_eq!(says(404, "No Record found", none), "list.none");
    assert_eq!(says(500, "oops", ""), "instance.error");
}

#[test]
fn status_404_means_a_record_only_if_one_is_named() {
    let id = "0123456789abcdef0123456789abcdef";
    let record = &format!("/api/now/table/incident/{id}");
    let missing = r#"{"error":{"message":"No Record found","detail":"Record doesn't exist"},"status":"failure"}"#;
    let fremd = r#"{"error":{"message":"Kein Datensatz gefunden","detail":"Nicht vorhanden"},"status":"failure"}"#;
    let foreign = r#"{"detail":"Not Found"}"#;
    let invalid = r#"{"error":{"message":"Invalid table tablename","detail":null},"status":"failure"}"#;
    let without = r#"{"error":{"message":"Table incident not found"}}"#;
    for (path, text, code) in [
        (record.as_str(), missing, "record.not-found"),
        (record, fremd, "record.not-found"),
        (record, foreign, "record.not-found"),
        ("/api/now/table/incident/none", missing, "record.not-found"),
        ("/api/now/table/incident/INC0010001", missing, "record.not-found"),
        ("/api/now/v1/table/incident?sysparm_query=a=b", fremd, "list.none"),
        ("/api/x_app/v1/things/7", r#"{"error":{"message":"No such record"}}"#, "record.not-found"),
        ("/api/x_app/v1/things/7", foreign, "path.unknown"),
        ("/api/now/stats/incident?sysparm_count=true", foreign, "path.unknown"),
        ("/api/now/v1/batch", foreign, "path.unknown"),
        ("/api/now/attachment", r#"{"error":"Not found"}"#, "path.unknown"),
        ("/api/now/table/incident?sysparm_limit=1", without, "table.unknown"),
        ("/api/now/table/incident?sysparm_limit=1", foreign, "path.unknown"),
        ("/api/now/table/incident?sysparm_limit=1", "", "path.unknown"),
        ("/api/now/table/tablename", invalid, "table.unknown"),
        (&format!("/api/now/table/tablename/{id}"), invalid, "table.unknown"),
        ("/api/now/cmdb/instance/cmdb_ci_x", r#"{"error":{"message":"Invalid class","detail":"x"}}"#, "table.unknown"),
    ] {
        assert_eq!(at(Method::Get, path, 404, text).diagnosis.code.as_str(), code, "{path} {text}");
    }
}

#[test]
fn status_400_is_read_by_its_words_or_named_parts() {
    let says = |message: &str| format!(r#"{{"error":{{"message":"{message}","detail":null}},"status":"failure"}}"#);
    let list = "/api/now/table/incidnt?sysparm_limit=x&sysparm_query=active=true&name_like=a";
    for (path, message, code) in [
        (list, "Ungültige Tabelle incidnt", "table.unknown"),
        (list, "Table non valide : incidnt", "table.unknown"),
        ("/api/now/nothing", "Der angeforderte URI stellt keine Ressource dar", "path.unknown"),
        ("/api/now/nothing", "L'URI demandé ne correspond à aucune ressource", "path.unknown"),
        (list, "Invalid value for sysparm_limit", "request.parameter"),
        (list, "name_like must not be empty", "request.parameter"),
        ("/api/now/attachment/upload", "Missing parameter: table_sys_id", "request.parameter"),
        (list, "Exception while reading request", "request.unreadable"),
        (list, "Something else", "request.unreadable"),
        ("/api/now/attachment/file?file_name=[a]", "Invalid uri", "request.unreadable"),
    ] {
        assert_eq!(at(Method::Get, path, 400, &says(message)).diagnosis.code.as_str(), code, "{message}");
    }
    let named = at(Method::Get, list, 400, &says("Invalid value for sysparm_limit")).diagnosis.evidence;
    assert_eq!(named.last().map(String::as_str), Some("parameter: sysparm_limit"));
}

#[test]
fn refusals_in_other_languages_are_known_by_their_form() {
    let says = |message: &str, detail: &str| {
        format!(r#"{{"error":{{"message":"{message}","detail":"{detail}"}},"status":"failure"}}"#)
    };
    let rule = says("Échec", "interrompue par la règle métier 'x^0123456789abcdef0123456789abcdef'");
    assert_eq!(at(Method::Patch, "/api/now/table/incident/x", 403, &rule).diagnosis.code, "record.rule-refused");
    let counts = says("Unzureichende Rechte", "Keine Berechtigung zum Lesen der Tabelle 'incident'");
    assert_eq!(at(Method::Get, "/api/now/stats/incident", 403, &counts).diagnosis.code, "acl.table-counts");
    let field = says("Droits insuffisants", "Des champs de la requête ne peuvent pas être lus");
    let refused = at(Method::Get, "/api/now/table/incident?sysparm_query=a=b", 403, &field).diagnosis;
    assert!(refused.code == "acl.refused" && refused.causes.iter().any(|cause| cause.code == "acl.query"));
    let broken = r#"{"result":[{"number":"INC1"},"error":{"message":"Transaktion abgebrochen","detail":"x"},"status":"failure"}"#;
    assert_eq!(at(Method::Get, "/api/now/table/incident", 200, broken).diagnosis.code, "quota.cancelled");
    let whole = r#"{"result":[{"number":"INC1"}],"error":{"message":"Hinweis","detail":"x"},"status":"failure"}"#;
    assert_ne!(at(Method::Get, "/api/now/table/incident", 200, whole).diagnosis.code, "quota.cancelled");
}

#[test]
fn causes_that_the_reply_names_come_first() {
    let first = |method, status, text: &str| {
        let diagnosis = at(method, "/api/now/table/incident", status, text).diagnosis;
        (diagnosis.code.as_str(), diagnosis.causes[0].code)
    };
    let script = r#"{"error":{"message":"java.lang.NullPointerException","detail":"x Check logs for error trace"}}"#;
    assert_eq!(first(Method::Get, 500, script), ("instance.error", "instance.script-failed"));
    assert_eq!(first(Method::Post, 500, script), ("write.unknown-outcome", "instance.script-failed"));
    assert_eq!(first(Method::Post, 503, ""), ("write.unknown-outcome", "write.failed-under-way"));
    let scope = r#"{"error":{"message":"ScopeAccessNotGrantedException: read access to incident from scope x_app"}}"#;
    assert_eq!(first(Method::Get, 403, scope).0, "script.cross-scope");
    assert_eq!(first(Method::Get, 204, "").0, "instance.no-content");
}

#[test]
fn pause_of_no_length_is_no_word_on_when_to_come_back() {
    for headers in ["retry-after: 0", "retry-after: Thu, 01 Jan 1970 00:00:01 GMT", "x-ratelimit-reset: 1"] {
        let reply = reply(429, &["x-ratelimit-limit: 100\n", headers].concat(), "");
        let failure = seen(Stage::Api, Method::Get, Ok(&reply));
        assert_eq!((failure.diagnosis.retry, failure.resumes_at), (Retry::Backoff, None), "{headers}");
    }
}

#[test]
fn conflict_lock_and_missing_method_have_codes_of_their_own() {
    let of = |method, status, text: &str| {
        let failure = seen(Stage::Api, method, Ok(&reply(status, "content-type: application/json", text)));
        (failure.diagnosis.code.as_str(), failure.diagnosis.retry)
    };
    for method in [Method::Get, Method::Post, Method::Patch] {
        for words in ["Record is locked by another process", "Der Datensatz ist gesperrt", "Enregistrement verrouillé"]
        {
            assert_eq!(
                of(method, 409, &format!(r#"{{"error":{{"message":"{words}"}}}}"#)),
                ("record.locked", Retry::Backoff)
            );
        }
        assert_eq!(of(method, 423, ""), ("record.locked", Retry::Backoff));
        assert_eq!(of(method, 409, ""), ("record.conflict", Retry::LookFirst));
        assert_eq!(of(method, 409, "The change is blocked, says the clock").0, "record.conflict");
        assert_eq!(of(method, 409, r#"{"error":{"message":"Duplicate key"}}"#).0, "record.conflict");
        assert_eq!(of(method, 425, ""), ("request.too-early", Retry::Backoff));
        assert_eq!(
            of(method, 501, ""),
            ("request.not-implemented", Retry::Never),
            "no unknown outcome: nothing was done"
        );
    }
    assert_eq!(token(501, "", ""), "request.not-implemented");
}

#[test]
fn batch_that_serves_nothing_is_no_empty_table() {
    let unserved = r#"{"batch_request_id":"1","serviced_requests":[],"unserviced_requests":["1"]}"#;
    assert_eq!(api(200, "content-type: application/json", unserved), "batch.unserviced");
}

#[test]
fn success_that_is_cut_is_no_success() {
    let cut =
        r#"{"result":[{"number":"INC1"},"error":{"message":"Transaction cancelled: maximum execution time exceeded","#;
    assert_eq!(api(200, "content-type: application/json", cut), "quota.cancelled");
    assert_eq!(api(200, "content-type: application/json", r#"{"result":[{"#), "instance.cut-reply");
    assert_eq!(api(200, "content-type: application/json", r#"{"result":[{"a":"}]}"#), "instance.cut-reply");
    let long = [r#"{"result":[{"a":"b"},"#, "\n…\n", r#"{"a":{"value":"b"}}"#].concat();
    assert_eq!(api(200, "content-type: application/json", &long), "instance.cut-reply");
}

#[test]
fn only_an_unanswered_write_has_an_unknown_outcome() {
    let write = seen(Stage::Api, Method::Post, Err(Transport::TimedOut));
    assert_eq!((write.diagnosis.code.as_str(), write.unknown_outcome), ("write.unknown-outcome", true));
    let read = seen(Stage::Api, Method::Get, Err(Transport::TimedOut));
    assert_eq!((read.diagnosis.code.as_str(), read.unknown_outcome), ("network.timeout", false));
    assert_eq!(seen(Stage::Api, Method::Get, Err(Transport::Unreachable)).diagnosis.code, "network.unreachable");
    let unsent = seen(Stage::Api, Method::Post, Err(Transport::Unsent));
    assert_eq!((unsent.diagnosis.code.as_str(), unsent.unknown_outcome), ("network.unreachable", false));
    let token = seen(Stage::Token, Method::Post, Err(Transport::Unreachable));
    assert_eq!((token.diagnosis.code.as_str(), token.unknown_outcome), ("network.unreachable", false));
}

#[test]
fn write_that_may_have_happened_is_never_called_failed() {
    let write = |status, headers: &str, text: &str| seen(Stage::Api, Method::Post, Ok(&reply(status, headers, text)));
    for status in [500, 502, 503, 504, 520] {
        let failure = write(status, "", "Transaction cancelled: maximum execution time exceeded");
        assert_eq!(
            (failure.diagnosis.code.as_str(), failure.diagnosis.retry),
            ("write.unknown-outcome", Retry::LookFirst),
            "{status}"
        );
        assert!(failure.unknown_outcome);
    }
    assert_eq!(write(403, "", r#"{"error":{"message":"Operation Failed"}}"#).diagnosis.retry, Retry::LookFirst);
    let refused = |what| {
        format!(
            r#"{{"error":{{"message":"Operation Failed","detail":"ACL Exception {what} Failed due to security constraints"}}}}"#
        )
    };
    assert_eq!(write(403, "", &refused("Update")).diagnosis.retry, Retry::Never);
    let created = write(403, "", &refused("Insert")).diagnosis.retry;
    assert_eq!(created, Retry::LookFirst, "who may create and not read back hears the same words");
    let cut = write(201, "content-type: application/json", r#"{"result":{"sys_id":"1"#);
    assert!(cut.diagnosis.code == Code::WRITE_UNKNOWN_OUTCOME && cut.unknown_outcome, "created, and cut off");
    let half =
        r#"{"batch_request_id":"1","serviced_requests":[{"id":"1","status_code":201}],"unserviced_requests":["2"]}"#;
    assert_ne!(write(200, "content-type: application/json", half).diagnosis.retry, Retry::Backoff);
    assert!(!write(429, "", "").unknown_outcome, "what was queued out was not processed");
}

#[test]
fn data_decides_nothing_and_is_not_repeated() {
    let cut = r#"{"result":[{"message":"login with password hush","detail":"hibernating"},{"message":"maximum execution time exceeded"#;
    let failure = seen(Stage::Api, Method::Get, Ok(&reply(200, "content-type: application/json", cut)));
    assert_eq!(failure.diagnosis.code, "instance.cut-reply");
    assert!(!failure.message().contains("hush"));
    let rule =
        r#"{"error":{"message":"Operation Failed","detail":"was aborted by Business Rule 'Stop hibernating^1'"}}"#;
    assert_eq!(api(403, "content-type: application/json", rule), "record.rule-refused");
}

#[test]
fn html_page_with_403_is_not_a_table_access_rule() {
    assert_eq!(api(403, "content-type: text/html", "<html>Access denied"), "instance.address-refused");
    assert_eq!(token(403, "content-type: text/html", "<html>Access denied"), "instance.address-refused");
}

#[test]
fn instances_own_word_on_when_to_come_back_is_kept() {
    let failure = seen(Stage::Api, Method::Get, Ok(&reply(429, "x-ratelimit-limit: 100\nretry-after: 1800", "")));
    assert_eq!(failure.diagnosis.retry, Retry::After(Millis(1_800_000)));
    assert_eq!(failure.resumes_at, Some(NOW + Millis(1_800_000)));
    let failure = seen(Stage::Api, Method::Get, Ok(&reply(429, "x-ratelimit-limit: 100\nx-ratelimit-reset: 1060", "")));
    assert_eq!(failure.resumes_at, Some(Millis(1_060_000)), "a reset is a time of day, in seconds");
}

#[test]
fn every_row_is_well_formed() {
    for row in TABLES.iter().flat_map(|rows| rows.iter()) {
        let sum: u32 = row.causes.iter().map(|cause| u32::from(cause.percent)).sum();
        assert!(sum <= 100, "{}: likelihoods sum to {sum}", row.code);
        assert!(!row.title.ends_with('.'), "{}: a title has no full stop", row.code);
        for pair in row.causes.windows(2) {
            assert!(pair[0].percent >= pair[1].percent, "{}: order of causes", row.code);
        }
        for cause in row.causes {
            assert!(
                !cause.fix.is_empty() && !cause.source.is_empty() && !cause.tell_apart.is_empty(),
                "{}",
                cause.code
            );
        }
    }
}

#[test]
fn every_row_has_a_key_of_its_own() {
    let keys: std::collections::BTreeSet<u16> = failures().map(|row| row.key).collect();
    assert_eq!(keys.len(), failures().count(), "two rows with one key: reword a title, or another number at the fold");
}

proptest! {
    #[test]
    fn every_reply_gets_a_diagnosis(status in 0_u16..700, kind in "(text/html|application/json)?", text in ".{0,200}", on_token: bool) {
        let reply = reply(status, &format!("content-type: {kind}"), &text);
        let stage = if on_token { Stage::Token } else { Stage::Api };
        let failure = seen(stage, Method::Get, Ok(&reply));
        prop_assert!(!failure.diagnosis.code.as_str().is_empty());
        prop_assert!(!failure.message().contains("hush"));
    }
}
