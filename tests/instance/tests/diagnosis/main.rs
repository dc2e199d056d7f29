//! The named scenarios, told blind: the classifier is given the client's requests and the replies to them, and nothing of the
//! instance. Which cause a scenario has stands in [`TRUTHS`].

#![allow(clippy::panic, reason = "a test may stop where it stands")]

#[path = "../scenarios/access.rs"]
mod access;
mod changed;
#[path = "../client/mod.rs"]
mod client;
mod mended;
#[path = "../scenarios/replies.rs"]
mod replies;
#[path = "../scenarios/rights.rs"]
mod rights;
#[path = "../scenarios/steps.rs"]
mod steps;
mod told;
mod truths;
#[path = "../scenarios/writing.rs"]
mod writing;

use std::collections::BTreeSet;

use client::Client;
use serde_json::json;
use steps::{INCIDENTS, plain};
use sysparm::diagnose::Diagnosis;
use sysparm_instance::{Instance, Language, Reply, Request};
use told::Told;
use truths::{NEEDS_THE_DOCTOR, TRUTHS};

/// What a client does that means to see a symptom and looks at more than one reply.
fn act(row: u64) -> Option<fn(&mut Client) -> Reply> {
    match row {
        // Whoever misses rows has listed the table before.
        35 => Some(|client| {
            client.get(INCIDENTS, &[("sysparm_limit", "5")]);
            client.get(INCIDENTS, &[("sysparm_query", "no_such_field=1")])
        }),
        36 => Some(|client| {
            let page = |client: &mut Client, offset: &str| {
                client.get(INCIDENTS, &[("sysparm_limit", "20"), ("sysparm_offset", offset)])
            };
            page(client, "0");
            page(client, "20");
            page(client, "40")
        }),
        // Whoever misses a field asks for it.
        37 => Some(|client| client.get(INCIDENTS, &[("sysparm_fields", "number,close_notes")])),
        58 => Some(|client| {
            client.write("POST", INCIDENTS, &json!([{"correlation_id": "first"}, {"correlation_id": "second"}]))
        }),
        38 => Some(|client| client.get(INCIDENTS, &[("sysparm_display_value", "all"), ("sysparm_limit", "1")])),
        _ => None,
    }
}

/// Brings a scenario about and signs in.
fn begin(client: &mut Client, row: u64) {
    let request =
        Request::new("POST", "/__practice/scenario").with_body("application/json", json!({ "row": row }).to_string());
    assert_eq!(plain(client, request).status, 200, "{row}");
    client.sign_in();
}

/// What the last reply of what a client does means, in the light of those before it.
fn classified(client: &mut Client, act: fn(&mut Client) -> Reply) -> Option<Diagnosis> {
    client.instance.heard = Some(Vec::new());
    act(client);
    let heard = client.instance.heard.take().unwrap_or_default();
    let told: Vec<Told> = heard.iter().map(Told::of).filter(|told| !told.is_control()).collect();
    let (last, earlier) = told.split_last().unwrap_or_else(|| panic!("nothing was sent"));
    last.classified(earlier)
}

/// Brings a scenario about, does what shows its symptom, and hands over what the client said and heard.
fn heard(client: &mut Client, row: u64) -> (Told, Vec<Told>) {
    heard_in(client, row, Language::English)
}

/// The same of an instance that words its refusals in this language.
fn heard_in(client: &mut Client, row: u64, language: Language) -> (Told, Vec<Told>) {
    client.now += 3_600_000 - client.now % 3_600_000;
    let request =
        Request::new("POST", "/__practice/scenario").with_body("application/json", json!({ "row": row }).to_string());
    assert_eq!(plain(client, request).status, 200, "{row}");
    client.instance.switches_mut().language = language;
    listened(client, row)
}

/// Does what shows a symptom to the instance as it is.
fn listened(client: &mut Client, row: u64) -> (Told, Vec<Told>) {
    client.instance.heard = Some(Vec::new());
    if row != 45 {
        client.sign_in();
    }
    let seen =
        access::SEEN.iter().chain(&replies::SEEN).chain(rights::SEEN).chain(writing::SEEN).find(|seen| seen.0 == row);
    let last = act(row).or_else(|| seen.map(|seen| seen.1)).map(|act| act(client)).unwrap_or_else(|| panic!("{row}"));
    let heard = client.instance.heard.take().unwrap_or_default();
    let same = |reply: &Reply| reply.status == last.status && reply.bytes() == last.bytes();
    let at = heard.iter().rposition(|(_, reply, _)| same(reply)).unwrap_or_else(|| panic!("{row}: no such reply"));
    let mut told: Vec<Told> = heard.iter().take(at + 1).map(Told::of).collect();
    let symptom = told.pop().unwrap_or_else(|| panic!("{row}"));
    // What an administrator saw is not the client's to know.
    told.retain(|exchange| !exchange.is_as("practice.admin"));
    (symptom, told)
}

