//! The declarations that `www/glue/model-kinds.d.ts` holds: one interface for each kind, each field with its columns.

use super::kind::{KINDS, Set, Shape, UnifiedField, UnifiedKind};
use super::tables::{BaseTable, TABLES};

const HEADER: &str = "\
/** The kinds of the unified model. Generated from src/model: `SYSPARM_WRITE=1 cargo test --test model`. Longer than 400 lines because it is generated. */

import type { Choice, Code, Money, Reference, Unified } from \"./model.js\";
";

const SETS: [(Set, &str); 7] = [
    (Set::Status, "Where a ticket is in its life."),
    (Set::Priority, "How urgent a ticket is."),
    (Set::Level, "Impact, urgency or severity."),
    (Set::Risk, "How risky a change is."),
    (Set::Visibility, "Who sees a comment."),
    (Set::Operation, "Whether a configuration item works."),
    (Set::Installation, "Where a configuration item is in its life."),
];

/// The file's text.
#[must_use]
pub fn typescript() -> String {
    let mut out = HEADER.to_owned();
    for (set, meaning) in SETS {
        let values = set.values().iter().map(|value| format!("\"{value}\""));
        out.push_str(&format!("\n/** {meaning} */\n{}", union(set.name(), &values.collect::<Vec<_>>())));
    }
    for kind in KINDS {
        interface(&mut out, kind);
    }
    out.push_str("\n/** The kind of each table of the base map. */\nexport interface KindOfTable {");
    for table in TABLES {
        out.push_str(&format!("\n  {}: {};", table.name, table.kind.interface));
    }
    let all: Vec<_> = KINDS.iter().map(|kind| kind.interface.to_owned()).collect();
    out.push_str(&format!("\n}}\n\n/** Any object of the model. */\n{}", union("AnyUnified", &all)));
    out
}

/// A union as the formatter writes it: on one line where it fits.
fn union(name: &str, members: &[String]) -> String {
    let line = format!("export type {name} = {};\n", members.join(" | "));
    match line.len() <= 121 {
        true => line,
        false => format!("export type {name} =\n  | {};\n", members.join("\n  | ")),
    }
}

fn interface(out: &mut String, kind: &UnifiedKind) {
    let tables: Vec<_> = TABLES.iter().filter(|table| table.kind.name == kind.name).collect();
    let names: Vec<_> = tables.iter().map(|table| format!("`{}`", table.name)).collect();
    out.push_str(&format!("\n/** {} Tables: {}. */", kind.meaning, names.join(", ")));
    out.push_str(&format!("\nexport interface {} extends Unified {{\n  kind: \"{}\";", kind.interface, kind.name));
    for field in kind.fields {
        let mark = if field.name == "id" { "" } else { "?" };
        out.push_str(&format!("\n  /** {} {} */", field.meaning, columns(field, &tables)));
        out.push_str(&format!("\n  {}{mark}: {};", field.name, type_of(field)));
    }
    out.push_str("\n}\n");
}

fn type_of(field: &UnifiedField) -> String {
    match field.shape {
        Shape::Text if field.name == "id" => "string".to_owned(),
        Shape::Text | Shape::Instant | Shape::Date | Shape::Decimal => "string | null".to_owned(),
        Shape::Entry => "string".to_owned(),
        Shape::Code => "Code | null".to_owned(),
        Shape::Choice(set) => format!("Choice<{}> | null", set.name()),
        Shape::Reference => "Reference | null".to_owned(),
        Shape::Money => "Money | null".to_owned(),
        Shape::Boolean => "boolean | null".to_owned(),
        Shape::Integer | Shape::Duration => "number | null".to_owned(),
        Shape::List => "string[]".to_owned(),
    }
}

/// The column of a field, with the tables that have it where not all have the same.
fn columns(field: &UnifiedField, tables: &[&&BaseTable]) -> String {
    let mut groups: Vec<(String, Vec<&str>)> = vec![];
    for table in tables {
        let Some(column) = table.all().find(|column| column.field == field.name) else { continue };
        let note = if column.read_only { ", read only" } else { "" };
        let name = format!("`{}`{note}", column.name);
        match groups.iter_mut().find(|(known, _)| *known == name) {
            Some((_, names)) => names.push(table.name),
            None => groups.push((name, vec![table.name])),
        }
    }
    let groups: Vec<_> = groups
        .iter()
        .map(|(name, of)| if of.len() == tables.len() { name.clone() } else { format!("{name} of {}", of.join(", ")) })
        .collect();
    format!("Column: {}.", groups.join("; "))
}
