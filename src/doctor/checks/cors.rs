//! Whether a web page may call the instance. A server sends preflights by hand and reads them; a page observes what the browser
//! lets through.
//!
//! Source: Fetch standard, CORS protocol; product documentation, "Define a CORS rule" and "Allow CORS Origins for OAuth
//! Endpoints": the token endpoint follows a property of its own and no rule.

use super::super::case::Case;
use super::super::causes;
use super::super::check::{InstanceCheck, When};
use super::super::options::Place;
use super::super::probe::{Identity, Probe, ProbeOutcome};

const API: &str = "May the page call the REST API?";
const TOKEN: &str = "May the page call the token endpoint?";
const EXPOSED: &str = "May the page read the headers that matter?";

/// Headers that a client needs to count rows and to keep to the limits.
const NEEDED: &[&str] = &["x-total-count", "retry-after"];

pub(super) fn checks() -> Vec<InstanceCheck> {
    vec![
        InstanceCheck {
            code: "cors.api",
            question: API,
            elaborates: const { &[&causes::NO_TOKEN_ORIGIN] },
            when: due,
            ask: |case| match case.options.place {
                Place::Server => preflight(case, &api_path(case), "authorization"),
                // Without credentials no preflight is sent: only the rule for GET counts.
                Place::Page => plain(api_path(case), "GET"),
            },
            read: read_api,
        },
        InstanceCheck {
            code: "cors.header",
            question: "May the page send its token?",
            elaborates: &[],
            when: |case, times| match case.options.place == Place::Page && case.known.readable == Some(true) {
                true => due(case, times),
                false => When::NotDue,
            },
            // A header that is on no safe list makes the browser ask first; the value is no credential.
            ask: |case| plain(api_path(case), "GET").with_header("Authorization", "Bearer none"),
            read: |case, outcome| match outcome {
                ProbeOutcome::Reply { .. } => {
                    case.passed("cors.header", "May the page send its token?", "The preflight passed.")
                }
                _ => {
                    let seen = "A plain request can be read, and the same with an Authorization header cannot.";
                    case.failed("cors.header", "May the page send its token?", seen, &causes::CORS_HEADER, 95, None);
                }
            },
        },
        InstanceCheck {
            code: "cors.exposed",
            question: EXPOSED,
            elaborates: &[],
            when: |case, times| match case.options.place == Place::Server && case.known.readable == Some(true) {
                true => due(case, times),
                false => When::NotDue,
            },
            ask: |case| {
                Probe::get(api_path(case), Identity::Anonymous).with_header("Origin", case.options.origin.clone())
            },
            read: read_exposed,
        },
        InstanceCheck {
            code: "cors.token",
            question: TOKEN,
            elaborates: const { &[&causes::NO_CORS_RULE] },
            when: |case, times| if case.options.means.asks_for_token() { due(case, times) } else { When::NotDue },
            ask: |case| match case.options.place {
                Place::Server => preflight(case, "/oauth_token.do", ""),
                // A form without credentials: refused in any case, and the refusal can be read or not.
                Place::Page => plain("/oauth_token.do".into(), "POST").with_text("grant_type", "none"),
            },
            read: read_token,
        },
    ]
}

fn due(case: &Case, times: u32) -> When {
    match times == 0 && case.known.reached && !case.options.origin.is_empty() {
        true => When::Due,
        false => When::NotDue,
    }
}

fn api_path(case: &Case) -> String {
    format!("/api/now/table/{}?sysparm_limit=1", case.options.table)
}

fn plain(path: String, method: &'static str) -> Probe {
    Probe { headers: vec![], ..Probe::new(method, path, Identity::Anonymous) }
}

/// A preflight as a browser sends it. A token request needs none, being a plain form; here it shows who is admitted.
fn preflight(case: &Case, path: &str, header: &str) -> Probe {
    let method = if header.is_empty() { "POST" } else { "GET" };
    let mut ask = Probe::new("OPTIONS", path, Identity::Anonymous)
        .with_header("Origin", case.options.origin.clone())
        .with_header("Access-Control-Request-Method", method);
    if !header.is_empty() {
        ask = ask.with_header("Access-Control-Request-Headers", header);
    }
    ask
}

