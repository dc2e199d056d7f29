//! Requests that a browser on this machine sends for a foreign web site are refused on every path.

use crate::client::NOON;
use crate::served::Served;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sysparm_instance::Request;

/// One path of each part of the instance.
const PATHS: [&str; 9] = [
    "/api/now/table/incident",
    "/oauth_token.do",
    "/oauth_auth.do",
    "/oauth_login.do",
    "/oauth_revoke_token.do",
    "/.well-known/oauth-authorization-server",
    "/stats.do",
    "/nowhere",
    "/__practice/state",
];

fn with(served: &Served, line: &str, host: &str, more: &str) -> (u16, String) {
    let request = format!("{line} HTTP/1.1\r\n{host}{more}Content-Length: 0\r\n\r\n");
    let (head, body) = served.exchange(request.as_bytes());
    let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or_default();
    (status, String::from_utf8_lossy(&body).into_owned())
}

#[test]
fn foreign_host_is_refused_on_every_path() {
    let served = Served::with_rows(1);
    for path in PATHS {
        for method in ["GET", "POST", "OPTIONS", "HEAD"] {
            for host in [
                "evil.example",
                "localhost.evil.example:80",
                "127.0.0.1.nip.io",
                "10.0.0.1",
                "null",
                "",
                "x.practice.test",
                "practice.test.evil",
            ] {
                let (status, body) = with(&served, &format!("{method} {path}"), &format!("Host: {host}\r\n"), "");
                assert_eq!(status, 403, "{method} {path} {host}");
                assert!(method == "HEAD" || body.contains("Host names another machine"), "{body}");
            }
        }
        let near = format!("Host: {}\r\n", served.address);
        let (status, body) = with(&served, &format!("GET {path}"), &format!("{near}Host: evil.example\r\n"), "");
        assert!(status == 400 || body.contains("Host names"), "{path}: {status}");
        let (_, body) = with(&served, &format!("GET http://evil.example{path}"), &near, "");
        assert!(body.contains("Host names"), "{path}: {body}");
    }
    for host in ["localhost:8787", "127.0.0.1", "[::1]:1", "LocalHost", "practice.test", "Practice.test:80"] {
        assert_eq!(with(&served, "GET /stats.do", &format!("Host: {host}\r\n"), "").0, 200, "{host}");
    }
}

#[test]
fn foreign_origin_is_refused_on_every_path() {
    let served = Served::with_rows(1);
    let near = format!("Host: {}\r\n", served.address);
    let ask = |line: &str, origin: &str| with(&served, line, &near, &format!("Origin: {origin}\r\n"));
    for path in PATHS {
        for method in ["GET", "POST"] {
            for origin in ["https://evil.example", "null", "http://localhost.evil.example", "http://10.0.0.1"] {
                let (status, body) = ask(&format!("{method} {path}"), origin);
                assert!(status == 403 && body.contains("Origin is no page"), "{method} {path} {origin}: {status}");
            }
            let (_, body) = ask(&format!("{method} {path}"), "http://localhost:5173");
            assert!(!body.contains("Origin is no page"), "{method} {path}");
        }
    }
    let (_, body) = ask("GET /stats.do", "http://localhost\r\nOrigin: https://evil.example");
    assert!(body.contains("Origin is no page"), "{body}");
}

#[test]
fn page_that_a_rule_admits_is_served() {
    let served = Served::with_rows(1);
    let rule =
        r#"{"name":"Far","active":"true","rest_api":"Table API","domain":"https://far.example","http_methods":"GET"}"#;
    let ask = |method: &str, path: &str| {
        let near = format!("Host: {}\r\n", served.address);
        with(&served, &format!("{method} {path}"), &near, "Origin: https://far.example\r\n").0
    };
    assert_eq!(ask("GET", "/api/now/table/incident"), 403);
    let made = Request::new("POST", "/api/now/table/sys_cors_rule")
        .with_header("Authorization", &format!("Basic {}", STANDARD.encode("practice.admin:practice-admin-password")))
        .with_body("application/json", rule);
    let made = served.instance.lock().map(|mut instance| instance.handle(&made, NOON).status).unwrap_or_default();
    assert_eq!(made, 201);
    assert_eq!(ask("GET", "/api/now/table/incident"), 401, "nobody is signed in, which the page may read");
    assert_eq!(ask("POST", "/api/now/table/incident"), 403);
    assert_eq!(ask("GET", "/stats.do"), 403);
}

#[test]
fn program_without_origin_is_served() {
    let served = Served::with_rows(1);
    assert!(served.get("/api/now/table/incident").0.starts_with("http/1.1 200"));
    let (head, _) = served.exchange(b"GET /stats.do HTTP/1.0\r\n\r\n");
    assert!(head.starts_with("http/1.0 200"), "{head}");
}
