//! A customer's map as it is written: JSON, read member by member so that each problem has a path.

use serde::Serialize;
use serde_json::{Map, Value};

/// One thing that is wrong with a map.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MapProblem {
    /// Stable: `map.shape`.
    pub code: &'static str,
    /// Where: `tables.incident.fields.status.column`.
    pub path: String,
    /// What is wrong and what to do.
    pub message: String,
}

/// Every problem found so far.
#[derive(Debug, Default)]
pub(super) struct Problems(pub(super) Vec<MapProblem>);

/// No more are listed.
const MOST_PROBLEMS: usize = 100;
/// Names of fields, columns and tables.
const LONGEST_NAME: usize = 80;
/// Raw values.
const LONGEST_VALUE: usize = 200;
/// Members of one object or list.
const MOST_MEMBERS: usize = 2000;
/// Tables of one map. Each is compiled from the text of the whole map.
pub(super) const MOST_TABLES: usize = 50;

impl Problems {
    pub(super) fn add(&mut self, code: &'static str, path: &str, message: String) {
        if self.0.len() < MOST_PROBLEMS {
            self.0.push(MapProblem { code, path: path.to_owned(), message });
        }
    }

    fn shape(&mut self, path: &str, expected: &str) {
        self.add("map.shape", path, format!("{path} is not {expected}."));
    }
}

/// What a map says about one table.
#[derive(Debug, Default)]
pub(super) struct TableMap {
    pub(super) like: Option<String>,
    /// None where the field is left out.
    pub(super) fields: Vec<(String, Option<FieldMap>)>,
    pub(super) extra: Vec<(String, FieldMap)>,
    pub(super) custom: Vec<String>,
}

/// What a map says about one field.
#[derive(Debug, Default)]
pub(super) struct FieldMap {
    pub(super) column: Option<String>,
    pub(super) shape: Option<String>,
    pub(super) reference: Option<String>,
    pub(super) read_only: Option<bool>,
    pub(super) values: Option<Vec<(String, String)>>,
    pub(super) write: Vec<(String, String)>,
}

/// The part of a map about one table; None where it has none. The whole map is read, so that a problem shows whichever table is asked for.
pub(super) fn read(map: &Value, table: &str, problems: &mut Problems) -> Option<TableMap> {
    let mut found = None;
    let map = object(map, "map", problems)?;
    if map.get("version").and_then(Value::as_u64) != Some(u64::from(super::VERSION)) {
        problems.add(
            "map.version",
            "version",
            format!("The map's version is not {}. Write that number.", super::VERSION),
        );
    }
    for (name, value) in map {
        match name.as_str() {
            "version" | "$schema" => {}
            "name" => drop(text(value, "name", problems)),
            "tables" => {
                let tables = object(value, "tables", problems);
                if let Some(count) = tables.map(Map::len).filter(|count| *count > MOST_TABLES) {
                    let message = format!("tables has {count} members. Keep at most {MOST_TABLES}.");
                    problems.add("map.size", "tables", message);
                    continue;
                }
                for (name, value) in tables.into_iter().flatten() {
                    let path = format!("tables.{name}");
                    check_name(name, &path, problems);
                    let read = table_map(value, &path, problems);
                    if name == table {
                        found = Some(read);
                    }
                }
            }
            _ => unknown(name, "", "version, name, tables, $schema", problems),
        }
    }
    found
}

