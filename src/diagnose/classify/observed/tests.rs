use super::*;
use crate::request::{Body, Headers};
use proptest::prelude::*;

fn replied(method: &str, path: &str, status: u16, headers: &str, body: &str) -> Observed {
    let reply = Reply { status, headers: Headers::from_lines(headers), body: Body::Text(body.to_owned()) };
    Observed {
        method: method.into(),
        path: path.into(),
        headers: vec![("Authorization".into(), "Bearer held-token".into())],
        body: None,
        ending: Ending::Reply(reply),
        at: Millis(1_772_366_400_000),
        duration: None,
    }
}

#[test]
fn good_reply_has_nothing_against_it() {
    let observed = replied("GET", "/api/now/table/incident?sysparm_limit=1", 200, "", r#"{"result":[{"sys_id":"1"}]}"#);
    let diagnosis = classify_observed(&observed, &[]);
    assert_eq!((diagnosis.code.as_str(), diagnosis.causes.len()), ("reply.in-order", 0));
    assert_eq!(diagnosis.evidence, ["GET /api/now/table/incident answered 200"]);
}

#[test]
fn xml_is_a_failure_unless_the_request_accepts_it() {
    let rows = "<?xml version=\"1.0\"?><response><result><number>1</number></result></response>";
    let mut observed = replied("GET", "/api/now/table/incident?sysparm_limit=1", 200, "X-Total-Count: 60", rows);
    assert_eq!(classify_observed(&observed, &[]).code, "instance.not-json");
    observed.headers.push(("accept".into(), "application/xml".into()));
    assert_eq!(classify_observed(&observed, &[]).code, "reply.in-order");
    observed.headers.clear();
    assert_eq!(classify_observed(&observed, &[]).code, "reply.in-order");
}

#[test]
fn json_of_another_form_than_promised_is_a_failure() {
    let code =
        |method: &str, path: &str, body: &str| classify_observed(&replied(method, path, 200, "", body), &[]).code;
    for body in ["{}", "[]", r#"{"result":{"sys_id":"1"}}"#, r#"{"result":null}"#, r#"{"count":1}"#] {
        assert_eq!(code("GET", "/api/now/table/incident", body), "instance.other-reply", "{body}");
    }
    for body in ["{}", r#"{"result":[]}"#, r#"{"result":"done"}"#] {
        assert_eq!(
            code("GET", "/api/now/table/incident/0123456789abcdef0123456789abcdef", body),
            "instance.other-reply"
        );
    }
    assert_eq!(code("GET", "/api/x_acme/records", "{}"), "reply.in-order");
}

#[test]
fn unreported_rows_are_not_counted_as_missing() {
    let mut observed = replied("GET", "/api/now/table/incident?sysparm_limit=10", 200, "X-Total-Count: 60", "");
    assert_ne!(classify_observed(&observed, &[]).code, "reply.in-order");
    if let Ending::Reply(reply) = &mut observed.ending {
        reply.body = Body::Untouched;
    }
    assert_eq!(classify_observed(&observed, &[]).code, "reply.in-order");
}

#[test]
fn possible_write_is_not_called_safe_to_repeat() {
    let retry = |method: &str| classify_observed(&replied(method, "/api/now/table/incident", 503, "", ""), &[]).retry;
    assert_eq!((retry("GET"), retry("POST"), retry("")), (Retry::Backoff, Retry::LookFirst, Retry::LookFirst));
    let busy = classify_observed(&replied("", "/api/now/table/incident", 429, "Retry-After: 5", ""), &[]);
    assert_eq!(busy.retry, Retry::After(Millis(5000)));
}

#[test]
fn token_repeated_by_a_reply_is_redacted() {
    let body = r#"{"error":{"message":"bad token held-token","detail":"held-token"},"status":"failure"}"#;
    let observed = classify_observed(&replied("GET", "/api/now/table/incident", 401, "", body), &[]).evidence.join(" ");
    assert!(observed.contains("bad token [redacted]") && !observed.contains("held-token"), "{observed}");
}

#[test]
fn probe_of_a_page_decides_the_cause() {
    let first = |ending| {
        let observed = Observed { ending, ..replied("GET", "/api/now/table/incident", 0, "", "") };
        classify_observed(&observed, &[]).causes[0].code
    };
    assert_eq!(first(Ending::Unreadable), "cors.api");
    assert_eq!(first(Ending::Silent), "network.down");
    assert_eq!(first(Ending::MixedContent), "network.mixed-content");
}

proptest! {
    #[test]
    fn deletion_without_content_is_done_whatever_its_type(kind in "[a-z]{1,12}/[a-z+-]{1,12}|text/html; charset=utf-8", id in "[0-9a-f]{32}") {
        let path = format!("/api/now/table/incident/{id}");
        let observed = replied("DELETE", &path, 204, &format!("content-type: {kind}"), "");
        prop_assert_eq!(classify_observed(&observed, &[]).code, "reply.in-order");
    }

    #[test]
    fn any_exchange_gets_ordered_causes_and_no_secret(
        method in "(GET|POST|PUT|PATCH|DELETE|HEAD|PROPFIND|)",
        path in "(/oauth_token\\.do|/api/now/table/incident|/api/now/import/x|/api/now/v1/batch|/oauth_auth\\.do|\\PC{0,20})(\\?\\PC{0,60})?",
        status in 0_u16..700,
        headers in "((content-type|x-total-count|location|www-authenticate|retry-after|date|x-mfa_token): \\PC{0,30}\n){0,4}",
        body in "(\\PC{0,200}|\\{\"result\":\\[\\PC{0,80}\\]\\}|\\{\"error\":\\{\"message\":\"\\PC{0,80}hush-hush\\PC{0,20})",
        ending in 0_u8..6,
        repeat in 0_usize..3,
    ) {
        let mut observed = replied(&method, &path, status, &headers, &body);
        observed.body = Some("client_secret=hush-hush".to_owned());
        match ending {
            0 => observed.ending = Ending::Unreachable,
            1 => observed.ending = Ending::TimedOut,
            2 => observed.ending = Ending::Unreadable,
            3 => observed.ending = Ending::Silent,
            _ => {}
        }
        let earlier = vec![observed.clone(); repeat];
        let found = classify_observed(&observed, &earlier);
        prop_assert!(found.causes.iter().map(|cause| u32::from(cause.percent)).sum::<u32>() <= 100);
        prop_assert!(found.causes.windows(2).all(|pair| pair[0].percent >= pair[1].percent));
        prop_assert!(!found.code.as_str().is_empty() && !found.evidence.is_empty());
        prop_assert!(!found.evidence.concat().contains("hush-hush"), "{:?}", found.evidence);
    }
}

#[test]
fn only_a_bearer_token_is_a_good_reply_of_the_token_endpoint() {
    let code = |kind: &str| {
        let body = [r#"{"access_token":"t","expires_in":1799"#, kind, "}"].concat();
        classify_observed(&replied("POST", "/oauth_token.do", 200, "content-type: application/json", &body), &[]).code
    };
    for kind in ["", r#","token_type":"Bearer""#, r#","token_type":"bearer""#, r#","token_type":null"#] {
        assert_eq!(code(kind), "reply.in-order", "{kind}");
    }
    for kind in [r#","token_type":"DPoP""#, r#","token_type":"mac""#, r#","token_type":"""#, r#","token_type":7"#] {
        assert_eq!(code(kind), "token.unreadable", "{kind}");
    }
}
