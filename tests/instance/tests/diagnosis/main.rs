//! The named scenarios, diagnosed blind: the classifier gets the client's requests and the replies to them, and nothing of the
//! instance. [`EXPECTED_CAUSES`] lists the cause of each scenario.

#![allow(clippy::panic, reason = "a test may stop where it stands")]

#[path = "../scenarios/access.rs"]
mod access;
#[path = "../client/mod.rs"]
mod client;
mod expected_causes;
mod record_fixes;
mod recorded_exchange;
#[path = "../scenarios/replies.rs"]
mod replies;
mod request_fixes;
#[path = "../scenarios/rights.rs"]
mod rights;
#[path = "../scenarios/steps.rs"]
mod steps;
#[path = "../scenarios/writing.rs"]
mod writing;

use std::collections::BTreeSet;

use client::Client;
use expected_causes::{EXPECTED_CAUSES, NEEDS_DOCTOR};
use recorded_exchange::RecordedExchange;
use serde_json::json;
use steps::{INCIDENTS, plain};
use sysparm::diagnose::Diagnosis;
use sysparm_instance::{Instance, Language, Reply, Request};

/// The requests that show a symptom of more than one reply.
fn requests(name: &str) -> Option<fn(&mut Client) -> Reply> {
    match name {
        // A client that misses rows has listed the table before.
        "unknown-field-no-rows" => Some(|client| {
            client.get(INCIDENTS, &[("sysparm_limit", "5")]);
            client.get(INCIDENTS, &[("sysparm_query", "no_such_field=1")])
        }),
        "pages-unstable" => Some(|client| {
            let page = |client: &mut Client, offset: &str| {
                client.get(INCIDENTS, &[("sysparm_limit", "20"), ("sysparm_offset", offset)])
            };
            page(client, "0");
            page(client, "20");
            page(client, "40")
        }),
        // A client that misses a field asks for it.
        "field-hidden" => Some(|client| client.get(INCIDENTS, &[("sysparm_fields", "number,close_notes")])),
        "list-sent" => Some(|client| {
            client.write("POST", INCIDENTS, &json!([{"correlation_id": "first"}, {"correlation_id": "second"}]))
        }),
        "time-zone-differs" => {
            Some(|client| client.get(INCIDENTS, &[("sysparm_display_value", "all"), ("sysparm_limit", "1")]))
        }
        _ => None,
    }
}

/// Sets up a scenario and signs in.
fn begin(client: &mut Client, name: &str) {
    let request =
        Request::new("POST", "/__practice/scenario").with_body("application/json", json!({ "name": name }).to_string());
    assert_eq!(plain(client, request).status, 200, "{name}");
    client.sign_in();
}

/// The diagnosis of the last reply to these requests, with the earlier exchanges as context.
fn classified(client: &mut Client, requests: fn(&mut Client) -> Reply) -> Option<Diagnosis> {
    client.instance.recorded = Some(Vec::new());
    requests(client);
    let recorded = client.instance.recorded.take().unwrap_or_default();
    let exchanges: Vec<RecordedExchange> =
        recorded.iter().map(RecordedExchange::of).filter(|one| !one.is_control()).collect();
    let (last, earlier) = exchanges.split_last().unwrap_or_else(|| panic!("nothing was sent"));
    last.classified(earlier)
}

/// Sets up a scenario, sends what shows its symptom, and returns that exchange and those before it.
fn exchanges(client: &mut Client, name: &str) -> (RecordedExchange, Vec<RecordedExchange>) {
    exchanges_in(client, name, Language::English)
}

/// The same with an instance that words its refusals in this language.
fn exchanges_in(client: &mut Client, name: &str, language: Language) -> (RecordedExchange, Vec<RecordedExchange>) {
    client.now += 3_600_000 - client.now % 3_600_000;
    let request =
        Request::new("POST", "/__practice/scenario").with_body("application/json", json!({ "name": name }).to_string());
    assert_eq!(plain(client, request).status, 200, "{name}");
    client.instance.switches_mut().language = language;
    symptom_exchanges(client, name)
}

