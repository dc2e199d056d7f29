//! The client and `classify()` give the same diagnosis for the same exchanges: every row of the catalogue both ways.

use std::collections::BTreeSet;

use super::super::scripted_grants::{authorization_code, grant, password, secret};
use super::super::scripted_host::{World, client_credentials, renewable_token, rows, token};
use super::super::{ClientSettings, Input, Request};
use crate::auth::{Field, Grant, GrantType};
use crate::diagnose::{Diagnosis, classify_observed, rows_of_failures};
use crate::request::{Body, Expect, Headers, InstanceUrl, Method, Reply};
use crate::time::Millis;

const LIST: &str = "/api/now/table/incident";
const RECORD: &str = "/api/now/table/incident/0123456789abcdef0123456789abcdef";
const UPLOAD: &str = "/api/now/attachment/file?table_name=incident";
const ORDER: &str = "/api/sn_sc/servicecatalog/items/0123456789abcdef0123456789abcdef/order_now";
const DENIED: &str = r#"{"error_description":"access_denied","error":"server_error"}"#;
const NOBODY: &str =
    r#"{"error":{"message":"User is not authenticated","detail":"Required to provide Auth information"}}"#;

fn reply(status: u16, headers: &str, text: &str) -> Input {
    Input::Reply(Reply { status, headers: Headers::from_lines(headers), body: Body::Text(text.to_owned()) })
}

fn refresh_token() -> Grant {
    grant("refresh_token", &[(Field::ClientId, "id"), (Field::RefreshToken, "r")])
}

fn jwt() -> Grant {
    let fields =
        [(Field::ClientId, "id"), (Field::Subject, "u"), (Field::Algorithm, "RS256"), (Field::ClientSecret, "hush")];
    grant("jwt_bearer", &fields)
}

fn scoped() -> Grant {
    let fields = [(Field::ClientId, "id"), (Field::ClientSecret, "hush"), (Field::Scope, "useraccount")];
    grant("client_credentials", &fields)
}

fn basic() -> Grant {
    grant("", &[(Field::Username, "u"), (Field::Password, "hush")])
}

fn api_key() -> Grant {
    grant("", &[(Field::ApiKey, "hush")])
}

fn certificate() -> Grant {
    grant("", &[(Field::Certificate, "true")])
}

fn supplied() -> Grant {
    grant("", &[(Field::Token, "hush")])
}

fn foreign() -> Grant {
    grant("", &[(Field::Token, "eyJhbGciOiJub25lIn0.e30.hush")])
}

/// Consecutive calls: the last thrown error, and the same exchanges for `classify()`.
struct Both {
    world: World,
}

impl Both {
    fn of(grant: Grant, answers: Vec<Input>) -> Self {
        let mut settings = ClientSettings::new(InstanceUrl::parse("https://x.example").unwrap(), grant);
        settings.pace.interactive.attempts = 1;
        settings.limits.call = Millis::from_seconds(400);
        Self { world: World::opened(settings, answers) }
    }

    fn call(&mut self, method: Method, path: &str, repeatable: bool) {
        let request = Request { method, path: path.to_owned(), expect: Expect::Rows, repeatable };
        self.world.client.start(request, self.world.now);
        self.world.run();
    }

    fn thrown(&self) -> Diagnosis {
        let Some((_, outcome)) = self.world.finished.last() else { panic!("unfinished: {:?}", self.world.trace) };
        outcome.as_ref().expect_err("it has failed").diagnosis.clone()
    }

    /// The key of the row, if both give the same one.
    fn agreed(&self) -> u16 {
        let thrown = self.thrown();
        let mut earlier: Vec<_> = self.world.exchanges.iter().map(|(_, exchange)| exchange.clone()).collect();
        let mut last = earlier.pop().expect("something was sent");
        last.duration = Some(self.world.now.less(last.at));
        let classified = classify_observed(&last, &earlier);
        let shown = self.world.client.status().last_diagnosis.expect("status() shows it");
        let parts = |of: &Diagnosis| (of.code, of.kind, of.title, of.retry, of.causes.to_vec());
        assert_eq!(parts(&thrown), parts(&classified), "{:?}", thrown.evidence);
        assert_eq!(parts(&thrown), parts(&shown));
        thrown.key
    }
}

