//! ConnectOptions that work, and what is said of those that do not.

use super::*;

type Texts<'a> = &'a [(&'a str, &'a str)];

const CREDENTIALS: Texts<'_> = &[
    ("url", "https://x.example"),
    ("auth.grant", "client_credentials"),
    ("auth.clientId", "id"),
    ("auth.clientSecret", "hush"),
];

fn options(texts: Texts<'_>) -> ConnectOptions {
    let mut options = ConnectOptions::default();
    for (name, text) in texts {
        options.add(name, Secret::new((*text).to_owned()));
    }
    options
}

fn with(more: Texts<'_>) -> ConnectOptions {
    options(&[CREDENTIALS, more].concat())
}

fn refused(options: ConnectOptions) -> (&'static str, String) {
    let failure = options.check(0).map(|_| ()).unwrap_err();
    (failure.diagnosis.code.as_str(), failure.message())
}

#[test]
fn omitted_options_have_defaults() {
    let settings = with(&[]).check(7).unwrap();
    assert_eq!((settings.limits, settings.seed, settings.stored), (TimeLimits::default(), 7, false));
    assert_eq!(settings.key(), "sysparm https://x.example client_credentials id   ");
}

#[test]
fn store_is_used_for_requested_tokens_only() {
    assert!(with(&[("store", "true")]).check(0).unwrap().stored);
    let brought = options(&[("url", "https://x.example"), ("auth.token", "t"), ("store", "true")]);
    assert!(!brought.check(0).unwrap().stored);
}

#[test]
fn store_key_differs_for_other_credentials() {
    let key = |more: Texts<'_>| with(more).check(0).unwrap().key();
    assert_ne!(key(&[]), key(&[("auth.scope", "a b")]));
    assert!(!key(&[]).contains("hush"));
}

#[test]
fn refusal_names_the_invalid_option() {
    let (code, message) = refused(options(&[("url", " ")]));
    assert!(code == "options.url" && message.contains("`url`: no address. Pass one like"), "{message}");
    let (code, message) = refused(options(&[("url", "https://x.example")]));
    assert!(code == "options.auth" && message.starts_with("Missing option `auth.grant`. "), "{message}");
    let (code, message) = refused(options(&[("url", "x")]));
    assert!(code == "options.url" && message.contains("must begin with https://"), "{message}");
    let (code, message) = refused(options(&CREDENTIALS[..3]));
    assert!(code == "options.auth" && message.contains("Missing option `auth.clientSecret`. "), "{message}");
    let (code, message) = refused(with(&[("auth.colour", "red")]));
    assert!(
        code == "options.unknown" && message == "Unknown option `auth.colour`. Remove it or correct its name.",
        "{message}"
    );
    assert_eq!(refused(with(&[("timeLimits.callMs", "1")])).0, "options.type");
    let (code, message) = refused(with(&[("#auth.clientId", "1")]));
    assert!(code == "options.type" && message == "Invalid option `auth.clientId`. Pass a string.", "{message}");
    let (code, message) = refused(with(&[("auth.grant", "implicit")]));
    assert!(
        code == "options.auth" && message.contains("Invalid option `auth.grant`. Pass one of client_credentials, "),
        "{message}"
    );
    let (code, message) = refused(with(&[("auth.clientSecret", "new"), ("auth.clientSecret", "newest")]));
    assert!(
        code == "options.auth" && message.contains("Invalid option `auth.clientSecret`: more than two"),
        "{message}"
    );
    assert_eq!(refused(with(&[("#colour", "1")])).0, "options.unknown");
    for length in ["0", "-1", "", "3600001", "1e21", "9007199254740991"] {
        let (code, message) = refused(with(&[("#timeLimits.callMs", length)]));
        assert_eq!(code, "options.time-limits", "{length}");
        let expected = format!("Invalid option `timeLimits.callMs`: {length}. Pass a number from 1 to 3600000.");
        assert_eq!(message, expected);
    }
}

#[test]
fn refusal_and_debug_output_hold_no_secret() {
    assert!(!refused(with(&[("auth.password", "hush")])).1.contains("hush"));
    assert!(!format!("{:?}", with(&[])).contains("hush"));
}

#[test]
fn options_are_parsed_from_one_text() {
    let text = CREDENTIALS.iter().fold(String::new(), |text, (name, value)| text + name + "\0" + value + "\0");
    let text = text + "auth.scope\0\0#auth.expires.clientSecret\0" + "1800000000000\0";
    let settings = ConnectOptions::from_text(&Secret::new(text)).check(0).unwrap();
    assert_eq!(settings.grant.name(), "client_credentials");
    assert_eq!(
        (settings.expiring[0].name.as_str(), settings.expiring[0].at),
        ("clientSecret", Millis(1_800_000_000_000))
    );
}
