//! The payload of identification and reconciliation, and what is wrong with it before any record is looked for.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use serde_json::{Map, Value};

use crate::refusal::Refusal;

use super::classes::class;
use super::identification::{PayloadError, Rule, rule};

/// The maximum number of items and of relations of a payload.
const MOST: usize = 1000;

/// An item of the payload.
pub(super) struct Item<'a> {
    pub(super) class: &'a str,
    pub(super) values: Map<String, Value>,
    pub(super) settings: &'a Value,
    lookup: Vec<&'a str>,
    related: Vec<&'a str>,
}

impl<'a> Item<'a> {
    fn of(item: &'a Value) -> Self {
        let class_of = |item: &'a Value| item.get("className").and_then(Value::as_str).unwrap_or_default();
        let classes = |name: &str| {
            let listed = item.get(name).and_then(Value::as_array).into_iter().flatten();
            listed.map(class_of).collect()
        };
        Self {
            class: class_of(item),
            values: item.get("values").and_then(Value::as_object).cloned().unwrap_or_default(),
            settings: item.get("settings").unwrap_or(&Value::Null),
            lookup: classes("lookup"),
            related: classes("related"),
        }
    }

    pub(super) fn value(&self, name: &str) -> String {
        match self.values.get(name) {
            Some(Value::String(text)) => text.clone(),
            Some(value @ (Value::Number(_) | Value::Bool(_))) => value.to_string(),
            _ => String::new(),
        }
    }

    /// The rule of the item. The rules of this instance have no lookup and no related entries.
    pub(super) fn rule(&self) -> Result<&'static Rule, PayloadError> {
        let rule = rule(self.class)?;
        let missing = |error: &'static str, kind: &str, class: &str| {
            let message = format!("Identity Rule for table [{}] missing {kind} Rule for class [{class}]", rule.class);
            Err(PayloadError::new(error, message))
        };
        match (self.lookup.first(), self.related.first()) {
            (Some(class), _) => missing("IDENTIFICATION_RULE_FOR_LOOKUP_MISSING", "Lookup", class),
            (None, Some(class)) => missing("IDENTIFICATION_RULE_FOR_RELATED_ITEM_MISSING", "Related", class),
            (None, None) => Ok(rule),
        }
    }
}

/// A relation of the payload: positions of parent and child, and the name of its type.
pub(super) struct Relation<'a> {
    pub(super) parent: Option<usize>,
    pub(super) child: Option<usize>,
    pub(super) kind: &'a str,
}

impl<'a> Relation<'a> {
    /// A relation names its ends by position or by `internal_id`.
    fn of(relation: &'a Value, items: &[Value]) -> Self {
        let end = |index: &str, id: &str| {
            let by_index = relation.get(index).and_then(Value::as_u64).and_then(|place| usize::try_from(place).ok());
            let named = relation.get(id).filter(|id| !id.is_null());
            let by_id = named.and_then(|id| items.iter().position(|item| item.get("internal_id") == Some(id)));
            by_index.or(by_id).filter(|place| *place < items.len())
        };
        let kind = relation.get("type").and_then(Value::as_str).unwrap_or_default();
        Self { parent: end("parent", "parent_id"), child: end("child", "child_id"), kind }
    }
}

/// A parsed payload.
pub(super) struct Payload<'a> {
    pub(super) items: Vec<Item<'a>>,
    pub(super) relations: Vec<Relation<'a>>,
}

impl<'a> Payload<'a> {
    pub(super) fn of(content: &'a Value) -> Result<Self, Refusal> {
        let array = |name: &str| content.get(name).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        let (items, relations) = (array("items"), array("relations"));
        if items.len() > MOST || relations.len() > MOST {
            let (items, relations) = (items.len(), relations.len());
            let detail = format!(
                "The payload has {items} items and {relations} relations; send at most {MOST} of each in one request"
            );
            return Err(Refusal::new(400, "Payload too large", Some(&detail)));
        }
        Ok(Self {
            items: items.iter().map(Item::of).collect(),
            relations: relations.iter().map(|relation| Relation::of(relation, items)).collect(),
        })
    }

    /// The positions of the items. Items that run on others come after them.
    pub(super) fn order(&self) -> Vec<usize> {
        let hosted = |item: &Item<'_>| rule(item.class).is_ok_and(|rule| rule.hosted.is_some());
        let mut order: Vec<usize> = (0..self.items.len()).collect();
        order.sort_by_key(|place| self.items.get(*place).is_some_and(hosted));
        order
    }

    /// The position of the item that an item runs on, by its relation to an item of the host's class.
    pub(super) fn host(&self, place: usize, rule: &Rule) -> Option<usize> {
        let (kind, host_class) = rule.hosted?;
        let is_host = |place: &usize| {
            let host = self.items.get(*place).and_then(|host| class(host.class));
            host.is_some_and(|host| host.is_or_extends(host_class))
        };
        let mut hosts = self.relations.iter().filter(|one| one.parent == Some(place) && one.kind == kind);
        hosts.find_map(|one| one.child.filter(is_host))
    }

    /// The first two items that stand for one record by any identifier of their class: they reject the whole payload.
    pub(super) fn duplicates(&self) -> Option<([usize; 2], PayloadError)> {
        let mut seen = HashMap::new();
        for (place, item) in self.items.iter().enumerate() {
            let Ok(rule) = rule(item.class) else { continue };
            let host = self.host(place, rule);
            for fields in rule.identifiers {
                let values: Vec<String> = fields.iter().map(|name| item.value(name).to_ascii_lowercase()).collect();
                if values.iter().any(String::is_empty) {
                    continue;
                }
                let first = match seen.entry((item.class, *fields, values, host)) {
                    Entry::Occupied(first) => *first.get(),
                    Entry::Vacant(free) => {
                        free.insert(place);
                        continue;
                    }
                };
                let message = format!(
                    "Found duplicate items in the payload (index {first} and {place}), using className [{}] and fields [{}]. Remove duplicate items from payload",
                    item.class,
                    fields.join(",")
                );
                return Some(([first, place], PayloadError::new("DUPLICATE_PAYLOAD_RECORDS", message)));
            }
        }
        None
    }
}
