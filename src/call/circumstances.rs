//! The circumstances of a reply: the grant, the credential, and the APIs that accepted it. Diagnoses are ranked by them, so that a
//! thrown error matches what `classify()` returns for the same exchanges.

use super::machine::Client;
use super::pending_call::{CallStage, PendingCall};
use crate::auth::{Field, GrantType, Granted, Presents};
use crate::diagnose::{Circumstances, Credential, LASTING, MOMENT, api_of, is_signed};
use crate::secret::Secret;
use crate::time::Millis;

/// Further APIs are not remembered, which only makes a diagnosis less precise.
const MOST_APIS: usize = 32;
/// The oldest refusal is forgotten first, which costs one more request.
const MOST_REFUSALS: usize = 32;

/// The APIs that accepted the current token, and the reads that it was refused.
#[derive(Debug, Default)]
pub(super) struct AcceptedApis {
    token: Option<Secret>,
    generation: u32,
    /// The latest success.
    at: Option<Millis>,
    apis: Vec<String>,
    /// Endpoints whose latest read ended with a refusal, and when; the latest refusal is last.
    refusals: Vec<(String, Millis)>,
}

/// When the token endpoint issued the current token.
#[derive(Debug, Clone, Copy)]
pub(super) struct TokenIssue {
    requested_at: Millis,
    lifetime: Millis,
}

impl TokenIssue {
    pub(super) fn of(granted: &Granted) -> Option<Self> {
        granted.lifetime.map(|lifetime| Self { requested_at: granted.requested_at, lifetime })
    }
}

impl AcceptedApis {
    /// Records a new token. An instance may issue the same one again.
    pub(super) fn adopted(&mut self, token: &Secret, generation: u32) {
        if self.token.as_ref().is_none_or(|held| !held.is(token.expose())) {
            *self = Self { token: Some(token.clone()), ..Self::default() };
        }
        self.generation = generation;
    }

    /// Records that an API accepted the credential of this generation.
    pub(super) fn accepted(&mut self, generation: u32, path: &str, now: Millis) {
        if generation != self.generation {
            return;
        }
        self.at = Some(now);
        self.refusals.retain(|(refused, _)| refused != endpoint(path));
        let api = api_of(path);
        if self.apis.len() < MOST_APIS && self.apis.iter().all(|known| known != api) {
            self.apis.push(api.to_owned());
        }
    }

    /// Records a read that ended with a refusal of the credential of this generation.
    pub(super) fn refused(&mut self, generation: u32, path: &str, now: Millis) {
        if generation != self.generation {
            return;
        }
        self.refusals.retain(|(refused, _)| refused != endpoint(path));
        if self.refusals.len() >= MOST_REFUSALS {
            self.refusals.remove(0);
        }
        self.refusals.push((endpoint(path).to_owned(), now));
    }

    /// Whether a success was so short a time ago that a refusal of this endpoint may not last.
    fn accepted_lately(&self, path: &str, now: Millis) -> bool {
        let within = |at: Millis, length| now.less(at) <= length;
        let lasts = |(refused, at): &(String, Millis)| refused == endpoint(path) && within(*at, LASTING);
        self.at.is_some_and(|at| within(at, MOMENT)) && !self.refusals.iter().any(lasts)
    }
}

fn endpoint(path: &str) -> &str {
    path.split('?').next().unwrap_or_default()
}

impl Client {
    /// The circumstances of a failed call.
    pub(super) fn call_circumstances(&self, call: &PendingCall, path: &str) -> Circumstances<'static> {
        let time = self.context.time();
        // The deadline of a sent request counts from its sending.
        let sent_at = call.deadline.less(self.context.settings.limits.call);
        let CallStage::Sent { generation, .. } = call.stage else { return Circumstances::UNKNOWN };
        let is_current = generation == self.accepted_apis.generation;
        let apis = || self.accepted_apis.apis.iter().filter(|_| is_current);
        let is_here = |api: &String| api == api_of(path);
        let issued = self.issued.filter(|_| is_current);
        Circumstances {
            credential: Some(match self.context.settings.grant.presents() {
                Presents::Bearer => Credential::Bearer,
                Presents::Basic => Credential::Basic,
                Presents::ApiKey => Credential::ApiKey,
                Presents::Nothing => Credential::Unshown,
            }),
            renewed: call.renewed || self.token_state.is_suspect(time),
            token_age: issued.map(|issued| sent_at.less(issued.requested_at)),
            token_lifetime: issued.map(|issued| issued.lifetime),
            foreign: self.context.settings.grant.grant_type().is_none()
                && self.token_state.token().is_some_and(|token| is_signed(token.expose())),
            accepted_here: apis().any(is_here),
            accepted_elsewhere: apis().any(|api| !is_here(api)),
            accepted_lately: is_current && !call.resent && self.accepted_apis.accepted_lately(path, time),
            duration: Some(time.less(sent_at)),
            ..Circumstances::UNKNOWN
        }
    }

    /// The circumstances of a token request; `renewal`: with a refresh token.
    pub(super) fn token_circumstances(&self, renewal: bool) -> Circumstances<'static> {
        let grant = &self.context.settings.grant;
        Circumstances {
            grant: if renewal { Some(GrantType::RefreshToken) } else { grant.grant_type() },
            scope: !renewal && !grant.credentials().text(Field::Scope).is_empty(),
            token_before: self.token_state.generation() > 0,
            ..Circumstances::UNKNOWN
        }
    }
}
