//! Domain separation: no interface gives, counts or changes a row of another domain, and every new row has the caller's domain.

use crate::client::{Client, rows, target, text};

use serde_json::{Value, json};
use sysparm_instance::{Body, Reply, Request};

const CATALOG: &str = "/api/sn_sc/servicecatalog";
const ITEMS: &str = "/api/now/cmdb/instance/cmdb_ci_server";
const STAGING: &str = "/api/now/import/imp_user";
const RECONCILE: &str = "/api/now/identifyreconcile?sysparm_data_source=ServiceNow";
/// An item that needs no approval.
const VPN: &str = "8b3ae7fedc1be1004ece5c08239e522b";
/// Every invisible row has this word in it.
const WORD: &str = "Nakatomi";

/// An instance with two domains, rows of the other one, and rows of the caller's own that refer to them.
struct Separated {
    client: Client,
    own: String,
    incident: String,
    item: String,
    user: String,
    attachment: String,
    /// An item that the caller sees.
    visible: String,
    staged: String,
}

impl Separated {
    fn new() -> Self {
        let mut client = Client::with_rows(5);
        let own = client.add("domain", &json!({"name": "ACME"}));
        let other = client.add("domain", &json!({"name": "Other"}));
        let place = client.add("cmn_location", &json!({"name": "Plaza", "street": "1 Nakatomi Plaza"}));
        let user = json!({"user_name": "nakatomi", "name": WORD, "location": place, "sys_domain": other});
        let user = client.add("sys_user", &user);
        let incident = json!({"short_description": WORD, "caller_id": user, "sys_domain": other});
        let incident = client.add("incident", &incident);
        let change = json!({"work_notes": WORD, "description": WORD});
        client.update_record("incident", "sys_id", &incident, &change);
        let item = client.add("cmdb_ci_server", &json!({"name": WORD, "serial_number": "N-1", "sys_domain": other}));
        let visible = client.add("cmdb_ci_server", &json!({"name": "Web", "sys_domain": own}));
        let kind = text(&client.record("cmdb_rel_type", "name", "Runs on::Runs"), "sys_id");
        client.add("cmdb_rel_ci", &json!({"parent": visible, "child": item, "type": kind}));
        let file = format!("/api/now/attachment/file?table_name=incident&table_sys_id={incident}&file_name={WORD}.txt");
        let made = client.send(Request::new("POST", &file).with_body("text/plain", WORD));
        let attachment = text(&made.as_json()["result"], "sys_id");
        client.write("POST", STAGING, &json!({"user_name": "nakatomi", "title": "Owner"}));
        let staged = text(&client.record("imp_user", "user_name", "nakatomi"), "sys_id");
        client.update_record("sys_user", "user_name", "practice.integration", &json!({"sys_domain": own}));
        Self { client, own, incident, item, user, attachment, visible, staged }
    }

    fn separate(&mut self) {
        self.client.instance.switches_mut().domain_separation = true;
    }

    /// Every address that gives the rows of the other domain where domains are not separated.
    fn addresses(&mut self) -> Vec<String> {
        let Self { incident, item, user, attachment, visible, staged, .. } = self;
        let queried = |path: &str, query: &str| target(path, &[("sysparm_query", query)]);
        let described = format!("short_description={WORD}");
        let named = format!("name={WORD}");
        let page = |format: &str| {
            format!("/incident_list.do?{format}&sysparm_query={described}&sysparm_default_export_fields=all")
        };
        let long = format!("https://practice.test{}", queried("/api/now/table/incident", &described));
        let short = self.client.write("POST", "/api/now/tinyurl", &json!({ "url": long })).as_json();
        vec![
            queried("/api/now/table/incident", &described),
            queried("/api/now/v1/table/incident", &described),
            queried("/api/now/table/task", &described),
            queried("/api/now/table/cmdb", &named),
            queried("/api/now/table/sys_user", &named),
            queried("/api/now/table/sys_attachment", &format!("table_sys_id={incident}")),
            queried("/api/now/table/sys_journal_field", &format!("element_id={incident}")),
            queried("/api/now/table/sys_audit", &format!("documentkey={incident}")),
            queried("/api/now/table/sys_history_line", &format!("set.id={incident}")),
            format!("/api/now/table/incident?short_description={WORD}"),
            format!("/api/now/table/incident/{incident}"),
            format!("/api/now/table/task/{incident}"),
            format!("/{}", text(&short, "result")),
            target("/api/now/stats/incident", &[("sysparm_group_by", "short_description"), ("sysparm_count", "true")]),
            target("/api/now/stats/sys_user", &[("sysparm_max_fields", "name"), ("sysparm_query", &named)]),
            page("CSV"),
            page("XML"),
            page("JSON"),
            page("JSONv2"),
            format!("/incident.do?XML&sysparm_sys_id={incident}"),
            queried("/api/now/attachment", &format!("table_sys_id={incident}")),
            format!("/api/now/attachment/{attachment}"),
            format!("/api/now/attachment/{attachment}/file"),
            queried(ITEMS, &named),
            format!("{ITEMS}/{item}"),
            format!("{ITEMS}/{visible}"),
            format!("{STAGING}/{staged}"),
            format!("{CATALOG}/cart/delivery_address/{user}"),
        ]
    }
}