/// Sends what shows a symptom to the instance in its present state.
fn symptom_exchanges(client: &mut Client, name: &str) -> (RecordedExchange, Vec<RecordedExchange>) {
    client.instance.recorded = Some(Vec::new());
    // A restarting instance grants no token.
    if name != "instance-restarting" {
        client.sign_in();
    }
    let seen =
        access::SEEN.iter().chain(&replies::SEEN).chain(rights::SEEN).chain(writing::SEEN).find(|seen| seen.0 == name);
    let last =
        requests(name).or_else(|| seen.map(|seen| seen.1)).map(|send| send(client)).unwrap_or_else(|| panic!("{name}"));
    let recorded = client.instance.recorded.take().unwrap_or_default();
    let same = |reply: &Reply| reply.status == last.status && reply.bytes() == last.bytes();
    let at = recorded.iter().rposition(|(_, reply, _)| same(reply)).unwrap_or_else(|| panic!("{name}: no such reply"));
    let mut exchanges: Vec<RecordedExchange> = recorded.iter().take(at + 1).map(RecordedExchange::of).collect();
    let symptom = exchanges.pop().unwrap_or_else(|| panic!("{name}"));
    // The client does not know what an administrator saw.
    exchanges.retain(|exchange| !exchange.is_as("practice.admin"));
    (symptom, exchanges)
}

fn diagnosed(client: &mut Client, name: &str) -> Option<Diagnosis> {
    let (symptom, earlier) = exchanges(client, name);
    symptom.classified(&earlier)
}

/// The same without setting up the scenario again.
fn diagnosed_again(client: &mut Client, name: &str) -> Option<Diagnosis> {
    let (last, earlier) = symptom_exchanges(client, name);
    last.classified(&earlier)
}

/// Diagnoses that depend on English words, and the general diagnosis of the same status in another language.
const ENGLISH_ONLY: [(&str, &str); 8] = [
    ("scope.missing", "acl.refused"),
    ("scope.unscoped-api", "acl.refused"),
    ("acl.api", "acl.refused"),
    ("query.field-not-readable", "acl.refused"),
    ("record.mandatory-missing", "acl.refused"),
    ("table.not-for-web-services", "acl.refused"),
    ("request.body-too-large", "request.unreadable"),
    ("quota.cancelled", "instance.error"),
];

#[test]
fn refusals_in_other_languages_are_diagnosed_by_status_and_form() {
    let mut client = Client::with_rows(60);
    let in_english: Vec<_> = EXPECTED_CAUSES.iter().map(|(name, ..)| diagnosed(&mut client, name)).collect();
    for language in [Language::German, Language::French] {
        let mut client = Client::with_rows(60);
        let mut wrong = Vec::new();
        for ((name, code, _), english) in EXPECTED_CAUSES.iter().copied().zip(&in_english) {
            let (last, earlier) = exchanges_in(&mut client, name, language);
            let (Some(english), Some(worded)) = (english, last.classified(&earlier)) else {
                wrong.push(format!("{name}: no diagnosis"));
                continue;
            };
            let plain = ENGLISH_ONLY.contains(&(english.code.as_str(), worded.code.as_str()));
            let (kind, retry) = (english.kind == worded.kind, english.retry == worded.retry);
            if !(plain || english.code == worded.code && kind && retry) {
                wrong.push(format!(
                    "{name} {code}: {} {:?}, in another language {} {:?}",
                    english.code, english.retry, worded.code, worded.retry
                ));
            }
        }
        assert!(wrong.is_empty(), "{language:?}:\n{}", wrong.join("\n"));
    }
}

