//! The client's host in virtual time: performs every effect, stores data that outlives the client, and crashes the client at any
//! effect. Requests arrive later, perhaps in another order, and the instance answers then.

use std::collections::{BTreeMap, HashMap};

use serde_json::Value;
use sysparm::auth::Grant;
use sysparm::call::{CallId, Client, ClientSettings, Effect, EffectId, Input, Request};
use sysparm::diagnose::Failure;
use sysparm::pace::OpenBreaker;
use sysparm::request::{Expect, Headers, InstanceUrl, Method, Outgoing};
use sysparm::secret::Secret;
use sysparm::time::Millis;
use sysparm_instance::{Instance, Switches};

use super::invariants::Invariants;
use super::network::{Arrived, Way, arrived};
use crate::reading::sabotage::Mistake;
use crate::reading::source::{START, shown};
use crate::world::Random;

const ORIGIN: &str = "https://practice.example";

/// The result of a call: the rows and headers of its reply, or the failure.
pub(crate) type Outcome = Result<(Vec<Value>, Headers), Box<Failure>>;

enum Due {
    Arrives(Way, sysparm_instance::Request, Expect),
    Answers(Way, Arrived),
    Wakes(u32, EffectId),
    /// An event outside the client.
    Alarm,
}

pub(crate) struct Host {
    pub(crate) instance: Instance,
    pub(crate) client: Client,
    pub(crate) now: u64,
    /// The milliseconds by which the host's clock is ahead of the true time.
    pub(crate) clock_ahead: i64,
    pub(crate) random: Random,
    pub(crate) trace: Vec<String>,
    pub(crate) invariants: Invariants,
    pub(crate) mistake: Mistake,
    /// The instance's switches without faults.
    pub(crate) calm: Switches,
    /// Crashes per ten thousand effects, and how many are left.
    pub(crate) crashes: (u64, u32),
    /// The number of crashes so far.
    pub(crate) life: u32,
    settings: ClientSettings,
    due: BTreeMap<(u64, u64), Due>,
    order: u64,
    bodies: HashMap<u32, String>,
    kept: HashMap<u32, (Vec<Value>, Headers)>,
    finished: HashMap<u32, Outcome>,
    stored: Option<Secret>,
    breaker: Option<OpenBreaker>,
}

impl Host {
    pub(crate) fn new(instance: Instance, seed: u64, random: Random, mistake: Mistake) -> Self {
        let grant = Grant::client_credentials("practice-client".to_owned(), Secret::new("practice-secret".to_owned()));
        let mut settings = ClientSettings::new(InstanceUrl::parse(ORIGIN).unwrap(), grant);
        (settings.seed, settings.stored) = (seed, true);
        settings.pace.breaker = mistake != Mistake::LeaveOutTheBreaker;
        if mistake == Mistake::SendAsMuchAsThereIs {
            settings.pace.concurrency = sysparm::pace::Concurrency::new(100, 100);
        }
        Self {
            calm: instance.switches().clone(),
            instance,
            client: Client::new(settings.clone()),
            now: START,
            clock_ahead: 0,
            random,
            trace: vec![],
            invariants: Invariants::default(),
            mistake,
            crashes: (0, 0),
            life: 0,
            settings,
            due: BTreeMap::new(),
            order: 0,
            bodies: HashMap::new(),
            kept: HashMap::new(),
            finished: HashMap::new(),
            stored: None,
            breaker: None,
        }
    }

    /// The time of the host's clock.
    pub(crate) fn clock(&self) -> Millis {
        Millis(self.now.saturating_add_signed(self.clock_ahead))
    }

    /// Requests a page of a long reading.
    pub(crate) fn page(&mut self, path: String, stream: u32) -> CallId {
        let request = Request { method: Method::Get, path, expect: Expect::Rows, repeatable: true };
        let call = self.client.start_bulk(request, stream, self.clock());
        self.pump();
        call
    }

