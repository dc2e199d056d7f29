//! Whether the token endpoint gives the integration a token, and which causes can be distinguished when it does not.
//!
//! Nearly every refusal is the same 401 `server_error` / `access_denied` (KB0725643): the reply alone ranks causes, and only
//! another request or a record proves one.

use serde_json::Value;

use super::super::case::Case;
use super::super::causes::{self, ReportedCause};
use super::super::check::{InstanceCheck, When};
use super::super::options::{AuthMethod, Place};
use super::super::probe::{Identity, Probe, ProbeOutcome, SecretName};
use super::transport::not_an_instance;
use crate::auth::GrantType;

const TOKEN: &str = "Does the token endpoint give the integration a token?";
const SCOPE: &str = "Is it the scope that is refused?";
const CLIENT: &str = "Are the client's id and secret good?";
const LIFETIME: &str = "Does the token live long enough to be used?";

pub(super) fn checks() -> Vec<InstanceCheck> {
    vec![
        InstanceCheck {
            code: "token",
            question: TOKEN,
            elaborates: &[],
            when: |case, times| match case.options.means.asks_for_token() {
                true if times == 0 && case.known.reached => When::Due,
                _ if case.options.means == AuthMethod::Grant(GrantType::AuthorizationCode) && times == 0 => {
                    When::Cannot("a person who signs in: the authorization code grant cannot be tried alone")
                }
                _ => When::NotDue,
            },
            ask: |case| {
                let scope = case.options.scope.clone();
                request(case, integration_grant(case), &scope)
            },
            read: read_token,
        },
        InstanceCheck {
            code: "token.scope",
            question: SCOPE,
            elaborates: &[],
            when: |case, times| match (refused(case), case.options.scope.is_empty()) {
                (true, false) if times == 0 => When::Due,
                _ => When::NotDue,
            },
            ask: |case| request(case, integration_grant(case), ""),
            read: |case, outcome| match granted(outcome) {
                Some(_) => {
                    let seen = format!("A token is given without scope and refused with scope={}.", case.options.scope);
                    case.failed("token.scope", SCOPE, seen, &causes::SCOPE_NOT_ATTACHED, 100, None);
                }
                None => case.passed("token.scope", SCOPE, "It is refused without scope too."),
            },
        },
        InstanceCheck {
            code: "token.client",
            question: CLIENT,
            elaborates: &[],
            when: |case, times| match refused(case)
                && case.options.means == AuthMethod::Grant(GrantType::ClientCredentials)
            {
                true if case.options.user_name.is_empty() => {
                    When::Cannot("a user name and password for the password grant, or role oauth_admin")
                }
                true if times == 0 => When::Due,
                _ => When::NotDue,
            },
            ask: |case| request(case, GrantType::Password, ""),
            read: |case, outcome| match granted(outcome) {
                Some(_) => {
                    case.known.client_is_good = true;
                    case.clear(&causes::CLIENT_WRONG);
                    case.clear(&causes::OAUTH_INACTIVE);
                    case.passed("token.client", CLIENT, "The password grant works with the same client.");
                }
                None => case.unknown("token.client", CLIENT, format!("The password grant: {}.", outcome.summary())),
            },
        },
    ]
}

/// Whether the instance refused the token, and no scope is to blame.
fn refused(case: &Case) -> bool {
    case.known.token == Some(false)
}

/// The integration's grant. Only asked where `asks_for_token` holds.
fn integration_grant(case: &Case) -> GrantType {
    case.options.means.grant().unwrap_or(GrantType::ClientCredentials)
}

fn request(case: &Case, grant: GrantType, scope: &str) -> Probe {
    let mut ask = Probe::new("POST", "/oauth_token.do", Identity::Client);
    ask.blind = false;
    ask = ask.with_text("grant_type", grant.as_parameter()).with_text("client_id", &case.options.client_id);
    ask = ask.with_secret("client_secret", SecretName::ClientSecret);
    ask = match grant {
        GrantType::Password => {
            ask.with_text("username", &case.options.user_name).with_secret("password", SecretName::Password)
        }
        GrantType::JwtBearer => ask.with_secret("assertion", SecretName::Assertion),
        GrantType::RefreshToken => ask.with_secret("refresh_token", SecretName::RefreshToken),
        GrantType::ClientCredentials | GrantType::AuthorizationCode => ask,
    };
    if scope.is_empty() { ask } else { ask.with_text("scope", scope) }
}

/// The seconds that a granted token lives.
fn granted(outcome: &ProbeOutcome) -> Option<u64> {
    let json = outcome.json().filter(|_| outcome.status() == 200)?;
    json.get("access_token")?;
    Some(json.get("expires_in").and_then(Value::as_u64).unwrap_or_default())
}

