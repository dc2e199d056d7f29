//! The Aggregate API beyond counting, against a plain reading of every row.

mod client;

use client::{Client, rows, text};

#[test]
fn average_sum_and_extremes_are_those_of_the_rows() {
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
