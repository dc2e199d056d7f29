//! Event logs: loaded completely, or replayed as a live table.

use crate::client::{Client, NOON, rows, text};

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use sysparm_instance::{EventLog, EventLogError, Settings, Source};

/// Two incidents that overlap in time, in the form of the public log.
const LOG: &str = "\
number,incident_state,active,sys_mod_count,caller_id,opened_by,opened_at,sys_created_by,sys_created_at,sys_updated_by,sys_updated_at,category,priority,assignment_group,assigned_to,notify,rfc,closed_code,closed_at,u_unheard_of
INC0000045,New,TRUE,0,Caller 2403,Opened by  8,29-02-2016 01:16,Created by 6,29-02-2016 01:23,Updated by 21,29-02-2016 01:23,Category 55,3 - Moderate,Group 56,?,Do Not Notify,?,code 5,05-03-2016 12:00,x
INC0000045,Awaiting Moon,TRUE,2,Caller 2403,Opened by  8,29-02-2016 01:16,Created by 6,29-02-2016 01:23,Updated by 642,29-02-2016 08:53,Category 55,2 - High,Group 56,Resolver 9,Do Not Notify,CHG0000047,code 5,05-03-2016 12:00,x
INC0000045,Closed,FALSE,4,Caller 2403,Opened by  8,29-02-2016 01:16,Created by 6,29-02-2016 01:23,Updated by 908,05-03-2016 12:00,Category 55,3 - Moderate,Group 70,?,Do Not Notify,CHG0000047,code 5,05-03-2016 12:00,x
INC0000047,Active,TRUE,1,Caller 2403,?,29-02-2016 04:40,?,?,Updated by 21,29-02-2016 04:57,?,3 - Moderate,Group 70,Resolver 89,Do Not Notify,?,?,?,x
";

fn log() -> Arc<EventLog> {
    Arc::new(EventLog::read(LOG.as_bytes()).unwrap_or_else(|error| unreachable!("{error}")))
}

fn loaded(source: Source) -> Client {
    Client::of(Settings { source, ..Settings::default() })
}

#[test]
fn last_state_of_every_incident_is_loaded() {
    let mut client = loaded(Source::Log(log()));
    let raw = client.incidents("ORDERBYnumber", &[("sysparm_exclude_reference_link", "true")]);
    let shown = client
        .incidents("ORDERBYnumber", &[("sysparm_exclude_reference_link", "true"), ("sysparm_display_value", "true")]);
    assert_eq!(raw.len(), 2);
    for (field, value, label) in [
        ("number", "INC0000045", "INC0000045"),
        ("state", "7", "Closed"),
        ("active", "false", "false"),
        ("sys_mod_count", "4", "4"),
        ("opened_at", "2016-02-29 01:16:00", "2016-02-29 01:16:00"),
        ("sys_created_on", "2016-02-29 01:23:00", "2016-02-29 01:23:00"),
        ("sys_updated_on", "2016-03-05 12:00:00", "2016-03-05 12:00:00"),
        ("sys_updated_by", "Updated by 908", "Updated by 908"),
        ("priority", "3", "3 - Moderate"),
        ("category", "Category 55", "Category 55"),
        ("notify", "1", "Do Not Notify"),
        ("close_code", "code 5", "code 5"),
        ("assigned_to", "", ""),
    ] {
        assert_eq!((text(&raw[0], field).as_str(), text(&shown[0], field).as_str()), (value, label), "{field}");
    }
    assert_eq!(
        (text(&shown[0], "caller_id"), text(&shown[0], "opened_by")),
        ("Caller 2403".into(), "Opened by  8".into())
    );
    assert_eq!((text(&shown[0], "assignment_group"), text(&shown[0], "rfc")), ("Group 70".into(), "CHG0000047".into()));
    assert_eq!(raw[0]["caller_id"], raw[1]["caller_id"]);
    // Fields that the log does not have are empty, but a row always has a creation time.
    assert_eq!((text(&raw[1], "opened_by"), text(&raw[1], "category"), text(&raw[1], "closed_at")), Default::default());
    assert_eq!(
        (text(&raw[1], "sys_created_on"), text(&raw[1], "sys_created_by")),
        ("2016-02-29 04:57:00".into(), "system".into())
    );
    assert_eq!(text(&raw[1], "state"), "2");
}

#[test]
fn unknown_labels_become_choices() {
    let mut client = loaded(Source::Replay(log(), 1.0));
    client.now += 8 * 3_600_000;
    client.sign_in();
    let waiting = client.incidents("number=INC0000045", &[("sysparm_display_value", "all")]);
    assert_eq!(
        (&waiting[0]["state"]["display_value"], &waiting[0]["state"]["value"]),
        (&"Awaiting Moon".into(), &"9".into())
    );
    let label = |row: &serde_json::Value| text(row, "label");
    let choices =
        rows(&client.get("/api/now/table/sys_choice", &[("sysparm_query", "name=incident^element=category")]));
    assert_eq!(choices.iter().map(label).collect::<Vec<_>>(), ["Category 55"]);
    let states = rows(&client.get("/api/now/table/sys_choice", &[("sysparm_query", "element=state^labelLIKEmoon")]));
    assert_eq!(states.iter().map(label).collect::<Vec<_>>(), ["Awaiting Moon"]);
    let references = rows(&client.get("/api/now/table/sys_user", &[("sysparm_query", "nameSTARTSWITHResolver")]));
    assert_eq!(references.len(), 2);
}

