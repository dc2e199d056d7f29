//! Writes of display values, choices, system fields, secrets and XML; and the effect of views, domains and time zones on reads.

use crate::client::{Client, rows, target, text};

use serde_json::{Value, json};
use sysparm_instance::{Request, UnknownChoice};

fn created(client: &mut Client, parameters: &[(&str, &str)], body: &Value) -> (u16, Value) {
    let reply = client.write("POST", &target("/api/now/table/incident", parameters), body);
    (reply.status, reply.as_json()["result"].clone())
}

#[test]
fn display_values_are_accepted_only_when_requested() {
    let mut client = Client::with_rows(20);
    let group = client.record("sys_user_group", "name", "Network");
    client.update_record("sys_user", "user_name", "practice.integration", &json!({"time_zone": "Asia/Tokyo"}));
    let body = json!({"state": "On Hold", "assignment_group": "Network", "due_date": "2026-03-02 09:00:00"});
    let (status, row) = created(&mut client, &[("sysparm_input_display_value", "true")], &body);
    assert_eq!((status, text(&row, "state")), (201, "3".into()));
    assert_eq!(row["assignment_group"]["value"], group["sys_id"]);
    assert_eq!(text(&row, "due_date"), "2026-03-02 00:00:00");

    let raw = json!({"state": "3", "assignment_group": group["sys_id"], "due_date": "2026-03-02 09:00:00"});
    for input in ["false", "true"] {
        let (_, row) = created(&mut client, &[("sysparm_input_display_value", input)], &raw);
        assert_eq!((text(&row, "state"), &row["assignment_group"]["value"]), ("3".into(), &group["sys_id"]));
        let due = if input == "true" { "2026-03-02 00:00:00" } else { "2026-03-02 09:00:00" };
        assert_eq!(text(&row, "due_date"), due);
    }
    let (_, shown) = created(&mut client, &[("sysparm_display_value", "all")], &raw);
    let due = json!({"display_value": "2026-03-02 18:00:00", "value": "2026-03-02 09:00:00"});
    assert_eq!(shown["due_date"], due);
}

#[test]
fn date_and_iso_time_are_stored_in_the_form_of_times() {
    let mut client = Client::with_rows(1);
    let (_, row) = created(&mut client, &[], &json!({"due_date": "2024-12-31"}));
    assert_eq!(text(&row, "due_date"), "2024-12-31 00:00:00");
    let path = format!("/api/now/table/incident/{}", text(&row, "sys_id"));
    let changed = client.write("PATCH", &path, &json!({"due_date": "2025-01-31T08:00:00"})).as_json()["result"].clone();
    assert_eq!(text(&changed, "due_date"), "2025-01-31 08:00:00");
}

#[test]
fn unknown_choice_is_dropped_refused_or_stored() {
    let mut client = Client::with_rows(1);
    let body = json!({"category": "gardening", "short_description": "Roses"});
    let attempt = |client: &mut Client, regime| {
        client.instance.switches_mut().unknown_choice = regime;
        let (status, row) = created(client, &[], &body);
        (status, text(&row, "category"), text(&row, "short_description"))
    };
    assert_eq!(attempt(&mut client, UnknownChoice::Ignored), (201, "inquiry".into(), "Roses".into()));
    assert_eq!(attempt(&mut client, UnknownChoice::Refused), (403, String::new(), String::new()));
    assert_eq!(attempt(&mut client, UnknownChoice::Accepted), (201, "gardening".into(), "Roses".into()));
    let choice = json!({"name": "incident", "element": "category", "value": "gardening", "label": "Gardening"});
    let id = client.add("sys_choice", &choice);
    assert_eq!(attempt(&mut client, UnknownChoice::Refused).0, 201);
    client.send(Request::new("DELETE", &format!("/api/now/table/sys_choice/{id}")));
    assert_eq!(attempt(&mut client, UnknownChoice::Refused).0, 403);
    client.add("sys_properties", &json!({"name": "glide.rest.choice.allow_non_existing_value", "value": "true"}));
    assert_eq!(attempt(&mut client, UnknownChoice::Refused).0, 201);
}

