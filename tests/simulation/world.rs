//! A host without a network: performs every effect with the practice instance in virtual time, with faults from a seed.

use std::collections::HashMap;

use sysparm::auth::Grant;
use sysparm::call::{CallId, Client, ClientSettings, Completion, Effect, EffectId, Input, Request};
use sysparm::diagnose::Failure;
use sysparm::request::{Body, Expect, Headers, InstanceUrl, Method, Outgoing, Reply};
use sysparm::secret::Secret;
use sysparm::time::Millis;
use sysparm_instance::Instance;

/// A random number generator (splitmix64): a seed replays a run exactly.
pub(crate) struct Random(pub(crate) u64);

impl Random {
    pub(crate) fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (mixed ^ (mixed >> 31)) % bound.max(1)
    }
}

/// The share of requests with each network fault, in percent.
#[derive(Clone, Copy, Default)]
pub(crate) struct Faults {
    /// The request is lost before it arrives.
    pub(crate) lost: u64,
    /// The request arrives, and the reply is lost.
    pub(crate) unanswered: u64,
    /// The reply's body is truncated.
    pub(crate) cut: u64,
}

/// An event at a time.
enum Due {
    Answer(EffectId, Input, Option<(CallId, Rows)>),
    Wake(EffectId),
}

pub(crate) struct World {
    pub(crate) instance: Instance,
    pub(crate) client: Client,
    pub(crate) now: u64,
    pub(crate) faults: Faults,
    pub(crate) trace: Vec<String>,
    random: Random,
    due: Vec<(u64, Due)>,
    kept: HashMap<u32, Rows>,
    finished: HashMap<u32, Result<Completion, Box<Failure>>>,
}

pub(crate) struct Rows {
    pub(crate) rows: Vec<serde_json::Value>,
    pub(crate) counted: Option<u64>,
}

impl World {
    pub(crate) fn new(instance: Instance, now: u64, faults: Faults, seed: u64) -> Self {
        let grant = Grant::client_credentials("practice-client".to_owned(), Secret::new("practice-secret".to_owned()));
        let url = InstanceUrl::parse("https://practice.example").unwrap();
        let client = Client::new(ClientSettings { seed, ..ClientSettings::new(url, grant) });
        let (trace, due, kept, finished) = (vec![], vec![], HashMap::new(), HashMap::new());
        Self { instance, client, now, faults, trace, random: Random(seed), due, kept, finished }
    }

    pub(crate) fn start(&mut self, path: String) -> CallId {
        let request = Request { method: Method::Get, path, expect: Expect::Rows, repeatable: true };
        let call = self.client.start(request, Millis(self.now));
        self.pump();
        call
    }

    /// Starts a page of a long reading.
    pub(crate) fn start_page(&mut self, path: String) -> CallId {
        let request = Request { method: Method::Get, path, expect: Expect::Rows, repeatable: true };
        let call = self.client.start_bulk(request, 1, Millis(self.now));
        self.pump();
        call
    }

    /// Whether a call is over. Then [`Self::finish`] returns its outcome.
    pub(crate) fn is_over(&self, call: CallId) -> bool {
        self.finished.contains_key(&call.0)
    }

    /// Lets time pass until the call is over.
    pub(crate) fn finish(&mut self, call: CallId) -> Result<Rows, Box<Failure>> {
        for _ in 0..10_000 {
            if let Some(outcome) = self.finished.remove(&call.0) {
                let kept = self.kept.remove(&call.0);
                return outcome.map(|_| kept.expect("the reply was kept"));
            }
            let next = self.due.iter().map(|(time, _)| *time).min().expect("a running call waits for an event");
            self.happen(next);
        }
        panic!("a call does not end:\n{}", self.trace.join("\n"));
    }

    /// Lets time pass and processes the events due in it.
    pub(crate) fn pass(&mut self, length: u64) {
        let until = self.now + length;
        while let Some(next) = self.due.iter().map(|(time, _)| *time).min().filter(|time| *time <= until) {
            self.happen(next);
        }
        self.now = until;
    }

    /// Processes the first event that is due at that time.
    fn happen(&mut self, at: u64) {
        let Some(next) = self.due.iter().position(|(time, _)| *time == at) else { return };
        let (time, due) = self.due.swap_remove(next);
        self.now = self.now.max(time);
        match due {
            Due::Wake(id) => self.client.resume(id, Input::Slept, Millis(self.now)),
            Due::Answer(id, input, kept) => {
                if let Some((call, rows)) = kept {
                    self.kept.insert(call.0, rows);
                }
                self.client.resume(id, input, Millis(self.now));
            }
        }
        self.pump();
    }

