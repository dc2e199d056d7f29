//! The service catalog is browsed: catalogs, categories, items and their variables, and who sees them.

use crate::client::{Client, rows, text};

use serde_json::{Value, json};
use sysparm_instance::Request;

const CATALOG: &str = "/api/sn_sc/servicecatalog";
const SERVICE_CATALOG: &str = "e0d08b13c3330100c8b837659bba8fb4";
const TECHNICAL_CATALOG: &str = "742ce428d7211100f2d224837e61036d";
const HARDWARE: &str = "d258b953c611227a0146101fb1be7c31";
const LAPTOP: &str = "04b7e94b4f7b4200086eeed18110c7fd";
const VPN: &str = "8b3ae7fedc1be1004ece5c08239e522b";

fn read(client: &mut Client, path: &str, parameters: &[(&str, &str)]) -> Value {
    let reply = client.get(&format!("{CATALOG}{path}"), parameters);
    assert_eq!(reply.status, 200, "{path}: {}", String::from_utf8_lossy(reply.bytes()));
    reply.as_json()["result"].clone()
}

fn names(client: &mut Client, parameters: &[(&str, &str)]) -> Vec<String> {
    let found = read(client, "/items", parameters);
    found.as_array().into_iter().flatten().map(|item| text(item, "name")).collect()
}

fn item(client: &mut Client, name: &str) -> Value {
    let id = text(&client.record("sc_cat_item", "name", name), "sys_id");
    read(client, &format!("/items/{id}"), &[])
}

fn variable(item: &Value, name: &str) -> Value {
    let all = item["variables"].as_array().into_iter().flatten();
    all.clone().find(|variable| variable["name"] == name).cloned().unwrap_or_default()
}

#[test]
fn catalog_has_categories_with_subcategories_and_counts() {
    let mut client = Client::with_rows(3);
    let catalogs = read(&mut client, "/catalogs", &[]);
    let titles: Vec<String> = catalogs.as_array().into_iter().flatten().map(|one| text(one, "title")).collect();
    assert_eq!(titles, ["Service Catalog", "Technical Catalog"]);
    assert_eq!(
        (catalogs[0]["sys_id"].as_str(), &catalogs[0]["has_categories"], &catalogs[0]["has_items"]),
        (Some(SERVICE_CATALOG), &json!(true), &json!(true))
    );
    let found = read(&mut client, "/catalogs", &[("sysparm_text", "technical")]);
    assert_eq!(found.as_array().map(Vec::len), Some(1));

    let categories = read(&mut client, &format!("/catalogs/{SERVICE_CATALOG}/categories"), &[]);
    let hardware = categories.as_array().into_iter().flatten().find(|one| one["sys_id"] == HARDWARE);
    let hardware = hardware.cloned().unwrap_or_default();
    assert_eq!((&hardware["count"], &hardware["subcategories"][0]["title"]), (&json!(4), &json!("Tablets")));
    assert_eq!((&hardware["full_description"], &hardware["icon"]), (&Value::Null, &json!("")));
    let top = read(
        &mut client,
        &format!("/catalogs/{SERVICE_CATALOG}/categories"),
        &[("sysparm_top_level_only", "true"), ("sysparm_limit", "1"), ("sysparm_offset", "1")],
    );
    assert_eq!(top[0]["title"], "Hardware");
    let one = read(&mut client, &format!("/catalogs/{SERVICE_CATALOG}"), &[]);
    assert!(one["categories"].as_array().is_some_and(|listed| listed.iter().all(|one| one["title"] != "Tablets")));
    let category = read(&mut client, &format!("/categories/{HARDWARE}"), &[]);
    assert_eq!(
        (&category["child_categories"][0]["parent"], &category["child_categories"][0]["isParentCategory"]),
        (&json!(HARDWARE), &json!(false))
    );
    for unknown in ["/catalogs/none", "/catalogs/none/categories", "/categories/none", "/items/none"] {
        assert_eq!(client.get(&format!("{CATALOG}{unknown}"), &[]).status, 400, "{unknown}");
    }
}