    /// Starts an interactive call. With a body it creates a record.
    pub(crate) fn call(&mut self, path: &str, body: Option<String>) -> CallId {
        let (method, expect) =
            if body.is_some() { (Method::Post, Expect::Record) } else { (Method::Get, Expect::Rows) };
        let request = Request { method, path: path.to_owned(), expect, repeatable: true };
        let call = self.client.start(request, self.clock());
        if let Some(body) = body {
            self.bodies.insert(call.0, body);
        }
        self.invariants.begun(call, self.now);
        self.pump();
        call
    }

    pub(crate) fn abort(&mut self, call: CallId) {
        self.client.abort(call);
        self.finished.remove(&call.0);
        self.pump();
    }

    /// The outcome of a finished call.
    pub(crate) fn outcome(&mut self, call: CallId) -> Option<Outcome> {
        self.finished.remove(&call.0)
    }

    /// Schedules an event, so that the loop runs at that time.
    pub(crate) fn alarm(&mut self, at: u64) {
        self.push(at, Due::Alarm);
    }

    pub(crate) fn note(&mut self, line: &str) {
        self.trace.push(format!("{:>9} ms  {line}", self.now - START));
    }

    /// Processes the next event. False: there is none.
    pub(crate) fn step(&mut self) -> bool {
        let Some(((at, _), due)) = self.due.pop_first() else { return false };
        self.now = self.now.max(at);
        match due {
            Due::Alarm => {}
            Due::Wakes(life, id) if life == self.life => self.client.resume(id, Input::Slept, self.clock()),
            Due::Arrives(way, request, expect) => self.arrives(way, &request, expect),
            Due::Answers(way, arrived) if way.life == self.life && self.invariants.is_out(&way) => {
                self.answers(&way, arrived);
            }
            Due::Wakes(..) | Due::Answers(..) => {}
        }
        self.pump();
        true
    }

    /// Crashes the program. Another one starts with the stored data.
    pub(crate) fn crash(&mut self, place: &str) {
        self.crashes.1 -= 1;
        self.life += 1;
        self.note(&format!("crash {place}"));
        let breaker = if self.random.below(2) == 0 { None } else { self.breaker };
        self.client = Client::new(ClientSettings { breaker, ..self.settings.clone() });
        self.bodies.clear();
        self.kept.clear();
        self.finished.clear();
        self.invariants.crashed();
    }

    /// Decides whether the program crashes here.
    pub(crate) fn crashes_here(&mut self, place: &str) -> bool {
        let crashes = self.crashes.1 > 0 && self.random.below(10_000) < self.crashes.0;
        if crashes {
            self.crash(place);
        }
        crashes
    }

    fn push(&mut self, at: u64, due: Due) {
        self.order += 1;
        self.due.insert((at, self.order), due);
    }

    fn pump(&mut self) {
        let life = self.life;
        while self.life == life
            && let Some(effect) = self.client.poll(self.clock())
        {
            let name = match &effect {
                Effect::Fetch { .. } => "fetch",
                Effect::Load { .. } => "load",
                Effect::Save { .. } => "save",
                Effect::Lock { .. } => "lock",
                Effect::Sleep { .. } => "sleep",
                Effect::Finish { .. } => "finish",
                _ => "effect",
            };
            if self.crashes_here(&format!("before a {name}")) {
                return;
            }
            self.perform(effect);
            if self.crashes_here(&format!("after a {name}")) {
                return;
            }
        }
    }