#[test]
fn right_cause_comes_first_unless_replies_are_identical() {
    let mut client = Client::with_rows(60);
    let (mut first, mut wrong) = (0, Vec::new());
    for (name, code, cause) in EXPECTED_CAUSES.iter().copied() {
        let diagnosis = diagnosed(&mut client, name);
        let Some(diagnosis) = diagnosis else {
            wrong.push(format!("{name}: no diagnosis; it is {code}, {cause}"));
            continue;
        };
        let causes = diagnosis.causes;
        let is_first = causes.first().is_some_and(|first| first.code == cause)
            && causes.iter().skip(1).all(|other| other.percent < causes[0].percent);
        let doctor = NEEDS_DOCTOR.iter().any(|(known, _)| *known == name);
        let named = causes.iter().any(|known| known.code == cause);
        if diagnosis.code != code || !named || is_first == doctor {
            let ranked: Vec<_> = causes.iter().map(|cause| (cause.code, cause.percent)).collect();
            wrong.push(format!("{name}: {} {ranked:?}; it is {code}, {cause}", diagnosis.code));
        }
        first += usize::from(is_first && diagnosis.code == code);
    }
    println!("{first} of {} scenarios have their cause in the first place from replies alone", EXPECTED_CAUSES.len());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let known: BTreeSet<&str> = EXPECTED_CAUSES.iter().map(|expected| expected.0).collect();
    assert_eq!(known, Instance::scenarios().collect(), "every scenario has an expected cause");
    assert!(first >= 40 && first + NEEDS_DOCTOR.len() == EXPECTED_CAUSES.len(), "{first}");
}

#[test]
fn write_scenarios_are_never_called_safe_to_repeat() {
    let mut client = Client::with_rows(60);
    for name in Instance::scenarios() {
        let (symptom, earlier) = exchanges(&mut client, name);
        let Some(diagnosis) = symptom.classified(&earlier) else { panic!("{name}") };
        assert!(!diagnosis.evidence.is_empty(), "{name}: a diagnosis quotes what it saw");
        assert!(!diagnosis.evidence.iter().any(|line| line.contains("practice-secret")), "{name}");
        let safe = !matches!(diagnosis.retry, sysparm::diagnose::Retry::Never | sysparm::diagnose::Retry::LookFirst);
        let token = symptom.request.path == "/oauth_token.do";
        let writes = symptom.request.method != "GET" && !token;
        assert!(!(safe && writes), "{name}: {diagnosis:?}");
    }
}

#[test]
fn successful_replies_get_no_diagnosis() {
    let mut client = Client::with_rows(60);
    client.instance.recorded = Some(Vec::new());
    client.sign_in();
    let encoded = [("sysparm_query", "active=true^ORDERBYsys_id"), ("sysparm_limit", "20")];
    client.get(INCIDENTS, &encoded);
    client.get(INCIDENTS, &[("sysparm_query", "active=true^ORDERBYsys_id"), ("sysparm_offset", "20")]);
    client.get(INCIDENTS, &[("sysparm_fields", "number,state"), ("sysparm_limit", "3")]);
    client.get(INCIDENTS, &[("sysparm_query", "numberSTARTSWITHINC^priority<=3"), ("sysparm_limit", "5")]);
    client.get("/api/now/stats/incident", &[("sysparm_count", "true")]);
    client.write("POST", INCIDENTS, &json!({ "short_description": "x" }));
    client.write("POST", "/api/now/import/imp_user", &json!({ "user_name": "new.person" }));
    steps::batch(&mut client);
    let recorded = client.instance.recorded.take().unwrap_or_default();
    let exchanges: Vec<RecordedExchange> = recorded.iter().map(RecordedExchange::of).collect();
    for (at, exchange) in exchanges.iter().enumerate() {
        let diagnosis = exchange.classified(&exchanges[..at]);
        assert_eq!(diagnosis, None, "{} {}", exchange.request.path, exchange.request.query);
    }
    assert_eq!(exchanges.len(), 9);
}
