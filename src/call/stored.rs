//! Tokens in the host's store: when those are taken over, and what is put there. A store that fails is told and left out.

use super::effect::{Effect, Input};
use super::machine::Client;
use super::renewal::RenewalStep;
use crate::auth::{Granted, StoredTokens};
use crate::secret::Secret;
use crate::time::Millis;

/// A store that takes longer is left out.
const STORE_LIMIT: Millis = Millis::from_seconds(2);
/// A stored token with less than this left is not taken over.
const MARGIN: Millis = Millis::from_seconds(30);
/// What a store is told of tokens whose end nobody knows: ServiceNow's refresh tokens live 100 days.
const LONGEST_KEPT: Millis = Millis::from_seconds(8_640_000);

impl Client {
    /// The store says that another context changed it.
    pub fn store_changed(&mut self, now: Millis) {
        self.clock.observe(now);
        // A renewal under way reads the store by itself, and what it saves is newer.
        if let Some(renewal) = &mut self.renewal {
            // A look under way may have read what was there before: it looks again.
            renewal.stale |= renewal.step == RenewalStep::ReadingStore;
        } else if self.settings.stored {
            self.renewal = Some(self.new_renewal(false));
            self.load(RenewalStep::ReadingStore);
        }
    }

    pub(super) fn load(&mut self, step: RenewalStep) {
        let id = self.enter_step(step, STORE_LIMIT);
        self.push(Effect::Load { id });
    }

    pub(super) fn loaded(&mut self, step: RenewalStep, input: &Input) {
        let envelope = match input {
            Input::Loaded(None) => None,
            Input::Loaded(Some(text)) => {
                let envelope = StoredTokens::parse(text.expose());
                if envelope.is_none() {
                    self.emit_store_failure("unreadable");
                }
                envelope
            }
            _ => {
                self.emit_store_failure("load");
                None
            }
        };
        self.store_read = true;
        if let Some(renewal) = self.renewal.as_mut().filter(|renewal| renewal.stale) {
            renewal.stale = false;
            return self.load(step);
        }
        let revoking = self.renewal.as_ref().is_some_and(|renewal| renewal.sign_out.is_some());
        if revoking {
            if let Some(token) = envelope.and_then(|envelope| envelope.refresh.or(envelope.access)) {
                self.token_state.set_refresh(Some(token));
            }
            return self.revoke();
        }
        if let Some(granted) = envelope.and_then(|envelope| self.newer_tokens(envelope)) {
            self.adopt(granted, "store");
        } else if step == RenewalStep::RereadingStore {
            self.request_token();
        } else if self.renewal.as_ref().is_some_and(|renewal| renewal.wanted) {
            self.lock();
        } else {
            self.renewal = None;
        }
    }

    /// The stored tokens, if they are to be used in place of those in hand.
    fn newer_tokens(&mut self, envelope: StoredTokens) -> Option<Granted> {
        let (time, host) = (self.clock.time(), self.clock.host(self.clock.time()));
        // Unless the clock was set back since: then the order of times tells nothing.
        if envelope.at < self.obtained_at && self.obtained_at <= host {
            return None;
        }
        let Some(token) = envelope.access else {
            // Somebody has signed out. What was brought along ends only for who used it: it may be newer than the sign-out.
            if self.token_state.token().is_some() || self.token_state.refresh().is_some() {
                self.signed_out_elsewhere(envelope.at);
            }
            return None;
        };
        // A sign-in that has just come back is newer than whatever lies in the store.
        if self.settings.grant.has_code() {
            return None;
        }
        if envelope.refresh.is_some() {
            self.token_state.set_refresh(envelope.refresh.clone());
        }
        let known = |known: Option<&Secret>| known.is_some_and(|known| known.is(token.expose()));
        // A clock that was set back since then would make a token live longer than it was given.
        let left = envelope.expires_at.less(host).min(envelope.expires_at.less(envelope.at));
        if known(self.token_state.token()) || known(self.refused.as_ref()) || left <= MARGIN {
            return None;
        }
        self.obtained_at = envelope.at;
        let lifetime = Some(if envelope.expires_at == Millis::NEVER { Millis::NEVER } else { left });
        Some(Granted { token, lifetime, refresh: envelope.refresh, requested_at: time })
    }

    fn signed_out_elsewhere(&mut self, at: Millis) {
        self.token_state.forget_tokens();
        if !self.settings.grant.has_code() {
            self.settings.grant.sign_out();
        }
        self.obtained_at = at;
        self.emit("signed-out", None, None, None);
    }

    pub(super) fn save(&mut self, granted: Granted) {
        self.obtained_at = self.clock.host(granted.requested_at);
        if !self.settings.stored {
            return self.adopt(granted, "request");
        }
        let lifetime = granted.lifetime.unwrap_or(Millis::from_seconds(1800));
        let envelope = StoredTokens {
            at: self.obtained_at,
            expires_at: self.obtained_at + lifetime,
            access: Some(granted.token.clone()),
            refresh: granted.refresh.clone(),
        };
        if let Some(renewal) = &mut self.renewal {
            renewal.granted = Some(granted);
        }
        self.store(&envelope);
    }

    pub(super) fn save_sign_out(&mut self) {
        if !self.settings.stored {
            return self.signed_out(false);
        }
        let at = self.clock.host(self.clock.time());
        self.store(&StoredTokens { at, expires_at: at, access: None, refresh: None });
    }

    fn store(&mut self, envelope: &StoredTokens) {
        let (text, at) = (envelope.print(), envelope.at);
        let kept = envelope.refresh.is_some() || envelope.access.is_none();
        let expires_at = if kept { at + LONGEST_KEPT } else { envelope.expires_at.min(at + LONGEST_KEPT) };
        let id = self.enter_step(RenewalStep::Saving, STORE_LIMIT);
        self.push(Effect::Save { id, envelope: text, expires_at });
    }
}
