//! Every input gets a valid reply.

use crate::client::{Client, FORM};

use proptest::prelude::*;
use sysparm_instance::Request;

fn targets() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("/api/now/table/incident".to_owned()),
        Just("/api/now/v1/table/".to_owned()),
        Just("/api/now/stats/incident?sysparm_count=true&sysparm_group_by=".to_owned()),
        Just("/api/now/attachment".to_owned()),
        Just("/api/now/attachment/file?table_name=incident&table_sys_id=".to_owned()),
        Just("/api/now/attachment/upload".to_owned()),
        Just("/api/now/import/imp_user".to_owned()),
        Just("/insertMultiple".to_owned()),
        Just("/api/now/batch".to_owned()),
        Just("/api/now/cmdb/instance/cmdb_ci_server".to_owned()),
        Just("/relation/".to_owned()),
        Just("/api/now/cmdb/meta/".to_owned()),
        Just("/api/now/ui/user/current_user".to_owned()),
        Just("/stats.do".to_owned()),
        Just("?sysparm_query=".to_owned()),
        Just("&sysparm_limit=".to_owned()),
        Just("&sysparm_offset=18446744073709551615".to_owned()),
        Just("&sysparm_fields=caller_id.manager.,,number".to_owned()),
        Just("&sysparm_display_value=all".to_owned()),
        Just("/__practice/".to_owned()),
        Just("^NQ".to_owned()),
        Just("^OR".to_owned()),
        Just("ORDERBYDESC".to_owned()),
        Just("sys_updated_on>=".to_owned()),
        Just("short_descriptionLIKE".to_owned()),
        Just("%".to_owned()),
        "[a-z_=<>!^@,.%&0-9 é\u{0}]{0,12}",
    ];
    prop::collection::vec(piece, 0..10).prop_map(|pieces| pieces.concat())
}

/// JSON with the names that the endpoints read and arbitrary values.
fn json() -> impl Strategy<Value = String> {
    let name = prop_oneof![
        Just("records"),
        Just("rest_requests"),
        Just("id"),
        Just("url"),
        Just("method"),
        Just("body"),
        Just("headers"),
        Just("attributes"),
        Just("outbound_relations"),
        Just("source"),
        Just("target"),
        Just("type"),
        Just("file_name"),
        Just("user_name"),
        Just("faults"),
        Just("row"),
        Just("name"),
    ];
    let text = prop_oneof![
        Just("ServiceNow".to_owned()),
        Just("GET".to_owned()),
        Just("/api/now/batch".to_owned()),
        Just("/api/now/attachment/file".to_owned()),
        Just("\u{0}\r\n".to_owned()),
        "[ -~é]{0,9}",
    ];
    let leaf = prop_oneof![
        Just(serde_json::Value::Null),
        any::<bool>().prop_map(Into::into),
        any::<i64>().prop_map(Into::into),
        text.prop_map(Into::into),
    ];
    let value = leaf.prop_recursive(4, 32, 6, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Into::into),
            prop::collection::vec((name.clone(), inner), 0..6).prop_map(|members| {
                members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect::<serde_json::Value>()
            }),
        ]
    });
    value.prop_map(|value| value.to_string())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, ..ProptestConfig::default() })]

    #[test]
    fn requests_all_get_a_reply(
        method in "GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS|[A-Z]{1,6}",
        targets in prop::collection::vec(targets(), 1..20),
        body in prop::collection::vec(any::<u8>(), 0..200),
        content_type in "application/json|application/x-www-form-urlencoded|text/xml|[ -~]{0,20}",
        authorization in "Basic [A-Za-z0-9+/=%]{0,20}|Bearer .{0,20}|.{0,10}",
    ) {
        let mut client = Client::with_rows(60);
        for target in targets {
            let request = Request::new(&method, &target).with_body(&content_type, body.clone());
            let with_token = client.send(request.clone());
            let without = client.instance.handle(&request.with_header("Authorization", &authorization), client.now);
            for reply in [with_token, without] {
                prop_assert!((200..600).contains(&reply.status));
                for (name, value) in &reply.headers {
                    prop_assert!(!value.contains(['\r', '\n']), "{} {}", name, value);
                }
            }
        }
    }

    #[test]
    fn plausible_bodies_get_a_reply_from_every_endpoint(
        method in "POST|PUT|PATCH|DELETE",
        target in prop_oneof![
            Just("/api/now/table/incident"),
            Just("/api/now/import/imp_user"),
            Just("/api/now/import/imp_user/insertMultiple"),
            Just("/api/now/batch"),
            Just("/api/now/cmdb/instance/cmdb_ci_server"),
            Just("/api/now/attachment/x"),
            Just("/api/now/attachment/upload"),
            Just("/__practice/switches"),
            Just("/__practice/scenario"),
        ],
        body in json(),
    ) {
        let mut client = Client::with_rows(5);
        for content_type in ["application/json", "multipart/form-data; boundary=x"] {
            let request = Request::new(&method, target).with_body(content_type, body.clone());
            let status = client.send(request).status;
            prop_assert!((200..500).contains(&status), "{} {} {}: {}", method, target, body, status);
        }
        client.now += 10_000;
        prop_assert!(client.get("/api/now/table/sys_user", &[]).status == 200 || target.starts_with("/__practice"));
    }

    #[test]
    fn forms_get_a_token_or_the_one_refusal(form in "(grant_type=|client_id=|&|=|%|[a-z_-]{1,10}){0,12}") {
        let mut client = Client::with_rows(1);
        let request = Request::new("POST", "/oauth_token.do").with_body(FORM, form);
        prop_assert_eq!(client.instance.handle(&request, client.now).status, 401);
    }
}
