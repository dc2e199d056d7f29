//! Whether the APIs accept the integration: the user that they see, and what denies valid credentials.

use super::super::case::{Case, Change};
use super::super::causes::{self, ReportedCause};
use super::super::check::{InstanceCheck, When};
use super::super::guide::since;
use super::super::options::{AuthMethod, Place};
use super::super::probe::{Identity, Probe, ProbeOutcome, text};
use super::super::record_probes::{list, once_as_integration};
use super::transport::not_an_instance;
use crate::auth::GrantType;

/// Rows of the first page: enough that rules which hide a part of them show, and little enough for any instance.
const PAGE: u32 = 100;

const WHO: &str = "Does an API know who the integration is?";
const TABLE: &str = "May it call the Table API?";
const STATS: &str = "May it call the Aggregate API?";
const RATE: &str = "Is a rate rule in its way?";
const VERDICT: &str = "Which credential or policy is it?";

pub(super) fn checks() -> Vec<InstanceCheck> {
    vec![
        InstanceCheck {
            code: "api.who",
            question: WHO,
            elaborates: &[],
            // No policy can be made for this address, so it distinguishes bad credentials from a policy. It is not documented.
            when: once_as_integration,
            ask: |_| Probe::get("/api/now/ui/user/current_user", Identity::Integration),
            read: read_who,
        },
        InstanceCheck {
            code: "api.table",
            question: TABLE,
            elaborates: &[],
            when: once_as_integration,
            ask: |case| list(Identity::Integration, &case.options.table, "", "sys_id", PAGE),
            read: read_table,
        },
        InstanceCheck {
            code: "api.stats",
            question: STATS,
            elaborates: &[],
            when: once_as_integration,
            ask: |case| {
                Probe::get(format!("/api/now/stats/{}?sysparm_count=true", case.options.table), Identity::Integration)
            },
            read: read_stats,
        },
        InstanceCheck {
            code: "api.verdict",
            question: VERDICT,
            elaborates: &[],
            when: |case, times| match times == 0 && case.known.listed == Some(401) && case.known.who.is_some() {
                true => When::Due,
                false => When::NotDue,
            },
            // The same request without credentials: a 401 that differs is about the credentials, one that is alike about the API.
            ask: |case| list(Identity::Anonymous, &case.options.table, "", "", 1),
            read: |case, _| unauthorised(case),
        },
    ]
}

fn read_who(case: &mut Case, outcome: &ProbeOutcome) {
    case.known.who = Some(outcome.status());
    if let Some(result) =
        outcome.json().and_then(|json| json.get("result").cloned()).filter(|_| outcome.status() == 200)
    {
        case.known.user_name = text(&result, "user_name").to_owned();
        case.known.user_id = text(&result, "user_sys_id").to_owned();
        let seen = format!("It is signed in as {}.", case.known.user_name);
        return case.passed("api.who", WHO, seen);
    }
    if let Some(cause) = trouble(case, outcome) {
        return case.failed("api.who", WHO, outcome.summary(), cause, 100, None);
    }
    case.unknown("api.who", WHO, format!("{}.", outcome.summary()));
}

/// Causes that any API call shows.
fn trouble(case: &mut Case, outcome: &ProbeOutcome) -> Option<&'static ReportedCause> {
    if let Some(cause) = not_an_instance(outcome) {
        return Some(cause);
    }
    if outcome.header("location").is_some_and(|to| to.contains("logout_success") || to.contains("login")) {
        let ended = outcome.header("location").is_some_and(|to| to.contains("logout"));
        return Some(if ended { &causes::SESSION_OVER } else { &causes::WRONG_ADDRESS });
    }
    if outcome.header("x-mfa_token").is_some_and(|value| value.eq_ignore_ascii_case("invalid")) {
        case.known.one_time_code = true;
        return Some(&causes::MFA);
    }
    match outcome {
        ProbeOutcome::Redirected => Some(&causes::WRONG_ADDRESS),
        ProbeOutcome::TimedOut => Some(&causes::SLOW),
        // A page cannot read a reply that CORS withholds: the checks of CORS decide.
        ProbeOutcome::NoReply { .. } if case.options.place == Place::Page => None,
        ProbeOutcome::NoReply { .. } => Some(&causes::REPLY_CUT),
        _ => match outcome.status() {
            202 => Some(&causes::SHARED_SESSION),
            429 if outcome.header("x-ratelimit-rule").is_some() || outcome.header("retry-after").is_some() => {
                Some(&causes::RATE_RULE)
            }
            429 => Some(&causes::QUEUE_FULL),
            500 if outcome.error().contains("maximum execution time") => Some(&causes::QUEUED_PAST_QUOTA),
            _ => None,
        },
    }
}