fn read_token(case: &mut Case, outcome: &ProbeOutcome) {
    if let Some(seconds) = granted(outcome) {
        case.known.token = Some(true);
        case.known.client_is_good = true;
        case.passed("token", TOKEN, format!("A token that lives {seconds} s."));
        return lifetime(case, seconds);
    }
    let summary = outcome.summary();
    case.known.token_reply.clone_from(&summary);
    if let Some(cause) = not_an_instance(outcome) {
        return case.failed("token", TOKEN, summary, cause, 100, None);
    }
    match outcome {
        ProbeOutcome::NoReply { .. } if case.options.place == Place::Page && case.known.reached => {
            let seen = "The instance answers, and this page may not read the token endpoint's reply.";
            return case.failed("token", TOKEN, seen, &causes::NO_TOKEN_ORIGIN, 80, None);
        }
        ProbeOutcome::NoReply { .. } => return case.failed("token", TOKEN, summary, &causes::UNREACHABLE, 80, None),
        ProbeOutcome::TimedOut => return case.failed("token", TOKEN, summary, &causes::SWALLOWED, 80, None),
        ProbeOutcome::Redirected => return case.failed("token", TOKEN, summary, &causes::WRONG_ADDRESS, 80, None),
        _ => {}
    }
    case.known.token = Some(false);
    if let Some(cause) = subject(outcome) {
        return case.failed("token", TOKEN, summary, cause, 100, None);
    }
    // Weights from how often each is the cause where integrators ask for help; a record or another request settles it.
    let candidates: &[(&'static ReportedCause, u8)] = match case.options.means.grant() {
        Some(GrantType::ClientCredentials) => {
            const {
                &[
                    (&causes::CLIENT_WRONG, 35),
                    (&causes::GRANT_OFF, 25),
                    (&causes::APPLICATION_USER_MISSING, 15),
                    (&causes::APPLICATION_USER_BLOCKED, 10),
                    (&causes::OAUTH_INACTIVE, 2),
                ]
            }
        }
        Some(GrantType::Password) => {
            const {
                &[
                    (&causes::PASSWORD_WRONG, 40),
                    (&causes::CLIENT_WRONG, 30),
                    (&causes::USER_STATE, 12),
                    (&causes::PASSWORD_GRANT_OFF, 8),
                ]
            }
        }
        Some(GrantType::JwtBearer) => {
            const { &[(&causes::JWT_KEY_UNKNOWN, 45), (&causes::CLIENT_WRONG, 20), (&causes::JWT_CLAIMS, 25)] }
        }
        Some(GrantType::RefreshToken | GrantType::AuthorizationCode) | None => {
            const { &[(&causes::REFRESH_TOKEN_DEAD, 50), (&causes::CLIENT_WRONG, 25), (&causes::USER_STATE, 8)] }
        }
    };
    let json_code = outcome.json().and_then(|json| json.get("error").and_then(Value::as_str).map(str::to_owned));
    let (first, weight) = candidates.first().copied().unwrap_or((&causes::CLIENT_WRONG, 35));
    case.failed("token", TOKEN, summary.clone(), first, weight, None);
    for (code, weight) in candidates.iter().skip(1) {
        case.suspect(code, *weight, summary.clone(), None);
    }
    if !case.options.scope.is_empty() {
        case.suspect(&causes::SCOPE_NOT_ATTACHED, 30, summary.clone(), None);
    }
    // Codes of RFC 6749 are rare here; where one comes it is believed.
    if json_code.as_deref() == Some("invalid_client") {
        case.suspect(&causes::CLIENT_WRONG, 70, summary, None);
    }
}

/// What a refused assertion says of its subject; of everything else the token endpoint says nothing.
fn subject(outcome: &ProbeOutcome) -> Option<&'static ReportedCause> {
    match outcome.json()?.get("error_description")?.as_str()? {
        "User not found" => Some(&causes::JWT_SUBJECT),
        text if text.contains("to admin is not allowed") => Some(&causes::JWT_SUBJECT_ADMIN),
        _ => None,
    }
}

/// Two minutes at the least: a token is renewed well before it ends. Near zero may be an older token that was handed out again
/// (KB0791140), so this is a suspicion and no proof.
fn lifetime(case: &mut Case, seconds: u64) {
    let seen = format!("expires_in is {seconds}.");
    match seconds < 120 {
        true => case.failed("token.lifetime", LIFETIME, seen, &causes::TOKEN_EXPIRED, 50, None),
        false => case.passed("token.lifetime", LIFETIME, seen),
    }
}
