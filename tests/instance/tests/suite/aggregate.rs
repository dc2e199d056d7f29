//! The Aggregate API beyond counting, against a full scan of the rows.

use crate::client::{Client, rows, text};

use serde_json::Value;

#[test]
fn average_sum_and_extremes_match_the_rows() {
    let mut client = Client::with_rows(200);
    let all = rows(&client.get("/api/now/table/incident", &[("sysparm_query", "state=7")]));
    let counts: Vec<f64> = all.iter().filter_map(|row| text(row, "sys_mod_count").parse().ok()).collect();
    let opened: Vec<String> = all.iter().map(|row| text(row, "opened_at")).collect();
    let reply = client.get(
        "/api/now/stats/incident",
        &[
            ("sysparm_query", "state=7"),
            ("sysparm_count", "true"),
            ("sysparm_avg_fields", "sys_mod_count"),
            ("sysparm_sum_fields", "sys_mod_count"),
            ("sysparm_min_fields", "opened_at"),
            ("sysparm_max_fields", "opened_at,no_such_field"),
        ],
    );
    let stats = &reply.as_json()["result"]["stats"];
    let sum: f64 = counts.iter().sum();
    assert_eq!(text(stats, "count"), counts.len().to_string());
    assert_eq!(text(&stats["sum"], "sys_mod_count"), sum.to_string());
    assert_eq!(text(&stats["avg"], "sys_mod_count"), format!("{:.4}", sum / counts.len() as f64));
    assert_eq!(Some(text(&stats["min"], "opened_at")), opened.iter().min().cloned());
    assert_eq!(Some(text(&stats["max"], "opened_at")), opened.iter().max().cloned());
    assert!(stats["max"].get("no_such_field").is_none());
}

fn groups(client: &mut Client, parameters: &[(&str, &str)]) -> Vec<Value> {
    rows(&client.get("/api/now/stats/incident", parameters))
}

fn count(group: &Value) -> usize {
    text(&group["stats"], "count").parse().unwrap_or_default()
}

#[test]
fn groups_by_several_fields_hold_every_row_once() {
    let mut client = Client::with_rows(300);
    let all = rows(&client.get("/api/now/table/incident", &[("sysparm_limit", "1000")]));
    let found = groups(&mut client, &[("sysparm_count", "true"), ("sysparm_group_by", "state,active")]);
    let keys: Vec<[String; 2]> =
        found.iter().map(|group| [0, 1].map(|place| text(&group["groupby_fields"][place], "value"))).collect();
    assert!(keys.is_sorted() && keys.len() > 3, "{keys:?}");
    for (group, [state, active]) in found.iter().zip(&keys) {
        let expected = all.iter().filter(|row| text(row, "state") == *state && text(row, "active") == *active).count();
        assert_eq!(count(group), expected, "{state} {active}");
    }
    assert_eq!(found.iter().map(count).sum::<usize>(), 300);
}

#[test]
fn having_keeps_groups_that_meet_all_conditions() {
    let mut client = Client::with_rows(300);
    let grouped =
        [("sysparm_count", "true"), ("sysparm_group_by", "category"), ("sysparm_avg_fields", "sys_mod_count")];
    let all = groups(&mut client, &grouped);
    for (having, keeps) in [
        ("count^category^>^60", Box::new(|group: &Value| count(group) > 60) as Box<dyn Fn(&Value) -> bool>),
        ("COUNT^category^<=^60", Box::new(|group| count(group) <= 60)),
        ("avg^sys_mod_count^>=^9.5", Box::new(|group| average(group) >= 9.5)),
        ("count^category^>^30,avg^sys_mod_count^<^9.5", Box::new(|group| count(group) > 30 && average(group) < 9.5)),
        ("max^nosuch^>^3,gibberish", Box::new(|_| true)),
    ] {
        let kept = groups(&mut client, &[&grouped[..], &[("sysparm_having", having)]].concat());
        let expected: Vec<Value> = all.iter().filter(|group| keeps(group)).cloned().collect();
        assert_eq!(kept, expected, "{having}");
        assert!(!expected.is_empty(), "{having} tells nothing");
    }
    let none =
        client.get("/api/now/stats/incident", &[("sysparm_count", "true"), ("sysparm_having", "count^state^>^300")]);
    assert_eq!(none.as_json()["result"]["stats"], serde_json::json!({}));
}

fn average(group: &Value) -> f64 {
    text(&group["stats"]["avg"], "sys_mod_count").parse().unwrap_or_default()
}

#[test]
fn groups_come_in_the_requested_order() {
    let mut client = Client::with_rows(300);
    let mut ordered = |order: &str| {
        let parameters = [
            ("sysparm_count", "true"),
            ("sysparm_group_by", "priority,category"),
            ("sysparm_avg_fields", "sys_mod_count"),
            ("sysparm_order_by", order),
        ];
        groups(&mut client, &parameters)
    };
    let field = |group: &Value, place: usize| text(&group["groupby_fields"][place], "value");
    assert!(ordered("COUNT").iter().map(count).is_sorted());
    assert!(ordered("COUNT^DESC").iter().map(count).rev().is_sorted());
    assert!(ordered("AVG^sys_mod_count").iter().map(average).is_sorted());
    assert!(ordered("category^DESC").iter().map(|group| field(group, 1)).rev().is_sorted());
    let both = ordered("category^DESC,COUNT");
    let keys: Vec<_> = both.iter().map(|group| (std::cmp::Reverse(field(group, 1)), count(group))).collect();
    assert!(keys.is_sorted(), "{keys:?}");
}

#[test]
fn groups_can_be_named_by_display_values() {
    let mut client = Client::with_rows(100);
    let mut first = |display: &str| {
        let parameters = [
            ("sysparm_query", "state=7"),
            ("sysparm_count", "true"),
            ("sysparm_group_by", "state,assignment_group"),
            ("sysparm_display_value", display),
        ];
        groups(&mut client, &parameters)[0]["groupby_fields"].clone()
    };
    let (raw, shown, all) = (first("false"), first("true"), first("all"));
    assert_eq!((text(&raw[0], "value"), text(&shown[0], "value")), ("7".into(), "Closed".into()));
    assert_eq!(text(&raw[1], "value").len(), 32);
    assert_eq!(all[1]["display_value"], shown[1]["value"]);
    assert_eq!(all[1]["value"], raw[1]["value"]);
}
