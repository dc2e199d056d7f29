//! One setting changes everything that differs between releases. The replies on each are the earlier release's, except those named.

#![allow(clippy::unwrap_used, reason = "a test may fail where it stands")]

use crate::client::{Client, GRANT, NOON, text};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use serde_json::json;
use sysparm_instance::Request;

/// The replies that a client gets.
#[derive(Debug, PartialEq, Eq)]
struct Seen {
    release: &'static str,
    build_name: &'static str,
    /// A list with a token by client credentials, and the message where it fails.
    client_credentials: (u16, &'static str),
    /// A count with an API key that a policy admits.
    api_key: u16,
    /// Basic of an enrolled person without a code: the status, and whether the code is asked for.
    enrolled: (u16, bool),
    /// Basic of a user who can log in interactively.
    person: u16,
    /// A record that asks for tokens in JWT form gets them.
    signed_tokens: bool,
    /// An assertion signed with ES256.
    elliptic_assertion: u16,
    metadata: u16,
    /// A visitor sorts people by a personal field, and asks for one by it.
    people: (u16, u16),
    /// A machine account asks for a table that its access control does not list.
    unlisted_table: u16,
    /// A table whose read rule names a deleted role.
    rule_without_role: u16,
}

const OLDER: &str = "User Not Authenticated";

const VANCOUVER: Seen = Seen {
    release: "vancouver",
    build_name: "Vancouver",
    client_credentials: (401, OLDER),
    api_key: 401,
    enrolled: (401, true),
    person: 200,
    signed_tokens: false,
    elliptic_assertion: 401,
    metadata: 404,
    people: (200, 200),
    unlisted_table: 200,
    rule_without_role: 200,
};
const WASHINGTON_DC: Seen = Seen {
    release: "washingtondc",
    build_name: "Washington DC",
    client_credentials: (200, ""),
    api_key: 200,
    ..VANCOUVER
};
const XANADU: Seen = Seen { release: "xanadu", build_name: "Xanadu", ..WASHINGTON_DC };
const YOKOHAMA: Seen =
    Seen { release: "yokohama", build_name: "Yokohama", enrolled: (200, false), signed_tokens: true, ..XANADU };
const ZURICH: Seen = Seen {
    release: "zurich",
    build_name: "Zurich",
    elliptic_assertion: 200,
    metadata: 200,
    unlisted_table: 403,
    ..YOKOHAMA
};
const AUSTRALIA: Seen = Seen {
    release: "australia",
    build_name: "Australia",
    enrolled: (401, false),
    person: 401,
    people: (403, 200),
    ..ZURICH
};
const BRAZIL: Seen = Seen { release: "brazil", build_name: "Brazil", rule_without_role: 403, ..AUSTRALIA };

const EXPECTED: [Seen; 7] = [VANCOUVER, WASHINGTON_DC, XANADU, YOKOHAMA, ZURICH, AUSTRALIA, BRAZIL];

/// An instance with all records whose effect depends on the release.
fn prepared() -> Client {
    let mut client = Client::with_rows(1);
    let agent = text(&client.record("sys_user", "user_name", "practice.agent"), "sys_id");
    client.update_record("sys_user", "user_name", "practice.agent", &json!({"email": "agent@example.com"}));
    let enrolled = json!({"user_name": "enrolled", "active": "true", "user_password": "enrolled-password",
        "enable_multifactor_authn": "true"});
    let enrolled = client.add("sys_user", &enrolled);
    let role = text(&client.record("sys_user_role", "name", "itil"), "sys_id");
    client.add("sys_user_has_role", &json!({"user": enrolled, "role": role, "state": "active"}));
    client.add("rest_api_key", &json!({"name": "K", "user": agent, "token": "k", "active": "true"}));
    let policy = json!({"name": "A", "active": "true", "rest_api": "Aggregate API"});
    let policy = client.add("sys_api_access_policy", &policy);
    let profile = json!({"name": "K", "type": "api_key", "auth_parameter": "header"});
    let profile = client.add("inbound_auth_profile", &profile);
    client.add("sys_auth_profile_mapping", &json!({"api_access_policy": policy, "inbound_auth_profile": profile}));
    let entity = text(&client.record("oauth_entity", "client_id", "practice-client"), "sys_id");
    let pem = json!({"name": "ec", "active": "true", "pem_certificate": include_str!("../keys/ec-public.pem")});
    let certificate = client.add("sys_certificate", &pem);
    client.add("jwt_verifier_map", &json!({"oauth_entity": entity, "kid": "ec", "sys_certificate": certificate}));
    let machine = json!({"name": "Users alone", "active": "true", "rest_api": "Table API", "tables": "sys_user"});
    let machine = client.add("machine_identity_access_control", &machine);
    let visitor = text(&client.record("sys_user", "user_name", "practice.visitor"), "sys_id");
    let named = json!({"machine_identity_access_control": machine, "user": visitor});
    client.add("machine_identity_access_control_user", &named);
    let rule = json!({"name": "cmn_department", "type": "record", "operation": "read", "active": "true"});
    let rule = client.add("sys_security_acl", &rule);
    client.add("sys_security_acl_role", &json!({"sys_security_acl": rule, "sys_user_role": "0".repeat(32)}));
    client
}

fn basic(client: &mut Client, user: &str, password: &str, target: &str) -> sysparm_instance::Reply {
    let encoded = STANDARD.encode(format!("{user}:{password}"));
    client.instance.handle(&Request::new("GET", target).with_header("Authorization", &format!("Basic {encoded}")), NOON)
}

fn look(client: &mut Client, expected: &Seen) -> Seen {
    let list = "/api/now/table/incident?sysparm_limit=1";
    client.sign_in();
    let credentials = client.get("/api/now/table/incident", &[("sysparm_limit", "1")]);
    let message = text(&credentials.as_json()["error"], "message");
    let key = Request::new("GET", "/api/now/stats/incident?sysparm_count=true").with_header("x-sn-apikey", "k");
    let enrolled = basic(client, "enrolled", "enrolled-password", list);
    let visitor = |client: &mut Client, target: &str| {
        basic(client, "practice.visitor", "practice-visitor-password", target).status
    };
    let ruled = client.send_as("practice.admin", Request::new("GET", "/api/now/table/cmn_department?sysparm_limit=1"));
    let claims = json!({"iss": "practice-client", "aud": "practice-client", "sub": "agent@example.com",
        "exp": NOON / 1000 + 300, "jti": client.instance.journal().count().to_string()});
    let header = Header { kid: Some("ec".into()), ..Header::new(Algorithm::ES256) };
    let signer = EncodingKey::from_ec_pem(include_bytes!("../keys/ec.pem")).unwrap();
    let assertion = encode(&header, &claims, &signer).unwrap();
    let form = "client_id=practice-client&client_secret=practice-secret";
    let jwt = format!("grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer&{form}&assertion={assertion}");
    let elliptic_assertion = client.grant(&jwt).status;
    client.update_record("oauth_entity", "client_id", "practice-client", &json!({"token_format": "jwt"}));
    let token = text(&client.grant(GRANT).as_json(), "access_token");
    client.update_record("oauth_entity", "client_id", "practice-client", &json!({"token_format": "opaque"}));
    Seen {
        release: expected.release,
        build_name: if text(&client.record("sys_properties", "name", "glide.buildname"), "value") == expected.build_name
        {
            expected.build_name
        } else {
            "another"
        },
        client_credentials: (credentials.status, if message == OLDER { OLDER } else { "" }),
        api_key: client.instance.handle(&key, NOON).status,
        enrolled: (enrolled.status, enrolled.header("X-MFA_TOKEN").is_some()),
        person: basic(client, "practice.agent", "practice-agent-password", list).status,
        signed_tokens: token.starts_with("eyJ"),
        elliptic_assertion,
        metadata: client.instance.handle(&Request::new("GET", "/.well-known/oauth-authorization-server"), NOON).status,
        people: (
            visitor(client, "/api/now/table/sys_user?sysparm_limit=1&sysparm_query=ORDERBYemail"),
            visitor(client, "/api/now/table/sys_user?sysparm_limit=1&sysparm_query=email%3Da"),
        ),
        unlisted_table: visitor(client, "/api/now/table/cmn_location?sysparm_limit=1"),
        rule_without_role: ruled.status,
    }
}

#[test]
fn releases_switch_their_defaults_in_either_direction() {
    let mut client = prepared();
    for expected in EXPECTED.iter().chain(EXPECTED.iter().rev().skip(1)) {
        let change = json!({ "release": expected.release }).to_string();
        let request = Request::new("POST", "/__practice/switches").with_body("application/json", change);
        assert_eq!(client.instance.handle(&request, NOON).status, 200);
        let seen = look(&mut client, expected);
        assert_eq!(&seen, expected);
        client.instance.revoke_tokens();
    }
}
