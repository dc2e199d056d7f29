//! The form of a record in a reply: its fields, raw or display values, references with or without links.

use std::borrow::Cow;

use jiff::tz::TimeZone;
use serde_json::to_writer;

use crate::clock::{shown_date, shown_duration, shown_time};
use crate::data::label;
use crate::exchange::{Parameters, is_true};
use crate::search::{Path, path_of};
use crate::store::{Kind, RowId, Store, TableId};

use super::{Call, journal, view};

/// `sysparm_display_value`: the form of values.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Display {
    Raw,
    Shown,
    Both,
}

impl Display {
    pub(crate) fn of(parameters: &Parameters<'_>) -> Self {
        match parameters.text("sysparm_display_value").map(str::trim) {
            Some(value) if value.eq_ignore_ascii_case("all") => Self::Both,
            Some(value) if is_true(value) => Self::Shown,
            _ => Self::Raw,
        }
    }
}

/// The form of a record, the same for all records of a reply.
pub(crate) struct Shape {
    fields: Vec<Field>,
    display: Display,
    without_link: bool,
    table: TableId,
    zone: TimeZone,
    time_pattern: String,
    date_pattern: String,
    /// Whether the caller sees times as they are stored.
    in_stored_format: bool,
}

struct Field {
    /// The field's name as JSON with the colon behind it.
    key: Vec<u8>,
    path: Path,
    kind: Kind,
    /// Of a reference, its link as JSON up to the `sys_id`: the same in every row.
    link: Vec<u8>,
}

impl Shape {
    /// As `sysparm_fields`, `sysparm_display_value` and `sysparm_exclude_reference_link` ask. Unknown names are
    /// ignored.
    pub(crate) fn of(store: &Store, call: &Call<'_>) -> Self {
        let (table, parameters) = (call.table, &call.parameters);
        let definition = store.table(table).definition;
        let name = definition.name;
        let mut fields: Vec<Field> = Vec::new();
        let mut add = |name: &str| {
            let mut key = json(name);
            key.push(b':');
            let known = fields.iter().any(|other| other.key == key);
            let path = path_of(store, table, name).filter(|path| !known && call.may_read(store, path.end));
            if let Some(path) = path {
                let kind = path.kind(store);
                let mut link = Vec::new();
                if let Kind::Reference(target) = kind {
                    link.extend_from_slice(b"\"link\":");
                    write_text(&call.address_of(target), &mut link);
                    // The closing quote gives way to the rest of the link.
                    link.pop();
                }
                fields.push(Field { key, path, kind, link });
            }
        };
        match parameters.text("sysparm_fields").filter(|names| !names.is_empty()) {
            Some(names) => names.split(',').take(MAX_FIELDS).for_each(|name| add(name.trim())),
            None => match parameters.text("sysparm_view").and_then(|view| view::fields(store, view, name)) {
                Some(names) => names.into_iter().for_each(&mut add),
                None => definition.columns.iter().for_each(|column| add(column.name)),
            },
        }
        let zone = match call.principal.time_zone.as_str() {
            "" | "GMT" | "UTC" => TimeZone::UTC,
            name => TimeZone::get(name).unwrap_or(TimeZone::UTC),
        };
        Self {
            fields,
            display: Display::of(parameters),
            without_link: parameters.flag("sysparm_exclude_reference_link"),
            table,
            in_stored_format: zone == TimeZone::UTC && call.principal.time_pattern == STORED_FORMAT,
            zone,
            time_pattern: call.principal.time_pattern.clone(),
            date_pattern: call.principal.date_pattern.clone(),
        }
    }

    /// Writes one record as a JSON object.
    pub(crate) fn write(&self, store: &Store, row: RowId, out: &mut Vec<u8>) {
        out.push(b'{');
        for (number, Field { key, path, kind, link }) in self.fields.iter().enumerate() {
            if number > 0 {
                out.push(b',');
            }
            out.extend_from_slice(key);
            let raw = path.value(store, row);
            match kind {
                Kind::Reference(target) => self.write_reference(store, target, link, raw, out),
                Kind::Secret => self.write_secret(raw, out),
                _ if self.display == Display::Raw => write_text(raw, out),
                _ => {
                    let shown = self.shown(store, path, *kind, row, raw);
                    match self.display {
                        Display::Both => write_both(&shown, raw, out),
                        _ => write_text(&shown, out),
                    }
                }
            }
        }
        out.push(b'}');
    }

