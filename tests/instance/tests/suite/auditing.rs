//! Audits and history of records: what writes leave in `sys_audit`, `sys_history_set` and `sys_history_line`.

use crate::client::{Client, rows, text};

use serde_json::{Value, json};

fn read(client: &mut Client, table: &str, query: &str) -> Vec<Value> {
    let parameters = [("sysparm_query", query), ("sysparm_exclude_reference_link", "true"), ("sysparm_limit", "1000")];
    rows(&client.get(&format!("/api/now/table/{table}"), &parameters))
}

/// The audited changes of a record: field, old and new value.
fn audits(client: &mut Client, record: &str) -> Vec<[String; 3]> {
    let found = read(client, "sys_audit", &format!("documentkey={record}^ORDERBYfieldname"));
    found.iter().map(|row| ["fieldname", "oldvalue", "newvalue"].map(|column| text(row, column))).collect()
}

fn of(field: &str, old: &str, new: &str) -> [String; 3] {
    [field, old, new].map(str::to_owned)
}

/// Sets `audit` of a table.
fn audit(client: &mut Client, table: &str) {
    let entry = read(client, "sys_dictionary", &format!("name={table}^elementISEMPTY"));
    client.update_record("sys_dictionary", "sys_id", &text(&entry[0], "sys_id"), &json!({"audit": "true"}));
}

#[test]
fn update_of_an_audited_table_leaves_each_changed_field() {
    let mut client = Client::with_rows(3);
    let id = client.add("incident", &json!({"short_description": "Before", "urgency": "3", "impact": "3"}));
    client.now += 60_000;
    let change = json!({"short_description": "After", "urgency": "2", "impact": "3", "sys_domain": "global"});
    client.update_record("incident", "sys_id", &id, &change);
    let priority = of("priority", "5", "4");
    assert_eq!(
        audits(&mut client, &id),
        [priority, of("short_description", "Before", "After"), of("urgency", "3", "2")]
    );
    let row = read(&mut client, "sys_audit", &format!("documentkey={id}^fieldname=urgency"))[0].clone();
    let columns = ["tablename", "user", "sys_created_by", "sys_created_on", "record_checkpoint"];
    let expected = ["incident", "practice.admin", "practice.admin", "2026-03-01 12:01:00", "1"];
    assert_eq!(columns.map(|column| text(&row, column)), expected);

    let lines = read(&mut client, "sys_history_line", &format!("set.id={id}^set.table=incident^update=1^ORDERBYfield"));
    let line = &lines[2];
    let columns = ["field", "label", "old", "new", "old_value", "new_value", "type", "user_id", "user_name"];
    let expected =
        ["urgency", "Urgency", "3 - Low", "2 - Medium", "3", "2", "audit", "practice.admin", "Practice Administrator"];
    assert_eq!((lines.len(), columns.map(|column| text(line, column))), (3, expected.map(str::to_owned)));
    assert_eq!(text(line, "update_time"), "2026-03-01 12:01:00");
}

#[test]
fn history_begins_with_the_values_of_the_new_record() {
    let mut client = Client::with_rows(3);
    let id = client.add("problem", &json!({"short_description": "New", "work_notes": "looked"}));
    assert_eq!(audits(&mut client, &id).len(), 0, "inserts are not audited");
    let sets = read(&mut client, "sys_history_set", &format!("id={id}"));
    assert_eq!((sets.len(), text(&sets[0], "table")), (1, "problem".into()));
    let lines = read(&mut client, "sys_history_line", &format!("set={}^update=-1", text(&sets[0], "sys_id")));
    let fields: Vec<String> = lines.iter().map(|line| text(line, "field")).collect();
    assert_eq!(text(&sets[0], "line_count"), lines.len().to_string());
    assert!(["short_description", "number", "state", "work_notes"].iter().all(|one| fields.contains(&(*one).into())));
    assert!(
        fields.iter().all(|field| !field.starts_with("sys_") || field == "sys_class_name" || field == "sys_domain")
    );

    client.update_record("problem", "sys_id", &id, &json!({"comments": "hello"}));
    assert_eq!(audits(&mut client, &id), [of("comments", "JOURNAL FIELD ADDITION", "hello")]);
    assert_eq!(read(&mut client, "sys_history_set", &format!("id={id}")).len(), 1);

    client.add("sys_properties", &json!({"name": "glide.sys.audit_inserts", "value": "true"}));
    let id = client.add("problem", &json!({"short_description": "Newer"}));
    assert!(audits(&mut client, &id).contains(&of("short_description", "", "Newer")));
}

#[test]
fn table_is_audited_where_its_own_entry_says_so() {
    let mut client = Client::with_rows(3);
    let server = client.add("cmdb_ci_server", &json!({"name": "Web"}));
    client.update_record("cmdb_ci_server", "sys_id", &server, &json!({"name": "Web 1"}));
    audit(&mut client, "cmdb_ci");
    client.update_record("cmdb_ci_server", "sys_id", &server, &json!({"name": "Web 2"}));
    assert_eq!(audits(&mut client, &server).len(), 0, "classes have entries of their own");
    audit(&mut client, "cmdb_ci_server");
    let comments = read(&mut client, "sys_dictionary", "name=cmdb_ci^ORname=cmdb^element=comments");
    let entry = text(&comments[0], "sys_id");
    client.update_record("sys_dictionary", "sys_id", &entry, &json!({"attributes": "x=1,no_audit"}));
    client.update_record("cmdb_ci_server", "sys_id", &server, &json!({"name": "Web 3", "comments": "no"}));
    assert_eq!(audits(&mut client, &server), [of("name", "Web 2", "Web 3")]);
}

#[test]
fn imports_are_not_audited_and_deletions_are() {
    let mut client = Client::with_rows(3);
    audit(&mut client, "sys_user");
    client.write("POST", "/api/now/import/imp_user", &json!({"user_name": "ada", "first_name": "Ada"}));
    client.write("POST", "/api/now/import/imp_user", &json!({"user_name": "ada", "first_name": "Augusta"}));
    let user = client.record("sys_user", "user_name", "ada");
    let id = text(&user, "sys_id");
    assert_eq!((text(&user, "first_name"), audits(&mut client, &id).len()), ("Augusta".into(), 0));
    client.update_record("sys_user", "sys_id", &id, &json!({"first_name": "Ada", "user_password": "secret"}));
    let changed: Vec<String> = audits(&mut client, &id).into_iter().map(|[field, ..]| field).collect();
    assert!(changed.contains(&"first_name".into()) && !changed.contains(&"user_password".into()));

    let location = client.add("cmn_location", &json!({"name": "Here"}));
    for (table, id) in [("sys_user", &id), ("cmn_location", &location)] {
        let request = sysparm_instance::Request::new("DELETE", &format!("/api/now/table/{table}/{id}"));
        assert_eq!(client.send_as("practice.admin", request).status, 204);
        assert!(audits(&mut client, id).contains(&of("DELETED", "DELETED", "DELETED")), "{table}");
    }
}
