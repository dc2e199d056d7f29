//! Records that deny a signed-in integration access to its table: access policies, auth scopes, access rules, CORS rules,
//! rate rules, and for writes business rules and data policies.

use serde_json::Value;

use super::super::case::{Case, Change};
use super::super::check::{InstanceCheck, When};
use super::super::options::{AuthMethod, Operation};
use super::super::probe::{Identity, Probe, ProbeOutcome, text};
use super::super::record_probes::{list, once_as_administrator, unread};
use super::super::roles;

const POLICIES: &str = "Which access policies hold for the Table API?";
const SCOPES: &str = "Does the Table API ask for an auth scope?";
const RULES: &str = "Which access rules hold for the table and the API?";
const CORS: &str = "Which CORS rule names the page's origin?";
const RATES: &str = "Which rate rules are active?";
const BUSINESS: &str = "Does a business rule stop the write?";
const DATA: &str = "Does a data policy ask for fields?";

const API: &str = "Table API";

pub(super) fn checks() -> Vec<InstanceCheck> {
    vec![
        InstanceCheck {
            code: "records.policies",
            question: POLICIES,
            elaborates: &["policy.without-oauth", "policy.without-basic"],
            when: |case, times| once_as_administrator(case, times, "role api_service_admin or admin"),
            ask: |_| {
                let fields = "api_access_policy.sys_id,api_access_policy.name,api_access_policy.active,api_access_policy.rest_api,inbound_auth_profile.type";
                list(Identity::Administrator, "sys_auth_profile_mapping", "", fields, 200)
            },
            read: read_policies,
        },
        InstanceCheck {
            code: "records.scopes",
            question: SCOPES,
            elaborates: &["scope.not-attached", "scope.record-restricted"],
            when: |case, times| match case.options.means {
                AuthMethod::Basic | AuthMethod::ApiKey => When::NotDue,
                _ => once_as_administrator(case, times, "role api_service_admin or admin"),
            },
            ask: |_| {
                let query = format!("active=true^rest_api={API}");
                list(Identity::Administrator, "sys_api_access_scope", &query, "sys_id,auth_scope.name,rest_api", 50)
            },
            read: read_scopes,
        },
        InstanceCheck {
            code: "records.rules",
            question: RULES,
            elaborates: &["role.rest-api-access", "acl.role-missing", "acl.no-table-read", "acl.field", "acl.query"],
            when: |case, times| match case.known.roles.is_some() {
                true => once_as_administrator(case, times, "role admin (security_admin where rules are elevated)"),
                false => When::NotDue,
            },
            ask: rules,
            read: read_rules,
        },
        InstanceCheck {
            code: "records.web-services",
            question: "Is the table open to web services?",
            elaborates: &["table.web-service-access"],
            when: |case, times| once_as_administrator(case, times, "role personalize_dictionary or admin"),
            ask: |case| {
                list(
                    Identity::Administrator,
                    "sys_db_object",
                    &format!("name={}", case.options.table),
                    "name,ws_access",
                    1,
                )
            },
            read: |case, outcome| {
                const QUESTION: &str = "Is the table open to web services?";
                let rows = outcome.rows().unwrap_or_default().0;
                match rows.first().map(|row| text(row, "ws_access")) {
                    Some("false") => {
                        let change = Change {
                            table: "sys_db_object",
                            query: format!("name={}", case.options.table),
                            set: vec![("ws_access", "true".into())],
                        };
                        let seen = "\"Allow access to this table via web services\" is not ticked.";
                        case.failed(
                            "records.web-services",
                            QUESTION,
                            seen,
                            "table.web-service-access",
                            100,
                            Some(change),
                        );
                    }
                    Some(_) => case.passed("records.web-services", QUESTION, "It is."),
                    None => {
                        case.unknown("records.web-services", QUESTION, format!("{}: no record.", outcome.summary()))
                    }
                }
            },
        },
        InstanceCheck {
            code: "records.cors",
            question: CORS,
            elaborates: &["cors.api", "cors.header"],
            when: |case, times| match case.options.origin.is_empty() {
                true => When::NotDue,
                false => once_as_administrator(case, times, "role cors_rule_admin, web_service_admin or admin"),
            },
            ask: |_| {
                let fields = "name,rest_api,domain,http_methods,allow_headers,expose_headers";
                list(Identity::Administrator, "sys_cors_rule", "active=true", fields, 100)
            },
            read: read_cors,
        },
        InstanceCheck {
            code: "records.rates",
            question: RATES,
            elaborates: &["rate.rule-reached"],
            when: |case, times| once_as_administrator(case, times, "role rate_limit_admin or admin"),
            ask: |_| {
                list(
                    Identity::Administrator,
                    "sys_rate_limit_rules",
                    "active=true",
                    "sys_id,name,rest_api,request_limit,apply_to",
                    50,
                )
            },
            read: read_rates,
        },
        InstanceCheck {
            code: "records.business-rules",
            question: BUSINESS,
            elaborates: &[],
            when: |case, times| {
                if case.options.operation == Operation::Read {
                    When::NotDue
                } else {
                    once_as_administrator(case, times, "role admin")
                }
            },
            ask: |case| {
                let action = match case.options.operation {
                    Operation::Create => "action_insert",
                    Operation::Delete => "action_delete",
                    _ => "action_update",
                };
                let query = format!("collection={}^active=true^abort_action=true^{action}=true", case.options.table);
                list(Identity::Administrator, "sys_script", &query, "sys_id,name", 20)
            },
            read: read_business,
        },
        InstanceCheck {
            code: "records.data-policies",
            question: DATA,
            elaborates: &[],
            when: |case, times| match case.options.operation {
                Operation::Read | Operation::Delete => When::NotDue,
                _ => once_as_administrator(case, times, "role admin"),
            },
            ask: |case| {
                let query = format!(
                    "mandatory=true^sys_data_policy.active=true^sys_data_policy.model_table={}",
                    case.options.table
                );
                list(Identity::Administrator, "sys_data_policy_rule", &query, "field,sys_data_policy.conditions", 50)
            },
            read: |case, outcome| match outcome.rows() {
                Some((rows, _)) if !rows.is_empty() => {
                    let fields: Vec<&str> = rows.iter().map(|row| text(row, "field")).collect();
                    let when = rows.first().map(|row| text(row, "sys_data_policy.conditions")).unwrap_or_default();
                    let seen = format!("Mandatory when {when}: {}.", fields.join(", "));
                    case.failed("records.data-policies", DATA, seen, "record.data-policy", 60, None);
                }
                Some(_) => case.passed("records.data-policies", DATA, "None does."),
                None => case.unknown("records.data-policies", DATA, format!("{}.", outcome.summary())),
            },
        },
    ]
}