    /// The names of the fields in their order, which are plain letters.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.fields.iter().map(|field| {
            let name = field.key.strip_prefix(b"\"").and_then(|key| key.strip_suffix(b"\":"));
            name.and_then(|name| std::str::from_utf8(name).ok()).unwrap_or_default()
        })
    }

    /// The types of the fields in the same order.
    pub(crate) fn kinds(&self) -> impl Iterator<Item = Kind> {
        self.fields.iter().map(|field| field.kind)
    }

    /// One text for each field: its raw value, or its display value where that is asked for.
    pub(crate) fn texts<'a>(&self, store: &'a Store, row: RowId) -> Vec<Cow<'a, str>> {
        let fields = self.fields.iter().map(|Field { path, kind, .. }| {
            let raw = path.value(store, row);
            match kind {
                Kind::Secret => Cow::Borrowed(secret(raw, self.display)),
                _ if self.display == Display::Raw => Cow::Borrowed(raw),
                Kind::Reference(target) => Cow::Borrowed(store.display_of_reference(target, raw).unwrap_or_default()),
                _ => self.shown(store, path, *kind, row, raw),
            }
        });
        fields.collect()
    }

    /// The value in the caller's form.
    fn shown<'a>(&self, store: &'a Store, path: &Path, kind: Kind, row: RowId, raw: &'a str) -> Cow<'a, str> {
        let made = match kind {
            Kind::Text if !raw.is_empty() && is_class(store, path) => Some(label(raw)),
            Kind::DateTime if !self.in_stored_format => shown_time(raw, &self.zone, &self.time_pattern),
            Kind::Date => shown_date(raw, &self.date_pattern),
            Kind::Duration => shown_duration(raw),
            Kind::Journal if path.direct().is_some() => {
                let time = |raw: &str| shown_time(raw, &self.zone, &self.time_pattern);
                Some(journal::shown(store, self.table, row, path.end.1, &time))
            }
            Kind::List(target) => {
                let name = |id| store.display_of_reference(target, id).unwrap_or(id);
                Some(raw.split(',').map(name).collect::<Vec<_>>().join(", "))
            }
            _ => None,
        };
        // Each class has states of its own, so a list of tasks shows those of each task's class.
        let class = path.direct().map_or(path.end.0, |_| row.table());
        let place = (class, path.end.1);
        made.map_or_else(|| Cow::Borrowed(shown(store, place, kind, raw)), Cow::Owned)
    }

    fn write_secret(&self, raw: &str, out: &mut Vec<u8>) {
        match self.display {
            Display::Both => write_both(secret(raw, Display::Shown), secret(raw, Display::Raw), out),
            one => write_text(secret(raw, one), out),
        }
    }

    fn write_reference(&self, store: &Store, target: &str, link: &[u8], raw: &str, out: &mut Vec<u8>) {
        let shown = match self.display {
            Display::Raw => "",
            _ => store.display_of_reference(target, raw).unwrap_or_default(),
        };
        match self.display {
            Display::Both if raw.is_empty() || self.without_link => write_both(shown, raw, out),
            Display::Raw if raw.is_empty() || self.without_link => write_text(raw, out),
            Display::Shown if raw.is_empty() || self.without_link => write_text(shown, out),
            _ => {
                out.push(b'{');
                if self.display != Display::Raw {
                    out.extend_from_slice(b"\"display_value\":");
                    write_text(shown, out);
                    out.push(b',');
                }
                out.extend_from_slice(link);
                let id_at = out.len();
                write_text(raw, out);
                out.remove(id_at);
                if self.display != Display::Shown {
                    out.extend_from_slice(b",\"value\":");
                    write_text(raw, out);
                }
                out.push(b'}');
            }
        }
    }
}

/// The pattern in which times are stored.
const STORED_FORMAT: &str = "%Y-%m-%d %H:%M:%S";

/// The value of a password field in a reply, of no use outside the instance.
const ENCRYPTED: &str = "{encrypted}";
/// The display value of a password (PySNC's tests of fields).
const MASKED: &str = "********";

/// The number of names that are read; no table has more columns.
const MAX_FIELDS: usize = 1000;

/// The display value of a raw value: that of the referenced record, the label of a choice, any other value unchanged.
pub(crate) fn display_value<'a>(store: &'a Store, path: &Path, raw: &'a str) -> &'a str {
    match path.kind(store) {
        Kind::Reference(target) => store.display_of_reference(target, raw).unwrap_or_default(),
        kind => shown(store, path.end, kind, raw),
    }
}

/// The display value: the label of a choice, any other value unchanged. Times are in the caller's zone already.
fn shown<'a>(store: &'a Store, (table, column): (TableId, usize), kind: Kind, raw: &'a str) -> &'a str {
    if !kind.is_choice() || raw.is_empty() {
        return raw;
    }
    let Some(raw_text) = store.texts.find(raw) else {
        return raw;
    };
    let choices = store.table(table).choices.get(column).map_or(&[][..], Vec::as_slice);
    let label = choices.iter().find(|(value, _)| *value == raw_text);
    label.map_or(raw, |(_, label)| store.texts.of(*label))
}

/// What stands for a password: nothing where there is none.
fn secret(raw: &str, display: Display) -> &'static str {
    match display {
        _ if raw.is_empty() => "",
        Display::Raw => ENCRYPTED,
        _ => MASKED,
    }
}

/// A class is shown by the label of its table ("sys_class_name": "Incident" in replies with display values).
fn is_class(store: &Store, path: &Path) -> bool {
    let (table, column) = path.end;
    store.table(table).definition.columns.get(column).is_some_and(|column| column.name == "sys_class_name")
}

fn write_both(shown: &str, raw: &str, out: &mut Vec<u8>) {
    out.extend_from_slice(b"{\"display_value\":");
    write_text(shown, out);
    out.extend_from_slice(b",\"value\":");
    write_text(raw, out);
    out.push(b'}');
}

fn write_text(text: &str, out: &mut Vec<u8>) {
    if text.bytes().fold(true, |plain, byte| plain & (byte >= b' ') & (byte != b'"') & (byte != b'\\')) {
        out.push(b'"');
        out.extend_from_slice(text.as_bytes());
        out.push(b'"');
        return;
    }
    // Writing a text into memory cannot fail.
    let _ = to_writer(out, text);
}

fn json(text: &str) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len() + 2);
    write_text(text, &mut out);
    out
}
