//! Tests of every kind of grant: its token request, its authentication, the options that it refuses.

use super::*;

fn fields(given: &[(Field, &str)]) -> Credentials {
    let mut credentials = Credentials::default();
    for (field, text) in given {
        credentials.add(*field, Secret::new((*text).to_owned()));
    }
    credentials
}

fn grant(name: &str, given: &[(Field, &str)]) -> Grant {
    Grant::open(name, fields(given)).unwrap()
}

fn instance() -> InstanceUrl {
    InstanceUrl::parse("https://x.example").unwrap()
}

fn form_of(outgoing: &Outgoing) -> &str {
    outgoing.form.as_ref().map_or("", Secret::expose)
}

fn shown(grant: &Grant, url: &str) -> (Option<String>, Option<String>) {
    let mut outgoing = grant.request(&instance(), None, 0);
    (outgoing.url, outgoing.authorization) = (url.to_owned(), None);
    let token = grant.given_token().cloned().unwrap_or_else(|| Secret::new("t".to_owned()));
    grant.present(&token, &mut outgoing);
    let header = outgoing.authorization.map(|(name, value)| format!("{name}: {}", value.expose()));
    (header, outgoing.query.map(|query| query.expose().to_owned()))
}

const CLIENT: [(Field, &str); 2] = [(Field::ClientId, "id 1"), (Field::ClientSecret, "s+cret&")];

