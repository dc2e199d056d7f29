//! The JSON Schema of maps, which `www/glue/model-map.schema.json` holds: editors complete and check a map by it.

use serde_json::{Map, Value, json};

use super::kind::{KINDS, Shape, UnifiedField, UnifiedKind};
use super::tables::TABLES;

/// What an encoded query can compare with.
const RAW_VALUE: &str = r"^[^,^\x00-\x1f\x7f-\x9f]*$";

/// The file's text.
#[must_use]
pub fn json_schema() -> String {
    let tables: Map<_, _> = TABLES
        .iter()
        .map(|table| (table.name.to_owned(), json!({ "$ref": format!("#/$defs/{}", table.kind.name) })))
        .collect();
    let mut defs: Map<_, _> = KINDS.iter().map(|kind| (kind.name.to_owned(), table_of(kind))).collect();
    for field in KINDS.iter().flat_map(|kind| kind.fields) {
        defs.insert(name_of(field.shape), shape_of(field.shape));
    }
    let like: Vec<_> = TABLES.iter().map(|table| table.name).collect();
    let shapes = Shape::NAMED.map(|(name, _)| name);
    let column = json!({ "type": "string", "pattern": "^[A-Za-z0-9_]+(\\.[A-Za-z0-9_]+)*$", "maxLength": 80 });
    let texts = json!({ "type": "object", "additionalProperties": { "type": "string", "maxLength": 200 } });
    let raw = json!({ "pattern": RAW_VALUE });
    let values = json!({ "type": "object", "propertyNames": raw, "additionalProperties": { "type": "string", "maxLength": 200 } });
    let mut more = Map::new();
    more.insert("column".to_owned(), column.clone());
    more.insert(
        "like".to_owned(),
        json!({ "enum": like, "description": "The table of the model that this one is like." }),
    );
    more.insert(
        "extra".to_owned(),
        json!({
            "type": "object",
            "description": "Further fields, which objects have under `extra`.",
            "propertyNames": { "pattern": "^[A-Za-z][A-Za-z0-9]{0,63}$" },
            "additionalProperties": {
                "type": "object",
                "required": ["column"],
                "additionalProperties": false,
                "properties": {
                    "column": { "$ref": "#/$defs/column" },
                    "type": { "enum": shapes, "description": "text by default" },
                    "reference": { "$ref": "#/$defs/column" },
                    "readOnly": { "type": "boolean" },
                    "values": values,
                    "write": texts,
                },
            },
        }),
    );
    more.insert(
        "custom".to_owned(),
        json!({
            "type": "array",
            "description": "Columns to request, which come along under `custom`.",
            "items": { "$ref": "#/$defs/column" },
        }),
    );
    more.insert(
        "other".to_owned(),
        json!({
            "type": "object",
            "required": ["like"],
            "additionalProperties": false,
            "properties": {
                "like": { "$ref": "#/$defs/like" },
                "fields": { "type": "object", "additionalProperties": { "type": ["object", "null"] } },
                "extra": { "$ref": "#/$defs/extra" },
                "custom": { "$ref": "#/$defs/custom" },
            },
        }),
    );
    defs.append(&mut more);
    let schema = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A map of sysparm/model: what one instance calls differently",
        "type": "object",
        "required": ["version"],
        "additionalProperties": false,
        "properties": {
            "$schema": { "type": "string" },
            "version": { "const": super::VERSION },
            "name": { "type": "string", "maxLength": 200 },
            "tables": {
                "type": "object",
                "maxProperties": super::map::MOST_TABLES,
                "properties": tables,
                "additionalProperties": { "$ref": "#/$defs/other" },
            },
        },
        "$defs": defs,
    });
    format!("{schema:#}\n")
}

fn table_of(kind: &UnifiedKind) -> Value {
    let fields: Map<_, _> = kind.fields.iter().map(|field| (field.name.to_owned(), field_of(field))).collect();
    json!({
        "type": "object",
        "description": kind.meaning,
        "additionalProperties": false,
        "properties": {
            "like": { "$ref": "#/$defs/like" },
            "fields": { "type": "object", "additionalProperties": false, "properties": fields },
            "extra": { "$ref": "#/$defs/extra" },
            "custom": { "$ref": "#/$defs/custom" },
        },
    })
}

/// A field refers to what its shape allows.
fn field_of(field: &UnifiedField) -> Value {
    json!({ "$ref": format!("#/$defs/{}", name_of(field.shape)), "description": field.meaning })
}

fn name_of(shape: Shape) -> String {
    match shape {
        Shape::Choice(set) => format!("choice-{}", set.name()),
        other => format!("field-{}", other.name()),
    }
}

/// What a map may say about a field of a shape, or null.
fn shape_of(shape: Shape) -> Value {
    let mut properties = Map::new();
    properties.insert("column".to_owned(), json!({ "$ref": "#/$defs/column" }));
    properties.insert("readOnly".to_owned(), json!({ "type": "boolean" }));
    properties.insert("type".to_owned(), json!({ "const": shape.name() }));
    let named = match shape {
        Shape::Choice(set) => set.values(),
        Shape::Boolean => &["true", "false"][..],
        _ => &[],
    };
    if !named.is_empty() {
        let values = json!({
            "type": "object",
            "description": "Raw value and value, instead of those of the base map.",
            "propertyNames": { "pattern": RAW_VALUE },
            "additionalProperties": { "enum": named },
        });
        let write = json!({
            "type": "object",
            "description": "Value and the raw value to write where several are read as the same.",
            "propertyNames": { "enum": named },
            "additionalProperties": { "type": "string", "maxLength": 200 },
        });
        properties.insert("values".to_owned(), values);
        properties.insert("write".to_owned(), write);
    }
    if shape == Shape::Reference {
        properties.insert("reference".to_owned(), json!({ "$ref": "#/$defs/column" }));
    }
    json!({ "type": ["object", "null"], "additionalProperties": false, "properties": properties })
}