#[test]
fn items_are_listed_by_catalog_category_type_and_text() {
    let mut client = Client::with_rows(3);
    assert_eq!(names(&mut client, &[("sysparm_catalog", TECHNICAL_CATALOG)]), ["Firewall Rule", "Virtual Server"]);
    assert_eq!(names(&mut client, &[("sysparm_category", HARDWARE), ("sysparm_text", "laptop")]).len(), 2);
    assert_eq!(names(&mut client, &[("sysparm_text", "ipad")]), ["Apple iPad 3"]);
    assert_eq!(names(&mut client, &[("sysparm_text", "New Email Account")]), ["New Email Account"]);
    assert!(names(&mut client, &[("sysparm_text", "no such words")]).is_empty());
    let producers = names(&mut client, &[("sysparm_type", "Record Producer"), ("sysparm_text", "problem")]);
    assert_eq!(producers, ["Report a Problem"]);
    let all = names(&mut client, &[]);
    assert_eq!(names(&mut client, &[("sysparm_type", "anything else")]), all);
    assert_eq!(names(&mut client, &[("sysparm_limit", "2"), ("sysparm_offset", "1")]), all[1..3]);
    assert!(names(&mut client, &[("sysparm_offset", "100")]).is_empty());
    // The version may stand in the address. The Table API's headers do not come with it.
    let versioned = client.get("/api/sn_sc/v1/servicecatalog/items", &[]);
    assert_eq!((rows(&versioned).len(), versioned.header("X-Total-Count")), (all.len(), None));
}

#[test]
fn item_shows_prices_only_where_it_has_one() {
    let mut client = Client::with_rows(3);
    let laptop = read(&mut client, &format!("/items/{LAPTOP}"), &[]);
    for (member, value) in [
        ("price", json!("$1,100.00")),
        ("recurring_price", json!("$100.00")),
        ("recurring_frequency", json!("Annually")),
        ("price_currency", json!("USD")),
        ("type", json!("catalog_item")),
        ("show_price", json!(true)),
        ("order", json!(0)),
        ("catalogs", json!([{"sys_id": SERVICE_CATALOG, "title": "Service Catalog"}])),
        ("category", json!({"sys_id": HARDWARE, "title": "Hardware"})),
        ("ui_policy", json!([])),
        ("client_script", json!({"onChange": [], "onSubmit": [], "onLoad": []})),
    ] {
        assert_eq!(laptop[member], value, "{member}");
    }
    let monitor = item(&mut client, "External Monitor");
    assert_eq!((&monitor["show_price"], monitor.get("price")), (&json!(false), None));
    let tablet = item(&mut client, "Apple iPad 3");
    assert_eq!(
        (&tablet["categories"][0]["title"], &tablet["categories"][0]["category"]["title"]),
        (&json!("Hardware"), &json!("Tablets"))
    );
}

#[test]
fn variables_are_nested_in_their_containers() {
    let mut client = Client::with_rows(3);
    let laptop = read(&mut client, &format!("/items/{LAPTOP}"), &[]);
    let expected = json!({
        "label": "Adobe Acrobat", "type": 7, "mandatory": false, "displayvalue": "false", "friendly_type": "check_box",
        "display_type": "CheckBox", "render_label": true, "read_only": false, "pricing_implications": false,
        "name": "acrobat", "attributes": "", "id": "90b72d4b4f7b4200086eeed18110c701", "value": false, "help_text": "", "max_length": 0,
    });
    assert_eq!(laptop["variables"].as_array().map(Vec::len), Some(2));
    let container = variable(&laptop, "optional_label");
    assert_eq!((&container["type"], &container["friendly_type"]), (&json!(0), &json!("container_start")));
    assert_eq!(container["children"][0], expected);
    assert_eq!(variable(&laptop, "Additional_software_requirements")["type"], 2);
    let mac = item(&mut client, "Developer Laptop (Mac)");
    assert_eq!(variable(&mac, "optional_label")["children"][1]["pricing_implications"], true);
}

#[test]
fn variables_of_every_common_type_are_described() {
    let mut client = Client::with_rows(3);
    let workspace = item(&mut client, "Project Workspace");
    for (name, number, friendly) in [
        ("requested_for", 31, "requested_for"),
        ("project_name", 6, "single_line_text"),
        ("purpose", 16, "wide_single_line_text"),
        ("briefing", 23, "html"),
        ("project_manager", 8, "reference"),
        ("members", 21, "list_collector"),
        ("department", 18, "lookup_select_box"),
        ("urgency", 5, "select_box"),
        ("external_partners", 1, "yes_no"),
        ("confidentiality", 4, "numeric_scale"),
        ("start_date", 9, "date"),
        ("kick_off", 10, "date_time"),
        ("contact", 26, "email"),
        ("site", 27, "url"),
        ("allowed_address", 28, "ip_address"),
        ("access_code", 25, "masked"),
    ] {
        let variable = variable(&workspace, name);
        assert_eq!((&variable["type"], &variable["friendly_type"]), (&json!(number), &json!(friendly)), "{name}");
    }
    let manager = variable(&workspace, "project_manager");
    assert_eq!((&manager["mandatory"], &manager["reference"]), (&json!(true), &json!("sys_user")));
    let urgency = variable(&workspace, "urgency");
    assert_eq!(urgency["choices"][0], json!({"label": "1 - High", "value": "1"}));
    let phone = item(&mut client, "Apple iPhone 5");
    let plan = variable(&phone, "data_plan");
    assert_eq!(
        (&plan["choices"][0], &plan["choices"][1], &plan["pricing_implications"]),
        (&json!({"label": "-- None --", "value": ""}), &json!({"label": "500MB", "value": "500MB"}), &json!(true))
    );
    let server = item(&mut client, "Virtual Server");
    assert_eq!(variable(&server, "cost_center_details")["children"][0]["name"], "cost_center");
}

