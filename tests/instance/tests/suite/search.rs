//! The results of queries, against a full scan of the rows.

use crate::client::{Client, rows, text, total};

use serde_json::Value;

/// All incidents as plain values, and the numbers of those that a reading of the rows selects.
fn selected(client: &mut Client, keep: impl Fn(&Value) -> bool) -> Vec<String> {
    let everything = [("sysparm_exclude_reference_link", "true"), ("sysparm_limit", "100000")];
    let all = rows(&client.get("/api/now/table/incident", &everything));
    let mut numbers: Vec<String> = all.iter().filter(|row| keep(row)).map(|row| text(row, "number")).collect();
    numbers.sort();
    numbers
}

type Keep = fn(&Value) -> bool;

fn later_by_days(row: &Value, days: i64) -> bool {
    let seconds = |field| {
        jiff::civil::DateTime::strptime("%Y-%m-%d %H:%M:%S", text(row, field))
            .ok()
            .and_then(|moment| moment.to_zoned(jiff::tz::TimeZone::UTC).ok())
            .map(|moment| moment.timestamp().as_second())
    };
    matches!((seconds("opened_at"), seconds("resolved_at")), (Some(opened), Some(resolved)) if resolved - opened > days * 86_400)
}

#[test]
fn related_list_query_counts_referring_records() {
    let mut client = Client::with_rows(300);
    let all = [("sysparm_exclude_reference_link", "true"), ("sysparm_limit", "100000")];
    let incidents = rows(&client.get("/api/now/table/incident", &all));
    let calls = |id: &str| incidents.iter().filter(|row| row["caller_id"] == id && row["active"] == "true").count();
    let query = "RLQUERYincident.caller_id,>=2,active=true^ENDRLQUERY";
    let found = rows(&client.get("/api/now/table/sys_user", &[("sysparm_query", query), ("sysparm_limit", "100000")]));
    let users = rows(&client.get("/api/now/table/sys_user", &all));
    let expected = users.iter().filter(|user| calls(&text(user, "sys_id")) >= 2).count();
    assert!(expected > 0 && expected < users.len(), "{expected} of {}", users.len());
    assert_eq!(found.len(), expected);
}