#[test]
fn token_request_has_the_documented_parameters() {
    let client = "client_id=id%201&client_secret=s%2Bcret%26";
    let user = [(Field::Username, "u"), (Field::Password, "p w")];
    let with = |more: &[(Field, &'static str)]| [&CLIENT[..], more].concat();
    let mut code = grant("authorization_code", &with(&[(Field::RedirectUri, "https://a.example/back")]));
    code.set_single_use(Field::Code, Secret::new("c".to_owned()));
    code.set_single_use(Field::CodeVerifier, Secret::new("v".to_owned()));
    let mut jwt = grant("jwt_bearer", &with(&[(Field::Subject, "a@b"), (Field::Algorithm, "RS256")]));
    jwt.set_single_use(Field::Assertion, Secret::new("a.b.c".to_owned()));
    let rows = [
        (grant("client_credentials", &CLIENT), format!("grant_type=client_credentials&{client}")),
        (
            grant("client_credentials", &with(&[(Field::Scope, "useraccount")])),
            format!("grant_type=client_credentials&{client}&scope=useraccount"),
        ),
        (grant("password", &with(&user)), format!("grant_type=password&{client}&username=u&password=p%20w")),
        (
            code,
            format!(
                "grant_type=authorization_code&{client}&code=c&redirect_uri=https%3A%2F%2Fa.example%2Fback&code_verifier=v"
            ),
        ),
        (
            grant("refresh_token", &[(Field::ClientId, "public"), (Field::RefreshToken, "r")]),
            "grant_type=refresh_token&client_id=public&refresh_token=r".to_owned(),
        ),
        (jwt, format!("grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer&{client}&assertion=a.b.c")),
    ];
    for (grant, expected) in rows {
        let outgoing = grant.request(&instance(), None, 0);
        assert_eq!(form_of(&outgoing), expected, "{}", grant.name());
        assert_eq!(outgoing.url, "https://x.example/oauth_token.do", "the URL has no parameters");
        let renewal = grant.request(&instance(), Some(&Secret::new("r2".to_owned())), 0);
        let (start, end) = ("grant_type=refresh_token&client_id=", "refresh_token=r2");
        assert!(form_of(&renewal).starts_with(start) && form_of(&renewal).ends_with(end), "{}", grant.name());
        assert!(!form_of(&renewal).contains("password="), "a renewal carries no password");
        assert_eq!(shown(&grant, "/").0.unwrap(), "Authorization: Bearer t");
    }
}

#[test]
fn client_auth_basic_form_encodes_id_and_secret() {
    let grant = grant("client_credentials", &[&CLIENT[..], &[(Field::ClientAuth, "basic")]].concat());
    let outgoing = grant.request(&instance(), None, 0);
    assert_eq!(form_of(&outgoing), "grant_type=client_credentials");
    // base64("id%201:s%2Bcret%26")
    assert_eq!(outgoing.authorization.unwrap().1.expose(), "Basic aWQlMjAxOnMlMkJjcmV0JTI2");
}

#[test]
fn api_key_is_sent_as_header_or_query_parameter() {
    let header = grant("", &[(Field::ApiKey, "k+y")]);
    assert_eq!(shown(&header, "/a"), (Some("x-sn-apikey: k+y".to_owned()), None));
    let query = grant("", &[(Field::ApiKey, "k+y"), (Field::In, "query")]);
    assert_eq!(shown(&query, "/a"), (None, Some("?x-sn-apikey=k%2By".to_owned())));
    assert_eq!(shown(&query, "/a?b=c"), (None, Some("&x-sn-apikey=k%2By".to_owned())));
}

#[test]
fn basic_and_certificate_request_no_token() {
    let basic = grant("", &[(Field::Username, "Aladdin"), (Field::Password, "open sesame")]);
    // RFC 7617 section 2.
    assert_eq!(shown(&basic, "/").0.unwrap(), "Authorization: Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
    let certificate = grant("", &[(Field::Certificate, "true")]);
    assert_eq!(shown(&certificate, "/"), (None, None));
    for grant in [basic, certificate] {
        assert_eq!(grant.obtains(), Obtains::Never);
        assert!(!grant.is_bearer() && grant.given_token().is_some());
    }
}

#[test]
fn second_client_secret_is_sent_by_index() {
    let grant = grant("client_credentials", &[&CLIENT[..], &[(Field::ClientSecret, "new")]].concat());
    assert_eq!(grant.secret_count(), 2);
    assert!(form_of(&grant.request(&instance(), None, 1)).ends_with("client_secret=new"));
}

#[test]
fn authorization_code_is_used_once() {
    let mut grant = grant("authorization_code", &[(Field::ClientId, "x"), (Field::RedirectUri, "https://a/")]);
    assert!(!grant.is_ready(), "a user must sign in first");
    grant.set_single_use(Field::Code, Secret::new("c".to_owned()));
    assert!(grant.is_ready());
    grant.clear_single_use();
    assert!(!grant.is_ready());
}

#[test]
fn refusal_names_the_option() {
    let refused = |name: &str, given: &[(Field, &str)]| Grant::open(name, fields(given)).unwrap_err();
    assert!(refused("implicit", &CLIENT).contains("client_credentials, password, authorization_code"));
    assert!(refused("", &CLIENT).contains("auth.token, apiKey"));
    assert_eq!(
        refused("client_credentials", &CLIENT[..1]),
        "Missing option `auth.clientSecret`. Pass it for this grant"
    );
    assert_eq!(
        refused("client_credentials", &[(Field::ClientId, "x"), (Field::ClientSecret, "")]),
        "Missing option `auth.clientSecret`. Pass it for this grant"
    );
    assert_eq!(
        refused("client_credentials", &[&CLIENT[..], &[(Field::ClientAuth, "x")]].concat()),
        "Invalid option `auth.clientAuth`. Pass body or basic"
    );
    assert_eq!(
        refused("", &[(Field::ApiKey, "k"), (Field::In, "x")]),
        "Invalid option `auth.in`. Pass header or query"
    );
    assert_eq!(
        refused("", &[(Field::Token, "a\r\nX-Evil: 1")]),
        "Invalid option `auth.token`: a character that no header can hold. Remove it"
    );
    assert_eq!(refused("", &[(Field::Token, "")]), "Missing option `auth.token`. Pass it for this grant");
    assert!(
        refused("", &[(Field::Token, "t"), (Field::ClientSecret, "hush")])
            .contains("Unsupported option `auth.clientSecret` of this grant")
    );
}

#[test]
fn refusal_and_debug_output_hold_no_secret() {
    let given = [&CLIENT[..], &[(Field::Password, "hush")]].concat();
    assert!(!Grant::open("client_credentials", fields(&given)).unwrap_err().contains("hush"));
    assert!(!format!("{:?}", grant("client_credentials", &CLIENT)).contains("s+cret"));
}

#[test]
fn username_with_colon_is_refused_for_basic_only() {
    let user = [(Field::Username, "domain:user"), (Field::Password, "p")];
    let refused = Grant::open("", fields(&user)).unwrap_err();
    assert!(refused.starts_with("Invalid option `auth.username`: Basic allows no colon"), "{refused}");
    assert!(Grant::open("password", fields(&[&CLIENT[..], &user[..]].concat())).is_ok());
}
