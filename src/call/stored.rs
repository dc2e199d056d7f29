//! Tokens in the host's store: when they are adopted, and what is stored. A store that fails is reported and skipped.

use super::effect::{Effect, Input};
use super::machine::Client;
use super::renewal::RenewalStep;
use crate::auth::{Granted, StoredTokens};
use crate::secret::Secret;
use crate::time::Millis;

/// A store that takes longer is skipped.
const STORE_LIMIT: Millis = Millis::from_seconds(2);
/// A stored token with less than this left is not adopted.
const MARGIN: Millis = Millis::from_seconds(30);
/// Lifetime of stored tokens with an unknown expiry: ServiceNow's refresh tokens live 100 days.
const LONGEST_KEPT: Millis = Millis::from_seconds(8_640_000);

impl Client {
    /// Records that another context has changed the store.
    pub fn store_changed(&mut self, now: Millis) {
        self.context.observe(now);
        // A pending renewal reads the store itself, and what it saves is newer.
        if let Some(renewal) = &mut self.renewal {
            // A pending read may return the older data, so it is repeated.
            renewal.stale |= renewal.step == RenewalStep::ReadingStore;
        } else if self.context.settings.stored {
            self.renewal = Some(self.new_renewal(false));
            self.load(RenewalStep::ReadingStore);
        }
    }

    pub(super) fn load(&mut self, step: RenewalStep) {
        let id = self.enter_step(step, STORE_LIMIT);
        self.context.push(Effect::Load { id });
    }

    pub(super) fn loaded(&mut self, step: RenewalStep, input: &Input) {
        let stored = match input {
            Input::Loaded(None) => None,
            Input::Loaded(Some(text)) => {
                let stored = StoredTokens::parse(text.expose());
                if stored.is_none() {
                    self.emit_store_failure("unreadable");
                }
                stored
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
            if let Some(token) = stored.and_then(|stored| stored.refresh.or(stored.access)) {
                self.token_state.set_refresh(Some(token));
            }
            return self.revoke();
        }
        if let Some(granted) = stored.and_then(|stored| self.newer_tokens(stored)) {
            self.adopt(granted, "store");
        } else if step == RenewalStep::RereadingStore {
            self.request_token();
        } else if self.renewal.as_ref().is_some_and(|renewal| renewal.wanted) {
            self.lock();
        } else {
            self.renewal = None;
        }
    }

    /// The stored tokens, if they must replace the current ones.
    fn newer_tokens(&mut self, stored: StoredTokens) -> Option<Granted> {
        let (time, host) = (self.context.time(), self.context.host_time());
        // If the clock was set back since, the order of times means nothing.
        if stored.at < self.obtained_at && self.obtained_at <= host {
            return None;
        }
        let Some(token) = stored.access else {
            // Another context signed out. A refresh token from the options is discarded only if this client has used it: it
            // may be newer than the sign-out.
            if self.token_state.token().is_some() || self.token_state.refresh().is_some() {
                self.signed_out_elsewhere(stored.at);
            }
            return None;
        };
        // A sign-in that has just completed is newer than the stored tokens.
        if self.context.settings.grant.has_code() {
            return None;
        }
        if stored.refresh.is_some() {
            self.token_state.set_refresh(stored.refresh.clone());
        }
        let known = |known: Option<&Secret>| known.is_some_and(|known| known.is(token.expose()));
        // If the clock was set back since, the remaining time must not exceed the lifetime.
        let left = stored.expires_at.less(host).min(stored.expires_at.less(stored.at));
        if known(self.token_state.token()) || known(self.refused.as_ref()) || left <= MARGIN {
            return None;
        }
        self.obtained_at = stored.at;
        let lifetime = Some(if stored.expires_at == Millis::NEVER { Millis::NEVER } else { left });
        Some(Granted { token, lifetime, refresh: stored.refresh, requested_at: time })
    }

    fn signed_out_elsewhere(&mut self, at: Millis) {
        self.token_state.forget_tokens();
        if !self.context.settings.grant.has_code() {
            self.context.settings.grant.sign_out();
        }
        self.obtained_at = at;
        self.context.emit("signed-out", None, None, None);
    }

    pub(super) fn save(&mut self, granted: Granted) {
        self.obtained_at = self.context.clock().host(granted.requested_at);
        if !self.context.settings.stored {
            return self.adopt(granted, "request");
        }
        let lifetime = granted.lifetime.unwrap_or(Millis::from_seconds(1800));
        let stored = StoredTokens {
            at: self.obtained_at,
            expires_at: self.obtained_at + lifetime,
            access: Some(granted.token.clone()),
            refresh: granted.refresh.clone(),
        };
        if let Some(renewal) = &mut self.renewal {
            renewal.granted = Some(granted);
        }
        self.store(&stored);
    }

    pub(super) fn save_sign_out(&mut self) {
        if !self.context.settings.stored {
            return self.signed_out(false);
        }
        let at = self.context.host_time();
        self.store(&StoredTokens { at, expires_at: at, access: None, refresh: None });
    }

    fn store(&mut self, stored: &StoredTokens) {
        let (text, at) = (stored.print(), stored.at);
        let kept = stored.refresh.is_some() || stored.access.is_none();
        let expires_at = if kept { at + LONGEST_KEPT } else { stored.expires_at.min(at + LONGEST_KEPT) };
        let id = self.enter_step(RenewalStep::Saving, STORE_LIMIT);
        self.context.push(Effect::Save { id, envelope: text, expires_at });
    }
}