fn content(reply: &Reply) -> String {
    let bytes = match &reply.body {
        Body::File(content) => content.read(0, 1 << 20).unwrap_or_default(),
        _ => reply.bytes().to_vec(),
    };
    String::from_utf8_lossy(&bytes).into_owned()
}

#[test]
fn no_interface_gives_or_counts_rows_of_another_domain() {
    let mut separated = Separated::new();
    let addresses = separated.addresses();
    let mut batched = 0;
    for address in &addresses {
        let reply = ask(&mut separated.client, address);
        assert!(content(&reply).contains(WORD), "{address}: {}", content(&reply));
        assert!(reply.header("X-Total-Count").is_none_or(|count| count != "0"), "{address}");
        batched += usize::from(ask_in_batch(&mut separated.client, address).contains(WORD));
    }
    assert!(batched > 20, "a batch serves {batched} of {}", addresses.len());
    separated.separate();
    for address in &addresses {
        let reply = ask(&mut separated.client, address);
        assert!(!content(&reply).contains(WORD), "{address}: {}", content(&reply));
        assert!(reply.header("X-Total-Count").is_none_or(|count| count == "0"), "{address}");
        assert!(!ask_in_batch(&mut separated.client, address).contains(WORD), "{address} in a batch");
    }
}

fn ask(client: &mut Client, address: &str) -> Reply {
    client.send(Request::new("GET", address))
}

/// The body of the reply in a batch.
fn ask_in_batch(client: &mut Client, address: &str) -> String {
    let batch = json!({"batch_request_id": "1", "rest_requests": [{"id": "1", "method": "GET", "url": address}]});
    let batch = client.write("POST", "/api/now/v1/batch", &batch).as_json();
    let body = text(&batch["serviced_requests"][0], "body");
    let body = base64::Engine::decode(&base64::engine::general_purpose::STANDARD, body).unwrap_or_default();
    String::from_utf8_lossy(&body).into_owned()
}

#[test]
fn audits_of_deleted_records_of_other_domains_are_invisible() {
    let mut separated = Separated::new();
    let place = text(&separated.client.record("cmn_location", "name", "Plaza"), "sys_id");
    for (table, id) in [("incident", &separated.incident), ("cmn_location", &place)] {
        let request = Request::new("DELETE", &format!("/api/now/table/{table}/{id}"));
        assert_eq!(separated.client.send_as("practice.admin", request).status, 204);
    }
    let kept = |table: &str, column: &str, id: &str| format!("/api/now/table/{table}?sysparm_query={column}={id}");
    let of_incident = [
        kept("sys_audit", "documentkey", &separated.incident),
        kept("sys_history_line", "set.id", &separated.incident),
    ];
    let of_place = kept("sys_audit", "documentkey", &place);
    for address in &of_incident {
        assert!(content(&ask(&mut separated.client, address)).contains(WORD), "{address}");
    }
    separated.separate();
    for address in &of_incident {
        assert_eq!(rows(&ask(&mut separated.client, address)), [] as [Value; 0], "{address}");
    }
    let deletion = rows(&ask(&mut separated.client, &of_place));
    assert_eq!(deletion.len(), 1, "locations are not separated");
}

#[test]
fn related_rows_of_another_domain_do_not_count() {
    let mut separated = Separated::new();
    let other = separated.client.record("incident", "sys_id", &separated.incident)["sys_domain"].clone();
    separated.client.update_record("sys_user", "user_name", "nakatomi", &json!({"sys_domain": "global"}));
    let found = |client: &mut Client, query: &str| {
        rows(&client.get("/api/now/table/sys_user", &[("sysparm_query", query)])).len()
    };
    let queries = [
        format!("name={WORD}^RLQUERYincident.caller_id,>=1^ENDRLQUERY"),
        format!("name={WORD}^JOINsys_user.sys_id=incident.caller_id!short_description={WORD}"),
        format!("name={WORD}^SUBQUERYsys_id,caller_id,incident^short_description={WORD}^ENDSUBQUERY"),
    ];
    assert_ne!(other, "global");
    for query in &queries {
        assert_eq!(found(&mut separated.client, query), 1, "{query}");
    }
    separated.separate();
    for query in &queries {
        assert_eq!(found(&mut separated.client, query), 0, "{query}");
    }
}

