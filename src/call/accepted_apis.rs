//! What is known of the current token: the APIs that accepted it, the reads that it was refused, and its age.

use crate::auth::Granted;
use crate::diagnose::{LASTING, MOMENT, api_of};
use crate::request::Method;
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
    /// Reads whose latest end was a refusal, by method and endpoint, and when; the latest refusal is last.
    refusals: Vec<(Method, String, Millis)>,
}

/// When the token endpoint issued the current token.
#[derive(Debug, Clone, Copy)]
pub(super) struct TokenIssue {
    pub(super) requested_at: Millis,
    pub(super) lifetime: Millis,
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
    pub(super) fn accepted(&mut self, generation: u32, method: Method, path: &str, now: Millis) {
        if !self.is_of(generation) {
            return;
        }
        self.at = Some(now);
        self.forget_refusal(method, path);
        let api = api_of(path);
        if self.apis.len() < MOST_APIS && self.apis.iter().all(|known| known != api) {
            self.apis.push(api.to_owned());
        }
    }

    /// Records a read that ended with a refusal of the credential of this generation.
    pub(super) fn refused(&mut self, generation: u32, method: Method, path: &str, now: Millis) {
        if !self.is_of(generation) {
            return;
        }
        self.forget_refusal(method, path);
        if self.refusals.len() >= MOST_REFUSALS {
            self.refusals.remove(0);
        }
        self.refusals.push((method, endpoint(path).to_owned(), now));
    }

    fn forget_refusal(&mut self, method: Method, path: &str) {
        self.refusals.retain(|(refused, place, _)| *refused != method || place != endpoint(path));
    }

    pub(super) const fn is_of(&self, generation: u32) -> bool {
        generation == self.generation
    }

    /// The APIs that accepted the credential of this generation.
    pub(super) fn apis(&self, generation: u32) -> &[String] {
        if self.is_of(generation) { &self.apis } else { &[] }
    }

    /// Whether a success was so short a time ago that a refusal of this read may not last.
    pub(super) fn accepted_lately(&self, generation: u32, method: Method, path: &str, now: Millis) -> bool {
        let within = |at: Millis, length| now.less(at) <= length;
        let lasts = |(refused, place, at): &(Method, String, Millis)| {
            *refused == method && place == endpoint(path) && within(*at, LASTING)
        };
        self.is_of(generation) && self.at.is_some_and(|at| within(at, MOMENT)) && !self.refusals.iter().any(lasts)
    }
}

fn endpoint(path: &str) -> &str {
    path.split('?').next().unwrap_or_default()
}
