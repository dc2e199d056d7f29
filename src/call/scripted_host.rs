//! A host for tests: performs every effect at once, with scripted results, in virtual time.

use std::collections::VecDeque;

use super::effect::{CallId, Completion, Effect, EffectId, Input};
use super::machine::Client;
use super::pending_call::Request;
use super::settings::ClientSettings;
use crate::auth::Grant;
use crate::diagnose::{Ending, Failure, Observed};
use crate::request::{Body, Expect, Headers, InstanceUrl, Method, Outgoing, Reply};
use crate::secret::Secret;
use crate::time::Millis;

/// A scripted host that records what it was asked to do.
pub(super) struct World {
    pub(super) client: Client,
    pub(super) now: Millis,
    pub(super) trace: Vec<String>,
    pub(super) answers: VecDeque<Input>,
    pub(super) finished: Vec<(CallId, Result<Completion, Box<Failure>>)>,
    pub(super) sleep: Option<(EffectId, Millis)>,
    /// Whether a call waits for the end of the sleep.
    pub(super) awaited: bool,
    pub(super) unanswered: Vec<(EffectId, bool)>,
    pub(super) forms: Vec<Secret>,
    /// Every exchange in the form that `classify()` accepts.
    pub(super) exchanges: Vec<(EffectId, Observed)>,
    /// The names of the emitted events.
    pub(super) events: Vec<String>,
    pub(super) stored: Option<Secret>,
    /// Whether the store is read-only.
    pub(super) read_only: bool,
    pub(super) locked: Option<EffectId>,
}

pub(super) fn client_credentials() -> Grant {
    Grant::client_credentials("id".to_owned(), Secret::new("hush".to_owned()))
}

impl World {
    pub(super) fn with(grant: Grant, answers: Vec<Input>) -> Self {
        Self::opened(ClientSettings::new(InstanceUrl::parse("https://x.example").unwrap(), grant), answers)
    }

    pub(super) fn opened(settings: ClientSettings, answers: Vec<Input>) -> Self {
        Self {
            client: Client::new(settings),
            now: Millis(1_700_000_000_000),
            trace: vec![],
            answers: answers.into(),
            finished: vec![],
            sleep: None,
            awaited: false,
            unanswered: vec![],
            forms: vec![],
            exchanges: vec![],
            events: vec![],
            stored: None,
            read_only: false,
            locked: None,
        }
    }

    pub(super) fn replying(answers: Vec<Input>) -> Self {
        Self::with(client_credentials(), answers)
    }

    pub(super) fn read(&mut self) -> CallId {
        self.start(Method::Get, true)
    }

    pub(super) fn start(&mut self, method: Method, repeatable: bool) -> CallId {
        let path = "/api/now/table/incident".to_owned();
        let call = self.client.start(Request { method, path, expect: Expect::Rows, repeatable }, self.now);
        self.run();
        call
    }

    /// Polls to the end, performing every effect; fails if there is none.
    pub(super) fn run(&mut self) {
        for _ in 0..30_000 {
            let Some(effect) = self.client.poll(self.now) else { return };
            match effect {
                Effect::Fetch { id, call, outgoing } => {
                    self.exchanges.push((id, observed(&outgoing, self.now)));
                    let token =
                        outgoing.authorization.map_or(String::new(), |(_, value)| format!(" with {}", value.expose()));
                    self.trace.push(format!(
                        "{} {}{token}",
                        outgoing.method.as_str(),
                        &outgoing.url["https://x.example".len()..]
                    ));
                    self.forms.extend(outgoing.form);
                    self.answer(id, call.is_none());
                }
                Effect::AskSource { id, refused } => {
                    self.trace
                        .push(format!("ask source, refused {:?}", refused.map(|token| token.expose().to_owned())));
                    self.answer(id, true);
                }
                Effect::Cancel { id } => {
                    if self.sleep.is_some_and(|(sleep, _)| sleep == id) {
                        self.sleep = None;
                    } else if self.locked == Some(id) {
                        self.locked = None;
                        self.trace.push("unlock".to_owned());
                    } else {
                        self.trace.push("cancel".to_owned());
                    }
                }
                Effect::Sleep { id, length, background } => {
                    (self.sleep, self.awaited) = (Some((id, self.now + length)), !background);
                }
                Effect::Lock { id } => {
                    assert!(self.locked.is_none(), "one holder at a time");
                    self.trace.push("lock".to_owned());
                    self.locked = Some(id);
                    self.client.resume(id, Input::Done, self.now);
                }
                Effect::Load { id } => {
                    self.trace.push("load".to_owned());
                    self.client.resume(id, Input::Loaded(self.stored.clone()), self.now);
                }
                Effect::Save { id, envelope, .. } => {
                    self.trace.push("save".to_owned());
                    if self.read_only {
                        self.client.resume(id, Input::Failed, self.now);
                    } else {
                        self.stored = Some(envelope);
                        self.client.resume(id, Input::Done, self.now);
                    }
                }
                Effect::Sign { id, text } => {
                    self.trace.push("sign".to_owned());
                    self.client.resume(id, Input::Signed(text), self.now);
                }
                Effect::Emit(event) => {
                    assert!(!format!("{event:?} {}", event.to_json()).contains("hush"));
                    self.events.push(
                        [
                            event.name,
                            event.detail.as_deref().map_or("", |_| " "),
                            event.detail.as_deref().unwrap_or(""),
                        ]
                        .concat(),
                    );
                }
                Effect::Finish { call, outcome } => self.finished.push((call, outcome)),
            }
        }
        panic!("the client never becomes idle");
    }

