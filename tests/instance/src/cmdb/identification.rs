//! Which record an item of a payload stands for ("Identification and Reconciliation API", "IRE error messages").

use serde_json::{Value, json};

use crate::identity::sys_id_of;
use crate::records;
use crate::search::Caller;
use crate::store::Store;

use super::classes::class;

/// The accepted choices of `discovery_source`; letter case counts.
pub(crate) const SOURCES: [&str; 6] =
    ["ServiceNow", "Manual Entry", "ImportSet", "Other Automated", "SG-SCCM", "ServiceWatch"];

/// The attributes that identify the items of a class and of those that extend it. The first set that finds a record decides.
pub(super) struct Rule {
    pub(super) class: &'static str,
    pub(super) identifiers: &'static [&'static [&'static str]],
    /// For items that exist on another: the type of their relation to it, and its class.
    pub(super) hosted: Option<(&'static str, &'static str)>,
}

const RULES: [Rule; 3] = [
    Rule { class: "cmdb_ci_hardware", identifiers: &[&["serial_number"], &["name"]], hosted: None },
    Rule { class: "cmdb_ci_service", identifiers: &[&["name"]], hosted: None },
    Rule { class: "cmdb_ci_appl", identifiers: &[&["name"]], hosted: Some(("Runs on::Runs", "cmdb_ci_hardware")) },
];

/// What is wrong with an item or a relation of a payload.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct PayloadError {
    pub(super) error: &'static str,
    pub(super) message: String,
}

impl PayloadError {
    pub(super) fn new(error: &'static str, message: String) -> Self {
        Self { error, message }
    }
}

/// The rule of a class: its own or that of the nearest class that it extends.
pub(super) fn rule(name: &str) -> Result<&'static Rule, PayloadError> {
    let found = class(name)
        .and_then(|class| class.ancestry().find_map(|ancestor| RULES.iter().find(|rule| rule.class == ancestor.name)));
    found.ok_or_else(|| {
        PayloadError::new("IDENTIFICATION_RULE_MISSING", format!("Identity Rule Missing for table [{name}]"))
    })
}

/// The source of the data, which must be a choice.
pub(super) fn known_source(source: Option<&str>) -> Result<&str, PayloadError> {
    let message = match source {
        Some(source) if SOURCES.contains(&source) => return Ok(source),
        Some(source) => format!(
            "In payload invalid data source [{source}] exist. You need to provide a valid choice value from field [discovery_source] in table [cmdb_ci]"
        ),
        None => "In payload no data source exist. You need to provide choice value from choice field [discovery_source] in table [cmdb_ci]".to_owned(),
    };
    Err(PayloadError::new("INVALID_INPUT_DATA", message))
}

/// The record that an item stands for, and what was tried to find it.
pub(super) struct Identified {
    pub(super) sys_id: Option<String>,
    pub(super) entry: String,
    pub(super) attempts: Vec<Value>,
}

/// Finds the record with the item's values. `host` is the item on which a dependent item must run.
pub(super) fn identify(
    store: &Store,
    caller: &Caller<'_>,
    rule: &Rule,
    value: &dyn Fn(&str) -> String,
    host: Option<&str>,
) -> (Identified, Option<PayloadError>) {
    let mut found = Identified { sys_id: None, entry: "Unknown".to_owned(), attempts: Vec::new() };
    let mut error = None;
    let mut tried = false;
    for attributes in rule.identifiers {
        let given: Vec<String> = attributes.iter().map(|name| value(name)).collect();
        let mut matching: Vec<&str> = Vec::new();
        let result = if given.iter().any(String::is_empty) {
            "SKIPPED"
        } else {
            tried = true;
            let equal = |record: &records::Record<'_>| {
                attributes.iter().zip(&given).all(|(name, given)| record.text(name).eq_ignore_ascii_case(given))
            };
            let on_host = |record: &records::Record<'_>| host.is_none_or(|host| runs_on(store, record.id(), host));
            let fits =
                |record: &records::Record<'_>| caller.sees(store, record.row) && equal(record) && on_host(record);
            let records = records::all(store, rule.class).filter(fits);
            matching.extend(records.map(|record| record.id()));
            match matching.len() {
                0 => "NO_MATCH",
                1 => "MATCHED",
                _ => "MULTI_MATCH",
            }
        };
        found.attempts.push(json!({
            "identifierName": format!("{} rule", crate::data::label(rule.class)),
            "attemptResult": result,
            "attributes": attributes,
            "searchOnTable": rule.class,
        }));
        if result == "MULTI_MATCH" {
            let (table, fields) = (rule.class, attributes.join(","));
            let message = format!("Found duplicate records in table [{table}] using fields [{fields}]");
            error = Some(PayloadError::new("MULTIPLE_DUPLICATE_RECORDS", message));
        }
        if let Some(first) = matching.first() {
            found.sys_id = Some((*first).to_owned());
            found.entry = sys_id_of("cmdb_identifier_entry", &format!("{} {}", rule.class, attributes.join(",")));
            break;
        }
    }
    if !tried {
        let (table, item) = (rule.class, value("name"));
        let message = format!(
            "In payload missing minimum set of input values for criterion (matching) attributes from identify rule for table [{table}]. Add these input values in payload item '{item}'"
        );
        error = Some(PayloadError::new("MISSING_MATCHING_ATTRIBUTES", message));
    }
    (found, error)
}

fn runs_on(store: &Store, item: &str, host: &str) -> bool {
    records::with(store, "cmdb_rel_ci", "parent", item).any(|relation| relation.text("child") == host)
}

/// An item of the answer, with what was tried to find its record.
pub(super) fn outcome(
    class: &str,
    operation: &str,
    sys_id: &str,
    found: Option<Identified>,
    errors: &[PayloadError],
) -> Value {
    let described = errors.iter().map(|one| json!({ "error": one.error, "message": one.message }));
    let (entry, attempts) =
        found.map_or_else(|| ("Unknown".to_owned(), Vec::new()), |found| (found.entry, found.attempts));
    json!({
        "className": class,
        "operation": operation,
        "sysId": sys_id,
        "identifierEntrySysId": entry,
        "identificationAttempts": attempts,
        "errors": described.collect::<Vec<_>>(),
        "errorCount": errors.len(),
        "warningCount": 0,
        "mergedPayloadIds": [],
        "markers": [],
        "relatedItems": [],
    })
}