#[test]
fn item_is_seen_by_those_whose_user_criteria_hold() {
    let mut client = Client::with_rows(3);
    let agents = client.add("sys_user_group", &json!({"name": "Remote workers"}));
    let agent = text(&client.record("sys_user", "user_name", "practice.agent"), "sys_id");
    client.add("sys_user_grmember", &json!({"user": agent, "group": agents}));
    let criteria = client.add("user_criteria", &json!({"name": "Remote workers", "group": agents}));
    client.add("sc_cat_item_user_criteria_mtom", &json!({"sc_cat_item": VPN, "user_criteria": criteria}));
    let path = format!("{CATALOG}/items/{VPN}");
    let statuses = |client: &mut Client| {
        let users = ["practice.agent", "practice.visitor", "practice.admin"];
        users.map(|user| client.send_as(user, Request::new("GET", &path)).status)
    };
    assert_eq!(statuses(&mut client), [200, 400, 200]);
    let listed = |client: &mut Client, user: &str| {
        let reply = client.send_as(user, Request::new("GET", &format!("{CATALOG}/items?sysparm_text=VPN")));
        rows(&reply).len()
    };
    assert_eq!((listed(&mut client, "practice.agent"), listed(&mut client, "practice.visitor")), (1, 0));

    // "Not available for" wins over "available for".
    client.add("sc_cat_item_user_criteria_no_mtom", &json!({"sc_cat_item": VPN, "user_criteria": criteria}));
    assert_eq!(statuses(&mut client), [400, 400, 200]);
    // A script fails where gs.log is not allowed, and its criteria do not hold (KB0724965).
    let scripted =
        client.add("user_criteria", &json!({"name": "x", "advanced": "true", "script": "gs.log('x'); answer = true;"}));
    client.add("sc_cat_item_user_criteria_mtom", &json!({"sc_cat_item": LAPTOP, "user_criteria": scripted}));
    let order = Request::new("POST", &format!("{CATALOG}/items/{LAPTOP}/order_now"))
        .with_body("application/json", r#"{"sysparm_quantity":"1"}"#);
    let refused = client.send_as("practice.visitor", order);
    assert_eq!(
        (refused.status, refused.as_json()["error"]["message"].as_str()),
        (400, Some("Security constraints prevent ordering of Item"))
    );
    client.update_record("sc_cat_item", "sys_id", VPN, &json!({"active": "false"}));
    assert_eq!(statuses(&mut client), [400, 400, 400]);
}

#[test]
fn catalog_tables_are_written_with_their_roles() {
    let mut client = Client::with_rows(3);
    let post = |table: &str, body: &str| {
        Request::new("POST", &format!("/api/now/table/{table}")).with_body("application/json", body.to_owned())
    };
    for (user, item, request, answer) in [
        ("practice.catalog", 201, 201, 201),
        ("practice.fulfiller", 403, 201, 403),
        ("practice.agent", 403, 201, 403),
        ("practice.visitor", 403, 403, 403),
    ] {
        let sent = [post("sc_cat_item", r#"{"name":"Chair"}"#), post("sc_request", "{}"), post("sc_item_option", "{}")];
        let statuses = sent.map(|request| client.send_as(user, request).status);
        assert_eq!(statuses, [item, request, answer], "{user}");
    }
    // Everyone reads items, and only those with a role read requests.
    for (table, status) in
        [("sc_cat_item", 200), ("item_option_new", 200), ("sc_req_item", 403), ("sc_item_option_mtom", 403)]
    {
        let read = client.send_as("practice.visitor", Request::new("GET", &format!("/api/now/table/{table}")));
        assert_eq!(read.status, status, "{table}");
    }
    let made = client.record("sc_cat_item", "name", "Chair");
    assert_eq!(
        (text(&made, "active"), text(&made, "sys_class_name"), text(&made, "type")),
        ("true".into(), "sc_cat_item".into(), "item".into())
    );
    let template = client.record("std_change_producer_version", "name", "Clear BGP sessions on a Cisco router - 1");
    let producer = client.record("std_change_record_producer", "sys_id", &text(&template, "std_change_producer"));
    assert_eq!(text(&producer, "table_name"), "change_request");
}
