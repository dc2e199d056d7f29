//! The records behind the sign-in: the registry record of the client, its Application User, that user's state and roles.

use serde_json::Value;

use super::super::case::{Case, Change};
use super::super::causes::{self, ReportedCause};
use super::super::check::{InstanceCheck, When};
use super::super::options::AuthMethod;
use super::super::probe::{Identity, ProbeOutcome, text};
use super::super::record_probes::{list, once_as_administrator, unread};
use super::super::roles;
use super::administrator::{READ_ONLY_EXEMPT, RESTRICTION, property};
use crate::auth::GrantType;

const ENTITY: &str = "Is the client registered, active and complete?";
const USER: &str = "May the user behind the integration sign in?";
const READ_ONLY: &str = "May the user write the record of its token?";
const ROLES: &str = "Has the user the roles that are wanted?";
const VERIFIER: &str = "Is there a key to check the assertion with?";
const BASIC: &str = "Is Basic open to this user?";

/// Causes that the user's roles elaborate.
const BY_ROLE: &[&ReportedCause] = &[
    &causes::BASIC_RESTRICTED,
    &causes::API_ROLE,
    &causes::QUERY_ACL,
    &causes::FIELD_ACL,
    &causes::ROLE_MISSING,
    &causes::NO_TABLE_READ,
];

pub(super) fn checks() -> Vec<InstanceCheck> {
    vec![
        InstanceCheck {
            code: "client.record",
            question: ENTITY,
            elaborates: BY_ROLE,
            when: |case, times| match case.options.means.has_client() {
                true => once_as_administrator(case, times, "role oauth_admin, mi_admin or admin"),
                false => When::NotDue,
            },
            ask: |case| {
                let query = format!("client_id={}", case.options.client_id);
                let fields = "sys_id,name,active,user,redirect_url,access_token_lifespan,refresh_token_lifespan,auth_code_lifespan,enforce_token_restrictions,allow_only_scoped_apis,public_client";
                list(Identity::Administrator, "oauth_entity", &query, fields, 2)
            },
            read: read_entity,
        },
        InstanceCheck {
            code: "client.verifier",
            question: VERIFIER,
            elaborates: const { &[&causes::JWT_KEY_UNKNOWN] },
            when: |case, times| match case.options.means == AuthMethod::Grant(GrantType::JwtBearer)
                && case.known.entity.is_some()
            {
                true => once_as_administrator(case, times, "role oauth_admin or admin"),
                false => When::NotDue,
            },
            ask: |case| {
                let query = format!("oauth_entity={}", entity_id(case));
                list(Identity::Administrator, "jwt_verifier_map", &query, "name,kid", 10)
            },
            read: |case, outcome| match outcome.rows() {
                Some((rows, 0)) if rows.is_empty() => {
                    let seen = "No JWT verifier map belongs to the registry record.";
                    case.failed("client.verifier", VERIFIER, seen, &causes::JWT_KEY_UNKNOWN, 100, None);
                }
                Some((rows, _)) => {
                    let kids: Vec<&str> = rows.iter().map(|row| text(row, "kid")).collect();
                    case.passed("client.verifier", VERIFIER, format!("Key ids: {}.", kids.join(", ")));
                }
                None => case.unknown("client.verifier", VERIFIER, format!("{}.", outcome.summary())),
            },
        },
        InstanceCheck {
            code: "user.state",
            question: USER,
            elaborates: BY_ROLE,
            when: |case, times| match user_query(case).is_empty() {
                true => When::NotDue,
                false => once_as_administrator(case, times, "a role that reads sys_user"),
            },
            ask: |case| {
                let fields = "sys_id,user_name,active,locked_out,password_needs_reset,web_service_access_only,identity_type,time_zone";
                list(Identity::Administrator, "sys_user", &user_query(case), fields, 2)
            },
            read: read_user,
        },
        InstanceCheck {
            code: "user.roles",
            question: ROLES,
            elaborates: BY_ROLE,
            when: |case, times| match case.known.user.is_some() {
                true => once_as_administrator(case, times, "role user_admin or admin"),
                false => When::NotDue,
            },
            ask: |case| {
                let query = format!("user={}^state=active", user_id(case));
                list(Identity::Administrator, "sys_user_has_role", &query, "role.name", 500)
            },
            read: read_roles,
        },
    ]
}

pub(super) fn entity_id(case: &Case) -> String {
    case.known.entity.as_ref().map(|entity| text(entity, "sys_id").to_owned()).unwrap_or_default()
}

fn user_id(case: &Case) -> String {
    case.known.user.as_ref().map(|user| text(user, "sys_id").to_owned()).unwrap_or_default()
}