fn read_table(case: &mut Case, outcome: &ProbeOutcome) {
    case.known.listed = Some(outcome.status());
    case.known.challenge = outcome.header("www-authenticate").unwrap_or_default().to_owned();
    let error = outcome.error();
    case.known.list_error.clone_from(&error);
    let summary = outcome.summary();
    rate(case, outcome);
    if let Some(cause) = trouble(case, outcome) {
        return case.failed("api.table", TABLE, summary, cause, 100, None);
    }
    let lower = error.to_ascii_lowercase();
    let cause = match outcome.status() {
        200 if outcome.json().is_none() => Some(&causes::QUERY_TOO_HEAVY),
        200 => None,
        401 => return case.unknown("api.table", TABLE, format!("{summary}. Other checks say why.")),
        403 if lower.contains("missing required api access scope") => Some(&causes::API_SCOPE),
        403 if lower.contains("unscoped api") => Some(&causes::RECORD_RESTRICTED),
        403 if lower.contains("api level acl") => Some(&causes::API_ROLE),
        403 if lower.contains("web service") => Some(&causes::NO_WEB_SERVICE_ACCESS),
        403 if lower.contains("machine identity") => Some(&causes::MACHINE_IDENTITY),
        403 => Some(&causes::ROLE_MISSING),
        400 if lower.starts_with("invalid table") => Some(&causes::TABLE_MISSPELT),
        400 | 404 if lower.contains("does not represent any resource") => Some(&causes::API_DISABLED),
        0 => return case.unknown("api.table", TABLE, summary),
        _ => Some(&causes::API_OTHER),
    };
    match cause {
        Some(cause) => case.failed("api.table", TABLE, summary, cause, 100, None),
        None => {
            let rows = outcome.rows().unwrap_or_default();
            case.known.total = rows.0.len() as u64 + rows.1;
            super::table::hidden(case, rows.0.len() as u64, PAGE);
            case.passed("api.table", TABLE, format!("{summary}, {} rows of at most {PAGE}.", rows.0.len()));
        }
    }
}

/// Source: "Inbound REST API rate limiting": every reply under a rule carries its limit.
fn rate(case: &mut Case, outcome: &ProbeOutcome) {
    if case.options.place == Place::Page && outcome.header("x-ratelimit-limit").is_none() {
        return;
    }
    let rule = outcome.header("x-ratelimit-rule").filter(|rule| rule.bytes().all(|byte| byte.is_ascii_alphanumeric()));
    let change = rule.map(|rule| Change {
        table: "sys_rate_limit_rules",
        query: format!("sys_id={rule}"),
        set: vec![("request_limit", "3600".into())],
    });
    match outcome.header("x-ratelimit-limit").and_then(|limit| limit.parse::<u64>().ok()) {
        Some(limit) if limit < 100 => {
            case.failed("rate", RATE, format!("X-RateLimit-Limit is {limit} an hour."), &causes::RATE_RULE, 55, change);
        }
        Some(limit) => case.passed("rate", RATE, format!("A rule allows {limit} requests an hour.")),
        None if outcome.status() == 200 => {
            case.passed("rate", RATE, "No X-RateLimit header: no rule counts this call.")
        }
        None => {}
    }
}

