//! Every scenario shows its symptom: status, header and body, in the order of the list.

mod access;
#[path = "../client/mod.rs"]
mod client;
mod replies;
mod rights;
mod steps;
mod writing;

use std::collections::BTreeSet;

use client::{Client, text};
use serde_json::json;
use steps::plain;
use sysparm_instance::{Instance, Reply, Request};

fn begin(client: &mut Client, name: &str) -> Reply {
    let request = Request::new("POST", "/__practice/scenario")
        .with_header("Host", "localhost:8787")
        .with_body("application/json", json!({ "name": name }).to_string());
    plain(client, request)
}

#[test]
fn scenarios_all_show_their_symptom() {
    let mut client = Client::with_rows(60);
    let mut wrong = Vec::new();
    for (name, act, status, (header, part), body) in
        access::SEEN.iter().chain(&replies::SEEN).chain(rights::SEEN).chain(writing::SEEN).copied()
    {
        client.now += 3_600_000 - client.now % 3_600_000;
        assert_eq!(begin(&mut client, name).status, 200, "{name}");
        if name != "instance-restarting" {
            client.sign_in();
        }
        let reply = act(&mut client);
        let text = String::from_utf8_lossy(reply.bytes()).into_owned();
        let value = reply.header(header).unwrap_or_default();
        let header_fits = if part.is_empty() { reply.header(header).is_none() } else { value.contains(part) };
        let token = header == "X-UserToken-Response" && !value.is_empty();
        if reply.status != status || !(header_fits || token) || !text.contains(body) {
            wrong.push(format!(
                "{name}: {} {header}: {value:?} {}",
                reply.status,
                text.chars().take(200).collect::<String>()
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn scenarios_are_all_listed_and_tested_and_others_refused() {
    let mut client = Client::with_rows(1);
    let list = plain(&mut client, Request::new("GET", "/__practice/scenarios")).as_json();
    let listed = list["scenarios"].as_array().cloned().unwrap_or_default();
    let names: Vec<&str> = listed.iter().filter_map(|one| one["name"].as_str()).collect();
    assert_eq!(names, Instance::scenarios().collect::<Vec<_>>());
    let seen: BTreeSet<&str> =
        access::SEEN.iter().chain(&replies::SEEN).chain(rights::SEEN).chain(writing::SEEN).map(|seen| seen.0).collect();
    assert_eq!(seen, names.iter().copied().collect());
    assert_eq!(seen.len(), names.len(), "each name once");
    assert!(listed.iter().all(|one| !text(one, "symptom").is_empty() && !text(one, "see").is_empty()));
    assert_eq!(begin(&mut client, "no-such-scenario").status, 400);
    for scenario in &listed {
        let old = json!({ "row": scenario["row"] }).to_string();
        let request = Request::new("POST", "/__practice/scenario").with_body("application/json", old);
        assert_eq!(plain(&mut client, request).as_json()["name"], scenario["name"], "its number is accepted");
    }
}
