//! The instance: its data, its tokens, its switches, and the one function that answers.

use std::collections::VecDeque;
use std::sync::Arc;

use rand::SeedableRng;
use rand_pcg::Pcg64;

use crate::attachments::Attachments;
use crate::catalog::Leaving;
use crate::clock::http_date;
use crate::cors;
use crate::data::{
    EventLog, Replay, generate, load, people, put_administration, put_casework, put_catalog, put_filtering,
};
use crate::exchange::{Body, Reply, Request};
use crate::faults::{Cache, answered, apply_fault};
use crate::import_set::Waiting;
use crate::journal::{Entry, Journal};
use crate::load::Load;
use crate::numbers::put_formats;
use crate::oauth::{Codes, Credentials, SigningKeys, Tokens};
use crate::sign_in::Sessions;
use crate::store::{Full, Store};
use crate::switches::Switches;

/// 2023-06-01 08:00:00 UTC in milliseconds: when the base system's records were made.
const FIRST_DAY: u64 = 1_685_606_400_000;

/// The initial state of an instance.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The number of generated incidents; ignored with an event log.
    pub rows: usize,
    /// The seed of the generated data and, with `entropy`, of the tokens.
    pub seed: u64,
    /// Where the incidents come from.
    pub source: Source,
    /// The users and clients that may sign in.
    pub credentials: Credentials,
    /// The switches at the start and after a reset.
    pub switches: Switches,
    /// Goes into the tokens, so that those of an earlier run are not valid again. Zero where runs must repeat exactly.
    pub entropy: u64,
    /// Names, besides those of loopback, by which the socket may be reached.
    pub hosts: Vec<String>,
}

/// Where the incidents come from.
#[derive(Clone, Debug)]
pub enum Source {
    /// The generator.
    Generated,
    /// The final state of every incident of an event log.
    Log(Arc<EventLog>),
    /// An event log, event by event from the start, at this many of its seconds per second.
    Replay(Arc<EventLog>, f64),
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            rows: 10_000,
            seed: 7,
            source: Source::Generated,
            credentials: Credentials {
                client_id: "practice-client".into(),
                client_secret: "practice-secret".into(),
                user_name: people::INTEGRATION_USER.into(),
                password: "practice-password".into(),
            },
            switches: Switches::default(),
            entropy: 0,
            hosts: Vec::new(),
        }
    }
}

/// A running practice instance.
pub struct Instance {
    pub(crate) settings: Settings,
    pub(crate) store: Store,
    pub(crate) tokens: Tokens,
    pub(crate) switches: Switches,
    pub(crate) journal: Journal,
    pub(crate) random: Pcg64,
    /// For faults and session ids, apart from `random`, so that neither changes the tokens.
    pub(crate) rng: Pcg64,
    pub(crate) signing_keys: SigningKeys,
    pub(crate) codes: Codes,
    pub(crate) sessions: Sessions,
    pub(crate) load: Load,
    /// What a cache on the way has kept; a fault asks it.
    pub(crate) cache: Cache,
    pub(crate) attachments: Attachments,
    /// Import sets that are transformed when their time comes.
    pub(crate) waiting: VecDeque<Waiting>,
    /// Lines of carts that leave when the order that took them ends.
    pub(crate) leaving: Vec<Leaving>,
    /// Assertions that were used, and until when that matters, in seconds since 1970.
    pub(crate) used_assertions: VecDeque<(String, u64)>,
    /// The time of the request that is being answered, on the instance's own clock.
    pub(crate) now: u64,
    /// The `user_name` of that request's sender, once known.
    pub(crate) caller: String,
    /// The number of further API calls after which all tokens are revoked.
    pub(crate) revoke_after: Option<u64>,
    pub(crate) requests: u64,
    replay: Option<Replay>,
}

impl Instance {
    /// An instance that starts at `now` (milliseconds since 1970), its data in place.
    #[must_use]
    pub fn new(settings: Settings, now: u64) -> Self {
        let tokens = Pcg64::seed_from_u64(settings.seed ^ settings.entropy.rotate_left(32));
        let random = Pcg64::seed_from_u64(settings.seed);
        let mut instance = Self {
            switches: settings.switches.clone(),
            signing_keys: signing_keys(&settings),
            settings,
            store: Store::new(),
            tokens: Tokens::default(),
            journal: Journal::default(),
            random: tokens,
            rng: random,
            codes: Codes::default(),
            sessions: Sessions::default(),
            load: Load::default(),
            cache: Cache::default(),
            attachments: Attachments::default(),
            waiting: VecDeque::new(),
            leaving: Vec::new(),
            used_assertions: VecDeque::new(),
            now,
            caller: String::new(),
            revoke_after: None,
            requests: 0,
            replay: None,
        };
        instance.fill(now);
        instance
    }

    /// As at the start: data, switches, tokens and journal.
    pub(crate) fn reset(&mut self, now: u64) {
        self.store = Store::new();
        self.switches = self.settings.switches.clone();
        self.tokens = Tokens::default();
        self.signing_keys = signing_keys(&self.settings);
        self.codes.clear();
        self.sessions.clear();
        self.load.clear();
        self.cache.clear();
        self.attachments.clear();
        self.waiting.clear();
        self.leaving.clear();
        self.used_assertions.clear();
        self.rng = Pcg64::seed_from_u64(self.settings.seed);
        self.journal.clear();
        self.revoke_after = None;
        self.fill(now);
    }