fn read_policies(case: &mut Case, outcome: &ProbeOutcome) {
    if let Some(why) = unread(outcome) {
        return case.unknown("records.policies", POLICIES, why);
    }
    let rows = outcome.rows().unwrap_or_default().0;
    let holds = |row: &&Value| {
        text(row, "api_access_policy.active") == "true" && ["", API].contains(&text(row, "api_access_policy.rest_api"))
    };
    let held: Vec<&Value> = rows.iter().filter(holds).collect();
    let Some(first) = held.first() else {
        return case.passed("records.policies", POLICIES, "None: every means of signing in may be used.");
    };
    let wanted = match case.options.means {
        AuthMethod::Basic => "basic_auth",
        AuthMethod::ApiKey => "api_key",
        AuthMethod::Grant(_) | AuthMethod::Token => "oauth",
    };
    let named = |row: &Value| text(row, "inbound_auth_profile.type").to_owned();
    let seen = format!(
        "{} admits {}.",
        text(first, "api_access_policy.name"),
        held.iter().map(|row| named(row)).collect::<Vec<_>>().join(", ")
    );
    match held.iter().any(|row| named(row) == wanted) {
        true => case.passed("records.policies", POLICIES, seen),
        false => {
            let id = text(first, "api_access_policy.sys_id");
            let set = vec![("active", "false".to_owned())];
            let change = Change { table: "sys_api_access_policy", query: format!("sys_id={id}"), set };
            case.failed("records.policies", POLICIES, seen, super::api::policy(case), 100, Some(change));
        }
    }
}