    fn pump(&mut self) {
        while let Some(effect) = self.client.poll(Millis(self.now)) {
            match effect {
                Effect::Fetch { id, call, outgoing } => self.send(id, call, &outgoing),
                Effect::AskSource { id, .. } => self.client.resume(id, Input::SourceFailed, Millis(self.now)),
                Effect::Cancel { id } => self.due.retain(|(_, due)| match due {
                    Due::Answer(other, ..) | Due::Wake(other) => *other != id,
                }),
                Effect::Emit(_) => {}
                Effect::Lock { .. } | Effect::Load { .. } | Effect::Save { .. } | Effect::Sign { .. } => {
                    panic!("this client stores and signs nothing")
                }
                Effect::Sleep { id, length, .. } => {
                    self.due.retain(|(_, due)| !matches!(due, Due::Wake(_)));
                    self.due.push((self.now + length.0, Due::Wake(id)));
                }
                Effect::Finish { call, outcome } => {
                    self.finished.insert(call.0, outcome);
                }
            }
        }
    }

    fn send(&mut self, id: EffectId, call: Option<CallId>, outgoing: &Outgoing) {
        let target = &outgoing.url["https://practice.example".len()..];
        let latency = 20 + self.random.below(400);
        let fate = self.random.below(100);
        let path = target.split('?').next().unwrap_or_default();
        let lost = fate < self.faults.lost;
        let unanswered = !lost && fate < self.faults.lost + self.faults.unanswered;
        let mut request =
            sysparm_instance::Request::new(outgoing.method.as_str(), target).with_header("Host", "practice.example");
        for (name, value) in &outgoing.headers {
            request = request.with_header(name, value);
        }
        if let Some((name, value)) = &outgoing.authorization {
            request = request.with_header(name, value.expose());
        }
        if let Some(form) = &outgoing.form {
            request = request.with_body("application/x-www-form-urlencoded", form.expose());
        }
        if lost {
            self.trace.push(format!("{} {path}: lost", self.now));
            self.due.push((self.now + latency, Due::Answer(id, Input::Unreachable, None)));
            return;
        }
        let reply = self.instance.handle(&request, self.now);
        self.trace.push(format!(
            "{} {path}: {}{}",
            self.now,
            reply.status,
            if unanswered { ", answer lost" } else { "" }
        ));
        if unanswered {
            // The connection hangs. Only the client's time limit ends it.
            return;
        }
        let mut text = String::from_utf8_lossy(reply.bytes()).into_owned();
        if call.is_some() && self.random.below(100) < self.faults.cut {
            text.truncate(text.len() / 2);
        }
        let lines: String = reply.headers.iter().map(|(name, value)| format!("{name}: {value}\n")).collect();
        let headers = Headers::from_lines(&lines);
        let (body, rows) = read(&text, outgoing.expect, reply.status);
        let kept = call.zip(rows).map(|(call, rows)| (call, Rows { rows, counted: headers.counted(target) }));
        let input = Input::Reply(Reply { status: reply.status, headers, body });
        self.due.push((self.now + latency + reply.delay_ms, Due::Answer(id, input, kept)));
    }
}

fn read(text: &str, expect: Expect, status: u16) -> (Body, Option<Vec<serde_json::Value>>) {
    let json: Option<serde_json::Value> =
        (200..300).contains(&status).then(|| serde_json::from_str(text).ok()).flatten();
    if let (Expect::Rows, Some(rows)) = (expect, json.as_ref().and_then(|json| json["result"].as_array())) {
        return (Body::Rows(u32::try_from(rows.len()).unwrap()), Some(rows.clone()));
    }
    if let (Expect::Token, Some(token)) = (expect, json.as_ref().and_then(|json| json["access_token"].as_str())) {
        let expires_in = json.as_ref().and_then(|json| json["expires_in"].as_u64()).map(Millis::from_seconds);
        let access_token = Secret::new(token.to_owned());
        return (Body::Token { access_token, expires_in, refresh_token: None }, None);
    }
    (Body::Text(text.to_owned()), None)
}
