//! Parameters of requests, as clients of several languages write them.

use crate::client::{self, Client, rows, text};

use serde_json::json;

/// `true` as Python and .NET write it, and in capitals.
const TRUE: [&str; 4] = ["true", "True", "TRUE", " true "];

#[test]
fn flags_are_read_in_any_letter_case() {
    let mut client = Client::with_rows(30);
    for yes in TRUE {
        let counted = client.get("/api/now/stats/incident", &[("sysparm_count", yes)]);
        assert!(counted.as_json()["result"]["stats"]["count"].is_string(), "{yes}");
        let one = [("sysparm_limit", "1"), ("sysparm_fields", "caller_id")];
        let bare =
            client.get("/api/now/table/incident", &[&one[..], &[("sysparm_exclude_reference_link", yes)]].concat());
        assert!(rows(&bare)[0]["caller_id"].is_string(), "{yes}");
        let unlinked =
            client.get("/api/now/table/incident", &[&one[..], &[("sysparm_suppress_pagination_header", yes)]].concat());
        assert_eq!(unlinked.header("Link"), None, "{yes}");
        let uncounted = client.get("/api/now/table/incident", &[&one[..], &[("sysparm_no_count", yes)]].concat());
        assert_eq!(uncounted.header("X-Total-Count"), Some("1"), "{yes}");
        let made = client.write(
            "POST",
            &client::target("/api/now/table/incident", &[("sysparm_input_display_value", yes)]),
            &json!({ "state": "On Hold" }),
        );
        assert_eq!(text(&made.as_json()["result"], "state"), "3", "{yes}");
    }
    let sent = client.get("/api/now/table/incident", &[("sysparm_limit", "2"), ("sysparm_no_count", "False")]);
    assert!(client::total(&sent) > 2);
}

#[test]
fn display_values_are_asked_for_in_any_letter_case() {
    let mut client = Client::with_rows(30);
    let mut state = |display: &str| {
        let asked = [("sysparm_limit", "1"), ("sysparm_fields", "state"), ("sysparm_display_value", display)];
        rows(&client.get("/api/now/table/incident", &asked))[0]["state"].clone()
    };
    for yes in TRUE {
        assert_eq!(state(yes), state("true"), "{yes}");
    }
    assert_eq!(state("All"), state("all"));
    assert!(state("All")["display_value"].is_string());
    assert_eq!(state("False"), state("false"));
    let grouped = |client: &mut Client, display: &str| {
        let asked = [("sysparm_count", "true"), ("sysparm_group_by", "state"), ("sysparm_display_value", display)];
        client.get("/api/now/stats/incident", &asked).as_json()
    };
    assert_eq!(grouped(&mut client, "True"), grouped(&mut client, "true"));
    assert_ne!(grouped(&mut client, "True"), grouped(&mut client, "false"));
    assert_eq!(grouped(&mut client, "ALL"), grouped(&mut client, "all"));
}

#[test]
fn class_is_shown_by_the_label_of_its_table() {
    let mut client = Client::with_rows(5);
    let parameters = [("sysparm_fields", "sys_class_name"), ("sysparm_display_value", "all"), ("sysparm_limit", "1")];
    let row = rows(&client.get("/api/now/table/incident", &parameters))[0].clone();
    assert_eq!(row["sys_class_name"], json!({"display_value": "Incident", "value": "incident"}));
}
