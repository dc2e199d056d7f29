use super::*;

fn line<'a>(plan: &'a Plan, field: &str) -> &'a Line {
    plan.lines.iter().find(|line| line.field == field).unwrap()
}

fn problems(table: &str, map: &str) -> String {
    let (code, problems) = compile(table, Some(map)).unwrap_err();
    let listed: Vec<_> = problems.iter().map(|problem| format!("{} {}", problem.code, problem.path)).collect();
    format!("{code}: {}", listed.join(", "))
}

fn incident(rest: &str) -> String {
    format!(r#"{{ "version": 1, "tables": {{ "incident": {rest} }} }}"#)
}

#[test]
fn base_map_names_fields_of_its_kind_and_known_values() {
    for table in TABLES {
        for column in table.columns.iter().copied().flatten() {
            let field = table.kind.field(column.field);
            let is_stamp = ["updatedAt", "updatedBy", "revision"].contains(&column.field);
            assert!(field.is_some() || is_stamp, "{}: {}", table.name, column.field);
            let Some(field) = field else { continue };
            match field.shape {
                Shape::Choice(set) => {
                    assert!(!column.values.is_empty(), "{}: {}", table.name, column.field);
                    for value in column.values {
                        assert!(set.values().contains(&value.value), "{}: {}", table.name, value.value);
                    }
                }
                _ => assert!(column.values.is_empty(), "{}: {}", table.name, column.field),
            }
            assert!(!column.name.contains('.') || column.read_only, "{}", column.name);
            assert!(field.shape == Shape::Reference || column.reference.is_empty(), "{}", column.name);
        }
        assert_eq!(table.all().next().map(|column| column.name), Some("sys_id"), "{}", table.name);
    }
}

#[test]
fn base_map_writes_one_raw_value_for_a_value() {
    for table in TABLES {
        for column in table.all() {
            let mut seen = vec![];
            for value in column.values.iter().filter(|value| value.written) {
                assert!(!seen.contains(&value.value), "{} {}: {}", table.name, column.name, value.value);
                seen.push(value.value);
            }
        }
    }
}

#[test]
fn every_field_of_a_kind_has_a_column_in_some_table() {
    for kind in KINDS {
        for field in kind.fields {
            let has = TABLES
                .iter()
                .any(|table| table.kind.name == kind.name && table.all().any(|column| column.field == field.name));
            assert!(has, "{}.{}", kind.name, field.name);
        }
    }
}

#[test]
fn base_map_alone_compiles_for_every_table() {
    for table in TABLES {
        let plan = compile(table.name, None).unwrap();
        assert_eq!((plan.table.as_str(), plan.kind), (table.name, table.kind.name));
        assert!(plan.fields.iter().all(|column| !table.journals.contains(&column.as_str())), "{:?}", plan.fields);
        assert_eq!(plan.fields.first().map(String::as_str), Some("sys_id"));
    }
}

#[test]
fn map_replaces_column_and_values_of_a_field() {
    let map = incident(
        r#"{ "fields": {
            "dueAt": { "column": "u_due" },
            "severity": null,
            "status": { "values": { "1": "new", "3": "closed", "4": "closed" }, "write": { "closed": "3" } },
            "active": { "column": "u_open", "values": { "yes": "true", "no": "false" } }
        } }"#,
    );
    let plan = compile("incident", Some(&map)).unwrap();
    assert_eq!(line(&plan, "dueAt").column, "u_due");
    assert!(plan.lines.iter().all(|line| line.field != "severity"));
    assert!(plan.absent.contains(&"severity") && plan.absent.contains(&"risk") && !plan.absent.contains(&"dueAt"));
    let pair = |one: &str, other: &str| (one.to_owned(), other.to_owned());
    assert_eq!(line(&plan, "status").written, [pair("new", "1"), pair("closed", "3")]);
    assert_eq!(line(&plan, "active").written, [pair("true", "yes"), pair("false", "no")]);
    assert!(plan.fields.contains(&"u_due".to_owned()) && !plan.fields.contains(&"due_date".to_owned()));
}