fn read_stats(case: &mut Case, outcome: &ProbeOutcome) {
    let summary = outcome.summary();
    let lower = outcome.error().to_ascii_lowercase();
    match outcome.status() {
        200 => {
            if case.known.listed == Some(401) && case.options.means == AuthMethod::ApiKey {
                let seen = "The key is good for the Aggregate API and refused by the Table API.";
                return case.failed("api.policy", TABLE, seen, &causes::KEY_WITHOUT_POLICY, 100, None);
            }
            case.passed("api.stats", STATS, summary);
        }
        403 if lower.contains("no permission to read table") => {
            case.failed("api.stats", STATS, summary, &causes::NO_TABLE_READ, 100, None);
        }
        400 | 404 if lower.contains("does not represent any resource") => {
            case.failed("api.stats", STATS, summary, &causes::API_DISABLED, 100, None);
        }
        _ if let Some(cause) = trouble(case, outcome) => case.failed("api.stats", STATS, summary, cause, 90, None),
        _ => case.unknown("api.stats", STATS, format!("{summary}.")),
    }
}

/// The cause that an access policy is, by what the integration shows.
pub(super) const fn policy(case: &Case) -> &'static ReportedCause {
    match case.options.means {
        AuthMethod::Basic => &causes::POLICY_WITHOUT_BASIC,
        AuthMethod::ApiKey => &causes::KEY_WITHOUT_POLICY,
        AuthMethod::Grant(_) | AuthMethod::Token => &causes::POLICY_WITHOUT_OAUTH,
    }
}

/// A 401 from the Table API with a credential that was accepted elsewhere, or nowhere.
fn unauthorised(case: &mut Case) {
    let elsewhere = case.known.who == Some(200);
    let challenge = case.known.challenge.clone();
    let seen = match elsewhere {
        true => format!("Another API knows the integration; the Table API answers 401, WWW-Authenticate: {challenge}."),
        false => "No API knows who the integration is.".to_owned(),
    };
    let release = case.release.as_str();
    if elsewhere {
        let cause = policy(case);
        return case.failed("api.policy", VERDICT, seen, cause, 95, None);
    }
    match case.options.means {
        AuthMethod::Grant(GrantType::ClientCredentials) if is_before_client_credentials(release) => {
            let seen = format!("The release is {release}, and every API answers 401 to a brand-new token.");
            case.failed("api.verdict", VERDICT, seen, &causes::TOKEN_OF_GUEST, 100, None);
        }
        AuthMethod::Grant(GrantType::ClientCredentials) => {
            case.failed("api.verdict", VERDICT, seen.clone(), &causes::TOKEN_OF_GUEST, 45, None);
            case.suspect(&causes::POLICY_WITHOUT_OAUTH, 30, seen, None);
        }
        AuthMethod::Basic => {
            // Source: "Basic authentication restriction": enforced on instances that are new since Australia.
            let restriction = if since(release, "australia") { 50 } else { 20 };
            case.failed("api.verdict", VERDICT, seen.clone(), &causes::BASIC_RESTRICTED, restriction, None);
            case.suspect(&causes::PASSWORD_WRONG, 35, seen.clone(), None);
            case.suspect(policy(case), 12, seen, None);
        }
        AuthMethod::ApiKey => case.failed("api.verdict", VERDICT, seen, &causes::KEY_WITHOUT_POLICY, 60, None),
        AuthMethod::Grant(
            GrantType::Password | GrantType::JwtBearer | GrantType::AuthorizationCode | GrantType::RefreshToken,
        )
        | AuthMethod::Token => {
            case.failed("api.verdict", VERDICT, seen.clone(), &causes::POLICY_WITHOUT_OAUTH, 45, None);
            case.suspect(&causes::TOKEN_EXPIRED, 40, seen, None);
        }
    }
}

/// Up to Vancouver a client credentials token belongs to the guest (KB0745184).
pub(super) fn is_before_client_credentials(release: &str) -> bool {
    ["sandiego", "tokyo", "utah", "vancouver", "rome", "quebec", "paris", "orlando", "madrid"].contains(&release)
}
