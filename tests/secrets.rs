//! No secret is in anything that a client tells, when the other side repeats what it was sent: every grant against every form of an echo.

#![allow(clippy::panic, clippy::unwrap_used, reason = "a test may stop where it stands")]

use sysparm::auth::{Credentials, Field, Grant, GrantType};
use sysparm::call::{Client, ClientSettings, Completion, Effect, EffectId, Input, Request};
use sysparm::request::{Body, Expect, Headers, InstanceUrl, Method, Outgoing, Reply};
use sysparm::secret::Secret;
use sysparm::time::Millis;
use sysparm_instance::{EchoForm, Fault, FaultKind, Instance};

const ORIGIN: &str = "https://practice.example";
const NOW: u64 = 1_772_366_400_000;

/// With characters that each encoding writes differently.
const CLIENT_SECRET: &str = "Cl1ent+se/cr&t <one>";
const PASSWORD: &str = "p4ss w\"rd=0f%41th3 us3r";
const REFRESH: &str = "r3fr3sh-0123_456789/abc";
const ACCESS: &str = "access.0123-456789_xyz~";
const API_KEY: &str = "now_Apik3y-0123456789";
const CODE: &str = "c0de/0f/th3+s1gn-1n";
const VERIFIER: &str = "v3r1f13r-43-ch4r4ct3rs";
const SIGNATURE: &str = "s1gn4tur3-0f-th3-k3y";
const SHORT: &str = "p4s&5";

const FORMS: [EchoForm; 9] = [
    EchoForm::Envelope,
    EchoForm::Oauth,
    EchoForm::Percent,
    EchoForm::Unicode,
    EchoForm::Page,
    EchoForm::Entities,
    EchoForm::Xml,
    EchoForm::Cut,
    EchoForm::Redirect,
];

