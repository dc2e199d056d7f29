//! Named states of the instance, one for each symptom that integrators meet: what a client sees is produced by the switches and
//! records that cause it in real life, so that fixing the cause fixes the symptom.

mod rows;

use serde_json::{Value, json};

use crate::identity::sys_id_of;
use crate::instance::Instance;
use crate::records::ensure;

/// One symptom and the changes that produce it.
pub(crate) struct Scenario {
    /// What it shows, in kebab case.
    pub(crate) name: &'static str,
    /// Addresses it too, for tools that were written before scenarios had names.
    pub(crate) number: u64,
    /// The symptom as a client sees it.
    pub(crate) symptom: &'static str,
    /// The request that shows it.
    pub(crate) see: &'static str,
    /// Switches, as JSON.
    pub(crate) switches: &'static str,
    pub(crate) changes: &'static [Change],
}

impl Scenario {
    /// As the control interface shows it.
    pub(crate) fn described(&self) -> Value {
        // The switches of every scenario are JSON: a test begins each.
        let switches: Value = serde_json::from_str(self.switches).unwrap_or_default();
        json!({
            "name": self.name,
            "row": self.number,
            "symptom": self.symptom,
            "see": self.see,
            "switches": switches,
            "records": self.changes.len(),
        })
    }
}

/// A change to the records. Values that begin with `@` name a row, as `@table/name`; `@user` is the integration user.
pub(crate) enum Change {
    /// Adds or changes a row, by table and the name that its `sys_id` follows from.
    Row(&'static str, &'static str, &'static [(&'static str, &'static str)]),
    /// Makes an access rule of a table or field require this role: name, operation, role.
    Rule(&'static str, &'static str, &'static str),
    /// Adds an access policy for an API that admits this kind of profile only: API, profile.
    Policy(&'static str, &'static str),
}

/// The list as `GET /__practice/scenarios` shows it.
pub(crate) fn all() -> Value {
    json!({ "scenarios": rows::scenarios().map(Scenario::described).collect::<Vec<_>>() })
}

/// The name of every scenario.
pub(crate) fn names() -> impl Iterator<Item = &'static str> {
    rows::scenarios().map(|scenario| scenario.name)
}

/// Resets the instance and sets up a scenario, by its name or its number.
///
/// # Errors
/// When there is no such scenario.
pub(crate) fn begin(instance: &mut Instance, name: &str, now: u64) -> Result<&'static Scenario, String> {
    let number = name.parse::<u64>().ok();
    let scenario = rows::scenarios().find(|scenario| scenario.name == name || number == Some(scenario.number));
    let known = || names().collect::<Vec<_>>().join(", ");
    let scenario = scenario.ok_or_else(|| format!("Unknown scenario `{name}`. Supported scenarios: {}.", known()))?;
    let switches: Value = serde_json::from_str(scenario.switches).map_err(|error| error.to_string())?;
    instance.reset(now);
    instance.switches = instance.switches.changed(&switches)?;
    instance.follow_release(now);
    for change in scenario.changes {
        apply(instance, change, now);
    }
    Ok(scenario)
}

fn apply(instance: &mut Instance, change: &Change, now: u64) {
    let user_name = instance.settings.credentials.user_name.clone();
    let store = &mut instance.store;
    match change {
        Change::Row(table, name, fields) => {
            let name = if *name == "@user" { user_name.as_str() } else { name };
            let values: Vec<(&str, String)> =
                fields.iter().map(|(column, value)| (*column, resolved(value, &user_name))).collect();
            let values: Vec<(&str, &str)> = values.iter().map(|(column, value)| (*column, value.as_str())).collect();
            ensure(store, table, name, &values, now);
        }
        Change::Rule(name, operation, role) => {
            let kind = if crate::data::APIS.contains(name) { "REST_Endpoint" } else { "record" };
            let unique = format!("{kind}.{name}.{operation}");
            let id = sys_id_of("sys_security_acl", &unique);
            let others: Vec<String> = crate::records::with(store, "sys_security_acl_role", "sys_security_acl", &id)
                .map(|row| row.id().to_owned())
                .collect();
            for other in others {
                crate::records::remove(store, "sys_security_acl_role", &other);
            }
            crate::data::rule(store, name, kind, operation, &[role], true, now);
        }
        Change::Policy(api, profile) => {
            let policy = format!("{api} policy");
            let fields = [("name", policy.as_str()), ("active", "true"), ("rest_api", api)];
            let policy_id = ensure(store, "sys_api_access_policy", &policy, &fields, now);
            let place = if *profile == "api_key" { "header" } else { "" };
            let fields = [("name", *profile), ("type", profile), ("auth_parameter", place)];
            let profile_id = ensure(store, "inbound_auth_profile", profile, &fields, now);
            let fields = [("api_access_policy", policy_id.as_str()), ("inbound_auth_profile", &profile_id)];
            ensure(store, "sys_auth_profile_mapping", &format!("{api}.{profile}"), &fields, now);
        }
    }
}

fn resolved(value: &str, user_name: &str) -> String {
    match value.strip_prefix('@') {
        Some("user") => sys_id_of("sys_user", user_name),
        Some(named) => named.split_once('/').map_or_else(String::new, |(table, name)| sys_id_of(table, name)),
        None => value.to_owned(),
    }
}