fn admitted(case: &Case, outcome: &ProbeOutcome) -> bool {
    outcome.header("access-control-allow-origin").is_some_and(|origin| origin == "*" || origin == case.options.origin)
}

fn read_api(case: &mut Case, outcome: &ProbeOutcome) {
    let origin = case.options.origin.clone();
    if case.options.place == Place::Page {
        case.known.readable = Some(matches!(outcome, ProbeOutcome::Reply { .. }));
        return match outcome {
            ProbeOutcome::Reply { .. } => case.passed("cors.api", API, "This page can read a plain request's reply."),
            _ => {
                let seen = "The instance answers, and this page may not read what it says.";
                case.failed("cors.api", API, seen, &causes::NO_CORS_RULE, 90, None);
                if case.is_suspected(&causes::NO_TOKEN_ORIGIN) {
                    // Nothing at all can be read: the page of a sleeping instance looks like that too.
                    case.suspect(&causes::ASLEEP, 40, seen.to_owned(), None);
                }
            }
        };
    }
    if outcome.status() == 0 {
        return case.unknown("cors.api", API, format!("{}.", outcome.summary()));
    }
    let allowed = outcome.header("access-control-allow-headers").unwrap_or_default().to_ascii_lowercase();
    let header = allowed.split(',').any(|name| ["*", "authorization"].contains(&name.trim()));
    case.known.readable = Some(admitted(case, outcome));
    match (admitted(case, outcome), header) {
        (true, true) => case.passed("cors.api", API, format!("The preflight for {origin} passes.")),
        (true, false) => {
            let seen = format!("{origin} is admitted, and Access-Control-Allow-Headers is \"{allowed}\".");
            case.failed("cors.api", API, seen, &causes::CORS_HEADER, 95, None);
        }
        (false, _) => {
            // A preflight is withheld for a header that no rule lists as well as for an origin: the plain request decides.
            let seen = format!("The reply to a preflight from {origin} has no Access-Control-Allow-Origin for it.");
            case.failed("cors.api", API, seen, &causes::NO_CORS_RULE, 90, None);
        }
    }
}

fn read_exposed(case: &mut Case, outcome: &ProbeOutcome) {
    let exposed = outcome.header("access-control-expose-headers").unwrap_or_default().to_ascii_lowercase();
    let has = |name: &str| exposed.split(',').any(|one| one.trim() == name);
    let missing: Vec<&str> = NEEDED.iter().copied().filter(|name| !has(name)).collect();
    match missing.is_empty() {
        true => case.passed("cors.exposed", EXPOSED, format!("Exposed: {exposed}.")),
        false => {
            let seen = format!("Not exposed: {}.", missing.join(", "));
            case.failed("cors.exposed", EXPOSED, seen, &causes::CORS_EXPOSED, 40, None);
        }
    }
}

fn read_token(case: &mut Case, outcome: &ProbeOutcome) {
    let readable = match case.options.place {
        Place::Page => matches!(outcome, ProbeOutcome::Reply { .. }),
        Place::Server if outcome.status() == 0 => {
            return case.unknown("cors.token", TOKEN, format!("{}.", outcome.summary()));
        }
        Place::Server => admitted(case, outcome),
    };
    match readable {
        true => {
            case.clear(&causes::NO_TOKEN_ORIGIN);
            case.passed("cors.token", TOKEN, "Its replies can be read by the page.");
        }
        false => {
            let seen = format!("The token endpoint admits no page of {}.", case.options.origin);
            let set = vec![("name", "glide.oauth.cors.allowed.origin".into()), ("value", case.options.origin.clone())];
            let change = super::super::case::Change {
                table: "sys_properties",
                query: "name=glide.oauth.cors.allowed.origin".into(),
                set,
            };
            case.failed("cors.token", TOKEN, seen, &causes::NO_TOKEN_ORIGIN, 88, Some(change));
        }
    }
}
