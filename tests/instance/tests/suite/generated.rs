//! Generated data is consistent.

use crate::client::{Client, text};

#[test]
fn incident_events_follow_its_opening() {
    let mut closed = 0;
    for rows in [40, 3000] {
        let mut client = Client::with_rows(rows);
        for row in client.incidents("", &[("sysparm_limit", "100000")]) {
            let steps = ["opened_at", "sys_created_on", "resolved_at", "closed_at", "sys_updated_on"];
            let times: Vec<String> = steps.map(|step| text(&row, step)).into_iter().filter(|t| !t.is_empty()).collect();
            assert!(times.is_sorted(), "{} of {rows}: {times:?}", text(&row, "number"));
            closed += usize::from(times.len() == 5);
        }
    }
    assert!(closed > 500, "most are closed");
}