#[test]
fn replay_follows_the_clock_of_the_instance() {
    // An hour of the log in a second.
    let mut client = loaded(Source::Replay(log(), 3600.0));
    let mut state = |after: u64| {
        client.now = NOON + after;
        let found = client.incidents("ORDERBYnumber", &[]);
        found
            .iter()
            .map(|row| (text(row, "number"), text(row, "sys_mod_count"), text(row, "sys_updated_on")))
            .collect::<Vec<_>>()
    };
    let row =
        |number: &str, count: &str, at: &str| (number.to_owned(), count.to_owned(), format!("2026-03-01 12:{at}"));
    assert_eq!(state(0), [row("INC0000045", "0", "00:00")]);
    assert_eq!(state(3_000), [row("INC0000045", "0", "00:00")]);
    assert_eq!(state(4_000), [row("INC0000045", "0", "00:00"), row("INC0000047", "1", "00:03")]);
    assert_eq!(state(8_000), [row("INC0000045", "2", "00:07"), row("INC0000047", "1", "00:03")]);
    assert_eq!(state(200_000), [row("INC0000045", "4", "02:10"), row("INC0000047", "1", "00:03")]);
}

#[test]
fn invalid_event_log_is_refused_with_the_reason() {
    let refused = |text: &str| EventLog::read(text.as_bytes()).map(|log| log.len()).map_err(|error| error.to_string());
    assert_eq!(refused("number,state\nINC1,New\n"), Err("the first line names no column sys_updated_at".into()));
    assert_eq!(
        refused("number,sys_updated_at\nINC1,01-01-2016 10:00\nINC1,2016-01-01 10:00\n"),
        Err("line 3: sys_updated_at is \"2016-01-01 10:00\", not day-month-year hour:minute".into())
    );
    assert!(matches!(EventLog::read("number,sys_updated_at\na\n".as_bytes()), Err(EventLogError::Csv(_))));
    assert_eq!(refused("number,sys_updated_at\n"), Ok(0));
}

/// Read a second time, by code that shares nothing with the loader: the log above, and the public log where `SYSPARM_EVENT_LOG`
/// names a copy of its opening part.
#[test]
fn loaded_log_equals_an_independent_reading_of_its_file() {
    assert_eq!(read_twice(LOG), (2, 4));
    if let Ok(path) = std::env::var("SYSPARM_EVENT_LOG") {
        let public = std::fs::read_to_string(&path).unwrap_or_else(|error| unreachable!("{path}: {error}"));
        assert_eq!(read_twice(&public), (890, 5998), "{path} is the opening part of the log");
    }
}

/// The number of incidents and events on which the instance and the second reading agree.
fn read_twice(content: &str) -> (usize, usize) {
    let mut lines = content.lines();
    let header: Vec<&str> = lines.next().unwrap_or_default().split(',').collect();
    let updated_at = header.iter().position(|name| *name == "sys_updated_at").unwrap_or_default();
    let mut last: BTreeMap<&str, (&str, &str)> = BTreeMap::new();
    let mut events = 0;
    for line in lines {
        let cells: Vec<&str> = line.split(',').collect();
        last.insert(cells[0], (cells[1], cells[updated_at]));
        events += 1;
    }
    let log = Arc::new(EventLog::read(content.as_bytes()).unwrap_or_else(|error| unreachable!("{error}")));
    assert_eq!(log.len(), events);
    let mut client = loaded(Source::Log(Arc::clone(&log)));
    let found = client.incidents("ORDERBYnumber", &[("sysparm_display_value", "true"), ("sysparm_limit", "1000")]);
    let in_instance: BTreeSet<_> =
        found.iter().map(|row| (text(row, "number"), text(row, "state"), text(row, "sys_updated_on"))).collect();
    let in_file: BTreeSet<_> = last
        .iter()
        .map(|(number, (state, updated))| {
            let (day, month, rest) = (&updated[..2], &updated[3..5], &updated[6..]);
            ((*number).to_owned(), (*state).to_owned(), format!("{}-{month}-{day} {}:00", &rest[..4], &rest[5..]))
        })
        .collect();
    assert_eq!(in_instance, in_file);

    let mut replayed = loaded(Source::Replay(log, 86_400.0));
    replayed.now += 400_000;
    let numbers = replayed.numbers("");
    assert_eq!(numbers, last.keys().map(|number| (*number).to_owned()).collect::<Vec<_>>());
    (found.len(), events)
}
