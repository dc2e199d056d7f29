//! What stands between a client and an instance: pages of gateways, redirects, caches, lost headers, changed bodies, broken HTTP.

use std::cell::RefCell;
use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use serde_json::json;
use sysparm_instance::{
    BodyChange, CacheKey, Fault, FaultKind, Gateway, HeaderChange, LostHeader, RedirectTarget, Reply, Request,
    RetryAfter, WireFault, every,
};

use crate::client::{Client, rows, text};
use crate::served::Served;

const LIST: &str = "/api/now/table/incident";

fn always(kind: FaultKind) -> Vec<Fault> {
    vec![Fault { path: Some("/api/".into()), probability: 1.0, after: 0, count: None, kind }]
}

thread_local! {
    /// One instance for all faults: each test only reads.
    static CLIENT: RefCell<Client> = RefCell::new(Client::with_rows(2));
}

/// The reply to a list of two incidents under a fault.
fn under(kind: FaultKind) -> Reply {
    CLIENT.with_borrow_mut(|client| {
        client.instance.switches_mut().faults = always(kind);
        client.get(LIST, &[("sysparm_fields", "number"), ("sysparm_limit", "1")])
    })
}

#[test]
fn gateway_answers_in_its_own_form_with_the_set_status() {
    for by in every::<Gateway>() {
        for status in [200, 403, 502, 503] {
            let reply = under(FaultKind::Gateway { status, by });
            let body = String::from_utf8_lossy(reply.bytes()).into_owned();
            assert!(reply.status == status && !body.is_empty() && rows(&reply).is_empty(), "{by:?}: {body}");
            assert_eq!(reply.header("X-Total-Count"), None, "{by:?}");
            assert!(reply.as_json()["error"].is_null(), "{by:?}: ServiceNow's form: {body}");
        }
    }
    let reply = under(FaultKind::Gateway { status: 407, by: Gateway::Squid });
    assert_eq!(reply.header("Proxy-Authenticate"), Some("Basic realm=\"proxy\""));
}

#[test]
fn redirect_leads_elsewhere_or_to_itself() {
    for (to, start) in [
        (RedirectTarget::SignIn, "https://login.example/"),
        (RedirectTarget::CaptivePortal, "http://portal.example/"),
        (RedirectTarget::InternalHost, "https://internal.example:8443/api/now/table/incident?"),
        (RedirectTarget::Itself, "http://practice.test/api/now/table/incident?sysparm_fields=number"),
    ] {
        let reply = under(FaultKind::Redirect { status: 302, to });
        assert!(reply.status == 302 && reply.header("Location").is_some_and(|to| to.starts_with(start)), "{reply:?}");
    }
}

#[test]
fn retry_after_has_every_unusual_form() {
    let values: Vec<String> = every::<RetryAfter>()
        .into_iter()
        .map(|form| {
            let reply = under(FaultKind::RetryAfter { status: 429, form });
            assert_eq!(reply.status, 429);
            reply.header("Retry-After").unwrap_or("none").to_owned()
        })
        .collect();
    let expected = [
        "Sun, 01 Mar 2026 12:00:02 GMT",
        "Sun, 01 Mar 2026 11:00:00 GMT",
        "0",
        "-1",
        "1.5",
        "soon",
        "99999999999999999999",
        "",
        "1, 2",
    ];
    assert_eq!(values, expected);
}

#[test]
fn empty_reply_keeps_its_headers() {
    for status in [200, 204, 304] {
        let reply = under(FaultKind::Empty { status });
        assert_eq!((reply.status, reply.bytes().len(), reply.header("X-Total-Count")), (status, 0, Some("2")));
    }
}

#[test]
fn changed_body_is_no_longer_the_json_that_was_sent() {
    let mut client = Client::with_rows(1);
    let sent = client.get(LIST, &[("sysparm_fields", "number"), ("sysparm_limit", "1")]).bytes().to_vec();
    for change in every::<BodyChange>() {
        let reply = under(FaultKind::Body { change });
        let claims = reply.header("Content-Encoding") == Some("gzip");
        assert_eq!(claims, matches!(change, BodyChange::GzipClaimed | BodyChange::GzipCut), "{change:?}");
        // This list has ASCII letters only, which Latin-1 writes alike.
        let same = matches!(change, BodyChange::GzipClaimed | BodyChange::Latin1);
        assert_eq!(reply.bytes() == sent, same, "{change:?}");
        let readable = same || change == BodyChange::BlankLines;
        assert_eq!(rows(&reply).len(), usize::from(readable), "{change:?}");
    }
    let umlaut = client.write("POST", LIST, &json!({"short_description": "Überall"}));
    assert_eq!(umlaut.status, 201);
    client.instance.switches_mut().faults = always(FaultKind::Body { change: BodyChange::Latin1 });
    let found = client.get(LIST, &[("sysparm_query", "short_descriptionSTARTSWITHÜber")]);
    assert!(found.bytes().windows(7).any(|bytes| bytes == b"\xdcberall"));
}