#[test]
fn value_with_two_raw_values_is_not_written() {
    let map = incident(r#"{ "fields": { "status": { "values": { "1": "new", "3": "closed", "4": "closed" } } } }"#);
    let plan = compile("incident", Some(&map)).unwrap();
    assert_eq!(line(&plan, "status").written, [("new".to_owned(), "1".to_owned())]);
}

#[test]
fn base_values_are_not_those_of_another_column() {
    let plan = compile("incident", Some(&incident(r#"{ "fields": { "status": { "column": "u_state" } } }"#))).unwrap();
    assert!(line(&plan, "status").values.is_empty());
}

#[test]
fn extra_fields_and_custom_columns_are_requested() {
    let map = incident(
        r#"{ "extra": { "costCentre": { "column": "u_cost", "type": "reference", "reference": "cmn_cost_center" },
             "callerCity": { "column": "caller_id.city" } }, "custom": ["u_a", "number"] }"#,
    );
    let plan = compile("incident", Some(&map)).unwrap();
    assert!(line(&plan, "callerCity").read_only);
    assert_eq!(line(&plan, "costCentre").reference, "cmn_cost_center");
    assert_eq!(plan.fields.iter().filter(|column| *column == "number").count(), 1);
    assert!(["u_cost", "caller_id.city", "u_a"].iter().all(|column| plan.fields.iter().any(|it| it == column)));
}

#[test]
fn column_that_the_instance_sets_is_read_only() {
    let map = incident(
        r#"{ "fields": { "openedAt": { "column": "sys_created_on" } }, "extra": { "tags": { "column": "sys_tags" } } }"#,
    );
    let plan = compile("incident", Some(&map)).unwrap();
    assert!(line(&plan, "openedAt").read_only && line(&plan, "tags").read_only);
    let map = incident(r#"{ "fields": { "number": { "readOnly": false } } }"#);
    assert!(!line(&compile("incident", Some(&map)).unwrap(), "number").read_only);
}

#[test]
fn new_hr_case_is_ready_and_no_draft() {
    let plan = compile("sn_hr_core_case", None).unwrap();
    let written = &line(&plan, "status").written;
    assert!(written.contains(&("new".to_owned(), "10".to_owned())), "{written:?}");
}

#[test]
fn table_of_a_customer_is_like_one_of_the_model() {
    let map = r#"{ "version": 1, "tables": { "u_ticket": { "like": "incident" } } }"#;
    assert_eq!(compile("u_ticket", Some(map)).unwrap().kind, "ticket");
    assert_eq!(problems("u_other", map), "model.table: map.table tables.u_other");
    let map = r#"{ "version": 1, "tables": { "u_ticket": { "like": "u_x" } } }"#;
    assert_eq!(problems("u_ticket", map), "model.map: map.table tables.u_ticket.like");
}

#[test]
fn problems_of_a_map_have_paths() {
    for (rest, expected) in [
        (r#"{ "field": {} }"#, "map.shape tables.incident.field"),
        (r#"{ "fields": { "dueAt": { "colum": "u_due" } } }"#, "map.shape tables.incident.fields.dueAt.colum"),
        (r#"{ "fields": { "dueAt": { "column": "u_due,active" } } }"#, "map.shape tables.incident.fields.dueAt.column"),
        (
            r#"{ "fields": { "dueAt": { "column": "u_due", "type": "text" } } }"#,
            "map.type tables.incident.fields.dueAt",
        ),
        (r#"{ "fields": { "dueDate": { "column": "u_due" } } }"#, "map.field tables.incident.fields.dueDate"),
        (r#"{ "fields": { "id": null } }"#, "map.field tables.incident.fields.id"),
        (r#"{ "fields": { "id": { "column": "u_key" } } }"#, "map.column tables.incident.fields.id"),
        (r#"{ "fields": { "createdAt": { "readOnly": false } } }"#, "map.read-only tables.incident.fields.createdAt"),
        (r#"{ "fields": { "id": { "readOnly": false } } }"#, "map.read-only tables.incident.fields.id"),
        (
            r#"{ "extra": { "a": { "column": "sys_updated_on", "readOnly": false } } }"#,
            "map.read-only tables.incident.extra.a",
        ),
        (r#"{ "like": "sys_user" }"#, "map.table tables.incident.like"),
        (r#"{ "fields": { "stage": {} } }"#, "map.column tables.incident.fields.stage"),
        (
            r#"{ "fields": { "status": { "values": { "1": "open" } } } }"#,
            "map.value tables.incident.fields.status.values.1",
        ),
        (
            r#"{ "fields": { "status": { "values": { "1": "new" }, "write": { "new": "2" } } } }"#,
            "map.value tables.incident.fields.status.write.new",
        ),
        (r#"{ "fields": { "status": { "write": { "new": "2" } } } }"#, "map.value tables.incident.fields.status"),
        (r#"{ "fields": { "title": { "values": { "1": "new" } } } }"#, "map.value tables.incident.fields.title"),
        (
            r#"{ "fields": { "title": { "column": "a.b", "readOnly": false } } }"#,
            "map.read-only tables.incident.fields.title",
        ),
        (r#"{ "fields": { "title": { "reference": "sys_user" } } }"#, "map.type tables.incident.fields.title"),
        (r#"{ "fields": { "title": { "column": "description" } } }"#, "map.column tables.incident.fields.description"),
        (r#"{ "extra": { "title": { "column": "u_a" } } }"#, "map.field tables.incident.extra.title"),
        (r#"{ "extra": { "u_a": { "column": "u_a" } } }"#, "map.field tables.incident.extra.u_a"),
        (r#"{ "extra": { "a": { "column": "description" } } }"#, "map.column tables.incident.extra.a"),
        (r#"{ "extra": { "a": {} } }"#, "map.column tables.incident.extra.a"),
        (r#"{ "extra": { "a": { "column": "u_a", "type": "choice" } } }"#, "map.type tables.incident.extra.a"),
        (
            r#"{ "fields": { "active": { "values": { "1": "true", "2": "true", "0": "false" } } } }"#,
            "map.value tables.incident.fields.active.values",
        ),
        (r#"{ "custom": "u_a" }"#, "map.shape tables.incident.custom"),
    ] {
        assert_eq!(problems("incident", &incident(rest)), format!("model.map: {expected}"), "{rest}");
    }
}

#[test]
fn problems_of_a_map_say_what_to_do() {
    for (rest, step) in [
        (r#"{ "like": "sys_user" }"#, "Leave out `like`."),
        (r#"{ "fields": { "stage": {} } }"#, "Write `column`."),
        (r#"{ "extra": { "a": {} } }"#, "Write `column`."),
        (r#"{ "fields": { "id": { "column": "u_key" } } }"#, "Leave out `column`."),
        (r#"{ "fields": { "title": { "reference": "sys_user" } } }"#, "Leave out `reference`."),
        (r#"{ "fields": { "title": { "values": { "1": "new" } } } }"#, "Leave out `values`."),
        (r#"{ "fields": { "status": { "write": { "new": "2" } } } }"#, "Write `values` too, or leave out `write`."),
        (
            r#"{ "fields": { "status": { "values": { "1": "new" }, "write": { "new": "2" } } } }"#,
            "Name it under `values` too.",
        ),
        (r#"{ "fields": { "id": { "readOnly": false } } }"#, "Leave out `readOnly`."),
    ] {
        let (_, problems) = compile("incident", Some(&incident(rest))).unwrap_err();
        let last = problems.last().map(|problem| problem.message.clone()).unwrap_or_default();
        assert!(last.ends_with(step), "{rest}: {last}");
    }
}

#[test]
fn text_that_is_no_map_is_refused() {
    assert_eq!(problems("incident", "{"), "model.map: map.json map");
    assert_eq!(problems("incident", "[]"), "model.map: map.shape map");
    assert_eq!(problems("incident", r#"{ "version": 2 }"#), "model.map: map.version version");
    assert_eq!(problems("incident", &" ".repeat(MOST_MAP_BYTES + 1)), "model.map: map.size map");
}

#[test]
fn map_of_too_many_tables_is_refused_before_they_are_read() {
    let tables = |count: usize| {
        let named: Vec<_> = (0..count).map(|index| format!(r#""u_{index}": {{ "like": "incident" }}"#)).collect();
        format!(r#"{{ "version": 1, "tables": {{ {} }} }}"#, named.join(", "))
    };
    assert!(compile("u_49", Some(&tables(50))).is_ok());
    assert_eq!(problems("u_49", &tables(51)), "model.map: map.size tables");
}

#[test]
fn map_with_a_raw_value_that_no_query_can_hold_is_refused() {
    for raw in ["1,2", "1^active=true", "1\\u0007", "1\\u0085"] {
        let map = incident(&format!(r#"{{ "fields": {{ "status": {{ "values": {{ "{raw}": "new" }} }} }} }}"#));
        assert!(
            problems("incident", &map).starts_with("model.map: map.shape tables.incident.fields.status.values."),
            "{raw}"
        );
    }
    assert!(compile("incident", Some(&incident(r#"{ "fields": { "status": { "values": { "": "new" } } } }"#))).is_ok());
}
