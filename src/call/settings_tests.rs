//! Options that work, and what is said of those that do not.

use super::*;

fn checked(options: &str) -> Result<Settings, String> {
    let options: Options = serde_json::from_str(options).map_err(|error| error.to_string())?;
    options.check().map_err(|failure| failure.message())
}

#[test]
fn client_credentials_go_into_the_form_unless_told_otherwise() {
    let settings = checked(
        r#"{"url":"https://x.example","auth":{"grant":"client_credentials","clientId":"id","clientSecret":"secret"}}"#,
    )
    .unwrap();
    let Grant::ClientCredentials(grant) = settings.grant else { panic!("another grant") };
    assert_eq!(grant.client_authentication, ClientAuthentication::Body);
    assert_eq!(settings.limits, Limits::default());
}

#[test]
fn options_that_cannot_work_are_refused_with_the_name_of_the_option() {
    let refused = |options: &str| checked(options).unwrap_err();
    let auth = |auth: &str| refused(&format!(r#"{{"url":"https://x.example","auth":{auth}}}"#));
    assert!(refused(r#"{"url":"x","auth":{"token":"t"}}"#).contains("must begin with https://"));
    assert!(refused(r#"{"url":"https://x.example","auth":{"token":"t"},"colour":1}"#).contains("colour"));
    assert!(auth(r#"{"grant":"client_credentials","clientSecret":"s"}"#).contains("clientId is missing"));
    assert!(auth(r#"{"grant":"client_credentials","clientId":"i","clientSecret":""}"#).contains("clientSecret is missing"));
    assert!(auth(r#"{"grant":"client_credentials","clientId":"i","clientSecret":"s","clientAuth":"x"}"#).contains("clientAuth"));
    assert!(auth(r#"{"grant":"implicit"}"#).contains("client_credentials"));
    assert!(auth(r#"{}"#).contains("client_credentials"));
    assert!(auth(r#"{"token":"a\r\nX-Evil: 1"}"#).contains("no header can carry"));
    assert!(refused(r#"{"url":"https://x.example","auth":{"token":"t"},"timeLimits":{"callMs":0}}"#).contains("3,600,000"));
}

#[test]
fn a_secret_is_not_repeated_in_a_refusal() {
    let options = r#"{"url":"https://x.example","auth":{"grant":"password","clientId":"i","clientSecret":"hush"}}"#;
    assert!(!checked(options).unwrap_err().contains("hush"));
}
