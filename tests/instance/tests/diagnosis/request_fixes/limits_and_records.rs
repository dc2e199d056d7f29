//! Limits, records that no scenario covers, and faults that pass by themselves.

use serde_json::json;
use sysparm_instance::FaultKind;

use super::RequestFix;
use super::requests::*;
use crate::begin;
use crate::client::{GRANT, rows, text};
use crate::record_fixes::property;
use crate::steps::*;

pub(super) const FIXES: &[RequestFix] = &[
    (
        "record.number-for-sys-id",
        nothing,
        |client| get(client, "/api/now/table/incident/INC0000001"),
        |client| query(client, "number=INC0000001"),
    ),
    // Limits.
    (
        "capacity.api-int",
        |client| begin(client, "queue-full"),
        |client| nth(client, 3, list),
        |client| {
            client.now += 60_000;
            list(client)
        },
    ),
    (
        "capacity.queued-past-quota",
        |client| begin(client, "query-cancelled"),
        |client| nth(client, 2, list),
        |client| {
            client.now += 60_000;
            list(client)
        },
    ),
    (
        "capacity.shared-session",
        |client| begin(client, "session-queue-full"),
        |client| together(client, 13),
        |client| {
            client.now += 60_000;
            nth(client, 13, list)
        },
    ),
    (
        "session.shared-cookie",
        |client| begin(client, "session-one-at-a-time"),
        |client| together(client, 2),
        |client| {
            client.now += 60_000;
            nth(client, 2, list)
        },
    ),
    (
        "rate.rule-reached",
        |client| begin(client, "rate-limited"),
        |client| nth(client, 6, list),
        |client| {
            client.now += 3_600_000;
            client.sign_in();
            list(client)
        },
    ),
    // Records that no scenario is about.
    (
        "oauth.inactive",
        |client| property(client, "com.snc.platform.security.oauth.is.active", "false"),
        |client| client.grant(GRANT),
        |client| {
            property(client, "com.snc.platform.security.oauth.is.active", "true");
            client.grant(GRANT)
        },
    ),
    (
        "import.no-map",
        |client| client.update_record("sys_transform_map", "source_table", "imp_user", &json!({"active": "false"})),
        |client| client.write("POST", "/api/now/import/imp_user", &json!({"user_name": "new.person"})),
        |client| {
            client.update_record("sys_transform_map", "source_table", "imp_user", &json!({"active": "true"}));
            client.write("POST", "/api/now/import/imp_user", &json!({"user_name": "other.person"}))
        },
    ),
    (
        "import.transform-failed",
        |client| {
            client.update_record(
                "sys_transform_map",
                "source_table",
                "imp_user",
                &json!({"target_table": "no_such_table"}),
            )
        },
        |client| client.write("POST", "/api/now/import/imp_user", &json!({"user_name": "new.person"})),
        |client| {
            client.update_record("sys_transform_map", "source_table", "imp_user", &json!({"target_table": "sys_user"}));
            client.write("POST", "/api/now/import/imp_user", &json!({"user_name": "other.person"}))
        },
    ),
    (
        "cors.header",
        |client| {
            let rule =
                json!({"name": "Far", "active": "true", "rest_api": "Table API", "domain": FAR, "http_methods": "GET"});
            client.add("sys_cors_rule", &rule);
        },
        preflight,
        |client| {
            client.update_record("sys_cors_rule", "name", "Far", &json!({"allow_headers": "Authorization"}));
            preflight(client)
        },
    ),
    // A switch stands for what is done outside of the records.
    (
        "instance.ip-access-control",
        |client| set(client, |switches| switches.address_blocked = true),
        list,
        |client| {
            set(client, |switches| switches.address_blocked = false);
            list(client)
        },
    ),
    // What passes by itself, and what a look at the record settles.
    (
        "instance.restart",
        |client| fails(client, "/api/", unavailable(503)),
        list,
        |client| {
            client.now += 60_000;
            list(client)
        },
    ),
    (
        "instance.overloaded",
        |client| fails(client, "/api/", unavailable(505)),
        list,
        |client| {
            client.now += 60_000;
            list(client)
        },
    ),
    ("instance.reply-cut", |client| fails(client, "/api/", FaultKind::Truncate), list, list),
    (
        "instance.developer-asleep",
        |client| set(client, |switches| switches.hibernating = true),
        list,
        |client| {
            set(client, |switches| switches.hibernating = false);
            list(client)
        },
    ),
    (
        "write.answer-lost",
        |client| fails(client, "/api/", FaultKind::Drop),
        |client| client.write("POST", INCIDENTS, &json!({"correlation_id": "lost"})),
        |client| found(client, "lost"),
    ),
    (
        "write.answer-cut",
        |client| fails(client, "/api/", FaultKind::Truncate),
        |client| client.write("POST", INCIDENTS, &json!({"correlation_id": "cut"})),
        |client| found(client, "cut"),
    ),
    (
        "write.failed-under-way",
        |client| fails(client, "/api/", unavailable(502)),
        |client| client.write("POST", INCIDENTS, &json!({"correlation_id": "under-way"})),
        |client| {
            let looked = query(client, "ORDERBYDESCsys_created_on");
            assert!(!rows(&looked).iter().any(|row| text(row, "correlation_id") == "under-way"), "it was not done");
            client.write("POST", INCIDENTS, &json!({"correlation_id": "under-way"}))
        },
    ),
];
