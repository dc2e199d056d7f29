//! One renewal from its beginning to its end, whoever waits for it: one at a time in this client, and through the lock one at
//! a time among all that share a store.
//!
//! ```text
//!  Peeking --fresher token------------------------------> done        once, and whenever the store says that it changed
//!     | none
//!     v
//!  Locking --> Loading --fresher token------------------> done        another held the lock before and has renewed
//!                 | none
//!                 v
//!              Signing --> Asking --granted--> Saving --> done        Signing: for an assertion only
//!                 ^           | refused
//!                 `-----------' with the other client secret; without the refresh token, once
//!
//!  without a store: Signing --> Asking --> done                       a sign-out: Locking --> Revoking --> Saving --> done
//! ```
//!
//! A new set of tokens is stored before it is used, and takes the place of the old one in one step; so whoever is killed in
//! between leaves either the old set or the new one behind. Each step has its own time limit. A store or a lock that fails or is
//! late is left out and told: it never keeps a call from being made.

use super::effect::{CallId, Effect, EffectId, Input};
use super::machine::Client;
use super::under_way::Stage;
use crate::auth::{Field, Granted, Obtains, TOKEN_PATH, assertion, is_header_text, revocation, signing_input};
use crate::diagnose::{self, Facts, Transport};
use crate::request::{Body, Method, Reply};
use crate::secret::Secret;
use crate::time::Millis;

/// Longer than a holder of the lock needs: two requests for a token.
const LOCK_LIMIT: Millis = Millis::from_seconds(35);
/// A key that takes longer has failed.
const SIGN_LIMIT: Millis = Millis::from_seconds(5);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    Peeking,
    Locking,
    Loading,
    Signing,
    Asking,
    Revoking,
    Saving,
}

#[derive(Debug)]
pub(super) struct Flight {
    pub(super) step: Step,
    /// The effect that the step waits for.
    pub(super) id: EffectId,
    /// When the step began, and when it has taken too long.
    pub(super) since: Millis,
    pub(super) deadline: Millis,
    /// The effect that holds the lock.
    pub(super) lock: Option<EffectId>,
    /// Whether a token is wanted at its end; a look at a changed store wants none.
    pub(super) wanted: bool,
    /// The refresh token that was sent.
    pub(super) sent: Option<Secret>,
    /// Whether the refresh token was refused, and the grant itself is sent.
    fell_back: bool,
    /// Whether the store has changed since it was asked.
    pub(super) stale: bool,
    /// Client secrets tried for what is being sent.
    tried: usize,
    /// What is signed.
    text: String,
    /// What came, while it is being saved.
    pub(super) granted: Option<Granted>,
    /// That it is a sign-out, and whether tokens are revoked.
    pub(super) sign_out: Option<bool>,
}

impl Client {
    /// Begins a renewal, or joins the one that is under way.
    pub(super) fn ask_for_token(&mut self) {
        self.token_state.requested();
        if let Some(flight) = &mut self.flight {
            flight.wanted = true;
            return;
        }
        self.flight = Some(self.flight(true));
        if !self.settings.stored {
            self.request_token();
        } else if self.peeked {
            self.lock();
        } else {
            self.load(Step::Peeking);
        }
    }

    /// Ends what is under way and everything that is known, here and for all that share the store. With `revoke` the
    /// instance ends the tokens too: for every process that uses the same client and user, because ServiceNow shares them.
    pub fn start_sign_out(&mut self, revoke: bool, now: Millis) -> CallId {
        let id = self.begin(super::under_way::Purpose::SignOut, now);
        // A second sign-out joins the first; one that revokes too begins anew, for the first may be past it.
        let under_way = self.flight.as_ref().and_then(|flight| flight.sign_out);
        if under_way.is_some_and(|revoking| revoking || !revoke) {
            return id;
        }
        // What has come and is being stored is what a revocation has to end.
        if let Some(granted) = self.flight.as_mut().and_then(|flight| flight.granted.take()) {
            self.token_state.set_refresh(granted.refresh.or(Some(granted.token)));
        }
        self.end_renewal();
        self.token_state.requested();
        let mut flight = self.flight(true);
        flight.sign_out = Some(revoke);
        self.flight = Some(flight);
        if self.settings.stored {
            self.lock();
        } else {
            self.revoke();
        }
        id
    }

