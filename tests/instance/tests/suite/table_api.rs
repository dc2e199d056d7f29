//! Lists, records and writing them.

use crate::client::{Client, rows, target, text, total};

use serde_json::{Value, json};
use sysparm_instance::{DefaultOrder, InvalidFields, Request};

fn refusal(reply: &sysparm_instance::Reply) -> (u16, String, Value) {
    let error = &reply.as_json()["error"];
    (reply.status, text(error, "message"), error["detail"].clone())
}

#[test]
fn list_returns_strings_a_count_and_links() {
    let mut client = Client::with_rows(25);
    let parameters = [
        ("sysparm_query", "ORDERBYnumber"),
        ("sysparm_limit", "10"),
        ("sysparm_offset", "10"),
        ("sysparm_fields", "number,state"),
    ];
    let reply = client.get("/api/now/table/incident", &parameters);
    assert_eq!((reply.status, total(&reply), rows(&reply).len()), (200, 25, 10));
    assert_eq!(text(&rows(&reply)[0], "number"), "INC0000011");
    assert!(rows(&reply)[0]["state"].is_string());
    let link = reply.header("Link").unwrap_or_default();
    let page = |offset, rel| {
        format!(
            "<http://practice.test/api/now/table/incident?sysparm_query=ORDERBYnumber&sysparm_fields=number%2Cstate&sysparm_limit=10&sysparm_offset={offset}>;rel=\"{rel}\""
        )
    };
    assert_eq!(link, [page(0, "first"), page(20, "next"), page(0, "prev"), page(20, "last")].join(","));
    assert_eq!(reply.header("Content-Type"), Some("application/json;charset=UTF-8"));
    assert_eq!(reply.header("Date"), Some("Sun, 01 Mar 2026 12:00:00 GMT"));
}

#[test]
fn first_page_has_no_prev_link_and_the_last_no_next() {
    let mut client = Client::with_rows(25);
    let mut link = |offset: &str, more: (&str, &str)| {
        let reply = client.get("/api/now/table/incident", &[("sysparm_limit", "10"), ("sysparm_offset", offset), more]);
        reply
            .header("Link")
            .map(|link| ["first", "next", "prev", "last"].map(|rel| link.contains(&format!("rel=\"{rel}\""))))
    };
    assert_eq!(link("0", ("", "")), Some([true, true, false, true]));
    assert_eq!(link("20", ("", "")), Some([true, false, true, true]));
    assert_eq!(link("10", ("sysparm_no_count", "true")), Some([true, true, true, false]));
    assert_eq!(link("0", ("sysparm_suppress_pagination_header", "true")), None);
}

#[test]
fn total_without_a_count_is_that_of_the_reply() {
    let mut client = Client::with_rows(5);
    let uncounted = |client: &mut Client, limit: &str| {
        let reply = client.get("/api/now/table/incident", &[("sysparm_no_count", "true"), ("sysparm_limit", limit)]);
        (reply.header("X-Total-Count").map(str::to_owned), rows(&reply).len())
    };
    assert_eq!(uncounted(&mut client, "2"), (Some("2".into()), 2));
    assert_eq!(uncounted(&mut client, "10"), (Some("5".into()), 5));
}

