//! What the dictionary lists, the rows hold: every column of every table is written, read, queried, sorted and aggregated. A column is
//! excepted only where the dictionary says so: read-only, calculated, a journal or a password.

use std::collections::BTreeMap;

use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg64;
use serde_json::{Map, Value};
use sysparm_instance::Request;

/// Whether a row meets a condition.
type RowTest<'a> = Box<dyn Fn(&Value) -> bool + 'a>;

use crate::client::{Client, rows, target, text};

const ID: &str = "0123456789abcdef0123456789abcdef";

/// A column as the dictionary describes it.
#[derive(Clone)]
struct Listed {
    name: String,
    kind: String,
    reserved: bool,
    /// The first of its choices.
    choice: Option<String>,
    /// Whether the table itself declares it.
    own: bool,
}

impl Listed {
    /// Whether a caller writes it and reads back what was written.
    fn is_written(&self) -> bool {
        !self.reserved && !matches!(self.kind.as_str(), "journal_input" | "password2")
    }

    fn value(&self, number: u32) -> String {
        if let Some(choice) = &self.choice {
            return choice.clone();
        }
        match self.kind.as_str() {
            "integer" => number.to_string(),
            "decimal" | "currency" => format!("{number}.5"),
            "boolean" => if number.is_multiple_of(2) { "true" } else { "false" }.into(),
            "glide_date_time" => format!("2026-01-02 03:04:{:02}", number % 60),
            "glide_date" => format!("2026-01-{:02}", 1 + number % 28),
            "glide_duration" => format!("1970-01-01 00:00:{:02}", number % 60),
            "GUID" | "reference" | "glide_list" => format!("{}{number:04}", &ID[4..]),
            _ => format!("{} {number}", self.name),
        }
    }
}

fn read(client: &mut Client, table: &str, query: &str, fields: &str) -> Vec<Value> {
    let parameters = [
        ("sysparm_query", query),
        ("sysparm_fields", fields),
        ("sysparm_exclude_reference_link", "true"),
        ("sysparm_limit", "20000"),
    ];
    let reply =
        client.send_as("practice.admin", Request::new("GET", &target(&format!("/api/now/table/{table}"), &parameters)));
    assert_eq!(reply.status, 200, "{table} {query}: {}", String::from_utf8_lossy(reply.bytes()));
    rows(&reply)
}

/// Every table with its columns, inherited ones included.
fn dictionary(client: &mut Client) -> BTreeMap<String, Vec<Listed>> {
    let records = read(client, "sys_db_object", "nameISNOTEMPTY", "sys_id,name,super_class");
    let name_of: BTreeMap<String, String> =
        records.iter().map(|row| (text(row, "sys_id"), text(row, "name"))).collect();
    let parent_of: BTreeMap<String, String> = records
        .iter()
        .filter_map(|row| Some((text(row, "name"), name_of.get(&text(row, "super_class"))?.clone())))
        .collect();
    let choices = read(client, "sys_choice", "ORDERBYsequence", "name,element,value");
    let columns = read(client, "sys_dictionary", "elementISNOTEMPTY", "name,element,internal_type,read_only,virtual");
    let overrides = read(client, "sys_dictionary_override", "read_only=true", "name,element");
    let mut tables = BTreeMap::new();
    for table in name_of.values() {
        let ancestry: Vec<String> =
            std::iter::successors(Some(table.clone()), |name| parent_of.get(name).cloned()).collect();
        let first = |element: &str| {
            let of = |table: &String| {
                choices.iter().find(|choice| text(choice, "name") == *table && text(choice, "element") == element)
            };
            ancestry.iter().find_map(of).map(|choice| text(choice, "value"))
        };
        let mut listed: Vec<Listed> = Vec::new();
        for column in columns.iter().filter(|column| ancestry.contains(&text(column, "name"))) {
            let name = text(column, "element");
            let overridden = |row: &Value| ancestry.contains(&text(row, "name")) && text(row, "element") == name;
            let reserved = text(column, "read_only") == "true"
                || text(column, "virtual") == "true"
                || overrides.iter().any(overridden);
            let own = text(column, "name") == *table;
            listed.push(Listed { choice: first(&name), kind: text(column, "internal_type"), name, reserved, own });
        }
        tables.insert(table.clone(), listed);
    }
    tables
}

fn created(client: &mut Client, table: &str, fields: &Map<String, Value>) -> Value {
    let request = Request::new("POST", &format!("/api/now/table/{table}?sysparm_exclude_reference_link=true"))
        .with_body("application/json", Value::Object(fields.clone()).to_string());
    let reply = client.send_as("practice.admin", request);
    assert_eq!(reply.status, 201, "{table}: {}", String::from_utf8_lossy(reply.bytes()));
    reply.as_json()["result"].clone()
}

