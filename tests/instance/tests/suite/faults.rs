//! Faults as a client sees them, repeated from one seed.

#![allow(clippy::panic, reason = "a test may stop where it stands")]
#![allow(clippy::disallowed_methods, reason = "it measures real delays on a real socket")]

use crate::client::{self, Client, GRANT, rows};

use std::io::{ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant as Moment};

use serde_json::json;
use sysparm_instance::{Fault, FaultKind, Instance, Request, Settings, Switches, shell};

fn fault(kind: FaultKind) -> Fault {
    Fault { path: Some("/api/".into()), probability: 1.0, after: 0, count: None, kind }
}

#[test]
fn randomness_comes_from_the_seed() {
    let statuses = |seed: u64| {
        let kind = FaultKind::Status { status: 502, retry_after: None };
        let switches = Switches { faults: vec![Fault { probability: 0.3, ..fault(kind) }], ..Switches::default() };
        let mut client = Client::of(Settings { rows: 1, seed, switches, ..Settings::default() });
        (0..200).map(|_| client.get("/api/now/table/incident", &[]).status).collect::<Vec<_>>()
    };
    let first = statuses(1);
    let struck = first.iter().filter(|status| **status == 502).count();
    assert!((30..90).contains(&struck), "{struck} of 200");
    assert_eq!(first, statuses(1));
    assert_ne!(first, statuses(2));
}

#[test]
fn script_strikes_the_third_call_once() {
    let mut client = Client::with_rows(1);
    let kind = FaultKind::Status { status: 500, retry_after: None };
    client.instance.switches_mut().faults = vec![Fault { after: 2, count: Some(1), ..fault(kind) }];
    let statuses: Vec<u16> = (0..5).map(|_| client.get("/api/now/table/incident", &[]).status).collect();
    assert_eq!(statuses, [200, 200, 500, 200, 200]);
}

#[test]
fn duplicated_request_runs_twice_and_a_dropped_one_once() {
    for (kind, written) in [(FaultKind::Duplicate, 2), (FaultKind::Drop, 1), (FaultKind::Lose, 0)] {
        let mut client = Client::with_rows(1);
        client.instance.switches_mut().faults = vec![Fault { count: Some(1), ..fault(kind.clone()) }];
        client.write("POST", "/api/now/table/incident", &json!({"correlation_id": "once"}));
        assert_eq!(client.incidents("correlation_id=once", &[]).len(), written, "{kind:?}");
    }
}

#[test]
fn tokens_end_at_the_configured_call_and_clock_can_be_wrong() {
    let mut client = Client::with_rows(1);
    client.instance.switches_mut().faults = vec![Fault { after: 1, count: Some(1), ..fault(FaultKind::RevokeTokens) }];
    assert_eq!(client.get("/api/now/table/incident", &[]).status, 200);
    assert_eq!(client.get("/api/now/table/incident", &[]).status, 401);
    client.instance.switches_mut().clock_skew_ms = -86_400_000;
    client.sign_in();
    let reply = client.get("/api/now/table/incident", &[]);
    assert_eq!((reply.status, reply.header("Date")), (200, Some("Sat, 28 Feb 2026 12:00:00 GMT")));
}

#[test]
fn page_may_have_another_content_type() {
    let mut client = Client::with_rows(2);
    client.instance.switches_mut().faults = vec![fault(FaultKind::ContentType { value: "text/html".into() })];
    let reply = client.get("/api/now/table/incident", &[]);
    assert_eq!((reply.header("Content-Type"), rows(&reply).len()), (Some("text/html"), 2));
}

/// The received part of a reply over a real connection, and how the connection ends.
async fn received(kind: FaultKind) -> (usize, Option<ErrorKind>, Duration) {
    let switches = Switches { faults: vec![fault(kind)], ..Switches::default() };
    let mut instance = Instance::new(Settings { rows: 50, switches, ..Settings::default() }, shell::now());
    let grant = Request::new("POST", "/oauth_token.do").with_body(client::FORM, GRANT);
    let token = client::text(&instance.handle(&grant, shell::now()).as_json(), "access_token");
    let listener = shell::bind(0).await.unwrap_or_else(|error| panic!("{error}"));
    let address = listener.local_addr().unwrap_or_else(|error| panic!("{error}"));
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let server = tokio::spawn(shell::serve(listener, Arc::new(Mutex::new(instance)), async {
        let _ = stopped.await;
    }));
    let outcome = tokio::task::spawn_blocking(move || conversation(address, &token)).await;
    let _ = stop.send(());
    let _ = server.await;
    outcome.unwrap_or_else(|error| panic!("{error}"))
}

fn conversation(address: SocketAddr, token: &str) -> (usize, Option<ErrorKind>, Duration) {
    let mut stream = TcpStream::connect(address).unwrap_or_else(|error| panic!("{error}"));
    let _ = stream.set_read_timeout(Some(Duration::from_secs(20)));
    let request = format!(
        "GET /api/now/table/incident?sysparm_fields=number HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\nConnection: close\r\n\r\n"
    );
    let started = Moment::now();
    let _ = stream.write_all(request.as_bytes());
    let mut all = Vec::new();
    let end = stream.read_to_end(&mut all).err().map(|error| error.kind());
    let body = all.windows(4).position(|window| window == b"\r\n\r\n").map_or(0, |place| all.len() - place - 4);
    (body, end, started.elapsed())
}

/// `{"result":[{"number":"INC0000001"},...]}` of fifty rows.
const WHOLE: usize = 12 + 50 * 24 - 1 + 1;

#[tokio::test]
async fn replies_are_dropped_reset_cut_and_slowed_on_the_wire() {
    let (body, end, _) = received(FaultKind::Delay { ms: 1 }).await;
    assert_eq!((body, end), (WHOLE, None));
    let (body, end, _) = received(FaultKind::Drop).await;
    assert_eq!((body, end), (0, None));
    let (body, end, _) = received(FaultKind::Reset).await;
    assert_eq!((body, end), (0, Some(ErrorKind::ConnectionReset)));
    let (body, _, _) = received(FaultKind::Truncate).await;
    assert_eq!(body, WHOLE / 2);
    let (body, end, time) = received(FaultKind::Trickle { bytes_per_second: 2000 }).await;
    assert_eq!((body, end), (WHOLE, None));
    assert!(time > Duration::from_millis(500), "{time:?}");
}