fn table_map(value: &Value, path: &str, problems: &mut Problems) -> TableMap {
    let mut read = TableMap::default();
    for (name, value) in object(value, path, problems).into_iter().flatten() {
        let path = format!("{path}.{name}");
        match name.as_str() {
            "like" => read.like = text(value, &path, problems),
            "fields" => {
                for (field, value) in object(value, &path, problems).into_iter().flatten() {
                    let path = format!("{path}.{field}");
                    read.fields.push((field.clone(), (!value.is_null()).then(|| field_map(value, &path, problems))));
                }
            }
            "extra" => {
                for (field, value) in object(value, &path, problems).into_iter().flatten() {
                    let path = format!("{path}.{field}");
                    read.extra.push((field.clone(), field_map(value, &path, problems)));
                }
            }
            "custom" => {
                let Some(columns) = value.as_array().filter(|columns| columns.len() <= MOST_MEMBERS) else {
                    problems.shape(&path, "a list of names of columns");
                    continue;
                };
                read.custom.extend(columns.iter().filter_map(|column| column_name(column, &path, problems)));
            }
            _ => unknown(name, &path, "like, fields, extra, custom", problems),
        }
    }
    read
}

fn field_map(value: &Value, path: &str, problems: &mut Problems) -> FieldMap {
    let mut read = FieldMap::default();
    for (name, value) in object(value, path, problems).into_iter().flatten() {
        let path = format!("{path}.{name}");
        match name.as_str() {
            "column" => read.column = column_name(value, &path, problems),
            "type" => read.shape = text(value, &path, problems),
            "reference" => read.reference = column_name(value, &path, problems),
            "readOnly" => match value.as_bool() {
                Some(flag) => read.read_only = Some(flag),
                None => problems.shape(&path, "true or false"),
            },
            "values" => {
                let values = pairs(value, &path, problems);
                for (raw, _) in values.iter().filter(|(raw, _)| !can_be_compared(raw)) {
                    problems
                        .shape(&format!("{path}.{raw}"), "a raw value without commas, carets and control characters");
                }
                read.values = Some(values);
            }
            "write" => read.write = pairs(value, &path, problems),
            _ => unknown(name, &path, "column, type, reference, readOnly, values, write", problems),
        }
    }
    read
}

fn pairs(value: &Value, path: &str, problems: &mut Problems) -> Vec<(String, String)> {
    let members = object(value, path, problems).into_iter().flatten();
    let mut read = vec![];
    for (name, value) in members {
        if name.len() > LONGEST_VALUE {
            problems.shape(path, "an object with names of at most 200 bytes");
        }
        read.extend(text(value, &format!("{path}.{name}"), problems).map(|value| (name.clone(), value)));
    }
    read
}

/// Whether an encoded query can hold the raw value. A comma separates values there, and a caret ends the condition.
fn can_be_compared(raw: &str) -> bool {
    !raw.contains(|character: char| matches!(character, ',' | '^') || character.is_control())
}

fn object<'a>(value: &'a Value, path: &str, problems: &mut Problems) -> Option<&'a Map<String, Value>> {
    let read = value.as_object().filter(|members| members.len() <= MOST_MEMBERS);
    if read.is_none() {
        problems.shape(path, "an object of at most 2,000 members");
    }
    read
}

fn text(value: &Value, path: &str, problems: &mut Problems) -> Option<String> {
    let read = value.as_str().filter(|text| text.len() <= LONGEST_VALUE);
    if read.is_none() {
        problems.shape(path, "text of at most 200 bytes");
    }
    read.map(str::to_owned)
}

fn column_name(value: &Value, path: &str, problems: &mut Problems) -> Option<String> {
    let name = text(value, path, problems)?;
    check_name(&name, path, problems).then_some(name)
}

/// Whether a text is the name of a column or table, dots included. A name goes into `sysparm_fields`, where a comma separates names.
fn check_name(name: &str, path: &str, problems: &mut Problems) -> bool {
    let plain = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    let fits = name.len() <= LONGEST_NAME && name.split('.').all(plain);
    if !fits {
        problems.shape(path, "a name of letters, digits and _, with dots between names");
    }
    fits
}

fn unknown(name: &str, path: &str, known: &str, problems: &mut Problems) {
    let path = if path.is_empty() { name } else { path };
    problems.add("map.shape", path, format!("A map has no member `{name}` here. Write one of: {known}."));
}