    pub(super) fn flight(&mut self, wanted: bool) -> Flight {
        let since = self.clock.time();
        // Whoever waited for the end of a pause waits for this now, be it a sign-in or a sign-out.
        for call in self.calls.iter_mut().filter(|call| wanted && call.stage == Stage::Waiting) {
            call.deadline = since + self.settings.limits.call;
        }
        Flight {
            step: Step::Peeking,
            id: EffectId(0),
            since,
            deadline: since,
            lock: None,
            wanted,
            sent: None,
            fell_back: false,
            stale: false,
            tried: 0,
            text: String::new(),
            granted: None,
            sign_out: None,
        }
    }

    /// Enters a step; whatever effect it waits for is pushed with this id.
    pub(super) fn go(&mut self, step: Step, limit: Millis) -> EffectId {
        let (id, since) = (self.next_effect(), self.clock.time());
        let deadline = since + limit;
        self.earliest = self.earliest.min(deadline);
        if let Some(flight) = &mut self.flight {
            (flight.step, flight.id, flight.since, flight.deadline) = (step, id, since, deadline);
        }
        id
    }

    pub(super) fn lock(&mut self) {
        let id = self.go(Step::Locking, LOCK_LIMIT);
        self.push(Effect::Lock { id });
    }

    pub(super) fn flight_answered(&mut self, input: Input) {
        let Some(flight) = &mut self.flight else { return };
        let (step, id, failed) = (flight.step, flight.id, matches!(input, Input::Failed | Input::Slept));
        match (step, input) {
            (Step::Locking, _) => {
                if failed {
                    self.tell_store("lock");
                } else {
                    flight.lock = Some(id);
                }
                // A page that was just loaded knows of no tokens yet: those to revoke are in the store.
                if self.flight.as_ref().is_some_and(|flight| flight.sign_out == Some(false)) {
                    self.save_nothing();
                } else {
                    self.load(Step::Loading);
                }
            }
            (Step::Peeking | Step::Loading, input) => self.loaded(step, &input),
            (Step::Signing, Input::Signed(signature)) => {
                let assertion = assertion(&flight.text, &signature);
                self.settings.grant.set_single_use(Field::Assertion, assertion);
                self.request_token();
            }
            (Step::Signing, _) => self.token_failed(Err(Transport::SigningFailed)),
            (Step::Asking, input) => self.token_answered(input),
            (Step::Revoking, input) => {
                // The tokens are forgotten all the same; that the instance still takes them is not kept silent.
                let revoked = matches!(&input, Input::Reply(reply) if (200..300).contains(&reply.status));
                if !revoked {
                    self.tell("revocation.failed", None, None, None);
                }
                self.save_nothing();
            }
            (Step::Saving, _) => {
                if failed {
                    self.tell_store("save");
                }
                match self.flight.as_mut().and_then(|flight| flight.granted.take()) {
                    Some(granted) => self.adopt(granted, "request"),
                    None => self.signed_out(failed),
                }
            }
        }
    }