fn read_scopes(case: &mut Case, outcome: &ProbeOutcome) {
    if let Some(why) = unread(outcome) {
        return case.unknown("records.scopes", SCOPES, why);
    }
    let rows = outcome.rows().unwrap_or_default().0;
    let Some(first) = rows.first() else {
        let seen = match case.is_suspected("scope.record-restricted") {
            true => "No scope is linked to it, which a record that is restricted to its scopes does not pass.",
            false => "No scope is linked to it: every token may call it.",
        };
        return case.passed("records.scopes", SCOPES, seen);
    };
    let names: Vec<&str> = rows.iter().map(|row| text(row, "auth_scope.name")).collect();
    let seen = format!("The Table API asks for one of: {}.", names.join(", "));
    if !case.is_suspected("scope.not-attached") {
        return case.passed("records.scopes", SCOPES, seen);
    }
    let query = format!("sys_id={}", text(first, "sys_id"));
    let change = Change { table: "sys_api_access_scope", query, set: vec![("active", "false".into())] };
    case.failed("records.scopes", SCOPES, seen, "scope.not-attached", 100, Some(change));
}

fn rules(case: &Case) -> Probe {
    let table = &case.options.table;
    let query = format!(
        "sys_security_acl.active=true^sys_security_acl.nameIN{table},{API}^ORsys_security_acl.nameSTARTSWITH{table}."
    );
    let fields = "sys_security_acl.sys_id,sys_security_acl.name,sys_security_acl.operation,sys_user_role.name";
    list(Identity::Administrator, "sys_security_acl_role", &query, fields, 500)
}

