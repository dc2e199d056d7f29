//! Base map and customer's map into a plan.

use serde_json::Value;

use super::VERSION;
use super::kind::{Shape, UnifiedField, UnifiedKind};
use super::map::{FieldMap, MapProblem, Problems, TableMap, read};
use super::plan::{Line, Plan};
use super::tables::{BaseColumn, BaseTable};
use crate::code::Code;

/// Columns that only the instance sets: it drops what is written.
const AUTOMATIC: [&str; 9] = [
    "sys_id",
    "sys_created_on",
    "sys_created_by",
    "sys_updated_on",
    "sys_updated_by",
    "sys_mod_count",
    "sys_class_name",
    "sys_tags",
    "sys_domain_path",
];

/// Bytes of a map's text at most.
pub const MOST_MAP_BYTES: usize = 1 << 20;

/// The plan of a table. `map` is the text of a customer's map.
///
/// # Errors
///
/// `model.table` where neither the base map nor the customer's describes the table, else `model.map` with the problems of its form, or else
/// of what it says about this table.
pub fn compile(table: &str, map: Option<&str>) -> Result<Plan, (Code, Vec<MapProblem>)> {
    let mut problems = Problems::default();
    let own = map.and_then(|text| parsed(text, &mut problems)).and_then(|map| read(&map, table, &mut problems));
    if !problems.0.is_empty() {
        return Err((Code::MODEL_MAP, problems.0));
    }
    let own = own.unwrap_or_default();
    let like = own.like.as_deref().unwrap_or(table);
    let Some(base) = BaseTable::named(like) else {
        let (code, path) = match own.like {
            Some(_) => (Code::MODEL_MAP, format!("tables.{table}.like")),
            None => (Code::MODEL_TABLE, format!("tables.{table}")),
        };
        let known: Vec<_> = super::TABLES.iter().map(|table| table.name).collect();
        let message = format!(
            "The model has no table `{like}`. Name the table that it is like in the map: {{ \"tables\": {{ \"{table}\": {{ \"like\": \"incident\" }} }} }}. Known: {}.",
            known.join(", ")
        );
        problems.add("map.table", &path, message);
        return Err((code, problems.0));
    };
    if let Some(known) = BaseTable::named(table).filter(|known| known.kind.name != base.kind.name) {
        let message = format!(
            "`{table}` holds objects of the kind {}, and `{like}` those of the kind {}. Leave out `like`.",
            known.kind.name, base.kind.name
        );
        problems.add("map.table", &format!("tables.{table}.like"), message);
        return Err((Code::MODEL_MAP, problems.0));
    }
    let plan = Compiler { table, base, problems: &mut problems }.plan(&own);
    if problems.0.is_empty() { Ok(plan) } else { Err((Code::MODEL_MAP, problems.0)) }
}

fn parsed(text: &str, problems: &mut Problems) -> Option<Value> {
    if text.len() > MOST_MAP_BYTES {
        problems.add("map.size", "map", format!("The map has {} bytes. Keep it below {MOST_MAP_BYTES}.", text.len()));
        return None;
    }
    let parsed = serde_json::from_str(text);
    parsed.map_err(|error| problems.add("map.json", "map", format!("The map is not JSON: {error}."))).ok()
}

struct Compiler<'a> {
    table: &'a str,
    base: &'static BaseTable,
    problems: &'a mut Problems,
}