#[test]
fn system_fields_are_written_by_users_the_property_allows() {
    let mut client = Client::with_rows(1);
    let id = "0123456789abcdef0123456789abcdef";
    let body = json!({"sys_id": id, "sys_created_on": "2020-02-02 02:02:02", "sys_updated_on": "2020-02-03 02:02:02", "sys_created_by": "migration"});
    let suppress = [("sysparm_suppress_auto_sys_field", "true")];
    let (_, plain) = created(&mut client, &[], &json!({"sys_created_on": "2020-02-02 02:02:02"}));
    assert_eq!(text(&plain, "sys_created_on"), "2026-03-01 12:00:00");

    let (status, row) = created(&mut client, &suppress, &body);
    assert_eq!((status, text(&row, "sys_id")), (201, id.into()));
    for field in ["sys_created_on", "sys_updated_on", "sys_created_by"] {
        assert_eq!(row[field], body[field], "{field}");
    }
    assert_eq!(client.numbers("sys_created_on=2020-02-02 02:02:02"), [text(&row, "number")]);
    assert_eq!(created(&mut client, &suppress, &body).0, 403, "a sys_id is given once");

    let path = target(&format!("/api/now/table/incident/{id}"), &suppress);
    let changed = client.write("PATCH", &path, &json!({"state": "2", "sys_id": "x"})).as_json()["result"].clone();
    assert_eq!((text(&changed, "state"), text(&changed, "sys_updated_on")), ("2".into(), "2020-02-03 02:02:02".into()));
    assert_eq!((text(&changed, "sys_mod_count"), text(&changed, "sys_id")), ("0".into(), id.into()));

    client.add("sys_properties", &json!({"name": "glide.rest.table_api.admin_only_sys_fields", "value": "true"}));
    let (_, mine) = created(&mut client, &suppress, &json!({"sys_created_on": "2020-02-02 02:02:02"}));
    assert_eq!(text(&mine, "sys_created_on"), "2026-03-01 12:00:00");
    let request = Request::new("POST", &target("/api/now/table/incident", &suppress))
        .with_body("application/json", r#"{"sys_created_on":"2020-02-02 02:02:02"}"#);
    let administrators = client.send_as("practice.admin", request).as_json()["result"].clone();
    assert_eq!(text(&administrators, "sys_created_on"), "2020-02-02 02:02:02");
}

#[test]
fn new_record_takes_the_sys_id_of_its_body() {
    let mut client = Client::with_rows(1);
    let suppress = [("sysparm_suppress_auto_sys_field", "true")];
    for (id, parameters) in [
        ("00000000000000000000000000000707", &[][..]),
        ("AAAABBBBCCCCDDDDEEEEFFFF00001111", &[]),
        ("AAAABBBBCCCCDDDDEEEEFFFF00002222", &suppress),
    ] {
        let (status, row) = created(&mut client, parameters, &json!({ "sys_id": id }));
        assert_eq!((status, text(&row, "sys_id")), (201, id.into()));
        assert_eq!(client.get(&format!("/api/now/table/incident/{id}"), &[]).status, 200);
        for again in [id.to_owned(), id.to_lowercase()] {
            let reply = client.write("POST", "/api/now/table/incident", &json!({ "sys_id": again }));
            let error = reply.as_json()["error"].clone();
            let key =
                format!("Unique Key violation detected by database (Duplicate entry '{again}' for key 'PRIMARY')");
            assert_eq!(
                (reply.status, text(&error, "message"), text(&error, "detail")),
                (403, "Operation Failed".into(), key)
            );
        }
        let own = client.write("PATCH", &format!("/api/now/table/incident/{id}"), &json!({ "sys_id": "1".repeat(32) }));
        assert_eq!((own.status, text(&own.as_json()["result"], "sys_id")), (200, id.into()));
    }
    for hostile in ["", "x", "../../sys_user", "'; drop table task; --", &"a".repeat(33), &"g".repeat(32), "\u{0}"] {
        let (status, row) = created(&mut client, &suppress, &json!({ "sys_id": hostile }));
        assert_eq!((status, text(&row, "sys_id").len()), (201, 32), "{hostile}");
        assert_ne!(text(&row, "sys_id"), hostile);
    }
    client.add("sys_properties", &json!({"name": "glide.rest.table_api.admin_only_sys_fields", "value": "true"}));
    let (_, reserved) = created(&mut client, &[], &json!({ "sys_id": "2".repeat(32) }));
    assert_ne!(text(&reserved, "sys_id"), "2".repeat(32));
}

#[test]
fn password_is_written_by_display_value_only_if_configured() {
    let mut client = Client::with_rows(1);
    client.instance.switches_mut().secrets_by_display_value = true;
    let id = text(&client.record("sys_user", "user_name", "practice.visitor"), "sys_id");
    let me = || Request::new("GET", "/api/now/ui/user/current_user");
    let body = json!({"user_password": "changed-password"}).to_string();
    for (input, status) in [("false", 200), ("true", 401)] {
        let path = target(&format!("/api/now/table/sys_user/{id}"), &[("sysparm_input_display_value", input)]);
        let write = Request::new("PATCH", &path).with_body("application/json", body.clone());
        assert_eq!(client.send_as("practice.admin", write).status, 200);
        assert_eq!(client.send_as("practice.visitor", me()).status, status, "the old password, after {input}");
    }
}

#[test]
fn view_selects_the_fields_unless_the_caller_does() {
    let mut client = Client::with_rows(3);
    let mut names = |parameters: &[(&str, &str)]| {
        let row = rows(&client.get("/api/now/table/incident", parameters))[0].clone();
        row.as_object().map(|row| row.keys().cloned().collect::<Vec<_>>()).unwrap_or_default()
    };
    let mobile = ["assigned_to", "number", "priority", "short_description", "state"];
    assert_eq!(names(&[("sysparm_view", "mobile")]), mobile);
    assert_eq!(names(&[("sysparm_view", "desktop")]).len(), 11);
    assert_eq!(names(&[("sysparm_view", "mobile"), ("sysparm_fields", "number")]), ["number"]);
    assert!(names(&[("sysparm_view", "nosuch")]).len() > 40);
}

#[test]
fn rows_of_other_domains_are_invisible() {
    let mut client = Client::with_rows(30);
    let acme = client.add("domain", &json!({"name": "ACME"}));
    let north = client.add("domain", &json!({"name": "ACME North", "parent": acme}));
    let other = client.add("domain", &json!({"name": "Other"}));
    let all = client.incidents("ORDERBYnumber", &[("sysparm_limit", "3"), ("sysparm_exclude_reference_link", "true")]);
    assert!(all.iter().all(|row| row["sys_domain"] == "global"));
    for (row, domain) in all.iter().zip([&acme, &north, &other]) {
        let path = format!("/api/now/table/incident/{}", text(row, "sys_id"));
        assert_eq!(client.write("PATCH", &path, &json!({"sys_domain": domain})).status, 200);
    }
    client.update_record("sys_user", "user_name", "practice.integration", &json!({"sys_domain": acme}));
    let hidden = format!("/api/now/table/incident/{}", text(&all[2], "sys_id"));
    assert_eq!((client.numbers("").len(), client.get(&hidden, &[]).status), (30, 200), "domains are not separated yet");

    client.instance.switches_mut().domain_separation = true;
    let list = client.get("/api/now/table/incident", &[]);
    assert_eq!((rows(&list).len(), list.header("X-Total-Count")), (29, Some("29")));
    assert_eq!(client.get(&hidden, &[]).status, 404);
    assert_eq!(client.write("PATCH", &hidden, &json!({"state": "2"})).status, 404);
    assert_eq!(client.numbers("state=1^NQnumberISNOTEMPTY").len(), 29);
    let stats = client.get("/api/now/stats/incident", &[("sysparm_count", "true")]).as_json();
    assert_eq!(stats["result"]["stats"]["count"], "29");
    let (_, mine) = created(&mut client, &[("sysparm_display_value", "all")], &json!({"short_description": "Mine"}));
    assert_eq!((text(&mine["sys_domain"], "display_value"), text(&mine["sys_domain"], "value")), ("ACME".into(), acme));

    let no_domain = [("sysparm_query_no_domain", "true")];
    assert_eq!(rows(&client.get("/api/now/table/incident", &no_domain)).len(), 30);
    client.update_record("sys_user", "user_name", "practice.admin", &json!({"sys_domain": other}));
    for (parameters, count) in [(&[][..], 28), (&no_domain[..], 31)] {
        let request = Request::new("GET", &target("/api/now/table/incident", parameters));
        assert_eq!(rows(&client.send_as("practice.admin", request)).len(), count);
    }
}

#[test]
fn queries_and_display_values_use_the_callers_time_zone() {
    let mut client = Client::with_rows(1);
    let write = |client: &mut Client, due: &str| created(client, &[], &json!({"due_date": due})).1;
    let (evening, morning) = (write(&mut client, "2026-02-28 16:00:00"), write(&mut client, "2026-03-01 16:00:00"));
    let today = "due_dateONToday@javascript:gs.daysAgoStart(0)@javascript:gs.daysAgoEnd(0)";
    assert_eq!(client.numbers(today), [text(&morning, "number")]);
    client.update_record("sys_user", "user_name", "practice.integration", &json!({"time_zone": "Asia/Tokyo"}));
    assert_eq!(client.numbers(today), [text(&evening, "number")]);
    assert_eq!(client.numbers("due_date>=2026-03-01 00:00:00"), [text(&morning, "number")], "a literal is UTC");
    let shown = client.incidents(today, &[("sysparm_display_value", "true"), ("sysparm_fields", "due_date")]);
    assert_eq!(text(&shown[0], "due_date"), "2026-03-01 01:00:00");
    client.now += 3 * 3_600_000;
    client.sign_in();
    assert_eq!(client.numbers(today), [text(&morning, "number")], "midnight has passed in Tokyo");
}

#[test]
fn xml_is_sent_and_accepted_on_request() {
    let mut client = Client::with_rows(3);
    let xml = |method: &str, path: &str| Request::new(method, path).with_header("Accept", "application/xml");
    let list = client.send(xml("GET", "/api/now/table/incident?sysparm_fields=number,caller_id&sysparm_limit=2"));
    let body = String::from_utf8_lossy(list.bytes()).into_owned();
    assert_eq!((list.status, list.header("Content-Type")), (200, Some("application/xml;charset=UTF-8")));
    assert_eq!((body.matches("<result>").count(), body.matches("<caller_id><link>").count()), (2, 2), "{body}");

    let entry =
        "<request><entry><short_description>Fire &amp; smoke</short_description><state>2</state></entry></request>";
    let created = client.send(xml("POST", "/api/now/table/incident").with_body("application/xml", entry));
    let body = String::from_utf8_lossy(created.bytes()).into_owned();
    assert_eq!(created.status, 201);
    assert!(body.contains("<short_description>Fire &amp; smoke</short_description>"), "{body}");
    assert_eq!(client.numbers("short_description=Fire & smoke^state=2").len(), 1);

    let refused = client.send(xml("POST", "/api/now/table/incident").with_body("application/xml", "<request>"));
    let body = String::from_utf8_lossy(refused.bytes()).into_owned();
    assert_eq!(refused.status, 400);
    assert!(body.contains("<error><detail>") && body.ends_with("<status>failure</status></response>"), "{body}");
    let other = Request::new("GET", "/api/now/table/incident").with_header("Accept", "text/csv");
    assert_eq!(client.send(other).status, 406);
    let both =
        Request::new("GET", "/api/now/table/incident").with_header("Accept", "application/json, application/xml");
    assert_eq!(rows(&client.send(both)).len(), 4);
}