#[test]
fn operators_find_what_a_full_scan_finds() {
    let mut client = Client::with_rows(700);
    let cases: &[(&str, Keep)] = &[
        ("state=7", |row| row["state"] == "7"),
        ("state!=7", |row| row["state"] != "7"),
        ("hold_reason!=3", |row| row["hold_reason"] != "3"),
        ("priority<=2", |row| text(row, "priority").as_str() <= "2"),
        ("priority<3", |row| text(row, "priority").as_str() < "3"),
        ("priority>3", |row| text(row, "priority").as_str() > "3"),
        ("sys_mod_count>=10", |row| text(row, "sys_mod_count").parse::<i64>().is_ok_and(|count| count >= 10)),
        ("hold_reason<4", |row| matches!(text(row, "hold_reason").as_str(), "1" | "3")),
        ("short_descriptionLIKEvpn", |row| text(row, "short_description").to_lowercase().contains("vpn")),
        ("short_descriptionNOT LIKEVPN", |row| !text(row, "short_description").contains("VPN")),
        ("short_descriptionSTARTSWITHvpn", |row| text(row, "short_description").starts_with("VPN")),
        ("numberENDSWITH7", |row| text(row, "number").ends_with('7')),
        ("stateIN1,2,3", |row| matches!(text(row, "state").as_str(), "1" | "2" | "3")),
        ("stateNOT IN1,2", |row| !matches!(text(row, "state").as_str(), "1" | "2")),
        ("assigned_toISEMPTY", |row| row["assigned_to"] == ""),
        ("assigned_toISNOTEMPTY", |row| row["assigned_to"] != ""),
        ("close_notes=", |row| row["close_notes"] == ""),
        ("close_codeEMPTYSTRING", |row| row["close_code"] == ""),
        ("numberANYTHING", |_| true),
        ("sys_mod_countBETWEEN3@5", |row| matches!(text(row, "sys_mod_count").as_str(), "3" | "4" | "5")),
        ("resolved_atSAMEASclosed_at", |row| row["resolved_at"] == row["closed_at"]),
        ("opened_atNSAMEASsys_created_on@day", |row| text(row, "opened_at")[..10] != text(row, "sys_created_on")[..10]),
        ("opened_at>=2025-06-01 00:00:00", |row| text(row, "opened_at").as_str() >= "2025-06-01 00:00:00"),
        ("active=true^priority=1^ORpriority=5", |row| {
            row["active"] == "true" && (row["priority"] == "1" || row["priority"] == "5")
        }),
        ("active=true^priority=1^NQstate=8", |row| {
            (row["active"] == "true" && row["priority"] == "1") || row["state"] == "8"
        }),
        ("category=NETWORK", |row| row["category"] == "network"),
        ("state=7^category=software^assigned_toISNOTEMPTY^ORDERBYDESCopened_at", |row| {
            row["state"] == "7" && row["category"] == "software" && row["assigned_to"] != ""
        }),
        ("priorityGT_FIELDurgency", |row| text(row, "priority") > text(row, "urgency")),
        ("priorityLT_OR_EQUALS_FIELDurgency", |row| text(row, "priority") <= text(row, "urgency")),
        ("resolved_atMORETHANopened_at@day@after@3", |row| later_by_days(row, 3)),
        (
            "opened_atONthat week@javascript:gs.dateGenerate('2025-06-01','start')@javascript:gs.dateGenerate('2025-06-07','end')",
            |row| ("2025-06-01".."2025-06-08").contains(&text(row, "opened_at").as_str()),
        ),
        ("opened_atNOTONthat week@2025-06-01 00:00:00@2025-06-07 23:59:59", |row| {
            !("2025-06-01".."2025-06-08").contains(&text(row, "opened_at").as_str())
        }),
        ("priority=abc", |_| false),
        ("priority>abc", |_| false),
        ("priority<abc", |_| true),
    ];
    for (query, keep) in cases {
        let expected = selected(&mut client, keep);
        assert_eq!(client.numbers(query), expected, "{query}");
        assert_eq!(client.numbers(&format!("{query}^ORDERBYsys_id")), expected, "{query} by sys_id");
        let field =
            query.split(|letter: char| !(letter.is_ascii_lowercase() || letter == '_')).next().unwrap_or_default();
        assert_eq!(client.numbers(&format!("{query}^ORDERBYDESC{field}")), expected, "{query} by {field}");
    }
}

#[test]
fn reference_is_searched_by_display_value_and_dot_walked() {
    let mut client = Client::with_rows(400);
    let group = rows(&client.get("/api/now/table/sys_user_group", &[("sysparm_query", "name=SAP Basis")]));
    let id = text(&group[0], "sys_id");
    let by_id = client.numbers(&format!("assignment_group={id}"));
    assert!(!by_id.is_empty());
    assert_eq!(client.numbers("assignment_group.name=SAP Basis"), by_id);
    assert_eq!(client.numbers("assignment_groupSTARTSWITHsap b"), by_id);
    assert_eq!(client.numbers("caller_id.manager.name=").len(), client.numbers("caller_id.manager.nameISEMPTY").len());
    assert_eq!(client.numbers("caller_id.nosuch.name=x").len(), 400);
}

fn column(client: &mut Client, query: &str, field: &str) -> Vec<(String, String)> {
    let found = client.incidents(query, &[("sysparm_limit", "100000"), ("sysparm_exclude_reference_link", "true")]);
    found.iter().map(|row| (text(row, field), text(row, "sys_id"))).collect()
}