impl Compiler<'_> {
    fn plan(&mut self, own: &TableMap) -> Plan {
        let kind = self.base.kind;
        let mut lines: Vec<Line> = self
            .base
            .all()
            .filter(|column| own.fields.iter().all(|(field, _)| field != column.field))
            .filter_map(|column| Some(base_line(column, kind.field(column.field)?)))
            .collect();
        for (name, map) in &own.fields {
            let path = format!("tables.{}.fields.{name}", self.table);
            match (kind.field(name), map) {
                (Some(field), Some(map)) => lines.extend(self.field(field, map, &path)),
                (Some(_), None) if name != "id" => {}
                (Some(_), None) => {
                    self.problems.add("map.field", &path, "`id` cannot be left out: every object has it.".to_owned());
                }
                (None, _) => {
                    let message = format!("{} has no field `{name}`. Name it under `extra`.", named(kind));
                    self.problems.add("map.field", &path, message);
                }
            }
        }
        for (name, map) in &own.extra {
            let path = format!("tables.{}.extra.{name}", self.table);
            lines.extend(self.extra(kind, name, map, &path));
        }
        let place = |line: &Line| kind.fields.iter().position(|field| !line.extra && field.name == line.field);
        lines.sort_by_key(|line| place(line).unwrap_or(usize::MAX));
        self.check_columns(&lines);
        let mut fields: Vec<String> = vec![];
        let requested = lines.iter().filter(|line| line.shape != Shape::Entry.name()).map(|line| &line.column);
        for column in requested.chain(&own.custom) {
            if !fields.contains(column) {
                fields.push(column.clone());
            }
        }
        let table = self.table.to_owned();
        let is_absent = |field: &&UnifiedField| lines.iter().all(|line| line.extra || line.field != field.name);
        let absent = kind.fields.iter().filter(is_absent).map(|field| field.name).collect();
        Plan { version: VERSION, table, kind: kind.name, fields, lines, absent, journals: self.base.journals }
    }

    /// A field of the model that the customer's map describes.
    fn field(&mut self, field: &UnifiedField, map: &FieldMap, path: &str) -> Option<Line> {
        let base = self.base.all().find(|column| column.field == field.name);
        let Some(column) = map.column.as_deref().or_else(|| base.map(|base| base.name)) else {
            self.problems.add(
                "map.column",
                path,
                format!("{path} names no column, and the base map has none. Write `column`."),
            );
            return None;
        };
        if let Some(shape) = map.shape.as_deref().filter(|shape| *shape != field.shape.name()) {
            let message = format!(
                "`{}` is {} in every map, not {shape}. Map the column under `extra`.",
                field.name,
                field.shape.name()
            );
            self.problems.add("map.type", path, message);
        }
        if field.name == "id" && column != "sys_id" {
            self.problems.add(
                "map.column",
                path,
                "`id` is `sys_id` in every table: records are read by it. Leave out `column`.".to_owned(),
            );
        }
        let base = base.filter(|base| base.name == column);
        let mut line = match base {
            Some(base) => base_line(base, field),
            None => new_line(field.name, column, field.shape, false),
        };
        self.adapt(&mut line, field.shape, map, path);
        Some(line)
    }

    /// A field that only the customer's map has.
    fn extra(&mut self, kind: &UnifiedKind, name: &str, map: &FieldMap, path: &str) -> Option<Line> {
        let plain = name.starts_with(|letter: char| letter.is_ascii_alphabetic())
            && name.bytes().all(|byte| byte.is_ascii_alphanumeric())
            && name.len() <= 64;
        if !plain {
            let message = format!("`{name}` is no name of a field. Begin with a letter, then letters and digits.");
            self.problems.add("map.field", path, message);
        }
        if kind.field(name).is_some() {
            let message = format!("{} has a field `{name}`. Map it under `fields`.", named(kind));
            self.problems.add("map.field", path, message);
        }
        let Some(column) = map.column.as_deref() else {
            self.problems.add("map.column", path, format!("{path} names no column. Write `column`."));
            return None;
        };
        let shape = map.shape.as_deref().unwrap_or("text");
        let Some(shape) = Shape::named(shape) else {
            let known = Shape::NAMED.map(|(name, _)| name).join(", ");
            self.problems.add("map.type", path, format!("There is no type `{shape}`. Write one of: {known}."));
            return None;
        };
        let mut line = new_line(name, column, shape, true);
        self.adapt(&mut line, shape, map, path);
        Some(line)
    }

    fn adapt(&mut self, line: &mut Line, shape: Shape, map: &FieldMap, path: &str) {
        if let Some(reference) = &map.reference {
            if shape != Shape::Reference {
                self.problems.add(
                    "map.type",
                    path,
                    format!("{path} is no reference, so it leads to no table. Leave out `reference`."),
                );
            }
            line.reference.clone_from(reference);
        }
        let is_dotted = line.column.contains('.');
        let is_fixed = is_dotted || AUTOMATIC.contains(&line.column.as_str());
        match (map.read_only, is_fixed) {
            (Some(false), true) => {
                let why = if is_dotted { "belongs to another record" } else { "is set by the instance" };
                let message = format!("`{}` {why}. Leave out `readOnly`.", line.column);
                self.problems.add("map.read-only", path, message);
            }
            (Some(read_only), _) => line.read_only = read_only,
            (None, fixed) => line.read_only |= fixed,
        }
        if let Some(values) = &map.values {
            self.choose(line, shape, values, map, path);
        } else if !map.write.is_empty() {
            self.problems.add(
                "map.value",
                path,
                format!("{path} has no `values`. Write `values` too, or leave out `write`."),
            );
        }
    }

    /// Takes the raw values of the map instead of those of the base map.
    fn choose(&mut self, line: &mut Line, shape: Shape, values: &[(String, String)], map: &FieldMap, path: &str) {
        let known: &[&str] = match shape {
            Shape::Choice(set) => set.values(),
            Shape::Boolean => &["true", "false"],
            _ => {
                self.problems.add(
                    "map.value",
                    path,
                    format!("{path} is {}, which has no list of values. Leave out `values`.", shape.name()),
                );
                return;
            }
        };
        for (raw, value) in values.iter().filter(|(_, value)| !known.contains(&value.as_str())) {
            let message = format!("The model has no value `{value}` here. Write one of: {}.", known.join(", "));
            self.problems.add("map.value", &format!("{path}.values.{raw}"), message);
        }
        for (value, raw) in &map.write {
            if !values.contains(&(raw.clone(), value.clone())) {
                let message = format!("`{raw}` is not read as `{value}` by this map. Name it under `values` too.");
                self.problems.add("map.value", &format!("{path}.write.{value}"), message);
            }
        }
        let raws =
            |value: &str| values.iter().filter(|(_, it)| it == value).map(|(raw, _)| raw.clone()).collect::<Vec<_>>();
        // A choice has its raw value and is written back as it was read. A truth value has none.
        if let Some(value) =
            known.iter().filter(|_| shape == Shape::Boolean && !line.read_only).find(|it| raws(it).len() > 1)
        {
            let message = format!(
                "{} are both read as {value}, and one of them would be written for both. Map one, or make the field readOnly.",
                raws(value).join(" and ")
            );
            self.problems.add("map.value", &format!("{path}.values"), message);
        }
        line.values = values.to_vec();
        line.written = known
            .iter()
            .filter_map(|value| {
                let chosen = map.write.iter().find(|(it, _)| it == value).map(|(_, raw)| raw.clone());
                let single = || <[String; 1]>::try_from(raws(value)).ok().map(|[raw]| raw);
                Some(((*value).to_owned(), chosen.or_else(single)?))
            })
            .collect();
    }

    /// A column that two fields write would get one of two values.
    fn check_columns(&mut self, lines: &[Line]) {
        for (place, line) in lines.iter().enumerate().filter(|(_, line)| !line.read_only) {
            let other = lines.iter().take(place).find(|other| !other.read_only && other.column == line.column);
            if let Some(other) = other {
                let part = if line.extra { "extra" } else { "fields" };
                let path = format!("tables.{}.{part}.{}", self.table, line.field);
                let message = format!(
                    "`{}` and `{}` both write `{}`. Make one of them readOnly.",
                    other.field, line.field, line.column
                );
                self.problems.add("map.column", &path, message);
            }
        }
    }
}

fn named(kind: &UnifiedKind) -> String {
    format!("The kind {}", kind.name)
}

fn new_line(field: &str, column: &str, shape: Shape, extra: bool) -> Line {
    Line {
        field: field.to_owned(),
        column: column.to_owned(),
        shape: shape.name(),
        extra,
        read_only: false,
        reference: String::new(),
        values: vec![],
        written: vec![],
    }
}

fn base_line(column: &BaseColumn, field: &UnifiedField) -> Line {
    let pair = |value: &super::tables::BaseValue| (value.raw.to_owned(), value.value.to_owned());
    let written =
        column.values.iter().filter(|value| value.written).map(pair).map(|(raw, value)| (value, raw)).collect();
    Line {
        read_only: column.read_only,
        reference: column.reference.to_owned(),
        values: column.values.iter().map(pair).collect(),
        written,
        ..new_line(column.field, column.name, field.shape, false)
    }
}