type Way = (&'static str, &'static [(Field, &'static str)]);

const CLIENT: (Field, &str) = (Field::ClientId, "the-client");
const SECRET: (Field, &str) = (Field::ClientSecret, CLIENT_SECRET);

const WAYS: [Way; 12] = [
    ("client_credentials", &[CLIENT, SECRET]),
    ("client_credentials", &[CLIENT, SECRET, (Field::ClientAuth, "basic")]),
    ("password", &[CLIENT, SECRET, (Field::Username, "u"), (Field::Password, PASSWORD)]),
    ("password", &[CLIENT, SECRET, (Field::Username, "u"), (Field::Password, SHORT)]),
    ("authorization_code", &[CLIENT, SECRET, (Field::RedirectUri, "https://app.example/back")]),
    ("refresh_token", &[CLIENT, (Field::RefreshToken, REFRESH)]),
    ("jwt_bearer", &[CLIENT, SECRET, (Field::Subject, "u"), (Field::Algorithm, "ES256")]),
    ("", &[(Field::ApiKey, API_KEY)]),
    ("", &[(Field::ApiKey, API_KEY), (Field::In, "query")]),
    ("", &[(Field::Username, "u"), (Field::Password, PASSWORD)]),
    ("", &[(Field::Token, ACCESS)]),
    ("", &[(Field::TokenSource, "true")]),
];

struct World<'a> {
    client: Client,
    instance: &'a mut Instance,
    /// Whether the token endpoint grants, so that it is the call that is echoed.
    grants: bool,
    reported: String,
    assertion: String,
}

impl<'a> World<'a> {
    fn open(instance: &'a mut Instance, (grant, fields): &Way, grants: bool, form: EchoForm, status: u16) -> Self {
        let mut credentials = Credentials::default();
        for (field, text) in *fields {
            credentials.add(*field, Secret::new((*text).to_owned()));
        }
        let grant = Grant::open(grant, credentials).unwrap();
        let mut settings = ClientSettings::new(InstanceUrl::parse(ORIGIN).unwrap(), grant);
        (settings.pace.interactive.attempts, settings.pace.breaker) = (1, false);
        let kind = FaultKind::Echo { status, form };
        instance.switches_mut().faults = vec![Fault { path: None, probability: 1.0, after: 0, count: None, kind }];
        Self { client: Client::new(settings), instance, grants, reported: String::new(), assertion: String::new() }
    }

    fn run(&mut self) {
        while let Some(effect) = self.client.poll(Millis(NOW)) {
            match effect {
                Effect::Fetch { id, outgoing, .. } => self.fetch(id, &outgoing),
                Effect::AskSource { id, .. } => {
                    let input = Input::Supplied { token: Secret::new(ACCESS.to_owned()), expires_at: None };
                    self.client.resume(id, input, Millis(NOW));
                }
                Effect::Sign { id, text } => {
                    self.assertion = text;
                    self.client.resume(id, Input::Signed(SIGNATURE.to_owned()), Millis(NOW));
                }
                Effect::Emit(event) => self.reported += &format!("{event:?} {}", event.to_json()),
                Effect::Finish { outcome: Err(failure), .. } => {
                    self.reported += &format!("{failure} {failure:?} {}", failure.to_json());
                }
                Effect::Finish { outcome: Ok(Completion::Reply), .. } => panic!("an echo is no answer"),
                _ => {}
            }
        }
        self.reported += &self.client.status().to_json();
    }

    fn fetch(&mut self, id: EffectId, outgoing: &Outgoing) {
        let reply = if self.grants && outgoing.expect == Expect::Token {
            let body = Body::Token {
                access_token: Secret::new(ACCESS.to_owned()),
                expires_in: Some(Millis::from_seconds(1800)),
                refresh_token: Some(Secret::new(REFRESH.to_owned())),
            };
            Reply { status: 200, headers: Headers::NONE, body }
        } else {
            self.echoed(outgoing)
        };
        self.client.resume(id, Input::Reply(reply), Millis(NOW));
    }

    fn echoed(&mut self, outgoing: &Outgoing) -> Reply {
        let query = outgoing.query.as_ref().map_or("", Secret::expose);
        let target = [&outgoing.url[ORIGIN.len()..], query].concat();
        let mut request = sysparm_instance::Request::new(outgoing.method.as_str(), &target);
        if let Some((name, value)) = &outgoing.authorization {
            request = request.with_header(name, value.expose());
        }
        if let Some(form) = &outgoing.form {
            request = request.with_body("application/x-www-form-urlencoded", form.expose());
        }
        let reply = self.instance.handle(&request, NOW);
        let lines = reply.headers.iter().map(|(name, value)| format!("{name}: {}\n", value.replace('\n', " ")));
        Reply {
            status: reply.status,
            headers: Headers::from_lines(&lines.collect::<String>()),
            body: Body::Text(String::from_utf8_lossy(reply.bytes()).into_owned()),
        }
    }
}

/// Decodes several encodings, repeatedly, and otherwise than the crate does.
fn decoded(text: &str) -> String {
    let mut text = text.to_owned();
    for _ in 0..6 {
        for byte in 32..127_u8 {
            let plain = char::from(byte).to_string();
            let entities = [format!("&#{byte};"), format!("&#x{byte:x};")];
            let percent = [format!("%{byte:02X}"), format!("%{byte:02x}")];
            for (mark, escapes) in [("%", &percent[..]), ("\\u", &[format!("\\u{byte:04x}")]), ("&#", &entities)] {
                if text.contains(mark) {
                    text = escapes.iter().fold(text, |text, escape| text.replace(escape, &plain));
                }
            }
        }
        for (escape, plain) in [("\\\"", "\""), ("\\\\", "\\"), ("&amp;", "&"), ("&lt;", "<")] {
            text = text.replace(escape, plain);
        }
    }
    text.replace('+', " ")
}

fn expect_no_piece(world: &World<'_>, what: &str) {
    let text = decoded(&world.reported);
    let basic = ["u:", PASSWORD].concat();
    let secrets =
        [CLIENT_SECRET, PASSWORD, REFRESH, ACCESS, API_KEY, CODE, VERIFIER, SIGNATURE, &basic, &world.assertion];
    for secret in secrets.map(decoded) {
        for end in 8..=secret.len() {
            let piece = &secret[end - 8..end];
            assert!(!text.contains(piece), "{what}: {piece:?} in {text}");
        }
    }
    assert!(!text.contains(SHORT), "{what}: {SHORT:?} in {text}");
    assert!(!text.contains("dTpwNHNz"), "{what}: the Basic pair in {text}");
}

fn try_all(grants: bool, status: u16) {
    for name in GrantType::ALL.iter().map(|grant| grant.name()) {
        assert!(WAYS.iter().any(|way| way.0 == name), "no case has the grant {name}");
    }
    let mut masked = 0;
    let mut instance = Instance::new(sysparm_instance::Settings { rows: 1, ..Default::default() }, NOW);
    for way in &WAYS {
        for form in FORMS {
            let mut world = World::open(&mut instance, way, grants, form, status);
            let path = "/api/now/table/incident".to_owned();
            let request = Request { method: Method::Get, path, expect: Expect::Rows, repeatable: true };
            if way.0 == "authorization_code" {
                let secret = |text: &str| Secret::new(text.to_owned());
                world.client.start_code(secret(CODE), secret(VERIFIER), Millis(NOW));
                world.run();
            }
            world.client.start(request, Millis(NOW));
            world.run();
            let what = format!("{way:?} {form:?}");
            assert!(world.reported.contains("evidence"), "{what} reported nothing: {}", world.reported);
            expect_no_piece(&world, &what);
            masked += world.reported.matches("[redacted]").count();
        }
    }
    assert!(masked > 100, "the instance did not echo: {masked}");
}

#[test]
fn echo_of_a_token_request_shows_no_secret() {
    try_all(false, 401);
}

#[test]
fn echo_of_a_call_shows_no_secret() {
    for status in [403, 200] {
        try_all(true, status);
    }
}
