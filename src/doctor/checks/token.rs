//! Whether the token endpoint gives the integration a token, and which causes can be distinguished when it does not.
//!
//! Nearly every refusal is the same 401 `server_error` / `access_denied` (KB0725643): the reply alone ranks causes, and only
//! another request or a record proves one.

use serde_json::Value;

use super::super::case::Case;
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
                    case.failed("token.scope", SCOPE, seen, "oauth.scope-not-attached", 100, None);
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
                    case.clear("oauth.client-credentials-wrong");
                    case.clear("oauth.inactive");
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
            return case.failed("token", TOKEN, seen, "cors.token-endpoint", 80, None);
        }
        ProbeOutcome::NoReply { .. } => return case.failed("token", TOKEN, summary, "network.down", 80, None),
        ProbeOutcome::TimedOut => return case.failed("token", TOKEN, summary, "network.silent", 80, None),
        ProbeOutcome::Redirected => return case.failed("token", TOKEN, summary, "instance.wrong-address", 80, None),
        _ => {}
    }
    case.known.token = Some(false);
    if let Some(cause) = subject(outcome) {
        return case.failed("token", TOKEN, summary, cause, 100, None);
    }
    // Weights from how often each is the cause where integrators ask for help; a record or another request settles it.
    let candidates: &[(&'static str, u8)] = match case.options.means.grant() {
        Some(GrantType::ClientCredentials) => &[
            ("oauth.client-credentials-wrong", 35),
            ("oauth.grant-off", 25),
            ("oauth.application-user-missing", 15),
            ("oauth.application-user-blocked", 10),
            ("oauth.inactive", 2),
        ],
        Some(GrantType::Password) => &[
            ("oauth.user-password-wrong", 40),
            ("oauth.client-credentials-wrong", 30),
            ("token.user-state", 12),
            ("oauth.password-grant-off", 8),
        ],
        Some(GrantType::JwtBearer) => {
            &[("jwt.key-unknown", 45), ("oauth.client-credentials-wrong", 20), ("jwt.claims", 25)]
        }
        Some(GrantType::RefreshToken | GrantType::AuthorizationCode) | None => {
            &[("oauth.refresh-token-expired", 50), ("oauth.client-credentials-wrong", 25), ("token.user-state", 8)]
        }
    };
    let json_code = outcome.json().and_then(|json| json.get("error").and_then(Value::as_str).map(str::to_owned));
    let (first, weight) = candidates.first().copied().unwrap_or(("oauth.client-credentials-wrong", 35));
    case.failed("token", TOKEN, summary.clone(), first, weight, None);
    for (code, weight) in candidates.iter().skip(1) {
        case.suspect(code, *weight, summary.clone(), None);
    }
    if !case.options.scope.is_empty() {
        case.suspect("oauth.scope-not-attached", 30, summary.clone(), None);
    }
    // Codes of RFC 6749 are rare here; where one comes it is believed.
    if json_code.as_deref() == Some("invalid_client") {
        case.suspect("oauth.client-credentials-wrong", 70, summary, None);
    }
}

/// What a refused assertion says of its subject; of everything else the token endpoint says nothing.
fn subject(outcome: &ProbeOutcome) -> Option<&'static str> {
    match outcome.json()?.get("error_description")?.as_str()? {
        "User not found" => Some("jwt.subject"),
        text if text.contains("to admin is not allowed") => Some("jwt.subject-is-admin"),
        _ => None,
    }
}

/// Two minutes at the least: a token is renewed well before it ends. Near zero may be an older token that was handed out again
/// (KB0791140), so this is a suspicion and no proof.
fn lifetime(case: &mut Case, seconds: u64) {
    let seen = format!("expires_in is {seconds}.");
    match seconds < 120 {
        true => case.failed("token.lifetime", LIFETIME, seen, "token.expired", 50, None),
        false => case.passed("token.lifetime", LIFETIME, seen),
    }
}