    fn fill(&mut self, now: u64) {
        let user_name = &self.settings.credentials.user_name;
        // An instance whose data does not fit is served with what does; the list of tables shows the number of rows.
        let outcome: Result<Option<Replay>, Full> = match &self.settings.source {
            Source::Generated => {
                generate(&mut self.store, self.settings.rows, self.settings.seed, user_name).map(|()| None)
            }
            Source::Log(log) => load(&mut self.store, log, user_name).map(|()| None),
            Source::Replay(log, speed) => Replay::start(&mut self.store, log, *speed, user_name, now).map(Some),
        };
        self.replay = outcome.unwrap_or(None);
        // The same limit and the same behaviour.
        let _ = put_administration(&mut self.store, &self.settings.credentials, FIRST_DAY);
        let _ = put_filtering(&mut self.store, FIRST_DAY);
        let _ = put_casework(&mut self.store, FIRST_DAY);
        let _ = put_catalog(&mut self.store, FIRST_DAY);
        let _ = put_formats(&mut self.store, FIRST_DAY);
        self.follow_release(now);
        self.store.settle();
        self.advance(now);
    }

    /// Runs everything that is due by `now`; `handle` calls it first.
    pub fn advance(&mut self, now: u64) {
        if let Some(replay) = &mut self.replay {
            replay.advance(&mut self.store, now);
        }
        crate::import_set::advance(&mut self.store, &mut self.waiting, now);
        crate::catalog::advance(&mut self.store, &mut self.leaving, now);
    }

    /// Sets the records whose defaults differ between releases.
    pub(crate) fn follow_release(&mut self, now: u64) {
        crate::releases::follow(&mut self.store, self.switches.release, now);
    }

    /// Answers one request at `now` (milliseconds since 1970). Never fails: the reply describes the error.
    pub fn handle(&mut self, request: &Request, now: u64) -> Reply {
        let now = now.saturating_add_signed(self.switches.clock_skew_ms);
        self.advance(now);
        self.requests += 1;
        self.now = now;
        self.caller.clear();
        let (mut reply, faults) = answered(self, request, now);
        let practice = request.path.starts_with("/__practice");
        if !practice {
            crate::language::word(&mut reply, self.switches.language, request);
        }
        cors::admit(request, self, &mut reply);
        // A cached reply has its own.
        if reply.header("Date").is_none() {
            reply.headers.push(("Date", http_date(now)));
        }
        if request.method == "HEAD" {
            reply.body = Body::Whole(Vec::new());
        }
        if !practice {
            reply.delay_ms = reply.delay_ms.saturating_add(self.switches.delay_ms);
            faults.iter().for_each(|fault| apply_fault(&mut reply, fault));
            self.journal.note(request, reply.status, &self.caller, now);
        }
        reply
    }

    /// The refusal of a request that a browser sends for a web site from elsewhere; for what listens on a socket.
    #[must_use]
    pub fn refusal_of_foreign(&self, request: &Request) -> Option<Reply> {
        crate::foreign::refusal(self, request)
    }

    /// Takes the outbound calls that are due. Each is reported back with [`Self::outbound_ended`].
    pub fn outbound(&mut self, now: u64) -> Vec<crate::OutboundCall> {
        crate::feed::due(self, now.saturating_add_signed(self.switches.clock_skew_ms))
    }

    /// Records how an outbound call ended: the status of its reply, or why there is none.
    pub fn outbound_ended(&mut self, id: &str, outcome: Result<u16, String>, took_ms: u64, now: u64) {
        let now = now.saturating_add_signed(self.switches.clock_skew_ms);
        crate::feed::ended(self, id, outcome, took_ms, now);
    }

    /// Tells the journal how long the last request took.
    pub fn took(&mut self, ms: f64) {
        self.journal.took(ms);
    }

    /// The switches as they stand.
    #[must_use]
    pub fn switches(&self) -> &Switches {
        &self.switches
    }

    /// The switches, to be set by a test.
    pub fn switches_mut(&mut self) -> &mut Switches {
        &mut self.switches
    }

    /// Revokes all tokens, as an administrator can.
    pub fn revoke_tokens(&mut self) {
        self.tokens.revoke_all(&mut self.store);
    }

    /// Revokes all access tokens once this many more API calls have been answered.
    pub fn revoke_after(&mut self, calls: u64) {
        self.revoke_after = Some(calls);
    }

    /// Sets up a scenario by its name; returns the symptom that a client will see.
    ///
    /// # Errors
    /// When there is no such scenario.
    pub fn begin_scenario(&mut self, name: &str, now: u64) -> Result<&'static str, String> {
        crate::scenario::begin(self, name, now).map(|scenario| scenario.symptom)
    }

    /// The name of every scenario.
    pub fn scenarios() -> impl Iterator<Item = &'static str> {
        crate::scenario::names()
    }

    /// The last requests, oldest first.
    pub fn journal(&self) -> impl Iterator<Item = &Entry> {
        self.journal.entries().iter()
    }

    /// Every table and its number of rows.
    pub fn tables(&self) -> impl Iterator<Item = (&'static str, usize)> {
        self.store.ids().map(|table| (self.store.table(table).definition.name, self.store.len(table)))
    }

    /// What a person reads at the start, for an instance that is served at this address: users, clients, tables.
    #[must_use]
    pub fn introduction(&self, address: &str) -> String {
        crate::introduction::introduction(self, address)
    }

    /// Bytes held for rows, indexes and texts.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.store.bytes()
    }
}

fn signing_keys(settings: &Settings) -> SigningKeys {
    SigningKeys::of(settings.seed ^ settings.entropy.rotate_left(32), settings.switches.signing_key)
}