    pub(super) fn answer(&mut self, id: EffectId, for_token: bool) {
        match self.answers.pop_front() {
            Some(input) => {
                self.ended(id, &input);
                self.client.resume(id, input, self.now);
            }
            None => self.unanswered.push((id, for_token)),
        }
    }

    fn ended(&mut self, id: EffectId, input: &Input) {
        if let Some((_, exchange)) = self.exchanges.iter_mut().find(|(sent, _)| *sent == id) {
            exchange.duration = Some(self.now.less(exchange.at));
            exchange.ending = ending(input);
        }
    }

    pub(super) fn late_answer(&mut self, at: usize, input: Input) {
        let (id, _) = self.unanswered[at];
        self.ended(id, &input);
        self.client.resume(id, input, self.now);
        self.run();
    }

    pub(super) fn pass(&mut self, seconds: u64) {
        let until = self.now + Millis::from_seconds(seconds);
        while let Some((id, due)) = self.sleep.filter(|(_, due)| *due <= until) {
            self.now = due;
            self.sleep = None;
            self.client.resume(id, Input::Slept, self.now);
            self.run();
        }
        self.now = until;
        self.run();
    }

    pub(super) fn code(&self, call: CallId) -> &'static str {
        let (_, outcome) = self.finished.iter().find(|(id, _)| *id == call).expect("the call has finished");
        outcome.as_ref().map_or_else(|failure| failure.diagnosis.code.as_str(), |_| "ok")
    }
}

fn observed(outgoing: &Outgoing, at: Millis) -> Observed {
    let shown = outgoing.authorization.as_ref().map(|(name, value)| (*name, value.expose()));
    let headers = outgoing.headers.iter().map(|(name, value)| (*name, value.as_str())).chain(shown);
    Observed {
        method: outgoing.method.as_str().to_owned(),
        path: outgoing.url["https://x.example".len()..].to_owned(),
        headers: headers.map(|(name, value)| (name.to_owned(), value.to_owned())).collect(),
        body: outgoing.form.as_ref().map(|form| form.expose().to_owned()),
        ending: Ending::TimedOut,
        at,
        duration: None,
    }
}

fn ending(input: &Input) -> Ending {
    let Input::Reply(reply) = input else { return Ending::Unreachable };
    let text = match &reply.body {
        Body::Token { access_token, expires_in, refresh_token } => {
            let seconds = expires_in.map(|length| length.0 / 1000);
            let refresh = refresh_token.as_ref().map(Secret::expose);
            serde_json::json!({ "access_token": access_token.expose(), "expires_in": seconds, "refresh_token": refresh }).to_string()
        }
        Body::Rows(count) => {
            let rows: Vec<_> = (0..*count).map(|row| serde_json::json!({ "sys_id": format!("{row:032x}") })).collect();
            serde_json::json!({ "result": rows }).to_string()
        }
        Body::Record => r#"{"result":{}}"#.to_owned(),
        Body::Untouched => return Ending::Reply(reply.clone()),
        Body::Text(text) => text.clone(),
    };
    Ending::Reply(Reply { body: Body::Text(text), ..reply.clone() })
}

pub(super) fn token(text: &str, seconds: u64) -> Input {
    renewable_token(text, seconds, None)
}

pub(super) fn renewable_token(text: &str, seconds: u64, refresh: Option<&str>) -> Input {
    let secret = |text: &str| Secret::new(text.to_owned());
    let expires_in = Some(Millis::from_seconds(seconds));
    let body = Body::Token { access_token: secret(text), expires_in, refresh_token: refresh.map(secret) };
    Input::Reply(Reply { status: 200, headers: Headers::NONE, body })
}

pub(super) fn rows(count: u32) -> Input {
    Input::Reply(Reply { status: 200, headers: Headers::NONE, body: Body::Rows(count) })
}

pub(super) fn status(status: u16, text: &str) -> Input {
    Input::Reply(Reply { status, headers: Headers::NONE, body: Body::Text(text.to_owned()) })
}
