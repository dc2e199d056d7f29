//! Records that deny a signed-in integration access to its table: access policies, auth scopes, CORS rules, rate rules, and for
//! writes business rules and data policies.

use serde_json::Value;

use super::super::case::{Case, Change};
use super::super::causes;
use super::super::check::{InstanceCheck, When};
use super::super::options::{AuthMethod, Operation};
use super::super::probe::{Identity, ProbeOutcome, text};
use super::super::record_probes::{list, once_as_administrator, unread};
use super::access_rules::{self, API};

const POLICIES: &str = "Which access policies hold for the Table API?";
const SCOPES: &str = "Does the Table API ask for an auth scope?";
const WEB_SERVICES: &str = "Is the table open to web services?";
const CORS: &str = "Which CORS rule names the page's origin?";
const RATES: &str = "Which rate rules are active?";
const BUSINESS: &str = "Does a business rule stop the write?";
const DATA: &str = "Does a data policy ask for fields?";

pub(super) fn checks() -> Vec<InstanceCheck> {
    vec![
        InstanceCheck {
            code: "records.policies",
            question: POLICIES,
            elaborates: const { &[&causes::POLICY_WITHOUT_OAUTH, &causes::POLICY_WITHOUT_BASIC] },
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
            elaborates: const { &[&causes::API_SCOPE, &causes::RECORD_RESTRICTED] },
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
        access_rules::check(),
        InstanceCheck {
            code: "records.web-services",
            question: WEB_SERVICES,
            elaborates: const { &[&causes::NO_WEB_SERVICE_ACCESS] },
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
                            WEB_SERVICES,
                            seen,
                            &causes::NO_WEB_SERVICE_ACCESS,
                            100,
                            Some(change),
                        );
                    }
                    Some(_) => case.passed("records.web-services", WEB_SERVICES, "It is."),
                    None => {
                        case.unknown("records.web-services", WEB_SERVICES, format!("{}: no record.", outcome.summary()))
                    }
                }
            },
        },
        InstanceCheck {
            code: "records.cors",
            question: CORS,
            elaborates: const { &[&causes::NO_CORS_RULE, &causes::CORS_HEADER] },
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
            elaborates: const { &[&causes::RATE_RULE] },
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
                    case.failed("records.data-policies", DATA, seen, &causes::DATA_POLICY, 60, None);
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
        let seen = match case.is_suspected(&causes::RECORD_RESTRICTED) {
            true => "No scope is linked to it, which a record that is restricted to its scopes does not pass.",
            false => "No scope is linked to it: every token may call it.",
        };
        return case.passed("records.scopes", SCOPES, seen);
    };
    let names: Vec<&str> = rows.iter().map(|row| text(row, "auth_scope.name")).collect();
    let seen = format!("The Table API asks for one of: {}.", names.join(", "));
    if !case.is_suspected(&causes::API_SCOPE) {
        return case.passed("records.scopes", SCOPES, seen);
    }
    let query = format!("sys_id={}", text(first, "sys_id"));
    let change = Change { table: "sys_api_access_scope", query, set: vec![("active", "false".into())] };
    case.failed("records.scopes", SCOPES, seen, &causes::API_SCOPE, 100, Some(change));
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
        None if case.is_suspected(&causes::NO_CORS_RULE) => {
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
            case.failed(
                "records.cors",
                CORS,
                format!("No active rule names {origin}."),
                &causes::NO_CORS_RULE,
                100,
                Some(change),
            );
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
            case.failed("records.rates", RATES, seen, &causes::RATE_RULE, 80, Some(change));
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
            case.failed("records.business-rules", BUSINESS, seen, &causes::BUSINESS_RULE, 70, Some(change));
        }
        None => case.passed("records.business-rules", BUSINESS, "No active rule with an abort action."),
    }
}