/// The user that calls are made as: the Application User, the user that an API named, or the user who signs in.
fn user_query(case: &Case) -> String {
    let application = case.known.entity.as_ref().map(|entity| text(entity, "user")).unwrap_or_default();
    match case.options.means {
        AuthMethod::Grant(GrantType::ClientCredentials) if !application.is_empty() => format!("sys_id={application}"),
        _ if !case.known.user_id.is_empty() => format!("sys_id={}", case.known.user_id),
        AuthMethod::Grant(GrantType::Password) | AuthMethod::Basic => format!("user_name={}", case.options.user_name),
        AuthMethod::Grant(
            GrantType::ClientCredentials
            | GrantType::AuthorizationCode
            | GrantType::RefreshToken
            | GrantType::JwtBearer,
        )
        | AuthMethod::ApiKey
        | AuthMethod::Token => String::new(),
    }
}

fn entity_change(case: &Case, field: &'static str, value: &str) -> Option<Change> {
    let query = format!("client_id={}", case.options.client_id);
    Some(Change { table: "oauth_entity", query, set: vec![(field, value.to_owned())] })
}

fn read_entity(case: &mut Case, outcome: &ProbeOutcome) {
    if let Some(why) = unread(outcome) {
        return case.unknown("client.record", ENTITY, why);
    }
    let Some(entity) = outcome.rows().unwrap_or_default().0.into_iter().next() else {
        let seen = format!("No registry record has the client id {}.", case.options.client_id);
        return case.failed("client.record", ENTITY, seen, &causes::CLIENT_UNKNOWN, 100, None);
    };
    case.known.entity = Some(entity.clone());
    let refused = case.known.token == Some(false);
    let problem = entity_problem(case, &entity);
    if let Some((seen, cause, weight, change)) = problem {
        return case.failed("client.record", ENTITY, seen, cause, weight, change);
    }
    case.clear(&causes::APPLICATION_USER_MISSING);
    case.passed("client.record", ENTITY, format!("{} is active.", text(&entity, "name")));
    if refused && case.is_suspected(&causes::CLIENT_WRONG) {
        // Id and record are valid, so the suspicion that remains is the secret, which no record shows.
        case.suspect(
            &causes::CLIENT_WRONG,
            45,
            "The client id is registered and active; the secret cannot be read.".into(),
            None,
        );
    }
}

type EntityProblem = (String, &'static ReportedCause, u8, Option<Change>);

fn entity_problem(case: &Case, entity: &Value) -> Option<EntityProblem> {
    let is = |field: &str| text(entity, field);
    let number = |field: &str| is(field).parse::<u64>().ok();
    let means = case.options.means;
    if is("active") == "false" {
        return Some((
            "Its record is not active.".into(),
            &causes::CLIENT_INACTIVE,
            100,
            entity_change(case, "active", "true"),
        ));
    }
    if means == AuthMethod::Grant(GrantType::ClientCredentials) && is("user").is_empty() {
        let seen = "Its record has no OAuth Application User.".into();
        return Some((seen, &causes::APPLICATION_USER_MISSING, 100, None));
    }
    let wanted = case.options.redirect_uri.as_str();
    if !wanted.is_empty() && !is("redirect_url").split(',').any(|url| url.trim() == wanted) {
        let seen = format!("Its redirect URLs are {}.", is("redirect_url"));
        let all = format!("{},{wanted}", is("redirect_url"));
        let change = entity_change(case, "redirect_url", all.trim_start_matches(','));
        return Some((seen, &causes::REDIRECT_NOT_REGISTERED, 100, change));
    }
    if means == AuthMethod::Grant(GrantType::AuthorizationCode)
        && number("auth_code_lifespan").is_some_and(|seconds| seconds < 30)
    {
        let seen = format!("Authorization codes live {} s.", is("auth_code_lifespan"));
        return Some((seen, &causes::CODE_DEAD, 90, entity_change(case, "auth_code_lifespan", "60")));
    }
    if means.grant().is_some_and(is_renewed_with_refresh_token)
        && number("refresh_token_lifespan").is_some_and(|seconds| seconds > 0 && seconds < 86_400)
    {
        let seen = format!("Refresh tokens live {} s.", is("refresh_token_lifespan"));
        return Some((seen, &causes::REFRESH_TOKEN_DEAD, 90, entity_change(case, "refresh_token_lifespan", "8640000")));
    }
    if is("enforce_token_restrictions") == "true" && case.known.listed == Some(401) {
        let change = entity_change(case, "enforce_token_restrictions", "false");
        return Some(("\"Enforce token restriction\" is ticked.".into(), &causes::TOKEN_RESTRICTED, 98, change));
    }
    None
}

const fn is_renewed_with_refresh_token(grant: GrantType) -> bool {
    match grant {
        GrantType::Password | GrantType::RefreshToken | GrantType::AuthorizationCode => true,
        GrantType::ClientCredentials | GrantType::JwtBearer => false,
    }
}

fn read_user(case: &mut Case, outcome: &ProbeOutcome) {
    if let Some(why) = unread(outcome) {
        return case.unknown("user.state", USER, why);
    }
    let Some(user) = outcome.rows().unwrap_or_default().0.into_iter().next() else {
        let cause = if case.options.means == AuthMethod::Grant(GrantType::ClientCredentials) {
            &causes::APPLICATION_USER_MISSING
        } else {
            &causes::PASSWORD_WRONG
        };
        return case.failed("user.state", USER, "There is no such user.", cause, 95, None);
    };
    case.known.user_name = text(&user, "user_name").to_owned();
    case.known.user = Some(user.clone());
    let id = text(&user, "sys_id");
    let change = |field: &'static str, value: &str| {
        Some(Change { table: "sys_user", query: format!("sys_id={id}"), set: vec![(field, value.to_owned())] })
    };
    for (field, bad, good, words) in [
        ("active", "false", "true", "is not active"),
        ("locked_out", "true", "false", "is locked out"),
        ("password_needs_reset", "true", "false", "has Password needs reset ticked"),
    ] {
        if text(&user, field) == bad {
            let seen = format!("{} {words}.", case.known.user_name);
            let code = if case.options.means == AuthMethod::Grant(GrantType::ClientCredentials) {
                &causes::APPLICATION_USER_BLOCKED
            } else {
                &causes::USER_STATE
            };
            return case.failed("user.state", USER, seen, code, 100, change(field, good));
        }
    }
    case.clear(&causes::APPLICATION_USER_BLOCKED);
    case.clear(&causes::USER_STATE);
    case.passed("user.state", USER, format!("{} is active and not locked out.", case.known.user_name));
    let zone = text(&user, "time_zone");
    if !zone.is_empty() && !["GMT", "UTC", "Etc/UTC"].contains(&zone) {
        let seen = format!("The user's time zone is {zone}.");
        case.failed(
            "user.zone",
            "Is the user's time zone UTC?",
            seen,
            &causes::TIME_ZONE,
            45,
            change("time_zone", "GMT"),
        );
    }
}

