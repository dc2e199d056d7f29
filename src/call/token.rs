//! The machine's dealings with tokens: one request at a time, whoever waits, and one answer for all of them.

use super::effect::{CallId, Effect, Input};
use super::machine::{Asking, Client};
use super::settings::is_header_text;
use super::under_way::Stage;
use crate::auth::{Grant, TOKEN_PATH};
use crate::diagnose::{self, Facts, Transport, diagnose};
use crate::request::{Body, Method, Reply};
use crate::secret::Secret;
use crate::time::Millis;

impl Client {
    /// A request for a token that nobody waits for any more is given up: left alone, its failure would one day be told to
    /// a call that had nothing to do with it.
    pub(super) fn drop_unwanted_token_request(&mut self) {
        if self.calls.iter().any(|call| call.stage == Stage::Waiting) {
            return;
        }
        if let Some(asking) = self.asking.take() {
            self.due.retain(
                |due| !matches!(due, Effect::Fetch { id, .. } | Effect::AskSource { id, .. } if *id == asking.id),
            );
            self.due.push_back(Effect::Cancel { id: asking.id });
            self.keeper.forget();
        }
    }

    pub(super) fn ask_for_token(&mut self) {
        let id = self.next_effect();
        let refused = self.refused.clone();
        self.keeper.asked();
        let effect = match &self.settings.grant {
            Grant::ClientCredentials(grant) => {
                Effect::Fetch { id, call: None, outgoing: grant.request(&self.settings.instance) }
            }
            Grant::Source | Grant::Supplied { .. } => Effect::AskSource { id, refused },
        };
        let since = self.clock.time();
        let deadline = since + self.settings.limits.token;
        self.earliest = self.earliest.min(deadline);
        self.asking = Some(Asking { id, since, deadline });
        self.due.push_back(effect);
    }

    pub(super) fn token_answered(&mut self, input: Input) {
        let Some(asking) = self.asking.take() else { return };
        match input {
            Input::Reply(Reply { status: 200..=299, body: Body::Token { access_token, expires_in }, .. })
                if is_header_text(access_token.expose()) =>
            {
                self.token_came(access_token, expires_in, asking.since);
            }
            Input::Supplied { token, expires_at } if is_header_text(token.expose()) => {
                let expires_in = expires_at.map_or(Millis::NEVER, |at| self.clock.own(at).less(asking.since));
                self.token_came(token, Some(expires_in), asking.since);
            }
            Input::Reply(reply) => self.token_failed(Ok(&reply)),
            Input::Unreachable => self.token_failed(Err(Transport::Unreachable)),
            Input::Supplied { .. } | Input::SourceFailed | Input::Slept => {
                self.token_failed(Err(Transport::SourceFailed))
            }
        }
    }

    fn token_came(&mut self, token: Secret, expires_in: Option<Millis>, since: Millis) {
        self.keeper.granted(token, expires_in, since);
        self.token_failure = None;
        self.refused = None;
        // Whoever waits uses it, however short its life: that is what keeps a nearly dead token from being fetched in a loop.
        let waiting: Vec<CallId> =
            self.calls.iter().filter(|call| call.stage == Stage::Waiting).map(|call| call.id).collect();
        for id in waiting {
            self.send(id);
        }
    }

    pub(super) fn token_failed(&mut self, outcome: Result<&Reply, Transport>) {
        let time = self.clock.time();
        self.keeper.failed(time);
        let facts = Facts {
            stage: diagnose::Stage::Token,
            method: Method::Post,
            path: TOKEN_PATH,
            renewed: false,
            renewable: true,
            outcome,
        };
        let failure = diagnose(&facts, 1, self.clock.host(time));
        let waiting: Vec<CallId> =
            self.calls.iter().filter(|call| call.stage == Stage::Waiting).map(|call| call.id).collect();
        for id in waiting {
            self.fail(id, failure.clone());
        }
        self.token_failure = Some(failure);
    }
}