    pub(super) fn request_token(&mut self) {
        let Some(flight) = &mut self.flight else { return };
        let grant = &mut self.settings.grant;
        if grant.obtains() == Obtains::Supplied {
            let refused = self.refused.clone();
            let limit = self.settings.limits.token;
            let id = self.go(Step::Asking, limit);
            return self.push(Effect::AskSource { id, refused });
        }
        let refresh = self.token_state.refresh().filter(|_| !flight.fell_back && !grant.has_code()).cloned();
        if refresh.is_none() && !grant.is_ready() {
            return self.nobody_signed_in();
        }
        if refresh.is_none() && grant.needs_assertion() && grant.credentials().value(Field::Assertion).is_none() {
            let host = self.clock.host(self.clock.time());
            let text = signing_input(grant.credentials(), &mut self.random, host);
            flight.text.clone_from(&text);
            let id = self.go(Step::Signing, SIGN_LIMIT);
            return self.push(Effect::Sign { id, text });
        }
        let outgoing = grant.request(&self.settings.instance, refresh.as_ref(), self.turn);
        if refresh.is_none() {
            grant.clear_single_use();
        }
        flight.sent = refresh;
        let limit = self.settings.limits.token;
        let id = self.go(Step::Asking, limit);
        self.push(Effect::Fetch { id, call: None, outgoing });
    }

    fn token_answered(&mut self, input: Input) {
        let Some(flight) = &mut self.flight else { return };
        let requested_at = flight.since;
        match input {
            Input::Reply(Reply {
                status: 200..=299,
                body: Body::Token { access_token, expires_in, refresh_token },
                ..
            }) if is_header_text(access_token.expose()) => {
                // A reply to a renewal may leave the refresh token out: then the old one goes on (RFC 6749 section 6).
                let refresh =
                    refresh_token.filter(|token| is_header_text(token.expose())).or_else(|| flight.sent.take());
                self.save(Granted { token: access_token, lifetime: expires_in, refresh, requested_at });
            }
            Input::Supplied { token, expires_at } if is_header_text(token.expose()) => {
                let lifetime = expires_at.map_or(Millis::NEVER, |at| self.clock.own(at).less(requested_at));
                self.adopt(Granted { token, lifetime: Some(lifetime), refresh: None, requested_at }, "source");
            }
            Input::Reply(reply) => {
                // ServiceNow gives the same answer whatever it was that it refused, so each is tried without.
                let outcome = Ok(&reply);
                let facts = Facts { stage: diagnose::Stage::Token, method: Method::Post, path: TOKEN_PATH, outcome };
                if facts.refuses_token() && self.has_another_way() {
                    self.request_token();
                } else {
                    self.token_failed(Ok(&reply));
                }
            }
            Input::Unreachable | Input::Failed => self.token_failed(Err(Transport::Unreachable)),
            Input::Slept => self.token_failed(Err(Transport::TimedOut)),
            _ => self.token_failed(Err(Transport::SourceFailed)),
        }
    }

    /// Turns to the other client secret, then from the refresh token to the grant itself; each once.
    fn has_another_way(&mut self) -> bool {
        let Some(flight) = &mut self.flight else { return false };
        let secrets = self.settings.grant.secret_count();
        flight.tried += 1;
        if flight.tried < secrets {
            self.turn = (self.turn + 1) % secrets;
            return self.settings.grant.is_ready() || flight.sent.is_some();
        }
        flight.tried = 0;
        let grant = &self.settings.grant;
        let falls_back = flight.sent.as_ref().is_some_and(|sent| grant.is_ready() && !grant.has_refresh_token(sent));
        flight.fell_back = falls_back;
        falls_back
    }

    pub(super) fn revoke(&mut self) {
        let revoked = self.flight.as_ref().is_some_and(|flight| flight.sign_out == Some(true));
        let token = self.token_state.refresh().or_else(|| self.token_state.token()).filter(|_| revoked).cloned();
        let Some(token) = token.filter(|_| self.settings.grant.obtains() == Obtains::Requested) else {
            return self.save_nothing();
        };
        let outgoing = revocation(&self.settings.instance, &token);
        let limit = self.settings.limits.token;
        let id = self.go(Step::Revoking, limit);
        self.push(Effect::Fetch { id, call: None, outgoing });
    }

    /// Lets go of the lock, if it is held.
    pub(super) fn unlock(&mut self, flight: &Flight) {
        if let Some(id) = flight.lock {
            self.push(Effect::Cancel { id });
        }
    }
}
