//! What an administrator finds in the instance's own tables after something has failed: the log of refusals, the transactions,
//! and the credentials that were issued.

use crate::client::{Client, FORM, GRANT, NOON, rows, target, text};

use serde_json::{Value, json};
use sysparm_instance::Request;

const CLIENT: &str = "client_id=practice-client&client_secret=practice-secret";

/// The rows of a table by an encoded query, as the administrator sees them.
fn read(client: &mut Client, table: &str, query: &str) -> Vec<Value> {
    let path = format!("/api/now/table/{table}");
    let parameters = [("sysparm_query", query), ("sysparm_exclude_reference_link", "true")];
    rows(&client.send_as("practice.admin", Request::new("GET", &target(&path, &parameters))))
}

#[test]
fn refused_grants_leave_their_true_cause_in_the_log() {
    let mut client = Client::with_rows(1);
    for (form, cause) in [
        (format!("{GRANT}&scope=unheard"), "invalid_scope: The provided OAuth token is not valid"),
        ("grant_type=client_credentials&client_id=practice-client&client_secret=x".into(), "client_secret"),
        ("grant_type=client_credentials&client_id=x&client_secret=x".into(), "invalid_client"),
        (format!("grant_type=password&{CLIENT}&username=practice.agent&password=x"), "password is wrong"),
        (format!("grant_type=authorization_code&{CLIENT}&code=x"), "The code is not known"),
        (format!("grant_type=refresh_token&{CLIENT}&refresh_token=x"), "The refresh token is not valid"),
        (format!("grant_type=device&{CLIENT}"), "unsupported_grant_type"),
    ] {
        client.now += 1000;
        assert_eq!(client.grant(&form).status, 401, "{form}");
        let logged = read(&mut client, "syslog", "source=com.glide.ui.ServletErrorListener^ORDERBYDESCsys_created_on");
        let message = text(&logged[0], "message");
        assert!(message.starts_with("Exception on token flow - ") && message.contains(cause), "{form}: {message}");
        assert_eq!(text(&logged[0], "level"), "2");
    }
}

#[test]
fn logs_contain_no_secret() {
    let mut client = Client::with_rows(1);
    client.grant(
        "grant_type=password&client_id=practice-client&client_secret=hush-1&username=practice.agent&password=hush-2",
    );
    let asked = Request::new("GET", "/api/now/table/incident?access_token=hush-3&x-sn-apikey=hush-4");
    client.instance.handle(&asked, client.now);
    let revoked = Request::new("GET", "/oauth_revoke_token.do?token=hush-5");
    client.instance.handle(&revoked, client.now);
    let logged = [read(&mut client, "syslog", ""), read(&mut client, "syslog_transaction", "")];
    let logs = json!(logged).to_string();
    assert!(logs.contains("oauth_revoke_token.do") && logs.contains("Exception on token flow"));
    assert!(!logs.contains("hush"), "{logs}");
}

#[test]
fn transaction_records_user_url_address_and_status() {
    let mut client = Client::with_rows(1);
    let call = Request::new("GET", "/api/now/table/incident?sysparm_limit=1")
        .with_header("User-Agent", "Mozilla/5.0 (test)")
        .with_header("X-Forwarded-For", "203.0.113.7, 10.0.0.1")
        .with_header("Origin", "https://far.example");
    client.send(call);
    client.instance.handle(&Request::new("GET", "/api/now/table/incident"), client.now);
    client.instance.handle(&Request::new("POST", "/oauth_token.do").with_body(FORM, "grant_type=x"), client.now);
    let page = read(&mut client, "syslog_transaction", "user_agentSTARTSWITHMozilla");
    assert_eq!(page.len(), 1);
    let field_of = |field: &str| text(&page[0], field);
    assert_eq!(field_of("url"), "/api/now/table/incident?sysparm_limit=1");
    assert_eq!((field_of("http_response_code"), field_of("type")), ("200".into(), "rest".into()), "CORS shows as 200");
    assert_eq!(
        (field_of("remote_ip"), field_of("sys_created_by")),
        ("203.0.113.7".into(), "practice.integration".into())
    );
    assert_eq!(field_of("sys_created_on"), "2026-03-01 12:00:00");
    let refused = read(&mut client, "syslog_transaction", "http_response_code=401^ORDERBYurl");
    let urls: Vec<String> = refused.iter().map(|row| text(row, "url")).collect();
    assert_eq!(urls, ["/api/now/table/incident", "/oauth_token.do"]);
    assert_eq!(text(&refused[0], "sys_created_by"), "guest");
    assert_eq!(client.get("/api/now/table/syslog_transaction", &[]).status, 403, "for administrators");
}

#[test]
fn transactions_keep_the_last_five_thousand() {
    let mut client = Client::with_rows(1);
    for number in 0..5500 {
        client.instance.handle(&Request::new("GET", &format!("/stats.do?number={number}")), NOON + number);
    }
    let found = read(&mut client, "syslog_transaction", "urlSTARTSWITH/stats.do");
    assert_eq!(found.len(), 5000);
    assert!(!found.iter().any(|row| text(row, "url").ends_with("number=499")));
    client.instance.handle(&Request::new("GET", "/stats.do?number=last"), NOON);
    let found = read(&mut client, "syslog_transaction", "");
    assert_eq!(found.len(), 5000, "and the second look replaces the first");
    assert!(found.iter().any(|row| text(row, "url").ends_with("number=last")));
}

#[test]
fn credential_rows_show_the_user_and_expiry_of_a_token() {
    let mut client = Client::with_rows(1);
    let entity = text(&client.record("oauth_entity", "client_id", "practice-client"), "sys_id");
    let user = text(&client.record("sys_user", "user_name", "practice.integration"), "sys_id");
    let found = read(&mut client, "oauth_credential", "type=access_token");
    assert_eq!((text(&found[0], "peer"), text(&found[0], "user")), (entity, user));
    assert_eq!(text(&found[0], "token"), "{encrypted}");
    client.now += 3_600_000;
    let found = read(&mut client, "oauth_credential", "type=access_token^expires<2026-03-01 13:00:00");
    assert_eq!(found.len(), 1, "an expired one is still there to be found");

    let change =
        Request::new("POST", "/__practice/switches").with_body("application/json", r#"{"release":"vancouver"}"#);
    client.instance.handle(&change, client.now);
    client.sign_in();
    let guests = read(&mut client, "oauth_credential", "user.user_name=guest");
    assert_eq!(guests.len(), 1, "the cause of a token that no API accepts");
}