fn read_roles(case: &mut Case, outcome: &ProbeOutcome) {
    if let Some(why) = unread(outcome) {
        return case.unknown("user.roles", ROLES, why);
    }
    let rows = outcome.rows().unwrap_or_default().0;
    let mut held: Vec<String> = rows.iter().map(|row| text(row, "role.name").to_owned()).collect();
    held.sort_unstable();
    held.dedup();
    case.known.roles = Some(held.clone());
    basic(case, &held);
    read_only(case, &held);
    let wanted = roles::wanted(&case.options.roles);
    let missing: Vec<String> = wanted.iter().filter(|role| !roles::has(&held, role)).cloned().collect();
    let shown = if held.is_empty() { "no role".to_owned() } else { held.join(", ") };
    match missing.is_empty() {
        true if wanted.is_empty() => {
            case.passed("user.roles", ROLES, format!("The user has {shown}; none was wanted."))
        }
        true => case.passed("user.roles", ROLES, format!("The user has {shown}.")),
        false => {
            let seen = format!("Missing: {}. The user has {shown}.", missing.join(", "));
            case.failed("user.roles", ROLES, seen, &causes::ROLES_MISSING, 85, None);
        }
    }
}

/// Source: KB0783404: a token is a row of `oauth_credential`, which a user who may only read cannot write.
fn read_only(case: &mut Case, held: &[String]) {
    let exempt = property(case, READ_ONLY_EXEMPT);
    let exempt = exempt.split(',').any(|table| table.trim() == "oauth_credential");
    if case.known.token != Some(false) || exempt || !roles::has(held, "snc_read_only") {
        return;
    }
    let seen = format!(
        "{} has the role snc_read_only, and {READ_ONLY_EXEMPT} does not name oauth_credential.",
        case.known.user_name
    );
    case.failed("user.read-only", READ_ONLY, seen, &causes::USER_READ_ONLY, 100, None);
}

/// Source: "Basic authentication restriction": it passes users with web service access only, or with the role.
fn basic(case: &mut Case, held: &[String]) {
    if case.options.means != AuthMethod::Basic || case.known.listed != Some(401) {
        return;
    }
    let service = case.known.user.as_ref().is_some_and(|user| text(user, "web_service_access_only") == "true");
    if property(case, RESTRICTION) == "true" && !service && !roles::has(held, "snc_basic_auth_api_access") {
        let seen =
            format!("{RESTRICTION} is true, and {} may also log in to the user interface.", case.known.user_name);
        let id = user_id(case);
        let set = vec![("web_service_access_only", "true".to_owned())];
        let change = Change { table: "sys_user", query: format!("sys_id={id}"), set };
        case.failed("user.basic", BASIC, seen, &causes::BASIC_RESTRICTED, 100, Some(change));
    } else {
        case.clear(&causes::BASIC_RESTRICTED);
        case.passed("user.basic", BASIC, "The Basic restriction does not refuse this user.");
    }
}