/// Tables whose rows the platform makes, not a caller of the Table API.
const MADE_BY_THE_PLATFORM: [&str; 4] = ["sys_attachment", "sys_attachment_doc", "syslog", "syslog_transaction"];

#[test]
fn every_listed_column_is_written_read_queried_and_aggregated() {
    let mut client = Client::with_rows(1);
    let tables = dictionary(&mut client);
    assert!(tables.len() > 120, "{}", tables.len());
    for (table, columns) in &tables {
        if MADE_BY_THE_PLATFORM.contains(&table.as_str()) {
            continue;
        }
        let written: Vec<&Listed> = columns.iter().filter(|column| column.is_written()).collect();
        let fields: Map<String, Value> =
            written.iter().map(|column| (column.name.clone(), column.value(7).into())).collect();
        created(&mut client, table, &Map::new());
        let row = created(&mut client, table, &fields);
        let shown: Vec<&String> = row.as_object().into_iter().flat_map(Map::keys).collect();
        for column in columns {
            assert!(shown.contains(&&column.name), "{table}.{} is listed and not shown", column.name);
        }
        for column in &written {
            assert_eq!(row[&column.name], fields[&column.name], "{table}.{}", column.name);
        }
        let id = text(&row, "sys_id");
        for column in written.iter().filter(|column| column.own) {
            let (name, value) = (&column.name, column.value(7));
            let query = format!("{name}={value}^ORDERBY{name}");
            let found = read(&mut client, table, &query, &format!("sys_id,{name}"));
            assert!(found.iter().any(|row| text(row, "sys_id") == id), "{table}: {query} misses the row");
            assert!(
                found.iter().all(|row| text(row, name).eq_ignore_ascii_case(&value)),
                "{table}: {query} is too wide"
            );
        }
        let names: Vec<&str> = written.iter().filter(|column| column.own).map(|column| column.name.as_str()).collect();
        // The instance bounds the number of aggregates of one request.
        for names in names.chunks(10) {
            let query = [("sysparm_min_fields", names.join(",")), ("sysparm_query", format!("sys_id={id}"))];
            let query = query.each_ref().map(|(name, value)| (*name, value.as_str()));
            let path = target(&format!("/api/now/stats/{table}"), &query);
            let reply = client.send_as("practice.admin", Request::new("GET", &path)).as_json();
            for name in names {
                assert!(reply["result"]["stats"]["min"].get(name).is_some(), "{table}.{name} is not aggregated");
            }
        }
    }
}

#[test]
fn condition_on_a_listed_column_never_finds_other_rows() {
    let mut client = Client::with_rows(3);
    let mut random = Pcg64::seed_from_u64(16);
    let tables = dictionary(&mut client);
    for (table, columns) in &tables {
        if MADE_BY_THE_PLATFORM.contains(&table.as_str()) {
            continue;
        }
        for _ in 0..2 {
            let mut fields = Map::new();
            for column in columns.iter().filter(|column| column.is_written()) {
                if random.random_bool(0.3) {
                    fields.insert(column.name.clone(), column.value(random.random_range(0..9999)).into());
                }
            }
            created(&mut client, table, &fields);
        }
        let comparable: Vec<&Listed> =
            columns.iter().filter(|column| !matches!(column.kind.as_str(), "journal_input" | "password2")).collect();
        for _ in 0..4 {
            let column = comparable[random.random_range(0..comparable.len())];
            let (name, value) = (&column.name, column.value(random.random_range(0..3)));
            let other = column.value(random.random_range(3..6));
            let equal = |row: &Value, value: &str| text(row, name).eq_ignore_ascii_case(value);
            let (condition, holds): (String, RowTest<'_>) = match random.random_range(0..5) {
                0 => (format!("{name}={value}"), Box::new(|row| equal(row, &value))),
                1 => (format!("{name}!={value}"), Box::new(|row| !equal(row, &value))),
                2 => (format!("{name}ISEMPTY"), Box::new(|row| text(row, name).is_empty())),
                3 => (format!("{name}ISNOTEMPTY"), Box::new(|row| !text(row, name).is_empty())),
                _ => (format!("{name}IN{value},{other}"), Box::new(|row| equal(row, &value) || equal(row, &other))),
            };
            let every = read(&mut client, table, "", &format!("sys_id,{name}"));
            let found = read(&mut client, table, &condition, &format!("sys_id,{name}"));
            assert!(found.iter().all(&holds), "{table}: {condition} is too wide");
            assert_eq!(found.len(), every.iter().filter(|row| holds(row)).count(), "{table}: {condition}");
        }
    }
}