#[test]
fn values_come_raw_displayed_or_both_and_links_are_optional() {
    let mut client = Client::with_rows(50);
    let mut first = |display: &str, exclude: &str| {
        let parameters = [
            ("sysparm_query", "stateIN6,7^ORDERBYnumber"),
            ("sysparm_limit", "1"),
            ("sysparm_fields", "priority,caller_id,parent,nosuch,caller_id.name"),
            ("sysparm_display_value", display),
            ("sysparm_exclude_reference_link", exclude),
        ];
        rows(&client.get("/api/now/table/incident", &parameters))[0].clone()
    };
    let raw = first("false", "false");
    let (caller, link) = (text(&raw["caller_id"], "value"), text(&raw["caller_id"], "link"));
    let name = text(&raw, "caller_id.name");
    let priority = text(&raw, "priority");
    let label = ["1 - Critical", "2 - High", "3 - Moderate", "4 - Low", "5 - Planning"]
        [priority.parse::<usize>().unwrap_or(1) - 1];
    assert_eq!(link, format!("http://practice.test/api/now/table/sys_user/{caller}"));
    assert_eq!(raw["parent"], "");
    assert!(raw.get("nosuch").is_none() && !name.is_empty());
    assert_eq!(first("false", "true")["caller_id"], caller.as_str());
    let shown = first("true", "false");
    assert_eq!(
        (&shown["priority"], &shown["caller_id"]),
        (&json!(label), &json!({"display_value": name, "link": link}))
    );
    assert_eq!(first("true", "true")["caller_id"], name.as_str());
    let all = first("all", "false");
    assert_eq!(all["priority"], json!({"display_value": label, "value": priority}));
    assert_eq!(all["caller_id"], json!({"display_value": name, "link": link, "value": caller}));
    assert_eq!(all["parent"], json!({"display_value": "", "value": ""}));
    assert_eq!(first("all", "true")["caller_id"], json!({"display_value": name, "value": caller}));
}

#[test]
fn links_and_location_repeat_the_version_of_the_path() {
    let mut client = Client::with_rows(5);
    for path in ["/api/now/table/incident", "/api/now/v1/table/incident", "/api/now/v2/table/incident"] {
        let users = format!("http://practice.test{}/", path.replace("incident", "sys_user"));
        let listed = client.get(path, &[("sysparm_limit", "1"), ("sysparm_fields", "caller_id")]);
        let link = rows(&listed)[0]["caller_id"]["link"].clone();
        assert!(link.as_str().is_some_and(|link| link.starts_with(&users)), "{link}");
        let made = client.write("POST", path, &json!({}));
        let id = text(&made.as_json()["result"], "sys_id");
        assert_eq!(made.header("Location"), Some(format!("http://practice.test{path}/{id}").as_str()));
    }
}

#[test]
fn record_is_inserted_read_updated_and_deleted() {
    let mut client = Client::with_rows(3);
    let created = client.write("POST", "/api/now/table/incident", &json!({
        "short_description": "Printer on fire \"again\"", "impact": 1, "urgency": "2", "sys_id": "mine", "nosuch": "x",
    }));
    let row = created.as_json()["result"].clone();
    let id = text(&row, "sys_id");
    assert_eq!(created.status, 201);
    assert_eq!(created.header("Location"), Some(format!("http://practice.test/api/now/table/incident/{id}").as_str()));
    for (field, value) in [
        ("number", "INC0000004"),
        ("state", "1"),
        ("priority", "2"),
        ("active", "true"),
        ("sys_mod_count", "0"),
        ("sys_created_on", "2026-03-01 12:00:00"),
        ("sys_updated_on", "2026-03-01 12:00:00"),
        ("sys_created_by", "practice.integration"),
        ("short_description", "Printer on fire \"again\""),
    ] {
        assert_eq!(text(&row, field), value, "{field}");
    }
    assert_eq!(id.len(), 32);

    let path = format!("/api/now/table/incident/{id}");
    assert_eq!(client.get(&path, &[]).as_json()["result"], row);

    client.now += 60_000;
    for (method, change, count) in [
        ("PATCH", json!({"state": "7"}), "1"),
        ("PUT", json!({"urgency": 1}), "2"),
        ("PUT", json!({"urgency": 1}), "2"),
    ] {
        let updated = client.write(method, &path, &change);
        assert_eq!((updated.status, text(&updated.as_json()["result"], "sys_mod_count").as_str()), (200, count));
    }
    let row = client.get(&path, &[]).as_json()["result"].clone();
    assert_eq!(
        (text(&row, "active"), text(&row, "priority"), text(&row, "closed_at"), text(&row, "sys_created_on")),
        ("false".into(), "1".into(), "2026-03-01 12:01:00".into(), "2026-03-01 12:00:00".into())
    );
    assert_eq!(client.numbers("sys_updated_on>=2026-03-01 12:01:00"), ["INC0000004"]);

    let deleted = client.send(Request::new("DELETE", &path));
    assert_eq!((deleted.status, deleted.bytes().len()), (204, 0));
    assert_eq!(client.get(&path, &[]).status, 404);
    assert_eq!(client.numbers("").len(), 3);
}

