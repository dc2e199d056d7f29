//! Options that work, and what is said of those that do not.

use super::*;

fn credentials() -> Options {
    Options {
        url: "https://x.example".to_owned(),
        grant: Some("client_credentials".to_owned()),
        client_id: Some("id".to_owned()),
        client_secret: Some(Secret::new("hush".to_owned())),
        ..Options::default()
    }
}

fn supplied(token: &str) -> Options {
    Options { url: "https://x.example".to_owned(), token: Some(Secret::new(token.to_owned())), ..Options::default() }
}

fn refused(options: Options) -> String {
    options.check().map(|_| ()).unwrap_err().message()
}

#[test]
fn client_credentials_go_into_the_form_unless_told_otherwise() {
    let settings = credentials().check().unwrap();
    let Grant::ClientCredentials(grant) = settings.grant else { panic!("another grant") };
    assert_eq!(grant.client_authentication, ClientAuthentication::Body);
    assert_eq!(settings.limits, Limits::default());
}

#[test]
fn options_that_cannot_work_are_refused_with_the_name_of_the_option() {
    assert!(refused(Options { url: "x".to_owned(), ..credentials() }).contains("must begin with https://"));
    assert!(refused(Options { client_id: None, ..credentials() }).contains("clientId is missing"));
    assert!(
        refused(Options { client_secret: Some(Secret::new(String::new())), ..credentials() })
            .contains("clientSecret is missing")
    );
    assert!(refused(Options { client_auth: Some("x".to_owned()), ..credentials() }).contains("clientAuth"));
    assert!(refused(Options { grant: Some("implicit".to_owned()), ..credentials() }).contains("client_credentials"));
    assert!(refused(Options { grant: None, ..credentials() }).contains("client_credentials"));
    assert!(refused(supplied("a\r\nX-Evil: 1")).contains("no header can carry"));
    assert!(refused(supplied("")).contains("no header can carry"));
    assert!(refused(Options { token_source: true, ..supplied("t") }).contains("or { token }"));
    for length in [0.0, -1.0, f64::NAN, 3_600_001.0, f64::INFINITY] {
        assert!(refused(Options { call_ms: Some(length), ..credentials() }).contains("3,600,000"), "{length}");
    }
}

#[test]
fn a_secret_is_not_repeated_in_a_refusal_or_a_print() {
    assert!(!refused(Options { grant: Some("password".to_owned()), ..credentials() }).contains("hush"));
    assert!(!format!("{:?}", credentials()).contains("hush"));
}