#[test]
fn orders_are_kept_and_ties_follow_the_next_field() {
    let mut client = Client::with_rows(2500);
    let ascending = column(&mut client, "ORDERBYsys_updated_on^ORDERBYsys_id", "sys_updated_on");
    assert!(ascending.is_sorted() && ascending.len() == 2500);
    let ties = ascending.windows(2).filter(|pair| pair[0].0 == pair[1].0).count();
    assert!(ties > 200, "bulk updates put many rows on one second, here {ties}");

    let mut mixed = ascending.clone();
    mixed.sort_by(|left, right| right.0.cmp(&left.0).then(left.1.cmp(&right.1)));
    assert_eq!(column(&mut client, "ORDERBYDESCsys_updated_on^ORDERBYsys_id", "sys_updated_on"), mixed);

    let newest = [("sysparm_query", "ORDERBYDESCsys_updated_on^ORDERBYsys_id"), ("sysparm_limit", "10")];
    let page = client.get("/api/now/table/incident", &newest);
    assert_eq!((total(&page), rows(&page).len()), (2500, 10));

    let mut descending = ascending.clone();
    descending.reverse();
    assert_eq!(column(&mut client, "ORDERBYDESCsys_updated_on^ORDERBYDESCsys_id", "sys_updated_on"), descending);

    let by_three =
        client.incidents("ORDERBYpriority^ORDERBYDESCopened_at^ORDERBYsys_id", &[("sysparm_limit", "100000")]);
    let keys: Vec<_> = by_three
        .iter()
        .map(|row| (text(row, "priority"), std::cmp::Reverse(text(row, "opened_at")), text(row, "sys_id")))
        .collect();
    assert!(keys.is_sorted());
    let page = client.incidents(
        "ORDERBYpriority^ORDERBYDESCopened_at^ORDERBYsys_id",
        &[("sysparm_limit", "10"), ("sysparm_offset", "500")],
    );
    assert_eq!(page, by_three[500..510]);
}

#[test]
fn keyset_paging_reads_every_row_once_during_writes() {
    let mut client = Client::with_rows(3000);
    let expected = client.numbers("active=true");
    let filter = "active=true";
    let mut seen = Vec::new();
    let (mut stamp, mut id) = (String::new(), String::new());
    loop {
        let bound = match stamp.as_str() {
            "" => String::new(),
            _ => format!("^sys_updated_on>={stamp}^sys_updated_on>{stamp}^ORsys_id>{id}"),
        };
        let query = format!("{filter}{bound}^ORDERBYsys_updated_on^ORDERBYsys_id");
        let page = client.incidents(&query, &[("sysparm_limit", "100"), ("sysparm_no_count", "true")]);
        let Some(last) = page.last() else { break };
        (stamp, id) = (text(last, "sys_updated_on"), text(last, "sys_id"));
        seen.extend(page.iter().map(|row| text(row, "number")));
        // Someone else closes an incident that the walk has passed: it moves to the end, no longer active.
        let path = format!("/api/now/table/incident/{}", text(&page[0], "sys_id"));
        assert_eq!(client.write("PATCH", &path, &serde_json::json!({"state": "7"})).status, 200);
    }
    let walked = seen.len();
    seen.sort();
    seen.dedup();
    assert_eq!((walked, seen), (expected.len(), expected));
}

#[test]
fn orders_are_kept_after_writes() {
    let mut client = Client::with_rows(200);
    for query in ["ORDERBYpriority", "ORDERBYshort_description", "ORDERBYsys_updated_on"] {
        client.numbers(query);
    }
    for round in 0..60 {
        client.now += 500;
        let row =
            client.incidents("ORDERBYsys_id", &[("sysparm_limit", "1"), ("sysparm_offset", &(round * 3).to_string())]);
        let path = format!("/api/now/table/incident/{}", text(&row[0], "sys_id"));
        let status = match round % 3 {
            0 => client.send(sysparm_instance::Request::new("DELETE", &path)).status,
            1 => {
                client
                    .write(
                        "PATCH",
                        &path,
                        &serde_json::json!({"impact": round % 3, "short_description": format!("Round {round}")}),
                    )
                    .status
            }
            _ => {
                client
                    .write(
                        "POST",
                        "/api/now/table/incident",
                        &serde_json::json!({"short_description": format!("new {round}")}),
                    )
                    .status
            }
        };
        assert!(matches!(status, 200 | 201 | 204));
    }
    for field in ["sys_id", "priority", "short_description", "sys_updated_on"] {
        let values = column(&mut client, &format!("ORDERBY{field}^ORDERBYsys_id"), field);
        let folded: Vec<_> = values.iter().map(|(value, id)| (value.to_lowercase(), id.clone())).collect();
        assert!(folded.is_sorted() && folded.len() == 200, "{field}: {}", folded.len());
    }
}