#[test]
fn write_can_return_no_body_and_post_can_override_the_method() {
    let mut client = Client::with_rows(1);
    let id = text(&client.incidents("", &[])[0], "sys_id");
    let path = format!("/api/now/table/incident/{id}");
    let quiet =
        Request::new("PATCH", &path).with_body("application/json", "{}").with_header("X-no-response-body", "true");
    assert_eq!(client.send(quiet).bytes().len(), 0);
    let override_method = Request::new("POST", &path).with_header("X-http-method-override", "DELETE");
    assert_eq!(client.send(override_method).status, 204);
    let head = client.send(Request::new("HEAD", "/api/now/table/incident"));
    assert_eq!((head.status, head.bytes().len(), total(&head)), (200, 0, 0));
}

#[test]
fn errors_use_the_wording_of_the_platform() {
    let mut client = Client::with_rows(1);
    let no_record =
        (404, "No Record found".to_owned(), json!("Record doesn't exist or ACL restricts the record retrieval"));
    assert_eq!(refusal(&client.get("/api/now/table/nosuch", &[])), (400, "Invalid table nosuch".into(), Value::Null));
    assert_eq!(refusal(&client.get("/api/now/table/incident/x", &[])), no_record);
    assert_eq!(refusal(&client.write("PATCH", "/api/now/table/incident/x", &json!({}))), no_record);
    assert_eq!(refusal(&client.send(Request::new("DELETE", "/api/now/table/incident/x"))), no_record);
    let nowhere = (400, "Requested URI does not represent any resource".to_owned(), Value::Null);
    for path in [
        "/api/now/tabel/incident",
        "/api/nothing",
        "/api/now",
        "/api/now/table",
        "/api/now/table/incident/a/b",
        "/api/",
    ] {
        assert_eq!(refusal(&client.get(path, &[])), nowhere, "{path}");
    }
    assert_eq!(client.send(Request::new("DELETE", "/api/now/table/incident")).status, 405);
    let post = |body: &'static str, kind: &str| Request::new("POST", "/api/now/table/incident").with_body(kind, body);
    assert_eq!(refusal(&client.send(post("{", "application/json"))).1, "Exception while reading request");
    assert_eq!(client.send(post("7", "application/json")).status, 400);
    assert_eq!(client.send(post("a,b", "text/csv")).status, 415);
    assert_eq!(client.send(post("<a>", "application/xml")).status, 400);
    assert_eq!(client.get("/login.do", &[]).status, 404);
}

#[test]
fn bodies_and_urls_have_a_size_limit() {
    let mut client = Client::with_rows(1);
    let large = Request::new("POST", "/api/now/table/incident").with_body("application/json", vec![b' '; 10_485_761]);
    let detail = "Rejected large REST payload with content-length = 10485761 bytes. Max allowed: 10485760 bytes.";
    assert_eq!(refusal(&client.send(large)), (400, "Exception while reading request".into(), json!(detail)));
    let asked = |client: &mut Client, query: usize, header: usize| {
        let target = target("/api/now/table/incident", &[("sysparm_query", &"x".repeat(query))]);
        client.send(Request::new("GET", &target).with_header("Cookie", &format!("a={}", "x".repeat(header))))
    };
    let reply = asked(&mut client, 8200, 0);
    assert_eq!((reply.status, reply.header("Content-Type")), (400, Some("text/html;charset=UTF-8")));
    assert_eq!(asked(&mut client, 4000, 0).status, 200);
    assert_eq!(asked(&mut client, 4000, 4200).status, 400, "headers count");
}