#[test]
fn headers_are_lost_doubled_or_rewritten() {
    for (change, lost) in [
        (HeaderChange::WithoutLink, "Link"),
        (HeaderChange::WithoutTotal, "X-Total-Count"),
        (HeaderChange::WithoutType, "Content-Type"),
        (HeaderChange::WithoutDate, "Date"),
    ] {
        let plain = under(FaultKind::Delay { ms: 0 });
        let reply = under(FaultKind::Headers { change });
        assert!(plain.header(lost).is_some() && reply.header(lost).is_none(), "{lost}");
        assert!(reply.headers.len() < plain.headers.len() && rows(&reply).len() == 1);
    }
    let doubled = under(FaultKind::Headers { change: HeaderChange::Doubled });
    assert_eq!(doubled.headers.iter().filter(|(name, _)| *name == "X-Total-Count").count(), 2);
    let rewritten = under(FaultKind::Headers { change: HeaderChange::HostsRewritten });
    let link = rewritten.header("Link").unwrap_or_default();
    assert!(link.contains("<https://internal.example:8443/api/now/table/incident?") && !link.contains("practice.test"));
}

#[test]
fn refusals_lose_the_headers_that_explain_them() {
    let mut client = Client::with_rows(1);
    let mut faults = always(FaultKind::Status { status: 429, retry_after: Some(3) });
    faults.extend(always(FaultKind::Headers { change: HeaderChange::WithoutRetryAfter }));
    faults.extend(always(FaultKind::Headers { change: HeaderChange::WithoutRateLimit }));
    client.instance.switches_mut().faults = faults;
    let reply = client.get(LIST, &[]);
    assert_eq!((reply.status, reply.header("Retry-After"), reply.header("X-RateLimit-Limit")), (429, None, None));
    client.instance.switches_mut().faults = always(FaultKind::LostHeader { name: LostHeader::Authorization });
    let refused = client.get(LIST, &[]);
    assert!(refused.status == 401 && refused.header("WWW-Authenticate").is_some());
    let without = FaultKind::Headers { change: HeaderChange::WithoutAuthenticate };
    client.instance.switches_mut().faults.extend(always(without));
    assert_eq!(client.get(LIST, &[]).header("WWW-Authenticate"), None);
}

#[test]
fn reply_to_a_new_record_loses_its_location() {
    let mut client = Client::with_rows(1);
    assert!(client.write("POST", LIST, &json!({})).header("Location").is_some());
    client.instance.switches_mut().faults = always(FaultKind::Headers { change: HeaderChange::WithoutLocation });
    let made = client.write("POST", LIST, &json!({}));
    assert_eq!((made.status, made.header("Location")), (201, None));
}

#[test]
fn request_is_read_as_if_its_lost_header_was_never_sent() {
    let mut client = Client::with_rows(1);
    let list = || Request::new("GET", LIST).with_header("Accept", "application/xml");
    let insert = || Request::new("POST", LIST).with_body("application/json", "{}");
    let mut faced = |lost: LostHeader, request: Request| {
        let before = client.send(request.clone());
        client.instance.switches_mut().faults = always(FaultKind::LostHeader { name: lost });
        let after = client.send(request);
        client.instance.switches_mut().faults.clear();
        (before, after)
    };
    let (before, after) = faced(LostHeader::Accept, list());
    assert!(before.as_json().is_null() && rows(&after).len() == 1);
    let (before, after) = faced(LostHeader::ContentType, insert());
    assert_eq!((before.status, after.status), (201, 415));
}

