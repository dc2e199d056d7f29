//! The documentation of switches and faults, read from their schemas: what is written at the definition is what people are shown.

use schemars::{JsonSchema, SchemaGenerator};
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::faults::FaultKind;
use crate::switches::Switches;

/// Every variant of an enum whose variants hold no data, so that a test that goes through them leaves none out.
#[must_use]
pub fn every<T: JsonSchema + DeserializeOwned>() -> Vec<T> {
    let names = variants::<T>().into_iter().filter_map(|variant| variant.get("const").cloned());
    names.filter_map(|name| serde_json::from_value(name).ok()).collect()
}

/// Every switch with its documentation.
#[must_use]
pub fn documented_switches() -> Vec<(String, String)> {
    let schema = SchemaGenerator::default().into_root_schema_for::<Switches>();
    let properties = schema.get("properties").and_then(Value::as_object).into_iter().flatten();
    properties.map(|(name, schema)| (name.clone(), description(schema))).collect()
}

/// Every kind of fault with its documentation.
#[must_use]
pub fn documented_faults() -> Vec<(String, String)> {
    variants::<FaultKind>().iter().map(|variant| (name(variant), description(variant))).collect()
}

fn variants<T: JsonSchema>() -> Vec<Value> {
    let schema = SchemaGenerator::default().into_root_schema_for::<T>();
    schema.get("oneOf").and_then(Value::as_array).cloned().unwrap_or_default()
}

/// A variant without data is a text, one with data an object with one property.
fn name(variant: &Value) -> String {
    let text = variant.get("const").and_then(Value::as_str);
    let property = || variant.get("properties")?.as_object()?.keys().next().map(String::as_str);
    text.or_else(property).unwrap_or_default().to_owned()
}

fn description(schema: &Value) -> String {
    schema.get("description").and_then(Value::as_str).unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::{documented_faults, documented_switches, every};
    use crate::faults::CacheKey;
    use crate::switches::Switches;

    #[test]
    fn variants_are_all_listed_in_their_order() {
        assert_eq!(every::<CacheKey>(), [CacheKey::Address, CacheKey::Path]);
    }

    #[test]
    fn every_switch_and_fault_is_documented() {
        let switches = documented_switches();
        let fields = serde_json::to_value(Switches::default()).unwrap_or_default();
        assert_eq!(Some(switches.len()), fields.as_object().map(serde_json::Map::len));
        assert!(documented_faults().len() > 15);
        for (name, text) in switches.into_iter().chain(documented_faults()) {
            assert!(!name.is_empty() && text.ends_with('.'), "{name}: {text}");
        }
    }
}