#[test]
fn version_1_answers_an_empty_list_with_404() {
    let mut client = Client::with_rows(1);
    let status = |client: &mut Client, version: &str| {
        client.get(&format!("/api/now/{version}table/incident"), &[("sysparm_query", "number=none")]).status
    };
    assert_eq!([status(&mut client, "v1/"), status(&mut client, "v2/"), status(&mut client, "")], [404, 200, 200]);
    let reply = client.get("/api/now/v1/table/incident", &[("sysparm_offset", "9")]);
    let detail = "Records matching query not found. Check query parameter or offset parameter";
    assert_eq!(refusal(&reply), (404, "No Record found".into(), json!(detail)));
}

#[test]
fn unknown_field_is_dropped_empties_the_list_or_is_refused() {
    let mut client = Client::with_rows(20);
    let mut outcome = |regime, query: &str| {
        client.instance.switches_mut().invalid_field_regime = regime;
        let reply = client.get("/api/now/table/incident", &[("sysparm_query", query)]);
        (reply.status, rows(&reply).len())
    };
    for query in [
        "nosuch=1",
        "number=INC0000001^ORnosuch=1^nosuch!=3",
        "ORDERBYnosuch",
        "gibberish",
        "caller_id=javascript:evil()",
    ] {
        let kept = if query.starts_with("number") { 1 } else { 20 };
        assert_eq!(outcome(InvalidFields::Ignore, query), (200, kept), "{query}");
        assert_eq!(outcome(InvalidFields::NoRows, query), (200, 0), "{query}");
        assert_eq!(outcome(InvalidFields::Forbid, query), (403, 0), "{query}");
    }
}

#[test]
fn row_access_rules_apply_after_the_limit_and_not_to_counts() {
    let mut client = Client::with_rows(1000);
    client.instance.switches_mut().hidden = 0.25;
    let mut seen = 0;
    let mut short_pages = 0;
    for page in 0..10 {
        let offset = (page * 100).to_string();
        let reply = client.get(
            "/api/now/table/incident",
            &[("sysparm_query", "ORDERBYsys_id"), ("sysparm_limit", "100"), ("sysparm_offset", &offset)],
        );
        assert_eq!(total(&reply), 1000);
        short_pages += usize::from(rows(&reply).len() < 100);
        seen += rows(&reply).len();
    }
    assert_eq!(short_pages, 10);
    assert!((700..800).contains(&seen), "{seen}");
    let count = client.get("/api/now/stats/incident", &[("sysparm_count", "true")]);
    assert_eq!(count.as_json(), json!({"result": {"stats": {"count": "1000"}}}));

    let visible = client.numbers("");
    client.instance.switches_mut().hidden = 0.0;
    let hidden = client
        .incidents("", &[("sysparm_limit", "1000")])
        .into_iter()
        .find(|row| !visible.contains(&text(row, "number")));
    let path = format!("/api/now/table/incident/{}", text(&hidden.unwrap_or_default(), "sys_id"));
    assert_eq!(client.get(&path, &[]).status, 200);
    client.instance.switches_mut().hidden = 0.25;
    assert_eq!(client.get(&path, &[]).status, 404);
    assert_eq!(client.write("PATCH", &path, &json!({"state": "2"})).status, 404);
    assert_eq!(client.numbers(""), visible);
}

#[test]
fn counts_can_be_grouped() {
    let mut client = Client::with_rows(200);
    let reply =
        client.get("/api/now/stats/incident", &[("sysparm_count", "true"), ("sysparm_group_by", "state,active")]);
    let groups = rows(&reply);
    let sum: usize = groups.iter().filter_map(|group| group["stats"]["count"].as_str()?.parse::<usize>().ok()).sum();
    assert!(groups.len() > 3 && sum == 200);
    assert_eq!(groups[0]["groupby_fields"][0]["field"], "state");
    assert_eq!(client.get("/api/now/stats/incident", &[]).as_json(), json!({"result": {"stats": {}}}));
}