/// One request with a new token, and its reply.
fn answered(method: Method, path: &str, status: u16, headers: &str, text: &str) -> u16 {
    let mut both = Both::of(client_credentials(), vec![token("one", 1799), reply(status, headers, text)]);
    // A repeatable request is first sent again with another token.
    both.call(method, path, status != 401);
    both.agreed()
}

/// A token request, and its reply.
fn asked(grant: Grant, status: u16, headers: &str, text: &str) -> u16 {
    let mut both = Both::of(grant, vec![reply(status, headers, text)]);
    both.call(Method::Get, LIST, true);
    both.agreed()
}

/// A successful read, and another one with this reply.
fn after_success(grant: Grant, token: Option<Input>, path: &str, repeatable: bool, answer: Input) -> u16 {
    let answers = token.into_iter().chain([rows(1), answer]).collect();
    let mut both = Both::of(grant, answers);
    both.call(Method::Get, LIST, true);
    both.world.pass(20);
    both.call(Method::Get, path, repeatable);
    both.agreed()
}

fn says(message: &str) -> String {
    format!(r#"{{"error":{{"message":"{message}","detail":null}},"status":"failure"}}"#)
}

fn of_replies() -> Vec<u16> {
    let html = "content-type: text/html";
    let get = |status, headers: &str, text: &str| answered(Method::Get, LIST, status, headers, text);
    let post = |status, headers: &str, text: &str| answered(Method::Post, LIST, status, headers, text);
    let denied = |what: &str| says(&format!("ACL Exception {what} Failed due to security constraints"));
    let half = r#"{"serviced_requests":[{"id":"1","status_code":201}],"unserviced_requests":["2"]}"#;
    let cut =
        r#"{"result":[{"number":"INC1"},"error":{"message":"Transaction cancelled: maximum execution time exceeded","#;
    vec![
        get(401, "x-mfa_token: invalid", NOBODY),
        get(401, html, "<html>"),
        get(409, "", &says("The record is locked")),
        get(409, "", ""),
        get(425, "", ""),
        get(501, "", ""),
        post(500, "", ""),
        post(200, "", cut),
        get(500, "", &says("Transaction cancelled: maximum execution time exceeded")),
        get(200, "content-type: application/json", cut),
        get(200, "content-type: application/json", r#"{"result":[],"error":{"message":"No such script"}}"#),
        get(200, "content-type: text/plain", "OK"),
        get(302, "location: /logout_success.do", ""),
        get(301, "location: https://other.example/x?code=hush", ""),
        get(503, html, "<html>hibernating"),
        get(407, "", ""),
        get(403, html, "<html>"),
        get(503, "", ""),
        get(429, "x-ratelimit-limit: 100\nx-ratelimit-rule: r\nretry-after: 3600", ""),
        get(429, "", ""),
        get(202, "", ""),
        post(202, "", "{}"),
        get(200, html, "<html>Log in"),
        post(201, "content-type: application/json", r#"{"result":{"#),
        get(403, "", &says("Field(s) present in the query do not have permission to be read")),
        get(403, "", &says("Missing required api access scope")),
        get(403, "", &says("Access to unscoped api is not allowed")),
        get(403, "", &says("Failed API level ACL Validation")),
        get(403, "", &says("No permission to read table 'incident'")),
        get(403, "", &says("refused by the web service policy validator")),
        post(403, "", &says("was aborted by Business Rule 'x^1'")),
        post(403, "", &says("Data Policy Exception: The following fields are mandatory: X")),
        post(403, "", &denied("Insert")),
        answered(Method::Patch, RECORD, 403, "", &denied("Update")),
        get(403, "", &says("Operation against file 'incident' was denied due to table security.")),
        post(403, "", "{}"),
        answered(Method::Get, &[LIST, "?sysparm_query=a=b"].concat(), 403, "", &says("Droits insuffisants")),
        get(403, "", "{}"),
        answered(Method::Get, RECORD, 404, "", &says("No Record found")),
        answered(Method::Get, RECORD, 404, "", r#"{"detail":"Not Found"}"#),
        answered(Method::Get, "/api/now/table/incident/INC0010001", 404, "", &says("No Record found")),
        answered(Method::Get, "/api/now/v1/table/incident", 404, "", &says("Records matching query not found")),
        answered(Method::Get, "/api/x/y", 404, "", &says("x")),
        get(400, "", &says("something")),
        get(405, "", ""),
        answered(Method::Post, "/api/now/v1/batch", 200, "content-type: application/json", half),
        get(400, "", &says("Invalid table incident")),
        get(400, "", &says("Requested URI does not represent any resource")),
        get(404, "", r#"{"detail":"Not Found"}"#),
        get(413, "", ""),
        get(414, "", ""),
        get(400, "", &says("Exception while reading request")),
        get(400, "", &says("Invalid value for sysparm_limit")),
        get(406, "", ""),
        get(415, "", ""),
        get(408, "", ""),
        get(500, "", &says("oops")),
        get(200, "content-type: application/json", r#"{"result":[{"#),
        get(200, "content-type: application/json", "OK"),
        get(200, "content-type: application/json", "{}"),
        get(200, "content-type: application/json", r#"{"result":{"number":"N1"}}"#),
        get(200, "content-type: application/xml", "<response><result><number>N1</number></result></response>"),
        get(418, "", ""),
        get(204, "content-type: text/html", ""),
        get(500, "", &says("x Check logs for error trace or enable glide.rest.debug property")),
        post(500, "", &says("org.mozilla.javascript.EcmaError: x is not defined")),
        get(403, "", &says("Cross-scope access is denied")),
        answered(Method::Post, UPLOAD, 403, "", &says("File type is not allowed")),
        answered(Method::Post, UPLOAD, 403, "", &says("no")),
        answered(Method::Post, UPLOAD, 413, "", ""),
        answered(Method::Post, ORDER, 400, "", &says("Invalid Quantity value")),
        answered(Method::Post, ORDER, 400, "", &says("Security constraints prevent ordering of Item")),
        answered(Method::Post, ORDER, 400, "", &says("Mandatory Variables are required")),
        answered(Method::Post, ORDER, 404, "", &says("Invalid Request")),
        answered(Method::Post, "/api/sn_sc/servicecatalog/cart/checkout", 400, "", &says("empty")),
    ]
}

fn of_token_requests() -> Vec<u16> {
    let late = "date: 1700000100";
    let mut keys = vec![
        asked(client_credentials(), 401, "", r#"{"error":"unsupported_grant_type"}"#),
        asked(client_credentials(), 401, "", r#"{"error":"unauthorized_client"}"#),
        asked(client_credentials(), 200, "", r#"{"error":"invalid_client"}"#),
        asked(scoped(), 401, "", r#"{"error":"invalid_scope"}"#),
        asked(jwt(), 401, "", r#"{"error":"invalid_grant","error_description":"User not found"}"#),
        asked(
            jwt(),
            401,
            "",
            r#"{"error":"invalid_grant","error_description":"Grant access token to admin is not allowed"}"#,
        ),
        asked(refresh_token(), 401, "", DENIED),
        asked(jwt(), 401, late, DENIED),
        asked(jwt(), 401, "", DENIED),
        asked(password(), 401, "", DENIED),
        asked(client_credentials(), 401, "", DENIED),
        asked(client_credentials(), 500, "", ""),
        asked(client_credentials(), 200, "content-type: application/json", "{}"),
    ];
    let mut code = Both::of(authorization_code(), vec![reply(401, "", DENIED)]);
    code.world.client.start_code(secret("code"), secret("verifier"), code.world.now);
    code.world.run();
    keys.push(code.agreed());
    for (grant, refresh) in [(client_credentials(), None), (scoped(), None), (password(), Some("r"))] {
        let refused = (0..20).map(|_| reply(401, "", DENIED));
        let answers = [renewable_token("one", 1, refresh), rows(1)].into_iter().chain(refused).collect();
        let mut again = Both::of(grant, answers);
        again.call(Method::Get, LIST, true);
        again.world.pass(20);
        again.call(Method::Get, LIST, true);
        keys.push(again.agreed());
    }
    let mut lost = Both::of(client_credentials(), vec![Input::Unreachable]);
    lost.call(Method::Get, LIST, true);
    keys.push(lost.agreed());
    keys
}

fn of_credentials() -> Vec<u16> {
    let refused = || reply(401, "", NOBODY);
    let shown = |grant, text: &str| {
        let mut both = Both::of(grant, vec![reply(401, "", text)]);
        both.call(Method::Get, LIST, true);
        both.agreed()
    };
    let other = says("User Not Authenticated");
    let mut keys = vec![
        shown(supplied(), NOBODY),
        shown(foreign(), NOBODY),
        after_success(foreign(), None, LIST, false, refused()),
        shown(api_key(), NOBODY),
        shown(basic(), NOBODY),
        shown(basic(), &other),
        shown(certificate(), NOBODY),
        after_success(api_key(), None, "/api/now/attachment/x", true, refused()),
        after_success(client_credentials(), Some(token("one", 1799)), LIST, false, refused()),
        after_success(client_credentials(), Some(token("one", 1799)), "/api/now/stats/incident", false, refused()),
    ];
    let mut renewed =
        Both::of(client_credentials(), vec![token("one", 1799), refused(), token("two", 1799), refused()]);
    renewed.call(Method::Get, LIST, true);
    keys.push(renewed.agreed());
    let mut once = Both::of(client_credentials(), vec![token("one", 1799), refused()]);
    once.call(Method::Post, LIST, false);
    keys.push(once.agreed());
    keys
}

fn of_silence() -> Vec<u16> {
    let mut keys = vec![];
    for (method, seconds) in [(Method::Get, 1), (Method::Get, 300), (Method::Get, 0), (Method::Post, 1)] {
        let mut both = Both::of(client_credentials(), vec![token("one", 1799)]);
        both.call(method, LIST, true);
        both.world.pass(if seconds == 0 { 400 } else { seconds });
        if seconds > 0 {
            both.world.late_answer(0, Input::Unreachable);
        }
        keys.push(both.agreed());
    }
    keys
}

/// Rows that no exchange of the client can show, with the reason.
const NOT_THE_CLIENTS: &[(&str, &str)] = &[
    ("The token source that this instance was opened with gave no token", "nothing is sent"),
    ("The assertion could not be signed with the key that this instance was opened with", "nothing is sent"),
    ("A write may have been sent, and the browser keeps its answer from this page", A_PAGE),
    ("A page that came by https may not call an http address", A_PAGE),
    ("The instance answers, and the browser keeps the token endpoint's reply from this page", A_PAGE),
    ("The instance answers, and the browser keeps the reply from this page", A_PAGE),
    ("Nothing answers at the instance's address, not even what every page may ask for", A_PAGE),
    ("The sign-in page asks for a state parameter", "a person's browser asks for the page"),
    ("The sign-in ends at an address of the application registry record, not of this request", "so does this"),
    ("The user may not use this REST API at all, in a session that a cookie continues", NO_COOKIES),
    ("The session is alive, and its X-UserToken is missing or stale", NO_COOKIES),
    ("The API asks for credentials and does not accept those of this request", NO_COOKIES),
    ("The instance refuses to issue a token to a request that carries cookies", NO_COOKIES),
    ("The instance refuses to issue a token to a request that is no POST", "the client posts a form"),
    ("The instance refuses to issue a token: the request is not the form that the endpoint reads", "as above"),
    ("The instance refuses to issue a token to a request with parameters in its address", "as above"),
    (
        "The instance took the batch and did not serve the request in it",
        "a read too long for an address goes as a Batch, and classify() sees the Batch",
    ),
    (
        "A write may have been sent, and no answer came: it may have happened",
        "another row of this title is the client's",
    ),
    ("The instance refuses to issue a token", "every grant has a row of its own"),
    ("The token's life is over", "the client renews a token before it sends it"),
];
const A_PAGE: &str = "a page's own look at the instance, which the glue takes after the failure";
const NO_COOKIES: &str = "the client sends no cookies";

#[test]
fn every_grant_is_found_by_both_of_its_names() {
    for grant in GrantType::ALL {
        assert_eq!(GrantType::parse(grant.as_parameter()), Some(*grant));
        assert_eq!(GrantType::named(grant.name()), Some(*grant));
    }
}

#[test]
fn every_grant_is_declared_and_documented() {
    for (file, text) in [
        ("index.d.ts", include_str!("../../../www/glue/index.d.ts")),
        ("doctor.d.ts", include_str!("../../../www/glue/doctor.d.ts")),
        ("docs/calls.md", include_str!("../../../www/glue/docs/calls.md")),
    ] {
        for name in GrantType::ALL.iter().map(|grant| grant.name()) {
            assert!(text.contains(&format!("grant: \"{name}\"")), "www/glue/{file}: {name}");
        }
    }
}

#[test]
fn thrown_diagnosis_matches_classify_for_every_row() {
    let agreed: BTreeSet<u16> =
        [of_replies(), of_token_requests(), of_credentials(), of_silence()].into_iter().flatten().collect();
    let elsewhere = |title: &str| NOT_THE_CLIENTS.iter().any(|(other, _)| *other == title);
    let missing: Vec<&str> = rows_of_failures()
        .filter(|(key, title)| !agreed.contains(key) && !elsewhere(title))
        .map(|(_, title)| title)
        .collect();
    assert!(missing.is_empty(), "no exchange shows {missing:#?}");
}

#[test]
fn refusal_after_a_success_is_labelled_in_both() {
    let text = says("Operation against file 'incident' was denied due to table security.");
    for (pause, of_the_moment) in [(3, true), (11, false)] {
        let answers = vec![token("one", 1799), rows(1), reply(403, "", &text)];
        let mut both = Both::of(client_credentials(), answers);
        both.call(Method::Get, LIST, true);
        both.world.pass(pause);
        both.call(Method::Get, "/api/now/table/problem", true);
        both.agreed();
        let labelled = both.thrown().evidence.iter().any(|line| line.contains("accepted a moment before"));
        assert_eq!(labelled, of_the_moment);
    }
}

#[test]
fn refusal_that_lasts_is_labelled_once_in_both() {
    let denied = || reply(403, "", &says("Operation against file 'incident' was denied due to table security."));
    let answers = vec![token("one", 1799), rows(1), denied(), rows(1), denied(), rows(1), denied(), rows(1), denied()];
    let mut both = Both::of(client_credentials(), answers);
    for (table, pause, of_the_moment) in
        [("problem", 3, true), ("problem", 13, false), ("change_request", 13, true), ("problem", 301, true)]
    {
        both.world.pass(pause);
        both.call(Method::Get, LIST, true);
        both.call(Method::Get, &format!("/api/now/table/{table}?sysparm_limit={pause}"), true);
        both.agreed();
        let labelled = both.thrown().evidence.iter().any(|line| line.contains("accepted a moment before"));
        assert_eq!(labelled, of_the_moment, "{table} after {pause} s");
    }
}