#[test]
fn rows_of_another_domain_cannot_be_changed_or_referred_to() {
    let mut separated = Separated::new();
    separated.separate();
    let Separated { client, incident, item, user, attachment, visible, .. } = &mut separated;
    let relation = json!({"source": "ServiceNow", "outbound_relations": [{"target": item, "type": "x"}]});
    for (method, address, body, status) in [
        ("PATCH", format!("/api/now/table/incident/{incident}"), json!({"state": "2"}), 404),
        ("DELETE", format!("/api/now/table/incident/{incident}"), json!({}), 404),
        ("DELETE", format!("/api/now/attachment/{attachment}"), json!({}), 404),
        ("PATCH", format!("{ITEMS}/{item}"), json!({"source": "ServiceNow", "attributes": {"name": "x"}}), 404),
        ("POST", format!("{ITEMS}/{item}/relation"), json!({}), 404),
        ("POST", format!("{ITEMS}/{visible}/relation"), relation, 400),
    ] {
        assert_eq!(client.write(method, &address, &body).status, status, "{method} {address}");
    }
    let right = client.get(&format!("{CATALOG}/items/{VPN}/delegation/{user}"), &[]).as_json();
    assert_eq!(right["result"]["result"], false);
    let order = json!({"sysparm_quantity": "1", "sysparm_requested_for": user, "variables": {}, "sysparm_no_validation": "true"});
    let ordered = client.write("POST", &format!("{CATALOG}/items/{VPN}/order_now"), &order).as_json();
    let request = client.record("sc_request", "sys_id", &text(&ordered["result"], "sys_id"));
    let caller = client.record("sys_user", "user_name", "practice.integration");
    assert_eq!(request["requested_for"], caller["sys_id"], "an invisible user is no user");
}

#[test]
fn new_rows_of_every_interface_have_the_callers_domain() {
    let mut separated = Separated::new();
    separated.separate();
    let Separated { client, own, user, item, .. } = &mut separated;
    let domain = |client: &mut Client, table: &str, id: &str| text(&client.record(table, "sys_id", id), "sys_domain");

    // The key of the record is that of an invisible one.
    for (number, path) in [(1, STAGING.to_owned()), (2, format!("{STAGING}/insertMultiple"))] {
        let row = json!({"user_name": "nakatomi", "email": format!("{number}@example.com")});
        let body = if number == 1 { row } else { json!({ "records": [row] }) };
        assert_eq!(client.write("POST", &path, &body).status, 201);
        client.now += 3000;
        client.sign_in();
        client.get("/api/now/table/imp_user", &[]);
        let imported = client.record("sys_user", "email", &format!("{number}@example.com"));
        assert_ne!(text(&imported, "sys_id"), *user);
        assert_eq!(text(&imported, "sys_domain"), *own, "{path}");
        assert_eq!(client.record("sys_user", "sys_id", user)["email"], "");
    }

    let made = client.write("POST", ITEMS, &json!({"source": "ServiceNow", "attributes": {"name": "New"}})).as_json();
    let made = text(&made["result"]["attributes"], "sys_id");
    assert_eq!(domain(client, "cmdb_ci_server", &made), *own);

    let server = json!({"className": "cmdb_ci_server", "values": {"name": "Other", "serial_number": "N-1"}});
    let identified = client.write("POST", RECONCILE, &json!({ "items": [server] })).as_json();
    let identified = identified["result"]["items"][0].clone();
    assert_eq!(text(&identified, "operation"), "INSERT");
    assert_ne!(text(&identified, "sysId"), *item);
    assert_eq!(domain(client, "cmdb_ci_server", &text(&identified, "sysId")), *own);

    let order = json!({"sysparm_quantity": "1", "variables": {}, "sysparm_no_validation": "true"});
    let ordered = client.write("POST", &format!("{CATALOG}/items/{VPN}/order_now"), &order).as_json();
    let request = text(&ordered["result"], "sys_id");
    assert_eq!(domain(client, "sc_request", &request), *own);
    for table in ["sc_req_item", "sc_task"] {
        assert_eq!(text(&client.record(table, "request", &request), "sys_domain"), *own, "{table}");
    }
    let written = client.write("POST", "/api/now/table/problem", &json!({"short_description": "Mine"})).as_json();
    assert_eq!(domain(client, "problem", &text(&written["result"], "sys_id")), *own);
}

/// A domain that the body names is kept.
#[test]
fn named_domain_of_a_new_row_is_kept() {
    let mut separated = Separated::new();
    separated.separate();
    let body = json!({"short_description": "Shared", "sys_domain": "global"});
    let written: Value = separated.client.write("POST", "/api/now/table/incident", &body).as_json();
    let id = text(&written["result"], "sys_id");
    assert_eq!(text(&separated.client.record("incident", "sys_id", &id), "sys_domain"), "global");
}
