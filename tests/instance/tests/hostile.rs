//! Whatever comes in, something sensible goes out.

mod client;

use client::{Client, FORM};
use proptest::prelude::*;
use sysparm_instance::Request;

fn targets() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("/api/now/table/incident".to_owned()),
        Just("/api/now/v1/table/".to_owned()),
        Just("/api/now/stats/incident?sysparm_count=true&sysparm_group_by=".to_owned()),
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

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn any_request_gets_a_reply(
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
    fn any_form_gets_a_token_or_the_one_refusal(form in "(grant_type=|client_id=|&|=|%|[a-z_-]{1,10}){0,12}") {
        let mut client = Client::with_rows(1);
        let request = Request::new("POST", "/oauth_token.do").with_body(FORM, form);
        prop_assert_eq!(client.instance.handle(&request, client.now).status, 401);
    }
}