/// Rules that ask for roles of which the user has none. Conditions and scripts of a rule cannot be judged from outside, so a
/// rule that is passed by role may refuse all the same.
fn read_rules(case: &mut Case, outcome: &ProbeOutcome) {
    if let Some(why) = unread(outcome) {
        return case.unknown("records.rules", RULES, why);
    }
    let rows = outcome.rows().unwrap_or_default().0;
    let held = case.known.roles.clone().unwrap_or_default();
    let table = case.options.table.clone();
    let operation = case.options.operation.name();
    // One entry a rule: its name and operation, and the roles of which one passes it.
    let mut found: Vec<(&str, &str, &str, Vec<&str>)> = vec![];
    for row in &rows {
        let id = text(row, "sys_security_acl.sys_id");
        let role = text(row, "sys_user_role.name");
        match found.iter_mut().find(|rule| rule.0 == id) {
            Some(rule) => rule.3.push(role),
            None => found.push((
                id,
                text(row, "sys_security_acl.name"),
                text(row, "sys_security_acl.operation"),
                vec![role],
            )),
        }
    }
    let mut denied: Vec<(String, &'static str, Change)> = vec![];
    for (id, name, does, wanted) in found {
        if wanted.iter().any(|role| roles::has(&held, role)) {
            continue;
        }
        let cause = match (name, does) {
            (API, "execute") => "role.rest-api-access",
            (name, "read") if name == table => "acl.role-missing",
            (name, "report_view") if name == table => "acl.no-table-read",
            (name, does) if name == table && does == operation => "acl.write-role-missing",
            (name, "read") if name != table && name != API && field_matters(case, name) => "acl.field",
            (name, "query_match" | "query_range") if name != API && field_matters(case, name) => "acl.query",
            _ => continue,
        };
        let seen = format!("{name} ({does}) asks for one of: {}.", wanted.join(", "));
        let change =
            Change { table: "sys_security_acl", query: format!("sys_id={id}"), set: vec![("active", "false".into())] };
        denied.push((seen, cause, change));
    }
    if denied.is_empty() {
        return case.passed(
            "records.rules",
            RULES,
            "The user has a role for every rule of the table that asks for one.",
        );
    }
    for (seen, cause, change) in denied {
        let weight = if case.is_suspected(cause) || cause == "acl.write-role-missing" { 100 } else { 65 };
        case.failed("records.rules", RULES, seen, cause, weight, Some(change));
        if cause == "acl.field" && case.is_suspected("acl.query") {
            let change = case.suspects.iter().find(|one| one.code == cause).and_then(|one| one.change.clone());
            case.suspect("acl.query", 100, "The field that the query names has a read rule.".into(), change);
            case.clear("acl.field");
        }
    }
}

/// A field's rule is of account when the integration names the field, or names none.
fn field_matters(case: &Case, rule: &str) -> bool {
    let field = rule.split_once('.').map(|(_, field)| field).unwrap_or_default();
    let names_none = case.options.fields.is_empty() && case.options.query.is_empty();
    names_none || case.options.fields.iter().any(|one| one == field) || case.options.query.contains(field)
}

fn read_cors(case: &mut Case, outcome: &ProbeOutcome) {
    if let Some(why) = unread(outcome) {
        return case.unknown("records.cors", CORS, why);
    }
    let rows = outcome.rows().unwrap_or_default().0;
    let origin = case.options.origin.clone();
    let rule =
        rows.iter().find(|row| text(row, "domain") == origin && ["", "all", API].contains(&text(row, "rest_api")));
    match rule {
        Some(rule) => {
            let seen = format!(
                "{}: methods {}, headers {}.",
                text(rule, "name"),
                text(rule, "http_methods"),
                text(rule, "allow_headers")
            );
            case.passed("records.cors", CORS, seen);
        }
        None if case.is_suspected("cors.api") => {
            let set = vec![
                ("name", "Web page".to_owned()),
                ("active", "true".into()),
                ("rest_api", API.into()),
                ("domain", origin.clone()),
                ("http_methods", "GET,POST,PUT,PATCH,DELETE".into()),
                ("allow_headers", "Authorization,Content-Type,Accept".into()),
                (
                    "expose_headers",
                    "X-Total-Count,Link,Location,Retry-After,X-RateLimit-Limit,X-RateLimit-Reset,X-RateLimit-Rule"
                        .into(),
                ),
            ];
            let change = Change { table: "sys_cors_rule", query: format!("domain={origin}^rest_api={API}"), set };
            case.failed("records.cors", CORS, format!("No active rule names {origin}."), "cors.api", 100, Some(change));
        }
        None => case.unknown("records.cors", CORS, format!("No active rule names {origin} exactly.")),
    }
}

fn read_rates(case: &mut Case, outcome: &ProbeOutcome) {
    if let Some(why) = unread(outcome) {
        return case.unknown("records.rates", RATES, why);
    }
    let rows = outcome.rows().unwrap_or_default().0;
    let Some(rule) = rows.iter().min_by_key(|row| text(row, "request_limit").parse::<u64>().unwrap_or(u64::MAX)) else {
        return case.passed("records.rates", RATES, "None.");
    };
    let limit = text(rule, "request_limit");
    let seen = format!("{} for {}: {limit} requests an hour.", text(rule, "name"), text(rule, "rest_api"));
    match limit.parse::<u64>().is_ok_and(|limit| limit < 100) {
        true => {
            let query = format!("sys_id={}", text(rule, "sys_id"));
            let set = vec![("request_limit", "3600".to_owned())];
            let change = Change { table: "sys_rate_limit_rules", query, set };
            case.failed("records.rates", RATES, seen, "rate.rule-reached", 80, Some(change));
        }
        false => case.passed("records.rates", RATES, seen),
    }
}

fn read_business(case: &mut Case, outcome: &ProbeOutcome) {
    if let Some(why) = unread(outcome) {
        return case.unknown("records.business-rules", BUSINESS, why);
    }
    let rows = outcome.rows().unwrap_or_default().0;
    match rows.first() {
        Some(rule) => {
            let query = format!("sys_id={}", text(rule, "sys_id"));
            let change = Change { table: "sys_script", query, set: vec![("active", "false".into())] };
            let seen = format!("{} aborts what it watches.", text(rule, "name"));
            case.failed("records.business-rules", BUSINESS, seen, "record.business-rule", 70, Some(change));
        }
        None => case.passed("records.business-rules", BUSINESS, "No active rule with an abort action."),
    }
}