#[test]
fn list_without_an_order_may_come_in_any() {
    let mut client = Client::with_rows(300);
    let page = |client: &mut Client| {
        rows(&client.get("/api/now/table/incident", &[("sysparm_limit", "50"), ("sysparm_fields", "number")]))
    };
    assert_eq!(page(&mut client), page(&mut client));
    client.instance.switches_mut().default_order = DefaultOrder::Shuffled;
    let pages: std::collections::BTreeSet<String> = (0..20).map(|_| format!("{:?}", page(&mut client))).collect();
    assert!(pages.len() > 15, "{} different pages of 20", pages.len());
    let ordered = client.incidents("ORDERBYnumber", &[("sysparm_limit", "2")]);
    assert_eq!(ordered, client.incidents("ORDERBYnumber", &[("sysparm_limit", "2")]));
}

#[test]
fn cancelled_transaction_leaves_a_truncated_200() {
    let mut client = Client::with_rows(10);
    client.instance.switches_mut().truncate_next = 1;
    let reply = client.get("/api/now/table/incident", &[]);
    let body = String::from_utf8_lossy(reply.bytes()).into_owned();
    assert_eq!((reply.status, reply.as_json()), (200, Value::Null));
    assert!(
        body.starts_with("{\"result\":[{") && body.contains("Transaction cancelled: maximum execution time exceeded")
    );
    assert_eq!(client.incidents("", &[]).len(), 10);
}

#[test]
fn current_user_is_readable_directly_and_by_script() {
    let mut client = Client::with_rows(1);
    let me = client.get("/api/now/ui/user/current_user", &[]).as_json()["result"].clone();
    let found = rows(&client.get("/api/now/table/sys_user", &[("sysparm_query", "sys_id=javascript:gs.getUserID()")]));
    assert_eq!(found.len(), 1);
    assert_eq!(
        (text(&found[0], "sys_id"), text(&found[0], "user_name")),
        (text(&me, "user_sys_id"), text(&me, "user_name"))
    );
}

#[test]
fn name_and_value_pairs_accept_display_values() {
    let mut client = Client::with_rows(100);
    let closed = client.numbers("state=7");
    let pairs = rows(&client.get("/api/now/table/incident", &[("state", "closed"), ("sysparm_limit", "100")]));
    assert!(!closed.is_empty() && pairs.len() == closed.len());
    let caller = client.incidents("ORDERBYnumber", &[("sysparm_display_value", "true"), ("sysparm_limit", "1")]);
    let name = text(&caller[0]["caller_id"], "display_value");
    assert!(!rows(&client.get("/api/now/table/incident", &[("caller_id", &name)])).is_empty());
}

#[test]
fn offset_scan_costs_time_and_changes_nothing() {
    let mut client = Client::with_rows(500);
    let queries = [
        "ORDERBYsys_updated_on",
        "ORDERBYDESCsys_updated_on^ORDERBYsys_id",
        "state=7",
        "ORDERBYpriority^ORDERBYnumber",
    ];
    let mut pages = |scan: bool| {
        client.instance.switches_mut().offset_scan = scan;
        let page = |query: &&str| {
            let parameters = [("sysparm_query", *query), ("sysparm_limit", "7"), ("sysparm_offset", "123")];
            let reply = client.get("/api/now/table/incident", &parameters);
            (total(&reply), rows(&reply))
        };
        queries.iter().map(page).collect::<Vec<_>>()
    };
    let jumped = pages(false);
    assert!(jumped.iter().all(|(total, rows)| *total > 130 && rows.len() == 7));
    assert_eq!(pages(true), jumped);
}
