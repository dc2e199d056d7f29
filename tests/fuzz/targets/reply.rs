//! Any status, headers and body get a diagnosis, at every stage. Any text is an instance URL or is refused.

#![no_main]

use libfuzzer_sys::fuzz_target;
use sysparm::diagnose::{Facts, Stage, diagnose};
use sysparm::request::{Body, Headers, InstanceUrl, Method, Reply, from_base64};
use sysparm::time::Millis;

fuzz_target!(|input: (u16, bool, bool, &str, &str)| {
    let (status, on_token, writes, headers, text) = input;
    let reply = Reply { status, headers: Headers::from_lines(headers), body: Body::Text(text.to_owned()) };
    let facts = Facts {
        stage: if on_token { Stage::Token } else { Stage::Api },
        method: if writes { Method::Post } else { Method::Get },
        path: "/api/now/table/incident",
        outcome: Ok(&reply),
    };
    let failure = diagnose(&facts, 1, Millis(1_000_000));
    assert!(!failure.diagnosis.code.as_str().is_empty() && !failure.message().is_empty());
    let _ = from_base64(text);
    if let Ok(url) = InstanceUrl::parse(text) {
        assert!(url.as_str().starts_with("https://") || url.as_str().starts_with("http://"));
    }
});