#[test]
fn cache_repeats_an_earlier_reply_until_it_is_too_old() {
    let mut client = Client::with_rows(2);
    client.instance.switches_mut().faults = always(FaultKind::Stale { key: CacheKey::Address });
    let query = [("sysparm_fields", "number,short_description")];
    let first = client.get(LIST, &query);
    assert_eq!(first.header("Age"), None);
    let id = text(&client.record("incident", "number", "INC0000001"), "sys_id");
    client.write("PATCH", &format!("{LIST}/{id}"), &json!({"short_description": "changed"}));
    client.now += 60_000;
    let second = client.get(LIST, &query);
    assert_eq!((second.bytes(), second.header("Age")), (first.bytes(), Some("60")));
    assert_eq!(second.header("Date"), first.header("Date"));
    assert_ne!(client.get(LIST, &[("sysparm_fields", "sys_id")]).bytes(), first.bytes());
    client.now += 300_000;
    assert_ne!(client.get(LIST, &query).bytes(), first.bytes());

    client.instance.switches_mut().faults = always(FaultKind::Stale { key: CacheKey::Path });
    let other = client.get(LIST, &[("sysparm_limit", "1"), ("sysparm_offset", "1")]);
    assert!(other.header("Age").is_some(), "the query is ignored");
}

/// Everything that arrives on a connection, and how it ends.
fn on_the_wire(form: WireFault) -> (Vec<u8>, Option<ErrorKind>) {
    let served = Served::with_rows(2);
    let token = served.token();
    if let Ok(mut instance) = served.instance.lock() {
        instance.switches_mut().faults = always(FaultKind::Wire { form });
    }
    let mut stream = TcpStream::connect(served.address).unwrap_or_else(|error| unreachable!("{error}"));
    let _ = stream.set_read_timeout(Some(Duration::from_secs(20)));
    let request = format!(
        "GET {LIST}?sysparm_fields=number HTTP/1.1\r\nHost: {}\r\nAuthorization: Bearer {token}\r\n\r\n",
        served.address
    );
    let _ = stream.write_all(request.as_bytes());
    let mut all = Vec::new();
    let end = stream.read_to_end(&mut all).err().map(|error| error.kind());
    (all, end)
}

#[test]
fn every_wire_fault_arrives_as_its_bytes() {
    let body = r#"{"result":[{"number":"INC0000001"},{"number":"INC0000002"}]}"#;
    let (half, length) = (&body[..body.len() / 2], body.len());
    for form in every::<WireFault>() {
        let (all, end) = on_the_wire(form);
        let all = String::from_utf8_lossy(&all).into_owned();
        let (head, rest) = all.rsplit_once("\r\n\r\n").unwrap_or_default();
        let has = |text: &str| assert!(all.contains(text), "{form:?}: {text}: {all}");
        assert!(!all.contains("HTTP/1.1 500"), "{form:?}: {all}");
        match form {
            WireFault::Continue => has("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n"),
            WireFault::EarlyHints => has("rel=preload\r\n\r\nHTTP/1.1 200 OK\r\n"),
            WireFault::LowerCaseNames => has("\r\nx-total-count: 2\r\n"),
            WireFault::UpperCaseNames => has("\r\nX-TOTAL-COUNT: 2\r\n"),
            WireFault::WithoutLength => assert!(!head.contains("Content-Length") && rest == body, "{all}"),
            WireFault::SmallChunks => has("\r\n7;a=b\r\n{\"resul\r\n"),
            WireFault::UnfinishedChunks => assert!(all.ends_with(&format!("\r\n{length:x}\r\n{body}\r\n")), "{all}"),
            WireFault::WrongChunkSize => has(&format!("{half}\r\nxyz\r\n")),
            WireFault::LengthTooLarge => has(&format!("Content-Length: {}\r\n", length + 1)),
            WireFault::LengthTooSmall => has(&format!("Content-Length: {}\r\n", length / 2)),
            WireFault::TwoLengths => has(&format!("Content-Length: {length}\r\nContent-Length: {}\r\n", length / 2)),
            WireFault::NoContentWithBody => assert!(head.starts_with("HTTP/1.1 204") && rest == body, "{all}"),
            WireFault::ResetInBody => assert!(rest == half && end == Some(ErrorKind::ConnectionReset), "{all}"),
        }
    }
}

#[test]
fn fault_with_a_wrong_status_is_refused() {
    let client = Client::with_rows(1);
    for (kind, reason) in [
        (json!({"gateway": {"status": 302, "by": "nginx"}}), "200 or between 400 and 599"),
        (json!({"redirect": {"status": 200, "to": "sign_in"}}), "301, 302, 303, 307 or 308"),
        (json!({"retry_after": {"status": 200, "form": "zero"}}), "between 400 and 599"),
        (json!({"empty": {"status": 101}}), "between 200 and 599"),
        (json!({"body": {"change": "eaten"}}), "unknown variant `eaten`"),
    ] {
        let refused = client.instance.switches().changed(&json!({"faults": [{"kind": kind}]}));
        assert!(refused.as_ref().is_err_and(|said| said.contains(reason)), "{refused:?}");
    }
}