    fn perform(&mut self, effect: Effect) {
        match effect {
            Effect::Fetch { id, call, outgoing } => self.fetch(id, call, &outgoing),
            Effect::Load { id } => self.client.resume(id, Input::Loaded(self.stored.clone()), self.clock()),
            Effect::Save { id, envelope, .. } => {
                self.stored = Some(envelope);
                self.client.resume(id, Input::Done, self.clock());
            }
            Effect::Lock { id } => self.client.resume(id, Input::Done, self.clock()),
            Effect::AskSource { .. } | Effect::Sign { .. } => panic!("this grant has neither source nor key"),
            Effect::Emit(event) => {
                let mut text = event.to_json();
                if let Some(stored) = self.stored.as_ref().filter(|_| self.mistake == Mistake::ReportASecret) {
                    text.push_str(stored.expose());
                }
                self.invariants.reported(&text, self.stored.as_ref());
                if event.name.starts_with("breaker.") {
                    self.breaker = self.client.status().breaker.1;
                }
                if event.name != "request.retried" {
                    self.note(event.name);
                }
            }
            Effect::Cancel { id } => {
                let life = self.life;
                self.invariants.cancelled(life, id);
                self.due.retain(|_, due| !matches!(due, Due::Wakes(other, sleep) if (*other, *sleep) == (life, id)));
            }
            Effect::Sleep { id, length, .. } => {
                let life = self.life;
                self.due.retain(|_, due| !matches!(due, Due::Wakes(other, _) if *other == life));
                self.push(self.now + length.0, Due::Wakes(life, id));
            }
            Effect::Finish { call, outcome } => {
                let kept = self.kept.remove(&call.0);
                self.bodies.remove(&call.0);
                if let Err(failure) = &outcome {
                    self.note(&format!("call {} failed: {}", call.0, failure.diagnosis.code));
                }
                let outcome = outcome.map(|_| kept.unwrap_or_else(|| (vec![], Headers::NONE)));
                self.invariants.ended(call, outcome.as_ref().err().map(AsRef::as_ref), self.now);
                self.finished.insert(call.0, outcome);
            }
        }
    }

    fn fetch(&mut self, id: EffectId, call: Option<CallId>, outgoing: &Outgoing) {
        let target = outgoing.url.strip_prefix(ORIGIN).expect("every request goes to the instance's origin");
        let method = outgoing.method.as_str();
        let mut request = sysparm_instance::Request::new(method, target).with_header("Host", "practice.example");
        for (name, value) in &outgoing.headers {
            request = request.with_header(name, value);
        }
        if let Some((name, value)) = &outgoing.authorization {
            request = request.with_header(name, value.expose());
        }
        if let Some(form) = &outgoing.form {
            request = request.with_body("application/x-www-form-urlencoded", form.expose());
        } else if let Some(body) = call.and_then(|call| self.bodies.get(&call.0)) {
            request = request.with_body("application/json", body.as_str());
        }
        let way = Way { life: self.life, effect: id, call, shown: format!("{method} {}", shown(target)) };
        let probing = self.client.status().breaker.0 == "probing";
        self.invariants.sent(&way, probing, self.now);
        if probing && self.mistake == Mistake::ProbeWithSeveral {
            self.invariants.sent(&Way { effect: EffectId(u32::MAX - id.0), ..way.clone() }, probing, self.now);
        }
        let at = self.now + 5 + self.random.below(300);
        self.push(at, Due::Arrives(way, request, outgoing.expect));
    }

    fn arrives(&mut self, way: Way, request: &sysparm_instance::Request, expect: Expect) {
        let reply = self.instance.handle(request, self.now);
        let note = self.invariants.arrived(&way, &reply, self.now);
        let took = reply.delay_ms + 5 + self.random.below(100);
        let (arrived, slow) = arrived(&reply, expect, &mut self.random, self.mistake);
        let dead = if way.life == self.life { "" } else { ", for a crashed program" };
        self.note(&format!("{}: {}{note}{}{dead}", way.shown, reply.status, arrived.note));
        if self.mistake == Mistake::RepeatEvery401 && reply.status == 401 && way.call.is_some() {
            let at = self.now + took;
            return self.push(at, Due::Arrives(way, request.clone(), expect));
        }
        self.push(self.now + took + slow, Due::Answers(way, arrived));
    }

    fn answers(&mut self, way: &Way, arrived: Arrived) {
        self.invariants.answered(way, &arrived, self.now);
        if let (Some(call), Some(kept)) = (way.call, arrived.kept) {
            self.kept.insert(call.0, kept);
        }
        self.client.resume(way.effect, arrived.input, self.clock());
    }
}
