//! Whether an instance replies, its release, and the difference of its clock.

use super::super::case::Case;
use super::super::causes::{self, ReportedCause};
use super::super::check::{InstanceCheck, When};
use super::super::options::Place;
use super::super::probe::{Identity, Probe, ProbeOutcome};
use crate::time::Millis;
use crate::time::calendar::from_http_date;

const MIXED: &str = "May a secure page ask this address?";
const REACH: &str = "Does the instance answer?";
const RELEASE: &str = "Which release is it?";
const SLEEPING: &str = "Is it awake?";
const CLOCK: &str = "Does its clock agree with this one?";
const CAPACITY: &str = "Has it threads for API calls?";

/// Further than this the lifetimes of tokens and the windows of assertions are no longer what they seem.
const SKEW_MS: u64 = 60_000;

pub(super) fn checks() -> Vec<InstanceCheck> {
    vec![InstanceCheck {
        code: "reach",
        question: REACH,
        elaborates: &[],
        when: |_, times| if times == 0 { When::Due } else { When::NotDue },
        ask: |case| {
            let mut ask = Probe::get("/stats.do", Identity::Anonymous);
            ask.blind = case.options.place == Place::Page;
            ask
        },
        read,
    }]
}

/// A page that came by https may not ask an address by http; loopback is excepted.
/// Source: W3C Mixed Content; Secure Contexts 3.1.
pub(super) fn mixed_content(case: &mut Case) {
    let insecure = case.options.url.starts_with("http://");
    if case.options.place == Place::Page && insecure && case.options.origin.starts_with("https://") {
        let seen = format!("The page is {}, the instance {}.", case.options.origin, case.options.url);
        let loopback = ["http://localhost", "http://127.0.0.1", "http://[::1]"];
        match loopback.iter().any(|start| case.options.url.starts_with(start)) {
            true => case.passed("mixed-content", MIXED, "Loopback may be asked by http."),
            false => case.failed("mixed-content", MIXED, seen, &causes::MIXED_CONTENT, 100, None),
        }
    }
}

fn read(case: &mut Case, outcome: &ProbeOutcome) {
    let summary = outcome.summary();
    match outcome {
        ProbeOutcome::NoReply { reason } => {
            let cause = if is_name(reason) { &causes::NAME_UNKNOWN } else { &causes::UNREACHABLE };
            return case.failed("reach", REACH, summary, cause, 100, None);
        }
        ProbeOutcome::TimedOut => return case.failed("reach", REACH, summary, &causes::SWALLOWED, 100, None),
        ProbeOutcome::Answered => {
            case.known.reached = true;
            case.passed("reach", REACH, "Something answers at this address; a page may not see what.");
            return case.unknown("release", RELEASE, "A page may not read stats.do.");
        }
        ProbeOutcome::Redirected => {}
        ProbeOutcome::Reply { .. } => clock(case, outcome),
    }
    if let Some(cause) = not_an_instance(outcome) {
        let code = if cause == &causes::ASLEEP { "sleeping" } else { "reach" };
        let question = if cause == &causes::ASLEEP { SLEEPING } else { REACH };
        return case.failed(code, question, summary, cause, 100, None);
    }
    case.known.reached = true;
    case.passed("reach", REACH, summary);
    case.passed("sleeping", SLEEPING, "It answers with something else than the page of a sleeping instance.");
    release(case, outcome.body());
    semaphores(case, outcome.body());
}

/// Replies that show that no working instance is at the address.
pub(super) fn not_an_instance(outcome: &ProbeOutcome) -> Option<&'static ReportedCause> {
    let body = outcome.body().to_ascii_lowercase();
    match outcome.status() {
        _ if outcome.is_page() && body.contains("hibernating") => Some(&causes::ASLEEP),
        403 if outcome.is_page() => Some(&causes::ADDRESS_REFUSED),
        502..=504 => Some(&causes::RESTART),
        200 if outcome.is_page() && (body.contains("log in") || body.contains("login.do")) => Some(&causes::WRONG_HOST),
        _ => None,
    }
}

fn is_name(reason: &str) -> bool {
    ["ENOTFOUND", "EAI_AGAIN", "DNS", "ERR_NAME_NOT_RESOLVED"].iter().any(|sign| reason.contains(sign))
}

/// "Build name: Zurich" and "Build tag: glide-zurich-...": the page is public on most instances.
fn release(case: &mut Case, page: &str) {
    let after = |sign: &str| {
        let rest = page.split(sign).nth(1)?;
        let end = rest.find(|letter: char| !letter.is_alphanumeric() && letter != ' ').unwrap_or(rest.len());
        rest.get(..end).map(|name| name.trim().to_owned()).filter(|name| !name.is_empty())
    };
    match after("Build name:").or_else(|| after("glide-")) {
        Some(name) => {
            case.release = name.to_ascii_lowercase().replace(' ', "");
            case.passed("release", RELEASE, format!("stats.do says: {name}."));
        }
        None => case.unknown("release", RELEASE, "stats.do tells no build name to somebody who is not signed in."),
    }
}

/// Source: KB1297438: API calls share the threads of the semaphore set API_INT, four a node on an ordinary instance.
fn semaphores(case: &mut Case, page: &str) {
    let Some(rest) = page.split("API_INT").nth(1) else {
        return;
    };
    let number = |sign: &str| -> Option<u32> {
        let rest = rest.split(sign).nth(1)?.trim_start_matches([' ', ':']);
        let end = rest.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(rest.len());
        rest.get(..end)?.parse().ok()
    };
    let Some(threads) = number("available semaphores") else {
        return;
    };
    let seen = format!("stats.do: {threads} semaphores of API_INT are available.");
    match threads {
        0 | 1 => case.failed("capacity", CAPACITY, seen, &causes::QUEUE_FULL, 60, None),
        _ => case.passed("capacity", CAPACITY, seen),
    }
}

fn clock(case: &mut Case, outcome: &ProbeOutcome) {
    let Some(theirs) = outcome.header("date").and_then(from_http_date).map(Millis::from_seconds) else {
        return case.unknown("clock", CLOCK, "The reply has no Date header that can be read here.");
    };
    let apart = theirs.0.abs_diff(case.now.0);
    let seen = format!("The instance's Date is {} s away from the clock here.", apart / 1000);
    match apart > SKEW_MS {
        true => case.failed("clock", CLOCK, seen, &causes::CLOCK_SKEW, 30, None),
        false => case.passed("clock", CLOCK, seen),
    }
}
