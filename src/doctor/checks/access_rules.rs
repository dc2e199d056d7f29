//! Access rules that ask for a role that the integration's user lacks.

use super::super::case::{Case, Change};
use super::super::causes::{self, ReportedCause};
use super::super::check::{InstanceCheck, When};
use super::super::probe::{Identity, Probe, ProbeOutcome, text};
use super::super::record_probes::{list, once_as_administrator, unread};
use super::super::roles;

const RULES: &str = "Which access rules hold for the table and the API?";

/// What the platform's records call the Table API.
pub(super) const API: &str = "Table API";

pub(super) fn check() -> InstanceCheck {
    InstanceCheck {
        code: "records.rules",
        question: RULES,
        elaborates: const {
            &[&causes::API_ROLE, &causes::ROLE_MISSING, &causes::NO_TABLE_READ, &causes::FIELD_ACL, &causes::QUERY_ACL]
        },
        when: |case, times| match case.known.roles.is_some() {
            true => once_as_administrator(case, times, "role admin (security_admin where rules are elevated)"),
            false => When::NotDue,
        },
        ask: rules,
        read: read_rules,
    }
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
    let mut denied: Vec<(String, &'static ReportedCause, Change)> = vec![];
    for (id, name, does, wanted) in found {
        if wanted.iter().any(|role| roles::has(&held, role)) {
            continue;
        }
        let cause = match (name, does) {
            (API, "execute") => &causes::API_ROLE,
            (name, "read") if name == table => &causes::ROLE_MISSING,
            (name, "report_view") if name == table => &causes::NO_TABLE_READ,
            (name, does) if name == table && does == operation => &causes::WRITE_ROLE_MISSING,
            (name, "read") if name != table && name != API && field_matters(case, name) => &causes::FIELD_ACL,
            (name, "query_match" | "query_range") if name != API && field_matters(case, name) => &causes::QUERY_ACL,
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
        let weight = if case.is_suspected(cause) || cause == &causes::WRITE_ROLE_MISSING { 100 } else { 65 };
        case.failed("records.rules", RULES, seen, cause, weight, Some(change));
        if cause == &causes::FIELD_ACL && case.is_suspected(&causes::QUERY_ACL) {
            let change = case.suspects.iter().find(|one| one.cause == cause).and_then(|one| one.change.clone());
            case.suspect(&causes::QUERY_ACL, 100, "The field that the query names has a read rule.".into(), change);
            case.clear(&causes::FIELD_ACL);
        }
    }
}

/// A field's rule is of account when the integration names the field, or names none.
fn field_matters(case: &Case, rule: &str) -> bool {
    let field = rule.split_once('.').map(|(_, field)| field).unwrap_or_default();
    let names_none = case.options.fields.is_empty() && case.options.query.is_empty();
    names_none || case.options.fields.iter().any(|one| one == field) || case.options.query.contains(field)
}