fn diagnosed(client: &mut Client, row: u64) -> Option<Diagnosis> {
    let (symptom, earlier) = heard(client, row);
    symptom.classified(&earlier)
}

/// The same once more, without the scenario being brought about again.
fn again(client: &mut Client, row: u64) -> Option<Diagnosis> {
    let (last, earlier) = listened(client, row);
    last.classified(&earlier)
}

/// What only words tell apart: in another language it is the plain refusal of its status.
const TOLD_BY_WORDS: [(&str, &str); 8] = [
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
fn refusals_in_german_and_french_are_diagnosed_by_status_code_and_form() {
    for language in [Language::German, Language::French] {
        let mut client = Client::with_rows(60);
        let mut wrong = Vec::new();
        for (row, code, _) in TRUTHS.iter().copied() {
            let english = diagnosed(&mut client, row);
            let (last, earlier) = heard_in(&mut client, row, language);
            let (Some(english), Some(worded)) = (english, last.classified(&earlier)) else {
                wrong.push(format!("{row}: nothing was seen"));
                continue;
            };
            let plain = TOLD_BY_WORDS.contains(&(english.code, worded.code));
            let (kind, retry) = (english.kind == worded.kind, english.retry == worded.retry);
            if !(plain || english.code == worded.code && kind && retry) {
                wrong.push(format!(
                    "{row} {code}: {} {:?}, in another language {} {:?}",
                    english.code, english.retry, worded.code, worded.retry
                ));
            }
        }
        assert!(wrong.is_empty(), "{language:?}:\n{}", wrong.join("\n"));
    }
}

#[test]
fn the_right_cause_comes_first_for_all_but_the_scenarios_that_replies_cannot_tell_apart() {
    let mut client = Client::with_rows(60);
    let (mut first, mut wrong) = (0, Vec::new());
    for (row, code, cause) in TRUTHS.iter().copied() {
        let diagnosis = diagnosed(&mut client, row);
        let Some(diagnosis) = diagnosis else {
            wrong.push(format!("{row}: nothing was seen; it is {code}, {cause}"));
            continue;
        };
        let causes = diagnosis.causes;
        let is_first = causes.first().is_some_and(|first| first.code == cause)
            && causes.iter().skip(1).all(|other| other.percent < causes[0].percent);
        let doctor = NEEDS_THE_DOCTOR.iter().any(|(known, _)| *known == row);
        let named = causes.iter().any(|known| known.code == cause);
        if diagnosis.code != code || !named || is_first == doctor {
            let ranked: Vec<_> = causes.iter().map(|cause| (cause.code, cause.percent)).collect();
            wrong.push(format!("{row}: {} {ranked:?}; it is {code}, {cause}", diagnosis.code));
        }
        first += usize::from(is_first && diagnosis.code == code);
    }
    println!("{first} of {} scenarios have their cause in the first place from replies alone", TRUTHS.len());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let known: BTreeSet<u64> = TRUTHS.iter().map(|truth| truth.0).collect();
    assert_eq!(known, Instance::scenarios().collect(), "every scenario has its truth");
    assert!(first >= 40 && first + NEEDS_THE_DOCTOR.len() == TRUTHS.len(), "{first}");
}

#[test]
fn no_scenario_with_a_write_is_called_safe_to_repeat_unless_it_was_surely_not_done() {
    let mut client = Client::with_rows(60);
    for row in Instance::scenarios() {
        let (symptom, earlier) = heard(&mut client, row);
        let Some(diagnosis) = symptom.classified(&earlier) else { panic!("{row}") };
        assert!(!diagnosis.evidence.is_empty(), "{row}: a diagnosis quotes what it saw");
        assert!(!diagnosis.evidence.iter().any(|line| line.contains("practice-secret")), "{row}");
        let safe = !matches!(diagnosis.retry, sysparm::diagnose::Retry::Never | sysparm::diagnose::Retry::LookFirst);
        let token = symptom.request.path == "/oauth_token.do";
        let writes = symptom.request.method != "GET" && !token;
        assert!(!(safe && writes), "{row}: {diagnosis:?}");
    }
}

#[test]
fn an_answer_without_fault_is_not_accused() {
    let mut client = Client::with_rows(60);
    client.instance.heard = Some(Vec::new());
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
    let heard = client.instance.heard.take().unwrap_or_default();
    let told: Vec<Told> = heard.iter().map(Told::of).collect();
    for (at, exchange) in told.iter().enumerate() {
        let diagnosis = exchange.classified(&told[..at]);
        assert_eq!(diagnosis, None, "{} {}", exchange.request.path, exchange.request.query);
    }
    assert_eq!(told.len(), 9);
}
