//! The token endpoint and the use of a token.

use crate::client::{Client, FORM, GRANT, NOON, rows};

use sysparm_instance::{Instance, Request, Settings};

const REFUSED: &str = r#"{"error_description":"access_denied","error":"server_error"}"#;

fn field(reply: &sysparm_instance::Reply, name: &str) -> String {
    reply.as_json()[name].as_str().unwrap_or_default().to_owned()
}

#[test]
fn client_credentials_give_an_opaque_token_and_no_refresh() {
    let mut client = Client::with_rows(1);
    let reply = client.grant(GRANT);
    let body = reply.as_json();
    assert_eq!(reply.status, 200);
    assert_eq!(
        (&body["expires_in"], &body["token_type"], &body["scope"]),
        (&1799.into(), &"Bearer".into(), &"useraccount".into())
    );
    assert_eq!(field(&reply, "access_token").len(), 86);
    assert!(body.get("refresh_token").is_none());
}

#[test]
fn refusals_are_all_the_same_401() {
    let mut client = Client::with_rows(1);
    let refused: &[&str] = &[
        "",
        "grant_type=client_credentials&client_id=practice-client&client_secret=wrong",
        "grant_type=client_credentials&client_id=unknown&client_secret=practice-secret",
        "grant_type=client_credentials&client_id=practice-client",
        "grant_type=no_such_grant&client_id=practice-client&client_secret=practice-secret",
        "grant_type=client_credentials&client_id=practice-client&client_secret=practice-secret&scope=unheard",
        "grant_type=password&client_id=practice-client&client_secret=practice-secret&username=practice.integration&password=x",
        "grant_type=refresh_token&client_id=practice-client&client_secret=practice-secret&refresh_token=x",
    ];
    for form in refused {
        let reply = client.grant(form);
        assert_eq!((reply.status, reply.bytes()), (401, REFUSED.as_bytes()), "{form}");
    }
}

#[test]
fn parameters_count_in_a_form_body_without_a_session() {
    let mut instance = Instance::new(Settings { rows: 1, ..Settings::default() }, NOON);
    let json = r#"{"grant_type":"client_credentials","client_id":"practice-client","client_secret":"practice-secret"}"#;
    for request in [
        Request::new("POST", &format!("/oauth_token.do?{GRANT}")),
        Request::new("GET", &format!("/oauth_token.do?{GRANT}")),
        Request::new("POST", "/oauth_token.do").with_body("application/json", json),
        Request::new("POST", "/oauth_token.do").with_body(FORM, GRANT).with_header("Cookie", "JSESSIONID=AB; x=y"),
    ] {
        assert_eq!(instance.handle(&request, NOON).status, 401, "{request:?}");
    }
    // The client itself may also come in a Basic header: "practice-client:practice-secret".
    let basic = Request::new("POST", "/oauth_token.do")
        .with_body(FORM, "grant_type=client_credentials")
        .with_header("Authorization", "Basic cHJhY3RpY2UtY2xpZW50OnByYWN0aWNlLXNlY3JldA==");
    assert_eq!(instance.handle(&basic, NOON).status, 200);
}

#[test]
fn grant_returns_the_valid_token_and_renews_it() {
    let mut client = Client::with_rows(1);
    let first = field(&client.grant(GRANT), "access_token");
    client.now += 1_000_000;
    assert_eq!(field(&client.grant(GRANT), "access_token"), first);
    client.now += 1_700_000;
    assert_eq!(rows(&client.get("/api/now/table/incident", &[])).len(), 1);
    client.now += 200_000;
    assert_ne!(field(&client.grant(GRANT), "access_token"), first);

    client.instance.switches_mut().token_reuse = false;
    let second = field(&client.grant(GRANT), "access_token");
    assert_ne!(field(&client.grant(GRANT), "access_token"), second);
}

#[test]
fn refresh_token_is_neither_rotated_nor_extended() {
    let mut client = Client::with_rows(1);
    let password = "grant_type=password&client_id=practice-client&client_secret=practice-secret&username=practice.integration&password=practice-password";
    let granted = client.grant(password);
    let refresh = field(&granted, "refresh_token");
    let renew = format!(
        "grant_type=refresh_token&client_id=practice-client&client_secret=practice-secret&refresh_token={refresh}"
    );
    let day = 86_400_000;
    for _ in 0..99 {
        client.now += day;
        let renewed = client.grant(&renew);
        assert_eq!((renewed.status, field(&renewed, "refresh_token")), (200, refresh.clone()));
        assert_ne!(field(&renewed, "access_token"), field(&granted, "access_token"));
    }
    client.now += day;
    assert_eq!(client.grant(&renew).status, 401);
}

#[test]
fn expired_revoked_unknown_and_missing_tokens_look_alike() {
    let mut client = Client::with_rows(1);
    let list = |client: &mut Client| client.get("/api/now/table/incident", &[]);
    let body = r#"{"error":{"detail":"Required to provide Auth information","message":"User is not authenticated"},"status":"failure"}"#;
    assert_eq!(list(&mut client).status, 200);

    client.instance.revoke_tokens();
    let revoked = list(&mut client);
    assert_eq!((revoked.status, revoked.bytes()), (401, body.as_bytes()));

    client.sign_in();
    client.now += 1_799_999;
    assert_eq!(list(&mut client).status, 200);
    client.now += 1;
    assert_eq!(list(&mut client).bytes(), body.as_bytes());

    for request in [
        Request::new("GET", "/api/now/table/incident"),
        Request::new("GET", "/api/now/table/incident").with_header("Authorization", "Bearer guess"),
        Request::new("GET", "/api/now/table/incident").with_header("Authorization", "Bearer"),
    ] {
        assert_eq!(client.instance.handle(&request, client.now).bytes(), body.as_bytes());
    }
}

#[test]
fn tokens_end_after_the_configured_number_of_calls() {
    let mut client = Client::with_rows(1);
    client.instance.revoke_after(2);
    let statuses: Vec<u16> = (0..4).map(|_| client.get("/api/now/table/incident", &[]).status).collect();
    assert_eq!(statuses, [200, 200, 401, 401]);
    client.sign_in();
    assert_eq!(client.get("/api/now/table/incident", &[]).status, 200);
}

#[test]
fn basic_signs_in_the_integration_user() {
    let mut client = Client::with_rows(3);
    let request = |encoded: &str| {
        Request::new("GET", "/api/now/ui/user/current_user").with_header("Authorization", &format!("Basic {encoded}"))
    };
    // practice.integration:practice-password
    let known = client.instance.handle(&request("cHJhY3RpY2UuaW50ZWdyYXRpb246cHJhY3RpY2UtcGFzc3dvcmQ="), NOON);
    assert_eq!(known.as_json()["result"]["user_name"], "practice.integration");
    assert_eq!(client.instance.handle(&request("eDp5"), NOON).status, 401);
    assert_eq!(client.instance.handle(&request("%%%"), NOON).status, 401);
}

#[test]
fn tokens_repeat_with_the_seed_and_differ_with_entropy() {
    let token = |entropy| {
        let mut client = Client::of(Settings { rows: 1, entropy, ..Settings::default() });
        field(&client.grant(GRANT), "access_token")
    };
    assert_eq!(token(0), token(0));
    assert_ne!(token(0), token(1));
}
