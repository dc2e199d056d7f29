//! The instance over a real network: its limits, its streams and its shutdown.

use crate::served::Served;

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use sysparm_instance::FILLER;

#[test]
fn table_is_read_over_the_network() {
    let served = Served::with_rows(40);
    let (head, body) = served.get("/api/now/table/incident?sysparm_query=ORDERBYnumber&sysparm_limit=3");
    let body: serde_json::Value = serde_json::from_slice(&body).unwrap_or_default();
    assert!(head.starts_with("http/1.1 200 ok") && head.contains("x-total-count: 40"), "{head}");
    assert_eq!(body["result"][2]["number"], "INC0000003");
    assert_eq!(head.matches("\ndate: ").count(), 1);
    let took: Vec<f64> =
        served.instance.lock().map(|instance| instance.journal().map(|entry| entry.ms).collect()).unwrap_or_default();
    assert!(took.len() == 2 && took.iter().all(|ms| *ms > 0.0));
}

#[test]
fn large_reply_streams_completely() {
    let served = Served::with_rows(1);
    let (head, body) = served.get("/api/now/practice/bytes?size=20971520");
    assert!(head.contains("content-length: 20971520"));
    assert_eq!(body.len(), 20_971_520);
    assert!(body.chunks(FILLER.len()).all(|chunk| chunk == &FILLER[..chunk.len()]));
}

#[test]
fn invalid_http_is_refused_and_the_next_client_is_served() {
    let served = Served::with_rows(1);
    let garbage = served.exchange(b"\x16\x03\x01 not http at all\r\n\r\n");
    assert!(garbage.0.starts_with("http/1.1 400"), "{}", garbage.0);
    let long = format!("GET /api/now/{} HTTP/1.1\r\nHost: localhost\r\n\r\n", "a".repeat(200_000));
    let refused = served.exchange(long.as_bytes()).0;
    assert!(["", "http/1.1 414", "http/1.1 431"].iter().any(|start| refused.starts_with(start)));
    let lied =
        served.exchange(b"POST /oauth_token.do HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99999999999\r\n\r\nx");
    assert!(String::from_utf8_lossy(&lied.1).contains("Rejected large REST payload"));
    assert!(lied.0.starts_with("http/1.1 400"), "{}", lied.0);
    assert!(served.get("/api/now/table/incident").0.starts_with("http/1.1 200"));
}

#[test]
fn url_above_the_limit_gets_a_page_with_400() {
    let served = Served::with_rows(1);
    let (head, _) = served.get(&format!("/api/now/table/incident?sysparm_query={}", "a".repeat(20_000)));
    assert!(head.starts_with("http/1.1 400") && head.contains("text/html"), "{head}");
}

#[test]
fn large_file_is_stored_on_disk_and_returned() {
    let served = Served::with_rows(3);
    let (_, body) = served.get("/api/now/table/incident?sysparm_limit=1");
    let body: serde_json::Value = serde_json::from_slice(&body).unwrap_or_default();
    let record = body["result"][0]["sys_id"].as_str().unwrap_or_default().to_owned();
    let file: Vec<u8> = (0..40 << 20).map(|at: u32| (at % 251) as u8).collect();
    let mut request = format!(
        "POST /api/now/attachment/file?table_name=incident&table_sys_id={record}&file_name=big.bin HTTP/1.1\r\nHost: {}\r\nAuthorization: Bearer {}\r\nContent-Type: application/octet-stream\r\nContent-Length: {}\r\n\r\n",
        served.address,
        served.token(),
        file.len()
    )
    .into_bytes();
    request.extend_from_slice(&file);
    let (head, body) = served.exchange(&request);
    assert!(head.starts_with("http/1.1 201"), "{head}");
    let body: serde_json::Value = serde_json::from_slice(&body).unwrap_or_default();
    let id = body["result"]["sys_id"].as_str().unwrap_or_default().to_owned();
    let (head, back) = served.get(&format!("/api/now/attachment/{id}/file"));
    assert!(head.contains("content-length: 41943040"), "{head}");
    assert!(back == file, "{} bytes came back", back.len());
}

#[test]
fn truncated_upload_is_refused_and_stores_nothing() {
    let served = Served::with_rows(3);
    let mut stream = TcpStream::connect(served.address).unwrap_or_else(|error| unreachable!("{error}"));
    let _ = stream.set_read_timeout(Some(Duration::from_secs(20)));
    let head = format!(
        "POST /api/now/attachment/file?table_name=incident&table_sys_id=x&file_name=a HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {}\r\nContent-Type: a/b\r\nContent-Length: 1000000\r\n\r\n",
        served.token()
    );
    let _ = stream.write_all(head.as_bytes());
    let _ = stream.write_all(&vec![1; 400_000]);
    let _ = stream.shutdown(std::net::Shutdown::Write);
    let mut said = Vec::new();
    let _ = stream.read_to_end(&mut said);
    assert!(said.is_empty() || said.starts_with(b"HTTP/1.1 400"), "{}", String::from_utf8_lossy(&said));
    let declared =
        b"POST /api/now/attachment/upload HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9999999999999\r\n\r\n";
    assert!(served.exchange(declared).0.starts_with("http/1.1 413"));
    let listed = served.get("/api/now/attachment").1;
    assert_eq!(String::from_utf8_lossy(&listed), "{\"result\":[]}");
}

#[test]
fn aborted_request_is_dropped_and_the_next_is_served() {
    let served = Served::with_rows(3);
    let token = served.token();
    for (path, kind) in [
        ("/api/now/batch", "application/json"),
        ("/api/now/import/imp_user/insertMultiple", "application/json"),
        ("/api/now/cmdb/instance/cmdb_ci_server", "application/json"),
        ("/api/now/attachment/upload", "multipart/form-data; boundary=x"),
        ("/__practice/switches", "application/json"),
    ] {
        let mut stream = TcpStream::connect(served.address).unwrap_or_else(|error| unreachable!("{error}"));
        let _ = stream.set_read_timeout(Some(Duration::from_secs(20)));
        let head = format!(
            "POST {path} HTTP/1.1\r\nHost: {}\r\nAuthorization: Bearer {token}\r\nContent-Type: {kind}\r\nContent-Length: 5000\r\n\r\n{{\"records\":[{{",
            served.address
        );
        let _ = stream.write_all(head.as_bytes());
        let _ = stream.shutdown(std::net::Shutdown::Write);
        let mut said = Vec::new();
        let _ = stream.read_to_end(&mut said);
        assert!(said.is_empty() || said.starts_with(b"HTTP/1.1 400"), "{path}: {}", String::from_utf8_lossy(&said));
    }
    assert!(served.get("/api/now/cmdb/instance/cmdb_ci_server").0.starts_with("http/1.1 200"));
}

#[test]
fn bodies_above_the_limit_are_refused_by_every_endpoint() {
    let served = Served::with_rows(1);
    let token = served.token();
    for path in
        ["/api/now/batch", "/api/now/import/imp_user", "/api/now/cmdb/instance/cmdb_ci_appl", "/__practice/switches"]
    {
        let head = format!(
            "POST {path} HTTP/1.1\r\nHost: {}\r\nAuthorization: Bearer {token}\r\nContent-Type: application/json\r\nContent-Length: 99999999\r\n\r\n",
            served.address
        );
        let (head, body) = served.exchange(head.as_bytes());
        assert!(head.starts_with("http/1.1 400"), "{path}: {head}");
        assert!(String::from_utf8_lossy(&body).contains("Rejected large REST payload"), "{path}");
    }
}
